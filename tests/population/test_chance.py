"""Keyed chance: uniform, independent, and a pure function of its key. Seeds are fixed, so nothing here is flaky."""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pytest

from shequ_core.population.chance import Chance, Keys, halves, keys_of, life_keys, nth_holder, portions, threshold
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


def test_a_life_is_the_holder_and_the_seed() -> None:
    """Stacked seeds give each row what it gets alone; the recipe is holder first, seed second."""
    keys = posts(20_000)
    nth = np.arange(len(keys), dtype=np.int64) % 4
    seeds = np.arange(len(keys), dtype=np.int64) // 5_000 - 1
    lives = life_keys(keys, nth, seeds)
    assert (lives == nth_holder(nth_holder(keys, nth), seeds)).all()
    for row in (0, 4_999, 5_000, 16_384, 19_999):
        assert life_keys(keys[row : row + 1], int(nth[row]), int(seeds[row]))[0] == lives[row]
    assert len(np.unique(lives)) == len(lives)
    again = keys.copy()
    assert life_keys(again, nth, seeds, out=again) is again
    assert (again == lives).all()


@pytest.mark.parametrize("seed", [0, -1, 10**30])
def test_any_whole_number_is_a_seed(seed: int) -> None:
    keys = posts(100)
    assert (life_keys(keys, 1, seed) != life_keys(keys, 1, seed + 1)).all()
    assert (Chance(seed).draw(keys, purpose="x") != Chance(seed + 1).draw(keys, purpose="x")).any()


def test_an_answer_goes_where_it_is_asked_to_go() -> None:
    """Every method fills the array it is given, with what it would have given of itself, over more than a block."""
    keys, chance = posts(40_000), Chance(2)
    words, ints = np.full(len(keys), 9, dtype=np.uint64), np.full(len(keys), -9, dtype=np.int64)
    flags, group = np.ones(len(keys), dtype=np.bool_), np.arange(len(keys), dtype=np.int8) % 2
    half, chances, table = Fraction(1, 2), [Fraction(0), Fraction(1, 3)], [[1, 0, 4], [0, 9, 0]]
    assert chance.words(keys, purpose="x", out=words) is words
    assert (words == chance.words(keys, purpose="x")).all()
    assert (nth_holder(keys, 3, out=words) == nth_holder(keys, 3)).all()
    assert (chance.draw(keys, purpose="x", out=ints) == chance.draw(keys, purpose="x")).all()
    assert (chance.below(keys, 7, purpose="x", out=ints) == chance.below(keys, 7, purpose="x")).all()
    assert (chance.choose(keys, [2, 3], purpose="x", out=ints) == chance.choose(keys, [2, 3], purpose="x")).all()
    found = chance.choose_by(keys, table, group, purpose="x")
    assert (chance.choose_by(keys, table, group, purpose="x", out=ints) == found).all()
    assert (chance.happens(keys, half, purpose="x", out=flags) == chance.happens(keys, half, purpose="x")).all()
    by = chance.happens_by(keys, chances, group, purpose="x")
    assert (chance.happens_by(keys, chances, group, purpose="x", out=flags) == by).all()
    ages: list[tuple[Fraction | int, int]] = [(0, 18), (half, 40), (1, 60)]
    assert (chance.by_table(keys, ages, purpose="x", out=ints) == chance.by_table(keys, ages, purpose="x")).all()
    assert chance.happens(keys, Fraction(1), purpose="x", out=flags) is flags
    assert flags.all()


@pytest.mark.parametrize(
    "out", [np.empty(9, dtype=np.int64), np.empty(10, dtype=np.int32), np.empty(20, dtype=np.int64)[::2]],
    ids=["too short", "of another kind", "with gaps"],
)  # fmt: skip
def test_an_array_that_cannot_hold_the_answer_is_refused(out: npt.NDArray[np.int64]) -> None:
    with pytest.raises(ValueError, match="contiguous array of 10 int64"):
        Chance(1).draw(posts(10), purpose="x", out=out)


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


