"""Simulated years by all rules of `shequ year`: one core, a province over many seeds, a nation that is made up.

A worker-year is twelve months that were paid. People are synthetic, and a nation's policy is Jilin's, an assumption.
What runs in two processes is measured from the check of its scenario to its manifest, as a user waits for it; its CPU
seconds are those of all processes, and half of them is what two cores need at best. Peaks are of the largest process.
A quick run goes through one city on one core, and tells what the province over 1,000 seeds, the nation and the stress
size cost by extension: a straight line through two smaller sizes, and says so.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tools.bench.measure import Run, machines, run_code

_MB: Final = 1e6
_NATION: Final = (124_649, 1_400_000)
"""Committees, as published for 2023, and workers, as assumed."""
_STRESS: Final = (356_140, 4_000_000)
"""As many posts for each committee."""
_SMALLER: Final = (30, 10)
"""By so much a quick run divides the nation's size, to tell by extension what it and the stress size cost."""
_SEEDS: Final = 1_000


def bench(here: Path, *, quick: bool) -> dict[str, Any]:
    """Measure and print."""
    print("sim_full: ten years by all rules")
    return {
        "one core": one_core(here, "2202", 40) if quick else one_core(here, "22", 100),
        "compare": compared(here, 40, 1) if quick else compared(here, 200, 3),
        "province": province(here, (2, 30) if quick else (_SEEDS,)),
        **countries(here, quick=quick),
        "Dask": None if quick or importlib.util.find_spec("distributed") is None else dask(here, 100),
        "digests": digests(here, quick=quick),
    }


def one_core(here: Path, place: str, seeds: int) -> dict[str, Any]:
    """Measure the years alone, by sums, and with contributions, which are worked out person by person."""
    found = _call(here, f"both({place!r}, {seeds})").marks
    for name, told in found.items():
        rate = told["worker_years"] / told["cpu"] / 1e6
        print(
            f"  {place} x {seeds} seeds, one core, {name:<18}{told['worker_years']:14,.0f} worker-years"
            f"{told['cpu']:8.2f} CPU s{rate:7.2f} M/s (aim: 1){told['above'] / _MB:7.0f} MB above idle"
        )
    return dict(found)


def compared(here: Path, seeds: int, passes: int) -> dict[str, Any]:
    """Measure a district without and with a reform against the district alone, on one core."""
    told = dict(_call(here, f"compared({seeds}, {passes})").marks)
    times = told["compared"] / told["single"]
    print(
        f"  220104 x {seeds} seeds, one core: alone {told['single']:.2f} CPU s, without and with a reform"
        f" {told['compared']:.2f} CPU s, {times:.2f} times (aim: 2.1)"
    )
    return told


def province(here: Path, seeds: Sequence[int]) -> dict[str, Any]:
    """Measure a province over seeds in two processes, all of them or by extension of fewer."""
    runs = {one: _call(here, f"into_folder('22', {one})") for one in seeds}
    return _told(runs, _SEEDS, f"province x {_SEEDS:,} seeds", "seeds", 90)


def countries(here: Path, *, quick: bool) -> dict[str, Any]:
    """Measure made-up countries, one seed, in two processes: as large as they are, or by extension of smaller ones."""
    sizes = {posts: committees for committees, posts in (_NATION, _STRESS)}
    measured = {_NATION[1] // by: _NATION[0] // by for by in _SMALLER} if quick else sizes
    runs = {
        posts: _call(here, f"into_folder('99', 1, ({committees}, {posts}))") for posts, committees in measured.items()
    }
    found = {}
    for name, (_, posts), aim in (("nation", _NATION, 25), ("stress", _STRESS, 60)):
        found[name] = _told(runs if quick else {posts: runs[posts]}, posts, f"{name}, {posts:,} posts", "posts", aim)
    return found


def dask(here: Path, seeds: int) -> dict[str, Any]:
    """Measure two processes, and a Dask cluster of two workers, against one process.

    Times by the clock are those of a machine that may be busy with other things; those by CPU hold what the busiest
    thread took against the one process.
    """
    told = _call(here, f"spread({seeds}, 2)").marks
    one = told["one process"]
    print(f"  province x {seeds} seeds, in so many processes; {told['load']:.1f} others wanted a core at the end")
    for name, found in told.items():
        if name == "load":
            continue
        times = f"{one['wall'] / found['wall']:6.2f} times by the clock"
        if name.startswith("Dask"):
            times += f", {one['cpu'] / found['busiest']:.2f} by CPU of the busiest thread (aim: 1.7)"
        print(f"    {name:<14}{found['wall']:8.1f} s{found['cpu']:8.1f} CPU s in all{times}")
    digests = {found["digest"] for name, found in told.items() if name != "load"}
    print("    one digest" if len(digests) == 1 else f"    DIGESTS DIFFER: {digests}")
    return dict(told)


def digests(here: Path, *, quick: bool) -> Mapping[str, Any]:
    """Compare ways of running a city: chunks, blocks, orders, processes, hash seeds, CPU features."""
    years, hash_seeds, processes = (2, (42,), (1, 2)) if quick else (10, (0, 1, 42), (1, 2, 4))
    found: dict[str, str] = dict(_call(here, f"full_digests({years})").marks)
    for name, set_to in machines(hash_seeds, together=quick).items():
        found[name] = _call(here, f"full_plain({years})", set_to).marks["digest"]
    spread: dict[str, str] = dict(_call(here, f"folders({years}, {processes})").marks)
    one = len(set(found.values())) == 1 == len(set(spread.values()))
    print(f"  ways of running a city: {', '.join(found)}; in {', '.join(spread)} processes:")
    print("  one digest each of answers and of folders" if one else f"  DIGESTS DIFFER: {found} {spread}")
    return {"answers": found, "folders": spread}


def _told(runs: Mapping[int, Run], size: int, name: str, unit: str, aim: float) -> dict[str, Any]:
    """Print what a size costs: as it was measured, or by a straight line through two smaller ones."""
    largest = runs[max(runs)]
    wall, cpu, years = largest.mark("wall"), largest.cpu, largest.mark("worker_years")
    how = f"{largest.peak / _MB:8.0f} MB at most (aim: 2,000){largest.mark('parts'):6.0f} parts"
    if size not in runs:
        (few, small), (more, large) = runs.items()

        def extended(low: float, high: float) -> float:
            return high + (high - low) * (size - more) / (more - few)

        wall, cpu = extended(small.mark("wall"), large.mark("wall")), extended(small.cpu, large.cpu)
        years = extended(small.mark("worker_years"), large.mark("worker_years"))
        how = f" by extension of {few:,} and {more:,} {unit}"
    print(
        f"  {name:<30}{years:14,.0f} worker-years{wall:8.1f} s (aim: {aim:g})"
        f"{cpu:8.1f} CPU s, half {cpu / 2:.1f}{how}"
    )
    measured = {str(one): {**run.marks, "cpu": run.cpu, "peak": run.peak} for one, run in runs.items()}
    return {"wall": wall, "cpu": cpu, "worker_years": years, "measured": measured}


def _call(here: Path, call: str, environment: Mapping[str, str] = {}) -> Run:
    return run_code(
        f"from tools.bench import sim_child\nMARKS = sim_child.{call}\n", cwd=here, environment=environment
    )
