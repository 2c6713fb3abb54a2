"""Patrol plans: every household once, rounds alike, short walks; and the files that they become."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date
from pathlib import Path

import attrs
import icalendar
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.errors import InputError, UnsetError
from shequ_core.model.buildings import Building
from shequ_core.planning.grids.asking import divide
from shequ_core.planning.patrols import PatrolPlan, patrols
from shequ_core.policy.book import PolicyBook
from shequ_core.reports.ics import Event, calendar_bytes
from shequ_core.reports.patrols import patrol_calendar, write_patrols
from shequ_core.tables.buildings import Buildings
from shequ_core.values import Span

BOOK = PolicyBook.load(plugins=[])
GRID = "220104001001001"
MARCH = date(2026, 3, 1)


@attrs.frozen
class Weekdays:
    """Monday to so many days after it, every week: made up, so that the tests hang on no library."""

    most: int
    name: str = "weekdays"
    years: Span[int] = attrs.field(factory=lambda: Span(2000, 2100))

    def is_workday(self, day: date) -> bool:
        return day.weekday() < self.most


def plan_of(households: list[int], *, most: int = 5, points: list[tuple[float, float]] | None = None) -> PatrolPlan:
    rows = [
        Building(
            id=f"B{number}", households=one, x=None if points is None else points[number][0],
            y=None if points is None else points[number][1],
        )
        for number, one in enumerate(households)
    ]
    pairs = [(one.id, GRID) for one in rows]
    return patrols(Buildings.of(rows), pairs, MARCH, book=BOOK, calendar=Weekdays(most))


@given(st.lists(st.integers(0, 130), min_size=1, max_size=12), st.integers(1, 7))
def test_every_household_once_and_rounds_alike(households: list[int], most: int) -> None:
    """Counted one by one: each household of each building once; rounds differ by one; two rounds every day."""
    plan = plan_of(households, most=most)
    called: Counter[tuple[str, int]] = Counter()
    size: Counter[tuple[date, int]] = Counter()
    for one in plan.visits:
        size[one.day, one.round] += one.households
        if one.first is not None and one.last is not None:
            assert one.households == one.last - one.first + 1
            called.update((one.building, number) for number in range(one.first, one.last + 1))
    everybody = {(f"B{number}", one + 1) for number, count in enumerate(households) for one in range(count)}
    assert set(called) == everybody
    assert set(called.values()) <= {1}
    assert set(size) == {(day, number) for day in plan.days for number in (1, 2)}
    assert max(size.values()) - min(size.values()) <= 1
    assert {one.building for one in plan.visits} >= {f"B{number}" for number, one in enumerate(households) if not one or any(households)}


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=6, unique=True))
def test_walks_are_short(points: list[tuple[int, int]]) -> None:
    """Against every order there is: never shorter than the best, and never half as long again."""
    where = [(10.0 * x, 10.0 * y) for x, y in points]
    walk = plan_of([3] * len(where), points=where).walks[GRID]
    best = min(
        sum(float(np.hypot(a[0] - b[0], a[1] - b[1])) for a, b in itertools.pairwise(order))
        for order in itertools.permutations(where)
    )
    assert walk is not None
    assert best - 1e-6 <= walk <= 1.5 * best + 1e-6


def test_make_up_days_are_working_days() -> None:
    """February 2026 by the official calendar: 16 days, two Saturdays among them; 32 rounds a grid."""
    plan = patrols(
        Buildings.of([Building(id="1", households=64)]), [("1", GRID)], date(2026, 2, 1), book=BOOK
    )
    assert len(plan.days) == 16
    assert {day for day in plan.days if day.weekday() == 5} == {date(2026, 2, 14), date(2026, 2, 28)}
    assert [one.households for one in plan.visits] == [2] * 32


def test_a_division_of_ours_goes_straight_in() -> None:
    """A plan brings its buildings, their points and their grids."""
    rows = [
        Building(id=f"{x}-{y}", community=GRID[:12], households=40, x=60.0 * x, y=60.0 * y) for x in range(5) for y in range(4)
    ]
    plan = patrols(divide(rows, low=300, high=500), None, MARCH, policy="220104", book=BOOK, calendar=Weekdays(5))
    assert int(plan.visits.households.values.sum()) == 800
    assert None not in plan.walks.values()


def test_bad_input_is_named_all_at_once() -> None:
    """Buildings without a grid; a grid that tells no county; a place where nobody set rounds."""
    table = Buildings.of([Building(id=one, households=3) for one in ("a", "b", "c")])
    with pytest.raises(InputError) as caught:
        patrols(table, [("b", GRID)], MARCH, book=BOOK, calendar=Weekdays(5))
    assert [one.message.parts["building"] for one in caught.value.faults] == ["a", "c"]
    with pytest.raises(InputError, match="tells no county"):
        patrols(table, [(one, "7") for one in "abc"], MARCH, book=BOOK, calendar=Weekdays(5))
    with pytest.raises(UnsetError, match=r"service\.patrols"):
        patrols(table, [(one, "7") for one in "abc"], MARCH, policy="00", book=BOOK, calendar=Weekdays(5))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_calendar_is_read_by_another_program(lang: str) -> None:
    """As RFC 5545 has it: CR LF, 75 octets, UIDs that are unique and stay; another library reads the same back."""
    plan = plan_of([90, 0, 41, 7, 200])
    content = patrol_calendar(plan, lang)
    assert content == patrol_calendar(plan_of([90, 0, 41, 7, 200]), lang)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert len(events) == len({str(one["UID"]) for one in events}) == 2 * len(plan.days)
    assert {one.decoded("DTSTART") for one in events} == set(plan.days)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200))
def test_any_text_comes_back(text: str) -> None:
    """Commas, semicolons, backslashes, Chinese and emoji, folded anywhere."""
    content = calendar_bytes("x", [Event(uid="u", day=MARCH, summary=text, description="a\nb", made_on=MARCH)], text)
    assert max(map(len, content.split(b"\r\n"))) <= 75
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(event["SUMMARY"]) == text
    assert str(event["DESCRIPTION"]) == "a\nb"


def test_files_are_written_and_only_their_like_replaced(tmp_path: Path) -> None:
    """All four forms, twice; a stranger's calendar stays."""
    plan = plan_of([9, 4])
    outs = [tmp_path / f"plan{form}" for form in (".ics", ".csv", ".xlsx", ".json")]
    for _ in range(2):
        write_patrols(plan, outs, "zh")
    outs[0].write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:somebody else\r\nEND:VCALENDAR\r\n")
    with pytest.raises(OSError, match="not an earlier answer"):
        write_patrols(plan, outs, "zh")
