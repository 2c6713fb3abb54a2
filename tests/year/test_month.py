"""A month in which people come, leave, change, are lent, on leave, on probation or on duty, checked by hand.

Grade g is worth 3,000 + 300 (g - 1) yuan a month, 70% of it basic pay; nobody is assessed unless a test
says so, so that everybody's bonus is the own performance share. June 2022 has 30 days, 22 of them Mondays
to Fridays, 11 in each half; July has 31 and 21, from the 16th on 16 and 10.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any, Final

import attrs
import numpy as np
import pytest

from shequ_core.errors import InputError, UnsetError
from shequ_core.law.clauses import Document
from shequ_core.model.answers import Slip
from shequ_core.model.communities import Community, Setting
from shequ_core.model.contributions import Scheme
from shequ_core.model.emergency import Duty, Emergency
from shequ_core.model.leave import Leave, LeaveKind
from shequ_core.model.pay import ContributionBase, Grading
from shequ_core.model.posts import (
    Certificate,
    CertificateLevel,
    Education,
    EducationLevel,
    Employment,
    Holding,
    Post,
    Secondment,
    Worker,
)
from shequ_core.model.records import Assessment, AssessmentGrade
from shequ_core.policy import contributions, emergency, month, pay, performance
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.contributions import BaseOf, LocalRates, SchemeRate
from shequ_core.policy.emergency import DailyDuty
from shequ_core.policy.month import FixedDays, MonthDays, TakesEffect
from shequ_core.policy.parameters import Parameter, Reform
from shequ_core.policy.pay import AmountTable, CountsFrom, Gives, OneOff, YearBands, YearsOfService
from shequ_core.policy.performance import FixedSums, YearlyAward
from shequ_core.tables.dataset import REQUIRED, Dataset
from shequ_core.tables.dataset import TABLES as KINDS
from shequ_core.values import Fen, Span, Status, yuan
from shequ_core.year.pay import PayMonth, run_month

COUNTY: Final = "220104"
A1, A2, B1 = "220104001001", "220104001002", "220104002001"
HERE: Final = date(2022, 1, 1)
APRIL, MAY, JUNE, JULY = (date(2022, number, 1) for number in (4, 5, 6, 7))
MIDDLE: Final = date(2022, 6, 16)
GRADES: Final = AmountTable(
    tuple(yuan(3000 + 300 * above) for above in range(18)),
    {"principal": Span(7, 18), "committee": Span(4, 15), "staff": Span(1, 12)},
    Gives.STANDARD,
)
AWARD: Final = YearlyAward({AssessmentGrade.OUTSTANDING: yuan(1500)}, JUNE.month)
Settings = tuple[Parameter[Any], object]  # Any: keys of every type


# --- a place, and people in it --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book_of() -> Callable[..., PolicyBook]:
    """Make the assumed book in which the county says these things too."""
    assumed = PolicyBook.load(assume=True)
    return lambda *pairs: laid_over(assumed, (pay.GRADES, GRADES), *pairs)


def laid_over(book: PolicyBook, *pairs: Settings) -> PolicyBook:
    source = Document("某县试行办法").article("第一条")
    values = [
        key.set(value, since=date.min, known_on=date.min, source=source, status=Status.ISSUED) for key, value in pairs
    ]
    return book.reformed(Reform(name="tried", place=COUNTY, values=values, scope="replace_below"))


def held(worker: str, community: str = A1, **fields: Any) -> Holding:  # Any: a holding's own fields
    """A holding since January, of a post of its own."""
    number = int(worker[1:])
    return Holding(**{
        "worker": worker, "post": f"{community}-{number:02}", "post_class": "staff", "since": HERE,
        "employment": Employment.FULL_TIME, **fields,
    })


def graded(worker: str, grade: int, since: date = HERE) -> Grading:
    return Grading(worker=worker, grade=grade, since=since)


def office(*facts: Any, workers: Iterable[Worker] = ()) -> Dataset:  # Any: facts of every kind
    """The tables of these facts; posts and communities are those that are held."""
    holdings = [one for one in facts if isinstance(one, Holding)]
    told = {one.id: one for one in workers}
    facts = (
        *facts,
        *(told.get(name, Worker(id=name)) for name in sorted({one.worker for one in holdings})),
        *(Post(id=name, community=name[:12]) for name in sorted({one.post for one in holdings})),
        *(Community(code=code, name=code, setting=Setting.URBAN) for code in (A1, A2, B1)),
    )
    tables = {
        name: kind.of([one for one in facts if isinstance(one, kind.fact)])
        for name, kind in KINDS.items()
        if name in {*REQUIRED, "assessments"} or any(isinstance(one, kind.fact) for one in facts)
    }
    return Dataset(**tables)  # type: ignore[arg-type]  # each table stands under its own name


def run(book: PolicyBook, data: Dataset, of: date = JUNE, known: date | None = None) -> PayMonth:
    return run_month(data, book, COUNTY, of, known=known)


def slips(told: PayMonth, worker: str) -> list[Slip]:
    return [one for one in told.slips if one.worker == worker]


def half_up(exact: Fraction) -> int:
    return math.floor(exact + Fraction(1, 2))


def basic(grade: int, share: Fraction | int = 1) -> int:
    """What of a grade's basic pay a share of the month comes to, in fen."""
    return half_up(Fraction(70 * (3000 + 300 * (grade - 1))) * share)


def own(grade: int, share: Fraction | int = 1) -> int:
    return half_up(Fraction(30 * (3000 + 300 * (grade - 1))) * share)


# --- who comes and leaves -------------------------------------------------------------------------------

