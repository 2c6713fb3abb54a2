"""A year's budget: what pay runs come to, by who pays, old and added; and what nobody can tell (JLW3.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest

from shequ_core.law.clauses import Document
from shequ_core.law.findings import Grade
from shequ_core.model.budget import PROVINCE, SAME_LEVEL, BudgetLine, CostLine
from shequ_core.model.contributions import Scheme
from shequ_core.model.emergency import Duty, Emergency
from shequ_core.model.pay import FormerPay
from shequ_core.model.posts import Employment, Holding
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.budget import PAYER, PROVINCE_SHARE
from shequ_core.policy.contributions import RATES, BaseOf, LocalRates, SchemeRate
from shequ_core.policy.emergency import EMERGENCY, DailyDuty
from shequ_core.policy.parameters import LocalValue, Parameter, Reform
from shequ_core.policy.pay import GRADES, CoefficientTable
from shequ_core.policy.performance import BONUS_WEIGHTS, UNASSESSED_WEIGHT
from shequ_core.population.synthesize import synthesize
from shequ_core.tables.dataset import Dataset, Duties, Emergencies, FormerPays, Holdings
from shequ_core.values import Fen, Span, Status, round_half_up, yuan
from shequ_core.year import YearResult, run_year
from shequ_core.year.budget import Budget, budget

PLACE = "220104"
SHARE = Fraction(1, 3)
SCHEME = SchemeRate(Fraction(8, 100), Fraction(16, 100), yuan(4000), yuan(20000))
START = date(2020, 4, 30)


def said(key: Parameter[Any], value: object, since: date = START) -> LocalValue[Any]:  # Any: keys of every type
    return key.set(value, since=since, known_on=START, source=Document("试行办法").article("一"), status=Status.ISSUED)


VALUES = (
    said(PAYER, "区财政"),
    said(PROVINCE_SHARE, SHARE),
    said(EMERGENCY, DailyDuty(yuan(100), "市财政", declared_only=True)),
    said(RATES, LocalRates({Scheme.PENSION: SCHEME, Scheme.HOUSING_FUND: SCHEME}, BaseOf.MONTH)),
)


@pytest.fixture(scope="module")
def plain() -> PolicyBook:
    """The assumed policies, in which nobody says who pays."""
    return PolicyBook.load(assume=True)


@pytest.fixture(scope="module")
def book_of(plain: PolicyBook) -> Callable[..., PolicyBook]:
    """Lay values of the county over the assumed policies."""
    return lambda *values: plain.reformed(Reform(name="tried", place=PLACE, values=values))


@pytest.fixture(scope="module")
def data() -> Dataset:
    """The made-up district, with two people on duty in an emergency of May."""
    made = synthesize(PLACE, 2022, 1)
    stay = ~made.holdings.until.mask() & (made.holdings.since < date(2022, 1, 1)).true()
    stay &= (made.holdings.employment == Employment.FULL_TIME).true()
    people = [str(one) for one in made.holdings.where(stay).worker.to_list()[:2]]
    may = date(2022, 5, 2), date(2022, 5, 4)
    return made.with_tables(
        {
            "emergencies": Emergencies.of([Emergency(place="2201", since=date(2022, 3, 1), until=date(2022, 5, 31))]),
            "duties": Duties.of([Duty(worker=one, since=may[0], until=may[1]) for one in people]),
        }
    )


@pytest.fixture(scope="module")
def told(data: Dataset, book_of: Callable[..., PolicyBook]) -> Budget:
    return budget(data, book_of(*VALUES), PLACE, 2022)


@pytest.fixture(scope="module")
def paid(data: Dataset, book_of: Callable[..., PolicyBook]) -> YearResult:
    return run_year(data, book_of(*VALUES), PLACE, 2022)


def cost(lines: list[BudgetLine], *kinds: CostLine) -> int:
    return sum(one.cost for one in lines if one.line in kinds)


def test_the_budget_is_what_the_year_pays(told: Budget, paid: YearResult) -> None:
    """By month, subdistrict and class: slips without emergencies, employers' contributions, emergencies; and pools."""
    lines, slips = list(told.lines), paid.slips
    assert slips.employer.known is None
    found: dict[tuple[int, str, str | None, CostLine], int] = {}
    for one in lines:
        key = one.month, one.subdistrict, one.post_class, one.line
        found[key] = found.get(key, 0) + one.cost
    wanted: dict[tuple[int, str, str | None, CostLine], int] = {}
    for slip in slips:
        assert slip.employer is not None
        amounts = {
            CostLine.PAY: slip.total - slip.emergency, CostLine.EMPLOYER: slip.employer,
            CostLine.EMERGENCY: slip.emergency,
        }
        for line, amount in amounts.items():
            key = slip.month, slip.subdistrict, slip.post_class, line
            wanted[key] = wanted.get(key, 0) + amount
    assert found == {key: amount for key, amount in wanted.items() if amount}
    assert paid.pools.undistributed.values.sum() == 0
    assert cost(lines, CostLine.EMERGENCY) == 2 * 3 * yuan(100)


