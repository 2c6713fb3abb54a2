"""Markdown from what the code says: docstrings, tables, links to clauses and parameters."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

from shequ_core.jilin.register import register
from shequ_core.policy.keys import TOPICS
from shequ_core.policy.parameters import PARAMETERS

assert TOPICS  # importing it declares every key

_CLAUSE: Final = re.compile(r"\bJL[GW][0-9.]+[a-z]?\b")
_CODE: Final = re.compile(r"(``.*?``|`[^`]*`)", re.DOTALL)
_MARKUP: Final = re.compile(r"([*_<\[\]$\\])")


def lines(*parts: str | Iterable[str]) -> str:
    """Put lines and blocks of lines under each other."""
    found: list[str] = []
    for part in parts:
        found.extend([part] if isinstance(part, str) else part)
    return "\n".join(found).rstrip("\n") + "\n"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table; nothing where it would have no rows."""
    listed = [[cell.replace("\n", " ").replace("|", "\\|") for cell in row] for row in rows]
    if not listed:
        return []
    return [
        f"| {' | '.join(headers)} |",
        f"|{' --- |' * len(headers)}",
        *(f"| {' | '.join(row)} |" for row in listed),
        "",
    ]


def facts(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return a table of a name and what it is; rows without a second cell are left out."""
    return table(("", ""), [(name, told) for name, told in rows if told])


def fenced(text: str, language: str) -> list[str]:
    """Return a block of code."""
    return [f"```{language}", *text.rstrip("\n").splitlines(), "```", ""]


def code(text: str) -> str:
    """Return text as code inside a line."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def as_json(data: object) -> str:
    """Return plain data on one line; days, which TOML has and JSON hasn't, as text."""
    return json.dumps(data, ensure_ascii=False, default=str)


def clause_link(clause: str) -> str:
    """Return a link to a clause's page."""
    return f"[{clause}](/{register()[clause].page}.md)" if clause in register() else clause


def key_link(name: str) -> str:
    """Return a link to a parameter."""
    return f"[`{name}`](#{name})" if name in PARAMETERS else code(name)


def plain(text: str) -> str:
    """Return running text as Markdown: what is in backticks stays code, clauses become links."""
    parts = _CODE.split(text)
    for place in range(0, len(parts), 2):
        escaped = _MARKUP.sub(r"\\\1", parts[place])
        parts[place] = _CLAUSE.sub(lambda found: clause_link(found.group()), escaped)
    return "".join(parts)


def member_docs(kind: type) -> dict[str, str]:
    """Return the strings that stand under the members of an enum in its source."""
    from sphinx.pycode import ModuleAnalyzer

    analyzer = ModuleAnalyzer.for_module(kind.__module__)
    return {
        name: " ".join(" ".join(told).split())
        for (owner, name), told in analyzer.find_attr_docs().items()
        if owner == kind.__qualname__
    }


def python_name(name: str) -> str:
    """Return where a parameter is declared, such as 'shequ_core.policy.pay.BASE_SHARE'."""
    for module in TOPICS:
        for known, value in vars(importlib.import_module(module.__name__)).items():
            if value is PARAMETERS[name] and known.isupper():
                return f"{module.__name__}.{known}"
    return ""
