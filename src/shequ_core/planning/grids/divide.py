"""Grid division: a plan within bounds, or why there is none (JLG2.3.2a, JLG2.1.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Final

import attrs
import numpy as np

from shequ_core.errors import Message, msg
from shequ_core.planning.grids.codes import numbered
from shequ_core.planning.grids.earlier import NEW, Earlier
from shequ_core.planning.grids.exact import SETS, STEPS, Cover, TooManyError
from shequ_core.planning.grids.ground import (
    Ground,
    contracted,
    distance_unit,
    ground_of,
    near_of,
    restricted,
    squared_distances,
)
from shequ_core.planning.grids.layout import Basis, Floats, Ints, Layout
from shequ_core.planning.grids.masks import mask_of, pieces, places
from shequ_core.planning.grids.partition import Partition, of_buildings
from shequ_core.planning.grids.plan import Cause, GridPlan, Move, PlanStatus, StoppedBy
from shequ_core.planning.grids.quarters import GRIDS, quartered
from shequ_core.planning.grids.redraw import Redrawing, redrawn
from shequ_core.planning.grids.search import FULL, HARDER, LARGER, LISTED, Clock, Search, fewest_of, lumpy
from shequ_core.planning.grids.sets import Sets
from shequ_core.planning.grids.sharing import Worth, shared
from shequ_core.planning.grids.sweep import swept
from shequ_core.planning.grids.trees import cut, is_tree, random_tree
from shequ_core.planning.grids.verdict import Part, causes_by_arithmetic, lump, unreachable
from shequ_core.values import Span

EFFORT: Final = 3
"""Parts drawn anew for each grid, unless somebody asks for more."""

_FEW: Final = 14
"""Up to so many units the best division of all is always looked for."""
_PROOF: Final = (5 * SETS, 20 * STEPS)
"""Sets and steps of the search for a proof that there is no plan."""
_AROUND: Final = 1
"""A part gets so many grids more or less than its even share of a target, before anything else is tried."""
_QUICK: Final = (1_500, 8_000)
"""Sets and steps of a list of whole estates, which is not the last word."""
_QUICKLY: Final = ((35, 64),)
"""Sweeps for each number of grids, until one comes to an end: ways for each effort, and haste."""
_THOROUGHLY: Final = ((35, 256), (100, 64), (100, 256))
"""The same for a grid less than that."""
_WELL: Final = ((100, 16), (100, 4))
"""The same in less haste, for compact grids and whole estates."""
_GONE_ON: Final = 2
"""So many of the divisions that sweeps found are made better."""
_FAILED: Final = 12
"""So many numbers of grids are tried in vain."""
_GRIDS_OF_LUMPS: Final = 60
"""So many grids has a quarter whose sets can be listed."""
_SOME: Final = 20_000
"""Steps of a list before sweeps are made."""
_MORE: Final = 3
"""A quarter may take one or two grids more than its share."""
_BY_ESTATES: Final = 100
"""From so many buildings on, where no list will do, parts are drawn anew by whole estates too: in smaller ones that
seldom pays for its time."""
_TRIES_OF_ESTATES: Final = 8
"""So many parts are drawn anew of whole estates: if that doesn't do, more hardly ever does, and single buildings do."""
_LARGE: Final = 450
_BEGINNINGS: Final = 3
"""So often a search begins at most, in communities that are neither small nor large, where all didn't go well: small
ones are the most by far, and in large ones each beginning takes seconds.
"""
_ROOM: Final = 0.15
"""Beyond so many buildings a search begins where each grid has this part of a usual building's households to spare."""
_COUNTS: Final = 3
"""So many numbers of grids are tried for the least-bad plan."""


