"""Ten years of a workforce on columns: as a user of this library would write it, on keyed chance and chunks.

    run(posts=1_000_000, seed=1)

gives each year's pay bill, exits, certificates and grades, at well over ten million worker-years a second on one core.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Final, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from shequ_core.population.chance import (
    Bools,
    Chance,
    Halves,
    Ints,
    Keys,
    halves,
    keys_of,
    life_keys,
    nth_holder,
    portions,
    threshold,
)  # fmt: skip
from shequ_core.simulation.chunks import Chunks, totals
from workforce.rule import (
    ASSESSED,
    BONUS,
    CERTIFICATES,
    CERTIFIED,
    COUNTS,
    GRADES,
    IN_ALL,
    JOIN_AGES,
    JOIN_CERTIFICATES,
    RETIRES_AT,
    RUNNING,
    START_AGES,
    START_SERVICE,
    STEPS,
    YEARS,
    YEARS_A_STEP,
    YOUNGEST,
    leaves,
    pay,
)

Small: TypeAlias = "NDArray[np.int8]"

AT_LEAST: Final = 1 << 17
"""Posts of a chunk: all ten years are worked out before the next posts are made."""
BLOCK: Final = 1 << 15
"""Posts that are assessed together: so many words of luck stay in the cache."""
SUBDISTRICT: Final = (31, 80)
"""Fewest posts of a subdistrict, and how many kinds of size there are."""

LUCK: Final = Chance(0)
"""The seed is in the keys of lives, so one chance serves all seeds."""
YEARLY: Final = "leaving, assessment, certificate"
START: Final = "start: age, certificate"
SERVICE: Final = "start: service"
COMING: Final = "comes: age, certificate"

def _in_parts(weights: Sequence[int], parts: int) -> list[int]:
    """Return the choice of each of so many equal parts of luck."""
    return [choice for choice, weight in enumerate(weights) for _ in range(weight * parts // sum(weights))]


# What hangs on step and certificate alone is worked out once, for each of the few pairs.
PARTS: Final = sum(ASSESSED[0]) // math.gcd(*itertools.chain(*ASSESSED))
PAIRS: Final = [(certificate, step) for certificate in range(CERTIFICATES) for step in range(STEPS)]
_PAY: Final = np.array([pay(step, certificate) for certificate, step in PAIRS])
_GRADE: Final = np.array([_in_parts(ASSESSED[certificate], PARTS) for certificate, _ in PAIRS], dtype=np.int8).ravel()
_LEAVES: Final = np.array(
    [
        [threshold(leaves(step, certificate, year), 32) << 32 for certificate, step in PAIRS]
        for year in range(YEARS)
    ],
    dtype=np.uint64,
)  # the upper half of a word decides
_CERTIFIES: Final = np.array([threshold(CERTIFIED[certificate], 32) for certificate, _ in PAIRS], dtype=np.uint64)
_JOIN_PARTS: Final = sum(JOIN_CERTIFICATES) // math.gcd(*JOIN_CERTIFICATES)
_JOINS: Final = np.array(_in_parts(JOIN_CERTIFICATES, _JOIN_PARTS), dtype=np.int8)


def sizes_of(posts: int) -> Ints:
    """Return how many posts each subdistrict has, so that there are as many as asked for."""
    low, kinds = SUBDISTRICT
    count = posts // low + 1
    sizes = low + (np.arange(count, dtype=np.int64) * 37) % kinds
    ends = np.cumsum(sizes)
    last = int(np.searchsorted(ends, posts))
    sizes = sizes[: last + 1]
    sizes[last] -= ends[last] - posts
    return sizes


@attrs.frozen(eq=False)
class Ground:
    """Posts that nobody has made yet: so many in each subdistrict.

    Attributes:
        sizes: Posts of each subdistrict.
        keys: The key of each subdistrict, in which its posts are numbered.
        starts: The first post of each subdistrict, and the end of the last.
    """

    sizes: Ints
    keys: Keys
    starts: Ints

    @classmethod
    def of(cls, posts: int) -> Ground:
        """Lay out so many posts."""
        sizes = sizes_of(posts)
        of_subdistrict = nth_holder(np.broadcast_to(keys_of(["workforce"]), (len(sizes),)), np.arange(len(sizes)))
        return cls(sizes, of_subdistrict, np.concatenate([[0], np.cumsum(sizes)]))

    def post_keys(self, begin: int, end: int) -> Keys:
        """Make the keys of some posts, of whole subdistricts."""
        first, last = np.searchsorted(self.starts, (begin, end)).tolist()
        sizes = self.sizes[first:last]
        posts = np.arange(begin, end) - np.repeat(self.starts[first:last], sizes)
        return nth_holder(np.repeat(self.keys[first:last], sizes), posts)


def run(
    posts: int, seed: int, *, at_least: int = AT_LEAST, workers: Executor | None = None
) -> dict[str, Ints]:
    """Return each year's counts of so many posts, chunk by chunk: rows are made when their chunk's turn comes."""
    ground = Ground.of(posts)
    bounds = Chunks.of_sizes(ground.sizes, at_least).bounds
    work = partial(_some, ground, seed)
    each = (map if workers is None else workers.map)(work, bounds[:-1].tolist(), bounds[1:].tolist())
    return totals(each)


def _some(ground: Ground, seed: int, begin: int, end: int) -> dict[str, Ints]:
    return ten_years(ground.post_keys(begin, end), seed)


def ten_years(posts: Keys, seed: int | Ints) -> dict[str, Ints]:
    """Return each year's counts of some posts: rows in any order, of one seed or of many."""
    held = Holders.of(posts, seed)
    room = Room.of(min(BLOCK, len(posts)))
    told: list[dict[str, int]] = []
    gone = np.empty(len(posts), dtype=np.bool_)
    for year in range(YEARS):
        counts = dict.fromkeys(COUNTS, 0)
        for begin in range(0, len(posts), BLOCK):
            some = slice(begin, begin + BLOCK)
            held.part(some).go_on(year, counts, gone[some], room)
        held.replace(np.flatnonzero(gone), seed)
        counts["certified"] = int(np.count_nonzero(held.certificate))
        told.append(counts)
    return {name: np.array([counts[name] for counts in told], dtype=np.int64) for name in COUNTS}


