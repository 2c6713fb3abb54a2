"""The budget of a year: what post holders cost, what of it the new system adds, and who pays it (JLW3.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Final, Literal

import attrs
import numpy as np

from shequ_core.audit.policy import in_order, policy_findings
from shequ_core.errors import Message, msg
from shequ_core.law.findings import Finding, Grade
from shequ_core.model.budget import PROVINCE, CostLine
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.budget import PAYER, PROVINCE_SHARE
from shequ_core.policy.contributions import RATES
from shequ_core.policy.pay import GRADES
from shequ_core.policy.policy import Policy
from shequ_core.rules import budget as rules
from shequ_core.rules.pay import prorated
from shequ_core.rules.payroll import Payroll, Pools
from shequ_core.tables.budget import BudgetLines
from shequ_core.tables.columns import (
    BoolColumn,
    Bools,
    EnumColumn,
    FenColumn,
    IntColumn,
    TextColumn,
    where,
)
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.groups import Groups
from shequ_core.tables.payroll import PayRows
from shequ_core.trace import framed
from shequ_core.values import Fen, Span
from shequ_core.year.law import MONTHS
from shequ_core.year.month import Spells, month_number, month_of
from shequ_core.year.optional import PAY_OPTIONAL
from shequ_core.year.prepare import Prepared, prepare
from shequ_core.year.rests import Rests

By = Literal["payer", "month", "subdistrict", "post_class", "line"]
"""By what a budget's sums may be asked for."""

AMOUNTS: Final = ("cost", "former", "added", "unexamined")

_OPTIONAL: Final = (*PAY_OPTIONAL, PAYER, PROVINCE_SHARE)


@attrs.frozen(kw_only=True)
class Sums:
    """What some lines of a budget come to: cost = former + added + unexamined."""

    cost: Fen
    former: Fen
    added: Fen
    unexamined: Fen


@attrs.frozen(kw_only=True, eq=False)
class Budget:
    """What post holders of a place cost in a year, and who pays it.

    Attributes:
        place: The place asked for.
        known: As known on that day; None for all that is known now.
        lines: By month, subdistrict, class of post, line and payer, in that order.
        findings: What somebody should look at, in the order of clause and subject.
        rests: What the answer rests on.
    """

    place: str
    name: str
    year: int
    known: date | None
    lines: BudgetLines
    findings: tuple[Finding, ...]
    rests: Rests

    def total(self) -> Sums:
        """Return what all of it comes to."""
        return _sums(self.lines, np.ones(len(self.lines), dtype=np.bool_))

    def by(self, what: By) -> dict[str | int | CostLine | None, Sums]:
        """Return the sums by payer, month, subdistrict, class of post or line, in their order; None comes last."""
        column = self.lines.column(what)
        listed = column.to_list()
        keys = sorted({one for one in listed if one is not None})
        if what == "line":
            keys = [one for one in CostLine if one in keys]
        found = {key: _sums(self.lines, (column == key).true()) for key in keys}
        if None in listed:
            found[None] = _sums(self.lines, ~column.mask())
        return found


def _sums(lines: BudgetLines, rows: Bools) -> Sums:
    return Sums(**{name: Fen(int(lines.column(name).values[rows].sum())) for name in AMOUNTS})


