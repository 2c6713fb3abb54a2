"""The average check of a place: the slips' own standards, the verdict, the proposal (JLW2.4c)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from shequ_core.law.clauses import Document
from shequ_core.law.findings import Grade
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import LocalValue, Parameter, Reform
from shequ_core.policy.pay import AVERAGE_TOLERANCE, GRADES, LOCAL_COEFFICIENT, AmountTable, Gives
from shequ_core.population.synthesize import synthesize
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Span, Status, round_half_up, yuan
from shequ_core.year import run_month
from shequ_core.year.average import AverageCheck, average_check

CITY, JULY = "2206", date(2022, 7, 1)
CLASSES = {"principal": Span(7, 18), "committee": Span(4, 15), "staff": Span(1, 12)}
AMOUNTS = AmountTable(tuple(yuan(3000 + 100 * one) for one in range(18)), CLASSES, Gives.BASIC)


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return PolicyBook.load(assume=True)


@pytest.fixture(scope="module")
def data() -> Dataset:
    """A city of several counties."""
    return synthesize(CITY, 2022, 1)


@pytest.fixture(scope="module")
def told(data: Dataset, book: PolicyBook) -> AverageCheck:
    return average_check(data, book, CITY, JULY)


def tried(book: PolicyBook, *pairs: tuple[Parameter[Any], object]) -> PolicyBook:  # Any: keys of every type
    """Lay values over a book."""
    day, source = date(2020, 4, 30), Document("试行办法").article("一")
    values: list[LocalValue[Any]] = [
        key.set(value, since=day, known_on=day, source=source, status=Status.ISSUED) for key, value in pairs
    ]
    return book.reformed(Reform(name="tried", place=CITY, values=values))


def test_a_mean_is_of_the_standards_on_the_slips(told: AverageCheck, data: Dataset, book: PolicyBook) -> None:
    """Each post holder once, by the last part of the month; one row a county, in order."""
    last = {slip.worker: slip for slip in sorted(run_month(data, book, CITY, JULY).slips, key=lambda one: one.until)}
    counties = sorted({slip.subdistrict[:6] for slip in last.values()})
    assert told.counties.county.to_list() == counties
    assert len(counties) > 1
    for one in told.counties:
        mine = [slip for slip in last.values() if slip.subdistrict.startswith(one.county)]
        total = sum(slip.standard for slip in mine)
        assert (one.people, one.total) == (len(mine), total)
        assert one.mean == round_half_up(total, len(mine))
        reference = Fraction(int(yuan("63897")), 12)
        assert one.reference_exact == str(reference)
        assert one.relation == str(Fraction(total, len(mine)) / reference)
        assert one.gap is not None
        assert abs(one.gap - (Fraction(total, len(mine)) - reference)) <= Fraction(1, 2)


def test_the_proposal_is_told_grade_by_grade(told: AverageCheck) -> None:
    """People and proposed amounts make the proposed sum; its mean is the reference but for rounding."""
    for one in told.counties:
        mine = [grade for grade in told.grades if grade.county == one.county]
        assert sum(grade.people for grade in mine) == one.people
        assert sum(grade.people * grade.now for grade in mine) == one.total
        assert sum(grade.people * grade.proposed for grade in mine) == one.proposed_total
        assert one.proposed_relation is not None
        assert abs(Fraction(one.proposed_relation) - 1) < Fraction(1, 10**5)


def test_without_a_tolerance_the_gap_is_shown_and_a_finding_says_why_there_is_no_verdict(told: AverageCheck) -> None:
    """Unset is no verdict of either kind."""
    assert all(one.inside is None and one.tolerance is None and one.gap is not None for one in told.counties)
    unset = [one for one in told.findings if one.code == "JLW2.4c-pay.average_tolerance-unset"]
    assert {one.grade for one in unset} == {Grade.NOT_EXAMINED}
    assert len(unset) == len(told.counties)
    assert "JLW2.4c-average-off-reference" not in {one.code for one in told.findings}
    assert told.rests.synthetic
    assert "proxy" in told.rests.marks


def test_with_a_tolerance_each_county_is_judged(told: AverageCheck, data: Dataset, book: PolicyBook) -> None:
    """A tolerance between the counties' own gaps parts them; the proposal keeps it everywhere."""
    gaps = sorted(abs(Fraction(str(one.relation)) - 1) for one in told.counties)
    tolerance = (gaps[0] + gaps[-1]) / 2
    judged = average_check(data, tried(book, (AVERAGE_TOLERANCE, tolerance)), CITY, JULY)
    off = {one.subject for one in judged.findings if one.code == "JLW2.4c-average-off-reference"}
    for one in judged.counties:
        assert one.inside is (abs(Fraction(str(one.relation)) - 1) <= tolerance)
        assert one.proposed_inside is True
        assert (one.county in off) is not one.inside
    assert 0 < len(off) < len(judged.counties)


def test_what_is_higher_is_not_proposed_to_fall_in_silence(data: Dataset, book: PolicyBook) -> None:
    """Above the reference a finding says that what is higher now stays (现高于此标准的保持不降)."""
    high = average_check(data, tried(book, (LOCAL_COEFFICIENT, Fraction(2))), CITY, JULY)
    above = {one.subject for one in high.findings if one.code == "JLW2.4c-average-above-reference"}
    assert above == set(high.counties.county.to_list())
    assert all(Fraction(str(one.factor)) < 1 for one in high.counties)


def test_a_table_of_amounts_is_multiplied_and_keeps_its_yuan(data: Dataset, book: PolicyBook) -> None:
    """Amounts of basic pay in whole yuan: no coefficient is proposed, every amount is the factor's, rounded."""
    told = average_check(data, tried(book, (GRADES, AMOUNTS)), CITY, JULY)
    for one in told.counties:
        assert (one.gives, one.coefficient, one.proposed_coefficient) == ("basic", None, None)
        factor = Fraction(str(one.factor))
        for grade in told.grades:
            if grade.county == one.county:
                exact = grade.now * factor
                assert grade.proposed == round_half_up(exact.numerator, exact.denominator, int(yuan(1)))


def test_without_a_reference_there_is_nothing_to_hold_it_against(data: Dataset, book: PolicyBook) -> None:
    """The wages of 2021 were published on 2023-05-26: as known before, the mean stands alone and a finding says why."""
    known = tried(book, (GRADES, AMOUNTS))
    told = average_check(data, known, CITY, JULY, known=date(2022, 12, 31))
    for one in told.counties:
        assert one.total > 0
        assert {one.reference, one.relation, one.gap, one.inside, one.factor, one.proposed_total} == {None}
    assert len(told.grades) == 0
    assert "JLW2.4c-pay.reference-unset" in {one.code for one in told.findings}


def test_the_order_of_rows_changes_nothing(told: AverageCheck, data: Dataset, book: PolicyBook) -> None:
    """Shuffled tables give the same rows."""
    chance = np.random.default_rng(5)
    mixed = data.with_tables({name: table.take(chance.permutation(len(table))) for name, table in data.tables()})
    found = average_check(mixed, book, CITY, JULY)
    assert found.counties.same_as(told.counties)
    assert found.grades.same_as(told.grades)
    assert found.findings == told.findings


def test_nobody_has_no_mean(data: Dataset, book: PolicyBook) -> None:
    """Every post vacant: no row, and no division by nobody."""
    nobody = np.zeros(0, dtype=np.int64)
    empty = {name: table.take(nobody) for name, table in data.tables() if name not in {"communities", "posts", "grids"}}
    assert len(average_check(data.with_tables(empty), book, CITY, JULY).counties) == 0
