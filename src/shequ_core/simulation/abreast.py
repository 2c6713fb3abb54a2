"""Subdistricts of about one size side by side, so that what is worked out person by person goes through evenly.

Where each has as many cells as the next, a subdistrict's number stands for all of its people at once, and its people
are sorted by themselves: several times as fast as where they follow each other in rows. A few cells stay empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, Self, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.tables.columns import Bools, Ints

_WIDER: Final = Fraction(5, 4)
"""So many times as wide as its smallest subdistrict a sheet is at most, unless it would have too few cells."""
_FEW: Final = 2**10
"""Too few cells: to go through takes them longer to begin than to do."""
_TOGETHER: Final = 2**16
"""Cells that go through together: what is worked out of them fits the cache of a core."""
_KEPT: Final = 2**21
"""Cells of several months that wait at most."""

Cells = Mapping[str, npt.NDArray[np.integer[Any]]]  # Any: of any width
"""Columns by name, one value a cell; of a block, a line a row."""


Whole = TypeVar("Whole", bound=np.integer[Any])


@attrs.frozen(eq=False)
class Sheet:
    """Subdistricts of about one size.

    Attributes:
        groups: Their places, in order; one line each.
        begin: The first cell of the first line.
        width: The cells of a line.
    """

    groups: Ints
    begin: int
    width: int

    def of(self, columns: npt.NDArray[Whole]) -> npt.NDArray[Whole]:
        """Return their cells of a column of some months: a month, a line and a cell of it."""
        cells = columns[:, self.begin : self.begin + len(self.groups) * self.width]
        return cells.reshape(len(columns), -1, self.width)


@attrs.frozen(eq=False)
class Abreast:
    """Where the rows of subdistricts lie once these stand side by side.

    Attributes:
        cell: The cell of each row; for those who don't count the last one, which lies in no sheet.
        column: The place of each one's cell in its line.
        size: How many cells there are.
    """

    sheets: tuple[Sheet, ...]
    cell: Ints
    column: Ints
    size: int

    @classmethod
    def of(cls, starts: Ints, counts: Bools) -> Self:
        """Lay subdistricts out, by the first row of each and which rows count."""
        before: Ints = np.cumsum(counts) - counts
        sizes = np.add.reduceat(counts, starts, dtype=np.int64)
        first = np.zeros(len(starts), dtype=np.int64)
        sheets, size = [], 0
        for least, width in _spans(np.bincount(sizes)):
            groups = np.flatnonzero((sizes >= least) & (sizes <= width))
            sheets.append(Sheet(groups, size, width))
            first[groups] = size + np.arange(len(groups)) * width
            size += len(groups) * width
        many = np.diff(starts, append=len(counts))
        column: Ints = before - np.repeat(before[starts], many)
        cell = np.where(counts, np.repeat(first, many) + column, size)
        return cls(tuple(sheets), cell, column, size + 1)


def _spans(many: Ints) -> list[tuple[int, int]]:
    """Return the least and the largest size of each sheet's subdistricts, from how many have each size."""
    spans: list[tuple[int, int]] = []
    lines = 0
    for size in (np.flatnonzero(many[1:]) + 1).tolist():
        if spans and (lines * spans[-1][1] < _FEW or size <= spans[-1][0] * _WIDER):
            spans[-1] = (spans[-1][0], size)
        else:
            spans.append((size, size))
            lines = 0
        lines += int(many[size])
    return spans


@attrs.frozen(eq=False)
class Block:
    """Lines of one width that go through together.

    Attributes:
        month: Of each line, from 0; `group` its subdistrict.
        columns: What stands in the cells, one line a row.
    """

    month: Ints
    group: Ints
    columns: Cells


@attrs.frozen(eq=False)
class Waiting:
    """Months that wait until enough of them have come to go through together.

    Attributes:
        columns: Their cells, a month a row.
    """

    abreast: Abreast
    columns: Cells
    _months: list[int] = attrs.field(factory=list, init=False)
    _touched: list[Bools] = attrs.field(factory=list, init=False)

    @classmethod
    def of(cls, abreast: Abreast, like: Cells, most: int) -> Self:
        """Make room for so many months at most, of columns like these."""
        shape = (min(max(_KEPT // abreast.size, 1), most), abreast.size)
        return cls(abreast, {name: np.empty(shape, dtype=column.dtype) for name, column in like.items()})

    def put(self, month: int, touched: Bools, cells: Cells) -> Iterator[Block]:
        """Put a month's cells down, of which some subdistricts are to go through; yield what has become enough."""
        for name, column in self.columns.items():
            column[len(self._months)] = cells[name]
        self._months.append(month)
        self._touched.append(touched)
        if len(self._months) == len(next(iter(self.columns.values()))):
            yield from self.rest()

    def rest(self) -> Iterator[Block]:
        """Yield all that waits."""
        if not self._months:
            return
        months, touched = np.array(self._months), np.array(self._touched)
        self._months.clear()
        self._touched.clear()
        for sheet in self.abreast.sheets:
            at, line = np.nonzero(touched[:, sheet.groups])
            each = max(_TOGETHER // sheet.width, 1)
            for begin in range(0, len(at), each):
                some, lines = at[begin : begin + each], line[begin : begin + each]
                columns = {name: sheet.of(column)[some, lines] for name, column in self.columns.items()}
                yield Block(months[some], sheet.groups[lines], columns)
