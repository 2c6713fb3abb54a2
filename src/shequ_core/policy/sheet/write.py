"""Writing a figure sheet: what a plugin says, in TOML, each key with its meaning, unit and clauses above it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Final, TypeAlias

import attrs

from shequ_core.errors import FigureSheetError, InputError, Message, msg
from shequ_core.law.clauses import Document, Force, Source
from shequ_core.model.places import Division
from shequ_core.policy.book import listed_divisions
from shequ_core.policy.bounds import Bound
from shequ_core.policy.parameters import LocalLimit, LocalPolicy, LocalValue, Parameter
from shequ_core.policy.plain import to_plain
from shequ_core.policy.sheet.read import sheet_from
from shequ_core.policy.sheet.rows import (
    BOUND,
    DIVISIONS,
    DOCUMENTS,
    INHERITED,
    LEEWAY,
    LIMITS,
    SCHEMA,
    VALUE,
    counts,
)
from shequ_core.policy.sheet.schema import key_told
from shequ_core.policy.strategies import Strategy
from shequ_core.values import Fen, Span

_WIDE: Final = 110
"""A value whose line is longer than so many characters gets lines of its own."""

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")

Said: TypeAlias = "LocalValue[Any] | LocalLimit[Any]"  # Any: keys of every type
Say: TypeAlias = "Callable[[Message | str], str]"

_HEAD: Final = (
    msg("Figures of places. Amounts are yuan in quotes, shares are exact and in quotes (7/10, 70%)."),
    msg("What a value does not say itself (since, known_on, status) its document says."),
)


def sheet_text(
    policies: Sequence[LocalPolicy], *, say: Say = str,
    names: Mapping[Document, str] | None = None, schema: str = SCHEMA,
) -> str:
    """Write a sheet.

    Args:
        policies: What it says; several of one place become one.
        say: Says what keys mean, and what the library's own readings are, in the language of the sheet.
        names: Short names of documents; the others are called after the day on which they were issued.
        schema: Where the JSON Schema lies, as seen from the sheet.

    Raises:
        FigureSheetError: Something has no form in a sheet, or would read back as something else.
    """
    places: dict[str, list[Said]] = {}
    listed = set(listed_divisions())
    divisions: dict[str, dict[Division, None]] = {}
    for policy in policies:
        places.setdefault(policy.place, []).extend(policy.values)
        own = [one for one in policy.divisions if one not in listed]
        divisions.setdefault(policy.place, {}).update(dict.fromkeys(own))
    said = [one for values in places.values() for one in values]
    writer = _Writer(say, _short_names(said, names or {}), said)
    text = "\n".join(writer.sheet(places, divisions, schema)).rstrip("\n") + "\n"
    _check(text, places, divisions, say)
    return text


def value_text(key: str, value: object, place: str, *, say: Say = str) -> str:
    """Write a value alone, as it stands in the sheet of a place."""
    return "\n".join(_lines({VALUE: _form(value, say)}, (place, *key.split(".")), wide=0)) + "\n"


def _short_names(said: Iterable[Said], given: Mapping[Document, str]) -> dict[Document, str]:
    documents = dict.fromkeys(one.source.document for one in said)
    found: dict[Document, str] = {}
    for document in sorted(documents, key=lambda one: (one.issued or date.min, one.title)):
        issued = f"issued_{document.issued:%Y_%m_%d}" if document.issued else "document"
        name = given.get(document, issued)
        taken = set(found.values())
        found[document] = next(
            one for number in range(1, len(documents) + 2)
            if (one := name if number == 1 else f"{name}_{number}") not in taken
        )  # fmt: skip
    return found


class _Writer:
    def __init__(self, say: Say, names: Mapping[Document, str], said: Sequence[Said]) -> None:
        self._say, self._names = say, names
        self._usual = {document: _usual([one for one in said if one.source.document == document]) for document in names}

    def sheet(
        self, places: Mapping[str, Sequence[Said]], divisions: Mapping[str, Iterable[Division]], schema: str
    ) -> Iterator[str]:
        yield f"#:schema {schema}"
        yield ""
        yield from (f"# {self._say(line)}" for line in _HEAD)
        for document, name in self._names.items():
            yield ""
            yield f"[{_path((DOCUMENTS, name))}]"
            rows = attrs.asdict(document)
            yield from _lines({**{field: one for field, one in rows.items() if one}, **self._usual[document]})
        for place in sorted(places):
            yield from self._place(place, places[place], tuple(divisions[place]))

    def _place(self, place: str, said: Sequence[Said], divisions: Sequence[Division]) -> Iterator[str]:
        if not said and not divisions:
            yield from ("", f"[{place}]")
        for division in divisions:
            yield from ("", f"[[{_path((place, DIVISIONS))}]]")
            rows = {field.name: (getattr(division, field.name), field.default) for field in attrs.fields(Division)}
            yield from _lines({name: _form(one, self._say) for name, (one, usual) in rows.items() if one != usual})
        by_key: dict[tuple[bool, str], list[Said]] = {}
        for one in said:
            by_key.setdefault((isinstance(one, LocalLimit), one.key.name), []).append(one)
        for (limit, name), ones in sorted(by_key.items()):
            key = ones[0].key
            path = (place, *((LIMITS,) if limit else ()), *name.split("."))
            yield ""
            yield from (f"# {line}" for line in self._say(key_told(key)).split("\n"))
            for at, one in enumerate(sorted(ones, key=lambda one: (one.since, one.known_on))):
                if at:
                    yield ""
                yield f"[[{_path(path)}]]" if len(ones) > 1 else f"[{_path(path)}]"
                yield from _lines(self._row(key, one), path)

    def _row(self, key: Parameter[Any], one: Said) -> dict[str, object]:
        usual = self._usual[one.source.document]
        days: dict[str, object] = {"since": one.since, "until": one.until, "known_on": one.known_on}
        if isinstance(one, LocalLimit):
            return {**_cited(one.source, self._names), **_unusual(days, usual), BOUND: self._bound(key, one.bound)}
        rests = [{name: text for name, text in attrs.asdict(part).items() if text} for part in one.rests_on]
        row: dict[str, object] = {
            VALUE: _form(one.value, self._say),
            "unit": key.unit if counts(key.kind) else None,
            **_cited(one.source, self._names),
            **_unusual({**days, "status": str(one.status.value)}, usual),
            "fresh_until": one.fresh_until,
            LEEWAY: None if one.leeway is None else self._bound(key, one.leeway),
            "rests_on": [_form(part, self._say) for part in rests] or None,
            "reading": self._say(one.reading) or None,
            "departs": one.departs or None,
            "ends": one.ends or None,
        }
        return {name: cell for name, cell in row.items() if cell is not None}

    def _bound(self, key: Parameter[Any], bound: Bound[Any]) -> object:
        if not bound.name:
            told = msg("{key}: the bound {kind} has no form in a figure sheet", key=key.name, kind=type(bound).__name__)
            raise FigureSheetError(told)
        return {bound.name: _form(bound.held(), self._say)}


def _usual(said: Sequence[Said]) -> dict[str, object]:
    """Return what most of what cites a document says alike."""
    found: dict[str, object] = {}
    for name in INHERITED:
        told = [getattr(one, name) for one in said if hasattr(one, name)]
        if told:
            (one, _), *_ = sorted(Counter(told).items(), key=lambda row: (-row[1], str(row[0])))
            found[name] = str(one.value) if isinstance(one, Enum) else one
    return found


def _unusual(row: Mapping[str, object], usual: Mapping[str, object]) -> dict[str, object]:
    return {name: one for name, one in row.items() if one is not None and usual.get(name) != one}


def _cited(source: Source, names: Mapping[Document, str]) -> dict[str, object]:
    force = "" if source.force is Force.NONE else str(source.force.value)
    row = {"document": names[source.document], "article": source.article, "clause": source.clause, "force": force}
    return {name: text for name, text in row.items() if text}


def _form(value: object, say: Say) -> object:
    """Return the plain form with days as days and the unit behind amounts; what is None isn't written."""
    if isinstance(value, Fen):
        return f"{value.yuan()} {say('yuan')}" if say("yuan").isascii() else f"{value.yuan()}{say('yuan')}"
    if isinstance(value, date):
        return value
    if isinstance(value, Strategy):
        version = {"version": value.version} if value.version != 1 else {}
        return {"kind": value.kind, **version, **_fields(value, say)}
    if isinstance(value, Span):
        return [_form(value.low, say), _form(value.high, say)]
    if isinstance(value, Mapping):
        return {str(to_plain(name)): _form(one, say) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_form(one, say) for one in value]
    if attrs.has(type(value)):
        return _fields(value, say)
    return to_plain(value)

