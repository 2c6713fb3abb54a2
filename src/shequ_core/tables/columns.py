"""Columns: NumPy values that know which of them are known.

Missing is not zero. Every operator and function carries unknowns on; what an unknown can't change
stays known (False and unknown is False). There is no `__array__`, so an unknown can't be dropped by
accident: whoever wants the bare values says `.values` or `.filled(...)`. A column has no truth value.

Shapes: every column is one-dimensional; two columns that meet in an operator have the same length,
and a plain scalar stands for a whole column of itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Self, TypeAlias, TypeVar, overload

import numpy as np
import numpy.typing as npt

from shequ_core.errors import ColumnLengthError, Message, msg
from shequ_core.trace import observer
from shequ_core.values import Fen, Span, round_half_up

Ints: TypeAlias = "npt.NDArray[np.int64]"
Bools: TypeAlias = "npt.NDArray[np.bool_]"
Floats: TypeAlias = "npt.NDArray[np.float64]"

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
AnyColumn = TypeVar("AnyColumn", bound="Column[Any]")
NumberColumn = TypeVar("NumberColumn", "IntColumn", "FenColumn", "DateColumn")

_EPOCH: Final = date(1970, 1, 1)
USUAL_DAYS: Final = range(-25_567, 84_006)
"""The days of 1900 to 2199."""
_MANY_DAYS: Final = 2**12
"""From so many on their months are looked up."""
_SAFE: Final = 2**62
"""Products at or beyond this are worked out in Python's own integers."""
_NARROW: Final = 2**31
"""Products below this are worked out in 32 bits, of which a processor takes twice as many at a time."""
_COMPARED: Final = 2**10
"""Texts that are looked at together, to tell whether they are in order."""
_REMEMBERED: Final = 8
"""In how many other vocabularies one remembers where its texts stand."""


def _length_error(left: int, right: int) -> ColumnLengthError:
    return ColumnLengthError(msg("columns of {left} and {right} rows don't go together", left=left, right=right))


def _both(left: Bools | None, right: Bools | None) -> Bools | None:
    if left is None:
        return right
    if right is None:
        return left
    return left & right


class Column(Generic[T]):
    """Values of one kind, one a row, some of which may be unknown.

    Attributes:
        values: The bare values; what stands where a value is unknown means nothing.
        known: True where the value is known; None when all are.
    """

    __slots__ = ("known", "values")
    __hash__ = None  # type: ignore[assignment]  # `==` gives a column, so a hash would lie
    __array_ufunc__: ClassVar[None] = None  # NumPy keeps its hands off: no silent object arrays

    values: npt.NDArray[Any]  # the subclass narrows it; NumPy can't say "of the dtype of T"
    known: Bools | None

    def __init__(self, values: npt.NDArray[Any], known: Bools | None = None) -> None:
        if known is not None and len(known) != len(values):
            raise _length_error(len(values), len(known))
        self.values = values
        self.known = None if known is None or known.all() else known

    # --- what a subclass says

    def _value(self, raw: Any) -> T:  # Any: one item of `values`, of the subclass's own dtype
        raise TypeError(f"{type(self).__name__} has no value for {raw!r}")

    def _listed(self, raws: list[Any]) -> list[T]:  # Any: items of `values`
        return [self._value(raw) for raw in raws]

    def _like(self, values: npt.NDArray[Any], known: Bools | None) -> Self:
        """Return a column of the same kind with other values."""
        return type(self)(values, known)

    def _joined(self, columns: Sequence[Self]) -> Self:
        """Return several columns of this kind under each other."""
        known = None if all(one.known is None for one in columns) else np.concatenate([one.mask() for one in columns])
        return self._like(np.concatenate([one.values for one in columns]), known)

    # --- rows

    def __len__(self) -> int:
        return len(self.values)

    def row(self, index: int) -> T | None:
        """Return one row's value, None where it is unknown."""
        if self.known is not None and not self.known[index]:
            return None
        return self._value(self.values[index])

    def to_list(self) -> list[T | None]:
        """Return all rows, None where unknown."""
        if self.known is None:
            return [*self._listed(self.values.tolist())]
        found: list[T | None] = [None] * len(self)
        rows = np.flatnonzero(self.known)
        for row, value in zip(rows.tolist(), self._listed(self.values[rows].tolist()), strict=True):
            found[row] = value
        return found

    def __iter__(self) -> Iterator[T | None]:
        return iter(self.to_list())

    def __bool__(self) -> bool:
        raise TypeError("a column has no truth value: ask rows_where(...), .all_true() or assert_same(...)")

    def __repr__(self) -> str:
        most = 8
        shown = ", ".join("?" if value is None else str(value) for value in self.take(np.arange(min(most, len(self)))))
        return f"{type(self).__name__}([{shown}{', …' if len(self) > most else ''}], rows={len(self)})"

    def is_known(self) -> BoolColumn:
        """Return where the value is known."""
        return BoolColumn(np.ones(len(self), dtype=np.bool_) if self.known is None else self.known)

    def mask(self) -> Bools:
        """Return the bare mask of what is known, also when all is."""
        return np.ones(len(self), dtype=np.bool_) if self.known is None else self.known

    def take(self, rows: Ints) -> Self:
        """Return the rows named, in that order; a row of -1 gives an unknown."""
        if len(rows) and rows.min(initial=0) < 0:
            inside = rows >= 0
            if not len(self.values):
                return self._like(np.zeros(len(rows), dtype=self.values.dtype), np.zeros(len(rows), dtype=np.bool_))
            at = np.where(inside, rows, 0)
            return self._like(self.values[at], inside if self.known is None else inside & self.known[at])
        return self._like(self.values[rows], None if self.known is None else self.known[rows])

    def part(self, first: int, end: int) -> Self:
        """Return the rows from `first` to before `end`, as a view of the same memory."""
        return self._like(self.values[first:end], None if self.known is None else self.known[first:end])

    def none_known(self) -> bool:
        """Whether no row is known."""
        known = self.known
        if known is not None and known.strides == (0,):  # one answer stands for every row
            known = known[:1]
        return known is not None and not known.any()

    def where(self, kept: Bools) -> Self:
        """Return the rows where a bare mask is true."""
        return self._like(self.values[kept], None if self.known is None else self.known[kept])

    def unless(self, unknown: Bools) -> Self:
        """Return the column with more rows made unknown."""
        return self._like(self.values, _both(self.known, ~unknown))

    def same_as(self, other: Column[T]) -> bool:
        """Whether kind, length, what is known and every known value agree."""
        if type(self) is not type(other) or len(self) != len(other):
            return False
        return self.to_list() == other.to_list()

    def __reduce__(self) -> tuple[Any, ...]:  # Any: pickle's own protocol
        return type(self), (self.values, self.known)


