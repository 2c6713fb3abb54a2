"""Every difference in kind from Jilin that is published of other places, in a plugin alone.

Each test makes a small city that doesn't exist, says what is of another kind there, and works out by hand what a
month, a year or an audit comes to. Figures are invented; kinds are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from types import ModuleType
from typing import Any, ClassVar, Final

import attrs
import pytest

from shequ_core.audit.run import Audit, run_audit
from shequ_core.audit.standing import standing
from shequ_core.errors import msg
from shequ_core.law.clauses import Document, Force
from shequ_core.law.findings import Grade
from shequ_core.model.answers import Slip
from shequ_core.model.communities import Community, Setting
from shequ_core.model.leave import LeaveKind
from shequ_core.model.pay import Grading, Newcomer
from shequ_core.model.places import Division, DivisionKind, Divisions
from shequ_core.model.posts import (
    Certificate,
    CertificateLevel,
    Education,
    EducationLevel,
    Employment,
    Holding,
    Post,
    Role,
    Sex,
    Worker,
)
from shequ_core.model.records import Assessment, AssessmentGrade
from shequ_core.policy import agreements, assessment, exits, month, pay, performance, staffing, training
from shequ_core.policy.assessment import Criterion, WeightedScores
from shequ_core.policy.book import DISABLE, PolicyBook
from shequ_core.policy.checks import Breach, Check, Seen, check
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy, LocalValue, Parameter
from shequ_core.policy.pay import Gives
from shequ_core.policy.performance import FixedSums, PerformancePlan, PersonalShare, SubdistrictPool, YearlyAward
from shequ_core.policy.policy import Policy
from shequ_core.tables.dataset import REQUIRED, Dataset
from shequ_core.tables.dataset import TABLES as KINDS
from shequ_core.values import Fen, Span, Status, yuan
from shequ_core.year import run_year
from shequ_core.year.pay import run_month
from shequ_core.year.run import YearResult

# --- a made-up province, in which every test has a city of its own

CITY: Final = "9701"
COUNTY: Final = "970101"
OTHER: Final = "970102"
HERE: Final = "970101001001"
RULES: Final = Document("虚构市社区工作者管理办法(虚构)")
LONG_AGO: Final = date(2015, 1, 1)
SINCE: Final = date(2022, 1, 1)

DIVISIONS: Final = Divisions(
    Division(code=code, name=name, kind=kind, status=Status.ASSUMPTION, note="虚构")
    for code, name, kind in (
        ("97", "虚构省", DivisionKind.PROVINCE),
        (CITY, "虚构市", DivisionKind.CITY),
        (COUNTY, "甲区", DivisionKind.COUNTY),
        ("970101001", "甲街道", DivisionKind.SUBDISTRICT),
        (OTHER, "乙区", DivisionKind.COUNTY),
        ("970102001", "乙街道", DivisionKind.SUBDISTRICT),
    )
)

Settings = Mapping[Parameter[Any], object]  # Any: keys of every type

PLAIN: Final[Settings] = {
    staffing.SETTINGS: frozenset({Setting.URBAN}),
    staffing.EMPLOYMENTS: frozenset({Employment.FULL_TIME}),
    staffing.CLASS_OF_ROLE: dict.fromkeys(Role, "staff"),
    staffing.NORM: staffing.PerHouseholds(Span(300, 300), 1),
    staffing.PARTY_POSTS: 0,
    pay.GRADES: pay.AmountTable(tuple(yuan(3000 + 100 * one) for one in range(12)), {"staff": Span(1, 12)}),
    pay.PLACEMENT: pay.YearBands((3, 6)),
    pay.SERVICE: pay.YearsOfService(pay.CountsFrom.ENTRY, True, False, True),
    pay.YEARLY_STEP: pay.YearlyStep(frozenset()),
    performance.PERFORMANCE: performance.FixedSums({}, frozenset(), {}, 12),
    performance.PAYDAY: 15,
    month.DAY_BASIS: month.MonthDays(),
    month.TAKES_EFFECT: month.TakesEffect.NEXT_MONTH,
    month.PROBATION: month.Probation(),
    month.LEAVE_SHARES: dict.fromkeys(LeaveKind, Fraction(1)),
    month.SECONDED_IN_POOL: False,
    exits.FAILED_RUNNING: 2,
    exits.FAILED_TOTAL: 3,
    exits.UNASSESSED_YEAR: exits.UnassessedYear.SKIPPED,
    exits.AGE: exits.FixedAge({Sex.MALE: 60, Sex.FEMALE: 55}),
    agreements.TERM: 5,
    agreements.SINCE_ELECTION_OF: 2021,
    training.INTERVAL: dict.fromkeys(Role, 3),
}
"""What a city needs for a year, as plain as can be: a test says what is of another kind."""


class City:
    """A city by its plugin alone, and what its months, years and audits come to."""

    def __init__(
        self, settings: Settings, *, counties: Mapping[str, Settings] = {}, checks: Sequence[Check] = (),
        later: Sequence[LocalValue[Any]] = (),  # Any: keys of every type
    ) -> None:
        places = {CITY: {**PLAIN, **settings}, **counties}
        made = ModuleType("made_up_city")

        @hookimpl
        def shequ_place() -> Sequence[LocalPolicy]:
            return [
                LocalPolicy(
                    place=place, values=[*(said(key, value) for key, value in listed.items()),
                                         *(later if place == CITY else ())],
                    divisions=DIVISIONS if place == CITY else Divisions(()),
                )
                for place, listed in places.items()
            ]

        @hookimpl
        def shequ_checks() -> Sequence[Check]:
            return checks

        made.shequ_place, made.shequ_checks = shequ_place, shequ_checks  # type: ignore[attr-defined]  # made by hand
        self.book = PolicyBook.load(plugins=[made])
        assert not self.book.faults

    def slip(self, data: Dataset, worker: str, of: date) -> Slip:
        """Return the one slip of somebody's month."""
        (found,) = (one for one in run_month(data, self.book, CITY, of).slips if one.worker == worker)
        return found

    def year(self, data: Dataset, year: int) -> YearResult:
        """Run a year."""
        return run_year(data, self.book, CITY, year)

    def audit(self, data: Dataset, on: date, *codes: str) -> Audit:
        """Run an audit."""
        return run_audit(data, self.book, on=on, place=CITY, select=codes)


