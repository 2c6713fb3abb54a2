"""`shequ policy`: what holds at a place, and who said so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import click

from shequ_core.cli.common import Said, assume_option, known_option, on_option, print_json, verb
from shequ_core.errors import msg
from shequ_core.model.places import Divisions
from shequ_core.policy.policy import Policy
from shequ_core.reports.wording import say, word
from shequ_core.values import JsonValue, Lang


@verb(help="Show every value in force at a place: who set it, in which document, how sure, and conflicts.")
@click.argument("place")
@on_option
@known_option
@click.option("--against", cls=Said, metavar="PLACE", help="Show only where another place differs.")
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
        click.echo(f"{book.divisions.path(here.place)} / {book.divisions.path(there.place)}, {on}")
        for key, (one, other) in found.items():
            click.echo(f"  {key}\n    {here.place}: {_short(one)}\n    {there.place}: {_short(other)}")
        return
    if as_data:
        print_json(here.to_data())
        return
    for line in _lines(here, book.divisions, lang):
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


def _short(value: JsonValue) -> str:
    return "-" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _lines(here: Policy, divisions: Divisions, lang: Lang) -> Iterator[str]:
    yield f"{divisions.path(here.place)} ({here.place}), {here.on}"
    yield say(msg("fingerprint {digest}", digest=here.fingerprint), lang)
    topic = ""
    for key in here:
        told = here.provenance(key.name)
        assert told is not None
        if key.name.partition(".")[0] != topic:
            topic = key.name.partition(".")[0]
            yield ""
        marks = " + ".join(word(one, lang) for one in told.statuses)
        yield f"{key.name} = {_short(told.value.to_data())}"
        place = divisions.path(told.place) or told.place
        yield f"    {place}, {told.value.source}, {marks}, {told.value.since}"
        if told.value.reading:
            yield f"    {told.value.reading}"
        for where, before in told.replaced:
            yield "    " + say(msg("replaces {value} of {place}", value=_short(before.to_data()), place=where), lang)
        for one in told.departures:
            parts = {"verdict": one.judgement.verdict.value, "why": one.judgement.why, "place": one.place}
            told_of = msg("{verdict} with {place} ({clause}): {why}", clause=one.source.clause, **parts)
            yield f"    ! {say(told_of, lang)}"
    yield ""
    for name in here.unset():
        one_key = here.unset_key_named(name)
        yield say(one_key.sentence(), lang)
    for name in here.not_in_use():
        yield say(msg("{key} is set but not in use here", key=name), lang)
    for name in here.stale():
        yield say(msg("{key} is past its stated life", key=name), lang)
