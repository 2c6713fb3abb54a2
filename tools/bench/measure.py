"""How a figure is taken: child processes, CPU time, peak memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np

ONE_CORE: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS", "POLARS_MAX_THREADS", "NUMEXPR_MAX_THREADS"), "1"
)
_EPILOGUE: Final = """
import json as _json, resource as _resource, sys as _sys
_used = _resource.getrusage(_resource.RUSAGE_SELF)
_below = _resource.getrusage(_resource.RUSAGE_CHILDREN)
_unit = 1 if _sys.platform == "darwin" else 1024
print(_json.dumps({"cpu": _used.ru_utime + _used.ru_stime + _below.ru_utime + _below.ru_stime,
                   "peak": max(_used.ru_maxrss, _below.ru_maxrss) * _unit, "marks": globals().get("MARKS", {})}))
"""


@attrs.frozen
class Run:
    """One run of a child: CPU seconds of it and its children, peak resident bytes, and what it marked itself."""

    cpu: float
    wall: float
    peak: int
    marks: Mapping[str, Any]

    def mark(self, name: str) -> float:
        """Return what the run marked under a name."""
        return float(self.marks[name])


@attrs.frozen
class Figure:
    """A subject's runs."""

    name: str
    runs: tuple[Run, ...]

    def cpu(self) -> float:
        """Return the least CPU seconds of all runs: what the work costs when nobody else disturbs it."""
        return min(run.cpu for run in self.runs)

    def median(self) -> float:
        """Return the median CPU seconds."""
        return statistics.median(run.cpu for run in self.runs)

    def mark(self, name: str) -> float:
        """Return the least of what the runs marked under a name."""
        return min(float(run.marks[name]) for run in self.runs)

    def peak(self) -> int:
        """Return the greatest peak of resident bytes."""
        return max(run.peak for run in self.runs)

    def data(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {"name": self.name, "runs": [attrs.asdict(run) for run in self.runs]}


def run_code(code: str, *, cwd: Path, python: str = sys.executable, environment: Mapping[str, str] = {}) -> Run:
    """Run Python code in a process of its own; `MARKS[name] = number` in it is handed back."""
    started = time.perf_counter()
    done = subprocess.run(
        [python, "-c", code + _EPILOGUE], cwd=cwd, env={**os.environ, **ONE_CORE, **_compiled(python), **environment},
        stdout=subprocess.PIPE, check=True, text=True,
    )
    wall = time.perf_counter() - started
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return Run(cpu=told["cpu"], wall=wall, peak=told["peak"], marks=told["marks"])


def machines(hash_seeds: Sequence[int], *, together: bool) -> dict[str, dict[str, str]]:
    """Return what is set for other hash seeds and for a processor without its newer instructions, by what it is.

    Args:
        hash_seeds: The seeds.
        together: Whether the last of them goes with such a processor.
    """
    features = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    made = {f"hash seed {some}": {"PYTHONHASHSEED": str(some)} for some in hash_seeds}
    name, before = made.popitem() if together else ("", {})
    plain = "NumPy's CPU features off"
    made[f"{name}, {plain}" if together else plain] = {**before, "NPY_DISABLE_CPU_FEATURES": " ".join(features)}
    return made


@lru_cache
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="bench-")


def _compiled(python: str) -> dict[str, str]:
    """Return what has children find the modules compiled that an earlier one compiled, wherever they may be kept.

    They are kept in a virtual environment, for the next time: some peers take longer to compile than to run.
    """
    own = Path(python).parents[1]
    kept = str(own / "compiled") if (own / "pyvenv.cfg").is_file() else _kept().name
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": kept}


def run_command(command: Sequence[str], *, cwd: Path) -> Run:
    """Run a command as a whole process, start to end."""
    started = time.perf_counter()
    with subprocess.Popen(
        list(command), cwd=cwd, env={**os.environ, **ONE_CORE}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, list(command))
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(cpu=used.ru_utime + used.ru_stime, wall=wall, peak=used.ru_maxrss * unit, marks={})


def in_turn(subjects: Mapping[str, Any], times: int) -> dict[str, Figure]:  # Any: callables that give a Run
    """Run subjects in turn, so that a busy minute of the machine falls on all of them."""
    runs: dict[str, list[Run]] = {name: [] for name in subjects}
    for _ in range(times):
        for name, run in subjects.items():
            runs[name].append(run())
    return {name: Figure(name, tuple(found)) for name, found in runs.items()}


class Watch:
    """Watches how far resident memory rises above what it was (Linux): the kernel keeps the peak, to the page."""

    def __enter__(self) -> Watch:
        """Begin."""
        Path("/proc/self/clear_refs").write_text("5")  # resets the peak to what is resident now
        self.before = self.highest = _peak()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.highest = _peak()

    @property
    def above(self) -> int:
        """Bytes above what was resident at the start."""
        return self.highest - self.before


def _peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
