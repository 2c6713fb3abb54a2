"""Dated facts: which of the rows that were ever written down count on a day on which so much is known.

Every row says from when on its fact holds and, in `known_on`, when it became known; None counts as always.
Rows of one key (a person, a post and a first day; a person and a certificate; see `KEYS`) are versions of
one fact: the one that became known last counts. A row that is `withdrawn` says that the fact never was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Self

import attrs
import numpy as np

from shequ_core.tables.columns import Bools, Ints, day_number
from shequ_core.tables.dataset import (
    Agreements,
    Assessments,
    Certificates,
    ContributionBases,
    Dataset,
    Duties,
    Educations,
    Emergencies,
    FormerPays,
    Gradings,
    Holdings,
    Incidents,
    Leaves,
    Secondments,
)
from shequ_core.tables.spells import FOREVER, first_days
from shequ_core.tables.table import Table

KEYS: Final[Mapping[type[Table[Any]], tuple[str, ...]]] = {  # Any: tables of every kind of fact
    Holdings: ("worker", "post", "since"),
    Educations: ("worker", "level"),
    Certificates: ("worker", "level"),
    Gradings: ("worker", "since"),
    FormerPays: ("worker",),
    Assessments: ("worker", "year"),
    Agreements: ("worker", "since"),
    Leaves: ("worker", "kind", "since"),
    Secondments: ("worker", "since"),
    ContributionBases: ("worker", "since"),
    Emergencies: ("place", "since"),
    Duties: ("worker", "since"),
}
"""By what two rows of a table are versions of one fact."""


@attrs.frozen(eq=False)
class Versions:
    """The rows of a table, versions of one fact together, in the order in which they became known.

    Attributes:
        rows: The rows in that order; a row whose key isn't known isn't among them.
        known: The day on which each became known.
        withdrawn: Whether each takes those before it away.
        first: Whether each is the first version of its fact.
        size: How many rows the table has.
    """

    rows: Ints
    known: Ints
    withdrawn: Bools
    first: Bools
    size: int

    @classmethod
    def of(cls, table: Table[Any]) -> Self:  # Any: as above
        """Put the rows of a table in order.

        Raises:
            KeyError: Rows of such a table have no versions.
        """
        columns = [table.column(name) for name in KEYS[type(table)]]
        there = np.ones(len(table), dtype=np.bool_)
        for column in columns:
            there &= column.mask()
        rows = np.flatnonzero(there)
        keys = [column.values[rows] for column in columns]
        known = known_days(table)[rows]
        order = np.lexsort((known, *keys))
        first = np.zeros(len(rows), dtype=np.bool_)
        first[:1] = True
        for key in keys:
            first[1:] |= key[order[1:]] != key[order[:-1]]
        withdrawn = table.column("withdrawn")
        rows = rows[order]
        return cls(rows, known[order], (withdrawn.values & withdrawn.mask())[rows], first, len(table))

    def counting(self, known: date | None) -> Bools:
        """Return which rows of the table count as known on a day: see `as_known`."""
        by_then = self.known <= _number(known)
        last = by_then.copy()
        last[:-1] &= self.first[1:] | ~by_then[1:]
        found = np.zeros(self.size, dtype=np.bool_)
        found[self.rows[last & ~self.withdrawn]] = True
        return found


def known_days(table: Table[Any]) -> Ints:  # Any: as above
    """Return the day on which each row of a table became known, `ALWAYS` where it doesn't say.

    An assessment that doesn't say became known on the last day of the year assessed.
    """
    days = first_days(table.column("known_on"))  # type: ignore[arg-type]  # known_on is a DateColumn in every table
    if isinstance(table, Assessments):
        years = (table.year.values - 1970 + 1).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
        return np.where(table.known_on.mask(), days, years - 1)
    return days


def as_known(table: Table[Any], known: date | None) -> Bools:  # Any: as above
    """Return which rows of a table count as known on a day, None for all that is known.

    Of the rows of one fact that were known by then it is the one that became known last, and none if that
    one withdraws the fact; of two that became known on one day, which reading a file refuses, the later row.

    Raises:
        KeyError: Rows of such a table have no versions.
    """
    return Versions.of(table).counting(known)


def as_known_dataset(data: Dataset, known: date | None) -> Dataset:
    """Return the same facts with just the rows that count as known on a day, None for all that is known.

    Assessments stay as they are: `History` reads from all versions when a year's grade was first known.
    Incidents have no versions, so it is those that were known by then.
    """
    changed: dict[str, Table[Any]] = {}
    for name, table in data.tables():
        if isinstance(table, Incidents):
            kept = known_days(table) <= _number(known)
        elif type(table) in KEYS and not isinstance(table, Assessments):
            kept = as_known(table, known)
        else:
            continue
        if not kept.all():
            changed[name] = table.where(kept)
    return data.with_tables(changed)


def _number(known: date | None) -> int:
    return FOREVER if known is None else day_number(known)
