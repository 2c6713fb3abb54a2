"""Our side of the grid benchmark: a problem as every tool gets it becomes a layout, and `divide` answers."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
from tools.bench.grids_measure import Problem, load

from shequ_core.planning.grids.divide import EFFORT, divide_layout
from shequ_core.planning.grids.layout import Basis, Layout
from shequ_core.planning.grids.plan import GridPlan

_CHUNK: Final = 10


def layout_of(problem: Problem) -> Layout:
    """Return a problem as a layout."""
    points = None if problem.points is None else np.array(problem.points, dtype=np.float64)
    return Layout(
        ids=tuple(str(number) for number in range(1, len(problem) + 1)),
        households=np.array(problem.households, dtype=np.int64),
        estates=np.array(problem.estates, dtype=np.int64),
        estate_names=tuple(f"合成小区{number:02d}" for number in range(1, max(problem.estates, default=-1) + 2)),
        edges=np.array(problem.edges, dtype=np.int64).reshape(-1, 2),
        basis=Basis.STATED if points is None else Basis.GEOMETRY,
        points=points,
        coordinates=points,
        previous=tuple(problem.previous),
    )


def divide(problem: Problem, seed: int, effort: int = EFFORT) -> GridPlan:
    """Divide one community."""
    return divide_layout(layout_of(problem), problem.low, problem.high, seed=seed, effort=effort)


def run(problems: str, out: str, seed: int = 1, effort: int = EFFORT) -> dict[str, Any]:
    """Divide all problems of a file; write labels, seconds, status and causes of each."""
    loaded = load(Path(problems))
    if loaded:
        divide(loaded[0], seed)  # what is loaded late is loaded now
    rows: list[dict[str, Any]] = []  # Any: JSON
    for problem in loaded:
        begun = _seconds()
        try:
            plan = divide(problem, seed, effort)
        except Exception as error:  # told as an answer of its own: the others are still to be seen
            status = f"{type(error).__name__}: {error}"
            rows.append({"name": problem.name, "labels": None, "seconds": _seconds() - begun, "status": status})
            continue
        rows.append(
            {
                "name": problem.name,
                "labels": plan.grid_of.tolist(),
                "seconds": _seconds() - begun,
                "status": plan.status.value,
                "causes": [one.kind.value for one in plan.causes],
            }
        )
    Path(out).write_text(json.dumps(rows), encoding="utf-8")
    return {"seconds": sum(row["seconds"] for row in rows)}


def together(problems: str, workers: int) -> dict[str, Any]:
    """Divide all problems of a file by so many processes; return the seconds that pass."""
    loaded = load(Path(problems))
    divide(loaded[0], 1)
    begun = time.perf_counter()
    if workers == 1:
        _all(loaded)
    else:
        pieces = [loaded[start : start + _CHUNK] for start in range(0, len(loaded), _CHUNK)]
        with ProcessPoolExecutor(workers) as pool:
            list(pool.map(_all, pieces))
    return {"wall": time.perf_counter() - begun}


def _all(problems: Sequence[Problem]) -> int:
    return sum(divide(problem, 1).status.value == "ok" for problem in problems)


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
