"""A pay run end to end: late facts and values of every kind, each paid once, with its cause; sealed months stay."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from shequ_core.errors import LedgerError
from shequ_core.law.clauses import Document
from shequ_core.ledger import months
from shequ_core.ledger.causes import FACTS_MOVE, POLICY_MOVES, policy_moves
from shequ_core.ledger.difference import LINES
from shequ_core.ledger.inputs import PAY_TABLES, FactTable
from shequ_core.ledger.seal import Ledger
from shequ_core.model.arrangements import Arranged, Arrangement, Body, Seats
from shequ_core.model.buildings import Adjacency, BarrierRow, Building, EarlierGrid
from shequ_core.model.communities import Grid, Setting
from shequ_core.model.demands import Demand, Demanded, Demander
from shequ_core.model.emergency import Duty, Emergency
from shequ_core.model.entitlements import Entitled, Entitlement
from shequ_core.model.facilities import Facility, FacilityKind
from shequ_core.model.funds import Fund
from shequ_core.model.indicators import Indicator
from shequ_core.model.leave import Leave, LeaveKind
from shequ_core.model.pay import ContributionBase, FormerPay, Grading
from shequ_core.model.posts import Certificate, CertificateLevel, Education, EducationLevel, Holding, Secondment
from shequ_core.model.records import Agreement, Assessment, AssessmentGrade, Ground, Incident, Training
from shequ_core.model.staff import GridDuty, GridMember
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import PARAMETERS
from shequ_core.policy.pay import CERTIFICATE, MonthlyAllowance
from shequ_core.policy.policy import Provenance
from shequ_core.reports.payrun import arrears_told, changes_told, run_text
from shequ_core.tables.answers import ArrearsLines, Slips
from shequ_core.tables.arrangements import Arrangements, Demands, Entitlements, Funds, SeatCounts
from shequ_core.tables.buildings import Adjacencies, BarrierRows, Buildings, EarlierGrids
from shequ_core.tables.columns import FenColumn
from shequ_core.tables.dataset import Agreements, Dataset, Grids, Incidents, Trainings
from shequ_core.tables.facilities import Facilities
from shequ_core.tables.indicators import Indicators
from shequ_core.tables.staff import GridMembers
from shequ_core.tables.table import Table
from shequ_core.trace import RuleCall, observed
from shequ_core.values import Fen, Status, yuan
from shequ_core.year import payrun
from shequ_core.year.pay import PayMonth, run_month
from shequ_core.year.payrun import INPUT_CHANGED, NOT_GIVEN, UNCLEAR, close_month, pay_run

PLACE = "220104"
MAY, JUNE, JULY, AUGUST, SEPTEMBER = (date(2022, month, 1) for month in (5, 6, 7, 8, 9))
SEALED_ON = date(2022, 6, 30)
LATE = date(2022, 7, 10)
NOW = date(2022, 7, 31)
CONTRIBUTED = {"insurance", "fund", "employer"}


@pytest.fixture(scope="module")
def closed(data: Dataset, book: PolicyBook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which May and June are sealed as known on 30 June."""
    ledger = tmp_path_factory.mktemp("ledger")
    for month in (MAY, JUNE):
        close_month(data, book, PLACE, month, ledger, sealed_on=SEALED_ON, known=SEALED_ON)
    return ledger


@pytest.fixture
def ledger(closed: Path, tmp_path: Path) -> Path:
    """A copy of it, to write to."""
    return Path(shutil.copytree(closed, tmp_path / "ledger"))


def with_row(data: Dataset, table: str, row: Any) -> Dataset:  # Any: a fact of any kind
    """Add a row at the end of a table."""
    before = getattr(data, table)
    return data.with_tables({table: type(before).of([*before, row])})


def changed(data: Dataset, table: str, row: int, **values: object) -> Dataset:
    """Change a row where it stands."""
    rows = list(getattr(data, table))
    rows[row] = attrs.evolve(rows[row], **values)
    return data.with_tables({table: type(getattr(data, table)).of(rows)})


