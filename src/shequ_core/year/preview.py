"""What a city's values would do: which they replace, what they break, and what a year of made-up people comes to.

The same place, the same people, the same year: once with what the places above it set, once with its own values too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Final

import attrs
import numpy as np

from shequ_core.audit.run import run_audit
from shequ_core.errors import Message, PlaceNotFoundError, UnsetError, UnsetKey
from shequ_core.law.findings import Grade
from shequ_core.model.places import COUNTY_DIGITS, ancestors
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.bounds import Verdict
from shequ_core.policy.checks import Seen
from shequ_core.policy.grids import HOUSEHOLDS
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.law import Law
from shequ_core.policy.parameters import LocalPolicy, LocalValue
from shequ_core.policy.policy import Departure, Provenance
from shequ_core.population.synthesize import synthesize
from shequ_core.rules.grids import possible_grids
from shequ_core.tables.answers import Headcounts
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.dated import as_known_dataset
from shequ_core.values import MONTHS_PER_YEAR, Fen, Span
from shequ_core.year.headcount import headcounts_of
from shequ_core.year.rests import Rests
from shequ_core.year.run import run_year

LINES: Final = ("basic", "bonus", "certificate", "award", "emergency", "kept", "total")
"""The lines of a year's pay that are told, the sum last."""

EXITS: Final = "JLW2.10"
"""Where the grounds of exit stand."""


class State(StrEnum):
    """Whether a value counts on the day that is looked at."""

    IN_FORCE = "in force"
    NOT_LOADED = "not loaded"
    """It isn't issued, press or statistic, and nobody asked for what isn't."""
    ANOTHER_TIME = "another time"
    """It begins later, has ended, or a later value of the same place has replaced it."""


@attrs.frozen(kw_only=True)
class Change:
    """One value of the plugin, and what holds without it.

    Attributes:
        before: Who sets the same at the place without the plugin; None where nobody does.
        departures: Bounds of places above that it doesn't keep, or can't be held against.
    """

    place: str
    value: LocalValue[Any]  # Any: keys of every type
    state: State
    before: Provenance | None
    departures: tuple[Departure, ...]

    @property
    def changes(self) -> bool:
        """Whether anything is otherwise by it."""
        if self.state is not State.IN_FORCE:
            return False
        return self.before is None or self.before.value.to_data() != self.value.to_data()


@attrs.frozen(kw_only=True)
class Figures:
    """What a year of the made-up people comes to under one law.

    Attributes:
        communities: Communities, those without posts among them.
        posts: Posts there are.
        least: The fewest posts that all communities together may have; None where nobody can say.
        most: The most.
        below: Communities with fewer posts than they may have.
        above: Communities with more.
        grids: How many grids the households make by arithmetic, the fewest and the most.
        pay: The year's pay by line, `LINES`; None where it can't be worked out.
        exits: How many of those in post at the year's end have to leave, by clause (JLW2.10).
        missing: What nobody set and pay needs.
        uncertain: Keys that rest on what nobody issued.
    """

    communities: int
    posts: int
    least: int | None
    most: int | None
    below: int
    above: int
    grids: Span[int] | None
    pay: Mapping[str, Fen] | None
    exits: Mapping[str, int]
    missing: tuple[UnsetKey, ...]
    uncertain: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Effect:
    """What changes at one place and below it.

    Attributes:
        people: How many made-up people there are.
        without: What it comes to without the plugin.
        with_plugin: What it comes to with it.
    """

    place: str
    name: str
    people: int
    without: Figures
    with_plugin: Figures


@attrs.frozen(kw_only=True)
class Preview:
    """What a plugin or sheet would do.

    Attributes:
        name: What it is called.
        on: The day whose law is looked at: the last of the year.
        seed: The seed of the made-up people.
        assume: Whether drafts, derived figures and assumptions take part.
        changes: Each value, in the order of place and key.
        effects: What changes on made-up people, a row a place that lies in no other of the plugin's.
        unpeopled: Places for which nobody can be made up, and why.
        book: The book with the plugin.
    """

    name: str
    year: int
    on: date
    seed: int
    assume: bool
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]
    unpeopled: Mapping[str, Message]
    book: PolicyBook

    @property
    def conflicts(self) -> tuple[Departure, ...]:
        """Every departure from a place above, those that can't be compared left out."""
        found = [departure for one in self.changes for departure in one.departures]
        return tuple(one for one in found if one.judgement.verdict is Verdict.CONFLICT)


