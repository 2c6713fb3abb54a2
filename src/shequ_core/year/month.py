"""A month: who is paid for which of its days, by what is on record, and what it comes to."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Final

import attrs
import numpy as np

from shequ_core.errors import Fault, UnsetError, msg
from shequ_core.model.contributions import Scheme
from shequ_core.model.pay import Newcomer
from shequ_core.policy import emergency as emergency_keys
from shequ_core.policy import month as month_keys
from shequ_core.policy import pay as pay_keys
from shequ_core.policy import performance as performance_keys
from shequ_core.policy.contributions import RATES
from shequ_core.policy.law import Law
from shequ_core.policy.policy import Policy
from shequ_core.rules import pay, staffing
from shequ_core.rules.contributions import contributions
from shequ_core.rules.payroll import Payroll, contributors, payroll, settled
from shequ_core.tables.answers import ContributionLines, PoolMonths, Slips
from shequ_core.tables.columns import (
    BoolColumn,
    Bools,
    DateColumn,
    EnumColumn,
    IntColumn,
    Ints,
    TextColumn,
    day_number,
    where,
)
from shequ_core.tables.groups import Groups
from shequ_core.tables.in_post import Roster, enum_text, fault, places_in
from shequ_core.tables.payroll import PayRows
from shequ_core.tables.spells import Parts, cut, first_days, last_days
from shequ_core.trace import framed
from shequ_core.values import Fen, Span
from shequ_core.year.records import Records

_WEEKDAYS: Final = "Mon Tue Wed Thu Fri"


@attrs.frozen(kw_only=True, eq=False)
class Spells:
    """The parts of a month's holdings in which nothing that pay reads changes, in the order of subdistrict and id.

    Attributes:
        roster: The holding of each.
        since: Its first day in the month.
        until: Its last.
        asked: The day as of which class, grade and certificate are asked.
        in_class_since: Since when the person has been in that class without a day between: the grade goes by it.
    """

    roster: Roster
    since: Ints
    until: Ints
    asked: DateColumn
    in_class_since: DateColumn

    def __len__(self) -> int:
        return len(self.since)

    def take(self, rows: Ints) -> Spells:
        """Return the parts named, in that order."""
        return Spells(
            roster=self.roster.take(rows), since=self.since[rows], until=self.until[rows],
            asked=self.asked.take(rows), in_class_since=self.in_class_since.take(rows),
        )


@attrs.frozen(kw_only=True, eq=False)
class Moving:
    """Who lives under more than one law in a month.

    Attributes:
        moves: Whether each person of the roster does.
        ends: The number of the law under which each person's month ends.
        law: The number of the law that is worked out.
    """

    moves: Bools
    ends: Ints
    law: int = 0


# --- who is there ------------------------------------------------------------------------------------


def spells_of(holders: Roster, records: Records, month: Span[date], policy: Policy) -> Spells:
    """Cut the month's holdings wherever something that pay reads changes."""
    first, last = day_number(month.low), day_number(month.high)
    since = np.maximum(holders.since.values, first)
    until = np.minimum(last_days(holders.until), last)
    key, day = records.changes(pay=False)
    ended = holders.probation_until.mask()
    keys, days = [key, holders.person[ended]], [day, holders.probation_until.values[ended] + 1]
    changed_key, changed_day = records.changes(pay=True)
    within = (changed_day > first) & (changed_day <= last) & np.isin(changed_key, holders.person)
    moved = _moved(holders)
    by_day = True
    if within.any() or moved.any():
        by_day = policy[month_keys.TAKES_EFFECT] is month_keys.TakesEffect.DAY
        if by_day:
            keys.append(changed_key[within])
            days.append(changed_day[within])
    cut_key, cut_day = np.concatenate(keys), np.concatenate(days)
    inside = (cut_day > first) & (cut_day <= last)
    parts: Parts = cut(since, until, holders.person, cut_key[inside], cut_day[inside])
    roster = holders.take(parts.row)
    order = np.lexsort((parts.first, roster.rank, roster.subdistrict.rank()))
    roster = roster.take(order)
    spells = Spells(
        roster=roster, since=parts.first[order], until=parts.last[order], asked=DateColumn(parts.first[order]),
        in_class_since=records.in_class_since.take(roster.row),
    )
    return spells if by_day else _as_at_first(spells)


def _moved(holders: Roster) -> Bools:
    """Return whose class of post changes in the month: several holdings of one person, of several classes."""
    order = np.lexsort((holders.since.values, holders.person))
    person, classes = holders.person[order], holders.post_class.values[order]
    return np.asarray((person[1:] == person[:-1]) & (classes[1:] != classes[:-1]), dtype=np.bool_)


