"""The command line, from click's own objects."""

from __future__ import annotations

import click

from shequ_core.cli import shequ
from shequ_docs.text import fenced, lines

WIDTH = 96


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
    with click.Context(shequ, info_name="shequ") as top:
        for name in shequ.list_commands(top):
            verb = shequ.get_command(top, name)
            assert verb is not None
            found += [f"(shequ-{name})=", f"## shequ {name}", ""]
            for lang in ("en", "zh"):
                found += fenced(_help(verb, f"shequ {name}", lang), "text")
    return found


def _help(command: click.Command, name: str, lang: str) -> str:
    context = click.Context(command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    context.params["lang"] = lang
    return command.get_help(context)
