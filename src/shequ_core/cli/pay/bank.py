"""`shequ pay bank`: who is paid how much, for the bank."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from shequ_core.cli.common import (
    assume_option,
    known_option,
    month_option,
    owed_option,
    place_option,
    print_json,
    verb,
)
from shequ_core.errors import msg
from shequ_core.reports.wording import say


@verb(
    help="Write the file for the bank: id, name and amount of everybody who is paid, net pay and arrears. What it sums"
    " to stands beside it, in a file that ends in .json."
)
@click.argument("folder", type=click.Path(path_type=Path))
@place_option
@month_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write: it ends in .csv.")
@click.option("--without", metavar="ID", multiple=True, help="Leave this person out; may be given again.")
@owed_option
@known_option
@assume_option
def bank(
    folder: Path,
    place: str,
    month: date,
    out: Path,
    without: tuple[str, ...],
    ledger: Path | None,
    known: date | None,
    *,
    assume: bool,
    lang: str,
    as_data: bool,
) -> None:
    """Write the file for the bank."""
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.bank import bank_file, write_bank_file
    from shequ_core.reports.slip import slips_of_month
    from shequ_core.tables.files import read_dataset

    book = PolicyBook.load(assume=assume)
    slips = slips_of_month(read_dataset(folder), book, place, month, ledger=ledger, known=known)
    found = bank_file(slips, without=without)
    beside = write_bank_file(found, out, lang)
    if as_data:
        print_json(found.to_data(out.read_bytes()))
        return
    told = msg(
        "{people} people, {amount} yuan: {out}; what it sums to stands in {beside}.",
        people=len(found.payments), amount=found.total, out=str(out), beside=str(beside),
    )
    click.echo(say(told, lang))
    if found.gross:
        told = msg("Of {count} people contributions can't be told, and none are taken off.", count=len(found.gross))
        click.echo(say(told, lang))
