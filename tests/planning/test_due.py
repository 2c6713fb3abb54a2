"""What falls due, worked out by hand for a handful of people."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from shequ_core.law.clauses import Document
from shequ_core.model.communities import Community
from shequ_core.model.leave import Leave, LeaveKind
from shequ_core.model.posts import Certificate, CertificateLevel, Holding, Post, Role, Worker
from shequ_core.model.records import Agreement, Training
from shequ_core.planning.due import Due, due
from shequ_core.policy.agreements import FIRST_DAY
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import Reform
from shequ_core.reports.due import due_listing
from shequ_core.tables.dataset import (
    Agreements,
    Certificates,
    Communities,
    Dataset,
    Holdings,
    Leaves,
    Posts,
    Trainings,
    Workers,
)
from shequ_core.values import Span, Status

HOME = "220104001001"
DAY = date(2023, 7, 3)
BARE = PolicyBook.load(plugins=[])
BOOK = BARE.reformed(
    Reform(
        name="election day", place="220104",
        values=[
            FIRST_DAY.set(
                date(2021, 4, 1), since=date(2021, 1, 1), known_on=date(2021, 1, 1),
                source=Document("made up").article("1"), status=Status.ISSUED,
            )
        ],
    )
)


@attrs.frozen
class Weekdays:
    """Monday to Friday: made up."""

    name: str = "weekdays"
    years: Span[int] = attrs.field(factory=lambda: Span(2000, 2100))

    def is_workday(self, day: date) -> bool:
        return day.weekday() < 5


def place() -> Dataset:
    """A secretary, a member, and somebody who came in 2023."""
    people = [("A", Role.SECRETARY, date(2021, 4, 1), 2009), ("B", Role.MEMBER, date(2021, 4, 1), 2020), ("C", Role.STAFF, date(2023, 2, 1), 2023)]
    posts = [f"{HOME}-0{number}" for number in range(1, 4)]
    return Dataset(
        communities=Communities.of([Community(code=HOME, name="甲")]),
        posts=Posts.of([Post(id=post, community=HOME) for post in posts]),
        workers=Workers.of([Worker(id=one, worked_since=date(year, 1, 1)) for one, _, _, year in people]),
        holdings=Holdings.of(
            [
                Holding(worker=one, post=post, post_class="staff", role=role, since=since)
                for post, (one, role, since, _) in zip(posts, people, strict=True)
            ]
        ),
        certificates=Certificates.of([Certificate(worker="A", level=CertificateLevel.SENIOR), Certificate(worker="B", level=CertificateLevel.ASSISTANT)]),
        trainings=Trainings.of(
            [
                Training(worker="A", completed_on=date(2021, 5, 1)), Training(worker="B", completed_on=date(2021, 5, 1)),
                Training(worker="A", completed_on=date(2024, 5, 1)),
            ]
        ),
        agreements=Agreements.of(
            [
                Agreement(worker="A", signed_on=date(2021, 4, 1), since=date(2021, 4, 1), until=date(2026, 3, 31)),
                Agreement(worker="B", signed_on=date(2021, 4, 1), since=date(2021, 4, 1), until=date(2024, 3, 31)),
            ]
        ),
        leaves=Leaves.of(
            [
                Leave(worker="A", kind=LeaveKind.ANNUAL, since=date(2023, 6, 29), until=date(2023, 7, 10)),
                Leave(worker="A", kind=LeaveKind.SICK, since=date(2023, 3, 1), until=date(2023, 3, 3)),
                Leave(worker="B", kind=LeaveKind.ANNUAL, since=date(2022, 12, 29), until=date(2023, 1, 3)),
            ]
        ),
    )


def rows(data: Dataset, book: PolicyBook = BOOK) -> dict[str, Due]:
    return {one.worker: one for one in due(data, book, DAY, calendar=Weekdays()).rows}


def test_training_by_role() -> None:
    """A secretary trained in 2021 was due in 2022; a member is due this year; who came this year by the end of the next."""
    said = {one: (row.last_trained, row.train_by, row.overdue) for one, row in rows(place()).items()}
    assert said == {
        "A": (date(2021, 5, 1), 2022, True), "B": (date(2021, 5, 1), 2023, False), "C": (None, 2024, False),
    }


def test_certificates_agreements_and_leave() -> None:
    """One of three certified; B's agreement ends with no term, C has none; A took three working days by the day."""
    found = rows(place())
    assert {row.certificates_missing for row in found.values()} == {2}
    assert [row.certified for row in found.values()] == [True, False, False]
    assert [row.to_sign for row in found.values()] == [False, True, True]
    assert [row.leave_days for row in found.values()] == [10, 5, 0]
    assert [row.leave_left for row in found.values()] == [7, 3, 0]


def test_where_nobody_set_the_election_day() -> None:
    """Who has no agreement has to sign one all the same; of the others nobody can say."""
    found = due(place(), BARE, DAY)
    assert [row.to_sign for row in found.rows] == [None, None, True]
    assert found.unset == {"220104": ("agreements.first_day",)}
    assert found.terms == {}
    assert {row.leave_left for row in found.rows} == {None}


@pytest.mark.parametrize(
    ("table", "fields"),
    [
        ("trainings", ("train_by", "overdue")), ("certificates", ("certified", "certificates_missing")),
        ("agreements", ("to_sign",)), ("leaves", ("leave_left",)),
    ],
)
def test_a_table_that_is_missing_leaves_it_unknown(table: str, fields: tuple[str, ...]) -> None:
    """Not given is not none."""
    without: dict[str, Any] = {table: None}  # Any: attrs.evolve takes each field's own type
    for row in rows(attrs.evolve(place(), **without)).values():
        assert {getattr(row, field) for field in fields} == {None}


def test_the_list_says_it_in_short() -> None:
    """Counts of each kind, and the term."""
    notes = [str(one) for one in due_listing(due(place(), BOOK, DAY, calendar=Weekdays())).notes]
    assert "training (JLW2.7a): 1 overdue, 1 due by the end of 2023, 0 unknown" in notes
    assert "certificates (JLW2.7b): 1 certified; 2 missing in 1 communities" in notes
    assert "220104: the committees' term runs from 2021-04-01 to 2026-03-31" in notes
