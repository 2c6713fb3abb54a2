"""Columns against plain Python: None for unknown, Fraction for rounding, dateutil for ages."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shequ_core.explanation import Recorder
from shequ_core.model.posts import Sex
from shequ_core.tables.columns import (
    USUAL_DAYS,
    BoolColumn,
    DateColumn,
    EnumColumn,
    FenColumn,
    IntColumn,
    TextColumn,
    assert_same,
    clamp,
    coalesce,
    concat,
    ints,
    maximum,
    minimum,
    scale_array,
    where,
)
from shequ_core.trace import observed
from shequ_core.values import Fen

TRUTHS = st.sampled_from([True, False, None])
NUMBERS = st.one_of(st.none(), st.integers(-1000, 1000))
TEXTS = st.one_of(st.none(), st.sampled_from(["", "a", "b", "社区", "ab"]))
FEW = settings(max_examples=60)

# Two columns of one length: rows are drawn as pairs.


@FEW
@given(st.lists(st.tuples(TRUTHS, TRUTHS)))
def test_logic_is_kleenes(rows: list[tuple[bool | None, bool | None]]) -> None:
    """What an unknown can't change stays known."""

    def both(one: bool | None, two: bool | None) -> bool | None:
        if one is False or two is False:
            return False
        return None if one is None or two is None else True

    def either(one: bool | None, two: bool | None) -> bool | None:
        if one is True or two is True:
            return True
        return None if one is None or two is None else False

    left, right = BoolColumn.of(one for one, _ in rows), BoolColumn.of(two for _, two in rows)
    assert (left & right).to_list() == [both(one, two) for one, two in rows]
    assert (left | right).to_list() == [either(one, two) for one, two in rows]
    assert (~left).to_list() == [None if one is None else not one for one, _ in rows]
    assert (left & right).true().tolist() == [both(one, two) is True for one, two in rows]
    assert (left | right).false().tolist() == [either(one, two) is False for one, two in rows]


