"""Groups of rows: sums by group, and pools divided within each, exactly and in any order of rows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, Self

import attrs
import numpy as np

from shequ_core.errors import ColumnLengthError, msg
from shequ_core.tables.columns import Bools, Column, FenColumn, IntColumn, Ints, TextColumn
from shequ_core.values import Fen

_SAFE: Final = 2**62
_BITS: Final = 62
_SORTED: Final = 1_000
"""Of about so many rows a time remainders are sorted."""
_NOTHING: Final = -(2**62)
"""Below every such number."""


@attrs.frozen(eq=False, slots=False)
class Groups:
    """Which group each row belongs to.

    Attributes:
        names: The groups' names, sorted, so that nothing hangs on the order of rows.
        at: Each row's place in `names`.
        width: How many rows each group has, where all have as many and theirs stand together; else None.
    """

    names: Sequence[str]
    at: Ints
    width: int | None = None

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

    @classmethod
    def even(cls, groups: int, width: int) -> Self:
        """Group rows that stand together already, as many in each; nobody asks what a group is called."""
        counts, starts = np.full(groups, width), np.arange(groups) * width
        made = cls(("",) * groups, np.repeat(np.arange(groups), width), width)
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
        if self.width is not None:
            return np.asarray(values.reshape(-1, self.width).sum(axis=1), dtype=np.int64)
        return np.add.reduceat(values if self.runs else values[self._order], self.starts)

    def sum_fen(self, column: FenColumn) -> FenColumn:
        """Return each group's total; unknown where a row's amount is."""
        return FenColumn(self._sums(column.values), self._whole(column))

    def sum_int(self, column: IntColumn) -> IntColumn:
        """Return each group's total; unknown where a row's number is."""
        return IntColumn(self._sums(column.values), self._whole(column))

    def _whole(self, column: Column[Any]) -> Bools | None:  # Any: of any kind
        if column.known is None:
            return None
        return np.equal(self._sums((~column.known).astype(np.int64)), 0)

    def _each(self, per_group: Ints) -> Ints:
        """Return each row its group's number."""
        return np.repeat(per_group, self._counts) if self.runs else per_group[self.at]

    def _times(self, per_group: Ints, values: Ints) -> Ints:
        """Return each row's value times its group's number."""
        if self.width is not None:
            return np.multiply(values.reshape(-1, self.width), per_group[:, np.newaxis]).reshape(-1)
        found = self._each(per_group)
        found *= values
        return found

    @property
    def room(self) -> int:
        """How many bits are left in a number that holds a group and a row."""
        return _BITS - len(self).bit_length() - len(self.at).bit_length()

    @cached_property
    def keys(self) -> Ints:
        """Each row's group and place as one number, with room for a remainder between them."""
        return (self.at << (self.room + len(self.at).bit_length())) + np.arange(len(self.at))

    @cached_property
    def blocks(self) -> list[tuple[int, int]]:
        """First row and end of some groups that stand together and are sorted at a time: few rows sort faster."""
        rows = np.arange(0, len(self.at), _SORTED)
        cuts = dict.fromkeys(self.starts[np.searchsorted(self.starts, rows, side="right") - 1].tolist())
        return list(itertools.pairwise([*cuts, len(self.at)]))


@attrs.frozen(eq=False)
class Shares:
    """A pool divided within each group.

    Attributes:
        each: What each row gets.
        undistributed: What of each group's pool nobody gets, since all its weights are zero.
        groups: Which group each row belongs to.
        pool: Each group's pool.
        weight: Each row's weight.
        total_weight: The sum of each group's weights.
        left: How many single fen each group has to give out by remainder.
        rank: What orders ties; None where the rows of each group stand in that order.
    """

    each: FenColumn
    undistributed: FenColumn
    groups: Groups
    pool: FenColumn
    weight: IntColumn
    total_weight: IntColumn
    left: IntColumn
    rank: Ints | None

    def row(self, index: int) -> dict[str, object]:
        """Return what concerns one row: its share, its group's pool and sum of weights."""
        group = int(self.groups.at[index])
        whole, rest = self._parts(index)
        return {
            "share": self.each.row(index),
            "pool": self.pool.row(group),
            "sum of weights": self.total_weight.row(group),
            "whole fen": Fen(whole),
            "remainder": rest,
            "place by remainder": self.place(index),
            "single fen given to the first": self.left.row(group),
            "undistributed": self.undistributed.row(group),
        }

    def place(self, index: int) -> int:
        """Return a row's place by remainder in its group, from 1."""
        mine = np.flatnonzero(self.groups.at == self.groups.at[index]).tolist()
        rank = self.rank if self.rank is not None else np.arange(len(self.weight))
        order = sorted(mine, key=lambda row: (-self._parts(row)[1], rank[row]))
        return order.index(index) + 1

    def _parts(self, row: int) -> tuple[int, int]:
        """Return a row's whole fen before the last are given out, and its remainder in fen / sum of weights."""
        group = int(self.groups.at[row])
        total = int(self.total_weight.values[group])
        return divmod(int(self.pool.values[group]) * int(self.weight.values[row]), total) if total else (0, 0)


