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

The 64 bits of a word are independent of each other, so that its halves (`halves`) serve for two draws at the price of
one. What was found when all this was put to the test is on the page "Chance" of the documentation;
`nox -s chance` finds it again.

Reference:
    Steele, Lea and Flood, Fast splittable pseudorandom number generators (OOPSLA 2014), for SplitMix64;
    its multipliers are variant 13 of Stafford's improvements of the MurmurHash3 finaliser.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import Final, TypeAlias, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.tables.columns import TextColumn

Keys: TypeAlias = "npt.NDArray[np.uint64]"
Halves: TypeAlias = "npt.NDArray[np.uint32]"
Groups: TypeAlias = "npt.NDArray[np.int64] | npt.NDArray[np.int32] | npt.NDArray[np.int16] | npt.NDArray[np.int8]"
Ints: TypeAlias = "npt.NDArray[np.int64]"
Bools: TypeAlias = "npt.NDArray[np.bool_]"
Points: TypeAlias = "Sequence[tuple[Fraction | int, int]]"
"""A distribution as (share of all at or below, value), shares rising from 0 to 1."""

DRAW_BITS: Final = 32
"""A draw lies in [0, 2**DRAW_BITS)."""

_WORD: Final = 2**64
_HALF: Final = np.uint64(32)
_LOWER: Final = np.uint64(2**32 - 1)
_GOLDEN: Final = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio: the increment of SplitMix64
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_ARE_FIRST: Final = np.uint64(_FIRST)
_ARE_SECOND: Final = np.uint64(_SECOND)
_BY: Final = (np.uint64(30), np.uint64(27), np.uint64(31))
_BLOCK: Final = 1 << 14  # keys at a time, so that a block and its spare stay in the cache
_COMPARED: Final = 12  # up to so many choices are told apart sooner one by one than by searching
_STEEPEST: Final = 2**29  # a table's step beyond this could overflow its interpolation

Number = TypeVar("Number", bound=np.generic)


def _mix_one(word: int) -> int:
    """Return the SplitMix64 finaliser of one word."""
    word = (word ^ (word >> 30)) * _FIRST % _WORD
    word = (word ^ (word >> 27)) * _SECOND % _WORD
    return word ^ (word >> 31)


def _mix(words: Keys, spare: Keys) -> None:
    """Put the SplitMix64 finaliser of every word in its place."""
    np.right_shift(words, _BY[0], spare)
    np.bitwise_xor(words, spare, words)
    np.multiply(words, _ARE_FIRST, words)
    np.right_shift(words, _BY[1], spare)
    np.bitwise_xor(words, spare, words)
    np.multiply(words, _ARE_SECOND, words)
    np.right_shift(words, _BY[2], spare)
    np.bitwise_xor(words, spare, words)


def _room(out: npt.NDArray[Number] | None, rows: int, kind: type[Number]) -> npt.NDArray[Number]:
    """Return where an answer goes: the caller's own array, or a new one."""
    if out is None:
        return np.empty(rows, dtype=kind)
    if out.shape != (rows,) or out.dtype != kind or not out.flags.c_contiguous:
        raise ValueError(f"out is a contiguous array of {rows} {np.dtype(kind)}, one for each key")
    return out


@lru_cache(maxsize=4096)
def _word_of(text: str) -> int:
    return _hash(text)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=8).digest(), "little")


def keys_of(texts: Sequence[str] | TextColumn) -> Keys:
    """Return a 64-bit key for each text, the same on any machine; each distinct text is hashed once.

    Those of a column are hashed once for all columns that share its vocabulary.

    Raises:
        ValueError: A row of a column is unknown: nobody's luck can be told.
    """
    if isinstance(texts, TextColumn):
        if texts.known is not None:
            raise ValueError("an unknown text has no key: leave its row out first")
        return texts.vocabulary.once(keys_of, _words_of)[texts.values]
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    words = _words_of(places)
    if len(places) == len(texts):
        return words
    return words[np.fromiter(map(places.__getitem__, texts), dtype=np.int64, count=len(texts))]


