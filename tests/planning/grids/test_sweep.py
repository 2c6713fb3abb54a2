"""A ground swept from either end: what is found is a division, and with ways enough the best of all that there are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.grids.grounds import HIGH, LOW, counts, ground, held, is_division, row, sets_of, ways, worth

from shequ_core.planning.grids.exact import Cover
from shequ_core.planning.grids.sets import Sets
from shequ_core.planning.grids.sweep import _may_end, swept

GREAT = 10_000
"""More ways than there are on a small ground."""
SIZES = st.sampled_from([(2, 3), (3, 3), (4, 3)])
SEEDS = st.integers(0, 10**6)


@pytest.fixture(scope="module")
def eights() -> list[Sets]:
    """Ten grounds of sixty-four buildings, priced for the fewest grids that their households could make."""
    grounds = [ground(8, 8, seed, estates=0.0) for seed in range(10)]
    return [sets_of(one, fewest(one.total())) for one in grounds]


def fewest(households: int) -> int:
    return -(-households // HIGH)


def divided(eights: list[Sets], more: int, width: int, haste: int, *, back: bool = False) -> set[int]:
    """Say which of the grounds are divided into so many more than the fewest grids."""
    return {
        place for place, sets in enumerate(eights)
        if swept(sets, fewest(sets.ground.total()) + more, width, haste, back=back) is not None
    }  # fmt: skip


@settings(max_examples=40)
@given(
    seed=SEEDS, size=st.sampled_from([(3, 3), (4, 4), (5, 5)]), estates=st.sampled_from([0.0, 1.0]),
    more=st.integers(0, 3), width=st.integers(1, 40), haste=st.sampled_from([0, 4, 64, 1_000]), back=st.booleans(),
)  # fmt: skip
def test_what_is_found_is_a_division_within_bounds(
    seed: int, size: tuple[int, int], estates: float, more: int, width: int, haste: int, *, back: bool
) -> None:
    """Every unit in one grid, every grid in one piece, and so many grids: of whatever width and in whatever haste."""
    one = ground(*size, seed, estates=estates)
    grids = fewest(one.total()) + more
    found = swept(sets_of(one, grids), grids, width, haste, back=back)
    if found is not None:
        assert len(found) == grids
        assert is_division(one, found)
        assert all(LOW <= held(one, mask) <= HIGH for mask in found)


@settings(max_examples=30)
@given(seed=SEEDS, size=SIZES, priced=st.integers(1, 6), back=st.booleans(), split_weight=st.sampled_from([None, 3e6]))
def test_with_ways_enough_the_most_compact_division_is_found(
    seed: int, size: tuple[int, int], priced: int, split_weight: float | None, *, back: bool
) -> None:
    """One is found wherever there is one, for whatever number of grids the prices were made."""
    one = ground(*size, seed, estates=0.0 if split_weight is None else 1.0, split_weight=split_weight)
    sets = sets_of(one, priced)
    for grids in range(1, counts(one).stop + 2):
        all_ways = [worth(one, masks) for masks in ways(one, one.everything, grids)]
        found = swept(sets, grids, GREAT, 0, back=back)
        assert (found is None) == (not all_ways)
        if found is not None:
            assert worth(one, found) == min(all_ways)


@settings(max_examples=30)
@given(seed=SEEDS, size=SIZES, haste=st.integers(1, 1_000), back=st.booleans())
def test_haste_misses_no_division(seed: int, size: tuple[int, int], haste: int, *, back: bool) -> None:
    """Where there are ways enough it is but another order in which they are gone."""
    one = ground(*size, seed, estates=0.0)
    sets = sets_of(one, 3)
    for grids in counts(one):
        there_is_one = any(True for _ in ways(one, one.everything, grids))
        assert (swept(sets, grids, GREAT, haste, back=back) is not None) == there_is_one


@settings(max_examples=30)
@given(seed=SEEDS, size=SIZES, back=st.booleans())
def test_no_division_is_better_in_pieces_and_in_spread(seed: int, size: tuple[int, int], *, back: bool) -> None:
    """Of pieces of estates and spread one may be given for the other, but never for nothing."""
    one = ground(*size, seed, estates=1.0)
    sets = sets_of(one, 3)
    for grids in counts(one):
        found = swept(sets, grids, GREAT, 0, back=back)
        if found is not None:
            _, splits, spread = worth(one, found)
            for masks in ways(one, one.everything, grids):
                _, other_splits, other_spread = worth(one, masks)
                same = (other_splits, other_spread) == (splits, spread)
                assert same or other_splits > splits or other_spread > spread


def test_estates_are_kept_whole_for_a_price() -> None:
    """Where there are estates they are in fewer pieces than in the most compact divisions of the same buildings."""
    kept = compact = 0
    for seed in range(6):
        one, plain = ground(6, 4, seed, estates=1.0), ground(6, 4, seed, estates=0.0)
        grids = one.total() // 400
        found, other = (swept(sets_of(each, grids), grids, 100, 0) for each in (one, plain))
        assert found is not None
        assert other is not None
        assert worth(one, found).splits <= worth(one, other).splits
        kept += int(worth(one, found).splits)
        compact += int(worth(one, other).splits)
    assert kept < 0.9 * compact


@pytest.mark.parametrize("back", [False, True])
def test_there_is_none_where_numbers_forbid(eights: list[Sets], *, back: bool) -> None:
    """A grid less than there are households for, or one more."""
    for sets in eights[:3]:
        total = sets.ground.total()
        assert swept(sets, fewest(total) - 1, 5, 0, back=back) is None
        assert swept(sets, total // LOW + 1, 5, 0, back=back) is None


def test_more_ways_find_more(eights: list[Sets]) -> None:
    """What a sweep is given more ways for."""
    few, many = divided(eights, 1, 1, 64), divided(eights, 1, 20, 64)
    assert len(many) >= len(few) + 2


def test_haste_gets_along_with_fewer_grids(eights: list[Sets]) -> None:
    """Grids that leave no room unused leave no more to the rest than it can hold."""
    slow, fast = divided(eights, 1, 10, 0), divided(eights, 1, 10, 64)
    assert len(fast) >= len(slow) + 2


def test_what_one_end_misses_the_other_finds(eights: list[Sets]) -> None:
    """So it is worth the while to begin at both."""
    front, back = divided(eights, 2, 3, 16), divided(eights, 2, 3, 16, back=True)
    assert front - back
    assert back - front


def test_few_ways_are_enough_where_none_is_lost_to_a_corner(eights: list[Sets]) -> None:
    """A way that cuts off a corner that can't be a grid ends at once, and another takes its place."""
    assert len(divided(eights, 2, 3, 16) | divided(eights, 2, 3, 16, back=True)) >= 8


@pytest.mark.parametrize(
    ("households", "may"),
    [
        pytest.param(0, False, id="nobody lives there"),
        pytest.param(1, False, id="far too few"),
        pytest.param(299, False, id="too few for one grid"),
        pytest.param(300, True, id="enough for one"),
        pytest.param(500, True, id="a full one"),
        pytest.param(501, False, id="too many for one"),
        pytest.param(599, False, id="too few for two"),
        pytest.param(600, True, id="enough for two"),
        pytest.param(1_001, True, id="any number from here on"),
    ],
)
def test_a_corner_that_is_cut_off_must_make_grids(households: int, *, may: bool) -> None:
    """A set out of the midst of a row leaves a corner at each end of it, and one that fails is enough to end a way."""
    corner = (households // 3, households - 2 * (households // 3), households // 3)
    last = (200, 200)
    for one, first in ((row(*corner, *last, 350), 3), (row(350, *last, *corner), 1)):
        cover = Cover(one)
        assert cover.order == sorted(cover.order)
        taken = 3 << first
        assert _may_end(cover, one.everything & ~taken, taken) is may
