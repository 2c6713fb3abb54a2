"""An audit as text, JSON, SARIF, a table, a workbook or a page; and the page of one check.

SARIF is 2.1.0 of OASIS, which code hosts and editors show; what is found is about a place and not about a line of
a file, so results have logical locations alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from html import escape
from importlib.metadata import version
from typing import Any, Final

import attrs

from shequ_core.audit.baseline import Baseline, Known, fingerprint
from shequ_core.audit.registry import Listed
from shequ_core.audit.run import Audit
from shequ_core.errors import Message, msg
from shequ_core.jilin.register import register
from shequ_core.law.clauses import Force
from shequ_core.law.findings import Finding, Grade
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.plain import to_plain
from shequ_core.reports.out import text_cells
from shequ_core.reports.page import STYLE
from shequ_core.reports.rests import rests_lines
from shequ_core.reports.wording import (
    ZH,
    as_json,
    bracketed,
    cited,
    labelled,
    listed,
    phrases,
    say,
    several,
    shown,
    word,
)
from shequ_core.tables.sheets import Sheet, book_bytes
from shequ_core.values import JsonValue, Lang, Span
from shequ_core.year.rests import Rests

SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
SARIF_VERSION: Final = "2.1.0"
LEVELS: Final[Mapping[Force, str]] = {
    Force.MUST: "error", Force.SHOULD: "warning", Force.MAY: "error", Force.AIM: "note", Force.NONE: "note",
}
"""What SARIF calls how grave a finding is, by the force of the clause; an option's bound binds whoever uses it."""

COLUMNS: Final = (
    msg("code"), msg("subject"), msg("place"), msg("force"), msg("due"), msg("due from"), msg("found"), msg("allowed"),
    msg("message"), msg("what to do"),
)
TOLD: Final = 5
"""So many subjects of one code stand in the text; the other forms have all."""


