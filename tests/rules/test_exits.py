"""Failed years and exit days, held against loops and dateutil."""

from __future__ import annotations

from datetime import date

import numpy as np
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.model.posts import Sex
from shequ_core.model.records import Assessment, AssessmentGrade
from shequ_core.policy.policy import Policy
from shequ_core.rules.exits import exit_day, failed_too_often
from shequ_core.tables.columns import DateColumn, EnumColumn, TextColumn
from shequ_core.tables.dataset import Assessments
from shequ_core.tables.history import History

PEOPLE = st.lists(
    st.tuples(st.sampled_from(Sex), st.dates(date(1940, 1, 1), date(2004, 12, 31))), min_size=1, max_size=20
)
RECORD = st.dictionaries(st.integers(1990, 2022), st.sampled_from(AssessmentGrade), max_size=33)


@settings(max_examples=200)
@given(st.lists(RECORD, min_size=1, max_size=8))
def test_two_running_or_three_in_all(jilin: Policy, records: list[dict[int, AssessmentGrade]]) -> None:
    """A loop over each person's years says the same, however long the record and in any order of rows (JLW2.10a)."""
    rows = [
        Assessment(worker=str(at), year=year, grade=grade)
        for at, record in enumerate(records)
        for year, grade in record.items()
    ]
    table = Assessments.of(rows[::-1])
    ids = TextColumn.of([str(at) for at in range(len(records))])
    found = failed_too_often(History.of(ids, table, table.grade, None), jilin).to_list()
    for record, out in zip(records, found, strict=True):
        run = longest = 0
        for year in sorted(record):
            run = run + 1 if record[year] is AssessmentGrade.UNQUALIFIED else 0
            longest = max(longest, run)
        total = sum(grade is AssessmentGrade.UNQUALIFIED for grade in record.values())
        assert out == (longest >= 2 or total >= 3)


@settings(max_examples=100)
@given(st.lists(RECORD, min_size=1, max_size=5), st.integers(1980, 2030), st.integers(1, 7))
def test_the_most_in_one_term(records: list[dict[int, AssessmentGrade]], first: int, length: int) -> None:
    """Counting term by term, from whichever year terms begin, and before it too, says the same."""
    rows = [
        Assessment(worker=str(at), year=year, grade=grade)
        for at, record in enumerate(records)
        for year, grade in record.items()
    ]
    table = Assessments.of(rows)
    ids = TextColumn.of([str(at) for at in range(len(records))])
    history = History.of(ids, table, table.grade, None)
    found = history.most_in_a_term(AssessmentGrade.UNQUALIFIED, first, length).to_list()
    for record, most in zip(records, found, strict=True):
        failed = {year for year, grade in record.items() if grade is AssessmentGrade.UNQUALIFIED}
        begins = range(first - 60 * length, first + 60 * length, length)
        assert most == max(len(failed & set(range(begin, begin + length))) for begin in begins)


@settings(max_examples=300)
@given(PEOPLE)
def test_the_exit_day_is_the_birthday(jilin: Policy, people: list[tuple[Sex, date]]) -> None:
    """Sixty and fifty-five years after birth, to the day; the month's last day where it is shorter (JLW2.10h)."""
    found = exit_day(EnumColumn.of(Sex, [sex for sex, _ in people]), DateColumn.of([born for _, born in people]), jilin)
    years = {Sex.MALE: 60, Sex.FEMALE: 55}
    assert found.to_list() == [born + relativedelta(years=years[sex]) for sex, born in people]


def test_nobody_is_failed_by_an_empty_record(jilin: Policy) -> None:
    """No assessments at all: nobody leaves on that ground."""
    history = History(0, np.full((3, 0), -1, np.int8), np.zeros((3, 0), np.int32))
    assert failed_too_often(history, jilin).to_list() == [False, False, False]
