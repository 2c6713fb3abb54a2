"""Every verb speaks one language at a time, and data speaks none."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from shequ_core.cli import VERBS, shequ
from shequ_core.cli.pay import VERBS as PAY_VERBS

EXAMPLE = Path(__file__).parents[2] / "examples" / "chaoyang"
WORKER = "S220104-00004"
HERE = ("--place", "220104", "--year", "2022", "--assume")
JULY = (str(EXAMPLE), "--place", "220104", "--month", "2022-07", "--assume")

ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’]*(?:[,;:]? +[A-Za-z][A-Za-z'’]*){2,}")
"""Three English words one after the other."""
QUOTED = re.compile(r"《[^》]*》|“[^”]*”|\"[^\"]*\"|'[^']*'|`[^`]*`")
"""Titles and quoted words, which stay what they are."""
CODE = re.compile(r"--[a-z-]+|\b[a-z]+\.[a-z_.]+\b|\b[A-Z][A-Z.]+\b|\bshequ [a-z]+\b|https?://\S+|/\S+")
CHINESE_SENTENCE = re.compile("[一-鿿][^A-Za-z]*[，。；：][^A-Za-z]*[一-鿿]")


def english_in(text: str) -> list[str]:
    """Return the English sentences of a Chinese text."""
    return ENGLISH.findall(CODE.sub("·", QUOTED.sub("·", text)))


def chinese_in(text: str) -> list[str]:
    """Return the Chinese sentences of an English text."""
    bare = re.sub(r"\([^)]*\)", "·", QUOTED.sub("·", text))
    return [line for line in bare.splitlines() if CHINESE_SENTENCE.search(line)]


@pytest.fixture(autouse=True)
def no_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from an environment that names no language, without the plugins of cities."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "SHEQU_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHEQU_DISABLE_PLUGINS", "1")


def run(*arguments: str, code: int = 0) -> Result:
    """Run the command."""
    result = CliRunner().invoke(shequ, list(arguments), prog_name="shequ")
    assert result.exit_code == code, result.output
    return result


def told(*arguments: str, code: int = 0) -> str:
    """Run the command and return all that it says."""
    return run(*arguments, code=code).output


ANSWERS = {
    "policy": ("policy", "220104", "--on", "2022-07-01", "--assume"),
    "policy, nothing assumed": ("policy", "220104", "--on", "2022-07-01"),
    "two policies": ("policy", "2202", "--on", "2022-07-01", "--against", "2201", "--assume"),
    "a clause": ("clauses", "JLW2.2b"),
    "a clause with a bound": ("clauses", "JLW2.4g"),
    "a principle": ("clauses", "JLG1.1"),
    "all clauses": ("clauses",),
    "coverage": ("clauses", "--coverage"),
    "explain": ("explain", str(EXAMPLE), "--worker", WORKER, *HERE),
    "a month": ("pay", "run", *JULY, "--ledger", "none", "--against", "2022-06"),
    "a slip": ("pay", "slip", *JULY, "--worker", WORKER),
    "an average": ("pay", "average", *JULY, "--tolerance", "1/100"),
    "a budget": ("pay", "budget", str(EXAMPLE), *HERE),
}
WRONG = {
    "no such verb": ("polici",),
    "no such option": ("policy", "220104", "--assumed"),
    "no place": ("policy",),
    "too much": ("policy", "220104", "220105"),
    "no day": ("policy", "220104", "--on", "2022-02-30"),
    "no number": ("explain", str(EXAMPLE), "--worker", WORKER, "--place", "220104", "--year", "last"),
    "a year too far": ("explain", str(EXAMPLE), "--worker", WORKER, "--place", "220104", "--year", "3000"),
    "a negative seed": ("synthesize", "220104", "--year", "2022", "--seed", "-1", "--out", "x"),
    "no value": ("policy", "220104", "--on"),
    "no choice": ("policy", "220104", "--lang", "fr"),
    "no such place": ("policy", "229999"),
    "no such name": ("policy", "朝阳屯"),
    "no such clause": ("clauses", "JLW2.2z"),
    "nobody": ("explain", str(EXAMPLE), "--worker", "S220104-99999", *HERE),
    "no month": ("pay", "run", str(EXAMPLE), "--place", "220104", "--month", "2022-13", "--ledger", "none"),
    "no ledger": ("pay", "run", *JULY, "--ledger", __file__),
    "no exact share": ("pay", "average", *JULY, "--tolerance", "0.02"),
    "no name for slips": ("pay", "slip", *JULY, "--out", "slips.pdf"),
    "no name for the bank": ("pay", "bank", *JULY, "--out", "bank.txt"),
    "nobody paid": ("pay", "slip", *JULY, "--worker", "S220104-99999"),
    "no such pay verb": ("pay", "runs"),
    "unset": ("explain", str(EXAMPLE), "--worker", WORKER, "--place", "220104", "--year", "2022"),
    "no such folder": ("year", "nowhere", "--out", "x", *HERE),
    "synthesize elsewhere": ("synthesize", "00", "--year", "2022", "--out", "x"),
    "synthesize too early": ("synthesize", "220104", "--year", "1800", "--out", "x"),
}


@pytest.mark.parametrize("arguments", [pytest.param(one, id=name) for name, one in ANSWERS.items()])
def test_an_answer_is_in_one_language(arguments: tuple[str, ...]) -> None:
    """--lang zh leaves no English sentence, --lang en no Chinese one save titles, names and the law's words."""
    assert english_in(told(*arguments, "--lang", "zh")) == []
    assert chinese_in(told(*arguments, "--lang", "en")) == []


