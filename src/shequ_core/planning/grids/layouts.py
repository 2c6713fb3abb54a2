"""From tables to layouts: which buildings are a community's, where they stand and what touches.

`split` looks at all communities at once and names every fault; `lay_out` draws the neighbour graph of one and
finds no fault any more, so that it can be left to worker processes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.errors import Fault, InputError, Message, msg
from shequ_core.model.buildings import Adjacency, Building, EarlierGrid
from shequ_core.planning.grids.codes import DIGITS
from shequ_core.planning.grids.layout import Basis, Floats, Ints, Layout
from shequ_core.planning.grids.neighbours import Line, crossing, neighbours, sorted_pairs
from shequ_core.policy.book import COMMUNITY_DIGITS
from shequ_core.tables.buildings import (
    Adjacencies,
    Barriers,
    Buildings,
    EarlierGrids,
    read_adjacency,
    read_barriers,
    read_buildings,
    read_previous,
    read_retired,
)
from shequ_core.tables.checks import fault_at, line_of
from shequ_core.tables.columns import TextColumn
from shequ_core.tables.geo import CHINA
from shequ_core.tables.plane import Plane

T = TypeVar("T")
Bools: TypeAlias = "npt.NDArray[np.bool_]"
# All end in `object`: a data frame may be of any library, and the readers say what else they take.
BuildingsLike: TypeAlias = "Buildings | Path | str | Sequence[Building | Mapping[str, object]] | object"
AdjacencyLike: TypeAlias = (
    "Adjacencies | Path | str | Sequence[Adjacency | tuple[str, str]] | Mapping[str, Sequence[str]] | object"
)
BarriersLike: TypeAlias = "Barriers | Path | str | Sequence[Sequence[tuple[float, float]]] | object"
PreviousLike: TypeAlias = (
    "EarlierGrids | Path | str | Sequence[EarlierGrid | tuple[str, str]] | Mapping[str, str] | object"
)

_NAMED: Final = 10
"""So many buildings are named in a sentence."""

_MOST_DEGREES: Final = np.array([180.0, 90.0])

_LOOKS_LIKE_DEGREES: Final = 2.0
"""Several buildings, or a barrier, all within so many metres and all numbers within `CHINA`: these are degrees."""

_NEAR_BARRIER: Final = 5
"""If no barrier comes so many kilometres near, something is wrong with one or the other."""

_DEGREES_OF_KM: Final = 0.016
"""More degrees than a kilometre has anywhere in China."""

_SEVERAL: Final = 3

_FARTHEST: Final = 100
_OUTLYING: Final = 20
"""A building so many kilometres from the middle of its community, and so many times farther than most are, stands
somewhere else."""

_MOST_HOUSEHOLDS: Final = 100_000
"""More stand for a slip of the pen, or for a number of something else."""


@attrs.frozen(kw_only=True, eq=False)
class Part:
    """What is known of one community, before it is told what touches. Small, to be sent to another process.

    Attributes:
        stated: Pairs of places that were said to touch; None where nobody said so.
        rest: As in `Layout`.
    """

    community: str | None
    ids: tuple[str, ...]
    households: Ints
    estates: Ints
    estate_names: tuple[str, ...]
    stated: Ints | None
    coordinates: Floats | None
    in_degrees: bool
    footprints: tuple[str | None, ...]
    barriers: tuple[Line, ...]
    previous: tuple[str | None, ...]
    retired: tuple[str, ...]
    notes: tuple[Message, ...]


def layouts(
    buildings: BuildingsLike,
    adjacency: AdjacencyLike = None,
    barriers: BarriersLike = None,
    previous: PreviousLike = None,
) -> list[Layout]:
    """Return the layout of every community.

    Args:
        buildings: A `Buildings` table, a file (see `read_buildings`), facts, or a data frame.
        adjacency: What touches: table, file, pairs, or a frame. Without it, points tell; without points, estates
            and the order of ids do, and a note says so.
        barriers: Roads, rivers and railways nobody crosses: a file, or lines in the buildings' coordinates.
        previous: The grid that each building was in: table, file, plan of ours, pairs, or a frame.

    Raises:
        InputError: Something is wrong: every fault, with file and row.
    """
    return [lay_out(part) for part in split(buildings, adjacency, barriers, previous)]


def split(
    buildings: BuildingsLike,
    adjacency: AdjacencyLike = None,
    barriers: BarriersLike = None,
    previous: PreviousLike = None,
) -> list[Part]:
    """Return what is known of each community, in the order of codes; arguments and errors as for `layouts`."""
    faults: list[Fault] = []
    table = _tried(read_buildings, buildings, faults)
    others = (
        None if adjacency is None else _tried(read_adjacency, adjacency, faults),
        None if barriers is None else _tried(read_barriers, barriers, faults),
        None if previous is None else _tried(read_previous, previous, faults),
    )
    if table is None:
        raise InputError(faults)
    retired = () if others[2] is None else read_retired(previous)
    found = list(_Whole(table, *others, faults, retired).parts())
    if faults:
        raise InputError(faults)
    return found


def _tried(reader: Callable[[object], T], source: object, faults: list[Fault]) -> T | None:
    try:
        return reader(source)
    except InputError as error:
        faults.extend(error.faults)
        return None


def lay_out(part: Part) -> Layout:
    """Return the layout of one community."""
    notes = list(part.notes)
    points = None
    if part.coordinates is not None:
        plane = Plane.about(part.coordinates, in_degrees=part.in_degrees)
        points = plane.metres(part.coordinates)
    if part.stated is not None:
        basis, edges = Basis.STATED, part.stated
        if part.barriers and part.coordinates is not None:
            over = crossing(part.coordinates, edges, part.barriers)
            if len(over):
                notes.append(
                    msg(
                        "{count} of the adjacencies given cross a barrier; they hold, since each may be a bridge or an"
                        " underpass",
                        count=len(over),
                    )
                )
    elif part.coordinates is not None:
        basis = Basis.GEOMETRY
        found = neighbours(part.coordinates, plane, footprints=part.footprints, barriers=part.barriers)
        edges = found.edges
        if len(found.on_barrier):
            notes.append(
                msg(
                    "these buildings stand on a barrier and are taken to be on the side of their nearest neighbour:"
                    " {buildings}",
                    buildings=_some([part.ids[place] for place in found.on_barrier.tolist()]),
                )
            )
        same = len(part.ids) - len(np.unique(part.coordinates, axis=0))
        if same:
            notes.append(msg("{count} buildings have the same point as another, so that they all touch", count=same))
    else:
        basis, edges = Basis.ORDER, _in_order(part)
        if len(part.ids) > 1:
            notes.append(
                msg(
                    "Neither adjacencies nor points were given: buildings are taken to touch one after the other,"
                    " estate by estate in the order of their ids. Whether grids are in one piece on the ground is"
                    " not known"
                )
            )
    lone = np.setdiff1d(np.flatnonzero(part.households), edges)
    if len(lone) and len(part.ids) > 1:
        named = _some([part.ids[one] for one in lone.tolist()])
        notes.append(msg("these buildings touch no other: {buildings}", buildings=named))
    if part.barriers and part.coordinates is None:
        notes.append(msg("Barriers were given but not every building has a point, so that they part nothing"))
    return Layout(
        community=part.community,
        ids=part.ids,
        households=part.households,
        estates=part.estates,
        estate_names=part.estate_names,
        edges=edges,
        basis=basis,
        points=points,
        coordinates=part.coordinates,
        in_degrees=part.in_degrees,
        footprints=part.footprints,
        barriers=part.barriers,
        previous=part.previous,
        retired=part.retired,
        notes=tuple(notes),
    )


def _in_order(part: Part) -> Ints:
    """Return a path through all buildings, estate by estate; those of no estate come last."""
    last = np.where(part.estates < 0, len(part.estate_names), part.estates)
    path = np.argsort(last, kind="stable")
    pairs = np.sort(np.column_stack([path[:-1], path[1:]]), axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _some(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(ids) if len(ids) <= _NAMED else (*ids[:_NAMED], "…")


# --- natural order ----------------------------------------------------------------------------------

_DIGITS: Final = re.compile("([0-9]+)")


def natural_key(text: str) -> tuple[tuple[tuple[bool, int, str], ...], str]:
    """Return by what texts are put in natural order: '2' before '10' before 'a'; '02' before '2', which is as much."""
    parts = enumerate(_DIGITS.split(text))  # every other one is a number
    key = tuple((False, int(part), "") if place & 1 else (True, 0, part) for place, part in parts if part)
    return key, text


def natural_ranks(texts: Sequence[str]) -> Ints:
    """Return each text's place in natural order."""
    keys = [natural_key(text) for text in texts]
    ranks = np.empty(len(texts), dtype=np.int64)
    ranks[sorted(range(len(texts)), key=keys.__getitem__)] = np.arange(len(texts))
    return ranks


