"""What happens that may end a holding (JLW2.10b-f)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import ClassVar, Final

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.model.records import Ground
from shequ_core.rules.exits import (
    broke_agreement,
    broke_discipline,
    must_leave_by_other_law,
    neglected_gravely,
    proved_unfit,
)
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import LIVES
from shequ_core.simulation.turn import Leaving, Turn
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, TextColumn
from shequ_core.values import MONTHS_PER_YEAR

_FOUND: Final = ("yes", "no", "open")


def _grounds(figures: Figures, name: str) -> Sequence[int]:
    return tuple(figures.weights(name, Ground))


@attrs.frozen(kw_only=True)
class Incidents(Behaviour):
    """Something happens that would be a ground to leave; whether it is one is for `rules/exits.py` to say.

    What is found out and what is done about it comes in the same month: who has to leave leaves at its end.

    Attributes:
        share: The share of holders with an incident in a year.
        grounds: By which weight each ground is drawn.
        established: By which weight it is found to be so (`yes`), not (`no`), or left open.
        outcome: The share of neglect that caused great loss, of duties mended after being told, of holders still
            unfit after help.
    """

    share: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("incidents", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    grounds: Sourced[Sequence[int]] = attrs.field(
        factory=lambda: Sourced.figure("incident_grounds", _grounds),
        converter=given, metadata=within(ranges.weights(len(Ground))),
    )
    established: Sourced[Mapping[str, int]] = attrs.field(
        factory=lambda: Sourced.figure("incident_established", Figures.numbers),
        converter=given, metadata=within(ranges.named_weights(_FOUND)),
    )
    outcome: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("incident_outcome", Figures.share),
        converter=given, metadata=within(ranges.share),
    )

    kind: ClassVar[str] = "incidents"

    def leave(self, turn: Turn) -> None:  # noqa: D102
        people, year = turn.people, turn.year
        happens = LIVES.happens(people.key, self.share.value, purpose="incidents: any", year=year)
        rows = np.flatnonzero(happens & people.held)
        key, told = people.key[rows], self.established.value
        ground = EnumColumn(LIVES.choose(key, self.grounds.value, purpose="incidents: ground", year=year), None, Ground)
        found = LIVES.choose(
            key, [told[one] for one in _FOUND], purpose="incidents: established", year=year
        )
        established = BoolColumn(found == 0, found <= 1)
        outcome = BoolColumn(LIVES.happens(key, self.outcome.value, purpose="incidents: outcome", year=year))
        month = LIVES.below(key, MONTHS_PER_YEAR, purpose="incidents: month", year=year).astype(np.int8)
        there = DateColumn(np.zeros(len(rows), dtype=np.int64))
        basis = TextColumn.full(len(rows), "")
        for leaving, proposed in {
            Leaving.DISCIPLINE: broke_discipline(ground, established),
            Leaving.GRAVE_NEGLECT: neglected_gravely(ground, established, outcome),
            Leaving.AGREEMENT: broke_agreement(ground, established, there, outcome),
            Leaving.INCOMPETENCE: proved_unfit(ground, established, there, outcome),
            Leaving.OTHER_LAW: must_leave_by_other_law(ground, established, basis),
        }.items():
            at = np.flatnonzero(proposed.true())
            turn.leave(rows[at], month[at], leaving)
