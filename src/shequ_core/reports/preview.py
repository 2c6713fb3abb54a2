"""What a plugin would do, as text, as JSON and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Final

from shequ_core.errors import Message, msg
from shequ_core.policy.bounds import Verdict
from shequ_core.policy.policy import Departure, Provenance
from shequ_core.reports.lines import line_word
from shequ_core.reports.out import write_or_replace
from shequ_core.reports.page import grouped, table_row, whole_page
from shequ_core.reports.text import table_lines
from shequ_core.reports.wording import bracketed, cited, key_word, labelled, phrases, say, shown, word
from shequ_core.values import Fen, JsonValue, Lang, Span
from shequ_core.year.preview import LINES, Change, Effect, Figures, Preview, State

SYNTHETIC: Final = msg("The people and communities in this answer are synthetic: made up, nobody's data.")
_MARK: Final = "<!-- shequ plugin preview -->"
_HEAD: Final = 4096

_NOT_NOW: Final = {
    State.NOT_LOADED: msg("not loaded: it isn't issued; --assume lets it take part"),
    State.ANOTHER_TIME: msg("doesn't hold on this day"),
}
_HEADS: Final = (msg("On made-up people"), msg("Without it"), msg("With it"), msg("Difference"))

_VALUE_HEADS: Final = (msg("Place"), msg("Meaning"), msg("Value"), msg("Without it"), msg("Source"))


# --- rows that text and page share ---------------------------------------------------------------------


def _rows(effect: Effect, lang: Lang) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is compared: its name, without, with, and the difference."""
    before, after = effect.without, effect.with_plugin
    counts: list[tuple[Message, int | None, int | None]] = [
        (msg("Communities"), before.communities, after.communities),
        (msg("Posts"), before.posts, after.posts),
        (msg("Posts allowed, at least"), before.least, after.least),
        (msg("Posts allowed, at most"), before.most, after.most),
        (msg("Communities with too few posts"), before.below, after.below),
        (msg("Communities with too many posts"), before.above, after.above),
        (msg("Grids that the households make, at least"), _end(before.grids, "low"), _end(after.grids, "low")),
        (msg("Grids that the households make, at most"), _end(before.grids, "high"), _end(after.grids, "high")),
    ]
    for name, left, right in counts:
        yield say(name, lang), _count(left), _count(right), _more(left, right)
    for line in (LINES[-1], *LINES[:-1]):
        sides = [None if one.pay is None else one.pay[line] for one in (before, after)]
        if line == LINES[-1] or any(sides):
            label = say("Paid in the year, yuan", lang) if line == LINES[-1] else f"  {line_word(line, lang)}"
            yield label, _yuan(sides[0]), _yuan(sides[1]), _more_yuan(sides[0], sides[1])
    gone = [sum(one.exits.values()) for one in (before, after)]
    yield say("Exits proposed", lang), _count(gone[0]), _count(gone[1]), _more(*gone)
    for clause in sorted({*before.exits, *after.exits}):
        some = [one.exits.get(clause, 0) for one in (before, after)]
        yield f"  {clause}", _count(some[0]), _count(some[1]), _more(*some)


def _end(span: Span[int] | None, which: str) -> int | None:
    return None if span is None else int(getattr(span, which))


