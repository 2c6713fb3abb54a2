"""Tables from and to Arrow, Parquet and data frames.

Types are checked, never guessed: a float where whole numbers are due is a fault in Parquet; in a frame it
passes only if each number is whole and below 2**53, since pandas makes floats of whole numbers with gaps.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, TypeVar

import numpy as np

from shequ_core.errors import Fault, InputError, Message, MissingExtraError, msg
from shequ_core.tables.cells import (
    EMPTY,
    NO_COORDINATE,
    NO_NUMBER,
    TROUBLES,
    Refusal,
    Trouble,
    checker,
    is_enum,
    named,
    number_column,
    read_column,
    read_distinct,
    write_column,
)
from shequ_core.tables.columns import (
    Bools,
    Column,
    DateColumn,
    EnumColumn,
    FenColumn,
    FloatColumn,
    Ints,
    TextColumn,
)
from shequ_core.tables.headers import Headers, header_of, match_headers, unit_of
from shequ_core.tables.table import FieldSpec, Origin, Table
from shequ_core.values import Fen, Points

AnyTable = TypeVar("AnyTable", bound=Table[Any])  # Any: tables of every kind of fact
Backend: TypeAlias = Literal["pandas", "polars", "pyarrow"]
Refused: TypeAlias = "list[tuple[int, Message]]"

_EXACT: Final = 2**53
_MOST_ROWS: Final = 5_000_000
_MOST_BYTES: Final = 2**30
_FEW_ROWS: Final = 2**16
"""Below it handing columns to threads takes longer than reading them: a county's tables are small."""
_NANOSECONDS: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_SECONDS_A_DAY: Final = 86_400


# --- from Arrow -----------------------------------------------------------------------------------
# Any for arrays, types and tables: PyArrow publishes no types.


