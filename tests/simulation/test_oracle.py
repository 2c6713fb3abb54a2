"""What simulated years come to is what `run_year` says of the same facts, to the fen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import pytest

from shequ_core.law.clauses import Document
from shequ_core.model.contributions import Scheme
from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import pay, performance
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.contributions import RATES, BaseOf, LocalRates, SchemeRate
from shequ_core.policy.parameters import LocalValue, Parameter
from shequ_core.policy.pay import Compared, CountsFrom
from shequ_core.simulation.behaviours.assessing import Assessments
from shequ_core.simulation.behaviours.hiring import Hiring
from shequ_core.simulation.by_sums import LINES
from shequ_core.simulation.facts import facts
from shequ_core.simulation.simulate import prepare, usual_behaviours
from shequ_core.simulation.step import YearSums
from shequ_core.tables.columns import FenColumn, Ints
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Span, Status, yuan
from shequ_core.year.run import run_year

COUNTY = "220421"
YEARS = range(2024, 2026)


def sets(key: Parameter[Any], value: object, since: date = date(2021, 1, 1)) -> LocalValue[Any]:
    """Make a value that somebody tries."""
    return key.set(
        value, since=since, known_on=since, source=Document("试行办法").article("第一条"), status=Status.ASSUMPTION
    )


A, C, E = AssessmentGrade, CertificateLevel, EducationLevel
MONTHLY = range(12)
CLASSES = {"principal": Span(7, 18), "committee": Span(4, 15), "staff": Span(1, 12)}
SUMS = performance.FixedSums(
    sums={"principal": yuan(900), "committee": yuan(700), "staff": yuan(500)},
    nothing_after=frozenset({A.UNQUALIFIED}), at_year_end={A.OUTSTANDING: yuan(3000), A.QUALIFIED: yuan(1000)}, month=12,
)
ONCE = [
    sets(performance.PERFORMANCE, SUMS),
    sets(performance.AWARD, performance.YearlyAward({A.OUTSTANDING: yuan(1500)}, 3)),
    sets(pay.CERTIFICATE, pay.OneOff({C.ASSISTANT: yuan(500), C.SOCIAL_WORKER: yuan(1000), C.SENIOR: yuan(1500)})),
]
INSURED = sets(
    RATES,
    LocalRates(
        rates={
            Scheme.PENSION: SchemeRate(Fraction(8, 100), Fraction(16, 100), yuan(4000), yuan(20000)),
            Scheme.HOUSING_FUND: SchemeRate(Fraction(12, 100), Fraction(12, 100), yuan(2000), yuan(30000)),
        },
        base=BaseOf.MONTH,
    ),
)
LOW = sets(pay.LOCAL_COEFFICIENT, Fraction(2, 5))

POLICIES: dict[str, Sequence[LocalValue[Any]]] = {
    "as it is": [],
    "contributions by the month": [INSURED],
    "what was higher is kept for each": [sets(pay.NO_REDUCTION, pay.PersonKept(Compared.STANDARD)), LOW],
    "kept against the month's total": [sets(pay.NO_REDUCTION, pay.PersonKept(Compared.TOTAL)), LOW],
    "kept for the county's mean": [sets(pay.NO_REDUCTION, pay.PlaceKept(Compared.STANDARD)), LOW],
    "sums, awards and certificates paid once": ONCE,
    "the same with contributions": [*ONCE, INSURED],
    "contributions, and kept against the month's total": [
        INSURED, sets(pay.NO_REDUCTION, pay.PersonKept(Compared.TOTAL)), LOW
    ],
    "contributions to the yuan from May, and kept for each": [
        sets(RATES, attrs.evolve(INSURED.value, quantum=yuan(1)), date(2024, 5, 1)),
        sets(pay.NO_REDUCTION, pay.PersonKept(Compared.STANDARD_AND_CERTIFICATE)), LOW,
    ],
    "contributions, and kept for the county's mean": [
        INSURED, sets(pay.NO_REDUCTION, pay.PlaceKept(Compared.STANDARD_AND_CERTIFICATE)), LOW
    ],
    "contributions by what was declared": [sets(RATES, attrs.evolve(INSURED.value, base=BaseOf.DECLARED))],
    "contributions where only the outstanding share in the pool": [
        INSURED, sets(performance.BONUS_WEIGHTS, {one: Fraction(one is A.OUTSTANDING) for one in A}),
        sets(performance.UNASSESSED_WEIGHT, Fraction(0)),
    ],
    "certificates move grades, two grades a step, everybody's own bonus": [
        sets(pay.CERTIFICATE, pay.GradeMoves({C.ASSISTANT: 1, C.SOCIAL_WORKER: 2, C.SENIOR: 3})),
        sets(pay.YEARLY_STEP, pay.YearlyStep(after=frozenset({A.OUTSTANDING}), grades=2)),
        sets(performance.PERFORMANCE, performance.PersonalShare()),
    ],
    "another table in May, another reference in July": [
        sets(pay.REFERENCE, pay.FixedMonthly(yuan(7000)), date(2024, 7, 1)),
        sets(
            pay.GRADES,
            pay.CoefficientTable(coefficients=tuple(1 + Fraction(6, 100) * at for at in range(18)), classes=CLASSES),
            date(2024, 5, 1),
        )
    ],
    "years counted otherwise": [
        sets(
            pay.SERVICE,
            pay.YearsOfService(
                since=CountsFrom.ENTRY, gaps_count=True, part_year_counts=True, failed_years_count=False,
                education={E.BACHELOR: 1, E.MASTER: 3},
            ),
        )
    ],
    "placed otherwise from April": [
        sets(
            pay.PLACEMENT,
            pay.YearBands(
                years=(1, 3, 5, 7, 9, 11, 13), education={E.BACHELOR: 1}, certificate={C.SOCIAL_WORKER: 1, C.SENIOR: 2},
                by_class={"principal": (2, 4, 8)},
            ),
            date(2024, 4, 1),
        )
    ],
    "only the outstanding share in the pool": [
        sets(performance.BONUS_WEIGHTS, {one: Fraction(one is A.OUTSTANDING) for one in A}),
        sets(performance.UNASSESSED_WEIGHT, Fraction(0)),
    ],
}


def by_month(year: int, months: Ints, amounts: FenColumn) -> list[int]:
    """Sum up what a year's rows come to, month by month."""
    return [int(amounts.values[months == year * 100 + month + 1].sum()) for month in MONTHLY]


