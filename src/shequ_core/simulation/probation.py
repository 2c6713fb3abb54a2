"""Who of some people is on probation, and what that makes of their pay (JLW2.4b).

Readings:
    A month in which probation ends is still one of probation. Where nobody of a county is off probation there is no
    mean of which a share could be paid: each has the own basic pay.
"""

from __future__ import annotations

import attrs
import numpy as np

from shequ_core.model.pay import Newcomer
from shequ_core.policy.month import PROBATION
from shequ_core.policy.policy import Policy
from shequ_core.rules import pay
from shequ_core.simulation.state import Codes
from shequ_core.simulation.turn import Rows, Turn
from shequ_core.tables.columns import Bools, EnumColumn, FenColumn, IntColumn, Ints, TextColumn
from shequ_core.values import MONTHS_PER_YEAR, Span


@attrs.frozen(eq=False)
class OnProbation:
    """Those who are on probation in some month of a year, under a policy that says what that is.

    Attributes:
        rows: Their places among the turn's people; `group` of their subdistricts.
        footing: On what footing each is.
        first: The first month that each is there on probation, from 0; `last` the last.
        lowered: Who of them is placed lower; `by_mean` who has a share of the county's mean.
        grades: The grades of each one's class of post.
    """

    turn: Turn
    policy: Policy
    rows: Rows
    group: Ints
    footing: EnumColumn[Newcomer]
    first: Codes
    last: Codes
    lowered: Bools
    by_mean: Bools
    grades: Span[IntColumn]

    @classmethod
    def of(cls, turn: Turn, policy: Policy, paid: Bools, starts: Ints) -> OnProbation:
        """Look for them among those who are paid; nobody is, where the policy says nothing of it.

        Args:
            turn: The year.
            policy: What it is held against.
            paid: Who is paid.
            starts: The first row of each subdistrict.
        """
        people, members, rule = turn.people, list(Newcomer), policy.get(PROBATION)
        on = paid & (people.probation > np.maximum(people.since, turn.january)) & (rule is not None)
        rows = np.flatnonzero(on)
        # As a real month has it: who has worked before came with experience.
        fresh = people.worked[rows] >= people.since[rows]
        codes = np.where(fresh, members.index(Newcomer.INEXPERIENCED), members.index(Newcomer.EXPERIENCED))
        lowered, by_mean = np.zeros(len(members), dtype=np.bool_), np.zeros(len(members), dtype=np.bool_)
        if rule is not None:
            lowered[:] = [rule.grades_lower(one) > 0 for one in members]
            by_mean[:] = [rule.share_of_mean(one) is not None for one in members]
        ends = np.minimum(people.probation[rows] - turn.january, MONTHS_PER_YEAR).astype(np.int8)
        classes = TextColumn(people.post_class[rows].astype(np.int64), None, turn.layout.classes)
        return cls(
            turn, policy, rows, np.searchsorted(starts, rows, side="right") - 1,
            EnumColumn(codes, None, Newcomer), turn.comes[rows],
            np.minimum(ends, turn.leaves[rows]) - np.int8(1), lowered[codes], by_mean[codes],
            pay.class_grades(classes, policy),
        )

    def there(self, month: int) -> Bools:
        """Return who of them is there on probation in a month, from 0."""
        there: Bools = (self.first <= month) & (month <= self.last)
        return there

    def raised(self, month: int) -> Rows:
        """Return who was placed lower and is off probation from a month on."""
        ends = self.turn.people.probation[self.rows] - self.turn.january
        raised: Rows = self.rows[self.lowered & (ends == month)]
        return raised

    def place(self, grade: Codes, month: int, rows: Rows | None = None) -> tuple[Rows, Codes]:
        """Return who is placed lower in a month or from later in the year, and in which grade.

        Args:
            grade: Everybody's own grade.
            month: The month, from 0.
            rows: Among whom it is asked; all where None.
        """
        at = np.flatnonzero(self.lowered & (month <= self.last))
        if rows is not None and len(at):
            asked = np.zeros(len(grade), dtype=np.bool_)
            asked[rows] = True
            at = at[asked[self.rows[at]]]
        some = self.rows[at]
        if not len(at):
            return some, grade[some]
        own = IntColumn(grade[some].astype(np.int64))
        grades = self.grades.map(lambda column: column.take(at))
        return some, pay.probation_grade(own, self.footing.take(at), grades, self.policy).values.astype(grade.dtype)

    def more(self, at: Ints, basic: Ints, mean_of: Ints, people: Ints) -> Ints:
        """Return by how much a share of the mean is more than the own basic pay, below 0 where it is less.

        Args:
            at: Of whom it is asked, as places among `rows`.
            basic: Their own basic pay.
            mean_of: What the settled people of each one's county have as basic pay, `people` how many they are.
        """
        own = FenColumn(basic)
        paid = pay.probation_basic(own, self.footing.take(at), FenColumn(mean_of), IntColumn(people), self.policy)
        return np.where(paid.mask(), paid.values - basic, 0)
