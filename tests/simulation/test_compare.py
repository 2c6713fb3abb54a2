"""A reform against a baseline: the same luck, seed by seed; what is told of it holds against the bare rows."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from fractions import Fraction
from pathlib import Path

import attrs
import pytest

from shequ_core import Comparison, MadeUp, Reform, Scenario, compare, simulate
from shequ_core.errors import InputError, OutputError, ScenarioError
from shequ_core.law.clauses import Document
from shequ_core.model.posts import Sex
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.exits import FAILED_RUNNING
from shequ_core.policy.pay import LOCAL_COEFFICIENT
from shequ_core.simulation.behaviours.certificates import CertificatesWon
from shequ_core.simulation.behaviours.leaving import LeavingByChoice
from shequ_core.simulation.compare import Variant, read_comparison
from shequ_core.simulation.estimates import GROUPINGS, MEASURES, Differences, Estimates, Per, Unit
from shequ_core.simulation.outcome import By, CountyYears
from shequ_core.simulation.simulate import usual_behaviours
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Status

BASE = Scenario(place="220421", years=range(2024, 2027), seeds=range(1, 5), start=MadeUp(2024), assume=True)


def failing(most: int, name: str = "one failure", place: str = "22") -> Reform:
    """Who fails so many times running has to leave."""
    begin = date(2024, 1, 1)
    value = FAILED_RUNNING.set(
        most, since=begin, known_on=begin, source=Document("an idea").article(""), status=Status.ASSUMPTION
    )
    return Reform(name=name, place=place, values=[value])


def higher() -> Reform:
    """The county's coefficient is another."""
    begin = date(2024, 1, 1)
    value = LOCAL_COEFFICIENT.set(
        Fraction(9, 10), since=begin, known_on=begin, source=Document("an idea").article(""), status=Status.ASSUMPTION
    )
    return Reform(name="higher", place="220421", values=[value], scope="replace_below")


@pytest.fixture(scope="module")
def both() -> Comparison:
    """A reform that moves people, and one that moves pay only."""
    return compare(BASE, {"one failure": failing(1), "higher": higher()})


def test_differences_are_those_of_the_bare_rows(both: Comparison) -> None:
    """Added up by hand, row by row, seed by seed."""
    def by_seed(variant: Variant) -> Counter[tuple[int, int]]:
        told: Counter[tuple[int, int]] = Counter()
        for row in variant.tables["counties"]:
            told[row.year, row.seed] += row.total
        return told

    before, after = by_seed(both.baseline), by_seed(both.reforms[0])
    for row in both.differences(measures=("total",), by=()):
        if row.variant == "one failure":
            assert row.year is not None
            apart = [after[row.year, seed] - before[row.year, seed] for seed in BASE.seeds]
            assert (row.sum, row.changed) == (sum(apart), sum(one != 0 for one in apart))
            assert row.q95 == max(apart)
            assert row.unit is Unit.FEN
    for pair in both.pairs(measures=("total",), by=()):
        if pair.variant == "one failure":
            assert pair.year is not None
            at = pair.year, pair.seed
            assert (pair.baseline, pair.value, pair.difference) == (before[at], after[at], after[at] - before[at])


def test_groupings_add_up_to_their_measure(both: Comparison) -> None:
    """Whoever pays, for whatever it is, whoever leaves, and holders by anything: each sums to the whole."""
    rows = both.estimates()
    whole = {(row.variant, row.year, row.measure): row.sum for row in rows if row.by is None}
    parts: Counter[tuple[str, int | None, str, str]] = Counter()
    for row in rows:
        if row.by is not None:
            parts[row.variant, row.year, row.measure, row.by] += row.sum
    assert {by for _, _, _, by in parts} == set(GROUPINGS)
    for (variant, year, measure, by), total in parts.items():
        if by == By.AGE_OF_WOMEN:
            assert total + parts[variant, year, measure, By.AGE_OF_MEN.value] == whole[variant, year, measure]
        elif by not in (By.GRADE, By.POST_CLASS, By.AGE_OF_MEN):
            assert total == whole[variant, year, measure], by
    ages = {(row.variant, row.year, row.by, row.kind): row.sum for row in rows if row.measure == "held"}
    for (variant, year, group, kind), people in ages.items():
        if group == By.AGE:
            assert people == sum(ages.get((variant, year, one, kind), 0) for one in (By.AGE_OF_WOMEN, By.AGE_OF_MEN))
        if group == By.SEX:
            of = By.AGE_OF_WOMEN if kind == Sex.FEMALE else By.AGE_OF_MEN
            told = [one for (*at, one_by, _), one in ages.items() if at == [variant, year] and one_by == of]
            assert people == sum(told) > 0


