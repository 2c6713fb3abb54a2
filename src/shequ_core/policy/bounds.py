"""Bounds: how far a place below may go, and what is said when it goes further."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import Any, ClassVar, Final, Generic, Self, TypeVar

import attrs

from shequ_core.errors import Message, msg, nearest
from shequ_core.policy.kinds import Amounts, Days, Fractions, Kind, SpanKind, WholeNumbers
from shequ_core.policy.plain import PlainError, Problem, to_plain
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
    """How far a place below may depart from the value that carries this bound; subclasses are frozen attrs classes.

    Attributes:
        name: What it is called in a figure sheet, where it is written `{name = its one field}`.
    """

    name: ClassVar[str] = ""

    @abstractmethod
    def judge(self, value: T) -> Judgement:
        """Say whether a value of a place below is inside."""

    @abstractmethod
    def allowed(self) -> JsonValue:
        """Return what is allowed, as plain data."""

    @classmethod
    def inner(cls, kind: Kind[Any]) -> Kind[Any]:  # Any: the kind of any key
        """Return of which kind its field is, where it bounds values of a kind."""
        return kind

    @classmethod
    def fits(cls, kind: Kind[Any]) -> bool:  # noqa: ARG003  # Any: the kind of any key
        """Whether it can bound values of a kind."""
        return True

    def held(self) -> object:
        """Return what its one field holds."""
        (field,) = attrs.fields(type(self))  # type: ignore[arg-type]  # subclasses are attrs classes
        return getattr(self, field.name)

    @classmethod
    def known(cls) -> dict[str, type[Self]]:
        """Return every bound that is loaded and has a name, by it."""
        found = {name: one for below in cls.__subclasses__() for name, one in below.known().items()}
        return {cls.name: cls, **found} if "name" in vars(cls) and cls.name else found


def bounds_of(kind: Kind[Any]) -> dict[str, type[Bound[Any]]]:  # Any: bounds of every type
    """Return the bounds that values of a kind may have, by name."""
    known: dict[str, type[Bound[Any]]] = Bound.known()  # Any: as above
    return {name: bound for name, bound in sorted(known.items()) if bound.fits(kind)}


def bound_from(kind: Kind[T], data: object) -> Bound[T]:
    """Read a bound of values of a kind; raises `PlainError`."""
    bounds = bounds_of(kind)
    if not isinstance(data, dict) or len(data) != 1:
        raise PlainError(msg("a bound is a table with one of {bounds}", bounds=tuple(sorted(bounds))))
    ((name, one),) = data.items()
    if name not in bounds:
        near = nearest(name, bounds) or tuple(sorted(bounds))
        told = msg("there is no bound {name}; did you mean {near}?", name=name, near=near)
        raise PlainError(told, Problem(told, (name,), of_name=True))
    try:
        # one positional field, as the class above says
        found: Bound[T] = bounds[name](bounds[name].inner(kind).parse(one))  # type: ignore[call-arg]
    except PlainError as error:
        raise PlainError(error.problem, *(attrs.evolve(told, at=(name, *told.at)) for told in error.problems)) from None
    return found


def _ordered(low: object, high: object) -> bool:
    return bool(low <= high)  # type: ignore[operator]  # callers take the TypeError of what has no order


_ORDERED: Final = (WholeNumbers, Fractions, Amounts, Days)
"""Kinds of values of which one is more than another."""

_ANOTHER_KIND: Final = Judgement(Verdict.NOT_COMPARABLE, msg("it is of another kind"))


@attrs.frozen
class Inside(Bound[T]):
    """Inside a span: a number in it, or a span within it."""

    span: Span[object]

    name: ClassVar[str] = "inside"

    @classmethod
    def inner(cls, kind: Kind[Any]) -> Kind[Any]:  # noqa: D102  # Any: as Bound says
        return kind if isinstance(kind, SpanKind) else SpanKind(kind)

    @classmethod
    def fits(cls, kind: Kind[Any]) -> bool:  # noqa: D102  # Any: as Bound says
        return isinstance(kind.inner if isinstance(kind, SpanKind) else kind, _ORDERED)

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

    name: ClassVar[str] = "exactly"

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

    name: ClassVar[str] = "at_least"

    @classmethod
    def fits(cls, kind: Kind[Any]) -> bool:  # noqa: D102  # Any: as Bound says
        return isinstance(kind, _ORDERED)

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

    name: ClassVar[str] = "at_most"

    @classmethod
    def fits(cls, kind: Kind[Any]) -> bool:  # noqa: D102  # Any: as Bound says
        return isinstance(kind, _ORDERED)

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