def test_the_halves_of_a_word_are_two_draws() -> None:
    """The upper is `draw`; both are uniform, independent of each other and of the year before."""
    keys, chance = posts(100_000), Chance(3)
    words = chance.words(keys, purpose="x", year=2022)
    upper, lower = halves(words)
    assert upper.dtype == lower.dtype == np.uint32
    assert (upper == chance.draw(keys, purpose="x", year=2022)).all()
    assert [int(word) for word in words[:50]] == [
        int(high) << 32 | int(low) for high, low in zip(upper[:50], lower[:50], strict=True)
    ]
    before = halves(chance.words(keys, purpose="x", year=2021))
    for one, other in ((upper, lower), (upper, before[1]), (before[0], lower), (lower, before[1])):
        for shift in (0, 28):
            pairs = (one >> shift & 0xF).astype(np.int64) * SIXTEENTHS + (other >> shift & 0xF)
            assert chi_square(np.bincount(pairs, minlength=256)) < limit(256)


def test_a_portion_leaves_luck_for_another_draw() -> None:
    """The number and the rest put together are the lower half; they are independent, and of the upper half as well."""
    words = Chance(3).words(posts(100_000), purpose="x")
    upper, lower = halves(words)
    number, rest = portions(words, 200)
    assert ((number.astype(np.uint64) << np.uint64(32)) + rest == lower.astype(np.uint64) * np.uint64(200)).all()
    assert chi_square(np.bincount(number, minlength=200)) < limit(200)
    for other in (number // 25, (upper >> 29).astype(np.int64)):
        pairs = (rest >> np.uint64(28)).astype(np.int64) * 8 + other
        assert chi_square(np.bincount(pairs, minlength=128)) < limit(128)
    again = words.copy()
    assert portions(again, 200, rest=again)[1] is again
    assert (again == rest).all()


@pytest.mark.parametrize("bound", [0, 2**32 + 1])
def test_a_portion_of_nothing_is_refused(bound: int) -> None:
    with pytest.raises(ValueError, match="bound"):
        portions(Chance(1).words(posts(3), purpose="x"), bound)


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
    words = chance.words(keys, purpose="x").tolist()
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
    words = chance.words(keys, purpose="x").tolist()
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


@pytest.mark.parametrize("bits", [1, 32, 64])
def test_a_threshold_is_the_first_draw_at_which_it_no_longer_happens(bits: int) -> None:
    for chance in (Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(999, 1000), Fraction(1)):
        first = threshold(chance, bits)
        assert Fraction(first, 2**bits) >= chance
        assert first == 0 or Fraction(first - 1, 2**bits) < chance


@pytest.mark.parametrize("choices", [2, 4, 12, 13, 14, 40])
def test_a_choice_is_compared_exactly(choices: int) -> None:
    """Against fractions of the words, for few choices and for many, weights of zero among them."""
    keys, chance = posts(400), Chance(6)
    weights = [at * at % 7 for at in range(choices)]
    total, reached = sum(weights), list(itertools.accumulate(weights))
    expected = [
        sum(Fraction(word, WORD) >= Fraction(step, total) for step in reached[:-1])
        for word in chance.words(keys, purpose="x").tolist()
    ]
    assert chance.choose(keys, weights, purpose="x").tolist() == expected


def test_choices_by_group_are_those_of_each_group() -> None:
    keys = posts(30_000)
    weights = [[1, 2, 3, 4], [0, 0, 5, 0], [7, 0, 0, 0], [0, 0, 0, 1], [2, 0, 2, 0]]
    group = np.arange(len(keys), dtype=np.int8) % 5
    found = Chance(1).choose_by(keys, weights, group, purpose="x", year=2022)
    for at, some in enumerate(weights):
        alone = Chance(1).choose(keys[group == at], some, purpose="x", year=2022)
        assert (found[group == at] == alone).all()
    with pytest.raises(ValueError, match="as many weights"):
        Chance(1).choose_by(keys, [[1], [1, 2]], group, purpose="x")


def test_choices_follow_their_weights() -> None:
    weights = [5, 0, 1, 94]
    found = np.bincount(Chance(1).choose(posts(100_000), weights, purpose="x"), minlength=4)
    assert found[1] == 0
    for count, weight in zip(found.tolist(), weights, strict=True):
        assert abs(count - 1_000 * weight) < 5 * np.sqrt(1_000 * weight + 1)


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_weights_that_make_no_choice_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weight"):
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
