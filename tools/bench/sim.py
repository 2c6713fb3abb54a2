"""Simulated years: a small workforce model on this library's engine, and on neworder, Mesa and Vivarium.

The model (`examples/workforce`) is written for Mesa and for Vivarium twice: as their documentation teaches, and by the
clock alone, giving up whatever it costs of the engine's ways. All compute the same law with luck of their own, so
what they count is compared in standard errors; ours is held to one post's years in plain Python by the tests.
Memory is what rises above the process before the run begins, results included. A quick run has fewer posts and one run
of each, an engine's two models in one process (of which the second needs less memory than alone), and holds neworder to
ours at the larger size alone.

Not run unless it is named: it needs an environment of its own for the peers, which `nox -s bench -- sim` makes.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
from tools.bench import sim_full
from tools.bench.measure import Figure, Run, in_turn, machines, run_code

PEERS: Final = "BENCH_PEERS"
"""The environment variable that names the Python in which the peers are installed."""
YEARS: Final = 10

_VERSIONS: Final = """
import json, importlib.metadata as m
print(json.dumps({name: m.version(name) for name in ("neworder", "mesa", "vivarium", "numpy")}))
"""


@attrs.frozen
class Side:
    """An engine, and the module of the model on it."""

    name: str
    module: str
    aim: float | None = None
    """How many times as long as ours it is to take, at least."""
    large: bool = False
    """Whether it gets through a million posts within seconds."""

    @property
    def engine(self) -> str:
        """What it runs on."""
        return self.name.partition(",")[0]

    @property
    def peer(self) -> bool:
        """Whether it runs in the environment of the peers."""
        return self.module.startswith("tools.")


OURS: Final = Side("shequ-core", "workforce.model", large=True)
NEWORDER: Final = Side("neworder", "tools.bench.sim_neworder", 1.5, large=True)
SIDES: Final = (
    OURS,
    NEWORDER,
    Side("Vivarium, as taught", "tools.bench.sim_vivarium", 50),
    Side("Vivarium, tuned", "tools.bench.sim_vivarium_tuned", 50, large=True),
    Side("Mesa, as taught", "tools.bench.sim_mesa", 50),
    Side("Mesa, tuned", "tools.bench.sim_mesa_tuned", 50),
)


@attrs.frozen
class Bench:
    """Where the sides run."""

    here: Path
    python: str

    def call(self, call: str, *, peer: bool = False, environment: Mapping[str, str] = {}) -> Run:
        """Run a function of `sim_child` in a process of its own."""
        paths = [str(self.here / "examples"), os.environ.get("PYTHONPATH", "")]
        return run_code(
            f"from tools.bench import sim_child\nMARKS = sim_child.{call}\n", cwd=self.here,
            python=self.python if peer else sys.executable,
            environment={"PYTHONPATH": os.pathsep.join(filter(None, paths)), **environment},
        )  # fmt: skip

    def years(self, side: Side, posts: int) -> Run:
        """Run a side's ten years."""
        return self.call(f"years({side.module!r}, {posts}, 1)", peer=side.peer)

    def once(self, sides: Sequence[Side], posts: int) -> dict[str, Figure]:
        """Run each side's ten years once, those of one engine in one process."""
        found: dict[str, Figure] = {}
        for _, several in itertools.groupby(sides, key=lambda side: side.engine):
            some = list(several)
            run = self.call(f"several({[side.module for side in some]!r}, {posts}, 1)", peer=some[0].peer)
            found |= {side.name: Figure(side.name, (attrs.evolve(run, marks=run.marks[side.module]),)) for side in some}
        return found


def bench(here: Path, *, quick: bool) -> dict[str, Any]:
    """Measure and print."""
    python = os.environ.get(PEERS)
    if python is None:
        raise SystemExit(f"sim needs its peers: run `nox -s bench -- sim`, or name a Python that has them in {PEERS}.")
    bench = Bench(here, python)
    versions = json.loads(subprocess.check_output([python, "-c", _VERSIONS], text=True))
    print("sim: a workforce of one's own model, ten years; " + ", ".join(f"{n} {v}" for n, v in versions.items()))
    return {
        "versions": versions,
        "sides": _sides(bench, [side for side in SIDES if side is not NEWORDER], 20_000)
        if quick
        else _sides(bench, SIDES, 100_000, 3),
        "sides, large": _sides(bench, [OURS, NEWORDER], 200_000)
        if quick
        else _sides(bench, [side for side in SIDES if side.large], 1_000_000, 3),
        "growth": _growth(bench, (50_000, 300_000, 2_000_000) if quick else
                          (50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000), 1 if quick else 3),
        "digests": _digests(bench, 10_000 if quick else 200_000, quick=quick),
        "by all rules": sim_full.bench(here, quick=quick),
    }  # fmt: skip


