"""Keyed chance: uniform, independent, and a pure function of its key. Seeds are fixed, so nothing here is flaky."""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pytest

from shequ_core.population.chance import Chance, Keys, keys_of, nth_holder
from shequ_core.tables.columns import TextColumn

SIXTEENTHS = 16
WORD = 2**64
GOLDEN_DRAWS = [1022146447, 493238168, 2798743610]


@cache
def posts(count: int) -> Keys:
    return keys_of([f"220104001{at // 20:03d}-{at % 20:02d}" for at in range(count)])


def chi_square(counts: npt.NDArray[np.int64]) -> float:
    expected = counts.sum() / counts.size
    return float(((counts - expected) ** 2 / expected).sum())


def limit(cells: int) -> float:
    """Where chi-square of so many equal cells lies in 1 sample of 100,000 or fewer (normal approximation)."""
    freedom = cells - 1
    return float(freedom + 4.5 * np.sqrt(2 * freedom) + 14)


# --- what it is a function of


def test_a_draw_is_what_the_module_says_it_is() -> None:
    """The documented recipe, written out again in Python's own integers, gives the same numbers."""

    def mix(word: int) -> int:
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % WORD
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB % WORD
        return word ^ (word >> 31)

    def hashed(text: str) -> int:
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")

    golden = 0x9E3779B97F4A7C15
    word = hashed("seed 7")
    for part in (hashed("leaves"), 2022, 3):
        word = mix((word + golden + part) % WORD)
    second = mix((word + golden) % WORD)
    key = mix(hashed("220104001003-01") ^ (2 * golden % WORD))
    expected = mix((mix(key ^ word) + second) % WORD) >> 32

    keys = nth_holder(keys_of(["220104001003-01"]), 2)
    assert Chance(7).draw(keys, purpose="leaves", year=2022, draw=3).tolist() == [expected]


def test_the_bits_are_the_same_for_ever() -> None:
    """A release that changes these changes every simulated fate: that is a breaking change."""
    keys = keys_of(["220104001003-01", "220104001003-02", "合成"])
    found = Chance(1).draw(keys, purpose="leaves", year=2022).tolist()
    assert found == GOLDEN_DRAWS
    assert Chance(1).below(keys, 1000, purpose="leaves", year=2022).tolist() == [at * 1000 >> 32 for at in GOLDEN_DRAWS]


def test_order_and_chunks_change_nothing() -> None:
    keys = posts(50_000)
    chance = Chance(3)
    whole = chance.draw(keys, purpose="leaves", year=2022)
    shuffled = np.argsort(chance.draw(keys, purpose="shuffle"))
    assert (chance.draw(keys[shuffled], purpose="leaves", year=2022) == whole[shuffled]).all()
    for size in (1, 7, 16_384, 16_385):
        some = range(0, min(len(keys), 40 * size), size)
        parts = [chance.draw(keys[at : at + size], purpose="leaves", year=2022) for at in some]
        together = np.concatenate(parts)
        assert (together == whole[: len(together)]).all()


def test_no_rows_give_no_draws() -> None:
    none = keys_of([])
    chance = Chance(1)
    assert len(chance.draw(none, purpose="x")) == 0
    assert len(chance.below(none, 3, purpose="x")) == 0
    assert len(chance.below(none, np.zeros(0, dtype=np.int64), purpose="x")) == 0
    assert len(chance.happens(none, Fraction(1, 2), purpose="x")) == 0
    assert len(chance.choose(none, [1, 2], purpose="x")) == 0
    assert len(chance.by_table(none, [(0, 0), (1, 9)], purpose="x")) == 0


def test_keys_hang_on_the_text_alone() -> None:
    texts = ["b", "a", "b", "合成人员00012"]
    keys = keys_of(texts)
    assert keys.dtype == np.uint64
    assert keys[0] == keys[2]
    assert len(set(keys.tolist())) == 3
    assert (keys_of(TextColumn.of(texts)) == keys).all()
    assert (keys_of(texts[::-1]) == keys[::-1]).all()


def test_an_unknown_text_has_no_key() -> None:
    with pytest.raises(ValueError, match="unknown"):
        keys_of(TextColumn.of(["a", None]))


