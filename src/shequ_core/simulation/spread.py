"""A scenario as many tasks, each some seeds of some counties; what they come to, in a folder of Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np

from shequ_core.model.places import ancestors
from shequ_core.policy.book import PolicyBook
from shequ_core.simulation.runs.run import Progress, Ran, Run, silent
from shequ_core.simulation.scenario import Checked, Scenario, bare_book
from shequ_core.simulation.simulate import Ready
from shequ_core.simulation.starts import Folders, MadeUp, look_at
from shequ_core.tables.table import Table
from shequ_core.values import JsonValue, round_half_up

WORK: Final = (__name__, "pyarrow.parquet")
"""Modules that whoever works on tasks needs: `cluster_executor(address, loads=WORK)`."""
_CODES: Final = ("seed", "county")


@attrs.frozen(kw_only=True)
class Some:
    """A task: some seeds of some counties that live under one law.

    Attributes:
        id: The first county's code, how many counties, the first and last of its seeds by their place among all.
        run: The fingerprint of the scenario.
        scenario: The scenario, with the start of these counties alone where it has tables.
        rows: How many posts times seeds it has.
    """

    id: str
    run: str
    scenario: Scenario = attrs.field(eq=False)
    counties: tuple[str, ...]
    seeds: tuple[int, ...]
    rows: int

    @property
    def place(self) -> str:
        """The place that has to be prepared for it.

        Made-up people of a city are the same alone and within their province; those of a made-up country are made when
        they are needed.
        """
        start = self.scenario.start
        if not isinstance(start, MadeUp) or start.country is not None:
            return self.scenario.place
        chains = [ancestors(county) for county in self.counties]
        common: list[str] = [codes[0] for codes in zip(*chains, strict=True) if len(set(codes)) == 1]
        return common[-1]


def tasks_of(checked: Checked) -> list[Some]:
    """Return the tasks of a scenario, the same on any machine."""
    scenario, seeds = checked.scenario, tuple(checked.scenario.seeds)
    place_of = {seed: place for place, seed in enumerate(seeds, start=1)}
    digits = len(str(len(seeds)))
    units = list(checked.ready.units())
    of = {counties: attrs.evolve(scenario, start=checked.looked.part(counties)) for counties, _ in units}
    return [
        Some(
            id=f"{counties[0]}-c{len(counties)}-s{place_of[some[0]]:0{digits}}-{place_of[some[-1]]:0{digits}}",
            run=checked.fingerprint, scenario=of[counties], counties=counties, seeds=some,
            rows=len(some) * sum(checked.ready.posts[county] for county in counties),
        )
        for counties, some in units
    ]  # fmt: skip


def simulate_some(task: Some) -> Mapping[str, Table[Any]]:  # Any: tables of an answer
    """Return what some seeds of some counties come to."""
    counties = () if isinstance(task.scenario.start, MadeUp) else task.counties
    ready = _prepared(_Place(task.run, task.place, counties, task.scenario))
    return ready.result([ready.run(task.counties, task.seeds)]).tables()


@attrs.frozen
class _Place:
    """What a process has prepared: told apart by the run, the place and its counties alone.

    Attributes:
        counties: Whose tables the scenario starts from; none where it says how to make them.
    """

    run: str
    place: str
    counties: tuple[str, ...]
    scenario: Scenario = attrs.field(eq=False)


@lru_cache(maxsize=2)
def _prepared(one: _Place) -> Ready:
    scenario, start = one.scenario, one.scenario.start
    book = _book(_Place(one.run, "", (), scenario))
    if isinstance(start, Folders):
        start = start.people(one.counties)
    looked = look_at(start, book, one.place, scenario.years)
    return looked.ready(book, one.place, scenario.years, scenario.seeds, scenario.behaviours)


@lru_cache(maxsize=1)
def _book(one: _Place) -> PolicyBook:
    return bare_book(one.scenario).reformed(*one.scenario.reforms)


def run_scenario(
    checked: Checked,
    out: Path | str,
    *,
    resume: bool = False,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress = silent,
) -> Ran:
    """Run a scenario into a folder: `counties`, `costs`, `leavers` and `structure` as Parquet, and a manifest.

    Args:
        checked: The scenario.
        out: The folder; its workers must see it under the same path.
        resume: As for `Run.into`, and so all the rest.
        executor: Where to work, else here.
        workers: How many tasks are worked on at a time.
        progress: Told how many of how many tasks are done.

    Raises:
        OutputError: The folder is in use, holds something else or can't be written; says how to go on.
        RunError: The executor or a worker died; says how to go on.
        RunStopped: Somebody stopped it.
    """
    tasks = tasks_of(checked)
    run = Run(
        tasks=tasks, work=simulate_some, run=checked.fingerprint, about=_about(checked), size=attrgetter("rows")
    )
    return run.into(out, resume=resume, executor=executor, workers=workers, progress=progress)


def _about(checked: Checked) -> dict[str, JsonValue]:
    return {
        "scenario": checked.said,
        "policies": checked.policies,
        "synthetic": checked.synthetic,
        "marks": list(checked.marks),
        "province_share_in_costs": checked.ready.unsplit,
    }


@attrs.frozen(kw_only=True)
class YearTold:
    """A year of a finished run, the whole place over all seeds.

    Attributes:
        seeds: How many seeds there are.
        sums: What a column of the county years comes to, all counties and seeds together.
    """

    year: int
    seeds: int
    sums: Mapping[str, int]

    def mean(self, name: str) -> int:
        """Return a column's mean over seeds, in whole numbers (money: fen), a half upwards."""
        return round_half_up(self.sums[name], self.seeds)


def years_told(ran: Ran, seeds: int) -> Iterator[YearTold]:
    """Yield the years of a finished run; a task's rows are read at a time."""
    sums: dict[int, dict[str, int]] = {}
    for _, rows in ran.each("counties"):
        names = [name for name in rows.column_names if name not in _CODES]
        columns = {name: np.from_dlpack(rows[name].combine_chunks()) for name in names}
        of = columns.pop("year")
        for year in np.unique(of).tolist():
            here = of == year
            told = sums.setdefault(year, {})
            for name, values in columns.items():
                told[name] = told.get(name, 0) + int(values[here].sum())
    for year, told in sorted(sums.items()):
        yield YearTold(year=year, seeds=seeds, sums=told)