@attrs.frozen(eq=False)
class Room:
    """Where a block's figures are worked out, again and again."""

    words: Keys
    limit: Keys
    portion: Ints
    pair: Ints
    small: Small
    grade: Small
    flag: Bools
    other: Bools

    @classmethod
    def of(cls, rows: int) -> Room:
        """Make room for so many rows."""
        words, numbers = np.empty((2, rows), dtype=np.uint64), np.empty((2, rows), dtype=np.int64)
        return cls(*words, *numbers, *np.empty((2, rows), dtype=np.int8), *np.empty((2, rows), dtype=np.bool_))

    def part(self, rows: int) -> Room:
        """Return room for fewer rows."""
        return Room(*(one[:rows] for one in attrs.astuple(self, recurse=False)))


@attrs.frozen(eq=False)
class Holders:
    """Who holds each post: all columns have a row for each."""

    posts: Keys
    keys: Keys
    holder: Ints
    age: Small
    certificate: Small
    step: Small
    of_step: Small
    running: Small
    failures: Small

    @classmethod
    def of(cls, posts: Keys, seed: int | Ints) -> Holders:
        """Make those of the start."""
        rows = len(posts)
        keys = life_keys(posts, 1, seed)
        words = LUCK.words(keys, purpose=START)
        age = YOUNGEST + _below(halves(words)[0], START_AGES)
        certificate = _JOINS[portions(words, _JOIN_PARTS)[0]]
        of_service = _below(halves(LUCK.words(keys, purpose=SERVICE))[0], START_SERVICE)
        service = np.minimum(of_service, age - YOUNGEST).astype(np.int8)
        none = np.zeros((2, rows), dtype=np.int8)
        return cls(
            posts, keys, np.ones(rows, dtype=np.int64), age.astype(np.int8), certificate, service // YEARS_A_STEP,
            service % YEARS_A_STEP, *none,
        )  # fmt: skip

    def part(self, some: slice) -> Holders:
        """Return some rows, which are still rows of this."""
        return Holders(*(column[some] for column in attrs.astuple(self, recurse=False)))

    def go_on(self, year: int, counts: dict[str, int], gone: Bools, room: Room) -> None:
        """Go on by a year in place, add to its counts, and say who goes."""
        room = room.part(len(self.keys))
        words, limit, part, pair, small, grade, flag, other = attrs.astuple(room, recurse=False)
        np.multiply(self.certificate, STEPS, small)
        np.add(small, self.step, small)
        np.copyto(pair, small)
        counts["bill"] += int(np.bincount(pair, minlength=len(_PAY)) @ _PAY)

        LUCK.words(self.keys, purpose=YEARLY, year=year, out=words)
        np.take(_LEAVES[year], pair, out=limit, mode="clip")
        left = np.less(words, limit, gone)
        portions(words, PARTS, out=part, rest=words)
        np.take(_CERTIFIES, pair, out=limit, mode="clip")
        certified = np.less(words, limit, other)
        np.multiply(pair, PARTS, pair)
        np.add(part, pair, part)
        np.take(_GRADE, part, out=grade, mode="clip")
        np.add(self.certificate, certified.view(np.int8), self.certificate)

        for at, name in enumerate(GRADES):
            count = int(np.count_nonzero(np.equal(grade, at, flag)))
            counts[name] += count
            counts["bill"] += count * BONUS[at]
        failed = flag.view(np.int8)  # of the grades, the last
        np.add(self.running, failed, self.running)
        np.multiply(self.running, failed, self.running)
        np.add(self.failures, failed, self.failures)
        np.add(self.age, np.int8(1), self.age)

        dismissed = np.greater_equal(self.running, RUNNING, flag)
        np.logical_or(dismissed, np.greater_equal(self.failures, IN_ALL, other), dismissed)
        must = np.logical_or(np.greater_equal(self.age, RETIRES_AT, other), dismissed, other)
        np.logical_or(left, must, gone)
        first, second, last = (int(np.count_nonzero(some)) for some in (dismissed, must, gone))
        counts["dismissed"] += first
        counts["retired"] += second - first
        counts["left"] += last - second

        np.add(self.of_step, np.int8(1), self.of_step)
        rises = np.equal(self.of_step, YEARS_A_STEP, flag)
        np.multiply(rises.view(np.int8), np.int8(YEARS_A_STEP), small)
        np.subtract(self.of_step, small, self.of_step)
        np.logical_and(rises, np.less(self.step, STEPS - 1, other), rises)
        np.add(self.step, rises.view(np.int8), self.step)

    def replace(self, gone: Ints, seed: int | Ints) -> None:
        """Fill the posts that some have left, in place."""
        holder = self.holder[gone] + 1
        keys = life_keys(self.posts[gone], holder, seed[gone] if isinstance(seed, np.ndarray) else seed)
        self.holder[gone] = holder
        self.keys[gone] = keys
        words = LUCK.words(keys, purpose=COMING)
        self.age[gone] = YOUNGEST + _below(halves(words)[0], JOIN_AGES)
        self.certificate[gone] = _JOINS[portions(words, _JOIN_PARTS)[0]]
        for column in (self.step, self.of_step, self.running, self.failures):
            column[gone] = 0


def _below(half: Halves, bound: int) -> Ints:
    """Return whole numbers below a bound, of one's 32 bits of luck."""
    return (half.astype(np.uint64) * np.uint64(bound) >> np.uint64(32)).view(np.int64)
