"""Policies with one thing changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from shequ_core.law.clauses import Document
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import Parameter, Reform
from shequ_core.policy.policy import Policy
from shequ_core.values import Status

SINCE = date(2020, 4, 30)


@pytest.fixture(scope="session")
def where() -> Callable[..., Policy]:
    """Return the province's policy in 2022, where these keys hold these values."""
    book = PolicyBook.load(assume=True)
    source = Document("某省试行办法").article("第一条")

    def changed(*pairs: tuple[Parameter[Any], object], on: date = date(2022, 7, 1)) -> Policy:  # Any: of every type
        values = [
            key.set(value, since=SINCE, known_on=SINCE, source=source, status=Status.ISSUED) for key, value in pairs
        ]
        return book.reformed(Reform(name="tried", place="22", values=values)).policy("22", on)

    return changed
