"""`shequ plugin export`: what a plugin says, as a figure sheet."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import click

from shequ_core.cli.common import print_json, verb
from shequ_core.errors import msg
from shequ_core.reports.wording import say


@verb(
    help="Write what a plugin says as a figure sheet in TOML: each value with its source and dates, and above each key"
    " what it means. With --out into a file, with its JSON Schema beside it, by which editors complete and check it."
)
@click.argument("plugin", metavar="PLACE|PLUGIN")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write, such as figures.toml.")
def export(plugin: str, out: Path | None, *, lang: str, as_data: bool) -> None:
    """Write the sheet of a plugin."""
    from shequ_core.law.clauses import Document
    from shequ_core.policy.book import PolicyBook
    from shequ_core.policy.sheet.rows import SCHEMA
    from shequ_core.policy.sheet.write import sheet_text
    from shequ_core.reports.figuresheet import is_schema, schema_text
    from shequ_core.reports.out import write_or_replace

    book = PolicyBook.load(assume=True)
    found = book.find_plugin(plugin)
    module = sys.modules.get(found.name)
    named = {} if module is None else vars(module)
    names = {one: name.lower() for name, one in sorted(named.items()) if isinstance(one, Document)}
    schema = SCHEMA if out is None else f"{out.stem}.schema.json"
    text = sheet_text(
        book.policies_of(found), say=lambda told: say(told, lang), names=names, schema=schema,
    )
    if out is not None:
        beside = out.with_name(schema)
        write_or_replace({out: text.encode(), beside: schema_text(book, lang).encode()}, is_schema)
    if as_data:
        print_json(json.loads(json.dumps(tomllib.loads(text), default=str)))  # TOML has days, JSON their text
    elif out is None:
        click.echo(text, nl=False)
    else:
        click.echo(say(msg("Written: {files}", files=(str(out), str(beside))), lang))
