"""What a year's pay comes to, subdistrict by subdistrict, by the rules of `rules/` (JLW2.4, 2.5a).

Between two months in which something changes for everybody (a policy, the assessments, certificates), only comings
and goings tell the months of a subdistrict apart. What somebody earns a month is looked up by combination, as a
month's payroll does; a pool is the sum of the performance shares of exactly those who are in it, so what a
subdistrict pays needs nobody's own share of it. Where something hangs on a single share (contributions by the
month's total, say), `rules.payroll.payroll_chunks` works each month of a subdistrict out in which somebody came or went.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.model.communities import Setting
from shequ_core.model.posts import CertificateLevel, Employment
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.contributions import RATES
from shequ_core.policy.pay import GRADES, NO_REDUCTION, Compared
from shequ_core.policy.performance import PERFORMANCE
from shequ_core.policy.policy import Policy
from shequ_core.rules import pay
from shequ_core.rules.combinations import Combinations, Monthly
from shequ_core.rules.means import goes_by_means
from shequ_core.rules.payroll import payroll_chunks
from shequ_core.rules.staffing import in_scope
from shequ_core.simulation.grading import Grading, assessments, same_grading
from shequ_core.simulation.state import NONE, Codes
from shequ_core.simulation.turn import Turn
from shequ_core.tables.columns import Bools, EnumColumn, FenColumn, IntColumn, Ints, TextColumn, Vocabulary
from shequ_core.tables.payroll import PayRows
from shequ_core.values import MONTHS_PER_YEAR, Span

LINES: Final = ("basic", "bonus", "certificate", "award", "emergency", "kept")
"""What slips come to; `employer`, `pool` and `undistributed` stand beside them."""

Sums = dict[str, Ints]
"""Amounts in fen, one a subdistrict."""

_ALL: Final = (*LINES, "employer", "pool", "undistributed", "months", "contributing")


@attrs.frozen(kw_only=True, eq=False)
class _Span:
    """Months in which nothing changes but who is there.

    Attributes:
        begin: The first month of the year, from 0, and the one after the last.
        starts: The first row of each subdistrict, and how many rows.
        grade: Everybody's grade, before what a certificate's own scheme moves.
        paid: Who is paid, in months in which they are there.
    """

    turn: Turn
    policy: Policy
    begin: int
    end: int
    starts: Ints
    grade: Codes
    paid: Bools

    @property
    def groups(self) -> int:
        return len(self.starts)

    def sums(self, values: npt.NDArray[np.generic]) -> Ints:
        """Return each subdistrict's sum."""
        return np.add.reduceat(values, self.starts, dtype=np.int64)

    def group_of(self, rows: Ints) -> Ints:
        """Return the subdistrict of each row."""
        return np.searchsorted(self.starts, rows, side="right") - 1

    def there(self, month: int) -> Bools:
        """Return who is paid in a month."""
        return self.paid & (self.turn.comes <= month) & (month < self.turn.leaves)

    def certified(self) -> tuple[Ints, Codes]:
        """Return who has a certificate that is new in the first month, and which."""
        won = [one for one in self.turn.gains if one.certificate and one.month == self.begin]
        if not won:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int8)
        rows, level = np.concatenate([one.rows for one in won]), np.concatenate([one.level for one in won])
        kept = self.paid[rows]
        return rows[kept], level[kept]


def pay_year(turn: Turn, starts: Ints, *, monthly: bool = False) -> list[tuple[int, Sums]]:
    """Work the year's pay out, and let what people win and how they are assessed count from its month on.

    Args:
        turn: The year; who comes, leaves and wins what is settled.
        starts: The first row of each subdistrict among the turn's people.
        monthly: Whether each month is to be told by itself.

    Returns:
        The first month of each span, and what it comes to.
    """
    paid = turn.people.held & turn.in_scope
    grade: Codes | None = None
    cuts = {0, turn.decided_in, MONTHS_PER_YEAR, *(one.month for one in turn.gains)}
    cuts |= {
        month for month in range(1, MONTHS_PER_YEAR)
        if turn.policies[month].fingerprint != turn.policies[month - 1].fingerprint
    }
    if monthly:
        cuts |= set(range(MONTHS_PER_YEAR))
    told = []
    for begin, end in pairwise(sorted(cuts)):
        _let_count(turn, begin)
        policy = turn.policies[begin]
        if grade is None or policy is not turn.policy or any(one.month == begin for one in turn.gains):
            grade = _grade(turn, policy)
        span = _Span(turn=turn, policy=policy, begin=begin, end=end, starts=starts, grade=grade, paid=paid)
        found = _person_by_person(span) if hangs_on_shares(policy) else _by_sums(span)
        told.append((begin, found))
    return told


def hangs_on_shares(policy: Policy) -> bool:
    """Whether something hangs on what a single person gets of a pool."""
    kept = policy.get(NO_REDUCTION)
    return RATES in policy or (kept is not None and (not kept.per_person or kept.compares is Compared.TOTAL))


