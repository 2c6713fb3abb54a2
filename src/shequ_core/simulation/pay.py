"""What a year's pay comes to, subdistrict by subdistrict, by the rules of `rules/` (JLW2.4, 2.5a).

What somebody earns a month is looked up by combination, as a month's payroll does. A pool is the sum of the
performance shares of exactly those who are in it, so what a subdistrict pays needs nobody's own share of it: a month
comes to what the month before did, and what those bring who come, go, or earn another sum. Where something hangs on a
single share (contributions by the month's total, say), `rules.payroll.payroll_chunks` works the month out person by
person, for the subdistricts in which something has changed since the month before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, Self

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.model.communities import Setting
from shequ_core.model.pay import Newcomer
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.model.posts import CertificateLevel, Employment
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.contributions import RATES
from shequ_core.policy.pay import GRADES, NO_REDUCTION, Compared
from shequ_core.policy.policy import Policy
from shequ_core.rules import pay
from shequ_core.rules.combinations import Combinations, Monthly
from shequ_core.rules.contributions import contribution_base, contributions
from shequ_core.rules.means import CountyMeans, goes_by_means
from shequ_core.rules.payroll import payroll_chunks
from shequ_core.rules.staffing import in_scope
from shequ_core.simulation.grading import Grading, assessments, same_grading
from shequ_core.simulation.probation import OnProbation
from shequ_core.simulation.state import NONE, Codes
from shequ_core.simulation.turn import Turn
from shequ_core.tables.columns import Bools, Column, EnumColumn, FenColumn, IntColumn, Ints, TextColumn, Vocabulary
from shequ_core.tables.payroll import PayRows
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
            kind = _PersonByPerson if hangs_on_shares(policy) else _BySums
            way = kind.of(turn, policy, starts, paid)
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
    return told


@attrs.frozen(kw_only=True, eq=False)
class _Way:
    """How the months of one policy are worked out.

    Attributes:
        starts: The first row of each subdistrict.
        grade: Everybody's grade, before what a certificate's own scheme moves.
        paid: Who is paid, in months in which they are there; movers who of them comes or leaves in the year.
        newcomers: Who of them is on probation in some month.
        cells: The county and seed of each subdistrict.
        now: What the last month that was worked out comes to.
    """

    turn: Turn
    policy: Policy
    starts: Ints
    grading: Grading
    grade: Codes
    paid: Bools
    movers: Ints
    newcomers: OnProbation
    cells: Ints
    now: Sums

    @classmethod
    def of(cls, turn: Turn, policy: Policy, starts: Ints, paid: Bools) -> Self:
        grading = _grading(turn, policy)
        nothing = {name: np.zeros(len(starts), dtype=np.int64) for name in _ALL}
        first = int(np.searchsorted(turn.layout.starts, turn.first))
        return cls(
            turn=turn, policy=policy, starts=starts, grading=grading, grade=grading.now(), paid=paid, now=nothing,
            newcomers=OnProbation.of(turn, policy, paid, starts),
            cells=turn.layout.group_cell[first : first + len(starts)],
            movers=np.flatnonzero(paid & ((turn.comes > 0) | (turn.leaves < MONTHS_PER_YEAR))),
        )

    def regrade(self, rows: Ints) -> None:
        """Let education and certificates that some have won count."""
        self.grade[rows] = self.grading.now(rows)

    def month(self, month: int, changed: Ints, *, fresh: bool) -> Sums:
        """Return what a month comes to: all of it anew, or what has changed since the month before."""
        raise NotImplementedError

    def sums(self, values: npt.NDArray[np.generic]) -> Ints:
        """Return each subdistrict's sum."""
        return np.add.reduceat(values, self.starts, dtype=np.int64)

    def group_of(self, rows: Ints) -> Ints:
        """Return the subdistrict of each row."""
        return np.searchsorted(self.starts, rows, side="right") - 1

    def county_sums(self, values: Ints) -> Ints:
        """Return each county's sum of what its subdistricts come to."""
        found = np.zeros(int(self.cells[-1] - self.cells[0]) + 1, dtype=np.int64)
        np.add.at(found, self.cells - self.cells[0], values)
        return found

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


