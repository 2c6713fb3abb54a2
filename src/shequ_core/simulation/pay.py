"""What a year's pay comes to, subdistrict by subdistrict, by the rules of `rules/` (JLW2.4, 2.5a).

What somebody earns a month is looked up by combination, as a month's payroll does. A pool is the sum of the
performance shares of exactly those who are in it, so what a subdistrict pays needs nobody's own share of it: a month
comes to what the month before did, and what those bring who come, go, or earn another sum. Where something hangs on a
single share (contributions by the month's total, say), that alone is worked out person by person, for the subdistricts
in which something has changed since the month before.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Self

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.model.communities import Setting
from shequ_core.model.posts import CertificateLevel, Employment
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.contributions import RATES, BaseOf
from shequ_core.policy.pay import GRADES, NO_REDUCTION, Compared
from shequ_core.policy.policy import Policy
from shequ_core.rules import pay
from shequ_core.rules.combinations import Combinations, Monthly
from shequ_core.rules.contributions import contribution_base, employer_contributions
from shequ_core.rules.means import goes_by_means
from shequ_core.rules.staffing import in_scope
from shequ_core.simulation.abreast import Abreast, Block, Cells, Waiting
from shequ_core.simulation.grading import Grading, same_grading
from shequ_core.simulation.probation import OnProbation
from shequ_core.simulation.state import NONE, Codes
from shequ_core.simulation.turn import Turn
from shequ_core.tables.columns import Bools, EnumColumn, FenColumn, IntColumn, Ints, Vocabulary, concat
from shequ_core.tables.groups import Groups
from shequ_core.values import MONTHS_PER_YEAR, Fen, Span

LINES: Final = ("basic", "bonus", "certificate", "award", "emergency", "kept")
"""What slips come to; `employer`, `pool` and `undistributed` stand beside them."""

Sums = dict[str, Ints]
"""Amounts in fen, one a subdistrict."""

_OWN: Final = "own"
"""Basic pay, as if nobody were paid a share of the county's mean instead."""
_ALL: Final = (*LINES, _OWN, "employer", "pool", "undistributed", "months", "contributing")


def late_months(policies: Sequence[Policy], paid_first: Sequence[Policy]) -> int:
    """Return the month, from 0, up to which some month is paid under another policy at first; 0 where none is."""
    pairs = enumerate(zip(policies, paid_first, strict=True), start=1)
    return max((month for month, (now, first) in pairs if now.fingerprint != first.fingerprint), default=0)


def paid_at_first(turn: Turn, starts: Ints, paid_first: Sequence[Policy], until: int) -> Ints:
    """Return what each subdistrict pays at first, for the months before one (from 0); nobody is changed by it."""
    total = np.zeros(len(starts), dtype=np.int64)
    if until:
        people = turn.people.take(np.arange(len(turn.people)))
        grading = Grading.of(people, turn.layout, turn.first_year, turn.policy)
        first = attrs.evolve(turn, people=people, grading=grading, policies=paid_first[:until])
        for _, sums in pay_year(first, starts):
            total += sum((sums[name] for name in LINES), np.zeros_like(total))
    return total


def pay_year(turn: Turn, starts: Ints, *, monthly: bool = False, until: int = 0) -> list[tuple[int, Sums]]:
    """Work the year's pay out, and let what people win and how they are assessed count from its month on.

    Args:
        turn: The year; who comes, leaves and wins what is settled.
        starts: The first row of each subdistrict among the turn's people.
        monthly: Whether each month is to be told by itself.
        until: The month, from 0, before which months are told apart from those after.

    Returns:
        By the first month of each, from 0: what months of one policy come to, or each month.
    """
    paid = turn.people.held & turn.in_scope
    told: list[tuple[int, Sums]] = []
    way: _Way | None = None
    for month, policy in enumerate(turn.policies):
        changed = _let_count(turn, month)
        fresh = way is None or policy.fingerprint != way.policy.fingerprint
        if way is None or fresh:
            if way is not None:
                _add_settled(told, way)
            way = _kind_of(policy).of(turn, policy, starts, paid)
        else:
            if len(changed):
                way.regrade(changed)
            if len(raised := way.newcomers.raised(month)):
                changed = np.union1d(changed, raised) if len(changed) else raised
        sums = way.month(month, changed, fresh=fresh)
        if monthly or fresh or month == until:
            told.append((month, {name: amounts.copy() for name, amounts in sums.items()}))
        else:
            for name, so_far in told[-1][1].items():
                np.add(so_far, sums[name], out=so_far)
    if way is not None:
        _add_settled(told, way)
    return told


