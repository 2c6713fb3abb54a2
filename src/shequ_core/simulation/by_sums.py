"""Months of one policy by sums: each is the one before, and what those bring who come, go or earn another sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Self

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.model.posts import CertificateLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.pay import GRADES, NO_REDUCTION
from shequ_core.policy.policy import Policy
from shequ_core.rules import pay
from shequ_core.rules.combinations import Combinations, Monthly
from shequ_core.simulation.grading import Grading, same_grading
from shequ_core.simulation.probation import OnProbation
from shequ_core.simulation.state import Codes
from shequ_core.simulation.turn import Turn
from shequ_core.tables.columns import Bools, EnumColumn, FenColumn, Ints, Vocabulary
from shequ_core.values import MONTHS_PER_YEAR, Span

LINES: Final = ("basic", "bonus", "certificate", "award", "emergency", "kept")
"""What slips come to; `employer`, `pool` and `undistributed` stand beside them."""

Sums = dict[str, Ints]
"""Amounts in fen, one a subdistrict."""

_OWN: Final = "own"
"""Basic pay, as if nobody were paid a share of the county's mean instead."""
_ALL: Final = (*LINES, _OWN, "employer", "pool", "undistributed", "months", "contributing")


@attrs.frozen(kw_only=True, eq=False)
class Way:
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
        """Lay it out; `month` works the first one out."""
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
