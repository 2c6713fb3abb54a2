"""`shequ audit`: its exit codes, its forms, its baseline, and what it says of bad input."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from shequ_core.cli.audit import BROKEN, DEPARTED, FORMS
from shequ_core.reports.audit import Form

Run = Callable[..., Result]
ON = ("--on", "2022-07-01")


def test_the_forms_are_those_of_the_report() -> None:
    assert tuple(one.value for one in Form) == FORMS


@pytest.mark.parametrize(
    ("select", "code"),
    [("JLW2.2a", DEPARTED), ("JLG2.3.2c", BROKEN), ("JLW2.2c", 0), ("JLW2.2", DEPARTED), ("JLW2.2,JLG2.3.2c", BROKEN)],
)
def test_the_exit_code_says_how_grave_it_is(run: Run, example: Path, select: str, code: int) -> None:
    told = run("audit", example, *ON, "--select", select, "--lang", "en")
    assert told.exit_code == code, told.output


def test_json_csv_and_sarif_tell_the_same_findings(run: Run, example: Path) -> None:
    asked = ("audit", example, *ON, "--select", "JLW2.2")
    data = json.loads(run(*asked, "--json").stdout)
    pairs = [(one["code"], one["subject"]) for one in data["findings"]]
    table = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv", "--lang", "en").stdout)))
    assert [(row["code"], row["subject"]) for row in table] == pairs
    results = json.loads(run(*asked, "--format", "sarif").stdout)["runs"][0]["results"]
    assert [(one["ruleId"], one["locations"][0]["logicalLocations"][0]["name"]) for one in results] == pairs
    assert data["synthetic"] is True


def test_a_workbook_and_a_page_go_to_files(run: Run, example: Path, tmp_path: Path) -> None:
    for name in ("audit.xlsx", "audit.html"):
        out = tmp_path / name
        told = run("audit", example, *ON, "--select", "JLW2.2", "--format", name.rpartition(".")[2], "--out", out)
        assert told.exit_code == DEPARTED, told.output
        assert out.stat().st_size > 1000
    told = run("audit", example, *ON, "--format", "xlsx", "--lang", "en")
    assert told.exit_code == 2
    assert "--out" in told.stderr


def test_with_a_baseline_only_what_is_new_counts(run: Run, example: Path, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    asked = ("audit", example, *ON, "--select", "JLW2.2,JLG2.3.2c", "--lang", "en")
    assert run(*asked, "--write-baseline", file).exit_code == BROKEN
    again = run(*asked, "--baseline", file)
    assert again.exit_code == 0
    assert "0 new findings" in again.stdout
    fewer = run("audit", example, *ON, "--select", "JLW2.2", "--baseline", file, "--lang", "en")
    assert "No longer found" in fewer.stdout


def test_a_baseline_of_another_version_is_told_and_nothing_is_written(run: Run, example: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "old.json", tmp_path / "out.json"
    file.write_text('{"format": "shequ audit baseline", "version": 0, "findings": []}', encoding="utf-8")
    told = run("audit", example, *ON, "--baseline", file, "--format", "json", "--out", out, "--lang", "en")
    assert told.exit_code == 2
    assert "version 0" in told.stderr
    assert not out.exists()


def test_a_file_that_is_no_baseline_is_not_overwritten(run: Run, example: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text("{}", encoding="utf-8")
    told = run("audit", example, *ON, "--select", "JLW2.2c", "--write-baseline", file, "--lang", "en")
    assert told.exit_code == 2
    assert file.read_text(encoding="utf-8") == "{}"


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_code_is_told_with_near_ones(run: Run, example: Path, option: str) -> None:
    told = run("audit", example, *ON, option, "JLW2.2d-party-post-short", "--lang", "en")
    assert told.exit_code == 2
    assert "JLW2.2d-party-posts-short" in told.stderr


def test_the_page_of_a_check(run: Run) -> None:
    told = run("audit", "--explain", "JLW2.2d-party-posts-short", "--lang", "zh")
    assert told.exit_code == 0
    assert "处理办法" in told.stdout
    assert run("audit", "--explain", "JLW2.2d", "--lang", "en").exit_code == 2


def test_all_checks_are_listed(run: Run) -> None:
    told = run("audit", "--list", "--lang", "en", "--select", "JLW2.10")
    assert [line.partition(" ")[0] for line in told.stdout.splitlines()] == [f"JLW2.10{one}-exit" for one in "abcdefh"]


def test_a_folder_is_needed(run: Run) -> None:
    told = run("audit", "--lang", "en")
    assert told.exit_code == 2
    assert "FOLDER" in told.stderr
