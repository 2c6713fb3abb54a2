"""`shequ clauses` and `shequ explain`: the contracts of their JSON, and their exit codes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from shequ_core.explanation import LINES
from shequ_core.jilin.register import register
from shequ_core.law.clauses import ClauseKind
from shequ_core.model.answers import DEDUCTIONS, EARNINGS

Run = Callable[..., Result]
WORKER = "S220104-00002"


def answer(result: Result) -> Any:  # Any: JSON
    """Read an answer, in which no figure is a float."""
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return json.loads(result.stdout, parse_float=pytest.fail)


# --- clauses --------------------------------------------------------------------------------------


def test_coverage_as_json(run: Run) -> None:
    """Every clause once: carried and by what, nothing to compute and why, or missing."""
    told = answer(run("clauses", "--coverage", "--json"))
    assert set(told) == {"total", "carried", "not_computable", "missing"}
    listed = [*told["carried"], *told["not_computable"], *told["missing"]]
    assert sorted(listed) == sorted(register())
    assert told["total"] == len(listed)
    assert all(where and all(isinstance(one, str) for one in where) for where in told["carried"].values())
    assert all(reason for reason in told["not_computable"].values())
    principles = {one.id for one in register().values() if one.kind is ClauseKind.PRINCIPLE}
    assert set(told["not_computable"]) == principles


def test_a_clause_as_json(run: Run) -> None:
    """One clause with all that carries it: the rule, the values, the case."""
    told = answer(run("clauses", "JLW2.4d", "--json"))
    assert (told["id"], told["kind"], told["force"], told["article"]) == ("JLW2.4d", "parameter", "must", "二、(四)")
    assert "rule pay.split_standard" in told["carried_by"]
    assert any(one.startswith("value pay.base_share") for one in told["carried_by"])
    assert "case JLW2.4" in told["carried_by"]
    assert told["parameters"] == ["pay.base_share"]
    everything = answer(run("clauses", "--json"))
    assert [one["id"] for one in everything] == list(register())


def test_a_parameter_that_nobody_set_stands_with_its_clause(run: Run) -> None:
    """The quota is the county's to set; whoever reads the clause finds the name to set it by."""
    told = answer(run("clauses", "JLW2.2c", "--json"))
    assert told["parameters"] == ["staffing.quota", "staffing.quota_sharing"]
    assert "staffing.quota" in run("clauses", "JLW2.2c", "--lang", "en").stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_clause_can_be_read(run: Run, lang: str) -> None:
    """In both languages, with the count, without a trace of a template left open."""
    listed = run("clauses", "--lang", lang)
    counted = run("clauses", "--coverage", "--lang", lang)
    assert listed.exit_code == counted.exit_code == 0
    assert listed.stdout.count("\n") >= len(register())
    assert str(len(register())) in counted.stdout.splitlines()[0]
    assert "{" not in listed.stdout + counted.stdout


@pytest.mark.parametrize(
    ("asked", "near"), [("JLW2.10x", "JLW2.10h"), ("jlw2.4d", "JLW2.4d"), ("JLW24d", "JLW2.4d"), ("JLW2.4", "JLW2.4g")]
)
def test_a_mistyped_clause_gets_the_nearest(run: Run, asked: str, near: str) -> None:
    """Exit code 2 and the right addresses."""
    told = run("clauses", asked)
    assert (told.exit_code, told.stdout) == (2, "")
    assert asked in told.stderr
    assert near in told.stderr


# --- explain --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told(run: Run, example: Path) -> dict[str, Any]:
    """A worker's year, explained."""
    words = ("--place", "220104", "--worker", WORKER, "--year", "2022", "--assume", "--json")
    found: dict[str, Any] = answer(run("explain", example, *words))
    return found


