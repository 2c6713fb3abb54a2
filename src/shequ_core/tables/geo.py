"""Features of GeoJSON files and GeoPackages, before they are read as a table.

Of the system of coordinates only one thing is asked: degrees or metres. It is what the file declares; GeoJSON
that declares nothing is in degrees, and where it says that nothing is known of the system (`"crs": null`) they are
degrees if all would lie in China. Coordinates that were encrypted for map services (GCJ-02, BD-09) look like any
other degrees and can't be told from them: they are off by some hundred metres, all alike, which does a division no
harm as long as buildings and barriers come from one source.
"""

from __future__ import annotations

import contextlib
import gc
import json
import math
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.errors import Fault, Message, msg

Shapes: TypeAlias = "npt.NDArray[np.object_]"
"""Geometries of shapely, None where a feature has none."""

_MOST_BYTES: Final = 2**30

GEO_FILES: Final = frozenset({".geojson", ".json", ".gpkg"})

_DEGREES: Final = frozenset({4326, 4490, 4480, 4979})
"""WGS 84 and CGCS2000, with and without heights."""
_METRES: Final = (range(4491, 4555), range(32601, 32661), range(32701, 32761), range(3857, 3858))
"""CGCS2000 by Gauss-Krüger in all its zones, UTM north and south, and the square metres of web maps."""


@attrs.frozen(kw_only=True, eq=False)
class Features:
    """What a file of features holds.

    Attributes:
        file: Its name.
        layer: Of a GeoPackage, the layer.
        columns: Each property's cells as text, None where a feature hasn't got it.
        ids: What each feature is called beside its properties, None where it isn't.
        shapes: Each one's geometry, n of them; empty where the file has records without any.
        in_degrees: Whether these are degrees.
        rows: Which feature of the file each is, as a person counts.
    """

    file: str
    layer: str | None = None
    columns: Mapping[str, Sequence[str | None]]
    ids: Sequence[str | None]
    shapes: Shapes
    in_degrees: bool
    rows: npt.NDArray[np.int64] = attrs.field()

    @rows.default
    def _all(self) -> npt.NDArray[np.int64]:
        return np.arange(1, len(self.ids) + 1, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.ids)


def system_of(code: int | None) -> bool | None:
    """Whether a system of EPSG is one of degrees; None where it isn't known here."""
    if code in _DEGREES:
        return True
    return False if code is not None and any(code in zone for zone in _METRES) else None


def _unknown_system(name: str) -> Message:
    return msg(
        "the coordinates are in {system}, which is not known here: convert them to degrees of CGCS2000 or WGS 84"
        " (EPSG:4490, EPSG:4326), or to metres of CGCS2000 (EPSG:4491 to EPSG:4554)",
        system=name,
    )


# --- JSON -------------------------------------------------------------------------------------------


