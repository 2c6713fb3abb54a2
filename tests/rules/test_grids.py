"""Grids by the law's rules: what holds of any bounds, beside the worked cases."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shequ_core.policy.grids import HOUSEHOLDS
from shequ_core.policy.policy import Policy
from shequ_core.rules.grids import Link, households_off, links, missed_by, possible_grids
from shequ_core.tables.columns import TextColumn, ints


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=20))
def test_so_many_grids_are_possible_as_splitting_evenly_shows(jilin: Policy, totals: list[int]) -> None:
    """k grids can hold a total exactly if the total split as evenly as can be lies within bounds."""
    bounds = jilin[HOUSEHOLDS]
    found = possible_grids(ints(totals), jilin)
    for total, fewest, most in zip(totals, found.low.to_list(), found.high.to_list(), strict=True):
        assert fewest is not None
        assert most is not None
        fitting = [k for k in range(1, 20) if bounds.low <= total // k and -(-total // k) <= bounds.high]
        assert fitting == list(range(max(fewest, 1), most + 1))


@given(st.lists(st.integers(0, 2_000), min_size=1, max_size=20))
def test_a_grid_mended_by_what_it_misses_is_within_bounds(jilin: Policy, found: list[int]) -> None:
    mended = ints(found) - missed_by(ints(found), jilin)
    assert not any(missed_by(mended, jilin).to_list())


def test_a_building_whose_community_nobody_said_hangs_by_its_grid() -> None:
    grids, homes = TextColumn.of(["220104001001001"]), TextColumn.of(["220104001001"])
    some = links(TextColumn.of(["220104001001001", None]), TextColumn.of([None, None]), grids, homes)
    assert some.to_list() == [Link.WHOLE, Link.NO_GRID]


def test_with_no_grid_at_all_every_building_hangs_loose() -> None:
    nothing = TextColumn.of([])
    assert links(TextColumn.of(["x"]), TextColumn.of(["y"]), nothing, nothing).to_list() == [Link.UNKNOWN_GRID]
    assert len(households_off(ints(3), TextColumn.of(["x"]), nothing, ints())) == 0
