"""Where a scenario starts: made-up people, tables in a folder or at hand, or folders of counties that are read in turn.

A start is looked through once: all of it is checked before anything runs, and what is asked of it later is kept, by
which it can be laid out under other policies too. Of folders of counties no more than one is held meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import attrs
import numpy as np

from shequ_core.errors import Fault, InputError, Message, PlaceNotFoundError, msg
from shequ_core.policy.book import PolicyBook
from shequ_core.population.fictional import FICTIONAL, Country
from shequ_core.population.synthesize import synthesize
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.chunks import Array, digest
from shequ_core.simulation.simulate import Ready, Seen, look, prepare_seen
from shequ_core.simulation.state import Start as Prepared
from shequ_core.simulation.state import Streamed, known_holders
from shequ_core.tables.columns import EnumColumn, Ints, TextColumn
from shequ_core.tables.counties import of_counties, rows_by_county, uneven
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.files import counties_in, read_counties, read_dataset
from shequ_core.tables.table import Table
from shequ_core.values import JsonValue


@attrs.frozen
class MadeUp:
    """A start with made-up people: those of `synthesize`.

    Attributes:
        year: The year that they are made up for.
        seed: The seed of their making, which is not one of the scenario's seeds.
        country: The made-up country in which they live; Jilin where None.
    """

    year: int
    seed: int = 1
    country: Country | None = None

    def problem(self, years: range) -> Message | None:
        """Say what is wrong with it as the start of some years; None where nothing is.

        Who comes on the first day or later is left out, so that people of a later year would leave posts vacant.
        """
        if not len(years) or self.year <= years[0]:
            return None
        return msg(
            "the people are made up for {year}: make them up for the first year simulated, {first}, or one before it",
            year=self.year, first=years[0],
        )

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as a scenario's file says it."""
        return {"synthesize": self.year, "seed": self.seed, **size_of(self.country)}


@attrs.frozen
class Folders:
    """Folders of tables, one a county, of which each is opened when it is its turn.

    Attributes:
        by_county: The folders, by the counties' codes.
        country: The made-up country whose counties they are; real ones where None.
    """

    by_county: Mapping[str, Path]
    country: Country | None = None

    def some(self, counties: Iterable[str]) -> Folders:
        """Return the folders of some counties, from the root: whoever reads them may stand elsewhere."""
        return Folders({code: self.by_county[code].absolute() for code in counties}, self.country)

    def people(self, counties: Sequence[str]) -> Dataset:
        """Read some counties, and no other's folder.

        Raises:
            InputError: Something in them is wrong: every fault.
        """
        return read_counties({code: self.by_county[code] for code in counties})


Start: TypeAlias = "MadeUp | Folders | Path | Dataset"
"""Made-up people, folders of counties, a folder of tables or of such folders, a workbook, or the tables themselves."""


def size_of(country: Country | None) -> dict[str, JsonValue]:
    """Return how large a made-up country is, as a scenario's file says it."""
    return {} if country is None else {"committees": country.committees, "posts": country.posts}


# --- looked through -----------------------------------------------------------------------------------


class Looked(Protocol):
    """A start that was looked through for a place and years.

    Attributes:
        seen: What is asked of it before it is laid out.
    """

    @property
    def seen(self) -> Seen: ...  # noqa: D102

    @property
    def digest(self) -> str:
        """A digest of all rows of all tables: one, whether they stand county by county or together."""

    def ready(
        self, book: PolicyBook, place: str, years: range, seeds: Sequence[int], behaviours: Sequence[Behaviour]
    ) -> Ready:
        """Get ready to lay it out under policies; as for `prepare`."""

    def whole(self) -> Dataset:
        """Return all tables."""

    def part(self, counties: Sequence[str]) -> Start:
        """Return the start of some counties alone, for whoever works on them."""


@attrs.frozen(kw_only=True, eq=False, slots=False)
class _Held:
    """Tables that are held as a whole: read, made up, or handed over."""

    start: MadeUp | Path | Dataset
    data: Dataset
    seen: Seen

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, Ints]]:
        return rows_by_county(self.data)

    @cached_property
    def digest(self) -> str:
        return digest_of_counties(
            {
                code: digest_of_tables(of_counties(self.data, [rows]))
                for code, rows in self._rows.items()
                if code or any(map(len, rows.values()))
            }
        )

    def ready(
        self, book: PolicyBook, place: str, years: range, seeds: Sequence[int], behaviours: Sequence[Behaviour]
    ) -> Ready:
        begin = partial(Prepared.of, self.data, year=years[0])
        return prepare_seen(self.seen, begin, book, place, years, seeds, behaviours)

    def whole(self) -> Dataset:
        return self.data

    def part(self, counties: Sequence[str]) -> Start:
        if isinstance(self.start, MadeUp):  # which takes no longer than to send them
            return self.start
        return of_counties(self.data, [self._rows[code] for code in counties])


@attrs.frozen(kw_only=True, eq=False)
class _InTurn:
    """Folders of counties."""

    folders: Folders
    seen: Seen
    digest: str

    def ready(
        self, book: PolicyBook, place: str, years: range, seeds: Sequence[int], behaviours: Sequence[Behaviour]
    ) -> Ready:
        begin = partial(Streamed, people=self.folders.people, year=years[0])
        return prepare_seen(self.seen, lambda law: begin(law=law), book, place, years, seeds, behaviours)

    def whole(self) -> Dataset:
        return self.folders.people(list(self.folders.by_county))

    def part(self, counties: Sequence[str]) -> Start:
        return self.folders.some(counties)


