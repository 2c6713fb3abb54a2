"""Shapes for maps: footprints out of their text, the hull of points, which grids lie next to each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from shequ_core.planning.grids.layout import Floats, Ints

Point: TypeAlias = "tuple[float, float]"
Ring: TypeAlias = "list[Point]"

_AT_ONCE: Final = 2**20
_NEAR: Final = 6
"""So many nearest buildings are looked at to see which grids lie next to each other."""


def geometry_of(footprint: str) -> dict[str, Any] | None:  # Any: nested sequences of numbers
    """Return a footprint, as WKT, as a geometry of GeoJSON; None where the text can't be read."""
    import shapely
    from shapely.geometry import mapping

    shape: Any = shapely.from_wkt(footprint, on_invalid="ignore")  # None where it can't be read, which no stub says
    return None if shape is None else dict(mapping(shapely.force_2d(shape)))


def rings_of(footprint: str) -> list[Ring]:
    """Return every ring of a footprint, holes among them; none where it can't be read."""
    import shapely

    shape: Any = shapely.from_wkt(footprint, on_invalid="ignore")  # None where it can't be read, which no stub says
    return [] if shape is None else [_points(ring) for ring in shapely.get_rings(shapely.get_parts(shape))]


def hull(points: Iterable[Point]) -> Ring:
    """Return the corners of the convex hull, each once; a point or two where there is no more."""
    import shapely

    around = shapely.convex_hull(shapely.multipoints(sorted(set(points))))
    corners = _points(around)
    if shapely.get_type_id(around) != shapely.GeometryType.POLYGON:
        return corners
    return corners[:0:-1]  # against the clock, as GeoJSON wants its outer rings; the first corner closes the ring


def _points(shape: Any) -> Ring:  # Any: a geometry of shapely
    import shapely

    return [(float(x), float(y)) for x, y in shapely.get_coordinates(shape).tolist()]


def nearest(points: Floats, count: int = _NEAR) -> tuple[Ints, Floats]:
    """Return for each point the places of its nearest others and how far they are, both of shape (n, count)."""
    rows = len(points)
    count = max(min(count, rows - 1), 0)
    at = np.empty((rows, count), dtype=np.int64)
    far = np.empty((rows, count))
    step = max(_AT_ONCE // max(rows, 1), 1)
    for first in range(0, rows if count else 0, step):
        some = points[first : first + step]
        distance = np.hypot(some[:, None, 0] - points[None, :, 0], some[:, None, 1] - points[None, :, 1])
        distance[np.arange(len(some)), np.arange(first, first + len(some))] = np.inf
        found = np.argsort(distance, axis=1, kind="stable")[:, :count]
        at[first : first + step] = found
        far[first : first + step] = np.take_along_axis(distance, found, axis=1)
    return at, far


def tints(grid_of: Ints, edges: Ints, points: Floats | None, grids: int, palette: int) -> list[int]:
    """Choose a colour for each grid so that grids next to each other differ where so many colours can do that.

    Grids are next to each other where an edge joins them or one's buildings are among the nearest of the other's.
    """
    pairs = {tuple(sorted(pair)) for pair in grid_of[edges].tolist()} if len(edges) else set()
    if points is not None and len(points) > 1:
        near, _ = nearest(points)
        here = np.repeat(grid_of, near.shape[1])
        there = grid_of[near.ravel()]
        pairs |= {tuple(sorted(pair)) for pair in np.unique(np.stack([here, there], axis=1), axis=0).tolist()}
    beside: list[set[int]] = [set() for _ in range(grids)]
    for one, other in pairs:
        if one != other:
            beside[one].add(other)
            beside[other].add(one)
    chosen = [-1] * grids
    used = [0] * palette
    left = set(range(grids))
    while left:
        # The grid that is hemmed in most comes next (DSATUR); among colours the least used, so that maps look even.
        hemmed = {one: len({chosen[other] for other in beside[one]} - {-1}) for one in left}
        grid = min(left, key=lambda one: (-hemmed[one], -len(beside[one]), one))
        around = [sum(chosen[other] == tint for other in beside[grid]) for tint in range(palette)]
        chosen[grid] = min(range(palette), key=lambda tint: (around[tint], used[tint], tint))
        used[chosen[grid]] += 1
        left.remove(grid)
    return chosen


def best_building(places: Sequence[int], households: Ints, points: Floats) -> int:
    """Return the building from which a grid's households are nearest, by squared distance."""
    at = np.asarray(places, dtype=np.int64)
    some = points[at]
    weight = np.maximum(households[at], 0) + 1e-9  # buildings without households still lie somewhere
    centre = (some * weight[:, None]).sum(axis=0) / weight.sum()
    # The sum of weighted squares to a building is that to the centre and the whole weight times its own square.
    return int(at[np.argmin(((some - centre) ** 2).sum(axis=1))])
