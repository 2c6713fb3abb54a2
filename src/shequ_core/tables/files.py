"""Datasets from files and to files: CSV, a workbook, Parquet.

Reading names every fault of every file in one `InputError`; writing puts a finished copy in place, or
nothing.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.errors import Fault, InputError, Message, OutputError, msg
from shequ_core.tables.cells import (
    BLANK,
    Cell,
    Coded,
    Trouble,
    clean,
    distinct_of,
    is_key,
    marked,
    read_column,
    unmarked,
    unwritable,
    write_column,
)
from shequ_core.tables.checks import cross_check
from shequ_core.tables.columns import Column, Ints, TextColumn
from shequ_core.tables.counties import FOLDER, county_folders, of_counties, rows_by_county, strangers, together
from shequ_core.tables.dataset import REQUIRED, TABLES, Dataset
from shequ_core.tables.headers import Headers, header_of, headers_known, match_headers, shown_header
from shequ_core.tables.roster import ROSTER_NAMES, Roster, expand_roster
from shequ_core.tables.sheets import (
    FIRST_DAY,
    MOST_LETTERS,
    MOST_ROWS,
    Cells,
    Look,
    Sheet,
    book_bytes,
    day_cell,
    number_cell,
    text_cell,
)
from shequ_core.tables.table import FieldSpec, Origin, Table
from shequ_core.values import Fen, Points

AnyTable = TypeVar("AnyTable", bound=Table[Any])  # Any: tables of every kind of fact
Form = Literal["csv", "xlsx", "parquet"]

_LIKE: Final = 0.65
"""How like a table's name another must be to count as mistyped."""

_ROSTER: Final = ROSTER_NAMES[0]
_BESIDE: Final = ("educations", "certificates", "gradings")
"""What a roster brings and a table of its own may add to."""

_MARK: Final = ".shequ-dataset"
"""The file by which a folder is known as one that we wrote, with what we wrote."""


def table_names() -> dict[str, tuple[str, ...]]:
    """Return what the file or sheet of each table may be called, the English name first."""
    names = {field.name: (field.name, *field.metadata["names"]) for field in attrs.fields(Dataset)}
    return {**names, _ROSTER: ROSTER_NAMES}


_KINDS: Final[Mapping[str, type[Table[Any]]]] = {**TABLES, _ROSTER: Roster}  # Any: as above
_NAMES: Final = table_names()
_BY_NAME: Final = {_name.casefold(): _table for _table, _names in _NAMES.items() for _name in _names}


# --- what a file holds, before it is read as a table ----------------------------------------------


@attrs.frozen(kw_only=True)
class Raw:
    """The cells of a file or sheet.

    Attributes:
        headers: The row of headers, as it stands.
        at: The line of the headers.
        rows: The line of each row below them.
        columns: The cells below each header.
        merged: Areas of cells that are merged: line, column from 0, last line, last column.
        days: For each column, the lines whose cells a spreadsheet holds as days.
        quoted: Whether a leading quote may be the mark of a CSV cell.
    """

    file: str
    sheet: str | None = None
    headers: Sequence[str]
    at: int | None
    rows: Ints
    columns: list[Sequence[Cell]]
    merged: Sequence[tuple[int, int, int, int]] = ()
    days: Mapping[int, Sequence[int]] = attrs.field(factory=dict)
    quoted: bool = False


_TITLES: Final = 10
"""Among so many lines at the top the headers are looked for: titles and notes may stand above them."""


def _raw(
    kind: type[Table[Any]],  # Any: as above
    file: str,
    sheet: str | None,
    lines: Sequence[tuple[int, Sequence[Cell]]],
    faults: list[Fault],
    *,
    merged: Sequence[tuple[int, int, int, int]] = (),
    days: Mapping[int, Sequence[int]] | None = None,
    quoted: bool,
) -> Raw | None:
    """Make the cells of a file from its lines that aren't blank; the table begins at its headers."""
    if not lines:
        message = msg("there is nothing in it: the first row must hold the headers")
        faults.append(Fault(file=file, sheet=sheet, message=message))
        return None
    if quoted and _separated_otherwise(kind, lines):
        message = msg("the cells aren't separated by commas: save the file as CSV with commas")
        faults.append(Fault(file=file, row=lines[0][0], message=message))
        return None
    top = [[_header(cell) for cell in cells] for _, cells in lines[:_TITLES]]
    start = _start(kind, top)
    at, headers = lines[start][0], top[start]
    rest = lines[start + 1 :]
    width = len(headers)
    rows: list[Sequence[Cell]] = [cells for _, cells in rest]
    if any(map(width.__ne__, map(len, rows))):
        rows = [
            _fitted(cells, width, Fault(file=file, sheet=sheet, row=line, message=_BEYOND), faults)
            for line, cells in rest
        ]
    columns: list[Sequence[Cell]] = list(zip(*rows, strict=True)) if rows else [()] * width
    numbers = np.array([line for line, _ in rest], dtype=np.int64)
    return Raw(
        file=file, sheet=sheet, headers=headers, at=at, rows=numbers, columns=columns, merged=merged,
        days=days or {}, quoted=quoted,
    )  # fmt: skip


def _start(kind: type[Table[Any]], top: Sequence[Sequence[str]]) -> int:  # Any: as above
    """Return which of the first lines holds the headers: the one with the most, unless a longer one is above it."""
    known = [headers_known(kind, headers) for headers in top]
    best = known.index(max(known))
    filled = [sum(map(bool, headers)) for headers in top]
    return best if all(one < filled[best] for one in filled[:best]) else 0


