"""Who goes into the civil service by targeted recruitment (JLW2.6a)."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.model.posts import Role
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.careers import CIVIL_SERVICE_ROLES, MERIT
from shequ_core.policy.policy import Policy
from shequ_core.rules.careers import targeted_civil_service
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import LIVES
from shequ_core.simulation.turn import Leaving, Turn
from shequ_core.tables.columns import BoolColumn, Bools, EnumColumn


@attrs.frozen(kw_only=True)
class CivilServiceRecruitment(Behaviour):
    """Of those whose way into the civil service is open some go; nobody where the place has no such way.

    Attributes:
        share: The share of them that goes in a year.
        month: Their last month in post, from 1.
    """

    share: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("civil_service", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    month: Sourced[int] = attrs.field(
        factory=lambda: Sourced.figure("civil_service_in", Figures.whole),
        converter=given, metadata=within(ranges.month),
    )

    kind: ClassVar[str] = "civil_service"

    def leave(self, turn: Turn) -> None:  # noqa: D102
        if CIVIL_SERVICE_ROLES not in turn.policy or MERIT not in turn.policy:
            return
        people = turn.people
        last = people.history[turn.year - 1 - turn.first_year]
        latest = np.where(last >= 0, last, people.latest)
        rows = np.flatnonzero(people.held & _open(turn.policy)[people.role, latest])
        goes = LIVES.happens(people.key[rows], self.share.value, purpose="civil_service: goes", year=turn.year)
        turn.leave(rows[goes], self.month.value - 1, Leaving.CIVIL_SERVICE)


def _open(policy: Policy) -> Bools:
    """Return to whom in post the way is open, by role and latest assessment, the last column for who has none."""
    grades = len(AssessmentGrade) + 1
    role, latest = np.divmod(np.arange(len(Role) * grades), grades)
    found = targeted_civil_service(
        BoolColumn(np.ones(len(role), dtype=np.bool_)), EnumColumn(role, None, Role),
        EnumColumn(latest, latest < grades - 1, AssessmentGrade), policy,
    )
    return found.eligible.true().reshape(len(Role), grades)
