"""A grid less: room is carried to one place, until the grids around it can do with one of them less.

Where few buildings make a grid, hardly any grid is full, and each has too little room to be of use. So a place is
chosen, and from the far end on a grid and its neighbours are divided anew, in the best of all ways, so that what room
there is moves towards that place. As soon as the households of a grid and its neighbours fit into one grid less, every
way of dividing them so is tried.
"""

from __future__ import annotations

from random import Random
from typing import Final

import numpy as np

from shequ_core.planning.grids.exact import Cover, TooManyError
from shequ_core.planning.grids.ground import restricted
from shequ_core.planning.grids.masks import mask_of, places
from shequ_core.planning.grids.partition import Partition
from shequ_core.planning.grids.search import Clock

_PART: Final = (4, 6)
"""So many grids are divided anew together, drawn from these bounds."""
_LISTED: Final = (4_000, 8_000)
"""Sets and steps of that."""


def fewer(partition: Partition, least: int, places_tried: int, chance: Random, clock: Clock) -> Partition:
    """Divide into fewer grids, as long as that succeeds.

    Args:
        partition: A division within bounds; it stays as it is.
        least: Fewer grids than this aren't looked for.
        places_tried: So many places in vain, and it is enough.
    """
    best = partition.copy()
    in_vain = 0
    while len(best) > least and in_vain < places_tried and not clock.over():
        other = _swept(best, chance, clock)
        if len(other) == len(best):
            in_vain += 1
        best = other
    return best


def _swept(partition: Partition, chance: Random, clock: Clock) -> Partition:
    """Carry room to one place, and return a division into a grid less, or as many."""
    ground = partition.ground
    goal = int(chance.random() * ground.far.shape[1])
    away = ground.far[:, goal].tolist()
    current = partition
    far = [min([away[unit] for unit in places(mask)]) for mask in current.masks]
    for first in sorted(range(len(current)), key=lambda one: (-far[one], one)):
        if clock.over():
            break
        part = _towards(current, first, away, chance)
        if len(part) < 2:
            continue
        units = np.array([unit for one in part for unit in places(current.masks[one])], dtype=np.int64)
        distance = [away[unit] for unit in units.tolist()]

        def carried(mask: int, held: int, distance: list[float] = distance) -> float:
            inside = places(mask)
            return (ground.high - held) * sum([distance[unit] for unit in inside]) / len(inside)

        fits = sum([current.loads[one] for one in part]) <= (len(part) - 1) * ground.high
        try:
            cover = Cover(restricted(ground, units), sets=_LISTED[0], shares=fits, worth=carried)
            found = cover.best(len(part) - 1, _LISTED[1]) if fits else None
            if found is not None:
                kept = [mask for one, mask in enumerate(current.masks) if one not in part]
                return Partition(ground, [*kept, *(mask_of(units[places(mask)].tolist()) for mask in found)])
            found = cover.best(len(part), _LISTED[1])
        except TooManyError:
            continue
        if found is not None:
            for one, mask in zip(part, found, strict=True):
                current.put(one, mask_of(units[places(mask)].tolist()))
    return current


def _towards(partition: Partition, first: int, away: list[float], chance: Random) -> list[int]:
    """Choose a grid and those beside it that lie nearest to a place."""
    wanted = chance.randint(*_PART)
    part = [first]
    near = {first}
    while len(part) < min(wanted, len(partition)):
        near |= {other for one in part for other in partition.beside(one)}
        around = sorted(
            near.difference(part), key=lambda one: (min([away[unit] for unit in places(partition.masks[one])]), one)
        )
        if not around:
            break
        part.append(around[0] if len(around) == 1 or chance.random() < 0.7 else around[1])
    return part
