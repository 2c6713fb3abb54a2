"""A procedure as a diagram, and a proceeding as a sentence or two."""

from __future__ import annotations

from collections.abc import Iterator

from shequ_core.errors import msg
from shequ_core.procedures.machine import Procedure, Proceeding
from shequ_core.reports.wording import listed, say, word
from shequ_core.values import Lang


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
