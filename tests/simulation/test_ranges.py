"""What a behaviour's parameters may be, and that nothing runs with one that it can't have."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.errors import InputError
from shequ_core.policy.book import PolicyBook
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.behaviours.hiring import Hiring
from shequ_core.simulation.behaviours.leaving import LeavingByChoice
from shequ_core.simulation.behaviours.reference import ReferenceGrowth
from shequ_core.simulation.scenario import Scenario, check_scenario
from shequ_core.simulation.sheet import read_scenario
from shequ_core.simulation.simulate import more_behaviours, simulate, usual_behaviours
from shequ_core.simulation.starts import MadeUp
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Span

COUNTY = "220421"
ODD = """place = "220421"
years = [2024, 2025]
assume = true
start = { synthesize = 2024 }
[[behaviour]]
kind = "hiring"
filled = "17/10"
applicants = -1
ages = [["0", 20], ["1/2", 130], ["1", 140]]
[[behaviour]]
kind = "leaving_by_choice"
shares = [[0, "1/10"], [3, "-1/10"]]
[[behaviour]]
kind = "reference_growth"
share = "-3/2"
[[behaviour]]
kind = "assessments"
decided_in = 13
bands = [[9000, 10100], [7500, 8999], [6000, 7499], [4000, 5999]]
usual = [0, 0, 0, 0]
"""


@pytest.mark.parametrize("one", [*usual_behaviours(), *more_behaviours()], ids=lambda one: one.kind)
def test_every_parameter_has_a_range_and_the_usual_value_lies_in_it(one: Behaviour) -> None:
    assert all(ranges.RANGE in field.metadata for field in attrs.fields(type(one)))
    assert list(one.problems()) == []


def test_all_odd_values_of_a_scenario_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    """Each with the parameter, what was found and what it may be."""
    path = tmp_path / "scenario.toml"
    path.write_text(ODD, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_scenario(path)
    assert [(one.row, str(one.message)) for one in refused.value.faults] == [
        (7, "hiring.filled: it is 17/10, and may lie from 0 to 1"),
        (8, "hiring.applicants: it is -1, and may lie from 0 to 1000"),
        (9, "hiring.ages: 1/2: it is 130, and may lie from 0 to 120"),
        (12, "leaving_by_choice.shares: 3: it is -1/10, and may lie from 0 to 1"),
        (15, "reference_growth.share: it is -3/2, and may lie from -1 to 1"),
        (18, "assessments.decided_in: it is 13, and may lie from 1 to 12"),
        (19, "assessments.bands: [9000, 10100]: it is 10100, and may lie from 0 to 10000"),
        (20, "assessments.usual: weights are whole numbers from 0, not all of them 0, which come to 4294967295 at most"),
    ]


def test_python_is_refused_as_a_file_is(book: PolicyBook, county: Dataset) -> None:
    """By `simulate` and by a scenario, all of it at once."""
    odd = [Hiring(filled=Fraction(17, 10), women=0.5), LeavingByChoice(shares=((1, Fraction(1, 10)),))]
    with pytest.raises(InputError) as refused:
        simulate(county, book, COUNTY, range(2024, 2025), [1], behaviours=odd)
    assert [(one.file, one.column) for one in refused.value.faults] == [
        ("hiring", "filled"), ("hiring", "women"), ("leaving_by_choice", "shares"),
    ]
    scenario = Scenario(place=COUNTY, years=range(2024, 2025), seeds=[1], start=MadeUp(2024), assume=True, behaviours=odd)
    with pytest.raises(InputError, match=r"hiring\.filled: it is 17/10") as again:
        check_scenario(scenario)
    assert len(again.value.faults) == 3


@given(st.fractions(-3, 3))
def test_a_share_lies_from_0_to_1(value: Fraction) -> None:
    assert (ranges.share(value) is None) == (0 <= value <= 1)
    assert (not list(ReferenceGrowth(share=value).problems())) == (-1 <= value <= 1)


@given(st.lists(st.tuples(st.fractions(0, 1), st.integers(-5, 15)), min_size=1, max_size=5))
def test_a_table_that_is_accepted_can_be_drawn_from(points: list[tuple[Fraction, int]]) -> None:
    """Oracle: what a spread is, said the long way round."""
    shares, values = [one for one, _ in points], [one for _, one in points]
    fine = (
        len(points) > 1 and shares[0] == 0 and shares[-1] == 1 and sorted(set(shares)) == shares
        and sorted(values) == values and all(0 <= one <= 10 for one in values)
    )
    assert (ranges.table(0, 10)(points) is None) == fine


@pytest.mark.parametrize(
    ("check", "value"),
    [
        pytest.param(ranges.day, "2024-01-01", id="a day in text"),
        pytest.param(ranges.month, True, id="a truth value"),
        pytest.param(ranges.share, 0.5, id="a share that isn't exact"),
        pytest.param(ranges.weights(2), [1], id="a weight too few"),
        pytest.param(ranges.weights(2), [1, -1], id="a weight below 0"),
        pytest.param(ranges.named_weights(("a",)), {"b": 1}, id="another name"),
        pytest.param(ranges.named_shares(("a",)), {}, id="a share is missing"),
        pytest.param(ranges.named_shares(("a",)), {"a": Fraction(2)}, id="a named share above 1"),
        pytest.param(ranges.bands, (), id="no bands"),
        pytest.param(ranges.bands, ((0, Fraction(1)), (0, Fraction(1))), id="bands that don't rise"),
        pytest.param(ranges.spans(1, 0, 10), (Span(5, 4),), id="a span that ends first"),
        pytest.param(ranges.spans(2, 0, 10), (Span(4, 5),), id="a span too few"),
        pytest.param(ranges.table(0, 1), 3, id="no table"),
    ],
)
def test_what_no_parameter_can_be(check: ranges.Check, value: object) -> None:
    assert check(value) is not None
    assert ranges.day(date(2024, 1, 1)) is None