def said(key: Parameter[Any], value: object, since: date = date.min) -> LocalValue[Any]:  # Any: keys of every type
    """Set a key as an issued rule does."""
    made: LocalValue[Any] = key.set(
        value, since=since, known_on=since, source=RULES.article("第一条"), status=Status.ISSUED
    )
    return made


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DISABLE, "1")


def held(worker: str, community: str = HERE, **fields: Any) -> Holding:  # Any: a holding's own fields
    """A holding since January, of a post of its own."""
    return Holding(**{
        "worker": worker, "post": f"{community}-{int(worker[1:]):02}", "post_class": "staff", "since": SINCE,
        "employment": Employment.FULL_TIME, "role": Role.STAFF, **fields,
    })


def graded(worker: str, grade: int, since: date = SINCE) -> Grading:
    """A grade in which somebody was placed."""
    return Grading(worker=worker, grade=grade, since=since)


def office(*facts: Any) -> Dataset:  # Any: facts of every kind
    """The tables of these facts; who, which posts and which communities are told by what is held."""
    holdings = [one for one in facts if isinstance(one, Holding)]
    workers = {one.id for one in facts if isinstance(one, Worker)}
    known = {one.code for one in facts if isinstance(one, Community)}
    facts = (
        *facts,
        *(Worker(id=name) for name in sorted({one.worker for one in holdings} - workers)),
        *(Post(id=name, community=name[:12]) for name in sorted({one.post for one in holdings})),
        *(
            Community(code=code, name=code, setting=Setting.URBAN)
            for code in sorted({one.post[:12] for one in holdings} - known)
        ),
    )
    tables = {
        name: kind.of([one for one in facts if isinstance(one, kind.fact)])
        for name, kind in KINDS.items()
        if name in {*REQUIRED, "assessments"} or any(isinstance(one, kind.fact) for one in facts)
    }
    return Dataset(**tables)  # type: ignore[arg-type]  # each table stands under its own name


JUNE, DECEMBER = date(2022, 6, 1), date(2022, 12, 1)
OUTSTANDING, QUALIFIED, BASIC, FAILED = AssessmentGrade
FIRST, SECOND, THIRD = CertificateLevel


def result(worker: str, year: int, grade: AssessmentGrade) -> Assessment:
    return Assessment(worker=worker, year=year, grade=grade, known_on=date(year, 12, 31))


