"""Made-up communities that the grid benchmark divides: which have a plan within bounds, and which have none and why.

A feasible case is feasible by construction: a division is planted first (random spanning trees, cut where the
households balance), and where one of its grids misses the bounds, the households of that grid's buildings are scaled
until it keeps them. Nobody who divides a case is shown that division. An infeasible case carries its cause and, where
few buildings allow to try every division, the smallest total violation. The earlier grids of a redrawing case are a
planted division of the community as it was.

Nothing is kept in a file: seeds are fixed, chance is keyed, and the same code makes the same cases. `digest` tells
whether a case is still the one whose best plan is kept beside the cases.
"""

from __future__ import annotations

import hashlib
import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Final

import attrs
import numpy as np

from shequ_core.jilin.figures import jilin_figures
from shequ_core.planning.grids.layout import Basis, Floats, Ints, Layout
from shequ_core.planning.grids.plan import CauseKind
from shequ_core.population.buildings import FORMS, PER_METRE, BarrierKind, BuiltForm, lay_out
from shequ_core.population.chance import Chance, keys_of, nth_holder

LOW: Final = 300
HIGH: Final = 500
SEED: Final = 2022


class Family(StrEnum):
    """What a case tries."""

    PLAIN = "plain"
    BARRIER = "barrier"
    TIGHT = "tight"
    LUMPY = "lumpy"
    STATED = "stated"
    BOUNDS = "bounds"
    INFEASIBLE = "infeasible"
    REDRAW = "redraw"
    REAL = "real"


@attrs.frozen(kw_only=True, eq=False)
class Case:
    """A community to divide.

    Attributes:
        causes: Why it has no plan within bounds; any of them is right. Empty for a feasible case.
        violation: The smallest total violation, where every division was tried.
    """

    name: str
    family: Family
    layout: Layout
    low: int = LOW
    high: int = HIGH
    causes: tuple[CauseKind, ...] = ()
    violation: int | None = None

    @property
    def feasible(self) -> bool:
        """Whether it has a plan within bounds."""
        return not self.causes

    def digest(self) -> str:
        """Return what changes when the case does."""
        one = self.layout
        points = b"" if one.points is None else np.ascontiguousarray(one.points).tobytes()
        parts = (one.households.tobytes(), one.estates.tobytes(), one.edges.tobytes(), points)
        text = repr((self.low, self.high, one.previous)).encode()
        return hashlib.blake2b(b"|".join((*parts, text)), digest_size=8).hexdigest()


# --- luck -----------------------------------------------------------------------------------------


@attrs.define
class Dice:
    """Whole numbers one after the other, from keyed chance, so that a case is the same on any machine."""

    name: str
    rolled: int = 0

    def below(self, bound: int) -> int:
        """Return the next number in [0, bound)."""
        return int(self.several(bound, 1)[0])

    def several(self, bound: int, count: int) -> Ints:
        """Return the next numbers in [0, bound)."""
        self.rolled += 1
        keys = nth_holder(np.repeat(keys_of([self.name]), count), np.arange(1, count + 1, dtype=np.int64))
        return Chance(SEED).below(keys, bound, purpose="grids_cases", draw=self.rolled)

    def shuffled(self, count: int) -> list[int]:
        """Return the numbers below `count` in some order."""
        return np.argsort(self.several(2**31, count), kind="stable").tolist() if count else []


# --- graphs ---------------------------------------------------------------------------------------


def gabriel(points: Floats, barriers: Sequence[tuple[tuple[float, float], ...]] = ()) -> Ints:
    """Join two points where no third lies in the circle between them, and no barrier crosses."""
    count = len(points)
    found: list[tuple[int, int]] = []
    reach = min(count - 1, 30)
    for at in range(count):
        away = ((points - points[at]) ** 2).sum(axis=1)
        near = np.argsort(away, kind="stable")[1 : reach + 1]
        near = near[near > at]
        middle = (points[near] + points[at]) / 2
        inside = ((middle[:, None, :] - points[None, :, :]) ** 2).sum(axis=2) < (away[near] / 4 - 1e-9)[:, None]
        found += [(at, other) for other in near[~inside.any(axis=1)].tolist()]
    free = [
        (one, other)
        for one, other in found
        if not any(_cross(points[one], points[other], a, b) for line in barriers for a, b in pairwise(line))
    ]
    return np.array(sorted(free), dtype=np.int64).reshape(-1, 2)


