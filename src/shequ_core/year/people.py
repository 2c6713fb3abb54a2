"""What follows for each person: exits, training, agreements, and the year's pay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from shequ_core.audit.registry import Listed, asked_for, own_checks
from shequ_core.audit.run import run_checks
from shequ_core.audit.standing import Standing, last_holding, standing_of
from shequ_core.law.findings import Finding, Grade
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import assessment as assessment_keys
from shequ_core.policy.checks import Seen
from shequ_core.policy.law import Law
from shequ_core.rules import assessment
from shequ_core.tables.answers import PersonYears, Slips
from shequ_core.tables.columns import Column, FenColumn, IntColumn, Ints, TextColumn, day_number
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.in_post import Roster, enum_text, places_in
from shequ_core.trace import framed
from shequ_core.values import MONTHS_PER_YEAR
from shequ_core.year.records import Records

_MONTHS: Final = 10**6  # more than any month written as a number


CHECKS: Final = ("JLW2.2", "JLW2.5c", "JLW2.7a", "JLW2.10")
"""What a year asks of its last day."""


def standing_in(data: Dataset, roster: Roster, records: Records, law: Law, year: int) -> Standing:
    """Return how everybody who was in post in the year stands at its end, a row a person."""
    begin, end = date(year, 1, 1), date(year, MONTHS_PER_YEAR, 31)
    there = roster.during(begin, end)
    some = there.take(last_holding(there, len(data.workers)))
    still = ~some.until.mask() | (some.until.values >= day_number(end))
    return standing_of(data, some, still, records.history, law, end)


def asked_of(seen: Seen) -> tuple[Finding, ...]:
    """Return what the checks of a year find at its end; what nobody can say is counted by `people_of`."""
    own = {code: Listed(check=one) for code, one in own_checks().items() if asked_for(code, CHECKS, ())}
    return tuple(one for one in run_checks(own, seen) if one.grade is not Grade.NOT_EXAMINED)


def people_of(
    seen: Seen, found: Standing, findings: Sequence[Finding], records: Records, slips: Slips
) -> tuple[PersonYears, dict[str, int]]:
    """Return one row for everybody who was in post in the year, and of how many something can't be said."""
    data, law, end = seen.data, seen.law, seen.on
    some, still = found.roster, found.still
    history = records.history.until(end.year).take(some.person)
    assessed = history.of_year(end.year)
    rows = len(some)
    proposals = TextColumn.of([None] * rows)
    for policy, at in law.groups(some.subdistrict, end) if rows else ():
        if assessment_keys.PROPOSALS in policy:
            with framed(some.worker.take(at), str(end.year)):
                proposals = _replaced(proposals, at, enum_text(assessment.proposed(assessed.take(at), policy)))
    grounds: dict[str, list[str]] = {}
    for one in findings:
        if one.grade is Grade.PROPOSAL:
            grounds.setdefault(one.subject, []).append(one.clause)
    paid = _sums(slips, some)
    people = PersonYears(
        {
            "worker": some.worker,
            "name": data.workers.name.take(some.person),
            "community": some.community,
            "post_class": some.post_class,
            **paid,
            "assessed": enum_text(assessed),
            "proposal": proposals,
            "failed_running": history.longest_run(AssessmentGrade.UNQUALIFIED, gap_breaks=False),
            "failed_total": history.total(AssessmentGrade.UNQUALIFIED),
            "exit_ground": TextColumn.of([" ".join(grounds.get(str(id), ())) or None for id in some.worker.to_list()]),
            "training_due": found.training_due,
        }
    )
    not_examined = {
        "JLW2.1": int((~some.employment.mask()).sum()),
        "JLW2.7a": int((~found.training_due.mask() & still).sum()) if data.trainings is not None else rows,
        "JLW2.10h": int((~found.leaves_on.mask() & still).sum()),
        "JLW2.10b-f": 0 if data.incidents is not None else rows,
        "JLW2.5c": 0 if data.agreements is not None else rows,
    }
    return people, {clause: count for clause, count in not_examined.items() if count}


def _replaced(column: TextColumn, rows: Ints, by: TextColumn) -> TextColumn:
    found = column.to_list()
    for row, text in zip(rows.tolist(), by.to_list(), strict=True):
        found[row] = text
    return TextColumn.of(found)


def _sums(slips: Slips, some: Roster) -> dict[str, Column[Any]]:  # Any: amounts and numbers
    at = places_in(slips.worker, some.worker) if len(slips) else np.zeros(0, dtype=np.int64)

    def total(column: FenColumn) -> FenColumn:
        sums, unknown = np.zeros(len(some), dtype=np.int64), np.zeros(len(some), dtype=np.bool_)
        np.add.at(sums, at, column.values)
        unknown[at[~column.mask()]] = True
        return FenColumn(sums, ~unknown)

    paid = np.unique(at * _MONTHS + slips.month.values) // _MONTHS  # a month in several parts is one month
    months = np.bincount(paid, minlength=len(some)).astype(np.int64)
    grade = np.zeros(len(some), dtype=np.int64)
    np.put(grade, at, slips.grade.values)  # slips stand in the order of months, so the last one stays
    return {
        "months": IntColumn(months),
        "grade": IntColumn(grade, months > 0),
        "basic": total(slips.basic),
        "bonus": total(slips.bonus),
        "certificate": total(slips.certificate),
        "award": total(slips.award),
        "emergency": total(slips.emergency),
        "kept": total(slips.kept),
        "total": total(slips.total),
        "insurance": total(slips.insurance),
        "fund": total(slips.fund),
        "net": total(slips.net),
    }
