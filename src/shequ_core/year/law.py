"""What a run needs of the policies, and what is missing in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import attrs
import numpy as np

from shequ_core.errors import Fault, InputError, UnsetError, UnsetKey, msg
from shequ_core.policy import assessment as assessment_keys
from shequ_core.policy import month as month_keys
from shequ_core.policy import pay as pay_keys
from shequ_core.policy import performance as performance_keys
from shequ_core.policy.law import Law, counties_of, missing_in, needed
from shequ_core.tables.columns import Bools, DateColumn, Ints, day_number
from shequ_core.tables.dataset import Dataset
from shequ_core.values import MONTHS_PER_YEAR, Span

MONTHS: Final = range(1, MONTHS_PER_YEAR + 1)

PAY_RULES: Final = (
    "staffing.in_scope",
    "pay.class_grades",
    "pay.graded_pay",
    "pay.split_standard",
    "pay.pool_weight",
    "pay.pool_shares",
)
YEAR_RULES: Final = ("staffing.allowed_posts", "staffing.party_posts_short", "exits.failed_too_often", "exits.exit_day",
                     "training.training_due_by")


WITHOUT_GRADINGS: Final = (pay_keys.PLACEMENT.name, pay_keys.SERVICE.name)
"""What is asked for where nobody at all was placed in a grade."""


def asked_by(data: Dataset, months: Sequence[Span[date]]) -> list[str]:
    """Return the parameters that only some facts ask for: parts of months, changes in them, leave, loans, scores.

    Raises:
        InputError: There is no table of assessments.
    """
    first, last = day_number(months[0].low), day_number(months[-1].high)
    holdings = data.holdings

    def inside(days: Ints) -> Bools:
        return (days > first) & (days <= last) & (DateColumn(days).day_of_month().values > 1)

    ends = np.where(holdings.until.mask(), holdings.until.values + 1, first)
    some = (holdings.since.values <= last) & (ends >= first)
    keys = []
    away = data.leaves is not None and bool((data.leaves.until.values >= first).any())
    if away or (inside(holdings.since.values) | (inside(ends) & some)).any():
        keys.append(month_keys.DAY_BASIS.name)
    dated = [table.since for table in (data.gradings, data.certificates) if table is not None]
    if any((inside(since.values) & since.mask()).any() for since in dated):
        keys.append(month_keys.TAKES_EFFECT.name)
    if away:
        keys.append(month_keys.LEAVE_SHARES.name)
    if data.secondments is not None and (data.secondments.since.values <= last).any():
        keys.append(month_keys.SECONDED_IN_POOL.name)
    if data.gradings is None or not len(data.gradings):
        keys += WITHOUT_GRADINGS
    if data.assessments is None:
        raise InputError(
            [Fault(file="assessments", message=msg("the table assessments (考核) is needed, if only with its header"))]
        )
    if data.assessments.grade.known is not None:
        keys.append(assessment_keys.SCHEME.name)
    return keys


def check_needs(
    data: Dataset, law: Law, place: str, months: Sequence[Span[date]], rules: Sequence[str] = (*PAY_RULES, *YEAR_RULES)
) -> None:
    """Raise one `UnsetError` for every value that these months need and nobody set."""
    check_set(law, counties_of(data, place), asked_by(data, months), months, rules)


def check_set(
    law: Law, counties: Sequence[str], asked: Sequence[str], months: Sequence[Span[date]],
    rules: Sequence[str] = (*PAY_RULES, *YEAR_RULES),
) -> None:
    """Raise one `UnsetError` for every value that these months need in any of the counties and nobody set.

    Args:
        law: The policies.
        counties: Their codes.
        asked: What only some facts ask for: `asked_by`.
        months: The months.
        rules: The rules that are run.
    """
    keys = [*needed(rules), performance_keys.PAYDAY.name, *asked]
    missing: dict[tuple[str, str], UnsetKey] = {}
    for code in counties:
        for month in months:
            policy = law.policy(code, month.low)
            for one in missing_in(policy, keys):
                missing.setdefault((one.key, code), one)
    if missing:
        by_key: dict[str, list[UnsetKey]] = {}
        for (key, _), one in sorted(missing.items()):
            by_key.setdefault(key, []).append(one)
        several = [
            attrs.evolve(found[0], place="、".join(one.place for one in found[:3]) + ("…" if len(found) > 3 else ""))
            for found in by_key.values()
        ]
        raise UnsetError(several)
