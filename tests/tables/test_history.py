"""The highest level that somebody had on a day: as going through the rows by hand gives it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shequ_core.model.posts import Education, EducationLevel
from shequ_core.tables.columns import DateColumn, EnumColumn, TextColumn
from shequ_core.tables.dataset import Educations
from shequ_core.tables.history import highest

LEVELS = list(EducationLevel)
PEOPLE = st.sampled_from("abcd")
DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 9))


@given(
    table=st.lists(st.tuples(PEOPLE, st.sampled_from(LEVELS), DAYS | st.none())),
    asked=st.lists(st.tuples(PEOPLE, DAYS)),
)
def test_the_highest_level_is_the_best_of_those_reached_by_the_day(
    table: list[tuple[str, EducationLevel, date | None]], asked: list[tuple[str, date]]
) -> None:
    """Each row of the answer by its own day, the same person as often as asked; without a day a level is always had."""
    found = highest(
        Educations.of(Education(worker=who, level=level, since=since) for who, level, since in table),
        TextColumn.of([who for who, _ in asked]), DateColumn.of([day for _, day in asked]), EducationLevel,
    )
    wanted = [
        max(
            (level for name, level, since in table if name == who and (since is None or since <= day)),
            key=LEVELS.index, default=None,
        )
        for who, day in asked
    ]
    assert found.to_list() == wanted


def test_without_a_table_nobody_is_known_to_have_a_level() -> None:
    found = highest(None, TextColumn.of(["a"]), DateColumn.of([date(2020, 1, 1)]), EducationLevel)
    assert found.same_as(EnumColumn.of(EducationLevel, [None]))
