"""`shequ synthesize`: made-up people and buildings, called so in every row."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from shequ_core.cli.common import assume_option, print_json, verb
from shequ_core.errors import msg
from shequ_core.reports.wording import say


@verb(help="Make up the communities, posts and people of a place from published figures, to try things on.")
@click.argument("place")
@click.option("--year", "of_year", type=int, required=True, help="The calendar year.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of chance.")
@click.option("--buildings", is_flag=True, help="Make up buildings too, and the roads and rivers between them.")
@click.option(
    "--compliant", is_flag=True,
    help="Mend it until an audit finds nothing on any day of the year, with every table that an audit looks at.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True,
    help="The folder for the tables, or a workbook (.xlsx).",
)
@click.option("--form", type=click.Choice(["csv", "xlsx", "parquet"]), default="csv", help="How to write it.")
@click.option("--headers", type=click.Choice(["en", "zh"]), default="en", help="The language of headers.")
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
@assume_option
def synthesize(
    place: str,
    of_year: int,
    seed: int,
    out: Path,
    form: Literal["csv", "xlsx", "parquet"],
    headers: Literal["en", "zh"],
    *,
    buildings: bool,
    compliant: bool,
    overwrite: bool,
    assume: bool,
    lang: str,
    as_data: bool,
) -> None:
    """Make up a place and write its tables."""
    from shequ_core.jilin.divisions import jilin_divisions
    from shequ_core.policy.book import PolicyBook
    from shequ_core.population.synthesize import synthesize as made_up
    from shequ_core.tables.files import write_dataset

    book = PolicyBook.load(assume=assume) if compliant else None
    divisions = jilin_divisions() if book is None else book.divisions
    code = divisions.find(place).code if book is None else book.find(place).code
    data = made_up(code, of_year, seed, buildings=buildings, compliant=compliant, book=book)
    written = write_dataset(data, out, form=form, headers=headers, overwrite=overwrite)
    counts = {name: len(table) for name, table in data.tables()}
    if as_data:
        print_json({"place": code, "year": of_year, "seed": seed, "synthetic": True, "rows": counts})
        return
    click.echo(
        say(
            msg(
                "{place}: {communities} communities, {posts} posts, {workers} people, all of them synthetic, in {out}.",
                place=divisions.path(code), communities=counts["communities"], posts=counts["posts"],
                workers=counts["workers"], out=str(written),
            ),
            lang,
        )
    )
