"""What is mended so that a made-up place complies, and that no more is: told without the audit."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from shequ_core import Dataset, PolicyBook, synthesize
from shequ_core.model.entitlements import Entitled
from shequ_core.model.posts import EducationLevel, Role
from shequ_core.model.records import AssessmentGrade
from shequ_core.model.staff import GridDuty
from shequ_core.tables.columns import IntColumn
from shequ_core.values import Span

YEAR = 2026


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return PolicyBook.load()


@pytest.fixture(scope="module")
def place(book: PolicyBook) -> Dataset:
    """A place in a year in which the committees are elected: on 2026-03-20."""
    return synthesize("2299", YEAR, 11, compliant=True, book=book)


def test_the_same_arguments_give_the_same_place(book: PolicyBook, place: Dataset) -> None:
    again = dict(synthesize("2299", YEAR, 11, compliant=True, book=book).tables())
    assert all(table.same_as(again[name]) for name, table in place.tables())


def test_households_add_up_from_buildings_over_grids_to_communities(place: Dataset) -> None:
    """And every grid has a building."""
    assert place.buildings is not None
    assert place.building_grids is not None
    assert place.grids is not None
    grid_of = {one.building: one.grid for one in place.building_grids}
    grids, communities = Counter[str](), Counter[str]()
    for one in place.buildings:
        assert grid_of[one.id].startswith(str(one.community))
        grids[grid_of[one.id]] += one.households
    for grid in place.grids:
        communities[grid.community] += grid.households or 0
    assert grids == {one.code: one.households for one in place.grids}
    assert communities == {one.code: one.households for one in place.communities}


def test_everybody_signs_for_each_term_in_which_the_post_is_held(place: Dataset) -> None:
    """Who is there before the election and after it signs twice, and the two don't overlap."""
    assert place.agreements is not None
    signed = defaultdict(list)
    for one in place.agreements:
        signed[one.worker].append((one.since, one.until))
    election = date(YEAR, 3, 20)
    for holding in place.holdings:
        until = holding.until or date.max
        if until < date(YEAR, 1, 1):
            continue
        terms = sorted(signed[holding.worker])
        assert len(terms) == (holding.since < election) + (until >= election)
        assert all(since >= holding.since or since == date(2021, 3, 20) for since, _ in terms)
        assert {end for _, end in terms} <= {date(YEAR, 3, 19), date(2031, 3, 19)}


def test_who_came_by_open_recruitment_could_have(place: Dataset) -> None:
    """Baihua lets staff come in from 18 to 38 with junior college: what they had on their first day."""
    assert place.educations is not None
    levels = list(EducationLevel)
    found = 0
    people = {one.id: one for one in place.workers}
    for holding in place.holdings:
        person = people[holding.worker]
        assert person.birth_date is not None
        assert person.worked_since is not None
        if holding.role is not Role.STAFF or min(holding.since, person.worked_since) < date(2020, 4, 30):
            continue
        born, came = person.birth_date, holding.since
        age = came.year - born.year - ((came.month, came.day) < (born.month, born.day))
        assert 18 <= age <= 38
        had = [one.level for one in place.educations if one.worker == person.id and (one.since or came) <= came]
        assert max(map(levels.index, had)) >= levels.index(EducationLevel.JUNIOR_COLLEGE)
        found += 1
    assert found


def test_posts_that_need_a_certificate_are_held_all_year(place: Dataset) -> None:
    """Three of each community, so that a vacancy never takes one away."""
    assert place.certificates is not None
    certified = {one.worker for one in place.certificates if one.since is None}
    throughout = Counter(
        one.post[:12] for one in place.holdings
        if one.worker in certified and one.since <= date(YEAR, 1, 1) and one.until is None
    )
    assert all(throughout[code] >= 3 for code in map(str, place.communities.code))


def test_rewards_go_to_who_stood_out(place: Dataset) -> None:
    assert place.assessments is not None
    assert place.entitlements is not None
    best = {one.worker for one in place.assessments if (one.year, one.grade) == (YEAR - 1, AssessmentGrade.OUTSTANDING)}
    assert {one.worker for one in place.entitlements if one.kind is Entitled.REWARD} == best
    assert best


def test_each_grid_has_its_worker_and_its_officer(place: Dataset) -> None:
    assert place.grid_members is not None
    assert place.grids is not None
    there = Counter((one.grid, one.duty) for one in place.grid_members)
    assert there == {(grid.code, duty): 1 for grid in place.grids for duty in GridDuty}
    assert len({one.id for one in place.grid_members}) == len(place.grid_members)


def test_nothing_but_what_must_be_is_mended() -> None:
    """Where posts are the same, people are: names, sex and days in post; who was within the rules keeps the birthday."""
    book = PolicyBook.load(assume=True)
    mended = synthesize("220421", 2022, 5, compliant=True, book=book)
    wanted = Counter(one.community for one in mended.posts)
    made = synthesize(
        "220421", 2022, 5,
        allowed=lambda communities: _exactly([wanted[code] for code in map(str, communities.code)]),
    )
    before, after = ({one.post: one for one in data.holdings if one.until is None} for data in (made, mended))
    alike = [post for post in before if post in after and before[post].since == after[post].since]
    assert len(alike) > 9 * len(before) // 10
    born = [{one.id: one.birth_date for one in data.workers} for data in (made, mended)]
    kept = [born[0][before[post].worker] == born[1][after[post].worker] for post in alike]
    assert sum(kept) > 8 * len(kept) // 10


def _exactly(counts: list[int]) -> Span[IntColumn]:
    return Span(IntColumn.of(counts), IntColumn.of(counts))
