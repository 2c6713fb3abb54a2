"""Buildings of a community, what joins them, and the grid each was in before."""

from __future__ import annotations

import attrs
from attrs import validators

from shequ_core.model.facts import COMMUNITY_CODE, zh


@attrs.frozen(kw_only=True)
class Building:
    """A building (楼栋) as it was counted.

    Attributes:
        id: Unique among all buildings of a table.
        community: The code of its community, where the table holds more than one.
        households: Registered households; 0 for a school or a shop.
        estate: The estate (小区) it belongs to.
        lon: Degrees east, CGCS2000 or WGS 84; comes with `lat`.
        lat: Degrees north.
        x: Metres east in a plane of the user's own; comes with `y` and without degrees.
        y: Metres north.
        footprint: Its outline as WKT, in degrees or in metres as the other coordinates are.
    """

    id: str = attrs.field(metadata=zh("楼栋编号", "楼栋代码", "楼号", "编号"))
    community: str | None = attrs.field(
        default=None, validator=validators.optional(validators.matches_re(r"\d{12}")), metadata=COMMUNITY_CODE
    )
    households: int = attrs.field(validator=validators.ge(0), metadata=zh("户数", "居民户数"))
    estate: str | None = attrs.field(default=None, metadata=zh("小区", "小区名称", "所属小区"))
    lon: float | None = attrs.field(default=None, metadata=zh("经度"))
    lat: float | None = attrs.field(default=None, metadata=zh("纬度"))
    x: float | None = attrs.field(default=None, metadata=zh("横坐标", "东坐标"))
    y: float | None = attrs.field(default=None, metadata=zh("纵坐标", "北坐标"))
    footprint: str | None = attrs.field(default=None, metadata=zh("轮廓"))


@attrs.frozen(kw_only=True)
class Adjacency:
    """Two buildings between which a grid worker walks without leaving the grid; either order says the same."""

    a: str = attrs.field(metadata=zh("楼栋甲", "楼栋1"))
    b: str = attrs.field(metadata=zh("楼栋乙", "楼栋2"))


@attrs.frozen(kw_only=True)
class EarlierGrid:
    """The grid that a building was in before a redrawing."""

    building: str = attrs.field(metadata=zh("楼栋编号", "楼栋代码", "楼号", "编号"))
    grid: str = attrs.field(metadata=zh("网格代码", "网格编码", "网格"))
