"""Values as source: what Python makes of it is the value again."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from shequ_core.kit.rows import folded
from shequ_core.kit.source import KEYS, WIDTH, Writer, laid_out
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import PARAMETERS, LocalValue
from shequ_core.reports.text import width

SAID = [one for _, _, one in PolicyBook.load(assume=True).said() if isinstance(one, LocalValue)]


def test_every_value_there_is_is_made_again_by_its_source() -> None:
    """Of the nation, the province and every installed city, on one line and over several."""
    written = 0
    for one in SAID:
        writer = Writer()
        try:
            piece = writer.piece(one.value)
        except TypeError:
            assert not type(one.value).__module__.startswith("shequ_core.")
            continue
        names: dict[str, Any] = {}
        for module, wanted in writer.imports.items():
            names.update({name: getattr(importlib.import_module(module), name) for name in wanted})
        for room in (0, WIDTH, 10 * WIDTH):
            assert eval(laid_out(piece, room=room), names) == one.value, one.key  # our own source
        written += 1
    assert written > len(PARAMETERS) / 2


def test_every_key_is_found_where_it_stands() -> None:
    """The name that a row gives is the key itself."""
    assert set(KEYS) == {name for name, key in PARAMETERS.items() if "." in name and not name.startswith("test")}
    for name, (topic, constant) in KEYS.items():
        assert getattr(importlib.import_module(f"shequ_core.policy.{topic}"), constant) is PARAMETERS[name]


@pytest.mark.parametrize("room", [12, 20, 60])
def test_folding_keeps_every_sign_and_the_width(room: int) -> None:
    """Chinese breaks between signs but before no closing mark, English between words."""
    text = "基数户数（staffing.base）：社区户数不超过该数的，按基数配备。 Up to so many households, each."
    lines = list(folded(text, room))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    longest = max(width(word) for word in ("（staffing.base）：", "households,"))
    assert all(width(line) <= max(room, longest) for line in lines)
    assert not any(line.startswith(("，", "。", "）", "：")) for line in lines)
