"""Words for the lines of a slip, their clauses, and why a line of an earlier month is paid anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import attrs

from shequ_core.errors import Message, msg
from shequ_core.explanation import in_force
from shequ_core.reports.wording import ZH, key_word, listed, say, several, word
from shequ_core.tables.answers import Slips
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Lang


def line_word(line: str, lang: Lang) -> str:
    """Say a line of a slip, or another column of it."""
    return Slips.specs[line].headers[1] if lang == ZH else word(line, lang)


def graded(grade: int, lang: Lang) -> str:
    """Say a pay grade."""
    return say(msg("grade {grade}", grade=grade), lang)


def clauses_told(clauses: Iterable[str], instruments: frozenset[str], lang: Lang) -> str:
    """Say which clauses stand behind something: those in force, and those that it is only like.

    Args:
        clauses: Addresses, in order.
        instruments: The instruments whose clauses are in force there.
    """
    here, elsewhere = in_force(clauses, instruments)
    told = [listed(here, lang)] if here else []
    if elsewhere:
        told.append(say(msg("a mechanism like {clauses}, which is not in force here", clauses=elsewhere), lang))
    return several(told, lang)


def month_text(month: int) -> str:
    """Write a month as people do: 2022-07 for 202207."""
    return f"{str(month)[:-2]}-{str(month)[-2:]}"


# --- causes ------------------------------------------------------------------------------------------


def _by_key(key: str, lang: Lang) -> Message:
    return msg("another value of {key}", key=key_word(key, lang))


def _by_fact(table: str, lang: Lang) -> Message:
    return msg("other facts on record: {table}", table=table_word(table, lang))


def _by_slip(field: str, lang: Lang) -> Message:
    return msg("another {field}", field=line_word(field, lang))


_PARTED: Final[Mapping[str, Callable[[str, Lang], Message]]] = {"policy": _by_key, "fact": _by_fact, "slip": _by_slip}
_PLAIN: Final[Mapping[str, Message]] = {
    "pool": msg("facts of others, which changed the subdistrict's pool"),
    "others": msg("facts of others, which changed a mean of the county"),
    "version": msg("another version of the library, which works it out otherwise"),
    "joined": msg("joined"),
    "left": msg("left"),
    "days": msg("months of different length"),
}


def cause_told(cause: str, lang: Lang) -> str:
    """Say why a line is otherwise: codes parted by blanks, as of `ArrearsLine.cause`."""
    return several((_one_cause(code, lang) for code in cause.split()), lang)


def _one_cause(code: str, lang: Lang) -> str:
    kind, _, what = code.partition(":")
    if what and kind in _PARTED:
        return say(_PARTED[kind](what, lang), lang)
    return say(_PLAIN[code], lang) if code in _PLAIN else code


def table_word(table: str, lang: Lang) -> str:
    """Say a table of a dataset: in Chinese as its file is called."""
    field = attrs.fields_dict(Dataset).get(table)
    if lang != ZH or field is None:
        return word(table, lang)
    names: tuple[str, ...] = field.metadata["names"]
    return names[0]
