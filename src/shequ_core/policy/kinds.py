"""Kinds: what a parameter's value may be, how it is read, written and described.

What a kind refuses is refused everywhere, whatever a place says: negative money, shares beyond 1.
"""

from __future__ import annotations

import functools
import types
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Generic, TypeVar

import attrs

from shequ_core.errors import msg
from shequ_core.policy.answers import check_attributes, check_kind, guard
from shequ_core.policy.plain import PlainError, from_plain, mapping_from, pair, read_parts, to_plain
from shequ_core.policy.schema import AMOUNTS, DAYS, SHARES, choice_of, list_of, strategies_schema, table_of
from shequ_core.policy.strategies import Strategy
from shequ_core.values import Fen, JsonValue, Span

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
S = TypeVar("S", bound=Strategy)


class Kind(ABC, Generic[T]):
    """A kind of value."""

    @abstractmethod
    def parse(self, data: object) -> T:
        """Read a value from plain data; raises `PlainError`."""

    @abstractmethod
    def check(self, value: object) -> None:
        """Raise `PlainError` unless the value can be one of this kind, whatever the type checker was told."""

    @abstractmethod
    def schema(self) -> dict[str, JsonValue]:
        """Return the JSON Schema of the plain form."""

    def to_data(self, value: T) -> JsonValue:
        """Return the plain form."""
        return to_plain(value)


def _each(kind: Kind[T], data: Sequence[object]) -> list[T]:
    """Read the parts of a list; raises `PlainError` for all that can't be."""
    return read_parts((at, functools.partial(kind.parse, one)) for at, one in enumerate(data))


@attrs.frozen
class WholeNumbers(Kind[int]):
    """Whole numbers from `least` to `most`."""

    least: int = 0
    most: int | None = None

    def parse(self, data: object) -> int:  # noqa: D102  # as Kind says
        value: int = from_plain(int, data)
        self.check(value)
        return value

    def check(self, value: object) -> None:  # noqa: D102
        if type(value) is not int:
            raise PlainError(msg("a whole number is expected"))
        if value < self.least or (self.most is not None and value > self.most):
            raise PlainError(
                msg("at least {least} is expected", least=self.least)
                if self.most is None
                else msg("{least} to {most} is expected", least=self.least, most=self.most)
            )

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        schema: dict[str, JsonValue] = {"type": "integer", "minimum": self.least}
        if self.most is not None:
            schema["maximum"] = self.most
        return schema


@attrs.frozen
class Fractions(Kind[Fraction]):
    """Exact fractions, not negative; `most` is 1 for a share."""

    most: int | None = None

    def parse(self, data: object) -> Fraction:  # noqa: D102
        value: Fraction = from_plain(Fraction, data)
        self.check(value)
        return value

    def check(self, value: object) -> None:  # noqa: D102
        if not isinstance(value, Fraction):
            raise PlainError(msg("a share is an exact fraction: write \"7/10\""))
        if value < 0 or (self.most is not None and value > self.most):
            raise PlainError(
                msg("it may not be negative")
                if self.most is None
                else msg("a share lies between 0 and {most}", most=self.most)
            )

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        return {**SHARES, **({} if self.most is None else {"maximum": self.most})}


@attrs.frozen
class Amounts(Kind[Fen]):
    """Money, not negative."""

    def parse(self, data: object) -> Fen:  # noqa: D102
        value: Fen = from_plain(Fen, data)
        self.check(value)
        return value

    def check(self, value: object) -> None:  # noqa: D102
        if not isinstance(value, Fen):
            raise PlainError(msg("an amount is Fen: write yuan(\"2958.00\")"))
        if value < 0:
            raise PlainError(msg("it may not be negative"))

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        return dict(AMOUNTS)


@attrs.frozen
class Days(Kind[date]):
    """Days."""

    def parse(self, data: object) -> date:  # noqa: D102
        value: date = from_plain(date, data)
        return value

    def check(self, value: object) -> None:  # noqa: D102
        if type(value) is not date:
            raise PlainError(msg("a day is written 2022-07-01"))

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        return dict(DAYS)


@attrs.frozen
class Flags(Kind[bool]):
    """Yes or no."""

    def parse(self, data: object) -> bool:  # noqa: D102
        value: bool = from_plain(bool, data)
        return value

    def check(self, value: object) -> None:  # noqa: D102
        if not isinstance(value, bool):
            raise PlainError(msg("true or false is expected"))

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        return {"type": "boolean"}


