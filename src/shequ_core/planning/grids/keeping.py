"""The division that moves the fewest of all, where the sets of buildings that can be a grid are few.

As `exact` does it, but a set is tried under the name of each earlier grid of which it holds somebody, and under a new
one; no name is given twice. What is left over is remembered together with the names that are taken and that it could
still want.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from shequ_core.planning.grids.exact import Cover, TooManyError
from shequ_core.planning.grids.ground import Ground
from shequ_core.planning.grids.masks import places

Kept: TypeAlias = "tuple[float, float, float, float, float]"
"""Violation, what is moved, grids, pieces of estates, spread: less is better, the first that differs decides."""

SETS: Final = 6_000
STEPS: Final = 40_000
"""So many sets are listed, and so many tried under their names, before the search is given up."""

_NOTHING: Final[Kept] = (0, 0, 0, 0, 0)


class Keeping(Cover):
    """All sets of units that can be a grid, and the divisions of them that move the fewest.

    Args:
        homes: The earlier grid of each unit, -1 for none.
        prices: What it costs to move each unit.
        slack: By how many households a grid may miss its bounds; then the fewest in all come first.

    Raises:
        TooManyError: There are more sets than may be listed.
    """

    def __init__(self, ground: Ground, homes: Sequence[int], prices: Sequence[int], *, slack: int = 0) -> None:
        super().__init__(ground, slack=slack, sets=SETS)
        self.homes = [homes[unit] for unit in self.order]
        self.prices = [prices[unit] for unit in self.order]
        self.names: dict[int, list[tuple[int, float]]] = {}
        self.rests: dict[tuple[int, int, int | None], tuple[Kept, tuple[int, ...]] | None] = {}
        self.tried = 0

    def fewest_moved(self, counts: range, *, any_count: bool) -> list[int] | None:
        """Return the division that moves the fewest as sets of units, None where there is none.

        Args:
            counts: How many grids there may be.
            any_count: Whether bounds and households say as much as `counts` does.

        Raises:
            TooManyError: More is to be tried than may be.
        """
        everything = (1 << len(self.order)) - 1
        found = [
            one for grids in ([None] if any_count else counts)
            if (one := self._fewest(everything, sum(self.weights), 0, grids)) is not None
        ]
        if not found:
            return None
        return [sum([1 << self.order[place] for place in places(mask)]) for mask in min(found)[1]]

    def _named(self, mask: int) -> list[tuple[int, float]]:
        """Return what a set moves under each name, the fewest first; the bit of the name, 0 for a new one."""
        if mask not in self.names:
            held: dict[int, int] = {}
            for unit in places(mask):
                if self.homes[unit] >= 0:
                    held[self.homes[unit]] = held.get(self.homes[unit], 0) + self.prices[unit]
            all_of_them = sum(held.values())
            found = [(all_of_them - kept, 1 << home) for home, kept in held.items()]
            self.names[mask] = [(bit, moved) for moved, bit in [*sorted(found), (all_of_them, 0)]]
        return self.names[mask]

    def _fewest(
        self, rest: int, weight: int, taken: int, grids: int | None
    ) -> tuple[Kept, tuple[int, ...]] | None:
        if not rest:
            return (_NOTHING, ()) if not grids else None
        if grids is not None and not (grids and grids * self.low <= weight <= grids * self.high):
            return None
        if grids is None and self.low and -(-weight // self.high) > weight // self.low:
            return None
        wanted = 0
        for unit in places(rest):
            if self.homes[unit] >= 0:
                wanted |= 1 << self.homes[unit]
        key = (rest, taken & wanted, grids)
        if key in self.rests:
            return self.rests[key]
        best: tuple[Kept, tuple[int, ...]] | None = None
        first = (rest & -rest).bit_length() - 1
        for mask, held, _, _ in self.starting[first]:
            if mask & ~rest:
                continue
            violation, _, pieces, spread = self._merit(mask, held)
            for bit, moved in self._named(mask):
                if bit & taken or (best is not None and (violation, moved) > best[0][:2]):
                    continue
                self.tried += 1
                if self.tried > STEPS:
                    raise TooManyError
                after = self._fewest(
                    rest & ~mask, weight - held, taken | bit, None if grids is None else grids - 1
                )
                if after is None:
                    continue
                other = after[0]
                total = (
                    violation + other[0], moved + other[1], 1 + other[2], pieces + other[3], spread + other[4],
                )
                if best is None or (total, mask) < (best[0], best[1][0]):
                    best = (total, (mask, *after[1]))
        self.rests[key] = best
        return best