def _separated_otherwise(kind: type[Table[Any]], lines: Sequence[tuple[int, Sequence[Cell]]]) -> bool:  # Any: as above
    """Whether the headers are parted by something else than commas."""
    top = [",".join(map(str, cells)) for _, cells in lines[:_TITLES]]
    return not any(headers_known(kind, line.split(",")) for line in top) and any(
        headers_known(kind, line.split(sign)) for line in top for sign in (";", "；", "，", "\t", "|")
    )


_BEYOND: Final = msg("the row has cells beyond the last header: check for a comma or a cell too many")


def _fitted(cells: Sequence[Cell], width: int, beyond: Fault, faults: list[Fault]) -> Sequence[Cell]:
    """Return a row with as many cells as there are headers."""
    if len(cells) <= width:
        return [*cells, *[None] * (width - len(cells))]
    if _blank(cells[width:]):
        return cells[:width]
    faults.append(beyond)
    return [Trouble.SILENT] * width


def _header(cell: Cell) -> str:
    return shown_header(unmarked(clean(cell))) if isinstance(cell, str) else ""


def _blank(cells: Iterable[Cell]) -> bool:
    return not any(isinstance(cell, Trouble) or (cell and clean(cell)) for cell in cells)


# --- a table from its cells -----------------------------------------------------------------------


def _table(kind: type[AnyTable], raw: Raw, faults: list[Fault], *, free: bool = False) -> AnyTable | None:
    """Read cells as a table; what can't be read is a fault, and unknown in the table.

    Args:
        kind: The table.
        raw: The cells.
        faults: What is wrong is added here.
        free: Whether the file is somebody else's: see `match_headers`.
    """

    def said(header: str | None, message: Message) -> None:
        faults.append(Fault(file=raw.file, sheet=raw.sheet, row=raw.at, column=header, message=message))

    found = match_headers(kind, raw.headers, lambda place: not _blank(distinct_of(raw.columns[place])), said, free=free)
    if not found:
        return None
    _silence_notes(raw, faults)
    _name_merged(raw, sorted(found.values()))
    _name_days(raw, [place for name, place in found.items() if is_key(kind.specs[name])])
    columns: dict[str, Column[Any]] = {}
    wrong: list[tuple[int, int, Fault]] = []
    for name, spec in kind.specs.items():
        if name not in found:
            columns[name] = spec.empty(len(raw.rows))
            continue
        place = found[name]
        columns[name], refused = read_column(raw.columns[place], spec, quoted=raw.quoted)
        for row, message in refused:
            line = int(raw.rows[row])
            fault = Fault(file=raw.file, sheet=raw.sheet, row=line, column=raw.headers[place], message=message)
            wrong.append((row, place, fault))
    wrong.sort(key=lambda one: one[:2])
    faults.extend(fault for _, _, fault in wrong)
    headers = {name: raw.headers[place] for name, place in found.items()}
    return kind(columns, Origin(raw.file, raw.sheet, raw.rows, headers))


_NOTE: Final = re.compile(
    r"(?:合计|总计|小计|共计|累计)[:：]?"
    r"|(?:备注|注|说明|填表说明|填表人|制表人|填报人|经办人|审核人|审批人|负责人|联系人|联系电话|填报单位|制表单位|单位盖章|盖章"
    r"|填表日期|填报日期|制表日期|日期)\d*[:：].*",
    re.DOTALL,
)
_SENTENCE: Final = re.compile("[：，。；、]")
_IS_NOTE: Final = msg("the row is a total or a note, which is no row of the table: remove it")


def _silence_notes(raw: Raw, faults: list[Fault]) -> None:
    """Name each row of a form that isn't one of the table, once."""
    for row in sorted(_notes(raw)):
        faults.append(Fault(file=raw.file, sheet=raw.sheet, row=int(raw.rows[row]), message=_IS_NOTE))
        for place in range(len(raw.columns)):
            _put_cell(raw, place, row, Trouble.SILENT)


def _is_note(text: str) -> bool:
    return _NOTE.fullmatch("".join(text.split())) is not None


def _notes(raw: Raw) -> Iterator[int]:
    """Yield the rows that begin with what a form says below its table, or hold nothing but a sentence."""
    rows: Iterable[int] = range(len(raw.rows))  # whose cells so far are blank
    for place, column in enumerate(raw.columns):
        distinct = list(distinct_of(column))
        words = [cell for cell in distinct if isinstance(cell, str) and not cell.isascii()]
        notes = {cell for cell in words if _is_note(cell)}
        sentences = {cell for cell in words if _SENTENCE.search(cell)}
        if notes or sentences:
            for row in rows:
                cell = column[row]
                if cell in notes or (
                    cell in sentences
                    and place + 1 < len(raw.columns)
                    and _blank(column[row] for column in raw.columns[place + 1 :])
                ):
                    yield row
        if None not in distinct and "" not in distinct:
            return
        rows = [row for row in rows if not column[row]]
        if not rows:
            return


def _name_merged(raw: Raw, used: Sequence[int]) -> None:
    """Put a trouble in the first cell of every merged area below the headers, and nothing to be said in the rest."""
    for top, left, bottom, right in raw.merged:
        rows = range(int(np.searchsorted(raw.rows, top)), int(np.searchsorted(raw.rows, bottom, side="right")))
        what = Trouble.MERGED
        for row in rows:
            for place in used:
                if left <= place <= right and raw.columns[place][row] is not Trouble.SILENT:
                    _put_cell(raw, place, row, what)
                    what = Trouble.SILENT


