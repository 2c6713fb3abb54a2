"""A month's pay of many people under one law: from `PayRows` to every line of a slip (JLW2.4, 2.5a-b).

One person, a subdistrict and a million people go through the same code. What hangs on class, grade,
certificate and assessment alone is worked out once for each of their combinations, by the same rules,
and looked up; pools, parts of months and contributions are worked out row by row. Rows go through in
pieces that fit the cache, each with whole subdistricts, so that memory doesn't grow with the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from types import MappingProxyType
from typing import Final, Self

import attrs
import numpy as np

from shequ_core.errors import Fault, InputError, Message, PoolContextError, msg
from shequ_core.model.pay import Newcomer
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy.contributions import RATES
from shequ_core.policy.emergency import EMERGENCY
from shequ_core.policy.month import PROBATION
from shequ_core.policy.pay import NO_REDUCTION, Compared
from shequ_core.policy.performance import PERFORMANCE
from shequ_core.policy.policy import Policy
from shequ_core.rules import pay
from shequ_core.rules.combinations import Combinations, Monthly, no_money
from shequ_core.rules.contributions import Contributions, contribution_base, contributions
from shequ_core.rules.emergency import duty_allowance
from shequ_core.rules.means import CountyMeans, county_means, goes_by_means, last_parts
from shequ_core.tables.columns import (
    BoolColumn,
    Bools,
    Column,
    EnumColumn,
    FenColumn,
    IntColumn,
    Ints,
    TextColumn,
    concat,
    where,
)
from shequ_core.tables.groups import Groups
from shequ_core.tables.payroll import PayRows
from shequ_core.trace import concerning, framed, observer
from shequ_core.values import Fen

PIECE: Final = 2**16
"""Rows that go through together: every column of so many fits the cache of a core."""

_NOTHING_ELSEWHERE: Final[Mapping[str, Fen]] = MappingProxyType({})


# --- what the pool and the county add ----------------------------------------------------------------


@attrs.frozen(kw_only=True)
class PoolContext:
    """What one person's bonus needs to know of the others in the subdistrict.

    Attributes:
        total: The subdistrict's pool.
        weights: The sum of everybody's weights.
        left: How many single fen are given out by remainder.
        place: The person's place by remainder, from 1.
    """

    total: Fen
    weights: int
    left: int
    place: int


@attrs.frozen(eq=False)
class Lines:
    """The lines of a month, one row a row of `PayRows`; amounts in fen.

    Attributes:
        grade: The grade after probation and certificate.
        standard: The standard of a whole month.
        performance: The own performance share of the part of the month; 0 for who isn't in the pool.
        weight: By what the person shares in the pool.
        insurance: Unknown where no rates are set, where a base isn't known, and for people with several rows.
    """

    grade: IntColumn
    standard: FenColumn
    performance: FenColumn
    weight: IntColumn
    basic: FenColumn
    bonus: FenColumn
    certificate: FenColumn
    award: FenColumn
    emergency: FenColumn
    kept: FenColumn
    total: FenColumn
    insurance: FenColumn
    fund: FenColumn
    employer: FenColumn
    net: FenColumn

    def columns(self) -> dict[str, Column[int] | Column[Fen]]:
        """Return every column by its name."""
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    def row(self, index: int) -> dict[str, object]:
        """Return one row's amounts."""
        return {name: column.row(index) for name, column in self.columns().items()}

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Put lines under each other."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(concat([getattr(part, field.name) for part in parts]) for field in attrs.fields(cls)))