def content(ledger: Path) -> dict[str, bytes]:
    """Return every byte of a ledger."""
    return {path.relative_to(ledger).as_posix(): path.read_bytes() for path in sorted(ledger.rglob("*")) if path.is_file()}


Sums = Counter[tuple[str, str]]


def paid(*tables: Slips | ArrearsLines, of_month: int) -> Sums:
    """Return what a month came to in slips and arrears, person by person and line by line."""
    told: Sums = Counter()
    for table in tables:
        if isinstance(table, Slips):
            for row in table:
                for line in LINES:
                    told[row.worker, line] += getattr(row, line) or 0
        else:
            for one in table:
                told[one.worker, one.line] += one.amount if one.of_month == of_month else 0
    return Counter({key: amount for key, amount in told.items() if amount})


# --- late facts --------------------------------------------------------------------------------------

LATE_FACTS: Mapping[str, tuple[str, Any, dict[int, set[str]]]] = {  # Any: a fact of any kind
    "certificates": (
        "S2", Certificate(worker="S2", level=CertificateLevel.SOCIAL_WORKER, since=date(2022, 3, 1), known_on=LATE),
        {202205: {"certificate", *CONTRIBUTED}, 202206: {"certificate", *CONTRIBUTED}},
    ),
    "educations": (
        "S5", Education(worker="S5", level=EducationLevel.MASTER, since=date(2010, 7, 1), known_on=LATE),
        {202205: {"basic", "bonus", *CONTRIBUTED}, 202206: {"basic", "bonus", *CONTRIBUTED}},
    ),
    "gradings": (
        "S4", Grading(worker="S4", grade=15, since=date(2022, 6, 1), known_on=LATE),
        {202206: {"basic", "bonus", *CONTRIBUTED}},
    ),
    "former_pays": (
        "S3", FormerPay(worker="S3", monthly=yuan(13000), known_on=LATE),
        {202205: {"kept", *CONTRIBUTED}, 202206: {"kept", *CONTRIBUTED}},
    ),
    "assessments": (
        "S1", Assessment(worker="S1", year=2021, grade=AssessmentGrade.QUALIFIED, known_on=LATE),
        {202205: {"bonus", *CONTRIBUTED}, 202206: {"bonus", *CONTRIBUTED}},
    ),
    "leaves": (
        "S6", Leave(worker="S6", kind=LeaveKind.PERSONAL, since=date(2022, 5, 16), until=date(2022, 5, 20), known_on=LATE),
        {202205: {"basic", "bonus", *CONTRIBUTED}},
    ),
    "secondments": (
        "S5", Secondment(worker="S5", to="区民政局", since=date(2022, 6, 1), until=date(2022, 6, 30), known_on=LATE),
        {202206: {"bonus", *CONTRIBUTED}},
    ),
    "contribution_bases": (
        "S8", ContributionBase(worker="S8", base=yuan(9000), since=date(2022, 6, 1), known_on=LATE),
        {202206: CONTRIBUTED},
    ),
    "emergencies": (
        "S7", Emergency(place="220104", level="Ⅱ级", since=date(2022, 6, 10), until=date(2022, 6, 20), known_on=LATE),
        {202206: {"emergency"}},
    ),
    "duties": (
        "S8", Duty(worker="S8", since=date(2022, 5, 20), until=date(2022, 5, 21), known_on=LATE),
        {202205: {"emergency", *CONTRIBUTED}},
    ),
    "holdings": (
        "S9", Holding(
            worker="S9", post="220104002001-03", post_class="staff", since=date(2022, 6, 11), until=date(2022, 6, 20),
            known_on=LATE,
        ),
        {202206: {"basic", "bonus", *CONTRIBUTED}},
    ),
}  # fmt: skip
"""A late fact of each dated table: about whom, and which lines of which months it moves."""


