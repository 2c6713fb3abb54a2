"""Service agreements that don't run with the committees' term (JLW2.5c)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shequ_core.audit.registry import check
from shequ_core.audit.standing import standing
from shequ_core.errors import msg
from shequ_core.law.findings import Grade
from shequ_core.policy.agreements import FIRST_DAY, SINCE_ELECTION_OF, TERM
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.rules import agreements as rules
from shequ_core.tables.columns import BoolColumn
from shequ_core.tables.in_post import places_in
from shequ_core.trace import framed
from shequ_core.values import Span


@check(
    "JLW2.5c-agreement-missing", tables=("agreements",), needs=(FIRST_DAY, TERM, SINCE_ELECTION_OF), grade=Grade.DUE
)
def agreement_missing(seen: Seen) -> Iterator[Told]:
    """Somebody in post has no service agreement that runs to the end of the committees' term.

    What to do:
        Sign one that begins with the term, or with the day on which the person came, and ends with the term.
    """
    found = seen.once(standing)
    everybody = found.roster.take(found.in_post)
    assert seen.data.agreements is not None
    for policy, rows in seen.laws(everybody.county):
        here = everybody.take(rows)
        with framed(here.worker, str(seen.on.year)):
            term = rules.term_of(seen.on, policy)
            if term is None:
                continue
            table = seen.data.agreements
            row_of = np.full(len(seen.data.workers), -1, dtype=np.int64)
            row_of[here.person] = np.arange(len(here))
            at = row_of[places_in(table.worker, seen.data.workers.id)]
            table, at = table.where(at >= 0), at[at >= 0]
            with framed(table.worker, str(seen.on.year), table.since):
                fits = rules.agreement_fits(table.since, table.until, here.since.take(at), term)
        signed, doubtful = np.zeros(len(here), dtype=np.bool_), np.zeros(len(here), dtype=np.bool_)
        signed[at[fits.true()]] = True
        doubtful[at[~fits.mask()]] = True
        yield from seen.judged(
            BoolColumn(~signed, signed | ~doubtful), here.county,
            lambda row, who=here.worker, ends=term: Breach(  # type: ignore[misc]  # bound to this turn of the loop
                subject=str(who.row(row)), allowed=Span(ends.low, ends.high),
                message=msg("no agreement that runs to the end of the term, {until}", until=ends.high),
            ),
            msg("from when or to when an agreement runs is not known"),
        )
