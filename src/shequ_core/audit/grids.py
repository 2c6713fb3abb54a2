"""Grids: their size, who drew them, who works in them, and the line from subdistrict to building (JLG2.1.1, 2.3.2)."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Final

import numpy as np

from shequ_core.audit.registry import Listed, check
from shequ_core.audit.staffing import count
from shequ_core.errors import Message, msg
from shequ_core.law.findings import Finding
from shequ_core.model.staff import GridDuty
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.policy.grids import AUXILIARY_POLICE, HOUSEHOLDS, WORKERS
from shequ_core.policy.parameters import Parameter
from shequ_core.policy.policy import Policy
from shequ_core.rules import grids as rules
from shequ_core.tables.columns import EnumColumn, IntColumn, TextColumn, coalesce, rows_where
from shequ_core.tables.dataset import Grids
from shequ_core.tables.in_post import places_in
from shequ_core.values import Span

BROKEN: Final = {
    rules.Link.NO_GRID: msg("the building is in no grid"),
    rules.Link.UNKNOWN_GRID: msg("the building's grid {grid} is none of those that there are"),
    rules.Link.OTHER_COMMUNITY: msg("the building's grid {grid} belongs to another community"),
}
"""What is found of a building that doesn't hang in an unbroken line."""


def grids(seen: Seen) -> Grids:
    """Return the grids, which a check that asks for them has."""
    assert seen.data.grids is not None
    return seen.data.grids


@check("JLG2.3.2a-grid-out-of-bounds", tables=("grids",), needs=(HOUSEHOLDS,))
def out_of_bounds(seen: Seen) -> Iterator[Told]:
    """A grid has too few or too many households.

    What to do:
        Draw the community's grids anew (`shequ grids`), with the grids there are as the earlier ones, so that
        few households move.
    """
    table = grids(seen)
    for policy, rows in seen.laws(table.community):
        some = table.take(rows)
        off = rules.missed_by(some.households, policy)
        yield from seen.judged(
            off != 0, some.community, functools.partial(_off_bounds, some, policy[HOUSEHOLDS]),
            msg("nobody counted the households of a grid"),
        )


def _off_bounds(some: Grids, allowed: Span[int], row: int) -> Breach:
    found = some.households.row(row)
    return Breach(
        subject=str(some.code.row(row)), found=found, allowed=allowed,
        message=msg(
            "{found} households, {least} to {most} are allowed", found=found, least=allowed.low, most=allowed.high
        ),
    )


def of_a_plan(some: Grids, policy: Policy) -> tuple[Finding, ...]:
    """Return the grids of a plan that has yet to be drawn which the bounds don't allow."""
    off = rules.missed_by(some.households, policy)
    listed = Listed(check=out_of_bounds)
    return tuple(listed.finding(_off_bounds(some, policy[HOUSEHOLDS], row)) for row in rows_where(off != 0))


@check("JLG2.3.2c-drawn-by-department", tables=("grids",))
def drawn_by_departments(seen: Seen) -> Iterator[Told]:
    """A department of the Party committee or the government laid a grid over a community.

    What to do:
        The department gives its grid up and works in the community's.
    """
    table = grids(seen)
    yield from seen.judged(
        rules.drawn_elsewhere(table.drawn_by), table.community,
        lambda row: Breach(
            subject=str(table.code.row(row)),
            message=msg("drawn by {department}: departments may not lay grids over a community",
                        department=table.drawn_by.row(row)),
        ),
        msg("who drew a grid is not known"),
    )


@check("JLG2.3.2a-grid-workers-short", tables=("grids", "grid_members"), needs=(WORKERS,))
def grid_workers_short(seen: Seen) -> Iterator[Told]:
    """A grid has no grid worker, or too few.

    What to do:
        Assign a grid worker; where one worker looks after two grids, name one for each.
    """
    yield from _short(seen, GridDuty.GRID_WORKER, WORKERS)


@check("JLG2.3.4a-auxiliary-police-short", tables=("grids", "grid_members"), needs=(AUXILIARY_POLICE,))
def auxiliary_police_short(seen: Seen) -> Iterator[Told]:
    """A grid has no auxiliary police officer, or too few.

    What to do:
        Ask the police station to assign one to the grid.
    """
    yield from _short(seen, GridDuty.AUXILIARY_POLICE, AUXILIARY_POLICE)


def _short(seen: Seen, duty: GridDuty, key: Parameter[int]) -> Iterator[Told]:
    rule = rules.workers_short if duty is GridDuty.GRID_WORKER else rules.auxiliary_police_short
    table, members = grids(seen), seen.data.grid_members
    assert members is not None
    there = count(members.grid.where((members.duty == duty).true()), table.code)
    for policy, rows in seen.laws(table.community):
        some, has = table.take(rows), there.take(rows)
        lacking = rule(IntColumn(np.ones(len(rows), dtype=np.int64)), has, policy)
        yield from seen.judged(
            lacking > 0, some.community, functools.partial(_lacks, some, lacking, has, duty, policy[key]),
            msg("who works in a grid is not known"),
        )


