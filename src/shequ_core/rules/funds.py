"""Whether the money of subdistricts and communities is budgeted, and whether it grows (JLG2.8.1)."""

from __future__ import annotations

from shequ_core.law.carrying import implements
from shequ_core.rules.arrangements import lacking
from shequ_core.tables.columns import BoolColumn, FenColumn, TextColumn


@implements("JLG2.8.1")
def not_budgeted(places: TextColumn, at: TextColumn, listed: BoolColumn) -> BoolColumn:
    """Which subdistricts and communities have no money in the budget of the same level.

    Args:
        places: Each place, once.
        at: The place of each row of the year's budget.
        listed: Whether the row is in the budget of the same level.
    """
    return lacking(places, at, listed)


@implements("JLG2.8.1")
def not_grown(amount: FenColumn, before: FenColumn) -> BoolColumn:
    """Whether each amount is no more than that of the year before: growth is an aim ("逐步加大")."""
    return amount <= before
