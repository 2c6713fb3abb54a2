"""The policies of a run, asked for by subdistrict and day, and what is missing in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

import attrs
import numpy as np

from shequ_core.errors import Fault, InputError, UnsetError, UnsetKey, msg
from shequ_core.law.carrying import CARRIERS
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy import assessment as assessment_keys
from shequ_core.policy import month as month_keys
from shequ_core.policy import pay as pay_keys
from shequ_core.policy import performance as performance_keys
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import PARAMETERS, Parameter
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import Bools, DateColumn, Ints, TextColumn, day_number
from shequ_core.tables.dataset import Dataset
from shequ_core.values import MONTHS_PER_YEAR, Span
from shequ_core.year.roster import fault

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


def needed(names: Iterable[str]) -> tuple[str, ...]:
    """Return the parameters that rules can't do without, by what the rules themselves say."""
    return tuple(dict.fromkeys(key for name in names for key in CARRIERS[name].needs))


def missing_in(policy: Policy, keys: Sequence[str]) -> list[UnsetKey]:
    """Return which keys nobody set, those of the strategies in force among them, and no others."""
    wanted: dict[str, None] = {}
    for name in keys:
        by = PARAMETERS[name].chosen_by
        chosen = policy.why(PARAMETERS[by]) if by is not None else None
        if chosen is None or name in chosen.value.value.uses:
            wanted[name] = None
        strategy = policy.why(PARAMETERS[name])
        uses = getattr(strategy.value.value, "uses", ()) if strategy is not None else ()
        followers = [one for one, key in PARAMETERS.items() if key.chosen_by == name] if strategy is None else uses
        wanted.update(dict.fromkeys(followers))
    return list(policy.missing(sorted(wanted)))


@attrs.frozen(eq=False)
class Law:
    """The policies of a run, asked for by subdistrict and day, and all that is missing in them."""

    book: PolicyBook
    known: date | None
    end: date

    def policy(self, code: str, day: date) -> Policy:
        """Return the policy of a code that the tables carry, on a day of the year."""
        if code not in self.book.divisions:
            code = code[:COUNTY_DIGITS]  # a subdistrict that isn't listed, such as one of a zone
        return self.book.policy(code, day, self.known, placed_on=self.end)

    def began(self, key: Parameter[Any], policy: Policy) -> date | None:  # Any: keys of every type
        """Return since when a place has had values of a key without a break, None where it has none.

        A table that replaces another doesn't begin anything: the first of them did.
        """
        told, first = policy.why(key), None
        while told is not None:
            first = told.value.since
            if first == date.min:
                break
            told = self.policy(policy.place, first - timedelta(days=1)).why(key)
        return first

    def groups(self, places: TextColumn, day: date) -> list[tuple[Policy, Ints]]:
        """Return the rows that live under the same law, with that law."""
        by_law: dict[str, tuple[Policy, list[int]]] = {}
        used = np.unique(places.values)
        for code in used.tolist():
            policy = self.policy(places.vocabulary[code], day)
            by_law.setdefault(policy.fingerprint, (policy, []))[1].append(code)
        if len(by_law) == 1:
            return [(policy, np.arange(len(places))) for policy, _ in by_law.values()]
        return [(policy, np.flatnonzero(np.isin(places.values, codes))) for policy, codes in by_law.values()]


def counties_of(data: Dataset, place: str) -> list[str]:
    """Return the counties and zones of the communities."""
    codes = sorted({code[:COUNTY_DIGITS] for code in data.communities.code.to_list() if code is not None})
    return codes or [place]


def check_places(data: Dataset, book: PolicyBook, place: str, on: date) -> None:
    """Raise one `InputError` for all communities whose code isn't one, or lies elsewhere."""
    faults = []
    for row, code in enumerate(data.communities.code.to_list()):
        assert code is not None
        problem = (
            msg("the community does not lie in {place}: correct its code, or ask for another place", place=place)
            if not code.startswith(place)
            else book.divisions.check_community(code, on)
        )
        if problem is not None:
            faults.append(fault(data.communities, row, "code", problem))
    if faults:
        raise InputError(faults)


def _asked_by(data: Dataset, months: Sequence[Span[date]]) -> list[str]:
    """Return the parameters that only some facts ask for: parts of months, changes in them, leave, loans."""
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
    return keys


def check_needs(
    data: Dataset, law: Law, place: str, months: Sequence[Span[date]], rules: Sequence[str] = (*PAY_RULES, *YEAR_RULES)
) -> None:
    """Raise one `UnsetError` for every value that these months need and nobody set."""
    keys = list(needed(rules))
    keys.append(performance_keys.PAYDAY.name)
    keys += _asked_by(data, months)
    if data.gradings is None or not len(data.gradings):
        keys += [pay_keys.PLACEMENT.name, pay_keys.SERVICE.name]
    if data.assessments is None:
        raise InputError(
            [Fault(file="assessments", message=msg("the table assessments (考核) is needed, if only with its header"))]
        )
    scored = data.assessments.grade.known is not None
    if scored:
        keys.append(assessment_keys.SCHEME.name)
    missing: dict[tuple[str, str], UnsetKey] = {}
    for code in counties_of(data, place):
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
