"""Grades, basic pay, the subdistrict's pool, allowances (JLW2.4).

Money is whole fen. The standard is rounded once, to the grade table's quantum; the split is a part
and the rest; the pool is divided by largest remainder. So every line adds up.
"""

from __future__ import annotations

from fractions import Fraction

import attrs
import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.pay import (
    BASE_SHARE,
    BONUS_WEIGHTS,
    CERTIFICATE,
    GRADES,
    LOCAL_COEFFICIENT,
    NO_REDUCTION,
    PERFORMANCE,
    PLACEMENT,
    REFERENCE,
    UNASSESSED_WEIGHT,
    YEARLY_STEP,
    Gives,
    NoReduction,
)
from shequ_core.policy.policy import Policy
from shequ_core.rules.assessment import exact_weights
from shequ_core.tables.columns import (
    BoolColumn,
    DateColumn,
    EnumColumn,
    FenColumn,
    IntColumn,
    Ints,
    TextColumn,
    maximum,
    minimum,
    where,
)
from shequ_core.tables.groups import Groups, Shares, divide
from shequ_core.values import Fen, Span


@implements("JLW2.4a", needs=(GRADES,))
def class_grades(post_class: TextColumn, policy: Policy) -> Span[IntColumn]:
    """The grades of each person's class of post; unknown where the place has no such class.

    "分为社区正职、其他‘两委’成员和普通工作人员三类": three classes here, others where a place has others.
    """
    classes = policy[GRADES].classes
    table = [classes.get(name) for name in post_class.vocabulary]
    known = np.array([*(span is not None for span in table), False], dtype=np.bool_)[post_class.values]

    def column(numbers: list[int]) -> IntColumn:
        return IntColumn(np.array([*numbers, 0], dtype=np.int64)[post_class.values], known & post_class.mask())

    return Span(
        column([0 if span is None else span.low for span in table]),
        column([0 if span is None else span.high for span in table]),
    )


@implements("JLW2.4b", needs=(PLACEMENT,))
def placed_grade(
    grades: Span[IntColumn], years: IntColumn, education: EnumColumn[EducationLevel], policy: Policy
) -> IntColumn:
    """The grade in which somebody is placed, by class, years of work and education, within the class.

    Args:
        years: Completed years of work.
        education: The highest level; unknown moves nobody.
    """
    placement = policy[PLACEMENT]
    grade = grades.low
    for asked in placement.years_for():
        grade = grade + _count(years >= asked)
    moves = placement.education_moves()
    moved = education.order().pick([moves.get(level, 0) for level in EducationLevel]).filled(0)
    return minimum(grade + moved, grades.high)


def _count(condition: BoolColumn) -> IntColumn:
    return IntColumn(condition.values.astype(np.int64), condition.known)


@implements("JLW2.9d", "JLW2.4b", needs=(YEARLY_STEP, PLACEMENT))
def stepped_grade(
    placed: IntColumn,
    years: IntColumn,
    last_grade: EnumColumn[AssessmentGrade],
    grades: Span[IntColumn],
    policy: Policy,
    *,
    ahead: IntColumn,
) -> IntColumn:
    """The grade after one turn of the year.

    A step is due once the years of work reach what the next grade asks, and the year's assessment was
    good enough; without an assessment nobody steps.

    Args:
        placed: The grade until now.
        years: Completed years of work on 1 January.
        last_grade: The assessment of the year that ended.
        grades: The grades of the person's class.
        ahead: By how many grades the person stands off from what years alone would give (see `lead`).
    """
    step = policy[YEARLY_STEP]
    asked = policy[PLACEMENT].years_for()
    reached = grades.low
    for one in asked:
        reached = reached + _count(years >= one)
    good = last_grade.is_in(step.after)
    good = BoolColumn(good.true())
    due = good & (reached + ahead > placed)
    return where(due, minimum(placed + step.grades, grades.high), placed)


@implements("JLW2.4b", needs=(PLACEMENT,))
def lead(placed: IntColumn, years: IntColumn, grades: Span[IntColumn], policy: Policy) -> IntColumn:
    """By how many grades somebody stands above what years alone would give: for education, or as it was decided."""
    reached = grades.low
    for one in policy[PLACEMENT].years_for():
        reached = reached + _count(years >= one)
    return placed - reached


@implements("JLW2.4g")
def graded_with_certificate(
    grade: IntColumn, certificate: EnumColumn[CertificateLevel], grades: Span[IntColumn], policy: Policy
) -> IntColumn:
    """The grade after what the highest certificate moves, where the place's scheme moves grades."""
    effect = policy.get(CERTIFICATE)
    if effect is None:
        return grade
    moves = certificate.order().pick([effect.grade_moves(level) for level in CertificateLevel]).filled(0)
    return minimum(grade + moves, grades.high)


