"""A budget in words, as data, as a workbook and as a folder."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

import attrs
import numpy as np

from shequ_core.errors import Message, msg
from shequ_core.model.budget import PROVINCE, SAME_LEVEL, CostLine
from shequ_core.policy.book import PolicyBook
from shequ_core.reports.out import text_cells, write_folder, write_new, write_parquet
from shequ_core.reports.rests import finding_lines, findings_data, findings_sheet, rests_lines
from shequ_core.reports.text import table_lines
from shequ_core.reports.wording import as_json, class_word, say, word
from shequ_core.tables.columns import Ints
from shequ_core.tables.sheets import Cells, Look, Sheet, book_bytes, number_cell
from shequ_core.values import Fen, JsonValue, Lang
from shequ_core.year.budget import AMOUNTS, Budget, By, Sums

MARKER: Final = "budget.json"
WORKBOOK: Final = "budget.xlsx"
PARQUET: Final = "budget.parquet"
ANSWER: Final = frozenset({MARKER, WORKBOOK, PARQUET})
"""What a folder of a budget holds."""

TABLES: Final[Mapping[By, tuple[Message, Message]]] = {
    "payer": (msg("By payer"), msg("Payer")),
    "month": (msg("By month"), msg("Month")),
    "subdistrict": (msg("By subdistrict"), msg("Subdistrict")),
    "post_class": (msg("By class of post"), msg("Class of post")),
    "line": (msg("By line"), msg("Line")),
}
"""By what a budget is told, with each table's title and the head of its first column."""

HEADS: Final = (msg("Cost"), msg("Paid before"), msg("Added"), msg("Not comparable"))
_NAMES: Final[Mapping[By, str]] = {"post_class": "class"}


# --- words -------------------------------------------------------------------------------------------


def payer_word(code: str, lang: Lang) -> str:
    """Say a payer: our two codes in words, any other in the place's own."""
    if code == SAME_LEVEL:
        return say("the budget of the same level", lang)
    return say("the province's budget", lang) if code == PROVINCE else code


def _words(what: By, key: object, book: PolicyBook, lang: Lang) -> str:
    if key is None:
        return say("paid out to nobody", lang)
    if isinstance(key, CostLine):
        return word(key, lang)
    text = str(key)
    if what == "month":
        return _month(text)
    if what == "payer":
        return payer_word(text, lang)
    if what == "post_class":
        return class_word(text, lang)
    return f"{text} {book.divisions.at(text).name}" if text in book.divisions else text


def _month(number: str) -> str:
    return f"{number[:-2]}-{number[-2:]}"


def about_lines(told: Budget, book: PolicyBook, lang: Lang) -> list[str]:
    """Return what all of it comes to, and what it rests on."""
    total = told.total()
    sentence = msg(
        "{place}, {year}: {cost} yuan, of which {former} were paid before the change-over and {added} are added;"
        " {unexamined} can't be compared.",
        place=book.path(told.place), year=told.year, cost=total.cost, former=total.former,
        added=total.added, unexamined=total.unexamined,
    )
    return [say(sentence, lang), *rests_lines(told.rests, lang)]


def budget_text(told: Budget, book: PolicyBook, lang: Lang) -> str:
    """Tell a budget: what it comes to, then by payer, month, subdistrict, class and line, then findings."""
    lines = about_lines(told, book, lang)
    for what, (title, head) in TABLES.items():
        rows = [
            (_words(what, key, book, lang), *(amount.yuan() for amount in attrs.astuple(sums)))
            for key, sums in told.by(what).items()
        ]
        if rows:
            heads = [say(one, lang) for one in (head, *HEADS)]
            lines += ["", say(title, lang), *(f"  {line}" for line in table_lines(heads, rows))]
    if told.findings:
        lines += ["", say("Findings", lang), *finding_lines(told.findings, lang)]
    return "\n".join(lines)


# --- data --------------------------------------------------------------------------------------------


