"""Grid division against the tools that others would use: gerrychain, METIS, pygeoda's and spopt's max-p.

All sides divide the same communities (`grids_cases`), and one measure judges them (`grids_measure`). A plan is
compared by its bounds and contiguity, then by its number of grids, then by estates kept whole, then by compactness:
how much less compact it is than the most compact plan known with as many grids and no more estates split. What is
known best of each case is kept in `grids_best.json`: the best of all tools, of other seeds of our own, of other
searches that were tried and left, and of a judge that proves it where it can (`grids_judge`). A run writes there only
with `--update-best`; a better plan of any other run counts for that run.

Not run unless it is named: it takes minutes, and needs an environment of its own for the peers, which
`nox -s bench -- grids` makes.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
from tools.bench import grids_cases
from tools.bench.grids_cases import Case, Family
from tools.bench.grids_measure import Measures, Problem, data, measure, parts_of, save
from tools.bench.measure import Run, run_code

PEERS: Final = "BENCH_PEERS"
"""The environment variable that names the Python in which the peers are installed."""

OURS: Final = "shequ-core"
METIS: Final = "METIS"
GERRYCHAIN: Final = "gerrychain"
PYGEODA: Final = "pygeoda max-p"
SPOPT: Final = "spopt max-p"
TOOLS: Final = (GERRYCHAIN, METIS, PYGEODA, SPOPT)
_LARGEST_FOR_SPOPT: Final = 100
_SPOPT_STEP: Final = 3
_BUDGET: Final = 60.0
"""CPU seconds that a peer gets for the communities that have a plan, and spopt in all, so that the whole ends in some
twenty minutes: what it doesn't come to is left out of its row."""
_BUDGET_BESIDE: Final = 20.0
"""The same for every other set: redraws, what has no plan, many of one size, each size of growth."""
_SAME: Final = 1e-9
"""By less than this part of it two figures of compactness differ only in the order in which they were summed."""
_LEAST: Final = 1e-4
"""Seconds below which nobody can tell what a tool takes."""
_WORKERS: Final = 2
_JUDGED: Final = 100
_SHAPES: Final = (((9, 9), 30), ((15, 15), 12), ((21, 21), 6), ((30, 30), 3), ((45, 40), 3))
"""Rows and columns of buildings, and how many such communities: of the small ones some are solved by listing in no time
and some are not, so that it takes many of them to tell what one takes."""
_VERSIONS: Final = """
import json, importlib.metadata as m
print(json.dumps({name: m.version(name) for name in ("gerrychain", "pymetis", "pygeoda", "spopt", "highspy")}))
"""


def problem_of(case: Case) -> Problem:
    """Return a case as plain lists, as every tool gets it."""
    layout = case.layout
    return Problem(
        name=case.name,
        low=case.low,
        high=case.high,
        households=layout.households.tolist(),
        estates=layout.estates.tolist(),
        edges=[(one, other) for one, other in layout.edges.tolist()],
        points=None if layout.points is None else [(x, y) for x, y in layout.points.tolist()],
        previous=list(layout.previous),
    )


# --- what is known best ---------------------------------------------------------------------------


@attrs.define
class Known:
    """What is known best of a case.

    Attributes:
        digest: Of the case that it was found for.
        plans: (grids, estate splits, compactness) of plans that keep the bounds, none of which is worse in all than
            another of as many grids.
        proven: Numbers of grids for which no plan is more compact than the most compact one here.
    """

    digest: str
    plans: list[tuple[int, int, float]] = attrs.field(factory=list)
    violation: int | None = None
    moved: int | None = None
    proven: list[int] = attrs.field(factory=list)

    def add(self, found: Measures) -> None:
        """Take a plan into account."""
        if not found.pieces:
            self.violation = found.violation if self.violation is None else min(self.violation, found.violation)
        if not found.valid:
            return
        if found.moved is not None:
            self.moved = found.moved if self.moved is None else min(self.moved, found.moved)
        plan = (found.grids, found.splits, found.compactness)
        if any(_no_worse(other, plan) for other in self.plans):
            return
        self.plans = sorted([other for other in self.plans if not _no_worse(plan, other)] + [plan])

    def fewest(self) -> int:
        """Return the fewest grids known."""
        return min(plan[0] for plan in self.plans)

    def needed_splits(self, grids: int) -> int:
        """Return the fewest estate splits known of plans of so many grids."""
        return min(splits for count, splits, _ in self.plans if count == grids)

    def compactness(self, grids: int, splits: int) -> float:
        """Return the least compactness known of plans of so many grids that split no more estates."""
        return min(found for count, others, found in self.plans if count == grids and others <= splits)