def _pair(left: Column[Any], right: Column[Any] | int) -> tuple[npt.NDArray[Any] | int, Bools | None]:
    if isinstance(right, Column):
        if len(left) != len(right):
            raise _length_error(len(left), len(right))
        return right.values, _both(left.known, right.known)
    return int(right), left.known


class BoolColumn(Column[bool]):
    """Yes, no or unknown; `&`, `|` and `~` keep what an unknown can't change."""

    __slots__ = ()
    values: Bools

    @classmethod
    def of(cls, values: Iterable[bool | None]) -> BoolColumn:
        """Make a column from values, None where unknown."""
        listed = list(values)
        known = np.array([value is not None for value in listed], dtype=np.bool_)
        return cls(np.array([bool(value) for value in listed], dtype=np.bool_), known)

    def _value(self, raw: Any) -> bool:  # Any: see Column._value
        return bool(raw)

    def true(self) -> Bools:
        """Return where it is known to be true."""
        return self.values if self.known is None else self.values & self.known

    def false(self) -> Bools:
        """Return where it is known to be false."""
        return ~self.values if self.known is None else ~self.values & self.known

    def any_true(self) -> bool:
        """Whether some row is known to be true."""
        return not self.none_known() and bool(self.true().any())

    def any_false(self) -> bool:
        """Whether some row is known to be false."""
        return not self.none_known() and bool(self.false().any())

    def all_true(self) -> bool:
        """Whether every row is known to be true."""
        return bool(self.true().all())

    def _join(self, other: BoolColumn, values: Bools, deciding: Bools) -> BoolColumn:
        if len(self) != len(other):
            raise _length_error(len(self), len(other))
        known = _both(self.known, other.known)
        return BoolColumn(values, None if known is None else known | deciding)

    def __and__(self, other: BoolColumn) -> BoolColumn:
        return self._join(other, self.true() & other.true(), self.false() | other.false())

    def __or__(self, other: BoolColumn) -> BoolColumn:
        return self._join(other, self.true() | other.true(), self.true() | other.true())

    def __invert__(self) -> BoolColumn:
        return BoolColumn(~self.values, self.known)