# --- all communities at once ------------------------------------------------------------------------


class _Whole:
    """All that was given, looked at together.

    Attributes:
        faults: What is wrong is added here.
        coordinates: Where each building stands, in the order of the table; nought where nobody knows.
        pointed: Whether somebody does.
        misplaced: Rows of which it is told already that where they stand is wrong.
        in_degrees: Whether these are degrees.
    """

    in_degrees: bool
    coordinates: Floats
    pointed: Bools

    def __init__(
        self,
        buildings: Buildings,
        adjacency: Adjacencies | None,
        barriers: Barriers | None,
        previous: EarlierGrids | None,
        faults: list[Fault],
        retired: Sequence[str],
    ) -> None:
        self.retired = retired
        self.buildings, self.adjacency, self.barriers, self.previous = buildings, adjacency, barriers, previous
        self.faults = faults
        self.misplaced: set[int] = set()

    def say(self, row: int | None, field: str | None, message: Message) -> None:
        """Name what is wrong with a building; {building} in the sentence is its id."""
        if row is not None:
            message = attrs.evolve(message, parts={**message.parts, "building": self.name(row)})
        self.faults.append(fault_at("buildings", self.buildings, row, field, message))

    def name(self, row: int) -> str:
        """Return a building's id."""
        return str(self.buildings.id.row(row))

    def parts(self) -> Iterator[Part]:
        """Yield the communities; nothing where there is a fault."""
        table = self.buildings
        if not len(table):
            self.say(None, None, msg("there are no buildings: give every building a row"))
            return
        self._rows()
        self._places()
        edges = self._edges()
        grids = self._grids()
        order, starts = self._order()
        partly = self._partly(order, starts, edges)
        self._unlike_barriers()
        if self.faults:
            return
        at = np.empty(len(order), dtype=np.int64)
        at[order] = np.arange(len(order))
        ends = np.append(starts[1:], len(order))
        ids = table.id.take(order).to_list()
        households, estates = table.households.values[order], table.estate.take(order)
        footprints = table.footprint.take(order)
        coordinates = self.coordinates[order]
        stated = None if edges is None else sorted_pairs(at[edges])
        lines = self._lines(order, starts)
        elsewhere = self._barriers_elsewhere()
        gone = self._gone(grids[1])
        retired = self._retired(*grids)
        codes = [None if code is None else str(code) for code in table.community.take(order[starts]).to_list()]
        for place, (first, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            notes: list[Message] = []
            own = None
            if stated is not None:
                own = stated[np.searchsorted(stated[:, 0], first) : np.searchsorted(stated[:, 0], end)] - first
                if not len(own) and len(starts) > 1 and end - first > 1:
                    own = None
                    notes.append(msg("The adjacencies given say nothing of this community"))
            has = self.pointed[order[first:end]]
            if partly[place]:
                notes.append(
                    msg(
                        "{count} of {all} buildings have no point: distances are counted in steps from building to"
                        " building",
                        count=int((~has).sum()), all=end - first,
                    )
                )
            if elsewhere and has.any():
                notes.append(
                    msg(
                        "no barrier comes within {near} km of any building: check the coordinates of both",
                        near=_NEAR_BARRIER,
                    )
                )
            names, at_names = _estates(estates.part(first, end))
            before = [grids[0].get(str(one)) for one in ids[first:end]] if grids[0] else []
            if not any(before):
                before = []
            new = [one for one, grid in zip(ids[first:end], before, strict=False) if grid is None]
            if before and new:
                notes.append(
                    msg("buildings that were in no grid before: {buildings}", buildings=_some(list(map(str, new))))
                )
            if grids[1] and not grids[0]:
                notes.append(
                    msg(
                        "none of the buildings of the earlier grids is here, so that all is drawn afresh: if ids are"
                        " written otherwise there, write them alike"
                    )
                )
            if gone.get(codes[place]):
                notes.append(
                    msg(
                        "buildings of the earlier grids that are not here any more: {buildings}",
                        buildings=_some(gone[codes[place]]),
                    )
                )
            outlines = footprints.part(first, end)
            yield Part(
                community=codes[place],
                ids=tuple(map(str, ids[first:end])),
                households=households[first:end],
                estates=at_names,
                estate_names=names,
                stated=own,
                coordinates=coordinates[first:end] if has.all() else None,
                in_degrees=self.in_degrees,
                footprints=() if outlines.none_known() else tuple(outlines.to_list()),
                barriers=lines[place],
                previous=tuple(before),
                retired=retired.get(codes[place], ()),
                notes=tuple(notes),
            )

    # --- what is looked at

    def _rows(self) -> None:
        """Look at ids, households and communities."""
        table = self.buildings
        codes = table.id.values
        count = np.bincount(codes, minlength=len(table.id.vocabulary))
        seen: dict[int, int] = {}
        for row in np.flatnonzero(count[codes] > 1).tolist():
            other = seen.setdefault(int(codes[row]), row)
            if other != row:
                message = msg(
                    "the building {building} stands in row {row} too: keep one of the two, or give each its own id",
                    row=line_of(table, other),
                )
                self.say(row, "id", message)
        for row in np.flatnonzero(~table.households.mask() | (table.households.values < 0)).tolist():
            self.say(row, "households", msg("the households of {building} must be known, 0 or more"))
        for row in np.flatnonzero(table.households.mask() & (table.households.values > _MOST_HOUSEHOLDS)).tolist():
            self.say(row, "households", msg("{building} has more households than any building: check the number"))
        if table.community.known is not None and not table.community.none_known():
            for row in np.flatnonzero(~table.community.known).tolist():
                message = msg("{building} has no community though others do: fill it in for all, or for none")
                self.say(row, "community", message)

    def _places(self) -> None:
        """Look at points and outlines, and put each building where it stands."""
        table = self.buildings
        degrees = self._pair("lon", "lat")
        metres = self._pair("x", "y")
        for row in np.flatnonzero(degrees & metres).tolist():
            message = msg("{building} has degrees and metres: keep one of the two")
            self.say(row, "x", message)
        if degrees.any() and (metres & ~degrees).any():
            row = int(np.flatnonzero(metres & ~degrees)[0])
            message = msg(
                "some buildings have degrees (lon, lat) and others, such as {building}, metres (x, y): give all the"
                " same"
            )
            self.say(row, "x", message)
            degrees = degrees | metres  # so that nobody is told to have no point
        self.in_degrees = bool(degrees.any())
        first, second = (table.lon, table.lat) if self.in_degrees else (table.x, table.y)
        self.coordinates = np.column_stack([first.values, second.values])
        self.pointed = degrees if self.in_degrees else metres
        outlines = self._outlines()
        if outlines is not None:
            self._from_outlines(*outlines)
        if self.in_degrees:
            self._no_degrees()
        else:
            self._degrees_as_metres()
        self._far_off()

    def _no_degrees(self) -> None:
        """Name degrees that are swapped, or none; once where all buildings have the same fault."""
        where = self.coordinates
        beyond = self.pointed & (np.abs(where) > _MOST_DEGREES).any(axis=1)
        turned = where[:, ::-1]
        swapped = self.pointed & np.where(
            beyond, (np.abs(turned) <= _MOST_DEGREES).all(axis=1), ~_in_china(where) & _in_china(turned)
        )
        for rows, message, whole in (
            (
                swapped, msg("longitude and latitude of {building} are swapped"),
                msg("longitude and latitude are swapped, of {building} as of all others"),
            ),
            (
                beyond & ~swapped,
                msg(
                    "{building} has coordinates beyond 180 and 90, which are no degrees: give metres as x and y, or"
                    " name their system in the file"
                ),
                msg(
                    "{building} and all others have coordinates beyond 180 and 90, which are no degrees: give metres as"
                    " x and y, or name their system in the file"
                ),
            ),
        ):
            wrong = np.flatnonzero(rows).tolist()
            if len(wrong) > 1 and len(wrong) == self.pointed.sum():
                self.say(wrong[0], "lon", whole)
                self.misplaced.update(wrong)
                continue
            for row in wrong:
                self.misplaced.add(row)
                self.say(row, "lon", message)

    def _far_off(self) -> None:
        """Name buildings that stand far from the rest of their community: metres among degrees, a nought, a slip."""
        table = self.buildings
        good = self.pointed.copy()
        good[sorted(self.misplaced)] = False
        code = np.where(table.community.mask(), table.community.values, -1)
        order = np.flatnonzero(good)[np.argsort(code[good], kind="stable")]
        for rows in np.split(order, np.flatnonzero(np.diff(code[order])) + 1):
            if len(rows) < _SEVERAL:
                continue
            middle = np.median(self.coordinates[rows], axis=0)[None]
            plane = Plane.about(middle, in_degrees=self.in_degrees)
            far = np.hypot(*(plane.metres(self.coordinates[rows]) - plane.metres(middle)).T)
            for row in rows[(far > 1_000 * _FARTHEST) & (far > _OUTLYING * np.median(far))].tolist():
                message = msg(
                    "{building} stands more than {far} km from the middle of its community: check its coordinates",
                    far=_FARTHEST,
                )
                self.say(row, "lon" if self.in_degrees else "x", message)

    def _pair(self, first: str, second: str) -> Bools:
        """Return which rows have both of two coordinates, and name those that have one."""
        one, other = self.buildings.column(first).mask(), self.buildings.column(second).mask()
        for row in np.flatnonzero(one != other).tolist():
            has, lacks = (first, second) if one[row] else (second, first)
            message = msg("{building} has {has} but no {lacks}: fill it in", has=has, lacks=lacks)
            self.say(row, lacks, message)
            self.misplaced.add(row)
        return one & other

    def _outlines(self) -> tuple[Ints, npt.NDArray[np.object_]] | None:
        """Return the rows with an outline, and the outlines."""
        column = self.buildings.footprint
        rows = np.flatnonzero(column.mask())
        if not len(rows):
            return None
        import shapely

        with np.errstate(invalid="ignore"):
            shapes = shapely.from_wkt(column.take(rows).to_list(), on_invalid="ignore")
        kinds = shapely.get_type_id(shapes)
        good = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
        good &= ~shapely.is_empty(shapes)
        for place in np.flatnonzero(~good).tolist():
            message = (
                msg("the outline of {building} can't be read: write it as WKT, {example}", example="POLYGON ((…))")
                if kinds[place] < 0
                else msg("the outline of {building} is no area: a polygon is wanted")
            )
            self.say(int(rows[place]), "footprint", message)
            self.misplaced.add(int(rows[place]))
        for place in np.flatnonzero(good & ~shapely.is_valid(shapes)).tolist():
            crossed = _CROSSED.search(str(shapely.is_valid_reason(shapes[place])))
            message = (
                msg("the outline of {building} is no proper area (no width, or parts in a wrong place): draw it anew")
                if crossed is None
                else msg("the outline of {building} crosses itself at {place}: draw it anew", place=crossed[1])
            )
            self.say(int(rows[place]), "footprint", message)
            self.misplaced.add(int(rows[place]))
            good[place] = False
        return rows[good], shapes[good]

    def _from_outlines(self, rows: Ints, shapes: npt.NDArray[np.object_]) -> None:
        """Put a building that has no point inside of its outline, and see that outlines are of the same system."""
        import shapely

        bounds = shapely.bounds(shapes).reshape(-1, 2, 2)
        if not len(rows):
            return
        inside_china = _in_china(bounds[:, 0]) & _in_china(bounds[:, 1])
        if not self.pointed.any():
            self.in_degrees = bool(inside_china.all())
        far: Bools = np.any(np.abs(bounds) > _MOST_DEGREES, axis=(1, 2))
        unlike = far if self.in_degrees else inside_china & ~_in_china(self.coordinates[rows])
        for row in rows[unlike].tolist():
            message = (
                msg("the outline of {building} is in metres and points are in degrees: give both alike")
                if self.in_degrees
                else msg("the outline of {building} is in degrees and points are in metres: give both alike")
            )
            self.say(row, "footprint", message)
        lacking = ~self.pointed[rows]
        if lacking.any():
            self.coordinates[rows[lacking]] = shapely.get_coordinates(shapely.point_on_surface(shapes[lacking]))
            self.pointed = self.pointed.copy()
            self.pointed[rows[lacking]] = True

    def _degrees_as_metres(self) -> None:
        """Name a community whose metres are degrees."""
        table = self.buildings
        where = self.coordinates
        suspicious = self.pointed & (_in_china(where) | _in_china(where[:, ::-1]))
        if suspicious.sum() < _SEVERAL:
            return
        code = np.where(table.community.mask(), table.community.values, -1)
        for one in np.unique(code[suspicious]).tolist():
            rows = np.flatnonzero(self.pointed & (code == one))
            wide = np.ptp(where[rows], axis=0).max()
            if suspicious[rows].all() and len(rows) >= _SEVERAL and 0 < wide < _LOOKS_LIKE_DEGREES:
                message = msg(
                    "x and y are metres, but all buildings around {building} would stand within {wide} metres: these"
                    " are degrees; name the columns lon and lat, or correct the system that the file names",
                    wide=round(float(wide), 3),
                )
                self.say(int(rows[0]), "x", message)

    def _edges(self) -> Ints | None:
        """Return the adjacencies that were given as pairs of rows, and name those that can't be."""
        table = self.adjacency
        if table is None:
            return None
        ids = self.buildings.id
        row_of = np.full(len(ids.vocabulary), -1, dtype=np.int64)
        row_of[ids.values[::-1]] = np.arange(len(ids))[::-1]
        one, other = (_rows_of(column, ids, row_of) for column in (table.a, table.b))
        for field, column, found in (("a", table.a, one), ("b", table.b, other)):
            for row in np.flatnonzero(found < 0).tolist():
                message = msg(
                    "there is no building {building}: correct the id, or add the building", building=column.row(row)
                )
                self.faults.append(fault_at("adjacency", table, row, field, message))
        both = (one >= 0) & (other >= 0)
        for row in np.flatnonzero(both & (one == other)).tolist():
            message = msg("the building {building} is said to touch itself: remove the row", building=table.a.row(row))
            self.faults.append(fault_at("adjacency", table, row, "b", message))
        if not self.buildings.community.none_known():
            codes = self.buildings.community.values
            for row in np.flatnonzero(both & (codes[one] != codes[other])).tolist():
                message = msg(
                    "{one} and {other} belong to two communities, and no grid reaches over both: remove the row, or"
                    " correct a building's community",
                    one=table.a.row(row), other=table.b.row(row),
                )
                self.faults.append(fault_at("adjacency", table, row, "b", message))
        return np.column_stack([one, other])[both]

    def _grids(self) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """Return the earlier grid of each building that is here, and the buildings that aren't, with theirs."""
        table = self.previous
        if table is None:
            return {}, []
        here = self.buildings.id.index()
        found: dict[str, str] = {}
        gone: dict[str, str] = {}
        for row, (building, grid) in enumerate(zip(table.building, table.grid, strict=True)):
            if building is None or grid is None:
                message = msg("building and grid must be known in every row")
                self.faults.append(fault_at("previous", table, row, "grid", message))
            elif (found if building in here else gone).setdefault(building, grid) != grid:
                message = msg("the building {building} was in two grids: keep the right one", building=building)
                self.faults.append(fault_at("previous", table, row, "grid", message))
        return found, list(gone.items())

    def _gone(self, gone: Sequence[tuple[str, str]]) -> dict[str | None, list[str]]:
        """Return the buildings that aren't here any more by the community to which their grid's code belongs."""
        found: dict[str | None, list[str]] = {}
        of_grid: dict[str, list[str]] = {}
        for building, grid in gone:
            of_grid.setdefault(grid, []).append(building)
        for grid, own in self._communities_of(of_grid):
            found.setdefault(own, []).extend(of_grid[grid])
        return {own: sorted(some, key=natural_key) for own, some in found.items()}

    def _retired(self, here: Mapping[str, str], gone: Sequence[tuple[str, str]]) -> dict[str | None, tuple[str, ...]]:
        """Return the codes of earlier grids of which no building is left, by community."""
        found: dict[str | None, list[str]] = {}
        for grid, own in self._communities_of({*self.retired, *(grid for _, grid in gone)}.difference(here.values())):
            found.setdefault(own, []).append(grid)
        return {own: tuple(codes) for own, codes in found.items()}

    def _communities_of(self, grids: Iterable[str]) -> Iterator[tuple[str, str | None]]:
        """Yield earlier grids with the community to which each belongs, those of communities elsewhere left out.

        Codes that don't say so are taken for the first community's.
        """
        code = self.buildings.community
        communities = {} if code.none_known() else code.index()
        for grid in sorted(grids):
            own = grid[:COMMUNITY_DIGITS]
            if not communities or own in communities:
                yield grid, own if communities else None
            elif len(grid) != COMMUNITY_DIGITS + DIGITS or not grid.isdecimal():
                yield grid, min(communities)

    def _order(self) -> tuple[Ints, Ints]:
        """Return the rows by community and in natural order, and where each community begins."""
        table = self.buildings
        code = table.community.rank() if table.community.known is None else np.zeros(len(table), dtype=np.int64)
        order = np.lexsort((natural_ranks(table.id.vocabulary)[table.id.values], code))
        new = np.flatnonzero(np.diff(code[order])) + 1
        return order, np.concatenate([[0], new]).astype(np.int64)

    def _partly(self, order: Ints, starts: Ints, edges: Ints | None) -> Bools:
        """Return in which communities some buildings have a point and others don't, which only adjacencies allow."""
        has = self.pointed[order].astype(np.int64)
        count = np.diff(np.append(starts, len(order)))
        with_points = np.add.reduceat(has, starts)
        partly: Bools = (with_points > 0) & (with_points < count)
        if not partly.any():
            return partly
        community = np.repeat(np.arange(len(starts)), count)
        of_row = np.empty(len(order), dtype=np.int64)
        of_row[order] = community
        told = np.zeros(len(starts), dtype=np.bool_)
        if edges is not None:
            told[of_row[edges[:, 0]]] = True
            told |= len(starts) == 1
        lacking = order[(partly & ~told)[community] & (has == 0)].tolist()
        for row in (one for one in lacking if one not in self.misplaced):
            message = msg(
                "{building} has no point though others of its community do: give it one, or say what touches"
                " (adjacency)"
            )
            self.say(row, "lon" if self.in_degrees else "x", message)
        return partly

    def _unlike_barriers(self) -> None:
        """Name barriers that are of another system than the buildings."""
        barriers = self.barriers
        if barriers is None or not self.pointed.any():
            return
        here = bool(_in_china(self.coordinates[self.pointed]).any())
        for place, line in enumerate(barriers.lines):
            where = np.asarray(line)
            no_degrees = bool((np.abs(where) > _MOST_DEGREES).any())
            # In somebody's own plane a short piece of road may well lie within the numbers that China's degrees have.
            looks = bool(_in_china(where).all()) and np.ptp(where, axis=0).max() < _LOOKS_LIKE_DEGREES
            swapped = not _in_china(where).all() and bool(_in_china(where[:, ::-1]).all())
            if self.in_degrees and swapped and barriers.in_degrees is not False:
                message = msg("longitude and latitude of the barrier are swapped")
            elif self.in_degrees and (no_degrees or barriers.in_degrees is False):
                message = msg("the barrier is in metres and the buildings are in degrees: give both alike")
            elif not self.in_degrees and (barriers.in_degrees or (looks and not here)):
                message = msg("the barrier is in degrees and the buildings are in metres: give both alike")
            else:
                continue
            self.faults.append(Fault(file=barriers.file, row=barriers.rows[place], message=message))

    def _barriers_elsewhere(self) -> bool:
        """Whether there are barriers, and points of buildings, but the ones are nowhere near the others."""
        if self.barriers is None or not self.barriers.lines or not self.pointed.any():
            return False
        spots = self.coordinates[self.pointed]
        reach = _NEAR_BARRIER * (_DEGREES_OF_KM if self.in_degrees else 1_000)
        low, high = spots.min(axis=0) - reach, spots.max(axis=0) + reach
        lines = [np.asarray(line) for line in self.barriers.lines]
        return not any(((line.max(axis=0) >= low) & (line.min(axis=0) <= high)).all() for line in lines)

    def _lines(self, order: Ints, starts: Ints) -> list[tuple[Line, ...]]:
        """Return the barriers that come near each community."""
        if self.barriers is None:
            return [()] * len(starts)
        lines = self.barriers.lines
        if len(starts) == 1:
            return [lines]
        import shapely

        where = np.where(self.pointed[:, None], self.coordinates, np.nan)[order]
        low, high = np.fmin.reduceat(where, starts), np.fmax.reduceat(where, starts)
        grown = (high - low).max(axis=1, keepdims=True) * _AROUND
        boxes: npt.NDArray[Any] = shapely.box(*(low - grown).T, *(high + grown).T)  # Any: of geometries
        tree = shapely.STRtree([shapely.linestrings(line) for line in lines])
        near: list[list[int]] = [[] for _ in starts]
        known = np.flatnonzero(~np.isnan(low).any(axis=1))
        community, line = tree.query(boxes[known], predicate="intersects")
        for one, other in zip(known[community].tolist(), line.tolist(), strict=True):
            near[one].append(other)
        return [tuple(lines[one] for one in sorted(found)) for found in near]


_CROSSED: Final = re.compile(r"elf-intersection\[([^\]]+)\]$")
"""Where an outline crosses itself, in GEOS's reason."""

_AROUND: Final = 0.2
"""Barriers within a fifth of a community's width around it are kept with it, for its map."""


def _in_china(where: Floats) -> Bools:
    found: Bools = ((where >= CHINA[0]) & (where <= CHINA[1])).all(axis=1)
    return found


def _rows_of(column: TextColumn, ids: TextColumn, row_of: Ints) -> Ints:
    codes = column.codes_in(ids)
    return np.where(codes >= 0, row_of[codes], -1)


def _estates(column: TextColumn) -> tuple[tuple[str, ...], Ints]:
    """Return the estates' names in natural order, and each building's place among them, -1 where it has none."""
    mask = column.mask()
    used = np.unique(column.values[mask])
    names = sorted((column.vocabulary[code] for code in used.tolist()), key=natural_key)
    place = {name: number for number, name in enumerate(names)}
    return tuple(names), np.array([-1 if one is None else place[one] for one in column.to_list()], dtype=np.int64)
