"""`shequ synthesize`: made-up people and buildings, called so in every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from shequ_core.cli.common import assume_option, print_json, verb
from shequ_core.errors import msg
from shequ_core.reports.wording import say

if TYPE_CHECKING:
    from shequ_core.tables.dataset import Dataset


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
@click.option(
    "--by-county", is_flag=True,
    help="Give each county a folder of its own (county=220104), so that it can be worked on alone: CSV or Parquet.",
)
@click.option(
    "--committees", type=click.IntRange(1), help="For 99, a country that doesn't exist: how many committees it has."
)
@click.option("--posts", type=click.IntRange(1), help="And how many posts: it is made and written county by county.")
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
    by_county: bool,
    committees: int | None,
    posts: int | None,
    overwrite: bool,
    assume: bool,
    lang: str,
    as_data: bool,
) -> None:
    """Make up a place and write its tables."""
    from shequ_core.jilin.divisions import jilin_divisions
    from shequ_core.policy.book import PolicyBook
    from shequ_core.population.fictional import FICTIONAL, Country
    from shequ_core.population.synthesize import synthesize as made_up
    from shequ_core.tables.files import write_counties, write_dataset

    counts: Counter[str] = Counter()
    if place == FICTIONAL:
        if committees is None or posts is None or not by_county or buildings or compliant:
            raise click.UsageError(
                say(msg("99 is made with --committees, --posts and --by-county, without buildings"), lang)
            )
        country, code = Country(committees=committees, posts=posts), place
        divisions = country.divisions

        def parts() -> Iterator[tuple[str, Dataset]]:
            for county in country.counties:
                data = country.people([county], of_year, seed)
                counts.update({name: len(table) for name, table in data.tables()})
                yield county, data

        written = write_counties(parts(), out, form=form, headers=headers, overwrite=overwrite)
    else:
        if committees is not None or posts is not None:
            raise click.UsageError(say(msg("--committees and --posts are said of 99 alone"), lang))
        book = PolicyBook.load(assume=assume) if compliant else None
        divisions = jilin_divisions() if book is None else book.divisions
        code = divisions.find(place).code if book is None else book.find(place).code
        data = made_up(code, of_year, seed, buildings=buildings, compliant=compliant, book=book)
        written = write_dataset(data, out, form=form, headers=headers, overwrite=overwrite, counties=by_county)
        counts.update({name: len(table) for name, table in data.tables()})
    if as_data:
        print_json({"place": code, "year": of_year, "seed": seed, "synthetic": True, "rows": dict(counts)})
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
