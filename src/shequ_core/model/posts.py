"""Posts, the people who hold them, and what is on record of a person's standing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import attrs
from attrs import validators

from shequ_core.model.facts import COMMUNITY_CODE, WITHDRAWN, WORKER_ID, zh
from shequ_core.values import Labelled

POST_ID: Final = r"\d{12}-\d{2,3}"
"""Community and ordinal; it doesn't hang on the policy, so it survives every reform."""

CLASS_LABELS: Final = {
    "社区正职": "principal",
    "正职": "principal",
    "其他两委成员": "committee",
    "其他“两委”成员": "committee",
    "两委成员": "committee",
    "普通工作人员": "staff",
    "一般工作人员": "staff",
}
"""What rosters call the three classes of JLW2.4a. A place may have others: a class is text."""

_NOT_EMPTY: Final[Callable[[object, attrs.Attribute[str], str], object]] = validators.min_len(1)


class Sex(Labelled):
    """As on the identity card; exit ages go by it."""

    MALE = "male", "男", "男性"
    FEMALE = "female", "女", "女性"


class PostDuty(Labelled):
    """What a post is for."""

    GENERAL = "general", "综合", "一般", "服务管理"
    PARTY_BUILDING = "party_building", "专职党建", "党建"


class Role(Labelled):
    """What a holder is in the community."""

    SECRETARY = "secretary", "党组织书记", "书记"
    DEPUTY_SECRETARY = "deputy_secretary", "党组织副书记", "副书记"
    DIRECTOR = "director", "居委会主任", "居民委员会主任", "主任"
    DEPUTY_DIRECTOR = "deputy_director", "居委会副主任", "居民委员会副主任", "副主任"
    MEMBER = "member", "两委委员", "委员"
    STAFF = "staff", "工作人员", "社工"


class Employment(Labelled):
    """On what footing somebody works in a community; JLW2.1 takes the full-time ones alone."""

    FULL_TIME = "full_time", "专职", "全职"
    PUBLIC_WELFARE = "public_welfare", "公益性岗位", "公益岗"
    PART_TIME = "part_time", "非全日制", "兼职"
    REHIRED = "rehired", "退休返聘", "返聘"
    AUXILIARY = "auxiliary", "其他辅助人员", "辅助"
    GRADUATE_ASSISTANT = "graduate_assistant", "大学生助理"


class EducationLevel(Labelled):
    """Completed education, in rising order."""

    PRIMARY = "primary", "小学", "小学及以下"
    JUNIOR_HIGH = "junior_high", "初中"
    SENIOR_HIGH = "senior_high", "高中", "中专", "职高", "中技", "高中/中专"
    JUNIOR_COLLEGE = "junior_college", "大专", "大学专科", "专科", "高职"
    BACHELOR = "bachelor", "本科", "大学本科", "大学"
    MASTER = "master", "硕士", "硕士研究生", "研究生"
    DOCTOR = "doctor", "博士", "博士研究生"


class CertificateLevel(Labelled):
    """The national social-worker certificates, in rising order."""

    ASSISTANT = "assistant", "助理社工师", "助理社会工作师", "初级"
    SOCIAL_WORKER = "social_worker", "社工师", "社会工作师", "中级"
    SENIOR = "senior", "高级社工师", "高级社会工作师", "高级"


@attrs.frozen(kw_only=True)
class Post:
    """A post (社工岗), held or vacant.

    Attributes:
        id: Community code, a hyphen and an ordinal: 220104001003-01.
        opened_on: First day; None where it was there before anybody wrote it down.
        closed_on: Last day.
    """

    id: str = attrs.field(validator=validators.matches_re(POST_ID), metadata=zh("岗位编号", "社工岗编号"))
    community: str = attrs.field(validator=validators.matches_re(r"\d{12}"), metadata=COMMUNITY_CODE)
    duty: PostDuty | None = attrs.field(default=None, metadata=zh("岗位职责", "岗位性质"))
    opened_on: date | None = attrs.field(default=None, metadata=zh("设立日期"))
    closed_on: date | None = attrs.field(default=None, metadata=zh("撤销日期"))


