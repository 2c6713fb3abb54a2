"""The people of a place in their posts, and what is on record about them, in a fixed order."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any, TypeVar

import attrs
import numpy as np

from shequ_core.errors import Fault, Message
from shequ_core.model.communities import Setting
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.model.posts import Employment, PostDuty, Role
from shequ_core.tables.columns import (
    Column,
    DateColumn,
    EnumColumn,
    Ints,
    TextColumn,
    day_number,
)
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.table import Table

E = TypeVar("E", bound=Enum)


@attrs.frozen(kw_only=True, eq=False)
class Roster:
    """Every holding with the person, the post and the community it belongs to, in a fixed order.

    Attributes:
        worker: The person's id; `person` is the place of the person in `ids`.
        rank: The place of the person's id in sorted order: what orders ties.
        subdistrict: The first nine digits of the community's code.
    """

    ids: TextColumn
    person: Ints
    rank: Ints
    worker: TextColumn
    post: TextColumn
    duty: EnumColumn[PostDuty]
    community: TextColumn
    subdistrict: TextColumn
    county: TextColumn
    setting: EnumColumn[Setting]
    employment: EnumColumn[Employment]
    role: EnumColumn[Role]
    post_class: TextColumn
    since: DateColumn
    until: DateColumn
    probation_until: DateColumn
    row: Ints

    def __len__(self) -> int:
        return len(self.worker)

    def take(self, rows: Ints) -> Roster:
        """Return the holdings named, in that order."""
        changed: dict[str, Any] = {}  # Any: columns of every kind and bare places
        for field in attrs.fields(Roster):
            value = getattr(self, field.name)
            if field.name != "ids":
                changed[field.name] = value.take(rows) if isinstance(value, Column) else value[rows]
        return attrs.evolve(self, **changed)

    def during(self, first: date, last: date) -> Roster:
        """Return the holdings that last on any day of a period."""
        ended = self.until.mask() & (self.until.values < day_number(first))
        return self.take(np.flatnonzero((self.since.values <= day_number(last)) & ~ended))

    def on(self, day: date) -> Roster:
        """Return the holdings that last on a day."""
        number = day_number(day)
        ended = self.until.mask() & (self.until.values < number)
        return self.take(np.flatnonzero((self.since.values <= number) & ~ended))


def roster_of(data: Dataset) -> Roster:
    """Return every holding, in the order of community, person and first day."""
    holdings = data.holdings
    post_at = places_in(holdings.post, data.posts.id)
    person = places_in(holdings.worker, data.workers.id)
    community = data.posts.community.take(post_at)
    at = places_in(community, data.communities.code)
    rank = holdings.worker.rank()
    order = np.lexsort((holdings.since.values, rank, community.rank()))
    return Roster(
        ids=data.workers.id,
        person=person,
        rank=rank,
        worker=holdings.worker,
        post=holdings.post,
        duty=data.posts.duty.take(post_at),
        community=community,
        subdistrict=community.start(TOWNSHIP_DIGITS),
        county=community.start(COUNTY_DIGITS),
        setting=data.communities.setting.take(at),
        employment=holdings.employment,
        role=holdings.role,
        post_class=holdings.post_class,
        since=holdings.since,
        until=holdings.until,
        probation_until=holdings.probation_until,
        row=np.arange(len(holdings)),
    ).take(order)


def places_in(texts: TextColumn, among: TextColumn) -> Ints:
    """Return the row of `among` in which each text stands, -1 where it doesn't."""
    row = np.full(len(among.vocabulary) + 1, -1, dtype=np.int64)
    row[among.values] = np.arange(len(among))
    return row[texts.codes_in(among)]


def enum_text(column: EnumColumn[E]) -> TextColumn:
    """Return an enum column as the text of its codes."""
    return TextColumn(column.values, column.known, tuple(str(one.value) for one in column.kind))


def fault(table: Table[Any], row: int, column: str, message: Message) -> Fault:  # Any: tables of every kind
    """Tell what is wrong with one cell of a table, by the file and line it came from."""
    origin = table.origin
    if origin is None:
        return Fault(file=type(table).__name__, row=row + 1, column=column, message=message)
    return Fault(
        file=origin.file, sheet=origin.sheet, row=int(origin.rows[row]), column=origin.headers.get(column, column),
        message=message,
    )
