"""Which rows count as known on a day: against a plain reading of the words, and case by case."""

from __future__ import annotations

import random
from datetime import date, timedelta

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.model.communities import Community
from shequ_core.model.leave import Leave, LeaveKind
from shequ_core.model.pay import FormerPay
from shequ_core.model.posts import Certificate, CertificateLevel, Holding
from shequ_core.model.records import Assessment, AssessmentGrade, Ground, Incident
from shequ_core.tables.columns import TextColumn
from shequ_core.tables.dataset import (
    TABLES,
    Assessments,
    Certificates,
    Communities,
    Dataset,
    FormerPays,
    Holdings,
    Incidents,
    Leaves,
    Posts,
    Workers,
)
from shequ_core.tables.dated import KEYS, as_known, as_known_dataset, known_days
from shequ_core.tables.history import History
from shequ_core.tables.table import Origin
from shequ_core.values import Fen

GOOD, BEST, BAD = AssessmentGrade.QUALIFIED, AssessmentGrade.OUTSTANDING, AssessmentGrade.UNQUALIFIED


def day(number: int) -> date:
    return date(2022, 1, 1) + timedelta(days=number)


def test_every_table_whose_rows_can_be_withdrawn_says_by_what() -> None:
    assert set(KEYS) == {kind for kind in TABLES.values() if "withdrawn" in kind.specs}
    for kind, fields in KEYS.items():
        assert all(not kind.specs[field].optional for field in fields), kind


@attrs.frozen
class Row:
    """A leave as it was written down."""

    worker: str
    since: int
    known: int | None
    withdrawn: bool | None

    def key(self) -> tuple[str, int]:
        return self.worker, self.since


ROWS = st.lists(
    st.builds(
        Row, st.sampled_from("ABC"), st.integers(0, 2), st.none() | st.integers(0, 6), st.sampled_from([None, False, True])
    ),
    unique_by=lambda row: (row.key(), row.known),
    max_size=12,
)


def table_of(rows: list[Row]) -> Leaves:
    return Leaves.of(
        Leave(
            worker=row.worker, kind=LeaveKind.SICK, since=day(row.since), until=day(9),
            known_on=None if row.known is None else day(row.known), withdrawn=row.withdrawn,
        )
        for row in rows
    )  # fmt: skip


def counting(rows: list[Row], known: int | None) -> list[bool]:
    """Read the words: who was known by then, of one fact the last, unless that one takes it away."""

    def later(row: Row) -> int:
        return -1 if row.known is None else row.known

    by_then = [row for row in rows if known is None or later(row) <= known]
    last = {row.key(): row for row in sorted(by_then, key=later)}
    return [last.get(row.key()) is row and not row.withdrawn for row in rows]


@settings(max_examples=400)
@given(ROWS, st.none() | st.integers(-1, 7))
def test_what_counts_is_what_the_words_say(rows: list[Row], known: int | None) -> None:
    found = as_known(table_of(rows), None if known is None else day(known))
    assert found.tolist() == counting(rows, known)


@settings(max_examples=100)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(rows: list[Row], luck: random.Random) -> None:
    order = list(range(len(rows)))
    luck.shuffle(order)
    found = as_known(table_of([rows[at] for at in order]), None)
    assert found.tolist() == as_known(table_of(rows), None)[order].tolist()


def test_a_corrected_end_takes_the_place_of_the_row_from_its_day_on() -> None:
    first = Holding(worker="W1", post="229900001001-01", post_class="staff", since=day(0))
    ended = attrs.evolve(first, until=day(180), known_on=day(190))
    other = attrs.evolve(first, post="229900001001-02")
    table = Holdings.of([ended, first, other])
    assert as_known(table, day(189)).tolist() == [False, True, True]
    assert as_known(table, day(190)).tolist() == [True, False, True]


def test_what_is_withdrawn_may_come_back() -> None:
    first = Certificate(worker="W1", level=CertificateLevel.ASSISTANT, known_on=day(1))
    table = Certificates.of(
        [attrs.evolve(first, known_on=day(3), since=day(2)), first, attrs.evolve(first, known_on=day(2), withdrawn=True)]
    )
    assert [as_known(table, day(number)).tolist() for number in range(4)] == [
        [False, False, False], [False, True, False], [False, False, False], [True, False, False],
    ]  # fmt: skip