@attrs.frozen(kw_only=True)
class Wanted:
    """What is asked of a division.

    Attributes:
        target: So many grids; None for as few as can be. Every grid takes the same staff, so the fewest grids
            take the fewest staff.
        effort: How much is tried: parts drawn anew for each grid.
        split_weight: What one more piece of an estate is worth, in households times square metres; None where
            whole estates come before compactness.
    """

    target: int | None = None
    effort: int = EFFORT
    seed: int = 1
    split_weight: float | None = None


def divide_layout(
    layout: Layout, low: int, high: int, *, target: int | None = None, effort: int = EFFORT, seed: int = 1,
    seconds: float | None = None, split_weight: float | None = None, clock: Clock | None = None,
) -> GridPlan:
    """Divide one community.

    Args:
        layout: Its buildings and what touches.
        low: Least households of a grid.
        high: Most households of a grid.
        target: So many grids; None for as few as can be.
        effort: How much is tried; the same effort and seed give the same plan on any machine.
        seed: The seed of chance.
        seconds: A cap on time; a plan that it cut short says so.
        split_weight: What one more piece of an estate is worth, in households times square metres; None where
            whole estates come before compactness.
        clock: One that runs already, in place of `seconds`.

    Raises:
        ValueError: Bounds, target or effort that make no sense.
    """
    if not 1 <= low <= high:
        raise ValueError(f"low {low} and high {high} are no bounds: at least 1, and low not above high")
    if effort < 1 or (target is not None and target < 1) or not len(layout):
        raise ValueError("effort and target are at least 1, and there is at least one building")
    wanted = Wanted(target=target, effort=effort, seed=seed, split_weight=split_weight)
    return _Division(layout, low, high, wanted, clock or Clock.of(seconds)).plan()


@attrs.frozen(kw_only=True)
class _Answer:
    """What was found for a part: its units in grids, what they are worth, and whether a missing plan is proven."""

    grids: list[int]
    within: bool
    proven: bool = False
    worth: Worth = (0, 0)


