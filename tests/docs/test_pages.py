"""Everything that a page or a README shows is run: Python blocks, and each `shequ` command with what it prints.

Of `sh` and `console` blocks only `export` and `shequ` are run (and a `shequ` command of an `sh` block has to
succeed), and `pip install -e` of a plugin that the page made; other installing, copying and pytest are left to the
reader. Of `toml` blocks the worked cases are worked out and figure sheets are read; what a `diff` block says is done to
the file that it names.
Three dots in an answer stand for anything.
"""

from __future__ import annotations

import doctest
import itertools
import re
import shlex
import tomllib
from pathlib import Path, PurePosixPath
from types import ModuleType

import pytest
from click.testing import CliRunner
from sybil.document import Document
from sybil.example import Example
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

from shequ_core.cli import shequ
from shequ_core.cli.common import LANG_VARIABLE, LOCALE_VARIABLES
from shequ_core.policy.kinds import Strategies
from shequ_core.policy.parameters import PARAMETERS
from shequ_core.policy.sheet.read import read_sheet
from shequ_core.policy.sheet.rows import SHEET
from shequ_core.testing.cases import Books, load_cases, run_case

ROOT = Path(__file__).parents[2]
WRITTEN = ("tutorial", "how-to", "explanation", "zh")
PAGES = [
    *sorted(ROOT.glob("README*.md")),
    *(page for folder in WRITTEN for page in sorted((ROOT / "docs" / folder).glob("*.md"))),
]
HOW = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run(line: str, *, must_succeed: bool) -> str:
    """Run what we run of a shell line, and return what it printed."""
    printed = ""
    words = shlex.split(line, comments=True)
    for is_and, part in itertools.groupby(words, lambda word: word == "&&"):
        command, *arguments = part
        if is_and or PurePosixPath(command).name != "shequ":
            continue
        result = CliRunner().invoke(shequ, arguments, prog_name="shequ")
        assert result.exit_code in ({0} if must_succeed else {0, 1, 2, 3}), result.output
        printed += result.output
    return printed


def session(example: Example) -> str:
    """Run a `console` block: a prompt, a command, and what it prints."""
    blocks = [block for block in f"\n{example.parsed}".split("\n$ ") if block.strip()]
    for block in blocks:
        command, _, wanted = block.partition("\n")
        printed = run(command, must_succeed=False)
        if not doctest.OutputChecker().check_output(wanted, printed, doctest.ELLIPSIS):
            return f"$ {command}\nwanted:\n{wanted}\nprinted:\n{printed}"
    return ""


def worked_case(example: Example) -> str:
    """Work out a `[[case]]` with the plugin that the page wrote before it, and read a figure sheet, which then is there.

    Other TOML is left to the reader.
    """
    if str(example.parsed).startswith("#:schema"):
        Path(SHEET).write_text(example.parsed, encoding="utf-8")
        assert read_sheet(SHEET)
    if not str(example.parsed).startswith("[[case]]"):
        return ""
    folder = Path("cases")
    folder.mkdir(exist_ok=True)
    (folder / "page.toml").write_text(example.parsed, encoding="utf-8")
    plugin = ModuleType("of_the_page")
    vars(plugin)["shequ_place"] = example.namespace["shequ_place"]
    results = [run_case(case, Books(plugin)) for case in load_cases(folder)]
    assert results
    return "\n".join(f"found {one.found}, not {one.expected}" for one in results if not one.same)


def edited(example: Example) -> str:
    """Do to a file what a `diff` block says: each line that goes stands in it once, what comes takes its place."""
    first, *lines = str(example.parsed).splitlines()
    file = Path(first.removeprefix("--- "))
    text = file.read_text(encoding="utf-8")
    for old, new in re.findall(r"^-(.*)\n((?:\+.*(?:\n|$))+)", "\n".join(lines), re.MULTILINE):
        assert text.count(f"\n{old}\n") == 1, f"{file} has not this line once: {old}"
        text = text.replace(f"\n{old}\n", "\n" + re.sub(r"^\+", "", new, flags=re.MULTILINE).rstrip("\n") + "\n")
    file.write_text(text, encoding="utf-8")
    return ""


def install(folder: Path, patched: pytest.MonkeyPatch) -> None:
    """Do what `pip install -e` does to a plugin's folder: put it on the path, with its entry points."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = folder / "src" / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = "".join(f"{place} = {module}\n" for place, module in project["entry-points"]["shequ_core"].items())
    (info / "entry_points.txt").write_text(f"[shequ_core]\n{points}")
    patched.syspath_prepend(folder / "src")


@pytest.fixture
def in_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Stand in a folder that looks like the top of the repository."""
    for name in ("examples", "plugins"):
        (tmp_path / name).symlink_to(ROOT / name, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    for variable in (LANG_VARIABLE, *LOCALE_VARIABLES):
        monkeypatch.delenv(variable, raising=False)
    return monkeypatch


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_shows_is_so(page: Path, in_a_copy: pytest.MonkeyPatch) -> None:
    """Its blocks run from top to bottom, and print what it says they print."""

    def script(example: Example) -> str:
        for line in str(example.parsed).splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] == "export":
                name, _, value = words[1].partition("=")
                in_a_copy.setenv(name, value)
            elif words[:3] == ["pip", "install", "-e"] and (Path(words[3]) / "src").is_dir() and words[3] != ".":
                install(Path(words[3]), in_a_copy)
            elif words:
                run(line, must_succeed=True)
        return ""

    parsers = (
        PythonCodeBlockParser(doctest_optionflags=HOW),
        CodeBlockParser("toml", worked_case),
        CodeBlockParser("sh", script),
        CodeBlockParser("console", session),
        CodeBlockParser("diff", edited),
    )
    for example in Document.parse(str(page), *parsers):
        example.evaluate()


@pytest.mark.parametrize("page", ["tutorial/your-city.md", "zh/your-city.md"])
def test_a_city_takes_few_lines_of_ones_own(page: str) -> None:
    """From a new folder to five changed figures that pass: at most 30 lines that somebody has to write."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    written = [line for block in re.findall(r"```diff\n(.*?)```", text, re.DOTALL) for line in re.findall(r"^\+.*", block, re.MULTILINE)]
    assert len({re.match(r"\+ +_rule\((\S+),", line).group(1) for line in written if "_rule(" in line}) == 5  # type: ignore[union-attr]
    assert len(written) <= 30


def test_the_kinds_of_pay_that_a_page_lists_can_be_written_so() -> None:
    """Each plain form of the table reads as the strategy named first, and no kind of its key is left out."""
    page = (ROOT / "docs/how-to/write-a-plugin.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| [^|]+ \| (?:\[`([\w.]+)`\]\(#[\w.]+\))? ?\| ([^|]+) \| `(\{kind[^|]+\})` \|$", page, re.MULTILINE
    )
    told: dict[str, set[str]] = {}
    name = ""
    for named, strategies, plain in rows:
        name = named or name
        names: list[str] = re.findall(r"`(\w+)`", strategies)
        value = PARAMETERS[name].parse(tomllib.loads(f"value = {plain}")["value"])
        assert type(value).__name__ == names[0]
        told.setdefault(name, set()).update(names)
    for key, listed in told.items():
        kind = PARAMETERS[key].kind
        assert isinstance(kind, Strategies)
        ours = {one.__name__ for one in kind.base.known_kinds() if one.__module__.startswith("shequ_core.")}
        assert ours == listed, key
    assert {"pay.grades", "pay.performance", "pay.day_basis", "contributions.rates"} <= set(told)
