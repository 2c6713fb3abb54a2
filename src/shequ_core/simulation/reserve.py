"""Posts that are not there yet: rows in which posts may open in the years that are simulated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final

from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.model.posts import Post, PostDuty
from shequ_core.tables.dataset import Dataset, Posts

PLANNED: Final = date.max
"""The day on which a post opens that nobody has opened yet."""


def with_reserve(data: Dataset, many: int, counties: Sequence[str]) -> Dataset:
    """Return the tables with so many more posts in each community of some counties that has any, none opened yet."""
    if not many:
        return data
    ordinals: defaultdict[str, int] = defaultdict(int)
    for post, community in zip(data.posts.id.to_list(), data.posts.community.to_list(), strict=True):
        assert post is not None
        assert community is not None
        if community[:COUNTY_DIGITS] in counties:
            ordinals[community] = max(ordinals[community], int(post.rpartition("-")[2]))
    more = Posts.of(
        Post(id=f"{code}-{last + one:02d}", community=code, duty=PostDuty.GENERAL, opened_on=PLANNED)
        for code, last in sorted(ordinals.items()) for one in range(1, many + 1)
    )
    return data.with_tables({"posts": Posts.concat([data.posts, more])})