class Form(Enum):
    """In which form an audit is told."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


@attrs.frozen(kw_only=True, eq=False)
class AuditReport:
    """An audit ready to be shown.

    Attributes:
        new: The findings that count: all, or those that a baseline hasn't.
        gone: What the baseline has and nobody finds any more.
        against: Whether there was a baseline.
    """

    audit: Audit
    book: PolicyBook
    new: tuple[Finding, ...]
    gone: tuple[Known, ...] = ()
    against: bool = False

    @classmethod
    def of(cls, audit: Audit, book: PolicyBook, baseline: Baseline | None = None) -> AuditReport:
        """Hold an audit against a baseline, where there is one."""
        if baseline is None:
            return cls(audit=audit, book=book, new=audit.findings)
        return cls(
            audit=audit, book=book, new=baseline.new(audit.findings), gone=baseline.gone(audit.findings), against=True
        )

    @property
    def worst(self) -> Force:
        """How strictly the strictest clause speaks among those that are newly found broken and are due."""
        found = {one.force for one in self.new if one.is_due(self.audit.on)}
        return next((force for force in Force if force in found), Force.NONE)

    @property
    def rests(self) -> Rests:
        """What the answer rests on."""
        return Rests.of(self.audit.data, self.audit.policies)

    def listed(self, code: str) -> Listed:
        """Return the check of a code."""
        return self.audit.checks[code]

    def place(self, subject: str) -> str:
        """Name the place that a subject is, or lies in; empty for a person."""
        digits = subject.partition("-")[0]
        if not digits.isdigit():
            return ""
        divisions = self.book.divisions
        if digits in divisions:
            return divisions.path(digits)
        return divisions.path(digits[:COUNTY_DIGITS]) if digits[:COUNTY_DIGITS] in divisions else ""


# --- text ------------------------------------------------------------------------------------------------


def audit_text(report: AuditReport, lang: Lang) -> str:
    """Tell an audit: what it comes to, then code by code who breaks it, what nobody could say, and the policies."""
    told, lines = report.audit, [say(summary(report), lang), *rests_lines(report.rests, lang)]
    by_code = _by_code(report.new)
    for code, found in by_code.items():
        check = report.listed(code).check
        marks = phrases((report.listed(code).force, msg("{count} found", count=len(found))), lang)
        lines += ["", bracketed(code, marks, lang), f"  {say(check.summary, lang)}"]
        for one in found[:TOLD]:
            said = say(one.message, lang)
            due = "" if one.is_due(told.on) else say(msg("not yet due, from {day}", day=one.due), lang)
            lines.append(f"  - {labelled(one.subject, bracketed(said, due, lang), lang)}")
        if len(found) > TOLD:
            lines.append(f"  - {say(msg('and {count} more', count=len(found) - TOLD), lang)}")
        lines.append(f"  {labelled(say('what to do', lang), say(check.what_to_do, lang), lang)}")
    for head, rest in (
        (msg("Not examined: a fact or a local rule is missing"), told.not_examined),
        (msg("On the policies themselves"), told.about_policy),
    ):
        if rest:
            lines += ["", say(head, lang), *(f"  {line}" for line in _together(rest, lang))]
    if report.gone:
        lines += ["", say(msg("No longer found, though the baseline has it"), lang)]
        lines += [f"  {code}: {listed(subjects, lang)}" for code, subjects in _gone(report.gone).items()]
    return "\n".join(lines)


def summary(report: AuditReport) -> Message:
    """Say in one sentence what an audit comes to."""
    due = sum(one.is_due(report.audit.on) for one in report.new)
    parts = {"checks": len(report.audit.checks), "on": report.audit.on, "found": len(report.new), "due": due}
    if report.against:
        return Message(
            "On {on}: checks {checks}, new findings {found}, of them due {due}, gone since the baseline {gone}.",
            {**parts, "gone": len(report.gone)},
        )
    return Message("On {on}: checks {checks}, findings {found}, of them due {due}.", parts)


def _by_code(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for one in findings:
        found.setdefault(one.code, []).append(one)
    return found


def _gone(known: Sequence[Known]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in known:
        found.setdefault(one.code, []).append(one.subject)
    return found


def _together(findings: Sequence[Finding], lang: Lang) -> Iterator[str]:
    """Yield what is the same in many places once."""
    same: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        same.setdefault((one.code, say(one.message, lang)), []).append(one)
    for (code, said), found in same.items():
        counted = sum(one.count or 0 for one in found)
        rows = say(msg("{count} rows", count=counted), lang) if counted else ""
        subjects = tuple(one.subject for one in found)
        where = listed(subjects, lang) if len(subjects) <= TOLD else say(
            msg("{first} and {count} more", first=subjects[0], count=len(subjects) - 1), lang
        )
        yield f"- {labelled(code, several((bracketed(said, rows, lang), where), lang), lang)}"


# --- data ------------------------------------------------------------------------------------------------


def audit_data(report: AuditReport, lang: Lang) -> dict[str, JsonValue]:
    """Return an audit as JSON data; sentences in one language, codes and figures the same in all."""
    told = report.audit
    return {
        "place": told.place or None,
        "on": told.on.isoformat(),
        "known": None if told.known is None else told.known.isoformat(),
        "shequ_core": version("shequ-core"),
        **report.rests.to_data(),
        "checks": list(told.checks),
        "worst": report.worst.value,
        "findings": [_finding_data(one, report, lang) for one in report.new],
        "not_examined": [_open_data(one, lang) for one in told.not_examined],
        "about_policy": [_open_data(one, lang) for one in told.about_policy],
        "against_baseline": report.against,
        "gone": [{"code": one.code, "subject": one.subject, "what": one.what} for one in report.gone],
    }


def _finding_data(one: Finding, report: AuditReport, lang: Lang) -> dict[str, JsonValue]:
    return {
        "code": one.code,
        "clause": one.clause,
        "subject": one.subject,
        "place": report.place(one.subject) or None,
        "force": one.force.value,
        "grade": one.grade.value,
        "due": one.is_due(report.audit.on),
        "due_from": None if one.due is None else one.due.isoformat(),
        "found": _plain(one.found),
        "allowed": _plain(one.allowed),
        "what": say(one.message, lang),
        "fingerprint": fingerprint(one),
    }


def _open_data(one: Finding, lang: Lang) -> dict[str, JsonValue]:
    data: dict[str, JsonValue] = {"code": one.code, "clause": one.clause, "subject": one.subject}
    if one.count is not None:
        data["count"] = one.count
    return {**data, "grade": one.grade.value, "what": say(one.message, lang)}


def _plain(value: object) -> JsonValue:
    return None if value is None else to_plain(value)


def audit_sarif(report: AuditReport, lang: Lang) -> dict[str, JsonValue]:
    """Return an audit as SARIF 2.1.0: a rule for each check that was run, a result for each finding."""
    codes = list(report.audit.checks)
    rules: list[JsonValue] = [_sarif_rule(report.listed(code), lang) for code in codes]
    results: list[JsonValue] = [
        {
            "ruleId": one.code,
            "ruleIndex": codes.index(one.code),
            "level": LEVELS[one.force] if one.is_due(report.audit.on) else "note",
            "message": {"text": f"{one.subject}: {say(one.message, lang)}"},
            "locations": [
                {
                    "logicalLocations": [
                        {"name": one.subject, "fullyQualifiedName": report.place(one.subject) or one.subject}
                    ]
                }
            ],
            "partialFingerprints": {"shequ/v1": fingerprint(one)},
        }
        for one in report.new
    ]
    return {
        "$schema": SARIF_SCHEMA,
        "version": SARIF_VERSION,
        "runs": [
            {
                "tool": {"driver": {"name": "shequ", "version": version("shequ-core"), "rules": rules}},
                "language": "zh-CN" if lang == ZH else "en",
                "results": results,
            }
        ],
    }


def _sarif_rule(one: Listed, lang: Lang) -> dict[str, JsonValue]:
    return {
        "id": one.check.code,
        "shortDescription": {"text": say(one.check.summary, lang)},
        "fullDescription": {"text": " ".join(say(told, lang) for told in (one.check.summary, *one.check.why))},
        "help": {"text": say(one.check.what_to_do, lang)},
        "defaultConfiguration": {"level": LEVELS[one.force]},
    }


# --- tables ----------------------------------------------------------------------------------------------


def _row(one: Finding, report: AuditReport, lang: Lang) -> tuple[str, ...]:
    return (
        one.code, one.subject, report.place(one.subject), word(one.force, lang),
        say("yes" if one.is_due(report.audit.on) else "no", lang), "" if one.due is None else one.due.isoformat(),
        "" if one.found is None else _shown(one.found, lang), "" if one.allowed is None else _shown(one.allowed, lang),
        say(one.message, lang), say(report.listed(one.code).check.what_to_do, lang),
    )


def _shown(value: object, lang: Lang) -> str:
    if isinstance(value, Span):
        return f"{_shown(value.low, lang)}–{_shown(value.high, lang)}"
    return shown(value, lang)


def audit_csv(report: AuditReport, lang: Lang) -> str:
    """Return the findings as a table, a row each."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow([say(head, lang) for head in COLUMNS])
    write.writerows(_row(one, report, lang) for one in report.new)
    return out.getvalue()


