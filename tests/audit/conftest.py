"""A made-up community that has all that it should."""

from __future__ import annotations

import pytest

from shequ_core import synthesize
from shequ_core.policy.book import PolicyBook
from shequ_core.tables.dataset import Dataset


@pytest.fixture(scope="package")
def book() -> PolicyBook:
    return PolicyBook.load()


@pytest.fixture(scope="package")
def compliant(book: PolicyBook) -> Dataset:
    """One community of the fictional 白桦市: what is asked for is there. With this seed it is 229901001001."""
    return synthesize("229901", 2022, 7, committees={"229901": 1}, compliant=True, book=book)