def _name_days(raw: Raw, keys: Sequence[int]) -> None:
    """Put a trouble in every cell of a code or id of which a spreadsheet made a day: 3-1 becomes the first of March."""
    for place in keys:
        lines = [line for line in raw.days.get(place, ()) if raw.at is not None and line > raw.at]
        for row in np.searchsorted(raw.rows, np.array(lines, dtype=np.int64)).tolist():
            if not isinstance(raw.columns[place][row], Trouble):
                _put_cell(raw, place, row, Trouble.DAY)


def _put_cell(raw: Raw, place: int, row: int, cell: Cell) -> None:
    column = raw.columns[place]
    if not isinstance(column, list):
        raw.columns[place] = column = list(column)
    column[row] = cell


# --- CSV --------------------------------------------------------------------------------------------


_MOST_BYTES: Final = 2**30
_MOST_ACROSS: Final = 100_000
"""So many faults between rows are named; they come of a whole table that doesn't fit."""


def _read_csv(kind: type[Table[Any]], path: Path, faults: list[Fault]) -> Raw | None:  # Any: as above
    file = path.name

    def said(row: int | None, message: Message) -> None:
        faults.append(Fault(file=file, row=row, message=message))

    try:
        if path.stat().st_size > _MOST_BYTES:
            said(None, msg("the file is larger than {most} MB: give each county a folder", most=_MOST_BYTES >> 20))
            return None
        content = path.read_bytes()
    except OSError as error:
        said(None, _cannot_open(error))
        return None
    text, line = decoded(content)
    if text is None:
        if line is None:
            said(None, msg("the file is neither UTF-8 nor GB18030: save it as 'CSV UTF-8'"))
        else:
            message = msg(
                "the line isn't in UTF-8, though others are: put the file together anew and save it as 'CSV UTF-8'"
            )
            said(line, message)
        return None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        said(row, msg("there is a NUL byte in the line: this is no CSV text; save the file as 'CSV UTF-8'"))
        return None
    raw = _plain(kind, file, text)
    if raw is not None:
        return raw
    lines = _taken_apart(text, said)
    return None if lines is None else _raw(kind, file, None, lines, faults, quoted=True)


def _plain(kind: type[Table[Any]], file: str, text: str) -> Raw | None:  # Any: as above
    """Return the cells of a CSV file as programs write it, a line a row and a comma between two cells; else None.

    Whatever is out of the way, quotes, empty lines, a row too long, is left to `_taken_apart`, which can name it.
    """
    import pyarrow
    import pyarrow.csv

    text = text.replace("\r\n", "\n")
    lines = text.split("\n", _TITLES)[:_TITLES]
    while lines and not lines[-1]:
        lines.pop()
    if not lines or '"' in text or "\r" in text or not all(line.strip(BLANK + ",") for line in lines):
        return None
    top = [[_header(cell) for cell in line.split(",")] for line in lines]
    start = _start(kind, top)
    width = len(top[start])
    if not headers_known(kind, top[start]) or width > _MOST_PLAIN:
        return None
    body = text[sum(len(line) + 1 for line in lines[: start + 1]) :].encode()
    names = [str(place) for place in range(width)]
    columns: list[Sequence[Cell]] = [Coded((), np.zeros(0, dtype=np.int64))] * width
    if body:
        code = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
        try:
            table = pyarrow.csv.read_csv(
                pyarrow.BufferReader(body),
                read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=len(body) + 1, use_threads=False),
                parse_options=pyarrow.csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, code), strings_can_be_null=False, null_values=[]
                ),
            )
        except pyarrow.ArrowException:
            return None
        columns = [_coded(table.column(place)) for place in range(width)]
    if any(not clean(str(cell)) for cell in distinct_of(columns[0])) or any(
        len(str(cell)) >= csv.field_size_limit() for column in columns for cell in distinct_of(column)
    ):
        return None
    rows = np.arange(start + 2, start + 2 + len(columns[0]), dtype=np.int64)
    return Raw(file=file, headers=top[start], at=start + 1, rows=rows, columns=columns, quoted=True)


_MOST_PLAIN: Final = 1000
"""A file of more columns than this is no table that a program wrote."""


def _coded(column: Any) -> Coded:  # Any: PyArrow publishes no types
    import pyarrow

    array = column.combine_chunks()
    if isinstance(array, pyarrow.ChunkedArray):  # PyArrow < 22 keeps the chunks of a dictionary
        array = pyarrow.concat_arrays(array.chunks)
    return Coded(array.dictionary.to_pylist(), np.from_dlpack(array.indices).astype(np.int64))


def _taken_apart(
    text: str, said: Callable[[int | None, Message], None]
) -> list[tuple[int, Sequence[Cell]]] | None:
    lines: list[tuple[int, Sequence[Cell]]] = []
    before = 0
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if "".join(cells).strip(BLANK):
                lines.append((before + 1, cells))
            before = reader.line_num
    except csv.Error:
        said(before + 1, _not_taken_apart())
        return None
    return lines


def _not_taken_apart() -> Message:
    return msg(
        "the row that begins here can't be taken apart: a quotation mark is open or misplaced, or a cell has more"
        " than {limit} characters",
        limit=csv.field_size_limit(),
    )


_MIXED: Final = 10
"""A file is a damaged UTF-8 one if at least one in so many of its lines with Chinese is UTF-8."""
_HAN: Final = re.compile(rb"[\xe3-\xe9][\x80-\xbf][\x80-\xbf]")


