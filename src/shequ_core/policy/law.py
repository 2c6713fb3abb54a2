"""The policies of a run, asked for by place and day, a group of rows that live under one law at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from shequ_core.errors import InputError, UnsetKey, msg
from shequ_core.law.carrying import CARRIERS
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy.parameters import PARAMETERS, Parameter
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import Ints, TextColumn

if TYPE_CHECKING:
    from shequ_core.policy.book import PolicyBook
    from shequ_core.tables.dataset import Dataset


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
    from shequ_core.tables.in_post import fault  # who asks for a policy alone needs no table

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
