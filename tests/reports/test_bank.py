"""The bank's file: it sums to the slips, it says what it rests on, and nobody is asked to pay."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.errors import OutputError, OverpaidError, WorkerNotFoundError
from shequ_core.model.answers import DEDUCTIONS, EARNINGS, ArrearsLine
from shequ_core.policy.book import PolicyBook
from shequ_core.reports.bank import bank_file, write_bank_file
from shequ_core.reports.slip import PaySlips, pay_slips
from shequ_core.tables.cells import unmarked
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.files import read_dataset
from shequ_core.values import Fen, yuan
from shequ_core.year import PayMonth, run_month

CHAOYANG = Path(__file__).parents[2] / "examples" / "chaoyang"


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def owed(worker: str, line: str, amount: int) -> ArrearsLine:
    return ArrearsLine(
        worker=worker, month=202203, of_month=202201, line=line, amount=Fen(amount), cause="pool",
        subdistrict="229901002",
    )


people = st.sampled_from(("chair", "mover", "far", "=gone", "+1", "-2", "@me", "'quoted", "many\nlines", "a,b", '"'))
arrears = st.lists(
    st.tuples(people, st.sampled_from((*EARNINGS, *DEDUCTIONS, "employer")), st.integers(-400_000, 10**9)), max_size=12
)


@given(arrears)
def test_the_file_sums_to_the_slips(
    march: PayMonth, data: Dataset, book: PolicyBook, told: Sequence[tuple[str, str, int]]
) -> None:
    """Whatever arrears there are: the rows sum to the slips, or who is overpaid is named and nothing comes out."""
    slips = pay_slips(march, data, book.divisions, arrears=[owed(*one) for one in told])
    overpaid = [worker for worker, slip in slips.items() if slip.paid < 0]
    if overpaid:
        with pytest.raises(OverpaidError) as caught:
            bank_file(slips)
        assert list(caught.value.workers) == overpaid
    found = bank_file(slips, without=overpaid)
    content = found.to_csv("en")
    head, *body = rows(content)
    assert len(head) == 3
    paid = {unmarked(worker): yuan(amount) for worker, _, amount in body}
    wanted = {worker.strip(): slip.paid for worker, slip in slips.items() if slip.paid > 0}
    assert paid == wanted
    assert sum(paid.values()) == found.total
    left = sum(amount for _, amount in found.left_out)
    assert found.total + left == slips.paid()
    said = found.to_data(content)
    assert (said["count"], said["sum"]) == (len(body), found.total.yuan())
    assert not any(cell[:1] in "=+-@" for row in body for cell in row[:2] if cell)


def test_a_name_is_no_formula(slips: PaySlips) -> None:
    """A name that begins with = is quoted as the readers unquote it; the file begins with the mark of UTF-8."""
    content = bank_file(slips).to_csv("zh")
    assert content.startswith(b"\xef\xbb\xbf")
    named = {row[0]: row[1] for row in rows(content)}
    assert named["mate"] == "'=白m"
    assert unmarked(named["mate"]) == "=白m"
    assert rows(content)[0][:2] == ["人员编号", "姓名"]


def test_who_is_paid_nothing_is_no_row(march: PayMonth, data: Dataset, book: PolicyBook, slips: PaySlips) -> None:
    """No bank takes an order to pay nothing; the file beside it says who it was."""
    taken = owed("far", "basic", -int(slips["far"].paid))
    found = bank_file(pay_slips(march, data, book.divisions, arrears=[taken]))
    assert found.nothing == ("far",)
    assert "far" not in {one.worker for one in found.payments}


def test_what_it_rests_on_stands_in_the_head(slips: PaySlips, tmp_path: Path) -> None:
    """Contributions that nobody can tell, values that nobody issued, people who are made up; none of it for Baihua."""
    assert rows(bank_file(slips).to_csv("en"))[0] == ["worker", "name", "Paid out (yuan)"]
    book, data = PolicyBook.load(assume=True), read_dataset(CHAOYANG)
    made_up = pay_slips(run_month(data, book, "220104", date(2022, 7, 1)), data, book.divisions)
    found = bank_file(made_up)
    head = rows(found.to_csv("en"))[0][2]
    for words in ("contributions not taken off for 453 of 453", "assumption", "proxy", "synthetic"):
        assert words in head
    assert len(found.gross) == 453
    assert found.total == made_up.month.total()
    beside = json.loads(write_bank_file(found, tmp_path / "bank.csv", "en").read_text(encoding="utf-8"))
    assert beside["synthetic"] is True
    assert "assumption" in beside["marks"]
    assert len(beside["contributions_not_taken_off"]) == 453


def test_who_is_overpaid_is_named_with_the_way_out(march: PayMonth, data: Dataset, book: PolicyBook) -> None:
    """The error names the ids; with them left out the file is made and says so."""
    slips = pay_slips(march, data, book.divisions, arrears=[owed("far", "basic", -10**7)])
    with pytest.raises(OverpaidError, match=r"as contributions or for earlier months, .* of far: .*--without"):
        bank_file(slips)
    found = bank_file(slips, without=["far"])
    assert found.left_out == (("far", slips["far"].paid),)
    assert found.to_data(b"")["left_out"] == {"far": slips["far"].paid.yuan()}
    with pytest.raises(WorkerNotFoundError, match="nobody"):
        bank_file(slips, without=["nobody"])


def test_both_files_or_none(slips: PaySlips, tmp_path: Path) -> None:
    """Nothing is overwritten and nothing half-written; the sum beside names the very bytes."""
    out = tmp_path / "deep" / "bank.csv"
    found = bank_file(slips)
    beside = write_bank_file(found, out, "en")
    said = json.loads(beside.read_text(encoding="utf-8"))
    assert said["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert said["sum"] == slips.paid().yuan()
    assert sorted(path.name for path in out.parent.iterdir()) == ["bank.csv", "bank.csv.json"]
    out.unlink()
    with pytest.raises(OutputError, match="is there already"):
        write_bank_file(found, out, "en")
    assert not out.exists()
    with pytest.raises(OutputError, match=r"\.csv"):
        write_bank_file(found, tmp_path / "bank.xlsx", "en")
