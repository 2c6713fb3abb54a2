"""`shequ clauses`: every clause, our reading of it, and all that carries it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from shequ_core.cli.common import asked_language, print_json, verb
from shequ_core.errors import msg
from shequ_core.law.carrying import CARRIERS
from shequ_core.law.clauses import Clause, ClauseKind
from shequ_core.policy.parameters import PARAMETERS
from shequ_core.reports.wording import ZH, bracketed, key_word, labelled, phrases, say, several, word
from shequ_core.values import JsonValue, Lang

KINDS: Final = {
    "rule": msg("rule"), "check": msg("check"), "procedure": msg("procedure"), "case": msg("worked case"),
    "value": msg("value"), "leeway": msg("leeway"), "limit": msg("limit"),
}
"""What may cite a clause, as `Citation.where` calls it."""


@verb(help="Show a clause with all that carries it, or how many are carried, not computable and missing.")
@click.argument("clause", required=False)
@click.option("--coverage", "want_coverage", is_flag=True, help="Count what carries each clause.")
def clauses(clause: str | None, *, want_coverage: bool, lang: str, as_data: bool) -> None:
    """Show one clause or all."""
    from shequ_core.jilin.register import register
    from shequ_core.testing.cases import load_cases
    from shequ_core.testing.coverage import cases_of, citations, coverage

    if as_data:  # data is the same whatever the locale
        lang = asked_language(click.get_current_context()) or ZH
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
            click.echo(f"  {labelled(name, several((_carrier(one, lang) for one in where), lang), lang)}")
        for name in covered.not_computable:
            click.echo(f"  {labelled(name, register()[name].reason[lang], lang)}")
        click.echo(labelled(say("missing", lang), " ".join(covered.missing), lang))
        return
    listed = [register()[clause]] if clause is not None else list(register().values())
    where_of: dict[str, list[str]] = {one.id: [] for one in listed}
    for citation in citations():
        where_of.get(citation.clause, []).append(citation.where)
    shown = load_cases()
    for address in where_of:
        where_of[address] += cases_of(address, shown)
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
        "parameters": list(_parameters(clause.id)),
        "carried_by": list(where),
        "docs": clause.page,
    }


def _lines(clause: Clause, where: list[str], lang: Lang, *, whole: bool) -> Iterator[str]:
    yield f"{clause.id}  {clause.says[lang]}"
    if not whole:
        return
    marks = phrases((clause.kind, clause.force, clause.due), lang)
    yield f"  {several((f'《{clause.document.title}》{clause.address}', marks), lang)}"
    if clause.bound:
        yield f"  {labelled(say('bound', lang), say(clause.bound, lang), lang)}"
    if clause.reading:
        yield f"  {labelled(say('our reading', lang), clause.reading[lang], lang)}"
    if clause.reason:
        yield f"  {labelled(say('nothing to compute', lang), clause.reason[lang], lang)}"
    for key, meaning in _parameters(clause.id).items():
        told = f"{word(ClauseKind.PARAMETER, lang)} {key_word(key, lang)}"
        yield f"  - {labelled(told, say(meaning, lang), lang)}"
    for one in where or [say("nothing carries it yet", lang)]:
        name = one.rpartition(" ")[2]
        told = _carrier(one, lang)
        yield f"  - {labelled(told, say(CARRIERS[name].summary, lang), lang) if name in CARRIERS else told}"
    yield f"  {labelled(say('documentation', lang), clause.page, lang)}"


def _parameters(clause: str) -> dict[str, str]:
    """Return what each parameter of a clause means, whether or not anybody has set it."""
    return {name: key.doc for name, key in sorted(PARAMETERS.items()) if clause in key.clauses}


def _carrier(where: str, lang: Lang) -> str:
    """Say what cites or shows a clause, such as 'value staffing.quota (22, from 2020-04-30)'."""
    kind, _, rest = where.partition(" ")
    if kind not in KINDS:
        return where
    name, _, detail = rest.partition(" (")
    place, _, since = detail.removesuffix(")").partition(", from ")
    told = say(msg("{place}, from {since}", place=place, since=since), lang) if since else place
    return bracketed(f"{say(KINDS[kind], lang)} {name if name in CARRIERS else key_word(name, lang)}", told, lang)
