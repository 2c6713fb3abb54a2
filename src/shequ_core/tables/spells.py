"""Spells: from a day to a day, both included, each with the key (a person, a post) to which it belongs.

Everything here is bare arrays: days counted from 1970-01-01, keys as whole numbers of any size. A first
day that is unknown has been always (`ALWAYS`), a last day that is unknown lasts (`FOREVER`). A spell
whose last day is before its first has no days. Rows may stand in any order; no answer hangs on it, but
where rows of one key begin on one day the one that stands later in the table counts as the later one.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Self

import attrs
import numpy as np

from shequ_core.tables.columns import DateColumn, Ints

FOREVER: Final = 2**62
"""The last day of what lasts."""
ALWAYS: Final = -FOREVER
"""The first day of what has been always."""


class Parts(NamedTuple):
    """Parts of spells, in the order of row and first day.

    Attributes:
        row: The row of the spell of which each is a part.
        first: Its first day.
        last: Its last day.
    """

    row: Ints
    first: Ints
    last: Ints


class Overlaps(NamedTuple):
    """Rows that begin before an earlier one of their key has ended, in the order of key and first day.

    Attributes:
        row: The row that begins later.
        other: Of the earlier rows of its key, the one that lasts longest, and of those the first.
        first: The first day that both have.
        last: The last day that both have; `FOREVER` where both last.
    """

    row: Ints
    other: Ints
    first: Ints
    last: Ints


def first_days(since: DateColumn) -> Ints:
    """Return first days, `ALWAYS` where unknown."""
    return since.values if since.known is None else np.where(since.known, since.values, ALWAYS)


def last_days(until: DateColumn) -> Ints:
    """Return last days, `FOREVER` where unknown."""
    return until.values if until.known is None else np.where(until.known, until.values, FOREVER)


@attrs.frozen(eq=False)
class _Marks:
    """Days with a key, in order, to be searched by key and day.

    Attributes:
        keys: The distinct keys in order.
        days: The distinct days in order.
        rows: The marks' rows in the order of key, day and row.
        at: Each of them as one number that grows in that order.
    """

    keys: Ints
    days: Ints
    rows: Ints
    at: Ints

    @classmethod
    def of(cls, key: Ints, day: Ints, *, once: bool = False) -> Self:
        """Put days in order, those of one key and day together once or each for itself."""
        keys, key_at = np.unique(key, return_inverse=True)
        days, day_at = np.unique(day, return_inverse=True)
        at = key_at * (len(days) + 1) + day_at
        rows = np.unique(at, return_index=True)[1] if once else np.argsort(at, kind="stable")
        return cls(keys, days, rows.astype(np.int64), at[rows])

    def before(self, key: Ints, day: Ints) -> Ints:
        """Return for each key and day how many marks stand before it."""
        return self._place(key, np.searchsorted(self.days, day, side="left"))

    def through(self, key: Ints, day: Ints) -> Ints:
        """Return for each key and day how many marks stand before it or on it."""
        return self._place(key, np.searchsorted(self.days, day, side="right"))

    def _place(self, key: Ints, day_at: Ints) -> Ints:
        if not len(self.keys):
            return np.zeros(len(key), dtype=np.int64)
        key_at = np.searchsorted(self.keys, key)
        there = self.keys[np.minimum(key_at, len(self.keys) - 1)] == key
        asked = key_at * (len(self.days) + 1) + np.where(there, day_at, 0)
        return np.searchsorted(self.at, asked, side="left").astype(np.int64)


def _counted_out(counts: Ints) -> tuple[Ints, Ints]:
    """Return each row as often as it counts, and each time's number in its row, from 0."""
    row = np.repeat(np.arange(len(counts)), counts)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)


def last_by(key: Ints, since: Ints, ask_key: Ints, ask_day: Ints) -> Ints:
    """Return for each key and day that asks the last row of the key that began by the day, -1 where none did.

    Of rows that began on one day it is the one that stands later.
    """
    marks = _Marks.of(key, since)
    at = marks.through(ask_key, ask_day) - 1
    if not len(key):
        return at
    row = marks.rows[np.maximum(at, 0)]
    return np.where((at >= 0) & (key[row] == ask_key), row, -1)


