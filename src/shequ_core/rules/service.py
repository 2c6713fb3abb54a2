"""The hall, the grids, and the rounds that are walked there (JLW2.8)."""

from __future__ import annotations

from typing import Final

import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.policy.policy import Policy
from shequ_core.policy.service import COVERAGE_MONTHS, HALL_STAFF, PATROLS
from shequ_core.tables.columns import DateColumn, IntColumn, maximum
from shequ_core.values import MONTHS_PER_YEAR, Span


@implements("JLW2.8a", needs=(HALL_STAFF,))
def hall_missed(staff: IntColumn, policy: Policy) -> IntColumn:
    """By how many people each hall misses its staff: below zero too few, above zero too many."""
    allowed = policy[HALL_STAFF]
    return maximum(staff - allowed.high, 0) - maximum(allowed.low - staff, 0)


@implements("JLW2.8a", needs=(HALL_STAFF,))
def grid_staff(holders: IntColumn, policy: Policy) -> Span[IntColumn]:
    """How many of a community's post holders work in its grids: all but those of the hall.

    Returns:
        With a full hall and with the smallest one; none where the hall takes everybody.
    """
    allowed = policy[HALL_STAFF]
    return Span(maximum(holders - allowed.high, 0), maximum(holders - allowed.low, 0))


@implements("JLW2.8b", needs=(PATROLS,))
def rounds_due(workdays: IntColumn, policy: Policy) -> IntColumn:
    """How many rounds each grid is to see on so many working days.

    Reading:
        "一日两巡" counts working days: rounds on days off are emergency duty, which is arranged apart.
    """
    return workdays * policy[PATROLS]


@implements("JLW2.8b", needs=(COVERAGE_MONTHS,))
def visit_due_by(last_visit: DateColumn, policy: Policy) -> DateColumn:
    """The last day by which each household is to be visited again.

    Reading:
        "月全覆盖" counts calendar months: who was visited on any day of a month is due by the end of the next.
    """
    after = last_visit.month_index() + policy[COVERAGE_MONTHS] + 1  # the month after the last that will do
    months = (after - _FIRST_MONTH).values.astype("datetime64[M]")
    return DateColumn(months.astype("datetime64[D]").astype(np.int64) - 1, after.known)


_FIRST_MONTH: Final = 1970 * MONTHS_PER_YEAR
"""Where NumPy's calendar begins, in months from the year 0."""
