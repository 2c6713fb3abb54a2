"""Starts: many sets of centres at once, each with the cells that hold their bounds best.

Given centres, putting every unit to the centre where squared distance plus the centre's price is least makes a
power diagram, whose cells are compact and nearly always in one piece. Prices rise where a cell is too full and fall
where it is too empty (a subgradient ascent of the transport problem's dual). Centres then move to the best building of
their cell, as in Lloyd's method. The dual value is a lower bound of what those centres can cost, so the few
sets worth finishing are known before anything is finished.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple

import numpy as np

from shequ_core.planning.grids.ground import Ground
from shequ_core.planning.grids.layout import Floats, Ints
from shequ_core.planning.grids.masks import pieces, places

_CALMER: Final = 0.85
"""Each step of the prices is this part of the one before."""
_FIRST: Final = 0.9


class Cells(NamedTuple):
    """Starts side by side.

    Attributes:
        grid: The grid of each unit, shape (b, m).
        bound: What the centres cost at least, shape (b,).
    """

    grid: Ints
    bound: Floats


def drawn_centres(ground: Ground, units: Ints, grids: int, starts: int, chance: Random) -> Ints:
    """Draw centres, each far from those before it with high chance (k-means++), shape (starts, grids)."""
    buildings, unit = ground.buildings_of(units)
    of = units[unit]
    far = ground.far[of[:, None], buildings]
    weight = np.maximum(ground.households[of], 1) / np.bincount(unit)[unit]
    draws = np.array([chance.random() for _ in range(starts * grids)]).reshape(starts, grids)
    found = np.empty((starts, grids), dtype=np.int64)
    running = np.cumsum(weight)
    last = len(buildings) - 1
    found[:, 0] = np.minimum(np.searchsorted(running, draws[:, 0] * running[-1]), last)
    nearest = far[:, found[:, 0]].T.copy()
    for one in range(1, grids):
        running = np.cumsum(nearest * weight, axis=1)
        picked = (running < (draws[:, one] * running[:, -1])[:, None]).sum(axis=1)
        found[:, one] = np.minimum(picked, last)
        np.minimum(nearest, far[:, found[:, one]].T, out=nearest)
    return buildings[found]


def cells_of(
    ground: Ground, units: Ints, centres: Ints, rounds: tuple[int, ...], late: Callable[[], bool]
) -> Cells:
    """Find the cells of many sets of centres at once.

    Args:
        ground: What the units are taken from.
        units: Those to be put, shape (m,).
        centres: Buildings, shape (b, k).
        rounds: Steps of the prices before each move of the centres and after the last.
        late: Says whether time is up: cells are then left as they are.
    """
    starts, grids = centres.shape
    households = ground.households[units]
    total = float(households.sum())
    buildings, unit = ground.buildings_of(units)
    spread = ground.spread[units[:, None], buildings]
    far = np.ascontiguousarray(ground.far[units].T)
    start = (np.arange(starts) * grids)[:, None]
    weight = np.broadcast_to(households, (starts, len(units))).ravel()
    each = np.arange(grids)[None, :, None]
    price = np.zeros((starts, grids))
    step: Floats | None = None
    grid: Ints = np.zeros((starts, len(units)), dtype=np.int64)
    bound = np.full(starts, -np.inf)
    for turn, steps in enumerate(rounds):
        last = turn == len(rounds) - 1
        away = far[centres]
        if step is None:
            # A price moves a border by price / (2 * distance); with an even spread of households over cells of
            # area 2 pi * mean squared distance, an excess is made good by this step.
            mean = (away.min(axis=1) @ households) / max(total, 1)
            step = (math.pi * mean * grids / max(total, 1))[:, None]
        size = _FIRST
        for _ in range(steps):
            priced = away + price[:, :, None]
            grid = priced.argmin(axis=1)
            if late():
                return Cells(grid, bound)
            load = np.bincount((grid + start).ravel(), weights=weight, minlength=starts * grids)
            load = load.reshape(starts, grids)
            if last:
                paid = np.maximum(price, 0) * ground.high + np.minimum(price, 0) * ground.low
                bound = np.maximum(bound, priced.min(axis=1) @ households - paid.sum(axis=1))
            over, under = load - ground.high, load - ground.low
            slope = np.where(
                price > 0, over, np.where(price < 0, under, np.maximum(over, 0) + np.minimum(under, 0))
            )
            moved = np.rint(price + size * step * slope)  # whole, as every number here
            price = np.where(price * moved < 0, 0, moved)
            size *= _CALMER
        if last:
            break
        inside = grid[:, None, :] == each
        cost = inside.astype(np.float64) @ spread
        cost = np.where(inside[:, :, unit], cost, np.inf)
        moved_to = buildings[cost.argmin(axis=2)]
        centres = np.where(inside.any(axis=2), moved_to, centres)
    return Cells(grid, bound)


def in_one_piece(ground: Ground, units: Ints, grid: Ints, grids: int) -> list[int] | None:
    """Make sets of a start's grids, giving stray pieces to a grid that they touch; None where a grid is empty."""
    masks = [0] * grids
    for unit, one in zip(units.tolist(), grid.tolist(), strict=True):
        masks[one] |= 1 << unit
    if not all(masks):
        return None
    near, weights = ground.near, ground.weights
    stray = 0
    for one in range(grids):
        found = pieces(near, masks[one])
        if len(found) > 1:
            kept = max(found, key=lambda mask: (sum([weights[unit] for unit in places(mask)]), -mask))
            stray |= masks[one] & ~kept
            masks[one] = kept
    if not stray:
        return masks
    loads = [sum([weights[unit] for unit in places(mask)]) for mask in masks]
    while stray:
        left = stray
        for unit in places(stray):
            best: tuple[float, float, int] | None = None
            for one in range(grids):
                touched = near[unit] & masks[one]
                if touched:
                    nearest = min([float(ground.far[unit, ground.members[other][0]]) for other in places(touched)])
                    merit = (max(loads[one] + weights[unit] - ground.high, 0), nearest, one)
                    if best is None or merit < best:
                        best = merit
            if best is not None:
                masks[best[2]] |= 1 << unit
                loads[best[2]] += weights[unit]
                stray &= ~(1 << unit)
        if stray == left:
            return None
    return masks
