"""One page for each procedure: its diagram, its steps, who takes them, what they record, and by which clause."""

from __future__ import annotations

from collections.abc import Iterator

from shequ_core.errors import Message
from shequ_core.procedures.journal import PROCEDURES
from shequ_core.procedures.machine import Authority, Procedure, Step
from shequ_core.reports.procedures import mermaid
from shequ_docs.text import clause_link, code, facts, fenced, lines, member_docs, plain, table


def pages() -> dict[str, str]:
    """Return a page for each procedure and the list."""
    found = {f"procedures/{name}.md": lines(_page(one)) for name, one in PROCEDURES.items()}
    return {"procedures/index.md": lines(_index()), **found}


def _index() -> Iterator[str]:
    yield from (
        "# Procedures",
        "",
        "Steps with an authority, an order, a document and a day.",
        "Each is refused with its clause where it isn't allowed.",
        "How to keep one in a database of your own: [Keep procedures](../../how-to/keep-procedures.md).",
        "",
    )
    yield from table(
        ("procedure", "what it is", "clauses", "steps"),
        [
            (f"[{one.name}]({one.name}.md)", _said(one.title), _clauses(one), str(len(one.steps)))
            for one in PROCEDURES.values()
        ],
    )
    yield from ("## In what capacity somebody acts", "")
    told = member_docs(Authority)
    yield from table(("code", ""), [(code(one.value), told.get(one.name, "")) for one in Authority])
    yield from ("```{toctree}", ":hidden:", "", *PROCEDURES, "```")


def _page(procedure: Procedure) -> Iterator[str]:
    yield from (f"# {procedure.name}", "", f"{_said(procedure.title)}.", "")
    yield from facts(
        (
            ("clauses", _clauses(procedure)),
            ("begins at", code(procedure.start)),
            ("ends at", ", ".join(code(one) for one in procedure.ends)),
        )
    )
    yield from ("## States", "")
    yield from table(("state", "what it is"), [(code(name), _said(one)) for name, one in procedure.states.items()])
    yield from ("## Steps", "")
    yield from table(
        ("step", "what is done", "from", "to", "by", "first", "clause"), [_row(step) for step in procedure.steps]
    )
    yield from ("## What steps record", "")
    recorded = [
        (code(step.name), code(need.name), _said(need.told), need.kind.value.replace("_", " "))
        for step in procedure.steps
        for need in step.needs
    ]
    if recorded:
        yield from table(("step", "fact", "what it is", "written as"), recorded)
    else:
        yield from ("Who, when and on which document; nothing more.", "")
    yield from ("## Diagram", "", "In the notation of Mermaid, made from the code, in both languages.", "")
    yield from fenced(mermaid(procedure), "text")
    yield from fenced(mermaid(procedure, "zh"), "text")


def _row(step: Step) -> tuple[str, ...]:
    cited = dict.fromkeys((step.clause, step.order or step.clause))
    return (
        code(step.name), _said(step.title), ", ".join(code(one) for one in step.source),
        code(step.target) if step.target else "stays", ", ".join(code(one.value) for one in step.by),
        ", ".join(code(one) for one in step.after), ", ".join(clause_link(one) for one in cited),
    )


def _clauses(procedure: Procedure) -> str:
    return ", ".join(clause_link(one) for one in procedure.clauses)


def _said(message: Message) -> str:
    text = plain(str(message))
    return text[:1].upper() + text[1:]
