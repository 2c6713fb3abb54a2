"""Which days are working days: weekends, statutory holidays, and the days off that are made up for."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final, Protocol

import attrs
from dateutil.relativedelta import relativedelta

from shequ_core.errors import CalendarYearError, MissingExtraError
from shequ_core.values import Span

_SATURDAY: Final = calendar.SATURDAY


class WorkdayCalendar(Protocol):
    """Tells working days from days off. A city that has days of its own hands in its own."""

    @property
    def name(self) -> str:
        """What it rests on, as a plan names it."""

    @property
    def years(self) -> Span[int]:
        """The first and the last year that it knows."""

    def is_workday(self, day: date) -> bool:
        """Whether people work on a day of these years."""


@attrs.frozen
class OfficialCalendar:
    """The State Council's yearly notices, as the library chinesecalendar carries them (extra `calendar`)."""

    @property
    def name(self) -> str:
        """Name the library and its version: a later one may know more years."""
        from importlib.metadata import version

        self._library()
        return f"chinesecalendar {version('chinesecalendar')}"

    @property
    def years(self) -> Span[int]:
        """The years of the first and the last holiday that it knows."""
        holidays, _ = self._library()
        return Span(min(holidays).year, max(holidays).year)

    def is_workday(self, day: date) -> bool:
        """Whether a day is a weekday and no holiday, or a day off that is made up for.

        Raises:
            CalendarYearError: The year isn't known.
            MissingExtraError: The library isn't installed.
        """
        holidays, made_up = self._library()
        if not min(holidays).year <= day.year <= max(holidays).year:
            raise CalendarYearError(self.name, day.year, min(holidays).year, max(holidays).year)
        return day in made_up or (day.weekday() < _SATURDAY and day not in holidays)

    @staticmethod
    def _library() -> tuple[dict[date, str], dict[date, str]]:
        try:
            from chinese_calendar.constants import holidays, workdays
        except ImportError:
            raise MissingExtraError("chinesecalendar", "calendar") from None
        return holidays, workdays


def workdays(months: Span[date], known: WorkdayCalendar) -> tuple[date, ...]:
    """Return the working days from one day to another, both included.

    Raises:
        CalendarYearError: The calendar doesn't know a year of them.
    """
    years = known.years
    for year in (months.low.year, months.high.year):
        if not years.low <= year <= years.high:
            raise CalendarYearError(known.name, year, years.low, years.high)
    days = (months.low + timedelta(days=one) for one in range((months.high - months.low).days + 1))
    return tuple(day for day in days if known.is_workday(day))


def whole_months(first: date, count: int) -> Span[date]:
    """Return the span of so many calendar months, the first of which a day lies in."""
    start = first.replace(day=1)
    return Span(start, start + relativedelta(months=count) - timedelta(days=1))
