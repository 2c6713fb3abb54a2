"""Open recruitment for posts, by three departments together (JLW2.3b, 2.3d)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shequ_core.errors import Message, msg
from shequ_core.law.carrying import procedure
from shequ_core.procedures.machine import (
    Act,
    Authority,
    Problem,
    Procedure,
    Proceeding,
    Step,
    Walk,
    count,
    day,
    text,
    walk,
)


def _within_quota(proceeding: Proceeding, act: Act) -> Iterator[Problem]:  # noqa: ARG001  # as Condition says
    posts, left = int(act.facts["posts"]), int(act.facts["quota_left"])
    if posts > left:
        yield "JLW2.2c", msg("{posts} posts are more than the quota has left, {left}", posts=posts, left=left)


def _no_more_than_announced(proceeding: Proceeding, act: Act) -> Iterator[Problem]:
    appointed, posts = int(act.facts["appointed"]), int(proceeding.fact("plan", "posts"))
    if appointed > posts:
        yield "JLW2.3b", msg("{appointed} appointed, {posts} posts were announced", appointed=appointed, posts=posts)


def _joins(name: str, title: Message, by: Authority) -> Step:
    return Step(name=name, title=title, source=("planned",), target=None, by=(by,), clause="JLW2.3d")


_CIVIL_AFFAIRS: Final = (Authority.COUNTY_CIVIL_AFFAIRS,)

OPEN: Final = Procedure(
    name="recruitment.open",
    title=msg("Open recruitment for posts"),
    clauses=("JLW2.3d", "JLW2.3b"),
    states={
        "vacant": msg("posts are vacant"),
        "planned": msg("planned"),
        "announced": msg("announced to the public"),
        "examined": msg("applicants examined"),
        "ranked": msg("ranked, with reasons"),
        "appointed": msg("appointed"),
        "called_off": msg("called off"),
    },
    steps=(
        Step(
            name="plan", title=msg("plan the recruitment"), source=("vacant",), target="planned", by=_CIVIL_AFFAIRS,
            clause="JLW2.3d",
            needs=(
                count("posts", msg("posts to be filled")),
                count("quota_left", msg("posts left in the county's quota")),
            ),
            conditions=(_within_quota,),
        ),
        _joins("organisation_joins", msg("the organisation department takes part"), Authority.COUNTY_ORGANISATION),
        _joins(
            "human_resources_join", msg("the human-resources department takes part"),
            Authority.COUNTY_HUMAN_RESOURCES,
        ),
        Step(
            name="announce", title=msg("announce it to the public"), source=("planned",), target="announced",
            by=_CIVIL_AFFAIRS, clause="JLW2.3b", order="JLW2.3d",
            after=("organisation_joins", "human_resources_join"),
            needs=(
                day("reference_day", msg("the day on which age is counted")),
                text("conditions", msg("age, education and what else is asked, and for whom age is relaxed")),
            ),
        ),
        Step(
            name="examine", title=msg("examine who applied"), source=("announced",), target="examined",
            by=_CIVIL_AFFAIRS, clause="JLW2.3b", needs=(count("applicants", msg("how many applied")),),
        ),
        Step(
            name="rank", title=msg("rank them, each place with its reason"), source=("examined",), target="ranked",
            by=_CIVIL_AFFAIRS, clause="JLW2.3b",
        ),
        Step(
            name="appoint", title=msg("appoint by the ranked list"), source=("ranked",), target="appointed",
            by=_CIVIL_AFFAIRS, clause="JLW2.3b", needs=(count("appointed", msg("how many are appointed")),),
            conditions=(_no_more_than_announced,),
        ),
        Step(
            name="call_off", title=msg("call it off"), source=("planned", "announced", "examined", "ranked"),
            target="called_off", by=_CIVIL_AFFAIRS, clause="JLW2.3d",
        ),
    ),
)


@procedure("JLW2.3d", "JLW2.3b")
def open_recruitment(acts: tuple[Act, ...]) -> Walk:
    """How far an open recruitment has come: three departments together, announced before anybody is examined.

    Reading:
        "由各县(市、区)民政部门会同组织、人社等部门组织实施": civil affairs leads and neither other department can be
        left out. "面向社会公开招聘": the notice is public and names the day on which age is counted. "竞争、择优":
        nobody is appointed but by a ranked list (`rules.recruitment.ranked`).
    """
    return walk(OPEN, acts)