def budget(
    data: Dataset,
    book: PolicyBook,
    place: str,
    year: int,
    *,
    known: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Budget:
    """Work out what the post holders of a place cost in a year, what the new system adds, and who pays.

    Args:
        data: The tables of the place; rows in any order.
        book: The policies; made with `assume=True` it rests on assumptions, and the answer says so.
        place: The code of the place: a province, a city, a county or a zone.
        year: The calendar year.
        known: Facts and policies as known on that day; None for all that is known now.
        progress: Called with months done and months in all.

    Raises:
        InputError: Rows that can't be: every one of them, by file, row and column.
        UnsetError: Values that nobody set and that pay needs: every one of them, with its clause.
        PlaceNotFoundError: There is no such place in that year.
        PlaceUnresolvedError: A plugin that speaks for a place of the run is at fault.
    """
    months = [month_of(year, month) for month in MONTHS]
    ready = prepare(data, book, place, months, known, whole_year=False)
    told: list[BudgetLines] = []
    unsure = _Unsure()
    read: dict[str, Policy] = {}
    for done, month in enumerate(months, start=1):
        for spells, paid in ready.payrolls(month):
            read.setdefault(paid.policy.fingerprint, paid.policy)
            told.append(_month(ready, spells, paid, month, unsure))
        if progress is not None:
            progress(done, len(months))
    lines = BudgetLines.concat(told) if told else BudgetLines.empty()
    return Budget(
        place=place,
        name=ready.division.name,
        year=year,
        known=known,
        lines=_summed(lines),
        findings=in_order([*unsure.findings(), *policy_findings(ready.policies, _OPTIONAL)]),
        rests=Rests.of(ready.data, ready.policies, read.values()),
    )


# --- one month under one law -------------------------------------------------------------------------


def _month(ready: Prepared, spells: Spells, paid: Payroll, month: Span[date], unsure: _Unsure) -> BudgetLines:
    rows, amounts, policy = paid.rows, paid.lines, paid.policy
    records, person = ready.records, spells.roster.person
    began = ready.law.began(GRADES, policy)
    assert began is not None  # nobody is paid without a grade table
    everybody = rows.worker.is_known()
    with framed(rows.worker, f"{month.low:%Y-%m}"):
        new = rules.wholly_new(records.worked_since(person), records.entry(person), began)
        new = BoolColumn(new.true() & ~rows.former.mask())
        pay = amounts.total - amounts.emergency
        split = rules.added_cost(pay, _part(rows.former, paid), new)
        # Emergency allowances were set up together with the system (JLW2.5b): nothing was paid before.
        emergency = rules.added_cost(amounts.emergency, amounts.emergency.fill(Fen(0)), everybody)
    told = [
        _lines(rows, month, CostLine.PAY, pay, split, policy),
        _lines(rows, month, CostLine.EMERGENCY, amounts.emergency, emergency, policy),
    ]
    unsure.note(Of.FORMER, rows, split.unexamined, ~(rows.former.mask() | new.values))
    if RATES in policy:
        known = np.flatnonzero(amounts.employer.mask())
        some, cost = rows.take(known), amounts.employer.take(known)
        with framed(some.worker, f"{month.low:%Y-%m}"):
            before = _part(records.former_employer.take(person), paid).take(known)
            split = rules.added_cost(cost, before, new.take(known))
        told.append(_lines(some, month, CostLine.EMPLOYER, cost, split, policy))
        unsure.note(Of.FORMER_EMPLOYER, some, split.unexamined, ~(before.mask() | new.values[known]))
        unsure.note(Of.BASE, rows, pay.fill(Fen(0)), ~amounts.employer.mask())
    if paid.pools is not None:
        told.append(_undistributed(paid.pools, month, policy))
    return _with_province(_summed(BudgetLines.concat(told)), policy)


def _part(former: FenColumn, paid: Payroll) -> FenColumn:
    """Return what was paid before for the parts of the month: as much of the old pay as of the new."""
    rows = paid.rows
    if rows.parts.none_known():
        return former
    return where(rows.parts.is_known(), prorated(former, rows.before, rows.after, rows.parts), former)


def _lines(
    rows: PayRows, month: Span[date], line: CostLine, cost: FenColumn, split: rules.Added, policy: Policy
) -> BudgetLines:
    return _table(rows.subdistrict, rows.post_class, month, line, cost, split, policy)


def _undistributed(pools: Pools, month: Span[date], policy: Policy) -> BudgetLines:
    """Return what went down to the subdistricts and nobody got: no class of post has it, and nothing was so before."""
    subdistrict = TextColumn.of(pools.subdistrict)
    left = pools.undistributed
    split = rules.Added(former=left.fill(Fen(0)), added=left, unexamined=left.fill(Fen(0)))
    nothing = TextColumn.of([None] * len(left))
    return _table(subdistrict, nothing, month, CostLine.UNDISTRIBUTED, left, split, policy)


def _table(
    subdistrict: TextColumn, post_class: TextColumn, month: Span[date], line: CostLine, cost: FenColumn,
    split: rules.Added, policy: Policy,
) -> BudgetLines:
    rows = np.flatnonzero(np.any([one.values != 0 for one in (cost, split.former)], axis=0))
    kind = EnumColumn(np.full(len(cost), list(CostLine).index(line), dtype=np.int64), None, CostLine)
    return BudgetLines(
        {
            "month": IntColumn(np.full(len(cost), month_number(month), dtype=np.int64)),
            "subdistrict": subdistrict,
            "post_class": post_class,
            "line": kind,
            "payer": rules.payers(kind, policy),
            "cost": cost,
            "former": split.former,
            "added": split.added,
            "unexamined": split.unexamined,
        }
    ).take(rows)


def _with_province(lines: BudgetLines, policy: Policy) -> BudgetLines:
    """Return the lines with the province's share of each in a line of its own; the rest stays with the payer."""
    county = Groups.of(lines.subdistrict.start(COUNTY_DIGITS))
    with framed(lines.subdistrict, policy.on.isoformat()[:7]):
        part = rules.province_part(lines.added, lines.line, county, np.arange(len(lines)), policy)
    theirs = np.flatnonzero(part.values)
    nothing = part.fill(Fen(0))
    own = {**lines.columns(), "cost": lines.cost - part, "added": lines.added - part}
    province = {
        **lines.columns(), "payer": TextColumn.full(len(lines), PROVINCE), "cost": part, "former": nothing,
        "added": part, "unexamined": nothing,
    }
    return _summed(BudgetLines.concat([BudgetLines(own), BudgetLines(province).take(theirs)]))


def _summed(lines: BudgetLines) -> BudgetLines:
    """Return one line for each month, subdistrict, class, line and payer, in that order."""
    last = len(lines.post_class.vocabulary)
    post_class = np.where(lines.post_class.mask(), lines.post_class.rank(), last)
    keys = (lines.payer.rank(), lines.line.values, post_class, lines.subdistrict.rank(), lines.month.values)
    order = np.lexsort(keys)
    lines = lines.take(order)
    begins = np.ones(len(lines), dtype=np.bool_)
    begins[1:] = np.any([key[order[1:]] != key[order[:-1]] for key in keys], axis=0)
    starts = np.flatnonzero(begins)
    sums = {
        name: FenColumn(np.add.reduceat(lines.column(name).values, starts) if len(starts) else lines.cost.values)
        for name in AMOUNTS
    }
    return BudgetLines({**lines.take(starts).columns(), **sums})


# --- what can't be told ------------------------------------------------------------------------------


class Of(Enum):
    """Of what nobody can tell something."""

    FORMER = "former"
    FORMER_EMPLOYER = "former employer"
    BASE = "base"


@attrs.frozen
class _Unsure:
    """Of whom something can't be told, by county, and how much money that is."""

    people: dict[tuple[Of, str], set[str]] = attrs.field(factory=dict)
    money: dict[tuple[Of, str], int] = attrs.field(factory=dict)

    def note(self, of: Of, rows: PayRows, amount: FenColumn, unsure: Bools) -> None:
        """Take down rows of whom it can't be told."""
        some = rows.where(unsure)
        counties = Groups.of(some.subdistrict.start(COUNTY_DIGITS))
        money = counties.sum_fen(amount.where(unsure)).values.tolist()
        for at, code in enumerate(counties.names):
            here = some.worker.where(counties.at == at).to_list()
            self.people.setdefault((of, code), set()).update(one for one in here if one is not None)
            self.money[of, code] = self.money.get((of, code), 0) + money[at]

    def findings(self) -> list[Finding]:
        """Tell it, a finding for each county and thing."""
        found = []
        for (of, county), people in self.people.items():
            code, clause, message = _told(of, len(people), Fen(self.money[of, county]))
            found.append(
                Finding(code=code, grade=Grade.NOT_EXAMINED, clause=clause, subject=county, message=message)
            )
        return found


def _told(of: Of, people: int, money: Fen) -> tuple[str, str, Message]:
    if of is Of.FORMER:
        return (
            "JLW3.2-former-pay-unknown", "JLW3.2",
            msg(
                "of {people} people who were there before the system began nobody wrote down what they were paid:"
                " {money} yuan of their pay are neither old nor added",
                people=people, money=money,
            ),
        )
    if of is Of.FORMER_EMPLOYER:
        return (
            "JLW3.2-former-contributions-unknown", "JLW3.2",
            msg(
                "of {people} people who were there before the system began nobody wrote down what the employer paid"
                " on top: {money} yuan of contributions are neither old nor added",
                people=people, money=money,
            ),
        )
    return (
        "JLW2.5a-base-unknown", "JLW2.5a",
        msg(
            "of {people} people no contribution base is known in some month: what the employer pays for them is not in"
            " the budget",
            people=people,
        ),
    )
