"""Which grid of one division is which of another: the pairs that leave the most households where they are."""

from __future__ import annotations

from collections.abc import Sequence


def best_pairs(kept: Sequence[Sequence[int]]) -> dict[int, int]:
    """Pair rows with columns so that the sum over pairs is as large as it can be.

    The Hungarian method in its form with potentials: rows come in one after the other, each along a shortest
    path, so the work is at most rows times the square of columns. The first of equals is taken.

    Args:
        kept: What each pair keeps, zero or more, a row for each grid of one division.

    Returns:
        For rows their columns, pairs that keep nothing left out.
    """
    rows, columns = len(kept), len(kept[0]) if kept else 0
    size = max(rows, columns)
    cost = [[-kept[r][c] if r < rows and c < columns else 0 for c in range(size)] for r in range(size)]
    of_row, of_column = [0] * (size + 1), [0] * (size + 1)  # potentials; place 0 is nobody's
    held = [0] * (size + 1)  # the row that holds each column
    for row in range(1, size + 1):
        held[0] = row
        least: list[float] = [float("inf")] * (size + 1)
        came_from = [0] * (size + 1)
        seen = [False] * (size + 1)
        column = 0
        while held[column]:
            seen[column] = True
            costs, shift, nearest = cost[held[column] - 1], float("inf"), 0
            base = of_row[held[column]]
            for other in range(1, size + 1):
                if seen[other]:
                    continue
                slack = costs[other - 1] - base - of_column[other]
                if slack < least[other]:
                    least[other], came_from[other] = slack, column
                if least[other] < shift:
                    shift, nearest = least[other], other
            for other in range(size + 1):
                if seen[other]:
                    of_row[held[other]] += int(shift)
                    of_column[other] -= int(shift)
                else:
                    least[other] -= shift
            column = nearest
        while column:
            held[column] = held[came_from[column]]
            column = came_from[column]
    pairs = {held[column] - 1: column - 1 for column in range(1, size + 1)}
    return {row: pairs[row] for row in range(rows) if pairs[row] < columns and kept[row][pairs[row]] > 0}
