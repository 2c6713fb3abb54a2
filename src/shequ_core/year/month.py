"""A month's pay: grades, lines, and the subdistrict's pool over exactly those who are in it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date

import attrs
import numpy as np

from shequ_core.errors import Fault, UnsetError, msg
from shequ_core.model.posts import CertificateLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import pay as pay_keys
from shequ_core.policy.policy import Policy
from shequ_core.rules import pay, staffing
from shequ_core.tables.answers import PoolMonths, Slips
from shequ_core.tables.columns import (
    BoolColumn,
    EnumColumn,
    FenColumn,
    IntColumn,
    Ints,
    TextColumn,
    where,
)
from shequ_core.tables.groups import Groups, Shares
from shequ_core.trace import framed
from shequ_core.values import Span
from shequ_core.year.law import Law
from shequ_core.year.records import Records
from shequ_core.year.roster import Roster, enum_text, fault


@attrs.frozen(kw_only=True, eq=False)
class PayFrame:
    """The post holders of a month, one row each, with all that pay reads of them."""

    roster: Roster
    grades: Span[IntColumn]
    grade: IntColumn
    latest: EnumColumn[AssessmentGrade]
    certificate: EnumColumn[CertificateLevel]
    former: FenColumn


@attrs.frozen(kw_only=True, eq=False)
class PayLines:
    """A month's pay before the pool is divided."""

    split: pay.Split
    weight: IntColumn
    certificate: FenColumn
    kept: FenColumn


def grade_on(
    roster: Roster, records: Records, day: date, policy: Policy, faults: list[Fault]
) -> tuple[Span[IntColumn], IntColumn]:
    """Return each person's class of grades, and the grade in force on a day after every yearly step."""
    person = roster.person
    grades = pay.class_grades(roster.post_class, policy)
    holdings = records.data.holdings
    for row in np.flatnonzero(~grades.low.mask()).tolist():
        classes = tuple(policy[pay_keys.GRADES].classes)
        faults.append(
            fault(holdings, int(roster.row[row]), "post_class",
                  msg("the class of post is none of the place's: {classes}", classes=classes))
        )
    every_grade, every_day = records.graded(day)
    given, given_on = every_grade.take(person), every_day.take(person)
    worked_since = records.data.workers.worked_since.take(person)
    start = where(given_on >= roster.since, given_on, roster.since)
    start = where(given_on.is_known(), start, roster.since)
    system = policy.why(pay_keys.GRADES)
    if system is not None:
        # Whoever was there before the system began is placed on its first day.
        begin = start.fill(system.value.since)
        start = where((start < begin) & ~given_on.is_known(), begin, start)
    use_given = BoolColumn((given_on >= roster.since).true())
    steps = policy.get(pay_keys.YEARLY_STEP)
    if pay_keys.PLACEMENT not in policy:
        if not use_given.all_true():
            raise UnsetError([policy.unset_key(pay_keys.PLACEMENT)])
        grade = given
    else:
        years = pay.years_of_work(worked_since, roster.since, start)
        placed = pay.placed_grade(grades, years, records.education(day).take(person), policy)
        grade = where(use_given, given, placed)
        if steps is not None:
            ahead = pay.lead(grade, years, grades, policy)
            first = int(start.year().values.min(initial=day.year))
            for turn in range(first + 1, day.year + 1):
                january = start.fill(date(turn, 1, 1))
                years = pay.years_of_work(worked_since, roster.since, january)
                last = records.history.of_year(turn - 1).take(person)
                stepped = pay.stepped_grade(grade, years, last, grades, policy, ahead=ahead)
                grade = where(start < january, stepped, grade)
    beyond = ((grade < grades.low) | (grade > grades.high)).true()
    told = msg("the person's pay grade is not one of the class of post: correct the grade or the class")
    faults.extend(fault(holdings, int(roster.row[row]), "post_class", told) for row in np.flatnonzero(beyond).tolist())
    return grades, grade


def pay_lines(frame: PayFrame, policy: Policy) -> PayLines:
    """Work out a month's lines for people under one law, the pool not yet divided."""
    grade = pay.graded_with_certificate(frame.grade, frame.certificate, frame.grades, policy)
    split = pay.split_standard(pay.graded_pay(frame.roster.post_class, grade, policy), policy)
    certificate = pay.certificate_allowance(frame.certificate, policy)
    return PayLines(
        split=split,
        weight=pay.pool_weight(split.performance, frame.latest, policy),
        certificate=certificate,
        kept=pay.kept_difference(frame.former, split.standard + certificate, policy),
    )


