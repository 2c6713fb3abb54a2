"""The money of subdistricts and communities in budgets."""

from __future__ import annotations

import attrs
from attrs import validators

from shequ_core.model.facts import zh
from shequ_core.values import Fen


@attrs.frozen(kw_only=True)
class Fund:
    """What a year's budget has for a subdistrict or community (经费预算).

    Attributes:
        place: The code of the subdistrict or community.
        year: The year of the budget.
        listed: Whether it is in the budget of the same level (JLG2.8.1); None where nobody knows.
        amount: How much; None where nobody wrote it down.
    """

    place: str = attrs.field(
        validator=validators.matches_re(r"\d{9}(\d{3})?"), metadata=zh("经费地点代码", "街道或社区代码")
    )
    year: int = attrs.field(validator=validators.ge(1), metadata=zh("预算年度", "年度"))
    listed: bool | None = attrs.field(default=None, metadata=zh("是否列入同级财政预算"))
    amount: Fen | None = attrs.field(
        default=None, validator=validators.optional(validators.ge(Fen(0))), metadata=zh("预算金额", "经费金额")
    )
