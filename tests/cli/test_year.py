"""`shequ year`: what it writes, what it tells, and one error for all that nobody set."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

ASKED = ("--place", "220104", "--year", "2022")
NEEDED = {
    "pay.bonus_weights": "JLW2.4f",
    "pay.day_basis": "JLW2.4e",
    "pay.grades": "JLW2.4b",
    "pay.local_coefficient": "JLW2.4c",
    "pay.payday": "JLW2.4f",
    "pay.placement": "JLW2.4b",
    "pay.reference": "JLW2.4c",
    "pay.service": "JLW2.4b",
    "pay.takes_effect": "JLW2.4e",
    "pay.unassessed_weight": "JLW2.4f",
}


def test_the_year_of_the_example(run: Run, example: Path, tmp_path: Path) -> None:
    """Exit code 0, findings and conflicts notwithstanding; the answer stands in the folder and on standard output."""
    out = tmp_path / "out"
    told = run("year", example, *ASKED, "--out", out, "--assume", "--json")
    assert told.exit_code == 0, told.stderr
    assert {"slips.parquet", "summary.json", "report.html"} <= {path.name for path in out.iterdir()}
    assert list(out.glob("*.xlsx"))
    assert json.loads(told.stdout) == json.loads((out / "summary.json").read_text(encoding="utf-8"))
    again = run("year", example, *ASKED, "--out", out, "--assume", "--lang", "en")
    assert again.exit_code == 0
    assert "assumption" in again.stdout


def test_figures_past_their_life_are_told(run: Run, example: Path, tmp_path: Path) -> None:
    """Wages are published up to 2022: the year 2025 runs on the last there are, and says so."""
    words = ("--place", "220104", "--assume", "--lang", "en")
    told = run("year", example, *words, "--year", "2025", "--out", tmp_path / "late")
    assert told.exit_code == 0
    assert "Past their stated life" in told.stdout.splitlines()[-1]
    assert "pay.reference" in told.stdout.splitlines()[-1]
    fresh = run("year", example, *words, "--year", "2022", "--out", tmp_path / "fresh")
    assert "Past their stated life" not in fresh.stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_assume_everything_missing_is_in_one_error(run: Run, example: Path, tmp_path: Path, lang: str) -> None:
    """Every key with its clause and who could set it, the way out, exit code 2, and nothing written."""
    told = run("year", example, *ASKED, "--out", tmp_path / "out", "--lang", lang)
    assert (told.exit_code, told.stdout) == (2, "")
    first, *lines = told.stderr.splitlines()
    assert "--assume" in first
    assert str(len(NEEDED)) in first
    assert len(lines) == len(NEEDED)
    who = {"zh": ("市或县", "县（市、区）"), "en": ("city or county", "the county")}[lang]
    for line, (key, clause) in zip(lines, NEEDED.items(), strict=True):
        assert key in line
        assert clause in line
        assert any(one in line for one in who)
    assert not (tmp_path / "out").exists()


def test_what_is_unknown_on_a_day_is_missing_on_that_day(run: Run, example: Path, tmp_path: Path) -> None:
    """The wages of 2021 were published on 2023-05-26: as known before, pay has no reference even with --assume."""
    out = tmp_path / "out"
    late = run("year", example, *ASKED, "--out", out, "--assume", "--known", "2023-05-25")
    assert late.exit_code == 2
    assert [key for key in NEEDED if key in late.stderr] == ["pay.reference"]
    assert "--assume" not in late.stderr, "it was given"
    assert "2023-05-25" in late.stderr.splitlines()[-1], "why it isn't there"
    assert run("year", example, *ASKED, "--out", out, "--assume", "--known", "2023-05-26").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--place", "220104", "--year", "2022", "--assume"), "--out", id="nowhere to write"),
        pytest.param(("--year", "2022", "--out", "out"), "--place", id="no place"),
        pytest.param(("--place", "朝杨区", "--year", "2022", "--out", "out"), "220104 朝阳区", id="a place misspelt"),
        pytest.param(("--place", "220104", "--year", "二〇二二", "--out", "out"), "--year", id="a year in words"),
        pytest.param(("--place", "220104", "--year", "2022", "--ouy", "out"), "--out", id="an option misspelt"),
    ],
)
def test_a_mistake_in_the_command(run: Run, example: Path, words: tuple[str, ...], said: str) -> None:
    """Exit code 2 and the right word."""
    told = run("year", example, *words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert said in told.stderr


def test_somebody_elses_folder_is_left_alone(run: Run, example: Path, tmp_path: Path) -> None:
    """An answer never replaces what isn't one of ours."""
    (tmp_path / "mine.txt").write_text("mine")
    told = run("year", example, *ASKED, "--out", tmp_path, "--assume")
    assert told.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
