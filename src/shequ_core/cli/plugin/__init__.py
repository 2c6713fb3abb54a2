"""`shequ plugin`: a city's own rules, from an empty folder to a package that others trust; one file a verb."""

from __future__ import annotations

from typing import Final

import click

from shequ_core.cli.common import lang_option
from shequ_core.cli.verbs import Verbs, VerbTable
from shequ_core.errors import msg

VERBS: Final[VerbTable] = {
    "new": ("shequ_core.cli.plugin.new:new", msg("Start a plugin for a place: a folder that is complete.")),
    "check": ("shequ_core.cli.plugin.check:check", msg("Whether a plugin is as it should be, and what to mend.")),
    "preview": ("shequ_core.cli.plugin.preview:preview", msg("What a plugin would do, on made-up people.")),
    "list": ("shequ_core.cli.plugin.list:list_plugins", msg("What is loaded, and what is wrong with it.")),
    "export": ("shequ_core.cli.plugin.export:export", msg("What a plugin says, as a figure sheet in TOML.")),
    "schema": ("shequ_core.cli.plugin.schema:schema", msg("The JSON Schema by which editors check a figure sheet.")),
}
"""The verbs: where each stands, and what `shequ plugin --help` says of it without importing it."""


@click.command(
    cls=Verbs,
    verbs=VERBS,
    name="plugin",
    help="A city's own rules: start a plugin, check it, list what is installed, write its figures as a sheet.",
)
@lang_option
def plugin(lang: str) -> None:
    """Run a verb."""
