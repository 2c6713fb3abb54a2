"""`shequ due`: what falls due for each post holder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import assume_option, known_option, on_option, tell_list, verb

_file = click.Path(path_type=Path)


@verb(
    help="List what falls due for each post holder on a day: the year by whose end the next training is due (JLW2.7a),"
    " what certificates the community lacks (JLW2.7b), whether an agreement is to be signed (JLW2.5c), and the days of"
    " paid leave (JLW2.5a)."
)
@click.argument("folder", type=_file)
@click.option("--out", "outs", type=_file, multiple=True, metavar="FILE", help="The list: .csv, .xlsx or .json.")
@on_option
@known_option
@assume_option
def due(
    folder: Path, outs: Sequence[Path], on: date, known: date | None, *, assume: bool, lang: str, as_data: bool
) -> None:
    """List it."""
    from shequ_core.planning.due import due as found_of
    from shequ_core.planning.workdays import OfficialCalendar
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.due import due_listing
    from shequ_core.reports.lists import check_forms, resting
    from shequ_core.tables.files import read_dataset

    check_forms(outs)
    data = read_dataset(folder)
    calendar = None if data.leaves is None else OfficialCalendar()
    book = PolicyBook.load(assume=assume)
    found = found_of(data, book, on, known=known, calendar=calendar)
    tell_list(resting(due_listing(found), data, book, on, known), outs, lang, as_data=as_data)
