"""Many communities: each by itself, in whatever process."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest

from shequ_core.model.buildings import Building
from shequ_core.planning.grids.layouts import Part, split
from shequ_core.planning.grids.many import Asked, divide_all, worthwhile_jobs
from shequ_core.planning.grids.plan import GridPlan
from shequ_core.values import Span


def communities(count: int, size: int = 12) -> list[Part]:
    """Rows of buildings of 50 to 90 households, 60 metres apart; no two communities are alike."""
    return split(
        [
            Building(
                id=f"{community}-{number}", community=f"229901001{community:03d}",
                households=50 + (7 * number + 13 * community) % 41, x=60.0 * number, y=1000.0 * community,
            )
            for community in range(1, count + 1)
            for number in range(size + community % 3)
        ]
    )


def told(plans: Sequence[GridPlan]) -> list[object]:
    return [(plan.layout.community, dict(plan.grids()), dict(plan.measures), plan.status) for plan in plans]


@pytest.fixture(scope="module")
def parts() -> list[Part]:
    return communities(7)


BOUNDS = Span(300, 500)


def test_plans_come_in_the_order_of_communities_and_with_their_own_bounds(parts: list[Part]) -> None:
    bounds = [Span(300 + place, 500) for place in range(len(parts))]
    plans = divide_all(parts, bounds, Asked())
    assert [plan.layout.community for plan in plans] == [part.community for part in parts]
    assert [plan.bounds for plan in plans] == bounds


def test_the_same_plans_from_one_process_several_and_an_executor_of_ones_own(parts: list[Part]) -> None:
    bounds = [BOUNDS] * len(parts)
    alone = told(divide_all(parts, bounds, Asked()))
    assert told(divide_all(parts, bounds, Asked(), jobs=2)) == alone
    with ThreadPoolExecutor(2) as pool:
        mine: Executor = pool
        assert told(divide_all(parts, bounds, Asked(), executor=mine)) == alone


def test_a_community_hangs_on_no_other(parts: list[Part]) -> None:
    everything = divide_all(parts, [BOUNDS] * len(parts), Asked())
    assert told(divide_all(parts[3:4], [BOUNDS], Asked())) == told(everything[3:4])


def test_progress_ends_with_all(parts: list[Part]) -> None:
    seen: list[tuple[int, int]] = []
    divide_all(parts, [BOUNDS] * len(parts), Asked(), progress=lambda done, of: seen.append((done, of)))
    assert seen == [(done, len(parts)) for done in range(1, len(parts) + 1)]


def test_a_few_communities_are_not_worth_a_process(parts: list[Part]) -> None:
    assert worthwhile_jobs(parts) == 1
    assert worthwhile_jobs(communities(1, 5_000)) == 1
    assert worthwhile_jobs(communities(9, 500)) >= 1
