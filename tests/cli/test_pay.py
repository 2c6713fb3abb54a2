"""`shequ pay run` and `shequ pay close`: what they print, what they write, what they refuse."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]


def month(number: int, ledger: Path, *more: object) -> tuple[object, ...]:
    """Return the words that ask for a month of the example."""
    return (
        "--place", "220104", "--month", f"2022-{number:02}", "--known", f"2023-{number:02}-28", "--ledger", ledger,
        "--assume", *more,
    )  # fmt: skip


def told(result: Result) -> Any:  # Any: JSON
    """Read an answer, in which no figure is a float."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout, parse_float=pytest.fail)


@pytest.fixture(scope="module")
def closed(run: Run, few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which June of a few people is sealed."""
    ledger = tmp_path_factory.mktemp("pay") / "ledger"
    assert run("pay", "close", few, *month(6, ledger)).exit_code == 0
    return ledger


@pytest.fixture
def ledger(closed: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(closed, tmp_path / "ledger"))


@pytest.fixture
def later(few: Path, tmp_path: Path) -> Path:
    """The same people with a certificate that became known in July 2023, after June was sealed."""
    folder = Path(shutil.copytree(few, tmp_path / "people"))
    path = folder / "certificates.csv"
    head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    cells = {"worker": "S220104-00002", "level": "senior", "since": "2022-02-01", "known_on": "2023-07-12"}
    row = ",".join(cells.get(name, "") for name in head.split(","))
    path.write_text("\n".join([head, *rows, row, ""]), encoding="utf-8")
    return folder


@pytest.fixture
def one_person(tmp_path: Path) -> Path:
    """One person of a subdistrict that begins on 2022-06-02."""
    folder = tmp_path / "people"
    folder.mkdir()
    for name, text in {
        "communities": "code,name,setting,households,residents\n220721001001,甲社区,urban,3200,9000\n",
        "posts": "id,community,duty\n220721001001-01,220721001001,general\n",
        "workers": "id,name,sex,birth_date\nA,某人,female,1980-05-17\n",
        "holdings": "worker,post,post_class,role,employment,since,until\n"
        "A,220721001001-01,principal,secretary,full_time,2020-01-01,\n",
        "assessments": "worker,year,grade,known_on\n",
    }.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def content(folder: Path) -> dict[str, bytes]:
    """Return every byte below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_run_writes_nothing(run: Run, example: Path, tmp_path: Path) -> None:
    """Not even the folder of the ledger; the answer is what the month comes to."""
    answer = told(run("pay", "run", example, *month(6, tmp_path / "ledger", "--json")))
    assert not (tmp_path / "ledger").exists()
    assert (answer["place"], answer["month"], answer["known"]) == ("220104", "2022-06", "2023-06-28")
    assert (answer["arrears"], answer["sealed"], answer["against"], answer["changes"]) == ([], None, None, None)
    assert answer["totals"]["people"] > 400
    assert "assumption" in answer["marks"]
    assert set(answer["rests_on"]) >= {"pay.grades", "pay.reference"}
    assert "assessment.proposals" not in answer["rests_on"]


def test_arrears_and_who_is_paid_otherwise(run: Run, later: Path, ledger: Path) -> None:
    """A late certificate: June as arrears, July against June, each with line, amount and cause; sums agree."""
    before = content(ledger)
    answer = told(run("pay", "run", later, *month(7, ledger, "--against", "2022-06", "--json")))
    mine = [one for one in answer["arrears"] if one["worker"] == "S220104-00002"]
    assert [(one["of_month"], one["line"], one["cause"]) for one in mine] == [
        ("2022-06", "certificate", ["fact:certificates"])
    ]
    assert answer["totals"]["arrears"] == mine[0]["amount"]
    changes = {(one["worker"], one["line"]): one for one in answer["changes"]}
    one = changes["S220104-00002", "certificate"]
    assert Decimal(one["after"]) - Decimal(one["before"] or 0) == Decimal(one["difference"]) == Decimal(mine[0]["amount"])
    assert one["cause"] == ["fact:certificates"]
    assert content(ledger) == before


def test_the_same_in_words(run: Run, later: Path, ledger: Path) -> None:
    """Person, month, line, amount and cause in either language; nobody's name."""
    for lang, line, table in (("en", "2022-06: certificate +400.00", "certificates"), ("zh", "2022-06：社工证补贴 +400.00", "社工证")):
        text = run("pay", "run", later, *month(7, ledger, "--against", "2022-06", "--lang", lang)).stdout
        _, _, mine = text.partition("  S220104-00002 +400.00\n")
        assert mine.lstrip().startswith(line)
        assert table in mine.splitlines()[0]
        assert "合成人员" not in text


def test_closing_says_what_was_sealed_and_does_it_once(run: Run, few: Path, tmp_path: Path) -> None:
    """The first time it is written, the second time found; the letters of the seal are the same."""
    ledger = tmp_path / "ledger"
    first = told(run("pay", "close", few, *month(6, ledger, "--json")))
    before = content(ledger)
    assert first["sealed_now"] is True
    assert first["sealed"]["files"].keys() == {path.name for path in (ledger / "220104" / "2022-06").glob("*.parquet")}
    again = told(run("pay", "close", few, *month(6, ledger, "--json")))
    assert again["sealed_now"] is False
    assert again["sealed"] == first["sealed"]
    text = run("pay", "close", few, *month(6, ledger, "--lang", "en")).stdout
    assert "with the same result" in text
    assert first["sealed"]["digest"][:12] in text
    assert content(ledger) == before


def test_a_sealed_month_with_another_result_is_refused(run: Run, later: Path, ledger: Path) -> None:
    """Exit code 2, what differs, and no byte changed; a run of it tells what is still owed."""
    before = content(ledger)
    words = ("--place", "220104", "--month", "2022-06", "--ledger", ledger, "--assume", "--lang", "en")
    refused = run("pay", "close", later, *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "slips.parquet (1 people, 400.00 yuan)" in refused.stderr
    shown = run("pay", "run", later, *words)
    assert shown.exit_code == 0
    assert "Owed beyond what was paid" in shown.stdout
    assert content(ledger) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--month", "2022-09"), "2022-07, 2022-08", id="months passed over"),
        pytest.param(("--month", "2022-05"), "2022-06", id="before the first"),
        pytest.param(("--month", "2022-07", "--known", "2023-06-01"), "2023-06-28", id="less is known than was"),
        pytest.param(("--month", "2022-13"), "2022-07", id="no month"),
        pytest.param(("--month", "202207"), "2022-07", id="a month written otherwise"),
        pytest.param((), "--month", id="no month given"),
        pytest.param(("--month", "2022-07", "--agianst", "2022-06"), "--against", id="an option misspelt"),
    ],
)
@pytest.mark.parametrize("verb", ["run", "close"])
def test_what_is_refused(
    run: Run, few: Path, closed: Path, verb: str, words: tuple[str, ...], said: str
) -> None:
    """Exit code 2, nothing on standard output, and the word that helps."""
    if verb == "close" and "--agianst" in words:
        said = "--agianst"
    before = content(closed)
    refused = run("pay", verb, few, "--place", "220104", "--ledger", closed, "--assume", "--lang", "en", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert content(closed) == before


def test_a_damaged_ledger_is_told(run: Run, few: Path, ledger: Path) -> None:
    """By file and month, in either language; nothing is written on top of it."""
    path = ledger / "220104" / "2022-06" / "slips.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    for verb in ("run", "close"):
        refused = run("pay", verb, few, *month(7, ledger, "--lang", "en"))
        assert refused.exit_code == 2
        assert "slips.parquet of the sealed month 2022-06 is not as it was sealed" in refused.stderr
    assert not (ledger / "220104" / "2022-07").exists()


def test_a_place_where_nobody_holds_a_post_is_closed(run: Run, example: Path, tmp_path: Path) -> None:
    """Nothing has a day on which it became known, nothing was sealed before, and no --known is given."""
    folder = tmp_path / "vacant"
    folder.mkdir()
    for name in ("communities", "posts", "workers", "holdings", "assessments"):
        lines = (example / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()
        kept = lines if name in {"communities", "posts"} else lines[:1]
        (folder / f"{name}.csv").write_text("\n".join([*kept, ""]), encoding="utf-8")
    words = ("--place", "220104", "--month", "2022-06", "--assume", "--json", "--ledger", tmp_path / "ledger")
    answer = told(run("pay", "close", folder, *words))
    assert (answer["sealed_now"], answer["totals"]["people"]) == (True, 0)
    assert answer["sealed"]["cutoff"] == answer["sealed"]["sealed_on"]


def test_the_last_month_of_the_calendar(run: Run, one_person: Path, tmp_path: Path) -> None:
    """It has a last day too: it is run, and compared with."""
    words = ("--place", "220721", "--assume", "--json", "--ledger", tmp_path / "ledger")
    assert told(run("pay", "run", one_person, *words, "--month", "9999-12"))["month"] == "9999-12"
    answer = told(run("pay", "run", one_person, *words, "--month", "2022-07", "--against", "9999-12"))
    assert answer["against"] == "9999-12"
    assert answer["totals"]["people"] == 1


def test_a_name_that_cant_be(run: Run, example: Path, tmp_path: Path) -> None:
    """A ledger or a file whose name is too long: one error each, and nothing is written."""
    words = ("--place", "220104", "--month", "2022-06", "--assume", "--lang", "en")
    long = tmp_path / ("a" * 300)
    for verb, option, path in (("run", "--ledger", long), ("close", "--ledger", long), ("bank", "--out", f"{long}.csv")):
        refused = run("pay", verb, example, *words, option, path)
        assert (refused.exit_code, refused.stdout) == (2, ""), refused.exception
        assert refused.stderr.startswith("Error: ")
    assert not list(tmp_path.iterdir())


def test_a_subdistrict_that_begins_within_the_month(run: Run, one_person: Path, tmp_path: Path) -> None:
    """220721001 begins on 2022-06-02: June is paid there, run and closed."""
    words = ("--place", "220721", "--month", "2022-06", "--assume", "--json", "--ledger", tmp_path / "ledger")
    for verb in ("run", "close"):
        assert told(run("pay", verb, one_person, *words))["totals"]["people"] == 1
