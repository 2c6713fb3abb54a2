"""Cases of the grid benchmark: the same whenever they are made, and what they are said to be."""

from __future__ import annotations

from itertools import islice

import pytest

pytest.importorskip("tools.bench", reason="the benchmark is not shipped with the library")

from tools.bench import grids_cases
from tools.bench.grids import problem_of
from tools.bench.grids_cases import Case, Family
from tools.bench.grids_measure import Problem, measure


@pytest.fixture(scope="module")
def feasible() -> list[Case]:
    return list(grids_cases.feasible())


@pytest.mark.long
def test_there_are_enough_of_each_family(feasible: list[Case]) -> None:
    assert len(feasible) >= 144
    assert {case.family for case in feasible} >= {
        Family.PLAIN, Family.BARRIER, Family.TIGHT, Family.LUMPY, Family.STATED, Family.BOUNDS
    }
    assert all(case.feasible for case in feasible)


@pytest.mark.long
def test_names_and_communities_differ(feasible: list[Case]) -> None:
    for cases in (feasible, list(grids_cases.infeasible()), list(grids_cases.redraws())):
        assert len({case.name for case in cases}) == len({case.digest() for case in cases}) == len(cases)


@pytest.mark.long
def test_cases_are_made_the_same_again(feasible: list[Case]) -> None:
    again = islice(grids_cases.feasible(), 8)
    assert [case.digest() for case in again] == [case.digest() for case in feasible[:8]]


@pytest.mark.long
def test_arithmetic_allows_a_plan_in_every_part(feasible: list[Case]) -> None:
    """What is planted within bounds can be told by sums at least: every part holds some number of grids."""
    for case in feasible:
        problem = problem_of(case)
        assert max(problem.households) <= case.high
        for part in problem.parts():
            total = sum(problem.households[row] for row in part)
            assert -(-total // case.high) <= total // case.low, case.name


@pytest.mark.long
def test_every_cause_is_there() -> None:
    causes = {cause.value for case in grids_cases.infeasible() for cause in case.causes}
    assert causes == {"too_few", "gap", "giant", "island", "alone", "lump"}


def test_a_division_is_measured() -> None:
    """Four buildings in a row, two grids; worked by hand."""
    row = Problem(
        name="row", low=100, high=200, households=[90, 60, 100, 120], estates=[0, 0, 0, -1],
        edges=[(0, 1), (1, 2), (2, 3)], points=[(0, 0), (10, 0), (20, 0), (50, 0)], previous=["a", "a", "b", None],
    )
    good = measure(row, [0, 0, 1, 1])
    assert (good.grids, good.violation, good.pieces, good.splits, good.moved) == (2, 20, 0, 1, 0)
    assert good.compactness == 60 * 100 + 100 * 900
    torn = measure(row, [0, 1, 0, 1])
    assert (torn.violation, torn.pieces, torn.splits) == (0, 2, 1)
    assert torn.moved == 90  # a and b keep 60 and 100 in grids of their own


@pytest.mark.long
def test_redrawing_starts_from_a_division_of_which_some_grids_fit_no_more() -> None:
    cases = list(grids_cases.redraws())
    broken = 0
    for case in cases:
        held = dict.fromkeys(case.layout.previous, 0)
        for code, households in zip(case.layout.previous, case.layout.households.tolist(), strict=True):
            held[code] += households
        broken += any(not case.low <= total <= case.high for code, total in held.items() if code is not None)
    assert broken > len(cases) // 2
