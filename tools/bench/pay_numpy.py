"""The rule by hand in NumPy, as fast as it gets: what the library is held against.

Subdistricts come sorted and are handled whole, some 200 at a time, in arrays that stay in the cache.
Divisions within a pool are made in float64, where they are exact: a quotient of whole numbers below
2^53 never rounds up to the next whole number. One sort of composite numbers (subdistrict, remainder,
row) finds who gets the single fen that are left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Self

import attrs
import numpy as np
from numpy.typing import NDArray
from tools.bench import pay_rule
from tools.bench.pay_rule import Amounts, Piece, Workforce

_ROWS: Final = 2**14
_REMAINDER: Final = 2**31
_GROUPS: Final = 2**8
_EXACT: Final = 2**53
"""Up to here float64 has every whole number: _GROUPS * _REMAINDER * _ROWS, which is what a key holds."""


@attrs.frozen(eq=False)
class Chunk:
    """Consecutive rows that are whole subdistricts."""

    first: int
    end: int
    starts: Amounts
    sizes: Amounts


@attrs.frozen(eq=False)
class Scratch:
    """Memory that every chunk uses again."""

    floats: NDArray[np.float64]
    codes: NDArray[np.intp]
    small: NDArray[np.int32]
    tiny: NDArray[np.uint8]

    @classmethod
    def of(cls, rows: int) -> Self:
        """Return enough for so many rows."""
        return cls(
            np.empty((3, rows)),
            np.empty((2, rows), dtype=np.intp),
            np.empty((2, rows), dtype=np.int32),
            np.empty((2, rows), dtype=np.uint8),
        )


@attrs.frozen(eq=False)
class Presorted:
    """A workforce and what doesn't change from month to month: its chunks, and each row's place in a key."""

    workforce: Workforce
    chunks: tuple[Chunk, ...]
    places: NDArray[np.float64]
    scratch: Scratch


class ByHand:
    """The reference as a subject of the benchmark."""

    def prepare(self, workforce: Workforce) -> Presorted:
        """Cut the rows into chunks of whole subdistricts."""
        largest = int(workforce.sizes().max())
        share = max(pay_rule.standards(len(pay_rule.MONTHS) - 1)) // 2
        heaviest = share * max(pay_rule.WEIGHTS)
        if largest > _ROWS or largest * heaviest > _REMAINDER or largest * share * heaviest > _EXACT:
            raise ValueError("a subdistrict is too large for the keys of this reference")
        starts = workforce.starts
        ends = np.append(starts[1:], len(workforce))
        chunks: list[Chunk] = []
        places = np.empty(len(workforce))
        group = 0
        while group < len(starts):
            first = int(starts[group])
            after = min(int(np.searchsorted(ends, first + _ROWS, "right")), group + _GROUPS)
            within = starts[group:after] - first
            chunk = Chunk(first, int(ends[after - 1]), within, np.diff(ends[group:after], prepend=first))
            number = np.arange(len(within)) * float(_REMAINDER * _ROWS)
            places[first : chunk.end] = number.repeat(chunk.sizes) + np.arange(chunk.end - first)
            chunks.append(chunk)
            group = after
        return Presorted(workforce, tuple(chunks), places, Scratch.of(max(chunk.end - chunk.first for chunk in chunks)))

    def month(self, state: Presorted, month: int) -> Iterator[Piece]:
        """Yield a month's lines, chunk by chunk, in arrays that may be kept."""
        workforce = state.workforce
        standard = np.array(pay_rule.standards(month))
        basics = np.array([pay_rule.half_up(int(amount) * pay_rule.BASIC_SHARE) for amount in standard])
        # Tables by grade * 4 + assessment and by grade * 4 + certificate; no grade is 0.
        grade, level = np.divmod(np.arange(4, 4 * (len(standard) + 1)), 4)
        own = (standard - basics)[grade - 1]
        basic_of = np.append(np.zeros(4, dtype=np.int64), basics[grade - 1])
        own_of = np.append(np.zeros(4), own.astype(np.float64))
        weight_of = np.append(np.zeros(4), own * np.array(pay_rule.WEIGHTS, dtype=np.float64)[level])
        monthly = np.array(pay_rule.MONTHLY)[level]
        monthly_of = np.append(np.zeros(4, dtype=np.int64), monthly)
        now_of = np.append(np.zeros(4, dtype=np.int64), standard[grade - 1] + monthly)

        for chunk in state.chunks:
            rows, count = slice(chunk.first, chunk.end), chunk.end - chunk.first
            weight, whole, other = state.scratch.floats[:, :count]
            assessed, certified = state.scratch.codes[:, :count]
            base, share = state.scratch.small[:, :count]
            four, code = state.scratch.tiny[:, :count]

            np.left_shift(workforce.grade[month, rows], 2, out=four)
            assessed[:] = np.add(four, workforce.assessment[month, rows], out=code)
            certified[:] = np.add(four, workforce.certificate[month, rows], out=code)

            # With mode="wrap", `take` writes into what is there without a copy; no code is outside the tables.
            pool = np.add.reduceat(own_of.take(assessed, out=other, mode="wrap"), chunk.starts)
            total = np.add.reduceat(weight_of.take(assessed, out=weight, mode="wrap"), chunk.starts)
            pool *= total > 0
            np.maximum(total, 1, out=total)
            weight *= pool.repeat(chunk.sizes)
            totals = total.repeat(chunk.sizes)
            np.floor(np.divide(weight, totals, out=whole), out=whole)
            totals *= whole
            weight -= totals  # the remainders, in fen / total
            left = (pool - np.add.reduceat(whole, chunk.starts)).astype(np.intp)
            weight *= -float(_ROWS)
            weight += state.places[rows]
            other[:] = weight
            other.sort()
            last = other[np.maximum(chunk.starts + left - 1, 0)]
            last[left == 0] = -np.inf

            bonus = whole.astype(np.int64)
            bonus += np.less_equal(weight, last.repeat(chunk.sizes))
            basic = basic_of.take(assessed)
            certificate = monthly_of.take(certified)
            kept = now_of.take(certified)
            np.subtract(workforce.former[rows], kept, out=kept)
            np.maximum(kept, 0, out=kept)
            gross = basic + bonus
            gross += certificate
            gross += kept

            np.copyto(base, gross, casting="unsafe")
            np.maximum(base, pay_rule.FLOOR, out=base)
            np.minimum(base, pay_rule.CEILING, out=base)
            insurance = _share(base, *pay_rule.INSURANCE.as_integer_ratio(), out=share).astype(np.int64)
            housing = _share(base, *pay_rule.HOUSING.as_integer_ratio(), out=share).astype(np.int64)
            net = gross - insurance
            net -= housing
            yield chunk.first, {
                "basic": basic, "bonus": bonus, "certificate": certificate, "kept": kept, "gross": gross,
                "insurance": insurance, "housing": housing, "net": net,
            }  # fmt: skip


def _share(base: NDArray[np.int32], parts: int, whole: int, *, out: NDArray[np.int32]) -> NDArray[np.int32]:
    np.multiply(base, parts, out=out)
    np.add(out, whole // 2, out=out)
    return np.floor_divide(out, whole, out=out)


SUBJECT: Final = ByHand()