# --- grades: 12, 16, 18, 24 and 60 of them, in one to four classes; even and uneven steps, amounts -------------


@pytest.mark.parametrize(
    ("table", "post_class", "grade", "worth"),
    [
        pytest.param(
            pay.AmountTable(tuple(yuan(one) for one in range(2600, 2600 + 12 * 150, 150)), {"staff": Span(1, 12)}),
            "staff", 5, 3200, id="12 grades of plain amounts: 2600 + 4 x 150",
        ),
        pytest.param(
            pay.EvenSteps(yuan(2958), Fraction(3, 100), 16, {"a": Span(7, 16), "b": Span(4, 13), "c": Span(1, 10)},
                          quantum=yuan(1)),
            "a", 16, 4289, id="16 in three classes, whole yuan: 2958 x 1.45 = 4289.10",
        ),
        pytest.param(
            pay.CoefficientTable(
                tuple(Fraction(one, 100) for one in (100, 104, 109, 115, 122, 130, 139, 149, 160, 172, 185, 199, 214,
                                                     230, 247, 265, 284, 304)),
                {"staff": Span(1, 18)}, Gives.BASIC,
            ),
            "staff", 4, 3450, id="18 with uneven steps: 36000 / 12 x 1.15",
        ),
        pytest.param(
            pay.AmountTable(
                tuple(yuan(3000 + 80 * one) for one in range(24)),
                {"secretary": Span(13, 24), "deputy": Span(9, 20), "member": Span(5, 16), "staff": Span(1, 12)},
            ),
            "deputy", 20, 4520, id="24 in four classes: 3000 + 19 x 80",
        ),
        pytest.param(
            pay.EvenSteps(yuan(2400), Fraction(1, 60), 60, {"staff": Span(1, 60)}, quantum=yuan(1)),
            "staff", 60, 4760, id="60 grades: 2400 x (1 + 59/60) = 4760",
        ),
        pytest.param(
            pay.ClassAmounts({"principal": tuple(yuan(one) for one in (4300, 4500, 4700)),
                              "staff": (yuan(3100), yuan(3250))}),
            "principal", 3, 4700, id="a table of its own for each class",
        ),
    ],
)  # fmt: skip
def test_grades(table: pay.GradeTable, post_class: str, grade: int, worth: int) -> None:
    """However many grades and classes, even or uneven, coefficients or amounts."""
    city = City({
        pay.GRADES: table, pay.REFERENCE: pay.AnnualMean(yuan(36000), 2021), pay.LOCAL_COEFFICIENT: Fraction(1),
        staffing.CLASS_OF_ROLE: dict.fromkeys(Role, post_class),
    })
    slip = city.slip(office(held("w1", post_class=post_class), graded("w1", grade)), "w1", JUNE)
    assert (slip.basic, slip.total) == (yuan(worth), yuan(worth))


def test_a_fifth_class_for_auxiliary_staff() -> None:
    """A city that takes auxiliary staff in gives them a class with one amount."""
    city = City({
        staffing.EMPLOYMENTS: frozenset({Employment.FULL_TIME, Employment.AUXILIARY}),
        pay.GRADES: pay.ClassAmounts({"staff": (yuan(3000), yuan(3100)), "auxiliary": (yuan(2200),)}),
    })
    people = office(held("w1", post_class="auxiliary", employment=Employment.AUXILIARY), graded("w1", 1))
    assert city.slip(people, "w1", JUNE).total == yuan(2200)


# --- certificates: money, grades, once ------------------------------------------------------------------------

CERTIFIED = Certificate(worker="w1", level=SECOND, since=date(2022, 5, 20))


def effects(first: int, second: int, third: int) -> Mapping[CertificateLevel, Fen]:
    return dict(zip(CertificateLevel, map(yuan, (first, second, third)), strict=True))


def test_certificates_that_pay_every_month() -> None:
    """From the month after it was won."""
    city = City({pay.CERTIFICATE: pay.MonthlyAllowance(effects(100, 200, 300))})
    people = office(held("w1"), graded("w1", 1), CERTIFIED)
    assert [city.slip(people, "w1", date(2022, one, 1)).certificate for one in (5, 6)] == [0, yuan(200)]


