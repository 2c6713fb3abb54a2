"""What a parameter of a behaviour may be: each check says in one sentence what is wrong with a value, or nothing.

They stand beside the parameter, in its field's `metadata=within(…)`, and are asked before anything runs.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Final, TypeAlias, TypeGuard

from shequ_core.errors import Message, msg
from shequ_core.values import MONTHS_PER_YEAR, Span, fraction_text

Check: TypeAlias = "Callable[[object], Message | None]"
"""Says what is wrong with a value; None where nothing is."""

RANGE: Final = "range"
"""Where a field's metadata hold its check."""
_HEAVIEST: Final = 2**32 - 1
"""What all weights may come to, so that no chance is lost in a draw's 32 bits."""


def within(check: Check) -> dict[str, Check]:
    """Return metadata of a field whose values a check accepts."""
    return {RANGE: check}


def fraction(low: int, high: int) -> Check:
    """Accept an exact fraction between two bounds, both included."""

    def check(value: object) -> Message | None:
        if not _exact(value):
            return msg("an exact fraction is expected, from {low} to {high}", low=low, high=high)
        found = Fraction(value)
        return None if low <= found <= high else _outside(fraction_text(found), low, high)

    return check


def whole(low: int, high: int) -> Check:
    """Accept a whole number between two bounds, both included."""

    def check(value: object) -> Message | None:
        if type(value) is not int:
            return msg("a whole number is expected, from {low} to {high}", low=low, high=high)
        return None if low <= value <= high else _outside(str(value), low, high)

    return check


share: Final = fraction(0, 1)
"""A share of some people."""
month: Final = whole(1, MONTHS_PER_YEAR)
"""A month of the year, from 1."""


def day(value: object) -> Message | None:
    """Accept a day."""
    return None if type(value) is date else msg("a day is expected")


def one_of(kind: type[Enum]) -> Check:
    """Accept a member of an enum."""

    def check(value: object) -> Message | None:
        allowed = tuple(str(one.value) for one in kind)
        return None if isinstance(value, kind) else msg("one of {allowed} is expected", allowed=allowed)

    return check


def weights(count: int) -> Check:
    """Accept so many weights, whole numbers of which some is above 0."""

    def check(value: object) -> Message | None:
        if not isinstance(value, Sequence) or len(value) != count:
            return msg("{count} weights are expected, one for each kind", count=count)
        return _weighing(value)

    return check


def named_weights(names: Collection[str]) -> Check:
    """Accept a weight for each of some names."""

    def check(value: object) -> Message | None:
        if not isinstance(value, Mapping) or set(value) != set(names):
            return msg("a weight for each of {names} is expected", names=tuple(names))
        return _weighing(tuple(value.values()))

    return check


def named_shares(needed: Collection[str], others: Collection[str] = ()) -> Check:
    """Accept a share for each of some names, and for others if they are there."""

    def check(value: object) -> Message | None:
        if not isinstance(value, Mapping) or not set(needed) <= set(value) <= {*needed, *others}:
            return msg("shares are expected by these names: {names}", names=(*needed, *others))
        return _parts(value.items(), share)

    return check


def table(low: int, high: int) -> Check:
    """Accept a spread as (share of all at or below, value), from 0 to 1, its values between two bounds."""

    def check(value: object) -> Message | None:
        points = _pairs(value)
        if points is None:
            return msg("pairs of a share and a whole number are expected")
        shares, values = [one for one, _ in points], [one for _, one in points]
        if (problem := _parts(zip(map(str, shares), values, strict=True), whole(low, high))) is not None:
            return problem
        if not all(map(_exact, shares)) or not _rise(shares) or len(points) == 1 or (shares[0], shares[-1]) != (0, 1):
            return msg("the shares of a table rise from 0 to 1")
        return None if values == sorted(values) else msg("the values of a table don't fall")

    return check


def bands(value: object) -> Message | None:
    """Accept shares from so many years on, as (years, share), the first from 0."""
    pairs = _pairs(value)
    if pairs is None:
        return msg("pairs of years and a share are expected")
    years = [one for one, _ in pairs]
    if not all(type(one) is int for one in years) or years[0] != 0 or not _rise(years):
        return msg("the years from which shares hold are whole numbers that rise from 0")
    return _parts(((str(one), other) for one, other in pairs), share)


def spans(count: int, low: int, high: int) -> Check:
    """Accept so many spans of whole numbers between two bounds."""

    def check(value: object) -> Message | None:
        if not isinstance(value, Sequence) or len(value) != count or not all(isinstance(one, Span) for one in value):
            return msg("{count} spans are expected, one for each kind", count=count)
        ends = [(f"[{one.low}, {one.high}]", end) for one in value for end in (one.low, one.high)]
        if (problem := _parts(ends, whole(low, high))) is not None:
            return problem
        return msg("a span ends below its beginning") if any(one.low > one.high for one in value) else None

    return check


def _outside(found: str, low: int, high: int) -> Message:
    return msg("it is {found}, and may lie from {low} to {high}", found=found, low=low, high=high)


def _exact(value: object) -> TypeGuard[int | Fraction]:
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def _pairs(value: object) -> list[tuple[Any, Any]] | None:  # Any: what each is comes to be asked
    """Return what should be a list of pairs, of which there is one at least."""
    if not isinstance(value, Sequence) or not value:
        return None
    found = [tuple(one) for one in value if isinstance(one, Sequence) and len(one) == 2]
    return found if len(found) == len(value) else None


def _rise(values: Sequence[Any]) -> bool:  # Any: whole numbers or fractions
    return all(before < after for before, after in itertools.pairwise(values))


def _weighing(value: Sequence[object]) -> Message | None:
    numbers = [one for one in value if type(one) is int and one >= 0]
    if len(numbers) < len(value) or not 0 < sum(numbers) <= _HEAVIEST:
        return msg("weights are whole numbers from 0, not all of them 0, which come to {most} at most", most=_HEAVIEST)
    return None


def _parts(parts: Iterable[tuple[str, object]], check: Check) -> Message | None:
    """Return what is wrong with the first part that isn't right, and which it is."""
    found = ((name, check(one)) for name, one in parts)
    return next((msg("{part}: {problem}", part=name, problem=one) for name, one in found if one is not None), None)
