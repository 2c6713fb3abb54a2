"""Who holds which post on a day, and what is on record of them."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import attrs
import numpy as np

from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, IntColumn, Ints, TextColumn, day_number
from shequ_core.tables.dataset import Certificates, Dataset, Educations, Holdings, Workers
from shequ_core.tables.history import History
from shequ_core.tables.spells import first_days, last_days

Level = TypeVar("Level", CertificateLevel, EducationLevel)


@attrs.frozen(kw_only=True, eq=False)
class Holders:
    """The holders of posts on a day, by id and post, and what rules ask of them, a row a holding.

    Attributes:
        latest: The latest grade that was known; unknown for who was never assessed.
        certificate: The highest certificate; unknown for who has none.
        certificate_known: Whether there is a table of certificates: then none is none.
        education: The highest level completed.
        age: Completed years.
        years: Completed years of community work.
    """

    holdings: Holdings
    latest: EnumColumn[AssessmentGrade]
    certificate: EnumColumn[CertificateLevel]
    certificate_known: BoolColumn
    education: EnumColumn[EducationLevel]
    age: IntColumn
    years: IntColumn

    @classmethod
    def of(cls, data: Dataset, on: date, known: date | None = None) -> Holders:
        """Look them up.

        Args:
            data: The facts, as known on the day that counts (`as_known_dataset`); of assessments all versions.
            on: The day.
            known: As known on that day; None for all that is known now.
        """
        day = day_number(on)
        held = (first_days(data.holdings.since) <= day) & (day <= last_days(data.holdings.until))
        holdings = data.holdings.where(held)
        holdings = holdings.take(np.lexsort((holdings.post.rank(), holdings.worker.rank())))
        rows = len(holdings)
        at = _rows(data.workers, holdings.worker)
        latest = EnumColumn(np.zeros(rows, np.int64), np.zeros(rows, np.bool_), AssessmentGrade)
        if data.assessments is not None:
            seen = on if known is None else min(on, known)
            history = History.of(data.workers.id, data.assessments, data.assessments.grade, seen)
            latest = history.latest().take(at)
        return cls(
            holdings=holdings, latest=latest,
            certificate=_highest(data.certificates, holdings.worker, on, CertificateLevel),
            certificate_known=BoolColumn(np.full(rows, data.certificates is not None, dtype=np.bool_)),
            education=_highest(data.educations, holdings.worker, on, EducationLevel),
            age=data.workers.birth_date.take(at).completed_years(on),
            years=data.workers.worked_since.take(at).completed_years(on),
        )

    def take(self, rows: Ints) -> Holders:
        """Return the rows named."""
        return Holders(**{one.name: getattr(self, one.name).take(rows) for one in attrs.fields(Holders)})

    def in_post(self) -> BoolColumn:
        """Return that each holds a post, since no others are among them."""
        return BoolColumn(np.ones(len(self.holdings), dtype=np.bool_))


def _rows(workers: Workers, ids: TextColumn) -> Ints:
    places = {worker: row for row, worker in enumerate(workers.id.to_list())}
    return np.array([-1 if one is None else places.get(one, -1) for one in ids.to_list()], dtype=np.int64)


def _highest(
    table: Certificates | Educations | None, workers: TextColumn, on: date, kind: type[Level]
) -> EnumColumn[Level]:
    """Return the highest level that each has on the day, unknown for who has none."""
    found = np.full(len(workers), -1, dtype=np.int64)
    if table is not None:
        since: DateColumn = table.since
        there = table.where((first_days(since) <= day_number(on)) & table.level.mask())
        best: dict[str | None, int] = {}
        for worker, level in zip(there.worker.to_list(), there.level.values.tolist(), strict=True):
            best[worker] = max(level, best.get(worker, -1))
        found = np.array([best.get(one, -1) for one in workers.to_list()], dtype=np.int64)
    return EnumColumn(np.maximum(found, 0), found >= 0, kind)