def read_json(path: Path, faults: list[Fault]) -> Any:  # Any: JSON of whatever form
    """Return what a JSON file holds; None where it can't be read, which is a fault."""

    def said(message: Message, row: int | None = None) -> None:
        faults.append(Fault(file=path.name, row=row, message=message))

    try:
        if path.stat().st_size > _MOST_BYTES:
            said(msg("the file is larger than {most} MB: give each county a file", most=_MOST_BYTES >> 20))
            return None
        content = path.read_bytes()
    except OSError as error:
        said(msg("the file can't be opened: {why}", why=error.strerror or type(error).__name__))
        return None
    try:
        with _without_collection():
            found = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        said(msg("the file isn't in UTF-8, as JSON must be: save it anew"))
    except json.JSONDecodeError as error:
        said(msg("this is no JSON: look at column {column} of this row", column=error.colno), error.lineno)
    except RecursionError:
        said(msg("this is no JSON of ours: it is nested without end"))
    except ValueError:
        said(msg("the file holds a number that is none (NaN or Infinity): leave it out, or write null"))
    else:
        if found is not None:
            return found
        said(msg("the file holds nothing but null"))
    return None


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """Don't look for garbage: a city's outlines are millions of lists, and none of them is any."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _no_number(_: str) -> object:
    raise ValueError


def features_of(file: str, found: Any, faults: list[Fault]) -> Features | None:  # Any: JSON of whatever form
    """Return the features of GeoJSON, or the records of a list of objects."""
    listed: Any = found
    in_degrees: bool | None = True
    if isinstance(found, dict):
        if found.get("type") == "Feature":
            listed = [found]
        elif found.get("type") != "FeatureCollection" or not isinstance(found.get("features"), list):
            message = msg("this is no GeoJSON: a FeatureCollection with its features is wanted")
            faults.append(Fault(file=file, message=message))
            return None
        else:
            listed = found["features"]
        in_degrees = _declared(file, found.get("crs"), faults)
        if in_degrees is None:
            return None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        faults.append(Fault(file=file, message=msg("every feature must be an object: check how the file was made")))
        return None
    geo = isinstance(found, dict)
    records = [_properties(one) if geo else one for one in listed]
    names = list(dict.fromkeys(name for record in records for name in record))
    shapes: Shapes = np.full(len(listed), None, dtype=object)
    if geo:
        shapes = _shapes(file, [one.get("geometry") for one in listed], faults)
        if "crs" in found and found["crs"] is None:
            in_degrees = _are_degrees(shapes)
    return Features(
        file=file,
        columns={name: [cell_text(record.get(name)) for record in records] for name in names},
        ids=[cell_text(one.get("id")) if geo else None for one in listed],
        shapes=shapes,
        in_degrees=bool(in_degrees),
    )


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:  # Any: JSON
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def cell_text(value: object) -> str | None:
    """Return a value of JSON or of a database as the cell of a table would hold it."""
    if value is None or isinstance(value, (bytes, list, dict)) or value != value:  # noqa: PLR0124  # NaN, NaT
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value == int(value) and abs(value) < 2**53 else repr(value)
    return str(value)


_EPSG: Final = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:(?:[0-9.]*:)?([0-9]{4,6})", re.IGNORECASE)
_CRS84: Final = re.compile(r"(?:urn:ogc:def:crs:)?OGC:(?:[0-9.]*:)?CRS84", re.IGNORECASE)


def _declared(file: str, crs: Any, faults: list[Fault]) -> bool | None:  # Any: JSON
    """Whether a file's coordinates are degrees; None where it names a system that isn't known."""
    if crs is None:
        return True
    name = ""
    if isinstance(crs, dict) and isinstance(crs.get("properties"), dict):
        name = str(crs["properties"].get("name") or crs["properties"].get("code") or "")
        name = f"EPSG:{name}" if name.isdecimal() else name
    code = _EPSG.fullmatch(name)
    known = True if _CRS84.fullmatch(name) else system_of(int(code[1]) if code else None)
    if known is None:
        faults.append(Fault(file=file, column="crs", message=_unknown_system(name[:40] or "crs")))
    return known


def _shapes(file: str, geometries: Sequence[Any], faults: list[Fault]) -> Shapes:  # Any: JSON
    """Make geometries of JSON; a row whose geometry can't be read is a fault."""
    import shapely

    found: Shapes = np.full(len(geometries), None, dtype=object)
    points = [place for place, one in enumerate(geometries) if _is_point(one)]
    if points:
        where = [geometries[place]["coordinates"][:2] for place in points]
        found[points] = shapely.points(np.array(where, dtype=np.float64))
    plain = [place for place, one in enumerate(geometries) if _is_plain_area(one)]
    if plain:
        rings = [geometries[place]["coordinates"][0] for place in plain]
        where = [point[:2] for ring in rings for point in ring]
        at = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
        found[plain] = shapely.polygons(shapely.linearrings(np.array(where, dtype=np.float64), indices=at))
    others = [place for place, one in enumerate(geometries) if one is not None and found[place] is None]
    if others:
        with np.errstate(over="ignore"):
            texts = [json.dumps(geometries[place]) for place in others]
            found[others] = shapely.from_geojson(texts, on_invalid="ignore")
    _drop_endless(found)
    bad = [place for place in others if found[place] is None]
    faults.extend(Fault(file=file, row=place + 1, column="geometry", message=_NO_GEOMETRY) for place in bad)
    return found


