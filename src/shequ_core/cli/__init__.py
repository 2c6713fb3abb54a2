"""The `shequ` command, one file a verb.

A verb is imported when it is called, so that `shequ --help` loads neither NumPy nor a plugin. Nothing
is computed here: a verb asks the library, prints the answer and says what went wrong.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from shequ_core.cli.common import NoSuchVerbError, Verb, complain, lang_option, language, polite, translated
from shequ_core.errors import Message, msg
from shequ_core.reports.wording import say

VERBS: Final[Mapping[str, tuple[str, Message]]] = {
    "policy": ("shequ_core.cli.policy:policy", msg("The values in force at a place, and who set each.")),
    "clauses": ("shequ_core.cli.clauses:clauses", msg("The clauses, and what carries each of them.")),
    "year": ("shequ_core.cli.year:year", msg("One year of a place: posts, pay, exits and findings.")),
    "explain": ("shequ_core.cli.explain:explain", msg("Why a line of somebody's pay is what it is.")),
    "synthesize": ("shequ_core.cli.synthesize:synthesize", msg("Made-up people and buildings to try things on.")),
}
"""The verbs: where each stands, and what `shequ --help` says of it without importing it."""

INTERRUPTED: Final = 130


class Verbs(click.Group):
    """The verbs, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click asks
        """Return the verbs in their order."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a verb."""
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or name the nearest ones."""
        if args[0] not in VERBS and not args[0].startswith("-"):
            raise NoSuchVerbError(args[0], tuple(VERBS), ctx)
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """Return the help in the chosen language."""
        return translated(ctx, super().format_help)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say what the command is for."""
        Verb.format_help_text(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, then the verbs."""
        Verb.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, say(told, language(ctx))) for name, (_, told) in VERBS.items()])

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


@click.command(cls=Verbs, name="shequ", help="Urban community governance, computed: each answer back to its clause.")
@lang_option
@click.version_option(package_name="shequ-core", message="%(prog)s %(version)s")
def shequ(lang: str) -> None:
    """Run a verb."""


def main() -> None:
    """Run the `shequ` command."""
    shequ(prog_name="shequ")
