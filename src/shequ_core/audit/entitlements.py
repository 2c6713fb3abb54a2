"""What post holders should have beside pay and have not, who was lent away, who was rewarded (JLW2.5, 2.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import attrs
import numpy as np

from shequ_core.audit.counties import by_county, counties, inside, missing_of, open_counties
from shequ_core.audit.registry import check
from shequ_core.audit.staffing import people
from shequ_core.audit.standing import counties_of_workers, graded
from shequ_core.errors import msg
from shequ_core.model.entitlements import Entitled
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.rules import entitlements as rules
from shequ_core.rules.arrangements import held_on
from shequ_core.tables.arrangements import Entitlements
from shequ_core.tables.columns import BoolColumn, EnumColumn, TextColumn
from shequ_core.tables.history import History
from shequ_core.tables.in_post import places_in

UNKNOWN = msg("nobody said whether post holders have: {kind}")


@attrs.frozen(kw_only=True, eq=False)
class Fulfilled:
    """What was written down of the post holders of a county.

    Attributes:
        workers: Who is in post on the day, each once.
        worker: The person of each row.
        kind: What it tells of.
        held: Whether that is there on the day.
    """

    workers: TextColumn
    worker: TextColumn
    kind: EnumColumn[Entitled]
    held: BoolColumn


def fulfilled(seen: Seen) -> Mapping[str, Fulfilled]:
    """Return what was written down of each county's post holders, by its code."""
    table = seen.data.entitlements
    assert table is not None
    held = held_on(table.in_place, table.since, table.until, seen.on)
    holders = in_post(seen)
    return {
        code: Fulfilled(workers=holders[code], worker=worker, kind=table.kind.take(rows), held=held.take(rows))
        for code, rows, worker in by_county(seen, table.worker, holders)
    }


def in_post(seen: Seen) -> Mapping[str, TextColumn]:
    """Return who is in post in each county on the day, each once."""
    roster = seen.once(people).on(seen.on)
    found = {}
    for county in seen.once(counties):
        here = np.flatnonzero((roster.county == county.code).true())
        there = inside(roster.community.take(here), county.communities)
        found[county.code] = TextColumn.of(sorted({str(one) for one in roster.worker.take(here[there])}))
    return found


def _lacking(
    seen: Seen,
    rule: Callable[[TextColumn, TextColumn, EnumColumn[Entitled], BoolColumn], Mapping[Entitled, BoolColumn]],
) -> Iterator[Told]:
    for county in open_counties(seen):
        told = seen.once(fulfilled)[county.code]
        answers = rule(told.workers, told.worker, told.kind, told.held)
        yield from missing_of(county, told.workers, answers, msg("missing: {missing}"), UNKNOWN)


@check("JLW2.5a-benefits-missing", tables=("entitlements",))
def benefits_missing(seen: Seen) -> Iterator[Told]:
    """Somebody in post lacks an insurance, the housing fund, a free check-up or paid leave.

    What to do:
        Whoever employs the person registers them with the insurance or fund, and gives check-up and leave.
    """
    return _lacking(seen, rules.benefits_missing)


@check("JLW2.5d-no-personnel-file", tables=("entitlements",))
def no_personnel_file(seen: Seen) -> Iterator[Told]:
    """Somebody in post has no personnel file.

    What to do:
        Whoever keeps the personnel files of the county opens one.
    """
    return _lacking(
        seen, lambda workers, worker, kind, held: {
            Entitled.PERSONNEL_FILE: rules.without_file(workers, worker, kind, held)
        },
    )


@check("JLW2.9e-lent-unapproved", tables=("secondments",))
def lent_unapproved(seen: Seen) -> Iterator[Told]:
    """Somebody in post was lent to a higher office without the county's approval.

    What to do:
        The office asks the county, or sends the person back.
    """
    table = seen.data.secondments
    assert table is not None
    rows = table.where(~(table.since > seen.on).true() & ~(table.until < seen.on).true())
    return seen.judged(
        rules.lent_unapproved(rows.approved, rows.approved_by), counties_of_workers(seen.data, rows.worker),
        lambda row: Breach(
            subject=str(rows.worker.row(row)),
            message=msg("lent to {office} since {day} without approval", office=rows.to.row(row),
                        day=rows.since.row(row)),
        ),
        msg("nobody wrote down whether a secondment was approved"),
    )


@check("JLW2.9f-rewarded-without-merit", tables=("entitlements", "assessments"))
def rewarded_without_merit(seen: Seen) -> Iterator[Told]:
    """Somebody was rewarded this year who was not outstanding the year before.

    What to do:
        Look at what the reward rests on; the next one goes to those who stand out.
    """
    table = seen.data.entitlements
    assert table is not None
    given = (table.kind == Entitled.REWARD) & table.in_place & (table.since.year() == seen.on.year)
    rows = table.where((given & (table.since <= seen.on)).true())
    if not len(rows):
        return
    yield from seen.judged(
        rules.rewarded_without_merit(_grade_before(seen, rows)), counties_of_workers(seen.data, rows.worker),
        lambda row: Breach(
            subject=str(rows.worker.row(row)),
            message=msg("rewarded on {day}, not outstanding the year before", day=rows.since.row(row)),
        ),
        msg("somebody who was rewarded was not assessed the year before"),
    )


def _grade_before(seen: Seen, rows: Entitlements) -> EnumColumn[AssessmentGrade]:
    table, workers = seen.data.assessments, seen.data.workers.id
    assert table is not None
    history = History.of(workers, table, graded(seen.data, seen.law, seen.on), seen.law.known)
    return history.of_year(seen.on.year - 1).take(places_in(rows.worker, workers))
