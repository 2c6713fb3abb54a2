"""The search on communities too large to try everything: what must hold of any plan, and what one hangs on."""

from __future__ import annotations

import itertools
import json
import math
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shequ_core import GridPlan, divide
from shequ_core.model.buildings import Building
from shequ_core.planning.grids.layout import Basis
from shequ_core.planning.grids.plan import PlanStatus

if TYPE_CHECKING:
    from tests.planning.conftest import Judge

LOW, HIGH = 300, 500


@st.composite
def meadows(draw: st.DrawFn) -> list[Building]:
    """Draw buildings on a jittered lattice, so that what touches is a planar graph of their points."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    wide, deep = draw(st.integers(2, 8)), draw(st.integers(1, 6))
    most = draw(st.sampled_from([60, 130, 260]))
    return [
        Building(
            id=str(number), households=chance.choice([0, *[chance.randint(1, most)] * 9]),
            x=60.0 * east + chance.randint(0, 30), y=60.0 * north + chance.randint(0, 30),
            estate=chance.choice([None, f"E{east // 3}{north // 3}"]),
        )
        for number, (east, north) in enumerate(itertools.product(range(wide), range(deep)))
    ]  # fmt: skip


@st.composite
def tangles(draw: st.DrawFn) -> tuple[list[Building], list[tuple[str, str]]]:
    """Draw buildings without points, and any graph over them: a random tree and some edges across."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    size = draw(st.integers(2, 40))
    most = draw(st.sampled_from([60, 130, 260]))
    buildings = [Building(id=str(number), households=chance.randint(1, most)) for number in range(size)]
    pairs = {(chance.randrange(number), number) for number in range(1, size)}
    pairs |= {tuple(sorted(chance.sample(range(size), 2))) for _ in range(draw(st.integers(0, 2 * size)))}  # type: ignore[misc]  # two each
    return buildings, [(str(one), str(other)) for one, other in sorted(pairs)]


def holds(plan: GridPlan) -> None:
    """Hold a plan to what every plan must be, counted from its layout."""
    layout, grid_of = plan.layout, plan.grid_of.tolist()
    assert sorted(set(grid_of)) == list(range(len(plan.codes)))
    assert len(grid_of) == len(layout.ids)
    loads = [0] * len(plan.codes)
    for grid, households in zip(grid_of, layout.households.tolist(), strict=True):
        loads[grid] += households
    missed = sum(max(load - HIGH, 0) + max(LOW - load, 0) for load in loads)
    assert (missed == 0) == (plan.status is PlanStatus.OK)
    assert missed == plan.measures["violation"]
    assert sorted(plan.households().values()) == sorted(loads)
    assert len(_pieces(layout.edges.tolist(), grid_of)) == len(plan.codes)


def _pieces(edges: Sequence[Sequence[int]], grid_of: Sequence[int]) -> set[int]:
    """Return one building of each piece that hangs together within its grid."""
    root = list(range(len(grid_of)))

    def found(one: int) -> int:
        while root[one] != one:
            one = root[one]
        return one

    for one, other in edges:
        if grid_of[one] == grid_of[other]:
            root[found(one)] = found(other)
    return {found(one) for one in range(len(grid_of))}


@settings(max_examples=25)
@given(meadows())
def test_any_plan_over_points_holds(buildings: list[Building]) -> None:
    assume(any(one.households for one in buildings))
    plan = divide(buildings, low=LOW, high=HIGH, effort=1)
    assert plan.layout.basis is Basis.GEOMETRY
    holds(plan)


@settings(max_examples=25)
@given(tangles())
def test_any_plan_over_any_graph_holds(tangle: tuple[list[Building], list[tuple[str, str]]]) -> None:
    """Without points distances are steps; the plan is judged the same."""
    plan = divide(*tangle, low=LOW, high=HIGH, effort=1)
    assert plan.layout.basis is Basis.STATED
    holds(plan)


@given(data=st.data())
@settings(max_examples=60)
def test_infeasible_is_proven(judge: Judge, data: st.DataObject) -> None:
    """Whatever is called infeasible has no plan within bounds, though everything be tried."""
    case = data.draw(judge.cases(10))
    lived = {one.id for one in case.buildings if one.households}
    assume(all(piece & lived for piece in case.pieces(case.ids)))
    plan = divide(case.buildings, case.pairs, low=case.low, high=case.high, effort=1)
    if plan.status is PlanStatus.INFEASIBLE:
        assert judge.best(case, within=True) is None


# --- a path, where the best can be worked out ---------------------------------------------------------


def fewest(households: Sequence[int]) -> int | None:
    """Return into how few stretches within bounds a row of buildings can be cut, by trying every last cut."""
    best: list[float] = [0, *[math.inf] * len(households)]
    for end in range(1, len(households) + 1):
        for start in range(end):
            if LOW <= sum(households[start:end]) <= HIGH:
                best[end] = min(best[end], best[start] + 1)
    return None if best[-1] == math.inf else int(best[-1])


@settings(max_examples=60)
@given(st.lists(st.integers(0, 240), min_size=1, max_size=30))
def test_without_points_and_adjacencies_the_order_of_ids_is_cut_into_as_few_as_can_be(households: list[int]) -> None:
    assume(sum(households))
    plan = divide(
        [Building(id=str(number), households=found) for number, found in enumerate(households)],
        low=LOW, high=HIGH, effort=1,
    )  # fmt: skip
    assert plan.layout.basis is Basis.ORDER
    assert len(households) == 1 or any("Neither adjacencies nor points" in str(note) for note in plan.layout.notes)
    wanted = fewest(households)
    if wanted is None:
        assert plan.status is not PlanStatus.OK
    else:
        assert plan.status is PlanStatus.OK
        assert len(plan.codes) == wanted
    holds(plan)


