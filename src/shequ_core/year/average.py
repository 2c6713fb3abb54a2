"""The average check: a county's mean standard in a month against its reference, and what would meet it (JLW2.4c)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

import attrs
import numpy as np

from shequ_core.audit.policy import in_order, policy_findings
from shequ_core.errors import Message, msg
from shequ_core.law.findings import Finding, Grade
from shequ_core.model.average import CountyAverage, ProposedGrade
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.pay import AVERAGE_TOLERANCE, GRADES, LOCAL_COEFFICIENT, REFERENCE
from shequ_core.policy.policy import Policy
from shequ_core.rules.average import Average, Proposal, average_reference, average_standard, inside_tolerance
from shequ_core.rules.average import proposed_grades as propose
from shequ_core.rules.means import last_parts
from shequ_core.rules.payroll import Payroll
from shequ_core.tables.budget import CountyAverages, ProposedGrades
from shequ_core.tables.columns import Ints, TextColumn
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.groups import Groups
from shequ_core.trace import framed
from shequ_core.values import Fen, fraction_text, round_half_up
from shequ_core.year.month import month_number, month_of
from shequ_core.year.prepare import prepare
from shequ_core.year.rests import Rests

_OPTIONAL: Final = (REFERENCE, AVERAGE_TOLERANCE)


@attrs.frozen(kw_only=True, eq=False)
class AverageCheck:
    """The average standards of a place's counties in a month.

    Attributes:
        place: The place asked for.
        month: The first day of the month.
        known: As known on that day; None for all that is known now.
        counties: One row a county.
        grades: What each grade is worth now, and by the proposal; none where there is no proposal.
        findings: What somebody should look at, in the order of clause and subject.
        rests: What the answer rests on.
    """

    place: str
    name: str
    month: date
    known: date | None
    counties: CountyAverages
    grades: ProposedGrades
    findings: tuple[Finding, ...]
    rests: Rests


def average_check(
    data: Dataset, book: PolicyBook, place: str, month: date, *, known: date | None = None
) -> AverageCheck:
    """Hold the mean standard pay of each county's post holders in a month against its reference.

    Everybody who holds a post on any day of the month counts once, with the standard of the last part of it.

    Args:
        data: The tables of the place; rows in any order.
        book: The policies; made with `assume=True` it rests on assumptions, and the answer says so.
        place: The code of the place: a province, a city, a county or a zone.
        month: Any day of the month.
        known: Facts and policies as known on that day; None for all that is known now.

    Raises:
        InputError: Rows that can't be: every one of them, by file, row and column.
        UnsetError: Values that nobody set and that standards need: every one of them, with its clause.
        PlaceNotFoundError: There is no such place in that month.
        PlaceUnresolvedError: A plugin that speaks for a place of the run is at fault.
    """
    span = month_of(month.year, month.month)
    ready = prepare(data, book, place, [span], known, whole_year=False)
    averages: list[CountyAverage] = []
    grades: list[ProposedGrade] = []
    findings = policy_findings(ready.policies, _OPTIONAL)
    for _, paid in ready.payrolls(span):
        last = np.flatnonzero(last_parts(paid.rows).true())
        counties = Groups.of(paid.rows.subdistrict.take(last).start(COUNTY_DIGITS))
        for place_of, code in enumerate(counties.names):
            rows = last[counties.at == place_of]
            told, proposal = _county(code, month_number(span), paid, rows)
            averages.append(told)
            findings += _findings(told)
            if proposal is not None:
                grades += _grades(code, paid, rows, proposal)
    return AverageCheck(
        place=place,
        name=ready.division.name,
        month=span.low,
        known=known,
        counties=CountyAverages.of(sorted(averages, key=lambda one: (one.county, one.people, one.total))),
        grades=ProposedGrades.of(sorted(grades, key=lambda one: (one.county, one.post_class, one.grade))),
        findings=in_order(findings),
        rests=Rests.of(ready.data, ready.policies),
    )


def _county(code: str, month: int, paid: Payroll, rows: Ints) -> tuple[CountyAverage, Proposal | None]:
    policy, post_class = paid.policy, paid.rows.post_class.take(rows)
    with framed(TextColumn.of([code]), str(month)):
        average = average_standard(paid.lines.standard.take(rows))
        reference = average_reference(post_class, policy) if REFERENCE in policy else None
        proposal = None if reference is None else propose(post_class, paid.lines.grade.take(rows), policy)
        inside = None if reference is None else inside_tolerance(average, reference, policy)
        then = None if reference is None or proposal is None else inside_tolerance(proposal.average, reference, policy)
    tolerance = policy.get(AVERAGE_TOLERANCE)
    uses = REFERENCE.name in policy[GRADES].uses
    told = CountyAverage(
        county=code,
        month=month,
        people=average.people,
        total=average.total,
        mean=_fen(average.mean),
        reference=None if reference is None else _fen(reference),
        reference_exact=_text(reference),
        relation=_relation(average, reference),
        gap=None if reference is None else _fen(average.mean - reference),
        tolerance=_text(tolerance),
        inside=inside,
        gives=policy[GRADES].gives.value,
        factor=None if proposal is None else fraction_text(proposal.factor),
        coefficient=fraction_text(policy[LOCAL_COEFFICIENT]) if uses else None,
        proposed_coefficient=None if proposal is None else _text(proposal.coefficient),
        proposed_total=None if proposal is None else proposal.average.total,
        proposed_mean=None if proposal is None else _fen(proposal.average.mean),
        proposed_relation=None if proposal is None else _relation(proposal.average, reference),
        proposed_inside=then,
    )
    return told, proposal


def _grades(code: str, paid: Payroll, rows: Ints, proposal: Proposal) -> list[ProposedGrade]:
    """Return every grade of each class that somebody is in, what it is worth now and would be worth."""
    policy, post_class = paid.policy, paid.rows.post_class.take(rows)
    table, held = policy[GRADES], paid.lines.grade.take(rows)
    now = _amounts_now(policy)
    found = []
    for name, proposed in proposal.amounts.items():
        span, of_class = table.classes[name], (post_class == name).true()
        people = np.bincount(held.values[of_class], minlength=span.high + 1).tolist()
        found += [
            ProposedGrade(
                county=code, post_class=name, grade=grade, people=people[grade], now=now[name][grade - 1],
                proposed=proposed[grade - 1],
            )
            for grade in range(span.low, span.high + 1)
        ]
    return found


def _amounts_now(policy: Policy) -> Mapping[str, tuple[Fen, ...]]:
    table = policy[GRADES]
    uses = REFERENCE.name in table.uses
    local = policy[LOCAL_COEFFICIENT] if uses else Fraction(0)
    return {name: tuple(table.amounts(name, policy[REFERENCE].monthly(name) * local)) for name in table.classes}


def _findings(told: CountyAverage) -> list[Finding]:
    if told.reference is None:
        return []
    found: list[tuple[str, Grade, Message]] = []
    if told.inside is False:
        message = msg(
            "the average standard of {people} people is {mean} yuan, its reference {reference} yuan: {relation} of it,"
            " and the tolerance is {tolerance}",
            people=told.people, mean=told.mean, reference=told.reference, relation=told.relation,
            tolerance=told.tolerance,
        )
        found.append(("JLW2.4c-average-off-reference", Grade.NOTE, message))
    if told.proposed_total is None:
        message = msg("no factor brings the average standard to its reference: no grades are proposed")
        found.append(("JLW2.4c-no-proposal", Grade.NOT_EXAMINED, message))
    elif told.gap is not None and told.gap > 0:
        message = msg(
            "the average standard is {gap} yuan above its reference: what is higher now stays and is not lowered, so"
            " the proposal is arithmetic alone",
            gap=told.gap,
        )
        found.append(("JLW2.4c-average-above-reference", Grade.NOTE, message))
    return [
        Finding(code=code, grade=grade, clause="JLW2.4c", subject=told.county, message=message)
        for code, grade, message in found
    ]


def _relation(average: Average, reference: Fraction | None) -> str | None:
    return None if not reference else fraction_text(average.mean / reference)


def _text(value: Fraction | None) -> str | None:
    return None if value is None else fraction_text(value)


def _fen(exact: Fraction) -> Fen:
    return Fen(round_half_up(exact.numerator, exact.denominator))
