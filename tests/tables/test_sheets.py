"""Workbooks as we write them, read by somebody else's reader."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import python_calamine

from shequ_core.tables.sheets import Cells, Look, Sheet, book_bytes, day_cell, number_cell, text_cell

TEXTS = ["=1+1", "a<b & c>d", ' "x" ', "a\nb", "_x0041_", "_x_", "a\x07b", "社区𠮷", "007", "a_x000D_b"]


def read(content: bytes, sheet: int = 0) -> list[list[object]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [list(row) for row in book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)]


def column(header: str, cells: list[str], places: list[int]) -> Cells:
    return Cells(header, cells, np.array(places, dtype=np.int64))


def test_every_text_is_read_as_it_was_written() -> None:
    cells = column("文本", [text_cell(text) for text in TEXTS], list(range(len(TEXTS))))
    found = [row[0] for row in read(book_bytes([Sheet("s", [cells])]))]
    assert found == ["文本", *TEXTS]


def test_numbers_days_and_nothing() -> None:
    days = column("day", [day_cell(date(1900, 3, 1)), day_cell(date(2022, 7, 1)), day_cell(date(9999, 12, 31))], [0, 1, 2])
    amounts = column("amount", [number_cell("-2958.10", Look.GROUPED)], [-1, 0, -1])
    assert read(book_bytes([Sheet("s", [days, amounts])])) == [
        ["day", "amount"],
        [date(1900, 3, 1), ""],
        [date(2022, 7, 1), -2958.1],
        [date(9999, 12, 31), ""],
    ]


@pytest.mark.parametrize("rows", [0, 1, 4095, 4096, 4097, 9000])
def test_any_count_of_rows(rows: int) -> None:
    """Rows are put together in lots, which must not be seen."""
    cells = column("n", [number_cell(str(row)) for row in range(rows)], list(range(rows)))
    assert read(book_bytes([Sheet("s", [cells])])) == [["n"], *([row] for row in range(rows))]


def test_many_columns_and_sheets() -> None:
    wide = [column(str(number), [text_cell(f"c{number}")], [0]) for number in range(800)]
    content = book_bytes([Sheet("甲 & 乙", wide, frozen=1), Sheet("<二>", wide[:1])])
    assert read(content)[1] == [f"c{number}" for number in range(800)]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["甲 & 乙", "<二>"]


def test_every_part_is_xml_and_the_bytes_are_the_same() -> None:
    sheets = [Sheet("s", [column("x", [text_cell("a")], [0])])]
    assert book_bytes(sheets) == book_bytes(sheets)
    with zipfile.ZipFile(io.BytesIO(book_bytes(sheets))) as archive:
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
