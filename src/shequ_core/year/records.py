"""What is on record about people, laid out by person, to be asked for each row's own day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import Enum
from functools import cached_property
from typing import TypeVar

import attrs
import numpy as np

from shequ_core.audit.standing import graded
from shequ_core.model.leave import LeaveKind
from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.law import Law
from shequ_core.policy.pay import CountsFrom, ServiceRule
from shequ_core.tables.columns import (
    BoolColumn,
    Bools,
    DateColumn,
    EnumColumn,
    FenColumn,
    IntColumn,
    Ints,
    TextColumn,
    where,
)
from shequ_core.tables.dataset import Certificates, Dataset, Educations
from shequ_core.tables.history import History
from shequ_core.tables.in_post import places_in
from shequ_core.tables.spells import FOREVER, first_days, last_by, last_days, merged

E = TypeVar("E", bound=Enum)


@attrs.frozen(kw_only=True, slots=False, eq=False)
class Records:
    """What is on record about people; every question takes the people's places and a day for each.

    Attributes:
        data: The facts that count as known on the run's day.
    """

    data: Dataset
    history: History

    # --- levels

    def education(self, person: Ints, day: DateColumn) -> EnumColumn[EducationLevel]:
        """Return the highest education on each row's day."""
        return _highest(self.educated, EducationLevel, person, day.values)

    def certificate(self, person: Ints, day: DateColumn) -> EnumColumn[CertificateLevel]:
        """Return the highest certificate on each row's day."""
        return _highest(self.certified, CertificateLevel, person, day.values)

    def new_certificate(self, person: Ints, first: Ints, last: Ints) -> EnumColumn[CertificateLevel]:
        """Return the highest certificate of each row that was won in its days and is higher than those before."""
        won = _highest(self.certified, CertificateLevel, person, last)
        before = _highest(self.certified, CertificateLevel, person, first - 1)
        new = won.mask() & (~before.mask() | (won.values > before.values))
        return EnumColumn(won.values, new, CertificateLevel)

    @cached_property
    def educated(self) -> Ints:
        """Since when everybody has each level of education: one row a person, `FOREVER` where never."""
        return self._since(self.data.educations, EducationLevel)

    @cached_property
    def certified(self) -> Ints:
        """Since when everybody has each certificate, likewise."""
        return self._since(self.data.certificates, CertificateLevel)

    def _since(self, table: Educations | Certificates | None, kind: type[Enum]) -> Ints:
        """Return since when everybody has each level, one row a person, `FOREVER` where never."""
        since = np.full((len(self.data.workers), len(kind)), FOREVER)
        if table is not None:
            at = places_in(table.worker, self.data.workers.id), table.level.values
            np.minimum.at(since, at, first_days(table.since))
        return since

    # --- grade, leave, secondment, base, former pay

    def graded(self, person: Ints, day: DateColumn) -> tuple[IntColumn, DateColumn]:
        """Return the last placement by each row's day, and from when it holds."""
        table = self.data.gradings
        if table is None or not len(table):
            nobody = np.zeros(len(person), dtype=np.bool_)
            return IntColumn(np.zeros(len(person), dtype=np.int64), nobody), DateColumn(day.values, nobody)
        who = places_in(table.worker, self.data.workers.id)
        row = last_by(who, table.since.values, person, day.values)
        return table.grade.take(row), table.since.take(row)

    def leave(self, person: Ints, day: Ints) -> EnumColumn[LeaveKind]:
        """Return on which leave each row is on its day, unknown where on none."""
        table = self.data.leaves
        if table is None or not len(table):
            return EnumColumn.of(LeaveKind, [None] * len(person))
        row = last_by(places_in(table.worker, self.data.workers.id), table.since.values, person, day)
        on = (row >= 0) & (table.until.values[row] >= day)
        return table.kind.take(np.where(on, row, -1))

    def seconded(self, person: Ints, day: Ints) -> Bools:
        """Return who is lent to a higher office on each row's day."""
        table = self.data.secondments
        if table is None or not len(table):
            return np.zeros(len(person), dtype=np.bool_)
        row = last_by(places_in(table.worker, self.data.workers.id), table.since.values, person, day)
        return np.asarray((row >= 0) & (last_days(table.until)[row] >= day), dtype=np.bool_)

    def base(self, person: Ints, day: Ints) -> FenColumn:
        """Return the contribution base declared by each row's day."""
        table = self.data.contribution_bases
        if table is None or not len(table):
            return FenColumn(np.zeros(len(person), dtype=np.int64), np.zeros(len(person), dtype=np.bool_))
        row = last_by(places_in(table.worker, self.data.workers.id), table.since.values, person, day)
        return table.base.take(row)

    @cached_property
    def former_pay(self) -> FenColumn:
        """Everybody's monthly pay before the change-over."""
        table = self.data.former_pays
        return self._former(None if table is None else table.monthly)

    @cached_property
    def former_employer(self) -> FenColumn:
        """What was paid a month on top of everybody's pay before the change-over, by the employer."""
        table = self.data.former_pays
        return self._former(None if table is None else table.employer)

    def _former(self, column: FenColumn | None) -> FenColumn:
        amount = np.zeros(len(self.data.workers), dtype=np.int64)
        known = np.zeros(len(self.data.workers), dtype=np.bool_)
        table = self.data.former_pays
        if table is not None and column is not None:
            person = places_in(table.worker, self.data.workers.id)
            amount[person], known[person] = column.values, column.mask()
        return FenColumn(amount, known)

    def changes(self, *, pay: bool) -> tuple[Ints, Ints]:
        """Return people and days on which something about them changes: what moves the grade, or leave and loans."""
        tables: Sequence[tuple[TextColumn, Ints]]
        data = self.data
        if pay:
            tables = [
                (table.worker, first_days(table.since))
                for table in (data.gradings, data.certificates, data.educations)
                if table
            ]
        else:
            tables = [
                (table.worker, days)
                for table in (data.leaves, data.secondments)
                if table
                for days in (table.since.values, last_days(table.until) + 1)
            ]
        if not tables:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        who = [places_in(worker, data.workers.id) for worker, _ in tables]
        return np.concatenate(who), np.concatenate([days for _, days in tables])

    @cached_property
    def in_class_since(self) -> DateColumn:
        """Since when each holding's person has been in its class of post without a day between, one row a holding.

        Who moves to another community in the same class stays in the grade and goes on stepping from there.
        """
        holdings = self.data.holdings
        who, since = places_in(holdings.worker, self.data.workers.id), holdings.since.values
        order = np.lexsort((since, who))
        who, begin, end = who[order], since[order], last_days(holdings.until)[order]
        post_class = holdings.post_class.values[order]
        goes_on = (who[1:] == who[:-1]) & (post_class[1:] == post_class[:-1]) & (begin[1:] == end[:-1] + 1)
        starts = np.flatnonzero(np.concatenate([[True], ~goes_on]))[: len(order)]
        first = np.empty(len(order), dtype=np.int64)
        first[order] = np.repeat(begin[starts], np.diff(starts, append=len(order)))
        return DateColumn(first)

    # --- years of work

    def service(
        self, person: Ints, entry: DateColumn, on: DateColumn, rule: ServiceRule
    ) -> tuple[IntColumn, BoolColumn]:
        """Return completed months of work on each row's day, and whether there are days beyond them.

        Months of several times in post are counted for each by itself.
        """
        if not rule.gaps_count:
            return self._in_post(person, on)
        start = self._entry.take(person)
        start = where(start.is_known() & (start < entry), start, entry)
        if rule.since is CountsFrom.COMMUNITY_WORK:
            worked = self.data.workers.worked_since.take(person)
            start = where(worked.is_known(), worked, start)
        return _months(start, on)

    def worked_since(self, person: Ints) -> DateColumn:
        """Return each row's first day of community work, unknown where nobody wrote it down."""
        return self.data.workers.worked_since.take(person)

    def entry(self, person: Ints) -> DateColumn:
        """Return each row's first day in any post."""
        return self._entry.take(person)

    def failed_before(self, person: Ints, on: DateColumn) -> IntColumn:
        """Return how many years before each row's day were assessed as unqualified."""
        return self.history.total_before(AssessmentGrade.UNQUALIFIED, person, on.year())

    @cached_property
    def _entry(self) -> DateColumn:
        """Everybody's first day in any post."""
        first = np.full(len(self.data.workers), FOREVER)
        who = places_in(self.data.holdings.worker, self.data.workers.id)
        np.minimum.at(first, who, self.data.holdings.since.values)
        known = first < FOREVER
        return DateColumn(np.where(known, first, 0), known)

    def _in_post(self, person: Ints, on: DateColumn) -> tuple[IntColumn, BoolColumn]:
        holdings = self.data.holdings
        who = places_in(holdings.worker, self.data.workers.id)
        key, since, until = merged(who, holdings.since.values, last_days(holdings.until))
        months, over = np.zeros(len(person), dtype=np.int64), np.zeros(len(person), dtype=np.bool_)
        begin, end = np.searchsorted(key, person), np.searchsorted(key, person, side="right")
        for step in range(int((end - begin).max(initial=0))):
            at = np.minimum(begin + step, max(len(key) - 1, 0))
            there = (begin + step < end) & (since[at] <= on.values)
            begun, ended = since[at], np.minimum(np.where(until[at] < FOREVER, until[at] + 1, FOREVER), on.values)
            found, more = _months(DateColumn(np.where(there, begun, 0)), DateColumn(np.where(there, ended, 0)))
            months += found.values
            over |= more.values
        return IntColumn(months), BoolColumn(over)


def _highest(since: Ints, kind: type[E], person: Ints, day: Ints) -> EnumColumn[E]:
    best = np.full(len(person), -1, dtype=np.int64)
    for level in range(since.shape[1]):
        best = np.where(since[person, level] <= day, level, best)
    return EnumColumn(np.where(best < 0, 0, best), best >= 0, kind)


def _months(start: DateColumn, on: DateColumn) -> tuple[IntColumn, BoolColumn]:
    months = start.completed_months(on)
    return months, BoolColumn(start.day_of_month().values != on.day_of_month().values, months.known)


def records_of(data: Dataset, law: Law, known: date | None, on: date) -> Records:
    """Return what is on record about people, as known on a day; scores become grades where none was decided.

    Args:
        data: The facts that count as known on that day (`as_known_dataset`).
        law: The policies of the run.
        known: The day.
        on: The day whose scheme turns scores into grades.
    """
    assert data.assessments is not None
    decided = graded(data, law, on)
    return Records(data=data, history=History.of(data.workers.id, data.assessments, decided, known))