@attrs.frozen(eq=False)
class Pools:
    """The pools of a month, one row a subdistrict: distributed + undistributed = pool.

    Attributes:
        people: How many share in it, whoever has several rows counted once.
    """

    subdistrict: Sequence[str]
    people: IntColumn
    pool: FenColumn
    undistributed: FenColumn

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Put pools under each other."""
        return cls(
            tuple(name for part in parts for name in part.subdistrict),
            *(
                concat([getattr(part, field.name) for part in parts]) for field in attrs.fields(cls)[1:]
            ),
        )


@attrs.frozen(kw_only=True, eq=False)
class Payroll:
    """A month's pay.

    Attributes:
        month: The first day of the month.
        rows: The people, in the order of subdistrict and id.
        lines: Their lines, in the same order.
        pools: The subdistricts' pools; None where the place's plan divides none, or one person came with a context.
        elsewhere: What people whose month ends here were paid under other laws before, by id.
    """

    month: date
    policy: Policy
    rows: PayRows
    lines: Lines
    pools: Pools | None
    elsewhere: Mapping[str, Fen] = _NOTHING_ELSEWHERE

    def __len__(self) -> int:
        return len(self.rows)

    def total(self) -> Fen:
        """Return what all of it comes to."""
        return Fen(int(self.lines.total.values.sum()))

    def context(self, worker: str) -> PoolContext:
        """Return what one person's bonus needs to know of the others, so that the person can be paid alone.

        Raises:
            PoolContextError: There is no such person here, or no pool was divided.
        """
        rows = np.flatnonzero((self.rows.worker == worker).true())
        if self.pools is None or len(rows) != 1:
            raise PoolContextError(msg("no share of a pool can be told: nobody of that id, or no pool, is here"))
        subdistrict = self.rows.subdistrict
        here = np.flatnonzero(subdistrict.values == subdistrict.values[rows[0]])
        told = pay.pool_shares(
            self.lines.performance.take(here), self.lines.weight.take(here), Groups.of(subdistrict.take(here)), None
        )
        return PoolContext(
            total=Fen(int(told.pool.values[0])), weights=int(told.total_weight.values[0]),
            left=int(told.left.values[0]), place=told.place(int(np.searchsorted(here, rows[0]))),
        )


# --- the month ---------------------------------------------------------------------------------------


def payroll(
    rows: PayRows,
    policy: Policy,
    month: date,
    *,
    pool: PoolContext | None = None,
    whole: bool = False,
    means: Mapping[str, CountyMeans] | None = None,
) -> Payroll:
    """Work out a month's pay of people who live under one policy.

    Args:
        rows: The people, in any order; every holder of a subdistrict, since its pool is divided among them.
        policy: The policy of the month.
        month: Any day of it.
        pool: For one person alone: what the bonus needs to know of the others.
        whole: Says of a subdistrict with one person that nobody else is in it.
        means: What counties come to, where `rows` is only a part of them; otherwise worked out from `rows`.

    Raises:
        PoolContextError: One person alone without a context: a pool of one would be silently wrong.
        InputError: A class or grade that the place's table hasn't got, by row.
        UnsetError: A value that the month needs and nobody set.
    """
    if pool is not None and len(rows) != 1:
        raise PoolContextError(msg("a pool's context is one person's: give one row with it, or all rows without"))
    pieces = list(payroll_chunks(rows, policy, month, pool=pool, whole=whole, means=means))
    if len(pieces) == 1:
        return settled(pieces[0])
    joined = [piece.pools for piece in pieces if piece.pools is not None]
    return settled(
        Payroll(
            month=pieces[0].month,
            policy=policy,
            rows=PayRows.concat([piece.rows for piece in pieces]),
            lines=Lines.joined([piece.lines for piece in pieces]),
            pools=Pools.joined(joined) if joined else None,
        )
    )


def payroll_chunks(
    rows: PayRows,
    policy: Policy,
    month: date,
    *,
    pool: PoolContext | None = None,
    whole: bool = False,
    means: Mapping[str, CountyMeans] | None = None,
) -> Iterator[Payroll]:
    """Yield a month's pay piece by piece, each with whole subdistricts: for more rows than memory has room for lines.

    As `payroll`, but that the contributions of people with several rows stay unknown, since their month's
    sum may lie in two pieces.
    """
    first = month.replace(day=1)
    rows, standing = rows.in_order()
    if not len(rows):
        yield _piece(rows, _Given.of(rows), Groups((), np.zeros(0, dtype=np.int64)), policy, first, None, None, {})
        return
    dividing = policy[PERFORMANCE].divides
    given = _Given.of(rows)
    if dividing and pool is None and not whole and (_people(rows, standing.starts, given) == 1).any():
        raise PoolContextError(
            msg("a pool of one person would be wrong: give everybody of the subdistrict, or the person's PoolContext")
        )
    if means is None and goes_by_means(policy, rows):
        means = county_means(rows, policy)
    terms = Combinations.of(rows, policy)
    last = last_parts(rows) if given.several else None
    watched = observer() is not None
    for begin, end, subdistricts in standing.pieces(PIECE):
        some = rows if end - begin == len(rows) else rows.part(begin, end)
        with framed(some.worker, f"{first:%Y-%m}", some.post) if watched else nullcontext():
            ends = None if last is None else last.part(begin, end)
            yield _piece(some, given, subdistricts, policy, first, pool, terms, means or {}, ends)


@attrs.frozen(kw_only=True)
class _Given:
    """Which optional columns say anything, of anybody: what all rows leave open isn't looked up in each piece."""

    newcomer: bool
    certified: bool
    last_year: bool
    parts: bool
    duty_days: bool
    outside: bool
    several: bool

    @classmethod
    def of(cls, rows: PayRows) -> Self:
        return cls(
            newcomer=not rows.newcomer.none_known(),
            certified=not rows.certified.none_known(),
            last_year=not rows.last_year.none_known(),
            parts=not rows.parts.none_known(),
            duty_days=not rows.duty_days.none_known(),
            outside=rows.pooled.any_false(),
            several=rows.several.any_true(),
        )


