"""The communities of a year: households, grids, and how many may hold posts in each (JLW2.2, JLG2.3.2a).

Readings:
    Grids are counted, not drawn: a community keeps its number of grids as long as its households can make so many by
    arithmetic, and is redrawn into the nearest number that they can make once they have changed so that they can't.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Self

import attrs
import numpy as np

from shequ_core.policy import grids
from shequ_core.policy.law import Law
from shequ_core.policy.policy import Policy
from shequ_core.policy.staffing import QUOTA, QUOTA_SHARING
from shequ_core.rules.grids import possible_grids, workers_short
from shequ_core.rules.staffing import allowed_posts, shared_quota
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.state import Layout
from shequ_core.tables.columns import Bools, IntColumn, Ints, TextColumn
from shequ_core.values import Span


@attrs.frozen(kw_only=True, eq=False)
class Ground:
    """Communities, one row a community of each replicate, in the order of seed and code.

    Attributes:
        households: Households; `residents` change as they do.
        grids: How many grids there are; `redrawn` where there are others than the year before.
        grid_workers: How many grid workers that takes.
        room: How many holders each may have; `least` how many each should have, where `known_room`.
        alike: Whether all replicates are the same, so that one of them stands for all.
    """

    households: IntColumn
    residents: IntColumn
    grids: Ints
    redrawn: Bools
    grid_workers: Ints
    room: Ints
    least: Ints
    known_room: Bools
    alike: bool

    @classmethod
    def of(
        cls, layout: Layout, law: Law, year: int, behaviours: Sequence[Behaviour], before: Ground | None
    ) -> Self:
        """Lay it out, law by law; where all replicates are alike it is done once for all."""
        if before is None:
            made = cls._made(layout, law, year, layout.households, layout.residents, None, alike=True)
            return made._tiled(len(layout.seeds))
        households = before.households
        for one in behaviours:
            households = one.households(layout, year, households)
        if before.alike and households is before.households:
            one_of = before._part(np.arange(len(layout.communities)))
            made = cls._made(layout, law, year, one_of.households, one_of.residents, one_of, alike=True)
            return made._tiled(len(layout.seeds))
        residents = _moved(before.residents, before.households, households)
        return cls._made(layout, law, year, households, residents, before, alike=False)

    @classmethod
    def _made(
        cls, layout: Layout, law: Law, year: int, households: IntColumn, residents: IntColumn, before: Ground | None,
        *, alike: bool,
    ) -> Self:
        rows, each = len(households), len(layout.communities)
        least, room = np.zeros(rows, np.int64), np.full(rows, len(layout.posts))
        known, workers = np.zeros(rows, dtype=np.bool_), np.zeros(rows, dtype=np.int64)
        number = np.zeros(rows, dtype=np.int64) if before is None else before.grids.copy()
        for policy, within in _by_law(layout, law, date(year, 1, 1)):
            here = (np.arange(rows // max(each, 1))[:, None] * each + within).ravel()
            allowed = allowed_posts(households.take(here), residents.take(here), policy)
            most = allowed.high
            if _shares_quota(policy):
                most = _shared(allowed, TextColumn.of([layout.communities[at] for at in within.tolist()]), policy)
            there = allowed.low.mask() & most.mask()
            least[here[there]], room[here[there]] = allowed.low.values[there], most.values[there]
            known[here] = there
            if grids.HOUSEHOLDS in policy:
                possible = possible_grids(households.take(here), policy)
                if before is None:
                    number[here] = _first(layout.grids.take(within), possible)
                else:
                    changed = households.values[here] != before.households.values[here]
                    number[here] = np.where(changed, _nearest(number[here], possible), number[here])
            elif before is None:
                number[here] = layout.grids.take(within).filled(0).values
            if grids.WORKERS in policy:
                counted = IntColumn(number[here])
                workers[here] = workers_short(counted, counted.fill(0), policy).values
        redrawn = np.zeros(rows, dtype=np.bool_) if before is None else number != before.grids
        return cls(
            households=households, residents=residents, grids=number, redrawn=redrawn, grid_workers=workers,
            room=room, least=least, known_room=known, alike=alike,
        )

    def _part(self, rows: Ints) -> Self:
        return attrs.evolve(
            self, households=self.households.take(rows), residents=self.residents.take(rows), grids=self.grids[rows],
            redrawn=self.redrawn[rows], grid_workers=self.grid_workers[rows], room=self.room[rows],
            least=self.least[rows], known_room=self.known_room[rows],
        )

    def _tiled(self, times: int) -> Self:
        return self if times == 1 else self._part(np.tile(np.arange(len(self.room)), times))


def _shares_quota(policy: Policy) -> bool:
    return QUOTA in policy and QUOTA_SHARING in policy


def _by_law(layout: Layout, law: Law, day: date) -> Iterator[tuple[Policy, Ints]]:
    """Yield the communities that live under one law, those of a county that shares a quota by themselves."""
    found: dict[str, tuple[Policy, list[int]]] = {}
    for place, code in enumerate(layout.counties):
        policy = law.policy(code, day)
        found.setdefault(code if _shares_quota(policy) else policy.fingerprint, (policy, []))[1].append(place)
    county = layout.county_of[layout.subdistrict_of]
    for policy, places in found.values():
        alone = len(places) == len(layout.counties)
        yield policy, np.arange(len(county)) if alone else np.flatnonzero(np.isin(county, places))


def _moved(residents: IntColumn, before: IntColumn, after: IntColumn) -> IntColumn:
    """Return residents that change in the same proportion as households."""
    moved = residents.values * after.values // np.maximum(before.values, 1)
    return IntColumn(moved, residents.known)


def _shared(allowed: Span[IntColumn], code: TextColumn, policy: Policy) -> IntColumn:
    """Return each replicate's share of the quota."""
    each = max(len(code), 1)
    parts = [
        shared_quota(Span(allowed.low.part(at, at + each), allowed.high.part(at, at + each)), code, policy)
        for at in range(0, len(allowed.high), each)
    ]
    if not parts:
        return allowed.high
    return IntColumn(
        np.concatenate([one.values for one in parts]), np.concatenate([one.mask() for one in parts])
    )


def _first(drawn: IntColumn, possible: Span[IntColumn]) -> Ints:
    """Return how many grids each community has at the start: those that are drawn, or else as few as can be."""
    return np.where(drawn.mask(), drawn.values, possible.low.filled(0).values)


def _nearest(number: Ints, possible: Span[IntColumn]) -> Ints:
    """Return the nearest number of grids that there can be; the same where there can be none."""
    low, high = possible.low.values, possible.high.values
    return np.where(possible.low.mask() & (low <= high), np.clip(number, low, np.maximum(low, high)), number)
