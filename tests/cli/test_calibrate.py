"""`shequ calibrate` tells what agrees and what doesn't, and writes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result
from python_calamine import CalamineWorkbook

Run = Callable[..., Result]

COUNTY = "220421"


def test_it_is_told_and_written_alike(run: Run, tmp_path: Path) -> None:
    """The page, the workbook, the list and the data have every comparison, with status, source and carriers."""
    outs = [tmp_path / f"calibration{suffix}" for suffix in (".html", ".xlsx", ".csv", ".json")]
    words = [word for out in outs for word in ("--out", out)]
    told = run("calibrate", COUNTY, "--seeds", 1, "--assume", "--lang", "en", *words)
    assert told.exit_code == 0, told.output
    assert "are synthetic" in told.output
    assert "nobody issued" in told.output
    data = json.loads((tmp_path / "calibration.json").read_text(encoding="utf-8"))
    page = (tmp_path / "calibration.html").read_text(encoding="utf-8")
    rows = CalamineWorkbook.from_path(outs[1]).get_sheet_by_index(0).to_python()
    assert data["comparisons"]
    assert len(rows) == len(data["comparisons"]) + 1
    assert "are synthetic" in page
    for one in data["comparisons"]:
        assert one["what"] in told.output
        assert one["what"] in page
        assert one["source"] in page
        assert all(name in page for name in one["carried_by"])
        assert (f"Does not agree: {one['what']}\n" in told.output) is not one["agrees"]
    again = run("calibrate", COUNTY, "--seeds", 1, "--assume", "--lang", "zh", *words)
    assert again.exit_code == 0, again.output
    assert "与公开数据对照" in (tmp_path / "calibration.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "calibration.json").read_text(encoding="utf-8")) == data


def test_what_nobody_set_has_to_be_asked_for(run: Run) -> None:
    """Without --assume the missing values are named, and nothing is written."""
    told = run("calibrate", COUNTY, "--seeds", 1, "--lang", "en")
    assert told.exit_code == 2
    assert "pay.grades" in told.output


def test_a_name_without_a_form_is_refused_before_anything_runs(run: Run, tmp_path: Path) -> None:
    """Only a page, a list, a workbook or data are written, and only over an earlier one."""
    told = run("calibrate", COUNTY, "--assume", "--lang", "en", "--out", tmp_path / "calibration.pdf")
    assert told.exit_code == 2
    assert ".html" in told.output
    other = tmp_path / "page.html"
    other.write_text("<p>mine</p>", encoding="utf-8")
    told = run("calibrate", COUNTY, "--seeds", 1, "--assume", "--lang", "en", "--out", other)
    assert told.exit_code == 2
    assert other.read_text(encoding="utf-8") == "<p>mine</p>"
