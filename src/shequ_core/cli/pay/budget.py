"""`shequ pay budget`: what a year's post holders cost, and who pays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import assume_option, known_option, place_option, print_json, verb
from shequ_core.errors import msg
from shequ_core.reports.wording import say
from shequ_core.values import MONTHS_PER_YEAR


@verb(
    help="What the post holders of a place cost in a year, what of it the new system adds over the old pay, and who"
    " pays: by payer, month, subdistrict, class of post and line."
)
@click.argument("folder", type=click.Path(path_type=Path))
@place_option
@click.option("--year", "of_year", type=click.IntRange(1950, 2200), required=True, help="The calendar year.")
@click.option(
    "--out", type=click.Path(path_type=Path),
    help="Write it too: as a workbook (FILE.xlsx) that isn't there yet, or into a folder.",
)
@known_option
@assume_option
def budget(
    folder: Path,
    place: str,
    of_year: int,
    out: Path | None,
    known: date | None,
    *,
    assume: bool,
    lang: str,
    as_data: bool,
) -> None:
    """Work out a year's budget, tell it, and write it where that is asked."""
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.budget import budget_data, budget_text, write_budget
    from shequ_core.reports.progress import progress
    from shequ_core.tables.files import read_dataset
    from shequ_core.year.budget import budget as worked_out

    book = PolicyBook.load(assume=assume)
    code = book.find(place, date(of_year, MONTHS_PER_YEAR, 31)).code
    data = read_dataset(folder)
    with progress(say("The year, month by month", lang)) as step:
        told = worked_out(data, book, code, of_year, known=known, progress=step)
    if out is not None:
        write_budget(told, out, lang=lang, book=book)
    if as_data:
        print_json(budget_data(told, book))
        return
    click.echo(budget_text(told, book, lang))
    if out is not None:
        click.echo(say(msg("Written to {out}.", out=str(out)), lang))
