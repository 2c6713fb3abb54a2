"""Shares of a month against fractions worked out person by person, for every day basis that is known."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.model.leave import LeaveKind
from shequ_core.policy import month
from shequ_core.policy.month import DayBasis, FixedDays, MonthDays
from shequ_core.policy.policy import Policy
from shequ_core.rules.pay import month_shares, prorated
from shequ_core.tables.columns import EnumColumn, FenColumn, IntColumn, TextColumn
from shequ_core.tables.groups import Groups
from shequ_core.values import Fen

BASES = [
    MonthDays(),
    MonthDays(deducts=True),
    MonthDays(weekdays=True),
    *(
        FixedDays(number, weekdays=weekdays, deducts=deducts)
        for number, weekdays in ((Fraction(30), False), (Fraction(87, 4), True), (Fraction(22), True))
        for deducts in (False, True)
    ),
]
LEAVE = {kind: Fraction(1) for kind in LeaveKind} | {
    LeaveKind.PERSONAL: Fraction(0), LeaveKind.SICK: Fraction(7, 10), LeaveKind.NURSING: Fraction(1, 3),
}

Part = tuple[int, LeaveKind | None]


def by_hand(parts: list[Part], whole: int, basis: DayBasis) -> list[Fraction]:
    """Days with the share of pay that goes on, as a share of the month; never more than the month."""
    paid = [Fraction(days) * (1 if leave is None else LEAVE[leave]) for days, leave in parts]
    total = sum(paid, Fraction(0))
    number = basis.number if isinstance(basis, FixedDays) else Fraction(whole)
    if not total:
        return [Fraction(0)] * len(parts)
    if total == whole:
        month_of = Fraction(1)
    elif basis.deducts:
        month_of = max(1 - (whole - total) / number, Fraction(0))
    else:
        month_of = min(total / number, Fraction(1))
    return [month_of * one / total for one in paid]


@st.composite
def people(draw: st.DrawFn) -> tuple[int, list[list[Part]]]:
    """A month's days, and people whose parts come to at most so many."""
    whole = draw(st.integers(20, 31))
    kinds = st.one_of(st.none(), st.sampled_from(list(LeaveKind)))
    found = []
    for _ in range(draw(st.integers(1, 4))):
        inner = draw(st.lists(st.integers(1, whole), min_size=1, max_size=4))
        last = draw(st.sampled_from([[], [whole]]))
        ends = sorted({0, *inner, *last})
        found.append([(end - begin, draw(kinds)) for begin, end in pairwise(ends)])
    return whole, found


@pytest.fixture(scope="session", params=BASES, ids=str)
def basis(request: pytest.FixtureRequest) -> DayBasis:
    found: DayBasis = request.param
    return found


@pytest.fixture(scope="session")
def policy(basis: DayBasis, where: Callable[..., Policy]) -> Policy:
    return where((month.DAY_BASIS, basis), (month.LEAVE_SHARES, LEAVE))


@settings(max_examples=40)
@given(asked=people(), chance=st.randoms(use_true_random=False))
def test_shares_are_those_worked_out_by_hand(
    policy: Policy, basis: DayBasis, asked: tuple[int, list[list[Part]]], chance: Random
) -> None:
    """In any order of parts: never more than the month, the whole month for who misses nothing (JLW2.4e)."""
    whole, parts_of = asked
    rows = [(f"W{who}", part, place) for who, parts in enumerate(parts_of) for place, part in enumerate(parts)]
    chance.shuffle(rows)
    told = month_shares(
        IntColumn.of([days for _, (days, _), _ in rows]),
        EnumColumn.of(LeaveKind, [leave for _, (_, leave), _ in rows]),
        Groups.of(TextColumn.of([worker for worker, _, _ in rows])),
        whole,
        policy,
    )
    expected = {
        (f"W{who}", place): share
        for who, parts in enumerate(parts_of)
        for place, share in enumerate(by_hand(parts, whole, basis))
    }
    found = {}
    for (worker, _, place), share, of in zip(rows, told.share, told.of, strict=True):
        assert share is not None
        assert of is not None
        found[worker, place] = Fraction(share, of)
    assert found == expected
    for number, parts in enumerate(parts_of):
        together = sum(share for (who, _), share in found.items() if who == f"W{number}")
        assert 0 <= together <= 1
        if sum(days for days, _ in parts) == whole and all(leave is None or LEAVE[leave] == 1 for _, leave in parts):
            assert together == 1
    of_person: dict[str, set[int | None]] = {}
    for (worker, _, _), of in zip(rows, told.of, strict=True):
        of_person.setdefault(worker, set()).add(of)
    assert all(len(one) == 1 for one in of_person.values()), "parts of one person are parts of one whole"


@settings(max_examples=200)
@given(amount=st.integers(0, 10**8), of=st.integers(1, 10**6), cuts=st.lists(st.integers(0, 10**6), max_size=6))
def test_the_parts_of_an_amount_add_up_to_it(amount: int, of: int, cuts: list[int]) -> None:
    """However a month is cut, its parts come to the amount, each within a fen of its exact share."""
    ends = [0, *sorted(cut % (of + 1) for cut in cuts), of]
    before, after = ends[:-1], ends[1:]
    amounts, wholes = FenColumn.of([Fen(amount)] * len(before)), IntColumn.of([of] * len(before))
    each = prorated(amounts, IntColumn.of(before), IntColumn.of(after), wholes).to_list()
    assert sum(one or 0 for one in each) == amount
    for begin, end, one in zip(before, after, each, strict=True):
        assert one is not None
        assert abs(one - Fraction(amount * (end - begin), of)) <= 1
