"""`shequ replay`: a life of a scenario, as Python tells it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from shequ_core.simulation.replay import LifeYears, replay
from shequ_core.simulation.scenario import check_scenario
from shequ_core.simulation.sheet import read_scenario

Run = Callable[..., Result]

SCENARIO = """place = "220421"
years = [2024, 2025]
seeds = [4, 5]
assume = true
start.synthesize = 2024
behaviour = [{ kind = "leaving_by_choice", shares = [[0, "1"]] }, { kind = "hiring", filled = "1", applicants = 99 }]
"""
POST = "220421001001-01"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "scenario.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def lives(scenario: Path, holder: int, seed: int) -> LifeYears:
    return replay(check_scenario(read_scenario(scenario)).ready, POST, holder, seed)


def test_a_life_is_told_as_python_tells_it(run: Run, scenario: Path) -> None:
    """As data: each year, money in whole fen, and whose luck it is."""
    told = json.loads(run("replay", scenario, "--post", POST, "--holder", 2, "--json").stdout)
    expected = lives(scenario, 2, 4)
    assert (told["post"], told["holder"], told["seed"], told["synthetic"]) == (POST, 2, 4, True)
    assert "assumption" in told["marks"]
    assert [one["year"] for one in told["years"]] == expected.year.to_list()
    assert [one["basic_fen"] for one in told["years"]] == [int(one.basic) for one in expected]
    assert [one["came"] for one in told["years"]] == [None if day is None else day.isoformat() for day in expected.came]
    assert told["years"][0]["hangs_on"] == expected[0].hangs_on.split()  # type: ignore[union-attr]


@pytest.mark.parametrize(("lang", "words"), [("en", ("left on", "years old", "pool")), ("zh", ("离岗", "岁", "绩效总量"))])
def test_it_is_told_in_sentences(run: Run, scenario: Path, lang: str, words: tuple[str, ...]) -> None:
    told = run("replay", scenario, "--post", POST, "--seed", 5, "--lang", lang)
    assert told.exit_code == 0, told.stderr
    life = lives(scenario, 1, 5)
    assert life[len(life) - 1].left is not None
    assert all(one in told.stdout for one in words)
    assert all(str(year) in told.stdout for year in life.year)


def test_a_life_that_is_not_there_is_one_error(run: Run, scenario: Path) -> None:
    told = run("replay", scenario, "--post", "220421001001-99", "--lang", "en")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "220421001001-99 has no holder number 1" in told.stderr