def _no_worse(one: tuple[int, int, float], other: tuple[int, int, float]) -> bool:
    return one[0] == other[0] and one[1] <= other[1] and one[2] <= other[2] * (1 + _SAME)


BEST: Final = Path(__file__).with_name("grids_best.json")


def read_best(cases: Iterable[Case]) -> dict[str, Known]:
    """Read what is known best; what was found for a case that has changed since is forgotten."""
    kept = json.loads(BEST.read_text(encoding="utf-8")) if BEST.is_file() else {}
    found = {}
    for case in cases:
        digest = case.digest()
        known = Known(digest, violation=case.violation)
        row = kept.get(case.name)
        if row is not None and row["digest"] == digest:
            known.plans = [(grids, splits, compactness) for grids, splits, compactness in row.get("plans", [])]
            known.proven = row.get("proven", [])
            known.moved = row.get("moved")
            if row.get("violation") is not None:
                known.violation = row["violation"]
        found[case.name] = known
    return found


def write_best(best: Mapping[str, Known]) -> None:
    """Keep what is known best beside what is kept of other cases."""
    kept = json.loads(BEST.read_text(encoding="utf-8")) if BEST.is_file() else {}
    for name, known in best.items():
        kept[name] = {field: value for field, value in attrs.asdict(known).items() if value not in (None, [])}
    rows = [f" {json.dumps(name)}: {json.dumps(kept[name])}" for name in sorted(kept)]
    BEST.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


# --- running the sides ----------------------------------------------------------------------------


@attrs.frozen
class Answer:
    """What a side answered to a case."""

    measures: Measures | None
    seconds: float
    status: str | None = None
    causes: tuple[str, ...] = ()


@attrs.frozen
class Bench:
    """Where the sides run."""

    here: Path
    python: str
    folder: Path

    def call(self, code: str, *, peer: bool) -> Run:
        """Run code in a process of its own, and hand back what it calls MARKS."""
        return run_code(code, cwd=self.here, python=self.python if peer else sys.executable)

    def divide(
        self, tool: str, problems: Sequence[Problem], seed: int = 1, budget: float = _BUDGET_BESIDE
    ) -> dict[str, Answer]:
        """Have a tool divide problems, and judge its plans; a peer that uses up its budget leaves the rest out."""
        asked, told = self.folder / "asked.json", self.folder / "told.json"
        save(problems, asked)
        print(f"  … {tool}: {len(problems)} communities", file=sys.stderr)
        where = f"{str(asked)!r}, {str(told)!r}, seed={seed}"
        if tool == OURS:
            self.call(f"from tools.bench import grids_ours\nMARKS = grids_ours.run({where})\n", peer=False)
        else:
            call = f"grids_peers.run({tool!r}, {where}, budget={budget})"
            self.call(f"from tools.bench import grids_peers\nMARKS = {call}\n", peer=True)
        rows = {row["name"]: row for row in json.loads(told.read_text(encoding="utf-8"))}
        if rows and all(row["labels"] is None for row in rows.values()):
            print(f"  ! {tool} answered none of {len(rows)} communities: something is wrong with it or its libraries")
        answers = {}
        for problem in problems:
            row = rows.get(problem.name)
            if row is None:
                continue  # the budget was used up
            found = None if row["labels"] is None else measure(problem, row["labels"])
            answers[problem.name] = Answer(found, row["seconds"], row.get("status"), tuple(row.get("causes", ())))
        return answers

    def together(self, problems: Sequence[Problem], workers: int) -> float:
        """Return the seconds in which so many processes of ours divide problems."""
        asked = self.folder / "asked.json"
        save(problems, asked)
        call = f"grids_ours.together({str(asked)!r}, {workers})"
        return self.call(f"from tools.bench import grids_ours\nMARKS = {call}\n", peer=False).mark("wall")

    def real(self) -> list[Case]:
        """Return cases of the outlines that ship with the peers' packages."""
        told = self.folder / "real.json"
        self.call(f"from tools.bench import grids_peers\nMARKS = grids_peers.real({str(told)!r})\n", peer=True)
        return [
            grids_cases.of_outlines(
                row["name"], np.array(row["points"]), np.array(row["areas"]),
                None if row["edges"] is None else np.array(row["edges"], dtype=np.int64),
            )
            for row in json.loads(told.read_text(encoding="utf-8"))
        ]

    def judge(self, problems: Sequence[Problem], best: Mapping[str, Known], seconds: float) -> None:
        """Prove how compact plans of the fewest grids can be, as far as the time for each goes."""
        asked, wanted, told = (self.folder / name for name in ("asked.json", "wanted.json", "told.json"))
        open_ones = {}
        for problem in problems:
            known = best[problem.name]
            if known.plans and len(problem) <= _JUDGED and known.fewest() not in known.proven:
                grids = known.fewest()
                open_ones[problem.name] = (grids, min(plan[2] for plan in known.plans if plan[0] == grids))
        save(problems, asked)
        wanted.write_text(json.dumps(open_ones), encoding="utf-8")
        where = f"{str(asked)!r}, {str(wanted)!r}, {str(told)!r}, {seconds}"
        self.call(f"from tools.bench import grids_judge\nMARKS = grids_judge.run({where})\n", peer=True)
        of_name = {problem.name: problem for problem in problems}
        for name, found in json.loads(told.read_text(encoding="utf-8")).items():
            if found["labels"] is not None:
                best[name].add(measure(of_name[name], found["labels"]))
            if found["proven"]:
                best[name].proven.append(open_ones[name][0])


