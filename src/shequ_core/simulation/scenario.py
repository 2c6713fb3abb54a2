"""A scenario: where it starts, which policy holds, how people act, for which years and seeds; checked whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TypeAlias

import attrs

from shequ_core.errors import (
    Fault,
    InputError,
    Message,
    PlaceNotFoundError,
    ReformError,
    UnsetError,
    ValueKindError,
    msg,
)
from shequ_core.model.places import ancestors
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import Reform
from shequ_core.policy.plain import to_plain
from shequ_core.population.fictional import Country
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.months import placed_on
from shequ_core.simulation.simulate import Ready, usual_behaviours
from shequ_core.simulation.starts import Folders, Looked, MadeUp, Start, look_at, size_of
from shequ_core.tables.dataset import Dataset
from shequ_core.values import MONTHS_PER_YEAR, JsonValue

At: TypeAlias = "tuple[str | int, ...]"


def _names(given: Iterable[str]) -> frozenset[str]:
    return frozenset(given)


@attrs.frozen
class Written:
    """Where a scenario is written down.

    Attributes:
        file: The name of the file.
        lines: The line of what stands there, by the names that lead to it; one of several tables by its number from 0,
            a dotted name by its pieces.
    """

    file: str
    lines: Mapping[At, int]

    def fault(self, at: At, message: Message) -> Fault:
        """Say that something is wrong there, or where the next larger thing begins."""
        row = next((self.lines[at[:end]] for end in range(len(at), 0, -1) if at[:end] in self.lines), None)
        return Fault(file=self.file, row=row, message=message)


@attrs.frozen(kw_only=True)
class Scenario:
    """What is to be simulated.

    Attributes:
        place: The code of the place: a province, a city, a county or a zone.
        years: The years, one after another.
        seeds: Whole numbers, each another luck; the same seed is the same luck under any policy.
        start: Where it starts.
        name: What it is called in answers.
        assume: Whether drafts, derived figures and assumptions take part in the policy.
        reforms: What is tried, laid over the policy.
        beyond: Names of reforms that may leave what a place above allows.
        behaviours: How people act.
        written: Where it is written down.
    """

    place: str
    years: range
    seeds: Sequence[int] = attrs.field(converter=tuple[int, ...])
    start: Start
    name: str = ""
    assume: bool = False
    reforms: Sequence[Reform] = attrs.field(converter=tuple[Reform, ...], default=())
    beyond: frozenset[str] = attrs.field(converter=_names, default=frozenset())
    behaviours: Sequence[Behaviour] = attrs.field(converter=tuple[Behaviour, ...], factory=usual_behaviours)
    written: Written = attrs.field(factory=lambda: Written("scenario", {}), eq=False)

    def timed(self, years: int | range | None, seeds: int | Sequence[int] | None) -> Scenario:
        """Return it over other years or seeds.

        Args:
            years: How many, from its first one on, or which; its own where None.
            seeds: How many, from 1 on, or which; its own where None.
        """
        if isinstance(years, int):
            years = range(self.years[0], self.years[0] + years) if len(self.years) else self.years
        return attrs.evolve(
            self,
            years=self.years if years is None else years,
            seeds=self.seeds if seeds is None else range(1, seeds + 1) if isinstance(seeds, int) else seeds,
        )

    def to_data(self, tables: str | None = None) -> dict[str, JsonValue]:
        """Return all that was said, as JSON has it; tables as their digest.

        Args:
            tables: The digest, where it is known: see `Looked`.
        """
        start = self.start
        return {
            "name": self.name,
            "place": self.place,
            "years": [self.years[0], self.years[-1]],
            "seeds": list(self.seeds),
            "start": start.to_data()
            if isinstance(start, MadeUp)
            else {
                "tables": tables or look_at(start, bare_book(self), self.place, self.years).digest,
                **size_of(country_of(start)),
            },
            "assume": self.assume,
            "reforms": [_reform_data(one) for one in self.reforms],
            "behaviours": [_behaviour_data(one) for one in self.behaviours],
        }


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Checked:
    """A scenario in which nothing is wrong, with what it rests on.

    Attributes:
        book: The policies, reforms among them.
        looked: Where it starts.
        ready: It, as `simulate` runs it.
    """

    scenario: Scenario
    book: PolicyBook
    looked: Looked
    ready: Ready

    @cached_property
    def data(self) -> Dataset:
        """All tables that it starts from: read or made when they are asked for, where they aren't held as a whole."""
        return self.looked.whole()

    @cached_property
    def said(self) -> dict[str, JsonValue]:
        """All that was said, as JSON has it; tables as their digest."""
        return self.scenario.to_data("" if isinstance(self.scenario.start, MadeUp) else self.looked.digest)

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of all that results hang on: what was said, the tables, and the policies of all months."""
        said = {**self.said, "policies": self.policies}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @property
    def synthetic(self) -> bool:
        """Whether anybody in it is made up, here or by whoever wrote the tables."""
        return self.ready.rests.synthetic

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """The statuses of everything that it rests on and that nobody issued."""
        return self.ready.result([]).marks

    @cached_property
    def policies(self) -> dict[str, JsonValue]:
        """The fingerprints of each county's policy, month by month where it changes."""
        days = self.ready.turns
        counties = [county for block in self.ready.blocks for county in block]
        found: dict[str, JsonValue] = {}
        for county in sorted(counties):
            told = [(day.isoformat(), self.ready.law.policy(county, day).fingerprint) for day in days]
            kept = [one for before, one in zip([("", ""), *told], told, strict=False) if one[1] != before[1]]
            found[county] = dict(kept)
        return found