def _lacks(some: Grids, lacking: IntColumn, has: IntColumn, duty: GridDuty, asked: int, row: int) -> Breach:
    return Breach(
        subject=str(some.code.row(row)), found=has.row(row), allowed=asked,
        message=msg("{count} of {duty} missing", count=lacking.row(row), duty=duty),
    )


@check("JLG2.3.2b-managed-elsewhere", tables=("grids", "grid_members"))
def managed_elsewhere(seen: Seen) -> Iterator[Told]:
    """A grid worker is managed by somebody else than the community of the grid.

    What to do:
        The community assigns their work; the office that pays them may go on paying.
    """
    table, members = grids(seen), seen.data.grid_members
    assert members is not None
    workers = members.where((members.duty == GridDuty.GRID_WORKER).true())
    at = places_in(workers.grid, table.code)
    here, home = workers.take(np.flatnonzero(at >= 0)), table.community.take(at[at >= 0])
    yield from seen.judged(
        rules.managed_elsewhere(here.managed_by, home), home,
        lambda row: Breach(
            subject=str(here.grid.row(row)),
            message=msg("managed by {who}, not by the community {community}", who=here.managed_by.row(row),
                        community=home.row(row)),
        ),
        msg("who manages a grid worker is not known"),
    )


@check("JLG2.1.1-building-without-grid", tables=("grids", "buildings", "building_grids"))
def building_without_grid(seen: Seen) -> Iterator[Told]:
    """A building is in no grid, so that the line from subdistrict to household ends above it.

    What to do:
        Put the building into a grid of its own community.
    """
    yield from _chain(seen, rules.Link.NO_GRID)


@check("JLG2.1.1-grid-unknown", tables=("grids", "buildings", "building_grids"))
def grid_unknown(seen: Seen) -> Iterator[Told]:
    """A building is said to be in a grid that isn't there.

    What to do:
        Put the building into a grid of its own community, or add the grid to the table of grids.
    """
    yield from _chain(seen, rules.Link.UNKNOWN_GRID)


@check("JLG2.1.1-grid-of-other-community", tables=("grids", "buildings", "building_grids"))
def grid_of_other_community(seen: Seen) -> Iterator[Told]:
    """A building is in a grid of another community.

    What to do:
        Put the building into a grid of its own community, or put right to which community it belongs.
    """
    yield from _chain(seen, rules.Link.OTHER_COMMUNITY)


def grid_of_building(seen: Seen) -> TextColumn:
    """Return the code of the grid of each building, unknown where it is in none."""
    buildings, pairs = seen.data.buildings, seen.data.building_grids
    assert buildings is not None
    assert pairs is not None
    return pairs.grid.take(places_in(buildings.id, pairs.building))


def _links(seen: Seen) -> tuple[EnumColumn[rules.Link], TextColumn]:
    """Return how each building hangs in the line, and where it lies."""
    table, buildings, grid = grids(seen), seen.data.buildings, seen.once(grid_of_building)
    assert buildings is not None
    return (
        rules.links(grid, buildings.community, table.code, table.community), coalesce(buildings.community, grid),
    )


def _chain(seen: Seen, link: rules.Link) -> Iterator[Told]:
    buildings, grid = seen.data.buildings, seen.once(grid_of_building)
    assert buildings is not None
    links, places = seen.once(_links)
    yield from seen.judged(
        links == link, places,
        lambda row: Breach(
            subject=str(buildings.id.row(row)), message=Message(BROKEN[link].template, {"grid": grid.row(row)})
        ),
        msg("in which grid a building is, is not known"),
    )


@check("JLG2.3.2a-households-differ", tables=("grids", "buildings", "building_grids"))
def households_differ(seen: Seen) -> Iterator[Told]:
    """The count of a grid's households isn't the sum of its buildings.

    What to do:
        Count again, and put right the grid or its buildings.
    """
    table, buildings = grids(seen), seen.data.buildings
    assert buildings is not None
    off = rules.households_off(buildings.households, seen.once(grid_of_building), table.code, table.households)

    def breach(row: int) -> Breach:
        said, differ = table.households.row(row), off.row(row)
        assert said is not None and differ is not None  # noqa: PT018  # both are known where they differ
        return Breach(
            subject=str(table.code.row(row)), found=said, allowed=said - differ,
            message=msg("{count} households are said to be in the grid, its buildings have {sum}", count=said,
                        sum=said - differ),
        )

    yield from seen.judged(off != 0, table.community, breach, msg("nobody counted the households of a grid"))
