"""What post holders should have beside pay and have not, and who was lent away (JLW2.5a, 2.5d, 2.9e)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from shequ_core.audit.counties import County, inside, missing_of, open_counties
from shequ_core.audit.registry import check
from shequ_core.audit.staffing import people
from shequ_core.audit.standing import counties_of_workers
from shequ_core.errors import msg
from shequ_core.model.entitlements import Entitled
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.rules import entitlements as rules
from shequ_core.rules.arrangements import held_on
from shequ_core.tables.columns import BoolColumn, EnumColumn, TextColumn

UNKNOWN = msg("nobody said whether post holders have: {kind}")


def _lacking(
    seen: Seen,
    rule: Callable[[TextColumn, TextColumn, EnumColumn[Entitled], BoolColumn], Mapping[Entitled, BoolColumn]],
) -> Iterator[Told]:
    table = seen.data.entitlements
    assert table is not None
    held = held_on(table.in_place, table.since, table.until, seen.on)
    for county in open_counties(seen):
        workers = in_post(seen, county)
        here = inside(table.worker, workers)
        answers = rule(workers, table.worker.where(here), table.kind.where(here), held.where(here))
        yield from missing_of(county, workers, answers, msg("missing: {missing}"), UNKNOWN)


def in_post(seen: Seen, county: County) -> TextColumn:
    """Return who is in post in a county on the day, each once."""
    roster = seen.once(people).on(seen.on)
    here = roster.worker.where(inside(roster.community, county.communities))
    return TextColumn.of(sorted({one for one in here if one is not None}))


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
