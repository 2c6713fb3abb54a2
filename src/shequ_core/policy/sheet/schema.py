"""The JSON Schema of a figure sheet, made from the keys: editors complete and check a sheet by it.

What no schema can say the reader alone tells: dates that overlap, weights that don't sum to 1, a document that isn't
described, days that neither a value nor its document gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from shequ_core.errors import Message, Term, msg
from shequ_core.model.places import CODE_LENGTHS, NATION, Division
from shequ_core.policy.bounds import bounds_of
from shequ_core.policy.keys import TOPICS
from shequ_core.policy.kinds import Kind, SpanKind
from shequ_core.policy.parameters import PARAMETERS, Parameter
from shequ_core.policy.schema import Schema, list_of, record_schema, table_of
from shequ_core.policy.sheet.rows import (
    DIVISIONS,
    DOCUMENTS,
    LIMITS,
    DocumentRow,
    LimitRow,
    ValueRow,
    by_topic,
)
from shequ_core.values import JsonValue

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"

assert TOPICS  # importing it declares every key

_WHOLE: Final = msg("What places say: documents by short names, and under the code of a place its values by key.")

PLACES: Final = f"^({NATION}|{'|'.join(f'[1-9][0-9]{{{length - 1}}}' for length in CODE_LENGTHS)})$"


def key_told(key: Parameter[Any]) -> Message:  # Any: keys of every type
    """Return what is said of a key over its value: what it means, the unit, the clauses."""
    return msg(
        "{doc} Unit: {unit}. Clauses: {clauses}.", doc=Message(key.doc), unit=Term(key.unit, "unit"),
        clauses=tuple(key.clauses),
    )


def sheet_schema(
    say: Callable[[Message | str], str] = str, examples: Mapping[str, Sequence[JsonValue]] | None = None
) -> Schema:
    """Return the schema of a sheet, with every key and every kind of strategy that is loaded.

    Args:
        say: Says what keys and fields mean, in the language that editors should show.
        examples: Values in plain form, by key.
    """
    keys = {name: PARAMETERS[name] for name in sorted(PARAMETERS)}
    values = {name: _entries(name, say(key_told(key))) for name, key in keys.items()}
    limits = {name: _entries(f"{LIMITS}.{name}", say(key_told(key))) for name, key in keys.items()}
    divisions = list_of(record_schema(Division))
    place = table_of({**_nested(values), LIMITS: table_of(_nested(limits)), DIVISIONS: divisions})
    parts: dict[str, Schema] = {
        "place": place, "value": record_schema(ValueRow), "limit": record_schema(LimitRow),
    }  # fmt: skip
    for name, key in keys.items():
        given = (examples or {}).get(name, ())
        kind: Schema = {**key.kind.schema(), **({"examples": list(given)} if given else {})}
        bound = _bounds(key.kind, {"$ref": f"#/$defs/{name}/properties/value"})
        parts[name] = _entry("value", parts["value"], value=kind, leeway=bound, unit={"const": key.unit})
        parts[f"{LIMITS}.{name}"] = _entry("limit", parts["limit"], bound={"$ref": f"#/$defs/{name}/properties/leeway"})
    documents: Schema = {"type": "object", "additionalProperties": record_schema(DocumentRow)}
    found: Schema = {
        "$schema": DRAFT,
        "title": "Figure sheet",
        "description": _WHOLE.template,
        "type": "object",
        "properties": {DOCUMENTS: documents},
        "patternProperties": {PLACES: {"$ref": "#/$defs/place"}},
        "additionalProperties": False,
        "$defs": parts,
    }
    said = _said(found, say)
    assert isinstance(said, dict)
    return said


def _entry(name: str, record: Schema, **own: Schema) -> Schema:
    """Return the schema of what is said of one key: as it is said of every key, but for what depends on the key."""
    fields, required = record["properties"], record["required"]
    assert isinstance(fields, dict)
    assert isinstance(required, list)
    common: dict[str, Schema] = {field: {"$ref": f"#/$defs/{name}/properties/{field}"} for field in fields}
    own = {field: {**one, "description": fields[field]["description"]} for field, one in own.items()}
    return table_of({**common, **own}, required)


def _entries(name: str, told: str) -> Schema:
    """Return the schema of what stands under a key: one table, or several that each have a line of their own."""
    one: Schema = {"$ref": f"#/$defs/{name}"}
    return {"description": told, "anyOf": [one, {**list_of(one), "minItems": 1}]}


def _nested(entries: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return the tables by topic in which entries lie."""
    found: dict[str, Schema] = {}
    for topic, names in by_topic(list(entries)).items():
        inner = {name: entries[f"{topic}.{name}" if topic else name] for name in names}
        for step in reversed(topic.split(".") if topic else ()):
            inner = {step: table_of(inner)}
        found.update(inner)
    return found


def _bounds(kind: Kind[Any], value: Schema) -> Schema:  # Any: the kind of any key
    found: list[JsonValue] = []
    for name, bound in bounds_of(kind).items():
        inner = bound.inner(kind)
        one = value if inner == kind else inner.schema()
        if isinstance(inner, SpanKind) and inner.inner == kind:
            one = list_of(value, 2)
        found.append(table_of({name: one}, [name]))
    return {"oneOf": found}


def _said(data: JsonValue, say: Callable[[Message | str], str]) -> JsonValue:
    """Say every description in a language."""
    if isinstance(data, Mapping):
        return {
            name: "\n".join(map(say, one.split("\n"))) if name == "description" and isinstance(one, str)
            else _said(one, say)
            for name, one in data.items()
        }
    if isinstance(data, Sequence) and not isinstance(data, str):
        return [_said(one, say) for one in data]
    return data