def test_parts_sum_to_their_whole_however_they_are_cut(told: Budget) -> None:
    """cost = former + added + unexamined in every line; payers, months, subdistricts, classes, lines: the same total."""
    lines = told.lines
    whole = lines.former.values + lines.added.values + lines.unexamined.values
    assert (lines.cost.values == whole).all()
    total = attrs.astuple(told.total())
    for what in ("payer", "month", "subdistrict", "post_class", "line"):
        sums = [attrs.astuple(one) for one in told.by(what).values()]
        assert tuple(map(sum, zip(*sums, strict=True))) == total, what
    assert list(told.by("month")) == [202200 + month for month in range(1, 13)]


def test_the_province_pays_its_share_of_each_months_added_cost(told: Budget) -> None:
    """A third of what pay and contributions add in the county, rounded once a month; the rest stays with its payer."""
    assert set(told.by("payer")) == {"区财政", "市财政", PROVINCE}
    for month in told.by("month"):
        lines = [one for one in told.lines if one.month == month]
        added = sum(one.added for one in lines if one.line is not CostLine.EMERGENCY)
        province = [one for one in lines if one.payer == PROVINCE]
        assert sum(one.cost for one in province) == round_half_up(added, 3)
        assert all(one.former == one.unexamined == 0 and one.cost == one.added > 0 for one in province)
        assert {one.line for one in lines if one.payer == "市财政"} <= {CostLine.EMERGENCY}


def test_where_nobody_named_a_payer_the_same_level_pays_and_a_finding_says_so(data: Dataset, plain: PolicyBook) -> None:
    """No share is split off on a guess, and no contributions without rates."""
    told = budget(data, plain, PLACE, 2022)
    assert list(told.by("payer")) == [SAME_LEVEL]
    assert list(told.by("line")) == [CostLine.PAY]
    codes = {one.code for one in told.findings}
    assert {"JLW3.2-budget.payer-unset", "JLW3.2-budget.province_share-unset"} <= codes
    assert {"JLW2.5a-contributions.rates-unset", "JLW2.5b-pay.emergency-unset"} <= codes
    assert told.rests.synthetic
    assert {"assumption", "proxy"} <= set(told.rests.marks)


# --- old, added, neither ------------------------------------------------------------------------------


def alone(data: Dataset, *, since: date, worked_since: date | None, former: FormerPay | None = None,
          until: date | None = None) -> Dataset:  # fmt: skip
    """Return a district in which one person holds a post, and what is known of the person's past."""
    post = data.posts[0]
    worker = attrs.evolve(data.workers[0], worked_since=worked_since)
    nobody = np.zeros(0, dtype=np.int64)
    others = {name: table.take(nobody) for name, table in data.tables() if "worker" in table.specs}
    holding = Holding(
        worker=worker.id, post=post.id, post_class="staff", employment=Employment.FULL_TIME, since=since, until=until
    )
    return data.with_tables(
        {
            **others,
            "workers": type(data.workers).of([worker]),
            "holdings": Holdings.of([holding]),
            "former_pays": FormerPays.of([attrs.evolve(former, worker=worker.id)] if former else []),
        }
    )


def test_old_pay_counts_for_the_same_part_of_a_month(data: Dataset, book_of: Callable[..., PolicyBook]) -> None:
    """Who leaves after 10 of June's 30 days was paid a third of the old pay for them, and so the employer's part."""
    former = FormerPay(worker="?", monthly=yuan(3000), employer=yuan(300))
    some = alone(data, since=date(2019, 1, 1), until=date(2022, 6, 10), worked_since=date(2015, 1, 1), former=former)
    told = budget(some, book_of(*VALUES), PLACE, 2022)
    june = [one for one in told.lines if one.month == 202206]
    assert sum(one.former for one in june if one.line is CostLine.PAY) == yuan(1000)
    assert sum(one.former for one in june if one.line is CostLine.EMPLOYER) == yuan(100)
    assert told.total().former == 5 * yuan(3300) + yuan(1100)
    assert told.total().unexamined == 0
    assert not [one for one in told.findings if one.code.startswith("JLW3.2-former")]


