"""A made-up country: as large as it was said to be, under Jilin's policy, and never held as a whole."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from shequ_core.errors import InputError, PlaceNotFoundError, UnsetError, ValueKindError
from shequ_core.policy.book import PolicyBook
from shequ_core.population.fictional import FICTIONAL, Country
from shequ_core.simulation.scenario import Scenario, check_scenario
from shequ_core.simulation.sheet import read_scenario
from shequ_core.simulation.simulate import simulate
from shequ_core.simulation.spread import run_scenario, simulate_some, tasks_of
from shequ_core.simulation.starts import MadeUp
from shequ_core.simulation.state import Streamed
from shequ_core.values import Status

SMALL = Country(committees=70, posts=500)
YEARS = range(2023, 2025)


def scenario(**said: Any) -> Scenario:  # Any: whatever a scenario says
    """Return two years of the small country."""
    start = MadeUp(2022, country=SMALL)
    return attrs.evolve(Scenario(place=FICTIONAL, years=YEARS, seeds=(1, 2), start=start, assume=True), **said)


def test_it_is_as_large_as_was_said() -> None:
    """Committees and posts add up, spread evenly over counties of Jilin's size."""
    assert len(SMALL.counties) == 2
    data = SMALL.people(SMALL.counties, 2022, 1)
    assert (len(data.communities), len(data.posts)) == (70, 500)
    assert list(SMALL.posts_by_county.values()) == [250, 250]
    large = Country(committees=1_000_000, posts=4_000_000)
    assert len(large.counties) == 99 * 99
    assert sum(large.committees_by_county.values()) == 1_000_000
    assert len(set(large.counties)) == len(large.counties)


def test_a_county_is_the_same_alone() -> None:
    """Whichever others are made with it."""
    alone = SMALL.people(SMALL.counties[1:], 2022, 1)
    among = SMALL.people(SMALL.counties, 2022, 1)
    there = among.posts.community.start(6).is_in(SMALL.counties[1:]).true()
    assert alone.posts.id.to_list() == [one for one, here in zip(among.posts.id.to_list(), there, strict=True) if here]


def test_jilins_policy_is_an_assumption_there() -> None:
    """Every value of the province holds, each marked; the bare policy holds none of them."""
    book = PolicyBook.load(assume=True, plugins=[SMALL.plugin()], alone=True)
    day = date(2024, 1, 1)
    here, jilin = book.policy(SMALL.counties[0], day), book.policy("22", day)
    assert set(here) == set(jilin)
    for key in jilin:
        told = here.why(key)
        assert told is not None
        assert told.value.value == jilin[key]
        assert told.place == "00" or told.value.status is Status.ASSUMPTION
    bare = PolicyBook.load(plugins=[SMALL.plugin()], alone=True)
    there = bare.policy(SMALL.counties[0], day)
    assert {told.place for key in there if (told := there.why(key)) is not None} == {"00"}


def test_streamed_it_comes_to_the_same_as_whole(tmp_path: Path) -> None:
    """Oracle: `simulate` of all its tables."""
    checked = check_scenario(scenario())
    assert isinstance(checked.ready.start, Streamed)
    ran = run_scenario(checked, tmp_path / "out")
    whole = simulate(checked.data, checked.book, FICTIONAL, YEARS, (1, 2))
    expected = [(one.seed, one.year, one.county, one.held, int(one.total)) for one in whole.counties]
    rows = ran.read("counties").to_pylist()
    told = [(row["seed"], row["year"], row["county"], row["held"], row["total_fen"]) for row in rows]
    assert sorted(told) == sorted(expected)
    assert sum(row["posts"] for row in rows) == 500 * len(YEARS) * 2
    assert "assumption" in checked.marks
    assert checked.synthetic


def test_what_goes_to_workers_comes_back_the_same() -> None:
    """A task is sent by pickle, and works alike where it arrives."""
    for said in (scenario(seeds=(1,)), scenario(place="220421", start=MadeUp(2022), seeds=(1,))):
        task = tasks_of(check_scenario(said))[0]
        sent = pickle.loads(pickle.dumps(task))
        assert sent == task
        here, there = simulate_some(task), simulate_some(sent)
        assert all(here[name].same_as(there[name]) for name in here)


# --- what can be wrong ----------------------------------------------------------------------------------


def test_without_assumptions_nothing_is_set() -> None:
    """Nobody set a policy for a country that doesn't exist."""
    with pytest.raises(UnsetError):
        check_scenario(scenario(assume=False))


def test_a_place_of_jilin_does_not_lie_in_it() -> None:
    """The place is the country's, or within."""
    with pytest.raises(InputError, match=FICTIONAL):
        check_scenario(scenario(place="220104"))
    with pytest.raises(PlaceNotFoundError):
        PolicyBook.load().find(FICTIONAL)


@pytest.mark.parametrize(("committees", "posts"), [(0, 10), (10, 9), (-1, -1)])
def test_sizes_that_cannot_be(committees: int, posts: int) -> None:
    """A committee has a post."""
    with pytest.raises(ValueKindError):
        Country(committees=committees, posts=posts)


SHEET = """
place = "{place}"
years = [2023, 2024]
assume = true
[start]
synthesize = 2022
{size}
"""


def test_it_is_said_in_a_file(tmp_path: Path) -> None:
    """By its two figures."""
    path = tmp_path / "nation.toml"
    path.write_text(SHEET.format(place="99", size="committees = 70\nposts = 500"), encoding="utf-8")
    found = read_scenario(path)
    assert found.start == MadeUp(2022, 1, SMALL)
    assert found.to_data()["start"] == {"synthesize": 2022, "seed": 1, "committees": 70, "posts": 500}


@pytest.mark.parametrize(
    ("size", "told"),
    [("committees = 70", "posts"), ("committees = 70\nposts = 3", "committee"), ("committees = 70\nposts = 'a'", "posts")],
)
def test_half_a_size_is_refused(tmp_path: Path, size: str, told: str) -> None:
    """Both figures, and such as can be."""
    path = tmp_path / "nation.toml"
    path.write_text(SHEET.format(place="22", size=size), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_scenario(path)
