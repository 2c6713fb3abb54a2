"""Working days against the State Council's notices, typed from their text, and what happens outside of them."""

from __future__ import annotations

import sys
from datetime import date, timedelta

import pytest

from shequ_core.errors import CalendarYearError, MissingExtraError
from shequ_core.planning.workdays import OfficialCalendar, whole_months, workdays
from shequ_core.values import Span

# 国办发明电〔2024〕12号 and the notice for 2026: first and last days off, then the days that are made up for.
NOTICES = {
    2025: (
        [("01-01", "01-01"), ("01-28", "02-04"), ("04-04", "04-06"), ("05-01", "05-05"), ("05-31", "06-02"), ("10-01", "10-08")],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        [("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-19", "06-21"), ("09-25", "09-27"),
         ("10-01", "10-07")],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_is_as_the_notice_has_it(year: int) -> None:
    """Days off and days made up for come from the notice; every other day from the weekday."""
    off, made_up = NOTICES[year]
    spans = [(date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}")) for first, last in off]
    extra = {date.fromisoformat(f"{year}-{day}") for day in made_up}
    official = OfficialCalendar()
    for number in range(365):
        day = date(year, 1, 1) + timedelta(days=number)
        expected = day in extra or (day.weekday() < 5 and not any(low <= day <= high for low, high in spans))
        assert official.is_workday(day) is expected, day


def test_outside_of_its_years_it_says_which_years_it_knows() -> None:
    """No guess by weekdays for a year whose notice isn't out."""
    official = OfficialCalendar()
    last = official.years.high
    with pytest.raises(CalendarYearError, match=rf"of {official.years.low} to {last}, not of {last + 1}"):
        workdays(Span(date(last, 12, 1), date(last + 1, 1, 31)), official)
    with pytest.raises(CalendarYearError):
        official.is_workday(date(1999, 1, 4))


def test_without_the_library_it_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calendar is an extra: whoever lacks it is told what to install."""
    monkeypatch.setitem(sys.modules, "chinese_calendar.constants", None)
    with pytest.raises(MissingExtraError, match=r"shequ-core\[calendar\]"):
        OfficialCalendar().is_workday(date(2026, 3, 2))


def test_months_are_whole() -> None:
    """From any day of a month; over the end of a year."""
    assert whole_months(date(2024, 2, 29), 1) == Span(date(2024, 2, 1), date(2024, 2, 29))
    assert whole_months(date(2025, 12, 5), 2) == Span(date(2025, 12, 1), date(2026, 1, 31))
