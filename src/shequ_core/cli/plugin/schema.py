"""`shequ plugin schema`: the JSON Schema of a figure sheet."""

from __future__ import annotations

from pathlib import Path

import click

from shequ_core.cli.common import verb
from shequ_core.errors import msg
from shequ_core.reports.wording import say


@verb(
    help="Write the JSON Schema of a figure sheet, by which editors complete and check it: every key with its meaning,"
    " unit and examples, and every kind of strategy, those of installed plugins too."
)
@click.option("--out", type=click.Path(path_type=Path), help="The file to write, such as figures.schema.json.")
def schema(out: Path | None, *, lang: str, as_data: bool) -> None:  # noqa: ARG001  # it is JSON in any case
    """Write or show the schema."""
    from shequ_core.policy.book import PolicyBook
    from shequ_core.reports.figuresheet import is_schema, schema_text
    from shequ_core.reports.out import write_or_replace

    text = schema_text(PolicyBook.load(assume=True), lang)
    if out is None:
        click.echo(text, nl=False)
        return
    write_or_replace({out: text.encode()}, is_schema)
    click.echo(say(msg("Written: {files}", files=(str(out),)), lang))
