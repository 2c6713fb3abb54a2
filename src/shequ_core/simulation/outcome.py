"""What simulated years come to: tidy tables, one row a seed, year and county (and a line, a ground, a group)."""

from __future__ import annotations

from typing import Final

import attrs

from shequ_core.model.budget import PAYER_LABELS, CostLine
from shequ_core.model.facts import zh
from shequ_core.simulation.turn import Leaving
from shequ_core.tables.columns import EnumColumn, FenColumn, IntColumn, TextColumn
from shequ_core.tables.table import Table
from shequ_core.values import Fen, Labelled

AMOUNTS: Final = ("basic", "bonus", "certificate", "award", "emergency", "kept", "employer", "pool", "undistributed")
ARREARS: Final = "arrears"
"""What of the months' pay was paid later: part of it, not beside it."""
COUNTS: Final = (
    "months", "contributing", "posts", "posts_opened", "posts_closed", "held", "outside", "vacant", "hired", "left",
    "certified", "social_workers", "communities", "communities_short", "communities_below", "training_due", "trained",
    "training_missed", "agreements_signed", "agreements_missing", "households", "grids", "grids_redrawn",
    "grid_workers",
)


@attrs.frozen(kw_only=True)
class CountyYear:
    """A year of a county in one replicate.

    Attributes:
        months: Months that were paid.
        contributing: Of how many of them the employer's contributions are known.
        posts_opened: Posts that opened in the year; `posts_closed` those that were closed.
        posts: Posts, and how many are held at the end of the year, by whom the law of posts doesn't reach (`outside`),
            and vacant.
        hired: Who came in the year; `left` who left.
        certified: Holders with any certificate at the end of the year; `social_workers` those that count (JLW2.7b).
        communities: Communities that have posts; `communities_short` those with too few social workers,
            `communities_below` with fewer holders than the law wants (JLW2.2a).
        arrears: How much of the total was paid later, because the reference came out late; below zero where too much
            was paid at first.
        training_due: Who had to be trained in the year (JLW2.7a); `trained`, `training_missed` who was and wasn't.
        agreements_signed: Agreements to the end of the term (JLW2.5c) that were signed in the year;
            `agreements_missing` holders without one at its end.
        households: Of all communities, those without posts too; `grids` how many grids there are (JLG2.3.2a),
            `grids_redrawn` communities that came to another number of them, `grid_workers` how many they take.
    """

    seed: int
    year: int = attrs.field(metadata=zh("年度"))
    county: str = attrs.field(metadata=zh("区县代码"))
    months: int = attrs.field(metadata=zh("发放人月"))
    contributing: int = attrs.field(metadata=zh("缴费人月"))
    posts: int = attrs.field(metadata=zh("岗位数"))
    posts_opened: int = attrs.field(metadata=zh("新设岗位数"))
    posts_closed: int = attrs.field(metadata=zh("撤销岗位数"))
    held: int = attrs.field(metadata=zh("在岗人数"))
    outside: int = attrs.field(metadata=zh("非社工岗人数"))
    vacant: int = attrs.field(metadata=zh("空缺岗位数"))
    hired: int = attrs.field(metadata=zh("新聘人数"))
    left: int = attrs.field(metadata=zh("离岗人数"))
    certified: int = attrs.field(metadata=zh("持证人数"))
    social_workers: int = attrs.field(metadata=zh("社工师人数"))
    communities: int = attrs.field(metadata=zh("社区数"))
    communities_short: int = attrs.field(metadata=zh("社工师不足社区数"))
    communities_below: int = attrs.field(metadata=zh("人数不足社区数"))
    training_due: int = attrs.field(metadata=zh("应训人数"))
    trained: int = attrs.field(metadata=zh("已训人数"))
    training_missed: int = attrs.field(metadata=zh("应训未训人数"))
    agreements_signed: int = attrs.field(metadata=zh("新签协议数"))
    agreements_missing: int = attrs.field(metadata=zh("未签协议人数"))
    households: int = attrs.field(metadata=zh("户数"))
    grids: int = attrs.field(metadata=zh("网格数"))
    grids_redrawn: int = attrs.field(metadata=zh("重划网格社区数"))
    grid_workers: int = attrs.field(metadata=zh("应配网格员数"))
    basic: Fen = attrs.field(metadata=zh("基础报酬"))
    bonus: Fen = attrs.field(metadata=zh("绩效奖金"))
    certificate: Fen = attrs.field(metadata=zh("职业津贴"))
    award: Fen = attrs.field(metadata=zh("一次性奖励"))
    emergency: Fen = attrs.field(metadata=zh("应急补贴"))
    kept: Fen = attrs.field(metadata=zh("保留差额"))
    total: Fen = attrs.field(metadata=zh("应发合计"))
    employer: Fen = attrs.field(metadata=zh("单位社保公积金"))
    pool: Fen = attrs.field(metadata=zh("绩效总量"))
    undistributed: Fen = attrs.field(metadata=zh("未分配绩效"))
    arrears: Fen = attrs.field(metadata=zh("其中补发"))


