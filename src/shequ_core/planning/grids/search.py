"""The search for a division: starts, changes for the better, parts drawn anew, until its effort is spent."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from random import Random
from typing import Final

import attrs
import numpy as np

from shequ_core.planning.grids.annealing import Heat, annealed
from shequ_core.planning.grids.carrying import carry
from shequ_core.planning.grids.cells import cells_of, drawn_centres, in_one_piece
from shequ_core.planning.grids.exact import Cover, TooManyError, walk
from shequ_core.planning.grids.exchange import balance, exchange
from shequ_core.planning.grids.ground import Ground, contracted, restricted
from shequ_core.planning.grids.layout import Ints
from shequ_core.planning.grids.masks import mask_of, pieces, places
from shequ_core.planning.grids.partition import Partition, of_buildings
from shequ_core.planning.grids.recut import best_cut, recut
from shequ_core.planning.grids.sets import Sets
from shequ_core.planning.grids.trees import cut, random_tree, sparse

_STARTS: Final = 24
_CELLS_AT_ONCE: Final = 120_000
"""Starts times grids times units that are worked on at once."""
_IN_NO_TIME: Final = 4_000
"""Up to so many grids times units, centres are drawn even where time is up."""
_FINISHED: Final = 3
"""So many of the starts are finished, those with the least bounds."""
_TREES: Final = 15
"""So many spanning trees are cut for each effort."""
LARGER: Final = 90
"""Communities of fewer units are by far the most: there are thousands of them, and each is done in a moment."""
_TRIES: Final = (1, 4)
"""So many parts are divided anew at most, for each grid and effort, in those and in larger ones."""
_IN_VAIN: Final = (0.35, 0.7)
"""After so many tries without a gain it is enough, for each grid and effort, in those and in larger ones."""
_IN_VAIN_LISTED: Final = (0.15, 0.45)
"""The same where each try is the best of all ways to divide a part, listed each time or once for all."""
_AT_LAST: Final = (200, 50)
"""So many tries in vain are enough, however many grids there are; and where there are more than `_MANY` of them."""
_MANY: Final = 110
_IN_VAIN_WITHIN: Final = 0.5
"""As `_IN_VAIN`, of tries to come within the bounds."""
_LONGER: Final = 3
"""So many times as many tries are made for the bounds as long as they gain."""
_ROUNDS: Final = (8, 6, 6, 10)
_ROUNDS_OF_PART: Final = (4, 3, 5)
_PART: Final = (2, 3, 3, 4, 4, 5)
"""How many grids are drawn anew together: drawn from these."""
_DRAWN: Final = 2
"""So many sets of centres are followed up for each part drawn anew."""
_AT_MOST: Final = 20
"""So many parts for each effort are divided anew for the bounds alone, however many grids there are."""
HARDER: Final = 10
"""So many more parts for each effort where a division is still out of bounds and the fewest grids are wanted."""
_WHOLE: Final = 160
"""Up to so many units all changes everywhere are judged at once; beyond, those around a grid out of bounds."""


_LUMPY: Final = 5.5
"""With so many units of mean size in a full grid, or fewer, the sets that can be a grid are few enough to be listed."""
_PART_LISTED: Final = (4, 5, 6)
"""How many grids that are out of bounds are divided anew together by listing."""
_REACH: Final = (5.0, 2.0)
"""So many grids within bounds are divided anew together at first, and at least: more after parts that took few steps,
fewer after those that took too many.
"""
_STEPS: Final = 15_000
"""So many sets may be tried for one part."""
LISTED: Final = 300
"""Sets for each unit that may be listed."""
_STROLLS: Final = 0.5
_TRIES_BY_ESTATES: Final = (1, 3)
"""So many parts are divided anew with an eye to estates, for each grid and effort, where sets aren't listed and where
they are.
"""
_HOPELESS: Final = 1.1
"""A part drawn anew that costs so much more before pairs are cut is left."""
_MENDED: Final = (5, 10)
"""Steps of the balance of a part that is out of bounds, and where what is wanted is hard to have; twice as many for
the start."""
_CARRIED: Final = (40, 80)
"""So many pairs of grids are looked at to carry an excess to where there is room, and where what is wanted is hard to
have."""
_CARRIED_AT_LAST: Final = 1_000
"""The same where nothing else is left to be tried: mostly for the last household."""
_CARRIED_IN_PART: Final = 8
"""The same within a part drawn anew, of a division that is within bounds."""
_BALANCED: Final = 40
"""Steps of the balance of a part that is drawn anew of whole estates."""
_WANDERS: Final = 0.6
_LISTED_PART: Final = (3_000, 6_000)
"""Sets and steps of that."""


_FEW: Final = 2
"""So few grids are found without shaking."""
_HEATS: Final = (Heat(50, 4.0, 0.2, 0.2, 20.0, 20.0), *[Heat(17, 2.0, 0.2, 1.0, 20.0, 20.0)] * 2)
"""How a start is shaken; again only where it misses its bounds."""
_HEATS_HARDER: Final = (Heat(50, 8.0, 0.2, 4.0, 20.0, 5.0), *[Heat(17, 4.0, 0.2, 4.0, 20.0, 5.0)] * 2)
"""The same where what is wanted is hard to have: bounds are dear from the first, and whole estates are not."""
_SHAKEN: Final = ((0.34, 1.0), (1.0, 1.34))
"""So often for each effort, where all went well and where it didn't, in small communities and in larger ones."""
FULL: Final = 0.93
"""With grids as full as this on average it matters where a search begins."""


