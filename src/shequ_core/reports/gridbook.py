"""A division into grids as a workbook: grids, buildings with the line in which they stand, moves, causes, measures."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from typing import Final

import numpy as np

from shequ_core.errors import Message, msg
from shequ_core.model.places import TOWNSHIP_DIGITS
from shequ_core.planning.grids.comparison import measure_word
from shequ_core.planning.grids.plan import PlanStatus
from shequ_core.policy.book import COMMUNITY_DIGITS
from shequ_core.reports.grids import GridReport, bounds_lines, grids_of, missed_word, notes_of
from shequ_core.reports.out import text_cells
from shequ_core.reports.rests import findings_sheet
from shequ_core.reports.wording import LANGS, listed, say, speaker, word
from shequ_core.tables.sheets import Cells, Sheet, book_bytes, number_cell, text_cell
from shequ_core.values import Lang

LEAST_BAD: Final = msg(
    "Grids outside their bounds are the least bad that were found: not to be used as they are."
)
SHEETS: Final = (
    msg("About"), msg("Grids"), msg("Buildings"), msg("Moves"), msg("Causes"), msg("Findings"), msg("Measures"),
)
"""The names of the sheets; by them an earlier workbook of ours is known."""

RETIRED: Final = msg("Retired codes")
"""The name of a sheet that is there where earlier grids are gone; `read_retired` knows it by its name."""
RETIRED_CODES: Final = (msg("community"), msg("grid"))

GRIDS: Final = (
    msg("community"), msg("grid"), msg("households"), msg("bounds"), msg("grid workers"), msg("auxiliary police"),
    msg("buildings"), msg("estates"),
)
BUILDINGS: Final = (
    msg("building"), msg("households"), msg("estate"), msg("subdistrict"), msg("answers for the subdistrict"),
    msg("community"), msg("answers for the community"), msg("grid"), msg("answers for the grid"),
    msg("answers for the building"),
)
"""The line of JLG2.1.1 from subdistrict to building; who answers is left for the office to fill in."""
MOVES: Final = (msg("community"), msg("building"), msg("households"), msg("before"), msg("after"), msg("reason"))
CAUSES: Final = (
    msg("community"), msg("status"), msg("cause"), msg("message"), msg("buildings"), msg("what would help"),
)

Cell = str | int | float | None


def grids_workbook(report: GridReport, lang: Lang) -> bytes:
    """Return the workbook."""
    about, grids, buildings, moves, causes, _, measures = (say(name, lang) for name in SHEETS)
    findings = [finding for plan in report.plans for finding in report.findings(plan)]
    retired = [[plan.layout.community, code] for plan in report.plans for code in plan.retired]
    return book_bytes(
        [
            Sheet(about, _about(report, lang)),
            _sheet(grids, GRIDS, _grids(report, lang), lang),
            _sheet(buildings, BUILDINGS, _buildings(report), lang),
            _sheet(moves, MOVES, _moves(report, lang), lang),
            _sheet(causes, CAUSES, _causes(report, lang), lang),
            findings_sheet(findings, lang),
            _measures(measures, report, lang),
            *([_sheet(say(RETIRED, lang), RETIRED_CODES, retired, lang)] if retired else []),
        ]
    )


def is_grids_workbook(names: str) -> bool:
    """Whether a workbook's list of sheets, as XML, is that of ours in some language."""
    told = unescape(names)
    return any(all(f'name="{say(sheet, lang)}"' in told for sheet in SHEETS) for lang in LANGS)


def _sheet(name: str, heads: Sequence[Message], rows: Sequence[Sequence[Cell]], lang: Lang) -> Sheet:
    columns = [_cells(say(head, lang), [row[at] for row in rows]) for at, head in enumerate(heads)]
    return Sheet(name, columns, frozen=1)


def _cells(header: str, values: Sequence[Cell]) -> Cells:
    distinct = {value: place for place, value in enumerate(dict.fromkeys(one for one in values if one is not None))}
    cells = [text_cell(one) if isinstance(one, str) else number_cell(str(one)) for one in distinct]
    places = np.array([-1 if one is None else distinct[one] for one in values], dtype=np.int64)
    return Cells(header, cells, places)


def _about(report: GridReport, lang: Lang) -> list[Cells]:
    notes = [say(note, lang) for note in notes_of(report)]
    lines = [say(report.message(), lang), *bounds_lines(report, lang), *notes]
    if report.status is not PlanStatus.OK:
        lines.insert(1, say(LEAST_BAD, lang))
    return [text_cells(say(msg("Division into grids (JLG2.3.2a)"), lang), lines)]


def _grids(report: GridReport, lang: Lang) -> list[list[Cell]]:
    return [
        [
            plan.layout.community, one.code, one.households, missed_word(one.missed, lang), plan.workers,
            plan.auxiliary_police, len(one.buildings), listed(one.estates, lang),
        ]
        for plan in report.plans
        for one in grids_of(plan)
    ]


def _buildings(report: GridReport) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for plan in report.plans:
        layout, code = plan.layout, plan.layout.community
        above = None if code is None or len(code) != COMMUNITY_DIGITS else report.name(code[:TOWNSHIP_DIGITS])
        for place, building in enumerate(layout.ids):
            estate = int(layout.estates[place])
            rows.append(
                [
                    building, int(layout.households[place]), layout.estate_names[estate] if estate >= 0 else None,
                    above, None, code, None, plan.codes[int(plan.grid_of[place])], None, None,
                ]
            )
    return rows


def _moves(report: GridReport, lang: Lang) -> list[list[Cell]]:
    return [
        [plan.layout.community, one.building, one.households, one.before, one.after, say(one.reason, lang)]
        for plan in report.plans
        for one in plan.moves
    ]


def _causes(report: GridReport, lang: Lang) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for plan in report.plans:
        for one in plan.causes:
            remedies = " ".join(say(remedy, lang) for remedy in one.remedies)
            rows.append(
                [
                    plan.layout.community, word(plan.status, lang), word(one.kind, lang), say(one.message, lang),
                    listed(one.buildings, lang), remedies,
                ]
            )
        if plan.status is not PlanStatus.OK and not plan.causes:
            rows.append([plan.layout.community, word(plan.status, lang), None, say(plan.message, lang), None, None])
    return rows


def _measures(name: str, report: GridReport, lang: Lang) -> Sheet:
    names = list(dict.fromkeys(name for plan in report.plans for name in plan.measures))
    columns = [
        _cells(say(msg("community"), lang), [plan.layout.community for plan in report.plans]),
        _cells(say(msg("status"), lang), [word(plan.status, lang) for plan in report.plans]),
        *(_cells(measure_word(one, speaker(lang)), [plan.measures.get(one) for plan in report.plans]) for one in names),
    ]
    return Sheet(name, columns, frozen=1)
