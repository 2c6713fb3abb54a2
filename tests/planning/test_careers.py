"""Careers of a small place, worked out by hand, and against a second, scalar reading of the text."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import attrs
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.model.communities import Community
from shequ_core.model.posts import Certificate, CertificateLevel, Holding, Post, Role, Worker
from shequ_core.model.records import Assessment, AssessmentGrade
from shequ_core.planning.careers import CareerPath, Prospect, careers
from shequ_core.policy.book import PolicyBook
from shequ_core.reports.careers import careers_listing
from shequ_core.reports.lists import write_listing
from shequ_core.rules.careers import Condition
from shequ_core.tables.dataset import Assessments, Certificates, Communities, Dataset, Holdings, Posts, Workers

HOME = "220104001001"
DAY = date(2022, 7, 1)
BOOK = PolicyBook.load(plugins=[])


def place(people: list[tuple[Role | None, AssessmentGrade | None, CertificateLevel | None]]) -> Dataset:
    """A community of such people, each in a post since 2020, assessed for 2021."""
    ids = [f"W{number:02}" for number in range(len(people))]
    posts = [f"{HOME}-{number + 1:02}" for number in range(len(people))]
    return Dataset(
        communities=Communities.of([Community(code=HOME, name="甲")]),
        posts=Posts.of([Post(id=post, community=HOME) for post in posts]),
        workers=Workers.of([Worker(id=one) for one in ids]),
        holdings=Holdings.of(
            [
                Holding(worker=one, post=post, post_class="staff", role=role, since=date(2020, 5, 1))
                for one, post, (role, _, _) in zip(ids, posts, people, strict=True)
            ]
        ),
        assessments=Assessments.of(
            [Assessment(worker=one, year=2021, grade=grade) for one, (_, grade, _) in zip(ids, people, strict=True)]
        ),
        certificates=Certificates.of(
            [
                Certificate(worker=one, level=level)
                for one, (_, _, level) in zip(ids, people, strict=True)
                if level is not None
            ]
        ),
    )


def by_path(data: Dataset, *, on: date = DAY) -> dict[CareerPath, dict[str, Prospect]]:
    found: dict[CareerPath, dict[str, Prospect]] = {path: {} for path in CareerPath}
    for one in careers(data, BOOK, on).prospects():
        found[one.path][one.worker] = one
    return found


def test_each_lacks_what_each_lacks() -> None:
    """An outstanding secretary lacks nothing, a good deputy the grade, an outstanding clerk the role."""
    found = by_path(
        place(
            [
                (Role.SECRETARY, AssessmentGrade.OUTSTANDING, None),
                (Role.DEPUTY_SECRETARY, AssessmentGrade.QUALIFIED, None),
                (Role.STAFF, AssessmentGrade.OUTSTANDING, CertificateLevel.SENIOR),
                (Role.DIRECTOR, None, None),
            ]
        )
    )
    office = found[CareerPath.CIVIL_SERVICE]
    assert [(one.eligible, one.lacks, one.unknown) for one in office.values()] == [
        (True, (), ()),
        (False, (Condition.OUTSTANDING,), ()),
        (False, (Condition.ROLE,), ()),
        (None, (), (Condition.OUTSTANDING,)),
    ]
    assert [one.eligible for one in found[CareerPath.DIRECT_APPRAISAL].values()] == [True, False, True, None]
    assert [one.first for one in found[CareerPath.DELEGATE].values()] == [True, False, False, True]
    assert {one.eligible for one in found[CareerPath.COUNTY_JOB].values()} == {None}


def test_what_is_not_set_or_not_given_is_named() -> None:
    """Nobody set the county's conditions, and without a table of certificates nobody has none."""
    data = place([(Role.MEMBER, AssessmentGrade.QUALIFIED, None)])
    found = careers(data, BOOK, DAY)
    assert found.unset == {CareerPath.COUNTY_JOB: ("careers.county_jobs",)}
    bare = by_path(attrs.evolve(data, certificates=None))[CareerPath.DIRECT_APPRAISAL]["W00"]
    assert (bare.eligible, bare.unknown) == (None, (Condition.CERTIFICATE,))


def test_a_grade_counts_once_it_is_known() -> None:
    """The grade of 2021 is of the last day of 2021: on an earlier day nobody has one."""
    data = place([(Role.SECRETARY, AssessmentGrade.OUTSTANDING, None)])
    assert by_path(data, on=date(2021, 12, 30))[CareerPath.DELEGATE]["W00"].eligible is None
    assert by_path(data, on=date(2021, 12, 31))[CareerPath.DELEGATE]["W00"].eligible is True
    assert by_path(data, on=date(2020, 4, 30))[CareerPath.DELEGATE] == {}


ANYBODY = st.tuples(
    st.none() | st.sampled_from(Role), st.none() | st.sampled_from(AssessmentGrade),
    st.none() | st.sampled_from(CertificateLevel),
)


@given(st.lists(ANYBODY, min_size=1, max_size=8))
def test_it_agrees_with_a_plain_reading(people: list[tuple[Role | None, AssessmentGrade | None, CertificateLevel | None]]) -> None:
    """For one person after the other, with each missing fact tried in every way it could be."""
    found = by_path(place(people))
    for number, (role, grade, level) in enumerate(people):
        roles = [role] if role else list(Role)
        grades = [grade] if grade else list(AssessmentGrade)
        certified = level in {CertificateLevel.SOCIAL_WORKER, CertificateLevel.SENIOR}

        def open_to(
            allowed: set[str], roles: list[Role] = roles, grades: list[AssessmentGrade] = grades,
            also: bool = False,
        ) -> bool | None:
            answers = {also or (one.value in allowed and two.value == "outstanding") for one in roles for two in grades}
            return answers.pop() if len(answers) == 1 else None

        everybody = {one.value for one in Role}
        wanted = {
            CareerPath.CIVIL_SERVICE: open_to({"secretary", "deputy_secretary", "director", "deputy_director"}),
            CareerPath.SUBDISTRICT_LEADER: open_to({"secretary"}),
            CareerPath.SUBDISTRICT_JOB: open_to(everybody),
            CareerPath.DIRECT_APPRAISAL: open_to({"secretary", "director"}, also=certified),
            CareerPath.DELEGATE: open_to(everybody),
        }
        for path, answer in wanted.items():
            assert found[path][f"W{number:02}"].eligible is answer


def test_the_list_is_written_and_replaces_only_its_like(tmp_path: Path) -> None:
    """A list in three forms; an earlier list goes, a stranger's file stays."""
    listing = careers_listing(careers(place([(Role.SECRETARY, AssessmentGrade.OUTSTANDING, None)]), BOOK, DAY))
    outs = [tmp_path / f"out.{form}" for form in ("csv", "xlsx", "json")]
    for _ in range(2):
        write_listing(listing, outs, "zh")
    with outs[0].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(CareerPath)
