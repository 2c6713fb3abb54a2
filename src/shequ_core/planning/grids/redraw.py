"""Grids drawn anew so that as few households as can be get another grid (JLG2.3.2a).

Every unit has a home, the grid in which it was. The search begins with everybody at home, looks at a grid out of bounds
at a time, and moves what costs least to where there is room; then it sends a neighbourhood home again and mends it
another way, over and over, and keeps what is no worse. Grids may vanish and new ones may open on the way. Where the
sets that can be a grid are few enough to be listed, the best division of all is found instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final, TypeAlias

import attrs
import numpy as np

from shequ_core.planning.grids.earlier import NEW
from shequ_core.planning.grids.exact import TooManyError
from shequ_core.planning.grids.ground import Ground, restricted
from shequ_core.planning.grids.keeping import Keeping
from shequ_core.planning.grids.masks import around, connected, mask_of, pieces, places
from shequ_core.planning.grids.matching import best_pairs
from shequ_core.planning.grids.partition import Partition
from shequ_core.planning.grids.search import Clock, Search

Worth: TypeAlias = "tuple[int, int, int]"
"""Households out of bounds, what is moved, grids: less is better, the first that differs decides."""

_ROUNDS: Final = (90, 14)
"""Neighbourhoods mended another way for each step of effort: at least, and for each grid that has to change."""
_IN_VAIN: Final = (90, 5)
"""After so many without a gain, counted alike, it is enough."""
_ANEW: Final = 0.3
"""How often those who have no home are put somewhere else."""
_REMEMBERED: Final = 100_000
_PRESSURES: Final = (0.5, 0.8, 1.0, 1.3, 2.0, 3.0)
"""What a household out of bounds counts against one moved: drawn from these.

