"""Every figure of the two documents, with how far places below may go.

Each is shown with its clause; `reading` says what we chose where the text leaves a choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final, TypeVar

import attrs

from shequ_core.errors import Message, msg
from shequ_core.jilin.register import clause
from shequ_core.law.clauses import Document, Force
from shequ_core.model.communities import Setting
from shequ_core.model.posts import CertificateLevel, EducationLevel, Employment, Role, Sex
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import (
    agreements,
    careers,
    exits,
    grids,
    matters,
    pay,
    performance,
    recruitment,
    service,
    staffing,
    targets,
    training,
)
from shequ_core.policy.bounds import AtLeast, AtMost, Bound, Exactly, Inside
from shequ_core.policy.exits import FixedAge, UnassessedYear
from shequ_core.policy.parameters import LocalLimit, LocalValue, Parameter
from shequ_core.policy.pay import RisingFrom
from shequ_core.policy.performance import SubdistrictPool
from shequ_core.policy.staffing import HouseholdBands
from shequ_core.values import Span, Status, yuan

ISSUED: Final = date(2020, 4, 30)
PUBLISHED: Final = date(2020, 5, 6)


EXIT_NOTICE: Final = Document("民政、人力资源社会保障部门2020至2021年的通知(据新闻报道,文件名和日期不详)")

T = TypeVar("T")


def _issued(
    key: Parameter[T], value: T, address: str, *, leeway: Bound[T] | None = None, reading: Message | str = ""
) -> LocalValue[T]:
    return key.set(
        value, since=ISSUED, known_on=PUBLISHED, source=clause(address), status=Status.ISSUED, leeway=leeway,
        reading=reading,
    )


VALUES: Final[Sequence[LocalValue[Any] | LocalLimit[Any]]] = (  # Any: keys of every type
    # 二、(一) 社工岗人员范围
    _issued(staffing.SETTINGS, frozenset({Setting.URBAN, Setting.COUNTY_SEAT}), "JLW2.1"),
    _issued(staffing.EMPLOYMENTS, frozenset({Employment.FULL_TIME}), "JLW2.1"),
    # 二、(二) 人数: “可按10至15人左右”, “每增加300-500户可增设1个”
    _issued(staffing.NORM, HouseholdBands(), "JLW2.2a"),
    _issued(staffing.BASE_HOUSEHOLDS, 3000, "JLW2.2a", reading=msg("“3000户以下” takes 3,000 households in")),
    _issued(staffing.BASE_POSTS, Span(10, 15), "JLW2.2a", leeway=Inside(Span(10, 15))),
    _issued(
        staffing.STEP, Span(300, 500), "JLW2.2b", leeway=Inside(Span(300, 500)),
        reading=msg("“可增设”: each complete 300 households raise the upper limit by 1; the lower limit stays"),
    ),
    _issued(staffing.PARTY_POSTS, 2, "JLW2.2d", leeway=AtLeast(2)),
    # 二、(三) 招聘: “大专以上学历、年龄不超过40周岁”
    _issued(
        recruitment.MAX_AGE, 40, "JLW2.3b", leeway=AtMost(40),
        reading=msg("completed years on the day that the notice names; who is 40 may apply"),
    ),
    _issued(recruitment.MIN_EDUCATION, EducationLevel.JUNIOR_COLLEGE, "JLW2.3b"),
    # 二、(四) 薪酬: “基础报酬占70%”, “绩效奖金占30%”, “每月不低于200元…拉开档次”
    _issued(pay.BASE_SHARE, Fraction(7, 10), "JLW2.4d", leeway=Exactly(Fraction(7, 10))),
    _issued(performance.PERFORMANCE, SubdistrictPool(), "JLW2.4f"),
    pay.CERTIFICATE.limit(RisingFrom(yuan(200)), since=ISSUED, known_on=PUBLISHED, source=clause("JLW2.4g")),
    # 二、(五) 协议: “从2021年社区‘两委’换届后开始签订”
    _issued(agreements.SINCE_ELECTION_OF, 2021, "JLW2.5c"),
    # 二、(六) 发展空间
    _issued(
        careers.MERIT, frozenset({AssessmentGrade.OUTSTANDING}), "JLW2.6a",
        reading=msg("“优秀” is the grade of that name (JLW2.9c) in the latest assessment known on the day"),
    ),
    _issued(
        careers.CIVIL_SERVICE_ROLES,
        frozenset({Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.DIRECTOR, Role.DEPUTY_DIRECTOR}),
        "JLW2.6a",
    ),
    _issued(careers.LEADER_ROLES, frozenset({Role.SECRETARY}), "JLW2.6b"),
    _issued(careers.APPRAISED_ROLES, frozenset({Role.SECRETARY, Role.DIRECTOR}), "JLW2.6d"),
    _issued(
        careers.APPRAISED_CERTIFICATE, CertificateLevel.SOCIAL_WORKER, "JLW2.6d",
        reading=msg("“中级” is 社工师: below it is the assistant's certificate, above it the senior one"),
    ),
    # 二、(七) 培训: 书记、主任每年一遍, 其他人员每2年一遍; “使每个社区有3名以上社工师”
    _issued(
        training.INTERVAL,
        {
            Role.SECRETARY: 1,
            Role.DEPUTY_SECRETARY: 2,
            Role.DIRECTOR: 1,
            Role.DEPUTY_DIRECTOR: 2,
            Role.MEMBER: 2,
            Role.STAFF: 2,
        },
        "JLW2.7a",
    ),
    _issued(targets.CERTIFIED_WORKERS, 3, "JLW2.7b", leeway=AtLeast(3)),
    _issued(
        targets.CERTIFIED_LEVEL, CertificateLevel.SOCIAL_WORKER, "JLW2.7b",
        reading=msg("“社工师” means that certificate or a higher one"),
    ),
    _issued(targets.CERTIFIED_BY, date(2023, 4, 30), "JLW2.7b", reading=msg("“3年左右” counts as three full years")),
    # 二、(八) 服务: 大厅2-3人, “一日两巡,月全覆盖”
    _issued(service.HALL_STAFF, Span(2, 3), "JLW2.8a", leeway=Inside(Span(2, 3))),
    _issued(service.PATROLS, 2, "JLW2.8b", leeway=AtLeast(2)),
    _issued(service.COVERAGE_MONTHS, 1, "JLW2.8b", leeway=AtMost(1)),
    # 二、(十) 退出: “连续2年或累计3年考核不合格”; 退出标准由各地具体规定, 所以更严可以
    _issued(exits.FAILED_RUNNING, 2, "JLW2.10a", leeway=Inside(Span(1, 2))),
    _issued(exits.FAILED_TOTAL, 3, "JLW2.10a", leeway=Inside(Span(1, 3))),
    _issued(
        exits.UNASSESSED_YEAR, UnassessedYear.SKIPPED, "JLW2.10a",
        reading=msg("a year without an assessment neither counts nor breaks “连续”"),
    ),
    # 三、(一) 2020年9月底前; 可分三年
    _issued(targets.COMMITTEE_BY, date(2020, 9, 30), "JLW3.1a"),
    _issued(targets.HIRING_YEARS, 3, "JLW3.1b"),
    # 治理意见
    _issued(careers.PUT_FORWARD_FIRST, frozenset({Role.SECRETARY, Role.DIRECTOR}), "JLG2.2.4"),
    _issued(targets.MILESTONES, (2020, 2021, 2022), "JLG1.2"),
    _issued(grids.HOUSEHOLDS, Span(300, 500), "JLG2.3.2a", leeway=Inside(Span(300, 500))),
    _issued(grids.WORKERS, 1, "JLG2.3.2a", leeway=Exactly(1)),
    _issued(grids.AUXILIARY_POLICE, 1, "JLG2.3.4a", leeway=AtLeast(1)),
    _issued(targets.SOCIAL_ORGANISATIONS, 10, "JLG2.5.2", leeway=AtLeast(10)),
    _issued(targets.VOLUNTEER_TEAMS, 1, "JLG2.5.2", leeway=AtLeast(1)),
    _issued(targets.PLATFORM_COVERAGE, Fraction(1), "JLG2.6.1a", leeway=Exactly(Fraction(1))),
    _issued(targets.PLATFORM_BY, date(2022, 12, 31), "JLG2.6.1a", reading=msg("“到2022年” counts to the end of 2022")),
    _issued(
        matters.BARRED_KINDS, ("行政执法", "拆迁拆违", "环境整治", "城市管理", "招商引资"), "JLG2.7.1b",
        reading=msg("“等事项” leaves the list open: a place may name more kinds"),
    ),
    _issued(service.WALK_MINUTES, 15, "JLG2.9", leeway=AtMost(15)),
    # 民政、人社部门2020-2021年的通知 (press): 男60周岁、女55周岁
    exits.AGE.set(
        FixedAge({Sex.MALE: 60, Sex.FEMALE: 55}), since=ISSUED, known_on=date(2021, 12, 31),
        source=attrs.evolve(EXIT_NOTICE.article(""), clause="JLW2.10h", force=Force.NONE), status=Status.PRESS,
        reading=msg("the notice is known only to be of 2020 or 2021: it counts as known from the end of 2021"),
    ),
)
"""What the province says, in the order of the documents."""
