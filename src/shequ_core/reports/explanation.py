"""An explanation as text: the tree behind each line, for whoever asks why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shequ_core.errors import msg
from shequ_core.explanation import LINES, Explanation, Step
from shequ_core.law.carrying import CARRIERS
from shequ_core.model.places import Divisions
from shequ_core.reports.wording import labelled, say, word
from shequ_core.tables.answers import Slips
from shequ_core.values import JsonValue, Lang

_LONG = 60


def explanation_text(told: Explanation, divisions: Divisions, lang: Lang) -> str:
    """Return an explanation as indented text, months with the same tree taken together."""
    return "\n".join(_lines(told, divisions, lang))


def _lines(told: Explanation, divisions: Divisions, lang: Lang) -> Iterator[str]:
    yield say(
        msg("{worker}, {place}, {year}", worker=told.worker, place=divisions.path(told.place), year=told.year), lang
    )
    before: dict[str, object] = {}
    for first, last in told.spans():
        span = first if first == last else say(msg("{first} to {last}", first=first, last=last), lang)
        yield ""
        yield labelled(span, f"{told.lines[first]['total'].yuan()} {say('yuan', lang)}", lang)
        for line in LINES:
            steps = told.behind(first, line)
            clauses = "、".join(dict.fromkeys(clause for step in steps for clause in step.clauses))
            yield f"  {_line_name(line, lang)}  {told.lines[first][line].yuan()}  [{clauses}]"
            tree = [step.to_data() for step in steps]
            if before.get(line) == tree:
                yield f"      {say('as in the months before', lang)}"
                continue
            before[line] = tree
            for step in steps:
                yield from _step(step, divisions, lang)
    record = told.record()
    if record:
        yield ""
        yield say("What follows from the record", lang)
        for step in record:
            yield from _step(step, divisions, lang)


def _line_name(line: str, lang: Lang) -> str:
    return Slips.specs[line].headers[1] if lang == "zh" else line


def _step(step: Step, divisions: Divisions, lang: Lang) -> Iterator[str]:
    yield f"    {say(CARRIERS[step.rule].summary, lang)}  [{'、'.join(step.clauses)}]"
    if step.inputs:
        yield f"      {labelled(say('from', lang), _pairs(step.inputs, lang), lang)}"
    for read in step.reads:
        source = read.provenance.value.source
        place = divisions.path(read.provenance.place)
        told = f"{read.key} = {_short(read.value, lang)}"
        yield f"      {told}  <- {place or read.provenance.place}, {source}, {word(read.provenance.value.status, lang)}"
    for note in step.notes:
        yield f"      {note}"
    yield f"      {labelled(say('so', lang), _short(step.result, lang), lang)}"


def _pairs(values: Mapping[str, JsonValue], lang: Lang) -> str:
    return "; ".join(f"{name} {_short(value, lang)}" for name, value in values.items())


def _short(value: JsonValue, lang: Lang) -> str:
    if value is None:
        return say("unknown", lang)
    if isinstance(value, bool):
        return say("yes" if value else "no", lang)
    if isinstance(value, Mapping):
        text = ", ".join(f"{key} {_short(one, lang)}" for key, one in value.items() if key != "version")
        return text if len(text) <= _LONG * 2 else text[: _LONG * 2] + "…"
    if isinstance(value, Sequence) and not isinstance(value, str):
        text = ", ".join(_short(one, lang) for one in value)
        return f"[{text if len(text) <= _LONG else text[:_LONG] + '…'}]"
    return str(value)
