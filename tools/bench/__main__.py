"""Run the measurements named, or all of them."""

from __future__ import annotations

import argparse
import importlib
import json
import platform
from pathlib import Path

TOPICS = ("start", "plugins", "year", "audit")
NAMED = ("pay", "grids", "sim")
"""Run only when named: they take minutes, and an environment of their own each."""


def main() -> None:
    """Measure, print, and write what was measured."""
    options = argparse.ArgumentParser(prog="nox -s bench --")
    options.add_argument(
        "topics", nargs="*", choices=[*TOPICS, *NAMED, []], help="which; without a name, all but pay, grids and sim"
    )
    options.add_argument("--quick", action="store_true", help="fewer runs and smaller sizes")
    options.add_argument("--only", nargs="+", metavar="SIDE", default=(), help="grids: run these sides alone")
    options.add_argument("--update-best", action="store_true", help="grids: look longer, and keep the best plans known")
    options.add_argument("--seeds", type=int, default=20, help="grids: so many other seeds when looking longer")
    options.add_argument("--judge", type=float, default=60.0, help="grids: seconds of the judge for a case; 0 for none")
    options.add_argument("--json", type=Path, help="write every run's figures to this file")
    chosen = options.parse_args()
    here = Path(__file__).resolve().parents[2]
    print(f"Python {platform.python_version()}, {platform.machine()}; one core; CPU time, least of runs in turn")
    of_grids = {"update_best": chosen.update_best, "only": chosen.only, "seeds": chosen.seeds, "judge": chosen.judge}
    found = {
        topic: importlib.import_module(f"tools.bench.{topic}").bench(
            here, quick=chosen.quick, **(of_grids if topic == "grids" else {})
        )
        for topic in chosen.topics or TOPICS
    }
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
