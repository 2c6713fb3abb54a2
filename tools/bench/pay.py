"""A payroll of a million workers, a month and a year, against openfisca-core, Polars and NumPy by hand.

All sides compute the rule of `pay_rule` from inputs that they hold as their users would; holding them
isn't timed. Exact sides are compared line by line with exact fractions on a small workforce, and with
each other by a digest of all lines on every other. Memory is what rises above the inputs, results
included; a side that yields a month in pieces keeps only what it needs for the next.

Not run unless it is named: it takes minutes, and needs an environment of its own for the peers
(openfisca-core is AGPL and no dependency of anything here), which `nox -s bench -- pay` makes.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
from tools.bench.measure import Figure, Run, in_turn, run_code
from tools.bench.pay_rule import Workforce, make_workforce

PEERS: Final = "BENCH_PEERS"
"""The environment variable that names the Python in which the peers are installed."""

_CHECKED: Final = 4_000
_VERSIONS: Final = """
import json, importlib.metadata as m
print(json.dumps({name: m.version(name) for name in ("numpy", "polars", "openfisca-core")}))
"""


@attrs.frozen
class Side:
    """A subject, where it runs, and whether it counts in whole fen."""

    name: str
    module: str
    peer: bool
    exact: bool = True


OURS: Final = Side("shequ-core", "pay_ours", peer=False)
BY_HAND: Final = Side("NumPy by hand", "pay_numpy", peer=False)
POLARS: Final = Side("Polars, whole numbers", "pay_polars", peer=True)
TUNED: Final = Side("openfisca-core, tuned", "pay_openfisca_tuned", peer=True, exact=False)
USUAL: Final = Side("openfisca-core, as usual", "pay_openfisca_usual", peer=True, exact=False)


@attrs.frozen
class Bench:
    """Where the sides run, and on what."""

    here: Path
    python: str
    sides: tuple[Side, ...]

    def call(self, side: Side, call: str) -> Run:
        """Run a function of `pay_child` for a side in a process of its own."""
        python = self.python if side.peer else sys.executable
        return run_code(f"from tools.bench import pay_child\nMARKS = pay_child.{call}\n", cwd=self.here, python=python)

    def check(self) -> None:
        """Hold every exact side to exact fractions."""
        for side in self.sides:
            if side.exact:
                self.call(side, f"check({side.module!r}, {_CHECKED})")

    def months(self, workforce: Workforce, folder: Path, times: int) -> dict[str, Figure]:
        """Run all sides in turn on a workforce; the exact ones must give the same lines."""
        path = str(workforce.save(folder))
        digest = self.call(BY_HAND, f"months({BY_HAND.module!r}, {path!r}, '')").marks["digest"]
        return in_turn(
            {
                side.name: lambda side=side: self.call(
                    side, f"months({side.module!r}, {path!r}, {(digest if side.exact else None)!r})"
                )
                for side in self.sides
            },
            times,
        )


def bench(here: Path, *, quick: bool) -> dict[str, Any]:
    """Measure and print."""
    python = os.environ.get(PEERS)
    if python is None:
        raise SystemExit(f"pay needs its peers: run `nox -s bench -- pay`, or name a Python that has them in {PEERS}.")
    ours = (OURS,) if hasattr(importlib.import_module(f"tools.bench.{OURS.module}"), "SUBJECT") else ()
    bench = Bench(here, python, (*ours, BY_HAND, POLARS, TUNED, USUAL))
    sizes = (10_000, 30_000, 100_000) if quick else (10_000, 30_000, 100_000, 300_000, 1_000_000, 2_000_000, 5_000_000)
    size = 100_000 if quick else 1_000_000
    times = 1 if quick else 3
    versions = json.loads(subprocess.check_output([python, "-c", _VERSIONS], text=True))

    bench.check()
    with tempfile.TemporaryDirectory() as folder:
        one = {
            workers: bench.months(make_workforce(workers, 1), Path(folder) / str(workers), times) for workers in sizes
        }
        workforce = make_workforce(size, 12)
        twelve = bench.months(workforce, Path(folder) / "twelve", times)
    single = in_turn(
        {
            side.name: lambda side=side: bench.call(side, f"single({side.module!r})")
            for side in bench.sides
            if side in {OURS, USUAL}
        },
        times,
    )

    base = bench.sides[0].name
    growth = {side.name: _exponent(sizes, [one[workers][side.name] for workers in sizes]) for side in bench.sides}
    print(
        f"pay: {size:,} workers in {len(workforce.starts):,} subdistricts; "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
    )
    print("  CPU seconds from inputs held; MB above the inputs; growth: the exponent of one month's seconds from")
    print(f"  {sizes[0]:,} to {sizes[-1]:,} workers; a ratio is twelve months over those of {base}")
    print(f"  {'':26}{'a month':>9}{'MB':>7}{'twelve':>9}{'MB':>7}{'ratio':>8}{'growth':>8}")
    for name, figure in twelve.items():
        month = one[size][name]
        print(
            f"  {name:<26}{month.mark('cpu'):9.3f}{_above(month):7.0f}{figure.mark('cpu'):9.3f}{_above(figure):7.0f}"
            f"{figure.mark('cpu') / twelve[base].mark('cpu'):8.2f}{growth[name]:8.2f}"
        )
    for side in (TUNED, USUAL):
        figure = twelve[side.name]
        print(
            f"  {side.name}: {figure.mark('wrong net'):.1%} of slips have a wrong net, "
            f"{figure.mark('wrong lines'):.1%} a wrong line, off by up to {figure.mark('furthest'):.1f} fen"
        )
    for name, figure in single.items():
        print(
            f"  one worker, {name}: {figure.mark('slip') * 1000:.2f} ms, "
            f"explained {figure.mark('explained') * 1000:.2f} ms (medians)"
        )
    if ours:
        _aims(one, twelve, single, growth[OURS.name])
    return {
        "versions": versions,
        "one month": {str(workers): _data(figures) for workers, figures in one.items()},
        "twelve months": {str(size): _data(twelve)},
        "growth": growth,
        "single": _data(single),
    }


def _aims(
    one: Mapping[int, Mapping[str, Figure]],
    twelve: Mapping[str, Figure],
    single: Mapping[str, Figure],
    growth: float,
) -> None:
    mine = twelve[OURS.name].mark("cpu")
    most = max(_above(figures[OURS.name]) for figures in (*one.values(), twelve))
    aims = [
        *(
            f"{side.name} / ours {twelve[side.name].mark('cpu') / mine:.2f} (aim: at least {aim})"
            for side, aim in ((USUAL, 25), (TUNED, 2), (POLARS, 4))
        ),
        f"ours / {BY_HAND.name} {mine / twelve[BY_HAND.name].mark('cpu'):.2f} (aim: at most 1.5)",
        f"most above the inputs {most:.0f} MB (aim: at most 150)",
        f"growth {growth:.2f} (aim: at most 1.05)",
        *(
            f"ours / openfisca-core, one {name}: {single[OURS.name].mark(name) / single[USUAL.name].mark(name):.2f}"
            " (aim: at most 1)"
            for name in ("slip", "explained")
        ),
    ]
    print("  " + "\n  ".join(aims))


def _above(figure: Figure) -> float:
    return max(float(run.marks["above"]) for run in figure.runs) / 1e6


def _exponent(sizes: Sequence[int], figures: Sequence[Figure]) -> float:
    """Return the slope of the least-squares line through the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log([figure.mark("cpu") for figure in figures]), 1)[0])


def _data(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: figure.data() for name, figure in figures.items()}