HALF: Final = Fraction(1, 2)
BASES: Final = {
    "the month's days": (MonthDays(), HALF, Fraction(16, 31), Fraction(15, 31)),
    "21.75, days present": (FixedDays(Fraction(87, 4), True, False), Fraction(44, 87), Fraction(40, 87), Fraction(44, 87)),
    "21.75, days missed": (FixedDays(Fraction(87, 4), True, True), Fraction(43, 87), Fraction(43, 87), Fraction(47, 87)),
    "30, days present": (FixedDays(Fraction(30), False, False), HALF, Fraction(16, 30), HALF),
    "30, days missed": (FixedDays(Fraction(30), False, True), HALF, HALF, Fraction(14, 30)),
}
"""What half of June is, July from the 16th, and July to the 15th."""


@pytest.mark.parametrize("basis", BASES)
def test_who_comes_or_leaves_in_mid_month_is_paid_for_the_part(book_of: Callable[..., PolicyBook], basis: str) -> None:
    """By the place's day basis; basic pay and performance are split before they are cut; others aren't touched."""
    days, june, july, left_july = BASES[basis]
    book = book_of((month.DAY_BASIS, days))
    for first, share, left in ((JUNE, june, june), (JULY, july, left_july)):
        data = office(
            held("S1"), held("S2", since=first.replace(day=16)), held("S3", until=first.replace(day=15)),
            graded("S1", 2), graded("S2", 2, first.replace(day=16)), graded("S3", 2),
        )
        told = run(book, data, first)
        paid = {one.worker: (one.basic, one.performance, one.bonus) for one in told.slips}
        assert paid == {
            "S1": (basic(2), own(2), own(2)),
            "S2": (basic(2, share), own(2, share), own(2, share)),
            "S3": (basic(2, left), own(2, left), own(2, left)),
        }
        assert told.pools.pool.to_list() == [own(2) + own(2, share) + own(2, left)]
        assert told.pools.people.to_list() == [3]


@pytest.mark.parametrize("basis", BASES)
def test_the_days_of_a_whole_month_are_the_month(book_of: Callable[..., PolicyBook], basis: str) -> None:
    """Who moves to another community on the 16th, same class and grade, is paid the whole month in two parts."""
    data = office(
        held("S1", A1, until=date(2022, 6, 15)), held("S1", A2, since=MIDDLE), held("S2", A2),
        graded("S1", 3), graded("S1", 3, MIDDLE), graded("S2", 3),
    )
    told = run(book_of((month.DAY_BASIS, BASES[basis][0])), data)
    first, second = slips(told, "S1")
    assert (first.community, second.community) == (A1, A2)
    assert (first.since, first.until, second.since, second.until) == (JUNE, date(2022, 6, 15), MIDDLE, date(2022, 6, 30))
    assert (first.basic, second.basic) == (basic(3, HALF), basic(3, HALF))
    assert told.pools.people.to_list() == [2]
    assert told.pools.pool.to_list() == [2 * own(3)]


def test_nobody_is_paid_before_or_after(book_of: Callable[..., PolicyBook]) -> None:
    """Who left on 31 May or comes on 1 July has no slip in June; who has the 30th alone has one of a day."""
    data = office(
        held("S1"), held("S2", until=date(2022, 5, 31)), held("S3", since=JULY),
        held("S4", since=date(2022, 6, 30)), held("S5", until=JUNE), *(graded(f"S{n}", 1) for n in (1, 2, 5)),
        graded("S3", 1, JULY), graded("S4", 1, date(2022, 6, 30)),
    )
    told = run(book_of(), data)
    assert {one.worker: one.basic for one in told.slips} == {
        "S1": basic(1), "S4": basic(1, Fraction(1, 30)), "S5": basic(1, Fraction(1, 30)),
    }


# --- who changes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("basis", BASES)
def test_a_new_grade_counts_from_its_day(book_of: Callable[..., PolicyBook], basis: str) -> None:
    """By day: each part its own grade, and together the month; 11 of 22 weekdays are half as 15 of 30 days are."""
    book = book_of((month.DAY_BASIS, BASES[basis][0]), (month.TAKES_EFFECT, TakesEffect.DAY))
    told = run(book, office(held("S1"), held("S2"), graded("S1", 2), graded("S1", 5, MIDDLE), graded("S2", 1)))
    first, second = slips(told, "S1")
    assert (first.grade, first.basic, first.performance) == (2, basic(2, HALF), own(2, HALF))
    assert (second.grade, second.basic, second.performance) == (5, basic(5, HALF), own(5, HALF))
    assert told.pools.pool.to_list() == [own(2, HALF) + own(5, HALF) + own(1)]


def test_a_new_grade_counts_from_the_month_after(book_of: Callable[..., PolicyBook]) -> None:
    """Where the place says so: June whole by the old grade, July by the new; of a first day, that month itself."""
    book = book_of((month.TAKES_EFFECT, TakesEffect.NEXT_MONTH))
    for since, june in ((MIDDLE, 2), (JUNE, 5)):
        data = office(held("S1"), graded("S1", 2), graded("S1", 5, since))
        assert [(one.grade, one.basic) for one in run(book, data).slips] == [(june, basic(june))]
        assert [(one.grade, one.basic) for one in run(book, data, JULY).slips] == [(5, basic(5))]


