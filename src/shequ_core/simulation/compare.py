"""The same place under a policy and under others, or with people who act otherwise, luck by luck."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from shequ_core.errors import ScenarioError, msg
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import Reform
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.estimates import (
    BASELINE,
    EACH_YEAR,
    Cells,
    Difference,
    Differences,
    Estimates,
    Pairs,
    Per,
    Tables,
    both,
    cells_of,
    differences,
    estimates,
    pairs,
)
from shequ_core.simulation.outcome import Costs, CountyYears, Leavers, Structure
from shequ_core.simulation.runs.run import Ran, Run, silent
from shequ_core.simulation.scenario import Checked, Scenario, check_scenario
from shequ_core.simulation.simulate import Ready, Simulation, prepare, usual_behaviours
from shequ_core.simulation.spread import run_scenario, simulate_some, tasks_of
from shequ_core.simulation.told import Told, told_html, told_text
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.table import Table
from shequ_core.values import JsonValue
from shequ_core.year.rests import Rests

if TYPE_CHECKING:
    from shequ_core.simulation.runs.run import Progress

Change: TypeAlias = "Reform | Behaviour | PolicyBook | Scenario | Sequence[Reform | Behaviour]"
"""What is otherwise: a reform, a behaviour (in place of that of its kind), both together, a whole book or scenario."""

REFORM: Final = "reform"

_KINDS: Final[Mapping[str, type[Table[Any]]]] = {  # Any: tables of every kind
    "counties": CountyYears, "costs": Costs, "leavers": Leavers, "structure": Structure,
}  # fmt: skip


@attrs.frozen(kw_only=True, eq=False)
class Variant:
    """One side of a comparison.

    Attributes:
        name: The baseline's or a reform's.
        rests: What it rests on.
        marks: The statuses of what it rests on and that nobody issued, those of the behaviours too.
        tables: What it came to: `counties`, `costs`, `leavers`, `structure`.
    """

    name: str
    place: str
    place_name: str
    years: range
    seeds: tuple[int, ...]
    rests: Rests
    marks: tuple[str, ...]
    tables: Tables

    @property
    def told_marks(self) -> tuple[str, ...]:
        """What every row of an answer says of itself: the marks, and whether people are made up."""
        return (*(("synthetic",) if self.rests.synthetic else ()), *self.marks)

    @classmethod
    def of(cls, name: str, simulation: Simulation, tables: Tables | None = None) -> Variant:
        """Take a simulation as one side.

        Args:
            name: What it is called.
            simulation: The simulation.
            tables: What it came to, where it was run elsewhere.
        """
        return cls(
            name=name, place=simulation.place, place_name=simulation.name, years=simulation.years,
            seeds=simulation.seeds, rests=simulation.rests, marks=simulation.marks,
            tables=simulation.tables() if tables is None else tables,
        )  # fmt: skip


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Comparison:
    """The years of a place under a baseline and under reforms, with the same luck.

    Attributes:
        baseline: What the others are held against.
        reforms: The others, each by its name.
    """

    baseline: Variant
    reforms: Sequence[Variant] = attrs.field(converter=tuple[Variant, ...])

    def __attrs_post_init__(self) -> None:
        for one in self.reforms:
            if (one.place, one.years, one.seeds) != (self.baseline.place, self.baseline.years, self.baseline.seeds):
                raise ScenarioError(
                    msg("{name} has another place, other years or other seeds than {baseline}: give both the same",
                        name=one.name, baseline=self.baseline.name)
                )  # fmt: skip
        names = [one.name for one in self.variants]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise ScenarioError(msg("two of what is compared are called {name}: give each its own name", name=name))

    @property
    def variants(self) -> tuple[Variant, ...]:
        """All sides, the baseline first."""
        return (self.baseline, *self.reforms)

    @property
    def marks(self) -> tuple[str, ...]:
        """The statuses of everything that any side rests on and that nobody issued."""
        return tuple(sorted({mark for one in self.variants for mark in one.marks}))

    @property
    def synthetic(self) -> bool:
        """Whether anybody in it is made up."""
        return any(one.rests.synthetic for one in self.variants)

    @property
    def told_marks(self) -> tuple[str, ...]:
        """What every row of an answer says of itself."""
        return (*(("synthetic",) if self.synthetic else ()), *self.marks)

    def cells(self, variant: Variant, **chosen: Any) -> Cells:  # Any: what `cells_of` takes
        """Count one side; see `cells_of`."""
        return cells_of(variant.tables, variant.seeds, **chosen)

    def estimates(
        self,
        *,
        per: Collection[Per] = EACH_YEAR,
        measures: Collection[str] | None = None,
        by: Collection[str] | None = None,
    ) -> Estimates:
        """Sum up each side over seeds: sums, means, 95% intervals, order statistics.

        Args:
            per: Whether years and counties are told apart: ("year",), ("year", "county"), ("county",) or ().
                Without years, what adds up over them is told: money, comings and goings; and the first year in which a
                target is reached.
            measures: Which measures (`estimates.MEASURES`); all where None.
            by: Which groupings besides (`estimates.GROUPINGS`); all where None, () for none.

        Raises:
            ScenarioError: There is no such measure or grouping.
        """
        chosen: dict[str, Any] = {"per": per, "measures": measures, "by": by}  # Any: each its own type
        return Estimates.concat(
            [estimates(one.name, self.cells(one, **chosen), one.told_marks) for one in self.variants]
        )

    def differences(
        self,
        *,
        per: Collection[Per] = EACH_YEAR,
        measures: Collection[str] | None = None,
        by: Collection[str] | None = None,
    ) -> Differences:
        """Sum up over seeds how far each reform lies above the baseline under the same luck; as for `estimates`.

        The interval is that of the mean of paired differences (paired t, 95%).
        """
        chosen: dict[str, Any] = {"per": per, "measures": measures, "by": by}  # Any: each its own type
        before = self.cells(self.baseline, **chosen)
        return Differences.concat(
            [differences(one.name, before, self.cells(one, **chosen), self.told_marks) for one in self.reforms]
        )

    def pairs(
        self,
        *,
        per: Collection[Per] = EACH_YEAR,
        measures: Collection[str] | None = None,
        by: Collection[str] | None = None,
    ) -> Pairs:
        """Put each seed of each reform beside the same seed of the baseline; as for `estimates`."""
        chosen: dict[str, Any] = {"per": per, "measures": measures, "by": by}  # Any: each its own type
        before = self.cells(self.baseline, **chosen)
        return Pairs.concat(
            [pairs(one.name, before, self.cells(one, **chosen), self.told_marks) for one in self.reforms]
        )

    def cost(self, reform: str | None = None) -> Difference:
        """Return what a reform costs all payers over all years (JLW3.2), the only one where none is named.

        Raises:
            ScenarioError: There is no such reform, or several and none is named.
        """
        for row in self._costs:
            if row.variant == reform or (reform is None and len(self._costs) == 1):
                return row
        names = [one.name for one in self.reforms]
        raise ScenarioError(msg("name one of the reforms: {names}", names=names))

    @cached_property
    def _costs(self) -> Differences:
        return self.differences(per=(), measures=("cost",), by=())

    def changed(self, reform: str | None = None) -> int:
        """Return in how many rows of the county years and the other tables a reform (or any) isn't as the baseline."""
        count = 0
        before = self.cells(self.baseline, per=("year", "county"))
        for one in self.reforms:
            if reform in (None, one.name):
                after = self.cells(one, per=("year", "county"))
                keys = both(before, after)
                count += int((before.at(keys) != after.at(keys)).sum())
        return count

    def told(self) -> Told:
        """Return what is told of it in a few lines."""
        chosen: dict[str, Any] = {"measures": ("cost", "held"), "by": ()}  # Any: each its own type
        return Told(
            place=self.baseline.place_name, years=self.baseline.years, seeds=len(self.baseline.seeds),
            rests=[one.rests for one in self.variants], marks=self.marks,
            estimates=estimates(self.baseline.name, self.cells(self.baseline, **chosen)),
            differences=self.differences(**chosen), whole=self._costs,
        )  # fmt: skip

    def to_data(self) -> dict[str, JsonValue]:
        """Return what it comes to as JSON data: each year's cost and holders, and what each reform changes.

        Money is in whole fen: sums over all seeds, which are exact.
        """
        told = self.told()
        return {
            "place": self.baseline.place, "years": [self.baseline.years[0], self.baseline.years[-1]],
            "seeds": list(self.baseline.seeds), "synthetic": self.synthetic, "marks": list(self.marks),
            "baseline": [
                {"year": row.year, "measure": row.measure, "unit": row.unit.value, "sum": row.sum}
                for row in told.estimates
            ],
            "reforms": {
                one.name: {
                    "changed_rows": self.changed(one.name),
                    "cost_sum": self.cost(one.name).sum,
                    "changed_seeds": self.cost(one.name).changed,
                    "years": [
                        {"year": row.year, "measure": row.measure, "unit": row.unit.value, "sum": row.sum}
                        for row in told.differences
                        if row.variant == one.name
                    ],
                }
                for one in self.reforms
            },
        }  # fmt: skip

    def __str__(self) -> str:
        return told_text(self.told())

    def _repr_html_(self) -> str:
        return told_html(self.told())


