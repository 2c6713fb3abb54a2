"""How the reference wage goes on beyond the last one that is published (JLW2.4c)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import ClassVar, Final

import attrs

from shequ_core.jilin.figures import Figures
from shequ_core.law.clauses import Document
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import Part, Reform
from shequ_core.policy.pay import REFERENCE, AnnualMean
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.months import placed_on
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.values import Fen, Status, round_half_up

EXPECTED: Final = "reference_growth"
"""What a policy calls the reform that sets the references of years ahead."""


@attrs.frozen(kw_only=True)
class ReferenceGrowth(Behaviour):
    """The reference wage rises by the same share every year, from the last one that is published at a place.

    Only where it is a published yearly mean: a fixed amount stays as it is.

    Attributes:
        share: By how much it rises.
    """

    share: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("reference_growth", Figures.share),
        converter=given, metadata=within(ranges.fraction(-1, 1)),
    )

    kind: ClassVar[str] = "reference_growth"

    def prepare(self, book: PolicyBook, counties: Iterable[str], years: range) -> PolicyBook:  # noqa: D102
        expected: dict[str, Reform] = {}
        for county in counties:
            told = book.policy(county, date(years[-1], 12, 31), placed_on=placed_on(years)).why(REFERENCE)
            if told is None or not isinstance(told.value.value, AnnualMean) or told.place in expected:
                continue
            last = told.value.value
            values = [
                REFERENCE.set(
                    attrs.evolve(last, annual=_risen(last.annual, self.share.value, ahead), of_year=year - 1),
                    since=date(year, 1, 1), fresh_until=date(year, 12, 31), known_on=told.value.known_on,
                    source=attrs.evolve(told.value.source, document=Document(EXPECTED), article=""),
                    status=Status.ASSUMPTION, rests_on=[Part(str(told.value.source), told.value.status)],
                )
                for year in years
                if (ahead := year - 1 - last.of_year) > 0
            ]
            if values:
                expected[told.place] = Reform(name=EXPECTED, place=told.place, values=values)
        return book.reformed(*(expected[place] for place in sorted(expected))) if expected else book


def _risen(annual: Fen, share: Fraction, years: int) -> Fen:
    exact = int(annual) * (1 + share) ** years
    return Fen(round_half_up(exact.numerator, exact.denominator))


