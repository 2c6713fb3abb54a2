"""Newcomers are paid as a real year pays people on probation (JLW2.4b), to the fen and beyond the year's end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction

import attrs
import pytest
from tests.simulation.test_oracle import MONTHLY, POLICIES, by_month, told

from shequ_core.law.clauses import Document
from shequ_core.model.pay import Newcomer
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.month import PROBATION, Probation
from shequ_core.policy.pay import LOCAL_COEFFICIENT
from shequ_core.population.synthesize import synthesize
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.behaviours.hiring import Hiring
from shequ_core.simulation.behaviours.leaving import LeavingByChoice
from shequ_core.simulation.by_sums import LINES
from shequ_core.simulation.facts import facts
from shequ_core.simulation.replay import MEAN, replay
from shequ_core.simulation.simulate import Ready, prepare, simulate, usual_behaviours
from shequ_core.tables.columns import DateColumn, day_number
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Status
from shequ_core.year.run import run_year

COUNTY, BAIHUA = "220421", "229901"
YEARS = range(2024, 2026)


def coming(months: int) -> Sequence[Behaviour]:
    """Many come, and are on probation for so long."""
    own = {
        "hiring": Hiring(filled=Fraction(1), experienced=Fraction(1, 2), probation=months),
        "leaving_by_choice": LeavingByChoice(shares=((0, Fraction(1, 5)),)),
    }
    return [own.get(one.kind, one) for one in usual_behaviours()]


def assert_agrees(ready: Ready, county: str) -> Dataset:
    """Hold every month against the real year's, and return the facts."""
    data, years = facts(ready, [county], 7)
    for year, sums in zip(ready.years, years, strict=True):
        real = run_year(data, ready.law.book, county, year)
        months = real.slips.month.values
        for line in LINES:
            assert told(sums, line) == by_month(year, months, getattr(real.slips, line)), (year, line)
        assert told(sums, "employer") == by_month(year, real.contributions.month.values, real.contributions.employer)
        assert told(sums, "pool") == by_month(year, real.pools.month.values, real.pools.pool)
        assert told(sums, "months") == [int((months == year * 100 + month + 1).sum()) for month in MONTHLY]
    return data


@pytest.mark.parametrize(
    "name",
    [
        "as it is", "contributions by the month", "kept for the county's mean", "kept against the month's total",
        "certificates move grades, two grades a step, everybody's own bonus",
        "another table in May, another reference in July",
    ],
)
def test_newcomers_are_paid_as_in_a_real_year(
    reformed: Callable[..., PolicyBook], county: Dataset, name: str
) -> None:
    """With experience some grades lower, without a share of the county's mean, under one policy after another."""
    data = assert_agrees(prepare(county, reformed(POLICIES[name]), COUNTY, YEARS, [7], coming(9)), COUNTY)
    ends = [one.probation_until for one in data.holdings if one.probation_until is not None]
    assert {one.year for one in ends} == {2024, 2025, 2026}


def test_baihua_pays_by_its_own_rule(book: PolicyBook) -> None:
    """The invented city sets every value itself."""
    made = synthesize(BAIHUA, 2024, 1, divisions=book.divisions, committees={BAIHUA: 6})
    assert_agrees(prepare(made, book, BAIHUA, YEARS, [7], coming(6)), BAIHUA)


def test_who_is_on_probation_at_the_start_goes_on(book: PolicyBook, county: Dataset) -> None:
    """Somebody of the tables, to the end of the month in which it ends."""
    holdings = county.holdings
    last = day_number(date(2024, 4, 10))
    came = (holdings.since.values > day_number(date(2023, 1, 1))) & (holdings.since.values < day_number(date(2024, 1, 1)))
    assert came.any()
    begun = county.with_tables(
        {"holdings": holdings.with_columns(probation_until=DateColumn(holdings.since.values * 0 + last, came))}
    )
    data = assert_agrees(prepare(begun, book, COUNTY, range(2024, 2025), [7], coming(0)), COUNTY)
    assert {one.probation_until for one in data.holdings} == {None, date(2024, 5, 1) - timedelta(days=1)}


def test_where_nobody_is_settled_the_own_pay_is_due(book: PolicyBook, county: Dataset) -> None:
    """There is no mean then; a real year asks for one, a simulated one goes on."""
    all_go = [Hiring(filled=Fraction(1), experienced=Fraction(0), probation=12), LeavingByChoice(shares=((0, Fraction(1)),))]
    shortest = [Hiring(filled=Fraction(1), experienced=Fraction(0), probation=0), all_go[1]]
    years = range(2024, 2028)
    long, none = (simulate(county, book, COUNTY, years, [7], behaviours=one).counties for one in (all_go, shortest))
    assert long.held.same_as(none.held)
    assert all(one.basic > 0 for one in long if one.months)


def test_only_newcomers_are_paid_otherwise(book: PolicyBook, county: Dataset) -> None:
    """Lives are the same with a longer probation and without one; a replayed one says that it hangs on the mean."""
    on, off = (prepare(county, book, COUNTY, YEARS, [7], coming(months)) for months in (12, 0))
    lives = [facts(ready, [COUNTY], 7)[0] for ready in (on, off)]
    assert lives[0].holdings.with_columns(probation_until=lives[1].holdings.probation_until).same_as(lives[1].holdings)
    rule = book.policy(COUNTY, date(2024, 1, 1))[PROBATION]
    assert rule.share_of_mean(Newcomer.INEXPERIENCED) is not None
    came = next(one for one in lives[0].holdings if one.since > date(2024, 1, 1) and _fresh(lives[0], one.worker))
    life = replay(on, came.post, int(came.worker[-3:]), 7)
    assert MEAN in (life[0].hangs_on or "")
    assert MEAN not in (replay(off, came.post, int(came.worker[-3:]), 7)[0].hangs_on or "")


def _fresh(data: Dataset, worker: str) -> bool:
    one = next(one for one in data.workers if one.id == worker)
    since = next(held.since for held in data.holdings if held.worker == worker)
    return one.worked_since is not None and one.worked_since >= since


@pytest.mark.parametrize("name", ["as it is", "kept for the county's mean", "kept against the month's total"])
def test_placed_lower_by_several_grades(
    reformed: Callable[..., PolicyBook], county: Dataset, name: str
) -> None:
    """Whoever comes: pool, basic pay and what is kept go by the lower grade, a county's mean of all by the own one."""
    lower = Probation(lower=dict.fromkeys(Newcomer, 2))
    value = PROBATION.set(
        lower, since=date(2021, 1, 1), known_on=date(2021, 1, 1), source=Document("试行办法").article("第一条"),
        status=Status.ASSUMPTION,
    )
    degrees = (0, 0, 0, 0, 0, 1, 1)
    behaviours = [attrs.evolve(one, education=degrees) if isinstance(one, Hiring) else one for one in coming(9)]
    low = LOCAL_COEFFICIENT.set(
        Fraction(1, 5), since=date(2021, 1, 1), known_on=date(2021, 1, 1), source=value.source, status=Status.ASSUMPTION
    )
    kept = [one for one in POLICIES[name] if one.key is not LOCAL_COEFFICIENT]
    book = reformed([*kept, value, *([low] if kept else [])])
    assert_agrees(prepare(county, book, COUNTY, YEARS, [7], behaviours), COUNTY)
