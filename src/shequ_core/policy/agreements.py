"""Keys of service agreements and committee terms (JLW2.5c)."""

from __future__ import annotations

from datetime import date
from typing import Final

from shequ_core.policy.kinds import Days, WholeNumbers
from shequ_core.policy.parameters import LOCAL, PROVINCE, Parameter

TERM: Final[Parameter[int]] = Parameter(
    name="agreements.term", kind=WholeNumbers(1), clauses=("JLW2.5c",), who=PROVINCE, unit="years",
    doc="The term of the two committees, with which service agreements run.",
)
FIRST_DAY: Final[Parameter[date]] = Parameter(
    name="agreements.first_day", kind=Days(), clauses=("JLW2.5c",), who=LOCAL, unit="day",
    doc="The first day of the committees' term in force: the place's own election day.",
)
SINCE_ELECTION_OF: Final[Parameter[int]] = Parameter(
    name="agreements.since_election_of", kind=WholeNumbers(1), clauses=("JLW2.5c",), who=PROVINCE, unit="year",
    doc="The year of the committee election from which on agreements are signed.",
)