@pytest.mark.parametrize("arguments", [pytest.param(one, id=name) for name, one in WRONG.items()])
def test_an_error_is_in_one_language(arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same goes for what is wrong with a command line, a place or a file."""
    monkeypatch.setenv("SHEQU_LANG", "zh")
    chinese = told(*arguments, code=2)
    assert re.search("[一-鿿]", chinese)
    assert english_in(chinese) == []
    monkeypatch.setenv("SHEQU_LANG", "en")
    assert chinese_in(told(*arguments, code=2)) == []


@pytest.mark.parametrize("verb", ["", *VERBS, *(f"pay {verb}" for verb in PAY_VERBS)])
@pytest.mark.parametrize(
    ("environment", "heading"),
    [
        pytest.param({}, "选项：", id="nothing"),
        pytest.param({"LANG": "C.UTF-8"}, "选项：", id="C"),
        pytest.param({"LANG": "zh_CN.UTF-8"}, "选项：", id="zh_CN"),
        pytest.param({"LANG": "en_US.UTF-8"}, "Options:", id="en_US"),
        pytest.param({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "选项：", id="LC_ALL before LANG"),
        pytest.param({"LANG": "zh_CN.UTF-8", "LANGUAGE": "fr:en"}, "Options:", id="LANGUAGE before LANG"),
        pytest.param({"LANG": "en_US.UTF-8", "SHEQU_LANG": "zh"}, "选项：", id="SHEQU_LANG before all"),
    ],
)
def test_help_is_in_the_language_of_the_environment(
    verb: str, environment: dict[str, str], heading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--lang, else SHEQU_LANG, else the locale, else Chinese."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    text = told(*verb.split(), "--help")
    assert heading in text
    assert (english_in if heading == "选项：" else chinese_in)(text) == []


def test_a_folder_with_faults_is_told_in_one_language(tmp_path: Path) -> None:
    """Every fault, with file, row and column, in the language that was asked for."""
    folder = tmp_path / "facts"
    shutil.copytree(EXAMPLE, folder)
    changes: dict[str, Callable[[str], str]] = {
        "workers.csv": lambda text: text.replace("male", "unsure", 2).replace("19", "２０", 1),
        "holdings.csv": lambda text: text.replace("full_time", "full time", 1).replace("S220104-00004", "S9", 1),
        "communities.csv": lambda text: text + text.splitlines()[1] + "\n" + "1,2,3,4,5,6,7,8,9,10,11,12,13\n",
        "posts.csv": lambda text: text.replace("220104001001-01", "220104001001", 1),
        "assessments.csv": lambda text: text.replace("2021", "last", 3),
    }
    for name, change in changes.items():
        path = folder / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "grid.csv").write_text("a\n1\n", encoding="utf-8")
    (folder / "trainings.csv").write_text("", encoding="utf-8")
    (folder / "former_pays.csv").write_text("worker;monthly\n", encoding="utf-8")
    arguments = ("year", str(folder), "--out", str(tmp_path / "out"), *HERE)
    chinese = told(*arguments, "--lang", "zh", code=2)
    assert chinese.count("第") > 5
    assert english_in(chinese) == []
    assert chinese_in(told(*arguments, "--lang", "en", code=2)) == []
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The year of the example, once in each language, with what was said."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHEQU_DISABLE_PLUGINS", "1")
        found = {}
        for lang, locale in (("zh", "en_US.UTF-8"), ("en", "zh_CN.UTF-8")):
            patch.setenv("LANG", locale)
            out = tmp_path_factory.mktemp(lang)
            said = told("year", str(EXAMPLE), "--out", str(out / "year"), *HERE, "--lang", lang)
            (out / "said.txt").write_text(said, encoding="utf-8")
            found[lang] = out
        yield found


def page_text(page: str) -> str:
    """Return what a page shows, a line a piece."""
    bare = re.sub(r"(?s)<style>.*?</style>|<[^>]*>", "\n", page)
    labels = re.findall(r'aria-label="([^"]*)"', page)
    return html.unescape("\n".join([bare, *labels]))


def book_text(path: Path) -> str:
    """Return every text of a workbook."""
    book = CalamineWorkbook.from_path(path)
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    return "\n".join([*book.sheet_names, *(str(cell) for row in rows for cell in row if isinstance(cell, str))])


def test_a_year_is_in_one_language(answers: dict[str, Path]) -> None:
    """What is said, the page and the workbook."""
    for lang, foreign in (("zh", english_in), ("en", chinese_in)):
        out = answers[lang]
        assert foreign((out / "said.txt").read_text(encoding="utf-8")) == []
        assert foreign(page_text((out / "year" / "report.html").read_text(encoding="utf-8"))) == []
        assert foreign(book_text(out / "year" / "year.xlsx")) == []


def test_codes_of_a_year_are_said_in_chinese(answers: dict[str, Path]) -> None:
    """In the Chinese workbook a grade is 合格 and a class 社区正职; in the English one they are codes."""
    chinese, english = (book_text(answers[lang] / "year" / "year.xlsx").splitlines() for lang in ("zh", "en"))
    assert {"合格", "社区正职", "续聘"} <= set(chinese)
    assert {"qualified", "principal", "renew"} <= set(english)
    assert not {"qualified", "principal", "renew"} & set(chinese)


def test_data_is_the_same_in_every_language_and_locale(
    answers: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parquet, summary.json and --json don't depend on who reads them."""
    files = ("slips.parquet", "pools.parquet", "headcounts.parquet", "summary.json")
    for name in files:
        assert (answers["zh"] / "year" / name).read_bytes() == (answers["en"] / "year" / name).read_bytes()
    for arguments in ANSWERS.values():
        found = set()
        for locale in ("C", "zh_CN.UTF-8", "en_US.UTF-8", "de_DE.UTF-8"):
            monkeypatch.setenv("LANG", locale)
            found.add(run(*arguments, "--json").stdout)
        assert len(found) == 1
        assert json.loads(found.pop())


LATE = {
    "certificates.csv": f"{WORKER},senior,2023-05-10,2023-07-12,\n",
    "assessments.csv": f"{WORKER},2022,outstanding,,,,,2023-07-20,\n",
}
"""What becomes known in July of who was paid in June."""


@pytest.fixture(scope="module")
def closed(few: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of facts and a ledger: June is closed, and then something becomes known."""
    folder, ledger = (tmp_path_factory.mktemp("closed") / name for name in ("facts", "ledger"))
    shutil.copytree(few, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHEQU_DISABLE_PLUGINS", "1")
        told("pay", "close", str(folder), *month_of("2023-06", ledger, known="2023-06-30"))
    for name, row in LATE.items():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(row)
    return folder, ledger


def month_of(month: str, ledger: Path, known: str = "2023-07-31") -> tuple[str, ...]:
    """Return the options of a month."""
    return ("--place", "220104", "--assume", "--month", month, "--known", known, "--ledger", str(ledger))


@pytest.mark.parametrize(("lang", "foreign"), [("zh", english_in), ("en", chinese_in)])
def test_a_month_with_arrears_is_in_one_language(
    lang: str, foreign: Callable[[str], list[str]], closed: tuple[Path, Path], tmp_path: Path
) -> None:
    """The run with arrears and causes, slips as text, page and workbook, the bank's file, and a closed month."""
    folder, ledger = closed
    july = (str(folder), *month_of("2023-07", ledger), "--lang", lang)
    page, book, bank = (tmp_path / name for name in ("slips.html", "slips.xlsx", "bank.csv"))
    texts = [
        told("pay", "run", *july, "--against", "2023-06"),
        told("pay", "run", str(folder), *month_of("2023-06", ledger), "--lang", lang),
        told("pay", "slip", *july, "--worker", WORKER),
        told("pay", "slip", *july, "--out", str(page)),
        page_text(page.read_text(encoding="utf-8")),
        told("pay", "slip", *july, "--out", str(book)),
        book_text(book),
        told("pay", "bank", *july, "--out", str(bank)),
        bank.read_text(encoding="utf-8-sig"),
        told("pay", "close", str(folder), *month_of("2023-06", ledger), "--lang", lang, code=2),
        told("pay", "close", str(folder), *month_of("2023-09", ledger), "--lang", lang, code=2),
    ]
    assert WORKER in texts[0]
    for text in texts:
        assert foreign(text.replace(str(tmp_path), "").replace(str(ledger), "")) == []


def test_making_people_up_is_told_in_one_language(tmp_path: Path) -> None:
    """What `synthesize` says of its work."""
    arguments = ("synthesize", "220104", "--year", "2022", "--overwrite", "--out", str(tmp_path / "made"))
    assert english_in(told(*arguments, "--lang", "zh").replace(str(tmp_path), "")) == []
    assert chinese_in(told(*arguments, "--lang", "en")) == []


def test_what_plugins_say_is_said_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a value, as the plugins of cities name them, have their Chinese."""
    monkeypatch.delenv("SHEQU_DISABLE_PLUGINS")
    pytest.importorskip("shequ_jinzhou")
    assert english_in(told("policy", "2107", "--on", "2024-07-01", "--assume", "--lang", "zh")) == []


def test_an_explanation_tells_branches_and_roundings_in_chinese() -> None:
    """Notes go through the same messages as everything else; data keeps the English template filled in."""
    chinese = told(*ANSWERS["explain"], "--lang", "zh")
    assert "四舍五入为" in chinese
    assert "取较小者" in chinese
    assert "条件不成立" in chinese
    data = json.loads(run(*ANSWERS["explain"], "--json", "--lang", "zh").stdout)
    assert data == json.loads(run(*ANSWERS["explain"], "--json", "--lang", "en").stdout)
    notes = [note for month in data["months"] for line in month["lines"].values()
             for step in line["steps"] for note in step["notes"]]
    assert any(note.startswith("rounded: ") for note in notes)
