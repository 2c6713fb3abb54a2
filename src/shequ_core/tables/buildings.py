"""Tables of buildings, of what joins them, of the grids they were in, and barriers; each from whatever holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self, TypeAlias, TypeVar

import attrs
import numpy as np

from shequ_core.errors import Fault, InputError, Message, msg
from shequ_core.model.buildings import Adjacency, BarrierRow, Building, EarlierCode, EarlierGrid
from shequ_core.tables.columns import Bools, Column, FloatColumn, Floats, IntColumn, TextColumn
from shequ_core.tables.geo import (
    GEO_FILES,
    Features,
    Shapes,
    cell_text,
    features_of,
    features_of_frame,
    is_geo_frame,
    layers_of,
    lines_of,
    looks_like_degrees,
    read_json,
)
from shequ_core.tables.headers import field_of
from shequ_core.tables.table import Table

AnyTable = TypeVar("AnyTable", bound=Table[Any])  # Any: tables of every kind of fact
Line: TypeAlias = "tuple[tuple[float, float], ...]"


class Buildings(Table[Building]):
    """Buildings, one row each."""

    id: TextColumn
    community: TextColumn
    households: IntColumn
    estate: TextColumn
    lon: FloatColumn
    lat: FloatColumn
    x: FloatColumn
    y: FloatColumn
    footprint: TextColumn


class Adjacencies(Table[Adjacency]):
    """Pairs of buildings that touch."""

    a: TextColumn
    b: TextColumn


class EarlierGrids(Table[EarlierGrid]):
    """The grid of each building before a redrawing."""

    building: TextColumn
    grid: TextColumn


class EarlierCodes(Table[EarlierCode]):
    """Codes of grids, whatever buildings they have."""

    grid: TextColumn


class BarrierRows(Table[BarrierRow]):
    """Barriers as a plain file holds them."""

    line: TextColumn
    wkt: TextColumn
    lon: FloatColumn
    lat: FloatColumn
    x: FloatColumn
    y: FloatColumn


@attrs.frozen(kw_only=True)
class Barriers:
    """Main roads, railways and rivers that nobody crosses, as lines.

    Attributes:
        lines: Each a row of points (x, y); of an area its outline.
        rows: Where each was read, as a person counts.
        in_degrees: Whether these are degrees; None where nothing said so, and they are what the buildings' are.
        file: The file's name.
    """

    lines: tuple[Line, ...]
    rows: tuple[int, ...]
    in_degrees: bool | None = None
    file: str = "barriers"

    @classmethod
    def of(cls, lines: Iterable[Iterable[Sequence[float]]]) -> Self:
        """Make barriers of lines that are in the system of the buildings."""
        made = tuple(tuple((float(point[0]), float(point[1])) for point in line) for line in lines)
        return cls(lines=made, rows=tuple(range(1, len(made) + 1)))


NAMES: Final[Mapping[type[Table[Any]], tuple[str, ...]]] = {  # Any: tables of every kind of fact
    Buildings: ("buildings", "楼栋"),
    Adjacencies: ("adjacencies", "adjacency", "楼栋相邻", "相邻", "邻接"),
    EarlierGrids: ("grids", "previous", "网格"),
    EarlierCodes: ("grids", "网格", "retired codes", "停用代码"),
    BarrierRows: ("barriers", "屏障"),
}
"""What a sheet or a layer of each may be called; errors call a table without a file by the first."""


# --- reading ----------------------------------------------------------------------------------------


def read_buildings(source: object) -> Buildings:
    """Read buildings.

    Args:
        source: A table; a path to CSV, XLSX, Parquet, GeoJSON (.geojson, .json) or a GeoPackage; a data frame, of
            GeoPandas too; or a sequence of `Building` or of mappings. Columns go by English or Chinese names (id,
            households, estate, community, lon and lat or x and y, footprint); others are left aside. A feature's
            geometry is its building's point or outline.

    Raises:
        InputError: It can't be read: every fault, with file and row.
    """
    faults: list[Fault] = []
    table: Buildings | None
    if _has_features(source):
        table = _buildings_of(_features(Buildings, source, faults), faults)
    else:
        table = _read(Buildings, source, faults)
        if table is not None:
            table = _with_points(table)
    return _whole(table, faults)


def read_adjacency(source: object) -> Adjacencies:
    """Read which buildings touch.

    Args:
        source: A table; a path to CSV, XLSX or Parquet with two columns (a and b, source and target, from and to …)
            or to JSON, `[[a, b], …]` or `{a: [b, …]}`; a data frame; such a mapping; or a sequence of pairs.

    Raises:
        InputError: It can't be read: every fault, with file and row.
    """
    return _pairs(Adjacencies, source, _touching)


def read_previous(source: object) -> EarlierGrids:
    """Read the grid that each building was in.

    Args:
        source: A table; a path to CSV, XLSX, Parquet, GeoJSON or a GeoPackage with each building's id and grid, or to
            JSON, `{"grids": {id: code}}` as `shequ grids` writes it or `{id: code}`; a data frame; such a mapping;
            or a sequence of pairs.

    Raises:
        InputError: It can't be read: every fault, with file and row.
    """
    return _pairs(EarlierGrids, source, _gridded)


def read_retired(source: object) -> tuple[str, ...]:
    """Return the codes that earlier grids had, as far as what `read_previous` reads names them beside buildings.

    Those are the grids and the retired codes of a plan as `shequ grids` writes it (JSON, GeoJSON, XLSX), or a
    workbook's sheets of such names; of anything else it is none.
    """
    found: list[object] = []
    if isinstance(source, (str, Path)):
        path = Path(source)
        if path.suffix.casefold() == ".xlsx":
            from shequ_core.tables.files import read_sheets

            for table in read_sheets(EarlierCodes, path, NAMES[EarlierCodes]):
                found += table.grid.to_list()
        elif path.suffix.casefold() in GEO_FILES - {".gpkg"}:
            found = _codes_of(read_json(path, []))
    else:
        found = _codes_of(source)
    return tuple(sorted({one for one in found if isinstance(one, str) and one}))


def _codes_of(given: Any) -> list[object]:  # Any: JSON
    """Return the codes of grids that a plan names, whatever buildings they have."""
    if not isinstance(given, Mapping):
        return []
    found: list[object] = []
    retired, features = given.get("retired"), given.get("features")
    if isinstance(retired, Sequence) and ("grids" in given or "features" in given):
        found += retired
    for plan in (given, *_plans_of(given)):
        by_grid = plan.get("by_grid")
        found += by_grid if isinstance(by_grid, Mapping) else []
    for one in features if isinstance(features, list) else ():
        told = one.get("properties") if isinstance(one, Mapping) else None
        if isinstance(told, Mapping) and told.get("kind") == "grid":
            found.append(told.get("grid"))
    return found


def _plans_of(given: Mapping[Any, Any]) -> Iterator[Mapping[Any, Any]]:  # Any: JSON
    """Yield the plan of each community of a plan of several."""
    plans = given.get("communities")
    if "grids" in given and isinstance(plans, Mapping):
        yield from (one for one in plans.values() if isinstance(one, Mapping))


def read_barriers(source: object) -> Barriers:
    """Read barriers.

    Args:
        source: `Barriers`; a path to GeoJSON or a GeoPackage of lines or areas (an area stands for its outline), or to
            CSV, XLSX or Parquet with a column of WKT or a row a point: line, and lon and lat or x and y, in the
            order in which the line passes them; a data frame of the same; or a sequence of lines or geometries.

    Raises:
        InputError: It can't be read: every fault, with file and row.
    """
    if isinstance(source, Barriers):
        return source
    faults: list[Fault] = []
    found: Barriers | None
    if _has_features(source):
        features = _features(BarrierRows, source, faults)
        found = None if features is None else _lines(features, faults)
    elif _listed(source):
        assert isinstance(source, Sequence)
        found = _lines_of_sequence(source, faults)
    else:
        table = _read(BarrierRows, source, faults)
        found = None if table is None or faults else _lines_of_rows(table, faults)
    if faults or found is None:
        raise InputError(faults)
    return found


def _whole(table: AnyTable | None, faults: list[Fault]) -> AnyTable:
    if faults or table is None:
        raise InputError(faults)
    return table


def _listed(source: object) -> bool:
    return isinstance(source, Sequence) and not isinstance(source, (str, bytes))


def _read(kind: type[AnyTable], source: object, faults: list[Fault]) -> AnyTable | None:
    """Read a table from all but features: a table, a file, facts or mappings, a frame."""
    if isinstance(source, kind):
        return source
    if isinstance(source, (str, Path)):
        return _read_path(kind, Path(source), faults)
    if _listed(source):
        assert isinstance(source, Sequence)
        if all(isinstance(one, kind.fact) for one in source):
            try:
                return kind.of(source)
            except ValueError:  # a number that is none, or not whole: read as rows, whoever has it is named
                return _of_records(kind, NAMES[kind][0], [attrs.asdict(one) for one in source], faults)
        if not all(isinstance(one, Mapping) for one in source):
            said = msg("these are neither facts nor mappings nor a data frame nor the path of a file")
            faults.append(Fault(file=NAMES[kind][0], message=said))
            return None
        return _of_records(kind, NAMES[kind][0], source, faults)
    from shequ_core.tables.frames import from_frame

    try:
        return from_frame(kind, source, free=True, name=NAMES[kind][0])
    except InputError as error:
        faults.extend(error.faults)
        return None


def _read_path(kind: type[AnyTable], path: Path, faults: list[Fault]) -> AnyTable | None:
    from shequ_core.tables.files import read_table

    if not path.is_file():
        faults.append(Fault(file=path.name or str(path), message=msg("there is no such file")))
        return None
    if path.suffix.casefold() not in {".csv", ".xlsx", ".parquet"}:
        said = msg("a file of this kind is not read here: save it as .csv, .xlsx, .parquet, .geojson or .gpkg")
        faults.append(Fault(file=path.name, message=said))
        return None
    return read_table(kind, path, NAMES[kind], faults)


def _of_records(
    kind: type[AnyTable], file: str, records: Sequence[Any], faults: list[Fault]  # Any: mappings
) -> AnyTable | None:
    found = features_of(file, [dict(one) for one in records], faults)
    return None if found is None else _of_features(kind, found, faults)


# --- features ---------------------------------------------------------------------------------------


def _has_features(source: object) -> bool:
    if isinstance(source, (str, Path)):
        return Path(source).suffix.casefold() in GEO_FILES
    return is_geo_frame(source)


def _features(kind: type[Table[Any]], source: object, faults: list[Fault]) -> Features | None:  # Any: as above
    """Read features; of a GeoPackage those of the layer that is called so, or of the only fitting one."""
    if not isinstance(source, (str, Path)):
        return features_of_frame(NAMES[kind][0], source, faults)
    path = Path(source)
    if not path.is_file():
        faults.append(Fault(file=path.name or str(path), message=msg("there is no such file")))
        return None
    if path.suffix.casefold() != ".gpkg":
        found = read_json(path, faults)
        return None if found is None else _without_grids(features_of(path.name, found, faults))
    layers = layers_of(path, faults)
    for fits in (_is_called, _holds):
        if len(layers) > 1:
            layers = [one for one in layers if fits(kind, one)] or layers
    if len(layers) > 1:
        said = msg("the GeoPackage holds several layers: call the right one {name}", name=NAMES[kind][0])
        faults.append(Fault(file=path.name, message=said))
        return None
    return layers[0] if layers else None


def _without_grids(features: Features | None) -> Features | None:
    """Leave out the grids of a plan that we wrote, of which the features of buildings say all."""
    kinds = () if features is None else features.columns.get("kind", ())
    if features is None or "grid" not in features.columns or "grid" not in kinds:
        return features
    kept = [row for row, kind in enumerate(kinds) if kind != "grid"]
    return attrs.evolve(
        features,
        columns={name: [cells[row] for row in kept] for name, cells in features.columns.items()},
        ids=[features.ids[row] for row in kept],
        shapes=features.shapes[kept] if len(features.shapes) else features.shapes,
        rows=features.rows[kept],
    )


def _is_called(kind: type[Table[Any]], layer: Features) -> bool:  # Any: as above
    return str(layer.layer).casefold() in NAMES[kind]


def _holds(kind: type[Table[Any]], layer: Features) -> bool:  # Any: as above
    """Whether a layer has all columns that a table must have; for barriers, whether there is a line in it."""
    if kind is BarrierRows:
        return any(shape is not None and "Line" in shape.geom_type for shape in layer.shapes)
    found = {field_of(kind, name) for name in layer.columns} | {next(iter(kind.specs)) if any(layer.ids) else None}
    return all(spec.optional or name in found for name, spec in kind.specs.items())


def _of_features(kind: type[AnyTable], features: Features, faults: list[Fault]) -> AnyTable | None:
    """Read the properties of features as a table."""
    from shequ_core.tables.files import table_of_cells

    key = next(iter(kind.specs))
    columns = dict(features.columns)
    named = [name for name in columns if field_of(kind, name) == key]
    # What maps call 'building' says that it is one, or of what kind; the feature's own id is better, if it has one.
    if all(features.ids) and features.ids and not set(named) - {"building"}:
        for name in named:
            del columns[name]
        columns[key] = features.ids
    return table_of_cells(kind, features.file, features.layer, columns, features.rows, faults)


def _buildings_of(features: Features | None, faults: list[Fault]) -> Buildings | None:
    """Make buildings of features: their properties, and their geometry as point or outline."""
    if features is None:
        return None
    if not len(features):
        said = msg("there are no buildings: give every building a row")
        faults.append(Fault(file=features.file, sheet=features.layer, message=said))
        return None
    table = _of_features(Buildings, features, faults)
    if table is None or not _any(features.shapes):
        return table
    import shapely

    kinds = shapely.get_type_id(features.shapes)
    area = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    empty = shapely.is_empty(features.shapes)
    for row in np.flatnonzero((kinds >= 0) & ~empty & ~area & (kinds != shapely.GeometryType.POINT)).tolist():
        said = msg("a building is a point or an area, not a {kind}", kind=features.shapes[row].geom_type)
        at = int(features.rows[row])
        faults.append(Fault(file=features.file, sheet=features.layer, row=at, column="geometry", message=said))
    area &= ~empty
    outlines: list[str | None] = [None] * len(features)
    for row, text in zip(np.flatnonzero(area).tolist(), _wkt(features.shapes[area]), strict=True):
        outlines[row] = text
    return _placed(table, features.shapes, in_degrees=features.in_degrees).with_columns(
        footprint=TextColumn.of(outlines)
    )


def _wkt(shapes: Shapes) -> list[str]:
    import shapely

    return [str(text) for text in shapely.to_wkt(shapely.force_2d(shapes), rounding_precision=-1).tolist()]


def _any(shapes: Shapes) -> bool:
    return any(shape is not None for shape in shapes)


def _placed(table: Buildings, shapes: Shapes, *, in_degrees: bool) -> Buildings:
    """Put each building where its geometry is, and nowhere if it has none."""
    import shapely

    where = np.zeros((len(shapes), 2))
    known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    good = known & shapely.is_valid(shapes)
    where[known & ~good] = [_first_point(shape) for shape in shapes[known & ~good]] or np.zeros((0, 2))
    where[good] = shapely.get_coordinates(shapely.point_on_surface(shapes[good]))
    known = known & np.isfinite(where).all(axis=1)
    none = FloatColumn(np.zeros(len(shapes)), np.zeros(len(shapes), dtype=np.bool_))
    first, second = (FloatColumn(np.where(known, one, 0.0), known) for one in where.T)
    if in_degrees:
        return table.with_columns(lon=first, lat=second, x=none, y=none)
    return table.with_columns(lon=none, lat=none, x=first, y=second)


def _first_point(shape: Any) -> Floats:  # Any: a geometry of shapely
    import shapely

    found: Floats = shapely.get_coordinates(shape)[0]
    return found


def _with_points(table: Buildings) -> Buildings:
    """Take a point that stands in the column of outlines for the building's point."""
    texts = table.footprint.vocabulary
    pointed = [place for place, text in enumerate(texts) if text.lstrip()[:5].casefold() == "point"]
    if not pointed or (table.lon.known is None) or (table.x.known is None):
        return table
    import shapely

    mask = table.footprint.mask() & np.isin(table.footprint.values, pointed)
    shapes: Shapes = np.full(len(table), None, dtype=object)
    shapes[mask] = shapely.from_wkt(table.footprint.take(np.flatnonzero(mask)).to_list(), on_invalid="ignore")
    mask &= ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    where = np.zeros((len(table), 2))
    where[mask] = shapely.get_coordinates(shapes[mask])
    in_degrees = bool(table.lon.mask().any()) or looks_like_degrees(where[mask])
    fields = ("lon", "lat") if in_degrees else ("x", "y")
    changed: dict[str, Column[Any]] = {}  # Any: columns of every kind
    for field, given in zip(fields, where.T, strict=True):
        old = table.column(field)
        changed[field] = FloatColumn(np.where(mask, given, np.where(old.mask(), old.values, 0.0)), old.mask() | mask)
    return table.with_columns(**changed, footprint=table.footprint.unless(mask))


