"""What nobody published for Jilin, and figures that stand in for such: never loaded unless asked.

A run with `--assume` rests on these, and every answer says so. Each value says what it leans on:

- `draft`: the consultation draft of March 2020 (《"社工岗"人员基础工资分配办法(试行)》);
- `proxy`: mean wages of urban non-private units, in place of the mean pay of management posts in
  public institutions that the law names and nobody published;
- `assumption`: nobody published anything.

Limitations:
    The publication day of the wage figures is that of the table they were read from (2023-05-26),
    so a policy as known before that day has no reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

import attrs

from shequ_core.errors import msg
from shequ_core.jilin.register import clause
from shequ_core.law.clauses import Document, Source
from shequ_core.model.leave import LeaveKind
from shequ_core.model.pay import Newcomer
from shequ_core.model.posts import CertificateLevel, EducationLevel, Role, Sex
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import assessment, exits, month, pay, performance, service, staffing
from shequ_core.policy.assessment import Criterion, Proposal, WeightedScores
from shequ_core.policy.exits import RisingAge
from shequ_core.policy.month import MonthDays, Probation, TakesEffect
from shequ_core.policy.parameters import LocalValue, Part
from shequ_core.policy.pay import (
    AnnualMean,
    CoefficientTable,
    CountsFrom,
    MonthlyAllowance,
    YearBands,
    YearlyStep,
    YearsOfService,
)
from shequ_core.values import Span, Status, yuan

DRAFT: Final = Document("“社工岗”人员基础工资分配办法(试行)(2020年3月征求意见稿附件)")
WAGES: Final = Document(
    "城镇非私营单位就业人员平均工资", issued=date(2023, 5, 26), publisher="吉林省统计局"
)
RETIREMENT: Final = Document(
    "关于实施渐进式延迟法定退休年龄的决定", issued=date(2024, 9, 13), publisher="全国人民代表大会常务委员会"
)
PLANNING: Final = Document("城市居住区规划设计标准", number="GB 50180-2018", publisher="住房和城乡建设部")
NOBODY: Final = Document("shequ-core: assumption, nobody published it")

SYSTEM: Final = date(2020, 4, 30)
"""From here the assumed pay system runs; the two documents are of that day."""

GRADES: Final = 18
STEP: Final = Fraction(5, 100)

LOCAL_COEFFICIENT: Final = Fraction(79445, 99082)
"""What makes a synthetic province's mean standard equal its reference, as JLW2.4c asks.