def test_every_dated_table_has_a_late_fact() -> None:
    """So that the cause of every kind is tried."""
    assert {*LATE_FACTS, "communities", "posts", "workers"} == set(PAY_TABLES)


@pytest.mark.parametrize("table", LATE_FACTS)
def test_a_late_fact_is_paid_with_its_cause(closed: Path, data: Dataset, book: PolicyBook, table: str) -> None:
    """Each month it moves is named, the person's lines by the fact, others' by the pool; to the fen, and no finding."""
    who, row, moved = LATE_FACTS[table]
    before = content(closed)
    run = pay_run(with_row(data, table, row), book, PLACE, JULY, closed, known=NOW)
    mine = [one for one in run.arrears if one.worker == who]
    told: dict[int, set[str]] = {}
    for one in mine:
        told.setdefault(one.of_month, set()).add(one.line)
    assert told == moved
    assert {one.cause for one in mine} == {f"fact:{table}"}
    assert {one.cause for one in run.arrears if one.worker != who} <= {"pool"}
    for month in (MAY, JUNE):
        number = months.number_of(month)
        sealed = Ledger.open(closed, PLACE).find(number)
        assert sealed is not None
        now = run_month(with_row(data, table, row), book, PLACE, month, known=NOW).slips
        assert paid(sealed.slips, run.arrears, of_month=number) == paid(now, of_month=number)
    assert INPUT_CHANGED not in {one.code for one in run.findings}
    assert content(closed) == before


def test_nothing_late_owes_nothing(closed: Path, data: Dataset, book: PolicyBook) -> None:
    """Facts that begin later are no cause of anything."""
    later = Certificate(worker="S7", level=CertificateLevel.SENIOR, since=date(2022, 7, 1), known_on=LATE)
    run = pay_run(with_row(data, "certificates", later), book, PLACE, JULY, closed, known=NOW)
    assert len(run.arrears) == 0
    assert {one.code for one in run.findings} == {one.code for one in run.paid.findings}


def test_causes_are_those_of_what_changed_since_the_month_was_last_worked_out(
    ledger: Path, data: Dataset, book: PolicyBook
) -> None:
    """A certificate paid in July is no cause of what the reference brings in August; each is paid once."""
    data = with_row(data, "certificates", LATE_FACTS["certificates"][1])
    july = close_month(data, book, PLACE, JULY, ledger, sealed_on=NOW, known=NOW).run
    assert {one.cause for one in july.arrears} == {"fact:certificates"}
    still = pay_run(data, book, PLACE, AUGUST, ledger, known=NOW)
    assert len(still.arrears) == 0
    august = close_month(data, book, PLACE, AUGUST, ledger, sealed_on=date(2022, 8, 31), known=date(2022, 8, 31)).run
    assert {one.of_month for one in august.arrears} == {202205, 202206, 202207}
    assert {one.cause for one in august.arrears} == {"policy:pay.reference"}
    told = Ledger.open(ledger, PLACE)
    for month in (202205, 202206, 202207):
        now = run_month(data, book, PLACE, months.first_day(month), known=date(2022, 8, 31)).slips
        sealed = told.find(month)
        assert sealed is not None
        assert paid(sealed.slips, told.paid_for(month), of_month=month) == paid(now, of_month=month)
    again = pay_run(data, book, PLACE, SEPTEMBER, ledger, known=date(2022, 8, 31))
    assert len(again.arrears) == 0
    late = attrs.evolve(LATE_FACTS["educations"][1], known_on=date(2022, 9, 5))
    one_more = pay_run(with_row(data, "educations", late), book, PLACE, SEPTEMBER, ledger, known=date(2022, 9, 30))
    assert {one.of_month for one in one_more.arrears} == {202205, 202206, 202207, 202208}
    assert {one.cause for one in one_more.arrears if one.worker == "S5"} == {"fact:educations"}


