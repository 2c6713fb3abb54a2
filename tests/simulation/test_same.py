"""The same scenario comes to the same, however it is run; and nobody's luck hangs on anybody else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from importlib import import_module

import attrs
import numpy as np
import pytest

from shequ_core.law.clauses import Document
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.budget import PROVINCE_SHARE
from shequ_core.policy.exits import FAILED_RUNNING
from shequ_core.policy.pay import GRADES, CoefficientTable
from shequ_core.policy.staffing import QUOTA, QUOTA_SHARING, QuotaSharing
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.behaviours.leaving import LeavingByChoice
from shequ_core.simulation.facts import facts
from shequ_core.simulation.outcome import By
from shequ_core.simulation.simulate import Simulation, prepare, simulate, usual_behaviours
from shequ_core.simulation.state import LIVES
from shequ_core.simulation.turn import Leaving, Turn
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Span, Status

CITY, COUNTY = "2204", "220421"
YEARS = range(2024, 2026)
SEEDS = (7, 8)


@pytest.fixture(scope="module")
def whole(book: PolicyBook, city: Dataset) -> Simulation:
    """The city in one piece, three seeds."""
    return simulate(city, book, CITY, YEARS, SEEDS)


@pytest.mark.parametrize("chunk", [1, 7, 1_000, 32_768])
def test_chunks_change_nothing(book: PolicyBook, city: Dataset, whole: Simulation, chunk: int) -> None:
    """However many rows go through together, each extended to its subdistrict's end."""
    seeds = SEEDS if chunk > 100 else SEEDS[:1]
    rows = np.flatnonzero(np.isin(whole.counties.seed.values, seeds))
    told = simulate(city, book, CITY, YEARS, seeds, chunk=chunk)
    assert told.counties.same_as(whole.counties.take(rows))


@pytest.mark.parametrize("most", [1, 300])
def test_blocks_change_nothing(book: PolicyBook, city: Dataset, whole: Simulation, most: int) -> None:
    """However many counties and seeds are kept at a time."""
    assert simulate(city, book, CITY, YEARS, SEEDS, most_rows=most).digest() == whole.digest()


def test_a_seed_alone_is_as_among_others(book: PolicyBook, city: Dataset, whole: Simulation) -> None:
    """Seeds that are stacked don't touch each other, and their order is the order of the answer."""
    alone = simulate(city, book, CITY, YEARS, SEEDS[1:2])
    rows = np.flatnonzero(whole.counties.seed.values == SEEDS[1])
    assert alone.counties.same_as(whole.counties.take(rows))
    turned = simulate(city, book, CITY, YEARS, SEEDS[::-1])
    order = np.concatenate([np.flatnonzero(whole.counties.seed.values == seed) for seed in SEEDS[::-1]])
    assert turned.counties.same_as(whole.counties.take(order))


def test_a_county_alone_is_as_in_its_city(book: PolicyBook, county: Dataset, whole: Simulation) -> None:
    """The people of a county are the same alone, and so are their years."""
    alone = simulate(county, book, COUNTY, YEARS, SEEDS)
    rows = np.flatnonzero((whole.counties.county == COUNTY).true())
    assert alone.counties.same_as(whole.counties.take(rows))


@pytest.mark.parametrize("order", range(3))
def test_the_order_of_rows_changes_nothing(book: PolicyBook, city: Dataset, whole: Simulation, order: int) -> None:
    """Every table's rows in another order."""
    chance = np.random.default_rng(order)
    mixed = city.with_tables({name: table.take(chance.permutation(len(table))) for name, table in city.tables()})
    assert simulate(mixed, book, CITY, YEARS, SEEDS).digest() == whole.digest()


