"""Who is a post holder, how many posts a community may have, and how a short quota is shared (JLW2.1, 2.2)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.model.communities import Setting
from shequ_core.model.posts import Employment
from shequ_core.policy.policy import Policy
from shequ_core.policy.staffing import (
    NORM,
    QUOTA,
    QUOTA_SHARING,
    HeadcountNorm,
    HouseholdBands,
    HouseholdTable,
    PerHouseholds,
    PerResidents,
    QuotaSharing,
)
from shequ_core.rules.staffing import allowed_posts, in_scope, party_posts_short, quota_left, shared_quota
from shequ_core.tables.columns import EnumColumn, IntColumn, TextColumn, assert_same, ints
from shequ_core.values import Span

Where = Callable[..., Policy]


@pytest.mark.parametrize(
    ("households", "most"),
    [
        pytest.param(0, 15, id="nobody lives there yet"),
        pytest.param(2_999, 15, id="below the base"),
        pytest.param(3_000, 15, id="at the base: '以下' takes it in"),
        pytest.param(3_299, 15, id="step not complete"),
        pytest.param(3_300, 16, id="first step complete"),
        pytest.param(3_599, 16, id="second step not complete"),
        pytest.param(3_600, 17, id="second step complete"),
        pytest.param(33_000, 115, id="a hundred steps"),
        pytest.param(None, None, id="not counted"),
    ],
)
def test_each_complete_step_lets_one_more_post_open(jilin: Policy, households: int | None, most: int | None) -> None:
    """Above the base each complete step raises the ceiling by one post and leaves the floor (JLW2.2a, 2.2b)."""
    floor = None if households is None else 10
    found = allowed_posts(ints([households]), ints([None]), jilin)
    assert_same(found, Span(ints([floor]), ints([most])))


TABLE = HouseholdTable((1_000, 3_000), (Span(5, 7), Span(8, 10), Span(11, 20)))


@pytest.mark.parametrize(
    ("norm", "households", "residents", "allowed"),
    [
        pytest.param(TABLE, 1_000, None, (5, 7), id="table: edge of a band"),
        pytest.param(TABLE, 1_001, None, (8, 10), id="table: next band"),
        pytest.param(TABLE, 3_001, None, (11, 20), id="table: above the last"),
        pytest.param(TABLE, None, 5_000, (None, None), id="table: not counted"),
        pytest.param(PerResidents(Span(10, 15), 10_000), None, 10_000, (10, 15), id="residents: a whole share"),
        pytest.param(PerResidents(Span(10, 15), 10_000), None, 10_001, (11, 16), id="residents: a begun share"),
        pytest.param(PerResidents(Span(10, 15), 10_000), None, 0, (0, 0), id="residents: nobody"),
        pytest.param(PerResidents(Span(10, 15), 10_000), 3_000, None, (None, None), id="residents: not counted"),
        pytest.param(PerHouseholds(Span(300, 400), 5), 4_000, None, (10, 14), id="households: shares begun"),
        pytest.param(PerHouseholds(Span(300, 400), 5), 1_200, None, (5, 5), id="households: at least five"),
        pytest.param(PerHouseholds(Span(300, 400), 5), None, 9, (None, None), id="households: not counted"),
    ],
)
def test_places_that_count_otherwise(
    where: Where, norm: HeadcountNorm, households: int | None, residents: int | None, allowed: tuple[int | None, ...]
) -> None:
    """Bands, residents, households: another strategy, the same rule."""
    found = allowed_posts(ints([households]), ints([residents]), where((NORM, norm)))
    assert_same(found, Span(ints([allowed[0]]), ints([allowed[1]])))


@pytest.mark.parametrize(
    "norm", [HouseholdBands(), TABLE, PerResidents(Span(10, 15), 10_000), PerHouseholds(Span(300, 400), 5)],
    ids=lambda norm: norm.kind,
)  # fmt: skip
def test_more_people_never_mean_fewer_posts(where: Where, norm: HeadcountNorm) -> None:
    """Floor and ceiling rise with households and residents, the floor never above the ceiling, in any order of rows."""
    policy = where((NORM, norm))

    @settings(max_examples=50)
    @given(st.lists(st.integers(0, 60_000), min_size=2, max_size=40), st.randoms(use_true_random=False))
    def check(counts: list[int], chance: Random) -> None:
        counts.sort()
        found = allowed_posts(ints(counts), ints(counts), policy)
        rows = list(zip(found.low.to_list(), found.high.to_list(), strict=True))
        assert all(low is not None and high is not None and low <= high for low, high in rows)
        for (low, high), (more_low, more_high) in pairwise(rows):
            assert low is not None and more_low is not None and low <= more_low  # noqa: PT018
            assert high is not None and more_high is not None and high <= more_high  # noqa: PT018
        order = np.array(chance.sample(range(len(counts)), len(counts)))
        mixed = allowed_posts(ints(counts).take(order), ints(counts).take(order), policy)
        assert_same(mixed, found.map(lambda column: column.take(order)))

    check()


YES, NO, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("setting", "employment", "holds"),
    [
        pytest.param(Setting.URBAN, Employment.FULL_TIME, YES, id="full time in a city"),
        pytest.param(Setting.COUNTY_SEAT, Employment.FULL_TIME, YES, id="in the county's own town"),
        pytest.param(Setting.OTHER_TOWN, Employment.FULL_TIME, NO, id="in another town"),
        pytest.param(Setting.URBAN, Employment.PUBLIC_WELFARE, NO, id="a public-welfare job"),
        pytest.param(None, Employment.FULL_TIME, UNKNOWN, id="where isn't known"),
        pytest.param(Setting.URBAN, None, UNKNOWN, id="how isn't known"),
        pytest.param(None, Employment.PUBLIC_WELFARE, NO, id="one no is enough"),
        pytest.param(Setting.OTHER_TOWN, None, NO, id="so is the other"),
    ],
)
def test_who_is_a_post_holder(
    jilin: Policy, setting: Setting | None, employment: Employment | None, holds: bool | None
) -> None:
    """Full-time people of city communities and county towns; public-welfare job holders are not (JLW2.1)."""
    found = in_scope(EnumColumn.of(Setting, [setting]), EnumColumn.of(Employment, [employment]), jilin)
    assert found.to_list() == [holds]


@pytest.mark.parametrize(("there", "lacking"), [(0, 2), (1, 1), (2, 0), (7, 0), (None, None)])
def test_two_posts_for_party_building(jilin: Policy, there: int | None, lacking: int | None) -> None:
    """At least two besides secretary and deputy; more is no shortage, unknown is unknown (JLW2.2d)."""
    assert party_posts_short(ints([there]), jilin).to_list() == [lacking]


@pytest.mark.parametrize(("posts", "left"), [(99, 1), (100, 0), (101, -1), (None, None)])
def test_what_a_quota_has_room_for(where: Where, posts: int | None, left: int | None) -> None:
    """Down to nothing, and below nothing where it is exceeded (JLW2.2c)."""
    assert quota_left(ints([posts]), where((QUOTA, 100))).to_list() == [left]


SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)


@pytest.mark.parametrize("sharing", QuotaSharing)
def test_a_short_quota_is_shared_out_whole(where: Where, sharing: QuotaSharing) -> None:
    """The shares sum to the quota or to all ceilings; nobody is above the ceiling, nobody's hangs on the order (2.2c)."""
    policies = {quota: where((QUOTA, quota), (QUOTA_SHARING, sharing)) for quota in (0, 1, 7, 30, 100, 1000)}

    @settings(max_examples=60)
    @given(st.lists(SPANS, min_size=1, max_size=12), st.sampled_from(list(policies)), st.randoms(use_true_random=False))
    def check(spans: list[list[int]], quota: int, chance: Random) -> None:
        allowed = Span(ints([low for low, _ in spans]), ints([high for _, high in spans]))
        codes = TextColumn.of([f"{220104001001 + at}" for at in range(len(spans))])
        shares = shared_quota(allowed, codes, policies[quota]).to_list()
        lows, highs = [low for low, _ in spans], [high for _, high in spans]
        known = [share for share in shares if share is not None]
        assert len(known) == len(spans)
        assert sum(known) == min(quota, sum(highs))
        assert all(0 <= share <= high for share, high in zip(known, highs, strict=True))
        if sharing is QuotaSharing.FLOORS_FIRST and quota >= sum(lows):
            assert all(share >= low for share, low in zip(known, lows, strict=True))
        order = chance.sample(range(len(spans)), len(spans))
        places = np.array(order)
        mixed = shared_quota(allowed.map(lambda one: one.take(places)), codes.take(places), policies[quota])
        assert mixed.to_list() == [shares[at] for at in order]

    check()


@pytest.mark.parametrize("sharing", QuotaSharing)
def test_a_quota_is_not_shared_out_among_communities_that_nobody_counted(where: Where, sharing: QuotaSharing) -> None:
    """One ceiling unknown: what the others get can't be known either (JLW2.2c)."""
    policy = where((QUOTA, 20), (QUOTA_SHARING, sharing))
    allowed = Span(ints([10, None]), ints([15, None]))
    codes = TextColumn.of(["220104001001", "220104001002"])
    assert shared_quota(allowed, codes, policy).to_list() == [None, None]


def test_a_column_of_nobody(jilin: Policy) -> None:
    """No rows are an answer too."""
    nobody = IntColumn(np.zeros(0, dtype=np.int64))
    assert len(allowed_posts(nobody, nobody, jilin).high) == 0
    assert len(party_posts_short(nobody, jilin)) == 0
