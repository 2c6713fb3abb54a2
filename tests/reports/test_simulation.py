"""Charts and the page of simulated years: what they draw is what the estimates say, and they say what that rests on."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shequ_core import Comparison, MadeUp, Reform, Scenario, Simulation, compare
from shequ_core.errors import MissingExtraError, OutputError, ScenarioError
from shequ_core.law.clauses import Document
from shequ_core.policy.exits import FAILED_RUNNING
from shequ_core.reports.charts import Chart
from shequ_core.reports.simulation import (
    charts,
    fan_chart,
    measure_name,
    pyramid_chart,
    simulation_page,
    structure_chart,
)
from shequ_core.simulation.estimates import MEASURES
from shequ_core.simulation.scenario import check_scenario
from shequ_core.values import Lang, Status

BASE = Scenario(place="220421", years=range(2024, 2026), seeds=(1, 2, 3), start=MadeUp(2024), assume=True)


@pytest.fixture(scope="module")
def compared() -> Comparison:
    """One failure is enough, against the law as it is."""
    begin = date(2024, 1, 1)
    value = FAILED_RUNNING.set(
        1, since=begin, known_on=begin, source=Document("an idea").article(""), status=Status.ASSUMPTION
    )
    return compare(BASE, Reform(name="<一次>", place="22", values=[value]))


@pytest.fixture(scope="module")
def alone() -> Simulation:
    """The law as it is, by itself."""
    ready = check_scenario(BASE).ready
    return ready.result([ready.run(counties, some) for counties, some in ready.units()])


def rows_of(chart: Chart) -> list[dict[str, Any]]:
    """What a chart draws."""
    rows: list[dict[str, Any]] = chart.spec["data"]["values"]
    return rows


def test_a_fan_has_the_order_statistics(compared: Comparison) -> None:
    """Of each side and year, in ten thousand yuan or in millions."""
    told = {(row.variant, row.year): row for row in compared.estimates(measures=("total",), by=())}
    languages: tuple[tuple[Lang, int, str], ...] = (("zh", 10**6, "基准"), ("en", 10**8, "baseline"))
    for lang, scale, baseline in languages:
        rows = rows_of(fan_chart(compared, "total", lang))
        assert len(rows) == 2 * len(BASE.years)
        for row in rows:
            name = "baseline" if row["variant"] == baseline else row["variant"]
            one = told[name, int(row["year"])]
            assert [row[at] for at in ("q05", "q50", "q95")] == [one.q05 / scale, one.q50 / scale, one.q95 / scale]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_says_what_it_rests_on(compared: Comparison, alone: Simulation, lang: Lang) -> None:
    """Under its title, in its language; each can be drawn, and Altair takes it."""
    altair = pytest.importorskip("altair")
    marks = {"zh": ("合成数据", "假设"), "en": ("synthetic", "assumption")}[lang]
    for subject, many in ((compared, 7), (alone, 6)):
        found = charts(subject, lang)
        assert len(found) == many
        for chart in found.values():
            said = " ".join(chart.spec["title"]["subtitle"])
            assert all(mark in said for mark in marks)
            assert isinstance(chart.to_altair(), altair.TopLevelMixin)
            if lang == "en":
                assert not re.search("[一-鿿]", chart.spec["title"]["text"])


def test_a_pyramid_has_both_sexes_to_either_side(compared: Comparison) -> None:
    """Men to the left, women to the right, each as many as the estimates say."""
    rows = rows_of(pyramid_chart(compared, 2025, "zh"))
    sexes = {row.kind: row.mean for row in compared.estimates(measures=("held",), by=("sex",))
             if row.by == "sex" and row.year == 2025 and row.variant == "baseline"}
    men = sum(row["side"] for row in rows if row["sex"] == "男" and row["variant"] == "基准")
    women = sum(row["side"] for row in rows if row["sex"] == "女" and row["variant"] == "基准")
    assert (women, -men) == pytest.approx((sexes["female"], sexes["male"]), abs=0.1)
    assert men < 0 < women
    with pytest.raises(ScenarioError):
        pyramid_chart(compared, 2040)


def test_the_page_tells_when_targets_are_reached(compared: Comparison) -> None:
    """Of each side, in how many runs and in which year; of a reform how much later."""
    pytest.importorskip("vl_convert")
    page = simulation_page(compared, "en")
    assert "first year in which no community lacks social workers" in page
    assert page.count("runs that reach it") == 1


def test_the_page_stands_alone_and_tells_the_differences(compared: Comparison) -> None:
    """All charts as pictures, nothing from outside, what is given as a name is nothing but text."""
    pytest.importorskip("vl_convert")
    page = simulation_page(compared, "zh")
    assert page == simulation_page(compared, "zh")
    assert page.count("<svg") == 7
    assert "合成数据" in page
    assert "<一次>" not in page
    assert set(re.findall(r"https?://[^\"' ]+", page)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    row = compared.cost()
    assert f"{row.mean / 10**6:,.2f}" in page


def test_the_pages_of_one_side_has_no_differences(alone: Simulation) -> None:
    """In English too."""
    pytest.importorskip("vl_convert")
    page = simulation_page(alone, "en")
    assert "independent" not in page
    assert "years ahead, 2024 to 2025" in page


def test_a_chart_is_saved_by_its_name(alone: Simulation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four kinds; without the extra the specification is left, and one clear sentence."""
    pytest.importorskip("vl_convert")
    chart = structure_chart(alone, "grade", 2025, "en")
    monkeypatch.setattr("shequ_core.reports.charts.boxes_in", lambda text: None)
    for name, begins in (("a.svg", b"<svg"), ("a.png", b"\x89PNG"), ("a.html", b"<!DOCTYPE html>")):
        chart.save(tmp_path / name)
        assert (tmp_path / name).read_bytes().lstrip().startswith(begins)
    chart.save(tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == chart.spec
    with pytest.raises(OutputError, match="svg"):
        chart.save(tmp_path / "a.pdf")
    assert "image/svg+xml" in chart._repr_mimebundle_()
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    assert "image/svg+xml" not in chart._repr_mimebundle_()
    with pytest.raises(MissingExtraError, match=r"shequ-core\[charts\]"):
        chart.to_svg()


def test_no_such_picture(alone: Simulation) -> None:
    """A grouping or year that there isn't."""
    with pytest.raises(ScenarioError, match="post_class"):
        structure_chart(alone, "age", 2040)


def test_every_measure_has_a_name_in_both_languages() -> None:
    """No code in a Chinese chart."""
    for name in MEASURES:
        assert re.search("[一-鿿]", measure_name(name, "zh")), name
        assert "_" not in measure_name(name, "en")
