"""A whole ground divided from one end to the other, grid by grid, from the list of all sets that can be one.

The first unit that is left gets every set that begins with it, and of all ways so far the cheapest are gone on with
(a beam search). Ways that cover other units are compared by what they cost above the prices of the units that they
cover, so what the rest will cost is in the comparison. Where grids are to be nearly full, room that is left unused has
a price too, and a way ends as soon as its rest takes more grids than are left.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from heapq import nsmallest
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from shequ_core.planning.grids.exact import Cover
from shequ_core.planning.grids.masks import around
from shequ_core.planning.grids.prices import ONE
from shequ_core.planning.grids.sets import PIECE, Sets

_WORTH: Final = 8
"""A piece of an estate is worth so many grids' spread: by pieces alone a sweep would care for nothing else."""
_LAST: Final = 10
"""Before so many last grids `_MORE` times as many ways are gone on with: there they end, if they do."""
_MORE: Final = 4
_LOOKED: Final = 4
"""So many times as many ways as are gone on with are looked at, the cheapest first."""

_Choice: TypeAlias = "tuple[float, int, int, float]"
"""What a set costs above its prices, its units, its households, and what part of a grid its units take at least."""


class _Way(NamedTuple):
    """How a rest came about.

    Attributes:
        cost: Of all sets taken, above their prices.
        left: The rest's households.
        parts: What part of a grid the rest's units take at least, in `ONE`s.
        before: The rest before.
        taken: The set that was taken from it.
    """

    cost: float
    left: int
    parts: float
    before: int
    taken: int


def swept(sets: Sets, grids: int, width: int, haste: int, *, back: bool = False) -> list[int] | None:
    """Divide all units into so many grids; None where no way came to an end.

    Args:
        sets: All sets that can be a grid.
        grids: How many.
        width: So many ways are gone on with.
        haste: What a whole grid's room costs that is left unused, in spreads of a grid.
        back: From the other end.
    """
    low, high = sets.ground.low, sets.ground.high
    choices = _choices(sets, haste, back=back)
    level = {(1 << len(sets.order)) - 1: _Way(0.0, sets.ground.total(), float(sets.parts.sum()), 0, 0)}
    levels = []
    for after in range(grids - 1, -1, -1):
        wide = width * _MORE if after < _LAST else width
        following: dict[int, _Way] = {}
        dearest = math.inf
        for rest, (cost, left, parts, _, _) in level.items():
            least, most, least_part = left - after * high, left - after * low, parts - after * ONE
            for more, mask, held, part in choices[(rest if back else rest & -rest).bit_length() - 1]:
                total = cost + more
                if total >= dearest:
                    break
                if mask & rest == mask and least <= held <= most and part >= least_part:
                    known = following.get(rest ^ mask)
                    if known is None or total < known.cost:
                        following[rest ^ mask] = _Way(total, left - held, parts - part, rest, mask)
            if len(following) > _LOOKED * _LOOKED * wide:
                following = dict(nsmallest(_LOOKED * wide, following.items(), key=itemgetter(1)))
                dearest = max([way.cost for way in following.values()])
        level = _gone_on(sets.cover, sorted(following.items(), key=itemgetter(1)), wide)
        levels.append(level)
    return sets.told([{rest: (way.before, way.taken) for rest, way in one.items()} for one in levels])


def _choices(sets: Sets, haste: int, *, back: bool) -> list[list[_Choice]]:
    """List the sets that begin with each unit, or end with it, the cheapest first."""
    usual = sets.spread.bound(sets.grids) / sets.grids
    piece = max(int(_WORTH * usual / PIECE), 1)
    room = haste * usual / ONE
    found: list[list[_Choice]] = [[] for _ in sets.beginning]
    for some in sets.beginning:
        for mask, held, pieces, spread, part in some:
            first = mask.bit_length() if back else (mask & -mask).bit_length()
            found[first - 1].append((spread + piece * pieces + room * (ONE - part), mask, held, part))
    for one in found:
        one.sort()
    return found


def _gone_on(cover: Cover, ways: Iterable[tuple[int, _Way]], wide: int) -> dict[int, _Way]:
    """Take the first of some ways that may come to an end."""
    found: dict[int, _Way] = {}
    for rest, way in ways:
        if _may_end(cover, rest, way.taken):
            found[rest] = way
            if len(found) == wide:
                break
    return found


def _may_end(cover: Cover, rest: int, last: int) -> bool:
    """Say whether a rest may still be covered after a set was taken from it: no corner of it is cut off."""
    near, weights, low, high = cover.near, cover.weights, cover.low, cover.high
    # From so many households on every total makes a whole number of grids.
    enough = low * -(-low // max(high - low, 1))
    edge = around(near, last) & rest
    while edge:
        seen = found = edge & -edge
        weight = 0
        while found and weight < enough:
            fresh = 0
            while found:
                bit = found & -found
                found ^= bit
                unit = bit.bit_length() - 1
                weight += weights[unit]
                fresh |= near[unit]
            found = fresh & rest & ~seen
            seen |= found
        if weight < enough and max(-(-weight // high), 1) > weight // low:
            return False
        edge &= ~seen
    return True
