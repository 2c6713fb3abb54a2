"""Who leaves of their own accord."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import LIVES
from shequ_core.simulation.turn import Leaving, Turn
from shequ_core.values import MONTHS_PER_YEAR

Bands = tuple[tuple[int, Fraction], ...]
"""A chance from so many completed years on."""


def _bands(figures: Figures, name: str) -> Bands:
    return tuple((int(years), Fraction(share)) for years, share in figures[name].value)


@attrs.frozen(kw_only=True)
class LeavingByChoice(Behaviour):
    """Holders leave of their own accord, in any month; none in the year in which they come.

    Attributes:
        shares: The share that leaves in a year, from so many completed years in post on; the first from 0.
    """

    shares: Sourced[Bands] = attrs.field(
        factory=lambda: Sourced.figure("leaving_by_choice", _bands),
        converter=given, metadata=within(ranges.bands),
    )

    kind: ClassVar[str] = "leaving_by_choice"

    def leave(self, turn: Turn) -> None:  # noqa: D102  # as Behaviour says, and so below
        people = turn.people
        years = (turn.january - people.entry) // MONTHS_PER_YEAR
        bands = self.shares.value
        group = np.zeros(len(people), dtype=np.int8)
        for least, _ in bands[1:]:
            group += years >= least
        goes = LIVES.happens_by(
            people.key, [share for _, share in bands], group, purpose="leaving_by_choice: goes", year=turn.year
        )
        rows = np.flatnonzero(goes & people.held & (people.entry < turn.january))
        month = LIVES.below(people.key[rows], MONTHS_PER_YEAR, purpose="leaving_by_choice: month", year=turn.year)
        turn.leave(rows, month.astype(np.int8), Leaving.CHOICE)
