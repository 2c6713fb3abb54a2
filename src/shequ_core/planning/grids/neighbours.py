"""Which buildings touch, where nobody said so: a neighbour graph of their points, cut by barriers.

How it is made:
    Degrees become metres in a local plane. On each side of the barriers two points touch when no third one
    lies in the circle of which they are the ends of a diameter (the Gabriel graph). It is what a person
    would draw: the next house on every side and no lines across the middle of four, and it always contains
    the shortest tree, so that what nothing parts is one piece. Outlines that share a wall touch too.
    What crosses a barrier is cut, and parts that this left without a way, although a straight line between
    two of their buildings crosses nothing, are joined by the shortest such line.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, Self, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.planning.grids.layout import Floats, Ints
from shequ_core.tables.plane import Plane

if TYPE_CHECKING:
    from shapely import STRtree

Line: TypeAlias = "tuple[tuple[float, float], ...]"
Bools: TypeAlias = "npt.NDArray[np.bool_]"

RIGHT_ANGLE_LEEWAY: Final = 0.01
"""A third point just outside of the circle parts two others as well: coordinates of six decimals put the corners
of a yard of slabs off by a decimetre, and without leeway chance would decide which of their diagonals stay."""

WALL_GAP: Final = 0.5
"""Outlines so many metres apart share a wall: those of attached houses rarely meet exactly as they are drawn."""

ON_BARRIER: Final = 0.05
"""A point so many metres from a barrier stands on it, so that its side is not told by itself."""

_STEP_OFF: Final = 1.0
"""By so many metres such a point is moved towards its nearest building before it is asked what it crosses."""

DRAWN_TO_MEET: Final = 1.0
"""A barrier that ends so many metres from another was drawn to meet it: nobody sees through the gap."""

_BEYOND: Final = 0.01
"""By so much of its length a piece that closes a gap goes past the line that it meets."""

_NEAR: Final = 0.1
"""Barriers are looked at that come so near, as a share of the width of all points."""

_HULL: Final = 1e-6
"""By so much of their width the hull in which sides are told apart is larger than the points."""

_FIRST_TRIED: Final = 512
"""So many lines between two parts are tried at first, then twice as many each time."""


@attrs.frozen(eq=False)
class Neighbours:
    """What touches.

    Attributes:
        edges: Pairs of places, each once and the smaller first, sorted, shape (m, 2).
        joined: Of these, those by which parts were joined that had been cut off.
        on_barrier: Places of the buildings that stand on a barrier.
    """

    edges: Ints
    joined: Ints
    on_barrier: Ints


def neighbours(
    coordinates: Floats,
    plane: Plane,
    *,
    footprints: Sequence[str | None] = (),
    barriers: Sequence[Line] = (),
) -> Neighbours:
    """Return which buildings touch.

    A line that touches a barrier crosses it, and so does one through a gap that was not meant as one
    (`DRAWN_TO_MEET`). A barrier drawn as an area stands for its outline: what is inside touches what is inside. A
    building on a barrier is taken to stand on the side of its nearest building that isn't on one. All that a barrier
    parts is parted, walls included.

    Args:
        coordinates: The buildings' points in degrees or metres, shape (n, 2).
        plane: Makes metres of them.
        footprints: Outlines as WKT, n or none.
        barriers: Lines in the same coordinates.
    """
    points = plane.metres(coordinates)
    walls = _Walls.of(barriers, coordinates, plane)
    on_barrier = np.zeros(0, dtype=np.int64)
    sides = np.zeros(len(points), dtype=np.int64)
    standing = coordinates
    if walls is not None:
        on_barrier = walls.stood_on(points, plane)
        standing = _stepped_off(coordinates, points, on_barrier)
        sides = walls.sides(standing)
    edges = _touching(points, sides)
    shared = _sharing_walls(footprints, plane)
    if len(shared):
        edges = sorted_pairs(np.concatenate([edges, shared]))
    if walls is not None:
        edges = edges[~walls.crossed(standing, edges)]
    joined = _joining(points, standing, edges, sides, walls)
    return Neighbours(sorted_pairs(np.concatenate([edges, joined])), joined, on_barrier)


def crossing(coordinates: Floats, edges: Ints, barriers: Sequence[Line]) -> Ints:
    """Return which edges cross or touch a barrier."""
    walls = _Walls.of(barriers, coordinates, None)
    if walls is None:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(walls.crossed(coordinates, edges))


def pieces(count: int, edges: Ints) -> Ints:
    """Return for each of so many places the smallest place that it hangs together with, shape (count,)."""
    above = list(range(count))

    def top(place: int) -> int:
        while above[place] != place:
            above[place] = place = above[above[place]]
        return place

    for one, other in edges.tolist():
        left, right = top(one), top(other)
        if left != right:
            above[max(left, right)] = min(left, right)
    return np.array([top(place) for place in range(count)], dtype=np.int64)


# --- points that touch ------------------------------------------------------------------------------


def _touching(points: Floats, sides: Ints) -> Ints:
    """Return the Gabriel graph of the points of each side."""
    found = [np.zeros((0, 2), dtype=np.int64)]
    for side in np.unique(sides).tolist():
        places = np.flatnonzero(sides == side)
        found.append(places[_spread(points[places])])
    return sorted_pairs(np.concatenate(found))


def _spread(points: Floats) -> Ints:
    """Return the Gabriel graph of points of which some may be the same: these touch whatever their point touches."""
    same = points[:, 0] + 1j * points[:, 1]
    distinct, at = np.unique(same, return_inverse=True)
    edges = gabriel(np.column_stack([distinct.real, distinct.imag]))
    order = np.argsort(at, kind="stable")
    if len(distinct) == len(points):
        return order[edges]
    ends = np.searchsorted(at[order], np.arange(len(distinct) + 1))
    groups = [order[first:end].tolist() for first, end in itertools.pairwise(ends.tolist())]
    pairs = [pair for group in groups for pair in itertools.combinations(group, 2)]
    pairs += [pair for one, other in edges.tolist() for pair in itertools.product(groups[one], groups[other])]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def gabriel(points: Floats) -> Ints:
    """Return the pairs of distinct points that no third one parts, shape (m, 2).

    A third point parts two if it lies in the circle around them, its edge included and a little more
    (`RIGHT_ANGLE_LEEWAY`), and is nearer to both than they are to each other. The second half keeps the shortest
    tree whole whatever the leeway.
    """
    import shapely

    if len(points) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    edges = _delaunay(points)
    one, other = points[edges[:, 0]], points[edges[:, 1]]
    squared = ((one - other) ** 2).sum(axis=1)
    reach = np.sqrt(squared * (1 / 4 + RIGHT_ANGLE_LEEWAY)) * (1 + 1e-9)
    tree = shapely.STRtree(_geometries(shapely.points(points)))
    edge, third = tree.query(shapely.points((one + other) / 2), predicate="dwithin", distance=reach)
    within = (third != edges[edge, 0]) & (third != edges[edge, 1])
    edge, third = edge[within], third[within]
    to_one, to_other = points[third] - one[edge], points[third] - other[edge]
    longest = squared[edge]
    parts = (to_one * to_other).sum(axis=1) <= RIGHT_ANGLE_LEEWAY * longest
    parts &= np.maximum((to_one**2).sum(axis=1), (to_other**2).sum(axis=1)) < longest
    kept = np.ones(len(edges), dtype=np.bool_)
    kept[edge[parts]] = False
    return edges[kept]


def _delaunay(points: Floats) -> Ints:
    """Return the edges of a Delaunay triangulation; of points on one line, each with the next."""
    import shapely

    drawn = shapely.delaunay_triangles(shapely.multipoints(points), only_edges=True)
    ends, at = shapely.get_coordinates(shapely.get_parts(drawn), return_index=True)
    assert len(ends) == 2 * (at[-1] + 1 if len(at) else 0)
    same = points[:, 0] + 1j * points[:, 1]
    order = np.argsort(same)
    found = order[np.searchsorted(same[order], ends[:, 0] + 1j * ends[:, 1])].reshape(-1, 2)
    return sorted_pairs(found)


def sorted_pairs(edges: Ints) -> Ints:
    """Return pairs with the smaller place first, each once, in order."""
    if not len(edges):
        return np.zeros((0, 2), dtype=np.int64)
    low, high = edges.min(axis=1), edges.max(axis=1)
    base = int(high.max()) + 1
    numbers = np.unique(low.astype(np.int64) * base + high)
    return np.column_stack(np.divmod(numbers, base))


def _geometries(made: object) -> npt.NDArray[np.object_]:
    """Return what shapely made of several as the array that it is: its types allow for a single one."""
    return np.atleast_1d(np.asarray(made, dtype=object))


def _sharing_walls(footprints: Sequence[str | None], plane: Plane) -> Ints:
    """Return the pairs of outlines that share a wall."""
    places = np.array([place for place, one in enumerate(footprints) if one], dtype=np.int64)
    if len(places) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    import shapely

    outlines = shapely.transform(shapely.from_wkt([footprints[place] for place in places.tolist()]), plane.metres)
    one, other = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=WALL_GAP)
    found: Ints = places[np.column_stack([one, other])[one < other]]
    return found


# --- barriers ---------------------------------------------------------------------------------------


@attrs.frozen(eq=False)
class _Walls:
    """Barriers, taken apart so that what crosses them is found fast.

    Attributes:
        ends: Both ends of every straight piece that comes near the points, shape (s, 2, 2).
        tree: These pieces.
    """

    ends: Floats
    tree: STRtree

    @classmethod
    def of(cls, barriers: Sequence[Line], coordinates: Floats, plane: Plane | None) -> Self | None:
        """Take barriers apart; None where none comes near the points. With a plane, small gaps are closed."""
        if not barriers or not len(coordinates):
            return None
        import shapely

        runs = [np.asarray(line, dtype=np.float64).reshape(-1, 2) for line in barriers]
        ends = np.concatenate([np.stack([run[:-1], run[1:]], axis=1) for run in runs])
        low, high = coordinates.min(axis=0), coordinates.max(axis=0)
        grown = (high - low).max() * _NEAR
        near = (ends.max(axis=1) >= low - grown).all(axis=1) & (ends.min(axis=1) <= high + grown).all(axis=1)
        kept = near & (ends[:, 0] != ends[:, 1]).any(axis=1)
        line = np.repeat(np.arange(len(runs)), [len(run) - 1 for run in runs])[kept]
        ends = ends[kept]
        if plane is not None and len(np.unique(line)) > 1:
            tips = [(at, run[place]) for at, run in enumerate(runs) for place in (0, -1) if (run[0] != run[-1]).any()]
            ends = np.concatenate([ends, *_closing(tips, ends, line, plane)])
        return cls(ends, shapely.STRtree(_geometries(shapely.linestrings(ends)))) if len(ends) else None

    def crossed(self, coordinates: Floats, edges: Ints) -> Bools:
        """Return which edges cross or touch a barrier; two buildings of one point are never parted."""
        import shapely

        found = np.zeros(len(edges), dtype=np.bool_)
        ends = coordinates[edges]
        long = np.flatnonzero((ends[:, 0] != ends[:, 1]).any(axis=1)) if len(edges) else np.zeros(0, dtype=np.int64)
        if len(long):
            hit, _ = self.tree.query(shapely.linestrings(ends[long]), predicate="intersects")
            found[long[hit]] = True
        return found

    def stood_on(self, points: Floats, plane: Plane) -> Ints:
        """Return the places of points that stand on a barrier."""
        import shapely

        near = shapely.STRtree(_geometries(shapely.linestrings(plane.metres(self.ends))))
        found, _ = near.query(shapely.points(points), predicate="dwithin", distance=ON_BARRIER)
        return np.unique(found).astype(np.int64)

    def sides(self, coordinates: Floats) -> Ints:
        """Number the points so that those with different numbers are parted by barriers altogether."""
        import shapely

        # No line between two points leaves their hull, so a barrier that ends just outside of it parts them too.
        grown = max(float(np.ptp(coordinates, axis=0).max()) * _HULL, _HULL)
        frame = shapely.boundary(shapely.buffer(shapely.MultiPoint(coordinates).convex_hull, grown, quad_segs=1))
        lines = shapely.union_all([*_geometries(shapely.linestrings(self.ends)).tolist(), frame])
        areas = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
        point, area = shapely.STRtree(areas).query(shapely.points(coordinates), predicate="intersects")
        found = np.full(len(coordinates), -1, dtype=np.int64)
        np.maximum.at(found, point, area)
        return found


def _closing(tips: Sequence[tuple[int, Floats]], ends: Floats, line: Ints, plane: Plane) -> Iterator[Floats]:
    """Yield a straight piece from every tip of a line to the line that it was drawn to meet, shape (1, 2, 2)."""
    import shapely

    if not tips:  # nothing but outlines of areas, which have no end
        return
    pieces_of = _geometries(shapely.linestrings(plane.metres(ends)))
    points = _geometries(shapely.points([plane.metres(tip) for _, tip in tips]))
    tip, piece = shapely.STRtree(pieces_of).query(points, predicate="dwithin", distance=DRAWN_TO_MEET)
    away = shapely.distance(points[tip], pieces_of[piece])
    nearest: dict[int, tuple[float, int]] = {}
    for at, other, distance in zip(tip.tolist(), piece.tolist(), away.tolist(), strict=True):
        if tips[at][0] != line[other]:
            nearest[at] = min(nearest.get(at, (math.inf, 0)), (distance, other))
    for at, (distance, other) in nearest.items():
        if distance > 0:
            begin, end = ends[other]
            along = plane.metres(end) - plane.metres(begin)
            share = float(np.dot(plane.metres(tips[at][1]) - plane.metres(begin), along) / np.dot(along, along))
            foot = begin if share <= 0 else end if share >= 1 else begin + share * (end - begin)
            beyond = 0 if foot is begin or foot is end else _BEYOND  # rounding might leave it short of the line
            yield np.array([[tips[at][1], foot + beyond * (foot - tips[at][1])]])


def _stepped_off(coordinates: Floats, points: Floats, on_barrier: Ints) -> Floats:
    """Move the points that stand on a barrier a step towards the nearest one that doesn't."""
    others = np.setdiff1d(np.arange(len(points)), on_barrier)
    if not len(on_barrier) or not len(others):
        return coordinates
    moved = coordinates.copy()
    for place in on_barrier.tolist():
        away = np.hypot(*(points[others] - points[place]).T)
        nearest = int(np.argmin(away))
        if away[nearest] > 0:
            share = min(_STEP_OFF / float(away[nearest]), 1 / 2)
            moved[place] += share * (coordinates[others[nearest]] - coordinates[place])
    return moved


