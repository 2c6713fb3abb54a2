"""The assumed local coefficient is worked out, not chosen."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from shequ_core.jilin.assumed import LOCAL_COEFFICIENT
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.pay import GRADES, CoefficientTable
from shequ_core.population.synthesize import synthesize
from shequ_core.year import run_year


def test_the_local_coefficient_brings_the_mean_standard_to_its_reference() -> None:
    """People in post on 1 January 2022 over the sum of their grade coefficients (JLW2.4c)."""
    book = PolicyBook.load(assume=True)
    table = book.policy("22", date(2022, 1, 1))[GRADES]
    assert isinstance(table, CoefficientTable)
    slips = run_year(synthesize("22", 2022, 1), book, "22", 2022).slips
    grades = slips.where((slips.since == date(2022, 1, 1)).true()).grade.to_list()
    total = sum((table.coefficients[grade - 1] for grade in grades if grade is not None), Fraction(0))
    assert Fraction(len(grades)) / total == LOCAL_COEFFICIENT
