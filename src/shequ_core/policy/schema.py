"""JSON Schema (draft 2020-12) of the plain form of values: what `plain` reads, told to editors."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Final, TypeAlias

import attrs

from shequ_core.errors import msg
from shequ_core.policy.described import fields_described, summary
from shequ_core.policy.plain import AMOUNT, DAY, SHARE
from shequ_core.values import Fen, JsonValue, Labelled, Points, Span

Schema: TypeAlias = "dict[str, JsonValue]"

SHARES: Final[Schema] = {
    "type": ["string", "integer"], "pattern": f"^{SHARE}$", "minimum": 0, "examples": ["7/10", "0.7", "70%"],
    "description": msg("An exact share or factor, in quotes.").template,
}  # fmt: skip
AMOUNTS: Final[Schema] = {
    "type": "string", "pattern": f"^{AMOUNT}$", "examples": ["2958.00", "2958.00元"],
    "description": msg("Yuan, in quotes.").template,
}  # fmt: skip
DAYS: Final[Schema] = {"type": "string", "format": "date", "pattern": f"^{DAY}$", "examples": ["2022-07-01"]}
TEXTS: Final[Schema] = {"type": "string"}
WHOLE: Final[Schema] = {"type": "integer"}

_SIMPLE: Final[Mapping[object, Schema]] = {
    int: WHOLE,
    Points: WHOLE,
    bool: {"type": "boolean"},
    str: TEXTS,
    date: DAYS,
    Fraction: SHARES,
    Fen: AMOUNTS,
    object: {},
}


def schema_of(hint: Any) -> Schema:  # Any: the hint decides, at run time, as `plain.from_plain`
    """Return the schema of what reads as the type that a hint names."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, types.UnionType) or origin is typing.Union:  # TOML has no null: what is None isn't written
        (hint,) = [one for one in inner if one is not type(None)]
        return schema_of(hint)
    if origin is Span:
        return list_of(schema_of(inner[0]), 2)
    if origin in (tuple, Sequence):
        if origin is tuple and inner[-1] is not Ellipsis:
            each: list[JsonValue] = [schema_of(one) for one in inner]
            return {"type": "array", "prefixItems": each, "items": False, "minItems": len(each)}
        return list_of(schema_of(inner[0]))
    if origin is frozenset:
        return {**list_of(schema_of(inner[0])), "uniqueItems": True}
    if origin is not None and issubclass(origin, Mapping):
        return _table(inner[0], schema_of(inner[1]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return choice_of(hint)
    if isinstance(hint, type) and attrs.has(hint):
        return record_schema(hint)
    return dict(_SIMPLE[hint])


def list_of(item: Schema, count: int | None = None) -> Schema:
    """Return the schema of a list, of so many items where they are counted."""
    return {"type": "array", "items": item, **({} if count is None else {"minItems": count, "maxItems": count})}


def choice_of(enum: type[Enum]) -> Schema:
    """Return the schema of the members of an enum, with the words that forms have for them."""
    found: Schema = {"enum": [str(one.value) for one in enum]}
    if issubclass(enum, Labelled):
        found["description"] = ", ".join(f"{one.value} {one.labels[0]}" for one in enum if one.labels)
    return found


def table_of(properties: Mapping[str, Schema], required: Sequence[str] = ()) -> Schema:
    """Return the schema of a table with some names and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        **({"required": list(required)} if required else {}),
        "additionalProperties": False,
    }


def record_schema(record: type[Any], **more: Schema) -> Schema:  # Any: any attrs class
    """Return the schema of an attrs record as the mapping of its fields.

    Args:
        record: The class; its docstring describes it and its fields.
        more: What else stands in the table; of fields, what is known better here.
    """
    hints, told = typing.get_type_hints(record), fields_described(record)
    fields = attrs.fields(record)
    parts = {}
    for field in fields:
        one = more[field.name] if field.name in more else schema_of(hints[field.name])
        said = [text for text in (told.get(field.name), one.get("description")) if isinstance(text, str)]
        parts[field.name] = {**one, "description": "\n".join(said)} if said else one
    needed = [field.name for field in fields if field.default is attrs.NOTHING]
    return {"description": summary(record), **table_of({**more, **parts}, needed)}


def _table(key: Any, inner: Schema) -> Schema:  # Any: as `schema_of`
    if isinstance(key, type) and issubclass(key, Enum):
        words = {one: one.labels[0] for one in key if isinstance(one, Labelled) and one.labels}
        return table_of(
            {str(one.value): {**inner, **({"title": words[one]} if one in words else {})} for one in key}
        )
    return {"type": "object", "additionalProperties": inner}


def strategies_schema(kinds: Sequence[type[Any]]) -> Schema:  # Any: strategies
    """Return the schema of a table that is one of some strategies."""
    found: list[JsonValue] = []
    for kind in sorted(kinds, key=lambda one: str(one.kind)):
        name: Schema = {"const": kind.kind, "description": summary(kind)}
        version: Schema = {"const": kind.version}
        one = record_schema(kind, kind=name, version=version)
        required = one.get("required", [])
        assert isinstance(required, list)
        found.append({**one, "required": ["kind", *(["version"] if kind.version != 1 else []), *required]})
    return {"oneOf": found}