@attrs.frozen
class Texts(Kind[str]):
    """Words that aren't empty."""

    def parse(self, data: object) -> str:  # noqa: D102
        value: str = from_plain(str, data)
        self.check(value)
        return value

    def check(self, value: object) -> None:  # noqa: D102
        if not isinstance(value, str) or not value:
            raise PlainError(msg("text is expected"))

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        return {"type": "string", "minLength": 1}


@attrs.frozen
class Choices(Kind[E]):
    """Members of an enum."""

    enum: type[E]

    def parse(self, data: object) -> E:  # noqa: D102
        value: E = from_plain(self.enum, data)
        return value

    def check(self, value: object) -> None:  # noqa: D102
        if not isinstance(value, self.enum):
            raise PlainError(msg("one of {allowed} is expected", allowed=tuple(str(one.value) for one in self.enum)))

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        return choice_of(self.enum)


@attrs.frozen
class Sets(Kind[frozenset[E]]):
    """Sets of members of an enum."""

    enum: type[E]

    def parse(self, data: object) -> frozenset[E]:  # noqa: D102
        value: frozenset[E] = from_plain(types.GenericAlias(frozenset, (self.enum,)), data)
        return value

    def check(self, value: object) -> None:  # noqa: D102
        if not isinstance(value, frozenset) or not all(isinstance(one, self.enum) for one in value):
            raise PlainError(msg("a set of {allowed} is expected", allowed=tuple(str(one.value) for one in self.enum)))

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        return {**list_of(Choices(self.enum).schema()), "uniqueItems": True}


@attrs.frozen
class SpanKind(Kind[Span[T]]):
    """Spans of another kind, low before high."""

    inner: Kind[T]

    def parse(self, data: object) -> Span[T]:  # noqa: D102
        value = Span(*_each(self.inner, pair(data)))
        self.check(value)
        return value

    def check(self, value: object) -> None:  # noqa: D102
        if not isinstance(value, Span):
            raise PlainError(msg("a span is written Span(low, high)"))
        self.inner.check(value.low)
        self.inner.check(value.high)
        if value.low > value.high:
            raise PlainError(msg("a span goes from low to high"))

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        return list_of(self.inner.schema(), 2)


@attrs.frozen
class Tuples(Kind[tuple[T, ...]]):
    """Lists of another kind."""

    inner: Kind[T]

    def parse(self, data: object) -> tuple[T, ...]:  # noqa: D102
        if not isinstance(data, (list, tuple)):
            raise PlainError(msg("a list is expected"))
        return tuple(_each(self.inner, data))

    def check(self, value: object) -> None:  # noqa: D102
        if not isinstance(value, tuple):
            raise PlainError(msg("a list is expected"))
        for one in value:
            self.inner.check(one)

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        return list_of(self.inner.schema())


@attrs.frozen
class ByMember(Kind[Mapping[E, T]]):
    """One value for each member of an enum."""

    enum: type[E]
    inner: Kind[T]

    def parse(self, data: object) -> Mapping[E, T]:  # noqa: D102
        if not isinstance(data, Mapping):
            raise PlainError(msg("a table is expected"))
        value = mapping_from(data, Choices(self.enum).parse, self.inner.parse)
        self.check(value)
        return value

    def check(self, value: object) -> None:  # noqa: D102
        if not isinstance(value, Mapping) or set(value) != set(self.enum):
            raise PlainError(
                msg("a value for each of {allowed} is expected", allowed=tuple(str(one.value) for one in self.enum))
            )
        for one in value.values():
            self.inner.check(one)

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        names = [str(one.value) for one in self.enum]
        return table_of({name: self.inner.schema() for name in names}, names)


@attrs.frozen
class Strategies(Kind[S]):
    """Small classes for what differs in kind from place to place."""

    base: type[S]

    def parse(self, data: object) -> S:  # noqa: D102
        value = self.base.from_data(data)
        self.check(value)
        return value

    def check(self, value: object) -> None:  # noqa: D102
        if not isinstance(value, self.base):
            raise PlainError(msg("a {base} is expected", base=self.base.__name__))
        guard(type(value))
        check_kind(type(value), self.base)
        check_attributes(value)
        value.check_parts()
        value.check()

    def schema(self) -> dict[str, JsonValue]:  # noqa: D102
        return strategies_schema(tuple(self.base.readable_kinds().values()))
