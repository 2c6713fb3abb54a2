"""What national law says of community governance.

References:
    《中华人民共和国城市居民委员会组织法》(2018 amendment): the committee's term.
    《职工带薪年休假条例》第三条: paid leave by years of work.

Limitations:
    The retirement reform of 2024-09-13 is law, but that it moves the exit age of posts is an
    assumption; it stands in `jilin/assumed.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from shequ_core.law.clauses import Document, Force
from shequ_core.model.places import Division, DivisionKind, Divisions
from shequ_core.policy import agreements, leave
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.leave import LeaveByYears
from shequ_core.policy.parameters import LocalPolicy
from shequ_core.values import Status

ORGANIC_LAW: Final = Document(
    "中华人民共和国城市居民委员会组织法", issued=date(2018, 12, 29), publisher="全国人民代表大会常务委员会"
)
LEAVE: Final = Document(
    "职工带薪年休假条例", number="国务院令第514号", issued=date(2007, 12, 14), publisher="国务院"
)

VALUES: Final = (
    agreements.TERM.set(
        5, since=date(2018, 12, 29), known_on=date(2018, 12, 29), status=Status.ISSUED,
        source=ORGANIC_LAW.article("第八条", force=Force.MUST),
    ),
    leave.ANNUAL.set(
        LeaveByYears(years=(1, 10, 20), days=(5, 10, 15)), since=date(2008, 1, 1), known_on=date(2007, 12, 14),
        status=Status.ISSUED, source=LEAVE.article("第三条", force=Force.MUST),
    ),
)


@hookimpl
def shequ_place() -> Sequence[LocalPolicy]:
    """Speak for the nation."""
    nation = Division(code="00", name="中华人民共和国", kind=DivisionKind.NATION, status=Status.ISSUED)
    return [LocalPolicy(place="00", values=VALUES, divisions=Divisions((nation,)))]
