"""Values as plain data and back: what fingerprints, JSON and figure sheets are made of.

One mapping serves every kind of value: money is yuan text, a share '7/10', a span `[low, high]`, a
day ISO text, an enum its code, a record the mapping of its fields. People who write it may also say
the unit ('2958.00元'), and a share as its document does ('0.7', '70%').
"""

from __future__ import annotations

import functools
import math
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Final, TypeAlias, TypeVar, cast

import attrs

from shequ_core.errors import Message, ShequError, msg, nearest
from shequ_core.values import FEN_PER_YUAN, Fen, JsonValue, Points, Span, fraction_text, yuan

T = TypeVar("T")

Step: TypeAlias = "str | int"
"""The name of a field, or the place of an item in its list, from 0."""

DAY: Final = r"\d{4}-\d{2}-\d{2}"
SHARE: Final = r"\d+(/\d+|\.\d+)?%?"
AMOUNT: Final = r"(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?( ?(元|yuan))?"
"""How days, shares and amounts are written: ASCII digits, nothing before or after."""

NO_WHOLE_NUMBER: Final = msg("a whole number is expected")

_UNITS: Final = {"分": 1, "fen": 1, "角": 10, "jiao": 10, "万元": 10_000 * FEN_PER_YUAN, "万": 10_000 * FEN_PER_YUAN}
"""Units of money that are not ours, in fen."""


@attrs.frozen
class Problem:
    """One thing wrong with data.

    Attributes:
        at: The way to the part that is wrong, from the outside in.
        of_name: Whether the part's name is wrong and not what it holds.
    """

    message: Message
    at: tuple[Step, ...] = ()
    of_name: bool = False


class PlainError(ValueError):
    """Data that can't be read as the value it should be.

    Attributes:
        problem: What is wrong, the first thing where there are several.
        problems: All of it, with the parts that are wrong.
    """

    def __init__(self, problem: Message, *more: Problem) -> None:
        super().__init__(problem)
        self.problem = problem
        self.problems: tuple[Problem, ...] = more or (Problem(problem),)


def read_parts(parts: Iterable[tuple[Step, Callable[[], T]]]) -> list[T]:
    """Read every part of something, and tell of all that are wrong in one error.

    Args:
        parts: The name or number of each part, and what reads it.

    Raises:
        PlainError: Some can't be read.
    """
    found: list[T] = []
    problems: list[Problem] = []
    for step, read in parts:
        try:
            found.append(read())
        except PlainError as error:
            problems.extend(attrs.evolve(one, at=(step, *one.at)) for one in error.problems)
    if problems:
        raise PlainError(problems[0].message, *problems)
    return found


def _named(name: object, read: Callable[[object], T]) -> T:
    """Read a name of a table; what is wrong with it is told of the name."""
    try:
        return read(name)
    except PlainError as error:
        raise PlainError(error.problem, Problem(error.problem, of_name=True)) from None


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
        return Span(*read_parts((at, functools.partial(from_plain, inner, one)) for at, one in enumerate(pair(data))))
    if origin in (tuple, Sequence):
        if not isinstance(data, (list, tuple)):
            raise PlainError(msg("a list is expected"))
        args = typing.get_args(hint)
        if origin is tuple and args[-1] is not Ellipsis:
            if len(data) != len(args):
                raise PlainError(msg("a list of {count} is expected", count=len(args)))
            each = enumerate(zip(args, data, strict=True))
            return tuple(read_parts((at, functools.partial(from_plain, inner, one)) for at, (inner, one) in each))
        return tuple(read_parts((at, functools.partial(from_plain, args[0], one)) for at, one in enumerate(data)))
    if origin is frozenset:
        if not isinstance(data, (list, tuple, set, frozenset)):
            raise PlainError(msg("a list is expected"))
        (inner,) = typing.get_args(hint)
        return frozenset(read_parts((at, functools.partial(from_plain, inner, one)) for at, one in enumerate(data)))
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(data, Mapping):
            raise PlainError(msg("a table is expected"))
        key, inner = typing.get_args(hint)
        return mapping_from(data, functools.partial(from_plain, key), functools.partial(from_plain, inner))
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