def test_another_version_of_the_library_is_a_cause(
    closed: Path, data: Dataset, book: PolicyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that we know of changed but the library: the line says so, and doesn't blame others."""
    monkeypatch.setattr(payrun, "version", lambda _: "99")

    def paying_more(*args: Any, **settings: Any) -> PayMonth:  # Any: handed on as it is
        month = run_month(*args, **settings)
        slips = month.slips
        more = FenColumn(slips.basic.values + 1, slips.basic.known)
        return attrs.evolve(month, slips=Slips({**slips.columns(), "basic": more}))

    monkeypatch.setattr(payrun, "run_month", paying_more)
    run = pay_run(data, book, PLACE, JULY, closed, known=NOW)
    assert {(one.line, one.cause) for one in run.arrears} == {("basic", "version")}


def test_a_late_value_is_told_with_its_document(closed: Path, data: Dataset, book: PolicyBook) -> None:
    """The reader sees which document moved the line, and since when it is known."""
    run = pay_run(data, book, PLACE, JULY, closed, known=date(2022, 8, 31))
    for lang in ("zh", "en"):
        text = "\n".join(line for one in arrears_told(run, run.arrears, lang) for line in one.lines)
        assert "《朝阳区2022年薪酬基准》第一条" in text
        assert "2022-08-20" in text
        assert "2022-05" in text
        assert "某1" not in run_text(run, "朝阳区", lang)


def test_what_is_owed_for_a_month_is_told_beside_a_comparison_with_it(
    closed: Path, data: Dataset, book_with: Callable[..., PolicyBook]
) -> None:
    """Arrears of June and a comparison with June speak of other values: each tells its own."""
    allowance = MonthlyAllowance({level: yuan(500 + number) for number, level in enumerate(CertificateLevel)})
    source = Document("朝阳区社工证补贴办法").article("第二条")
    book = book_with(CERTIFICATE.set(allowance, since=JULY, known_on=JULY, source=source, status=Status.ISSUED))
    run = pay_run(data, book, PLACE, JULY, closed, known=date(2022, 8, 31), against=JUNE)
    owed = "\n".join(line for one in arrears_told(run, run.arrears, "en") for line in one.lines)
    assert run.changes is not None
    assert run.compared is not None
    told = "\n".join(line for one in changes_told(run.changes, run.compared, "en") for line in one.lines)
    assert "pay.certificate" not in owed
    assert "certificate +300.00 (pay.certificate: 《朝阳区社工证补贴办法》第二条, known since 2022-07-01)" in told


def test_what_two_things_move_names_both(closed: Path, data: Dataset, book: PolicyBook) -> None:
    """A line that the reference and the person's own education can have moved names both; the allowance only one."""
    data = with_row(data, "educations", LATE_FACTS["educations"][1])
    data = with_row(data, "certificates", LATE_FACTS["certificates"][1])
    run = pay_run(data, book, PLACE, JULY, closed, known=date(2022, 8, 31))
    causes = {(one.worker, one.line): one.cause for one in run.arrears}
    assert causes["S5", "basic"] == "policy:pay.reference fact:educations"
    assert causes["S1", "basic"] == "policy:pay.reference"
    assert causes["S2", "certificate"] == "fact:certificates"
    assert causes["S2", "basic"] == "policy:pay.reference"


# --- inputs that changed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "row", "values", "subject", "person"),
    [
        pytest.param("workers", 6, {"worked_since": date(2005, 3, 1)}, "S7", "S7", id="workers"),
        pytest.param("communities", 2, {"setting": Setting.OTHER_TOWN}, "220104002001", "S8", id="communities"),
        pytest.param("posts", 8, {"community": "220104001001"}, "220104002001-01", "S7", id="posts"),
        pytest.param("certificates", 0, {"level": CertificateLevel.SENIOR}, "S2", "S2", id="a dated row"),
        pytest.param("holdings", 4, {"post_class": "principal"}, "S5", "S5", id="a row that was always known"),
    ],
)
def test_a_changed_input_is_reported_and_paid_all_the_same(
    closed: Path, data: Dataset, book: PolicyBook, table: str, row: int, values: dict[str, object], subject: str, person: str
) -> None:
    """What a sealed month rested on was written over: a finding names table and subject, arrears name the table."""
    before = content(closed)
    run = pay_run(changed(data, table, row, **values), book, PLACE, JULY, closed, known=NOW)
    found = [one for one in run.findings if one.code == INPUT_CHANGED]
    assert [(one.subject, one.clause) for one in found] == [(subject, "JLW2.4e")]
    assert found[0].message.parts["table"] is FactTable(table)
    assert found[0].message.parts["months"] == "2022-05–2022-06"
    causes = {one.cause for one in run.arrears if one.worker == person and one.line == "basic"}
    assert causes == {f"fact:{table}"} or (table == "certificates" and not causes)
    assert content(closed) == before