@FEW
@given(st.lists(st.tuples(NUMBERS, NUMBERS)))
def test_operators_carry_unknowns(rows: list[tuple[int | None, int | None]]) -> None:
    def oracle(work: Callable[[int, int], object]) -> list[object]:
        return [None if one is None or two is None else work(one, two) for one, two in rows]

    left, right = IntColumn.of(one for one, _ in rows), IntColumn.of(two for _, two in rows)
    assert (left + right).to_list() == oracle(lambda one, two: one + two)
    assert (left - right).to_list() == oracle(lambda one, two: one - two)
    assert (left * right).to_list() == oracle(lambda one, two: one * two)
    assert (left < right).to_list() == oracle(lambda one, two: one < two)
    assert (left >= right).to_list() == oracle(lambda one, two: one >= two)
    assert (left == right).to_list() == oracle(lambda one, two: one == two)
    assert (left != right).to_list() == oracle(lambda one, two: one != two)
    assert maximum(left, right).to_list() == oracle(max)
    assert minimum(left, right).to_list() == oracle(min)
    assert (left // 7).to_list() == [None if one is None else one // 7 for one, _ in rows]
    assert maximum(left, 0).to_list() == [None if one is None else max(one, 0) for one, _ in rows]
    assert left.filled(5).to_list() == [5 if one is None else one for one, _ in rows]


@FEW
@given(st.lists(st.tuples(TRUTHS, NUMBERS, NUMBERS)))
def test_where_takes_only_the_branch_that_holds(rows: list[tuple[bool | None, int | None, int | None]]) -> None:
    condition = BoolColumn.of(one for one, _, _ in rows)
    yes, no = IntColumn.of(two for _, two, _ in rows), IntColumn.of(three for _, _, three in rows)
    assert where(condition, yes, no).to_list() == [
        None if one is None else (two if one else three) for one, two, three in rows
    ]
    assert coalesce(yes, no).to_list() == [three if two is None else two for _, two, three in rows]


def test_amounts_are_clamped_alike_whether_or_not_somebody_watches() -> None:
    """Below the floor, at both ends, above the ceiling, and unknown."""
    amounts = FenColumn.of([None if one is None else Fen(one) for one in (-1, 2, 3, 5, 7, 8, None)])
    alone = clamp(amounts, Fen(3), Fen(7))
    with observed(Recorder("W1")):
        watched = clamp(amounts, Fen(3), Fen(7))
    assert alone.to_list() == watched.to_list() == [3, 3, 3, 5, 7, 7, None]


@FEW
@given(st.lists(st.tuples(TRUTHS, TEXTS, TEXTS)))
def test_where_joins_vocabularies(rows: list[tuple[bool | None, str | None, str | None]]) -> None:
    condition = BoolColumn.of(one for one, _, _ in rows)
    yes, no = TextColumn.of(two for _, two, _ in rows), TextColumn.of(three for _, _, three in rows)
    assert where(condition, yes, no).to_list() == [
        None if one is None else (two if one else three) for one, two, three in rows
    ]


@FEW
@given(
    st.lists(st.integers(-(2**62) - 2**61, 2**62 + 2**61), min_size=1, max_size=5),
    st.integers(0, 1000),
    st.integers(1, 1000),
    st.sampled_from([1, 10, 100]),
)
def test_scaling_is_exact_and_rounds_half_up(values: list[int], part: int, whole: int, quantum: int) -> None:
    """Beyond 2**62 too, where int64 products would overflow."""
    assume(part <= whole)
    ratio = Fraction(part, whole)
    expected = [math.floor(value * ratio / quantum + Fraction(1, 2)) * quantum for value in values]
    assert FenColumn.of(Fen(value) for value in values).scaled(ratio, quantum).to_list() == expected
    assert scale_array(np.array(values, dtype=np.int64), part, whole, quantum).tolist() == expected


@pytest.mark.parametrize("bits", [31, 62, 63])
@pytest.mark.parametrize(("part", "whole", "quantum"), [(1, 1, 1), (21, 200, 1), (7, 10, 100), (2**33, 3, 1), (0, 1, 1)])
def test_scaling_is_exact_at_the_edge_of_each_width(bits: int, part: int, whole: int, quantum: int) -> None:
    """Amounts whose products just fit, and just don't, into 32 and 64 bits; and none at all."""
    edge = 2**bits // max(2 * part, 2) - 1
    for most in (0, *range(max(edge - 3 * whole * quantum, 0), edge + 3, max(whole * quantum // 2, 1))):
        values = [most, -most, most // 2]
        expected = [math.floor(Fraction(value * part, whole * quantum) + Fraction(1, 2)) * quantum for value in values]
        assert scale_array(np.array(values, dtype=np.int64), part, whole, quantum).tolist() == expected


@pytest.mark.parametrize(
    ("fen", "expected"),
    [
        pytest.param(150, 200, id="half goes up"),
        pytest.param(149, 100, id="below half goes down"),
        pytest.param(-150, -100, id="up is up for a debt too"),
    ],
)
def test_whole_yuan(fen: int, expected: int) -> None:
    assert FenColumn.of([Fen(fen)]).scaled(Fraction(1), 100).to_list() == [expected]


@FEW
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_full_years_are_dateutils(born: date, on: date) -> None:
    """Except that dateutil gives who was born on 29 February the year a day early."""
    assume(born <= on)
    start = born
    if (born.month, born.day) == (2, 29) and not (on.year % 4 == 0 and on.year != 1900 and on.year != 2100):
        start = date(born.year, 3, 1)
    assert DateColumn.of([born]).completed_years(on).to_list() == [relativedelta(on, start).years]


@pytest.mark.parametrize(
    ("on", "years"),
    [
        pytest.param(date(2001, 2, 28), 0, id="the day before"),
        pytest.param(date(2001, 3, 1), 1, id="common year"),
        pytest.param(date(2004, 2, 28), 3, id="leap year, the day before"),
        pytest.param(date(2004, 2, 29), 4, id="leap year"),
    ],
)
def test_born_on_29_february(on: date, years: int) -> None:
    assert DateColumn.of([date(2000, 2, 29)]).completed_years(on).to_list() == [years]
    assert DateColumn.of([date(2000, 2, 29), None]).completed_years(DateColumn.of([on, on])).to_list() == [years, None]


@FEW
@given(st.lists(NUMBERS), st.data())
def test_take_with_minus_one_gives_unknowns(values: list[int | None], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(-1, len(values) - 1)))
    taken = IntColumn.of(values).take(np.array(rows, dtype=np.int64))
    assert taken.to_list() == [None if row < 0 else values[row] for row in rows]


def test_take_from_nothing() -> None:
    rows = np.array([-1, -1], dtype=np.int64)
    assert TextColumn.of([]).take(rows).to_list() == [None, None]
    assert EnumColumn.of(Sex, []).take(rows).to_list() == [None, None]


@FEW
@given(st.lists(TEXTS), st.lists(TEXTS))
def test_places_in_another_vocabulary(left: list[str | None], right: list[str | None]) -> None:
    one, two = TextColumn.of(left), TextColumn.of(right)
    found = one.codes_in(two).tolist()
    assert [None if place < 0 else two.vocabulary[place] for place in found] == [
        text if text is not None and text in right else None for text in left
    ]
    assert one.is_in(["a"]).to_list() == [None if text is None else text == "a" for text in left]
    assert one.start(1).to_list() == [None if text is None else text[:1] for text in left]


@FEW
@given(st.lists(TEXTS.filter(lambda text: text is not None), unique=True), st.randoms())
def test_rank_does_not_hang_on_the_order_of_rows(texts: list[str], random: object) -> None:
    ranks = TextColumn.of(texts).rank().tolist()
    assert [text for _, text in sorted(zip(ranks, texts, strict=True))] == sorted(texts)
    again = list(reversed(texts))
    assert TextColumn.of(again).rank().tolist() == list(reversed(ranks))


@FEW
@given(st.lists(TEXTS), st.lists(TEXTS))
def test_concat_puts_columns_under_each_other(left: list[str | None], right: list[str | None]) -> None:
    assert concat([TextColumn.of(left), TextColumn.of(right)]).to_list() == left + right


@pytest.mark.parametrize("values", [[1, 2.5], [None, float("nan")]])
def test_no_fraction_is_cut_off(values: list[int | None]) -> None:
    """Numpy would make 2 of 2.5; what is whole is taken, whatever its type."""
    with pytest.raises(ValueError, match="not whole"):
        IntColumn.of(values)
    assert IntColumn.of([2.0, None, np.int32(3), True]).to_list() == [2, None, 3, 1]  # type: ignore[list-item]


def test_a_column_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(ints(1) == ints(1))


def test_pickles_as_it_is() -> None:
    for column in (ints(1, None), TextColumn.of(["a", None]), EnumColumn.of(Sex, [Sex.MALE, None])):
        assert_same(pickle.loads(pickle.dumps(column)), column)


def test_days_that_are_looked_up_are_as_reckoned() -> None:
    """Of many days that are all within the usual years, and of the same with a day beyond them."""
    usual = np.arange(USUAL_DAYS.start, USUAL_DAYS.stop, 5)
    for days in (usual, np.append(usual, USUAL_DAYS.stop)):
        column = DateColumn(days)
        told = [date.fromordinal(day + date(1970, 1, 1).toordinal()) for day in days.tolist()]
        assert column.year().values.tolist() == [day.year for day in told]
        assert column.month_index().values.tolist() == [day.year * 12 + day.month - 1 for day in told]
        assert column.day_of_month().values.tolist() == [day.day for day in told]
