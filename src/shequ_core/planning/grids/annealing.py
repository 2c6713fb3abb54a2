"""A division shaken and cooled: units go to the next grid or change places, at first many of them for the worse.

Changes for the better alone soon come to an end, and mostly a poor one: where grids are to be nearly full and estates
whole, what is wrong in one corner can only be made good by changes all the way to where there is room. So a change that
costs more is made too, by a chance that falls with what it costs and, from round to round, to nothing (simulated
annealing). Households out of bounds cost little at first and then ever more, so that grids pass on what is too much.
A change takes few steps, and hundreds are looked at in the time of one pair of grids cut anew; where they end hardly
hangs on where they began.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from random import Random
from typing import Final, NamedTuple

import numpy as np

from shequ_core.planning.grids.masks import around, holds_together, places
from shequ_core.planning.grids.partition import Partition, best_building


class Heat(NamedTuple):
    """How a division is shaken; what is dear is counted in usual costs of a unit.

    Attributes:
        rounds: So often every adjacency is looked at.
        hot: A change may cost about so much at first.
        cold: And at last.
        least: What a household out of bounds costs at first.
        most: And at last.
        piece: What a piece of an estate costs.
    """

    rounds: int
    hot: float
    cold: float
    least: float
    most: float
    piece: float


_SWAPS: Final = 0.7
"""So often a unit that would make an excess larger changes places with another instead."""
_LOOKED: Final = 4
"""After so many rounds each grid's best building is found anew."""
_DECIMAL: Final = Context(prec=28)
"""Decimals have one logarithm and one power on all machines."""
_CHANCES: Final = 4096
_LEVELS: Final = [
    -float(round(_DECIMAL.ln(_DECIMAL.divide(Decimal(2 * one + 1), Decimal(2 * _CHANCES))), 9))
    for one in range(_CHANCES)
]
"""What a change may cost, in turn by equal chance: distributed exponentially."""


def annealed(partition: Partition, heat: Heat, chance: Random, late: Callable[[], bool]) -> Partition:
    """Shake and cool a division.

    Args:
        partition: Where to begin; it is left as it is.
        heat: How.
        chance: Decides.
        late: Says whether time is up: it ends at once then.

    Returns:
        Of the divisions within bounds that were come by the best, or else the last one.
    """
    if heat.rounds < 1 or len(partition) < 2:
        return partition
    work = _Annealing(partition, heat, chance)
    cooler, dearer = _by(heat.hot, heat.cold, heat.rounds), _by(heat.least, heat.most, heat.rounds)
    for turn in range(heat.rounds):
        if late():
            break
        if turn % _LOOKED == 0:
            work.recentre()
            chance.shuffle(work.edges)
        work.round()
        work.warmth *= cooler
        work.household *= dearer
    work.recentre()
    return Partition(partition.ground, work.best or work.masks)


def _by(first: float, last: float, steps: int) -> float:
    """Say by what one must multiply so many times to come from the first to the last."""
    whole = _DECIMAL.divide(Decimal(last), Decimal(first))
    return float(_DECIMAL.power(whole, _DECIMAL.divide(Decimal(1), Decimal(steps))))


