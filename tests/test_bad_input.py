"""Bad input, end to end through `shequ year`: one error that says where and what to do, about nobody, and no output.

The ids here look like the numbers of identity cards, as some rosters have them: none may be repeated.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from shequ_core.cli import shequ

Rows = list[list[str]]
Tables = dict[str, Rows]

ZHANG, LI, WANG = "220104198005171234", "22010419790102567X", "220104199912310001"
NAMES = ("张不可说", "李勿外传", "王莫转述")

BASE = {
    "communities": """
        code,name,setting,households,residents
        220104001001,甲社区,urban,3200,9000
        220104001002,乙社区,urban,1200,4000
    """,
    "posts": """
        id,community,duty
        220104001001-01,220104001001,general
        220104001001-02,220104001001,party_building
        220104001002-01,220104001002,general
    """,
    "workers": f"""
        id,name,sex,birth_date
        {ZHANG},{NAMES[0]},female,1980-05-17
        {LI},{NAMES[1]},male,1979-01-02
        {WANG},{NAMES[2]},male,1999-12-31
    """,
    "holdings": f"""
        worker,post,post_class,role,employment,since,until
        {ZHANG},220104001001-01,principal,secretary,full_time,2020-01-01,
        {LI},220104001001-02,staff,staff,full_time,2021-03-01,
        {WANG},220104001002-01,staff,staff,full_time,2022-06-01,
    """,
    "assessments": f"""
        worker,year,grade,known_on
        {ZHANG},2021,qualified,2022-01-20
        {LI},2021,outstanding,2022-01-20
    """,
    "certificates": f"""
        worker,level,since
        {LI},assistant,2020-09-01
    """,
    "former_pays": f"""
        worker,monthly
        {ZHANG},2958.00
    """,
}


def tables() -> Tables:
    """Return the cells of a small place, in which nothing is wrong."""
    return {
        name: [line.strip().split(",") for line in text.strip().splitlines()] for name, text in BASE.items()
    }  # fmt: skip


def cell(table: str, row: int, column: str, value: str) -> Callable[[Tables], None]:
    """Change one cell; rows are counted as in the file."""

    def change(given: Tables) -> None:
        given[table][row - 1][given[table][0].index(column)] = value

    return change


def header(table: str, column: str, called: str) -> Callable[[Tables], None]:
    """Call a column something else."""
    return cell(table, 1, column, called)


def added(table: str, row: str) -> Callable[[Tables], None]:
    """Put a row at the end of a table."""
    return lambda given: given[table].append(row.split(","))


def without(table: str) -> Callable[[Tables], None]:
    """Leave a table out."""
    return lambda given: given.update({table: []})


def empty(table: str) -> Callable[[Tables], None]:
    """Leave a table nothing but its headers."""
    return lambda given: given.update({table: given[table][:1]})


def csv_folder(given: Tables, folder: Path, encoding: str = "utf-8", ends: str = "\n") -> Path:
    """Write tables as a clerk's program does."""
    folder.mkdir()
    for name, rows in given.items():
        if rows:
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator=ends).writerows(rows)
            (folder / f"{name}.csv").write_bytes(text.getvalue().encode(encoding))
    return folder


def workbook(given: Tables, folder: Path) -> Path:
    """Write tables as the sheets of one workbook."""
    path = folder.with_suffix(".xlsx")
    book = xlsxwriter.Workbook(path)
    for name, rows in given.items():
        if rows:
            sheet = book.add_worksheet(name)
            for line, cells in enumerate(rows):
                for place, one in enumerate(cells):
                    sheet.write_string(line, place, one)
    book.close()
    return path


FORMS = {"csv": csv_folder, "xlsx": workbook}


def year(source: Path, out: Path, *words: str) -> Result:
    """Run the year 2022 of Chaoyang district."""
    asked = ["year", str(source), "--place", "220104", "--year", "2022", "--assume", "--out", str(out), *words]
    return CliRunner(env={"SHEQU_LANG": "en"}).invoke(shequ, asked, prog_name="shequ")


def refused(result: Result, out: Path) -> list[str]:
    """Check that a run ended in one error of ours about nobody, and return its lines."""
    assert result.exit_code == 2, result.stderr
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("Error: ")
    assert not out.exists()
    for secret in (ZHANG, LI, WANG, *NAMES):
        assert secret not in result.stderr
    return result.stderr.splitlines()[1:]


def place_of(file: str, row: int | None, column: str | None, form: str) -> str:
    """Return how an error names a place in the input."""
    where = [f"{file}.csv"] if form == "csv" else ["bad.xlsx", f"sheet {file}"]
    return ", ".join([*where, *([f"row {row}"] if row else []), *([f"column {column}"] if column else [])]) + ": "