@pytest.mark.parametrize(
    ("since", "worked_since", "unexamined"),
    [
        pytest.param(date(2019, 1, 1), None, True, id="in post before"),
        pytest.param(date(2021, 1, 1), date(2018, 1, 1), True, id="in a community before"),
        pytest.param(date(2021, 1, 1), date(2021, 1, 1), False, id="came after"),
        pytest.param(START, None, False, id="came on the first day"),
    ],
)
def test_who_was_there_before_and_has_no_old_pay_is_neither_old_nor_new(
    data: Dataset, book_of: Callable[..., PolicyBook], since: date, worked_since: date | None, *, unexamined: bool
) -> None:
    """Only who came after the system began is new as a whole; others are counted in a finding, and not split."""
    told = budget(alone(data, since=since, worked_since=worked_since), book_of(*VALUES), PLACE, 2022)
    total = told.total()
    assert (total.added == 0, total.unexamined == 0) == (unexamined, not unexamined)
    assert (PROVINCE in told.by("payer")) is not unexamined
    found = {one.code: one for one in told.findings if one.code.startswith("JLW3.2-former")}
    assert (set(found) == {"JLW3.2-former-pay-unknown", "JLW3.2-former-contributions-unknown"}) is unexamined
    if unexamined:
        one = found["JLW3.2-former-pay-unknown"]
        assert (one.grade, one.subject, one.message.parts["people"]) == (Grade.NOT_EXAMINED, PLACE, 1)
        assert one.message.parts["money"] == cost(list(told.lines), CostLine.PAY)


def test_old_contributions_that_nobody_wrote_down_are_not_zero(
    data: Dataset, book_of: Callable[..., PolicyBook]
) -> None:
    """The old pay is known, what the employer paid on top is not: contributions stay unexamined, pay doesn't."""
    some = alone(data, since=date(2021, 1, 1), worked_since=date(2021, 1, 1), former=FormerPay(worker="?", monthly=Fen(1)))
    told = budget(some, book_of(*VALUES), PLACE, 2022)
    by_line = told.by("line")
    assert by_line[CostLine.PAY].unexamined == 0
    assert by_line[CostLine.EMPLOYER].unexamined == by_line[CostLine.EMPLOYER].cost > 0


def test_a_new_grade_table_does_not_begin_the_system_again(data: Dataset, book_of: Callable[..., PolicyBook]) -> None:
    """Who came in 2021 is new also when the table of 2022 replaces the one before."""
    table = CoefficientTable(
        tuple(Fraction(100 + one, 100) for one in range(18)),
        {"principal": Span(7, 18), "committee": Span(4, 15), "staff": Span(1, 12)},
    )
    some = alone(data, since=date(2021, 1, 1), worked_since=date(2021, 1, 1))
    told = budget(some, book_of(*VALUES, said(GRADES, table, since=date(2022, 1, 1))), PLACE, 2022)
    assert told.total().unexamined == 0
    earlier = alone(data, since=date(2020, 1, 1), worked_since=date(2020, 1, 1))
    assert budget(earlier, book_of(*VALUES), PLACE, 2022).total().added == 0


def test_people_without_a_base_are_counted_and_their_contributions_left_out(
    data: Dataset, book_of: Callable[..., PolicyBook]
) -> None:
    """Where the base is the declared one and none is, nobody knows what the employer pays."""
    rates = LocalRates({Scheme.PENSION: SCHEME}, BaseOf.DECLARED)
    some = alone(data, since=date(2021, 1, 1), worked_since=date(2021, 1, 1))
    told = budget(some, book_of(said(RATES, rates)), PLACE, 2022)
    assert list(told.by("line")) == [CostLine.PAY]
    (found,) = [one for one in told.findings if one.code == "JLW2.5a-base-unknown"]
    assert (found.subject, found.message.parts["people"]) == (PLACE, 1)


def test_what_a_pool_leaves_is_in_the_budget_and_in_no_class(
    data: Dataset, book_of: Callable[..., PolicyBook]
) -> None:
    """The whole pool goes down to the subdistrict (JLW2.4f): what nobody gets of it was paid out all the same."""
    nothing = said(BONUS_WEIGHTS, {grade: Fraction(0) for grade in AssessmentGrade})
    some = alone(data, since=date(2021, 1, 1), worked_since=date(2021, 1, 1))
    values = (*VALUES, nothing, said(UNASSESSED_WEIGHT, Fraction(0)))
    told, paid = budget(some, book_of(*values), PLACE, 2022), run_year(some, book_of(*values), PLACE, 2022)
    left = int(paid.pools.undistributed.values.sum())
    assert left > 0
    assert told.by("post_class")[None].cost == told.by("line")[CostLine.UNDISTRIBUTED].cost == left


# --- order, and nobody ---------------------------------------------------------------------------------


def test_the_order_of_rows_changes_nothing(told: Budget, data: Dataset, book_of: Callable[..., PolicyBook]) -> None:
    """Shuffled tables give the same lines, fen for fen."""
    chance = np.random.default_rng(3)
    mixed = data.with_tables({name: table.take(chance.permutation(len(table))) for name, table in data.tables()})
    assert budget(mixed, book_of(*VALUES), PLACE, 2022).lines.same_as(told.lines)


def test_nobody_costs_nothing(data: Dataset, book_of: Callable[..., PolicyBook]) -> None:
    """Every post vacant: no lines, and no error."""
    nobody = np.zeros(0, dtype=np.int64)
    empty = {name: table.take(nobody) for name, table in data.tables() if name not in {"communities", "posts", "grids"}}
    told = budget(data.with_tables(empty), book_of(*VALUES), PLACE, 2022)
    assert len(told.lines) == 0
    assert told.total().cost == 0