def payday_of(year: int, month: int, policy: Policy) -> date:
    """Return a month's payday: the day of the place, or the month's last where it is shorter."""
    return date(year, month, min(policy[pay_keys.PAYDAY], monthrange(year, month)[1]))


def month_slips(
    roster: Roster, records: Records, law: Law, year: int, month: int, faults: list[Fault]
) -> tuple[Slips, PoolMonths]:
    """Work out one month: whoever is in post on its first day is paid the month."""
    first = date(year, month, 1)
    holders = roster.on(first)
    employed = staffing_scope(holders, law, first)
    holders = holders.take(np.flatnonzero(~employed.false()))
    if not len(holders):
        return Slips.empty(), PoolMonths.empty()
    parts: list[tuple[Ints, IntColumn, EnumColumn[AssessmentGrade], PayLines]] = []
    for policy, rows in law.groups(holders.subdistrict, first):
        some = holders.take(rows)
        with framed(some.worker, f"{year}-{month:02d}"):
            grades, grade = grade_on(some, records, first, policy, faults)
            if faults:
                continue
            payday = payday_of(year, month, policy)
            frame = PayFrame(
                roster=some,
                grades=grades,
                grade=grade,
                latest=records.history.known_by(payday).latest().take(some.person),
                certificate=records.certificate(first).take(some.person),
                former=records.former_pay().take(some.person),
            )
            lines = pay_lines(frame, policy)
            final = pay.graded_with_certificate(grade, frame.certificate, grades, policy)
        parts.append((rows, final, frame.latest, lines))
    if faults:
        return Slips.empty(), PoolMonths.empty()
    order = np.argsort(np.concatenate([rows for rows, *_ in parts]), kind="stable")

    def fen(pick: Callable[[PayLines], FenColumn]) -> FenColumn:
        return FenColumn(np.concatenate([pick(lines).values for *_, lines in parts])[order])

    subdistricts = Groups.of(holders.subdistrict)
    performance = fen(lambda lines: lines.split.performance)
    weight = IntColumn(np.concatenate([lines.weight.values for *_, lines in parts])[order])
    with framed(holders.worker, f"{year}-{month:02d}"):
        shares = pay.pool_shares(performance, weight, subdistricts, holders.rank)
    basic = fen(lambda lines: lines.split.basic)
    certificate = fen(lambda lines: lines.certificate)
    kept = fen(lambda lines: lines.kept)
    latest = EnumColumn(
        np.concatenate([found.values for _, _, found, _ in parts])[order],
        np.concatenate([found.mask() for _, _, found, _ in parts])[order],
        AssessmentGrade,
    )
    slips = Slips(
        {
            "worker": holders.worker,
            "month": _full(len(holders), year * 100 + month),
            "subdistrict": holders.subdistrict,
            "community": holders.community,
            "post": holders.post,
            "post_class": holders.post_class,
            "grade": IntColumn(np.concatenate([grade.values for _, grade, _, _ in parts])[order]),
            "assessment": enum_text(latest),
            "weight": weight,
            "standard": fen(lambda lines: lines.split.standard),
            "performance": performance,
            "basic": basic,
            "bonus": shares.each,
            "certificate": certificate,
            "kept": kept,
            "total": basic + shares.each + certificate + kept,
        }
    )
    return slips, pools_of(shares, subdistricts, year * 100 + month)


def staffing_scope(holders: Roster, law: Law, day: date) -> BoolColumn:
    """Whether each holding is one of a post holder, place by place."""
    values, known = np.zeros(len(holders), dtype=np.bool_), np.zeros(len(holders), dtype=np.bool_)
    for policy, rows in law.groups(holders.subdistrict, day):
        some = holders.take(rows)
        with framed(some.worker, day.isoformat()[:7]):
            scope = staffing.in_scope(some.setting, some.employment, policy)  # type: ignore[arg-type]  # EnumColumns, joined by take
        values[rows], known[rows] = scope.values, scope.mask()
    return BoolColumn(values, known)


def pools_of(shares: Shares, groups: Groups, month: int) -> PoolMonths:
    """Return the pools of a month as rows of the answer."""
    return PoolMonths(
        {
            "subdistrict": TextColumn.of(groups.names),
            "month": _full(len(groups), month),
            "people": groups.counts(),
            "pool": shares.pool,
            "distributed": shares.pool - shares.undistributed,
            "undistributed": shares.undistributed,
        }
    )


def _full(rows: int, number: int) -> IntColumn:
    return IntColumn(np.full(rows, number, dtype=np.int64))
