"""A picture whose Chinese is all empty boxes is not handed over without a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from shequ_core.reports import drawing
from shequ_core.reports.charts import Chart
from shequ_core.reports.drawing import boxes_in

SPEC = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[str], bytes]], None]]:
    """Let something else draw; what is known of this machine's fonts is forgotten before and after."""

    def by(draw: Callable[[str], bytes]) -> None:
        monkeypatch.setattr(drawing, "drawer", lambda: SimpleNamespace(svg_to_png=draw))
        drawing._has_chinese.cache_clear()

    yield by
    drawing._has_chinese.cache_clear()


def test_two_characters_that_look_the_same_are_boxes(drawn: Callable[[Callable[[str], bytes]], None]) -> None:
    """A font that has Chinese draws two characters apart; a text without Chinese needs none."""
    drawn(lambda svg: b"box")
    assert "Noto Sans CJK" in str(boxes_in("朝阳区, 2025"))
    assert boxes_in("Chaoyang, 2025") is None
    drawn(str.encode)
    assert boxes_in("朝阳区, 2025") is None


def test_a_chart_warns_and_is_drawn_all_the_same(drawn: Callable[[Callable[[str], bytes]], None]) -> None:
    """Of Chinese alone: in English there is nothing to warn of."""
    pytest.importorskip("vl_convert")
    drawn(lambda svg: b"box")
    assert Chart(SPEC).to_png().startswith(b"\x89PNG")
    with pytest.warns(UserWarning, match="no font"):
        assert Chart({**SPEC, "title": "朝阳区"}).to_png().startswith(b"\x89PNG")
