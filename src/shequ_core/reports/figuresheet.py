"""The JSON Schema of figure sheets as a file, in the language of those who write them."""

from __future__ import annotations

import json
from pathlib import Path

from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import LocalValue
from shequ_core.policy.sheet.schema import DRAFT, sheet_schema
from shequ_core.reports.wording import as_json, say
from shequ_core.values import JsonValue, Lang

_EXAMPLES = 1


def schema_text(book: PolicyBook, lang: Lang) -> str:
    """Return the schema, with what the library itself sets as examples."""
    examples: dict[str, list[JsonValue]] = {}
    for plugin, _, one in book.said():
        if plugin.built_in and isinstance(one, LocalValue) and len(examples.get(one.key.name, ())) < _EXAMPLES:
            examples.setdefault(one.key.name, []).append(one.to_data())
    return as_json(sheet_schema(lambda told: say(told, lang), examples)) + "\n"


def is_schema(path: Path) -> bool:
    """Whether a file is such a schema, which a newer one may replace."""
    if path.suffix != ".json":
        return False
    try:
        found = json.loads(path.read_bytes())
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("$schema") == DRAFT and "documents" in found.get("properties", {})
