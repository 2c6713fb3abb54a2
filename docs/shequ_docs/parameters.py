"""A page for each topic of parameters, and a list of them all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shequ_core.policy.kinds import Strategies
from shequ_core.policy.parameters import PARAMETERS, LocalValue
from shequ_core.policy.sheet.write import value_text
from shequ_core.reports.wording import say
from shequ_core.testing.cases import carriers
from shequ_docs.said import said_of, value_table
from shequ_docs.strategies import PLACE
from shequ_docs.text import as_json, clause_link, code, facts, key_link, lines, plain, python_name, table

_ENUM: Final = re.compile(r"<enum '(\w+)'>")


def pages() -> dict[str, str]:
    """Return a page for each topic and the list."""
    topics = sorted({_topic(name) for name in _own()})
    found = {f"parameters/{topic}.md": lines(_page(topic)) for topic in topics}
    return {"parameters/index.md": lines(_index(topics)), **found}


def _own() -> list[str]:
    """Return the core's own keys: a plugin may declare more."""
    return sorted(name for name in PARAMETERS if python_name(name))


def _topic(name: str) -> str:
    return name.partition(".")[0]


def _index(topics: list[str]) -> Iterator[str]:
    yield from (
        "# Parameters",
        "",
        f"The core declares {len(_own())} keys and holds no figure.",
        "A key says what a figure is, for any place; a place says how much.",
        "`shequ policy PLACE` shows what is in force.",
        "",
    )
    yield from table(
        ("key", "what it is", "unit", "clauses", "set by the library"),
        [
            (
                key_link(name),
                plain(PARAMETERS[name].doc),
                PARAMETERS[name].unit,
                ", ".join(map(clause_link, PARAMETERS[name].clauses)),
                _set_by(name),
            )
            for name in _own()
        ],
    )
    yield from ("```{toctree}", ":hidden:", "", *topics, "```")


def _set_by(name: str) -> str:
    said = said_of(name, built_in=True)
    if not said:
        return "nobody"
    if all(getattr(one, "value", None) is None for _, _, one in said):
        return "nobody (bounded)"
    statuses = dict.fromkeys(one.status.value for _, _, one in said if hasattr(one, "status"))
    return ", ".join(statuses)


def _page(topic: str) -> Iterator[str]:
    yield from (f"# Parameters: {topic}", "")
    for name in _own():
        if _topic(name) == topic:
            yield from _key(name)


def _form(name: str) -> str:
    """Return how a value that somebody sets stands in a figure sheet."""
    said = (*said_of(name, built_in=True), *said_of(name, built_in=False))
    value = next((one.value for _, _, one in said if isinstance(one, LocalValue)), None)
    return "" if value is None else ", ".join(map(code, value_text(name, value, PLACE).splitlines()))


def _key(name: str) -> Iterator[str]:
    key = PARAMETERS[name]
    readers = [rule for rule, carrier in sorted(carriers().items()) if name in carrier.needs]
    strategy = f"[{key.kind.base.__name__}](#strategy-{key.kind.base.__name__.lower()})" if isinstance(
        key.kind, Strategies
    ) else ""
    yield from (f"({name})=", f"## `{name}`", "", plain(key.doc), "")
    yield from facts(
        (
            ("in Python", code(python_name(name))),
            ("unit", key.unit),
            ("kind", strategy or code(_ENUM.sub(r"\1", repr(key.kind)))),
            ("JSON Schema", "" if strategy else code(as_json(key.kind.schema()))),
            ("in a figure sheet", "" if strategy else _form(name)),
            ("clauses", ", ".join(map(clause_link, key.clauses))),
            ("who can set it", say(key.who, "en")),
            ("in use where", f"the strategy in {key_link(key.chosen_by)} uses it" if key.chosen_by else ""),
            ("needed by", ", ".join(map(code, readers))),
        )
    )
    own = said_of(name, built_in=True)
    cities = said_of(name, built_in=False)
    if own:
        yield from ("The library sets:", "", *value_table(own))
    else:
        yield from ("The library sets no value: a place has to.", "")
    if cities:
        yield from ("Plugins of cities set:", "", *value_table(cities))
