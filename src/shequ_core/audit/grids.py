"""Grids: their size, who drew them, who works in them, and the line from subdistrict to building (JLG2.1.1, 2.3.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

import attrs
import numpy as np

from shequ_core.errors import Message, msg
from shequ_core.jilin.register import register
from shequ_core.law.findings import GRADE_OF_FORCE, Finding, Grade
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.model.staff import GridDuty
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.grids import AUXILIARY_POLICE, HOUSEHOLDS, WORKERS
from shequ_core.policy.parameters import Parameter
from shequ_core.policy.policy import Policy
from shequ_core.rules import grids as rules
from shequ_core.tables.columns import Bools, IntColumn, Ints, TextColumn, coalesce, rows_where
from shequ_core.tables.dataset import Grids
from shequ_core.tables.staff import GridMembers

INSTRUMENT: Final = "JLG"

BROKEN: Final = {
    rules.Link.NO_GRID: ("JLG2.1.1-building-without-grid", msg("the building is in no grid")),
    rules.Link.UNKNOWN_GRID: (
        "JLG2.1.1-grid-unknown", msg("the building's grid {grid} is none of those that there are")
    ),
    rules.Link.OTHER_COMMUNITY: (
        "JLG2.1.1-grid-of-other-community", msg("the building's grid {grid} belongs to another community")
    ),
}
"""What is found of a building that doesn't hang in an unbroken line."""


@attrs.frozen(kw_only=True, eq=False)
class Housed:
    """Which building lies in which grid, a row a building.

    Attributes:
        building: Its id.
        community: The code of its community; unknown where nobody said.
        households: Its households.
        grid: The code of its grid; unknown where it is in none.
    """

    building: TextColumn
    community: TextColumn
    households: IntColumn
    grid: TextColumn

    def where(self, kept: Bools) -> Housed:
        """Return the rows that are kept."""
        return Housed(
            building=self.building.where(kept), community=self.community.where(kept),
            households=self.households.where(kept), grid=self.grid.where(kept),
        )


def grid_findings(
    grids: Grids, book: PolicyBook, on: date, *, known: date | None = None, housed: Housed | None = None,
    members: GridMembers | None = None,
) -> tuple[Finding, ...]:
    """Return what is amiss with the grids of a place on a day, in the order of code and subject.

    Args:
        grids: The grids, whoever drew them.
        book: The policies.
        on: The day.
        known: As known on that day; None for all that is known now.
        housed: Which building lies in which grid; without it nothing is said of the line to the building.
        members: Who works in the grids; without it that is not examined.
    """
    found: list[Finding] = []
    in_force = []
    counties = grids.community.start(COUNTY_DIGITS)
    for county in sorted({one for one in counties.to_list() if one is not None}):
        policy = book.policy(county, on, known, placed_on=on)
        if INSTRUMENT not in policy.instruments:
            continue  # the clauses are not in force there
        in_force.append(county)
        some = grids.take(np.flatnonzero((counties == county).true()))
        found += [*out_of_bounds(some, county, policy), *drawn_by_departments(some)]
        found += staff_short(some, county, members, policy)
        if members is not None:
            found += managed_elsewhere(some, members)
        if housed is not None:
            found += counts_differ(some, housed)
    if housed is not None and in_force:
        home = coalesce(housed.community, housed.grid).start(COUNTY_DIGITS)
        found += chain_broken(grids, housed.where(~home.is_in(in_force).false()))
    return tuple(sorted(found, key=lambda one: (one.code, one.subject)))


def _finding(code: str, subject: str, message: Message) -> Finding:
    clause = code.partition("-")[0]
    grade = GRADE_OF_FORCE[register()[clause].force]
    return Finding(code=code, grade=grade, clause=clause, subject=subject, message=message)


def _unset(key: Parameter[Any], county: str) -> Finding:  # Any: keys of every type
    clause = key.clauses[0]
    return Finding(
        code=f"{clause}-{key.name}-unset", grade=Grade.NOT_EXAMINED, clause=clause, subject=county,
        message=msg("{key} is not set: {who} can set it", key=key.name, who=key.who),
    )


def _not_examined(code: str, county: str, message: Message) -> Finding:
    clause = code.partition("-")[0]
    return Finding(code=code, grade=Grade.NOT_EXAMINED, clause=clause, subject=county, message=message)


