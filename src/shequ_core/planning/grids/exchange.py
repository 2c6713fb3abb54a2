"""One unit to the next grid, or two units in each other's place: all such changes judged at once, the best made.

While a round lasts each grid's best building is held, so that a change costs the same whatever else happens; then
centres are found anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

import numpy as np

from shequ_core.planning.grids.ground import Ground
from shequ_core.planning.grids.layout import Bools, Floats, Ints
from shequ_core.planning.grids.masks import connected, places
from shequ_core.planning.grids.partition import Partition, best_building, excess_of

_TRIED: Final = 10
"""So many of the best changes are asked whether they leave their grids in one piece."""

_TENURE: Final = (3, 8)
"""A unit that was moved rests for so many steps, drawn anew each time, so that the search doesn't circle."""


class _Change(NamedTuple):
    """A unit that goes to another grid, with one that comes for it (or -1)."""

    unit: int
    to: int
    back: int


class _Exchange:
    """The working state: some grids of a partition, numbered from 0, and their units, numbered from 0."""

    def __init__(self, partition: Partition, grids: Sequence[int]) -> None:
        ground = partition.ground
        self.ground: Ground = ground
        self.partition = partition
        self.grids = list(grids)
        units = [unit for one in self.grids for unit in places(partition.masks[one])]
        self.units: Ints = np.array(units, dtype=np.int64)
        self.grid: Ints = np.repeat(
            np.arange(len(self.grids)), [partition.masks[one].bit_count() for one in self.grids]
        )
        self.bits = [1 << unit for unit in units]
        self.households = ground.households[self.units]
        whole = len(units) == len(ground) and bool((self.units[:-1] < self.units[1:]).all())
        self.touching = ground.touching if whole else ground.touching[self.units[:, None], self.units]
        self.spread = ground.spread[self.units]
        self.estate = ground.estate[self.units] if ground.estates else None
        self.loads: Floats = np.array([partition.loads[one] for one in self.grids], dtype=np.float64)
        self.masks = [partition.masks[one] for one in self.grids]
        self.rows = np.arange(len(units))
        self.centred([partition.centres[one] for one in self.grids])

    def centred(self, centres: Sequence[int]) -> None:
        """Hold these centres."""
        self.centres = list(centres)
        self.cost = np.ascontiguousarray(self.spread[:, self.centres].T)

    def recentre(self) -> bool:
        """Find the centres anew and say whether any moved."""
        found = [best_building(self.ground, self.units[self.grid == one])[1] for one in range(len(self.grids))]
        if found == self.centres:
            return False
        self.centred(found)
        return True

    def best(self, *, worse: bool, free: Ints | None = None) -> _Change | None:
        """Return the best change that keeps grids in one piece.

        Args:
            worse: Whether a change that is no gain will do.
            free: Which units may move, where not all.
        """
        grids, rows = len(self.grids), self.rows
        inside = np.zeros((len(rows), grids))
        inside[rows, self.grid] = 1
        touch = (self.touching @ inside).T > 0
        cost = self.cost - self.cost[self.grid, rows]
        excess = excess_of(self.ground, self.loads)
        gone = excess_of(self.ground, self.loads[self.grid] - self.households) - excess[self.grid]
        come = excess_of(self.ground, self.loads[:, None] + self.households) - excess[:, None]
        over = come + gone
        splits = self._splits(inside)
        if splits is not None and self.ground.split_weight is not None:
            cost = cost + self.ground.split_weight * splits
            splits = None
        allowed = touch.copy()
        allowed[self.grid, rows] = False
        border = allowed.any(axis=0)
        if free is not None:
            allowed &= free > 0
            border &= free > 0
        edge = np.flatnonzero(border)
        of = self.grid[edge]
        weight = self.households[edge]
        there = cost[of][:, edge]
        swap_cost = there + there.T
        swapped = excess_of(self.ground, self.loads[of][:, None] - weight[:, None] + weight)
        swap_over = swapped + swapped.T - excess[of][:, None] - excess[of]
        if not worse:
            allowed &= _better(over, splits, cost)
        single = np.flatnonzero(allowed.ravel())
        meet = touch[:, edge][of]
        pair = np.triu(meet & meet.T & (of[:, None] != of), 1)
        swap_splits = None
        if splits is not None and self.estate is not None:
            apart = splits[of][:, edge]
            estate = self.estate[edge]
            swap_splits = np.where((estate[:, None] == estate) & (estate >= 0), 0, apart + apart.T)
        if not worse:
            pair &= _better(swap_over, swap_splits, swap_cost)
        double = np.flatnonzero(pair.ravel())

        if not len(single) and not len(double):
            return None
        order = _ranked(
            np.concatenate((over.ravel()[single], swap_over.ravel()[double])),
            None if splits is None or swap_splits is None
            else np.concatenate((splits.ravel()[single], swap_splits.ravel()[double])),
            np.concatenate((cost.ravel()[single], swap_cost.ravel()[double])),
        )
        for place in order.tolist():
            if place < len(single):
                to, unit = divmod(int(single[place]), len(rows))
                change = _Change(unit, to, -1)
            else:
                one, other = divmod(int(double[place - len(single)]), len(edge))
                unit, back = int(edge[one]), int(edge[other])
                change = _Change(unit, int(self.grid[back]), back)
            if self._keeps_whole(change):
                return change
        return None

    def _splits(self, inside: Floats) -> Floats | None:
        """Count for each unit and grid the pieces of estates that its move adds, shape (k, m)."""
        if self.estate is None:
            return None
        held = self.estate >= 0
        counted = np.zeros((self.ground.estates, len(self.grids)))
        np.add.at(counted, self.estate[held], inside[held])
        mine = counted[self.estate]  # of -1: some row, not used
        leaves = mine[self.rows, self.grid] == 1
        found: Floats = np.where(held, (mine == 0).T.astype(np.float64) - leaves, 0.0)
        return found

    def _after(self, change: _Change) -> tuple[int, int, int, int]:
        here = int(self.grid[change.unit])
        leaving = self.masks[here] & ~self.bits[change.unit]
        joined = self.masks[change.to] | self.bits[change.unit]
        if change.back >= 0:
            leaving |= self.bits[change.back]
            joined &= ~self.bits[change.back]
        return here, leaving, change.to, joined

    def _keeps_whole(self, change: _Change) -> bool:
        _, leaving, _, joined = self._after(change)
        near = self.ground.near
        return leaving != 0 and connected(near, leaving) and (change.back < 0 or connected(near, joined))

    def make(self, change: _Change) -> None:
        """Make a change."""
        here, leaving, there, joined = self._after(change)
        self.masks[here], self.masks[there] = leaving, joined
        shift = self.households[change.unit] - (self.households[change.back] if change.back >= 0 else 0)
        self.loads[here] -= shift
        self.loads[there] += shift
        self.grid[change.unit] = there
        if change.back >= 0:
            self.grid[change.back] = here

    def excess(self) -> float:
        """Sum the squares by which grids miss their bounds."""
        return float(excess_of(self.ground, self.loads).sum())

    def give(self, masks: Sequence[int]) -> None:
        """Put these sets into the partition."""
        for one, mask in zip(self.grids, masks, strict=True):
            self.partition.put(one, mask)