def _people(rows: PayRows, starts: Ints, given: _Given) -> Ints:
    """Return how many people each subdistrict has, whoever has several rows counted once."""
    if not given.several:
        return np.diff(starts, append=len(rows))
    worker = rows.worker.values
    begins = np.ones(len(rows), dtype=np.int64)
    begins[1:] = worker[1:] != worker[:-1]
    begins[starts] = 1
    return np.add.reduceat(begins, starts)


# --- one piece ---------------------------------------------------------------------------------------


def _piece(
    rows: PayRows,
    given: _Given,
    subdistricts: Groups,
    policy: Policy,
    month: date,
    pool: PoolContext | None,
    terms: Combinations | None,
    means: Mapping[str, CountyMeans],
    last: BoolColumn | None = None,
) -> Payroll:
    newcomer = rows.newcomer if given.newcomer and not rows.newcomer.none_known() else None
    if newcomer is not None and PROBATION not in policy:
        newcomer = None  # a place that says nothing of probation pays the grade; a finding tells it
    monthly = _monthly(rows, policy, newcomer) if terms is None else terms.rows_of(rows)
    if terms is not None and newcomer is not None:
        at = np.flatnonzero(newcomer.mask())
        monthly = monthly.but(at, _monthly(rows.take(at), policy, newcomer.take(at)))
    _refuse_unknown(rows, monthly, policy)
    basic = monthly.basic if newcomer is None else _on_probation(rows, monthly.basic, newcomer, policy, means)
    performance, weight, bonus, certificate = monthly.performance, monthly.weight, monthly.bonus, monthly.certificate
    inside = _inside(rows.pooled) if given.outside else None
    prorated = given.parts and not rows.parts.none_known()
    if prorated or inside is not None:
        part = rows.parts.mask()
        basic = _part("basic", basic, rows, part)
        performance = _part("bonus", performance, rows, part)
        certificate = _part("certificate", certificate, rows, part)
        if inside is not None:
            performance = where(inside, performance, no_money(len(rows)))
        if weight is not None:
            weight = pay.pool_weight(performance, rows.assessment, policy)
        else:
            bonus = pay.personal_bonus(performance, rows.assessment, policy)
    pools: Pools | None = None
    if weight is not None and pool is not None:
        bonus = _share_of(pool, weight)
    elif weight is not None:
        shares = pay.pool_shares(performance, weight, subdistricts, None)
        bonus = shares.each
        people = _sharing(rows, given, subdistricts, inside)
        pools = Pools(subdistricts.names, people, shares.pool, shares.undistributed)
    assert bonus is not None  # a plan divides a pool or pays a bonus itself
    nothing = no_money(len(rows))
    award = nothing
    if given.certified and not rows.certified.none_known():
        award = award + pay.certificate_once(rows.certified, policy)
    if given.last_year and not rows.last_year.none_known():
        once = pay.yearly_sum(rows.last_year, month.month, policy)
        award = award + (once if last is None else where(last, once, nothing))
    emergency = nothing
    if EMERGENCY in policy and given.duty_days and not rows.duty_days.none_known():
        emergency = duty_allowance(rows.post_class, rows.duty_days, policy)
    total = basic + bonus + certificate
    kept = _kept(rows, nothing, monthly, total, policy, means, prorated=prorated)
    for line in (award, emergency, kept):
        if line is not nothing:
            total = total + line
    dues = _contributed(rows, given, total, policy)
    return Payroll(
        month=month,
        policy=policy,
        rows=rows,
        lines=Lines(
            grade=monthly.grade,
            standard=monthly.standard,
            performance=performance,
            weight=IntColumn(nothing.values) if weight is None else weight,
            basic=basic,
            bonus=bonus,
            certificate=certificate,
            award=award,
            emergency=emergency,
            kept=kept,
            total=total,
            insurance=dues.insurance,
            fund=dues.fund,
            employer=dues.employer,
            net=total - dues.insurance - dues.fund,
        ),
        pools=pools,
    )


