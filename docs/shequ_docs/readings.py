"""Every place where the law leaves a choice, with what was chosen: a part of `explanation/readings.md`."""

from __future__ import annotations

from collections.abc import Iterator

from shequ_core.jilin.register import register
from shequ_core.policy.described import sections
from shequ_core.policy.parameters import LocalValue
from shequ_core.testing.cases import carriers
from shequ_docs.said import book, where
from shequ_docs.text import clause_link, key_link, lines, plain


def pages() -> dict[str, str]:
    """Return the one part."""
    return {"_parts/readings.md": lines(_part())}


def _part() -> Iterator[str]:
    for clause in register().values():
        rules = [
            (one.name, told["Reading"])
            for _, one in sorted(carriers().items())
            if clause.id in one.clauses and "Reading" in (told := sections(one.run))
        ]
        values = [
            (place, one)
            for plugin, place, one in book().said()
            if plugin.built_in and isinstance(one, LocalValue) and one.reading and one.source.clause == clause.id
        ]
        if not (clause.reading or rules or values):
            continue
        yield from (f"## {clause_link(clause.id)}", "")
        if clause.reading:
            yield from (plain(clause.reading["en"]), "", plain(clause.reading["zh"]), "")
        for name, told_of in rules:
            yield from (f"As `{name}` has it: {plain(told_of)}", "")
        for place, value in values:
            yield from (f"With {key_link(value.key.name)} of {where(place)}: {plain(str(value.reading))}", "")
