"""A month's pay against one that is worked out person by person in exact fractions, from the text of JLW2.4 and 2.5.

The oracle reads what a place says (its figures, not what the library's classes make of them) and goes
through the clauses one row at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any, Final, NamedTuple

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.errors import InputError, PoolContextError
from shequ_core.law.clauses import Document
from shequ_core.model.contributions import Scheme
from shequ_core.model.pay import Newcomer, PayRow
from shequ_core.model.posts import CertificateLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import contributions, emergency, month, pay, performance
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.contributions import BaseOf, LocalRates, SchemeRate
from shequ_core.policy.emergency import DailyDuty
from shequ_core.policy.month import Probation
from shequ_core.policy.parameters import Parameter, Reform
from shequ_core.policy.pay import (
    AmountTable,
    AnnualMean,
    ClassAmounts,
    CoefficientTable,
    Compared,
    EvenSteps,
    Gives,
    GradeMoves,
    MonthlyAllowance,
    OneOff,
    PersonKept,
    PlaceKept,
)
from shequ_core.policy.performance import FixedSums, PersonalShare, SubdistrictPool, YearlyAward
from shequ_core.policy.policy import Policy
from shequ_core.rules import payroll as payroll_module
from shequ_core.rules.combinations import Combinations
from shequ_core.rules.payroll import Payroll, payroll, payroll_chunks
from shequ_core.tables.payroll import PayRows
from shequ_core.values import Fen, Span, Status

JULY: Final = date(2022, 7, 1)
Said = dict[Parameter[Any], Any]  # Any: keys of every type
Paid = dict[str, int | None]
"""A row's lines, in fen."""

DUES: Final = ("insurance", "fund", "employer")

# --- by hand -----------------------------------------------------------------------------------------


def half_up(exact: Fraction, quantum: int = 1) -> int:
    """Round to a multiple of the quantum, halves up."""
    return math.floor(exact / quantum + Fraction(1, 2)) * quantum


def span_of(post_class: str, said: Said) -> Span[int]:
    table = said[pay.GRADES]
    if isinstance(table, ClassAmounts):
        return Span(1, len(table.tables[post_class]))
    found: Span[int] = table.classes[post_class]
    return found


def worth(post_class: str, grade: int, said: Said) -> int:
    """What a grade is worth a month (JLW2.4b, 2.4c)."""
    table = said[pay.GRADES]
    if isinstance(table, CoefficientTable):
        reference = said[pay.REFERENCE]
        mean = Fraction(int(reference.annual), 12) * reference.factors.get(post_class, 1)
        return half_up(mean * said[pay.LOCAL_COEFFICIENT] * table.coefficients[grade - 1], int(table.quantum))
    if isinstance(table, EvenSteps):
        return half_up(table.first * (1 + table.step * (grade - 1)), int(table.quantum))
    amounts = table.tables[post_class] if isinstance(table, ClassAmounts) else table.table
    return int(amounts[grade - 1])


def split(graded: int, post_class: str, said: Said) -> tuple[int, int, int]:
    """Standard, basic pay and performance (JLW2.4d, 2.4e)."""
    plan, basic_alone = said[performance.PERFORMANCE], said[pay.GRADES].gives is Gives.BASIC
    if isinstance(plan, FixedSums):
        own = int(plan.sums.get(post_class, 0))
        if basic_alone:
            return graded + own, graded, own
        return graded, graded - min(own, graded), min(own, graded)
    share = said[pay.BASE_SHARE]
    standard = half_up(graded / share) if basic_alone else graded
    basic = graded if basic_alone else half_up(graded * share)
    return standard, basic, standard - basic


class Whole(NamedTuple):
    """What a whole month comes to, before the parts of it, the pool and whatever hangs on others."""

    grade: int
    standard: int
    basic: int
    performance: int
    certificate: int

    def compared(self, how: Compared) -> int:
        return self.standard + self.certificate * (how is Compared.STANDARD_AND_CERTIFICATE)


class County(NamedTuple):
    """The mean basic pay of whoever isn't on probation, and by which share the mean would fall."""

    mean: Fraction | None
    rise: Fraction


