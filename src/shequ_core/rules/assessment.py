"""From scores to the four grades, and what a grade leads to (JLW2.9)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from shequ_core.law.carrying import implements
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.assessment import PROPOSALS, SCHEME, Criterion, Proposal
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import EnumColumn, IntColumn, coalesce, where
from shequ_core.values import POINT, common_denominator


@implements("JLW2.9b", "JLW2.9c", needs=(SCHEME,))
def scored_grade(
    residents: IntColumn, organisation: IntColumn, daily: IntColumn, annual: IntColumn, policy: Policy
) -> EnumColumn[AssessmentGrade]:
    """The grade that follows from the four scores; unknown where one of them is.

    "群众评议与组织考评相结合、日常考核与年度考核相结合": a weighted mean of all four, held exactly
    against the fewest points of each grade ("优秀、合格、基本合格、不合格四个等次").

    Args:
        residents: Residents' judgement, in hundredths of a point; the others likewise.
    """
    scheme = policy[SCHEME]
    scores = {
        Criterion.RESIDENTS: residents,
        Criterion.ORGANISATION: organisation,
        Criterion.DAILY: daily,
        Criterion.ANNUAL: annual,
    }
    weights = scheme.weights()
    scale = common_denominator(weights.values())
    total = residents.fill(0)
    for criterion, score in scores.items():
        total = total + score * int(weights[criterion] * scale)
    last = list(AssessmentGrade)[-1]
    grade = EnumColumn(total.fill(list(AssessmentGrade).index(last)).values, total.known, AssessmentGrade)
    for better, points in sorted(scheme.least_points().items(), key=lambda one: one[1]):
        place = list(AssessmentGrade).index(better)
        reached = EnumColumn(total.fill(place).values, total.known, AssessmentGrade)
        grade = where(total >= points * POINT * scale, reached, grade)
    return grade


@implements("JLW2.9c")
def assessed_grade(
    decided: EnumColumn[AssessmentGrade], scored: EnumColumn[AssessmentGrade]
) -> EnumColumn[AssessmentGrade]:
    """The grade that counts: what the subdistrict decided, else what the scores say."""
    return coalesce(decided, scored)


@implements("JLW2.9d", needs=(PROPOSALS,))
def proposed(grade: EnumColumn[AssessmentGrade], policy: Policy) -> EnumColumn[Proposal]:
    """What the grade makes the system propose for renewal or dismissal: a proposal, never a decision.

    "考核结果作为…续聘解聘…的重要依据".
    """
    table = policy[PROPOSALS]
    members = list(Proposal)
    codes = grade.order().pick([members.index(table[one]) for one in AssessmentGrade])
    return EnumColumn(codes.values, codes.known, Proposal)


def exact_weights(
    weights: Mapping[AssessmentGrade, Fraction], unassessed: Fraction
) -> tuple[list[int], int, int]:
    """Return weights as whole numbers in the same proportions: by grade, for nobody's grade, and what counts as 1."""
    scale = common_denominator((unassessed, *weights.values()))
    return [int(weights[grade] * scale) for grade in AssessmentGrade], int(unassessed * scale), scale