def test_a_name_is_no_input(closed: Path, data: Dataset, book: PolicyBook) -> None:
    """Pay doesn't read names, and the ledger holds none, not even in a digest."""
    run = pay_run(changed(data, "workers", 0, name="某某"), book, PLACE, JULY, closed, known=NOW)
    assert INPUT_CHANGED not in {one.code for one in run.findings}
    assert not any("某".encode() in some for some in content(closed).values())


def test_a_table_that_is_missing_is_told_once(closed: Path, data: Dataset, book: PolicyBook) -> None:
    """Not a finding a person: the table was forgotten."""
    run = pay_run(attrs.evolve(data, certificates=None), book, PLACE, JULY, closed, known=NOW)
    assert [(one.code, one.subject) for one in run.findings if one.code in {NOT_GIVEN, INPUT_CHANGED}] == [(NOT_GIVEN, PLACE)]
    assert ("S2", "certificate", -yuan(200)) in {(one.worker, one.line, one.amount) for one in run.arrears}


def test_what_nobody_can_say_any_more_is_not_examined(
    closed: Path, data: Dataset, book_without: Callable[[str], PolicyBook]
) -> None:
    """The place's rates are gone: no guess, no refund, a finding for each person."""
    book = book_without("contributions.rates")
    run = pay_run(data, book, PLACE, JULY, closed, known=NOW)
    assert {one.subject for one in run.findings if one.code == UNCLEAR} == {f"S{number}" for number in range(1, 10)}
    assert not len(run.arrears)


# --- months ------------------------------------------------------------------------------------------


def test_a_sealed_month_is_shown_beside_what_is_known_now(ledger: Path, data: Dataset, book: PolicyBook) -> None:
    """A run of it writes nothing and says what is still owed; once a later month has paid it, nothing is."""
    data = with_row(data, "certificates", LATE_FACTS["certificates"][1])
    before = content(ledger)
    run = pay_run(data, book, PLACE, MAY, ledger, known=NOW)
    assert run.sealed is not None
    assert {(one.worker, one.line, one.month) for one in run.unpaid if one.line == "certificate"} == {
        ("S2", "certificate", 202207)
    }
    assert [str(one) for one in run.otherwise] == [
        "slips.parquet (1 people, 100.00 yuan)", "contributions.parquet"
    ]
    assert content(ledger) == before
    close_month(data, book, PLACE, JULY, ledger, sealed_on=NOW, known=NOW)
    assert not len(pay_run(data, book, PLACE, MAY, ledger, known=NOW).unpaid)


def test_sealing_again_with_the_same_result_does_nothing(ledger: Path, data: Dataset, book: PolicyBook) -> None:
    """On another day, with facts that change no result: the same bytes."""
    before = content(ledger)
    again = close_month(
        changed(data, "workers", 0, name="某某"), book, PLACE, JUNE, ledger, sealed_on=NOW, known=SEALED_ON
    )
    assert not again.sealing.fresh
    assert content(ledger) == before


