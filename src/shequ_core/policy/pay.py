"""Keys of pay: reference, grades, shares, the pool, allowances (JLW2.4, 2.5b)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.bounds import INSIDE, Bound, Judgement, Verdict
from shequ_core.policy.kinds import ByMember, Choices, Fractions, Strategies, WholeNumbers
from shequ_core.policy.parameters import COUNTY, LOCAL, PROVINCE, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy
from shequ_core.values import MONTHS_PER_YEAR, Fen, JsonValue, Span, round_half_up

_ONE_FEN: Final = Fen(1)


class Gives(StrEnum):
    """What the amounts of a grade table are."""

    STANDARD = "standard"
    """The whole standard, of which basic pay is a share (JLW2.4d)."""
    BASIC = "basic"
    """Basic pay itself; what comes on top of it the place's performance plan says."""


# --- reference --------------------------------------------------------------------------------------


class ReferenceWage(Strategy):
    """The wage that the average standard follows (JLW2.4c)."""

    @abstractmethod
    def monthly(self, post_class: str) -> Fraction:
        """Return the reference of one month for a class of post, in exact fen."""


@attrs.frozen
class AnnualMean(ReferenceWage):
    """A published yearly mean, divided by twelve without rounding.

    Attributes:
        annual: The mean of one year.
        of_year: The year it was measured in; pay of the year after reads it.
        factors: A factor for some classes of post, where a place has one.
    """

    annual: Fen
    of_year: int
    factors: Mapping[str, Fraction] = attrs.field(factory=dict)

    kind: ClassVar[str] = "annual_mean"

    def check(self) -> None:  # noqa: D102  # as Strategy says
        if self.annual < 0 or any(factor < 0 for factor in self.factors.values()):
            raise PlainError(msg("it may not be negative"))

    def monthly(self, post_class: str) -> Fraction:  # noqa: D102
        return Fraction(int(self.annual), MONTHS_PER_YEAR) * self.factors.get(post_class, Fraction(1))


@attrs.frozen
class FixedMonthly(ReferenceWage):
    """A fixed amount a month."""

    amount: Fen
    factors: Mapping[str, Fraction] = attrs.field(factory=dict)

    kind: ClassVar[str] = "fixed_monthly"

    def check(self) -> None:  # noqa: D102
        if self.amount < 0 or any(factor < 0 for factor in self.factors.values()):
            raise PlainError(msg("it may not be negative"))

    def monthly(self, post_class: str) -> Fraction:  # noqa: D102
        return Fraction(int(self.amount)) * self.factors.get(post_class, Fraction(1))


# --- grades -----------------------------------------------------------------------------------------


class GradeTable(Strategy):
    """Classes of post, their grades and what each grade is worth (JLW2.4a, 2.4b)."""

    gives: Gives
    classes: Mapping[str, Span[int]]
    """The grades of each class, from 1."""

    @abstractmethod
    def amounts(self, post_class: str, reference: Fraction) -> Sequence[Fen]:
        """Return what each grade of the table is worth a month, grade 1 first.

        Args:
            post_class: One of `classes`.
            reference: The reference times the local coefficient, in exact fen a month; tables of
                plain amounts pay no heed to it.
        """

    @abstractmethod
    def count(self) -> int:
        """Return the number of grades."""

    def check(self) -> None:  # noqa: D102
        if not self.classes:
            raise PlainError(msg("a grade table names at least one class of post"))
        for name, span in self.classes.items():
            if not 1 <= span.low <= span.high <= self.count():
                raise PlainError(msg("the grades of {name} are not among 1 to {count}", name=name, count=self.count()))


@attrs.frozen
class CoefficientTable(GradeTable):
    """A coefficient for each grade, applied to the reference times the local coefficient."""

    coefficients: tuple[Fraction, ...]
    classes: Mapping[str, Span[int]]
    gives: Gives = Gives.STANDARD
    quantum: Fen = _ONE_FEN

    kind: ClassVar[str] = "coefficients"
    uses: ClassVar[tuple[str, ...]] = ("pay.reference", "pay.local_coefficient")

    def check(self) -> None:  # noqa: D102
        super().check()
        if any(later < earlier for earlier, later in pairwise(self.coefficients)):
            raise PlainError(msg("coefficients don't fall from one grade to the next"))
        if self.coefficients[0] < 0 or self.quantum < 1:
            raise PlainError(msg("it may not be negative"))

    def amounts(self, post_class: str, reference: Fraction) -> Sequence[Fen]:  # noqa: ARG002, D102
        exact = [reference * one for one in self.coefficients]
        return [Fen(round_half_up(one.numerator, one.denominator, int(self.quantum))) for one in exact]

    def count(self) -> int:  # noqa: D102
        return len(self.coefficients)


