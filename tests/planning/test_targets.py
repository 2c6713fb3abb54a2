"""Announced figures of a small county, counted by hand."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from shequ_core.model.communities import Community
from shequ_core.model.indicators import Indicator
from shequ_core.model.posts import Certificate, CertificateLevel, Holding, Post, Worker
from shequ_core.planning.targets import Measured, Target, targets
from shequ_core.policy.book import PolicyBook
from shequ_core.reports.targets import targets_listing
from shequ_core.tables.dataset import Certificates, Communities, Dataset, Holdings, Posts, Workers
from shequ_core.tables.indicators import Indicators

A, B = "220104001001", "220104001002"
BOOK = PolicyBook.load(plugins=[])
DAY = date(2023, 5, 1)


def county() -> Dataset:
    """Two communities; in the first three of four holders are certified, one as an assistant only."""
    levels = [CertificateLevel.SOCIAL_WORKER, CertificateLevel.SENIOR, CertificateLevel.ASSISTANT, None]
    posts = [f"{A}-0{number}" for number in range(1, 5)]
    return Dataset(
        communities=Communities.of([Community(code=A, name="甲"), Community(code=B, name="乙")]),
        posts=Posts.of([Post(id=post, community=A) for post in posts]),
        workers=Workers.of([Worker(id=post[-2:]) for post in posts]),
        holdings=Holdings.of(
            [Holding(worker=post[-2:], post=post, post_class="staff", since=date(2021, 1, 1)) for post in posts]
        ),
        certificates=Certificates.of(
            [
                Certificate(worker=post[-2:], level=level, since=date(2022, 6, 1))
                for post, level in zip(posts, levels, strict=True)
                if level
            ]
        ),
        indicators=Indicators.of(
            [
                Indicator(community=A, social_organisations=7, volunteer_teams=2, on_platform=True),
                Indicator(community=B, social_organisations=10),
            ]
        ),
    )


def measured(data: Dataset, on: date = DAY) -> dict[tuple[Target, str], Measured]:
    return {(one.target, one.place): one for one in targets(data, BOOK, on).measured}


def test_each_figure_is_counted() -> None:
    """By hand: 7 of 10 organisations; 2 of 3 certified, since an assistant doesn't count; nobody counted B's teams."""
    found = measured(county())
    said = {key: (one.wanted, one.found, one.short) for key, one in found.items()}
    assert said == {
        (Target.SOCIAL_ORGANISATIONS, A): (10, 7, 3),
        (Target.SOCIAL_ORGANISATIONS, B): (10, 10, 0),
        (Target.VOLUNTEER_TEAMS, A): (1, 2, 0),
        (Target.VOLUNTEER_TEAMS, B): (1, None, None),
        (Target.PLATFORM, "220104"): (2, None, None),
        (Target.CERTIFIED_WORKERS, A): (3, 2, 1),
        (Target.CERTIFIED_WORKERS, B): (3, 0, 3),
    }


@pytest.mark.parametrize(
    ("on", "due"),
    [(date(2022, 12, 30), (False, False)), (date(2022, 12, 31), (True, False)), (date(2023, 4, 30), (True, True))],
)
def test_a_figure_is_due_from_its_day(on: date, due: tuple[bool, bool]) -> None:
    """The platform by the end of 2022, the certified workers three years after the document."""
    found = measured(county(), on)
    assert (found[Target.PLATFORM, "220104"].due, found[Target.CERTIFIED_WORKERS, A].due) == due
    assert targets(county(), BOOK, on).stages == {"220104": (2 if on.year == 2022 else 3, 3)}


def test_what_was_not_given_is_unknown() -> None:
    """Without the tables nothing is reached and nothing is missing; before a certificate's day it isn't there."""
    bare = attrs.evolve(county(), indicators=None, certificates=None)
    assert {one.short for one in measured(bare).values()} == {None}
    assert measured(county(), date(2022, 5, 31))[Target.CERTIFIED_WORKERS, A].short == 3


def test_the_list_says_it_in_short() -> None:
    """One note a figure, one row a place."""
    listing = targets_listing(targets(county(), BOOK, DAY))
    assert len(listing.rows) == 7
    assert "certified_workers (JLW2.7b): 0 of 2 reached, 0 unknown; due on 2023-04-30" in [str(one) for one in listing.notes]
