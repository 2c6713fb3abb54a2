"""Facilities that residents walk to (JLG2.9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs
from attrs import validators

from shequ_core.model.facts import COMMUNITY_CODE, zh
from shequ_core.values import Labelled

_NOT_EMPTY: Final[Callable[[object, attrs.Attribute[str], str], object]] = validators.min_len(1)
_CODE: Final[Callable[[object, attrs.Attribute[str | None], str | None], object]] = validators.optional(
    validators.matches_re(r"\d{12}")
)


class FacilityKind(Labelled):
    """What a facility is for, as the text names it."""

    SERVICE = "service", "社区综合服务", "社区服务站", "党群服务中心"
    FITNESS = "fitness", "健身场地", "健身设施", "体育设施"
    ELDERLY = "elderly", "养老服务", "养老设施"
    MEDICAL = "medical", "医疗卫生", "社区卫生服务"
    CULTURE = "culture", "文化设施", "文化服务"
    LEARNING = "learning", "幸福学堂", "学堂"
    READING = "reading", "阅读空间", "图书室"


@attrs.frozen(kw_only=True)
class Facility:
    """A facility (设施), where it is.

    Attributes:
        id: Any stable id.
        community: The community in which it lies, where that is known; residents of others may walk to it too.
        lon: Degrees east, CGCS2000 or WGS 84; comes with `lat`.
        lat: Degrees north.
        x: Metres east in the plane of the buildings; comes with `y` and without degrees.
        y: Metres north.
    """

    id: str = attrs.field(validator=_NOT_EMPTY, metadata=zh("设施编号", "编号"))
    name: str | None = attrs.field(default=None, metadata=zh("设施名称", "名称"))
    kind: FacilityKind = attrs.field(metadata=zh("设施类别", "类别"))
    community: str | None = attrs.field(default=None, validator=_CODE, metadata=COMMUNITY_CODE)
    lon: float | None = attrs.field(default=None, metadata=zh("经度", "lng", "longitude"))
    lat: float | None = attrs.field(default=None, metadata=zh("纬度", "latitude"))
    x: float | None = attrs.field(default=None, metadata=zh("横坐标", "东坐标"))
    y: float | None = attrs.field(default=None, metadata=zh("纵坐标", "北坐标"))
