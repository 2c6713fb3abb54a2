"""The table of a patrol plan."""

from __future__ import annotations

from shequ_core.model.patrols import Visit
from shequ_core.tables.columns import DateColumn, IntColumn, TextColumn
from shequ_core.tables.table import Table


class Visits(Table[Visit]):
    """Who is called on when, one row a building and round."""

    day: DateColumn
    round: IntColumn
    grid: TextColumn
    stop: IntColumn
    building: TextColumn
    first: IntColumn
    last: IntColumn
    households: IntColumn
