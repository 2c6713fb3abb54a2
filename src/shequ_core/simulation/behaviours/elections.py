"""Committees are elected term by term, and service agreements run with the term (JLW2.5c)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import ClassVar, Final

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.law.clauses import Document
from shequ_core.model.places import NATION
from shequ_core.model.posts import Role
from shequ_core.policy.agreements import FIRST_DAY, SINCE_ELECTION_OF, TERM
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import Reform
from shequ_core.policy.policy import Policy
from shequ_core.rules.agreements import term_of
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.months import placed_on
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import LIVES
from shequ_core.simulation.turn import Leaving, Turn
from shequ_core.values import Span, Status

EXPECTED: Final = "expected_term"
"""What a policy calls the reform that sets a term where a place has set none."""
_STAFF: Final = list(Role).index(Role.STAFF)


@attrs.frozen(kw_only=True)
class Elections(Behaviour):
    """In the year in which a term begins, some of the committees' members are not elected again, and leave.

    Who is elected in their place comes as others do, into a vacant post, from the next year on. Everybody signs an
    agreement to the end of the term, once a term; some don't.

    Attributes:
        first_term: The first day of a term, where a place has set none of its own.
        lost: The share of secretaries, directors, their deputies and members who are not elected again.
        unsigned: The share of holders who sign no agreement for a term.
    """

    first_term: Sourced[date] = attrs.field(
        factory=lambda: Sourced.figure("first_term", Figures.day),
        converter=given, metadata=within(ranges.day),
    )
    lost: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("not_elected_again", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    unsigned: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("agreement_missing", Figures.share),
        converter=given, metadata=within(ranges.share),
    )

    kind: ClassVar[str] = "elections"

    def prepare(self, book: PolicyBook, counties: Iterable[str], years: range) -> PolicyBook:  # noqa: D102
        day = self.first_term.value
        if all(FIRST_DAY in book.policy(one, date(years[-1], 12, 31), placed_on=placed_on(years)) for one in counties):
            return book
        value = FIRST_DAY.set(
            day, since=day, known_on=day, status=Status.ASSUMPTION,
            source=Document("A term that nobody set").article(""),
        )
        # Laid under what places say, for all of them at once: counties of one law go through together.
        return book.reformed(Reform(name=EXPECTED, place=NATION, values=[value], scope="default"))

    def leave(self, turn: Turn) -> None:  # noqa: D102
        term = term_at_end(turn)
        if term is None or term.low.year != turn.year:
            return
        people = turn.people
        stood = people.held & (people.role != _STAFF) & (people.entry < turn.january)
        rows = np.flatnonzero(stood)
        lost = LIVES.happens(people.key[rows], self.lost.value, purpose="elections: lost", year=turn.year)
        # They leave with the month before the term: with the term's own month where it is the year's first.
        last = max(term.low.month - 2, 0)
        turn.leave(rows[lost], last, Leaving.NOT_ELECTED)

    def close(self, turn: Turn) -> None:  # noqa: D102
        term = term_at_end(turn)
        if term is None:
            return
        people, there = turn.people, turn.at_end()
        unsigned = LIVES.happens(
            people.key, self.unsigned.value, purpose="elections: no agreement", year=term.low.year
        )
        turn.counted["agreed"] = there & ~unsigned
        turn.counted["agreements_missing"] = there & unsigned
        now = (people.entry >= turn.january) | (term.low.year == turn.year)
        turn.counted["agreements_signed"] = turn.counted["agreed"] & now


def term_at_end(turn: Turn) -> Span[date] | None:
    """Return the term in which the year ends; None where agreements have not begun, or nobody set a term."""
    policy: Policy = turn.policies[-1]
    if any(key not in policy for key in (TERM, FIRST_DAY, SINCE_ELECTION_OF)):
        return None
    return term_of(date(turn.year, 12, 31), policy)
