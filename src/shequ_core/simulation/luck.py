"""What can be said over seeds: exact sums and order statistics, and intervals for a mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

import numpy as np

from shequ_core.tables.columns import Ints
from shequ_core.values import round_half_up

SURE: Final = Fraction(19, 20)
"""How sure intervals are: the usual 95%."""

SHARES: Final = (Fraction(1, 20), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(19, 20))
"""The order statistics that are told: the middle, and the ends of the middle 50% and 90%."""

_HUNDREDTHS: Final = 100
_HALVINGS: Final = 80
_LOW_BITS: Final = 20
_SQUARED: Final = 2**44
"""Deviations below it are squared in two parts, each of which keeps within int64 over `_FEW` seeds."""
_FEW: Final = 2**13


def order_statistics(values: Ints, shares: Sequence[Fraction] = SHARES) -> Ints:
    """Return for each row the least of its values that so large a share of them doesn't exceed; shares in columns."""
    count = values.shape[1]
    places = [max(-(-share.numerator * count // share.denominator) - 1, 0) for share in shares]
    return np.sort(values, axis=1)[:, places]


def variances(values: Ints) -> list[Fraction]:
    """Return the variance of each row as the sample's estimate (over n - 1), exactly; nothing varies in one value."""
    rows, count = values.shape
    if count < 2:
        return [Fraction(0)] * rows
    off = values - values[:, :1]
    if count <= _FEW and (not off.size or int(np.abs(off).max()) < _SQUARED):
        sums = off.sum(axis=1).tolist()
        high, low = off >> _LOW_BITS, off & ((1 << _LOW_BITS) - 1)
        parts = [(one * other).sum(axis=1).tolist() for one, other in ((high, high), (high, low), (low, low))]
        squares = [
            (first << 2 * _LOW_BITS) + (both << _LOW_BITS + 1) + last
            for first, both, last in zip(*parts, strict=True)
        ]
    else:
        whole = values.tolist()
        sums = [sum(row) for row in whole]
        squares = [sum(one * one for one in row) for row in whole]
    return [
        Fraction(count * square - total * total, count * (count - 1))
        for square, total in zip(squares, sums, strict=True)
    ]


def mean_of(total: int, count: int) -> float:
    """Return a mean to the hundredth of its unit, a half upwards."""
    return round_half_up(_HUNDREDTHS * total, count) / _HUNDREDTHS


def margin(variance: Fraction, count: int) -> float | None:
    """Return how far the mean of so many seeds may be off, 95% sure, by Student's t; None for a single one."""
    if count < 2:
        return None
    return t_quantile((1 + SURE) / 2, count - 1) * math.sqrt(variance / count)


def hundredths(value: float) -> float:
    """Return a number to its hundredth: what is told of an estimate is the same on any machine."""
    return round(value * _HUNDREDTHS) / _HUNDREDTHS


@lru_cache
def t_quantile(share: Fraction, freedom: int) -> float:
    """Return the quantile of Student's t for whole degrees of freedom, a share of at least a half.

    Its distribution is a finite sum then (Abramowitz and Stegun, 26.7.3 and 26.7.4); where that comes to the share is
    found by halving.
    """
    wanted = float(2 * share - 1)
    low, high = 0.0, math.pi / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _within(middle, freedom) < wanted:
            low = middle
        else:
            high = middle
    return math.tan(low) * math.sqrt(freedom)


def _within(angle: float, freedom: int) -> float:
    """Return the chance that t lies within tan(angle) times the root of the degrees of freedom."""
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = 0.0
    for step in range(1 + odd, freedom, 2):
        total += term
        term *= cosine * cosine * step / (step + 1)
    return 2 / math.pi * (angle + sine * total) if odd else sine * total