@implements("JLW2.4b", "JLW2.4c", needs=(GRADES,))
def graded_pay(post_class: TextColumn, grade: IntColumn, policy: Policy) -> FenColumn:
    """What each person's grade is worth a month by the place's table.

    "参照当地上年度事业单位管理岗位人员平均工资水平核定": tables of coefficients are applied to the
    reference times the local coefficient; tables of amounts stand for themselves.
    """
    table = policy[GRADES]
    uses_reference = REFERENCE.name in table.uses
    amount = FenColumn(np.zeros(len(grade), dtype=np.int64), np.zeros(len(grade), dtype=np.bool_))
    for name in table.classes:
        reference = policy[REFERENCE].monthly(name) * policy[LOCAL_COEFFICIENT] if uses_reference else Fraction(0)
        worth = grade.pick_fen(table.amounts(name, reference), first=1)
        amount = where(post_class == name, worth, amount)
    return amount


@attrs.frozen
class Split:
    """A standard and its two parts."""

    standard: FenColumn
    basic: FenColumn
    performance: FenColumn

    def row(self, index: int) -> dict[str, Fen | None]:
        """Return one row's three amounts."""
        return {
            "standard": self.standard.row(index),
            "basic": self.basic.row(index),
            "performance": self.performance.row(index),
        }


@implements("JLW2.4d", "JLW2.4e", needs=(BASE_SHARE,))
def split_standard(graded: FenColumn, policy: Policy) -> Split:
    """Basic pay and the performance share of each person's own grade.

    "基础报酬占70%,与本人岗位等级相对应;绩效奖金占30%": basic pay is rounded, the performance share is
    the rest, so both add up to the standard. Where the table gives basic pay, the standard is what
    has it as its share.
    """
    share = policy[BASE_SHARE]
    if policy[GRADES].gives is Gives.BASIC:
        standard = graded.scaled(1 / share)
        return Split(standard, graded, standard - graded)
    basic = graded.scaled(share)
    return Split(graded, basic, graded - basic)


@implements("JLW2.4f", needs=(PERFORMANCE, BONUS_WEIGHTS, UNASSESSED_WEIGHT))
def pool_weight(performance: FenColumn, latest: EnumColumn[AssessmentGrade], policy: Policy) -> IntColumn:
    """By what each person shares in the pool: the own performance share times the weight of the assessment.

    Reading:
        "根据绩效考核结果进行分配": the result is the latest grade known at payday; who has none yet
        has the weight that the place gives the unassessed.
    """
    by_grade, unassessed = exact_weights(policy[BONUS_WEIGHTS], policy[UNASSESSED_WEIGHT])
    weight = latest.order().pick(by_grade).filled(unassessed)
    return IntColumn(performance.values, performance.known) * weight


@implements("JLW2.4f", needs=(PERFORMANCE,))
def pool_shares(performance: FenColumn, weight: IntColumn, subdistrict: Groups, rank: Ints) -> Shares:
    """Each person's bonus: the subdistrict's pool divided by weight.

    "绩效奖金…按核定的总量一并下达给街道(乡镇),由街道(乡镇)根据绩效考核结果进行分配": the pool is the
    performance shares of exactly those who are in it, and what is distributed sums to it, to the fen.
    Where all weights are zero nobody gets anything and the pool is reported as undistributed.
    """
    return divide(subdistrict.sum_fen(performance), weight, subdistrict, rank)


@implements("JLW2.4g")
def certificate_allowance(certificate: EnumColumn[CertificateLevel], policy: Policy) -> FenColumn:
    """The monthly allowance for each person's highest certificate; none where the place has no scheme (可)."""
    effect = policy.get(CERTIFICATE)
    amounts = [Fen(0) if effect is None else effect.monthly(level) for level in CertificateLevel]
    return certificate.order().pick_fen(amounts).filled(Fen(0))


@implements("JLW2.4c")
def kept_difference(former: FenColumn, now: FenColumn, policy: Policy) -> FenColumn:
    """What is added so that nobody's pay falls at the change-over, where the place reads the clause so.

    Reading:
        "现高于此标准的保持不降" can mean the place's average or each person. Only where the place has
        said 'person' is there a line; unset, there is none, and a finding says so.

    Args:
        former: Monthly pay before the change-over; unknown for who wasn't there: no line.
        now: Monthly pay by the new system that is compared with it.
    """
    if policy.get(NO_REDUCTION) is not NoReduction.PERSON:
        return now.fill(Fen(0))
    return maximum(former - now, Fen(0)).filled(Fen(0))


def years_of_work(worked_since: DateColumn, in_post_since: DateColumn, on: DateColumn) -> IntColumn:
    """Completed years of community work on a day, from the first day of it, else from the first day in post."""
    start = where(worked_since.is_known(), worked_since, in_post_since)
    return maximum(start.completed_years(on), 0)
