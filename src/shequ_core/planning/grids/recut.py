"""Two grids made one and cut anew, the best way over many pairs of centres.

For two centres the cheapest cut that puts so many households to one side goes by the difference of squared
distances: whoever is nearer to the first comes first. So every start of that order is a cut worth looking at, and all
of them, for all pairs of centres, are judged in a few array operations. Where two grids have few units, every cut is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from shequ_core.planning.grids.ground import Ground
from shequ_core.planning.grids.layout import Floats, Ints
from shequ_core.planning.grids.masks import connected, mask_of, places
from shequ_core.planning.grids.partition import Partition, excess_of

CENTRES: Final = 8
"""Centres tried on either side."""
_TRIED: Final = 6
_SUBSETS: Final = 6
"""Of up to so many estates it is looked at whether they can be dealt out to two grids whole."""
_RANKED: Final = 60
_DIGITS: Final = 1 << 15
ALL_CUTS: Final = 13
"""Two grids of at most so many units are cut in every way there is."""


def recut(partition: Partition, one: int, other: int, *, centres: int = CENTRES) -> bool:
    """Cut two grids anew if that is better, and say whether it was."""
    ground = partition.ground
    first, second = partition.masks[one], partition.masks[other]
    mine, theirs = places(first), places(second)
    size = len(mine) + len(theirs)
    if size < 3:
        return False
    units = np.array(mine + theirs, dtype=np.int64)
    now = partition.merit((one, other))
    fewest = _fewest_pieces(ground, mine + theirs) if ground.estates else 0
    buildings, unit = ground.buildings_of(units)
    spread = ground.spread[units[:, None], buildings]
    inside = unit < len(mine)
    left, right = inside.nonzero()[0], (~inside).nonzero()[0]
    left = left[np.argsort(spread[: len(mine), left].sum(axis=0), kind="stable")[:centres]]
    right = right[np.argsort(spread[len(mine) :, right].sum(axis=0), kind="stable")[:centres]]
    of_first, of_second = np.repeat(left, len(right)), np.concatenate([right] * len(left))
    to_first, to_second = spread.T[of_first], spread.T[of_second]
    weight = ground.split_weight
    # With every unit to the nearer of two centres they cost least: who can't beat what is there needs no cut.
    hopeful = np.minimum(to_first, to_second).sum(axis=1) + (0 if weight is None else weight * fewest) < now.spread
    group: Ints | None = None
    settled = now.excess == 0 and now.splits <= (fewest if weight is None else 0)
    if settled:
        of_first, of_second, to_first, to_second = (
            of_first[hopeful], of_second[hopeful], to_first[hopeful], to_second[hopeful]
        )
        if not len(of_first):
            return False
    households = ground.households[units]
    away = ground.far[units[:, None], buildings].T
    nearer = away[of_first] - away[of_second]
    order = np.argsort(nearer, axis=1, kind="stable")
    place = places_of(order)
    estates = [ground.estate_list[unit] for unit in mine + theirs] if ground.estates else []
    held = len(set(estates) - {-1})
    if held:
        group = grouped_of(estates)
        grouped = by_estate(nearer, place, group, households)
        order, place = np.concatenate((order, grouped)), np.concatenate((place, places_of(grouped)))
        of_first, of_second = np.concatenate((of_first, of_first)), np.concatenate((of_second, of_second))
        to_first, to_second = np.concatenate((to_first, to_first)), np.concatenate((to_second, to_second))
    rows = np.arange(len(order))[:, None]
    load = households[order].cumsum(axis=1)[:, :-1]
    cost = (to_first - to_second)[rows, order].cumsum(axis=1)[:, :-1] + to_second.sum(axis=1)[:, None]
    excess = excess_of(ground, load) + excess_of(ground, float(households.sum()) - load)
    cut = np.arange(size - 1)
    row = rows[:, 0]
    possible = (
        (excess <= now.excess)
        & (cut >= place[row, unit[of_first]][:, None])
        & (cut < place[row, unit[of_second]][:, None])
    )
    if settled:
        possible &= cost + (0 if weight is None else weight * fewest) < now.spread
    found = possible.ravel().nonzero()[0]
    if not len(found):
        return False
    over, spread_of = excess.ravel()[found], cost.ravel()[found]
    splits: Floats = np.zeros(len(found))
    if group is not None:
        splits = _pieces(place, group, held, found)
        if weight is not None:
            spread_of = spread_of + weight * splits
            splits = np.zeros(len(found))
    better = (
        (over < now.excess) | (splits < now.splits) | ((splits == now.splits) & (spread_of < now.spread))
    ).nonzero()[0]
    if not len(better):
        return False
    ranked = np.lexsort((spread_of[better], splits[better], over[better]))[:_RANKED]
    seen: set[int] = set()
    for flat in found[better[ranked]].tolist():
        at, end = divmod(flat, size - 1)
        mask = mask_of(units[order[at, : end + 1]].tolist())
        if mask in seen:
            continue
        if len(seen) == _TRIED:
            return False
        seen.add(mask)
        rest = (first | second) & ~mask
        if connected(ground.near, mask) and connected(ground.near, rest):
            partition.put(one, mask)
            partition.put(other, rest)
            return True
    return False


def _fewest_pieces(ground: Ground, units: Sequence[int]) -> int:
    """Count the pieces into which two grids that hold these units must take estates at least."""
    estate, weights = ground.estate_list, ground.weights
    low, high = ground.low, ground.high
    held: dict[int, int] = {}
    free = 0
    for unit in units:
        if estate[unit] < 0:
            free += weights[unit]
        else:
            held[estate[unit]] = held.get(estate[unit], 0) + weights[unit]
    total = sum(held.values()) + free
    whole = [one for one in held.values() if one <= high]
    giants = len(held) - len(whole)
    free += sum([one for one in held.values() if one > high])
    if len(whole) > _SUBSETS:
        return len(held) + giants
    least, most = max(low, total - high), min(high, total - low)
    loads = {0}
    for one in whole:
        loads |= {load + one for load in loads}
    return len(held) + giants + (not any(load <= most and load + free >= least for load in loads))


def grouped_of(estates: Sequence[int]) -> Ints:
    """Number the groups of which units are: an estate each, and every unit of none by itself."""
    names = [one if one >= 0 else -2 - at for at, one in enumerate(estates)]
    number = {name: at for at, name in enumerate(sorted(set(names)))}
    return np.array([number[name] for name in names], dtype=np.int64)


def by_estate(nearer: Floats, place: Ints, group: Ints, households: Floats) -> Ints:
    """Order units so that estates stay together: a cut anywhere in this order splits one at most.

    Args:
        nearer: By what units are ordered, shape (rows, m).
        place: Where each stands in that order, shape (rows, m).
        group: Of each unit, counted from 0, shape (m,).
        households: Of each unit, shape (m,).
    """
    groups, size = int(group.max()) + 1, len(group)
    member = np.zeros((groups, size))
    member[group, np.arange(size)] = np.maximum(households, 1)
    mean = np.floor(nearer @ member.T / member.sum(axis=1))
    rank = places_of(np.argsort(mean, axis=1, kind="stable"))
    # Whole numbers below 2**15 are sorted by their digits, several times as fast.
    key = rank[:, group] * size + place
    found: Ints = np.argsort(key.astype(np.int16) if groups * size < _DIGITS else key, axis=1, kind="stable")
    return found


def places_of(order: Ints) -> Ints:
    """Say where each stands in some orders, both of shape (rows, m)."""
    found = np.empty_like(order)
    found[np.arange(len(order))[:, None], order] = np.arange(order.shape[1])
    return found


def _pieces(place: Ints, group: Ints, estates: int, cuts: Ints) -> Floats:
    """Count the pieces of estates on both sides of some cuts.

    Args:
        place: Where each unit stands in each order, shape (rows, m).
        group: Of each unit, counted from 0, shape (m,).
        estates: How many of the groups are estates.
        cuts: Row times (m - 1) plus the place of the last unit before the cut, shape (c,).
    """
    row, last = np.divmod(cuts, len(group) - 1)
    sorted_by = np.argsort(group, kind="stable")
    begins = np.flatnonzero(np.diff(group[sorted_by], prepend=-1))
    stands = place[:, sorted_by]
    first = np.minimum.reduceat(stands, begins, axis=1)[row]
    end = np.maximum.reduceat(stands, begins, axis=1)[row]
    last = last[:, None]
    found: Floats = estates + ((first <= last) & (end > last)).sum(axis=1).astype(np.float64)
    return found


def best_cut(partition: Partition, one: int, other: int) -> bool:
    """Cut two grids the best of all ways, if they have few units; say whether that was better."""
    ground = partition.ground
    both = partition.masks[one] | partition.masks[other]
    units = np.array(places(both), dtype=np.int64)
    size = len(units)
    if size > ALL_CUTS or not ground.plain:
        return False
    load = np.zeros(1)
    for weight in ground.households[units[:-1]].tolist():
        load = np.concatenate((load, load + weight))  # of every set of units but the last
    excess = excess_of(ground, load) + excess_of(ground, float(ground.households[units].sum()) - load)
    now = partition.merit((one, other))
    found = np.flatnonzero(excess <= now.excess)
    found = found[found > 0]
    if not len(found):
        return False
    inside = (found[:, None] >> np.arange(size)) & 1
    spread = ground.spread[units[:, None], units]
    there = inside.astype(np.float64) @ spread
    cost = np.where(inside > 0, there, np.inf).min(axis=1)
    cost += np.where(inside > 0, np.inf, spread.sum(axis=0) - there).min(axis=1)
    splits = np.zeros(len(found))
    if ground.estates:
        for name in set(ground.estate[units].tolist()) - {-1}:
            held = inside[:, ground.estate[units] == name]
            splits += 1.0 + ((held.sum(axis=1) > 0) & (held.sum(axis=1) < held.shape[1]))
        if ground.split_weight is not None:
            cost += ground.split_weight * splits
            splits[:] = 0
    over = excess[found]
    gain = (over < now.excess) | (
        (over == now.excess) & ((splits < now.splits) | ((splits == now.splits) & (cost < now.spread)))
    )
    rows = np.flatnonzero(gain)
    near = [mask_of(np.flatnonzero(row).tolist()) for row in ground.touching[units[:, None], units]]
    everything = (1 << size) - 1
    for row in rows[np.lexsort((cost[rows], splits[rows], over[rows]))].tolist():
        mask = int(found[row])
        if connected(near, mask) and connected(near, everything & ~mask):
            chosen = mask_of([int(units[place]) for place in places(mask)])
            partition.put(one, chosen)
            partition.put(other, both & ~chosen)
            return True
    return False
