"""The type checker knows what each key holds: a reader needs no cast, and a wrong value doesn't pass."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SNIPPET = '''
from datetime import date

from shequ_core import Document, LocalPolicy, Policy, PolicyBook, Span, Status
from shequ_core.policy.pay import BASE_SHARE, GRADES
from shequ_core.policy.staffing import BASE_POSTS
from shequ_core.tables.dataset import Communities

DAY = date(2021, 1, 1)
SOURCE = Document("某市办法").article("第一条")

def read(policy: Policy, communities: Communities) -> None:
    reveal_type(policy[BASE_SHARE])
    reveal_type(policy[BASE_POSTS])
    reveal_type(policy[GRADES].classes)
    reveal_type(policy.get(BASE_SHARE))
    reveal_type(communities.households)
    reveal_type(PolicyBook.load())

good = BASE_POSTS.set(Span(12, 16), since=DAY, known_on=DAY, source=SOURCE, status=Status.ISSUED)
LocalPolicy(place="2299", values=[good])
BASE_POSTS.set("oops", since=DAY, known_on=DAY, source=SOURCE, status=Status.ISSUED)
BASE_SHARE.set(0.7, since=DAY, known_on=DAY, source=SOURCE, status=Status.ISSUED)
BASE_POSTS.set(Span(12, 16), since=DAY, known_on=DAY, status=Status.ISSUED)
BASE_POSTS.set(Span(12, 16), since="2021-01-01", known_on=DAY, source=SOURCE, status=Status.ISSUED)
LocalPolicy(place="2299", values=["oops"])
'''

REVEALED = [
    "fractions.Fraction",
    "shequ_core.values.Span[int]",
    "typing.Mapping[str, shequ_core.values.Span[int]]",
    "fractions.Fraction | None",
    "shequ_core.tables.columns.IntColumn",
    "shequ_core.policy.book.PolicyBook",
]
REFUSED = [
    '"set" of "Parameter" has incompatible type "str"; expected "Span[int]"',
    '"set" of "Parameter" has incompatible type "float"; expected "Fraction"',
    'Missing named argument "source"',
    '"since" to "set" of "Parameter" has incompatible type "str"; expected "date"',
    'List item 0 has incompatible type "str"',
]


def test_mypy_knows_every_key(tmp_path: Path) -> None:
    """`policy[BASE_SHARE]` is a Fraction, `BASE_POSTS.set("oops", ...)` an error, under mypy strict."""
    pytest.importorskip("mypy")
    root = Path(__file__).parents[2]
    snippet = tmp_path / "snippet.py"
    snippet.write_text(SNIPPET, encoding="utf-8")
    cache = root / ".mypy_cache"
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", str(cache), str(snippet)]
    told = subprocess.run(
        command, cwd=root, capture_output=True, text=True, env={**os.environ, "MYPY_FORCE_COLOR": "0"}, check=False
    )
    revealed = re.findall(r'Revealed type is "(.+)"', told.stdout)
    assert [re.sub(r"builtins\.", "", one) for one in revealed] == REVEALED, told.stdout + told.stderr
    errors = [line for line in told.stdout.splitlines() if ": error: " in line]
    assert len(errors) == len(REFUSED), told.stdout
    for line, said in zip(errors, REFUSED, strict=True):
        assert said in line


def test_every_row_of_a_new_plugin_passes_once_it_is_taken_in(tmp_path: Path) -> None:
    """What `shequ plugin new` writes is as strict as what it is written from."""
    pytest.importorskip("mypy")
    from datetime import date

    from shequ_core.kit.start import Beginning, start
    from shequ_core.policy.book import PolicyBook

    begun = Beginning(place="229902", name="柳林区", module="shequ_liulin", on=date(2022, 7, 1))
    start(begun, tmp_path / "made", PolicyBook.load(assume=True), "en")
    file = tmp_path / "made" / "src" / "shequ_liulin" / "__init__.py"
    rows = re.sub(r"^    # (?!====| \|)", "    ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    file.write_text(rows, encoding="utf-8")
    assert rows.count("    _rule(") > 40
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(root / ".mypy_cache"), str(file)]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