def needs_county(policies: Sequence[Policy]) -> bool:
    """Whether a county's people have to go through together."""
    return any(goes_by_means(policy) and NO_REDUCTION in policy for policy in policies)


def _let_count(turn: Turn, month: int) -> None:
    people = turn.people
    for one in turn.gains:
        if one.month == month:
            since, current = (
                (people.certified, people.certificate) if one.certificate else (people.educated, people.education)
            )
            since[one.level, one.rows] = turn.january + month
            current[one.rows] = one.level
    if month == turn.decided_in:
        decided = people.history[turn.year - 1 - turn.first_year]
        np.copyto(people.latest, decided, where=decided != NONE)


def in_scope_of(setting: Codes, employment: Codes, policy: Policy) -> Bools:
    """Return who is a post holder; who can't be told to be none is paid, as in a real month.

    Args:
        setting: The place of the community's setting in the enum from 1, 0 where nobody knows.
        employment: The place of the footing.
    """
    footings = len(Employment)
    place = np.arange((len(Setting) + 1) * footings)
    of, footing = np.divmod(place, footings)
    column = EnumColumn(np.maximum(of - 1, 0), of > 0, Setting)
    outside = in_scope(column, EnumColumn(footing, None, Employment), policy).false()
    return ~outside[setting * np.int8(footings) + employment]


def _grade(turn: Turn, policy: Policy) -> Codes:
    if policy is turn.policy or same_grading(policy, turn.policy):
        return turn.grading.now()
    people = attrs.evolve(turn.people, plain=turn.people.plain.copy(), ahead=turn.people.ahead.copy())
    grading = Grading.of(people, turn.layout, turn.first_year, policy)
    grading.place(turn.year)
    return grading.now()


# --- by sums -----------------------------------------------------------------------------------------


def _terms(policy: Policy, classes: Vocabulary) -> Combinations:
    def made() -> Combinations:
        spans = policy[GRADES].classes.values()
        grades = Span(min(one.low for one in spans), max(one.high for one in spans))
        return Combinations.over(classes, grades, policy)

    return policy.once((Combinations, classes), made)


def _by_sums(span: _Span) -> Sums:
    turn, policy, people = span.turn, span.policy, span.turn.people
    terms = _terms(policy, turn.layout.classes)
    place = terms.place(people.post_class, span.grade, people.certificate + 1, people.latest + 1).astype(np.intp)
    monthly = terms.bare
    months = np.minimum(turn.leaves, span.end) - np.maximum(turn.comes, span.begin)
    np.maximum(months, 0, out=months)
    months *= span.paid
    sums = {name: np.zeros(span.groups, dtype=np.int64) for name in _ALL}
    sums["months"] = span.sums(months)

    def total(column: FenColumn) -> Ints:
        amounts = column.values[place]
        amounts *= months
        return span.sums(amounts)

    sums["basic"] = total(monthly.basic)
    if monthly.certificate.values.any():
        sums["certificate"] = total(monthly.certificate)
    if monthly.bonus is not None:
        sums["bonus"] = total(monthly.bonus)
    else:
        sums["pool"] = total(monthly.performance)
        sums["undistributed"] = _undistributed(span, monthly, place, months)
        sums["bonus"] = sums["pool"] - sums["undistributed"]
    sums["award"] = _awards(span)
    sums["kept"] = _kept(span, monthly, place, months)
    return sums


def _undistributed(span: _Span, monthly: Monthly, place: Ints, months: Codes) -> Ints:
    """Return what of the pools nobody gets: those of subdistricts and months in which all weights are zero."""
    assert monthly.weight is not None
    left = np.zeros(span.groups, dtype=np.int64)
    weighs = (monthly.weight.values > 0)[place]
    sure = np.logical_or.reduceat(weighs & (months == span.end - span.begin), span.starts)
    for group in np.flatnonzero(~sure).tolist():
        begin = int(span.starts[group])
        end = int(span.starts[group + 1]) if group + 1 < span.groups else len(place)
        rows = slice(begin, end)
        for month in range(span.begin, span.end):
            there = span.paid[rows] & (span.turn.comes[rows] <= month) & (month < span.turn.leaves[rows])
            if not (weighs[rows] & there).any():
                left[group] += monthly.performance.values[place[rows]][there].sum()
    return left


def _awards(span: _Span) -> Ints:
    award = np.zeros(span.groups, dtype=np.int64)
    rows, level = span.certified()
    once = pay.certificate_once(EnumColumn(level.astype(np.int64), None, CertificateLevel), span.policy).values
    np.add.at(award, span.group_of(rows), once)
    last = span.turn.people.history[span.turn.year - 1 - span.turn.first_year]
    every = EnumColumn(np.arange(len(AssessmentGrade)), None, AssessmentGrade)
    for month in range(span.begin, span.end):
        due = pay.yearly_sum(every, month + 1, span.policy).values
        if due.any():
            award += span.sums(np.append(due, 0)[last] * span.there(month))
    return award


