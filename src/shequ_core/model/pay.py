"""What pay reads of a person beyond the post: grade, former pay, contribution base; and a month of all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import attrs
from attrs import validators

from shequ_core.model.facts import COMMUNITY_CODE, WITHDRAWN, WORKER_ID, zh
from shequ_core.model.posts import POST_ID, CertificateLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.values import BEYOND_AMOUNTS, Fen, Labelled

_NOT_EMPTY: Final[Callable[[object, attrs.Attribute[str], str], object]] = validators.min_len(1)
_AMOUNT: Final[Callable[[object, attrs.Attribute[Fen], Fen], object]] = validators.and_(
    validators.ge(Fen(0)), validators.le(Fen(BEYOND_AMOUNTS - 1))
)


class Newcomer(Labelled):
    """On what footing somebody is on probation; places pay both otherwise."""

    EXPERIENCED = "experienced", "有工作经历"
    INEXPERIENCED = "inexperienced", "无工作经历"


@attrs.frozen(kw_only=True)
class Grading:
    """The pay grade in which somebody was placed, from a day on; yearly steps count from there."""

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    grade: int = attrs.field(validator=validators.ge(1), metadata=zh("岗位等级", "薪酬等级", "等级"))
    since: date = attrs.field(metadata=zh("定级日期", "等级起始日期"))
    known_on: date | None = attrs.field(default=None, metadata=zh("定级获知日期", "获知日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)


@attrs.frozen(kw_only=True)
class FormerPay:
    """What somebody was paid a month before the place changed over to the graded system (JLW2.4c).

    Attributes:
        employer: What the employer paid a month on top for insurances and housing fund; None where it isn't known.
    """

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    monthly: Fen = attrs.field(validator=_AMOUNT, metadata=zh("原月薪酬", "原月工资"))
    employer: Fen | None = attrs.field(
        default=None, validator=validators.optional(_AMOUNT), metadata=zh("原单位缴费", "原单位月缴费")
    )
    known_on: date | None = attrs.field(default=None, metadata=zh("原薪酬获知日期", "获知日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)


@attrs.frozen(kw_only=True)
class ContributionBase:
    """The monthly base (缴费基数) on which somebody's insurances and housing fund are paid, from a day on (JLW2.5a)."""

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    base: Fen = attrs.field(validator=_AMOUNT, metadata=zh("缴费基数", "月缴费基数"))
    since: date = attrs.field(metadata=zh("基数起始日期", "缴费基数起始日期"))
    known_on: date | None = attrs.field(default=None, metadata=zh("基数获知日期", "获知日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)


@attrs.frozen(kw_only=True)
class PayRow:
    """What a month's pay reads of one person: a whole month, or the part of it in which nothing changed.

    Attributes:
        grade: The pay grade before what a certificate moves.
        certificate: The highest certificate that counts this month.
        certified: A certificate that is new this month, for places that pay once for it.
        assessment: The latest grade known at payday.
        last_year: The grade of the calendar year before, whenever it became known: what is paid once for
            a year goes by it, and comes as arrears where it was late.
        former: Monthly pay before the change-over.
        newcomer: On what footing the person is on probation; None who isn't.
        before: With `after` and `parts`: the share of the month runs from before / parts to after / parts.
            All three None: the whole month. Shares and not days, so that the pieces of a month of one
            amount add up to the amount, to the fen.
        pooled: Whether the person shares in the subdistrict's pool; None counts as yes.
        duty_days: Days of emergency duty that count.
        base: The declared contribution base.
        several: Whether the person has more than one row this month; None counts as no.
        ends: Whether the person's month ends under the law of these rows; None counts as yes. What is paid once
            a month, and contributions, go by the law under which it ends.
    """

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    subdistrict: str = attrs.field(validator=_NOT_EMPTY, metadata=zh("街道代码"))
    community: str | None = attrs.field(default=None, metadata=COMMUNITY_CODE)
    post: str | None = attrs.field(
        default=None, validator=validators.optional(validators.matches_re(POST_ID)), metadata=zh("岗位编号")
    )
    post_class: str = attrs.field(validator=_NOT_EMPTY, metadata=zh("岗位类别"))
    grade: int = attrs.field(validator=validators.ge(1), metadata=zh("岗位等级"))
    certificate: CertificateLevel | None = attrs.field(default=None, metadata=zh("社工证"))
    certified: CertificateLevel | None = attrs.field(default=None, metadata=zh("新取社工证"))
    assessment: AssessmentGrade | None = attrs.field(default=None, metadata=zh("考核等次"))
    last_year: AssessmentGrade | None = attrs.field(default=None, metadata=zh("上年考核等次"))
    former: Fen | None = attrs.field(default=None, metadata=zh("原月薪酬"))
    newcomer: Newcomer | None = attrs.field(default=None, metadata=zh("试用"))
    before: int | None = attrs.field(default=None, metadata=zh("起始份额"))
    after: int | None = attrs.field(default=None, metadata=zh("截止份额"))
    parts: int | None = attrs.field(default=None, metadata=zh("总份额"))
    pooled: bool | None = attrs.field(default=None, metadata=zh("参加分配"))
    duty_days: int | None = attrs.field(default=None, metadata=zh("应急值守天数"))
    base: Fen | None = attrs.field(default=None, metadata=zh("缴费基数"))
    several: bool | None = attrs.field(default=None, metadata=zh("本月多段"))
    ends: bool | None = attrs.field(default=None, metadata=zh("月末在此"))
