"""The catalogue has every sentence of the code and no other, and each keeps its parts."""

from __future__ import annotations

import ast
import importlib.util
import io
import re
import string
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

from shequ_core.reports import wording

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tools" / "catalogue.py"
MEND = "run `python tools/catalogue.py` and translate what is empty in shequ.po"


@cache
def tool() -> ModuleType:
    """Return the extractor, which stands outside the library."""
    spec = importlib.util.spec_from_file_location("catalogue_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def said() -> dict[tuple[str, str], str]:
    """Return every message of the code with the place where it stands."""
    found: dict[tuple[str, str], str] = tool().messages()
    return found


@cache
def told() -> dict[tuple[str, str], str]:
    """Return every translation."""
    content = tool().CATALOGUE.read_bytes()
    catalogue = read_po(io.BytesIO(content), locale="zh_CN")
    return {(one.context or "", str(one.id)): str(one.string or "") for one in catalogue if one.id}


def parts(template: str) -> set[str]:
    """Return the names of a template's parts."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_message_of_the_code_is_translated() -> None:
    """A message that nobody translated would be English in the middle of a Chinese page."""
    missing = [f"{where}: {key}" for key, where in said().items() if not told().get(key)]
    assert not missing, MEND


def test_no_translation_is_left_of_what_no_code_says() -> None:
    """An obsolete entry would be kept up for nothing."""
    assert not set(told()) - set(said()), MEND


def test_translations_keep_every_part() -> None:
    """A translation names no part that its template hasn't, and leaves none out; plain words have none."""
    templates = {key for key in said() if not key[0]}
    assert not [key for key in templates if parts(key[1]) != parts(told().get(key, ""))]


def test_chinese_is_written_with_full_width_punctuation() -> None:
    """Half-width signs stand only where something is to be typed as it is."""
    code = re.compile(r"yuan\(.*?\)|Span\(.*?\)|\[[^\]]*\]|\{\{.*?\}\}|pip install .*|!r")
    half = re.compile(r"[,;?()]|:(?!/)|\.$")
    odd = [text for text in told().values() if re.search("[一-鿿]", text) and half.search(code.sub("", text))]
    assert not odd


@pytest.mark.parametrize("path", sorted((ROOT / "src" / "shequ_core").rglob("*.py")), ids=lambda path: path.stem)
def test_every_template_stands_where_it_can_be_found(path: Path) -> None:
    """What `msg` is given is written out; a template put together at run time could not be translated."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "msg":
            assert list(tool().texts(node.args[0])), f"{path.name}:{node.lineno}"


def test_babel_finds_what_the_tool_finds() -> None:
    """`pybabel extract -F tools/babel.cfg` and `python tools/catalogue.py` are the same extraction."""
    from babel.messages.extract import extract_from_file

    path = ROOT / "src" / "shequ_core" / "reports" / "page.py"
    found = {str(message) for _, message, _, _ in extract_from_file(tool().extract, path)}
    assert "Upper quarter" in found
    assert found <= {text for _, text in said()}


def test_a_catalogue_edited_after_it_was_compiled_is_read_itself(tmp_path: Path) -> None:
    """Whoever edits shequ.po sees it at once, without a build."""
    source, compiled = tmp_path / "shequ.po", tmp_path / "shequ.mo"
    source.write_text("")
    compiled.write_text("")
    assert not wording.newer(source, compiled) or source.stat().st_mtime > compiled.stat().st_mtime
    import os

    os.utime(compiled, (1, 1))
    assert wording.newer(source, compiled)