def _fields(record: Any, say: Say) -> dict[str, object]:  # Any: any attrs record
    """Return the fields that aren't what they are when nobody says them."""
    found: dict[str, object] = {}
    for field in attrs.fields(type(record)):
        value = getattr(record, field.name)
        empty = isinstance(value, (Mapping, tuple, frozenset)) and not value
        as_left_out = field.default is not attrs.NOTHING and (empty or value == field.default)
        if value is not None and not as_left_out:
            found[field.name] = _form(value, say)
    return found


# --- TOML -----------------------------------------------------------------------------------------------


def _path(path: Iterable[str]) -> str:
    return ".".join(one if _BARE.fullmatch(one) else _quoted(one) for one in path)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(row: Mapping[str, object], path: Sequence[str] = (), wide: int = _WIDE) -> Iterator[str]:
    """Yield the lines of a table: what is too long for one becomes a list of several lines, or a table below."""
    below: dict[str, Mapping[str, object]] = {}
    for name, one in row.items():
        line = f"{_path((name,))} = {_inline(one)}"
        if len(line) <= wide or not isinstance(one, (list, Mapping)):
            yield line
        elif isinstance(one, list):
            yield f"{_path((name,))} = ["
            yield from (f"    {row}" for row in _rows(one))
            yield "]"
        else:
            below[name] = one
    for name, table in below.items():
        yield f"[{_path((*path, name))}]"
        yield from _lines(table, (*path, name))


