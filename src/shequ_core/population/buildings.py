"""Made-up buildings of made-up communities, and the roads, rivers and railway lines that part them.

No building here stands anywhere, and no real place's shape is behind one. Where communities lie isn't published, so
they lie on a plane of metres that is no map: a community's place on it comes from the digits of its code, far enough
from the next that none touch. Estates are called 合成小区01 and on, numbered within their community.

How it is made:
    A community is built in one form, or in blocks of several (`BuiltForm`). It gets as many buildings as its
    households ask for in that form, shared over blocks; blocks lie in strips, south to north, with a lane around each.
        slabs       板楼: long rows of flats, one behind the other; most blocks are an estate
        towers      塔楼: few high buildings around a court, each block an estate
        yards       单位大院: a work unit's compound, its office first and without households, each block an estate
        old town    small buildings close together along lanes, hardly an estate
    A barrier is a line between two strips, near the middle of the households; where it is crossed, it is open for
    the width of a crossing in front of the building that is next to it.
    The households of a community's buildings sum to the community's. Schools and shops have none.

Chance hangs on the seed and on the community's code, its blocks and its buildings: a community's buildings are the
same alone and among others. All of it is counted in whole numbers, places in decimetres.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Final

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures, jilin_figures
from shequ_core.population.chance import Bools, Chance, Ints, Keys, keys_of, nth_holder
from shequ_core.tables.buildings import BarrierRows, Buildings
from shequ_core.tables.columns import FloatColumn, IntColumn, TextColumn
from shequ_core.values import SYNTHETIC

PER_METRE: Final = 10
"""Places are counted in decimetres."""

APART: Final = 3_000
"""Metres from the corner of one community to that of the next."""

ESTATE: Final = SYNTHETIC + "小区{:02d}"

_ROOM: Final = (200, 1_000)
"""Communities of a subdistrict, west to east, and subdistricts of a county, south to north, that the plane has
room for."""


class BuiltForm(StrEnum):
    """How a block is built; a community may also be `MIXED`."""

    SLABS = "slabs"
    TOWERS = "towers"
    YARDS = "yards"
    OLD_TOWN = "old_town"


MIXED: Final = "mixed"
FORMS: Final = (*BuiltForm, MIXED)
"""How a community may be built; a form's place here is what `lay_out` takes."""


class BarrierKind(StrEnum):
    """What parts a community."""

    NONE = "none"
    ROAD = "road"
    RIVER = "river"
    RAIL = "rail"


_BARRIER_NAMES: Final = {BarrierKind.ROAD: "合成道路", BarrierKind.RIVER: "合成河流", BarrierKind.RAIL: "合成铁路"}


@attrs.frozen
class Barrier:
    """A line that nobody walks across within a grid.

    Attributes:
        community: The community's place among those asked for.
        line: Its two ends, in decimetres.
    """

    community: int
    kind: BarrierKind
    line: tuple[tuple[int, int], tuple[int, int]]


@attrs.frozen(kw_only=True, eq=False)
class MadeUpBuildings:
    """Buildings of several communities, in order; each column of shape (buildings,).

    Attributes:
        community: The community's place among those asked for.
        serial: The building's number in its community, from 1.
        estate: The estate's number in its community, from 1; 0 where it belongs to none.
        x: Decimetres east.
        y: Decimetres north.
    """

    community: Ints
    serial: Ints
    households: Ints
    estate: Ints
    x: Ints
    y: Ints
    barriers: Sequence[Barrier]


def made_up_buildings(codes: Sequence[str], households: Ints, seed: int) -> MadeUpBuildings:
    """Make up the buildings of communities, given by code with the households of each."""
    keys, chance, figures = keys_of(codes), Chance(seed), jilin_figures()
    weights = figures.numbers("built_forms")
    form = chance.choose(keys, [weights[one] for one in FORMS], purpose="buildings: form")
    kinds = figures.weights("community_barriers", BarrierKind)
    barrier = chance.choose(keys, kinds, purpose="buildings: barrier")
    crossing = figures.shares("barrier_crossed")
    shares = [crossing.get(kind, Fraction(1)) for kind in BarrierKind]
    crossed = chance.happens_by(keys, shares, barrier, purpose="buildings: crossing")
    return lay_out(keys, form, households, barrier, crossed, chance, figures)