@attrs.frozen(kw_only=True)
class Worker:
    """A community worker.

    Attributes:
        id: Any stable id of the place's own; it is shown, so it should not be the identity number.
        worked_since: First day of community work, from which years of work count.
    """

    id: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    name: str | None = attrs.field(default=None, metadata=zh("姓名"))
    sex: Sex | None = attrs.field(default=None, metadata=zh("性别"))
    birth_date: date | None = attrs.field(default=None, metadata=zh("出生日期", "出生年月日"))
    worked_since: date | None = attrs.field(
        default=None, metadata=zh("参加社区工作日期", "参加社区工作时间", "从事社区工作时间")
    )


@attrs.frozen(kw_only=True)
class Holding:
    """A worker in a post, from a day to a day.

    Attributes:
        post_class: 'principal', 'committee', 'staff', or a class of the place's own grade table.
        since: First day.
        until: Last day; None while it lasts.
        probation_until: Last day of probation, for who came on probation.
        known_on: When it became known; None counts as always. Of two rows of one person, post and first day
            the one that became known later counts.
        withdrawn: Whether an earlier row of the same person, post and first day was never so.
    """

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    post: str = attrs.field(validator=validators.matches_re(POST_ID), metadata=zh("岗位编号", "社工岗编号"))
    post_class: str = attrs.field(validator=_NOT_EMPTY, metadata=zh("岗位类别", "岗位类型", labels=CLASS_LABELS))
    role: Role | None = attrs.field(default=None, metadata=zh("职务"))
    employment: Employment | None = attrs.field(default=None, metadata=zh("用工形式", "人员性质"))
    since: date = attrs.field(metadata=zh("上岗日期", "任职日期", "到岗时间"))
    until: date | None = attrs.field(default=None, metadata=zh("离岗日期", "离任日期"))
    probation_until: date | None = attrs.field(default=None, metadata=zh("试用期截止日期", "试用期满日期"))
    known_on: date | None = attrs.field(default=None, metadata=zh("任职获知日期", "获知日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)


@attrs.frozen(kw_only=True)
class Education:
    """A level of education that somebody completed; `since` None: always."""

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    level: EducationLevel = attrs.field(metadata=zh("学历", "文化程度"))
    since: date | None = attrs.field(default=None, metadata=zh("毕业日期", "学历取得日期"))
    known_on: date | None = attrs.field(default=None, metadata=zh("学历获知日期", "获知日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)


@attrs.frozen(kw_only=True)
class Certificate:
    """A social-worker certificate that somebody holds; `since` None: always."""

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    level: CertificateLevel = attrs.field(metadata=zh("社工证", "社工证书", "职业资格", "职业水平"))
    since: date | None = attrs.field(default=None, metadata=zh("取证日期", "社工证取得日期"))
    known_on: date | None = attrs.field(default=None, metadata=zh("社工证获知日期", "获知日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)


@attrs.frozen(kw_only=True)
class Secondment:
    """A holder lent to a higher office (借调、抽调), who keeps the post (JLW2.9e).

    Attributes:
        to: The office.
        approved_by: Who approved it, None where nobody did or nobody wrote it down.
        approved: Whether the county approved it; None where `approved_by` tells it, or nobody wrote it down.
        until: Last day; None while it lasts.
    """

    worker: str = attrs.field(validator=_NOT_EMPTY, metadata=WORKER_ID)
    to: str = attrs.field(metadata=zh("借调单位", "抽调单位"))
    since: date = attrs.field(metadata=zh("借调开始日期"))
    until: date | None = attrs.field(default=None, metadata=zh("借调结束日期"))
    approved_by: str | None = attrs.field(default=None, metadata=zh("批准单位"))
    approved: bool | None = attrs.field(default=None, metadata=zh("是否批准"))
    known_on: date | None = attrs.field(default=None, metadata=zh("借调获知日期", "获知日期"))
    withdrawn: bool | None = attrs.field(default=None, metadata=WITHDRAWN)
