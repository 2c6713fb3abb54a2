"""What plugins say of a key, as rows of a table."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from shequ_core.policy.book import Plugin, PolicyBook
from shequ_core.policy.parameters import LocalLimit, LocalValue
from shequ_docs.text import as_json, clause_link, code, plain, table

Said = LocalValue[Any] | LocalLimit[Any]  # Any: keys of every type


@functools.cache
def book() -> PolicyBook:
    """Return a book of everything that is installed, assumed values too."""
    return PolicyBook.load(assume=True)


def said_of(name: str, *, built_in: bool) -> list[tuple[Plugin, str, Said]]:
    """Return what is said of a key, by the library itself or by plugins of cities, in the order of places."""
    found = [
        (plugin, place, one)
        for plugin, place, one in book().said()
        if one.key.name == name and plugin.built_in is built_in
    ]
    return sorted(found, key=lambda one: (one[1], one[2].since))


def where(place: str) -> str:
    """Return a place's name and code."""
    return f"{book().divisions.path(place)} {place}".strip()


def value_table(rows: Sequence[tuple[Plugin, str, Said]]) -> list[str]:
    """Return a table of values and limits: who says it, what, since when, how sure, and how far places below may go."""
    return table(
        ("place", "value", "since", "status", "leeway below", "source", "reading"),
        [(where(place), *_cells(one)) for _, place, one in rows],
    )


def _cells(one: Said) -> tuple[str, ...]:
    source = plain(str(one.source).removesuffix(f" ({one.source.clause})"))
    if one.source.clause:
        source += f" {clause_link(one.source.clause)}"
    if isinstance(one, LocalLimit):
        return ("no value of its own", one.since.isoformat(), "", code(as_json(one.bound.allowed())), source, "")
    statuses = [one.status.value, *(f"{part.status.value} ({part.what})" for part in one.rests_on)]
    return (
        code(as_json(one.to_data())),
        one.since.isoformat() + (f" to {one.until.isoformat()}" if one.until else ""),
        ", ".join(statuses),
        "" if one.leeway is None else code(as_json(one.leeway.allowed())),
        source,
        plain(str(one.reading)),
    )