@pytest.mark.parametrize("way", TakesEffect)
def test_a_new_class_of_post(book_of: Callable[..., PolicyBook], way: TakesEffect) -> None:
    """By day each half has its class; else the first class and its grade count for the month, the post changes at once."""
    data = office(
        held("S1", until=date(2022, 6, 15)), held("S1", A2, since=MIDDLE, post_class="committee"), held("S2"),
        graded("S1", 2), graded("S1", 6, MIDDLE), graded("S2", 1),
    )
    first, second = slips(run(book_of((month.TAKES_EFFECT, way)), data), "S1")
    assert (first.post_class, first.grade, first.basic) == ("staff", 2, basic(2, HALF))
    later = ("committee", 6) if way is TakesEffect.DAY else ("staff", 2)
    assert (second.post_class, second.grade, second.basic) == (*later, basic(later[1], HALF))
    assert second.community == A2
    july = slips(run(book_of((month.TAKES_EFFECT, way)), data, JULY), "S1")
    assert [(one.post_class, one.grade, one.basic) for one in july] == [("committee", 6, basic(6))]


@pytest.mark.parametrize("way", TakesEffect)
def test_a_new_subdistrict_has_the_part_in_its_pool(book_of: Callable[..., PolicyBook], way: TakesEffect) -> None:
    """Each pool is the shares of exactly those who are in it, for the days on which they are (JLW2.4f)."""
    data = office(
        held("S1", A1, until=date(2022, 6, 10)), held("S1", B1, since=date(2022, 6, 11)), held("S2", A1), held("S3", B1),
        graded("S1", 4), graded("S1", 4, date(2022, 6, 11)), graded("S2", 1), graded("S3", 2),
        Assessment(worker="S1", year=2021, grade=AssessmentGrade.OUTSTANDING),
        Assessment(worker="S2", year=2021, grade=AssessmentGrade.UNQUALIFIED),
    )
    told = run(book_of((month.TAKES_EFFECT, way)), data)
    third, rest = own(4, Fraction(1, 3)), own(4) - own(4, Fraction(1, 3))
    assert dict(zip(told.pools.subdistrict, told.pools.pool, strict=True)) == {A1[:9]: third + own(1), B1[:9]: rest + own(2)}
    assert told.pools.people.to_list() == [2, 2]
    one, two = slips(told, "S1")
    assert one.bonus == third + own(1)  # S2 has no weight: the whole pool is S1's
    weights = {"S1": rest * Fraction(6, 5), "S3": Fraction(own(2))}
    exact = (rest + own(2)) * weights["S1"] / sum(weights.values())
    assert abs(two.bonus - exact) < 1
    assert two.bonus + slips(told, "S3")[0].bonus == rest + own(2)


@pytest.mark.parametrize("way", TakesEffect)
def test_a_certificate_or_a_degree_that_is_won_in_mid_month(book_of: Callable[..., PolicyBook], way: TakesEffect) -> None:
    """The allowance and the grade that it brings count from their day, or from the month after; what is paid once, once."""
    placed = YearBands(years=(100,), education={EducationLevel.BACHELOR: 2})
    book = book_of((month.TAKES_EFFECT, way), (pay.PLACEMENT, placed))
    data = office(
        held("S1"), held("S2"), Certificate(worker="S1", level=CertificateLevel.SENIOR, since=MIDDLE),
        Education(worker="S2", level=EducationLevel.BACHELOR, since=MIDDLE),
        workers=[Worker(id="S1", worked_since=HERE), Worker(id="S2", worked_since=HERE)],
    )
    june = run(book, data)
    whole = {one.worker: (one.certificate, one.grade) for one in run(book, data, JULY).slips}
    assert whole == {"S1": (yuan(400), 1), "S2": (0, 3)}
    assert sum(one.certificate for one in slips(june, "S1")) == (yuan(200) if way is TakesEffect.DAY else 0)
    assert [one.grade for one in slips(june, "S2")] == ([1, 3] if way is TakesEffect.DAY else [1])
    once = {level: yuan(1000 * place) for place, level in enumerate(CertificateLevel, 1)}
    paid = [
        sum(one.award for one in run(book_of((month.TAKES_EFFECT, way), (pay.CERTIFICATE, OneOff(once))), data, of).slips)
        for of in (MAY, JUNE, JULY)
    ]
    assert paid == [0, yuan(3000), 0]


# --- leave and loans --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "share"),
    [
        pytest.param(LeaveKind.PERSONAL, Fraction(25, 30), id="unpaid"),
        pytest.param(LeaveKind.ANNUAL, Fraction(1), id="paid"),
        pytest.param(LeaveKind.SICK, Fraction(28, 30), id="six tenths: 25 + 3 days"),
    ],
)
def test_leave_is_paid_with_the_share_that_goes_on(
    book_of: Callable[..., PolicyBook], kind: LeaveKind, share: Fraction
) -> None:
    """Five days of June; basic pay, performance and the allowance alike (JLW2.5a)."""
    shares = {one: Fraction(1) for one in LeaveKind} | {LeaveKind.SICK: Fraction(3, 5), LeaveKind.PERSONAL: Fraction(0)}
    data = office(
        held("S1"), held("S2"), graded("S1", 2), graded("S2", 1), Certificate(worker="S1", level=CertificateLevel.ASSISTANT),
        Leave(worker="S1", kind=kind, since=date(2022, 6, 6), until=date(2022, 6, 10)),
    )
    told = run(book_of((month.LEAVE_SHARES, shares)), data)
    parts = slips(told, "S1")
    assert [(one.since.day, one.until.day) for one in parts] == [(1, 5), (6, 10), (11, 30)]
    assert sum(one.basic for one in parts) == basic(2, share)
    assert sum(one.performance for one in parts) == own(2, share)
    assert sum(one.certificate for one in parts) == half_up(Fraction(yuan(200)) * share)
    assert told.pools.pool.to_list() == [own(2, share) + own(1)]


