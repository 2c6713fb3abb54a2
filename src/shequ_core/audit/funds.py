"""Whether the money of subdistricts and communities is budgeted, and whether it grows (JLG2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shequ_core.audit.counties import County, counties_of, finding, inside, not_examined
from shequ_core.errors import msg
from shequ_core.law.findings import Finding, Grade
from shequ_core.policy.book import PolicyBook
from shequ_core.rules import funds as rules
from shequ_core.tables.columns import FenColumn, TextColumn, concat, rows_where
from shequ_core.tables.dataset import Dataset


def fund_findings(
    data: Dataset, book: PolicyBook, on: date, *, known: date | None = None
) -> tuple[Finding, ...]:
    """Return where the money is not budgeted in the year of a day, and where it hasn't grown.

    Args:
        data: The facts; without the table `funds` nothing of it is examined.
        book: The policies.
        on: The day.
        known: As known on that day; None for all that is known now.
    """
    found: list[Finding] = []
    for county in counties_of(data, book, on, known):
        found += not_budgeted(data, county, on)
        found += not_grown(data, county, on)
    return tuple(sorted(found, key=lambda one: (one.code, one.subject)))


def not_budgeted(data: Dataset, county: County, on: date) -> Iterator[Finding]:
    """Yield subdistricts and communities without money in the budget of the same level.

    What to do:
        The finance department lists it in the next budget or by an adjustment.
    """
    code = "JLG2.8.1-not-in-budget"
    if not county.in_force(code):
        return
    if data.funds is None:
        yield not_examined(code, county.code, msg("a table of budgeted funds is missing"))
        return
    places = concat([county.subdistricts, county.communities])
    rows = data.funds.where((data.funds.year == on.year).true() & inside(data.funds.place, places))
    lacking = rules.not_budgeted(places, rows.place, rows.listed)
    for row in rows_where(lacking):
        told = msg("no money in the budget of the same level of {year}", year=on.year)
        yield finding(code, str(places.row(row)), told, Grade.CONFLICT)  # to list it is a must, growth an aim
    unknown = int((~lacking.mask()).sum())
    if unknown:
        told = msg("of {count} places nobody said whether their money is in the budget of {year}", count=unknown,
                   year=on.year)
        yield not_examined(code, county.code, told)


def not_grown(data: Dataset, county: County, on: date) -> Iterator[Finding]:
    """Yield subdistricts and communities whose money is no more than the year before, which is an aim.

    What to do:
        Look at it in the next budget.
    """
    code = "JLG2.8.1-not-grown"
    if not county.in_force(code):
        return
    if data.funds is None:
        yield not_examined(code, county.code, msg("a table of budgeted funds is missing"))
        return
    places = concat([county.subdistricts, county.communities])
    now, before = (_amounts(data, places, year) for year in (on.year, on.year - 1))
    same = rules.not_grown(now, before)
    for row in rows_where(same):
        told = msg("{now} yuan, {before} yuan the year before", now=now.row(row), before=before.row(row))
        yield finding(code, str(places.row(row)), told)
    unknown = int((~same.mask()).sum())
    if unknown:
        told = msg("of {count} places the money of {year} or of the year before is not known", count=unknown,
                   year=on.year)
        yield not_examined(code, county.code, told)


def _amounts(data: Dataset, places: TextColumn, year: int) -> FenColumn:
    assert data.funds is not None
    rows = data.funds.where((data.funds.year == year).true())
    found = dict(zip(rows.place, rows.amount, strict=True))
    return FenColumn.of(found.get(place) for place in places)
