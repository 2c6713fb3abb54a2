"""Compile the message catalogues (.po to .mo) while a wheel or an editable install is built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own generic is not documented
    """Make one .mo beside each .po; git doesn't keep them, wheels do."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # Any: hatchling's own dict
        """Compile every catalogue before files are collected."""
        for source in Path(self.root, "src", "shequ_core").rglob("*.po"):
            with source.open("rb") as text:
                catalogue = read_po(text, locale=source.parents[1].name)
            with source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, catalogue)
        build_data["artifacts"].append("src/shequ_core/**/*.mo")
