"""Who holds which post on a day, and what is on record of them."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np

from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, IntColumn, Ints, day_number
from shequ_core.tables.dataset import Dataset, Holdings
from shequ_core.tables.history import History, highest
from shequ_core.tables.in_post import places_in
from shequ_core.tables.spells import first_days, last_days


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
        at = places_in(holdings.worker, data.workers.id)
        today = DateColumn(np.full(rows, day, dtype=np.int64))
        latest = EnumColumn(np.zeros(rows, np.int64), np.zeros(rows, np.bool_), AssessmentGrade)
        if data.assessments is not None:
            seen = on if known is None else min(on, known)
            history = History.of(data.workers.id, data.assessments, data.assessments.grade, seen)
            latest = history.latest().take(at)
        return cls(
            holdings=holdings, latest=latest,
            certificate=highest(data.certificates, holdings.worker, today, CertificateLevel),
            certificate_known=BoolColumn(np.full(rows, data.certificates is not None, dtype=np.bool_)),
            education=highest(data.educations, holdings.worker, today, EducationLevel),
            age=data.workers.birth_date.take(at).completed_years(on),
            years=data.workers.worked_since.take(at).completed_years(on),
        )

    def take(self, rows: Ints) -> Holders:
        """Return the rows named."""
        return Holders(**{one.name: getattr(self, one.name).take(rows) for one in attrs.fields(Holders)})

    def in_post(self) -> BoolColumn:
        """Return that each holds a post, since no others are among them."""
        return BoolColumn(np.ones(len(self.holdings), dtype=np.bool_))
