"""`shequ pay slip` and `shequ pay bank`: text, data and files, with and without a ledger; exit codes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from python_calamine import CalamineWorkbook

Run = Callable[..., Result]
WORKER = "S220104-00002"
JULY = ("--place", "220104", "--month", "2022-07", "--assume")


def answer(result: Result) -> Any:  # Any: JSON
    """Read an answer, in which no figure is a float."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout, parse_float=pytest.fail)


def fen(amount: str) -> int:
    return int(amount.replace(".", ""))


@pytest.fixture(scope="module")
def all_of_july(run: Run, example: Path) -> list[dict[str, Any]]:
    """Every slip of a month."""
    found: list[dict[str, Any]] = answer(run("pay", "slip", example, *JULY, "--json"))
    return found


def test_slips_as_json(all_of_july: list[dict[str, Any]]) -> None:
    """One for each person; lines that sum; each line with clauses and marks."""
    assert len({one["worker"] for one in all_of_july}) == len(all_of_july) == 453
    for slip in all_of_july:
        assert sum(fen(line["amount"]) for line in slip["earnings"]) == fen(slip["total"]) == fen(slip["paid"])
        assert all(set(line) == {"line", "amount", "clauses", "like", "marks"} for line in slip["earnings"])
        assert all(re.match("JLW", clause) for line in slip["earnings"] for clause in line["clauses"])
        assert len(slip["not_set"]) == 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_slip_as_text(run: Run, example: Path, all_of_july: list[dict[str, Any]], lang: str) -> None:
    """Every line's amount and clauses, in either language, by the place's Chinese name."""
    told = run("pay", "slip", example, "--place", "朝阳区", *JULY[2:], "--worker", WORKER, "--lang", lang)
    assert told.exit_code == 0, told.stderr
    (slip,) = (one for one in all_of_july if one["worker"] == WORKER)
    for line in slip["earnings"]:
        assert line["amount"] in told.stdout
        assert all(clause in told.stdout for clause in line["clauses"])
    assert answer(run("pay", "slip", example, *JULY, "--worker", WORKER, "--json")) == [slip]


def test_slips_as_files(run: Run, example: Path, tmp_path: Path, all_of_july: list[dict[str, Any]]) -> None:
    """A workbook and a page; neither replaces what is there; another ending is refused before anything is read."""
    for name in ("slips.xlsx", "slips.html"):
        told = run("pay", "slip", example, *JULY, "--out", tmp_path / name, "--lang", "en")
        assert told.exit_code == 0, told.stderr
        assert name in told.stdout
    book = CalamineWorkbook.from_path(tmp_path / "slips.xlsx")
    assert len(book.get_sheet_by_index(0).to_python()) == 1 + len(all_of_july)
    page = (tmp_path / "slips.html").read_text(encoding="utf-8")
    assert page.count("<section") == len(all_of_july)
    again = run("pay", "slip", example, *JULY, "--out", tmp_path / "slips.xlsx", "--lang", "en")
    assert (again.exit_code, again.stdout) == (2, "")
    assert "is there already" in again.stderr
    other = run("pay", "slip", tmp_path / "nowhere", *JULY, "--out", tmp_path / "slips.pdf", "--lang", "en")
    assert other.exit_code == 2
    assert ".xlsx or .html" in other.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["slips.html", "slips.xlsx"]


def test_a_wrong_id_names_nobody(run: Run, example: Path) -> None:
    """Exit code 2, and nobody else's id."""
    told = run("pay", "slip", example, *JULY, "--worker", "S220104-0000Z", "--lang", "en")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "2022-07" in told.stderr
    assert "S220104" not in told.stderr


def test_the_banks_file_sums_to_the_slips(
    run: Run, example: Path, tmp_path: Path, all_of_july: list[dict[str, Any]]
) -> None:
    """The rows, the file beside them, and what is printed."""
    out = tmp_path / "bank.csv"
    told = run("pay", "bank", example, *JULY, "--out", out, "--lang", "en")
    assert told.exit_code == 0, told.stderr
    assert "none are taken off" in told.stdout
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert "contributions not taken off" in lines[0]
    total = sum(fen(slip["paid"]) for slip in all_of_july)
    assert sum(fen(line.rpartition(",")[2]) for line in lines[1:]) == total
    beside = json.loads((tmp_path / "bank.csv.json").read_text(encoding="utf-8"))
    assert (beside["count"], fen(beside["sum"])) == (453, total)
    without = answer(
        run("pay", "bank", example, *JULY, "--out", tmp_path / "some.csv", "--without", WORKER, "--json")
    )
    (slip,) = (one for one in all_of_july if one["worker"] == WORKER)
    assert without["left_out"] == {WORKER: slip["paid"]}
    assert fen(without["sum"]) == total - fen(slip["paid"])


def test_arrears_of_sealed_months_are_paid(run: Run, few: Path, tmp_path: Path) -> None:
    """A certificate that becomes known after a month was sealed: on the next slip, with month and cause, and in the
    bank's file; the sealed month's own slip stays as it was."""
    folder, ledger = tmp_path / "tables", tmp_path / "ledger"
    shutil.copytree(few, folder)
    closed = run("pay", "close", folder, *JULY, "--ledger", ledger)
    assert closed.exit_code == 0, closed.stderr
    before = answer(run("pay", "slip", folder, *JULY, "--worker", WORKER, "--ledger", ledger, "--json"))
    heads = (folder / "certificates.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    row = {"worker": WORKER, "level": "senior", "since": "2022-06-01", "known_on": "2099-01-01"}
    with (folder / "certificates.csv").open("a", encoding="utf-8") as file:
        file.write(",".join(row.get(head, "") for head in heads) + "\n")
    august = ("--place", "220104", "--month", "2022-08", "--assume", "--ledger", ledger)
    (slip,) = answer(run("pay", "slip", folder, *august, "--worker", WORKER, "--json"))
    assert [(one["of_month"], one["line"], one["cause"]) for one in slip["arrears"]] == [
        ("2022-07", "certificate", ["fact:certificates"])
    ]  # fmt: skip
    assert fen(slip["paid"]) == fen(slip["total"]) + fen(slip["owed"])
    assert fen(slip["owed"]) > 0
    text = run("pay", "slip", folder, *august, "--worker", WORKER, "--lang", "zh").stdout
    assert "社工证" in text
    assert "2022-07" in text
    bank = answer(run("pay", "bank", folder, *august, "--out", tmp_path / "bank.csv", "--json"))
    slips = answer(run("pay", "slip", folder, *august, "--json"))
    assert fen(bank["sum"]) == sum(fen(one["paid"]) for one in slips)
    after = answer(run("pay", "slip", folder, *JULY, "--worker", WORKER, "--ledger", ledger, "--json"))
    assert after == before