def numbers_of_grids(parents: Sequence[int], households: Sequence[int]) -> set[int]:
    """Return into how many connected grids within bounds a tree can be cut; its units come after their parents."""
    open_: list[set[tuple[int, int]]] = [{(0, held)} for held in households]  # closed grids, households of the open one
    for unit in range(len(parents) - 1, 0, -1):
        parent = parents[unit]
        joined = {(k + n, o + p) for k, o in open_[parent] for n, p in open_[unit] if o + p <= HIGH}
        closed = {(k + n + 1, o) for k, o in open_[parent] for n, p in open_[unit] if LOW <= p <= HIGH}
        open_[parent] = joined | closed
    return {closed + 1 for closed, left in open_[0] if LOW <= left <= HIGH}


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_a_tree_is_cut_into_as_few_as_can_be_or_proven_uncuttable(seed: int) -> None:
    """Lanes and corridors: the reach of the parent says how long they are."""
    chance = random.Random(seed)
    size, reach = chance.randint(15, 30), chance.choice([1, 3, 9])
    parents = [0, *(chance.randint(max(0, one - reach), one - 1) for one in range(1, size))]
    most = chance.choice([110, 150, 260])
    households = [chance.choice([20, 60, most]) for _ in range(size)]
    plan = divide(
        [Building(id=str(one), households=held) for one, held in enumerate(households)],
        [(str(parents[one]), str(one)) for one in range(1, size)], low=LOW, high=HIGH, effort=1,
    )  # fmt: skip
    possible = numbers_of_grids(parents, households)
    assert plan.status is (PlanStatus.OK if possible else PlanStatus.INFEASIBLE)
    assert not possible or len(plan.codes) == min(possible)
    holds(plan)


# --- what a plan hangs on -----------------------------------------------------------------------------


def yard(seed: int = 4, size: int = 42) -> list[Building]:
    """Forty-two made-up buildings on a lattice, six a row."""
    chance = random.Random(seed)
    return [
        Building(
            id=f"{number}号楼", households=chance.randint(30, 90), x=50.0 * (number % 6), y=70.0 * (number // 6),
            estate=f"{number // 9}",
        )
        for number in range(size)
    ]  # fmt: skip


def told(plan: GridPlan) -> tuple[Mapping[str, str], Mapping[str, object]]:
    return plan.grids(), dict(plan.measures)


@pytest.fixture(scope="module")
def plain() -> GridPlan:
    return divide(yard(), low=LOW, high=HIGH)


@settings(max_examples=4)
@given(st.permutations(range(42)))
def test_the_order_of_rows_changes_nothing(plain: GridPlan, order: list[int]) -> None:
    buildings = yard()
    assert told(divide([buildings[place] for place in order], low=LOW, high=HIGH)) == told(plain)


def _frame(names: Sequence[str]) -> pyarrow.Table:
    fields = ("id", "households", "x", "y", "estate")
    return pyarrow.table({name: [getattr(one, field) for one in yard()] for name, field in zip(names, fields, strict=True)})


def test_neither_do_the_names_and_the_order_of_columns(plain: GridPlan) -> None:
    chinese = _frame(("楼栋编号", "户数", "横坐标", "纵坐标", "小区"))
    assert told(divide(chinese, low=LOW, high=HIGH)) == told(plain)
    turned = chinese.select(chinese.column_names[::-1])
    assert told(divide(turned, low=LOW, high=HIGH)) == told(plain)


def test_nor_the_hash_seed(plain: GridPlan) -> None:
    code = (
        "import json, sys; from shequ_core import divide\n"
        "plan = divide(json.load(sys.stdin), low=300, high=500); print(json.dumps(dict(plan.grids())))"
    )
    rows = [{"id": one.id, "households": one.households, "x": one.x, "y": one.y, "estate": one.estate} for one in yard()]
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code], input=json.dumps(rows), capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        )  # fmt: skip
        assert json.loads(done.stdout) == plain.grids()


def test_the_same_seed_gives_the_same_plan_and_any_seed_a_good_one(plain: GridPlan) -> None:
    for seed in range(3):
        once, again = (divide(yard(), low=LOW, high=HIGH, seed=seed) for _ in range(2))
        assert told(once) == told(again)
        holds(once)
        assert once.status is PlanStatus.OK
        assert len(once.codes) == len(plain.codes)


def test_more_effort_is_no_worse_here(plain: GridPlan) -> None:
    """The first that differs decides: estates, then compactness."""
    more = divide(yard(), low=LOW, high=HIGH, effort=12)
    assert list(_judged(more)) <= list(_judged(plain))


def _judged(plan: GridPlan) -> Iterator[float]:
    for name in ("violation", "grids", "estate_splits", "compactness"):
        found = plan.measures[name]
        assert found is not None
        yield found


@pytest.mark.parametrize("target", [5, 6, 7])
def test_a_target_is_kept(target: int) -> None:
    plan = divide(yard(), low=LOW, high=HIGH, target=target)
    assert plan.status is PlanStatus.OK
    assert len(plan.codes) == target
    holds(plan)


def test_buildings_that_share_one_point_are_still_divided() -> None:
    """As where every address was set to the community's own."""
    plan = divide([Building(id=str(one), households=60, x=7.0, y=7.0) for one in range(40)], low=LOW, high=HIGH)
    assert plan.status is PlanStatus.OK
    holds(plan)
