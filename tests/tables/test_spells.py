"""Spells against brute force: every answer is worked out once more day by day."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.tables.columns import DateColumn, Ints
from shequ_core.tables.spells import (
    ALWAYS,
    FOREVER,
    cut,
    first_days,
    gaps,
    last_by,
    last_days,
    merged,
    overlaps,
)

SETS = 20_000
TOGETHER = 500
KEYS = 3
"""How many keys a random set has at most."""
FINITE = 24
"""The days that are drawn are 0 to about here."""
FIRST, LAST = -16, FINITE + 12
"""Brute force looks at these days and those between: what has been always begins with them, what lasts ends with them."""


class Spell(NamedTuple):
    key: int
    since: int
    until: int

    def days(self) -> range:
        return range(max(self.since, FIRST), min(self.until, LAST) + 1)


class Mark(NamedTuple):
    key: int
    day: int


def columns(rows: Sequence[tuple[int, ...]], width: int) -> list[Ints]:
    return list(np.array(rows, dtype=np.int64).reshape(len(rows), width).T)


def listed(*arrays: Ints) -> list[tuple[int, ...]]:
    return list(zip(*(array.tolist() for array in arrays), strict=True))


def runs(days: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of days in a row."""
    ordered = sorted(days)
    return zip(
        [day for day in ordered if day - 1 not in days], [day for day in ordered if day + 1 not in days], strict=True
    )