class _Ordered(Column[T]):
    """What integers, money and dates share: a 64-bit number a row, in order."""

    __slots__ = ("_unread",)
    values: Ints
    _unread: tuple[Ints, Ints] | None
    """A table and the places in it, of a column that was looked up and nobody has read yet."""

    if not TYPE_CHECKING:  # to a type checker every column has its values

        def __getattr__(self, name: str) -> Ints:
            """Look the values up, once somebody reads them: only an attribute that isn't there comes here."""
            if name != "values":
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            unread = self._unread
            if unread is not None:  # or another thread has read them meanwhile
                table, places = unread
                self.values, self._unread = table.take(places), None
            return self.values

    def look_up(self, places: Ints) -> Self:
        """Return the rows named, every one of which is there: `take` without a look for -1, done once it is read."""
        if self.known is not None:
            return self._like(self.values.take(places), self.known.take(places))
        made = type(self).__new__(type(self))
        made.known, made._unread = None, (self.values, places)
        return made

    def _number(self, other: Self | T) -> Column[T] | int:
        raise TypeError(f"{type(self).__name__} is not compared with {other!r}")

    def _compare(self, other: Self | T) -> tuple[Ints | int, Bools | None]:
        return _pair(self, self._number(other))

    def __lt__(self, other: Self | T) -> BoolColumn:
        right, known = self._compare(other)
        return BoolColumn(self.values < right, known)

    def __le__(self, other: Self | T) -> BoolColumn:
        right, known = self._compare(other)
        return BoolColumn(self.values <= right, known)

    def __gt__(self, other: Self | T) -> BoolColumn:
        right, known = self._compare(other)
        return BoolColumn(self.values > right, known)

    def __ge__(self, other: Self | T) -> BoolColumn:
        right, known = self._compare(other)
        return BoolColumn(self.values >= right, known)

    def __eq__(self, other: Self | T) -> BoolColumn:  # type: ignore[override]  # a column of answers, not one
        right, known = self._compare(other)
        return BoolColumn(np.equal(self.values, right), known)

    def __ne__(self, other: Self | T) -> BoolColumn:  # type: ignore[override]  # as above
        right, known = self._compare(other)
        return BoolColumn(np.not_equal(self.values, right), known)

    def fill(self, value: T) -> Self:
        """Return `value` in every row whose own value is known; it stands once for all of them."""
        number = self._number(value)
        assert isinstance(number, int)
        return self._like(np.broadcast_to(np.int64(number), len(self)), self.known)

    def filled(self, value: T) -> Self:
        """Return the column with `value` said, on purpose, where it was unknown."""
        if self.known is None:
            return self
        number = self._number(value)
        assert isinstance(number, int)
        # A product with the mask is five times as fast as choosing row by row where the mask is anyhow.
        found = self.values * self.known
        if number:
            found += number * ~self.known
        return self._like(found, None)