@pytest.mark.parametrize("basis", BASES)
def test_a_whole_month_of_unpaid_leave_is_paid_nothing(book_of: Callable[..., PolicyBook], basis: str) -> None:
    """Whatever the basis; 21 weekdays missed of 21.75 leave nothing to pay either."""
    for first, last in ((JUNE, date(2022, 6, 30)), (JULY, date(2022, 7, 31))):
        data = office(
            held("S1"), held("S2"), graded("S1", 2), graded("S2", 1),
            Leave(worker="S1", kind=LeaveKind.PERSONAL, since=first, until=last),
        )
        told = run(book_of((month.DAY_BASIS, BASES[basis][0])), data, first)
        assert [(one.basic, one.bonus, one.total) for one in slips(told, "S1")] == [(0, 0, 0)]
        assert told.pools.pool.to_list() == [own(1)]


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([held("S1", until=date(2022, 6, 20)), graded("S1", 2), graded("S1", 3, date(2022, 6, 11))], id="left"),
        pytest.param(
            [
                held("S1"), graded("S1", 2),
                Leave(worker="S1", kind=LeaveKind.PERSONAL, since=MIDDLE, until=date(2022, 6, 30)),
            ],
            id="on leave at the end",
        ),
        pytest.param([held("S1"), graded("S1", 2), graded("S1", 3, MIDDLE)], id="another grade"),
    ],
)
def test_what_is_paid_once_is_paid_once_and_whole(
    book_of: Callable[..., PolicyBook], facts: list[Any]  # Any: facts of every kind
) -> None:
    """An award isn't cut by days, and comes once in however many parts the month falls."""
    data = office(
        *facts, held("S2"), graded("S2", 1),
        *(Assessment(worker=name, year=2021, grade=AssessmentGrade.OUTSTANDING) for name in ("S1", "S2")),
    )
    told = run(book_of((performance.AWARD, AWARD), (month.TAKES_EFFECT, TakesEffect.DAY)), data)
    assert len(slips(told, "S1")) == 2
    assert [one.award for one in slips(told, "S1")] == [0, yuan(1500)]
    assert [one.award for one in slips(told, "S2")] == [yuan(1500)]


@pytest.mark.parametrize("in_pool", [True, False])
def test_who_is_lent_is_in_the_pool_or_is_not(book_of: Callable[..., PolicyBook], in_pool: bool) -> None:
    """From the 16th on lent to a higher office: basic pay goes on; the share of those days is in the pool or nowhere."""
    data = office(
        held("S1"), held("S2"), graded("S1", 2), graded("S2", 1),
        Secondment(worker="S1", to="区民政局", since=MIDDLE, until=date(2022, 7, 31)),
    )
    book = book_of((month.SECONDED_IN_POOL, in_pool))
    told = run(book, data)
    assert sum(one.basic for one in slips(told, "S1")) == basic(2)
    assert told.pools.pool.to_list() == [own(2, 1 if in_pool else HALF) + own(1)]
    assert sum(one.bonus for one in slips(told, "S1")) == own(2, 1 if in_pool else HALF)
    july = run(book, data, JULY)
    assert [(one.basic, one.performance) for one in slips(july, "S1")] == [(basic(2), own(2) if in_pool else 0)]
    assert july.pools.people.to_list() == [2 if in_pool else 1]


# --- probation -------------------------------------------------------------------------------------------


def test_probation_with_experience_is_one_grade_lower(book_of: Callable[..., PolicyBook]) -> None:
    """Up to the last day of probation; not below the class; the assumed rule is the draft's (JLW2.4b)."""
    data = office(
        held("S1", since=APRIL, probation_until=date(2022, 6, 15)), held("S2", since=APRIL, probation_until=JULY),
        graded("S1", 5, APRIL), graded("S2", 1, APRIL),
        workers=[Worker(id=name, worked_since=date(2015, 9, 1)) for name in ("S1", "S2")],
    )
    told = run(book_of(), data)
    assert [(one.grade, one.basic) for one in slips(told, "S1")] == [(4, basic(4, HALF)), (5, basic(5, HALF))]
    assert [(one.grade, one.basic) for one in slips(told, "S2")] == [(1, basic(1))]
    assert [one.grade for one in slips(run(book_of(), data, MAY), "S1")] == [4]


@pytest.mark.parametrize("later", [4, 5])
def test_probation_without_experience_is_a_share_of_the_mean(book_of: Callable[..., PolicyBook], later: int) -> None:
    """80% of the mean basic pay of the county's others, subdistricts together; the bonus goes by the own grade.

    Who changes in mid-month counts in the mean with the last part.
    """
    data = office(
        held("S1", since=APRIL, probation_until=date(2022, 12, 31)), held("S2"), held("S3", B1), held("S4", B1),
        graded("S1", 5, APRIL), graded("S2", 1), graded("S3", 2), graded("S4", 4), graded("S4", later, MIDDLE),
        workers=[Worker(id="S1", worked_since=APRIL)],
    )
    told = run(book_of((month.TAKES_EFFECT, TakesEffect.DAY)), data)
    paid = half_up(Fraction(basic(1) + basic(2) + basic(later), 3) * Fraction(8, 10))
    assert [(one.grade, one.basic, one.performance) for one in slips(told, "S1")] == [(5, paid, own(5))]