def _as_at_first(spells: Spells) -> Spells:
    """Let class, grade and certificate of a person's first part count for the whole month."""
    person = spells.roster.person
    order = np.lexsort((spells.since, person))
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = person[order[1:]] != person[order[:-1]]
    lead = np.empty(len(order), dtype=np.int64)
    lead[order] = order[np.flatnonzero(begins)[np.cumsum(begins) - 1]]
    return attrs.evolve(
        spells,
        roster=attrs.evolve(spells.roster, post_class=spells.roster.post_class.take(lead)),
        asked=spells.asked.take(lead),
        in_class_since=spells.in_class_since.take(lead),
    )


def staffing_scope(holders: Roster, law: Law, day: date) -> BoolColumn:
    """Whether each holding is one of a post holder, place by place."""
    values, known = np.zeros(len(holders), dtype=np.bool_), np.zeros(len(holders), dtype=np.bool_)
    for policy, rows in law.groups(holders.subdistrict, day):
        some = holders.take(rows)
        with framed(some.worker, day.isoformat()[:7], some.post):
            scope = staffing.in_scope(some.setting, some.employment, policy)
        values[rows], known[rows] = scope.values, scope.mask()
    return BoolColumn(values, known)


# --- the grade ---------------------------------------------------------------------------------------


def grade_on(spells: Spells, records: Records, policy: Policy, faults: list[Fault]) -> IntColumn:
    """Return the grade in force on each part's day after every yearly step, before probation and certificate."""
    roster, person, day, since = spells.roster, spells.roster.person, spells.asked, spells.in_class_since
    grades = pay.class_grades(roster.post_class, policy)
    holdings = records.data.holdings
    for row in np.flatnonzero(~grades.low.mask()).tolist():
        classes = tuple(policy[pay_keys.GRADES].classes)
        faults.append(
            fault(holdings, int(roster.row[row]), "post_class",
                  msg("the class of post is none of the place's: {classes}", classes=classes))
        )
    given, given_on = records.graded(person, day)
    start = where(given_on.is_known() & (given_on >= since), given_on, since)
    system = policy.why(pay_keys.GRADES)
    if system is not None:
        # Whoever was there before the system began is placed on its first day.
        begin = start.fill(system.value.since)
        start = where((start < begin) & ~given_on.is_known(), begin, start)
    use_given = BoolColumn((given_on >= since).true())
    if pay_keys.PLACEMENT not in policy:
        if not use_given.all_true():
            _refuse_gaps(spells, use_given, records, policy, faults)
        grade = given
    else:
        service = policy[pay_keys.SERVICE]

        def years(on: DateColumn) -> IntColumn:
            months, over = records.service(person, since, on, service)
            failed = records.failed_before(person, on)
            return pay.service_years(months, over, failed, records.education(person, on), policy)

        at_start = years(start)
        # A degree or certificate that is won later moves the placement from then on.
        education, certificate = records.education(person, day), records.certificate(person, day)
        placed = pay.placed_grade(grades, roster.post_class, at_start, education, certificate, policy)
        grade = where(use_given, given, placed)
        if pay_keys.YEARLY_STEP in policy:
            ahead = pay.lead(grade, roster.post_class, at_start, grades, policy)
            turns = int(day.year().values.max(initial=0))
            grade = pay.stepped_through(
                grade, roster.post_class, start,
                range(int(start.year().values.min(initial=turns)) + 1, turns + 1), years,
                lambda year: records.history.of_year(year).take(person), grades, policy, ahead=ahead,
            )
    beyond = ((grade < grades.low) | (grade > grades.high)).true()
    told = msg("the person's pay grade is not one of the class of post: correct the grade or the class")
    faults.extend(fault(holdings, int(roster.row[row]), "post_class", told) for row in np.flatnonzero(beyond).tolist())
    return grade


def _refuse_gaps(
    spells: Spells, use_given: BoolColumn, records: Records, policy: Policy, faults: list[Fault]
) -> None:
    """Tell on which days of the month no grade is known of people who have one on other days; else the key is unset."""
    gradings = records.data.gradings
    graded = np.zeros(len(records.data.workers), dtype=np.bool_)
    if gradings is not None:
        graded[places_in(gradings.worker, records.data.workers.id)] = True
    without = np.flatnonzero(~use_given.true())
    if not graded[spells.roster.person[without]].all():
        raise UnsetError([policy.unset_key(pay_keys.PLACEMENT)])
    for row in without.tolist():
        told = msg(
            "no pay grade is known from {first} to {last}, while the post is held: add a grading from then on",
            first=DateColumn(spells.since).row(row), last=DateColumn(spells.until).row(row),
        )
        faults.append(fault(records.data.holdings, int(spells.roster.row[row]), "since", told))