def divide(pool: FenColumn, weight: IntColumn, groups: Groups, rank: Ints | None) -> Shares:
    """Divide each group's pool by weight, by largest remainder, to the fen.

    Whole fen first; what is left goes, a fen each, to the largest remainders, ties to the lower
    rank. The shares of a group sum to its pool whatever the order of rows.

    Args:
        pool: One amount for each group, not negative.
        weight: One whole weight for each row, not negative, all known.
        groups: Which group each row belongs to.
        rank: A number for each row that orders ties, unlike any other in its group: the place of the
            person's id in sorted order, not the row's. None: the rows of each group stand in that order.
    """
    total = groups.sum_int(weight)
    nobody = total.values == 0
    sums = np.where(nobody, 1, total.values)
    pools = np.where(nobody, 0, pool.values)
    each, rest = _whole_fen(pools, weight.values, sums, groups)
    left = pools - groups._sums(each)
    each += _first_by_remainder(rest, left, int(sums.max(initial=1)), groups, rank)
    return Shares(
        each=FenColumn(each, None if pool.known is None else pool.known[groups.at]),
        undistributed=FenColumn(np.where(nobody, pool.values, 0), pool.known),
        groups=groups,
        pool=pool,
        weight=weight,
        total_weight=total,
        left=IntColumn(left),
        rank=rank,
    )


def _whole_fen(pools: Ints, weights: Ints, sums: Ints, groups: Groups) -> tuple[Ints, Ints]:
    """Return each row's pool x weight / sum of weights: the whole fen, and the remainder.

    Where it fits into 64 bits, pool / sum is worked out once for a group, in so many binary places and
    rounded up, so that a row takes a product and a shift instead of a division. The rounding adds less
    than weight / 2**places to a share, which is less than a fen: one too many is told by the remainder.
    """
    most, heaviest = int(pools.max(initial=0)), int(weights.max(initial=0))
    if most * heaviest >= _SAFE:
        rows = zip(groups.at.tolist(), weights.tolist(), strict=True)
        parts = np.array([divmod(int(pools[at]) * one, int(sums[at])) for at, one in rows], dtype=np.int64)
        return parts[:, 0].copy(), parts[:, 1].copy()
    rest = groups._times(pools, weights)
    places = _BITS - max(most.bit_length(), int(sums.max(initial=1)).bit_length())
    if heaviest.bit_length() <= places:
        whole, part = np.divmod(pools, sums)
        each = groups._times((whole << places) - (-(part << places) // sums), weights)
        each >>= places
    else:
        each = rest // groups._each(sums)
    rest -= groups._times(sums, each)
    if rest.min(initial=0) < 0:
        over = np.flatnonzero(rest < 0)
        each[over] -= 1
        rest[over] += sums[groups.at[over]]
    return each, rest


def _first_by_remainder(rest: Ints, left: Ints, bound: int, groups: Groups, rank: Ints | None) -> Bools:
    """Return which rows have the largest remainders, so many of each group as are left; ties to the lower rank.

    The remainders are used up: their memory serves again.
    Where rows stand by group and rank already, group, remainder and row go into one number each, and a
    plain sort of those, some groups at a time, is several times as fast as a sort by three keys; twice as fast again
    where groups are as large as each other, so that each is sorted by itself.
    """
    width = groups.width
    if rank is None and width is not None and bound.bit_length() + width.bit_length() <= _BITS:
        rest <<= width.bit_length()
        keys = rest.reshape(-1, width)
        keys += np.arange(width)[::-1]
        ordered = np.sort(keys, axis=1)
        least = ordered[np.arange(len(left)), np.minimum(width - left, width - 1)]
        least[left == 0] = -_NOTHING
        return np.asarray(keys >= least[:, np.newaxis], dtype=np.bool_).reshape(-1)
    if rank is None and groups.runs and bound.bit_length() <= groups.room:
        rest <<= len(rest).bit_length()
        key = np.subtract(groups.keys, rest, out=rest)
        by_remainder = key.copy()
        for begin, end in groups.blocks:
            by_remainder[begin:end].sort()
        last = by_remainder[np.maximum(groups.starts + left - 1, 0)]
        last[left == 0] = _NOTHING
        return np.asarray(key <= groups._each(last), dtype=np.bool_)
    rows = np.arange(len(rest))
    order = np.lexsort((rows if rank is None else rank, -rest, groups.at))
    at = groups.at[order]
    found = np.zeros(len(rest), dtype=np.bool_)
    found[order[rows - groups.starts[at] < left[at]]] = True
    return found
