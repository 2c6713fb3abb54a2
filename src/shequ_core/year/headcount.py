"""Posts at the end of the year against what each community may have."""

from __future__ import annotations

from shequ_core.audit.staffing import party_short, post_counts, ranges
from shequ_core.policy.checks import Seen
from shequ_core.tables.answers import Headcounts


def headcounts_of(seen: Seen) -> Headcounts:
    """Return each community's posts at the end of the year against what it may have."""
    counts, found = seen.once(post_counts), seen.once(ranges)
    communities, inside = counts.communities, found.inside.true()
    return Headcounts(
        {
            "community": communities.code,
            "name": communities.name,
            "households": communities.households,
            "posts": counts.posts,
            "held": counts.held,
            "least": found.allowed.low.unless(~inside),
            "most": found.allowed.high.unless(~inside),
            "party_short": seen.once(party_short).unless(~inside),
        }
    )