_NO_GEOMETRY: Final = msg("the geometry can't be read: check its type and its coordinates")


def _drop_endless(shapes: Shapes) -> None:
    """Take geometries with a coordinate that is infinite or no number for such as can't be read."""
    import shapely

    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    shapes[~missing & ~np.isfinite(shapely.bounds(shapes)).all(axis=1)] = None


def _is_point(one: Any) -> bool:  # Any: JSON
    if not isinstance(one, dict) or one.get("type") != "Point":
        return False
    return _is_place(one.get("coordinates"))


def _is_place(where: Any) -> bool:  # Any: JSON
    return type(where) is list and len(where) >= 2 and all(
        (type(part) is float or type(part) is int) and abs(part) < _FARTHEST for part in where
    )


_FARTHEST: Final = 1e12
"""What is farther off is left to shapely, infinity among it."""


def _is_plain_area(one: Any) -> bool:  # Any: JSON
    """Whether a geometry is an area without holes whose outline comes back to where it began, as most are."""
    if not isinstance(one, dict) or one.get("type") != "Polygon":
        return False
    rings = one.get("coordinates")
    if not isinstance(rings, list) or len(rings) != 1 or not isinstance(rings[0], list):
        return False
    ring = rings[0]
    return len(ring) >= _LEAST_OF_RING and ring[0] == ring[-1] and all(map(_is_place, ring))


_LEAST_OF_RING: Final = 4
"""Points of the outline of a triangle, the first of which comes again."""


# --- GeoPackage -------------------------------------------------------------------------------------

_ENVELOPES: Final = (0, 32, 48, 48, 64)
"""How many bytes the envelope before a geometry takes, by the three bits that tell its kind."""
_HEADER: Final = 8


def layers_of(path: Path, faults: list[Fault]) -> list[Features]:
    """Return every layer of features of a GeoPackage."""

    def said(message: Message) -> None:
        faults.append(Fault(file=path.name, message=message))

    found: list[Features] = []
    try:
        if path.stat().st_size > _MOST_BYTES:
            said(msg("the file is larger than {most} MB: give each county a file", most=_MOST_BYTES >> 20))
            return []
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.execute("PRAGMA trusted_schema = OFF")  # a crafted file brings its own views
            layers = base.execute(
                "SELECT c.table_name, g.column_name, g.srs_id, upper(s.organization), s.organization_coordsys_id"
                " FROM gpkg_contents c JOIN gpkg_geometry_columns g USING (table_name)"
                " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
                " WHERE c.data_type = 'features' ORDER BY c.table_name"
            ).fetchall()
            for layer, geometry, number, organization, code in layers:
                in_degrees = {0: True, -1: False}.get(number, system_of(code) if organization == "EPSG" else None)
                if in_degrees is None:
                    said(_unknown_system(f"{organization}:{code}"))
                    continue
                found.append(_layer(path.name, base, layer, geometry, faults, in_degrees=in_degrees))
    except OSError as error:
        said(msg("the file can't be opened: {why}", why=error.strerror or type(error).__name__))
    except sqlite3.Error:
        said(msg("this can't be read as a GeoPackage: write it again from your map program"))
    else:
        if not layers:
            said(msg("the GeoPackage holds no layer of features: export one into it"))
    return found


