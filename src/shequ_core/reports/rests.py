"""What every answer has to say beside its figures: whose people, what it rests on, and its findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from shequ_core.errors import msg
from shequ_core.law.findings import Finding
from shequ_core.reports.out import text_cells
from shequ_core.reports.wording import phrases, say, word
from shequ_core.tables.sheets import Sheet
from shequ_core.values import JsonValue, Lang
from shequ_core.year.rests import Rests

FINDING: Final = (msg("code"), msg("grade"), msg("clause"), msg("subject"), msg("message"))
"""What is told of a finding."""


def rests_lines(rests: Rests, lang: Lang) -> list[str]:
    """Return it as sentences, in the order of weight; none where every value was issued and is fresh."""
    lines = []
    if rests.synthetic:
        lines.append(say("The people and communities in this answer are synthetic: made up, nobody's data.", lang))
    if rests.uncertain:
        statuses = sorted({one for found in rests.uncertain.values() for one in found if one.asked_for})
        marks = tuple(word(one, lang) for one in statuses)
        keys = tuple(rests.uncertain)
        told = msg("It rests on values that nobody issued ({statuses}): {keys}.", statuses=marks, keys=keys)
        lines.append(say(told, lang))
    if rests.stale:
        told = msg("Past their stated life, and used for want of newer ones: {keys}.", keys=rests.stale)
        lines.append(say(told, lang))
    return lines


def finding_lines(findings: Iterable[Finding], lang: Lang) -> list[str]:
    """Return findings as indented text, two lines each."""
    lines = []
    for one in findings:
        lines.append(f"  {phrases((one.code, one.subject, word(one.grade, lang)), lang)}")
        lines.append(f"    {say(one.message, lang)}")
    return lines


def findings_data(findings: Iterable[Finding]) -> list[JsonValue]:
    """Return findings as JSON data."""
    return [
        {
            "code": one.code, "grade": one.grade.value, "clause": one.clause, "subject": one.subject,
            "what": str(one.message),
        }
        for one in findings
    ]


def findings_sheet(findings: Iterable[Finding], lang: Lang) -> Sheet:
    """Return findings as a sheet of a workbook."""
    rows = [
        (one.code, word(one.grade, lang), one.clause, one.subject, say(one.message, lang)) for one in findings
    ]
    columns = [text_cells(say(head, lang), [row[at] for row in rows]) for at, head in enumerate(FINDING)]
    return Sheet(say("Findings", lang), columns)
