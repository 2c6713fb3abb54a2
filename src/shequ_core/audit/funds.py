"""Whether the money of subdistricts and communities is budgeted, and whether it grows (JLG2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator

from shequ_core.audit.counties import County, inside, open_counties
from shequ_core.audit.registry import check
from shequ_core.errors import msg
from shequ_core.law.findings import Grade
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.rules import funds as rules
from shequ_core.tables.arrangements import Funds
from shequ_core.tables.columns import FenColumn, TextColumn, concat
from shequ_core.tables.in_post import places_in


def funds(seen: Seen) -> Funds:
    """Return the money, which a check that asks for it has."""
    assert seen.data.funds is not None
    return seen.data.funds


# To list the money is a must, though the clause as a whole is an aim.
@check("JLG2.8.1-not-in-budget", tables=("funds",), grade=Grade.CONFLICT)
def not_in_budget(seen: Seen) -> Iterator[Told]:
    """A subdistrict or community has no money in the budget of the same level for the year.

    What to do:
        The finance department lists it in the next budget or by an adjustment.
    """
    table, year = funds(seen), seen.on.year
    for county in open_counties(seen):
        places = _places(county)
        rows = table.where((table.year == year).true() & inside(table.place, places))
        yield from seen.judged(
            rules.not_budgeted(places, rows.place, rows.listed), places,
            lambda row, places=places: Breach(  # type: ignore[misc]  # bound to this turn of the loop
                subject=str(places.row(row)),
                message=msg("no money in the budget of the same level of {year}", year=year),
            ),
            msg("whether the money is in the budget of {year} is not known", year=year),
        )


@check("JLG2.8.1-not-grown", tables=("funds",))
def not_grown(seen: Seen) -> Iterator[Told]:
    """The money of a subdistrict or community is no more than the year before: an aim.

    What to do:
        Look at it in the next budget.
    """
    year = seen.on.year
    for county in open_counties(seen):
        places = _places(county)
        now, before = _amounts(funds(seen), places, year), _amounts(funds(seen), places, year - 1)
        yield from seen.judged(
            rules.not_grown(now, before), places,
            lambda row, places=places, now=now, before=before: Breach(  # type: ignore[misc]  # as above
                subject=str(places.row(row)), found=now.row(row),
                message=msg("{now} yuan, {before} yuan the year before", now=now.row(row), before=before.row(row)),
            ),
            msg("the money of {year} or of the year before is not known", year=year),
        )


def _places(county: County) -> TextColumn:
    return concat([county.subdistricts, county.communities])


def _amounts(table: Funds, places: TextColumn, year: int) -> FenColumn:
    rows = table.where((table.year == year).true())
    return rows.amount.take(places_in(places, rows.place))
