"""A procedure as a diagram, as lines and as data; a proceeding as a sentence or two, with what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from shequ_core.errors import msg
from shequ_core.procedures.journal import procedure_named
from shequ_core.procedures.machine import FORMS, Act, Procedure, Proceeding, Step
from shequ_core.reports.wording import bracketed, listed, phrases, say, word
from shequ_core.values import JsonValue, Lang


def mermaid(procedure: Procedure, lang: Lang = "en") -> str:
    """Return a procedure's states and steps as a state diagram in the notation of Mermaid.

    A step bears who takes it and its clause; a step that doesn't change the state is a loop.
    """
    return "\n".join(_lines(procedure, lang))


def _lines(procedure: Procedure, lang: Lang) -> Iterator[str]:
    yield "stateDiagram-v2"
    for state, told in procedure.states.items():
        yield f"    state {_quoted(say(told, lang))} as {state}"
    yield f"    [*] --> {procedure.start}"
    for step in procedure.steps:
        what = say(step.title, lang) if lang == "zh" else step.name
        label = _flat(f"{what} ({listed((word(one, lang) for one in step.by), lang)}) {step.clause}")
        for source in step.source:
            yield f"    {source} --> {step.target or source}: {label}"
    for state in procedure.ends:
        yield f"    {state} --> [*]"


def _quoted(text: str) -> str:
    return '"' + _flat(text).replace('"', "'") + '"'


def _flat(text: str) -> str:
    return text.replace(":", " ").replace(";", ",")  # both end a label there


def standing(procedure: Procedure, proceeding: Proceeding, lang: Lang = "en") -> str:
    """Say where a proceeding stands and whose turn it is."""
    turns = procedure.open_steps(proceeding)
    state = procedure.states[proceeding.state]
    if not turns:
        return say(msg("{subject}: {state}; this is the end.", subject=proceeding.subject, state=state), lang)
    told = tuple(msg("{step} ({who})", step=step.title, who=step.by) for step in turns)
    message = msg("{subject}: {state}; next: {steps}.", subject=proceeding.subject, state=state, steps=told)
    return say(message, lang)


# --- a procedure, and a proceeding with what comes next ---------------------------------------------


def procedure_head(procedure: Procedure, lang: Lang) -> str:
    """Say what a procedure is in a line: its name, its title and its clauses."""
    return bracketed(f"{procedure.name}  {say(procedure.title, lang)}", listed(procedure.clauses, lang), lang)


def procedure_lines(procedure: Procedure, lang: Lang) -> Iterator[str]:
    """Yield a procedure with each of its steps: who may take it, from where to where, and what it records."""
    yield procedure_head(procedure, lang)
    for step in procedure.steps:
        yield from _step_lines(procedure, step, lang)


def proceeding_lines(proceeding: Proceeding, lang: Lang) -> Iterator[str]:
    """Yield where a proceeding stands, what was done, and each step that is next."""
    procedure = procedure_named(proceeding.procedure)
    yield procedure_head(procedure, lang)
    yield f"  {standing(procedure, proceeding, lang)}"
    for act in proceeding.journal:
        yield f"  {act.on.isoformat()}  {_act_line(procedure, act, lang)}"
    for step in procedure.open_steps(proceeding):
        yield from _step_lines(procedure, step, lang)


def _act_line(procedure: Procedure, act: Act, lang: Lang) -> str:
    what, by = say(procedure.step(act.step).title, lang), bracketed(act.who, word(act.by, lang), lang)
    return phrases([one for one in (what, by, act.document) if one], lang)


def _step_lines(procedure: Procedure, step: Step, lang: Lang) -> Iterator[str]:
    yield f"  {bracketed(step.name, step.clause, lang)}  {say(step.title, lang)}"
    source = tuple(procedure.states[one] for one in step.source)
    target = procedure.states[step.target] if step.target is not None else msg("the same")
    by = tuple(step.by)
    yield f"    {say(msg('by {who}; from “{source}” to “{target}”', who=by, source=source, target=target), lang)}"
    if step.after:
        first = tuple(procedure.step(name).title for name in step.after)
        yield f"    {say(msg('first: {missing}', missing=first), lang)}"
    for need in step.needs:
        told = msg("records {name} ({told}), as {form}", name=need.name, told=need.told, form=FORMS[need.kind])
        yield f"    {say(told, lang)}"


def procedure_data(procedure: Procedure) -> dict[str, JsonValue]:
    """Return a procedure as JSON data."""
    return {
        "procedure": procedure.name, "title": str(procedure.title), "clauses": list(procedure.clauses),
        "states": {name: str(told) for name, told in procedure.states.items()},
        "steps": [_step_data(step) for step in procedure.steps],
    }


def _step_data(step: Step) -> dict[str, JsonValue]:
    return {
        "step": step.name, "title": str(step.title), "clause": step.clause, "by": [one.value for one in step.by],
        "from": list(step.source), "to": step.target, "after": list(step.after), "document": step.paper,
        "records": [{"name": need.name, "kind": need.kind.value, "told": str(need.told)} for need in step.needs],
    }


def proceeding_data(proceeding: Proceeding, file: str) -> dict[str, JsonValue]:
    """Return where a proceeding stands and what is next as JSON data.

    Args:
        proceeding: The proceeding.
        file: The name of its file.
    """
    procedure = procedure_named(proceeding.procedure)
    return {
        "file": file, **proceeding.to_data(),
        "next": [_step_data(step) for step in procedure.open_steps(proceeding)],
    }
