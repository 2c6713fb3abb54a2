"""Serving Party members who report to communities in a major emergency (JLG2.3.1b)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shequ_core.errors import msg
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


def _ends_later(proceeding: Proceeding, act: Act) -> Iterator[Problem]:  # noqa: ARG001  # as Condition says
    if act.facts["until"] < act.on.isoformat():
        yield "JLG2.3.1b", msg("it ends before it begins")


_COUNTY: Final = (Authority.COUNTY_PARTY, Authority.COUNTY_GOVERNMENT)

MOBILISATION: Final = Procedure(
    name="emergency.mobilisation",
    title=msg("Mobilisation of serving Party members in a major emergency"),
    clauses=("JLG2.3.1b",),
    states={
        "emergency": msg("a major emergency, nobody mobilised"),
        "mobilised": msg("serving Party members are in communities"),
        "ended": msg("ended"),
        "refused": msg("refused"),
    },
    steps=(
        Step(
            name="party_approves", title=msg("the county Party committee agrees"), source=("emergency",), target=None,
            by=(Authority.COUNTY_PARTY,), clause="JLG2.3.1b",
        ),
        Step(
            name="government_approves", title=msg("the county government agrees"), source=("emergency",), target=None,
            by=(Authority.COUNTY_GOVERNMENT,), clause="JLG2.3.1b",
        ),
        Step(
            name="mobilise", title=msg("call serving Party members to communities"), source=("emergency",),
            target="mobilised", by=(*_COUNTY, Authority.SUBDISTRICT), clause="JLG2.3.1b",
            after=("party_approves", "government_approves"),
            needs=(
                text("roll", msg("the list of those who are called, by its title")),
                count("members", msg("how many are called")),
                day("until", msg("until when")),
            ),
            conditions=(_ends_later,),
        ),
        Step(
            name="stand_down", title=msg("send them back"), source=("mobilised",), target="ended",
            by=(*_COUNTY, Authority.SUBDISTRICT), clause="JLG2.3.1b",
        ),
        Step(
            name="refuse", title=msg("refuse it"), source=("emergency",), target="refused", by=_COUNTY,
            clause="JLG2.3.1b",
        ),
    ),
)


@procedure("JLG2.3.1b")
def mobilisation(acts: tuple[Act, ...]) -> Walk:
    """How far a mobilisation of serving Party members has come: both county approvals go before it.

    Reading:
        "经县级党委和人民政府同意": two approvals, in either order; one alone is none. Who was called, and until
        when, is on record. It says nothing about pay (JLW2.5b is for post holders).
    """
    return walk(MOBILISATION, acts)
