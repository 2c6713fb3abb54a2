"""Parts divided anew from the list of all sets: the best of all ways is found, held against trying every one."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.planning.grids.exact import TooManyError
from shequ_core.planning.grids.ground import Ground, ground_of, squared_distances
from shequ_core.planning.grids.layout import Basis, Layout
from shequ_core.planning.grids.masks import connected, mask_of, places
from shequ_core.planning.grids.partition import Merit, Partition
from shequ_core.planning.grids.search import Clock, Search
from shequ_core.planning.grids.sets import Sets

LOW, HIGH = 300, 500
STEPS = 1_000_000
PIECE = 1 << 20


def ground(wide: int, deep: int, seed: int, *, split_weight: float | None = None) -> Ground:
    """Rows of buildings that touch the next in their row and column, some of them of an estate of four."""
    dice = Random(seed)
    at = [(x, y) for y in range(deep) for x in range(wide)]
    edges = [(one, one + 1) for one, (x, _) in enumerate(at) if x < wide - 1]
    edges += [(one, one + wide) for one, (_, y) in enumerate(at) if y < deep - 1]
    layout = Layout(
        ids=tuple(f"{one:04d}" for one in range(len(at))),
        households=np.array([dice.choice((0, 90, 120, 150, 180, 210)) for _ in at], dtype=np.int64),
        estates=np.array([y // 2 * wide + x // 2 if dice.random() < 0.8 else -1 for x, y in at], dtype=np.int64),
        estate_names=tuple(str(one) for one in range(len(at))),
        edges=np.array(sorted(edges), dtype=np.int64),
        basis=Basis.STATED,
        points=np.array([(x * 50.0 + dice.random() * 20, y * 40.0) for x, y in at]),
    )
    return ground_of(layout, squared_distances(layout), np.arange(len(layout)), LOW, HIGH, split_weight=split_weight)


def ways(one: Ground, left: int, grids: int) -> Iterator[list[int]]:
    """Every way to divide some units into so many sets within bounds and in one piece each."""
    if not left or not grids:
        if not left and not grids:
            yield []
        return
    first = left & -left
    others = left ^ first
    some = others
    while True:
        mask = first | some
        if LOW <= sum(one.weights[unit] for unit in places(mask)) <= HIGH and connected(one.near, mask):
            for rest in ways(one, left & ~mask, grids - 1):
                yield [mask, *rest]
        if not some:
            break
        some = (some - 1) & others


def worth(one: Ground, masks: list[int]) -> Merit:
    return Partition(one, masks).merit()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6), wide=st.integers(2, 5), cut=st.integers(0, 6),
    split_weight=st.sampled_from([None, 0.0, 3e6]),
)  # fmt: skip
def test_the_best_of_all_ways_is_found(seed: int, wide: int, cut: int, split_weight: float | None) -> None:
    """A part of a ground is divided as well as by trying all ways; the best itself can't be made better."""
    one = ground(wide, 3, seed, split_weight=split_weight)
    sets = Sets(one, 10**6)
    part = one.everything >> min(cut, len(one) - 4)
    total = sum(one.weights[unit] for unit in places(part))
    for grids in range(max(total // HIGH, 1), total // LOW + 1):
        divided = sorted(ways(one, part, grids), key=lambda masks: worth(one, masks))
        if not divided:
            assert sets.better([part, *[0] * (grids - 1)], Merit(0, 10**3, 1e12), STEPS) is None
            continue
        best, worst = divided[0], divided[-1]
        found = sets.better(worst, worth(one, worst), STEPS)
        assert worth(one, worst if found is None else found) == worth(one, best)
        assert (found is None) == (worth(one, worst) == worth(one, best))
        assert sets.better(best, worth(one, best), STEPS) is None
        assert 0 < sets.spent < 0.1


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), wide=st.integers(3, 4), draws=st.integers(0, 10**6))
def test_any_way_has_the_fewest_pieces(seed: int, wide: int, draws: int) -> None:
    """What is drawn is a division within bounds with as few pieces of estates as any."""
    one = ground(wide, 3, seed)
    total = one.total()
    for grids in range(max(total // HIGH, 1), total // LOW + 1):
        divided = list(ways(one, one.everything, grids))
        if not divided:
            continue
        start = divided[draws % len(divided)]
        found = Sets(one, 10**6).any_way(start, worth(one, start), STEPS, Random(draws))
        assert found is not None
        assert sorted(found) in [sorted(masks) for masks in divided]
        assert worth(one, found).splits == min(worth(one, masks).splits for masks in divided)


def test_all_ways_are_drawn() -> None:
    """Four equal buildings in a square without estates make two grids in two ways, and chance takes both."""
    layout = Layout(
        ids=("1", "2", "3", "4"), households=np.full(4, 200), estates=np.full(4, -1), estate_names=(),
        edges=np.array([(0, 1), (0, 2), (1, 3), (2, 3)]), basis=Basis.STATED,
        points=np.array([(0.0, 0.0), (50.0, 0.0), (0.0, 50.0), (50.0, 50.0)]),
    )  # fmt: skip
    square = ground_of(layout, squared_distances(layout), np.arange(4), LOW, HIGH)
    start = [mask_of([0, 1]), mask_of([2, 3])]
    sets = Sets(square, 100)
    drawn = {tuple(sorted(sets.any_way(start, worth(square, start), STEPS, Random(seed)) or ())) for seed in range(20)}
    assert drawn == {(mask_of([0, 1]), mask_of([2, 3])), (mask_of([0, 2]), mask_of([1, 3]))}


def test_prices_are_as_high_as_may_be() -> None:
    """No set costs less than its units do together, and no unit could be dearer: what the search rests upon."""
    for seed in range(20):
        sets = Sets(ground(6, 6, seed), 10**6)
        for costs in ("pieces", "spread"):
            spare = [float("inf")] * len(sets.order)
            for one in (one for found in sets.beginning for one in found):
                over = getattr(one, costs)
                assert over >= 0
                assert over == int(over)
                for place in places(one.mask):
                    spare[place] = min(spare[place], over)
            assert {left for left in spare if left < float("inf")} == {0}


def test_what_a_set_costs_is_what_a_grid_does() -> None:
    """Above the prices of its units, in pieces as in spread, whether it has few units or many."""
    one = ground(5, 5, 7)
    sets = Sets(one, 10**6)
    for listed in (listed for found in sets.beginning for listed in found):
        inside = places(listed.mask)
        worth_of = worth(one, [mask_of([sets.order[place] for place in inside])])
        assert listed.held == sum(one.weights[sets.order[place]] for place in inside)
        assert listed.spread + sum(sets.spread[place] for place in inside) == worth_of.spread
        assert listed.pieces + sum(sets.pieces[place] for place in inside) == worth_of.splits * PIECE


def test_a_grid_is_about_a_building_of_its_own() -> None:
    """Six around one: five of the six are about the middle one of them, though that in the midst is nearer to all."""
    turns = np.arange(6) * np.pi / 3
    layout = Layout(
        ids=tuple("1234567"), households=np.array([80] * 6 + [10]), estates=np.full(7, -1), estate_names=(),
        edges=np.array([(one, (one + 1) % 6) for one in range(6)] + [(one, 6) for one in range(6)]),
        basis=Basis.STATED, points=np.array([*zip(np.cos(turns) * 50, np.sin(turns) * 50, strict=True), (0.0, 0.0)]),
    )  # fmt: skip
    one = ground_of(layout, squared_distances(layout), np.arange(7), LOW, HIGH)
    sets = Sets(one, 1000)
    five = mask_of(sets.place[unit] for unit in range(5))
    (listed,) = [listed for found in sets.beginning for listed in found if listed.mask == five]
    about = listed.spread + sum(sets.spread[place] for place in places(five))
    assert about == pytest.approx(80 * 8 * 500.0**2, rel=1e-2)
    assert max(len(places(other.mask)) for found in sets.beginning for other in found) == 7


def test_too_many_are_given_up() -> None:
    """Too many sets, or too many steps: the error that tells the search to reach for fewer grids."""
    one = ground(8, 8, 1)
    with pytest.raises(TooManyError):
        Sets(one, 10)
    sets = Sets(one, 10**6)
    with pytest.raises(TooManyError):
        sets.better([mask_of(range(24)), mask_of(range(24, 48)), mask_of(range(48, 64))], Merit(0, 99, 1e12), 3)


@pytest.mark.parametrize("listed", [True, False])
def test_fewer_estates_are_split_with_a_list_and_without(*, listed: bool) -> None:
    """Where there are too many sets for a list, parts are drawn anew by whole estates."""
    better = 0
    for seed in range(12):
        one = ground(6, 6, seed)
        search = Search(one, 3, Random(seed), Clock(), {} if listed else {one: None})
        start = search.found(-(-one.total() // 420))
        if start is None or start.violation():
            continue
        found = search.by_estates(start, 0)
        assert not found.violation()
        assert found.merit() <= start.merit()
        better += found.splits() < start.splits()
    assert better >= 3