class _Division:
    def __init__(self, layout: Layout, low: int, high: int, wanted: Wanted, clock: Clock) -> None:
        self.layout = layout
        self.low, self.high = low, high
        self.wanted = wanted
        self.clock = clock
        self.beginning = 0
        self.sets: dict[Ground, Sets | None] = {}
        self.squared: Floats = squared_distances(layout)
        self.near = near_of(layout)
        households = layout.households.tolist()
        self.parts = [
            Part(buildings=tuple(found), households=sum([households[one] for one in found]))
            for found in map(places, pieces(self.near, (1 << len(layout)) - 1))
        ]
        self.earlier = Earlier.of(layout)
        buildings = [part.buildings for part in self.parts]
        self.homes = {} if self.earlier is None else dict(
            zip(buildings, self.earlier.homes_in(buildings), strict=True)
        )
        self.split_weight = (
            None if wanted.split_weight is None else float(round(wanted.split_weight * distance_unit(layout)))
        )

    def plan(self) -> GridPlan:
        causes = list(
            causes_by_arithmetic(
                self.layout, self.parts, self.squared, self.low, self.high, self.wanted.target
            )
        )
        blamed = {self.layout.ids.index(one) for cause in causes for one in cause.buildings}
        grid_of = np.full(len(self.layout), -1, dtype=np.int64)
        found = 0
        within = True
        answers = self._to_target(causes)
        if self.wanted.target is not None and answers is None:
            within = False  # then into as few as can be
        for place, part in enumerate(self.parts):
            if not part.households and len(self.parts) > 1:
                continue  # nobody lives there: it goes to the nearest grid, and is named
            ground = self._ground(part)
            if blamed.intersection(part.buildings):
                grids = self._least_bad(ground, part)
                if self.homes:
                    grids = self._redrawn(ground, part, None, grids).grids
            else:
                answer = self._divided(ground, part) if answers is None else answers[place]
                grids = answer.grids
                if not answer.within:
                    within = False
                    if answer.proven:
                        causes.append(lump(self.layout, part, self.low, self.high))
            rows = np.array(part.buildings)
            for grid in grids:
                grid_of[rows[places(grid)]] = found
                found += 1
        notes = self._join_empty(grid_of)
        if notes:
            self.layout = attrs.evolve(self.layout, notes=(*self.layout.notes, *notes))
        return self._told(grid_of, causes, within=within)

    def _to_target(self, causes: list[Cause]) -> Mapping[int, _Answer] | None:
        """Divide each part in which somebody lives so that all together make as many grids as were asked for.

        Where that can't be had the answer is None, and if that is proven `causes` is told.
        """
        target = self.wanted.target
        if target is None or causes:
            return None
        housed = {place: part for place, part in enumerate(self.parts) if part.households}
        even = self._even(housed, target)
        found: dict[int, dict[int, _Answer]] = {place: {} for place in housed}
        for width in (_AROUND, target) if len(housed) > 1 else (0,):
            for place, part in housed.items():
                for count in part.counts(self.low, self.high):
                    if self.clock.over():
                        return None
                    near = abs(count - even[place]) <= width or (width and len(part.buildings) <= _FEW)
                    if near and count not in found[place]:
                        found[place][count] = self._into(part, count)
            within = [{count: one.worth for count, one in some.items() if one.within} for some in found.values()]
            counts = shared(within, target)
            if counts is not None:
                return {place: found[place][count] for place, count in zip(found, counts, strict=True)}
        open_ = [{count: one.worth for count, one in some.items() if one.within or not one.proven}
                 for some in found.values()]  # fmt: skip
        if shared(open_, target) is None:
            causes.append(unreachable(target, self.low, self.high))
        return None

    def _even(self, housed: Mapping[int, Part], target: int) -> dict[int, int]:
        """Share a target among parts: each as few as it needs, and the rest to those with the largest grids."""
        counts = {place: part.counts(self.low, self.high)[0] for place, part in housed.items()}
        for _ in range(target - sum(counts.values())):
            _, chosen = max(
                (part.households / counts[place], -place)
                for place, part in housed.items()
                if part.households // self.low > counts[place]
            )
            counts[-chosen] += 1
        return counts

    def _into(self, part: Part, count: int) -> _Answer:
        """Divide a part into so many grids; without any where that can't be had within bounds."""
        ground = self._ground(part)
        if self.homes and (found := self._redrawn(ground, part, count)).within:
            return found
        grids, proven, _ = self._within(ground, part, count)
        if grids is None:
            return _Answer(grids=[], within=False, proven=proven)
        if self.homes:
            return self._redrawn(ground, part, count, grids)
        return _Answer(grids=grids, within=True, worth=Partition(ground, grids).merit()[1:])

    def _ground(self, part: Part) -> Ground:
        return ground_of(
            self.layout, self.squared, np.array(part.buildings), self.low, self.high, split_weight=self.split_weight
        )

    def _chance(self, part: Part, grids: int) -> Random:
        first = self.layout.ids[part.buildings[0]]
        beginning = f"|{self.beginning}" if self.beginning else ""
        return Random(f"{self.wanted.seed}|{self.layout.community}|{first}|{grids}{beginning}")

    def _search(self, ground: Ground, part: Part, grids: int, effort: int | None = None) -> Search:
        return Search(ground, effort or self.wanted.effort, self._chance(part, grids), self.clock, self.sets)

    def _divided(self, ground: Ground, part: Part) -> _Answer:
        """Divide a part whose households allow it."""
        if self.homes and (found := self._redrawn(ground, part, None)).within:
            return found
        grids, proven, nearest = self._within(ground, part, None)
        answer = _Answer(
            grids=self._least_bad(ground, part, nearest) if grids is None else grids, within=grids is not None,
            proven=proven,
        )
        if self.homes:
            return attrs.evolve(self._redrawn(ground, part, None, answer.grids), proven=proven)
        return answer

    def _redrawn(self, ground: Ground, part: Part, count: int | None, start: Sequence[int] | None = None) -> _Answer:
        """Draw the earlier grids of a part anew.

        Args:
            start: The best division that was found without asking what was; it tells what can't be helped.
        """
        floor = 0 if start is None else Partition(ground, start).violation()
        search = Redrawing(
            ground, self.homes[part.buildings], None if count is None else range(count, count + 1),
            self.wanted.effort, self._chance(part, NEW), self.clock, floor,
        )
        found = redrawn(search, [] if start is None else [start])
        spread = Partition(ground, found.grids).merit()[2]
        return _Answer(grids=found.grids, within=not found.missed, worth=(found.moved, spread))

    def _within(
        self, ground: Ground, part: Part, count: int | None
    ) -> tuple[list[int] | None, bool, Partition | None]:
        """Divide within bounds, else say whether it is proven that this can't be done, and how near it came."""
        counts = part.counts(self.low, self.high) if count is None else range(count, count + 1)
        cover = self._listed(ground)
        if cover is not None and ground.plain and len(ground) > _FEW:
            listed, proven = self._by_sets(ground, part, counts, cover)
            if listed is not None or proven:
                return listed, True, None
            cover = None
        ample = self._ample(ground, part, counts) if len(ground) > _LARGE else 0
        if len(ground) > _LARGE and cover is None and count is None and counts:
            large = self._by_quarters(ground, part, counts[ample])
            if large is not None:
                return (None, False, large) if large.violation() else (large.masks, True, None)
        first = 0 if cover is not None or count is not None else ample
        nearest: Partition | None = None
        failed: list[int] = []
        for grids in counts[first:]:
            if nearest is not None and self.clock.over():
                break
            try:
                listed = None if cover is None else cover.best(grids)
            except TooManyError:
                cover = None  # with more grids there are more rests, not fewer
                listed = None
            if listed is not None:
                return listed, True, None
            if cover is not None or self._impossible_tree(ground, part, grids):
                continue
            found = self._cut(ground, part, grids)
            if found is not None and not found.violation():
                fewest = self._fewest(ground, part, counts, failed, found)
                return self._begun_again(ground, part, self._refined(ground, part, fewest)).masks, True, None
            if found is not None and (nearest is None or found.violation() < nearest.violation()):
                nearest = found
            failed.append(grids)
        for grids in failed:
            found = self._harder(ground, part, grids)
            if found is not None:
                return self._begun_again(ground, part, self._refined(ground, part, found)).masks, True, None
        proven = not failed and not first
        if not proven and not self.clock.over():
            try:
                best = Cover(ground, sets=_PROOF[0]).best(count, _PROOF[1])
            except TooManyError:
                pass
            else:
                if best is not None:
                    return best, True, None
                proven = True
        return None, proven, nearest

    def _by_sets(
        self, ground: Ground, part: Part, counts: Sequence[int], cover: Cover
    ) -> tuple[list[int] | None, bool]:
        """Divide a ground of which all sets that can be a grid are listed; without any, say whether that is proven."""
        sets = self._search(ground, part, fewest_of(ground)).listed_sets(cover)
        if sets is None:
            return None, False
        exact = True
        found: list[Partition] = []
        failed = 0
        for grids in counts:
            if failed == _FAILED or self.clock.over():
                break
            if not sets.can_make(grids):
                continue
            listed: list[int] | None = None
            try:
                listed = cover.best(grids, _SOME) if exact else None
            except TooManyError:
                exact = False  # with more grids there are more rests, not fewer
            if listed is not None:
                return listed, True
            if exact:
                continue
            found = self._swept(ground, sets, grids, _QUICKLY)
            if found:
                break
            failed += 1
        if not found:
            return None, exact and not self.clock.over()
        while failed and (fewer := self._swept(ground, sets, len(found[0]) - 1, _THOROUGHLY)):
            found, failed = fewer, failed - 1
        sets.price(len(found[0]))
        found += self._swept(ground, sets, len(found[0]), _WELL)
        found.sort(key=Partition.merit)
        return min([self._refined(ground, part, one) for one in found[:_GONE_ON]], key=Partition.merit).masks, True

    def _swept(self, ground: Ground, sets: Sets, grids: int, ways: Sequence[tuple[int, int]]) -> list[Partition]:
        """Divide into so many grids from either end, in the first of some ways that comes to an end."""
        for width, haste in ways:
            if self.clock.over():
                break
            both = [swept(sets, grids, width * self.wanted.effort, haste, back=back) for back in (False, True)]
            found = [Partition(ground, masks) for masks in both if masks is not None]
            if found:
                return found
        return []

    def _by_quarters(self, ground: Ground, part: Part, grids: int) -> Partition | None:
        """Divide a large part quarter by quarter, then make it better as a whole.

        None where a quarter can't be divided; where time is up before all are, some grids are out of bounds.
        """
        found: list[int] = []
        most = _GRIDS_OF_LUMPS if lumpy(ground) else GRIDS
        quarters = quartered(ground, grids, self._chance(part, grids), self.clock.over, most)
        for units, count in () if quarters is None else quarters:
            quarter = restricted(ground, units)
            cover = self._listed(quarter)
            if cover is not None and quarter.plain:
                listed, _ = self._by_sets(quarter, part, range(fewest_of(quarter), count + _FAILED), cover)
                if listed is not None:
                    found += [mask_of(units[places(mask)].tolist()) for mask in listed]
                    continue
            for more in range(_MORE):
                best = self._cut(quarter, part, count + more)
                if best is not None and (not best.violation() or self.clock.over()):
                    break
            else:
                return None
            masks = (best if best.ground is quarter else of_buildings(quarter, best)).masks
            found += [mask_of(units[places(mask)].tolist()) for mask in masks]
        return self._refined(ground, part, Partition(ground, found)) if found else None

    def _ample(self, ground: Ground, part: Part, counts: range) -> int:
        """Say with which of the numbers of grids to begin: the first that leaves each grid some room.

        With hundreds of grids the fewest by arithmetic leave a household or two to each, and no search will find them.
        """
        usual = part.households / len(ground)
        for at, grids in enumerate(counts):
            if grids * self.high - part.households >= _ROOM * usual * grids:
                return at
        return max(len(counts) - 1, 0)

    def _impossible_tree(self, ground: Ground, part: Part, grids: int) -> bool:
        """Say whether the part hangs together as a tree that provably can't be cut so."""
        if not is_tree(ground):
            return False
        chance = self._chance(part, grids)
        return cut(ground, random_tree(ground, chance), grids, chance) is None

    def _fewest(
        self, ground: Ground, part: Part, counts: range, failed: Sequence[int], found: Partition
    ) -> Partition:
        """Go on to fewer grids, as long as a division is found; where that fails try harder once."""
        best = found
        for grids in range(len(found) - 1, counts[0] - 1, -1):
            if self.clock.over():
                break
            fewer = None if grids in failed else self._cut(ground, part, grids)
            if fewer is None or fewer.violation():
                fewer = self._harder(ground, part, grids) if grids in (failed or counts) else None
            if fewer is None:
                break
            best = fewer
        return best

    def _harder(self, ground: Ground, part: Part, grids: int) -> Partition | None:
        """Try harder for so many grids, from other starts."""
        if self.clock.over() or len(ground) > _LARGE:
            return None
        search = self._search(ground, part, grids)
        search.more = HARDER
        search.chance = Random(f"{self.wanted.seed}|harder|{grids}")
        found = search.found(grids)
        return None if found is None or found.violation() else found

    def _begun_again(self, ground: Ground, part: Part, best: Partition) -> Partition:
        """Divide into as many grids from other beginnings too, and keep the best.

        A search ends where no part of it can be made better, and there are many such ends, fewer where grids have room
        and no estate is split but by need. The best division of whole estates has none. Where two searches come to an
        end that is as good, a third seldom finds a better one.
        """
        beginnings = 1 if best.best else self._beginnings(ground, best)
        for self.beginning in range(1, beginnings):
            if self.clock.over():
                break
            found = self._cut(ground, part, len(best))
            if found is None or found.violation():
                continue
            other = self._refined(ground, part, found)
            if other.merit() == best.merit():
                break
            best = min(best, other, key=Partition.merit)
        self.beginning = 0
        return best

    def _beginnings(self, ground: Ground, found: Partition) -> int:
        full = ground.total() >= FULL * ground.high * len(found)
        hard = full or found.splits() > self._fewest_pieces(ground)
        return min(_BEGINNINGS, self.wanted.effort) if hard and LARGER <= len(ground) < _LARGE else 1

    def _refined(self, ground: Ground, part: Part, found: Partition) -> Partition:
        """Make a division within bounds better; one of whole estates first as such."""
        grids = len(found)
        if found.ground is not ground:
            # Cutting a small estate too adds a piece, and hardly ever saves two elsewhere: whole ones stay whole.
            best = found if found.best else self._search(found.ground, part, grids).refined(found)
            return Partition(ground, of_buildings(ground, best).masks, best=found.best)
        search = self._search(ground, part, grids)
        best = search.refined(found)
        pays = len(ground) <= _LARGE and (len(ground) >= _BY_ESTATES or lumpy(ground))
        if pays and ground.estates and ground.split_weight is None:
            other = search.by_estates(best, self._fewest_pieces(ground))
            # What was dealt out any way for the sake of estates is made compact again.
            best = other if other is best or not lumpy(ground) else search.refined(other)
        return best

    def _listed(self, ground: Ground, sets: int | None = None) -> Cover | None:
        """List all sets of units that can be a grid, if they are few."""
        if (len(ground) > _FEW and not lumpy(ground)) or len(ground) > _LARGE:
            return None
        try:
            return Cover(ground, sets=max(SETS, LISTED * len(ground)) if sets is None else sets)
        except TooManyError:
            return None

    def _cut(self, ground: Ground, part: Part, grids: int) -> Partition | None:
        """Divide into so many grids: whole estates first, single buildings where that doesn't do.

        What comes back is of buildings or, within bounds, of whole estates.
        """
        start: Partition | None = None
        if ground.estates and ground.split_weight is None and not self.clock.over():
            coarse = contracted(ground, list(self._blocks(ground)))
            if len(coarse) < len(ground):
                found = self._coarse(coarse, part, grids)
                if found is not None and not found.violation():
                    return found
                start = None if found is None else of_buildings(ground, found)
        return self._search(ground, part, grids).found(grids, start)

    def _coarse(self, coarse: Ground, part: Part, grids: int) -> Partition | None:
        """Divide whole estates."""
        cover = self._listed(coarse, _QUICK[0])
        try:
            best = None if cover is None else cover.best(grids, _QUICK[1])
        except TooManyError:
            cover = best = None
        if best is not None:
            return Partition(coarse, best, best=True)
        if len(coarse) < grids:
            return None
        # Where there is none, what comes nearest is where to begin splitting.
        return self._search(coarse, part, grids).found(grids, tries=_TRIES_OF_ESTATES if cover is None else 0)

    def _blocks(self, ground: Ground) -> Iterator[int]:
        """Name the estates that fit into one grid, each piece that hangs together a block."""
        for mask in _estates(ground):
            for piece in pieces(ground.near, mask):
                if piece & (piece - 1) and sum([ground.weights[one] for one in places(piece)]) <= self.high:
                    yield piece

    def _fewest_pieces(self, ground: Ground) -> int:
        """Count the pieces that estates are in at least, by arithmetic."""
        return sum(
            max(-(-sum([ground.weights[one] for one in places(mask)]) // self.high), 1) for mask in _estates(ground)
        )

    def _least_bad(self, ground: Ground, part: Part, nearest: Partition | None = None) -> list[int]:
        """Find the division that misses the bounds by the fewest households."""
        if len(ground) <= _FEW:
            try:
                slack = max(part.households, self.low)
                best = Cover(ground, slack=slack, sets=_PROOF[0]).best(None, _PROOF[1])
            except TooManyError:
                pass
            else:
                assert best is not None  # everything in one grid is a division
                return best
        giants = [one for one in ground.weights if one > self.high]
        rest = part.households - sum(giants)
        merits: list[tuple[int, int]] = []
        for grids in range(1, min(len(ground), part.households // self.low + 2 + len(giants)) + 1):
            over = sum(giants) - self.high * len(giants)
            left = grids - len(giants)
            if left < 0:
                continue
            merits.append((over + max(left * self.low - rest, rest - left * self.high, 0), grids))
        plain = attrs.evolve(ground, linear=True)
        best_found: Partition | None = None if nearest is None else Partition(plain, nearest.masks)
        for masks in self._nearly(ground):
            other = Partition(plain, masks)
            if best_found is None or other.merit() < best_found.merit():
                best_found = other
        for bound, grids in sorted(merits)[:_COUNTS]:
            if best_found is not None and (best_found.violation() <= bound or self.clock.over()):
                break
            found = self._search(ground, part, grids).best(grids)
            if found is None:
                continue
            other = Partition(plain, found.masks)
            other = self._search(plain, part, grids, 1).best(grids, other) or other
            if best_found is None or other.merit() < best_found.merit():
                best_found = other
        return [ground.everything] if best_found is None else best_found.masks

    def _nearly(self, ground: Ground) -> Iterator[list[int]]:
        """Divide lumpy units the best of all ways into grids that miss their bounds by little, then by a bit more."""
        slack, found = 1, 0
        while lumpy(ground) and slack <= self.high and found < _COUNTS and not self.clock.over():
            try:
                best = Cover(ground, slack=slack).best()
            except TooManyError:
                return
            if best is not None:
                found += 1
                yield best
            slack *= 2

    def _join_empty(self, grid_of: Ints) -> list[Message]:
        """Put buildings without households that touch no grid to the nearest one, and name them."""
        alone = np.flatnonzero(grid_of < 0)
        housed = np.flatnonzero(grid_of >= 0)
        if not len(housed):
            grid_of[:] = 0
            return []
        lost = []
        for one in alone.tolist():
            mates = housed if self.earlier is None else self.earlier.mates(one, housed)
            if self.earlier is None or not len(mates):
                lost.append(one)
                mates = housed
            grid_of[one] = grid_of[mates[int(self.squared[one, mates].argmin())]]
        if not lost:
            return []
        told = msg(
            "nobody lives in these buildings, and they touch no grid; each goes with the nearest one: {buildings}",
            buildings=tuple(self.layout.ids[one] for one in lost),
        )
        return [told]

    def _told(self, grid_of: Ints, causes: Sequence[Cause], *, within: bool) -> GridPlan:
        moves: tuple[Move, ...] = ()
        moved: int | None = None
        if self.earlier is None:
            grid_of, codes = numbered(self.layout, grid_of)
        else:
            renewal = self.earlier.renewed(grid_of, self.near, self.low, self.high)
            grid_of, codes, moves, moved = renewal.grid_of, renewal.codes, renewal.moves, renewal.households_moved
        measures = measured(self.layout, grid_of, self.low, self.high, self.squared, self.near)
        measures["households_moved"] = moved
        status = PlanStatus.INFEASIBLE if causes else PlanStatus.OK if within else PlanStatus.NOT_FOUND
        return GridPlan(
            layout=self.layout, bounds=Span(self.low, self.high), status=status, grid_of=grid_of, codes=codes,
            causes=tuple(causes), measures=measures, moves=moves,
            message=_sentence(self.layout, status, measures, self.low, self.high, cut_short=self.clock.rang),
            stopped_by=StoppedBy.TIME if self.clock.rang else StoppedBy.EFFORT, effort=self.wanted.effort,
            seed=self.wanted.seed,
        )


def _estates(ground: Ground) -> Iterator[int]:
    """Return the buildings of each estate as a set, of those that have any here."""
    for estate in sorted(set(ground.estate.tolist()) - {-1}):
        yield mask_of(np.flatnonzero(ground.estate == estate).tolist())


def _sentence(
    layout: Layout, status: PlanStatus, measures: Mapping[str, int | float | None], low: int, high: int, *,
    cut_short: bool,
) -> Message:
    if status is PlanStatus.OK and layout.basis is Basis.ORDER and len(layout) > 1:
        return msg(
            "{households} households in {grids} grids of {low} to {high}; whether each is in one piece is not known",
            households=measures["households"], grids=measures["grids"], low=low, high=high,
        )
    if status is PlanStatus.OK and measures["pieces"]:
        return msg(
            "{households} households in {grids} grids of {low} to {high}; what touches none of them is named",
            households=measures["households"], grids=measures["grids"], low=low, high=high,
        )
    if status is PlanStatus.OK:
        return msg(
            "{households} households in {grids} grids of {low} to {high}, each in one piece",
            households=measures["households"], grids=measures["grids"], low=low, high=high,
        )
    if not measures["violation"]:  # nothing is wrong but their number
        return msg(
            "no plan with as many grids as were asked for was found; this one has {grids} grids, all within {low} to"
            " {high} households",
            grids=measures["grids"], low=low, high=high,
        )
    if status is PlanStatus.INFEASIBLE:
        return msg(
            "no plan within {low} to {high} households exists; the least bad one has {grids} grids and misses the"
            " bounds by {violation} households",
            low=low, high=high, grids=measures["grids"], violation=measures["violation"],
        )
    if cut_short:
        return msg(
            "no plan within {low} to {high} households was found in the time allowed; the best one has {grids} grids"
            " and misses the bounds by {violation} households. More time may find one",
            low=low, high=high, grids=measures["grids"], violation=measures["violation"],
        )
    return msg(
        "no plan within {low} to {high} households was found, and none is proven not to exist; the best one has {grids}"
        " grids and misses the bounds by {violation} households. A greater effort may find one",
        low=low, high=high, grids=measures["grids"], violation=measures["violation"],
    )


def measured(
    layout: Layout, grid_of: Ints, low: int, high: int, squared: Floats, near: Sequence[int]
) -> dict[str, int | float | None]:
    """Measure a division by what it is judged by (see `GridPlan.measures`)."""
    grids = int(grid_of.max()) + 1
    households = np.bincount(grid_of, weights=layout.households, minlength=grids)
    violation = int((np.maximum(households - high, 0) + np.maximum(low - households, 0)).sum())
    spread = 0.0
    apart = 0
    for grid in range(grids):
        units = np.flatnonzero(grid_of == grid)
        spread += float((layout.households[units][:, None] * squared[np.ix_(units, units)]).sum(axis=0).min())
        apart += len(pieces(near, sum([1 << one for one in units.tolist()]))) - 1
    held = layout.estates >= 0
    parts = len(set((layout.estates[held] * grids + grid_of[held]).tolist()))
    total = int(layout.households.sum())
    compactness = spread / distance_unit(layout)
    return {
        "buildings": len(layout),
        "households": total,
        "grids": grids,
        "fewest_grids": max(-(-total // high), 1),
        "violation": violation,
        "pieces": apart,
        "estate_splits": parts - len(set(layout.estates[held].tolist())),
        "compactness": compactness,
        "mean_distance": (compactness / total) ** 0.5 if total else 0.0,
        "households_moved": None,
        "workers": None,
        "auxiliary_police": None,
    }
