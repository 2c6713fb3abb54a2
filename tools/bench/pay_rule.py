"""The month that every side of the pay benchmark computes: its figures, its workers, its answer in exact fractions.

All figures are made up for the benchmark, in a place that does not exist (2299); none is any law's or city's.

The rule: the standard is the reference times the coefficient of the grade; basic pay is 70% of it,
rounded, and the performance share is the rest. The performance shares of a subdistrict are its
pool, divided by own share times weight of the assessment, by largest remainder, ties to the lower
worker number; where all weights are zero nobody gets anything. A certificate adds monthly money.
Who had more before keeps the difference to standard and certificate. Insurance and housing fund
are shares of the month's gross, clamped. Every amount is rounded half up to the fen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

Amounts: TypeAlias = "NDArray[np.int64]"
Codes: TypeAlias = "NDArray[np.uint8]"
Piece: TypeAlias = "tuple[int, Mapping[str, Amounts]]"
"""The first row of consecutive rows, and their lines in fen."""

LINES: Final = ("basic", "bonus", "certificate", "kept", "gross", "insurance", "housing", "net")
MONTHS: Final = tuple(f"2030-{number:02d}" for number in range(1, 13))
ASSESSMENTS: Final = ("outstanding", "competent", "basic", "failed")
CERTIFICATES: Final = ("none", "assistant", "social_worker", "senior")

COEFFICIENTS: Final = tuple(Fraction(620 + 47 * step + step * step, 1000) for step in range(18))
BASIC_SHARE: Final = Fraction(7, 10)
WEIGHTS: Final = (12, 10, 7, 0)
"""By assessment, in tenths."""
MONTHLY: Final = (0, 20_000, 40_000, 60_000)
"""By certificate, fen."""
FLOOR: Final = 352_519
CEILING: Final = 801_347
INSURANCE: Final = Fraction(105, 1000)
HOUSING: Final = Fraction(8, 100)

_PER_SUBDISTRICT: Final = 80
_SMALLEST: Final = 12
_MOST_IN_COUNTY: Final = 999


def reference(month: int) -> int:
    """Return the reference in force in a month (0 to 11), fen: it rises in July."""
    return 482_137 if month < 6 else 497_861


def half_up(amount: Fraction) -> int:
    """Round an amount that isn't negative to the whole fen."""
    return int(amount + Fraction(1, 2))


def standards(month: int) -> list[int]:
    """Return the standard of each grade, from grade 1, fen."""
    return [half_up(reference(month) * coefficient) for coefficient in COEFFICIENTS]


@attrs.frozen(eq=False)
class Workforce:
    """Workers by subdistrict and number, and what is known of them in each month.

    Attributes:
        starts: The first row of each subdistrict.
        subdistrict: Each row's subdistrict, a 9-digit code, ascending.
        worker: Each row's number, unlike any other, ascending within its subdistrict.
        former: Monthly pay before the change-over, fen; 0 for who wasn't there.
        grade: For each month, from 1.
        certificate: For each month, a place in `CERTIFICATES`.
        assessment: For each month, a place in `ASSESSMENTS`.
    """

    starts: Amounts
    subdistrict: Amounts
    worker: Amounts
    former: Amounts
    grade: Codes
    certificate: Codes
    assessment: Codes

    def __len__(self) -> int:
        return len(self.worker)

    @property
    def months(self) -> int:
        """How many months there are."""
        return len(self.grade)

    def sizes(self) -> Amounts:
        """Return how many workers each subdistrict has."""
        return np.diff(self.starts, append=len(self))

    def save(self, folder: Path) -> Path:
        """Write it to files that `load` reads."""
        folder.mkdir()
        for field in attrs.fields(Workforce):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name))
        return folder

    @classmethod
    def load(cls, folder: Path) -> Workforce:
        """Read what `save` wrote."""
        return cls(**{field.name: np.load(folder / f"{field.name}.npy") for field in attrs.fields(cls)})


