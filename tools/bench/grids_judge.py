"""A judge by mixed-integer programming (HiGHS): the most compact division into so many grids, or a bound on it.

It runs in the peers' environment and only to judge: of communities of 30 buildings it proves the best in seconds, of 50
mostly within a minute, of 80 and more hardly ever. Each grid is
served from one of its buildings; that it is in one piece is asked for only where an answer breaks it (cuts by
neighbours), so that the bound it proves holds from the first answer on. Estates don't enter.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt
from tools.bench.grids_measure import Problem, load, measure, parts_of

_ROUNDS: Final = 60
_CLOSE: Final = 1e-6
_AT_MOST: Final = 40


@attrs.frozen(kw_only=True)
class Judgement:
    """What is known of the most compact division.

    Attributes:
        bound: No division into so many grids is more compact.
        labels: The division found, if there is one.
        proven: Whether it is the most compact, to within a millionth.
    """

    bound: float
    labels: list[int] | None
    compactness: float | None
    proven: bool


def most_compact(problem: Problem, grids: int, known: float, seconds: float) -> Judgement:
    """Look for the most compact division into so many grids.

    Args:
        known: The compactness of a division that keeps the bounds with as many grids (infinite if none is known):
            what can't be part of a better one is left out.
        seconds: When to give up.
    """
    started = time.monotonic()
    squares = problem.squares()
    weights = np.array(problem.households, dtype=np.float64)
    cost = weights[:, None] * squares
    scale = max(float(np.median(cost[cost > 0])) if (cost > 0).any() else 1.0, 1.0)
    model = _Model(problem, grids, cost / scale)
    bound, reduced = model.relaxed(seconds)
    room = known * (1 + _CLOSE) / scale - bound
    model.keep(reduced <= room)
    best: tuple[float, list[int]] | None = None
    for _ in range(_ROUNDS):
        left = seconds - (time.monotonic() - started)
        if left <= 0:
            break
        answer = model.solve(left)
        bound = max(bound, answer.bound)
        if answer.centre is None:
            break
        labels = answer.centre.tolist()
        broken = model.cut(answer.centre)
        if not broken:
            best = (measure(problem, labels, squares).compactness, labels)
            break
    if best is None:
        return Judgement(bound=bound * scale, labels=None, compactness=None, proven=False)
    proven = best[0] <= bound * scale * (1 + 100 * _CLOSE) + _CLOSE
    return Judgement(bound=bound * scale, labels=best[1], compactness=best[0], proven=proven)


@attrs.frozen
class _Answer:
    bound: float
    centre: npt.NDArray[np.int64] | None


class _Model:
    """x[i, c]: building i is in the grid that is served from building c."""

    def __init__(self, problem: Problem, grids: int, cost: npt.NDArray[np.float64]) -> None:
        self.problem, self.grids, self.cost = problem, grids, cost
        self.touching = problem.touching()
        self.allowed = np.isfinite(cost)
        for part in problem.parts():
            outside = np.ones(len(problem), dtype=np.bool_)
            outside[part] = False
            self.allowed[np.ix_(~outside, outside)] = False
        self.cuts: list[tuple[int, int, list[int]]] = []

    def keep(self, allowed: npt.NDArray[np.bool_]) -> None:
        """Leave out what can't be part of a better division."""
        self.allowed &= allowed

    def relaxed(self, seconds: float) -> tuple[float, npt.NDArray[np.float64]]:
        """Return a bound, and by how much it would rise with each x at one."""
        solver, place = self._built(whole=False)
        solver.setOptionValue("time_limit", seconds)
        solver.run()
        solution = solver.getSolution()
        duals = np.full(self.cost.shape, 0.0)
        duals[place[0], place[1]] = np.maximum(np.array(solution.col_dual), 0)
        import highspy

        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return 0.0, np.zeros(self.cost.shape)
        return float(solver.getInfo().objective_function_value), duals

    def solve(self, seconds: float) -> _Answer:
        """Solve it in whole numbers."""
        import highspy

        solver, place = self._built(whole=True)
        solver.setOptionValue("time_limit", seconds)
        solver.setOptionValue("mip_rel_gap", _CLOSE)
        solver.run()
        info = solver.getInfo()
        bound = float(info.mip_dual_bound)
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return _Answer(math.inf, None)
        bound = bound if math.isfinite(bound) else 0.0
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return _Answer(bound, None)
        chosen = np.array(solver.getSolution().col_value) > 0.5
        centre = np.zeros(len(self.problem), dtype=np.int64)
        centre[place[0][chosen]] = place[1][chosen]
        return _Answer(bound, centre)

    def cut(self, centre: npt.NDArray[np.int64]) -> int:
        """Ask that what hangs apart from its centre be joined to it; return how many pieces did."""
        broken = 0
        for one in np.unique(centre).tolist():
            rows = np.flatnonzero(centre == one).tolist()
            for piece in parts_of(rows, self.touching):
                if one in piece:
                    continue
                broken += 1
                around = sorted({other for row in piece for other in self.touching[row]} - set(piece))
                self.cuts += [(row, one, around) for row in piece]
        return broken

    def _built(self, *, whole: bool) -> tuple[Any, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        import highspy

        rows, centres = np.nonzero(self.allowed)
        count = len(rows)
        column = np.full(self.cost.shape, -1, dtype=np.int64)
        column[rows, centres] = np.arange(count)
        entries: list[tuple[list[int], list[float], float, float]] = []
        households = np.array(self.problem.households, dtype=np.float64)
        for row in range(len(self.problem)):
            there = column[row][column[row] >= 0].tolist()
            entries.append((there, [1.0] * len(there), 1.0, 1.0))
        for one in range(len(self.problem)):
            served = np.flatnonzero(column[:, one] >= 0)
            open_column = int(column[one, one])
            for row in served.tolist():
                if row != one:
                    own = int(column[row, one])
                    if open_column < 0:
                        entries.append(([own], [1.0], 0.0, 0.0))
                    else:
                        entries.append(([own, open_column], [1.0, -1.0], -math.inf, 0.0))
            if open_column >= 0:
                others = [int(column[row, one]) for row in served.tolist() if row != one]
                values = [float(households[row]) for row in served.tolist() if row != one]
                at_centre = float(households[one])
                entries.append(([open_column, *others], [at_centre - self.problem.low, *values], 0.0, math.inf))
                entries.append(([open_column, *others], [at_centre - self.problem.high, *values], -math.inf, 0.0))
        opened = [int(at) for at in np.diagonal(column).tolist() if at >= 0]
        entries.append((opened, [1.0] * len(opened), float(self.grids), float(self.grids)))
        for row, one, around in self.cuts:
            own = int(column[row, one])
            if own >= 0:
                there = [int(column[other, one]) for other in around if column[other, one] >= 0]
                entries.append(([own, *there], [1.0, *[-1.0] * len(there)], -math.inf, 0.0))
        model = highspy.HighsLp()
        model.num_col_ = count
        model.num_row_ = len(entries)
        model.col_cost_ = self.cost[rows, centres]
        model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
        model.row_lower_ = np.array([entry[2] for entry in entries])
        model.row_upper_ = np.array([entry[3] for entry in entries])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(entry[0]) for entry in entries)])
        model.a_matrix_.index_ = np.concatenate([np.array(entry[0], dtype=np.int64) for entry in entries])
        model.a_matrix_.value_ = np.concatenate([np.array(entry[1]) for entry in entries])
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * count
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.passModel(model)
        return solver, (rows, centres)


def run(problems: str, asked: str, out: str, seconds: float) -> dict[str, Any]:
    """Judge problems of a file, the smallest first; what comes after forty times the seconds of one isn't judged.

    Args:
        asked: A file that says for each name how many grids, and what compactness is known.
    """
    wanted: dict[str, Sequence[float]] = json.loads(Path(asked).read_text(encoding="utf-8"))
    found = {}
    begun = time.monotonic()
    for problem in sorted(load(Path(problems)), key=lambda one: (len(one), one.name)):
        if problem.name in wanted and time.monotonic() - begun < _AT_MOST * seconds:
            grids, known = wanted[problem.name]
            found[problem.name] = attrs.asdict(most_compact(problem, int(grids), known, seconds))
    Path(out).write_text(json.dumps(found), encoding="utf-8")
    return {"judged": len(found), "proven": sum(one["proven"] for one in found.values())}
