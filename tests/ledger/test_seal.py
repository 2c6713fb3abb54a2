"""Sealed months as files: never changed, verified, the same bytes for the same content."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

from shequ_core.errors import LedgerError, OutputError, PlaceNotFoundError, ShequError
from shequ_core.ledger import months
from shequ_core.ledger import seal as seals
from shequ_core.ledger.inputs import PAY_TABLES, SUBJECTS, Facts, FactTable
from shequ_core.ledger.seal import SEAL, Ledger, Seal, Sealing, seal_month
from shequ_core.policy.book import PolicyBook
from shequ_core.tables.dataset import Dataset, Secondments
from shequ_core.year.payrun import INPUT_CHANGED, close_month, pay_run

PLACE = "220104"
EXAMPLE = Path(__file__).parents[2] / "examples" / "chaoyang"
DAY = date(2022, 6, 30)
APRIL, MAY, JUNE, JULY = (date(2022, month, 1) for month in (4, 5, 6, 7))
FILES = ("slips.parquet", "arrears.parquet", "pools.parquet", "contributions.parquet", "inputs.parquet", SEAL)


@pytest.fixture(scope="module")
def closed(data: Dataset, book: PolicyBook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of three months."""
    ledger = tmp_path_factory.mktemp("ledger")
    for month in (APRIL, MAY, JUNE):
        close_month(data, book, PLACE, month, ledger, sealed_on=DAY, known=DAY)
    return ledger


def content(ledger: Path) -> dict[str, bytes]:
    """Return every byte of a ledger."""
    return {path.relative_to(ledger).as_posix(): path.read_bytes() for path in sorted(ledger.rglob("*")) if path.is_file()}


def test_what_is_sealed_reads_back(closed: Path, data: Dataset, book: PolicyBook) -> None:
    """Tables and seal come back as they went in, months in a chain."""
    told = Ledger.open(closed, PLACE)
    assert [one.month for one in told.sealed] == [202204, 202205, 202206]
    assert {path.name for path in (closed / PLACE / "2022-06").iterdir()} == set(FILES)
    run = pay_run(data, book, PLACE, JUNE, closed, known=DAY)
    last = told.sealed[-1]
    for name in seals.KINDS:
        assert getattr(last, name).same_as(run.content.table(name))
    assert last.seal.previous == told.sealed[1].seal.digest
    assert told.sealed[0].seal.previous is None
    assert Seal.from_bytes(last.seal.to_bytes()) == last.seal
    assert (last.seal.known, last.seal.cutoff, last.seal.sealed_on) == (DAY, DAY, DAY)
    assert last.seal.totals["total"] == run.total().yuan()
    stated = last.seal.policies[PLACE]["pay.reference"]
    assert stated is not None
    assert (stated.document, stated.status, stated.known_on) == ("朝阳区薪酬试行办法", "issued", date(2021, 12, 1))


# --- tampering ----------------------------------------------------------------------------------------


def flip(path: Path, chance: random.Random) -> None:
    """Change one bit."""
    some = bytearray(path.read_bytes())
    some[chance.randrange(len(some))] ^= 1 << chance.randrange(8)
    path.write_bytes(some)


def cut(path: Path, chance: random.Random) -> None:
    """Cut the end off."""
    path.write_bytes(path.read_bytes()[: -chance.randint(1, 200)])


def more(path: Path, chance: random.Random) -> None:
    """Add something."""
    path.write_bytes(path.read_bytes() + chance.randbytes(chance.randint(1, 20)))


def remove(path: Path, chance: random.Random) -> None:
    """Take the file away."""
    path.unlink()


def exchange(path: Path, chance: random.Random) -> None:
    """Put another month's file there."""
    others = [one for one in sorted(path.parent.parent.glob(f"*/{path.name}")) if one.read_bytes() != path.read_bytes()]
    path.write_bytes(chance.choice(others).read_bytes() if others else b"")


def number(path: Path, chance: random.Random) -> None:
    """Change a figure of the seal, or a byte where there are none."""
    if path.name != SEAL:
        flip(path, chance)
        return
    text = path.read_text(encoding="utf-8")
    at = chance.choice([found.start() for found in re.finditer(r"\d", text)])
    path.write_text(f"{text[:at]}{(int(text[at]) + chance.randint(1, 9)) % 10}{text[at + 1 :]}", encoding="utf-8")