def test_a_dataset_keeps_all_assessments_and_what_is_not_dated() -> None:
    happened = Incident(worker="W1", ground=Ground.OTHER_LAW, happened_on=day(0), known_on=day(5))
    assessed = Assessment(worker="W1", year=2021, grade=GOOD, known_on=day(5))
    data = Dataset(
        communities=Communities.of([Community(code="229900001001", name="x")]),
        posts=Posts.empty(),
        workers=Workers.empty(),
        holdings=Holdings.empty(),
        former_pays=FormerPays.of(
            [FormerPay(worker="W1", monthly=Fen(1)), FormerPay(worker="W1", monthly=Fen(2), known_on=day(5))]
        ),
        assessments=Assessments.of([assessed]),
        incidents=Incidents.of([happened, attrs.evolve(happened, known_on=None)]),
    )
    found = as_known_dataset(data, day(4))
    assert found.former_pays is not None
    assert found.former_pays.monthly.to_list() == [1]
    assert found.incidents is not None
    assert found.incidents.known_on.to_list() == [None]
    assert found.assessments is data.assessments
    assert found.communities is data.communities
    assert found.leaves is None
    later = as_known_dataset(data, None)
    assert later.former_pays is not None
    assert later.former_pays.monthly.to_list() == [2]
    assert later.incidents is data.incidents


def test_what_counts_keeps_its_line() -> None:
    """A fault found later still tells the line of the file."""
    first = Holding(worker="W1", post="229900001001-01", post_class="staff", since=day(0))
    table = Holdings.of([first, attrs.evolve(first, known_on=day(1))])
    data = Dataset(
        communities=Communities.empty(),
        posts=Posts.empty(),
        workers=Workers.empty(),
        holdings=Holdings(table.columns(), Origin("holdings.csv", None, np.array([2, 3]))),
    )
    origin = as_known_dataset(data, None).holdings.origin
    assert origin is not None
    assert origin.rows.tolist() == [3]


# --- assessments -------------------------------------------------------------------------------------


def history(*rows: Assessment, known: date | None = None) -> History:
    table = Assessments.of(rows)
    return History.of(TextColumn.of(["W1", "W2"]), table, table.grade, known)


def assessed(grade: AssessmentGrade | None, known: int | None, *, withdrawn: bool = False) -> Assessment:
    return Assessment(
        worker="W1", year=2021, grade=grade, known_on=None if known is None else day(known), withdrawn=withdrawn
    )


def test_a_corrected_grade_counts_from_the_day_on_which_a_grade_was_first_known() -> None:
    found = history(assessed(BAD, 200), assessed(BEST, 20))
    assert found.latest().to_list() == [BAD, None]
    assert found.known_by(day(20)).latest().to_list() == [BAD, None]
    assert found.known_by(day(19)).latest().to_list() == [None, None]


def test_as_known_before_the_correction_the_first_grade_counts() -> None:
    found = history(assessed(BAD, 200), assessed(BEST, 20), known=day(199))
    assert found.known_by(day(20)).latest().to_list() == [BEST, None]


def test_a_withdrawn_grade_is_none_and_was_never_known() -> None:
    rows = (assessed(GOOD, 20), assessed(None, 30, withdrawn=True), assessed(BEST, 40))
    assert history(*rows, known=day(29)).latest().to_list() == [GOOD, None]
    assert history(*rows, known=day(39)).latest().to_list() == [None, None]
    found = history(*rows)
    assert found.latest().to_list() == [BEST, None]
    assert found.known_by(day(39)).latest().to_list() == [None, None]
    assert found.known_by(day(40)).latest().to_list() == [BEST, None]


def test_a_version_without_a_grade_leaves_the_one_before() -> None:
    assert history(assessed(GOOD, 20), assessed(None, 30)).latest().to_list() == [GOOD, None]


@pytest.mark.parametrize(("known", "told"), [(None, date(2021, 12, 31)), (3, day(3))])
def test_an_assessment_that_does_not_say_was_known_at_the_end_of_its_year(known: int | None, told: date) -> None:
    (found,) = known_days(Assessments.of([assessed(GOOD, known)])).tolist()
    assert date(1970, 1, 1) + timedelta(days=found) == told
