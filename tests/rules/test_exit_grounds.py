"""The grounds that incidents give, and an exit age that rises (JLW2.10b-f, 2.10h)."""

from __future__ import annotations

from datetime import date

import pytest

from shequ_core.model.posts import Sex
from shequ_core.model.records import Ground
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.policy import Policy
from shequ_core.rules.exits import (
    broke_agreement,
    broke_discipline,
    exit_day,
    must_leave_by_other_law,
    neglected_gravely,
    proved_unfit,
)
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, TextColumn

DAY = date(2022, 3, 1)


def bools(value: bool | None) -> BoolColumn:
    """One row."""
    return BoolColumn.of([value])


def days(value: date | None) -> DateColumn:
    """One row."""
    return DateColumn.of([value])


@pytest.mark.parametrize("ground", Ground)
def test_each_ground_is_its_own(ground: Ground) -> None:
    """An established incident with all that its clause asks for meets that clause and no other."""
    what = EnumColumn.of(Ground, [ground])
    yes = bools(True)
    met = {
        Ground.DISCIPLINE: broke_discipline(what, yes),
        Ground.GRAVE_NEGLECT: neglected_gravely(what, yes, yes),
        Ground.AGREEMENT: broke_agreement(what, yes, days(DAY), bools(False)),
        Ground.INCOMPETENCE: proved_unfit(what, yes, days(DAY), yes),
        Ground.OTHER_LAW: must_leave_by_other_law(what, yes, TextColumn.of(["某法第一条"])),
    }
    assert set(met) == set(Ground)
    assert {one for one, found in met.items() if found.to_list() == [True]} == {ground}


@pytest.mark.parametrize(("established", "met"), [(True, True), (False, False), (None, None)])
def test_nothing_counts_before_it_is_established(established: bool | None, met: bool | None) -> None:
    """What is only alleged is no ground; whether it was established being unknown, so is the answer (JLW2.10b)."""
    assert broke_discipline(EnumColumn.of(Ground, [Ground.DISCIPLINE]), bools(established)).to_list() == [met]


@pytest.mark.parametrize(("loss", "met"), [(True, True), (False, False), (None, None)])
def test_neglect_counts_with_great_loss(loss: bool | None, met: bool | None) -> None:
    """Grave neglect that caused none is not this ground (JLW2.10c)."""
    found = neglected_gravely(EnumColumn.of(Ground, [Ground.GRAVE_NEGLECT]), bools(True), bools(loss))
    assert found.to_list() == [met]


@pytest.mark.parametrize(
    ("told", "mended", "met"),
    [(DAY, False, True), (DAY, True, False), (None, False, False), (DAY, None, None), (None, None, False)],
)
def test_a_broken_duty_counts_after_being_told(told: date | None, mended: bool | None, met: bool | None) -> None:
    """'经教育仍不改正': nobody who wasn't told, and nobody who mended it (JLW2.10d)."""
    found = broke_agreement(EnumColumn.of(Ground, [Ground.AGREEMENT]), bools(True), days(told), bools(mended))
    assert found.to_list() == [met]


@pytest.mark.parametrize(
    ("helped", "unfit", "met"), [(DAY, True, True), (DAY, False, False), (None, True, False), (DAY, None, None)]
)
def test_unfitness_counts_after_help(helped: date | None, unfit: bool | None, met: bool | None) -> None:
    """'经过培训或岗位调整仍不能胜任' (JLW2.10e)."""
    found = proved_unfit(EnumColumn.of(Ground, [Ground.INCOMPETENCE]), bools(True), days(helped), bools(unfit))
    assert found.to_list() == [met]


@pytest.mark.parametrize(("basis", "met"), [("某法第一条", True), (None, False)])
def test_another_law_has_to_be_named(basis: str | None, met: bool) -> None:
    """Without the law there is no ground of it (JLW2.10f)."""
    found = must_leave_by_other_law(EnumColumn.of(Ground, [Ground.OTHER_LAW]), bools(True), TextColumn.of([basis]))
    assert found.to_list() == [met]


@pytest.fixture(scope="module")
def rising() -> Policy:
    """The assumed rise of the exit age, from 2025 on."""
    return PolicyBook.load(assume=True).policy("22", date(2025, 6, 1))


@pytest.mark.parametrize(
    ("sex", "born", "leaves"),
    [
        pytest.param(Sex.MALE, date(1964, 12, 31), date(2024, 12, 31), id="60 on the last day before"),
        pytest.param(Sex.MALE, date(1965, 1, 1), date(2025, 2, 1), id="60 on the first day: a month later"),
        pytest.param(Sex.MALE, date(1965, 4, 30), date(2025, 5, 30), id="the fourth month: one month"),
        pytest.param(Sex.MALE, date(1965, 5, 1), date(2025, 7, 1), id="the fifth month: two"),
        pytest.param(Sex.MALE, date(1965, 1, 31), date(2025, 2, 28), id="a day that the month hasn't got"),
        pytest.param(Sex.MALE, date(1976, 8, 31), date(2039, 7, 31), id="a month short of the end"),
        pytest.param(Sex.MALE, date(1976, 9, 1), date(2039, 9, 1), id="the end of the rise: 63"),
        pytest.param(Sex.MALE, date(1990, 2, 28), date(2053, 2, 28), id="63 for good"),
        pytest.param(Sex.FEMALE, date(1969, 12, 31), date(2024, 12, 31), id="55 on the last day before"),
        pytest.param(Sex.FEMALE, date(1970, 1, 1), date(2025, 2, 1), id="55 on the first day: a month later"),
        pytest.param(Sex.FEMALE, date(1981, 9, 1), date(2039, 9, 1), id="the end of the rise: 58"),
        pytest.param(None, date(1970, 1, 1), None, id="sex not known"),
        pytest.param(Sex.MALE, None, None, id="birth not known"),
    ],
)
def test_an_age_that_rises_by_a_month_for_every_four(
    rising: Policy, sex: Sex | None, born: date | None, leaves: date | None
) -> None:
    """Who reaches the old age before 2025 isn't touched; then a month for every four, up to three years (JLW2.10h)."""
    assert exit_day(EnumColumn.of(Sex, [sex]), days(born), rising).to_list() == [leaves]
