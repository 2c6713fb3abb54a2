"""`shequ plugin export` and `schema`: a plugin as a figure sheet, and the schema beside it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shequ_jinzhou
from click.testing import Result

from shequ_core.policy.sheet.read import read_sheet

Run = Callable[..., Result]


@pytest.mark.parametrize("asked", ["2107", "锦州市", "shequ_jinzhou", "shequ-jinzhou"])
def test_a_plugin_is_exported_by_place_or_name(run: Run, asked: str) -> None:
    """The same sheet on standard output, which starts with where its schema lies."""
    result = run("plugin", "export", asked, "--lang", "zh")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("#:schema figures.schema.json\n")
    assert "2958.00元" in result.stdout
    assert "单位" in result.stdout
    assert set(tomllib.loads(result.stdout)) == {"documents", "2107"}


def test_documents_are_called_as_the_module_calls_them(run: Run) -> None:
    """RULES in Python is rules in the sheet."""
    assert set(tomllib.loads(run("plugin", "export", "2107").stdout)["documents"]) == {"rules"}


def test_the_file_has_its_schema_beside_it(run: Run, tmp_path: Path) -> None:
    """Both are written together; the sheet reads back, and is never written over; the schema is."""
    out = tmp_path / "jinzhou.toml"
    result = run("plugin", "export", "2107", "--out", out, "--lang", "en")
    assert result.stdout == f"Written: {out}, {tmp_path / 'jinzhou.schema.json'}\n"
    assert out.read_text(encoding="utf-8").startswith("#:schema jinzhou.schema.json\n")
    (found,) = read_sheet(str(out))
    (said,) = shequ_jinzhou.shequ_place()
    assert sorted(found.values, key=lambda one: one.key.name) == sorted(said.values, key=lambda one: one.key.name)
    assert set(found.divisions) == set(said.divisions)
    again = run("plugin", "export", "2107", "--out", out)
    assert again.exit_code == 2
    assert "jinzhou.toml" in again.stderr
    assert run("plugin", "schema", "--out", tmp_path / "jinzhou.schema.json").exit_code == 0
    other = tmp_path / "other.json"
    other.write_text('{"a": 1}', encoding="utf-8")
    assert run("plugin", "schema", "--out", other).exit_code == 2
    assert json.loads(other.read_bytes()) == {"a": 1}


def test_the_sheet_as_json(run: Run) -> None:
    """The same data, days as their text."""
    found = json.loads(run("plugin", "export", "2107", "--json").stdout)
    assert found["documents"]["rules"]["issued"] == "2022-01-10"


def test_the_schema_has_the_kinds_of_installed_plugins(run: Run) -> None:
    """Baihua's own duty allowance too; figures of the library are examples."""
    schema: dict[str, Any] = json.loads(run("plugin", "schema", "--lang", "en").stdout)
    kinds = schema["$defs"]["pay.emergency"]["properties"]["value"]["oneOf"]
    assert {"baihua_duty_allowance", "daily_duty"} <= {one["properties"]["kind"]["const"] for one in kinds}
    assert schema["$defs"]["pay.base_share"]["properties"]["value"]["examples"] == ["7/10"]


def test_a_plugin_that_is_not_there_is_told_with_those_that_are(run: Run) -> None:
    """Whatever was meant, a name or a place."""
    result = run("plugin", "export", "2203", "--lang", "en")
    assert result.exit_code == 2
    assert "There is no plugin 2203" in result.stderr
    assert "shequ_jinzhou" in result.stderr


def test_a_plugin_at_fault_is_not_exported(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By place or name: its faults are told, and nothing is written."""
    for folder, name in (("shequ_spoilt", "__init__.py"), ("shequ_spoilt-1.0.dist-info", "METADATA")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(MODULE if name.startswith("_") else METADATA, encoding="utf-8")
    (tmp_path / "shequ_spoilt-1.0.dist-info" / "entry_points.txt").write_text(
        '[shequ_core]\n220402 = shequ_spoilt\n', encoding="utf-8"
    )
    (tmp_path / "shequ_spoilt" / "figures.toml").write_text("[220402]\nstaffing.quota = 9\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for asked in ("shequ_spoilt", "220402"):
        result = run("plugin", "export", asked, "--out", tmp_path / "out.toml", "--lang", "zh")
        assert result.exit_code == 2
        assert "figures.toml、第2行第10字、220402.staffing.quota：要写成表" in result.stderr
        assert not (tmp_path / "out.toml").exists()


MODULE = "from shequ_core import sheet_hook\nshequ_place = sheet_hook(__name__)\n"
METADATA = "Metadata-Version: 2.1\nName: shequ-spoilt\nVersion: 1.0\n"