# --- pairs ------------------------------------------------------------------------------------------


def _pairs(
    kind: type[AnyTable], source: object, taken: Callable[[Any], list[tuple[object, object]] | None]  # Any: JSON
) -> AnyTable:
    """Read a table of two ids a row."""
    faults: list[Fault] = []
    file = NAMES[kind][0]
    if isinstance(source, kind):
        return source
    given: Any = source  # Any: JSON of whatever form
    if isinstance(source, (str, Path)) and Path(source).suffix.casefold() in GEO_FILES:
        path = Path(source)
        file = path.name
        if path.suffix.casefold() == ".gpkg":
            found = _features(kind, path, faults)
            return _whole(None if found is None else _of_features(kind, found, faults), faults)
        given = read_json(path, faults) if path.is_file() else None
        if given is None:
            if not faults:
                faults.append(Fault(file=path.name or str(path), message=msg("there is no such file")))
            raise InputError(faults)
        if isinstance(given, dict) and given.get("type") in {"FeatureCollection", "Feature"}:
            features = _without_grids(features_of(file, given, faults))
            return _whole(None if features is None else _of_features(kind, features, faults), faults)
    elif not isinstance(source, Mapping) and not _listed(source):
        return _whole(_read(kind, source, faults), faults)
    if isinstance(given, Sequence) and given and all(isinstance(one, kind.fact) for one in given):
        return kind.of(given)
    if isinstance(given, Sequence) and given and all(isinstance(one, Mapping) for one in given):
        return _whole(_of_records(kind, file, given, faults), faults)
    if kind is EarlierGrids and isinstance(given, Mapping) and given.get("status") == "invalid":
        raise InputError([Fault(file=file, message=_NO_PLAN)])
    pairs = taken(given)
    if pairs is None:
        raise InputError([Fault(file=file, message=_NO_PAIRS[kind])])
    from shequ_core.tables.files import table_of_cells

    fields = list(kind.specs)
    cells = {field: [cell_text(pair[place]) for pair in pairs] for place, field in enumerate(fields)}
    return _whole(table_of_cells(kind, file, None, cells, np.arange(1, len(pairs) + 1), faults), faults)


