"""Posts open and close as communities may have more or fewer, and nothing else moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from tests.simulation.test_oracle import MONTHLY, by_month, told

from shequ_core.policy.book import PolicyBook
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.behaviours.hiring import Hiring
from shequ_core.simulation.behaviours.households import HouseholdsChange
from shequ_core.simulation.behaviours.leaving import LeavingByChoice
from shequ_core.simulation.behaviours.posts import PostsChange
from shequ_core.simulation.by_sums import LINES
from shequ_core.simulation.facts import facts
from shequ_core.simulation.replay import replay
from shequ_core.simulation.simulate import prepare, simulate, usual_behaviours
from shequ_core.tables.dataset import Dataset
from shequ_core.year.run import run_year

COUNTY = "220421"
YEARS = range(2024, 2028)
ALL, NONE = Fraction(1), Fraction(0)
SHRINKING = HouseholdsChange(change=((Fraction(0), -300), (Fraction(1), -200)))


def people(*others: Behaviour) -> Sequence[Behaviour]:
    own = {one.kind: one for one in (*usual_behaviours(), *others)}
    return tuple(own.values())


def test_posts_open_up_to_the_aim_and_are_filled(book: PolicyBook, county: Dataset) -> None:
    """With the whole room used and every lacking post opened, each community has what it may in the first year."""
    most = PostsChange(use=ALL, opened=ALL, reserve=30)
    ready = prepare(county, book, COUNTY, YEARS, [7], people(most, Hiring(filled=ALL, applicants=99)))
    data, years = facts(ready, [COUNTY], 7)
    ground = years[0].ground
    have = Counter(one.community for one in data.posts)
    for at, code in enumerate(ready.state([COUNTY], [7]).layout.communities):
        if have[code]:
            assert have[code] == ground.room[at] or not ground.known_room[at]
    first, later = years[0].counts, years[1].counts
    assert first["posts_opened"].sum() == first["posts"].sum() - len(county.posts) > 0
    assert later["posts_opened"].sum() == 0
    assert first["vacant"].sum() + first["held"].sum() + first["outside"].sum() == first["posts"].sum()
    assert later["held"].sum() > first["posts"].sum() - first["posts_opened"].sum()


def test_only_vacant_posts_close(book: PolicyBook, county: Dataset) -> None:
    """Where communities shrink below what they have; nobody loses a post, and a closed one stays closed."""
    behaviours = people(PostsChange(opened=NONE, closed=ALL), SHRINKING, LeavingByChoice(shares=((0, Fraction(1, 3)),)))
    most = PostsChange(use=ALL, opened=ALL, closed=ALL, reserve=30)
    grown = facts(prepare(county, book, COUNTY, range(2024, 2025), [7], people(most)), [COUNTY], 7)[0]
    years = simulate(grown, book, COUNTY, range(2025, 2031), [7], behaviours=behaviours).counties
    assert sum(one.posts_closed for one in years) > 0
    for before, after in zip(years, list(years)[1:], strict=False):
        assert after.posts == before.posts - after.posts_closed
        assert after.posts_closed <= before.vacant + before.left


def test_the_year_of_the_facts_says_the_same(book: PolicyBook, county: Dataset) -> None:
    """Posts have days on which they open and close, and pay is that of a real year."""
    behaviours = people(PostsChange(use=ALL, opened=Fraction(1, 2)), HouseholdsChange())
    ready = prepare(county, book, COUNTY, range(2024, 2026), [7], behaviours)
    data, years = facts(ready, [COUNTY], 7)
    assert any(one.opened_on == date(2025, 1, 1) for one in data.posts)
    for year, sums in zip(ready.years, years, strict=True):
        real = run_year(data, ready.law.book, COUNTY, year)
        for line in LINES:
            assert told(sums, line) == by_month(year, real.slips.month.values, getattr(real.slips, line)), line
        assert [int((real.slips.month.values == year * 100 + at + 1).sum()) for at in MONTHLY] == told(sums, "months")
        assert int(real.headcounts.posts.values.sum()) == sums.counts["posts"].sum()


def test_it_changes_no_draw_of_others(book: PolicyBook, county: Dataset) -> None:
    """Who holds a post of the tables, and everybody after, lives as before; off it changes nothing at all."""
    plain = simulate(county, book, COUNTY, YEARS, [7, 8], behaviours=people())
    off = simulate(county, book, COUNTY, YEARS, [7, 8], behaviours=people(PostsChange(opened=NONE, closed=NONE)))
    assert off.digest() == plain.digest()
    lives = [
        {one.worker: (one.since, one.until) for one in facts(prepare(county, book, COUNTY, YEARS, [7], some), [COUNTY], 7)[0].holdings}
        for some in (people(), people(PostsChange(use=ALL)))
    ]  # fmt: skip
    assert set(lives[0]) < set(lives[1])
    assert all(lives[1][worker] == life for worker, life in lives[0].items())


@pytest.mark.parametrize("nth", [0, 3])
def test_a_life_in_a_new_post_is_told_alone(book: PolicyBook, county: Dataset, nth: int) -> None:
    ready = prepare(county, book, COUNTY, YEARS, [7], people(PostsChange(use=ALL, opened=Fraction(1, 2))))
    data, _ = facts(ready, [COUNTY], 7)
    new = {one.id for one in data.posts} - {one.id for one in county.posts}
    holding = [one for one in data.holdings if one.post in new][nth]
    life = replay(ready, holding.post, int(holding.worker[-3:]), 7)
    assert [one for one in life.came if one is not None] == [holding.since]
