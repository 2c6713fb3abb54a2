"""A plan as a picture: an SVG that needs nothing from outside and shows what it has to without colours too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs
import numpy as np

from shequ_core.errors import Message, msg
from shequ_core.planning.grids.layout import Floats
from shequ_core.planning.grids.outlines import Point, Ring, best_building, hull, nearest, rings_of, tints

if TYPE_CHECKING:
    from shequ_core.planning.grids.plan import GridPlan

Say: TypeAlias = "Callable[[Message], str]"
"""Says a message in the reader's language; `str` says it in English."""

MADE_UP: Final = msg("The people and communities in this answer are synthetic: made up, nobody's data.")
"""What a plan of made-up buildings says of itself."""

PALETTE: Final = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#9aa0a6")
"""Colours that people with any kind of colour vision tell apart (Okabe and Ito); numbers stand beside them."""

INK: Final = "#1c2430"
WIDTH: Final = 900
MARGIN: Final = 56
HEIGHTS: Final = (210.0, 820.0)
FONT: Final = "sans-serif"
_LEGEND_WIDTH: Final = 290
_LINE: Final = 20
_SMALL: Final = 16
_LEGEND_MOST: Final = 80
_CELL: Final = 34
_BESIDE: Final = 26
_METRES_OF_DEGREE: Final = 111_195.0
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def xml(text: str) -> str:
    """Write a text so that it is nothing but a text in XML and HTML."""
    return escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text))


def serial(code: str) -> str:
    """Return what stands on a map for a grid: the last three digits of its code."""
    return code[-3:]


def missed(households: int, plan: GridPlan) -> int:
    """Return by how many households a grid misses its bounds: below zero too few, above zero too many."""
    return max(households - plan.bounds.high, 0) - max(plan.bounds.low - households, 0)


def grid_tints(plan: GridPlan) -> list[str]:
    """Return the colour of each grid, those of grids next to each other being different."""
    layout = plan.layout
    points = _finite(layout.coordinates)
    found = tints(plan.grid_of, layout.edges, points, len(plan.codes), len(PALETTE))
    return [PALETTE[one] for one in found]


def picture(plan: GridPlan, say: Say = str) -> str:
    """Return the plan as SVG: a map where every building has a point, otherwise a scheme by estate.

    Buildings are footprints or dots, larger for more households and in the colour of their grid; a grid is the
    band along what joins its buildings, with its number. Barriers, estates, a scale and a legend stand with it.

    Args:
        plan: The plan.
        say: Says what stands in it.
    """
    colours = grid_tints(plan)
    drawn = _scheme if _finite(plan.layout.coordinates) is None else _map
    body, height = drawn(plan, colours, say)
    legend, deep = _legend(plan, colours, height, say)
    title = heading(plan, say)
    made_up = (
        f'<text x="12" y="42" font-size="13" font-weight="bold">{xml(say(MADE_UP))}</text>' if plan.synthetic else ""
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height + deep}" width="{WIDTH}"'
        f' height="{height + deep}" role="img" font-family="{FONT}" font-size="13" fill="{INK}">'
        f"<title>{xml(title)}</title>"
        f'<rect width="{WIDTH}" height="{height + deep}" fill="#fff"/>'
        f'<text x="12" y="22" font-size="15" font-weight="bold">{xml(title)}</text>{made_up}{body}{legend}</svg>'
    )


def heading(plan: GridPlan, say: Say) -> str:
    """Say in a line what the plan is."""
    counts = {"grids": len(plan.codes), "low": plan.bounds.low, "high": plan.bounds.high, "status": plan.status}
    told = (
        msg("{grids} grids, bounds {low} to {high} households: {status}", **counts)
        if plan.layout.community is None
        else msg(
            "{community}: {grids} grids, bounds {low} to {high} households: {status}",
            community=plan.layout.community, **counts,
        )
    )
    return say(told)


def _finite(points: Floats | None) -> Floats | None:
    return points if points is not None and len(points) and bool(np.isfinite(points).all()) else None


def _n(number: float) -> str:
    """Write a coordinate: to a tenth, and no zero that says nothing."""
    told = f"{number:.1f}".removesuffix(".0")
    return "0" if told == "-0" else told


# --- a map ------------------------------------------------------------------------------------------


@attrs.frozen
class _Frame:
    """From coordinates to the picture: the north is up, and a metre is as long in both directions."""

    west: float
    north: float
    across: float
    scale: float
    left: float
    top: float

    def place(self, point: Point) -> Point:
        """Return where a point stands in the picture."""
        x = self.left + (point[0] - self.west) * self.across * self.scale
        return x, self.top + (self.north - point[1]) * self.scale