def out_of_bounds(grids: Grids, county: str, policy: Policy) -> Iterator[Finding]:
    """Yield the grids that have too few or too many households.

    What to do:
        Draw the community's grids anew (`shequ grids`), with the grids there are as the earlier ones, so that
        few households move.
    """
    if HOUSEHOLDS not in policy:
        yield _unset(HOUSEHOLDS, county)
        return
    off = rules.missed_by(grids.households, policy)
    allowed = policy[HOUSEHOLDS]
    for row in rows_where(off != 0):
        yield _finding(
            "JLG2.3.2a-grid-out-of-bounds", str(grids.code.row(row)),
            msg(
                "{found} households, {least} to {most} are allowed",
                found=grids.households.row(row), least=allowed.low, most=allowed.high,
            ),
        )
    unknown = int((~off.mask()).sum())
    if unknown:
        told = msg("of {count} grids nobody counted the households", count=unknown)
        yield _not_examined("JLG2.3.2a-grid-out-of-bounds", county, told)


def drawn_by_departments(grids: Grids) -> Iterator[Finding]:
    """Yield the grids that a department laid over a community.

    What to do:
        The department gives its grid up and works in the community's.
    """
    for row in rows_where(rules.drawn_elsewhere(grids.drawn_by)):
        told = msg("drawn by {department}: departments may not lay grids over a community",
                   department=grids.drawn_by.row(row))
        yield _finding("JLG2.3.2c-drawn-by-department", str(grids.code.row(row)), told)


def staff_short(grids: Grids, county: str, members: GridMembers | None, policy: Policy) -> Iterator[Finding]:
    """Yield the grids that have too few grid workers or auxiliary police officers."""
    kinds = (
        ("JLG2.3.2a-grid-workers-short", GridDuty.GRID_WORKER, WORKERS, rules.workers_short),
        ("JLG2.3.4a-auxiliary-police-short", GridDuty.AUXILIARY_POLICE, AUXILIARY_POLICE, rules.auxiliary_police_short),
    )
    one_each = IntColumn(np.ones(len(grids), dtype=np.int64))
    for code, duty, key, short in kinds:
        if key not in policy:
            yield _unset(key, county)
        elif members is None:
            yield _not_examined(code, county, msg("a table of those who work in grids is missing"))
        else:
            lacking = short(one_each, _count(members.grid.where((members.duty == duty).true()), grids.code), policy)
            for row in rows_where(lacking > 0):
                told = msg("{count} of {duty} missing", count=lacking.row(row), duty=duty)
                yield _finding(code, str(grids.code.row(row)), told)


def managed_elsewhere(grids: Grids, members: GridMembers) -> Iterator[Finding]:
    """Yield the grid workers who are managed by somebody else than the community of their grid.

    What to do:
        The community assigns their work; the office that pays them may go on paying.
    """
    workers = members.where((members.duty == GridDuty.GRID_WORKER).true())
    at = _rows(workers.grid, grids.code)
    here = workers.take(np.flatnonzero(at >= 0))
    home = grids.community.take(at[at >= 0])
    for row in rows_where(rules.managed_elsewhere(here.managed_by, home)):
        told = msg("managed by {who}, not by the community {community}", who=here.managed_by.row(row),
                   community=home.row(row))
        yield _finding("JLG2.3.2b-managed-elsewhere", str(here.grid.row(row)), told)


def chain_broken(grids: Grids, housed: Housed) -> Iterator[Finding]:
    """Yield the buildings that hang in no unbroken line from subdistrict through community and grid.

    What to do:
        Put the building into a grid of its own community.
    """
    links = rules.links(housed.grid, housed.community, grids.code, grids.community)
    for row, link in enumerate(links.to_list()):
        if link is not None and link in BROKEN:
            code, told = BROKEN[link]
            message = Message(told.template, {"grid": housed.grid.row(row)})
            yield _finding(code, str(housed.building.row(row)), message)


def counts_differ(grids: Grids, housed: Housed) -> Iterator[Finding]:
    """Yield the grids whose count of households is not the sum of their buildings."""
    off = rules.households_off(housed.households, housed.grid, grids.code, grids.households)
    for row in rows_where(off != 0):
        count, differ = grids.households.row(row), off.row(row)
        assert count is not None and differ is not None  # noqa: PT018  # both are known where they differ
        told = msg("{count} households are said to be in the grid, its buildings have {sum}", count=count,
                   sum=count - differ)
        yield _finding("JLG2.3.2a-households-differ", str(grids.code.row(row)), told)


def _rows(codes: TextColumn, among: TextColumn) -> Ints:
    places = {code: row for row, code in enumerate(among.to_list())}
    found: Sequence[int] = [-1 if code is None else places.get(code, -1) for code in codes.to_list()]
    return np.array(found, dtype=np.int64)


def _count(codes: TextColumn, among: TextColumn) -> IntColumn:
    at = _rows(codes, among)
    return IntColumn(np.bincount(at[at >= 0], minlength=len(among)).astype(np.int64))
