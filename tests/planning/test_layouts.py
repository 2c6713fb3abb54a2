"""From tables and files to layouts: what is taken from where, and every fault by its building and row."""

from __future__ import annotations

import json
import pickle
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.errors import InputError
from shequ_core.model.buildings import Building
from shequ_core.planning.grids.layout import Basis, Layout
from shequ_core.planning.grids.layouts import layouts, natural_key, split
from shequ_core.tables.buildings import Barriers

C1, C2 = "229900001001", "229900001002"


def one(buildings: object, **rest: object) -> Layout:
    """Return the only layout."""
    (found,) = layouts(buildings, **rest)
    return found


def touching(layout: Layout) -> set[tuple[str, str]]:
    """Return which ids touch."""
    return {(layout.ids[left], layout.ids[right]) for left, right in layout.edges.tolist()}


def row(id: str, households: int = 40, **rest: object) -> Building:
    """Make a building."""
    return Building(id=id, households=households, **rest)  # type: ignore[arg-type]  # as above


YARD = [row(str(place), x=place % 3 * 40.0, y=place // 3 * 25.0) for place in range(1, 13)]


def said(layout: Layout) -> list[str]:
    """Return a layout's notes in English."""
    return [str(note) for note in layout.notes]


# --- what it is made of -----------------------------------------------------------------------------


def test_rows_stand_in_natural_order_with_all_that_belongs_to_them() -> None:
    """Whatever the order of the file."""
    found = one([row("10", 3, estate="b"), row("2", 1, estate="a10"), row("1", 2), row("2a", 5, estate="a9")])
    assert found.ids == ("1", "2", "2a", "10")
    assert found.households.tolist() == [2, 1, 5, 3]
    assert found.estate_names == ("a9", "a10", "b")
    assert found.estates.tolist() == [-1, 1, 0, 2]


@given(st.lists(st.text("ab019", min_size=1, max_size=4), max_size=8))
def test_natural_order_is_a_total_order(texts: list[str]) -> None:
    """Different texts are never equal in it, and numbers in them count as numbers."""
    keys = [natural_key(text) for text in texts]
    assert len(set(keys)) == len(set(texts))
    assert all((one < other) or (other < one) or one == other for one in keys for other in keys)
    assert natural_key("2") < natural_key("10") < natural_key("10b") < natural_key("a2") < natural_key("a10")


def test_points_make_a_graph() -> None:
    """A yard of three columns."""
    found = one(YARD[:6])
    assert found.basis is Basis.GEOMETRY
    assert touching(found) == {("1", "2"), ("1", "4"), ("2", "5"), ("3", "4"), ("4", "5"), ("3", "6")}
    assert found.points is not None
    assert found.coordinates is not None
    assert np.allclose(np.diff(found.points, axis=0), np.diff(found.coordinates, axis=0))
    assert not found.in_degrees


def test_stated_adjacencies_go_before_points() -> None:
    """Each once, whatever was said twice or the other way round; points stay for distances."""
    found = one(YARD[:3], adjacency=[("3", "1"), ("1", "3"), ("2", "1")])
    assert found.basis is Basis.STATED
    assert touching(found) == {("1", "3"), ("1", "2")}
    assert found.points is not None


def test_without_both_estates_and_order_serve_and_it_is_said() -> None:
    """One path: estates in natural order, then those of none."""
    buildings = [row("1", estate="b10"), row("2", estate="b9"), row("3"), row("4", estate="b9"), row("5", estate="b10")]
    found = one(buildings)
    assert found.basis is Basis.ORDER
    assert touching(found) == {("2", "4"), ("1", "4"), ("1", "5"), ("3", "5")}
    assert "Neither adjacencies nor points" in said(found)[0]


def test_whoever_touches_nobody_is_named() -> None:
    """Whatever becomes of it; a school is told of where it goes."""
    found = one([*YARD[:2], row("9"), row("10", 0)], adjacency=[("1", "2")])
    assert said(found) == ["2 of 4 buildings have no point: distances are counted in steps from building to building",
                           "these buildings touch no other: 9"]
    assert not said(one([row("1", x=0.0, y=0.0)]))


def test_some_points_are_no_points_where_adjacencies_are_stated() -> None:
    """Distances are then steps, and a note says so."""
    found = one([*YARD[:2], row("3")], adjacency=[("1", "2"), ("2", "3")])
    assert found.points is None
    assert "1 of 3 buildings have no point" in said(found)[0]


def test_each_community_is_laid_out_for_itself() -> None:
    """In the order of codes; adjacencies that say nothing of one leave it to its points."""
    buildings = [
        row("b1", community=C2, x=0.0, y=0.0), row("b2", community=C2, x=10.0, y=0.0),
        row("a2", community=C1, x=0.0, y=0.0), row("a1", community=C1, x=10.0, y=0.0),
    ]  # fmt: skip
    first, second = layouts(buildings, adjacency=[("a1", "a2")])
    assert (first.community, first.ids, first.basis) == (C1, ("a1", "a2"), Basis.STATED)
    assert (second.community, second.ids, second.basis) == (C2, ("b1", "b2"), Basis.GEOMETRY)
    assert touching(second) == {("b1", "b2")}
    assert "say nothing of this community" in said(second)[0]


def test_earlier_grids_stand_beside_their_buildings() -> None:
    """New buildings were in none; what was torn down is named where its code belongs."""
    buildings = [row("a1", community=C1), row("a2", community=C1), row("b1", community=C2)]
    first, second = layouts(buildings, previous={"a1": f"{C1}001", "b9": f"{C2}007"})
    assert first.previous == (f"{C1}001", None)
    assert [note for note in said(first) if "a2" in note]
    assert second.previous == ()
    assert [note for note in said(second) if "b9" in note]


def test_barriers_cut_points_and_count_over_stated_edges() -> None:
    """A stated edge may be a bridge."""
    road = [((20.0, -100.0), (20.0, 100.0))]
    buildings = [row("1", x=0.0, y=0.0), row("2", x=40.0, y=0.0)]
    assert touching(one(buildings, barriers=road)) == set()
    stated = one(buildings, barriers=road, adjacency=[("1", "2")])
    assert touching(stated) == {("1", "2")}
    assert "1 of the adjacencies given cross a barrier" in said(stated)[0]
    assert "part nothing" in said(one([row("1"), row("2")], barriers=road))[-1]


def test_barriers_that_are_elsewhere_are_told() -> None:
    """They part nothing, and whoever mistook a file would not see it; of roads around the corner nothing is said."""
    spots = {"x": 0.0, "y": 0.0}, {"x": 40.0, "y": 0.0}
    degrees = {"lon": 125.3, "lat": 43.8}, {"lon": 125.301, "lat": 43.8}
    for (first, second), far, near in (
        (spots, ((0.0, 9000.0), (90.0, 9000.0)), ((0.0, 4000.0), (90.0, 4000.0))),
        (degrees, ((87.5, 43.8), (87.7, 43.8)), ((125.3, 43.84), (125.4, 43.84))),
    ):
        buildings = [row("1", 40, **first), row("2", 40, **second)]
        assert any("no barrier comes within 5 km" in note for note in said(one(buildings, barriers=[far])))
        assert not said(one(buildings, barriers=[far, near]))


def test_a_short_road_in_a_small_plane_is_not_taken_for_degrees() -> None:
    """Its numbers are such as China's degrees have, but 40 metres are no degrees."""
    buildings = [row("1", x=0.0, y=0.0), row("2", x=200.0, y=0.0)]
    assert touching(one(buildings, barriers=[((90.0, 10.0), (90.0, 50.0))])) == {("1", "2")}
    with pytest.raises(InputError, match="the barrier is in degrees"):
        one(buildings, barriers=[((125.3, 43.8), (125.301, 43.81))])


def test_barriers_go_to_the_communities_near_them() -> None:
    """What is elsewhere isn't carried along."""
    buildings = [row(f"{code[-1]}-{x}", community=code, x=x, y=y) for code, y in ((C1, 0.0), (C2, 9000.0)) for x in (0.0, 40.0)]
    near, far = split(buildings, barriers=[((20.0, -5.0), (20.0, 5.0)), ((500.0, 4000.0), (900.0, 4000.0))])
    assert [len(near.barriers), len(far.barriers)] == [1, 0]
    assert len(pickle.dumps(near)) < 3000


def test_outlines_serve_as_points() -> None:
    """A building stands inside of its own."""
    found = one([row("1", footprint="POLYGON ((125.3 43.8, 125.3002 43.8, 125.3002 43.8001, 125.3 43.8))"),
                 row("2", footprint="POLYGON ((125.301 43.8, 125.3012 43.8, 125.3012 43.8001, 125.301 43.8))")])  # fmt: skip
    assert found.in_degrees
    assert found.points is not None
    assert 70 < found.points[1][0] - found.points[0][0] < 90
    metres = one([row("1", footprint="POLYGON ((0 0, 60 0, 60 12, 0 0))"), row("2", footprint="POLYGON ((0 20, 60 20, 60 32, 0 20))")])
    assert not metres.in_degrees


def test_buildings_at_one_point_and_on_a_barrier_are_noted() -> None:
    """Whoever reads the plan knows where the data is weak."""
    found = one([row("1", x=0.0, y=0.0), row("2", x=0.0, y=0.0), row("3", x=50.0, y=0.0)], barriers=[((50.0, -9.0), (50.0, 9.0))])
    assert any("same point" in note for note in said(found))
    assert any("stand on a barrier" in note and "3" in note for note in said(found))


@pytest.mark.parametrize("rest", [
    pytest.param({}, id="alone"),
    pytest.param({"barriers": [((-10.0, 30.0), (200.0, 41.0))]}, id="a road"),
    pytest.param({"adjacency": [("1", "2"), ("2", "3"), ("3", "4"), ("5", "4")]}, id="edges"),
    pytest.param({"previous": {"1": "001", "2": "002"}}, id="an earlier division"),
])
def test_the_order_of_rows_says_nothing(rest: dict[str, object]) -> None:
    """Every array is the same, notes too."""
    here = one(YARD, **rest)

    @settings(max_examples=25)
    @given(st.randoms(use_true_random=False))
    def holds(chance: random.Random) -> None:
        shuffled = chance.sample(YARD, len(YARD))
        there = one(shuffled, **{name: _mixed(chance, given_) for name, given_ in rest.items()})
        assert there.ids == here.ids
        assert there.edges.tolist() == here.edges.tolist()
        assert there.notes == here.notes
        assert there.previous == here.previous

    holds()


def _mixed(chance: random.Random, given_: object) -> object:
    if isinstance(given_, Mapping):
        return dict(chance.sample(list(given_.items()), len(given_)))
    assert isinstance(given_, Sequence)
    return chance.sample(given_, len(given_))


# --- faults -----------------------------------------------------------------------------------------


def csv(text: str, name: str = "b.csv") -> Callable[[Path], Path]:
    """Write a file when there is a folder for it."""

    def put(folder: Path) -> Path:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    return put


GOOD = csv("id,households\n1,40\n2,50\n")


@pytest.mark.parametrize(
    ("buildings", "rest", "file", "line", "word"),
    [
        pytest.param(csv("id,households\n1,4\n2,5\n1,6\n"), {}, "b.csv", 4, "row 2", id="an id twice"),
        pytest.param(csv("id,households\n1,-4\n"), {}, "b.csv", 2, "0 or more", id="negative households"),
        pytest.param(csv("id,households\n1,4.5\n"), {}, "b.csv", 2, "whole number", id="fractional households"),
        pytest.param(csv("id,households\n1,四十\n"), {}, "b.csv", 2, "whole number", id="households in words"),
        pytest.param(csv("id,households\n1,４０\n"), {}, "b.csv", 2, "full-width", id="full-width digits"),
        pytest.param(csv("id,households\n1,\n"), {}, "b.csv", 2, "empty", id="no households"),
        pytest.param(csv("id,households\n,4\n"), {}, "b.csv", 2, "empty", id="an empty id"),
        pytest.param(csv("id,households\n"), {}, "b.csv", None, "no buildings", id="no buildings"),
        pytest.param(csv("id,estate\n1,x\n"), {}, "b.csv", 1, "households", id="no column of households"),
        pytest.param(csv("id,households,lon\n1,4,125.3\n"), {}, "b.csv", 2, "no lat", id="a longitude alone"),
        pytest.param(csv("id,households,x,y\n1,4,5,\n"), {}, "b.csv", 2, "no y", id="an x alone"),
        pytest.param(csv("id,households,lon,lat,x,y\n1,4,125,43,1,1\n"), {}, "b.csv", 2, "degrees and metres", id="both systems"),
        pytest.param(
            csv("id,households,lon,lat,x,y\n1,4,125,43,,\n2,4,,,1,1\n"), {}, "b.csv", 3, "give all the same", id="two systems"
        ),
        pytest.param(csv("id,households,x,y\n1,4,nan,1\n"), {}, "b.csv", 2, "leave the cell empty", id="not a number"),
        pytest.param(csv("id,households,x,y\n1,4,inf,1\n"), {}, "b.csv", 2, "coordinate", id="infinite"),
        pytest.param(csv("id,households,lon,lat\n1,4,125°19'E,43\n"), {}, "b.csv", 2, "decimal number", id="minutes"),
        pytest.param(csv("id,households,lon,lat\n1,4,525300,4861200\n"), {}, "b.csv", 2, "no degrees", id="metres as degrees"),
        pytest.param(csv("id,households,lon,lat\n1,4,43.8,125.3\n"), {}, "b.csv", 2, "swapped", id="swapped"),
        pytest.param(
            csv("id,households,lon,lat\n1,4,43.8,125.3\n2,4,43.8,125.301\n"), {}, "b.csv", 2, "of 1 as of all others",
            id="all swapped",
        ),
        pytest.param(
            csv("id,households,lon,lat\n1,4,43.8,87.6\n"), {}, "b.csv", 2, "swapped", id="swapped in the west, below 90"
        ),
        pytest.param(
            csv("id,households,lon,lat\n1,4,525300,4861200\n2,4,525350,4861200\n"), {}, "b.csv", 2, "1 and all others",
            id="all metres as degrees",
        ),
        pytest.param(
            csv("id,households,lon,lat\n1,4,125.3,43.8\n2,4,125.301,43.8\n3,4,0,0\n"), {}, "b.csv", 4, "100 km",
            id="a nought among degrees",
        ),
        pytest.param(
            csv("id,households,x,y\n1,4,525300,4861200\n2,4,125.3,43.8\n3,4,525350,4861200\n"), {}, "b.csv", 3, "100 km",
            id="degrees among metres",
        ),
        pytest.param(csv("id,households,x,y\n1,4,5,\n2,4,7,7\n"), {}, "b.csv", 2, "no y", id="an x alone among points"),
        pytest.param(
            csv('id,households,footprint\n1,4,"POLYGON ((0 0, 9 9, 9 0, 0 9, 0 0))"\n2,4,"POLYGON ((20 0, 29 9, 29 0, 20 0))"\n'),
            {}, "b.csv", 2, "itself at 4.5 4.5", id="an outline that crosses itself among others",
        ),
        pytest.param(
            csv('id,households,footprint\n1,4,"POLYGON ((nan 0, 9 9, 9 0, nan 0))"\n'), {}, "b.csv", 2, "can't be read",
            id="an outline that is nowhere",
        ),
        pytest.param(
            csv("id,households,x,y\n1,4,125.3,43.8\n2,4,125.301,43.8\n3,4,125.3,43.801\n"), {}, "b.csv", 2, "lon and lat",
            id="degrees as metres",
        ),
        pytest.param(csv("id,households,x,y\n1,4,0,0\n2,4,,\n"), {}, "b.csv", 3, "no point", id="some points"),
        pytest.param(
            csv('id,households,footprint\n1,4,"POLYGON ((0 0, 9 9, 9 0, 0 9, 0 0))"\n'), {}, "b.csv", 2, "crosses itself",
            id="an outline that crosses itself",
        ),
        pytest.param(
            csv('id,households,footprint\n1,4,"POLYGON ((5 5, 5 5, 5 5, 5 5))"\n'), {}, "b.csv", 2, "no proper area",
            id="an outline without width",
        ),
        pytest.param(csv('id,households,footprint\n1,4,"POLYGON ((0 0"\n'), {}, "b.csv", 2, "can't be read", id="no outline"),
        pytest.param(csv('id,households,wkt\n1,4,"LINESTRING (0 0, 1 1)"\n'), {}, "b.csv", 2, "no area", id="a line for an outline"),
        pytest.param(
            csv('id,households,lon,lat,footprint\n1,4,125.3,43.8,"POLYGON ((500 0, 9 900, 900 0, 500 0))"\n'), {}, "b.csv", 2,
            "in metres", id="an outline in another system",
        ),
        pytest.param(csv("id,households,community\n1,4,2201\n"), {}, "b.csv", 2, "12 digits", id="a short code"),
        pytest.param(csv(f"id,households,community\n1,4,{C1}\n2,4,\n"), {}, "b.csv", 3, "no community", id="no code"),
        pytest.param(GOOD, {"adjacency": csv("a,b\n1,2\n1,3\n", "a.csv")}, "a.csv", 3, "no building 3", id="an edge to nowhere"),
        pytest.param(GOOD, {"adjacency": csv("a,b\n1,1\n", "a.csv")}, "a.csv", 2, "itself", id="an edge to itself"),
        pytest.param(GOOD, {"adjacency": csv("a,b\n1,\n", "a.csv")}, "a.csv", 2, "empty", id="half an edge"),
        pytest.param(
            csv(f"id,households,community\n1,4,{C1}\n2,4,{C2}\n"), {"adjacency": csv("a,b\n1,2\n", "a.csv")}, "a.csv", 2,
            "two communities", id="an edge between communities",
        ),
        pytest.param(
            GOOD, {"previous": csv("id,grid\n1,001\n1,002\n", "p.csv")}, "p.csv", 3, "two grids", id="two earlier grids"
        ),
        pytest.param(
            csv("id,households,lon,lat\n1,4,125.3,43.8\n"), {"barriers": csv("line,x,y\n1,0,0\n1,900,0\n", "r.csv")}, "r.csv", 2,
            "in metres", id="a barrier in metres",
        ),
        pytest.param(
            csv("id,households,x,y\n1,4,0,0\n"), {"barriers": csv("line,lon,lat\n1,125,43\n1,125,44\n", "r.csv")}, "r.csv", 2,
            "in degrees", id="a barrier in degrees",
        ),
        pytest.param(
            csv("id,households,lon,lat\n1,4,87.6,43.8\n"), {"barriers": csv("wkt\n\"LINESTRING (43.8 87.5, 43.9 87.7)\"\n", "r.csv")},
            "r.csv", 2, "swapped", id="a barrier swapped in the west, below 90",
        ),
        pytest.param(
            csv("id,households,lon,lat\n1,4,125.3,43.8\n"), {"barriers": csv("line,lon,lat\n1,43.8,125.2\n1,43.8,125.4\n", "r.csv")},
            "r.csv", 2, "swapped", id="a barrier swapped in the east",
        ),
        pytest.param(
            csv("id,households,x,y\n1,4,0,0\n"), {"barriers": csv("line,x,y\n1,0,0\n", "r.csv")}, "r.csv", 2, "two points",
            id="a line of one point",
        ),
        pytest.param(
            csv("id,households,x,y\n1,4,0,0\n"), {"barriers": csv("line,x,y\n1,0,0\n1,0,0\n", "r.csv")}, "r.csv", 2,
            "two points", id="a line of one point twice",
        ),
        pytest.param(
            csv("id,households,x,y\n1,4,0,0\n"), {"barriers": csv("wkt\n\"LINESTRING (1 1, 1 1)\"\n", "r.csv")}, "r.csv", 2,
            "neither", id="a line without length",
        ),
        pytest.param(
            csv("id,households,x,y\n1,4,0,0\n"), {"barriers": csv("line,x,y\n1,0,nan\n1,9,0\n", "r.csv")}, "r.csv", 2,
            "empty", id="a barrier that is nowhere",
        ),
        pytest.param(
            csv("id,households,x,y\n1,4,0,0\n"), {"barriers": csv("wkt\nPOINT (1 1)\n", "r.csv")}, "r.csv", 2, "neither",
            id="a point for a barrier",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_named_where_it_stands(
    tmp_path: Path,
    buildings: Callable[[Path], Path],
    rest: Mapping[str, Callable[[Path], Path]],
    file: str,
    line: int | None,
    word: str,
) -> None:
    """One at a time, with nothing else said."""
    with pytest.raises(InputError) as caught:
        layouts(buildings(tmp_path), **{name: put(tmp_path) for name, put in rest.items()})
    (fault,) = caught.value.faults
    assert (fault.file, fault.row) == (file, line)
    assert word in str(fault)


def test_a_plane_of_somebodys_own_may_be_a_country_wide() -> None:
    """As long as no building stands apart from all others."""
    assert one([row(str(at), x=400_000.0 * at, y=0.0) for at in range(5)]).points is not None


@pytest.mark.parametrize("name", ["b.geojson", "b.json"])
def test_a_file_of_features_may_hold_none(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(InputError, match="there are no buildings"):
        layouts(path)


def test_a_mistyped_column_is_not_left_aside(tmp_path: Path) -> None:
    """As somebody else's column would be."""
    with pytest.raises(InputError, match="did you mean households"):
        layouts(csv("id,househlds,floors\n1,2,6\n")(tmp_path))
    with pytest.raises(InputError, match="did you mean estate"):
        layouts(csv("id,households,estat\n1,2,6\n")(tmp_path))


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """Those of every file, and those between them."""
    put = csv("id,households,x,y\n1,4,1,\n2,4,1,1\n2,4,2,2\n")
    with pytest.raises(InputError) as caught:
        layouts(put(tmp_path), csv("a,b\n1,9\n", "a.csv")(tmp_path), csv("line,x,y\nr,1,1\n", "r.csv")(tmp_path))
    assert {fault.file for fault in caught.value.faults} == {"b.csv", "a.csv", "r.csv"}


def test_tables_made_by_hand_are_named_too() -> None:
    """Without a file the table is called by its name, and rows count from one."""
    with pytest.raises(InputError, match=r"buildings, row 2, column id"):
        layouts([row("1"), row("1")])
    with pytest.raises(InputError, match="neither facts nor mappings"):
        layouts([1, 2])
    with pytest.raises(InputError, match="buildings: this is no data frame"):
        layouts(3.5)
    with pytest.raises(InputError, match="barriers: this is no data frame"):
        layouts(YARD, barriers=3.5)
    with pytest.raises(InputError, match="buildings, row 2, column id"):
        layouts(pandas.DataFrame({"id": ["1", "1"], "households": [4, 5]}))


@pytest.mark.parametrize(
    ("given", "word"),
    [
        pytest.param({"households": 60.9}, "row 2, column households: a whole number", id="a fraction"),
        pytest.param({"households": float("inf")}, "row 2, column households: a whole number", id="endless households"),
        pytest.param({"x": float("nan"), "y": 0.0}, "row 2, column x: 2 has y but no x", id="a place that is no number"),
        pytest.param({"x": float("inf"), "y": 0.0}, "row 2, column x: a coordinate", id="an endless place"),
    ],
)
def test_a_fact_that_no_type_checker_saw_is_named(given: Mapping[str, object], word: str) -> None:
    """A fraction of a household isn't cut off, and what is no number is told by its row."""
    with pytest.raises(InputError, match=f"buildings, {word}"):
        layouts([row("1", x=0.0, y=0.0), row("2", **given)])  # type: ignore[arg-type]  # what no checker saw


def test_square_of_one_metre_is_no_degrees() -> None:
    """Small planes of somebody's own are let be, unless they lie where China's degrees do."""
    assert one([row("1", x=0.1, y=0.2), row("2", x=0.9, y=0.2), row("3", x=0.3, y=0.8)]).points is not None


def test_barriers_are_lines_of_any_kind() -> None:
    """Pairs of numbers, or what shapely makes."""
    import shapely

    made = [shapely.LineString([(0, 0), (1, 1)]), shapely.Polygon([(0, 0), (1, 0), (1, 1)])]
    found = one(YARD, barriers=made).barriers
    assert [len(line) for line in found] == [2, 4]
    assert one(YARD, barriers=Barriers.of([[(0, 0), (1, 1)]])).barriers == (((0.0, 0.0), (1.0, 1.0)),)


def test_earlier_grids_of_other_ids_are_told() -> None:
    """All may have been torn down and built anew; but more often ids are written in two ways."""
    told = said(one(YARD[:2], previous=[("1号楼", "001"), ("2号楼", "002")]))
    assert told[0].startswith("none of the buildings of the earlier grids is here")
    assert told[1] == "buildings of the earlier grids that are not here any more: 1号楼, 2号楼"
    assert not said(one(YARD[:2], previous=[("1", "001"), ("2", "002")]))


def test_a_plan_of_ours_is_an_earlier_division(tmp_path: Path) -> None:
    """As JSON and as GeoJSON."""
    plan = {"status": "ok", "grids": {"1": "001", "2": "002"}, "message": "", "errors": [], "measures": {"grids": 2}}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    assert one(YARD[:3], previous=path).previous == ("001", "002", None)
    features = [
        {"type": "Feature", "properties": {"building": id_, "grid": code, "households": 4}, "geometry": None}
        for id_, code in plan["grids"].items()  # type: ignore[attr-defined]  # a dict, which mypy lost sight of
    ]
    other = tmp_path / "plan.geojson"
    other.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    assert one(YARD[:3], previous=other).previous == ("001", "002", None)
