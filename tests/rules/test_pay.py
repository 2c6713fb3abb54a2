"""Splits and pools, held against exact fractions."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.policy.policy import Policy
from shequ_core.rules.pay import split_standard
from shequ_core.tables.columns import FenColumn, IntColumn, TextColumn
from shequ_core.tables.groups import Groups, divide


def test_every_standard_splits_exactly(assumed: Policy) -> None:
    """For all totals from 1 to 2,000,000 fen, basic is 7/10 rounded half up, and both parts add up (JLW2.4d)."""
    totals = np.arange(1, 2_000_001, dtype=np.int64)
    split = split_standard(FenColumn(totals), TextColumn.full(len(totals), "staff"), assumed)
    assert (split.basic.values + split.performance.values == totals).all()
    for total in (1, 5, 15, 1999999, 2000000):
        exact = Fraction(7 * total, 10)
        assert split.basic.values[total - 1] == (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


@st.composite
def pools(draw: st.DrawFn) -> tuple[list[str], list[int], list[int]]:
    """People with their subdistrict, amount and weight."""
    size = draw(st.integers(1, 60))
    where = draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=size, max_size=size))
    amounts = draw(st.lists(st.integers(0, 10**7), min_size=size, max_size=size))
    weights = draw(st.lists(st.one_of(st.just(0), st.integers(0, 10**6)), min_size=size, max_size=size))
    return where, amounts, weights


def by_hand(where: list[str], amounts: list[int], weights: list[int]) -> dict[int, int]:
    """Divide as one would on paper: exact shares, whole fen, the rest by largest remainder, ties by id."""
    shares: dict[int, int] = {}
    for group in set(where):
        members = [at for at, one in enumerate(where) if one == group]
        pool, total = sum(amounts[at] for at in members), sum(weights[at] for at in members)
        exact = {at: Fraction(pool * weights[at], total) if total else Fraction(0) for at in members}
        whole = {at: int(share) for at, share in exact.items()}
        left = (pool if total else 0) - sum(whole.values())
        for at in sorted(members, key=lambda at: (whole[at] - exact[at], at))[:left]:
            whole[at] += 1
        shares.update(whole)
    return shares


@settings(max_examples=300, deadline=None)
@given(pools(), st.randoms(use_true_random=False))
def test_a_pool_is_divided_to_the_fen_in_any_order(
    people: tuple[list[str], list[int], list[int]], chance: Random
) -> None:
    """Shares and what nobody gets sum to the pool, equal paper, and don't hang on the order of rows (JLW2.4f)."""
    where, amounts, weights = people
    order = list(range(len(where)))
    chance.shuffle(order)
    groups = Groups.of(TextColumn.of([where[at] for at in order]))
    pool = groups.sum_fen(FenColumn(np.array([amounts[at] for at in order], dtype=np.int64)))
    weight = IntColumn(np.array([weights[at] for at in order], dtype=np.int64))
    shares = divide(pool, weight, groups, np.array(order, dtype=np.int64))
    assert shares.each.values.sum() + shares.undistributed.values.sum() == sum(amounts)
    assert dict(zip(order, shares.each.values.tolist(), strict=True)) == by_hand(where, amounts, weights)


def test_amounts_beyond_int64_products_stay_exact() -> None:
    """Where pool x weight would overflow, Python's integers take over."""
    groups = Groups.of(TextColumn.of(["a", "a"]))
    pool = FenColumn(np.array([10**12 + 1], dtype=np.int64))
    shares = divide(pool, IntColumn(np.array([10**9, 10**9], dtype=np.int64)), groups, np.array([0, 1]))
    assert shares.each.values.tolist() == [5 * 10**11 + 1, 5 * 10**11]