def _framed(plan: GridPlan, points: Floats, shapes: Sequence[Sequence[Ring]]) -> tuple[_Frame, int]:
    xs, ys = [*points[:, 0].tolist()], [*points[:, 1].tolist()]
    for rings in shapes:
        for ring in rings:
            xs += [x for x, _ in ring]
            ys += [y for _, y in ring]
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    across = max(float(np.cos(np.radians((south + north) / 2))), 0.01) if plan.layout.in_degrees else 1.0
    wide, high = (east - west) * across, north - south
    scales = [
        room / extent for room, extent in ((WIDTH - 2 * MARGIN, wide), (HEIGHTS[1] - 2 * MARGIN, high)) if extent > 0
    ]
    scale = min(scales, default=1.0)
    height = min(max(high * scale + 2 * MARGIN, HEIGHTS[0]), HEIGHTS[1])
    frame = _Frame(
        west=west, north=north, across=across, scale=scale,
        left=(WIDTH - wide * scale) / 2, top=44 + (height - high * scale) / 2,
    )
    return frame, int(height) + 50


def _map(plan: GridPlan, colours: Sequence[str], say: Say) -> tuple[str, int]:
    layout = plan.layout
    points = _finite(layout.coordinates)
    assert points is not None
    shapes = [rings_of(text) if text else [] for text in layout.footprints] or [[] for _ in layout.ids]
    frame, height = _framed(plan, points, shapes)
    placed = np.array([frame.place((x, y)) for x, y in points.tolist()])
    spacing = _spacing(placed)
    parts = [
        *_barriers(plan, frame, say),
        *_bands(plan, colours, placed, spacing),
        *_estates(plan, placed, spacing),
        *_buildings(plan, colours, placed, shapes, frame, spacing, say),
        *_numbers(plan, placed),
        *_scale_bar(plan, frame, height),
    ]
    return "".join(parts), height


def _spacing(placed: Floats) -> float:
    """Return how far a building of the picture is from its nearest, in the middle of all of them."""
    if len(placed) < 2:
        return 44.0
    far = nearest(placed, 1)[1][:, 0]
    return min(max(float(np.median(far)), 6.0), 64.0)


def _barriers(plan: GridPlan, frame: _Frame, say: Say) -> Iterator[str]:
    label = xml(say(msg("barrier")))
    for line in plan.layout.barriers:
        path = "L".join(f"{_n(x)} {_n(y)}" for x, y in map(frame.place, line))
        yield (
            f'<path class="barrier" d="M{path}" fill="none" stroke="#6b7280" stroke-width="5" stroke-linejoin="round"'
            f' stroke-dasharray="14 4"><title>{label}</title></path>'
        )


def _bands(plan: GridPlan, colours: Sequence[str], placed: Floats, spacing: float) -> Iterator[str]:
    lines: list[list[str]] = [[] for _ in plan.codes]
    joined = np.zeros(len(placed), dtype=np.bool_)
    spots = [f"{_n(x)} {_n(y)}" for x, y in placed.tolist()]
    for one, other in plan.layout.edges.tolist():
        if plan.grid_of[one] == plan.grid_of[other]:
            lines[plan.grid_of[one]].append(f"M{spots[one]}L{spots[other]}")
            joined[[one, other]] = True
    for alone in np.flatnonzero(~joined).tolist():
        lines[plan.grid_of[alone]].append(f"M{spots[alone]}h0.1")
    for place, code in enumerate(plan.codes):
        yield (
            f'<path class="grid" d="{"".join(lines[place])}" fill="none" stroke="{colours[place]}" opacity="0.38"'
            f' stroke-width="{_n(max(spacing * 0.8, 9))}" stroke-linecap="round" stroke-linejoin="round">'
            f"<title>{xml(code)}</title></path>"
        )


def _estates(plan: GridPlan, placed: Floats, spacing: float) -> Iterator[str]:
    layout = plan.layout
    around = [(np.cos(turn) * spacing * 0.75, np.sin(turn) * spacing * 0.75) for turn in np.linspace(0, 5.5, 12)]
    for place, name in enumerate(layout.estate_names):
        some = placed[layout.estates == place].tolist()
        if not some:
            continue
        ring = hull((float(x + right), float(y + down)) for x, y in some for right, down in around)
        path = "L".join(f"{_n(x)} {_n(y)}" for x, y in ring)
        top = min(ring, key=lambda point: (point[1], point[0]))
        yield (
            f'<path class="estate" d="M{path}Z" fill="none" stroke="#5b6675" stroke-width="1" stroke-dasharray="3 3">'
            f"<title>{xml(name)}</title></path>"
            f'<text x="{_n(top[0])}" y="{_n(top[1] - 3)}" font-size="11" fill="#5b6675" text-anchor="middle">'
            f"{xml(name)}</text>"
        )


