"""Fifteen-minute circles: which part of the households reaches each kind of facility on foot in time (JLG2.9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

import attrs
import numpy as np

from shequ_core.errors import Fault, InputError, msg
from shequ_core.model.facilities import FacilityKind
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy.book import COMMUNITY_DIGITS, PolicyBook
from shequ_core.policy.policy import Policy
from shequ_core.policy.service import DETOUR, WALK_MINUTES, WALKING_SPEED
from shequ_core.rules.facilities import households_within, walk_radius, within_walk
from shequ_core.tables.buildings import Buildings, read_buildings
from shequ_core.tables.columns import Bools, FloatColumn, IntColumn, Ints
from shequ_core.tables.facilities import Facilities
from shequ_core.tables.files import read_table
from shequ_core.tables.plane import Floats, Plane

_AT_ONCE: Final = 1 << 20
"""So many distances are measured at a time."""
_KEYS: Final = (WALK_MINUTES, WALKING_SPEED, DETOUR)


@attrs.frozen(kw_only=True)
class Reach:
    """How many of a community's households reach a kind of facility.

    Attributes:
        community: Its code; '' where the table of buildings names none.
        households: All that were counted.
        reached: Those within the walk.
        unknown: Those of buildings, or of kinds of facility, of which nobody knows where they are.
    """

    community: str
    kind: FacilityKind
    households: int
    reached: int
    unknown: int

    @property
    def share(self) -> Fraction | None:
        """The part of the households that reaches one; None where that hangs on unknown ones, or there is nobody."""
        if self.unknown or not self.households:
            return None
        return Fraction(self.reached, self.households)


@attrs.frozen(kw_only=True, eq=False)
class Circles:
    """Who reaches what.

    Attributes:
        reaches: By community and kind, in the order of codes.
        nearest: For each kind the metres in a straight line from each building to the nearest facility, n of them,
            unknown where nobody can say.
        within: For each kind whether that is within the walk.
        radius: Metres in a straight line that are within the walk, by community.
        policies: Whose walk it is.
    """

    buildings: Buildings
    facilities: Facilities
    reaches: tuple[Reach, ...]
    nearest: Mapping[FacilityKind, IntColumn]
    within: Mapping[FacilityKind, Bools]
    radius: Mapping[str, int]
    policies: tuple[Policy, ...]


def circles(
    buildings: object, facilities: Facilities | Path | str, on: date, *, policy: Policy | str | None = None,
    book: PolicyBook | None = None, known: date | None = None,
) -> Circles:
    """Say for each community and kind of facility how many households reach one on foot in time.

    A facility serves whoever can walk to it, whatever community it lies in. A kind of which the table has no row at
    all is unknown, since nobody was asked: to say that there is none, give a table with facilities of that kind
    elsewhere, or none of any kind.

    Args:
        buildings: The buildings, as for `divide`.
        facilities: The facilities, as a table or a file (CSV, XLSX, Parquet).
        on: The day.
        policy: Whose walk: a policy, or a place by code or name. Without it each community's own county.
        book: Where policies are asked; None for `PolicyBook.load()`.
        known: As known on that day; None for all that is known now.

    Raises:
        InputError: What was given can't be used: every fault, with file and row.
        UnsetError: Nobody set minutes, speed or detour: speed and detour are no figures of the text.
    """
    table = read_buildings(buildings)
    where = facilities if isinstance(facilities, Facilities) else read_facilities(facilities)
    _check(table, where)
    books = PolicyBook.load() if book is None and not isinstance(policy, Policy) else book
    law = policy if isinstance(policy, Policy) else None
    if isinstance(policy, str):
        assert books is not None
        law = books.policy(books.find(policy, on).code, on, known)
    communities = [one or "" for one in table.community.to_list()]
    names = sorted(set(communities))
    laws: dict[str, Policy] = {}
    for name in names:
        if law is None and len(name) != COMMUNITY_DIGITS:
            told = msg("a building names no community: name the place whose walk it is (--place)")
            raise InputError([Fault(file=_file(table.origin, "buildings"), column="community", message=told)])
        if law is None:
            assert books is not None
            laws[name] = books.policy(name[:COUNTY_DIGITS], on, known, placed_on=on)
        else:
            laws[name] = law
    policies = tuple({one.fingerprint: one for one in laws.values()}.values())
    _check_set(policies)
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(communities):
        rows.setdefault(name, []).append(row)
    nearest = {kind: np.full(len(table), -1, dtype=np.int64) for kind in FacilityKind}
    within = {kind: np.zeros(len(table), dtype=np.bool_) for kind in FacilityKind}
    reaches = []
    spots, stands = _points(table), _points(where)
    kinds = where.kind.to_list()
    of_kind = {one: np.flatnonzero([kind is one for kind in kinds]) for one in FacilityKind}
    for name in names:
        here = np.array(rows[name], dtype=np.int64)
        households = table.households.take(here)
        for kind in FacilityKind:
            there = of_kind[kind]
            metres = _nearest(spots[here], stands[there], in_degrees=_in_degrees(table))
            reached = within_walk(metres, laws[name])
            if not np.isfinite(stands[there]).all():  # one that nobody knows where it is may be near
                reached = reached.unless(reached.false())
            counted = households_within(households, reached)
            nearest[kind][here] = np.where(metres.mask(), metres.values, -1)
            within[kind][here] = reached.true()
            reaches.append(
                Reach(
                    community=name, kind=kind, households=int(households.values.sum()),
                    reached=int(counted.values[counted.mask()].sum()),
                    unknown=int(households.values[~counted.mask()].sum()),
                )
            )
    return Circles(
        buildings=table, facilities=where, reaches=tuple(reaches), within=within, policies=policies,
        nearest={kind: IntColumn(np.maximum(found, 0), found >= 0) for kind, found in nearest.items()},
        radius={name: walk_radius(law) for name, law in laws.items()},
    )


def read_facilities(source: Path | str) -> Facilities:
    """Read facilities from a CSV, XLSX or Parquet file.

    Raises:
        InputError: It can't be read: every fault, with file and row.
    """
    faults: list[Fault] = []
    path = Path(source)
    if not path.is_file():
        raise InputError([Fault(file=path.name or str(path), message=msg("there is no such file"))])
    table = read_table(Facilities, path, ("facilities", "设施", "服务设施"), faults)
    if faults or table is None:
        raise InputError(faults)
    return table


def _check(table: Buildings, where: Facilities) -> None:
    """Raise unless buildings and facilities can be measured against each other."""
    faults = []
    for one, file in ((table, _file(table.origin, "buildings")), (where, _file(where.origin, "facilities"))):
        if not len(one):
            faults.append(Fault(file=file, message=msg("there is no row in it")))
        degrees, metres = one.lon.mask() & one.lat.mask(), one.x.mask() & one.y.mask()
        half = (one.lon.mask() ^ one.lat.mask()) | (one.x.mask() ^ one.y.mask()) | (degrees & metres)
        wrong = degrees & ((np.abs(one.lon.values) > _EAST) | (np.abs(one.lat.values) > _NORTH))
        for row in np.flatnonzero(half | wrong).tolist():
            line = None if one.origin is None else int(one.origin.rows[row])
            told = msg("a place is lon and lat in degrees, or x and y in metres, and not half of a pair or both")
            faults.append(Fault(file=file, row=line, column="lon", message=told))
    mixed = {_in_degrees(one) for one in (table, where) if _points_known(one).any()}
    if len(mixed) > 1:
        told = msg("buildings and facilities have to be both in degrees, or both in metres of one plane")
        faults.append(Fault(file=_file(where.origin, "facilities"), column="lon", message=told))
    if faults:
        raise InputError(faults)


_EAST: Final = 180
_NORTH: Final = 90


def _check_set(policies: tuple[Policy, ...]) -> None:
    from shequ_core.errors import UnsetError

    missing = [one for policy in policies for one in policy.missing(tuple(map(str, _KEYS)))]
    if missing:
        raise UnsetError(missing)


def _file(origin: object, other: str) -> str:
    return getattr(origin, "file", None) or other


def _in_degrees(table: Buildings | Facilities) -> bool:
    return bool((table.lon.mask() & table.lat.mask()).any())


def _points_known(table: Buildings | Facilities) -> Bools:
    return (table.lon.mask() & table.lat.mask()) | (table.x.mask() & table.y.mask())


def _points(table: Buildings | Facilities) -> Floats:
    """Return where each is, shape (n, 2); not finite where nobody knows."""
    first, second = (table.lon, table.lat) if _in_degrees(table) else (table.x, table.y)

    def known(column: FloatColumn) -> Floats:
        return np.where(column.mask(), column.values, np.nan)

    return np.column_stack([known(first), known(second)])


def _nearest(spots: Floats, stands: Floats, *, in_degrees: bool) -> IntColumn:
    """Return the whole metres from each spot to the nearest stand that has a place, rounded up."""
    there: Bools = np.asarray(np.isfinite(spots).all(axis=1))
    stands = stands[np.isfinite(stands).all(axis=1)]
    found: Ints = np.zeros(len(spots), dtype=np.int64)
    if not len(stands) or not there.any():
        return IntColumn(found, np.zeros(len(spots), dtype=np.bool_))
    plane = Plane.about(spots[there], in_degrees=in_degrees)
    points, ends = plane.metres(np.where(there[:, None], spots, spots[there][0])), plane.metres(stands)
    step = max(1, _AT_ONCE // len(ends))
    for first in range(0, len(points), step):
        part = points[first : first + step]
        squared = ((part[:, None, :] - ends[None, :, :]) ** 2).sum(axis=2).min(axis=1)
        found[first : first + step] = np.ceil(np.sqrt(squared) - _NOTHING)
    return IntColumn(found, there)


_NOTHING: Final = 1e-6
"""Metres below which a distance is not rounded up."""
