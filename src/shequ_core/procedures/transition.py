"""Moving into posts those who were there before, and the plan by which a county does it (JLW2.3a, 3.0, 3.1, 3.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shequ_core.errors import Message, msg
from shequ_core.jilin.register import register
from shequ_core.law.carrying import procedure
from shequ_core.model.posts import POST_ID
from shequ_core.procedures.machine import (
    NO,
    YES,
    Act,
    Authority,
    Condition,
    Need,
    Problem,
    Procedure,
    Proceeding,
    Step,
    Walk,
    count,
    day,
    recorded,
    text,
    walk,
    yes_or_no,
)

_CONDITIONS: Final = text("conditions", msg("the document that states who may move in"))
_PUBLIC_WELFARE: Final = yes_or_no("public_welfare", msg("whether it is a public-welfare job"))
_STATES: Final = {
    "outside": msg("not in a post"),
    "applied": msg("applied for"),
    "examined": msg("examined"),
    "approved": msg("approved"),
    "in_post": msg("in a post"),
    "refused": msg("refused"),
}


def _not_public_welfare(clause: str) -> Condition:
    return recorded("examine", "public_welfare", NO, clause, msg("public-welfare job holders don't move into posts"))


def _is_a_post(clause: str) -> Condition:
    def condition(proceeding: Proceeding, act: Act) -> Iterator[Problem]:  # noqa: ARG001  # as Condition says
        if not re.fullmatch(POST_ID, act.facts["post"]):
            yield clause, msg("a post is named by community code, hyphen and ordinal: 220104001003-01")

    return condition


def _route(
    name: str, title: Message, clause: str, *, needs: tuple[Need, ...], conditions: tuple[Condition, ...],
    more: tuple[Step, ...] = (), after: tuple[str, ...] = (), clauses: tuple[str, ...] = (),
) -> Procedure:
    """Return a way into a post: applied for, examined and decided by civil affairs, then moved."""
    civil_affairs = (Authority.COUNTY_CIVIL_AFFAIRS,)
    return Procedure(
        name=name, title=title, clauses=(clause, *clauses), states=_STATES,
        steps=(
            Step(
                name="apply", title=msg("apply for the person to move into a post"), source=("outside",),
                target="applied", by=(Authority.HOLDER, Authority.COMMUNITY, Authority.SUBDISTRICT), clause=clause,
            ),
            Step(
                name="examine", title=msg("examine the person by the stated conditions"), source=("applied",),
                target="examined", by=civil_affairs, clause=clause, needs=(_CONDITIONS, _PUBLIC_WELFARE, *needs),
            ),
            *more,
            Step(
                name="approve", title=msg("approve it"), source=("examined",), target="approved", by=civil_affairs,
                clause=clause, after=after, conditions=(_not_public_welfare(clause), *conditions),
            ),
            Step(
                name="refuse", title=msg("refuse it"), source=("examined",), target="refused", by=civil_affairs,
                clause=clause,
            ),
            Step(
                name="move", title=msg("move the person into the post"), source=("approved",), target="in_post",
                by=civil_affairs, clause=clause, needs=(text("post", msg("the post's id")),),
                conditions=(_is_a_post(clause),),
            ),
        ),
    )


COMMITTEE: Final = _route(
    "transition.committee", msg("Move of full-time members of the two committees into posts"), "JLW2.3a",
    clauses=("JLW3.1a",),
    needs=(
        yes_or_no("in_office", msg("whether elected or appointed by law")),
        yes_or_no("full_time", msg("whether full-time")),
        yes_or_no("conditions_met", msg("whether the stated conditions are met")),
    ),
    conditions=(
        recorded("examine", "in_office", YES, "JLW2.3a", msg("only who was elected or appointed by law moves in so")),
        recorded("examine", "full_time", YES, "JLW2.3a", msg("only full-time members move in")),
        recorded("examine", "conditions_met", YES, "JLW2.3a", msg("the stated conditions are not met")),
    ),
)

GOVERNMENT_RECRUITERS: Final = (
    Authority.CITY_GOVERNMENT.value, Authority.COUNTY_GOVERNMENT.value, Authority.COUNTY_CIVIL_AFFAIRS.value,
    "city_civil_affairs",
)
"""Who recruited them by JLW3.4a: governments of cities and counties, and their civil affairs."""


def _by_government(proceeding: Proceeding, act: Act) -> Iterator[Problem]:  # noqa: ARG001  # as Condition says
    if proceeding.fact("examine", "recruited_by") not in GOVERNMENT_RECRUITERS:
        yield "JLW3.4a", msg(
            "recruited by none of {recruiters}: those whom other departments recruited move in by {clause}",
            recruiters=GOVERNMENT_RECRUITERS, clause="JLW3.4b",
        )


def _before_document(clause: str) -> Condition:
    def condition(proceeding: Proceeding, act: Act) -> Iterator[Problem]:  # noqa: ARG001  # as Condition says
        issued = register()[clause].document.issued
        if issued is not None and proceeding.fact("examine", "recruited_on") >= issued.isoformat():
            yield clause, msg("only who was recruited before the document, before {issued}, moves in so", issued=issued)

    return condition


_RECRUITED_ON: Final = day("recruited_on", msg("the day of recruitment"))

RECRUITED: Final = _route(
    "transition.recruited", msg("Move of those whom governments or civil affairs recruited openly"), "JLW3.4a",
    needs=(
        text("recruited_by", msg("who recruited: {recruiters}", recruiters=GOVERNMENT_RECRUITERS)),
        _RECRUITED_ON,
        yes_or_no("openly", msg("whether recruited openly")),
        yes_or_no("full_time", msg("whether full-time")),
    ),
    conditions=(
        _by_government,
        _before_document("JLW3.4a"),
        recorded("examine", "openly", YES, "JLW3.4a", msg("only who was recruited openly moves in so")),
        recorded("examine", "full_time", YES, "JLW3.4a", msg("only full-time workers move in")),
    ),
)


def _post_free(proceeding: Proceeding, act: Act) -> Iterator[Problem]:
    found = act.facts.get("posts_left") or proceeding.fact("check_quota", "posts_left")
    if not found.strip("0"):
        yield "JLW3.4b", msg("the quota has no post left")


OTHERS: Final = _route(
    "transition.others", msg("Move of those whom other departments recruited"), "JLW3.4b",
    needs=(
        _RECRUITED_ON,
        yes_or_no("still_there", msg("whether still working in a community")),
        yes_or_no("conditions_met", msg("whether the conditions of a post are met")),
    ),
    more=(
        Step(
            name="check_quota", title=msg("look whether the quota has a post left"), source=("examined",),
            target=None, by=(Authority.COUNTY_CIVIL_AFFAIRS,), clause="JLW3.4b",
            needs=(count("posts_left", msg("posts left in the county's quota")),),
        ),
    ),
    after=("check_quota",),
    conditions=(
        _before_document("JLW3.4b"),
        recorded("examine", "still_there", YES, "JLW3.4b", msg("only who still works in a community moves in")),
        recorded("examine", "conditions_met", YES, "JLW3.4b", msg("the conditions of a post are not met")),
        _post_free,
    ),
)


def _agrees(name: str, title: Message, by: Authority) -> Step:
    return Step(name=name, title=title, source=("drafted",), target=None, by=(by,), clause="JLW3.0")


ROLLOUT: Final = Procedure(
    name="transition.rollout",
    title=msg("A county's plan for its post holders"),
    clauses=("JLW3.0",),
    states={
        "nothing": msg("nothing done"),
        "surveyed": msg("the people are counted"),
        "drafted": msg("drafted"),
        "adopted": msg("adopted"),
        "under_way": msg("being carried out"),
    },
    steps=(
        Step(
            name="survey", title=msg("count who works in the communities"), source=("nothing",), target="surveyed",
            by=(Authority.COUNTY_CIVIL_AFFAIRS,), clause="JLW3.0",
            needs=(count("people", msg("how many people were counted")),),
        ),
        Step(
            name="draft", title=msg("draft the plan"), source=("surveyed",), target="drafted",
            by=(Authority.COUNTY_CIVIL_AFFAIRS,), clause="JLW3.0",
        ),
        _agrees("organisation_agrees", msg("the organisation department takes part"), Authority.COUNTY_ORGANISATION),
        _agrees("finance_agrees", msg("the finance department takes part"), Authority.COUNTY_FINANCE),
        _agrees(
            "human_resources_agree", msg("the human-resources department takes part"),
            Authority.COUNTY_HUMAN_RESOURCES,
        ),
        Step(
            name="adopt", title=msg("adopt the plan"), source=("drafted",), target="adopted",
            by=(Authority.COUNTY_PARTY, Authority.COUNTY_GOVERNMENT), clause="JLW3.0",
            after=("organisation_agrees", "finance_agrees", "human_resources_agree"),
        ),
        Step(
            name="carry_out", title=msg("begin to carry it out"), source=("adopted",), target="under_way",
            by=(Authority.COUNTY_CIVIL_AFFAIRS,), clause="JLW3.0",
        ),
    ),
)


@procedure("JLW2.3a", "JLW3.1a")
def committee_move(acts: tuple[Act, ...]) -> Walk:
    """How far the move of a full-time committee member into a post has come.

    Reading:
        "依法选举产生或被任命的…专职人员,可通过明确资格条件、规范程序转入": the conditions stand in a document that the
        examination names, and civil affairs decides by them. By when it had to be done: `transition.moved_late`.
    """
    return walk(COMMITTEE, acts)


@procedure("JLW3.4a")
def recruited_move(acts: tuple[Act, ...]) -> Walk:
    """How far the move of somebody has come whom a government or civil affairs recruited openly before the document.

    Reading:
        "本意见印发前": before the day on the document; that day itself is no longer before it.
    """
    return walk(RECRUITED, acts)


@procedure("JLW3.4b")
def others_move(acts: tuple[Act, ...]) -> Walk:
    """How far the move of somebody has come whom another department recruited: qualified, and within the quota.

    Reading:
        "其他部门招聘的、目前仍在社区工作的人员": recruited before the document too, since "目前" is its day and JLW3.4c
        stops such recruitment from then on. "在规定数额内" is the county's quota (JLW2.2c).
    """
    return walk(OTHERS, acts)


@procedure("JLW3.0")
def rollout(acts: tuple[Act, ...]) -> Walk:
    """How far a county's plan for its post holders has come: civil affairs leads, three departments take part.

    Reading:
        "民政部门具体负责,组织、财政、人社等部门共同推进": nobody's part can be left out, and none leads in civil
        affairs' place; who counts first and adopts last is ours ("摸清底数,细化实化具体实施方案").
    """
    return walk(ROLLOUT, acts)