def bench(
    here: Path, *, quick: bool, update_best: bool = False, only: Sequence[str] = (), seeds: int = 20,
    judge: float = 60.0,
) -> dict[str, Any]:
    """Measure and print; `only` names sides, where not all are to run."""
    python = os.environ.get(PEERS)
    if python is None:
        raise SystemExit(
            f"grids needs its peers: run `nox -s bench -- grids`, or name a Python that has them in {PEERS}."
        )
    versions = json.loads(subprocess.check_output([python, "-c", _VERSIONS], text=True))
    sides = [side for side in (OURS, *TOOLS) if not only or side in only]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(here, python, Path(folder))
        step = 6 if quick else 1
        feasible = [*list(grids_cases.feasible())[::step], *bench.real()]
        redraws = list(grids_cases.redraws())[::step]
        infeasible = list(grids_cases.infeasible())
        best = read_best([*feasible, *redraws, *infeasible])
        print(
            f"grids: {len(feasible)} communities that have a plan, {len(redraws)} to redraw, {len(infeasible)} that"
            " have none; " + ", ".join(f"{name} {version}" for name, version in versions.items())
        )
        found = {side: _divided(bench, side, feasible, best, _BUDGET) for side in sides}
        quick_sides = [side for side in sides if side != SPOPT]
        redrawn = {side: _divided(bench, side, redraws, best) for side in quick_sides}
        without = {side: _divided(bench, side, infeasible, best) for side in quick_sides}
        if update_best:
            _look_longer(bench, quick_sides, [*feasible, *redraws, *infeasible], best, seeds, judge)
            write_best(best)
        _print_feasible(found, feasible, best)
        _print_redraws(redrawn, best)
        _print_infeasible(without, infeasible, best)
        speed = _speed(bench, quick_sides, quick=quick)
        growth = _growth(bench, quick_sides, quick=quick)
    return {
        "versions": versions,
        "feasible": _data(found),
        "redraws": _data(redrawn),
        "infeasible": _data(without),
        "speed": speed,
        "growth": growth,
    }


def _divided(
    bench: Bench, side: str, cases: Sequence[Case], best: Mapping[str, Known], budget: float = _BUDGET_BESIDE
) -> dict[str, Answer]:
    problems = [problem_of(case) for case in cases]
    if side == SPOPT:
        problems = [problem for problem in problems if len(problem) <= _LARGEST_FOR_SPOPT][::_SPOPT_STEP]
    answers = bench.divide(side, problems, budget=budget)
    for name, answer in answers.items():
        if answer.measures is not None:
            best[name].add(answer.measures)
    return answers


def _look_longer(
    bench: Bench, sides: Sequence[str], cases: Sequence[Case], best: Mapping[str, Known], seeds: int, judge: float
) -> None:
    """Look for better plans than one run finds: other seeds of all that are quick, and the judge."""
    problems = [problem_of(case) for case in cases]
    for side in sides:
        if side == GERRYCHAIN:
            continue
        for seed in range(2, 2 + seeds):
            for name, answer in bench.divide(side, problems, seed).items():
                if answer.measures is not None:
                    best[name].add(answer.measures)
    if judge > 0:
        bench.judge([problem_of(case) for case in cases if case.feasible], best, judge)


