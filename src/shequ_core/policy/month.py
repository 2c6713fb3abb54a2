"""Keys of a month that isn't whole: who comes, leaves, changes, is on probation, on leave or lent (JLW2.4e, 2.5a)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.model.leave import LeaveKind
from shequ_core.model.pay import Newcomer
from shequ_core.policy.kinds import ByMember, Choices, Flags, Fractions, Strategies
from shequ_core.policy.parameters import LOCAL, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy


class DayBasis(Strategy):
    """By which days a part of a month is paid.

    Attributes:
        weekdays: Whether Mondays to Fridays alone are counted: the days that are paid, public holidays among them.
        deducts: Whether days away are taken off the month, instead of days present being paid.
    """

    weekdays: bool
    deducts: bool

    @abstractmethod
    def days(self, month: int) -> Fraction:
        """Return what a month counts as, for a month that has so many such days."""


@attrs.frozen
class MonthDays(DayBasis):
    """The days that the month itself has."""

    weekdays: bool = False
    deducts: bool = False

    kind: ClassVar[str] = "month_days"

    def days(self, month: int) -> Fraction:  # noqa: D102  # as DayBasis says
        return Fraction(month)


@attrs.frozen
class FixedDays(DayBasis):
    """A fixed number of days for every month; a whole month is paid whole, however many days it has."""

    number: Fraction
    weekdays: bool
    deducts: bool

    kind: ClassVar[str] = "fixed_days"

    def check(self) -> None:  # noqa: D102
        if self.number <= 0:
            raise PlainError(msg("a month has days"))

    def days(self, month: int) -> Fraction:  # noqa: ARG002, D102
        return self.number


class TakesEffect(StrEnum):
    """From when a new class, grade or certificate counts for pay."""

    DAY = "day"
    """From its own day."""
    NEXT_MONTH = "next_month"
    """From the month after, unless it is of a month's first day."""


class ProbationRule(Strategy):
    """What somebody on probation is paid."""

    @abstractmethod
    def grades_lower(self, newcomer: Newcomer) -> int:
        """Return by how many grades one is placed lower, inside the class's grades."""

    @abstractmethod
    def share_of_mean(self, newcomer: Newcomer) -> Fraction | None:
        """Return the share of the county's mean basic pay that stands in for one's own basic pay; None: one's own."""


@attrs.frozen
class Probation(ProbationRule):
    """So many grades lower, or a share of the county's mean basic pay of all post holders."""

    lower: Mapping[Newcomer, int] = attrs.field(factory=dict)
    share: Mapping[Newcomer, Fraction] = attrs.field(factory=dict)

    kind: ClassVar[str] = "probation"

    def check(self) -> None:  # noqa: D102
        if any(number < 0 for number in self.lower.values()) or any(share < 0 for share in self.share.values()):
            raise PlainError(msg("it may not be negative"))
        if set(self.lower) & set(self.share):
            raise PlainError(msg("on probation one is either placed lower or paid a share of the mean"))

    def grades_lower(self, newcomer: Newcomer) -> int:  # noqa: D102
        return self.lower.get(newcomer, 0)

    def share_of_mean(self, newcomer: Newcomer) -> Fraction | None:  # noqa: D102
        return self.share.get(newcomer)


DAY_BASIS: Final[Parameter[DayBasis]] = Parameter(
    name="pay.day_basis", kind=Strategies(DayBasis), clauses=("JLW2.4e",), who=LOCAL, unit="days",
    doc="By which days a part of a month is paid.",
)
TAKES_EFFECT: Final[Parameter[TakesEffect]] = Parameter(
    name="pay.takes_effect", kind=Choices(TakesEffect), clauses=("JLW2.4e", "JLW2.4g"), who=LOCAL, unit="way",
    doc="From when a new class, grade or certificate counts for pay.",
)
PROBATION: Final[Parameter[ProbationRule]] = Parameter(
    name="pay.probation", kind=Strategies(ProbationRule), clauses=("JLW2.4b",), who=LOCAL, unit="rule",
    doc="What somebody on probation is paid.",
)
LEAVE_SHARES: Final[Parameter[Mapping[LeaveKind, Fraction]]] = Parameter(
    name="pay.leave_shares", kind=ByMember(LeaveKind, Fractions(1)), clauses=("JLW2.5a",), who=LOCAL, unit="shares",
    doc="Which share of pay goes on during each kind of leave.",
)
SECONDED_IN_POOL: Final[Parameter[bool]] = Parameter(
    name="pay.seconded_in_pool", kind=Flags(), clauses=("JLW2.4f", "JLW2.9e"), who=LOCAL, unit="yes or no",
    doc="Whether somebody lent to a higher office shares in the subdistrict's pool.",
)
