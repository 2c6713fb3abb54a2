"""Months as whole numbers from January 1970: inside a simulated year everything happens on whole months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from shequ_core.tables.columns import USUAL_DAYS, DateColumn, Ints
from shequ_core.tables.spells import ALWAYS, FOREVER
from shequ_core.values import MONTHS_PER_YEAR

Whole: TypeAlias = "npt.NDArray[np.integer[Any]]"  # Any: of any width
Months: TypeAlias = "npt.NDArray[np.int16]"

NEVER: Final = np.iinfo(np.int16).max
"""A month after every other: of what somebody hasn't got."""
EVER: Final = np.iinfo(np.int16).min
"""A month before every other: of what somebody always had."""
LIFE: Final = 120
"""Years that nobody outlives."""
_BEGINNING: Final = 1970
_FAR: Final = 2**20
"""Days beyond every day that a month of 16 bits can name."""


def january(year: int) -> int:
    """Return the first month of a year."""
    return (year - _BEGINNING) * MONTHS_PER_YEAR


def placed_on(years: range) -> date:
    """Return the day on which codes are those of places: the last of the first year, as in the tables of any year."""
    return date(years[0], MONTHS_PER_YEAR, 31)


def year_of(month: int) -> int:
    """Return the year of a month."""
    return month // MONTHS_PER_YEAR + _BEGINNING


def day_of(month: int) -> date:
    """Return a month's first day."""
    year = year_of(month)
    return date(year, month - january(year) + 1, 1)


def month_within(days: Ints) -> Months:
    """Return the month in which each day lies."""
    return _looked_up(days, _within)


def month_from(days: Ints) -> Months:
    """Return the first whole month from each day on: the next one, unless the day is a month's first."""
    return _looked_up(days, _from)


def first_days(months: Whole) -> DateColumn:
    """Return the first day of each month."""
    if months.dtype == np.int16:
        return DateColumn(_all_first_days()[months])
    return DateColumn(_first_days(months.astype(np.int64)))


def _looked_up(days: Ints, of: Callable[[Ints], Months]) -> Months:
    """Return the month of each day, of the usual ones by a table: calendars are slow."""
    found = _usual(of)[np.clip(days, USUAL_DAYS.start, USUAL_DAYS.stop - 1) - USUAL_DAYS.start]
    others = np.flatnonzero((days < USUAL_DAYS.start) | (days >= USUAL_DAYS.stop))
    found[others] = of(days[others])
    return found


@cache
def _usual(of: Callable[[Ints], Months]) -> Months:
    return of(np.arange(USUAL_DAYS.start, USUAL_DAYS.stop))


@cache
def _all_first_days() -> Ints:
    """The first day of every month of 16 bits, those before 1970 from the end."""
    return _first_days(np.roll(np.arange(EVER, NEVER + 1, dtype=np.int64), EVER))


def _within(days: Ints) -> Months:
    return _narrow(_months(days), days)


def _from(days: Ints) -> Months:
    months = _months(days)
    return _narrow(months + (_first_days(months) < np.clip(days, -_FAR, _FAR)), days)


def _months(days: Ints) -> Ints:
    return np.clip(days, -_FAR, _FAR).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_days(months: Ints) -> Ints:
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _narrow(months: Ints, days: Ints) -> Months:
    found = np.where(days >= FOREVER, NEVER, np.where(days <= ALWAYS, EVER, months))
    return found.astype(np.int16)


def years_of(months: Whole) -> Ints:
    """Return the year in which each month lies."""
    return months.astype(np.int64) // MONTHS_PER_YEAR + _BEGINNING
