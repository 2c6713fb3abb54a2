"""What an audit finds of arrangements, seats, demands, entitlements, money and targets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.audit.registry import own_checks
from shequ_core.audit.run import run_audit
from shequ_core.law.findings import Finding, Grade
from shequ_core.model.arrangements import Arranged, Arrangement
from shequ_core.model.communities import Setting
from shequ_core.model.demands import Demand, Demanded, Demander
from shequ_core.model.entitlements import Entitled
from shequ_core.model.posts import Secondment
from shequ_core.policy.book import PolicyBook
from shequ_core.rules.arrangements import lacking
from shequ_core.tables.arrangements import Arrangements, Demands, Entitlements, Funds, SeatCounts
from shequ_core.tables.columns import BoolColumn, EnumColumn, IntColumn, TextColumn
from shequ_core.tables.dataset import Dataset, Secondments
from shequ_core.tables.table import Table
from shequ_core.values import yuan

COUNTY, SUBDISTRICT, HOME = "229901", "229901001", "229901001001"
GRID = HOME + "001"
DAY = date(2022, 7, 1)
TOPICS = {"arrangements", "demands", "entitlements", "funds", "targets"}

Audit: TypeAlias = Callable[[Dataset], tuple[Finding, ...]]


@pytest.fixture
def audit(book: PolicyBook) -> Audit:
    """An audit of these topics alone."""
    codes = [code for code, check in own_checks().items() if check.topic in TOPICS]

    def looked_at(data: Dataset) -> tuple[Finding, ...]:
        found = run_audit(data, book, on=DAY, select=codes)
        return (*found.findings, *found.not_examined)

    return looked_at


def found(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.subject) for one in findings]


def rows(table: Table[Any] | None) -> list[Any]:  # Any: facts of every kind
    assert table is not None
    return list(table)


def without(data: Dataset, *names: str) -> Dataset:
    """The same facts without some tables."""
    nothing: dict[str, Any] = dict.fromkeys(names)  # Any: attrs checks the names
    return attrs.evolve(data, **nothing)


def with_arrangements(data: Dataset, change: Callable[[Arrangement], Arrangement | None]) -> Dataset:
    """The same facts with each arrangement changed, or left out."""
    changed = [new for one in rows(data.arrangements) if (new := change(one)) is not None]
    return data.with_tables({"arrangements": Arrangements.of(changed)})


def test_where_all_is_as_it_should_be_nothing_is_found(compliant: Dataset, audit: Audit) -> None:
    assert audit(compliant) == ()


CODE_OF = {
    Arranged.ANSWERABLE: "JLG2.1.1-no-one-answers",
    Arranged.PARTY_HOUSEHOLD: "JLG2.1.1-no-party-household",
    Arranged.MEMBERS_REPORT: "JLG2.1.2a-no-serving-members",
    Arranged.PAIRED_OFFICE: "JLG2.1.2a-no-serving-members",
    Arranged.FIRST_SECRETARY: "JLG2.1.2b-no-first-secretary",
    Arranged.EDUCATION_PARTY_WORK: "JLG2.1.2c-systems-apart",
    Arranged.STATE_ASSETS_PARTY_WORK: "JLG2.1.2c-systems-apart",
    Arranged.HOSPITAL_PARTY_WORK: "JLG2.1.2c-systems-apart",
    Arranged.SERVICE_CENTRE: "JLG2.1.3-centre-lacks",
    Arranged.CENTRE_SIGN: "JLG2.1.3-centre-lacks",
    Arranged.CENTRE_STAFF: "JLG2.1.3-centre-lacks",
    Arranged.CENTRE_RULES: "JLG2.1.3-centre-lacks",
    Arranged.DEPARTMENT_WINDOW: "JLG2.1.3b-no-window",
    Arranged.CHARTER: "JLG2.2.3-no-charter",
    Arranged.PACT: "JLG2.2.3-no-charter",
    Arranged.JOINT_CONFERENCE: "JLG2.3.1a-no-conference",
    Arranged.PLAN_NATURAL: "JLG2.3.3-unprepared",
    Arranged.PLAN_ACCIDENT: "JLG2.3.3-unprepared",
    Arranged.PLAN_HEALTH: "JLG2.3.3-unprepared",
    Arranged.PLAN_SECURITY: "JLG2.3.3-unprepared",
    Arranged.SHELTER: "JLG2.3.3-unprepared",
    Arranged.FIRE_FACILITIES: "JLG2.3.3-unprepared",
    Arranged.DRILL: "JLG2.3.3-unprepared",
    Arranged.POLICE_OFFICE: "JLG2.3.4a-no-police-office",
    Arranged.FULL_TIME_POLICE: "JLG2.3.4a-no-full-time-police",
    Arranged.MEDICAL_SERVICE: "JLG2.3.4b-services-out-of-reach",
    Arranged.FITNESS_SERVICE: "JLG2.3.4b-services-out-of-reach",
    Arranged.LEGAL_SERVICE: "JLG2.3.4b-services-out-of-reach",
    Arranged.SECURITY_PLATFORM: "JLG2.3.4b-services-out-of-reach",
    Arranged.PURCHASE_CATALOGUE: "JLG2.5.1-not-in-catalogue",
    Arranged.SUPPLIERS: "JLG2.5.1-not-in-catalogue",
    Arranged.PURCHASED_SERVICE: "JLG2.5.1-nothing-bought",
    Arranged.CADRE_ON_DUTY: "JLG2.5.3-no-cadres",
    Arranged.ONE_NUMBER: "JLG2.6.1c-not-one-window",
    Arranged.ONE_WINDOW: "JLG2.6.1c-not-one-window, JLW2.8c-service-unordered",
    Arranged.ONE_NETWORK: "JLG2.6.1c-not-one-window",
    Arranged.JOINT_HANDLING: "JLW2.8c-service-unordered",
    Arranged.SERVICE_STANDARDS: "JLW2.8c-service-unordered",
    Arranged.IMPLEMENTING_RULES: "JLG3.1-no-implementing-rules",
    Arranged.LEADERS_ASSESSED: "JLG3.2-leaders-not-assessed",
    Arranged.SECRETARIES_REVIEWED: "JLG3.2-leaders-not-assessed",
    Arranged.TALENT_PLAN: "JLW2.7c-training-unplanned",
    Arranged.TRAINING_PLAN: "JLW2.7c-training-unplanned",
    Arranged.WORKING_MECHANISM: "JLW3.0-no-mechanism",
    Arranged.STAGE_DESIGN: "JLG1.2-stage-not-complete",
    Arranged.STAGE_KEY_TASKS: "JLG1.2-stage-not-complete",
    Arranged.STAGE_MODEL: "",  # not before its year is over
}


def codes_of(kind: Arranged) -> set[str]:
    return {code for code in CODE_OF[kind].split(", ") if code}


def test_every_kind_of_arrangement_is_asked_for_somewhere() -> None:
    assert set(CODE_OF) == set(Arranged)


@pytest.mark.parametrize("kind", Arranged)
def test_what_is_said_to_be_missing_is_found_and_nothing_else(compliant: Dataset, audit: Audit, kind: Arranged) -> None:
    data = with_arrangements(compliant, lambda one: attrs.evolve(one, in_place=False) if one.kind is kind else one)
    findings = audit(data)
    assert {one.code for one in findings} == codes_of(kind)
    places = {one.place for one in rows(compliant.arrangements) if one.kind is kind and codes_of(kind)}
    assert {one.subject for one in findings} == places
    assert Grade.NOT_EXAMINED not in {one.grade for one in findings}


@pytest.mark.parametrize("kind", Arranged)
def test_what_nobody_knows_is_not_examined(compliant: Dataset, audit: Audit, kind: Arranged) -> None:
    data = with_arrangements(compliant, lambda one: attrs.evolve(one, in_place=None) if one.kind is kind else one)
    findings = audit(data)
    assert {(one.code, one.grade) for one in findings} == {
        (code, Grade.NOT_EXAMINED) for code in codes_of(kind)
    }
    assert {one.subject for one in findings} <= {COUNTY}


def test_a_kind_of_which_there_is_no_row_was_not_asked_about(compliant: Dataset, audit: Audit) -> None:
    data = with_arrangements(compliant, lambda one: None if one.kind is Arranged.PACT else one)
    (one,) = audit(data)
    assert (one.code, one.grade, one.subject) == ("JLG2.2.3-no-charter", Grade.NOT_EXAMINED, COUNTY)
    assert str(one.message) == "nobody said whether they have: pact"


def test_a_place_without_a_row_lacks_what_its_county_was_asked_about(compliant: Dataset, audit: Audit) -> None:
    data = with_arrangements(
        compliant, lambda one: None if one.kind is Arranged.FIRST_SECRETARY and one.place == SUBDISTRICT else one
    )
    (one,) = audit(data)
    assert (one.code, one.subject, one.grade) == ("JLG2.1.2b-no-first-secretary", SUBDISTRICT, Grade.CONFLICT)


@pytest.mark.parametrize(
    ("since", "until", "gone"),
    [
        pytest.param(DAY, None, False, id="since the day itself"),
        pytest.param(date(2022, 7, 2), None, True, id="not begun"),
        pytest.param(None, DAY, False, id="until the day itself"),
        pytest.param(None, date(2022, 6, 30), True, id="ended the day before"),
    ],
)
def test_an_arrangement_counts_on_its_days(
    compliant: Dataset, audit: Audit, since: date | None, until: date | None, gone: bool
) -> None:
    data = with_arrangements(
        compliant,
        lambda one: attrs.evolve(one, since=since, until=until) if one.kind is Arranged.CHARTER else one,
    )
    assert [one.code for one in audit(data)] == ["JLG2.2.3-no-charter"] * gone


def test_several_things_that_a_place_lacks_are_one_finding(compliant: Dataset, audit: Audit) -> None:
    gone = {Arranged.DRILL, Arranged.SHELTER}
    data = with_arrangements(compliant, lambda one: attrs.evolve(one, in_place=False) if one.kind in gone else one)
    (one,) = audit(data)
    assert str(one.message) == "missing: shelter, drill"


def test_aims_are_notes(compliant: Dataset, audit: Audit) -> None:
    aims = {
        Arranged.FULL_TIME_POLICE, Arranged.PURCHASED_SERVICE, Arranged.CADRE_ON_DUTY, Arranged.HOSPITAL_PARTY_WORK,
        Arranged.FITNESS_SERVICE,
    }
    data = with_arrangements(compliant, lambda one: attrs.evolve(one, in_place=False) if one.kind in aims else one)
    findings = audit(data)
    assert len(findings) == len(aims)
    assert {one.grade for one in findings} == {Grade.NOTE}


@pytest.mark.parametrize("name", ["arrangements", "seats", "demands", "entitlements", "secondments", "funds"])
def test_a_table_that_is_not_given_is_not_examined(compliant: Dataset, audit: Audit, name: str) -> None:
    findings = audit(without(compliant, name))
    assert findings
    assert {(one.grade, one.subject) for one in findings} == {(Grade.NOT_EXAMINED, COUNTY)}


@pytest.mark.parametrize("name", ["grids", "buildings"])
def test_without_grids_or_buildings_the_line_is_not_examined_down_there(
    compliant: Dataset, audit: Audit, name: str
) -> None:
    data = with_arrangements(compliant, lambda one: one if len(one.place) < len(GRID) else None)
    codes = {one.code for one in audit(without(data, name)) if one.grade is Grade.NOT_EXAMINED}
    assert "JLG2.1.1-no-one-answers" in codes


def test_towns_other_than_the_county_seat_are_out_of_scope(compliant: Dataset, audit: Audit) -> None:
    elsewhere = compliant.communities.with_columns(setting=EnumColumn.of(Setting, [Setting.OTHER_TOWN]))
    assert not audit(attrs.evolve(compliant, communities=elsewhere, arrangements=Arrangements.empty()))


def test_open_seats_are_counted(compliant: Dataset, audit: Audit) -> None:
    assert compliant.seats is not None
    data = compliant.with_tables({"seats": compliant.seats.with_columns(held=IntColumn.of([5, 4, 9, None]))})
    findings = audit(data)
    assert [(one.grade, str(one.message)) for one in findings] == [
        (Grade.CONFLICT, "residents_committee: 1 of 5 seats are open"),
        (Grade.NOT_EXAMINED, "nobody counted the seats of a body, or who holds them"),
    ]


def test_a_body_without_a_row_is_not_examined(compliant: Dataset, audit: Audit) -> None:
    (one,) = audit(compliant.with_tables({"seats": SeatCounts.of(rows(compliant.seats)[:3])}))
    assert (one.code, one.grade) == ("JLG2.2.2-seats-open", Grade.NOT_EXAMINED)


def demand(kind: Demanded, **more: Any) -> Demand:  # Any: fields of every kind
    said = {"by": Demander.DEPARTMENT, "office": "某局", "subject": "某事项", **more}
    return Demand(community=HOME, kind=kind, **said)


@pytest.mark.parametrize(
    ("row", "code", "grade"),
    [
        pytest.param(demand(Demanded.NAME_PLATE, listed=False), "JLG2.7.2-outside-list", Grade.CONFLICT, id="plate"),
        pytest.param(demand(Demanded.CERTIFICATE, listed=False), "JLG2.7.2-outside-list", Grade.CONFLICT, id="certificate"),
        pytest.param(demand(Demanded.LEDGER), "JLG2.7.2-outside-list", Grade.NOT_EXAMINED, id="nobody knows the list"),
        pytest.param(demand(Demanded.ASSESSMENT), "JLG2.7.3-assessed-by-department", Grade.CONFLICT, id="assessment"),
        pytest.param(demand(Demanded.VETO, by=Demander.LOCAL_GOVERNMENT), "JLG2.7.3-veto", Grade.CONFLICT, id="veto"),
        pytest.param(
            demand(Demanded.TERMINAL, since=date(2020, 5, 1), on_platform=True), "JLG2.6.1b-terminal-added",
            Grade.CONFLICT, id="new terminal",
        ),
        pytest.param(
            demand(Demanded.TERMINAL, since=date(2020, 4, 30), on_platform=False), "JLG2.6.1b-terminal-left",
            Grade.NOTE, id="old system",
        ),
        pytest.param(
            demand(Demanded.RECRUITMENT, since=date(2020, 5, 1), listed=False), "JLW3.4c-recruited-at-will",
            Grade.CONFLICT, id="recruiting",
        ),
    ],
)
def test_what_departments_may_not_ask(
    compliant: Dataset, audit: Audit, row: Demand, code: str, grade: Grade
) -> None:
    (one,) = audit(compliant.with_tables({"demands": Demands.of([row])}))
    assert (one.code, one.grade) == (code, grade)
    assert one.subject == (COUNTY if grade is Grade.NOT_EXAMINED else HOME)


def test_what_was_taken_back_is_no_longer_found(compliant: Dataset, audit: Audit) -> None:
    for until, many in ((date(2022, 6, 30), 0), (DAY, 1)):
        row = demand(Demanded.VETO, until=until)
        assert len(audit(compliant.with_tables({"demands": Demands.of([row])}))) == many


def holder(data: Dataset) -> str:
    """Somebody who is in post all year."""
    return next(str(one.worker) for one in data.holdings if one.until is None and one.since.year < DAY.year)


def test_a_benefit_that_ended_and_a_file_that_is_missing_are_found_by_person(compliant: Dataset, audit: Audit) -> None:
    who = holder(compliant)
    changed = [
        attrs.evolve(one, until=date(2022, 6, 30)) if (one.worker, one.kind) == (who, Entitled.MEDICAL) else one
        for one in rows(compliant.entitlements)
    ]
    changed = [
        attrs.evolve(one, in_place=False) if (one.worker, one.kind) == (who, Entitled.PERSONNEL_FILE) else one
        for one in changed
    ]
    findings = audit(compliant.with_tables({"entitlements": Entitlements.of(changed)}))
    assert found(findings) == [("JLW2.5a-benefits-missing", who), ("JLW2.5d-no-personnel-file", who)]
    assert str(findings[0].message) == "missing: medical"


@pytest.mark.parametrize(
    ("approved", "approved_by", "grade"),
    [(False, None, Grade.CONFLICT), (None, None, Grade.NOT_EXAMINED), (True, None, None), (False, "某乡", Grade.CONFLICT)],
)
def test_who_was_lent_away_was_lent_with_approval(
    compliant: Dataset, audit: Audit, approved: bool | None, approved_by: str | None, grade: Grade | None
) -> None:
    lent = Secondment(worker=holder(compliant), to="某区某局", since=date(2022, 3, 1), approved=approved, approved_by=approved_by)
    findings = audit(compliant.with_tables({"secondments": Secondments.of([lent])}))
    assert [one.grade for one in findings] == ([] if grade is None else [grade])


def test_money_outside_the_budget_is_a_conflict_and_money_that_stays_is_a_note(
    compliant: Dataset, audit: Audit
) -> None:
    changed = [
        attrs.evolve(one, listed=False) if one.place == HOME else attrs.evolve(one, amount=yuan(50_000))
        for one in rows(compliant.funds)
    ]
    findings = audit(compliant.with_tables({"funds": Funds.of(changed)}))
    assert [(one.code, one.subject, one.grade) for one in findings] == [
        ("JLG2.8.1-not-grown", SUBDISTRICT, Grade.NOTE), ("JLG2.8.1-not-in-budget", HOME, Grade.CONFLICT),
    ]
    assert str(findings[0].message) == "50000.00 yuan, 50000.00 yuan the year before"


def test_where_neither_opinion_is_in_force_nothing_is_said(
    compliant: Dataset, audit: Audit, book: PolicyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hohhot lies in another province; its counties are in no list of ours."""
    policy = book.policy("1501", DAY)
    monkeypatch.setattr(book, "policy", lambda *_, **__: policy)
    assert not audit(without(compliant, "arrangements", "seats", "demands", "entitlements", "funds", "secondments"))


PLACES = [f"p{number}" for number in range(4)]
ROWS = st.lists(st.tuples(st.sampled_from([*PLACES, "elsewhere"]), st.sampled_from([True, False, None])), max_size=12)


@given(told=ROWS, order=st.randoms(use_true_random=False))
def test_lacking_is_what_counting_by_hand_gives_in_any_order(
    told: list[tuple[str, bool | None]], order: Any  # Any: hypothesis publishes no type
) -> None:
    """One row that is there is enough; without one, a row nobody knows leaves it open; without any row all is open."""
    mixed = list(told)
    order.shuffle(mixed)
    answer = lacking(
        TextColumn.of(PLACES), TextColumn.of([at for at, _ in mixed]), BoolColumn.of([held for _, held in mixed])
    ).to_list()
    expected: list[bool | None] = []
    for place in PLACES:
        own = {held for at, held in told if at == place}
        expected.append(False if True in own else None if None in own or not told else True)
    assert answer == expected
