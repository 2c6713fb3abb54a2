"""What a month's pay reads, as columns."""

from __future__ import annotations

from shequ_core.model.pay import Newcomer, PayRow
from shequ_core.model.posts import CertificateLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.tables.columns import BoolColumn, EnumColumn, FenColumn, IntColumn, TextColumn
from shequ_core.tables.table import Table


class PayRows(Table[PayRow]):
    """The people of a month, one row each, or one for each part of the month in which nothing changed."""

    worker: TextColumn
    subdistrict: TextColumn
    community: TextColumn
    post: TextColumn
    post_class: TextColumn
    grade: IntColumn
    certificate: EnumColumn[CertificateLevel]
    certified: EnumColumn[CertificateLevel]
    assessment: EnumColumn[AssessmentGrade]
    last_year: EnumColumn[AssessmentGrade]
    former: FenColumn
    newcomer: EnumColumn[Newcomer]
    before: IntColumn
    after: IntColumn
    parts: IntColumn
    pooled: BoolColumn
    duty_days: IntColumn
    base: FenColumn
    several: BoolColumn