# --- shares of the month -----------------------------------------------------------------------------


def shares_of(
    spells: Spells, records: Records, month: Span[date], policy: Policy, moving: Moving
) -> tuple[IntColumn, IntColumn, IntColumn, BoolColumn]:
    """Return from where to where each part's share of the month runs, in how many, and who has several parts."""
    person = spells.roster.person
    first, last = day_number(month.low), day_number(month.high)
    _, at, count = np.unique(person, return_inverse=True, return_counts=True)
    several = (count[at] > 1) | moving.moves[person]
    leave = records.leave(person, spells.since)
    partial = several | (spells.since > first) | (spells.until < last) | leave.mask()
    rows = np.flatnonzero(partial)
    before = np.zeros(len(spells), dtype=np.int64)
    after, parts = before.copy(), before.copy()
    if len(rows):
        weekdays = policy[month_keys.DAY_BASIS].weekdays

        def counted(begin: Ints, end: Ints) -> Ints:
            if not weekdays:
                return end - begin + 1
            return np.busday_count(
                begin.astype("datetime64[D]"), (end + 1).astype("datetime64[D]"), weekmask=_WEEKDAYS
            ).astype(np.int64)

        order = rows[np.lexsort((spells.since[rows], person[rows]))]
        people = Groups.of(spells.roster.worker.take(order))
        days = IntColumn(counted(spells.since[order], spells.until[order]))
        whole = int(counted(np.array([first]), np.array([last]))[0])
        with framed(spells.roster.worker.take(order), f"{month.low:%Y-%m}", spells.roster.post.take(order)):
            told = pay.month_shares(days, leave.take(order), people, whole, policy)
        so_far = np.cumsum(told.share.values)
        starts = np.flatnonzero(np.concatenate([[True], people.at[1:] != people.at[:-1]])) if len(order) else order
        base = np.repeat(so_far[starts] - told.share.values[starts], np.diff(starts, append=len(order)))
        after[order] = so_far - base
        before[order] = so_far - base - told.share.values
        parts[order] = told.of.values
    return (
        IntColumn(before, partial), IntColumn(after, partial), IntColumn(parts, partial), BoolColumn(several)
    )


# --- rows --------------------------------------------------------------------------------------------


def pay_rows(
    spells: Spells, records: Records, month: Span[date], policy: Policy, moving: Moving, faults: list[Fault]
) -> PayRows:
    """Return what the month's pay reads of each part, for people under one law."""
    roster, person = spells.roster, spells.roster.person
    with framed(roster.worker, f"{month.low:%Y-%m}", roster.post):
        grade = grade_on(spells, records, policy, faults)
    if faults:
        return PayRows.empty()
    before, after, parts, several = shares_of(spells, records, month, policy, moving)
    payday = payday_of(month, policy)
    seconded = records.seconded(person, spells.since)
    pooled = np.ones(len(spells), dtype=np.bool_)
    if seconded.any() and not policy[month_keys.SECONDED_IN_POOL]:
        pooled = ~seconded
    certified = records.new_certificate(person, np.maximum(spells.since, day_number(month.low)), spells.until)
    return PayRows(
        {
            "worker": roster.worker,
            "subdistrict": roster.subdistrict,
            "community": roster.community,
            "post": roster.post,
            "post_class": roster.post_class,
            "grade": grade,
            "certificate": records.certificate(person, spells.asked),
            "certified": certified,
            "assessment": records.history.known_by(payday).latest().take(person),
            "last_year": records.history.of_year(month.low.year - 1).take(person),
            "former": records.former_pay.take(person),
            "newcomer": _newcomers(spells, records, policy, faults),
            "before": before,
            "after": after,
            "parts": parts,
            "pooled": BoolColumn(pooled),
            "duty_days": _duty_days(spells, records, month, policy),
            "base": records.base(person, np.full(len(spells), day_number(month.high))),
            "several": several,
            "ends": BoolColumn(~moving.moves[person] | (moving.ends[person] == moving.law)),
        }
    )