def _joining(points: Floats, standing: Floats, edges: Ints, sides: Ints, walls: _Walls | None) -> Ints:
    """Return the shortest lines that join parts of one side and cross no barrier."""
    piece = pieces(len(points), edges)
    joined: list[tuple[int, int]] = []
    for side in np.unique(sides).tolist():
        places = np.flatnonzero(sides == side)
        left = len(np.unique(piece[places])) - 1
        if not left:
            continue
        for pairs in _by_length(points, places, piece):
            apart = pairs[piece[pairs[:, 0]] != piece[pairs[:, 1]]]
            if walls is not None and len(apart):
                apart = apart[~walls.crossed(standing, apart)]
            for one, other in apart.tolist():
                if piece[one] != piece[other]:
                    piece[piece == max(piece[one], piece[other])] = min(piece[one], piece[other])
                    joined.append((one, other))
                    left -= 1
            if not left:
                break
    return np.array(joined, dtype=np.int64).reshape(-1, 2)


def _by_length(points: Floats, places: Ints, piece: Ints) -> Iterator[Ints]:
    """Yield the pairs of places of different pieces, the shortest first, in growing lots."""
    one, other = np.triu_indices(len(places), 1)
    apart = piece[places[one]] != piece[places[other]]
    pairs = np.column_stack([places[one[apart]], places[other[apart]]])
    lengths = ((points[pairs[:, 0]] - points[pairs[:, 1]]) ** 2).sum(axis=1)
    pairs = pairs[np.argsort(lengths, kind="stable")]
    first, many = 0, _FIRST_TRIED
    while first < len(pairs):
        yield pairs[first : first + many]
        first, many = first + many, many * 2
