"""A small month of Baihua, the made-up city that sets everything: every line of a slip occurs in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from shequ_core.model.communities import Community, Setting
from shequ_core.model.emergency import Duty, Emergency
from shequ_core.model.leave import Leave, LeaveKind
from shequ_core.model.pay import FormerPay
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
from shequ_core.policy.book import PolicyBook
from shequ_core.reports.slip import PaySlips, pay_slips
from shequ_core.tables.dataset import (
    Assessments,
    Certificates,
    Communities,
    Dataset,
    Duties,
    Educations,
    Emergencies,
    FormerPays,
    Holdings,
    Leaves,
    Posts,
    Secondments,
    Workers,
)
from shequ_core.values import yuan
from shequ_core.year import PayMonth, run_month

DISTRICT = "229901"
MARCH = date(2022, 3, 1)
"""The month in which Baihua pays for an outstanding year."""

PEOPLE = ("chair", "mover", "newcomer", "trainee", "sick", "joiner", "lent", "on duty", "kept", "failed", "far", "mate")


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    """The policies with nothing assumed: Baihua has issued all that it needs."""
    return PolicyBook.load()


def holding(
    worker: str, post: str, post_class: str = "staff", since: date = date(2021, 1, 1), until: date | None = None,
    probation_until: date | None = None,
) -> Holding:
    return Holding(
        worker=worker, post=post, post_class=post_class, employment=Employment.FULL_TIME, since=since, until=until,
        probation_until=probation_until,
    )


@pytest.fixture(scope="session")
def data() -> Dataset:
    """Twelve people of Baihua's district."""
    return small(DISTRICT)


@pytest.fixture(scope="session")
def small_place() -> Callable[[str], Dataset]:
    """Return what makes the same people for another district."""
    return small


def small(district: str) -> Dataset:
    """Return twelve people in three communities of two subdistricts."""
    one, two, far = f"{district}001001", f"{district}001002", f"{district}002001"
    graded = {"chair": AssessmentGrade.OUTSTANDING, "failed": AssessmentGrade.UNQUALIFIED}
    return Dataset(
        communities=Communities.of(
            Community(code=code, name=name, setting=Setting.URBAN, households=3000, counted_on=date(2021, 12, 31))
            for code, name in ((one, "白桦一社区"), (two, "白桦二社区"), (far, "林海一社区"))
        ),
        posts=Posts.of(
            Post(id=f"{community}-{number:02}", community=community)
            for community, count in ((one, 6), (two, 6), (far, 4))
            for number in range(1, count + 1)
        ),
        workers=Workers.of(
            Worker(
                id=worker, name=f"=白{worker[0]}" if worker == "mate" else f"白{worker[0]}",
                worked_since=date(2022, 2, 1) if worker == "newcomer" else date(2015, 5, 4),
            )
            for worker in PEOPLE
        ),
        holdings=Holdings.of(
            [
                holding("chair", f"{one}-01", "principal"),
                holding("mover", f"{far}-01", until=date(2022, 3, 13)),
                holding("mover", f"{one}-02", "committee", since=date(2022, 3, 14)),
                holding("newcomer", f"{one}-03", since=date(2022, 2, 1), probation_until=date(2022, 7, 31)),
                holding("trainee", f"{one}-04", since=date(2022, 2, 1), probation_until=date(2022, 7, 31)),
                holding("sick", f"{one}-05"),
                holding("joiner", f"{one}-06", since=date(2022, 3, 10)),
                holding("lent", f"{two}-01"),
                holding("on duty", f"{two}-02"),
                holding("kept", f"{two}-03"),
                holding("failed", f"{two}-04"),
                holding("far", f"{far}-02"),
                holding("mate", f"{far}-03", until=date(2022, 3, 9)),
                holding("mate", f"{far}-04", since=date(2022, 3, 21)),
            ]
        ),
        educations=Educations.of([Education(worker="far", level=EducationLevel.MASTER)]),
        certificates=Certificates.of(
            [
                Certificate(worker="chair", level=CertificateLevel.SENIOR, since=date(2020, 1, 1)),
                Certificate(worker="mover", level=CertificateLevel.ASSISTANT, since=date(2022, 3, 21)),
            ]
        ),
        former_pays=FormerPays.of([FormerPay(worker="kept", monthly=yuan("9876.54"))]),
        assessments=Assessments.of(
            Assessment(
                worker=worker, year=2021, grade=graded.get(worker, AssessmentGrade.QUALIFIED), known_on=date(2022, 1, 20)
            )
            for worker in PEOPLE
            if worker not in {"newcomer", "trainee", "joiner"}
        ),
        leaves=Leaves.of(
            [Leave(worker="sick", kind=LeaveKind.SICK, since=date(2022, 3, 7), until=date(2022, 3, 11))]
        ),
        secondments=Secondments.of([Secondment(worker="lent", to="区委", since=date(2021, 6, 1))]),
        emergencies=Emergencies.of([Emergency(place=district, since=date(2022, 3, 10), until=date(2022, 3, 20))]),
        duties=Duties.of([Duty(worker="on duty", since=date(2022, 3, 8), until=date(2022, 3, 12))]),
    )


@pytest.fixture(scope="session")
def march(data: Dataset, book: PolicyBook) -> PayMonth:
    """March 2022 of the district."""
    return run_month(data, book, DISTRICT, MARCH)


@pytest.fixture(scope="session")
def slips(march: PayMonth, data: Dataset, book: PolicyBook) -> PaySlips:
    """Its slips, without arrears."""
    return pay_slips(march, data, book.divisions)
