"""Keyed chance: a draw is a pure function of who, when, what for and which, never the next of a stream.

A draw hangs on (seed, key, year, purpose, draw) and on nothing else. One person's luck doesn't move when another
leaves, and results are the same bits for any chunk, worker count, row order, machine and NumPy: only integer
operations modulo 2**64 are used, and no float, exp, log or power.

How a draw is made:
    1. A key is 64 bits: the BLAKE2b hash of a text (`keys_of`), such as the id of the post that somebody entered,
       with the number of the holder mixed in (`nth_holder`).
    2. Seed, purpose, year and draw are chained through the SplitMix64 finaliser into two 64-bit words. That is
       done once a call, since they are the same for every row.
    3. Each key is mixed twice with the finaliser, the first word xored in before and the second added between.
       Each step is a bijection, so different keys never share their 64 bits within one call.

Reference:
    Steele, Lea and Flood, Fast splittable pseudorandom number generators (OOPSLA 2014), for SplitMix64;
    its multipliers are variant 13 of Stafford's improvements of the MurmurHash3 finaliser.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.tables.columns import TextColumn

Keys: TypeAlias = "npt.NDArray[np.uint64]"
Ints: TypeAlias = "npt.NDArray[np.int64]"
Bools: TypeAlias = "npt.NDArray[np.bool_]"
Points: TypeAlias = "Sequence[tuple[Fraction | int, int]]"
"""A distribution as (share of all at or below, value), shares rising from 0 to 1."""

DRAW_BITS: Final = 32
"""A draw lies in [0, 2**DRAW_BITS)."""

_WORD: Final = 2**64
_GOLDEN: Final = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio: the increment of SplitMix64
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_BLOCK: Final = 1 << 14  # keys at a time, so that a block and its spare stay in the cache
_STEEPEST: Final = 2**29  # a table's step beyond this could overflow its interpolation


def _mix_one(word: int) -> int:
    """Return the SplitMix64 finaliser of one word."""
    word = (word ^ (word >> 30)) * _FIRST % _WORD
    word = (word ^ (word >> 27)) * _SECOND % _WORD
    return word ^ (word >> 31)


def _mix(words: Keys, spare: Keys) -> None:
    """Put the SplitMix64 finaliser of every word in its place."""
    np.right_shift(words, np.uint64(30), out=spare)
    np.bitwise_xor(words, spare, out=words)
    np.multiply(words, np.uint64(_FIRST), out=words)
    np.right_shift(words, np.uint64(27), out=spare)
    np.bitwise_xor(words, spare, out=words)
    np.multiply(words, np.uint64(_SECOND), out=words)
    np.right_shift(words, np.uint64(31), out=spare)
    np.bitwise_xor(words, spare, out=words)


@lru_cache(maxsize=4096)
def _word_of(text: str) -> int:
    return _hash(text)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=8).digest(), "little")


def keys_of(texts: Sequence[str] | TextColumn) -> Keys:
    """Return a 64-bit key for each text, the same on any machine; each distinct text is hashed once.

    Raises:
        ValueError: A row of a column is unknown: nobody's luck can be told.
    """
    if isinstance(texts, TextColumn):
        if texts.known is not None:
            raise ValueError("an unknown text has no key: leave its row out first")
        words = np.array([*map(_hash, texts.vocabulary)], dtype=np.uint64)
        return words[texts.values]
    hashed = {text: _hash(text) for text in dict.fromkeys(texts)}
    return np.fromiter((hashed[text] for text in texts), dtype=np.uint64, count=len(texts))


def nth_holder(keys: Keys, nth: int | Ints) -> Keys:
    """Return the key of each post's n-th holder, from the post's own key.

    It serves as well for whatever is numbered within a key: the n-th grid of a community.
    """
    number = np.asarray(nth, dtype=np.int64).astype(np.uint64)
    words = np.bitwise_xor(keys, np.multiply(number, np.uint64(_GOLDEN), out=np.empty(keys.shape, dtype=np.uint64)))
    _mix(words, np.empty_like(words))
    return words


@attrs.frozen
class Chance:
    """All the luck of one seed.

    Every method takes the keys of its rows and says what the draw is for (`purpose`), for which `year`, and which
    of several it is (`draw`). The same four always give the same answer; any other purpose, year or draw
    gives an independent one. All methods read one and the same 64-bit word, so two questions with the same purpose
    share their luck: whoever leaves at one in ten also leaves at one in five.

    Attributes:
        seed: Any whole number.
    """

    seed: int

    def _context(self, purpose: str, year: int, draw: int) -> tuple[int, int]:
        word = _word_of(f"seed {self.seed}")
        for part in (_word_of(purpose), year, draw):
            word = _mix_one((word + _GOLDEN + part) % _WORD)
        return word, _mix_one((word + _GOLDEN) % _WORD)

    def _words(self, keys: Keys, purpose: str, year: int, draw: int) -> Keys:
        first, second = self._context(purpose, year, draw)
        words = np.empty(len(keys), dtype=np.uint64)
        spare = np.empty(min(_BLOCK, len(keys)), dtype=np.uint64)
        for start in range(0, len(keys), _BLOCK):
            block = words[start : start + _BLOCK]
            room = spare[: len(block)]
            np.bitwise_xor(keys[start : start + _BLOCK], np.uint64(first), out=block)
            _mix(block, room)
            np.add(block, np.uint64(second), out=block)
            _mix(block, room)
        return words

    def draw(self, keys: Keys, *, purpose: str, year: int = 0, draw: int = 0) -> Ints:
        """Return uniform whole numbers in [0, 2**32)."""
        words = self._words(keys, purpose, year, draw)
        np.right_shift(words, np.uint64(64 - DRAW_BITS), out=words)
        return words.view(np.int64)

    def below(self, keys: Keys, bound: int | Ints, *, purpose: str, year: int = 0, draw: int = 0) -> Ints:
        """Return uniform whole numbers in [0, bound), one bound for all or one a row.

        It is the upper word of bound x 64 bits, so no number's chance differs from another's by more than 2**-64:
        a bias that no number of draws we could make would show.

        Raises:
            ValueError: A bound below 1 or beyond 2**32 - 1.
        """
        bounds = np.asarray(bound, dtype=np.int64)
        if bounds.size and not (bounds.min() >= 1 and bounds.max() < 2**32):
            raise ValueError("a bound is a whole number from 1 to 2**32 - 1")
        times = bounds.astype(np.uint64)
        words = self._words(keys, purpose, year, draw)
        low = np.bitwise_and(words, np.uint64(0xFFFFFFFF))
        np.multiply(low, times, out=low)
        np.right_shift(low, np.uint64(32), out=low)
        np.right_shift(words, np.uint64(32), out=words)
        np.multiply(words, times, out=words)
        np.add(words, low, out=words)
        np.right_shift(words, np.uint64(32), out=words)
        return words.view(np.int64)

    def happens(self, keys: Keys, chance: Fraction, *, purpose: str, year: int = 0, draw: int = 0) -> Bools:
        """Return where something of that chance happens; the chance is met to within 2**-64.

        Raises:
            ValueError: A chance below 0 or above 1.
        """
        threshold = _threshold(chance)
        if threshold == _WORD:
            return np.ones(len(keys), dtype=np.bool_)
        return self._words(keys, purpose, year, draw) < np.uint64(threshold)

    def happens_by(
        self, keys: Keys, chances: Sequence[Fraction], group: Ints, *, purpose: str, year: int = 0, draw: int = 0
    ) -> Bools:
        """Return where something happens whose chance depends on the row's group, an index into `chances`.

        Raises:
            ValueError: A chance below 0 or above 1.
        """
        thresholds = [_threshold(chance) for chance in chances]
        words = self._words(keys, purpose, year, draw)
        bounds = np.array([min(threshold, _WORD - 1) for threshold in thresholds], dtype=np.uint64)
        certain = np.array([threshold == _WORD for threshold in thresholds], dtype=np.bool_)
        return (words < bounds[group]) | certain[group]

    def choose(self, keys: Keys, weights: Sequence[int], *, purpose: str, year: int = 0, draw: int = 0) -> Ints:
        """Return an index into `weights` a row, each as often as its weight's share of all.

        Raises:
            ValueError: A negative weight, or a sum of 0 or beyond 2**32 - 1.
        """
        if min(weights, default=0) < 0:
            raise ValueError("a weight is not negative")
        found = self.below(keys, sum(weights), purpose=purpose, year=year, draw=draw)
        steps = np.cumsum(np.array(weights, dtype=np.int64))
        return np.searchsorted(steps, found, side="right").astype(np.int64)

    def by_table(self, keys: Keys, points: Points, *, purpose: str, year: int = 0, draw: int = 0) -> Ints:
        """Return values of a distribution given at some of its quantiles, straight lines between them.

        The inverse of the distribution is read at a 32-bit draw and rounded half up, all in integers. Two
        points of one value make a heap on it.

        Raises:
            ValueError: Shares don't rise from 0 to 1, values fall, or two values are more than 2**29 apart.
        """
        shares = [Fraction(share) for share, _ in points]
        values = [value for _, value in points]
        rising = all(left < right for left, right in itertools.pairwise(shares))
        if len(points) < 2 or shares[0] != 0 or shares[-1] != 1 or not rising:
            raise ValueError("the shares of a table rise from 0 to 1")
        steps = [right - left for left, right in itertools.pairwise(values)]
        if min(steps) < 0 or max(steps) >= _STEEPEST:
            raise ValueError("the values of a table don't fall, and lie less than 2**29 apart")
        scaled = [share * 2**DRAW_BITS for share in shares]
        starts = np.array([int(share) for share in scaled], dtype=np.int64)
        if (np.diff(starts) < 1).any():
            raise ValueError("the shares of a table lie at least 2**-32 apart")
        found = self.draw(keys, purpose=purpose, year=year, draw=draw)
        at: Ints = np.searchsorted(starts, found, side="right") - 1
        wide = np.diff(starts)[at]
        rise = np.array(steps, dtype=np.int64)[at]
        result: Ints = np.array(values, dtype=np.int64)[at] + (2 * rise * (found - starts[at]) + wide) // (2 * wide)
        return result


def _threshold(chance: Fraction) -> int:
    """Return the number of 64-bit words, out of all, for which something of that chance happens."""
    if not 0 <= chance <= 1:
        raise ValueError("a chance lies between 0 and 1")
    return -(-chance.numerator * _WORD // chance.denominator)