def whole_month(row: PayRow, said: Said, *, probation: bool) -> Whole:
    span, grade = span_of(row.post_class, said), row.grade
    rule, effect = said.get(month.PROBATION), said.get(pay.CERTIFICATE)
    if probation and rule is not None and row.newcomer is not None:
        grade = max(grade - rule.lower.get(row.newcomer, 0), span.low)
    if isinstance(effect, GradeMoves) and row.certificate is not None:
        grade = min(grade + effect.moves[row.certificate], span.high)
    monthly = 0
    if isinstance(effect, MonthlyAllowance) and row.certificate is not None:
        monthly = int(effect.amounts[row.certificate])
    return Whole(grade, *split(worth(row.post_class, grade, said), row.post_class, said), monthly)


def part(amount: int, row: PayRow) -> int:
    """What an amount of a whole month comes to for the row's part of it."""
    if row.parts is None:
        return amount
    assert row.before is not None
    assert row.after is not None
    until = [half_up(Fraction(amount * at, row.parts)) for at in (row.before, row.after)]
    return until[1] - until[0]


def weight_of(row: PayRow, said: Said) -> Fraction:
    plan = said[performance.PERFORMANCE]
    if isinstance(plan, FixedSums):
        return Fraction(row.assessment not in plan.nothing_after)
    if row.assessment is None:
        return Fraction(said[performance.UNASSESSED_WEIGHT])
    return Fraction(said[performance.BONUS_WEIGHTS][row.assessment])


def largest_remainder(pool: int, weights: Sequence[Fraction], order: Sequence[Any]) -> list[int]:
    """Divide as one would on paper: whole fen, then one each to the largest remainders, ties to the lower id."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    exact = [pool * one / total for one in weights]
    shares = [math.floor(one) for one in exact]
    ranked = sorted(range(len(weights)), key=lambda at: (shares[at] - exact[at], order[at]))
    for at in ranked[: pool - sum(shares)]:
        shares[at] += 1
    return shares


def last_rows(rows: Sequence[PayRow]) -> set[str]:
    """The posts of the rows that end each person's month."""
    last: dict[str, PayRow] = {}
    for row in sorted(rows, key=lambda row: (row.before or 0, row.after or 0)):
        last[row.worker] = row
    return {str(row.post) for row in last.values()}


def once_a_year(row: PayRow, said: Said) -> int:
    """The year-end sum and the award of this month, July."""
    found, plan, award = 0, said[performance.PERFORMANCE], said.get(performance.AWARD)
    if row.last_year is None:
        return 0
    if isinstance(plan, FixedSums) and plan.month == JULY.month:
        found += plan.at_year_end.get(row.last_year, 0)
    if award is not None and award.month == JULY.month:
        found += award.amounts.get(row.last_year, 0)
    return found


def kept_of(row: PayRow, whole: Whole, paid: int, said: Said, county: County) -> int:
    """What keeps pay from falling, by person or by place (JLW2.4c)."""
    rule = said.get(pay.NO_REDUCTION)
    if isinstance(rule, PersonKept) and row.former is not None:
        if rule.compares is Compared.TOTAL:
            return max(part(int(row.former), row) - paid, 0)
        return part(max(int(row.former) - whole.compared(rule.compares), 0), row)
    if isinstance(rule, PlaceKept) and county.rise > 0:
        return part(half_up(whole.compared(rule.compares) * county.rise), row)
    return 0


def counties_of(rows: Sequence[PayRow], said: Said) -> dict[str, County]:
    last, found, rule = last_rows(rows), {}, said.get(pay.NO_REDUCTION)
    for code in {row.subdistrict[:6] for row in rows}:
        people = [row for row in rows if row.subdistrict[:6] == code and row.post in last]
        settled = [whole_month(row, said, probation=False).basic for row in people if row.newcomer is None]
        former = [int(row.former) for row in people if row.former is not None]
        rise = Fraction(0)
        if isinstance(rule, PlaceKept) and former:
            now = [whole_month(row, said, probation=False).compared(rule.compares) for row in people]
            rise = Fraction(sum(former), len(former)) / Fraction(sum(now), len(now)) - 1
        found[code] = County(Fraction(sum(settled), len(settled)) if settled else None, rise)
    return found


