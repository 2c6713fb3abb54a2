"""A small place with everything that pay reads, and a book of policies that sets all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from shequ_core import hookimpl
from shequ_core.law.clauses import Document
from shequ_core.model.communities import Community, Setting
from shequ_core.model.contributions import Scheme
from shequ_core.model.emergency import Duty, Emergency
from shequ_core.model.leave import Leave, LeaveKind
from shequ_core.model.pay import ContributionBase, FormerPay, Grading
from shequ_core.model.posts import (
    Certificate,
    CertificateLevel,
    Education,
    EducationLevel,
    Employment,
    Holding,
    Post,
    Role,
    Secondment,
    Worker,
)
from shequ_core.model.records import Assessment, AssessmentGrade
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.contributions import RATES, BaseOf, LocalRates, SchemeRate
from shequ_core.policy.emergency import EMERGENCY, DailyDuty
from shequ_core.policy.month import SECONDED_IN_POOL
from shequ_core.policy.parameters import LocalPolicy, LocalValue, Parameter
from shequ_core.policy.pay import NO_REDUCTION, REFERENCE, AnnualMean, Compared, PersonKept
from shequ_core.policy.performance import AWARD, YearlyAward
from shequ_core.tables.dataset import (
    Assessments,
    Certificates,
    Communities,
    ContributionBases,
    Dataset,
    Duties,
    Educations,
    Emergencies,
    FormerPays,
    Gradings,
    Holdings,
    Leaves,
    Posts,
    Secondments,
    Workers,
)
from shequ_core.values import Fen, Status, yuan

COUNTY = "220104"
ISSUED = date(2021, 12, 1)
REFERENCE_OUT = date(2022, 8, 20)
"""The day on which this year's reference came out, long after its first months were paid."""
RULES = Document("朝阳区薪酬试行办法", issued=ISSUED)
NOTICE = Document("朝阳区2022年薪酬基准", issued=REFERENCE_OUT)


def said(
    key: Parameter[Any], value: object, *, document: Document = RULES, known_on: date = ISSUED  # Any: keys of all kinds
) -> LocalValue[Any]:
    """Make a value of the made-up county, from 2022 on."""
    return key.set(
        value, since=date(2022, 1, 1), known_on=known_on, source=document.article("第一条"), status=Status.ISSUED
    )


SCHEME = SchemeRate(Fraction(8, 100), Fraction(16, 100), yuan(4000), yuan(20000))
VALUES = (
    said(REFERENCE, AnnualMean(yuan(90000), 2020)),
    said(REFERENCE, AnnualMean(yuan(96000), 2021), document=NOTICE, known_on=REFERENCE_OUT),
    said(RATES, LocalRates({Scheme.PENSION: SCHEME, Scheme.HOUSING_FUND: SCHEME}, BaseOf.MONTH)),
    said(EMERGENCY, DailyDuty(yuan(100), "county", declared_only=True)),
    said(NO_REDUCTION, PersonKept(Compared.STANDARD_AND_CERTIFICATE)),
    said(AWARD, YearlyAward({AssessmentGrade.OUTSTANDING: yuan(2000)}, 3)),
    said(SECONDED_IN_POOL, False),
)


def book_of(*values: LocalValue[Any]) -> PolicyBook:  # Any: keys of all kinds
    """Make a book in which the county says these values."""

    @hookimpl
    def shequ_place() -> list[LocalPolicy]:
        return [LocalPolicy(place=COUNTY, values=values)]

    return PolicyBook.load(assume=True, plugins=[SimpleNamespace(__name__="county", shequ_place=shequ_place)])


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    """The county's book."""
    return book_of(*VALUES)


@pytest.fixture(scope="session")
def book_without() -> Callable[[str], PolicyBook]:
    """Make the county's book without a key."""
    return lambda key: book_of(*(one for one in VALUES if one.key.name != key))


@pytest.fixture(scope="session")
def book_with() -> Callable[..., PolicyBook]:
    """Make the county's book with more values."""
    return lambda *values: book_of(*VALUES, *values)


PLACES = ("220104001001", "220104001002", "220104002001")
PEOPLE = tuple(f"S{number}" for number in range(1, 10))
"""Three in each community."""


def posts_of() -> list[Post]:
    """Four posts in each community, the last of which nobody holds."""
    return [Post(id=f"{place}-{number:02}", community=place) for place in PLACES for number in range(1, 5)]


def _holding(number: int) -> Holding:
    place = PLACES[number // 3]
    first = number % 3 == 0
    return Holding(
        worker=PEOPLE[number], post=f"{place}-{number % 3 + 1:02}", post_class="principal" if first else "staff",
        role=Role.SECRETARY if first else Role.STAFF, employment=Employment.FULL_TIME,
        since=date(2021, 1, 1) if number != 8 else date(2022, 6, 11),
    )  # fmt: skip


@pytest.fixture(scope="session")
def data() -> Dataset:
    """Nine people in three communities of two subdistricts."""
    known = date(2022, 1, 20)
    return Dataset(
        communities=Communities.of(
            Community(
                code=place, name=f"社区{number}", setting=Setting.URBAN, households=3000, residents=9000,
                counted_on=date(2021, 12, 31),
            )
            for number, place in enumerate(PLACES)
        ),
        posts=Posts.of(posts_of()),
        workers=Workers.of(
            Worker(id=worker, name=f"某{number}", sex=None, birth_date=None, worked_since=date(2015 + number % 5, 3, 1))
            for number, worker in enumerate(PEOPLE)
        ),
        holdings=Holdings.of(_holding(number) for number in range(len(PEOPLE))),
        educations=Educations.of([Education(worker="S2", level=EducationLevel.BACHELOR, since=date(2010, 7, 1))]),
        certificates=Certificates.of(
            [Certificate(worker="S2", level=CertificateLevel.ASSISTANT, since=date(2021, 9, 1), known_on=known)]
        ),
        gradings=Gradings.of([Grading(worker="S4", grade=14, since=date(2022, 1, 1), known_on=known)]),
        former_pays=FormerPays.of([FormerPay(worker="S3", monthly=yuan(12000), known_on=known)]),
        assessments=Assessments.of(
            Assessment(
                worker=worker, year=2021, known_on=known,
                grade=AssessmentGrade.OUTSTANDING if worker == "S1" else AssessmentGrade.QUALIFIED,
            )
            for worker in PEOPLE[:8]
        ),
        leaves=Leaves.of(
            [Leave(worker="S5", kind=LeaveKind.PERSONAL, since=date(2022, 5, 9), until=date(2022, 5, 13), known_on=date(2022, 5, 9))]
        ),
        secondments=Secondments.of(
            [Secondment(worker="S6", to="区民政局", since=date(2022, 6, 1), until=date(2022, 6, 30), known_on=date(2022, 5, 30))]
        ),
        contribution_bases=ContributionBases.of([ContributionBase(worker="S7", base=Fen(500_000), since=date(2022, 1, 1))]),
        emergencies=Emergencies.of(
            [Emergency(place="2201", level="Ⅰ级", since=date(2022, 3, 1), until=date(2022, 5, 31), known_on=date(2022, 3, 1))]
        ),
        duties=Duties.of(
            [Duty(worker="S8", since=date(2022, 5, 2), until=date(2022, 5, 4), known_on=date(2022, 5, 4)),
             Duty(worker="S7", since=date(2022, 6, 13), until=date(2022, 6, 14), known_on=date(2022, 6, 14))]
        ),
    )  # fmt: skip
