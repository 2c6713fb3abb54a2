"""Groups of rows: sums by group, and pools divided within each, exactly and in any order of rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, Self

import attrs
import numpy as np

from shequ_core.errors import ColumnLengthError, msg
from shequ_core.tables.columns import BoolColumn, Bools, Column, FenColumn, IntColumn, Ints, TextColumn

_SAFE: Final = 2**62
_BITS: Final = 62


@attrs.frozen(eq=False, slots=False)
class Groups:
    """Which group each row belongs to.

    Attributes:
        names: The groups' names, sorted, so that nothing hangs on the order of rows.
        at: Each row's place in `names`.
    """

    names: Sequence[str]
    at: Ints

    @classmethod
    def of(cls, column: TextColumn) -> Self:
        """Group rows by a text that is known in every row."""
        if column.known is not None:
            raise ColumnLengthError(msg("rows without a group can't be grouped"))
        used = np.unique(column.values)
        names = sorted(column.vocabulary[code] for code in used.tolist())
        place = np.zeros(len(column.vocabulary) + 1, dtype=np.int64)
        index = column.index()
        for number, name in enumerate(names):
            place[index[name]] = number
        return cls(tuple(names), place[column.values])

    @classmethod
    def standing(cls, names: Sequence[str], starts: Ints, rows: int) -> Self:
        """Group rows that stand together already, by the first row of each group; names in sorted order."""
        counts = np.diff(starts, append=rows)
        made = cls(names, np.repeat(np.arange(len(starts)), counts))
        vars(made).update(runs=True, starts=starts, _counts=counts)
        return made

    @cached_property
    def runs(self) -> bool:
        """Whether the rows of each group stand together, in the order of `names`."""
        return bool((self.at[1:] >= self.at[:-1]).all())

    @cached_property
    def _order(self) -> Ints:
        return np.argsort(self.at, kind="stable").astype(np.int64)

    @cached_property
    def starts(self) -> Ints:
        """Where each group begins, once rows stand in the order of groups."""
        at = self.at if self.runs else self.at[self._order]
        return np.searchsorted(at, np.arange(len(self.names))).astype(np.int64)

    @cached_property
    def _counts(self) -> Ints:
        return np.diff(self.starts, append=len(self.at))

    def __len__(self) -> int:
        return len(self.names)

    def row(self, index: int) -> str:
        """Return the name of a row's group."""
        return self.names[int(self.at[index])]

    def counts(self) -> IntColumn:
        """Return the rows of each group."""
        return IntColumn(self._counts)

    def _sums(self, values: Ints) -> Ints:
        if not len(values):
            return np.zeros(len(self), dtype=np.int64)
        return np.add.reduceat(values if self.runs else values[self._order], self.starts)

    def sum_fen(self, column: FenColumn) -> FenColumn:
        """Return each group's total; unknown where a row's amount is."""
        return FenColumn(self._sums(column.values), self._whole(column))

    def sum_int(self, column: IntColumn) -> IntColumn:
        """Return each group's total; unknown where a row's number is."""
        return IntColumn(self._sums(column.values), self._whole(column))

    def count_true(self, column: BoolColumn) -> IntColumn:
        """Return how many rows of each group are known to be true; unknown where a row isn't known."""
        return IntColumn(self._sums(column.true().astype(np.int64)), self._whole(column))

    def _whole(self, column: Column[Any]) -> Bools | None:  # Any: of any kind
        if column.known is None:
            return None
        return np.equal(self._sums((~column.known).astype(np.int64)), 0)

    def spread(self, per_group: FenColumn) -> FenColumn:
        """Return each row its group's amount."""
        return per_group.take(self.at)

    def _each(self, per_group: Ints) -> Ints:
        """Return each row its group's number."""
        return np.repeat(per_group, self._counts) if self.runs else per_group[self.at]

    def _before(self) -> Ints:
        """Return where the rows of each row's group begin, in the order of groups."""
        return self._each(self.starts)