def _monthly(rows: PayRows, policy: Policy, newcomer: EnumColumn[Newcomer] | None) -> Monthly:
    return Monthly.of(rows.post_class, rows.grade, rows.certificate, rows.assessment, policy, newcomer)


def _refuse_unknown(rows: PayRows, monthly: Monthly, policy: Policy) -> None:
    known = monthly.standard.known
    if known is None:
        return
    told = msg(
        "the class of post or the grade is none of the table in force at {place}: correct one of them",
        place=policy.place,
    )
    raise _refused(rows, "grade", ~known, told)


def _refused(rows: PayRows, column: str, wrong: Bools, told: Message) -> InputError:
    origin, at = rows.origin, np.flatnonzero(wrong).tolist()
    if origin is None:
        return InputError([Fault(file="pay rows", row=row + 1, column=column, message=told) for row in at])
    return InputError(
        [
            Fault(
                file=origin.file, sheet=origin.sheet, row=int(origin.rows[row]),
                column=origin.headers.get(column, column), message=told,
            )
            for row in at
        ]
    )


def _part(line: str, amount: FenColumn, rows: PayRows, part: Bools) -> FenColumn:
    """Return what a line's amount of a whole month comes to for the rows that are parts of one."""
    if not part.any():
        return amount
    with concerning(line):
        cut = pay.prorated(amount, rows.before, rows.after, rows.parts)
    return where(BoolColumn(part), cut, amount)


def _inside(pooled: BoolColumn) -> BoolColumn | None:
    """Return who shares in the pool, None where everybody does."""
    outside = pooled.false()
    return BoolColumn(~outside) if outside.any() else None


def _sharing(rows: PayRows, given: _Given, subdistricts: Groups, inside: BoolColumn | None) -> IntColumn:
    """Return how many people share in each pool, whoever has several rows counted once."""
    if inside is None and not given.several:
        return subdistricts.counts()
    within = np.arange(len(rows)) if inside is None else np.flatnonzero(inside.values)
    at, worker = subdistricts.at[within], rows.worker.values[within]
    begins = np.ones(len(within), dtype=np.bool_)
    begins[1:] = (at[1:] != at[:-1]) | (worker[1:] != worker[:-1])
    return IntColumn(np.bincount(at[begins], minlength=len(subdistricts)).astype(np.int64))


def _share_of(pool: PoolContext, weight: IntColumn) -> FenColumn:
    """Return one person's share, the others' being told by the context."""
    if not pool.weights:
        return no_money(1)
    share = int(pool.total) * int(weight.values[0]) // pool.weights + (pool.place <= pool.left)
    return FenColumn(np.array([share], dtype=np.int64))


def _kept(
    rows: PayRows, nothing: FenColumn, monthly: Monthly, paid: FenColumn, policy: Policy,
    means: Mapping[str, CountyMeans], *, prorated: bool,
) -> FenColumn:
    rule = policy.get(NO_REDUCTION)
    if rule is None or (rule.per_person and rows.former.none_known()):
        return nothing
    now = monthly.compared(rule.compares)
    if rule.compares is Compared.TOTAL:
        now = paid
    if rule.per_person:
        if rule.compares is Compared.TOTAL and prorated:
            # What a part of the month comes to is held against the same part of the former pay.
            former = _part("kept", rows.former, rows, rows.parts.mask())
            return pay.kept_difference(former, now, policy)
        kept = pay.kept_difference(rows.former, now, policy)
    else:
        of = [means[code[:COUNTY_DIGITS]] for code in rows.subdistrict.vocabulary]
        place = rows.subdistrict.values

        def each(numbers: list[int]) -> Ints:
            return np.array(numbers, dtype=np.int64)[place]

        kept = pay.kept_for_place(
            now,
            FenColumn(each([int(one.former[0]) for one in of])),
            IntColumn(each([one.former[1] for one in of])),
            FenColumn(each([int(one.now[0]) for one in of])),
            IntColumn(each([one.now[1] for one in of])),
            policy,
        )
    return _part("kept", kept, rows, rows.parts.mask()) if prorated else kept


