"""Codes are those of the end of the first year, as in a real year: what begins within it is there from the start."""

from __future__ import annotations

from datetime import date

import pytest

from shequ_core.errors import InputError
from shequ_core.policy.book import PolicyBook
from shequ_core.population.synthesize import synthesize
from shequ_core.simulation.simulate import simulate
from shequ_core.year.run import run_year

COUNTY = "220721"
BEGAN = date(2022, 6, 2)
"""The day of its subdistricts, which lie in it beside older towns."""


def test_a_subdistrict_that_begins_within_the_first_year_is_simulated(book: PolicyBook) -> None:
    data = synthesize(COUNTY, BEGAN.year, 1)
    later = {one.code for one in book.divisions if one.since == BEGAN}
    assert any(code[:9] in later for code in data.communities.code.to_list() if code is not None)
    told = simulate(data, book, COUNTY, range(BEGAN.year, BEGAN.year + 1), [1]).counties[0]
    assert told.posts == len(data.posts)


def test_one_that_begins_later_is_refused_by_community_and_day_as_in_a_real_year(book: PolicyBook) -> None:
    year = BEGAN.year - 1
    data = synthesize(COUNTY, year, 1)
    with pytest.raises(InputError) as real:
        run_year(data, book, COUNTY, year)
    with pytest.raises(InputError) as refused:
        simulate(data, book, COUNTY, range(year, year + 3), [1])
    assert refused.value.faults == real.value.faults
    assert "220721001001 has no subdistrict or town on 2021-12-31: 220721001 阿穆尔街道 begins on 2022-06-02" in str(
        refused.value
    )
