"""Prices of units and of grids, so that no set of units costs less than its units and one grid do together.

They are a solution of the dual of the set partitioning problem, all of it in whole numbers: what a rest costs at least
is what its units and the grids it will make cost. The price of a grid is what makes that bound close: sets that hold
much cost more for each unit than sets that hold little, and only so many grids are to be had; so a grid mostly has a
negative price, and its units dearer ones.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from shequ_core.planning.grids.layout import Floats, Ints

_GRIDS: Final = (0, 1, 2, 3)
"""Prices of a grid that are tried first, in usual costs of a set below nothing."""
_STEPS: Final = 30
"""Steps of the ascent: with 30 the bound is within a twentieth of the best there is, as a rule."""
_FIRST: Final = 0.1
"""The first of them, in usual costs of a unit; each is `_CALMER` times the one before."""
_CALMER: Final = 0.9
_ONWARD: Final = 0.6
"""This part of a step is made once more with the next."""
ONE: Final = 1 << 20
"""A whole grid, or all there is of something."""


class Prices(NamedTuple):
    """What units and grids cost at least.

    Attributes:
        units: Of each unit, and of none, shape (u + 1,).
        grid: Of each grid.
    """

    units: Floats
    grid: float

    def over(self, units: Ints, cost: Floats) -> Floats:
        """Say by how much sets cost more than their units and a grid do together, shape (c,)."""
        found: Floats = cost - self.units[units].sum(axis=1) - self.grid
        return found

    def bound(self, grids: int) -> float:
        """Say what all units cost at least in so many grids."""
        return float(self.units.sum()) + grids * self.grid


def priced(units: Ints, cost: Floats, weights: Floats, grids: int) -> Prices:
    """Find prices whose bound is close.

    Args:
        units: Those of each set, the last place for none, shape (c, s).
        cost: Of each set, whole numbers, shape (c,).
        weights: Households of each unit, and of none, shape (u + 1,).
        grids: How many grids there are to be.
    """
    nothing = Prices(np.zeros(len(weights)), 0.0)
    if not cost.any():
        return nothing
    usual = float(np.median(cost)) or float(cost.mean())
    best = max(
        (_shared(units, cost, weights, -float(round(one * usual))) for one in _GRIDS),
        key=lambda found: found.bound(grids),
    )
    return _raised(_risen(best, units, cost, grids, usual), units, cost)


def _shared(units: Ints, cost: Floats, weights: Floats, grid: float) -> Prices:
    """Give each unit its part of the cheapest set for its households, then as much more as the sets allow."""
    size = len(weights) - 1
    part = weights[units] / np.maximum(weights[units].sum(axis=1), 1)[:, None]
    prices = np.full(size + 1, np.inf)
    np.minimum.at(prices, units, np.floor((cost - grid)[:, None] * part))
    prices[size] = 0
    prices[np.isinf(prices)] = 0  # in no set
    return _raised(Prices(prices, grid), units, cost)


def _raised(found: Prices, units: Ints, cost: Floats) -> Prices:
    """Raise the price of one unit after the other as far as the sets allow in which it is."""
    prices = found.units.copy()
    left = found.over(units, cost)
    by_unit = np.argsort(units, axis=None, kind="stable")
    ends = np.searchsorted(units.ravel()[by_unit], np.arange(len(prices)))
    for unit in range(len(prices) - 1):
        sets = by_unit[ends[unit] : ends[unit + 1]] // units.shape[1]
        if len(sets) and (more := left[sets].min()) > 0:
            prices[unit] += more
            left[sets] -= more
    return Prices(prices, found.grid)


def _risen(best: Prices, units: Ints, cost: Floats, grids: int, usual: float) -> Prices:
    """Move prices towards the closest bound: up for units that are in few of the cheapest sets, down for others."""
    size = len(best.units) - 1
    prices = best.units.copy()
    near = usual / max(float((units < size).sum(axis=1).mean()), 1)
    step = _FIRST * near
    going: Floats = np.zeros(size)
    for _ in range(_STEPS):
        over = cost - prices[units].sum(axis=1)
        found = Prices(prices.copy(), float(over.min()))
        if found.bound(grids) > best.bound(grids):
            best = found
        wanted = _wanted(units, (over - found.grid) / near, size, grids)
        going = _ONWARD * going + step * np.clip(1 - wanted, -1, 1)
        prices[:size] = np.rint(prices[:size] + going)
        step *= _CALMER
        near = max(near * _CALMER, 1)
    return best


def _wanted(units: Ints, dearer: Floats, size: int, grids: float) -> Floats:
    """Say how often each unit is taken where so many grids are made of the cheapest sets, shape (u,).

    Sets are weighed by a cube that falls to nothing, and ever fewer of them count: no exponential function, which
    isn't the same to the last bit on all machines.

    Args:
        units: Those of each set, the last place for none, shape (c, s).
        dearer: By how much each set is dearer than the cheapest, one being too dear to count, shape (c,).
        size: How many units there are.
        grids: How many grids.
    """
    share = np.maximum(1 - dearer, 0)
    share = np.rint(share * share * share * ONE)
    taken = np.bincount(units.ravel(), weights=np.repeat(share, units.shape[1]), minlength=size + 1)[:size]
    found: Floats = taken * (grids / share.sum())
    return found


def least_parts(units: Ints, weights: Floats) -> Floats:
    """Say what part of a grid each unit takes at least, in `ONE`s: no set takes more than one, shape (u + 1,)."""
    if not len(units):
        return np.zeros(len(weights))
    size = len(weights) - 1
    prices = _shared(units, np.full(len(units), float(ONE)), weights, 0.0).units
    best = prices.copy()
    near = ONE / max(float((units < size).sum(axis=1).mean()), 1)
    step = _FIRST * near
    going: Floats = np.zeros(size)
    for _ in range(_STEPS):
        held = prices[units].sum(axis=1)
        most = max(float(held.max()), 1.0)
        found = np.floor(prices * (ONE / most))
        if found.sum() > best.sum():
            best = found
        wanted = _wanted(units, (most - held) / near, size, best.sum() / ONE)
        going = _ONWARD * going + step * np.clip(1 - wanted, -1, 1)
        prices[:size] = np.maximum(np.rint(prices[:size] + going), 0)
        step *= _CALMER
        near = max(near * _CALMER, 1)
    return _raised(Prices(best, 0.0), units, np.full(len(units), float(ONE))).units