# --- telling --------------------------------------------------------------------------------------


def _print_feasible(
    found: Mapping[str, Mapping[str, Answer]], cases: Sequence[Case], best: Mapping[str, Known]
) -> None:
    print("  valid: bounds and contiguity kept; excess: above the most compact plan known of as many grids and no")
    print("  more estate splits; splits: estate splits above the fewest known, mean; seconds: CPU, median and p90")
    print(f"  {'':16}{'cases':>6}{'valid':>8}{'fewest':>8}{'excess':>9}{'p90':>8}{'splits':>8}{'seconds':>9}{'p90':>8}")
    for side, answers in found.items():
        valid = {name: one.measures for name, one in answers.items() if one.measures and one.measures.valid}
        fewest = sum(one.grids == best[name].fewest() for name, one in valid.items())
        excess = [
            one.compactness / known - 1 if (known := best[name].compactness(one.grids, one.splits)) else 0.0
            for name, one in valid.items()
        ]
        splits = [one.splits - best[name].needed_splits(one.grids) for name, one in valid.items()]
        seconds = [one.seconds for one in answers.values()]
        print(
            f"  {side:<16}{len(answers):6}{len(valid) / len(answers):8.1%}{fewest / len(answers):8.1%}"
            f"{_at(excess, 50):9.2%}{_at(excess, 90):8.2%}{_mean(splits):8.2f}{_at(seconds, 50):9.4f}"
            f"{_at(seconds, 90):8.3f}"
        )
    _print_ratio([found[side] for side in (OURS, METIS) if side in found])
    for case in cases:
        answer = found.get(OURS, {}).get(case.name)
        if answer is not None and not (answer.measures and answer.measures.valid):
            print(f"    {OURS}, {case.name}: {answer.status}")
    families = [family for family in Family if any(case.family is family for case in cases)]
    print("  valid, by family: " + ", ".join(families))
    for side, answers in found.items():
        shares = []
        for family in families:
            rows = [answers[case.name] for case in cases if case.family is family and case.name in answers]
            valid_rows = sum(bool(row.measures and row.measures.valid) for row in rows)
            shares.append(f"{valid_rows}/{len(rows)}")
        print(f"  {side:<16}" + "  ".join(shares))
    proven = sum(bool(best[case.name].plans) and best[case.name].fewest() in best[case.name].proven for case in cases)
    print(f"  of {proven} cases the most compact plan of the fewest grids is proven")


def _print_ratio(both: Sequence[Mapping[str, Answer]]) -> None:
    """Say how ours compares with METIS, which is what to look at where machines differ."""
    if len(both) < 2:
        return
    ours, theirs = both
    shared = [name for name in ours if name in theirs]
    of_case = [ours[name].seconds / max(theirs[name].seconds, _LEAST) for name in shared]
    total = sum(ours[name].seconds for name in shared) / max(sum(theirs[name].seconds for name in shared), _LEAST)
    median = _at(of_case, 50)
    print(f"  {OURS} takes {median:.1f} times as long as {METIS} in the median case, {total:.1f} times in all")


def _print_redraws(found: Mapping[str, Mapping[str, Answer]], best: Mapping[str, Known]) -> None:
    print("  redrawing: households moved over the fewest known, in all and at p90; where none need to, how many stay")
    for side, answers in found.items():
        valid = {name: one.measures for name, one in answers.items() if one.measures and one.measures.valid}
        moved = {name: one.moved or 0 for name, one in valid.items()}
        known = {name: best[name].moved or 0 for name in valid}
        ratios = [moved[name] / known[name] for name in valid if known[name]]
        still = [name for name in valid if not known[name]]
        ratio = sum(moved.values()) / max(1, sum(known.values()))
        print(
            f"  {side:<16}{len(valid) / max(1, len(answers)):8.1%} valid{ratio:8.2f}{_at(ratios, 90):8.2f}"
            f"{sum(not moved[name] for name in still):6} of {len(still)}"
        )


