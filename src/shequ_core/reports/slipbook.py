"""A month's slips as a workbook: one row a person, contributions by scheme, arrears, and what all of it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

import numpy as np

from shequ_core.errors import msg
from shequ_core.model.answers import DEDUCTIONS, EARNINGS
from shequ_core.reports.lines import cause_told, clauses_told, head_word, line_word, month_text
from shequ_core.reports.rests import rests_lines
from shequ_core.reports.slip import PaySlip, PaySlips
from shequ_core.reports.wording import class_word, labelled, phrases, say, several, word
from shequ_core.tables.answers import ArrearsLines, ContributionLines, PersonYears
from shequ_core.tables.sheets import Cells, Look, Sheet, book_bytes, number_cell, text_cell
from shequ_core.values import Fen, Lang


def slips_workbook(slips: PaySlips, lang: Lang) -> bytes:
    """Return the workbook; the same slips give the same bytes."""
    made = list(slips.values())
    return book_bytes(
        [
            Sheet(say("Pay slips", lang), list(_people(made, lang)), frozen=2),
            Sheet(say("Insurances and housing fund", lang), list(_dues(made, lang)), frozen=2),
            Sheet(say("Arrears", lang), list(_arrears(made, lang)), frozen=2),
            Sheet(say("About", lang), [_column(say("About", lang), list(_about(slips, made, lang)), width=120)]),
        ]
    )


def _people(slips: Sequence[PaySlip], lang: Lang) -> Iterator[Cells]:
    """Yield the columns of a sheet of one row a person; class, grade and so on are those of the last part."""
    yield from _who(slips, lang)
    yield _column(say("Place", lang), [slip.where for slip in slips], width=30)
    yield _column(line_word("month", lang), [month_text(slip.month) for slip in slips], width=9)
    last: dict[str, list[str | int | None]] = {"post": [], "post_class": [], "grade": [], "assessment": []}
    for slip in slips:
        part = slip.parts[-1] if slip.parts else None
        grade = None if part is None else part.assessment
        last["post"].append(None if part is None else part.post)
        last["post_class"].append(None if part is None else class_word(part.post_class, lang))
        last["grade"].append(None if part is None else part.grade)
        last["assessment"].append(None if grade is None else word(grade, lang))
    for name, values in last.items():
        yield _column(line_word(name, lang), values, width=18 if name == "post" else 10)
    yield _column(say("Parts of the month", lang), [_parts(slip, lang) for slip in slips])
    for line in EARNINGS:
        yield _money(line_word(line, lang), [slip.line(line) for slip in slips])
    yield _money(line_word("total", lang), [slip.total for slip in slips])
    for line in DEDUCTIONS:
        yield _money(line_word(line, lang), [slip.line(line) for slip in slips])
    yield _money(line_word("net", lang), [slip.net for slip in slips])
    yield _money(say("Arrears", lang), [slip.owed for slip in slips])
    yield _money(say("Paid out", lang), [slip.paid for slip in slips])
    yield _money(line_word("employer", lang), [slip.employer for slip in slips])


def _who(slips: Sequence[PaySlip], lang: Lang) -> Iterator[Cells]:
    yield _column(line_word("worker", lang), [slip.worker for slip in slips])
    yield _column(head_word(PersonYears, "name", lang), [slip.name for slip in slips], width=12)


def _parts(slip: PaySlip, lang: Lang) -> str | None:
    """Say the parts of a month that has several, or isn't paid whole."""
    if not slip.parts or len(slip.parts) == 1:
        return None
    return several(
        (
            labelled(
                say(msg("{first} to {last}", first=part.since, last=part.until), lang),
                phrases((class_word(part.post_class, lang), say(msg("grade {grade}", grade=part.grade), lang)), lang),
                lang,
            )
            for part in slip.parts
        ),
        lang,
    )


