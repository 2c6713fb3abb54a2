"""The command line, from click's own objects."""

from __future__ import annotations

import click

from shequ_core.cli import shequ
from shequ_docs.text import fenced, lines

WIDTH = 96
LANGS = ("en", "zh")


def pages() -> dict[str, str]:
    """Return the one page."""
    return {"commands/index.md": lines(_page())}


def _page() -> list[str]:
    found = [
        "# Command line",
        "",
        "Text comes in the language of `--lang`, else of the environment variable `SHEQU_LANG`, else of the locale"
        " (`LANGUAGE`, `LC_ALL`, `LC_MESSAGES`, `LANG`), else in Chinese.",
        "`--json` prints the same answer as data, whatever the locale.",
        "An error goes to standard error and ends the command with exit code 2; an interrupted one ends with 130.",
        "",
        *fenced(_help(shequ, "shequ", "en"), "text"),
    ]
    found += _verbs(shequ, ("shequ",))
    return found


def _verbs(group: click.Group, path: tuple[str, ...]) -> list[str]:
    """Return each verb of a group, and the verbs of those that are groups themselves."""
    found = []
    with click.Context(group, info_name=path[-1]) as context:
        for name in group.list_commands(context):
            verb = group.get_command(context, name)
            assert verb is not None
            whole = (*path, name)
            found += [f"({'-'.join(whole)})=", f"{'#' * len(whole)} {' '.join(whole)}", ""]
            for lang in LANGS:
                found += fenced(_help(verb, " ".join(whole), lang), "text")
            if isinstance(verb, click.Group):
                found += _verbs(verb, whole)
    return found


def _help(command: click.Command, name: str, lang: str) -> str:
    context = click.Context(command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    context.params["lang"] = lang
    return command.get_help(context)
