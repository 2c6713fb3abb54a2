"""`shequ clauses`: every clause, our reading of it, and all that carries it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from shequ_core.cli.common import Said, print_json, verb
from shequ_core.errors import msg
from shequ_core.law.clauses import Clause
from shequ_core.reports.wording import labelled, say
from shequ_core.values import JsonValue, Lang


@verb(help="Show a clause with all that carries it, or how many are carried, not computable and missing.")
@click.argument("clause", required=False)
@click.option("--coverage", "want_coverage", is_flag=True, cls=Said, help="Count what carries each clause.")
def clauses(clause: str | None, *, want_coverage: bool, lang: str, as_data: bool) -> None:
    """Show one clause or all."""
    from shequ_core.jilin.register import register
    from shequ_core.testing.coverage import citations, coverage

    if want_coverage:
        covered = coverage()
        if as_data:
            print_json(covered.to_data(lang))
            return
        told = msg(
            "{total} clauses: {carried} carried, {reasons} not computable, {missing} missing",
            total=covered.total, carried=len(covered.carried), reasons=len(covered.not_computable),
            missing=len(covered.missing),
        )
        click.echo(say(told, lang))
        for name, where in covered.carried.items():
            click.echo(f"  {name}: {'; '.join(where)}")
        for name in covered.not_computable:
            click.echo(f"  {name}: {register()[name].reason[lang]}")
        click.echo(labelled(say("missing", lang), " ".join(covered.missing), lang))
        return
    listed = [register()[clause]] if clause is not None else list(register().values())
    where_of: dict[str, list[str]] = {one.id: [] for one in listed}
    for citation in citations():
        where_of.get(citation.clause, []).append(citation.where)
    if as_data:
        data = [_data(one, where_of[one.id], lang) for one in listed]
        print_json(data[0] if clause is not None else data)
        return
    for one in listed:
        for line in _lines(one, where_of[one.id], lang, whole=clause is not None):
            click.echo(line)


def _data(clause: Clause, where: list[str], lang: Lang) -> dict[str, JsonValue]:
    return {
        "id": clause.id,
        "document": clause.document.title,
        "article": clause.address,
        "kind": clause.kind.value,
        "force": clause.force.value,
        "due": clause.due.isoformat(),
        "says": clause.says[lang],
        "bound": clause.bound or None,
        "reading": clause.reading.get(lang),
        "reason": clause.reason.get(lang),
        "see": list(clause.see),
        "carried_by": list(where),
    }


def _lines(clause: Clause, where: list[str], lang: Lang, *, whole: bool) -> Iterator[str]:
    yield f"{clause.id}  {clause.says[lang]}"
    if not whole:
        return
    yield f"  《{clause.document.title}》{clause.address}; {clause.kind.value}, {clause.force.value}, {clause.due}"
    if clause.bound:
        yield f"  {labelled(say('bound', lang), clause.bound, lang)}"
    if clause.reading:
        yield f"  {labelled(say('our reading', lang), clause.reading[lang], lang)}"
    if clause.reason:
        yield f"  {labelled(say('nothing to compute', lang), clause.reason[lang], lang)}"
    for one in where or [say("nothing carries it yet", lang)]:
        yield f"  - {one}"