def test_sealing_again_with_another_result_is_refused(ledger: Path, data: Dataset, book: PolicyBook) -> None:
    """The error names what differs and by how much."""
    before = content(ledger)
    data = with_row(data, "certificates", LATE_FACTS["certificates"][1])
    with pytest.raises(LedgerError, match=r"2022-06 .*slips\.parquet \(1 people, 100\.00 yuan\).*arrears\.parquet"):
        close_month(data, book, PLACE, JUNE, ledger, sealed_on=NOW, known=NOW)
    assert content(ledger) == before


@pytest.mark.parametrize(
    ("month", "known", "said"),
    [
        pytest.param(date(2022, 9, 1), None, "2022-07, 2022-08 must be sealed before 2022-09", id="months passed over"),
        pytest.param(date(2022, 4, 1), None, "begins with 2022-05", id="before the first"),
        pytest.param(JULY, date(2022, 6, 29), "known on 2022-06-30", id="knows less than what was sealed"),
    ],
)
def test_a_month_that_can_not_be_next(
    closed: Path, data: Dataset, book: PolicyBook, month: date, known: date | None, said: str
) -> None:
    """Neither run nor closed: pay would be left out for ever, or taken back."""
    for attempt in (
        lambda: pay_run(data, book, PLACE, month, closed, known=known),
        lambda: close_month(data, book, PLACE, month, closed, sealed_on=NOW, known=known),
    ):
        with pytest.raises(LedgerError, match=said):
            attempt()


def test_nobody_is_paid_twice_through_the_place_above(ledger: Path, data: Dataset, book: PolicyBook) -> None:
    """A city can't be closed in a ledger in which one of its counties is, and the other way round."""
    with pytest.raises(LedgerError, match="sealed months of 220104 too"):
        close_month(data, book, "2201", JUNE, ledger, sealed_on=NOW, known=NOW)
    (ledger / PLACE).rename(ledger / "2201")
    with pytest.raises(LedgerError, match="sealed months of 2201 too"):
        pay_run(data, book, PLACE, JULY, ledger, known=NOW)


def test_the_first_month_may_be_any(data: Dataset, book: PolicyBook, tmp_path: Path) -> None:
    """A ledger begins where it begins; nothing is owed for what was paid without it."""
    run = pay_run(data, book, PLACE, date(2022, 3, 1), tmp_path / "none", known=NOW)
    assert not len(run.arrears)
    assert not (tmp_path / "none").exists()


def test_a_month_sealed_without_a_day_takes_all_that_is_known(data: Dataset, book: PolicyBook, tmp_path: Path) -> None:
    """What was used is never a late fact afterwards, even if it says that it became known later."""
    data = with_row(data, "certificates", attrs.evolve(LATE_FACTS["certificates"][1], known_on=date(2023, 1, 5)))
    closed = close_month(data, book, PLACE, JUNE, tmp_path, sealed_on=NOW)
    assert closed.sealing.sealed.seal.cutoff == date(2023, 1, 5)
    run = pay_run(data, book, PLACE, JULY, tmp_path)
    assert not len(run.arrears)
    assert INPUT_CHANGED not in {one.code for one in run.findings}


# --- against another month ---------------------------------------------------------------------------


def causes_against(data: Dataset, book: PolicyBook, ledger: Path, month: date, against: date, known: date) -> dict[
    tuple[str, str], str
]:  # fmt: skip
    """Return why each line differs."""
    run = pay_run(data, book, PLACE, month, ledger, known=known, against=against)
    assert run.changes is not None
    for one in run.changes:
        assert one.difference == (one.after or 0) - (one.before or 0) != 0
    return {(one.worker, one.line): one.cause for one in run.changes}


