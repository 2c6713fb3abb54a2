"""Reads a workbook in a process of its own: `python -m shequ_core.tables.workbook FILE [NAME…]`.

Crafted workbooks can abort the process that reads them or eat its memory, so this one is let go:
it prints the sheets as JSON, and `files.py` waits for it. It imports nothing of the library.

What is printed: {"refused": why} or {"sheets": [sheet…]}. A sheet that isn't called one of the names, if there
are any, is {"name"}; one that is hidden {"name", "hidden": true}; any other {"name", "rows": [[line, [cell…]]…],
"troubles": [[line, column from 0, what]…], "merged": [[line, column from 0, last line, last column]…],
"days": {column from 0: [line…]}}, the last telling which cells are days by their format.
A cell is text or null.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import posixpath
import re
import sys
import zipfile
import zlib
from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

MOST_BYTES: Final = 2**29
"""A workbook that unpacks to more is refused."""
MOST_CELLS: Final = 20_000_000
"""A sheet whose used area is larger is refused."""
MOST_TEXT: Final = 2**27
"""A workbook whose cells hold more characters is refused: a short file may name one long text often."""
MOST_TROUBLES: Final = 200_000
_MEMORY: Final = 3 * 2**30
_SECONDS: Final = 110
_LOST: Final = 10**15
"""A spreadsheet keeps 15 digits: of whole numbers from here on the last ones are lost."""
_LAST_LINE: Final = 2**20
_LAST_COLUMN: Final = 2**14

_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0"
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_TO_LOOK_INTO: Final = tuple(re.compile(one) for one in (rb"<f[\s/>]", rb":f[\s/>]", rb'"e"', rb"'e'"))
"""Formulas and error cells; each begins with two letters that are found quickly."""
_MERGED: Final = re.compile(rb"""<(?:\w+:)?mergeCell\b[^>]*?\bref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
_PERCENT: Final = frozenset({9, 10})
"""The built-in number formats 0% and 0.00%."""
_QUOTED: Final = re.compile(r'"[^"]*"|\\.')
_INVISIBLE: Final = "\u200b\ufeff"


class RefusedError(Exception):
    """The workbook isn't read at all; the first argument says why, in one word."""


def read(path: Path, wanted: Collection[str]) -> list[dict[str, object]]:
    """Read the sheets of a workbook that are called one of the names wanted, in any case of letters; all if none is."""
    import python_calamine

    content = path.read_bytes()
    if content.startswith(_OLD_OR_LOCKED):
        raise RefusedError("locked" if _LOCKED in content else "old")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
            raise RefusedError("big")
        if len(set(archive.namelist())) != len(archive.namelist()):
            raise RefusedError("broken")  # two readers might see two workbooks
        parts = _sheet_parts(archive)
        percent = _percent_styles(archive)
        sheets: list[dict[str, object]] = []
        letters = 0
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for entry in book.sheets_metadata:
            if entry.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet: dict[str, object] = {"name": entry.name}
            if not wanted or entry.name.strip().strip(_INVISIBLE).strip().casefold() in wanted:
                if entry.visible is python_calamine.SheetVisibleEnum.Visible:
                    given = book.get_sheet_by_name(entry.name)
                    letters += _read_sheet(given, archive.read(parts[entry.name]), percent, sheet)
                    if letters > MOST_TEXT:
                        raise RefusedError("big")
                else:
                    sheet["hidden"] = True
            sheets.append(sheet)
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


def _read_sheet(given: object, xml: bytes, percent: Collection[int], sheet: dict[str, object]) -> int:
    """Read the cells of a sheet into a part of the answer, and return how many characters they hold."""
    from python_calamine import CalamineSheet

    assert isinstance(given, CalamineSheet)
    end = given.end
    if end is not None and (end[0] + 1) * (end[1] + 1) > MOST_CELLS:
        raise RefusedError("big")
    troubles = list(_hidden_troubles(xml, percent))
    troubled = {row for row, _, _ in troubles}
    rows: dict[int, list[str | None]] = {}
    days: dict[int, list[int]] = {}
    seen: dict[tuple[type, object], tuple[str | None, str | None]] = {}
    letters = 0
    for line, cells in enumerate(given.to_python(skip_empty_area=False), 1):
        texts: list[str | None] = []
        filled = 0
        for column, cell in enumerate(cells):
            if type(cell) is str:
                texts.append(cell or None)
                if cell:
                    letters += len(cell)
                    if not cell.isspace():
                        filled = column + 1
                continue
            said = seen.get((type(cell), cell))
            if said is None:
                seen[type(cell), cell] = said = _text(cell)
            text, trouble = said
            texts.append(text)
            if trouble:
                troubles.append((line, column, trouble))
                troubled.add(line)
            else:
                filled = column + 1
                if isinstance(cell, date):
                    days.setdefault(column, []).append(line)
        if filled or line in troubled:
            rows[line] = texts[:filled]
    if letters > MOST_TEXT or len(troubles) > MOST_TROUBLES:
        raise RefusedError("big")
    for line in troubled:  # an error cell past what calamine saw
        rows.setdefault(line, [])
    sheet.update(rows=sorted(rows.items()), troubles=troubles, merged=_merged(xml), days=days)
    return letters


