"""Buildings and what goes with them, read from whatever holds them: the same however it was written."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pyarrow
import pyarrow.parquet
import pytest
import shapely
import xlsxwriter

from shequ_core.errors import InputError
from shequ_core.model.buildings import Adjacency, Building
from shequ_core.tables.buildings import (
    Adjacencies,
    Barriers,
    Buildings,
    read_adjacency,
    read_barriers,
    read_buildings,
    read_previous,
)
from shequ_core.tables.cells import read_column
from shequ_core.tables.columns import FloatColumn, concat

HEADERS = ("楼号", "户数", "小区", "经度", "纬度", "备注", "层数")
ROWS = (("3-1", 40, "桦林", 125.3245, 43.8861, "x", 6), ("3-2", 0, None, 125.325, 43.8862, None, 6))
EXPECTED = [
    Building(id="3-1", households=40, estate="桦林", lon=125.3245, lat=43.8861),
    Building(id="3-2", households=0, lon=125.325, lat=43.8862),
]


def book(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    """Write a workbook."""
    with xlsxwriter.Workbook(path) as target:
        for name, rows in sheets.items():
            sheet = target.add_worksheet(name)
            for line, cells in enumerate(rows):
                sheet.write_row(line, 0, cells)
    return path


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    """Write a text."""
    path.write_text(content, encoding=encoding)
    return path


def feature(geometry: object, **properties: object) -> dict[str, Any]:
    """Make a feature; what shapely makes is turned into JSON."""
    if isinstance(geometry, shapely.Geometry):
        geometry = json.loads(shapely.to_geojson(geometry))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(path: Path, *features: Mapping[str, Any], **rest: object) -> Path:
    """Write GeoJSON."""
    return text(path, json.dumps({"type": "FeatureCollection", "features": features, **rest}))


def package(
    path: Path, *rows: tuple[object, ...], columns: str = "id TEXT, households INTEGER", layer: str = "buildings", srs: int = 4490,
    organization: str = "EPSG", code: int | None = None, envelope: int = 1,
) -> Path:  # fmt: skip
    """Write a layer of a GeoPackage: its geometry first in each row."""
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE IF NOT EXISTS gpkg_contents (table_name TEXT, data_type TEXT)")
        base.execute("CREATE TABLE IF NOT EXISTS gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER)")
        base.execute(
            "CREATE TABLE IF NOT EXISTS gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER)"
        )
        base.execute("INSERT INTO gpkg_contents VALUES (?, 'features')", (layer,))
        base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?)", (layer, srs))
        base.execute("DELETE FROM gpkg_spatial_ref_sys")
        base.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?)", (srs, organization, srs if code is None else code))
        base.execute(f'CREATE TABLE "{layer}" (fid INTEGER PRIMARY KEY, geom BLOB, {columns})')
        for number, (shape, *cells) in enumerate(rows, 1):
            blob = shape
            if isinstance(shape, shapely.Geometry):
                bounds = struct.pack("<4d", *shapely.bounds(shape)[[0, 2, 1, 3]]) if envelope else b""
                blob = b"GP" + bytes([0, envelope << 1 | 1]) + struct.pack("<i", srs) + bounds + shapely.to_wkb(shape)
            base.execute(f'INSERT INTO "{layer}" VALUES (?, ?, {", ".join("?" * len(cells))})', (number, blob, *cells))
    base.close()
    return path


# --- coordinates ------------------------------------------------------------------------------------


def floats(*cells: str | None) -> tuple[list[float | None], list[str]]:
    """Read coordinates, and say what is wrong with those that can't be."""
    column, refused = read_column(cells, Buildings.specs["lon"])
    return column.to_list(), [str(message) for _, message in refused]


def test_coordinates_are_read_as_they_stand() -> None:
    """Decimal numbers, small ones in short form too; nothing stays nothing."""
    found, refused = floats("125.3245", " 43 ", "-0.5", "+7.25", "1.5e-05", "-0", None, "")
    assert found == [125.3245, 43.0, -0.5, 7.25, 1.5e-05, 0.0, None, None]
    assert str(found[5]) == "0.0"
    assert refused == []


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("１２５.3", "full-width digits"), ("125．3", "full-width signs"), ("125,3", "decimal point"), ("4,861,200", "commas"),
        ("125°19′28″", "decimal number"), ("125 19 28", "decimal number"), ("125.3E", "decimal number"), ("nan", "leave the cell empty"),
        ("inf", "a coordinate is wanted"), ("1e5", "a coordinate is wanted"), ("1_0", "a coordinate is wanted"), ("x", "a coordinate is wanted"),
        ("0x1p3", "a coordinate is wanted"), ("1234567890123456", "a coordinate is wanted"), ("−125.3", "a coordinate is wanted"),
    ],
)  # fmt: skip
def test_what_is_no_coordinate_is_refused(cell: str, word: str) -> None:
    """With what to write instead."""
    found, (refused,) = floats(cell)
    assert found == [None]
    assert word in refused


