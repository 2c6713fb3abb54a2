"""`shequ procedure check`: journals, walked again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from shequ_core.cli.common import print_json, verb
from shequ_core.errors import Fault, InputError, msg
from shequ_core.reports.wording import say


@verb(
    help="Walk journals again from their beginning: files (.json), or folders of them. One that its procedure doesn't"
    " allow is refused, with the clause; all that are wrong are told at once. Exit code: 0 all are in order, 2 not."
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(paths: Sequence[Path], *, lang: str, as_data: bool) -> None:
    """Walk them, and say where each stands."""
    from shequ_core.procedures.files import read_journals
    from shequ_core.procedures.journal import procedure_named
    from shequ_core.procedures.machine import Proceeding
    from shequ_core.reports.procedures import proceeding_data, standing

    found: list[tuple[str, Proceeding]] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            found += read_journals(path).items()
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    if as_data:
        print_json([proceeding_data(one, name) for name, one in found])
        return
    for _, one in found:
        click.echo(standing(procedure_named(one.procedure), one, lang))
    click.echo(say(msg("Journals in order: {count}.", count=len(found)), lang))