def tables_of(codes: Sequence[str], made: MadeUpBuildings) -> tuple[Buildings, BarrierRows]:
    """Return made-up buildings and barriers as tables, each community at its place on the plane."""
    corners = np.array([_corner(code) for code in codes], dtype=np.int64).reshape(-1, 2)
    count = len(made.serial)
    write = (SYNTHETIC + "{}-{:03d}").format
    ids = [write(codes[at], number) for at, number in zip(made.community.tolist(), made.serial.tolist(), strict=True)]
    names = [ESTATE.format(number) for number in range(1, int(made.estate.max(initial=0)) + 1)]
    nowhere = np.zeros(count, dtype=np.bool_)
    place = np.column_stack([made.x, made.y]) / PER_METRE + corners[made.community]
    buildings = Buildings(
        {
            "id": TextColumn(np.arange(count, dtype=np.int64), None, ids),
            "community": TextColumn(made.community, None, codes),
            "households": IntColumn(made.households),
            "estate": TextColumn(np.maximum(made.estate - 1, 0), made.estate > 0, names),
            "lon": FloatColumn(np.zeros(count), nowhere),
            "lat": FloatColumn(np.zeros(count), nowhere),
            "x": FloatColumn(place[:, 0]),
            "y": FloatColumn(place[:, 1]),
            "footprint": TextColumn(np.zeros(count, dtype=np.int64), nowhere, ()),
        }
    )
    points = np.array([one.line for one in made.barriers], dtype=np.int64).reshape(-1, 2) / PER_METRE
    points += corners[np.repeat([one.community for one in made.barriers], 2).astype(np.int64)]
    numbers = Counter[int]()
    lines = []
    for one in made.barriers:
        numbers[one.community] += 1
        lines += [f"{codes[one.community]} {_BARRIER_NAMES[one.kind]}{numbers[one.community]}"] * 2
    rows = BarrierRows.filled(
        {"line": TextColumn.of(lines), "x": FloatColumn(points[:, 0]), "y": FloatColumn(points[:, 1])}
    )
    return buildings, rows


def _corner(code: str) -> tuple[int, int]:
    """Metres east and north of a community's corner, from its code alone: others never move it."""
    city, county, subdistrict, serial = (int(code[at : at + size]) for at, size in ((2, 2), (4, 2), (6, 3), (9, 3)))
    across, along = _ROOM
    return (county * across + serial % across) * APART, (city * along + subdistrict) * APART


def lay_out(
    keys: Keys, form: Ints, households: Ints, barrier: Ints, crossed: Bools, chance: Chance, figures: Figures
) -> MadeUpBuildings:
    """Lay out communities whose form is known.

    Args:
        keys: What each community's luck hangs on.
        form: Its place in `FORMS`.
        households: How many it has.
        barrier: The place in `BarrierKind` of what runs through it.
        crossed: Whether that is open somewhere.
    """
    blocks = _blocks(keys, form, households, chance, figures)
    of, serial = _numbered(blocks.buildings)
    built, community = blocks.form[of], blocks.community[of]
    first_of_community = np.concatenate([[True], community[1:] != community[:-1]]) if len(of) else np.zeros(0, np.bool_)
    firsts = np.flatnonzero(first_of_community)
    number = np.arange(1, len(of) + 1, dtype=np.int64) - np.repeat(firsts, np.diff([*firsts, len(of)]))
    key = nth_holder(blocks.key[of], serial)

    without = chance.happens_by(
        key, [figures.shares("without_households")[one] for one in BuiltForm], built, purpose="building: no households"
    )
    without |= (built == _YARDS) & (serial == 1)
    # A community whose buildings are all schools would lose its households: its last building is never one.
    without[np.append(firsts[1:], len(of))[: len(firsts)] - 1] = False
    lived_in = np.where(without, 0, _by_form(key, built, chance, figures))

    column, row, columns, rows = _in_block(built, serial - 1, blocks.buildings[of])
    wide, deep = (_per_form(figures, f"building_spacing_{axis}") * PER_METRE for axis in "xy")
    gap = _per_form(figures, "block_gap") * PER_METRE
    first = np.cumsum(blocks.buildings) - blocks.buildings
    west, south, strip = _strips(
        blocks.community,
        columns[first] * wide[blocks.form] + gap[blocks.form],
        rows[first] * deep[blocks.form] + gap[blocks.form],
    )
    scatter = _per_form(figures, "building_scatter")[built]

    def off(axis: str) -> Ints:
        found: Ints = chance.below(key, 2 * scatter + 1, purpose=f"building: {axis}") - scatter
        return found

    x = west[of] + (gap[built] + wide[built]) // 2 + column * wide[built] + off("x")
    y = south[of] + (gap[built] + deep[built]) // 2 + row * deep[built] + off("y")
    shared = scaled(lived_in, firsts, households)
    return MadeUpBuildings(
        community=community,
        serial=number,
        households=shared,
        estate=blocks.estate[of],
        x=x,
        y=y,
        barriers=_barriers(
            barrier, crossed, community=community, strip=strip[of], south=south[of], x=x, y=y, households=shared,
            width=figures.whole("crossing_width") * PER_METRE,
        ),
    )


