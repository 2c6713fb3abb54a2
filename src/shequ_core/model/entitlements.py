"""What a worker is to have beside pay, and what was arranged of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import attrs
from attrs import validators

from shequ_core.model.facts import WORKER_ID, zh
from shequ_core.values import Labelled

_NOT_EMPTY: Final[Callable[[object, attrs.Attribute[str], str], object]] = validators.min_len(1)


class Entitled(Labelled):
    """What a post holder is to have (JLW2.5a, JLW2.5d)."""

    PENSION = "pension", "养老保险"
    MEDICAL = "medical", "医疗保险"
    UNEMPLOYMENT = "unemployment", "失业保险"
    INJURY = "injury", "工伤保险"
    MATERNITY = "maternity", "生育保险"
    HOUSING_FUND = "housing_fund", "住房公积金", "公积金"
    CHECK_UP = "check_up", "免费体检", "体检"
    PAID_LEAVE = "paid_leave", "带薪休假", "年休假"
    PERSONNEL_FILE = "personnel_file", "人事档案", "档案"


@attrs.frozen(kw_only=True)
class Entitlement:
    """Something a worker has beside pay, or has not (待遇落实).

    Attributes:
        in_place: Whether it is there; None where nobody knows.
        since: First day; None where nobody wrote it down.
        until: Last day; None while it lasts.
    """

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    kind: Entitled = attrs.field(metadata=zh("待遇类别", "待遇"))
    in_place: bool | None = attrs.field(default=None, metadata=zh("是否落实", "有无"))
    since: date | None = attrs.field(default=None, metadata=zh("待遇开始日期", "参保日期"))
    until: date | None = attrs.field(default=None, metadata=zh("待遇结束日期", "停保日期"))
