"""What the simulation benchmark runs in a process of its own: a side of the small model, or years by all rules."""

from __future__ import annotations

import gc
import importlib
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from tools.bench.measure import Watch

_ENOUGH: Final = 0.5
"""CPU seconds after which a side isn't run again in the same process."""
_MOST_PASSES: Final = 10

_PROVINCE: Final = "22"
_CITY: Final = "2204"
_FIRST: Final = 2023
_YEARS: Final = 10


def years(module: str, posts: int, seed: int) -> dict[str, Any]:
    """Run a side until the clock has seen enough of it; memory is what rises above what it holds before it begins."""
    run = importlib.import_module(module).run
    run(min(posts, 1_000), seed)  # what is made once, on first use
    gc.collect()
    with Watch() as watch:
        begun = time.process_time()
        counts = run(posts, seed)
        spent = [time.process_time() - begun]
    while sum(spent) < _ENOUGH and len(spent) < _MOST_PASSES:
        begun = time.process_time()
        run(posts, seed)
        spent.append(time.process_time() - begun)
    return {"cpu": min(spent), "above": watch.above, "counts": _plain(counts)}


def several(modules: Sequence[str], posts: int, seed: int) -> dict[str, Any]:
    """Run sides one after another in this process."""
    return {module: years(module, posts, seed) for module in modules}


def digests(posts: int) -> dict[str, str]:
    """Run our model in every way that one process can: chunks of all sizes, workers, orders of rows."""
    import numpy as np
    from workforce import model

    from shequ_core.simulation.chunks import Chunks, digest, totals

    found = {
        f"chunks of {rows:,}": digest(model.run(posts, 1, at_least=rows)) for rows in (1, 7, 1_000, 32_768, posts)
    }
    for workers in (1, 2, 4):
        with ProcessPoolExecutor(workers) as hands:
            found[f"{workers} workers"] = digest(model.run(posts, 1, at_least=1_000, workers=hands))
    ground = model.Ground.of(posts)
    keys, group = ground.post_keys(0, posts), np.repeat(np.arange(len(ground.sizes)), ground.sizes)
    for order in range(1, 6):
        mixed = np.random.default_rng(order).permutation(posts)
        some, of_group = keys[mixed], group[mixed]
        counts = totals(model.ten_years(some[rows], 1) for rows in Chunks.of(of_group, 1_000))
        found[f"order {order}"] = digest(counts)
    return found


def plain(posts: int) -> dict[str, str]:
    """Run our model as it comes: what differs is the machine."""
    from workforce import model

    from shequ_core.simulation.chunks import digest

    return {"digest": digest(model.run(posts, 1))}


# --- years by all rules ------------------------------------------------------------------------------


def _checked(
    place: str, seeds: int, size: Sequence[int] | None = None, *, years: int = _YEARS, insured: bool = False
) -> Any:  # Any: the peers' environment hasn't the library
    from shequ_core.population.fictional import Country
    from shequ_core.simulation.scenario import Scenario, check_scenario
    from shequ_core.simulation.starts import MadeUp

    country = None if size is None else Country(committees=size[0], posts=size[1])
    return check_scenario(
        Scenario(
            place=place, years=range(_FIRST, _FIRST + years), seeds=range(1, seeds + 1), assume=True,
            start=MadeUp(_FIRST - 1, country=country), reforms=[_insurance()] if insured else [],
        )
    )  # fmt: skip


def _insurance() -> Any:  # Any: see `_checked`
    """Return a reform with made-up rates of contributions, which hang on what each person gets of a pool."""
    from fractions import Fraction

    from shequ_core.law.clauses import Document
    from shequ_core.model.contributions import Scheme
    from shequ_core.policy.contributions import RATES, BaseOf, LocalRates, SchemeRate
    from shequ_core.policy.parameters import Reform
    from shequ_core.values import Status, yuan

    rate = SchemeRate(Fraction(8, 100), Fraction(16, 100), yuan(4_000), yuan(20_000))
    since = date(_FIRST, 1, 1)
    value = RATES.set(
        LocalRates(rates={Scheme.PENSION: rate}, base=BaseOf.MONTH), since=since, known_on=since,
        source=Document("the benchmark").article(""), status=Status.ASSUMPTION,
    )
    return Reform(name="insured", place=_PROVINCE, values=[value], scope="replace_below")


def both(place: str, seeds: int) -> dict[str, Any]:
    """Run ten years of a place by sums and with contributions, over so many seeds, as `full` does."""
    return {"by sums": full(place, seeds), "with contributions": full(place, seeds, insured=True)}


