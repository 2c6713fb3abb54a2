"""`shequ targets`: how near the announced figures are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import assume_option, known_option, on_option, tell_list, verb

_file = click.Path(path_type=Path)


@verb(
    help="Measure the announced figures of a place on a day (JLG1.2, JLG2.5.2, JLG2.6.1a, JLW2.7b): how many social"
    " organisations, volunteer teams, communities on the platform and certified social workers are missing, and"
    " whether each is due. They are aims: to miss one is no breach."
)
@click.argument("folder", type=_file)
@click.option("--out", "outs", type=_file, multiple=True, metavar="FILE", help="The list: .csv, .xlsx or .json.")
@on_option
@known_option
@assume_option
def targets(
    folder: Path, outs: Sequence[Path], on: date, known: date | None, *, assume: bool, lang: str, as_data: bool
) -> None:
    """Measure, and write the list."""
    from shequ_core.planning.targets import targets as measured
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.lists import check_forms, resting
    from shequ_core.reports.targets import targets_listing
    from shequ_core.tables.files import read_dataset

    check_forms(outs)
    data, book = read_dataset(folder), PolicyBook.load(assume=assume)
    found = measured(data, book, on, known=known)
    tell_list(resting(targets_listing(found), data, book, on, known), outs, lang, as_data=as_data)
