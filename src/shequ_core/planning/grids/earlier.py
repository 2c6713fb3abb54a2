"""The grids that a community had: whose home was where, which new grid is which of them, and who moved and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import attrs
import numpy as np

from shequ_core.errors import msg
from shequ_core.planning.grids.codes import numbered, unused
from shequ_core.planning.grids.layout import Ints, Layout
from shequ_core.planning.grids.layouts import natural_key
from shequ_core.planning.grids.masks import pieces, places
from shequ_core.planning.grids.matching import best_pairs
from shequ_core.planning.grids.plan import Move

NEW: Final = -1
"""The home of whoever had none."""


@attrs.frozen(kw_only=True, eq=False)
class Renewal:
    """A division whose grids have the codes of the earlier grids that they are.

    Attributes:
        grid_of: The place of each building's grid in `codes`, shape (n,).
        moves: Who was in a grid that is now another.
    """

    grid_of: Ints
    codes: tuple[str, ...]
    moves: tuple[Move, ...]

    @property
    def households_moved(self) -> int:
        """The households whose grid is another one."""
        return sum(one.households for one in self.moves)


@attrs.frozen(kw_only=True, eq=False)
class Earlier:
    """The grids that a community had.

    Attributes:
        codes: Their codes in natural order, as they were given.
        homes: The place of each building's earlier grid in `codes`, `NEW` where it had none, n of them.
    """

    layout: Layout
    codes: tuple[str, ...]
    homes: tuple[int, ...]

    @classmethod
    def of(cls, layout: Layout) -> Earlier | None:
        """Return the earlier grids of a layout, None where it had none."""
        codes = tuple(sorted({one for one in layout.previous if one is not None}, key=natural_key))
        if not codes:
            return None
        place = {code: at for at, code in enumerate(codes)}
        homes = tuple(NEW if one is None else place[one] for one in layout.previous)
        return cls(layout=layout, codes=codes, homes=homes)

    def price(self, building: int) -> int:
        """Return what moving a building costs: one more than its households in a finer unit.

        So schools and shops stay where they are if that moves nobody.
        """
        return int(self.layout.households[building]) * (len(self.layout) + 1) + 1

    def homes_in(self, parts: Sequence[Sequence[int]]) -> list[list[int]]:
        """Return for each part the homes of its buildings, counted from 0 within the part.

        A grid that several parts share is that of the part with most of it: whoever is in another moves anyhow.
        """
        held: dict[int, list[int]] = {home: [0] * len(parts) for home in range(len(self.codes))}
        for at, part in enumerate(parts):
            for building in part:
                if self.homes[building] != NEW:
                    held[self.homes[building]][at] += self.price(building)
        found = []
        for at, part in enumerate(parts):
            mine = [home for home, prices in held.items() if prices.index(max(prices)) == at]
            place = {home: number for number, home in enumerate(mine)}
            found.append([place.get(self.homes[building], NEW) for building in part])
        return found

    def mates(self, building: int, among: Ints) -> Ints:
        """Return who of some buildings was in the same grid as this one."""
        home = self.homes[building]
        return np.array([one for one in among.tolist() if self.homes[one] == home != NEW], dtype=np.int64)

    def renewed(self, grid_of: Ints, near: Sequence[int], low: int, high: int) -> Renewal:
        """Give the grids of a division the codes of earlier ones, so that the fewest move, and new ones to the rest.

        Args:
            grid_of: The grid of each building, numbered from 0, shape (n,).
            near: What each building touches, as a set.
            low: Least households of a grid.
            high: Most households of a grid.
        """
        order, _ = numbered(self.layout, grid_of)
        kept = [[0] * len(self.codes) for _ in range(int(order.max()) + 1)]
        for building, (grid, home) in enumerate(zip(order.tolist(), self.homes, strict=True)):
            if home != NEW:
                kept[grid][home] += self.price(building)
        pairs = best_pairs(kept)
        fresh = unused(self.layout.community, {*self.codes, *self.layout.retired})
        names = [self.codes[pairs[grid]] if grid in pairs else next(fresh) for grid in range(len(kept))]
        codes = tuple(sorted(names, key=natural_key))
        place = np.array([codes.index(name) for name in names])
        found = place[order]
        moves = tuple(self._moves([codes[at] for at in found.tolist()], near, low, high))
        return Renewal(grid_of=found, codes=codes, moves=moves)

    def _moves(self, after: Sequence[str], near: Sequence[int], low: int, high: int) -> Iterator[Move]:
        layout = self.layout
        households = layout.households.tolist()
        now = dict.fromkeys(self.codes, 0)
        whole = dict.fromkeys(self.codes, 0)
        for building, home in enumerate(self.homes):
            if home != NEW:
                now[self.codes[home]] += households[building]
                whole[self.codes[home]] |= 1 << building
        left = set(after)
        apart = {
            building
            for mask in whole.values() if len(found := pieces(near, mask)) > 1
            for piece in sorted(found, key=lambda one: sum([self.price(at) for at in places(one)]))[:-1]
            for building in places(piece)
        }
        for building, (home, there) in enumerate(zip(self.homes, after, strict=True)):
            if home == NEW or self.codes[home] == there:
                continue
            here = self.codes[home]
            if building in apart:
                why = msg("grid {grid} falls apart: this building hangs together with its rest no longer", grid=here)
            elif here not in left and now[here] < low:
                why = msg(
                    "grid {grid} is gone: the {found} households that it has left are fewer than {low}",
                    grid=here, found=now[here], low=low,
                )
            elif here not in left:
                why = msg("grid {grid} is gone: its buildings fill up others", grid=here)
            elif now[here] > high:
                why = msg(
                    "grid {grid} has {found} households by now and may hold {high}",
                    grid=here, found=now[here], high=high,
                )
            elif there not in now:
                why = msg("grid {grid} is new and needs {low} households at least", grid=there, low=low)
            elif now[there] < low:
                why = msg(
                    "grid {grid} has {found} households left and needs {low}", grid=there, found=now[there], low=low
                )
            else:
                why = msg(
                    "grid {grid} passes on to {next} what it takes over from others", grid=here, next=there
                )
            yield Move(
                building=layout.ids[building], households=households[building], before=here, after=there, reason=why
            )
