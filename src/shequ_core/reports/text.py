"""Tables as plain text, for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

_WIDE: Final = frozenset({"W", "F"})


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes: a Chinese character takes two."""
    return sum(1 + (unicodedata.east_asian_width(char) in _WIDE) for char in text)


def table_lines(heads: Sequence[str], rows: Sequence[Sequence[str]], *, texts: int = 1) -> Iterator[str]:
    """Yield the lines of a table.

    Args:
        heads: What stands at the head of each column.
        rows: The cells.
        texts: So many columns are texts and stand to the left; the others are figures, to the right.
    """
    widths = [max(map(width, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = []
        for place, (cell, wide) in enumerate(zip(row, widths, strict=True)):
            blanks = " " * (wide - width(cell))
            cells.append(cell + blanks if place < texts else blanks + cell)
        yield "  ".join(cells).rstrip()