@attrs.frozen(eq=False)
class Shares:
    """A pool divided within each group.

    Attributes:
        each: What each row gets.
        undistributed: What of each group's pool nobody gets, since all its weights are zero.
        groups: Which group each row belongs to.
        pool: Each group's pool.
        total_weight: The sum of each group's weights.
        whole: What each row gets before the last fen are given out.
        rest: Each row's remainder, in units of fen / sum of weights.
        left: How many single fen each group has to give out.
        rank: What orders ties.
    """

    each: FenColumn
    undistributed: FenColumn
    groups: Groups
    pool: FenColumn
    total_weight: IntColumn
    whole: FenColumn
    rest: IntColumn
    left: IntColumn
    rank: Ints

    @property
    def place(self) -> IntColumn:
        """Each row's place by remainder in its group, from 1."""
        order = np.lexsort((self.rank, -self.rest.values, self.groups.at))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(1, len(order) + 1)
        return IntColumn(place - self.groups._before())

    def row(self, index: int) -> dict[str, object]:
        """Return what concerns one row: its share, its group's pool and sum of weights."""
        group = int(self.groups.at[index])
        return {
            "share": self.each.row(index),
            "pool": self.pool.row(group),
            "sum of weights": self.total_weight.row(group),
            "whole fen": self.whole.row(index),
            "remainder": self.rest.row(index),
            "place by remainder": self.place.row(index),
            "single fen given to the first": self.left.row(group),
            "undistributed": self.undistributed.row(group),
        }


def divide(pool: FenColumn, weight: IntColumn, groups: Groups, rank: Ints) -> Shares:
    """Divide each group's pool by weight, by largest remainder, to the fen.

    Whole fen first; what is left goes, a fen each, to the largest remainders, ties to the lower
    rank. The shares of a group sum to its pool whatever the order of rows.

    Args:
        pool: One amount for each group, not negative.
        weight: One whole weight for each row, not negative, all known.
        rank: A number for each row that orders ties, unlike any other in its group: the place of the
            person's id in sorted order, not the row's.
    """
    total = groups.sum_int(weight)
    nobody = total.values == 0
    sums = np.where(nobody, 1, total.values)
    pools = np.where(nobody, 0, pool.values)
    most = int(pools.max(initial=0)) * int(weight.values.max(initial=0))
    each_sum = groups._each(sums)
    if most < _SAFE:
        product = groups._each(pools) * weight.values
        whole = product // each_sum
        rest = product - whole * each_sum
    else:
        rows = zip(groups.at.tolist(), weight.values.tolist(), strict=True)
        parts = [divmod(int(pools[at]) * one, int(sums[at])) for at, one in rows]
        whole = np.array([part[0] for part in parts], dtype=np.int64)
        rest = np.array([part[1] for part in parts], dtype=np.int64)
    left = pools - groups._sums(whole)
    each = whole.copy()
    each[_first_by_remainder(rest, left, int(sums.max(initial=1)), groups, rank)] += 1
    known = None if pool.known is None else pool.known[groups.at]
    return Shares(
        each=FenColumn(each, known),
        undistributed=FenColumn(np.where(nobody, pool.values, 0), pool.known),
        groups=groups,
        pool=pool,
        total_weight=total,
        whole=FenColumn(whole, known),
        rest=IntColumn(rest),
        left=IntColumn(left),
        rank=rank,
    )


def _first_by_remainder(rest: Ints, left: Ints, bound: int, groups: Groups, rank: Ints) -> Ints:
    """Return the rows with the largest remainders, so many of each group as are left; ties to the lower rank.

    Where rows stand by group and rank already, group, remainder and row go into one number each, and one
    plain sort of those is several times as fast as a sort by three keys.
    """
    before = groups._before()
    bits = (bound.bit_length(), len(rest).bit_length())
    in_order = groups.runs and bool(((rank[1:] > rank[:-1]) | (groups.at[1:] != groups.at[:-1])).all())
    if in_order and len(groups).bit_length() + sum(bits) < _BITS:
        rows = np.arange(len(rest))
        key = (((groups.at << bits[0]) + (bound - rest)) << bits[1]) + rows
        key.sort()
        order = key & ((1 << bits[1]) - 1)
        return order[rows - before < groups._each(left)]
    order = np.lexsort((rank, -rest, groups.at))
    at = groups.at[order]
    return order[np.arange(len(order)) - groups.starts[at] < left[at]]