def test_certificates_that_move_the_grade() -> None:
    """Two grades up, and never beyond the class."""
    moves = pay.GradeMoves(dict(zip(CertificateLevel, (1, 2, 3), strict=True)))
    city = City({pay.CERTIFICATE: moves})
    people = office(held("w1"), graded("w1", 4), CERTIFIED)
    assert [city.slip(people, "w1", date(2022, one, 1)).basic for one in (5, 6)] == [yuan(3300), yuan(3500)]
    assert city.slip(office(held("w1"), graded("w1", 11), CERTIFIED), "w1", JUNE).grade == 12


def test_certificates_that_pay_once() -> None:
    """In the month in which it was won, and never again."""
    city = City({pay.CERTIFICATE: pay.OneOff(effects(1000, 2000, 3000)), month.TAKES_EFFECT: month.TakesEffect.DAY})
    year = city.year(office(held("w1"), graded("w1", 1), CERTIFIED), 2022)
    awards: dict[int, int] = {}
    for slip in year.slips:
        awards[slip.month] = awards.get(slip.month, 0) + slip.award
    assert {of: paid for of, paid in awards.items() if paid} == {202205: yuan(2000)}


@attrs.frozen
class Both(pay.CertificateEffect):
    """Money every month, and some once: a class of the city's own."""

    a_month: Mapping[CertificateLevel, Fen]
    at_first: Mapping[CertificateLevel, Fen]
    kind: ClassVar[str] = "kinds_both"

    def monthly(self, level: CertificateLevel) -> Fen:
        """Return the allowance a month."""
        return self.a_month[level]

    def once(self, level: CertificateLevel) -> Fen:
        """Return what is paid once."""
        return self.at_first[level]


def test_certificates_that_do_two_things_by_a_class_of_the_citys_own() -> None:
    city = City({
        pay.CERTIFICATE: Both(effects(100, 200, 300), effects(500, 800, 900)),
        month.TAKES_EFFECT: month.TakesEffect.DAY,
    })
    year = city.year(office(held("w1"), graded("w1", 1), CERTIFIED), 2022)
    assert sum(slip.award for slip in year.slips) == yuan(800)
    assert city.slip(office(held("w1"), graded("w1", 1), CERTIFIED), "w1", JUNE).certificate == yuan(200)


# --- education: grades, or years of service --------------------------------------------------------------------


def worked(since: date) -> Worker:
    return Worker(id="w1", worked_since=since)


def studied(level: EducationLevel) -> Education:
    return Education(worker="w1", level=level, since=date(2010, 7, 1))


def service(*, part: bool = False, failed: bool = True, education: Mapping[EducationLevel, int] = {}) -> pay.ServiceRule:
    return pay.YearsOfService(pay.CountsFrom.COMMUNITY_WORK, True, part, failed, education)


def test_education_that_moves_the_grade() -> None:
    """A master's degree is two grades, and six years of work are the third band: grade 1 + 2 + 2."""
    city = City({pay.PLACEMENT: pay.YearBands((3, 6), {EducationLevel.MASTER: 2}), pay.SERVICE: service()})
    people = office(worked(date(2016, 1, 1)), held("w1"), studied(EducationLevel.MASTER))
    assert city.slip(people, "w1", JUNE).basic == yuan(3400)


def test_education_that_counts_as_years_of_service() -> None:
    """Two years of work and four for a bachelor's degree are six: the third band, grade 3."""
    people = office(worked(date(2020, 1, 1)), held("w1"), studied(EducationLevel.BACHELOR))
    city = City({pay.SERVICE: service(education={EducationLevel.BACHELOR: 4})})
    assert city.slip(people, "w1", JUNE).grade == 3
    assert City({pay.SERVICE: service()}).slip(people, "w1", JUNE).grade == 1


def test_a_failed_year_does_not_count_as_service() -> None:
    """Six years, one of them failed, are five: the second band where failed years don't count, the third where they do."""
    people = office(worked(date(2016, 1, 1)), held("w1"), result("w1", 2018, FAILED))
    assert City({pay.SERVICE: service(failed=False)}).slip(people, "w1", JUNE).grade == 2
    assert City({pay.SERVICE: service()}).slip(people, "w1", JUNE).grade == 3


def test_a_part_of_a_year_counts_whole() -> None:
    """Two years and a month are three."""
    people = office(worked(date(2019, 12, 1)), held("w1"))
    assert City({pay.SERVICE: service(part=True)}).slip(people, "w1", JUNE).grade == 2
    assert City({pay.SERVICE: service()}).slip(people, "w1", JUNE).grade == 1