def mapping_from(
    data: Mapping[Any, object], key: Callable[[object], T], inner: Callable[[object], Any]  # Any: as the readers say
) -> dict[T, Any]:
    """Read a table of names and what stands behind each."""

    def both(name: object, one: object) -> tuple[T, Any]:  # Any: as above
        return _named(name, key), inner(one)

    return dict(read_parts((name, functools.partial(both, name, one)) for name, one in data.items()))


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
    problems: list[Problem] = []
    for odd in sorted(set(data) - set(fields)):
        near = nearest(odd, fields)
        told = (
            msg("{odd} is not a field; did you mean {near}?", odd=odd, near=near)
            if near
            else msg("{odd} is not a field; fields are {fields}", odd=odd, fields=tuple(fields))
        )
        problems.append(Problem(told, (odd,), of_name=True))
    missing = sorted(name for name, field in fields.items() if name not in data and field.default is attrs.NOTHING)
    if missing:
        problems.append(Problem(msg("{missing} is missing", missing=tuple(missing))))
    given = [name for name in data if name in fields]
    found: list[Any] = []  # Any: of the type of each field
    try:
        found = read_parts((name, functools.partial(from_plain, hints[name], data[name])) for name in given)
    except PlainError as error:
        problems.extend(error.problems)
    if problems:
        raise PlainError(problems[0].message, *problems)
    try:
        return kind(**dict(zip(given, found, strict=True)))
    except PlainError:
        raise
    except ShequError as error:
        raise PlainError(error.message) from None
    except (TypeError, ValueError) as error:
        raise PlainError(msg("{problem}", problem=str(error))) from None


def pair(data: object) -> tuple[object, object]:
    """Return both ends of what should be a span."""
    if not isinstance(data, (list, tuple)) or len(data) != 2:
        raise PlainError(msg("a span is written [low, high]"))
    return data[0], data[1]


def _int(data: object) -> int:
    if type(data) is not int:
        raise PlainError(NO_WHOLE_NUMBER)
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
    wrong = msg("a day is written 2022-07-01")
    if not isinstance(data, str) or not re.fullmatch(DAY, data, re.ASCII):
        raise PlainError(wrong)
    try:
        return date.fromisoformat(data)
    except ValueError:
        raise PlainError(wrong) from None


def _fraction(data: object) -> Fraction:
    if type(data) is int:
        return Fraction(data)
    if isinstance(data, str) and re.fullmatch(rf"-?{SHARE}", data, re.ASCII):
        try:
            return Fraction(data.rstrip("%")) / (_PER_CENT if data.endswith("%") else 1)
        except ZeroDivisionError:
            pass
    meant = fraction_text(Fraction(str(data))) if isinstance(data, float) and math.isfinite(data) else "7/10"
    raise PlainError(msg("a share is an exact fraction: write \"{meant}\"", meant=meant))


def _fen(data: object) -> Fen:
    if isinstance(data, str) and re.fullmatch(f"-?{AMOUNT}", data, re.ASCII):
        return yuan(data.removesuffix("元").removesuffix("yuan").rstrip())
    if type(data) is int:
        told = msg(
            "an amount is yuan in text: write \"{yuan}\" if yuan are meant, \"{fen}\" if fen are",
            yuan=Fen(data * FEN_PER_YUAN), fen=Fen(data),
        )
        raise PlainError(told)
    other = re.fullmatch(rf"(\d+) ?({'|'.join(_UNITS)})", data, re.ASCII) if isinstance(data, str) else None
    meant = Fen(int(other[1]) * _UNITS[other[2]]).yuan() if other else "2958.00"
    raise PlainError(msg("an amount is yuan in text: write \"{meant}\"", meant=meant))


_PER_CENT: Final = 100
_READERS: Mapping[object, Callable[[object], object]] = {
    object: lambda data: data,  # somebody else reads it
    int: _int,
    bool: _bool,
    str: _text,
    date: _date,
    Fraction: _fraction,
    Fen: _fen,
    Points: lambda data: Points(_int(data)),  # hundredths of a point, as data have it
}