@attrs.frozen
class EvenSteps(GradeTable):
    """A first amount and an even step, each grade rounded to the table's own quantum.

    Grade g is worth first x (1 + step x (g - 1)); some places publish whole yuan.
    """

    first: Fen
    step: Fraction
    grades: int
    classes: Mapping[str, Span[int]]
    gives: Gives = Gives.BASIC
    quantum: Fen = _ONE_FEN

    kind: ClassVar[str] = "even_steps"

    def check(self) -> None:  # noqa: D102
        super().check()
        if self.first < 0 or self.step < 0 or self.quantum < 1:
            raise PlainError(msg("it may not be negative"))

    def amounts(self, post_class: str, reference: Fraction) -> Sequence[Fen]:  # noqa: ARG002, D102
        exact = [int(self.first) * (1 + self.step * above) for above in range(self.grades)]
        return [Fen(round_half_up(one.numerator, one.denominator, int(self.quantum))) for one in exact]

    def count(self) -> int:  # noqa: D102
        return self.grades


@attrs.frozen
class AmountTable(GradeTable):
    """Plain amounts, grade by grade."""

    table: tuple[Fen, ...]
    classes: Mapping[str, Span[int]]
    gives: Gives = Gives.BASIC

    kind: ClassVar[str] = "amounts"

    def check(self) -> None:  # noqa: D102
        super().check()
        if any(later < earlier for earlier, later in pairwise(self.table)):
            raise PlainError(msg("amounts don't fall from one grade to the next"))
        if self.table[0] < 0:
            raise PlainError(msg("it may not be negative"))

    def amounts(self, post_class: str, reference: Fraction) -> Sequence[Fen]:  # noqa: ARG002, D102
        return self.table

    def count(self) -> int:  # noqa: D102
        return len(self.table)


# --- placement --------------------------------------------------------------------------------------


class Placement(Strategy):
    """Where in the class's grades somebody starts, by years of work and education (JLW2.4b)."""

    @abstractmethod
    def years_for(self) -> Sequence[int]:
        """Return the years of work that each grade above the class's lowest asks, rising."""

    @abstractmethod
    def education_moves(self) -> Mapping[EducationLevel, int]:
        """Return by how many grades each level of education moves the start."""


@attrs.frozen
class YearBands(Placement):
    """A grade for each band of years, and so many for education."""

    years: tuple[int, ...]
    education: Mapping[EducationLevel, int] = attrs.field(factory=dict)

    kind: ClassVar[str] = "year_bands"

    def check(self) -> None:  # noqa: D102
        if list(self.years) != sorted(set(self.years)) or any(year < 0 for year in self.years):
            raise PlainError(msg("the years rise from grade to grade"))
        if any(moves < 0 for moves in self.education.values()):
            raise PlainError(msg("it may not be negative"))

    def years_for(self) -> Sequence[int]:  # noqa: D102
        return self.years

    def education_moves(self) -> Mapping[EducationLevel, int]:  # noqa: D102
        return self.education


@attrs.frozen
class YearlyStep(Strategy):
    """The step at the turn of a year, once the years reach what the next grade asks.

    Attributes:
        after: With which grade of the year before one steps.
        grades: By how many.
    """

    after: frozenset[AssessmentGrade]
    grades: int = 1

    kind: ClassVar[str] = "yearly_step"

    def check(self) -> None:  # noqa: D102
        if self.grades < 0:
            raise PlainError(msg("it may not be negative"))


# --- certificates ------------------------------------------------------------------------------------


class CertificateEffect(Strategy):
    """What a social-worker certificate does for pay (JLW2.4g)."""

    def monthly(self, level: CertificateLevel) -> Fen:  # noqa: ARG002  # subclasses that pay look at it
        """Return the allowance a month."""
        return Fen(0)

    def grade_moves(self, level: CertificateLevel) -> int:  # noqa: ARG002  # subclasses that move look at it
        """Return by how many grades it moves the holder, inside the class's grades."""
        return 0


@attrs.frozen
class MonthlyAllowance(CertificateEffect):
    """Money every month, for the highest certificate alone."""

    amounts: Mapping[CertificateLevel, Fen]

    kind: ClassVar[str] = "monthly_allowance"

    def check(self) -> None:  # noqa: D102
        if set(self.amounts) != set(CertificateLevel) or any(amount < 0 for amount in self.amounts.values()):
            raise PlainError(msg("an amount for each level of certificate is expected, none negative"))

    def monthly(self, level: CertificateLevel) -> Fen:  # noqa: D102
        return self.amounts[level]


@attrs.frozen
class GradeMoves(CertificateEffect):
    """So many grades up, for the highest certificate alone, inside the class's grades."""

    moves: Mapping[CertificateLevel, int]

    kind: ClassVar[str] = "grade_moves"

    def check(self) -> None:  # noqa: D102
        if set(self.moves) != set(CertificateLevel) or any(moves < 0 for moves in self.moves.values()):
            raise PlainError(msg("a number for each level of certificate is expected, none negative"))

    def grade_moves(self, level: CertificateLevel) -> int:  # noqa: D102
        return self.moves[level]