Below 1 whoever has few households moves first, and may open a way for those who have no home.
"""
_REST: Final = (2, 6)
"""A unit that moved rests for so many steps, drawn anew each time."""
_LOOKED_AT: Final = 6
"""So many of the ways that look best are looked at closely."""
FEW: Final = 14
"""Up to so many units the best division of all is always looked for."""
_FAR: Final = 4
"""So many grids away room is looked for."""
_SPARE: Final = 115
"""A state that moves more than this part of the best one, in hundredths, is given up."""


@attrs.define
class State:
    """Units in grids that keep their identity.

    Attributes:
        grid: The grid of each unit, `NEW` while it is in none.
        masks: The units of each grid, as a set; empty where the grid is gone.
        loads: The households of each grid.
    """

    grid: list[int]
    masks: list[int]
    loads: list[int]

    def copy(self) -> State:
        """Return one that can be changed without changing this."""
        return State(self.grid[:], self.masks[:], self.loads[:])

    def grids(self) -> int:
        """Count the grids that there are."""
        return sum([1 for mask in self.masks if mask])


class Redrawing:
    """The search on one ground.

    Args:
        homes: The earlier grid of each unit, counted from 0, or `NEW`.
        counts: How many grids there may be; None for as many as the bounds allow.
        floor: Households out of bounds that can't be helped.
    """

    def __init__(
        self, ground: Ground, homes: Sequence[int], counts: range | None, effort: int, chance: Random,
        clock: Clock, floor: int = 0,
    ) -> None:
        self.ground = ground
        self.homes = list(homes)
        self.any_count = counts is None
        if counts is None:
            fewest, most = max(-(-ground.total() // ground.high), 1), ground.total() // ground.low
            counts = range(1, len(ground) + 1) if floor or fewest > most else range(fewest, most + 1)
        self.counts = counts
        self.floor = floor
        self.effort = effort
        self.chance = chance
        self.clock = clock
        self.earlier = max(homes, default=NEW) + 1
        self.home_masks = [0] * (self.earlier + len(ground))  # new grids are nobody's home
        for unit, home in enumerate(self.homes):
            if home != NEW:
                self.home_masks[home] |= 1 << unit
        self.newcomers = mask_of(unit for unit, home in enumerate(self.homes) if home == NEW)
        # One more than its households in a finer unit, so that schools and shops stay where nobody is moved.
        scale = len(ground) + 1
        self.prices = [
            0 if home == NEW else weight * scale + 1 for home, weight in zip(self.homes, ground.weights, strict=True)
        ]
        self.mean = max(ground.total() // max(len(ground), 1), 1)
        self._leaving: dict[tuple[int, int], int] = {}
        self._beside: dict[int, int] = {}
        self._edges: dict[tuple[int, bool], list[tuple[int, list[int]]]] = {}

    # --- measures ---------------------------------------------------------------------------------

    def missed(self, load: int) -> int:
        """Count the households by which a load misses the bounds."""
        return load - self.ground.high if load > self.ground.high else max(self.ground.low - load, 0)

    def wrong(self, state: State) -> list[int]:
        """List the grids that miss their bounds."""
        low, high = self.ground.low, self.ground.high
        return [
            one for one, load in enumerate(state.loads) if state.masks[one] and not low <= load <= high
        ]

    def away(self, state: State) -> list[int]:
        """List the units that are not at home."""
        found = 0
        for home, mask in zip(self.home_masks[: self.earlier], state.masks[: self.earlier], strict=True):
            found |= home & ~mask
        return places(found)

    def moved(self, state: State) -> int:
        """Sum the prices of all units away from home."""
        return sum([self.prices[unit] for unit in self.away(state)])

    def worth(self, state: State) -> Worth:
        """Judge a state; each grid too many or too few is as bad as one without households."""
        grids = state.grids()
        astray = max(self.counts.start - grids, grids - self.counts.stop + 1, 0)
        missed = sum([self.missed(load) for load, mask in zip(state.loads, state.masks, strict=True) if mask])
        return missed + astray * self.ground.high, self.moved(state), grids

    # --- changes ----------------------------------------------------------------------------------

    def leaving(self, mask: int, unit: int) -> int:
        """Return what leaves a grid with a unit: itself and what hangs by it, all but the heaviest piece."""
        key = (mask, unit)
        if key in self._leaving:
            return self._leaving[key]
        bit = 1 << unit
        rest = mask & ~bit
        held = self.ground.near[unit] & rest
        if held & (held - 1) == 0 or connected(self.ground.near, rest):
            found = bit
        else:
            heaviest = max(pieces(self.ground.near, rest), key=lambda one: (self.weigh(one), one.bit_count(), one))
            found = mask & ~heaviest
        if len(self._leaving) > _REMEMBERED:
            self._leaving.clear()
        self._leaving[key] = found
        return found

    def weigh(self, mask: int) -> int:
        """Sum the households of a set."""
        weights = self.ground.weights
        return sum([weights[one] for one in places(mask)])

    def beside(self, mask: int) -> int:
        """Return what touches a set from outside."""
        if mask not in self._beside:
            if len(self._beside) > _REMEMBERED:
                self._beside.clear()
            self._beside[mask] = around(self.ground.near, mask)
        return self._beside[mask]

    def shift(self, state: State, block: int, to: int) -> None:
        """Put a set, all of one grid or of none, into another grid."""
        grid, weights = state.grid, self.ground.weights
        weight = 0
        came = NEW
        for unit in places(block):
            came = grid[unit]
            grid[unit] = to
            weight += weights[unit]
        if came != NEW:
            state.masks[came] &= ~block
            state.loads[came] -= weight
        state.masks[to] |= block
        state.loads[to] += weight

    def fresh(self, state: State) -> int:
        """Return the number of a new grid."""
        for one in range(self.earlier, len(state.masks)):
            if not state.masks[one]:
                return one
        state.masks.append(0)
        state.loads.append(0)
        return len(state.masks) - 1

    def at_home(self) -> State:
        """Return the earlier division: each grid in one piece, those who have no home in a grid that they touch."""
        state = State(self.homes[:], self.home_masks[: self.earlier], [])
        state.loads = [self.weigh(one) for one in state.masks]
        self._placed(state, self.newcomers | self._cut_off(state, range(self.earlier)), bold=True)
        return state

    def _cut_off(self, state: State, grids: Iterable[int]) -> int:
        """Take from grids what doesn't hang together with their best piece, and return it."""
        lost = 0
        for one in grids:
            mask = state.masks[one]
            found = pieces(self.ground.near, mask)
            if len(found) < 2:
                continue
            best = max(found, key=lambda piece: (self._kept(piece, one), self.weigh(piece), -piece))
            gone = mask & ~best
            lost |= gone
            state.masks[one] = best
            state.loads[one] -= self.weigh(gone)
            for unit in places(gone):
                state.grid[unit] = NEW
        return lost

    def _kept(self, mask: int, home: int) -> int:
        if home >= self.earlier:
            return 0
        return sum([self.prices[unit] for unit in places(mask & self.home_masks[home])])

    def _placed(self, state: State, lost: int, *, bold: bool = False) -> None:
        """Put units that are in no grid into one that they touch, or make a new one of them."""
        low, high = self.ground.low, self.ground.high
        near, weights = self.ground.near, self.ground.weights
        left = pieces(near, lost)
        for piece in left:
            weight = self.weigh(piece)
            touched = self._grids_of(state, self.beside(piece))
            own = weight >= low if bold else self.chance.random() * low < weight - low / 4
            if not touched or (own and (weight <= high or bold)):
                self.shift(state, piece, self.fresh(state))
                continue
            if weight <= self.mean * 2 and self.chance.random() < 0.7:
                self.shift(state, piece, self._roomiest(state, touched, weight))
                continue
            rest = piece
            while rest:  # from the edges inward, each to where there is most room
                edge = [
                    (unit, self._grids_of(state, near[unit])) for unit in places(rest)
                ]
                unit, touched = self.chance.choice([one for one in edge if one[1]])
                self.shift(state, 1 << unit, self._roomiest(state, touched, weights[unit]))
                rest &= ~(1 << unit)

    def _roomiest(self, state: State, grids: Sequence[int], weight: int) -> int:
        def badness(one: int) -> tuple[float, int]:
            over = self.missed(state.loads[one] + weight) - self.missed(state.loads[one])
            return over + self.chance.random() * self.mean, one

        return min(grids, key=badness)

    def _grids_of(self, state: State, mask: int) -> list[int]:
        return sorted({state.grid[one] for one in places(mask)} - {NEW})

    # --- mending ----------------------------------------------------------------------------------

    def mend(self, state: State, most: int | None = None) -> None:
        """Move units away from grids with too many and into grids with too few, until all are within bounds.

        Args:
            most: Given up when so many households more than before are away from home.
        """
        chance, weights, low, high = self.chance, self.ground.weights, self.ground.low, self.ground.high
        grids, loads, homes = state.grid, state.loads, self.homes
        pressure = chance.choice(_PRESSURES)
        noise = chance.choice((0.0, 0.3, 1.0)) * self.mean
        grain = chance.choice((1, self.mean // 2, self.mean))
        rests: dict[int, int] = {}
        distances: dict[tuple[int, bool], int] = {}

        def toll(grid: int, weight: int) -> float:
            """Return what a grid's bounds say to so many households more: what is missed, by how far it must go."""
            load = loads[grid]
            after = load + weight
            missed = (after - high if after > high else low - after if after < low else 0) - (
                load - high if load > high else low - load if load < low else 0
            )
            if not missed:
                return 0.0
            key = (grid, after > high or load > high)
            if key not in distances:
                distances[key] = self._distance(state, grid, over=key[1], grain=grain)
            return pressure * missed * distances[key]

        away = 0
        steps = 12 + 4 * max(self._missed_by(state, self.wrong(state)) - self.floor, 0) // self.mean
        for step in range(steps):
            wrong = self.wrong(state)
            if not wrong or (most is not None and away > most):
                break
            if self.floor and self._missed_by(state, wrong) <= self.floor:
                break
            grid = chance.choice(wrong)
            mask = state.masks[grid]
            ways: list[tuple[float, int, int]] = []
            if loads[grid] > high:
                for unit, others in self.edge(mask):
                    if rests.get(unit, -1) >= step:
                        continue
                    weight, home = weights[unit], homes[unit]
                    here = toll(grid, -weight) + (weight if home == grid else 0) + chance.random() * noise
                    ways += [
                        (here + toll(to, weight) - (weight if home == to else 0), unit, to)
                        for to in sorted({grids[one] for one in others})
                    ]
            else:
                for unit, _ in self.edge(mask, outside=True):
                    if rests.get(unit, -1) >= step:
                        continue
                    weight, home, of = weights[unit], homes[unit], grids[unit]
                    cost = weight if home == of else -weight if home == grid else 0
                    ways.append((cost + toll(grid, weight) + toll(of, -weight) + chance.random() * noise, unit, grid))
            ways.sort()
            best: tuple[float, int, int] | None = None
            bridges: list[int] = []
            for score, unit, to in ways[:_LOOKED_AT]:
                if best is not None and best[0] <= score:
                    break
                of = grids[unit]
                block = self.leaving(state.masks[of], unit)
                if block == state.masks[of] and state.grids() <= self.counts.start:
                    continue
                found = score
                over: list[int] = []
                if block != 1 << unit:
                    weight = self.weigh(block)
                    found = self._way(state, block, to) + toll(to, weight) + toll(of, -weight)
                    over = self._bridged(state, unit, to)
                    if over:
                        dear = score + sum([
                            self._way(state, 1 << one, of) + toll(grids[one], -weights[one]) for one in over
                        ])
                        if dear < found:
                            found, block = dear, 1 << unit
                        else:
                            over = []
                if best is None or found < best[0]:
                    best, bridges = (found, block, to), over
            if best is None:
                continue
            for unit in places(best[1]):
                rests[unit] = step + chance.randint(*_REST)
            for one in bridges:
                rests[one] = step + chance.randint(*_REST)
                away += self._way(state, 1 << one, grids[places(best[1])[0]])
                self.shift(state, 1 << one, grids[places(best[1])[0]])
            away += self._way(state, best[1], best[2])
            self.shift(state, best[1], best[2])

    def _bridged(self, state: State, unit: int, to: int) -> list[int]:
        """Return which units of other grids would hold a grid together that this one leaves, none where none would."""
        near, mask = self.ground.near, state.masks[state.grid[unit]]
        found = []
        left = sorted(pieces(near, mask & ~(1 << unit)), key=lambda one: (-self.weigh(one), one))
        for piece in left[1:]:
            able = [
                (self.ground.weights[one], one)
                for one in places(self.beside(piece) & self.beside(left[0]) & ~mask)
                if state.grid[one] != to and self.leaving(state.masks[state.grid[one]], one) == 1 << one
                and one not in found
            ]
            if not able:
                return []
            found.append(min(able)[1])
        if len({state.grid[one] for one in found}) < len(found):
            return []  # together they might tear the grid that they leave
        return found

    def edge(self, mask: int, *, outside: bool = False) -> list[tuple[int, list[int]]]:
        """List the units of a set that touch others, and those others; or the units that touch a set from outside."""
        key = (mask, outside)
        if key not in self._edges:
            if len(self._edges) > _REMEMBERED:
                self._edges.clear()
            near = self.ground.near
            rim = self.beside(mask)
            rows = places(rim) if outside else places(mask & around(near, rim))
            self._edges[key] = [(one, places(near[one] & (mask if outside else ~mask))) for one in rows]
        return self._edges[key]

    def _missed_by(self, state: State, grids: Iterable[int]) -> int:
        return sum([self.missed(state.loads[one]) for one in grids])

    def _way(self, state: State, block: int, to: int) -> int:
        """Count the households that are moved more if a set goes there."""
        found = 0
        homes, weights = self.homes, self.ground.weights
        for unit in places(block):
            home = homes[unit]
            if home == NEW:
                continue
            if home == to:
                found -= weights[unit]
            elif home == state.grid[unit]:
                found += weights[unit]
        return found

    def _distance(self, state: State, grid: int, *, over: bool, grain: int) -> int:
        """Count the steps to a grid that can take more, or spare some: each costs another move."""
        low, high = self.ground.low, self.ground.high
        seen = {grid}
        edge = [grid]
        for step in range(1, _FAR):
            edge = sorted({one for of in edge for one in self._grids_of(state, self.beside(state.masks[of]))} - seen)
            for one in edge:
                if (high - state.loads[one] if over else state.loads[one] - low) >= grain:
                    return step
            seen.update(edge)
        return _FAR

    def settle(self, state: State) -> None:
        """Send home whoever can go home within bounds, and name new grids after earlier ones that are gone."""
        self._named(state)
        again = True
        while again:
            again = False
            away = [
                (-self.prices[unit], unit) for unit in self.away(state)
                if state.masks[self.homes[unit]] & self.ground.near[unit]
            ]
            for _, unit in sorted(away):
                home, grid = self.homes[unit], state.grid[unit]
                if home == grid or not state.masks[home] & self.ground.near[unit]:
                    continue  # by now
                block = self.leaving(state.masks[grid], unit)
                if block == state.masks[grid] and state.grids() <= self.counts.start:
                    continue
                weight = self.weigh(block)
                now = self.missed(state.loads[grid]) + self.missed(state.loads[home])
                left = 0 if block == state.masks[grid] else self.missed(state.loads[grid] - weight)
                then = left + self.missed(state.loads[home] + weight)
                if then <= now and self._gain(state, block, home) > 0:
                    self.shift(state, block, home)
                    again = True

    def _gain(self, state: State, block: int, to: int) -> int:
        found = 0
        for unit in places(block):
            home = self.homes[unit]
            if home == to:
                found += self.prices[unit]
            elif home == state.grid[unit]:
                found -= self.prices[unit]
        return found

    def _named(self, state: State) -> None:
        """Let new grids and earlier ones change names where more stay at home by it."""
        for one in range(self.earlier, len(state.masks)):
            mask = state.masks[one]
            if not mask:
                continue
            best, most = NEW, 0
            for home in sorted({self.homes[unit] for unit in places(mask)} - {NEW}):
                kept = self._kept(mask, home) - self._kept(state.masks[home], home)
                if kept > most:
                    best, most = home, kept
            if best != NEW:
                self._swap(state, one, best)

    def _swap(self, state: State, one: int, other: int) -> None:
        state.masks[one], state.masks[other] = state.masks[other], state.masks[one]
        state.loads[one], state.loads[other] = state.loads[other], state.loads[one]
        for named in (one, other):
            for unit in places(state.masks[named]):
                state.grid[unit] = named

    # --- other grids ------------------------------------------------------------------------------

    def sent_home(self, state: State, region: set[int]) -> None:
        """Send everybody home who is in these grids or belongs to them."""
        lost = 0
        touched = set(region)
        for one in sorted(region):
            if one < self.earlier:
                for unit in places(self.home_masks[one] & ~state.masks[one]):
                    touched.add(state.grid[unit])
                    self._taken(state, unit, one)
            for unit in places(state.masks[one]):
                home = self.homes[unit]
                if home not in (NEW, one):
                    touched.add(home)
                    self._taken(state, unit, home)
        for one in touched:  # new grids that only some are left in
            if one >= self.earlier and state.masks[one] and one in region:
                lost |= state.masks[one]
        if self.chance.random() < _ANEW:
            lost |= self.newcomers & mask_of(unit for one in region for unit in places(state.masks[one]))
        for unit in places(lost):
            self._taken(state, unit, NEW)
        lost |= self._cut_off(state, sorted(touched))
        self._placed(state, lost)

    def _taken(self, state: State, unit: int, to: int) -> None:
        grid, weight = state.grid[unit], self.ground.weights[unit]
        state.masks[grid] &= ~(1 << unit)
        state.loads[grid] -= weight
        state.grid[unit] = to
        if to != NEW:
            state.masks[to] |= 1 << unit
            state.loads[to] += weight

    def opened(self, state: State, grid: int) -> None:
        """Begin a new grid with a unit of this one."""
        units = places(state.masks[grid])
        if len(units) < 2:
            return
        edge = places(state.masks[grid] & self.beside(self.ground.everything & ~state.masks[grid]))
        unit = self.chance.choice(edge or units) if self.chance.random() < 0.8 else self.chance.choice(units)
        block = self.leaving(state.masks[grid], unit)
        if block != state.masks[grid]:
            self.shift(state, block, self.fresh(state))

    def dissolved(self, state: State, grid: int) -> None:
        """Share a grid out among those it touches."""
        near = self.ground.near
        while state.masks[grid]:
            mask = state.masks[grid]
            ways = []
            for unit in places(mask):
                for to in self._grids_of(state, near[unit] & ~mask):
                    weight = self.ground.weights[unit]
                    over = self.missed(state.loads[to] + weight) - self.missed(state.loads[to])
                    ways.append((over + self.chance.random() * self.mean, unit, to))
            if not ways:
                return
            _, unit, to = min(ways)
            self.shift(state, self.leaving(mask, unit), to)

    def _restructured(self, state: State, region: set[int]) -> None:
        """Open or dissolve grids: as many as it takes, and now and then one that it doesn't."""
        for _ in range(len(self.ground)):
            grids = state.grids()
            if grids >= self.counts.start:
                break
            fullest = max(range(len(state.masks)), key=lambda one: (state.loads[one] + self._noise(), -one))
            before = grids
            self.opened(state, fullest)
            if state.grids() == before:
                break
            self.mend(state)
        while state.grids() >= max(self.counts.stop, 2):
            least = min(
                (one for one, mask in enumerate(state.masks) if mask),
                key=lambda one: (state.loads[one] + self._noise(), one),
            )
            self.dissolved(state, least)
            if state.masks[least]:
                break
        wrong = [one for one in self.wrong(state) if one in region] or sorted(one for one in region if state.masks[one])
        if not wrong:
            return
        grid = self.chance.choice(wrong)
        luck = self.chance.random()
        grids = state.grids()
        if state.loads[grid] > self.ground.high and luck < 0.4 and grids + 1 < self.counts.stop:
            self.opened(state, grid)
        elif state.loads[grid] < self.ground.low and luck < 0.4 and grids > max(self.counts.start, 1):
            self.dissolved(state, grid)
        elif luck > 0.9 and grids > max(self.counts.start, 1):
            self.dissolved(state, grid)
            if luck > 0.95 and grids + 1 < self.counts.stop:
                self.opened(state, max(range(len(state.masks)), key=lambda one: (state.loads[one], -one)))

    def _noise(self) -> float:
        return self.chance.random() * self.mean * 4

    # --- the search -------------------------------------------------------------------------------

    def best(self, start: State | None = None) -> State:
        """Return the best division found."""
        now = self.at_home() if start is None else start
        worth = self.worth(now)
        many = len(self._troubled(now))
        in_vain = 0
        for _ in range(self.effort * (_ROUNDS[0] + _ROUNDS[1] * many)):
            hot = self._troubled(now)
            if not hot or in_vain == self.effort * (_IN_VAIN[0] + _IN_VAIN[1] * many) or self.clock.over():
                break
            region = self._region(now, self.chance.choice(hot))
            trial = now.copy()
            self.sent_home(trial, region)
            self._restructured(trial, region)
            self.mend(trial, self._allowance(trial, worth))
            self.settle(trial)
            other = self.worth(trial)
            in_vain = 0 if other < worth else in_vain + 1
            if other <= worth:
                now, worth = trial, other
        return now

    def _allowance(self, state: State, worth: Worth) -> int | None:
        """Say how many households more than now may be away from home in a state that could still be the better one.

        Some of them can go home when all is mended.
        """
        if worth[0] > self.floor:
            return None
        return (worth[1] * _SPARE // 100 - self.moved(state)) // (len(self.ground) + 1) + self.mean

    def _troubled(self, state: State) -> list[int]:
        """List the grids that miss their bounds, lost somebody, took somebody in, are gone, or might not be needed."""
        found = set(self.wrong(state))
        for unit in self.away(state):
            found |= {self.homes[unit], state.grid[unit]}
        if state.grids() > self.counts.start:
            found |= {one for one in range(self.earlier, len(state.masks)) if state.masks[one]}
        return sorted(found)

    def _region(self, state: State, grid: int) -> set[int]:
        region = {grid}
        for _ in range(self.chance.choice((0, 1, 1, 1, 2))):
            # Where a grid that is gone was, there are others now.
            masks = [state.masks[one] or self.home_masks[one] for one in sorted(region)]
            region |= {one for mask in masks for one in self._grids_of(state, self.beside(mask) | mask)}
        return region

    def state_of(self, masks: Sequence[int]) -> State:
        """Return a division as a state, its grids named so that the fewest move."""
        kept = [[self._kept(mask, home) for home in range(self.earlier)] for mask in masks]
        named = best_pairs(kept)
        state = State([NEW] * len(self.ground), [0] * self.earlier, [0] * self.earlier)
        for one, mask in enumerate(masks):
            self.shift(state, mask, named[one] if one in named else self.fresh(state))
        return state

    # --- for nothing --------------------------------------------------------------------------------

    def tidied(self, state: State) -> list[int]:
        """Return the grids, better in what comes after: estates and compactness, as far as that moves nobody more."""
        if self.clock.over():
            return [mask for mask in state.masks if mask]
        found = self.state_of([mask for mask in state.masks if mask])
        grids = [one for one, mask in enumerate(found.masks) if mask]
        partition = Partition(self.ground, [found.masks[one] for one in grids])
        self._drawn(partition)
        homes = {home: place for place, home in enumerate(grids)}
        free = [unit for unit, home in enumerate(self.homes) if home == NEW or home != found.grid[unit]]
        again = True
        while again and not self.clock.over():
            again = False
            for unit in free:
                here = int(partition.grid[unit])
                bit = 1 << unit
                for to in sorted({int(partition.grid[one]) for one in places(self.ground.near[unit])} - {here}):
                    leaving = partition.masks[here] & ~bit
                    weight = self.ground.weights[unit]
                    if (
                        homes.get(self.homes[unit]) == here
                        or self.missed(partition.loads[here] - weight) > self.missed(partition.loads[here])
                        or self.missed(partition.loads[to] + weight) > self.missed(partition.loads[to])
                        or not leaving or not connected(self.ground.near, leaving)
                    ):
                        continue
                    before = partition.merit((here, to))
                    joined = partition.masks[to] | bit
                    partition.put(here, leaving)
                    partition.put(to, joined)
                    if partition.merit((here, to)) < before:
                        again = True
                        break
                    partition.put(to, joined & ~bit)
                    partition.put(here, leaving | bit)
        return partition.masks

    def _drawn(self, partition: Partition) -> None:
        """Draw grids in which nobody lived before as compactly as any."""
        new = [
            one for one, mask in enumerate(partition.masks) if all(self.homes[unit] == NEW for unit in places(mask))
        ]
        everybody = 0
        for one in new:
            everybody |= partition.masks[one]
        for piece in pieces(self.ground.near, everybody):
            chosen = [one for one in new if partition.masks[one] & piece]
            if len(chosen) < 2:
                continue
            units = np.array(places(piece), dtype=np.int64)
            at = {int(unit): place for place, unit in enumerate(units)}
            ground = restricted(self.ground, units)
            start = Partition(
                ground, [mask_of(at[unit] for unit in places(partition.masks[one])) for one in chosen]
            )
            better = Search(ground, self.effort, self.chance, self.clock).best(len(chosen), start)
            if better is not None:
                for one, mask in zip(chosen, better.masks, strict=True):
                    partition.put(one, mask_of(int(units[place]) for place in places(mask)))


@attrs.frozen
class Redrawn:
    """A division drawn anew.

    Attributes:
        grids: Its grids as sets of units.
        missed: The households by which they miss their bounds.
        moved: What it costs to move whoever is moved.
    """

    grids: list[int]
    missed: int
    moved: int


def redrawn(search: Redrawing, starts: Sequence[Sequence[int]] = ()) -> Redrawn:
    """Draw the grids of a ground anew.

    Args:
        search: What was, and what is asked.
        starts: Divisions to begin with, besides the earlier one.
    """
    exact = _listed(search) if len(search.ground) <= FEW else None
    if exact is not None:
        return exact
    found = [search.best()]
    for start in starts:
        # To name the grids of a large start takes a while; where time is up, only one that is nearer the bounds is.
        missed = Partition(search.ground, start).violation() if search.clock.over() else 0
        if not missed or missed < search.worth(found[0])[0]:
            found.append(search.best(search.state_of(start)))
    best = min(found, key=search.worth)
    return Redrawn(search.tidied(best), *search.worth(best)[:2])


def _listed(search: Redrawing) -> Redrawn | None:
    """Find the best division of all; None where there is none, or too much would have to be tried."""
    try:
        keeping = Keeping(search.ground, search.homes, search.prices, slack=search.floor)
        best = keeping.fewest_moved(search.counts, any_count=search.any_count)
    except TooManyError:
        return None
    if best is None:
        return None
    return Redrawn(best, *search.worth(search.state_of(best))[:2])
