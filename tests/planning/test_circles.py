"""Fifteen-minute circles, measured another way: great circles in place of the plane, one household after the other."""

from __future__ import annotations

import json
import math
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.errors import InputError, OutputError, UnsetError
from shequ_core.model.buildings import Building
from shequ_core.model.facilities import Facility, FacilityKind
from shequ_core.planning.circles import Circles, Reach, circles
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.policy import Policy
from shequ_core.reports.circles import circles_geojson, write_circles
from shequ_core.rules.facilities import walk_radius, within_walk
from shequ_core.tables.columns import ints
from shequ_core.tables.facilities import Facilities

HOME, NEXT = "220104001001", "220104001002"
DAY = date(2022, 7, 1)
BOOK = PolicyBook.load(assume=True, plugins=[])
JILIN: Policy = BOOK.policy("22", DAY, placed_on=DAY)
RADIUS = 769


def at(metres_east: float, metres_north: float = 0.0) -> tuple[float, float]:
    """So far from a point in Changchun, in degrees of a sphere."""
    return 125.3 + math.degrees(metres_east / (6_371_000 * math.cos(math.radians(43.9)))), 43.9 + math.degrees(
        metres_north / 6_371_000
    )


def house(name: str, metres: float, *, households: int = 10, community: str = HOME) -> Building:
    lon, lat = at(metres)
    return Building(id=name, community=community, households=households, lon=lon, lat=lat)


def facility(name: str, kind: FacilityKind, place: tuple[float, float] | None) -> Facility:
    return Facility(id=name, kind=kind, lon=None if place is None else place[0], lat=None if place is None else place[1])


def reach(found: Circles, kind: FacilityKind, community: str = HOME) -> Reach:
    (one,) = [one for one in found.reaches if (one.kind, one.community) == (kind, community)]
    return one


def test_the_radius_is_the_last_metre_within_the_walk() -> None:
    """1,000 metres of way and a detour of 1.3."""
    assert walk_radius(JILIN) == RADIUS
    assert within_walk(ints(RADIUS, RADIUS + 1), JILIN).to_list() == [True, False]


def test_shares_by_community_across_borders() -> None:
    """A facility serves whoever can walk to it; its own community is not asked."""
    found = circles(
        [house("1", 0), house("2", 700, households=30), house("3", 5000), house("4", 600, households=7, community=NEXT)],
        Facilities.of([facility("F", FacilityKind.FITNESS, at(0))]), DAY, book=BOOK,
    )
    assert (reach(found, FacilityKind.FITNESS).reached, reach(found, FacilityKind.FITNESS).share) == (40, Fraction(4, 5))
    assert reach(found, FacilityKind.FITNESS, NEXT).share == 1
    assert reach(found, FacilityKind.CULTURE).share is None
    assert reach(found, FacilityKind.CULTURE).unknown == 50


def test_what_has_no_place_is_unknown() -> None:
    """A house without a place, and a facility that might be next door to whoever reaches no other."""
    rows = [house("1", 0), house("2", 9000), Building(id="3", community=HOME, households=5)]
    some = [facility("F", FacilityKind.FITNESS, at(0)), facility("G", FacilityKind.FITNESS, None)]
    found = reach(circles(rows, Facilities.of(some), DAY, book=BOOK), FacilityKind.FITNESS)
    assert (found.reached, found.unknown, found.share) == (10, 15, None)
    found = reach(circles(rows, Facilities.of(some[:1]), DAY, book=BOOK), FacilityKind.FITNESS)
    assert (found.reached, found.unknown) == (10, 5)


PLACES = st.tuples(st.integers(-1500, 1500), st.integers(-1500, 1500))


@given(st.lists(PLACES, min_size=1, max_size=8), st.lists(PLACES, min_size=1, max_size=4))
def test_it_agrees_with_great_circles(houses: list[tuple[int, int]], stands: list[tuple[int, int]]) -> None:
    """By the haversine on a sphere; what lies nearer to the edge than the ellipsoid is flat is left out."""
    rows = []
    for number, (x, y) in enumerate(houses):
        lon, lat = at(x, y)
        rows.append(Building(id=str(number), community=HOME, households=1, lon=lon, lat=lat))
    there = [at(x, y) for x, y in stands]
    found = circles(
        rows, Facilities.of([facility(str(number), FacilityKind.MEDICAL, one) for number, one in enumerate(there)]), DAY,
        book=BOOK,
    )
    for row, one in enumerate(rows):
        assert one.lon is not None
        assert one.lat is not None
        least = min(_haversine(one.lon, one.lat, lon, lat) for lon, lat in there)
        metres = found.nearest[FacilityKind.MEDICAL].row(row)
        assert metres is not None
        assert abs(metres - least) <= 0.004 * least + 1
        if abs(least - RADIUS) > 8:
            assert bool(found.within[FacilityKind.MEDICAL][row]) is (least < RADIUS)


def _haversine(lon: float, lat: float, lon_2: float, lat_2: float) -> float:
    a, b, c, d = map(math.radians, (lat, lat_2, lat_2 - lat, lon_2 - lon))
    half = math.sin(c / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(d / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(half))


def test_without_assumptions_the_missing_figures_are_named() -> None:
    """Speed and detour are no figures of the text."""
    with pytest.raises(UnsetError) as caught:
        circles([house("1", 0)], Facilities.of([facility("F", FacilityKind.SERVICE, at(0))]), DAY, book=PolicyBook.load(plugins=[]))
    assert {one.key for one in caught.value.missing} == {"facilities.walking_speed", "facilities.detour"}


def test_bad_places_are_named_all_at_once(tmp_path: Path) -> None:
    """Half a pair, degrees that are none, degrees against metres, a file without rows."""
    rows = [Facility(id="F", kind=FacilityKind.SERVICE, lon=125.0), Facility(id="G", kind=FacilityKind.SERVICE, lon=999.0, lat=3.0)]
    with pytest.raises(InputError) as caught:
        circles([house("1", 0)], Facilities.of(rows), DAY, book=BOOK)
    assert len(caught.value.faults) == 2
    with pytest.raises(InputError, match="both in metres of one plane"):
        circles([house("1", 0)], Facilities.of([Facility(id="F", kind=FacilityKind.SERVICE, x=1.0, y=2.0)]), DAY, book=BOOK)
    with pytest.raises(InputError, match="no such file"):
        circles([house("1", 0)], tmp_path / "none.csv", DAY, book=BOOK)


def test_geojson_has_the_circles_and_the_houses(tmp_path: Path) -> None:
    """A ring around each facility at the radius, closed; a point a house; metres of an own plane are refused."""
    found = circles([house("1", 0), house("2", 3000)], Facilities.of([facility("F", FacilityKind.SERVICE, at(0))]), DAY, book=BOOK)
    out = tmp_path / "circles.geojson"
    for _ in range(2):
        write_circles(found, [out, tmp_path / "circles.xlsx"], "zh")
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    (ring,) = features[0]["geometry"]["coordinates"]
    assert ring[0] == ring[-1]
    assert all(abs(_haversine(*at(0), lon, lat) - RADIUS) < 5 for lon, lat in ring)
    assert [one["properties"]["service_within"] for one in features[1:]] == [True, False]
    plane = circles(
        [Building(id="1", community=HOME, households=1, x=0.0, y=0.0)],
        Facilities.of([Facility(id="F", kind=FacilityKind.SERVICE, x=1.0, y=2.0)]), DAY, book=BOOK,
    )
    with pytest.raises(OutputError, match="degrees"):
        circles_geojson(plane)
