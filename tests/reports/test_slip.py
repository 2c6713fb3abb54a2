"""Pay slips: sums that hold, clauses and marks that are computed, both languages, workbook and page."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import attrs
import numpy as np
import pytest
import shequ_baihua
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from shequ_core.errors import WorkerNotFoundError
from shequ_core.explanation import LINES
from shequ_core.law.carrying import CARRIERS
from shequ_core.model.answers import DEDUCTIONS, EARNINGS, ArrearsLine
from shequ_core.model.contributions import Scheme
from shequ_core.model.places import Division, DivisionKind, Divisions
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy
from shequ_core.reports.lines import CAUSES, cause_told
from shequ_core.reports.slip import PaySlip, PaySlips, pay_slips, slips_page
from shequ_core.reports.slipbook import slips_workbook
from shequ_core.tables.dataset import Dataset, Workers
from shequ_core.tables.files import read_dataset
from shequ_core.values import Fen, Status, yuan
from shequ_core.year import PayMonth, run_month

MARCH = 202203
CHAOYANG = Path(__file__).parents[2] / "examples" / "chaoyang"


def owed(worker: str, line: str, amount: Fen, cause: str = "pool", *, of_month: int = 202201, month: int = MARCH) -> ArrearsLine:
    return ArrearsLine(
        worker=worker, month=month, of_month=of_month, line=line, amount=amount, cause=cause, subdistrict="229901002"
    )


@pytest.fixture(scope="module")
def chaoyang() -> PaySlips:
    """A month of the shipped example, which rests on assumptions and has no rates."""
    book, data = PolicyBook.load(assume=True), read_dataset(CHAOYANG)
    return pay_slips(run_month(data, book, "220104", date(2022, 7, 1)), data, book.divisions)


# --- sums --------------------------------------------------------------------------------------------


def test_every_line_of_a_slip_occurs(slips: PaySlips) -> None:
    """The month is worth testing: each earning and deduction is paid to somebody."""
    seen = {line.code for slip in slips.values() for line in slip.lines if line.amount}
    assert seen == {*EARNINGS, *DEDUCTIONS}


def test_slips_are_the_months_pay(march: PayMonth, slips: PaySlips) -> None:
    """Each slip's sums are those of the person's rows; all together they are the month's."""
    table = march.slips
    for worker, slip in slips.items():
        mine = table.where((table.worker == worker).true())
        assert slip.total == mine.total.values.sum()
        assert slip.net == mine.net.values.sum()
        assert slip.paid == slip.net
        for line in (*EARNINGS, *DEDUCTIONS):
            assert slip.line(line) == mine.column(line).values.sum(), line
        assert [(part.since, part.until) for part in slip.parts] == sorted(zip(mine.since.to_list(), mine.until.to_list(), strict=True))
    assert list(slips) == list(dict.fromkeys(table.worker.to_list()))
    assert slips.paid() == table.net.values.sum()


def test_contributions_scheme_by_scheme_are_the_deductions(slips: PaySlips) -> None:
    """What the schemes take sums to the two deductions and to the employer's side."""
    for slip in slips.values():
        assert {one.scheme for one in slip.contributions} == set(Scheme)
        own = {one.scheme: one.own for one in slip.contributions}
        assert slip.line("fund") == own.pop(Scheme.HOUSING_FUND)
        assert slip.line("insurance") == sum(own.values())
        assert slip.employer == sum(one.employer for one in slip.contributions)


amounts = st.integers(-(10**9), 10**9).map(Fen)
lines = st.sampled_from((*EARNINGS, *DEDUCTIONS, "employer"))
people = st.sampled_from(("chair", "mover", "far", "gone", "gone too"))


@given(st.lists(st.tuples(people, lines, amounts, st.integers(202101, 202112)), max_size=20))
def test_sums_hold_with_any_arrears(
    march: PayMonth, data: Dataset, book: PolicyBook, told: Sequence[tuple[str, str, Fen, int]]
) -> None:
    """Lines sum to the total, that less deductions is the net, that with the arrears is what is paid."""
    arrears = [owed(worker, line, amount, of_month=month) for worker, line, amount, month in told]
    elsewhen = [attrs.evolve(one, month=202204) for one in arrears]
    slips = pay_slips(march, data, book.divisions, arrears=[*elsewhen, *arrears])
    signs = {**dict.fromkeys(EARNINGS, 1), **dict.fromkeys(DEDUCTIONS, -1)}
    paid = sum(signs.get(one.line, 0) * int(one.amount) for one in arrears)
    assert slips.paid() == march.slips.net.values.sum() + paid
    assert set(slips) == {*march.slips.worker.to_list(), *(one.worker for one in arrears)}
    for slip in slips.values():
        assert slip.total == sum(one.amount or 0 for one in slip.earnings)
        assert slip.net is not None
        assert slip.deducted is not None
        assert slip.total - slip.deducted == slip.net
        assert slip.net + slip.owed == slip.paid


