"""What a year of a place comes to: rows of the answer, which are facts in their own right."""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs

from shequ_core.model.contributions import Scheme
from shequ_core.model.facts import zh
from shequ_core.values import Fen

EARNINGS: Final = ("basic", "bonus", "certificate", "award", "emergency", "kept")
"""The lines of a slip that are paid: their sum is its total."""

DEDUCTIONS: Final = ("insurance", "fund")
"""The lines of a slip that the person pays: what is left of the total is the net pay."""


@attrs.frozen(kw_only=True)
class Slip:
    """A month's pay of one worker, line by line: the whole month, or a part of it in which nothing changed.

    Whoever changes post, class or grade in mid-month has a slip for each part; a person's month is their sum.

    Attributes:
        month: Year x 100 + month: 202207.
        since: The first day of the part; with `until` the month's own first and last day for most.
        assessment: The latest grade known at payday, None where there is none yet.
        standard: The grade's standard of a whole month, of which basic pay and performance are the parts.
        performance: The own performance share of the part, which goes into the subdistrict's pool (JLW2.4f).
        bonus: What comes out of the pool, or what the place's plan pays in its stead.
        certificate: The certificate allowance (JLW2.4g).
        award: What is paid once: for a new certificate, at the year's end, for an outstanding year.
        emergency: The emergency allowance (JLW2.5b).
        kept: What keeps pay from falling at the change-over (JLW2.4c).
        total: The sum of basic, bonus, certificate, award, emergency and kept.
        insurance: What the person pays for the social insurances (JLW2.5a); None where no rates are set.
        fund: What the person pays into the housing fund.
        employer: What the employer pays for both, on top.
        net: total - insurance - fund.
    """

    worker: str = attrs.field(metadata=zh("人员编号"))
    month: int = attrs.field(metadata=zh("月份"))
    since: date = attrs.field(metadata=zh("起始日期"))
    until: date = attrs.field(metadata=zh("截止日期"))
    subdistrict: str = attrs.field(metadata=zh("街道代码"))
    community: str = attrs.field(metadata=zh("社区代码"))
    post: str = attrs.field(metadata=zh("岗位编号"))
    post_class: str = attrs.field(metadata=zh("岗位类别"))
    grade: int = attrs.field(metadata=zh("岗位等级"))
    assessment: str | None = attrs.field(metadata=zh("考核等次"))
    weight: int = attrs.field(metadata=zh("分配权数"))
    standard: Fen = attrs.field(metadata=zh("薪酬标准"))
    performance: Fen = attrs.field(metadata=zh("绩效份额"))
    basic: Fen = attrs.field(metadata=zh("基础报酬"))
    bonus: Fen = attrs.field(metadata=zh("绩效奖金"))
    certificate: Fen = attrs.field(metadata=zh("社工证补贴"))
    award: Fen = attrs.field(metadata=zh("一次性奖励"))
    emergency: Fen = attrs.field(metadata=zh("应急补贴"))
    kept: Fen = attrs.field(metadata=zh("保持不降"))
    total: Fen = attrs.field(metadata=zh("合计"))
    insurance: Fen | None = attrs.field(metadata=zh("个人社会保险"))
    fund: Fen | None = attrs.field(metadata=zh("个人住房公积金"))
    employer: Fen | None = attrs.field(metadata=zh("单位社保公积金"))
    net: Fen | None = attrs.field(metadata=zh("实发"))


@attrs.frozen(kw_only=True)
class ContributionLine:
    """One scheme of the five insurances and the housing fund (五险一金), of one worker and month (JLW2.5a).

    Attributes:
        base: The base after floor and ceiling.
        own: What the person pays.
        employer: What the employer pays.
    """

    worker: str = attrs.field(metadata=zh("人员编号"))
    month: int = attrs.field(metadata=zh("月份"))
    scheme: Scheme = attrs.field(metadata=zh("险种"))
    base: Fen = attrs.field(metadata=zh("缴费基数"))
    own: Fen = attrs.field(metadata=zh("个人缴费"))
    employer: Fen = attrs.field(metadata=zh("单位缴费"))


@attrs.frozen(kw_only=True)
class ArrearsLine:
    """What a line of an earlier, sealed month comes to more or less than was paid for it: paid in an open month.

    Attributes:
        month: The open month in which it is paid, as 202207.
        of_month: The sealed month for which it is paid.
        line: The line of the slip: one of `EARNINGS` or `DEDUCTIONS`, or 'employer'.
        amount: What is paid more, or withheld more where the line is a deduction; less where it is negative.
        cause: What changed since that month was last worked out, as codes parted by blanks: 'policy:pay.reference',
            'fact:certificates', 'pool' (others' facts moved the subdistrict's pool), 'others', 'version'.
        subdistrict: Where the person was in post in the earlier month.
    """

    worker: str = attrs.field(metadata=zh("人员编号"))
    month: int = attrs.field(metadata=zh("月份"))
    of_month: int = attrs.field(metadata=zh("补发所属月份"))
    line: str = attrs.field(metadata=zh("项目"))
    amount: Fen = attrs.field(metadata=zh("补发金额"))
    cause: str = attrs.field(metadata=zh("补发原因"))
    subdistrict: str = attrs.field(metadata=zh("街道代码"))


