"""Baihua (白桦市, 2299): a city that does not exist, to look things up in.

Everything here is invented: the city, its district 桦林区 with two subdistricts, its documents and every
figure, so that no real city is credited with a number it never set. It sets every key there is, inside
what Jilin Province allows, so that a whole year can be worked out on it alone. A real place sets the few
that it has published.

To start yours: `shequ plugin new` and the code of your place (six digits for a county). Here you see how each
key is written, and a strategy and a check of a place's own.

References:
    《白桦市社区专职工作者管理办法(虚构)》, invented, of 2020-06-01.
    《桦林区社区工作者年度数据通告(虚构)》, invented, of each 10 June.
    《白桦市2026年社区“两委”换届工作安排(虚构)》, invented, of 2026-01-10.

Checked with:
    Nobody, since there is nobody to ask. A real plugin names the office that confirmed the numbers, and
    the day.

Limitations:
    None, since it is all made up. A real plugin says here what isn't published, what it read into the
    text, and what no key can say yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Final, TypeVar

import attrs

from shequ_core.errors import msg
from shequ_core.law.clauses import Document, Force
from shequ_core.model.communities import Setting
from shequ_core.model.contributions import Scheme
from shequ_core.model.leave import LeaveKind
from shequ_core.model.pay import Newcomer
from shequ_core.model.places import Division, DivisionKind, Divisions
from shequ_core.model.posts import CertificateLevel, EducationLevel, Employment, Role, Sex
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import (
    agreements,
    assessment,
    budget,
    careers,
    contributions,
    exits,
    grids,
    leave,
    matters,
    month,
    pay,
    performance,
    recruitment,
    service,
    staffing,
    targets,
    training,
)
from shequ_core.policy.assessment import Criterion, Proposal, WeightedScores
from shequ_core.policy.bounds import Inside
from shequ_core.policy.careers import JobConditions
from shequ_core.policy.checks import Breach, Check, Seen, check
from shequ_core.policy.contributions import BaseOf, LocalRates, SchemeRate
from shequ_core.policy.emergency import EMERGENCY, EmergencyScheme
from shequ_core.policy.exits import FixedAge, RisingAge, UnassessedYear
from shequ_core.policy.grids import WorkerSource
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.leave import LeaveByYears
from shequ_core.policy.month import FixedDays, Probation, TakesEffect
from shequ_core.policy.parameters import LocalPolicy, LocalValue, Parameter
from shequ_core.policy.pay import (
    AnnualMean,
    CoefficientTable,
    Compared,
    CountsFrom,
    MonthlyAllowance,
    PersonKept,
    YearBands,
    YearlyStep,
    YearsOfService,
)
from shequ_core.policy.performance import SubdistrictPool, YearlyAward
from shequ_core.policy.plain import PlainError
from shequ_core.policy.recruitment import Group, GroupAges
from shequ_core.policy.staffing import HouseholdBands, QuotaSharing
from shequ_core.values import Fen, Span, Status, yuan

# --- documents: name, number and day, never an address on the network

ISSUED: Final = date(2020, 6, 1)
IN_FORCE: Final = date(2020, 7, 1)
RULES: Final = Document("白桦市社区专职工作者管理办法(虚构)", issued=ISSUED, publisher="白桦市(虚构)")
NEXT_ELECTION: Final = Document(
    "白桦市2026年社区“两委”换届工作安排(虚构)", issued=date(2026, 1, 10), publisher="白桦市(虚构)"
)

# --- places: only those that the library doesn't list; a city of Jilin leaves this out

DIVISIONS: Final = Divisions(
    Division(code=code, name=name, kind=kind, status=Status.ASSUMPTION, note="虚构")
    for code, name, kind in (
        ("2299", "白桦市", DivisionKind.CITY),
        ("229901", "桦林区", DivisionKind.COUNTY),
        ("229901001", "白桦路街道", DivisionKind.SUBDISTRICT),
        ("229901002", "林海街道", DivisionKind.SUBDISTRICT),
    )
)

T = TypeVar("T")


def _rule(
    key: Parameter[T], value: T, article: str, *, since: date = IN_FORCE, until: date | None = None
) -> LocalValue[T]:
    """Make a value of the city's rules: since when it holds, when it became known, and where it stands.

    The status says how far to trust it: ISSUED here; PRESS for what only a newspaper said, DRAFT for a
    draft. Drafts, and all that isn't published, load only when somebody asks with `--assume`.
    """
    return key.set(
        value, since=since, until=until, known_on=ISSUED, source=RULES.article(article), status=Status.ISSUED
    )


# --- a strategy of our own: where no class of the library says what a place does, the place brings one


@attrs.frozen
class DutyAllowance(EmergencyScheme):
    """So much for each day on duty while an emergency response is in force.

    Attributes:
        a_day: Yuan a day.
        payer: Who pays it.
    """

    a_day: Fen
    payer: str
    declared_only: bool = True
    most_days: int | None = None

    kind: ClassVar[str] = "baihua_duty_allowance"

    def daily(self, post_class: str) -> Fen:  # noqa: ARG002  # the same for everybody here
        """Return what a day of duty is worth for a class of post."""
        return self.a_day

    def check(self) -> None:
        """Refuse what can't be anywhere."""
        if self.a_day < 0:
            raise PlainError(msg("it may not be negative"))


