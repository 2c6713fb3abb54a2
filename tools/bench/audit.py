"""`shequ audit` of the province: as chance makes it, and made to comply, with every table that an audit looks at."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from tools.bench.measure import in_turn, run_code, run_command

PHASES = """
import time
from datetime import date
from pathlib import Path
from shequ_core import PolicyBook, read_dataset, run_audit
from shequ_core.reports.audit import AuditReport, Form, audit_bytes
MARKS = {{}}
def mark(name, begun):
    MARKS[name] = time.process_time() - begun
begun = time.process_time()
book = PolicyBook.load(assume=True); mark("policies", begun); begun = time.process_time()
data = read_dataset(Path({folder!r})); mark("read", begun); begun = time.process_time()
found = run_audit(data, book, on=date(2022, 12, 31), journals=()); mark("audit", begun); begun = time.process_time()
audit_bytes(AuditReport.of(found, book), Form.HTML, "zh"); mark("report", begun)
MARKS["findings"] = len(found.findings)
MARKS["rows"] = sum(len(table) for _, table in data.tables())
"""


def bench(here: Path, *, quick: bool) -> dict[str, Any]:
    """Measure and print."""
    shequ = str(Path(sys.executable).parent / "shequ")
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name, options in (("as chance makes it", ["--buildings"]), ("made to comply", ["--compliant", "--assume"])):
            place = work / name
            made = [shequ, "synthesize", "22", "--year", "2022", "--form", "parquet", *options, "--out", str(place)]
            run_command(made, cwd=here)
            code = PHASES.format(folder=str(place))
            figure = in_turn({name: lambda code=code: run_code(code, cwd=here)}, 2 if quick else 5)[name]
            phases = {phase: figure.mark(phase) for phase in ("policies", "read", "audit", "report")}
            print(
                f"audit, the province {name}: {int(figure.mark('rows'))} rows, {int(figure.mark('findings'))} findings;"
                " CPU s " + ", ".join(f"{phase} {value:.2f}" for phase, value in phases.items())
                + f"; audit and report {phases['audit'] + phases['report']:.2f} (aim: under 3)"
                f"; whole process {figure.cpu():.2f}; peak {figure.peak() / 1e6:.0f} MB"
            )
            told[name] = figure.data()
    return told
