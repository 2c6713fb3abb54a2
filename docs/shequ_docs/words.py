"""The words that data uses, in both languages: a part of `reference/glossary.md`."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from shequ_core.law.clauses import ClauseKind, Force
from shequ_core.law.findings import Grade
from shequ_core.policy.bounds import Verdict
from shequ_core.policy.described import summary
from shequ_core.reports.wording import word
from shequ_core.values import Labelled, Status
from shequ_docs.text import code, lines, member_docs, plain, table


def pages() -> dict[str, str]:
    """Return the one part."""
    return {"_parts/words.md": lines(_part())}


def _part() -> Iterator[str]:
    for kind in (ClauseKind, Force, Status, Grade, Verdict):
        told = member_docs(kind)
        yield from (f"### {kind.__name__}", "", plain(summary(kind)), "")
        rows = [(code(str(one.value)), word(one, "zh"), plain(told.get(one.name, ""))) for one in kind]
        yield from table(("code", "Chinese", ""), rows)
    for labelled in sorted(Labelled.__subclasses__(), key=lambda one: one.__name__):
        members: list[Enum] = list(labelled)
        yield from (f"### {labelled.__name__}", "", plain(summary(labelled)), "")
        yield from table(
            ("code", "Chinese, ours first"),
            [(code(str(one.value)), "、".join(getattr(one, "labels", ()))) for one in members],
        )