def contributed(total: int, row: PayRow, said: Said) -> Paid:
    """What the person pays for insurances and fund, and the employer for all (JLW2.5a)."""
    rates, found = said[contributions.RATES], dict.fromkeys(DUES, 0)
    base = int(row.base) if row.base is not None else total if rates.base is BaseOf.MONTH else None
    if base is None:
        return {**dict.fromkeys(DUES)}
    for scheme, rate in rates.rates.items():
        counted = min(max(base, int(rate.floor)), int(rate.ceiling))
        own = half_up(counted * rate.own, int(rates.quantum)) + int(rate.own_extra)
        found["fund" if scheme is Scheme.HOUSING_FUND else "insurance"] += own
        found["employer"] += half_up(counted * rate.employer, int(rates.quantum))
    return {**found}


def bonuses(rows: Sequence[PayRow], own: Sequence[int], said: Said) -> list[tuple[int, int]]:
    """Each row's bonus, and by what it shares in its subdistrict's pool (JLW2.4f)."""
    weights = [share * weight_of(row, said) for row, share in zip(rows, own, strict=True)]
    if not isinstance(said[performance.PERFORMANCE], SubdistrictPool):
        return [(half_up(weight), 0) for weight in weights]
    by_grade = [said[performance.UNASSESSED_WEIGHT], *said[performance.BONUS_WEIGHTS].values()]
    scale, found = math.lcm(*(one.denominator for one in by_grade)), [(0, 0)] * len(rows)
    for code in {row.subdistrict for row in rows}:
        at = [place for place, row in enumerate(rows) if row.subdistrict == code]
        order = [(rows[place].worker, rows[place].before or 0, rows[place].after or 0) for place in at]
        shares = largest_remainder(sum(own[place] for place in at), [weights[place] for place in at], order)
        for place, share in zip(at, shares, strict=True):
            found[place] = share, int(weights[place] * scale)
    return found


def extras(row: PayRow, said: Said, *, last: bool) -> tuple[int, int]:
    """What is paid once, and the emergency allowance (JLW2.5b)."""
    effect, duty = said.get(pay.CERTIFICATE), said.get(emergency.EMERGENCY)
    award = once_a_year(row, said) if last else 0
    if isinstance(effect, OneOff) and row.certified is not None:
        award += effect.amounts[row.certified]
    if duty is None or row.duty_days is None:
        return int(award), 0
    days = row.duty_days if duty.most_days is None else min(row.duty_days, duty.most_days)
    return int(award), int(duty.by_class.get(row.post_class, duty.a_day) * days)


def by_hand(rows: Sequence[PayRow], said: Said) -> list[Paid]:
    """Work July out, row by row."""
    counties, last, rule = counties_of(rows, said), last_rows(rows), said.get(month.PROBATION)
    wholes = [whole_month(row, said, probation=True) for row in rows]
    own = [
        part(whole.performance, row) if row.pooled is not False else 0
        for row, whole in zip(rows, wholes, strict=True)
    ]
    found: list[dict[str, int]] = []
    for row, whole, share, (bonus, weight) in zip(rows, wholes, own, bonuses(rows, own, said), strict=True):
        county, basic = counties[row.subdistrict[:6]], whole.basic
        if rule is not None and row.newcomer in rule.share:
            assert county.mean is not None
            basic = half_up(rule.share[row.newcomer] * county.mean)
        basic, certificate = part(basic, row), part(whole.certificate, row)
        award, duty = extras(row, said, last=row.post in last)
        kept = kept_of(row, whole, basic + bonus + certificate, said, county)
        found.append({
            "grade": whole.grade, "standard": whole.standard, "performance": share, "weight": weight, "basic": basic,
            "bonus": bonus, "certificate": certificate, "award": award, "emergency": duty, "kept": kept,
            "total": basic + bonus + certificate + award + duty + kept,
        })
    months: dict[str, int] = {}
    for row, lines in zip(rows, found, strict=True):
        months[row.worker] = months.get(row.worker, 0) + lines["total"]
    told: list[Paid] = []
    for row, lines in zip(rows, found, strict=True):
        dues: Paid = {**dict.fromkeys(DUES)}
        if contributions.RATES in said:
            dues = contributed(months[row.worker], row, said) if row.post in last else {**dict.fromkeys(DUES, 0)}
        insurance, fund = dues["insurance"], dues["fund"]
        net = None if insurance is None or fund is None else lines["total"] - insurance - fund
        told.append({**lines, **dues, "net": net})
    return told


# --- places and people at random ---------------------------------------------------------------------

CLASSES: Final = ("principal", "committee", "staff")


