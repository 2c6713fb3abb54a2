"""A year's reference wage comes out late, and what was paid too little is paid later (JLW2.4c)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Final

import attrs

from shequ_core.jilin.figures import Figures
from shequ_core.policy.law import Law
from shequ_core.policy.parameters import Reform
from shequ_core.policy.pay import REFERENCE, AnnualMean
from shequ_core.policy.policy import Policy
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.values import MONTHS_PER_YEAR

LAST_KNOWN: Final = "last_known_reference"
"""What a policy calls the reform under which months are paid at first."""


@attrs.frozen(kw_only=True)
class LateReference(Behaviour):
    """Until a year's reference is out, months are paid by the one before; the difference is paid later.

    What a year costs stays what it is: `arrears` tells how much of it was paid later, or too much at first (below
    zero). Only where the reference is a published yearly mean: an amount that was decided is known before it holds.

    Attributes:
        published_in: The month, from 1, in which it comes out; pay goes by it from the next month on.
    """

    published_in: Sourced[int] = attrs.field(
        factory=lambda: Sourced.figure("reference_published_in", Figures.whole),
        converter=given, metadata=within(ranges.month),
    )

    kind: ClassVar[str] = "late_reference"

    def paid_first(self, law: Law, county: str, year: int, policies: Sequence[Policy]) -> Sequence[Policy]:  # noqa: D102
        before = law.policy(county, date(year - 1, MONTHS_PER_YEAR, 1)).why(REFERENCE)
        if before is None or not isinstance(before.value.value, AnnualMean):
            return policies
        last = before.value
        known = REFERENCE.set(
            last.value, since=date(year, 1, 1), known_on=last.known_on, source=last.source, status=last.status,
            rests_on=last.rests_on,
        )
        reform = Reform(name=LAST_KNOWN, place=county, values=[known], scope="replace_below")
        book = law.book.reformed(reform)

        def first(month: int, policy: Policy) -> Policy:
            now = policy.get(REFERENCE)
            if month >= self.published_in.value or not isinstance(now, AnnualMean) or now == last.value:
                return policy
            return book.policy(county, date(year, month + 1, 1), law.known, placed_on=law.end)

        return [first(month, policy) for month, policy in enumerate(policies)]