# --- running it --------------------------------------------------------------------------------------


@attrs.frozen
class _Side:
    """A side that was checked and can be run."""

    name: str
    ready: Ready
    checked: Checked | None


def compare(
    baseline: Scenario | PolicyBook,
    reform: Change | Mapping[str, Change],
    *,
    years: int | range | None = None,
    seeds: int | Sequence[int] | None = None,
    data: Dataset | None = None,
    place: str | None = None,
    behaviours: Sequence[Behaviour] | None = None,
    out: Path | str | None = None,
    resume: bool = False,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Run a place under a baseline and under reforms, each seed with the same luck under all of them.

    Args:
        baseline: A scenario; or the policies in force, with the tables and the place beside.
        reform: What is otherwise; several by their names.
        years: How many, from the baseline's first one on, or which; those of the baseline where None.
        seeds: How many, from 1 on, or which; those of the baseline where None.
        data: With policies: the tables of the place.
        place: With policies: the place.
        behaviours: With policies: how people act; the usual ones where None.
        out: With scenarios: a folder in which each side gets a folder of Parquet and a manifest.
        resume: Go on with what `out` holds.
        executor: With scenarios: where to work, else here.
        workers: With scenarios: how many tasks are worked on at a time: without an executor in so many processes.
        progress: Told how far it is.

    Raises:
        ScenarioError: What can't be compared.
        InputError: What is wrong with a scenario or its tables: every fault.
        UnsetError: Values that nobody set.
        OutputError: A folder can't be used; says how to go on.
        RunError: A worker died; says how to go on.
    """
    chosen = _seeds(seeds)
    changes = dict(reform) if isinstance(reform, Mapping) else {_name_of(reform): reform}
    if not changes:
        raise ScenarioError(msg("give at least one reform"))
    if isinstance(baseline, Scenario):
        sides = _of_scenario(baseline, changes, years, chosen)
    else:
        if data is None or place is None or not isinstance(years, range) or chosen is None:
            raise ScenarioError(
                msg("with policies give data=, place=, years=range(2024, 2034) and seeds= too, or a Scenario instead")
            )
        sides = _of_book(baseline, changes, data, place, years, chosen, behaviours)
    elsewhere = out is not None or executor is not None or workers is not None
    if elsewhere and any(one.checked is None for one in sides):
        raise ScenarioError(msg("a whole book can't be sent to workers or written down: give a Scenario and reforms"))
    made = []
    for number, side in enumerate(sides):

        def step(done: int, of: int, number: int = number) -> None:
            progress(number * of + done, of * len(sides))

        if elsewhere:
            folder = None if out is None else Path(out) / f"{number}-{_file_name(side.name)}"
            made.append(_run_elsewhere(side, folder, executor, workers, step, resume=resume))
        else:
            made.append(Variant.of(side.name, _run_here(side.ready, step)))
    return Comparison(baseline=made[0], reforms=made[1:])


def _run_here(ready: Ready, progress: Callable[[int, int], None]) -> Simulation:
    units = list(ready.units())
    told = []
    for done, (counties, some) in enumerate(units, start=1):
        told.append(ready.run(counties, some))
        progress(done, len(units))
    return ready.result(told)


def _run_elsewhere(
    side: _Side,
    folder: Path | None,
    executor: Executor | None,
    workers: int | None,
    progress: Progress,
    *,
    resume: bool,
) -> Variant:
    assert side.checked is not None
    checked = side.checked
    parts: dict[str, list[Any]] = {name: [] for name in _KINDS}  # Any: tables of PyArrow, which publishes no types
    if folder is None:
        run = Run(tasks=tasks_of(checked), work=simulate_some, run=checked.fingerprint)
        for _, found in run.in_memory(executor=executor, workers=workers, progress=progress):
            for name in _KINDS:
                parts[name].append(found[name])
    else:
        ran = run_scenario(
            checked, folder, resume=resume, executor=executor, workers=workers, progress=progress
        )
        for name in _KINDS:
            parts[name].extend(rows for _, rows in ran.each(name))
    return Variant.of(side.name, side.ready.result([]), _tables(parts))


def _tables(parts: Mapping[str, Sequence[Any]]) -> Tables:  # Any: tables of PyArrow or ours
    return {
        name: kind.concat([one if isinstance(one, kind) else kind.from_frame(one) for one in parts[name]])
        for name, kind in _KINDS.items()
    }


def read_comparison(
    baseline: Scenario, reforms: Mapping[str, Scenario], folders: Mapping[str, Path | str]
) -> Comparison:
    """Compare scenarios that were run into folders before.

    Args:
        baseline: The baseline's scenario.
        reforms: The others by name.
        folders: Where each was run to, by name; the baseline's is called `baseline`.

    Raises:
        ScenarioError: A folder holds another run than that of its scenario.
        OutputError: A folder holds no finished run.
    """
    made = []
    for name, scenario in {BASELINE: baseline, **reforms}.items():
        checked, ran = check_scenario(scenario), Ran.open(folders[name])
        if ran.manifest.header.run != checked.fingerprint:
            raise ScenarioError(msg("{out} holds another run than that of {name}", out=str(ran.folder), name=name))
        parts = {table: [rows for _, rows in ran.each(table)] for table in _KINDS}
        made.append(Variant.of(name, checked.ready.result([]), _tables(parts)))
    return Comparison(baseline=made[0], reforms=made[1:])


def _seeds(seeds: int | Sequence[int] | None) -> tuple[int, ...] | None:
    return None if seeds is None else tuple(range(1, seeds + 1)) if isinstance(seeds, int) else tuple(seeds)


def _name_of(change: Change) -> str:
    if isinstance(change, (Reform, Scenario)):
        return change.name or REFORM
    return change.kind if isinstance(change, Behaviour) else REFORM


def _file_name(name: str) -> str:
    return "".join(one if one.isalnum() else "-" for one in name)[:40]


def _of_scenario(
    baseline: Scenario, changes: Mapping[str, Change], years: int | range | None, seeds: tuple[int, ...] | None
) -> list[_Side]:
    baseline = baseline.timed(years, seeds)
    before = check_scenario(baseline)
    sides = [_Side(baseline.name or BASELINE, before.ready, before)]
    for name, change in changes.items():
        if isinstance(change, PolicyBook):
            ready = before.looked.ready(
                change, baseline.place, baseline.years, baseline.seeds, baseline.behaviours
            )
            sides.append(_Side(name, ready, None))
            continue
        if isinstance(change, Scenario):
            scenario = change.timed(None if years is None else baseline.years, seeds)
        else:
            scenario = changed_scenario(baseline, change)
        # People are read or made up, and looked through, once.
        here = (scenario.start, scenario.place, scenario.years) == (baseline.start, baseline.place, baseline.years)
        found = check_scenario(scenario, before.looked if here else None)
        sides.append(_Side(name, found.ready, found))
    return sides


def changed_scenario(baseline: Scenario, change: Reform | Behaviour | Sequence[Reform | Behaviour]) -> Scenario:
    """Return a scenario with a reform laid over its policies, or a behaviour in place of the one of its kind."""
    reforms, behaviours = _parts(change)
    return attrs.evolve(
        baseline, reforms=(*baseline.reforms, *reforms), behaviours=_replaced(baseline.behaviours, behaviours)
    )


def _of_book(
    book: PolicyBook,
    changes: Mapping[str, Change],
    data: Dataset,
    place: str,
    years: range,
    seeds: tuple[int, ...],
    behaviours: Sequence[Behaviour] | None,
) -> list[_Side]:
    usual = usual_behaviours() if behaviours is None else tuple(behaviours)
    sides = [_Side(BASELINE, prepare(data, book, place, years, seeds, usual), None)]
    for name, change in changes.items():
        if isinstance(change, Scenario):
            raise ScenarioError(msg("a scenario is compared with a scenario: give one as the baseline too"))
        if isinstance(change, PolicyBook):
            own, people = change, usual
        else:
            reforms, others = _parts(change)
            own, people = book.reformed(*reforms), _replaced(usual, others)
        sides.append(_Side(name, prepare(data, own, place, years, seeds, people), None))
    return sides


def _parts(change: Reform | Behaviour | Sequence[Reform | Behaviour]) -> tuple[list[Reform], list[Behaviour]]:
    listed = [change] if isinstance(change, (Reform, Behaviour)) else list(change)
    return [one for one in listed if isinstance(one, Reform)], [one for one in listed if isinstance(one, Behaviour)]


def _replaced(before: Sequence[Behaviour], others: Sequence[Behaviour]) -> tuple[Behaviour, ...]:
    kinds = {one.kind: one for one in others}
    kept = [kinds.pop(one.kind, one) for one in before]
    return (*kept, *kinds.values())
