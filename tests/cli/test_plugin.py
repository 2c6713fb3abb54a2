"""`shequ plugin`: a new one is whole and passes; a wrong one is told; what is installed is listed."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from shequ_core.cli import shequ
from shequ_core.policy.book import DISABLE
from shequ_core.policy.parameters import LocalValue
from shequ_core.testing import plugin_checks as checks
from shequ_core.testing.candidate import candidates
from shequ_core.testing.plugin_checks import problems_of

Run = Callable[..., Result]
DAY = "2022-07-01"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def taken_in(module: str) -> str:
    """The module with the comment marks of every row taken away, and an article in each."""
    lines = [
        f"    {line[6:]}" if line.startswith("    # ") and not line.startswith(("    # ====", "    #  |")) else line
        for line in module.splitlines()
    ]
    return "\n".join(lines).replace("第?条", "第一条") + "\n"


@pytest.fixture(scope="module")
def chaoyang(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new plugin of Chaoyang district, made without a terminal."""
    folder = tmp_path_factory.mktemp("new") / "shequ-220104"
    result = run("plugin", "new", "朝阳区", "--on", DAY, "--out", folder, "--lang", "zh")
    assert result.exit_code == 0, result.stderr
    assert "朝阳区" in result.stdout
    return folder


def test_a_new_plugin_is_complete(chaoyang: Path) -> None:
    """Project, module, test, case, both languages, CI; nothing left over of the making."""
    assert set(files_of(chaoyang)) == {
        ".github/workflows/check.yml", ".gitignore", "README.md", "pyproject.toml", "src/shequ_220104/__init__.py",
        "src/shequ_220104/cases/first.toml", "src/shequ_220104/py.typed", "tests/test_shequ_220104.py",
    }
    assert [path.name for path in chaoyang.parent.iterdir()] == ["shequ-220104"]
    project = tomllib.loads((chaoyang / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["entry-points"]["shequ_core"] == {"220104": "shequ_220104"}
    assert not [name for name, text in files_of(chaoyang).items() if b"{{" in text.replace(b"${{", b"")]
    readme = (chaoyang / "README.md").read_text(encoding="utf-8")
    assert "吉林省长春市朝阳区(220104)的规定" in readme
    assert "The rules of 吉林省长春市朝阳区 (220104)" in readme


def test_a_new_plugin_passes_at_once(run: Run, chaoyang: Path) -> None:
    """As it is, without being installed."""
    told = json.loads(run("plugin", "check", chaoyang, "--json").stdout)
    assert told["passed"] is True
    (one,) = told["plugins"]
    assert (one["name"], one["module"], one["version"], one["places"]) == (
        "shequ-220104", "shequ_220104", "0.1.0", ["220104"],
    )
    assert all(check["passed"] and check["examined"] for check in one["checks"])


def test_it_has_every_value_in_force_as_a_row_to_change(run: Run, chaoyang: Path) -> None:
    """Taken in, the rows are what holds for the place by those above it, on the day it was asked for."""
    above = json.loads(run("policy", "2201", "--on", DAY, "--json").stdout)["values"]
    module = (chaoyang / "src" / "shequ_220104" / "__init__.py").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(compile(taken_in(module), "taken_in", "exec"), names)
    values: tuple[LocalValue[Any], ...] = names["VALUES"]
    assert {one.key.name: one.to_data() for one in values} == {name: told["value"] for name, told in above.items()}
    for told in above.values():
        assert told["source"]["clause"] is None or f"（{told['source']['clause']}）" in module
    assert max(map(len, module.splitlines())) <= 120


def test_rows_that_are_taken_in_unread_are_told(run: Run, tmp_path: Path) -> None:
    """A row without its article, and a document without its title, are asked for."""
    folder = tmp_path / "p"
    assert run("plugin", "new", "220104", "--on", DAY, "--out", folder).exit_code == 0
    file = folder / "src" / "shequ_220104" / "__init__.py"
    file.write_text(file.read_text(encoding="utf-8").replace("    # _rule(staffing.STEP", "    _rule(staffing.STEP"), encoding="utf-8")
    with candidates(str(folder)) as (one,):
        told = [str(problem.told) for problem in problems_of(checks.values_have_sources, one)]
    assert told == ["it names no document", "it names no article of its document"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_words_make_the_same_bytes(run: Run, chaoyang: Path, tmp_path: Path, lang: str) -> None:
    """Wherever it is made; comments in the language that was asked for."""
    folder = tmp_path / "another-name"
    assert run("plugin", "new", "220104", "--on", DAY, "--out", folder, "--lang", lang).exit_code == 0
    same = files_of(folder) == files_of(chaoyang)
    assert same == (lang == "zh")


def test_a_place_that_nobody_lists_is_brought_along(run: Run, tmp_path: Path) -> None:
    """A code with a name; the nation alone stands above it here."""
    folder = tmp_path / "ningbo"
    refused = run("plugin", "new", "3302", "--out", folder, "--lang", "en")
    assert (refused.exit_code, "give its name with --name" in refused.stderr) == (2, True)
    assert not folder.exists()
    assert run("plugin", "new", "3302", "--name", "宁波市", "--out", folder, "--module", "shequ_ningbo").exit_code == 0
    with candidates(str(folder)) as (one,):
        assert problems_of(checks.loads, one) == ()
        assert one.book(assume=False).policy("3302", date(2022, 7, 1)).place == "3302"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["朝陽"], "There is no place", id="no such name"),
        pytest.param(["220104001003", "--name", "某社区"], "a plugin speaks for", id="a community"),
        pytest.param(["220104", "--module", "Shequ-X"], "is no name of a module", id="a module that can't be"),
        pytest.param(["220104", "--module", "json"], "is the name of another module", id="a module that is taken"),
        pytest.param(["220104", "--document", 'a"b'], "without quotation marks", id="quotation marks"),
        pytest.param(["220104", "--issued", "2021-13-01"], "no day of the calendar", id="no day"),
        pytest.param([], "is missing", id="no place"),
    ],
)
def test_what_cannot_be_started_is_refused_and_nothing_is_written(
    run: Run, tmp_path: Path, words: list[str], told: str
) -> None:
    """One sentence and exit code 2."""
    result = run("plugin", "new", *words, "--out", tmp_path / "p", "--lang", "en")
    assert result.exit_code == 2
    assert told in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_in_a_terminal_it_asks_for_what_is_missing_and_for_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day that is none is asked for again; an empty answer takes what is offered."""
    monkeypatch.setattr("shequ_core.cli.plugin.new.in_a_terminal", lambda: True)
    folder = tmp_path / "p"
    words = ["plugin", "new", "220104", "--on", DAY, "--out", str(folder), "--publisher", "朝阳区", "--lang", "en"]
    result = CliRunner().invoke(shequ, words, input="\n朝阳区试行办法\n2021-02-30\n2021-03-01\n", prog_name="shequ")
    assert result.exit_code == 0, result.output
    assert [line for line in result.output.splitlines() if "Who issued it" in line] == []
    module = (folder / "src" / "shequ_220104" / "__init__.py").read_text(encoding="utf-8")
    assert 'RULES: Final = Document("朝阳区试行办法", number="", issued=ISSUED, publisher="朝阳区")' in module
    assert "ISSUED: Final = date(2021, 3, 1)" in module


def test_a_folder_that_is_there_is_left_as_it_is(run: Run, chaoyang: Path) -> None:
    """Somebody's work may be in it."""
    before = files_of(chaoyang)
    result = run("plugin", "new", "220104", "--out", chaoyang, "--lang", "en")
    assert (result.exit_code, "is there already: nothing was written" in result.stderr) == (2, True)
    assert files_of(chaoyang) == before