@pytest.mark.parametrize("seed", range(3))
def test_a_file_that_was_touched_is_refused(
    closed: Path, data: Dataset, book: PolicyBook, tmp_path: Path, seed: int
) -> None:
    """Three times 100 random changes to an answer or a seal: each is refused, and the file and month are named."""
    chance = random.Random(seed)
    ledger = Path(shutil.copytree(closed, tmp_path / "ledger"))
    for _ in range(100):
        month, name = chance.choice(("2022-04", "2022-05", "2022-06")), chance.choice(FILES)
        path = ledger / PLACE / month / name
        before = path.read_bytes()
        how = chance.choice((flip, cut, more, remove, exchange, number))
        how(path, chance)
        with pytest.raises(LedgerError) as caught:
            Ledger.open(ledger, PLACE)
        assert month in str(caught.value), how
        assert name in str(caught.value) or how is exchange, how
        path.write_bytes(before)
    path = ledger / PLACE / "2022-05" / "slips.parquet"
    flip(path, chance)
    for attempt in (
        lambda: pay_run(data, book, PLACE, JULY, ledger),
        lambda: close_month(data, book, PLACE, JULY, ledger, sealed_on=DAY),
    ):
        with pytest.raises(LedgerError, match=r"slips\.parquet of the sealed month 2022-05"):
            attempt()
    assert not (ledger / PLACE / "2022-07").exists()


def test_months_that_were_moved_or_lost_are_told(closed: Path, tmp_path: Path) -> None:
    """A folder in the place of another, a gap, a beginning that is gone, a month sealed after another one."""

    def broken(change: Callable[[Path], object]) -> str:
        ledger = Path(shutil.copytree(closed, tmp_path / "ledger"))
        change(ledger / PLACE)
        with pytest.raises(LedgerError) as caught:
            Ledger.open(ledger, PLACE)
        shutil.rmtree(ledger)
        return str(caught.value)

    assert "holds the seal of 220104 2022-06" in broken(lambda home: (home / "2022-06").rename(home / "2022-07"))
    assert "2022-05 are missing" in broken(lambda home: shutil.rmtree(home / "2022-05"))
    assert "before the sealed month 2022-05" in broken(lambda home: shutil.rmtree(home / "2022-04"))

    def sealed_otherwise(home: Path) -> None:
        """Write a seal of May that is well made, but not the one June was sealed after."""
        path = home / "2022-05" / SEAL
        seal = Seal.from_bytes(path.read_bytes())
        path.write_bytes(attrs.evolve(seal, sealed_on=date(2022, 7, 1)).to_bytes())

    assert "2022-05 is not the one after which 2022-06 was sealed" in broken(sealed_otherwise)


def test_what_else_lies_in_the_folder_is_let_be(closed: Path, tmp_path: Path) -> None:
    """Notes, and what a run that was cut off left behind, are nobody's month."""
    ledger = Path(shutil.copytree(closed, tmp_path / "ledger"))
    (ledger / PLACE / ".2022-07-abcdef").mkdir()
    (ledger / PLACE / "notes.txt").write_text("mine")
    (ledger / PLACE / "2022-06" / "printed.pdf").write_bytes(b"mine")
    assert len(Ledger.open(ledger, PLACE).sealed) == 3


def test_what_is_no_ledger(tmp_path: Path) -> None:
    """A file, a place that is no code, a folder that isn't there."""
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match="is a file"):
        Ledger.open(tmp_path / "file", PLACE)
    for odd in ("../220104", "朝阳区", ""):
        with pytest.raises(PlaceNotFoundError):
            Ledger.open(tmp_path, odd)
    assert Ledger.open(tmp_path / "nowhere", PLACE).sealed == ()


def sealed_anew(path: Path, change: dict[str, Any]) -> None:  # Any: JSON
    """Change a seal and write the digest that goes with it, as whoever knows how it is made can."""
    said = json.loads(path.read_bytes()) | change
    said.pop("digest")
    body = (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
    said = {"digest": hashlib.sha256(body).hexdigest(), **said}
    path.write_bytes((json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode())


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("inputs", []), ("inputs", {"secrets": "0"}), ("inputs", {"posts": 3}), ("files", []), ("files", {"a": 1}),
        ("fingerprints", {"220104": None}), ("policies", []), ("restated", {"2022-13": {}}), ("totals", 3),
        ("cutoff", "soon"), ("shequ_core", 5), ("previous", 3), ("place", None),
    ],
)  # fmt: skip
def test_a_seal_with_the_right_digest_and_the_wrong_parts(closed: Path, tmp_path: Path, part: str, value: Any) -> None:
    """A digest proves that a seal is as it was written, not that it is one."""
    ledger = Path(shutil.copytree(closed, tmp_path / "ledger"))
    sealed_anew(ledger / PLACE / "2022-06" / SEAL, {part: value})
    with pytest.raises(LedgerError):
        Ledger.open(ledger, PLACE)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"null", b"", b"\xff\xfe", b'{"form": ' + b"9" * 5_000 + b"}"])