def _cross(p: Floats, q: Floats, a: tuple[float, float], b: tuple[float, float]) -> bool:
    def side(o: Floats, u: Floats, v: Floats) -> float:
        return float((u[0] - o[0]) * (v[1] - o[1]) - (u[1] - o[1]) * (v[0] - o[0]))

    start, end = np.array(a), np.array(b)
    return side(p, q, start) * side(p, q, end) < 0 and side(start, end, p) * side(start, end, q) < 0


def neighbours_of(count: int, edges: Ints) -> list[list[int]]:
    """Return for each building those it touches."""
    touching: list[list[int]] = [[] for _ in range(count)]
    for one, other in edges.tolist():
        touching[one].append(other)
        touching[other].append(one)
    return touching


def pieces(rows: Sequence[int], touching: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the connected parts of some buildings."""
    left = set(rows)
    found = []
    for row in rows:
        if row not in left:
            continue
        left.discard(row)
        part = [row]
        for one in part:
            for other in touching[one]:
                if other in left:
                    left.discard(other)
                    part.append(other)
        found.append(sorted(part))
    return found


# --- planting -------------------------------------------------------------------------------------


def planted(households: Ints, edges: Ints, count: int, dice: Dice) -> list[list[int]]:
    """Divide into connected parts of about as many households each; every part of the graph gets its share."""
    touching = neighbours_of(len(households), edges)
    parts = pieces(range(len(households)), touching)
    each = households.sum() / count
    whole = [max(1, round(float(households[part].sum()) / each)) for part in parts]
    work = list(zip(parts, whole, strict=True))
    found = []
    while work:
        part, wanted = work.pop()
        if wanted == 1 or len(part) == 1:
            found.append(part)
            continue
        tries = [_cut(part, wanted, households, touching, dice) for _ in range(4)]
        cut, cut_count, _ = min(tries, key=lambda one: one[2])
        inside = set(cut)
        rest = [row for row in part if row not in inside]
        work += [(sorted(cut), cut_count), (rest, wanted - cut_count)]
    return sorted(found)


def _cut(
    part: Sequence[int], wanted: int, households: Ints, touching: Sequence[Sequence[int]], dice: Dice
) -> tuple[list[int], int, float]:
    """Cut a random spanning tree where what falls off comes nearest to a whole number of grids."""
    inside = set(part)
    rank = dict(zip(part, dice.several(2**31, len(part)).tolist(), strict=True))
    root = min(part, key=rank.__getitem__)
    parent = {root: root}
    order = [root]
    open_rows = [(rank[root], root)]
    while open_rows:  # whichever of the frontier was dealt the lowest: neither deep nor broad
        _, row = heapq.heappop(open_rows)
        for other in touching[row]:
            if other in inside and other not in parent:
                parent[other] = row
                order.append(other)
                heapq.heappush(open_rows, (rank[other], other))
    below = {row: int(households[row]) for row in part}
    children: dict[int, list[int]] = {row: [] for row in part}
    for row in reversed(order[1:]):
        below[parent[row]] += below[row]
        children[parent[row]].append(row)
    each = below[root] / wanted
    best: tuple[float, int, int] | None = None
    for row in order[1:]:
        nearest = below[row] / each
        for grids in {min(max(1, whole), wanted - 1) for whole in (math.floor(nearest), math.ceil(nearest))}:
            miss = abs(below[row] - grids * each) / min(grids, wanted - grids)
            if best is None or (miss, row) < best[:2]:
                best = (miss, row, grids)
    assert best is not None
    found = [best[1]]
    for row in found:
        found += children[row]
    return found, best[2], best[0]


def fitted(households: Ints, parts: Sequence[Sequence[int]], least: int, most: int) -> Ints:
    """Scale the households of every part that has fewer than `least` or more than `most`."""
    result = households.copy()
    for part in parts:
        rows = np.array(part, dtype=np.int64)
        total = int(result[rows].sum())
        aim = min(max(total, least), most)
        if aim == total:
            continue
        weights = result[rows]
        if not weights.any():
            weights = np.ones(len(rows), dtype=np.int64)
        upto = np.cumsum(weights)
        ends = aim * upto // upto[-1]
        result[rows] = np.diff(ends, prepend=0)
    return result


# --- communities ----------------------------------------------------------------------------------

_USUAL: Final = {"slabs": 42, "towers": 118, "yards": 30, "old_town": 14, "mixed": 42}
"""About how many households a building has: to ask for a community of so many buildings."""


def community(
    name: str, form: str, buildings: int, *, barrier: BarrierKind = BarrierKind.NONE, crossed: bool = True,
    estates: bool = True, households: int | None = None,
) -> Layout:
    """Make up a community of about so many buildings."""
    made = lay_out(
        keys_of([name]),
        np.array([FORMS.index(form)], dtype=np.int64),
        np.array([households or buildings * _USUAL[form]], dtype=np.int64),
        np.array([[*BarrierKind].index(barrier)], dtype=np.int64),
        np.array([crossed]),
        Chance(SEED),
        jilin_figures(),
    )
    points = np.column_stack([made.x, made.y]) / PER_METRE
    lines = tuple(tuple((x / PER_METRE, y / PER_METRE) for x, y in one.line) for one in made.barriers)
    names = tuple(f"合成小区{number:02d}" for number in range(1, int(made.estate.max(initial=0)) + 1))
    return Layout(
        ids=tuple(str(number) for number in made.serial.tolist()),
        households=made.households,
        estates=made.estate - 1 if estates else np.full(len(points), -1, dtype=np.int64),
        estate_names=names if estates else (),
        edges=gabriel(points, lines),
        basis=Basis.GEOMETRY,
        points=points,
        coordinates=points,
        barriers=lines,
    )


def _points(layout: Layout) -> Floats:
    assert layout.points is not None
    return layout.points


def stated(households: Ints, edges: Sequence[tuple[int, int]]) -> Layout:
    """Make a community of which only adjacencies are known."""
    pairs = sorted({(min(pair), max(pair)) for pair in edges})
    return Layout(
        ids=tuple(str(number) for number in range(1, len(households) + 1)),
        households=np.asarray(households, dtype=np.int64),
        estates=np.full(len(households), -1, dtype=np.int64),
        edges=np.array(pairs, dtype=np.int64).reshape(-1, 2),
        basis=Basis.STATED,
    )


def _planted_case(
    name: str, family: Family, layout: Layout, *, low: int = LOW, high: int = HIGH, per_grid: int | None = None,
    least: int | None = None, most: int | None = None,
) -> Case:
    """Make a layout feasible: plant a division, and scale the grids that miss the bounds."""
    usual = (low + high) // 2 if per_grid is None else per_grid
    count = max(1, round(int(layout.households.sum()) / usual))
    parts = planted(layout.households, layout.edges, count, Dice(name))
    found = fitted(layout.households, parts, low if least is None else least, high if most is None else most)
    return Case(name=name, family=family, layout=attrs.evolve(layout, households=found), low=low, high=high)


def _plain() -> Iterator[Case]:
    for form in FORMS:
        for buildings in (30, 50, 80, 120, 200, 400):
            for estates in (True, False):
                name = f"plain {form} {buildings}{'' if estates else ' without estates'}"
                yield _planted_case(name, Family.PLAIN, community(name, form, buildings, estates=estates))


def _barriers() -> Iterator[Case]:
    for form in FORMS:
        for buildings in (60, 140):
            for kind, crossed in ((BarrierKind.ROAD, True), (BarrierKind.RIVER, False)):
                name = f"barrier {form} {buildings} {kind} {'crossed' if crossed else 'parting'}"
                yield _planted_case(
                    name, Family.BARRIER, community(name, form, buildings, barrier=kind, crossed=crossed)
                )


def _tight() -> Iterator[Case]:
    """Totals that leave a few households a grid to play with."""
    for form in FORMS:
        for buildings in (60, 160):
            slack = 6 if form == BuiltForm.OLD_TOWN else 15
            name = f"tight {form} {buildings} near the least"
            layout = community(name, form, buildings)
            yield _planted_case(name, Family.TIGHT, layout, per_grid=LOW + slack, most=LOW + 2 * slack)
            name = f"tight {form} {buildings} near the most"
            layout = community(name, form, buildings)
            yield _planted_case(name, Family.TIGHT, layout, per_grid=HIGH - slack, least=HIGH - 2 * slack)


def _lumpy() -> Iterator[Case]:
    """Buildings of 100 to 260 households: two or three to a grid."""
    for form in (*BuiltForm,):
        for buildings in (30, 50, 80, 130):
            name = f"lumpy {form} {buildings}"
            layout = community(name, form, buildings)
            lumps = 100 + Dice(name).several(161, len(layout))
            layout = attrs.evolve(layout, households=lumps)
            yield _planted_case(name, Family.LUMPY, layout, per_grid=400)


def _stated() -> Iterator[Case]:
    for buildings in (36, 81, 144, 289):
        side = math.isqrt(buildings)
        for shape, edges in _SHAPES.items():
            name = f"stated {shape} {buildings}"
            dice = Dice(name)
            households = 20 + dice.several(50, buildings)
            yield _planted_case(name, Family.STATED, stated(households, edges(side, dice)))


def _lattice(side: int, _: Dice) -> list[tuple[int, int]]:
    across = [(row * side + at, row * side + at + 1) for row in range(side) for at in range(side - 1)]
    return across + [(at, at + side) for at in range(side * (side - 1))]


def _hexagons(side: int, dice: Dice) -> list[tuple[int, int]]:
    return _lattice(side, dice) + [
        (row * side + at, (row + 1) * side + at + 1) for row in range(side - 1) for at in range(side - 1)
    ]


def _lanes(side: int, _: Dice) -> list[tuple[int, int]]:
    """Lanes that lead off one street, at their southern end only."""
    lanes = [(lane * side + at, lane * side + at + 1) for lane in range(side) for at in range(side - 1)]
    return lanes + [(lane * side, (lane + 1) * side) for lane in range(side - 1)]


def _ring(side: int, _: Dice) -> list[tuple[int, int]]:
    """One street that comes back to where it began."""
    return [(at, (at + 1) % (side * side)) for at in range(side * side)]


def _thinned(side: int, dice: Dice) -> list[tuple[int, int]]:
    """A lattice of which a random spanning tree stands, and a fifth of what else there was."""
    edges = _lattice(side, dice)
    leader = list(range(side * side))

    def top(row: int) -> int:
        while leader[row] != row:
            leader[row] = leader[leader[row]]
            row = leader[row]
        return row

    kept = []
    more = dice.several(5, len(edges)).tolist()
    for at in dice.shuffled(len(edges)):
        one, other = map(top, edges[at])
        if one != other or more[at] == 0:
            kept.append(edges[at])
            leader[one] = other
    return kept


_SHAPES: Final[dict[str, Callable[[int, Dice], list[tuple[int, int]]]]] = {
    "lattice": _lattice,
    "hexagons": _hexagons,
    "lanes": _lanes,
    "ring": _ring,
    "thinned": _thinned,
}


def _bounds() -> Iterator[Case]:
    """What other places say: 400 to 700, and a city's 200 to 300."""
    for form in ("slabs", "mixed", "old_town", "yards"):
        for low, high in ((400, 700), (200, 300)):
            name = f"bounds {form} 100 {low} to {high}"
            yield _planted_case(name, Family.BOUNDS, community(name, form, 100), low=low, high=high)


# --- what has no plan -----------------------------------------------------------------------------


def _set_total(layout: Layout, total: int) -> Layout:
    """Share out another total over the buildings."""
    rows = [list(range(len(layout)))]
    return attrs.evolve(layout, households=fitted(layout.households, rows, total, total))


def _infeasible() -> Iterator[Case]:
    for total, buildings in ((250, 12), (90, 4), (299, 10)):
        layout = _set_total(community(f"few {total}", "slabs", buildings), total)
        yield _none(f"too few {total}", layout, LOW - total, CauseKind.TOO_FEW)
    for total, form, buildings in ((501, "slabs", 12), (550, "old_town", 40), (599, "towers", 8), (580, "yards", 16)):
        layout = _set_total(community(f"gap {total}", form, buildings), total)
        missing = _tried(layout, LOW, HIGH) if len(layout) <= _TRIED else min(total - HIGH, 2 * LOW - total)
        yield _none(f"gap {total}", layout, missing, CauseKind.GAP)
    for total, low, high in ((1_000, 400, 450), (1_380, 350, 450)):
        layout = _set_total(community(f"gap {total}", "slabs", 26), total)
        missing = min(total - total // low * high, (total // high + 1) * low - total)
        yield _none(f"gap {total} of {low} to {high}", layout, missing, CauseKind.GAP, low=low, high=high)
    for form, buildings in (("slabs", 40), ("towers", 20), ("old_town", 120), ("mixed", 70)):
        yield _giant(form, buildings)
    for behind, form in ((120, "slabs"), (550, "slabs"), (240, "yards"), (570, "old_town"), (30, "mixed")):
        yield _island(behind, form)
    for households, count in ((260, 10), (260, 9), (280, 12)):
        layout = stated(np.full(count, households), [(at, at + 1) for at in range(count - 1)])
        yield _none(f"lump row of {count} times {households}", layout, _tried(layout, LOW, HIGH), *_LUMP)
    for leaves, each in ((5, 100), (4, 180), (8, 60)):
        layout = stated(np.array([450, *[each] * leaves]), [(0, at) for at in range(1, leaves + 1)])
        yield _none(f"lump star of {leaves} times {each}", layout, _tried(layout, LOW, HIGH), *_LUMP)
    for name, row in _ODD_ROWS.items():
        layout = stated(np.array(row), [(at, at + 1) for at in range(len(row) - 1)])
        yield _none(f"lump {name}", layout, _tried(layout, LOW, HIGH), *_LUMP)
    big = stated(np.full(36, 260), _lattice(6, Dice("lattice")))
    yield _none("lump lattice of 36 times 260", big, 18 * 20, *_LUMP)  # 18 pairs of 520; one alone misses 40
    for households, form in ((40, "slabs"), (150, "towers")):
        yield _alone(households, form)


_TRIED: Final = 12
"""Buildings of which every division is tried."""
_LUMP: Final = (CauseKind.LUMP,)
_ODD_ROWS: Final = {
    "row with a heavy middle": (200, 90, 450, 80, 220),
    "row of two hundreds and a half": (250, 260, 250, 260, 250, 260, 250),
    "row that never fits": (160, 400, 160, 400, 160, 400),
}


def _none(
    name: str, layout: Layout, violation: int | None, *causes: CauseKind, low: int = LOW, high: int = HIGH
) -> Case:
    return Case(
        name=name, family=Family.INFEASIBLE, layout=layout, low=low, high=high, causes=causes, violation=violation
    )


def _giant(form: str, buildings: int) -> Case:
    """A building of 700 at the edge of a community that has a plan without it: it misses by 200, and nothing else."""
    name = f"giant {form} {buildings}"
    case = _planted_case(name, Family.INFEASIBLE, community(name, form, buildings))
    layout, count = case.layout, len(case.layout)
    points = _points(layout)
    touched = int(np.argmax(points.sum(axis=1)))
    return _none(
        name,
        attrs.evolve(
            layout,
            ids=(*layout.ids, str(count + 1)),
            households=np.append(layout.households, 700),
            estates=np.append(layout.estates, -1),
            edges=np.vstack([layout.edges, [[touched, count]]]),
            points=np.vstack([points, points[touched] + 60]),
            coordinates=np.vstack([points, points[touched] + 60]),
        ),
        700 - HIGH,
        CauseKind.GIANT,
    )


def _island(behind: int, form: str) -> Case:
    """A community that has a plan, and beyond a railway line a few buildings too many or too few for grids."""
    name = f"island {form} {behind}"
    case = _planted_case(name, Family.INFEASIBLE, community(name, form, 60))
    other = _set_total(community(f"{name}, beyond", form, max(3, behind // _USUAL[form]), estates=False), behind)
    layout, count = case.layout, len(case.layout)
    points, beyond = _points(layout), _points(other)
    line = float(points[:, 1].max()) + 30
    moved = np.array([points[:, 0].mean(), line + 30 - beyond[:, 1].min()])
    both = np.vstack([points, beyond + moved])
    barrier = ((float(both[:, 0].min()) - 200, line), (float(both[:, 0].max()) + 200, line))
    joined = attrs.evolve(
        layout,
        ids=tuple(str(number) for number in range(1, count + len(other) + 1)),
        households=np.concatenate([layout.households, other.households]),
        estates=np.concatenate([layout.estates, other.estates]),
        edges=gabriel(both, (barrier,)),
        points=both,
        coordinates=both,
        barriers=(barrier,),
    )
    missing = LOW - behind if behind < LOW else min(behind - HIGH, 2 * LOW - behind)
    return _none(name, joined, missing, CauseKind.ISLAND)


def _alone(households: int, form: str) -> Case:
    """A community that has a plan, and one building that touches nothing."""
    name = f"alone {form} {households}"
    case = _planted_case(name, Family.INFEASIBLE, community(name, form, 40))
    one = stated(case.layout.households, [tuple(pair) for pair in case.layout.edges.tolist()])
    layout = attrs.evolve(
        one,
        ids=(*one.ids, str(len(one) + 1)),
        households=np.append(one.households, households),
        estates=np.append(one.estates, -1),
    )
    return _none(name, layout, LOW - households, CauseKind.ALONE, CauseKind.ISLAND)


def _tried(layout: Layout, low: int, high: int) -> int:
    """Try every division into connected parts and return the smallest total violation (up to 12 buildings)."""
    count = len(layout)
    touching = [sum(1 << other for other in row) for row in neighbours_of(count, layout.edges)]
    households = layout.households.tolist()
    cost: dict[int, int] = {}
    for rows in range(1, 1 << count):
        reached = rows & -rows
        while True:
            more = reached
            for at in range(count):
                if reached >> at & 1:
                    more |= touching[at] & rows
            if more == reached:
                break
            reached = more
        if reached == rows:
            total = sum(households[at] for at in range(count) if rows >> at & 1)
            cost[rows] = max(0, low - total, total - high)

    @cache
    def least(left: int) -> int:
        if not left:
            return 0
        first = left & -left
        return min(missed + least(left ^ rows) for rows, missed in cost.items() if rows & first and rows & left == rows)

    return least((1 << count) - 1)


# --- redrawing ------------------------------------------------------------------------------------


def _redraws() -> Iterator[Case]:
    for form in FORMS:
        for buildings in (50, 100, 200):
            for change in ("growth", "decline", "demolition", "new estate"):
                yield _redraw(form, buildings, change)


def _redraw(form: str, buildings: int, change: str) -> Case:
    """An earlier division, and the community as it is now: some grids keep the bounds no longer."""
    name = f"redraw {form} {buildings} after {change}"
    dice = Dice(name)
    layout = community(name, form, buildings)
    count = max(2, round(int(layout.households.sum()) / 400))
    parts = planted(layout.households, layout.edges, count, dice)
    before = fitted(layout.households, parts, LOW + 10, HIGH - 10)
    grid: list[str | None] = [None] * len(layout)
    for at, part in enumerate(parts, start=1):
        for row in part:
            grid[row] = f"{at:03d}"
    points = _points(layout)
    corner = points[dice.below(len(layout))]
    near = np.argsort(((points - corner) ** 2).sum(axis=1), kind="stable")
    now = before.copy()
    rows = near[: max(3, len(layout) // 4)]
    if change == "growth":
        now[rows] = now[rows] * 135 // 100
    elif change == "decline":
        now[rows] = now[rows] * 70 // 100
    elif change == "demolition":
        layout, now, grid = _without(layout, now, grid, set(near[: max(2, len(layout) // 12)].tolist()))
    else:
        layout, now, grid = _with_estate(layout, now, grid, form)
    layout = attrs.evolve(layout, households=now, previous=tuple(grid))
    # Feasible still: of a division planted in what is there now, only grids that miss the bounds are scaled.
    again = planted(now, layout.edges, max(1, round(int(now.sum()) / 400)), dice)
    return Case(name=name, family=Family.REDRAW, layout=attrs.evolve(layout, households=fitted(now, again, LOW, HIGH)))


def _without(
    layout: Layout, households: Ints, grid: Sequence[str | None], gone: set[int]
) -> tuple[Layout, Ints, list[str | None]]:
    kept = [row for row in range(len(layout)) if row not in gone]
    rows = np.array(kept, dtype=np.int64)
    points = _points(layout)
    fewer = attrs.evolve(
        layout,
        ids=tuple(layout.ids[row] for row in kept),
        households=households[rows],
        estates=layout.estates[rows],
        edges=gabriel(points[rows], layout.barriers),
        points=points[rows],
        coordinates=points[rows],
    )
    return fewer, households[rows], [grid[row] for row in kept]


def _with_estate(
    layout: Layout, households: Ints, grid: Sequence[str | None], form: str
) -> tuple[Layout, Ints, list[str | None]]:
    """Build an estate of about 250 households east of what is there."""
    more = _set_total(community(f"{form}, new", form, max(3, 250 // _USUAL[form]), estates=False), 250)
    points = _points(layout)
    moved = np.array([points[:, 0].max() + 40, points[:, 1].mean()])
    both = np.vstack([points, _points(more) + moved])
    larger = attrs.evolve(
        layout,
        ids=tuple(str(number) for number in range(1, len(both) + 1)),
        households=np.concatenate([households, more.households]),
        estates=np.concatenate([layout.estates, np.full(len(more), len(layout.estate_names), dtype=np.int64)]),
        estate_names=(*layout.estate_names, "合成新小区"),
        edges=gabriel(both, layout.barriers),
        points=both,
        coordinates=both,
    )
    return larger, larger.households, [*grid, *[None] * len(more)]


# --- all of them ----------------------------------------------------------------------------------


def feasible() -> Iterator[Case]:
    """Yield communities that have a plan within bounds."""
    for family in (_plain, _barriers, _tight, _lumpy, _stated, _bounds):
        yield from family()


def infeasible() -> Iterator[Case]:
    """Yield communities that have none."""
    yield from _infeasible()


def redraws() -> Iterator[Case]:
    """Yield communities that were divided before, and changed since."""
    yield from _redraws()


def many(count: int, across: int = 9, along: int = 9) -> Iterator[Case]:
    """Yield communities of one size, for timing: scattered rows of buildings in estates of nine."""
    buildings = across * along
    for at in range(count):
        dice = Dice(f"many {at} of {buildings}")
        points = np.array([(x * 40, y * 30) for y in range(along) for x in range(across)], dtype=np.float64)
        points += np.column_stack([dice.several(17, buildings), dice.several(11, buildings)]) - 8
        wide = -(-across // 3)
        estates = [row // across // 3 * wide + row % across // 3 for row in range(buildings)]
        layout = Layout(
            ids=tuple(str(number) for number in range(1, buildings + 1)),
            households=20 + dice.several(61, buildings),
            estates=np.array(estates, dtype=np.int64),
            estate_names=tuple(f"合成小区{number:02d}" for number in range(1, max(estates) + 2)),
            edges=gabriel(points),
            basis=Basis.GEOMETRY,
            points=points,
            coordinates=points,
        )
        yield Case(name=dice.name, family=Family.PLAIN, layout=layout)


def of_outlines(name: str, points: Floats, areas: Floats, edges: Ints | None) -> Case:
    """Make a case of real outlines: where they lie and touch is real, the households are made up.

    Args:
        points: Their middles in metres.
        areas: Square metres, by which 50 households an outline are shared; where they are tracts, each has about as
            many as the next.
        edges: Which touch; None for buildings, which stand apart.
    """
    shared = np.minimum(areas, 4 * np.median(areas)) if edges is None else np.full(len(areas), 1.0)
    dice = Dice(name)
    weights = (shared / shared.sum() * 10**6).astype(np.int64) * (70 + dice.several(61, len(areas)))
    total = 50 * len(areas)
    ends = total * np.cumsum(weights) // weights.sum()
    layout = Layout(
        ids=tuple(str(number) for number in range(1, len(areas) + 1)),
        households=np.diff(ends, prepend=0),
        estates=np.full(len(areas), -1, dtype=np.int64),
        edges=gabriel(points) if edges is None else edges,
        basis=Basis.GEOMETRY if edges is None else Basis.STATED,
        points=points,
        coordinates=points,
    )
    return _planted_case(name, Family.REAL, layout)