def audit_workbook(report: AuditReport, lang: Lang) -> bytes:
    """Return a workbook: what it comes to, the findings, what nobody could say, the policies, what is gone."""
    rows = [_row(one, report, lang) for one in report.new]
    head = [say(one, lang) for one in COLUMNS]
    sheets = [
        Sheet(say("About", lang), [text_cells(say(summary(report), lang), rests_lines(report.rests, lang))]),
        Sheet(
            say("Findings", lang), [text_cells(name, [row[at] for row in rows]) for at, name in enumerate(head)],
            frozen=1,
        ),
    ]
    for title, found in (
        (word(Grade.NOT_EXAMINED, lang), report.audit.not_examined),
        (say("On the policies themselves", lang), report.audit.about_policy),
    ):
        columns = (
            [one.code for one in found], [one.subject for one in found],
            ["" if one.count is None else str(one.count) for one in found], [say(one.message, lang) for one in found],
        )
        names = (msg("code"), msg("subject"), msg("rows"), msg("message"))
        sheets.append(
            Sheet(title, [text_cells(say(name, lang), texts) for name, texts in zip(names, columns, strict=True)])
        )
    if report.against:
        gone = report.gone
        sheets.append(
            Sheet(
                say("Gone", lang),
                [
                    text_cells(say("code", lang), [one.code for one in gone]),
                    text_cells(say("subject", lang), [one.subject for one in gone]),
                ],
            )
        )
    return book_bytes(sheets)


# --- pages -----------------------------------------------------------------------------------------------


