"""Who holds a post, how many posts a community has, and the county's quota (JLW2.1, 2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs
import numpy as np

from shequ_core.audit.registry import check
from shequ_core.errors import msg
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.model.posts import PostDuty, Role
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.policy.staffing import (
    BASE_HOUSEHOLDS,
    BASE_POSTS,
    EMPLOYMENTS,
    NORM,
    PARTY_POSTS,
    QUOTA,
    SETTINGS,
    STEP,
)
from shequ_core.rules import staffing as rules
from shequ_core.tables.columns import BoolColumn, IntColumn, TextColumn, day_number
from shequ_core.tables.dataset import Communities, Posts
from shequ_core.tables.in_post import Roster, places_in, roster_of
from shequ_core.trace import framed
from shequ_core.values import Span


@attrs.frozen(kw_only=True, eq=False)
class PostCounts:
    """The posts of each community on a day, a row a community in the order of their codes.

    Attributes:
        open: The posts that are open on the day.
        posts: How many of them each community has.
        held: How many are held.
        party: How many are for Party building alone, those of secretary and deputy left out; unknown where
            nobody said what some post is for.
    """

    communities: Communities
    open: Posts
    posts: IntColumn
    held: IntColumn
    party: IntColumn


def people(seen: Seen) -> Roster:
    """Return every holding with its person, post and community."""
    return roster_of(seen.data)


def post_counts(seen: Seen) -> PostCounts:
    """Count the posts of each community on the day."""
    data = seen.data
    communities = data.communities.take(np.argsort(data.communities.code.rank(), kind="stable"))
    number = day_number(seen.on)
    opened, closed = data.posts.opened_on, data.posts.closed_on
    is_open = ~(opened.mask() & (opened.values > number)) & ~(closed.mask() & (closed.values < number))
    posts = data.posts.where(is_open)
    held = seen.once(people).on(seen.on)
    leads = held.role.is_in((Role.SECRETARY, Role.DEPUTY_SECRETARY)).true()
    led = posts.id.is_in([one for one in held.post.where(leads).to_list() if one is not None]).true()
    party = count(posts.community.where((posts.duty == PostDuty.PARTY_BUILDING).true() & ~led), communities.code)
    if posts.duty.known is not None:
        party = party.unless(count(posts.community.where(~posts.duty.mask()), communities.code).values > 0)
    return PostCounts(
        communities=communities, open=posts, posts=count(posts.community, communities.code),
        held=count(held.community, communities.code), party=party,
    )


def count(codes: TextColumn, among: TextColumn) -> IntColumn:
    """Return how often each code of `among` stands in `codes`."""
    at = places_in(codes, among)
    return IntColumn(np.bincount(at[at >= 0], minlength=len(among)).astype(np.int64))


@attrs.frozen(kw_only=True, eq=False)
class Range:
    """What each community may have.

    Attributes:
        inside: Whether posts are set up there at all (JLW2.1).
        allowed: The fewest and the most posts; unknown where the measure is, or nobody set the norm.
    """

    inside: BoolColumn
    allowed: Span[IntColumn]


def ranges(seen: Seen) -> Range:
    """Work out what each community may have, in the order of `post_counts`."""
    communities = seen.once(post_counts).communities
    rows = len(communities)
    low, high, known = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_)
    inside, inside_known = np.zeros(rows, dtype=np.bool_), np.zeros(rows, dtype=np.bool_)
    for policy, at in seen.laws(communities.code):
        some = communities.take(at)
        if SETTINGS in policy:
            settings = policy[SETTINGS]
            scope = some.setting.is_in(settings)
            inside[at], inside_known[at] = scope.values, scope.mask()
        if seen.answers(policy, "staffing.allowed_posts"):
            with framed(some.code, str(seen.on.year)):
                allowed = rules.allowed_posts(some.households, some.residents, policy)
            low[at], high[at], known[at] = allowed.low.values, allowed.high.values, allowed.low.mask()
    return Range(
        inside=BoolColumn(inside, inside_known), allowed=Span(IntColumn(low, known), IntColumn(high, known)),
    )


def party_short(seen: Seen) -> IntColumn:
    """Return how many posts for Party building alone each community lacks, in the order of `post_counts`."""
    counts = seen.once(post_counts)
    rows = len(counts.communities)
    short, known = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_)
    for policy, at in seen.laws(counts.communities.code):
        if PARTY_POSTS in policy:
            with framed(counts.communities.code.take(at), str(seen.on.year)):
                lacking = rules.party_posts_short(counts.party.take(at), policy)
            short[at], known[at] = lacking.values, lacking.mask()
    return IntColumn(short, known)


UNCOUNTED: Final = msg("the setting or the households of a community are not known")


@check("JLW2.1-not-a-post-holder", needs=(SETTINGS, EMPLOYMENTS))
def not_a_post_holder(seen: Seen) -> Iterator[Told]:
    """Somebody holds a post (社工岗) who can't be a post holder, by footing or by place.

    Posts are for those who work full-time in communities of cities and of towns with a county's government;
    holders of public-welfare jobs stay outside.

    What to do:
        Move the person out of the post, or put right the footing (用工形式) or the community's setting.
    """
    held = seen.once(people).on(seen.on)
    values, known = np.zeros(len(held), dtype=np.bool_), np.zeros(len(held), dtype=np.bool_)
    for policy, rows in seen.laws(held.county):
        some = held.take(rows)
        with framed(some.worker, str(seen.on.year)):
            scope = rules.in_scope(some.setting, some.employment, policy)
        values[rows], known[rows] = ~scope.values, scope.mask()
    yield from seen.judged(
        BoolColumn(values, known), held.county,
        lambda row: Breach(
            subject=str(held.worker.row(row)),
            message=msg(
                "holds the post {post} as {employment} in a community of setting {setting}", post=held.post.row(row),
                employment=held.employment.row(row), setting=held.setting.row(row),
            ),
        ),
        msg("on which footing people work, or the setting of their community, is not known"),
    )


@check("JLW2.2a-too-few-posts", needs=(SETTINGS, NORM, BASE_HOUSEHOLDS, BASE_POSTS, STEP))
def too_few_posts(seen: Seen) -> Iterator[Told]:
    """A community has fewer posts than its households call for.

    What to do:
        Open posts within the county's quota (员额), or ask the county for a share of it.
    """
    yield from _out_of_range(seen, below=True)


@check("JLW2.2b-too-many-posts", needs=(SETTINGS, NORM, BASE_HOUSEHOLDS, BASE_POSTS, STEP))
def too_many_posts(seen: Seen) -> Iterator[Told]:
    """A community has more posts than its households allow.

    What to do:
        Leave the next posts that fall vacant unfilled and close them, or move them to a community that has too few.
    """
    yield from _out_of_range(seen, below=False)


def _out_of_range(seen: Seen, *, below: bool) -> Iterator[Told]:
    counts, found = seen.once(post_counts), seen.once(ranges)
    low, high = found.allowed.low, found.allowed.high
    off = counts.posts < low if below else counts.posts > high
    yield from seen.judged(
        found.inside & off, counts.communities.code,
        lambda row: Breach(
            subject=str(counts.communities.code.row(row)), found=counts.posts.row(row),
            allowed=Span(low.row(row), high.row(row)),
            message=msg(
                "{found} posts, {least} to {most} are allowed", found=counts.posts.row(row), least=low.row(row),
                most=high.row(row),
            ),
        ),
        UNCOUNTED,
    )


@check("JLW2.2c-quota-exceeded", needs=(QUOTA,))
def quota_exceeded(seen: Seen) -> Iterator[Told]:
    """The communities of a county have more posts together than its quota (员额).

    What to do:
        Leave posts that fall vacant unfilled until the quota holds, or have the quota set anew.
    """
    opened = seen.once(post_counts).open.community.start(COUNTY_DIGITS)
    for code in sorted({one for one in opened.where(seen.open(opened)).to_list() if one is not None}):
        posts = IntColumn.of([int((opened == code).true().sum())])
        policy = seen.law.policy(code, seen.on)
        with framed(TextColumn.of([code]), str(seen.on.year)):
            left = rules.quota_left(posts, policy).row(0)
        if left is not None and left < 0:
            yield Breach(
                subject=code, found=posts.row(0), allowed=policy[QUOTA],
                message=msg(
                    "{found} posts are {over} more than the quota of {quota}", found=posts.row(0), over=-left,
                    quota=policy[QUOTA],
                ),
            )


@check("JLW2.2d-party-posts-short", needs=(SETTINGS, PARTY_POSTS))
def party_posts_short(seen: Seen) -> Iterator[Told]:
    """A community lacks posts that do nothing but Party building.

    Posts held by the Party secretary or a deputy don't count.

    What to do:
        Give posts that are open, or the next ones opened, to Party building alone.
    """
    counts, short = seen.once(post_counts), seen.once(party_short)
    yield from seen.judged(
        seen.once(ranges).inside & (short > 0), counts.communities.code,
        lambda row: Breach(
            subject=str(counts.communities.code.row(row)), found=counts.party.row(row),
            allowed=_sum(counts.party.row(row), short.row(row)),
            message=msg("{found} posts for Party building alone are missing", found=short.row(row)),
        ),
        msg("what some posts of a community are for, or its setting, is not known"),
    )


def _sum(has: int | None, lacks: int | None) -> int:
    assert has is not None and lacks is not None  # noqa: PT018  # both are known where something is missing
    return has + lacks
