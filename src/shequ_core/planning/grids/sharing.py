"""A number of grids that was asked for, shared among parts of a community that touch nothing of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Worth: TypeAlias = "tuple[float, float]"
"""Pieces of estates and spread: less is better, the first that differs decides."""


def shared(worths: Sequence[Mapping[int, Worth]], target: int) -> list[int] | None:
    """Choose for each part one of its numbers of grids so that they make up the target at the least worth in all.

    Args:
        worths: For each part the numbers of grids into which it can be divided, and what each is worth.
        target: The number of grids of all parts.

    Returns:
        The number of each part; None where none add up.
    """
    best: dict[int, tuple[Worth, list[int]]] = {0: ((0, 0), [])}
    for part in worths:
        after: dict[int, tuple[Worth, list[int]]] = {}
        for made, (before, chosen) in best.items():
            for count, (pieces, spread) in part.items():
                worth = (before[0] + pieces, before[1] + spread)
                if made + count <= target and (made + count not in after or worth < after[made + count][0]):
                    after[made + count] = (worth, [*chosen, count])
        best = after
    return best[target][1] if target in best else None