@attrs.frozen
class RisingFrom(Bound[CertificateEffect]):
    """If allowances are paid: at least so much a month for the first level, and a gap at each level."""

    least: Fen

    def judge(self, value: CertificateEffect) -> Judgement:  # noqa: D102  # as Bound says
        amounts = [value.monthly(level) for level in CertificateLevel]
        if not any(amounts):
            return Judgement(Verdict.NOT_COMPARABLE, msg("it pays no monthly allowance"))
        if amounts[0] < self.least:
            return Judgement(
                Verdict.CONFLICT, msg("{found} yuan is less than {least}", found=amounts[0], least=self.least)
            )
        if any(later <= earlier for earlier, later in pairwise(amounts)):
            return Judgement(Verdict.CONFLICT, msg("the levels don't rise: {found}", found=tuple(map(str, amounts))))
        return INSIDE

    def allowed(self) -> JsonValue:  # noqa: D102
        return {"assistant_at_least": self.least.yuan(), "levels": "rising"}


# --- performance -------------------------------------------------------------------------------------


class PerformancePlan(Strategy):
    """How the performance share is paid (JLW2.4f)."""


@attrs.frozen
class SubdistrictPool(PerformancePlan):
    """The performance shares of a subdistrict are one pool, divided by share x weight of the assessment."""

    kind: ClassVar[str] = "subdistrict_pool"
    uses: ClassVar[tuple[str, ...]] = ("pay.bonus_weights", "pay.unassessed_weight", "pay.payday")


class NoReduction(StrEnum):
    """Which of the two readings of '现高于此标准的保持不降' a place follows (JLW2.4c)."""

    PLACE = "place"
    """A place whose average is higher doesn't lower it."""
    PERSON = "person"
    """Nobody's pay falls at the change-over: the line makes up what the standard is less than before."""


class EmergencyScheme(Strategy):
    """When an emergency allowance is paid to post holders, how much, and by whom (JLW2.5b)."""


REFERENCE: Final[Parameter[ReferenceWage]] = Parameter(
    name="pay.reference", kind=Strategies(ReferenceWage), clauses=("JLW2.4c",), who=COUNTY, unit="wage",
    doc="Last year's mean pay of management posts in public institutions of the place.", chosen_by="pay.grades",
)
LOCAL_COEFFICIENT: Final[Parameter[Fraction]] = Parameter(
    name="pay.local_coefficient", kind=Fractions(), clauses=("JLW2.4c",), who=LOCAL, unit="factor",
    doc="The factor by which a place brings the average standard to its reference.", chosen_by="pay.grades",
)
BASE_SHARE: Final[Parameter[Fraction]] = Parameter(
    name="pay.base_share", kind=Fractions(1), clauses=("JLW2.4d",), who=PROVINCE, unit="share",
    doc="The share of the standard that is basic pay; the rest is the performance bonus.",
)
GRADES: Final[Parameter[GradeTable]] = Parameter(
    name="pay.grades", kind=Strategies(GradeTable), clauses=("JLW2.4b", "JLW2.4a"), who=LOCAL, unit="table",
    doc="Classes of post, their grades and what each grade is worth.",
)
PLACEMENT: Final[Parameter[Placement]] = Parameter(
    name="pay.placement", kind=Strategies(Placement), clauses=("JLW2.4b",), who=LOCAL, unit="table",
    doc="In which grade somebody starts, by class, years of work and education.",
)
YEARLY_STEP: Final[Parameter[YearlyStep]] = Parameter(
    name="pay.yearly_step", kind=Strategies(YearlyStep), clauses=("JLW2.9d", "JLW2.4b"), who=LOCAL, unit="grades",
    doc="The step at the turn of a year, and with which assessment.",
)
CERTIFICATE: Final[Parameter[CertificateEffect]] = Parameter(
    name="pay.certificate", kind=Strategies(CertificateEffect), clauses=("JLW2.4g",), who=LOCAL, unit="effect",
    doc="What a social-worker certificate does for pay.",
)
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
NO_REDUCTION: Final[Parameter[NoReduction]] = Parameter(
    name="pay.no_reduction", kind=Choices(NoReduction), clauses=("JLW2.4c",), who=LOCAL, unit="reading",
    doc="Whether pay that is now higher is kept for the place's average or for each person.",
)
EMERGENCY: Final[Parameter[EmergencyScheme]] = Parameter(
    name="pay.emergency", kind=Strategies(EmergencyScheme), clauses=("JLW2.5b",), who=LOCAL, unit="scheme",
    doc="The emergency allowance: trigger, amount and payer.",
)