def test_a_mean_of_nobody_is_refused(book_of: Callable[..., PolicyBook]) -> None:
    """Where all of a county are on probation there is no mean; without worked_since nobody knows on what footing."""
    fresh = [held("S1", since=APRIL, probation_until=date(2022, 12, 31)), graded("S1", 5, APRIL)]
    with pytest.raises(InputError, match="no mean is known"):
        run(book_of(), office(*fresh, workers=[Worker(id="S1", worked_since=APRIL)]))
    with pytest.raises(InputError, match="fill in worked_since"):
        run(book_of(), office(*fresh, held("S2"), graded("S2", 1)))


# --- emergency duty, contributions ------------------------------------------------------------------------

DUTY: Final = Duty(worker="S1", since=date(2022, 6, 8), until=date(2022, 6, 12))
DECLARED: Final = DailyDuty(yuan(50), "county")


def response(place: str, since: date, until: date | None = None) -> Emergency:
    return Emergency(place=place, since=since, until=until)


@pytest.mark.parametrize(
    ("emergencies", "scheme", "days"),
    [
        pytest.param([], DECLARED, 0, id="nothing declared"),
        pytest.param([response(COUNTY, date(2022, 6, 10), date(2022, 6, 20))], DECLARED, 3, id="from the 10th"),
        pytest.param([response(B1[:9], JUNE)], DECLARED, 0, id="declared elsewhere"),
        pytest.param([response(A1, MAY)], DECLARED, 5, id="for the community, since May"),
        pytest.param(
            [response(COUNTY, JUNE, date(2022, 6, 9)), response(A1[:9], date(2022, 6, 9), date(2022, 6, 10))],
            DECLARED, 3, id="two that overlap",
        ),
        pytest.param([], attrs.evolve(DECLARED, declared_only=False), 5, id="declared or not"),
        pytest.param([], attrs.evolve(DECLARED, declared_only=False, most_days=4), 4, id="at most four"),
    ],
)
def test_days_of_duty_count_while_a_response_is_declared(
    book_of: Callable[..., PolicyBook], emergencies: list[Emergency], scheme: DailyDuty, days: int
) -> None:
    """From the 8th to the 12th; by the place's own scheme (JLW2.5b)."""
    data = office(held("S1"), held("S2"), graded("S1", 2), graded("S2", 1), DUTY, *emergencies)
    told = run(book_of((emergency.EMERGENCY, scheme)), data)
    assert {one.worker: one.emergency for one in told.slips} == {"S1": days * yuan(50), "S2": 0}
    assert all(one.emergency == 0 for one in run(book_of(), data).slips), "no scheme, no line"


def test_the_most_days_of_duty_are_a_person_s_and_not_a_part_s(book_of: Callable[..., PolicyBook]) -> None:
    """A month in two parts pays no more days than a whole one; each part the class's own rate."""
    data = office(
        held("S1", until=date(2022, 6, 10)), held("S1", A2, since=date(2022, 6, 11), post_class="committee"), held("S2"),
        graded("S1", 2), graded("S1", 6, date(2022, 6, 11)), graded("S2", 1), DUTY,
    )
    for most, paid in ((None, [3 * 50, 2 * 80]), (4, [3 * 50, 80]), (3, [3 * 50, 0])):
        scheme = DailyDuty(yuan(50), "county", declared_only=False, most_days=most, by_class={"committee": yuan(80)})
        book = book_of((emergency.EMERGENCY, scheme), (month.TAKES_EFFECT, TakesEffect.DAY))
        assert [one.emergency for one in slips(run(book, data), "S1")] == [yuan(one) for one in paid]


RATE: Final = SchemeRate(Fraction(8, 100), Fraction(16, 100), yuan(2000), yuan(20000))
FUND: Final = SchemeRate(Fraction(5, 100), Fraction(5, 100), yuan(2000), yuan(20000))


@pytest.mark.parametrize("base", BaseOf)
def test_contributions_are_a_person_s_and_stand_scheme_by_scheme(book_of: Callable[..., PolicyBook], base: BaseOf) -> None:
    """Once for somebody in two parts, by the base in force; unknown without one; lines and slips add up (JLW2.5a)."""
    rates = LocalRates({Scheme.PENSION: RATE, Scheme.HOUSING_FUND: FUND}, base)
    data = office(
        held("S1", A1, until=date(2022, 6, 15)), held("S1", B1, since=MIDDLE), held("S2", A1), held("S3", B1),
        graded("S1", 4), graded("S1", 4, MIDDLE), graded("S2", 1), graded("S3", 2),
        ContributionBase(worker="S2", base=yuan(5000), since=HERE),
        ContributionBase(worker="S2", base=yuan(6000), since=JULY),
        ContributionBase(worker="S3", base=yuan(1000), since=HERE),
    )
    told = run(book_of((contributions.RATES, rates)), data)
    known = {"S2": yuan(5000), "S3": yuan(2000)} | ({"S1": yuan(3900)} if base is BaseOf.MONTH else {})
    lines = {(one.worker, one.scheme): (one.base, one.own, one.employer) for one in told.contributions}
    assert lines == {
        (worker, scheme): (amount, half_up(amount * rate.own), half_up(amount * rate.employer))
        for worker, amount in known.items()
        for scheme, rate in rates.rates.items()
    }
    for worker in ("S1", "S2", "S3"):
        mine = slips(told, worker)
        if worker not in known:
            assert mine[-1].insurance is mine[-1].net is None
            continue
        assert sum(one.insurance or 0 for one in mine) == lines[worker, Scheme.PENSION][1]
        assert sum(one.fund or 0 for one in mine) == lines[worker, Scheme.HOUSING_FUND][1]
        assert sum(one.employer or 0 for one in mine) == sum(lines[worker, scheme][2] for scheme in rates.rates)
        dues = sum((one.insurance or 0) + (one.fund or 0) for one in mine)
        assert sum(one.net or 0 for one in mine) == sum(one.total for one in mine) - dues
    assert len(run(book_of(), data).contributions) == 0, "no rates, no lines"