def test_a_column_of_coordinates_holds_finite_numbers_alone() -> None:
    """Unknown ones may hold whatever they like."""
    column = FloatColumn.of([1.5, None, -2.0])
    assert column.to_list() == [1.5, None, -2.0]
    assert column.row(0) == 1.5
    assert concat([column, FloatColumn.of([0.25])]).to_list() == [1.5, None, -2.0, 0.25]
    assert FloatColumn(np.array([np.nan, 1.0]), np.array([False, True])).to_list() == [None, 1.0]
    for bad in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="infinite or not a number"):
            FloatColumn.of([bad])


# --- buildings from files and frames ----------------------------------------------------------------


def test_every_form_gives_the_same_buildings(tmp_path: Path) -> None:
    """CSV in UTF-8 and GB18030, XLSX, Parquet, pandas, PyArrow, GeoJSON, GeoPackage, facts, mappings."""
    lines = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in (HEADERS, *ROWS))
    frame = pandas.DataFrame([dict(zip(HEADERS, row, strict=True)) for row in ROWS])
    arrow = pyarrow.Table.from_pandas(frame, preserve_index=False)
    pyarrow.parquet.write_table(arrow, tmp_path / "b.parquet")
    sources: dict[str, object] = {
        "csv": text(tmp_path / "b.csv", lines),
        "gb18030": str(text(tmp_path / "g.csv", lines, "gb18030")),
        "xlsx": book(tmp_path / "b.xlsx", 说明=[["填表说明"]], 楼栋表=[HEADERS, *ROWS]),
        "parquet": tmp_path / "b.parquet",
        "pandas": frame,
        "arrow": arrow,
        "facts": EXPECTED,
        "table": Buildings.of(EXPECTED),
        "mappings": [dict(zip(HEADERS, row, strict=True)) for row in ROWS],
        "geojson": collection(
            tmp_path / "b.geojson",
            *(feature(shapely.Point(row[3], row[4]), 楼号=row[0], households=row[1], 小区=row[2], 层数=row[6]) for row in ROWS),
        ),
        "records": text(tmp_path / "b.json", json.dumps([dict(zip(HEADERS, row, strict=True)) for row in ROWS])),
        "gpkg": package(
            tmp_path / "b.gpkg", *((shapely.Point(row[3], row[4]), *row[:3], row[6]) for row in ROWS),
            columns="楼号 TEXT, 户数 REAL, 小区 TEXT, 层数 INTEGER",
        ),
    }  # fmt: skip
    for name, source in sources.items():
        assert list(read_buildings(source)) == EXPECTED, name


def test_numbers_are_ids_in_a_frame(tmp_path: Path) -> None:
    """Who reads a file with pandas gets 12 for '12', and 12.0 where something is missing."""
    assert read_buildings(pandas.DataFrame({"id": [1, 20], "households": [4.0, 5.0]})).id.to_list() == ["1", "20"]
    found = read_adjacency(pandas.DataFrame({"u": [1, 2], "v": [2, 3]}))
    assert list(found) == [Adjacency(a="1", b="2"), Adjacency(a="2", b="3")]
    path = collection(tmp_path / "b.geojson", feature(None, id=7, households=4.0))
    assert list(read_buildings(path)) == [Building(id="7", households=4)]
    with pytest.raises(InputError, match="whole number"):
        read_buildings(pandas.DataFrame({"id": [1, 20], "households": [4.5, 5.0]}))


def test_text_in_another_encoding_is_named(tmp_path: Path) -> None:
    """Parquet says UTF-8 and believes whoever wrote it."""
    gb18030 = pyarrow.array(["桦林".encode("gb18030")]).cast(pyarrow.binary()).view(pyarrow.string())
    pyarrow.parquet.write_table(pyarrow.table({"id": ["1"], "households": [4], "estate": gb18030}), tmp_path / "b.parquet")
    with pytest.raises(InputError, match=r"b\.parquet, column estate: the column holds text that isn't in UTF-8"):
        read_buildings(tmp_path / "b.parquet")


