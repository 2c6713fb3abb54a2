"""Every value has a plain form that reads back as itself, and what can't be read is refused in our words."""

from __future__ import annotations

import json
from abc import abstractmethod
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.errors import ParameterNotFoundError, ValueKindError
from shequ_core.model.contributions import Scheme
from shequ_core.model.pay import Newcomer
from shequ_core.model.posts import CertificateLevel, EducationLevel, Role, Sex
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.assessment import Criterion, WeightedScores
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.careers import JobConditions
from shequ_core.policy.contributions import BaseOf, LocalRates, SchemeRate
from shequ_core.policy.emergency import DailyDuty
from shequ_core.policy.exits import FixedAge, RisingAge
from shequ_core.policy.kinds import (
    Amounts,
    ByMember,
    Choices,
    Days,
    Flags,
    Fractions,
    Kind,
    Sets,
    SpanKind,
    Strategies,
    Texts,
    Tuples,
    WholeNumbers,
)
from shequ_core.policy.leave import LeaveByYears
from shequ_core.policy.month import FixedDays, MonthDays, Probation
from shequ_core.policy.parameters import PARAMETERS, LocalLimit, Parameter, parameter
from shequ_core.policy.pay import (
    AmountTable,
    AnnualMean,
    ClassAmounts,
    CoefficientTable,
    Compared,
    CountsFrom,
    EvenSteps,
    FixedMonthly,
    Gives,
    GradeMoves,
    MonthlyAllowance,
    OneOff,
    PersonKept,
    PlaceKept,
    YearBands,
    YearlyStep,
    YearsOfService,
)
from shequ_core.policy.performance import FixedSums, PersonalShare, SubdistrictPool, YearlyAward
from shequ_core.policy.plain import PlainError
from shequ_core.policy.recruitment import Group, GroupAges
from shequ_core.policy.staffing import HouseholdBands, HouseholdTable, PerHouseholds, PerResidents
from shequ_core.policy.strategies import Strategy
from shequ_core.values import Fen, JsonValue, Span, yuan

COUNTS = st.integers(0, 10**9)
SHARES = st.fractions(0, 1)
MONEY = COUNTS.map(Fen)
SPANS = st.tuples(COUNTS, COUNTS).map(sorted).map(lambda ends: Span(*ends))

KINDS = [
    pytest.param(WholeNumbers(), COUNTS, id="whole numbers"),
    pytest.param(WholeNumbers(1, 31), st.integers(1, 31), id="whole numbers from to"),
    pytest.param(Fractions(), st.fractions(0, 10**6), id="fractions"),
    pytest.param(Fractions(1), SHARES, id="shares"),
    pytest.param(Amounts(), MONEY, id="money"),
    pytest.param(Days(), st.dates(), id="days"),
    pytest.param(Flags(), st.booleans(), id="yes or no"),
    pytest.param(Texts(), st.text(min_size=1), id="texts"),
    pytest.param(Choices(Role), st.sampled_from(Role), id="choices"),
    pytest.param(Sets(Role), st.frozensets(st.sampled_from(Role)), id="sets"),
    pytest.param(SpanKind(WholeNumbers()), SPANS, id="spans"),
    pytest.param(Tuples(Texts()), st.lists(st.text(min_size=1)).map(tuple), id="lists"),
    pytest.param(ByMember(Sex, Amounts()), st.fixed_dictionaries(dict.fromkeys(Sex, MONEY)), id="tables"),
    pytest.param(Strategies(AnnualMean), st.builds(AnnualMean, MONEY, COUNTS, st.dictionaries(st.text(), SHARES)),
                 id="strategies"),
]  # fmt: skip

