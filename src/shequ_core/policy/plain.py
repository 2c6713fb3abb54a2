"""Values as plain data and back: what fingerprints, JSON and figure sheets are made of.

One mapping serves every kind of value: money is yuan text, a share '7/10', a span `[low, high]`, a
day ISO text, an enum its code, a record the mapping of its fields.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Final, cast

import attrs

from shequ_core.errors import Message, msg
from shequ_core.values import Fen, JsonValue, Points, Span, fraction_text, yuan


class PlainError(ValueError):
    """Data that can't be read as the value it should be."""

    def __init__(self, problem: Message) -> None:
        super().__init__(problem)
        self.problem = problem


def to_plain(value: object) -> JsonValue:
    """Return any value of a parameter as JSON data."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Fen):
        return value.yuan()
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, Fraction):
        return fraction_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Span):
        return [to_plain(value.low), to_plain(value.high)]
    if isinstance(value, Mapping):
        return {str(to_plain(key)): to_plain(one) for key, one in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(str(to_plain(one)) for one in value)
    if isinstance(value, Sequence):
        return [to_plain(one) for one in value]
    if hasattr(value, "to_data"):
        return cast("JsonValue", value.to_data())
    if attrs.has(type(value)):
        return fields_plain(value)
    raise TypeError(f"{type(value).__name__} has no plain form")


def fields_plain(record: Any) -> dict[str, JsonValue]:  # Any: any attrs record
    """Return an attrs record as the mapping of its fields."""
    return {field.name: to_plain(getattr(record, field.name)) for field in attrs.fields(type(record))}


def from_plain(hint: Any, data: object) -> Any:  # Any: the hint decides, at run time
    """Read plain data as the type that a hint names.

    Raises:
        PlainError: It can't be read so; the message says what is expected.
    """
    origin = typing.get_origin(hint)
    if isinstance(hint, types.UnionType) or origin is typing.Union:
        if data is None:
            return None
        (hint,) = [one for one in typing.get_args(hint) if one is not type(None)]
        return from_plain(hint, data)
    if origin is Span:
        (inner,) = typing.get_args(hint)
        low, high = _pair(data)
        return Span(from_plain(inner, low), from_plain(inner, high))
    if origin in (tuple, Sequence):
        if not isinstance(data, (list, tuple)):
            raise PlainError(msg("a list is expected"))
        args = typing.get_args(hint)
        if origin is tuple and args[-1] is not Ellipsis:
            if len(data) != len(args):
                raise PlainError(msg("a list of {count} is expected", count=len(args)))
            return tuple(from_plain(inner, one) for inner, one in zip(args, data, strict=True))
        return tuple(from_plain(args[0], one) for one in data)
    if origin is frozenset:
        if not isinstance(data, (list, tuple, set, frozenset)):
            raise PlainError(msg("a list is expected"))
        return frozenset(from_plain(typing.get_args(hint)[0], one) for one in data)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(data, Mapping):
            raise PlainError(msg("a table is expected"))
        key, inner = typing.get_args(hint)
        return {from_plain(key, name): from_plain(inner, one) for name, one in data.items()}
    if isinstance(hint, type) and issubclass(hint, Enum):
        try:
            return hint(data)
        except ValueError:
            allowed = tuple(str(one.value) for one in hint)
            raise PlainError(msg("one of {allowed} is expected", allowed=allowed)) from None
    if isinstance(hint, type) and attrs.has(hint):
        return record_from(hint, data)
    reader = _READERS.get(hint)
    if reader is None:
        raise TypeError(f"{hint} is not read from plain data")
    return reader(data)


_HINTS: Final[dict[type[Any], Mapping[str, Any]]] = {}  # Any: types, as they are written


def hints_of(kind: type[Any]) -> Mapping[str, Any]:  # Any: as above
    """Return the types of a class's attributes, worked out once."""
    if kind not in _HINTS:
        _HINTS[kind] = typing.get_type_hints(kind)
    return _HINTS[kind]


def record_from(kind: type[Any], data: object) -> Any:  # Any: any attrs record
    """Read an attrs record from the mapping of its fields."""
    if not isinstance(data, Mapping):
        raise PlainError(msg("a table is expected"))
    hints = hints_of(kind)
    fields = {field.name: field for field in attrs.fields(kind)}
    odd = sorted(set(data) - set(fields))
    if odd:
        raise PlainError(msg("{odd} is not a field; fields are {fields}", odd=odd[0], fields=tuple(fields)))
    missing = sorted(name for name, field in fields.items() if name not in data and field.default is attrs.NOTHING)
    if missing:
        raise PlainError(msg("{missing} is missing", missing=tuple(missing)))
    try:
        return kind(**{name: from_plain(hints[name], one) for name, one in data.items()})
    except PlainError:
        raise
    except (TypeError, ValueError) as error:
        raise PlainError(msg("{problem}", problem=str(error))) from None


def _pair(data: object) -> tuple[object, object]:
    if not isinstance(data, (list, tuple)) or len(data) != 2:
        raise PlainError(msg("a span is written [low, high]"))
    return data[0], data[1]


def _int(data: object) -> int:
    if type(data) is not int:
        raise PlainError(msg("a whole number is expected"))
    return data


def _bool(data: object) -> bool:
    if not isinstance(data, bool):
        raise PlainError(msg("true or false is expected"))
    return data


def _text(data: object) -> str:
    if not isinstance(data, str):
        raise PlainError(msg("text is expected"))
    return data


def _date(data: object) -> date:
    if type(data) is date:
        return data
    try:
        return date.fromisoformat(_text(data))
    except ValueError:
        raise PlainError(msg("a day is written 2022-07-01")) from None


def _fraction(data: object) -> Fraction:
    if type(data) is int:
        return Fraction(data)
    if not isinstance(data, str):
        raise PlainError(msg("a share is an exact fraction: write \"7/10\""))
    try:
        return Fraction(data)
    except (ValueError, ZeroDivisionError):
        raise PlainError(msg("a share is an exact fraction: write \"7/10\"")) from None


def _fen(data: object) -> Fen:
    if not isinstance(data, str):
        raise PlainError(msg("an amount is yuan in text: write \"2958.00\""))
    try:
        return yuan(data)
    except ValueError:
        raise PlainError(msg("an amount is yuan in text: write \"2958.00\"")) from None


_READERS: Mapping[object, Callable[[object], object]] = {
    int: _int,
    bool: _bool,
    str: _text,
    date: _date,
    Fraction: _fraction,
    Fen: _fen,
    Points: lambda data: Points(_int(data)),  # hundredths of a point, as data have it
}
