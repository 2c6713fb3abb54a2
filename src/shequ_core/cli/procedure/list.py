"""`shequ procedure list`: the procedures that there are."""

from __future__ import annotations

import click

from shequ_core.cli.common import print_json, verb


@verb(help="List the procedures, each with what it is and the clauses that it carries.")
def list_(*, lang: str, as_data: bool) -> None:
    """List them."""
    from shequ_core.procedures.journal import PROCEDURES
    from shequ_core.reports.procedures import procedure_data, procedure_head

    if as_data:
        print_json([procedure_data(one) for one in PROCEDURES.values()])
        return
    for one in PROCEDURES.values():
        click.echo(procedure_head(one, lang))
