"""What is on record about people, laid out by person."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TypeVar

import attrs
import numpy as np

from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.rules import assessment
from shequ_core.tables.columns import (
    DateColumn,
    EnumColumn,
    FenColumn,
    IntColumn,
    TextColumn,
    day_number,
)
from shequ_core.tables.dataset import Certificates, Dataset, Educations
from shequ_core.tables.history import History
from shequ_core.trace import framed
from shequ_core.year.law import Law
from shequ_core.year.roster import known_by, places_in

E = TypeVar("E", bound=Enum)


@attrs.frozen(kw_only=True, eq=False)
class Records:
    """What is on record about people, laid out by person, as known on one day."""

    data: Dataset
    history: History
    known: date | None

    def education(self, day: date) -> EnumColumn[EducationLevel]:
        """Return everybody's highest education on a day."""
        return self._highest(self.data.educations, EducationLevel, day)

    def certificate(self, day: date) -> EnumColumn[CertificateLevel]:
        """Return everybody's highest certificate on a day."""
        return self._highest(self.data.certificates, CertificateLevel, day)

    def _highest(self, table: Educations | Certificates | None, kind: type[E], day: date) -> EnumColumn[E]:
        best = np.full(len(self.data.workers), -1, dtype=np.int64)
        if table is not None:
            kept = known_by(table.known_on, self.known) & known_by(table.since, day)
            np.maximum.at(best, places_in(table.worker, self.data.workers.id)[kept], table.level.values[kept])
        return EnumColumn(np.where(best < 0, 0, best), best >= 0, kind)

    def graded(self, day: date) -> tuple[IntColumn, DateColumn]:
        """Return everybody's last placement on a day, and from when it holds."""
        grade = np.zeros(len(self.data.workers), dtype=np.int64)
        since = np.full(len(self.data.workers), np.iinfo(np.int64).min)
        table = self.data.gradings
        if table is not None:
            kept = np.flatnonzero(known_by(table.known_on, self.known) & (table.since.values <= day_number(day)))
            kept = kept[np.argsort(table.since.values[kept], kind="stable")]
            person = places_in(table.worker, self.data.workers.id)[kept]
            grade[person], since[person] = table.grade.values[kept], table.since.values[kept]
        known = since > np.iinfo(np.int64).min
        return IntColumn(grade, known), DateColumn(np.where(known, since, 0), known)

    def former_pay(self) -> FenColumn:
        """Return everybody's monthly pay before the change-over."""
        amount = np.zeros(len(self.data.workers), dtype=np.int64)
        known = np.zeros(len(self.data.workers), dtype=np.bool_)
        table = self.data.former_pays
        if table is not None:
            kept = known_by(table.known_on, self.known)
            person = places_in(table.worker, self.data.workers.id)[kept]
            amount[person], known[person] = table.monthly.values[kept], True
        return FenColumn(amount, known)




def records_of(data: Dataset, law: Law, known: date | None, on: date) -> Records:
    """Return what is on record about people, as known on a day; scores become grades where none was decided."""
    assert data.assessments is not None
    table = data.assessments
    decided = table.grade
    if decided.known is not None:
        scored = EnumColumn(np.zeros(len(table), dtype=np.int64), np.zeros(len(table), dtype=np.bool_), AssessmentGrade)
        places = _counties_of_workers(data, table.worker)
        for policy, rows in law.groups(places, on):
            some = table.take(rows)
            with framed(some.worker, "assessments"):
                found = assessment.scored_grade(some.residents, some.organisation, some.daily, some.annual, policy)
            scored.values[rows] = found.values
            mask = scored.mask().copy()
            mask[rows] = found.mask()
            scored = EnumColumn(scored.values, mask, AssessmentGrade)
        with framed(table.worker, "assessments"):
            decided = assessment.assessed_grade(decided, scored)
    return Records(data=data, history=History.of(data.workers.id, table, decided, known), known=known)


def _counties_of_workers(data: Dataset, worker: TextColumn) -> TextColumn:
    """Return the county of each person's first holding; the first county of all for who holds none."""
    post = np.full(len(data.workers), -1, dtype=np.int64)
    holder = places_in(data.holdings.worker, data.workers.id)
    post[holder[::-1]] = places_in(data.holdings.post, data.posts.id)[::-1]
    counties = data.posts.community.start(COUNTY_DIGITS).take(post[places_in(worker, data.workers.id)])
    first = min(counties.vocabulary, default="")
    return TextColumn.of([one if one is not None else first for one in counties.to_list()])
