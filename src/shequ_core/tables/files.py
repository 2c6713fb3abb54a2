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
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import attrs
import numpy as np

from shequ_core.errors import Fault, InputError, Message, OutputError, msg
from shequ_core.tables.cells import BLANK, Cell, Trouble, clean, marked, read_column, unmarked, unwritable, write_column
from shequ_core.tables.checks import cross_check
from shequ_core.tables.columns import Column, Ints, TextColumn
from shequ_core.tables.dataset import REQUIRED, TABLES, Dataset
from shequ_core.tables.headers import Headers, header_of, match_headers
from shequ_core.tables.roster import ROSTER_NAMES, Roster, expand_roster
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
        headers: The first row, as it stands.
        at: The line of the headers.
        rows: The line of each row.
        columns: The cells below each header.
        quoted: Whether a leading quote may be the mark of a CSV cell.
    """

    file: str
    sheet: str | None = None
    headers: Sequence[str]
    at: int | None
    rows: Ints
    columns: Sequence[Sequence[Cell]]
    quoted: bool = False


def _raw(
    file: str, sheet: str | None, lines: Sequence[tuple[int, Sequence[Cell]]], faults: list[Fault], *, quoted: bool
) -> Raw | None:
    """Make the cells of a file from its lines that aren't blank, the first of which are the headers."""
    if not lines:
        message = msg("there is nothing in it: the first row must hold the headers")
        faults.append(Fault(file=file, sheet=sheet, message=message))
        return None
    (at, first), *rest = lines
    headers = [_header(cell) for cell in first]
    width = len(headers)
    rows: list[Sequence[Cell]] = [cells for _, cells in rest]
    if any(map(width.__ne__, map(len, rows))):
        rows = [
            _fitted(cells, width, Fault(file=file, sheet=sheet, row=line, message=_BEYOND), faults)
            for line, cells in rest
        ]
    columns: Sequence[Sequence[Cell]] = list(zip(*rows, strict=True)) if rows else [()] * width
    numbers = np.array([line for line, _ in rest], dtype=np.int64)
    return Raw(file=file, sheet=sheet, headers=headers, at=at, rows=numbers, columns=columns, quoted=quoted)


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
    return " ".join(unmarked(clean(cell)).split()) if isinstance(cell, str) else ""


def _blank(cells: Iterable[Cell]) -> bool:
    return not any(isinstance(cell, Trouble) or (cell and clean(cell)) for cell in cells)


# --- a table from its cells -----------------------------------------------------------------------


def _table(kind: type[AnyTable], raw: Raw, faults: list[Fault]) -> AnyTable | None:
    """Read cells as a table; what can't be read is a fault, and unknown in the table."""

    def said(header: str | None, message: Message) -> None:
        faults.append(Fault(file=raw.file, sheet=raw.sheet, row=raw.at, column=header, message=message))

    found = match_headers(kind, raw.headers, lambda place: not _blank(raw.columns[place]), said)
    if not found:
        return None
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


# --- CSV --------------------------------------------------------------------------------------------


def _read_csv(path: Path, faults: list[Fault]) -> Raw | None:
    file = path.name
    try:
        content = path.read_bytes()
    except OSError as error:
        faults.append(Fault(file=file, message=_cannot_open(error)))
        return None
    text = _decoded(content)
    if text is None:
        message = msg("the file is neither UTF-8 nor GB18030: save it as 'CSV UTF-8'")
        faults.append(Fault(file=file, message=message))
        return None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        message = msg("there is a NUL byte in the line: this is no CSV text; save the file as 'CSV UTF-8'")
        faults.append(Fault(file=file, row=row, message=message))
        return None
    lines: list[tuple[int, Sequence[Cell]]] = []
    before = 0
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if '"' not in text:  # every row is one line
            lines = [(line, cells) for line, cells in enumerate(reader, 1) if _filled(cells)]
        else:
            for cells in reader:
                if _filled(cells):
                    lines.append((before + 1, cells))
                before = reader.line_num
    except csv.Error:
        message = msg(
            "the row that begins here can't be taken apart: a quotation mark is open or misplaced, or a cell has more"
            " than {limit} characters",
            limit=csv.field_size_limit(),
        )
        faults.append(Fault(file=file, row=max(before + 1, reader.line_num if '"' not in text else 0), message=message))
        return None
    return _raw(file, None, lines, faults, quoted=True)


def _filled(cells: Sequence[str]) -> bool:
    return bool(cells) and bool(cells[0].strip(BLANK) or "".join(cells).strip(BLANK))


def _decoded(content: bytes) -> str | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16: GB18030 would take much of it
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _cannot_open(error: OSError) -> Message:
    return msg("the file can't be opened: {why}", why=error.strerror or type(error).__name__)