def read_parquet(kind: type[AnyTable], path: Path, faults: list[Fault], *, free: bool = False) -> AnyTable | None:
    """Read a table from a Parquet file; what is wrong is added to the faults.

    Args:
        kind: The table.
        path: The file.
        faults: What is wrong is added here.
        free: Whether the file is somebody else's: see `match_headers`; whole numbers then pass as ids.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
            large, few = _large(file.metadata), file.metadata.num_rows < _FEW_ROWS
        if large:
            message = msg(
                "the file holds more than {most} rows, or unpacks to too much: give each county a folder",
                most=_MOST_ROWS,
            )
            faults.append(Fault(file=path.name, message=message))
            return None
        # A text that stands in a million rows stays one text: a file of 500 bytes can hold gigabytes otherwise.
        with pyarrow.parquet.ParquetFile(path, read_dictionary=texts) as file:
            table = file.read(use_threads=not few)
    except (pyarrow.ArrowException, OSError):
        message = msg("this can't be read as a Parquet file: write it again")
        faults.append(Fault(file=path.name, message=message))
        return None
    return _table(kind, path.name, table.column_names, table.column, faults, loose=False, free=free)


def _large(metadata: Any) -> bool:
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    return bool(metadata.num_rows > _MOST_ROWS or sum(group.total_byte_size for group in groups) > _MOST_BYTES)


def _table(
    kind: type[AnyTable],
    file: str,
    names: Sequence[str],
    array: Callable[[int], Any],
    faults: list[Fault],
    *,
    loose: bool,
    free: bool = False,
) -> AnyTable | None:
    """Make a table of typed columns.

    Args:
        kind: The table.
        file: What the faults call it.
        names: The names of the columns.
        array: Gives the Arrow array in a place.
        faults: What is wrong is added here.
        loose: Whether whole numbers in floats and days in timestamps pass.
        free: As for `read_parquet`.
    """

    def said(header: str | None, message: Message) -> None:
        faults.append(Fault(file=file, column=header, message=message))

    found = match_headers(kind, names, lambda _: True, said, units=True, free=free)
    if not found:
        return None
    columns: dict[str, Column[Any]] = {}
    wrong: list[tuple[int, int, Fault]] = []
    rows = 0
    for name, place in found.items():
        spec = kind.specs[name]
        unit = unit_of(spec)
        try:
            given = _as_ids(array(place), spec) if free else array(place)
            rows = len(given)
            columns[name], refused = _column(given, spec, loose=loose, whole=bool(unit) and names[place].endswith(unit))
        except Refusal as refusal:
            said(names[place], refusal.message)
            continue
        for row, message in refused:
            wrong.append((row, place, Fault(file=file, row=row + 1, column=names[place], message=message)))
    wrong.sort(key=lambda one: one[:2])
    faults.extend(fault for _, _, fault in wrong)
    for name, spec in kind.specs.items():
        columns.setdefault(name, spec.empty(rows))
    headers = {name: names[place] for name, place in found.items()}
    return kind(columns, Origin(file, None, np.arange(1, rows + 1, dtype=np.int64), headers))


def _as_ids(array: Any, spec: FieldSpec) -> Any:
    """Make text of whole numbers where ids are due: who reads a file with pandas gets 12 for '12'."""
    import pyarrow

    types = pyarrow.types
    if spec.kind is not str or not (types.is_integer(array.type) or types.is_floating(array.type)):
        return array
    try:
        return array.cast(pyarrow.int64()).cast(pyarrow.string())  # floats of whole numbers, where some are missing
    except pyarrow.ArrowInvalid:
        return array


def _column(array: Any, spec: FieldSpec, *, loose: bool, whole: bool) -> tuple[Column[Any], Refused]:
    """Make a column of an Arrow array.

    Args:
        array: The array, chunked or not.
        spec: The field.
        loose: As for `_table`.
        whole: Whether money is in fen and a score in hundredths.
    """
    import pyarrow

    if isinstance(array, pyarrow.ChunkedArray):
        array = array.combine_chunks()
        if isinstance(array, pyarrow.ChunkedArray):  # PyArrow < 22 keeps the chunks of a dictionary
            array = pyarrow.concat_arrays(array.chunks) if array.num_chunks else pyarrow.array([], array.type)
    found, types = array.type, pyarrow.types
    if types.is_null(found) or (loose and types.is_floating(found) and _nothing_known(array)):
        return read_column([None] * len(array), spec)
    if spec.kind is str or is_enum(spec):
        if _is_text(found):
            return _texts(array, spec)
        raise _wrong_type(found, "text")
    if spec.kind is bool:
        if types.is_boolean(found):
            return _numbers(array.cast(pyarrow.int8()), spec)
        raise _wrong_type(found, "booleans")
    if spec.kind is date:
        return _days(array, spec, loose=loose)
    if spec.kind is float:
        return _coordinates(array, spec, loose=loose)
    if spec.kind is int or whole:
        if types.is_integer(found):
            return _numbers(array, spec)
        if types.is_floating(found) and loose:
            return _whole_floats(array, spec)
        raise _wrong_type(found, "int64")
    if _is_text(found):
        return _texts(array, spec)
    if types.is_decimal(found) or (spec.kind is Points and types.is_integer(found)):
        return read_column([None if value is None else f"{value:f}" for value in _decimals(array)], spec)
    if spec.kind is Points and types.is_floating(found) and loose:
        values = [None if value is None or math.isnan(value) else repr(value) for value in array.to_pylist()]
        return read_column([text.removesuffix(".0") if text else None for text in values], spec)
    if spec.kind is Fen:
        raise Refusal(
            msg(
                "the column holds {found}: give whole fen as int64 in {name}_fen, or yuan as decimals",
                found=str(found),
                name=spec.name,
            )
        )
    raise _wrong_type(found, "decimal or int64")


def _nothing_known(floats: Any) -> bool:
    """Whether a column of floats is what pandas makes of a column without any value."""
    return bool(np.isnan(floats.cast("double").to_numpy(zero_copy_only=False)).all())


def _decimals(array: Any) -> list[Any]:
    from decimal import Decimal

    return [None if value is None else Decimal(value) for value in array.to_pylist()]


def _wrong_type(found: Any, wanted: str) -> Refusal:
    return Refusal(msg("the column holds {found}: make it {wanted}", found=str(found), wanted=wanted))


def _is_text(found: Any) -> bool:
    import pyarrow

    types = pyarrow.types
    if types.is_dictionary(found):
        return _is_text(found.value_type)
    return bool(types.is_string(found) or types.is_large_string(found) or str(found) == "string_view")


def _texts(array: Any, spec: FieldSpec) -> tuple[Column[Any], Refused]:
    import pyarrow

    if str(array.type) == "string_view":
        array = array.cast(pyarrow.string())
    if not pyarrow.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    try:
        cells: list[str | None] = [*array.dictionary.to_pylist(), None]
    except UnicodeDecodeError:  # the error itself holds the text
        raise Refusal(msg("the column holds text that isn't in UTF-8, as Parquet must be: write it anew")) from None
    places = array.indices.cast(pyarrow.int64()).fill_null(len(cells) - 1).to_numpy(zero_copy_only=False)
    return read_distinct(cells, places, spec)


def _numbers(array: Any, spec: FieldSpec) -> tuple[Column[Any], Refused]:
    import pyarrow

    known = array.is_valid().to_numpy(zero_copy_only=False) if array.null_count else None
    try:
        whole = array.cast(pyarrow.int64())
    except pyarrow.ArrowInvalid:
        raise Refusal(msg("the column has a number that is too large: keep it within int64")) from None
    return _checked(whole.fill_null(0).to_numpy(zero_copy_only=False), known, spec)


def _checked(numbers: Ints, known: Bools | None, spec: FieldSpec) -> tuple[Column[Any], Refused]:
    """Make a column of bare numbers, and name the rows that the field doesn't allow."""
    numbers = numbers.astype(np.int64)
    refused: dict[int, Message] = {}
    if known is not None and not spec.optional:
        refused.update(dict.fromkeys(np.flatnonzero(~known).tolist(), EMPTY))
    if spec.validator is not None:
        check = checker(spec)
        given = numbers if known is None else numbers[known]
        for number in np.unique(given).tolist():
            try:
                check(number)
            except Refusal as refusal:
                hit = numbers == number if known is None else known & (numbers == number)
                refused.update(dict.fromkeys(np.flatnonzero(hit).tolist(), refusal.message))
    if refused:
        mask = np.ones(len(numbers), dtype=np.bool_) if known is None else known.copy()
        mask[list(refused)] = False
        known = mask
    return number_column(spec, numbers, known), named(refused)


