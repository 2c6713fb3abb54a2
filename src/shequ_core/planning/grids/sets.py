"""All sets of units that can be a grid, listed once, and parts of a division divided anew from that list.

A part is divided grid by grid: the first unit that is left gets every set that begins with it, and of all ways to the
same rest the best is kept. What a rest costs at least is known beforehand, for units and grids have prices, and no set
costs less than its units and a grid do together (`prices`): a way ends where it can't become better than the division
that is there. So parts of ten grids and more are divided in the best of all ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from shequ_core.planning.grids.exact import Cover, TooManyError
from shequ_core.planning.grids.ground import Ground
from shequ_core.planning.grids.layout import Floats, Ints
from shequ_core.planning.grids.masks import mask_of, places
from shequ_core.planning.grids.partition import Merit
from shequ_core.planning.grids.prices import ONE, least_parts, priced

PIECE: Final = 1 << 20
"""A piece of an estate, so that parts of one are whole numbers too."""
_AT_ONCE: Final = 20_000
"""So many sets are judged at once, to save memory."""

_Choice: TypeAlias = "tuple[int, int, float]"
"""A set, its households, and what it costs above the prices of its units and of a grid."""


class _Listed(NamedTuple):
    """A set: its households, its pieces and its spread above the prices of its units and of a grid, and its part.

    The part is what its units take of a grid at least (`prices.least_parts`): what is missing to a whole one is room
    that stays unused.
    """

    mask: int
    held: int
    pieces: float
    spread: float
    part: float


class _Way(NamedTuple):
    """How a rest came about: its cost above the prices, the households left, the rest before, and the set taken."""

    cost: float
    left: int
    before: int
    taken: int


class Sets:
    """All sets of a ground's units that can be a grid.

    Args:
        cover: Has them listed, of a ground whose units are buildings.
        grids: About how many grids there are to be; prices are closest for as many.

    Attributes:
        pieces: Prices in pieces of estates, by the units' places in `order`.
        spread: The same in spread.
        spent: What part of the steps it might take the last search took.
    """

    def __init__(self, cover: Cover, grids: int) -> None:
        self.cover = cover
        self.ground = ground = cover.ground
        self.order = cover.order
        self.place = {unit: at for at, unit in enumerate(self.order)}
        self.spent = 0.0
        self.listed = [(mask, held) for found in cover.starting for mask, held, _, _ in found]
        inside = [places(mask) for mask, _ in self.listed]
        size = len(ground)
        # Units of each set by their places in the walk; the place beyond the last one fills up.
        self.units = np.full((len(self.listed), max(map(len, inside), default=1)), size)
        for row, found in enumerate(inside):
            self.units[row, : len(found)] = found
        self.cost = _costs(ground, np.array([*self.order, -1])[self.units])
        self.weights = np.array([*(ground.weights[unit] for unit in self.order), 0], dtype=np.float64)
        self.parts = least_parts(self.units, self.weights)
        self.filling: list[float] = self.parts[self.units].sum(axis=1).tolist()
        self.grids = 0
        self.price(grids)

    def price(self, grids: int) -> None:
        """Price units and grids anew, for a division into so many."""
        if grids == self.grids:
            return
        self.grids = grids
        pieces, spread = self.cost
        self.pieces = priced(self.units, pieces, self.weights, grids)
        self.spread = priced(self.units, spread, self.weights, grids)
        over = zip(
            self.listed, self.filling, self.pieces.over(self.units, pieces).tolist(),
            self.spread.over(self.units, spread).tolist(), strict=True,
        )
        self.beginning: list[list[_Listed]] = [[] for _ in range(len(self.ground))]
        for (mask, held), part, more_pieces, more_spread in over:
            self.beginning[(mask & -mask).bit_length() - 1].append(_Listed(mask, held, more_pieces, more_spread, part))

    def can_make(self, grids: int) -> bool:
        """Say whether as many grids may hold all units: where that is denied it is proven."""
        return float(self.parts.sum()) <= grids * ONE

    def better(self, masks: Sequence[int], now: Merit, steps: int) -> list[int] | None:
        """Divide what some grids hold into as many in the best of all ways; None unless that is better.

        Args:
            masks: The grids, all within bounds.
            now: What they are worth.
            steps: So many sets may be tried.

        Raises:
            TooManyError: More than that.
        """
        units = self._units(masks)
        # One piece less is worth more than all that these grids cost.
        piece = now.spread // PIECE + 1
        prices = sum([float(self.spread.units[unit] + piece * self.pieces.units[unit]) for unit in units])
        prices += len(masks) * (self.spread.grid + piece * self.pieces.grid)
        everything = mask_of(units)
        choices = {
            unit: [
                (one.mask, one.held, one.spread + piece * one.pieces)
                for one in self.beginning[unit] if one.mask & everything == one.mask
            ]
            for unit in units
        }  # fmt: skip
        return self._divided(
            everything, choices, len(masks), now.spread + piece * PIECE * now.splits - prices, steps
        )

    def any_way(self, masks: Sequence[int], now: Merit, steps: int, chance: Random) -> list[int] | None:
        """Divide what some grids hold into as many with the fewest pieces of estates, in a way that is drawn.

        Args:
            masks: The grids, all within bounds.
            now: What they are worth; there are no more pieces afterwards.
            steps: So many sets may be tried.
            chance: Draws.

        Raises:
            TooManyError: More than that.
        """
        units = self._units(masks)
        everything = mask_of(units)
        drawn = PIECE / (len(masks) + 1)
        choices = {
            unit: [
                (one.mask, one.held, one.pieces + drawn * chance.random())
                for one in self.beginning[unit] if one.mask & everything == one.mask
            ]
            for unit in units
        }  # fmt: skip
        prices = sum([float(self.pieces.units[unit]) for unit in units]) + len(masks) * self.pieces.grid
        return self._divided(everything, choices, len(masks), PIECE * (now.splits + 1) - prices, steps)

    def _units(self, masks: Iterable[int]) -> list[int]:
        return sorted([self.place[unit] for mask in masks for unit in places(mask)])

    def _divided(
        self, everything: int, choices: dict[int, list[_Choice]], grids: int, limit: float, steps: int
    ) -> list[int] | None:
        """Divide into so many grids for less than a limit, as cheaply as can be."""
        order, low, high = self.order, self.ground.low, self.ground.high
        weights = self.ground.weights
        level = {everything: _Way(0.0, sum([weights[order[unit]] for unit in choices]), 0, 0)}
        levels = []
        budget = steps
        for after in range(grids - 1, -1, -1):
            following: dict[int, _Way] = {}
            for rest, (cost, left, _, _) in level.items():
                room = limit - cost
                least, most = left - after * high, left - after * low
                here = choices[(rest & -rest).bit_length() - 1]
                budget -= len(here)
                if budget < 0:
                    raise TooManyError
                for mask, held, more in here:
                    if mask & rest == mask and more < room and least <= held <= most:
                        known = following.get(rest ^ mask)
                        if known is None or cost + more < known.cost:
                            following[rest ^ mask] = _Way(cost + more, left - held, rest, mask)
            level = following
            levels.append(level)
        self.spent = 1 - budget / steps
        return self.told([{rest: (way.before, way.taken) for rest, way in one.items()} for one in levels])

    def told(self, levels: Sequence[dict[int, tuple[int, int]]]) -> list[int] | None:
        """Say which sets led to nothing left; None where none did.

        Args:
            levels: After each set: of each rest the one before, and the set taken from it, as places in `order`.
        """
        if 0 not in levels[-1]:
            return None
        found = []
        rest = 0
        for one in reversed(levels):
            rest, taken = one[rest]
            found.append(mask_of([self.order[place] for place in places(taken)]))
        return found


def _costs(ground: Ground, units: Ints) -> tuple[Floats, Floats]:
    """Count the pieces of estates, and sum the spread, of sets of units.

    Args:
        ground: The units.
        units: Those of each set, -1 where it has no more, shape (c, s).
    """
    count = len(units)
    pieces: Floats = np.zeros(count)
    spread: Floats = np.zeros(count)
    about = np.vstack((ground.spread, np.zeros(len(ground))))  # nothing about nobody
    for start in range(0, count, _AT_ONCE):
        some = units[start : start + _AT_ONCE]
        cost = about[some[:, :, None], some[:, None, :]].sum(axis=1)
        spread[start : start + _AT_ONCE] = np.where(some < 0, np.inf, cost).min(axis=1)
    if ground.estates:
        estate = np.sort(np.where(units < 0, -1, ground.estate[units]), axis=1)
        pieces = ((estate >= 0) & (np.diff(estate, axis=1, prepend=-2) != 0)).sum(axis=1).astype(np.float64)
        if ground.split_weight is not None:
            spread += ground.split_weight * pieces
            pieces[:] = 0
    return pieces * PIECE, spread