# --- the folder -------------------------------------------------------------------------------------


def read_dataset(folder: Path | str) -> Dataset:
    """Read all facts of a place.

    Args:
        folder: A folder with a file for each table (`communities.csv`, `社区.csv`, `holdings.parquet` …), or
            a workbook with a sheet for each, or a folder that holds one workbook.

    Raises:
        InputError: Something in it is wrong: every fault, with file, sheet, row and column.
    """
    path = Path(folder)
    faults: list[Fault] = []
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
    pieces = _with_roster(tables, given, place, faults, in_book=in_book)
    faults.extend(cross_check(pieces))
    if faults:
        raise InputError(faults)
    whole: dict[str, Any] = {name: type(parts[0]).concat(parts) for name, parts in pieces.items()}
    return Dataset(**whole)  # Any above: each table by the name of the field that has its kind, as in TABLES


def _table_files(folder: Path, faults: list[Fault]) -> tuple[list[tuple[str, Path]], Path | None]:
    """Find the file of each table in a folder, or the one workbook that it holds."""
    found: dict[str, list[Path]] = {}
    books: list[Path] = []
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        kind = path.suffix.casefold()
        if path.name.startswith((".", "~$")) or not path.is_file() or kind not in {".csv", ".parquet", ".xlsx"}:
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


def _mistyped(name: str, file: str, sheet: str | None, faults: list[Fault]) -> None:
    """Add a fault if the name of a file or sheet looks like that of a table."""
    near = difflib.get_close_matches(clean(name).casefold(), list(_BY_NAME), n=3, cutoff=_LIKE)
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
    raw = _read_csv(path, faults)
    return None if raw is None else _table(_KINDS[name], raw, faults)


# --- workbooks --------------------------------------------------------------------------------------

_WORKBOOK_SECONDS: Final = 120

