"""Tables county by county: which county each row belongs to, and folders that hold a county each.

    nation/county=220104/communities.parquet, posts.parquet, workers.parquet …
    nation/county=220105/…

Each of them is a folder of tables as any other (`tables/files.py`), so that an office hands in its own, and whoever
works on a county opens no other's; readers of Hive-like folders find the county in the name. What somebody has on
record goes with them: a county has everybody who ever held a post in it, with all that they did elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np

from shequ_core.errors import Fault, msg
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.tables.checks import Pieces, elsewhere, fault_at
from shequ_core.tables.columns import Ints, TextColumn
from shequ_core.tables.dataset import TABLES, Dataset
from shequ_core.tables.in_post import places_in
from shequ_core.tables.table import Table

FOLDER: Final = "county="
"""How the name of a county's folder begins; its code follows."""

_CODE: Final = re.compile(rf"\d{{{COUNTY_DIGITS}}}", re.ASCII)
_CODED: Final[Mapping[str, str]] = {
    "communities": "code", "posts": "community", "grids": "community", "grid_members": "grid",
    "buildings": "community", "seats": "community", "demands": "community", "indicators": "community",
    "facilities": "community", "emergencies": "place", "arrangements": "place", "funds": "place",
}  # fmt: skip
"""By which code a row lies in a county; a place above counties lies in each of them."""
_OF_BUILDINGS: Final[Mapping[str, str]] = {"building_grids": "building", "adjacencies": "a", "arrangements": "place"}
"""By which building it does, where it isn't a code."""
_EVERYWHERE: Final = ("barriers",)
"""What every county gets: roads and rivers end at no boundary."""

AnyTable: TypeAlias = Table[Any]
"""A table of any kind of fact."""


def county_folders(folder: Path) -> tuple[dict[str, Path], list[Fault]]:
    """Return the folders of counties in a folder, by code, and what is called so but has no code."""
    found: dict[str, Path] = {}
    faults = []
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if not path.name.startswith(FOLDER) or not path.is_dir():
            continue
        code = path.name.removeprefix(FOLDER)
        if _CODE.fullmatch(code):
            found[code] = path
        else:
            told = msg("a county's folder is called by its six digits, as {name}", name=f"{FOLDER}220104")
            faults.append(Fault(file=path.name, message=told))
    return found, faults


# --- parting ------------------------------------------------------------------------------------------


def rows_by_county(data: Dataset) -> dict[str, dict[str, Ints]]:
    """Return the rows of each county in each table, in the order of its rows.

    A row stands in more than one county where it is of somebody who held posts in several, or of a place above them;
    where nothing tells, it stands under "".
    """
    counties = sorted(set(_start(data.communities.code).vocabulary) - {""})
    place_of = {code: place for place, code in enumerate(counties)}
    found: dict[str, dict[str, Ints]] = {code: {} for code in (*counties, "")}
    for name, table in data.tables():
        row, county = _placed(name, table, data, place_of)
        lost = np.setdiff1d(np.arange(len(table)), row)
        order = np.lexsort((row, county))
        bounds = np.searchsorted(county[order], np.arange(len(counties) + 1))
        for place, code in enumerate(counties):
            found[code][name] = row[order[bounds[place] : bounds[place + 1]]]
        found[""][name] = lost
    return found


def of_counties(data: Dataset, rows: Sequence[Mapping[str, Ints]]) -> Dataset:
    """Return some counties' part of all tables, from their rows of `rows_by_county`; each row once."""
    def some(name: str) -> Ints:
        return rows[0][name] if len(rows) == 1 else np.unique(np.concatenate([one[name] for one in rows]))

    return data.with_tables({name: _own(table.take(some(name))) for name, table in data.tables()})


def _own(table: AnyTable) -> AnyTable:
    """Return the same rows without the texts of others."""
    own: dict[str, TextColumn] = {}
    for name, column in table.columns().items():
        if isinstance(column, TextColumn) and len(column.vocabulary) > len(column):
            used, at = np.unique(column.values, return_inverse=True)
            own[name] = TextColumn(at, column.known, [column.vocabulary[place] for place in used.tolist()])
    return table.with_columns(**own)


