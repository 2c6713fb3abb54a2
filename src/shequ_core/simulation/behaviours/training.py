"""Who is trained."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar, Final

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.model.posts import Role
from shequ_core.policy.policy import Policy
from shequ_core.policy.training import INTERVAL
from shequ_core.rules.training import training_due_by
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.months import Whole, years_of
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import LIVES, People
from shequ_core.simulation.turn import Turn
from shequ_core.tables.columns import Bools, EnumColumn, IntColumn
from shequ_core.values import MONTHS_PER_YEAR

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
        due = np.zeros(len(people), dtype=np.bool_)
        if INTERVAL in turn.policies[-1]:
            due = _due(people, turn.year, turn.policies[-1])
        chances = [told["out_of_turn"], told["in_turn"]]
        done = LIVES.happens_by(people.key, chances, due.view(np.int8), purpose="trainings: done", year=turn.year)
        there = turn.at_end()
        turn.counted["training_due"] = there & due
        done &= there
        turn.counted["trained"] = done
        turn.counted["training_missed"] = turn.counted["training_due"] & ~done
        people.trained[done] = turn.year


def _due(people: People, year: int, policy: Policy) -> Bools:
    """Return who is due in a year: asked for each role and years that may occur, and looked up, if those are fewer."""
    first = int(people.trained.min(where=people.trained > 0, initial=year)) - 1
    trained = np.maximum(people.trained - first, 0)  # 0 for who never was
    since = people.entry // MONTHS_PER_YEAR
    earliest = int(since.min(initial=0))
    since -= earliest
    shape = len(Role), int(trained.max(initial=0)) + 1, int(since.max(initial=0)) + 1
    if math.prod(shape) > len(people):
        return _are_due(people.role, trained, since, first, earliest, year, policy)
    place = (people.role.astype(np.int32) * shape[1] + trained) * shape[2] + since
    of_role, of_trained, of_since = np.indices(shape).reshape(len(shape), -1)
    due: Bools = _are_due(of_role, of_trained, of_since, first, earliest, year, policy)[place]
    return due


def _are_due(
    role: Whole, trained: Whole, since: Whole, first: int, earliest: int, year: int, policy: Policy
) -> Bools:
    """Return who is due, by the last year of training from one on, 0 for none, and the year of coming from another."""
    by = training_due_by(
        EnumColumn(role.astype(np.int64), None, Role),
        IntColumn(trained.astype(np.int64) + first, trained > 0),
        IntColumn(years_of((since.astype(np.int64) + earliest) * MONTHS_PER_YEAR)),
        policy,
    )
    return (by <= year).true()