def some_place(chance: Random) -> Said:
    """What a place might say, of any of the kinds that are known."""
    gives = chance.choice(list(Gives))
    amounts = sorted(chance.randint(200_000, 900_000) for _ in range(18))
    classes = {"principal": Span(7, 18), "committee": Span(4, 15), "staff": Span(1, 12)}
    said: Said = {
        pay.GRADES: chance.choice([
            CoefficientTable(
                coefficients=tuple(sorted(Fraction(chance.randint(80, 250), 100) for _ in range(18))),
                classes=classes, gives=gives, quantum=Fen(chance.choice([1, 10, 100])),
            ),
            EvenSteps(
                Fen(amounts[0]), Fraction(chance.randint(0, 9), 100), 18, classes, gives, Fen(chance.choice([1, 100]))
            ),
            AmountTable(tuple(map(Fen, amounts)), classes, gives),
            ClassAmounts({name: tuple(map(Fen, amounts[at : at + 9])) for at, name in enumerate(CLASSES)}, gives),
        ]),
        pay.REFERENCE: AnnualMean(Fen(chance.randint(5_000_000, 12_000_000)), 2021, {"principal": Fraction(11, 10)}),
        pay.LOCAL_COEFFICIENT: Fraction(chance.randint(1, 99), chance.randint(50, 99)),
        pay.BASE_SHARE: Fraction(7, 10),
        performance.PERFORMANCE: chance.choice([
            SubdistrictPool(), SubdistrictPool(), SubdistrictPool(), PersonalShare(),
            FixedSums(
                sums={"staff": Fen(50_001), "principal": Fen(chance.randint(0, 1_000_000))},
                nothing_after=frozenset(chance.sample(list(AssessmentGrade), 1)),
                at_year_end={AssessmentGrade.OUTSTANDING: Fen(500_000)}, month=chance.choice([7, 7, 12]),
            ),
        ]),
        performance.BONUS_WEIGHTS: {
            grade: Fraction(chance.randint(0, 20), chance.randint(1, 12)) for grade in AssessmentGrade
        },
        performance.UNASSESSED_WEIGHT: Fraction(chance.randint(0, 3), 3),
    }
    optional: list[tuple[Parameter[Any], Any]] = [
        (pay.CERTIFICATE, chance.choice([
            MonthlyAllowance(
                dict(zip(CertificateLevel, map(Fen, sorted(chance.randint(0, 50_000) for _ in CertificateLevel)), strict=True))
            ),
            GradeMoves({level: chance.randint(0, 4) for level in CertificateLevel}),
            OneOff({level: Fen(chance.randint(0, 500_000)) for level in CertificateLevel}),
        ])),
        (month.PROBATION, chance.choice([
            Probation(lower={Newcomer.EXPERIENCED: 1}, share={Newcomer.INEXPERIENCED: Fraction(8, 10)}),
            Probation(lower={Newcomer.EXPERIENCED: 2, Newcomer.INEXPERIENCED: 20}),
        ])),
        (pay.NO_REDUCTION, chance.choice([
            *(PersonKept(one) for one in Compared),
            PlaceKept(Compared.STANDARD), PlaceKept(Compared.STANDARD_AND_CERTIFICATE),
        ])),
        (performance.AWARD, YearlyAward({AssessmentGrade.OUTSTANDING: Fen(100_000)}, chance.choice([7, 7, 12]))),
        (emergency.EMERGENCY, DailyDuty(Fen(5_000), "county", True, chance.choice([None, 5]), {"staff": Fen(8_001)})),
        (contributions.RATES, LocalRates(
            {
                scheme: SchemeRate(
                    own=Fraction(chance.randint(0, 120), 1000), employer=Fraction(chance.randint(0, 200), 1000),
                    floor=Fen(chance.randint(0, 450_000)), ceiling=Fen(chance.randint(450_000, 2_000_000)),
                    own_extra=Fen(chance.choice([0, 0, 500])),
                )
                for scheme in chance.sample(list(Scheme), chance.randint(1, 6))
            },
            base=chance.choice(list(BaseOf)), quantum=Fen(chance.choice([1, 10])),
        )),
    ]
    return said | {key: value for key, value in optional if chance.random() < 0.7}