# --- the city's rules, article by article

VALUES: Final[Sequence[LocalValue[Any]]] = (  # Any: keys of every type
    # 第二章 岗位: the province allows 10 to 15 base posts and a step of 300 to 500 households
    _rule(staffing.SETTINGS, frozenset({Setting.URBAN, Setting.COUNTY_SEAT}), "第四条"),
    _rule(staffing.EMPLOYMENTS, frozenset({Employment.FULL_TIME}), "第四条"),
    _rule(staffing.NORM, HouseholdBands(), "第五条"),
    _rule(staffing.BASE_HOUSEHOLDS, 3000, "第五条"),
    _rule(staffing.BASE_POSTS, Span(10, 14), "第五条"),
    _rule(staffing.STEP, Span(400, 400), "第五条"),
    _rule(staffing.PARTY_POSTS, 2, "第六条"),
    _rule(
        staffing.CLASS_OF_ROLE,
        {
            Role.SECRETARY: "principal",
            Role.DIRECTOR: "principal",
            Role.DEPUTY_SECRETARY: "committee",
            Role.DEPUTY_DIRECTOR: "committee",
            Role.MEMBER: "committee",
            Role.STAFF: "staff",
        },
        "第七条",
    ),
    # 第三章 招聘
    _rule(recruitment.MIN_AGE, 18, "第九条"),
    _rule(recruitment.MAX_AGE, 38, "第九条"),
    _rule(recruitment.MIN_EDUCATION, EducationLevel.JUNIOR_COLLEGE, "第九条"),
    _rule(recruitment.PARTY_MEMBERSHIP, True, "第九条"),
    _rule(
        recruitment.RELAXATION,
        GroupAges(
            max_age={
                Group.SERVING_WORKER: 45,
                Group.CERTIFIED: 45,
                Group.SOCIOLOGY_GRADUATE: 42,
                Group.VETERAN: 42,
                Group.EXPERIENCED: 42,
            },
            experience_years=3,
        ),
        "第十条",
    ),
    _rule(recruitment.GRADUATE_AGES, Span(18, 30), "第十一条"),
    # 第四章 薪酬: a whole standard for each grade, 70% of which is basic pay and 30% the bonus
    _rule(
        pay.GRADES,
        CoefficientTable(
            coefficients=tuple(Fraction(100 + 5 * above, 100) for above in range(18)),
            classes={"principal": Span(7, 18), "committee": Span(4, 15), "staff": Span(1, 12)},
        ),
        "第十二条",
    ),
    _rule(
        pay.PLACEMENT,
        YearBands(
            years=(2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22),
            education={EducationLevel.BACHELOR: 1, EducationLevel.MASTER: 2, EducationLevel.DOCTOR: 3},
        ),
        "第十三条",
    ),
    _rule(
        pay.YEARLY_STEP,
        YearlyStep(after=frozenset({AssessmentGrade.OUTSTANDING, AssessmentGrade.QUALIFIED})),
        "第十四条",
    ),
    _rule(
        pay.SERVICE,
        YearsOfService(
            since=CountsFrom.COMMUNITY_WORK, gaps_count=True, part_year_counts=False, failed_years_count=False
        ),
        "第十四条",
    ),
    # a month that isn't whole: 21.75 days of pay a month, each weekday that is missed is taken off
    _rule(month.DAY_BASIS, FixedDays(Fraction(87, 4), weekdays=True, deducts=True), "第十四条"),
    _rule(month.TAKES_EFFECT, TakesEffect.DAY, "第十四条"),
    _rule(
        month.PROBATION,
        Probation(lower={Newcomer.EXPERIENCED: 1}, share={Newcomer.INEXPERIENCED: Fraction(4, 5)}),
        "第十四条",
    ),
    _rule(
        month.LEAVE_SHARES,
        {
            **{kind: Fraction(1) for kind in LeaveKind},
            LeaveKind.SICK: Fraction(7, 10),
            LeaveKind.PERSONAL: Fraction(0),
        },
        "第二十一条",
    ),
    _rule(month.SECONDED_IN_POOL, False, "第十七条"),
    # `leeway` is how far districts may go; a force of MUST makes a departure a conflict.
    pay.LOCAL_COEFFICIENT.set(
        Fraction(4, 5), since=IN_FORCE, known_on=ISSUED, source=RULES.article("第十五条", force=Force.MUST),
        status=Status.ISSUED, leeway=Inside(Span(Fraction(7, 10), Fraction(9, 10))),
    ),
    _rule(pay.AVERAGE_TOLERANCE, Fraction(1, 50), "第十五条"),
    _rule(pay.BASE_SHARE, Fraction(7, 10), "第十六条"),
    _rule(performance.PERFORMANCE, SubdistrictPool(), "第十六条"),
    _rule(
        performance.BONUS_WEIGHTS,
        {
            AssessmentGrade.OUTSTANDING: Fraction(13, 10),
            AssessmentGrade.QUALIFIED: Fraction(1),
            AssessmentGrade.BASICALLY_QUALIFIED: Fraction(1, 2),
            AssessmentGrade.UNQUALIFIED: Fraction(0),
        },
        "第十七条",
    ),
    _rule(performance.UNASSESSED_WEIGHT, Fraction(1), "第十七条"),
    _rule(performance.PAYDAY, 15, "第十七条"),
    _rule(
        performance.AWARD, YearlyAward(amounts={AssessmentGrade.OUTSTANDING: yuan("1500.00")}, month=3), "第十七条"
    ),
    _rule(pay.NO_REDUCTION, PersonKept(compares=Compared.STANDARD_AND_CERTIFICATE), "第十八条"),
    _rule(
        pay.CERTIFICATE,
        MonthlyAllowance(
            {
                CertificateLevel.ASSISTANT: yuan(200),
                CertificateLevel.SOCIAL_WORKER: yuan(350),
                CertificateLevel.SENIOR: yuan(500),
            }
        ),
        "第十九条",
    ),
    _rule(EMERGENCY, DutyAllowance(a_day=yuan("60.00"), payer="区财政"), "第二十条"),
    _rule(leave.ANNUAL, LeaveByYears(years=(1, 10, 20), days=(5, 10, 15)), "第二十一条"),
    # 第五章 协议: the second first day takes over from the first by its own `since`; no `until` is needed
    _rule(agreements.TERM, 5, "第二十二条"),
    _rule(agreements.SINCE_ELECTION_OF, 2021, "第二十二条"),
    _rule(agreements.FIRST_DAY, date(2021, 3, 20), "第二十二条"),
    agreements.FIRST_DAY.set(
        date(2026, 3, 20), since=date(2026, 3, 20), known_on=date(2026, 1, 10), source=NEXT_ELECTION.article("一"),
        status=Status.ISSUED,
    ),
    # 第六章 培训与考核
    _rule(
        training.INTERVAL,
        {
            Role.SECRETARY: 1,
            Role.DEPUTY_SECRETARY: 2,
            Role.DIRECTOR: 1,
            Role.DEPUTY_DIRECTOR: 2,
            Role.MEMBER: 2,
            Role.STAFF: 2,
        },
        "第二十三条",
    ),
    _rule(
        assessment.SCHEME,
        WeightedScores(
            weight={
                Criterion.RESIDENTS: Fraction(3, 10),
                Criterion.ORGANISATION: Fraction(3, 10),
                Criterion.DAILY: Fraction(2, 10),
                Criterion.ANNUAL: Fraction(2, 10),
            },
            points={
                AssessmentGrade.OUTSTANDING: 90,
                AssessmentGrade.QUALIFIED: 70,
                AssessmentGrade.BASICALLY_QUALIFIED: 60,
            },
            names={"优秀": AssessmentGrade.OUTSTANDING, "称职": AssessmentGrade.QUALIFIED},
            outstanding_at_most=Fraction(1, 5),
        ),
        "第二十四条",
    ),
    _rule(
        assessment.PROPOSALS,
        {
            AssessmentGrade.OUTSTANDING: Proposal.RENEW,
            AssessmentGrade.QUALIFIED: Proposal.RENEW,
            AssessmentGrade.BASICALLY_QUALIFIED: Proposal.REVIEW,
            AssessmentGrade.UNQUALIFIED: Proposal.DISMISS,
        },
        "第二十五条",
    ),
    # 第七章 退出: what is known to change on a day gets an `until`, and the next value the day after
    _rule(exits.FAILED_RUNNING, 2, "第二十六条"),
    _rule(exits.FAILED_TOTAL, 3, "第二十六条"),
    _rule(exits.FAILED_IN_TERM, 3, "第二十六条"),
    _rule(exits.UNASSESSED_YEAR, UnassessedYear.SKIPPED, "第二十六条"),
    _rule(exits.AGE, FixedAge({Sex.MALE: 60, Sex.FEMALE: 55}), "第二十七条", until=date(2024, 12, 31)),
    _rule(
        exits.AGE,
        RisingAge(
            years={Sex.MALE: 60, Sex.FEMALE: 55},
            most={Sex.MALE: 63, Sex.FEMALE: 58},
            begins=date(2025, 1, 1),
            every={Sex.MALE: 4, Sex.FEMALE: 4},
        ),
        "第二十七条",
        since=date(2025, 1, 1),
    ),
    # 第八章 网格与服务
    _rule(grids.HOUSEHOLDS, Span(300, 400), "第二十八条"),
    _rule(grids.WORKERS, 1, "第二十八条"),
    _rule(grids.WORKER_SOURCE, WorkerSource.POSTS, "第二十八条"),
    _rule(grids.LEVELS, ("网格", "楼栋", "单元"), "第二十八条"),
    _rule(grids.AUXILIARY_POLICE, 1, "第二十九条"),
    _rule(service.HALL_STAFF, Span(2, 3), "第三十条"),
    _rule(service.PATROLS, 2, "第三十条"),
    _rule(service.COVERAGE_MONTHS, 1, "第三十条"),
    _rule(service.WALK_MINUTES, 15, "第三十条"),
    _rule(service.WALKING_SPEED, 4200, "第三十条"),
    _rule(service.DETOUR, Fraction(5, 4), "第三十条"),
    # 职业发展
    _rule(careers.MERIT, frozenset({AssessmentGrade.OUTSTANDING}), "第三十七条"),
    _rule(
        careers.CIVIL_SERVICE_ROLES,
        frozenset({Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.DIRECTOR, Role.DEPUTY_DIRECTOR}),
        "第三十七条",
    ),
    _rule(careers.CIVIL_SERVICE_RATIO, Fraction(1, 10), "第三十七条"),
    _rule(careers.LEADER_ROLES, frozenset({Role.SECRETARY}), "第三十七条"),
    _rule(
        careers.COUNTY_JOBS,
        JobConditions(max_age=45, min_education=EducationLevel.JUNIOR_COLLEGE, min_years=3, registered=True),
        "第三十八条",
    ),
    _rule(careers.APPRAISED_ROLES, frozenset({Role.SECRETARY, Role.DIRECTOR}), "第三十八条"),
    _rule(careers.APPRAISED_CERTIFICATE, CertificateLevel.SOCIAL_WORKER, "第三十八条"),
    _rule(careers.PUT_FORWARD_FIRST, frozenset({Role.SECRETARY, Role.DIRECTOR}), "第三十九条"),
    # 第九章 目标
    _rule(targets.SOCIAL_ORGANISATIONS, 10, "第三十一条"),
    _rule(targets.VOLUNTEER_TEAMS, 2, "第三十一条"),
    _rule(targets.CERTIFIED_WORKERS, 3, "第三十二条"),
    _rule(targets.CERTIFIED_LEVEL, CertificateLevel.SOCIAL_WORKER, "第三十二条"),
    _rule(targets.CERTIFIED_BY, date(2023, 4, 30), "第三十二条"),
    _rule(targets.PLATFORM_COVERAGE, Fraction(1), "第三十三条"),
    _rule(targets.PLATFORM_BY, date(2022, 12, 31), "第三十三条"),
    _rule(targets.MILESTONES, (2020, 2021, 2022), "第三十四条"),
    _rule(targets.COMMITTEE_BY, date(2020, 9, 30), "第三十五条"),
    _rule(targets.HIRING_YEARS, 3, "第三十五条"),
    # 第十章 经费: what the province pays of the added cost, and who pays the rest
    _rule(budget.PAYER, "区财政", "第三十六条"),
    _rule(budget.PROVINCE_SHARE, Fraction(3, 10), "第三十六条"),
    # 第十一章 减负: the province's list is open, and the city names one kind more
    _rule(
        matters.BARRED_KINDS, ("行政执法", "拆迁拆违", "环境整治", "城市管理", "招商引资", "征收补偿"), "第三十七条"
    ),
)

