"""A judge of divisions that shares nothing with the search: it tries everything, building by building."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import attrs
import pytest
from hypothesis import strategies as st

from shequ_core.model.buildings import Building

Pairs = Sequence[tuple[str, str]]
FAR = 10**15
"""More than any spread here, so that one number holds all that a division is judged by."""
MANY = 10**3


@attrs.frozen(kw_only=True)
class Case:
    """A community to be divided."""

    buildings: tuple[Building, ...]
    pairs: Pairs
    low: int = 30
    high: int = 50

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.buildings]

    def near(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {one: set() for one in self.ids}
        for one, other in self.pairs:
            found[one].add(other)
            found[other].add(one)
        return found

    def pieces(self, ids: Iterable[str]) -> list[set[str]]:
        """Return what of these hangs together."""
        near, left, found = self.near(), set(ids), []
        while left:
            queue = [min(left)]
            piece = set(queue)
            while queue:
                fresh = near[queue.pop()] & left - piece
                piece |= fresh
                queue += fresh
            left -= piece
            found.append(piece)
        return found

    def squared(self) -> dict[tuple[str, str], int]:
        """Return the squared metres between buildings, or squared steps where they have no points."""
        if all(one.x is not None for one in self.buildings):
            at = {one.id: (round(one.x or 0), round(one.y or 0)) for one in self.buildings}
            return {
                (a, b): (at[a][0] - at[b][0]) ** 2 + (at[a][1] - at[b][1]) ** 2 for a in self.ids for b in self.ids
            }
        near = self.near()
        found = {(a, b): len(self.ids) ** 2 for a in self.ids for b in self.ids}
        for first in self.ids:
            layer, seen, step = {first}, {first}, 0
            while layer:
                for one in layer:
                    found[first, one] = step**2
                layer = {other for one in layer for other in near[one]} - seen
                seen |= layer
                step += 1
        return found


LUMPS = (0, 0, 3, 4, 7, 8, 10, 11, 12, 15, 16, 18, 20, 22, 25, 26, 31, 35, 47, 52)


@st.composite
def cases(draw: st.DrawFn, most: int, *, whole: bool) -> Case:
    """Draw communities: trees, meshes and any graph; with points or without; in one piece, or in several."""
    size = draw(st.integers(1, most))
    ids = [str(number) for number in range(1, size + 1)]
    parted = st.integers(0, 11) if not whole else st.just(1)
    pairs = {
        (ids[draw(st.integers(max(0, place - 3), place - 1))], ids[place])
        for place in range(1, size)
        if draw(parted)
    }
    if size > 1:
        ends = st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True)
        drawn = draw(st.lists(ends, max_size=size))
        pairs |= {(one, other) if int(one) < int(other) else (other, one) for one, other in drawn}
    pointed = draw(st.booleans())
    coordinate = st.integers(0, 12)
    low, high = draw(st.sampled_from([(30, 50), (30, 50), (30, 40), (20, 50), (1, 52)]))
    buildings = tuple(
        Building(
            id=one,
            households=draw(st.sampled_from(LUMPS)),
            estate=draw(st.sampled_from([None, None, "A", "B"])),
            x=20.0 * draw(coordinate) if pointed else None,
            y=20.0 * draw(coordinate) if pointed else None,
        )
        for one in ids
    )
    return Case(buildings=buildings, pairs=sorted(pairs), low=low, high=high)


class Judge:
    """Tries every division, and judges any."""

    def best(self, case: Case, grids: int | None = None, *, within: bool = False) -> tuple[int, int, int, int] | None:
        """Return violation, grids, pieces of estates and spread of the best of all divisions into connected grids.

        Args:
            case: At most a dozen buildings.
            grids: So many grids; None for any number.
            within: Whether only divisions within bounds count.
        """
        size = len(case.buildings)
        worth: dict[int, int] = {}
        for mask in range(1, 1 << size):
            ids = [one for place, one in enumerate(case.ids) if mask >> place & 1]
            if len(case.pieces(ids)) == 1:
                violation, pieces, spread = self._judged(case, ids)
                if not (within and violation):
                    worth[mask] = ((violation * MANY + 1) * MANY + pieces) * FAR + spread
        known: dict[tuple[int, int | None], int | None] = {}

        def least(rest: int, left: int | None) -> int | None:
            if not rest:
                return None if left else 0
            if left == 0:
                return None
            if (rest, left) not in known:
                first = rest & -rest
                other = rest ^ first
                sub, found = other, []
                while True:
                    own = worth.get(sub | first)
                    if own is not None:
                        after = least(other ^ sub, None if left is None else left - 1)
                        if after is not None:
                            found.append(own + after)
                    if not sub:
                        break
                    sub = (sub - 1) & other
                known[rest, left] = min(found, default=None)
            return known[rest, left]

        told = least((1 << size) - 1, grids)
        if told is None:
            return None
        upper, spread = divmod(told, FAR)
        upper, pieces = divmod(upper, MANY)
        return *divmod(upper, MANY), pieces, spread

    def _judged(self, case: Case, ids: Sequence[str]) -> tuple[int, int, int]:
        """Return a grid's violation, the estates of which it has a piece, and its spread."""
        chosen = [one for one in case.buildings if one.id in ids]
        held = sum(one.households for one in chosen)
        squared = case.squared()
        spread = min(sum(one.households * squared[one.id, centre] for one in chosen) for centre in ids)
        missed = max(held - case.high, 0) + max(case.low - held, 0)
        return missed, len({one.estate for one in chosen} - {None}), spread

    def measures(self, case: Case, grids: Mapping[str, str]) -> dict[str, int | float]:
        """Recount what a plan says of itself."""
        members: dict[str, list[str]] = {}
        for building, grid in grids.items():
            members.setdefault(grid, []).append(building)
        judged = [self._judged(case, ids) for ids in members.values()]
        households = sum(one.households for one in case.buildings)
        spread = sum(one[2] for one in judged)
        return {
            "buildings": len(case.buildings),
            "households": households,
            "grids": len(members),
            "fewest_grids": max(math.ceil(households / case.high), 1),
            "violation": sum(one[0] for one in judged),
            "pieces": sum(len(case.pieces(ids)) - 1 for ids in members.values()),
            "estate_splits": sum(one[1] for one in judged) - len({one.estate for one in case.buildings} - {None}),
            "compactness": spread,
            "mean_distance": math.sqrt(spread / households) if households else 0.0,
        }

    def judged(self, case: Case, grids: Mapping[str, str]) -> tuple[int | float, ...]:
        """Return of a plan what `best` returns of the best one."""
        told = self.measures(case, grids)
        estates = len({one.estate for one in case.buildings} - {None})
        return told["violation"], told["grids"], told["estate_splits"] + estates, told["compactness"]

    def case(self, buildings: Sequence[Building], pairs: Pairs, low: int, high: int) -> Case:
        """Make a community."""
        return Case(buildings=tuple(buildings), pairs=pairs, low=low, high=high)

    def cases(self, most: int, *, whole: bool = False) -> st.SearchStrategy[Case]:
        """Draw communities of at most so many buildings."""
        return cases(most, whole=whole)


@pytest.fixture(scope="session")
def judge() -> Judge:
    """What tries everything."""
    return Judge()