def some_rows(
    chance: Random, said: Said, people: int, *, parts: bool, newcomers: bool, grades: int = 18
) -> list[PayRow]:
    """People of two counties, some of whom have several rows."""
    rows: list[PayRow] = []
    for number in range(people):
        name = chance.choice(CLASSES)
        span = span_of(name, said)
        grade = chance.randint(span.low, min(span.high, span.low + grades - 1))
        worker, codes = f"W{chance.getrandbits(40):012x}", ["220102001", "220104001", "220104002"]
        fields: dict[str, Any] = {
            "worker": worker, "subdistrict": codes[number % 3], "post_class": name, "grade": grade,
            "certificate": chance.choice([None, None, *CertificateLevel]),
            "certified": chance.choice([None, None, None, *CertificateLevel]),
            "assessment": chance.choice([None, *AssessmentGrade]),
            "last_year": chance.choice([None, *AssessmentGrade]),
            "former": chance.choice([None, Fen(chance.randint(200_000, 1_500_000))]),
            "pooled": chance.choice([None, None, None, True, False]),
            "duty_days": chance.choice([None, None, 0, chance.randint(1, 9)]),
            "base": chance.choice([None, Fen(chance.randint(100_000, 3_000_000))]),
        }
        newcomer = newcomers and number >= 6 and chance.random() < 0.2  # somebody of each county is off probation
        fields["newcomer"] = chance.choice(list(Newcomer)) if newcomer else None
        shares = []
        if parts and chance.random() < 0.4:
            shares = sorted(chance.randint(0, 23) for _ in range(chance.randint(2, 4)))
        for before, after in pairwise(shares):
            moved = {"subdistrict": chance.choice(codes)} if chance.random() < 0.2 else {}
            better = {"grade": chance.randint(grade, min(span.high, span.low + grades - 1))}
            several = True if len(shares) > 2 else chance.choice([None, False])
            cut = {"before": before, "after": after, "parts": 23, "several": several}
            rows.append(PayRow(**{**fields, **moved, **better, **cut}, post=_post(len(rows))))
        if not shares:
            rows.append(PayRow(**fields, post=_post(len(rows))))
    return rows


def _post(number: int) -> str:
    return f"220104001{number // 99 + 1:03d}-{number % 99 + 1:02d}"


BOOK: Final = PolicyBook.load()


def policy_of(said: Said, book: PolicyBook = BOOK) -> Policy:
    source = Document("某地试行办法").article("第一条")
    values = [
        key.set(value, since=date.min, known_on=date.min, source=source, status=Status.ISSUED)
        for key, value in said.items()
    ]
    return book.reformed(Reform(name="tried", place="22", values=values)).policy("22", JULY)


def lines_of(paid: Payroll) -> dict[str, Paid]:
    """Each row's lines by its post."""
    columns = {name: column.to_list() for name, column in paid.lines.columns().items()}

    def plain(one: int | None) -> int | None:
        return None if one is None else int(one)

    return {
        str(post): {name: plain(column[at]) for name, column in columns.items()}
        for at, post in enumerate(paid.rows.post)
    }


def expected(rows: Sequence[PayRow], said: Said) -> dict[str, Paid]:
    return {str(row.post): paid for row, paid in zip(rows, by_hand(rows, said), strict=True)}


# --- against the oracle -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(60))
def test_a_month_is_what_it_comes_to_by_hand(seed: int) -> None:
    """Random rosters under random policies: every line of every row, to the fen; pools add up."""
    chance = Random(seed)
    said = some_place(chance)
    rows = some_rows(chance, said, chance.randint(9, 60), parts=seed % 3 > 0, newcomers=seed % 2 > 0)
    paid = payroll(PayRows.of(rows), policy_of(said), JULY, whole=True)
    by_paper = expected(rows, said)
    assert lines_of(paid) == by_paper
    assert paid.total() == sum(one["total"] or 0 for one in by_paper.values())
    if paid.pools is not None:
        told = zip(paid.pools.subdistrict, paid.pools.pool, paid.pools.undistributed, paid.pools.people, strict=True)
        for code, pool, undistributed, people in told:
            here = [by_paper[str(row.post)] for row in rows if row.subdistrict == code]
            assert pool == sum(one["performance"] or 0 for one in here)
            assert pool - (undistributed or 0) == sum(one["bonus"] or 0 for one in here)
            assert people == len({row.worker for row in rows if row.subdistrict == code and row.pooled is not False})


