"""A new matter on the community's list, and help that a community is asked for (JLW3.3, JLG2.7.1)."""

from __future__ import annotations

from typing import Final

from shequ_core.errors import msg
from shequ_core.law.carrying import procedure
from shequ_core.procedures.machine import (
    NO,
    Act,
    Authority,
    Procedure,
    Step,
    Walk,
    count,
    money,
    recorded,
    text,
    walk,
    yes_or_no,
)

ACCESS: Final = Procedure(
    name="matters.access",
    title=msg("Access of a matter to the community's list"),
    clauses=("JLW3.3a", "JLG2.7.1a"),
    states={
        "unlisted": msg("not on the list"),
        "applied": msg("applied for"),
        "examined": msg("examined"),
        "approved": msg("approved"),
        "listed": msg("on the list"),
        "in_effect": msg("carried out by communities"),
        "refused": msg("refused"),
        "withdrawn": msg("withdrawn"),
    },
    steps=(
        Step(
            name="apply", title=msg("apply for the matter to be listed"), source=("unlisted",), target="applied",
            by=(Authority.DEPARTMENT,), clause="JLW3.3a",
        ),
        Step(
            name="examine", title=msg("examine the application"), source=("applied",), target="examined",
            by=(Authority.COUNTY_COORDINATOR,), clause="JLW3.3a",
            needs=(
                yes_or_no("statutory_duty", msg("whether the law makes it a duty of the government")),
                yes_or_no(
                    "responsible_party",
                    msg("whether it makes the community the responsible party in one of the barred kinds"),
                ),
            ),
        ),
        Step(
            name="approve", title=msg("approve it"), source=("examined",), target="approved",
            by=(Authority.COUNTY_COORDINATOR,), clause="JLW3.3a",
            conditions=(
                recorded(
                    "examine", "statutory_duty", NO, "JLG2.7.1b",
                    msg("what the government must do by law may not be asked of a community"),
                ),
                recorded(
                    "examine", "responsible_party", NO, "JLG2.7.1b",
                    msg("a community may not be made the responsible party in such matters"),
                ),
            ),
        ),
        Step(
            name="refuse", title=msg("refuse it"), source=("examined",), target="refused",
            by=(Authority.COUNTY_COORDINATOR,), clause="JLW3.3a",
        ),
        Step(
            name="list", title=msg("put it on the list"), source=("approved",), target="listed",
            by=(Authority.COUNTY_COORDINATOR,), clause="JLG2.7.1a",
        ),
        Step(
            name="carry_out", title=msg("have communities carry it out"), source=("listed",), target="in_effect",
            by=(Authority.DEPARTMENT, Authority.SUBDISTRICT), clause="JLW3.3a",
        ),
        Step(
            name="withdraw", title=msg("withdraw the application"), source=("applied", "examined"),
            target="withdrawn", by=(Authority.DEPARTMENT,), clause="JLW3.3a",
        ),
    ),
)

HELP: Final = Procedure(
    name="matters.help",
    title=msg("Help that a community is asked for"),
    clauses=("JLW3.3b", "JLG2.7.1c"),
    states={
        "needed": msg("not asked for yet"),
        "asked": msg("asked for"),
        "provided": msg("provided with people, powers and money"),
        "under_way": msg("the community is helping"),
        "done": msg("done"),
        "withdrawn": msg("withdrawn"),
    },
    steps=(
        Step(
            name="ask", title=msg("ask the community for help"), source=("needed",), target="asked",
            by=(Authority.DEPARTMENT, Authority.SUBDISTRICT), clause="JLG2.7.1c",
            needs=(text("legal_basis", msg("the law that lets the government ask")),),
        ),
        Step(
            name="provide", title=msg("hand over people, powers, money and working conditions"), source=("asked",),
            target="provided", by=(Authority.DEPARTMENT, Authority.SUBDISTRICT), clause="JLW3.3b",
            needs=(
                count("people", msg("how many people come with it")),
                money("money", msg("the money that comes with it")),
                text("powers", msg("the powers that come with it")),
                text("conditions", msg("the working conditions that come with it")),
            ),
        ),
        Step(
            name="start", title=msg("begin to help"), source=("provided",), target="under_way",
            by=(Authority.COMMUNITY,), clause="JLW3.3b", paper=False,
        ),
        Step(
            name="finish", title=msg("end the help"), source=("under_way",), target="done",
            by=(Authority.COMMUNITY, Authority.DEPARTMENT, Authority.SUBDISTRICT), clause="JLG2.7.1c", paper=False,
        ),
        Step(
            name="withdraw", title=msg("ask no longer"), source=("asked", "provided"), target="withdrawn",
            by=(Authority.DEPARTMENT, Authority.SUBDISTRICT), clause="JLG2.7.1c",
        ),
    ),
)


@procedure("JLW3.3a", "JLG2.7.1a", "JLG2.7.1b")
def access(acts: tuple[Act, ...]) -> Walk:
    """How far a matter has come on its way to the community's list, and which clause stops it.

    Reading:
        "须向县(市、区)社区工作领导协调机构申请,经审核同意后组织实施": whoever wants it applies, the county's
        coordinating body examines and decides, and no community carries it out before. The examination answers both
        tests of what may not be passed down, and a yes to either leaves only refusal.
    """
    return walk(ACCESS, acts)


@procedure("JLW3.3b", "JLG2.7.1c")
def help_asked(acts: tuple[Act, ...]) -> Walk:
    """How far help has come that a community is asked for: its people, powers and money go before it.

    Reading:
        "人随事转、费随事转": what is handed over is on record before the community begins. How much is enough is
        for those two to agree; a record that says none is refused nothing, and found by an audit.
    """
    return walk(HELP, acts)