def _words_of(texts: Iterable[str]) -> Keys:
    """Return what `_hash` does, for many."""
    hashed = b"".join([blake2b(text.encode("utf-8"), digest_size=8).digest() for text in texts])
    return np.frombuffer(hashed, dtype="<u8").astype(np.uint64)


def nth_holder(keys: Keys, nth: int | Ints, *, out: Keys | None = None) -> Keys:
    """Return the key of each post's n-th holder, from the post's own key.

    It serves as well for whatever is numbered within a key: the n-th grid of a community. Different numbers of one key
    never give the same key, and neither do different keys with one number.
    """
    words = _room(out, len(keys), np.uint64)
    spare = np.empty(min(_BLOCK, len(keys)), dtype=np.uint64)
    # A whole number of any size counts modulo 2**64, as an array's numbers do.
    number = nth.view(np.uint64) if isinstance(nth, np.ndarray) else np.uint64(nth * _GOLDEN % _WORD)
    for start in range(0, len(keys), _BLOCK):
        some = slice(start, min(start + _BLOCK, len(keys)))
        block, room = words[some], spare[: some.stop - start]
        if isinstance(number, np.ndarray):
            np.multiply(number[some], np.uint64(_GOLDEN), room)
            np.bitwise_xor(keys[some], room, block)
        else:
            np.bitwise_xor(keys[some], number, block)
        _mix(block, room)
    return words


def life_keys(post_keys: Keys, nth: int | Ints, seed: int | Ints, *, out: Keys | None = None) -> Keys:
    """Return the key of each life: the n-th holder of a post, as one seed lets it go.

    With the seed in the key, rows of many seeds go through one call of one `Chance`: a life's luck is the same
    whichever other lives and seeds are computed beside it.

    Args:
        post_keys: A key for each row, of the post alone (`keys_of`).
        nth: Which holder of the post, one for all or one a row.
        seed: Any whole number, one for all or one a row.
        out: Where the keys go; it may be `post_keys` itself.
    """
    words = nth_holder(post_keys, nth, out=out)
    return nth_holder(words, seed, out=words)


def halves(words: Keys) -> tuple[Halves, Halves]:
    """Return the upper and the lower half of each word, without copying: two draws in [0, 2**32), independent.

    The upper half is what `Chance.draw` gives for the same question.
    """
    both = words.view(np.uint32)
    lower, upper = both[0::2], both[1::2]
    return (upper, lower) if sys.byteorder == "little" else (lower, upper)


def portions(
    words: Keys, bound: int, *, out: Ints | None = None, rest: Keys | None = None
) -> tuple[Ints, Keys]:
    """Return of the lower half of each word a whole number below a bound, and what luck that leaves: two more draws.

    The product of the half and the bound is the number and, below it, the rest: in [0, 2**32), in steps of the bound.
    So a bound of 1,000 leaves a draw that still tells chances apart to a four-millionth. The upper half isn't read.

    Args:
        words: Of `Chance.words`.
        bound: From 1 to 2**32; no number's chance differs from another's by more than 2**-32.
        out: Where the numbers go.
        rest: Where the rests go; it may be `words` itself.
    """
    if not 1 <= bound <= 2**32:
        raise ValueError("a bound is a whole number from 1 to 2**32")
    number, rest = _room(out, len(words), np.int64), _room(rest, len(words), np.uint64)
    np.bitwise_and(words, _LOWER, rest)
    np.multiply(rest, np.uint64(bound), rest)
    np.right_shift(rest, _HALF, number.view(np.uint64))
    np.bitwise_and(rest, _LOWER, rest)
    return number, rest


