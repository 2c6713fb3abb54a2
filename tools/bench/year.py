"""`shequ year` for one district and for the whole province, phase by phase, on synthetic people."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from tools.bench.measure import in_turn, run_code, run_command

PHASES = """
import time
from pathlib import Path
from shequ_core import PolicyBook, read_dataset, run_year
from shequ_core.reports.year import write_year
MARKS = {{}}
def mark(name, begun):
    MARKS[name] = time.process_time() - begun
begun = time.process_time()
book = PolicyBook.load(assume=True); mark("policies", begun); begun = time.process_time()
data = read_dataset(Path({folder!r})); mark("read", begun); begun = time.process_time()
result = run_year(data, book, {place!r}, 2022); mark("year", begun); begun = time.process_time()
write_year(result, Path({out!r}), lang="zh", book=book); mark("write", begun)
MARKS["slips"] = len(result.slips)
"""


def bench(here: Path, *, quick: bool) -> dict[str, Any]:
    """Measure and print."""
    shequ = str(Path(sys.executable).parent / "shequ")
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for place in ("220104", "22"):
            run_command(
                [shequ, "synthesize", place, "--year", "2022", "--seed", "1", "--out", str(work / place)], cwd=here
            )
        for place, name, aim in (("220104", "Chaoyang", 1), ("22", "the province", 5)):
            code = PHASES.format(folder=str(work / place), place=place, out=str(work / f"out-{place}"))
            figure = in_turn({name: lambda code=code: run_code(code, cwd=here)}, 2 if quick else 5)[name]
            phases = {phase: figure.mark(phase) for phase in ("policies", "read", "year", "write")}
            print(
                f"year, {name}: {int(figure.mark('slips'))} slips; CPU s "
                + ", ".join(f"{phase} {value:.2f}" for phase, value in phases.items())
                + f"; after start-up {sum(phases.values()):.2f} (aim: under {aim})"
                f"; whole process {figure.cpu():.2f}; peak {figure.peak() / 1e6:.0f} MB"
            )
            told[place] = figure.data()
    return told