WRONG = [
    pytest.param(header("workers", "sex", "gneder"), "workers", 1, "gneder", "", id="unknown column"),
    pytest.param(header("communities", "households", "note"), "communities", 1, "note", "", id="a column lost"),
    pytest.param(cell("workers", 2, "birth_date", "1980-02-30"), "workers", 2, "birth_date", "", id="no such day"),
    pytest.param(cell("holdings", 3, "since", "last March"), "holdings", 3, "since", "2022-07-01", id="a day in words"),
    pytest.param(cell("former_pays", 2, "monthly", "-2958.00"), "former_pays", 2, "monthly", "", id="negative amount"),
    pytest.param(cell("former_pays", 2, "monthly", "2958.005"), "former_pays", 2, "monthly", "fen", id="part of a fen"),
    pytest.param(cell("former_pays", 2, "monthly", "90000000000000000"), "former_pays", 2, "monthly", "9999999999.99",
                 id="an amount that no sum can hold"),
    pytest.param(cell("former_pays", 2, "monthly", "much"), "former_pays", 2, "monthly", "", id="an amount in words"),
    pytest.param(cell("communities", 3, "households", "-1"), "communities", 3, "households", "", id="negative count"),
    pytest.param(cell("communities", 3, "households", "12.5"), "communities", 3, "households", "", id="half a household"),
    pytest.param(cell("communities", 2, "households", "３２００"), "communities", 2, "households", "0-9", id="full width"),
    pytest.param(cell("communities", 3, "code", "220104001001"), "communities", 3, "code", "row 2", id="a code twice"),
    pytest.param(cell("workers", 4, "id", ZHANG), "workers", 4, "id", "row 2", id="an id twice"),
    pytest.param(cell("holdings", 2, "role", "emperor"), "holdings", 2, "role", "secretary", id="unknown role"),
    pytest.param(cell("assessments", 2, "grade", "splendid"), "assessments", 2, "grade", "outstanding", id="no grade"),
    pytest.param(cell("certificates", 2, "level", "guru"), "certificates", 2, "level", "assistant", id="no such level"),
    pytest.param(cell("holdings", 3, "post_class", "boss"), "holdings", 3, "post_class", "principal", id="no class"),
    pytest.param(cell("holdings", 3, "post", "220104001001-09"), "holdings", 3, "post", "no such post", id="no post"),
    pytest.param(cell("holdings", 3, "until", "2021-02-01"), "holdings", 3, "until", "before the first", id="ends early"),
    pytest.param(added("assessments", "220104200001010000,2021,qualified,2022-01-20"), "assessments", 4, "worker",
                 "not on the roster", id="an assessment of a stranger"),
    pytest.param(added("assessments", f"{ZHANG},2021,qualified,2022-01-20"), "assessments", 4, "year", "row 2",
                 id="assessed twice"),
    pytest.param(added("holdings", f"{WANG},220104001001-01,staff,staff,full_time,2022-01-01,"), "holdings", 5, "post",
                 "row 2", id="two holders of a post"),
    pytest.param(empty("communities"), "communities", None, None, "no rows", id="no rows at all"),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("change", "file", "row", "column", "said"), WRONG)
def test_one_fault_is_told_where_it_stands(
    tmp_path: Path, form: str, change: Callable[[Tables], None], file: str, row: int, column: str, said: str
) -> None:
    """File, sheet, row, column, what to do; exit code 2; nothing written."""
    given = tables()
    change(given)
    lines = refused(year(FORMS[form](given, tmp_path / "bad"), tmp_path / "out"), tmp_path / "out")
    told = [line for line in lines if place_of(file, row, column, form) in line]
    assert told, lines
    assert said in told[0]


def elsewhere(code: str) -> Callable[[Tables], None]:
    """Move everything to other codes."""

    def change(given: Tables) -> None:
        for rows in given.values():
            for cells in rows:
                cells[:] = [re.sub("^220104001", code, one) if len(one) != len(ZHANG) else one for one in cells]

    return change


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("code", "said"),
    [
        pytest.param("220102001", "does not lie in 220104", id="another district"),
        pytest.param("220199001", "does not lie in 220104", id="no such county"),
    ],
)
def test_a_community_elsewhere_is_told_row_by_row(tmp_path: Path, form: str, code: str, said: str) -> None:
    """Every community that doesn't lie in the place asked for."""
    given = tables()
    elsewhere(code)(given)
    lines = refused(year(FORMS[form](given, tmp_path / "bad"), tmp_path / "out"), tmp_path / "out")
    assert [place_of("communities", row, "code", form) in line for row, line in zip((2, 3), lines, strict=True)]
    assert all(said in line for line in lines)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", ["communities", "posts", "workers", "holdings", "assessments"])
