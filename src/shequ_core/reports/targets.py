"""Announced figures as a list: what was wanted, what there is, what is missing, and whether it is due."""

from __future__ import annotations

from shequ_core.errors import msg
from shequ_core.planning.targets import Target, Targets
from shequ_core.reports.lists import Listing, Value


def targets_listing(found: Targets) -> Listing:
    """Return every measured figure, a row a place and figure."""
    notes = []
    for county, (due, of) in found.stages.items():
        notes.append(msg("{county}: {due} of {of} stages should be complete (JLG1.2)", county=county, due=due, of=of))
    for target in Target:
        some = [one for one in found.measured if one.target is target]
        if not some:
            continue
        notes.append(
            msg(
                "{target} ({clause}): {reached} of {count} reached, {unknown} unknown; due on {due_on}",
                target=target, clause=target.clause, reached=sum(one.short == 0 for one in some), count=len(some),
                unknown=sum(one.short is None for one in some), due_on=min(one.due_on for one in some),
            )
        )
    for county, keys in found.unset.items():
        notes.append(msg("{county}: not set here: {keys}", county=county, keys=keys))
    heads = {
        "place": msg("place"), "clause": msg("clause"), "target": msg("target"), "wanted": msg("wanted"),
        "found": msg("found"), "short": msg("missing"), "due_on": msg("due on"), "due": msg("due"),
    }
    rows: list[tuple[Value, ...]] = [
        (one.place, one.target.clause, one.target, one.wanted, one.found, one.short, one.due_on, one.due)
        for one in found.measured
    ]
    return Listing(name=msg("Targets"), heads=heads, rows=rows, notes=notes)
