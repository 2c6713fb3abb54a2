"""Months of one policy where something hangs on what a single person gets of a pool, or of a county's mean."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.policy.contributions import RATES
from shequ_core.policy.pay import NO_REDUCTION, Compared
from shequ_core.policy.policy import Policy
from shequ_core.rules import pay
from shequ_core.rules.contributions import contribution_base, employer_contributions
from shequ_core.simulation.abreast import Abreast, Block, Cells, Waiting
from shequ_core.simulation.by_sums import Sums, Way
from shequ_core.tables.columns import Bools, FenColumn, IntColumn, Ints, concat
from shequ_core.tables.groups import Groups
from shequ_core.values import MONTHS_PER_YEAR


@attrs.frozen(kw_only=True, eq=False)
class ByShares(Way):
    """Months by sums; what is kept, and contributions, person by person where a subdistrict has changed."""

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
    def of(cls, way: Way, abreast: Abreast) -> Self:
        new, some = way.newcomers, np.zeros(len(way.paid), dtype=np.bool_)
        some[new.rows[new.by_mean]] = True
        for month in range(MONTHS_PER_YEAR):
            some[way.once(month)[0]] = True
        rows = np.flatnonzero(some)
        group, shape = way.group_of(rows), (len(rows), MONTHS_PER_YEAR)
        many = np.bincount(group, minlength=len(way.starts))
        return cls(
            rows=rows, group=group, column=abreast.column[rows], first=np.cumsum(many) - many, many=many,
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
    def of(cls, way: ByContributions) -> Self:
        monthly, abreast = way.monthly, Abreast.of(way.starts, way.paid)
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
            abreast=abreast, waiting=Waiting.of(abreast, cells, MONTHS_PER_YEAR), touched={},
            beside=_Beside.of(way, abreast),
            paid=np.append(paid.values, 0), weight=weight, cells=cells,
            **{name: np.zeros(each, dtype=np.int64) for name in ("employer", "months", "pools")},
            nothing=int(way.employer_of(np.zeros(1, dtype=np.int64))[0]),
        )


@attrs.frozen(kw_only=True, eq=False)
class ByContributions(Way):
    """Months by sums; contributions person by person, subdistricts side by side and some months at once.

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
