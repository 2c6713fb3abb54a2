"""What every run of a place begins with: places and needs checked, facts as known, people and their records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import attrs

from shequ_core.errors import Fault, InputError
from shequ_core.model.places import Division
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.law import Law, check_places, counties_of
from shequ_core.policy.policy import Policy
from shequ_core.rules.payroll import Payroll
from shequ_core.tables.answers import ContributionLines, PoolMonths, Slips
from shequ_core.tables.checks import overlaps_as_known
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.dated import as_known_dataset
from shequ_core.tables.in_post import Roster, roster_of
from shequ_core.values import Span
from shequ_core.year.law import PAY_RULES, YEAR_RULES, check_needs
from shequ_core.year.month import Spells, month_pay, month_payrolls
from shequ_core.year.records import Records, records_of


@attrs.frozen(kw_only=True, eq=False)
class Prepared:
    """A place ready to be run, month by month.

    Attributes:
        data: The facts that count as known on the run's day.
        policies: The policy of each county on the run's last day.
    """

    data: Dataset
    division: Division
    law: Law
    roster: Roster
    records: Records
    policies: dict[str, Policy]

    def month(self, month: Span[date]) -> tuple[Slips, PoolMonths, ContributionLines]:
        """Work out one month's pay.

        Raises:
            InputError: Rows that can't be: every one of them, by file, row and column.
            UnsetError: A value that the month needs and nobody set.
        """
        return month_pay(self.payrolls(month), month)

    def payrolls(self, month: Span[date]) -> list[tuple[Spells, Payroll]]:
        """Work out one month's pay: the parts of holdings and what they come to, for each law they live under.

        Raises:
            InputError: Rows that can't be: every one of them, by file, row and column.
            UnsetError: A value that the month needs and nobody set.
        """
        faults: list[Fault] = []
        told = month_payrolls(self.roster, self.records, self.law, month, faults)
        if faults:
            raise InputError(list({str(one): one for one in faults}.values()))
        return told


def prepare(
    data: Dataset, book: PolicyBook, place: str, months: Sequence[Span[date]], known: date | None, *, whole_year: bool
) -> Prepared:
    """Check places and needs, and lay out people and records.

    Args:
        data: The tables of the place, all versions of every fact.
        months: The months that are to be run, in order.
        known: Facts and policies as known on that day; None for all that is known now.
        whole_year: Whether headcount, exits and training are asked too, and not pay alone.

    Raises:
        InputError: Rows that can't be: every one of them, by file, row and column.
        UnsetError: Values that nobody set: every one of them, with its clause.
        PlaceNotFoundError: There is no such place then.
        PlaceUnresolvedError: A plugin that speaks for a place of the run is at fault.
    """
    end = months[-1].high
    division = book.divisions.at(place, end)
    check_places(data, book, place, end)
    law = Law(book, known, end)
    if known is not None:  # reading refuses what overlaps once all is known; what did so then is told here
        faults = list(overlaps_as_known(data, known))
        if faults:
            raise InputError(faults)
    data = as_known_dataset(data, known)
    check_needs(data, law, place, months, (*PAY_RULES, *YEAR_RULES) if whole_year else PAY_RULES)
    return Prepared(
        data=data,
        division=division,
        law=law,
        roster=roster_of(data),
        records=records_of(data, law, known, end),
        policies={code: law.policy(code, end) for code in counties_of(data, place)},
    )
