"""Keys of the performance bonus and of what is paid once a year (JLW2.4f)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.kinds import ByMember, Fractions, Strategies, WholeNumbers
from shequ_core.policy.parameters import LOCAL, PROVINCE, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy
from shequ_core.values import MONTHS_PER_YEAR, Fen

if TYPE_CHECKING:
    from shequ_core.policy.policy import Policy


class PerformancePlan(Strategy):
    """How performance is paid (JLW2.4f).

    Attributes:
        divides: Whether the shares of a subdistrict are one pool that is divided.
    """

    divides: ClassVar[bool] = False

    def monthly(self, post_class: str) -> Fen | None:  # noqa: ARG002  # plans with sums of their own look at it
        """Return the month's performance sum of a class of post; None: what is left of the standard."""
        return None

    @abstractmethod
    def weights(self, policy: Policy) -> tuple[Mapping[AssessmentGrade, Fraction], Fraction]:
        """Return by what the own performance share counts: by grade, and for who has none yet."""

    def year_end(self, grade: AssessmentGrade, month: int) -> Fen:  # noqa: ARG002  # plans that pay at a year's end
        """Return what is paid in a month (1 to 12) for last year's grade."""
        return Fen(0)


@attrs.frozen
class SubdistrictPool(PerformancePlan):
    """The performance shares of a subdistrict are one pool, divided by share x weight of the assessment."""

    kind: ClassVar[str] = "subdistrict_pool"
    uses: ClassVar[tuple[str, ...]] = ("pay.base_share", "pay.bonus_weights", "pay.unassessed_weight", "pay.payday")
    divides: ClassVar[bool] = True

    def weights(self, policy: Policy) -> tuple[Mapping[AssessmentGrade, Fraction], Fraction]:  # noqa: D102
        return policy[BONUS_WEIGHTS], policy[UNASSESSED_WEIGHT]


@attrs.frozen
class PersonalShare(PerformancePlan):
    """Everybody's own performance share times the weight of the assessment, whatever others get."""

    kind: ClassVar[str] = "personal_share"
    uses: ClassVar[tuple[str, ...]] = ("pay.base_share", "pay.bonus_weights", "pay.unassessed_weight", "pay.payday")

    def weights(self, policy: Policy) -> tuple[Mapping[AssessmentGrade, Fraction], Fraction]:  # noqa: D102
        return policy[BONUS_WEIGHTS], policy[UNASSESSED_WEIGHT]


@attrs.frozen
class FixedSums(PerformancePlan):
    """A fixed sum every month, and one at the year's end by last year's grade.

    Attributes:
        sums: The month's sum of each class of post.
        nothing_after: Grades after which the month's sum isn't paid.
        at_year_end: What last year's grade brings.
        month: In which month that is paid, 1 to 12.
    """

    sums: Mapping[str, Fen]
    nothing_after: frozenset[AssessmentGrade]
    at_year_end: Mapping[AssessmentGrade, Fen]
    month: int

    kind: ClassVar[str] = "fixed_sums"
    uses: ClassVar[tuple[str, ...]] = ("pay.payday",)

    def check(self) -> None:  # noqa: D102  # as Strategy says
        if any(amount < 0 for amount in (*self.sums.values(), *self.at_year_end.values())):
            raise PlainError(msg("it may not be negative"))
        WholeNumbers(1, MONTHS_PER_YEAR).check(self.month)

    def monthly(self, post_class: str) -> Fen | None:  # noqa: D102
        return self.sums.get(post_class, Fen(0))

    def weights(self, policy: Policy) -> tuple[Mapping[AssessmentGrade, Fraction], Fraction]:  # noqa: ARG002, D102
        return {grade: Fraction(grade not in self.nothing_after) for grade in AssessmentGrade}, Fraction(1)

    def year_end(self, grade: AssessmentGrade, month: int) -> Fen:  # noqa: D102
        return self.at_year_end.get(grade, Fen(0)) if month == self.month else Fen(0)


class Award(Strategy):
    """What is paid once for a year's assessment, beside the performance bonus."""

    @abstractmethod
    def due(self, grade: AssessmentGrade, month: int) -> Fen:
        """Return what is paid in a month (1 to 12) for last year's grade."""


@attrs.frozen
class YearlyAward(Award):
    """A fixed sum for some grades of last year, such as outstanding, in one month."""

    amounts: Mapping[AssessmentGrade, Fen]
    month: int

    kind: ClassVar[str] = "yearly_award"

    def check(self) -> None:  # noqa: D102
        if any(amount < 0 for amount in self.amounts.values()):
            raise PlainError(msg("it may not be negative"))
        WholeNumbers(1, MONTHS_PER_YEAR).check(self.month)

    def due(self, grade: AssessmentGrade, month: int) -> Fen:  # noqa: D102
        return self.amounts.get(grade, Fen(0)) if month == self.month else Fen(0)


PERFORMANCE: Final[Parameter[PerformancePlan]] = Parameter(
    name="pay.performance", kind=Strategies(PerformancePlan), clauses=("JLW2.4f",), who=PROVINCE, unit="plan",
    doc="How the performance share is paid.",
)
BONUS_WEIGHTS: Final[Parameter[Mapping[AssessmentGrade, Fraction]]] = Parameter(
    name="pay.bonus_weights", kind=ByMember(AssessmentGrade, Fractions()), clauses=("JLW2.4f",), who=LOCAL,
    unit="weights", doc="By which weight each assessment grade shares in the pool.", chosen_by="pay.performance",
)
UNASSESSED_WEIGHT: Final[Parameter[Fraction]] = Parameter(
    name="pay.unassessed_weight", kind=Fractions(), clauses=("JLW2.4f",), who=LOCAL, unit="weight",
    doc="The weight of somebody whom no assessment has reached yet.", chosen_by="pay.performance",
)
PAYDAY: Final[Parameter[int]] = Parameter(
    name="pay.payday", kind=WholeNumbers(1, 31), clauses=("JLW2.4f",), who=LOCAL, unit="day of the month",
    doc="The day by which an assessment must be known to count; the month's last day where the month is shorter.",
)
AWARD: Final[Parameter[Award]] = Parameter(
    name="pay.award", kind=Strategies(Award), clauses=("JLW2.9d", "JLW2.9f"), who=LOCAL, unit="sums",
    doc="What is paid once for a year's assessment, such as a fixed sum for outstanding.",
)
