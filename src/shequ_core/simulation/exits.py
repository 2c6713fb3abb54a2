"""Who has to leave: at the exit age, and after too many failed years (JLW2.10a, 2.10h)."""

from __future__ import annotations

import numpy as np

from shequ_core.model.posts import Sex
from shequ_core.policy.exits import AGE, FAILED_RUNNING, FAILED_TOTAL, UNASSESSED_YEAR
from shequ_core.policy.policy import Policy
from shequ_core.rules.exits import exit_day, failed_too_often
from shequ_core.simulation.months import NEVER, Months, first_days, month_within
from shequ_core.simulation.state import People
from shequ_core.simulation.turn import Leaving, Turn
from shequ_core.tables.columns import EnumColumn
from shequ_core.tables.history import History
from shequ_core.values import MONTHS_PER_YEAR



def exit_months(people: People, policy: Policy) -> Months:
    """Return the month in which each reaches the exit age, at whose end the post is left."""
    if AGE not in policy:
        return np.full(len(people), NEVER, dtype=np.int16)
    day = exit_day(EnumColumn(people.sex.astype(np.int64), None, Sex), first_days(people.birth), policy)
    return month_within(day.values)


def leave_by_law(turn: Turn, decided_in: int) -> None:
    """Let those leave who have to: at the end of the month of the exit age, and of that of the last assessment.

    Reading:
        Who has passed the exit age before leaves at the end of the first month.

    Args:
        decided_in: The month of the year, from 0, in which the assessments of the year before are decided.
    """
    people = turn.people
    old = np.flatnonzero(people.held & (people.exit_month < turn.january + MONTHS_PER_YEAR))
    turn.leave(old, np.maximum(people.exit_month[old] - turn.january, 0).astype(np.int8), Leaving.EXIT_AGE)
    if any(key not in turn.policies[decided_in] for key in (FAILED_RUNNING, FAILED_TOTAL, UNASSESSED_YEAR)):
        return
    some = np.flatnonzero(people.held & (people.failed > 0))
    codes = people.history[: turn.year - turn.first_year, some].T
    history = History(turn.first_year, codes, np.zeros(codes.shape, dtype=np.int32))
    failed = failed_too_often(history, turn.policies[decided_in])
    turn.leave(some[failed.true()], decided_in, Leaving.FAILED)


