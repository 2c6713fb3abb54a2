"""Average standards, their references and what would meet them, held against exact fractions (JLW2.4c, JLG2.4.2)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.policy.pay import (
    AVERAGE_TOLERANCE,
    GRADES,
    LOCAL_COEFFICIENT,
    REFERENCE,
    AmountTable,
    AnnualMean,
    ClassAmounts,
    CoefficientTable,
    EvenSteps,
    FixedMonthly,
    Gives,
    GradeTable,
)
from shequ_core.policy.policy import Policy
from shequ_core.rules.average import Average, average_reference, average_standard, inside_tolerance, proposed_grades
from shequ_core.rules.pay import graded_pay, split_standard
from shequ_core.tables.columns import FenColumn, IntColumn, TextColumn
from shequ_core.values import Fen, Span, yuan

Where = Callable[..., Policy]
CLASSES = {"principal": Span(3, 6), "staff": Span(1, 4)}


def people_of(*grades: tuple[str, int]) -> tuple[TextColumn, IntColumn]:
    """Return people's classes and grades."""
    return TextColumn.of([name for name, _ in grades]), IntColumn.of([grade for _, grade in grades])


@st.composite
def staffs(draw: st.DrawFn) -> list[tuple[str, int]]:
    """People with class and grade."""
    one = st.one_of(
        st.tuples(st.just("principal"), st.integers(3, 6)), st.tuples(st.just("staff"), st.integers(1, 4))
    )
    return draw(st.lists(one, min_size=1, max_size=30))


def rising(draw: st.DrawFn) -> list[int]:
    """Return six numbers that don't fall."""
    return sorted(draw(st.lists(st.integers(100, 100_000), min_size=6, max_size=6)))


@st.composite
def tables(draw: st.DrawFn) -> GradeTable:
    """Grade tables of every kind."""
    kind = draw(st.sampled_from(["coefficients", "even", "amounts", "by class"]))
    gives = draw(st.sampled_from(Gives))
    numbers = rising(draw)
    if kind == "coefficients":
        quantum = draw(st.sampled_from([Fen(1), yuan(1)]))
        return CoefficientTable(tuple(Fraction(one, 100) for one in numbers), CLASSES, gives, quantum)
    if kind == "even":
        return EvenSteps(yuan(numbers[0]), Fraction(draw(st.integers(0, 20)), 100), 6, CLASSES, gives, yuan(1))
    if kind == "amounts":
        return AmountTable(tuple(yuan(one) for one in numbers), CLASSES, gives)
    rows = tuple(Fen(one) for one in numbers)
    return ClassAmounts({"principal": rows, "staff": rows[:4]}, gives)


@settings(max_examples=200)
@given(tables(), staffs(), st.integers(1, 10**7), st.sampled_from([Fraction(1), Fraction(5, 4)]))
def test_a_proposal_meets_the_reference_but_for_rounding(
    where: Where, table: GradeTable, staff: list[tuple[str, int]], amount: int, factor: Fraction
) -> None:
    """The proposed mean is off by at most half a quantum of a grade and half a fen of the split, for whatever table."""
    policy = where(
        (GRADES, table),
        (REFERENCE, FixedMonthly(Fen(amount), {"principal": factor})),
        (LOCAL_COEFFICIENT, Fraction(3, 4)),
    )
    post_class, grade = people_of(*staff)
    told = proposed_grades(post_class, grade, policy)
    assert told is not None
    assert told.average.people == len(staff)
    reference = Fraction(sum(amount * (factor if name == "principal" else 1) for name, _ in staff)) / len(staff)
    share = Fraction(7, 10) if table.gives is Gives.BASIC else Fraction(1)
    rounding = Fraction(int(table.rounded_to()), 2) / share + Fraction(1, 2)
    assert abs(told.average.mean - reference) <= rounding
    for amounts in told.amounts.values():
        assert all(earlier <= later for earlier, later in pairwise(amounts))
        assert all(one % table.rounded_to() == 0 for one in amounts)
    assert (told.coefficient is None) == (not isinstance(table, CoefficientTable))


