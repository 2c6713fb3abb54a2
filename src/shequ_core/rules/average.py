"""The average standard against its reference, and the grades that would meet it (JLW2.4c).

Nothing here is rounded but what a proposal pays: a mean is a sum and a count, a reference an exact fraction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import attrs
import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.policy.pay import (
    AVERAGE_TOLERANCE,
    BASE_SHARE,
    GRADES,
    LOCAL_COEFFICIENT,
    REFERENCE,
    Gives,
)
from shequ_core.policy.performance import PERFORMANCE
from shequ_core.policy.policy import Policy
from shequ_core.rules.pay import split_standard
from shequ_core.tables.columns import FenColumn, IntColumn, TextColumn, where
from shequ_core.values import Fen, round_half_up


@attrs.frozen
class Average:
    """A mean as exact as it is: total / people."""

    total: Fen
    people: int

    @property
    def mean(self) -> Fraction:
        """The mean in exact fen; there has to be somebody."""
        return Fraction(int(self.total), self.people)


@attrs.frozen
class Proposal:
    """Amounts of grades that would bring the average standard to its reference.

    Attributes:
        factor: By what every amount is multiplied, before it is rounded.
        amounts: For each class of post that somebody is in, what each grade of the table would be worth, grade 1 first.
        average: The average standard that these amounts give.
        coefficient: The local coefficient that does it, for a table that uses one.
    """

    factor: Fraction
    amounts: Mapping[str, tuple[Fen, ...]]
    average: Average
    coefficient: Fraction | None = None


@implements("JLW2.4c")
def average_standard(standard: FenColumn) -> Average:
    """The average standard of people, as sum and count; who has no known standard is left out of both.

    "薪酬平均标准": each post holder counts once, with the standard of the own grade, whatever the pool or an
    allowance adds.
    """
    known = standard.mask()
    return Average(Fen(int(standard.values[known].sum())), int(known.sum()))


@implements("JLW2.4c", "JLG2.4.2", needs=(REFERENCE,))
def average_reference(post_class: TextColumn, policy: Policy) -> Fraction:
    """The reference of a month, in exact fen, that the average of people of these classes follows; at least one.

    Reading:
        "参照当地上年度事业单位管理岗位人员平均工资水平": where a place has a factor for some classes, the
        reference of all is the mean over the people of each class.
    """
    reference = policy[REFERENCE]
    total = sum((reference.monthly(name) * count for name, count in _classes(post_class)), Fraction(0))
    return total / len(post_class)


@implements("JLW2.4c", "JLG2.4.2")
def inside_tolerance(average: Average, reference: Fraction, policy: Policy) -> bool | None:
    """Whether an average lies within the place's tolerance of its reference; None where the place has none.

    Reading:
        "参照…核定" asks that the mean follow the reference and doesn't say how closely: a tolerance is the
        place's. It holds on both sides, its ends included.
    """
    tolerance = policy.get(AVERAGE_TOLERANCE)
    if tolerance is None:
        return None
    return abs(average.mean - reference) <= tolerance * reference


@implements("JLW2.4c", "JLG2.4.2", needs=(GRADES, REFERENCE, PERFORMANCE))
def proposed_grades(post_class: TextColumn, grade: IntColumn, policy: Policy) -> Proposal | None:
    """Amounts of grades that would meet the reference with the people as they are; None where no factor does.

    A table of coefficients keeps them, and the local coefficient meets the reference exactly; of a table of
    amounts each is multiplied and rounded as the table is. What rounding leaves is in the proposal's average.

    Args:
        grade: The grade by which each person is paid.
    """
    table, reference = policy[GRADES], policy[REFERENCE]
    uses = REFERENCE.name in table.uses
    local = policy[LOCAL_COEFFICIENT] if uses else Fraction(1)
    graded, wanted, sums = Fraction(0), Fraction(0), Fraction(0)
    plan = policy[PERFORMANCE]
    for name, of_class in _classes(post_class):
        worth = table.exact(name, reference.monthly(name) * local)
        held = np.bincount(grade.values[(post_class == name).true()], minlength=len(worth) + 1).tolist()
        graded += sum((amount * count for amount, count in zip(worth, held[1:], strict=False)), Fraction(0))
        wanted += reference.monthly(name) * of_class
        sums += int(plan.monthly(name) or 0) * of_class
    if table.gives is Gives.BASIC:
        shared = all(plan.monthly(name) is None for name, _ in _classes(post_class))
        wanted = wanted * policy[BASE_SHARE] if shared else wanted - sums
    if graded <= 0 or wanted <= 0:
        return None
    factor = wanted / graded
    amounts = {}
    for name, _ in _classes(post_class):
        if uses:
            amounts[name] = tuple(table.amounts(name, reference.monthly(name) * local * factor))
        else:
            exact = [int(one) * factor for one in table.amounts(name, Fraction(0))]
            amounts[name] = tuple(
                Fen(round_half_up(one.numerator, one.denominator, int(table.rounded_to()))) for one in exact
            )
    paid = FenColumn(np.zeros(len(grade), dtype=np.int64), np.zeros(len(grade), dtype=np.bool_))
    for name, told in amounts.items():
        paid = where(post_class == name, grade.pick_fen(told, first=1), paid)
    return Proposal(
        factor=factor,
        amounts=amounts,
        average=average_standard(split_standard(paid, post_class, policy).standard),
        coefficient=local * factor if uses else None,
    )


def _classes(post_class: TextColumn) -> Iterator[tuple[str, int]]:
    """Yield each class that somebody is in, and how many are, in the order of their names."""
    counts = np.bincount(post_class.values, minlength=len(post_class.vocabulary)).tolist()
    yield from sorted((name, count) for name, count in zip(post_class.vocabulary, counts, strict=True) if count)