def test_who_moves_to_a_county_of_another_law_is_paid_once_what_is_paid_once() -> None:
    """Two counties of a city that say different things: one award, and one line a scheme, for the person's month."""
    there, city, source = "220102001001", "2201", Document("某市试行办法").article("第一条")
    rates = LocalRates({Scheme.PENSION: RATE}, BaseOf.DECLARED)

    def reform(place: str, *pairs: Settings) -> Reform:
        values = [
            key.set(value, since=date.min, known_on=date.min, source=source, status=Status.ISSUED) for key, value in pairs
        ]
        return Reform(name=place, place=place, values=values, scope="replace_below")

    book = PolicyBook.load(assume=True).reformed(
        reform(city, (pay.GRADES, GRADES), (performance.AWARD, AWARD), (contributions.RATES, rates)),
        reform(there[:6], (month.SECONDED_IN_POOL, False)),
    )
    data = office(
        held("S1", A1, until=date(2022, 6, 15)), held("S1", there, since=MIDDLE), held("S2", A1), held("S3", there),
        graded("S1", 4), graded("S2", 1), graded("S3", 2), ContributionBase(worker="S1", base=yuan(5000), since=HERE),
        Assessment(worker="S1", year=2021, grade=AssessmentGrade.OUTSTANDING),
        Community(code=there, name=there, setting=Setting.URBAN),
    )
    told = run_month(data, book, city, JUNE)
    assert sum(one.award for one in slips(told, "S1")) == yuan(1500)
    assert sum(one.insurance or 0 for one in slips(told, "S1")) == yuan(400)
    assert [(one.worker, one.own) for one in told.contributions] == [("S1", yuan(400))]


# --- what is known when -----------------------------------------------------------------------------------


def assessed(worker: str, year: int, grade: AssessmentGrade, known_on: date) -> Assessment:
    return Assessment(worker=worker, year=year, grade=grade, known_on=known_on)


def test_the_latest_assessment_known_at_payday_counts(book_of: Callable[..., PolicyBook]) -> None:
    """Payday is the 10th: what is known on the 12th of June counts in July, until then the year before does."""
    book = book_of((performance.PAYDAY, 10))
    data = office(
        held("S1"), held("S2"), graded("S1", 1), graded("S2", 1),
        assessed("S1", 2020, AssessmentGrade.QUALIFIED, date(2021, 1, 20)),
        assessed("S1", 2021, AssessmentGrade.UNQUALIFIED, date(2022, 6, 12)),
    )
    told = {of: {one.worker: (one.assessment, one.bonus) for one in run(book, data, of).slips} for of in (JUNE, JULY)}
    assert told[JUNE] == {"S1": ("qualified", own(1)), "S2": (None, own(1))}
    assert told[JULY] == {"S1": ("unqualified", 0), "S2": (None, 2 * own(1))}


def test_a_corrected_assessment_counts_for_every_month_that_read_the_wrong_one(book_of: Callable[..., PolicyBook]) -> None:
    """As known in May, what was thought then; as known now, the corrected grade in May too."""
    data = office(
        held("S1"), held("S2"), graded("S1", 1), graded("S2", 1),
        assessed("S1", 2021, AssessmentGrade.UNQUALIFIED, date(2022, 1, 20)),
        assessed("S1", 2021, AssessmentGrade.QUALIFIED, date(2022, 6, 25)),
    )
    then = run(book_of(), data, MAY, known=date(2022, 5, 31))
    now = run(book_of(), data, MAY)
    assert [one.assessment for one in slips(then, "S1")] == ["unqualified"]
    assert [one.assessment for one in slips(now, "S1")] == ["qualified"]
    assert slips(then, "S1")[0].bonus == 0
    assert slips(now, "S1")[0].bonus == own(1)


def test_what_became_known_later_is_not_known_before(book_of: Callable[..., PolicyBook]) -> None:
    """A certificate of June that is known in July: June as known then has none; a withdrawn holding never was."""
    late = date(2022, 7, 5)
    data = office(
        held("S1"), held("S2"), held("S3"), *(graded(f"S{n}", 1) for n in (1, 2, 3)),
        Certificate(worker="S1", level=CertificateLevel.SENIOR, since=JUNE, known_on=late),
        attrs.evolve(held("S3"), known_on=late, withdrawn=True),
        attrs.evolve(held("S2"), known_on=late, until=date(2022, 6, 15)),
    )
    then, now = run(book_of(), data, known=date(2022, 6, 30)), run(book_of(), data)
    assert {one.worker: (one.basic, one.certificate) for one in then.slips} == {
        "S1": (basic(1), 0), "S2": (basic(1), 0), "S3": (basic(1), 0),
    }
    assert {one.worker: (one.basic, one.certificate) for one in now.slips} == {
        "S1": (basic(1), yuan(400)), "S2": (basic(1, HALF), 0),
    }


