"""All sets of units that can be a grid, listed once, and parts of a division divided anew from that list.

A part is divided grid by grid: the first unit that is left gets every set that begins with it, and of all ways to the
same rest the best is kept. What a rest costs at least is known beforehand, for every unit has a price, and no set costs
less than its units do together (a solution of the dual of the covering problem): a way ends where it can't become
better than the division that is there. So parts of ten grids and more are divided in the best of all ways.
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

_PIECE: Final = 1 << 20
"""A piece of an estate, so that parts of one are whole numbers too."""
_AT_ONCE: Final = 20_000
"""So many sets are judged at once, to save memory."""

_Choice: TypeAlias = "tuple[int, int, float]"
"""A set, its households, and what it costs above the prices of its units."""


class _Listed(NamedTuple):
    """A set: its households, and its pieces and its spread above the prices of its units."""

    mask: int
    held: int
    pieces: float
    spread: float


class _Way(NamedTuple):
    """How a rest came about: its cost above the prices, the households left, the rest before, and the set taken."""

    cost: float
    left: int
    before: int
    taken: int


class Sets:
    """All sets of a ground's units that can be a grid.

    Args:
        ground: The units, each a building.
        most: So many sets may be listed.

    Attributes:
        pieces: Prices of the units in pieces of estates, by their places in `order`, shape (u + 1,).
        spread: The same in spread.
        spent: What part of the steps it might take the last search took.

    Raises:
        TooManyError: There are more.
    """

    def __init__(self, ground: Ground, most: int) -> None:
        cover = Cover(ground, sets=most, shares=False)
        self.ground = ground
        self.order = cover.order
        self.place = {unit: at for at, unit in enumerate(self.order)}
        self.spent = 0.0
        listed = [(mask, held) for found in cover.starting for mask, held, _, _ in found]
        inside = [places(mask) for mask, _ in listed]
        size = len(ground)
        # Units of each set by their places in the walk; the place beyond the last one fills up.
        units = np.full((len(listed), max(map(len, inside), default=1)), size)
        for row, found in enumerate(inside):
            units[row, : len(found)] = found
        pieces, spread = _costs(ground, np.array([*self.order, -1])[units])
        weights = np.array([*(ground.weights[unit] for unit in self.order), 0], dtype=np.float64)
        self.pieces = _prices(units, pieces, weights)
        self.spread = _prices(units, spread, weights)
        over = zip(
            listed, inside, (pieces - self.pieces[units].sum(axis=1)).tolist(),
            (spread - self.spread[units].sum(axis=1)).tolist(), strict=True,
        )
        self.beginning: list[list[_Listed]] = [[] for _ in range(size)]
        for (mask, held), found, more_pieces, more_spread in over:
            self.beginning[found[0]].append(_Listed(mask, held, more_pieces, more_spread))

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
        piece = now.spread // _PIECE + 1
        prices = sum([self.spread[unit] + piece * self.pieces[unit] for unit in units])
        everything = mask_of(units)
        choices = {
            unit: [
                (one.mask, one.held, one.spread + piece * one.pieces)
                for one in self.beginning[unit] if one.mask & everything == one.mask
            ]
            for unit in units
        }  # fmt: skip
        return self._divided(
            everything, choices, len(masks), now.spread + piece * _PIECE * now.splits - float(prices), steps
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
        drawn = _PIECE / (len(masks) + 1)
        choices = {
            unit: [
                (one.mask, one.held, one.pieces + drawn * chance.random())
                for one in self.beginning[unit] if one.mask & everything == one.mask
            ]
            for unit in units
        }  # fmt: skip
        prices = sum([self.pieces[unit] for unit in units])
        return self._divided(everything, choices, len(masks), _PIECE * (now.splits + 1) - float(prices), steps)

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
                for mask, held, more in here:
                    if mask & rest == mask and more < room and least <= held <= most:
                        known = following.get(rest ^ mask)
                        if known is None or cost + more < known.cost:
                            following[rest ^ mask] = _Way(cost + more, left - held, rest, mask)
            if budget < 0:
                raise TooManyError
            level = following
            levels.append(level)
        self.spent = 1 - budget / steps
        if 0 not in level:
            return None
        found = []
        rest = 0
        for one in reversed(levels):
            found.append(mask_of([order[place] for place in places(one[rest].taken)]))
            rest = one[rest].before
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
    return pieces * _PIECE, spread


def _prices(units: Ints, cost: Floats, weights: Floats) -> Floats:
    """Price units so that no set costs less than its units do together, whole numbers, shape (u + 1,).

    First each unit has its part of the cheapest set for its households, then as much more as the sets allow in which
    it is.

    Args:
        units: Those of each set, the last place for none, shape (c, s).
        cost: Of each set, shape (c,).
        weights: Households of each unit, and of none, shape (u + 1,).
    """
    size = len(weights) - 1
    prices = np.full(size + 1, np.inf)
    part = weights[units] / np.maximum(weights[units].sum(axis=1), 1)[:, None]
    np.minimum.at(prices, units, np.floor(cost[:, None] * part))
    prices[size] = 0
    prices[np.isinf(prices)] = 0  # in no set
    left = cost - prices[units].sum(axis=1)
    by_unit = np.argsort(units, axis=None, kind="stable")
    ends = np.searchsorted(units.ravel()[by_unit], np.arange(size + 1))
    for unit in range(size):
        sets = by_unit[ends[unit] : ends[unit + 1]] // units.shape[1]
        if len(sets) and (more := left[sets].min()) > 0:
            prices[unit] += more
            left[sets] -= more
    return prices
