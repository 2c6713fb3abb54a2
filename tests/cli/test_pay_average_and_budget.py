"""`shequ pay average` and `shequ pay budget`: what is printed, what is written, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from click.testing import Result
from python_calamine import CalamineWorkbook

Run = Callable[..., Result]
AVERAGE = ("--place", "220104", "--month", "2022-07", "--assume")
BUDGET = ("--place", "220104", "--year", "2022", "--assume")
AMOUNTS = ("cost", "former", "added", "unexamined")


def answer(result: Result) -> Any:  # Any: JSON
    """Read an answer, in which no figure is a float."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout, parse_float=pytest.fail)


# --- average --------------------------------------------------------------------------------------


def test_an_average_as_json(run: Run, example: Path) -> None:
    """Sum and count, exact relations, the proposal and its mean; what it rests on; why there is no verdict."""
    told = answer(run("pay", "average", example, *AVERAGE, "--json"))
    (county,) = told["counties"]
    assert county["county"] == "220104"
    mean = Fraction(county["total"]) / county["people"]
    reference = Fraction(county["reference_exact"]) / 100
    assert Fraction(county["relation"]) == mean / reference
    assert abs(Fraction(county["mean"]) - mean) <= Fraction(1, 200)
    assert county["inside"] is None
    assert Fraction(county["proposed_coefficient"]) == Fraction(county["coefficient"]) * Fraction(county["factor"])
    assert sum(row["people"] * Fraction(row["proposed"]) for row in told["grades"]) == Fraction(county["proposed_total"])
    assert told["synthetic"] is True
    assert {"assumption", "draft", "proxy"} <= set(told["marks"])
    assert "JLW2.4c-pay.average_tolerance-unset" in {one["code"] for one in told["findings"]}


@pytest.mark.parametrize(("share", "inside"), [("1/50", True), ("1/1000", False), ("0", False)])
def test_a_tolerance_that_is_tried(run: Run, example: Path, share: str, *, inside: bool) -> None:
    """It stands in for the place's own, is judged exactly, and is marked as nobody's figure."""
    told = answer(run("pay", "average", example, *AVERAGE, "--tolerance", share, "--json"))
    (county,) = told["counties"]
    assert (county["inside"], county["tolerance"]) == (inside, share)
    assert abs(Fraction(county["relation"]) - 1) <= Fraction(share) or not inside
    assert told["rests_on"]["pay.average_tolerance"] == ["assumption"]
    assert ("JLW2.4c-average-off-reference" in {one["code"] for one in told["findings"]}) is not inside


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_average_in_words(run: Run, example: Path, lang: str) -> None:
    """Whose people, what it rests on, mean and reference, a row for each grade."""
    told = run("pay", "average", example, *AVERAGE, "--lang", lang)
    assert told.exit_code == 0
    assert {"zh": "合成", "en": "synthetic"}[lang] in told.stdout
    assert {"zh": "推定", "en": "assumption"}[lang] in told.stdout or "pay.reference" in told.stdout
    assert "8094.50" in told.stdout


@pytest.mark.parametrize("share", ["0.02", "2%", "3/2", "-1/50", "1/0", "much"])
def test_a_tolerance_is_an_exact_share(run: Run, example: Path, share: str) -> None:
    """A float, a percentage, more than all of it: exit code 2, and how to write it."""
    told = run("pay", "average", example, *AVERAGE, f"--tolerance={share}", "--lang", "en")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "1/50" in told.stderr


# --- budget ---------------------------------------------------------------------------------------


def test_a_budget_as_json(run: Run, example: Path) -> None:
    """Each cut sums to the total, and each amount is old, added or neither."""
    told = answer(run("pay", "budget", example, *BUDGET, "--json"))
    total = {name: Decimal(told["total"][name]) for name in AMOUNTS}
    assert total["cost"] == total["former"] + total["added"] + total["unexamined"] > 0
    for cut in ("by_payer", "by_month", "by_subdistrict", "by_class", "by_line"):
        for name in AMOUNTS:
            assert sum(Decimal(sums[name]) for sums in told[cut].values()) == total[name], (cut, name)
    assert list(told["by_payer"]) == ["same_level"]
    assert list(told["by_month"])[::11] == ["2022-01", "2022-12"]
    assert told["synthetic"] is True
    assert "assumption" in told["marks"]
    codes = {one["code"] for one in told["findings"]}
    assert {"JLW3.2-budget.payer-unset", "JLW3.2-budget.province_share-unset"} <= codes


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_budget_as_a_workbook(run: Run, example: Path, tmp_path: Path, lang: str) -> None:
    """A sheet for each cut, every line, and first what it rests on; one that is there is not overwritten."""
    out = tmp_path / "budget.xlsx"
    told = run("pay", "budget", example, *BUDGET, "--out", out, "--lang", lang)
    assert told.exit_code == 0, told.stderr
    book = CalamineWorkbook.from_path(out)
    names = {
        "en": ["About", "By payer", "By month", "By subdistrict", "By class of post", "By line", "Every line", "Findings"],
        "zh": book.sheet_names,
    }[lang]
    assert book.sheet_names == names
    about = [row[0] for row in book.get_sheet_by_index(0).to_python()]
    assert any({"zh": "合成", "en": "synthetic"}[lang] in str(line) for line in about)
    assert any("pay.reference" in str(line) for line in about)
    _, *lines = book.get_sheet_by_index(6).to_python()
    total = answer(run("pay", "budget", example, *BUDGET, "--json"))["total"]["cost"]
    assert sum(Decimal(str(line[5])) for line in lines) == Decimal(total)
    before = out.read_bytes()
    again = run("pay", "budget", example, *BUDGET, "--out", out, "--lang", lang)
    assert (again.exit_code, again.stdout) == (2, "")
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["budget.xlsx"]


def test_a_budget_as_a_folder(run: Run, example: Path, tmp_path: Path) -> None:
    """Workbook, Parquet with its marks and JSON, twice the same bytes; an earlier one is replaced, nothing else is."""
    out = tmp_path / "out"
    told = run("pay", "budget", example, *BUDGET, "--out", out, "--json")
    assert answer(told) == json.loads((out / "budget.json").read_text(encoding="utf-8"))
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert set(first) == {"budget.json", "budget.parquet", "budget.xlsx"}
    table = pyarrow.parquet.read_table(out / "budget.parquet")
    assert sum(table["cost_fen"].to_pylist()) == Decimal(answer(told)["total"]["cost"]) * 100
    assert set(table["line"].to_pylist()) == {"pay"}
    assert table.schema.metadata[b"shequ.synthetic"] == b"true"
    assert b"assumption" in table.schema.metadata[b"shequ.rests_on"]
    run("pay", "budget", example, *BUDGET, "--out", out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    (out / "mine.txt").write_text("mine")
    refused = run("pay", "budget", example, *BUDGET, "--out", out)
    assert refused.exit_code == 2
    assert (out / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("verb", [("average", "--month", "2022-07"), ("budget", "--year", "2022")])
def test_without_assume_everything_missing_is_in_one_error(run: Run, example: Path, verb: tuple[str, ...]) -> None:
    """What pay needs and nobody set, each with its clause."""
    name, *asked = verb
    told = run("pay", name, example, "--place", "220104", *asked, "--lang", "en")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "pay.grades" in told.stderr
    assert "--assume" in told.stderr
