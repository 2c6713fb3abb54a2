"""Grids: their size, who works in them, who drew them, and the line in which they stand (JLG2.1.1, 2.3.2, 2.3.4)."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.policy.grids import AUXILIARY_POLICE, HOUSEHOLDS, WORKERS
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import BoolColumn, EnumColumn, IntColumn, TextColumn, maximum
from shequ_core.tables.in_post import places_in
from shequ_core.values import Span


class Link(StrEnum):
    """How a building hangs in the line from subdistrict through community and grid (JLG2.1.1)."""

    WHOLE = "whole"
    NO_GRID = "no_grid"
    """It belongs to no grid."""
    UNKNOWN_GRID = "unknown_grid"
    """Its grid is none of those that there are."""
    OTHER_COMMUNITY = "other_community"
    """Its grid belongs to another community."""

    @property
    def place(self) -> int:
        """Its place among them, as columns have it."""
        return list(Link).index(self)


@implements("JLG2.3.2a", needs=(HOUSEHOLDS,))
def missed_by(households: IntColumn, policy: Policy) -> IntColumn:
    """By how many households each grid misses its bounds: below zero too few, above zero too many.

    Reading:
        "每300-500户" takes both ends in.
    """
    allowed = policy[HOUSEHOLDS]
    return maximum(households - allowed.high, 0) - maximum(allowed.low - households, 0)


@implements("JLG2.3.2a", needs=(HOUSEHOLDS,))
def possible_grids(households: IntColumn, policy: Policy) -> Span[IntColumn]:
    """How many grids each community's households can make by arithmetic.

    Returns:
        The fewest and the most; the fewest are more than the most where no number of grids holds them within
        bounds, as it is with 501 to 599 households in grids of 300 to 500.
    """
    allowed = policy[HOUSEHOLDS]
    return Span((households + (allowed.high - 1)) // allowed.high, households // allowed.low)


@implements("JLG2.3.2a", needs=(WORKERS,))
def workers_short(grids: IntColumn, workers: IntColumn, policy: Policy) -> IntColumn:
    """How many grid workers are missing for so many grids (0 where there are enough)."""
    return maximum(grids * policy[WORKERS] - workers, 0)


@implements("JLG2.3.2b")
def managed_elsewhere(managed_by: TextColumn, community: TextColumn) -> BoolColumn:
    """Whether somebody else than the grid's community manages and assigns work to each grid worker.

    Reading:
        "网格员由社区统筹管理使用": whoever manages a grid worker is the community in which the grid lies, not a
        department above it and not another community.

    Args:
        managed_by: The code of the community that manages the worker, or the name of an office.
        community: The code of the grid's community.
    """
    return managed_by != community


@implements("JLG2.3.2c")
def drawn_elsewhere(drawn_by: TextColumn) -> BoolColumn:
    """Whether a department laid each grid over its community.

    Args:
        drawn_by: The department that drew it; unknown where it was the community.
    """
    return drawn_by.is_known()


@implements("JLG2.3.4a", needs=(AUXILIARY_POLICE,))
def auxiliary_police_short(grids: IntColumn, officers: IntColumn, policy: Policy) -> IntColumn:
    """How many auxiliary police officers are missing for so many grids (0 where there are enough)."""
    return maximum(grids * policy[AUXILIARY_POLICE] - officers, 0)


@implements("JLG2.1.1")
def links(
    grid: TextColumn, community: TextColumn, grids: TextColumn, grid_communities: TextColumn
) -> EnumColumn[Link]:
    """Whether each building hangs in an unbroken line: its grid is one of those that there are, and of its community.

    Args:
        grid: The code of the grid of each building; unknown where it is in none.
        community: The code of the community of each building; where it is unknown, that of the grid will do.
        grids: The codes of all grids.
        grid_communities: The code of the community of each of them.
    """
    at = places_in(grid, grids)
    of_grid = grid_communities.take(at)
    other = (community != of_grid).true() & (at >= 0)
    found = np.where(grid.mask(), np.where(at >= 0, Link.WHOLE.place, Link.UNKNOWN_GRID.place), Link.NO_GRID.place)
    return EnumColumn(np.where(other, Link.OTHER_COMMUNITY.place, found), None, Link)


@implements("JLG2.3.2a")
def households_off(households: IntColumn, grid: TextColumn, grids: TextColumn, counted: IntColumn) -> IntColumn:
    """By how many households the count of each grid differs from the sum of its buildings.

    Args:
        households: The households of each building.
        grid: The code of the grid of each building; unknown where it is in none.
        grids: The codes of all grids.
        counted: The households that each grid is said to have.
    """
    at = places_in(grid, grids)
    inside = at >= 0
    known = households.mask()
    sums = np.zeros(len(grids), dtype=np.int64)
    np.add.at(sums, at[inside & known], households.values[inside & known])
    doubtful = np.zeros(len(grids), dtype=np.bool_)
    doubtful[at[inside & ~known]] = True
    return counted - IntColumn(sums, ~doubtful)
