"""The year: sums to the fen, no figure hangs on the order of rows, bad rows are named."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from shequ_core.errors import InputError, OutputError, UnsetError
from shequ_core.explanation import LINES, explain
from shequ_core.model.answers import EARNINGS
from shequ_core.policy.book import PolicyBook
from shequ_core.population.synthesize import synthesize
from shequ_core.reports.year import write_year
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.files import read_dataset
from shequ_core.year import YearResult, run_year

PLACE = "220104"


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return PolicyBook.load(assume=True)


@pytest.fixture(scope="module")
def data() -> Dataset:
    return synthesize(PLACE, 2022, 1)


@pytest.fixture(scope="module")
def result(book: PolicyBook, data: Dataset) -> YearResult:
    return run_year(data, book, PLACE, 2022)


def test_lines_add_up_and_pools_are_distributed(result: YearResult) -> None:
    """Each slip's lines sum to its total, each pool is what is distributed and what isn't, to the fen."""
    slips, pools = result.slips, result.pools
    lines = np.sum([slips.column(line).values for line in EARNINGS], axis=0)
    assert (lines == slips.total.values).all()
    whole = slips.until.values - slips.since.values + 1 >= 28
    assert 0.9 * len(slips) < whole.sum() < len(slips)
    parts = slips.basic.values + slips.performance.values
    assert (parts[whole] <= slips.standard.values[whole]).all()
    assert (parts == slips.standard.values).sum() > 0.9 * len(slips)
    assert (parts[~whole] < slips.standard.values[~whole]).all()
    assert (pools.distributed.values + pools.undistributed.values == pools.pool.values).all()
    paid: dict[tuple[str, int], int] = {}
    for slip in slips:
        key = (slip.subdistrict, slip.month)
        paid[key] = paid.get(key, 0) + slip.bonus
    assert paid == {(one.subdistrict, one.month): int(one.distributed) for one in pools}


def shuffled(data: Dataset, seed: int) -> Dataset:
    """Return the same facts with every table's rows in another order."""
    order = np.random.default_rng(seed)
    return data.with_tables({name: table.take(order.permutation(len(table))) for name, table in data.tables()})


def test_the_same_bytes_in_any_order_of_rows(
    book: PolicyBook, data: Dataset, result: YearResult, tmp_path: Path
) -> None:
    """Shuffled tables give byte-identical Parquet, JSON and page."""
    write_year(result, tmp_path / "one", lang="zh", book=book)
    write_year(run_year(shuffled(data, 7), book, PLACE, 2022), tmp_path / "two", lang="zh", book=book)
    for name in ("slips.parquet", "pools.parquet", "headcounts.parquet", "summary.json", "report.html", "year.xlsx"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_an_earlier_answer_is_replaced_and_nothing_else_is(
    book: PolicyBook, result: YearResult, tmp_path: Path
) -> None:
    """A file of somebody else's beside an answer, or called as one of its files, keeps the folder."""
    out = tmp_path / "out"
    for _ in range(2):
        write_year(result, out, lang="zh", book=book)
    (out / "notes.txt").write_text("mine")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "report.html").write_text("mine")
    for folder in (out, tmp_path / "other"):
        with pytest.raises(OutputError, match="not an earlier answer"):
            write_year(result, folder, lang="zh", book=book)
    assert (out / "notes.txt").read_text() == (tmp_path / "other" / "report.html").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "out"]


def test_the_answer_says_what_it_rests_on(book: PolicyBook, result: YearResult, tmp_path: Path) -> None:
    """Assumptions, proxies and synthetic people are marked in the summary and on the page."""
    write_year(result, tmp_path / "out", lang="en", book=book)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert summary["synthetic"] is True
    assert {"assumption", "draft", "proxy"} <= set(summary["marks"])
    assert "assumption" in page
    assert "synthetic" in page
    assert "http" not in page


def test_a_folder_of_somebody_else_is_left_alone(book: PolicyBook, result: YearResult, tmp_path: Path) -> None:
    """An answer never replaces what isn't an earlier answer."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError):
        write_year(result, tmp_path, lang="zh", book=book)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_without_assumptions_every_missing_key_is_named(data: Dataset) -> None:
    """One error for all that nobody set, each with its clause."""
    with pytest.raises(UnsetError) as caught:
        run_year(data, PolicyBook.load(), PLACE, 2022)
    missing = {one.key: one.clause for one in caught.value.missing}
    assert {"pay.grades", "pay.reference", "pay.bonus_weights", "pay.payday", "pay.placement"} <= set(missing)
    assert missing["pay.grades"] == "JLW2.4b"


def test_an_explanation_ends_at_the_slips_figures(book: PolicyBook, data: Dataset, result: YearResult) -> None:
    """The tree of a month is made by the rules that paid: its figures are the slip's, and every rule has a line."""
    worker = "S220104-00002"
    told = explain(data, book, PLACE, 2022, worker)
    mine = result.slips.where((result.slips.worker == worker).true())
    for slip in mine:
        month = f"{slip.month // 100}-{slip.month % 100:02d}"
        assert told.lines[month]["total"] == slip.total
        split = next(step for step in told.behind(month, "basic") if step.rule == "pay.split_standard")
        assert isinstance(split.result, dict)
        assert split.result["basic"] == slip.basic.yuan()
        shares = next(step for step in told.behind(month, "bonus") if step.rule == "pay.pool_shares")
        assert isinstance(shares.result, dict)
        assert shares.result["share"] == slip.bonus.yuan()
        known = {rule for rules in LINES.values() for rule in rules}
        assert {step.rule for step in told.steps[month]} <= known


def test_a_community_elsewhere_is_named_by_file_and_row(book: PolicyBook, tmp_path: Path) -> None:
    """A code outside the place asked for is told with its line, and nothing is written."""
    folder = tmp_path / "people"
    shutil.copytree(Path(__file__).parents[2] / "examples" / "chaoyang", folder)
    with pytest.raises(InputError) as caught:
        run_year(read_dataset(folder), book, "220102", 2022)
    first = caught.value.faults[0]
    assert (first.file, first.row, first.column) == ("communities.csv", 2, "code")


def test_every_post_vacant_is_a_year_too(book: PolicyBook, data: Dataset) -> None:
    """Communities and posts without anybody in them: no slips, and the headcount stands."""
    nobody = np.zeros(0, dtype=np.int64)
    empty = {name: table.take(nobody) for name, table in data.tables() if name not in {"communities", "posts", "grids"}}
    result = run_year(data.with_tables(empty), book, PLACE, 2022)
    assert len(result.slips) == 0
    assert result.headcounts.held.values.sum() == 0
    assert len(result.headcounts) == 52


def test_a_policy_as_known_earlier_has_no_reference(data: Dataset, book: PolicyBook) -> None:
    """The wage table is of 2023-05-26: nobody could have read it in 2022."""
    with pytest.raises(UnsetError) as caught:
        run_year(data, book, PLACE, 2022, known=date(2022, 12, 31))
    assert [one.key for one in caught.value.missing] == ["pay.reference"]
