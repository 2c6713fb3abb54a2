"""An excess carried to where there is room for it, from grid to grid, by exchanges of up to three units each way.

Where grids are to be nearly full, a division soon misses its bounds by a few households only, and those can't be made
good by one unit that goes or by two that change places: what such a change carries over is either too much or too
little. Of up to three units against up to three there are thousands between two grids, so nearly every number of
households can be carried over to the household. The way goes over grids without room too, to the nearest that has some.
It never comes back to two grids as they were, and where it is stuck some units change places for as many households, so
that other exchanges can be made.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random
from typing import Final, TypeAlias

from shequ_core.planning.grids.masks import around, connected, holds_together, mask_of, places
from shequ_core.planning.grids.partition import Partition

_GROUPS: Final = (20, 60, 120)
"""So many units, pairs and threes are looked at on either side, those that are dearest where they are."""
_TRIED: Final = 40
"""So many exchanges of a pair of grids are tried, the best first."""

_Group: TypeAlias = "tuple[int, float, int]"
"""Households of some units, what it costs that they go over, and who they are."""


def carry(partition: Partition, looks: int, chance: Random, part: Sequence[int] | None = None) -> bool:
    """Bring a division within bounds by carrying what is too much to where there is room; say whether that was reached.

    Args:
        partition: Changed in place; it never misses its bounds by more households than before.
        looks: So many pairs of grids are looked at, at most.
        chance: Decides among ways of one length.
        part: The grids that may be changed; None for all.
    """
    among = set(range(len(partition)) if part is None else part)
    work = _Carrying(partition, looks, chance)
    while work.looks > 0:
        wrong = [one for one in partition.out_of_bounds() if one in among]
        if not wrong:
            return True
        chance.shuffle(wrong)
        made = work.made
        for first in wrong:
            at, been = first, {first}
            while work.missed(at):
                to = work.carried(at, among - been)
                if to is None:
                    break
                if not work.missed(at):
                    at = to
                    been.add(to)
        if work.made == made and not work.shaken(chance.choice(wrong), among):
            return False
    return not any(work.missed(one) for one in among)


class _Carrying:
    def __init__(self, partition: Partition, looks: int, chance: Random) -> None:
        self.partition = partition
        self.looks = looks
        self.made = 0
        self.chance = chance
        self.hopeless: set[tuple[int, int, int, int]] = set()
        self.seen: set[tuple[int, int]] = set()
        """Pairs of grids that were there before: an excess that goes to and fro comes nowhere."""
        self.halos: dict[int, int] = {}

    def beside(self, one: int, among: set[int]) -> list[int]:
        """List the grids that touch one, of some."""
        masks = self.partition.masks
        mask = masks[one]
        halo = self.halos.get(mask)
        if halo is None:
            halo = self.halos[mask] = around(self.partition.ground.near, mask)
        return [other for other in sorted(among) if halo & masks[other]]

    def missed(self, one: int) -> int:
        load, ground = self.partition.loads[one], self.partition.ground
        return max(load - ground.high, ground.low - load, 0)

    def carried(self, at: int, among: set[int]) -> int | None:
        """Make the best exchange of a grid out of bounds with one beside it, and say with which."""
        partition, ground = self.partition, self.partition.ground
        sign = 1 if partition.loads[at] > ground.high else -1
        excess = self.missed(at)
        room = [ground.high - one if sign > 0 else one - ground.low for one in partition.loads]
        away = self._steps_to([one for one in sorted(among) if room[one] > 0], among)
        mates = [one for one in self.beside(at, among) if room[one] >= 0]
        # What is left out of bounds afterwards, then the way to the next room.
        for to in sorted(
            mates, key=lambda one: (max(excess - room[one], 0), away.get(one, len(room)), self.chance.random())
        ):
            least, most = sorted((excess, room[to]))
            least = max(least, 1)
            if sign < 0:
                least, most = -most, -least
            key = (partition.masks[at], partition.masks[to], least, most)
            if key in self.hopeless or self.looks <= 0:
                continue
            self.looks -= 1
            if self._exchanged(at, to, least, most):
                self.made += 1
                return to
            self.hopeless.add(key)
        return None

    def shaken(self, at: int, among: set[int]) -> bool:
        """Exchange units of a grid that is stuck for as many households of one beside it; say whether that was done."""
        mates = self.beside(at, among - {at})
        self.chance.shuffle(mates)
        for to in mates:
            if self.looks <= 0:
                break
            self.looks -= 1
            if self._exchanged(at, to, 0, 0):
                return True
        return False

    def _exchanged(self, at: int, to: int, least: int, most: int) -> bool:
        """Exchange units so that so many households go over, as cheaply as can be; say whether there is a way."""
        partition = self.partition
        near = partition.ground.near
        first, second = partition.masks[at], partition.masks[to]
        self.seen |= {(first, second), (second, first)}
        out: list[_Group] = [(0, 0.0, 0)]
        back: list[_Group] = [(0, 0.0, 0)]
        for mine, theirs in zip(_groups(partition, at, to), _groups(partition, to, at), strict=True):
            found: list[tuple[float, int, int]] = []
            # Larger groups are looked at where smaller ones won't do.
            _matched(found, sorted(mine), back, least, most)
            out = sorted([*out, *mine])
            _matched(found, out, theirs, least, most)
            back += theirs
            found.sort()
            for _, leaving, coming in islice(found, _TRIED):
                rest, joined = first & ~leaving | coming, second & ~coming | leaving
                fresh = rest and joined and (rest, joined) not in self.seen
                if fresh and connected(near, rest) and connected(near, joined):
                    partition.put(at, rest)
                    partition.put(to, joined)
                    return True
        return False

    def _steps_to(self, goals: list[int], among: set[int]) -> dict[int, int]:
        """Count the steps from each of some grids to the nearest goal among them."""
        found = dict.fromkeys(goals, 0)
        edge = goals
        while edge:
            reached = []
            for one in edge:
                for other in self.beside(one, among):
                    if other not in found:
                        found[other] = found[one] + 1
                        reached.append(other)
            edge = reached
        return found


def _matched(
    found: list[tuple[float, int, int]], out: Sequence[_Group], back: Sequence[_Group], least: int, most: int
) -> None:
    """List the exchanges of groups, by weight rising, for others that carry so many households over."""
    weights = [one[0] for one in out]
    for weight, cost, units in back:
        fitting = out[bisect_left(weights, weight + least) : bisect_right(weights, weight + most)]
        found.extend((cost + one[1], one[2], units) for one in fitting)


def _groups(partition: Partition, here: int, to: int) -> Iterator[list[_Group]]:
    """List what could go over from a grid to another together and leaves it whole: single units, pairs, threes."""
    ground = partition.ground
    near, weights = ground.near, ground.weights
    mine, theirs = partition.masks[here], partition.masks[to]
    before, after = ground.column(partition.centres[here]), ground.column(partition.centres[to])
    border = mask_of([unit for unit in places(mine) if near[unit] & theirs])
    last: list[tuple[float, int, int, int]] = [(0.0, 0, 0, border)]
    for most in _GROUPS:
        more: dict[int, tuple[float, int, int, int]] = {}
        for cost, units, weight, reach in last:
            for unit in places(reach & ~units):
                mask = units | 1 << unit
                if mask not in more:
                    dearer = cost + after[unit] - before[unit]
                    # Once a unit has gone, those beside it are at the border.
                    more[mask] = (dearer, mask, weight + weights[unit], reach | near[unit] & mine)
        last = sorted(more.values())[:most]
        yield [
            (weight, cost, mask) for cost, mask, weight, reach in last
            if holds_together(near, mine & ~mask, reach & ~mask)
        ]