def budget_data(told: Budget, book: PolicyBook) -> dict[str, JsonValue]:
    """Return a budget as `shequ pay budget --json` shows it; money as yuan text."""
    return {
        "place": told.place,
        "name": book.path(told.place),
        "year": told.year,
        "known": None if told.known is None else told.known.isoformat(),
        "shequ_core": version("shequ-core"),
        **told.rests.to_data(),
        "total": _sums(told.total()),
        **{
            f"by_{_NAMES.get(what, what)}": {
                _key(what, key): _sums(sums) for key, sums in told.by(what).items()
            }
            for what in TABLES
        },
        "findings": findings_data(told.findings),
    }


def _key(what: By, key: object) -> str:
    if key is None:
        return CostLine.UNDISTRIBUTED.value
    return _month(str(key)) if what == "month" else str(key)


def _sums(sums: Sums) -> dict[str, JsonValue]:
    return {name: amount.yuan() for name, amount in attrs.asdict(sums).items()}


# --- files -------------------------------------------------------------------------------------------


def write_budget(told: Budget, out: Path, *, lang: Lang, book: PolicyBook) -> None:
    """Write a budget as a workbook, where the name ends in .xlsx, or as a folder with workbook, Parquet and JSON.

    Raises:
        OutputError: Something is there that isn't an earlier answer of ours, or it can't be written.
    """
    workbook = _workbook(told, book, lang)
    if out.suffix.casefold() == ".xlsx":
        write_new(out, workbook)
        return
    data = budget_data(told, book)

    def fill(work: Path) -> None:
        (work / WORKBOOK).write_bytes(workbook)
        write_parquet(told.lines, work / PARQUET, _marks(told))
        (work / MARKER).write_text(as_json(data) + "\n", encoding="utf-8", newline="\n")

    write_folder(out, ANSWER, MARKER, fill)


def _marks(told: Budget) -> dict[bytes, bytes]:
    said = {
        "place": told.place,
        "year": str(told.year),
        "known": "" if told.known is None else told.known.isoformat(),
        "shequ_core": version("shequ-core"),
        "synthetic": str(told.rests.synthetic).lower(),
        "rests_on": " ".join(told.rests.marks),
        "policies": as_json(dict(told.rests.policies)),
    }
    return {f"shequ.{key}".encode(): value.encode() for key, value in said.items()}


def _workbook(told: Budget, book: PolicyBook, lang: Lang) -> bytes:
    about = about_lines(told, book, lang)
    sheets = [Sheet(say("About", lang), [text_cells(about[0], about[1:])])]
    for what, (title, head) in TABLES.items():
        found = told.by(what)
        words = text_cells(say(head, lang), [_words(what, key, book, lang) for key in found])
        amounts = [attrs.astuple(sums) for sums in found.values()]
        money = [
            _money(say(one, lang), np.array([sums[at] for sums in amounts], dtype=np.int64))
            for at, one in enumerate(HEADS)
        ]
        sheets.append(Sheet(say(title, lang), [words, *money], frozen=1))
    lines = told.lines
    texts = []
    for what, (_, head) in TABLES.items():
        listed = lines.column(what).to_list()
        said = {key: _words(what, key, book, lang) for key in dict.fromkeys(listed)}
        texts.append(text_cells(say(head, lang), [said[key] for key in listed]))
    money = [_money(say(one, lang), lines.column(name).values) for name, one in zip(AMOUNTS, HEADS, strict=True)]
    sheets.append(Sheet(say("Every line", lang), [*texts, *money]))
    sheets.append(findings_sheet(told.findings, lang))
    return book_bytes(sheets)


def _money(header: str, fen: Ints) -> Cells:
    distinct, places = np.unique(fen, return_inverse=True)
    cells = [number_cell(Fen(one).yuan(), Look.GROUPED) for one in distinct.tolist()]
    return Cells(header, cells, places.astype(np.int64), Look.GROUPED, width=16)
