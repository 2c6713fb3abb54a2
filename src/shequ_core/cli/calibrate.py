"""`shequ calibrate`: the model beside what was published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from shequ_core.cli.common import assume_option, print_json, verb
from shequ_core.errors import msg
from shequ_core.reports.wording import say


@verb(
    help="Hold the model against what was published: people are made up, some years of them pass, and each published"
    " figure stands beside what comes of it, with the assumptions that carry it. It needs values that nobody issued:"
    " give --assume."
)
@click.argument("place", default="22")
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help="So many seeds, from 1.")
@click.option(
    "--out", "outs", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
    help="Where to write it: .html (a page), .json, .csv or .xlsx.",
)
@assume_option
def calibrate(place: str, seeds: int, outs: Sequence[Path], *, assume: bool, lang: str, as_data: bool) -> None:
    """Compare, write it, and tell it."""
    from shequ_core.jilin.divisions import jilin_divisions
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.calibration import FORMS, calibration_text, write_calibration
    from shequ_core.reports.lists import check_forms
    from shequ_core.reports.progress import progress
    from shequ_core.simulation.calibration import calibrate as held_against

    check_forms(outs, FORMS)
    book = PolicyBook.load(assume=assume)
    with progress(say("The years, seed by seed", lang)) as step:
        found = held_against(book, jilin_divisions().find(place).code, range(1, seeds + 1), progress=step)
    if outs:
        write_calibration(found, outs, lang)
    if as_data:
        print_json(found.to_data())
        return
    for line in calibration_text(found, lang):
        click.echo(line)
    if outs:
        click.echo(say(msg("Written: {files}", files=tuple(str(out) for out in outs)), lang))
