"""`shequ audit`: which facts break which clause."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import click

from shequ_core.cli.common import (
    ToldError,
    asked_language,
    assume_option,
    known_option,
    on_option,
    verb,
)
from shequ_core.errors import CheckNotFoundError, msg
from shequ_core.reports.wording import EN, say

BROKEN: Final = 1
"""A clause that must be kept, or whose option is used beyond its bound, is broken and due."""
DEPARTED: Final = 3
"""Only clauses that speak in principle are departed from."""
FORMS: Final = ("text", "json", "sarif", "csv", "xlsx", "html")

_file = click.Path(path_type=Path)


@verb(
    help="Find which facts break which clause: the linter of community governance. Each finding has a code that begins"
    " with its clause, who or what it is about, what was found, what is allowed, and what to do. What a missing table"
    " or value leaves open is told as not examined. Exit code: 0 nothing that is due was found, 1 a clause that must be"
    " kept is broken, 3 only clauses that speak in principle are, 2 the input can't be used."
)
@click.argument("folder", type=_file, required=False)
@click.option(
    "--place", metavar="PLACE", help="This place alone: a code or a Chinese name; without it all that the tables hold."
)
@click.option(
    "--select", metavar="CODES", default="",
    help="Only checks whose codes begin so, with commas between them: JLW2,JLG2.3.",
)
@click.option("--ignore", metavar="CODES", default="", help="Leave out checks whose codes begin so.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", help="The form of the answer.")
@click.option("--out", type=_file, metavar="FILE", help="Write the answer to a file, in place of an earlier one.")
@click.option("--baseline", type=_file, metavar="FILE", help="Tell only what this baseline hasn't, and what is gone.")
@click.option("--write-baseline", type=_file, metavar="FILE", help="Take down what is found now as a baseline.")
@click.option("--explain", "code", metavar="CODE", help="Show the page of a check; no folder is needed.")
@click.option("--list", "want_list", is_flag=True, help="List the checks; no folder is needed.")
@on_option
@known_option
@assume_option
def audit(
    folder: Path | None,
    place: str | None,
    select: str,
    ignore: str,
    form: str,
    out: Path | None,
    baseline: Path | None,
    write_baseline: Path | None,
    code: str | None,
    on: date,
    known: date | None,
    *,
    want_list: bool,
    assume: bool,
    lang: str,
    as_data: bool,
) -> None:
    """Run the checks, tell what they find, and leave with the exit code of the worst."""
    from shequ_core.audit.baseline import Baseline, is_baseline
    from shequ_core.audit.registry import checks_of, chosen, near_codes
    from shequ_core.audit.run import run_audit
    from shequ_core.law.clauses import Force
    from shequ_core.policy.book import PolicyBook
    from shequ_core.procedures.files import journals_beside
    from shequ_core.reports.audit import AuditReport, Form, audit_bytes, explain_lines
    from shequ_core.reports.out import write_or_replace
    from shequ_core.reports.wording import as_json
    from shequ_core.tables.files import read_dataset

    book = PolicyBook.load(assume=assume)
    if code is not None or want_list:
        listed = checks_of(book)
        if code is None:
            for name, one in chosen(listed, _codes(select), _codes(ignore)).items():
                click.echo(f"{name}  {say(one.check.summary, lang)}")
            return
        if code not in listed:
            raise CheckNotFoundError(code, near_codes(code, listed))
        for line in explain_lines(listed[code], lang):
            click.echo(line)
        return
    context = click.get_current_context()
    if folder is None:
        raise ToldError(msg("Say which folder holds the tables: shequ audit FOLDER"), context)
    wanted = Form.JSON if as_data else Form(form)
    if wanted is Form.XLSX and out is None:
        raise ToldError(msg("A workbook is written to a file: name one with --out"), context)
    earlier = None if baseline is None else Baseline.read(baseline)
    asked = "" if place is None else book.find(place, on).code
    data = read_dataset(folder)
    found = run_audit(
        data, book, on=on, place=asked, known=known, select=_codes(select), ignore=_codes(ignore),
        journals=journals_beside(folder),
    )
    report = AuditReport.of(found, book, earlier)
    said_in = (asked_language(context) or EN) if wanted in {Form.JSON, Form.SARIF} else lang
    content = audit_bytes(report, wanted, said_in)
    files = {} if out is None else {out: content}
    if files:
        write_or_replace(files, lambda _: True)
    if write_baseline is not None:
        text = as_json(Baseline.of(found.findings).to_data()) + "\n"
        write_or_replace({write_baseline: text.encode()}, is_baseline)
    if out is None:
        click.echo(content.decode().removeprefix("\ufeff"), nl=False)
    else:
        click.echo(say(msg("Written: {files}", files=(str(out),)), lang))
    if report.worst in {Force.MUST, Force.MAY}:
        raise click.exceptions.Exit(BROKEN)
    if report.worst is Force.SHOULD:
        raise click.exceptions.Exit(DEPARTED)


def _codes(given: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in given.replace("，", ",").split(",") if one.strip())