def test_the_machine_changes_nothing(whole: Simulation) -> None:
    """Another hash seed, and a processor without its newer instructions."""
    code = (
        "from shequ_core.policy.book import PolicyBook\n"
        "from shequ_core.population.synthesize import synthesize\n"
        "from shequ_core.simulation.simulate import simulate\n"
        f"told = simulate(synthesize({CITY!r}, 2024, 1), PolicyBook.load(assume=True), {CITY!r}, {YEARS!r}, {SEEDS!r})\n"
        "print(told.digest())\n"
    )
    features = import_module("numpy._core._multiarray_umath").__cpu_dispatch__  # what this NumPy can do without
    env = {**os.environ, "PYTHONHASHSEED": "42", "NPY_DISABLE_CPU_FEATURES": " ".join(features)}
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], env=env, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == whole.digest()


def test_every_way_of_counting_counts_every_holder(county: Dataset, reformed: Callable[..., PolicyBook]) -> None:
    """Row by row in the order of the answer, also where another year's table has more grades."""
    longer = CoefficientTable(
        coefficients=tuple(1 + Fraction(6, 100) * at for at in range(22)),
        classes={"principal": Span(7, 22), "committee": Span(4, 15), "staff": Span(1, 12)},
    )
    since = date(YEARS[-1], 1, 1)
    value = GRADES.set(
        longer, since=since, known_on=since, source=Document("试行").article("第一条"), status=Status.ASSUMPTION
    )
    found = simulate(county, reformed([value]), COUNTY, YEARS, (9, 8))
    held = {(one.seed, one.year): one.held for one in found.counties}
    rows = list(found.structure)
    halves = {By.AGE_OF_WOMEN, By.AGE_OF_MEN}
    for some in [*({one} for one in By if one not in halves), halves]:
        for (seed, year), people in held.items():
            counted = [one.people for one in rows if (one.seed, one.year) == (seed, year) and one.by in some]
            assert sum(counted) == people
    order = [((9, 8).index(one.seed), one.year, list(By).index(one.by)) for one in rows]
    assert order == sorted(order)


# --- luck ----------------------------------------------------------------------------------------------


def lives(data: Dataset) -> dict[str, list[str]]:
    """Return what is written down of each life, by id."""
    found: dict[str, list[str]] = {one.id: [str(one)] for one in data.workers}
    for name, table in data.tables():
        if "worker" in table.specs:
            for row in table:
                found[row.worker].append(f"{name}: {row}")
    return {worker: sorted(said) for worker, said in found.items()}


def told(data: Dataset, book: PolicyBook, behaviours: Sequence[Behaviour] | None = None) -> dict[str, list[str]]:
    """Simulate the county and return everybody's life."""
    ready = prepare(data, book, COUNTY, YEARS, [7], usual_behaviours() if behaviours is None else behaviours)
    return lives(facts(ready, [COUNTY], 7)[0])


def test_without_one_holder_everybody_else_lives_as_before(book: PolicyBook, county: Dataset) -> None:
    """Taking one post's holder away changes nobody's draws; only that post is filled by another."""
    before = told(county, book)
    holder = next(one for one in county.holdings if one.since < date(2024, 1, 1) and one.until is None)
    kept = ~(county.holdings.worker == holder.worker).true()
    after = told(county.with_tables({"holdings": county.holdings.where(kept)}), book)
    own = f"S{holder.post}-"
    others = {worker: life for worker, life in before.items() if not worker.startswith(own)}
    assert others == {worker: life for worker, life in after.items() if not worker.startswith(own)}
    assert before != after


def test_who_comes_hangs_on_others_through_the_room_alone(
    county: Dataset, reformed: Callable[..., PolicyBook]
) -> None:
    """Where a quota leaves room for fewer than the posts there are, a holder more is a newcomer less: that path alone."""
    values = [
        QUOTA.set(
            40, since=date(2021, 1, 1), known_on=date(2021, 1, 1), source=Document("核定员额").article("第一条"),
            status=Status.ASSUMPTION,
        ),
        QUOTA_SHARING.set(
            QuotaSharing.BY_CEILING, since=date(2021, 1, 1), known_on=date(2021, 1, 1),
            source=Document("核定员额").article("第一条"), status=Status.ASSUMPTION,
        ),
    ]
    book = reformed(values)
    before = told(county, book)
    staying = sorted(one.worker for one in county.holdings if one.since < date(2024, 1, 1) and one.until is None)
    kept = ~county.holdings.worker.is_in(staying[:20]).true()
    after = told(county.with_tables({"holdings": county.holdings.where(kept)}), book)
    first = {worker for worker in before if worker.endswith("-001")}
    assert all(after[worker] == before[worker] for worker in first & set(after) if before[worker][0] == after[worker][0])
    assert set(after) - set(before), "room that came free lets others in"


