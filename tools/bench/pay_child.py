"""What the pay benchmark runs in a process of its own, in either environment: one subject on one workforce."""

from __future__ import annotations

import gc
import hashlib
import importlib
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol

import attrs
import numpy as np
from tools.bench import pay_rule
from tools.bench.measure import Watch
from tools.bench.pay_rule import LINES, Workforce

_ENOUGH: Final = 0.25
"""CPU seconds after which a subject isn't run again in the same process."""
_MOST_PASSES: Final = 20
_SINGLE: Final = 200
_FEN_PER_YUAN: Final = 100


class Subject(Protocol):
    """One way of computing the months, as `SUBJECT` of its module."""

    def prepare(self, workforce: Workforce) -> Any:
        """Hold the workforce as the subject's users would; not timed."""

    def month(self, state: Any, month: int) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Yield pieces of the month: the first row, and the lines of that row and those after it.

        Lines are one-dimensional and may be kept: whole fen, or yuan where they are floats. The pieces
        come in the order of rows and together hold each row once.
        """


class SingleSubject(Subject, Protocol):
    """One that can also do a single worker's slip, whose subdistrict's pool is given."""

    def single(self, *, explained: bool) -> tuple[Callable[[], Any], Callable[[Any], object]]:
        """Return how a case is set up, not timed, and how it is computed from what was set up."""


def load(module: str) -> Any:
    """Return a module's subject."""
    return importlib.import_module(f"tools.bench.{module}").SUBJECT


def months(module: str, folder: str, expected: str | None) -> dict[str, Any]:
    """Run all months of a workforce until the clock has seen enough of them.

    Args:
        module: The subject's module.
        folder: Where the workforce was saved.
        expected: The digest of all exact lines; None for a subject that counts in floats.

    Returns:
        The least CPU seconds of a pass, the bytes above the inputs in the first, and either the digest
        of all lines or how far they are from the exact ones.
    """
    subject: Subject = load(module)
    workforce = Workforce.load(Path(folder))
    passes: list[float] = []
    above = 0
    state: Any = None
    while len(passes) < _MOST_PASSES and sum(passes) < _ENOUGH:
        state = None
        state = subject.prepare(workforce)
        gc.collect()
        with Watch() as watch:
            begun = time.process_time()
            for month in range(workforce.months):
                for _ in subject.month(state, month):
                    pass
            passes.append(time.process_time() - begun)
        above = above or watch.above
    marks: dict[str, Any] = {"cpu": min(passes), "above": above}
    if expected is None:
        return {**marks, **_errors(subject, state, workforce)}
    found = _digest(subject, state, workforce)
    if expected and found != expected:
        raise AssertionError(f"{module} doesn't give the exact lines")
    return {**marks, "digest": found}


def check(module: str, workers: int) -> dict[str, Any]:
    """Hold a subject to every line of a workforce in exact fractions."""
    subject: Subject = load(module)
    workforce = pay_rule.make_workforce(workers, 2)
    state = subject.prepare(workforce)
    for month in range(workforce.months):
        exact = pay_rule.exact_month(workforce, month)
        rows = 0
        for first, lines in subject.month(state, month):
            found = {name: np.asarray(lines[name]) for name in LINES}
            assert first == rows, f"{module}: the pieces leave rows out"
            for offset, row in enumerate(islice(exact, len(found["net"]))):
                for name in LINES:
                    amount = found[name][offset]
                    assert amount == row[name], f"{module}: {name} of row {first + offset}: {amount}, not {row[name]}"
            rows += len(found["net"])
        assert rows == workers, f"{module}: {rows} rows of {workers}"
    return {"checked": workers}


def single(module: str) -> dict[str, Any]:
    """Time one worker's slip, without and with its explanation, each on a case that was set up anew."""
    subject: SingleSubject = load(module)
    marks: dict[str, Any] = {}
    for name, explained in (("slip", False), ("explained", True)):
        set_up, run = subject.single(explained=explained)
        times = []
        for _ in range(_SINGLE):
            case = set_up()
            begun = time.process_time()
            run(case)
            times.append(time.process_time() - begun)
        marks[name] = statistics.median(times)
    return marks


@attrs.define
class _Errors:
    """How far a month's lines in floats are from the exact ones."""

    rows: int = 0
    net: int = 0
    any_line: int = 0
    furthest: float = 0.0

    def add(self, found: Mapping[str, Any], exact: Mapping[str, Any]) -> None:
        wrong = np.zeros(len(exact["net"]), dtype=np.bool_)
        for name in LINES:
            fen = np.asarray(found[name], dtype=np.float64) * _FEN_PER_YUAN
            self.furthest = max(self.furthest, float(np.abs(fen - exact[name]).max()))
            wrong_line = np.rint(fen) != exact[name]
            wrong |= wrong_line
            if name == "net":
                self.net += int(wrong_line.sum())
        self.any_line += int(wrong.sum())
        self.rows += len(wrong)


def _errors(subject: Subject, state: Any, workforce: Workforce) -> dict[str, Any]:
    """Hold all months against the reference by hand, which is exact."""
    by_hand: Subject = load("pay_numpy")
    sorted_once = by_hand.prepare(workforce)
    errors = _Errors()
    for month in range(workforce.months):
        ((_, found),) = subject.month(state, month)
        for first, exact in by_hand.month(sorted_once, month):
            rows = slice(first, first + len(exact["net"]))
            errors.add({name: np.asarray(found[name])[rows] for name in LINES}, exact)
    return {
        "wrong net": errors.net / errors.rows,
        "wrong lines": errors.any_line / errors.rows,
        "furthest": errors.furthest,
    }


def _digest(subject: Subject, state: Any, workforce: Workforce) -> str:
    """Return a digest of all lines of all months, however they are cut into pieces."""
    hashes = {name: hashlib.blake2b(digest_size=16) for name in LINES}
    for month in range(workforce.months):
        rows = 0
        for first, lines in subject.month(state, month):
            assert first == rows, "the pieces leave rows out"
            for name, digest in hashes.items():
                digest.update(np.ascontiguousarray(lines[name], dtype=np.int64).data)
            rows += len(lines["net"])
        assert rows == len(workforce), f"{rows} rows of {len(workforce)}"
    return "-".join(digest.hexdigest() for digest in hashes.values())