def hangs_on_shares(policy: Policy) -> bool:
    """Whether something hangs on what a single person gets of a pool."""
    kept = policy.get(NO_REDUCTION)
    return RATES in policy or (kept is not None and (not kept.per_person or kept.compares is Compared.TOTAL))


def needs_county(policies: Sequence[Policy]) -> bool:
    """Whether a county's people have to go through together."""
    return any(goes_by_means(policy) for policy in policies)


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
    return np.unique(np.concatenate(changed)) if len(changed) > 1 else changed[0]


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


# --- by sums -----------------------------------------------------------------------------------------


def _terms(policy: Policy, classes: Vocabulary) -> Combinations:
    def made() -> Combinations:
        spans = policy[GRADES].classes.values()
        grades = Span(min(one.low for one in spans), max(one.high for one in spans))
        return Combinations.over(classes, grades, policy)

    return policy.once((Combinations, classes), made)


@attrs.frozen(kw_only=True, eq=False)
class _BySums(_Way):
    """Each subdistrict's month is the month before, and what those bring who come, go or change.

    Attributes:
        place: Where each one's combination stands.
        weighing: How many of each subdistrict have a weight in the pool.
    """

    place: Ints
    weighing: Ints

    @classmethod
    def of(cls, turn: Turn, policy: Policy, starts: Ints, paid: Bools) -> Self:
        way = _Way.of(turn, policy, starts, paid)
        return cls(
            **{field.name: getattr(way, field.name) for field in attrs.fields(_Way)},
            place=np.zeros(len(paid), dtype=np.intp), weighing=np.zeros(len(starts), dtype=np.int64),
        )

    @property
    def monthly(self) -> Monthly:
        """What combinations bring a month."""
        return _terms(self.policy, self.turn.layout.classes).bare

    def _look_up(self, month: int, rows: Ints | None = None) -> None:
        self._place(slice(None) if rows is None else rows, self.grade[slice(None) if rows is None else rows])
        if self.newcomers.lowered.any() and (rows is None or len(rows)):
            self._place(*self.newcomers.place(self.grade, month, rows))

    def _place(self, rows: Ints | slice, grade: Codes) -> None:
        people, terms = self.turn.people, _terms(self.policy, self.turn.layout.classes)
        self.place[rows] = terms.place(
            people.post_class[rows], grade, people.certificate[rows] + np.int8(1), people.latest[rows] + np.int8(1)
        )

    def month(self, month: int, changed: Ints, *, fresh: bool) -> Sums:
        """Return what a month comes to."""
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

    def _anew(self, month: int) -> None:
        there = self.there(month)
        self.now["months"] = self.sums(there)
        for name, amounts in self._amounts(slice(None)).items():
            self.now[name] = self.sums(amounts * there)
        self.now["kept"] = np.zeros(len(self.starts), dtype=np.int64)
        if NO_REDUCTION in self.policy:
            self._add_kept(np.flatnonzero(there), 1)
        self._weigh(there)

    def _weigh(self, there: Bools) -> None:
        if self.monthly.weight is not None:
            self.weighing[:] = self.sums((self.monthly.weight.values > 0)[self.place] & there)

    def _move(self, month: int, changed: Ints) -> None:
        turn = self.turn
        gone = self.movers[turn.leaves[self.movers] == month]
        came = self.movers[turn.comes[self.movers] == month]
        stayed = changed[self.paid[changed] & (turn.comes[changed] < month) & (month < turn.leaves[changed])]
        self._add(gone, -1)
        self._add(stayed, -1)
        if month == turn.decided_in:
            self._decide(month, gone, stayed, came)
            return
        self._look_up(month, changed)
        self._add(stayed, 1)
        self._add(came, 1)

    def _decide(self, month: int, gone: Ints, stayed: Ints, came: Ints) -> None:
        """Let the assessments of last year count: by weights alone where a pool is divided."""
        self._look_up(month)
        if self.monthly.bonus is not None:
            self._anew(month)
            return
        self._add(stayed, 1)
        self._add(came, 1)
        del gone
        self._weigh(self.there(month))

    def _add(self, rows: Ints, times: int) -> None:
        """Add what some rows bring, or take it away."""
        if not len(rows):
            return
        group = self.group_of(rows)
        np.add.at(self.now["months"], group, times)
        for name, amounts in self._amounts(rows).items():
            np.add.at(self.now[name], group, amounts * times)
        if NO_REDUCTION in self.policy:
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
        now, newcomers = self.now, self.newcomers
        on = np.flatnonzero(newcomers.there(month))
        if not newcomers.by_mean[on].any():
            return now[_OWN]
        rows = newcomers.rows[on]
        group = newcomers.group[on]
        cell, own = self.cells[group] - self.cells[0], self.monthly.basic.values[self.place[rows]]
        settled, people = self.county_sums(now[_OWN]), self.county_sums(now["months"])
        np.subtract.at(settled, cell, own)
        np.subtract.at(people, cell, 1)
        some = np.flatnonzero(newcomers.by_mean[on])
        more = newcomers.more(on[some], own[some], settled[cell[some]], people[cell[some]])
        basic = now[_OWN].copy()
        np.add.at(basic, group[some], more)
        return basic

    def _add_kept(self, rows: Ints, times: int) -> None:
        rule, former = self.policy[NO_REDUCTION], self.turn.people.former
        rows = rows[former[rows] >= 0]
        now = FenColumn(self.monthly.compared(rule.compares).values[self.place[rows]])
        each = pay.kept_difference(FenColumn(former[rows]), now, self.policy).values
        np.add.at(self.now["kept"], self.group_of(rows), each * times)

    def _awards(self, month: int) -> Ints:
        award = np.zeros(len(self.starts), dtype=np.int64)
        rows, level = self.certified(month)
        if len(rows):
            once = pay.certificate_once(EnumColumn(level.astype(np.int64), None, CertificateLevel), self.policy)
            np.add.at(award, self.group_of(rows), once.values)
        due = pay.yearly_sum(_every_grade(), month + 1, self.policy).values
        if due.any():
            last = self.turn.people.history[self.turn.year - 1 - self.turn.first_year]
            award += self.sums(np.append(due, 0)[last] * self.there(month))
        return award


