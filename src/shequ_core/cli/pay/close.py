"""`shequ pay close`: a month is sealed, and never changes again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import (
    assume_option,
    known_option,
    ledger_option,
    month_option,
    place_option,
    print_json,
    today,
    verb,
)
from shequ_core.reports.wording import say


@verb(
    help="Seal a month with the arrears of earlier ones: slips, pools, contributions, the policy, and digests of the"
    " facts. It never changes again; what becomes known later is paid in the next month."
)
@click.argument("folder", type=click.Path(path_type=Path))
@place_option
@month_option
@ledger_option
@known_option
@assume_option
def close(
    folder: Path, place: str, month: date, ledger: Path, known: date | None, *, assume: bool, lang: str, as_data: bool
) -> None:
    """Seal a month and say what was sealed."""
    from shequ_core.ledger.months import last_day, number_of
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.payrun import closed_text, run_data, seal_data
    from shequ_core.reports.progress import progress
    from shequ_core.tables.files import read_dataset
    from shequ_core.year.payrun import close_month

    book = PolicyBook.load(assume=assume)
    code = book.find(place, last_day(number_of(month))).code
    data = read_dataset(folder)
    with progress(say("The month, and those before it", lang)) as step:
        told = close_month(data, book, code, month, ledger, sealed_on=today(), known=known, progress=step)
    seal, name = told.sealing.sealed.seal, book.divisions.path(code)
    if as_data:
        print_json({**run_data(told.run, name), "sealed": seal_data(seal), "sealed_now": told.sealing.fresh})
        return
    click.echo(closed_text(told, name, lang))
