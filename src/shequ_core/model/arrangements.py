"""What a place has arranged: people who answer, papers, centres, conferences, plans, and the seats of its bodies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import attrs
from attrs import validators

from shequ_core.model.facts import COMMUNITY_CODE, zh
from shequ_core.values import Labelled

_NOT_EMPTY: Final[Callable[[object, attrs.Attribute[str], str], object]] = validators.min_len(1)
_COUNT: Final = validators.optional(validators.ge(0))


class Arranged(Labelled):
    """What is arranged."""

    ANSWERABLE = "answerable", "责任人", "负责人"
    """Somebody who answers for a subdistrict, community, grid or building (JLG2.1.1)."""
    PARTY_HOUSEHOLD = "party_household", "党员中心户"
    """A Party member's household that serves as a centre (JLG2.1.1)."""
    MEMBERS_REPORT = "members_report", "在职党员报到", "党员报到"
    PAIRED_OFFICE = "paired_office", "结对共建", "结对单位"
    FIRST_SECRETARY = "first_secretary", "第一书记"
    EDUCATION_PARTY_WORK = "education_party_work", "教育系统党组织进社区"
    STATE_ASSETS_PARTY_WORK = "state_assets_party_work", "国资系统党组织进社区"
    HOSPITAL_PARTY_WORK = "hospital_party_work", "医院党组织进社区"
    SERVICE_CENTRE = "service_centre", "党群服务中心"
    CENTRE_SIGN = "centre_sign", "党群服务中心统一标识"
    CENTRE_STAFF = "centre_staff", "党群服务中心专职人员"
    CENTRE_RULES = "centre_rules", "党群服务中心工作保障和运行机制"
    DEPARTMENT_WINDOW = "department_window", "下移服务窗口", "县级部门服务窗口"
    CHARTER = "charter", "自治章程", "居民自治章程"
    PACT = "pact", "居民公约"
    JOINT_CONFERENCE = "joint_conference", "社区治理联席会议", "联席会议制度"
    PLAN_NATURAL = "plan_natural", "自然灾害预案"
    PLAN_ACCIDENT = "plan_accident", "事故灾难预案"
    PLAN_HEALTH = "plan_health", "公共卫生事件预案"
    PLAN_SECURITY = "plan_security", "社会安全事件预案"
    SHELTER = "shelter", "应急避难场所"
    FIRE_FACILITIES = "fire_facilities", "公共消防设施"
    DRILL = "drill", "应急演练"
    POLICE_OFFICE = "police_office", "社区警务室"
    FULL_TIME_POLICE = "full_time_police", "专职社区民警"
    MEDICAL_SERVICE = "medical_service", "医疗卫生服务"
    FITNESS_SERVICE = "fitness_service", "健身健康服务"
    LEGAL_SERVICE = "legal_service", "公共法律服务"
    SECURITY_PLATFORM = "security_platform", "社会治安综合治理平台", "综治平台"
    PURCHASE_CATALOGUE = "purchase_catalogue", "社区服务纳入政府购买目录"
    SUPPLIERS = "suppliers", "自治组织和社会组织纳入购买对象"
    PURCHASED_SERVICE = "purchased_service", "政府购买社区服务"
    CADRE_ON_DUTY = "cadre_on_duty", "干部挂职锻炼"
    ONE_NUMBER = "one_number", "一号申请"
    ONE_WINDOW = "one_window", "一窗受理"
    ONE_NETWORK = "one_network", "一网通办"
    JOINT_HANDLING = "joint_handling", "协同办理"
    SERVICE_STANDARDS = "service_standards", "服务制度", "服务标准"
    IMPLEMENTING_RULES = "implementing_rules", "具体实施意见", "实施方案"
    LEADERS_ASSESSED = "leaders_assessed", "纳入政绩考核"
    SECRETARIES_REVIEWED = "secretaries_reviewed", "纳入党建述职评议考核"
    TALENT_PLAN = "talent_plan", "纳入人才发展规划"
    TRAINING_PLAN = "training_plan", "分层分类培训计划"
    WORKING_MECHANISM = "working_mechanism", "民政牵头部门协同机制"
    STAGE_DESIGN = "stage_design", "总体设计完成"
    """The three stages of JLG1.2."""
    STAGE_KEY_TASKS = "stage_key_tasks", "重点任务落实"
    STAGE_MODEL = "stage_model", "“三为三全”模式成形", "三为三全模式成形"


@attrs.frozen(kw_only=True)
class Arrangement:
    """Something that a place has arranged or has not (工作安排).

    A kind of which a county has no row at all counts as not asked: to say that there is none, give a row that says no.

    Attributes:
        place: The code of the county, subdistrict, community or grid; for who answers for a building, its id.
        in_place: Whether it is there; None where nobody knows.
        since: First day; None where nobody wrote it down.
        until: Last day; None while it lasts.
        document: The paper on which it rests.
        office: The other side: the office paired, the one that sent somebody, the department whose window it is.
        answers: Who answers for it, by id or office.
    """

    place: str = attrs.field(validator=_NOT_EMPTY, metadata=zh("地点代码", "地区代码"))
    kind: Arranged = attrs.field(metadata=zh("安排事项", "事项类别"))
    in_place: bool | None = attrs.field(default=None, metadata=zh("是否到位", "有无"))
    since: date | None = attrs.field(default=None, metadata=zh("安排开始日期", "启用日期"))
    until: date | None = attrs.field(default=None, metadata=zh("安排结束日期", "停用日期"))
    document: str | None = attrs.field(default=None, metadata=zh("依据文件", "文件"))
    office: str | None = attrs.field(default=None, metadata=zh("对方单位", "结对或选派单位"))
    answers: str | None = attrs.field(default=None, metadata=zh("责任人", "负责人"))


class Body(Labelled):
    """Whose seats are counted (JLG2.2.2)."""

    PARTY_ORGANISATION = "party_organisation", "社区党组织成员", "党组织成员"
    RESIDENTS_COMMITTEE = "residents_committee", "居民委员会成员", "居委会成员"
    GROUP_LEADERS = "group_leaders", "居民小组长"
    BUILDING_HEADS = "building_heads", "楼院门栋长", "楼栋长"


@attrs.frozen(kw_only=True)
class Seats:
    """The seats of a body of a community, and how many are filled (班子职数).

    Attributes:
        seats: How many there are.
        held: How many of them somebody holds.
    """

    community: str = attrs.field(validator=validators.matches_re(r"\d{12}"), metadata=COMMUNITY_CODE)
    body: Body = attrs.field(metadata=zh("机构", "人员类别"))
    seats: int | None = attrs.field(default=None, validator=_COUNT, metadata=zh("应配人数", "职数"))
    held: int | None = attrs.field(default=None, validator=_COUNT, metadata=zh("实配人数", "到位人数"))