@pytest.mark.parametrize(
    "header",
    ["id", "ID", "building", "Building_ID", "building-id", "楼栋编号", "楼号", " 编号 "],
)
def test_people_call_ids_by_many_names(tmp_path: Path, header: str) -> None:
    """Case, blanks and underscores say nothing."""
    path = text(tmp_path / "b.csv", f"{header},Households,Lng,Latitude,name\n1,2,125,43,x\n")
    assert list(read_buildings(path)) == [Building(id="1", households=2, lon=125.0, lat=43.0)]


def test_of_two_ids_the_more_telling_one_is_taken(tmp_path: Path) -> None:
    """But of two that say the same figure neither."""
    path = text(tmp_path / "b.csv", "楼号,building,id,households\n3,yes,b3,2\n")
    assert read_buildings(path).id.to_list() == ["b3"]
    with pytest.raises(InputError, match="keep one"):
        read_buildings(text(tmp_path / "c.csv", "id,households,户数\n3,2,2\n"))


def test_a_spreadsheet_makes_no_day_of_a_house_number(tmp_path: Path) -> None:
    """3-1 typed into a cell becomes the first of March, which nobody would find in the register."""
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as target:
        sheet = target.add_worksheet()
        sheet.write_row(0, 0, ["id", "households"])
        sheet.write_number(1, 0, 45717, target.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(1, 1, 40)
    with pytest.raises(InputError, match="made a day"):
        read_buildings(path)


def test_the_sheet_is_found_or_asked_for(tmp_path: Path) -> None:
    """By its name, or by being the only one with the columns."""
    rows: list[list[object]] = [["id", "households"], ["1", 2]]
    assert len(read_buildings(book(tmp_path / "a.xlsx", one=rows, buildings=[*rows, ["2", 3]]))) == 2
    with pytest.raises(InputError, match="several sheets"):
        read_buildings(book(tmp_path / "b.xlsx", one=rows, two=rows))
    with pytest.raises(InputError, match="no sheet holds the columns"):
        read_buildings(book(tmp_path / "c.xlsx", one=[["x"]], two=[["y"]]))


def test_files_that_are_not_there_or_of_another_kind(tmp_path: Path) -> None:
    """Say so."""
    for read in (read_buildings, read_adjacency, read_barriers, read_previous):
        for name in ("no.csv", "no.geojson", "no.gpkg", "no.json"):
            with pytest.raises(InputError, match="no such file"):
                read(tmp_path / name)
        with pytest.raises(InputError, match="of this kind"):
            read(text(tmp_path / "a.shp", "x"))


# --- GeoJSON ----------------------------------------------------------------------------------------

SQUARE = shapely.box(125.3, 43.8, 125.301, 43.801)


def test_an_outline_brings_its_building_a_point(tmp_path: Path) -> None:
    """One inside of it; heights are left aside."""
    path = collection(tmp_path / "b.geojson", feature(shapely.force_3d(SQUARE, 9.0), id="1", households=2))
    (found,) = read_buildings(path)
    assert found.lon is not None
    assert found.lat is not None
    assert SQUARE.contains(shapely.Point(found.lon, found.lat))
    outline = shapely.from_wkt(found.footprint)
    assert shapely.equals(outline, SQUARE)
    assert not shapely.has_z(outline)


def test_a_feature_has_an_id_of_its_own(tmp_path: Path) -> None:
    """Maps say building=yes; that is no id."""
    features = [{**feature(SQUARE, building="yes", households=2), "id": f"way/{number}"} for number in (1, 2)]
    assert read_buildings(collection(tmp_path / "b.geojson", *features)).id.to_list() == ["way/1", "way/2"]
    named = [{**feature(None, building=f"b{number}", households=2)} for number in (1, 2)]
    assert read_buildings(collection(tmp_path / "c.geojson", *named)).id.to_list() == ["b1", "b2"]


@pytest.mark.parametrize(
    ("name", "in_degrees"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True), ("EPSG:4490", True), ("urn:ogc:def:crs:EPSG::4326", True),
        ("EPSG:4549", False), ("urn:ogc:def:crs:EPSG::32651", False), ("EPSG:3857", False),
    ],
)  # fmt: skip
def test_a_declared_system_is_believed(tmp_path: Path, name: str, in_degrees: bool) -> None:
    """Degrees or metres is all that is asked."""
    crs = {"type": "name", "properties": {"name": name}}
    path = collection(tmp_path / "b.geojson", feature(shapely.Point(25, 43), id="1", households=2), crs=crs)
    (found,) = read_buildings(path)
    assert (found.lon, found.lat, found.x, found.y) == ((25, 43, None, None) if in_degrees else (None, None, 25, 43))


