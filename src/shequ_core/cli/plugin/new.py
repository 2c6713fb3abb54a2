"""`shequ plugin new`: a plugin for a place, complete from the first minute."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import Day, on_option, print_json, verb
from shequ_core.errors import msg
from shequ_core.kit.start import TITLE, Beginning, module_of, place_of, speakers, start
from shequ_core.policy.book import PolicyBook
from shequ_core.reports.wording import say


@verb(
    help="Start a plugin for a place: a folder that installs, passes its own tests and shows up in `shequ policy`."
    " PLACE is a code such as 220104, or a Chinese name. What holds there today stands in the module, commented out,"
    " to be changed row by row. In a terminal it asks for what is missing; elsewhere it asks nothing."
)
@click.argument("place")
@click.option("--name", default="", metavar="NAME", help="The name of a place that the library does not list.")
@click.option("--module", metavar="MODULE", help="The package, such as shequ_chaoyang; else shequ_ and the code.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="The new folder; it may not be there yet.")
@click.option("--document", default="", metavar="TITLE", help="The full title of the document with the place's rules.")
@click.option("--issued", type=Day(), metavar="DATE", help="The day on it.")
@click.option("--publisher", default="", metavar="NAME", help="Who issued it.")
@on_option
def new(
    place: str, name: str, module: str | None, out: Path | None, document: str, issued: date | None, publisher: str,
    on: date, *, lang: str, as_data: bool,
) -> None:
    """Write the folder, and say what to do next."""
    book = PolicyBook.load()
    code, called = place_of(book, place, name, on)
    if in_a_terminal() and not as_data:
        module = module or click.prompt(say(msg("The package's name"), lang), default=module_of(code))
        title = say(msg("The full title of the document with the place's rules"), lang)
        document = document or click.prompt(title, default=TITLE)
        issued = issued or click.prompt(say(msg("The day on it"), lang), default=on.isoformat(), type=Day())
        publisher = publisher or click.prompt(say(msg("Who issued it"), lang), default="", show_default=False)
    begun = Beginning(
        place=code, name=called, module=module or module_of(code), title=document, issued=issued, publisher=publisher,
        on=on,
    )
    folder = out or Path(begun.distribution)
    files = start(begun, folder, book, lang)
    others = speakers(book, code)
    if as_data:
        print_json(
            {
                "place": code, "module": begun.module, "distribution": begun.distribution, "folder": str(folder),
                "files": [file.as_posix() for file in files], "speaking_already": list(others),
            }
        )
        return
    told = msg(
        "{folder}: {count} files, a plugin for {name} ({place}).",
        folder=str(folder), count=len(files), name=called, place=code,
    )
    click.echo(say(told, lang))
    if others:
        told = msg(
            "{others} speaks for {place} already, and a place has one voice: remove it before you install this one.",
            others=others, place=code,
        )
        click.echo(f"! {say(told, lang)}")
    module_file = folder / "src" / begun.module / "__init__.py"
    click.echo(say(msg("1. Change the rows of {file} that your document changes.", file=str(module_file)), lang))
    click.echo(say(msg("2. Let it be checked: shequ plugin check {folder}", folder=str(folder)), lang))
    told = msg(
        "3. Install it: pip install -e {folder}; then shequ policy {place} shows it.", folder=str(folder), place=code
    )
    click.echo(say(told, lang))


def in_a_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()
