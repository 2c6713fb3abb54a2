"""Workbooks (.xlsx) of plain tables, written column by column.

A cell's XML is made once for each distinct value. A library that takes one cell after the other needs five
seconds for the 300,000 cells of a province's year, this a fifth. There are no formulas, links or macros in
what comes out, and the same sheets give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum
from itertools import chain
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import attrs

from shequ_core.tables.columns import Ints


class Look(Enum):
    """How a cell is shown: its style's place in `styles.xml`, and the number format."""

    PLAIN = 0, "General"
    HEAD = 1, "General"
    TEXT = 2, "@"
    DAY = 3, "yyyy-mm-dd"
    MONEY = 4, "0.00"
    GROUPED = 5, "#,##0.00"

    @property
    def place(self) -> int:
        """Return the style's place."""
        return self.value[0]


@attrs.frozen
class Cells:
    """A column below its header.

    Attributes:
        header: What stands at its head.
        distinct: The distinct cells, each as `text_cell`, `number_cell` or `day_cell` made it.
        places: Each row's place among them; -1 where the cell is empty.
        look: How cells that somebody adds below are to look.
        width: In characters.
    """

    header: str
    distinct: Sequence[str]
    places: Ints
    look: Look = Look.PLAIN
    width: int = 16


@attrs.frozen
class Sheet:
    """A sheet of columns; the row of headers stays in sight, and the first columns if so many are frozen."""

    name: str
    columns: Sequence[Cells]
    frozen: int = 0


MOST_ROWS: Final = 2**20 - 1
MOST_LETTERS: Final = 2**15 - 1
FIRST_DAY: Final = date(1900, 3, 1)
"""Spreadsheets believe in a 29 February 1900; days before can't be written as days."""

_FIRST_NUMBER: Final = 61
"""What `FIRST_DAY` is to a spreadsheet."""
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_MADE: Final = (1980, 1, 1, 0, 0, 0)


# --- cells ----------------------------------------------------------------------------------------


def text_cell(text: str, look: Look = Look.PLAIN) -> str:
    """Make a cell of a text, which no spreadsheet takes for a formula or a number."""
    told = escape(_UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
    return f'{_style(look)} t="inlineStr"><is><t xml:space="preserve">{told}</t></is></c>'


def number_cell(number: str, look: Look = Look.PLAIN) -> str:
    """Make a cell of a number in decimal form."""
    return f"{_style(look)}><v>{number}</v></c>"


def day_cell(day: date) -> str:
    """Make a cell of a day, from `FIRST_DAY` on."""
    return number_cell(str(day.toordinal() - FIRST_DAY.toordinal() + _FIRST_NUMBER), Look.DAY)


def _style(look: Look) -> str:
    return f' s="{look.place}"' if look.place else ""


# --- the workbook -----------------------------------------------------------------------------------

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIRST_OWN_FORMAT: Final = 164


def book_bytes(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook."""
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
            + "".join(
                f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
                for number in numbers
            )
            + "</Types>"
        ),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews><sheets>'
            + "".join(
                f'<sheet name={quoteattr(sheet.name)} sheetId="{number}" r:id="rId{number}"/>'
                for number, sheet in zip(numbers, sheets, strict=True)
            )
            + "</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            [*(("worksheet", f"worksheets/sheet{number}.xml") for number in numbers), ("styles", "styles.xml")]
        ),
        "xl/styles.xml": _styles(),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, part in parts.items():
            archive.writestr(_entry(name), _XML + part, compress_type=zipfile.ZIP_DEFLATED)
        for number, sheet in zip(numbers, sheets, strict=True):
            with archive.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w") as opened:
                for piece in _sheet(sheet):
                    opened.write(piece.encode())
    return target.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0  # as if on one machine, whatever machine it is
    return entry


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    lines = (
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _styles() -> str:
    formats = {look: _FIRST_OWN_FORMAT + look.place for look in Look if look.value[1] != "General"}
    own = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(look.value[1])}/>' for look, number in formats.items()
    )
    cells = "".join(
        f'<xf numFmtId="{formats.get(look, 0)}" fontId="{int(look is Look.HEAD)}" fillId="0" borderId="0" xfId="0"'
        f' applyNumberFormat="{int(look in formats)}" applyFont="{int(look is Look.HEAD)}"/>'
        for look in Look
    )
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    return (
        f'<styleSheet xmlns="{_MAIN}">'
        f'<numFmts count="{len(formats)}">{own}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(Look)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


_AT_ONCE: Final = 1024
"""So many rows are put together before they are packed: a sheet's XML is ten times what it packs to."""


def _sheet(sheet: Sheet) -> Iterator[str]:
    """Yield the XML of a sheet, piece by piece."""
    letters = [_letters(place) for place in range(len(sheet.columns))]
    split, pane = (f' xSplit="{sheet.frozen}"', "bottomRight") if sheet.frozen else ("", "bottomLeft")
    yield (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane{split} ySplit="1" topLeftCell="{_letters(sheet.frozen)}2" activePane="{pane}" state="frozen"/>'
        "</sheetView></sheetViews>"
    )
    widths = (
        f'<col min="{number}" max="{number}" width="{column.width}"{_col_style(column.look)} customWidth="1"/>'
        for number, column in enumerate(sheet.columns, 1)
    )
    heads = (
        f'<c r="{letter}1"{text_cell(column.header, Look.HEAD)}'
        for letter, column in zip(letters, sheet.columns, strict=True)
    )
    yield f'<cols>{"".join(widths)}</cols><sheetData><row r="1">{"".join(heads)}</row>'
    rows = len(sheet.columns[0].places)
    for start in range(0, rows, _AT_ONCE):
        numbers = [str(row) for row in range(start + 2, min(start + _AT_ONCE, rows) + 2)]
        opened = [f'</row><row r="{number}">' for number in numbers]
        columns = [
            _pieces(letter, column, start, numbers) for letter, column in zip(letters, sheet.columns, strict=True)
        ]
        yield "".join(chain.from_iterable(zip(opened, *columns, strict=True))).removeprefix("</row>") + "</row>"
    yield "</sheetData></worksheet>"


def _pieces(letter: str, column: Cells, start: int, numbers: Sequence[str]) -> list[str]:
    places = column.places[start : start + len(numbers)].tolist()
    distinct, opened = column.distinct, f'<c r="{letter}'
    return [
        f'{opened}{number}"{distinct[place]}' if place >= 0 else ""
        for number, place in zip(numbers, places, strict=True)
    ]


def _col_style(look: Look) -> str:
    return f' style="{look.place}"' if look.place else ""


def _letters(place: int) -> str:
    """Return what a column is called: A for 0, AA for 26."""
    text = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        text = chr(ord("A") + letter) + text
    return text
