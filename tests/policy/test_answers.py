"""What a plugin's own strategy answers in the midst of a run: a fault of it is one error that names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

import attrs
import pytest

from shequ_core.errors import StrategyError, UnsetError, UnsetKey, ValueKindError, msg
from shequ_core.law.clauses import Document
from shequ_core.model.contributions import Scheme
from shequ_core.model.leave import LeaveKind
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.answers import check_answer
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.contributions import RATES, BaseOf, ContributionRates, SchemeRate
from shequ_core.policy.emergency import EMERGENCY, EmergencyScheme
from shequ_core.policy.month import DAY_BASIS, DayBasis
from shequ_core.policy.parameters import Parameter, Reform
from shequ_core.policy.pay import GRADES, CoefficientTable, Gives
from shequ_core.policy.performance import PERFORMANCE, PerformancePlan
from shequ_core.policy.plain import PlainError
from shequ_core.policy.policy import Policy
from shequ_core.rules.pay import month_shares, pool_weight
from shequ_core.tables.columns import EnumColumn, FenColumn, IntColumn, TextColumn
from shequ_core.tables.groups import Groups
from shequ_core.values import BEYOND_AMOUNTS, Fen, Span, Status

ANY_DAY = date(2000, 1, 1)
DAY = date(2022, 7, 1)
PLACE = "220104"
SECRET = "1980-05-17"
SOURCE = Document("某市办法").article("第一条")

Answer = Callable[[], Any]  # Any: right or wrong


@attrs.frozen
class OddScheme(EmergencyScheme):
    """A scheme that answers what it is told to."""

    answer: ClassVar[Answer]
    declared_only: bool = False
    most_days: int | None = None
    payer: str = "县"
    kind: ClassVar[str] = "test_odd_scheme"

    def daily(self, post_class: str) -> Fen:
        """Answer."""
        found: Fen = type(self).answer()
        return found


@attrs.frozen
class OddPlan(PerformancePlan):
    """A plan that answers what it is told to."""

    answer: ClassVar[Answer]
    kind: ClassVar[str] = "test_odd_plan"

    def weights(self, policy: Policy) -> tuple[Mapping[AssessmentGrade, Fraction], Fraction]:
        """Answer."""
        found: tuple[Mapping[AssessmentGrade, Fraction], Fraction] = type(self).answer()
        return found


@attrs.frozen
class OddRates(ContributionRates):
    """Rates that answer what they are told to."""

    answer: ClassVar[Answer]
    base: BaseOf = BaseOf.DECLARED
    quantum: Fen = Fen(1)  # noqa: RUF009  # an immutable number
    kind: ClassVar[str] = "test_odd_rates"

    def schemes(self) -> Mapping[Scheme, SchemeRate]:
        """Answer."""
        found: Mapping[Scheme, SchemeRate] = type(self).answer()
        return found


@attrs.frozen
class OddTable(CoefficientTable):
    """A table of the core with one answer of its own, and one of its parent's through super()."""

    answer: ClassVar[Answer]
    kind: ClassVar[str] = "test_odd_table"

    def amounts(self, post_class: str, reference: Fraction) -> Sequence[Fen]:
        """Answer."""
        found: Sequence[Fen] = type(self).answer() or super().amounts(post_class, reference)
        return found


@attrs.frozen
class OddBasis(DayBasis):
    """A basis that answers what it is told to; asked without an instance."""

    answer: ClassVar[Answer]
    weekdays: bool = False
    deducts: bool = False
    kind: ClassVar[str] = "test_odd_basis"

    @staticmethod
    def days(month: int) -> Fraction:  # as a plugin may write it
        """Answer."""
        found: Fraction = OddBasis.answer() or Fraction(month)
        return found


def raises(error: type[BaseException]) -> Answer:
    """Return an answer that isn't one."""

    def answer() -> None:
        raise error(SECRET)

    return answer


