"""Keys of pay: reference, grades, placement, the split, certificates, what is kept (JLW2.4a-e, 2.4g)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.bounds import INSIDE, Bound, Judgement, Verdict
from shequ_core.policy.kinds import Amounts, Fractions, Kind, Strategies
from shequ_core.policy.parameters import COUNTY, LOCAL, PROVINCE, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy
from shequ_core.values import FEN_PER_YUAN, MONTHS_PER_YEAR, Fen, JsonValue, Span, round_half_up

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

    def exact(self, post_class: str, reference: Fraction) -> Sequence[Fraction]:
        """Return what each grade is worth a month before it is rounded; arguments as of `amounts`."""
        return [Fraction(int(one)) for one in self.amounts(post_class, reference)]

    def rounded_to(self) -> Fen:
        """Return to what amounts of the table are rounded: whole yuan where it has no others."""
        amounts = [one for name in self.classes for one in self.amounts(name, Fraction(0))]
        return _ONE_FEN if any(one % FEN_PER_YUAN for one in amounts) else Fen(FEN_PER_YUAN)

    def check(self) -> None:  # noqa: D102
        if not self.classes:
            raise PlainError(msg("a grade table names at least one class of post"))
        for name, span in self.classes.items():
            if not 1 <= span.low <= span.high <= self.count():
                raise PlainError(msg("the grades of {name} are not among 1 to {count}", name=name, count=self.count()))
        below, *rest = sorted(self.classes.values(), key=lambda span: span.low)
        reached = below.high
        for span in rest:
            if span.low > reached + 1:
                raise PlainError(
                    msg("no class has the grades {low} to {high} between others", low=reached + 1, high=span.low - 1)
                )
            reached = max(reached, span.high)


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

    def amounts(self, post_class: str, reference: Fraction) -> Sequence[Fen]:  # noqa: D102
        exact = self.exact(post_class, reference)
        return [Fen(round_half_up(one.numerator, one.denominator, int(self.quantum))) for one in exact]

    def exact(self, post_class: str, reference: Fraction) -> Sequence[Fraction]:  # noqa: ARG002, D102
        return [reference * one for one in self.coefficients]

    def rounded_to(self) -> Fen:  # noqa: D102
        return self.quantum

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

    def rounded_to(self) -> Fen:  # noqa: D102
        return self.quantum

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


@attrs.frozen
class ClassAmounts(GradeTable):
    """Plain amounts for each class of post by itself, its lowest grade first; the grades of a class count from 1."""

    tables: Mapping[str, tuple[Fen, ...]]
    gives: Gives = Gives.BASIC

    kind: ClassVar[str] = "class_amounts"

    @property
    def classes(self) -> Mapping[str, Span[int]]:  # type: ignore[override]  # read-only here, as the tables give it
        """The grades of each class."""
        return {name: Span(1, len(table)) for name, table in self.tables.items()}

    def check(self) -> None:  # noqa: D102
        if not self.tables or not all(self.tables.values()):
            raise PlainError(msg("a grade table names at least one class of post"))
        for table in self.tables.values():
            if any(later < earlier for earlier, later in pairwise(table)):
                raise PlainError(msg("amounts don't fall from one grade to the next"))
            if table[0] < 0:
                raise PlainError(msg("it may not be negative"))

    def amounts(self, post_class: str, reference: Fraction) -> Sequence[Fen]:  # noqa: ARG002, D102
        return self.tables[post_class]

    def count(self) -> int:  # noqa: D102
        return max(len(table) for table in self.tables.values())


# --- placement --------------------------------------------------------------------------------------


class Placement(Strategy):
    """Where in the class's grades somebody starts: by years of work, education and certificate (JLW2.4b)."""

    @abstractmethod
    def years_for(self, post_class: str) -> Sequence[int]:
        """Return the years of work that each grade above the class's lowest asks, rising."""

    @abstractmethod
    def education_moves(self) -> Mapping[EducationLevel, int]:
        """Return by how many grades each level of education moves the start."""

    def certificate_moves(self) -> Mapping[CertificateLevel, int]:
        """Return by how many grades each certificate moves the start, for good."""
        return {}


