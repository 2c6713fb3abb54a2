"""Months as whole numbers, against Python's own calendar."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.simulation.months import EVER, NEVER, day_of, first_days, january, month_from, month_within
from shequ_core.tables.columns import day_number
from shequ_core.tables.spells import ALWAYS, FOREVER

DAYS = st.dates(date(1, 1, 1), date(4000, 12, 31))
"""Usual days, which are looked up, and others."""


def reckoned(day: date) -> int:
    """Return a day's month."""
    return (day.year - 1970) * 12 + day.month - 1


@given(st.lists(DAYS, max_size=9))
def test_the_month_of_a_day_and_from_a_day(days: list[date]) -> None:
    """A month's first day counts within it, any other from the next on; what is never or always stays so."""
    numbers = np.array([*map(day_number, days), FOREVER, ALWAYS], dtype=np.int64)
    assert month_within(numbers).tolist() == [*map(reckoned, days), NEVER, EVER]
    assert month_from(numbers).tolist() == [*(reckoned(day) + (day.day > 1) for day in days), NEVER, EVER]


@given(st.integers(january(1), january(3000)))
def test_the_first_day_of_a_month(month: int) -> None:
    """In numbers of 16 bits, which are looked up, as in any."""
    expected = [day_number(day_of(month))]
    assert first_days(np.array([month], dtype=np.int16)).values.tolist() == expected
    assert first_days(np.array([month], dtype=np.int64)).values.tolist() == expected
