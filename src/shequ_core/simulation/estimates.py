"""What simulated years come to over seeds: sums, means, intervals and order statistics; and differences of two runs."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

import attrs
import numpy as np

from shequ_core.errors import ScenarioError, msg, nearest
from shequ_core.model.budget import CostLine
from shequ_core.model.facts import zh
from shequ_core.model.posts import CertificateLevel, EducationLevel, Sex
from shequ_core.model.records import AssessmentGrade
from shequ_core.simulation.luck import hundredths, margin, mean_of, order_statistics, variances
from shequ_core.simulation.outcome import AMOUNTS, ARREARS, COUNTS, By, Costs, CountyYears, Leavers, Structure
from shequ_core.simulation.turn import Leaving
from shequ_core.tables.columns import Bools, EnumColumn, FloatColumn, IntColumn, Ints, TextColumn
from shequ_core.tables.table import Table
from shequ_core.values import Labelled, round_half_up

Per: TypeAlias = Literal["year", "county"]
"""What answers are told apart by; without the year they are of all years together, which has no stocks."""

EACH_YEAR: Final[tuple[Per, ...]] = ("year",)

Tables: TypeAlias = "Mapping[str, Table[Any]]"  # Any: `counties`, `costs`, `leavers`, `structure`, each its own kind


BASELINE: Final = "baseline"
"""What rows call the side that others are held against, or the only one."""


class Unit(Labelled):
    """What a measure counts."""

    PEOPLE = "people", "人"
    POSTS = "posts", "个岗位"
    COMMUNITIES = "communities", "个社区"
    HOUSEHOLDS = "households", "户"
    GRIDS = "grids", "个网格"
    MONTHS = "months", "人月"
    FEN = "fen", "分"
    MILLIONTHS = "millionths", "百万分之一"
    """Shares: of a year and seed, rounded to a millionth, so that sums stay exact."""
    TIMES = "times", "次"
    """Whether something is so in a year and seed: 1 or 0; the mean is the share of seeds."""
    CALENDAR = "calendar", "年"
    """A year of the calendar."""


@attrs.frozen
class Measure:
    """Something that is told of a year.

    Attributes:
        stock: Whether it is told of the year's end, so that years don't add up.
        whole: Whether it is told of all years together, and of none by itself.
    """

    name: str
    unit: Unit
    stock: bool
    whole: bool = False


_STOCKS: Final = frozenset(
    {
        "posts", "held", "outside", "vacant", "certified", "social_workers",
        "communities", "communities_short", "communities_below", "households", "grids", "grid_workers",
    }
)
_UNITS: Final = {
    "posts": Unit.POSTS, "posts_opened": Unit.POSTS, "posts_closed": Unit.POSTS,
    "vacant": Unit.POSTS, "months": Unit.MONTHS, "contributing": Unit.MONTHS,
    "households": Unit.HOUSEHOLDS, "grids": Unit.GRIDS, "grids_redrawn": Unit.COMMUNITIES,
    "communities": Unit.COMMUNITIES, "communities_short": Unit.COMMUNITIES, "communities_below": Unit.COMMUNITIES,
}
MONEY: Final = ("total", "cost", *AMOUNTS, ARREARS)
"""Measures in fen; `total` is what people are paid, `cost` what all payers pay (JLW3.2)."""

_SHARES: Final = {"certified_share": ("certified", "held"), "vacant_share": ("vacant", "posts")}
_REACHED: Final = {"social_workers_reached": "communities_short", "posts_reached": "communities_below"}
"""Targets: reached in a year in which no community falls short (JLW2.7b, 2.2a)."""
_EVER: Final = {one.replace("reached", "ever_reached"): one for one in _REACHED}
_FIRST: Final = {one.replace("reached", "first_reached"): one for one in _REACHED}
"""The first year in which a target is reached; the year after the last where it never is, so that the order
statistics are right as far as they lie before it, and the mean is the least that it can be."""

MEASURES: Final[Mapping[str, Measure]] = {
    **{name: Measure(name, Unit.FEN, stock=False) for name in MONEY},
    **{name: Measure(name, _UNITS.get(name, Unit.PEOPLE), stock=name in _STOCKS) for name in COUNTS},
    **{name: Measure(name, Unit.MILLIONTHS, stock=True) for name in _SHARES},
    **{name: Measure(name, Unit.TIMES, stock=True) for name in _REACHED},
    **{name: Measure(name, Unit.TIMES, stock=False, whole=True) for name in _EVER},
    **{name: Measure(name, Unit.CALENDAR, stock=False, whole=True) for name in _FIRST},
}
"""All measures by name, in the order in which they are told."""

GROUPINGS: Final[Mapping[str, str]] = {
    "payer": "cost", "line": "cost", "ground": "left", **{one.value: "held" for one in By},
}
"""What a measure is told by besides, and which measure that is."""

_LEVELS: Final = ("none", *Sex, *EducationLevel, *CertificateLevel, *AssessmentGrade, *CostLine, *Leaving)


# --- what is counted ---------------------------------------------------------------------------------


@attrs.frozen(order=False)
class Key:
    """What a row of numbers is of.

    Attributes:
        year: None for all years together.
        county: None for the whole place.
        by: A grouping; empty for all together.
        kind: Which of the grouping's kinds.
    """

    year: int | None
    county: str | None
    measure: str
    by: str = ""
    kind: str = ""

    @property
    def place(self) -> tuple[object, ...]:
        """Where it stands among others."""
        names = tuple(MEASURES)
        groups = ("", *GROUPINGS)
        if self.kind.isdigit():
            kind: tuple[int, str] = (int(self.kind), "")
        else:
            kind = (_LEVELS.index(self.kind), "") if self.kind in _LEVELS else (len(_LEVELS), self.kind)
        return self.year or 0, self.county or "", names.index(self.measure), groups.index(self.by), kind


@attrs.frozen(eq=False, slots=False)
class Cells:
    """Numbers by key, one a seed.

    Attributes:
        values: Keys down, seeds across.
    """

    keys: tuple[Key, ...]
    seeds: tuple[int, ...]
    values: Ints

    @cached_property
    def rows(self) -> Mapping[Key, int]:
        """Where each key stands."""
        return {key: row for row, key in enumerate(self.keys)}

    def at(self, keys: Sequence[Key]) -> Ints:
        """Return the rows of these keys; 0 where there is none, for what doesn't occur isn't told."""
        rows = np.array([self.rows.get(key, len(self.keys)) for key in keys], dtype=np.int64)
        return np.vstack([self.values, np.zeros((1, len(self.seeds)), dtype=np.int64)])[rows]


def cells_of(
    tables: Tables,
    seeds: Sequence[int],
    *,
    per: Collection[Per] = EACH_YEAR,
    measures: Collection[str] | None = None,
    by: Collection[str] | None = None,
) -> Cells:
    """Count what simulated years came to.

    Args:
        tables: The tables of a simulation.
        seeds: Its seeds, in the order wanted.
        per: Whether years and counties are told apart; without years, what adds up over them is told, and the
            first year in which a target is reached.
        measures: Which ones; all where None.
        by: Which groupings besides; all where None.

    Raises:
        ScenarioError: There is no such measure or grouping.
    """
    _check(measures, MEASURES, msg("measure"))
    _check(by, GROUPINGS, msg("grouping"))
    _check(per, ("year", "county"), msg("dimension"))
    counter = _Counter(tuple(seeds), "year" in per, "county" in per)
    wanted = [one for one in MEASURES.values() if measures is None or one.name in measures]
    wanted = [one for one in wanted if not (one.whole if "year" in per else one.stock)]
    found: dict[Key, Ints] = {}
    for one in wanted:
        found.update(counter.measure(tables, one.name))
    names = {one.name for one in wanted}
    for group, measure in GROUPINGS.items():
        if measure in names and (by is None or group in by):
            found.update(counter.grouping(tables, group, measure))
    keys = sorted(found, key=lambda key: key.place)
    empty = np.zeros((0, len(seeds)), dtype=np.int64)
    return Cells(tuple(keys), tuple(seeds), np.array([found[key] for key in keys]) if keys else empty)


def _check(given: Collection[str] | None, known: Iterable[str], what: object) -> None:
    known = tuple(known)
    for one in given or ():
        if one not in known:
            raise ScenarioError(
                msg(
                    "there is no {what} {asked}. Nearest names: {near}. All of them: {known}.",
                    what=what, asked=one, near=nearest(one, known) or known[:1], known=known,
                )
            )


@attrs.frozen
class _Counter:
    seeds: tuple[int, ...]
    years: bool
    counties: bool

    def measure(self, tables: Tables, name: str) -> Iterator[tuple[Key, Ints]]:
        rows, costs = tables["counties"], tables["costs"]
        assert isinstance(rows, CountyYears)
        assert isinstance(costs, Costs)
        if name == "cost":
            yield from self.add(costs, costs.cost.values, name)
        elif name in _SHARES:
            part, whole = (dict(self.measure(tables, one)) for one in _SHARES[name])
            for key, values in part.items():
                of = whole[attrs.evolve(key, measure=_SHARES[name][1])]
                pairs = zip(values.tolist(), of.tolist(), strict=True)
                shares = [round_half_up(10**6 * one, other) if other else 0 for one, other in pairs]
                yield attrs.evolve(key, measure=name), np.array(shares, dtype=np.int64)
        elif name in _EVER or name in _FIRST:
            yield from self._first(tables, name)
        elif name in _REACHED:
            for key, values in self.measure(tables, _REACHED[name]):
                yield attrs.evolve(key, measure=name), (values == 0).astype(np.int64)
        else:
            yield from self.add(rows, rows.column(name).values, name)

    def _first(self, tables: Tables, name: str) -> Iterator[tuple[Key, Ints]]:
        """Tell when a target is reached first, or whether it ever is."""
        each = attrs.evolve(self, years=True)
        by_county: dict[str | None, list[tuple[int, Ints]]] = {}
        for key, values in each.measure(tables, {**_EVER, **_FIRST}[name]):
            assert key.year is not None
            by_county.setdefault(key.county, []).append((key.year, values))
        for county, years in by_county.items():
            years.sort(key=lambda one: one[0])
            never = years[-1][0] + 1
            first = np.full(len(self.seeds), never, dtype=np.int64)
            for year, values in reversed(years):
                first[values > 0] = year
            told = (first < never).astype(np.int64) if name in _EVER else first
            yield Key(None, county, name), told

    def grouping(self, tables: Tables, group: str, measure: str) -> Iterator[tuple[Key, Ints]]:
        if group in ("payer", "line"):
            costs = tables["costs"]
            assert isinstance(costs, Costs)
            yield from self.add(costs, costs.cost.values, measure, group, costs.column(group))
        elif group == "ground":
            left = tables["leavers"]
            assert isinstance(left, Leavers)
            yield from self.add(left, left.people.values, measure, group, left.ground)
        else:
            people = tables["structure"]
            assert isinstance(people, Structure)
            rows = people.by.values == list(By).index(By(group))
            yield from self.add(people, people.people.values, measure, group, people.kind, rows)

    def add(
        self, table: Table[Any], values: Ints, measure: str, by: str = "", kinds: Any = None, rows: Bools | None = None
    ) -> Iterator[tuple[Key, Ints]]:  # Any: tables of every kind, and a column of texts or of an enum
        taken = np.flatnonzero(np.ones(len(table), dtype=np.bool_) if rows is None else rows)
        if not len(taken):
            return
        own, seed = np.unique(table.column("seed").values[taken], return_inverse=True)
        order = {one: place for place, one in enumerate(self.seeds)}
        seed = np.array([order[one] for one in own.tolist()], dtype=np.int64)[seed]
        nothing = np.zeros(len(taken), dtype=np.int64)
        year = table.column("year").values[taken] if self.years else nothing
        county, kind = table.column("county"), nothing
        assert isinstance(county, TextColumn)
        place = county.values[taken] if self.counties else nothing
        words: Sequence[str] = ("",)
        if isinstance(kinds, TextColumn):
            kind, words = kinds.values[taken], kinds.vocabulary
        elif isinstance(kinds, EnumColumn):
            kind, words = kinds.values[taken], [str(one.value) for one in kinds.kind]
        places, kinds_in_all = len(county.vocabulary), len(words)
        found, at = np.unique((year * places + place) * kinds_in_all + kind, return_inverse=True)
        sums = np.zeros((len(found), len(self.seeds)), dtype=np.int64)
        np.add.at(sums, (at, seed), values[taken])
        for code, line in zip(found.tolist(), sums, strict=True):
            of, one_kind = divmod(code, kinds_in_all)
            one_year, one_place = divmod(of, places)
            yield (
                Key(
                    one_year if self.years else None, county.vocabulary[one_place] if self.counties else None,
                    measure, by, words[one_kind],
                ),
                line,
            )  # fmt: skip


# --- tables ------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Estimate:
    """A measure over seeds.

    Attributes:
        variant: Whose: the baseline's or a reform's name.
        year: None for all years together.
        county: None for the whole place.
        by: What the measure is told by besides: payer, line, ground, grade, age … ; None for all together.
        kind: Which payer, line, ground …
        marks: `synthetic` if people are made up, and the statuses of what nobody issued.
        unit: What the numbers below count.
        seeds: How many.
        sum: Over seeds, exactly.
        mean: To the hundredth; `low` and `high` are the ends of its 95% interval by Student's t, unknown for one seed.
        q05: The least value that 5% of seeds don't exceed, and so on: values that occurred.
    """

    variant: str = attrs.field(metadata=zh("方案"))
    year: int | None = attrs.field(metadata=zh("年度"))
    county: str | None = attrs.field(metadata=zh("区县代码"))
    measure: str = attrs.field(metadata=zh("指标"))
    by: str | None = attrs.field(metadata=zh("分类"))
    kind: str | None = attrs.field(metadata=zh("类别"))
    unit: Unit = attrs.field(metadata=zh("计量单位"))
    seeds: int = attrs.field(metadata=zh("模拟次数"))
    sum: int = attrs.field(metadata=zh("合计"))
    mean: float = attrs.field(metadata=zh("平均"))
    low: float | None = attrs.field(metadata=zh("区间下限"))
    high: float | None = attrs.field(metadata=zh("区间上限"))
    q05: int
    q25: int
    q50: int = attrs.field(metadata=zh("中位数"))
    q75: int
    q95: int
    marks: str | None = attrs.field(metadata=zh("依据状态"))


class Estimates(Table[Estimate]):
    """Measures over seeds."""

    variant: TextColumn
    year: IntColumn
    county: TextColumn
    measure: TextColumn
    by: TextColumn
    kind: TextColumn
    unit: EnumColumn[Unit]
    seeds: IntColumn
    sum: IntColumn
    mean: FloatColumn
    low: FloatColumn
    high: FloatColumn
    q05: IntColumn
    q25: IntColumn
    q50: IntColumn
    q75: IntColumn
    q95: IntColumn
    marks: TextColumn


@attrs.frozen(kw_only=True)
class Difference:
    """How far a reform's measure lies above the baseline's under the same luck, over seeds.

    Attributes:
        changed: In how many seeds it isn't the same.
        sum: Of the differences, exactly; the mean and so on as in an estimate.
        spread: The standard deviation of the differences.
        spread_independent: What it would be if each run had its own luck.
    """

    variant: str = attrs.field(metadata=zh("方案"))
    year: int | None = attrs.field(metadata=zh("年度"))
    county: str | None = attrs.field(metadata=zh("区县代码"))
    measure: str = attrs.field(metadata=zh("指标"))
    by: str | None = attrs.field(metadata=zh("分类"))
    kind: str | None = attrs.field(metadata=zh("类别"))
    unit: Unit = attrs.field(metadata=zh("计量单位"))
    seeds: int = attrs.field(metadata=zh("模拟次数"))
    changed: int = attrs.field(metadata=zh("有变化次数"))
    sum: int = attrs.field(metadata=zh("合计"))
    mean: float = attrs.field(metadata=zh("平均"))
    low: float | None = attrs.field(metadata=zh("区间下限"))
    high: float | None = attrs.field(metadata=zh("区间上限"))
    q05: int
    q25: int
    q50: int = attrs.field(metadata=zh("中位数"))
    q75: int
    q95: int
    spread: float = attrs.field(metadata=zh("标准差"))
    spread_independent: float = attrs.field(metadata=zh("独立抽样标准差"))
    marks: str | None = attrs.field(metadata=zh("依据状态"))


class Differences(Table[Difference]):
    """Differences over seeds."""

    variant: TextColumn
    year: IntColumn
    county: TextColumn
    measure: TextColumn
    by: TextColumn
    kind: TextColumn
    unit: EnumColumn[Unit]
    seeds: IntColumn
    changed: IntColumn
    sum: IntColumn
    mean: FloatColumn
    low: FloatColumn
    high: FloatColumn
    q05: IntColumn
    q25: IntColumn
    q50: IntColumn
    q75: IntColumn
    q95: IntColumn
    spread: FloatColumn
    spread_independent: FloatColumn
    marks: TextColumn


@attrs.frozen(kw_only=True)
class Pair:
    """One measure of one seed under the baseline and under a reform."""

    variant: str = attrs.field(metadata=zh("方案"))
    seed: int
    year: int | None = attrs.field(metadata=zh("年度"))
    county: str | None = attrs.field(metadata=zh("区县代码"))
    measure: str = attrs.field(metadata=zh("指标"))
    by: str | None = attrs.field(metadata=zh("分类"))
    kind: str | None = attrs.field(metadata=zh("类别"))
    unit: Unit = attrs.field(metadata=zh("计量单位"))
    baseline: int = attrs.field(metadata=zh("基准"))
    value: int = attrs.field(metadata=zh("数值"))
    difference: int = attrs.field(metadata=zh("差额"))
    marks: str | None = attrs.field(metadata=zh("依据状态"))


class Pairs(Table[Pair]):
    """Pairs, one row a reform, measure and seed."""

    variant: TextColumn
    seed: IntColumn
    year: IntColumn
    county: TextColumn
    measure: TextColumn
    by: TextColumn
    kind: TextColumn
    unit: EnumColumn[Unit]
    baseline: IntColumn
    value: IntColumn
    difference: IntColumn
    marks: TextColumn


def estimates(variant: str, cells: Cells, marks: Sequence[str] = ()) -> Estimates:
    """Sum measures up over seeds."""
    return Estimates({**_key_columns(variant, cells.keys, marks), **_over_seeds(cells.values)})


def differences(variant: str, baseline: Cells, reform: Cells, marks: Sequence[str] = ()) -> Differences:
    """Put two runs of the same seeds side by side, luck by luck."""
    keys = both(baseline, reform)
    before, after = baseline.at(keys), reform.at(keys)
    apart = after - before
    alone = [one + other for one, other in zip(variances(before), variances(after), strict=True)]
    return Differences(
        {
            **_key_columns(variant, keys, marks), **_over_seeds(apart),
            "changed": IntColumn((apart != 0).sum(axis=1)),
            "spread": _floats(_root(one) for one in variances(apart)),
            "spread_independent": _floats(map(_root, alone)),
        }
    )


def pairs(variant: str, baseline: Cells, reform: Cells, marks: Sequence[str] = ()) -> Pairs:
    """Put two runs of the same seeds side by side, seed by seed."""
    keys = both(baseline, reform)
    before, after = baseline.at(keys).reshape(-1), reform.at(keys).reshape(-1)
    each = np.repeat(np.arange(len(keys)), len(baseline.seeds))
    told = {name: column.take(each) for name, column in _key_columns(variant, keys, marks).items()}
    return Pairs(
        {
            **told,
            "seed": IntColumn(np.tile(np.array(baseline.seeds, dtype=np.int64), len(keys))),
            "baseline": IntColumn(before), "value": IntColumn(after), "difference": IntColumn(after - before),
        }
    )


def both(one: Cells, other: Cells) -> list[Key]:
    """Return the keys of the one or the other, in order."""
    return sorted({*one.keys, *other.keys}, key=lambda key: key.place)


# Any: columns of every kind.


def _key_columns(variant: str, keys: Sequence[Key], marks: Sequence[str]) -> dict[str, Any]:
    return {
        "variant": TextColumn.of([variant] * len(keys)),
        "year": IntColumn.of([key.year for key in keys]),
        "county": TextColumn.of([key.county for key in keys]),
        "measure": TextColumn.of([key.measure for key in keys]),
        "by": TextColumn.of([key.by or None for key in keys]),
        "kind": TextColumn.of([key.kind if key.by else None for key in keys]),
        "marks": TextColumn.of([" ".join(marks) or None] * len(keys)),
        "unit": EnumColumn.of(Unit, [MEASURES[key.measure].unit for key in keys]),
    }


def _over_seeds(values: Ints) -> dict[str, Any]:
    rows, count = values.shape
    sums = values.sum(axis=1)
    means = [mean_of(one, count) for one in sums.tolist()]
    off = [margin(one, count) for one in variances(values)]
    centres = [one / count for one in sums.tolist()]
    at = order_statistics(values)
    ends = [(None, None) if one is None else (mean - one, mean + one) for mean, one in zip(centres, off, strict=True)]
    return {
        "seeds": IntColumn(np.full(rows, count, dtype=np.int64)),
        "sum": IntColumn(sums),
        "mean": _floats(means),
        "low": _floats(low for low, _ in ends),
        "high": _floats(high for _, high in ends),
        **{name: IntColumn(at[:, place]) for place, name in enumerate(("q05", "q25", "q50", "q75", "q95"))},
    }


def _floats(values: Iterable[float | None]) -> FloatColumn:
    return FloatColumn.of([None if one is None else hundredths(one) for one in values])


def _root(variance: Fraction) -> float:
    return math.sqrt(variance)
