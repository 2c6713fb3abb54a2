"""Grid codes: the community and three digits (JLG2.3.2a), from west to east and, side by side, from north to south."""

from __future__ import annotations

from typing import Final

import numpy as np

from shequ_core.planning.grids.layout import Ints, Layout

DIGITS: Final = 3


def numbered(layout: Layout, grid_of: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Number grids from 0 in the order of their codes, and make the codes.

    Grids stand from west to east by the mean place of their buildings in whole metres, those of one meridian from
    north to south; without points, by their first building.

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
    community = layout.community or ""
    return rank[grid], tuple(f"{community}{serial:0{DIGITS}d}" for serial in range(1, len(names) + 1))
