"""Tables of buildings, of what joins them, and of the grids they were in."""

from __future__ import annotations

from shequ_core.model.buildings import Adjacency, Building, EarlierGrid
from shequ_core.tables.columns import FloatColumn, IntColumn, TextColumn
from shequ_core.tables.table import Table


class Buildings(Table[Building]):
    """Buildings, one row each."""

    id: TextColumn
    community: TextColumn
    households: IntColumn
    estate: TextColumn
    lon: FloatColumn
    lat: FloatColumn
    x: FloatColumn
    y: FloatColumn
    footprint: TextColumn


class Adjacencies(Table[Adjacency]):
    """Pairs of buildings that touch."""

    a: TextColumn
    b: TextColumn


class EarlierGrids(Table[EarlierGrid]):
    """The grid of each building before a redrawing."""

    building: TextColumn
    grid: TextColumn
