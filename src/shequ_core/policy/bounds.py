"""Bounds: how far a place below may go, and what is said when it goes further."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import Final, Generic, TypeVar

import attrs

from shequ_core.errors import Message, msg
from shequ_core.policy.plain import to_plain
from shequ_core.values import JsonValue, Span

T = TypeVar("T")


class Verdict(StrEnum):
    """What a bound says of a value."""

    INSIDE = "inside"
    CONFLICT = "conflict"
    NOT_COMPARABLE = "not comparable"


@attrs.frozen
class Judgement:
    """A verdict with its reason."""

    verdict: Verdict
    why: Message = attrs.field(factory=lambda: msg("inside the leeway"))


INSIDE = Judgement(Verdict.INSIDE)


class Bound(ABC, Generic[T]):
    """How far a place below may depart from the value that carries this bound."""

    @abstractmethod
    def judge(self, value: T) -> Judgement:
        """Say whether a value of a place below is inside."""

    @abstractmethod
    def allowed(self) -> JsonValue:
        """Return what is allowed, as plain data."""


def _ordered(low: object, high: object) -> bool:
    return bool(low <= high)  # type: ignore[operator]  # callers take the TypeError of what has no order


_ANOTHER_KIND: Final = Judgement(Verdict.NOT_COMPARABLE, msg("it is of another kind"))


@attrs.frozen
class Inside(Bound[T]):
    """Inside a span: a number in it, or a span within it."""

    span: Span[object]

    def judge(self, value: T) -> Judgement:  # noqa: D102  # as Bound says
        low, high = (value.low, value.high) if isinstance(value, Span) else (value, value)
        try:
            inside = _ordered(self.span.low, low) and _ordered(high, self.span.high)
        except TypeError:
            return _ANOTHER_KIND
        if inside:
            return INSIDE
        return Judgement(
            Verdict.CONFLICT,
            msg("{found} is not inside {low} to {high}", found=to_plain(value), low=self.span.low, high=self.span.high),
        )

    def allowed(self) -> JsonValue:  # noqa: D102
        return to_plain(self.span)


@attrs.frozen
class Exactly(Bound[T]):
    """This value and no other."""

    value: T

    def judge(self, value: T) -> Judgement:  # noqa: D102
        if value == self.value:
            return INSIDE
        return Judgement(Verdict.CONFLICT, msg("{found} is not {due}", found=to_plain(value), due=to_plain(self.value)))

    def allowed(self) -> JsonValue:  # noqa: D102
        return to_plain(self.value)


@attrs.frozen
class AtLeast(Bound[T]):
    """This value or more."""

    least: T

    def judge(self, value: T) -> Judgement:  # noqa: D102
        try:
            if _ordered(self.least, value):
                return INSIDE
        except TypeError:
            return _ANOTHER_KIND
        return Judgement(
            Verdict.CONFLICT, msg("{found} is less than {least}", found=to_plain(value), least=to_plain(self.least))
        )

    def allowed(self) -> JsonValue:  # noqa: D102
        return {"at_least": to_plain(self.least)}


@attrs.frozen
class AtMost(Bound[T]):
    """This value or less."""

    most: T

    def judge(self, value: T) -> Judgement:  # noqa: D102
        try:
            if _ordered(value, self.most):
                return INSIDE
        except TypeError:
            return _ANOTHER_KIND
        return Judgement(
            Verdict.CONFLICT, msg("{found} is more than {most}", found=to_plain(value), most=to_plain(self.most))
        )

    def allowed(self) -> JsonValue:  # noqa: D102
        return {"at_most": to_plain(self.most)}
