"""`shequ policy`: what holds at a place, and who said so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from shequ_core.cli.common import assume_option, known_option, on_option, print_json, verb
from shequ_core.errors import msg
from shequ_core.model.places import Divisions
from shequ_core.policy.parameters import Part
from shequ_core.policy.policy import Policy
from shequ_core.reports.wording import ZH, bracketed, cited, key_word, labelled, phrases, say, shown, word
from shequ_core.values import JsonValue, Lang

if TYPE_CHECKING:
    from shequ_core.policy.book import Plugin


@verb(help="Show every value in force at a place: who set it, in which document, how sure, and conflicts.")
@click.argument("place")
@on_option
@known_option
@click.option("--against", metavar="PLACE", help="Show only where another place differs.")
@assume_option
def policy(
    place: str, on: date, known: date | None, against: str | None, *, assume: bool, lang: str, as_data: bool
) -> None:
    """Show the policy of a place, or the difference of two."""
    from shequ_core.policy.book import PolicyBook

    book = PolicyBook.load(assume=assume)
    here = book.policy(book.find(place, on).code, on, known)
    if against is not None:
        there = book.policy(book.find(against, on).code, on, known)
        found = differences(here, there)
        if as_data:
            print_json({"places": [here.place, there.place], "differences": found})
            return
        places = f"{book.divisions.path(here.place)} / {book.divisions.path(there.place)}"
        click.echo(phrases((places, on), lang))
        for key in found:
            click.echo(f"  {key_word(key, lang)}")
            for side in (here, there):
                told = side.provenance(key)
                value = "-" if told is None else shown(told.value.value, lang)
                click.echo(f"    {labelled(side.place, value, lang)}")
        return
    speaking = book.speaking(here.place)
    if as_data:
        plugins = [
            {"name": one.distribution or one.name, "version": one.version, "places": list(one.places)}
            for one in speaking
        ]
        print_json({**here.to_data(), "plugins": plugins})
        return
    for line in _lines(here, book.divisions, speaking, lang):
        click.echo(line)


def differences(here: Policy, there: Policy) -> dict[str, list[JsonValue]]:
    """Return the keys whose values differ, with both values in plain form; None where one has none."""
    found: dict[str, list[JsonValue]] = {}
    for key in sorted({str(one) for one in (*here, *there)}):
        sides: list[JsonValue] = []
        for side in (here, there):
            told = side.provenance(key)
            sides.append(None if told is None else told.value.to_data())
        if sides[0] != sides[1]:
            found[key] = sides
    return found


def _lines(here: Policy, divisions: Divisions, speaking: Sequence[Plugin], lang: Lang) -> Iterator[str]:
    def named(code: str) -> str:
        return divisions.path(code) or code

    yield phrases((bracketed(named(here.place), here.place, lang), here.on), lang)
    yield say(msg("fingerprint {digest}", digest=here.fingerprint), lang)
    for plugin in speaking:
        name = f"{plugin.distribution or plugin.name} {plugin.version}".strip()
        yield say(msg("plugin {name} speaks for {places}", name=name, places=plugin.places), lang)
    topic = ""
    for key in here:
        told = here.provenance(key.name)
        assert told is not None
        if key.name.partition(".")[0] != topic:
            topic = key.name.partition(".")[0]
            yield ""
        value = told.value
        yield f"{key_word(key.name, lang)} = {shown(value.value, lang)}"
        meaning = say(key.doc, lang).rstrip(".。")
        yield f"    {bracketed(meaning, word(key.unit, lang, context='unit'), lang)}"
        parts = (bracketed(word(one.status, lang), _named(one, lang), lang) for one in value.rests_on)
        marks = " + ".join((word(value.status, lang), *parts))
        yield f"    {phrases((named(told.place), cited(value.source, lang), marks, value.since), lang)}"
        if value.reading:
            yield f"    {say(value.reading, lang)}"
        for where, before in told.replaced:
            text = shown(before.value, lang)
            yield f"    {say(msg('replaces {value} of {place}', value=text, place=named(where)), lang)}"
        for one in told.departures:
            told_of = msg(
                "{verdict} with {place} ({clause}): {why}",
                verdict=one.judgement.verdict, place=named(one.place), clause=one.source.clause, why=one.judgement.why,
            )
            yield f"    ! {say(told_of, lang)}"
    yield ""
    for name in here.unset():
        yield say(here.unset_key_named(name).sentence(), lang)
    for name in here.not_in_use():
        yield say(msg("{key} is set but not in use here", key=name), lang)
    for name in here.stale():
        yield say(msg("{key} is past its stated life", key=name), lang)


def _named(part: Part, lang: Lang) -> str:
    return part.zh if part.zh and lang == ZH else say(part.what, lang)
