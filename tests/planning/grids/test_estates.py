"""Parts drawn anew for the sake of estates: what is split becomes less, and nothing that comes first is given up."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from shequ_core import divide
from shequ_core.model.buildings import Building
from shequ_core.planning.grids.ground import Ground, ground_of, squared_distances
from shequ_core.planning.grids.masks import connected
from shequ_core.planning.grids.search import Clock, Search, lumpy

LOW, HIGH = 300, 500


def _quarters(seed: int, least: int, most: int, wide: int = 9) -> Ground:
    """Return a lattice of buildings in estates of up to six."""
    chance = random.Random(seed)
    buildings = [
        Building(
            id=str(number), households=chance.randint(least, most), x=60.0 * east, y=60.0 * north,
            estate=f"E{east // 3}{north // 2}",
        )
        for number, (east, north) in enumerate(itertools.product(range(wide), range(8)))
    ]  # fmt: skip
    layout = divide(buildings, low=LOW, high=HIGH, effort=1).layout
    return ground_of(layout, squared_distances(layout), np.arange(len(layout)), LOW, HIGH)


def _pieces(ground: Ground, masks: list[int]) -> int:
    """Count the pieces of estates, building by building."""
    return len({(estate, grid) for grid, mask in enumerate(masks) for unit, estate in enumerate(ground.estate.tolist())
                if mask >> unit & 1 and estate >= 0})  # fmt: skip


@pytest.mark.parametrize(
    ("seed", "least", "most", "grids"),
    [pytest.param(4, 30, 60, 7, id="many buildings a grid"), pytest.param(2, 90, 150, 19, id="few buildings a grid")],
)
def test_fewer_pieces_within_bounds(seed: int, least: int, most: int, grids: int) -> None:
    """Estates are in fewer pieces than the same search finds without it, each grid still whole and within bounds."""
    ground = _quarters(seed, least, most)
    assert lumpy(ground) == (least == 90)
    start = Search(ground, 1, random.Random(seed), Clock.of(None)).found(grids)
    assert start is not None
    assert not start.violation()
    before = list(start.masks)
    better = Search(ground, 3, random.Random(seed), Clock.of(None)).by_estates(start, ground.estates)
    assert start.masks == before
    assert _pieces(ground, better.masks) == better.splits() < _pieces(ground, before)
    assert sum(better.masks) == ground.everything
    assert len(better) == grids
    for mask in better.masks:
        assert connected(ground.near, mask)
        assert LOW <= sum(weight for unit, weight in enumerate(ground.weights) if mask >> unit & 1) <= HIGH


def test_it_ends_where_estates_are_in_as_few_pieces_as_can_be() -> None:
    """A division that can't have fewer pieces is given back as it is."""
    ground = _quarters(1, 30, 60)
    start = Search(ground, 1, random.Random(1), Clock.of(None)).found(7)
    assert start is not None
    assert Search(ground, 3, random.Random(1), Clock.of(None)).by_estates(start, start.splits()) is start
