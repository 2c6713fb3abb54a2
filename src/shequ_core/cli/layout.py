"""Text for a terminal: wrapped and aligned by what it takes on the screen, where 汉 is as wide as two letters."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import attrs
import click

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS: Final = 100
WARNING: Final = "⚠"

_UNBREAKABLE: Final = re.compile(r"[!-~]+|\s+|.", re.DOTALL)
_NEVER_FIRST: Final = frozenset(",。;:、!?)》”’…·")


@attrs.frozen(kw_only=True)
class Entry:
    """One thing told: its name, its value, what it means, and lines about it.

    Attributes:
        lines: One after the other; those that begin with ⚠ stand out.
    """

    name: str
    value: str = ""
    meaning: str = ""
    lines: Sequence[str] = ()


@attrs.frozen
class Section:
    """Entries under a heading."""

    heading: str
    entries: Sequence[Entry]


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def pad(text: str, columns: int) -> str:
    """Fill a text with blanks up to a width."""
    return text + " " * max(columns - width(text), 0)


def wrap(text: str, columns: int) -> list[str]:
    """Break a text into lines; Chinese between any two characters, save that none begins with a full stop or so."""
    lines, line, used = [], "", 0
    for piece in _UNBREAKABLE.findall(text):
        taken = width(piece)
        if line and used + taken > columns and piece not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line, used = ("", 0) if piece.isspace() else (piece, taken)
        else:
            line, used = line + piece, used + taken
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def print_lines(lines: Iterable[str], *, indent: int = 0) -> None:
    """Print lines, wrapped."""
    for line in lines:
        for one in wrap(line, COLUMNS - indent):
            click.echo(f"{'':{indent}}{one}".rstrip())


def print_sections(sections: Sequence[Section]) -> None:
    """Print sections: as tables in a terminal, else as aligned text."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.text import Text

        console = Console(highlight=False)
        for section in sections:
            console.print()
            console.print(Text(section.heading, style="bold"))
            console.print(_table(section))
        return
    for section in sections:
        click.echo()
        click.echo(section.heading)
        _print_plain(section)


def _table(section: Section) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.HORIZONTALS, show_header=False, show_lines=True, expand=False)
    table.add_column(ratio=3, overflow="fold")
    table.add_column(ratio=7, overflow="fold")
    for entry in section.entries:
        name = Text(entry.name, style="bold")
        if entry.meaning:
            name.append(f"\n{entry.meaning}", style="dim not bold")
        told = Text(entry.value, style="cyan")
        for line in entry.lines:
            told.append(f"\n{line}" if told else line, style="yellow" if line.startswith(WARNING) else "none")
        table.add_row(name, told)
    return table


def _print_plain(section: Section) -> None:
    name_width = max((width(one.name) for one in section.entries if one.value), default=0)
    for entry in section.entries:
        if entry.value:
            first, *rest = wrap(entry.value, max(COLUMNS - name_width - 4, COLUMNS // 3))
            click.echo(f"  {pad(entry.name, name_width)}  {first}".rstrip())
            for line in rest:
                click.echo(f"  {'':{name_width}}  {line}")
        else:
            click.echo(f"  {entry.name}")
        print_lines([one for one in (entry.meaning, *entry.lines) if one], indent=6)
