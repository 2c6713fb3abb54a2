"""A patrol of a grid: which households are called on in which round."""

from __future__ import annotations

from datetime import date

import attrs
from attrs import validators

from shequ_core.model.facts import zh

_ORDINAL = validators.optional(validators.ge(1))


@attrs.frozen(kw_only=True)
class Visit:
    """A building that is called at in a round (巡查) of a grid (JLW2.8b).

    Attributes:
        round: The round of the day, from 1.
        stop: The building's place in the round, from 1.
        first: Of the building's households, counted from 1, the first that is due in this round; None where the
            round only passes by.
        last: The last of them.
        households: How many that are; 0 where the round only passes by.
    """

    day: date = attrs.field(metadata=zh("巡查日期", "日期"))
    round: int = attrs.field(validator=validators.ge(1), metadata=zh("巡次"))
    grid: str = attrs.field(validator=validators.min_len(1), metadata=zh("网格代码", "网格编码"))
    stop: int = attrs.field(validator=validators.ge(1), metadata=zh("顺序"))
    building: str = attrs.field(validator=validators.min_len(1), metadata=zh("楼栋编号", "楼栋"))
    first: int | None = attrs.field(default=None, validator=_ORDINAL, metadata=zh("起始户"))
    last: int | None = attrs.field(default=None, validator=_ORDINAL, metadata=zh("截止户"))
    households: int = attrs.field(validator=validators.ge(0), metadata=zh("户数"))
