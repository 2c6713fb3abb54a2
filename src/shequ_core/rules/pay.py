"""Grades, basic pay, the subdistrict's pool, allowances (JLW2.4).

Money is whole fen. The standard is rounded once, to the grade table's quantum; the split is a part
and the rest; the pool is divided by largest remainder. So every line adds up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Final

import attrs
import numpy as np

from shequ_core.errors import StrategyError, msg
from shequ_core.law.carrying import implements
from shequ_core.model.leave import LeaveKind
from shequ_core.model.pay import Newcomer
from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.month import DAY_BASIS, LEAVE_SHARES, PROBATION
from shequ_core.policy.pay import (
    BASE_SHARE,
    CERTIFICATE,
    GRADES,
    LOCAL_COEFFICIENT,
    NO_REDUCTION,
    PLACEMENT,
    REFERENCE,
    SERVICE,
    YEARLY_STEP,
    Gives,
)
from shequ_core.policy.performance import AWARD, PERFORMANCE
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
    divided,
    maximum,
    minimum,
    where,
)
from shequ_core.tables.groups import Groups, Shares, divide
from shequ_core.values import MONTHS_PER_YEAR, Fen, Span, common_denominator

MOST_WEIGHT: Final = 10**8
"""Weights as whole numbers are below this: amount x weight, summed over a subdistrict, fits into 64 bits."""

# --- grades -----------------------------------------------------------------------------------------


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


@implements("JLW2.4b", needs=(SERVICE,))
def service_years(
    months: IntColumn, over: BoolColumn, failed: IntColumn, education: EnumColumn[EducationLevel], policy: Policy
) -> IntColumn:
    """Years of work (工作年限) as the place counts them.

    Args:
        months: Completed months of work, from the day and with the gaps that the place counts.
        over: Whether there are days beyond them.
        failed: In how many of those years the assessment was unqualified.
        education: The highest level, for places that credit years for it; unknown credits none.
    """
    rule = policy[SERVICE]
    counted = months if rule.failed_years_count else months - failed * MONTHS_PER_YEAR
    years = counted // MONTHS_PER_YEAR
    if rule.part_year_counts:
        years = years + _count((counted % MONTHS_PER_YEAR > 0) | over)
    credited = rule.credited()
    if credited:
        years = years + education.order().pick([credited.get(level, 0) for level in EducationLevel]).filled(0)
    return maximum(years, 0)


@implements("JLW2.4b", needs=(PLACEMENT,))
def placed_grade(
    grades: Span[IntColumn],
    post_class: TextColumn,
    years: IntColumn,
    education: EnumColumn[EducationLevel],
    certificate: EnumColumn[CertificateLevel],
    policy: Policy,
) -> IntColumn:
    """The grade in which somebody is placed, by class, years of work, education and certificate, within the class.

    Args:
        years: Years of work, as `service_years` counts them.
        education: The highest level; unknown moves nobody.
        certificate: The highest certificate; unknown moves nobody.
    """
    grade = grades.low + _reached(post_class, years, policy)
    return minimum(grade + placement_moves(education, certificate, policy), grades.high)


def placement_moves(
    education: EnumColumn[EducationLevel], certificate: EnumColumn[CertificateLevel], policy: Policy
) -> IntColumn:
    """Return by how many grades education and certificate move the start; unknown moves nobody."""
    placement = policy[PLACEMENT]
    moves, more = placement.education_moves(), placement.certificate_moves()
    moved = education.order().pick([moves.get(level, 0) for level in EducationLevel]).filled(0)
    if more:
        moved = moved + certificate.order().pick([more.get(level, 0) for level in CertificateLevel]).filled(0)
    return moved


def _reached(post_class: TextColumn, years: IntColumn, policy: Policy) -> IntColumn:
    """Return how many grades above the class's lowest the years have reached."""
    placement = policy[PLACEMENT]
    steps = [np.array(placement.years_for(name), dtype=np.int64) for name in post_class.vocabulary]
    last = max((int(one[-1]) for one in steps if len(one)), default=0)  # beyond it nothing is reached any more
    most = min(last, int(years.values.max(initial=0)))
    table = np.zeros((len(steps) + 1, most + 1), dtype=np.int64)  # the last row: no class that is known
    for row, one in enumerate(steps):
        table[row] = np.searchsorted(one, np.arange(most + 1), side="right")
    place = post_class.values * (most + 1)
    place += years.values.clip(0, most)
    return IntColumn(table.ravel()[place], years.known)


