"""The tables of an answer."""

from __future__ import annotations

from shequ_core.model.answers import (
    ArrearsLine,
    ContributionLine,
    Headcount,
    InputDigest,
    PayChange,
    PersonYear,
    PoolMonth,
    Slip,
)
from shequ_core.model.contributions import Scheme
from shequ_core.tables.columns import DateColumn, EnumColumn, FenColumn, IntColumn, TextColumn
from shequ_core.tables.table import Table


class Slips(Table[Slip]):
    """Monthly slips, one row a worker a month."""

    worker: TextColumn
    month: IntColumn
    since: DateColumn
    until: DateColumn
    subdistrict: TextColumn
    community: TextColumn
    post: TextColumn
    post_class: TextColumn
    grade: IntColumn
    assessment: TextColumn
    weight: IntColumn
    standard: FenColumn
    performance: FenColumn
    basic: FenColumn
    bonus: FenColumn
    certificate: FenColumn
    award: FenColumn
    emergency: FenColumn
    kept: FenColumn
    total: FenColumn
    insurance: FenColumn
    fund: FenColumn
    employer: FenColumn
    net: FenColumn


class ContributionLines(Table[ContributionLine]):
    """Insurances and housing fund, one row a worker, month and scheme."""

    worker: TextColumn
    month: IntColumn
    scheme: EnumColumn[Scheme]
    base: FenColumn
    own: FenColumn
    employer: FenColumn


class ArrearsLines(Table[ArrearsLine]):
    """Arrears, one row a worker, subdistrict, earlier month and line."""

    worker: TextColumn
    month: IntColumn
    of_month: IntColumn
    line: TextColumn
    amount: FenColumn
    cause: TextColumn
    subdistrict: TextColumn


class PayChanges(Table[PayChange]):
    """Differences between two months, one row a worker and line."""

    worker: TextColumn
    month: IntColumn
    against: IntColumn
    line: TextColumn
    before: FenColumn
    after: FenColumn
    difference: FenColumn
    cause: TextColumn


class InputDigests(Table[InputDigest]):
    """Digests of the facts behind a month, one row a table, subject and month of beginning."""

    table: TextColumn
    subject: TextColumn
    since: IntColumn
    digest: TextColumn


class PoolMonths(Table[PoolMonth]):
    """Performance pools, one row a subdistrict a month."""

    subdistrict: TextColumn
    month: IntColumn
    people: IntColumn
    pool: FenColumn
    distributed: FenColumn
    undistributed: FenColumn


class Headcounts(Table[Headcount]):
    """Posts against what is allowed, one row a community."""

    community: TextColumn
    name: TextColumn
    households: IntColumn
    posts: IntColumn
    held: IntColumn
    least: IntColumn
    most: IntColumn
    party_short: IntColumn


class PersonYears(Table[PersonYear]):
    """One row a worker."""

    worker: TextColumn
    name: TextColumn
    community: TextColumn
    post_class: TextColumn
    months: IntColumn
    grade: IntColumn
    basic: FenColumn
    bonus: FenColumn
    certificate: FenColumn
    award: FenColumn
    emergency: FenColumn
    kept: FenColumn
    total: FenColumn
    insurance: FenColumn
    fund: FenColumn
    net: FenColumn
    assessed: TextColumn
    proposal: TextColumn
    failed_running: IntColumn
    failed_total: IntColumn
    exit_ground: TextColumn
    training_due: IntColumn
