"""`shequ patrols`: the rounds of every grid in a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import assume_option, known_option, month_option, print_json, verb
from shequ_core.errors import msg
from shequ_core.reports.wording import say

_file = click.Path(path_type=Path)


@verb(
    help="Plan the rounds of every grid in a month (JLW2.8b): so many rounds each working day of the official calendar,"
    " make-up days included, and every household called on once within the month. BUILDINGS is a table of buildings"
    " with --grids, or a plan that `shequ grids` wrote as .geojson."
)
@click.argument("buildings", type=_file)
@click.option("--grids", type=_file, metavar="FILE", help="The grid of each building: a plan, or a table.")
@click.option(
    "--place", metavar="PLACE",
    help="Whose rounds: a code or a Chinese name. Without it each grid's own county.",
)
@month_option
@click.option(
    "--out", "outs", type=_file, multiple=True, required=True, metavar="FILE",
    help="The plan: .ics for calendar programs, .csv, .xlsx or .json.",
)
@known_option
@assume_option
def patrols(
    buildings: Path, grids: Path | None, place: str | None, month: date, outs: Sequence[Path], known: date | None,
    *, assume: bool, lang: str, as_data: bool,
) -> None:
    """Plan, write and tell it."""
    from shequ_core.planning.patrols import patrols as planned
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.lists import check_forms
    from shequ_core.reports.patrols import FORMS, patrol_listing, write_patrols

    check_forms(outs, FORMS)
    plan = planned(buildings, grids, month, policy=place, book=PolicyBook.load(assume=assume), known=known)
    write_patrols(plan, outs, lang)
    listing = patrol_listing(plan)
    if as_data:
        print_json(listing.to_data())
        return
    for line in listing.lines(lang):
        click.echo(line)
    click.echo(say(msg("Written: {files}", files=tuple(str(out) for out in outs)), lang))
