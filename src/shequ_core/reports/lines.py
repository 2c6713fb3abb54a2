"""Words for the lines of a slip, their clauses, and why a line of an earlier month is paid anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from shequ_core.errors import Message, msg
from shequ_core.explanation import in_force
from shequ_core.ledger import months
from shequ_core.ledger.causes import DAYS, FACT, JOINED, LEFT, ONCE, OTHERS, POLICY, POOL, SLIP, VERSION
from shequ_core.ledger.inputs import FactTable
from shequ_core.reports.wording import ZH, listed, say, several, word
from shequ_core.tables.answers import Slips
from shequ_core.tables.table import Table
from shequ_core.values import Lang


def line_word(line: str, lang: Lang) -> str:
    """Say a line of a slip, or another column of it."""
    return head_word(Slips, line, lang)


def head_word(table: type[Table[Any]], column: str, lang: Lang) -> str:  # Any: tables of an answer
    """Say a column of a table, as files have it at its head."""
    return table.specs[column].headers[1] if lang == ZH else word(column, lang)


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
    return months.shown(month)


# --- causes ------------------------------------------------------------------------------------------

CAUSES: Final[Mapping[str, Message]] = {
    POOL: msg("the subdistrict's pool, moved by others"),
    OTHERS: msg("facts of others, by whom a mean goes"),
    VERSION: msg("another version of the library"),
    JOINED: msg("not paid in the other month"),
    LEFT: msg("not paid in this month"),
    DAYS: msg("only a part of the month is paid"),
    ONCE: msg("it isn't paid every month"),
    f"{SLIP}grade": msg("another grade"),
    f"{SLIP}post_class": msg("another class of post"),
    f"{SLIP}assessment": msg("another assessment"),
    f"{SLIP}subdistrict": msg("another subdistrict"),
}
"""Why a line differs, for every cause that names neither a value of the place nor a table of facts."""


def cause_told(cause: str, lang: Lang) -> str:
    """Say why a line of an earlier month comes to something else: codes parted by blanks, as of `ArrearsLine.cause`."""
    return several((say(_cause(code), lang) for code in cause.split()), lang)


def _cause(code: str) -> Message:
    if code.startswith(POLICY):
        return msg("another value of {key}", key=code.removeprefix(POLICY))
    if code.startswith(FACT):
        return msg("facts: {table}", table=FactTable(code.removeprefix(FACT)))
    return CAUSES[code]