def _whole_floats(array: Any, spec: FieldSpec) -> tuple[Column[Any], Refused]:
    floats = array.cast("double").to_numpy(zero_copy_only=False)
    known = ~np.isnan(floats)
    whole = known & (np.abs(floats) < _EXACT) & (floats == np.floor(floats))
    column, refused = _checked(np.where(whole, floats, 0).astype(np.int64), whole, spec)
    bad = dict.fromkeys(np.flatnonzero(known & ~whole).tolist(), NO_NUMBER)
    return column, named({**dict(refused), **bad})


def _coordinates(array: Any, spec: FieldSpec, *, loose: bool) -> tuple[Column[Any], Refused]:
    """Make a column of finite floats; in a frame NaN is what pandas makes of an empty cell."""
    import pyarrow

    types = pyarrow.types
    if not (types.is_floating(array.type) or types.is_integer(array.type) or types.is_decimal(array.type)):
        raise _wrong_type(array.type, "double")
    known = array.is_valid().to_numpy(zero_copy_only=False)
    floats = array.cast("double").fill_null(0.0).to_numpy(zero_copy_only=False) + 0.0
    if loose:
        known = known & ~np.isnan(floats)
    finite = known & np.isfinite(floats)
    refused = dict.fromkeys(np.flatnonzero(known & ~finite).tolist(), NO_COORDINATE)
    if not spec.optional:
        refused.update(dict.fromkeys(np.flatnonzero(~known).tolist(), EMPTY))
    return FloatColumn(np.where(finite, floats, 0.0), finite), named(refused)


