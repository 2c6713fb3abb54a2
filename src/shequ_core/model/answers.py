"""What a year of a place comes to: rows of the answer, which are facts in their own right."""

from __future__ import annotations

import attrs

from shequ_core.model.facts import zh
from shequ_core.values import Fen


@attrs.frozen(kw_only=True)
class Slip:
    """One month's pay of one worker, line by line; `total` is the sum of the lines.

    Attributes:
        month: Year x 100 + month: 202207.
        assessment: The latest grade known at payday, None where there is none yet.
        standard: The grade's monthly standard, of which `basic` and `performance` are the parts.
        performance: The own performance share, which goes into the subdistrict's pool.
        bonus: What comes out of the pool (JLW2.4f).
        certificate: The certificate allowance (JLW2.4g).
        kept: What keeps pay from falling at the change-over (JLW2.4c).
        total: basic + bonus + certificate + kept.
    """

    worker: str = attrs.field(metadata=zh("人员编号"))
    month: int = attrs.field(metadata=zh("月份"))
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
    kept: Fen = attrs.field(metadata=zh("保持不降"))
    total: Fen = attrs.field(metadata=zh("合计"))


@attrs.frozen(kw_only=True)
class PoolMonth:
    """One subdistrict's performance pool of one month; distributed + undistributed = pool."""

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
    kept: Fen = attrs.field(metadata=zh("保持不降"))
    total: Fen = attrs.field(metadata=zh("合计"))
    assessed: str | None = attrs.field(metadata=zh("本年考核等次"))
    proposal: str | None = attrs.field(metadata=zh("续聘建议"))
    failed_running: int = attrs.field(metadata=zh("连续不合格年数"))
    failed_total: int = attrs.field(metadata=zh("累计不合格年数"))
    exit_ground: str | None = attrs.field(metadata=zh("退出情形"))
    training_due: int | None = attrs.field(metadata=zh("应培训年度"))