def make_workforce(workers: int, months: int) -> Workforce:
    """Make up workers: uneven subdistricts of about 80; each month some rise, pass an examination, are assessed."""
    chance = np.random.default_rng([workers, months])
    groups = max(1, workers // _PER_SUBDISTRICT)
    sizes = _uneven(chance, workers, groups)
    number = np.arange(groups)
    codes = 229_900_000 + (number // _MOST_IN_COUNTY + 1) * 1_000 + number % _MOST_IN_COUNTY + 1
    subdistrict = np.repeat(codes, sizes)
    worker = np.argsort(chance.random(workers)) + 1
    worker = worker[np.lexsort((worker, subdistrict))]

    grade = np.empty((months, workers), dtype=np.uint8)
    certificate, assessment = np.empty_like(grade), np.empty_like(grade)
    grade[0] = np.clip(chance.normal(7, 4, workers), 1, len(COEFFICIENTS)).astype(np.uint8)
    certificate[0] = chance.choice(4, workers, p=[0.55, 0.2, 0.22, 0.03])
    assessed = [0.15, 0.73, 0.09, 0.03]
    assessment[0] = chance.choice(4, workers, p=assessed)
    for month in range(1, months):
        grade[month] = np.minimum(grade[month - 1] + (chance.random(workers) < 0.02), len(COEFFICIENTS))
        certificate[month] = np.minimum(certificate[month - 1] + (chance.random(workers) < 0.01), 3)
        anew = chance.random(workers) < 0.1
        assessment[month] = np.where(anew, chance.choice(4, workers, p=assessed), assessment[month - 1])
    nobody = np.repeat(number % 2_500 == 7, sizes)  # subdistricts in which all weights are zero
    assessment[:, nobody] = ASSESSMENTS.index("failed")

    pay = np.array([0, *standards(0)])[grade[0]] + np.array(MONTHLY)[certificate[0]]
    former = (pay * chance.normal(0.97, 0.08, workers)).astype(np.int64)
    former[chance.random(workers) < 0.4] = 0
    return Workforce(
        starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64),
        subdistrict=subdistrict,
        worker=worker,
        former=former,
        grade=grade,
        certificate=certificate,
        assessment=assessment,
    )


def _uneven(chance: np.random.Generator, workers: int, groups: int) -> Amounts:
    if groups == 1:
        return np.array([workers])
    spread = chance.gamma(4.0, size=groups)
    sizes: Amounts = _SMALLEST + (spread / spread.sum() * (workers - _SMALLEST * groups)).astype(np.int64)
    sizes[chance.choice(groups, workers - int(sizes.sum()), replace=False)] += 1
    return sizes


def exact_month(workforce: Workforce, month: int) -> Iterator[dict[str, int]]:
    """Yield each worker's lines, worked out in exact fractions, one subdistrict at a time."""
    amounts = standards(month)
    ends = [*workforce.starts[1:].tolist(), len(workforce)]
    for start, end in zip(workforce.starts.tolist(), ends, strict=True):
        rows = range(start, end)
        standard = {row: amounts[workforce.grade[month, row] - 1] for row in rows}
        basic = {row: half_up(standard[row] * BASIC_SHARE) for row in rows}
        own = {row: standard[row] - basic[row] for row in rows}
        bonus = _divided(
            sum(own.values()),
            {row: own[row] * WEIGHTS[workforce.assessment[month, row]] for row in rows},
            {row: int(workforce.worker[row]) for row in rows},
        )
        for row in rows:
            certificate = MONTHLY[workforce.certificate[month, row]]
            kept = max(int(workforce.former[row]) - standard[row] - certificate, 0)
            gross = basic[row] + bonus[row] + certificate + kept
            base = min(max(gross, FLOOR), CEILING)
            insurance, housing = half_up(base * INSURANCE), half_up(base * HOUSING)
            line = (basic[row], bonus[row], certificate, kept, gross, insurance, housing, gross - insurance - housing)
            yield dict(zip(LINES, line, strict=True))


def _divided(pool: int, weights: Mapping[int, int], numbers: Mapping[int, int]) -> dict[int, int]:
    total = sum(weights.values())
    if total == 0:
        return dict.fromkeys(weights, 0)
    shares = {row: Fraction(pool * weight, total) for row, weight in weights.items()}
    given = {row: int(share) for row, share in shares.items()}
    by_remainder = sorted(shares, key=lambda row: (given[row] - shares[row], numbers[row]))
    for row in by_remainder[: pool - sum(given.values())]:
        given[row] += 1
    return given