def test_the_first_year_of_a_target_is_that_of_the_bare_rows(book: PolicyBook, city: Dataset) -> None:
    """The first in which no community of the place falls short, the year after the last where there is none."""
    years, seeds = range(2024, 2028), (1, 2, 3)
    every = CertificatesWon(shares=dict.fromkeys(("none", "assistant"), Fraction(9, 10)))
    behaviours = [every if one.kind == every.kind else one for one in usual_behaviours()]
    told = simulate(city, book, "2204", years, seeds, behaviours=behaviours)
    short: Counter[tuple[str | None, int, int]] = Counter()
    for row in told.counties:
        for county in (None, row.county):
            short[county, row.seed, row.year] += row.communities_short
    each_county: tuple[Per, ...] = ("county",)
    for per in ((), each_county):
        rows = {(row.county, row.measure): row for row in told.estimates(per=per, by=())}
        for county in {county for county, _ in rows}:
            first = [
                next((year for year in years if not short[county, seed, year]), years.stop) for seed in seeds
            ]
            found = rows[county, "social_workers_first_reached"]
            assert (found.sum, found.q50, found.unit) == (sum(first), sorted(first)[1], Unit.CALENDAR)
            assert rows[county, "social_workers_ever_reached"].sum == sum(one < years.stop for one in first)
    assert 0 < min(told.estimates(per=each_county, measures=("social_workers_first_reached",)).q05.values) < years.stop


def test_a_reform_is_told_by_how_many_years_it_reaches_a_target_sooner() -> None:
    """Paired by seed: one without certificates never does."""
    never = compare(BASE, CertificatesWon(shares={}), years=2)
    pairs = [row for row in never.pairs(per=(), by=()) if row.measure == "social_workers_first_reached"]
    (row,) = [row for row in never.differences(per=(), by=()) if row.measure == "social_workers_first_reached"]
    assert row.sum == sum(one.value - one.baseline for one in pairs)
    assert all(one.value >= one.baseline for one in pairs)
    assert all(row.year is None for row in pairs)
    assert not any(MEASURES[row.measure].whole for row in never.estimates())


def test_every_column_of_the_county_years_is_a_measure() -> None:
    """Whatever is added to the rows is told of in comparisons too."""
    assert set(CountyYears.specs) - {"seed", "year", "county"} <= set(MEASURES)


def test_years_and_counties_add_up(book: PolicyBook, city: Dataset) -> None:
    """What all years come to is the sum of years, a place the sum of its counties; stocks have no sum over years."""
    told = simulate(city, book, "2204", range(2024, 2026), [1, 2])
    years, whole = told.estimates(by=()), told.estimates(per=(), by=())
    counties = told.estimates(per=("year", "county"), by=())
    for row in whole:
        assert not MEASURES[row.measure].stock
        if MEASURES[row.measure].whole:
            continue
        assert row.sum == sum(one.sum for one in years if one.measure == row.measure)
    for row in years:
        if row.unit not in (Unit.MILLIONTHS, Unit.TIMES):
            there = [one for one in counties if (one.measure, one.year) == (row.measure, row.year)]
            assert len(there) > 1
            assert row.sum == sum(one.sum for one in there)


def test_a_reform_that_changes_nothing_changes_no_row(both: Comparison) -> None:
    """What is in force already, said once more; a reform of pay moves nobody."""
    same = compare(BASE, failing(2, "as it is"))
    assert same.changed() == 0
    assert not any(row.changed or row.sum or row.spread for row in same.differences())
    assert same.cost().mean == 0
    assert "costs the same in every seed" in str(same)
    assert both.changed("higher") > 0
    assert not any(row.changed for row in both.differences(measures=("held", "left", "hired")) if row.variant == "higher")


def test_a_reforms_cost_varies_less_than_with_independent_luck(both: Comparison) -> None:
    """At most a fifth, where a reform changes pay; what is called independent is the variance of both, added."""
    row = both.cost("higher")
    assert 0 < 5 * row.spread <= row.spread_independent
    other = both.cost("one failure")
    assert 0 < other.spread < other.spread_independent


