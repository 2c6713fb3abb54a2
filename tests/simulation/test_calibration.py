"""The model is held against published figures as they were published, and says what doesn't agree."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import attrs
import pytest

from shequ_core.errors import ScenarioError
from shequ_core.jilin.figures import Figure, jilin_figures
from shequ_core.model.posts import EducationLevel, Sex
from shequ_core.policy.book import PolicyBook
from shequ_core.population.synthesize import synthesize
from shequ_core.simulation.behaviours.behaviour import KINDS
from shequ_core.simulation.calibration import Calibration, Comparison, calibrate
from shequ_core.simulation.published import YARDSTICKS, Holds, Standing, Trial, Yardstick
from shequ_core.simulation.simulate import simulate, usual_behaviours
from shequ_core.values import Span, Status

CITY = "2204"
SEEDS = (1, 2)


@pytest.fixture(scope="module")
def found(book: PolicyBook) -> Calibration:
    """A city of two hundred posts held against shares and means."""
    return calibrate(book, CITY, SEEDS)


def compared(found: Calibration, figure: str, standing: Standing = Standing.TESTED) -> Comparison:
    """Find the comparison with a figure."""
    return next(one for one in found.standing(standing) if one.published.name == figure)


def held_against(holds: Holds, value: int, nearest: int, *given: Fraction | int) -> Comparison:
    """Compare by hand."""
    figure = Figure(name="tried", value=value, status=Status.PRESS, source="someone", nearest=Fraction(nearest))
    target = attrs.evolve(YARDSTICKS[0], holds=holds)
    numbers = tuple(map(Fraction, given))
    return Comparison(target=target, published=figure, value=Fraction(value), given=numbers, carriers=())


@pytest.mark.parametrize(
    ("holds", "given", "agrees"),
    [
        pytest.param(Holds.EQUAL, (17_400, 17_500), True, id="the nearest end of the range rounds to it"),
        pytest.param(Holds.EQUAL, (17_300, 17_499), False, id="the range ends below what rounds to it"),
        pytest.param(Holds.EQUAL, (18_501, 19_000), False, id="the range begins above"),
        pytest.param(Holds.AT_LEAST, (17_000, 18_000), True, id="the mean rounds to at least it"),
        pytest.param(Holds.AT_LEAST, (17_000, 17_900), False, id="the mean is below"),
        pytest.param(Holds.AT_MOST, (18_400, 18_600), True, id="the mean rounds to at most it"),
        pytest.param(Holds.AT_MOST, (18_400, 18_602), False, id="the mean is above"),
    ],
)
def test_a_round_figure_stands_for_what_rounds_to_it(holds: Holds, given: tuple[int, ...], *, agrees: bool) -> None:
    """18,000 to the nearest thousand is 17,500 to 18,500."""
    assert held_against(holds, 18_000, 1_000, *given).agrees is agrees


def test_by_how_much() -> None:
    """The mean over the published value, and the range of the seeds."""
    one = held_against(Holds.EQUAL, 200, 0, 150, 170)
    assert one.mean == 160
    assert one.spread == Span(Fraction(150), Fraction(170))
    assert one.off == Fraction(-1, 5)


@pytest.mark.parametrize("target", YARDSTICKS, ids=lambda one: str(one.told))
def test_each_target_names_what_there_is(target: Yardstick) -> None:
    """A published figure that nobody assumed, and carriers that are; figures, usual behaviours and keys."""
    figures = jilin_figures()
    assert figures[target.figure].status is not Status.ASSUMPTION
    assert figures[target.figure].source
    assert all(name in figures.by_name for name in target.figures)
    usual = {type(one) for one in usual_behaviours()}
    assert set(target.behaviours) <= usual
    assert target.standing is Standing.INPUT or target.figures or target.behaviours or target.keys


def test_the_first_day_is_as_people_were_made_up(found: Calibration) -> None:
    """Counted again from the tables of people: those in post on 1 January 2021."""
    first = date(2021, 1, 1)
    for at, seed in enumerate(SEEDS):
        made = synthesize(CITY, 2021, seed)
        there = {
            one.worker for one in made.holdings
            if one.since <= first and (one.until is None or one.until >= first)
        }
        women = sum(one.sex is Sex.FEMALE for one in made.workers if one.id in there)
        assert compared(found, "women", Standing.INPUT).given[at] == Fraction(women, len(there))
        order = list(EducationLevel)
        levels: dict[str, int] = {}
        assert made.educations is not None
        for one in made.educations:
            if one.worker in there and (one.since is None or one.since <= first):
                levels[one.worker] = max(levels.get(one.worker, 0), order.index(one.level))
        college = sum(level >= order.index(EducationLevel.JUNIOR_COLLEGE) for level in levels.values())
        assert compared(found, "college_or_above", Standing.INPUT).given[at] == Fraction(college, len(there))


def test_the_years_are_those_of_the_simulation(found: Calibration, book: PolicyBook) -> None:
    """Who leaves, and how certificates grow, is what `simulate` says of the same people and seed."""
    for at, seed in enumerate(SEEDS):
        counties = simulate(synthesize(CITY, 2021, seed), book, CITY, found.years, [seed]).counties
        there = sum(one.held + one.outside + one.left for one in counties)
        assert compared(found, "leaving_of_social_workers").given[at] == Fraction(
            sum(one.left for one in counties), there
        )
        by_year = [sum(one.certified for one in counties if one.year == year) for year in (2021, 2023)]
        assert compared(found, "certificate_growth").given[at] == Fraction(by_year[1], by_year[0])


def test_figures_of_the_province_are_left_to_the_province(found: Calibration) -> None:
    """A city is not held against 18,000 posts."""
    assert {one.target.place for one in found.comparisons} == {""}
    assert {one.name for comparison in found.comparisons for one in comparison.carriers if one.name in KINDS}


def test_grids_and_posts_by_arithmetic(book: PolicyBook) -> None:
    """Fewest and most grids, and the least posts, counted community by community of a district of Changchun."""
    place, seed = "220112", 1
    made = synthesize(place, 2021, seed)
    nothing = simulate(made, book, place, range(2021, 2022), [seed], behaviours=[])
    none: Counter[str] = Counter()
    trial = Trial(
        made=made, book=book, simulation=nothing, start=none, announced=none, end=none, first=date(2021, 1, 1)
    )
    households = [one.households or 0 for one in made.communities]
    expected = {
        "fewest grids of Changchun by the city's own bounds": sum(-(-one // 700) for one in households),
        "most grids of Changchun by the city's own bounds": sum(one // 400 for one in households),
        "fewest grids of Changchun by the province's bounds": sum(-(-one // 500) for one in households),
        "grids of Changchun, made up": len(made.grids or ()),
        "posts that the law asks for at least (JLW2.2a)": 10 * len({one.community for one in made.posts}),
    }
    assert {str(one.told): one.measure(trial) for one in YARDSTICKS if str(one.told) in expected} == expected


def test_without_a_seed_nothing_runs(book: PolicyBook) -> None:
    """At least one."""
    with pytest.raises(ScenarioError):
        calibrate(book, CITY, ())
