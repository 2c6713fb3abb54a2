"""Vacancies filled over the years that a place allows (JLW3.1b)."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shequ_core.planning.hiring import hiring_plan
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.targets import HIRING_YEARS
from shequ_core.tables.columns import IntColumn, TextColumn

POLICY = PolicyBook.load().policy("22", date(2020, 10, 1))

COMMUNITIES = st.lists(st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=8)


@given(COMMUNITIES)
def test_all_are_hired_by_the_end_and_as_evenly_as_whole_people_allow(rows: list[tuple[int | None, int | None]]) -> None:
    """Each community gets what it lacks, each year the same number but for one, the larger years first."""
    codes = [f"220104001{number:03d}" for number in range(len(rows))]
    plan = hiring_plan(TextColumn.of(codes), IntColumn.of([lack for lack, _ in rows]), IntColumn.of([held for _, held in rows]), POLICY)
    years = POLICY[HIRING_YEARS]
    hired = dict.fromkeys(codes, 0)
    by_year = [0] * years
    for code, year, hires in zip(plan.community, plan.year, plan.hires, strict=True):
        assert code is not None
        assert year is not None
        assert hires
        hired[code] += hires
        by_year[year - 1] += hires
    wanted = [lack if lack is not None and held is not None else 0 for lack, held in rows]
    assert list(hired.values()) == wanted
    assert by_year == sorted(by_year, reverse=True)
    assert by_year[0] - by_year[-1] <= 1


@given(COMMUNITIES)
def test_the_order_of_rows_changes_nothing(rows: list[tuple[int | None, int | None]]) -> None:
    """A plan hangs on the communities, not on where they stand in the file."""
    codes = [f"220104001{number:03d}" for number in range(len(rows))]
    listed = list(zip(codes, rows, strict=True))

    def plan(some: list[tuple[str, tuple[int | None, int | None]]]) -> list[tuple[object, ...]]:
        found = hiring_plan(
            TextColumn.of([code for code, _ in some]), IntColumn.of([row[0] for _, row in some]),
            IntColumn.of([row[1] for _, row in some]), POLICY,
        )
        return list(zip(found.community, found.year, found.hires, strict=True))

    assert plan(listed[::-1]) == plan(listed)
