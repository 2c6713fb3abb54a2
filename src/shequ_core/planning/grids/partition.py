"""A division under way: which units are in which grid, what each grid holds and costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from shequ_core.planning.grids.ground import Ground
from shequ_core.planning.grids.layout import Floats, Ints
from shequ_core.planning.grids.masks import around, mask_of, places


class Merit(NamedTuple):
    """How good a division is: less is better, the first that differs decides.

    Attributes:
        excess: Sum of the squares of the households by which grids miss their bounds; squares, so that a search
            that goes downhill carries an excess to where there is room for it.
        splits: Pieces of estates.
        spread: Sum over grids of households times squared distance to the best building.
    """

    excess: float
    splits: float
    spread: float


_NONE: Final = frozenset({-1})
"""The estate of a unit that is of none."""


def excess_of(ground: Ground, loads: Floats) -> Floats:
    """Square the households by which loads miss the bounds (unless the ground counts them plainly), of any shape."""
    missed: Floats = np.maximum(loads - ground.high, 0) + np.maximum(ground.low - loads, 0)
    return missed if ground.linear else np.square(missed)


class Partition:
    """Units in grids; changed in place by the search.

    Attributes:
        grid: The grid of each unit, shape (u,).
        masks: The units of each grid, as a set.
        loads: The households of each grid.
        spreads: What each grid costs.
        centres: The best building of each grid.
        held: Of how many estates that may be split each grid has units.
        best: Whether it is known that no division of these units (or of whole estates) into as many grids is better.
    """

    __slots__ = ("best", "centres", "grid", "ground", "held", "loads", "masks", "spreads")

    def __init__(self, ground: Ground, masks: Sequence[int], *, best: bool = False) -> None:
        self.ground = ground
        self.best = best
        self.masks = list(masks)
        self.grid: Ints = np.zeros(len(ground), dtype=np.int64)
        self.loads = [0] * len(masks)
        self.spreads = [0.0] * len(masks)
        self.centres = [0] * len(masks)
        self.held = [0] * len(masks)
        for one in range(len(masks)):
            self._count(one)

    def __len__(self) -> int:
        return len(self.masks)

    def put(self, grid: int, mask: int) -> None:
        """Say anew what a grid holds."""
        if mask != self.masks[grid]:
            self.best = False
            self.masks[grid] = mask
            self._count(grid)

    def _count(self, grid: int) -> None:
        found = places(self.masks[grid])
        units = np.array(found, dtype=np.int64)
        self.grid[units] = grid
        ground = self.ground
        weights = ground.weights
        self.loads[grid] = sum([weights[one] for one in found])
        self.spreads[grid], self.centres[grid] = best_building(ground, units)
        if ground.estates:
            estate = ground.estate_list
            self.held[grid] = len({estate[one] for one in found} - _NONE)

    def copy(self) -> Partition:
        """Return one that can be changed without changing this."""
        other = Partition.__new__(Partition)
        other.ground = self.ground
        other.best = False
        other.grid = self.grid.copy()
        other.masks = self.masks[:]
        other.loads = self.loads[:]
        other.spreads = self.spreads[:]
        other.centres = self.centres[:]
        other.held = self.held[:]
        return other

    def with_part(self, part: Sequence[int], masks: Sequence[int]) -> Partition:
        """Return one in which some grids hold other units, which were theirs."""
        other = self.copy()
        for one, mask in zip(part, masks, strict=True):
            other.put(one, mask)
        return other

    def merit(self, grids: Iterable[int] | None = None) -> Merit:
        """Judge some grids, or all."""
        ground = self.ground
        low, high, weight = ground.low, ground.high, ground.split_weight
        loads, spreads, held = self.loads, self.spreads, self.held
        excess = splits = 0
        spread = 0.0
        for one in range(len(self)) if grids is None else grids:
            load = loads[one]
            if not low <= load <= high:
                missed = load - high if load > high else low - load
                excess += missed if ground.linear else missed * missed
            spread += spreads[one]
            splits += held[one]
        return Merit(excess, splits, spread) if weight is None else Merit(excess, 0, spread + weight * splits)

    def splits(self) -> int:
        """Count the pieces into which grids take estates that may be split."""
        return sum(self.held)

    def violation(self) -> int:
        """Count the households by which grids miss their bounds."""
        low, high = self.ground.low, self.ground.high
        return sum([max(one - high, 0) + max(low - one, 0) for one in self.loads])

    def out_of_bounds(self) -> list[int]:
        """List the grids that miss their bounds."""
        low, high = self.ground.low, self.ground.high
        return [one for one, load in enumerate(self.loads) if not low <= load <= high]

    def splitting(self) -> list[int]:
        """List the grids that hold a part of an estate."""
        kin = self.ground.kin
        return [one for one, mask in enumerate(self.masks) if any(kin[unit] & ~mask for unit in places(mask))]

    def beside(self, grid: int) -> list[int]:
        """List the grids that touch one."""
        touched = around(self.ground.near, self.masks[grid])
        return sorted(set(self.grid[places(touched)].tolist()))


def of_buildings(ground: Ground, coarse: Partition) -> Partition:
    """Return the same division as one of the buildings of a plain ground."""
    members = coarse.ground.members
    return Partition(
        ground, [mask_of(one for unit in places(mask) for one in members[unit].tolist()) for mask in coarse.masks]
    )


def best_building(ground: Ground, units: Ints) -> tuple[float, int]:
    """Return the least spread of these units and the building about which it is."""
    buildings, _ = ground.buildings_of(units)
    spread = ground.spread[units[:, None], buildings].sum(axis=0)
    best = int(spread.argmin())
    return float(spread[best]), int(buildings[best])