def audit_page(report: AuditReport, lang: Lang) -> str:
    """Return an audit as one page that needs nothing from outside."""
    told = report.audit
    title = say("Audit of community governance", lang)
    name = report.book.path(told.place) if told.place else ""
    parts = [f"<h1>{escape(phrases([one for one in (name, title, told.on) if one], lang))}</h1>"]
    parts.append(f'<p class="sub">{escape(say(summary(report), lang))} shequ-core {escape(version("shequ-core"))}</p>')
    parts += [f'<div class="banner">{escape(line)}</div>' for line in rests_lines(report.rests, lang)]
    by_code = _by_code(report.new)
    heads = [msg("subject"), msg("place"), msg("message"), msg("due from")]
    for code, found in by_code.items():
        check = report.listed(code).check
        marks = phrases((report.listed(code).force, msg("{count} found", count=len(found))), lang)
        rows = [
            (one.subject, report.place(one.subject), say(one.message, lang), "" if one.due is None else str(one.due))
            for one in found
        ]
        parts += [
            f'<h2 id="{escape(code)}">{escape(bracketed(code, marks, lang))}</h2>',
            f"<p>{escape(say(check.summary, lang))}</p>",
            f'<p class="soft">{escape(labelled(say("what to do", lang), say(check.what_to_do, lang), lang))}</p>',
            f"<details open><summary>{len(found)}</summary>{_html_table(heads, rows, lang)}</details>",
        ]
    for head, rest in (
        (msg("Not examined: a fact or a local rule is missing"), told.not_examined),
        (msg("On the policies themselves"), told.about_policy),
    ):
        if rest:
            lines = "".join(f"<li>{escape(line.removeprefix('- '))}</li>" for line in _together(rest, lang))
            parts.append(f"<h2>{escape(say(head, lang))}</h2><ul>{lines}</ul>")
    if report.gone:
        gone = [(code, listed(subjects, lang)) for code, subjects in _gone(report.gone).items()]
        parts.append(f"<h2>{escape(say('No longer found, though the baseline has it', lang))}</h2>")
        parts.append(_html_table([msg("code"), msg("subject")], gone, lang))
    language = "zh-CN" if lang == ZH else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _html_table(heads: Sequence[Message], rows: Sequence[Sequence[str]], lang: Lang) -> str:
    head = "".join(f"<th>{escape(say(one, lang))}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def audit_bytes(report: AuditReport, form: Form, lang: Lang) -> bytes:
    """Return an audit in a form, as a file has it."""
    if form is Form.XLSX:
        return audit_workbook(report, lang)
    texts: Mapping[Form, Callable[[AuditReport, Lang], Any]] = {  # Any: text, or data for JSON
        Form.TEXT: audit_text, Form.JSON: audit_data, Form.SARIF: audit_sarif, Form.CSV: audit_csv,
        Form.HTML: audit_page,
    }
    made = texts[form](report, lang)
    text = made if isinstance(made, str) else as_json(made)
    mark = "\ufeff" if form is Form.CSV else ""  # by which Excel knows UTF-8
    return f"{mark}{text.rstrip()}\n".encode()


def explain_lines(one: Listed, lang: Lang) -> Iterator[str]:
    """Yield the page of a check: what is wrong, the clause's words, what it reads, and what to do."""
    check = one.check
    yield bracketed(check.code, word(one.force, lang), lang)
    yield f"  {say(check.summary, lang)}"
    for told in check.why:
        yield f"  {say(told, lang)}"
    if check.clause in register():
        clause = register()[check.clause]
        yield f"  {labelled(check.clause, clause.says[lang], lang)}"
        if clause.reading:
            yield f"  {labelled(say('our reading', lang), clause.reading[lang], lang)}"
        yield f"  {labelled(say('due from', lang), clause.due.isoformat(), lang)}"
    elif check.source is not None:
        yield f"  {labelled(check.clause, cited(check.source, lang), lang)}"
    if check.tables:
        yield f"  {labelled(say('tables', lang), listed(check.tables, lang), lang)}"
    if check.needs:
        yield f"  {labelled(say('parameters', lang), listed(check.needs, lang), lang)}"
    yield f"  {labelled(say('what to do', lang), say(check.what_to_do, lang), lang)}"
    if one.plugin is not None:
        yield f"  {labelled(say('brought by', lang), one.plugin.name, lang)}"
    else:
        yield f"  {labelled(say('documentation', lang), page_of(check.code), lang)}"


def page_of(code: str) -> str:
    """Return where the documentation has a check, below the site's root."""
    return f"reference/findings/{code}"
