"""The numbers of a division, ready to be searched: units, what they weigh, how far and how near they are.

A unit is a building, or a whole estate that is not to be split. All numbers are whole, held in float64 and below
2**53 in every sum, so that no order of summation, processor or linear algebra can change a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import attrs
import numpy as np

from shequ_core.planning.grids.layout import Floats, Ints, Layout
from shequ_core.planning.grids.masks import mask_of, places

EXACT: Final = 2.0**53
"""Whole numbers up to this are exact in float64."""

_DECIMETRES: Final = 10.0
"""Distances are rounded to this part of a metre, finer than anybody knows where a building's centre is."""


@attrs.frozen(kw_only=True, eq=False)
class Ground:
    """A piece of a community in one piece, as units to be put into grids.

    Attributes:
        low: Least households of a grid.
        high: Most households of a grid.
        households: Of each unit, shape (u,).
        weights: The same as a list of Python's own numbers.
        spread: Households of a unit times squared distance to a building, shape (u, n).
        far: Mean squared distance of a unit to a building, shape (u, n).
        unit_of: The unit of each building, shape (n,).
        members: The buildings of each unit.
        near: The units that each touches, as a set.
        touching: The same as numbers 0 and 1, shape (u, u).
        estate: The estate of each unit that may be split, -1 for all others, shape (u,).
        estates: How many estates `estate` counts.
        plain: Whether every unit is one building.
        linear: Whether an excess counts as it is and not squared: the least-bad plan is judged so.
        split_weight: What one more piece of an estate costs in `spread`; None where fewer pieces always come first.
    """

    low: int
    high: int
    households: Floats
    weights: list[int]
    spread: Floats
    far: Floats
    unit_of: Ints
    members: tuple[Ints, ...]
    near: list[int]
    touching: Floats
    estate: Ints
    estates: int
    plain: bool
    linear: bool = False
    split_weight: float | None = None

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def everything(self) -> int:
        """All units, as a set."""
        return (1 << len(self)) - 1

    @cached_property
    def kin(self) -> list[int]:
        """List for each unit all units of its estate, as a set, itself among them; empty for none."""
        found = [0] * self.estates
        estate = self.estate_list
        for unit, one in enumerate(estate):
            if one >= 0:
                found[one] |= 1 << unit
        return [found[one] if one >= 0 else 0 for one in estate]

    @cached_property
    def estate_list(self) -> list[int]:
        """The estate of each unit as Python's own numbers."""
        found: list[int] = self.estate.tolist()
        return found

    @cached_property
    def _columns(self) -> dict[int, list[float]]:
        return {}

    def column(self, building: int) -> list[float]:
        """Return the spread of each unit about a building as Python's own numbers."""
        found = self._columns.get(building)
        if found is None:
            found = self._columns[building] = self.spread[:, building].tolist()
        return found

    def total(self) -> int:
        """Count all households."""
        return sum(self.weights)

    def buildings_of(self, units: Ints) -> tuple[Ints, Ints]:
        """List the buildings of some units, and for each the place of its unit among them."""
        if self.plain:
            return units, np.arange(len(units))
        found = [self.members[unit] for unit in units.tolist()]
        return np.concatenate(found), np.repeat(np.arange(len(units)), [len(one) for one in found])


def squared_distances(layout: Layout) -> Floats:
    """Measure between all buildings: whole square decimetres, or squared steps where a building has no point.

    Pairs without a way between them (only where there are no points) count as farther than any with one.
    """
    if layout.points is None:
        return np.square(_steps(layout))
    at = np.rint((layout.points - layout.points.min(axis=0)) * _DECIMETRES)
    east, north = at[:, 0], at[:, 1]
    found: Floats = np.square(east[:, None] - east) + np.square(north[:, None] - north)
    coarser = _coarser(at, layout.households)
    return found if coarser == 1 else np.floor(found / coarser)


def _coarser(at: Floats, households: Ints) -> float:
    """Say by what squares must be divided so that every sum is whole: 1, but for a community a country wide."""
    most = float(np.square(np.ptp(at, axis=0)).sum()) * max(float(households.sum()), 1.0)
    return 1.0 if most < EXACT else most / EXACT * 2


def distance_unit(layout: Layout) -> float:
    """Say how many of `squared_distances`'s units a square metre has (or a squared step, without points)."""
    if layout.points is None:
        return 1.0
    return _DECIMETRES**2 / _coarser(np.rint(layout.points * _DECIMETRES), layout.households)