def test_a_seal_that_is_none(closed: Path, tmp_path: Path, content: bytes) -> None:
    """Whatever stands in its place, nested so deep that it can't be read too."""
    ledger = Path(shutil.copytree(closed, tmp_path / "ledger"))
    (ledger / PLACE / "2022-06" / SEAL).write_bytes(content)
    with pytest.raises(LedgerError, match="is not as it was sealed"):
        Ledger.open(ledger, PLACE)


def test_a_table_of_something_else_under_the_right_digest(closed: Path, tmp_path: Path) -> None:
    """No Parquet, or the Parquet of another table: the file is named, whoever reads it."""
    for content in (b"none", (closed / PLACE / "2022-06" / "pools.parquet").read_bytes()):
        ledger = Path(shutil.copytree(closed, tmp_path / hashlib.sha256(content).hexdigest()))
        home = ledger / PLACE / "2022-06"
        (home / "slips.parquet").write_bytes(content)
        files = {**Ledger.open(closed, PLACE).sealed[-1].seal.files, "slips.parquet": hashlib.sha256(content).hexdigest()}
        sealed_anew(home / SEAL, {"files": files})
        last = Ledger.open(ledger, PLACE).sealed[-1]
        with pytest.raises(LedgerError, match=r"slips\.parquet of the sealed month 2022-06"):
            _ = last.slips


