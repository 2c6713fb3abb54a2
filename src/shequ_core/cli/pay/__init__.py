"""`shequ pay`: what is paid, one file a verb."""

from __future__ import annotations

from typing import Final

import click

from shequ_core.cli.common import lang_option
from shequ_core.cli.verbs import Verbs, VerbTable
from shequ_core.errors import msg

VERBS: Final[VerbTable] = {
    "run": ("shequ_core.cli.pay.run:run", msg("A month before it is paid: what it comes to, who changes and why.")),
    "close": ("shequ_core.cli.pay.close:close", msg("Seal a month with its arrears: it never changes again.")),
    "slip": ("shequ_core.cli.pay.slip:slip", msg("Pay slips of a month, line by line with clauses.")),
    "bank": ("shequ_core.cli.pay.bank:bank", msg("The file for the bank: who is paid how much.")),
    "average": ("shequ_core.cli.pay.average:average", msg("The average standard against its reference.")),
    "budget": ("shequ_core.cli.pay.budget:budget", msg("A year's cost, what of it is new, and who pays.")),
}
"""The verbs: where each stands, and what `shequ pay --help` says of it without importing it."""


@click.command(
    cls=Verbs, verbs=VERBS, name="pay", help="Pay: run and close a month, slips, bank, the average, the budget."
)
@lang_option
def pay(lang: str) -> None:
    """Run a verb."""
