"""An audit: every check over the facts of a place on a day, in one order, with what nobody could examine told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import attrs
import numpy as np

from shequ_core.audit.journals import proceedings
from shequ_core.audit.policy import in_order, policy_findings
from shequ_core.audit.registry import Listed, asked_for, checks_of, chosen
from shequ_core.errors import Fault, InputError, Message, PluginError, msg
from shequ_core.jilin.register import register
from shequ_core.law.clauses import Force
from shequ_core.law.findings import Finding, Grade
from shequ_core.policy.book import PolicyBook, guarded
from shequ_core.policy.checks import Breach, Check, Seen, Told, Unexamined
from shequ_core.policy.hookspecs import CHECKS_HOOK
from shequ_core.policy.law import Law, check_places, counties_of, missing_in
from shequ_core.policy.policy import Policy
from shequ_core.procedures.machine import Proceeding
from shequ_core.tables.checks import overlaps_as_known
from shequ_core.tables.columns import Bools, TextColumn
from shequ_core.tables.dataset import TABLES, Dataset
from shequ_core.tables.dated import as_known_dataset
from shequ_core.tables.table import Table

NATION: Final = "00"
EVERYWHERE: Final = ""


@attrs.frozen(kw_only=True)
class Audit:
    """What an audit of a place comes to.

    Attributes:
        place: The place asked for; empty for all that the tables hold.
        known: As known on that day; None for all that is known now.
        data: The facts that were looked at.
        checks: The checks that were run, by code.
        findings: Who breaks which clause, in the order of code and subject.
        not_examined: What nobody could say, and why; never the same as fine.
        about_policy: What the policies themselves leave to say.
        policies: The policy of each county on the day.
    """

    place: str
    on: date
    known: date | None
    data: Dataset
    checks: Mapping[str, Listed]
    findings: tuple[Finding, ...]
    not_examined: tuple[Finding, ...]
    about_policy: tuple[Finding, ...]
    policies: Mapping[str, Policy]

    @property
    def due(self) -> tuple[Finding, ...]:
        """The findings of what is expected by the day."""
        return tuple(one for one in self.findings if one.is_due(self.on))

    @property
    def worst(self) -> Force:
        """How strictly the strictest clause speaks among those that are broken and due."""
        found = {one.force for one in self.due}
        return next((force for force in Force if force in found), Force.NONE)


def run_audit(
    data: Dataset, book: PolicyBook, *, on: date, place: str = EVERYWHERE, known: date | None = None,
    select: Sequence[str] = (), ignore: Sequence[str] = (), journals: Sequence[Proceeding] | None = None,
) -> Audit:
    """Look at the facts of a place on a day with every check there is.

    Args:
        data: The tables, rows in any order.
        book: The policies, and the checks that plugins bring.
        on: The day.
        place: A code; empty for all that the tables hold.
        known: Facts and policies as known on that day; None for all that is known now.
        select: Codes of checks, or what codes begin with ('JLW2', 'JLG2.3.2a'); none for all.
        ignore: Those to leave out.
        journals: The proceedings of the place (`read_journals`); None where nobody gave any, which is then told as
            not examined.

    Raises:
        CheckNotFoundError: No code begins with one of them.
        InputError: Rows that can't be: every one of them, by file, row and column.
        PlaceNotFoundError: There is no such place on that day.
        PlaceUnresolvedError: A plugin that speaks for a place of the tables is at fault.
        PluginError: A plugin's check can't be.
    """
    wanted = chosen(checks_of(book), select, ignore)
    if place:
        book.divisions.at(place, on)
        data = part_of(data, (place,))
        if not len(data.communities):
            nowhere = msg("no community of the tables lies in {place}: ask for another place", place=place)
            raise InputError([Fault(file="communities", message=nowhere)])
    check_places(data, book, place or EVERYWHERE, on)
    if known is not None:  # reading refuses what overlaps once all is known; what did so then is told here
        faults = list(overlaps_as_known(data, known))
        if faults:
            raise InputError(faults)
    seen = Seen(as_known_dataset(data, known), on, Law(book, known, on))
    seen.give(proceedings, journals)
    found = run_checks(wanted, seen)
    policies = {code: seen.law.policy(code, on) for code in counties_of(data, place)} if len(data.communities) else {}
    told = [one for one in policy_findings(policies) if asked_for(one.code, select, ignore)]
    return Audit(
        place=place, on=on, known=known, data=seen.data, checks=wanted,
        findings=tuple(one for one in found if one.grade is not Grade.NOT_EXAMINED),
        not_examined=tuple(one for one in found if one.grade is Grade.NOT_EXAMINED),
        about_policy=in_order(told), policies=policies,
    )


def run_checks(listed: Mapping[str, Listed], seen: Seen) -> tuple[Finding, ...]:
    """Run checks and return all that they tell, in the order of code and subject."""
    found: list[Finding] = []
    parts: dict[tuple[str, ...], Seen] = {}
    for one in listed.values():
        shown = seen
        if one.plugin is not None:
            places = one.plugin.places
            if places not in parts:
                parts[places] = Seen(part_of(seen.data, places), seen.on, seen.law)
            shown = parts[places]
        found += _run(one, shown)
    return tuple(sorted(found, key=lambda one: (one.code, one.subject, str(one.message))))


def _run(listed: Listed, seen: Seen) -> Iterator[Finding]:
    check = listed.check
    counties = counties_of(seen.data, EVERYWHERE) if len(seen.data.communities) else []
    policies = {county: seen.law.policy(county, seen.on) for county in counties}
    ours = check.clause in register()
    closed = {code for code, policy in policies.items() if ours and check.instrument not in policy.instruments}
    asked = [county for county in counties if county not in closed]
    absent = tuple(name for name in check.tables if getattr(seen.data, name) is None)
    for county in asked:
        if absent:
            yield listed.unexamined(county, msg("the table {table} was not given", table=absent))
            closed.add(county)
            continue
        for missing in missing_in(policies[county], check.needs):
            told = msg("{key} is not set: {who} can set it", key=missing.key, who=missing.who)
            yield listed.unexamined(county, told)
            closed.add(county)
    if len(closed) == len(counties):
        return
    found: Iterable[Told]
    if listed.plugin is None:
        found = check.examine(seen.without(closed))
    else:
        found, fault = _asked(check, seen.without(closed))
        if fault is not None:  # its own places are not examined; every other one is as without it
            for county in asked:
                named = PluginError(listed.plugin.name, CHECKS_HOOK, fault, place=county)
                yield listed.unexamined(county, named.message)
            return
    for told_of in found:
        if isinstance(told_of, Breach):
            yield listed.finding(told_of)
        else:
            yield listed.unexamined(told_of.place, told_of.message, told_of.count)


def _asked(check: Check, seen: Seen) -> tuple[Sequence[Told], Message | None]:
    """Return what a plugin's check tells, or what is wrong with it: it may raise anything, and answer anything."""
    found, raised = guarded(lambda: tuple(check.examine(seen)))
    problem = "" if raised is None else type(raised).__name__
    if isinstance(found, tuple):
        odd = [one for one in found if not isinstance(one, (Breach, Unexamined))]
        if not odd:
            return found, None
        problem = f"Breach or Unexamined, not {type(odd[0]).__name__}"
    # Its own words may hold what it looked at, such as a name: the kind of error alone is told.
    return (), msg("the check {code} failed: {problem}", code=check.code, problem=problem)


