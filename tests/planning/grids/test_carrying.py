"""An excess carried to where there is room: what it needs is found, and nothing else is given up."""

from __future__ import annotations

import random
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core import divide
from shequ_core.model.buildings import Building
from shequ_core.planning.grids.carrying import carry
from shequ_core.planning.grids.ground import Ground, ground_of, squared_distances
from shequ_core.planning.grids.masks import connected, mask_of
from shequ_core.planning.grids.partition import Partition


def _ground(households: Mapping[str, int], touching: str, low: int, high: int) -> Ground:
    """Return the ground of buildings and the pairs of them that touch, written 'a-b c-d'."""
    buildings = [Building(id=one, households=count) for one, count in households.items()]
    pairs = [tuple(pair.split("-")) for pair in touching.split()]
    layout = divide(buildings, [(one, other) for one, other in pairs], low=1, high=10**6).layout
    return ground_of(layout, squared_distances(layout), np.arange(len(layout)), low, high)


def _lattice(wide: int, deep: int, most: int, seed: int, low: int, high: int) -> Ground:
    chance = random.Random(seed)
    buildings = [
        Building(id=str(number), households=chance.randint(1, most), x=50.0 * (number // deep), y=50.0 * (number % deep))
        for number in range(wide * deep)
    ]  # fmt: skip
    layout = divide(buildings, low=1, high=10**6).layout
    return ground_of(layout, squared_distances(layout), np.arange(len(layout)), low, high)


def test_two_go_for_one_that_comes() -> None:
    """A household too much, and no unit nor any two that change places carry over just one: 3 + 3 for 5 do."""
    ground = _ground(
        {"1": 5, "2": 3, "3": 3, "4": 5, "5": 4}, "1-2 1-3 1-4 2-4 3-4 2-5 3-5 4-5", low=1, high=10
    )
    partition = Partition(ground, [mask_of([0, 1, 2]), mask_of([3, 4])])
    assert carry(partition, 10, random.Random(1))
    assert partition.masks == [mask_of([0, 3]), mask_of([1, 2, 4])]


def test_over_a_grid_without_room() -> None:
    """The only room is beyond a full grid: it gets a household too much and hands one on."""
    ground = _ground(
        {"1": 8, "2": 3, "3": 2, "4": 5, "5": 3, "6": 2, "7": 7},
        "1-2 1-3 2-3 2-4 3-4 4-5 4-6 5-6 5-7 6-7", low=1, high=10,
    )  # fmt: skip
    partition = Partition(ground, [mask_of([0, 1]), mask_of([2, 3, 4]), mask_of([5, 6])])
    assert carry(partition, 20, random.Random(1))
    assert partition.loads == [10, 10, 10]


def test_too_little_is_carried_back() -> None:
    ground = _ground({"1": 3, "2": 4, "3": 2, "4": 4}, "1-2 2-3 3-4", low=5, high=10)
    partition = Partition(ground, [mask_of([0]), mask_of([1, 2, 3])])
    assert carry(partition, 10, random.Random(1))
    assert partition.loads == [7, 6]


@pytest.mark.parametrize("looks", [0, 1])
def test_no_more_looks_than_allowed(looks: int) -> None:
    """Over a full grid two exchanges are needed, so one look doesn't do."""
    ground = _ground(
        {"1": 8, "2": 3, "3": 2, "4": 5, "5": 3, "6": 2, "7": 7},
        "1-2 1-3 2-3 2-4 3-4 4-5 4-6 5-6 5-7 6-7", low=1, high=10,
    )  # fmt: skip
    partition = Partition(ground, [mask_of([0, 1]), mask_of([2, 3, 4]), mask_of([5, 6])])
    assert not carry(partition, looks, random.Random(1))


@given(
    seed=st.integers(0, 10**6), wide=st.integers(4, 12), deep=st.integers(1, 5), most=st.sampled_from([4, 20, 60]),
    slack=st.integers(0, 8), alone=st.booleans(),
)  # fmt: skip
def test_never_worse_and_always_whole(seed: int, wide: int, deep: int, most: int, slack: int, alone: bool) -> None:
    """Each unit stays in one grid, each grid in one piece, and no more households are out of bounds than before."""
    plain = _lattice(wide, deep, most, seed, 1, 10**6)
    strips = [mask_of(range(deep * first, deep * min(first + 3, wide))) for first in range(0, wide, 3)]
    mean = plain.total() // len(strips)
    ground = _lattice(wide, deep, most, seed, max(mean - slack, 1), mean + 1 + slack)
    partition = Partition(ground, strips)
    before = partition.violation()
    part = [0, 1] if alone and len(strips) > 2 else None
    reached = carry(partition, 30, random.Random(seed), part)
    assert sum(partition.masks) == ground.everything
    for one, mask in enumerate(partition.masks):
        assert mask
        assert connected(ground.near, mask)
        assert partition.loads[one] == sum(weight for unit, weight in enumerate(ground.weights) if mask >> unit & 1)
    assert partition.violation() <= before
    if part is None:
        assert reached == (not partition.out_of_bounds())
    else:
        assert partition.masks[2:] == strips[2:]
        assert reached == (not {0, 1} & set(partition.out_of_bounds()))


def test_an_excess_neither_goes_to_and_fro_nor_ends_where_it_is_stuck() -> None:
    """No household of room in four grids: 29 of 40 are divided if one of the two is left out, 33 with both."""
    divided = tried = 0
    for seed in range(1, 400):
        total = _lattice(12, 5, 77, seed, 1, 10**6).total()
        if total % 4:
            continue
        ground = _lattice(12, 5, 77, seed, 1, total // 4)
        partition = Partition(ground, [mask_of(range(first, first + 15)) for first in range(0, 60, 15)])
        divided += carry(partition, 60, random.Random(1))
        tried += 1
        if tried == 40:
            break
    assert tried == 40
    assert divided > 30
