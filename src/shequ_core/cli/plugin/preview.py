"""`shequ plugin preview`: what a plugin would do, before anybody is paid by it."""

from __future__ import annotations

from pathlib import Path

import click

from shequ_core.cli.common import assume_option, print_json, today, verb
from shequ_core.errors import msg
from shequ_core.reports.wording import say


@verb(
    help="Show what a plugin would do: which values it sets, what they replace, where they break a clause above, and"
    " what a year of made-up people of its place comes to with it and without it: headcount, grids, pay, bonuses,"
    " exits. PLUGIN is its folder (which need not be installed), its module, or the code of its place."
)
@click.argument("plugin")
@click.option("--year", "of_year", type=click.IntRange(1990, 2190), help="The year that is worked out; this year.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of chance.")
@click.option(
    "--communities", type=click.IntRange(1), default=None, metavar="NUMBER",
    help="Communities in each county, for a place of which no figures are published.",
)
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write it as a page, too.")
@assume_option
def preview(
    plugin: str, of_year: int | None, seed: int, communities: int | None, html: Path | None, *, assume: bool, lang: str,
    as_data: bool,
) -> None:
    """Work it out and tell it."""
    from shequ_core.reports.preview import preview_data, preview_lines, write_preview
    from shequ_core.testing.candidate import candidates
    from shequ_core.year.preview import preview as worked_out

    with candidates(plugin) as found:
        told = [
            worked_out(
                one.sound_policies(), name=one.plugin.distribution or one.plugin.name, year=of_year or today().year,
                seed=seed, assume=assume, communities=communities or 0,
            )
            for one in found
        ]
        if html is not None:
            write_preview(told, html, lang)
    if as_data:
        print_json([preview_data(one) for one in told])
        return
    for one in told:
        for line in preview_lines(one, lang):
            click.echo(line)
    if html is not None:
        click.echo(say(msg("Written: {files}", files=(str(html),)), lang))