def test_a_plan_of_sums_pays_them_by_class_and_at_the_year_s_end(book_of: Callable[..., PolicyBook]) -> None:
    """No pool: the sum of the class, cut by days; nothing after unqualified; the year's sum whole, in its month alone."""
    after = {AssessmentGrade.QUALIFIED: yuan(2400)}
    plan = FixedSums({"staff": yuan(600)}, frozenset({AssessmentGrade.UNQUALIFIED}), after, JUNE.month)
    data = office(
        held("S1"), held("S2", since=MIDDLE), held("S3"), graded("S1", 1), graded("S2", 1, MIDDLE), graded("S3", 1),
        Assessment(worker="S1", year=2021, grade=AssessmentGrade.QUALIFIED),
        Assessment(worker="S3", year=2021, grade=AssessmentGrade.UNQUALIFIED),
    )
    told = run(book_of((performance.PERFORMANCE, plan)), data)
    assert {one.worker: (one.basic, one.bonus, one.award) for one in told.slips} == {
        "S1": (yuan(2400), yuan(600), yuan(2400)), "S2": (yuan(1200), yuan(300), 0), "S3": (yuan(2400), 0, 0),
    }
    assert len(told.pools) == 0
    assert all(one.award == 0 for one in run(book_of((performance.PERFORMANCE, plan)), data, JULY).slips)


# --- grades --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "grade"),
    [
        pytest.param(YearsOfService(CountsFrom.COMMUNITY_WORK, True, False, True), 8, id="7 completed years since 2015"),
        pytest.param(YearsOfService(CountsFrom.ENTRY, True, False, True), 6, id="5 since the first day in post"),
        pytest.param(YearsOfService(CountsFrom.ENTRY, False, False, True), 4, id="3: two years and one, without the gap"),
        pytest.param(YearsOfService(CountsFrom.ENTRY, False, True, True), 5, id="4: and a part of one"),
        pytest.param(YearsOfService(CountsFrom.ENTRY, True, False, False), 5, id="4: a failed year is none"),
        pytest.param(
            YearsOfService(CountsFrom.ENTRY, True, False, True, {EducationLevel.BACHELOR: 2}), 8, id="7: two for the degree"
        ),
    ],
)
def test_years_of_work_place_somebody(book_of: Callable[..., PolicyBook], rule: YearsOfService, grade: int) -> None:
    """In post 2016-06-01 to 2018-05-31, and again since 2020-05-01, when somebody placed nobody; a grade a year.

    Placed on the first day of the post, and from then on a step each January.
    """
    placed = YearBands(years=tuple(range(1, 12)))
    data = office(
        held("S1", A1, since=date(2016, 6, 1), until=date(2018, 5, 31)), held("S1", A2, since=date(2020, 5, 1)),
        Education(worker="S1", level=EducationLevel.BACHELOR),
        *(Assessment(worker="S1", year=year, grade=AssessmentGrade.QUALIFIED) for year in (2016, *range(2018, 2022))),
        Assessment(worker="S1", year=2017, grade=AssessmentGrade.UNQUALIFIED),
        workers=[Worker(id="S1", worked_since=date(2015, 1, 1))],
    )
    (slip,) = run(book_of((pay.SERVICE, rule), (pay.PLACEMENT, placed)), data).slips
    assert slip.grade == grade


@pytest.mark.parametrize(
    ("until", "post_class", "grade"),
    [
        pytest.param(date(2022, 6, 15), "staff", 4, id="goes on"),
        pytest.param(date(2022, 6, 14), "staff", 5, id="a day between"),
        pytest.param(date(2022, 6, 15), "committee", 8, id="another class"),
    ],
)
@pytest.mark.parametrize("of", [JUNE, JULY])
def test_who_moves_in_the_same_class_stays_in_the_grade(
    book_of: Callable[..., PolicyBook], until: date, post_class: str, grade: int, of: date
) -> None:
    """A step that an unqualified year kept back isn't won by moving; who begins anew is placed anew, by 4 years of work."""
    book = book_of((pay.PLACEMENT, YearBands(years=tuple(range(1, 12)))), (month.TAKES_EFFECT, TakesEffect.DAY))
    years = dict.fromkeys((2018, 2019, 2020), AssessmentGrade.QUALIFIED) | {2021: AssessmentGrade.UNQUALIFIED}
    data = office(
        held("S1", since=date(2018, 1, 1), until=until), held("S1", B1, since=MIDDLE, post_class=post_class),
        *(Assessment(worker="S1", year=year, grade=one) for year, one in years.items()),
        workers=[Worker(id="S1", worked_since=date(2018, 1, 1))],
    )
    told = [one.grade for one in slips(run(book, data, of), "S1")]
    assert told == ([4, grade] if of == JUNE else [grade])


def test_a_gap_in_the_grades_is_refused_with_its_dates() -> None:
    """Where nobody said how to place people, each day needs a grade; of whom there is none at all, the key is missing."""
    pairs: list[Settings] = [
        (pay.GRADES, GRADES), (month.DAY_BASIS, MonthDays()), (month.TAKES_EFFECT, TakesEffect.DAY),
        (performance.BONUS_WEIGHTS, {grade: Fraction(1) for grade in AssessmentGrade}),
        (performance.UNASSESSED_WEIGHT, Fraction(1)), (performance.PAYDAY, 31),
    ]
    book = laid_over(PolicyBook.load(), *pairs)
    data = office(held("S1"), held("S2"), graded("S1", 1), graded("S2", 1, MIDDLE))
    with pytest.raises(InputError) as caught:
        run(book, data)
    (fault,) = caught.value.faults
    assert "no pay grade is known from 2022-06-01 to 2022-06-15" in str(fault)
    assert (fault.row, fault.column) == (2, "since")
    assert [(one.worker, one.basic) for one in run(book, data, JULY).slips] == [("S1", basic(1)), ("S2", basic(1))]
    with pytest.raises(UnsetError) as unset:
        run(book, office(held("S1"), held("S2"), graded("S1", 1)))
    assert [one.key for one in unset.value.missing] == ["pay.placement"]