def _kept(span: _Span, monthly: Monthly, place: Ints, months: Codes) -> Ints:
    kept = np.zeros(span.groups, dtype=np.int64)
    rule = span.policy.get(NO_REDUCTION)
    if rule is None:
        return kept
    rows = np.flatnonzero((span.turn.people.former >= 0) & (months > 0))
    now = FenColumn(monthly.compared(rule.compares).values[place[rows]])
    each = pay.kept_difference(FenColumn(span.turn.people.former[rows]), now, span.policy).values
    np.add.at(kept, span.group_of(rows), each * months[rows])
    return kept


# --- person by person --------------------------------------------------------------------------------


def _person_by_person(span: _Span) -> Sums:
    total = {name: np.zeros(span.groups, dtype=np.int64) for name in _ALL}
    now = {name: np.zeros(span.groups, dtype=np.int64) for name in _ALL}
    certified = np.full(len(span.paid), NONE, dtype=np.int8)
    rows, level = span.certified()
    certified[rows] = level
    every = EnumColumn(np.arange(len(AssessmentGrade)), None, AssessmentGrade)
    due_before = False
    for month in range(span.begin, span.end):
        due = bool(pay.yearly_sum(every, month + 1, span.policy).values.any())
        if month == span.begin or due or due_before or goes_by_means(span.policy):
            changed = np.ones(span.groups, dtype=np.bool_)
        else:
            changed = _changed(span, month)
            if month == span.begin + 1:
                changed[span.group_of(rows)] = True
        due_before = due
        _work_out(span, month, changed, certified if month == span.begin else None, now)
        for name, amounts in now.items():
            total[name] += amounts
    return total


def _changed(span: _Span, month: int) -> Bools:
    """Return the subdistricts in which somebody comes in a month, or has left at the end of the one before."""
    moved = np.flatnonzero(span.paid & ((span.turn.comes == month) | (span.turn.leaves == month)))
    changed = np.zeros(span.groups, dtype=np.bool_)
    changed[span.group_of(moved)] = True
    return changed


def _work_out(span: _Span, month: int, changed: Bools, certified: Codes | None, now: Sums) -> None:
    turn, people = span.turn, span.turn.people
    wanted = span.there(month) & np.repeat(changed, np.diff(span.starts, append=len(span.paid)))
    rows = np.flatnonzero(wanted)
    for amounts in now.values():
        amounts[changed] = 0
    if not len(rows):
        return
    group = span.group_of(rows)
    names = _names(turn, span.starts)
    columns = {
        "worker": TextColumn(np.arange(len(rows)), None, _workers(len(rows))),
        "subdistrict": TextColumn(group, None, names),
        "post_class": TextColumn(people.post_class[rows].astype(np.int64), None, turn.layout.classes),
        "grade": IntColumn(span.grade[rows].astype(np.int64)),
        "certificate": _levels(people.certificate[rows]),
        "assessment": assessments(people.latest[rows]),
        "last_year": assessments(people.history[turn.year - 1 - turn.first_year, rows]),
        "former": FenColumn(people.former[rows], people.former[rows] >= 0),
    }
    if certified is not None:
        columns["certified"] = _levels(certified[rows])
    month_of = date(turn.year, month + 1, 1)
    for piece in payroll_chunks(PayRows.filled(columns), turn.policies[month], month_of, whole=True):
        at = piece.rows.subdistrict.values
        for name in LINES:
            np.add.at(now[name], at, getattr(piece.lines, name).values)
        known = piece.lines.employer.mask()
        np.add.at(now["employer"], at[known], piece.lines.employer.values[known])
        np.add.at(now["contributing"], at[known], 1)
        np.add.at(now["months"], at, 1)
        if piece.pools is not None:
            index = names.places()
            of = [index[name] for name in piece.pools.subdistrict]
            now["pool"][of] += piece.pools.pool.values
            now["undistributed"][of] += piece.pools.undistributed.values


def _levels(codes: Codes) -> EnumColumn[CertificateLevel]:
    return EnumColumn(np.maximum(codes, 0).astype(np.int64), codes != NONE, CertificateLevel)


def _names(turn: Turn, starts: Ints) -> Vocabulary:
    """Return a name for each subdistrict that begins with six letters for its county and seed, as its code does."""
    layout = turn.layout
    first = int(np.searchsorted(layout.starts, turn.first))
    cells = layout.group_cell[first : first + len(starts)].tolist()
    return Vocabulary(f"{cell:06d}{first + at:09d}" for at, cell in enumerate(cells))


_ids: dict[int, Vocabulary] = {}


def _workers(rows: int) -> Vocabulary:
    size = 1 << max(rows - 1, 1).bit_length()
    if size not in _ids:
        _ids[size] = Vocabulary(f"{number:09d}" for number in range(size))
    return _ids[size]


