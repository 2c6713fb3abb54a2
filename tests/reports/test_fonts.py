"""A picture whose Chinese is all empty boxes is not handed over without a word."""

from __future__ import annotations

import sys

import pytest

from shequ_core.errors import Message, MissingExtraError
from shequ_core.reports.charts import Chart
from shequ_core.reports.fonts import no_chinese

SPEC = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}
BOXES = Message("no font")


def test_two_characters_that_look_the_same_are_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A font that has Chinese draws 社 and 区 apart."""
    vl_convert = pytest.importorskip("vl_convert")
    look = no_chinese.__wrapped__
    monkeypatch.setattr(vl_convert, "svg_to_png", lambda svg: b"box")
    assert "Noto Sans CJK" in str(look())
    monkeypatch.setattr(vl_convert, "svg_to_png", str.encode)
    assert look() is None


def test_without_what_draws_there_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(MissingExtraError, match="charts"):
        no_chinese.__wrapped__()


def test_a_chart_warns_and_is_drawn_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("vl_convert")
    monkeypatch.setattr("shequ_core.reports.charts.no_chinese", lambda: BOXES)
    with pytest.warns(UserWarning, match="no font"):
        assert Chart(SPEC).to_png().startswith(b"\x89PNG")