def book(key: Parameter[Any], value: object) -> PolicyBook:  # Any: keys of every type
    """Lay a value over the assumed book."""
    said = key.set(value, since=ANY_DAY, known_on=ANY_DAY, source=SOURCE, status=Status.ASSUMPTION)
    reform = Reform(name="odd", place=PLACE, values=[said], scope="replace_below")
    return PolicyBook.load(assume=True).reformed(reform)


def policy(key: Parameter[Any], value: object) -> Policy:  # Any: keys of every type
    """Return the policy of a place with that value."""
    return book(key, value).policy(PLACE, DAY)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(raises(RuntimeError), "it raised RuntimeError", id="raises"),
        pytest.param(raises(SystemExit), "it raised SystemExit", id="leaves"),
        pytest.param(lambda: None, "Fen is expected, not NoneType", id="nothing"),
        pytest.param(lambda: 5_000, "Fen is expected, not int", id="a count"),
        pytest.param(lambda: 50.0, "Fen is expected, not float", id="a float"),
        pytest.param(lambda: Fen(-1), "negative", id="below nothing"),
        pytest.param(lambda: Fen(BEYOND_AMOUNTS), "too large", id="beyond every sum"),
    ],
)
def test_a_wrong_amount_is_refused(monkeypatch: pytest.MonkeyPatch, answer: Answer, said: str) -> None:
    """Class, question and problem; what it was asked may be about a person and isn't repeated."""
    monkeypatch.setattr(OddScheme, "answer", staticmethod(answer), raising=False)
    scheme = policy(EMERGENCY, OddScheme())[EMERGENCY]
    with pytest.raises(StrategyError, match=said) as caught:
        scheme.daily("staff")
    assert "OddScheme, asked for daily" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_what_isnt_a_strategys_fault_goes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """A right answer, the user's own interruption, and an error of ours such as a value nobody set."""
    scheme = OddScheme()
    policy(EMERGENCY, scheme)
    monkeypatch.setattr(OddScheme, "answer", staticmethod(lambda: Fen(5_000)), raising=False)
    assert scheme.daily("staff") == Fen(5_000)
    missing = UnsetKey(key="pay.x", place=PLACE, clause="", who=msg("nobody"))
    for error, answer in (
        (KeyboardInterrupt, raises(KeyboardInterrupt)),
        (UnsetError, lambda: (_ for _ in ()).throw(UnsetError([missing]))),
    ):
        monkeypatch.setattr(OddScheme, "answer", staticmethod(answer))
        with pytest.raises(error):
            scheme.daily("staff")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda: ({one: Fraction(-1) for one in AssessmentGrade}, Fraction(1)), "negative"),
        (lambda: (dict.fromkeys(AssessmentGrade, 1.0), Fraction(1)), "Fraction is expected, not float"),
        (lambda: ({"qualified": Fraction(1)}, Fraction(1)), "AssessmentGrade is expected, not str"),
        (lambda: ({AssessmentGrade.QUALIFIED: Fraction(1)}, Fraction(1)), "outstanding, .* is missing"),
        (lambda: ({one: Fraction(1, 10**9 + 7) for one in AssessmentGrade}, Fraction(1)), "too large"),
        (lambda: {one: Fraction(1) for one in AssessmentGrade}, "a list of 2"),
        (raises(ZeroDivisionError), "ZeroDivisionError"),
    ],
)
def test_wrong_weights_are_refused(monkeypatch: pytest.MonkeyPatch, answer: Answer, said: str) -> None:
    """The rule that asks for them says so before any pool is divided."""
    monkeypatch.setattr(OddPlan, "answer", staticmethod(answer), raising=False)
    shares, latest = FenColumn.of([Fen(100)]), EnumColumn.of(AssessmentGrade, [AssessmentGrade.QUALIFIED])
    with pytest.raises(StrategyError, match=said):
        pool_weight(shares, latest, policy(PERFORMANCE, OddPlan()))


def rate(**parts: object) -> Answer:
    """Return rates of one scheme."""
    good: dict[str, Any] = {"own": Fraction(1, 10), "employer": Fraction(1, 5), "floor": Fen(1), "ceiling": Fen(9)}
    return lambda: {Scheme.HOUSING_FUND: SchemeRate(**{**good, **parts})}