def _start(codes: TextColumn) -> TextColumn:
    """Return the counties of codes in use; "" for what isn't as long as a county's."""
    used = TextColumn.of([codes.vocabulary[place] for place in np.unique(codes.values[codes.mask()]).tolist()])
    return TextColumn.of([one[:COUNTY_DIGITS] if _CODE.match(one) else "" for one in used.vocabulary])


def _placed(name: str, table: AnyTable, data: Dataset, place_of: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Return pairs of row and place of its county."""
    if name in _EVERYWHERE:
        return _each(np.arange(len(table)), list(range(len(place_of))))
    if name == "workers":
        return _with_people(data.workers.id, data, place_of)
    if "worker" in table.specs:
        return _with_people(_text(table, "worker"), data, place_of)
    if name in {"building_grids", "adjacencies"}:
        return _known(_by_building(_text(table, _OF_BUILDINGS[name]), data, place_of))
    codes = _text(table, _CODED[name])
    at = _by_code(codes, place_of)
    if name in _OF_BUILDINGS:
        at = np.where(at < 0, _by_building(codes, data, place_of), at)
    pairs = [_known(at)]
    if _CODED[name] == "place":
        for row in np.flatnonzero((at < 0) & codes.mask()).tolist():
            above = codes.row(row) or ""
            if len(above) < COUNTY_DIGITS:
                pairs.append(_each(np.array([row]), [at for code, at in place_of.items() if code.startswith(above)]))
    return np.concatenate([row for row, _ in pairs]), np.concatenate([county for _, county in pairs])


def _each(rows: Ints, counties: Sequence[int]) -> tuple[Ints, Ints]:
    return np.tile(rows, len(counties)), np.repeat(np.array(counties, dtype=np.int64), len(rows))


def _known(at: Ints) -> tuple[Ints, Ints]:
    rows = np.flatnonzero(at >= 0)
    return rows, at[rows]


def _by_code(codes: TextColumn, place_of: Mapping[str, int]) -> Ints:
    """Return the place of each code's county, -1 where there is none."""
    at = np.array([*(place_of.get(one[:COUNTY_DIGITS], -1) for one in codes.vocabulary), -1], dtype=np.int64)
    return np.where(codes.mask(), at[codes.values], -1)


def _by_building(ids: TextColumn, data: Dataset, place_of: Mapping[str, int]) -> Ints:
    if data.buildings is None:
        return np.full(len(ids), -1)
    return np.append(_by_code(data.buildings.community, place_of), -1)[places_in(ids, data.buildings.id)]


def _with_people(worker: TextColumn, data: Dataset, place_of: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Return each row once for every county in which its person ever held a post."""
    holdings, many = data.holdings, max(len(place_of), 1)
    person, at = places_in(holdings.worker, data.workers.id), _by_code(holdings.post, place_of)
    pairs = np.unique(person[(person >= 0) & (at >= 0)] * many + at[(person >= 0) & (at >= 0)])
    who, county = np.divmod(pairs, many)
    of_row = places_in(worker, data.workers.id)
    first, last = np.searchsorted(who, of_row), np.searchsorted(who, of_row, side="right")
    times = np.where(of_row >= 0, last - first, 0)
    rows = np.repeat(np.arange(len(worker)), times)
    step = np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times)
    return rows, county[np.repeat(first, times) + step]


def _text(table: AnyTable, field: str) -> TextColumn:
    column = table.column(field)
    assert isinstance(column, TextColumn)
    return column


# --- what a county's folder may hold ------------------------------------------------------------------


def strangers(pieces: Pieces, county: str) -> Iterator[Fault]:
    """Yield rows that a county's folder holds, though they belong to another."""
    for name, tables in pieces.items():
        for table in tables if name in _CODED else ():
            codes = _text(table, _CODED[name])
            for row in np.flatnonzero(elsewhere(codes, (county,))).tolist():
                there = FOLDER + str(codes.row(row))[:COUNTY_DIGITS]
                told = msg("the row is of another county: move it into the folder {folder}", folder=there)
                yield fault_at(name, table, row, _CODED[name], told)
    here: set[str] = set()
    anywhere: set[str] = set()
    for table in pieces.get("holdings", ()):
        worker, post = _text(table, "worker"), _text(table, "post")
        anywhere.update(worker.vocabulary)
        inside = worker.mask() & ~elsewhere(post, (county,))
        here.update(worker.vocabulary[place] for place in np.unique(worker.values[inside]).tolist())
    for table in pieces.get("workers", ()):
        for row in np.flatnonzero(_text(table, "id").is_in(anywhere - here).true()).tolist():
            told = msg("this person never held a post in this county: move all of theirs to where they did")
            yield fault_at("workers", table, row, "id", told)


# --- counties together --------------------------------------------------------------------------------


def uneven(given: Mapping[str, Iterable[str]]) -> Iterator[Fault]:
    """Yield each table that some counties give and others don't: it would count as examined in all of them.

    Args:
        given: The names of the tables that each county gives, by its code.
    """
    for name in TABLES:
        there = [code for code, names in given.items() if name in names]
        absent = [code for code, names in given.items() if name not in names]
        if there and absent:
            told = msg(
                "the table {table} is missing here and there in {folder}: add it, if only with its header", table=name,
                folder=FOLDER + there[0],
            )
            yield from (Fault(file=FOLDER + code, message=told) for code in absent)


def together(parts: Mapping[str, Pieces]) -> tuple[dict[str, list[AnyTable]], list[Fault]]:
    """Put counties' tables side by side; what stands in several of them is taken once, and has to be the same.

    Args:
        parts: The tables of each county by its code.
    """
    faults = list(uneven(parts))
    moved = _in_several(parts)
    found: dict[str, list[AnyTable]] = {}
    for name in TABLES:
        told: set[object] = set()
        theirs: dict[str, tuple[str, Counter[object]]] = {}
        for code, pieces in parts.items():
            before = frozenset(told)
            here = {person: Counter[object]() for person, counties in moved.items() if code in counties}
            for table in pieces.get(name, ()):
                kept = np.ones(len(table), dtype=np.bool_)
                key = _person(name, table)
                if key is not None:
                    ids = _text(table, key)
                    for row in np.flatnonzero(ids.is_in(moved).true()).tolist():
                        person = ids.vocabulary[ids.values[row]]
                        if person in here:  # else they are no worker there, which is a fault of its own
                            here[person][table[row]] += 1
                            kept[row] = person not in theirs
                elif name in _EVERYWHERE or _CODED.get(name) == "place":
                    kept[:] = [fact not in before for fact in table]
                    told.update(table)
                found.setdefault(name, []).append(table if kept.all() else table.where(kept))
            for person, facts in here.items():
                first, same = theirs.setdefault(person, (code, facts))
                if facts != same:
                    what = msg(
                        "somebody who held posts here and in {folder} has other rows there: write the same in both",
                        folder=FOLDER + first,
                    )
                    faults.append(Fault(file=f"{FOLDER}{code}/{name}", message=what))
    return found, faults


def _person(name: str, table: AnyTable) -> str | None:
    return "id" if name == "workers" else "worker" if "worker" in table.specs else None


def _in_several(parts: Mapping[str, Pieces]) -> dict[str, list[str]]:
    """Return who is among the workers of several counties, and of which."""
    found: dict[str, list[str]] = {}
    for code, pieces in parts.items():
        for table in pieces.get("workers", ()):
            ids = _text(table, "id")
            for place in np.unique(ids.values[ids.mask()]).tolist():
                found.setdefault(ids.vocabulary[place], []).append(code)
    return {person: counties for person, counties in found.items() if len(counties) > 1}
