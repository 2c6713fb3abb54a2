"""What a division into grids is judged by, the same for every tool: plain lists in, numbers out.

Neither side's code measures itself. This file runs in both environments, and so knows nothing of shequ_core.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

Labels: TypeAlias = "Sequence[int]"
"""The grid of each building, by any number."""

_FAR: Final = 10**6


@attrs.frozen(kw_only=True, eq=False)
class Problem:
    """A community as every tool gets it.

    Attributes:
        estates: The estate of each building, -1 where it belongs to none.
        points: Metres east and north; none where only adjacencies are known.
        previous: The earlier grid of each building, empty without an earlier division.
    """

    name: str
    low: int
    high: int
    households: list[int]
    estates: list[int]
    edges: list[tuple[int, int]]
    points: list[tuple[float, float]] | None = None
    previous: list[str | None] = attrs.field(factory=list)

    def __len__(self) -> int:
        return len(self.households)

    def touching(self) -> list[list[int]]:
        """Return for each building those it touches."""
        found: list[list[int]] = [[] for _ in self.households]
        for one, other in self.edges:
            found[one].append(other)
            found[other].append(one)
        return found

    def squares(self) -> npt.NDArray[np.float64]:
        """Return squared metres between all buildings, or squared steps in the graph where there are no points."""
        if self.points is not None:
            points = np.array(self.points)
            away = points[:, None, :] - points[None, :, :]
            squared: npt.NDArray[np.float64] = (away**2).sum(axis=2)
            return squared
        touching = self.touching()
        steps = np.full((len(self), len(self)), _FAR, dtype=np.float64)
        for start in range(len(self)):
            steps[start, start] = 0
            queue = deque([start])
            while queue:
                row = queue.popleft()
                for other in touching[row]:
                    if steps[start, other] == _FAR:
                        steps[start, other] = steps[start, row] + 1
                        queue.append(other)
        return steps**2

    def parts(self) -> list[list[int]]:
        """Return the connected parts of the community."""
        return parts_of(range(len(self)), self.touching())


def save(problems: Iterable[Problem], path: Path) -> None:
    """Write problems for a child."""
    path.write_text(json.dumps([attrs.asdict(one) for one in problems]), encoding="utf-8")


def load(path: Path) -> list[Problem]:
    """Read what `save` wrote."""
    return [
        Problem(**{**row, "edges": [(one, other) for one, other in row["edges"]]})
        for row in json.loads(path.read_text(encoding="utf-8"))
    ]


@attrs.frozen(kw_only=True)
class Measures:
    """A division's figures, in the order in which plans are compared.

    Attributes:
        violation: Households by which grids miss the bounds.
        pieces: Parts that grids fall into, beyond one each.
        splits: Parts of estates beyond one each.
        compactness: Households times squared metres (or steps) to each grid's best building.
        moved: With an earlier division, households whose grid is another; grids are matched so that it is least.
    """

    grids: int
    violation: int
    pieces: int
    splits: int
    compactness: float
    moved: int | None = None

    @property
    def valid(self) -> bool:
        """Whether every grid keeps the bounds in one piece."""
        return not self.violation and not self.pieces


def measure(problem: Problem, labels: Labels, squares: npt.NDArray[np.float64] | None = None) -> Measures:
    """Judge a division; `squares` are those of the problem, for whoever has them at hand."""
    if len(labels) != len(problem):
        raise ValueError(f"{problem.name}: {len(labels)} labels for {len(problem)} buildings")
    away = problem.squares() if squares is None else squares
    rows_of: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        rows_of.setdefault(label, []).append(row)
    households = np.array(problem.households, dtype=np.int64)
    touching = problem.touching()
    violation = pieces = 0
    compactness = 0.0
    for rows in rows_of.values():
        total = int(households[rows].sum())
        violation += max(0, problem.low - total, total - problem.high)
        pieces += len(parts_of(rows, touching)) - 1
        compactness += float((households[rows] @ away[np.ix_(rows, rows)]).min())
    estates = {(estate, label) for estate, label in zip(problem.estates, labels, strict=True) if estate >= 0}
    return Measures(
        grids=len(rows_of),
        violation=violation,
        pieces=pieces,
        splits=len(estates) - len({estate for estate, _ in estates}),
        compactness=compactness,
        moved=_moved(problem, labels) if any(problem.previous) else None,
    )


def parts_of(rows: Iterable[int], touching: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the connected parts of some buildings."""
    left = dict.fromkeys(rows)
    found = []
    while left:
        part = [next(iter(left))]
        del left[part[0]]
        for one in part:
            for other in touching[one]:
                if other in left:
                    del left[other]
                    part.append(other)
        found.append(part)
    return found


def _moved(problem: Problem, labels: Labels) -> int:
    before = sorted({one for one in problem.previous if one is not None})
    after = sorted(set(labels))
    shared = np.zeros((len(after), len(before)), dtype=np.int64)
    for label, grid, households in zip(labels, problem.previous, problem.households, strict=True):
        if grid is not None:
            shared[after.index(label), before.index(grid)] += households
    return int(shared.sum()) - _most_kept(shared)


def _most_kept(shared: npt.NDArray[np.int64]) -> int:
    """The greatest sum of one entry a row and a column: the Hungarian method, by shortest augmenting paths."""
    size = max(shared.shape)
    cost = np.zeros((size + 1, size + 1), dtype=np.int64)
    cost[1 : shared.shape[0] + 1, 1 : shared.shape[1] + 1] = -shared
    of_row, of_column = np.zeros(size + 1, dtype=np.int64), np.zeros(size + 1, dtype=np.int64)
    matched, way = [0] * (size + 1), [0] * (size + 1)
    for row in range(1, size + 1):
        matched[0] = row
        column = 0
        slack = np.full(size + 1, np.iinfo(np.int64).max, dtype=np.int64)
        used = np.zeros(size + 1, dtype=np.bool_)
        while matched[column]:
            used[column] = True
            at = matched[column]
            for other in np.flatnonzero(~used).tolist():
                found = int(cost[at, other] - of_row[at] - of_column[other])
                if other and found < slack[other]:
                    slack[other], way[other] = found, column
            open_columns = [other for other in np.flatnonzero(~used).tolist() if other]
            column = min(open_columns, key=lambda other: int(slack[other]))
            step = int(slack[column])
            for other in np.flatnonzero(used).tolist():
                of_row[matched[other]] += step
                of_column[other] -= step
            slack[~used] -= step
        while column:
            matched[column] = matched[way[column]]
            column = way[column]
    return -int(sum(cost[matched[column], column] for column in range(1, size + 1)))


def data(measures: Measures) -> dict[str, Any]:
    """Return it as JSON data."""
    return attrs.asdict(measures)