def test_why_a_month_differs_from_the_one_before(closed: Path, data: Dataset, book: PolicyBook) -> None:
    """Somebody who came in mid-month, leave that ended, a loan that ended, duty that is over; others by the pool."""
    june = causes_against(data, book, closed, JUNE, MAY, SEALED_ON)
    assert june["S9", "basic"] == "joined"
    assert june["S5", "basic"] == "fact:leaves days"
    assert june["S6", "bonus"] == "fact:secondments"
    assert june["S8", "emergency"] == "fact:emergencies fact:duties"
    assert june["S1", "bonus"] == "pool"
    assert ("S7", "basic") not in june
    july = causes_against(data, book, closed, JULY, JUNE, NOW)
    assert july["S9", "basic"] == "fact:holdings days"
    assert july["S6", "bonus"] == "fact:secondments"


def test_a_new_value_and_a_late_fact_are_told(closed: Path, data: Dataset, book: PolicyBook) -> None:
    """Against June as it was sealed: what became known since then counts as otherwise."""
    data = with_row(data, "gradings", LATE_FACTS["gradings"][1])
    told = causes_against(data, book, closed, JULY, JUNE, date(2022, 8, 31))
    assert told["S1", "basic"] == "policy:pay.reference"
    assert told["S4", "basic"] == "policy:pay.reference fact:gradings slip:grade"


def test_what_is_paid_once_and_a_step_at_the_turn_of_the_year(data: Dataset, book: PolicyBook, tmp_path: Path) -> None:
    """An award of March is missing in April; a grade that rises with the years has no fact behind it."""
    april = causes_against(data, book, tmp_path, date(2022, 4, 1), date(2022, 3, 1), NOW)
    assert april["S1", "award"] == "once"
    good = Assessment(worker="S7", year=2022, grade=AssessmentGrade.QUALIFIED, known_on=date(2023, 1, 10))
    data, known = with_row(data, "assessments", good), date(2023, 1, 31)
    january = causes_against(data, book, tmp_path, date(2023, 1, 1), date(2022, 12, 1), known)
    assert january["S7", "basic"] == "fact:assessments slip:grade"


def test_somebody_who_left(data: Dataset, book: PolicyBook, tmp_path: Path) -> None:
    """Is in the list with all that is paid no more."""
    data = changed(data, "holdings", 6, until=date(2022, 5, 31))
    told = causes_against(data, book, tmp_path, JUNE, MAY, NOW)
    assert {cause for (worker, _), cause in told.items() if worker == "S7"} == {"left"}


# --- the maps of what moves what ------------------------------------------------------------------------


class Watch:
    """Sees which values of the place are read."""

    by_row = False

    def __init__(self) -> None:
        self.keys: set[str] = set()

    def enter(self, call: RuleCall) -> None:
        """Nothing."""

    def leave(self, call: RuleCall, result: Any) -> Any:  # Any: whatever a rule gives
        """Nothing."""
        return result

    def read(self, name: str, value: Any, origin: object) -> Any:  # Any: whatever a key holds
        """Note the key."""
        assert isinstance(origin, Provenance)
        self.keys.add(name)
        return value

    def frame(self, ids: object, label: str, apart: object = None) -> None:
        """Nothing."""

    def unframe(self) -> None:
        """Nothing."""

    def concern(self, line: str) -> None:
        """Nothing."""

    def note(self, detail: Callable[[int], object]) -> None:
        """Nothing."""


def test_the_map_of_keys_is_that_of_the_code(data: Dataset, book: PolicyBook) -> None:
    """Pay reads every key of the map in one month or another, and no other that the map thinks idle."""
    watch = Watch()
    scored = Assessment(worker="S9", year=2021, grade=None, residents=None, organisation=None, daily=None, annual=None)
    data = changed(with_row(data, "assessments", scored), "holdings", 8, probation_until=date(2022, 9, 10))
    data = with_row(data, "certificates", Certificate(worker="S1", level=CertificateLevel.ASSISTANT, since=date(2022, 5, 9)))
    with observed(watch):
        for month in (date(2022, 3, 1), MAY, JUNE):
            run_month(data, book, PLACE, month, known=NOW)
    assert {key for key in POLICY_MOVES if key not in watch.keys} == set()
    idle = [key for key in watch.keys if not any(policy_moves(key, line) for line in LINES)]
    assert idle == []
    unmapped = [key for key in watch.keys if key not in POLICY_MOVES]
    assert unmapped == []


