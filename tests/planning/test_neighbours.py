"""The neighbour graph against its definition, worked out once more from every pair and every third point."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shequ_core.planning.grids.layout import Floats, Ints
from shequ_core.planning.grids.neighbours import RIGHT_ANGLE_LEEWAY, Line, crossing, neighbours, pieces
from shequ_core.tables.plane import Plane

MOST_ROUNDING = 1e-6
"""Cases this near to the edge of the circle are left to chance by floating point."""


def drawn(points: Floats, *barriers: Line, footprints: tuple[str | None, ...] = ()) -> set[tuple[int, int]]:
    """Return the edges of points in metres."""
    found = neighbours(points, Plane.about(points, in_degrees=False), barriers=barriers, footprints=footprints)
    return pairs(found.edges)


def pairs(edges: Ints) -> set[tuple[int, int]]:
    """Return edges as a set, each once."""
    listed = [(one, other) for one, other in edges.tolist()]
    assert listed == sorted(set(listed))
    assert all(one < other for one, other in listed)
    return set(listed)


def slabs(rows: int, columns: int, *, wide: float = 40.0, deep: float = 25.0) -> Floats:
    """Return a yard of slabs; place = row x columns + column."""
    return np.array([(column * wide, row * deep) for row in range(rows) for column in range(columns)])


@st.composite
def points_of(draw: st.DrawFn, most: int = 24) -> Floats:
    """Draw distinct points on a coarse lattice, where circles are often touched, or at random."""
    if draw(st.booleans()):
        cells = draw(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=most, unique=True))
        return np.array(cells, dtype=np.float64) * 30
    numbers = st.floats(0, 500, allow_subnormal=False).map(lambda one: round(one, 3))
    return np.array(draw(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=most, unique=True)))


def by_definition(points: Floats) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Return the pairs that no third point parts, and those about which rounding decides."""
    found, unsure = set(), set()
    for one, other in itertools.combinations(range(len(points)), 2):
        length = math.dist(points[one], points[other]) ** 2
        margins = []
        for third in set(range(len(points))) - {one, other}:
            to_one, to_other = (math.dist(points[third], points[end]) ** 2 for end in (one, other))
            inside = RIGHT_ANGLE_LEEWAY - (to_one + to_other - length) / 2 / length
            margins.append(min(inside, 1 - max(to_one, to_other) / length))
        most = max(margins, default=-1.0)
        if abs(most) < MOST_ROUNDING:
            unsure.add((one, other))
        elif most < 0:
            found.add((one, other))
    return found, unsure


def shortest_tree(points: Floats) -> float:
    """Return the length of the shortest tree over all points (Prim)."""
    away = {place: math.dist(points[0], points[place]) for place in range(1, len(points))}
    total = 0.0
    while away:
        near = min(away, key=away.__getitem__)
        total += away.pop(near)
        away = {place: min(old, math.dist(points[near], points[place])) for place, old in away.items()}
    return total


@given(points_of())
def test_points_touch_that_no_third_parts(points: Floats) -> None:
    """The triangulation leaves out no pair of the definition and keeps none beside it."""
    wanted, unsure = by_definition(points)
    found = drawn(points)
    assert found - unsure == wanted - unsure


@given(points_of())
@example(np.array([[0.0, 0.0], [10.0, 0.0], [10.01, 0.0]]))
@example(np.array([[0.0, 0.0], [30.0, 0.0], [60.0, 0.0], [90.0, 0.0]]))
def test_the_shortest_tree_is_in_it(points: Floats) -> None:
    """So that what nothing parts is one piece; a neighbour just behind another, inside the leeway, is reached by it."""
    found = drawn(points)
    assert len(set(pieces(len(points), np.array(sorted(found), dtype=np.int64).reshape(-1, 2)).tolist())) == 1
    lengths = sorted((math.dist(points[one], points[other]), one, other) for one, other in found)
    group = list(range(len(points)))
    total = 0.0
    for length, one, other in lengths:
        if group[one] != group[other]:
            total += length
            group = [group[one] if at == group[other] else at for at in group]
    assert total == pytest.approx(shortest_tree(points))


@pytest.mark.parametrize("off", [0.0, 0.05])
def test_a_yard_of_slabs_has_no_diagonals(off: float) -> None:
    """Neither when it is exact nor when its corners are rounded to six decimals of a degree."""
    points = slabs(6, 7) + np.random.default_rng(1).uniform(-off, off, (42, 2))
    assert drawn(points) == {
        (one, other)
        for one, other in itertools.combinations(range(42), 2)
        if sum(abs(left - right) for left, right in zip(divmod(one, 7), divmod(other, 7), strict=True)) == 1
    }


