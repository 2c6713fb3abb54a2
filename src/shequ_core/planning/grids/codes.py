"""Grid codes: the community and three digits (JLG2.3.2a), from west to east and, side by side, from north to south."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain, count, islice
from typing import Final

import numpy as np

from shequ_core.planning.grids.layout import Ints, Layout

DIGITS: Final = 3


def unused(community: str | None, taken: Collection[str]) -> Iterator[str]:
    """Yield codes of a community that are none of those taken, after the last of them.

    One between them may be of a grid that is gone for longer than anybody remembers.
    """
    prefix = community or ""
    most = 10**DIGITS
    serials = [
        int(code[-DIGITS:]) for code in taken
        if code[:-DIGITS] == prefix and code[-DIGITS:].isascii() and code[-DIGITS:].isdigit()
    ]
    last = max(serials, default=0)
    for serial in chain(range(last + 1, most), range(1, last + 1), count(most)):
        code = f"{prefix}{serial:0{DIGITS}d}"
        if code not in taken:
            yield code


def numbered(layout: Layout, grid_of: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Number grids from 0 in the order of their codes, and make the codes.

    Grids stand from west to east by the mean place of their buildings in whole metres, those of one meridian from
    north to south; without points, by their first building. A code that is retired isn't given again.

    Args:
        layout: The buildings.
        grid_of: The grid of each building under any number, shape (n,).
    """
    names, grid = np.unique(grid_of, return_inverse=True)
    grid = grid.ravel()
    first = [int(np.flatnonzero(grid == one)[0]) for one in range(len(names))]
    if layout.points is None:
        order = sorted(range(len(names)), key=lambda one: first[one])
    else:
        counted = np.bincount(grid)
        east = np.rint(np.bincount(grid, weights=layout.points[:, 0]) / counted).tolist()
        north = np.rint(np.bincount(grid, weights=layout.points[:, 1]) / counted).tolist()
        order = sorted(range(len(names)), key=lambda one: (east[one], -north[one], first[one]))
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    return rank[grid], tuple(islice(unused(layout.community, frozenset(layout.retired)), len(names)))
