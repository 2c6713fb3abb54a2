"""Keys of assessment: from scores to the four grades, and what a grade leads to (JLW2.9)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.kinds import ByMember, Choices, Fractions, Strategies
from shequ_core.policy.parameters import COUNTY, LOCAL, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy
from shequ_core.values import POINT


class Criterion(StrEnum):
    """What is judged, by whom and when (JLW2.9b)."""

    RESIDENTS = "residents"
    ORGANISATION = "organisation"
    DAILY = "daily"
    ANNUAL = "annual"


class AssessmentScheme(Strategy):
    """How scores become a grade."""

    @abstractmethod
    def weights(self) -> Mapping[Criterion, Fraction]:
        """Return the weight of each criterion; they sum to 1."""

    @abstractmethod
    def least_points(self) -> Mapping[AssessmentGrade, int]:
        """Return the fewest whole points of each grade but the last."""

    @abstractmethod
    def labels(self) -> Mapping[str, AssessmentGrade]:
        """Return what the place calls the canonical grades."""

    def ceiling(self) -> Fraction | None:
        """Return the largest share of a subdistrict that may be outstanding; None where any may."""
        return None


@attrs.frozen
class WeightedScores(AssessmentScheme):
    """A weighted mean of the four scores, held against the fewest points of each grade.

    Attributes:
        outstanding_at_most: The largest share of a subdistrict that may be outstanding, if there is one.
    """

    weight: Mapping[Criterion, Fraction]
    points: Mapping[AssessmentGrade, int]
    names: Mapping[str, AssessmentGrade] = attrs.field(factory=dict)
    outstanding_at_most: Fraction | None = None

    kind: ClassVar[str] = "weighted_scores"

    def check(self) -> None:  # noqa: D102  # as Strategy says
        if set(self.weight) != set(Criterion) or sum(self.weight.values()) != 1:
            raise PlainError(msg("the weights of {criteria} sum to 1", criteria=tuple(map(str, Criterion))))
        if any(weight < 0 for weight in self.weight.values()):
            raise PlainError(msg("it may not be negative"))
        if self.outstanding_at_most is not None:
            Fractions(1).check(self.outstanding_at_most)
        above_last = list(AssessmentGrade)[:-1]
        if set(self.points) != set(above_last):
            raise PlainError(msg("points for {grades} are expected", grades=tuple(map(str, above_last))))
        least = [self.points[grade] for grade in above_last]
        if any(better <= worse for better, worse in pairwise(least)) or not 0 <= least[-1] <= least[0] <= POINT:
            raise PlainError(msg("the points fall from grade to grade, between 0 and 100"))

    def weights(self) -> Mapping[Criterion, Fraction]:  # noqa: D102
        return self.weight

    def least_points(self) -> Mapping[AssessmentGrade, int]:  # noqa: D102
        return self.points

    def labels(self) -> Mapping[str, AssessmentGrade]:  # noqa: D102
        return self.names

    def ceiling(self) -> Fraction | None:  # noqa: D102
        return self.outstanding_at_most


class Proposal(StrEnum):
    """What a grade makes the system propose; whoever is competent decides (JLW2.9d)."""

    RENEW = "renew"
    REVIEW = "review"
    DISMISS = "dismiss"


SCHEME: Final[Parameter[AssessmentScheme]] = Parameter(
    name="assessment.scheme", kind=Strategies(AssessmentScheme), clauses=("JLW2.9b", "JLW2.9a"), who=COUNTY,
    unit="scheme", doc="How residents' and organisation's, daily and annual scores become a grade.",
)
PROPOSALS: Final[Parameter[Mapping[AssessmentGrade, Proposal]]] = Parameter(
    name="assessment.proposals", kind=ByMember(AssessmentGrade, Choices(Proposal)), clauses=("JLW2.9d",), who=LOCAL,
    unit="proposals", doc="What each grade makes the system propose for renewal or dismissal.",
)
