"""Who moves into posts from before, and whether it was done in time (JLW2.3a, 3.1a, 3.4a-b)."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.model.posts import Employment, Role
from shequ_core.policy.policy import Policy
from shequ_core.policy.targets import COMMITTEE_BY
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn


class Recruiter(StrEnum):
    """Who recruited somebody who works in a community."""

    GOVERNMENT = "government"
    """The government of the city or county, or civil affairs."""
    OTHER_DEPARTMENT = "other_department"
    """Another department."""


class Route(StrEnum):
    """By which clause somebody may move into a post."""

    COMMITTEE = "committee"
    """JLW2.3a: full-time in a committee, elected or appointed by law."""
    RECRUITED = "recruited"
    """JLW3.4a: recruited openly by a government or civil affairs before the document."""
    OTHERS = "others"
    """JLW3.4b: recruited by another department before the document, still there and qualified."""
    OPEN_RECRUITMENT = "open_recruitment"
    """JLW2.3b: by none of these; there is open recruitment."""


@implements("JLW3.1a", needs=(COMMITTEE_BY,))
def moved_late(moved_on: DateColumn, in_office: BoolColumn, policy: Policy) -> BoolColumn:
    """Whether each serving committee member was moved into a post too late, or not at all.

    Reading:
        "2020年9月底前": the last day of the month is still in time. It binds for those then in office; who came into
        office later moves by JLW2.3a, without a day.

    Args:
        moved_on: The day on which the member moved into a post; unknown where that hasn't been done.
        in_office: Whether the member was a full-time one then.
    """
    in_time = moved_on <= policy[COMMITTEE_BY]
    return in_office & ~BoolColumn(in_time.values & in_time.mask())


@implements("JLW2.3a", "JLW3.4a", "JLW3.4b", "JLG2.4.1")
def route(
    role: EnumColumn[Role], employment: EnumColumn[Employment], recruiter: EnumColumn[Recruiter], openly: BoolColumn,
    before_document: BoolColumn, still_there: BoolColumn, conditions_met: BoolColumn,
) -> EnumColumn[Route]:
    """By which clause each person who works in a community may move into a post; unknown where nobody can say.

    The first that fits, in the order of the clauses; for all of them full-time, and never a public-welfare job.

    Args:
        role: What the person is in the community; anything but staff is a seat in a committee.
        employment: On what footing the person works.
        recruiter: Who recruited the person.
        openly: Whether openly.
        before_document: Whether before the day on the document.
        still_there: Whether the person still works in a community.
        conditions_met: Whether the conditions of a post are met.
    """
    full_time = employment == Employment.FULL_TIME
    ways = (
        (full_time & (role != Role.STAFF), Route.COMMITTEE),
        (full_time & (recruiter == Recruiter.GOVERNMENT) & openly & before_document, Route.RECRUITED),
        (
            full_time & (recruiter == Recruiter.OTHER_DEPARTMENT) & before_document & still_there & conditions_met,
            Route.OTHERS,
        ),
    )
    members = list(Route)
    found = np.full(len(role), members.index(Route.OPEN_RECRUITMENT), dtype=np.int64)
    known, still_open = np.ones(len(role), dtype=np.bool_), np.ones(len(role), dtype=np.bool_)
    for fits, way in ways:
        found[still_open & fits.true()] = members.index(way)
        known &= ~(still_open & ~fits.mask())
        still_open &= fits.false()
    return EnumColumn(found, known, Route)
