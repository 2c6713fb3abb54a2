"""The tables of what is arranged, asked, given to workers and budgeted."""

from __future__ import annotations

from shequ_core.model.arrangements import Arranged, Arrangement, Body, Seats
from shequ_core.model.demands import Demand, Demanded, Demander
from shequ_core.model.entitlements import Entitled, Entitlement
from shequ_core.model.funds import Fund
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, FenColumn, IntColumn, TextColumn
from shequ_core.tables.table import Table


class Arrangements(Table[Arrangement]):
    """What places have arranged, one row each."""

    place: TextColumn
    kind: EnumColumn[Arranged]
    in_place: BoolColumn
    since: DateColumn
    until: DateColumn
    document: TextColumn
    office: TextColumn
    answers: TextColumn


class SeatCounts(Table[Seats]):
    """Seats of bodies, one row a community and body."""

    community: TextColumn
    body: EnumColumn[Body]
    seats: IntColumn
    held: IntColumn


class Demands(Table[Demand]):
    """What is asked of communities, one row each."""

    community: TextColumn
    kind: EnumColumn[Demanded]
    by: EnumColumn[Demander]
    office: TextColumn
    subject: TextColumn
    listed: BoolColumn
    on_platform: BoolColumn
    since: DateColumn
    until: DateColumn


class Entitlements(Table[Entitlement]):
    """What workers have beside pay, one row each."""

    worker: TextColumn
    kind: EnumColumn[Entitled]
    in_place: BoolColumn
    since: DateColumn
    until: DateColumn


class Funds(Table[Fund]):
    """Money in budgets, one row a place and year."""

    place: TextColumn
    year: IntColumn
    listed: BoolColumn
    amount: FenColumn
