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
import numpy as np

from shequ_core.errors import CREDIT, Message, ShequError, StrategyError, msg
from shequ_core.policy.plain import PlainError, hints_of
from shequ_core.policy.strategies import Strategy
from shequ_core.tables.columns import Column
from shequ_core.values import BEYOND_AMOUNTS, Fen, Span

R = TypeVar("R")

CORE: Final = "shequ_core"
_HELD: Final = "__held_to_its_promise__"


def guard(kind: type[Any]) -> None:  # Any: a strategy, or what it is made of
    """Hold what a strategy's own methods answer against what their base class promises; once for each class.

    The core's own classes are left as they are: their parts are checked when they are made.
    """
    for cls in kind.__mro__:
        if is_core(cls):
            continue
        for name, given in tuple(vars(cls).items()):
            static = isinstance(given, staticmethod)
            function = given.__func__ if static else given
            if not inspect.isfunction(function) or hasattr(function, _HELD):
                continue
            promised = _promised(kind, name)
            if promised is not None:
                setattr(cls, name, _held(function, name, promised, static=static))


def check_kind(kind: type[Strategy], base: type[Strategy]) -> None:
    """Raise `PlainError` where a plugin's strategy has the kind of another one: data of every place would change."""
    if is_core(kind):
        return
    for other in base.known_kinds():
        same = (other.__module__, other.__qualname__) == (kind.__module__, kind.__qualname__)
        if other.kind == kind.kind and not same:  # the same: a module that was loaded again
            told = f"{other.__module__}.{other.__qualname__}"
            raise PlainError(msg("{strategy} has the kind {kind} already", strategy=told, kind=kind.kind))


def check_attributes(value: object) -> None:
    """Raise `PlainError` unless a plugin's strategy has what the core's own base reads of it, of its type."""
    if is_core(type(value)):
        return
    base = next(cls for cls in type(value).__mro__ if is_core(cls))
    for name, hint in hints_of(base).items():
        if not hasattr(value, name):
            raise PlainError(msg("{missing} is missing", missing=(name,)))
        wanted = typing.get_args(hint)[0] if typing.get_origin(hint) is typing.ClassVar else hint
        check_answer(wanted, getattr(value, name))


def is_core(cls: type[Any]) -> bool:  # Any: any class
    """Whether a class is the library's own."""
    return cls in (object, ABC) or cls.__module__.partition(".")[0] == CORE


def _promised(kind: type[Any], name: str) -> Any:  # Any: a type, as it is written in the core
    """Return the type that the core's own base promises of a question; None for what is none."""
    found = None
    for cls in kind.__mro__:  # the last one asks the question, those before answer it
        function = vars(cls).get(name)
        if not name.startswith("_") and inspect.isfunction(function) and is_core(cls):
            found = function
    if name == "to_data":
        return Mapping  # of what, json decides
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
        args = tuple(_untouchable(one) for one in args)
        named = {name: _untouchable(one) for name, one in named.items()}
        try:
            found = function(*args, **named) if static else function(self, *args, **named)
        except (ShequError, KeyboardInterrupt):
            raise
        except BaseException as error:  # a plugin may raise anything, SystemExit included
            # Its words may hold what it was asked, such as a day of birth: they stay in the cause.
            told = msg("it raised {error}", error=type(error).__name__)
            raise StrategyError(self, question, told) from error
        try:
            check_answer(promised, found)
            _check_length(found, (*args, *named.values()))
        except PlainError as error:
            raise StrategyError(self, question, error.problem) from None
        return found

    setattr(answer, _HELD, True)
    return answer


def _untouchable(asked: object) -> object:
    """Return what a strategy is asked about, so that writing into it raises there and then."""
    if not isinstance(asked, Column):
        return asked
    shown = asked.part(0, len(asked))
    shown.values.flags.writeable = False
    if shown.known is not None:
        shown.known.flags.writeable = False
    return shown


def _check_length(found: object, asked: Sequence[object]) -> None:
    """Raise `PlainError` where a column that is answered hasn't the rows of those that were asked about."""
    lengths = {len(one) for one in asked if isinstance(one, Column)}
    for one in (found.low, found.high) if isinstance(found, Span) else (found,):
        if isinstance(one, Column) and lengths and {len(one)} != lengths:
            raise PlainError(
                msg("a column of {due} rows is expected, not of {found}", due=max(lengths), found=len(one))
            )


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
    elif isinstance(value, Column):
        yield from _problems_of_column(value)
    elif isinstance(value, (int, Fraction)) and not isinstance(value, bool) and value < 0:
        yield msg("it may not be negative")
    elif isinstance(value, (int, Fraction)) and max(value.numerator, value.denominator) >= BEYOND_AMOUNTS:
        yield msg("the number is too large")
    elif attrs.has(hint):
        hints = hints_of(hint)
        for field in attrs.fields(hint):
            yield from _problems(hints[field.name], getattr(value, field.name))


def _problems_of_column(column: Column[Any]) -> Iterator[Message]:  # Any: a column of any kind
    held: tuple[object, object] = column.values, column.known  # a plugin may have put anything there
    values, known = held
    if not isinstance(values, np.ndarray) or values.ndim != 1 or values.dtype.kind not in "iub":
        yield _expected("int64", values.dtype if isinstance(values, np.ndarray) else values)
    elif known is not None and not (isinstance(known, np.ndarray) and known.dtype == np.bool_):
        yield _expected("bool", known)
    elif (values[column.mask()] < 0).any():
        yield msg("it may not be negative")


def credit(value: object, plugin: str, place: str, key: str) -> None:
    """Write on a strategy of a plugin's own who brought it, so that a fault in the midst of a run can say so."""
    if isinstance(value, Strategy) and not is_core(type(value)):
        said = {**getattr(value, CREDIT, {}), (plugin, place, key): None}
        object.__setattr__(value, CREDIT, said)  # a frozen value is as it was: this is no part of it


def _expected(name: str, value: object) -> Message:
    return msg("{base} is expected, not {kind}", base=name, kind=type(value).__name__)
