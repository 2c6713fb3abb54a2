"""Reads a workbook in a process of its own: `python -m shequ_core.tables.workbook FILE`.

Crafted workbooks can abort the process that reads them or eat its memory, so this one is let go:
it prints the sheets as JSON, and `files.py` waits for it. It imports nothing of the library.

What is printed: {"refused": why} or {"sheets": [{"name", "rows": [[line, [cell…]]…], "troubles":
[[line, column from 0, what]…]}…]}; a cell is text or null.
"""

from __future__ import annotations

import contextlib
import io
import json
import posixpath
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

MOST_BYTES: Final = 2**30
"""A workbook that unpacks to more is refused."""
MOST_CELLS: Final = 20_000_000
"""A sheet whose used area is larger is refused."""
_MEMORY: Final = 4 * 2**30
_SECONDS: Final = 110
_EXACT: Final = 2**53
"""From here on a float isn't every whole number."""

_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0"
_ERROR_CELL: Final = re.compile(rb"""\bt\s*=\s*["']e["']""")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")


class RefusedError(Exception):
    """The workbook isn't read at all; the first argument says why, in one word."""


def read(path: Path) -> list[dict[str, object]]:
    """Read every sheet of a workbook."""
    import python_calamine

    content = path.read_bytes()
    if content.startswith(_OLD_OR_LOCKED):
        raise RefusedError("locked")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
            raise RefusedError("big")
        parts = _sheet_parts(archive)
        sheets: list[dict[str, object]] = []
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for entry in book.sheets_metadata:
            if entry.typ is python_calamine.SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(entry.name)
                sheets.append(_sheet(entry.name, sheet, archive.read(parts[entry.name])))
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        ET.ParseError,
        KeyError,
        ValueError,
        RuntimeError,
    ):
        raise RefusedError("broken") from None
    return sheets


def _sheet(name: str, sheet: object, xml: bytes) -> dict[str, object]:
    from python_calamine import CalamineSheet

    assert isinstance(sheet, CalamineSheet)
    end = sheet.end
    if end is not None and (end[0] + 1) * (end[1] + 1) > MOST_CELLS:
        raise RefusedError("big")
    troubles = list(_hidden_troubles(xml))
    troubled = {row for row, _, _ in troubles}
    rows: dict[int, list[str | None]] = {}
    for line, cells in enumerate(sheet.to_python(skip_empty_area=False), 1):
        texts: list[str | None] = []
        for column, cell in enumerate(cells):
            text, trouble = _text(cell)
            texts.append(text)
            if trouble:
                troubles.append((line, column, trouble))
                troubled.add(line)
        if line in troubled or any(text and not text.isspace() for text in texts):
            rows[line] = texts
    for line in troubled:  # an error cell past what calamine saw
        rows.setdefault(line, [])
    return {"name": name, "rows": sorted(rows.items()), "troubles": troubles}


def _text(cell: object) -> tuple[str | None, str | None]:
    """Return a cell as text, and what is wrong with it."""
    if isinstance(cell, str):
        return cell or None, None
    if isinstance(cell, bool):
        return ("true" if cell else "false"), None
    if isinstance(cell, (int, float)):
        if isinstance(cell, float) and not cell.is_integer():
            return repr(cell), None
        return (None, "too_long") if abs(cell) >= _EXACT else (str(int(cell)), None)
    if isinstance(cell, datetime):
        return (cell.date().isoformat(), None) if cell.time() == time() else (None, "time")
    if isinstance(cell, date):
        return cell.isoformat(), None
    return None, "time"  # a time of day, or a span of time


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive in which each sheet lies."""
    books = [target for kind, target in _relations(archive, "") if kind.endswith("/officeDocument")]
    book = books[0] if books else "xl/workbook.xml"
    targets = dict(_relations(archive, book, by_id=True))
    parts: dict[str, str] = {}
    for element in ET.fromstring(archive.read(book)).iter():
        if _local(element.tag) == "sheet":
            key = next((value for name, value in element.attrib.items() if _local(name) == "id"), "")
            if key in targets:
                parts[element.attrib["name"]] = targets[key]
    return parts


def _relations(archive: zipfile.ZipFile, part: str, *, by_id: bool = False) -> Iterator[tuple[str, str]]:
    folder, name = posixpath.split(part)
    root = ET.fromstring(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")))
    for element in root:
        target = posixpath.normpath(posixpath.join("/", folder, element.attrib.get("Target", "")))
        yield element.attrib["Id" if by_id else "Type"], target.lstrip("/")


def _hidden_troubles(xml: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield what calamine shows as empty: error cells, and formulas that nobody worked out."""
    if b"\0" not in xml[:64] and not _ERROR_CELL.search(xml) and not _FORMULA.search(xml):
        return
    line = column = 0
    for event, element in ET.iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = _local(element.tag)
        if event == "start" and tag == "row":
            line, column = int(element.attrib.get("r", line + 1)), 0
        elif event == "end" and tag == "c":
            column = _column(element.attrib.get("r", "")) or column + 1
            inside = {_local(child.tag) for child in element}
            if element.attrib.get("t") == "e":
                yield line, column - 1, "error"
            elif "f" in inside and not inside & {"v", "is"}:
                yield line, column - 1, "formula"
        elif event == "end" and tag == "row":
            element.clear()


def _column(reference: str) -> int:
    """Return the column of 'AB12' from 1; 0 where there is none."""
    number = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        for what, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS)):
            _, hard = resource.getrlimit(what)
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main() -> None:
    """Read the workbook that the command line names, and print it."""
    _limit()
    answer: dict[str, object]
    try:
        answer = {"sheets": read(Path(sys.argv[1]))}
    except RefusedError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "big"}
    except OSError:
        answer = {"refused": "closed"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
