"""Open recruitment: age and education, relaxation, and a list in which preference parts equals alone (JLW2.3b-c)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.policy.policy import Policy
from shequ_core.policy.recruitment import RELAXATION, Group, GroupAges
from shequ_core.rules.recruitment import Admission, Offer, Reason, admission, offers, ranked
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, IntColumn, TextColumn

DAY = date(2022, 7, 1)


def admitted(policy: Policy, born: date | None, *, veteran: bool | None = False, education: EducationLevel | None = EducationLevel.BACHELOR) -> Admission | None:
    """What becomes of one applicant."""
    no = BoolColumn.of([False])
    found = admission(
        DateColumn.of([born]), EnumColumn.of(EducationLevel, [education]), no, EnumColumn.of(CertificateLevel, [None]), no,
        BoolColumn.of([veteran]), IntColumn.of([0]), DateColumn.of([DAY]), policy,
    )
    return found.row(0)


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        pytest.param(date(1982, 7, 1), Admission.ADMITTED, id="40 that day"),
        pytest.param(date(1981, 7, 2), Admission.ADMITTED, id="41 the day after"),
        pytest.param(date(1981, 7, 1), Admission.TOO_OLD, id="41 that day"),
        pytest.param(None, None, id="unknown"),
    ],
)
def test_forty_itself_is_allowed(jilin: Policy, born: date | None, expected: Admission | None) -> None:
    """Completed years on the day that the notice names."""
    assert admitted(jilin, born) is expected


def test_while_no_place_has_said_how_far_a_veteran_is_neither_let_in_nor_turned_away(jilin: Policy) -> None:
    """“可适当放宽年龄限制” leaves the years to the place; who may be a veteran is unknown, education isn't relaxed."""
    old = date(1970, 1, 1)
    assert admitted(jilin, old, veteran=True) is Admission.LOCAL_RULE_NEEDED
    assert admitted(jilin, old, veteran=None) is None
    assert admitted(jilin, old, veteran=True, education=EducationLevel.SENIOR_HIGH) is Admission.EDUCATION_SHORT
    assert admitted(jilin, old, education=None) is None


def test_a_relaxation_lets_in_to_its_own_age_and_no_further(where: Callable[..., Policy]) -> None:
    """And only the groups that it names."""
    policy = where((RELAXATION, GroupAges(max_age={Group.VETERAN: 45})))
    assert admitted(policy, date(1977, 1, 1), veteran=True) is Admission.RELAXED
    assert admitted(policy, date(1977, 1, 1), veteran=False) is Admission.TOO_OLD
    assert admitted(policy, date(1976, 7, 1), veteran=True) is Admission.TOO_OLD


APPLICANTS = st.lists(st.tuples(st.none() | st.integers(0, 4), st.booleans(), st.booleans()), max_size=12)


@given(APPLICANTS)
def test_preference_parts_equals_and_nothing_else(applicants: list[tuple[int | None, bool, bool]]) -> None:
    """Against a count by hand: before somebody are those with more points, and at the same points the preferred."""
    found = ranked(
        IntColumn.of([score for score, _, _ in applicants]), BoolColumn.of([first for _, first, _ in applicants]),
        BoolColumn.of([able for _, _, able in applicants]),
    )
    listed = [(score, first) for score, first, able in applicants if able and score is not None]
    for row, (score, first, able) in enumerate(applicants):
        if not able or score is None:
            assert found.place.row(row) is None
            assert found.reason.row(row) is None
            continue
        ahead = [one for one in listed if one[0] > score or (one[0] == score and one[1] and not first)]
        assert found.place.row(row) == len(ahead) + 1
        alike, same = listed.count((score, first)), sum(one[0] == score for one in listed)
        wanted = Reason.SHARED if alike > 1 else Reason.PREFERENCE if same > 1 else Reason.SCORE
        assert found.reason.row(row) is wanted


@given(APPLICANTS, st.integers(0, 13))
def test_no_more_are_offered_a_post_than_there_are(applicants: list[tuple[int | None, bool, bool]], posts: int) -> None:
    """And nobody is passed over: a post stays free only where those who share a place are more than the posts left."""
    found = ranked(
        IntColumn.of([score for score, _, _ in applicants]), BoolColumn.of([first for _, first, _ in applicants]),
        BoolColumn.of([able for _, _, able in applicants]),
    )
    told = offers(found.place, posts).to_list()
    places = found.place.to_list()
    offered, shared = told.count(Offer.OFFERED), told.count(Offer.PLACE_SHARED)
    listed = sum(place is not None for place in places)
    assert offered <= posts
    assert offered == min(posts, listed) or offered < posts < offered + shared
    assert [one is None for one in told] == [place is None for place in places]


def test_the_order_of_rows_changes_nobodys_place(jilin: Policy) -> None:
    """A list is the same however the applicants came in."""
    score, first = IntColumn.of([5, 7, 5, 5]), BoolColumn.of([False, False, True, False])
    able = BoolColumn.of([True] * 4)
    ids = TextColumn.of(["a", "b", "c", "d"])
    there = dict(zip(ids, ranked(score, first, able).place, strict=True))
    back = [3, 2, 1, 0]
    again = ranked(IntColumn.of([5, 5, 7, 5]), BoolColumn.of([False, True, False, False]), able).place
    assert {ids.row(row): again.row(at) for at, row in enumerate(back)} == there
