"""A division shaken and cooled: whatever happens on the way, what comes back is a division, and no worse within bounds."""

from __future__ import annotations

import decimal
from random import Random

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.planning.grids.grounds import counts, ground, ground_from, is_division, row, ways

from shequ_core.planning.grids.annealing import Heat, annealed
from shequ_core.planning.grids.ground import Ground, contracted
from shequ_core.planning.grids.masks import pieces
from shequ_core.planning.grids.partition import Partition
from shequ_core.planning.grids.trees import random_tree

_HEAT = Heat(rounds=60, hot=4.0, cold=0.2, least=0.2, most=20.0, piece=20.0)


def _never() -> bool:
    return False


def _any_way(one: Ground, grids: int, chance: Random) -> Partition:
    """Cut a random tree anywhere: in one piece each, and mostly out of bounds."""
    tree = random_tree(one, chance)
    roots = {tree[0][0], *chance.sample([unit for unit, _ in tree[1:]], grids - 1)}
    of: dict[int, int] = {}
    for unit, parent in tree:
        of[unit] = unit if unit in roots else of[parent]
    return Partition(one, [sum(1 << unit for unit in of if of[unit] == root) for root in sorted(roots)])


@given(
    seed=st.integers(0, 10**6), wide=st.integers(2, 7), deep=st.integers(2, 5), grids=st.integers(2, 6),
    rounds=st.integers(1, 20), hot=st.sampled_from([0.5, 4.0, 50.0]),
    split_weight=st.sampled_from([None, 0.0, 1e5]), estates=st.sampled_from([0.0, 0.8, 1.0]),
)  # fmt: skip
def test_a_division_stays_one(
    seed: int, wide: int, deep: int, grids: int, rounds: int, hot: float, split_weight: float | None, estates: float
) -> None:
    """Every unit in one grid, each grid in one piece and none empty; the start is left as it was."""
    one = ground(wide, deep, seed, estates=estates, split_weight=split_weight)
    chance = Random(seed)
    start = _any_way(one, min(grids, len(one)), chance)
    before = start.masks[:]
    found = annealed(start, _HEAT._replace(rounds=rounds, hot=hot), chance, _never)
    assert start.masks == before
    assert len(found) == len(start)
    assert all(found.masks)
    assert is_division(one, found.masks)
    if not start.merit().excess:
        assert found.merit() <= start.merit()


@given(seed=st.integers(0, 10**6), estates=st.sampled_from([0.0, 0.8]))
def test_the_same_by_the_same_chance(seed: int, estates: float) -> None:
    one = ground(5, 4, seed, estates=estates)
    start = _any_way(one, 4, Random(seed))
    both = [annealed(start, _HEAT, Random(seed), _never).masks for _ in range(2)]
    assert both[0] == both[1]


def test_the_same_whatever_precision_decimals_have() -> None:
    one = ground(5, 4, 1)
    start = _any_way(one, 4, Random(1))
    usual = annealed(start, _HEAT, Random(1), _never).masks
    with decimal.localcontext(decimal.Context(prec=3)):
        assert annealed(start, _HEAT, Random(1), _never).masks == usual


@pytest.mark.parametrize("split_weight", [None, 2e5])
def test_the_best_of_all_ways(split_weight: float | None) -> None:
    """Twelve units: of ten grounds at least eight times the best of all ways, from starts that miss the bounds."""
    reached = tried = 0
    for seed in range(40):
        one = ground(4, 3, seed, split_weight=split_weight)
        grids = counts(one)[-1]
        every = [Partition(one, masks) for masks in ways(one, one.everything, grids)] if grids > 1 else []
        if not every or tried == 10:
            continue
        tried += 1
        best = min(every, key=Partition.merit).merit()
        start = _any_way(one, grids, Random(seed))
        found = min((annealed(start, _HEAT, Random(turn), _never) for turn in range(3)), key=Partition.merit)
        assert found.merit() >= best
        reached += found.merit() == best
    assert tried == 10
    assert reached >= 8


def test_what_is_too_much_goes_all_the_way() -> None:
    """In a row only the far end has room: every grid between is full, and hands on what it is given."""
    one = row(*[100] * 19)
    start = Partition(one, [0b1111111, 0b11111 << 7, 0b11111 << 12, 0b11 << 17])
    assert start.loads == [700, 500, 500, 200]
    assert annealed(start, _HEAT, Random(1), _never).violation() == 0


def test_one_grid_may_come_to_hold_nearly_all() -> None:
    """Ten far buildings hold two of a cluster each: these go where they belong, whatever the bounds say at first."""
    near, far = 25, 10
    edges = [(one, other) for one in range(near) for other in range(one + 1, near + far)]
    places = [(10.0 * at, 0.0) for at in range(near)] + [(90_000.0 * (at + 1), 0.0) for at in range(far)]
    one = ground_from([100] * near + [300] * far, edges, places)
    pairs = [1 << near + at | 3 << 5 + 2 * at for at in range(far)]
    start = Partition(one, [0b11111, *pairs])
    assert set(start.loads) == {500}
    found = annealed(start, _HEAT._replace(least=1e-9, most=1e-6), Random(1), _never)
    assert is_division(one, start.masks)
    assert is_division(one, found.masks)


def test_whole_estates_are_units_too() -> None:
    one = ground(6, 4, 3, estates=1.0)
    blocks = [piece for kin in sorted(set(one.kin) - {0}) for piece in pieces(one.near, kin)]
    coarse = contracted(one, blocks)
    start = _any_way(coarse, 3, Random(3))
    found = annealed(start, _HEAT, Random(3), _never)
    assert is_division(coarse, found.masks)


def test_a_place_where_all_stand_together() -> None:
    """All distances nought: nothing but the bounds decides."""
    one = ground(5, 4, 7, estates=0.0)
    one = attrs.evolve(one, spread=np.zeros_like(one.spread), far=np.zeros_like(one.far))
    found = annealed(_any_way(one, 5, Random(2)), _HEAT, Random(2), _never)
    assert found.violation() == 0


def test_time_is_up_at_once() -> None:
    one = ground(5, 4, 1)
    start = _any_way(one, 4, Random(1))
    assert annealed(start, _HEAT, Random(1), lambda: True).masks == start.masks


def test_one_grid_or_no_rounds() -> None:
    one = row(100, 200, 150)
    alone = Partition(one, [one.everything])
    assert annealed(alone, _HEAT, Random(1), _never) is alone
    two = Partition(one, [1, 6])
    assert annealed(two, _HEAT._replace(rounds=0), Random(1), _never) is two
