"""What post holders should have beside pay and have not, and who was lent away (JLW2.5a, 2.5d, 2.9e)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shequ_core.audit.counties import County, counties_of, finding, inside, not_examined
from shequ_core.errors import msg
from shequ_core.law.findings import Finding
from shequ_core.policy.book import PolicyBook
from shequ_core.rules import entitlements as rules
from shequ_core.rules.arrangements import held_on
from shequ_core.tables.columns import Bools, DateColumn, TextColumn, rows_where
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.dated import as_known


def entitlement_findings(
    data: Dataset, book: PolicyBook, on: date, *, known: date | None = None
) -> tuple[Finding, ...]:
    """Return which post holders lack what they should have, and who was lent away unapproved.

    Args:
        data: The facts; what has no table is not examined.
        book: The policies.
        on: The day.
        known: As known on that day; None for all that is known now.
    """
    found: list[Finding] = []
    holdings = data.holdings
    holdings = holdings.where(as_known(holdings, known) & _lasting(holdings.since, holdings.until, on))
    posts = dict(zip(data.posts.id, data.posts.community, strict=True))
    homes = TextColumn.of(None if post is None else posts.get(post) for post in holdings.post)
    for county in counties_of(data, book, on, known):
        here = holdings.worker.where(inside(homes, county.communities))
        workers = TextColumn.of(sorted({one for one in here if one is not None}))
        found += benefits_missing(data, county, workers, on)
        found += without_file(data, county, workers, on)
        found += lent_unapproved(data, county, workers, on, known)
    return tuple(sorted(found, key=lambda one: (one.code, one.subject)))


def _lasting(since: DateColumn, until: DateColumn, on: date) -> Bools:
    return ~(since > on).true() & ~(until < on).true()


def benefits_missing(data: Dataset, county: County, workers: TextColumn, on: date) -> Iterator[Finding]:
    """Yield post holders who lack an insurance, the housing fund, a free check-up or paid leave.

    What to do:
        Whoever employs them registers them with the insurance or fund, and gives check-up and leave.
    """
    code = "JLW2.5a-benefits-missing"
    if not county.in_force(code):
        return
    rows = data.entitlements
    if rows is None:
        yield not_examined(code, county.code, msg("a table of what workers have beside pay is missing"))
        return
    rows = rows.where(inside(rows.worker, workers))
    held = held_on(rows.in_place, rows.since, rows.until, on)
    answers = rules.benefits_missing(workers, rows.worker, rows.kind, held)
    for row, worker in enumerate(workers):
        missing = tuple(kind for kind, one in answers.items() if one.true()[row])
        if missing:
            yield finding(code, str(worker), msg("missing: {missing}", missing=missing))
    for kind, one in answers.items():
        unknown = int((~one.mask()).sum())
        if unknown:
            told = msg("of {count} post holders nobody said whether they have: {kind}", count=unknown, kind=kind)
            yield not_examined(code, county.code, told)


def without_file(data: Dataset, county: County, workers: TextColumn, on: date) -> Iterator[Finding]:
    """Yield post holders without a personnel file.

    What to do:
        Whoever keeps the personnel files of the county opens one.
    """
    code = "JLW2.5d-no-personnel-file"
    if not county.in_force(code):
        return
    rows = data.entitlements
    if rows is None:
        yield not_examined(code, county.code, msg("a table of what workers have beside pay is missing"))
        return
    rows = rows.where(inside(rows.worker, workers))
    lacking = rules.without_file(workers, rows.worker, rows.kind, held_on(rows.in_place, rows.since, rows.until, on))
    for row in rows_where(lacking):
        yield finding(code, str(workers.row(row)), msg("there is no personnel file"))
    unknown = int((~lacking.mask()).sum())
    if unknown:
        told = msg("of {count} post holders nobody said whether they have a personnel file", count=unknown)
        yield not_examined(code, county.code, told)


def lent_unapproved(
    data: Dataset, county: County, workers: TextColumn, on: date, known: date | None
) -> Iterator[Finding]:
    """Yield post holders lent to a higher office without the county's approval.

    What to do:
        The office asks the county, or sends the person back.
    """
    code = "JLW2.9e-lent-unapproved"
    if not county.in_force(code):
        return
    rows = data.secondments
    if rows is None:
        yield not_examined(code, county.code, msg("a table of secondments is missing"))
        return
    rows = rows.where(as_known(rows, known) & _lasting(rows.since, rows.until, on) & inside(rows.worker, workers))
    off = rules.lent_unapproved(rows.approved, rows.approved_by)
    for row in rows_where(off):
        told = msg("lent to {office} since {day} without approval", office=rows.to.row(row), day=rows.since.row(row))
        yield finding(code, str(rows.worker.row(row)), told)
    unknown = int((~off.mask()).sum())
    if unknown:
        told = msg("of {count} secondments nobody wrote down whether they were approved", count=unknown)
        yield not_examined(code, county.code, told)
