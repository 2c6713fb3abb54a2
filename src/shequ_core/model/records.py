"""What is written down about a person over the years: assessments, agreements, trainings, incidents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import attrs
from attrs import validators

from shequ_core.model.facts import WITHDRAWN, WORKER_ID, zh
from shequ_core.values import POINT, Labelled, Points

_NOT_EMPTY: Final[Callable[[object, attrs.Attribute[str], str], object]] = validators.min_len(1)
_SCORE: Final[Callable[[object, attrs.Attribute[Points | None], Points | None], object]] = validators.optional(
    validators.and_(validators.ge(Points(0)), validators.le(Points(100 * POINT)))
)


class AssessmentGrade(Labelled):
    """The four grades of JLW2.9c, best first; a place's own labels map to them."""

    OUTSTANDING = "outstanding", "优秀"
    QUALIFIED = "qualified", "合格", "称职"
    BASICALLY_QUALIFIED = "basically_qualified", "基本合格", "基本称职"
    UNQUALIFIED = "unqualified", "不合格", "不称职"


class Ground(Labelled):
    """The exit grounds of JLW2.10b-f, which rest on something that happened."""

    DISCIPLINE = "discipline", "违纪违法或严重违反规章制度", "违纪违法", "严重违反规章制度"
    GRAVE_NEGLECT = "grave_neglect", "严重失职、徇私舞弊", "严重失职", "徇私舞弊"
    AGREEMENT = "agreement", "不履行协议义务", "不履行服务协议"
    INCOMPETENCE = "incompetence", "不能胜任本职工作", "不能胜任"
    OTHER_LAW = "other_law", "法律法规规定的其他情形", "其他法定情形"


@attrs.frozen(kw_only=True)
class Assessment:
    """A year's assessment of a worker; scores are hundredths of a point of 100.

    Attributes:
        year: The year assessed.
        grade: The grade as it was decided; None where only scores are given.
        residents: Residents' judgement.
        organisation: The organisation's judgement.
        daily: The daily part.
        annual: The annual part.
        known_on: When it was decided; None counts as the last day of the year assessed.
    """

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    year: int = attrs.field(
        validator=validators.and_(validators.ge(1980), validators.le(2200)), metadata=zh("考核年度", "年度")
    )
    grade: AssessmentGrade | None = attrs.field(default=None, metadata=zh("考核等次", "考核结果", "等次"))
    residents: Points | None = attrs.field(default=None, validator=_SCORE, metadata=zh("群众评议"))
    organisation: Points | None = attrs.field(default=None, validator=_SCORE, metadata=zh("组织考评"))
    daily: Points | None = attrs.field(default=None, validator=_SCORE, metadata=zh("日常考核"))
    annual: Points | None = attrs.field(default=None, validator=_SCORE, metadata=zh("年度考核"))
    known_on: date | None = attrs.field(default=None, metadata=zh("考核结果确定日期", "考核日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)


@attrs.frozen(kw_only=True)
class Agreement:
    """A service agreement (服务协议) of a worker (JLW2.5c)."""

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    signed_on: date = attrs.field(metadata=zh("签订日期"))
    since: date = attrs.field(metadata=zh("协议开始日期", "协议起始日期"))
    until: date = attrs.field(metadata=zh("协议结束日期", "协议终止日期"))
    known_on: date | None = attrs.field(default=None, metadata=zh("协议获知日期", "获知日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)


@attrs.frozen(kw_only=True)
class Training:
    """A training that a worker completed (JLW2.7a)."""

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    completed_on: date = attrs.field(metadata=zh("培训日期", "培训完成日期"))
    subject: str | None = attrs.field(default=None, metadata=zh("培训内容", "培训班次"))


@attrs.frozen(kw_only=True)
class Incident:
    """Something that may end a holding under JLW2.10b-f.

    Attributes:
        established: Whether whoever is competent has found it to be so.
        great_loss: For grave neglect: whether it caused great loss (JLW2.10c).
        told_on: For the agreement: when the worker was told (JLW2.10d).
        mended: For the agreement: whether it was mended after that.
        helped_on: For incompetence: when training or another post was given (JLW2.10e).
        still_unfit: For incompetence: whether the worker is unfit even so.
        legal_basis: For other law: which law.
    """

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    ground: Ground = attrs.field(metadata=zh("退出情形", "情形"))
    happened_on: date = attrs.field(metadata=zh("发生日期"))
    established: bool | None = attrs.field(default=None, metadata=zh("是否认定"))
    great_loss: bool | None = attrs.field(default=None, metadata=zh("是否造成重大损失"))
    told_on: date | None = attrs.field(default=None, metadata=zh("教育日期"))
    mended: bool | None = attrs.field(default=None, metadata=zh("是否改正"))
    helped_on: date | None = attrs.field(default=None, metadata=zh("培训或调岗日期"))
    still_unfit: bool | None = attrs.field(default=None, metadata=zh("是否仍不能胜任"))
    legal_basis: str | None = attrs.field(default=None, metadata=zh("法律依据"))
    known_on: date | None = attrs.field(default=None, metadata=zh("认定日期"))
