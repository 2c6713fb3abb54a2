"""Leave that somebody takes from the post."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import attrs
from attrs import validators

from shequ_core.model.facts import WITHDRAWN, WORKER_ID, zh
from shequ_core.values import Labelled

_NOT_EMPTY: Final[Callable[[object, attrs.Attribute[str], str], object]] = validators.min_len(1)


class LeaveKind(Labelled):
    """What leave is for; which share of pay goes on is for the place to say."""

    ANNUAL = "annual", "年休假", "带薪年休假", "年假"
    SICK = "sick", "病假"
    PERSONAL = "personal", "事假"
    MATERNITY = "maternity", "产假", "生育假"
    NURSING = "nursing", "护理假", "陪产假"
    MARRIAGE = "marriage", "婚假"
    BEREAVEMENT = "bereavement", "丧假"
    WORK_INJURY = "work_injury", "工伤假", "停工留薪"


@attrs.frozen(kw_only=True)
class Leave:
    """Days of leave (请休假), both included; they count as days on which the post is held.

    Attributes:
        known_on: When it became known; None counts as always. Of two rows of one person, kind and first
            day the one that became known later counts.
        withdrawn: Whether an earlier row of the same person, kind and first day was never so.
    """

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    kind: LeaveKind = attrs.field(metadata=zh("假别", "请假类别"))
    since: date = attrs.field(metadata=zh("请假开始日期", "休假开始日期"))
    until: date = attrs.field(metadata=zh("请假结束日期", "休假结束日期"))
    known_on: date | None = attrs.field(default=None, metadata=zh("请假获知日期", "获知日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)