# --- the reference: institution pay, the average wage, disposable income, a fixed amount; by class, by district ---

TABLE = pay.CoefficientTable((Fraction(1), Fraction(11, 10)), {"principal": Span(1, 2), "staff": Span(1, 2)}, Gives.BASIC)


@pytest.mark.parametrize(
    ("reference", "post_class", "worth"),
    [
        pytest.param(pay.AnnualMean(yuan(72000), 2021), "staff", "6600.00", id="a yearly mean: 6000 x 1.1"),
        pytest.param(pay.AnnualMean(yuan("48001.00"), 2021, {"staff": Fraction(9, 10), "principal": Fraction(3, 2)}),
                     "principal", "6600.14", id="disposable income x 1.5 by class: 4000.0833 x 1.5 x 1.1"),
        pytest.param(pay.FixedMonthly(yuan(3200)), "staff", "3520.00", id="a fixed amount"),
        pytest.param(pay.FixedMonthly(yuan(3200), {"principal": Fraction(13, 10)}), "principal", "4576.00",
                     id="a fixed amount by class"),
    ],
)  # fmt: skip
def test_references(reference: pay.ReferenceWage, post_class: str, worth: str) -> None:
    """Whatever wage is followed, and by class where a place does so."""
    city = City({pay.GRADES: TABLE, pay.REFERENCE: reference, pay.LOCAL_COEFFICIENT: Fraction(1)})
    people = office(held("w1", post_class=post_class), graded("w1", 2))
    assert city.slip(people, "w1", JUNE).basic == yuan(worth)


def test_a_factor_by_district() -> None:
    """One district pays 1.1 times, the other 0.9 times what the city's reference makes."""
    other = "970102001001"
    city = City(
        {pay.GRADES: TABLE, pay.REFERENCE: pay.FixedMonthly(yuan(3000))},
        counties={COUNTY: {pay.LOCAL_COEFFICIENT: Fraction(11, 10)}, "970102": {pay.LOCAL_COEFFICIENT: Fraction(9, 10)}},
    )
    people = office(held("w1"), held("w2", other), graded("w1", 1), graded("w2", 1))
    assert [city.slip(people, one, JUNE).basic for one in ("w1", "w2")] == [yuan(3300), yuan(2700)]


# --- performance: 10% to 30%; a pool, sums, or nothing after 'unqualified' ---------------------------------------

STANDARD = pay.AmountTable((yuan(3000), yuan(4000)), {"staff": Span(1, 2)}, Gives.STANDARD)
WEIGHTS = {OUTSTANDING: Fraction(6, 5), QUALIFIED: Fraction(1), BASIC: Fraction(1, 2), FAILED: Fraction(0)}
TWO = (held("w1"), held("w2"), graded("w1", 1), graded("w2", 2), result("w1", 2021, OUTSTANDING), result("w2", 2021, FAILED))


@pytest.mark.parametrize("percent", [10, 15, 20, 30])
def test_a_pool_of_any_share(percent: int) -> None:
    """Whoever failed gets nothing of the pool, and the other one all of it: share x (3000 + 4000)."""
    city = City({
        pay.GRADES: STANDARD, pay.BASE_SHARE: 1 - Fraction(percent, 100), performance.PERFORMANCE: SubdistrictPool(),
        performance.BONUS_WEIGHTS: WEIGHTS, performance.UNASSESSED_WEIGHT: Fraction(1),
    })
    first, second = (city.slip(office(*TWO), one, JUNE) for one in ("w1", "w2"))
    assert (first.basic, first.bonus) == (yuan(30 * (100 - percent)), yuan(70 * percent))
    assert (second.basic, second.bonus) == (yuan(40 * (100 - percent)), 0)


def test_nothing_after_unqualified_whatever_others_get() -> None:
    """Everybody's own share by the own result: 20% of 3000 x 1.2, and nothing."""
    city = City({
        pay.GRADES: STANDARD, pay.BASE_SHARE: Fraction(4, 5), performance.PERFORMANCE: PersonalShare(),
        performance.BONUS_WEIGHTS: WEIGHTS, performance.UNASSESSED_WEIGHT: Fraction(1),
    })
    assert [city.slip(office(*TWO), one, JUNE).bonus for one in ("w1", "w2")] == [yuan(720), 0]


