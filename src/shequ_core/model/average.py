"""The average standard of a county against its reference: rows of an answer (JLW2.4c)."""

from __future__ import annotations

import attrs

from shequ_core.model.facts import zh
from shequ_core.values import Fen


@attrs.frozen(kw_only=True)
class CountyAverage:
    """The average standard of a county's post holders in a month, its reference, and what would meet it.

    Where subdistricts of a county live under several laws there is a row for each law. Amounts are a month's;
    a text such as '79445/80000' is an exact fraction. What hangs on a reference is None where none is set.

    Attributes:
        month: Year x 100 + month: 202207.
        people: Post holders of the month, each once, by the last part of the month.
        total: The sum of their standards: the exact mean is total / people.
        mean: The mean, rounded to the fen.
        reference: The mean of the references of the same people's classes, rounded to the fen.
        reference_exact: The same in exact fen.
        relation: Mean / reference.
        gap: Mean - reference, rounded to the fen.
        tolerance: The share by which the mean may depart; None where nobody set one.
        inside: Whether it keeps the tolerance; None where nobody set one.
        gives: What the grades' amounts are: the 'standard', or 'basic' pay.
        factor: What amounts of grades would have to be multiplied by, before rounding.
        coefficient: The local coefficient in force, for tables that use one.
        proposed_coefficient: The one that would meet the reference.
        proposed_total: The sum of standards by the proposal, after rounding.
        proposed_mean: Their mean, rounded to the fen.
        proposed_relation: Their mean / reference.
        proposed_inside: Whether that mean keeps the tolerance.
    """

    county: str = attrs.field(metadata=zh("县(市、区)代码"))
    month: int = attrs.field(metadata=zh("月份"))
    people: int = attrs.field(metadata=zh("人数"))
    total: Fen = attrs.field(metadata=zh("薪酬标准合计"))
    mean: Fen = attrs.field(metadata=zh("平均标准"))
    reference: Fen | None = attrs.field(metadata=zh("参照水平"))
    reference_exact: str | None = attrs.field(metadata=zh("参照水平(分,精确值)"))
    relation: str | None = attrs.field(metadata=zh("平均标准与参照水平之比"))
    gap: Fen | None = attrs.field(metadata=zh("差额"))
    tolerance: str | None = attrs.field(metadata=zh("容许偏差"))
    inside: bool | None = attrs.field(metadata=zh("是否在容许范围内"))
    gives: str = attrs.field(metadata=zh("等级金额口径"))
    factor: str | None = attrs.field(metadata=zh("调整倍数"))
    coefficient: str | None = attrs.field(metadata=zh("现行地方系数"))
    proposed_coefficient: str | None = attrs.field(metadata=zh("建议地方系数"))
    proposed_total: Fen | None = attrs.field(metadata=zh("建议后标准合计"))
    proposed_mean: Fen | None = attrs.field(metadata=zh("建议后平均标准"))
    proposed_relation: str | None = attrs.field(metadata=zh("建议后与参照水平之比"))
    proposed_inside: bool | None = attrs.field(metadata=zh("建议后是否在容许范围内"))


@attrs.frozen(kw_only=True)
class ProposedGrade:
    """What a grade of a class of post is worth a month now, and by the proposal.

    Attributes:
        people: How many post holders are in it.
    """

    county: str = attrs.field(metadata=zh("县(市、区)代码"))
    post_class: str = attrs.field(metadata=zh("岗位类别"))
    grade: int = attrs.field(metadata=zh("岗位等级"))
    people: int = attrs.field(metadata=zh("人数"))
    now: Fen = attrs.field(metadata=zh("现行金额"))
    proposed: Fen = attrs.field(metadata=zh("建议金额"))
