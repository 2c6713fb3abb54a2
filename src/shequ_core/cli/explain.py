"""`shequ explain`: why somebody's pay is what it is, down to the clause and the fen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import assume_option, known_option, place_option, print_json, verb
from shequ_core.values import MONTHS_PER_YEAR


@verb(help="Explain every line of a worker's year: rule, inputs, parameters and who set them, branch and rounding.")
@click.argument("folder", type=click.Path(path_type=Path))
@place_option
@click.option("--worker", required=True, metavar="ID", help="The worker's id, as the roster has it.")
@click.option("--year", "of_year", type=click.IntRange(1950, 2200), required=True, help="The calendar year.")
@known_option
@assume_option
def explain(
    folder: Path, place: str, worker: str, of_year: int, known: date | None, *, assume: bool, lang: str, as_data: bool
) -> None:
    """Explain a worker's year."""
    from shequ_core.explanation import explain as explained
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.explanation import explanation_text
    from shequ_core.tables.files import read_dataset

    book = PolicyBook.load(assume=assume)
    code = book.find(place, date(of_year, MONTHS_PER_YEAR, 31)).code
    told = explained(read_dataset(folder), book, code, of_year, worker, known=known)
    if as_data:
        print_json(told.to_data())
        return
    click.echo(explanation_text(told, book.divisions, lang))
