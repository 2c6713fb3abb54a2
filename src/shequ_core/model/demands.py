"""What departments ask of communities, or put into them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import attrs
from attrs import validators

from shequ_core.model.facts import COMMUNITY_CODE, zh
from shequ_core.values import Labelled

_NOT_EMPTY: Final[Callable[[object, attrs.Attribute[str], str], object]] = validators.min_len(1)


class Demanded(Labelled):
    """What is asked of a community or put into it."""

    NAME_PLATE = "name_plate", "牌子", "挂牌"
    WORKING_BODY = "working_body", "工作机构"
    MEETING = "meeting", "会议"
    LEDGER = "ledger", "工作台账", "台账"
    CERTIFICATE = "certificate", "证明", "社区证明"
    ASSESSMENT = "assessment", "考核评比", "考核"
    VETO = "veto", "一票否决"
    TERMINAL = "terminal", "业务系统终端", "服务终端", "业务系统"
    RECRUITMENT = "recruitment", "招聘人员"
    WELFARE_RECRUITMENT = "welfare_recruitment", "招聘公益性岗位人员"


class Demander(Labelled):
    """Who asks."""

    LOCAL_GOVERNMENT = "local_government", "基层政府", "政府"
    CIVIL_AFFAIRS = "civil_affairs", "民政部门"
    DEPARTMENT = "department", "其他职能部门", "职能部门"


@attrs.frozen(kw_only=True)
class Demand:
    """Something asked of a community or put into it by an office above (部门要求).

    Attributes:
        community: The code of the community.
        by: What sort of office asks.
        office: Its name.
        subject: What it is about: the text of the plate, the name of the ledger.
        listed: Whether the county's list has it, or the county approved it; None where nobody knows.
        on_platform: For a terminal: whether the system was moved to the common platform or joined to it.
        since: First day; None where nobody wrote it down.
        until: Last day; None while it lasts.
    """

    community: str = attrs.field(validator=validators.matches_re(r"\d{12}"), metadata=COMMUNITY_CODE)
    kind: Demanded = attrs.field(metadata=zh("要求类别", "类别"))
    by: Demander = attrs.field(metadata=zh("要求方类型", "部门类型"))
    office: str | None = attrs.field(default=None, metadata=zh("要求部门", "部门名称"))
    subject: str = attrs.field(validator=_NOT_EMPTY, metadata=zh("要求内容", "名称"))
    listed: bool | None = attrs.field(default=None, metadata=zh("是否在清单内", "是否经县级批准"))
    on_platform: bool | None = attrs.field(default=None, metadata=zh("是否接入综合信息平台"))
    since: date | None = attrs.field(default=None, metadata=zh("要求开始日期", "设立日期"))
    until: date | None = attrs.field(default=None, metadata=zh("要求结束日期", "取消日期"))
