"""Values as the Python source that makes them again, so that a plugin can begin with what is in force."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Final, TypeAlias

import attrs

from shequ_core.policy.keys import TOPICS
from shequ_core.policy.parameters import Parameter
from shequ_core.values import Fen, Span

Piece: TypeAlias = "str | tuple[str, Sequence[Piece], str]"
"""Source as text, or as what opens, the parts inside and what closes: long ones go over several lines."""

WIDTH: Final = 116
INDENT: Final = "    "

OURS: Final = "shequ_core"
_VALUES: Final = "shequ_core.values"


class Writer:
    """Writes values, and remembers what has to be imported for them.

    Attributes:
        imports: The names by the module that has them.
    """

    def __init__(self) -> None:
        self.imports: dict[str, set[str]] = {}

    def name(self, module: str, name: str) -> str:
        """Return a name, imported from a module."""
        self.imports.setdefault(module, set()).add(name)
        return name

    def key(self, key: Parameter[Any]) -> str:  # Any: keys of every type
        """Return a parameter as its topic and constant, such as staffing.BASE_POSTS."""
        topic, constant = KEYS[key.name]
        return f"{self.name('shequ_core.policy', topic)}.{constant}"

    def piece(self, value: object) -> Piece:
        """Return the source of a value.

        Raises:
            TypeError: It has no source here: a class that another plugin brings.
        """
        if isinstance(value, Enum):
            return f"{self._type(value)}.{value.name}"
        if isinstance(value, Fen):
            return f'{self.name(_VALUES, "yuan")}("{value.yuan()}")'
        if value is None or isinstance(value, (bool, int)):
            return repr(value)
        if isinstance(value, str):
            return json.dumps(value, ensure_ascii=False)
        if isinstance(value, Fraction):
            both = str(value.numerator) if value.denominator == 1 else f"{value.numerator}, {value.denominator}"
            return f"{self.name('fractions', 'Fraction')}({both})"
        if isinstance(value, date):
            return f"{self.name('datetime', 'date')}({value.year}, {value.month}, {value.day})"
        if isinstance(value, Span):
            return f"{self.name(_VALUES, 'Span')}(", [self.piece(value.low), self.piece(value.high)], ")"
        if isinstance(value, Mapping):
            return "{", [_after(self.piece(key), ": ", self.piece(one)) for key, one in value.items()], "}"
        if isinstance(value, frozenset):
            members = [self.piece(one) for one in sorted(value, key=_place)]
            return ("frozenset({", members, "})") if members else "frozenset()"
        if isinstance(value, Sequence):
            parts = [self.piece(one) for one in value]
            return "(", parts, ",)" if len(parts) == 1 else ")"
        if attrs.has(type(value)) and type(value).__module__.partition(".")[0] == OURS:
            return f"{self._type(value)}(", [*self._fields(value)], ")"
        raise TypeError(f"{type(value).__name__} has no source")

    def _type(self, value: object) -> str:
        return self.name(type(value).__module__, type(value).__qualname__)

    def _fields(self, record: Any) -> Iterator[Piece]:  # Any: any attrs record
        for field in attrs.fields(type(record)):
            held = getattr(record, field.name)
            factory = getattr(field.default, "factory", None)
            default = field.default if factory is None else factory()
            if field.init and held != default:
                yield _after(field.alias, "=", self.piece(held))


def _after(name: Piece, between: str, piece: Piece) -> Piece:
    head = laid_out(name)
    if isinstance(piece, str):
        return f"{head}{between}{piece}"
    opens, parts, closes = piece
    return f"{head}{between}{opens}", parts, closes


def _place(member: object) -> tuple[int, str]:
    return (list(type(member)).index(member), "") if isinstance(member, Enum) else (0, str(member))


def laid_out(piece: Piece, indent: str = "", room: int = WIDTH) -> str:
    """Write a piece on one line where it fits, else each part on a line of its own.

    Args:
        indent: What every line but the first is put behind.
        room: Columns for the first line, what follows the piece included.
    """
    if isinstance(piece, str):
        return piece
    opens, parts, closes = piece
    flat = f"{opens}{', '.join(laid_out(part, room=WIDTH * WIDTH) for part in parts)}{closes}"
    if len(flat) <= room:
        return flat
    inner = indent + INDENT
    lines = [f"{inner}{laid_out(part, inner, WIDTH - len(inner))}," for part in parts]
    return "\n".join([opens, *lines, f"{indent}{closes.lstrip(',')}"])


def _keys() -> dict[str, tuple[str, str]]:
    """Return where each parameter of the library stands: its topic, and the constant's name in it."""
    found: dict[str, tuple[str, str]] = {}
    for topic in TOPICS:
        for constant, one in vars(topic).items():
            if isinstance(one, Parameter):  # a topic that imports another's key comes after it
                found.setdefault(one.name, (topic.__name__.rpartition(".")[2], constant))
    return found


KEYS: Final = _keys()
"""Topic and constant of each parameter by its name."""