@attrs.frozen
class YearBands(Placement):
    """A grade for each band of years, and so many for education and certificate.

    Attributes:
        years: From how many completed years each grade above the lowest is reached.
        by_class: Other years for some classes of post.
    """

    years: tuple[int, ...]
    education: Mapping[EducationLevel, int] = attrs.field(factory=dict)
    certificate: Mapping[CertificateLevel, int] = attrs.field(factory=dict)
    by_class: Mapping[str, tuple[int, ...]] = attrs.field(factory=dict)

    kind: ClassVar[str] = "year_bands"

    def check(self) -> None:  # noqa: D102
        for years in (self.years, *self.by_class.values()):
            if list(years) != sorted(set(years)) or any(year < 0 for year in years):
                raise PlainError(msg("the years rise from grade to grade"))
        if any(moves < 0 for moves in (*self.education.values(), *self.certificate.values())):
            raise PlainError(msg("it may not be negative"))

    def years_for(self, post_class: str) -> Sequence[int]:  # noqa: D102
        return self.by_class.get(post_class, self.years)

    def education_moves(self) -> Mapping[EducationLevel, int]:  # noqa: D102
        return self.education

    def certificate_moves(self) -> Mapping[CertificateLevel, int]:  # noqa: D102
        return self.certificate


class CountsFrom(StrEnum):
    """From which day years of work count."""

    COMMUNITY_WORK = "community_work"
    """The first day of community work, else the first day in post."""
    ENTRY = "entry"
    """The first day in post."""


class ServiceRule(Strategy):
    """How years of work are counted (JLW2.4b).

    Attributes:
        since: From which day.
        gaps_count: Whether time between two posts counts.
        part_year_counts: Whether a part of a year counts as a whole one.
        failed_years_count: Whether a year assessed as unqualified counts.
    """

    since: CountsFrom
    gaps_count: bool
    part_year_counts: bool
    failed_years_count: bool

    @abstractmethod
    def credited(self) -> Mapping[EducationLevel, int]:
        """Return the years that each level of education counts as."""


@attrs.frozen
class YearsOfService(ServiceRule):
    """Years of work, with what a place counts in or leaves out."""

    since: CountsFrom
    gaps_count: bool
    part_year_counts: bool
    failed_years_count: bool
    education: Mapping[EducationLevel, int] = attrs.field(factory=dict)

    kind: ClassVar[str] = "years_of_service"

    def check(self) -> None:  # noqa: D102
        if any(years < 0 for years in self.education.values()):
            raise PlainError(msg("it may not be negative"))
        if self.since is CountsFrom.COMMUNITY_WORK and not self.gaps_count:
            raise PlainError(msg("gaps are known between posts alone: years that leave them out count from entry"))

    def credited(self) -> Mapping[EducationLevel, int]:  # noqa: D102
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

    def once(self, level: CertificateLevel) -> Fen:  # noqa: ARG002  # subclasses that pay once look at it
        """Return what is paid once, in the month in which the certificate is won."""
        return Fen(0)


@attrs.frozen
class MonthlyAllowance(CertificateEffect):
    """Money every month, for the highest certificate alone."""

    amounts: Mapping[CertificateLevel, Fen]

    kind: ClassVar[str] = "monthly_allowance"

    def check(self) -> None:  # noqa: D102
        if set(self.amounts) != set(CertificateLevel) or any(amount < 0 for amount in self.amounts.values()):
            raise PlainError(msg("an amount for each level of certificate is expected, none negative"))
        if any(higher < lower for lower, higher in pairwise(self.amounts[level] for level in CertificateLevel)):
            raise PlainError(msg("amounts don't fall from one level of certificate to the next"))

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
class OneOff(CertificateEffect):
    """Money once, in the month in which a certificate is won that is higher than those before."""

    amounts: Mapping[CertificateLevel, Fen]

    kind: ClassVar[str] = "one_off"

    def check(self) -> None:  # noqa: D102
        if set(self.amounts) != set(CertificateLevel) or any(amount < 0 for amount in self.amounts.values()):
            raise PlainError(msg("an amount for each level of certificate is expected, none negative"))

    def once(self, level: CertificateLevel) -> Fen:  # noqa: D102
        return self.amounts[level]