def test_a_folder_that_cant_be_read(closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file where the place's folder should be or above it, a name that is too long, no right to look."""
    (tmp_path / PLACE).write_text("")
    with pytest.raises(LedgerError, match=f"{PLACE} is a file"):
        Ledger.open(tmp_path, PLACE)
    with pytest.raises(LedgerError, match=f"{PLACE} is a file"):
        Ledger.open(tmp_path / PLACE / "deeper", PLACE)
    with pytest.raises(LedgerError, match="can't be read"):
        Ledger.open(tmp_path / ("a" * 300), PLACE)

    def refused(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(LedgerError, match="can't be read: Permission denied"):
        Ledger.open(closed, PLACE)


def test_months_at_the_end_of_the_calendar() -> None:
    """The last month there is has a last day."""
    assert months.last_day(999912) == date(9999, 12, 31)
    assert months.last_day(202402) == date(2024, 2, 29)


# --- inputs ------------------------------------------------------------------------------------------

CHANGES = 200
KEPT = frozenset({"name", "worker", "post", "id", "code", "known_on", "withdrawn"})
"""What isn't changed: names are no input, and a row about somebody else is two changes."""


def touched(data: Dataset, chance: random.Random) -> tuple[Dataset, str, str]:
    """Change, drop or add a row of some table at random, and say what it is about."""
    name = chance.choice(PAY_TABLES)
    table = getattr(data, name)
    rows: list[Any] = list(table)  # Any: facts of every kind
    at = chance.randrange(len(rows))
    about = str(getattr(rows[at], SUBJECTS.get(name, "worker")))
    how = chance.choice(("change", "drop", "add"))
    if how == "drop":
        del rows[at]
    else:
        known = [one.name for one in attrs.fields(type(rows[at])) if getattr(rows[at], one.name) is not None]
        field = chance.choice([one for one in known if one not in {*KEPT, SUBJECTS.get(name, "")}])
        rows[at if how == "change" else len(rows) :] = [
            attrs.evolve(rows[at], **{field: otherwise(getattr(rows[at], field), chance)}),
            *(rows[at + 1 :] if how == "change" else []),
        ]
    return data.with_tables({name: type(table).of(rows)}), name, about


def otherwise(value: Any, chance: random.Random) -> Any:  # Any: the value of any cell
    """Return another value of the same kind."""
    if isinstance(value, Enum):
        return chance.choice([one for one in type(value) if one is not value])
    if isinstance(value, date):
        return value - timedelta(days=chance.randint(1, 20))
    if isinstance(value, int):
        return type(value)(value + chance.choice((-1, 1)))
    return f"{value[:-1]}{(int(value[-1]) + 1) % 10}" if value.isdigit() else f"{value}*"


def test_a_changed_input_changes_no_byte_and_is_reported(data: Dataset, book: PolicyBook, tmp_path: Path) -> None:
    """200 random changes to what a sealed month rested on: each reported by table and subject, 0 changed bytes."""
    chance = random.Random(7)
    close_month(data, book, PLACE, JUNE, tmp_path, sealed_on=DAY, known=DAY)
    before = content(tmp_path)
    refused = 0
    for _ in range(CHANGES):
        given, table, subject = touched(data, chance)
        try:
            run = pay_run(given, book, PLACE, JULY, tmp_path)
        except ShequError:
            refused += 1  # such as a post in a community that isn't there: no month can be worked out of it
            continue
        told = {(one.code, one.subject, one.message.parts["table"]) for one in run.findings if one.clause == "JLW2.4e"}
        assert (INPUT_CHANGED, subject, FactTable(table)) in told
    assert refused < CHANGES // 4
    assert content(tmp_path) == before


def test_digests_don_t_hang_on_the_order_of_rows(data: Dataset) -> None:
    """Rows and vocabularies in any order."""
    order = np.random.default_rng(3)
    mixed = data.with_tables({name: table.take(order.permutation(len(table))) for name, table in data.tables()})
    assert Facts.of(mixed).known(None, 202207) == Facts.of(data).known(None, 202207)


def test_an_unknown_cell_is_not_an_empty_one(data: Dataset) -> None:
    """Nor does one cell run into the next."""

    def digest(to: str, approved_by: str | None) -> dict[tuple[str, str, int], str]:
        row = attrs.evolve(next(iter(data.secondments or ())), to=to, until=None, approved_by=approved_by)
        return Facts.of(data.with_tables({"secondments": Secondments.of([row])})).known(None, 202207)

    told = [digest("局", None), digest("局", ""), digest("局", "-"), digest("局-", None), digest("局1", ":")]
    assert len({str(sorted(one.items())) for one in told}) == len(told)


# --- writing -----------------------------------------------------------------------------------------


def seal_again(ledger: Ledger, run: Any) -> Sealing:  # Any: a PayRun
    """Seal July."""
    return seal_month(
        ledger, 202207, run.content, known=DAY, cutoff=DAY, sealed_on=DAY, fingerprints={}, policies={}, restated={},
        inputs={},
    )  # fmt: skip


def test_of_many_at_once_one_seals(closed: Path, data: Dataset, book: PolicyBook, tmp_path: Path) -> None:
    """Eight at the same time with one result: one writes, the others find it; with another result they are refused."""
    ledger = Path(shutil.copytree(closed, tmp_path / "ledger"))
    run = pay_run(data, book, PLACE, JULY, ledger, known=DAY)
    told = Ledger.open(ledger, PLACE)
    barrier = threading.Barrier(8)
    done: list[bool] = []

    def work() -> None:
        barrier.wait()
        done.append(seal_again(told, run).fresh)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == [False] * 7 + [True]
    assert [path.name for path in (ledger / PLACE).iterdir() if path.name.startswith(".")] == []
    other = attrs.evolve(run, content=attrs.evolve(run.content, slips=run.content.slips.take(np.arange(3))))
    with pytest.raises(LedgerError, match=r"slips\.parquet"):
        seal_again(told, other)
    assert len(Ledger.open(ledger, PLACE).sealed) == 4


def test_a_disk_that_fails_leaves_nothing(
    closed: Path, data: Dataset, book: PolicyBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The month is there whole or not at all."""
    ledger = Path(shutil.copytree(closed, tmp_path / "ledger"))
    before = content(ledger)
    real, written = os.fsync, []

    def fsync(handle: int) -> None:
        written.append(handle)
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OutputError, match="No space left"):
        close_month(data, book, PLACE, JULY, ledger, sealed_on=DAY, known=DAY)
    assert content(ledger) == before
    assert {path.name for path in (ledger / PLACE).iterdir()} == {"2022-04", "2022-05", "2022-06"}


def close_elsewhere(folder: Path, ledger: Path, env: dict[str, str]) -> dict[str, bytes]:
    """Close two months of the example in fresh interpreters and return every byte but the day of sealing."""
    code = (
        "import sys; from datetime import date; from shequ_core.policy.book import PolicyBook;"
        "from shequ_core.tables.files import read_dataset; from shequ_core.year.payrun import close_month\n"
        "data, book = read_dataset(sys.argv[1]), PolicyBook.load(assume=True)\n"
        "for month, known in ((5, 1), (6, 31)):\n"
        "    close_month(data, book, '220104', date(2022, month, 1), sys.argv[2], sealed_on=date(2023, 7, 1),"
        " known=date(2023, 7, known))"
    )
    kept = {name: value for name, value in os.environ.items() if name not in {"LANG", "LANGUAGE", "LC_ALL"}}
    subprocess.run([sys.executable, "-c", code, str(folder), str(ledger)], env={**kept, **env}, check=True)
    return content(ledger)


def test_the_same_bytes_whatever_the_machine_and_the_order_of_rows(tmp_path: Path) -> None:
    """Another hash seed, locale and zone, rows of every file in another order: the same seal to the byte."""
    chance = random.Random(11)
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    for path in sorted(EXAMPLE.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = list(csv.reader(file))
        chance.shuffle(rows)
        with (mixed / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    first = close_elsewhere(EXAMPLE, tmp_path / "one", {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"})
    other = {"PYTHONHASHSEED": "7", "LC_ALL": "en_US.UTF-8", "TZ": "Asia/Shanghai"}
    assert len(first) == 2 * len(FILES)
    assert close_elsewhere(mixed, tmp_path / "two", other) == first