_NO_PAIRS: Final[Mapping[type[Table[Any]], Message]] = {  # Any: as above
    Adjacencies: msg(
        "what touches is wanted as pairs, {pairs}, or as {example}", pairs="[[a, b], …]", example='{"a": ["b", …]}'
    ),
    EarlierGrids: msg("the grid of each building is wanted, as {example}", example='{"grids": {"id": "code"}}'),
}


_NO_PLAN: Final = msg("this answer says what was wrong with its input and holds no grids: give the plan before it")


def _touching(given: Any) -> list[tuple[object, object]] | None:  # Any: JSON
    if isinstance(given, Mapping):
        inside = given.get("edges", given.get("adjacency"))
        if len(given) == 1 and isinstance(inside, (Mapping, Sequence)) and not _ids(inside):
            return _touching(inside)
        if not all(_listed(others) and _ids(others) for others in given.values()):
            return None
        return [(one, other) for one, others in given.items() for other in others]
    return _two_each(given)


def _gridded(given: Any) -> list[tuple[object, object]] | None:  # Any: JSON
    if isinstance(given, Mapping):
        inside = given.get("grids", given)
        if not isinstance(inside, Mapping) or not all(isinstance(code, (str, int)) for code in inside.values()):
            return None
        return list(inside.items())
    return _two_each(given)