class _Annealing:
    def __init__(self, partition: Partition, heat: Heat, chance: Random) -> None:
        self.ground = ground = partition.ground
        self.chance = chance
        self.grid: list[int] = partition.grid.tolist()
        self.masks = partition.masks[:]
        self.loads = partition.loads[:]
        self.spreads = partition.spreads[:]
        self.centres = partition.centres[:]
        self.columns = [ground.column(centre) for centre in self.centres]
        self.centred = self.masks[:]
        """Of each grid what it held when its centre was found."""
        self.edges = [(unit, other) for unit, near in enumerate(ground.near) for other in places(near)]
        usual = sum(self.spreads) / len(ground) or 1.0
        self.warmth = heat.hot * usual
        self.household = heat.least * usual
        self.piece = heat.piece * usual if ground.split_weight is None else ground.split_weight
        self.held: list[dict[int, int]] = [{} for _ in self.masks]
        """How many units of each estate a grid has."""
        for unit, grid in enumerate(self.grid):
            self._join(unit, grid)
        self.missed = [max(ground.low - load, load - ground.high, 0) for load in range(ground.total() + 1)]
        """Of each number of households that a grid can have, by how many it misses the bounds."""
        self.borders: dict[tuple[int, int], tuple[int, int, list[int]]] = {}
        self.best: list[int] | None = None
        self.merit = (0.0, 0.0)

    def recentre(self) -> None:
        """Find the centres anew, and keep a division within bounds that is better than all before."""
        for one, mask in enumerate(self.masks):
            if mask is not self.centred[one]:
                self.centred[one] = mask
                self.spreads[one], centre = best_building(self.ground, np.array(places(mask), dtype=np.int64))
                if centre != self.centres[one]:
                    self.centres[one] = centre
                    self.columns[one] = self.ground.column(centre)
        if any(self.missed[load] for load in self.loads):
            return
        pieces, spread = float(sum([len(one) for one in self.held])), sum(self.spreads)
        merit = (pieces, spread) if self.ground.split_weight is None else (0.0, spread + self.piece * pieces)
        if self.best is None or merit < self.merit:
            self.best, self.merit = self.masks[:], merit

    def round(self) -> None:
        """Look at every adjacency between two grids once, and mostly make the change that is good or lucky."""
        grid, loads, columns, held, missed = self.grid, self.loads, self.columns, self.held, self.missed
        weights, estate, near = self.ground.weights, self.ground.estate_list, self.ground.near
        household, piece, warmth, masks = self.household, self.piece, self.warmth, self.masks
        drawn = self.chance.random
        for unit, other in self.edges:
            here, to = grid[unit], grid[other]
            if here == to:
                continue
            weight = weights[unit]
            left, full = loads[here], loads[to]
            over = missed[left - weight] + missed[full + weight] - missed[left] - missed[full]
            if over > 0 and drawn() < _SWAPS:
                self._swap(unit, here, to)
                continue
            cost = columns[to][unit] - columns[here][unit] + household * over
            own = estate[unit]
            if own >= 0:
                if held[here][own] == 1:
                    cost -= piece
                if own not in held[to]:
                    cost += piece
            if cost > 0 and cost > warmth * _LEVELS[int(drawn() * _CHANCES)]:
                continue
            bit = 1 << unit
            rest = masks[here] ^ bit
            beside = near[unit] & rest
            if not beside or (beside & (beside - 1) and not holds_together(near, rest, beside)):
                continue
            masks[here] = rest
            masks[to] |= bit
            loads[here] = left - weight
            loads[to] = full + weight
            grid[unit] = to
            if own >= 0:
                self._leave(unit, here)
                self._join(unit, to)

    def _swap(self, unit: int, here: int, to: int) -> None:
        """Put a unit in the place of another one of the grid beside, which is drawn, if that is good or lucky."""
        masks, loads, missed = self.masks, self.loads, self.missed
        ground, before, after = self.ground, self.columns[here], self.columns[to]
        back = self._drawn(here, to)
        own, others = ground.estate_list[unit], ground.estate_list[back]
        cost = after[unit] - before[unit] + before[back] - after[back]
        if own != others:
            first, second = self.held[here], self.held[to]
            if own >= 0:
                cost += self.piece * ((own not in second) - (first[own] == 1))
            if others >= 0:
                cost += self.piece * ((others not in first) - (second[others] == 1))
        shift = ground.weights[unit] - ground.weights[back]
        left, full = loads[here] - shift, loads[to] + shift
        cost += self.household * (missed[left] + missed[full] - missed[loads[here]] - missed[loads[to]])
        if cost > 0 and cost > self.warmth * _LEVELS[int(self.chance.random() * _CHANCES)]:
            return
        going, coming, near = 1 << unit, 1 << back, ground.near
        rest, joined = masks[here] ^ going, masks[to] ^ coming
        if not holds_together(near, rest | coming, near[unit] & rest | coming):
            return
        if not holds_together(near, joined | going, near[back] & joined | going):
            return
        masks[here], masks[to] = rest | coming, joined | going
        loads[here], loads[to] = left, full
        self.grid[unit], self.grid[back] = to, here
        if own != others:
            for one, grid, other in ((unit, here, to), (back, to, here)):
                self._leave(one, grid)
                self._join(one, other)

    def _drawn(self, here: int, to: int) -> int:
        """Draw a unit of a grid that touches another one."""
        mine, theirs = self.masks[here], self.masks[to]
        known = self.borders.get((here, to))
        if known is None or known[0] is not mine or known[1] is not theirs:
            found = places(around(self.ground.near, mine) & theirs)
            known = self.borders[here, to] = (mine, theirs, found)
        return known[2][int(self.chance.random() * len(known[2]))]

    def _leave(self, unit: int, grid: int) -> None:
        own, held = self.ground.estate_list[unit], self.held[grid]
        if own >= 0:
            if held[own] == 1:
                del held[own]
            else:
                held[own] -= 1

    def _join(self, unit: int, grid: int) -> None:
        own, held = self.ground.estate_list[unit], self.held[grid]
        if own >= 0:
            held[own] = held.get(own, 0) + 1
