"""The table of what communities have reached."""

from __future__ import annotations

from shequ_core.model.indicators import Indicator
from shequ_core.tables.columns import BoolColumn, DateColumn, IntColumn, TextColumn
from shequ_core.tables.table import Table


class Indicators(Table[Indicator]):
    """What communities have reached, one row each."""

    community: TextColumn
    social_organisations: IntColumn
    volunteer_teams: IntColumn
    on_platform: BoolColumn
    counted_on: DateColumn
