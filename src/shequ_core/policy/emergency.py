"""Keys of the emergency allowance (JLW2.5b)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.policy.kinds import Strategies
from shequ_core.policy.parameters import LOCAL, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy
from shequ_core.values import Fen


class EmergencyScheme(Strategy):
    """When an emergency allowance is paid to post holders, how much, and by whom (JLW2.5b).

    Attributes:
        declared_only: Whether a day of duty counts only while a response is declared for the place.
        most_days: How many days of a month are paid at most; None: all.
        payer: Who pays it.
    """

    declared_only: bool
    most_days: int | None
    payer: str

    @abstractmethod
    def daily(self, post_class: str) -> Fen:
        """Return what a day of duty is worth for a class of post."""


@attrs.frozen
class DailyDuty(EmergencyScheme):
    """So much for each day of duty."""

    a_day: Fen
    payer: str
    declared_only: bool = True
    most_days: int | None = None
    by_class: Mapping[str, Fen] = attrs.field(factory=dict)

    kind: ClassVar[str] = "daily_duty"

    def check(self) -> None:  # noqa: D102  # as Strategy says
        if self.a_day < 0 or any(amount < 0 for amount in self.by_class.values()):
            raise PlainError(msg("it may not be negative"))
        if self.most_days is not None and self.most_days < 0:
            raise PlainError(msg("it may not be negative"))
        if not self.payer:
            raise PlainError(msg("it says who pays"))

    def daily(self, post_class: str) -> Fen:  # noqa: D102
        return self.by_class.get(post_class, self.a_day)


EMERGENCY: Final[Parameter[EmergencyScheme]] = Parameter(
    name="pay.emergency", kind=Strategies(EmergencyScheme), clauses=("JLW2.5b",), who=LOCAL, unit="scheme",
    doc="The emergency allowance: trigger, amount and payer.",
)
