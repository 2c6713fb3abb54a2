"""Lists on the screen and in workbooks say whose people they are of and what they rest on."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import icalendar
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from shequ_core import synthesize, write_dataset
from shequ_core.cli import shequ

EXAMPLE = Path(__file__).parents[2] / "examples" / "chaoyang"
SYNTHETIC = "are synthetic"
NOBODY = "nobody issued"


@pytest.mark.parametrize("verb", ["careers", "due", "targets"])
def test_a_list_says_that_its_people_are_made_up_and_what_nobody_issued(verb: str, tmp_path: Path) -> None:
    asked = [verb, str(EXAMPLE), "--on", "2022-07-01", "--lang", "en"]
    plain = CliRunner().invoke(shequ, asked, prog_name="shequ")
    assert plain.exit_code == 0, plain.output
    assert SYNTHETIC in plain.output
    assert NOBODY not in plain.output
    out = tmp_path / "list.xlsx"
    assumed = CliRunner().invoke(shequ, [*asked, "--assume", "--out", str(out)], prog_name="shequ")
    assert SYNTHETIC in assumed.output
    assert NOBODY in assumed.output
    book = CalamineWorkbook.from_path(out)
    said = "\n".join(str(cell) for row in book.get_sheet_by_index(1).to_python() for cell in row)
    assert SYNTHETIC in said
    assert NOBODY in said


@pytest.mark.parametrize("verb", ["careers", "due", "targets"])
def test_each_row_of_a_file_bears_it_too(verb: str, tmp_path: Path) -> None:
    """A CSV or JSON file has no place above its rows, and rows are what people cut out and send on."""
    outs = [tmp_path / "list.csv", tmp_path / "list.json"]
    told = CliRunner().invoke(
        shequ,
        [verb, str(EXAMPLE), "--on", "2022-07-01", "--assume", "--lang", "en", *(f"--out={out}" for out in outs)],
        prog_name="shequ",
    )
    assert told.exit_code == 0, told.output
    rows = list(csv.DictReader(outs[0].read_text(encoding="utf-8-sig").splitlines()))
    assert {row["synthetic"] for row in rows} == {"yes"}
    assert all("assumption" in row["how sure"] for row in rows)
    records = json.loads(outs[1].read_text(encoding="utf-8"))
    assert len(records) == len(rows) > 0
    assert {record["synthetic"] for record in records} == {True}
    assert all("assumption" in record["marks"] for record in records)


def test_a_patrol_plan_of_made_up_buildings_says_so(tmp_path: Path) -> None:
    """On the screen, in every row, and where calendar programs describe the calendar."""
    made = synthesize("229901", 2026, 2, committees={"229901": 1}, compliant=True)
    files = write_dataset(made, tmp_path / "home", form="csv")
    outs = [tmp_path / "plan.csv", tmp_path / "plan.json", tmp_path / "plan.ics"]
    told = CliRunner().invoke(
        shequ,
        [
            "patrols", str(files / "buildings.csv"), "--grids", str(files / "building_grids.csv"), "--month", "2026-03",
            "--lang", "en", *(f"--out={out}" for out in outs),
        ],
        prog_name="shequ",
    )
    assert told.exit_code == 0, told.output
    assert SYNTHETIC in told.output
    assert NOBODY not in told.output
    rows = list(csv.DictReader(outs[0].read_text(encoding="utf-8-sig").splitlines()))
    assert {(row["synthetic"], row["how sure"]) for row in rows} == {("yes", "")}
    assert {record["synthetic"] for record in json.loads(outs[1].read_text(encoding="utf-8"))} == {True}
    calendar = icalendar.Calendar.from_ical(outs[2].read_bytes())
    assert SYNTHETIC in str(calendar["X-WR-CALDESC"])
