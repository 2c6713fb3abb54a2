"""Parts divided anew from the list of all sets: the best of all ways is found, held against trying every one."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.grids.grounds import HIGH, counts, ground, ground_from, held, sets_of, ways, worth

from shequ_core.planning.grids.exact import Cover, TooManyError
from shequ_core.planning.grids.masks import mask_of, places
from shequ_core.planning.grids.partition import Merit
from shequ_core.planning.grids.search import Clock, Search
from shequ_core.planning.grids.sets import PIECE

STEPS = 1_000_000


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6), wide=st.integers(2, 5), cut=st.integers(0, 6), priced=st.integers(1, 6),
    split_weight=st.sampled_from([None, 0.0, 3e6]),
)  # fmt: skip
def test_the_best_of_all_ways_is_found(
    seed: int, wide: int, cut: int, priced: int, split_weight: float | None
) -> None:
    """A part of a ground is divided as well as by trying all ways; the best itself can't be made better.

    Whatever number of grids the prices were made for.
    """
    one = ground(wide, 3, seed, split_weight=split_weight)
    sets = sets_of(one, priced)
    part = one.everything >> min(cut, len(one) - 4)
    for grids in counts(one, part):
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
    for grids in counts(one):
        divided = list(ways(one, one.everything, grids))
        if not divided:
            continue
        start = divided[draws % len(divided)]
        found = sets_of(one, grids).any_way(start, worth(one, start), STEPS, Random(draws))
        assert found is not None
        assert sorted(found) in [sorted(masks) for masks in divided]
        assert worth(one, found).splits == min(worth(one, masks).splits for masks in divided)


def test_all_ways_are_drawn() -> None:
    """Four equal buildings in a square without estates make two grids in two ways, and chance takes both."""
    edges = [(0, 1), (0, 2), (1, 3), (2, 3)]
    square = ground_from([200] * 4, edges, [(0.0, 0.0), (50.0, 0.0), (0.0, 50.0), (50.0, 50.0)])
    start = [mask_of([0, 1]), mask_of([2, 3])]
    sets = sets_of(square, 2)
    drawn = {tuple(sorted(sets.any_way(start, worth(square, start), STEPS, Random(seed)) or ())) for seed in range(20)}
    assert drawn == {(mask_of([0, 1]), mask_of([2, 3])), (mask_of([0, 2]), mask_of([1, 3]))}


def test_prices_are_as_high_as_may_be() -> None:
    """No set costs less than its units and a grid do together, and no unit could be dearer: the search rests on it."""
    for seed in range(10):
        sets = sets_of(ground(6, 6, seed), 8 + seed % 4)
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
    """Above the prices of its units and of a grid, in pieces as in spread, whether it has few units or many."""
    one = ground(5, 5, 7)
    sets = sets_of(one, 7)
    for listed in (listed for found in sets.beginning for listed in found):
        inside = places(listed.mask)
        mask = mask_of([sets.order[place] for place in inside])
        assert listed.held == held(one, mask)
        assert listed.spread + sets.spread.units[inside].sum() + sets.spread.grid == worth(one, [mask]).spread
        assert listed.pieces + sets.pieces.units[inside].sum() + sets.pieces.grid == worth(one, [mask]).splits * PIECE
        assert listed.part == sets.parts[inside].sum()


def test_a_grid_is_about_a_building_of_its_own() -> None:
    """Six around one: five of the six are about the middle one of them, though that in the midst is nearer to all."""
    turns = np.arange(6) * np.pi / 3
    edges = [(one, (one + 1) % 6) for one in range(6)] + [(one, 6) for one in range(6)]
    points = [*zip(np.cos(turns) * 50, np.sin(turns) * 50, strict=True), (0.0, 0.0)]
    sets = sets_of(ground_from([80] * 6 + [10], edges, points), 1)
    five = mask_of(sets.place[unit] for unit in range(5))
    (listed,) = [listed for found in sets.beginning for listed in found if listed.mask == five]
    about = listed.spread + sets.spread.units[places(five)].sum() + sets.spread.grid
    assert about == pytest.approx(80 * 8 * 500.0**2, rel=1e-2)
    assert max(len(places(other.mask)) for found in sets.beginning for other in found) == 7


def test_too_many_are_given_up() -> None:
    """Too many sets, or too many steps: the error that tells the search to reach for fewer grids."""
    one = ground(8, 8, 1)
    with pytest.raises(TooManyError):
        Cover(one, sets=10)
    sets = sets_of(one, 16)
    with pytest.raises(TooManyError):
        sets.better([mask_of(range(24)), mask_of(range(24, 48)), mask_of(range(48, 64))], Merit(0, 99, 1e12), 3)


def test_sets_are_listed_once_for_each_ground(monkeypatch: pytest.MonkeyPatch) -> None:
    """By whoever asks first, who may have a list already; where they are too many nobody tries again."""
    one, other = ground(5, 5, 3), ground(5, 5, 4)
    search = Search(one, 1, Random(1), Clock())
    cover = Cover(one)
    sets = search.listed_sets(cover)
    assert sets is not None
    assert sets.cover is cover
    assert sets.grids == -(-one.total() // HIGH)
    assert search.listed_sets() is sets
    monkeypatch.setattr("shequ_core.planning.grids.search.LISTED", 1)
    second = Search(other, 1, Random(1), Clock(), search.sets)
    assert second.listed_sets() is None
    monkeypatch.undo()
    assert second.listed_sets() is None
    assert search.listed_sets() is sets


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
