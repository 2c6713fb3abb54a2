"""What is counted of a community to see how near the announced figures are."""

from __future__ import annotations

from datetime import date

import attrs
from attrs import validators

from shequ_core.model.facts import COMMUNITY_CODE, zh

_COUNT = validators.optional(validators.ge(0))


@attrs.frozen(kw_only=True)
class Indicator:
    """What a community has reached (社区指标); None where nobody counted.

    Attributes:
        social_organisations: Community social organisations nurtured (JLG2.5.2).
        volunteer_teams: Volunteer service teams (JLG2.5.2).
        on_platform: Whether the integrated public-service platform covers it (JLG2.6.1a).
        counted_on: The day of the count.
    """

    community: str = attrs.field(validator=validators.matches_re(r"\d{12}"), metadata=COMMUNITY_CODE)
    social_organisations: int | None = attrs.field(
        default=None, validator=_COUNT, metadata=zh("社区社会组织数", "社会组织数")
    )
    volunteer_teams: int | None = attrs.field(
        default=None, validator=_COUNT, metadata=zh("志愿服务队数", "志愿者服务团队数")
    )
    on_platform: bool | None = attrs.field(default=None, metadata=zh("是否接入综合信息平台", "接入平台"))
    counted_on: date | None = attrs.field(default=None, metadata=zh("统计日期", "截止日期"))
