"""Paid leave by years of work (JLW2.5a)."""

from __future__ import annotations

import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.policy.leave import ANNUAL
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import IntColumn


@implements("JLW2.5a", needs=(ANNUAL,))
def annual_days(years: IntColumn, policy: Policy) -> IntColumn:
    """How many days of paid leave each person has in a year.

    Reading:
        The regulation counts all years of work (累计工作), whatever the employer. Whoever gives the years of
        community work alone gets the days that these make sure of.

    Args:
        years: Completed years of work.
    """
    bands = policy[ANNUAL]
    place = np.searchsorted(np.array(bands.years, dtype=np.int64), years.values, side="right")
    return IntColumn(np.array([0, *bands.days], dtype=np.int64)[place], years.known)