def _print_infeasible(
    found: Mapping[str, Mapping[str, Answer]], cases: Sequence[Case], best: Mapping[str, Known]
) -> None:
    print("  no plan: recognised, with a right cause; smallest total violation reached in one piece each")
    for side, answers in found.items():
        seen = named = least = 0
        for case in cases:
            if case.name not in answers:
                continue
            answer = answers[case.name]
            seen += answer.status == "infeasible"
            named += answer.status == "infeasible" and bool({one.value for one in case.causes} & set(answer.causes))
            reached = answer.measures is not None and not answer.measures.pieces
            least += bool(reached and answer.measures and answer.measures.violation == best[case.name].violation)
        print(f"  {side:<16}{seen:4}{named:4}{least:4} of {len(answers)}")
        if side == OURS:
            for case in cases:
                answer = answers[case.name]
                missed = answer.measures.violation if answer.measures else None
                right = answer.status == "infeasible" and {one.value for one in case.causes} & set(answer.causes)
                if not right or missed != best[case.name].violation:
                    causes = ", ".join(answer.causes) or "no cause"
                    print(f"    {case.name}: {answer.status} ({causes}), {missed} of {best[case.name].violation}")


def _speed(bench: Bench, sides: Sequence[str], *, quick: bool) -> dict[str, Any]:
    count = 100 if quick else 1_000
    problems = [problem_of(case) for case in grids_cases.many(count)]
    print(f"  {count:,} communities of 81 buildings on one core: seconds, valid, fewest by arithmetic")
    told: dict[str, Any] = {}
    ran_by: dict[str, Mapping[str, Answer]] = {}
    for side in sides:
        answers = ran_by[side] = bench.divide(side, problems)
        valid = {name: one.measures for name, one in answers.items() if one.measures and one.measures.valid}
        arithmetic = {problem.name: _fewest(problem) for problem in problems}
        fewest = sum(one.grids == arithmetic[name] for name, one in valid.items())
        ran = len(answers)
        seconds = sum(one.seconds for one in answers.values()) / ran * count
        told[side] = {"seconds": seconds, "communities": ran, "valid": len(valid) / ran, "fewest": fewest / ran}
        rate = "" if ran == count else f"  at the rate of the {ran} that its budget allowed"
        print(f"  {side:<16}{seconds:9.2f}{len(valid) / ran:8.1%}{fewest / ran:8.1%}{rate}")
    _print_ratio([ran_by[side] for side in (OURS, METIS) if side in ran_by])
    if OURS in sides:
        told[f"{OURS}, {_WORKERS} processes"] = seconds = bench.together(problems, _WORKERS)
        print(f"  {OURS}, {_WORKERS} processes: {seconds:.1f} s on the clock")
    return told


def _fewest(problem: Problem) -> int:
    touching = problem.touching()
    parts = parts_of(range(len(problem)), touching)
    return sum(max(1, math.ceil(sum(problem.households[row] for row in part) / problem.high)) for part in parts)


def _growth(bench: Bench, sides: Sequence[str], *, quick: bool) -> dict[str, Any]:
    print("  growth: mean seconds of a community by its buildings, and the exponent")
    told: dict[str, Any] = {}
    shapes = _SHAPES[:3] if quick else _SHAPES
    sizes = [across * along for (across, along), _ in shapes]
    problems = [
        [problem_of(case) for case in grids_cases.many(count, across, along)] for (across, along), count in shapes
    ]
    print(f"  {'':16}" + "".join(f"{size:9}" for size in sizes))
    for side in sides:
        seconds = [
            statistics.fmean(one.seconds for one in bench.divide(side, some).values()) for some in problems
        ]
        exponent = float(np.polyfit(np.log(sizes), np.log(np.maximum(seconds, 1e-6)), 1)[0])
        told[side] = {"seconds": dict(zip(map(str, sizes), seconds, strict=True)), "exponent": exponent}
        print(f"  {side:<16}" + "".join(f"{one:9.3f}" for one in seconds) + f"{exponent:8.2f}")
    return told


def _at(figures: Sequence[float], percent: int) -> float:
    return float(np.percentile(figures, percent)) if figures else math.nan


def _mean(figures: Sequence[float]) -> float:
    return statistics.fmean(figures) if figures else math.nan


def _data(found: Mapping[str, Mapping[str, Answer]]) -> dict[str, Any]:
    return {
        side: {
            name: {
                **({} if one.measures is None else data(one.measures)),
                "seconds": one.seconds,
                "status": one.status,
                "causes": list(one.causes),
            }
            for name, one in answers.items()
        }
        for side, answers in found.items()
    }
