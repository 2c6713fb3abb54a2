"""The model held against what was published: what agrees, what doesn't, and which assumptions carry it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

import attrs

from shequ_core.errors import ScenarioError, msg
from shequ_core.jilin.figures import Figure, jilin_figures
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import Parameter
from shequ_core.population.synthesize import synthesize
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.months import january, placed_on
from shequ_core.simulation.published import YARDSTICKS, Holds, Standing, Trial, Yardstick, seen
from shequ_core.simulation.simulate import prepare, usual_behaviours
from shequ_core.simulation.state import Layout
from shequ_core.simulation.step import YearSums
from shequ_core.simulation.turn import Turn
from shequ_core.tables.dataset import Dataset
from shequ_core.values import MONTHS_PER_YEAR, JsonValue, Span, Status, fraction_text
from shequ_core.year.rests import Rests

ANNOUNCED: Final = "posts"
"""The figure whose date is that of the press conference: the years begin with its year."""
LAST: Final = "certificate_growth"
"""The figure whose date is the last year."""


@attrs.frozen(kw_only=True)
class Carrier:
    """What a result of the model rests on, and how far to trust it.

    Attributes:
        name: A figure of `jilin/figures.toml`, a behaviour by its kind, or a key of a policy.
    """

    name: str
    statuses: tuple[Status, ...]


@attrs.frozen(kw_only=True)
class Comparison:
    """A published figure beside what the model gives.

    Attributes:
        published: The figure; `value` what it says.
        given: What the model gives, seed by seed.
        carriers: What it rests on.
    """

    target: Yardstick
    published: Figure
    value: Fraction
    given: tuple[Fraction, ...]
    carriers: tuple[Carrier, ...]

    @property
    def mean(self) -> Fraction:
        """The mean over the seeds."""
        return sum(self.given, Fraction(0)) / len(self.given)

    @property
    def spread(self) -> Span[Fraction]:
        """The least and the most over the seeds."""
        return Span(min(self.given), max(self.given))

    @property
    def off(self) -> Fraction:
        """By which share of the published value the mean is above it, or below."""
        return (self.mean - self.value) / self.value

    @property
    def agrees(self) -> bool:
        """Whether they agree, as `published` reads it."""
        half = _half(self.published.nearest)
        match self.target.holds:
            case Holds.AT_LEAST:
                return self.mean >= self.value - half
            case Holds.AT_MOST:
                return self.mean <= self.value + half
            case Holds.EQUAL:
                return self.spread.low <= self.value + half and self.spread.high >= self.value - half

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data; numbers as exact fractions."""
        figure = self.published
        return {
            "figure": figure.name, "what": str(self.target.told), "place": self.target.place,
            "unit": self.target.unit.value, "holds": self.target.holds.value, "standing": self.target.standing.value,
            "published": fraction_text(self.value), "nearest": fraction_text(figure.nearest),
            "status": figure.status.value, "source": figure.source, "date": figure.date,
            "given": [fraction_text(one) for one in self.given], "mean": fraction_text(self.mean),
            "low": fraction_text(self.spread.low), "high": fraction_text(self.spread.high),
            "off": fraction_text(self.off), "agrees": self.agrees,
            "carried_by": {one.name: [status.value for status in one.statuses] for one in self.carriers},
            "note": "" if self.target.note is None else str(self.target.note),
        }