def clipped(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Return days as brute force sees them."""
    return np.maximum(first, FIRST), np.minimum(last, LAST)


def days_of_keys(spells: Sequence[Spell]) -> dict[int, Counter[int]]:
    """Return how often each key has each day."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for one in spells:
        found[one.key].update(one.days())
    return found


def check_overlaps(spells: Sequence[Spell]) -> None:
    found = overlaps(*columns(spells, 3))
    earlier: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for row, one in enumerate(spells):
        if one.days():
            earlier[one.key].append((one.since, row, one.until))
    more: dict[int, set[int]] = defaultdict(set)
    for row, other, first, last in listed(*found):
        one, two = spells[row], spells[other]
        assert one.key == two.key
        assert (two.since, other) < (one.since, row)
        assert first == max(one.since, two.since)
        assert last == min(one.until, two.until)
        assert two.until == max(until for since, at, until in earlier[one.key] if (since, at) < (one.since, row))
        more[one.key].update(range(max(first, FIRST), min(last, LAST) + 1))
    assert len(set(found.row.tolist())) == len(found.row)
    for key, days in days_of_keys(spells).items():
        assert more[key] == {day for day, count in days.items() if count > 1}


def check_cover(spells: Sequence[Spell], spans: Sequence[Spell]) -> None:
    """Merging and gaps."""
    days = {key: set(counts) for key, counts in days_of_keys(spells).items()}
    keys, first, last = merged(*columns(spells, 3))
    assert listed(keys, *clipped(first, last)) == [(key, *run) for key in sorted(days) for run in runs(days[key])]
    missing = gaps(*columns(spells, 3), *columns(spans, 3))
    assert listed(missing.row, *clipped(missing.first, missing.last)) == [
        (row, *run) for row, span in enumerate(spans) for run in runs(set(span.days()) - days.get(span.key, set()))
    ]


def check_cut(spells: Sequence[Spell], cuts: Sequence[Mark]) -> None:
    key, since, until = columns(spells, 3)
    cut_key, cut_day = columns(cuts, 2)
    parts = cut(since, until, key, cut_key, cut_day)
    changes = set(cuts)
    expected = []
    for row, one in enumerate(spells):
        begins = [day for day in one.days() if day == one.days().start or (one.key, day) in changes]
        expected += [(row, begin, after - 1) for begin, after in pairwise([*begins, one.days().stop])]
    assert listed(parts.row, *clipped(parts.first, parts.last)) == expected
    inner = parts.row[1:] == parts.row[:-1]
    assert (parts.first[1:] == parts.last[:-1] + 1)[inner].all()
    assert (parts.first == since[parts.row])[np.append(True, ~inner)[: len(parts.row)]].all()
    assert (parts.last == until[parts.row])[np.append(~inner, True)[: len(parts.row)]].all()


def check_last_by(marks: Sequence[Mark], asked: Sequence[Mark]) -> None:
    began: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row, one in enumerate(marks):
        began[one.key].append((one.day, row))
    ask_key, ask_day = columns(asked, 2)
    key, since = columns(marks, 2)
    assert last_by(key, since, ask_key, ask_day).tolist() == [
        max([(day, row) for day, row in began[one.key] if day <= one.day], default=(0, -1))[1] for one in asked
    ]


def drawn(luck: random.Random, place: int) -> Spell:
    since = ALWAYS if luck.random() < 0.1 else luck.randint(0, FINITE)
    until = FOREVER if luck.random() < 0.15 else max(since, 0) + luck.randint(-14 if luck.random() < 0.1 else -2, 9)
    return Spell(place * KEYS + luck.randrange(KEYS), since, until)


@pytest.mark.parametrize("batch", range(SETS // TOGETHER))
def test_every_answer_is_that_of_counting_days(batch: int) -> None:
    """20,000 random sets of spells, some hundreds of them asked about together; each has keys of its own."""
    luck = random.Random(batch)
    spells, spans, cuts = [], [], []
    for place in luck.sample(range(TOGETHER), TOGETHER):
        spells += [drawn(luck, place) for _ in range(luck.randint(0, 6))]
        spans += [drawn(luck, place) for _ in range(luck.randint(0, 3))]
        cuts += [Mark(place * KEYS + luck.randrange(KEYS), luck.randint(0, FINITE)) for _ in range(luck.randint(0, 5))]
    luck.shuffle(spells)
    check_overlaps(spells)
    check_cover(spells, spans)
    check_cut(spells, cuts)
    check_last_by([Mark(one.key, one.since) for one in spells], cuts)


DAY = st.integers(0, FINITE)
KEY = st.sampled_from([0, 1, -7, 2**62, -(2**63)])
SPELLS = st.lists(st.builds(Spell, KEY, DAY | st.just(ALWAYS), DAY | st.just(FOREVER)), max_size=8)
MARKS = st.lists(st.builds(Mark, KEY, DAY), max_size=8)


@settings(max_examples=120)
@given(SPELLS, SPELLS, MARKS, MARKS, DAY, DAY)
def test_keys_may_be_any_numbers(
    spells: list[Spell], spans: list[Spell], cuts: list[Mark], asked: list[Mark], first: int, last: int
) -> None:
    check_overlaps(spells)
    check_cover(spells, spans)
    check_cut(spells, cuts)
    check_last_by([Mark(one.key, one.since) for one in spells], asked)


def array(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


def test_an_unknown_last_day_lasts_and_an_unknown_first_day_has_been_always() -> None:
    days = DateColumn(array(5, 7), np.array([True, False]))
    assert last_days(days).tolist() == [5, FOREVER]
    assert first_days(days).tolist() == [5, ALWAYS]


def test_two_that_last_overlap_without_end() -> None:
    found = overlaps(array(1, 1), array(10, 20), array(FOREVER, FOREVER))
    assert listed(*found) == [(1, 0, 20, FOREVER)]


def test_an_overlap_is_with_the_earlier_row_that_lasts_longest() -> None:
    """The second ended before the third began; the first had not."""
    found = overlaps(array(1, 1, 1), array(0, 5, 10), array(20, 6, 11))
    assert listed(*found) == [(1, 0, 5, 6), (2, 0, 10, 11)]


def test_of_earlier_rows_that_end_together_it_is_the_first() -> None:
    found = overlaps(array(1, 1, 1), array(5, 0, 10), array(20, 20, 30))
    assert listed(*found) == [(0, 1, 5, 20), (2, 1, 10, 20)]


@pytest.mark.parametrize(
    ("days", "parts"),
    [
        pytest.param((), [(10, 20)], id="nothing changes"),
        pytest.param((10, 21), [(10, 20)], id="on the first day, and after the last"),
        pytest.param((20, 11, 20), [(10, 10), (11, 19), (20, 20)], id="on the second and the last day, twice"),
    ],
)
def test_a_part_begins_on_the_day_of_the_change(days: tuple[int, ...], parts: list[tuple[int, int]]) -> None:
    found = cut(array(10), array(20), array(3), np.full(len(days), 3), array(*days))
    assert listed(found.first, found.last) == parts


def test_the_later_of_two_rows_that_began_together_counts() -> None:
    assert last_by(array(1, 1, 1), array(5, 7, 5), array(1, 1, 1, 2), array(4, 6, 7, 9)).tolist() == [-1, 2, 1, -1]
