"""The answer of a year as files: Parquet, a workbook, `summary.json`, and one page.

The same answer gives the same bytes of Parquet and JSON, whatever the machine's language or zone.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from shequ_core.errors import msg
from shequ_core.law.findings import Grade
from shequ_core.model.answers import EARNINGS
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.book import PolicyBook
from shequ_core.population import SYNTHETIC
from shequ_core.reports.out import text_cells, write_folder, write_parquet
from shequ_core.reports.page import year_page
from shequ_core.reports.rests import findings_sheet
from shequ_core.reports.wording import ZH, as_json, class_word, say, word
from shequ_core.tables.columns import Column, FenColumn, IntColumn, TextColumn
from shequ_core.tables.sheets import Cells, Look, Sheet, book_bytes, number_cell, text_cell
from shequ_core.values import Fen, JsonValue, Lang
from shequ_core.year import YearResult

MARKER: Final = "summary.json"
WORKBOOK: Final = "year.xlsx"
PAGE: Final = "report.html"
ANSWER: Final = frozenset({MARKER, WORKBOOK, PAGE, "slips.parquet", "pools.parquet", "headcounts.parquet"})
"""What a folder of an answer holds."""
LINES: Final = (*EARNINGS, "total")


def is_synthetic(result: YearResult) -> bool:
    """Whether anybody in the answer is made up; `synthesize` calls everybody so by name."""
    names = (*result.people.name.vocabulary, *result.headcounts.name.vocabulary)
    return any(name.startswith(SYNTHETIC) for name in names)


def rests_on(result: YearResult) -> list[str]:
    """Return the marks of everything that the answer rests on and that nobody issued."""
    return sorted({one.value for found in result.uncertain.values() for one in found if one.asked_for})


def write_year(result: YearResult, out: Path, *, lang: Lang, book: PolicyBook) -> None:
    """Write the answer of a year into a folder.

    Raises:
        OutputError: The folder holds something that isn't an earlier answer of ours, or can't be written.
    """
    summary = summary_data(result, book)

    def fill(work: Path) -> None:
        (work / WORKBOOK).write_bytes(_workbook(result, lang))  # first: memory is fullest with the slips as Parquet
        marks = _marks(result)
        for name, table in (("slips", result.slips), ("pools", result.pools), ("headcounts", result.headcounts)):
            write_parquet(table, work / f"{name}.parquet", marks)
        (work / MARKER).write_text(as_json(summary) + "\n", encoding="utf-8", newline="\n")
        (work / PAGE).write_text(year_page(result, summary, book, lang), encoding="utf-8", newline="\n")

    write_folder(out, ANSWER, MARKER, fill)


# --- summary ----------------------------------------------------------------------------------------


def summary_data(result: YearResult, book: PolicyBook) -> dict[str, JsonValue]:
    """Return the year in figures, as `summary.json` has it; money as yuan text, no floats."""
    slips = result.slips
    by_code: dict[str, int] = {}
    for finding in result.findings:
        by_code[finding.code] = by_code.get(finding.code, 0) + 1
    held = result.headcounts
    inside = (held.posts >= held.least) & (held.posts <= held.most)
    return {
        "place": result.place,
        "name": book.path(result.place),
        "year": result.year,
        "known": None if result.known is None else result.known.isoformat(),
        "shequ_core": version("shequ-core"),
        "synthetic": is_synthetic(result),
        "rests_on": {key: [one.value for one in found] for key, found in sorted(result.uncertain.items())},
        "marks": list(rests_on(result)),
        "stale": list(result.stale),
        "policies": dict(sorted(result.policies.items())),
        "headcount": {
            "communities": len(held),
            "posts": int(held.posts.values.sum()),
            "held": int(held.held.values.sum()),
            "inside_range": int(inside.true().sum()),
            "below": int((held.posts < held.least).true().sum()),
            "above": int((held.posts > held.most).true().sum()),
            "not_examined": int((~inside.mask()).sum()),
        },
        "people": len(result.people),
        "slips": len(slips),
        "pay": {
            "by_line": {line: _total(slips.column(line)) for line in LINES},
            "by_month": _by(slips, IntColumn, "month"),
            "by_subdistrict": _by(slips, TextColumn, "subdistrict"),
            "by_class": _by(slips, TextColumn, "post_class"),
            "undistributed": _total(result.pools.undistributed),
        },
        "bonus": bonus_spread(result),
        "exits": {code: count for code, count in sorted(by_code.items()) if code.endswith("-exit")},
        "findings": dict(sorted(by_code.items())),
        "conflicts": [
            {"place": one.subject, "clause": one.clause, "what": str(one.message)}
            for one in result.findings
            if one.grade is Grade.CONFLICT
        ],
        "not_examined": dict(sorted(result.not_examined.items())),
    }


def _total(column: Column[Any]) -> str:  # Any: an amount, by the name of its line
    return Fen(int(column.values.sum())).yuan()


def _by(table: Any, kind: type[Column[Any]], name: str) -> dict[str, JsonValue]:  # Any: Slips, a column by name
    column = table.column(name)
    assert isinstance(column, kind)
    sums: dict[str, int] = {}
    for key in np.unique(column.values).tolist():
        label = column.vocabulary[key] if isinstance(column, TextColumn) else str(key)
        sums[label] = int(table.total.values[column.values == key].sum())
    return {label: Fen(sums[label]).yuan() for label in sorted(sums)}


def bonus_spread(result: YearResult) -> dict[str, JsonValue]:
    """Return the spread of monthly bonuses by assessment grade: people-months, and five quantiles in yuan."""
    spread: dict[str, JsonValue] = {}
    assessment = result.slips.assessment
    for grade in (*sorted(assessment.vocabulary), None):
        rows = ~assessment.mask() if grade is None else (assessment == grade).true()
        amounts = np.sort(result.slips.bonus.values[rows])
        if len(amounts):
            at = [(len(amounts) - 1) * quarter // 4 for quarter in range(5)]
            spread[grade or "unassessed"] = {
                "slips": len(amounts),
                "quantiles": [Fen(int(amounts[one])).yuan() for one in at],
            }
    return spread


# --- Parquet and the workbook -----------------------------------------------------------------------


def _marks(result: YearResult) -> dict[bytes, bytes]:
    told = {
        "place": result.place,
        "year": str(result.year),
        "known": "" if result.known is None else result.known.isoformat(),
        "shequ_core": version("shequ-core"),
        "synthetic": str(is_synthetic(result)).lower(),
        "rests_on": " ".join(rests_on(result)),
        "policies": as_json(dict(sorted(result.policies.items()))),
    }
    return {f"shequ.{key}".encode(): value.encode() for key, value in told.items()}


def _workbook(result: YearResult, lang: Lang) -> bytes:
    """Return a workbook of one row a person, the findings, and what the answer rests on."""
    people = result.people
    columns = [
        _cells(column, people.specs[name].headers[1] if lang == ZH else name, name, lang)
        for name, column in people.columns().items()
    ]
    lines = about_lines(result, lang)
    return book_bytes(
        [
            Sheet(say("About", lang), [text_cells(lines[0], lines[1:])]),
            Sheet(say("One row a person", lang), columns, frozen=1),
            findings_sheet(result.findings, lang),
        ]
    )


def _cells(column: Column[Any], header: str, name: str, lang: Lang) -> Cells:  # Any: a column of any kind
    """Make a column of a sheet; money has two decimals and reads back exactly below 2**53 fen."""
    mask = column.mask()
    used = np.unique(column.values[mask])
    places = np.where(mask, np.searchsorted(used, column.values), -1)
    if isinstance(column, FenColumn):
        return Cells(
            header, [number_cell(Fen(int(one)).yuan(), Look.GROUPED) for one in used], places, Look.GROUPED, width=11
        )
    if isinstance(column, TextColumn):
        return Cells(header, [text_cell(_cell(name, column.vocabulary[int(one)], lang)) for one in used], places)
    return Cells(header, [number_cell(str(int(one))) for one in used], places, width=9)


def _cell(name: str, text: str, lang: Lang) -> str:
    """Say a code of the answer as people write it; names and ids stay what they are."""
    if lang != ZH:
        return text
    if name == "post_class":
        return class_word(text, lang)
    if name == "assessed":
        return word(AssessmentGrade(text), lang)
    return word(text, lang, context="Proposal") if name == "proposal" else text


def about_lines(result: YearResult, lang: Lang) -> list[str]:
    """Return what an answer has to say of itself: whose people, and what it rests on."""
    lines = []
    if is_synthetic(result):
        lines.append(say("The people and communities in this answer are synthetic: made up, nobody's data.", lang))
    for key, statuses in sorted(result.uncertain.items()):
        marks = tuple(word(one, lang) for one in statuses)
        lines.append(say(msg("{key} rests on: {marks}", key=key, marks=marks), lang))
    if not result.uncertain:
        lines.append(say("Every value in force is issued, from the press, or a statistic.", lang))
    return lines
