"""Changchun (长春市, 2201): its grids, as the press told of them.

References:
    News on the city's grids, 2020-07-16: grids of 400 to 700 households, on three levels. It gives 4,389
    grids in the city (2020), which is a count and not a rule, so it isn't a value here.

Checked with:
    Nobody. The figures are the press's, not those of a document of the city.

Limitations:
    Grids of 400 to 700 households lie outside what the province allows (JLG2.3.2a: 300 to 500). The value
    is loaded as it was published and reported as a conflict.

    Neither the paper nor the document behind the report is known by name, and nobody published from which
    day the city drew its grids so: the value counts from the day of the report.

    Nothing else of the city is published; all else is the province's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from shequ_core.law.clauses import Document
from shequ_core.policy import grids
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy
from shequ_core.values import Span, Status

REPORTED: Final = date(2020, 7, 16)
REPORT: Final = Document("关于长春市社区网格的新闻报道(2020-07-16,报道题名未详)", issued=REPORTED)
READING: Final = "何日起施行未公布,自报道之日起计"


@hookimpl
def shequ_place() -> Sequence[LocalPolicy]:
    """Speak for the city."""
    return [
        LocalPolicy(
            place="2201",
            values=[
                grids.HOUSEHOLDS.set(
                    Span(400, 700), since=REPORTED, known_on=REPORTED, source=REPORT.article(""),
                    status=Status.PRESS, reading=READING, departs=True,
                ),
                grids.LEVELS.set(
                    ("网格", "楼栋", "单元"), since=REPORTED, known_on=REPORTED, source=REPORT.article(""),
                    status=Status.PRESS, reading=READING,
                ),
            ],
        )
    ]
