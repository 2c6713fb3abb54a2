"""`shequ pay run`: a month before it is paid."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import (
    Month,
    assume_option,
    known_option,
    ledger_option,
    month_option,
    place_option,
    print_json,
    verb,
)
from shequ_core.reports.wording import say


@verb(
    help="Run a month before it is paid: what it comes to, what is owed for sealed months, and who is paid otherwise"
    " than in another month, by how much and why. Nothing is written."
)
@click.argument("folder", type=click.Path(path_type=Path))
@place_option
@month_option
@ledger_option
@click.option("--against", type=Month(), metavar="MONTH", help="Compare with that month: as it was sealed, if it was.")
@known_option
@assume_option
def run(
    folder: Path,
    place: str,
    month: date,
    ledger: Path,
    against: date | None,
    known: date | None,
    *,
    assume: bool,
    lang: str,
    as_data: bool,
) -> None:
    """Run a month and tell what it comes to."""
    from shequ_core.ledger.months import last_day, number_of
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.payrun import run_data, run_text
    from shequ_core.reports.progress import progress
    from shequ_core.tables.files import read_dataset
    from shequ_core.year.payrun import pay_run

    book = PolicyBook.load(assume=assume)
    code = book.find(place, last_day(number_of(month))).code
    data = read_dataset(folder)
    with progress(say("The month, and those before it", lang)) as step:
        told = pay_run(data, book, code, month, ledger, known=known, against=against, progress=step)
    name = book.divisions.path(code)
    if as_data:
        print_json(run_data(told, name))
        return
    click.echo(run_text(told, name, lang))