@pytest.mark.parametrize(
    "answer",
    [
        lambda: None, list, raises(KeyError), rate(own=0.08), rate(own=Fraction(-1, 2)), rate(own=Fraction(2)),
        rate(floor=Fen(10)), lambda: {"housing_fund": rate()()[Scheme.HOUSING_FUND]},
    ],
)  # fmt: skip
def test_wrong_rates_are_refused_when_they_are_set(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    """They hang on nothing but the strategy, so nobody has to wait for a run."""
    monkeypatch.setattr(OddRates, "answer", staticmethod(answer), raising=False)
    with pytest.raises((StrategyError, ValueKindError), match="OddRates"):
        policy(RATES, OddRates())


def test_rates_and_tables_without_fault_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer of one's own, and one through super() of a class with slots."""
    monkeypatch.setattr(OddRates, "answer", staticmethod(rate()), raising=False)
    assert Scheme.HOUSING_FUND in policy(RATES, OddRates())[RATES].schemes()
    table = OddTable(coefficients=(Fraction(1), Fraction(2)), classes={"staff": Span(1, 2)}, gives=Gives.STANDARD)
    monkeypatch.setattr(OddTable, "answer", staticmethod(lambda: None), raising=False)
    asked = policy(GRADES, table)[GRADES]
    assert asked.amounts("staff", Fraction(300)) == [Fen(300), Fen(600)]
    monkeypatch.setattr(OddTable, "answer", staticmethod(lambda: [float("nan")] * 2))
    with pytest.raises(StrategyError, match="Fen is expected, not float"):
        asked.amounts("staff", Fraction(300))


@pytest.mark.parametrize(("answer", "said"), [(lambda: 21.75, "not float"), (lambda: Fraction(-1), "negative")])
def test_a_static_answer_is_held_to_the_same(monkeypatch: pytest.MonkeyPatch, answer: Answer, said: str) -> None:
    """However the method was written."""
    monkeypatch.setattr(OddBasis, "answer", staticmethod(answer), raising=False)
    with pytest.raises(StrategyError, match=said):
        policy(DAY_BASIS, OddBasis())[DAY_BASIS].days(30)


def test_a_month_without_days_is_refused() -> None:
    """Somebody who is away would be paid the whole month."""

    @attrs.frozen
    class NoDays(DayBasis):
        weekdays: bool = False
        deducts: bool = False
        kind: ClassVar[str] = "test_no_days"

        def days(self, month: int) -> Fraction:
            return Fraction(0)

    days, nobody = IntColumn.of([10]), EnumColumn.of(LeaveKind, [None])
    with pytest.raises(StrategyError, match="a month has days"):
        month_shares(days, nobody, Groups.of(TextColumn.of(["w"])), 30, policy(DAY_BASIS, NoDays()))


def test_a_strategy_says_what_is_read_of_it() -> None:
    """An attribute that isn't there, or of another type, is refused when the value is set."""

    class Silent(EmergencyScheme):
        kind: ClassVar[str] = "test_silent"

        def daily(self, post_class: str) -> Fen:
            return Fen(0)

    for odd, said in ((attrs.frozen(Silent)(), "is missing"), (OddScheme(most_days=1.5), "int is expected, not float")):  # type: ignore[arg-type]
        with pytest.raises(ValueKindError, match=said):
            policy(EMERGENCY, odd)


def test_types_are_taken_as_they_are_written() -> None:
    """Optional parts, spans, lists of any length and pairs; True is no count."""
    check_answer(Fen | None, None)
    check_answer(Span[int], Span(1, 2))
    check_answer(tuple[int, ...], (1, 2, 3))
    for hint, value in (
        (Fen | None, 3), (Span[int], (1, 2)), (Span[int], Span(1, -2)), (tuple[int, ...], ("1",)), (int, True),
        (Sequence[int], "12"), (tuple[int, int], (1, 2, 3)), (Fraction, Fraction(1, BEYOND_AMOUNTS)), (bool, 1),
    ):  # fmt: skip
        with pytest.raises(PlainError):
            check_answer(hint, value)
