"""Rows in chunks that fit the cache, each of whole groups, and what chunks gave put together again.

A group is what must be seen whole by whoever works on it: a subdistrict, whose people share a pool. An answer must not
hang on how rows were cut: sums are of whole numbers, each chunk's part has its place, and a digest covers the
answer alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self, TypeAlias, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.tables.columns import Ints

Array: TypeAlias = "npt.NDArray[Any]"  # Any: of any kind, which NumPy's types can't leave open otherwise
Number = TypeVar("Number", bound=np.generic)


@attrs.frozen(eq=False)
class Chunks:
    """How rows are cut.

    Attributes:
        bounds: Where each chunk begins, and where the last ends, once rows stand in `order`: shape (chunks + 1,).
        order: The rows in the order of their groups, those of a group as they came; None where they stand so
            already.
    """

    bounds: Ints
    order: Ints | None = None

    @classmethod
    def of(cls, group: npt.NDArray[np.integer[Any]], at_least: int) -> Self:
        """Cut rows, each of a group, into chunks of at least so many rows, each extended to its last group's end.

        Raises:
            ValueError: A chunk of less than a row.
        """
        order = None
        if (group[1:] < group[:-1]).any():
            order = np.argsort(group, kind="stable").astype(np.int64, copy=False)
            group = group[order]
        ends = np.flatnonzero(np.append(group[1:] != group[:-1], [True] * min(len(group), 1))) + 1
        return cls(_bounds(ends.astype(np.int64, copy=False), at_least), order)

    @classmethod
    def of_sizes(cls, sizes: Ints, at_least: int) -> Self:
        """Cut rows that nobody has made yet, from the number of each group's rows, in the groups' order.

        Raises:
            ValueError: A chunk of less than a row, or a group of fewer rows than none.
        """
        if (sizes < 0).any():
            raise ValueError("a group has no fewer rows than none")
        return cls(_bounds(np.cumsum(sizes, dtype=np.int64), at_least))

    def __len__(self) -> int:
        """Return the number of chunks."""
        return len(self.bounds) - 1

    def __iter__(self) -> Iterator[slice | Ints]:
        """Give each chunk's rows, as an index into any array of all rows."""
        for begin, end in zip(self.bounds[:-1].tolist(), self.bounds[1:].tolist(), strict=True):
            yield slice(begin, end) if self.order is None else self.order[begin:end]

    def gathered(self, parts: Iterable[npt.NDArray[Number]]) -> npt.NDArray[Number]:
        """Return what each chunk gave for its rows, in the order in which the rows came.

        Raises:
            ValueError: Not one part for each chunk, or a part that hasn't a value for each of its rows.
        """
        whole = np.concatenate([*parts])
        if len(whole) != self.bounds[-1]:
            raise ValueError(f"{len(whole)} values for {self.bounds[-1]} rows")
        if self.order is None:
            return whole
        found = np.empty_like(whole)
        found[self.order] = whole
        return found


def _bounds(ends: Ints, at_least: int) -> Ints:
    """Return where chunks begin and the last ends, from where groups end."""
    if at_least < 1:
        raise ValueError("a chunk has at least one row")
    bounds, rows = [0], int(ends[-1]) if len(ends) else 0
    while bounds[-1] < rows:
        wanted = min(bounds[-1] + at_least, rows)
        bounds.append(int(ends[np.searchsorted(ends, wanted)]))
    return np.array(bounds, dtype=np.int64)


def totals(parts: Iterable[Mapping[str, Ints]]) -> dict[str, Ints]:
    """Return the sums, by name, of what chunks counted: whole numbers, so that no cut and no order changes them.

    Raises:
        ValueError: A part that names other counts than the first, or gives them in another shape.
    """
    found: dict[str, Ints] = {}
    for part in parts:
        if not found:
            found = {name: np.array(one, dtype=np.int64) for name, one in part.items()}
            continue
        if {name: one.shape for name, one in part.items()} != {name: one.shape for name, one in found.items()}:
            raise ValueError("the parts of a sum name the same counts, in the same shapes")
        for name, one in part.items():
            found[name] += one
    return found


def digest(columns: Mapping[str, Array]) -> str:
    """Return 64 letters that stand for named columns: their values and kinds, whatever the machine's order of bytes.

    The order of names is none of an answer's business; the order of rows is.
    """
    told = hashlib.sha256()
    for name in sorted(columns):
        one = columns[name]
        plain = np.ascontiguousarray(one.astype(one.dtype.newbyteorder("<"), copy=False))
        told.update(f"{name}\0{plain.dtype.str}\0{plain.shape}\0".encode())
        told.update(plain.data)
    return told.hexdigest()
