"""The strategies: values that differ in kind from place to place."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from enum import Enum
from typing import Any

import attrs

from shequ_core.policy.described import fields_described, sections, summary
from shequ_core.policy.kinds import Strategies
from shequ_core.policy.parameters import PARAMETERS, LocalValue
from shequ_core.policy.sheet.write import value_text
from shequ_core.policy.strategies import Strategy
from shequ_docs.said import said_of
from shequ_docs.text import code, facts, fenced, key_link, lines, member_docs, plain, table

PLACE = "220104"

FORMS: dict[str, dict[str, object]] = {
    "daily_duty": {"a_day": "100.00", "payer": "区财政", "by_class": {"principal": "120.00"}},
    "fixed_monthly": {"amount": "3000.00"},
    "amounts": {"table": ["3000.00", "3150.00"], "classes": {"staff": [1, 2]}},
    "class_amounts": {"tables": {"principal": ["3600.00", "3800.00"], "staff": ["3000.00", "3150.00", "3300.00"]}},
    "one_off": {"amounts": {"assistant": "1000.00", "social_worker": "2000.00", "senior": "3000.00"}},
    "place": {"compares": "standard"},
    "personal_share": {},
    "fixed_sums": {
        "sums": {"principal": "900.00", "staff": "700.00"}, "nothing_after": ["unqualified"],
        "at_year_end": {"outstanding": "3000.00", "qualified": "2000.00"}, "month": 1,
    },
    "household_table": {"upto": [1000, 2000], "posts": [[5, 6], [7, 8], [9, 12]]},
    "per_residents": {"posts": [18, 18], "residents": 10000},
    "per_households": {"households": [300, 400], "least": 5},
}
"""A made-up value of each kind that no plugin of ours uses."""


def pages() -> dict[str, str]:
    """Return the one page."""
    return {"strategies/index.md": lines(_page())}


def bases() -> list[type[Strategy]]:
    """Return the bases that a parameter asks for, by name."""
    found = {key.kind.base for key in PARAMETERS.values() if isinstance(key.kind, Strategies)}
    return sorted(found, key=lambda one: one.__name__)


def _page() -> Iterator[str]:
    yield from (
        "# Strategies",
        "",
        "Where places differ in kind and not in figures, the value of a parameter is a small class.",
        "In plain data it is a table with `kind`, the fields below and, if you like, `version`;"
        " figures in the forms below are examples.",
        "A plugin may bring a class of its own: derive from the base, name its `kind`, answer its questions.",
        "",
    )
    for base in bases():
        yield from _base(base)


def _base(base: type[Strategy]) -> Iterator[str]:
    keys = [name for name, key in sorted(PARAMETERS.items()) if getattr(key.kind, "base", None) is base]
    asked = [(name, member) for name, member in inspect.getmembers(base, inspect.isfunction) if _asked(base, name)]
    known = [one for one in base.known_kinds() if one.__module__.startswith("shequ_core.")]
    yield from (f"(strategy-{base.__name__.lower()})=", f"## {base.__name__}", "", plain(summary(base)), "")
    yield from facts((("in Python", code(f"{base.__module__}.{base.__name__}")),
                      ("value of", ", ".join(map(key_link, keys)))))
    if asked:
        yield from ("Its questions:", "")
        yield from (f"- `{name}{_signature(member)}`: {plain(summary(member))}" for name, member in asked)
        yield ""
    if not known:
        yield from ("The library brings no kind of it: a plugin does.", "")
    told: set[type] = set()
    for kind in known:
        yield from _kind(kind)
        yield from ("In a [figure sheet](/how-to/figure-sheet.md):", "", *fenced(form_of(keys[0], kind), "toml"))
        for part in _parts(kind):
            if part not in told:
                told.add(part)
                yield from (f"{code(part.__name__)}: {plain(summary(part))}", "")
                yield from _choices(part) if issubclass(part, Enum) else _fields(part)


def form_of(key: str, kind: type[Strategy]) -> str:
    """Return a value of a kind as a sheet has it: one that a plugin sets, else a made-up one."""
    said = (*said_of(key, built_in=False), *said_of(key, built_in=True))
    real = (one.value for _, _, one in said if isinstance(one, LocalValue) and type(one.value) is kind)
    value = next(real, None)
    if value is None:
        value = PARAMETERS[key].parse({"kind": kind.kind, **FORMS[kind.kind]})
    return value_text(key, value, PLACE)


def _asked(base: type[Strategy], name: str) -> bool:
    return not name.startswith("_") and name not in vars(Strategy) and name in vars(base)


def _signature(member: object) -> str:
    assert callable(member)
    told = str(inspect.signature(member))
    return told.replace("(self, ", "(").replace("(self)", "()").replace("'", "")


def _kind(kind: type[Strategy]) -> Iterator[str]:
    yield from (f"### `{kind.kind}`", "", plain(" ".join(sections(kind)[""].split())), "")
    yield from facts((("in Python", code(f"{kind.__module__}.{kind.__name__}")), ("version", str(kind.version)),
                      ("reads", ", ".join(map(key_link, kind.uses)))))
    yield from _fields(kind)


def _fields(record: type[Any]) -> list[str]:  # Any: an attrs class
    """Return a table of a record's fields; what no docstring of its own tells stands in that of its base."""
    told = fields_described(record)
    return table(
        ("field", "type", "needed", ""),
        [
            (
                code(field.name),
                code(_type(field.type)),
                "yes" if field.default is attrs.NOTHING else "",
                plain(told.get(field.name, "")),
            )
            for field in attrs.fields(record)
        ],
    )


def _choices(kind: type[Enum]) -> list[str]:
    told = member_docs(kind)
    return table(("code", ""), [(code(str(one.value)), plain(told.get(one.name, ""))) for one in kind])


def _parts(kind: type[Any]) -> list[type[Any]]:  # Any: attrs classes and enums
    """Return the records and choices of which the fields of a strategy are made; facts' words are in the glossary."""
    found: dict[type[Any], None] = {}
    for field in attrs.fields(attrs.resolve_types(kind)):
        for part in (field.type, *typing.get_args(field.type)):
            ours = isinstance(part, type) and part.__module__.startswith("shequ_core.policy")
            if ours and (attrs.has(part) or issubclass(part, Enum)):
                found[part] = None
    return list(found)


def _type(hint: object) -> str:
    if isinstance(hint, str):
        return hint
    return hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint)