def test_each_holder_of_a_post_has_luck_of_their_own() -> None:
    keys = posts(1_000)
    all_keys = np.concatenate([nth_holder(keys, nth) for nth in range(1, 6)])
    assert len(np.unique(all_keys)) == len(all_keys)
    nth = np.arange(len(keys), dtype=np.int64) % 5
    mixed = nth_holder(keys, nth)
    assert mixed[7] == nth_holder(keys[7:8], 2)[0]


@pytest.mark.parametrize("seed", [0, -1, 10**30])
def test_any_whole_number_is_a_seed(seed: int) -> None:
    keys = posts(100)
    assert (Chance(seed).draw(keys, purpose="x") != Chance(seed + 1).draw(keys, purpose="x")).any()


# --- uniform and independent


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("shift", [0, 8, 24], ids=["low byte", "second byte", "high byte"])
def test_draws_are_uniform(seed: int, shift: int) -> None:
    found = Chance(seed).draw(posts(200_000), purpose="uniform") >> shift & 0xFF
    assert chi_square(np.bincount(found, minlength=256)) < limit(256)


@pytest.mark.parametrize("step", [1, 2**20, 2**40, 0x9E3779B97F4A7C15], ids=["1", "2^20", "2^40", "golden"])
def test_even_keys_in_a_row_give_uniform_draws(step: int) -> None:
    """Keys need not be hashes: a plain count does."""
    keys = np.arange(100_000, dtype=np.uint64) * np.uint64(step)
    found = Chance(1).draw(keys, purpose="uniform") >> 24
    assert chi_square(np.bincount(found, minlength=256)) < limit(256)
    neighbours = found[:-1] // SIXTEENTHS * SIXTEENTHS + found[1:] // SIXTEENTHS
    assert chi_square(np.bincount(neighbours, minlength=256)) < limit(256)


def test_purposes_years_draws_and_seeds_are_independent() -> None:
    keys = posts(100_000)
    sets = [
        Chance(1).draw(keys, purpose="a", year=2022),
        Chance(1).draw(keys, purpose="b", year=2022),
        Chance(1).draw(keys, purpose="a", year=2023),
        Chance(1).draw(keys, purpose="a", year=2022, draw=1),
        Chance(1).draw(keys, purpose="a", year=2021, draw=1),
        Chance(2).draw(keys, purpose="a", year=2022),
        Chance(1).draw(nth_holder(keys, 1), purpose="a", year=2022),
        Chance(1).draw(nth_holder(keys, 2), purpose="a", year=2022),
    ]
    for one, other in itertools.combinations(sets, 2):
        for shift in (0, 28):
            left, right = one >> shift & 0xF, other >> shift & 0xF
            assert chi_square(np.bincount(left * SIXTEENTHS + right, minlength=256)) < limit(256)


def test_each_bit_of_a_key_moves_each_bit_of_a_draw() -> None:
    """Avalanche: half the time, give or take what 8,192 tries allow."""
    keys = posts(8_192)
    chance = Chance(5)
    before = chance.draw(keys, purpose="avalanche")
    for bit in range(64):
        after = chance.draw(keys ^ np.uint64(1 << bit), purpose="avalanche")
        flipped = before ^ after
        shares = np.array([(flipped >> out & 1).mean() for out in range(32)])
        assert shares.min() > 0.47, f"key bit {bit}"
        assert shares.max() < 0.53, f"key bit {bit}"


# --- what is made of a draw


def test_below_reaches_all_numbers_alike() -> None:
    found = Chance(1).below(posts(60_000), 6, purpose="die")
    assert chi_square(np.bincount(found, minlength=6)) < limit(6)
    assert set(np.unique(found).tolist()) == set(range(6))


def test_below_is_the_exact_upper_word() -> None:
    """A bound a row, up to the greatest, against Python's integers."""
    keys = posts(200)
    chance = Chance(4)
    words = chance._words(keys, "x", 0, 0).tolist()
    bounds = np.array([1, 2, 3, 2**31, 2**32 - 1] * 40, dtype=np.int64)
    expected = [word * bound >> 64 for word, bound in zip(words, bounds.tolist(), strict=True)]
    assert chance.below(keys, bounds, purpose="x").tolist() == expected
    assert chance.below(keys, 2**32 - 1, purpose="x").tolist() == [word * (2**32 - 1) >> 64 for word in words]


@pytest.mark.parametrize("bound", [0, -1, 2**32])
def test_a_bound_out_of_reach_is_refused(bound: int) -> None:
    with pytest.raises(ValueError, match="bound"):
        Chance(1).below(posts(3), bound, purpose="x")


