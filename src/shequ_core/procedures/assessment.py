"""The yearly assessment: the county sets the method, the subdistrict carries it out (JLW2.9a)."""

from __future__ import annotations

from typing import Final

from shequ_core.errors import msg
from shequ_core.law.carrying import procedure
from shequ_core.procedures.machine import Act, Authority, Procedure, Step, Walk, count, text, walk

CYCLE: Final = Procedure(
    name="assessment.cycle",
    title=msg("A year's assessment of the post holders of a subdistrict"),
    clauses=("JLW2.9a", "JLW2.9b"),
    states={
        "no_method": msg("no method set"),
        "method_set": msg("the county has set the method"),
        "under_way": msg("being assessed"),
        "graded": msg("graded"),
        "told": msg("the holders know their grade"),
        "closed": msg("closed"),
    },
    steps=(
        Step(
            name="set_method", title=msg("set the method of assessment"), source=("no_method",), target="method_set",
            by=(Authority.COUNTY_PARTY, Authority.COUNTY_GOVERNMENT, Authority.COUNTY_CIVIL_AFFAIRS),
            clause="JLW2.9a",
        ),
        Step(
            name="begin", title=msg("begin the assessment"), source=("method_set",), target="under_way",
            by=(Authority.SUBDISTRICT,), clause="JLW2.9a",
            needs=(count("holders", msg("how many holders are assessed")),),
        ),
        Step(
            name="residents_judge", title=msg("record the residents' judgement"), source=("under_way",), target=None,
            by=(Authority.SUBDISTRICT,), clause="JLW2.9b",
        ),
        Step(
            name="organisation_judges", title=msg("record the organisation's judgement"), source=("under_way",),
            target=None, by=(Authority.SUBDISTRICT,), clause="JLW2.9b",
        ),
        Step(
            name="daily_record", title=msg("bring in the daily assessments"), source=("under_way",), target=None,
            by=(Authority.SUBDISTRICT,), clause="JLW2.9b",
        ),
        Step(
            name="grade", title=msg("decide the grades"), source=("under_way",), target="graded",
            by=(Authority.SUBDISTRICT,), clause="JLW2.9a", order="JLW2.9b",
            after=("residents_judge", "organisation_judges", "daily_record"),
        ),
        Step(
            name="tell", title=msg("tell every holder the grade"), source=("graded",), target="told",
            by=(Authority.SUBDISTRICT,), clause="JLW2.9a",
        ),
        Step(
            name="report", title=msg("report the grades to the county"), source=("told",), target="closed",
            by=(Authority.SUBDISTRICT,), clause="JLW2.9a",
            needs=(text("used_for", msg("for what the grades are used: pay grade, bonus, renewal, reward")),),
        ),
    ),
)


@procedure("JLW2.9a", "JLW2.9b")
def cycle(acts: tuple[Act, ...]) -> Walk:
    """How far a year's assessment has come: method by the county, carried out by the subdistrict.

    Reading:
        "以县(市、区)为单位制定…考核办法,由街道(乡镇)组织实施": neither does the other's part. No grade stands before
        the residents' and the organisation's judgement, and the daily record, are there
        ("群众评议与组织考评相结合、日常考核与年度考核相结合"). That grades are told to their holders before they are
        used is ours.
    """
    return walk(CYCLE, acts)