class CountyYears(Table[CountyYear]):
    """Years of counties, one row a seed, year and county."""

    seed: IntColumn
    year: IntColumn
    county: TextColumn
    months: IntColumn
    contributing: IntColumn
    posts: IntColumn
    posts_opened: IntColumn
    posts_closed: IntColumn
    held: IntColumn
    outside: IntColumn
    vacant: IntColumn
    hired: IntColumn
    left: IntColumn
    certified: IntColumn
    social_workers: IntColumn
    communities: IntColumn
    communities_short: IntColumn
    communities_below: IntColumn
    training_due: IntColumn
    trained: IntColumn
    training_missed: IntColumn
    agreements_signed: IntColumn
    agreements_missing: IntColumn
    households: IntColumn
    grids: IntColumn
    grids_redrawn: IntColumn
    grid_workers: IntColumn
    basic: FenColumn
    bonus: FenColumn
    certificate: FenColumn
    award: FenColumn
    emergency: FenColumn
    kept: FenColumn
    total: FenColumn
    employer: FenColumn
    pool: FenColumn
    undistributed: FenColumn
    arrears: FenColumn


@attrs.frozen(kw_only=True)
class Cost:
    """What one payer pays of one line of cost in a year of a county (JLW3.2)."""

    seed: int
    year: int = attrs.field(metadata=zh("年度"))
    county: str = attrs.field(metadata=zh("区县代码"))
    line: CostLine = attrs.field(metadata=zh("支出项目"))
    payer: str = attrs.field(metadata=zh("出资方", labels=PAYER_LABELS))
    cost: Fen = attrs.field(metadata=zh("支出"))


class Costs(Table[Cost]):
    """Costs, one row a seed, year, county, line and payer."""

    seed: IntColumn
    year: IntColumn
    county: TextColumn
    line: EnumColumn[CostLine]
    payer: TextColumn
    cost: FenColumn


@attrs.frozen(kw_only=True)
class Left:
    """How many left in a year of a county, for one reason."""

    seed: int
    year: int = attrs.field(metadata=zh("年度"))
    county: str = attrs.field(metadata=zh("区县代码"))
    ground: Leaving = attrs.field(metadata=zh("离岗原因"))
    people: int = attrs.field(metadata=zh("人数"))


class Leavers(Table[Left]):
    """Who left, one row a seed, year, county and reason that occurred."""

    seed: IntColumn
    year: IntColumn
    county: TextColumn
    ground: EnumColumn[Leaving]
    people: IntColumn


class By(Labelled):
    """By what holders are counted."""

    GRADE = "grade", "岗位等级"
    AGE = "age", "年龄段"
    SEX = "sex", "性别"
    AGE_OF_WOMEN = "age_of_women", "女性年龄段"
    AGE_OF_MEN = "age_of_men", "男性年龄段"
    EDUCATION = "education", "学历"
    CERTIFICATE = "certificate", "社工证"
    POST_CLASS = "post_class", "岗位类别"
    ASSESSMENT = "assessment", "考核等次"


@attrs.frozen(kw_only=True)
class Count:
    """How many holders of one kind there are at the end of a year of a county.

    Attributes:
        kind: A grade, the first age of five years, a sex, a level, a class, an assessment; `none` for without.
    """

    seed: int
    year: int = attrs.field(metadata=zh("年度"))
    county: str = attrs.field(metadata=zh("区县代码"))
    by: By = attrs.field(metadata=zh("分类"))
    kind: str = attrs.field(metadata=zh("类别"))
    people: int = attrs.field(metadata=zh("人数"))


class Structure(Table[Count]):
    """Holders by grade, age, education and so on, one row a seed, year, county and kind that occurs."""

    seed: IntColumn
    year: IntColumn
    county: TextColumn
    by: EnumColumn[By]
    kind: TextColumn
    people: IntColumn