@attrs.frozen(kw_only=True, eq=False)
class _MadeInTurn:
    """A made-up country, of which one county was seen, to which others are alike."""

    start: MadeUp
    country: Country
    place: str
    first: _Held

    @property
    def seen(self) -> Seen:
        return self.first.seen

    @property
    def digest(self) -> str:
        return digest_of_counties({code: digest_of_tables(self._people([code])) for code in self._counties()})

    def _counties(self) -> list[str]:
        return _counties(self.country, self.place)

    def _people(self, counties: Sequence[str]) -> Dataset:
        return self.country.people(counties, self.start.year, self.start.seed)

    def ready(
        self, book: PolicyBook, place: str, years: range, seeds: Sequence[int], behaviours: Sequence[Behaviour]
    ) -> Ready:
        posts = self.country.posts_by_county
        return self.first.ready(book, place, years, seeds, behaviours).streamed(
            partial(self.country.people, year=self.start.year, seed=self.start.seed),
            {county: posts[county] for county in self._counties()},
        )

    def whole(self) -> Dataset:
        return self._people(self._counties())

    def part(self, counties: Sequence[str]) -> Start:  # noqa: ARG002
        return self.start


def look_at(start: Start, book: PolicyBook, place: str, years: range) -> Looked:
    """Look a start through for a place and years.

    Raises:
        InputError: Something in its tables is wrong: every fault.
        PlaceNotFoundError: No figures are published for the place.
    """
    if isinstance(start, MadeUp) and start.country is not None:
        data = start.country.people(_counties(start.country, place)[:1], start.year, start.seed)
        first = _Held(start=start, data=data, seen=look(data, book, place, years))
        return _MadeInTurn(start=start, country=start.country, place=place, first=first)
    if isinstance(start, Path):
        found = counties_in(start)
        if found:
            start = Folders(found)
    if isinstance(start, Folders):
        return _look_in_turn(start, book, place, years)
    if isinstance(start, MadeUp):
        data = synthesize(place, start.year, start.seed)
    else:
        data = start if isinstance(start, Dataset) else read_dataset(start)
    return _Held(start=start, data=data, seen=look(data, book, place, years))


def _look_in_turn(folders: Folders, book: PolicyBook, place: str, years: range) -> Looked:
    """Look through the counties that lie in the place, one after the other."""
    seen: list[Seen] = []
    given: dict[str, set[str]] = {}
    digests: dict[str, str] = {}
    faults: list[Fault] = []
    inside = [code for code in sorted(folders.by_county) if code.startswith(place)]
    for code in inside:
        try:
            data = folders.people([code])
            found = look(data, book, place, years)
            known_holders(data, years[0])
        except InputError as error:
            faults += error.faults
            continue
        seen.append(found)
        given[code] = {name for name, _ in data.tables()}
        digests[code] = digest_of_tables(data)
    faults += uneven(given)
    if faults:
        raise InputError(faults)
    return _InTurn(folders=folders.some(inside), seen=Seen.together(seen), digest=digest_of_counties(digests))


def _counties(country: Country, place: str) -> list[str]:
    found = [county for county in country.counties if county.startswith(place)]
    if not found:
        raise PlaceNotFoundError(place, (FICTIONAL,), why=msg("the made-up country is {code}", code=FICTIONAL))
    return found


# --- digests ------------------------------------------------------------------------------------------

_BETWEEN: Final = "\0"


def digest_of_counties(counties: Mapping[str, str]) -> str:
    """Return one digest of those of counties, by code."""
    told = "".join(f"{code} {one}\n" for code, one in sorted(counties.items()))
    return hashlib.sha256(told.encode()).hexdigest()


def digest_of_tables(data: Dataset) -> str:
    """Return a digest of all rows of all tables, in their order."""
    told = "".join(f"{name} {digest(_bare(table))}\n" for name, table in data.tables())
    return hashlib.sha256(told.encode()).hexdigest()


def _bare(table: Table[Any]) -> dict[str, Array]:  # Any: tables of every kind of fact
    """Return a table's columns as arrays, the same for the same values whatever texts a column keeps besides."""
    arrays: dict[str, Array] = {}
    for name, column in table.columns().items():
        known = column.mask()
        arrays[f"{name} known"] = known
        if isinstance(column, TextColumn):
            texts: Sequence[str] = column.vocabulary
        elif isinstance(column, EnumColumn):
            texts = [str(one.value) for one in column.kind]
        else:
            arrays[name] = np.where(known, column.values, 0)
            continue
        codes, at = np.unique(column.values[known], return_inverse=True)
        used = [texts[code] for code in codes.tolist()]
        ranks = sorted(range(len(used)), key=used.__getitem__)
        arrays[name] = np.argsort(np.array(ranks, dtype=np.int64))[at]
        spelled = _BETWEEN.join(used[place] for place in ranks)
        arrays[f"{name} texts"] = np.frombuffer(spelled.encode(), dtype=np.uint8)
    return arrays
