"""Vacancies filled over some years (JLW3.1b)."""

from __future__ import annotations

import heapq
from collections import Counter
from fractions import Fraction

import attrs
import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.policy.policy import Policy
from shequ_core.policy.targets import HIRING_YEARS
from shequ_core.tables.columns import IntColumn, TextColumn


@attrs.frozen(kw_only=True, eq=False)
class HiringPlan:
    """Who is hired when: a row a community and year in which somebody is.

    Attributes:
        community: The community's code.
        year: Which year of the plan, from 1.
        hires: How many posts are filled in it.
    """

    community: TextColumn
    year: IntColumn
    hires: IntColumn


@implements("JLW3.1b", needs=(HIRING_YEARS,))
def hiring_plan(community: TextColumn, vacancies: IntColumn, filled: IntColumn, policy: Policy) -> HiringPlan:
    """Spread the vacancies of a county's communities over the years that the place allows, none left at the end.

    The county hires as evenly as whole people allow, the larger shares first. Each year the posts go one by one to
    the community that is filled least by then, at the same share to the smaller code.

    Reading:
        "不能一次招聘到位的,可分三年组织实施": an option, and its end binds: whoever spreads has hired all by the end of
        the last year. How much each year is ours; whoever can hire earlier may.

    Args:
        community: The code of each community, each once.
        vacancies: Its vacant posts; a community whose vacancies are unknown takes no part.
        filled: Its posts that are filled.
    """
    years = policy[HIRING_YEARS]
    able = community.mask() & vacancies.mask() & filled.mask()
    rows = sorted(np.flatnonzero(able).tolist(), key=lambda row: str(community.row(row)))
    codes = [str(community.row(row)) for row in rows]
    held = [int(filled.values[row]) for row in rows]
    posts = [int(vacancies.values[row]) + already for row, already in zip(rows, held, strict=True)]
    emptiest = [(Fraction(held[at], posts[at]), at) for at in range(len(rows)) if posts[at] > held[at]]
    heapq.heapify(emptiest)
    whole = sum(posts) - sum(held)
    found: list[tuple[str, int, int]] = []
    for year in range(years):
        hires = Counter[int]()
        for _ in range(whole // years + (year < whole % years)):
            _, at = heapq.heappop(emptiest)
            held[at] += 1
            hires[at] += 1
            if held[at] < posts[at]:
                heapq.heappush(emptiest, (Fraction(held[at], posts[at]), at))
        found += [(codes[at], year + 1, hires[at]) for at in sorted(hires)]
    return HiringPlan(
        community=TextColumn.of([code for code, _, _ in found]), year=IntColumn.of([year for _, year, _ in found]),
        hires=IntColumn.of([hires for _, _, hires in found]),
    )