@settings(max_examples=100)
@given(staffs(), st.lists(st.integers(1, 300), min_size=6, max_size=6).map(sorted), st.integers(1, 10**7))
def test_the_local_coefficient_meets_the_reference_exactly(
    where: Where, staff: list[tuple[str, int]], hundredths: list[int], amount: int
) -> None:
    """Before rounding nothing is left: people / sum of coefficients, whatever coefficient is in force."""
    table = CoefficientTable(tuple(Fraction(one, 100) for one in hundredths), CLASSES)
    found = set()
    for local in (Fraction(1, 3), Fraction(9, 7)):
        policy = where((GRADES, table), (REFERENCE, FixedMonthly(Fen(amount))), (LOCAL_COEFFICIENT, local))
        told = proposed_grades(*people_of(*staff), policy)
        assert told is not None
        found.add(told.coefficient)
    assert found == {Fraction(len(staff)) / sum(table.coefficients[grade - 1] for _, grade in staff)}


def test_taking_the_proposal_pays_what_it_said(where: Where) -> None:
    """A place that sets the proposed coefficient has the proposed mean, and nothing more to propose."""
    table = CoefficientTable(tuple(Fraction(100 + 7 * one, 100) for one in range(6)), CLASSES)
    reference = AnnualMean(yuan("83028"), 2021)
    post_class, grade = people_of(("staff", 1), ("staff", 2), ("staff", 4), ("principal", 6))
    first = proposed_grades(post_class, grade, where((GRADES, table), (REFERENCE, reference)))
    assert first is not None
    assert first.coefficient is not None
    policy = where((GRADES, table), (REFERENCE, reference), (LOCAL_COEFFICIENT, first.coefficient))
    paid = split_standard(graded_pay(post_class, grade, policy), post_class, policy)
    assert average_standard(paid.standard) == first.average
    again = proposed_grades(post_class, grade, policy)
    assert again is not None
    assert (again.factor, again.coefficient) == (Fraction(1), first.coefficient)


def test_a_class_with_its_own_reference_counts_with_its_people(where: Where) -> None:
    """One principal of three people: the reference is (6/5 + 1 + 1) / 3 of a month of the mean."""
    policy = where((REFERENCE, AnnualMean(yuan("100000"), 2021, {"principal": Fraction(6, 5)})))
    found = average_reference(TextColumn.of(["staff", "principal", "staff"]), policy)
    assert found == Fraction(10_000_000, 12) * Fraction(16, 15)


@pytest.mark.parametrize(
    ("total", "inside"),
    [
        pytest.param(2_940_000, True, id="the lower end"),
        pytest.param(2_939_999, False, id="a fen below it"),
        pytest.param(3_060_000, True, id="the upper end"),
        pytest.param(3_060_001, False, id="a fen above it"),
    ],
)
def test_a_tolerance_is_exact_at_its_ends(where: Where, total: int, inside: bool) -> None:
    """Five people at a reference of 6,000 yuan, tolerance 1/50: the ends belong to it."""
    policy = where((AVERAGE_TOLERANCE, Fraction(1, 50)))
    assert inside_tolerance(Average(Fen(total), 5), Fraction(600_000), policy) is inside


def test_without_a_tolerance_there_is_no_verdict(assumed: Policy) -> None:
    """Nobody assumed one for a place that has none."""
    assert inside_tolerance(Average(Fen(1), 1), Fraction(600_000), assumed) is None


def test_unknown_standards_are_left_out_of_sum_and_count() -> None:
    """A mean over people of whom a standard is missing would be too low."""
    assert average_standard(FenColumn.of([Fen(10), None, Fen(20)])) == Average(Fen(30), 2)


def test_amounts_of_whole_yuan_are_proposed_in_whole_yuan() -> None:
    """A table that publishes no fen gets none; one that does keeps them; a quantum of its own goes first."""
    assert AmountTable((yuan(3000), yuan(3300)), {"staff": Span(1, 2)}).rounded_to() == yuan(1)
    assert AmountTable((yuan(3000), yuan("3300.50")), {"staff": Span(1, 2)}).rounded_to() == Fen(1)
    assert ClassAmounts({"staff": (yuan(3000),), "lead": (yuan("1.01"),)}).rounded_to() == Fen(1)
    assert EvenSteps(yuan(3000), Fraction(0), 2, {"staff": Span(1, 2)}, quantum=Fen(10)).rounded_to() == Fen(10)
