"""Patrol plans: so many rounds a working day in each grid, every household within the month (JLW2.8b).

How it is made:
    The buildings of a grid stand in the order of a short walk through all of them. Their households, in that order,
    are cut into as many equal parts as there are rounds: each round calls on its part and no household twice, and
    the rounds of a grid differ by one household at most. A large building is spread over several rounds, a small
    one shares its round with the next on the way. A round that has no household left to call on passes by the
    building where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.errors import Fault, InputError, UnsetError, msg
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.planning.grids.layouts import natural_ranks
from shequ_core.planning.grids.plan import GridPlan
from shequ_core.planning.grids.plans import GridPlans
from shequ_core.planning.workdays import OfficialCalendar, WorkdayCalendar, whole_months, workdays
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.policy import Policy
from shequ_core.policy.service import COVERAGE_MONTHS, PATROLS
from shequ_core.rules.service import rounds_due
from shequ_core.tables.buildings import Buildings, EarlierGrids, read_buildings, read_previous
from shequ_core.tables.columns import DateColumn, IntColumn, TextColumn, day_number
from shequ_core.tables.patrols import Visits
from shequ_core.tables.plane import Floats, Plane
from shequ_core.values import Span

Ints: TypeAlias = "npt.NDArray[np.int64]"
Bools: TypeAlias = "npt.NDArray[np.bool_]"

_PASSES: Final = 200
"""How often a walk is improved at most."""
_SHORTER: Final = 1e-6
"""By so many metres a walk must get shorter to count as better."""


@attrs.frozen(kw_only=True, eq=False)
class PatrolPlan:
    """A plan of patrols.

    Attributes:
        visits: Who is called on when, by grid, day, round and stop.
        months: The first and the last day of the plan.
        days: The working days among them.
        rounds: Rounds of a day in each grid that there is.
        walks: Metres between the buildings of each grid in the order in which they are called on; None where some
            building has no coordinates.
        calendar: What told working days from days off.
        policies: Whose rounds and months these are.
        buildings: The buildings that are called on.
    """

    visits: Visits
    months: Span[date]
    days: tuple[date, ...]
    rounds: dict[str, int]
    walks: dict[str, float | None]
    calendar: str
    policies: tuple[Policy, ...]
    buildings: Buildings


def patrols(
    buildings: object,
    grids: object,
    month: date,
    *,
    policy: Policy | str | None = None,
    book: PolicyBook | None = None,
    known: date | None = None,
    calendar: WorkdayCalendar | None = None,
) -> PatrolPlan:
    """Plan the rounds of every grid in a month (JLW2.8b).

    Args:
        buildings: The buildings, as for `divide`; or a plan of ours, which brings buildings and grids.
        grids: The grid of each: a table, a file, a plan that `shequ grids` wrote, or pairs. None where `buildings`
            is a plan, or a file that `shequ grids` wrote as GeoJSON.
        month: A day of the month. Where a place allows more than one month for all households, the plan has as many.
        policy: Whose rounds: a policy, or a place by code or name. Without it each grid's own county, by its code.
        book: Where policies are asked; None for `PolicyBook.load()`.
        known: As known on that day; None for all that is known now.
        calendar: Tells working days; None for the official one.

    Raises:
        InputError: What was given can't be used: every fault, with file and building.
        CalendarYearError: The calendar doesn't reach the month.
        MissingExtraError: The official calendar isn't installed.
        UnsetError: Nobody set the rounds for a place.
    """
    ours = OfficialCalendar() if calendar is None else calendar
    table, grid_of = _housed(buildings, grids)
    names = sorted({one for one in grid_of if one})
    laws = _Laws(policy, PolicyBook.load() if book is None else book, month, known, names)
    route = _Route.of(table)
    months = {name: laws.of(name)[COVERAGE_MONTHS] for name in names}
    spans = {count: whole_months(month, count) for count in sorted(set(months.values()))}
    days = {count: workdays(span, ours) for count, span in spans.items()}
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(grid_of):
        rows.setdefault(name, []).append(row)
    parts: list[_Part] = []
    rounds: dict[str, int] = {}
    walks: dict[str, float | None] = {}
    for name in names:
        here = days[months[name]]
        due = rounds_due(IntColumn.of([len(here)]), laws.of(name)).row(0) or 0
        rounds[name] = due // len(here) if here else 0
        order, walks[name] = route.order(np.array(rows[name], dtype=np.int64))
        parts.append(_cut(name, order, table.households.values[order], here, rounds[name]))
    return PatrolPlan(
        visits=_visits(parts, table.id), months=spans[max(spans, default=1)] if spans else whole_months(month, 1),
        days=days[max(days)] if days else (), rounds=rounds, walks=walks, calendar=ours.name, policies=laws.used(),
        buildings=table,
    )


# --- what goes in -----------------------------------------------------------------------------------


def _housed(buildings: object, grids: object) -> tuple[Buildings, list[str]]:
    """Return the buildings and the grid of each."""
    if isinstance(buildings, GridPlan):
        buildings = GridPlans(plans=(buildings,))
    if isinstance(buildings, GridPlans):
        pairs = [pair for plan in buildings.plans for pair in plan.grids().items()]
        table = _of_plans(buildings)
        where: EarlierGrids = read_previous(pairs)
    else:
        table = read_buildings(buildings)
        where = read_previous(buildings if grids is None else grids)
    found: dict[str | None, str | None] = dict(zip(where.building.to_list(), where.grid.to_list(), strict=True))
    origin = table.origin
    file = "buildings" if origin is None else origin.file
    faults, seen = [], set()
    listed: list[str] = []
    for row, building in enumerate(table.id.to_list()):
        line = None if origin is None else int(origin.rows[row])
        grid = found.get(building)
        if building in seen:
            told = msg("building {building} stands there twice", building=building)
            faults.append(Fault(file=file, row=line, column="id", message=told))
        elif grid is None:
            told = msg(
                "building {building} is in no grid, so that no round comes by: divide its community first",
                building=building,
            )
            faults.append(Fault(file=file, row=line, column="grid", message=told))
        seen.add(building)
        listed.append(grid or "")
    if not len(table):
        faults.append(Fault(file=file, message=msg("there is no building in it")))
    if faults:
        raise InputError(faults)
    return table, listed


def _of_plans(plans: GridPlans) -> Buildings:
    from shequ_core.model.buildings import Building

    rows = []
    for plan in plans.plans:
        layout = plan.layout
        points = layout.points
        for place, one in enumerate(layout.ids):
            x, y = (None, None) if points is None else (float(points[place][0]), float(points[place][1]))
            rows.append(
                Building(id=one, community=layout.community, households=int(layout.households[place]), x=x, y=y)
            )
    return Buildings.of(rows)


class _Laws:
    """The policy of each grid."""

    def __init__(
        self, policy: Policy | str | None, book: PolicyBook, on: date, known: date | None, grids: Sequence[str]
    ) -> None:
        self._one = policy if isinstance(policy, Policy) else None
        self._found: dict[str, Policy] = {}
        if isinstance(policy, str):
            self._one = book.policy(book.find(policy, on).code, on, known)
        odd = sorted(name for name in grids if not (name.isdecimal() and len(name) > COUNTY_DIGITS))
        if self._one is None and odd:
            told = msg(
                "grid {grid} tells no county: name the place whose rounds these are (--place)", grid=odd[0]
            )
            raise InputError([Fault(file="grids", column="grid", message=told)])
        if self._one is None:
            for county in sorted({name[:COUNTY_DIGITS] for name in grids}):
                self._found[county] = book.policy(county, on, known, placed_on=on)
        missing = [key for one in self.used() for key in one.missing((str(PATROLS), str(COVERAGE_MONTHS)))]
        if missing:
            raise UnsetError(missing)

    def of(self, grid: str) -> Policy:
        return self._found[grid[:COUNTY_DIGITS]] if self._one is None else self._one

    def used(self) -> tuple[Policy, ...]:
        return tuple(self._found.values()) if self._one is None else (self._one,)


# --- the walk ---------------------------------------------------------------------------------------


@attrs.frozen(eq=False)
class _Route:
    """Where the buildings of a table stand.

    Attributes:
        points: Degrees or metres, shape (n, 2); not finite where a building has no coordinates.
        in_degrees: Whether each is in degrees.
        ranks: Each building's place in the natural order of ids.
    """

    points: Floats
    in_degrees: Bools
    ranks: Ints

    @classmethod
    def of(cls, table: Buildings) -> _Route:
        points = np.full((len(table), 2), np.nan)
        degrees = table.lon.mask() & table.lat.mask()
        metres = table.x.mask() & table.y.mask() & ~degrees
        points[degrees] = np.column_stack([table.lon.values, table.lat.values])[degrees]
        points[metres] = np.column_stack([table.x.values, table.y.values])[metres]
        return cls(points, degrees, natural_ranks([str(one) for one in table.id.to_list()]))

    def order(self, rows: Ints) -> tuple[Ints, float | None]:
        """Return rows in the order of a walk, and how long it is."""
        rows = rows[np.argsort(self.ranks[rows])]
        given, in_degrees = self.points[rows], self.in_degrees[rows]
        if not np.isfinite(given).all() or in_degrees.any() != in_degrees.all():
            return rows, None
        points = Plane.about(given, in_degrees=bool(in_degrees.all())).metres(given)
        between = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
        walk = _improved(_nearest_next(between, points), between)
        return rows[walk], float(between[walk[:-1], walk[1:]].sum())


def _nearest_next(between: Floats, points: Floats) -> Ints:
    """Return a walk from the outermost building, each time to the nearest that is left."""
    at = int(np.argmax(np.hypot(*(points - points.mean(axis=0)).T)))
    walk, left = [at], np.ones(len(points), dtype=np.bool_)
    left[at] = False
    while left.any():
        at = int(np.argmin(np.where(left, between[at], np.inf)))
        walk.append(at)
        left[at] = False
    return np.array(walk, dtype=np.int64)


def _improved(walk: Ints, between: Floats) -> Ints:
    """Turn stretches of a walk round as long as that makes it shorter (2-opt, with free ends)."""
    count = len(walk)
    if count < 3:
        return walk
    first, last = np.triu_indices(count, 1)
    for _ in range(_PASSES):
        steps = between[walk[:-1], walk[1:]]
        before, after = walk[np.maximum(first - 1, 0)], walk[np.minimum(last + 1, count - 1)]
        gain = np.zeros(len(first))
        inner = first > 0
        gain[inner] += steps[first[inner] - 1] - between[before[inner], walk[last[inner]]]
        inner = last < count - 1
        gain[inner] += steps[last[inner]] - between[walk[first[inner]], after[inner]]
        best = int(np.argmax(gain))
        if gain[best] <= _SHORTER:
            return walk
        low, high = int(first[best]), int(last[best]) + 1
        walk = np.concatenate([walk[:low], walk[low:high][::-1], walk[high:]])
    return walk


# --- the rounds -------------------------------------------------------------------------------------


@attrs.frozen(eq=False)
class _Part:
    """The visits of a grid, a row each."""

    grid: str
    day: Ints
    round: Ints
    stop: Ints
    building: Ints
    first: Ints
    households: Ints


def _cut(grid: str, order: Ints, households: Ints, days: Sequence[date], rounds: int) -> _Part:
    """Cut the households of a grid, in the order of the walk, into as many equal parts as there are rounds."""
    slots = len(days) * rounds
    total = int(households.sum())
    ends = np.cumsum(households)
    starts = ends - households
    cuts = np.arange(slots + 1, dtype=np.int64) * total // max(slots, 1)
    edges = np.unique(np.concatenate([cuts, starts[households > 0], ends[-1:]]))
    low, size = edges[:-1], np.diff(edges)
    slot = np.searchsorted(cuts, low, side="right") - 1
    building = np.searchsorted(ends, low, side="right")
    # a building without households is passed by in the round that comes to its place on the walk
    empty = np.flatnonzero(households == 0)
    passing = np.clip(np.searchsorted(cuts, starts[empty], side="right") - 1, 0, max(slots - 1, 0))
    idle = np.setdiff1d(np.arange(slots), np.concatenate([slot, passing]))
    where = np.minimum(np.searchsorted(ends, cuts[idle], side="right"), len(order) - 1)
    if not total:
        where = idle * len(order) // max(slots, 1)
    slot = np.concatenate([slot, passing, idle])
    building = np.concatenate([building, empty, where])
    nothing = np.zeros(len(passing) + len(idle), dtype=np.int64)
    first = np.concatenate([low - starts[building[: len(low)]] + 1, nothing])
    size = np.concatenate([size, nothing])
    if not slots:
        slot, building, first, size = (one[:0] for one in (slot, building, first, size))
    sort = np.lexsort((first, building, slot))
    slot, building, first, size = slot[sort], building[sort], first[sort], size[sort]
    begins = np.searchsorted(slot, slot)
    day_of = np.array([day_number(day) for day in days], dtype=np.int64)
    return _Part(
        grid=grid, day=day_of[slot // max(rounds, 1)], round=slot % max(rounds, 1) + 1,
        stop=np.arange(len(slot)) - begins + 1, building=order[building], first=first, households=size,
    )


def _visits(parts: Sequence[_Part], ids: TextColumn) -> Visits:
    def joined(name: str) -> Ints:
        arrays = [getattr(one, name) for one in parts]
        found: Ints = np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)
        return found

    first, households = joined("first"), joined("households")
    due = households > 0
    grid = np.repeat(np.arange(len(parts)), [len(one.day) for one in parts])
    return Visits(
        {
            "day": DateColumn(joined("day")), "round": IntColumn(joined("round")),
            "grid": TextColumn(grid, None, [one.grid for one in parts]), "stop": IntColumn(joined("stop")),
            "building": ids.take(joined("building")), "first": IntColumn(first, due),
            "last": IntColumn(first + households - 1, due), "households": IntColumn(households),
        }
    )
