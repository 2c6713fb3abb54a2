"""Chunks: whole groups, no row lost, and nothing that an answer could hang on."""

from __future__ import annotations

import hashlib
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.simulation.chunks import Chunks, digest, totals

SIZES = st.lists(st.integers(0, 9), max_size=25)
AT_LEAST = st.integers(1, 30)
GROUPS = st.lists(st.integers(-5, 12), max_size=60)


@given(SIZES, AT_LEAST)
def test_every_row_is_in_one_chunk_of_whole_groups(sizes: list[int], at_least: int) -> None:
    chunks = Chunks.of_sizes(np.array(sizes, dtype=np.int64), at_least)
    of_group = np.repeat(np.arange(len(sizes)), sizes)
    parts = [of_group[rows] for rows in chunks]
    assert np.concatenate([of_group[:0], *parts]).tolist() == of_group.tolist()
    for one, other in itertools.combinations(parts, 2):
        assert not set(one.tolist()) & set(other.tolist())
    assert len(chunks) == len(parts)


@given(SIZES, AT_LEAST)
def test_a_chunk_ends_with_the_first_group_that_fills_it(sizes: list[int], at_least: int) -> None:
    """At least so many rows, and no group more than it takes; the last takes what is left."""
    chunks = Chunks.of_sizes(np.array(sizes, dtype=np.int64), at_least)
    of_group = np.repeat(np.arange(len(sizes)), sizes)
    parts = [of_group[rows] for rows in chunks]
    for part in parts[:-1]:
        assert len(part) >= at_least
    for part in parts:
        assert (part != part[-1]).sum() < at_least


@given(GROUPS, AT_LEAST)
def test_rows_in_any_order_are_cut_by_their_groups(groups: list[int], at_least: int) -> None:
    group = np.array(groups, dtype=np.int32)
    chunks = Chunks.of(group, at_least)
    sizes = np.unique(group, return_counts=True)[1].astype(np.int64)
    assert chunks.bounds.tolist() == Chunks.of_sizes(sizes, at_least).bounds.tolist()
    parts = [group[rows] for rows in chunks]
    assert sorted(groups) == list(itertools.chain.from_iterable(part.tolist() for part in parts))


@given(GROUPS, AT_LEAST)
def test_what_chunks_give_stands_again_as_the_rows_came(groups: list[int], at_least: int) -> None:
    group, values = np.array(groups, dtype=np.int64), np.arange(len(groups), dtype=np.int16)
    chunks = Chunks.of(group, at_least)
    gathered = chunks.gathered([values[:0], *(values[rows] for rows in chunks)])
    assert gathered.dtype == np.int16
    assert gathered.tolist() == values.tolist()


@given(GROUPS, AT_LEAST, AT_LEAST)
def test_sums_do_not_hang_on_the_cut(groups: list[int], one: int, other: int) -> None:
    group = np.array(groups, dtype=np.int64)

    def counted(at_least: int) -> dict[str, list[int]]:
        parts = ({"rows": np.bincount(group[rows] + 5, minlength=18)} for rows in Chunks.of(group, at_least))
        return {name: column.tolist() for name, column in totals(parts).items()}

    assert counted(one) == counted(other)
    assert not groups or sum(counted(one)["rows"]) == len(groups)


def test_worked_by_hand() -> None:
    """Subdistricts of 3, 5, 2 and 4 rows: chunks of at least 4 are the first two, then the others."""
    assert Chunks.of_sizes(np.array([3, 5, 2, 4]), 4).bounds.tolist() == [0, 8, 14]
    assert Chunks.of_sizes(np.array([3, 5, 2, 4]), 1).bounds.tolist() == [0, 3, 8, 10, 14]
    assert Chunks.of_sizes(np.array([3, 5, 2, 4]), 99).bounds.tolist() == [0, 14]
    mixed = Chunks.of(np.array([2, 1, 2, 1, 1]), 1)
    assert [rows.tolist() for rows in mixed if not isinstance(rows, slice)] == [[1, 3, 4], [0, 2]]


def test_rows_that_stand_in_order_are_not_moved() -> None:
    assert Chunks.of(np.array([1, 1, 4, 4, 9]), 2).order is None


def test_the_first_part_of_a_sum_is_left_as_it_was() -> None:
    first = {"rows": np.array([1, 2])}
    assert totals([first, {"rows": np.array([10, 20])}])["rows"].tolist() == [11, 22]
    assert first["rows"].tolist() == [1, 2]
    assert totals([]) == {}


def test_what_makes_no_cut_and_no_sum_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        Chunks.of(np.array([1]), 0)
    with pytest.raises(ValueError, match="fewer rows"):
        Chunks.of_sizes(np.array([1, -1]), 1)
    with pytest.raises(ValueError, match="2 values for 3 rows"):
        Chunks.of(np.array([1, 1, 2]), 1).gathered([np.array([7, 8])])
    with pytest.raises(ValueError, match="same counts"):
        totals([{"a": np.array([1])}, {"b": np.array([1])}])
    with pytest.raises(ValueError, match="same shapes"):
        totals([{"a": np.array([1])}, {"a": np.array([1, 2])}])


def test_a_digest_covers_names_kinds_and_values() -> None:
    columns = {"a": np.array([1, 2], dtype=np.int64), "b": np.array([True, False])}
    told = digest(columns)
    assert told == digest(dict(reversed(columns.items())))
    assert told == digest({**columns, "a": columns["a"].astype(">i8")})
    assert told == digest({**columns, "a": np.array([1, 0, 2, 0])[::2]})
    others = [
        {**columns, "a": np.array([2, 1])}, {**columns, "a": columns["a"].astype(np.int32)},
        {**columns, "a": columns["a"].reshape(1, 2)}, {"a": columns["a"], "c": columns["b"]}, {"a": columns["a"]},
    ]  # fmt: skip
    assert len({told, *map(digest, others)}) == len(others) + 1


def test_a_digest_is_what_anybody_can_work_out() -> None:
    told = b"a\0<i8\0(2,)\0" + (1).to_bytes(8, "little") + (-2).to_bytes(8, "little", signed=True)
    assert digest({"a": np.array([1, -2], dtype=np.int64)}) == hashlib.sha256(told).hexdigest()
