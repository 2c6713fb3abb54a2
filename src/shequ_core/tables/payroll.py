"""What a month's pay reads, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final, Self

import attrs
import numpy as np

from shequ_core.model.pay import Newcomer, PayRow
from shequ_core.model.posts import CertificateLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.tables.columns import BoolColumn, Bools, Column, EnumColumn, FenColumn, IntColumn, Ints, TextColumn
from shequ_core.tables.groups import Groups
from shequ_core.tables.table import Table

_REMEMBERED: Final = 2**22
"""Up to so many rows their pieces are kept from month to month."""
_LOOKED_AT: Final = 2**15
"""Rows that are looked at together, to tell how they stand."""


@attrs.frozen(eq=False, slots=False)
class Standing:
    """That rows stand by subdistrict, and in it by person and part of the month.

    Attributes:
        starts: Where each subdistrict begins.
        names: The subdistricts' codes.
    """

    starts: Ints
    names: Sequence[str]
    rows: int
    _pieces: dict[int, list[tuple[int, int, Groups]]] = attrs.field(factory=dict, init=False)

    def pieces(self, most: int) -> Iterable[tuple[int, int, Groups]]:
        """Return pieces of so many rows at most, each of whole subdistricts; one that is larger stands alone.

        Each with its first row, its end, and its subdistricts as groups; made once for all months of the same
        people, unless they are so many that memory would tell.
        """
        if self.rows > _REMEMBERED:
            return self._cut(most)
        if most not in self._pieces:
            self._pieces[most] = list(self._cut(most))
        return self._pieces[most]

    def _cut(self, most: int) -> Iterator[tuple[int, int, Groups]]:
        ends = np.append(self.starts[1:], self.rows)
        begin = group = 0
        while begin < self.rows:
            after = max(int(np.searchsorted(ends, begin + most, side="right")), group + 1)
            end = int(ends[after - 1])
            yield begin, end, Groups.standing(self.names[group:after], self.starts[group:after] - begin, end - begin)
            begin, group = end, after


class PayRows(Table[PayRow]):
    """The people of a month, one row each, or one for each part of the month in which nothing changed."""

    @cached_property
    def _found(self) -> list[Standing]:
        """How the rows stand, once somebody asked: shared by every month of the same people."""
        return []

    def with_columns(self, **changed: Column[Any]) -> Self:  # Any: all kinds
        """Return the same rows with some columns replaced; how they stand is told once for all of them."""
        made = super().with_columns(**changed)
        if not {"worker", "subdistrict", "before"} & changed.keys():
            made._found = self._found
        return made

    def in_order(self) -> tuple[Self, Standing]:
        """Return the rows by subdistrict, and in it by person and part of the month, and how they stand."""
        if self._found:
            return self, self._found[0]
        changes = self._changes()
        if changes is None:
            place, worker = self.subdistrict.rank(), self.worker.rank()
            return self.take(np.lexsort((self.before.filled(0).values, worker, place))).in_order()
        starts = np.concatenate([np.zeros(min(len(self), 1), dtype=np.int64), *changes])
        texts = self.subdistrict.vocabulary
        names = [texts[code] for code in self.subdistrict.values[starts].tolist()]
        self._found.append(Standing(starts, names, len(self)))
        return self, self._found[0]

    def _changes(self) -> list[Ints] | None:
        """Return the rows where another subdistrict begins, but the first; None where the rows aren't in order."""
        changes: list[Ints] = []
        for begin in range(0, len(self) - 1, _LOOKED_AT):  # of millions of rows each column more would tell
            some = self.part(begin, min(begin + _LOOKED_AT + 1, len(self)))
            place = some.subdistrict.rank()
            other = place[1:] > place[:-1]
            if not (other | ((place[1:] == place[:-1]) & some._later())).all():
                return None
            changes.append(begin + 1 + np.flatnonzero(other))
        return changes

    def _later(self) -> Bools:
        """Return which rows but the first are of a later person than the row before, or of a later part."""
        rank = self.worker.rank()
        if self.before.none_known():
            return np.asarray(rank[1:] >= rank[:-1], dtype=np.bool_)
        part = self.before.filled(0).values
        same = (rank[1:] == rank[:-1]) & (part[1:] >= part[:-1])
        return np.asarray((rank[1:] > rank[:-1]) | same, dtype=np.bool_)

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
    ends: BoolColumn
