"""`shequ explain`: why somebody's pay is what it is, down to the clause and the fen."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shequ_core.cli.common import assume_option, known_option, print_json, verb
from shequ_core.values import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from shequ_core.model.places import Divisions
    from shequ_core.tables.dataset import Dataset


@verb(help="Explain every line of a worker's year: rule, inputs, parameters and who set them, branch and rounding.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--place", metavar="PLACE",
    help="The place: a code such as 220104, or its Chinese name; without it the one where the worker's posts are.",
)
@click.option("--worker", required=True, metavar="ID", help="The worker's id, as the roster has it.")
@click.option("--year", "of_year", type=click.IntRange(1950, 2200), required=True, help="The calendar year.")
@known_option
@assume_option
def explain(
    folder: Path,
    place: str | None,
    worker: str,
    of_year: int,
    known: date | None,
    *,
    assume: bool,
    lang: str,
    as_data: bool,
) -> None:
    """Explain a worker's year."""
    from shequ_core.explanation import explain as explained
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.explanation import explanation_text
    from shequ_core.tables.files import read_dataset

    book = PolicyBook.load(assume=assume)
    data = read_dataset(folder)
    end = date(of_year, MONTHS_PER_YEAR, 31)
    code = _place_of(data, worker, book.divisions) if place is None else book.find(place, end).code
    told = explained(data, book, code, of_year, worker, known=known)
    if as_data:
        print_json(told.to_data())
        return
    click.echo(explanation_text(told, book.divisions, lang))


def _place_of(data: Dataset, worker: str, divisions: Divisions) -> str:
    """Return the smallest place, a county or above it, that holds all posts somebody ever held, else all there are."""
    from shequ_core.model.places import COUNTY_DIGITS, NATION, ancestors

    posts = data.holdings.post.where((data.holdings.worker == worker).true()).to_list()
    codes = [str(code) for code in posts or data.communities.code.to_list()]
    around = reversed(ancestors(codes[0][:COUNTY_DIGITS]))
    shared = (place for place in around if place in divisions and all(code.startswith(place) for code in codes))
    return next(shared, NATION)
