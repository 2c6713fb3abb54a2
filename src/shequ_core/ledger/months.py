"""Months as answers write them, 202207, and as people do, 2022-07."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

from shequ_core.values import MONTHS_PER_YEAR

YEAR: Final = 100
"""A month is written year x 100 + month."""


def number_of(day: date) -> int:
    """Return the month of a day as 202207."""
    return day.year * YEAR + day.month


def first_day(number: int) -> date:
    """Return the first day of a month."""
    return date(number // YEAR, number % YEAR, 1)


def shown(number: int) -> str:
    """Write a month as people do."""
    return f"{number // YEAR:04}-{number % YEAR:02}"


def after(number: int) -> int:
    """Return the month after."""
    return number + 1 if number % YEAR < MONTHS_PER_YEAR else (number // YEAR + 1) * YEAR + 1


def between(first: int, last: int) -> list[int]:
    """Return the months after one and before another."""
    found = []
    month = after(first)
    while month < last:
        found.append(month)
        month = after(month)
    return found


def last_day(number: int) -> date:
    """Return the last day of a month."""
    year, month = divmod(number, YEAR)
    return date(year, month, monthrange(year, month)[1])