# --- the district's yearly figures

MEAN_PAY: Final = {
    2019: "69600",
    2020: "72000",
    2021: "74400",
    2022: "76800",
    2023: "79200",
    2024: "81600",
    2025: "84000",
}
"""Mean pay of management posts in the district's public institutions, yuan a year (invented)."""

QUOTA: Final = 400

RATES: Final = {
    # scheme: the person's share, the employer's
    Scheme.PENSION: (Fraction(8, 100), Fraction(16, 100)),
    Scheme.MEDICAL: (Fraction(2, 100), Fraction(7, 100)),
    Scheme.UNEMPLOYMENT: (Fraction(3, 1000), Fraction(7, 1000)),
    Scheme.WORK_INJURY: (Fraction(0), Fraction(2, 1000)),
    Scheme.MATERNITY: (Fraction(0), Fraction(5, 1000)),
    Scheme.HOUSING_FUND: (Fraction(8, 100), Fraction(8, 100)),
}
"""Rates of the insurances and the housing fund (invented)."""


def _rates(mean: Fen) -> LocalRates:
    """Return the year's rates: the base lies between three fifths and three times the mean of a month."""
    month_of = int(mean) // 12
    return LocalRates(
        rates={
            scheme: SchemeRate(own, employer, floor=Fen(month_of * 3 // 5), ceiling=Fen(month_of * 3))
            for scheme, (own, employer) in RATES.items()
        },
        base=BaseOf.MONTH,
    )


def _yearly(mean_of: int, mean: str) -> Sequence[LocalValue[Any]]:  # Any: keys of every type
    """Make what one year's notice says.

    It comes out in June and counts from January: until then pay goes by the year before, and what is due
    for the months between becomes arrears. `fresh_until` is the life of a yearly figure: past that day it
    still counts, and is reported as stale.
    """
    year = mean_of + 1
    notice = Document(f"桦林区{year}年社区工作者年度数据通告(虚构)", issued=date(year, 6, 10), publisher="桦林区(虚构)")
    since = max(date(year, 1, 1), IN_FORCE)

    def figure(key: Parameter[T], value: T, article: str) -> LocalValue[T]:
        return key.set(
            value, since=since, fresh_until=date(year, 12, 31), known_on=date(year, 6, 10),
            source=notice.article(article), status=Status.ISSUED,
        )

    return (
        figure(pay.REFERENCE, AnnualMean(annual=yuan(mean), of_year=mean_of), "一"),
        figure(contributions.RATES, _rates(yuan(mean)), "四"),
        figure(staffing.QUOTA, QUOTA, "二"),
        figure(staffing.QUOTA_SHARING, QuotaSharing.FLOORS_FIRST, "二"),
        figure(recruitment.GRADUATE_YEARS, Span(year - 2, year), "三"),
    )


YEARLY: Final = tuple(value for year, mean in MEAN_PAY.items() for value in _yearly(year, mean))


@hookimpl
def shequ_place() -> Sequence[LocalPolicy]:
    """Speak for the city and for its one district: the nearer place wins where both say something."""
    return [
        LocalPolicy(place="2299", values=VALUES, divisions=DIVISIONS),
        LocalPolicy(place="229901", values=YEARLY),
    ]


# --- checks of its own


@check(
    "BH23-principal-without-certificate", tables=("certificates",),
    source=RULES.article("第二十三条", force=Force.SHOULD),
)
def principal_without_certificate(seen: Seen) -> Iterator[Breach]:
    """社区正职没有社工证。A principal (社区正职) holds no social-worker certificate.

    What to do:
        报名参加下一次社会工作者职业水平考试。Enter for the next national examination.
    """
    certificates = seen.data.certificates
    assert certificates is not None  # the runner asks no check whose tables were not given
    begun = ~(certificates.since > seen.on).true()
    certified = {worker for worker in certificates.worker.where(begun).to_list() if worker is not None}
    for holding in seen.data.holdings:
        in_post = holding.since <= seen.on and (holding.until is None or holding.until >= seen.on)
        if in_post and holding.post_class == "principal" and holding.worker not in certified:
            yield Breach(subject=holding.worker, message=msg("no certificate"))


@hookimpl
def shequ_checks() -> Sequence[Check]:
    """Bring the city's own checks: what its rules ask for beyond the province's."""
    return [principal_without_certificate]
