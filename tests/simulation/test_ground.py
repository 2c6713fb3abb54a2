"""Households change, and with them how many grids there are and how many may hold posts (JLW2.2, JLG2.3.2a)."""

from __future__ import annotations

import itertools
from fractions import Fraction

from shequ_core.policy.book import PolicyBook
from shequ_core.simulation.behaviours.households import HouseholdsChange
from shequ_core.simulation.facts import facts
from shequ_core.simulation.simulate import prepare, simulate, usual_behaviours
from shequ_core.tables.dataset import Dataset
from shequ_core.year.run import run_year

COUNTY = "220421"
YEARS = range(2024, 2029)
LEAST, MOST = 300, 500
"""Households of a grid in the province."""
MUCH = ((Fraction(0), -300), (Fraction(1, 2), 0), (Fraction(1), 400))


def always(thousandths: int) -> HouseholdsChange:
    """Change every community alike."""
    return HouseholdsChange(change=((Fraction(0), thousandths), (Fraction(1), thousandths)))


def test_without_change_nothing_is_redrawn(book: PolicyBook, county: Dataset) -> None:
    """Households and grids of the tables, year after year, and one worker a grid."""
    assert county.grids is not None
    for one in simulate(county, book, COUNTY, YEARS, [7, 8]).counties:
        assert one.households == sum(row.households or 0 for row in county.communities)
        assert (one.grids, one.grid_workers, one.grids_redrawn) == (len(county.grids), len(county.grids), 0)


def test_households_change_from_the_second_year_on(book: PolicyBook, county: Dataset) -> None:
    """By a tenth a year, rounded down; whole communities double their grids in time."""
    found = [one.households for one in simulate(county, book, COUNTY, YEARS, [7], behaviours=[always(100)]).counties]
    communities = [row.households or 0 for row in county.communities]
    for told in found:
        assert told == sum(communities)
        communities = [one * 11 // 10 for one in communities]


def test_a_community_is_redrawn_only_where_its_households_cannot_make_its_grids(
    book: PolicyBook, county: Dataset
) -> None:
    """Community by community: within 300 to 500 a grid on average, or the nearest number that is."""
    ready = prepare(county, book, COUNTY, YEARS, [7, 8], [HouseholdsChange(change=MUCH)])
    state = ready.state([COUNTY], [7, 8])
    years = [sums.ground for sums in ready.pass_years(state)]
    redrawn = 0
    for before, after in itertools.pairwise(years):
        assert not after.households.same_as(before.households)
        for at, households in enumerate(after.households.to_list()):
            was, now = int(before.grids[at]), int(after.grids[at])
            assert households is not None
            can = [n for n in range(1, 100) if LEAST * n <= households <= MOST * n]
            if households == before.households.row(at) or was in can or not can:
                assert now == was
            else:
                assert now == min(can, key=lambda n: abs(n - was))
                redrawn += 1
            assert bool(after.redrawn[at]) is (now != was)
    assert redrawn


def test_the_last_year_has_the_room_of_a_real_year(book: PolicyBook, county: Dataset) -> None:
    """Least and most posts of each community, as `run_year` says of the facts."""
    behaviours = [*usual_behaviours(), HouseholdsChange(change=MUCH)]
    ready = prepare(county, book, COUNTY, YEARS, [7], behaviours)
    data, sums = facts(ready, [COUNTY], 7)
    real = run_year(data, ready.law.book, COUNTY, YEARS[-1])
    ground, codes = sums[-1].ground, ready.state([COUNTY], [7]).layout.communities
    found = {
        code: (least, most)
        for code, least, most in zip(codes, ground.least.tolist(), ground.room.tolist(), strict=True)
    }
    expected = {one.community: (one.least, one.most) for one in real.headcounts if one.most is not None}
    assert expected
    assert {code: found[code] for code in expected} == expected
    assert not ground.households.same_as(sums[0].ground.households)


def test_each_seed_has_its_own_and_no_other_draw_changes(book: PolicyBook, county: Dataset) -> None:
    """A seed alone is what it is among others; where room is enough nobody's life is another."""
    behaviours = [*usual_behaviours(), HouseholdsChange()]
    both = simulate(county, book, COUNTY, YEARS, [7, 8], behaviours=behaviours).counties
    alone = simulate(county, book, COUNTY, YEARS, [8], behaviours=behaviours).counties
    assert [one for one in both if one.seed == 8] == list(alone)
    households = [one.households for one in both]
    assert households[: len(YEARS)] != households[len(YEARS) :]
    plain = simulate(county, book, COUNTY, YEARS, [7, 8]).counties
    grown = simulate(county, book, COUNTY, YEARS, [7, 8], behaviours=[*usual_behaviours(), always(50)]).counties
    assert [one.total for one in plain] == [one.total for one in grown]