def _two_each(given: Any) -> list[tuple[object, object]] | None:  # Any: JSON
    if not _listed(given) or not all(_listed(pair) and len(pair) == 2 and _ids(pair) for pair in given):
        return None
    return [(pair[0], pair[1]) for pair in given]


def _ids(given: Any) -> bool:  # Any: JSON
    return bool(given) and all(isinstance(one, (str, int)) for one in given) if _listed(given) else False


# --- barriers ---------------------------------------------------------------------------------------

_NO_LINE: Final = msg("a barrier is a line, or an area nobody crosses: what stands here is neither")


def _are_lines(lines: Sequence[Line]) -> bool:
    """Whether there are lines, each of two places or more that are somewhere."""
    return bool(lines) and all(len(set(line)) > 1 and np.isfinite(line).all() for line in lines)


def _lines(features: Features, faults: list[Fault]) -> Barriers:
    found: list[Line] = []
    rows: list[int] = []
    for row, shape in enumerate(features.shapes, 1):
        if shape is None or shape.is_empty:
            continue
        lines = list(lines_of(shape))
        if not _are_lines(lines):
            faults.append(
                Fault(file=features.file, sheet=features.layer, row=row, column="geometry", message=_NO_LINE)
            )
        found.extend(lines)
        rows.extend([row] * len(lines))
    return Barriers(lines=tuple(found), rows=tuple(rows), in_degrees=features.in_degrees, file=features.file)


