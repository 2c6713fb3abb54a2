"""Arrears against an oracle in exact fractions: whatever arrives late, in whatever order, is paid once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache

import attrs
import numpy as np
import pytest

from shequ_core.ledger.difference import LINES, differences, owed, paid_out, withheld
from shequ_core.model.answers import DEDUCTIONS, EARNINGS, ArrearsLine
from shequ_core.tables.answers import ArrearsLines, Slips
from shequ_core.tables.columns import DateColumn, FenColumn, IntColumn, TextColumn, day_number
from shequ_core.values import Fen

Amounts = Mapping[str, int | None]
Row = tuple[str, str, Amounts]
"""A person, a subdistrict, and each line; a line that isn't named is nothing."""


def slips(rows: Sequence[Row], month: int = 202207) -> Slips:
    """Make slips of rows."""
    first = date(month // 100, month % 100, 1)
    day = DateColumn(np.full(len(rows), day_number(first), dtype=np.int64))
    lines = {line: _fen([amounts.get(line, 0) for *_, amounts in rows]) for line in LINES}
    total = sum((lines[line] for line in EARNINGS), start=_fen([0] * len(rows)))
    nothing, one = _fen([0] * len(rows)), IntColumn(np.ones(len(rows), dtype=np.int64))
    subdistrict = TextColumn.of([place for _, place, _ in rows])
    return Slips(
        {
            "worker": TextColumn.of([worker for worker, *_ in rows]),
            "month": one * month,
            "since": day,
            "until": day,
            "subdistrict": subdistrict,
            "community": TextColumn.of([f"{place}001" for _, place, _ in rows]),
            "post": TextColumn.of([f"{place}001-01" for _, place, _ in rows]),
            "post_class": TextColumn.full(len(rows), "staff"),
            "grade": one,
            "assessment": TextColumn.of([None] * len(rows)),
            "weight": one,
            "standard": nothing,
            "performance": nothing,
            **lines,
            "total": total,
            "net": sum((-lines[line] for line in DEDUCTIONS), start=total),
        }
    )


def _fen(values: Sequence[int | None]) -> FenColumn:
    known = np.array([value is not None for value in values], dtype=np.bool_)
    return FenColumn(np.array([value or 0 for value in values], dtype=np.int64), known)


# --- histories --------------------------------------------------------------------------------------

MONTHS = (202201, 202202, 202203)
PEOPLE = ("a", "b", "c")
PLACES = ("220104001", "220104002")
HISTORIES, BATCH, MIXED = 10_000, 2_000, 200

KINDS: Mapping[str, Sequence[int]] = {
    "grade": (100, 115, 130, 207),
    "certificate": (0, 20_000, 33_333),
    "weight": (0, 7, 10, 12),
    "place": (0, 1),
    "there": (0, 1),
    "part": (1, 2, 3),
    "reference": (300_001, 412_345, 500_000),
    "rate": (105, 110),
}
COMMON = ("reference", "rate")
AT_FIRST = {"grade": 115, "certificate": 0, "weight": 10, "place": 0, "there": 1, "part": 1, "reference": 400_000, "rate": 0}


@attrs.frozen
class Fact:
    """What holds from a month on, and in which month it becomes known."""

    kind: str
    who: str
    since: int
    value: int
    arrives: int


def late_facts(chance: random.Random) -> tuple[Fact, ...]:
    """Make one to eight facts, no two about the same thing from the same month on."""
    found: dict[tuple[str, str, int], Fact] = {}
    for _ in range(chance.randint(1, 8)):
        kind = chance.choice(tuple(KINDS))
        who = "" if kind in COMMON else chance.choice(PEOPLE)
        since = chance.randrange(len(MONTHS))
        arrives = chance.randrange(since, len(MONTHS))
        found[kind, who, since] = Fact(kind, who, since, chance.choice(KINDS[kind]), arrives)
    return tuple(found.values())


# --- the oracle: one person, one line at a time, in exact fractions --------------------------------------


def share(amount: int, part: Fraction) -> int:
    """Return a share of an amount, rounded half up to a whole fen."""
    return (2 * amount * part.numerator + part.denominator) // (2 * part.denominator)


BASIC, OWN, OTHERS = Fraction(7, 10), Fraction(1, 1000), Fraction(3, 1000)


@cache
def month_of(facts: frozenset[Fact], month: int) -> dict[tuple[str, str], dict[str, int | None]]:
    """Work out a month by a tiny pay rule: standard, 70/30, the pool by largest remainder, a deduction."""
    latest: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        about = fact.kind, fact.who
        if fact.since <= month and (about not in latest or latest[about].since < fact.since):
            latest[about] = fact

    def held(kind: str, who: str = "") -> int:
        found = latest.get((kind, who))
        return AT_FIRST[kind] if found is None else found.value

    told: dict[tuple[str, str], dict[str, int | None]] = {}
    pools: dict[str, list[tuple[str, int, int]]] = {}
    for who in PEOPLE:
        if not held("there", who):
            continue
        standard = share(held("reference"), Fraction(held("grade", who), 100))
        basic, part = share(standard, BASIC), Fraction(1, held("part", who))
        performance = share(standard - basic, part)
        place = PLACES[held("place", who)]
        told[who, place] = {"basic": share(basic, part), "certificate": held("certificate", who)}
        pools.setdefault(place, []).append((who, performance, performance * held("weight", who)))
    for place, members in pools.items():
        pool, weights = sum(one[1] for one in members), sum(one[2] for one in members)
        exact = {who: Fraction(pool * weight, weights or 1) for who, _, weight in members}
        given = {who: amount.__floor__() for who, amount in exact.items()}
        left = pool - sum(given.values()) if weights else 0
        for who in sorted(exact, key=lambda one: (given[one] - exact[one], one))[:left]:
            given[who] += 1
        for who in exact:
            told[who, place]["bonus"] = given[who]
    rate = held("rate")
    for lines in told.values():
        total = sum(amount or 0 for amount in lines.values())
        lines["insurance"] = share(total, rate * OWN) if rate else None
        lines["employer"] = share(total, rate * OTHERS) if rate else None
    return told


def known_in(facts: Sequence[Fact], month: int) -> frozenset[Fact]:
    """Return which facts have arrived by a month."""
    return frozenset(fact for fact in facts if fact.arrives <= month)


# --- the histories, many side by side -----------------------------------------------------------------


def slips_of(histories: Sequence[Sequence[Fact]], month: int, known: int) -> Slips:
    """Return a month of all histories as it is known in another; some people's months are two slips."""
    rows: list[Row] = []
    for number, facts in enumerate(histories):
        for (who, place), lines in month_of(known_in(facts, known), month).items():
            one = (f"{number:05}{who}", f"{place}{number:05}")
            if number % 3:
                rows.append((*one, lines))
            else:  # in two parts: the first has half of each earning, the last the rest and all contributions
                halves = {line: (lines[line] or 0) // 2 for line in ("basic", "bonus", "certificate")}
                last = {line: (lines[line] or 0) - half for line, half in halves.items()}
                rows += [(*one, halves), (*one, {**lines, **last})]
    random.Random(month * 31 + known).shuffle(rows)
    return slips(rows, MONTHS[month])


Told = Counter[tuple[str, str, int, str]]


def run(histories: Sequence[Sequence[Fact]]) -> tuple[list[Slips], ArrearsLines]:
    """Seal month after month with its arrears."""
    sealed: list[Slips] = []
    paid = ArrearsLines.empty()
    for month in range(len(MONTHS)):
        fresh = []
        for earlier, then in enumerate(sealed):
            now = slips_of(histories, earlier, month)
            told = owed(now, then, paid, month=MONTHS[month], of_month=MONTHS[earlier])
            assert told.unclear == ()
            with_these = ArrearsLines.concat([paid, told.lines])
            assert not len(owed(now, then, with_these, month=MONTHS[month], of_month=MONTHS[earlier]).lines)
            fresh.append(told.lines)
        sealed.append(slips_of(histories, month, month))
        paid = ArrearsLines.concat([paid, *fresh])
    return sealed, paid


def in_all(sealed: Sequence[Slips], paid: ArrearsLines) -> Told:
    """Return what was paid for each month: in its own slips and as arrears."""
    told: Told = Counter()
    for month, table in zip(MONTHS, sealed, strict=True):
        for line in ("basic", "bonus", "certificate", "insurance", "employer"):
            for who, place, amount in zip(table.worker, table.subdistrict, table.column(line), strict=True):
                told[str(who), str(place), month, line] += amount or 0
    for one in paid:
        told[one.worker, one.subdistrict, one.of_month, one.line] += one.amount
    return +told


def due(histories: Sequence[Sequence[Fact]]) -> Told:
    """Return what each month comes to once everything is known, by the oracle."""
    told: Told = Counter()
    for number, facts in enumerate(histories):
        for month, name in enumerate(MONTHS):
            for (who, place), lines in month_of(frozenset(facts), month).items():
                for line, amount in lines.items():
                    told[f"{number:05}{who}", f"{place}{number:05}", name, line] += amount or 0
    return +told


@pytest.mark.parametrize("first", range(0, HISTORIES, BATCH))
def test_arrears_are_the_full_recomputation_less_what_was_paid(first: int) -> None:
    """10,000 histories of one to eight late facts, paid to the fen; some arrive in another order too."""
    chance = random.Random(first)
    histories = [late_facts(chance) for _ in range(BATCH)]
    wanted = due(histories)
    sealed, paid = run(histories)
    assert in_all(sealed, paid) == wanted
    assert len(paid) > BATCH
    mixed = [
        tuple(attrs.evolve(fact, arrives=chance.randrange(fact.since, len(MONTHS))) for fact in facts)
        for facts in histories[:MIXED]
    ]
    otherwise = run(mixed)
    assert in_all(*otherwise) == due(histories[:MIXED])
    assert not otherwise[1].same_as(run(histories[:MIXED])[1])
    month_of.cache_clear()


# --- single cases -------------------------------------------------------------------------------------

NOTHING = ArrearsLines.empty()


def lines(table: ArrearsLines) -> list[tuple[str, str, str, int]]:
    """Return arrears as plain rows."""
    return [(one.worker, one.subdistrict, one.line, int(one.amount)) for one in table]


def test_who_is_gone_pays_back_and_who_was_not_there_is_paid() -> None:
    """A month that somebody never worked is taken back whole, contributions too."""
    then = slips([("S1", PLACES[0], {"basic": 700, "insurance": 70, "employer": 200})])
    now = slips([("S2", PLACES[1], {"basic": 500})])
    told = owed(now, then, NOTHING, month=202209, of_month=202207)
    assert lines(told.lines) == [
        ("S1", PLACES[0], "basic", -700), ("S1", PLACES[0], "insurance", -70), ("S1", PLACES[0], "employer", -200),
        ("S2", PLACES[1], "basic", 500),
    ]
    assert (paid_out(told.lines), withheld(told.lines)) == (Fen(-200), Fen(-70))
    assert {(one.month, one.of_month) for one in told.lines} == {(202209, 202207)}


def test_a_move_is_settled_in_both_subdistricts() -> None:
    """What one subdistrict paid wrongly comes back to it; the person gets the same in all."""
    then, now = slips([("S1", PLACES[0], {"bonus": 300})]), slips([("S1", PLACES[1], {"bonus": 300})])
    told = owed(now, then, NOTHING, month=202208, of_month=202207).lines
    assert lines(told) == [("S1", PLACES[0], "bonus", -300), ("S1", PLACES[1], "bonus", 300)]


def test_what_can_not_be_said_any_more_is_left_alone() -> None:
    """Rates that are known no longer give no guess: the line stays as it was paid, and the person is named."""
    then = slips([("S1", PLACES[0], {"basic": 700, "insurance": 70}), ("S2", PLACES[0], {"insurance": None})])
    now = slips([("S1", PLACES[0], {"basic": 800, "insurance": None}), ("S2", PLACES[0], {"insurance": None})])
    told = owed(now, then, NOTHING, month=202208, of_month=202207)
    assert lines(told.lines) == [("S1", PLACES[0], "basic", 100)]
    assert told.unclear == (("S1", "insurance"),)


def test_arrears_of_other_months_don_t_count() -> None:
    """What was paid for May has nothing to do with what June is owed."""
    then, now = slips([("S1", PLACES[0], {"basic": 700})]), slips([("S1", PLACES[0], {"basic": 800})])
    may = ArrearsLines.of([
        ArrearsLine(worker="S1", month=202207, of_month=202205, line="basic", amount=Fen(100), cause="", subdistrict=PLACES[0])
    ])  # fmt: skip
    assert lines(owed(now, then, may, month=202208, of_month=202207).lines) == [("S1", PLACES[0], "basic", 100)]


def test_a_difference_tells_both_sides_and_counts_what_is_not_there_for_nothing() -> None:
    """Somebody new, somebody gone, a line that came up, parts of one person together."""
    then = slips([("S1", PLACES[0], {"basic": 700, "fund": None}), ("S2", PLACES[0], {"basic": 500})])
    now = slips(
        [("S1", PLACES[0], {"basic": 300, "fund": 0}), ("S1", PLACES[1], {"basic": 500, "fund": 40}),
         ("S3", PLACES[0], {"kept": 9})]
    )  # fmt: skip
    told = differences(now, then, month=202207, against=202206)
    assert [(one.worker, one.line, one.before, one.after, int(one.difference)) for one in told] == [
        ("S1", "basic", 700, 800, 100), ("S1", "fund", None, 40, 40), ("S2", "basic", 500, None, -500),
        ("S3", "kept", None, 9, 9),
    ]


def test_every_line_that_is_paid_or_withheld_takes_part() -> None:
    """A line that is left out would never be paid afterwards."""
    now = slips([("S1", PLACES[0], dict.fromkeys(LINES, 1))])
    told = owed(now, slips([]), NOTHING, month=202208, of_month=202207).lines
    assert [one.line for one in told] == list(LINES)