# --- person by person --------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, eq=False)
class _PersonByPerson(_Way):
    """Each subdistrict's month is worked out by the payroll, but where nothing has changed since the month before.

    Attributes:
        names: What each subdistrict is called.
        own: Everybody's own basic pay, where a county's mean is asked for.
        basic: What each newcomer had as basic pay when last worked out; `total` in all, `employer` the employer's dues.
    """

    names: Vocabulary
    own: Ints
    basic: Ints
    total: Ints
    employer: Ints

    @classmethod
    def of(cls, turn: Turn, policy: Policy, starts: Ints, paid: Bools) -> Self:
        way = _Way.of(turn, policy, starts, paid)
        return cls(
            **{field.name: getattr(way, field.name) for field in attrs.fields(_Way)}, names=_names(turn, starts),
            own=np.zeros(len(paid), dtype=np.int64),
            **{name: np.zeros(len(way.newcomers.rows), dtype=np.int64) for name in ("basic", "total", "employer")},
        )

    def month(self, month: int, changed: Ints, *, fresh: bool) -> Sums:
        """Return what a month comes to."""
        turn = self.turn
        everybody = fresh or month == turn.decided_in or self._by_county() or any(
            pay.yearly_sum(_every_grade(), one, self.policy).values.any() for one in (month, month + 1) if one
        )
        groups = np.full(len(self.starts), everybody, dtype=np.bool_)
        if not everybody:
            moved = self.movers[(turn.comes[self.movers] == month) | (turn.leaves[self.movers] == month)]
            # What is paid once for a certificate is paid in its month, and not in the next.
            once = self.certified(month - 1)[0]
            newcomers, former = self.newcomers, turn.people.former
            # Who had a share of the mean, and whose kept difference hangs on the month's total.
            again = newcomers.by_mean & ((newcomers.last == month - 1) | (former[newcomers.rows] >= 0))
            groups[newcomers.group[again]] = True
            groups[self.group_of(np.concatenate([moved, changed, once]))] = True
        if self.newcomers.by_mean.any():
            self._look_up(slice(None) if fresh else changed)
        settled = self._settled(month)
        self._work_out(month, groups, settled)
        self._go_with_the_mean(month, groups, settled)
        return self.now

    def _look_up(self, rows: Ints | slice) -> None:
        people, terms = self.turn.people, _terms(self.policy, self.turn.layout.classes)
        certificate = people.certificate[rows] + np.int8(1)
        place = terms.place(people.post_class[rows], self.grade[rows], certificate, np.zeros_like(certificate))
        self.own[rows] = terms.bare.basic.values[place.astype(np.int64)]

    def _settled(self, month: int) -> tuple[Ints, Ints]:
        """Return what each county's settled people have as basic pay, and how many they are."""
        newcomers = self.newcomers
        at = np.flatnonzero(newcomers.there(month))
        if not newcomers.by_mean[at].any():
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        settled = self.there(month)
        settled[newcomers.rows[at]] = False
        return self.county_sums(self.sums(self.own * settled)), self.county_sums(self.sums(settled))

    def _go_with_the_mean(self, month: int, done: Bools, settled: tuple[Ints, Ints]) -> None:
        """Let basic pay and dues of newcomers go with their county's mean, where nothing else has changed."""
        newcomers, now = self.newcomers, self.now
        at = np.flatnonzero(newcomers.by_mean & newcomers.there(month) & ~done[newcomers.group])
        if not len(at):
            return
        group, own = newcomers.group[at], self.own[newcomers.rows[at]]
        mean_of, people = (one[self.cells[group] - self.cells[0]] for one in settled)
        basic = own + newcomers.more(at, own, mean_of, people)
        total = self.total[at] + basic - self.basic[at]
        np.add.at(now["basic"], group, basic - self.basic[at])
        self.basic[at], self.total[at] = basic, total
        if RATES in self.policy:
            nothing = FenColumn(np.zeros(len(at), dtype=np.int64), np.zeros(len(at), dtype=np.bool_))
            dues = contributions(contribution_base(nothing, FenColumn(total), self.policy), self.policy).employer
            employer = np.where(dues.mask(), dues.values, 0)
            np.add.at(now["employer"], group, employer - self.employer[at])
            self.employer[at] = employer

    def _work_out(self, month: int, groups: Bools, settled: tuple[Ints, Ints]) -> None:
        turn, people, now = self.turn, self.turn.people, self.now
        wanted = self.there(month) & np.repeat(groups, np.diff(self.starts, append=len(self.paid)))
        rows = np.flatnonzero(wanted)
        for amounts in now.values():
            amounts[groups] = 0
        if not len(rows):
            return
        certified = np.full(len(people), NONE, dtype=np.int8)
        won, level = self.certified(month)
        certified[won] = level
        columns: dict[str, Column[Any]] = {  # Any: columns of every kind
            "worker": TextColumn(np.arange(len(rows)), None, _workers(len(rows))),
            "subdistrict": TextColumn(self.group_of(rows), None, self.names),
            "post_class": TextColumn(people.post_class[rows].astype(np.int64), None, turn.layout.classes),
            "grade": IntColumn(self.grade[rows].astype(np.int64)),
            "certificate": _levels(people.certificate[rows]),
            "certified": _levels(certified[rows]),
            "assessment": assessments(people.latest[rows]),
            "last_year": assessments(people.history[turn.year - 1 - turn.first_year, rows]),
            "former": FenColumn(people.former[rows], people.former[rows] >= 0),
        }
        means, newcomer = self._probation(month, settled)
        newcomers = np.full(len(people), NONE, dtype=np.int64)
        newcomers[self.newcomers.rows] = np.arange(len(self.newcomers.rows))
        if newcomer is not None:
            columns["newcomer"] = newcomer.take(rows)
        # No subdistrict is alone here: whoever isn't among these rows isn't there.
        first_day = date(turn.year, month + 1, 1)
        for piece in payroll_chunks(PayRows.filled(columns), self.policy, first_day, whole=True, means=means):
            at = piece.rows.subdistrict.values
            first = np.flatnonzero(np.diff(at, prepend=-1))  # neighbours of one subdistrict are summed at once
            known = piece.lines.employer.mask()
            each: dict[str, npt.NDArray[np.generic]] = {name: getattr(piece.lines, name).values for name in LINES}
            each["employer"] = np.where(known, piece.lines.employer.values, 0)
            each["contributing"], each["months"] = known, np.ones(len(at), dtype=np.bool_)
            for name, values in each.items():
                np.add.at(now[name], at[first], np.add.reduceat(values, first, dtype=np.int64))
            of_newcomer = newcomers[rows[piece.rows.worker.values]]
            told = np.flatnonzero(of_newcomer != NONE)
            of_newcomer = of_newcomer[told]
            self.basic[of_newcomer], self.total[of_newcomer] = each["basic"][told], piece.lines.total.values[told]
            self.employer[of_newcomer] = each["employer"][told]
            if piece.pools is not None:
                index = self.names.places()
                of = [index[name] for name in piece.pools.subdistrict]
                now["pool"][of] += piece.pools.pool.values
                now["undistributed"][of] += piece.pools.undistributed.values

    def _by_county(self) -> bool:
        """Whether what is kept goes by the county's mean, for which everybody of it is asked."""
        kept = self.policy.get(NO_REDUCTION)
        return kept is not None and not kept.per_person

    def _probation(
        self, month: int, settled: tuple[Ints, Ints]
    ) -> tuple[dict[str, CountyMeans] | None, EnumColumn[Newcomer] | None]:
        """Return the means of counties, and on what footing who is on probation.

        None for the first where the payroll finds it out by itself, for the second where nobody is on probation.
        """
        newcomers, means = self.newcomers, None if self._by_county() else dict[str, CountyMeans]()
        at = np.flatnonzero(newcomers.there(month))
        if newcomers.by_mean[at].any():
            basic, people = settled
            # Where nobody is settled each has the own pay.
            at = at[~newcomers.by_mean[at] | (people[self.cells[newcomers.group[at]] - self.cells[0]] > 0)]
            if means is not None:
                nothing, told = (Fen(0), 0), zip(basic.tolist(), people.tolist(), strict=True)
                for cell, (amount, many) in enumerate(told, int(self.cells[0])):
                    code = f"{cell:0{COUNTY_DIGITS}d}"
                    means[code] = CountyMeans(basic=(Fen(amount), many), former=nothing, now=nothing)
        if not len(at):
            return means, None
        codes, known = np.zeros(len(self.paid), dtype=np.int64), np.zeros(len(self.paid), dtype=np.bool_)
        codes[newcomers.rows[at]], known[newcomers.rows[at]] = newcomers.footing.values[at], True
        return means, EnumColumn(codes, known, Newcomer)


def _levels(codes: Codes) -> EnumColumn[CertificateLevel]:
    return EnumColumn(np.maximum(codes, 0).astype(np.int64), codes != NONE, CertificateLevel)


def _names(turn: Turn, starts: Ints) -> Vocabulary:
    """Return a name for each subdistrict that begins with six digits for its county and seed, as its code does."""
    layout = turn.layout
    first = int(np.searchsorted(layout.starts, turn.first))
    cells = layout.group_cell[first : first + len(starts)].tolist()
    return Vocabulary(f"{cell:0{COUNTY_DIGITS}d}{first + at:09d}" for at, cell in enumerate(cells))


def _workers(rows: int) -> Vocabulary:
    """Return ids in their order, for rows whose ids nobody asks: at least so many."""
    return _ids(1 << rows.bit_length())


@lru_cache(maxsize=4)
def _ids(rows: int) -> Vocabulary:
    return Vocabulary(f"{number:09d}" for number in range(rows))