def _count(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"


def _more(left: int | None, right: int | None) -> str:
    if left is None or right is None:
        return "-"
    return f"{right - left:+,}" if left != right else "0"


def _yuan(amount: Fen | None) -> str:
    return "-" if amount is None else grouped(amount.yuan())


def _more_yuan(left: Fen | None, right: Fen | None) -> str:
    if left is None or right is None:
        return "-"
    more = int(right) - int(left)
    return ("+" if more > 0 else "") + grouped(Fen(more).yuan())


def _notes(effect: Effect, lang: Lang, *, assumed: bool) -> Iterator[str]:
    """Yield what couldn't be worked out, and on what the rest rests."""
    for figures, told in ((effect.without, msg("Without it")), (effect.with_plugin, msg("With it"))):
        if figures.missing:
            keys = tuple(key_word(one.key, lang) for one in figures.missing)
            why = (
                msg("pay can't be worked out, since nobody set {keys}", keys=keys)
                if assumed
                else msg("pay can't be worked out, since nobody set {keys}; try --assume", keys=keys)
            )
            yield labelled(say(told, lang), say(why, lang), lang)
        elif figures.uncertain:
            keys = tuple(key_word(one, lang) for one in figures.uncertain)
            rests = msg("it rests on values that nobody issued: {keys}", keys=keys)
            yield labelled(say(told, lang), say(rests, lang), lang)


def _replaced(before: Provenance | None, found: Preview, lang: Lang) -> str:
    if before is None:
        return say("nobody above set it", lang)
    value, place = shown(before.value.value, lang), _named(before.place, found)
    return say(msg("replaces {value} of {place}", value=value, place=place), lang)


def _named(code: str, found: Preview) -> str:
    return found.book.divisions.path(code) if code in found.book.divisions else code


def _departs(one: Departure, found: Preview, lang: Lang) -> str:
    told = msg(
        "{verdict} with {place} ({clause}): {why}",
        verdict=one.judgement.verdict, place=_named(one.place, found), clause=one.source.clause or str(one.source),
        why=one.judgement.why,
    )
    return say(told, lang)


def _head(found: Preview) -> Message:
    counted = len([one for one in found.changes if one.changes])
    return msg(
        "{count} values, {changed} of which change something on {day}; conflicts with places above: {conflicts}.",
        count=len(found.changes), changed=counted, day=found.on, conflicts=len(found.conflicts),
    )


# --- text ------------------------------------------------------------------------------------------------


def preview_lines(found: Preview, lang: Lang) -> Iterator[str]:
    """Yield it as text."""
    yield labelled(found.name, say(_head(found), lang), lang)
    place = ""
    for one in found.changes:
        if one.place != place:
            place = one.place
            yield ""
            yield bracketed(_named(place, found), place, lang)
        yield f"  {key_word(one.value.key.name, lang)} = {shown(one.value.value, lang)}"
        yield f"    {phrases((cited(one.value.source, lang), word(one.value.status, lang), one.value.since), lang)}"
        yield f"    {_said(one, found, lang)}"
        for departure in one.departures:
            yield f"    ! {_departs(departure, found, lang)}"
    for effect in found.effects:
        yield ""
        told = msg("{place}, {year}: {people} made-up people", place=effect.name, year=found.year, people=effect.people)
        yield say(told, lang)
        yield from (f"  {line}" for line in table_lines([say(one, lang) for one in _HEADS], list(_rows(effect, lang))))
        yield from (f"  {note}" for note in _notes(effect, lang, assumed=found.assume))
    if found.effects:
        yield say(SYNTHETIC, lang)
    for code, why in found.unpeopled.items():
        yield ""
        yield say(_unpeopled(code, why, found), lang)


def _said(one: Change, found: Preview, lang: Lang) -> str:
    if one.state is not State.IN_FORCE:
        return say(_NOT_NOW[one.state], lang)
    return _replaced(one.before, found, lang) if one.changes else say("the same as without it", lang)


def _unpeopled(code: str, why: Message, found: Preview) -> Message:
    return msg(
        "Nobody can be made up for {place}: {why}. Say how many communities each county has: --communities 12.",
        place=_named(code, found), why=why,
    )


# --- data ------------------------------------------------------------------------------------------------


def preview_data(found: Preview) -> dict[str, JsonValue]:
    """Return it as JSON data."""
    return {
        "plugin": found.name,
        "year": found.year,
        "on": found.on.isoformat(),
        "seed": found.seed,
        "assume": found.assume,
        "synthetic": bool(found.effects),
        "values": [_change_data(one) for one in found.changes],
        "conflicts": len(found.conflicts),
        "effects": [
            {
                "place": one.place,
                "people": one.people,
                "without": _figures_data(one.without),
                "with": _figures_data(one.with_plugin),
            }
            for one in found.effects
        ],
        "unpeopled": {code: str(why) for code, why in found.unpeopled.items()},
    }


def _change_data(one: Change) -> JsonValue:
    return {
        "place": one.place,
        "key": one.value.key.name,
        "value": one.value.to_data(),
        "source": one.value.source.to_data(),
        "status": one.value.status.value,
        "since": one.value.since.isoformat(),
        "state": one.state.value,
        "changes": one.changes,
        "replaces": None if one.before is None else {"place": one.before.place, "value": one.before.value.to_data()},
        "departures": [
            {**departure.to_data(), "verdict": departure.judgement.verdict.value} for departure in one.departures
        ],
    }


def _figures_data(one: Figures) -> JsonValue:
    return {
        "communities": one.communities,
        "posts": one.posts,
        "allowed": None if one.least is None else [one.least, one.most],
        "below": one.below,
        "above": one.above,
        "grids": None if one.grids is None else [one.grids.low, one.grids.high],
        "pay": None if one.pay is None else {line: amount.yuan() for line, amount in one.pay.items()},
        "exits": dict(one.exits),
        "missing": [missing.key for missing in one.missing],
        "rests_on": list(one.uncertain),
    }


# --- page ------------------------------------------------------------------------------------------------


def preview_page(previews: Sequence[Preview], lang: Lang) -> str:
    """Return them as one page that needs nothing from outside."""
    title = say(msg("What {name} would do", name=tuple(one.name for one in previews)), lang)
    about = f'<p class="sub">shequ-core {escape(version("shequ-core"))}</p>'
    parts = [part for one in previews for part in _parts(one, lang)]
    return whole_page(title, [_MARK, f"<h1>{escape(title)}</h1>", about, *parts], lang)


def _parts(found: Preview, lang: Lang) -> Iterator[str]:
    yield f"<p>{escape(labelled(found.name, say(_head(found), lang), lang))}</p>"
    if found.effects:
        yield f'<div class="banner"><b>{escape(say(SYNTHETIC, lang))}</b></div>'
    conflicts = [
        (one, departure)
        for one in found.changes
        for departure in one.departures
        if departure.judgement.verdict is Verdict.CONFLICT
    ]
    if conflicts:
        rows = [
            table_row([(key_word(one.value.key.name, lang), ""), (_departs(departure, found, lang), "")])
            for one, departure in conflicts
        ]
        yield f"<h2>{escape(say('Conflicts with places above', lang))}</h2><table>{''.join(rows)}</table>"
    for effect in found.effects:
        heads = [(say(one, lang), "n" if place else "") for place, one in enumerate(_HEADS)]
        rows = [table_row([(name, ""), (left, "n"), (right, "n"), (more, "n")]) for name, left, right, more in
                _rows(effect, lang)]
        told = msg("{place}, {year}: {people} made-up people", place=effect.name, year=found.year, people=effect.people)
        notes = "".join(f'<p class="soft">{escape(note)}</p>' for note in _notes(effect, lang, assumed=found.assume))
        table = f"<table>{table_row(heads, 'th')}{''.join(rows)}</table>"
        yield f"<h2>{escape(say(told, lang))}</h2>{table}{notes}"
    for code, why in found.unpeopled.items():
        yield f'<div class="banner">{escape(say(_unpeopled(code, why, found), lang))}</div>'
    yield _values(found, lang)


def _values(found: Preview, lang: Lang) -> str:
    heads = [(say(one, lang), "") for one in _VALUE_HEADS]
    rows = [
        table_row(
            [
                (_named(one.place, found), ""),
                (key_word(one.value.key.name, lang), ""),
                (shown(one.value.value, lang), ""),
                (_said(one, found, lang), ""),
                (phrases((cited(one.value.source, lang), word(one.value.status, lang), one.value.since), lang), ""),
            ]
        )
        for one in found.changes
    ]
    return f"<h2>{escape(say('Its values', lang))}</h2><table>{table_row(heads, 'th')}{''.join(rows)}</table>"


def write_preview(previews: Sequence[Preview], out: Path, lang: Lang) -> None:
    """Write the page into a file.

    Raises:
        OutputError: Something else is there, or it can't be written.
    """
    page = preview_page(previews, lang).encode()
    write_or_replace({out: page}, lambda path: _MARK.encode() in path.read_bytes()[:_HEAD])
