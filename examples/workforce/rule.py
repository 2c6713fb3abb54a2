"""The workforce: its figures, and one post's ten years in plain Python.

A post always has a holder. In a year the holder is assessed in four grades, more favourably with a certificate; paid by
step and certificate, with a bonus by grade; goes after two failures running or three in all, at 60, or of their own
accord, the more often the less is paid beside the reference; may earn a certificate, or the next; and rises a step with
every third year of service. Whoever goes is replaced. All figures are invented: they are no law's and no place's.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Protocol

YEARS: Final = 10
GRADES: Final = ("excellent", "good", "pass", "fail")
FAIL: Final = 3
CERTIFICATES: Final = 4
"""None, and three levels."""
ASSESSED: Final = ((100, 450, 380, 70), (150, 480, 330, 40), (220, 500, 255, 25), (300, 500, 185, 15))
"""By certificate, how many of a thousand get each grade."""
RUNNING: Final = 2
IN_ALL: Final = 3
RETIRES_AT: Final = 60
STEPS: Final = 18
YEARS_A_STEP: Final = 3
CERTIFIED: Final = (Fraction(60, 1000), Fraction(25, 1000), Fraction(10, 1000), Fraction(0))
"""By certificate, who earns the next within a year."""
BASE: Final = tuple(4_000_000 + 120_000 * step for step in range(STEPS))
"""Fen a year, by step from 0."""
BY_CERTIFICATE: Final = (0, 240_000, 360_000, 600_000)
BONUS: Final = (600_000, 400_000, 200_000, 0)
REFERENCE: Final = tuple(5_000_000 + 250_000 * year for year in range(YEARS))
BANDS: Final = (Fraction(3, 4), Fraction(17, 20), Fraction(19, 20))
LEAVES: Final = (Fraction(90, 1000), Fraction(60, 1000), Fraction(40, 1000), Fraction(20, 1000))
"""By how many of the bands pay, without bonus, reaches beside the year's reference."""
YOUNGEST: Final = 22
START_AGES: Final = RETIRES_AT - YOUNGEST
START_SERVICE: Final = 12
"""Service at the start is below this, and within the years since 22."""
JOIN_AGES: Final = 23
JOIN_CERTIFICATES: Final = (700, 220, 60, 20)
"""Of a thousand, at the start as in those who come."""
COUNTS: Final = ("bill", "dismissed", "retired", "left", "certified", *GRADES)
"""What is told of each year: fen, people, and certificates among those who are there at its end."""


def pay(step: int, certificate: int) -> int:
    """Return a year's pay without bonus."""
    return BASE[step] + BY_CERTIFICATE[certificate]


def leaves(step: int, certificate: int, year: int) -> Fraction:
    """Return the chance of leaving of one's own accord."""
    return LEAVES[sum(pay(step, certificate) >= band * REFERENCE[year] for band in BANDS)]


class Luck(Protocol):
    """What a life needs to be told: draws in [0, 2**32)."""

    def start(self) -> tuple[int, int, int]:
        """For age, certificate and service at the start."""

    def year(self, holder: int, year: int) -> tuple[int, int, int]:
        """For assessment, leaving and certificate."""

    def comes(self, holder: int, year: int) -> tuple[int, int]:
        """For age and certificate of who comes."""


def a_post(luck: Luck) -> list[dict[str, int]]:
    """Return what a post adds to each year's counts."""
    of_age, of_certificate, of_service = luck.start()
    age = YOUNGEST + (of_age * START_AGES >> 32)
    certificate = _chosen(of_certificate, JOIN_CERTIFICATES)
    service = min(of_service * START_SERVICE >> 32, age - YOUNGEST)
    step, running, failures, holder = service // YEARS_A_STEP, 0, 0, 1
    told = []
    for year in range(YEARS):
        of_grade, of_leaving, of_certificate = luck.year(holder, year)
        grade = _chosen(of_grade, ASSESSED[certificate])
        running = running + 1 if grade == FAIL else 0
        failures += grade == FAIL
        counts = dict.fromkeys(COUNTS, 0)
        counts["bill"] = pay(step, certificate) + BONUS[grade]
        counts[GRADES[grade]] = 1
        age += 1
        if running >= RUNNING or failures >= IN_ALL:
            gone = "dismissed"
        elif age >= RETIRES_AT:
            gone = "retired"
        else:
            gone = "left" if Fraction(of_leaving, 2**32) < leaves(step, certificate, year) else ""
        if gone:
            counts[gone] = 1
            holder += 1
            of_age, of_certificate = luck.comes(holder, year)
            age, certificate = YOUNGEST + (of_age * JOIN_AGES >> 32), _chosen(of_certificate, JOIN_CERTIFICATES)
            step = service = running = failures = 0
        else:
            certificate += Fraction(of_certificate, 2**32) < CERTIFIED[certificate]
            service += 1
            if service % YEARS_A_STEP == 0:
                step = min(step + 1, STEPS - 1)
        counts["certified"] = int(certificate > 0)
        told.append(counts)
    return told


def _chosen(draw: int, weights: Sequence[int]) -> int:
    """Return which of the choices a draw falls on."""
    at = Fraction(draw * sum(weights), 2**32)
    return next(choice for choice in range(len(weights)) if at < sum(weights[: choice + 1]))
