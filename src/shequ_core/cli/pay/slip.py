"""`shequ pay slip`: pay slips of a month."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import (
    assume_option,
    known_option,
    month_option,
    owed_option,
    place_option,
    print_json,
    verb,
)
from shequ_core.errors import OutputError, msg
from shequ_core.reports.wording import say


@verb(
    help="Pay slips of a month: every line with its clauses and how sure the values behind it are, contributions by"
    " scheme, arrears with month and cause. With --out a workbook (.xlsx) or a page (.html) of all of them."
)
@click.argument("folder", type=click.Path(path_type=Path))
@place_option
@month_option
@click.option("--worker", metavar="ID", help="Only this person's slip: the id, as the roster has it.")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write: it ends in .xlsx or .html.")
@owed_option
@known_option
@assume_option
def slip(
    folder: Path,
    place: str,
    month: date,
    worker: str | None,
    out: Path | None,
    ledger: Path | None,
    known: date | None,
    *,
    assume: bool,
    lang: str,
    as_data: bool,
) -> None:
    """Show or write slips."""
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.out import write_new
    from shequ_core.reports.slip import slips_of_month, slips_page
    from shequ_core.reports.slipbook import slips_workbook
    from shequ_core.tables.files import read_dataset

    kind = None if out is None else out.suffix.casefold()
    if out is not None and kind not in {".xlsx", ".html"}:
        raise OutputError(msg("{out} is no name for slips: let it end in .xlsx or .html", out=out.name))
    book = PolicyBook.load(assume=assume)
    slips = slips_of_month(read_dataset(folder), book, place, month, ledger=ledger, known=known)
    wanted = slips if worker is None else slips.only(worker)
    if out is not None:
        content = slips_workbook(wanted, lang) if kind == ".xlsx" else slips_page(wanted.values(), lang).encode()
        write_new(out, content)
        told = msg(
            "{people} pay slips, paid out {amount} yuan: {out}",
            people=len(wanted), amount=wanted.paid(), out=str(out),
        )
    if as_data:
        print_json([one.to_data() for one in wanted.values()])
    elif out is not None:
        click.echo(say(told, lang))
    else:
        click.echo("\n\n".join(one.text(lang) for one in wanted.values()))