def threshold(chance: Fraction, bits: int = 64) -> int:
    """Return of how many of all 2**bits draws it is true that something of that chance happens: those below it.

    Raises:
        ValueError: A chance below 0 or above 1.
    """
    if not 0 <= chance <= 1:
        raise ValueError("a chance lies between 0 and 1")
    return -(-(chance.numerator << bits) // chance.denominator)


def _steps(weights: Sequence[int]) -> list[int]:
    """Return for every choice but the last the first word beyond it."""
    total = sum(weights)
    if min(weights, default=0) < 0:
        raise ValueError("a weight is not negative")
    if not 1 <= total < 2**32:
        raise ValueError("weights sum to a whole number from 1 to 2**32 - 1")
    return [-(-(reached << 64) // total) for reached in itertools.accumulate(weights[:-1])]


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

    def words(
        self, keys: Keys, *, purpose: str, year: int = 0, draw: int = 0, out: Keys | None = None
    ) -> Keys:
        """Return the 64 bits that every other method reads, for whoever makes several draws of them (`halves`).

        Args:
            keys: One for each row.
            purpose: What the draw is for.
            year: Which year's luck it is.
            draw: Which of several.
            out: Where they go, if not into a new array; all methods that fill an array take one.
        """
        words = _room(out, len(keys), np.uint64)
        for _ in self._blocks(keys, purpose, year, draw, words):
            pass  # each block lies in its place already
        return words

    def _blocks(
        self, keys: Keys, purpose: str, year: int, draw: int, words: Keys | None = None
    ) -> Iterator[tuple[slice, Keys]]:
        """Give the words block by block: each in its place, or all in one room, which the next block takes again."""
        first, second = (np.uint64(word) for word in self._context(purpose, year, draw))
        spare = np.empty(min(_BLOCK, len(keys)), dtype=np.uint64)
        again = np.empty(len(spare) if words is None else 0, dtype=np.uint64)
        for start in range(0, len(keys), _BLOCK):
            some = slice(start, min(start + _BLOCK, len(keys)))
            room = spare[: some.stop - start]
            block = again[: len(room)] if words is None else words[some]
            np.bitwise_xor(keys[some], first, block)
            _mix(block, room)
            np.add(block, second, block)
            _mix(block, room)
            yield some, block

    def draw(
        self, keys: Keys, *, purpose: str, year: int = 0, draw: int = 0, out: Ints | None = None
    ) -> Ints:
        """Return uniform whole numbers in [0, 2**32)."""
        found = _room(out, len(keys), np.int64)
        for _, block in self._blocks(keys, purpose, year, draw, found.view(np.uint64)):
            np.right_shift(block, _HALF, block)
        return found

    def below(
        self, keys: Keys, bound: int | Ints, *, purpose: str, year: int = 0, draw: int = 0, out: Ints | None = None
    ) -> Ints:
        """Return uniform whole numbers in [0, bound), one bound for all or one a row.

        It is the upper word of bound x 64 bits, so no number's chance differs from another's by more than 2**-64:
        a bias that no number of draws we could make would show.

        Raises:
            ValueError: A bound below 1 or beyond 2**32 - 1.
        """
        bounds = np.asarray(bound, dtype=np.int64)
        if bounds.size and not (bounds.min() >= 1 and bounds.max() < 2**32):
            raise ValueError("a bound is a whole number from 1 to 2**32 - 1")
        times = np.broadcast_to(bounds.view(np.uint64), (len(keys),)) if bounds.ndim else np.uint64(bound)
        found = _room(out, len(keys), np.int64)
        spare = np.empty(min(_BLOCK, len(keys)), dtype=np.uint64)
        for some, block in self._blocks(keys, purpose, year, draw, found.view(np.uint64)):
            low = spare[: len(block)]
            by = times[some] if isinstance(times, np.ndarray) else times
            np.bitwise_and(block, _LOWER, low)
            np.multiply(low, by, low)
            np.right_shift(low, _HALF, low)
            np.right_shift(block, _HALF, block)
            np.multiply(block, by, block)
            np.add(block, low, block)
            np.right_shift(block, _HALF, block)
        return found

    def happens(
        self, keys: Keys, chance: Fraction, *, purpose: str, year: int = 0, draw: int = 0, out: Bools | None = None
    ) -> Bools:
        """Return where something of that chance happens; the chance is met to within 2**-64.

        Raises:
            ValueError: A chance below 0 or above 1.
        """
        bound = threshold(chance)
        found = _room(out, len(keys), np.bool_)
        if bound == _WORD:
            found.fill(True)
            return found
        limit = np.uint64(bound)
        for some, block in self._blocks(keys, purpose, year, draw):
            np.less(block, limit, found[some])
        return found

    def happens_by(
        self, keys: Keys, chances: Sequence[Fraction], group: Groups, *, purpose: str,
        year: int = 0, draw: int = 0, out: Bools | None = None,
    ) -> Bools:
        """Return where something happens whose chance depends on the row's group, an index into `chances`.

        Raises:
            ValueError: A chance below 0 or above 1.
        """
        bounds = [threshold(chance) for chance in chances]
        lasts = np.array([max(bound - 1, 0) for bound in bounds], dtype=np.uint64)  # the last word where it happens
        ever = np.array([bound > 0 for bound in bounds], dtype=np.bool_)
        never = not ever.all()
        found = _room(out, len(keys), np.bool_)
        for some, block in self._blocks(keys, purpose, year, draw):
            here = group[some]
            np.less_equal(block, lasts[here], found[some])
            if never:
                np.logical_and(found[some], ever[here], found[some])
        return found

    def choose(
        self, keys: Keys, weights: Sequence[int], *, purpose: str, year: int = 0, draw: int = 0, out: Ints | None = None
    ) -> Ints:
        """Return an index into `weights` a row, each as often as its weight's share of all.

        Raises:
            ValueError: A negative weight, or a sum of 0 or beyond 2**32 - 1.
        """
        return self.choose_by(keys, [weights], None, purpose=purpose, year=year, draw=draw, out=out)

    def choose_by(
        self, keys: Keys, weights: Sequence[Sequence[int]], group: Groups | None, *, purpose: str, year: int = 0,
        draw: int = 0, out: Ints | None = None,
    ) -> Ints:
        """Return an index into the weights of the row's group, which is itself an index into `weights`.

        Raises:
            ValueError: Groups with different numbers of weights; a negative weight; a sum of 0 or beyond 2**32 - 1.
        """
        if len({len(some) for some in weights}) != 1:
            raise ValueError("all groups have as many weights")
        steps = np.array([_steps(some) for some in weights], dtype=object)
        ever = steps < _WORD
        table = np.where(ever, steps, 0).astype(np.uint64)
        found = _room(out, len(keys), np.int64)
        if group is None and table.shape[1] > _COMPARED:
            for some, block in self._blocks(keys, purpose, year, draw):
                found[some] = np.searchsorted(table[0, ever[0]], block, side="right")
            return found
        flags = np.empty(min(_BLOCK, len(keys)), dtype=np.bool_)
        for some, block in self._blocks(keys, purpose, year, draw):
            flag, beyond = flags[: len(block)], found[some]
            beyond.fill(0)
            for step, reached in zip(table.T, ever.T, strict=True):
                np.greater_equal(block, step[0] if group is None else step[group[some]], flag)
                if not reached.all():
                    np.logical_and(flag, reached[0] if group is None else reached[group[some]], flag)
                np.add(beyond, flag, beyond)
        return found

    def by_table(
        self, keys: Keys, points: Points, *, purpose: str, year: int = 0, draw: int = 0, out: Ints | None = None
    ) -> Ints:
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
        wides, rises, lows = np.diff(starts), np.array(steps, dtype=np.int64), np.array(values, dtype=np.int64)
        found = self.draw(keys, purpose=purpose, year=year, draw=draw, out=out)
        for start in range(0, len(keys), _BLOCK):
            block = found[start : start + _BLOCK]
            at = np.searchsorted(starts, block, side="right") - 1
            wide = wides[at]
            block[...] = lows[at] + (2 * rises[at] * (block - starts[at]) + wide) // (2 * wide)
        return found
