"""Small grounds, and every way to divide one: what a search is held against, by trying."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from random import Random

import numpy as np

from shequ_core.planning.grids.exact import Cover
from shequ_core.planning.grids.ground import Ground, ground_of, squared_distances
from shequ_core.planning.grids.layout import Basis, Layout
from shequ_core.planning.grids.masks import connected, places
from shequ_core.planning.grids.partition import Merit, Partition
from shequ_core.planning.grids.sets import Sets

LOW, HIGH = 300, 500


def ground(wide: int, deep: int, seed: int, *, estates: float = 0.8, split_weight: float | None = None) -> Ground:
    """Rows of buildings that touch the next in their row and column, some of them of an estate of four."""
    dice = Random(seed)
    at = [(x, y) for y in range(deep) for x in range(wide)]
    edges = [(one, one + 1) for one, (x, _) in enumerate(at) if x < wide - 1]
    edges += [(one, one + wide) for one, (_, y) in enumerate(at) if y < deep - 1]
    households = [dice.choice((0, 90, 120, 150, 180, 210)) for _ in at]
    estate = [y // 2 * wide + x // 2 if dice.random() < estates else -1 for x, y in at]
    points = [(x * 50.0 + dice.random() * 20, y * 40.0) for x, y in at]
    return ground_from(households, edges, points, estate, split_weight=split_weight)


def ground_from(
    households: Sequence[int], edges: Sequence[tuple[int, int]], points: Sequence[tuple[float, float]],
    estate: Sequence[int] | None = None, *, split_weight: float | None = None,
) -> Ground:
    """Buildings as they are told, without estates if none are named."""
    size = len(households)
    layout = Layout(
        ids=tuple(f"{one:04d}" for one in range(size)),
        households=np.array(households, dtype=np.int64),
        estates=np.array([-1] * size if estate is None else estate, dtype=np.int64),
        estate_names=tuple(str(one) for one in range(size)),
        edges=np.array(sorted(edges), dtype=np.int64),
        basis=Basis.STATED,
        points=np.array(points, dtype=np.float64),
    )
    return ground_of(layout, squared_distances(layout), np.arange(size), LOW, HIGH, split_weight=split_weight)


def row(*households: int) -> Ground:
    """Buildings in a row, each touching the next."""
    count = len(households)
    return ground_from(
        households, [(one, one + 1) for one in range(count - 1)], [(one * 50.0, 0.0) for one in range(count)]
    )


def sets_of(one: Ground, grids: int) -> Sets:
    """List all sets that can be a grid, priced for so many grids."""
    return Sets(Cover(one, sets=10**6, shares=False), grids)


def held(one: Ground, mask: int) -> int:
    return sum(one.weights[unit] for unit in places(mask))


def worth(one: Ground, masks: Sequence[int]) -> Merit:
    return Partition(one, masks).merit()


def counts(one: Ground, mask: int | None = None) -> range:
    """Say about how many grids some units can make, or all; only the lowest may be too few."""
    total = one.total() if mask is None else held(one, mask)
    return range(max(total // HIGH, 1), total // LOW + 1)


def is_division(one: Ground, masks: Sequence[int]) -> bool:
    """Say whether each unit is in one grid, and each grid in one piece."""
    covered = 0
    for mask in masks:
        if covered & mask or not connected(one.near, mask):
            return False
        covered |= mask
    return covered == one.everything


def ways(one: Ground, left: int, grids: int) -> Iterator[list[int]]:
    """Every way to divide some units into so many sets within bounds and in one piece each."""
    if not left or not grids:
        if not left and not grids:
            yield []
        return
    for mask in _beginning(one)[(left & -left).bit_length() - 1]:
        if mask & ~left == 0:
            for others in ways(one, left ^ mask, grids - 1):
                yield [mask, *others]


@lru_cache(maxsize=1)
def _beginning(one: Ground) -> list[list[int]]:
    """All sets within bounds and in one piece, of all sets there are, by their first unit."""
    found: list[list[int]] = [[] for _ in one.weights]
    for mask in range(1, one.everything + 1):
        if LOW <= held(one, mask) <= HIGH and connected(one.near, mask):
            found[(mask & -mask).bit_length() - 1].append(mask)
    return found
