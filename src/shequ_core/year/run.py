"""One year of a place: the rules in their order, from tables to tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import attrs

from shequ_core.errors import Fault, InputError, msg
from shequ_core.law.findings import GRADE_OF_FORCE, Finding, Grade
from shequ_core.policy import agreements as agreement_keys
from shequ_core.policy import assessment as assessment_keys
from shequ_core.policy import pay as pay_keys
from shequ_core.policy import staffing as staffing_keys
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import PARAMETERS, Parameter
from shequ_core.policy.policy import Policy
from shequ_core.tables.answers import Headcounts, PersonYears, PoolMonths, Slips
from shequ_core.tables.dataset import Dataset
from shequ_core.values import MONTHS_PER_YEAR, Fen, Status
from shequ_core.year.headcount import headcounts_of
from shequ_core.year.law import MONTHS, Law, check_needs, check_places, counties_of
from shequ_core.year.month import month_slips
from shequ_core.year.people import part_month_findings, people_of
from shequ_core.year.records import records_of
from shequ_core.year.roster import roster_of

OPTIONAL: Final[tuple[Parameter[Any], ...]] = (  # Any: keys of every type
    pay_keys.CERTIFICATE,
    pay_keys.NO_REDUCTION,
    pay_keys.EMERGENCY,
    pay_keys.YEARLY_STEP,
    assessment_keys.PROPOSALS,
    staffing_keys.QUOTA,
    agreement_keys.FIRST_DAY,
)
"""What a year runs without: where nobody set it there is no line, and a finding that says so."""


@attrs.frozen(kw_only=True)
class YearResult:
    """What a year of a place comes to.

    Attributes:
        place: The place asked for.
        known: As known on that day; None for all that is known now.
        slips: Monthly slips.
        pools: Performance pools.
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
    end = date(year, MONTHS_PER_YEAR, 31)
    division = book.divisions.at(place, end)
    check_places(data, book, place, end)
    law = Law(book, known, end)
    roster = roster_of(data, known)
    check_needs(data, law, place, year)
    records = records_of(data, law, known, end)
    faults: list[Fault] = []
    slips: list[Slips] = []
    pools: list[PoolMonths] = []
    for month in MONTHS:
        some, pooled = month_slips(roster, records, law, year, month, faults)
        if faults:
            raise InputError(_once(faults))
        slips.append(some)
        pools.append(pooled)
        if progress is not None:
            progress(month, len(MONTHS) + 1)
    all_slips, all_pools = Slips.concat(slips), PoolMonths.concat(pools)
    headcounts, findings = headcounts_of(data, roster, law, year)
    people, about_people, not_examined = people_of(data, roster, records, law, all_slips, year)
    findings += about_people
    policies = {code: law.policy(code, end) for code in counties_of(data, place)}
    findings += policy_findings(policies)
    findings += part_month_findings(roster, year)
    if progress is not None:
        progress(len(MONTHS) + 1, len(MONTHS) + 1)
    return YearResult(
        place=place,
        name=division.name,
        year=year,
        known=known,
        slips=all_slips,
        pools=all_pools,
        headcounts=headcounts,
        people=people,
        findings=tuple(sorted(findings, key=lambda one: (one.clause, one.code, one.subject, str(one.message)))),
        policies={code: policy.fingerprint for code, policy in policies.items()},
        uncertain={name: found for policy in policies.values() for name, found in policy.uncertain().items()},
        stale=tuple(sorted({name for policy in policies.values() for name in policy.stale()})),
        not_examined=not_examined,
    )


def _once(faults: Sequence[Fault]) -> list[Fault]:
    return list({str(one): one for one in faults}.values())


def policy_findings(policies: Mapping[str, Policy]) -> list[Finding]:
    """Return what the policies themselves leave to say: conflicts, what nobody set, what is stale."""
    findings = []
    for code, policy in policies.items():
        for one in policy.conflicts():
            clause = one.source.clause or "-"
            findings.append(
                Finding(
                    code=f"{clause}-{one.key}", grade=GRADE_OF_FORCE[one.source.force], clause=clause, subject=code,
                    message=msg("{key}: {why} ({place}, {clause})", key=one.key, why=one.judgement.why, place=one.place,
                                clause=clause),
                )
            )
        findings += [
            Finding(
                code=f"{key.clauses[0]}-{key.name}-unset", grade=Grade.NOT_EXAMINED, clause=key.clauses[0],
                subject=code, message=msg("{key} is not set: {who} can set it", key=key.name, who=key.who),
            )
            for key in OPTIONAL
            if key not in policy
        ]
        findings += [
            Finding(
                code=f"{PARAMETERS[name].clauses[0]}-{name}-stale", grade=Grade.NOTE,
                clause=PARAMETERS[name].clauses[0], subject=code,
                message=msg("{key} is past its stated life", key=name),
            )
            for name in policy.stale()
        ]
    return findings