def test_where_a_file_says_that_nothing_is_known_of_the_system_the_numbers_tell(tmp_path: Path) -> None:
    """As of a plan of ours in metres; degrees in China stay degrees."""
    for x, y, in_degrees in ((25.0, 43.0, False), (125.3, 43.8, True)):
        path = collection(tmp_path / "b.geojson", feature(shapely.Point(x, y), id="1", households=2), crs=None)
        (found,) = read_buildings(path)
        assert (found.lon, found.lat, found.x, found.y) == ((x, y, None, None) if in_degrees else (None, None, x, y))


def test_a_fault_in_a_plan_of_ours_stands_where_the_file_has_it(tmp_path: Path) -> None:
    """Its grids come first and are left out, but they count."""
    grids = [feature(None, kind="grid", grid=code, households=4) for code in ("001", "002")]
    path = collection(tmp_path / "p.geojson", *grids, feature(None, kind="building", id="1", grid="001", households=-4))
    with pytest.raises(InputError, match=r"p\.geojson, row 3, column households"):
        read_buildings(path)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('{"type": "FeatureCollection", "features": [', "no JSON: look at column"),
        ('{"type": "Topology"}', "no GeoJSON"),
        ("null", "nothing but null"),
        ("[1]", "must be an object"),
        ("[" * 100_000, "without end"),
        ('{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": NaN}}]}', "NaN or Infinity"),
        ('{"type": "FeatureCollection", "features": [], "crs": {"type": "name", "properties": {"name": "EPSG:2436"}}}', "EPSG:2436"),
        ('{"type": "FeatureCollection", "features": [], "crs": {"type": "link"}}', "not known here"),
        (
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": 1, "households": 2},'
            ' "geometry": {"type": "Point", "coordinates": [1e999, 43]}}]}',
            "can't be read",
        ),
    ],
)  # fmt: skip
def test_what_is_no_geojson_is_told(tmp_path: Path, content: str, word: str) -> None:
    """With what is wrong with it."""
    with pytest.raises(InputError, match=r"b\.geojson") as caught:
        read_buildings(text(tmp_path / "b.geojson", content))
    assert word in str(caught.value)


@pytest.mark.parametrize(
    ("geometry", "word"),
    [
        ({"type": "Point", "coordinates": ["125", 43]}, "can't be read"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1]]]}, "can't be read"),
        ({"type": "Circle", "coordinates": [0, 0]}, "can't be read"),
        ({"type": "Point", "coordinates": [10**400, 43]}, "can't be read"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [10**400, 0], [1, 1], [0, 0]]]}, "can't be read"),
        ("POINT (1 1)", "can't be read"),
        ({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}, "not a LineString"),
        ({"type": "MultiPoint", "coordinates": [[0, 0], [1, 1]]}, "not a MultiPoint"),
    ],
)
def test_a_geometry_that_is_no_buildings_is_told(tmp_path: Path, geometry: object, word: str) -> None:
    """With the number of its feature."""
    path = collection(tmp_path / "b.geojson", feature(None, id="1", households=2), feature(geometry, id="2", households=2))
    with pytest.raises(InputError) as caught:
        read_buildings(path)
    (fault,) = caught.value.faults
    assert (fault.row, fault.column) == (2, "geometry")
    assert word in str(fault)


def test_properties_are_read_as_strictly_as_cells(tmp_path: Path) -> None:
    """A feature counts as a row."""
    features = [feature(None, id="1", households=value) for value in (2, "2", 2.5, "二", -1, None, True)]
    with pytest.raises(InputError) as caught:
        read_buildings(collection(tmp_path / "b.geojson", *features))
    assert [fault.row for fault in caught.value.faults] == [3, 4, 5, 6, 7]


# --- GeoPackage -------------------------------------------------------------------------------------


@pytest.mark.parametrize("envelope", [0, 1])
def test_a_geopackage_is_read_with_and_without_envelopes(tmp_path: Path, envelope: int) -> None:
    """A feature without a geometry has no point."""
    path = package(
        tmp_path / "b.gpkg", (shapely.Point(521000.5, 4860000.25), "1", 2), (None, "2", 3), srs=100_001, code=4549,
        envelope=envelope,
    )  # fmt: skip
    assert list(read_buildings(path)) == [
        Building(id="1", households=2, x=521000.5, y=4860000.25), Building(id="2", households=3),
    ]  # fmt: skip


