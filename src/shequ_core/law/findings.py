"""Findings: what somebody should look at, as values; sentences are made from them later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import attrs

from shequ_core.errors import Message
from shequ_core.law.clauses import Force


class Grade(StrEnum):
    """What a finding is."""

    CONFLICT = "conflict"
    """A departure from a clause that must be kept."""
    NOTE = "note"
    """A departure from a clause that speaks in principle."""
    PROPOSAL = "proposal"
    """Something to decide, with its reason: never a decision."""
    DUE = "due"
    """Something to do by a day."""
    NOT_EXAMINED = "not examined"
    """A fact or a local rule is missing, so nobody can say."""


GRADE_OF_FORCE: Mapping[Force, Grade] = {
    Force.MUST: Grade.CONFLICT,
    Force.SHOULD: Grade.NOTE,
    Force.MAY: Grade.CONFLICT,  # an option's bound binds whoever uses it
    Force.AIM: Grade.NOTE,
    Force.NONE: Grade.NOTE,
}


@attrs.frozen(kw_only=True)
class Finding:
    """One finding.

    Attributes:
        code: Begins with the clause: 'JLW2.2d-party-posts-short'.
        subject: What it is about: the code of a place or the id of a person or post.
        message: What was found and what is allowed.
        force: How strictly the clause speaks.
        due: From when it is expected; None for at once.
        found: The figure that was found, where it is one.
        allowed: What is allowed instead: a figure or a span.
        count: Of how many rows nobody can say, where it is something not examined.
    """

    code: str
    grade: Grade
    clause: str
    subject: str
    message: Message
    force: Force = Force.NONE
    due: date | None = None
    found: object = None
    allowed: object = None
    count: int | None = None

    def is_due(self, on: date) -> bool:
        """Whether it is expected by a day."""
        return self.due is None or self.due <= on
