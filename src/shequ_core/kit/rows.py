"""The values in force at a place as commented rows of a plugin's module: who says so, and how far one may go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import attrs

from shequ_core.errors import Message, msg
from shequ_core.kit.source import INDENT, KEYS, Writer, laid_out
from shequ_core.law.clauses import Source
from shequ_core.model.places import ancestors
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.bounds import AtLeast, AtMost, Bound
from shequ_core.policy.parameters import PARAMETERS, LocalLimit, LocalValue, Parameter
from shequ_core.policy.plain import to_plain
from shequ_core.policy.policy import Policy, Provenance
from shequ_core.reports.text import width
from shequ_core.reports.wording import bracketed, cited, key_word, labelled, phrases, say, shown, word
from shequ_core.testing.plugin_checks import UNWRITTEN_ARTICLE
from shequ_core.values import Lang

COMMENT: Final = f"{INDENT}# "
NOTE: Final = f"{INDENT}#  | "
"""What is told of a row stands behind it: whoever takes a row's comment marks away leaves these lines alone."""

WIDTH: Final = 112
WORDS: Final = re.compile(r"[（《“]*(?:[!-~]+|[^!-~])[，。；：、）》”]* *")
"""What a line may break after: a word, or a Chinese sign, with the marks that open before it and close behind it."""
NEEDED: Final[Mapping[str, Sequence[str]]] = {
    "collections.abc": ["Sequence"],
    "datetime": ["date"],
    "typing": ["Any", "Final", "TypeVar"],
    "shequ_core.law.clauses": ["Document"],
    "shequ_core.policy.hookspecs": ["hookimpl"],
    "shequ_core.policy.parameters": ["LocalPolicy", "LocalValue", "Parameter"],
    "shequ_core.values": ["Status"],
}
"""What the template itself uses, by module."""


@attrs.frozen(kw_only=True)
class Rows:
    """The rows, and what the module imports so that each of them may be used.

    Attributes:
        rows: The values in force, by topic, each commented out.
        unset: What nobody above set: what a place may say first.
        imports: Import lines, sorted.
    """

    rows: str
    unset: str
    imports: str


def rows_of(book: PolicyBook, place: str, on: date, lang: Lang, *, brings_division: bool) -> Rows:
    """Write what is in force for a place, as far as places above it say so.

    Args:
        book: The policies; what a plugin says for the place itself is left out.
        place: The place that is going to say something itself.
        on: The day.
        lang: The language of the comments.
        brings_division: Whether the module lists the place, since the library doesn't.
    """
    source = Writer()
    for module, names in NEEDED.items():
        for one in names:
            source.name(module, one)
    if brings_division:
        for one in ("Division", "DivisionKind", "Divisions"):
            source.name("shequ_core.model.places", one)
    above = _above(book, place, on)
    rows: dict[str, list[str]] = {}
    unset: list[str] = []
    for name, (topic, _) in KEYS.items():
        source.name("shequ_core.policy", topic)
        told = above.get(name)
        if told is None:
            unset.extend(_open(book, place, name, lang))
        else:
            rows.setdefault(topic, [f"{INDENT}# ==== {topic} ===="]).extend(_row(book, name, told, source, lang))
    return Rows(
        rows="\n\n".join("\n".join(lines) for lines in rows.values()), unset="\n".join(unset),
        imports="\n".join(_imports(source)),
    )


def _above(book: PolicyBook, place: str, on: date) -> Mapping[str, Provenance]:
    """Return what holds for a place by what places above it say."""
    chain = [code for code in ancestors(place) if code != place and code in book.divisions]
    policy: Policy = book.policy(chain[-1] if chain else ancestors(place)[0], on)
    return {key.name: told for key in policy if (told := policy.why(key)) is not None}


def _row(book: PolicyBook, name: str, told: Provenance, source: Writer, lang: Lang) -> Iterator[str]:
    key, value = PARAMETERS[name], told.value
    yield ""
    yield from _note(_meaning(key, lang))
    path = book.divisions.path(told.place) if told.place in book.divisions else told.place
    yield from _note(phrases((path, cited(value.source, lang), word(value.status, lang), value.since), lang))
    for bound in _bounds(told, lang):
        yield from _note(bound)
    try:
        piece = source.piece(value.value)
    except TypeError:
        brought = msg("{value}: of a class that another plugin brings", value=shown(value.value, lang))
        yield from _note(say(brought, lang))
        return
    row = laid_out(("_rule(", [source.key(key), piece, f'"{UNWRITTEN_ARTICLE}"'], ")"), "", WIDTH - len(COMMENT))
    yield from (f"{COMMENT}{line}" for line in f"{row},".splitlines())


def _bounds(told: Provenance, lang: Lang) -> Iterator[str]:
    """Say how far the place may go, by each place above that bounds it."""
    said: Sequence[LocalValue[Any]] = [told.value, *(value for _, value in told.replaced)]  # Any: keys of every type
    for one in said:
        if one.leeway is not None:
            yield say(_bound(one.leeway, one.source), lang)


def _open(book: PolicyBook, place: str, name: str, lang: Lang) -> Iterator[str]:
    key = PARAMETERS[name]
    topic, constant = KEYS[name]
    yield from _note(f"{topic}.{constant} {_meaning(key, lang)}")
    for _, spoken, one in book.said():
        if isinstance(one, LocalLimit) and one.key is key and spoken in ancestors(place):
            yield from _note(say(_bound(one.bound, one.source), lang))


def _meaning(key: Parameter[Any], lang: Lang) -> str:  # Any: keys of every type
    told = labelled(key_word(key.name, lang), say(key.doc, lang), lang)
    return bracketed(told, word(key.unit, lang, context="unit"), lang)


def _bound(bound: Bound[Any], source: Source) -> Message:  # Any: keys of every type
    return msg("Allowed here: {allowed} ({clause})", allowed=_allowed(bound), clause=source.clause or str(source))


def _allowed(bound: Bound[Any]) -> Message:  # Any: keys of every type
    if isinstance(bound, AtLeast):
        return msg("at least {least}", least=to_plain(bound.least))
    if isinstance(bound, AtMost):
        return msg("at most {most}", most=to_plain(bound.most))
    return msg("{allowed}", allowed=bound.allowed())


def _note(text: str) -> Iterator[str]:
    yield from (f"{NOTE}{line}" for line in folded(text, WIDTH - len(NOTE)))


def folded(text: str, room: int) -> Iterator[str]:
    """Yield lines of so many columns at most; Chinese breaks anywhere but at a mark, English between words."""
    line = ""
    for word_or_sign in WORDS.findall(text):
        if line and width(line + word_or_sign.rstrip()) > room:
            yield line.rstrip()
            line = ""
        line += word_or_sign
    yield line.rstrip()


def _imports(source: Writer) -> Iterator[str]:
    """Yield the imports as import sorters put them: the standard library, then the library."""
    ours = [module for module in source.imports if module.partition(".")[0] == "shequ_core"]
    for module in [*sorted(set(source.imports) - set(ours)), "", *sorted(ours)]:
        names = sorted(source.imports.get(module, ()), key=_constants_first)
        if not module:
            yield ""
        else:
            line = f"from {module} import {', '.join(names)}"
            over = "\n".join([f"from {module} import (", *(f"{INDENT}{one}," for one in names), ")"])
            yield line if len(line) <= WIDTH else over


def _constants_first(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)