def told(sums: YearSums, name: str) -> list[int]:
    """Sum up what the simulation says of each month."""
    return [sum(int(one[name].sum()) for month, _, one in sums.months if month == at) for at in MONTHLY]


@pytest.mark.parametrize("name", POLICIES)
def test_the_year_of_the_facts_says_the_same(
    reformed: Callable[..., PolicyBook], county: Dataset, name: str
) -> None:
    """Slips, pools, contributions, holders and paid months of each month, under one policy after another."""
    ready = prepare(county, reformed(POLICIES[name]), COUNTY, YEARS, [7], usual_behaviours())
    data, years = facts(ready, [COUNTY], 7)
    for year, sums in zip(YEARS, years, strict=True):
        real = run_year(data, ready.law.book, COUNTY, year)
        months = real.slips.month.values
        for line in LINES:
            assert told(sums, line) == by_month(year, months, getattr(real.slips, line)), line
        assert told(sums, "pool") == by_month(year, real.pools.month.values, real.pools.pool)
        assert told(sums, "undistributed") == by_month(year, real.pools.month.values, real.pools.undistributed)
        assert told(sums, "months") == [int((months == year * 100 + month + 1).sum()) for month in MONTHLY]
        assert told(sums, "employer") == by_month(year, real.contributions.month.values, real.contributions.employer)
        held = int(sums.counts["held"].sum() + sums.counts["outside"].sum())
        assert held == int(real.headcounts.held.values.sum())


def test_pools_of_each_subdistrict(book: PolicyBook, county: Dataset) -> None:
    """Each subdistrict's pool of each month, and what of it is given out."""
    ready = prepare(county, book, COUNTY, YEARS, [7], usual_behaviours())
    data, years = facts(ready, [COUNTY], 7)
    layout = ready.state([COUNTY], [7]).layout
    for year, sums in zip(YEARS, years, strict=True):
        real = run_year(data, ready.law.book, COUNTY, year)
        expected = {
            (one.subdistrict, one.month): (one.pool, one.distributed) for one in real.pools if one.people
        }
        found = {
            (layout.subdistricts[layout.group_subdistrict[first + at]], year * 100 + month + 1): (pool, bonus)
            for month, first, one in sums.months
            for at, (pool, bonus) in enumerate(zip(one["pool"].tolist(), one["bonus"].tolist(), strict=True))
            if one["months"][at]
        }
        assert found == expected


def test_who_fails_too_often_leaves(book: PolicyBook, county: Dataset) -> None:
    """Whom a year's end finds to have failed too often is gone in the next, where many do poorly."""
    years = range(YEARS[0], YEARS[0] + 3)
    ready = prepare(county, book, COUNTY, years, [7], [Hiring(), Assessments(weak_share=Fraction(1, 2))])
    data, _ = facts(ready, [COUNTY], 7)
    gone = {one.worker: one.until for one in data.holdings if one.until is not None}
    found = [
        (one.worker, year)
        for year in years[:-1]
        for one in run_year(data, ready.law.book, COUNTY, year).people
        if "JLW2.10a" in (one.exit_ground or "")
    ]
    assert found
    assert all(gone[worker].year <= year + 1 for worker, year in found)
