"""Prices of units and of grids: what they say of a division is never more than is true, and hardly less."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.planning.grids.grounds import HIGH, counts, ground, row, sets_of, ways, worth

from shequ_core.planning.grids.layout import Floats, Ints
from shequ_core.planning.grids.prices import ONE, Prices, least_parts, priced
from shequ_core.planning.grids.sets import PIECE, Sets

SIZES = st.sampled_from([(2, 3), (3, 3), (4, 3)])
SEEDS = st.integers(0, 10**6)
ESTATES = st.sampled_from([0.0, 0.2, 0.6, 1.0])


def both(sets: Sets) -> Iterator[tuple[Prices, Floats]]:
    """Prices in pieces of estates and in spread, each with what the sets cost."""
    return zip((sets.pieces, sets.spread), sets.cost, strict=True)


def dearest(units: Ints, cost: Floats, of_units: Floats, of_grids: float) -> float:
    """Say how much units and grids cost at most where no set costs less than its own: by linear programming."""
    holds = np.zeros((len(units), len(of_units) + 1))
    np.put_along_axis(holds, units, 1, axis=1)
    holds[:, -1] = 1 if of_grids else 0
    usual = np.median(cost)
    solved = linprog(-np.array([*of_units, of_grids]), A_ub=holds, b_ub=cost / usual, bounds=(None, None))
    assert solved.success
    return float(-solved.fun * usual)


@settings(max_examples=30)
@given(seed=SEEDS, size=SIZES, estates=ESTATES, grids=st.integers(1, 8))
def test_no_set_costs_less_than_its_units_and_a_grid(
    seed: int, size: tuple[int, int], estates: float, grids: int
) -> None:
    """Whatever number of grids there are to be; and all of it in whole numbers, which no machine rounds."""
    sets = sets_of(ground(*size, seed, estates=estates), grids)
    for prices, cost in both(sets):
        over = prices.over(sets.units, cost)
        assert over.min() >= 0
        for more, one, units in zip(over.tolist(), cost.tolist(), sets.units.tolist(), strict=True):
            assert more == one - sum(prices.units[unit] for unit in units) - prices.grid
        for numbers in (over, prices.units, np.array(prices.grid)):
            assert (numbers == np.rint(numbers)).all()
        assert prices.units[-1] == 0  # of no unit


@settings(max_examples=30)
@given(seed=SEEDS, size=SIZES, estates=ESTATES, grids=st.integers(1, 6))
def test_no_division_costs_less_than_its_bound(seed: int, size: tuple[int, int], estates: float, grids: int) -> None:
    """Whatever number of grids the prices were made for, and whatever number there are."""
    one = ground(*size, seed, estates=estates)
    sets = sets_of(one, grids)
    for count in counts(one):
        for merit in (worth(one, masks) for masks in ways(one, one.everything, count)):
            assert sets.spread.bound(count) <= merit.spread
            assert sets.pieces.bound(count) <= merit.splits * PIECE


@pytest.mark.parametrize(("seed", "grids"), [(3, 19), (4, 17), (5, 17), (11, 19)])
def test_a_price_of_grids_brings_the_bound_close(seed: int, grids: int) -> None:
    """Closer by far than any prices of units alone could, and hardly less than the closest there is."""
    sets = sets_of(ground(8, 8, seed), grids)
    each = np.ones(len(sets.order))
    bound = sets.spread.bound(grids)
    assert sets.spread.grid < 0
    assert bound > 1.2 * dearest(sets.units, sets.cost[1], each, 0)
    assert bound > 0.95 * dearest(sets.units, sets.cost[1], each, grids)


def test_prices_are_closest_for_the_number_of_grids_that_they_were_made_for() -> None:
    """Priced anew for more grids, the same sets have prices that are closer for as many, and less close for fewer."""
    sets = sets_of(ground(8, 8, 1), 17)
    few = sets.spread
    sets.price(21)
    many = sets.spread
    assert few.bound(17) > 1.1 * many.bound(17)
    assert many.bound(21) > 1.1 * few.bound(21)
    over = many.over(sets.units, sets.cost[1]).tolist()
    assert [one.spread for found in sets.beginning for one in found] == over
    sets.price(17)
    assert sets.spread.bound(17) == few.bound(17)


@settings(max_examples=20)
@given(seed=SEEDS, size=SIZES)
def test_what_costs_nothing_has_no_price(seed: int, size: tuple[int, int]) -> None:
    """Where there are no estates no piece of one has a price, and neither has a grid."""
    sets = sets_of(ground(*size, seed, estates=0.0), 3)
    assert not sets.pieces.units.any()
    assert sets.pieces.grid == 0


@settings(max_examples=20)
@given(seed=SEEDS, size=SIZES, estates=ESTATES, grids=st.integers(1, 6))
def test_prices_do_not_hang_on_the_order_of_the_list(
    seed: int, size: tuple[int, int], estates: float, grids: int
) -> None:
    """To the last bit, for all sums are of whole numbers."""
    sets = sets_of(ground(*size, seed, estates=estates), grids)
    rows = list(range(len(sets.units)))
    Random(seed).shuffle(rows)
    for prices, cost in both(sets):
        other = priced(sets.units[rows], cost[rows], sets.weights, grids)
        assert other.units.tolist() == prices.units.tolist()
        assert other.grid == prices.grid
    assert least_parts(sets.units[rows], sets.weights).tolist() == sets.parts.tolist()


@settings(max_examples=30)
@given(seed=SEEDS, size=SIZES)
def test_no_set_takes_more_than_a_grid(seed: int, size: tuple[int, int]) -> None:
    """No unit takes less than nothing of one, nor could any take more: a set that it is in takes all of one."""
    sets = sets_of(ground(*size, seed, estates=0.0), 3)
    taken = sets.parts[sets.units].sum(axis=1)
    assert taken.max() <= ONE
    assert sets.parts.min() >= 0
    assert sets.parts[-1] == 0  # of no unit
    for unit in range(len(sets.order)):
        inside = (sets.units == unit).any(axis=1)
        assert not inside.any() or taken[inside].max() == ONE


@settings(max_examples=30)
@given(seed=SEEDS, size=SIZES)
def test_what_is_said_to_be_too_few_grids_is_found_by_no_trying(seed: int, size: tuple[int, int]) -> None:
    """Units take no more of grids than the fewest grids of all divisions."""
    one = ground(*size, seed, estates=0.0)
    sets = sets_of(one, 3)
    for grids in counts(one):
        if any(True for _ in ways(one, one.everything, grids)):
            assert sets.parts.sum() <= grids * ONE
            assert sets.can_make(grids)


@pytest.mark.parametrize("seed", [0, 3, 5, 8])
def test_units_take_nearly_as_much_of_grids_as_can_be_proven(seed: int) -> None:
    """A ground of buildings that don't fill grids: more grids are needed than there are households for."""
    one = ground(8, 8, seed)
    sets = sets_of(one, 18)
    taken = sets.parts.sum() / ONE
    assert taken > 1.04 * one.total() / HIGH
    assert taken > 0.99 * dearest(sets.units, np.ones(len(sets.units)), np.ones(len(sets.order)), 0)


def test_too_few_grids_are_told_before_any_is_made() -> None:
    """Sixteen and a half grids' households that no seventeen grids hold."""
    one = ground(8, 8, 0)
    assert one.total() == 16.5 * HIGH
    sets = sets_of(one, 18)
    assert not sets.can_make(17)
    assert sets.can_make(18)


def test_few_estates_are_priced_too() -> None:
    """Where most sets hold no piece of an estate, so that the usual one costs nothing."""
    sets = sets_of(ground(4, 3, 6, estates=0.2), 3)
    assert np.median(sets.cost[0]) == 0
    assert sets.pieces.over(sets.units, sets.cost[0]).min() == 0
    assert sets.pieces.bound(3) > 0


def test_where_nothing_can_be_a_grid_there_is_an_empty_list() -> None:
    """Each building is too large for a grid."""
    sets = sets_of(row(600, 600, 600), 3)
    assert sets.listed == []
    assert not any(sets.beginning)
