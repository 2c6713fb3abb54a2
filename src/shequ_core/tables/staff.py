"""The table of those who work in grids."""

from __future__ import annotations

from shequ_core.model.staff import GridDuty, GridMember
from shequ_core.tables.columns import EnumColumn, TextColumn
from shequ_core.tables.table import Table


class GridMembers(Table[GridMember]):
    """Grid workers and auxiliary police officers, one row each."""

    id: TextColumn
    grid: TextColumn
    duty: EnumColumn[GridDuty]
    managed_by: TextColumn
