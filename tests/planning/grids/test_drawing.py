"""A plan as a picture, as text, and beside another plan."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import permutations
from typing import TYPE_CHECKING

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.planning.grids.drawing import PALETTE, grid_tints, picture
from shequ_core.planning.grids.matching import best_pairs
from shequ_core.planning.grids.outlines import best_building, geometry_of, hull, nearest, rings_of, tints

if TYPE_CHECKING:
    from tests.conftest import Made

SVG = "{http://www.w3.org/2000/svg}"


def of_class(svg: str, kind: str) -> list[ET.Element]:
    """Return the elements of a class; parsing is the test that it is XML at all."""
    return [one for one in ET.fromstring(svg).iter() if one.get("class") == kind]


def titles(elements: list[ET.Element]) -> list[str]:
    return [one.findtext(f"{SVG}title") or "" for one in elements]


def test_a_map_has_each_building_once_in_the_colour_of_its_grid(made: Made) -> None:
    plan = made.plan()
    buildings = of_class(picture(plan), "building")
    assert titles(buildings)[0] == "1: 120 households, grid 001, Garden"
    assert titles(buildings)[7] == "8: 0 households, grid 002"
    colours = grid_tints(plan)
    assert [one.get("fill") for one in buildings[:7]] == [colours[grid] for grid in plan.grid_of[:7]]
    assert buildings[7].get("fill") == "#fff"


def test_a_map_shows_grids_barriers_estates_and_numbers(made: Made) -> None:
    plan = made.plan()
    svg = picture(plan)
    assert titles(of_class(svg, "grid")) == list(plan.codes)
    assert titles(of_class(svg, "estate")) == ["Garden", "Harbour"]
    assert len(of_class(svg, "barrier")) == 1
    assert [one.text for one in of_class(svg, "number")] == ["001", "002"]


def test_larger_buildings_are_drawn_larger(made: Made) -> None:
    """The area goes by households: 150 households against 80."""
    plan = made.plan()
    radius = [float(one.get("r") or 0) for one in of_class(picture(plan), "building")]
    assert radius[4] > radius[0] > radius[5] > radius[7]
    assert (radius[4] / radius[5]) ** 2 == pytest.approx(150 / 80, rel=0.05)


def test_the_north_is_up_and_the_east_to_the_right(made: Made) -> None:
    plan = made.plan()
    first, _, _, fourth, fifth, *_ = of_class(picture(plan), "building")
    assert float(fourth.get("cx") or 0) > float(first.get("cx") or 0)
    assert float(fifth.get("cy") or 0) < float(first.get("cy") or 0)


def test_without_points_there_is_a_scheme_by_estate(made: Made) -> None:
    plan = made.plan(made.street(points=None, coordinates=None, in_degrees=False, barriers=()))
    svg = picture(plan)
    assert len(of_class(svg, "building")) == 8
    assert "no estate" in svg
    assert not of_class(svg, "grid")


def test_footprints_are_drawn_where_they_are_given(made: Made) -> None:
    square = "POLYGON ((125.3 43.9, 125.3001 43.9, 125.3001 43.9001, 125.3 43.9001, 125.3 43.9))"
    plan = made.plan(made.street(footprints=(square, *(None,) * 7)))
    buildings = of_class(picture(plan), "building")
    assert [one.tag for one in buildings] == [f"{SVG}path", *[f"{SVG}circle"] * 7]


def test_a_cause_is_drawn_bold_and_a_move_dashed(made: Made) -> None:
    assert of_class(picture(made.giant()), "building")[4].get("stroke-width") == "3"
    assert of_class(picture(made.redrawn()), "building")[5].get("stroke-dasharray")


def test_what_a_file_brought_is_text_and_never_markup(made: Made) -> None:
    evil = '<script>alert(1)</script>"&\x00'
    layout = made.street(estate_names=(evil, "Harbour"), community=None)
    plan = made.plan(attrs.evolve(layout, ids=(evil, *layout.ids[1:])))
    for told in (picture(plan), plan._repr_html_()):
        assert "<script" not in told
        assert "\x00" not in told
    assert evil.replace("\x00", "�") in titles(of_class(picture(plan), "building"))[0]


def test_one_building_alone_can_be_drawn(made: Made) -> None:
    layout = made.street()
    alone = attrs.evolve(
        layout, ids=("1",), households=layout.households[:1], estates=layout.estates[:1],
        edges=np.zeros((0, 2), dtype=np.int64), points=np.zeros((1, 2)), coordinates=np.array([[125.3, 43.9]]), barriers=(),
    )
    assert len(of_class(picture(made.plan(alone, (0,))), "building")) == 1


def test_the_text_names_each_grid_and_by_how_much_it_misses(made: Made) -> None:
    assert str(made.giant()).splitlines() == [
        "No plan is within bounds: giant",
        "  Building 5 has 700 households",
        f"  {made.community}001: 990 households (+490)",
        f"  {made.community}002: 310 households",
    ]


# --- shapes -----------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=30))
def test_every_point_lies_inside_the_hull(points: list[tuple[int, int]]) -> None:
    ring = hull([(float(x), float(y)) for x, y in points])
    assert set(ring) <= {(float(x), float(y)) for x, y in points}
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        assert all((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) >= 0 for x, y in points) or len(ring) < 3


def test_footprints_are_read_as_geometries() -> None:
    assert geometry_of("POLYGON((0 0, 1 0, 1 1, 0 0))") == {
        "type": "Polygon", "coordinates": (((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)),),
    }
    many = "MULTIPOLYGON Z (((0 0 1, 1e0 0 1, 1 1 1, 0 0 1)), ((5 5 1, 6 5 1, 6 6 1, 5 5 1)))"
    assert [ring[0] for ring in rings_of(many)] == [(0.0, 0.0), (5.0, 5.0)]
    assert geometry_of("POINT (1 2)") == {"type": "Point", "coordinates": (1.0, 2.0)}
    assert geometry_of("POLYGON ((north))") is None
    assert rings_of("POLYGON ((north))") == []


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=25))
def test_nearest_agrees_with_measuring_all(points: list[tuple[int, int]]) -> None:
    placed = np.array(points, dtype=np.float64)
    _, far = nearest(placed, 3)
    for row, (x, y) in enumerate(points):
        all_of = sorted(np.hypot(x - a, y - b) for at, (a, b) in enumerate(points) if at != row)
        assert far[row].tolist() == pytest.approx(all_of[: far.shape[1]])


@given(st.integers(2, 30), st.randoms(use_true_random=False))
def test_grids_next_to_each_other_differ_in_colour(grids: int, chance: object) -> None:
    """A ring of grids needs three colours at most, and there are more."""
    grid_of = np.arange(grids)
    edges = np.array([[one, (one + 1) % grids] for one in range(grids)], dtype=np.int64)
    found = tints(grid_of, edges, None, grids, len(PALETTE))
    assert all(found[one] != found[other] for one, other in edges.tolist())


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(1, 200)), min_size=1, max_size=12))
def test_the_best_building_is_the_one_that_measuring_all_finds(rows: list[tuple[int, int, int]]) -> None:
    points = np.array([row[:2] for row in rows], dtype=np.float64)
    households = np.array([row[2] for row in rows], dtype=np.int64)
    costs = [float((households * ((points - spot) ** 2).sum(axis=1)).sum()) for spot in points]
    assert costs[best_building(range(len(rows)), households, points)] == pytest.approx(min(costs))


# --- side by side -----------------------------------------------------------------------------------


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_the_best_pairs_are_those_that_trying_all_finds(rows: int, columns: int, data: st.DataObject) -> None:
    line = st.lists(st.integers(0, 9), min_size=columns, max_size=columns)
    kept = data.draw(st.lists(line, min_size=rows, max_size=rows))
    found = best_pairs(kept)
    assert len(set(found.values())) == len(found)
    size = max(rows, columns)
    square = [[kept[r][c] if r < rows and c < columns else 0 for c in range(size)] for r in range(size)]
    best = max(sum(square[r][c] for r, c in enumerate(order)) for order in permutations(range(size)))
    assert sum(kept[r][c] for r, c in found.items()) == best


def test_grids_are_the_same_whatever_they_are_called(made: Made) -> None:
    """The other plan calls the western grid 002, and building 6 has gone over."""
    plan = made.plan()
    other = made.plan(made.street(), (1, 1, 0, 0, 1, 0, 0, 0))
    told = plan.compare(other)
    assert told.same == {f"{made.community}001": f"{made.community}002", f"{made.community}002": f"{made.community}001"}
    assert [(one.building, one.households) for one in told.elsewhere] == [("6", 80)]
    assert told.households_elsewhere == 80
    assert told.measures["grids"] == (2, 2)
    assert "1 buildings with 80 households lie in another grid" in str(told)
    assert "<td>80</td>" in told._repr_html_()


def test_buildings_of_one_plan_alone_are_named(made: Made) -> None:
    plan = made.plan()
    layout = made.street()
    shorter = attrs.evolve(
        layout, ids=(*layout.ids[:6], "9"), households=layout.households[:7], estates=layout.estates[:7],
        edges=layout.edges[layout.edges.max(axis=1) < 7], points=None, coordinates=None,
    )
    told = plan.compare(made.plan(shorter, (0, 0, 1, 1, 0, 0, 1)))
    assert (told.only_one, told.only_other) == (("7", "8"), ("9",))
