"""`shequ year`: one year of a place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import (
    assume_option,
    known_option,
    place_option,
    print_json,
    verb,
)
from shequ_core.errors import msg
from shequ_core.reports.wording import say, word
from shequ_core.values import MONTHS_PER_YEAR


@verb(help="Run one year of a place: posts against their range, pay month by month, exits, trainings, conflicts.")
@click.argument("folder", type=click.Path(path_type=Path))
@place_option
@click.option("--year", "of_year", type=click.IntRange(1950, 2200), required=True, help="The calendar year.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True,
    help="The folder for the answer; an earlier answer of ours in it is replaced.",
)
@known_option
@assume_option
def year(
    folder: Path, place: str, of_year: int, out: Path, known: date | None, *, assume: bool, lang: str, as_data: bool
) -> None:
    """Run one year of a place and write the answer."""
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.progress import progress
    from shequ_core.reports.year import summary_data, write_year
    from shequ_core.tables.files import read_dataset
    from shequ_core.year import run_year

    book = PolicyBook.load(assume=assume)
    code = book.find(place, date(of_year, MONTHS_PER_YEAR, 31)).code
    data = read_dataset(folder)
    with progress(say("The year, month by month", lang)) as step:
        result = run_year(data, book, code, of_year, known=known, progress=step)
    write_year(result, out, lang=lang, book=book)
    if as_data:
        print_json(summary_data(result, book))
        return
    told = msg(
        "{place}, {year}: {people} people, {slips} slips, {total} yuan; {findings} findings. Read {report}.",
        place=book.divisions.path(code), year=of_year, people=len(result.people), slips=len(result.slips),
        total=result.total().yuan(), findings=len(result.findings), report=str(out / "report.html"),
    )
    click.echo(say(told, lang))
    if result.uncertain:
        statuses = sorted({one for found in result.uncertain.values() for one in found if one.asked_for})
        marks = tuple(word(one, lang) for one in statuses)
        keys = tuple(result.uncertain)
        told = msg("It rests on values that nobody issued ({statuses}): {keys}.", statuses=marks, keys=keys)
        click.echo(say(told, lang))
    if result.stale:
        told = msg("Past their stated life, and used for want of newer ones: {keys}.", keys=result.stale)
        click.echo(say(told, lang))