def test_where_contributions_are_unknown_nothing_is_taken_off(chaoyang: PaySlips) -> None:
    """No rates are set there: the slip says so, and what is paid is the total."""
    slip = chaoyang["S220104-00002"]
    assert (slip.deducted, slip.net, slip.employer, slip.contributions) == (None, None, None, ())
    assert slip.paid == slip.total
    assert "none are taken off" in slip.text("en")
    assert "none are taken off" in slip.html("en")
    assert slip.to_data()["net"] is None


# --- lines, clauses, marks ---------------------------------------------------------------------------


def test_lines_that_come_to_nothing(slips: PaySlips) -> None:
    """A bonus of nothing after an unqualified year is a line; what is not due at all is none."""
    shown = {worker: {line.code: line.amount for line in slip.earnings} for worker, slip in slips.items()}
    assert shown["failed"]["bonus"] == 0
    assert "bonus" not in shown["lent"]  # lent to a higher office: not in the pool
    assert shown["far"].keys() == {"basic", "bonus"}
    assert shown["chair"].keys() == {"basic", "bonus", "certificate", "award"}
    assert "emergency" in shown["on duty"]
    assert "kept" in shown["kept"]


def test_clauses_are_those_of_the_rules_that_ran(march: PayMonth, slips: PaySlips, chaoyang: PaySlips) -> None:
    """They are read off the rules' own marks; where nobody was on duty, JLW2.5b stands behind nothing."""
    for found in (slips, chaoyang):
        for slip in found.values():
            ran = found.month.bases[slip.place].rules
            for line in slip.lines:
                carried = {clause for rule in LINES[line.code] if rule in ran for clause in CARRIERS[rule].clauses}
                assert set(line.clauses) == carried
                assert line.like == ()
    assert {line.code: line.clauses for line in slips["on duty"].earnings}["emergency"] == ("JLW2.5b",)
    assert {line.code: line.clauses for line in slips["chair"].lines}["insurance"] == ("JLW2.5a",)
    assert "emergency.duty_allowance" not in chaoyang.month.bases["220104001"].rules
    assert march.bases["229901001"].rules["pay.graded_pay"] == {
        "pay.grades", "pay.reference", "pay.local_coefficient"
    }  # fmt: skip


def test_marks_are_those_of_the_values_that_were_read(slips: PaySlips, chaoyang: PaySlips) -> None:
    """Baihua has issued everything; Chaoyang's reference is a proxy, and most else an assumption."""
    assert all(not slip.marks and not slip.rests_on for slip in slips.values())
    slip = chaoyang["S220104-00002"]
    assert set(slip.marks) == {Status.DRAFT, Status.PROXY, Status.ASSUMPTION}
    assert slip.rests_on["pay.reference"] == (Status.PROXY,)
    assert "targets.milestones" not in slip.rests_on
    assert slip.synthetic
    by_line = {line.code: line.marks for line in slip.lines}
    assert Status.PROXY in by_line["bonus"]  # the pool is made of standards, which follow the reference
    for told in (slip.text("en"), slip.html("en")):
        assert "assumption" in told
        assert "synthetic" in told
    assert slip.to_data()["marks"] == ["draft", "proxy", "assumption"]


def test_a_stale_value_is_told(data: Dataset, book: PolicyBook) -> None:
    """As known in March the reference of 2022 isn't out: that of 2021 is used, and past its life."""
    month = run_month(data, book, "229901", date(2022, 3, 1), known=date(2022, 3, 31))
    slip = pay_slips(month, data, book.divisions)["far"]
    assert slip.stale == ("contributions.rates", "pay.reference")
    assert "pay.reference" in slip.text("en")
    assert slip.known == date(2022, 3, 31)


def test_what_no_place_has_set_is_told(slips: PaySlips, chaoyang: PaySlips) -> None:
    """No line for it, and a sentence that names the key and who can set it."""
    assert all(not slip.unset for slip in slips.values())
    slip = chaoyang["S220104-00002"]
    told = slip.text("en")
    for key in ("pay.emergency", "contributions.rates", "pay.no_reduction"):
        assert f"{key} is not set" in told
        assert f"{key} is not set" in slip.html("en")
    assert len(slip.unset) == 3


def test_without_notes_every_rule_may_be_behind_a_line(march: PayMonth, data: Dataset, book: PolicyBook) -> None:
    """A month of which nobody noted what ran still has slips: with more clauses, never with fewer."""
    bare = pay_slips(attrs.evolve(march, bases={}), data, book.divisions)
    full = pay_slips(march, data, book.divisions)
    for worker, slip in full.items():
        for line, other in zip(slip.lines, bare[worker].lines, strict=True):
            assert (line.code, line.amount) == (other.code, other.amount)
            assert set(line.clauses) <= set(other.clauses)


