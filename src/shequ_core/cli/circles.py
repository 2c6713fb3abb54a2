"""`shequ circles`: who reaches which facility on foot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import assume_option, known_option, on_option, print_json, verb
from shequ_core.errors import msg
from shequ_core.reports.wording import say

_file = click.Path(path_type=Path)


@verb(
    help="Say for each community and kind of facility how many households reach one on foot in time (JLG2.9)."
    " FACILITIES is a table with id, kind, lon and lat (or x and y). Nobody published a walking speed or a detour:"
    " set them in a plugin, or take what the library assumes with --assume."
)
@click.argument("buildings", type=_file)
@click.argument("facilities", type=_file)
@click.option(
    "--place", metavar="PLACE",
    help="Whose walk: a code or a Chinese name. Without it each community's own county.",
)
@click.option(
    "--out", "outs", type=_file, multiple=True, metavar="FILE",
    help="The file to write: .geojson for maps, .csv, .xlsx or .json.",
)
@on_option
@known_option
@assume_option
def circles(
    buildings: Path, facilities: Path, place: str | None, outs: Sequence[Path], on: date, known: date | None, *,
    assume: bool, lang: str, as_data: bool,
) -> None:
    """Measure, and write what was found."""
    from shequ_core.planning.circles import circles as measured
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.circles import FORMS, circle_listing, write_circles
    from shequ_core.reports.lists import check_forms

    check_forms(outs, FORMS)
    found = measured(
        buildings, facilities, on, policy=place, book=PolicyBook.load(assume=assume), known=known
    )
    if outs:
        write_circles(found, outs, lang)
    listing = circle_listing(found)
    if as_data:
        print_json(listing.to_data())
        return
    for line in listing.lines(lang):
        click.echo(line)
    if outs:
        click.echo(say(msg("Written: {files}", files=tuple(str(out) for out in outs)), lang))