def _buildings(
    plan: GridPlan, colours: Sequence[str], placed: Floats, shapes: Sequence[Sequence[Ring]], frame: _Frame,
    spacing: float, say: Say,
) -> Iterator[str]:
    largest = max(int(plan.layout.households.max(initial=0)), 1)
    most = min(max(spacing * 0.5, 3.5), 14.0)
    marks = _Marks.of(plan, colours)
    for place, (title, found) in enumerate(zip(_titles(plan, say), plan.layout.households.tolist(), strict=True)):
        look = marks.look(place)
        if shapes[place]:
            path = "".join(
                "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in map(frame.place, ring)) + "Z" for ring in shapes[place]
            )
            yield f'<path class="building" d="{path}" fill-rule="evenodd"{look}>{title}</path>'
        else:
            radius = max(most * (found / largest) ** 0.5, 2.5)
            x, y = placed[place].tolist()
            yield f'<circle class="building" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"{look}>{title}</circle>'


@attrs.frozen
class _Marks:
    """How single buildings are drawn."""

    plan: GridPlan
    colours: Sequence[str]
    causes: frozenset[str]
    moved: frozenset[str]

    @classmethod
    def of(cls, plan: GridPlan, colours: Sequence[str]) -> _Marks:
        """Take from a plan which buildings are causes (a cause that is all of them marks none) and which move."""
        causes = (one.buildings for one in plan.causes if len(one.buildings) < len(plan.layout))
        return cls(plan, colours, frozenset(chain.from_iterable(causes)), frozenset(one.building for one in plan.moves))

    def look(self, place: int) -> str:
        """Return attributes: white where nobody lives, a bold edge where it is a cause, dashed where it moves."""
        colour, building = self.colours[self.plan.grid_of[place]], self.plan.layout.ids[place]
        fill, edge, thick, dashed = colour, INK, "0.8", ""
        if not self.plan.layout.households[place]:
            fill, edge, thick = "#fff", colour, "2"
        if building in self.causes:
            edge, thick = INK, "3"
        elif building in self.moved:
            thick, dashed = "2", ' stroke-dasharray="3 2"'
        return f' fill="{fill}" stroke="{edge}" stroke-width="{thick}"{dashed}'


def _titles(plan: GridPlan, say: Say) -> Iterator[str]:
    layout = plan.layout
    for place, (building, found) in enumerate(zip(layout.ids, layout.households.tolist(), strict=True)):
        grid = serial(plan.codes[plan.grid_of[place]])
        estate = layout.estates[place]
        told = (
            msg("{building}: {households} households, grid {grid}", building=building, households=found, grid=grid)
            if estate < 0
            else msg(
                "{building}: {households} households, grid {grid}, {estate}",
                building=building, households=found, grid=grid, estate=layout.estate_names[estate],
            )
        )
        yield f"<title>{xml(say(told))}</title>"


def _numbers(plan: GridPlan, placed: Floats) -> Iterator[str]:
    for place, code in enumerate(plan.codes):
        some = np.flatnonzero(plan.grid_of == place).tolist()
        if some:
            x, y = placed[best_building(some, plan.layout.households, placed)].tolist()
            yield (
                f'<text class="number" x="{_n(x)}" y="{_n(y - 9)}" font-size="17" font-weight="bold"'
                ' text-anchor="middle" stroke="#fff" stroke-width="4" paint-order="stroke" stroke-linejoin="round">'
                f"{xml(serial(code))}</text>"
            )


def _scale_bar(plan: GridPlan, frame: _Frame, height: int) -> Iterator[str]:
    metre = frame.scale / _METRES_OF_DEGREE if plan.layout.in_degrees else frame.scale
    longest = 160 / metre
    if len(plan.layout) < 2 or not 1 <= longest < 1e6:
        return
    power = 10 ** int(np.floor(np.log10(longest)))
    length = max(one * power for one in (1, 2, 5) if one * power <= longest)
    wide, told = length * metre, f"{length:,} m"
    yield (
        f'<path d="M{WIDTH - 16} {height - 12}h{_n(-wide)}m0 -4v8m{_n(wide)} -8v8" stroke="{INK}" fill="none"/>'
        f'<text x="{WIDTH - 16}" y="{height - 20}" font-size="11" text-anchor="end">{told}</text>'
    )