def _rows(items: Sequence[object]) -> Iterator[str]:
    """Yield the items of a list in lines: a table has one of its own, others share it."""
    row = ""
    for item in items:
        one = f"{_inline(item)},"
        if row and (isinstance(item, Mapping) or len(row) + len(one) >= _WIDE):
            yield row
            row = ""
        row = f"{row} {one}" if row else one
    yield row


def _inline(one: object) -> str:
    if isinstance(one, bool):
        return str(one).lower()
    if isinstance(one, str):
        return _quoted(one)
    if isinstance(one, list):
        return f"[{', '.join(map(_inline, one))}]"
    if isinstance(one, Mapping):
        inside = ", ".join(f"{_path((str(name),))} = {_inline(part)}" for name, part in one.items())
        return f"{{ {inside} }}" if inside else "{}"
    return str(one)


# --- the same again -----------------------------------------------------------------------------------------


def _check(
    text: str, places: Mapping[str, Sequence[Said]], divisions: Mapping[str, Iterable[Division]],
    say: Say,
) -> None:
    """Read a sheet back: what is written has to be what was said."""
    try:
        found = {policy.place: policy for policy in sheet_from(text.encode(), SCHEMA)}
    except InputError as error:
        told = error.faults[0]
        problem = msg("{key} has no form in a figure sheet: {problem}", key=told.key, problem=told.message)
        raise FigureSheetError(problem) from None
    for place, said in places.items():
        due = [attrs.evolve(one, reading=say(one.reading)) if isinstance(one, LocalValue) else one for one in said]
        for one in found[place].values:
            if one in due:
                due.remove(one)
        if due or len(found[place].values) != len(said) or set(found[place].divisions) != set(divisions[place]):
            problem = msg("what the plugin says of {place} would read back as something else", place=place)
            raise FigureSheetError(problem)
