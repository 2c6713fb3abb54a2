"""A group of verbs, each imported when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, TypeAlias

import click

from shequ_core.cli.common import NoSuchVerbError, Verb, language, translated
from shequ_core.errors import Message
from shequ_core.reports.wording import say

VerbTable: TypeAlias = "Mapping[str, tuple[str, Message]]"
"""Verbs by name: where each stands ('module:function'), and what help says of it without importing it."""


class Verbs(click.Group):
    """Verbs, each imported when it is called.

    Attributes:
        verbs: What there is.
    """

    def __init__(self, *args: Any, verbs: VerbTable, **settings: Any) -> None:  # Any: handed on to click as it is
        super().__init__(*args, **settings)
        self.verbs = verbs

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click asks
        """Return the verbs in their order."""
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a verb."""
        if cmd_name not in self.verbs:
            return None
        module, _, name = self.verbs[cmd_name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or name the nearest ones."""
        if args[0] not in self.verbs and not args[0].startswith("-"):
            raise NoSuchVerbError(args[0], tuple(self.verbs), ctx)
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
            formatter.write_dl([(name, say(told, language(ctx))) for name, (_, told) in self.verbs.items()])
