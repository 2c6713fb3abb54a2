"""A cap on time: once it rings, what takes long isn't begun any more, and there is a plan all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.planning.grids import divide, quarters, search
from shequ_core.planning.grids.divide import divide_layout
from shequ_core.planning.grids.ground import squared_distances
from shequ_core.planning.grids.layout import Basis, Layout
from shequ_core.planning.grids.plan import GridPlan, PlanStatus, StoppedBy
from shequ_core.planning.grids.search import Clock

ACROSS, ALONG = 24, 22
"""Enough buildings to be cut in quarters first."""


def town(estates: int = 4) -> Layout:
    """Buildings in rows, in estates of so many columns and rows."""
    count = ACROSS * ALONG
    x, y = np.arange(count) % ACROSS, np.arange(count) // ACROSS
    edges = [(one, one + 1) for one in range(count - 1) if (one + 1) % ACROSS]
    edges += [(one, one + ACROSS) for one in range(count - ACROSS)]
    estate = x // estates + y // estates * (-(-ACROSS // estates))
    points = np.column_stack([x * 40.0, y * 30.0])
    return Layout(
        ids=tuple(str(one) for one in range(count)), households=25 + x * y * 7 % 51, estates=estate,
        estate_names=tuple(map(str, range(int(estate.max()) + 1))), edges=np.array(sorted(edges)),
        basis=Basis.GEOMETRY, points=points, coordinates=points,
    )


@attrs.define
class Counted(Clock):
    """A clock that rings when it is asked for the n-th time, and never for None."""

    rings_at: int | None = None
    asked: int = 0

    def over(self) -> bool:
        self.asked += 1
        self.rang = self.rang or (self.rings_at is not None and self.asked >= self.rings_at)
        return self.rang


SLOW = (
    (search, "cells_of"), (search, "recut"), (search, "best_cut"), (search, "balance"), (divide, "contracted"),
    (quarters, "connected"),
)
"""What takes long in a large community, or is done often."""


@pytest.mark.parametrize("rings_at", [1, 2, 10, 40, 150, 600])
def test_a_clock_that_rang_begins_nothing_that_takes_long(monkeypatch: pytest.MonkeyPatch, rings_at: int) -> None:
    clock = Counted(rings_at=rings_at)
    large: list[str] = []

    def watched(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            if clock.rang and (name != "cells_of" or len(args[1]) * args[2].shape[1] > 4_000):
                large.append(name)
            return real(*args, **kwargs)

        return called

    for module, name in SLOW:
        monkeypatch.setattr(module, name, watched(name, getattr(module, name)))
    plan = divide_layout(town(), 300, 500, clock=clock)
    assert plan.stopped_by is StoppedBy.TIME
    assert len(large) <= 12  # what was begun is ended
    assert not {"contracted", "cells_of"} & set(large)
    assert whole(plan)
    assert plan.status is not PlanStatus.NOT_FOUND or "More time may find one" in str(plan.message)


def whole(plan: GridPlan) -> bool:
    """Whether every building is in a grid in one piece, and the plan says how far it is from the bounds."""
    households = plan.households().values()
    missed = sum(max(one - 500, 300 - one, 0) for one in households)
    return plan.measures["pieces"] == 0 and plan.measures["violation"] == missed and (
        (plan.status is PlanStatus.OK) == (missed == 0)
    )


@pytest.mark.parametrize("rings_at", [1, 30, 200])
@pytest.mark.parametrize("target", [None, 70])
def test_the_same_with_earlier_grids_and_a_target(rings_at: int, target: int | None) -> None:
    layout = town()
    earlier = tuple(f"{one // ACROSS // 3 * 8 + one % ACROSS // 3:03d}" for one in range(len(layout)))
    clock = Counted(rings_at=rings_at)
    plan = divide_layout(attrs.evolve(layout, previous=earlier), 300, 500, target=target, clock=clock)
    assert plan.stopped_by is StoppedBy.TIME
    assert plan.measures["pieces"] == 0
    assert clock.asked < rings_at + 400  # whoever asks ends what he is at


@given(st.integers(1, 12), st.data())
def test_steps_are_counted_as_somebody_walking_would(size: int, data: st.DataObject) -> None:
    """Without points, distances are squared steps along adjacencies; who can't be reached is as far as all of them."""
    place = st.integers(0, size - 1)
    edges = data.draw(st.lists(st.tuples(place, place).filter(lambda pair: pair[0] < pair[1]), unique=True)) if size > 1 else []
    layout = Layout(
        ids=tuple(map(str, range(size))), households=np.ones(size, dtype=np.int64),
        estates=np.full(size, -1), edges=np.array(edges, dtype=np.int64).reshape(-1, 2), basis=Basis.STATED,
    )
    for start, row in enumerate(squared_distances(layout).tolist()):
        steps, queue = {start: 0}, [start]
        for one in queue:
            for other in {b if a == one else a for a, b in edges if one in (a, b)} - steps.keys():
                steps[other] = steps[one] + 1
                queue.append(other)
        assert row == [steps.get(one, size) ** 2 for one in range(size)]
