"""The tools that the grid benchmark holds ours against, each as its users would divide a community; peers' environment.

None knows both bounds, barriers that part a community, and estates. Each part of a community that hangs together is
divided by itself. Where a tool wants the number of grids, it is asked for the fewest that arithmetic allows and then
for more, until a plan keeps the bounds; the last plan is kept where none does.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import random
import resource
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from tools.bench.grids_measure import Problem, load

warnings.simplefilter("ignore")

_TRIES: Final = 5
"""Seeds for each number of grids."""
_PATIENCE: Final = 8.0
"""CPU seconds after which a tool is stopped, where it can be: more than ours takes for any of the cases."""
_STEP: Final = 7
_TREES: Final = 50
"""Spanning trees for each cut."""


class _OutOfTimeError(BaseException):  # no Exception: those are what a tool says when a try fails
    pass


def _stop(*_: object) -> None:
    raise _OutOfTimeError


signal.signal(signal.SIGPROF, _stop)


class _Part:
    """A connected part of a community, its buildings numbered anew."""

    def __init__(self, problem: Problem, rows: Sequence[int]) -> None:
        self.rows = list(rows)
        place = {row: at for at, row in enumerate(self.rows)}
        self.households = [problem.households[row] for row in self.rows]
        self.touching: list[list[int]] = [[] for _ in self.rows]
        for one, other in problem.edges:
            if one in place:
                self.touching[place[one]].append(place[other])
                self.touching[place[other]].append(place[one])
        self.points = [problem.points[row] for row in self.rows] if problem.points is not None else None
        self.low, self.high = problem.low, problem.high
        self.total = sum(self.households)

    def counts(self) -> Sequence[int]:
        """Numbers of grids that arithmetic allows, or the nearest where it allows none."""
        fewest, most = max(1, math.ceil(self.total / self.high)), self.total // self.low
        return range(fewest, most + 1) if most >= fewest else (fewest,)

    def keeps(self, labels: Sequence[int]) -> bool:
        """Whether all grids keep the bounds; contiguity is what the tools promise."""
        totals: dict[int, int] = {}
        for label, households in zip(labels, self.households, strict=True):
            totals[label] = totals.get(label, 0) + households
        return all(self.low <= total <= self.high for total in totals.values())


def gerrychain(part: _Part, seed: int) -> list[int]:
    """Recursive tree partition, a few tries for each number of grids."""
    import networkx
    from gerrychain import Graph
    from gerrychain.partition import recursive_tree_part
    from gerrychain.tree import bipartition_tree

    graph = networkx.Graph()
    for row, households in enumerate(part.households):
        graph.add_node(row, pop=households)
    graph.add_edges_from((row, other) for row, touched in enumerate(part.touching) for other in touched)
    made = Graph.from_networkx(graph)
    labels = [0] * len(part.rows)
    for count in part.counts():
        if count == 1:
            return labels
        target = part.total / count
        room = min(part.high / target - 1, 1 - part.low / target)
        for attempt in range(_TRIES):
            try:
                found = recursive_tree_part(
                    made, range(count), target, "pop", max(room, 0.01), rng=random.Random(1_000 * seed + attempt),
                    bipartition_tree_fn=partial(bipartition_tree, max_attempts=_TREES, warn_attempts=_TREES + 1),
                )
            except Exception:  # it says in many ways that it found no cut
                continue
            labels = [found[row] for row in range(len(part.rows))]
            if part.keeps(labels):
                return labels
    return labels


def metis(part: _Part, seed: int) -> list[int]:
    """METIS, parts as even as it makes them, contiguous."""
    import pymetis

    labels = [0] * len(part.rows)
    for count in part.counts():
        if count == 1:
            return labels
        options = pymetis.Options(contig=True, seed=seed, ufactor=30)
        _, labels = pymetis.part_graph(
            count, adjacency=part.touching, vweights=part.households, options=options, recursive=False
        )
        if part.keeps(labels):
            break
    return list(labels)


def pygeoda(part: _Part, seed: int) -> list[int]:
    """Max-p, greedy: as many regions as the least households allow, alike in where they lie."""
    import pygeoda as library

    places = _places(part)
    weights = _geoda_weights(part)
    found = library.maxp_greedy(
        weights, [places[:, 0].tolist(), places[:, 1].tolist()], part.households, part.low,
        iterations=99, scale_method="raw", random_seed=seed + 1, cpu_threads=1,
    )
    return list(found["Clusters"])


def spopt(part: _Part, seed: int) -> list[int]:
    """Max-p, construction and simulated annealing."""
    import geopandas
    from libpysal.weights import W
    from spopt.region import MaxPHeuristic

    random.seed(seed)
    np.random.seed(seed)
    places = _places(part)
    frame = geopandas.GeoDataFrame(
        {"x": places[:, 0], "y": places[:, 1], "households": part.households},
        geometry=geopandas.points_from_xy(places[:, 0], places[:, 1]),
    )
    model = MaxPHeuristic(
        frame, W(dict(enumerate(part.touching)), silence_warnings=True), ["x", "y"], "households", part.low,
        max_iterations_construction=20,  # of its usual 99, which take a minute and more where grids are few
    )
    model.solve()
    return [int(label) for label in model.labels_]


def _places(part: _Part) -> Any:
    """Where buildings lie; steps from the two buildings furthest apart where no points are known."""
    if part.points is not None:
        return np.array(part.points)

    def steps(start: int) -> list[int]:
        found = {start: 0}
        queue = [start]
        for row in queue:
            for other in part.touching[row]:
                if other not in found:
                    found[other] = found[row] + 1
                    queue.append(other)
        return [found[row] for row in range(len(part.rows))]

    first = steps(0)
    end = max(range(len(first)), key=first.__getitem__)
    from_end = steps(end)
    return np.array([from_end, steps(max(range(len(first)), key=from_end.__getitem__))], dtype=float).T


def _geoda_weights(part: _Part) -> Any:
    import pygeoda as library

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "touching.gal")
        lines = [f"0 {len(part.rows)} part id"]
        for row, touched in enumerate(part.touching):
            lines += [f"{row} {len(touched)}", " ".join(map(str, touched))]
        Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return library.read_gal(path, [str(row) for row in range(len(part.rows))])


TOOLS: Final[dict[str, Callable[[_Part, int], list[int]]]] = {
    "gerrychain": gerrychain,
    "METIS": metis,
    "pygeoda max-p": pygeoda,
    "spopt max-p": spopt,
}


_LOADED: Final = {
    "gerrychain": ("networkx", "gerrychain"),
    "METIS": ("pymetis",),
    "pygeoda max-p": ("pygeoda",),
    "spopt max-p": ("geopandas", "libpysal.weights", "spopt.region"),
}
"""What each loads: before any clock runs, since a library that is stopped while it loads never works again."""


def divide(tool: str, problem: Problem, seed: int) -> list[int] | None:
    """Divide a community part by part; None where the tool fails."""
    labels = [0] * len(problem)
    used = 0
    signal.setitimer(signal.ITIMER_PROF, _PATIENCE)
    try:
        for rows in problem.parts():
            part = _Part(problem, rows)
            alone = len(rows) == 1 or part.total <= part.low  # max-p would look for a region for ever
            found = [0] * len(rows) if alone else TOOLS[tool](part, seed)
            for row, label in zip(rows, found, strict=True):
                labels[row] = used + label
            used += max(found) + 1
    except (Exception, _OutOfTimeError):  # a tool that fails, or doesn't end, has no plan
        return None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return labels


def run(tool: str, problems: str, out: str, seed: int, budget: float) -> dict[str, Any]:
    """Divide the problems of a file, write the labels and seconds of each, and return the seconds of all.

    Args:
        budget: CPU seconds after which no further problem is begun; those left have no row.
    """
    for name in _LOADED[tool]:
        importlib.import_module(name)
    loaded = load(Path(problems))
    if loaded:
        divide(tool, loaded[0], seed)  # what is loaded late is loaded now
    rows: list[dict[str, Any]] = []
    used = 0.0
    # Step by step through all, so that where the budget ends some of every kind were seen.
    for place in sorted(range(len(loaded)), key=lambda one: (one % _STEP, one)):
        if used > budget:
            break
        problem = loaded[place]
        begun = _seconds()
        labels = divide(tool, problem, seed)
        rows.append({"name": problem.name, "labels": labels, "seconds": _seconds() - begun})
        used += rows[-1]["seconds"]
    Path(out).write_text(json.dumps(rows), encoding="utf-8")
    return {"seconds": used}


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


# --- real geometry that ships with the peers' packages --------------------------------------------


def real(out: str) -> dict[str, Any]:
    """Write outlines that packages ship: where they lie and which touch is real, households are not theirs.

    Every row is a name, and for each outline its middle, its area, and (for tracts, which touch) its neighbours.
    """
    found = [*_footprints(), *_tracts()]
    Path(out).write_text(json.dumps(found), encoding="utf-8")
    return {"places": len(found)}


def _footprints() -> Iterator[dict[str, Any]]:
    import geopandas
    from momepy import datasets

    frame = geopandas.read_file(datasets.get_path("bubenec"), layer="buildings").to_crs(5514)
    yield {"name": "bubenec", **_outlines(frame), "edges": None}


def _tracts() -> Iterator[dict[str, Any]]:
    import geopandas
    import libpysal
    from libpysal.weights import Rook

    here = Path(libpysal.examples.__file__).parent
    for name, path in (("Albuquerque tracts", "10740/10740.shp"), ("Columbus tracts", "columbus/columbus.shp")):
        frame = geopandas.read_file(here / path)
        if name.startswith("Albuquerque"):
            frame = frame.set_crs(4269).to_crs(32613)
        touching = Rook.from_dataframe(frame, use_index=False)
        edges = sorted({(min(one, other), max(one, other)) for one, row in touching.neighbors.items() for other in row})
        yield {"name": name, **_outlines(frame), "edges": [[int(one), int(other)] for one, other in edges]}


def _outlines(frame: Any) -> dict[str, Any]:
    middle = frame.geometry.centroid
    return {
        "points": [[float(x), float(y)] for x, y in zip(middle.x, middle.y, strict=True)],
        "areas": [float(area) for area in frame.geometry.area],
    }
