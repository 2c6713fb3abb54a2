"""`shequ grids`: whose bounds hold, what is written where, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result

from shequ_core.errors import msg
from shequ_core.population.buildings import made_up_buildings, tables_of

Run = Callable[..., Result]

CODE = "229901001001"
"""A community of Baihua, the made-up city."""
HEAD = "id,community,households,estate,lon,lat"
ROW = [
    f"1,{CODE},120,Garden,125.3000,43.9",
    f"2,{CODE},200,Garden,125.3010,43.9",
    f"3,{CODE},150,Harbour,125.3020,43.9",
    f"4,{CODE},190,Harbour,125.3030,43.9",
]
"""Four buildings in a row: within 300 to 500 they can only be cut in the middle."""


def table(folder: Path, *rows: str, head: str = HEAD, name: str = "buildings.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def given(out: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return data


@pytest.fixture
def row(tmp_path: Path) -> Path:
    return table(tmp_path, *ROW)


def test_a_plan_within_bounds_is_written_in_every_form(run: Run, row: Path, tmp_path: Path) -> None:
    outs = [tmp_path / f"plan{suffix}" for suffix in (".json", ".geojson", ".xlsx", ".html", ".png")]
    words = [word for out in outs for word in ("--out", out)]
    done = run("grids", row, "--low", 300, "--high", 500, *words, "--lang", "en")
    assert done.exit_code == 0, done.output
    data = given(outs[0])
    assert data["status"] == "ok"
    west, east = f"{CODE}001", f"{CODE}002"
    assert data["grids"] == {"1": west, "2": west, "3": east, "4": east}
    assert {one["properties"]["kind"] for one in given(outs[1])["features"]} == {"grid", "building"}
    assert all(out.stat().st_size for out in outs)
    assert "Bounds as given: 300 to 500 households a grid" in done.output
    assert f"{west}: 320 households, 2 buildings, Garden" in done.output


def test_the_places_bounds_hold_and_who_set_them_is_told(run: Run, row: Path, tmp_path: Path) -> None:
    done = run("grids", row, "--place", 22, "--out", tmp_path / "plan.json", "--lang", "en", "--on", "2022-07-01")
    assert done.exit_code == 0, done.output
    assert "(JLG2.3.2a), issued" in done.output
    data = given(tmp_path / "plan.json")
    assert data["bounds"] == {"low": 300, "high": 500}
    assert (data["measures"]["workers"], data["measures"]["auxiliary_police"]) == (2, 2)
    assert [law["place"] for law in data["policies"].values()] == ["22"]


def test_without_a_place_each_communitys_own_bounds_hold(run: Run, row: Path, tmp_path: Path) -> None:
    """Changchun's 400 to 700, which conflict with the province's 300 to 500, and are told so; Songyuan has none."""
    here, there = "220104001001", "220702001001"
    rows = [line.replace(CODE, here) for line in ROW] + [f"s{line.replace(CODE, there)}" for line in ROW]
    out = tmp_path / "plan.json"
    done = run("grids", table(tmp_path, *rows), "--out", out, "--lang", "en", "--on", "2022-07-01")
    assert done.exit_code == 0, done.output
    found = given(out)["communities"]
    assert found[here]["bounds"] == {"low": 400, "high": 700}
    assert found[there]["bounds"] == {"low": 300, "high": 500}
    assert len(given(out)["grids"]) == 8
    assert "! conflict with 吉林省 (JLG2.3.2a)" in done.output
    assert "2 communities, 3 grids: 2 within bounds" in done.output


def test_too_few_households_end_with_1_and_a_cause(run: Run, tmp_path: Path) -> None:
    path, out = table(tmp_path, ROW[0], f"2,{CODE},130,Garden,125.3010,43.9"), tmp_path / "plan.json"
    done = run("grids", path, "--low", 300, "--high", 500, "--out", out, "--out", tmp_path / "p.html", "--lang", "en")
    assert done.exit_code == 1, done.output
    data = given(out)
    assert data["status"] == "infeasible"
    assert [one["kind"] for one in data["causes"]] == ["too_few"]
    assert set(data["grids"]) == {"1", "2"}
    assert "What would help" in done.output
    assert "What would help" in (tmp_path / "p.html").read_text(encoding="utf-8")


def test_bad_input_is_told_in_json_alone_and_ends_with_2(run: Run, tmp_path: Path) -> None:
    path = table(tmp_path, ROW[0], f"1,{CODE},-5,Garden,125.3010,43.9")
    outs = [tmp_path / "plan.json", tmp_path / "plan.xlsx", tmp_path / "plan.html"]
    done = run("grids", path, "--low", 300, "--high", 500, *(word for out in outs for word in ("--out", out)))
    assert done.exit_code == 2
    data = given(outs[0])
    assert (data["status"], data["grids"], data["measures"]) == ("invalid", {}, {})
    assert any("buildings.csv, row 3" in one for one in data["errors"])
    assert not outs[1].exists()
    assert not outs[2].exists()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        pytest.param(("--low", 500, "--high", 300), "low above high", id="low above high"),
        pytest.param(("--low", 0, "--high", 300), "at least one household", id="low below one"),
        pytest.param(("--low", 300), "high is missing", id="one bound alone"),
        pytest.param(("--place", "22", "--low", 300, "--high", 500), "brings its own bounds", id="both"),
        pytest.param(("--place", "白华"), "There is no place", id="no such place"),
    ],
)
def test_bounds_that_cant_be_used(run: Run, row: Path, tmp_path: Path, words: tuple[object, ...], wanted: str) -> None:
    done = run("grids", row, *words, "--out", tmp_path / "plan.json", "--lang", "en")
    assert done.exit_code == 2
    assert wanted in done.output
    data = given(tmp_path / "plan.json")
    assert data["status"] == "invalid"
    assert wanted in " ".join(data["errors"])


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        pytest.param(("--target", 0), "target is at least 1, not 0", id="target"),
        pytest.param(("--effort", -3), "effort is at least 1, not -3", id="effort"),
        pytest.param(("--seed", -1), "seed is at least 0, not -1", id="seed"),
        pytest.param(("--seconds", "nan"), "seconds is more than 0, not nan", id="seconds"),
        pytest.param(("--jobs", 0), "jobs is at least 1, not 0", id="jobs"),
    ],
)
def test_numbers_that_cant_be_are_told_in_json_too(
    run: Run, row: Path, tmp_path: Path, words: tuple[object, ...], wanted: str
) -> None:
    done = run("grids", row, "--low", 300, "--high", 500, *words, "--out", tmp_path / "plan.json", "--lang", "en")
    assert done.exit_code == 2
    assert wanted in done.output
    data = given(tmp_path / "plan.json")
    assert (data["status"], data["grids"]) == ("invalid", {})
    assert wanted in " ".join(data["errors"])


HEAD_OF_PLANE = "id,households,x,y"


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        pytest.param(("1,１００,0,0",), "row 2, column households: the cell holds full-width digits", id="full-width"),
        pytest.param(("1,100.5,0,0",), "row 2, column households: a whole number is wanted", id="fractional"),
        pytest.param(("1,many,0,0",), "row 2, column households: a whole number is wanted", id="textual"),
        pytest.param((",100,0,0",), "row 2, column id: the cell is empty", id="empty id"),
        pytest.param(("1,5,0,0", "1,5,9,0"), "row 3, column id: the building 1 stands in row 2 too", id="twice"),
        pytest.param((), "there are no buildings", id="none"),
        pytest.param((f"1,{10**12},0,0",), "1 has more households than any building", id="huge"),
        pytest.param((f"1,{10**19},0,0",), "row 2, column households: the number is too large", id="beyond all"),
        pytest.param(("1,5,1e300,0",), "row 2, column x: a coordinate is wanted", id="nowhere on earth"),
        pytest.param(
            tuple(f"{one},90,{125.3 + one / 1000},43.9" for one in range(4)), "these are degrees; name the columns",
            id="degrees as metres",
        ),
    ],
)  # fmt: skip
def test_bad_buildings_name_row_or_building_and_make_no_plan(
    run: Run, tmp_path: Path, rows: tuple[str, ...], wanted: str
) -> None:
    path, out = table(tmp_path, *rows, head=HEAD_OF_PLANE), tmp_path / "plan.json"
    done = run("grids", path, "--low", 300, "--high", 500, "--out", out, "--lang", "en")
    assert done.exit_code == 2
    assert wanted in done.output
    assert (given(out)["status"], given(out)["grids"]) == ("invalid", {})
    assert "Traceback" not in done.output


def test_ids_may_be_anything_that_people_write(run: Run, tmp_path: Path) -> None:
    ids = ["a b", "楼 1", "🏠", '"q"', "=cmd|' /C calc'!A0", "'x", "-1", "<script>alert(1)</script>"]
    quoted = [f'"{one.replace(chr(34), chr(34) * 2)}",120,{40 * place},0' for place, one in enumerate(ids)]
    path = table(tmp_path, *quoted, head=HEAD_OF_PLANE)
    outs = [tmp_path / f"plan{suffix}" for suffix in (".json", ".xlsx", ".html")]
    words = [word for out in outs for word in ("--out", out)]
    done = run("grids", path, "--low", 300, "--high", 500, *words)
    assert done.exit_code == 0, done.output
    assert set(given(outs[0])["grids"]) == set(ids)
    assert "<script>alert" not in outs[2].read_text(encoding="utf-8")


def test_whose_bounds_hold_has_to_be_known(run: Run, tmp_path: Path) -> None:
    path = table(tmp_path, *(line.replace(CODE, "") for line in ROW))
    done = run("grids", path, "--out", tmp_path / "plan.json", "--lang", "en")
    assert done.exit_code == 2
    assert "name a place, give low and high" in done.output


def test_an_input_is_never_written_over(run: Run, tmp_path: Path) -> None:
    path = table(tmp_path, *ROW, name="plan.json")
    before = path.read_bytes()
    done = run("grids", path, "--low", 300, "--high", 500, "--out", path, "--lang", "en")
    assert done.exit_code == 2
    assert "is an input" in done.output
    assert path.read_bytes() == before


def test_a_suffix_that_is_none_of_ours(run: Run, row: Path, tmp_path: Path) -> None:
    done = run("grids", row, "--low", 300, "--high", 500, "--out", tmp_path / "plan.pdf", "--lang", "en")
    assert done.exit_code == 2
    assert "let it end in .json, .geojson, .xlsx, .html, .png" in done.output


def test_the_same_bytes_whatever_the_order_of_rows_and_the_number_of_processes(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    bounds = ("--low", 300, "--high", 500)
    other = [f"s{line.replace(CODE, '229901001002')}" for line in ROW]
    run("grids", table(tmp_path, *ROW, *other), *bounds, "--out", first, "--jobs", 1)
    run("grids", table(tmp_path, *reversed([*ROW, *other])), *bounds, "--out", second, "--jobs", 2)
    assert first.read_bytes() == second.read_bytes()


def test_what_is_printed_as_json_is_what_is_written(run: Run, row: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    done = run("grids", row, "--low", 300, "--high", 500, "--out", out, "--json")
    assert done.stdout == out.read_text(encoding="utf-8")
    done = run("grids", table(tmp_path, f"1,{CODE},-5,Garden,125.3010,43.9"), "--low", 300, "--high", 500, "--out", out, "--json")
    assert (done.exit_code, json.loads(done.stdout)["status"]) == (2, "invalid")
    assert done.stdout == out.read_text(encoding="utf-8")


def test_an_answer_without_grids_is_no_earlier_plan(run: Run, tmp_path: Path) -> None:
    """Or all would be drawn afresh, and who moves would not be told."""
    out = tmp_path / "plan.json"
    run("grids", table(tmp_path, f"1,{CODE},-5,Garden,125.3010,43.9"), "--low", 300, "--high", 500, "--out", out)
    done = run(
        "grids", table(tmp_path, *ROW), "--low", 300, "--high", 500, "--previous", out, "--out", tmp_path / "next.json",
        "--lang", "en",
    )
    assert done.exit_code == 2
    assert "plan.json: this answer says what was wrong with its input and holds no grids" in done.stderr


def test_a_plan_of_ours_is_the_earlier_grids_of_the_next(run: Run, row: Path, tmp_path: Path) -> None:
    bounds, out = ("--low", 300, "--high", 500), tmp_path / "plan.json"
    run("grids", row, *bounds, "--out", out)
    done = run("grids", row, *bounds, "--previous", out, "--out", tmp_path / "next.json", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert given(tmp_path / "next.json")["grids"] == given(out)["grids"]
    assert given(tmp_path / "next.json")["moves"] == []
    assert "0 buildings with 0 households change their grid" in done.output


def test_help_is_there_in_both_languages(run: Run) -> None:
    assert "Divide the buildings of communities" in " ".join(run("grids", "--lang", "en", "--help").output.split())
    assert "社区楼栋" in run("grids", "--lang", "zh", "--help").output


def test_the_least_staff_takes_the_fewest_grids(run: Run, row: Path, tmp_path: Path) -> None:
    """Every grid takes the same staff (JLG2.3.2a), so asking for the least staff is asking for the fewest grids."""
    bounds, outs = ("--low", 300, "--high", 500), (tmp_path / "fewest.json", tmp_path / "staff.json")
    run("grids", row, *bounds, "--out", outs[0])
    run("grids", row, *bounds, "--target", "staff", "--out", outs[1])
    assert outs[0].read_bytes() == outs[1].read_bytes()
    done = run("grids", row, *bounds, "--target", "few", "--out", outs[1], "--lang", "en")
    assert done.exit_code == 2
    assert "write a whole number, or staff, not few" in done.output


def test_a_split_estate_is_weighed_against_compactness(run: Run, tmp_path: Path) -> None:
    """Two estates that lie across each other: whole they reach far, and weighed at nothing they are split."""
    where = [(x, y) for x in (0, 50, 1000, 1050) for y in (0, 50)]
    rows = [f"{place},{CODE},100,{'ab'[y > 0]},{x},{y}" for place, (x, y) in enumerate(where)]
    path = table(tmp_path, *rows, head="id,community,households,estate,x,y")
    found = {}
    for weight in ("0", "1000000000"):
        out = tmp_path / f"plan{weight}.json"
        done = run("grids", path, "--low", 300, "--high", 500, "--split-weight", weight, "--out", out)
        assert done.exit_code == 0, done.output
        found[weight] = given(out)["measures"]
    assert found["0"]["compactness"] < found["1000000000"]["compactness"]
    assert found["0"]["estate_splits"] > found["1000000000"]["estate_splits"]


def test_a_plan_of_made_up_buildings_says_so_in_every_file(run: Run, tmp_path: Path) -> None:
    """Even where nothing but ids and places goes from what was made up to the plan."""
    made, _ = tables_of([CODE], made_up_buildings([CODE], np.array([900]), 1))
    path = table(tmp_path, *(f"{one.id},{one.households},{one.x},{one.y}" for one in made), head=HEAD_OF_PLANE)
    outs = [tmp_path / f"plan{suffix}" for suffix in (".json", ".geojson", ".html")]
    words = [word for out in outs for word in ("--out", out)]
    done = run("grids", path, "--low", 1, "--high", 10**6, *words, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "synthetic: made up" in done.output
    assert given(outs[0])["synthetic"] is True
    assert {one["properties"]["synthetic"] for one in given(outs[1])["features"]} == {True}
    assert "synthetic: made up" in outs[2].read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", [".png", ".html"])
def test_boxes_in_place_of_chinese_are_told_of(
    run: Run, row: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """Only where a picture was written; the plan is there all the same."""
    monkeypatch.setattr("shequ_core.cli.grids.boxes_in", lambda svg: msg("no font") if "300 to 500" in svg else None)
    out = tmp_path / f"plan{suffix}"
    done = run("grids", row, "--low", 300, "--high", 500, "--out", out, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert out.stat().st_size
    assert ("! no font" in done.output) == (suffix == ".png")
