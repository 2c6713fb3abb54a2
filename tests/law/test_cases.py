"""Every shipped case comes out, and everything that cites a carried clause is proven by one."""

from __future__ import annotations

import pytest

from shequ_core.testing.cases import Books, Case, load_cases, run_case
from shequ_core.testing.coverage import coverage

BOOKS = Books()

REQUIRED = {
    "JLW2.1", "JLW2.2a", "JLW2.2b", "JLW2.2c", "JLW2.2d", "JLW2.4a", "JLW2.4b", "JLW2.4c", "JLW2.4d", "JLW2.4e",
    "JLW2.4f", "JLW2.4g", "JLW2.5a", "JLW2.5b", "JLW2.5c", "JLW2.7a", "JLW2.9b", "JLW2.9c", "JLW2.9d", "JLW2.10a",
    "JLW2.10b", "JLW2.10c", "JLW2.10d", "JLW2.10e", "JLW2.10f", "JLW2.10h", "JLW3.2", "JLG2.4.2",
}


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: case.id)
def test_a_case_comes_out(case: Case) -> None:
    """What a lawyer worked out is what the library answers."""
    result = run_case(case, BOOKS)
    assert result.found == result.expected


def test_the_clauses_of_the_first_year_are_carried() -> None:
    """Coverage is worked out from the code; every clause is carried, explained or named as missing."""
    found = coverage()
    assert set(found.carried) >= REQUIRED
    assert found.total == len(found.carried) + len(found.not_computable) + len(found.missing)
