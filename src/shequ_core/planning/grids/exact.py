"""The best division of all, where the sets of buildings that can be a grid are few enough to be listed.

Communities of few or large buildings have few such sets. Then the best exact cover is found by taking the first
building that is not yet covered and trying every listed set that begins with it; what is left over is remembered, so
that no rest is solved twice. A search that ends without a cover is a proof that there is none.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np

from shequ_core.planning.grids.ground import Ground
from shequ_core.planning.grids.masks import places
from shequ_core.planning.grids.partition import best_building

Merits: TypeAlias = "tuple[float, ...]"
"""Violation, grids, pieces of estates, spread: less is better, the first that differs decides."""

SETS: Final = 3_000
"""Beyond so many sets the search by pieces is the better use of time."""
STEPS: Final = 30_000
"""So many sets are tried on what is left over before the search is given up."""


class TooManyError(Exception):
    """There are more sets or more rests than may be listed; never leaves this folder."""


def best_cover(
    ground: Ground, grids: int | None = None, *, any_size: bool = False, sets: int = SETS, steps: int = STEPS
) -> list[int] | None:
    """Return the best division as sets of units, None where it is proven that there is none.

    Args:
        ground: The units.
        grids: How many grids; None for as few as there can be.
        any_size: Whether grids may miss their bounds, by as few households in all as can be.
        sets: How many sets may be listed.
        steps: How many sets may be tried.

    Raises:
        TooManyError: More than that.
    """
    order = _walk(ground)
    cover = _Cover(ground, order, any_size=any_size, sets=sets, steps=steps)
    found = cover.best((1 << len(order)) - 1, grids)
    if found is None:
        return None
    return [sum([1 << order[place] for place in places(mask)]) for mask in found]


def _walk(ground: Ground) -> list[int]:
    """Order units from a far end on, neighbours first, so that what is left over is nearly always one of few."""
    near = ground.near
    start = 0
    for _ in range(2):  # twice to the farthest: an end of the community
        layers = _layers(near, start)
        start = layers[-1][-1]
    return [unit for layer in _layers(near, start) for unit in layer]


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


class _Cover:
    def __init__(self, ground: Ground, order: list[int], *, any_size: bool, sets: int, steps: int) -> None:
        self.ground = ground
        self.order = order
        place = {unit: at for at, unit in enumerate(order)}
        self.near = [sum([1 << place[other] for other in places(ground.near[unit])]) for unit in order]
        self.weights = [ground.weights[unit] for unit in order]
        self.low = 0 if any_size else ground.low
        self.high = sum(self.weights) if any_size else ground.high
        self.any_size = any_size
        self.left = sets
        self.steps = steps
        self.starting = [self._grown(first) for first in range(len(order))]
        self.known: dict[tuple[int, int | None], tuple[Merits, tuple[int, ...]] | None] = {}

    def _grown(self, first: int) -> list[tuple[int, int, Merits]]:
        """List the connected sets within bounds whose first unit this is, with households and merit."""
        found: list[tuple[int, int, Merits]] = []
        near, weights, low, high = self.near, self.weights, self.low, self.high
        later = ~((2 << first) - 1)
        if weights[first] > high:
            return found
        stack = [(1 << first, weights[first], near[first] & later, 0)]
        budget = self.left * 10 + 1000
        while stack:
            mask, weight, edge, barred = stack.pop()
            if weight >= low:
                self.left -= 1
                if self.left < 0:
                    raise TooManyError
                found.append((mask, weight, self._merit(mask, weight)))
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

    def _merit(self, mask: int, weight: int) -> Merits:
        units = np.array([self.order[place] for place in places(mask)], dtype=np.int64)
        ground = self.ground
        spread, _ = best_building(ground, units)
        pieces = len(set(ground.estate[units].tolist()) - {-1}) if ground.estates else 0
        missed = max(weight - ground.high, 0) + max(ground.low - weight, 0)
        if ground.split_weight is not None:
            return (missed, 1, 0, spread + ground.split_weight * pieces)
        return (missed, 1, pieces, spread)

    def best(self, rest: int, grids: int | None) -> tuple[int, ...] | None:
        weight = sum([self.weights[place] for place in places(rest)])
        found = self._best(rest, weight, grids)
        return None if found is None else found[1]

    def _best(self, rest: int, weight: int, grids: int | None) -> tuple[Merits, tuple[int, ...]] | None:
        if not rest:
            return ((0, 0, 0, 0), ()) if not grids else None
        if grids is not None and not (grids and (self.any_size or grids * self.low <= weight <= grids * self.high)):
            return None
        if not self.any_size and not -(-weight // self.high) <= weight // self.low:
            return None
        key = (rest, grids)
        if key in self.known:
            return self.known[key]
        best: tuple[Merits, tuple[int, ...]] | None = None
        first = (rest & -rest).bit_length() - 1
        for mask, held, merit in self.starting[first]:
            if mask & ~rest:
                continue
            self.steps -= 1
            if self.steps < 0:
                raise TooManyError
            after = self._best(rest & ~mask, weight - held, None if grids is None else grids - 1)
            if after is None:
                continue
            total = tuple(one + other for one, other in zip(merit, after[0], strict=True))
            if best is None or total < best[0]:
                best = (total, (mask, *after[1]))
        self.known[key] = best
        return best
