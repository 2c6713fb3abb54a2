"""Words: every sentence and term of the library in Chinese or English.

The English template of a `Message` is the key of its translation. The translations stand in
`locale/zh_CN/LC_MESSAGES/shequ.po`; a build compiles them (`hatch_build.py`), and a source tree that
was never built reads the .po itself, so that nobody meets half a translation.
"""

from __future__ import annotations

import gettext
import importlib.resources
import io
import json
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache, partial
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import attrs

from shequ_core.errors import Message, ShequError, Term, msg
from shequ_core.law.clauses import Source
from shequ_core.model.places import Level
from shequ_core.model.posts import CLASS_LABELS
from shequ_core.values import Fen, Labelled, Lang, Span, fraction_text

ZH: Final = "zh"
EN: Final = "en"
LANGS: Final[tuple[Lang, ...]] = (ZH, EN)
DOMAIN: Final = "shequ"

_BETWEEN: Final = {ZH: "、", EN: ", "}
_COLON: Final = {ZH: "：", EN: ": "}
_BRACKETS: Final = {ZH: "（{}）", EN: " ({})"}
_COMMA: Final = {ZH: "，", EN: ", "}
_SEMICOLON: Final = {ZH: "；", EN: "; "}
_SPAN: Final = 2
_CLASSES: Final = frozenset(CLASS_LABELS.values())


def say(message: Message | str, lang: Lang) -> str:
    """Say a message, or a fixed English text, in a language.

    Messages inside a message are said too, and parts are written as people write them: money in
    yuan, days in ISO form, fractions as n/d, several things one after the other.
    """
    if isinstance(message, str):
        return _translations(lang).gettext(message) if message else ""
    template = _translations(lang).gettext(message.template)
    return _Sentence(lang).vformat(template, (), message.parts)


def speaker(lang: Lang) -> Callable[[Message], str]:
    """Return what says messages in a language, for things on lower floors that say something."""
    return partial(say, lang=lang)


def word(term: Enum | str, lang: Lang, *, context: str = "") -> str:
    """Say one term: the name of a status, grade or level, a member of any enum, a topic, a field.

    Args:
        term: A member of an enum, or a code such as 'staffing'.
        lang: The language.
        context: What the code names ('field', 'argument', 'kind', 'unit'); an enum's class names its own.
    """
    if isinstance(term, Enum):
        if isinstance(term, Labelled) and lang == ZH and term.labels:
            return term.labels[0]
        if isinstance(term, Level) and lang == ZH:
            return term.zh
        code, context = str(term.value), type(term).__name__
    else:
        code = term
    if lang == EN:
        return code.replace("_", " ")
    return _translations(lang).pgettext(context, code) if context else _translations(lang).gettext(code)


def class_word(code: str, lang: Lang) -> str:
    """Say a class of post (社区正职…), by the word that rosters have for it; a place's own class is its own word."""
    if lang == EN:
        return code
    return next((label for label, known in CLASS_LABELS.items() if known == code), code)


def key_word(name: str, lang: Lang) -> str:
    """Say a parameter: its name in Chinese before the one that programs know; any other text is its own word."""
    if lang == EN or "." not in name:
        return name
    found = _translations(lang).pgettext("key", name)
    return name if found == name else bracketed(found, name, lang)


def cited(source: Source, lang: Lang) -> str:
    """Say where a value stands in writing; a document that we made up has its title in either language."""
    title = f"《{say(source.document.title, lang)}》{source.article}"
    return bracketed(title, source.clause, lang)


def listed(parts: Iterable[object], lang: Lang) -> str:
    """Put things one after the other."""
    return _BETWEEN[lang].join(_part(one, lang) for one in parts)


def phrases(parts: Iterable[object], lang: Lang) -> str:
    """Put what is said of one thing one after the other, with the comma of the language."""
    return _COMMA[lang].join(_part(one, lang) for one in parts)


def several(parts: Iterable[str], lang: Lang) -> str:
    """Put phrases one after the other, with the semicolon of the language."""
    return _SEMICOLON[lang].join(parts)


def labelled(label: str, text: str, lang: Lang) -> str:
    """Put a label before a text, with the colon of the language."""
    return f"{label}{_COLON[lang]}{text}"


def bracketed(text: str, inside: str, lang: Lang) -> str:
    """Put something in brackets after a text, with the brackets of the language."""
    return text + _BRACKETS[lang].format(inside) if inside else text


