"""A scenario at many points: each is what it would be alone, and indices are right where they are known."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core import Between, MadeUp, Scenario, Sweep, sweep
from shequ_core.errors import InputError, MissingExtraError, ScenarioError
from shequ_core.simulation.behaviours.civil_service import CivilServiceRecruitment
from shequ_core.simulation.compare import changed_scenario
from shequ_core.simulation.estimates import Per
from shequ_core.simulation.runs.run import Ran
from shequ_core.simulation.scenario import check_scenario
from shequ_core.simulation.sweep import places_of, sobol_of

BASE = Scenario(place="220421", years=range(2024, 2026), seeds=(1, 2), start=MadeUp(2024), assume=True)
SHARE = Between("1/100", "1/10")


@pytest.fixture(scope="module")
def grid() -> Sweep:
    """Two parameters, one of a policy and one of a behaviour."""
    return sweep(BASE, {"exits.failed_running": [1, 2], "civil_service.share": SHARE}, n=2)


def test_a_grid_has_all_values_of_one_with_all_of_the_other(grid: Sweep) -> None:
    """In order, each exact."""
    told = [(row.point, row.parameter, row.value) for row in grid.points]
    assert told == [
        ("p1", "exits.failed_running", "1"), ("p1", "civil_service.share", "1/100"),
        ("p2", "exits.failed_running", "1"), ("p2", "civil_service.share", "1/10"),
        ("p3", "exits.failed_running", "2"), ("p3", "civil_service.share", "1/100"),
        ("p4", "exits.failed_running", "2"), ("p4", "civil_service.share", "1/10"),
    ]  # fmt: skip


def test_a_point_is_what_its_scenario_is_alone(grid: Sweep) -> None:
    """The last one: the policy as it is, and another behaviour."""
    scenario = changed_scenario(BASE, CivilServiceRecruitment(share=Fraction(1, 10)))
    ready = check_scenario(scenario).ready
    alone = ready.result([ready.run(counties, some) for counties, some in ready.units()])
    pers: tuple[tuple[Per, ...], ...] = (("year",), ())
    for per in pers:
        for row in alone.estimates(per=per, measures=("cost", "total", "held"), by=()):
            assert attrs.evolve(row, variant="p4") in list(grid.estimates)


def test_indices_of_a_grid_are_its_main_effects(grid: Sweep) -> None:
    """Of two factors with two values each the classical decomposition of variance."""
    cost = {row.variant: row.sum for row in grid.estimates if (row.measure, row.year) == ("cost", None)}
    values = np.array([[cost["p1"], cost["p2"]], [cost["p3"], cost["p4"]]], dtype=float)
    first, second = grid.indices()
    assert first.first == pytest.approx(values.mean(axis=1).var() / values.var(), abs=1e-4)
    assert second.first == pytest.approx(values.mean(axis=0).var() / values.var(), abs=1e-4)
    assert first.total is None
    assert "synthetic" in str(first.marks)


def test_the_frame_has_a_column_for_each_parameter(grid: Sweep) -> None:
    """Numbers, so that they can be drawn."""
    frame = grid.to_frame()
    assert set(frame["civil_service.share"]) == {0.01, 0.1}
    assert len(frame) == len(grid.estimates)
    assert "2 seeds each" in str(grid)
    assert grid._repr_html_().count("<tr>") == 1 + 4


def test_sobols_indices_are_right_where_they_are_known() -> None:
    """Of a sum of independent uniform parameters each has the part of its squared weight; alone and in all."""
    pytest.importorskip("scipy")
    weights = np.array([4.0, 2.0, 1.0, 0.0])
    outcomes = places_of("sobol", 1024, len(weights), 1) @ weights
    told = list(sobol_of(outcomes, len(weights)))
    for (first, total), weight in zip(told, weights.tolist(), strict=True):
        assert first == pytest.approx(weight**2 / 21, abs=0.02)
        assert total == pytest.approx(weight**2 / 21, abs=0.02)


def test_sobols_total_index_tells_what_parameters_do_together() -> None:
    """Of the product of two centred parameters nothing is either's own, all is both's."""
    pytest.importorskip("scipy")
    places = places_of("sobol", 2048, 2, 1)
    for first, total in sobol_of((places[:, 0] - 0.5) * (places[:, 1] - 0.5), 2):
        assert first == pytest.approx(0, abs=0.06)
        assert total == pytest.approx(1, abs=0.06)


def test_a_sweep_by_sobol_finds_what_decides() -> None:
    """The coefficient of the place costs; of which sex newcomers are doesn't, in their first year."""
    pytest.importorskip("scipy")
    axes = {"pay.local_coefficient": Between("7/10", "9/10"), "hiring.women": Between("1/4", "3/4")}
    told = sweep(BASE, axes, method="sobol", n=4, years=1, seeds=1)
    coefficient, women = told.indices("total")
    assert (women.first, women.total) == (0, 0)
    assert coefficient.total is not None
    assert coefficient.total > 0


