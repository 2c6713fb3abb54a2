"""Who has to leave: at the exit age, and after too many failed years (JLW2.10a, 2.10h)."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final, Self

import attrs
import numpy as np

from shequ_core.model.posts import Sex
from shequ_core.policy.exits import AGE, FAILED_RUNNING, FAILED_TOTAL, UNASSESSED_YEAR, ExitAge
from shequ_core.policy.policy import Policy
from shequ_core.rules.exits import exit_day, failed_too_often
from shequ_core.simulation.months import LIFE, NEVER, Months, first_days, january, month_within
from shequ_core.simulation.state import People
from shequ_core.simulation.turn import Leaving, Turn
from shequ_core.tables.columns import EnumColumn
from shequ_core.tables.history import History
from shequ_core.values import MONTHS_PER_YEAR

_KEPT: Final = 8
"""So many tables are kept: counties have a few rules of the age among them."""


@attrs.frozen(kw_only=True, eq=False)
class ExitMonths:
    """In which month everybody reaches the exit age, by sex and month of birth: worked out once for all who live.

    Attributes:
        rule: What the policy says of the age; None where it says nothing.
        born: The first month of birth of the table.
        table: One row a sex, one column a month of birth.
    """

    rule: ExitAge | None
    born: int
    table: Months

    @classmethod
    def of(cls, policy: Policy, years: range) -> Self:
        """Return it for everybody who lives in some years."""
        born, until, rule = january(years[0] - LIFE), january(years[-1] + 1), policy.get(AGE)
        if rule is None:
            return cls(rule=None, born=born, table=np.full((len(Sex), until - born), NEVER, dtype=np.int16))
        said = json.dumps(rule.to_data(), sort_keys=True)
        return cls(rule=rule, born=born, table=_table(_Asked(said, born, until, policy)))

    def __call__(self, people: People) -> Months:
        """Return the month at whose end each leaves the post."""
        return self.table[people.sex, np.maximum(people.birth - self.born, 0)]


@attrs.frozen
class _Asked:
    """A table of exit months: what says the same of the age has the same, whatever else the policy says."""

    rule: str
    born: int
    until: int
    policy: Policy = attrs.field(eq=False)


@lru_cache(maxsize=_KEPT)
def _table(asked: _Asked) -> Months:
    births = np.arange(asked.born, asked.until)
    sexes = EnumColumn(np.repeat(np.arange(len(Sex)), len(births)), None, Sex)
    day = exit_day(sexes, first_days(np.tile(births, len(Sex))), asked.policy)
    return month_within(day.values).reshape(len(Sex), len(births))


def leave_by_law(turn: Turn) -> None:
    """Let those leave who have to: at the end of the month of the exit age, and of that of the last assessment.

    Reading:
        Who has passed the exit age before leaves at the end of the first month.
    """
    people, decided_in = turn.people, turn.decided_in
    old = np.flatnonzero(people.held & (people.exit_month < turn.january + MONTHS_PER_YEAR))
    turn.leave(old, np.maximum(people.exit_month[old] - turn.january, 0).astype(np.int8), Leaving.EXIT_AGE)
    if any(key not in turn.policies[decided_in] for key in (FAILED_RUNNING, FAILED_TOTAL, UNASSESSED_YEAR)):
        return
    some = np.flatnonzero(people.held & (people.failed > 0))
    codes = people.history[: turn.year - turn.first_year, some].T
    history = History(turn.first_year, codes, np.zeros(codes.shape, dtype=np.int32))
    failed = failed_too_often(history, turn.policies[decided_in])
    turn.leave(some[failed.true()], decided_in, Leaving.FAILED)


