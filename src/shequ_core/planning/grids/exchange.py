"""One unit to the next grid, or two units in each other's place: of all such changes the best is made, again and again.

While a round lasts each grid's best building is held, so that a change costs the same whatever else happens; then
centres are found anew. A change hangs on the two grids between which it is made and on nothing else, so the changes
of a pair of grids are listed once and stand until one of the two changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final, TypeAlias

import numpy as np

from shequ_core.planning.grids.ground import Ground
from shequ_core.planning.grids.masks import holds_together, places
from shequ_core.planning.grids.partition import Partition, best_building

_TENURE: Final = (3, 8)
"""A unit that was moved rests for so many steps, drawn anew each time, so that the search doesn't circle."""


_Change: TypeAlias = "tuple[float, int, float, int, int, int, int]"
"""A unit that goes to another grid, with one that comes for it (or -1), and how good that is, less being better.

In turn: whether it lessens an excess (-1) or by how much it makes one larger; the pieces of estates that it adds; what
it costs (of changes that lessen an excess, the one that pays least for each part of it: the steepest would be dear);
the unit, the one that comes back, the grid that it leaves and the one to which it goes. Millions are made.
"""

_Mover: TypeAlias = "tuple[int, int, int, float]"
"""A unit that could go, its households, the pieces of estates that it adds, and what it costs."""


