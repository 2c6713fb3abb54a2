"""Shapes for maps: footprints out of their text, the hull of points, which grids lie next to each other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from shequ_core.planning.grids.layout import Floats, Ints

Point: TypeAlias = "tuple[float, float]"
Ring: TypeAlias = "list[Point]"

_SHAPE: Final = re.compile(r"\s*(?:SRID=\d+;)?\s*(MULTIPOLYGON|POLYGON)\s*Z?\s*(\(.*\))\s*", re.IGNORECASE | re.DOTALL)
_PAIR: Final = re.compile(r"([-+.\deE]+)\s+([-+.\deE]+)(?:\s+[-+.\deE]+)*")
_NAMES: Final = {"polygon": "Polygon", "multipolygon": "MultiPolygon"}
_AT_ONCE: Final = 2**20
_NEAR: Final = 6
"""So many nearest buildings are looked at to see which grids lie next to each other."""


def geometry_of(footprint: str) -> dict[str, Any] | None:  # Any: nested lists of numbers
    """Return a footprint as a geometry of GeoJSON; None where the text is neither polygon nor multipolygon."""
    found = _SHAPE.fullmatch(footprint)
    if found is None:
        return None
    listed = _PAIR.sub(r"[\1,\2]", found[2]).replace("(", "[").replace(")", "]")
    try:
        coordinates = json.loads(listed, parse_int=float)
    except json.JSONDecodeError:
        return None
    return {"type": _NAMES[found[1].lower()], "coordinates": coordinates}


def rings_of(footprint: str) -> list[Ring]:
    """Return every ring of a footprint, holes among them; none where it can't be read."""
    geometry = geometry_of(footprint)
    if geometry is None:
        return []
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[(x, y) for x, y in ring] for part in parts for ring in part]


def hull(points: Iterable[Point]) -> Ring:
    """Return the convex hull, against the clock from its western end; a point or two where there is no more."""
    listed = sorted(set(points))
    if len(listed) < 3:
        return listed

    def half(some: Iterable[Point]) -> Ring:
        found: Ring = []
        for point in some:
            while len(found) > 1 and _turn(found[-2], found[-1], point) <= 0:
                found.pop()
            found.append(point)
        return found[:-1]

    return half(listed) + half(reversed(listed))


def _turn(first: Point, second: Point, third: Point) -> float:
    return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (third[0] - first[0])


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
