"""Communities grow and shrink."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar, Final

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.population.chance import keys_of, nth_holder
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import LIVES, Layout
from shequ_core.tables.columns import IntColumn

WHOLE: Final = 1000
"""Thousandths."""
_BOOM: Final = 10
"""No community grows by more times its households in a year."""


@attrs.frozen(kw_only=True)
class HouseholdsChange(Behaviour):
    """Each community's households change from one year to the next, from the second year on.

    With them change how many may hold posts there (JLW2.2), and how many grids its households can make (JLG2.3.2a).

    Attributes:
        change: By how many thousandths, as (share of all at or below, value).
    """

    change: Sourced[Sequence[tuple[Fraction, int]]] = attrs.field(
        factory=lambda: Sourced.figure("households_change", Figures.quantiles),
        converter=given, metadata=within(ranges.table(-WHOLE, _BOOM * WHOLE)),
    )

    kind: ClassVar[str] = "households_change"

    def households(self, layout: Layout, year: int, before: IntColumn) -> IntColumn:  # noqa: D102
        keys = keys_of(layout.communities)
        of = np.tile(np.arange(len(keys)), len(layout.seeds))
        seed = np.repeat(np.array(layout.seeds, dtype=np.int64), len(keys))
        change = LIVES.by_table(
            nth_holder(keys[of], seed), self.change.value, purpose="households_change: change", year=year
        )
        return IntColumn(np.maximum(before.values * (WHOLE + change) // WHOLE, 0), before.known)
