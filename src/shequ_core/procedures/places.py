"""The rules by which a county carries the documents out (JLG3.1)."""

from __future__ import annotations

from typing import Final

from shequ_core.errors import msg
from shequ_core.law.carrying import procedure
from shequ_core.procedures.machine import Act, Authority, Procedure, Step, Walk, day, text, walk

IMPLEMENTING_RULES: Final = Procedure(
    name="places.implementing_rules",
    title=msg("A county's implementing rules"),
    clauses=("JLG3.1",),
    states={
        "none": msg("no rules of its own"),
        "drafted": msg("drafted"),
        "issued": msg("issued"),
        "dropped": msg("given up"),
    },
    steps=(
        Step(
            name="draft", title=msg("draft the implementing rules"), source=("none",), target="drafted",
            by=(Authority.DEPARTMENT, Authority.COUNTY_CIVIL_AFFAIRS), clause="JLG3.1",
        ),
        Step(
            name="party_adopts", title=msg("the county Party committee adopts them"), source=("drafted",),
            target=None, by=(Authority.COUNTY_PARTY,), clause="JLG3.1",
        ),
        Step(
            name="government_adopts", title=msg("the county government adopts them"), source=("drafted",),
            target=None, by=(Authority.COUNTY_GOVERNMENT,), clause="JLG3.1",
        ),
        Step(
            name="issue", title=msg("issue them"), source=("drafted",), target="issued",
            by=(Authority.COUNTY_PARTY, Authority.COUNTY_GOVERNMENT), clause="JLG3.1",
            after=("party_adopts", "government_adopts"),
            needs=(
                text("title", msg("title and number of the document")),
                day("since", msg("the first day on which it holds")),
            ),
        ),
        Step(
            name="drop", title=msg("give them up"), source=("drafted",), target="dropped",
            by=(Authority.COUNTY_PARTY, Authority.COUNTY_GOVERNMENT), clause="JLG3.1",
        ),
    ),
)


@procedure("JLG3.1")
def implementing_rules(acts: tuple[Act, ...]) -> Walk:
    """How far a county's own implementing rules have come: its Party committee and its government both adopt them.

    Reading:
        "县(市、区)党委、政府要切实承担起主体责任": neither passes it on to a department or to the other, though a
        department may draft. Once issued, its figures are what the place's plugin holds, with title and first day.
    """
    return walk(IMPLEMENTING_RULES, acts)
