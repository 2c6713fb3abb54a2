"""The rule in this library, as a subject of the pay benchmark: values of a fictional place, and `payroll_chunks`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any, Final

import attrs
import numpy as np
from tools.bench import pay_rule
from tools.bench.pay_rule import Codes, Piece, Workforce

from shequ_core.explanation import Recorder
from shequ_core.law.clauses import Document
from shequ_core.model.contributions import Scheme
from shequ_core.model.places import Division, DivisionKind, Divisions
from shequ_core.model.posts import CertificateLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import contributions, pay, performance
from shequ_core.policy.book import Plugin, PolicyBook
from shequ_core.policy.contributions import BaseOf, LocalRates, SchemeRate
from shequ_core.policy.parameters import LocalPolicy, LocalValue, Parameter
from shequ_core.policy.pay import CoefficientTable, Compared, FixedMonthly, MonthlyAllowance, PersonKept
from shequ_core.policy.performance import SubdistrictPool
from shequ_core.policy.policy import Policy
from shequ_core.rules.payroll import PoolContext, payroll, payroll_chunks
from shequ_core.tables.columns import EnumColumn, FenColumn, IntColumn, TextColumn, Vocabulary
from shequ_core.tables.payroll import PayRows
from shequ_core.trace import observed
from shequ_core.values import Fen, Span, Status

PLACE: Final = "2299"
_ALWAYS: Final = date(2030, 1, 1)
_SOURCE: Final = Document("the pay benchmark's own figures, of no place").article("")
_LINES: Final = {
    "basic": "basic", "bonus": "bonus", "certificate": "certificate", "kept": "kept", "gross": "total",
    "insurance": "insurance", "housing": "fund", "net": "net",
}  # fmt: skip
"""The benchmark's name of each line, and the library's."""


def _set(key: Parameter[Any], value: object, month: int = 0) -> LocalValue[Any]:
    """Make a value; those of one key follow each other by the month from which they hold."""
    made: LocalValue[Any] = key.set(
        value, since=_ALWAYS.replace(month=month + 1), known_on=_ALWAYS, source=_SOURCE, status=Status.ISSUED
    )
    return made


def policies() -> list[Policy]:
    """Return the policy of each month, with the figures of `pay_rule`."""
    rate = {"floor": Fen(pay_rule.FLOOR), "ceiling": Fen(pay_rule.CEILING)}
    weights = [Fraction(weight, 10) for weight in pay_rule.WEIGHTS]
    values = [
        _set(
            pay.GRADES,
            CoefficientTable(pay_rule.COEFFICIENTS, {"staff": Span(1, len(pay_rule.COEFFICIENTS))}),
        ),
        _set(pay.REFERENCE, FixedMonthly(Fen(pay_rule.reference(0)))),
        _set(pay.REFERENCE, FixedMonthly(Fen(pay_rule.reference(6))), month=6),
        _set(pay.LOCAL_COEFFICIENT, Fraction(1)),
        _set(pay.BASE_SHARE, pay_rule.BASIC_SHARE),
        _set(performance.PERFORMANCE, SubdistrictPool()),
        _set(performance.BONUS_WEIGHTS, dict(zip(AssessmentGrade, weights, strict=True))),
        _set(performance.UNASSESSED_WEIGHT, Fraction(1)),
        _set(performance.PAYDAY, 15),
        _set(
            pay.CERTIFICATE,
            MonthlyAllowance(dict(zip(CertificateLevel, map(Fen, pay_rule.MONTHLY[1:]), strict=True))),
        ),
        _set(pay.NO_REDUCTION, PersonKept(Compared.STANDARD_AND_CERTIFICATE)),
        _set(
            contributions.RATES,
            LocalRates(
                {
                    Scheme.PENSION: SchemeRate(pay_rule.INSURANCE, Fraction(0), **rate),
                    Scheme.HOUSING_FUND: SchemeRate(pay_rule.HOUSING, Fraction(0), **rate),
                },
                BaseOf.MONTH,
            ),
        ),
    ]
    ground = Divisions([Division(code=PLACE, name="白桦市", kind=DivisionKind.CITY)])
    book = PolicyBook([(Plugin(name="bench"), LocalPolicy(place=PLACE, values=values, divisions=ground))])
    return [book.policy(PLACE, _day(month)) for month in range(len(pay_rule.MONTHS))]


def _day(month: int) -> date:
    return _ALWAYS.replace(month=month + 1)


@attrs.frozen(eq=False)
class State:
    """Each month's rows with its policy."""

    rows: tuple[PayRows, ...]
    policies: tuple[Policy, ...]


class Ours:
    """The library as a subject of the benchmark."""

    def prepare(self, workforce: Workforce) -> State:
        """Hold the workforce as pay rows, a table a month; what doesn't change is the same column in all."""
        codes, places = np.unique(workforce.subdistrict, return_inverse=True)
        numbers = np.sort(workforce.worker)
        first = PayRows.filled(
            {
                "worker": TextColumn(
                    np.searchsorted(numbers, workforce.worker), None, Vocabulary(f"W{one:08d}" for one in numbers)
                ),
                "subdistrict": TextColumn(places, None, Vocabulary(map(str, codes))),
                "post_class": TextColumn.full(len(workforce), "staff"),
                "former": FenColumn(workforce.former, workforce.former > 0),
                **_monthly(workforce.grade[0], workforce.certificate[0], workforce.assessment[0]),
            }
        )
        months = zip(workforce.grade[1:], workforce.certificate[1:], workforce.assessment[1:], strict=True)
        return State((first, *(first.with_columns(**_monthly(*month)) for month in months)), tuple(policies()))

    def month(self, state: State, month: int) -> Iterator[Piece]:
        """Yield a month's lines, piece by piece."""
        row = 0
        for piece in payroll_chunks(state.rows[month], state.policies[month], _day(month), whole=True):
            yield row, {name: getattr(piece.lines, ours).values for name, ours in _LINES.items()}
            row += len(piece)

    def single(self, *, explained: bool) -> tuple[Callable[[], Any], Callable[[Any], object]]:
        """Return how one worker's case is set up, and how it is computed: from what the pool needs to be told."""
        workforce = pay_rule.make_workforce(80, 1)
        state = self.prepare(workforce)
        policy, month = state.policies[0], _day(0)
        context = payroll(state.rows[0], policy, month, whole=True).context("W00000001")
        one = state.rows[0].where((state.rows[0].worker == "W00000001").true())

        def slip(given: tuple[PayRows, PoolContext]) -> object:
            rows, pool = given
            if not explained:
                return payroll(rows, policy, month, pool=pool).lines.row(0)
            recorder = Recorder("W00000001")
            with observed(recorder):
                paid = payroll(rows, policy, month, pool=pool).lines.row(0)
            return paid, recorder.steps

        return lambda: (one, context), slip


def _monthly(grade: Codes, certificate: Codes, assessment: Codes) -> dict[str, Any]:
    held = certificate.astype(np.int64) - 1
    return {
        "grade": IntColumn(grade.astype(np.int64)),
        "certificate": EnumColumn(np.maximum(held, 0), held >= 0, CertificateLevel),
        "assessment": EnumColumn(assessment.astype(np.int64), None, AssessmentGrade),
    }


SUBJECT: Final = Ours()
