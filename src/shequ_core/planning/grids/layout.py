"""What a division starts from: the buildings of one community and how they touch."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.errors import Message

Ints: TypeAlias = "npt.NDArray[np.int64]"
Floats: TypeAlias = "npt.NDArray[np.float64]"
Bools: TypeAlias = "npt.NDArray[np.bool_]"


class Basis(StrEnum):
    """Where it is known from which buildings touch."""

    STATED = "stated"
    """A table of adjacencies said so."""
    GEOMETRY = "geometry"
    """A neighbour graph of their points, cut by barriers."""
    ORDER = "order"
    """Estate by estate in the order of ids, for want of both."""


@attrs.frozen(kw_only=True, eq=False)
class Layout:
    """The buildings of one community and how they touch.

    Buildings stand in the natural order of their ids ('2' before '10'), so that nothing hangs on the order of
    rows in a file.

    Attributes:
        community: The community's code, 12 digits, where it is known.
        ids: The building's id, n of them.
        households: Households, shape (n,).
        estates: The building's place in `estate_names`, -1 where it belongs to none, shape (n,).
        edges: Pairs of places that touch, each once and the smaller first, sorted, shape (m, 2).
        points: Metres east and north in a local plane, shape (n, 2); None where any building has no point.
        coordinates: The points as they were given (degrees or metres), for drawing, shape (n, 2).
        in_degrees: Whether `coordinates`, footprints and barriers are degrees.
        footprints: Outline as WKT where given, n of them, or none at all.
        barriers: Lines as they were given, each a tuple of (x, y).
        previous: The code of the grid that each building was in, None where it was in none; n of them, or none at all.
        retired: Codes of earlier grids of which no building is here any more: no other grid is to have them.
        notes: What a reader of the plan must know of how this was made.
    """

    community: str | None = None
    ids: tuple[str, ...]
    households: Ints
    estates: Ints
    estate_names: tuple[str, ...] = ()
    edges: Ints
    basis: Basis
    points: Floats | None = None
    coordinates: Floats | None = None
    in_degrees: bool = False
    footprints: tuple[str | None, ...] = ()
    barriers: tuple[tuple[tuple[float, float], ...], ...] = ()
    previous: tuple[str | None, ...] = ()
    retired: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)