def payday_of(month: Span[date], policy: Policy) -> date:
    """Return a month's payday: the day of the place, or the month's last where it is shorter or nobody set one."""
    return month.high.replace(day=min(policy[performance_keys.PAYDAY], month.high.day))


def _newcomers(spells: Spells, records: Records, policy: Policy, faults: list[Fault]) -> EnumColumn[Newcomer]:
    """Return on what footing everybody is on probation, unknown for who isn't."""
    roster = spells.roster
    on = roster.probation_until.mask() & (roster.probation_until.values >= spells.since)
    if month_keys.PROBATION not in policy:
        on = np.zeros(len(spells), dtype=np.bool_)
    worked = records.data.workers.worked_since.take(roster.person)
    told = msg("the person is on probation, and pay asks since when the person has worked: fill in worked_since")
    unsaid = np.flatnonzero(on & ~worked.mask()).tolist()
    faults += [fault(records.data.workers, int(roster.person[row]), "worked_since", told) for row in unsaid]
    members = list(Newcomer)
    fresh = worked.values >= roster.since.values
    codes = np.where(fresh, members.index(Newcomer.INEXPERIENCED), members.index(Newcomer.EXPERIENCED))
    return EnumColumn(codes, on, Newcomer)


def _duty_days(spells: Spells, records: Records, month: Span[date], policy: Policy) -> IntColumn:
    """Return each part's days of emergency duty; where the scheme says so, those of a declared response alone."""
    scheme = policy.get(emergency_keys.EMERGENCY)
    data = records.data
    if scheme is None or data.duties is None:
        return IntColumn(np.zeros(len(spells), dtype=np.int64), np.zeros(len(spells), dtype=np.bool_))
    first, last = day_number(month.low), day_number(month.high)
    who = places_in(data.duties.worker, data.workers.id)
    begin, end = np.maximum(data.duties.since.values, first), np.minimum(data.duties.until.values, last)
    on_duty = np.zeros((len(data.workers), last - first + 1), dtype=np.bool_)
    for row in np.flatnonzero(begin <= end).tolist():
        on_duty[who[row], begin[row] - first : end[row] - first + 1] = True
    counted = on_duty[spells.roster.person]
    if scheme.declared_only:
        counted = counted & _declared(spells.roster.community, records, first, last)
    day = np.arange(first, last + 1)
    counted = counted & (spells.since[:, None] <= day) & (day <= spells.until[:, None])
    if scheme.most_days is not None:
        # The most that a month pays is one person's, in however many parts it falls: the first days count.
        so_far = np.zeros(on_duty.shape, dtype=np.int64)
        np.add.at(so_far, spells.roster.person, counted)
        counted = counted & (np.cumsum(so_far, axis=1)[spells.roster.person] <= scheme.most_days)
    return IntColumn(counted.sum(axis=1).astype(np.int64))


def _declared(community: TextColumn, records: Records, first: int, last: int) -> Bools:
    """Return on which days a response was declared for each community, one column a day."""
    found = np.zeros((len(community.vocabulary) + 1, last - first + 1), dtype=np.bool_)
    table = records.data.emergencies
    if table is not None:
        begin, end = np.maximum(first_days(table.since), first), np.minimum(last_days(table.until), last)
        for row, place in enumerate(table.place.to_list()):
            if begin[row] <= end[row]:
                here = [code for code, text in enumerate(community.vocabulary) if text.startswith(str(place))]
                found[here, begin[row] - first : end[row] - first + 1] = True
    return found[community.values]


# --- the month ---------------------------------------------------------------------------------------


def month_payrolls(
    roster: Roster, records: Records, law: Law, month: Span[date], faults: list[Fault]
) -> list[tuple[Spells, Payroll]]:
    """Work out one month of everybody who holds a post on any of its days, one payroll for each law they live under."""
    holders = roster.during(month.low, month.high)
    scope = staffing_scope(holders, law, month.low)
    holders = holders.take(np.flatnonzero(~scope.false()))
    laws = law.groups(holders.subdistrict, month.low) if len(holders) else []
    moving = _moving(holders, [rows for _, rows in laws])
    told: list[tuple[Spells, Payroll]] = []
    for number, (policy, rows) in enumerate(laws):
        spells = spells_of(holders.take(rows), records, month, policy)
        wanted = pay_rows(spells, records, month, policy, attrs.evolve(moving, law=number), faults)
        if faults:
            continue
        told.append((spells, payroll(wanted, policy, month.low, whole=True)))
    if faults:
        return []
    return _across_laws(told) if moving.moves.any() else told


