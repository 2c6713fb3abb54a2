"""The best division of all, where the sets of buildings that can be a grid are few enough to be listed.

Communities of few or large buildings have few such sets. Then the best exact cover is found by taking the first
building that is not yet covered and trying every listed set that begins with it; what is left over is remembered, so
that no rest is solved twice. A search that ends without a cover is a proof that there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np

from shequ_core.planning.grids.ground import Ground
from shequ_core.planning.grids.masks import mask_of, places
from shequ_core.planning.grids.partition import best_building

Merits: TypeAlias = "tuple[float, float, float, float]"
"""Violation, grids, pieces of estates, spread: less is better, the first that differs decides."""

SETS: Final = 50_000
"""Beyond so many sets the search by pieces is the better use of time."""
STEPS: Final = 100_000
"""So many sets are tried on what is left over before the search is given up."""

_GLANCES: Final = 16
"""So many sets are passed over in the time of one that is tried."""

_SHARE: Final = 1 << 32
"""A whole grid, when the parts of grids that buildings take at least or at most are added up."""


class TooManyError(Exception):
    """There are more sets or more rests than may be listed; never leaves this folder."""


def walk(ground: Ground) -> list[int]:
    """Order units from a far end on, neighbours first, so that what is left over is nearly always one of few."""
    seen = 0
    order: list[int] = []
    for first in range(len(ground)):
        if seen >> first & 1:
            continue
        start = first
        for _ in range(2):  # twice to the farthest: an end of this piece
            start = _layers(ground.near, start)[-1][-1]
        piece = [unit for layer in _layers(ground.near, start) for unit in layer]
        order += piece
        seen |= sum([1 << unit for unit in piece])
    return order


def _layers(near: list[int], start: int) -> list[list[int]]:
    seen = 1 << start
    layers = [[start]]
    while True:
        edge = 0
        for unit in layers[-1]:
            edge |= near[unit]
        edge &= ~seen
        if not edge:
            return layers
        seen |= edge
        layers.append(places(edge))


class Cover:
    """All sets of units that can be a grid, and the best divisions they make.

    Args:
        ground: The units.
        slack: By how many households a grid may miss its bounds; then the fewest in all come first.
        sets: How many sets may be listed.
        shares: Whether what remains is bounded by the parts of a grid that its units take: worth the work where much
            remains.
        worth: Says what a set with so many households costs, where that isn't its spread.

    Raises:
        TooManyError: There are more.
    """

    def __init__(
        self, ground: Ground, *, slack: int = 0, sets: int = SETS, shares: bool = True,
        worth: Callable[[int, int], float] | None = None,
    ) -> None:
        self.ground = ground
        self.worth = worth
        self.order = order = walk(ground)
        place = {unit: at for at, unit in enumerate(order)}
        self.near = [sum([1 << place[other] for other in places(ground.near[unit])]) for unit in order]
        self.weights = [ground.weights[unit] for unit in order]
        self.low = max(ground.low - slack, 0)
        self.high = ground.high + slack
        self.left = sets
        self.steps = 0
        listed = [self._grown(first) for first in range(len(order))]
        if shares:
            self.least, self.most = self._shares(listed)
            self.starting = [self._with_shares(found) for found in listed]
        else:
            self.least, self.most = [0], [_SHARE * (len(order) + 1)]
            self.starting = [[(mask, weight, 0, 0) for mask, weight in found] for found in listed]
        self.merits: dict[int, Merits] = {}
        self.known: dict[tuple[int, int | None], tuple[Merits, tuple[int, ...]] | None] = {}

    def _grown(self, first: int) -> list[tuple[int, int]]:
        """List the connected sets within bounds whose first unit this is, with their households."""
        found: list[tuple[int, int]] = []
        near, weights, low, high = self.near, self.weights, self.low, self.high
        later = ~((2 << first) - 1)
        if weights[first] > high:
            return found
        stack = [(1 << first, weights[first], near[first] & later, 0)]
        budget = self.left + 1_000  # sets below the floor are no more than those above it, as a rule
        while stack:
            mask, weight, edge, barred = stack.pop()
            if weight >= low:
                self.left -= 1
                if self.left < 0:
                    raise TooManyError
                found.append((mask, weight))
            budget -= 1
            if budget < 0:
                raise TooManyError
            while edge:
                bit = edge & -edge
                edge ^= bit
                unit = bit.bit_length() - 1
                barred |= bit  # every set once: whoever comes later never takes this one
                if weight + weights[unit] <= high:
                    fresh = near[unit] & later & ~mask & ~barred
                    stack.append((mask | bit, weight + weights[unit], edge | fresh, barred))
        return found

    def _with_shares(self, found: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
        """Add to each set what parts of a grid its units take at least and at most."""
        least, most = self.least, self.most
        shared = []
        for mask, weight in found:
            taken = places(mask)
            shared.append((mask, weight, sum([least[one] for one in taken]), sum([most[one] for one in taken])))
        return shared

    def _shares(self, sets: list[list[tuple[int, int]]]) -> tuple[list[int], list[int]]:
        """Work out what part of a grid each unit takes at least and at most, given the sets in which it can be.

        Summed over a rest they bound how many grids it can make, far more closely than its households do where
        buildings are too large to fill a grid.
        """
        fullest = [0] * len(self.order)
        emptiest = [self.high + 1] * len(self.order)
        for found in sets:
            for mask, weight in found:
                for unit in places(mask):
                    fullest[unit] = max(fullest[unit], weight)
                    emptiest[unit] = min(emptiest[unit], weight)
        least = [
            weight * _SHARE // most if most else weight * _SHARE * len(self.order)  # in no set at all
            for weight, most in zip(self.weights, fullest, strict=True)
        ]
        most = [
            -(-weight * _SHARE // fewest) if fewest else _SHARE
            for weight, fewest in zip(self.weights, emptiest, strict=True)
        ]
        return least, most

    def _merit(self, mask: int, weight: int) -> Merits:
        if mask in self.merits:
            return self.merits[mask]
        ground = self.ground
        missed = max(weight - ground.high, 0) + max(ground.low - weight, 0)
        inside = [self.order[place] for place in places(mask)]
        if self.worth is not None:
            self.merits[mask] = (missed, 1, 0, self.worth(mask_of(inside), weight))
            return self.merits[mask]
        units = np.array(inside, dtype=np.int64)
        spread, _ = best_building(ground, units)
        pieces = len(set(ground.estate[units].tolist()) - {-1}) if ground.estates else 0
        if ground.split_weight is not None:
            pieces, spread = 0, spread + ground.split_weight * pieces
        self.merits[mask] = (missed, 1, pieces, spread)
        return self.merits[mask]

    def best(self, grids: int | None = None, steps: int = STEPS) -> list[int] | None:
        """Return the best division as sets of units, None where it is proven that there is none.

        Args:
            grids: How many grids; None for as few as there can be.
            steps: How many sets may be tried.

        Raises:
            TooManyError: More than that.
        """
        self.steps = steps
        everything = (1 << len(self.order)) - 1
        least, most = sum(self.least), sum(self.most)
        if grids is not None and not least <= grids * _SHARE <= most:
            return None
        found = self._best(everything, sum(self.weights), least, most, grids)
        if found is None:
            return None
        return [sum([1 << self.order[place] for place in places(mask)]) for mask in found[1]]

    def _best(
        self, rest: int, weight: int, least: int, most: int, grids: int | None
    ) -> tuple[Merits, tuple[int, ...]] | None:
        if not rest:
            return ((0, 0, 0, 0), ()) if not grids else None
        key = (rest, grids)
        if key in self.known:
            return self.known[key]
        best: tuple[Merits, tuple[int, ...]] | None = None
        low, high = self.low, self.high
        taken = ~rest
        left = None if grids is None else grids - 1
        starting = self.starting[(rest & -rest).bit_length() - 1]
        self.steps -= len(starting) // _GLANCES
        for mask, held, few, many in starting:
            if mask & taken:
                continue
            rest_weight, rest_least, rest_most = weight - held, least - few, most - many
            if left is None:
                fewest = max(-(-rest_weight // high), -(-rest_least // _SHARE))
                if low and fewest > min(rest_weight // low, rest_most // _SHARE):
                    continue
            elif not (left * low <= rest_weight <= left * high and rest_least <= left * _SHARE <= rest_most):
                continue
            self.steps -= 1
            if self.steps < 0:
                raise TooManyError
            after = self._best(rest & ~mask, rest_weight, rest_least, rest_most, left)
            if after is None:
                continue
            one, other = self._merit(mask, held), after[0]
            total = (one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3])
            if best is None or total < best[0]:
                best = (total, (mask, *after[1]))
        self.known[key] = best
        return best
