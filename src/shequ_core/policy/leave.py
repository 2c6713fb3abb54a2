"""Keys of paid leave (JLW2.5a, by the national regulation)."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.policy.kinds import Strategies
from shequ_core.policy.parameters import LOCAL, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy


@attrs.frozen
class LeaveByYears(Strategy):
    """Days of paid leave by completed years of work.

    Attributes:
        years: From how many completed years each band runs, rising.
        days: The days of each band.
    """

    years: tuple[int, ...]
    days: tuple[int, ...]

    kind: ClassVar[str] = "leave_by_years"

    def check(self) -> None:  # noqa: D102  # as Strategy says
        if len(self.years) != len(self.days) or any(later <= earlier for earlier, later in pairwise(self.years)):
            raise PlainError(msg("the years rise from band to band, and each band has its days"))
        if any(number < 0 for number in (*self.years, *self.days)):
            raise PlainError(msg("it may not be negative"))


ANNUAL: Final[Parameter[LeaveByYears]] = Parameter(
    name="leave.annual", kind=Strategies(LeaveByYears), clauses=("JLW2.5a",), who=LOCAL, unit="days a year",
    doc="Paid annual leave.",
)
