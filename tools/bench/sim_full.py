"""Simulated years by all rules of `shequ year`: one core, a province over many seeds, a nation that is made up.

A worker-year is twelve months that were paid. People are synthetic, and a nation's policy is Jilin's, an assumption.
What runs in two processes is measured from the check of its scenario to its manifest, as a user waits for it; its CPU
seconds are those of all processes, and half of them is what two cores need at best. Peaks are of the largest process.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from tools.bench.measure import Run, run_code

_MB: Final = 1e6
_NATION: Final = (124_649, 1_400_000)
"""Committees, as published for 2023, and workers, as assumed."""
_STRESS: Final = (356_140, 4_000_000)
"""As many posts for each committee."""
_SMALLER: Final = 20
"""By so much a quick run divides the sizes."""


def bench(here: Path, *, quick: bool) -> dict[str, Any]:
    """Measure and print."""
    print("sim_full: ten years by all rules")
    return {
        "one core": one_core(here, 5 if quick else 100),
        "province": province(here, 15 if quick else 1_000),
        "nation": country(here, "nation", _NATION, 25, quick=quick),
        "stress": None if quick else country(here, "stress", _STRESS, 60, quick=False),
        "Dask": None if quick or importlib.util.find_spec("distributed") is None else dask(here, 200),
        "digests": digests(here, quick=quick),
    }


def one_core(here: Path, seeds: int) -> dict[str, Any]:
    """Measure the years alone, by sums and person by person."""
    found = {}
    for name, insured in (("by sums", False), ("person by person", True)):
        run = _call(here, f"full({seeds if not insured else max(seeds // 5, 1)}, insured={insured})")
        years, spent = run.mark("worker_years"), run.mark("cpu")
        rate = years / spent / 1e6
        print(
            f"  province, one core, {name:<18}{years:14,.0f} worker-years{spent:8.2f} CPU s"
            f"{rate:7.2f} M/s (aim: 1){run.mark('above') / _MB:7.0f} MB above idle"
        )
        found[name] = run.marks
    return found


def province(here: Path, seeds: int) -> dict[str, Any]:
    """Measure a province over seeds in two processes."""
    return _told(_call(here, f"into_folder('22', {seeds})"), f"province x {seeds:,} seeds", 90 * seeds / 1_000)


def country(here: Path, name: str, size: tuple[int, int], aim: float, *, quick: bool) -> dict[str, Any]:
    """Measure a made-up country, one seed, in two processes."""
    committees, posts = (one // _SMALLER if quick else one for one in size)
    run = _call(here, f"into_folder('99', 1, ({committees}, {posts}))")
    return _told(run, f"{name}, {posts:,} posts", aim / _SMALLER if quick else aim)


def dask(here: Path, seeds: int) -> dict[str, Any]:
    """Measure a Dask cluster of two workers against one process, waiting included."""
    alone = _call(here, f"into_folder('22', {seeds}, workers=1)")
    two = _call(here, f"into_folder('22', {seeds}, workers=2, dask=True)")
    times = alone.mark("wall") / two.mark("wall")
    same = alone.marks["digest"] == two.marks["digest"]
    print(
        f"  province x {seeds} seeds: one process {alone.mark('wall'):.1f} s, Dask with two {two.mark('wall'):.1f} s:"
        f" {times:.2f} times (aim: 1.7); {'one digest' if same else 'TWO DIGESTS'}"
    )
    return {"one": alone.marks, "two": two.marks, "times": times}


def digests(here: Path, *, quick: bool) -> Mapping[str, Any]:
    """Compare ways of running a city: chunks, blocks, orders, processes, hash seeds, CPU features."""
    years, hash_seeds, processes = (2, (42,), (1, 2)) if quick else (10, (0, 1, 42), (1, 2, 4))
    found: dict[str, str] = dict(_call(here, f"full_digests({years})").marks)
    features = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    machines = {f"hash seed {some}": {"PYTHONHASHSEED": str(some)} for some in hash_seeds}
    machines["NumPy's CPU features off"] = {"NPY_DISABLE_CPU_FEATURES": " ".join(features)}
    for name, set_to in machines.items():
        found[name] = _call(here, f"full_plain({years})", set_to).marks["digest"]
    spread: dict[str, str] = {
        str(many): _call(here, f"into_folder('2204', 2, years={years}, workers={many})").marks["digest"]
        for many in processes
    }
    one = len(set(found.values())) == 1 == len(set(spread.values()))
    print(f"  ways of running a city: {', '.join(found)}; in {', '.join(spread)} processes:")
    print("  one digest each of answers and of folders" if one else f"  DIGESTS DIFFER: {found} {spread}")
    return {"answers": found, "folders": spread}


def _told(run: Run, name: str, aim: float) -> dict[str, Any]:
    years, wall = run.mark("worker_years"), run.mark("wall")
    print(
        f"  {name:<30}{years:14,.0f} worker-years{wall:8.1f} s (aim: {aim:g})"
        f"{run.cpu:8.1f} CPU s, half {run.cpu / 2:.1f}"
        f"{run.peak / _MB:8.0f} MB at most (aim: 2,000){run.mark('parts'):6.0f} parts"
    )
    return {**run.marks, "cpu": run.cpu, "peak": run.peak}


def _call(here: Path, call: str, environment: Mapping[str, str] = {}) -> Run:
    return run_code(
        f"from tools.bench import sim_child\nMARKS = sim_child.{call}\n", cwd=here, environment=environment
    )