@pytest.mark.parametrize("seed", range(12))
def test_by_combinations_is_the_same_as_row_by_row(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where amounts are looked up by combination they are those of each row by itself, and of paper."""
    chance = Random(seed)
    said = some_place(chance)
    rows = some_rows(chance, said, 1_300, parts=seed % 2 > 0, newcomers=False, grades=2)
    table, policy = PayRows.of(rows), policy_of(said)
    assert Combinations.of(table, policy) is not None
    by_combination = lines_of(payroll(table, policy, JULY))
    monkeypatch.setattr(Combinations, "of", classmethod(lambda *_: None))
    assert lines_of(payroll(table, policy, JULY)) == by_combination
    if seed < 4:
        assert by_combination == expected(rows, said)


def test_a_grade_that_is_not_in_the_table_is_refused_by_either_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one row that has it is named, however the amounts are found."""
    chance = Random(5)
    said = {**some_place(chance), pay.GRADES: AmountTable((Fen(300_000), Fen(310_000)), {"staff": Span(1, 2)})}
    rows = [
        PayRow(worker=f"W{number:03d}", subdistrict="220104001", post_class="staff", grade=1 + number % 2)
        for number in range(200)
    ]
    rows[77] = attrs.evolve(rows[77], grade=3)
    table, policy = PayRows.of(rows), policy_of(said)
    assert Combinations.of(table, policy) is not None
    for _ in range(2):
        with pytest.raises(InputError) as caught:
            payroll(table, policy, JULY)
        assert [(fault.row, fault.column) for fault in caught.value.faults] == [(78, "grade")]
        monkeypatch.setattr(Combinations, "of", classmethod(lambda *_: None))


@pytest.mark.parametrize("piece", [1, 40, 128])
def test_in_pieces_it_is_the_same(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces hold whole subdistricts, and together they are the whole, people with parts in two of them too."""
    for seed in range(6):
        chance = Random(seed)
        said = some_place(chance)
        rows = some_rows(chance, said, 150, parts=True, newcomers=seed % 2 > 0, grades=2)
        table, policy = PayRows.of(rows), policy_of(said)
        whole = lines_of(payroll(table, policy, JULY))
        with monkeypatch.context() as patch:
            patch.setattr(payroll_module, "PIECE", piece)
            pieces = list(payroll_chunks(table, policy, JULY))
            assert len(pieces) > 1
            places = [set(one.rows.subdistrict.to_list()) for one in pieces]
            assert sum(map(len, places)) == len(set().union(*places))
            assert lines_of(payroll(table, policy, JULY)) == whole
        several = {str(row.post) for row in rows if row.several}
        for one in pieces:
            for post, lines in lines_of(one).items():
                alone = {name for name in lines if lines[name] != whole[post][name]}
                assert alone <= ({"insurance", "fund", "employer", "net"} if post in several else set())


SHUFFLED: Final = Random(3)
SHUFFLED_SAID: Final[Said] = some_place(SHUFFLED) | {
    performance.PERFORMANCE: SubdistrictPool(), pay.NO_REDUCTION: PlaceKept(Compared.STANDARD),
    month.PROBATION: Probation(lower={}, share={Newcomer.INEXPERIENCED: Fraction(8, 10)}),
}
SHUFFLED_ROWS: Final = some_rows(SHUFFLED, SHUFFLED_SAID, 40, parts=True, newcomers=True)
SHUFFLED_POLICY: Final = policy_of(SHUFFLED_SAID)
SHUFFLED_LINES: Final = expected(SHUFFLED_ROWS, SHUFFLED_SAID)


@settings(max_examples=60)
@given(st.permutations(range(len(SHUFFLED_ROWS))))
def test_the_order_of_rows_changes_nobody_s_figure(order: list[int]) -> None:
    """In any order every row has the same lines."""
    rows = PayRows.of([SHUFFLED_ROWS[at] for at in order])
    assert lines_of(payroll(rows, SHUFFLED_POLICY, JULY)) == SHUFFLED_LINES


# --- one person --------------------------------------------------------------------------------------


@pytest.fixture
def pooled(monkeypatch: pytest.MonkeyPatch) -> tuple[PayRows, Policy]:
    """People of three subdistricts under a policy with a pool, each with one row."""
    chance = Random(11)
    said = some_place(chance) | {performance.PERFORMANCE: SubdistrictPool()}
    said = {key: value for key, value in said.items() if key is not pay.NO_REDUCTION}
    return PayRows.of(some_rows(chance, said, 60, parts=False, newcomers=False)), policy_of(said)


@pytest.mark.parametrize("piece", [1, 2**14])
def test_one_person_with_the_pool_s_context_is_paid_as_among_all(
    pooled: tuple[PayRows, Policy], piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is paid alone, told of the others, is paid what the full run pays (JLW2.4f)."""
    monkeypatch.setattr(payroll_module, "PIECE", piece)
    rows, policy = pooled
    among_all = payroll(rows, policy, JULY)
    lines = lines_of(among_all)
    for row in rows:
        alone = payroll(PayRows.of([row]), policy, JULY, pool=among_all.context(row.worker))
        assert lines_of(alone) == {str(row.post): lines[str(row.post)]}
        assert alone.pools is None


def test_one_person_without_a_context_is_refused(pooled: tuple[PayRows, Policy]) -> None:
    """A pool of one would be silently wrong, in however many parts the one comes; others' contexts are no help."""
    rows, policy = pooled
    context = payroll(rows, policy, JULY).context(rows[0].worker)
    first, second = (
        attrs.evolve(rows[0], before=before, after=after, parts=31, several=True)
        for before, after in ((0, 10), (10, 31))
    )
    for some in ([rows[0]], [first, second], [*rows, attrs.evolve(rows[0], subdistrict="220104099")]):
        with pytest.raises(PoolContextError, match="a pool of one person"):
            payroll(PayRows.of(some), policy, JULY)
    with pytest.raises(PoolContextError, match="one person's"):
        payroll(rows, policy, JULY, pool=context)
    with pytest.raises(PoolContextError, match="nobody of that id"):
        payroll(rows, policy, JULY).context("nobody")
    alone = payroll(PayRows.of([first, second]), policy, JULY, whole=True)
    assert alone.pools is not None
    assert alone.pools.people.to_list() == [1]


def test_a_plan_without_a_pool_pays_one_person_alone(where: Callable[..., Policy]) -> None:
    """Where nothing is divided nobody need be told of others, and there is no context to tell."""
    policy = where((performance.PERFORMANCE, PersonalShare()))
    row = PayRow(worker="W1", subdistrict="220104001", post_class="staff", grade=3)
    paid = payroll(PayRows.of([row]), policy, JULY)
    assert paid.pools is None
    assert paid.lines.bonus.to_list() == paid.lines.performance.to_list()
    with pytest.raises(PoolContextError, match="no pool"):
        paid.context("W1")


# --- parts --------------------------------------------------------------------------------------------


@settings(max_examples=100)
@given(st.lists(st.integers(0, 31), min_size=0, max_size=5), st.integers(1, 12), st.sampled_from([*CertificateLevel]))
def test_parts_of_a_month_add_up_to_the_month(cuts: list[int], grade: int, level: CertificateLevel) -> None:
    """Whoever is there the whole month in parts of one grade is paid the whole month, to the fen, line by line."""
    policy = PARTS_POLICY
    row = PayRow(
        worker="W1", subdistrict="220104001", post_class="staff", grade=grade, certificate=level,
        last_year=AssessmentGrade.OUTSTANDING, former=Fen(1_000_001),
    )
    ends = [0, *sorted(cuts), 31]
    parts = [
        attrs.evolve(row, before=before, after=after, parts=31, several=True) for before, after in pairwise(ends)
    ]
    whole = payroll(PayRows.of([row]), policy, JULY, whole=True).lines
    cut = payroll(PayRows.of(parts), policy, JULY, whole=True).lines
    for name in ("basic", "performance", "bonus", "certificate", "award", "kept", "total"):
        assert sum(getattr(cut, name).to_list()) == getattr(whole, name).row(0), name


PARTS_POLICY: Final = policy_of(
    {
        performance.AWARD: YearlyAward({AssessmentGrade.OUTSTANDING: Fen(150_000)}, JULY.month),
        pay.NO_REDUCTION: PersonKept(Compared.STANDARD),
    },
    PolicyBook.load(assume=True),
)


def test_nobody_is_nobody(assumed: Policy) -> None:
    """No rows, no lines, no pool, and no error."""
    paid = payroll(PayRows.empty(), assumed, JULY)
    assert len(paid) == 0
    assert paid.total() == 0
    assert paid.pools is not None
    assert np.asarray(paid.pools.pool.values).size == 0