def test_a_hypercube_tries_each_part_of_each_range_once() -> None:
    """As Latin squares do."""
    pytest.importorskip("scipy")
    places = places_of("latin", 10, 3, 1)
    for column in (places * 10).astype(int).T:
        assert sorted(column.tolist()) == list(range(10))
    assert (places_of("latin", 10, 3, 1) == places).all()
    assert (places_of("latin", 10, 3, 2) != places).any()


@given(
    low=st.fractions(0, 5, max_denominator=50), width=st.fractions(Fraction(1, 50), 5, max_denominator=50),
    place=st.floats(0, 1, exclude_max=True),
)  # fmt: skip
def test_a_range_gives_exact_values_inside_it(low: Fraction, width: Fraction, place: float) -> None:
    """Whole numbers of a range of whole numbers, both ends among them; fractions otherwise."""
    axis = Between(low, low + width)
    value = axis.at(place)
    assert low <= value <= low + width
    assert isinstance(value, int) == axis.whole
    spaced = axis.spaced(3)
    assert (spaced[0], spaced[-1]) == (low, low + width)
    assert spaced == sorted(set(spaced))


def test_points_are_written_and_read_the_same(tmp_path: Path, grid: Sweep) -> None:
    """A part for each, with a manifest; the same once more where it is gone on with."""
    axes: dict[str, Any] = {"exits.failed_running": [1, 2], "civil_service.share": SHARE}
    written = sweep(BASE, axes, n=2, out=tmp_path / "swept")
    assert written.estimates.same_as(grid.estimates)
    ran = Ran.open(tmp_path / "swept")
    assert ran.manifest.header.about["points"] == [[1, "1/100"], [1, "1/10"], [2, "1/100"], [2, "1/10"]]
    assert "assumption" in str(ran.manifest.header.about["marks"])


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({}, "at least one parameter"),
        ({"exits.faild_running": [1]}, "Nearest names: exits.failed_running"),
        ({"civil_service.shares": [1]}, "Nearest names: civil_service.share"),
        ({"civil_service.share": ["x"]}, "exact fraction"),
        ({"exits.failed_running": []}, "has no values"),
    ],
)
def test_parameters_that_cannot_be_are_refused(parameters: dict[str, Any], told: str) -> None:
    """With the nearest names."""
    with pytest.raises(ScenarioError, match=told):
        sweep(BASE, parameters)


def test_points_that_cannot_be_are_refused(grid: Sweep) -> None:
    """Before anything runs."""
    with pytest.raises(InputError, match="outside what 22 allows"):
        sweep(BASE, {"exits.failed_running": [1, 9]})
    with pytest.raises(ScenarioError, match="power of two"):
        places_of("sobol", 6, 1, 1)
    with pytest.raises(ScenarioError, match="lower number"):
        Between(2, 1)
    with pytest.raises(ScenarioError, match="not among the outcomes"):
        grid.indices("left")
    with pytest.raises(ScenarioError, match="Sobol"):
        attrs.evolve(grid, method="latin").indices()


def test_a_missing_library_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which extra to install."""
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    with pytest.raises(MissingExtraError, match=r"shequ-core\[stats\]"):
        sweep(BASE, {"civil_service.share": SHARE}, method="latin", n=2)


@pytest.mark.parametrize("count", [2, 3])
def test_sobols_indices_are_those_of_the_published_estimators(count: int) -> None:
    """Oracle: Saltelli and others 2010 for the first order, Jansen 1999 for the total, point by point in fractions.

    SALib, whose estimators these are too, said the same of these points to the fourth digit when it was asked.
    """
    size = 128
    places = places_of("sobol", size, count, 3)
    outcomes = np.round(1_000 * (np.sin(6 * places).sum(axis=1) + 3 * places.prod(axis=1)))
    one, other, *mixed = [[Fraction(int(value)) for value in part] for part in outcomes.reshape(count + 2, size)]
    both = one + other
    mean = sum(both) / len(both)
    variance = sum((value - mean) ** 2 for value in both) / len(both)
    for part, told in zip(mixed, sobol_of(outcomes, count), strict=True):
        first = sum((b - mean) * (ab - a) for a, b, ab in zip(one, other, part, strict=True)) / size / variance
        total = sum((a - ab) ** 2 for a, ab in zip(one, part, strict=True)) / (2 * size) / variance
        assert told == pytest.approx((float(first), float(total)), abs=1e-4)