def full(place: str, seeds: int, *, insured: bool = False) -> dict[str, Any]:
    """Run ten years of a place by all rules in this process, checked and laid out before the clock starts."""
    ready = _checked(place, seeds, insured=insured).ready
    units = list(ready.units())
    ready.run(units[0][0], units[0][1][:1])  # what is made once, on first use
    gc.collect()
    months = 0
    with Watch() as watch:
        begun = time.process_time()
        for counties, some in units:
            _, told = ready.run(counties, some)
            months += sum(int(year.counts["months"].sum()) for year in told)
        spent = time.process_time() - begun
    return {"cpu": spent, "worker_years": months // 12, "above": watch.above}


def into_folder(
    place: str, seeds: int, size: Sequence[int] | None = None, *, years: int = _YEARS, workers: int = 2
) -> dict[str, Any]:
    """Run a scenario into a folder as a user does, from its check to its manifest, in so many processes."""
    from shequ_core.simulation.spread import run_scenario, years_told

    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        checked = _checked(place, seeds, size, years=years)
        ran = run_scenario(checked, Path(folder) / "out", workers=workers)
        wall = time.perf_counter() - begun
        months = sum(year.sums["months"] for year in years_told(ran, seeds))
        return {"wall": wall, "worker_years": months // 12, "digest": ran.digest, "parts": len(ran.manifest.parts)}


def compared(seeds: int, passes: int) -> dict[str, float]:
    """Run the shipped reform's district without it, then without and with it, as `compare` does.

    Returns:
        CPU seconds of each, the least of so many passes.
    """
    import attrs

    from shequ_core.simulation.compare import changed_scenario, compare
    from shequ_core.simulation.scenario import check_scenario
    from shequ_core.simulation.sheet import read_scenario

    reform = read_scenario("examples/scenarios/higher-coefficient.toml")
    reform = attrs.evolve(reform, years=range(_FIRST, _FIRST + _YEARS), seeds=range(1, seeds + 1))
    alone = attrs.evolve(reform, name="", reforms=())
    both = changed_scenario(alone, reform.reforms)

    def single() -> None:
        ready = check_scenario(alone).ready
        ready.result([ready.run(counties, some) for counties, some in ready.units()])

    few = attrs.evolve(alone, seeds=range(1, 3))
    compare(few, changed_scenario(few, reform.reforms))  # what is made once, on first use
    found: dict[str, float] = {}
    for _ in range(passes):
        for name, run in (("single", single), ("compared", lambda: compare(alone, both))):
            begun = time.process_time()
            run()
            found[name] = min(time.process_time() - begun, found.get(name, float("inf")))
    return found


def spread(seeds: int, workers: int) -> dict[str, Any]:
    """Run the province in this process, in a pool of so many, and on a Dask cluster of as many workers.

    The scenario is checked before the clocks start; where it goes to the cluster this is lent first, as `shequ
    simulate` does it, so that its workers, which know nothing of ours, load the library meanwhile. Dask's profiler,
    which takes each of them a tenth of a core, is off.
    `busiest` is the CPU time of the thread that took most of it: about as long as it takes where every process has a
    core to itself.
    """
    from shequ_core.simulation.spread import run_scenario

    psutil: Any = importlib.import_module("psutil")  # Any: Dask's own, and untyped
    checked = _checked(_PROVINCE, seeds)
    found: dict[str, Any] = {}

    def take(name: str, processes: Sequence[Any], **how: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            before, threads, begun = sum(map(_spent, processes)), _threads(processes), time.perf_counter()
            ran = run_scenario(checked, Path(folder) / "out", **how)
            wall, cpu = time.perf_counter() - begun, sum(map(_spent, processes)) - before
        busiest = max(spent - threads.get(one, 0.0) for one, spent in _threads(processes).items())
        found[name] = {"wall": wall, "cpu": cpu, "busiest": busiest, "digest": ran.digest}

    here = psutil.Process()
    take("one process", [here])
    take("one process", [here])  # what is made once, on first use, has been
    take("pool", [here], workers=workers)
    with _dask(workers) as (lent, pids):
        checked = _checked(_PROVINCE, seeds)
        take("Dask", [here, *map(psutil.Process, pids)], executor=lent.executor, workers=workers)
        take("Dask, again", [here, *map(psutil.Process, pids)], executor=lent.executor, workers=workers)
    return {"load": os.getloadavg()[0], **found}


def _spent(process: Any) -> float:  # Any: a library without types
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _threads(processes: Sequence[Any]) -> dict[tuple[int, int], float]:  # Any: as above
    return {
        (process.pid, one.id): one.user_time + one.system_time for process in processes for one in process.threads()
    }


@contextmanager
def _dask(workers: int) -> Iterator[tuple[Any, list[int]]]:  # Any: as below
    from shequ_core.simulation.runs.cluster import cluster_executor
    from shequ_core.simulation.spread import WORK

    config: Any = importlib.import_module("dask.config")  # Any: a library that may be missing
    dask: Any = importlib.import_module("dask.distributed")
    with (
        config.set({"distributed.worker.profile.enabled": False}),
        dask.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        with dask.Client(cluster) as client:
            pids = list(client.run(os.getpid).values())
        with cluster_executor(cluster.scheduler_address, loads=WORK) as lent:
            yield lent, pids


def full_digests(years: int) -> dict[str, str]:
    """Run a city's years by all rules in every way that one process can: chunks, blocks, workers, orders of rows."""
    import numpy as np

    from shequ_core.simulation.simulate import simulate

    checked = _checked(_CITY, 2, years=years)
    one = checked.scenario

    def told(data: Any, **how: Any) -> str:  # Any: see `_checked`
        return simulate(data, checked.book, one.place, one.years, one.seeds, **how).digest()

    found = {f"chunks of {rows:,}": told(checked.data, chunk=rows) for rows in (7, 1_000, 32_768)}
    found["blocks of 300"] = told(checked.data, most_rows=300)
    for order in range(1, 6):
        chance = np.random.default_rng(order)
        mixed = {name: table.take(chance.permutation(len(table))) for name, table in checked.data.tables()}
        found[f"order {order}"] = told(checked.data.with_tables(mixed))
    return found


def folders(years: int, processes: Sequence[int]) -> dict[str, str]:
    """Return the digest of the city's folder for each number of processes."""
    return {str(many): into_folder(_CITY, 2, years=years, workers=many)["digest"] for many in processes}


def full_plain(years: int) -> dict[str, str]:
    """Run the same as it comes: what differs is the machine."""
    from shequ_core.simulation.simulate import simulate

    checked = _checked(_CITY, 2, years=years)
    one = checked.scenario
    return {"digest": simulate(checked.data, checked.book, one.place, one.years, one.seeds).digest()}


def _plain(counts: Mapping[str, Any]) -> dict[str, list[int]]:
    return {name: [int(count) for count in one] for name, one in counts.items()}
