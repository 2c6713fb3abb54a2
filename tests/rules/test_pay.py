"""Splits and pools, held against exact fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.policy.pay import GRADES, AmountTable, Gives
from shequ_core.policy.policy import Policy
from shequ_core.rules.pay import split_standard
from shequ_core.tables.columns import FenColumn, IntColumn, TextColumn
from shequ_core.tables.groups import Groups, divide
from shequ_core.values import Fen, Span


def test_every_standard_splits_exactly(assumed: Policy) -> None:
    """For all totals from 1 to 2,000,000 fen, basic is 7/10 rounded half up, and both parts add up (JLW2.4d)."""
    totals = np.arange(1, 2_000_001, dtype=np.int64)
    split = split_standard(FenColumn(totals), TextColumn.full(len(totals), "staff"), assumed)
    assert (split.standard.values == totals).all()
    assert (split.basic.values + split.performance.values == totals).all()
    # Basic is the one whole number of fen less than half a fen below 7/10 of the total, or at most half above.
    above = 10 * split.basic.values - 7 * totals
    assert ((above > -5) & (above <= 5)).all()
    for total in (1, 5, 15, 1999999, 2000000):
        exact = Fraction(7 * total, 10)
        assert split.basic.values[total - 1] == (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def test_every_basic_pay_of_a_table_is_seven_tenths_of_its_standard(where: Callable[..., Policy]) -> None:
    """Where a table gives basic pay, 1 to 1,400,000 fen, the standard is 10/7 of it, half up, and basic pay stands."""
    table = AmountTable((Fen(1),), {"staff": Span(1, 1)}, Gives.BASIC)
    amounts = np.arange(1, 1_400_001, dtype=np.int64)
    split = split_standard(FenColumn(amounts), TextColumn.full(len(amounts), "staff"), where((GRADES, table)))
    assert (split.basic.values == amounts).all()
    assert (split.basic.values + split.performance.values == split.standard.values).all()
    above = 2 * (7 * split.standard.values - 10 * amounts)
    assert ((above > -7) & (above <= 7)).all()


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


@settings(max_examples=100)
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


def test_ten_thousand_pools_are_what_paper_makes_of_them() -> None:
    """10,000 random pools of 12 to 120 people: each sums to the fen, equals paper, in any order of rows (JLW2.4f)."""
    chance = Random(1)
    sizes = [chance.randint(12, 120) for _ in range(10_000)]
    group = np.repeat(np.arange(len(sizes)), sizes)
    order = np.random.default_rng(1)
    own = order.integers(50_000, 400_000, len(group))
    weight = own * order.choice([12, 10, 10, 7, 0], len(group))
    weight[group % 97 == 0] = 0  # pools in which nobody has a weight
    names = TextColumn.of([f"{number:05d}" for number in range(len(sizes))])
    expected = np.array(on_paper(own.tolist(), weight.tolist(), sizes))
    in_order = np.arange(len(group))
    for rows, rank in ((in_order, None), (in_order, in_order), (mixed := order.permutation(len(group)), mixed)):
        groups = Groups.of(TextColumn(group[rows], None, names.vocabulary))
        pool = groups.sum_fen(FenColumn(own[rows]))
        shares = divide(pool, IntColumn(weight[rows]), groups, rank)
        assert (shares.each.values == expected[rows]).all()
        paid = groups.sum_fen(shares.each)
        assert (paid.values + shares.undistributed.values == pool.values).all()
        assert ((shares.undistributed.values > 0) == (np.arange(len(sizes)) % 97 == 0)).all()


@given(st.integers(1, 12), st.integers(1, 40), st.sampled_from([3, 2**20, 2**33]), st.randoms(use_true_random=False))
def test_pools_side_by_side_are_what_paper_makes_of_them(many: int, width: int, most: int, chance: Random) -> None:
    """Where each pool has as many places as the next, some of them empty (JLW2.4f)."""
    own = [chance.choice([0, chance.randrange(most)]) for _ in range(many * width)]
    weight = [one * chance.choice([12, 10, 7, 0]) for one in own]
    groups = Groups.even(many, width)
    pool = groups.sum_fen(FenColumn(np.array(own, dtype=np.int64)))
    shares = divide(pool, IntColumn(np.array(weight, dtype=np.int64)), groups, None)
    assert shares.each.values.tolist() == on_paper(own, weight, [width] * many)
    assert groups.sum_fen(shares.each).values.tolist() == (pool.values - shares.undistributed.values).tolist()
    assert [shares.place(row) for row in range(width)] == [
        divide(pool, shares.weight, groups, np.arange(many * width)).place(row) for row in range(width)
    ]


def on_paper(own: list[int], weight: list[int], sizes: list[int]) -> list[int]:
    """Divide pools that stand one after the other, in whole numbers: a share is pool x weight / weights."""
    found: list[int] = []
    begin = 0
    for size in sizes:
        end = begin + size
        weights, pool = weight[begin:end], sum(own[begin:end])
        total = sum(weights)
        if not total:
            found += [0] * size
        else:
            parts = [divmod(pool * one, total) for one in weights]
            shares = [share for share, _ in parts]
            for at in sorted(range(size), key=lambda at: (-parts[at][1], at))[: pool - sum(shares)]:
                shares[at] += 1
            found += shares
        begin = end
    return found


def test_large_weights_and_pools_are_divided_as_on_paper() -> None:
    """However large weights and pools are, and however near a share comes to a whole fen."""
    order = np.random.default_rng(2)
    sizes = [3, 1, 40, 7, 2, 90]
    group = np.repeat(np.arange(len(sizes)), sizes)
    groups = Groups.of(TextColumn.of([f"{at}" for at in group.tolist()]))
    for bits in range(4, 40):
        for most in (2**10, 2**20, 2**31, 2**38):
            own = order.integers(0, most, len(group))
            for weight in (order.integers(2**bits // 2, 2**bits, len(group)), own * 2**bits // most):
                expected = on_paper(own.tolist(), weight.tolist(), sizes)
                pool = groups.sum_fen(FenColumn(own))
                for rank in (None, np.arange(len(group))):
                    assert divide(pool, IntColumn(weight), groups, rank).each.values.tolist() == expected


def test_amounts_beyond_int64_products_stay_exact() -> None:
    """Where pool x weight would overflow, Python's integers take over."""
    groups = Groups.of(TextColumn.of(["a", "a"]))
    pool = FenColumn(np.array([10**12 + 1], dtype=np.int64))
    shares = divide(pool, IntColumn(np.array([10**9, 10**9], dtype=np.int64)), groups, np.array([0, 1]))
    assert shares.each.values.tolist() == [5 * 10**11 + 1, 5 * 10**11]
