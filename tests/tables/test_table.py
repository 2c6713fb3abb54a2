"""Tables: parts that share memory, and how the rows of a payroll stand."""

from __future__ import annotations

import pickle
from random import Random

import attrs
import numpy as np
import pytest

from shequ_core.errors import ColumnLengthError
from shequ_core.model.pay import PayRow
from shequ_core.tables import payroll as payroll_tables
from shequ_core.tables.columns import FenColumn, ints
from shequ_core.tables.payroll import PayRows
from shequ_core.tables.table import Origin
from shequ_core.values import Fen


def some_rows(count: int) -> list[PayRow]:
    """People of several subdistricts in their order, some in two parts of the month."""
    chance = Random(count)
    rows = []
    for number in range(count):
        one = PayRow(
            worker=f"W{number:03d}", subdistrict=f"22010400{1 + number * 4 // count}", post_class="staff",
            grade=chance.randint(1, 9), former=chance.choice([None, Fen(chance.randint(1, 9))]),
        )
        if chance.random() < 0.2:
            rows += [attrs.evolve(one, before=0, after=7, parts=31), attrs.evolve(one, before=7, after=31, parts=31)]
        else:
            rows.append(one)
    return rows


def test_a_part_has_the_rows_of_the_whole_and_where_they_were_read() -> None:
    """Also the part of a part, and after a column was replaced."""
    rows = some_rows(20)
    whole = PayRows(PayRows.of(rows).columns(), Origin("a.csv", None, np.arange(2, 2 + len(rows))))
    part = whole.part(3, 15)
    assert len(part) == 12
    assert list(part) == rows[3:15]
    assert part.origin is not None
    assert part.origin.rows.tolist() == list(range(5, 17))
    assert list(part.part(2, 5)) == rows[5:8]
    raised = part.with_columns(grade=part.grade + 1)
    assert raised.grade.to_list() == [row.grade + 1 for row in rows[3:15]]
    assert raised.worker.to_list() == [row.worker for row in rows[3:15]]
    with pytest.raises(ColumnLengthError):
        part.with_columns(grade=whole.grade)


def test_a_part_travels_without_the_rest_of_its_table() -> None:
    """Pickled for another process it is as large as its own rows; the vocabulary of texts goes along."""
    whole = PayRows.of(some_rows(100) * 50)
    part = whole.part(10, 20)
    sent = pickle.dumps(part)
    assert pickle.loads(sent).same_as(part)
    assert len(sent) < len(pickle.dumps(whole)) / 10


def test_what_is_looked_up_is_there_once_it_is_read() -> None:
    """Before and after the first reading it is what `take` gives, pickled too; an odd attribute is still an error."""
    amounts, places = FenColumn.of([Fen(3), Fen(5), Fen(7)]), np.array([2, 0, 0, 1])
    assert pickle.loads(pickle.dumps(amounts.look_up(places))).same_as(amounts.take(places))
    found = amounts.look_up(places)
    assert len(found) == len(places)
    assert found.to_list() == found.to_list() == [7, 3, 3, 5]
    gaps = ints([1, None, 3]).look_up(places)
    assert gaps.to_list() == [3, 1, 1, None]
    with pytest.raises(AttributeError, match="valves"):
        _ = found.valves  # type: ignore[attr-defined]


@pytest.mark.parametrize("looked_at", [1, 2, 7, 1_000])
def test_rows_are_brought_into_their_order_however_many_are_looked_at(
    looked_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By subdistrict, person and part; a single row out of its place is noticed wherever it is."""
    monkeypatch.setattr(payroll_tables, "_LOOKED_AT", looked_at)
    rows = some_rows(30)
    starts = [at for at, row in enumerate(rows) if not at or row.subdistrict != rows[at - 1].subdistrict]
    table = PayRows.of(rows)
    ordered, standing = table.in_order()
    assert ordered is table
    assert (standing.starts.tolist(), list(standing.names)) == (starts, sorted({row.subdistrict for row in rows}))
    for at in range(len(rows) - 1):
        swapped = [*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]]
        ordered, standing = PayRows.of(swapped).in_order()
        assert list(ordered) == rows
        assert standing.starts.tolist() == starts
    empty, standing = PayRows.of([]).in_order()
    assert len(empty) == len(standing.starts) == 0
