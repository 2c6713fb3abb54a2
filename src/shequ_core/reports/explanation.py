"""An explanation as text: the tree behind each line, for whoever asks why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shequ_core.errors import msg
from shequ_core.explanation import Explanation, Part, Step, in_force
from shequ_core.law.carrying import CARRIERS
from shequ_core.model.answers import DEDUCTIONS, EARNINGS
from shequ_core.model.places import Divisions
from shequ_core.reports.lines import clauses_told, graded, line_word
from shequ_core.reports.wording import (
    bracketed,
    cited,
    class_word,
    key_word,
    labelled,
    listed,
    phrases,
    say,
    several,
    shown,
    word,
)
from shequ_core.values import Fen, Lang

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
        parts = told.parts[first]
        for part in parts:
            if len(parts) > 1:
                yield f"  {_part_head(part, lang)}"
            for line in EARNINGS:
                compared, indent = (before, "") if len(parts) == 1 else ({}, "  ")
                tree = _line(told, line, part.lines[line], part.behind(line), compared, divisions, lang)
                yield from (indent + text for text in tree)
        for line in DEDUCTIONS:
            yield from _line(told, line, told.lines[first][line], told.behind(first, line), before, divisions, lang)
        if told.lines[first]["net"] is not None:
            yield f"  {line_word('net', lang)}  {_amount(told.lines[first]['net'], lang)}"
    record = told.record()
    if record:
        yield ""
        yield say("What follows from the record", lang)
        for step in record:
            yield from _step(step, told.instruments, divisions, lang)


def _part_head(part: Part, lang: Lang) -> str:
    days = say(msg("{first} to {last}", first=part.since, last=part.until), lang)
    what = phrases((part.post, class_word(part.post_class, lang), graded(part.grade, lang)), lang)
    return labelled(bracketed(days, what, lang), shown(part.lines["total"], lang), lang)


def _line(
    told: Explanation, line: str, amount: Fen | None, steps: Sequence[Step], before: dict[str, object],
    divisions: Divisions, lang: Lang,
) -> Iterator[str]:
    if not steps and not amount:
        return  # nothing ran for it, and nothing came of it
    clauses = (clause for step in steps for clause in step.clauses)
    yield f"  {line_word(line, lang)}  {_amount(amount, lang)}  [{clauses_told(clauses, told.instruments, lang)}]"
    tree = [step.to_data() for step in steps]
    if before.get(line) == tree:
        yield f"      {say('as in the months before', lang)}"
        return
    before[line] = tree
    for step in steps:
        yield from _step(step, told.instruments, divisions, lang)


def _amount(amount: Fen | None, lang: Lang) -> str:
    return say("unknown", lang) if amount is None else amount.yuan()


def _step(step: Step, instruments: frozenset[str], divisions: Divisions, lang: Lang) -> Iterator[str]:
    here, _ = in_force(step.clauses, instruments)
    yield f"    {say(CARRIERS[step.rule].summary, lang)}{f'  [{listed(here, lang)}]' if here else ''}"
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
