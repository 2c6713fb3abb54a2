"""Open recruitment: who may apply, for whom age is relaxed, and the ranked list (JLW2.3b-c)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs
import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.model.posts import CertificateLevel, EducationLevel, Role
from shequ_core.policy.policy import Policy
from shequ_core.policy.recruitment import MAX_AGE, MIN_AGE, MIN_EDUCATION, RELAXATION, Group
from shequ_core.policy.targets import CERTIFIED_LEVEL
from shequ_core.tables.columns import BoolColumn, Bools, DateColumn, EnumColumn, IntColumn, Ints


class Admission(StrEnum):
    """Whether somebody may apply, or what is lacking."""

    ADMITTED = "admitted"
    RELAXED = "relaxed"
    """Above the age, and let in by the relaxation that the place has set."""
    TOO_OLD = "too_old"
    TOO_YOUNG = "too_young"
    EDUCATION_SHORT = "education_short"
    LOCAL_RULE_NEEDED = "local_rule_needed"
    """Above the age, in a group for which age may be relaxed, and no place has said how far."""


class Reason(StrEnum):
    """Why somebody has the place that he has in a ranked list."""

    SCORE = "score"
    """By the score alone."""
    PREFERENCE = "preference"
    """Others have the same score; who is of a preferred group comes before who isn't."""
    SHARED = "shared"
    """Others have the same score and the same standing: they share the place, and nothing in the law parts them."""


class Offer(StrEnum):
    """Whether there is a post for somebody."""

    OFFERED = "offered"
    PLACE_SHARED = "place_shared"
    """More share the place than posts are left: a local rule or another test has to part them."""
    NONE_LEFT = "none_left"


@attrs.frozen(kw_only=True, eq=False)
class Ranked:
    """A ranked list, one row an applicant.

    Attributes:
        place: From 1; who share a place have the same number; unknown for who isn't ranked.
        reason: Why.
    """

    place: IntColumn
    reason: EnumColumn[Reason]


def _preferred(
    serving_worker: BoolColumn, certificate: EnumColumn[CertificateLevel], sociology_graduate: BoolColumn,
    veteran: BoolColumn, policy: Policy,
) -> dict[Group, BoolColumn]:
    held = certificate >= policy[CERTIFIED_LEVEL]
    shown = BoolColumn(held.values & held.mask())  # who shows no certificate has none
    return {
        Group.SERVING_WORKER: serving_worker, Group.CERTIFIED: shown, Group.SOCIOLOGY_GRADUATE: sociology_graduate,
        Group.VETERAN: veteran,
    }


@implements("JLW2.3c", needs=(CERTIFIED_LEVEL,))
def preferred(
    serving_worker: BoolColumn, certificate: EnumColumn[CertificateLevel], sociology_graduate: BoolColumn,
    veteran: BoolColumn, policy: Policy,
) -> BoolColumn:
    """Whether each applicant is of a group that comes first among equals and for which age may be relaxed.

    Reading:
        "考取社工师" means that certificate or a higher one; a place may count assistants. "现有社区工作者(含公益性岗位
        人员)": whoever works in a community on the reference day, on whatever footing.

    Args:
        serving_worker: Whether working in a community, in a public-welfare job too.
        certificate: The certificate shown; unknown where none is.
        sociology_graduate: Whether a graduate in sociology.
        veteran: Whether a veteran (复员退伍军人).
    """
    groups = list(_preferred(serving_worker, certificate, sociology_graduate, veteran, policy).values())
    found = groups[0]
    for one in groups[1:]:
        found |= one
    return found


@implements("JLW2.3b")
def by_open_recruitment(
    role: EnumColumn[Role], worked_since: DateColumn, since: DateColumn, issued: date
) -> BoolColumn:
    """Whether each person came into a post by open recruitment, as far as dates tell.

    Reading:
        "面向社会公开招聘": since the document this is the only way in but for those who were there before it
        (JLW2.3a, 3.4a, 3.4b) and for who was elected or appointed into a committee (JLW2.3a). So it is the way of staff
        who began to work in communities on the day of the document or later.

    Args:
        role: What the person was in the first post.
        worked_since: The first day of community work.
        since: The first day in a post.
        issued: The day of the document.
    """
    return (since >= issued) & (worked_since >= issued) & (role == Role.STAFF)


