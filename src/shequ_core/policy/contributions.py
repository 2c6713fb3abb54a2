"""Keys of the social insurances and the housing fund (五险一金, JLW2.5a)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.model.contributions import Scheme
from shequ_core.policy.kinds import Fractions, Strategies
from shequ_core.policy.parameters import LOCAL, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy
from shequ_core.values import Fen

_NOTHING: Final = Fen(0)
_ONE_FEN: Final = Fen(1)


@attrs.frozen
class SchemeRate:
    """What one scheme takes.

    Attributes:
        own: The person's share of the base.
        employer: The employer's share of the base.
        floor: The lowest monthly base.
        ceiling: The highest monthly base.
        own_extra: What the person pays a month on top, whatever the base (as 大额医疗 is).
    """

    own: Fraction
    employer: Fraction
    floor: Fen
    ceiling: Fen
    own_extra: Fen = _NOTHING


class BaseOf(StrEnum):
    """What a contribution base is."""

    DECLARED = "declared"
    """The base that was declared for the person; unknown where none was."""
    MONTH = "month"
    """The declared base, else what the month comes to."""


class ContributionRates(Strategy):
    """The schemes of a place with their rates and bases.

    Attributes:
        base: What the base is.
        quantum: To what each amount is rounded.
    """

    base: BaseOf
    quantum: Fen

    @abstractmethod
    def schemes(self) -> Mapping[Scheme, SchemeRate]:
        """Return the rate of each scheme that the place has."""

    def check(self) -> None:  # noqa: D102  # as Strategy says
        if self.quantum < 1:
            raise PlainError(msg("an amount is rounded to a fen or more"))
        for rate in self.schemes().values():
            Fractions(1).check(rate.own)
            Fractions(1).check(rate.employer)
            if not 0 <= rate.floor <= rate.ceiling or rate.own_extra < 0:
                raise PlainError(msg("the floor of a base is not above its ceiling, and nothing is negative"))


@attrs.frozen
class LocalRates(ContributionRates):
    """Rates as a place issued them, scheme by scheme."""

    rates: Mapping[Scheme, SchemeRate]
    base: BaseOf
    quantum: Fen = _ONE_FEN

    kind: ClassVar[str] = "local_rates"

    def schemes(self) -> Mapping[Scheme, SchemeRate]:  # noqa: D102
        return self.rates


RATES: Final[Parameter[ContributionRates]] = Parameter(
    name="contributions.rates", kind=Strategies(ContributionRates), clauses=("JLW2.5a",), who=LOCAL, unit="rates",
    doc="Rates, floors and ceilings of the social insurances and the housing fund, of the person and the employer.",
)