def preview(
    policies: Sequence[LocalPolicy], *, name: str, year: int, seed: int = 1, assume: bool = False, communities: int = 0
) -> Preview:
    """Work out what values of a place would do.

    Args:
        policies: What the plugin or sheet says. No other plugin takes part, installed or not.
        name: What it is called.
        year: The year that is worked out.
        seed: The seed of the made-up people.
        assume: Let drafts, derived figures and assumptions take part.
        communities: How many communities each county has, for places whose figures nobody published; 0: none.

    Raises:
        PlaceUnresolvedError: The plugin is at fault.
        PluginError: A strategy of its own is.
        ValueKindError: The year is out of reach.
    """
    on = date(year, MONTHS_PER_YEAR, 31)
    after = _book(name, policies, assume=assume)
    before = _book(name, [attrs.evolve(one, values=()) for one in policies], assume=assume)
    places = sorted({one.place for one in policies})
    tops = [one for one in places if not set(ancestors(one)[:-1]) & set(places)]
    changes = sorted(
        (
            _change(one.place, value, before, after, on)
            for one in policies
            for value in one.values
            if isinstance(value, LocalValue)
        ),
        key=lambda one: (one.place, one.value.key.name, one.value.since, one.value.known_on),
    )
    effects, unpeopled = [], {}
    for place in tops:
        after.policy(place, on)  # whoever is at fault is told before anybody is made up
        try:
            data = _people(place, year, seed, after, communities)
        except PlaceNotFoundError as error:
            unpeopled[place] = error.why
            continue
        effects.append(
            Effect(
                place=place, name=after.divisions.path(place), people=len(data.workers),
                without=_figures(data, before, place, year), with_plugin=_figures(data, after, place, year),
            )
        )
    return Preview(
        name=name, year=year, on=on, seed=seed, assume=assume, changes=tuple(changes), effects=tuple(effects),
        unpeopled=unpeopled, book=after,
    )


def _book(name: str, policies: Sequence[LocalPolicy], *, assume: bool) -> PolicyBook:
    @hookimpl
    def shequ_place() -> Sequence[LocalPolicy]:
        return list(policies)

    return PolicyBook.load(assume=assume, plugins=[SimpleNamespace(__name__=name, shequ_place=shequ_place)], alone=True)


def _told(book: PolicyBook, place: str, value: LocalValue[Any], on: date) -> Provenance | None:  # Any: as above
    told = book.policy(place, on).why(value.key)
    return told if told is not None and told.value is value else None


def _change(
    place: str, value: LocalValue[Any], before: PolicyBook, after: PolicyBook, on: date  # Any: as above
) -> Change:
    told = _told(after, place, value, on)
    state = State.IN_FORCE if told is not None else State.ANOTHER_TIME
    if told is None and value.status.asked_for and not after.assume:
        state = State.NOT_LOADED
    return Change(
        place=place, value=value, state=state, before=before.policy(place, on).why(value.key),
        departures=() if told is None else told.departures,
    )


def _people(place: str, year: int, seed: int, book: PolicyBook, communities: int) -> Dataset:
    if not communities:
        return synthesize(place[:COUNTY_DIGITS], year, seed)
    codes = sorted({one.code for one in book.divisions if one.code.startswith(place[:COUNTY_DIGITS])})
    counts = {code: communities for code in codes if len(code) == COUNTY_DIGITS}
    return synthesize(place[:COUNTY_DIGITS], year, seed, divisions=book.divisions, committees=counts)


def _figures(data: Dataset, book: PolicyBook, place: str, year: int) -> Figures:
    end = date(year, MONTHS_PER_YEAR, 31)
    seen = Seen(as_known_dataset(data, None), end, Law(book, None, end))
    heads = headcounts_of(seen)
    pay: Mapping[str, Fen] | None = None
    missing: tuple[UnsetKey, ...] = ()
    uncertain: tuple[str, ...] = tuple(Rests.of(data, {place: book.policy(place, end)}, ()).uncertain)
    try:
        result = run_year(data, book, place[:COUNTY_DIGITS], year)
    except UnsetError as error:
        missing = error.missing
    else:
        pay = {line: Fen(int(getattr(result.slips, line).values.sum())) for line in LINES}
        uncertain = tuple(result.uncertain)
    return Figures(
        communities=len(heads), posts=int(heads.posts.values.sum()), **_allowed(heads), grids=_grids(seen), pay=pay,
        exits=_exits(data, book, place[:COUNTY_DIGITS], end), missing=missing, uncertain=uncertain,
    )


def _exits(data: Dataset, book: PolicyBook, place: str, end: date) -> Mapping[str, int]:
    found = run_audit(data, book, on=end, place=place, select=(EXITS,)).findings
    return dict(sorted(Counter(one.clause for one in found if one.grade is Grade.PROPOSAL).items()))


def _allowed(heads: Headcounts) -> dict[str, Any]:  # Any: fields of `Figures`
    known = heads.least.mask() & heads.most.mask()
    posts, least, most = heads.posts.values[known], heads.least.values[known], heads.most.values[known]
    return {
        "least": int(least.sum()) if known.any() else None,
        "most": int(most.sum()) if known.any() else None,
        "below": int((posts < least).sum()),
        "above": int((posts > most).sum()),
    }


def _grids(seen: Seen) -> Span[int] | None:
    table = seen.data.communities
    least = most = 0
    for policy, rows in seen.laws(table.code):
        if HOUSEHOLDS not in policy:
            return None
        possible = possible_grids(table.households.take(rows), policy)
        known = possible.low.mask()
        fewest, most_of = possible.low.values[known], possible.high.values[known]
        least += int(fewest.sum())
        most += int(np.maximum(fewest, most_of).sum())  # where none fits by arithmetic, what comes nearest
    return Span(least, most)