STRATEGIES: list[Strategy] = [
    HouseholdBands(),
    HouseholdTable((3000,), (Span(10, 15), Span(12, 20))),
    PerResidents(Span(10, 15), 10_000),
    PerHouseholds(Span(300, 400), 5),
    AnnualMean(yuan("77995.10"), 2020, {"staff": Fraction(9, 10)}),
    FixedMonthly(yuan(2958)),
    CoefficientTable((Fraction(1), Fraction(21, 20)), {"staff": Span(1, 2)}),
    EvenSteps(yuan(2958), Fraction(3, 100), 16, {"staff": Span(1, 16)}, Gives.BASIC, yuan(1)),
    AmountTable((yuan(2000), yuan("2100.50")), {"staff": Span(1, 2)}),
    YearBands((2, 4), {EducationLevel.MASTER: 2}),
    YearlyStep(frozenset({AssessmentGrade.QUALIFIED, AssessmentGrade.OUTSTANDING})),
    MonthlyAllowance(dict(zip(CertificateLevel, (yuan(100), yuan(200), yuan(300)), strict=True))),
    GradeMoves(dict(zip(CertificateLevel, (0, 1, 2), strict=True))),
    SubdistrictPool(),
    PersonalShare(),
    FixedSums(
        {"staff": yuan(800)}, frozenset({AssessmentGrade.UNQUALIFIED}), {AssessmentGrade.OUTSTANDING: yuan(3000)}, 12
    ),
    YearlyAward({AssessmentGrade.OUTSTANDING: yuan(1500)}, 3),
    OneOff(dict(zip(CertificateLevel, (yuan(1000), yuan(2000), yuan(3000)), strict=True))),
    ClassAmounts({"principal": (yuan(4000), yuan(4200)), "staff": (yuan(3000),)}),
    YearsOfService(CountsFrom.ENTRY, False, True, False, {EducationLevel.MASTER: 2}),
    PersonKept(Compared.TOTAL),
    PlaceKept(Compared.STANDARD),
    MonthDays(),
    FixedDays(Fraction(87, 4), True, True),
    Probation({Newcomer.EXPERIENCED: 1}, {Newcomer.INEXPERIENCED: Fraction(4, 5)}),
    DailyDuty(yuan(60), "区财政", True, 10, {"principal": yuan(80)}),
    LocalRates(
        {Scheme.PENSION: SchemeRate(Fraction(2, 25), Fraction(4, 25), yuan(4000), yuan(20000), yuan(3))}, BaseOf.MONTH
    ),
    WeightedScores(
        dict.fromkeys(Criterion, Fraction(1, 4)),
        dict(zip(AssessmentGrade, (90, 75, 60), strict=False)),
        {"优": AssessmentGrade.OUTSTANDING},
        Fraction(3, 20),
    ),
    FixedAge({Sex.MALE: 60, Sex.FEMALE: 55}),
    RisingAge({Sex.MALE: 60, Sex.FEMALE: 55}, {Sex.MALE: 63, Sex.FEMALE: 58}, date(2025, 1, 1), dict.fromkeys(Sex, 4)),
    GroupAges({Group.VETERAN: 45}, 3),
    LeaveByYears((1, 10, 20), (5, 10, 15)),
    JobConditions(45, EducationLevel.BACHELOR, 2, True),
]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str)
    | st.sampled_from(["7/10", "2958.00", "-1.00", "1/0", "NaN", "٣", "fixed_age", "male", "staff"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["kind", "version", "years", "classes", "amounts", "male", "female", "staff"]) | st.text(), inner,
        max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip


def through_json(data: JsonValue) -> object:
    """Write as JSON and read again, where a float would be a fault."""
    return json.loads(json.dumps(data, allow_nan=False), parse_float=pytest.fail)


@pytest.mark.parametrize(("kind", "values"), KINDS)
def test_what_a_kind_writes_it_reads(kind: Kind[Any], values: st.SearchStrategy[Any]) -> None:
    """Through JSON and back, without a float; and it accepts what it read."""

    @settings(max_examples=25)
    @given(values)
    def check(value: object) -> None:
        kind.check(value)
        assert kind.parse(through_json(kind.to_data(value))) == value

    check()


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda one: one.kind)
def test_a_strategy_reads_back_by_its_kind(strategy: Strategy) -> None:
    """Kind and version stand in its data; its base finds it again; another version is refused."""
    data = strategy.to_data()
    assert (data["kind"], data["version"]) == (strategy.kind, 1)
    base = type(strategy).__mro__[1]
    for reader in (type(strategy), base if base is not Strategy else type(strategy)):
        assert issubclass(reader, Strategy)
        assert reader.from_data(through_json(data)) == strategy
    with pytest.raises(PlainError, match="version 1 is expected"):
        type(strategy).from_data({**data, "version": 2})
    with pytest.raises(PlainError, match="typo is not a field"):
        type(strategy).from_data({**data, "typo": 1})


def test_every_strategy_of_the_core_is_among_them() -> None:
    """Whoever adds one adds its example here; no two of one base bear one kind."""
    core = {one.__qualname__: one for one in Strategy.known_kinds() if one.__module__.startswith("shequ_core.policy")}
    assert set(core) == {type(one).__qualname__ for one in STRATEGIES}
    kinds = [one.kind for one in core.values()]
    assert len(kinds) == len(set(kinds))