def decoded(content: bytes) -> tuple[str | None, int | None]:
    """Return a file's text; None and, where most of it is UTF-8, the line that isn't."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16: GB18030 would take much of it
        return None, None
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        # GB18030 takes most of UTF-8 too, and makes other people's names of it.
        line = _odd_line(content, error.start)
    if line is not None:
        return None, line
    try:
        return content.decode("gb18030"), None
    except UnicodeDecodeError:
        return None, None


def _odd_line(content: bytes, odd: int) -> int | None:
    """Return the number of the line with an odd byte, if the other lines are Chinese in UTF-8."""
    utf8 = others = 0
    for line in content.split(b"\n"):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            others += 1
        else:
            utf8 += _HAN.search(line) is not None
    return content.count(b"\n", 0, odd) + 1 if utf8 * _MIXED > others else None


def _cannot_open(error: OSError) -> Message:
    return msg("the file can't be opened: {why}", why=error.strerror or type(error).__name__)


# --- the folder -------------------------------------------------------------------------------------


def read_dataset(folder: Path | str) -> Dataset:
    """Read all facts of a place.

    Args:
        folder: A folder with a file for each table (`communities.csv`, `社区.csv`, `holdings.parquet` …), or
            a workbook with a sheet for each, or a folder that holds one workbook; or a folder with such a folder
            for each county (`county=220104`).

    Raises:
        InputError: Something in it is wrong: every fault, with file, sheet, row and column.
    """
    path = Path(folder)
    with _opened(path):
        counties = counties_in(path)
        if counties:
            return _read_counties(counties, alone=False)
        faults: list[Fault] = []
        return _dataset(_pieces(path, faults), faults)


def read_counties(folders: Mapping[str, Path]) -> Dataset:
    """Read some counties' folders and no others, by code, of those that `counties_in` finds.

    What their people held in other counties is there; the posts that they held there are not.

    Raises:
        InputError: Something in one is wrong, or a row is another county's: every fault.
    """
    with _opened(next(iter(folders.values())).parent):
        return _read_counties(folders, alone=True)


def _read_counties(folders: Mapping[str, Path], *, alone: bool) -> Dataset:
    faults: list[Fault] = []
    read = {code: _county_pieces(folder, code, faults) for code, folder in folders.items()}
    pieces, odd = together(read)
    return _dataset(pieces, [*faults, *odd], folders if alone else None)


def counties_in(folder: Path | str) -> dict[str, Path]:
    """Return the folders of counties that a folder holds, by code; none if it holds tables itself.

    Raises:
        InputError: It holds both, or a county's folder isn't called by its code.
    """
    path = Path(folder)
    if not path.is_dir():
        return {}
    with _opened(path):
        found, faults = county_folders(path)
        tables = [one.name for one in sorted(path.iterdir()) if one.name != _MARK and _is_table_file(one)]
    if tables and (found or faults):
        message = msg("tables stand here beside folders of counties: keep the one or the other")
        faults.append(Fault(file=tables[0], message=message))
    if faults:
        raise InputError(faults)
    return found


@contextmanager
def _opened(path: Path) -> Iterator[None]:
    """Make an `InputError` of what the system says of files."""
    try:
        yield
        return
    except OSError as error:
        why = _cannot_open(error)
    raise InputError([Fault(file=path.name or str(path), message=why)])


def _dataset(
    pieces: Mapping[str, Sequence[Table[Any]]],  # Any: as above
    faults: list[Fault],
    counties: Collection[str] | None = None,
) -> Dataset:
    faults.extend(islice(cross_check(pieces, counties), _MOST_ACROSS))
    if faults:
        raise InputError(faults)
    whole: dict[str, Any] = {name: type(parts[0]).concat(parts) for name, parts in pieces.items()}
    return Dataset(**whole)  # Any above: each table by the name of the field that has its kind, as in TABLES


def _county_pieces(folder: Path, code: str, faults: list[Fault]) -> dict[str, list[Table[Any]]]:  # Any: as above
    """Read a county's folder; files of several counties are told apart by their folders' names."""
    own: list[Fault] = []
    pieces = _pieces(folder, own)
    for tables in pieces.values():
        for table in tables:
            if table.origin is not None:
                table.origin = attrs.evolve(table.origin, file=f"{folder.name}/{table.origin.file}")
    faults.extend(
        one if one.file == folder.name else attrs.evolve(one, file=f"{folder.name}/{one.file}") for one in own
    )
    faults.extend(strangers(pieces, code))
    return pieces


def _pieces(path: Path, faults: list[Fault]) -> dict[str, list[Table[Any]]]:  # Any: as above
    tables: dict[str, Table[Any]] = {}
    given: set[str] = set()
    in_book = False
    if path.is_dir():
        files, book = _table_files(path, faults)
        for name, file in files:
            given.add(name)
            table = _read_file(name, file, faults)
            if table is not None:
                tables[name] = table
    elif path.is_file() and path.suffix.casefold() == ".xlsx":
        book = path
    elif path.is_file():
        message = msg("give the folder that holds the tables, or one workbook (.xlsx), not a single file of this kind")
        raise InputError([Fault(file=path.name, message=message)])
    else:
        raise InputError([Fault(file=path.name or str(path), message=msg("there is no such file or folder"))])
    if book is not None:
        in_book = True
        given, tables = _read_book(book, faults)
    place = book.name if book is not None else (path.name or str(path))
    return _with_roster(tables, given, place, faults, in_book=in_book)


def _table_files(folder: Path, faults: list[Fault]) -> tuple[list[tuple[str, Path]], Path | None]:
    """Find the file of each table in a folder, or the one workbook that it holds."""
    found: dict[str, list[Path]] = {}
    books: list[Path] = []
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        kind = path.suffix.casefold()
        if path.name.startswith((".", "~$")):
            continue
        if not path.is_file() or kind not in {".csv", ".parquet", ".xlsx"}:
            if kind in _LIKE_A_TABLE and clean(path.stem).casefold() in _BY_NAME:
                message = msg(
                    "this has the name of a table, but is no .csv or .parquet file: save it as one, or remove it"
                )
                faults.append(Fault(file=path.name, message=message))
            continue
        if kind == ".xlsx":
            books.append(path)
            continue
        table = _BY_NAME.get(clean(path.stem).casefold())
        if table is None:
            _mistyped(path.stem, path.name, None, faults)
        else:
            found.setdefault(table, []).append(path)
    for table, paths in found.items():
        if len(paths) > 1:
            message = msg(
                "the table {table} is given more than once: keep one of {files}",
                table=table,
                files=tuple(path.name for path in paths),
            )
            faults.append(Fault(file=paths[1].name, message=message))
    if not found and len(books) == 1:
        return [], books[0]
    if not found and books:
        message = msg("there are several workbooks and nothing tells which to read: name one of them")
        faults.append(Fault(file=folder.name, message=message))
    for book in books if found else ():
        if clean(book.stem).casefold() in _BY_NAME:
            message = msg(
                "a table of a folder is a .csv or .parquet file: save this as CSV, or put all tables in one workbook"
            )
            faults.append(Fault(file=book.name, message=message))
    order = list(_KINDS)
    return sorted(((table, paths[0]) for table, paths in found.items()), key=lambda one: order.index(one[0])), None


_LIKE_A_TABLE: Final = frozenset(
    {".csv", ".parquet", ".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods", ".tsv", ".txt", ".dbf"}
)
"""What a table may be kept in."""


def _mistyped(name: str, file: str, sheet: str | None, faults: list[Fault]) -> None:
    """Add a fault if the name of a file or sheet looks like that of a table."""
    said = clean(name).casefold()
    inside = [one for one in _BY_NAME if one in said]
    near = inside or difflib.get_close_matches(said, list(_BY_NAME), n=3, cutoff=_LIKE)
    if near:
        message = msg(
            "this is no table's name: did you mean {near}? If it is none of our tables, name it otherwise",
            near=tuple(near),
        )
        faults.append(Fault(file=file, sheet=sheet, message=message))


def _read_file(name: str, path: Path, faults: list[Fault]) -> Table[Any] | None:  # Any: as above
    if path.suffix.casefold() == ".parquet":
        from shequ_core.tables.frames import read_parquet

        return read_parquet(_KINDS[name], path, faults)
    raw = _read_csv(_KINDS[name], path, faults)
    return None if raw is None else _table(_KINDS[name], raw, faults)


# --- workbooks --------------------------------------------------------------------------------------

_WORKBOOK_SECONDS: Final = 120

_REFUSED: Final[Mapping[str, Message]] = {
    "locked": msg("this is a workbook with a password: save it as .xlsx without one"),
    "old": msg("this is no .xlsx workbook, though it is called so, but the old .xls format: save it as .xlsx"),
    "broken": msg(
        "this can't be read as an .xlsx workbook: open it in a spreadsheet program and save it as .xlsx again"
    ),
    "big": msg("the workbook is too large: remove what lies far out on its sheets, or give the tables as CSV"),
    "closed": msg("the file can't be opened: check that it may be read"),
    "crashed": msg(
        "the workbook brought its reader down: it is damaged or made to; save the tables as CSV and look at them first"
    ),
    "slow": msg("the workbook took too long to read: it is damaged or too large; give the tables as CSV"),
}


def _read_book(path: Path, faults: list[Fault]) -> tuple[set[str], dict[str, Table[Any]]]:  # Any: as above
    given: set[str] = set()
    tables: dict[str, Table[Any]] = {}
    answer = _ask_for_book(path, _BY_NAME)
    if isinstance(answer, Message):
        raise InputError([Fault(file=path.name, message=answer)])
    for sheet in answer:
        name = _BY_NAME.get(clean(sheet["name"]).casefold())
        if name is not None and sheet.get("hidden"):
            given.add(name)
            message = msg("the sheet is hidden: show it and look at it, or delete it")
            faults.append(Fault(file=path.name, sheet=sheet["name"], message=message))
            continue
        if name is None or "rows" not in sheet:
            _mistyped(sheet["name"], path.name, sheet["name"], faults)
            continue
        if name in given:
            message = msg("the table {table} is given more than once: keep one of its sheets", table=name)
            faults.append(Fault(file=path.name, sheet=sheet["name"], message=message))
            continue
        given.add(name)
        kind = _KINDS[name]
        days = {int(column): lines for column, lines in sheet["days"].items()}
        lines = _sheet_lines(sheet)
        raw = _raw(kind, path.name, sheet["name"], lines, faults, merged=sheet["merged"], days=days, quoted=False)
        table = None if raw is None else _table(kind, raw, faults)
        if table is not None:
            tables[name] = table
    return given, tables


def _ask_for_book(path: Path, names: Iterable[str]) -> list[Any] | Message:  # Any: JSON, told in `workbook.py`
    """Have a workbook read by a process of its own, which a crafted file may kill."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-m", "shequ_core.tables.workbook", str(path.absolute()), *names]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            env=environment,
            timeout=_WORKBOOK_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return _REFUSED["slow"]
    if done.returncode:
        return _REFUSED["crashed"]
    answer = json.loads(done.stdout)
    if "refused" in answer:
        return _REFUSED[answer["refused"]]
    sheets: list[Any] = answer["sheets"]  # Any: as above
    return sheets