def test_a_place_that_has_a_plugin_already_is_told(run: Run, tmp_path: Path) -> None:
    """Two would leave it unresolved."""
    result = run("plugin", "new", "2201", "--out", tmp_path / "p", "--lang", "en")
    assert result.exit_code == 0
    assert "shequ-changchun speaks for 2201 already" in result.stdout


def test_a_plugin_with_something_to_mend_ends_with_one(run: Run, chaoyang: Path, tmp_path: Path) -> None:
    """What is wrong, of which key, at which place, and what to do, in either language."""
    folder = tmp_path / "p"
    shutil.copytree(chaoyang, folder)
    file = folder / "src" / "shequ_220104" / "__init__.py"
    row = '    # _rule(staffing.STEP, Span(300, 500), "第?条"),'
    text = file.read_text(encoding="utf-8")
    assert text.count(row) == 1
    text = text.replace(row, '    _rule(staffing.STEP, Span(200, 500), "第五条"),').replace("文件全名待填写", "朝阳区试行办法")
    file.write_text(text, encoding="utf-8")
    english = run("plugin", "check", folder, "--lang", "en")
    assert english.exit_code == 1
    assert re.search(
        r"✗ Every value lies within .*\n    staffing\.step \(220104\): it lies outside what 22 allows, JLW2\.2b: "
        r"200 to 500 is not inside 300 to 500\n      What to do: correct the value", english.stdout,
    )
    assert re.search(r"\d+ of \d+ checks passed; 2 things to mend\.", english.stdout)
    chinese = run("plugin", "check", folder, "--lang", "zh")
    assert "增设户数（staffing.step）" in chinese.stdout
    assert "处理办法：" in chinese.stdout


