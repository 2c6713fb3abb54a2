"""Tables: many facts of one kind as columns, with every column known to the type checker."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, ClassVar, Final, Generic, Literal, Self, TypeVar, cast

import attrs
import numpy as np

from shequ_core.errors import ColumnLengthError, msg
from shequ_core.model.facts import HEADERS, LABELS
from shequ_core.tables.columns import (
    BoolColumn,
    Bools,
    Column,
    DateColumn,
    EnumColumn,
    FenColumn,
    FloatColumn,
    IntColumn,
    Ints,
    TextColumn,
    concat,
)
from shequ_core.values import Fen, Points

F = TypeVar("F")

_COLUMN_OF: Final[Mapping[object, type[Column[Any]]]] = {  # Any: one column class a kind of value
    int: IntColumn,
    Points: IntColumn,
    Fen: FenColumn,
    float: FloatColumn,
    str: TextColumn,
    date: DateColumn,
    bool: BoolColumn,
}

_NUMBER_OF: Final[Mapping[object, type[np.generic]]] = {BoolColumn: np.bool_, FloatColumn: np.float64}
"""What a column keeps where it isn't 64-bit whole numbers."""


@attrs.frozen
class FieldSpec:
    """What a table knows of one of its columns.

    Attributes:
        kind: int, Points, Fen, float, str, date, bool or an enum.
        optional: Whether a row may leave it unknown.
        headers: The names by which files know it: the English one first.
        labels: What files call its values, for text that has codes.
    """

    name: str
    kind: Any  # a type or a NewType, compared by identity only
    optional: bool
    headers: tuple[str, ...]
    labels: Mapping[str, str]
    validator: Any  # attrs' own validator callable, or None
    attribute: attrs.Attribute[Any]  # what the validator is called with

    def column_of(self, values: Iterable[Any]) -> Column[Any]:  # Any: the kind decides
        """Make a column of this field from bare values, None where unknown."""
        if isinstance(self.kind, type) and issubclass(self.kind, Enum):
            return EnumColumn.of(self.kind, values)
        return _COLUMN_OF[self.kind].of(values)  # type: ignore[attr-defined,no-any-return]  # each has `of`; Column doesn't, since EnumColumn's takes the enum too

    def empty(self, rows: int) -> Column[Any]:  # Any: the kind decides
        """Make a column of unknowns, which takes no memory: one nothing stands for every row, and can't be written."""
        unknown = np.broadcast_to(np.False_, rows)
        if isinstance(self.kind, type) and issubclass(self.kind, Enum):
            return EnumColumn(np.broadcast_to(np.int64(0), rows), unknown, self.kind)
        kind = _COLUMN_OF[self.kind]
        return kind(np.broadcast_to(np.zeros(1, dtype=_NUMBER_OF.get(kind, np.int64)), rows), unknown)


@attrs.frozen
class Origin:
    """Where the rows of a table were read.

    Attributes:
        file: The file as it was named.
        sheet: The sheet of a workbook.
        rows: The line of each row as a person counts it.
    """

    file: str
    sheet: str | None
    rows: Ints
    headers: Mapping[str, str] = attrs.field(factory=dict)


