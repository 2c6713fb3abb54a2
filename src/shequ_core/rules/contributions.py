"""The five social insurances and the housing fund of a month (五险一金, JLW2.5a)."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator, Mapping, Sequence

import attrs

from shequ_core.law.carrying import implements
from shequ_core.model.contributions import Scheme
from shequ_core.policy.contributions import RATES, BaseOf, ContributionRates, SchemeRate
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import FenColumn, clamp, coalesce
from shequ_core.values import Fen


@attrs.frozen(eq=False)
class Dues:
    """What one scheme takes: the base after floor and ceiling, and what person and employer pay."""

    base: FenColumn
    own: FenColumn
    employer: FenColumn


@attrs.frozen(eq=False)
class Contributions:
    """What insurances and housing fund take of a month.

    Attributes:
        insurance: What the person pays for the insurances.
        fund: What the person pays into the housing fund.
        employer: What the employer pays for all of it, on top.
        schemes: The same scheme by scheme.
    """

    insurance: FenColumn
    fund: FenColumn
    employer: FenColumn
    schemes: Mapping[Scheme, Dues] = attrs.field(factory=dict)

    def row(self, index: int) -> dict[str, object]:
        """Return one row, scheme by scheme."""
        return {
            scheme.value: {
                "base": dues.base.row(index), "own": dues.own.row(index), "employer": dues.employer.row(index)
            }
            for scheme, dues in self.schemes.items()
        }


@implements("JLW2.5a", needs=(RATES,))
def contribution_base(declared: FenColumn, total: FenColumn, policy: Policy) -> FenColumn:
    """The monthly base before floor and ceiling: what was declared, else the month's total where the place says so.

    Args:
        declared: The base declared for each person; unknown where none was.
        total: What the month comes to.
    """
    if policy[RATES].base is BaseOf.MONTH:
        return total if declared.none_known() else coalesce(declared, total)
    return declared


@implements("JLW2.5a", needs=(RATES,))
def contributions(base: FenColumn, policy: Policy) -> Contributions:
    """What person and employer pay into each scheme, each amount rounded by itself; unknown where the base is.

    "落实‘五险一金’": the rates are local and dated; a place without rates has no such lines.
    """
    rates = policy[RATES]
    schemes: dict[Scheme, Dues] = {}
    nothing = base.fill(Fen(0))
    for (scheme, rate), clamped in zip(rates.schemes().items(), _clamped(base, rates), strict=True):
        own = clamped.scaled(rate.own, rates.quantum) if rate.own else nothing
        if rate.own_extra:
            own = own + base.fill(rate.own_extra)
        schemes[scheme] = Dues(clamped, own, _of_employer(clamped, rate, rates, nothing))
    insured = [dues.own for scheme, dues in schemes.items() if scheme is not Scheme.HOUSING_FUND]
    funded = [dues.own for scheme, dues in schemes.items() if scheme is Scheme.HOUSING_FUND]
    return Contributions(
        insurance=_sum(insured, nothing),
        fund=_sum(funded, nothing),
        employer=_sum([dues.employer for dues in schemes.values()], nothing),
        schemes=schemes,
    )


def employer_contributions(base: FenColumn, policy: Policy) -> FenColumn:
    """What the employer pays in all, as `contributions` has it, where nobody asks for the rest."""
    rates = policy[RATES]
    nothing = base.fill(Fen(0))
    pairs = zip(rates.schemes().values(), _clamped(base, rates), strict=True)
    return _sum([_of_employer(clamped, rate, rates, nothing) for rate, clamped in pairs], nothing)


def _clamped(base: FenColumn, rates: ContributionRates) -> Iterator[FenColumn]:
    """Yield each scheme's base after its floor and ceiling; schemes that have the same share it."""
    found: dict[tuple[Fen, Fen], FenColumn] = {}
    for rate in rates.schemes().values():
        ends = (rate.floor, rate.ceiling)
        if ends not in found:
            found[ends] = clamp(base, *ends)
        yield found[ends]


def _of_employer(clamped: FenColumn, rate: SchemeRate, rates: ContributionRates, nothing: FenColumn) -> FenColumn:
    return clamped.scaled(rate.employer, rates.quantum) if rate.employer else nothing


def _sum(amounts: Sequence[FenColumn], nothing: FenColumn) -> FenColumn:
    counted = [one for one in amounts if one is not nothing]
    return functools.reduce(operator.add, counted) if counted else nothing