@pytest.mark.parametrize("asked", ["2201", "shequ_changchun", "shequ-changchun"])
def test_an_installed_plugin_is_found_by_place_module_and_name(asked: str) -> None:
    """A conflict that the document really has is marked so, and passes."""
    with candidates(asked) as (one,):
        assert (one.plugin.distribution, one.plugin.places) == ("shequ-changchun", ("2201",))
        assert problems_of(checks.departures_are_meant, one) == ()


def test_a_plugin_that_is_nowhere_is_told_with_the_nearest(run: Run) -> None:
    """And ends with 2."""
    result = run("plugin", "check", "shequ_chongchun", "--lang", "en")
    assert result.exit_code == 2
    assert "Nearest: shequ_changchun" in result.stderr


def test_the_list_says_name_version_places_digest(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's own first; disabled, nothing else; the digest is the one that check tells."""
    told = json.loads(run("plugin", "list", "--json").stdout)
    assert told["disabled"] is False
    found = {one["name"]: one for one in told["plugins"]}
    city = found["shequ-changchun"]
    assert (city["version"], city["places"], city["built_in"], city["faults"]) == ("0.1.0", ["2201"], False, [])
    checked = json.loads(run("plugin", "check", "2201", "--json").stdout)
    assert checked["plugins"][0]["digest"] == city["digest"]
    text = run("plugin", "list", "--lang", "en").stdout
    assert f"digest {city['digest'][:12]}" in text
    monkeypatch.setenv(DISABLE, "1")
    alone = json.loads(run("plugin", "list", "--json").stdout)
    assert (alone["disabled"], {one["name"] for one in alone["plugins"]}) == (True, {"shequ-core"})
    assert f"{DISABLE}=1" in run("plugin", "list", "--lang", "en").stdout


def test_a_plugin_that_cannot_be_imported_is_listed_with_its_fault(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its place, so that whoever misses it knows why."""
    info = tmp_path / "broken-2.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 2.0\n")
    (info / "entry_points.txt").write_text("[shequ_core]\n2202 = shequ_broken\n")
    (tmp_path / "shequ_broken.py").write_text("raise SystemExit(7)")
    monkeypatch.syspath_prepend(tmp_path)
    told = json.loads(run("plugin", "list", "--json").stdout)
    (broken,) = [one for one in told["plugins"] if one["name"] == "broken"]
    assert (broken["version"], broken["places"]) == ("2.0", ["2202"])
    assert broken["faults"] == [{"hook": "import", "place": "2202", "problem": "SystemExit: 7"}]


def test_a_policy_says_which_plugins_speak(run: Run) -> None:
    """For the place and those above it, whatever they set."""
    assert json.loads(run("policy", "220104", "--json").stdout)["plugins"] == [
        {"name": "shequ-changchun", "version": "0.1.0", "places": ["2201"]}
    ]
    assert json.loads(run("policy", "2202", "--json").stdout)["plugins"] == []