def _sides(bench: Bench, sides: Sequence[Side], posts: int, times: int | None = None) -> dict[str, Any]:
    """Run sides in turn, so many times in processes of their own, or once."""
    runs = {side.name: lambda side=side: bench.years(side, posts) for side in sides}
    found = bench.once(sides, posts) if times is None else in_turn(runs, times)
    ours = found[OURS.name]
    print(f"  {posts:,} posts; CPU seconds from posts to counts, MB above idle; so many times as long as ours")
    print(f"  {'':22}{'seconds':>9}{'M worker-years/s':>18}{'ns each':>9}{'MB':>8}{'times':>8}{'aim':>6}{'off':>6}")
    told: dict[str, Any] = {}
    for side in sides:
        figure = found[side.name]
        seconds = figure.mark("cpu")
        times_ours = seconds / ours.mark("cpu")
        off = _off(figure, ours, posts)
        aim = "" if side.aim is None else f"{side.aim:g}"
        print(
            f"  {side.name:<22}{seconds:9.3f}{posts * YEARS / seconds / 1e6:18.2f}{seconds / posts / YEARS * 1e9:9.1f}"
            f"{_above(figure):8.0f}{times_ours:8.1f}{aim:>6}{off:6.1f}"
        )
        told[side.name] = {"cpu": seconds, "above": _above(figure), "times": times_ours, "off": off, **figure.data()}
    print("  (off: how far the farthest of all yearly counts of people lies from ours, in standard errors)")
    return {"posts": posts, **told}


def _growth(bench: Bench, sizes: Sequence[int], times: int) -> dict[str, Any]:
    runs = {str(posts): lambda posts=posts: bench.years(OURS, posts) for posts in sizes}
    found = in_turn(runs, times)
    seconds = [found[str(posts)].mark("cpu") for posts in sizes]
    exponent = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    print(f"  {OURS.name} by posts (aims: 10 million worker-years a second; 50 MB; an exponent of 1.05 at most)")
    for posts, spent in zip(sizes, seconds, strict=True):
        figure = found[str(posts)]
        print(f"  {posts:12,}{spent:9.3f} s{posts * YEARS / spent / 1e6:8.1f} M/s{_above(figure):8.0f} MB")
    print(f"  exponent {exponent:.3f}")
    return {"seconds": dict(zip(map(str, sizes), seconds, strict=True)), "exponent": exponent,
            "above": {str(posts): _above(found[str(posts)]) for posts in sizes}}  # fmt: skip


def _digests(bench: Bench, posts: int, *, quick: bool) -> dict[str, Any]:
    found: dict[str, str] = dict(bench.call(f"digests({posts})").marks)
    for name, set_to in machines((42,) if quick else (0, 1, 42), together=quick).items():
        found[name] = bench.call(f"plain({posts})", environment=set_to).marks["digest"]
    different = len(set(found.values()))
    print(f"  {len(found)} ways of running {posts:,} posts ({', '.join(found)}):")
    print("  one digest, " + next(iter(found.values()))[:16] if different == 1 else f"  {different} DIGESTS: {found}")
    return found


def _off(figure: Figure, ours: Figure, posts: int) -> float:
    """Return the greatest difference of a count of people from ours, in standard errors of that difference."""
    one, other = figure.runs[0].marks["counts"], ours.runs[0].marks["counts"]
    distances: list[float] = [
        abs(mine - theirs) / math.sqrt(max(1.0, 2 * theirs * (1 - theirs / posts)))
        for name in one if name != "bill"
        for mine, theirs in zip(one[name], other[name], strict=True)
    ]  # fmt: skip
    return max(distances)


def _above(figure: Figure) -> float:
    return figure.mark("above") / 1e6