def _better(over: Floats, splits: Floats | None, cost: Floats) -> Bools:
    if splits is None:
        found: Bools = (over < 0) | ((over == 0) & (cost < 0))
        return found
    deeper: Bools = (over < 0) | ((over == 0) & ((splits < 0) | ((splits == 0) & (cost < 0))))
    return deeper


def _ranked(over: Floats, splits: Floats | None, cost: Floats) -> Ints:
    """Return the places of the best few, best first."""
    # Of changes that lessen an excess, the one that pays least for each part of it: the steepest would be dear.
    gain = over < 0
    rate = np.where(gain, cost / np.where(gain, -over, 1), cost)
    step = np.where(gain, -1, over)
    keys = (rate, step) if splits is None else (rate, splits, step)
    found: Ints = np.lexsort(keys)[:_TRIED]
    return found


def exchange(partition: Partition, grids: Sequence[int], limit: int) -> None:
    """Make the best moves and swaps among some grids until none is a gain, or `limit` were made."""
    if len(grids) < 2:
        return
    work = _Exchange(partition, grids)
    made = 0
    while made < limit:
        change = work.best(worse=False)
        if change is not None:
            work.make(change)
            made += 1
        elif not work.recentre():
            break
    work.give(work.masks)


def balance(partition: Partition, grids: Sequence[int], steps: int, chance: Random) -> bool:
    """Bring some grids within bounds by a tabu search; say whether that was reached.

    The best change is made even where it is a loss, and a unit that moved rests for a while; the best state seen is
    kept.
    """
    work = _Exchange(partition, grids)
    best, kept = work.excess(), list(work.masks)
    rests_until = np.zeros(len(work.rows), dtype=np.int64)
    for step in range(1, steps + 1):
        if best == 0 or len(grids) < 2:
            break
        change = work.best(worse=True, free=(rests_until < step).astype(np.int64))
        if change is None:
            continue
        work.make(change)
        for unit in (change.unit, change.back):
            if unit >= 0:
                rests_until[unit] = step + chance.randint(*_TENURE)
        now = work.excess()
        if now < best:
            best, kept = now, list(work.masks)
    work.give(kept)
    return best == 0
