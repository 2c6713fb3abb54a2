"""`shequ procedure show`: the steps of a procedure, or where a journal stands."""

from __future__ import annotations

from pathlib import Path

import click

from shequ_core.cli.common import print_json, verb


@verb(
    help="Show WHAT: a procedure by its name, with all its steps; or a journal (.json): what was done, where it stands,"
    " and which steps are next, by whom, by which clause, and what each records."
)
@click.argument("what")
def show(what: str, *, lang: str, as_data: bool) -> None:
    """Show it."""
    from shequ_core.procedures.files import read_journals
    from shequ_core.procedures.journal import procedure_named
    from shequ_core.reports.procedures import (
        procedure_data,
        procedure_lines,
        proceeding_data,
        proceeding_lines,
    )

    file = Path(what)
    if file.is_dir() or file.suffix.casefold() == ".json":
        found = read_journals(file)
        if as_data:
            print_json([proceeding_data(one, name) for name, one in found.items()])
            return
        click.echo("\n\n".join("\n".join(proceeding_lines(one, lang)) for one in found.values()))
        return
    procedure = procedure_named(what)
    if as_data:
        print_json(procedure_data(procedure))
        return
    for line in procedure_lines(procedure, lang):
        click.echo(line)