def lumpy(ground: Ground) -> bool:
    """Say whether so few units make a grid that all sets can be listed."""
    return ground.high * len(ground) <= _LUMPY * max(ground.total(), 1)


def fewest_of(ground: Ground) -> int:
    """Say how few grids there can be by the number of households."""
    return max(-(-ground.total() // ground.high), 1)


@attrs.define
class Clock:
    """The cap that somebody set to the time of a search."""

    until: float | None = None
    rang: bool = False

    @classmethod
    def of(cls, seconds: float | None) -> Clock:
        """Start a clock."""
        return cls(None if seconds is None else time.monotonic() + seconds)

    def over(self) -> bool:
        """Say whether time is up, and remember it."""
        if self.until is not None and time.monotonic() >= self.until:
            self.rang = True
        return self.rang


@attrs.define
class Search:
    """One search on one ground.

    Attributes:
        effort: Parts drawn anew for each grid.
        more: So many more parts for each effort, as long as a division is out of bounds.
        sets: Of each ground that was searched, the sets that can be a grid; None where they are too many.
        hopeless: Pairs of grids that can't be cut better, so that none is tried twice.
        listed: Parts that were listed already: nothing better was found, or in too many steps.
        reach: About how many grids are divided anew together by listing.
    """

    ground: Ground
    effort: int
    chance: Random
    clock: Clock
    sets: dict[Ground, Sets | None] = attrs.field(factory=dict)
    more: int = 0
    hopeless: set[tuple[int, int]] = attrs.field(factory=set)
    listed: set[tuple[int, ...]] = attrs.field(factory=set)
    reach: float = _REACH[0]

    def best(self, grids: int, start: Partition | None = None) -> Partition | None:
        """Divide into so many grids, as well as the effort allows; None where no start was found."""
        found = self.found(grids, start)
        return None if found is None else self.refined(found)

    def found(self, grids: int, start: Partition | None = None, tries: int | None = None) -> Partition | None:
        """Look for a division into so many grids within bounds, and give the one that came nearest.

        Args:
            start: Where to begin.
            tries: About so many parts are divided anew; None for as many as the effort allows.
        """
        if grids == 1:
            return Partition(self.ground, [self.ground.everything])
        best = start
        if best is None:
            best = self._along_trees(grids) if sparse(self.ground) else None
            best = best or (None if self._late(grids) else self._opened(grids)) or self._in_order(grids)
        if best is None:
            return None
        best = self._annealed(best) if self._shaken(grids) else self._settled(best)
        if tries is None:
            tries = (min(grids, _AT_MOST) + self.more) * self.effort
        best = self._on(best, tries, until_within=True)
        if self.more and best.violation() and not self.clock.over():
            self._carried(best, _CARRIED_AT_LAST)
        return best

    def refined(self, partition: Partition) -> Partition:
        """Make a division better by what comes after the bounds."""
        tries = _TRIES[self._much()] * self.effort * len(partition)
        return self._on(partition, tries, until_within=False)

    def by_estates(self, best: Partition, least: int) -> Partition:
        """Draw parts around split estates anew with an eye to estates, as long as more pieces than `least` are left.

        Args:
            best: A division of buildings within bounds.
            least: Pieces that estates are in at least.
        """
        queue: list[int] = []
        now = best
        sets = self.listed_sets() if lumpy(self.ground) else None
        for _ in range(_TRIES_BY_ESTATES[sets is not None] * self.effort * len(best)):
            if best.splits() <= least or self.clock.over():
                break
            if not queue:
                queue = now.splitting()
                self.chance.shuffle(queue)
            if sets is None:
                other = self._redrawn_by_estates(now, self._part(now, queue.pop()))
            else:
                other = self._strolled(now, queue.pop(), sets)
            now = other or now
            best = min(best, now, key=Partition.merit)
        return best

    def _on(self, best: Partition, tries: int, *, until_within: bool) -> Partition:
        """Divide parts anew, one after another, and keep what is better."""
        grids = len(best)
        merit = best.merit()
        queue: list[int] = []
        in_vain = 0
        if until_within:
            enough, tries = _IN_VAIN_WITHIN * tries, _LONGER * tries
        else:
            in_vain_of_all = (_IN_VAIN_LISTED if lumpy(self.ground) else _IN_VAIN)[self._much()]
            enough = min(in_vain_of_all * grids * self.effort, _AT_LAST[grids > _MANY])
        for _ in range(tries if grids > 1 else 0):
            if self.clock.over() or (until_within and not merit.excess) or in_vain >= enough:
                break
            in_vain += 1
            wrong = best.out_of_bounds() if merit.excess else []
            if wrong and self.chance.random() < 0.75:
                first = self.chance.choice(wrong)
            else:
                if not queue:
                    queue = list(range(grids))
                    self.chance.shuffle(queue)
                first = queue.pop()
            better = self._listed(best, first) if lumpy(self.ground) else self._redrawn(best, self._part(best, first))
            if better is not None:
                best, merit, in_vain = better, better.merit(), 0
        return best

    def _along_trees(self, grids: int) -> Partition | None:
        """Cut random spanning trees: good where nearly all adjacencies are needed to hang together."""
        found: list[Partition] = []
        for _ in range(_TREES * self.effort):
            masks = cut(self.ground, random_tree(self.ground, self.chance), grids, self.chance)
            if masks is not None:
                one = Partition(self.ground, masks)
                if len(self.ground) <= _WHOLE:
                    exchange(one, range(grids), 2 * len(self.ground))
                found.append(one)
            if len(found) == _FINISHED or self.clock.over():
                break
        return min(found, key=Partition.merit, default=None)

    def _opened(self, grids: int) -> Partition | None:
        ground = self.ground
        units = np.arange(len(ground))
        starts = max(2, min(_STARTS, _CELLS_AT_ONCE // (grids * len(ground))))
        centres = drawn_centres(ground, units, grids, starts, self.chance)
        cells = cells_of(ground, units, centres, _ROUNDS, lambda: self._late(grids))
        found: list[Partition] = []
        for row in np.argsort(cells.bound, kind="stable").tolist():
            masks = in_one_piece(ground, units, cells.grid[row], grids)
            if masks is not None:
                one = Partition(ground, masks)
                late = self.clock.over()
                if len(ground) <= _WHOLE and not late:
                    exchange(one, range(grids), 2 * len(ground))
                found.append(one)
                if late or len(ground) > _WHOLE or len(found) == _FINISHED:
                    break
        return min(found, key=Partition.merit, default=None)

    def _late(self, grids: int) -> bool:
        """Say whether time is up even for starts, which take none in a small part."""
        return grids * len(self.ground) > _IN_NO_TIME and self.clock.over()

    def _in_order(self, grids: int) -> Partition | None:
        """Deal units out as one walks from neighbour to neighbour: where many share one point no cells are found."""
        ground = self.ground
        order = walk(ground)
        before = np.cumsum(ground.households[order]) - ground.households[order] / 2
        grid = np.zeros(len(ground), dtype=np.int64)
        grid[order] = np.minimum(before * grids // max(ground.total(), 1), grids - 1)
        masks = in_one_piece(ground, np.arange(len(ground)), grid, grids)
        return None if masks is None else Partition(ground, masks)

    def _shaken(self, grids: int) -> bool:
        """Say whether a start into so many grids is shaken: where sets can be listed there are better ways."""
        return grids > _FEW and not lumpy(self.ground)

    def _annealed(self, start: Partition) -> Partition:
        """Shake a start and cool it, several times, and bring the best to where no pair of grids can be cut better."""
        heats = _HEATS_HARDER if self.more else _HEATS
        few, many = [round(one * self.effort) for one in _SHAKEN[len(self.ground) >= LARGER]]
        full = self.ground.total() >= FULL * self.ground.high * len(start)
        least = self._fewest_pieces(np.arange(len(self.ground)))
        best = self._cooled(start, heats)
        for turn in range(1, many):
            if self.clock.over() or (turn >= few and not full and best.splits() <= least):
                break
            best = min(best, self._cooled(start, heats), key=Partition.merit)
        return self._settled(best) if best.merit().excess else best

    def _cooled(self, start: Partition, heats: Sequence[Heat]) -> Partition:
        """Shake a start and cool it, again where it misses its bounds, and cut pairs of grids anew."""
        found = start
        for turn, heat in enumerate(heats):
            if not turn or found.merit().excess:
                found = annealed(found, heat, self.chance, self.clock.over)
        if not found.merit().excess or self._carried(found):
            self._improved(found, None, range(len(found)))
        return found

    def _settled(self, partition: Partition) -> Partition:
        """Bring a start to where no pair of grids can be cut better."""
        everything = range(len(partition))
        if len(self.ground) > _WHOLE:
            for _ in range(4):
                wrong = partition.out_of_bounds()
                if not wrong or self.clock.over():
                    break
                for one in wrong:
                    exchange(partition, self._part(partition, one, 6), 60)
        self._improved(partition, None, everything)
        for one in partition.out_of_bounds():
            if partition.ground.low <= partition.loads[one] <= partition.ground.high or self.clock.over():
                continue
            part = self._part(partition, one, 8)
            self._mended(partition, part, 2 * _MENDED[self.more > 0])
            self._improved(partition, None, part)
        return partition

    def _mended(self, partition: Partition, part: Sequence[int], steps: int) -> None:
        """Try harder to bring a part within bounds."""
        if partition.merit(part).excess:
            chosen = set(part)
            for one in part:
                for other in partition.beside(one):
                    if other in chosen and one < other and partition.merit((one, other)).excess:
                        best_cut(partition, one, other)
        if partition.merit(part).excess and not self._carried(partition):
            balance(partition, part, steps, self.chance)

    def _carried(self, partition: Partition, looks: int | None = None, part: Sequence[int] | None = None) -> bool:
        """Carry what is too much to where there is room, if units are single buildings; say whether all is within."""
        looks = _CARRIED[self.more > 0] if looks is None else looks
        return self.ground.plain and carry(partition, looks, self.chance, part)

    def _improved(self, partition: Partition, part: Sequence[int] | None, dirty: Iterable[int]) -> None:
        """Cut pairs of grids anew, of a part or all, as long as that makes them better."""
        chosen = None if part is None else set(part)
        queue = sorted(set(dirty))
        while queue and not self.clock.over():
            again: set[int] = set()
            done: set[tuple[int, int]] = set()
            for one in queue:
                if self.clock.over():
                    break
                for other in partition.beside(one):
                    pair = (min(one, other), max(one, other))
                    if pair in done or (chosen is not None and other not in chosen):
                        continue
                    done.add(pair)
                    while True:
                        masks = (partition.masks[pair[0]], partition.masks[pair[1]])
                        if masks in self.hopeless:
                            break
                        if not recut(partition, *pair):
                            self.hopeless.add(masks)
                            break
                        again |= set(pair)
            queue = sorted(again)

    def _part(self, partition: Partition, first: int, size: int | None = None) -> list[int]:
        """Choose grids around one, those first that touch most of the chosen."""
        wanted = self.chance.choice(_PART) if size is None else size
        part = [first]
        touched: dict[int, int] = {}
        while len(part) < min(wanted, len(partition)):
            for one in partition.beside(part[-1]):
                touched[one] = touched.get(one, 0) + 1
            around = sorted(one for one in touched if one not in part)
            if not around:
                break
            most = max(touched[one] for one in around)
            close = [one for one in around if touched[one] == most or self.chance.random() < 0.2]
            part.append(self.chance.choice(close))
        return part

    def _listed(self, partition: Partition, first: int) -> Partition | None:
        """Divide a part anew in the best of all ways; None unless that is better."""
        sets = None if partition.violation() else self.listed_sets()
        if sets is None:
            return self._wandered(partition, first)
        part = self._part(partition, first, self._reached())
        masks = sorted(partition.masks[one] for one in part)
        if tuple(masks) in self.listed:
            self._reach_on(0)
            return None
        self.listed.add(tuple(masks))
        try:
            found = sets.better(masks, partition.merit(part), _STEPS)
        except TooManyError:
            self._reach_less()
            return None
        self._reach_on(sets.spent)
        return None if found is None else partition.with_part(part, found)

    def _strolled(self, partition: Partition, first: int, sets: Sets) -> Partition | None:
        """Divide a part anew by listing, with as few pieces as can be; None where that takes too many steps.

        Half of the time any way with as few will do, so that what is split wanders to where it can be made good.
        """
        part = self._part(partition, first, self._reached())
        masks, now = [partition.masks[one] for one in part], partition.merit(part)
        try:
            if self.chance.random() < _STROLLS:
                found = sets.any_way(masks, now, _STEPS, self.chance)
            else:
                found = sets.better(masks, now, _STEPS)
        except TooManyError:
            self._reach_less()
            return None
        self._reach_on(sets.spent)
        return None if found is None else partition.with_part(part, found)

    def _much(self) -> bool:
        """Say whether much is tried, since it may gain much or costs little."""
        return self.listed_sets() is not None if lumpy(self.ground) else len(self.ground) >= LARGER

    def listed_sets(self, cover: Cover | None = None) -> Sets | None:
        """List all sets of buildings that can be a grid, once for each ground, if they are not too many.

        Args:
            cover: Has them listed already.
        """
        ground = self.ground
        if ground not in self.sets:
            self.sets[ground] = None
            if ground.plain:
                with suppress(TooManyError):
                    cover = cover or Cover(ground, sets=LISTED * len(ground), shares=False)
                    self.sets[ground] = Sets(cover, fewest_of(ground))
        return self.sets[ground]

    def _reached(self) -> int:
        """Draw how many grids are to be divided anew together by listing."""
        return max(int(self.reach - 0.5 + 2 * self.chance.random()), 2)

    def _reach_on(self, spent: float) -> None:
        """Reach for more grids after a part that took few of the steps that it might take."""
        if spent < 0.2:
            self.reach += 0.25
        elif spent < 0.5:
            self.reach += 0.05

    def _reach_less(self) -> None:
        """Reach for fewer grids after a part that took too many steps."""
        self.reach = max(self.reach - 0.5, _REACH[1])

    def _wandered(self, partition: Partition, first: int) -> Partition | None:
        """Divide a part anew in the best of all ways; None unless that is better.

        Out of bounds, every other time any way will do that is no worse: so an excess wanders to where there is
        room for it.
        """
        ground = self.ground
        part = self._part(partition, first, self.chance.choice(_PART_LISTED))
        violation = partition.violation()
        wander = self.chance if violation and self.chance.random() < _WANDERS else None
        if wander is None:
            masks = tuple(sorted(partition.masks[one] for one in part))
            if masks in self.listed:
                return None
            self.listed.add(masks)
        units = np.array([unit for one in part for unit in places(partition.masks[one])], dtype=np.int64)
        low, high = ground.low, ground.high
        missed = max(max(partition.loads[one] - high, low - partition.loads[one], 0) for one in part)
        try:
            # Of all ways that miss the bounds by as few households any will do: their worth is drawn.
            worth = None if wander is None else lambda _mask, _held: wander.random()
            cover = Cover(restricted(ground, units), slack=missed, sets=_LISTED_PART[0], shares=False, worth=worth)
            best = cover.best(len(part), _LISTED_PART[1])
        except TooManyError:
            return self._redrawn(partition, part)
        if best is None:
            return None
        other = partition.with_part(part, [mask_of(units[places(mask)].tolist()) for mask in best])
        if wander is not None and other.violation() <= violation:
            return other
        now = (violation, *partition.merit()[1:])
        return other if (other.violation(), *other.merit()[1:]) < now else None

    def _fewest_pieces(self, units: Ints) -> int:
        """Count the pieces in which estates are at least, of what lies in a part."""
        estate = self.ground.estate[units]
        held = estate >= 0
        households = np.bincount(estate[held], weights=self.ground.households[units][held])
        present = np.bincount(estate[held]) > 0
        return int(np.maximum(-(-households // self.ground.high), present).sum())

    def _drawn(self, ground: Ground, units: Ints, grids: int) -> Iterator[tuple[float, list[int] | None]]:
        """Draw centres for some units, and yield what the two best sets of them cost at least, and their grids."""
        centres = drawn_centres(ground, units, grids, _STARTS, self.chance)
        cells = cells_of(ground, units, centres, _ROUNDS_OF_PART, self.clock.over)
        seen: set[bytes] = set()
        for row in np.argsort(cells.bound, kind="stable").tolist():
            grid = cells.grid[row]
            if grid.tobytes() not in seen:
                yield float(cells.bound[row]), in_one_piece(ground, units, grid, grids)
                seen.add(grid.tobytes())
                if len(seen) == _DRAWN:
                    break

    def _redrawn(self, partition: Partition, part: Sequence[int]) -> Partition | None:
        """Draw a part anew from new centres; None unless that is better."""
        if len(part) < 2:
            return None
        ground = self.ground
        units = np.array([unit for one in part for unit in places(partition.masks[one])], dtype=np.int64)
        if len(units) < len(part):
            return None
        merit = partition.merit()
        inside = partition.merit(part)
        least = self._fewest_pieces(units) if ground.estates else 0
        best: Partition | None = None
        for bound, masks in self._drawn(ground, units, len(part)):
            if not merit.excess and inside.splits <= least and bound >= inside.spread:
                break  # these centres can't cost less
            if masks is None:
                continue
            other = partition.with_part(part, masks)
            exchange(other, part, 60)
            rough = other.merit(part)
            if not merit.excess and rough.excess and self._carried(other, _CARRIED_IN_PART, part):
                rough = other.merit(part)
            if not merit.excess and (
                rough.splits > inside.splits + 1
                or (rough.splits >= inside.splits and rough.spread > _HOPELESS * inside.spread)
            ):
                continue
            if not merit.excess:
                self._improved(other, part, part)
                found = other.merit(part)
                if found < inside:
                    inside, best = found, other
                continue
            # What is too much in one part may find room in the next.
            self._improved(other, None, part)
            self._mended(other, part, _MENDED[self.more > 0])
            found = other.merit()
            if found < merit:
                merit, best = found, other
        return best

    def _redrawn_by_estates(self, partition: Partition, part: Sequence[int]) -> Partition | None:
        """Draw a part anew of whole estates, then of buildings where that misses the bounds; None unless better."""
        units = np.array(sorted(unit for one in part for unit in places(partition.masks[one])), dtype=np.int64)
        small = restricted(partition.ground, units)
        coarse = contracted(small, [
            piece for kin in sorted(set(small.kin) - {0}) for piece in pieces(small.near, kin)
            if piece & (piece - 1) and sum([small.weights[one] for one in places(piece)]) <= small.high
        ])  # fmt: skip
        if not 2 <= len(part) <= len(coarse):
            return None
        everything = range(len(part))
        inside = partition.merit(part)
        best: Partition | None = None
        for _, masks in self._drawn(coarse, np.arange(len(coarse)), len(part)):
            if masks is None:
                continue
            trial = Partition(coarse, masks)
            exchange(trial, everything, 60)
            if trial.merit().excess:
                balance(trial, everything, _BALANCED, self.chance)
            fine = of_buildings(small, trial)
            if fine.merit().excess:
                if fine.merit().splits >= inside.splits:
                    continue
                exchange(fine, everything, 60)
                if fine.merit().splits >= inside.splits:
                    continue
                Search(small, self.effort, self.chance, self.clock)._improved(fine, None, everything)
                balance(fine, everything, _BALANCED, self.chance)
            rough = fine.merit()
            if (
                rough.excess or rough.splits > inside.splits
                or (rough.splits == inside.splits and rough.spread > _HOPELESS * inside.spread)
            ):
                continue
            other = partition.with_part(part, [mask_of(units[places(mask)].tolist()) for mask in fine.masks])
            self._improved(other, part, part)
            found = other.merit(part)
            if found < inside:
                inside, best = found, other
        return best