def _contributed(rows: PayRows, given: _Given, total: FenColumn, policy: Policy) -> Contributions:
    if RATES not in policy:
        unknown = FenColumn(np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.bool_))
        return Contributions(unknown, unknown, unknown)
    base = contribution_base(rows.base, total, policy)
    return contributions(base.unless(rows.several.true()) if given.several else base, policy)


def settled(told: Payroll, elsewhere: Mapping[str, Fen] = _NOTHING_ELSEWHERE) -> Payroll:
    """Work out the contributions of people with several rows, from what their month comes to.

    Args:
        told: The payroll; whose month ends under another law pays nothing here.
        elsewhere: What people whose month ends here were paid under other laws before, by id.
    """
    several = told.rows.several.true()
    if RATES not in told.policy or not several.any():
        return told
    rows = np.flatnonzero(several)
    people = Groups.of(told.rows.worker.take(rows))
    at = rows[last_parts(told.rows).values[rows]]
    total = people.sum_fen(told.lines.total.take(rows)).take(people.at[np.searchsorted(rows, at)])
    total = total + _elsewhere(told.rows.worker.take(at), elsewhere)
    with framed(told.rows.worker.take(at), f"{told.month:%Y-%m}", told.rows.post.take(at)):
        base = contribution_base(told.rows.base.take(at), total, told.policy)
        dues = contributions(base, told.policy)
    lines = told.lines
    changed: dict[str, FenColumn] = {}
    for name, found in (("insurance", dues.insurance), ("fund", dues.fund), ("employer", dues.employer)):
        before: FenColumn = getattr(lines, name)
        values, known = before.values.copy(), before.mask().copy()
        values[rows], known[rows] = 0, True
        values[at], known[at] = found.values, found.mask()
        changed[name] = FenColumn(values, known)
    insurance, fund = changed["insurance"], changed["fund"]
    net = lines.total - insurance - fund
    return attrs.evolve(
        told,
        lines=attrs.evolve(lines, insurance=insurance, fund=fund, employer=changed["employer"], net=net),
        elsewhere=elsewhere,
    )


def _elsewhere(worker: TextColumn, amounts: Mapping[str, Fen]) -> FenColumn:
    return FenColumn(np.array([amounts.get(one or "", Fen(0)) for one in worker], dtype=np.int64))


def contributors(told: Payroll) -> tuple[TextColumn, FenColumn]:
    """Return whoever pays contributions by this payroll, one row a person, with the base before floor and ceiling."""
    people = Groups.of(told.rows.worker)
    at = np.flatnonzero(last_parts(told.rows).values)
    worker = told.rows.worker.take(at)
    total = people.sum_fen(told.lines.total).take(people.at[at]) + _elsewhere(worker, told.elsewhere)
    return worker, contribution_base(told.rows.base.take(at), total, told.policy)


def _on_probation(
    rows: PayRows, basic: FenColumn, newcomer: EnumColumn[Newcomer], policy: Policy,
    means: Mapping[str, CountyMeans],
) -> FenColumn:
    nobody = (Fen(0), 0)
    of = [means[code[:COUNTY_DIGITS]].basic if code[:COUNTY_DIGITS] in means else nobody
          for code in rows.subdistrict.vocabulary]
    place = rows.subdistrict.values
    paid = pay.probation_basic(
        basic, newcomer,
        FenColumn(np.array([int(amount) for amount, _ in of], dtype=np.int64)[place]),
        IntColumn(np.array([people for _, people in of], dtype=np.int64)[place]),
        policy,
    )
    if paid.known is not None:
        told = msg("a share of the county's mean basic pay is due, and nobody in it is off probation: no mean is known")
        raise _refused(rows, "newcomer", ~paid.mask(), told)
    return paid
