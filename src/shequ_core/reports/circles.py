"""Fifteen-minute circles as a list and as GeoJSON (JLG2.9)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np

from shequ_core.errors import Message, OutputError, msg
from shequ_core.model.facilities import FacilityKind
from shequ_core.planning.circles import Circles
from shequ_core.policy.service import DETOUR, WALK_MINUTES, WALKING_SPEED
from shequ_core.reports.lists import FORMS as LISTS
from shequ_core.reports.lists import Listing, Value, check_forms, listing_bytes
from shequ_core.reports.out import write_or_replace
from shequ_core.reports.wording import as_json, word
from shequ_core.tables.plane import Plane
from shequ_core.values import JsonValue, Lang
from shequ_core.year.rests import Rests

FORMS: Final = (".geojson", *LISTS)
_CORNERS: Final = 64
"""Corners of a circle as it is drawn."""
_DIGITS: Final = 7
"""Digits of a degree that are written: a centimetre."""
_HEAD: Final = 512
_PERCENT: Final = 1000


def circle_notes(found: Circles) -> Sequence[Message]:
    """Return what it says in short: whose walk, and the share of each kind over all communities."""
    notes = [
        msg(
            "{place}: {minutes} minutes at {speed} metres an hour, a way {detour} times the straight line",
            place=policy.place, minutes=policy[WALK_MINUTES], speed=policy[WALKING_SPEED], detour=policy[DETOUR],
        )
        for policy in found.policies
    ]
    for kind in FacilityKind:
        some = [one for one in found.reaches if one.kind is kind]
        total, reached = sum(one.households for one in some), sum(one.reached for one in some)
        unknown = sum(one.unknown for one in some)
        if unknown < total:
            notes.append(
                msg(
                    "{kind}: {reached} of {households} households reach one, {unknown} unknown",
                    kind=kind, reached=reached, households=total, unknown=unknown,
                )
            )
        else:
            notes.append(msg("{kind}: not examined, no facility of this kind has a place", kind=kind))
    return notes


def circle_listing(found: Circles) -> Listing:
    """Return the shares as a list, a row a community and kind."""
    heads = {
        "community": msg("community"), "kind": msg("facility"), "households": msg("households"),
        "reached": msg("within the walk"), "unknown": msg("unknown"), "share": msg("share (%)"),
    }
    rows: list[tuple[Value, ...]] = [
        (one.community, one.kind, one.households, one.reached, one.unknown, _percent(one.share))
        for one in found.reaches
    ]
    return Listing(
        name=msg("Service circles"), heads=heads, rows=rows, notes=circle_notes(found),
        rests=Rests.of_names(
            found.buildings.id.vocabulary, {one.place: one for one in found.policies},
            keys=(WALK_MINUTES.name, WALKING_SPEED.name, DETOUR.name),
        ),
    )


def _percent(share: Fraction | None) -> str | None:
    """Return a share in per cent, cut after a tenth, so that 100 means all."""
    if share is None:
        return None
    tenths = math.floor(share * _PERCENT)
    return f"{tenths // 10}.{tenths % 10}"


def circles_geojson(found: Circles, lang: Lang = "en") -> dict[str, JsonValue]:
    """Return it as GeoJSON: a circle a facility, as far as is walked in time, and a point a building.

    Raises:
        OutputError: The places are metres of a plane of the user's own, which GeoJSON has no form for.
    """
    if not (found.buildings.lon.mask() & found.buildings.lat.mask()).any():
        raise OutputError(msg("GeoJSON is in degrees, and these places are metres of a plane of your own"))
    return {
        "type": "FeatureCollection",
        "shequ_core": version("shequ-core"),
        "message": [*circle_listing(found).lines(lang)],
        "features": [*_facilities(found, lang), *_buildings(found)],
    }


def _facilities(found: Circles, lang: Lang) -> Iterator[JsonValue]:
    table = found.facilities
    widest = max(found.radius.values(), default=0)
    for row in range(len(table)):
        one = table[row]
        radius = found.radius.get(one.community or "", widest)
        yield {
            "type": "Feature",
            "geometry": None if one.lon is None or one.lat is None else _circle(one.lon, one.lat, radius),
            "properties": {
                "feature": "facility", "id": one.id, "name": one.name, "kind": one.kind.value,
                "label": word(one.kind, lang), "community": one.community, "radius": radius,
            },
        }


def _circle(lon: float, lat: float, radius: int) -> JsonValue:
    middle = np.array([[lon, lat]])
    plane = Plane.about(middle, in_degrees=True)
    turns = np.linspace(0.0, 2 * np.pi, _CORNERS + 1)
    ring = np.column_stack([np.cos(turns), np.sin(turns)]) * radius / plane.scale + plane.origin
    ring[-1] = ring[0]
    return _lists({"type": "Polygon", "coordinates": [ring.round(_DIGITS).tolist()]})


def _buildings(found: Circles) -> Iterator[JsonValue]:
    table = found.buildings
    nearest = {kind: column.to_list() for kind, column in found.nearest.items()}
    for row in range(len(table)):
        one = table[row]
        point = None if one.lon is None or one.lat is None else {"type": "Point", "coordinates": [one.lon, one.lat]}
        yield _lists(
            {
                "type": "Feature",
                "geometry": point,
                "properties": {
                    "feature": "building", "id": one.id, "community": one.community, "households": one.households,
                    **{f"{kind.value}_metres": metres[row] for kind, metres in nearest.items()},
                    **{
                        f"{kind.value}_within": None if nearest[kind][row] is None else bool(found.within[kind][row])
                        for kind in nearest
                    },
                },
            }
        )


def _lists(data: object) -> JsonValue:
    return data  # type: ignore[return-value]  # coordinates are floats, which no figure of ours is


def write_circles(found: Circles, outs: Sequence[Path], lang: Lang) -> None:
    """Write it into files, each by its suffix; all of them are written or none.

    Raises:
        OutputError: A name has another suffix, something else is there, or it can't be written.
    """
    check_forms(outs, FORMS)
    listing = circle_listing(found)

    def content(out: Path) -> bytes:
        if out.suffix.casefold() == ".geojson":
            return f"{as_json(circles_geojson(found, lang))}\n".encode()
        return listing_bytes(listing, out.suffix, lang)

    def is_earlier(out: Path) -> bool:
        if out.suffix.casefold() == ".geojson":
            head = out.read_bytes()[:_HEAD]
            return b'"FeatureCollection"' in head and b'"shequ_core"' in head
        return listing.is_earlier(out)

    write_or_replace({out: content(out) for out in outs}, is_earlier)