def _sheet_lines(sheet: Mapping[str, Any]) -> list[tuple[int, Sequence[Cell]]]:  # Any: as above
    lines: dict[int, list[Cell]] = dict(sheet["rows"])
    width = max(map(len, lines.values()), default=0)
    for cells in lines.values():
        cells.extend([None] * (width - len(cells)))
    for line, column, what in sheet["troubles"]:
        cells = lines[line]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = Trouble(what)
    return list(lines.items())


# --- one table of a file that somebody else made ------------------------------------------------------


def read_table(kind: type[AnyTable], path: Path, names: Sequence[str], faults: list[Fault]) -> AnyTable | None:
    """Read one table from a CSV, XLSX or Parquet file with columns of its own beside those of the table.

    Args:
        kind: The table.
        path: The file.
        names: What a sheet of the table may be called; a workbook's only fitting sheet needs no such name.
        faults: What is wrong is added here.
    """
    form = path.suffix.casefold()
    if form == ".parquet":
        from shequ_core.tables.frames import read_parquet

        return read_parquet(kind, path, faults, free=True)
    raw = _read_csv(kind, path, faults) if form == ".csv" else _only_sheet(kind, path, names, faults)
    return None if raw is None else _table(kind, raw, faults, free=True)


def read_sheets(kind: type[AnyTable], path: Path, names: Sequence[str]) -> Iterator[AnyTable]:
    """Yield a table from each sheet of a workbook that is called so and can be read as one; nothing of the others."""
    answer = _ask_for_book(path, ())
    wanted = {name.casefold() for name in names}
    for sheet in () if isinstance(answer, Message) else answer:
        if clean(sheet["name"]).casefold() in wanted and sheet["rows"] and _has_headers(kind, sheet):
            raw = _raw(kind, path.name, sheet["name"], _sheet_lines(sheet), [], merged=sheet["merged"], quoted=False)
            found = None if raw is None else _table(kind, raw, [], free=True)
            if found is not None:
                yield found


