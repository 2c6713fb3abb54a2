"""An explanation as text: the tree behind each line, for whoever asks why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shequ_core.errors import msg
from shequ_core.explanation import LINES, Explanation, Step
from shequ_core.law.carrying import CARRIERS
from shequ_core.model.places import Divisions
from shequ_core.reports.wording import cited, key_word, labelled, listed, phrases, say, several, shown, word
from shequ_core.tables.answers import Slips
from shequ_core.values import Lang

_LONG = 120


def explanation_text(told: Explanation, divisions: Divisions, lang: Lang) -> str:
    """Return an explanation as indented text, months with the same tree taken together."""
    return "\n".join(_lines(told, divisions, lang))


def _lines(told: Explanation, divisions: Divisions, lang: Lang) -> Iterator[str]:
    yield say(
        msg("{worker}, {place}, {year}", worker=told.worker, place=divisions.path(told.place), year=told.year), lang
    )
    if not told.lines:
        yield say(msg("No pay in {year}: no post held that counts as one of a post holder.", year=told.year), lang)
    before: dict[str, object] = {}
    for first, last in told.spans():
        span = first if first == last else say(msg("{first} to {last}", first=first, last=last), lang)
        yield ""
        yield labelled(span, shown(told.lines[first]["total"], lang), lang)
        for line in LINES:
            steps = told.behind(first, line)
            clauses = listed(dict.fromkeys(clause for step in steps for clause in step.clauses), lang)
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
    yield f"    {say(CARRIERS[step.rule].summary, lang)}  [{listed(step.clauses, lang)}]"
    if step.given:
        yield f"      {labelled(say('from', lang), _pairs(step.given, lang), lang)}"
    for read in step.reads:
        value = read.provenance.value
        place = divisions.path(read.provenance.place) or read.provenance.place
        told = f"{key_word(read.key, lang)} = {_cut(shown(value.value, lang))}"
        yield f"      {told}  <- {phrases((place, cited(value.source, lang), value.status), lang)}"
    for note in step.notes:
        yield f"      {say(note, lang)}"
    yield f"      {labelled(say('so', lang), _short(step.answer, lang), lang)}"


def _pairs(values: Mapping[str, object], lang: Lang) -> str:
    told = (f"{word(name, lang, context='argument')} {_short(value, lang)}" for name, value in values.items())
    return several(told, lang)


def _short(value: object, lang: Lang) -> str:
    if value is None:
        return say("unknown", lang)
    if isinstance(value, Mapping):
        return _pairs(value, lang)
    return shown(value, lang)


def _cut(text: str) -> str:
    """Cut a long value: `shequ policy` shows all of it."""
    return text if len(text) <= _LONG else text[:_LONG] + "…"