def check_scenario(scenario: Scenario, looked: Looked | None = None) -> Checked:
    """Check all of a scenario before anything runs.

    Args:
        scenario: The scenario.
        looked: Its start, where it was looked through for the same place and years.

    Raises:
        InputError: What is wrong with it, or with rows of its tables, all that can be told at once.
        UnsetError: Values that nobody set: every one of them, with its clause.
    """
    problems = list(_shape_problems(scenario))
    if problems:
        raise _refused(scenario, problems)
    begin = date(scenario.years[0], 1, 1)
    bare = bare_book(scenario)
    try:
        bare.divisions.at(scenario.place, placed_on(scenario.years))
    except PlaceNotFoundError as error:
        raise _refused(scenario, [(("place",), error.message)]) from None
    try:
        book = bare.reformed(*scenario.reforms)
    except (PlaceNotFoundError, ReformError) as error:
        raise _refused(scenario, [(("reform",), error.message)]) from None
    problems = list(_reform_problems(scenario, book))
    if problems:
        raise _refused(scenario, problems)
    try:
        looked = looked or look_at(scenario.start, book, scenario.place, scenario.years)
    except (PlaceNotFoundError, ValueKindError) as error:
        raise _refused(scenario, [(("start",), error.message)]) from None
    if not any(looked.seen.posts.values()) or not looked.seen.counties:
        message = msg("the tables that it starts from hold no communities with posts in {place}", place=scenario.place)
        raise _refused(scenario, [(("start",), message)])
    try:
        ready = looked.ready(book, scenario.place, scenario.years, scenario.seeds, scenario.behaviours)
    except UnsetError as error:
        since = _policy_begins(bare, scenario.place, error)
        if since is None or since <= begin:
            raise
        message = msg(
            "the policy of {place} begins on {since}: the first year that can be simulated under it is {year}",
            place=scenario.place, since=since, year=since.year + (since > date(since.year, 1, 1)),
        )
        raise _refused(scenario, [(("years",), message)]) from None
    return Checked(scenario=scenario, book=book, looked=looked, ready=ready)


def bare_book(scenario: Scenario) -> PolicyBook:
    """Return the policies without the reforms, those of a made-up country among them."""
    country = country_of(scenario.start)
    return PolicyBook.load(assume=scenario.assume, plugins=() if country is None else (country.plugin(),))


def country_of(start: Start) -> Country | None:
    """Return the made-up country in which a start lies, if it does."""
    return start.country if isinstance(start, (MadeUp, Folders)) else None


# --- what can be wrong ------------------------------------------------------------------------------


def _refused(scenario: Scenario, problems: Iterable[tuple[At, Message]]) -> InputError:
    return InputError([scenario.written.fault(at, message) for at, message in problems])