class _Exchange:
    """The working state: some grids of a partition, numbered from 0."""

    def __init__(self, partition: Partition, grids: Sequence[int], *, worse: bool) -> None:
        ground = partition.ground
        self.ground: Ground = ground
        self.partition = partition
        self.grids = list(grids)
        self.worse = worse
        self.masks = [partition.masks[one] for one in self.grids]
        self.loads = [partition.loads[one] for one in self.grids]
        self.centres = [partition.centres[one] for one in self.grids]
        self.stale: set[int] = set()
        """Grids that changed since their centre was found."""
        self.halos = [self._halo(mask) for mask in self.masks]
        self.changes: dict[tuple[int, int], list[_Change]] = {}
        self.whole: dict[tuple[int, ...], bool] = {}
        for one in range(len(self.grids)):
            for other in range(one):
                self._list(other, one)

    def _halo(self, mask: int) -> int:
        found = 0
        for unit in places(mask):
            found |= self.ground.near[unit]
        return found

    def recentre(self) -> bool:
        """Find the centres anew and say whether any moved."""
        moved = []
        for one in sorted(self.stale):
            _, centre = best_building(self.ground, np.array(places(self.masks[one]), dtype=np.int64))
            if centre != self.centres[one]:
                self.centres[one] = centre
                moved.append(one)
        self.stale.clear()
        self._list_around(moved)
        return bool(moved)

    def _list_around(self, changed: Sequence[int]) -> None:
        done = set()
        for one in changed:
            for other in range(len(self.grids)):
                pair = (min(one, other), max(one, other))
                if one != other and pair not in done:
                    done.add(pair)
                    self._list(*pair)

    def _list(self, one: int, other: int) -> None:
        """List the changes between two grids, best first; without those that are no gain, unless these will do too."""
        masks, halos = self.masks, self.halos
        leaves = masks[one] & halos[other]
        if not leaves:
            self.changes.pop((one, other), None)
            return
        found: list[_Change] = []
        mine, theirs = self._movers(leaves, one, other), self._movers(masks[other] & halos[one], other, one)
        first, second, ground = self.loads[one], self.loads[other], self.ground
        if self.worse or not (ground.low <= first <= ground.high and ground.low <= second <= ground.high):
            self._list_moves(found, mine, one, other)
            self._list_moves(found, theirs, other, one)
            self._list_swaps(found, mine, theirs, one, other)
        else:
            self._list_gains(found, mine, theirs, one, other)
        if found:
            found.sort()
            self.changes[one, other] = found
        else:
            self.changes.pop((one, other), None)

    def _movers(self, leaves: int, here: int, to: int) -> list[_Mover]:
        """List who could go: unit, households, pieces that it adds, and what it costs."""
        ground = self.ground
        weights = ground.weights
        before, after = ground.column(self.centres[here]), ground.column(self.centres[to])
        if not ground.estates:
            return [(unit, weights[unit], 0, after[unit] - before[unit]) for unit in places(leaves)]
        kin = ground.kin
        from_mask, to_mask = self.masks[here], self.masks[to]
        found = []
        for unit in places(leaves):
            mates = kin[unit]
            splits = (not mates & to_mask) - (mates & from_mask == 1 << unit) if mates else 0
            cost = after[unit] - before[unit]
            if ground.split_weight is not None:
                cost, splits = cost + ground.split_weight * splits, 0
            found.append((unit, weights[unit], splits, cost))
        return found

    def _list_gains(
        self, found: list[_Change], mine: Sequence[_Mover], theirs: Sequence[_Mover], one: int, other: int
    ) -> None:
        """List the changes between two grids within bounds that leave them so and are a gain."""
        first, second = self.loads[one], self.loads[other]
        low, high = self.ground.low, self.ground.high
        # What may go over, on balance, so that both keep the bounds.
        least, most = max(first - high, low - second), min(first - low, high - second)
        for unit, weight, splits, cost in mine:
            if weight <= most and (splits < 0 or (not splits and cost < 0)):
                found.append((0, splits, cost, unit, -1, one, other))
        for unit, weight, splits, cost in theirs:
            if -weight >= least and (splits < 0 or (not splits and cost < 0)):
                found.append((0, splits, cost, unit, -1, other, one))
        estate = self.ground.estate_list
        weighted = self.ground.split_weight is not None
        for unit, weight, apart, cost in mine:
            own = estate[unit]
            lightest, heaviest = weight - most, weight - least
            for back, other_weight, other_apart, other_cost in theirs:
                if lightest <= other_weight <= heaviest:
                    if own >= 0 and own == estate[back]:
                        splits = 0
                        total = self._plainly(unit, back, one, other) if weighted else cost + other_cost
                    else:
                        splits, total = apart + other_apart, cost + other_cost
                    if splits < 0 or (not splits and total < 0):
                        found.append((0, splits, total, unit, back, one, other))

    def _list_moves(self, found: list[_Change], movers: Sequence[_Mover], here: int, to: int) -> None:
        first, second, worse = self.loads[here], self.loads[to], self.worse
        missed = self._missed
        now = missed(first) + missed(second)
        for unit, weight, splits, cost in movers:
            over = missed(first - weight) + missed(second + weight) - now
            if over < 0:
                found.append((-1, splits, cost / -over, unit, -1, here, to))
            elif worse or (not over and (splits, cost) < (0, 0)):
                found.append((over, splits, cost, unit, -1, here, to))

    def _list_swaps(
        self, found: list[_Change], mine: Sequence[_Mover], theirs: Sequence[_Mover], one: int, other: int
    ) -> None:
        first, second, worse = self.loads[one], self.loads[other], self.worse
        low, high = self.ground.low, self.ground.high
        missed = self._missed
        now = missed(first) + missed(second)
        # What may go over, on balance, so that both keep the bounds.
        least, most = max(first - high, low - second), min(first - low, high - second)
        estate = self.ground.estate_list
        weighted = self.ground.split_weight is not None
        for unit, weight, apart, cost in mine:
            own = estate[unit]
            for back, other_weight, other_apart, other_cost in theirs:
                shift = weight - other_weight
                over = -now if least <= shift <= most else missed(first - shift) + missed(second + shift) - now
                total = cost + other_cost
                splits = apart + other_apart
                if own >= 0 and own == estate[back]:
                    if weighted:
                        total = self._plainly(unit, back, one, other)
                    splits = 0
                if over < 0:
                    found.append((-1, splits, total / -over, unit, back, one, other))
                elif worse or (not over and (splits < 0 or (not splits and total < 0))):
                    found.append((over, splits, total, unit, back, one, other))

    def _plainly(self, unit: int, back: int, here: int, to: int) -> float:
        """Return what a swap of two of one estate costs: no piece more or less."""
        before, after = self.ground.column(self.centres[here]), self.ground.column(self.centres[to])
        return after[unit] - before[unit] + before[back] - after[back]

    def _missed(self, load: int) -> int:
        ground = self.ground
        missed = load - ground.high if load > ground.high else ground.low - load if load < ground.low else 0
        return missed if ground.linear else missed * missed

    def best(self, resting: int = 0) -> _Change | None:
        """Return the best change that keeps grids in one piece.

        Args:
            resting: The units that may not move.
        """
        best: _Change | None = None
        for found in self.changes.values():
            for change in found:
                if best is not None and best < change:
                    break
                if resting:
                    unit, back = change[3:5]
                    if resting >> unit & 1 or (back >= 0 and resting >> back & 1):
                        continue
                key = change[3:]
                whole = self.whole.get(key)
                if whole is None:
                    whole = self.whole[key] = self._keeps_whole(change)
                if whole:
                    best = change
                    break
        return best

    def _after(self, change: _Change) -> tuple[int, int]:
        unit, back, here, to = change[3:]
        bit = 1 << unit
        leaving = self.masks[here] ^ bit
        joined = self.masks[to] | bit
        if back >= 0:
            return leaving | 1 << back, joined ^ 1 << back
        return leaving, joined

    def _keeps_whole(self, change: _Change) -> bool:
        leaving, joined = self._after(change)
        near = self.ground.near
        unit, back = change[3:5]
        if back < 0:
            return leaving != 0 and holds_together(near, leaving, near[unit] & leaving)
        return holds_together(near, leaving, near[unit] & leaving | 1 << back) and holds_together(
            near, joined, near[back] & joined | 1 << unit
        )

    def make(self, change: _Change) -> None:
        """Make a change."""
        unit, back, here, to = change[3:]
        self.masks[here], self.masks[to] = self._after(change)
        shift = self.ground.weights[unit] - (self.ground.weights[back] if back >= 0 else 0)
        self.loads[here] -= shift
        self.loads[to] += shift
        self.stale |= {here, to}
        gone = (here, to)
        self.whole = {one: whole for one, whole in self.whole.items() if one[2] not in gone and one[3] not in gone}
        for one in (here, to):
            self.halos[one] = self._halo(self.masks[one])
        self._list_around((here, to))

    def excess(self) -> int:
        """Sum the squares by which grids miss their bounds."""
        return sum([self._missed(load) for load in self.loads])

    def give(self, masks: Sequence[int]) -> None:
        """Put these sets into the partition."""
        for one, mask in zip(self.grids, masks, strict=True):
            self.partition.put(one, mask)


def exchange(partition: Partition, grids: Sequence[int], limit: int) -> None:
    """Make the best moves and swaps among some grids until none is a gain, or `limit` were made."""
    if len(grids) < 2:
        return
    work = _Exchange(partition, grids, worse=False)
    made = 0
    while made < limit:
        change = work.best()
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
    work = _Exchange(partition, grids, worse=True)
    best, kept = work.excess(), list(work.masks)
    until: dict[int, int] = {}
    for step in range(1, steps + 1):
        if best == 0 or len(grids) < 2:
            break
        resting = 0
        for unit, end in until.items():
            if end >= step:
                resting |= 1 << unit
        change = work.best(resting)
        if change is None:
            continue
        work.make(change)
        for unit in change[3:5]:
            if unit >= 0:
                until[unit] = step + chance.randint(*_TENURE)
        now = work.excess()
        if now < best:
            best, kept = now, list(work.masks)
    work.give(kept)
    return best == 0
