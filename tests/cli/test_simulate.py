"""`shequ simulate`: what it writes and tells, and one error for whatever stands in its way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from shequ_core.errors import Message, RunStopped

Run = Callable[..., Result]

SCENARIO = 'place = "220104"\nyears = [2023, 2023]\nseeds = 2\nassume = true\nstart.synthesize = 2022\n'


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "scenario.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_a_scenario_is_run_and_continued(run: Run, scenario: Path, tmp_path: Path) -> None:
    """The answer is in the folder and, in short, on standard output; a second time it has to be wanted."""
    out = tmp_path / "out"
    told = run("simulate", scenario, "--out", out, "--lang", "en")
    assert told.exit_code == 0, told.stderr
    assert "mean of 2 seeds" in told.stdout
    assert "synthetic" in told.stdout
    assert "assumption" in told.stdout
    again = run("simulate", scenario, "--out", out, "--lang", "zh")
    assert (again.exit_code, again.stdout) == (2, "")
    assert "--continue" in again.stderr
    looked = run("simulate", scenario, "--out", out, "--continue", "--json")
    data = json.loads(looked.stdout)
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert (data["digest"], data["scenario"]) == (manifest["digest"], manifest["run"])
    assert [one["year"] for one in data["years"]] == [2023]
    assert data["synthetic"] is True


def test_faults_of_a_scenario_are_told_and_nothing_is_written(run: Run, scenario: Path, tmp_path: Path) -> None:
    """With the line and the nearest right name."""
    scenario.write_text(SCENARIO.replace("seeds", "seed"), encoding="utf-8")
    told = run("simulate", scenario, "--out", tmp_path / "out", "--lang", "en")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "scenario.toml, row 3: there is no seed here. Did you mean seeds?" in told.stderr
    assert not (tmp_path / "out").exists()


def test_whoever_stops_it_is_told_how_to_go_on(
    run: Run, scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C has the exit code of a shell."""

    def stopped(*_: object, **__: object) -> None:
        raise RunStopped(Message("Stopped; go on with --continue"))

    monkeypatch.setattr("shequ_core.simulation.spread.run_scenario", stopped)
    told = run("simulate", scenario, "--out", tmp_path / "out", "--lang", "zh")
    assert told.exit_code == 130
    assert "--continue" in told.stderr


def test_a_country_is_written_and_simulated_county_by_county(run: Run, scenario: Path, tmp_path: Path) -> None:
    """It comes to what it comes to unwritten."""
    made = run("synthesize", "99", "--year", 2022, "--committees", 70, "--posts", 140, "--by-county",
               "--form", "parquet", "--out", tmp_path / "nation", "--json")  # fmt: skip
    assert made.exit_code == 0, made.stderr
    assert json.loads(made.stdout)["rows"]["posts"] == 140
    told = SCENARIO.replace("220104", "99").replace("start.synthesize = 2022\n", "start.committees = 70\nstart.posts = 140\n")
    years: list[object] = []
    for start in ('start.folder = "nation"', "start.synthesize = 2022"):
        scenario.write_text(f"{told}{start}\n", encoding="utf-8")
        ran = run("simulate", scenario, "--out", tmp_path / str(len(years)), "--json")
        assert ran.exit_code == 0, ran.stderr
        assert json.loads(ran.stdout)["synthetic"] is True
        years.append(json.loads(ran.stdout)["years"])
    assert years[0] == years[1]


@pytest.mark.parametrize("words", [("99", "--committees", "70"), ("220104", "--posts", "70")])
def test_sizes_are_said_of_the_made_up_country_alone(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    """And of it they are needed."""
    told = run("synthesize", *words, "--year", 2022, "--out", tmp_path / "out", "--lang", "en")
    assert told.exit_code == 2
    assert "99" in told.stderr
    assert not (tmp_path / "out").exists()
