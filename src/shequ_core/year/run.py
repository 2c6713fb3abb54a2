"""One year of a place: the rules in their order, from tables to tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import attrs

from shequ_core.audit.policy import in_order, policy_findings
from shequ_core.audit.staffing import people as everybody
from shequ_core.audit.standing import standing
from shequ_core.law.findings import Finding
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.checks import Seen
from shequ_core.tables.answers import ContributionLines, Headcounts, PersonYears, PoolMonths, Slips
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Fen, Status
from shequ_core.year.headcount import headcounts_of
from shequ_core.year.law import MONTHS
from shequ_core.year.month import month_of
from shequ_core.year.optional import YEAR_OPTIONAL
from shequ_core.year.people import asked_of, people_of, standing_in
from shequ_core.year.prepare import prepare
from shequ_core.year.rests import Rests


@attrs.frozen(kw_only=True)
class YearResult:
    """What a year of a place comes to.

    Attributes:
        place: The place asked for.
        known: As known on that day; None for all that is known now.
        slips: Monthly slips.
        pools: Performance pools.
        contributions: Insurances and housing fund, scheme by scheme.
        headcounts: Posts against what is allowed.
        people: One row a worker.
        findings: What somebody should look at, in the order of clause and subject.
        policies: The fingerprint of the policy of each place at the end of the year.
        uncertain: Every value in force that isn't issued, press or statistic, with its statuses.
        stale: Values past their stated life.
        not_examined: By clause, of how many people or facts nobody can say, since something is missing.
    """

    place: str
    name: str
    year: int
    known: date | None
    slips: Slips
    pools: PoolMonths
    contributions: ContributionLines
    headcounts: Headcounts
    people: PersonYears
    findings: tuple[Finding, ...]
    policies: Mapping[str, str]
    uncertain: Mapping[str, tuple[Status, ...]]
    stale: tuple[str, ...]
    not_examined: Mapping[str, int]

    def total(self) -> Fen:
        """Return everything that was paid."""
        return Fen(int(self.slips.total.values.sum()))


def run_year(
    data: Dataset,
    book: PolicyBook,
    place: str,
    year: int,
    *,
    known: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> YearResult:
    """Run a whole year of a place and everything below it.

    Args:
        data: The tables of the place; rows in any order.
        book: The policies; made with `assume=True` it rests on assumptions, and the answer says so.
        place: The code of the place: a province, a city, a county or a zone.
        year: The calendar year.
        known: Facts and policies as known on that day; None for all that is known now.
        progress: Called with steps done and steps in all.

    Raises:
        InputError: Rows that can't be: every one of them, by file, row and column.
        UnsetError: Values that nobody set: every one of them, with its clause.
        PlaceNotFoundError: There is no such place in that year.
        PlaceUnresolvedError: A plugin that speaks for a place of the run is at fault.
    """
    months = [month_of(year, month) for month in MONTHS]
    ready = prepare(data, book, place, months, known, whole_year=True)
    told = []
    for done, month in enumerate(months, start=1):
        told.append(ready.month(month))
        if progress is not None:
            progress(done, len(months) + 1)
    slips, pools = Slips.concat([one[0] for one in told]), PoolMonths.concat([one[1] for one in told])
    seen = Seen(ready.data, months[-1].high, ready.law)
    stand = standing_in(ready.data, ready.roster, ready.records, ready.law, year)
    seen.give(standing, stand)
    seen.give(everybody, ready.roster)
    headcounts = headcounts_of(seen)
    findings = list(asked_of(seen))
    people, not_examined = people_of(seen, stand, findings, ready.records, slips)
    findings += policy_findings(ready.policies, YEAR_OPTIONAL)
    if progress is not None:
        progress(len(months) + 1, len(months) + 1)
    policies = ready.policies
    earlier = {
        policy.fingerprint: policy
        for code in policies
        for month in months
        if (policy := ready.law.policy(code, month.low)).fingerprint != policies[code].fingerprint
    }
    rests = Rests.of(ready.data, policies, earlier.values())
    return YearResult(
        place=place,
        name=ready.division.name,
        year=year,
        known=known,
        slips=slips,
        pools=pools,
        contributions=ContributionLines.concat([one[2] for one in told]),
        headcounts=headcounts,
        people=people,
        findings=in_order(findings),
        policies={code: policy.fingerprint for code, policy in policies.items()},
        uncertain=rests.uncertain,
        stale=rests.stale,
        not_examined=not_examined,
    )