@attrs.frozen(kw_only=True)
class Calibration:
    """Everything that was compared.

    Attributes:
        years: The years simulated.
        seeds: Each made up other people, and had other luck.
        absent: Communities that lie in subdistricts which began after the first day: they are made up, not simulated.
    """

    place: str
    name: str
    years: range
    seeds: tuple[int, ...]
    comparisons: tuple[Comparison, ...]
    absent: int
    rests: Rests

    def standing(self, standing: Standing) -> tuple[Comparison, ...]:
        """Return those of one standing."""
        return tuple(one for one in self.comparisons if one.target.standing is standing)

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data."""
        return {
            "place": self.place, "name": self.name, "years": list(self.years), "seeds": list(self.seeds),
            "absent": self.absent, "comparisons": [one.to_data() for one in self.comparisons],
            **self.rests.to_data(),
        }


def calibrate(
    book: PolicyBook,
    place: str,
    seeds: Sequence[int],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Calibration:
    """Make people up, let their years pass, and hold what comes of it against what was published.

    Args:
        book: The policies, with what nobody published.
        place: The province, or a place in it: it is held against its own figures, and against shares and means.
        seeds: Each makes up other people and has other luck.
        progress: Called with seeds done and seeds in all.

    Raises:
        ScenarioError: No seed, or one of them twice.
        PlaceNotFoundError: No figures are published for the place.
        UnsetError: Values that nobody set: every one of them, with its clause.
    """
    if not seeds:
        raise ScenarioError(msg("give at least one seed, each of them once"))
    targets = [one for one in YARDSTICKS if one.place.startswith(place) or not one.place]
    behaviours = usual_behaviours()
    trials, absent = [], 0
    for done, seed in enumerate(seeds, start=1):
        trial, absent = _trial(book, place, seed, behaviours)
        trials.append(trial)
        if progress is not None:
            progress(done, len(seeds))
    last = trials[-1]
    return Calibration(
        place=place,
        name=last.simulation.name,
        years=last.simulation.years,
        seeds=tuple(seeds),
        comparisons=tuple(_compared(one, trials, behaviours) for one in targets),
        absent=absent,
        rests=last.simulation.rests,
    )


def _half(step: Fraction) -> Fraction:
    return step / 2


def _years() -> tuple[range, int]:
    """Return the years, and the month of the press conference, from 0."""
    figures = jilin_figures()
    day = date.fromisoformat(figures[ANNOUNCED].date)
    return range(day.year, int(figures[LAST].date) + 1), day.month - 1


def _trial(book: PolicyBook, place: str, seed: int, behaviours: Sequence[Behaviour]) -> tuple[Trial, int]:
    years, month = _years()
    first = date(years[0], 1, 1)
    made = synthesize(place, first.year, seed)
    there, absent = _there(made, book, placed_on(years))
    ready = prepare(there, book, place, years, [seed], behaviours)
    start: Counter[str] = Counter()
    announced: Counter[str] = Counter()
    end: Counter[str] = Counter()

    def watch(turn: Turn) -> None:
        if turn.year == first.year:
            announced.update(seen(turn.people, turn.there(month), turn.january + month))
        if turn.year == years[-1]:
            end.update(seen(turn.people, turn.at_end(), turn.january + MONTHS_PER_YEAR))

    told: list[tuple[Layout, list[YearSums]]] = []
    for counties, some in ready.units():
        state = ready.state(counties, some)
        start.update(seen(state.people, state.people.held, january(first.year)))
        told.append((state.layout, list(ready.pass_years(state, watch=watch))))
    simulation = ready.result(told)
    return Trial(
        made=made, book=book, simulation=simulation, start=start, announced=announced, end=end, first=first
    ), absent


def _there(made: Dataset, book: PolicyBook, on: date) -> tuple[Dataset, int]:
    """Return the communities whose subdistrict there was on a day, with their posts, and how many others there are.

    The people are made up from a count of 2023, so that some live where there was no such subdistrict before.
    """
    listed, township = book.divisions, made.communities.code.start(TOWNSHIP_DIGITS)
    later = {one.code for one in listed if one.since is not None and one.since > on}
    later -= {one.code for one in listed if one.covers(on)}
    known = ~township.is_in(later).true()
    communities = made.communities.where(known)
    inside = made.posts.community.is_in([code for code in communities.code.to_list() if code is not None]).true()
    return attrs.evolve(made, communities=communities, posts=made.posts.where(inside)), int((~known).sum())


def _compared(target: Yardstick, trials: Sequence[Trial], behaviours: Sequence[Behaviour]) -> Comparison:
    figures = jilin_figures()
    return Comparison(
        target=target,
        published=figures[target.figure],
        value=figures.share(target.figure),
        given=tuple(target.measure(trial) for trial in trials),
        carriers=tuple(_carriers(target, trials[0], behaviours)),
    )


def _carriers(target: Yardstick, trial: Trial, behaviours: Sequence[Behaviour]) -> Iterator[Carrier]:
    figures = jilin_figures()
    for name in target.figures:
        yield Carrier(name=name, statuses=(figures[name].status,))
    for one in behaviours:
        if isinstance(one, tuple(target.behaviours)):
            statuses = {parameter.status for parameter in one.parameters().values()}
            yield Carrier(name=one.kind, statuses=_in_order(statuses))
    for key in target.keys:
        yield Carrier(name=key.name, statuses=_statuses(key, trial))


def _statuses(key: Parameter[Any], trial: Trial) -> tuple[Status, ...]:  # Any: keys of every type
    """Return the statuses that a key has anywhere in the place on the first day."""
    counties = sorted({code[:COUNTY_DIGITS] for code in trial.made.communities.code.vocabulary})
    found = (trial.book.policy(code, trial.first).why(key) for code in counties)
    return _in_order(status for one in found if one is not None for status in one.statuses)


def _in_order(statuses: Iterable[Status]) -> tuple[Status, ...]:
    return tuple(sorted(set(statuses), key=list(Status).index))