def test_other_reforms_beside_it_change_nothing(both: Comparison) -> None:
    """One reform alone, by behaviour and policy together, and as a whole scenario."""
    alone = compare(BASE, failing(1))
    rows = [row for row in both.differences() if row.variant == "one failure"]
    assert alone.differences().same_as(Differences.of(rows))
    assert alone.estimates().same_as(Estimates.of(row for row in both.estimates() if row.variant != "higher"))
    as_scenario = compare(BASE, {"one failure": attrs.evolve(BASE, reforms=[failing(1)])})
    assert as_scenario.differences().same_as(alone.differences())


def test_behaviours_and_whole_books_are_compared_too(book: PolicyBook, county: Dataset) -> None:
    """Nobody leaves by choice; and by books the same comes out as by scenarios."""
    stay = LeavingByChoice(shares=((0, Fraction(0)),))
    told = compare(BASE, stay, years=1, seeds=2)
    (row,) = [one for one in told.differences(measures=("left",), by=("ground",)) if one.kind == "choice"]
    assert row.variant == "leaving_by_choice"
    assert row.sum < 0
    years = range(2024, 2025)
    plain = compare(book, [failing(1), stay], data=county, place="220421", years=years, seeds=2)
    whole = compare(
        book, book.reformed(failing(1)), data=county, place="220421", years=years, seeds=2, behaviours=None
    )
    by_scenario = compare(BASE, {"reform": failing(1)}, years=1, seeds=2)
    assert whole.differences().same_as(by_scenario.differences())
    assert plain.estimates(measures=("held",)).same_as(compare(BASE, [failing(1), stay], years=1, seeds=2).estimates(measures=("held",)))


def test_workers_and_folders_change_nothing(both: Comparison, tmp_path: Path) -> None:
    """Written down, and read again."""
    with ThreadPoolExecutor(1) as executor:
        written = compare(BASE, failing(1), out=tmp_path / "out", executor=executor)
    rows = [row for row in both.differences() if row.variant == "one failure"]
    assert written.differences().same_as(Differences.of(rows))
    with pytest.raises(OutputError, match="resume=True"):
        compare(BASE, failing(1), out=tmp_path / "out")
    reform = attrs.evolve(BASE, reforms=[failing(1)])
    folders = {"baseline": tmp_path / "out" / "0-baseline", "one failure": tmp_path / "out" / "1-one-failure"}
    read = read_comparison(BASE, {"one failure": reform}, folders)
    assert read.differences().same_as(written.differences())
    with pytest.raises(ScenarioError, match="another run"):
        read_comparison(BASE, {"one failure": BASE}, folders)


def test_every_row_says_what_it_rests_on(both: Comparison) -> None:
    """In every frame, and in a notebook."""
    for table in (both.estimates(), both.differences(), both.pairs()):
        assert set(table.marks.to_list()) == {"synthetic assumption derived draft proxy"}
    for backend in ("pandas", "pyarrow"):
        assert len(both.differences().to_frame(backend)) == len(both.differences())
    page = both._repr_html_()
    assert "synthetic" in page
    assert "assumption" in page
    assert page.count("<tr>") == 1 + len(BASE.years)


def test_one_seed_has_no_interval() -> None:
    """A mean of one is no estimate of its own error."""
    told = compare(BASE, higher(), years=1, seeds=1)
    row = told.cost()
    assert (row.low, row.high, row.spread) == (None, None, 0)
    assert row.mean == row.sum
    assert "in one seed" in str(told)


def test_what_cannot_be_compared_is_refused(book: PolicyBook, both: Comparison) -> None:
    """One clear error each, before anything runs."""
    with pytest.raises(InputError, match="outside what 22 allows"):
        compare(BASE, failing(9, place="220421"))
    with pytest.raises(ScenarioError, match="at least one reform"):
        compare(BASE, {})
    with pytest.raises(ScenarioError, match="Scenario instead"):
        compare(book, higher())
    with pytest.raises(ScenarioError, match="other years"):
        compare(BASE, attrs.evolve(BASE, years=range(2024, 2025)))
    with pytest.raises(ScenarioError, match="called baseline"):
        compare(BASE, {"baseline": higher()}, years=1, seeds=1)
    with pytest.raises(ScenarioError, match="name one"):
        both.cost()
    with pytest.raises(ScenarioError, match="Nearest names: certified"):
        both.estimates(measures=("certifed",))