def _shape_problems(scenario: Scenario) -> Iterator[tuple[At, Message]]:
    """Yield what is wrong whatever the policy says."""
    if not len(scenario.years) or scenario.years.step != 1:
        yield ("years",), msg("years are simulated one after another: give the first and the last, as [2023, 2032]")
    problem = scenario.start.problem(scenario.years) if isinstance(scenario.start, MadeUp) else None
    if problem is not None:
        yield ("start", "synthesize"), problem
    seeds = scenario.seeds
    if not len(seeds) or len(set(seeds)) != len(seeds) or not all(type(one) is int and one >= 0 for one in seeds):
        yield ("seeds",), msg("give how many seeds, or a list of whole numbers, each of them once")
    names = [one.name for one in scenario.reforms]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield ("reform", number), msg("two reforms are called {reform}: give each its own name", reform=name)
    kinds = [one.kind for one in scenario.behaviours]
    for kind in sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        yield ("behaviour",), msg("behaviour {kind} is given more than once", kind=kind)
    for one in scenario.behaviours:
        for name, problem in one.problems():
            yield ("behaviour",), msg("{name}: {problem}", name=f"{one.kind}.{name}", problem=problem)


def _reform_problems(scenario: Scenario, book: PolicyBook) -> Iterator[tuple[At, Message]]:
    """Yield what is wrong with reforms: they reach nobody here, in no year, or go beyond what is allowed above."""
    first, last = date(scenario.years[0], 1, 1), date(scenario.years[-1], MONTHS_PER_YEAR, 31)
    above = ancestors(scenario.place)
    for number, reform in enumerate(scenario.reforms):
        if reform.place not in above and scenario.place not in ancestors(reform.place):
            yield ("reform", number), msg(
                "reform {reform} holds in {there}, which neither lies in {place} nor has it in it: it changes nothing",
                reform=reform.name, there=reform.place, place=scenario.place,
            )
            continue
        inner = max(reform.place, scenario.place, key=len)
        try:
            book.divisions.at(inner, placed_on(scenario.years))
        except PlaceNotFoundError as error:
            yield ("reform", number, "place"), error.message
            continue
        for value in reform.values:
            at: At = ("reform", number, "values", *value.key.name.split("."))
            if value.since > last or (value.until is not None and value.until < first):
                yield at, msg(
                    "{key}: the reform holds in none of the years {first} to {last}",
                    key=value.key.name, first=first.year, last=last.year,
                )
                continue
            day = max(value.since, first)
            why = book.policy(inner, day, placed_on=placed_on(scenario.years)).why(value.key)
            if why is None or why.value is not value or reform.name in scenario.beyond:
                continue
            for one in why.conflicts:
                yield at, msg(
                    "{key} would lie outside what {above} allows ({clause}): {why}. To try it all the same, say"
                    " beyond = true in the reform (beyond=).",
                    key=value.key.name, above=one.place, clause=one.source.clause or str(one.source),
                    why=one.judgement.why,
                )


def _policy_begins(book: PolicyBook, place: str, error: UnsetError) -> date | None:
    """Return the day from which all that is missing is set somewhere above or at the place; None if it never is."""
    chain = ancestors(place)
    begins: date | None = None
    for one in error.missing:
        said = [
            value.since
            for _, where, value in book.said()
            if where in chain and value.key.name == one.key and (book.assume or not _asked_for(value))
        ]
        if not said:
            return None
        begins = max(min(said), begins or date.min)
    return begins


def _asked_for(value: object) -> bool:
    status = getattr(value, "status", None)  # a limit has none, and sets nothing
    return status is None or bool(status.asked_for)


def _reform_data(reform: Reform) -> dict[str, JsonValue]:
    return {
        "name": reform.name,
        "place": reform.place,
        "scope": reform.scope,
        "values": [
            {
                "key": one.key.name,
                "value": one.to_data(),
                "since": one.since.isoformat(),
                "until": None if one.until is None else one.until.isoformat(),
            }
            for one in reform.values
        ],
    }


def _behaviour_data(behaviour: Behaviour) -> dict[str, JsonValue]:
    told = behaviour.parameters()
    return {
        "kind": behaviour.kind,
        **{
            name: {"value": to_plain(one.value), "status": one.status.value, "source": one.source}
            for name, one in told.items()
        },
    }