class _Cut:
    """A column of a table's part, which is cut from the whole when somebody first asks for it.

    What a table has of its own lies in the instance and is found there first.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, table: Table[Any] | None, kind: type[Table[Any]]) -> Column[Any] | Self:  # Any: any kind
        if table is None:
            return self
        whole, first, end = table._cut
        column = whole.column(self.name).part(first, end)
        setattr(table, self.name, column)
        return column


class Table(Generic[F]):
    """Columns of one kind of fact; `table[0]` is that fact again.

    A subclass names the fact and repeats its fields as columns, so that mypy knows them; when the
    class is made, both are held against each other.
    """

    fact: ClassVar[type[Any]]  # the attrs class F
    specs: ClassVar[Mapping[str, FieldSpec]]
    _cut: tuple[Self, int, int]
    """Of a part: the whole table, the first row and the end."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        (base,) = [one for one in cls.__orig_bases__ if typing.get_origin(one) is Table]  # type: ignore[attr-defined]  # Generic sets it
        cls.fact = typing.get_args(base)[0]
        cls.specs = _specs(cls, cls.fact)
        for name in cls.specs:
            setattr(cls, name, _Cut(name))

    def __init__(self, columns: Mapping[str, Column[Any]], origin: Origin | None = None) -> None:  # Any: all kinds
        if set(columns) != set(self.specs):
            odd = sorted(set(columns) ^ set(self.specs))
            raise TypeError(f"{type(self).__name__} has not the columns {odd}")
        lengths = {len(column) for column in columns.values()}
        if len(lengths) > 1:
            raise ColumnLengthError(msg("{table} has columns of {n} rows", table=type(self).__name__, n=lengths))
        for name in self.specs:
            setattr(self, name, columns[name])
        self._length = lengths.pop() if lengths else 0
        self.origin = origin

    @classmethod
    def of(cls, rows: Iterable[F]) -> Self:
        """Make a table from facts."""
        listed = list(rows)
        return cls({name: spec.column_of([getattr(row, name) for row in listed]) for name, spec in cls.specs.items()})

    @classmethod
    def filled(cls, columns: Mapping[str, Column[Any]]) -> Self:  # Any: all kinds
        """Make a table of these columns; an optional one that isn't among them is unknown in every row."""
        rows = max(map(len, columns.values()), default=0)
        rest = {name: one.empty(rows) for name, one in cls.specs.items() if one.optional and name not in columns}
        return cls({**columns, **rest})

    @classmethod
    def empty(cls) -> Self:
        """Make a table of no rows."""
        return cls.of([])

    @classmethod
    def concat(cls, tables: Sequence[Self]) -> Self:
        """Put tables of one kind under each other."""
        if len(tables) == 1:
            return tables[0]
        return cls({name: concat([table.column(name) for table in tables]) for name in cls.specs})

    @classmethod
    def from_frame(cls, frame: object) -> Self:
        """Make a table from a pandas, Polars or PyArrow frame.

        Columns stand under their English or Chinese names, money as whole fen in `monthly_fen`, scores as
        `residents_hundredths` or as points.

        Raises:
            InputError: The frame isn't such a table: every fault, with row and column.
        """
        from shequ_core.tables.frames import from_frame

        return from_frame(cls, frame)

    def to_frame(self, backend: Literal["pandas", "polars", "pyarrow"] = "pandas") -> Any:  # Any: the backend decides
        """Return the table as a frame that `from_frame` reads back."""
        from shequ_core.tables.frames import to_frame

        return to_frame(self, backend)

    def to_arrow(self) -> Any:  # Any: PyArrow publishes no types
        """Return the table as a `pyarrow.Table`."""
        from shequ_core.tables.frames import to_arrow

        return to_arrow(self)

    def column(self, name: str) -> Column[Any]:  # Any: by name, so the kind isn't known here
        """Return a column by its name."""
        return cast("Column[Any]", getattr(self, name))

    def columns(self) -> dict[str, Column[Any]]:  # Any: all kinds
        """Return all columns by name."""
        return {name: self.column(name) for name in self.specs}

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> F:
        return cast("F", self.fact(**{name: self.column(name).row(index) for name in self.specs}))

    def __iter__(self) -> Iterator[F]:
        return (self[index] for index in range(len(self)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} rows: {', '.join(self.specs)})"

    def take(self, rows: Ints) -> Self:
        """Return the rows named, in that order."""
        return type(self)({name: column.take(rows) for name, column in self.columns().items()}, self._moved(rows))

    def where(self, kept: Bools) -> Self:
        """Return the rows where a bare mask is true."""
        return self.take(np.flatnonzero(kept))

    def with_columns(self, **changed: Column[Any]) -> Self:  # Any: all kinds
        """Return the same rows with some columns replaced."""
        return type(self)({**self.columns(), **changed}, self.origin)

    def part(self, first: int, end: int) -> Self:
        """Return the rows from `first` to before `end`, as views of the same memory, each made when it is asked for."""
        made = type(self).__new__(type(self))
        made._cut = self, first, end
        made._length = end - first
        made.origin = None if self.origin is None else self._moved(np.arange(first, end))
        return made

    def __reduce__(self) -> tuple[Any, ...]:  # Any: pickle's own protocol
        return type(self), (self.columns(), self.origin)  # a part without the rest of its table

    def _moved(self, rows: Ints) -> Origin | None:
        if self.origin is None:
            return None
        return attrs.evolve(self.origin, rows=self.origin.rows[rows])

    def same_as(self, other: Self) -> bool:
        """Whether all columns agree."""
        return type(self) is type(other) and all(
            column.same_as(other.column(name)) for name, column in self.columns().items()
        )


def _specs(table: type[Table[Any]], fact: type[Any]) -> dict[str, FieldSpec]:  # Any: any fact
    said = typing.get_type_hints(table)
    facts = typing.get_type_hints(fact)
    specs: dict[str, FieldSpec] = {}
    for attribute in attrs.fields(fact):
        kind, optional = _plain_kind(facts[attribute.name])
        is_enum = isinstance(kind, type) and issubclass(kind, Enum)
        column = said.get(attribute.name)
        wanted = EnumColumn if is_enum else _COLUMN_OF[kind]
        if (typing.get_origin(column) or column, typing.get_args(column)) != (wanted, (kind,) if is_enum else ()):
            raise TypeError(
                f"{table.__name__}.{attribute.name} is {column}, but {fact.__name__} wants {wanted}"
            )
        specs[attribute.name] = FieldSpec(
            name=attribute.name,
            kind=kind,
            optional=optional,
            headers=(attribute.name, *attribute.metadata.get(HEADERS, ())),
            labels=attribute.metadata.get(LABELS, {}),
            validator=attribute.validator,
            attribute=attribute,
        )
    extra = [name for name, hint in said.items() if name not in specs and _is_column(hint)]
    if extra:
        raise TypeError(f"{table.__name__} has columns that {fact.__name__} has not: {extra}")
    return specs


def _plain_kind(hint: Any) -> tuple[Any, bool]:  # Any: a type hint at run time
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        (kind,) = [one for one in typing.get_args(hint) if one is not type(None)]
        return kind, True
    return hint, False


def _is_column(hint: Any) -> bool:  # Any: a type hint at run time
    plain = typing.get_origin(hint) or hint
    return isinstance(plain, type) and issubclass(plain, Column)
