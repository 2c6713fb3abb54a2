"""`shequ careers`: which way is open to whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import assume_option, known_option, on_option, tell_list, verb

_file = click.Path(path_type=Path)


@verb(
    help="Who of a place's post holders may go which way on a day, and which condition each of the others lacks"
    " (JLW2.6, JLG2.2.4): civil service, subdistrict leaders, jobs of county and subdistrict, delegates. What hangs on"
    " a fact that is missing is unknown, never no."
)
@click.argument("folder", type=_file)
@click.option("--out", "outs", type=_file, multiple=True, metavar="FILE", help="The list: .csv, .xlsx or .json.")
@on_option
@known_option
@assume_option
def careers(
    folder: Path, outs: Sequence[Path], on: date, known: date | None, *, assume: bool, lang: str, as_data: bool
) -> None:
    """Say it, and write the list."""
    from shequ_core.planning.careers import careers as found_of
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.careers import careers_listing
    from shequ_core.reports.lists import check_forms, resting
    from shequ_core.tables.files import read_dataset

    check_forms(outs)
    book = PolicyBook.load(assume=assume)
    data = read_dataset(folder)
    listing = careers_listing(found_of(data, book, on, known=known))
    tell_list(resting(listing, data, book, on, known), outs, lang, as_data=as_data)
