"""Communities and grids as they were counted."""

from __future__ import annotations

from datetime import date

import attrs
from attrs import validators

from shequ_core.model.facts import COMMUNITY_CODE, zh
from shequ_core.values import Labelled

_COUNT = validators.optional(validators.ge(0))


class Setting(Labelled):
    """Where a community lies, which decides whether the law of posts reaches it (JLW2.1)."""

    URBAN = "urban", "城市", "城区"
    COUNTY_SEAT = "county_seat", "县城所在地", "县政府所在地", "县城"
    OTHER_TOWN = "other_town", "其他乡镇", "乡镇"


@attrs.frozen(kw_only=True)
class Community:
    """An urban community (社区) as it was counted.

    Attributes:
        code: 12 digits: township-level division and serial.
        households: Registered households, the measure by which staffing (JLW2.2a) and grids
            (JLG2.3.2a) both count; None where nobody counted.
        residents: Residents, for places whose norm goes by them.
        counted_on: The day of the count.
    """

    code: str = attrs.field(validator=validators.matches_re(r"\d{12}"), metadata=COMMUNITY_CODE)
    name: str = attrs.field(metadata=zh("社区名称", "社区", "名称"))
    setting: Setting | None = attrs.field(default=None, metadata=zh("所在地类型", "类型"))
    households: int | None = attrs.field(default=None, validator=_COUNT, metadata=zh("户数", "居民户数", "总户数"))
    residents: int | None = attrs.field(default=None, validator=_COUNT, metadata=zh("人口数", "常住人口", "人口"))
    counted_on: date | None = attrs.field(default=None, metadata=zh("统计日期", "截止日期"))


@attrs.frozen(kw_only=True)
class Grid:
    """A grid (网格) of a community.

    Attributes:
        code: 15 digits: community and serial.
        community: The community's code.
        drawn_by: The department that drew it, where it wasn't the community (JLG2.3.2c).
    """

    code: str = attrs.field(validator=validators.matches_re(r"\d{15}"), metadata=zh("网格代码", "网格编码"))
    community: str = attrs.field(validator=validators.matches_re(r"\d{12}"), metadata=COMMUNITY_CODE)
    households: int | None = attrs.field(default=None, validator=_COUNT, metadata=zh("户数", "居民户数"))
    drawn_by: str | None = attrs.field(default=None, metadata=zh("划分单位"))
