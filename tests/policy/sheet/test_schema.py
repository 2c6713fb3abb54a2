"""The schema of figure sheets: valid, complete, and it says what editors show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
from tests.policy.sheet.conftest import Judge

from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import PARAMETERS
from shequ_core.policy.sheet.schema import sheet_schema
from shequ_core.policy.strategies import Strategy
from shequ_core.reports.figuresheet import is_schema, schema_text
from shequ_core.reports.wording import say


def test_it_is_a_schema(judge: Judge) -> None:
    """Of draft 2020-12, by the metaschema."""
    jsonschema.Draft202012Validator.check_schema(judge.schema)


def test_every_key_is_there_with_its_meaning_unit_and_clauses(judge: Judge) -> None:
    """As a table under its topic, and again under the limits."""
    place: Any = judge.schema["$defs"]["place"]["properties"]  # type: ignore[index,call-overload]  # JSON
    for name, key in PARAMETERS.items():
        topic, _, last = name.rpartition(".")
        for topics in (place, place["limits"]["properties"]):
            told = topics[topic]["properties"][last]["description"]
            assert key.doc in told
            assert key.unit in told
            assert all(clause in told for clause in key.clauses)


@pytest.mark.parametrize(
    "kind", [one for one in Strategy.known_kinds() if one.__module__.startswith("shequ_core.")], ids=lambda one: one.kind
)
def test_every_field_of_every_kind_is_there(judge: Judge, kind: Any) -> None:  # Any: an attrs class
    """What has no default is needed; no other name is allowed."""
    found = [part for part in _tables(judge.schema) if part["properties"].get("kind", {}).get("const") == kind.kind]
    fields = attrs.fields(kind)
    (one,) = {str(part): part for part in found if set(part["properties"]) == {"kind", "version", *(f.name for f in fields)}
              }.values()
    assert one["additionalProperties"] is False
    assert set(one["required"]) == {"kind", *(field.name for field in fields if field.default is attrs.NOTHING)}
    assert one["description"]


def _tables(data: Any) -> Iterator[dict[str, Any]]:  # Any: JSON
    if isinstance(data, dict):
        if isinstance(data.get("properties"), dict) and "additionalProperties" in data:
            yield data
        for part in data.values():
            yield from _tables(part)
    elif isinstance(data, list):
        for part in data:
            yield from _tables(part)


def test_what_editors_show_is_in_the_language_asked_for() -> None:
    """Keys, fields and kinds in Chinese."""
    schema: Any = sheet_schema(lambda told: say(told, "zh"))  # Any: JSON
    told = schema["$defs"]["place"]["properties"]["pay"]["properties"]["base_share"]["description"]
    assert "单位" in told
    assert "JLW2.4d" in told
    core = {one.kind for one in Strategy.known_kinds() if one.__module__.startswith("shequ_core.")}
    said = list(_descriptions(schema, core))
    assert len(said) > len(PARAMETERS)
    assert [text for text in said if text.isascii()] == []


def _descriptions(data: Any, core: set[str]) -> Iterator[str]:  # Any: JSON
    """Yield what is said of each thing, but for kinds that plugins, or the tests that ran before, brought."""
    if isinstance(data, list):
        data = dict(enumerate(data))
    if isinstance(data, dict) and _kind_of(data) in {None, *core}:
        if isinstance(data.get("description"), str):
            yield data["description"]
        for part in data.values():
            yield from _descriptions(part, core)


def _kind_of(data: Any) -> str | None:  # Any: JSON
    kind = properties.get("kind") if isinstance(properties := data.get("properties"), dict) else None
    return kind.get("const") if isinstance(kind, dict) else None


def test_a_file_is_replaced_only_by_a_newer_one_of_its_kind(tmp_path: Path) -> None:
    """Any other JSON file stays."""
    with_schema, other, broken = (tmp_path / f"{name}.json" for name in "abc")
    with_schema.write_text(schema_text(PolicyBook.load(), "en"), encoding="utf-8")
    other.write_text("[1]", encoding="utf-8")
    broken.write_text("{", encoding="utf-8")
    assert [is_schema(one) for one in (with_schema, other, broken)] == [True, False, False]
