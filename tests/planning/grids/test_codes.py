"""Codes of grids: a code that an earlier grid had isn't given to another one, whatever became of its buildings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.planning.grids.asking import divide, divide_communities
from shequ_core.planning.grids.codes import unused
from shequ_core.planning.grids.plan import GridPlan
from shequ_core.reports.grids import GridReport, write_report

HERE, THERE = "220702001001", "220702001002"


def code(serial: int, community: str = HERE) -> str:
    return f"{community}{serial:03d}"


def street(numbers: range, community: str = HERE, households: int = 100) -> list[dict[str, object]]:
    return [
        {"id": f"{community[-1]}-{one}", "community": community, "households": households, "x": 50.0 * one, "y": 0.0}
        for one in numbers
    ]


def before(*grids: tuple[int, range]) -> dict[str, str]:
    return {f"{HERE[-1]}-{one}": code(serial) for serial, numbers in grids for one in numbers}


def redrawn(rows: list[dict[str, object]], previous: Mapping[str, object] | GridPlan | Path) -> GridPlan:
    return divide(rows, previous=previous, low=300, high=500)


@given(st.sets(st.integers(0, 999).map(code) | st.integers(0, 9).map(str)), st.integers(1, 1_200))
def test_no_code_comes_twice_and_none_that_is_taken(taken: set[str], count: int) -> None:
    found = list(islice(unused(HERE, taken), count))
    assert len(set(found)) == count
    assert not taken & set(found)
    assert all(one.startswith(HERE) for one in found)


def test_a_grid_whose_buildings_are_all_gone_leaves_its_code_to_nobody() -> None:
    """The highest code too: 003 is gone with its buildings, and the new grid is 004."""
    grids = before((1, range(1, 5)), (2, range(5, 9)), (3, range(9, 13)))
    plan = redrawn([*street(range(1, 9)), *street(range(20, 24))], grids)
    assert plan.codes == (code(1), code(2), code(4))
    assert plan.retired == (code(3),)


def test_where_all_buildings_are_new_no_old_code_comes_back() -> None:
    plan = redrawn(street(range(20, 28)), before((1, range(1, 5)), (2, range(5, 9))))
    assert plan.codes == (code(3), code(4))
    assert plan.retired == (code(1), code(2))


def retiring() -> GridPlan:
    """The second grid's people leave, and it goes into others; then the third one's buildings are pulled down."""
    grids = before((1, range(1, 5)), (2, range(5, 9)), (3, range(9, 13)))
    rows = [*street(range(1, 5)), *street(range(5, 9), households=25), *street(range(9, 13))]
    plan = redrawn(rows, grids)
    assert plan.codes == (code(1), code(3))
    assert plan.retired == (code(2),)
    return redrawn(rows[:8], plan)


def test_a_plan_remembers_codes_that_plans_before_it_retired() -> None:
    plan = retiring()
    assert plan.retired == (code(2), code(3))
    again = redrawn([*street(range(1, 9)), *street(range(20, 24))], plan)
    assert code(4) in again.codes
    assert again.retired == (code(2), code(3))


@pytest.mark.parametrize("suffix", [".json", ".geojson", ".xlsx"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_plan_in_a_file_remembers_them_too(tmp_path: Path, suffix: str, lang: str) -> None:
    out = tmp_path / f"plan{suffix}"
    write_report(GridReport(plans=(retiring(),)), [out], lang=lang, data_lang=lang)
    again = redrawn([*street(range(1, 9)), *street(range(20, 24))], out)
    assert code(4) in again.codes
    assert again.retired == (code(2), code(3))


def test_grids_without_buildings_are_known_from_the_features_of_a_plan(tmp_path: Path) -> None:
    """A map program removed the buildings that were pulled down, and left the grid."""
    plan = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": None, "properties": {"kind": "grid", "grid": code(7)}},
            *(
                {"type": "Feature", "geometry": None, "properties": {"kind": "building", "id": one, "grid": grid}}
                for one, grid in before((1, range(1, 5))).items()
            ),
        ],
    }
    out = tmp_path / "plan.geojson"
    out.write_text(json.dumps(plan), encoding="utf-8")
    again = redrawn([*street(range(1, 5)), *street(range(20, 24))], out)
    assert again.codes == (code(1), code(8))


def test_each_community_remembers_its_own() -> None:
    """Of a table of a whole county somebody divides one community: the others' codes are no business of its plan."""
    previous = {**before((1, range(1, 5)), (2, range(5, 9))), "2-1": code(1, THERE), "9-1": code(5, "220702009001")}
    plans = divide_communities(
        [*street(range(1, 5)), *street(range(1, 5), THERE)], previous=previous, low=300, high=500
    )
    assert plans[HERE].retired == (code(2),)
    assert plans[THERE].retired == ()
    assert plans.retired == (code(2),)
    assert not any("9-1" in str(note) for plan in plans.values() for note in plan.layout.notes)
