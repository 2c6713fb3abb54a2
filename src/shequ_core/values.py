"""Money, spans, shares and the one way of rounding.

Money is whole fen in `Fen`, ratios are `fractions.Fraction`, and no float ever touches either.
Yuan exist only where text is read (`yuan`) or written (`Fen.yuan`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Generic, NewType, Protocol, Self, TypeAlias, TypeVar

import attrs

JsonValue: TypeAlias = "bool | int | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
"""What `to_data` gives: JSON without floats, since no figure of ours is one."""

Lang: TypeAlias = str
"""'zh' or 'en'."""

SYNTHETIC: Final = "合成"
"""How the name of everybody and every community begins that is made up, and the id of every building."""

FEN_PER_YUAN: Final = 100
MONTHS_PER_YEAR: Final = 12
POINT: Final = 100

BEYOND_AMOUNTS: Final = 10**12
"""Amounts of one person and counts are below this (fen): a province's year of them sums up within 64 bits."""


class Labelled(StrEnum):
    """An enum whose members know what forms and rosters call them.

    Attributes:
        labels: The Chinese words, the first of which is how we write it.
    """

    labels: tuple[str, ...]

    def __new__(cls, value: str, *labels: str) -> Self:
        """Make a member from its code and its Chinese words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.labels = labels
        return member


class Status(StrEnum):
    """How far a published value is to be trusted; shown wherever the value is."""

    ISSUED = "issued"
    """An issued rule."""
    DRAFT = "draft"
    """A consultation draft."""
    PRESS = "press"
    """A dated newspaper or press conference."""
    STATISTIC = "statistic"
    """An official statistic."""
    DERIVED = "derived"
    """Computed from published figures."""
    PROXY = "proxy"
    """Stands in for a figure that nobody published."""
    ASSUMPTION = "assumption"
    """Nobody published it."""

    @property
    def asked_for(self) -> bool:
        """Whether it loads only when somebody asks for assumptions."""
        return self in {Status.DRAFT, Status.DERIVED, Status.PROXY, Status.ASSUMPTION}


K = TypeVar("K")
V = TypeVar("V")


class Sealed(Mapping[K, V]):
    """A mapping that nobody can write into: what a place says is shared by everybody who asks for it."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, V]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return repr(self._items)

    def __reduce__(self) -> tuple[object, ...]:
        return Sealed, (self._items,)


def sealed(value: object) -> object:
    """Return a value in which no mapping or set can be written into.

    A record keeps its identity: its fields are sealed where they stand.
    """
    if isinstance(value, Mapping):
        return value if isinstance(value, Sealed) else Sealed({key: sealed(one) for key, one in value.items()})
    if isinstance(value, set):
        return frozenset(value)
    if isinstance(value, tuple):
        return tuple(sealed(one) for one in value)
    kind: type[Any] = type(value)  # Any: fields of whatever record it is
    if attrs.has(kind):
        for field in attrs.fields(kind):
            object.__setattr__(value, field.name, sealed(getattr(value, field.name)))
    return value


Points = NewType("Points", int)
"""An assessment score in hundredths of a point: 87.5 points are 8,750."""


class Comparable(Protocol):
    """What a `Span` may hold: anything that can be ordered."""

    def __lt__(self, other: object, /) -> object: ...


T = TypeVar("T")
S = TypeVar("S")


class Fen(int):
    """An amount of money in whole fen (分), one hundredth of a yuan.

    A class of its own, so that 2958 meant as yuan is refused where 295,800 fen are due. Arithmetic
    gives plain `int`; wrap the result again.
    """

    __slots__ = ()

    def yuan(self) -> str:
        """Return the amount as a yuan string with two decimals, such as '2958.00'."""
        sign = "-" if self < 0 else ""
        whole, part = divmod(abs(int(self)), FEN_PER_YUAN)
        return f"{sign}{whole}.{part:02d}"

    def __repr__(self) -> str:
        return f"yuan('{self.yuan()}')"

    __str__ = yuan


def yuan(amount: str | int) -> Fen:
    """Read an amount of yuan, exactly.

    Args:
        amount: Whole yuan, or text such as '2958.10' (grouping commas are allowed).

    Raises:
        ValueError: It isn't a number, or has a fraction of a fen.
    """
    try:
        fen = Decimal(str(amount).replace(",", "")) * FEN_PER_YUAN
    except InvalidOperation:
        raise ValueError(f"not an amount of yuan: {amount!r}") from None
    if not fen.is_finite():
        raise ValueError(f"not an amount of yuan: {amount!r}")
    if fen != fen.to_integral_value():
        raise ValueError(f"an amount has no fraction of a fen: {amount!r}")
    return Fen(int(fen))


@attrs.frozen
class Span(Generic[T]):
    """From `low` to `high`, both included; of numbers, dates or columns."""

    low: T
    high: T

    def map(self, change: Callable[[T], S]) -> Span[S]:
        """Return the span of both ends changed."""
        return Span(change(self.low), change(self.high))


def round_half_up(numerator: int, denominator: int, quantum: int = 1) -> int:
    """Round numerator/denominator to a multiple of `quantum`, halves up (四舍五入).

    The only rounding in the library, in its scalar form; `FenColumn.scaled` is the same on columns.
    """
    step = denominator * quantum
    return (2 * numerator + step) // (2 * step) * quantum


def common_denominator(values: Iterable[Fraction]) -> int:
    """Return the least number that makes whole numbers of all these fractions."""
    return math.lcm(1, *(one.denominator for one in values))


def fraction_text(value: Fraction) -> str:
    """Write an exact fraction as '7/10' (and a whole one as '1')."""
    return str(value)
