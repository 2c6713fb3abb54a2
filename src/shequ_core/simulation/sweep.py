"""A scenario at many points: policy keys and behaviours varied over a grid, a Latin hypercube or Sobol's sequence."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import typing
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import attrs
import numpy as np

from shequ_core.errors import InputError, MissingExtraError, ScenarioError, msg, nearest
from shequ_core.law.clauses import Document
from shequ_core.model.facts import zh
from shequ_core.policy.parameters import PARAMETERS, Reform
from shequ_core.policy.plain import PlainError, from_plain, to_plain
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.compare import changed_scenario
from shequ_core.simulation.estimates import EACH_YEAR, Estimate, Estimates, Per
from shequ_core.simulation.luck import hundredths
from shequ_core.simulation.runs.run import Run, silent
from shequ_core.simulation.scenario import Scenario, bare_book, check_scenario
from shequ_core.simulation.starts import Looked, look_at
from shequ_core.simulation.told import SweepTold, sweep_html, sweep_text
from shequ_core.tables.columns import Column, FloatColumn, Floats, TextColumn
from shequ_core.tables.frames import Backend, frame_of, to_arrow
from shequ_core.tables.table import Table
from shequ_core.values import JsonValue, Status
from shequ_core.year.rests import Rests

if TYPE_CHECKING:
    from shequ_core.simulation.runs.run import Progress

Method: TypeAlias = Literal["grid", "latin", "sobol"]

PARTS: Final = 1_000
"""A range of fractions is cut into so many equal parts, and a point lies in the middle of one: so it is exact."""


@attrs.frozen
class Between:
    """A range of whole numbers or of exact fractions, both ends included.

    Attributes:
        low: Its beginning: an `int`, a `Fraction`, or a text such as "1/50".
        high: Its end.
    """

    low: Fraction = attrs.field(converter=Fraction)
    high: Fraction = attrs.field(converter=Fraction)
    whole: bool = attrs.field(init=False)

    @whole.default
    def _is_whole(self) -> bool:
        return self.low.denominator == self.high.denominator == 1

    def __attrs_post_init__(self) -> None:
        if self.low >= self.high:
            raise ScenarioError(msg("a range goes from a lower number to a higher one"))

    def at(self, place: float) -> int | Fraction:
        """Return the value at a place from 0 to below 1."""
        if self.whole:
            return int(self.low) + math.floor(place * (int(self.high - self.low) + 1))
        middle = Fraction(2 * math.floor(place * PARTS) + 1, 2 * PARTS)
        return self.low + (self.high - self.low) * middle

    def spaced(self, count: int) -> list[int | Fraction]:
        """Return so many values, evenly from end to end; of whole numbers each once."""
        steps = [self.low + (self.high - self.low) * Fraction(place, max(count - 1, 1)) for place in range(count)]
        return list(dict.fromkeys(math.floor(one + Fraction(1, 2)) for one in steps)) if self.whole else list(steps)


Axis: TypeAlias = "Between | Sequence[Any]"  # Any: values as the parameter has them, or in their plain form
"""A range, or the values to be tried."""


@attrs.frozen(kw_only=True)
class PointValue:
    """What a parameter is at a point.

    Attributes:
        point: The point's name, `variant` in the estimates.
        value: In its plain form: exact.
        number: The same as a number, for charts; unknown for what is no number.
    """

    point: str
    parameter: str = attrs.field(metadata=zh("参数"))
    value: str = attrs.field(metadata=zh("取值"))
    number: float | None


class PointValues(Table[PointValue]):
    """Points, one row a point and parameter."""

    point: TextColumn
    parameter: TextColumn
    value: TextColumn
    number: FloatColumn


@attrs.frozen(kw_only=True)
class Index:
    """How much of the variance of an outcome over the points goes back to a parameter.

    Attributes:
        first: Its own part (Sobol's first-order index); of few points it is an estimate and may lie below 0.
        total: Its part with all that it does together with others; unknown for a grid.
    """

    parameter: str = attrs.field(metadata=zh("参数"))
    measure: str = attrs.field(metadata=zh("指标"))
    first: float = attrs.field(metadata=zh("一阶指数"))
    total: float | None = attrs.field(metadata=zh("总指数"))
    marks: str | None = attrs.field(metadata=zh("依据状态"))


class Indices(Table[Index]):
    """Sensitivity indices, one row a parameter."""

    parameter: TextColumn
    measure: TextColumn
    first: FloatColumn
    total: FloatColumn
    marks: TextColumn


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Sweep:
    """What a scenario comes to at many points, each with the same luck.

    Attributes:
        points: What each parameter is at each point.
        estimates: What each point came to, over seeds; `variant` names the point.
        rests: What the baseline rests on.
        marks: The statuses of what any point rests on and that nobody issued.
    """

    place_name: str
    years: range
    seeds: tuple[int, ...]
    method: Method
    points: PointValues
    estimates: Estimates
    rests: Rests
    marks: tuple[str, ...]
    _parameters: tuple[str, ...]
    _design: Sequence[int]
    """For each row of the design the place of its point: the same point may be asked for more than once."""

    def to_frame(self, backend: Backend = "pandas") -> Any:  # Any: the backend decides
        """Return the estimates as a frame with a column for each parameter: a number, else text."""
        import pyarrow

        told = to_arrow(self.estimates)
        at: dict[str, dict[str, PointValue]] = {}
        for row in self.points:
            at.setdefault(row.point, {})[row.parameter] = row
        variants = [one or "" for one in self.estimates.variant.to_list()]
        for place, name in enumerate(self._parameters, start=1):
            rows = [at[one][name] for one in variants]
            numbers = [row.number for row in rows]
            texts = None in numbers
            values = pyarrow.array([row.value for row in rows]) if texts else pyarrow.array(numbers, pyarrow.float64())
            told = told.add_column(place, name, values)
        return frame_of(told, backend)

    def indices(self, measure: str = "cost", year: int | None = None) -> Indices:
        """Return how much of the variance of an outcome's mean goes back to each parameter.

        With Sobol's sequence both indices are those of Saltelli (2010), by `scipy.stats.sobol_indices`; of a grid the
        first one is exact for its points.

        Args:
            measure: Of the whole place.
            year: Of which year; of all years together where None.

        Raises:
            ScenarioError: The points have no design of which indices can be told, or there is no such outcome.
            MissingExtraError: SciPy isn't installed.
        """
        found: dict[str, Estimate] = {
            row.variant: row
            for row in self.estimates
            if (row.measure, row.year, row.county, row.by) == (measure, year, None, None)
        }
        if not found:
            raise ScenarioError(
                msg("{measure} of {year} is not among the outcomes: sweep it (measures=, per=)",
                    measure=measure, year="all years" if year is None else str(year))
            )  # fmt: skip
        names = list(dict.fromkeys(one or "" for one in self.points.point.to_list()))
        outcomes = np.array([found[names[place]].sum / len(self.seeds) for place in self._design], dtype=np.float64)
        marks = " ".join(_all_marks(self.rests, self.marks)) or None
        if self.method == "grid":
            firsts = [_main_effect(outcomes, groups) for groups in self._groups(names)]
            told: list[tuple[float, float | None]] = [(one, None) for one in firsts]
        elif self.method == "sobol":
            told = list(sobol_of(outcomes, len(self._parameters)))
        else:
            raise ScenarioError(msg("indices are told of a grid or of Sobol's sequence: sweep with method=\"sobol\""))
        return Indices.of(
            Index(parameter=name, measure=measure, first=first, total=total, marks=marks)
            for name, (first, total) in zip(self._parameters, told, strict=True)
        )

    def _groups(self, names: Sequence[str]) -> Iterator[list[str]]:
        value = {(row.point, row.parameter): row.value for row in self.points}
        for parameter in self._parameters:
            yield [value[names[place], parameter] for place in self._design]

    @cached_property
    def _lines(self) -> SweepTold:
        return SweepTold(
            place=self.place_name, years=self.years, seeds=len(self.seeds), rests=[self.rests], marks=self.marks,
            parameters=self._parameters,
            points=[(row.point, row.parameter, row.value) for row in self.points], estimates=self.estimates,
        )  # fmt: skip

    def __str__(self) -> str:
        return sweep_text(self._lines)

    def _repr_html_(self) -> str:
        return sweep_html(self._lines)


def _all_marks(rests: Rests, marks: Sequence[str]) -> tuple[str, ...]:
    return (*(("synthetic",) if rests.synthetic else ()), *marks)


def _main_effect(outcomes: Floats, groups: Sequence[str]) -> float:
    """Return the variance of the means of groups, as a part of all variance."""
    spread = float(outcomes.var())
    if not spread:
        return 0.0
    order = list(dict.fromkeys(groups))
    at = np.array([order.index(one) for one in groups])
    means = np.bincount(at, outcomes) / np.bincount(at)
    return _rounded(float(means[at].var()) / spread)


def sobol_of(outcomes: Floats, count: int) -> Iterator[tuple[float, float]]:
    """Yield each parameter's first-order and total index from the outcomes at `places_of` Sobol's sequence."""
    try:
        from scipy.stats import sobol_indices
    except ModuleNotFoundError as error:
        raise MissingExtraError("SciPy", "stats") from error
    size = len(outcomes) // (count + 2)
    if not float(outcomes.var()):
        yield from [(0.0, 0.0)] * count
        return
    parts = outcomes.reshape(count + 2, 1, size)
    told = sobol_indices(func={"f_A": parts[0], "f_B": parts[1], "f_AB": parts[2:]}, n=size)
    for first, total in zip(np.ravel(told.first_order), np.ravel(told.total_order), strict=True):
        yield _rounded(float(first)), _rounded(float(total))


def _rounded(index: float) -> float:
    """Return an index to its ten-thousandth."""
    return hundredths(100 * index) / 100


# --- points ------------------------------------------------------------------------------------------


def sweep(
    base: Scenario,
    parameters: Mapping[str, Axis],
    *,
    method: Method = "grid",
    n: int = 5,
    measures: Collection[str] = ("cost", "total", "held"),
    by: Collection[str] = (),
    per: Collection[Per] = EACH_YEAR,
    years: int | range | None = None,
    seeds: int | Sequence[int] | None = None,
    draw: int = 1,
    beyond: bool = False,
    out: Path | str | None = None,
    resume: bool = False,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress = silent,
) -> Sweep:
    """Run a scenario at many points, each seed with the same luck at all of them.

    Args:
        base: What isn't varied.
        parameters: What is: policy keys (`exits.failed_running`) and behaviours' parameters (`civil_service.share`).
        method: `grid`: all values of one with all of the others; `latin`: a Latin hypercube; `sobol`: Saltelli's
            design on Sobol's sequence, from which sensitivity indices are told.
        n: Values of each range on a grid; points of a hypercube; of Sobol's sequence a power of two, which makes
            n × (parameters + 2) points.
        measures: Which outcomes are kept; see `Comparison.estimates`, and so for the next two. What all years come to
            together is kept as well.
        by: Groupings.
        per: Whether years and counties are told apart.
        years: As for `compare`, and so all the rest.
        seeds: As there.
        draw: The seed of the points of a hypercube or of Sobol's sequence.
        beyond: Whether values may leave what a place above allows.
        out: A folder for the points' Parquet and a manifest.
        resume: As for `compare`.
        executor: As there.
        workers: As there.
        progress: As there.

    Raises:
        ScenarioError: Parameters or points that can't be.
        InputError: A point that can't be simulated: every fault of the first one, before anything runs.
        MissingExtraError: SciPy isn't installed, for a hypercube or Sobol's sequence.
    """
    base = base.timed(years, seeds)
    before = check_scenario(base)
    values, design = _points(parameters, method, n, draw)
    width = len(str(len(values)))
    base = attrs.evolve(base, start=base.start.absolute()) if isinstance(base.start, Path) else base
    made: list[tuple[str, Scenario]] = []
    marks = set(before.marks)
    for number, point in enumerate(values, start=1):
        scenario = _scenario_at(base, dict(zip(parameters, point, strict=True)), beyond=beyond)
        marks.update(_check_point(scenario, before.looked, parameters, point))
        made.append((f"p{number:0{width}}", scenario))
    told: dict[str, JsonValue] = {
        "scenario": before.fingerprint, "method": method, "design": list(design), "measures": sorted(measures),
        "by": sorted(by), "per": sorted(per),
        "points": [[to_plain(one) for one in point] for point in values], "parameters": list(parameters),
    }  # fmt: skip
    run_id = hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    tasks = [
        _Point(id=name, run=run_id, scenario=scenario, measures=tuple(measures), by=tuple(by), per=tuple(per))
        for name, scenario in made
    ]
    run = Run(tasks=tasks, work=_simulate_point, run=run_id, about={**told, "marks": sorted(marks)})
    if out is None:
        parts = [
            found["estimates"] for _, found in run.in_memory(executor=executor, workers=workers, progress=progress)
        ]
    else:
        ran = run.into(out, resume=resume, executor=executor, workers=workers, progress=progress)
        parts = [rows for _, rows in ran.each("estimates")]
    return Sweep(
        place_name=before.ready.name, years=base.years, seeds=tuple(base.seeds), method=method,
        points=_point_values([name for name, _ in made], tuple(parameters), values),
        estimates=Estimates.concat([one if isinstance(one, Estimates) else Estimates.from_frame(one) for one in parts]),
        rests=before.ready.rests, marks=tuple(sorted(marks)), parameters=tuple(parameters), design=tuple(design),
    )  # fmt: skip


def _check_point(
    scenario: Scenario, looked: Looked, parameters: Mapping[str, Axis], point: Sequence[object]
) -> tuple[str, ...]:
    try:
        return check_scenario(scenario, looked).marks
    except InputError as error:
        said = ", ".join(f"{name} = {_text(one)}" for name, one in zip(parameters, point, strict=True))
        error.add_note(f"({said})")
        raise


def _points(
    parameters: Mapping[str, Axis], method: Method, n: int, draw: int
) -> tuple[list[tuple[Any, ...]], list[int]]:  # Any: values of each parameter's own type
    if not parameters:
        raise ScenarioError(msg("give at least one parameter"))
    for name, axis in parameters.items():
        if not isinstance(axis, Between) and not len(axis):
            raise ScenarioError(msg("{name} has no values: give some, or Between(low, high)", name=name))
    if n < 1:
        raise ScenarioError(msg("give at least one point (n=)"))
    axes = list(parameters.values())
    if method == "grid":
        design = list(itertools.product(*(one.spaced(n) if isinstance(one, Between) else one for one in axes)))
    elif method in ("latin", "sobol"):
        design = [
            tuple(_at(axis, place) for axis, place in zip(axes, row, strict=True))
            for row in places_of(method, n, len(axes), draw).tolist()
        ]
    else:
        raise ScenarioError(msg("a method is grid, latin or sobol"))
    places: dict[str, int] = {}
    values: list[tuple[Any, ...]] = []
    rows = []
    for point in design:
        key = json.dumps([to_plain(one) for one in point], ensure_ascii=False)
        if key not in places:
            places[key] = len(values)
            values.append(point)
        rows.append(places[key])
    return values, rows


def places_of(method: Method, n: int, count: int, draw: int) -> Floats:
    """Return places from 0 to below 1, one row a point, one column a parameter."""
    try:
        from scipy.stats import qmc
    except ModuleNotFoundError as error:
        raise MissingExtraError("SciPy", "stats") from error
    if method == "latin":
        found: Floats = qmc.LatinHypercube(d=count, rng=np.random.default_rng(draw)).random(n)
        return found
    if n & (n - 1):
        raise ScenarioError(msg("Sobol's sequence wants a power of two (n=): {n} isn't one", n=n))
    both: Floats = qmc.Sobol(d=2 * count, rng=np.random.default_rng(draw)).random(n)
    one, other = both[:, :count], both[:, count:]
    mixed = []
    for place in range(count):
        columns = one.copy()
        columns[:, place] = other[:, place]
        mixed.append(columns)
    return np.concatenate([one, other, *mixed])


def _at(axis: Axis, place: float) -> Any:  # Any: a value as the parameter has it
    return axis.at(place) if isinstance(axis, Between) else axis[math.floor(place * len(axis))]


def _scenario_at(base: Scenario, values: Mapping[str, Any], *, beyond: bool) -> Scenario:
    changes: list[Reform | Behaviour] = []
    people = {one.kind: one for one in base.behaviours}
    changed: dict[str, Behaviour] = {}
    allowed = set(base.beyond)
    begin = date(base.years[0], 1, 1)
    for name, value in values.items():
        kind, _, field = name.partition(".")
        if name in PARAMETERS:
            key = PARAMETERS[name]
            told = key.set(
                key.parse(to_plain(value)), since=begin, known_on=begin, source=Document(name).article(""),
                status=Status.ASSUMPTION,
            )
            changes.append(Reform(name=f"sweep: {name}", place=base.place, values=[told], scope="replace_below"))
            allowed.update([changes[-1].name] if beyond and isinstance(changes[-1], Reform) else [])
        elif kind in people and field in people[kind].parameters():
            changed[kind] = _with(changed.get(kind, people[kind]), field, value)
        else:
            own = [f"{one.kind}.{field}" for one in people.values() for field in one.parameters()]
            raise ScenarioError(
                msg("{name} is no policy key and no parameter of a behaviour of the scenario. Nearest names: {near}.",
                    name=name, near=nearest(name, (*PARAMETERS, *own)) or tuple(own[:1]))
            )  # fmt: skip
    return attrs.evolve(changed_scenario(base, [*changes, *changed.values()]), beyond=allowed)


def _with(behaviour: Behaviour, field: str, value: object) -> Behaviour:
    hint = typing.get_args(typing.get_type_hints(type(behaviour))[field])[0]
    try:
        return attrs.evolve(behaviour, **{field: from_plain(hint, to_plain(value))})
    except PlainError as error:
        raise ScenarioError(msg("{name}: {problem}", name=f"{behaviour.kind}.{field}", problem=error.problem)) from None


def _text(value: object) -> str:
    plain = to_plain(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _point_values(names: Sequence[str], parameters: Sequence[str], points: Sequence[tuple[Any, ...]]) -> PointValues:
    return PointValues.of(
        PointValue(point=name, parameter=parameter, value=_text(value), number=_number(value))
        for name, point in zip(names, points, strict=True)
        for parameter, value in zip(parameters, point, strict=True)
    )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        return None
    return float(value)


# --- the work on a point -----------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class _Point:
    """A task: a scenario, all its seeds.

    Attributes:
        run: The fingerprint of the sweep.
    """

    id: str
    run: str
    scenario: Scenario = attrs.field(eq=False)
    measures: tuple[str, ...]
    by: tuple[str, ...]
    per: tuple[Per, ...]


def _simulate_point(task: _Point) -> Mapping[str, Table[Any]]:  # Any: tables of an answer
    ready = check_scenario(task.scenario, _looked(_Sweep(task.run, task.scenario))).ready
    done = ready.result([ready.run(counties, some) for counties, some in ready.units()])
    told = [done.estimates(per=task.per, measures=task.measures, by=task.by)]
    if "year" in task.per:
        rest: tuple[Per, ...] = tuple(one for one in task.per if one != "year")
        told.append(done.estimates(per=rest, measures=task.measures, by=task.by))
    rows = Estimates.concat(told)
    name: dict[str, Column[Any]] = {"variant": TextColumn.of([task.id] * len(rows))}
    return {"estimates": rows.with_columns(**name)}


@attrs.frozen
class _Sweep:
    """A sweep, whose points all start alike: told apart by its fingerprint alone."""

    run: str
    scenario: Scenario = attrs.field(eq=False)


@lru_cache(maxsize=1)
def _looked(one: _Sweep) -> Looked:
    scenario = one.scenario
    return look_at(scenario.start, bare_book(scenario), scenario.place, scenario.years)
