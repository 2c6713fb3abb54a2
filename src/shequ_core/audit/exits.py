"""Who has to leave the post, and on which ground: always a proposal (JLW2.10)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shequ_core.audit.registry import check
from shequ_core.audit.standing import standing
from shequ_core.errors import msg
from shequ_core.law.findings import Grade
from shequ_core.policy.checks import Breach, Seen, Told, Unexamined
from shequ_core.policy.exits import AGE, FAILED_RUNNING, FAILED_TOTAL, UNASSESSED_YEAR
from shequ_core.rules import exits as rules
from shequ_core.tables.columns import BoolColumn, Bools, TextColumn, day_number
from shequ_core.tables.dataset import Incidents
from shequ_core.tables.in_post import places_in
from shequ_core.trace import framed

BORN = msg("sex or date of birth is not known")


def _leaves(clause: str, worker: TextColumn, row: int) -> Breach:
    told = msg("a ground on which the holder has to leave: see {clause}", clause=clause)
    return Breach(subject=str(worker.row(row)), message=told)


@check(
    "JLW2.10a-exit", tables=("assessments",), needs=(FAILED_RUNNING, FAILED_TOTAL, UNASSESSED_YEAR),
    grade=Grade.PROPOSAL,
)
def failed_too_often(seen: Seen) -> Iterator[Told]:
    """Somebody in post was assessed as unqualified too many years running, or too many in all.

    What to do:
        Whoever is competent ends the agreement (JLW2.10g); a member of the two committees leaves through
        their own legal procedure. Where an assessment is wrong, put it right first.
    """
    found = seen.once(standing)
    who = found.roster.take(found.in_post)
    yield from seen.judged(
        found.failed.take(found.in_post), who.county, lambda row: _leaves("JLW2.10a", who.worker, row),
        msg("assessments are not known"),
    )


def known_incidents(seen: Seen) -> Incidents:
    """Return the incidents by the day."""
    table = seen.data.incidents
    assert table is not None
    return table.where(table.happened_on.values <= day_number(seen.on))


def _incidents(seen: Seen, clause: str, table: Incidents, met: BoolColumn) -> Iterator[Told]:
    """Yield those in post of whom some incident fulfils a ground, and count the incidents that nobody can judge."""
    found = seen.once(standing)
    row_of = np.full(len(seen.data.workers), -1, dtype=np.int64)
    row_of[found.roster.person[found.in_post]] = found.in_post
    at = row_of[places_in(table.worker, seen.data.workers.id)]
    asked: Bools = (at >= 0) & seen.open(found.roster.county)[at] if len(found.roster) else np.zeros(len(at), np.bool_)
    for row in sorted(set(at[met.true() & asked].tolist())):
        yield _leaves(clause, found.roster.worker, row)
    counties = found.roster.county.take(at[~met.mask() & asked]).to_list()
    for county in sorted(set(map(str, counties))):
        yield Unexamined(
            place=county, count=counties.count(county),
            message=msg("whether an incident was established, or what came of it, is not known"),
        )


@check("JLW2.10b-exit", tables=("incidents",), grade=Grade.PROPOSAL)
def broke_discipline(seen: Seen) -> Iterator[Told]:
    """An established breach of discipline or law, or a grave one of the community's rules, is on record.

    What to do:
        Whoever is competent ends the agreement (JLW2.10g); a member of the two committees leaves through
        their own legal procedure.
    """
    table = seen.once(known_incidents)
    with framed(table.worker, str(seen.on.year), table.happened_on):
        met = rules.broke_discipline(table.ground, table.established)
    yield from _incidents(seen, "JLW2.10b", table, met)


@check("JLW2.10c-exit", tables=("incidents",), grade=Grade.PROPOSAL)
def neglected_gravely(seen: Seen) -> Iterator[Told]:
    """Established grave neglect or favouritism that caused great loss is on record.

    What to do:
        Whoever is competent ends the agreement (JLW2.10g); a member of the two committees leaves through
        their own legal procedure.
    """
    table = seen.once(known_incidents)
    with framed(table.worker, str(seen.on.year), table.happened_on):
        met = rules.neglected_gravely(table.ground, table.established, table.great_loss)
    yield from _incidents(seen, "JLW2.10c", table, met)


@check("JLW2.10d-exit", tables=("incidents",), grade=Grade.PROPOSAL)
def broke_agreement(seen: Seen) -> Iterator[Told]:
    """A duty of the service agreement was not met, and not mended after the holder was told.

    What to do:
        Whoever is competent ends the agreement (JLW2.10g). Where it was mended since, write that down.
    """
    table = seen.once(known_incidents)
    with framed(table.worker, str(seen.on.year), table.happened_on):
        met = rules.broke_agreement(table.ground, table.established, table.told_on, table.mended)
    yield from _incidents(seen, "JLW2.10d", table, met)


@check("JLW2.10e-exit", tables=("incidents",), grade=Grade.PROPOSAL)
def proved_unfit(seen: Seen) -> Iterator[Told]:
    """Somebody can't do the work, and still can't after training or in another post.

    What to do:
        Whoever is competent ends the agreement (JLW2.10g).
    """
    table = seen.once(known_incidents)
    with framed(table.worker, str(seen.on.year), table.happened_on):
        met = rules.proved_unfit(table.ground, table.established, table.helped_on, table.still_unfit)
    yield from _incidents(seen, "JLW2.10e", table, met)


@check("JLW2.10f-exit", tables=("incidents",), grade=Grade.PROPOSAL)
def must_leave_by_other_law(seen: Seen) -> Iterator[Told]:
    """An established ground of another law, which the record names, asks the holder to leave.

    What to do:
        Go by that law; whoever is competent ends the agreement (JLW2.10g).
    """
    table = seen.once(known_incidents)
    with framed(table.worker, str(seen.on.year), table.happened_on):
        met = rules.must_leave_by_other_law(table.ground, table.established, table.legal_basis)
    yield from _incidents(seen, "JLW2.10f", table, met)


@check("JLW2.10h-exit", needs=(AGE,), grade=Grade.PROPOSAL)
def past_exit_age(seen: Seen) -> Iterator[Told]:
    """Somebody in post has reached the exit age of the place.

    What to do:
        End the agreement as the place's rules on age say, and fill the post anew.
    """
    found = seen.once(standing)
    who, leaves = found.roster.take(found.in_post), found.leaves_on.take(found.in_post)
    yield from seen.judged(
        leaves <= seen.on, who.county, lambda row: _leaves("JLW2.10h", who.worker, row), BORN,
    )