def _count(condition: BoolColumn) -> IntColumn:
    return IntColumn(condition.values.astype(np.int64), condition.known)


@implements("JLW2.9d", "JLW2.4b", needs=(YEARLY_STEP, PLACEMENT))
def stepped_grade(
    placed: IntColumn,
    post_class: TextColumn,
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
        years: Years of work on 1 January.
        last_grade: The assessment of the year that ended.
        grades: The grades of the person's class.
        ahead: By how many grades the person stands off from what years alone would give (see `lead`).
    """
    step = policy[YEARLY_STEP]
    reached = grades.low + _reached(post_class, years, policy)
    good = BoolColumn(last_grade.is_in(step.after).true())
    due = good & (reached + ahead > placed)
    return where(due, minimum(placed + step.grades, grades.high), placed)


def stepped_through(
    placed: IntColumn, post_class: TextColumn, start: DateColumn, turns: Iterable[int],
    years: Callable[[DateColumn], IntColumn], last_grade: Callable[[int], EnumColumn[AssessmentGrade]],
    grades: Span[IntColumn], policy: Policy, *, ahead: IntColumn,
) -> IntColumn:
    """The grade after every turn of a year since it was given, each as `stepped_grade` says.

    Args:
        placed: The grade in which somebody was placed.
        start: From when it counts: turns up to that day change nothing.
        turns: The years into which one turns, in their order.
        years: What tells the years of work on a day of each row.
        last_grade: What tells the assessments of a year.
        grades: The grades of the person's class.
        ahead: As for `stepped_grade`.
    """
    grade = placed
    for turn in turns:
        january = start.fill(date(turn, 1, 1))
        last = last_grade(turn - 1)
        stepped = stepped_grade(grade, post_class, years(january), last, grades, policy, ahead=ahead)
        grade = where(start < january, stepped, grade)
    return grade


@implements("JLW2.4b", needs=(PLACEMENT,))
def lead(
    placed: IntColumn, post_class: TextColumn, years: IntColumn, grades: Span[IntColumn], policy: Policy
) -> IntColumn:
    """By how many grades somebody stands above what years alone would give: for education, or as it was decided."""
    return placed - (grades.low + _reached(post_class, years, policy))


@implements("JLW2.4b", needs=(PROBATION,))
def probation_grade(
    grade: IntColumn, newcomer: EnumColumn[Newcomer], grades: Span[IntColumn], policy: Policy
) -> IntColumn:
    """The grade of somebody on probation, not below the class; who isn't keeps the own grade.

    Args:
        newcomer: On what footing the person is on probation; unknown for who isn't.
    """
    rule = policy[PROBATION]
    lower = newcomer.order().pick([rule.grades_lower(one) for one in Newcomer]).filled(0)
    return maximum(grade - lower, grades.low)


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


# --- what a grade is worth --------------------------------------------------------------------------


@implements("JLW2.4b", "JLW2.4c", needs=(GRADES,))
def graded_pay(post_class: TextColumn, grade: IntColumn, policy: Policy) -> FenColumn:
    """What each person's grade is worth a month by the place's table; unknown for a grade that isn't in it.

    "参照当地上年度事业单位管理岗位人员平均工资水平核定": tables of coefficients are applied to the
    reference times the local coefficient; tables of amounts stand for themselves.
    """
    known = {name: policy.once((GRADES, name), partial(_amounts, name, policy)) for name in post_class.vocabulary}
    if len(known) == 1:
        (amounts,) = known.values()
        return grade.pick_fen(amounts, first=1).unless(~post_class.mask())
    amount = FenColumn(np.zeros(len(grade), dtype=np.int64), np.zeros(len(grade), dtype=np.bool_))
    for name, amounts in known.items():
        amount = where(post_class == name, grade.pick_fen(amounts, first=1), amount)
    return amount


def _amounts(post_class: str, policy: Policy) -> Sequence[Fen]:
    """Return what the grades of a class are worth, none where the table has no such class."""
    table = policy[GRADES]
    if post_class not in table.classes:
        return ()
    uses_reference = REFERENCE.name in table.uses
    reference = policy[REFERENCE].monthly(post_class) * policy[LOCAL_COEFFICIENT] if uses_reference else Fraction(0)
    return table.amounts(post_class, reference)


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


@implements("JLW2.4d", "JLW2.4e", needs=(PERFORMANCE, BASE_SHARE))
def split_standard(graded: FenColumn, post_class: TextColumn, policy: Policy) -> Split:
    """Basic pay and the performance share of each person's own grade.

    "基础报酬占70%,与本人岗位等级相对应;绩效奖金占30%": basic pay is rounded, the performance share is
    the rest, so both add up to the standard. Where the table gives basic pay, the standard is what
    has it as its share. A place whose plan pays sums of its own has no share: its table and the sums stand.
    """
    plan, gives = policy[PERFORMANCE], policy[GRADES].gives
    sums = [plan.monthly(name) for name in post_class.vocabulary]
    if all(one is None for one in sums):
        share = policy[BASE_SHARE]
        if gives is Gives.BASIC:
            standard = graded.scaled(1 / share)
            return Split(standard, graded, standard - graded)
        basic = graded.scaled(share)
        return Split(graded, basic, graded - basic)
    own = IntColumn(post_class.values, post_class.known).pick_fen([one or Fen(0) for one in sums])
    if gives is Gives.BASIC:
        return Split(graded + own, graded, own)
    own = minimum(own, graded)
    return Split(graded, graded - own, own)


@implements("JLW2.4b", needs=(PROBATION,))
def probation_basic(
    basic: FenColumn, newcomer: EnumColumn[Newcomer], mean_of: FenColumn, people: IntColumn, policy: Policy
) -> FenColumn:
    """The basic pay of somebody on probation: a share of the county's mean, where the place pays so.

    Args:
        newcomer: On what footing the person is on probation; unknown for who isn't.
        mean_of: The basic pay of a whole month of all post holders of the county who aren't on probation.
        people: How many they are; where there are none, a share of their mean is unknown.
    """
    rule = policy[PROBATION]
    for one in Newcomer:
        share = rule.share_of_mean(one)
        if share is None:
            continue
        known = (people.values > 0) & people.mask() & mean_of.mask()
        counted = np.where(known, people.values, 1)
        paid = FenColumn(divided(share.numerator * mean_of.values, share.denominator * counted), known)
        basic = where(BoolColumn((newcomer == one).true()), paid, basic)
    return basic


# --- parts of a month -------------------------------------------------------------------------------


@attrs.frozen(eq=False)
class MonthShares:
    """Which share of the month each part is paid: share / of."""

    share: IntColumn
    of: IntColumn

    def row(self, index: int) -> dict[str, int | None]:
        """Return one row's share."""
        return {"share": self.share.row(index), "of": self.of.row(index)}


@implements("JLW2.4e", needs=(DAY_BASIS,))
def month_shares(
    days: IntColumn, leave: EnumColumn[LeaveKind], person: Groups, whole: int, policy: Policy
) -> MonthShares:
    """Which share of the month is paid for each part of it in which nothing changed.

    Who is there the whole month is paid the whole month, whatever the place's day basis. Otherwise the
    days are paid by the basis, or what is missed is taken off by it; the parts never come to more than
    the month. Leave counts with the share of pay that goes on.

    Args:
        days: The days of the part that the basis counts, at most `whole` for a person in all.
        leave: On which leave the part is; unknown for none.
        person: Whose part it is.
        whole: How many such days the month has.
    """
    basis = policy[DAY_BASIS]
    paid, scale = days, 1
    if leave.mask().any():
        shares = policy[LEAVE_SHARES]
        scale = common_denominator(shares.values())
        goes_on = leave.order().pick([int(shares[one] * scale) for one in LeaveKind]).filled(scale)
        paid = days * goes_on
    total = IntColumn(person.sum_int(paid).values[person.at])
    month = basis.days(whole)
    if not month:
        raise StrategyError(basis, "days", msg("a month has days"))
    parts, by = month.numerator * scale, month.denominator
    if basis.deducts:
        missed = total.fill(whole * scale) - total
        left = maximum(total.fill(parts) - missed * by, 0)
        counted = BoolColumn((missed.values == 0) | (total.values == 0))
        return MonthShares(
            where(counted, paid, paid * left), maximum(where(counted, total, total * parts), 1)
        )
    is_whole = BoolColumn((total.values == whole * scale) | (total.values * by > parts))
    return MonthShares(where(is_whole, paid, paid * by), maximum(where(is_whole, total, total.fill(parts)), 1))


@implements("JLW2.4e")
def prorated(amount: FenColumn, before: IntColumn, after: IntColumn, parts: IntColumn) -> FenColumn:
    """What an amount of a whole month comes to for the part from before / parts to after / parts of it.

    Each end is rounded half up and the part is their difference: parts of one amount add up to the amount.
    """
    known = amount.mask() & before.mask() & after.mask() & parts.mask()
    whole = np.where(known, parts.values, 1)
    until = divided(amount.values * after.values, whole)
    return FenColumn(until - divided(amount.values * before.values, whole), known)


# --- performance ------------------------------------------------------------------------------------


@implements("JLW2.4f", needs=(PERFORMANCE,))
def pool_weight(performance: FenColumn, latest: EnumColumn[AssessmentGrade], policy: Policy) -> IntColumn:
    """By what each person shares in the pool: the own performance share times the weight of the assessment.

    Reading:
        "根据绩效考核结果进行分配": the result is the latest grade known at payday; who has none yet
        has the weight that the place gives the unassessed.
    """
    by_grade, unassessed, _ = _weights(policy)
    weight = latest.order().pick(by_grade).filled(unassessed)
    return IntColumn(performance.values, performance.known) * weight


def _weights(policy: Policy) -> tuple[list[int], int, int]:
    return policy.once(PERFORMANCE, partial(_made_whole, policy))


def _made_whole(policy: Policy) -> tuple[list[int], int, int]:
    """Return the plan's weights as whole numbers; `StrategyError` where a plugin's plan has none that can be used."""
    plan = policy[PERFORMANCE]
    by_grade, unassessed = plan.weights(policy)
    missing = tuple(grade for grade in AssessmentGrade if grade not in by_grade)
    if missing:
        raise StrategyError(plan, "weights", msg("{missing} is missing", missing=missing))
    whole = exact_weights(by_grade, unassessed)
    if max(*whole[0], *whole[1:]) >= MOST_WEIGHT:
        raise StrategyError(plan, "weights", msg("the number is too large"))
    return whole


@implements("JLW2.4f", needs=(PERFORMANCE,))
def pool_shares(performance: FenColumn, weight: IntColumn, subdistrict: Groups, rank: Ints | None) -> Shares:
    """Each person's bonus: the subdistrict's pool divided by weight.

    "绩效奖金…按核定的总量一并下达给街道(乡镇),由街道(乡镇)根据绩效考核结果进行分配": the pool is the
    performance shares of exactly those who are in it, and what is distributed sums to it, to the fen.
    Where all weights are zero nobody gets anything and the pool is reported as undistributed.
    """
    return pool_divided(subdistrict.sum_fen(performance), weight, subdistrict, rank)


def pool_divided(pool: FenColumn, weight: IntColumn, subdistrict: Groups, rank: Ints | None) -> Shares:
    """The same, where what each subdistrict's performance shares come to is known already."""
    return divide(pool, weight, subdistrict, rank)


@implements("JLW2.4f", needs=(PERFORMANCE,))
def personal_bonus(performance: FenColumn, latest: EnumColumn[AssessmentGrade], policy: Policy) -> FenColumn:
    """Each person's bonus where nothing is divided: the own share times the weight of the latest assessment."""
    by_grade, unassessed, scale = _weights(policy)
    weight = latest.order().pick(by_grade).filled(unassessed)
    return (performance * weight).scaled(Fraction(1, scale))


@implements("JLW2.9d", "JLW2.4f")
def yearly_sum(last_year: EnumColumn[AssessmentGrade], month: int, policy: Policy) -> FenColumn:
    """What is paid once for last year's assessment in this month: the plan's year-end sum and the place's award.

    Args:
        last_year: The grade of the calendar year before; unknown brings nothing yet.
        month: 1 to 12.
    """
    plan, award = policy.get(PERFORMANCE), policy.get(AWARD)
    amounts = [
        Fen((0 if plan is None else plan.year_end(one, month)) + (0 if award is None else award.due(one, month)))
        for one in AssessmentGrade
    ]
    return last_year.order().pick_fen(amounts).filled(Fen(0))


# --- certificates, and what is kept -----------------------------------------------------------------


def _by_level(certificate: EnumColumn[CertificateLevel], amounts: Sequence[Fen]) -> FenColumn:
    return certificate.order().pick_fen(amounts).filled(Fen(0))


@implements("JLW2.4g")
def certificate_allowance(certificate: EnumColumn[CertificateLevel], policy: Policy) -> FenColumn:
    """The monthly allowance for each person's highest certificate; none where the place has no scheme (可)."""
    effect = policy.get(CERTIFICATE)
    return _by_level(certificate, [Fen(0) if effect is None else effect.monthly(one) for one in CertificateLevel])


@implements("JLW2.4g")
def certificate_once(certified: EnumColumn[CertificateLevel], policy: Policy) -> FenColumn:
    """What is paid once for a certificate that is new this month; none where the place pays nothing once."""
    effect = policy.get(CERTIFICATE)
    return _by_level(certified, [Fen(0) if effect is None else effect.once(one) for one in CertificateLevel])


@implements("JLW2.4c")
def kept_difference(former: FenColumn, now: FenColumn, policy: Policy) -> FenColumn:
    """What is added so that nobody's pay falls at the change-over, where the place reads the clause so.

    Reading:
        "现高于此标准的保持不降" can mean the place's average or each person. Only where the place has
        said 'person' is there such a line; unset, there is none, and a finding says so.

    Args:
        former: Monthly pay before the change-over; unknown for who wasn't there: no line.
        now: Monthly pay by the new system that is compared with it.
    """
    rule = policy.get(NO_REDUCTION)
    if rule is None or not rule.per_person:
        return now.fill(Fen(0))
    return maximum(former - now, Fen(0)).filled(Fen(0))


@implements("JLW2.4c")
def kept_for_place(
    now: FenColumn, former_total: FenColumn, former_people: IntColumn, now_total: FenColumn, people: IntColumn,
    policy: Policy,
) -> FenColumn:
    """What is added so that the county's mean doesn't fall at the change-over, where the place reads the clause so.

    Everybody's pay by the new system is raised by the same share, mean before / mean now - 1, if that is positive.

    Args:
        now: Monthly pay by the new system that is compared.
        former_total: The county's pay before the change-over, of those whose former pay is known.
        former_people: How many they are.
        now_total: What the new system pays all post holders of the county, by what is compared.
        people: How many they are.
    """
    rule = policy.get(NO_REDUCTION)
    if rule is None or rule.per_person:
        return now.fill(Fen(0))
    added = np.zeros(len(now), dtype=np.int64)
    told = np.stack([former_total.values, former_people.values, now_total.values, people.values], axis=1)
    for row in np.unique(told, axis=0).tolist() if len(told) else ():
        before, then, after, all_of_them = row
        if then and all_of_them and after:
            rise = Fraction(before * all_of_them, then * after) - 1
            here = (told == row).all(axis=1)
            if rise > 0:
                added[here] = FenColumn(now.values[here]).scaled(rise).values
    return FenColumn(added, now.known)
