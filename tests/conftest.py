"""What many tests start from."""

from __future__ import annotations

from datetime import date

import pytest

from shequ_core.policy.book import PolicyBook
from shequ_core.policy.policy import Policy


@pytest.fixture(scope="session")
def jilin() -> Policy:
    """The province's own policy, nothing assumed."""
    return PolicyBook.load().policy("22", date(2022, 7, 1))


@pytest.fixture(scope="session")
def assumed() -> Policy:
    """The province's policy with what nobody published."""
    return PolicyBook.load(assume=True).policy("22", date(2022, 7, 1))