def _add_settled(told: Sequence[tuple[int, Sums]], way: _Way) -> None:
    """Add what was worked out of several months together."""
    firsts = [month for month, _ in told]
    for month, sums in way.settled():
        so_far = told[bisect.bisect_right(firsts, month) - 1][1]
        for name, amounts in sums.items():
            np.add(so_far[name], amounts, out=so_far[name])


def _let_count(turn: Turn, month: int) -> Ints:
    """Let what is won and decided in a month count, and return whose education or certificate is another."""
    people, changed = turn.people, [np.zeros(0, dtype=np.int64)]
    for one in turn.gains:
        if one.month == month:
            since, current = (
                (people.certified, people.certificate) if one.certificate else (people.educated, people.education)
            )
            since[one.level, one.rows] = turn.january + month
            current[one.rows] = one.level
            changed.append(one.rows)
    if month == turn.decided_in:
        decided = people.history[turn.year - 1 - turn.first_year]
        np.copyto(people.latest, decided, where=decided != NONE)
    rows = np.concatenate(changed)
    return rows if (rows[1:] > rows[:-1]).all() else np.unique(rows)


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
    inside: Bools = ~outside[setting * np.int8(footings) + employment]
    return inside


def _grading(turn: Turn, policy: Policy) -> Grading:
    if policy is turn.policy or same_grading(policy, turn.policy):
        return turn.grading
    people = attrs.evolve(turn.people, plain=turn.people.plain.copy(), ahead=turn.people.ahead.copy())
    grading = Grading.of(people, turn.layout, turn.first_year, policy)
    grading.place(turn.year)
    return grading


def _every_grade() -> EnumColumn[AssessmentGrade]:
    return EnumColumn(np.arange(len(AssessmentGrade)), None, AssessmentGrade)


def _terms(policy: Policy, classes: Vocabulary) -> Combinations:
    def made() -> Combinations:
        spans = policy[GRADES].classes.values()
        grades = Span(min(one.low for one in spans), max(one.high for one in spans))
        return Combinations.over(classes, grades, policy)

    return policy.once((Combinations, classes), made)


def _by_month(rows: Ints, of: Codes) -> Sequence[Ints]:
    """Return the rows of each month of the year, from each one's."""
    month = of[rows]
    order = np.argsort(month, kind="stable")
    return np.split(rows[order], np.searchsorted(month[order], np.arange(1, MONTHS_PER_YEAR)))


