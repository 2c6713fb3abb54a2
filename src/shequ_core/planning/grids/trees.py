"""Cuts of a spanning tree into parts within bounds, found exactly.

On a tree the question whether k connected parts within bounds exist is answered by dynamic programming: for each
subtree and each number of parts that are closed in it, which household counts the open part at its top can have,
as the bits of a whole number. Corridors and lanes are trees nearly; there a few random spanning trees find what
no exchange of buildings does. Where the community is a tree, the answer is a proof.
"""

from __future__ import annotations

from random import Random
from typing import TypeAlias

from shequ_core.planning.grids.ground import Ground
from shequ_core.planning.grids.masks import places

States: TypeAlias = "dict[int, int]"
"""By number of closed parts: the household counts that the open part can have, as bits."""


def is_tree(ground: Ground) -> bool:
    """Say whether the units hang together by as few adjacencies as can be."""
    return sum([one.bit_count() for one in ground.near]) == 2 * (len(ground) - 1)


def sparse(ground: Ground) -> bool:
    """Say whether so few adjacencies are beyond a tree that spanning trees are worth drawing."""
    return sum([one.bit_count() for one in ground.near]) <= 2 * len(ground) * 1.2


def random_tree(ground: Ground, chance: Random) -> list[tuple[int, int]]:
    """Draw a spanning tree of all units: (unit, parent) from the root on, the root's parent being -1."""
    near = ground.near
    root = chance.randrange(len(ground))
    seen = 1 << root
    found = [(root, -1)]
    edge = [(root, one) for one in places(near[root])]
    while edge:
        at = int(chance.random() * len(edge))
        parent, unit = edge[at]
        edge[at] = edge[-1]
        edge.pop()
        if seen >> unit & 1:
            continue
        seen |= 1 << unit
        found.append((unit, parent))
        edge += [(unit, one) for one in places(near[unit] & ~seen)]
    return found


def cut(ground: Ground, tree: list[tuple[int, int]], grids: int, chance: Random) -> list[int] | None:
    """Cut a spanning tree into so many parts within bounds, drawn from all ways; None where there is none."""
    return _Cut(ground, tree, grids).drawn(chance)


class _Cut:
    def __init__(self, ground: Ground, tree: list[tuple[int, int]], grids: int) -> None:
        self.ground = ground
        self.tree = tree
        self.grids = grids
        self.children: dict[int, list[int]] = {unit: [] for unit, _ in tree}
        for unit, parent in tree[1:]:
            self.children[parent].append(unit)
        self.within = ((1 << (min(ground.high, ground.total()) + 1)) - 1) & ~((1 << ground.low) - 1)
        # What all parts together can lack or have too much bounds what a subtree's closed parts may.
        self.room = grids * ground.high - ground.total()
        self.spare = ground.total() - grids * ground.low
        self.states: dict[int, list[States]] = {}  # of each unit: alone, and after each child

    def solve(self) -> bool:
        """Fill in the states; say whether the whole tree can be cut."""
        if self.room < 0 or self.spare < 0:
            return False
        ground = self.ground
        held = dict(enumerate(ground.weights))
        for unit, _ in reversed(self.tree):
            if ground.weights[unit] > ground.high:
                return False
            now: States = {0: 1 << ground.weights[unit]}
            states = [now]
            for child in self.children[unit]:
                held[unit] += held[child]
                now = self._joined(now, self._offered(child), held[unit])
                if not now:
                    return False
                states.append(now)
            self.states[unit] = states
        return bool(self.states[self.tree[0][0]][-1].get(self.grids - 1, 0) & self.within)

    def _offered(self, child: int) -> States:
        """Say what a child gives: its open part as it is, or closed, so that nothing is added."""
        offered: States = {}
        for closed, counts in self.states[child][-1].items():
            offered[closed] = offered.get(closed, 0) | counts
            if counts & self.within:
                offered[closed + 1] = offered.get(closed + 1, 0) | 1
        return offered

    def _joined(self, mine: States, theirs: States, total: int) -> States:
        low, high = self.ground.low, self.ground.high
        found: States = {}
        for one, here in mine.items():
            for other, there in theirs.items():
                closed = one + other
                if closed >= self.grids:
                    continue
                least = max(total - min(closed * high, closed * low + self.spare), 0)
                most = min(total - max(closed * low, closed * high - self.room), high)
                if most < least:
                    continue
                few, many = (here, there) if here.bit_count() <= there.bit_count() else (there, here)
                sums = 0
                while few:
                    bit = few & -few
                    sums |= many << (bit.bit_length() - 1)
                    few ^= bit
                sums &= ((1 << (most + 1)) - 1) & ~((1 << least) - 1)
                if sums:
                    found[closed] = found.get(closed, 0) | sums
        return found

    def drawn(self, chance: Random) -> list[int] | None:
        """Draw one of the ways to cut."""
        if not self.solve():
            return None
        root = self.tree[0][0]
        closed = self.grids - 1
        count = chance.choice(places(self.states[root][-1][closed] & self.within))
        masks = [0]
        left = [(root, closed, count, 0)]
        while left:
            unit, closed, count, part = left.pop()
            masks[part] |= 1 << unit
            children = self.children[unit]
            for at in range(len(children) - 1, -1, -1):
                child = children[at]
                ways = list(self._ways(self.states[unit][at], self.states[child][-1], closed, count))
                mine, theirs, here, there = chance.choice(ways)
                if there < 0:
                    masks.append(0)
                    ends = places(self.states[child][-1][theirs] & self.within)
                    left.append((child, theirs, chance.choice(ends), len(masks) - 1))
                else:
                    left.append((child, theirs, there, part))
                closed, count = mine, here
        return masks

    def _ways(self, mine: States, theirs: States, closed: int, count: int) -> list[tuple[int, int, int, int]]:
        """List how a count came about: closed parts and households of either side, -1 where the child is cut off."""
        found = []
        for one, here in mine.items():
            cut_off = closed - one - 1
            if here >> count & 1 and theirs.get(cut_off, 0) & self.within:
                found.append((one, cut_off, count, -1))
            there = theirs.get(closed - one, 0)
            found += [
                (one, closed - one, own, count - own)
                for own in places(here & ((2 << count) - 1))
                if there >> (count - own) & 1
            ]
        return found