def test_a_geopackage_numbers_its_features(tmp_path: Path) -> None:
    """Where there is no better id."""
    path = package(tmp_path / "b.gpkg", (SQUARE, 2), (SQUARE, 3), columns="households INTEGER")
    assert read_buildings(path).id.to_list() == ["1", "2"]


def test_what_is_no_geopackage_is_told(tmp_path: Path) -> None:
    """And which system isn't known, which geometry is broken, which layer is meant."""
    for content in ("no database", ""):
        with pytest.raises(InputError, match="GeoPackage"):
            read_buildings(text(tmp_path / f"a{len(content)}.gpkg", content))
    with pytest.raises(InputError, match="EPSG:2436"):
        read_buildings(package(tmp_path / "b.gpkg", (SQUARE, "1", 2), srs=2436))
    with pytest.raises(InputError, match=r"sheet buildings, row 1.*can't be read"):
        read_buildings(package(tmp_path / "c.gpkg", (b"GP\0", "1", 2)))
    two = package(package(tmp_path / "d.gpkg", (SQUARE, "1", 2), layer="a"), (SQUARE, "1", 2), layer="b")
    with pytest.raises(InputError, match="several layers"):
        read_buildings(two)
    assert len(read_buildings(package(two, (SQUARE, "9", 2), layer="Buildings"))) == 1


def test_one_geopackage_may_hold_buildings_and_barriers(tmp_path: Path) -> None:
    """Each is told by what its layer holds."""
    path = package(tmp_path / "all.gpkg", (shapely.Point(125.3, 43.8), "1", 2), layer="ld")
    package(path, (shapely.LineString(LINE), "x"), layer="dl", columns="name TEXT")
    assert read_buildings(path).id.to_list() == ["1"]
    assert read_barriers(path).lines == (LINE,)


# --- GeoPandas --------------------------------------------------------------------------------------


class System:
    """What GeoPandas calls a CRS, as far as it is asked."""

    def __init__(self, code: int | None) -> None:
        self.code = code

    def to_epsg(self) -> int | None:
        return self.code

    def to_string(self) -> str:
        return f"EPSG:{self.code}" if self.code else "LOCAL"


class GeoFrame(pandas.DataFrame):
    """A frame like those of GeoPandas, which brings compiled libraries of its own and isn't needed for this."""

    _metadata = ["crs"]
    crs: System | None = None

    @property
    def geometry(self) -> Any:
        return self["geometry"]

    def to_crs(self) -> None:
        raise NotImplementedError


def test_a_frame_of_geometries_is_read(tmp_path: Path) -> None:
    """Its system is believed; without one it is in degrees if all of it would lie in China."""
    shapes = [shapely.Point(125.3, 43.8), None]
    frame = GeoFrame({"id": ["1", "2"], "households": [2.0, 3.0], "estate": ["a", None], "geometry": shapes})
    for system in (None, System(4326)):
        frame.crs = system
        assert list(read_buildings(frame)) == [
            Building(id="1", households=2, estate="a", lon=125.3, lat=43.8), Building(id="2", households=3),
        ]  # fmt: skip
    frame.crs = System(4549)
    assert read_buildings(frame).x.to_list() == [125.3, None]
    frame.crs = System(None)
    with pytest.raises(InputError, match="LOCAL"):
        read_buildings(frame)
    lines = GeoFrame({"geometry": [shapely.LineString(LINE)]})
    assert read_barriers(lines).lines == (LINE,)


# --- adjacencies and earlier grids ------------------------------------------------------------------


@pytest.mark.parametrize("headers", ["a,b", "source,target", "from,to", "building_a,building_b", "u,v", "楼栋甲,楼栋乙"])
def test_adjacencies_by_many_names(tmp_path: Path, headers: str) -> None:
    """A weight beside them is left aside."""
    path = text(tmp_path / "a.csv", f"{headers},weight\n1,2,0.5\n")
    assert list(read_adjacency(path)) == [Adjacency(a="1", b="2")]


