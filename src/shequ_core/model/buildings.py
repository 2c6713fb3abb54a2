"""Buildings of a community, what joins them, and the grid each was in before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs
from attrs import validators

from shequ_core.model.facts import zh

_NOT_EMPTY: Final[Callable[[object, attrs.Attribute[str], str], object]] = validators.min_len(1)


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

    id: str = attrs.field(
        validator=_NOT_EMPTY,
        metadata=zh(
            "楼栋编号", "楼栋代码", "楼栋号", "楼号", "楼栋", "编号", "building_id", "building", "bid", "osm_id"
        ),
    )
    community: str | None = attrs.field(
        default=None,
        validator=validators.optional(validators.matches_re(r"\d{12}")),
        metadata=zh("社区代码", "社区编码", "所在社区代码", "社区", "community_code", "community_id"),
    )
    households: int = attrs.field(validator=validators.ge(0), metadata=zh("户数", "居民户数", "household", "hh"))
    estate: str | None = attrs.field(default=None, metadata=zh("小区", "小区名称", "所属小区", "estate_name"))
    lon: float | None = attrs.field(default=None, metadata=zh("经度", "lng", "longitude", "long"))
    lat: float | None = attrs.field(default=None, metadata=zh("纬度", "latitude"))
    x: float | None = attrs.field(default=None, metadata=zh("横坐标", "东坐标", "east", "easting"))
    y: float | None = attrs.field(default=None, metadata=zh("纵坐标", "北坐标", "north", "northing"))
    footprint: str | None = attrs.field(default=None, metadata=zh("轮廓", "几何", "geometry", "geom", "wkt"))


@attrs.frozen(kw_only=True)
class Adjacency:
    """Two buildings between which a grid worker walks without leaving the grid; either order says the same."""

    a: str = attrs.field(
        validator=_NOT_EMPTY,
        metadata=zh("楼栋甲", "楼栋1", "source", "from", "building_a", "building1", "building_1", "u", "id_a"),
    )
    b: str = attrs.field(
        validator=_NOT_EMPTY,
        metadata=zh("楼栋乙", "楼栋2", "target", "to", "building_b", "building2", "building_2", "v", "id_b"),
    )


@attrs.frozen(kw_only=True)
class EarlierGrid:
    """The grid that a building was in before a redrawing."""

    building: str = attrs.field(
        validator=_NOT_EMPTY,
        metadata=zh("楼栋编号", "楼栋代码", "楼栋号", "楼号", "楼栋", "编号", "building_id", "id", "bid"),
    )
    grid: str = attrs.field(
        validator=_NOT_EMPTY, metadata=zh("网格代码", "网格编码", "网格编号", "网格", "grid_code", "grid_id", "code")
    )


@attrs.frozen(kw_only=True)
class EarlierCode:
    """A code that a grid had before a redrawing, whether a building is left of it or not."""

    grid: str = attrs.field(
        validator=_NOT_EMPTY, metadata=zh("网格代码", "网格编码", "网格编号", "网格", "grid_code", "grid_id", "code")
    )


@attrs.frozen(kw_only=True)
class BarrierRow:
    """A row of a file of barriers: a whole line as WKT, or one point of a line that the next rows go on with."""

    line: str | None = attrs.field(
        default=None,
        validator=validators.optional(_NOT_EMPTY),
        metadata=zh("线路", "屏障", "名称", "barrier", "id", "name"),
    )
    wkt: str | None = attrs.field(default=None, metadata=zh("几何", "线", "geometry", "geom"))
    lon: float | None = attrs.field(default=None, metadata=zh("经度", "lng", "longitude", "long"))
    lat: float | None = attrs.field(default=None, metadata=zh("纬度", "latitude"))
    x: float | None = attrs.field(default=None, metadata=zh("横坐标", "东坐标", "east", "easting"))
    y: float | None = attrs.field(default=None, metadata=zh("纵坐标", "北坐标", "north", "northing"))