def _lines_of_sequence(source: Sequence[Any], faults: list[Fault]) -> Barriers:  # Any: lines or geometries
    found: list[Line] = []
    rows: list[int] = []
    for row, one in enumerate(source, 1):
        try:
            lines = list(lines_of(one)) if hasattr(one, "geom_type") else [*Barriers.of([one]).lines]
        except (TypeError, ValueError, IndexError):
            lines = []
        if not _are_lines(lines):
            faults.append(Fault(file="barriers", row=row, message=_NO_LINE))
        found.extend(lines)
        rows.extend([row] * len(lines))
    return Barriers(lines=tuple(found), rows=tuple(rows))


def _lines_of_rows(table: BarrierRows, faults: list[Fault]) -> Barriers:
    """Put lines together from rows of WKT, or from a row a point."""
    origin = table.origin
    file = "barriers" if origin is None else origin.file
    sheet = None if origin is None else origin.sheet
    at = list(range(1, len(table) + 1)) if origin is None else origin.rows.tolist()

    def said(row: int, message: Message) -> None:
        faults.append(Fault(file=file, sheet=sheet, row=at[row], message=message))

    if table.wkt.mask().any():
        return _lines_of_wkt(table, file, at, said)
    degrees, metres = (_both(table, *fields) for fields in (("lon", "lat"), ("x", "y")))
    in_degrees = bool(degrees.any())
    good = degrees if in_degrees else metres
    half = (table.lon.mask() & ~degrees) | (table.x.mask() & ~metres)
    for row in np.flatnonzero(~good | (degrees & metres) | half).tolist():
        said(row, msg("every point of a barrier wants lon and lat, or x and y, the same pair in all rows"))
    first, second = (table.lon, table.lat) if in_degrees else (table.x, table.y)
    where = list(zip(first.values.tolist(), second.values.tolist(), strict=True))
    runs: dict[str | None, list[int]] = {}
    for row, name in enumerate(table.line):
        runs.setdefault(name, []).append(row)
    for run in runs.values():
        if good[run].all() and len({where[row] for row in run}) < 2:
            said(run[0], msg("a line has two points or more: this one has one alone"))
    lines = tuple(tuple(where[row] for row in run) for run in runs.values())
    return Barriers(lines=lines, rows=tuple(at[run[0]] for run in runs.values()), in_degrees=in_degrees, file=file)


def _both(table: BarrierRows, first: str, second: str) -> Bools:
    return table.column(first).mask() & table.column(second).mask()


def _lines_of_wkt(table: BarrierRows, file: str, at: Sequence[int], said: Callable[[int, Message], None]) -> Barriers:
    import shapely

    shapes = shapely.from_wkt(table.wkt.to_list(), on_invalid="ignore")
    found: list[Line] = []
    rows: list[int] = []
    for row, (text, shape) in enumerate(zip(table.wkt, shapes, strict=True)):
        lines = [] if shape is None else list(lines_of(shape))
        if text is not None and not _are_lines(lines):
            said(row, _NO_LINE)
        found.extend(lines)
        rows.extend([at[row]] * len(lines))
    return Barriers(lines=tuple(found), rows=tuple(rows), file=file)