# --- a scheme ---------------------------------------------------------------------------------------


def _scheme(plan: GridPlan, colours: Sequence[str], say: Say) -> tuple[str, int]:
    """Draw estate by estate, a square a building with the number of its grid, for want of points."""
    layout = plan.layout
    titles, marks = list(_titles(plan, say)), _Marks.of(plan, colours)
    parts = []
    x, y, deep = MARGIN / 2, 44.0, 0.0
    for estate in [*range(len(layout.estate_names)), -1]:
        some = np.flatnonzero(layout.estates == estate).tolist()
        if not some:
            continue
        columns = min(max(int(np.ceil((len(some) * 1.7) ** 0.5)), 3), (WIDTH - MARGIN) // _CELL)
        wide, high = columns * _CELL, -(-len(some) // columns) * _CELL
        if x + wide > WIDTH - MARGIN / 2 and x > MARGIN / 2:
            x, y, deep = MARGIN / 2, y + deep + 14, 0.0
        name = layout.estate_names[estate] if estate >= 0 else say(msg("no estate"))
        parts.append(f'<text x="{_n(x)}" y="{_n(y + 13)}" font-size="12" fill="#5b6675">{xml(name)}</text>')
        for at, place in enumerate(some):
            left, top = x + at % columns * _CELL, y + 18 + at // columns * _CELL
            parts.append(
                f'<rect class="building" x="{_n(left + 1)}" y="{_n(top + 1)}" width="{_CELL - 3}" height="{_CELL - 3}"'
                f' rx="3"{marks.look(place)}>{titles[place]}</rect>'
                f'<text x="{_n(left + _CELL / 2)}" y="{_n(top + _CELL / 2 + 4)}" font-size="11" text-anchor="middle"'
                f' pointer-events="none" stroke="#fff" stroke-width="2" paint-order="stroke">'
                f"{xml(serial(plan.codes[plan.grid_of[place]]))}</text>"
            )
        deep = max(deep, high + 18)
        x += max(wide, 7 * len(name)) + _BESIDE
    return "".join(parts), int(y + deep + 12)


# --- the legend -------------------------------------------------------------------------------------


def _legend(plan: GridPlan, colours: Sequence[str], top: int, say: Say) -> tuple[str, int]:
    counted = plan.households()
    across = WIDTH // _LEGEND_WIDTH
    parts = []
    for at, code in enumerate(plan.codes[:_LEGEND_MOST]):
        x, y = 12 + at % across * _LEGEND_WIDTH, top + 16 + at // across * _LINE
        off = missed(counted[code], plan)
        parts_of = {"grid": serial(code), "households": counted[code]}
        told = msg("{grid}: {households} households", **parts_of)
        if off > 0:
            told = msg("{grid}: {households} households, {missed} too many", missed=off, **parts_of)
        elif off < 0:
            told = msg("{grid}: {households} households, {missed} too few", missed=-off, **parts_of)
        bold = ' font-weight="bold"' if off else ""
        parts.append(
            f'<rect x="{x}" y="{y - 10}" width="14" height="12" fill="{colours[at]}" stroke="{INK}"/>'
            f'<text x="{x + 20}" y="{y}" font-size="12"{bold}>{xml(say(told))}</text>'
        )
    lines = -(-min(len(plan.codes), _LEGEND_MOST) // across)
    below = top + 16 + lines * _LINE
    signs = [xml(say(one)) for one in _signs(plan)]
    parts += [
        f'<text x="12" y="{below + at * _SMALL}" font-size="11" fill="#5b6675">{told}</text>'
        for at, told in enumerate(signs)
    ]
    return "".join(parts), 12 + lines * _LINE + len(signs) * _SMALL


def _signs(plan: GridPlan) -> list[Message]:
    """Say what the signs of this picture mean, those alone that are in it."""
    mapped = _finite(plan.layout.coordinates) is not None
    signs = [
        msg("dots: buildings, larger with more households; bands: grids")
        if mapped
        else msg("squares: buildings, estate by estate, with the number of their grid; no map for want of points")
    ]
    if not plan.layout.households.all():
        signs.append(msg("white: nobody lives there"))
    if mapped and plan.layout.estate_names:
        signs.append(msg("dotted outlines: estates"))
    if mapped and plan.layout.barriers:
        signs.append(msg("dashed lines: barriers"))
    if any(len(one.buildings) < len(plan.layout) for one in plan.causes):
        signs.append(msg("bold edges: buildings that are a cause"))
    if plan.moves:
        signs.append(msg("dashed edges: buildings that change their grid"))
    return signs
