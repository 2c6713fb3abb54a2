"""Keys of open recruitment: age, education, and for whom they may be relaxed (JLW2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.model.posts import EducationLevel
from shequ_core.policy.kinds import Choices, Flags, SpanKind, Strategies, WholeNumbers
from shequ_core.policy.parameters import LOCAL, PROVINCE, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy
from shequ_core.values import Span


class Group(StrEnum):
    """For whom age may be relaxed: the groups of JLW2.3c, and those that places add."""

    SERVING_WORKER = "serving_worker"
    CERTIFIED = "certified"
    SOCIOLOGY_GRADUATE = "sociology_graduate"
    VETERAN = "veteran"
    EXPERIENCED = "experienced"


class Relaxation(Strategy):
    """Until what age each group may apply.

    Attributes:
        max_age: Completed years, itself allowed.
        experience_years: Completed years of community work that make somebody experienced.
    """

    max_age: Mapping[Group, int]
    experience_years: int


@attrs.frozen
class GroupAges(Relaxation):
    """An oldest age for each group that a place names.

    Attributes:
        max_age: Completed years, itself allowed.
        experience_years: Years of community work that make somebody experienced.
    """

    max_age: Mapping[Group, int]
    experience_years: int = 0

    kind: ClassVar[str] = "group_ages"

    def check(self) -> None:  # noqa: D102  # as Strategy says
        if any(age < 0 for age in self.max_age.values()) or self.experience_years < 0:
            raise PlainError(msg("it may not be negative"))
        if Group.EXPERIENCED in self.max_age and not self.experience_years:
            raise PlainError(msg("say how many years of community work make somebody experienced"))


MAX_AGE: Final[Parameter[int]] = Parameter(
    name="recruitment.max_age", kind=WholeNumbers(), clauses=("JLW2.3b",), who=PROVINCE, unit="years",
    doc="The oldest age at which somebody may apply, in completed years, itself allowed.",
)
MIN_AGE: Final[Parameter[int]] = Parameter(
    name="recruitment.min_age", kind=WholeNumbers(), clauses=("JLW2.3b",), who=LOCAL, unit="years",
    doc="The youngest age at which somebody may apply, in completed years.",
)
MIN_EDUCATION: Final[Parameter[EducationLevel]] = Parameter(
    name="recruitment.min_education", kind=Choices(EducationLevel), clauses=("JLW2.3b",), who=PROVINCE, unit="level",
    doc="The least education with which somebody may apply.",
)
RELAXATION: Final[Parameter[Relaxation]] = Parameter(
    name="recruitment.relaxation", kind=Strategies(Relaxation), clauses=("JLW2.3c",), who=LOCAL, unit="ages",
    doc="For whom the age is relaxed, and how far.",
)
PARTY_MEMBERSHIP: Final[Parameter[bool]] = Parameter(
    name="recruitment.party_membership", kind=Flags(), clauses=("JLW2.3b",), who=LOCAL, unit="yes or no",
    doc="Whether Party-building posts ask for Party membership.",
)
GRADUATE_AGES: Final[Parameter[Span[int]]] = Parameter(
    name="recruitment.graduate_ages", kind=SpanKind(WholeNumbers()), clauses=("JLW2.3b",), who=LOCAL, unit="years",
    doc="Ages for posts that are kept for recent graduates.",
)
GRADUATE_YEARS: Final[Parameter[Span[int]]] = Parameter(
    name="recruitment.graduate_years", kind=SpanKind(WholeNumbers()), clauses=("JLW2.3b",), who=LOCAL, unit="years",
    doc="The years of graduation that count as recent.",
)
