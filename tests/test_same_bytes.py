"""The same input gives the same bytes: twice, in another order, under another hash seed, locale and time zone."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[1] / "examples" / "chaoyang"
ASKED = ("--place", "220104", "--year", "2022", "--assume")
FIRST = {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"}
OTHERS = [
    pytest.param({"PYTHONHASHSEED": "1", "LC_ALL": "zh_CN.GB18030", "TZ": "Asia/Shanghai"}, id="a desk in Changchun"),
    pytest.param({"PYTHONHASHSEED": "42", "LC_ALL": "en_US.UTF-8", "TZ": "Pacific/Kiritimati"}, id="a desk far away"),
]


def shequ(*words: object, env: dict[str, str], cwd: Path) -> bytes:
    """Run the command in a fresh interpreter and return what it prints."""
    dropped = {"SHEQU_LANG", "LANGUAGE", "LANG", "LC_MESSAGES"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    code = "from shequ_core.cli import main; main()"
    command = [sys.executable, "-c", code, *(str(word) for word in words)]
    return subprocess.run(command, env={**kept, **env}, cwd=cwd, capture_output=True, check=True).stdout


def year(folder: Path, out: Path, env: dict[str, str]) -> dict[str, bytes]:
    """Run the year and return its Parquet and JSON."""
    shequ("year", folder, *ASKED, "--out", out, env=env, cwd=out.parent)
    return {path.name: path.read_bytes() for path in out.iterdir() if path.suffix in {".parquet", ".json"}}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The answer as one machine gives it."""
    return year(EXAMPLE, tmp_path_factory.mktemp("first") / "out", FIRST)


def shuffled(folder: Path, seed: int) -> Path:
    """Copy the example with rows and columns of every table in another order."""
    chance = random.Random(seed)
    folder.mkdir()
    for path in sorted(EXAMPLE.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = list(csv.reader(file))
        columns = chance.sample(range(len(head)), len(head))
        chance.shuffle(rows)
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([row[at] for at in columns] for row in (head, *rows))
    return folder


@pytest.mark.parametrize("env", OTHERS)
def test_the_machine_changes_nothing(tmp_path: Path, before: dict[str, bytes], env: dict[str, str]) -> None:
    """Hash seed, locale and time zone leave every Parquet and JSON file as it was."""
    assert {"slips.parquet", "pools.parquet", "headcounts.parquet", "summary.json"} <= set(before)
    assert year(EXAMPLE, tmp_path / "out", env) == before


def test_the_order_of_rows_and_columns_changes_nothing(tmp_path: Path, before: dict[str, bytes]) -> None:
    """The same facts in any order, from a folder of another name."""
    assert year(shuffled(tmp_path / "mixed", 5), tmp_path / "out", FIRST) == before


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("policy", "220104", "--on", "2022-07-01", "--assume", "--json"), id="policy"),
        pytest.param(("clauses", "--coverage", "--json"), id="coverage"),
        pytest.param(("explain", EXAMPLE, *ASKED, "--worker", "S220104-00002", "--json"), id="explain"),
    ],
)
def test_what_is_printed_as_json_is_the_same(tmp_path: Path, words: tuple[object, ...]) -> None:
    """Wherever it is printed, whatever the language of that machine."""
    other: dict[str, str] = OTHERS[0].values[0]  # type: ignore[assignment]  # pytest types a parameter as object
    assert shequ(*words, env=FIRST, cwd=tmp_path) == shequ(*words, env=other, cwd=tmp_path)


def test_what_is_made_up_is_the_same(tmp_path: Path) -> None:
    """The example comes out of `synthesize` to the byte, on any machine."""
    for at, one in enumerate((FIRST, OTHERS[1].values[0])):
        env: dict[str, str] = one  # type: ignore[assignment]  # as above
        shequ("synthesize", "220104", "--year", "2022", "--seed", "1", "--out", f"made{at}", env=env, cwd=tmp_path)
    made = [{path.name: path.read_bytes() for path in (tmp_path / f"made{at}").glob("*.csv")} for at in (0, 1)]
    assert made[0] == made[1]
    assert made[0] == {path.name: path.read_bytes() for path in EXAMPLE.glob("*.csv")}
