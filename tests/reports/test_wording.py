"""The Chinese catalogue says the same as the English templates, part by part."""

from __future__ import annotations

import importlib.resources
import io
import string

from babel.messages.pofile import read_po

from shequ_core.errors import msg
from shequ_core.reports.wording import say


def parts(template: str) -> set[str]:
    """Return the names of a template's parts."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_translations_keep_every_part() -> None:
    """A translation names no part that its template hasn't, and leaves none out."""
    folder = importlib.resources.files("shequ_core.reports") / "locale" / "zh_CN" / "LC_MESSAGES"
    catalogue = read_po(io.BytesIO((folder / "shequ.po").read_bytes()), locale="zh_CN")
    said = [one for one in catalogue if one.id]
    assert said
    for one in said:
        assert one.string, one.id
        assert parts(str(one.id)) == parts(str(one.string)), one.id


def test_a_message_is_said_in_chinese_with_its_parts() -> None:
    """Parts are put in, those that are messages too."""
    told = msg("{key} is not set: {who} can set it", key="pay.payday", who=msg("the county, in its yearly figures"))
    assert say(told, "zh") == "pay.payday没有规定：由县（市、区）在年度数据中确定"
