"""What strategies answer: a fault of a plugin's own class ends in an error that names class and question.

The core calls strategies of plugins in the midst of a run, on the pay of people. What one raises, or
answers that can't be an answer, must not go on into money, nor leave as somebody else's exception.
"""

from __future__ import annotations

import functools
import inspect
import types
import typing
from abc import ABC
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final, TypeVar

import attrs

from shequ_core.errors import Message, ShequError, StrategyError, msg
from shequ_core.policy.plain import PlainError
from shequ_core.values import BEYOND_AMOUNTS, Fen, Span

R = TypeVar("R")

CORE: Final = "shequ_core"
_HELD: Final = "__held_to_its_promise__"


def guard(kind: type[Any]) -> None:  # Any: a strategy, or what it is made of
    """Hold what a strategy's own methods answer against what their base class promises; once for each class.

    The core's own classes are left as they are: their parts are checked when they are made.
    """
    for cls in kind.__mro__:
        if _is_core(cls):
            continue
        for name, given in tuple(vars(cls).items()):
            static = isinstance(given, staticmethod)
            function = given.__func__ if static else given
            if not inspect.isfunction(function) or hasattr(function, _HELD):
                continue
            promised = _promised(kind, name)
            if promised is not None:
                setattr(cls, name, _held(function, name, promised, static=static))


def check_attributes(value: object) -> None:
    """Raise `PlainError` unless a plugin's strategy has what the core's own base reads of it, of its type."""
    if _is_core(type(value)):
        return
    base = next(cls for cls in type(value).__mro__ if _is_core(cls))
    for name, hint in typing.get_type_hints(base).items():
        if not hasattr(value, name):
            raise PlainError(msg("{missing} is missing", missing=(name,)))
        wanted = typing.get_args(hint)[0] if typing.get_origin(hint) is typing.ClassVar else hint
        check_answer(wanted, getattr(value, name))


def _is_core(cls: type[Any]) -> bool:  # Any: any class
    return cls in (object, ABC) or cls.__module__.partition(".")[0] == CORE


def _promised(kind: type[Any], name: str) -> Any:  # Any: a type, as it is written in the core
    """Return the type that the core's own base promises of a question; None for what is none."""
    found = None
    for cls in kind.__mro__:  # the last one asks the question, those before answer it
        function = vars(cls).get(name)
        if not name.startswith("_") and inspect.isfunction(function) and _is_core(cls):
            found = function
    hint = found.__annotations__.get("return") if found is not None else None
    if found is None or hint in (None, "None"):
        return None
    # The other hints may name what is imported for the type checker alone.
    asked = types.SimpleNamespace(__annotations__={"return": hint})
    return typing.get_type_hints(asked, globalns=found.__globals__)["return"]


def _held(
    function: Callable[..., R], question: str, promised: Any, *, static: bool  # Any: as `_promised` says
) -> Callable[..., R]:
    @functools.wraps(function)
    def answer(self: object, *args: object, **named: object) -> R:
        kind = type(self)
        try:
            found = function(*args, **named) if static else function(self, *args, **named)
        except (ShequError, KeyboardInterrupt):
            raise
        except BaseException as error:  # a plugin may raise anything, SystemExit included
            # Its words may hold what it was asked, such as a day of birth: they stay in the cause.
            told = msg("it raised {error}", error=type(error).__name__)
            raise StrategyError(kind, question, told) from error
        try:
            check_answer(promised, found)
        except PlainError as error:
            raise StrategyError(kind, question, error.problem) from None
        return found

    setattr(answer, _HELD, True)
    return answer


def check_answer(hint: Any, value: object) -> None:  # Any: the hint decides, at run time
    """Raise `PlainError` unless a value is of a type, and no number in it is negative."""
    problem = next(_problems(hint, value), None)
    if problem is not None:
        raise PlainError(problem)


def _problems(hint: Any, value: object) -> Iterator[Message]:  # Any: as above
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, types.UnionType) or origin is typing.Union:
        if value is not None or type(None) not in inner:
            (hint,) = [one for one in inner if one is not type(None)]
            yield from _problems(hint, value)
    elif origin is Span:
        if not isinstance(value, Span):
            yield _expected("Span", value)
            return
        for end in (value.low, value.high):
            yield from _problems(inner[0], end)
    elif origin is tuple and inner[-1] is not Ellipsis:
        if not isinstance(value, tuple) or len(value) != len(inner):
            yield msg("a list of {count} is expected", count=len(inner))
            return
        for one, part in zip(inner, value, strict=True):
            yield from _problems(one, part)
    elif origin in (tuple, Sequence):
        if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
            yield _expected("Sequence", value)
            return
        for part in value:
            yield from _problems(inner[0], part)
    elif origin is Mapping:
        if not isinstance(value, Mapping):
            yield _expected("Mapping", value)
            return
        for key, part in value.items():
            yield from _problems(inner[0], key)
            yield from _problems(inner[1], part)
    else:
        yield from _problems_of_one(hint, value)


def _problems_of_one(hint: type[Any], value: object) -> Iterator[Message]:  # Any: any class
    # Fen is an int to Python, and True too: neither may stand for a count, nor a count for money.
    fits = type(value) is hint if hint in (int, bool, Fen, date) else isinstance(value, hint)
    if not fits:
        yield _expected(hint.__name__, value)
    elif isinstance(value, (int, Fraction)) and not isinstance(value, bool) and value < 0:
        yield msg("it may not be negative")
    elif isinstance(value, (int, Fraction)) and max(value.numerator, value.denominator) >= BEYOND_AMOUNTS:
        yield msg("the number is too large")
    elif attrs.has(hint):
        hints = typing.get_type_hints(hint)
        for field in attrs.fields(hint):
            yield from _problems(hints[field.name], getattr(value, field.name))


def _expected(name: str, value: object) -> Message:
    return msg("{base} is expected, not {kind}", base=name, kind=type(value).__name__)
