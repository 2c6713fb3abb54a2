"""A made-up community that has all that it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from shequ_core.policy.book import PolicyBook
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.files import read_dataset


@pytest.fixture(scope="session")
def compliant() -> Dataset:
    """One community of the fictional 白桦市, written down by hand: what is asked for is there."""
    return read_dataset(Path(__file__).parent / "compliant")


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return PolicyBook.load()