# --- by sums -----------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, eq=False)
class _Way:
    """How the months of one policy are worked out: each is the one before, and what those bring who come, go or change.

    Attributes:
        starts: The first row of each subdistrict.
        terms: What combinations bring a month, and how a row finds its own.
        grade: Everybody's grade, before what a certificate's own scheme moves.
        place: Where each one's combination stands.
        group: The subdistrict of each row.
        paid: Who is paid, in months in which they are there.
        came: Who of them comes in each month of the year; `gone` who has left with it.
        newcomers: Who of them is on probation in some month.
        cells: The county and seed of each subdistrict.
        weighing: How many of each subdistrict have a weight in the pool.
        means: What shares of a county's mean come to in the month that was asked for last.
        now: What the last month that was worked out comes to.
    """

    turn: Turn
    policy: Policy
    starts: Ints
    terms: Combinations
    grading: Grading
    grade: Codes
    place: Ints
    group: npt.NDArray[np.int32]
    paid: Bools
    came: Sequence[Ints]
    gone: Sequence[Ints]
    newcomers: OnProbation
    cells: Ints
    weighing: Ints
    means: dict[int, tuple[Ints, Ints]]
    now: Sums

    @classmethod
    def of(cls, turn: Turn, policy: Policy, starts: Ints, paid: Bools) -> Self:
        grading, first = _grading(turn, policy), int(np.searchsorted(turn.layout.starts, turn.first))
        return cls(
            turn=turn, policy=policy, starts=starts, terms=_terms(policy, turn.layout.classes),
            grading=grading, grade=grading.now(), paid=paid, place=np.zeros(len(paid), dtype=np.intp),
            group=turn.layout.group_of[turn.first : turn.first + len(paid)],
            came=_by_month(np.flatnonzero(paid & (turn.comes > 0)), turn.comes),
            gone=_by_month(np.flatnonzero(paid & (turn.leaves < MONTHS_PER_YEAR)), turn.leaves),
            newcomers=OnProbation.of(turn, policy, paid, starts),
            cells=turn.layout.group_cell[first : first + len(starts)],
            weighing=np.zeros(len(starts), dtype=np.int64), means={},
            now={name: np.zeros(len(starts), dtype=np.int64) for name in _ALL},
        )

    @property
    def monthly(self) -> Monthly:
        """What combinations bring a month."""
        return self.terms.bare

    @property
    def keeps(self) -> bool:
        """Whether what is kept is a sum of what each has by combination and former pay."""
        return NO_REDUCTION in self.policy

    def regrade(self, rows: Ints) -> None:
        """Let education and certificates that some have won count."""
        self.grade[rows] = self.grading.now(rows)

    def month(self, month: int, changed: Ints, *, fresh: bool) -> Sums:
        """Return what a month comes to: all of it anew, or what has changed since the month before."""
        if fresh:
            self._look_up(month)
            self._anew(month)
        else:
            self._move(month, changed)
        now, divides = self.now, self.monthly.bonus is None
        now["basic"] = self._basic(month)
        if divides:
            now["undistributed"] = np.where(self.weighing > 0, 0, now["pool"])
            now["bonus"] = now["pool"] - now["undistributed"]
        now["award"] = self._awards(month)
        return now

    def settled(self) -> Iterator[tuple[int, Sums]]:
        """Yield what of some months was worked out later, and is told in none of them."""
        yield from ()

    def sums(self, values: npt.NDArray[np.generic]) -> Ints:
        """Return each subdistrict's sum."""
        return np.add.reduceat(values, self.starts, dtype=np.int64)

    def group_of(self, rows: Ints) -> Ints:
        """Return the subdistrict of each row."""
        of: Ints = self.group[rows].astype(np.int64)
        of -= self.group[0]
        return of

    def there(self, month: int) -> Bools:
        """Return who is paid in a month."""
        return self.paid & self.turn.there(month)

    def certified(self, month: int) -> tuple[Ints, Codes]:
        """Return who has a certificate that is new in a month, and which."""
        won = [one for one in self.turn.gains if one.certificate and one.month == month]
        if not won:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int8)
        rows, level = np.concatenate([one.rows for one in won]), np.concatenate([one.level for one in won])
        kept = self.paid[rows]
        return rows[kept], level[kept]

    def once(self, month: int) -> tuple[Ints, Ints]:
        """Return who is paid something once for a certificate in a month, and how much."""
        rows, level = self.certified(month)
        if not len(rows):
            return rows, np.zeros(0, dtype=np.int64)
        amounts = pay.certificate_once(EnumColumn(level.astype(np.int64), None, CertificateLevel), self.policy)
        return rows, amounts.values

    def yearly(self, month: int) -> Ints | None:
        """Return what is paid once a year for last year's assessment in a month, the last place for none; or None."""
        def made() -> Ints | None:
            due = pay.yearly_sum(_every_grade(), month + 1, self.policy).values
            return np.append(due, 0) if due.any() else None

        return self.policy.once((pay.yearly_sum, month), made)

    @property
    def last_year(self) -> Codes:
        """The assessments of last year."""
        last: Codes = self.turn.people.history[self.turn.year - 1 - self.turn.first_year]
        return last

    # --- all anew, and from month to month

    def _look_up(self, month: int, rows: Ints | None = None) -> None:
        some = slice(None) if rows is None else rows
        self.place[some] = self._places(some, self.grade[some])
        if self.newcomers.lowered.any() and (rows is None or len(rows)):
            lower, grade = self.newcomers.place(self.grade, month, rows)
            self.place[lower] = self._places(lower, grade)

    def _places(self, rows: Ints | slice, grade: Codes) -> npt.NDArray[np.integer[Any]]:  # Any: of any width
        people = self.turn.people
        return self.terms.place(
            people.post_class[rows], grade, people.certificate[rows] + np.int8(1), people.latest[rows] + np.int8(1)
        )

    def _anew(self, month: int) -> None:
        there = self.there(month)
        self.now["months"] = self.sums(there)
        for name, amounts in self._amounts(slice(None)).items():
            self.now[name] = self.sums(amounts * there)
        self.now["kept"] = np.zeros(len(self.starts), dtype=np.int64)
        if self.keeps:
            self._add_kept(np.flatnonzero(there), 1)
        self._weigh(there)

    def _weigh(self, there: Bools) -> None:
        if self.monthly.weight is not None:
            self.weighing[:] = self.sums((self.monthly.weight.values > 0)[self.place] & there)

    def _move(self, month: int, changed: Ints) -> None:
        turn = self.turn
        stayed = changed[self.paid[changed] & (turn.comes[changed] < month) & (month < turn.leaves[changed])]
        self._add(np.concatenate([self.gone[month], stayed]), -1)
        decided = month == turn.decided_in
        self._look_up(month, None if decided else changed)
        if decided and self.monthly.bonus is not None:
            self._anew(month)
            return
        self._add(np.concatenate([stayed, self.came[month]]), 1)
        if decided:  # last year's assessments count from now on: by weights alone where a pool is divided
            self._weigh(self.there(month))

    def _add(self, rows: Ints, times: int) -> None:
        """Add what some rows bring, or take it away."""
        if not len(rows):
            return
        group = self.group_of(rows)
        np.add.at(self.now["months"], group, times)
        for name, amounts in self._amounts(rows).items():
            np.add.at(self.now[name], group, amounts * times)
        if self.keeps:
            self._add_kept(rows, times)
        if self.monthly.weight is not None:
            np.add.at(self.weighing, group, times * (self.monthly.weight.values[self.place[rows]] > 0))

    def _amounts(self, rows: Ints | slice) -> Sums:
        """Return what each of some rows brings a month, but what is kept."""
        monthly, place = self.monthly, self.place[rows]
        found = {_OWN: monthly.basic.values[place]}
        if monthly.bonus is None:
            found["pool"] = monthly.performance.values[place]
        else:
            found["bonus"] = monthly.bonus.values[place]
        if monthly.certificate.values.any():
            found["certificate"] = monthly.certificate.values[place]
        return found

    def _basic(self, month: int) -> Ints:
        """Return basic pay: what is everybody's own, but for those who have a share of their county's mean."""
        at, more = self._by_mean(month)
        if not len(at):
            return self.now[_OWN]
        basic = self.now[_OWN].copy()
        np.add.at(basic, self.newcomers.group[at], more)
        return basic

    def _by_mean(self, month: int) -> tuple[Ints, Ints]:
        """Return who has a share of the county's mean, as a place among newcomers, and by how much it is more."""
        if month not in self.means:
            self.means.clear()
            self.means[month] = self._of_mean(month)
        return self.means[month]

    def _of_mean(self, month: int) -> tuple[Ints, Ints]:
        newcomers = self.newcomers
        on = np.flatnonzero(newcomers.there(month))
        by_mean = np.flatnonzero(newcomers.by_mean[on])
        if not len(by_mean):
            return by_mean, by_mean
        begins = np.diff(self.cells, prepend=-1) != 0
        starts = np.flatnonzero(begins)
        cell = (np.cumsum(begins) - 1)[newcomers.group[on]]
        own = self.monthly.basic.values[self.place[newcomers.rows[on]]]
        settled = np.add.reduceat(self.now[_OWN], starts)
        people = np.add.reduceat(self.now["months"], starts) - np.bincount(cell, minlength=len(starts))
        np.subtract.at(settled, cell, own)
        cell = cell[by_mean]
        return on[by_mean], newcomers.more(on[by_mean], own[by_mean], settled[cell], people[cell])

    def _add_kept(self, rows: Ints, times: int) -> None:
        rows, each = self._kept_of(rows)
        np.add.at(self.now["kept"], self.group_of(rows), each * times)

    def _kept_of(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return who of some rows had another pay before, and what of it each keeps."""
        rule, former = self.policy[NO_REDUCTION], self.turn.people.former
        rows = rows[former[rows] >= 0]
        now = FenColumn(self.monthly.compared(rule.compares).values[self.place[rows]])
        return rows, pay.kept_difference(FenColumn(former[rows]), now, self.policy).values

    def _awards(self, month: int) -> Ints:
        award = np.zeros(len(self.starts), dtype=np.int64)
        rows, amounts = self.once(month)
        if len(rows):
            np.add.at(award, self.group_of(rows), amounts)
        due = self.yearly(month)
        if due is not None:
            award += self.sums(due[self.last_year] * self.there(month))
        return award


# --- what hangs on single shares ---------------------------------------------------------------------


def _kind_of(policy: Policy) -> type[_Way]:
    """Return how months are worked out: by what hangs on what a single person gets of a pool, or of a county's mean."""
    rates, kept = policy.get(RATES), policy.get(NO_REDUCTION)
    if kept is not None and (not kept.per_person or kept.compares is Compared.TOTAL):
        return _ByShares
    by_month = rates is not None and rates.base is BaseOf.MONTH  # nobody here has declared a base
    return _ByContributions if by_month else _Way


def needs_county(policies: Sequence[Policy]) -> bool:
    """Whether a county's people have to go through together."""
    return any(goes_by_means(policy) for policy in policies)


@attrs.frozen(kw_only=True, eq=False)
class _ByShares(_Way):
    """Likewise; what is kept, and contributions, person by person where anything has changed in a subdistrict."""

    @property
    def keeps(self) -> bool:
        """Never: that is worked out with the shares."""
        return False

    def month(self, month: int, changed: Ints, *, fresh: bool) -> Sums:
        """Return what a month comes to."""
        now = super().month(month, changed, fresh=fresh)
        groups = self._touched(month, changed, fresh=fresh)
        for name in ("kept", "employer", "contributing"):
            now[name][groups] = 0
        there = self.there(month)
        if not groups.all():
            there &= np.repeat(groups, np.diff(self.starts, append=len(there)))
        rows = np.flatnonzero(there)
        if len(rows):
            self._work_out(month, rows, np.flatnonzero(groups & (now["months"] > 0)))
        return now

    def _touched(self, month: int, changed: Ints, *, fresh: bool) -> Bools:
        """Return the subdistricts in which anybody's month may come to something else than the one before."""
        rule = self.policy.get(NO_REDUCTION)
        everybody = fresh or month == self.turn.decided_in or (rule is not None and not rule.per_person)
        everybody = everybody or any(self.yearly(one) is not None for one in (month - 1, month) if one >= 0)
        groups = np.full(len(self.starts), everybody, dtype=np.bool_)
        if not everybody:
            # A county's mean is another as soon as anybody of it is.
            newcomers = self.newcomers
            groups[newcomers.group[newcomers.by_mean & (newcomers.there(month) | newcomers.there(month - 1))]] = True
            # What is paid once for a certificate is paid in its month, and not in the next.
            once = self.certified(month - 1)[0]
            groups[self.group_of(np.concatenate([self.came[month], self.gone[month], changed, once]))] = True
        return groups

    def _work_out(self, month: int, rows: Ints, groups: Ints) -> None:
        """Work out who of some subdistricts is there in a month."""
        now, place = self.now, self.place[rows]
        sizes = now["months"][groups]
        starts = np.cumsum(sizes) - sizes
        monthly = self.monthly
        paid = FenColumn((monthly.basic + monthly.certificate).values[place])
        at, more = self._by_mean(month)
        if len(at):
            found = np.searchsorted(rows, self.newcomers.rows[at])
            here = rows[np.minimum(found, len(rows) - 1)] == self.newcomers.rows[at]
            np.add.at(paid.values, found[here], more[here])
        if monthly.weight is not None:
            share = FenColumn(monthly.performance.values[place])
            # Rows stand by post, so that ties go as in a month's payroll; nobody asks what a subdistrict is called.
            within = Groups.standing(("",) * len(groups), starts, len(rows))
            paid = paid + pay.pool_shares(share, IntColumn(monthly.weight.values[place]), within, None).each
        elif monthly.bonus is not None:
            paid = paid + FenColumn(monthly.bonus.values[place])
        total = paid
        if NO_REDUCTION in self.policy:
            kept = self._kept(rows, place, paid)
            now["kept"][groups] = np.add.reduceat(kept.values, starts)
            total = total + kept
        if RATES in self.policy:
            total = total + self._award(month, rows)
            employer = _employer(total, self.policy)
            now["employer"][groups] = np.add.reduceat(np.where(employer.mask(), employer.values, 0), starts)
            now["contributing"][groups] = np.add.reduceat(employer.mask(), starts, dtype=np.int64)

    def _award(self, month: int, rows: Ints) -> FenColumn:
        """Return what each of some rows is paid once in a month."""
        due = self.yearly(month)
        award = np.zeros(len(rows), dtype=np.int64) if due is None else due[self.last_year[rows]]
        certified, amounts = self.once(month)
        if amounts.any():
            at = np.searchsorted(rows, certified)
            here = rows[np.minimum(at, len(rows) - 1)] == certified
            np.add.at(award, at[here], amounts[here])
        return FenColumn(award)

    def _kept(self, rows: Ints, place: Ints, paid: FenColumn) -> FenColumn:
        """Return what each of some rows keeps of its former pay, or of the county's mean."""
        rule, former = self.policy[NO_REDUCTION], self.turn.people.former[rows]
        now = paid if rule.compares is Compared.TOTAL else FenColumn(self.monthly.compared(rule.compares).values[place])
        known = former >= 0
        if rule.per_person:
            return pay.kept_difference(FenColumn(former, known), now, self.policy)
        layout = self.turn.layout
        begins = np.flatnonzero(np.diff(layout.group_cell[layout.group_of[rows + self.turn.first]], prepend=-1))
        sizes = np.diff(begins, append=len(rows))

        def each(values: npt.NDArray[np.generic]) -> Ints:
            return np.repeat(np.add.reduceat(values, begins, dtype=np.int64), sizes)

        former_total, people_then = FenColumn(each(np.where(known, former, 0))), IntColumn(each(known))
        # The mean of all is that of their own grades, on probation or not.
        own = self._places(rows, self.grade[rows]) if self.newcomers.lowered.any() else place
        all_now = self.monthly.compared(rule.compares).values[own]
        total, people = FenColumn(each(all_now)), IntColumn(np.repeat(sizes, sizes))

        def of_county(begin: int, end: int) -> FenColumn:
            return pay.kept_for_place(
                now.part(begin, end), former_total.part(begin, end), people_then.part(begin, end),
                total.part(begin, end), people.part(begin, end), self.policy,
            )

        # A county of a replicate at a time: the rule takes as many passes as there are means.
        return concat([of_county(*ends) for ends in itertools.pairwise([*begins.tolist(), len(rows)])])


@attrs.frozen(kw_only=True, eq=False)
class _Beside:
    """Those who are paid something in some months beside what they are paid each month, which changes nobody's share.

    Attributes:
        rows: Their places among the turn's people; `group` of their subdistricts, in order.
        column: The place of each one's cell in its line.
        first: The place of the first of each subdistrict; `many` how many of each there are.
        newcomers: Where each of the newcomers is among them, if so.
        amounts: What it is in each month, a column a month; `without` what each is paid without it.
    """

    rows: Ints
    group: Ints
    column: Ints
    first: Ints
    many: Ints
    newcomers: Ints
    amounts: Ints
    without: Ints

    @classmethod
    def of(cls, way: _Way) -> Self:
        new, some = way.newcomers, np.zeros(len(way.paid), dtype=np.bool_)
        some[new.rows[new.by_mean]] = True
        for month in range(MONTHS_PER_YEAR):
            some[way.once(month)[0]] = True
        rows = np.flatnonzero(some)
        group, shape = way.group_of(rows), (len(rows), MONTHS_PER_YEAR)
        many = np.bincount(group, minlength=len(way.starts))
        return cls(
            rows=rows, group=group, column=rows - way.starts[group], first=np.cumsum(many) - many, many=many,
            newcomers=np.searchsorted(rows, new.rows), amounts=np.zeros(shape, dtype=np.int64),
            without=np.zeros(shape, dtype=np.int64),
        )

    def put(self, month: int, at: Ints, amounts: Ints) -> None:
        """Add what some of them are paid in a month."""
        np.add.at(self.amounts[:, month], at, amounts)

    def note(self, block: Block, paid: Ints) -> None:
        """Note what those who are in a block are paid without it; one line a row."""
        many = self.many[block.group]
        line = np.repeat(np.arange(len(many)), many)
        at = np.arange(len(line)) + np.repeat(self.first[block.group] - (np.cumsum(many) - many), many)
        cell = line * paid.shape[1] + self.column[at]
        self.without.reshape(-1)[at * MONTHS_PER_YEAR + block.month[line]] = paid.reshape(-1)[cell]

    def as_before(self, month: int, touched: Bools) -> None:
        """Have those of subdistricts in which nothing has changed be paid what they were paid in the month before."""
        np.copyto(self.without[:, month], self.without[:, month - 1], where=~touched[self.group])


@attrs.frozen(kw_only=True, eq=False)
class _Laid:
    """Subdistricts side by side, and what of their months is worked out later.

    Attributes:
        abreast: Where each row's cell lies.
        paid: What each combination brings but a share of the pool, at the end nothing; `weight` its weight there.
        cells: The combination of each row, the last in the cells of who isn't there; and what else is paid (`more`),
            where anything is.
        waiting: Months that aren't worked out yet.
        touched: The subdistricts of which each month is worked out; of the others it is as the one before.
        beside: Who is paid something beside.
        employer: What the employers of each subdistrict pay, a row a month.
        months: How many are paid, a row a month; `pools` what there is to divide.
        nothing: What the employer pays for who is paid nothing.
    """

    abreast: Abreast
    paid: Ints
    weight: Ints | None
    cells: Cells
    waiting: Waiting
    touched: dict[int, Bools]
    beside: _Beside
    employer: Ints
    months: Ints
    pools: Ints
    nothing: int

    @classmethod
    def of(cls, way: _ByContributions) -> Self:
        monthly, abreast = way.monthly, Abreast.of(way.starts, len(way.paid))
        paid, weight = monthly.basic + monthly.certificate, None
        if monthly.weight is not None:
            weight = np.append(monthly.weight.values, 0)
        elif monthly.bonus is not None:
            paid = paid + monthly.bonus
        cells: dict[str, npt.NDArray[Any]] = {"place": np.full(abreast.size, len(paid), dtype=np.int16)}
        if way.keeps or any(way.yearly(month) is not None for month in range(MONTHS_PER_YEAR)):
            cells["more"] = np.zeros(abreast.size, dtype=np.int64)
        each = (MONTHS_PER_YEAR, len(way.starts))
        return cls(
            abreast=abreast, waiting=Waiting.of(abreast, cells, MONTHS_PER_YEAR), touched={}, beside=_Beside.of(way),
            paid=np.append(paid.values, 0), weight=weight, cells=cells,
            **{name: np.zeros(each, dtype=np.int64) for name in ("employer", "months", "pools")},
            nothing=int(way.employer_of(np.zeros(1, dtype=np.int64))[0]),
        )


@attrs.frozen(kw_only=True, eq=False)
class _ByContributions(_Way):
    """Likewise; contributions person by person, subdistricts side by side and some months at once.

    A month's are worked out for subdistricts in which anybody's share may be another than the month before. Those who
    are paid something beside it (a share of the county's mean, a certificate paid once) are few: for them it is done
    again.
    """

    laid: _Laid = attrs.field(init=False, default=attrs.Factory(_Laid.of, takes_self=True))

    def month(self, month: int, changed: Ints, *, fresh: bool) -> Sums:
        """Return what a month comes to, but contributions, which `settled` tells."""
        now, laid = super().month(month, changed, fresh=fresh), self.laid
        there = self.there(month)
        moved = np.concatenate([changed, self.gone[month], self.came[month]])
        everybody = fresh or month == self.turn.decided_in
        self._bring(slice(None) if everybody else moved, there)
        laid.months[month], laid.pools[month] = now["months"], now["pool"]
        at, more = self._by_mean(month)
        laid.beside.put(month, laid.beside.newcomers[at], more)
        certified, once = self.once(month)
        laid.beside.put(month, np.searchsorted(laid.beside.rows, certified), once)
        due = self.yearly(month)
        everybody = everybody or due is not None or (month > 0 and self.yearly(month - 1) is not None)
        touched = laid.touched[month] = np.full(len(self.starts), everybody, dtype=np.bool_)
        touched[self.group_of(moved)] = True
        cells = dict(laid.cells)
        if due is not None:
            cells["more"] = cells["more"].copy()
            cells["more"][laid.abreast.cell] += due[self.last_year] * there
        for block in laid.waiting.put(month, touched, cells):
            self._work_out(block)
        return now

    def settled(self) -> Iterator[tuple[int, Sums]]:
        """Yield each month's contributions."""
        laid, beside = self.laid, self.laid.beside
        for block in laid.waiting.rest():
            self._work_out(block)
        for month, touched in laid.touched.items():
            if not touched.all():
                np.copyto(laid.employer[month], laid.employer[month - 1], where=~touched)
                beside.as_before(month, touched)
        at, of = np.nonzero(beside.amounts)
        without = beside.without[at, of]
        more = self.employer_of(without + beside.amounts[at, of]) - self.employer_of(without)
        employer = laid.employer.copy()
        np.add.at(employer, (of, beside.group[at]), more)
        for month in laid.touched:
            yield month, {"employer": employer[month], "contributing": laid.months[month]}

    def _bring(self, rows: Ints | slice, there: Bools) -> None:
        """Put into the cells of some rows what they bring a month from now on."""
        laid, here = self.laid, there[rows]
        cell = laid.abreast.cell[rows]
        laid.cells["place"][cell] = np.where(here, self.place[rows], len(laid.paid) - 1)
        if self.keeps:
            some, kept = self._kept_of(np.arange(len(there))[rows][here])
            laid.cells["more"][cell] = 0
            laid.cells["more"][laid.abreast.cell[some]] = kept

    def _work_out(self, block: Block) -> None:
        laid, shape = self.laid, block.columns["place"].shape
        place = block.columns["place"].reshape(-1).astype(np.intp)
        paid = laid.paid[place]
        if "more" in block.columns:
            paid += block.columns["more"].reshape(-1)
        if laid.weight is not None:
            # Cells stand by post, so that ties go as in a month's payroll; who isn't there has no weight.
            pool, weight = FenColumn(laid.pools[block.month, block.group]), IntColumn(laid.weight[place])
            paid += pay.pool_divided(pool, weight, Groups.even(*shape), None).each.values
        laid.beside.note(block, paid.reshape(shape))
        employer = self.employer_of(paid).reshape(shape).sum(axis=1)
        employer -= (shape[1] - laid.months[block.month, block.group]) * laid.nothing
        laid.employer[block.month, block.group] = employer

    def employer_of(self, total: Ints) -> Ints:
        """Return what the employer pays for each of some totals of a month."""
        return _employer(FenColumn(total), self.policy).values


def _employer(total: FenColumn, policy: Policy) -> FenColumn:
    """Return what the employer pays for each of some totals of a month; nobody has declared a base."""
    nobody = np.broadcast_to(np.False_, len(total))
    base = contribution_base(FenColumn(total.values, nobody), total, policy)
    return employer_contributions(base, policy)