def cut(since: Ints, until: Ints, key: Ints, cut_key: Ints, cut_day: Ints) -> Parts:
    """Cut each spell wherever something changes for its key, into parts in which nothing does.

    Args:
        since: First days of the spells.
        until: Their last days.
        key: Their keys.
        cut_key: The key for which something changes; those that no spell has are left aside.
        cut_day: The first day on which it is otherwise: a part ends on the day before, and one begins.
            It may be given more than once, or lie outside every spell.
    """
    cuts = _Marks.of(cut_key, cut_day, once=True)
    begin = cuts.through(key, since)
    inside = np.where(until >= since, cuts.through(key, until) - begin, -1)
    row, number = _counted_out(inside + 1)
    cut_days = cut_day[cuts.rows]
    first, last = since[row], until[row]
    later, earlier = number > 0, number < inside[row]
    first[later] = cut_days[begin[row[later]] + number[later] - 1]
    last[earlier] = cut_days[begin[row[earlier]] + number[earlier]] - 1
    return Parts(row, first, last)


def overlaps(key: Ints, since: Ints, until: Ints) -> Overlaps:
    """Return the rows that begin before an earlier one of their key has ended, each with the one that lasts longest.

    The days of all of them together are the days that a key has more than once.
    """
    rows = np.flatnonzero(until >= since)
    rows = rows[np.lexsort((rows, since[rows], key[rows]))]
    if len(rows) <= 1:
        rows = rows[:0]
    count = len(rows)
    # The row of a key that lasts longest so far, as a running maximum: by key, then by the place of its last
    # day among all, of equal days the first in order.
    by_end = np.lexsort((-np.arange(count), until[rows]))
    end_place = np.empty(count, dtype=np.int64)
    end_place[by_end] = np.arange(count)
    new = np.ones(count, dtype=np.bool_)
    new[1:] = key[rows[1:]] != key[rows[:-1]]
    longest = np.maximum.accumulate(np.cumsum(new) * count + end_place)
    before = by_end[longest[:-1] % max(count, 1)]
    row, other = rows[1:], rows[before]
    found = ~new[1:] & (since[row] <= until[other])
    row, other = row[found], other[found]
    return Overlaps(row, other, since[row], np.minimum(until[row], until[other]))


def merged(key: Ints, since: Ints, until: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the fewest spells that have the same days: keys, first and last days, in the order of key and day."""
    rows = np.flatnonzero(until >= since)
    rows = rows[np.lexsort((since[rows], key[rows]))]
    count = len(rows)
    ends, end_place = np.unique(until[rows], return_inverse=True)
    new = np.ones(count, dtype=np.bool_)
    new[1:] = key[rows[1:]] != key[rows[:-1]]
    # As in `overlaps`: the last day so far of each key.
    so_far = ends[np.maximum.accumulate(np.cumsum(new) * count + end_place) % max(count, 1)] if count else ends
    new[1:] |= since[rows[1:]] > so_far[:-1] + 1
    starts = np.flatnonzero(new)
    return key[rows[starts]], since[rows[starts]], so_far[np.append(starts[1:], count)[: len(starts)] - 1]


def gaps(key: Ints, since: Ints, until: Ints, span_key: Ints, span_since: Ints, span_until: Ints) -> Parts:
    """Return the days of each span that no spell of its key has, as few parts as can be; `row` is the span's."""
    keys, first, last = merged(key, since, until)
    begin = _Marks.of(keys, last).before(span_key, span_since)
    end = _Marks.of(keys, first).through(span_key, span_until)
    inside = np.where(span_until >= span_since, end - begin, -1)
    row, number = _counted_out(inside + 1)
    gap_first, gap_last = span_since[row], span_until[row]
    later, earlier = number > 0, number < inside[row]
    gap_first[later] = last[begin[row[later]] + number[later] - 1] + 1
    gap_last[earlier] = first[begin[row[earlier]] + number[earlier]] - 1
    found = gap_first <= gap_last
    return Parts(row[found], gap_first[found], gap_last[found])