def test_a_grade_outside_the_class_is_refused(book_of: Callable[..., PolicyBook]) -> None:
    """A staff member of grade 15: correct the grade or the class; a certificate scheme doesn't hide it."""
    with pytest.raises(InputError, match="not one of the class of post"):
        run(book_of(), office(held("S1"), held("S2"), graded("S1", 15), graded("S2", 1)))


# --- day by day -------------------------------------------------------------------------------------------


def some_history(chance: Random) -> list[Any]:  # Any: facts of every kind
    """A person's June: posts without overlap, grades, and a leave."""
    cuts = sorted({chance.choice([0, 1]), *(chance.randint(1, 31) for _ in range(chance.randint(1, 3)))})
    facts: list[Any] = []  # Any: as above
    for number, (begin, end) in enumerate(pairwise(cuts)):
        if number and chance.random() < 0.3:
            continue
        since = date(2022, 6, begin) if begin else HERE
        until = None if end == 31 else date(2022, 6, end) - timedelta(1)
        facts.append(held("S1", chance.choice([A1, A2, B1]), since=since, until=until))
        facts.append(graded("S1", chance.randint(1, 12), since))
    moves = {chance.randint(2, 30) for _ in range(chance.randint(0, 2))} - set(cuts)
    facts += [graded("S1", chance.randint(1, 12), date(2022, 6, number)) for number in sorted(moves)]
    if chance.random() < 0.5:
        first = date(2022, 6, chance.randint(1, 30))
        last = min(first + timedelta(chance.randint(0, 12)), date(2022, 6, 30))
        kind = chance.choice([LeaveKind.PERSONAL, LeaveKind.SICK])
        facts.append(Leave(worker="S1", kind=kind, since=first, until=last))
    return facts


def of_person(number: int, fact: Any) -> Any:  # Any: a fact of any kind
    """The same of another person, in a post of that person's own."""
    post = {"post": f"{fact.post[:13]}{number:02}"} if isinstance(fact, Holding) else {}
    return attrs.evolve(fact, worker=f"S{number}", **post)


def day_by_day(facts: list[Any]) -> tuple[Fraction, dict[str, Fraction]]:  # Any: as above
    """Basic pay, and performance by subdistrict: each day a thirtieth of what the day's grade is worth."""
    paid, shares = Fraction(0), dict[str, Fraction]()
    for number in range(1, 31):
        day = date(2022, 6, number)
        posts = [one for one in facts if isinstance(one, Holding) and one.since <= day]
        post = [one for one in posts if one.until is None or day <= one.until]
        if not post:
            continue
        grades = [one for one in facts if isinstance(one, Grading) and one.since <= day]
        grade = max(grades, key=lambda one: one.since).grade
        away = [one for one in facts if isinstance(one, Leave) and one.since <= day <= one.until]
        share = Fraction(1) if not away else Fraction(0) if away[0].kind is LeaveKind.PERSONAL else Fraction(3, 5)
        paid += share * basic(grade) / 30
        shares[post[0].post[:9]] = shares.get(post[0].post[:9], Fraction(0)) + share * own(grade) / 30
    return paid, shares


@pytest.mark.parametrize("seed", range(4))
def test_a_month_in_parts_is_what_its_days_come_to(book_of: Callable[..., PolicyBook], seed: int) -> None:
    """Random months of 40 people at once: each within a fen a part of the sum of its days, pools exactly their parts."""
    shares = {one: Fraction(1) for one in LeaveKind} | {LeaveKind.SICK: Fraction(3, 5), LeaveKind.PERSONAL: Fraction(0)}
    book = book_of((month.TAKES_EFFECT, TakesEffect.DAY), (month.LEAVE_SHARES, shares))
    chance = Random(seed)
    histories = {number: some_history(chance) for number in range(1, 41)}
    facts = [of_person(number, one) for number, listed in histories.items() for one in listed]
    told = run(book, office(*facts, held("S90"), held("S91", B1), graded("S90", 1), graded("S91", 1)))
    pools: dict[str, int] = {}
    for slip in told.slips:
        pools[slip.subdistrict] = pools.get(slip.subdistrict, 0) + slip.performance
    assert pools == dict(zip(told.pools.subdistrict, told.pools.pool, strict=True))
    for number, listed in histories.items():
        paid, performances = day_by_day(listed)
        mine = slips(told, f"S{number}")
        assert abs(sum(one.basic for one in mine) - paid) <= len(mine)
        for code, share in performances.items():
            assert abs(sum(one.performance for one in mine if one.subdistrict == code) - share) <= len(mine)
        days = [day for one in mine for day in range(one.since.day, one.until.day + 1)]
        assert len(days) == len(set(days))


def test_the_order_of_rows_changes_nothing(book_of: Callable[..., PolicyBook]) -> None:
    """Shuffled tables give the same slips, pools and contributions."""
    chance = Random(9)
    rates = LocalRates({Scheme.PENSION: RATE, Scheme.HOUSING_FUND: FUND}, BaseOf.MONTH)
    book = book_of((month.TAKES_EFFECT, TakesEffect.DAY), (contributions.RATES, rates), (performance.AWARD, AWARD))
    facts = [of_person(number, one) for number in range(1, 31) for one in some_history(chance)]
    data = office(*facts, held("S90"), held("S91", B1), graded("S90", 1), graded("S91", 1))
    order = np.random.default_rng(9)
    shuffled = data.with_tables({name: table.take(order.permutation(len(table))) for name, table in data.tables()})
    one, two = run(book, data), run(book, shuffled)
    for name in ("slips", "pools", "contributions"):
        assert list(getattr(one, name)) == list(getattr(two, name)), name
    assert isinstance(one.total(), Fen)
