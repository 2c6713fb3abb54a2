"""Lists of sets, and large communities cut into quarters: what they give is a division, whatever they are given."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.grids.grounds import HIGH, LOW, is_division

from shequ_core.planning.grids.divide import divide_layout
from shequ_core.planning.grids.exact import Cover, TooManyError
from shequ_core.planning.grids.exchange import balance, exchange
from shequ_core.planning.grids.ground import Ground, ground_of, restricted, squared_distances
from shequ_core.planning.grids.layout import Basis, Layout
from shequ_core.planning.grids.masks import holds_together, mask_of, pieces, places
from shequ_core.planning.grids.partition import Partition
from shequ_core.planning.grids.plan import CauseKind, PlanStatus
from shequ_core.planning.grids.quarters import GRIDS, quartered


def lattice(side: int, seed: int, least: int, most: int, *, estates: bool = False) -> Layout:
    """Rows of buildings that touch the next in their row and column."""
    dice = Random(seed)
    at = [(x, y) for y in range(side) for x in range(side)]
    edges = [(one, one + 1) for one, (x, _) in enumerate(at) if x < side - 1]
    edges += [(one, one + side) for one, (_, y) in enumerate(at) if y < side - 1]
    return Layout(
        ids=tuple(f"{one:04d}" for one in range(len(at))),
        households=np.array([dice.randint(least, most) for _ in at], dtype=np.int64),
        estates=np.array([y // 3 * side + x // 3 if estates else -1 for x, y in at], dtype=np.int64),
        estate_names=tuple(str(one) for one in range(side * side)) if estates else (),
        edges=np.array(sorted(edges), dtype=np.int64),
        basis=Basis.STATED,
        points=np.array([(x * 50.0, y * 50.0) for x, y in at]),
    )


def ground(layout: Layout) -> Ground:
    return ground_of(layout, squared_distances(layout), np.arange(len(layout)), LOW, HIGH)


def test_too_many_sets_are_refused_and_not_listed_in_part() -> None:
    with pytest.raises(TooManyError):
        Cover(ground(lattice(9, 1, 20, 60)), sets=1_000)


def test_units_taken_out_keep_their_households_distances_and_neighbours() -> None:
    whole = ground(lattice(6, 3, 20, 60))
    units = np.array([0, 1, 6, 7, 20])
    part = restricted(whole, units)
    assert part.weights == [whole.weights[one] for one in units.tolist()]
    assert (part.far == whole.far[np.ix_(units, units)]).all()
    assert [sorted(units[places(mask)].tolist()) for mask in part.near] == [
        [other for other in units.tolist() if whole.near[one] >> other & 1] for one in units.tolist()
    ]


@settings(max_examples=8)
@given(seed=st.integers(0, 10**6), estates=st.booleans())
def test_quarters_share_buildings_grids_and_room(seed: int, estates: bool) -> None:
    one = ground(lattice(18, seed, 20, 80, estates=estates))
    grids = one.total() // 485 + 1
    found = quartered(one, grids, Random(seed), lambda: False)
    assert found is not None
    assert sorted(unit for units, _ in found for unit in units.tolist()) == list(range(len(one)))
    assert sum(count for _, count in found) == grids
    for units, count in found:
        held = sum(one.weights[unit] for unit in units.tolist())
        assert len(pieces(one.near, mask_of(units.tolist()))) == 1
        assert count * LOW <= held <= count * HIGH
        assert count <= GRIDS or len(found) == 1


def test_a_large_community_has_hardly_more_grids_than_arithmetic_asks_for() -> None:
    plan = divide_layout(lattice(24, 5, 20, 80, estates=True), LOW, HIGH, effort=1)
    assert plan.status is PlanStatus.OK
    assert plan.measures["violation"] == plan.measures["pieces"] == 0
    assert len(plan.codes) <= int(plan.measures["fewest_grids"] or 0) * 1.05 + 1


def test_buildings_of_which_no_two_make_a_grid_have_no_plan() -> None:
    """Not one set of them is within bounds, so the list of sets is empty: that is a proof, and no fault."""
    plan = divide_layout(lattice(5, 1, 260, 280), LOW, HIGH, effort=1)
    assert plan.status is PlanStatus.INFEASIBLE
    assert [one.kind for one in plan.causes] == [CauseKind.LUMP]


@settings(max_examples=50)
@given(seed=st.integers(0, 10**6), mask=st.integers(1, 2**16 - 1), ends=st.integers(1, 2**16 - 1))
def test_a_set_holds_units_together_if_they_lie_in_one_piece_of_it(seed: int, mask: int, ends: int) -> None:
    one = ground(lattice(4, seed, 10, 20))
    ends &= mask
    if ends:
        assert holds_together(one.near, mask, ends) == any(ends & ~piece == 0 for piece in pieces(one.near, mask))


@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), estates=st.booleans(), steps=st.integers(1, 30))
def test_exchanges_keep_grids_whole_and_never_make_a_division_worse(seed: int, estates: bool, steps: int) -> None:
    one = ground(lattice(6, seed, 20, 60, estates=estates))
    masks = [mask_of(range(first, first + 12)) for first in (0, 12, 24)]
    made = Partition(one, masks)
    exchange(made, range(3), steps)
    assert is_division(one, made.masks)
    assert made.merit() <= Partition(one, masks).merit()
    wild = Partition(one, masks)
    balance(wild, range(3), steps, Random(seed))
    assert is_division(one, wild.masks)
    assert wild.merit().excess <= Partition(one, masks).merit().excess


@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), estates=st.booleans())
def test_when_exchanges_end_no_move_of_one_building_is_a_gain(seed: int, estates: bool) -> None:
    one = ground(lattice(6, seed, 20, 60, estates=estates))
    made = Partition(one, [mask_of(range(first, first + 12)) for first in (0, 12, 24)])
    exchange(made, range(3), 1_000)
    best = made.merit()
    for here in range(3):
        for unit in places(made.masks[here]):
            for to in made.beside(here):
                if not one.near[unit] & made.masks[to]:
                    continue
                masks = list(made.masks)
                masks[here] &= ~(1 << unit)
                masks[to] |= 1 << unit
                if masks[here] and is_division(one, masks):
                    after = Partition(one, masks).merit()
                    assert after[:2] >= best[:2]
