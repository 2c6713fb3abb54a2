"""Put keyed chance to the test at length: `nox -s chance`, or `python tools/chance.py [--seeds N] [--json FILE]`.

Every test gives, for each of many seeds, the probability that true chance would look at least as odd. What is told of a
test is the least of them, made good for having looked so often, and whether all together lie as evenly between 0 and 1
as they should (Kolmogorov-Smirnov). True chance shows a figure below 1 in 10,000 once in 10,000 such lines.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from shequ_core.population.chance import Chance, Keys, halves, keys_of, life_keys, nth_holder, portions

ALARM: Final = 1e-4
POSTS: Final = 1 << 18

Uints: TypeAlias = NDArray[np.uint64]


def posts(count: int = POSTS) -> Keys:
    """Return keys of posts as the library makes them, from ids that differ in a few letters."""
    return keys_of([f"220104{at // 1200 + 1:03d}{at // 20 % 60:03d}-{at % 20:02d}" for at in range(count)])


def counts(count: int = POSTS) -> Keys:
    """Return keys that are no hashes at all: 0, 1, 2…"""
    return np.arange(count, dtype=np.uint64)


def even(found: NDArray[np.int64]) -> float:
    """Return the probability of chi-square of equal cells."""
    return float(stats.chisquare(found).pvalue)


def made_good(least: float, looks: int) -> float:
    """Return the probability that the least of so many probabilities is this or less."""
    return -float(np.expm1(looks * np.log1p(-least)))


def lanes(words: Uints, bits: int) -> Iterator[NDArray[np.int64]]:
    """Give every field of so many bits of the words, from the lowest."""
    mask = np.uint64((1 << bits) - 1)
    for low in range(0, 64, bits):
        yield (words >> np.uint64(low) & mask).astype(np.int64)


def pairs(one: Uints, other: Uints) -> Iterator[float]:
    """Give the probabilities of pairs of bytes, low, middle and high, of two sets of words."""
    for left, right in itertools.product((0, 28, 56), repeat=2):
        cells = (one >> np.uint64(left) & np.uint64(0xFF)) << np.uint64(8) | other >> np.uint64(right) & np.uint64(0xFF)
        yield even(np.bincount(cells.astype(np.int64), minlength=1 << 16))


# --- the tests: each gives probabilities ------------------------------------------------------------


def equidistribution(seed: int) -> Iterator[float]:
    """All 16-bit fields of a word, of posts, of plain counts, and of lives of many seeds."""
    stacked = life_keys(np.tile(posts(1 << 12), 64), 1, np.repeat(np.arange(64), 1 << 12))
    for keys in (posts(), counts(), stacked):
        for lane in lanes(Chance(seed).words(keys, purpose="x", year=2030), 16):
            yield even(np.bincount(lane, minlength=1 << 16))


def single_bits(seed: int) -> Iterator[float]:
    """Each bit is as often one as nought, and words have as many ones as they should."""
    words = Chance(seed).words(posts(), purpose="x", year=2031)
    for lane in lanes(words, 1):
        yield float(stats.binomtest(int(lane.sum()), len(words), 0.5).pvalue)
    found = np.bincount(np.bitwise_count(words), minlength=65)[20:45]
    expected = stats.binom(64, 0.5).pmf(np.arange(20, 45))
    yield float(stats.chisquare(found, expected / expected.sum() * found.sum()).pvalue)


def avalanche(seed: int) -> Iterator[float]:
    """Each bit of a key moves each bit of the word half the time; so does each bit of the year and of the draw."""
    keys, chance = posts(1 << 13), Chance(seed)
    before = chance.words(keys, purpose="x")
    moved = [chance.words(keys ^ np.uint64(1 << bit), purpose="x") for bit in range(64)]
    moved += [chance.words(keys, purpose="x", year=1 << bit) for bit in range(16)]
    moved += [chance.words(keys, purpose="x", draw=1 << bit) for bit in range(16)]
    for after in moved:
        ones = np.array([lane.sum() for lane in lanes(before ^ after, 1)])
        spread = (ones - len(keys) / 2) ** 2 / (len(keys) / 4)
        yield float(stats.chi2(64).sf(spread.sum()))


def neighbours(seed: int) -> Iterator[float]:
    """Posts that follow each other, keys that follow each other, holders of one post, and seeds of one life."""
    chance = Chance(seed)
    for keys in (posts(), counts(), nth_holder(np.repeat(posts(1 << 14), 16), np.tile(np.arange(16), 1 << 14))):
        words = chance.words(keys, purpose="x")
        yield from pairs(words[:-1:2], words[1::2])
    lives = [chance.words(life_keys(posts(), 1, some), purpose="x") for some in (seed, seed + 1)]
    yield from pairs(*lives)


def contexts(seed: int) -> Iterator[float]:
    """The same keys in another year, draw, purpose or seed; and year against draw, which a bad chain would mix up."""
    keys, chance = posts(), Chance(seed)
    one = chance.words(keys, purpose="x", year=2030)
    for other in (
        chance.words(keys, purpose="x", year=2031), chance.words(keys, purpose="x", year=2030, draw=1),
        chance.words(keys, purpose="y", year=2030), chance.words(keys, purpose="x", year=2029, draw=1),
        Chance(seed + 1).words(keys, purpose="x", year=2030),
    ):  # fmt: skip
        yield from pairs(one, other)


def purposes(seed: int) -> Iterator[float]:
    """Correlation of every two of forty purposes, and of every two of forty years, over all posts."""
    keys, chance = posts(1 << 14), Chance(seed)
    for drawn in (
        [chance.draw(keys, purpose=f"behaviour {at}") for at in range(40)],
        [chance.draw(keys, purpose="x", year=2000 + at) for at in range(40)],
    ):
        table = np.array(drawn, dtype=np.float64)
        found = np.atleast_2d(np.corrcoef(table))[np.triu_indices(len(drawn), 1)] * np.sqrt(len(keys))
        yield float(stats.chi2(len(found)).sf((found**2).sum()))
        yield made_good(float(2 * stats.norm.sf(np.abs(found).max())), len(found))


def lives(seed: int) -> Iterator[float]:
    """A life's years as a sequence: their serial correlation, and how often they rise and fall."""
    keys = posts(1 << 14)
    years = np.array([Chance(seed).draw(keys, purpose="x", year=2000 + at) for at in range(40)], dtype=np.float64).T
    level = (years / 2**32 - 0.5) * np.sqrt(12)
    for lag in (1, 2, 3, 10):
        products = level[:, :-lag] * level[:, lag:]
        yield float(2 * stats.norm.sf(abs(products.sum()) / np.sqrt(products.size)))
    for size in (3, 4):
        orders = np.argsort(years[:, : 40 // size * size].reshape(-1, size), axis=1)
        yield even(np.unique(orders @ (size ** np.arange(size)), return_counts=True)[1])
    most = years[:, :40].reshape(-1, 8).max(axis=1) / 2**32
    yield float(stats.kstest(most**8, "uniform").pvalue)


def birthdays(seed: int) -> Iterator[float]:
    """Marsaglia's birthday spacings: 4,096 birthdays in a year of 2**32 days, 64 times for each half of the words."""
    words = Chance(seed).words(posts(), purpose="birthdays")
    for half in halves(words):
        days = np.sort(half.reshape(64, 1 << 12).astype(np.int64), axis=1)
        spacings = np.sort(np.diff(days, axis=1), axis=1)
        equal = int((np.diff(spacings, axis=1) == 0).sum())
        expected = 64 * (1 << 12) ** 3 / (4 * 2**32)
        yield float(min(1.0, 2 * min(stats.poisson.cdf(equal, expected), stats.poisson.sf(equal - 1, expected))))


def collisions(seed: int) -> Iterator[float]:
    """Words thrown into 2**28 urns: as many share one as should, for the urns of the upper bits and of the lower."""
    words = Chance(seed).words(counts(1 << 20), purpose="urns")
    for urns in (words >> np.uint64(36), words & np.uint64((1 << 28) - 1)):
        shared = len(words) - len(np.unique(urns))
        expected = len(words) - 2**28 * -np.expm1(len(words) * np.log1p(-(2.0**-28)))
        yield float(min(1.0, 2 * min(stats.poisson.cdf(shared, expected), stats.poisson.sf(shared - 1, expected))))


def ranks(seed: int) -> Iterator[float]:
    """Ranks of 64 x 64 matrices of bits, each of 64 lives' words."""
    words = Chance(seed).words(posts(1 << 18), purpose="matrices").reshape(-1, 64)
    rank = np.zeros(len(words), dtype=np.int64)
    rows = words.copy()
    for bit in range(64):
        has = (rows >> np.uint64(bit) & np.uint64(1)).astype(bool)
        pivot = has.argmax(axis=1)
        any_ = has.any(axis=1)
        chosen = np.where(any_, rows[np.arange(len(rows)), pivot], 0)
        has[np.arange(len(rows)), pivot] = False
        rows[np.arange(len(rows)), pivot] = np.where(any_, 0, rows[np.arange(len(rows)), pivot])
        rows ^= np.where(has, chosen[:, None], np.uint64(0))
        rank += any_
    full = float(np.prod([1 - 2.0**-at for at in range(1, 65)]))
    shares = np.array([full, 2 * full, 1 - 3 * full])  # full rank, one less, and all below
    found = np.array([(rank == 64).sum(), (rank == 63).sum(), (rank < 63).sum()])
    yield float(stats.chisquare(found, shares / shares.sum() * len(rank)).pvalue)


def rests(seed: int) -> Iterator[float]:
    """The two halves of a word, and a portion and what it leaves, as two draws each."""
    words = Chance(seed).words(posts(), purpose="x")
    upper, lower = (half.astype(np.uint64) for half in halves(words))
    twice = np.uint64(2**32 + 1)  # so that the fields which `pairs` looks at are there
    yield from pairs(upper * twice, lower * twice)
    number, rest = portions(words, 200)
    yield even(np.bincount(number, minlength=200))
    for other in (rest, upper):
        cells = number * 256 + (other >> np.uint64(24)).astype(np.int64)
        yield even(np.bincount(cells, minlength=200 * 256))


def chances(seed: int) -> Iterator[float]:
    """Small and great chances are met."""
    keys = posts()
    for chance in (Fraction(1, 1000), Fraction(7, 100), Fraction(1, 3), Fraction(999, 1000)):
        found = int(Chance(seed).happens(keys, chance, purpose="x").sum())
        yield float(stats.binomtest(found, len(keys), float(chance)).pvalue)


TESTS: Final[tuple[Callable[[int], Iterator[float]], ...]] = (
    equidistribution, single_bits, avalanche, neighbours, contexts, purposes, lives, birthdays, collisions, ranks,
    rests, chances,
)  # fmt: skip


def main() -> None:
    """Run all tests over some seeds, and end badly where one is out of the way."""
    options = argparse.ArgumentParser(prog="nox -s chance --")
    options.add_argument("--seeds", type=int, default=20, help="how many")
    options.add_argument("--json", type=Path, help="write the figures to this file")
    chosen = options.parse_args()
    told, alarms = {}, 0
    print(f"{'':18}{'figures':>8}{'least':>10}{'made good':>11}{'evenness':>10}{'seconds':>9}")
    for test in TESTS:
        begun = time.process_time()
        found = np.array([one for seed in range(1, chosen.seeds + 1) for one in test(seed)])
        least = float(found.min())
        at_all = made_good(least, len(found))
        evenness = float(stats.kstest(found, "uniform").pvalue)
        name = test.__name__.replace("_", " ")
        seconds = time.process_time() - begun
        print(f"{name:18}{len(found):8,}{least:10.2g}{at_all:11.3f}{evenness:10.3f}{seconds:9.1f}", flush=True)
        told[name] = {"figures": len(found), "least": least, "made good": at_all, "evenness": evenness}
        alarms += at_all < ALARM or evenness < ALARM
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    if alarms:
        sys.exit(f"{alarms} of {len(TESTS)} tests are out of the way.")


if __name__ == "__main__":
    main()
