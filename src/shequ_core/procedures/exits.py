"""Leaving a post: the agreement is ended by law, a seat in a committee is left before (JLW2.10g)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shequ_core.errors import Message, msg
from shequ_core.jilin.register import register
from shequ_core.law.carrying import procedure
from shequ_core.procedures.machine import (
    YES,
    Act,
    Authority,
    Condition,
    Problem,
    Procedure,
    Proceeding,
    Step,
    Walk,
    day,
    text,
    walk,
    yes_or_no,
)

_GROUND: Final = text("ground", msg("the clause that is the ground, such as JLW2.10a"))
_EXIT: Final = "JLW2.10"


def _is_a_ground(proceeding: Proceeding, act: Act) -> Iterator[Problem]:  # noqa: ARG001  # as Condition says
    """Let in the grounds of the register: all of JLW2.10 but this procedure itself."""
    grounds = tuple(one for one in register() if one.startswith(_EXIT) and one != "JLW2.10g")
    if act.facts["ground"] not in grounds:
        yield "JLW2.10g", msg("the ground has to be one of {grounds}", grounds=grounds)


_BY_EMPLOYER: Final = (Authority.EMPLOYER, Authority.SUBDISTRICT, Authority.COUNTY_CIVIL_AFFAIRS)

_LAST_STEPS: Final = (
    Step(
        name="drop", title=msg("let it drop"), source=("proposed", "heard"), target="dropped", by=_BY_EMPLOYER,
        clause="JLW2.10g",
    ),
    Step(
        name="leave", title=msg("leave the post"), source=("agreement_ended",), target="left",
        by=(Authority.EMPLOYER, Authority.COUNTY_CIVIL_AFFAIRS), clause="JLW2.10g",
        needs=(day("last_day", msg("the last day in the post")),),
    ),
)
_HEAR: Final = Step(
    name="hear", title=msg("tell the holder the ground and hear the answer"), source=("proposed",), target="heard",
    by=_BY_EMPLOYER, clause="JLW2.10g",
)
_STATES: Final = {
    "in_post": msg("in the post"),
    "proposed": msg("exit proposed"),
    "heard": msg("the holder was heard"),
    "agreement_ended": msg("the agreement is ended"),
    "left": msg("out of the post"),
    "dropped": msg("dropped: the holder stays"),
}


def _end_agreement(*conditions: Condition) -> Step:
    return Step(
        name="end_agreement", title=msg("end the service agreement"), source=("heard",), target="agreement_ended",
        by=(Authority.EMPLOYER,), clause="JLW2.10g", conditions=conditions,
    )


ORDINARY: Final = Procedure(
    name="exits.ordinary",
    title=msg("Exit of an ordinary post holder"),
    clauses=("JLW2.10g",),
    states=_STATES,
    steps=(
        Step(
            name="propose", title=msg("propose the exit"), source=("in_post",), target="proposed", by=_BY_EMPLOYER,
            clause="JLW2.10g", needs=(_GROUND,), conditions=(_is_a_ground,),
        ),
        _HEAR,
        _end_agreement(),
        *_LAST_STEPS,
    ),
)


def _left(seat: str, step: str, told: Message) -> Condition:
    """Return the condition that a seat, where the holder has one, was left."""

    def condition(proceeding: Proceeding, act: Act) -> Iterator[Problem]:  # noqa: ARG001  # as Condition says
        if proceeding.fact("propose", seat) == YES and proceeding.taken(step) is None:
            yield "JLW2.10g", told

    return condition


def _has(seat: str, told: Message) -> Condition:
    """Return the condition that there is such a seat to leave."""

    def condition(proceeding: Proceeding, act: Act) -> Iterator[Problem]:  # noqa: ARG001  # as Condition says
        if proceeding.fact("propose", seat) != YES:
            yield "JLW2.10g", told

    return condition


def _has_a_seat(proceeding: Proceeding, act: Act) -> Iterator[Problem]:  # noqa: ARG001  # as Condition says
    if YES not in (act.facts["party_seat"], act.facts["residents_seat"]):
        yield "JLW2.10g", msg("who sits in neither committee leaves by the ordinary procedure")


COMMITTEE_MEMBER: Final = Procedure(
    name="exits.committee_member",
    title=msg("Exit of a post holder who is a member of the two committees"),
    clauses=("JLW2.10g",),
    states=_STATES,
    steps=(
        Step(
            name="propose", title=msg("propose the exit"), source=("in_post",), target="proposed",
            by=(*_BY_EMPLOYER, Authority.PARTY_ABOVE, Authority.RESIDENTS), clause="JLW2.10g",
            needs=(
                _GROUND,
                yes_or_no("party_seat", msg("whether the holder sits in the Party organisation's committee")),
                yes_or_no("residents_seat", msg("whether the holder sits in the residents' committee")),
            ),
            conditions=(_is_a_ground, _has_a_seat),
        ),
        _HEAR,
        Step(
            name="leave_party_seat", title=msg("end the seat in the Party organisation's committee"),
            source=("heard",), target=None, by=(Authority.PARTY_ABOVE,), clause="JLW2.10g",
            conditions=(_has("party_seat", msg("the holder has no seat there")),),
        ),
        Step(
            name="leave_residents_seat", title=msg("end the seat in the residents' committee"), source=("heard",),
            target=None, by=(Authority.RESIDENTS,), clause="JLW2.10g",
            conditions=(_has("residents_seat", msg("the holder has no seat there")),),
        ),
        _end_agreement(
            _left(
                "party_seat", "leave_party_seat",
                msg("first the seat in the Party organisation's committee ends, by the Party's own rules"),
            ),
            _left(
                "residents_seat", "leave_residents_seat",
                msg("first the seat in the residents' committee ends, by the residents' own vote"),
            ),
        ),
        *_LAST_STEPS,
    ),
)


@procedure("JLW2.10g")
def ordinary_exit(acts: tuple[Act, ...]) -> Walk:
    """How far the exit of an ordinary post holder has come.

    Reading:
        "依法依规解除服务协议": on one of the grounds of the clause, the holder being told it and heard, by whoever
        signed the agreement. How many days lie between is for the place to say (JLW2.10h).
    """
    return walk(ORDINARY, acts)


@procedure("JLW2.10g")
def committee_exit(acts: tuple[Act, ...]) -> Walk:
    """How far the exit of a member of the two committees has come: the seat is left before the agreement ends.

    Reading:
        "属于社区“两委”成员的,按照相关法律法规履行退出程序": a seat in the residents' committee ends by the residents'
        vote, one in the Party organisation's committee by the Party's own rules, and who has both leaves both. No
        office above can end either by ending the agreement.
    """
    return walk(COMMITTEE_MEMBER, acts)