def _days(array: Any, spec: FieldSpec, *, loose: bool) -> tuple[Column[Any], Refused]:
    import pyarrow

    found, types = array.type, pyarrow.types
    if types.is_date64(found):
        array = array.cast(pyarrow.date32())
    if types.is_date(found):
        return _numbers(array.cast(pyarrow.int32()), spec)
    if not (loose and types.is_timestamp(found) and found.tz is None):
        raise _wrong_type(found, "date32")
    a_day = _NANOSECONDS[found.unit] * _SECONDS_A_DAY
    known = array.is_valid().to_numpy(zero_copy_only=False)
    ticks = array.cast(pyarrow.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    midnight = known & (ticks % a_day == 0)
    column, refused = _checked(ticks // a_day, midnight, spec)
    bad = dict.fromkeys(np.flatnonzero(known & ~midnight).tolist(), TROUBLES[Trouble.TIME])
    return column, named({**dict(refused), **bad})


# --- to Arrow -------------------------------------------------------------------------------------


def to_arrow(table: Table[Any], headers: Headers = "en") -> Any:
    """Return a table as a `pyarrow.Table`: text, days, booleans, int64; money and scores named by their unit."""
    import pyarrow

    arrays: dict[str, Any] = {}
    for field, spec in table.specs.items():
        column = table.column(field)
        unknown = None if column.known is None else ~column.known
        name = header_of(spec, headers) + unit_of(spec)
        if spec.kind is str or is_enum(spec):
            words = write_column(column, spec, headers)
            places = pyarrow.array(words.places.astype(np.int32), mask=unknown)
            array = pyarrow.DictionaryArray.from_arrays(places, pyarrow.array(list(words.texts), pyarrow.string()))
            arrays[name] = array.cast(pyarrow.string()) if spec.kind is str else array
        elif spec.kind is date:
            arrays[name] = pyarrow.array(column.values.astype(np.int32), mask=unknown).cast(pyarrow.date32())
        else:
            arrays[name] = pyarrow.array(column.values, mask=unknown)
    return pyarrow.table(arrays)


def plain_arrow(table: Table[Any]) -> Any:
    """Return a table of an answer as a `pyarrow.Table`: text plain, money as whole fen in columns called `<name>_fen`.

    It loads no pandas, as `to_arrow` does.
    """
    import pyarrow

    arrays, names = [], []
    for name, column in table.columns().items():
        if isinstance(column, DateColumn):
            values = _plain_numbers(column.values.astype(np.int32), column.known, pyarrow.date32())
        elif isinstance(column, FloatColumn):
            values = _plain_numbers(column.values, column.known, pyarrow.float64())
        else:
            values = _plain_numbers(column.values.astype(np.int64), column.known, pyarrow.int64())
        if isinstance(column, TextColumn):
            values = _plain_texts(column.vocabulary).take(values)
        elif isinstance(column, EnumColumn):
            values = _plain_texts([str(one.value) for one in column.kind]).take(values)
        arrays.append(values)
        names.append(f"{name}_fen" if isinstance(column, FenColumn) else name)
    return pyarrow.table(arrays, names=names)


# `pyarrow.array` would load pandas wherever it is installed: half a second and 45 MB for nothing.


def _plain_numbers(values: Any, known: Bools | None, kind: Any) -> Any:  # Any: NumPy numbers of the kind's size
    import pyarrow

    valid = None if known is None else pyarrow.py_buffer(np.packbits(known, bitorder="little"))
    return pyarrow.Array.from_buffers(kind, len(values), [valid, pyarrow.py_buffer(np.ascontiguousarray(values))])


def _plain_texts(texts: Sequence[str]) -> Any:
    import pyarrow

    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    return pyarrow.StringArray.from_buffers(len(encoded), pyarrow.py_buffer(ends), pyarrow.py_buffer(b"".join(encoded)))


def parquet_bytes(table: Table[Any], headers: Headers = "en") -> bytes:
    """Return a table as the bytes of a Parquet file."""
    import pyarrow.parquet

    target = io.BytesIO()
    pyarrow.parquet.write_table(to_arrow(table, headers), target)
    return target.getvalue()


# --- frames ---------------------------------------------------------------------------------------


def from_frame(kind: type[AnyTable], frame: object, *, free: bool = False, name: str | None = None) -> AnyTable:
    """Make a table from a frame of any library that narwhals knows; see `Table.from_frame`.

    Args:
        kind: The table.
        frame: The frame.
        free: As for `read_parquet`.
        name: What errors call it; None for what the kind of table is called.
    """
    import narwhals.stable.v2 as nw
    import pyarrow
    from narwhals.exceptions import NarwhalsError

    name = kind.__name__ if name is None else name
    try:
        given = nw.from_native(frame, eager_only=True)  # type: ignore[call-overload]  # anything is asked; it says no with a TypeError
        names = [str(header) for header in given.columns]
    except (TypeError, NarwhalsError):
        message = msg("this is no data frame of pandas, Polars or PyArrow with one name for each column")
        raise InputError([Fault(file=name, message=message)]) from None

    def array(place: int) -> Any:
        try:
            return given[given.columns[place]].to_arrow()
        except (pyarrow.ArrowException, TypeError, ValueError):
            # Arrow's own sentence holds the value.
            raise Refusal(msg("the column holds values of more than one type: make them one")) from None

    faults: list[Fault] = []
    table = _table(kind, name, names, array, faults, loose=True, free=free)
    if faults or table is None:
        raise InputError(faults)
    return table


def to_frame(table: Table[Any], backend: Backend) -> Any:
    """Return a table as a frame; see `Table.to_frame`.

    Raises:
        MissingExtraError: The library isn't installed.
    """
    return frame_of(to_arrow(table), backend)


def frame_of(arrow: Any, backend: Backend) -> Any:  # Any: a `pyarrow.Table`, and what the backend has for it
    """Return an Arrow table as a frame.

    Raises:
        MissingExtraError: The library isn't installed.
    """
    import narwhals.stable.v2 as nw

    if backend == "pyarrow":
        return arrow
    try:
        if backend == "pandas":
            import pandas
            import pyarrow

            # Nullable types, whether or not something is unknown: otherwise whole numbers would become floats.
            kinds = {pyarrow.int64(): pandas.Int64Dtype(), pyarrow.bool_(): pandas.BooleanDtype()}
            return arrow.to_pandas(types_mapper=kinds.get, date_as_object=False)
        return nw.from_arrow(arrow, backend=backend).to_native()
    except ModuleNotFoundError as error:
        raise MissingExtraError(backend, backend) from error