def test_a_kind_is_known_once_while_its_class_is_being_made_anew() -> None:
    """What attrs leaves behind of a class with slots, until it is collected, is no kind of its own."""

    class Tone(Strategy):
        @abstractmethod
        def says(self) -> str: ...

    class Loud(Tone):
        kind: ClassVar[str] = "loud"

        def says(self) -> str:
            return "LOUD"

    left, made = Loud, attrs.frozen(Loud)
    assert set(Tone.__subclasses__()) == {left, made}
    assert Tone.known_kinds() == (made,)
    listed: Any = Strategies(Tone).schema()["oneOf"]  # Any: JSON
    (schema,) = listed
    assert schema["properties"]["kind"]["const"] == "loud"


@pytest.mark.parametrize("key", {str(key.kind): key for key in PARAMETERS.values()}.values(), ids=str)
def test_whatever_is_given_is_read_or_refused_in_our_words(key: Parameter[Any]) -> None:
    """Any data at all: a value of the key that writes and reads the same, or one error that names the key.

    One key of each kind is tried.
    """

    @settings(max_examples=20)
    @given(JSON)
    def check(data: object) -> None:
        try:
            value = key.parse(data)
        except ValueKindError as error:
            refused = str(error)
        else:
            key.kind.check(value)
            assert key.parse(through_json(key.kind.to_data(value))) == value
            return
        assert refused.startswith(f"{key.name} cannot be ")

    check()


def test_every_built_in_value_writes_and_reads_the_same() -> None:
    """The nation's, the province's and the assumed ones."""
    said = [one for plugin, _, one in PolicyBook.load(assume=True).said() if plugin.built_in]
    values = [one for one in said if not isinstance(one, LocalLimit)]
    assert len(values) > 40
    for one in values:
        assert one.key.parse(through_json(one.to_data())) == one.value


@pytest.mark.parametrize(
    ("key", "data", "value"),
    [
        pytest.param("pay.base_share", "7/10", Fraction(7, 10), id="share"),
        pytest.param("targets.platform_coverage", 1, Fraction(1), id="whole share"),
        pytest.param("grids.households", [300, 500], Span(300, 500), id="span"),
        pytest.param("agreements.first_day", "2021-07-01", date(2021, 7, 1), id="day"),
        pytest.param("recruitment.min_education", "bachelor", EducationLevel.BACHELOR, id="choice"),
        pytest.param("pay.reference", {"kind": "fixed_monthly", "amount": "2958.00"}, FixedMonthly(yuan(2958)),
                     id="strategy with money"),
    ],
)  # fmt: skip
def test_the_plain_forms_are_the_published_ones(key: str, data: object, value: object) -> None:
    """Shares as 7/10, money as yuan text, spans as [low, high], strategies by their kind."""
    assert parameter(key).parse(data) == value


@pytest.mark.parametrize(
    ("key", "data", "said"),
    [
        ("pay.base_share", 0.7, 'write "7/10"'),
        ("pay.reference", {"kind": "fixed_monthly", "amount": 2958}, 'write "2958.00"'),
        ("pay.reference", {"kind": "fixed_monthly", "amount": "2958.005"}, 'write "2958.00"'),
        ("pay.reference", {"kind": "monthly"}, "kind is one of annual_mean, fixed_monthly"),
        ("pay.reference", {"kind": "fixed_monthly"}, "amount is missing"),
        ("grids.households", 300, "a span is written [low, high]"),
        ("agreements.first_day", "2021-02-29", "a day is written 2022-07-01"),
        ("grids.worker_source", "post", "one of posts, separate is expected"),
        ("training.interval", {"staff": 1}, "a value for each of"),
    ],
)
def test_a_refusal_says_how_to_write_it(key: str, data: object, said: str) -> None:
    """The error names the place in the sheet that was read, and the right form."""
    with pytest.raises(ValueKindError) as caught:
        parameter(key).parse(data, where="sheet 1, row 7")
    assert said in str(caught.value)
    assert "(sheet 1, row 7)" in str(caught.value)


def test_a_mistyped_parameter_gets_the_nearest() -> None:
    """As any name does."""
    with pytest.raises(ParameterNotFoundError, match=r"pay\.base_share") as caught:
        parameter("pay.base_shares")
    assert caught.value.suggestions[0] == "pay.base_share"