The mean standard is reference x local coefficient x mean grade coefficient, so the local coefficient
is people / sum of their grade coefficients. For `synthesize("22", 2022, seed=1)` on 1 January 2022:
15,889 people in post, whose coefficients sum to 99,082/5; 15,889 / (99,082/5) = 79,445/99,082.
A test works it out again.
"""

MEAN_WAGES: Final[Mapping[str, Mapping[int, str]]] = {
    "22": {2020: "77995", 2021: "83028", 2022: "87222"},
    "2201": {2021: "97134", 2022: "100896"},
    "2202": {2021: "75638", 2022: "77785"},
    "2203": {2021: "67905", 2022: "73595"},
    "2204": {2021: "67652", 2022: "73033"},
    "2205": {2021: "64803", 2022: "68799"},
    "2206": {2021: "63897", 2022: "68765"},
    "2207": {2021: "75003", 2022: "79620"},
    "2208": {2021: "67484", 2022: "72851"},
    "2224": {2021: "72968", 2022: "77379"},
}
"""Mean wages of urban non-private units by place and year, yuan a year (statistic; 2020 derived)."""


def _cite(document: Document, address: str) -> Source:
    return attrs.evolve(clause(address), document=document, article="")


def _assumed(key: Any, value: object, address: str, parts: Sequence[Part] = ()) -> LocalValue[Any]:  # Any: any key
    made: LocalValue[Any] = key.set(
        value, since=SYSTEM, known_on=SYSTEM, source=_cite(NOBODY, address), status=Status.ASSUMPTION, rests_on=parts
    )
    return made


def _references() -> dict[str, list[LocalValue[Any]]]:  # Any: any key
    """Return the proxy reference of each place: pay of a year reads the mean of the year before."""
    found: dict[str, list[LocalValue[Any]]] = {}
    for place, means in MEAN_WAGES.items():
        for year, mean in means.items():
            found.setdefault(place, []).append(
                pay.REFERENCE.set(
                    AnnualMean(annual=yuan(mean), of_year=year),
                    since=date(year + 1, 1, 1), fresh_until=date(year + 1, 12, 31), known_on=date(2023, 5, 26),
                    source=_cite(WAGES, "JLW2.4c"), status=Status.PROXY,
                    rests_on=[Part("the mean of 2020", Status.DERIVED)] if year == 2020 else (),
                )
            )
    return found


REFERENCES: Final = _references()

VALUES: Final = (
    *REFERENCES["22"],
    service.WALKING_SPEED.set(
        4000, since=SYSTEM, known_on=SYSTEM, source=_cite(PLANNING, "JLG2.9"), status=Status.PROXY,
        reading=msg("the planning standard has 800 to 1,000 metres for a walk of 15 minutes: the longer one counts"),
    ),
    _assumed(service.DETOUR, Fraction(13, 10), "JLG2.9"),
    _assumed(
        pay.GRADES,
        CoefficientTable(
            coefficients=tuple(1 + STEP * above for above in range(GRADES)),
            classes={"principal": Span(7, 18), "committee": Span(4, 15), "staff": Span(1, 12)},
        ),
        "JLW2.4b",
        [Part("three classes, 18 grades and their ranges", Status.DRAFT)],
    ),
    _assumed(
        pay.PLACEMENT,
        YearBands(
            years=(2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22),
            education={EducationLevel.BACHELOR: 1, EducationLevel.MASTER: 2, EducationLevel.DOCTOR: 2},
        ),
        "JLW2.4b",
    ),
    _assumed(
        pay.SERVICE,
        YearsOfService(
            since=CountsFrom.COMMUNITY_WORK, gaps_count=True, part_year_counts=False, failed_years_count=True
        ),
        "JLW2.4b",
    ),
    month.PROBATION.set(
        Probation(lower={Newcomer.EXPERIENCED: 1}, share={Newcomer.INEXPERIENCED: Fraction(8, 10)}),
        since=SYSTEM, known_on=SYSTEM, source=_cite(DRAFT, "JLW2.4b"), status=Status.DRAFT,
    ),
    _assumed(month.DAY_BASIS, MonthDays(), "JLW2.4e"),
    _assumed(month.TAKES_EFFECT, TakesEffect.NEXT_MONTH, "JLW2.4e"),
    _assumed(
        month.LEAVE_SHARES,
        {kind: Fraction(kind is not LeaveKind.PERSONAL) for kind in LeaveKind},
        "JLW2.5a",
    ),
    _assumed(month.SECONDED_IN_POOL, True, "JLW2.4f"),
    _assumed(pay.LOCAL_COEFFICIENT, LOCAL_COEFFICIENT, "JLW2.4c"),
    pay.YEARLY_STEP.set(
        YearlyStep(after=frozenset({AssessmentGrade.OUTSTANDING, AssessmentGrade.QUALIFIED})),
        since=SYSTEM, known_on=SYSTEM, source=_cite(DRAFT, "JLW2.9d"), status=Status.DRAFT,
    ),
    _assumed(
        pay.CERTIFICATE,
        MonthlyAllowance(
            {
                CertificateLevel.ASSISTANT: yuan(200),
                CertificateLevel.SOCIAL_WORKER: yuan(300),
                CertificateLevel.SENIOR: yuan(400),
            }
        ),
        "JLW2.4g",
    ),
    _assumed(
        performance.BONUS_WEIGHTS,
        {
            AssessmentGrade.OUTSTANDING: Fraction(6, 5),
            AssessmentGrade.QUALIFIED: Fraction(1),
            AssessmentGrade.BASICALLY_QUALIFIED: Fraction(7, 10),
            AssessmentGrade.UNQUALIFIED: Fraction(0),
        },
        "JLW2.4f",
    ),
    _assumed(performance.UNASSESSED_WEIGHT, Fraction(1), "JLW2.4f"),
    _assumed(performance.PAYDAY, 31, "JLW2.4f"),
    _assumed(
        assessment.SCHEME,
        WeightedScores(
            weight={
                Criterion.RESIDENTS: Fraction(4, 10),
                Criterion.ORGANISATION: Fraction(2, 10),
                Criterion.DAILY: Fraction(1, 10),
                Criterion.ANNUAL: Fraction(3, 10),
            },
            points={
                AssessmentGrade.OUTSTANDING: 90,
                AssessmentGrade.QUALIFIED: 75,
                AssessmentGrade.BASICALLY_QUALIFIED: 60,
            },
        ),
        "JLW2.9b",
    ),
    _assumed(
        assessment.PROPOSALS,
        {
            AssessmentGrade.OUTSTANDING: Proposal.RENEW,
            AssessmentGrade.QUALIFIED: Proposal.RENEW,
            AssessmentGrade.BASICALLY_QUALIFIED: Proposal.REVIEW,
            AssessmentGrade.UNQUALIFIED: Proposal.DISMISS,
        },
        "JLW2.9d",
    ),
    _assumed(
        staffing.CLASS_OF_ROLE,
        {
            Role.SECRETARY: "principal",
            Role.DIRECTOR: "principal",
            Role.DEPUTY_SECRETARY: "committee",
            Role.DEPUTY_DIRECTOR: "committee",
            Role.MEMBER: "committee",
            Role.STAFF: "staff",
        },
        "JLW2.4a",
    ),
    exits.AGE.set(
        RisingAge(
            years={Sex.MALE: 60, Sex.FEMALE: 55},
            most={Sex.MALE: 63, Sex.FEMALE: 58},
            begins=date(2025, 1, 1),
            every={Sex.MALE: 4, Sex.FEMALE: 4},
        ),
        since=date(2025, 1, 1), known_on=date(2024, 9, 13), source=_cite(RETIREMENT, "JLW2.10h"),
        status=Status.ASSUMPTION, rests_on=[Part("the law on retirement itself", Status.ISSUED)],
    ),
)
"""What stands in for the province's own figures while nobody has published them."""