def table_of_cells(
    kind: type[AnyTable],
    file: str,
    sheet: str | None,
    columns: Mapping[str, Sequence[Cell]],
    rows: npt.NDArray[np.int64],
    faults: list[Fault],
) -> AnyTable | None:
    """Read as a table what something that is no file of rows holds: a cell for each row under every header."""
    raw = Raw(file=file, sheet=sheet, headers=list(columns), at=None, rows=rows, columns=list(columns.values()))
    return _table(kind, raw, faults, free=True)


def _only_sheet(
    kind: type[Table[Any]], path: Path, names: Sequence[str], faults: list[Fault]  # Any: as above
) -> Raw | None:
    """Read the sheet of a workbook that holds a table: the one with its headers, or of several the one called so."""
    answer = _ask_for_book(path, ())
    if isinstance(answer, Message):
        faults.append(Fault(file=path.name, message=answer))
        return None
    shown = [sheet for sheet in answer if not sheet.get("hidden") and sheet["rows"]]
    wanted = {name.casefold() for name in names}
    called = [sheet for sheet in shown if clean(sheet["name"]).casefold() in wanted]
    fitting = [sheet for sheet in shown if _has_headers(kind, sheet)]
    both = [sheet for sheet in called if sheet in fitting]
    found = both or fitting or called or (shown if len(shown) == 1 else [])
    if len(found) != 1:
        message = (
            msg("several sheets hold such a table: call the right one {name}", name=names[0])
            if found
            else msg("no sheet holds the columns wanted here: call the right one {name}, and show it", name=names[0])
        )
        faults.append(Fault(file=path.name, message=message))
        return None
    sheet = found[0]
    days = {int(column): lines for column, lines in sheet["days"].items()}
    return _raw(
        kind, path.name, sheet["name"], _sheet_lines(sheet), faults, merged=sheet["merged"], days=days, quoted=False
    )


def _has_headers(kind: type[Table[Any]], sheet: Mapping[str, Any]) -> bool:  # Any: as above
    wanted = sum(not spec.optional for spec in kind.specs.values())
    return any(
        headers_known(kind, [_header(cell) for cell in cells]) >= wanted for _, cells in sheet["rows"][:_TITLES]
    )


# --- the roster and what is missing -----------------------------------------------------------------


def _with_roster(
    tables: Mapping[str, Table[Any]],  # Any: as above
    given: set[str],
    place: str,
    faults: list[Fault],
    *,
    in_book: bool,
) -> dict[str, list[Table[Any]]]:
    """Put what a roster stands for beside the other tables, and name what is missing."""
    pieces = {name: [table] for name, table in tables.items() if name != _ROSTER}
    roster = tables.get(_ROSTER)
    brought: set[str] = set()
    if _ROSTER in given:
        brought = {"workers", "holdings"}
        for name in sorted(brought & given, reverse=True):
            message = msg("a roster and {table} are both given: keep the roster, or workers and holdings", table=name)
            faults.append(Fault(file=place, message=message))
        if isinstance(roster, Roster):
            expanded = dict(zip(("workers", "holdings", *_BESIDE), expand_roster(roster), strict=True))
            for name, table in expanded.items():
                if table is not None and not (name in brought and name in given):
                    pieces[name] = [table, *pieces.get(name, [])]
    for name in REQUIRED:
        if name not in given and name not in brought:
            names = _NAMES[name] if in_book else tuple(f"{one}.csv" for one in _NAMES[name])
            rosters = ROSTER_NAMES if in_book else tuple(f"{one}.csv" for one in ROSTER_NAMES)
            people = name in {"workers", "holdings"}
            faults.append(Fault(file=place, message=_missing(name, names, rosters if people else (), in_book=in_book)))
    return {name: pieces[name] for name in TABLES if name in pieces}


