"""Compile the message catalogue in the source tree, as a build does: run it after editing shequ.po."""

from __future__ import annotations

from pathlib import Path

from shequ_core.reports.wording import compile_catalogue

if __name__ == "__main__":
    for source in (Path(__file__).parents[1] / "src" / "shequ_core").rglob("*.po"):
        source.with_suffix(".mo").write_bytes(compile_catalogue(source.read_bytes()))
        print(f"compiled {source.name}")
