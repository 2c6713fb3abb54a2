"""Subdistricts side by side: nobody is lost, nobody is moved, and how many go through together changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.law.clauses import Document
from shequ_core.model.contributions import Scheme
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.contributions import RATES, BaseOf, LocalRates, SchemeRate
from shequ_core.policy.parameters import LocalValue, Parameter
from shequ_core.policy.pay import NO_REDUCTION, Compared, PersonKept
from shequ_core.policy.performance import AWARD, YearlyAward
from shequ_core.simulation import abreast
from shequ_core.simulation.abreast import Abreast, Block, Waiting
from shequ_core.simulation.simulate import simulate
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Status, yuan

COUNTY = "220421"
YEARS = range(2024, 2026)
ROWS = st.lists(st.lists(st.booleans(), min_size=1, max_size=90), min_size=1, max_size=40)
"""Whether each row counts, subdistrict by subdistrict."""


def laid(rows: Sequence[Sequence[bool]]) -> Abreast:
    """Lay subdistricts out."""
    sizes = np.array([len(one) for one in rows], dtype=np.int64)
    return Abreast.of(np.cumsum(sizes) - sizes, np.array([one for some in rows for one in some]))


@given(ROWS)
def test_every_row_has_a_cell_in_the_line_of_its_subdistrict(rows: list[list[bool]]) -> None:
    """In the order of rows, for ties go by it; no line is shared. Who doesn't count is in none."""
    found = laid(rows)
    begins = {group: (sheet.begin + at * sheet.width, sheet.width)
              for sheet in found.sheets for at, group in enumerate(sheet.groups.tolist())}  # fmt: skip
    assert sorted(begins) == [group for group, some in enumerate(rows) if any(some)]
    first = 0
    for group, some in enumerate(rows):
        cells = found.cell[first : first + len(some)]
        mine = np.array(some)
        begin, width = begins.get(group, (0, 0))
        assert cells[mine].tolist() == list(range(begin, begin + sum(some)))
        assert found.column[first : first + len(some)][mine].tolist() == list(range(sum(some)))
        assert sum(some) <= width or not any(some)
        assert (cells[~mine] == found.size - 1).all()
        first += len(some)
    taken = [cell for begin, width in begins.values() for cell in range(begin, begin + width)]
    assert sorted(taken) == list(range(found.size - 1))


@given(st.lists(st.integers(1, 90), min_size=1, max_size=40), st.integers(1, 300), st.integers(1, 3_000), st.data())
def test_what_waits_goes_through_once(sizes: list[int], together: int, kept: int, data: st.DataObject) -> None:
    """Each line of a month that is to go through does so, with what stood in its cells then."""
    found, months = laid([[True] * size for size in sizes]), 5
    touched = [
        np.array(data.draw(st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes)))) for _ in range(months)
    ]
    cells, seen = np.zeros(found.size, dtype=np.int64), dict[tuple[int, int], list[int]]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(abreast, "_TOGETHER", together)
        patch.setattr(abreast, "_KEPT", kept)
        waiting = Waiting.of(found, {"some": cells}, months)
        blocks: list[Block] = []
        for month in range(months):
            cells[found.cell] = np.arange(sum(sizes)) + 1_000 * month
            blocks += waiting.put(month, touched[month], {"some": cells})
        blocks += waiting.rest()
    for block in blocks:
        for month, group, line in zip(block.month.tolist(), block.group.tolist(), block.columns["some"], strict=True):
            assert (month, group) not in seen
            seen[month, group] = line[: sizes[group]].tolist()
            assert not line[sizes[group] :].any()
    first = np.cumsum(sizes) - sizes
    assert seen == {
        (month, group): list(range(1_000 * month + first[group], 1_000 * month + first[group] + sizes[group]))
        for month in range(months) for group in np.flatnonzero(touched[month]).tolist()
    }  # fmt: skip


def sets(key: Parameter[Any], value: object) -> LocalValue[Any]:
    """Make a value that somebody tries."""
    day = date(2021, 1, 1)
    return key.set(value, since=day, known_on=day, source=Document("试行").article("1"), status=Status.ASSUMPTION)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([], id="contributions alone"),
        pytest.param(
            [sets(NO_REDUCTION, PersonKept(Compared.STANDARD)), sets(AWARD, YearlyAward({AssessmentGrade.QUALIFIED: yuan(900)}, 3))],
            id="kept, and an award",
        ),
    ],
)  # fmt: skip
def test_how_many_go_through_together_changes_nothing(
    county: Dataset, reformed: Callable[..., PolicyBook], monkeypatch: pytest.MonkeyPatch, values: list[LocalValue[Any]]
) -> None:
    """A line at a time, a month at a time, or all there are."""
    rate = SchemeRate(Fraction(8, 100), Fraction(16, 100), yuan(4_000), yuan(20_000))
    insured = sets(RATES, LocalRates(rates={Scheme.PENSION: rate}, base=BaseOf.MONTH))
    book = reformed([insured, *values])

    def digest() -> str:
        return simulate(county, book, COUNTY, YEARS, [7, 8]).digest()

    whole = digest()
    for name in ("_KEPT", "_TOGETHER", "_FEW"):
        monkeypatch.setattr(abreast, name, 1)
        assert digest() == whole
