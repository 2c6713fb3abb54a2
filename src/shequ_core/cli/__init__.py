"""The `shequ` command, one file a verb.

A verb is imported when it is called, so that `shequ --help` loads neither NumPy nor a plugin. Nothing
is computed here: a verb asks the library, prints the answer and says what went wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from shequ_core.cli.common import complain, lang_option, polite
from shequ_core.cli.verbs import Verbs, VerbTable
from shequ_core.errors import msg

VERBS: Final[VerbTable] = {
    "policy": ("shequ_core.cli.policy:policy", msg("The values in force at a place, and who set each.")),
    "clauses": ("shequ_core.cli.clauses:clauses", msg("The clauses, and what carries each of them.")),
    "audit": ("shequ_core.cli.audit:audit", msg("Which facts break which clause, and what to do.")),
    "year": ("shequ_core.cli.year:year", msg("One year of a place: posts, pay, exits and findings.")),
    "pay": ("shequ_core.cli.pay:pay", msg("Pay: run and close a month, check the average, work out the budget.")),
    "grids": ("shequ_core.cli.grids:grids", msg("The buildings of communities into grids, with a map.")),
    "patrols": ("shequ_core.cli.patrols:patrols", msg("The rounds of every grid in a month, as a calendar.")),
    "targets": ("shequ_core.cli.targets:targets", msg("How near a place is to the announced figures.")),
    "circles": ("shequ_core.cli.circles:circles", msg("Who reaches which facility on foot, on a map.")),
    "due": ("shequ_core.cli.due:due", msg("What falls due for each post holder: training, agreement, leave.")),
    "careers": ("shequ_core.cli.careers:careers", msg("Which way is open to whom, and what the others lack.")),
    "procedure": (
        "shequ_core.cli.procedure:procedure", msg("Procedures of the law, and where a journal of one stands.")
    ),
    "explain": ("shequ_core.cli.explain:explain", msg("Why a line of somebody's pay is what it is.")),
    "simulate": ("shequ_core.cli.simulate:simulate", msg("Years ahead under a policy or a reform of it.")),
    "replay": ("shequ_core.cli.replay:replay", msg("A single life of the years ahead, without the others.")),
    "compare": ("shequ_core.cli.compare:compare", msg("Years ahead with and without a reform, luck by luck.")),
    "plugin": ("shequ_core.cli.plugin:plugin", msg("A city's own rules: start a plugin, check it, list all.")),
    "calibrate": ("shequ_core.cli.calibrate:calibrate", msg("The simulation beside what was published.")),
    "synthesize": ("shequ_core.cli.synthesize:synthesize", msg("Made-up people and buildings to try things on.")),
}
"""The verbs: where each stands, and what `shequ --help` says of it without importing it."""

INTERRUPTED: Final = 130


class Top(Verbs):
    """The command itself."""

    def main(  # click overloads this for callers; we give it one form
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002  # click's own mode would speak English and exit 1
        **extra: Any,  # Any: handed on to click as it is
    ) -> Any:
        """Run a verb and leave with its exit code."""
        polite()
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:
            complain(error)
            code = error.exit_code
        except click.Abort:
            code = INTERRUPTED
        sys.exit(code if isinstance(code, int) else 0)


@click.command(
    cls=Top, verbs=VERBS, name="shequ", help="Urban community governance, computed: each answer back to its clause."
)
@lang_option
@click.version_option(package_name="shequ-core", message="%(prog)s %(version)s")
def shequ(lang: str) -> None:
    """Run a verb."""


def main() -> None:
    """Run the `shequ` command."""
    shequ(prog_name="shequ")
