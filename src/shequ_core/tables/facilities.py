"""The table of facilities."""

from __future__ import annotations

from shequ_core.model.facilities import Facility, FacilityKind
from shequ_core.tables.columns import EnumColumn, FloatColumn, TextColumn
from shequ_core.tables.table import Table


class Facilities(Table[Facility]):
    """Facilities that residents walk to, one row each."""

    id: TextColumn
    name: TextColumn
    kind: EnumColumn[FacilityKind]
    community: TextColumn
    lon: FloatColumn
    lat: FloatColumn
    x: FloatColumn
    y: FloatColumn