def test_an_explanation_as_json(told: dict[str, Any]) -> None:
    """Months in runs without a gap; lines that sum to the total; each line with its rules, each rule with its clauses."""
    assert (told["worker"], told["year"], told["place"]) == (WORKER, 2022, "220104")
    assert [len(one) for one in told["fingerprint"].values()] == [64]
    ends = [(month["from"], month["to"]) for month in told["months"]]
    assert (ends[0][0], ends[-1][1]) == ("2022-01", "2022-12")
    assert all(int(after[0][5:]) == int(before[1][5:]) + 1 for before, after in pairwise(ends))
    for month in told["months"]:
        assert set(month["lines"]) == set(LINES)
        fen = [int(month["lines"][line]["amount"].replace(".", "")) for line in EARNINGS]
        assert sum(fen) == int(month["total"].replace(".", ""))
        assert [month["lines"][line]["amount"] for line in DEDUCTIONS] == [None, None]  # nobody set rates here
        assert month["parts"] == []
        for name, line in month["lines"].items():
            assert set(line) == {"amount", "clauses", "steps"}
            assert bool(line["clauses"]) == bool(line["steps"])
            assert {step["rule"] for step in line["steps"]} <= set(LINES[name])
            for step in line["steps"]:
                assert set(step) == {"rule", "clauses", "inputs", "reads", "notes", "result"}
                assert set(step["clauses"]) <= set(register())


def test_every_figure_read_leads_to_who_set_it(told: dict[str, Any]) -> None:
    """Each parameter with value, place, document and clause, and how sure it is."""
    reads = [one for month in told["months"] for line in month["lines"].values() for step in line["steps"]
             for one in step["reads"]]  # fmt: skip
    assert {"pay.base_share", "pay.grades", "pay.reference", "pay.bonus_weights"} <= {one["key"] for one in reads}
    for one in reads:
        assert set(one) == {"key", "value", "set_by", "source", "status"}
        assert set(one["source"]) == {"document", "article", "clause"}
    assert {one["status"] for one in reads if one["key"] == "pay.reference"} == {"proxy"}


def test_the_worker_says_where(run: Run, example: Path, told: dict[str, Any]) -> None:
    """Without --place it is the county where the worker's posts are; nobody's id is guessed at."""
    words = ("--year", "2022", "--assume", "--json")
    assert answer(run("explain", example, "--worker", WORKER, *words)) == told
    nobody = run("explain", example, "--worker", "S220104-0000Z", *words)
    assert (nobody.exit_code, nobody.stdout) == (2, "")
    assert "名册上没有" in nobody.stderr


def test_who_holds_no_post_is_told_so(run: Run, example: Path, tmp_path: Path) -> None:
    """Somebody on the roster without a post, in a folder of one county: no months, one sentence."""
    folder = tmp_path / "tables"
    shutil.copytree(example, folder)
    with (folder / "workers.csv").open("a", encoding="utf-8") as file:
        file.write("S220104-09999,合成人员09999,male,1980-01-01,2010-01-01\n")
    told = run("explain", folder, "--worker", "S220104-09999", "--year", "2022", "--assume", "--lang", "en")
    assert told.exit_code == 0, told.stderr
    assert "No pay in 2022" in told.stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_explanation_as_text(run: Run, example: Path, told: dict[str, Any], lang: str) -> None:
    """Every total and every clause of the data stands in the text."""
    words = ("--place", "朝阳区", "--worker", WORKER, "--year", "2022", "--assume", "--lang", lang)
    said = run("explain", example, *words)
    assert said.exit_code == 0
    for month in told["months"]:
        assert month["total"].replace(",", "") in said.stdout.replace(",", "")
        for line in month["lines"].values():
            assert [clause for clause in line["clauses"] if clause not in said.stdout] == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"--worker": "S220104-0000Z"}, "名册上没有", id="nobody by that id"),
        pytest.param({"--place": "220199"}, "220199", id="no such place"),
        pytest.param({"--year": "22"}, "--year", id="no such year"),
        pytest.param({"--year": "2019"}, "没有规定", id="a year before the law"),
        pytest.param({"--place": "220102"}, "220102", id="another district than the tables'"),
    ],
)
def test_what_cannot_be_explained(run: Run, example: Path, changed: dict[str, str], said: str) -> None:
    """Exit code 2, why, and nobody else's id."""
    options = {"--place": "220104", "--worker": WORKER, "--year": "2022", **changed}
    told = run("explain", example, "--assume", *(word for pair in options.items() for word in pair))
    assert (told.exit_code, told.stdout) == (2, "")
    assert said in told.stderr
    assert "S220104-0" not in told.stderr