def _dues(slips: Sequence[PaySlip], lang: Lang) -> Iterator[Cells]:
    rows = [(slip, due) for slip in slips for due in slip.contributions]
    yield from _who([slip for slip, _ in rows], lang)
    yield _column(head_word(ContributionLines, "scheme", lang), [word(due.scheme, lang) for _, due in rows])
    amounts = {
        "base": [due.base for _, due in rows],
        "own": [due.own for _, due in rows],
        "employer": [due.employer for _, due in rows],
    }
    for name, column in amounts.items():
        yield _money(head_word(ContributionLines, name, lang), column)


def _arrears(slips: Sequence[PaySlip], lang: Lang) -> Iterator[Cells]:
    rows = [(slip, one) for slip in slips for one in slip.arrears]
    yield from _who([slip for slip, _ in rows], lang)
    yield _column(head_word(ArrearsLines, "of_month", lang), [month_text(one.of_month) for _, one in rows], width=12)
    yield _column(head_word(ArrearsLines, "line", lang), [line_word(one.line, lang) for _, one in rows])
    yield _money(head_word(ArrearsLines, "amount", lang), [one.amount for _, one in rows])
    yield _money(say("Paid out", lang), [one.paid for _, one in rows])
    yield _column(head_word(ArrearsLines, "cause", lang), [cause_told(one.cause, lang) for _, one in rows], width=60)


def _about(slips: PaySlips, made: Sequence[PaySlip], lang: Lang) -> Iterator[str]:
    month = slips.month
    yield phrases((slips.where(month.place), month_text(slips.number)), lang)
    if month.known is not None:
        yield say(msg("As known on {known}", known=month.known), lang)
    told = msg(
        "{people} people, paid out {paid} yuan: earnings {total}, deductions {deducted}, arrears {owed}",
        people=len(made), paid=slips.paid(), total=Fen(sum(one.total for one in made)),
        deducted=Fen(sum(one.deducted or 0 for one in made)), owed=Fen(sum(one.owed for one in made)),
    )
    yield say(told, lang)
    unknown = sum(one.net is None for one in made)
    if unknown:
        yield say(msg("Of {count} people contributions can't be told, and none are taken off.", count=unknown), lang)
    yield from rests_lines(slips.rests(), lang)
    for county, messages in slips.unset().items():
        yield labelled(slips.where(county), several((say(one, lang) for one in messages), lang), lang)
    yield from _clauses(made, lang)
    for county, policy in sorted(month.policies.items()):
        told = msg("policy of {place}: {digest}", place=slips.where(county), digest=policy.fingerprint)
        yield say(told, lang)
    yield f"shequ-core {version('shequ-core')}"


def _clauses(slips: Iterable[PaySlip], lang: Lang) -> Iterator[str]:
    """Say once which clauses stand behind which line."""
    seen: dict[tuple[str, str], None] = {}
    for slip in slips:
        for line in slip.lines:
            told = clauses_told((*line.clauses, *line.like), slip.instruments, lang)
            if told:
                seen[line.code, told] = None
    for code in (*EARNINGS, *DEDUCTIONS):
        yield from (labelled(line_word(code, lang), told, lang) for line, told in seen if line == code)


def _money(header: str, amounts: Sequence[Fen | None]) -> Cells:
    return _column(header, amounts, look=Look.GROUPED, width=13)


def _column(
    header: str, values: Sequence[str | int | None], *, look: Look = Look.PLAIN, width: int = 16
) -> Cells:
    """Make a column of texts, whole numbers or amounts; a cell is empty where nobody knows."""
    distinct = list(dict.fromkeys(one for one in values if one is not None))
    place = {one: at for at, one in enumerate(distinct)}
    cells = [
        number_cell(one.yuan(), look)
        if isinstance(one, Fen)
        else text_cell(one)
        if isinstance(one, str)
        else number_cell(str(one), look)
        for one in distinct
    ]
    places = np.array([-1 if one is None else place[one] for one in values], dtype=np.int64)
    return Cells(header, cells, places, look, width)