class Elsewhere:
    """Baihua's rules for a place that lies in no province of ours."""

    @hookimpl
    def shequ_place(self) -> Sequence[LocalPolicy]:
        """Speak for it."""
        kinds = {2: DivisionKind.PROVINCE, 4: DivisionKind.CITY, 6: DivisionKind.COUNTY, 9: DivisionKind.SUBDISTRICT}
        places = Divisions(
            Division(code=code, name=name, kind=kinds[len(code)], status=Status.ASSUMPTION)
            for code, name in (
                ("98", "某省"), ("9899", "某市"), ("989901", "某区"), ("989901001", "某街道"), ("989901002", "另街道")
            )
        )
        values = [one for policy in shequ_baihua.shequ_place() for one in policy.values]
        return [LocalPolicy(place="9899", values=values, divisions=places)]


def test_outside_jilin_a_clause_is_only_like(small_place: Callable[[str], Dataset]) -> None:
    """The same rules pay, and the province's clauses are said not to be in force."""
    book, data = PolicyBook.load(plugins=[Elsewhere()]), small_place("989901")
    slips = pay_slips(run_month(data, book, "989901", date(2022, 3, 1)), data, book.divisions)
    slip = slips["chair"]
    assert {line.clauses for line in slip.lines} == {()}
    assert {line.code: line.like for line in slip.lines}["insurance"] == ("JLW2.5a",)
    said = "a mechanism like JLW2.5a, which is not in force here"
    assert said in slip.text("en")
    assert said in slip.html("en")
    assert "[JLW" not in slip.text("en")


# --- people ------------------------------------------------------------------------------------------


def test_parts_of_a_month_stand_by_themselves(slips: PaySlips) -> None:
    """Who moves in mid-month and wins a certificate has three parts, each with its days and grade."""
    told = slips["mover"]
    assert [(part.days, part.post_class, part.grade, part.community) for part in told.parts] == [
        (13, "staff", 4, "林海一社区"), (7, "committee", 7, "白桦一社区"), (11, "committee", 7, "白桦一社区"),
    ]  # fmt: skip
    assert told.place == "229901001"
    assert told.parts[0].where == "吉林省白桦市桦林区林海街道"
    assert told.parts[0].assessment is AssessmentGrade.QUALIFIED
    assert told.to_data()["parts"][0]["days"] == 13  # type: ignore[index,call-overload]  # JSON data


