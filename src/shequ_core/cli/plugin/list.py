"""`shequ plugin list`: what is loaded, for which places, and what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Final

import click

from shequ_core.cli.common import print_json, verb
from shequ_core.errors import PluginError, msg
from shequ_core.policy.book import DISABLE, Plugin, PolicyBook
from shequ_core.reports.wording import bracketed, labelled, listed, say
from shequ_core.values import JsonValue, Lang

SHOWN: Final = 12


@verb(help="List what speaks for which place: the plugin, its version, a digest of what it says, and its faults.")
def list_plugins(*, lang: str, as_data: bool) -> None:
    """List every plugin that is loaded, the library's own first."""
    book = PolicyBook.load(assume=True)
    told = sorted(book.plugins, key=lambda one: (not one.built_in, one.distribution, one.name))
    if as_data:
        print_json({"disabled": _disabled(), "plugins": [_data(one, book) for one in told]})
        return
    for plugin in told:
        for line in _lines(plugin, book, lang):
            click.echo(line)
    if _disabled():
        click.echo(say(msg("{variable}=1: nothing of other distributions is loaded.", variable=DISABLE), lang))


def _disabled() -> bool:
    return os.environ.get(DISABLE) == "1"


def _faults(plugin: Plugin, book: PolicyBook) -> Sequence[PluginError]:
    return [one for one in book.faults if one.plugin == plugin.name]


def _data(plugin: Plugin, book: PolicyBook) -> dict[str, JsonValue]:
    return {
        "name": plugin.distribution or plugin.name,
        "module": plugin.name,
        "version": plugin.version,
        "places": list(plugin.places),
        "built_in": plugin.built_in,
        "digest": book.digest(plugin),
        "faults": [
            {"hook": one.hook, "place": one.place or None, "problem": str(one.problem)} for one in _faults(plugin, book)
        ],
    }


def _lines(plugin: Plugin, book: PolicyBook, lang: Lang) -> Iterator[str]:
    name = f"{plugin.distribution or plugin.name} {plugin.version}".strip()
    yield bracketed(name, plugin.name, lang)
    places = [
        bracketed(book.divisions.path(code), code, lang) if code in book.divisions else code for code in plugin.places
    ]
    yield f"    {labelled(say('Places', lang), listed(places, lang), lang)}"
    yield f"    {say(msg('digest {digest}', digest=book.digest(plugin)[:SHOWN]), lang)}"
    for fault in _faults(plugin, book):
        yield f"    ! {say(fault.message, lang)}"