@attrs.frozen(kw_only=True)
class Watching(Behaviour):
    """Draws a lot and does nothing."""

    kind = "watching"

    def leave(self, turn: Turn) -> None:
        """Draw."""
        LIVES.draw(turn.people.key, purpose="watching", year=turn.year)


def test_a_behaviour_more_changes_no_draw(book: PolicyBook, city: Dataset, whole: Simulation) -> None:
    """Draws have purposes: another behaviour has its own, whatever the order."""
    more = (Watching(), *usual_behaviours()[::-1])
    assert simulate(city, book, CITY, YEARS, SEEDS, behaviours=more).digest() == whole.digest()


@attrs.frozen(kw_only=True)
class Lottery(Behaviour):
    """One in ten leaves at the end of June."""

    kind = "lottery"

    def leave(self, turn: Turn) -> None:
        """Draw, and let them go."""
        goes = LIVES.happens(turn.people.key, Fraction(1, 10), purpose="lottery", year=turn.year)
        turn.leave(np.flatnonzero(goes), 5, Leaving.CHOICE)


def test_who_is_not_drawn_lives_as_before(book: PolicyBook, county: Dataset) -> None:
    """A behaviour that takes some away leaves every other life as it was."""
    before, after = told(county, book), told(county, book, (*usual_behaviours(), Lottery()))
    drawn = {worker for worker, life in after.items() if any(", 6, 30), probation_until" in said for said in life)}
    touched = {worker[:-4] for worker in drawn}  # their posts, into which others come
    assert drawn
    assert {worker for worker in before if after.get(worker) != before[worker]} <= {
        worker for worker in before if worker[:-4] in touched
    }


def test_a_reform_that_changes_nothing_changes_no_row(
    book: PolicyBook, city: Dataset, whole: Simulation, reformed: Callable[..., PolicyBook]
) -> None:
    """The value in force, set again."""
    value = FAILED_RUNNING.set(
        book.policy(CITY, date(2024, 1, 1))[FAILED_RUNNING], since=date(2024, 5, 1), known_on=date(2024, 5, 1),
        source=Document("重申").article("第一条"), status=Status.ISSUED,
    )
    assert simulate(city, reformed([value], CITY), CITY, YEARS, SEEDS).digest() == whole.digest()


def test_more_leave_where_more_would(book: PolicyBook, county: Dataset) -> None:
    """Luck is shared: whoever leaves at the usual share leaves at a larger one too."""
    few = LeavingByChoice(shares=((0, Fraction(1, 20)),))
    many = LeavingByChoice(shares=((0, Fraction(1, 5)),))
    usual = simulate(county, book, COUNTY, range(2024, 2025), [7, 8], behaviours=[few]).counties
    more = simulate(county, book, COUNTY, range(2024, 2025), [7, 8], behaviours=[many]).counties
    assert (more.left > usual.left).all_true()


# --- who pays ------------------------------------------------------------------------------------------


def test_a_share_of_the_province_is_not_passed_over(
    book: PolicyBook, county: Dataset, reformed: Callable[..., PolicyBook]
) -> None:
    """Costs don't tell it apart (JLW3.2): the answer says so, and only where there is one."""
    day = date(YEARS[-1], 1, 1)
    share = PROVINCE_SHARE.set(
        Fraction(1, 2), since=day, known_on=day, source=Document("tried").article("1"), status=Status.ASSUMPTION
    )
    assert simulate(county, reformed([share]), COUNTY, YEARS, (1,)).unsplit
    assert not simulate(county, book, COUNTY, YEARS, (1,)).unsplit
