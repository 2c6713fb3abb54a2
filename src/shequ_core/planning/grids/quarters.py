"""A large community cut into quarters first, each with its share of grids, households and room.

The fewest grids leave little room to each, and with hundreds of grids an excess at one end would have to find its way
to room at the other. So the room is shared out while the community is still cut in halves, where households can be
counted out nearly to a building, and each quarter is then divided by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

import numpy as np

from shequ_core.planning.grids.ground import Ground
from shequ_core.planning.grids.layout import Floats, Ints
from shequ_core.planning.grids.masks import connected, mask_of
from shequ_core.planning.grids.recut import by_estate, grouped_of, places_of

GRIDS: Final = 12
"""A quarter has at most so many grids, unless somebody asks for larger ones."""
_TRIED: Final = 12
"""Pairs of far buildings along which a cut is looked for."""
_UNEVEN: Final = 0.3
"""A half may have so much more or less than its share of the room."""


def quartered(
    ground: Ground, grids: int, chance: Random, over: Callable[[], bool], most: int = GRIDS
) -> list[tuple[Ints, int]] | None:
    """Cut a ground until no quarter has more than so many grids; units and grids of each, None where time is over."""
    done = []
    work = [(np.arange(len(ground)), grids)]
    while work:
        if over():
            return None
        units, count = work.pop()
        halves = None if count <= most else _halved(ground, units, count, chance)
        if halves is None:
            done.append((units, count))
        else:
            work += halves
    return done


def _halved(ground: Ground, units: Ints, grids: int, chance: Random) -> list[tuple[Ints, int]] | None:
    """Cut units in two connected halves that have their share of households, splitting few estates and adjacencies."""
    households = ground.households[units]
    total = float(households.sum())
    first = grids // 2
    share = total * first / grids
    room = min(grids * ground.high - total, total - grids * ground.low)
    reach = max(room * first / grids * _UNEVEN, 0)
    side, opposite = np.nonzero(np.triu(ground.touching[np.ix_(units, units)]))
    estate = ground.estate[units]
    group = grouped_of(estate.tolist())
    buildings, unit = ground.buildings_of(units)
    best: tuple[int, int, float] | None = None
    found: Floats | None = None
    for _ in range(_TRIED):
        start = chance.randrange(len(units))
        one = int(ground.far[units[start], buildings].argmax())  # an end as seen from anywhere
        other = int(ground.far[units[int(unit[one])], buildings].argmax())
        nearer = ground.far[units, buildings[one]] - ground.far[units, buildings[other]]
        plain = np.argsort(nearer, kind="stable")
        whole = by_estate(nearer[None, :], places_of(plain[None, :]), group, households)[0]
        for order in (plain, whole):
            load = np.cumsum(households[order])
            for end in np.flatnonzero(np.abs(load - share) <= reach).tolist():
                left = order[: end + 1]
                inside = np.zeros(len(units))
                inside[left] = 1
                crossing = int((inside[side] != inside[opposite]).sum())
                held = estate >= 0
                splits = len(set(estate[held & (inside > 0)].tolist()) & set(estate[held & (inside == 0)].tolist()))
                merit = (splits, crossing, abs(float(load[end]) - share))
                if (best is None or merit < best) and _in_two(ground, units, inside):
                    best, found = merit, inside
    if found is None:
        return None
    return [(units[found > 0], first), (units[found == 0], grids - first)]


def _in_two(ground: Ground, units: Ints, inside: Floats) -> bool:
    return connected(ground.near, mask_of(units[inside > 0].tolist())) and connected(
        ground.near, mask_of(units[inside == 0].tolist())
    )
