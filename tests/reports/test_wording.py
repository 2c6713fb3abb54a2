"""A message is said in a language, with its parts."""

from __future__ import annotations

from shequ_core.errors import msg
from shequ_core.reports.wording import say


def test_a_message_is_said_in_chinese_with_its_parts() -> None:
    """Parts are put in, those that are messages too."""
    told = msg("{key} is not set: {who} can set it", key="pay.payday", who=msg("the county, in its yearly figures"))
    assert say(told, "zh") == "发放日（pay.payday）没有规定：由县（市、区）在年度数据中确定"