@pytest.mark.parametrize(
    "given",
    [[["1", "2"], ["1", "3"]], {"1": ["2", "3"]}, {"edges": [[1, 2], [1, 3]]}, [{"a": 1, "b": 2}, {"a": 1, "b": 3}]],
)
def test_adjacencies_as_json_and_as_python(tmp_path: Path, given: object) -> None:
    """Pairs, or what each touches."""
    expected = [Adjacency(a="1", b="2"), Adjacency(a="1", b="3")]
    assert list(read_adjacency(given)) == expected
    assert list(read_adjacency(text(tmp_path / "a.json", json.dumps(given)))) == expected
    assert list(read_adjacency(Adjacencies.of(expected))) == expected


@pytest.mark.parametrize("given", [[["1", "2", "3"]], {"1": "2"}, [1, 2], {"1": [["2"]]}, "text"])
def test_what_are_no_pairs_is_told(tmp_path: Path, given: object) -> None:
    """With how they are wanted."""
    with pytest.raises(InputError, match="wanted as pairs"):
        read_adjacency(text(tmp_path / "a.json", json.dumps(given)))


@pytest.mark.parametrize(
    "given", [{"status": "ok", "grids": {"1": "001", "2": "002"}}, {"1": "001", "2": "002"}, [["1", "001"], ["2", "002"]]]
)
def test_earlier_grids_in_many_forms(tmp_path: Path, given: object) -> None:
    """A plan of ours, a mapping, pairs, tables of every kind."""
    expected = [("1", "001"), ("2", "002")]
    sources = [
        given,
        text(tmp_path / "p.json", json.dumps(given)),
        text(tmp_path / "p.csv", "楼号,网格代码\n1,001\n2,002\n"),
        book(tmp_path / "p.xlsx", 网格=[["grid", "building", "households"], ["001", "1", 40], ["002", "2", 50]]),
        collection(tmp_path / "p.geojson", *(feature(SQUARE, id=one, grid=grid) for one, grid in expected)),
    ]
    for source in sources:
        assert [(row.building, row.grid) for row in read_previous(source)] == expected
    with pytest.raises(InputError, match="grid of each building"):
        read_previous({"1": ["001"]})


# --- barriers ---------------------------------------------------------------------------------------

LINE = ((125.3, 43.8), (125.4, 43.8), (125.4, 43.9))


def test_barriers_in_every_form(tmp_path: Path) -> None:
    """Lines of several parts are several; an area stands for its outline, holes too."""
    bends = shapely.MultiLineString([LINE[:2], LINE[1:]])
    lake = shapely.Polygon(LINE, [[(125.39, 43.81), (125.395, 43.81), (125.395, 43.82)]])
    geojson = read_barriers(collection(tmp_path / "r.geojson", feature(shapely.LineString(LINE)), feature(bends), feature(lake), feature(None)))
    assert geojson.lines[:3] == (LINE, LINE[:2], LINE[1:])
    assert [len(line) for line in geojson.lines[3:]] == [4, 4]
    assert geojson.rows == (1, 2, 2, 3, 3)
    assert geojson.in_degrees is True
    points = "name,lon,lat\n" + "".join(f"大街,{x},{y}\n" for x, y in LINE) + "二道街,125,43\n二道街,125.5,43\n"
    csv = read_barriers(text(tmp_path / "r.csv", points))
    assert csv.lines == (LINE, ((125.0, 43.0), (125.5, 43.0)))
    assert csv.in_degrees is True
    sheet = read_barriers(book(tmp_path / "r.xlsx", 屏障=[["线路", "x", "y"], ["1", 0, 5], ["1", 9.5, 5]]))
    assert (sheet.lines, sheet.in_degrees) == ((((0.0, 5.0), (9.5, 5.0)),), False)
    wkt = read_barriers(pandas.DataFrame({"geometry": ["LINESTRING (0 0, 1 1)"]}))
    assert (wkt.lines, wkt.in_degrees) == ((((0.0, 0.0), (1.0, 1.0)),), None)
    geopackage = read_barriers(package(tmp_path / "r.gpkg", (shapely.LineString(LINE), "x"), columns="name TEXT", layer="roads"))
    assert geopackage.lines == (LINE,)
    assert read_barriers([LINE]).lines == Barriers.of([LINE]).lines == (LINE,)


@pytest.mark.parametrize(
    "given", [[[(0, 0)]], [[(0, 0), (1, float("nan"))]], [["a", "b"]], [3], [shapely.Point(0, 0)]]
)
def test_what_is_no_line_is_told(given: Sequence[Any]) -> None:
    """With its place among them."""
    with pytest.raises(InputError, match="barriers, row 1: a barrier is a line"):
        read_barriers(given)