def _moving(holders: Roster, laws: Sequence[Ints]) -> Moving:
    """Return who lives under more than one law this month, and under which the month ends."""
    law = np.zeros(len(holders), dtype=np.int64)
    for number, rows in enumerate(laws):
        law[rows] = number
    order = np.argsort(holders.since.values, kind="stable")
    person = holders.person[order]
    ends, begins = np.full(len(holders.ids), -1, dtype=np.int64), np.full(len(holders.ids), -1, dtype=np.int64)
    ends[person] = law[order]
    moves = np.zeros(len(holders.ids), dtype=np.bool_)
    begins[person[::-1]] = law[order][::-1]
    moves[person[law[order] != begins[person]]] = True
    return Moving(moves=moves, ends=ends)


def _across_laws(told: Sequence[tuple[Spells, Payroll]]) -> list[tuple[Spells, Payroll]]:
    """Let contributions of whoever moves to another law count what was paid under the law before."""
    paid: dict[str, Fen] = {}
    for _, one in told:
        away = np.flatnonzero(one.rows.ends.false())
        for worker, amount in zip(one.rows.worker.take(away), one.lines.total.take(away), strict=True):
            paid[worker or ""] = Fen(paid.get(worker or "", Fen(0)) + (amount or Fen(0)))
    return [(spells, settled(one, paid)) for spells, one in told]


def month_pay(
    told: Sequence[tuple[Spells, Payroll]], month: Span[date]
) -> tuple[Slips, PoolMonths, ContributionLines]:
    """Return the slips, pools and contributions of a month's payrolls."""
    if not told:
        return Slips.empty(), PoolMonths.empty(), ContributionLines.empty()
    slips = Slips.concat([_slips(spells, paid, month) for spells, paid in told])
    pools = PoolMonths.concat([_pools(paid, month) for _, paid in told])
    dues = ContributionLines.concat([_dues(paid, month) for _, paid in told])
    if len(told) > 1:
        slips = slips.take(np.lexsort((slips.since.values, slips.worker.rank(), slips.subdistrict.rank())))
        pools = pools.take(np.argsort(pools.subdistrict.rank(), kind="stable"))
    return slips, pools, dues.take(np.lexsort((dues.scheme.values, dues.worker.rank())))


def month_of(year: int, month: int) -> Span[date]:
    """Return a month's first and last day."""
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def month_number(month: Span[date]) -> int:
    """Return a month as answers have it: 202207."""
    return month.low.year * 100 + month.low.month


def _slips(spells: Spells, paid: Payroll, month: Span[date]) -> Slips:
    rows, lines = paid.rows, paid.lines
    return Slips(
        {
            "worker": rows.worker,
            "month": _full(len(rows), month_number(month)),
            "since": DateColumn(spells.since),
            "until": DateColumn(spells.until),
            "subdistrict": rows.subdistrict,
            "community": rows.community,
            "post": rows.post,
            "post_class": rows.post_class,
            "assessment": enum_text(rows.assessment),
            **lines.columns(),
        }
    )


def _pools(paid: Payroll, month: Span[date]) -> PoolMonths:
    if paid.pools is None:
        return PoolMonths.empty()
    pools = paid.pools
    return PoolMonths(
        {
            "subdistrict": TextColumn.of(pools.subdistrict),
            "month": _full(len(pools.people), month_number(month)),
            "people": pools.people,
            "pool": pools.pool,
            "distributed": pools.pool - pools.undistributed,
            "undistributed": pools.undistributed,
        }
    )


def _dues(paid: Payroll, month: Span[date]) -> ContributionLines:
    """Return the month's contributions scheme by scheme, one row a person whose base is known."""
    if RATES not in paid.policy or not len(paid):
        return ContributionLines.empty()
    worker, base = contributors(paid)
    known = np.flatnonzero(base.mask())
    dues = contributions(base.take(known), paid.policy)
    worker = worker.take(known)
    members = list(Scheme)
    tables: Sequence[ContributionLines] = [
        ContributionLines(
            {
                "worker": worker,
                "month": _full(len(known), month_number(month)),
                "scheme": EnumColumn(np.full(len(known), members.index(scheme), dtype=np.int64), None, Scheme),
                "base": one.base,
                "own": one.own,
                "employer": one.employer,
            }
        )
        for scheme, one in dues.schemes.items()
    ]
    return ContributionLines.concat(tables) if tables else ContributionLines.empty()


def _full(rows: int, number: int) -> IntColumn:
    return IntColumn(np.full(rows, number, dtype=np.int64))
