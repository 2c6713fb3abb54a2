"""An answer that is a list: a row for each thing told, as CSV, as a sheet, as JSON records and as text."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from html import unescape
from pathlib import Path
from typing import Final, TypeAlias

import attrs
import numpy as np

from shequ_core.errors import Message, OutputError, msg
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy.book import PolicyBook
from shequ_core.reports.out import text_cells, write_or_replace
from shequ_core.reports.rests import rests_lines
from shequ_core.reports.wording import LANGS, as_json, listed, say, word
from shequ_core.tables.cells import marked
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.sheets import Cells, Look, Sheet, book_bytes, day_cell, number_cell, text_cell
from shequ_core.values import JsonValue, Lang, Status
from shequ_core.year.rests import Rests

Value: TypeAlias = "str | int | float | bool | date | Enum | Message | Sequence[Enum] | None"
"""What a cell of a list holds before it is told."""

FORMS: Final = (".csv", ".xlsx", ".json")


@attrs.frozen(kw_only=True)
class Listing:
    """A list as people read it.

    Attributes:
        name: What it is: the name of its sheet.
        heads: The head of each column, by the name under which JSON has it.
        rows: The rows, each with a value for every head.
        notes: What stands above it: what it is of.
        rests: Whether its people are made up, and the values that nobody issued or that are past their life. In CSV
            and JSON, which have no place above the rows, each row bears both as its last two columns.
    """

    name: Message
    heads: Mapping[str, Message]
    rows: Sequence[Sequence[Value]]
    notes: Sequence[Message] = ()
    rests: Rests | None = None

    def to_data(self) -> list[JsonValue]:
        """Return the rows as records: codes and ISO days, and messages in English."""
        told = self._bearing()
        return [
            {name: _plain(value) for name, value in zip(told.heads, row, strict=True)} for row in told.rows
        ]

    def _bearing(self) -> Listing:
        """Return the list whose rows themselves bear whether people are made up, and what nobody issued."""
        if self.rests is None:
            return self
        marks = tuple(Status(one) for one in self.rests.marks)
        heads = {**self.heads, "synthetic": msg("synthetic"), "marks": msg("how sure")}
        return attrs.evolve(self, heads=heads, rows=[(*row, self.rests.synthetic, marks) for row in self.rows])

    def to_csv(self, lang: Lang) -> bytes:
        """Return the rows as CSV: UTF-8 with its mark, lines that end in CR LF."""
        out = io.StringIO(newline="")
        writer, told = csv.writer(out), self._bearing()
        writer.writerow(told._said(lang))
        for row in told.rows:
            writer.writerow([marked(_cell(value, lang)) if isinstance(value, str) else _cell(value, lang)
                             for value in row])
        return out.getvalue().encode("utf-8-sig")

    def to_xlsx(self, lang: Lang) -> bytes:
        """Return a workbook: the list, and a sheet with the notes."""
        columns = [
            _column(head, [row[at] for row in self.rows], lang) for at, head in enumerate(self._said(lang))
        ]
        notes = self.lines(lang)
        return book_bytes(
            [
                Sheet(say(self.name, lang), columns, frozen=1),
                Sheet(say(msg("About"), lang), [text_cells(say(self.name, lang), notes)]),
            ]
        )

    def lines(self, lang: Lang) -> list[str]:
        """Return what stands above the rows as sentences: whose people, what it rests on, and the notes."""
        rests = [] if self.rests is None else rests_lines(self.rests, lang)
        return [*rests, *(say(note, lang) for note in self.notes)]

    def _said(self, lang: Lang) -> list[str]:
        return [say(head, lang) for head in self.heads.values()]

    def is_earlier(self, path: Path) -> bool:
        """Whether a file is an earlier list of this kind, in any language."""
        content = path.read_bytes()
        match path.suffix.casefold():
            case ".csv":
                heads = content.split(b"\r\n", 1)[0]
                return any(heads == self._empty().to_csv(lang).split(b"\r\n", 1)[0] for lang in LANGS)
            case ".xlsx":
                try:
                    with zipfile.ZipFile(io.BytesIO(content)) as archive:
                        told = unescape(archive.read("xl/workbook.xml").decode())
                except (zipfile.BadZipFile, KeyError, UnicodeDecodeError):
                    return False
                return any(f'name="{say(self.name, lang)}"' in told for lang in LANGS)
            case _:
                return content.lstrip().startswith(b"[") and f'"{next(iter(self.heads))}"'.encode() in content

    def _empty(self) -> Listing:
        return attrs.evolve(self, rows=())


def resting(listing: Listing, data: Dataset, book: PolicyBook, on: date, known: date | None) -> Listing:
    """Return a list that says what it rests on: the facts, and the policies of their counties on a day."""
    counties = sorted({code[:COUNTY_DIGITS] for code in data.communities.code.vocabulary})
    policies = {code: book.policy(code, on, known, placed_on=on) for code in counties}
    return attrs.evolve(listing, rests=Rests.of(data, policies))


def check_forms(outs: Sequence[Path], forms: Sequence[str] = FORMS) -> None:
    """Raise unless there is a form for each file's suffix."""
    odd = tuple(out.name for out in outs if out.suffix.casefold() not in forms)
    if odd:
        raise OutputError(msg("{out} is no name for a list: let it end in {suffixes}", out=odd, suffixes=tuple(forms)))


def listing_bytes(listing: Listing, suffix: str, lang: Lang) -> bytes:
    """Return a list in the form of a suffix."""
    match suffix.casefold():
        case ".csv":
            return listing.to_csv(lang)
        case ".xlsx":
            return listing.to_xlsx(lang)
        case _:
            return f"{as_json(listing.to_data())}\n".encode()


def write_listing(listing: Listing, outs: Sequence[Path], lang: Lang) -> None:
    """Write a list into files, each by its suffix; all of them are written or none.

    Raises:
        OutputError: A name has another suffix, something else is there, or it can't be written.
    """
    check_forms(outs)
    write_or_replace({out: listing_bytes(listing, out.suffix, lang) for out in outs}, listing.is_earlier)


def _cell(value: Value, lang: Lang) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say(msg("yes"), lang) if value else say(msg("no"), lang)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Message):
        return say(value, lang)
    if isinstance(value, Enum):
        return word(value, lang)
    if isinstance(value, str | int | float):
        return str(value)
    return listed([word(one, lang) for one in value], lang)


def _plain(value: Value) -> JsonValue:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str | float | Message):
        return str(value)
    return [str(one.value) for one in value]


def _column(header: str, values: Sequence[Value], lang: Lang) -> Cells:
    made = [_sheet_cell(value, lang) for value in values]
    at = {cell: place for place, cell in enumerate(dict.fromkeys(one for one in made if one is not None))}
    places = np.array([-1 if one is None else at[one] for one in made], dtype=np.int64)
    day = any(isinstance(one, date) for one in values)
    return Cells(header, [*at], places, Look.DAY if day else Look.PLAIN)


def _sheet_cell(value: Value, lang: Lang) -> str | None:
    if value is None:
        return None
    if isinstance(value, date):
        return day_cell(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_cell(str(value))
    return text_cell(_cell(value, lang))