def test_a_fixed_sum_every_month_and_one_at_the_years_end() -> None:
    """500 a month but not after failing, and in December 6,000 for outstanding: 12 x 500 + 6000."""
    plan = FixedSums({"staff": yuan(500)}, frozenset({FAILED}), {OUTSTANDING: yuan(6000), QUALIFIED: yuan(4000)}, 12)
    year = City({performance.PERFORMANCE: plan}).year(office(*TWO), 2022)
    paid = {worker: [slip for slip in year.slips if slip.worker == worker] for worker in ("w1", "w2")}
    assert [sum(one.bonus + one.award for one in paid[worker]) for worker in paid] == [yuan(12000), 0]
    assert paid["w1"][-1].bonus + paid["w1"][-1].award == yuan(6500)


@attrs.frozen
class HalfAtTheEnd(PerformancePlan):
    """Of a tenth of a fixed base, half is paid every month and the other half of the year in December, by result."""

    base: Fen
    share: Fraction
    kind: ClassVar[str] = "kinds_half_at_the_end"
    uses: ClassVar[tuple[str, ...]] = ("pay.payday",)

    def monthly(self, post_class: str) -> Fen | None:
        """Return half of the share."""
        return Fen(int(self.base * self.share) // 2)

    def weights(self, policy: Policy) -> tuple[Mapping[AssessmentGrade, Fraction], Fraction]:
        """Return that everybody gets it."""
        return dict.fromkeys(AssessmentGrade, Fraction(1)), Fraction(1)

    def year_end(self, grade: AssessmentGrade, month: int) -> Fen:
        """Return the other half of a year, for who didn't fail."""
        return Fen(int(self.base * self.share) // 2 * 12) if month == 12 and grade is not FAILED else Fen(0)


def test_a_plan_of_the_citys_own() -> None:
    """A tenth of 4,000 is 400: 200 a month, and 2,400 in December for who didn't fail."""
    year = City({performance.PERFORMANCE: HalfAtTheEnd(yuan(4000), Fraction(1, 10))}).year(office(*TWO), 2022)
    paid = {
        worker: sum(one.bonus + one.award for one in year.slips if one.worker == worker) for worker in ("w1", "w2")
    }
    assert paid == {"w1": yuan(2400 + 2400), "w2": yuan(2400)}


def test_a_fixed_sum_for_outstanding() -> None:
    """1,500 yuan in March, for who was outstanding last year."""
    award = YearlyAward({OUTSTANDING: yuan(1500)}, 3)
    year = City({performance.AWARD: award}).year(office(*TWO), 2022)
    assert {(one.worker, one.month): one.award for one in year.slips if one.award} == {("w1", 202203): yuan(1500)}


# --- headcount: by household bands, per residents, one per households ----------------------------------------------


@pytest.mark.parametrize(
    ("norm", "households", "residents", "allowed"),
    [
        pytest.param(staffing.HouseholdTable((1000, 3000), (Span(5, 6), Span(7, 9), Span(10, 12))), 1000, None, (5, 6),
                     id="bands: the last of the first"),
        pytest.param(staffing.HouseholdTable((1000, 3000), (Span(5, 6), Span(7, 9), Span(10, 12))), 3001, None, (10, 12),
                     id="bands: beyond the last bound"),
        pytest.param(staffing.PerResidents(Span(15, 18), 10_000), None, 9_996, (15, 18),
                     id="18 per 10,000 residents: 17.99 counts as 18"),
        pytest.param(staffing.PerHouseholds(Span(300, 400), 5), 2_001, None, (6, 7),
                     id="one per 300 to 400 households: 5.0025 and 6.67"),
        pytest.param(staffing.PerHouseholds(Span(300, 400), 5), 900, None, (5, 5), id="at least five"),
    ],
)  # fmt: skip
def test_headcount(
    norm: staffing.HeadcountNorm, households: int | None, residents: int | None, allowed: tuple[int, int]
) -> None:
    """The year tells what each community may have, the audit who has too few."""
    place = Community(code=HERE, name="甲社区", setting=Setting.URBAN, households=households, residents=residents)
    city, people = City({staffing.NORM: norm}), office(place, held("w1"), graded("w1", 1))
    (row,) = city.year(people, 2022).headcounts
    assert (row.least, row.most) == allowed
    found = city.book.policy(CITY, JUNE).not_in_use()
    assert found == ()


# --- assessment: other names and counts, ceilings ---------------------------------------------------------------------

SCHEME: Final = WeightedScores(
    weight={Criterion.RESIDENTS: Fraction(2, 5), Criterion.ORGANISATION: Fraction(1, 5), Criterion.DAILY: Fraction(1, 5),
            Criterion.ANNUAL: Fraction(1, 5)},
    points={OUTSTANDING: 92, QUALIFIED: 75, BASIC: 60},
    names={"好": OUTSTANDING, "较好": QUALIFIED, "一般": BASIC, "差": FAILED, "未达标": FAILED},
    outstanding_at_most=Fraction(3, 10),
)  # fmt: skip


@check("KIND1-too-many-outstanding", tables=["assessments"], needs=[assessment.SCHEME],
       source=RULES.article("第九条", force=Force.MUST))  # fmt: skip
def too_many_outstanding(seen: Seen) -> Iterator[Breach]:
    """More of a county were outstanding last year than the city allows.

    What to do:
        Look at the assessments again before they are published.
    """
    table = seen.data.assessments
    assert table is not None
    for policy, rows in seen.laws(seen.data.holdings.post):
        most = policy[assessment.SCHEME].outstanding_at_most  # type: ignore[attr-defined]  # of the city's own scheme
        here = set(seen.data.holdings.worker.take(rows).to_list())
        grades = [one.grade for one in table if one.worker in here and one.year == seen.on.year - 1]
        found = Fraction(grades.count(OUTSTANDING), len(grades))
        if found > most:
            told = msg("{found} of the assessed were outstanding, {most} at most may be", found=found, most=most)
            yield Breach(subject=policy.place, message=told, found=found, allowed=most)


@pytest.mark.parametrize(("outstanding", "broken"), [(3, False), (4, True)])
def test_other_words_other_points_and_a_ceiling(outstanding: int, broken: bool) -> None:
    """Five words for four grades; ten people, of whom three may be outstanding: a check of the city's own."""
    city = City({assessment.SCHEME: SCHEME}, checks=[too_many_outstanding])
    grades = [OUTSTANDING] * outstanding + [QUALIFIED] * (10 - outstanding)
    people = office(
        *(held(f"w{at}") for at in range(1, 11)),
        *(result(f"w{at}", 2021, grade) for at, grade in enumerate(grades, start=1)),
    )
    found = city.audit(people, JUNE, "KIND1").findings
    assert [one.subject for one in found] == ([COUNTY] if broken else [])
    assert city.book.policy(CITY, JUNE)[assessment.SCHEME].labels()["未达标"] is FAILED


def test_scores_by_the_citys_own_points() -> None:
    """40% x 95 + 20% x (90 + 90 + 88) = 91.6: qualified where 92 are asked, and no step is lost by it."""
    scored = Assessment(
        worker="w1", year=2021, residents=9500, organisation=9000, daily=9000, annual=8800,  # type: ignore[arg-type]  # points
        known_on=date(2021, 12, 31),
    )
    city = City({assessment.SCHEME: SCHEME, performance.AWARD: YearlyAward({QUALIFIED: yuan(100)}, 6)})
    assert city.slip(office(held("w1"), graded("w1", 1), scored), "w1", JUNE).award == yuan(100)


# --- exits: within a term, by sex and date: the clauses of Jilin aren't in force here, so the city asks with its own check


@check("KIND2-failed", tables=["assessments"], needs=[exits.FAILED_IN_TERM], grade=Grade.PROPOSAL,
       source=RULES.article("第二十条", force=Force.MUST))  # fmt: skip
def failed(seen: Seen) -> Iterator[Breach]:
    """Somebody in post failed too often.

    What to do:
        Whoever is competent ends the agreement.
    """
    found = seen.once(standing)
    for row in found.in_post.tolist():
        if found.failed.row(row):
            yield Breach(subject=str(found.roster.worker.row(row)), message=msg("failed too often"))


@check("KIND2-age", needs=[exits.AGE], grade=Grade.PROPOSAL, source=RULES.article("第二十一条", force=Force.MUST))
def old_enough(seen: Seen) -> Iterator[Breach]:
    """Somebody in post has reached the age at which holders leave.

    What to do:
        End the agreement with the day on which the age was reached.
    """
    found = seen.once(standing)
    for row in found.in_post.tolist():
        day = found.leaves_on.row(row)
        if day is not None and day <= seen.on:
            yield Breach(subject=str(found.roster.worker.row(row)), message=msg("reached the age on {day}", day=day))


@pytest.mark.parametrize(
    ("years", "leaves"),
    [
        pytest.param((2021, 2025), True, id="first and last year of a term of five"),
        pytest.param((2020, 2021), False, id="the last of one and the first of the next"),
        pytest.param((2019, 2026), False, id="seven years apart"),
        pytest.param((2016, 2020), True, id="in the term before"),
        pytest.param((2022,), False, id="once"),
    ],
)
def test_two_failed_years_within_one_term(years: tuple[int, ...], leaves: bool) -> None:
    """Terms run from the election of 2021; neither years running nor years in all end a holding here."""
    city = City({exits.FAILED_IN_TERM: 2, exits.FAILED_RUNNING: 99, exits.FAILED_TOTAL: 99}, checks=[failed])
    people = office(held("w1", since=LONG_AGO), *(result("w1", year, FAILED) for year in years))
    assert [one.subject for one in city.audit(people, date(2027, 6, 1), "KIND2").findings] == ["w1"] * leaves


@pytest.mark.parametrize(
    ("sex", "born", "on", "leaves"),
    [
        pytest.param(Sex.MALE, date(1961, 6, 15), date(2022, 6, 15), True, id="61 for men in 2022"),
        pytest.param(Sex.MALE, date(1961, 6, 16), date(2022, 6, 15), False, id="a day younger"),
        pytest.param(Sex.FEMALE, date(1966, 6, 15), date(2022, 6, 15), True, id="56 for women"),
        pytest.param(Sex.FEMALE, date(1967, 6, 15), date(2022, 6, 15), False, id="55"),
        pytest.param(Sex.FEMALE, date(1966, 6, 15), date(2023, 6, 15), False, id="58 from 2023"),
        pytest.param(Sex.MALE, date(1960, 6, 15), date(2023, 6, 15), True, id="63 from 2023"),
    ],
)
def test_exit_ages_by_sex_and_date(sex: Sex, born: date, on: date, leaves: bool) -> None:
    """On the day on which the age is reached, by the ages of that day."""
    city = City(
        {exits.AGE: exits.FixedAge({Sex.MALE: 61, Sex.FEMALE: 56})},
        later=[said(exits.AGE, exits.FixedAge({Sex.MALE: 63, Sex.FEMALE: 58}), date(2023, 1, 1))],
        checks=[old_enough],
    )
    people = office(Worker(id="w1", sex=sex, birth_date=born), held("w1"))
    assert [one.subject for one in city.audit(people, on, "KIND2").findings] == ["w1"] * leaves


@attrs.frozen
class ByBirthYear(exits.ExitAge):
    """A table of the city's own: one age for who was born before a year, another for the rest."""

    until: int
    before: int
    after: int
    kind: ClassVar[str] = "kinds_by_birth_year"

    def months(self, sex: Sex, born: date) -> int:  # the same for both
        """Return the age in months."""
        return 12 * (self.before if born.year < self.until else self.after)


def test_an_exit_age_of_the_citys_own() -> None:
    """55 for who was born before 1968, 60 for the rest."""
    city = City({exits.AGE: ByBirthYear(1968, 55, 60)}, checks=[old_enough])
    people = office(
        Worker(id="w1", sex=Sex.MALE, birth_date=date(1967, 6, 1)),
        Worker(id="w2", sex=Sex.MALE, birth_date=date(1968, 1, 1)),
        held("w1"), held("w2"),
    )  # fmt: skip
    assert [one.subject for one in city.audit(people, date(2023, 6, 1), "KIND2").findings] == ["w1"]


# --- probation by months ------------------------------------------------------------------------------------------------


def test_probation_is_paid_a_grade_lower() -> None:
    """Who came with experience is placed one grade lower until the day on which probation ends."""
    city = City({month.PROBATION: month.Probation(lower={Newcomer.EXPERIENCED: 1})})
    people = office(
        Worker(id="w1", worked_since=date(2019, 1, 1)), held("w1", probation_until=date(2022, 6, 30)), graded("w1", 5)
    )
    assert [city.slip(people, "w1", date(2022, one, 1)).grade for one in (6, 7)] == [4, 5]
