"""What is said over seeds is exact where it can be, and right where it can't."""

from __future__ import annotations

import statistics
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.simulation.luck import SHARES, margin, mean_of, order_statistics, t_quantile, variances

MONEY = st.integers(-(10**13), 10**13)
ROWS = st.integers(1, 12).flatmap(lambda count: st.lists(st.lists(MONEY, min_size=count, max_size=count), min_size=1, max_size=4))


@given(rows=ROWS, far=st.sampled_from([0, 10**15, 2**61]))
@settings(max_examples=60)
def test_variances_are_exact(rows: list[list[int]], far: int) -> None:
    """However large the values: as fractions say."""
    moved = [[one + far * (place % 2) for place, one in enumerate(row)] for row in rows]
    found = variances(np.array(moved, dtype=np.int64))
    assert found == [
        statistics.variance([Fraction(one) for one in row]) if len(row) > 1 else 0 for row in moved
    ]


@given(rows=ROWS)
@settings(max_examples=60)
def test_an_order_statistic_is_the_least_value_that_so_many_seeds_do_not_exceed(rows: list[list[int]]) -> None:
    """A value that occurred, with at least the share of seeds at or below it, and the next lower one has fewer."""
    for row, told in zip(rows, order_statistics(np.array(rows, dtype=np.int64)).tolist(), strict=True):
        for share, value in zip(SHARES, told, strict=True):
            assert value in row
            assert sum(one <= value for one in row) >= share * len(row)
            assert sum(one < value for one in row) < share * len(row)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 10, 29, 99, 100, 999])
@pytest.mark.parametrize("share", [Fraction(39, 40), Fraction(9, 10), Fraction(199, 200)])
def test_quantiles_of_student_are_those_of_scipy(freedom: int, share: Fraction) -> None:
    """Odd and even degrees of freedom, by another library."""
    stats = pytest.importorskip("scipy.stats")
    assert t_quantile(share, freedom) == pytest.approx(stats.t.ppf(float(share), freedom), rel=1e-9)


def test_an_interval_is_that_of_scipy() -> None:
    """Of a mean of paired differences, 95%."""
    stats = pytest.importorskip("scipy.stats")
    values = [3, 1, 4, 1, 5, 9, 2, 6]
    (variance,) = variances(np.array([values]))
    off = margin(variance, len(values))
    assert off is not None
    told = stats.ttest_rel(values, [0] * len(values)).confidence_interval(0.95)
    assert statistics.mean(values) + off == pytest.approx(told.high)
    assert margin(Fraction(0), 1) is None


def test_a_mean_is_told_to_its_hundredth_a_half_upwards() -> None:
    """1/8 is 0.13, and -1/8 is -0.12."""
    assert (mean_of(1, 8), mean_of(-1, 8), mean_of(10, 3)) == (0.13, -0.12, 3.33)
