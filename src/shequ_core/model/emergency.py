"""Emergencies, and who was on duty in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import attrs
from attrs import validators

from shequ_core.model.facts import WITHDRAWN, WORKER_ID, zh

_NOT_EMPTY: Final[Callable[[object, attrs.Attribute[str], str], object]] = validators.min_len(1)


@attrs.frozen(kw_only=True)
class Emergency:
    """An emergency response (应急响应) that was declared for a place and all below it.

    Attributes:
        place: The code of the place for which it was declared.
        level: What the declaration calls its level, such as Ⅰ级.
        until: Last day; None while it lasts.
    """

    place: str = attrs.field(validator=_NOT_EMPTY, metadata=zh("应急响应地区代码", "响应地区代码"))
    level: str | None = attrs.field(default=None, metadata=zh("响应级别", "应急响应级别"))
    since: date = attrs.field(metadata=zh("响应启动日期", "启动日期"))
    until: date | None = attrs.field(default=None, metadata=zh("响应终止日期", "终止日期"))
    known_on: date | None = attrs.field(default=None, metadata=zh("响应获知日期", "获知日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)


@attrs.frozen(kw_only=True)
class Duty:
    """Days on which somebody was on emergency duty (应急值守), both included."""

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    since: date = attrs.field(metadata=zh("值守开始日期"))
    until: date = attrs.field(metadata=zh("值守结束日期"))
    known_on: date | None = attrs.field(default=None, metadata=zh("值守获知日期", "获知日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)