# --- blocks ---------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, eq=False)
class _Blocks:
    community: Ints
    key: Keys
    form: Ints
    buildings: Ints
    estate: Ints


def _blocks(keys: Keys, form: Ints, households: Ints, chance: Chance, figures: Figures) -> _Blocks:
    """The blocks of each community: about as many buildings as its households ask for, shared over them."""
    sizes = [figures.spans("block_buildings", BuiltForm)[at] for at in range(len(BuiltForm))]
    twice_size = np.array([one.low + one.high for one in sizes], dtype=np.int64)
    mixed = figures.weights("mixed_blocks", BuiltForm)
    lived_in = [_mean(figures.quantiles(f"building_households_{one}")) for one in BuiltForm]
    lived_in = [
        mean * (1 - figures.shares("without_households")[one]) for one, mean in zip(BuiltForm, lived_in, strict=True)
    ]
    whole = list(zip(mixed, twice_size.tolist(), lived_in, strict=True))
    buildings_mixed = sum(weight * size for weight, size, _ in whole)
    of_form = [*lived_in, sum((weight * size * mean for weight, size, mean in whole), Fraction(0)) / buildings_mixed]
    mean = np.array([int(one * 100) for one in of_form], dtype=np.int64)[form]  # hundredths
    usual = np.array([*twice_size.tolist(), buildings_mixed // sum(mixed)], dtype=np.int64)[form]
    buildings = np.maximum((2 * 100 * households + mean) // (2 * mean), 1)
    count = np.minimum(np.maximum((4 * buildings + usual) // (2 * usual), 1), buildings)
    of, serial = _numbered(count)
    key = nth_holder(keys[of], serial)
    block_form = np.where(form[of] == len(BuiltForm), chance.choose(key, mixed, purpose="block: form"), form[of])
    low = np.array([one.low for one in sizes], dtype=np.int64)[block_form]
    span = np.array([one.high - one.low + 1 for one in sizes], dtype=np.int64)[block_form]
    firsts = np.cumsum(count) - count
    weights = low + chance.below(key, span, purpose="block: buildings")
    estates = [figures.shares("estates")[one] for one in BuiltForm]
    is_estate = chance.happens_by(key, estates, block_form, purpose="block: estate").astype(np.int64)
    upto = np.cumsum(is_estate)
    nth = upto - np.repeat(upto[firsts] - is_estate[firsts], count)
    return _Blocks(
        community=of,
        key=key,
        form=block_form,
        buildings=1 + scaled(weights, firsts, buildings - count),
        estate=np.where(is_estate == 1, nth, 0),
    )


def _in_block(form: Ints, at: Ints, buildings: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Column and row of each building in its block, and how many of either the block has."""
    # Slabs are twice as wide as deep: half as many columns as rows make a block about square.
    columns = np.where(form == _OLD_TOWN, _root_up(buildings), _root_up((buildings + 1) // 2))
    rows = (buildings + columns - 1) // columns
    column, row = at % columns, at // columns
    # Towers stand around a court: along the four sides of a square, one side after the other.
    side = np.maximum((buildings + 3) // 4, 1)
    leg, step = at // side, at % side
    around_x = np.select([leg == 0, leg == 1, leg == 2], [step, side, side - step], 0)
    around_y = np.select([leg == 0, leg == 1, leg == 2], [0, step, side], side - step)
    tower = form == _TOWERS
    return (
        np.where(tower, around_x, column),
        np.where(tower, around_y, row),
        np.where(tower, side + 1, columns),
        np.where(tower, side + 1, rows),
    )


def _strips(community: Ints, width: Ints, depth: Ints) -> tuple[Ints, Ints, Ints]:
    """West and south edge of each block, and the strip it lies in: as many blocks in a strip as there are strips."""
    first = np.flatnonzero(np.diff(community, prepend=-1))
    count = np.diff([*first, len(community)])
    at = np.arange(len(community), dtype=np.int64) - np.repeat(first, count)
    strip = at // np.repeat(_root_up(count), count)
    start = np.flatnonzero((np.diff(community, prepend=-1) != 0) | (np.diff(strip, prepend=-1) != 0))
    blocks = np.diff([*start, len(community)])
    upto = np.cumsum(width) - width
    west = upto - np.repeat(upto[start], blocks)
    depths = np.maximum.reduceat(depth, start) if len(start) else np.zeros(0, dtype=np.int64)
    below = np.cumsum(depths) - depths
    south = np.repeat(below, blocks)
    return west, south - np.repeat(south[first], count), strip


# --- barriers -------------------------------------------------------------------------------------


def _barriers(
    barrier: Ints,
    crossed: Bools,
    *,
    community: Ints,
    strip: Ints,
    south: Ints,
    x: Ints,
    y: Ints,
    households: Ints,
    width: int,
) -> Sequence[Barrier]:
    """Lines between strips, in the communities that have some; a community of one strip has none."""
    kinds = [*BarrierKind]
    starts = np.searchsorted(community, np.arange(len(barrier) + 1))
    found: list[Barrier] = []
    for one in np.flatnonzero(barrier).tolist():
        rows = slice(starts[one], starts[one + 1])
        strips = strip[rows]
        if not strips[-1]:
            continue
        upto = np.cumsum(np.bincount(strips, weights=households[rows]).astype(np.int64))
        cut = 1 + int(np.argmin(np.abs(2 * upto[:-1] - upto[-1])))
        above = np.flatnonzero(strips >= cut)
        at = int(south[rows][above].min())
        west, east = int(x[rows].min()) - width, int(x[rows].max()) + width
        kind = kinds[barrier[one]]
        if not crossed[one]:
            found.append(Barrier(one, kind, ((west, at), (east, at))))
            continue
        middle = int(x[rows][above[np.argmin(y[rows][above])]])
        found.append(Barrier(one, kind, ((west, at), (middle - width // 2, at))))
        found.append(Barrier(one, kind, ((middle + width // 2, at), (east, at))))
    return found


# --- small tools ----------------------------------------------------------------------------------

_TOWERS: Final = [*BuiltForm].index(BuiltForm.TOWERS)
_YARDS: Final = [*BuiltForm].index(BuiltForm.YARDS)
_OLD_TOWN: Final = [*BuiltForm].index(BuiltForm.OLD_TOWN)


def _by_form(key: Keys, form: Ints, chance: Chance, figures: Figures) -> Ints:
    """Households of each building before they are scaled to the community's."""
    found = np.zeros(len(key), dtype=np.int64)
    for at, one in enumerate(BuiltForm):
        rows = np.flatnonzero(form == at)
        spread = figures.quantiles(f"building_households_{one}")
        found[rows] = chance.by_table(key[rows], spread, purpose="building: households")
    return found


def _per_form(figures: Figures, name: str) -> Ints:
    given: Mapping[str, int] = figures.numbers(name)
    return np.array([given[one] for one in BuiltForm], dtype=np.int64)


def _mean(points: Sequence[tuple[Fraction, int]]) -> Fraction:
    """The mean of a spread, straight lines between its points."""
    pairs = itertools.pairwise(points)
    return sum(((right[0] - left[0]) * (left[1] + right[1]) / 2 for left, right in pairs), Fraction(0))


def _numbered(counts: Ints) -> tuple[Ints, Ints]:
    """For so many things in each row: the row of each thing, and its number in it from 1."""
    of = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    first = np.cumsum(counts) - counts
    return of, np.arange(len(of), dtype=np.int64) - first[of] + 1


def scaled(weights: Ints, first: Ints, totals: Ints) -> Ints:
    """Share out a total in each group of rows by weight: what lies up to each row less what lies before it."""
    count = np.diff([*first, len(weights)])
    upto = np.cumsum(weights)
    before = np.repeat(upto[first] - weights[first], count)
    whole = np.repeat(np.add.reduceat(weights, first), count)
    total = np.repeat(totals, count)
    ends: Ints = total * (upto - before) // whole - total * (upto - weights - before) // whole
    return ends


def _root_up(numbers: Ints) -> Ints:
    """The least whole number whose square is not below each."""
    squares = np.arange(int(numbers.max(initial=0)) + 1, dtype=np.int64) ** 2
    found: Ints = np.searchsorted(squares, numbers)
    return found