@attrs.frozen(kw_only=True)
class PayChange:
    """By how much a line of somebody's pay differs between two months, or between two reckonings of one.

    Attributes:
        month: The month asked about.
        against: The month with which it is compared.
        before: The line in that month; None where there was none.
        after: The line in the month asked about; None where there is none.
        difference: What is more; a line that isn't there counts for nothing.
        cause: Codes as of `ArrearsLine.cause`, and 'joined', 'left', 'slip:grade' (what else is otherwise on the
            slip), 'days' (a part of a month is paid), 'once' (the line isn't paid every month).
    """

    worker: str = attrs.field(metadata=zh("人员编号"))
    month: int = attrs.field(metadata=zh("月份"))
    against: int = attrs.field(metadata=zh("对比月份"))
    line: str = attrs.field(metadata=zh("项目"))
    before: Fen | None = attrs.field(metadata=zh("原金额"))
    after: Fen | None = attrs.field(metadata=zh("现金额"))
    difference: Fen = attrs.field(metadata=zh("差额"))
    cause: str = attrs.field(metadata=zh("变动原因"))


@attrs.frozen(kw_only=True)
class InputDigest:
    """A digest of the facts on which a month's pay rests, of one table and subject; the facts themselves aren't in it.

    Attributes:
        table: The table of the dataset.
        subject: The id of the person or post, or the code of the place.
        since: The month from which the facts bear on pay, as 202207; 0 for always.
        digest: Of all these facts, in any order of rows; names of people are left out.
    """

    table: str = attrs.field(metadata=zh("数据表"))
    subject: str = attrs.field(metadata=zh("对象"))
    since: int = attrs.field(metadata=zh("起始月份"))
    digest: str = attrs.field(metadata=zh("摘要"))


@attrs.frozen(kw_only=True)
class PoolMonth:
    """One subdistrict's performance pool of one month; distributed + undistributed = pool.

    Attributes:
        people: Who shares in it, whoever has several slips counted once.
    """

    subdistrict: str = attrs.field(metadata=zh("街道代码"))
    month: int = attrs.field(metadata=zh("月份"))
    people: int = attrs.field(metadata=zh("人数"))
    pool: Fen = attrs.field(metadata=zh("绩效总量"))
    distributed: Fen = attrs.field(metadata=zh("已分配"))
    undistributed: Fen = attrs.field(metadata=zh("未分配"))


@attrs.frozen(kw_only=True)
class Headcount:
    """One community's posts at the end of the year against what it may have (JLW2.2).

    Attributes:
        posts: Posts that are open, held or vacant.
        held: Posts that somebody holds.
        least: The fewest posts that it may have, None where its measure is unknown.
        most: The most.
        party_short: Posts for Party building that it lacks, None where duties aren't known.
    """

    community: str = attrs.field(metadata=zh("社区代码"))
    name: str = attrs.field(metadata=zh("社区名称"))
    households: int | None = attrs.field(metadata=zh("户数"))
    posts: int = attrs.field(metadata=zh("社工岗数"))
    held: int = attrs.field(metadata=zh("在岗人数"))
    least: int | None = attrs.field(metadata=zh("下限"))
    most: int | None = attrs.field(metadata=zh("上限"))
    party_short: int | None = attrs.field(metadata=zh("党建岗缺额"))


@attrs.frozen(kw_only=True)
class PersonYear:
    """One worker's year: what was paid, and what follows from the record.

    Attributes:
        months: Months paid.
        grade: The pay grade in the last month paid.
        assessed: The grade of the year's own assessment.
        proposal: What that grade makes the system propose.
        failed_running: The longest run of unqualified years.
        failed_total: Unqualified years in all.
        exit_ground: The clauses under which the person has to leave, as proposals.
        training_due: The year by whose end training is due.
    """

    worker: str = attrs.field(metadata=zh("人员编号"))
    name: str | None = attrs.field(metadata=zh("姓名"))
    community: str = attrs.field(metadata=zh("社区代码"))
    post_class: str = attrs.field(metadata=zh("岗位类别"))
    months: int = attrs.field(metadata=zh("发放月数"))
    grade: int | None = attrs.field(metadata=zh("岗位等级"))
    basic: Fen = attrs.field(metadata=zh("基础报酬"))
    bonus: Fen = attrs.field(metadata=zh("绩效奖金"))
    certificate: Fen = attrs.field(metadata=zh("社工证补贴"))
    award: Fen = attrs.field(metadata=zh("一次性奖励"))
    emergency: Fen = attrs.field(metadata=zh("应急补贴"))
    kept: Fen = attrs.field(metadata=zh("保持不降"))
    total: Fen = attrs.field(metadata=zh("合计"))
    insurance: Fen | None = attrs.field(metadata=zh("个人社会保险"))
    fund: Fen | None = attrs.field(metadata=zh("个人住房公积金"))
    net: Fen | None = attrs.field(metadata=zh("实发"))
    assessed: str | None = attrs.field(metadata=zh("本年考核等次"))
    proposal: str | None = attrs.field(metadata=zh("续聘建议"))
    failed_running: int = attrs.field(metadata=zh("连续不合格年数"))
    failed_total: int = attrs.field(metadata=zh("累计不合格年数"))
    exit_ground: str | None = attrs.field(metadata=zh("退出情形"))
    training_due: int | None = attrs.field(metadata=zh("应培训年度"))
