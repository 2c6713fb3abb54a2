"""Pay goes by the last known reference until the new one is out, and the difference is paid later."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import Reform
from shequ_core.policy.pay import REFERENCE, AnnualMean
from shequ_core.simulation.behaviours.late_reference import LateReference
from shequ_core.simulation.behaviours.reference import ReferenceGrowth
from shequ_core.simulation.facts import facts
from shequ_core.simulation.outcome import AMOUNTS
from shequ_core.simulation.simulate import prepare, simulate, usual_behaviours
from shequ_core.tables.dataset import Dataset
from shequ_core.year.run import run_year

COUNTY = "220421"
YEARS = range(2024, 2026)


def under_last_years(book: PolicyBook, year: int) -> PolicyBook:
    """Lay last year's reference over this year's."""
    told = book.policy(COUNTY, date(year - 1, 12, 1)).why(REFERENCE)
    assert told is not None
    assert isinstance(told.value.value, AnnualMean)
    old = REFERENCE.set(
        told.value.value, since=date(year, 1, 1), known_on=told.value.known_on, source=told.value.source,
        status=told.value.status,
    )
    return book.reformed(Reform(name="last year's", place=COUNTY, values=[old], scope="replace_below"))


@pytest.mark.parametrize("published_in", [1, 5, 12])
def test_arrears_are_the_difference_of_two_real_years(book: PolicyBook, county: Dataset, published_in: int) -> None:
    """`run_year` of the same facts under this year's reference, less under last year's, in the months before."""
    behaviours = [*usual_behaviours(), LateReference(published_in=published_in)]
    ready = prepare(county, book, COUNTY, YEARS, [7], behaviours)
    data, years = facts(ready, [COUNTY], 7)
    for year, sums in zip(YEARS, years, strict=True):
        paid = []
        for law in (ready.law.book, under_last_years(ready.law.book, year)):
            slips = run_year(data, law, COUNTY, year).slips
            late = slips.month.values <= year * 100 + published_in
            paid.append(int(slips.total.values[late].sum()))
        assert int(sums.amounts["arrears"].sum()) == paid[0] - paid[1] != 0


def test_nothing_else_changes(book: PolicyBook, county: Dataset) -> None:
    """No draw, no other amount, no holder: arrears are part of what the year costs anyway."""
    years = range(2024, 2027)
    plain = simulate(county, book, COUNTY, years, [7, 8])
    late = simulate(county, book, COUNTY, years, [7, 8], behaviours=[*usual_behaviours(), LateReference()])
    assert {one.arrears for one in plain.counties} == {0}
    assert all(one.arrears > 0 for one in late.counties)
    for name in (*AMOUNTS, "total", "held", "left", "hired", "certified"):
        assert plain.counties.column(name).same_as(late.counties.column(name)), name
    assert plain.structure.people.same_as(late.structure.people)


def test_a_reference_that_stays_owes_nothing(book: PolicyBook, county: Dataset) -> None:
    """Without growth there is nothing to pay later."""
    behaviours = [ReferenceGrowth(share=Fraction(0)), LateReference()]
    found = simulate(county, book, COUNTY, range(2025, 2027), [7], behaviours=behaviours).counties
    assert [one.arrears for one in found] == [0, 0]
