"""Who wins a social-worker certificate."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.model.posts import CertificateLevel
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import LIVES, NONE
from shequ_core.simulation.turn import Turn

_WITHOUT = "none"


@attrs.frozen(kw_only=True)
class CertificatesWon(Behaviour):
    """Holders win the next certificate by chance.

    Attributes:
        shares: The share that wins it in a year, by the one that they have: none, assistant, social_worker.
        month: The month from which it counts, from 1.
    """

    shares: Sourced[Mapping[str, Fraction]] = attrs.field(
        factory=lambda: Sourced.figure("certificates_won", Figures.shares),
        converter=given, metadata=within(ranges.named_shares((), (_WITHOUT, *(one.value for one in CertificateLevel)))),
    )
    month: Sourced[int] = attrs.field(
        factory=lambda: Sourced.figure("certificates_in", Figures.whole),
        converter=given, metadata=within(ranges.month),
    )

    kind: ClassVar[str] = "certificates_won"

    def win(self, turn: Turn) -> None:  # noqa: D102
        people, told = turn.people, self.shares.value
        chances = [told.get(_WITHOUT, Fraction(0)), *(told.get(one.value, Fraction(0)) for one in CertificateLevel)]
        chances[-1] = Fraction(0)  # nothing is above the highest
        has = people.certificate - np.int8(NONE)
        won = LIVES.happens_by(people.key, chances, has, purpose="certificates_won: wins", year=turn.year)
        rows = np.flatnonzero(won & people.held)
        turn.win(rows, self.month.value - 1, people.certificate[rows] + np.int8(1), certificate=True)
