"""Who completes another level of education."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.model.posts import EducationLevel
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import LIVES
from shequ_core.simulation.turn import Turn


@attrs.frozen(kw_only=True)
class DegreesWon(Behaviour):
    """Holders complete one more level of education by chance.

    Attributes:
        share: The share that does so in a year.
        highest: The level beyond which nobody goes.
        month: The month from which it counts, from 1.
    """

    share: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("degrees_won", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    highest: Sourced[EducationLevel] = attrs.field(
        factory=lambda: Sourced.figure("highest_degree", lambda figures, name: EducationLevel(figures[name].value)),
        converter=given, metadata=within(ranges.one_of(EducationLevel)),
    )
    month: Sourced[int] = attrs.field(
        factory=lambda: Sourced.figure("degrees_in", Figures.whole),
        converter=given, metadata=within(ranges.month),
    )

    kind: ClassVar[str] = "degrees_won"

    def win(self, turn: Turn) -> None:  # noqa: D102
        people = turn.people
        below = people.education < list(EducationLevel).index(self.highest.value)
        won = LIVES.happens(people.key, self.share.value, purpose="degrees_won: wins", year=turn.year)
        rows = np.flatnonzero(won & below & people.held)
        turn.win(rows, self.month.value - 1, people.education[rows] + np.int8(1), certificate=False)