def shown(value: object, lang: Lang) -> str:
    """Write a value of a policy, a strategy's too, as people write it."""
    if isinstance(value, Fen):
        return say(msg("{amount} yuan", amount=value), lang)
    kind_of: type[Any] = type(value)  # Any: any attrs class
    if attrs.has(kind_of) and not isinstance(value, (Message, Span)):
        kind = getattr(value, "kind", None)
        name = word(kind, lang, context="kind") if isinstance(kind, str) else ""
        fields = {word(field.name, lang, context="field"): getattr(value, field.name)
                  for field in attrs.fields(kind_of)}
        inside = _told({name: one for name, one in fields.items() if not _empty(one)}, lang)
        return bracketed(name, inside, lang) if name else inside
    return _part(value, lang)


def sentences(error: ShequError, lang: Lang) -> tuple[str, ...]:
    """Say an error: its sentence first, then each fault or key that it names."""
    faults = getattr(error, "told", ())
    missing = getattr(error, "missing", ())
    return (
        say(error.message, lang),
        *(labelled(say(fault.where(), lang), say(fault.message, lang), lang) for fault in faults),
        *(say(one.sentence(), lang) for one in missing),
    )


# --- parts ---------------------------------------------------------------------------------------


class _Sentence(string.Formatter):
    """`str.format` that writes the parts of a message in one language."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang

    def format_field(self, value: object, format_spec: str) -> str:
        return format(value, format_spec) if format_spec else _part(value, self._lang)


def _part(value: object, lang: Lang) -> str:
    if isinstance(value, Message):
        return say(value, lang)
    if isinstance(value, Enum):
        return word(value, lang)
    if isinstance(value, Term):
        return word(value.code, lang, context=value.context)
    if isinstance(value, Fen):
        return value.yuan()
    if isinstance(value, bool):
        return say("yes" if value else "no", lang)
    if isinstance(value, Fraction):
        return fraction_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Span):
        return _from_to(value.low, value.high, lang)
    if isinstance(value, Mapping):
        return _told(value, lang)
    if isinstance(value, (set, frozenset)):
        return listed(_in_order(value), lang)
    if isinstance(value, list) and len(value) == _SPAN and all(type(one) is int for one in value):
        return _from_to(value[0], value[1], lang)  # a span in its plain form, as bounds give it to their messages
    if isinstance(value, Sequence) and not isinstance(value, str):
        return listed(value, lang)
    if value is None:
        return say("none", lang)
    if isinstance(value, str):
        return class_word(value, lang) if value in _CLASSES else key_word(value, lang)
    return str(value)


def _from_to(low: object, high: object, lang: Lang) -> str:
    return say(msg("{low} to {high}", low=low, high=high), lang)


def _told(fields: Mapping[object, object] | Mapping[str, object], lang: Lang) -> str:
    between = _SEMICOLON if any(_many(one) for one in fields.values()) else _BETWEEN
    return between[lang].join(f"{_name(name, lang)} {shown(one, lang)}" for name, one in fields.items())


def _name(name: object, lang: Lang) -> str:
    if not isinstance(name, str) or isinstance(name, Enum):
        return _part(name, lang)
    return class_word(name, lang) if name in _CLASSES else word(name, lang, context="field")


def _many(value: object) -> bool:
    return isinstance(value, (Mapping, tuple, list, set, frozenset)) and len(value) > 1


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, (Mapping, tuple, frozenset)) and not value)


def _in_order(members: Iterable[object]) -> list[object]:
    """Members of an enum as the enum lists them, anything else by its text: never by its hash."""
    return sorted(members, key=lambda one: (list(type(one)).index(one), "") if isinstance(one, Enum) else (0, str(one)))


# --- catalogues ----------------------------------------------------------------------------------


@cache
def _translations(lang: Lang) -> gettext.NullTranslations:
    if lang == EN:
        return gettext.NullTranslations()
    folder = importlib.resources.files("shequ_core.reports") / "locale" / "zh_CN" / "LC_MESSAGES"
    compiled, source = folder / f"{DOMAIN}.mo", folder / f"{DOMAIN}.po"
    fresh = compiled.is_file() and not newer(source, compiled)
    content = compiled.read_bytes() if fresh else compile_catalogue(source.read_bytes())
    return gettext.GNUTranslations(io.BytesIO(content))


def newer(source: Traversable, compiled: Traversable) -> bool:
    """Whether a .po was edited after its .mo was made; a wheel has the .mo alone."""
    if not isinstance(source, Path) or not isinstance(compiled, Path) or not source.is_file():
        return False
    return source.stat().st_mtime > compiled.stat().st_mtime


def compile_catalogue(po: bytes) -> bytes:
    """Compile a .po catalogue to the .mo form that `gettext` reads."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(po), locale="zh_CN"))
    return compiled.getvalue()


def as_json(data: object) -> str:
    """Write data as the command line prints it: readable Chinese, keys in their own order."""
    return json.dumps(data, ensure_ascii=False, indent=2)
