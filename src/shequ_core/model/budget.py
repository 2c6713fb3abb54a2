"""What post holders cost a year, and whose budget pays it: rows of an answer (JLW3.2)."""

from __future__ import annotations

from typing import Final

import attrs

from shequ_core.model.facts import zh
from shequ_core.values import Fen, Labelled

SAME_LEVEL: Final = "same_level"
"""The payer where no place has named one: the budget of the same level (同级财政)."""

PROVINCE: Final = "province"
"""The payer of the province's share (省财政)."""

PAYER_LABELS: Final = {"同级财政": SAME_LEVEL, "同级政府财政": SAME_LEVEL, "省财政": PROVINCE, "省级财政": PROVINCE}
"""What places call these two; any other payer is in the place's own words."""


class CostLine(Labelled):
    """What is paid for."""

    PAY = "pay", "薪酬"
    UNDISTRIBUTED = "undistributed", "未分配绩效"
    EMPLOYER = "employer", "单位社保公积金"
    EMERGENCY = "emergency", "应急补贴"


@attrs.frozen(kw_only=True)
class BudgetLine:
    """What one payer pays of one line of cost, of one month, subdistrict and class of post.

    cost = former + added + unexamined, to the fen. `former` and `added` are of those of whom both sides are known.

    Attributes:
        month: Year x 100 + month: 202207.
        post_class: The class of post; None for what of a subdistrict's pool nobody got.
        payer: `same_level`, `province`, or a payer in a place's own words.
        cost: What the payer pays.
        former: What of it was paid before the change-over already, for the same parts of the month.
        added: What the new system adds; below zero where it costs less.
        unexamined: The cost of those of whom nobody knows what was paid before.
    """

    month: int = attrs.field(metadata=zh("月份"))
    subdistrict: str = attrs.field(metadata=zh("街道代码"))
    post_class: str | None = attrs.field(metadata=zh("岗位类别"))
    line: CostLine = attrs.field(metadata=zh("支出项目"))
    payer: str = attrs.field(metadata=zh("出资方", labels=PAYER_LABELS))
    cost: Fen = attrs.field(metadata=zh("支出"))
    former: Fen = attrs.field(metadata=zh("其中原有支出"))
    added: Fen = attrs.field(metadata=zh("其中新增支出"))
    unexamined: Fen = attrs.field(metadata=zh("其中无法比较"))