_REFUSED: Final[Mapping[str, Message]] = {
    "locked": msg("this is a workbook with a password, or in the old .xls format: save it as .xlsx without a password"),
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
    answer = _ask_for_book(path)
    if isinstance(answer, Message):
        raise InputError([Fault(file=path.name, message=answer)])
    for sheet in answer:
        name = _BY_NAME.get(clean(sheet["name"]).casefold())
        if name is None:
            _mistyped(sheet["name"], path.name, sheet["name"], faults)
            continue
        if name in given:
            message = msg("the table {table} is given more than once: keep one of its sheets", table=name)
            faults.append(Fault(file=path.name, sheet=sheet["name"], message=message))
            continue
        given.add(name)
        raw = _raw(path.name, sheet["name"], _sheet_lines(sheet), faults, quoted=False)
        table = None if raw is None else _table(_KINDS[name], raw, faults)
        if table is not None:
            tables[name] = table
    return given, tables


def _ask_for_book(path: Path) -> list[Any] | Message:  # Any: JSON of a form that `workbook.py` tells
    """Have a workbook read by a process of its own, which a crafted file may kill."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-m", "shequ_core.tables.workbook", str(path.absolute())]
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
    for line, column, what in sheet["troubles"]:
        cells = lines[line]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = Trouble(what)
    return list(lines.items())


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
    dataset: Dataset, target: Path | str, *, form: Form, headers: Headers = "en", overwrite: bool = False
) -> Path:
    """Write all facts of a place so that `read_dataset` gives the same tables back.

    Args:
        dataset: What to write.
        target: The folder, or for 'xlsx' the workbook.
        form: 'csv', 'xlsx' or 'parquet'.
        headers: The language of file names, headers and words.
        overwrite: Whether to replace what is there, other than a folder that we wrote and nobody
            changed since, which is replaced anyway. Files of other kinds in a folder stay.

    Returns:
        What was written.

    Raises:
        OutputError: It can't go there, or a text can't be written so that it reads back the same.
    """
    path = Path(target)
    if path.is_symlink() or path.name in {"", ".."}:
        path = path.resolve()
    for name, table in dataset.tables():
        _writable(name, table, headers)
    try:
        if form == "xlsx":
            _write_book(dataset, path, headers, overwrite=overwrite)
        else:
            _write_folder(dataset, path, form, headers, overwrite=overwrite)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise _cannot_write(path, error) from error
    return path


def _cannot_write(path: Path, error: OSError) -> OutputError:
    why = error.strerror or type(error).__name__
    return OutputError(msg("{target} can't be written: {why}", target=path.name, why=why))


def _writable(name: str, table: Table[Any], headers: Headers) -> None:  # Any: as above
    for field, spec in table.specs.items():
        column = table.column(field)
        if not spec.optional and column.known is not None:
            raise OutputError(
                msg("{table}.{field} must be known in every row: fill in the rest", table=name, field=field)
            )
        if unwritable(write_column(column, spec, headers), spec):
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


def _write_folder(dataset: Dataset, path: Path, form: Form, headers: Headers, *, overwrite: bool) -> None:
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
        for name, table in dataset.tables():
            (fresh / f"{_name(name, headers)}.{form}").write_bytes(_FORMS[form](table, headers))
        (fresh / _MARK).write_text(_mark(fresh), encoding="utf-8")
        if path.exists():
            for kept in sorted(path.iterdir()):
                if not _is_table_file(kept):
                    _copy(kept, fresh / kept.name)
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
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.iterdir())
        if path.name != _MARK
    ]
    return "".join(["Written by shequ-core, which may replace this folder as long as it is unchanged.\n", *lines])


def _ours(folder: Path) -> bool:
    """Whether a folder holds what we wrote and nothing else."""
    mark = folder / _MARK
    if not mark.is_file() or not all(path.is_file() for path in folder.iterdir()):
        return False
    return mark.read_text(encoding="utf-8") == _mark(folder)


def _csv_bytes(table: Table[Any], headers: Headers) -> bytes:  # Any: as above
    columns: list[list[str | None]] = []
    for field, spec in table.specs.items():
        column = table.column(field)
        words = write_column(column, spec, headers)
        if isinstance(column, TextColumn):
            words = attrs.evolve(words, texts=[marked(text) for text in words.texts])
        columns.append(words.spread())
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([header_of(spec, headers) for spec in table.specs.values()])
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode("utf-8-sig")


def _parquet_bytes(table: Table[Any], headers: Headers) -> bytes:  # Any: as above
    from shequ_core.tables.frames import parquet_bytes

    return parquet_bytes(table, headers)


_FORMS: Final[Mapping[str, Callable[[Table[Any], Headers], bytes]]] = {"csv": _csv_bytes, "parquet": _parquet_bytes}

_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001  # a workbook's own stamp has no zone, and ours says nothing
_MOST_ROWS: Final = 2**20 - 1
_MOST_LETTERS: Final = 2**15 - 1
_MOST_EXACT: Final = 10**13
"""Numbers from here on are written as text, since a spreadsheet keeps 15 digits."""
_FIRST_DATE: Final = date(1900, 3, 1)
"""Spreadsheets believe in a 29 February 1900; days before are written as text."""


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
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"created": _MADE})
    formats = {
        "head": book.add_format({"bold": True}),
        "text": book.add_format({"num_format": "@"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "0.00"}),
    }
    for name, table in dataset.tables():
        if len(table) > _MOST_ROWS:
            raise OutputError(msg("{table} has more rows than a sheet can hold: write CSV or Parquet", table=name))
        sheet = book.add_worksheet(_name(name, headers))
        sheet.freeze_panes(1, 0)
        for place, (field, spec) in enumerate(table.specs.items()):
            sheet.write_string(0, place, header_of(spec, headers), formats["head"])
            _write_cells(sheet, place, table.column(field), spec, headers, formats, name)
    book.close()
    return target.getvalue()


def _write_cells(
    sheet: Any,  # Any here and in formats: xlsxwriter publishes no types
    place: int,
    column: Column[Any],
    spec: FieldSpec,
    headers: Headers,
    formats: Mapping[str, Any],
    name: str,
) -> None:
    words = write_column(column, spec, headers)
    if any(len(text) > _MOST_LETTERS for text in words.texts):
        raise OutputError(
            msg("{table}.{field} has a text too long for a workbook: write CSV or Parquet", table=name, field=spec.name)
        )
    look, width = ("day", 11) if spec.kind is date else ("money", 11) if spec.kind is Fen else ("text", 16)
    sheet.set_column(place, place, width, formats[look] if look != "text" or spec.kind is str else None)
    written: list[Callable[[int], object]] = []
    for text, value in zip(words.texts, words.values, strict=True):
        if spec.kind is date and (day := date.fromisoformat(text)) >= _FIRST_DATE:
            written.append(partial(_put, sheet.write_datetime, place, day, formats["day"]))
        elif spec.kind in {int, Points, Fen} and abs(int(value)) < _MOST_EXACT:
            number = int(value) if spec.kind is int else float(text)  # of at most 13 digits: reads back the same
            written.append(
                partial(_put, sheet.write_number, place, number, formats["money"] if spec.kind is Fen else None)
            )
        else:
            written.append(
                partial(_put, sheet.write_string, place, text, formats["text"] if spec.kind is str else None)
            )
    for row, at in enumerate(words.places.tolist(), 1):
        if at >= 0:
            written[at](row)


def _put(write: Callable[..., object], place: int, value: object, look: object, row: int) -> None:
    write(row, place, value, look)