def test_buildings_of_one_point_touch_and_touch_what_it_touches() -> None:
    """A register often gives all buildings of an estate one point."""
    assert drawn(np.array([[0.0, 0], [50, 0], [0, 0], [100, 0]])) == {(0, 2), (0, 1), (1, 2), (1, 3)}
    assert drawn(np.zeros((3, 2))) == {(0, 1), (0, 2), (1, 2)}
    assert drawn(np.zeros((1, 2))) == set()


@given(points_of(12), st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(points: Floats, chance: object) -> None:
    """The same buildings in another order have the same neighbours, barriers or not."""
    order = np.array(chance.sample(range(len(points)), len(points)))  # type: ignore[attr-defined]  # hypothesis' own random.Random
    road = ((-10.0, 77.7), (600.0, 101.1))
    for barriers in ((), (road,)):
        there = {tuple(sorted((int(order[one]), int(order[other])))) for one, other in drawn(points[order], *barriers)}
        assert there == drawn(points, *barriers)


# --- barriers ---------------------------------------------------------------------------------------


def test_a_road_parts_what_lies_on_its_two_sides() -> None:
    """And leaves each side as it is."""
    points = slabs(4, 5)
    found = drawn(points, ((-500, 37.5), (500, 37.5)))
    assert not {pair for pair in found if pair[0] < 10 <= pair[1]}
    assert found == {pair for pair in drawn(points) if pair[1] < 10 or pair[0] >= 10}


def test_a_house_across_the_road_parts_no_neighbours_on_this_side() -> None:
    """Two houses along a road touch, although the nearest one to both is on the other side of it."""
    points = np.array([[0.0, 0], [60, 0], [30, 10]])
    assert drawn(points) == {(0, 2), (1, 2)}
    assert drawn(points, ((-100, 5), (200, 5))) == {(0, 1)}


@given(points_of(14), st.tuples(st.integers(-20, 420), st.integers(-20, 420), st.integers(-20, 420), st.integers(-20, 420)))
def test_no_edge_crosses_a_barrier_and_parts_that_see_each_other_are_joined(
    points: Floats, ends: tuple[int, int, int, int]
) -> None:
    """Shapely tells for every pair of buildings whether the line between them crosses: a short wall or a long one."""
    wall = ((float(ends[0]), float(ends[1])), (float(ends[2]), float(ends[3])))
    assume(wall[0] != wall[1])
    line = shapely.LineString(wall)
    assume(all(line.distance(shapely.Point(one)) > 0.1 for one in points))
    found = drawn(points, wall)
    seen = {
        (one, other)
        for one, other in itertools.combinations(range(len(points)), 2)
        if not shapely.LineString(points[[one, other]]).intersects(line)
    }
    assert found <= seen
    as_found = pieces(len(points), np.array(sorted(found), dtype=np.int64).reshape(-1, 2))
    as_seen = pieces(len(points), np.array(sorted(seen), dtype=np.int64).reshape(-1, 2))
    assert as_found.tolist() == as_seen.tolist()


def test_a_gap_in_a_wall_is_seen_through() -> None:
    """All four neighbours across are cut; of the two diagonals, as long as each other, the first joins."""
    points = np.array([[0.0, 0], [20, 0], [0, 30], [20, 30]])
    walls = ((-5.0, 15.0), (8.0, 15.0)), ((12.0, 15.0), (30.0, 15.0))
    found = neighbours(points, Plane.about(points, in_degrees=False), barriers=walls)
    assert pairs(found.edges) == {(0, 1), (0, 3), (2, 3)}
    assert found.joined.tolist() == [[0, 3]]
    touching = ((-5.0, 15.0), (10.0, 15.0)), walls[1]
    assert drawn(points, *touching) == {(0, 1), (2, 3)}, "a line that touches the end of a wall crosses it"


@pytest.mark.parametrize(("gap", "parted"), [(0.0, True), (0.6, True), (1.4, False)])
@pytest.mark.parametrize("corner", [False, True])
def test_a_small_gap_between_two_barriers_is_none(gap: float, parted: bool, corner: bool) -> None:
    """Lines that were drawn to meet often miss each other: end to end, or in the middle of another."""
    points = np.array([[0.0, 0], [0, 30]])
    first = ((-500.0, 15.0), (-gap / 2, 15.0))
    second = ((gap / 2, -400.0), (gap / 2, 400.0)) if corner else ((gap / 2, 15.0), (500.0, 15.0))
    assert drawn(points, first, second) == (set() if parted else {(0, 1)})


def test_of_several_lines_around_a_wall_the_shortest_joins() -> None:
    """Two houses on each side: the neighbours of the graph are all cut, one longer line is left."""
    points = np.array([[0.0, 0], [100, 0], [0, 20], [160, 40]])
    wall = ((-50.0, 10.0), (120.0, 10.0))
    found = neighbours(points, Plane.about(points, in_degrees=False), barriers=[wall])
    crossed = shapely.LineString(wall)
    lengths = {
        (one, other): math.dist(points[one], points[other])
        for one, other in itertools.product((0, 1), (2, 3))
        if not shapely.LineString(points[[one, other]]).intersects(crossed)
    }
    across = {pair for pair in pairs(found.edges) if pair[0] < 2 <= pair[1]}
    assert across == ({min(lengths, key=lengths.__getitem__)} if lengths else set())


def test_a_river_is_crossed_nowhere_and_an_island_in_it_is_one_piece() -> None:
    """An area stands for its outline, given as a line: who is inside touches who is inside."""
    points = np.array([[0.0, 0], [50, 0], [60, 0], [110, 0]])
    shore = ((40.0, -30.0), (70.0, -30.0), (70.0, 30.0), (40.0, 30.0), (40.0, -30.0))
    assert drawn(points, shore) == {(1, 2)}


def test_a_building_on_a_barrier_stands_on_the_side_of_its_nearest_neighbour() -> None:
    """Otherwise it would touch nothing, or join both sides."""
    points = np.array([[0.0, 0], [20, 10], [20, 40]])
    found = neighbours(points, Plane.about(points, in_degrees=False), barriers=[((-50, 10), (100, 10))])
    assert found.on_barrier.tolist() == [1]
    assert pairs(found.edges) == {(0, 1)}


def test_buildings_that_are_all_on_a_barrier_are_named() -> None:
    """There is no side to stand on: nothing is made up."""
    points = np.array([[0.0, 10], [20, 10]])
    found = neighbours(points, Plane.about(points, in_degrees=False), barriers=[((-50, 10), (100, 10))])
    assert found.on_barrier.tolist() == [0, 1]
    assert pairs(found.edges) == set()


def test_stated_adjacencies_that_cross_are_told() -> None:
    """They hold; somebody counts them."""
    points = np.array([[0.0, 0], [0, 20], [20, 20]])
    assert crossing(points, np.array([[0, 1], [1, 2]]), [((-5, 10), (5, 10))]).tolist() == [0]
    assert crossing(points, np.array([[0, 1]]), []).tolist() == []


def test_several_areas_alone_have_no_ends_to_meet_anything() -> None:
    """A park around the first building and a pond around the last."""
    points = slabs(1, 4)
    park = ((-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0), (-5.0, -5.0))
    pond = tuple((x + 120.0, y) for x, y in park)
    assert drawn(points, park, pond) == {(1, 2)}


# --- outlines ---------------------------------------------------------------------------------------


def test_outlines_that_share_a_wall_touch_though_a_third_point_parts_them() -> None:
    """A long slab, its point far from the yard's house that stands between both middles."""
    left, right, between = shapely.box(0, 0, 80, 10), shapely.box(80.3, 0, 160, 10), shapely.box(76, 13, 84, 17)
    shapes = (left, right, between)
    points = shapely.get_coordinates(shapely.centroid(shapes))
    outlines = tuple(shapely.to_wkt(shape) for shape in shapes)
    assert (0, 1) not in drawn(points)
    assert (0, 1) in drawn(points, footprints=outlines)
    assert (0, 1) not in drawn(points, footprints=(outlines[0], None, outlines[2]))


def test_a_barrier_parts_walls_too() -> None:
    """Nobody walks through it, whatever was drawn."""
    points = np.array([[5.0, 5], [15.2, 5]])
    outlines = ("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))", "POLYGON ((10.2 0, 20 0, 20 10, 10.2 10, 10.2 0))")
    assert drawn(points, ((10.1, -50), (10.1, 50)), footprints=outlines) == set()


# --- the plane --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latitude", "along", "across"),
    # A degree of latitude and one of longitude on the ellipsoid, metres, as geodetic tables print them (WGS 84).
    [(0, 110_574.3, 111_319.5), (30, 110_852.4, 96_486.3), (45, 111_131.7, 78_846.8), (60, 111_412.2, 55_800.0)],
)
def test_degrees_become_metres(latitude: int, along: float, across: float) -> None:
    """By the radii of curvature where the community lies."""
    around = np.array([[125.0 - 0.005, latitude - 0.005], [125.0 + 0.005, latitude + 0.005]])
    low, high = Plane.about(around, in_degrees=True).metres(around)
    assert high - low == pytest.approx([across / 100, along / 100], rel=2e-6)


def test_a_community_in_degrees_is_that_in_metres() -> None:
    """The neighbours are the same, road included."""
    points = slabs(5, 5) + np.random.default_rng(3).uniform(-5, 5, (25, 2))
    road = ((-100.0, 61.0), (300.0, 64.0))
    scale = np.array([1 / 80_000, 1 / 111_000])  # metres to degrees around 44 degrees north, near enough
    degrees = points * scale + np.array([125.3, 43.9])
    line = tuple((x * scale[0] + 125.3, y * scale[1] + 43.9) for x, y in road)
    found = neighbours(degrees, Plane.about(degrees, in_degrees=True), barriers=[line])
    assert pairs(found.edges) == drawn(points, road)
