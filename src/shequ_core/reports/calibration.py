"""The model beside what was published: as text, as a list, and as one page that needs nothing from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Final

from shequ_core.errors import Message, msg
from shequ_core.reports.lists import Listing, Value, check_forms, listing_bytes
from shequ_core.reports.out import write_or_replace
from shequ_core.reports.page import STYLE
from shequ_core.reports.rests import rests_lines
from shequ_core.reports.text import table_lines
from shequ_core.reports.wording import as_json, bracketed, key_word, labelled, listed, phrases, say, several, word
from shequ_core.simulation.calibration import Calibration, Comparison
from shequ_core.simulation.published import Holds, Standing, Unit
from shequ_core.values import Lang, round_half_up

FORMS: Final = (".html", ".csv", ".xlsx", ".json")
PERCENT: Final = 100

_PLACES: Final = {Unit.COUNT: 0, Unit.MEAN: 1, Unit.SHARE: 1, Unit.YUAN: 0, Unit.TIMES: 2}
_HEADS: Final = (
    msg("what is compared"), msg("published"), msg("the model"), msg("over the seeds"), msg("off by"), msg("agrees"),
)
_TOLD: Final = {
    Standing.TESTED: msg("What the model was not made to have"),
    Standing.INPUT: msg("What the people were made up to have, so that agreeing says little"),
}
_MARK: Final = 'name="generator" content="shequ calibrate"'


def calibration_text(found: Calibration, lang: Lang) -> list[str]:
    """Return it as lines for a terminal: what it rests on, a table for each standing, and what comes of it."""
    lines = [*rests_lines(found.rests, lang), *(say(one, lang) for one in notes(found))]
    for standing in Standing.TESTED, Standing.INPUT:
        some = found.standing(standing)
        if some:
            lines += ["", labelled(say(_TOLD[standing], lang), "", lang).rstrip()]
            lines += table_lines([say(head, lang) for head in _HEADS], [_cells(one, lang) for one in some])
    lines += ["", *(line for one in found.comparisons if not one.agrees for line in _why(one, lang))]
    return lines


def notes(found: Calibration) -> list[Message]:
    """Return what it is of, and what comes of it."""
    told = [
        msg(
            "{place}, {first} to {last}, seeds {seeds}: each makes up other people and has other luck.",
            place=found.name, first=found.years[0], last=found.years[-1], seeds=found.seeds,
        )
    ]
    if found.absent:
        told.append(
            msg(
                "{count} communities lie in subdistricts that began after the first day: made up, but not simulated.",
                count=found.absent,
            )
        )
    for standing in Standing.TESTED, Standing.INPUT:
        some = found.standing(standing)
        if some:
            told.append(
                msg(
                    "{standing}: {agree} of {all} agree.",
                    standing=_TOLD[standing], agree=sum(one.agrees for one in some), all=len(some),
                )
            )
    return told


def calibration_listing(found: Calibration, lang: Lang) -> Listing:
    """Return every comparison as a row."""
    heads = {
        "what": _HEADS[0], "figure": msg("figure"), "published": msg("published"), "status": msg("status"),
        "source": msg("source"), "mean": msg("the model"), "low": msg("least"), "high": msg("most"),
        "off": msg("off by"), "agrees": msg("agrees"), "standing": msg("standing"), "carried_by": msg("carried by"),
        "note": msg("note"),
    }
    rows: list[tuple[Value, ...]] = []
    for one in found.comparisons:
        unit = one.target.unit
        spread = one.spread
        rows.append(
            (
                one.target.told, one.published.name, _bound(one, lang), one.published.status, _source(one, lang),
                amount(one.mean, unit), amount(spread.low, unit), amount(spread.high, unit), _off(one), one.agrees,
                one.target.standing, _carriers(one, lang), one.target.note,
            )
        )
    return Listing(name=msg("Calibration"), heads=heads, rows=rows, notes=notes(found), rests=found.rests)


def calibration_page(found: Calibration, lang: Lang) -> str:
    """Return the page."""
    title = say(msg("The model beside what was published"), lang)
    parts = [f"<h1>{escape(title)}</h1>"]
    parts += [f'<div class="banner">{escape(line)}</div>' for line in rests_lines(found.rests, lang)]
    parts += [f"<p>{escape(say(one, lang))}</p>" for one in notes(found)]
    for standing in Standing.TESTED, Standing.INPUT:
        some = found.standing(standing)
        if some:
            parts.append(f"<h2>{escape(say(_TOLD[standing], lang))}</h2>{_table(some, lang)}")
    language = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><meta {_MARK}>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def write_calibration(found: Calibration, outs: Sequence[Path], lang: Lang) -> None:
    """Write it into files, each by its suffix; all of them are written or none.

    Raises:
        OutputError: A name has another suffix, something else is there, or it can't be written.
    """
    check_forms(outs, FORMS)
    listing = calibration_listing(found, lang)

    def content(out: Path) -> bytes:
        match out.suffix.casefold():
            case ".html":
                return calibration_page(found, lang).encode()
            case ".json":
                return f"{as_json(found.to_data())}\n".encode()
            case suffix:
                return listing_bytes(listing, suffix, lang)

    def is_earlier(path: Path) -> bool:
        match path.suffix.casefold():
            case ".html":
                return _MARK.encode() in path.read_bytes()
            case ".json":
                return b'"comparisons"' in path.read_bytes()
            case _:
                return listing.is_earlier(path)

    write_or_replace({out: content(out) for out in outs}, is_earlier)


# --- figures -----------------------------------------------------------------------------------------


def amount(value: Fraction, unit: Unit) -> str:
    """Write a number of a unit as people read it: 18,000; 7.9; 65.0%; 1.57."""
    if unit is Unit.SHARE:
        return f"{decimal(value * PERCENT, _PLACES[unit])}%"
    return decimal(value, _PLACES[unit])


def decimal(value: Fraction, places: int) -> str:
    """Write a number with so many decimal places, its thousands apart."""
    scale = 10**places
    whole, rest = divmod(round_half_up(abs(value.numerator) * scale, value.denominator), scale)
    sign = "-" if value < 0 and (whole or rest) else ""
    return f"{sign}{whole:,}.{rest:0{places}d}" if places else f"{sign}{whole:,}"


def _bound(one: Comparison, lang: Lang) -> str:
    value = amount(one.value, one.target.unit)
    match one.target.holds:
        case Holds.AT_LEAST:
            return say(msg("at least {value}", value=value), lang)
        case Holds.AT_MOST:
            return say(msg("at most {value}", value=value), lang)
        case Holds.EQUAL:
            return value


def _off(one: Comparison) -> str:
    told = decimal(one.off * PERCENT, 1)
    return f"{told}%" if one.off < 0 else f"+{told}%"


def _cells(one: Comparison, lang: Lang) -> list[str]:
    unit = one.target.unit
    return [
        say(one.target.told, lang), _bound(one, lang), amount(one.mean, unit),
        f"{amount(one.spread.low, unit)} – {amount(one.spread.high, unit)}", _off(one),
        say("yes" if one.agrees else "no", lang),
    ]


def _source(one: Comparison, lang: Lang) -> str:
    return phrases([part for part in (say(one.published.source, lang), one.published.date) if part], lang)


def _carriers(one: Comparison, lang: Lang) -> str:
    told = [
        bracketed(key_word(carrier.name, lang), listed(carrier.statuses, lang), lang) for carrier in one.carriers
    ]
    return several(told, lang)


def _why(one: Comparison, lang: Lang) -> Iterable[str]:
    """Say of what doesn't agree what carries it, and what one has to know."""
    yield labelled(say(msg("Does not agree"), lang), say(one.target.told, lang), lang)
    source = phrases([word(one.published.status, lang), _source(one, lang)], lang)
    yield f"  {labelled(say(msg('published'), lang), source, lang)}"
    if one.carriers:
        yield f"  {labelled(say(msg('carried by'), lang), _carriers(one, lang), lang)}"
    if one.target.note is not None:
        yield f"  {say(one.target.note, lang)}"


def _table(some: Sequence[Comparison], lang: Lang) -> str:
    heads = (*_HEADS, msg("carried by"))
    head = "".join(
        f'<th{" class=n" if 0 < at < len(_HEADS) - 1 else ""}>{escape(say(one, lang))}</th>'
        for at, one in enumerate(heads)
    )
    return f"<table><tr>{head}</tr>{''.join(_row(one, lang) for one in some)}</table>"


def _row(one: Comparison, lang: Lang) -> str:
    told, published, *figures, agrees = (escape(cell) for cell in _cells(one, lang))
    source = escape(bracketed(word(one.published.status, lang), _source(one, lang), lang))
    note = "" if one.target.note is None else f'<br><span class="soft">{escape(say(one.target.note, lang))}</span>'
    numbers = "".join(f'<td class="n">{cell}</td>' for cell in (published, *figures))
    mark = agrees if one.agrees else f"<b>{agrees}</b>"
    return (
        f'<tr><td>{told}<br><span class="soft">{source}</span>{note}</td>{numbers}<td>{mark}</td>'
        f'<td class="soft">{escape(_carriers(one, lang))}</td></tr>'
    )
