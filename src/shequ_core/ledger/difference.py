"""What one reckoning of a month differs from another, person by person and line by line.

Arrears are what a month comes to now, less what was paid for it: in its own sealed slips, and as
arrears in every month sealed since. So it doesn't matter in which order late facts arrive, and asking
twice owes nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias, TypeVar

import attrs
import numpy as np

from shequ_core.model.answers import DEDUCTIONS, EARNINGS
from shequ_core.tables.answers import ArrearsLines, PayChanges, Slips
from shequ_core.tables.columns import Bools, FenColumn, IntColumn, Ints, TextColumn, concat
from shequ_core.values import Fen

LINES: Final = (*EARNINGS, *DEDUCTIONS, "employer")
"""The lines of a slip that money moves by; the others are sums of these, or what they are worked out from."""

T = TypeVar("T", ArrearsLines, PayChanges)
Amounts: TypeAlias = "dict[str, FenColumn]"


@attrs.frozen(eq=False)
class Keys:
    """Rows of several tables, numbered by what they are about.

    Attributes:
        worker: The person of each number, numbers in the order of worker and subdistrict.
        subdistrict: The subdistrict of each number; not numbered by it: that of one of its rows.
        at: For each table, the number of each row.
    """

    worker: TextColumn
    subdistrict: TextColumn
    at: tuple[Ints, ...]

    def __len__(self) -> int:
        return len(self.worker)

    @classmethod
    def of(cls, *tables: Slips | ArrearsLines, apart: bool) -> Keys:
        """Number the rows of tables.

        Args:
            tables: Slips and arrears, in any order of rows.
            apart: Whether one person's rows in two subdistricts have two numbers.
        """
        worker = concat([table.worker for table in tables])
        subdistrict = concat([table.subdistrict for table in tables])
        many = len(subdistrict.vocabulary) + 1
        codes = worker.rank() * many + subdistrict.rank() if apart else worker.rank()
        _, first, at = np.unique(codes, return_index=True, return_inverse=True)
        ends = np.cumsum([len(table) for table in tables])[:-1]
        return cls(worker.take(first), subdistrict.take(first), tuple(np.split(at.astype(np.int64), ends)))


def sums(keys: Keys, slips: Slips, at: Ints) -> Amounts:
    """Return what each number's slips come to, line by line; unknown where it has none, or where one isn't known."""
    there = np.bincount(at, minlength=len(keys)) > 0
    return {line: _sum(slips.column(line), at, there) for line in LINES}


def _sum(column: Any, at: Ints, there: Bools) -> FenColumn:  # Any: an amount, by the name of its line
    total = np.zeros(len(there), dtype=np.int64)
    np.add.at(total, at, np.where(column.mask(), column.values, 0))
    known = there.copy()
    known[at[~column.mask()]] = False
    return FenColumn(total, known)


@attrs.frozen(eq=False)
class Owed:
    """What a sealed month comes to more or less than was paid for it.

    Attributes:
        lines: The arrears, each with an empty cause.
        unclear: Who was paid a line that can't be worked out any more, and which: nothing is owed on a guess.
    """

    lines: ArrearsLines
    unclear: tuple[tuple[str, str], ...]


def owed(now: Slips, then: Slips, paid: ArrearsLines, *, month: int, of_month: int) -> Owed:
    """Return the arrears of a sealed month: what it comes to now, less what was paid for it.

    A person who has moved is settled in each subdistrict by itself, so that arrears of the bonus sum to
    what the pool of each is more or less.

    Args:
        now: The month's slips as they are worked out now.
        then: Its slips as they were sealed.
        paid: Arrears sealed since; those of other months are passed over.
        month: The open month in which the arrears are paid, as 202207.
        of_month: The sealed month.
    """
    paid = paid.where((paid.of_month == of_month).true())
    keys = Keys.of(now, then, paid, apart=True)
    at_now, at_then, at_paid = keys.at
    after, before = sums(keys, now, at_now), sums(keys, then, at_then)
    still_there = np.bincount(at_now, minlength=len(keys)) > 0
    rows: list[Ints] = []
    amounts: list[Ints] = []
    unclear: list[tuple[str, str]] = []
    for place, line in enumerate(LINES):
        settled = np.where(before[line].mask(), before[line].values, 0)
        mine = (paid.line == line).true()
        np.add.at(settled, at_paid[mine], paid.amount.values[mine])
        # Who isn't in the month any more is due nothing; who is, with a line that nobody can say, is left alone.
        unknown = still_there & ~after[line].mask()
        difference = np.where(unknown, 0, np.where(still_there, after[line].values, 0) - settled)
        found = np.flatnonzero(difference)
        rows.append(found * len(LINES) + place)
        amounts.append(difference[found])
        unclear += [(str(keys.worker.row(row)), line) for row in np.flatnonzero(unknown & (settled != 0)).tolist()]
    codes, amount = np.concatenate(rows), np.concatenate(amounts)
    order = np.argsort(codes)
    who, which = codes[order] // len(LINES), codes[order] % len(LINES)
    return Owed(
        ArrearsLines(
            {
                "worker": keys.worker.take(who),
                "month": _full(len(who), month),
                "of_month": _full(len(who), of_month),
                "line": TextColumn(which, None, LINES),
                "amount": FenColumn(amount[order]),
                "cause": TextColumn.full(len(who), ""),
                "subdistrict": keys.subdistrict.take(who),
            }
        ),
        tuple(sorted(unclear)),
    )


def differences(now: Slips, then: Slips, *, month: int, against: int) -> PayChanges:
    """Return who is paid otherwise in one reckoning than in another, line by line, causes empty.

    A line that isn't there counts for nothing: this compares what was paid, not what was due.
    """
    keys = Keys.of(now, then, apart=False)
    at_now, at_then = keys.at
    after, before = sums(keys, now, at_now), sums(keys, then, at_then)
    found: list[Ints] = []
    columns: dict[str, list[FenColumn]] = {"before": [], "after": [], "difference": []}
    for place, line in enumerate(LINES):
        difference = after[line].filled(Fen(0)) - before[line].filled(Fen(0))
        rows = np.flatnonzero(difference.values)
        found.append(rows * len(LINES) + place)
        for name, column in (("before", before[line]), ("after", after[line]), ("difference", difference)):
            columns[name].append(column.take(rows))
    codes = np.concatenate(found)
    order = np.argsort(codes)
    who, which = codes[order] // len(LINES), codes[order] % len(LINES)
    return PayChanges(
        {
            "worker": keys.worker.take(who),
            "month": _full(len(who), month),
            "against": _full(len(who), against),
            "line": TextColumn(which, None, LINES),
            **{name: concat(some).take(order) for name, some in columns.items()},
            "cause": TextColumn.full(len(who), ""),
        }
    )


def paid_out(table: ArrearsLines | PayChanges) -> Fen:
    """Return what the earnings among arrears or differences come to."""
    return _total(table, EARNINGS)


def withheld(table: ArrearsLines | PayChanges) -> Fen:
    """Return what the deductions among arrears or differences come to."""
    return _total(table, DEDUCTIONS)


def _total(table: ArrearsLines | PayChanges, lines: tuple[str, ...]) -> Fen:
    amount = table.amount if isinstance(table, ArrearsLines) else table.difference
    return Fen(int(amount.values[table.line.is_in(lines).true()].sum()))


def with_causes(table: T, causes: Sequence[str]) -> T:
    """Return arrears or differences with a cause in each row."""
    return type(table)({**table.columns(), "cause": TextColumn.of(causes)})


def _full(rows: int, number: int) -> IntColumn:
    return IntColumn(np.full(rows, number, dtype=np.int64))