@attrs.frozen
class RisingFrom(Bound[CertificateEffect]):
    """If allowances are paid: at least so much a month for the first level, and a gap at each level."""

    least: Fen

    name: ClassVar[str] = "rising_from"

    @classmethod
    def inner(cls, kind: Kind[Any]) -> Kind[Fen]:  # noqa: ARG003, D102  # Any: as Bound says
        return Amounts()

    @classmethod
    def fits(cls, kind: Kind[Any]) -> bool:  # noqa: D102  # Any: as Bound says
        return isinstance(kind, Strategies) and issubclass(kind.base, CertificateEffect)

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


# --- no reduction --------------------------------------------------------------------------------------


class Compared(StrEnum):
    """What of the new system is held against pay before the change-over."""

    STANDARD = "standard"
    """The standard of the grade."""
    STANDARD_AND_CERTIFICATE = "standard_and_certificate"
    """The standard and the certificate allowance."""
    TOTAL = "total"
    """What the month comes to: basic pay, bonus and certificate allowance."""


class NoReduction(Strategy):
    """Which of the two readings of '现高于此标准的保持不降' a place follows (JLW2.4c), and what is compared."""

    compares: Compared
    per_person: ClassVar[bool]


@attrs.frozen
class PersonKept(NoReduction):
    """Nobody's pay falls at the change-over: the line makes up what the new pay is less than before."""

    compares: Compared

    kind: ClassVar[str] = "person"
    per_person: ClassVar[bool] = True


@attrs.frozen
class PlaceKept(NoReduction):
    """A county whose mean was higher doesn't lower it: everybody's new pay is raised by the same share."""

    compares: Compared

    kind: ClassVar[str] = "place"
    per_person: ClassVar[bool] = False

    def check(self) -> None:  # noqa: D102
        if self.compares is Compared.TOTAL:
            raise PlainError(msg("a place's mean is compared by its standard: a month's total moves with the bonus"))


REFERENCE: Final[Parameter[ReferenceWage]] = Parameter(
    name="pay.reference", kind=Strategies(ReferenceWage), clauses=("JLW2.4c",), who=COUNTY, unit="wage",
    doc="Last year's mean pay of management posts in public institutions of the place.", chosen_by="pay.grades",
)
LOCAL_COEFFICIENT: Final[Parameter[Fraction]] = Parameter(
    name="pay.local_coefficient", kind=Fractions(), clauses=("JLW2.4c",), who=LOCAL, unit="factor",
    doc="The factor by which a place brings the average standard to its reference.", chosen_by="pay.grades",
)
AVERAGE_TOLERANCE: Final[Parameter[Fraction]] = Parameter(
    name="pay.average_tolerance", kind=Fractions(1), clauses=("JLW2.4c", "JLG2.4.2"), who=LOCAL, unit="share",
    doc="By which share of the reference the average standard may lie above or below it.",
)
BASE_SHARE: Final[Parameter[Fraction]] = Parameter(
    name="pay.base_share", kind=Fractions(1), clauses=("JLW2.4d",), who=PROVINCE, unit="share",
    doc="The share of the standard that is basic pay; the rest is the performance bonus.", chosen_by="pay.performance",
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
SERVICE: Final[Parameter[ServiceRule]] = Parameter(
    name="pay.service", kind=Strategies(ServiceRule), clauses=("JLW2.4b",), who=LOCAL, unit="years",
    doc="How years of work are counted: from when, gaps, part years, failed years, years credited for education.",
)
NO_REDUCTION: Final[Parameter[NoReduction]] = Parameter(
    name="pay.no_reduction", kind=Strategies(NoReduction), clauses=("JLW2.4c",), who=LOCAL, unit="reading",
    doc="Whether pay that is now higher is kept for the place's average or for each person, and what is compared.",
)
