"""What of a month's pay hangs on class, grade, certificate and assessment alone: worked out once, looked up by all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any, Final, Self, TypeAlias, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.model.pay import Newcomer
from shequ_core.model.posts import CertificateLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.pay import Compared
from shequ_core.policy.performance import PERFORMANCE
from shequ_core.policy.policy import Policy
from shequ_core.rules import pay
from shequ_core.tables.columns import (
    BoolColumn,
    Bools,
    EnumColumn,
    FenColumn,
    IntColumn,
    Ints,
    TextColumn,
    Vocabulary,
    where,
)
from shequ_core.tables.payroll import PayRows
from shequ_core.trace import observer
from shequ_core.values import Span

_CERTIFICATES: Final = len(CertificateLevel)
_GRADES: Final = len(AssessmentGrade)
_MOST: Final = np.iinfo(np.int16).max
"""So many combinations at most: a row's place among them is worked out in 16 bits."""

E = TypeVar("E", bound=Enum)
Narrow: TypeAlias = "npt.NDArray[np.integer[Any]]"


@attrs.frozen(eq=False)
class Monthly:
    """What hangs on class, grade, certificate and assessment alone: a whole month's amounts.

    Attributes:
        grade: The grade after probation and certificate.
        weight: By what one shares in the pool; None where the place's plan divides none.
        bonus: What the plan pays instead; None where a pool is divided.
        with_certificate: Standard and certificate together.
    """

    grade: IntColumn
    standard: FenColumn
    basic: FenColumn
    performance: FenColumn
    weight: IntColumn | None
    bonus: FenColumn | None
    certificate: FenColumn
    with_certificate: FenColumn

    def compared(self, compares: Compared) -> FenColumn:
        """Return what is held against pay before the change-over, of a whole month."""
        return self.standard if compares is Compared.STANDARD else self.with_certificate

    @classmethod
    def of(
        cls,
        post_class: TextColumn,
        grade: IntColumn,
        certificate: EnumColumn[CertificateLevel],
        assessment: EnumColumn[AssessmentGrade],
        policy: Policy,
        newcomer: EnumColumn[Newcomer] | None = None,
    ) -> Self:
        """Work them out, one row a row of the columns."""
        grades = pay.class_grades(post_class, policy)
        outside = ((grade < grades.low) | (grade > grades.high)).true()
        if outside.any():
            grade = grade.unless(outside)  # not moved into the class, as a certificate's move is
        if newcomer is not None:
            grade = pay.probation_grade(grade, newcomer, grades, policy)
        grade = pay.graded_with_certificate(grade, certificate, grades, policy)
        split = pay.split_standard(pay.graded_pay(post_class, grade, policy), post_class, policy)
        divides = policy[PERFORMANCE].divides
        allowance = pay.certificate_allowance(certificate, policy)
        return cls(
            grade=grade,
            standard=split.standard,
            basic=split.basic,
            performance=split.performance,
            weight=pay.pool_weight(split.performance, assessment, policy) if divides else None,
            bonus=None if divides else pay.personal_bonus(split.performance, assessment, policy),
            certificate=allowance,
            with_certificate=split.standard + allowance,
        )

    def look_up(self, places: Ints) -> Self:
        """Return the rows named."""
        return self._each(lambda column: column.look_up(places))

    def bare(self) -> Self:
        """Return the same with everything known, what isn't in the place's table too."""
        return self._each(lambda column: column._like(column.values, None))

    def but(self, rows: Ints, others: Self) -> Self:
        """Return the same with other amounts in some rows."""
        count = len(self.grade)
        at, there = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.bool_)
        at[rows], there[rows] = np.arange(len(rows)), True
        spread = others.look_up(at)

        def chosen(name: str) -> Any:  # Any: columns of amounts and of numbers
            mine = getattr(self, name)
            return mine if mine is None else where(BoolColumn(there), getattr(spread, name), mine)

        return type(self)(**{field.name: chosen(field.name) for field in attrs.fields(type(self))})

    def _each(self, change: Callable[[Any], Any]) -> Self:  # Any: columns of amounts and of numbers
        return type(self)(
            grade=change(self.grade),
            standard=change(self.standard),
            basic=change(self.basic),
            performance=change(self.performance),
            weight=None if self.weight is None else change(self.weight),
            bonus=None if self.bonus is None else change(self.bonus),
            certificate=change(self.certificate),
            with_certificate=change(self.with_certificate),
        )


