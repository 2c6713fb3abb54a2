"""Careers as a list: how each post holder stands towards each way (JLW2.6, JLG2.2.4)."""

from __future__ import annotations

from shequ_core.errors import msg
from shequ_core.planning.careers import CLAUSES, CareerPath, Careers
from shequ_core.reports.lists import Listing


def careers_listing(found: Careers) -> Listing:
    """Return everybody's standing, a row a person and way."""
    counts = {path: [0, 0] for path in CareerPath}
    rows = []
    for one in found.prospects():
        counts[one.path][0] += one.eligible is True
        counts[one.path][1] += one.eligible is None
        rows.append(
            (one.worker, one.post, one.path, CLAUSES[one.path], one.eligible, one.lacks, one.unknown, one.first)
        )
    notes = [msg("{people} posts held on {on}", people=len(found.workers), on=found.on)]
    for path, (eligible, unknown) in counts.items():
        notes.append(
            msg(
                "{path} ({clause}): open to {eligible}; of {unknown} it can't be said",
                path=path, clause=CLAUSES[path], eligible=eligible, unknown=unknown,
            )
        )
        if found.unset.get(path):
            notes.append(msg("{path}: not set here: {keys}", path=path, keys=found.unset[path]))
    heads = {
        "worker": msg("person"), "post": msg("post"), "path": msg("way"), "clause": msg("clause"),
        "eligible": msg("open"), "lacks": msg("lacks"), "unknown": msg("unknown"), "first": msg("first"),
    }
    return Listing(name=msg("Careers"), heads=heads, rows=rows, notes=notes)