def _text(cell: object) -> tuple[str | None, str | None]:
    """Return a cell that isn't text as text, and what is wrong with it."""
    if isinstance(cell, bool):
        return ("true" if cell else "false"), None
    if isinstance(cell, (int, float)):
        if not math.isfinite(cell):
            return None, "error"
        shown = cell if isinstance(cell, int) else float(f"{cell:.15g}")  # as the spreadsheet shows what it worked out
        if abs(shown) >= _LOST:
            return None, "too_long"
        return (str(int(shown)) if shown == int(shown) else repr(shown)), None
    if isinstance(cell, datetime):
        return (cell.date().isoformat(), None) if cell.time() == time() else (None, "time")
    if isinstance(cell, date):
        return cell.isoformat(), None
    return None, "time"  # a time of day, or a span of time


def _merged(xml: bytes) -> list[tuple[int, int, int, int]]:
    """Return the areas in which only the first cell holds something, each once."""
    areas = set() if b"mergeCell" not in xml else {
        (int(top), _column(left.decode()) - 1, int(bottom), _column(right.decode()) - 1)
        for left, top, right, bottom in _MERGED.findall(xml)
        if max(len(left), len(right)) <= 3 and max(len(top), len(bottom)) <= 7
    }
    if len(areas) > MOST_TROUBLES:
        raise RefusedError("big")
    return sorted(areas)


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


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """Return the cell styles that show a number as a percentage."""
    names = [name for name in archive.namelist() if posixpath.basename(name) == "styles.xml"]
    if not names:
        return frozenset()
    root = ET.fromstring(archive.read(names[0]))
    shown = set(_PERCENT)
    for element in root.iter():
        if _local(element.tag) == "numFmt" and "%" in _QUOTED.sub("", element.attrib.get("formatCode", "")):
            shown.add(int(element.attrib.get("numFmtId", -1)))
    cells = [one for group in root if _local(group.tag) == "cellXfs" for one in group]
    return frozenset(place for place, one in enumerate(cells) if int(one.attrib.get("numFmtId", 0)) in shown)


def _hidden_troubles(xml: bytes, percent: Collection[int]) -> Iterator[tuple[int, int, str]]:
    """Yield what calamine doesn't show: error cells, formulas that nobody worked out, percentages."""
    if b"\0" in xml[:64]:
        raise RefusedError("broken")  # UTF-16, which calamine takes for something else
    if not percent and not any(one.search(xml) for one in _TO_LOOK_INTO):
        return
    styles = {str(place) for place in percent}
    line = column = 0
    for event, element in ET.iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = _local(element.tag)
        if event == "start":
            if tag == "row":
                line, column = int(element.attrib.get("r", line + 1)), 0
        elif tag == "c":
            column = _column(element.attrib.get("r", "")) or column + 1
            what = _hidden_trouble(element, styles)
            if what:
                if line > _LAST_LINE or column > _LAST_COLUMN:
                    raise RefusedError("broken")
                yield line, column - 1, what
        elif tag == "row":
            element.clear()


def _hidden_trouble(cell: ET.Element, percent: Collection[str]) -> str | None:
    kind = cell.attrib.get("t", "n")
    if kind == "e":
        return "error"
    inside = {_local(child.tag): child for child in cell}
    value = inside.get("v")
    has_value = value is not None and bool(value.text)
    if "f" in inside and not has_value and "is" not in inside and kind != "str":
        return "formula"  # an empty one of kind 'str' was worked out: its result is empty
    if has_value and kind == "n" and cell.attrib.get("s") in percent:
        return "percent"
    return None


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
        answer = {"sheets": read(Path(sys.argv[1]), frozenset(sys.argv[2:]))}
    except RefusedError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "big"}
    except OSError:
        answer = {"refused": "closed"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