def _missing(table: str, names: Sequence[str], rosters: Sequence[str], *, in_book: bool) -> Message:
    if in_book and rosters:
        return msg(
            "the table {table} is missing: add a sheet called one of {names}, or a roster: {rosters}",
            table=table,
            names=names,
            rosters=rosters,
        )
    if in_book:
        return msg("the table {table} is missing: add a sheet called one of {names}", table=table, names=names)
    if rosters:
        return msg(
            "the table {table} is missing: add a file called one of {names}, or a roster: {rosters}",
            table=table,
            names=names,
            rosters=rosters,
        )
    return msg("the table {table} is missing: add a file called one of {names}", table=table, names=names)


# --- writing ----------------------------------------------------------------------------------------


def write_dataset(
    dataset: Dataset, target: Path | str, *, form: Form, headers: Headers = "en", overwrite: bool = False,
    counties: bool = False,
) -> Path:
    """Write all facts of a place so that `read_dataset` gives the same tables back.

    Args:
        dataset: What to write.
        target: The folder, or for 'xlsx' the workbook.
        form: 'csv', 'xlsx' or 'parquet'.
        headers: The language of file names, headers and words.
        overwrite: Whether to replace what is there, other than a folder that we wrote and nobody
            changed since, which is replaced anyway. Files of other kinds in a folder stay.
        counties: Whether each county gets a folder of its own, `county=220104`, which can be read alone; rows then
            come back county by county.

    Returns:
        What was written.

    Raises:
        OutputError: It can't go there, or a text can't be written so that it reads back the same, or it belongs to
            no county.
    """
    if counties:
        return write_counties(_parts(dataset), target, form=form, headers=headers, overwrite=overwrite)
    for name, table in dataset.tables():
        _writable(name, table, headers)
    with _target(target) as path:
        if form == "xlsx":
            _write_book(dataset, path, headers, overwrite=overwrite)
        else:
            _write_folder([("", dataset)], path, form, headers, overwrite=overwrite)
    return path


def write_counties(
    parts: Iterable[tuple[str, Dataset]], target: Path | str, *, form: Form, headers: Headers = "en",
    overwrite: bool = False,
) -> Path:
    """Write the facts of counties, a folder each, one after the other: nobody has to hold them all.

    Args:
        parts: Each county's code and all that is known of those who ever held a post in it.
        target: As for `write_dataset`, and so all the rest.
        form: 'csv' or 'parquet'.
        headers: As there.
        overwrite: As there.

    Raises:
        OutputError: As there.
    """
    if form == "xlsx":
        raise OutputError(msg("a workbook isn't parted by county: write CSV or Parquet"))
    with _target(target) as path:
        _write_folder(((f"{FOLDER}{code}", data) for code, data in parts), path, form, headers, overwrite=overwrite)
    return path


def _parts(dataset: Dataset) -> Iterator[tuple[str, Dataset]]:
    rows = rows_by_county(dataset)
    for name, lost in rows.pop("").items():
        if len(lost):
            raise OutputError(
                msg(
                    "rows of {table} belong to no county, by their code or by a post that somebody held ({count} of"
                    " them): they can't be parted by county",
                    count=len(lost), table=name,
                )
            )
    return ((code, of_counties(dataset, [some])) for code, some in rows.items())


@contextmanager
def _target(target: Path | str) -> Iterator[Path]:
    """Lend the path of what is written, and make an `OutputError` of what the system says."""
    path = Path(target)
    if "\0" in str(path):
        raise OutputError(msg("{target} can't be written: {why}", target=path.name, why="NUL"))
    try:
        if path.is_symlink() or path.name in {"", ".."}:
            path = path.resolve()
        yield path
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise _cannot_write(path, error) from error


def _cannot_write(path: Path, error: OSError) -> OutputError:
    why = error.strerror or type(error).__name__
    return OutputError(msg("{target} can't be written: {why}", target=path.name, why=why))


def _writable(name: str, table: Table[Any], headers: Headers) -> None:  # Any: as above
    for place, (field, spec) in enumerate(table.specs.items()):
        column = table.column(field)
        if not spec.optional and column.known is not None:
            raise OutputError(
                msg("{table}.{field} must be known in every row: fill in the rest", table=name, field=field)
            )
        words = write_column(column, spec, headers)
        notes = not place and any(_is_note(text) or _SENTENCE.search(text) for text in words.texts)
        if notes or unwritable(words, spec):
            raise OutputError(
                msg(
                    "{table}.{field} holds a value that wouldn't read back the same: blanks at an end, control"
                    " characters, an empty text, or something that the field doesn't allow",
                    table=name,
                    field=field,
                )
            )


def _name(table: str, headers: Headers) -> str:
    return _NAMES[table][0 if headers == "en" else 1]


