"""`shequ pay average`: a county's average standard against its reference."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from shequ_core.cli.common import (
    assume_option,
    known_option,
    language,
    month_option,
    place_option,
    print_json,
    verb,
)
from shequ_core.errors import msg
from shequ_core.reports.wording import say
from shequ_core.values import Status

if TYPE_CHECKING:
    from shequ_core.policy.book import PolicyBook

ALWAYS: Final = date.min


class Share(click.ParamType[Fraction]):
    """An exact share written 1/50."""

    name = "share"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None  # Any: as click has it
    ) -> Fraction:
        """Read it, or say what is wrong with it."""
        try:
            share = Fraction(str(value)) if "." not in str(value) else None
        except (ValueError, ZeroDivisionError):
            share = None
        if share is None or not 0 <= share <= 1:
            told = msg("{given} is no exact share from 0 to 1: write it as 1/50", given=str(value))
            raise click.BadParameter(say(told, language(ctx)), ctx, param)
        return share


@verb(
    help="Hold the average standard of a place's post holders against its reference, and propose grades that would"
    " meet it."
)
@click.argument("folder", type=click.Path(path_type=Path))
@place_option
@month_option
@click.option(
    "--tolerance", type=Share(), metavar="SHARE",
    help="Try this tolerance, such as 1/50, in place of the one that the place has set.",
)
@known_option
@assume_option
def average(
    folder: Path,
    place: str,
    month: date,
    tolerance: Fraction | None,
    known: date | None,
    *,
    assume: bool,
    lang: str,
    as_data: bool,
) -> None:
    """Check a month's average and tell it."""
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.average import average_data, average_text
    from shequ_core.tables.files import read_dataset
    from shequ_core.year.average import average_check

    book = PolicyBook.load(assume=assume)
    code = book.find(place, month).code
    if tolerance is not None:
        book = _tried(book, code, tolerance)
    told = average_check(read_dataset(folder), book, code, month, known=known)
    if as_data:
        print_json(average_data(told, book))
        return
    click.echo(average_text(told, book, lang))


def _tried(book: PolicyBook, place: str, tolerance: Fraction) -> PolicyBook:
    """Lay a tolerance over the book that nobody issued, as its status says."""
    from shequ_core.law.clauses import Document
    from shequ_core.policy.parameters import Reform
    from shequ_core.policy.pay import AVERAGE_TOLERANCE

    value = AVERAGE_TOLERANCE.set(
        tolerance, since=ALWAYS, known_on=ALWAYS, source=Document("--tolerance").article(""), status=Status.ASSUMPTION
    )
    return book.reformed(Reform(name="--tolerance", place=place, values=[value], scope="replace_below"))