@attrs.frozen(eq=False)
class Combinations:
    """The monthly amounts of every combination, and how a row finds its own."""

    monthly: Monthly
    bare: Monthly
    there: Bools
    all_there: bool
    low: int
    span: int

    @classmethod
    def of(cls, rows: PayRows, policy: Policy) -> Self | None:
        """Work them out; None where the rows are fewer than the combinations, or somebody watches one of them."""
        low, high = int(rows.grade.values.min()), int(rows.grade.values.max())
        size = combinations(rows.post_class.vocabulary, Span(low, high))
        watching = observer()
        watched = watching is not None and watching.by_row
        wide = size > _MOST or max(abs(low), abs(high)) > _MOST
        if wide or size > len(rows) or watched or rows.post_class.known is not None:
            return None
        return cls.over(rows.post_class.vocabulary, Span(low, high), policy)

    @classmethod
    def over(cls, classes: Iterable[str], grades: Span[int], policy: Policy) -> Self:
        """Work out those of some classes of post and grades, for whoever looks rows up by `place`."""
        texts = classes if isinstance(classes, Vocabulary) else Vocabulary(classes)
        low, span = grades.low, grades.high - grades.low + 1
        place = np.arange(combinations(texts, grades))
        place, assessment = np.divmod(place, _GRADES + 1)
        place, certificate = np.divmod(place, _CERTIFICATES + 1)
        post_class, grade = np.divmod(place, span)
        monthly = Monthly.of(
            TextColumn(post_class, None, texts),
            IntColumn(grade + low),
            EnumColumn(certificate - 1, certificate > 0, CertificateLevel),
            EnumColumn(assessment - 1, assessment > 0, AssessmentGrade),
            policy,
        )
        return cls(monthly=monthly, bare=monthly.bare(), there=monthly.standard.mask(),
                   all_there=monthly.standard.known is None, low=low, span=span)

    def place(self, post_class: Narrow, grade: Narrow, certificate: Narrow, assessment: Narrow) -> Narrow:
        """Return where each row's combination stands.

        Args:
            post_class: Its place among the classes.
            grade: The grade before what a certificate moves.
            certificate: Its place in the enum from 1, 0 for none; the assessment likewise.
        """
        narrow = grade.astype(np.int16)  # four times as many in each step of the processor
        narrow -= self.low
        narrow += post_class.astype(np.int16) * self.span
        narrow *= _CERTIFICATES + 1
        narrow += certificate
        narrow *= _GRADES + 1
        narrow += assessment
        return narrow

    def rows_of(self, rows: PayRows) -> Monthly:
        """Look every row's combination up."""
        one_class = len(rows.post_class.vocabulary) == 1
        post_class = np.zeros(1, dtype=np.int16) if one_class else rows.post_class.values
        narrow = self.place(post_class, rows.grade.values, _code(rows.certificate), _code(rows.assessment))
        place = narrow.astype(np.int64)
        # A class and grade that the table has not got is told by what is unknown; else no mask is carried along.
        return (self.bare if self.all_there or self.there[place].all() else self.monthly).look_up(place)


def combinations(classes: Sequence[str], grades: Span[int]) -> int:
    """Return how many combinations there are."""
    return len(classes) * (grades.high - grades.low + 1) * (_CERTIFICATES + 1) * (_GRADES + 1)


def no_money(rows: int) -> FenColumn:
    """Return nothing, in whole fen, for every row; one nothing stands for all of them."""
    return FenColumn(np.broadcast_to(np.int64(0), rows))


def _code(column: EnumColumn[E]) -> npt.NDArray[np.int8]:
    """Return each member's place from 1, and 0 for an unknown."""
    code = column.values.astype(np.int8)
    code += 1
    if column.known is not None:
        code *= column.known
    return code