def test_a_missing_table_is_named(tmp_path: Path, form: str, table: str) -> None:
    """Under the name that it must have."""
    given = tables()
    without(table)(given)
    lines = refused(year(FORMS[form](given, tmp_path / "bad"), tmp_path / "out"), tmp_path / "out")
    assert any(table in line for line in lines)


@pytest.mark.parametrize("form", FORMS)
def test_all_faults_of_all_files_in_one_go(tmp_path: Path, form: str) -> None:
    """Whoever mends the input mends it once."""
    given = tables()
    wrong = [
        ("communities", 2, "households", "many"),
        ("communities", 3, "residents", "-4"),
        ("workers", 3, "birth_date", "1979-13-01"),
        ("holdings", 4, "employment", "sometimes"),
        ("former_pays", 2, "monthly", "1.234"),
    ]
    for where in wrong:
        cell(*where)(given)
    lines = refused(year(FORMS[form](given, tmp_path / "bad"), tmp_path / "out"), tmp_path / "out")
    assert len(lines) == len(wrong)
    for file, row, column, _ in wrong:
        assert sum(place_of(file, row, column, form) in line for line in lines) == 1


def test_every_row_of_an_unknown_class_is_named(tmp_path: Path) -> None:
    """What only the place's policy can tell is told as completely."""
    given = tables()
    for row in (2, 3):
        cell("holdings", row, "post_class", "boss")(given)
    lines = refused(year(csv_folder(given, tmp_path / "bad"), tmp_path / "out"), tmp_path / "out")
    assert [place_of("holdings", row, "post_class", "csv") in line for row, line in zip((2, 3), lines, strict=True)]


def test_an_earlier_answer_stays_as_it_was(tmp_path: Path) -> None:
    """A run that fails leaves the last good answer in place, to the byte, and nothing beside it."""
    out = tmp_path / "out"
    assert year(csv_folder(tables(), tmp_path / "good"), out).exit_code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    given = tables()
    cell("holdings", 3, "post_class", "boss")(given)
    assert year(csv_folder(given, tmp_path / "bad"), out).exit_code == 2
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert {path.name for path in tmp_path.iterdir()} == {"good", "bad", "out"}


def answers(source: Path, out: Path) -> dict[str, bytes]:
    """Run the year and return what it says, without the files' own names."""
    result = year(source, out)
    assert result.exit_code == 0, result.stderr
    return {path.name: path.read_bytes() for path in out.glob("*.parquet")}


@pytest.mark.parametrize(
    ("encoding", "ends"),
    [("utf-8", "\r\n"), ("utf-8-sig", "\n"), ("gb18030", "\r\n")],
    ids=["Windows line ends", "byte order mark", "GB18030"],
)
def test_the_same_tables_however_they_were_saved(tmp_path: Path, encoding: str, ends: str) -> None:
    """Encodings and line ends change nothing in the answer."""
    plain = answers(csv_folder(tables(), tmp_path / "plain"), tmp_path / "one")
    assert answers(csv_folder(tables(), tmp_path / "other", encoding, ends), tmp_path / "two") == plain


def test_a_workbook_says_the_same_as_a_folder(tmp_path: Path) -> None:
    """The form of the input changes nothing in the answer."""
    plain = answers(csv_folder(tables(), tmp_path / "plain"), tmp_path / "one")
    assert answers(workbook(tables(), tmp_path / "other"), tmp_path / "two") == plain


@pytest.mark.parametrize("form", FORMS)
def test_every_post_vacant_is_valid(tmp_path: Path, form: str) -> None:
    """Nobody on the roster: an answer without slips, and the posts against their range."""
    given = tables()
    for table in ("workers", "holdings", "assessments", "certificates", "former_pays"):
        empty(table)(given)
    result = year(FORMS[form](given, tmp_path / "vacant"), tmp_path / "out")
    assert result.exit_code == 0, result.stderr


def test_a_plugin_that_raises_is_named_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plugin and hook stand in the error; another district's year runs on as if it weren't there."""
    site = tmp_path / "site"
    info = site / "shequ_broken-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shequ-broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[shequ_core]\n220104 = shequ_broken\n")
    (site / "shequ_broken.py").write_text(
        "from shequ_core import hookimpl\n@hookimpl\ndef shequ_place():\n    raise RuntimeError('out of order')\n"
    )
    monkeypatch.syspath_prepend(site)
    source, out = csv_folder(tables(), tmp_path / "good"), tmp_path / "out"
    result = year(source, out)
    refused(result, out)
    for part in ("shequ_broken", "shequ_place", "out of order", "220104"):
        assert part in result.stderr
    monkeypatch.setenv("SHEQU_DISABLE_PLUGINS", "1")
    assert year(source, out).exit_code == 0
