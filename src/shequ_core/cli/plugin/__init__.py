"""`shequ plugin`: a city's plugin, one file a verb."""

from __future__ import annotations

from typing import Final

import click

from shequ_core.cli.common import lang_option
from shequ_core.cli.verbs import Verbs, VerbTable
from shequ_core.errors import msg

VERBS: Final[VerbTable] = {
    "export": ("shequ_core.cli.plugin.export:export", msg("What a plugin says, as a figure sheet in TOML.")),
    "schema": ("shequ_core.cli.plugin.schema:schema", msg("The JSON Schema by which editors check a figure sheet.")),
}
"""The verbs: where each stands, and what `shequ plugin --help` says of it without importing it."""


@click.command(cls=Verbs, verbs=VERBS, name="plugin", help="Plugins of cities: their figure sheets.")
@lang_option
def plugin(lang: str) -> None:
    """Run a verb."""
