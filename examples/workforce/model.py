"""Ten years of a workforce on columns: as a user of this library would write it, on keyed chance and chunks.

    run(posts=1_000_000, seed=1)

gives each year's pay bill, exits, certificates and grades, at well over ten million worker-years a second on one core.
"""

from __future__ import annotations

from concurrent.futures import Executor
from functools import partial
from typing import Final, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from shequ_core.population.chance import Chance, Halves, Ints, Keys, halves, keys_of, life_keys, nth_holder, threshold
from shequ_core.simulation.chunks import Chunks, totals
from workforce.rule import (
    ASSESSED,
    BASE,
    BONUS,
    BY_CERTIFICATE,
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
)

Small: TypeAlias = "NDArray[np.int8]"

AT_LEAST: Final = 1 << 14
"""Rows of a chunk: its columns and words stay in the cache for all ten years."""
SUBDISTRICT: Final = (31, 80)
"""Fewest posts of a subdistrict, and how many kinds of size there are."""

LUCK: Final = Chance(0)
"""The seed is in the keys of lives, so one chance serves all seeds."""
YEARLY: Final = "assessment, leaving"
EARNING: Final = "certificate"
START: Final = "start: age, certificate"
SERVICE: Final = "start: service"
COMING: Final = "comes: age, certificate"

_PARTS: Final = 1000


def _quantiles(weights: tuple[int, ...]) -> list[int]:
    """Return the choice of each of a thousand equal parts of luck."""
    return [choice for choice, weight in enumerate(weights) for _ in range(weight)]


# What hangs on step and certificate alone is worked out once, for each of the few pairs.
_STEP: Final = np.tile(np.arange(STEPS), CERTIFICATES)
_CERTIFICATE: Final = np.repeat(np.arange(CERTIFICATES), STEPS)
_PAY: Final = np.array(BASE)[_STEP] + np.array(BY_CERTIFICATE)[_CERTIFICATE]
_GRADE: Final = np.array([_quantiles(weights) for weights in ASSESSED], dtype=np.int8).ravel()
_JOINS: Final = np.array(_quantiles(JOIN_CERTIFICATES), dtype=np.int8)
_LEAVES: Final = np.array(
    [
        [threshold(leaves(step, certificate, year), 32) for certificate in range(CERTIFICATES) for step in range(STEPS)]
        for year in range(YEARS)
    ],
    dtype=np.uint32,
)
_CERTIFIES: Final = np.array([threshold(CERTIFIED[at], 32) for at in _CERTIFICATE.tolist()], dtype=np.uint32)


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
    rows = len(posts)
    keys = life_keys(posts, 1, seed)
    upper, lower = halves(LUCK.words(keys, purpose=START))
    age = (YOUNGEST + _below(upper, START_AGES)).astype(np.int8)
    certificate = _JOINS[_below(lower, _PARTS)]
    of_service = _below(halves(LUCK.words(keys, purpose=SERVICE))[0], START_SERVICE)
    service = np.minimum(of_service, age - YOUNGEST).astype(np.int8)
    step, of_step = service // YEARS_A_STEP, service % YEARS_A_STEP
    running, failures = np.zeros(rows, dtype=np.int8), np.zeros(rows, dtype=np.int8)
    holder = np.ones(rows, dtype=np.int64)

    words, wide = np.empty(rows, dtype=np.uint64), np.empty(rows, dtype=np.uint64)
    pair, narrow = np.empty(rows, dtype=np.intp), np.empty(rows, dtype=np.int8)
    limit = np.empty(rows, dtype=np.uint32)
    grade, flag = np.empty(rows, dtype=np.int8), np.empty(rows, dtype=np.bool_)
    told = {name: np.zeros(YEARS, dtype=np.int64) for name in COUNTS}
    for year in range(YEARS):
        np.multiply(certificate, STEPS, narrow)
        np.add(narrow, step, narrow)
        np.copyto(pair, narrow)
        told["bill"][year] = np.bincount(pair, minlength=len(_PAY)) @ _PAY

        LUCK.words(keys, purpose=YEARLY, year=year, out=words)
        upper, lower = halves(words)
        np.take(_LEAVES[year], pair, out=limit, mode="clip")
        left = lower < limit
        np.multiply(upper, np.uint64(_PARTS), wide)
        np.right_shift(wide, np.uint64(32), wide)
        np.add(wide, np.multiply(certificate, _PARTS, dtype=np.int16), wide, casting="unsafe")
        np.take(_GRADE, wide.view(np.intp), out=grade, mode="clip")
        for at, name in enumerate(GRADES):
            told[name][year] = np.count_nonzero(np.equal(grade, at, flag))
            told["bill"][year] += told[name][year] * BONUS[at]

        failed = flag.view(np.int8)  # the last of the grades counted
        np.add(running, failed, running)
        np.multiply(running, failed, running)
        np.add(failures, failed, failures)
        np.add(age, 1, age, casting="unsafe")
        dismissed = (running >= RUNNING) | (failures >= IN_ALL)
        retired = (age >= RETIRES_AT) & ~dismissed
        left &= ~(dismissed | retired)
        told["dismissed"][year], told["retired"][year] = np.count_nonzero(dismissed), np.count_nonzero(retired)
        told["left"][year] = np.count_nonzero(left)

        LUCK.words(keys, purpose=EARNING, year=year, out=words)
        np.take(_CERTIFIES, pair, out=limit, mode="clip")
        np.add(certificate, halves(words)[0] < limit, certificate, casting="unsafe")
        np.add(of_step, 1, of_step, casting="unsafe")
        rises = np.equal(of_step, YEARS_A_STEP, flag)
        np.add(step, rises, step, casting="unsafe")
        np.minimum(step, STEPS - 1, out=step)
        np.multiply(of_step, ~rises, of_step)

        gone = np.flatnonzero(dismissed | retired | left)
        holder[gone] += 1
        comes = life_keys(posts[gone], holder[gone], seed if isinstance(seed, int) else seed[gone])
        keys[gone] = comes
        upper, lower = halves(LUCK.words(comes, purpose=COMING))
        age[gone] = YOUNGEST + _below(upper, JOIN_AGES)
        certificate[gone] = _JOINS[_below(lower, _PARTS)]
        for column in (step, of_step, running, failures):
            column[gone] = 0
        told["certified"][year] = np.count_nonzero(certificate)
    return told


def _below(half: Halves, bound: int) -> Ints:
    """Return whole numbers below a bound, of one's 32 bits of luck."""
    return (half.astype(np.uint64) * np.uint64(bound) >> np.uint64(32)).view(np.int64)
