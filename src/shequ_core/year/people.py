"""What follows for each person: exits, training, agreements, and the year's pay."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np

from shequ_core.errors import msg
from shequ_core.law.findings import Finding, Grade
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import agreements as agreement_keys
from shequ_core.policy import assessment as assessment_keys
from shequ_core.policy.law import Law
from shequ_core.policy.policy import Policy
from shequ_core.rules import agreements, assessment, exits, training
from shequ_core.tables.answers import PersonYears, Slips
from shequ_core.tables.columns import (
    Column,
    DateColumn,
    FenColumn,
    IntColumn,
    Ints,
    TextColumn,
    day_number,
)
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.in_post import Roster, enum_text, places_in
from shequ_core.trace import framed
from shequ_core.values import MONTHS_PER_YEAR
from shequ_core.year.records import Records

_MONTHS: Final = 10**6  # more than any month written as a number


def people_of(
    data: Dataset, roster: Roster, records: Records, law: Law, slips: Slips, year: int
) -> tuple[PersonYears, list[Finding], dict[str, int]]:
    """Return one row for everybody who was in post in the year, and what follows for who still is."""
    begin, end = date(year, 1, 1), date(year, MONTHS_PER_YEAR, 31)
    ended = roster.until.mask() & (roster.until.values < day_number(begin))
    there = roster.take(np.flatnonzero((roster.since.values <= day_number(end)) & ~ended))
    last = np.full(len(data.workers), -1, dtype=np.int64)
    order = np.argsort(there.since.values, kind="stable")
    last[there.person[order]] = order
    some = there.take(np.sort(last[last >= 0]))
    still = ~some.until.mask() | (some.until.values >= day_number(end))
    history = records.history.until(year).take(some.person)
    assessed = history.of_year(year)
    rows = len(some)
    failed_out, due = np.zeros(rows, dtype=np.bool_), np.zeros(rows, dtype=np.int64)
    leave = DateColumn(np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_))
    due_known = np.zeros(rows, dtype=np.bool_)
    proposals = TextColumn.of([None] * rows)
    sex, born = data.workers.sex.take(some.person), data.workers.birth_date.take(some.person)
    trained = _last_trained(data, end).take(some.person)
    grounds: list[list[str]] = [[] for _ in range(rows)]
    findings: list[Finding] = []
    incidents = _incident_grounds(data, end)
    for policy, at in law.groups(some.subdistrict, end):
        group = some.take(at)
        with framed(group.worker, str(year)):
            failed_out[at] = exits.failed_too_often(history.take(at), policy).true()
            leaving = exits.exit_day(sex.take(at), born.take(at), policy)
            by = training.training_due_by(group.role, trained.take(at), group.since.year(), policy)
            if assessment_keys.PROPOSALS in policy:
                told = enum_text(assessment.proposed(assessed.take(at), policy))
                proposals = _replaced(proposals, at, told)
        leave.values[at] = leaving.values
        mask = leave.mask().copy()
        mask[at] = leaving.mask()
        leave = DateColumn(leave.values, mask)
        due[at], due_known[at] = by.values, by.mask()
        findings += _agreement_findings(data, group, policy, end, year)
    overdue = IntColumn(due, due_known)
    reached = (leave <= end).true()
    for row in range(rows):
        if not still[row]:
            continue
        if failed_out[row]:
            grounds[row].append("JLW2.10a")
        grounds[row] += incidents.get(int(some.person[row]), [])
        if reached[row]:
            grounds[row].append("JLW2.10h")
    worker = some.worker.to_list()
    for row in range(rows):
        findings += [
            Finding(
                code=f"{clause}-exit", grade=Grade.PROPOSAL, clause=clause, subject=str(worker[row]),
                message=msg("a ground on which the holder has to leave: see {clause}", clause=clause),
            )
            for clause in grounds[row]
        ]
    if data.trainings is not None:
        findings += [
            Finding(
                code="JLW2.7a-training-due", grade=Grade.DUE, clause="JLW2.7a", subject=str(worker[row]),
                message=msg("training was due by the end of {year}", year=overdue.row(row)),
            )
            for row in np.flatnonzero((overdue <= year).true() & still).tolist()
        ]
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
            "exit_ground": TextColumn.of([" ".join(found) or None for found in grounds]),
            "training_due": overdue,
        }
    )
    not_examined = {
        "JLW2.1": int((~roster.employment.mask()).sum()),
        "JLW2.7a": int((~due_known & still).sum()) if data.trainings is not None else rows,
        "JLW2.10h": int((~leave.mask() & still).sum()),
        "JLW2.10b-f": 0 if data.incidents is not None else rows,
        "JLW2.5c": 0 if data.agreements is not None else rows,
    }
    return people, findings, {clause: count for clause, count in not_examined.items() if count}


def _replaced(column: TextColumn, rows: Ints, by: TextColumn) -> TextColumn:
    found = column.to_list()
    for row, text in zip(rows.tolist(), by.to_list(), strict=True):
        found[row] = text
    return TextColumn.of(found)


def _last_trained(data: Dataset, end: date) -> IntColumn:
    years = np.zeros(len(data.workers), dtype=np.int64)
    if data.trainings is not None:
        kept = data.trainings.completed_on.values <= day_number(end)
        person = places_in(data.trainings.worker, data.workers.id)[kept]
        np.maximum.at(years, person, data.trainings.completed_on.year().values[kept])
    return IntColumn(years, years > 0)


def _incident_grounds(data: Dataset, end: date) -> dict[int, list[str]]:
    """Return the clauses of JLW2.10b-f that established incidents of a person fulfil."""
    if data.incidents is None:
        return {}
    table = data.incidents.where(data.incidents.happened_on.values <= day_number(end))
    with framed(table.worker, str(end.year), table.happened_on):
        by_clause = {
            "JLW2.10b": exits.broke_discipline(table.ground, table.established),
            "JLW2.10c": exits.neglected_gravely(table.ground, table.established, table.great_loss),
            "JLW2.10d": exits.broke_agreement(table.ground, table.established, table.told_on, table.mended),
            "JLW2.10e": exits.proved_unfit(table.ground, table.established, table.helped_on, table.still_unfit),
            "JLW2.10f": exits.must_leave_by_other_law(table.ground, table.established, table.legal_basis),
        }
    found: dict[int, list[str]] = {}
    person = places_in(table.worker, data.workers.id)
    for clause, met in by_clause.items():
        for row in np.flatnonzero(met.true()).tolist():
            listed = found.setdefault(int(person[row]), [])
            if clause not in listed:
                listed.append(clause)
    return found


def _agreement_findings(data: Dataset, group: Roster, policy: Policy, end: date, year: int) -> list[Finding]:
    if agreement_keys.FIRST_DAY not in policy or agreement_keys.TERM not in policy or data.agreements is None:
        return []
    here = group.take(np.flatnonzero(~group.until.mask() | (group.until.values >= day_number(end))))
    with framed(here.worker, str(year)):
        term = agreements.term_of(end, policy)
        if term is None:
            return []
        table = data.agreements
        row_of = np.full(len(group.ids), -1, dtype=np.int64)
        row_of[here.person] = np.arange(len(here))
        at = row_of[places_in(table.worker, group.ids)]
        table, at = table.where(at >= 0), at[at >= 0]
        with framed(table.worker, str(year), table.since):
            fits = agreements.agreement_fits(table.since, table.until, here.since.take(at), term)
    signed = np.zeros(len(here), dtype=np.bool_)
    signed[at[fits.true()]] = True
    return [
        Finding(
            code="JLW2.5c-agreement-missing", grade=Grade.DUE, clause="JLW2.5c", subject=str(here.worker.row(row)),
            message=msg("no agreement that runs to the end of the term, {until}", until=term.high),
        )
        for row in np.flatnonzero(~signed).tolist()
    ]


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
