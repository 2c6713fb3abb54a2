"""A single life told alone is the life it was among the others."""

from __future__ import annotations

import pytest

from shequ_core.errors import LifeNotFoundError
from shequ_core.policy.book import PolicyBook
from shequ_core.simulation.facts import facts
from shequ_core.simulation.replay import POOL, replay
from shequ_core.simulation.simulate import Ready, prepare, usual_behaviours
from shequ_core.tables.dataset import Dataset

COUNTY = "220421"


@pytest.fixture(scope="module")
def long(book: PolicyBook, county: Dataset) -> Ready:
    """Five years, so that posts have several holders."""
    return prepare(county, book, COUNTY, range(2024, 2029), [7], usual_behaviours())


def test_every_life_is_told_alone(long: Ready) -> None:
    """Coming, leaving and assessments of every other holder are those of the whole simulation."""
    data, _ = facts(long, [COUNTY], 7)
    assert data.assessments is not None
    assert any(one.worker.endswith("-002") for one in data.holdings)
    for holding in list(data.holdings)[::4]:
        life = replay(long, holding.post, int(holding.worker[-3:]), 7)
        assert [one for one in life.left if one is not None] == ([holding.until] if holding.until else [])
        came = [one for one in life.came if one is not None]
        assert came in ([], [holding.since])
        expected = {
            one.year: one.grade for one in data.assessments if one.worker == holding.worker and one.year >= 2024
        }
        assert {one.year: one.assessed for one in life if one.assessed is not None} == expected


def test_it_says_what_hangs_on_others(long: Ready) -> None:
    """The bonus is a share of the pool."""
    post = long.state([COUNTY], [7]).layout.posts[0]
    life = replay(long, post, 1, 7)
    assert all(POOL in (one or "") for one in life.hangs_on)


@pytest.mark.parametrize(("post", "holder"), [("220421001001-01", 99), ("990000000000-01", 1), ("220421999001-01", 1)])
def test_a_life_that_is_not_there(long: Ready, post: str, holder: int) -> None:
    """Neither the post nor the holder is made up on the way."""
    with pytest.raises(LifeNotFoundError):
        replay(long, post, holder, 7)