def _layer(
    file: str, base: sqlite3.Connection, layer: str, geometry: str, faults: list[Fault], *, in_degrees: bool
) -> Features:
    import shapely

    def quoted(name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    info = base.execute(f"PRAGMA table_info({quoted(layer)})").fetchall()
    names = [str(one[1]) for one in info]
    key = next((str(one[1]) for one in info if one[5]), None)
    order = f" ORDER BY {quoted(key)}" if key else ""
    rows = base.execute(f"SELECT {', '.join(map(quoted, names))} FROM {quoted(layer)}{order}").fetchall()
    columns: dict[str, list[Any]] = {}  # Any: what a database's cell may hold
    if rows:
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    blobs = columns.pop(geometry, [])
    ids = columns.pop(key, []) if key and key != geometry else []
    bare = [_bare(blob) for blob in blobs]
    shapes: Shapes = np.full(len(rows), None, dtype=object)
    if bare:
        shapes[:] = shapely.from_wkb(bare, on_invalid="ignore")
        _drop_endless(shapes)
    for row, (blob, shape) in enumerate(zip(blobs, shapes, strict=True)):
        if blob is not None and shape is None:
            faults.append(Fault(file=file, sheet=layer, row=row + 1, column=geometry, message=_NO_GEOMETRY))
    return Features(
        file=file,
        layer=layer,
        columns={name: [cell_text(cell) for cell in cells] for name, cells in columns.items()},
        ids=[cell_text(one) for one in ids] or [None] * len(rows),
        shapes=shapes,
        in_degrees=in_degrees,
    )


def _bare(blob: object) -> bytes | None:
    """Return the WKB inside of a GeoPackage's geometry; what can't be one gives bytes that can't be read."""
    if blob is None:
        return None
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < _HEADER:
        return b""
    kind = blob[3] >> 1 & 0b111
    return blob[_HEADER + _ENVELOPES[kind] :] if kind < len(_ENVELOPES) else b""


# --- frames with geometries -------------------------------------------------------------------------


def is_geo_frame(source: object) -> bool:
    """Whether something is a frame of GeoPandas, which need not be installed for that."""
    return all(hasattr(source, name) for name in ("geometry", "crs", "to_crs", "columns"))


def features_of_frame(file: str, frame: Any, faults: list[Fault]) -> Features | None:  # Any: GeoPandas isn't installed
    """Return the features of a frame of GeoPandas; without a system they are degrees if all would lie in China."""
    shapes: Shapes = np.array(frame.geometry.array, dtype=object)
    in_degrees: bool | None = _are_degrees(shapes)
    if frame.crs is not None:
        in_degrees = system_of(frame.crs.to_epsg())
        if in_degrees is None:
            faults.append(Fault(file=file, column="crs", message=_unknown_system(frame.crs.to_string()[:40])))
            return None
    names = [name for name in frame.columns if name != frame.geometry.name]
    return Features(
        file=file,
        columns={str(name): [cell_text(cell) for cell in frame[name].tolist()] for name in names},
        ids=[None] * len(shapes),
        shapes=shapes,
        in_degrees=bool(in_degrees),
    )


def _are_degrees(shapes: Shapes) -> bool:
    """Whether geometries of which nobody said what they are in are degrees."""
    import shapely

    bounds = shapely.bounds(shapes).reshape(-1, 2)
    return looks_like_degrees(bounds[np.isfinite(bounds).all(axis=1)])


CHINA: Final = np.array([[73.0, 3.0], [136.0, 54.0]])
"""Degrees between which all of China lies, islands included. Metres of somebody's own plane seldom all do."""


def looks_like_degrees(where: npt.NDArray[np.float64]) -> bool:
    """Whether points of which nobody said what they are, shape (n, 2), are degrees: all would lie in China."""
    return bool(len(where)) and bool(((where >= CHINA[0]) & (where <= CHINA[1])).all())


# --- lines ------------------------------------------------------------------------------------------


def lines_of(shape: Any) -> Iterator[tuple[tuple[float, float], ...]]:  # Any: a geometry of shapely
    """Yield the lines of a geometry, and the outlines of its areas; nothing for points."""
    import shapely

    for part in shapely.get_parts(shape):
        kind = shapely.get_type_id(part)
        if kind >= shapely.GeometryType.MULTIPOINT:
            yield from lines_of(part)
            continue
        for line in shapely.get_parts(shapely.boundary(part) if kind == shapely.GeometryType.POLYGON else part):
            if shapely.get_type_id(line) in (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING):
                yield tuple((float(x), float(y)) for x, y in shapely.get_coordinates(line).tolist())