def _write_folder(
    parts: Iterable[tuple[str, Dataset]], path: Path, form: Form, headers: Headers, *, overwrite: bool
) -> None:
    """Write tables into a folder, or into folders in it by name."""
    if path.exists() and not path.is_dir():
        raise OutputError(msg("{target} is a file: name a folder", target=path.name))
    if path.is_dir() and any(path.iterdir()) and not overwrite and not _ours(path):
        raise OutputError(
            msg(
                "{target} is not empty and not as we wrote it: name another folder, or ask to overwrite it",
                target=path.name,
            )
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = secrets.token_hex(4)
    fresh = path.parent / f".{path.name}.{stamp}.new"
    old = path.parent / f".{path.name}.{stamp}.old"
    try:
        fresh.mkdir()
        for part, dataset in parts:
            folder = fresh / part
            folder.mkdir(exist_ok=True)
            for name, table in dataset.tables():
                if part:
                    _writable(name, table, headers)
                (folder / f"{_name(name, headers)}.{form}").write_bytes(_FORMS[form](name, table, headers))
        (fresh / _MARK).write_text(_mark(fresh), encoding="utf-8")
        if path.exists():
            _keep_others(path, fresh)
            path.rename(old)
            try:
                fresh.rename(path)
            except OSError:
                old.rename(path)
                raise
        else:
            fresh.rename(path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _keep_others(before: Path, fresh: Path) -> None:
    """Copy what is no table of ours."""
    for kept in sorted(before.iterdir()):
        if _is_county(kept):
            _keep_others(kept, fresh / kept.name)
        elif not _is_table_file(kept):
            fresh.mkdir(exist_ok=True)
            _copy(kept, fresh / kept.name)


def _is_county(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and path.name.startswith(FOLDER)


def _is_table_file(path: Path) -> bool:
    if path.name == _MARK:
        return True
    return path.is_file() and path.suffix.casefold() in {".csv", ".parquet"} and clean(path.stem).casefold() in _BY_NAME


def _copy(source: Path, target: Path) -> None:
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target, follow_symlinks=False)


def _mark(folder: Path) -> str:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _MARK
    ]
    return "".join(["Written by shequ-core, which may replace this folder as long as it is unchanged.\n", *lines])


def _ours(folder: Path) -> bool:
    """Whether a folder holds what we wrote and nothing else."""
    mark = folder / _MARK
    if not mark.is_file() or not all(path.is_file() or _is_county(path) for path in folder.rglob("*")):
        return False
    return mark.read_text(encoding="utf-8") == _mark(folder)


def _csv_bytes(name: str, table: Table[Any], headers: Headers) -> bytes:  # Any: as above
    columns: list[list[str | None]] = []
    for field, spec in table.specs.items():
        column = table.column(field)
        words = write_column(column, spec, headers)
        if isinstance(column, TextColumn):
            if any(len(text) >= csv.field_size_limit() for text in words.texts):
                raise OutputError(
                    msg("{table}.{field} has a text too long for CSV: write Parquet", table=name, field=field)
                )
            words = attrs.evolve(words, texts=[marked(text) for text in words.texts])
        columns.append(words.spread())
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([header_of(spec, headers) for spec in table.specs.values()])
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode("utf-8-sig")


def _parquet_bytes(_: str, table: Table[Any], headers: Headers) -> bytes:  # Any: as above
    from shequ_core.tables.frames import parquet_bytes

    return parquet_bytes(table, headers)


_FORMS: Final[Mapping[str, Callable[[str, Table[Any], Headers], bytes]]] = {
    "csv": _csv_bytes,
    "parquet": _parquet_bytes,
}

_MOST_EXACT: Final = 10**13
"""Numbers from here on are written as text, since a spreadsheet keeps 15 digits."""


def _write_book(dataset: Dataset, path: Path, headers: Headers, *, overwrite: bool) -> None:
    if path.suffix.casefold() != ".xlsx":
        raise OutputError(msg("{target} is no name for a workbook: let it end in .xlsx", target=path.name))
    if path.exists() and not (overwrite and path.is_file()):
        raise OutputError(msg("{target} is there already: name another file, or ask to overwrite it", target=path.name))
    content = _book_bytes(dataset, headers)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.parent / f".{path.name}.{secrets.token_hex(4)}.new"
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _book_bytes(dataset: Dataset, headers: Headers) -> bytes:
    sheets: list[Sheet] = []
    for name, table in dataset.tables():
        if len(table) > MOST_ROWS:
            raise OutputError(msg("{table} has more rows than a sheet can hold: write CSV or Parquet", table=name))
        columns = [_cells_of(table.column(field), spec, headers, name) for field, spec in table.specs.items()]
        sheets.append(Sheet(_name(name, headers), columns))
    return book_bytes(sheets)


def _cells_of(column: Column[Any], spec: FieldSpec, headers: Headers, name: str) -> Cells:  # Any: as above
    words = write_column(column, spec, headers)
    if any(len(text) > MOST_LETTERS for text in words.texts):
        raise OutputError(
            msg("{table}.{field} has a text too long for a workbook: write CSV or Parquet", table=name, field=spec.name)
        )
    look = Look.TEXT if spec.kind is str else Look.DAY if spec.kind is date else Look.PLAIN
    if spec.kind is Fen:
        look = Look.MONEY
    distinct: list[str] = []
    for text, value in zip(words.texts, words.values, strict=True):
        if spec.kind is date and (day := date.fromisoformat(text)) >= FIRST_DAY:
            distinct.append(day_cell(day))
        elif _is_exact(value, spec):
            distinct.append(number_cell(text, look))
        else:
            distinct.append(text_cell(text, Look.TEXT if spec.kind is str else Look.PLAIN))
    width = 11 if look in {Look.DAY, Look.MONEY} else 16
    return Cells(header_of(spec, headers), distinct, words.places, look, width)


def _is_exact(value: float | str, spec: FieldSpec) -> bool:
    """Whether a spreadsheet, which keeps 15 digits, gives a number back as it was."""
    if spec.kind is float:
        return float(f"{value:.15g}") == value
    return spec.kind in {int, Points, Fen} and abs(int(value)) < _MOST_EXACT