class IntColumn(_Ordered[int]):
    """Whole numbers in int64."""

    __slots__ = ()

    @classmethod
    def of(cls, values: Iterable[int | None]) -> IntColumn:
        """Make a column from whole numbers, None where unknown.

        Raises:
            ValueError: One of them isn't whole.
        """
        return cls(*_int_arrays(values))

    def _value(self, raw: Any) -> int:  # Any: see Column._value
        return int(raw)

    def _listed(self, raws: list[Any]) -> list[int]:  # Any: see Column._value
        return raws

    def _number(self, other: IntColumn | int) -> Column[int] | int:
        return other

    def __add__(self, other: IntColumn | int) -> IntColumn:
        right, known = _pair(self, other)
        return IntColumn(self.values + right, known)

    __radd__ = __add__

    def __sub__(self, other: IntColumn | int) -> IntColumn:
        right, known = _pair(self, other)
        return IntColumn(self.values - right, known)

    def __rsub__(self, other: int) -> IntColumn:
        return IntColumn(other - self.values, self.known)

    def __mul__(self, other: IntColumn | int) -> IntColumn:
        right, known = _pair(self, other)
        return IntColumn(self.values * right, known)

    __rmul__ = __mul__

    def __floordiv__(self, other: int) -> IntColumn:
        return IntColumn(self.values // other, self.known)

    def __mod__(self, other: int) -> IntColumn:
        return IntColumn(self.values % other, self.known)

    def pick(self, table: Sequence[int], first: int = 0) -> IntColumn:
        """Look every row up in a short table whose first entry is for `first`; outside it: unknown."""
        at, known = self._places(len(table), first)
        return IntColumn(np.asarray([*table, 0], dtype=np.int64)[at], known)

    def pick_fen(self, table: Sequence[Fen], first: int = 0) -> FenColumn:
        """Look every row's amount up in a short table whose first entry is for `first`; outside it: unknown."""
        at, known = self._places(len(table), first)
        return FenColumn(np.asarray([*map(int, table), 0], dtype=np.int64)[at], known)

    def _places(self, size: int, first: int) -> tuple[Ints, Bools]:
        at = self.values - first
        inside = (at >= 0) & (at < size)
        return np.where(inside, at, size), inside if self.known is None else inside & self.known


class FloatColumn(Column[float]):
    """Coordinates, and estimates over many simulated years; all else is exact. Every known value is finite."""

    __slots__ = ()
    values: Floats

    @classmethod
    def of(cls, values: Iterable[float | None]) -> FloatColumn:
        """Make a column from finite numbers, None where unknown.

        Raises:
            ValueError: One of them is infinite or not a number.
        """
        listed = list(values)
        known = np.array([value is not None for value in listed], dtype=np.bool_)
        return cls(np.array([0.0 if value is None else value for value in listed], dtype=np.float64), known)

    def __init__(self, values: npt.NDArray[Any], known: Bools | None = None) -> None:  # Any: see Column.values
        super().__init__(values, known)
        if not np.isfinite(values if self.known is None else values[self.known]).all():
            raise ValueError("a number is infinite or not a number")

    def _value(self, raw: Any) -> float:  # Any: see Column._value
        return float(raw)

    def _listed(self, raws: list[Any]) -> list[float]:  # Any: see Column._value
        return raws


class FenColumn(_Ordered[Fen]):
    """Money in whole fen. It adds to money only, and multiplies with counts and exact fractions only."""

    __slots__ = ()

    @classmethod
    def of(cls, values: Iterable[Fen | None]) -> FenColumn:
        """Make a column from amounts, None where unknown."""
        return cls(*_int_arrays(values))

    def _value(self, raw: Any) -> Fen:  # Any: see Column._value
        return Fen(raw)

    def _number(self, other: FenColumn | Fen) -> Column[Fen] | int:
        return other

    def __add__(self, other: FenColumn) -> FenColumn:
        right, known = _pair(self, other)
        return FenColumn(self.values + right, known)

    def __sub__(self, other: FenColumn) -> FenColumn:
        right, known = _pair(self, other)
        return FenColumn(self.values - right, known)

    def __neg__(self) -> FenColumn:
        return FenColumn(-self.values, self.known)

    def __mul__(self, times: IntColumn | int) -> FenColumn:
        right, known = _pair(self, times)
        return FenColumn(self.values * right, known)

    def scaled(self, ratio: Fraction, quantum: int = 1) -> FenColumn:
        """Return every amount times an exact fraction, rounded half up to `quantum` fen."""
        result = FenColumn(
            scale_array(self.values, ratio.numerator, ratio.denominator, quantum),
            self.known,
        )
        watching = observer()
        if watching is not None:
            before = self

            def told(row: int) -> Message | None:
                amount = before.row(row) if row < len(before) else None
                if amount is None:
                    return None
                exact = amount * ratio
                rounded = round_half_up(exact.numerator, exact.denominator, quantum)
                return msg(
                    "rounded: {amount} x {ratio} = {exact} -> {result}",
                    amount=amount, ratio=ratio, exact=_yuan_exact(exact), result=Fen(rounded),
                )

            watching.note(told)
        return result


def _yuan_exact(fen: Fraction) -> Fen | Message:
    whole, rest = divmod(fen, 1)
    return msg("{amount} + {rest} fen", amount=Fen(int(whole)), rest=rest) if rest else Fen(int(whole))


def scale_array(values: Ints, numerator: int, denominator: int, quantum: int = 1) -> Ints:
    """Return values x numerator / denominator rounded half up to `quantum`, exactly, as int64.

    Falls back on Python's integers where int64 could overflow.
    """
    step = denominator * quantum
    most = max(1, int(values.max(initial=0)), -int(values.min(initial=0)))
    largest = 2 * (most * abs(numerator) + step)
    if largest < _SAFE:
        found = (values.astype(np.int32) if largest < _NARROW else values) * (2 * numerator)
        found += step
        found //= 2 * step
        if quantum != 1:
            found *= quantum
        return found.astype(np.int64, copy=False)
    return np.array(
        [round_half_up(value * numerator, denominator, quantum) for value in values.tolist()], dtype=np.int64
    )


def divided(numerators: Ints, denominators: Ints) -> Ints:
    """Return each numerator over its own positive denominator, rounded half up."""
    found: Ints = (2 * numerators + denominators) // (2 * denominators)
    return found


class DateColumn(_Ordered[date]):
    """Days, as int64 counted from 1970-01-01."""

    __slots__ = ()

    @classmethod
    def of(cls, values: Iterable[date | None]) -> DateColumn:
        """Make a column from dates, None where unknown."""
        return cls(*_int_arrays(None if value is None else day_number(value) for value in values))

    def _value(self, raw: Any) -> date:  # Any: see Column._value
        return _EPOCH + timedelta(days=int(raw))

    def _number(self, other: DateColumn | date) -> Column[date] | int:
        return other if isinstance(other, DateColumn) else day_number(other)

    def year(self) -> IntColumn:
        """Return the calendar year."""
        return IntColumn(_months_of(self.values) // 12, self.known)

    def month_index(self) -> IntColumn:
        """Return months counted from January of year 0: year x 12 + month - 1."""
        return IntColumn(_months_of(self.values), self.known)

    def completed_years(self, on: date | DateColumn) -> IntColumn:
        """Return the full years from here to a day: an age, or years of service.

        Who was born on 29 February completes a year on 1 March of a common year.
        """
        end = on if isinstance(on, DateColumn) else DateColumn(np.full(len(self), day_number(on), dtype=np.int64))
        if len(end) != len(self):
            raise _length_error(len(self), len(end))
        years = end.year().values - self.year().values
        return IntColumn(years - (self._month_day() > end._month_day()), _both(self.known, end.known))

    def completed_months(self, on: DateColumn) -> IntColumn:
        """Return the full months from here to a day; who began on the 31st completes one on the 1st after a shorter."""
        if len(on) != len(self):
            raise _length_error(len(self), len(on))
        months = on.month_index().values - self.month_index().values
        return IntColumn(
            months - (self.day_of_month().values > on.day_of_month().values), _both(self.known, on.known)
        )

    def day_of_month(self) -> IntColumn:
        """Return the day of the month, from 1."""
        return IntColumn(_days_in_month(self.values), self.known)

    def _month_day(self) -> Ints:
        return _months_of(self.values) % 12 * 32 + _days_in_month(self.values)


def _months_of(days: Ints) -> Ints:
    """Return the month in which each day lies, counted from January of year 0."""
    usual = _usual_places(days)
    return _reckoned_months(days) if usual is None else _usual_days()[0][usual]


def _days_in_month(days: Ints) -> Ints:
    """Return each day's number in its month, from 1."""
    usual = _usual_places(days)
    return _reckoned_days(days) if usual is None else _usual_days()[1][usual]


def _usual_places(days: Ints) -> Ints | None:
    """Return where each day stands among the usual ones; None where one is none, or for so few."""
    if len(days) < _MANY_DAYS or days.min() < USUAL_DAYS.start or days.max() >= USUAL_DAYS.stop:
        return None
    return days - USUAL_DAYS.start


@cache
def _usual_days() -> tuple[Ints, Ints]:
    """Return month and day in the month of every usual day: to look them up is several times as fast."""
    days = np.arange(USUAL_DAYS.start, USUAL_DAYS.stop)
    return _reckoned_months(days), _reckoned_days(days)


def _reckoned_months(days: Ints) -> Ints:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def _reckoned_days(days: Ints) -> Ints:
    each = days.astype("datetime64[D]")
    in_month: Ints = (each - each.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    return in_month + 1


def day_number(day: date) -> int:
    """Return a date as days from 1970-01-01."""
    return day.toordinal() - _EPOCH.toordinal()


def _int_arrays(values: Iterable[int | None]) -> tuple[Ints, Bools | None]:
    listed = list(values)
    if None in listed:
        known = np.array([value is not None for value in listed], dtype=np.bool_)
        return _whole_numbers([0 if value is None else value for value in listed]), known
    return _whole_numbers(listed), None


def _whole_numbers(listed: Sequence[int | None]) -> Ints:
    """Make an array of whole numbers; numpy by itself would cut 60.9 down to 60, and nobody would know."""
    made = np.array(listed)
    if made.dtype == np.int64:
        return made
    if made.dtype.kind == "f" and not (np.isfinite(made) & (made == np.floor(made))).all():
        raise ValueError("a number is not whole")
    return np.array(listed, dtype=np.int64)


class Vocabulary(tuple[str, ...]):
    """The distinct texts of a column, shared by every column taken from it.

    It remembers what is worked out of all its texts, so that a province's ids are looked up once in
    each other's vocabulary and not once a month.
    """

    _places: dict[str, int] | None = None
    _ranks: Ints | None = None
    _in_order: bool | None = None

    def places(self) -> dict[str, int]:
        """Return each text's place."""
        if self._places is None:
            self._places = {text: place for place, text in enumerate(self)}
        return self._places

    def in_order(self) -> bool:
        """Return whether the texts stand in sorted order, so that a text's place is its rank."""
        if self._in_order is None:
            # To sort what is sorted, some texts at a time, takes less than to compare one by one.
            some = (self[first : first + _COMPARED + 1] for first in range(0, len(self), _COMPARED))
            self._in_order = all(list(texts) == sorted(texts) for texts in some)
        return self._in_order

    def ranks(self) -> Ints:
        """Return each text's place in sorted order, and -1 at the end for what is unknown."""
        if self._ranks is None:
            ranks = np.full(len(self) + 1, -1, dtype=np.int64)
            order = slice(len(self)) if self.in_order() else sorted(range(len(self)), key=self.__getitem__)
            ranks[order] = np.arange(len(self))
            self._ranks = ranks
        return self._ranks

    def places_in(self, other: Vocabulary) -> Ints:
        """Return where each text stands in another vocabulary, -1 where it doesn't; -1 at the end for unknown."""
        remembered: dict[int, tuple[Vocabulary, Ints]] = self.__dict__.setdefault("_in", {})
        found = remembered.get(id(other))
        if found is None:
            if self == other:  # tables made or read together often tell of the same people in the same order
                places = np.arange(len(self) + 1, dtype=np.int64)
                places[-1] = -1
            else:
                at = map(other.places().get, self, itertools.repeat(-1))
                places = np.fromiter(itertools.chain(at, (-1,)), dtype=np.int64, count=len(self) + 1)
            found = other, places
            if len(remembered) >= _REMEMBERED:
                remembered.pop(next(iter(remembered)))
            remembered[id(other)] = found
        return found[1]

    def starts(self, length: int) -> tuple[Vocabulary, Ints]:
        """Return the distinct first characters, and for each text its place among them (0 at the end)."""
        remembered: dict[int, tuple[Vocabulary, Ints]] = self.__dict__.setdefault("_starts", {})
        found = remembered.get(length)
        if found is None:
            at: dict[str, int] = {}
            places = np.array([*(at.setdefault(text[:length], len(at)) for text in self), 0], dtype=np.int64)
            found = remembered[length] = Vocabulary(at or ("",)), places
        return found

    def once(self, what: object, make: Callable[[Vocabulary], T]) -> T:
        """Return what is worked out of all texts, made the first time it is asked for.

        Args:
            what: What it is: unlike anything else that is made so.
            make: Makes it; it may not be changed afterwards.
        """
        made: dict[object, T] = self.__dict__.setdefault("_made", {})
        if what not in made:
            made[what] = make(self)
        return made[what]

    def __reduce__(self) -> tuple[Any, ...]:  # Any: pickle's own protocol
        return Vocabulary, (tuple(self),)  # without what it remembers


class TextColumn(Column[str]):
    """Text, stored once per distinct value: `values` are places in `vocabulary`.

    Attributes:
        vocabulary: The distinct texts; order means nothing, and some may be unused.
    """

    __slots__ = ("vocabulary",)
    values: Ints

    def __init__(self, values: Ints, known: Bools | None = None, vocabulary: Iterable[str] = ()) -> None:
        super().__init__(values, known)
        self.vocabulary = vocabulary if isinstance(vocabulary, Vocabulary) else Vocabulary(vocabulary)

    @classmethod
    def of(cls, values: Iterable[str | None]) -> TextColumn:
        """Make a column from texts, None where unknown."""
        at: dict[str, int] = {}
        listed = [-1 if value is None else at.setdefault(value, len(at)) for value in values]
        codes = np.array(listed, dtype=np.int64)
        return cls(codes, codes >= 0, Vocabulary(at))

    @classmethod
    def full(cls, rows: int, value: str) -> TextColumn:
        """Make a column with one text in every row."""
        return cls(np.zeros(rows, dtype=np.int64), None, (value,))

    def _value(self, raw: Any) -> str:  # Any: see Column._value
        return self.vocabulary[int(raw)]

    def _listed(self, raws: list[Any]) -> list[str]:  # Any: see Column._value
        texts = self.vocabulary
        return [texts[raw] for raw in raws]

    def _like(self, values: npt.NDArray[Any], known: Bools | None) -> Self:
        return type(self)(values, known, self.vocabulary)

    def __reduce__(self) -> tuple[Any, ...]:  # Any: pickle's own protocol
        return type(self), (self.values, self.known, self.vocabulary)

    def _joined(self, columns: Sequence[Self]) -> Self:
        if all(one.vocabulary is self.vocabulary for one in columns):
            return super()._joined(columns)
        texts = TextColumn(np.zeros(0, np.int64), None, dict.fromkeys(t for one in columns for t in one.vocabulary))
        codes = [one.codes_in(texts) for one in columns]
        values = np.concatenate(codes)
        return type(self)(values, values >= 0, texts.vocabulary)

    def index(self) -> dict[str, int]:
        """Return each text's place in the vocabulary."""
        return self.vocabulary.places()

    def codes_in(self, other: TextColumn) -> Ints:
        """Return each row's place in another column's vocabulary; -1 where it isn't there or is unknown."""
        if self.vocabulary is other.vocabulary:
            return self.values if self.known is None else np.where(self.known, self.values, -1)
        found = self.vocabulary.places_in(other.vocabulary)[self.values]
        return found if self.known is None else np.where(self.known, found, -1)

    def __eq__(self, other: TextColumn | str) -> BoolColumn:  # type: ignore[override]  # a column of answers
        if isinstance(other, str):
            return BoolColumn(self.values == self.index().get(other, -2), self.known)
        if len(self) != len(other):
            raise _length_error(len(self), len(other))
        return BoolColumn(self.codes_in(other) == other.values, _both(self.known, other.known))

    def __ne__(self, other: TextColumn | str) -> BoolColumn:  # type: ignore[override]  # as above
        return ~(self == other)

    def is_in(self, texts: Iterable[str]) -> BoolColumn:
        """Return whether each row is one of these texts."""
        hit = np.zeros(len(self.vocabulary) + 1, dtype=np.bool_)
        at = self.index()
        hit[[at[text] for text in frozenset(texts) if text in at]] = True
        return BoolColumn(hit[self.values], self.known)

    def start(self, length: int) -> TextColumn:
        """Return the first characters of every text: a code's county is the first six digits."""
        texts, places = self.vocabulary.starts(length)
        return TextColumn(places[self.values], self.known, texts)

    def rank(self) -> Ints:
        """Return each row's place in the sorted vocabulary: an order that doesn't hang on the rows'."""
        if self.known is None and self.vocabulary.in_order():
            return self.values
        return self.vocabulary.ranks()[self.values]


class EnumColumn(Column[E]):
    """Members of one enum, in the order in which the enum names them.

    Attributes:
        kind: The enum.
    """

    __slots__ = ("kind",)
    values: Ints

    def __init__(self, values: Ints, known: Bools | None, kind: type[E]) -> None:
        super().__init__(values, known)
        self.kind = kind

    @classmethod
    def of(cls, kind: type[E], values: Iterable[E | None]) -> EnumColumn[E]:
        """Make a column from members, None where unknown."""
        places = {member: place for place, member in enumerate(kind)}
        codes = np.array([-1 if value is None else places[value] for value in values], dtype=np.int64)
        return cls(codes, codes >= 0, kind)

    def _value(self, raw: Any) -> E:  # Any: see Column._value
        return list(self.kind)[int(raw)]

    def _like(self, values: npt.NDArray[Any], known: Bools | None) -> Self:
        return type(self)(values, known, self.kind)

    def __reduce__(self) -> tuple[Any, ...]:  # Any: pickle's own protocol
        return type(self), (self.values, self.known, self.kind)

    def _place(self, other: EnumColumn[E] | E) -> Column[E] | int:
        return other if isinstance(other, EnumColumn) else tuple(self.kind).index(other)

    def __eq__(self, other: EnumColumn[E] | E) -> BoolColumn:  # type: ignore[override]  # a column of answers
        right, known = _pair(self, self._place(other))
        return BoolColumn(np.equal(self.values, right), known)

    def __ne__(self, other: EnumColumn[E] | E) -> BoolColumn:  # type: ignore[override]  # as above
        return ~(self == other)

    def __ge__(self, other: EnumColumn[E] | E) -> BoolColumn:
        """Whether each row stands at or after another in the enum's order."""
        right, known = _pair(self, self._place(other))
        return BoolColumn(self.values >= right, known)

    def is_in(self, members: Iterable[E]) -> BoolColumn:
        """Return whether each row is one of these members."""
        places = [tuple(self.kind).index(member) for member in members]
        found = np.zeros(len(self), dtype=np.bool_)
        for place in places:
            found |= self.values == place
        return BoolColumn(found, self.known)

    def order(self) -> IntColumn:
        """Return each row's place in the enum, from 0."""
        return IntColumn(self.values, self.known)


# --- functions ----------------------------------------------------------------------------------


@overload
def maximum(left: NumberColumn, right: NumberColumn) -> NumberColumn: ...
@overload
def maximum(left: IntColumn, right: int) -> IntColumn: ...
@overload
def maximum(left: FenColumn, right: Fen) -> FenColumn: ...
def maximum(left: Column[Any], right: Column[Any] | int) -> Column[Any]:  # Any: the overloads say what goes with what
    """Return the larger of two columns, row by row; unknown where either is."""
    return _either(left, right, larger=True)


@overload
def minimum(left: NumberColumn, right: NumberColumn) -> NumberColumn: ...
@overload
def minimum(left: IntColumn, right: int) -> IntColumn: ...
@overload
def minimum(left: FenColumn, right: Fen) -> FenColumn: ...
def minimum(left: Column[Any], right: Column[Any] | int) -> Column[Any]:  # Any: as for maximum
    """Return the smaller of two columns, row by row; unknown where either is."""
    return _either(left, right, larger=False)


def _either(left: Column[Any], right: Column[Any] | int, *, larger: bool) -> Column[Any]:  # Any: as for maximum
    other, known = _pair(left, right)
    result = left._like((np.maximum if larger else np.minimum)(left.values, other), known)
    watching = observer()
    if watching is not None:

        def told(row: int) -> Message | None:
            if row >= len(left):
                return None
            one = left.row(row)
            two = right.row(row) if isinstance(right, Column) else left._value(right)
            return (
                msg("chosen: larger of {one} and {two}: {result}", one=one, two=two, result=result.row(row))
                if larger
                else msg("chosen: smaller of {one} and {two}: {result}", one=one, two=two, result=result.row(row))
            )

        watching.note(told)
    return result


def clamp(column: FenColumn, floor: Fen, ceiling: Fen) -> FenColumn:
    """Return the amounts, raised to a floor and lowered to a ceiling that is not below it."""
    if observer() is not None:
        return minimum(maximum(column, floor), ceiling)  # so that each choice is told
    return FenColumn(column.values.clip(floor, ceiling), column.known)


def where(condition: BoolColumn, yes: AnyColumn, no: AnyColumn) -> AnyColumn:
    """Return `yes` where the condition holds, `no` where it doesn't, unknown where it isn't known."""
    if len(condition) != len(yes) or len(yes) != len(no):
        raise _length_error(len(yes), len(no) if len(yes) != len(no) else len(condition))
    known: Bools | None = None
    if condition.known is not None or yes.known is not None or no.known is not None:
        known = condition.mask() & np.where(condition.values, yes.mask(), no.mask())
    if isinstance(yes, TextColumn) and isinstance(no, TextColumn) and yes.vocabulary != no.vocabulary:
        yes, no = concat([yes, no]).take(np.arange(len(yes))), concat([yes, no]).take(np.arange(len(yes)) + len(yes))
    result = yes._like(np.where(condition.values, yes.values, no.values), known)
    watching = observer()
    if watching is not None:

        def told(row: int) -> Message | None:
            if row >= len(result):
                return None
            holds = condition.row(row)
            if holds is None:
                return msg("branch: condition None: {result}", result=result.row(row))
            return (
                msg("branch: condition True: {result}", result=result.row(row))
                if holds
                else msg("branch: condition False: {result}", result=result.row(row))
            )

        watching.note(told)
    return result


def coalesce(first: AnyColumn, second: AnyColumn) -> AnyColumn:
    """Return `first` where it is known, `second` elsewhere."""
    return where(first.is_known(), first, second)


def outside(found: IntColumn, allowed: Span[IntColumn]) -> BoolColumn:
    """Return where a count lies outside its span."""
    return (found < allowed.low) | (found > allowed.high)


def rows_where(condition: BoolColumn) -> list[int]:
    """Return the rows that are known to be true."""
    return [int(row) for row in np.flatnonzero(condition.true())]


def ints(*values: int | Sequence[int | None] | None) -> IntColumn:
    """Make a column of whole numbers: `ints(1, 2)` or `ints([1, 2])`."""
    flat: list[int | None] = []
    for value in values:
        if isinstance(value, Sequence):
            flat.extend(value)
        else:
            flat.append(value)
    return IntColumn.of(flat)


def concat(columns: Sequence[AnyColumn]) -> AnyColumn:
    """Put columns of one kind under each other."""
    return columns[0]._joined(columns)


def assert_same(found: object, expected: object) -> None:
    """Fail with a readable sentence unless two columns (or spans of them) are the same, unknowns included.

    A column has no truth value, so `assert a == b` on columns would be no test.
    """
    if isinstance(found, Span) and isinstance(expected, Span):
        assert_same(found.low, expected.low)
        assert_same(found.high, expected.high)
        return
    if isinstance(found, Column) and isinstance(expected, Column):
        assert found.same_as(expected), f"{found!r} is not {expected!r}"
        return
    assert found == expected, f"{found!r} is not {expected!r}"
