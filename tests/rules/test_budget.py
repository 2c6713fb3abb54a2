"""What is added, and who pays it: parts that sum to the whole, to the fen (JLW3.2)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.model.budget import PROVINCE, SAME_LEVEL, CostLine
from shequ_core.policy.budget import PAYER, PROVINCE_SHARE
from shequ_core.policy.emergency import EMERGENCY, DailyDuty
from shequ_core.policy.policy import Policy
from shequ_core.rules.budget import added_cost, payers, province_part
from shequ_core.tables.columns import BoolColumn, EnumColumn, FenColumn, TextColumn
from shequ_core.tables.groups import Groups
from shequ_core.values import Fen, round_half_up, yuan

Where = Callable[..., Policy]
Line = tuple[str, CostLine, int]


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.none() | st.integers(0, 10**9), st.booleans()), min_size=1, max_size=40
    )
)
def test_every_cost_is_old_added_or_neither(rows: list[tuple[int, int | None, bool]]) -> None:
    """cost = former + added + unexamined, row by row; only one who is neither known nor new is left unexamined."""
    told = added_cost(
        FenColumn.of([Fen(cost) for cost, _, _ in rows]),
        FenColumn.of([None if former is None else Fen(former) for _, former, _ in rows]),
        BoolColumn.of([new for _, _, new in rows]),
    )
    for row, (cost, former, new) in enumerate(rows):
        found = (told.former.row(row), told.added.row(row), told.unexamined.row(row))
        if former is not None:
            assert found == (former, cost - former, 0)
        else:
            assert found == ((0, cost, 0) if new else (0, 0, cost))


lines = st.lists(
    st.tuples(st.sampled_from(["220104", "220105"]), st.sampled_from(CostLine), st.integers(-(10**8), 10**8)),
    min_size=1, max_size=40,
)


@settings(max_examples=200)
@given(lines, st.fractions(0, 1, max_denominator=1000), st.randoms(use_true_random=False))
def test_the_province_pays_its_share_of_what_a_county_adds(
    where: Where, rows: list[Line], share: Fraction, chance: Random
) -> None:
    """Rounded once for the county, never more than a line adds, nothing of emergencies, in any order of lines."""
    policy = where((PROVINCE_SHARE, share))
    order = list(range(len(rows)))
    chance.shuffle(order)

    def parts(places: list[int]) -> dict[int, int]:
        some = [rows[at] for at in places]
        found = province_part(
            FenColumn.of([Fen(added) for _, _, added in some]),
            EnumColumn.of(CostLine, [line for _, line, _ in some]),
            Groups.of(TextColumn.of([county for county, _, _ in some])),
            np.array(places, dtype=np.int64),
            policy,
        )
        return dict(zip(places, found.values.tolist(), strict=True))

    found = parts(list(range(len(rows))))
    assert parts(order) == found
    for county in {one for one, _, _ in rows}:
        mine = [at for at, row in enumerate(rows) if row[0] == county]
        net = max(sum(rows[at][2] for at in mine if rows[at][1] is not CostLine.EMERGENCY), 0)
        assert sum(found[at] for at in mine) == round_half_up(net * share.numerator, share.denominator)
    for at, (_, line, added) in enumerate(rows):
        assert 0 <= found[at] <= max(added, 0)
        assert not (line is CostLine.EMERGENCY and found[at])


@pytest.mark.parametrize(
    ("payer", "scheme", "said"),
    [
        pytest.param(None, None, (SAME_LEVEL, SAME_LEVEL), id="nobody named"),
        pytest.param("区财政", None, ("区财政", "区财政"), id="the place's payer"),
        pytest.param("区财政", "市财政", ("区财政", "市财政"), id="the scheme's payer"),
        pytest.param("同级财政", "省级财政", (SAME_LEVEL, PROVINCE), id="words that have a code"),
    ],
)
def test_who_pays(where: Where, payer: str | None, scheme: str | None, said: tuple[str, str]) -> None:
    """Emergency allowances by their own scheme, all else by the place's payer or the budget of the same level."""
    pairs = [(PAYER, payer)] if payer else []
    policy = where(*pairs, *([(EMERGENCY, DailyDuty(yuan(50), scheme))] if scheme else []))
    told = payers(EnumColumn.of(CostLine, list(CostLine)), policy).to_list()
    assert dict(zip(CostLine, told, strict=True)) == {
        CostLine.PAY: said[0], CostLine.UNDISTRIBUTED: said[0], CostLine.EMPLOYER: said[0], CostLine.EMERGENCY: said[1],
    }
