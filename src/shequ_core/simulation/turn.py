"""A year of some people, as behaviours see it and change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import attrs
import numpy as np

from shequ_core.policy.policy import Policy
from shequ_core.simulation.grading import Grading
from shequ_core.simulation.months import Months, january
from shequ_core.simulation.state import NONE, Codes, Layout, People
from shequ_core.tables.columns import Bools, Ints
from shequ_core.values import MONTHS_PER_YEAR, Labelled

Rows: TypeAlias = Ints
"""Places among the people of a turn."""


class Leaving(Labelled):
    """Why somebody leaves a post."""

    EXIT_AGE = "exit_age", "达到退出年龄"
    FAILED = "failed", "考核不合格"
    DISCIPLINE = "discipline", "违纪违法"
    GRAVE_NEGLECT = "grave_neglect", "严重失职"
    AGREEMENT = "agreement", "不履行协议"
    INCOMPETENCE = "incompetence", "不能胜任"
    OTHER_LAW = "other_law", "其他法定情形"
    CIVIL_SERVICE = "civil_service", "考录公务员"
    CHOICE = "choice", "主动离职"
    NOT_ELECTED = "not_elected", "换届未当选"


@attrs.frozen
class Gain:
    """Something that people win in a month.

    Attributes:
        month: From 0; it counts from the month's first day on.
        level: The level's place in its enum.
    """

    month: int
    rows: Rows
    level: Codes
    certificate: bool


@attrs.frozen(kw_only=True, eq=False)
class Turn:
    """A year of some people: whole subdistricts, in the order of the state's rows.

    Attributes:
        first: The row of the state where they begin.
        policies: The policy of each month.
        first_year: The year of the first row of their history.
        decided_in: The month, from 0, in which last year's assessments are decided.
        room: How many holders each community may have, a row a community of each seed's.
        least: How many each should have, where `known_room`.
        comes: The first month of the year of each holder, from 0.
        leaves: The month before which each holder has left, 12 for who stays.
        ground: Why, as a place in `Leaving`.
        grading: The grades by the policy with which the year begins.
        exit_months: What tells the month in which each reaches the exit age.
        in_scope: Whom the law of posts reaches (JLW2.1).
        gains: What is won in the year.
        counted: Who counts in outcomes of that name.
    """

    year: int
    layout: Layout
    people: People
    first: int
    policies: Sequence[Policy]
    first_year: int
    decided_in: int
    room: Ints
    least: Ints
    known_room: Bools
    comes: Codes
    leaves: Codes
    ground: Codes
    grading: Grading
    exit_months: Callable[[People], Months]
    in_scope: Bools
    gains: list[Gain] = attrs.field(factory=list)
    counted: dict[str, Bools] = attrs.field(factory=dict)

    @property
    def policy(self) -> Policy:
        """The policy with which the year begins."""
        return self.policies[0]

    @property
    def january(self) -> int:
        """The year's first month."""
        return january(self.year)

    @property
    def rows(self) -> Ints:
        """The rows of the state."""
        return np.arange(self.first, self.first + len(self.people))

    def leave(self, rows: Rows, month: Codes | int, ground: Leaving) -> None:
        """Let holders leave at the end of a month (from 0); of several grounds the earliest counts, then their order.

        Who comes later than that month stays.
        """
        until, number = np.broadcast_to(np.asarray(month, dtype=np.int8) + 1, rows.shape), list(Leaving).index(ground)
        before, old = self.leaves[rows], self.ground[rows]
        sooner = (old == NONE) | (until < before) | ((until == before) & (number < old))
        sooner &= self.people.held[rows] & (self.comes[rows] < until)
        at = rows[sooner]
        self.leaves[at], self.ground[at] = until[sooner], number

    def win(self, rows: Rows, month: int, level: Codes, *, certificate: bool) -> None:
        """Let those who are there in a month have a certificate, or a level of education, from then on."""
        there = self.people.held[rows] & (self.comes[rows] <= month) & (month < self.leaves[rows])
        self.gains.append(Gain(month, rows[there], level[there].astype(np.int8), certificate))

    def there(self, month: int) -> Bools:
        """Return who is there in a month."""
        there: Bools = self.people.held & (self.comes <= month) & (month < self.leaves)
        return there

    def at_end(self) -> Bools:
        """Return who is there on the last day of the year, though it be the last in post."""
        return np.asarray(self.people.held & (self.leaves == MONTHS_PER_YEAR), dtype=np.bool_)
