"""Who is trained."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar, Final

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.model.posts import Role
from shequ_core.policy.training import INTERVAL
from shequ_core.rules.training import training_due_by
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.months import years_of
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import LIVES
from shequ_core.simulation.turn import Turn
from shequ_core.tables.columns import EnumColumn, IntColumn

_NEEDED: Final = ("in_turn", "out_of_turn")
_NOT_ASKED: Final = ("principals",)
"""What made-up pasts have besides."""


@attrs.frozen(kw_only=True)
class Trainings(Behaviour):
    """Who is there at the end of the year was trained in it, by chance.

    Attributes:
        shares: The share of those trained: `in_turn` of those who are due (JLW2.7a), `out_of_turn` of others.
    """

    shares: Sourced[Mapping[str, Fraction]] = attrs.field(
        factory=lambda: Sourced.figure("training", Figures.shares),
        converter=given, metadata=within(ranges.named_shares(_NEEDED, _NOT_ASKED)),
    )

    kind: ClassVar[str] = "trainings"

    def close(self, turn: Turn) -> None:  # noqa: D102
        people, told = turn.people, self.shares.value
        due = np.zeros(len(people), dtype=np.int64)
        if INTERVAL in turn.policies[-1]:
            by = training_due_by(
                EnumColumn(people.role.astype(np.int64), None, Role),
                IntColumn(people.trained.astype(np.int64), people.trained > 0),
                IntColumn(years_of(people.entry)),
                turn.policies[-1],
            )
            due = (by <= turn.year).true().astype(np.int64)
        chances = [told["out_of_turn"], told["in_turn"]]
        done = LIVES.happens_by(people.key, chances, due, purpose="trainings: done", year=turn.year)
        there = turn.at_end()
        turn.counted["training_due"] = there & (due > 0)
        done &= there
        turn.counted["trained"] = done
        turn.counted["training_missed"] = turn.counted["training_due"] & ~done
        people.trained[done] = turn.year
