"""Posts at the end of the year against what each community may have."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from shequ_core.errors import Message, msg
from shequ_core.law.findings import Finding, Grade
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.model.posts import PostDuty, Role
from shequ_core.policy import staffing as staffing_keys
from shequ_core.policy.law import Law
from shequ_core.rules import staffing
from shequ_core.tables.answers import Headcounts
from shequ_core.tables.columns import (
    IntColumn,
    TextColumn,
    day_number,
    rows_where,
)
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.in_post import Roster, places_in
from shequ_core.tables.table import Table
from shequ_core.trace import framed
from shequ_core.values import MONTHS_PER_YEAR, Span


def headcounts_of(data: Dataset, roster: Roster, law: Law, year: int) -> tuple[Headcounts, list[Finding]]:
    """Return each community's posts at the end of the year against what it may have, and what is amiss."""
    end = date(year, MONTHS_PER_YEAR, 31)
    order = np.argsort(data.communities.code.rank(), kind="stable")
    communities = data.communities.take(order)
    number = day_number(end)
    opened, closed = data.posts.opened_on, data.posts.closed_on
    is_open = ~(opened.mask() & (opened.values > number)) & ~(closed.mask() & (closed.values < number))
    posts = data.posts.where(is_open)
    held = roster.on(end)
    posts_of, held_of = _count(posts.community, communities.code), _count(held.community, communities.code)
    leads = held.role.is_in((Role.SECRETARY, Role.DEPUTY_SECRETARY)).true()
    led = posts.id.is_in([one for one in held.post.where(leads).to_list() if one is not None]).true()
    party = posts.where((posts.duty == PostDuty.PARTY_BUILDING).true() & ~led)
    party_of = _count(party.community, communities.code)
    if posts.duty.known is not None:
        unknown = _count(posts.community.where(~posts.duty.mask()), communities.code)
        party_of = party_of.unless(unknown.values > 0)
    least, most, short = (np.zeros(len(communities), dtype=np.int64) for _ in range(3))
    least_known, short_known = (np.zeros(len(communities), dtype=np.bool_) for _ in range(2))
    inside = communities.setting
    for policy, rows in law.groups(communities.code.start(COUNTY_DIGITS), end):
        some = communities.take(rows)
        with framed(some.code, str(year)):
            allowed = staffing.allowed_posts(some.households, some.residents, policy)
            lacking = staffing.party_posts_short(party_of.take(rows), policy)
        settings = policy[staffing_keys.SETTINGS]
        scope = inside.take(rows).is_in(settings)
        least[rows], most[rows] = allowed.low.values, allowed.high.values
        least_known[rows] = allowed.low.mask() & scope.true()
        short[rows], short_known[rows] = lacking.values, lacking.mask() & scope.true()
    allowed_all = Span(IntColumn(least, least_known), IntColumn(most, least_known))
    short_all = IntColumn(short, short_known)
    headcounts = Headcounts(
        {
            "community": communities.code,
            "name": communities.name,
            "households": communities.households,
            "posts": posts_of,
            "held": held_of,
            "least": allowed_all.low,
            "most": allowed_all.high,
            "party_short": short_all,
        }
    )
    def finding(code: str, row: int, message: Message) -> Finding:
        clause = code.partition("-")[0]
        subject = str(communities.code.row(row))
        return Finding(code=code, grade=Grade.NOTE, clause=clause, subject=subject, message=message)

    def beyond(row: int) -> Message:
        return msg(
            "{found} posts, {least} to {most} are allowed",
            found=posts_of.row(row), least=allowed_all.low.row(row), most=allowed_all.high.row(row),
        )

    findings: list[Finding] = []
    findings += [finding("JLW2.2a-too-few-posts", row, beyond(row)) for row in rows_where(posts_of < allowed_all.low)]
    findings += [finding("JLW2.2b-too-many-posts", row, beyond(row)) for row in rows_where(posts_of > allowed_all.high)]
    findings += [
        finding(
            "JLW2.2d-party-posts-short", row,
            msg("{found} posts for Party building alone are missing", found=short_all.row(row)),
        )
        for row in rows_where(short_all > 0)
    ]
    findings += _quota_findings(posts, law, end)
    return headcounts, findings


def _count(codes: TextColumn, among: TextColumn) -> IntColumn:
    at = places_in(codes, among)
    return IntColumn(np.bincount(at[at >= 0], minlength=len(among)).astype(np.int64))


def _quota_findings(posts: Table[Any], law: Law, end: date) -> list[Finding]:  # Any: Posts, by where()
    findings = []
    county = posts.column("community").start(COUNTY_DIGITS)  # type: ignore[attr-defined]  # Posts.community is text
    for code in sorted({one for one in county.to_list() if one is not None}):
        policy = law.policy(code, end)
        if staffing_keys.QUOTA not in policy:
            continue
        count = IntColumn.of([int((county == code).true().sum())])
        with framed(TextColumn.of([code]), str(end.year)):
            left = staffing.quota_left(count, policy).row(0)
        if left is not None and left < 0:
            findings.append(
                Finding(
                    code="JLW2.2c-quota-exceeded", grade=Grade.CONFLICT, clause="JLW2.2c", subject=code,
                    message=msg(
                        "{found} posts are {over} more than the quota of {quota}",
                        found=count.row(0), over=-left, quota=policy[staffing_keys.QUOTA],
                    ),
                )
            )
    return findings