@pytest.mark.parametrize("chance", [Fraction(1, 3), Fraction(7, 100), Fraction(1, 1000), Fraction(999, 1000)])
def test_a_chance_is_met(chance: Fraction) -> None:
    keys = posts(200_000)
    found = int(Chance(1).happens(keys, chance, purpose="x").sum())
    expected = float(chance * len(keys))
    assert abs(found - expected) < 4 * np.sqrt(expected * float(1 - chance))


def test_a_chance_is_compared_exactly() -> None:
    """The word below the threshold happens, the threshold itself does not."""
    keys = posts(1_000)
    chance = Chance(9)
    words = chance._words(keys, "x", 0, 0).tolist()
    word = words[0]
    assert chance.happens(keys[:1], Fraction(word + 1, WORD), purpose="x").tolist() == [True]
    assert chance.happens(keys[:1], Fraction(word, WORD), purpose="x").tolist() == [False]
    third = Fraction(1, 3)
    assert chance.happens(keys, third, purpose="x").tolist() == [Fraction(one, WORD) < third for one in words]


def test_never_and_always() -> None:
    keys = posts(1_000)
    assert not Chance(1).happens(keys, Fraction(0), purpose="x").any()
    assert Chance(1).happens(keys, Fraction(1), purpose="x").all()
    for wrong in (Fraction(-1, 2), Fraction(3, 2)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            Chance(1).happens(keys, wrong, purpose="x")


def test_what_happens_at_a_small_chance_happens_at_a_greater_one() -> None:
    """Two policies that differ in a rate share their luck: nobody leaves under the lower rate alone."""
    keys = posts(10_000)
    few = Chance(1).happens(keys, Fraction(1, 10), purpose="leaves", year=2022)
    more = Chance(1).happens(keys, Fraction(1, 5), purpose="leaves", year=2022)
    assert (few <= more).all()
    assert more.sum() > few.sum()


def test_chances_by_group_are_those_of_each_group() -> None:
    keys = posts(3_000)
    chances = [Fraction(0), Fraction(1, 4), Fraction(1)]
    group = np.arange(len(keys), dtype=np.int64) % 3
    found = Chance(1).happens_by(keys, chances, group, purpose="x", year=2022)
    for at, chance in enumerate(chances):
        alone = Chance(1).happens(keys[group == at], chance, purpose="x", year=2022)
        assert (found[group == at] == alone).all()


def test_choices_follow_their_weights() -> None:
    weights = [5, 0, 1, 94]
    found = np.bincount(Chance(1).choose(posts(100_000), weights, purpose="x"), minlength=4)
    assert found[1] == 0
    for count, weight in zip(found.tolist(), weights, strict=True):
        assert abs(count - 1_000 * weight) < 5 * np.sqrt(1_000 * weight + 1)


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_weights_that_make_no_choice_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weight|bound"):
        Chance(1).choose(posts(3), weights, purpose="x")


def test_a_table_is_read_backwards_along_straight_lines() -> None:
    keys = posts(2_000)
    points: list[tuple[Fraction | int, int]] = [(0, 18), (Fraction(1, 4), 30), (Fraction(1, 3), 30), (1, 60)]
    draws = Chance(1).draw(keys, purpose="age").tolist()
    found = Chance(1).by_table(keys, points, purpose="age").tolist()
    for draw, value in zip(draws, found, strict=True):
        share = Fraction(draw, 2**32)
        (low, from_value), (high, to_value) = next(
            (left, right) for left, right in itertools.pairwise(points) if left[0] <= share < right[0]
        )
        exact = from_value + (to_value - from_value) * (share - low) / (high - low)
        assert abs(value - exact) <= Fraction(1, 2) + Fraction(1, 1_000)


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(0, 1)],
        [(0, 1), (Fraction(1, 2), 2)],
        [(Fraction(1, 2), 1), (1, 2)],
        [(0, 1), (Fraction(1, 2), 2), (Fraction(1, 2), 3), (1, 4)],
        [(0, 5), (1, 4)],
        [(0, 0), (1, 2**40)],
    ],
)
def test_a_table_that_is_none_is_refused(points: list[tuple[Fraction | int, int]]) -> None:
    with pytest.raises(ValueError, match="table"):
        Chance(1).by_table(posts(3), points, purpose="x")