@implements("JLW2.3b", "JLW2.3c", needs=(MAX_AGE, MIN_EDUCATION, CERTIFIED_LEVEL))
def admission(
    birth_date: DateColumn, education: EnumColumn[EducationLevel], serving_worker: BoolColumn,
    certificate: EnumColumn[CertificateLevel], sociology_graduate: BoolColumn, veteran: BoolColumn,
    community_years: IntColumn, reference_day: DateColumn, policy: Policy,
) -> EnumColumn[Admission]:
    """Whether each applicant may apply, or what is lacking; unknown where the facts don't decide.

    Reading:
        "年龄不超过40周岁": completed years on the day that the notice names, the age itself allowed. "原则上": who
        falls short is told what is lacking, and a county that lets such a person in departs from a principle. "可适当
        放宽年龄限制": age alone, never education. How far is for the place to say; while none has, who is of such a
        group and above the age is neither let in nor turned away.

    Args:
        birth_date: Day of birth.
        education: Completed education.
        serving_worker: Whether working in a community, in a public-welfare job too.
        certificate: The certificate shown; unknown where none is.
        sociology_graduate: Whether a graduate in sociology.
        veteran: Whether a veteran.
        community_years: Completed years of community work, for places that relax age for the experienced.
        reference_day: The day on which age is counted: for all who apply that of the notice.
    """
    age = birth_date.completed_years(reference_day)
    of = _preferred(serving_worker, certificate, sociology_graduate, veteran, policy)
    member = preferred(serving_worker, certificate, sociology_graduate, veteran, policy)
    relaxation = policy.get(RELAXATION)
    within = age <= policy[MAX_AGE]
    relaxed = BoolColumn(np.zeros(len(age), dtype=np.bool_))
    if relaxation is not None:
        for group, oldest in relaxation.max_age.items():
            inside = of.get(group, community_years >= relaxation.experience_years)
            relaxed |= inside & (age <= oldest)
    lacking = ~(education >= policy[MIN_EDUCATION])
    least = policy.get(MIN_AGE)
    young = BoolColumn(np.zeros(len(age), dtype=np.bool_)) if least is None else age < least
    open_rule = BoolColumn(np.full(len(age), relaxation is None, dtype=np.bool_)) & member
    return _first(
        (
            (lacking, Admission.EDUCATION_SHORT), (young, Admission.TOO_YOUNG), (within, Admission.ADMITTED),
            (relaxed, Admission.RELAXED), (open_rule, Admission.LOCAL_RULE_NEEDED),
        ),
        Admission.TOO_OLD,
    )


def _first(cases: tuple[tuple[BoolColumn, Admission], ...], otherwise: Admission) -> EnumColumn[Admission]:
    """Return for each row the first case that is true, unknown where one before it is unknown."""
    members = list(Admission)
    rows = len(cases[0][0])
    found = np.full(rows, members.index(otherwise), dtype=np.int64)
    open_ = np.ones(rows, dtype=np.bool_)
    known = np.ones(rows, dtype=np.bool_)
    for condition, member in cases:
        found[open_ & condition.true()] = members.index(member)
        known &= ~(open_ & ~condition.mask())
        open_ &= ~condition.true() & condition.mask()
    return EnumColumn(found, known, Admission)


@implements("JLW2.3c")
def ranked(score: IntColumn, preferred: BoolColumn, may_apply: BoolColumn) -> Ranked:
    """Rank the applicants by score, preference breaking ties and nothing else.

    Reading:
        "在同等条件下优先录用": equal is who has the same score. Who then still are alike share a place: nothing in the
        text parts them.

    Args:
        score: The result of the selection, in the smallest unit in which it is given.
        preferred: Whether of a group that comes first among equals.
        may_apply: Whether let in; the others aren't ranked.
    """
    able = score.mask() & preferred.mask() & may_apply.true()
    rows = np.flatnonzero(able)
    points, first = score.values[rows], preferred.values[rows].astype(np.int64)
    order = np.lexsort((-first, -points))
    place, reason = np.zeros(len(score), dtype=np.int64), np.zeros(len(score), dtype=np.int64)
    place[rows] = _places(points, first, order)
    members = list(Reason)
    same_score = _alike(points)
    same_standing = _alike(points * len(members) + first)
    reason[rows] = np.where(
        same_standing, members.index(Reason.SHARED),
        np.where(same_score, members.index(Reason.PREFERENCE), members.index(Reason.SCORE)),
    )
    return Ranked(place=IntColumn(place, able), reason=EnumColumn(reason, able, Reason))


def _places(points: Ints, first: Ints, order: Ints) -> Ints:
    place = np.zeros(len(order), dtype=np.int64)
    if len(order):
        sorted_points, sorted_first = points[order], first[order]
        begins = np.ones(len(order), dtype=np.bool_)
        begins[1:] = (sorted_points[1:] != sorted_points[:-1]) | (sorted_first[1:] != sorted_first[:-1])
        numbers = np.arange(len(order), dtype=np.int64) + 1
        place[order] = np.maximum.accumulate(np.where(begins, numbers, 0))
    return place


def _alike(keys: Ints) -> Bools:
    _, at, counts = np.unique(keys, return_inverse=True, return_counts=True)
    alike: Bools = counts[at] > 1
    return alike


@implements("JLW2.3b")
def offers(place: IntColumn, posts: int) -> EnumColumn[Offer]:
    """For whom there is a post, by the ranked list and nothing else ("竞争、择优").

    Args:
        place: Each applicant's place in the list, unknown for who isn't in it.
        posts: How many posts are to be filled.
    """
    members = list(Offer)
    able = place.mask()
    ranks = place.values
    counts = np.bincount(ranks[able], minlength=1)
    last = ranks + counts[np.where(able, ranks, 0)] - 1
    found = np.where(
        last <= posts, members.index(Offer.OFFERED),
        np.where(ranks <= posts, members.index(Offer.PLACE_SHARED), members.index(Offer.NONE_LEFT)),
    )
    return EnumColumn(found, able, Offer)
