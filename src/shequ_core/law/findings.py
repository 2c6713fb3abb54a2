"""Findings: what somebody should look at, as values; sentences are made from them later."""

from __future__ import annotations

from collections.abc import Mapping
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
    """

    code: str
    grade: Grade
    clause: str
    subject: str
    message: Message
