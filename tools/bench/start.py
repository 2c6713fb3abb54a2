"""What it costs to begin: `import shequ_core` and `shequ --help`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tools.bench.measure import in_turn, run_code, run_command

FACE = "import shequ_core"
USED = "from shequ_core import PolicyBook, read_dataset, run_year"
GIVEN = "import numpy, attrs, pluggy"


def bench(here: Path, *, quick: bool) -> dict[str, Any]:
    """Measure and print."""
    subjects = {
        "nothing": lambda: run_code("pass", cwd=here),
        "NumPy + attrs + pluggy": lambda: run_code(GIVEN, cwd=here),
        "import shequ_core": lambda: run_code(FACE, cwd=here),
        "its names, used": lambda: run_code(USED, cwd=here),
        "shequ --help": lambda: run_command([str(Path(sys.executable).parent / "shequ"), "--help"], cwd=here),
    }
    found = in_turn(subjects, 5 if quick else 15)
    bare, given = found["nothing"].cpu(), found["NumPy + attrs + pluggy"].cpu()
    print("start: CPU ms, least of all runs, a bare interpreter taken off")
    for name, figure in found.items():
        if name != "nothing":
            above = (figure.cpu() - bare) * 1000
            print(f"  {name:<26} {above:8.1f}   {above / 1000 / (given - bare):5.2f} of NumPy + attrs + pluggy")
    print(f"  shequ --help, all of it    {found['shequ --help'].cpu() * 1000:8.1f}   (aim: under 250)")
    return {name: figure.data() for name, figure in found.items()}