# --- a part of the tables -----------------------------------------------------------------------------


def part_of(data: Dataset, places: Collection[str]) -> Dataset:
    """Return the facts of some places: their communities, and what hangs on those.

    People belong to the places where they hold or held a post; the policy's words of a place are left as they are.
    """
    if NATION in places or not places:
        return data
    kept: dict[str, Table[Any]] = {}  # Any: tables of every kind of fact

    def keep(name: str, rows: Bools) -> None:
        table: Table[Any] | None = getattr(data, name)
        if table is not None:
            kept[name] = table.where(rows)

    def inside(codes: TextColumn) -> Bools:
        found = np.zeros(len(codes), dtype=np.bool_)
        for length in sorted({len(place) for place in places}):
            found |= codes.start(length).is_in(places).true()
        return found

    keep("communities", inside(data.communities.code))
    keep("posts", inside(data.posts.community))
    holdings = inside(data.holdings.post)
    keep("holdings", holdings)
    people = [one for one in dict.fromkeys(data.holdings.worker.where(holdings).to_list()) if one is not None]
    keep("workers", data.workers.id.is_in(people).true())
    for name in TABLES:
        table: Table[Any] | None = getattr(data, name)
        if table is None or name in kept:
            continue
        columns = table.columns()
        by = next((one for one in ("community", "grid", "place") if one in columns), None)
        if "worker" in columns:
            column = columns["worker"]
            assert isinstance(column, TextColumn)
            keep(name, column.is_in(people).true())
        elif by is not None:
            column = columns[by]
            assert isinstance(column, TextColumn)
            keep(name, inside(column) if by != "place" else np.ones(len(table), dtype=np.bool_))
    return data.with_tables(kept)
