"""One page for each clause of the register, and a list of them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shequ_core.jilin.register import register
from shequ_core.law.carrying import Carrier
from shequ_core.law.clauses import Clause, ClauseKind, Force
from shequ_core.policy.described import sections, summary
from shequ_core.policy.parameters import PARAMETERS
from shequ_core.testing.cases import Case, carriers, load_cases
from shequ_core.testing.coverage import Coverage, coverage
from shequ_docs.said import book, value_table
from shequ_docs.text import as_json, clause_link, code, facts, fenced, key_link, lines, member_docs, plain, table


def pages() -> dict[str, str]:
    """Return a page for each clause and the list."""
    covered, cases = coverage(), load_cases()
    found = {
        f"{clause.page.removeprefix('reference/')}.md": lines(_page(clause, covered, cases))
        for clause in register().values()
    }
    return {"clauses/index.md": lines(_index(covered)), **found}


def state(clause: str, covered: Coverage) -> str:
    """Return whether the code carries a clause."""
    if clause in covered.carried:
        return "carried"
    return "nothing to compute" if clause in covered.not_computable else "not carried yet"


def _index(covered: Coverage) -> Iterator[str]:
    yield from (
        "# Clauses",
        "",
        f"The register lists {covered.total} clauses of two documents.",
        f"Carried by code with a worked case of its own: {len(covered.carried)}.",
        f"Nothing to compute, each with the reason: {len(covered.not_computable)}.",
        f"Not carried yet: {len(covered.missing)}.",
        "`shequ clauses --coverage` counts the same.",
        "The wording is ours and replaces no text; only words between “” are a document's own.",
        "",
    )
    documents = dict.fromkeys(clause.document for clause in register().values())
    for document in documents:
        own = [clause for clause in register().values() if clause.document == document]
        yield from (f"## {own[0].id[:3]} 《{document.title}》", "")
        yield from (f"{document.publisher}, {document.issued}, {document.number}", "")
        yield from table(
            ("clause", "says", "kind", "force", ""),
            [
                (clause_link(one.id), plain(one.says["en"]), one.kind.value, one.force.value, state(one.id, covered))
                for one in own
            ],
        )
    yield from ("```{toctree}", ":hidden:", "", *register(), "```")


def _page(clause: Clause, covered: Coverage, cases: Sequence[Case]) -> Iterator[str]:
    yield from (f"# {clause.id}", "", plain(clause.says["en"]), "", plain(clause.says["zh"]), "")
    yield from facts(
        (
            ("document", f"《{clause.document.title}》 {clause.document.number}".strip()),
            ("stands at", clause.address),
            ("kind", f"{clause.kind.value}: {member_docs(ClauseKind).get(clause.kind.name, '')}"),
            ("force", f"{clause.force.value}: {member_docs(Force).get(clause.force.name, '')}"),
            ("bound", plain(clause.bound)),
            ("due from", clause.due.isoformat()),
            ("see also", ", ".join(clause_link(one) for one in clause.see)),
            ("state", state(clause.id, covered)),
        )
    )
    if clause.reading:
        yield from ("## Our reading", "", plain(clause.reading["en"]), "", plain(clause.reading["zh"]), "")
    if clause.reason:
        yield from ("## Why there is nothing to compute", "", plain(clause.reason["en"]), "")
        yield from (plain(clause.reason["zh"]), "")
    yield from _carried(clause)
    yield from _cases(clause.id, cases)


def _carried(clause: Clause) -> Iterator[str]:
    rules = [one for _, one in sorted(carriers().items()) if clause.id in one.clauses]
    values = [
        (plugin, place, one)
        for plugin, place, one in book().said()
        if plugin.built_in and one.source.clause == clause.id
    ]
    keys = [name for name, key in sorted(PARAMETERS.items()) if clause.id in key.clauses]
    for rule in rules:
        yield from _rule(rule)
    if values:
        yield from ("## Values that cite it", "")
        for name in dict.fromkeys(one.key.name for _, _, one in values):
            yield from (f"{key_link(name)}: {plain(PARAMETERS[name].doc)}", "")
            yield from value_table([row for row in values if row[2].key.name == name])
    if keys:
        yield from ("## Parameters that speak of it", "")
        yield from (f"- {key_link(name)}: {plain(PARAMETERS[name].doc)}" for name in keys)
        yield ""
    if clause.kind is not ClauseKind.PRINCIPLE and not rules and not values:
        yield from ("## What carries it", "", "Nothing yet.", "")


def _rule(rule: Carrier) -> Iterator[str]:
    told = sections(rule.run)
    yield from (f"## {rule.kind.capitalize()} `{rule.name}`", "", plain(summary(rule.run)), "")
    rest = told[""].partition("\n\n")[2]
    if rest:
        yield from (plain(rest), "")
    if "Reading" in told:
        yield from ("**Reading.**", plain(told["Reading"]), "")
    yield from facts(
        (
            ("stands in", code(f"{rule.run.__module__}.{rule.run.__name__}")),
            ("cannot do without", ", ".join(key_link(name) for name in rule.needs)),
            ("carries", ", ".join(clause_link(one) for one in rule.clauses)),
        )
    )


def _cases(clause: str, cases: Sequence[Case]) -> Iterator[str]:
    own = [case for case in cases if clause in case.clauses]
    if not own:
        return
    yield from ("## Worked cases", "")
    for case in own:
        yield from (f"### {plain(case.title)}", "", plain(case.worked_out_by), "")
        data = {"set": dict(case.settings), "given": case.given, "expected": case.expected}
        yield from facts(
            (
                ("asks", f"{case.subject} {code(case.name)}"),
                ("policy of", f"{case.place} on {case.on}" + (f", known {case.known}" if case.known else "")),
                ("assumed values", "yes" if case.assume else ""),
                ("file", code(case.file)),
            )
        )
        told = [f"{name}: {as_json(one)}" for name, one in data.items() if one or one == 0]
        yield from fenced("\n".join(told), "text")