def _steps(layout: Layout) -> Floats:
    """Count the steps between all buildings; as many as there are buildings where there is no way."""
    size = len(layout)
    near: list[list[int]] = [[] for _ in range(size)]
    for one, other in layout.edges.tolist():
        near[one].append(other)
        near[other].append(one)
    wide = -(-size // 8)
    found = np.zeros((size, size), dtype=np.int32)
    reached = [1 << one for one in range(size)]
    while True:
        packed = np.frombuffer(b"".join([one.to_bytes(wide, "little") for one in reached]), dtype=np.uint8)
        beyond = np.unpackbits(packed.reshape(size, wide), axis=1, count=size, bitorder="little") == 0
        before, reached = reached, list(reached)
        for one, touched in enumerate(near):
            for other in touched:
                reached[one] |= before[other]
        if reached == before:
            break
        found += beyond
    found[beyond] = size
    return found.astype(np.float64)


def near_of(layout: Layout) -> list[int]:
    """List for each building what it touches, as a set."""
    near = [0] * len(layout)
    for one, other in layout.edges.tolist():
        near[one] |= 1 << other
        near[other] |= 1 << one
    return near


def ground_of(
    layout: Layout, squared: Floats, buildings: Ints, low: int, high: int, *, split_weight: float | None = None
) -> Ground:
    """Make the ground of some buildings of a layout, each a unit."""
    households = layout.households[buildings].astype(np.float64)
    far = squared[np.ix_(buildings, buildings)]
    place = {building: unit for unit, building in enumerate(buildings.tolist())}
    touching = np.zeros((len(buildings), len(buildings)))
    for one, other in layout.edges.tolist():
        if one in place and other in place:
            touching[place[one], place[other]] = touching[place[other], place[one]] = 1
    names, estate = np.unique(layout.estates[buildings], return_inverse=True)
    several = np.bincount(estate, minlength=len(names)) > 1
    several &= names >= 0
    numbers = np.where(several, np.cumsum(several) - 1, -1)
    return Ground(
        low=low, high=high, households=households, weights=[int(one) for one in households.tolist()],
        spread=households[:, None] * far, far=far, unit_of=np.arange(len(buildings)),
        members=tuple(np.arange(len(buildings)).reshape(-1, 1)),
        near=[mask_of(np.flatnonzero(row).tolist()) for row in touching], touching=touching,
        estate=numbers[estate.ravel()], estates=int(several.sum()), plain=True, split_weight=split_weight,
    )


def restricted(ground: Ground, units: Ints) -> Ground:
    """Make the ground of some units; estates keep their numbers."""
    buildings, unit_of = ground.buildings_of(units)
    place = np.full(len(ground.unit_of), -1)
    place[buildings] = np.arange(len(buildings))
    touching = ground.touching[np.ix_(units, units)]
    return attrs.evolve(
        ground, households=ground.households[units], weights=[ground.weights[one] for one in units.tolist()],
        spread=ground.spread[np.ix_(units, buildings)], far=ground.far[np.ix_(units, buildings)],
        unit_of=unit_of, members=tuple(place[ground.members[one]] for one in units.tolist()),
        near=[mask_of(np.flatnonzero(row).tolist()) for row in touching], touching=touching,
        estate=ground.estate[units],
    )


def contracted(ground: Ground, blocks: Sequence[int]) -> Ground:
    """Make units of the blocks of a plain ground (sets of its buildings); what is in none stays a building."""
    unit_of = np.full(len(ground), -1)
    taken = 0
    for block in blocks:
        taken |= block
    members = sorted([*([place] for place in places(ground.everything & ~taken)), *map(places, blocks)])
    for unit, found in enumerate(members):
        unit_of[found] = unit
    chosen = np.zeros((len(members), len(ground)))
    chosen[unit_of, np.arange(len(ground))] = 1
    households = chosen @ ground.households
    spread = chosen @ ground.spread
    counted = chosen.sum(axis=1)
    empty = households == 0
    far = np.where(
        empty[:, None], (chosen @ ground.far) / counted[:, None], spread / np.where(empty, 1, households)[:, None]
    )
    touching = (chosen @ ground.touching @ chosen.T > 0).astype(np.float64)
    np.fill_diagonal(touching, 0)
    estate = ground.estate[[found[0] for found in members]]
    several = np.bincount(np.maximum(estate, 0), weights=estate >= 0, minlength=ground.estates + 1) > 1
    return Ground(
        low=ground.low, high=ground.high, households=households, weights=[int(one) for one in households.tolist()],
        spread=spread, far=np.rint(far), unit_of=unit_of,
        members=tuple(np.array(found) for found in members),
        near=[mask_of(np.flatnonzero(row).tolist()) for row in touching], touching=touching,
        estate=np.where(several[estate], estate, -1), estates=ground.estates, plain=len(members) == len(ground),
        split_weight=ground.split_weight,
    )