def test_the_map_of_tables_is_that_of_the_code() -> None:
    """It speaks of every table that pay reads, by the names of the dataset."""
    assert tuple(FACTS_MOVE) == PAY_TABLES
    names = {field.name: field.metadata["names"] for field in attrs.fields(Dataset)}
    for table in FactTable:
        assert table.labels[0] == names[table.value][0]
    assert {key for key in POLICY_MOVES if key not in PARAMETERS} == set()


OTHER_FACTS: Mapping[str, Table[Any]] = {  # Any: tables of every kind of fact
    "agreements": Agreements.of(
        [Agreement(worker="S1", signed_on=MAY, since=MAY, until=date(2022, 6, 10), known_on=MAY)]
    ),
    "trainings": Trainings.of([Training(worker="S1", completed_on=MAY, subject=None)]),
    "incidents": Incidents.of([Incident(worker="S1", ground=Ground.DISCIPLINE, happened_on=MAY, established=True)]),
    "grids": Grids.of([Grid(code="220104001001001", community="220104001001", households=400, drawn_by=None)]),
    "buildings": Buildings.of([Building(id="1", community="220104001001", households=40, lon=125.3, lat=43.8)]),
    "building_grids": EarlierGrids.of([EarlierGrid(building="1", grid="220104001001001")]),
    "grid_members": GridMembers.of([GridMember(id="w", grid="220104001001001", duty=GridDuty.GRID_WORKER)]),
    "indicators": Indicators.of([Indicator(community="220104001001", volunteer_teams=3)]),
    "facilities": Facilities.of([Facility(id="f", kind=FacilityKind.SERVICE, lon=125.3, lat=43.8)]),
    "adjacencies": Adjacencies.of([Adjacency(a="1", b="2")]),
    "barriers": BarrierRows.of([BarrierRow(line="1", lon=125.3, lat=43.8), BarrierRow(line="1", lon=125.4, lat=43.8)]),
    "arrangements": Arrangements.of([Arrangement(place="220104001001", kind=Arranged.PACT, in_place=False)]),
    "seats": SeatCounts.of([Seats(community="220104001001", body=Body.GROUP_LEADERS, seats=4, held=3)]),
    "demands": Demands.of(
        [Demand(community="220104001001", kind=Demanded.VETO, by=Demander.DEPARTMENT, subject="某事项", listed=False)]
    ),
    "entitlements": Entitlements.of([Entitlement(worker="S1", kind=Entitled.PENSION, in_place=False)]),
    "funds": Funds.of([Fund(place="220104001", year=2022, listed=True, amount=yuan(50_000))]),
}


def test_pay_reads_no_other_table(data: Dataset, book: PolicyBook) -> None:
    """A table that isn't in the map can hold anything: pay stays what it is, so a change of it is none of a month's."""
    assert {*OTHER_FACTS} == {field.name for field in attrs.fields(Dataset)} - {*PAY_TABLES}
    before = run_month(data, book, PLACE, JUNE, known=NOW)
    assert run_month(data.with_tables(OTHER_FACTS), book, PLACE, JUNE, known=NOW).slips.same_as(before.slips)


def test_money_is_whole_fen(closed: Path, data: Dataset, book: PolicyBook) -> None:
    """Arrears are amounts, not numbers."""
    run = pay_run(with_row(data, "certificates", LATE_FACTS["certificates"][1]), book, PLACE, JULY, closed, known=NOW)
    assert all(isinstance(one.amount, Fen) for one in run.arrears)