def test_somebody_who_left_is_paid_arrears_alone(march: PayMonth, data: Dataset, book: PolicyBook) -> None:
    """No part of the month, no line, and the arrears with month and cause."""
    arrears = [owed("gone", "basic", yuan(120), "policy:pay.reference fact:certificates"), owed("gone", "fund", yuan(20))]
    slip = pay_slips(march, data, book.divisions, arrears=arrears)["gone"]
    assert (slip.parts, slip.lines, slip.total, slip.net) == ((), (), 0, 0)
    assert slip.paid == slip.owed == yuan(100)
    assert slip.where == "吉林省白桦市桦林区林海街道"
    told = slip.text("en")
    assert "2022-01  basic, 120.00 (another value of pay.reference; facts: certificates)" in told
    assert "2022-01  fund, 20.00 (the subdistrict's pool, moved by others)" in told
    assert "社工证" in slip.text("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_cause_has_words(lang: str) -> None:
    """No code of a cause reaches a reader."""
    told = cause_told("fact:leaves policy:pay.payday", lang)
    for code in CAUSES:
        assert cause_told(code, lang) != code
    assert not re.search(r"fact:|policy:|leaves" if lang == "zh" else "fact:|policy:", told)


def test_nobody_else_is_named_when_an_id_is_wrong(slips: PaySlips) -> None:
    """And a wrong id isn't in the mapping either."""
    assert "nobody" not in slips
    with pytest.raises(WorkerNotFoundError, match=r"paid in 2022-03\Z"):
        slips["nobody"]
    few = slips.only("far", "chair")
    assert list(few) == ["far", "chair"]
    assert "mover" not in few
    assert few.paid() == slips["far"].paid + slips["chair"].paid
    assert len(slips) == 12


# --- text, HTML, data --------------------------------------------------------------------------------


class _Tags(HTMLParser):
    """Whether every tag that opens is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name in {"src", "href"} for name, _ in attrs)
        if tag not in {"br", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_and_page_say_every_amount(slips: PaySlips, lang: str) -> None:
    """Each line, each scheme, total, net and what is paid, in both forms; the HTML is whole and asks for nothing."""
    for slip in slips.values():
        parser = _Tags()
        parser.feed(slip.html(lang))
        assert parser.open == []
        page = "|".join(parser.said)
        text = slip.text(lang)
        told = [one.amount for one in slip.lines] + [slip.total, slip.net, slip.paid]
        told += [one.own for one in slip.contributions] + [one.base for one in slip.contributions]
        for amount in told:
            assert amount is not None
            assert amount.yuan() in text
            assert amount.yuan() in page
        assert "http" not in slip.html(lang)
    whole = _Tags()
    whole.feed(slips_page(slips.values(), lang))
    assert whole.open == []


def test_a_name_is_text(march: PayMonth, data: Dataset, book: PolicyBook) -> None:
    """Markup in a name stays a name."""
    workers = Workers.of(
        attrs.evolve(one, name="<script>x</script>") if one.id == "far" else one for one in data.workers
    )
    slip = pay_slips(march, data.with_tables({"workers": workers}), book.divisions)["far"]
    assert "<script" not in slip.html("en")
    assert "&lt;script&gt;" in slip.html("en")
    assert slip._repr_html_() == slip.html("zh")


def test_data_has_no_float_and_adds_up(slips: PaySlips) -> None:
    """Money is yuan text; a reader can add the lines up."""
    for slip in slips.values():
        told = json.loads(json.dumps(slip.to_data()), parse_float=pytest.fail)
        earned = sum(yuan(one["amount"]) for one in told["earnings"])
        taken = sum(yuan(one["amount"]) for one in told["deductions"])
        assert earned == yuan(told["total"])
        assert earned - taken + yuan(told["owed"]) == yuan(told["paid"])
        assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in told["policies"])


# --- the workbook ------------------------------------------------------------------------------------


def sheets(content: bytes) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [[list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_reads_back(march: PayMonth, data: Dataset, book: PolicyBook, lang: str) -> None:
    """One row a person with every line; contributions by scheme; arrears; what it rests on."""
    arrears = [owed("far", "basic", yuan(12)), owed("gone", "bonus", yuan(7), "version")]
    slips = pay_slips(march, data, book.divisions, arrears=arrears)
    people, dues, late, about = sheets(slips_workbook(slips, lang))
    assert [row[0] for row in people[1:]] == list(slips)
    sums = {
        head: sum(round(float(str(row[at])) * 100) for row in people[1:] if row[at] != "")
        for at, head in enumerate(people[0])
        if all(isinstance(row[at], float) or row[at] == "" for row in people[1:])
    }
    names = {"zh": ("合计", "实发", "基础报酬"), "en": ("total", "net", "basic")}[lang]
    wanted = (march.slips.total, march.slips.net, march.slips.basic)
    assert [sums[name] for name in names] == [int(column.values.sum()) for column in wanted]
    assert int(slips.paid()) in sums.values()
    assert len(dues) == 1 + 12 * len(Scheme)
    assert [row[0] for row in late[1:]] == ["far", "gone"]
    assert any(policy.fingerprint in str(row[0]) for row in about for policy in march.policies.values())
    named = dict(zip(people[0], next(row for row in people if row[0] == "mate"), strict=True))
    assert "=白m" in named.values()  # text, never a formula


def test_the_workbook_is_the_same_bytes_in_any_order(slips: PaySlips, data: Dataset, book: PolicyBook) -> None:
    """Shuffled tables give the same workbook, page and data."""
    order = np.random.default_rng(5)
    other = data.with_tables({name: table.take(order.permutation(len(table))) for name, table in data.tables()})
    again = pay_slips(run_month(other, book, "229901", date(2022, 3, 1)), other, book.divisions)
    assert slips_workbook(again, "zh") == slips_workbook(slips, "zh")
    assert slips_page(again.values(), "en") == slips_page(slips.values(), "en")
    assert [one.to_data() for one in again.values()] == [one.to_data() for one in slips.values()]


def test_the_workbook_says_who_has_no_contributions(chaoyang: PaySlips) -> None:
    """And what the slips rest on."""
    about = "\n".join(str(row[0]) for row in sheets(slips_workbook(chaoyang, "en"))[-1])
    assert "Of 453 people contributions can't be told" in about
    assert "assumption" in about
    assert "synthetic" in about


def test_a_slip_can_be_made_by_hand(slips: PaySlips) -> None:
    """It is a value: equal to one with the same parts, and another where an amount differs."""
    slip = slips["far"]
    assert isinstance(slip, PaySlip)
    first, *rest = slip.earnings
    dearer = attrs.evolve(slip, earnings=(attrs.evolve(first, amount=Fen((first.amount or 0) + 1)), *rest))
    assert slip == attrs.evolve(slip)
    assert slip != dearer
    assert dearer.paid == slip.paid + 1
