"""A small place whose years ahead are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import LocalValue, Reform
from shequ_core.population.synthesize import synthesize
from shequ_core.simulation.simulate import Ready, prepare, usual_behaviours
from shequ_core.tables.dataset import Dataset

COUNTY = "220421"
"""A county with some sixty posts."""
CITY = "2204"
"""Two counties under another law each."""
YEARS = range(2024, 2026)


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    """The policies with what nobody published."""
    return PolicyBook.load(assume=True)


@pytest.fixture(scope="session")
def county() -> Dataset:
    """The county's people, made up."""
    return synthesize(COUNTY, YEARS[0], 1)


@pytest.fixture(scope="session")
def city() -> Dataset:
    """The city's people, made up."""
    return synthesize(CITY, YEARS[0], 1)


@pytest.fixture(scope="session")
def ready(book: PolicyBook, county: Dataset) -> Ready:
    """The county ready to be simulated."""
    return prepare(county, book, COUNTY, YEARS, [7, 8], usual_behaviours())


@pytest.fixture(scope="session")
def reformed(book: PolicyBook) -> Callable[..., PolicyBook]:
    """Lay values over the policies of the county, or of another place."""

    def lay(values: Sequence[LocalValue[Any]], place: str = COUNTY) -> PolicyBook:
        return book.reformed(Reform(name="tried", place=place, values=values, scope="replace_below"))

    return lay
