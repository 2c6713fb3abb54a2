"""`shequ procedure`: procedures and their journals, one file a verb."""

from __future__ import annotations

from typing import Final

import click

from shequ_core.cli.common import lang_option
from shequ_core.cli.verbs import Verbs, VerbTable
from shequ_core.errors import msg

VERBS: Final[VerbTable] = {
    "list": ("shequ_core.cli.procedure.list:list_", msg("The procedures that there are, each with its clauses.")),
    "show": (
        "shequ_core.cli.procedure.show:show",
        msg("The steps of a procedure; or of a journal: where it stands, and who may take which step next."),
    ),
    "check": (
        "shequ_core.cli.procedure.check:check", msg("Journals, walked again: each that isn't allowed is refused."),
    ),
}
"""The verbs: where each stands, and what `shequ procedure --help` says of it without importing it."""


@click.command(
    cls=Verbs, verbs=VERBS, name="procedure",
    help="Procedures of the law: steps with who may take them, their order, papers and days; and journals of them.",
)
@lang_option
def procedure(lang: str) -> None:
    """Run a verb."""
