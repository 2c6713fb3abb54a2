"""Scenarios as TOML, read whole: every fault in one go, each with its line and the nearest right name."""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from shequ_core.errors import Fault, InputError, Message, PlaceNotFoundError, ShequError, ValueKindError, msg, nearest
from shequ_core.law.clauses import Document
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import PARAMETERS, LocalValue, Reform
from shequ_core.policy.plain import PlainError, from_plain
from shequ_core.population.fictional import Country
from shequ_core.simulation.behaviours.behaviour import KINDS, Behaviour
from shequ_core.simulation.months import placed_on
from shequ_core.simulation.scenario import At, Scenario, Written, country_of
from shequ_core.simulation.simulate import usual_behaviours
from shequ_core.simulation.sourced import Sourced
from shequ_core.simulation.starts import Folders, MadeUp, Start
from shequ_core.tables.files import counties_in
from shequ_core.values import Status

_FIELDS: Final = ("name", "place", "years", "seeds", "start", "assume", "reform", "behaviour", "without")
_SIZE: Final = ("committees", "posts")
_START: Final = ("folder", "synthesize", "seed", *_SIZE)
_REFORM: Final = ("name", "place", "scope", "since", "until", "values", "beyond")
_SCOPES: Final = ("default", "replace_below")
_SOURCED: Final = ("value", "status", "source")

Table = Mapping[str, Any]
"""A TOML table; Any, for a file holds what it likes."""


def read_scenario(path: Path | str) -> Scenario:
    """Read a scenario from a TOML file; folders that it names are found from where it stands.

    Raises:
        InputError: Something in it is wrong: every fault, with its line.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(path, msg("the file is not in UTF-8: save it as UTF-8")) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise _refused(path, msg("the file can't be opened: {why}", why=why)) from None
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        message = msg("this is no TOML: {problem}", problem=str(error))
        raise InputError([Fault(file=path.name, row=int(line[1]) if line else None, message=message)]) from None
    return _Reader(Written(path.name, lines_of(text)), path.parent).scenario(data)


def _refused(path: Path, message: Message) -> InputError:
    return InputError([Fault(file=path.name, message=message)])


_HEADER: Final = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PIECE: Final = re.compile(r"[\w-]+|\"([^\"]*)\"|'([^']*)'")


def lines_of(text: str) -> dict[At, int]:
    """Return where in a TOML file keys and tables stand, as far as that can be told without reading its values."""
    lines: dict[At, int] = {}
    counts: dict[At, int] = {}
    inside: At = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.fullmatch(line):
            names = _pieces(header[2])
            inside = ()
            for place, name in enumerate(names):
                inside = (*inside, name)
                last = place == len(names) - 1
                if header[1] == "[[" and last:
                    counts[inside] = counts.get(inside, -1) + 1
                if inside in counts:
                    inside = (*inside, counts[inside])
            lines.setdefault(inside, number)
        elif key := _KEY.match(line):
            lines.setdefault((*inside, *_pieces(key[1])), number)
    return lines


def _pieces(dotted: str) -> list[str]:
    names = [found[1] or found[2] or found[0] for found in _PIECE.finditer(dotted)]
    return [piece for name in names for piece in name.split(".")]


@attrs.define
class _Reader:
    """Reads the tables of one file, and gathers what is wrong."""

    written: Written
    folder: Path
    faults: list[Fault] = attrs.field(factory=list)

    def scenario(self, data: Table) -> Scenario:
        self._names((), data, _FIELDS)
        years = self._years(data)
        start = self._start(data, years)
        country = None if start is None else country_of(start)
        # Its keys and divisions; which values hold is asked later.
        book = PolicyBook.load(plugins=() if country is None else (country.plugin(),))
        found_place = self._place(book, data, ("place",), years)
        seeds = self._seeds(data)
        assume = self._taken(data, ("assume",), bool, False)
        tables = self._tables(data, "reform")
        reforms = [self._reform(book, number, one, found_place, years) for number, one in enumerate(tables)]
        behaviours = self._behaviours(data)
        name = self._taken(data, ("name",), str, "")
        if self.faults:
            raise InputError(sorted(self.faults, key=lambda one: one.row or 0))
        assert years is not None
        assert found_place is not None
        assert start is not None
        return Scenario(
            name=name, place=found_place, years=years, seeds=seeds, start=start, assume=assume,
            reforms=[one for one in reforms if one is not None],
            beyond={str(one["name"]) for one in tables if one.get("beyond")},
            behaviours=behaviours, written=self.written,
        )  # fmt: skip

    # --- the parts

    def _years(self, data: Table) -> range | None:
        given = self._needed(data, ("years",), msg("the first and the last year, as years = [2023, 2032]"))
        if given is None:
            return None
        match given:
            case [int(first), int(last)] if date.min.year <= first <= last <= date.max.year:
                return range(first, last + 1)
        self._wrong(("years",), msg("years are the first and the last, as [2023, 2032]"))
        return None

    def _seeds(self, data: Table) -> Sequence[int]:
        given = data.get("seeds", 1)
        if type(given) is int and given > 0:
            return range(1, given + 1)
        if isinstance(given, list) and given and all(type(one) is int for one in given):
            return given
        self._wrong(("seeds",), msg("give how many seeds, or a list of whole numbers, each of them once"))
        return ()

    def _place(self, book: PolicyBook, table: Table, at: At, years: range | None) -> str | None:
        given = self._needed(table, at, msg('the place, by its code or Chinese name, as place = "220104"'))
        if given is None:
            return None
        try:
            if not isinstance(given, str):
                raise PlainError(msg('a place is text: write "220104"'))
            return book.find(given, None if years is None else placed_on(years)).code
        except (PlainError, PlaceNotFoundError) as error:
            self._wrong(at, error.problem if isinstance(error, PlainError) else error.message)
            return None

    def _start(self, data: Table, years: range | None) -> Start | None:
        told = msg('where it starts, as start.folder = "tables" or start.synthesize = 2022')
        table = self._needed(data, ("start",), told)
        if table is None:
            return None
        if not isinstance(table, Mapping) or ("folder" in table) == ("synthesize" in table):
            self._wrong(("start",), msg("say {wanted}", wanted=told))
            return None
        self._names(("start",), table, _START)
        if "folder" in table:
            return self._folder(table)
        year = self._taken(table, ("start", "synthesize"), int, 0)
        start = MadeUp(year, self._taken(table, ("start", "seed"), int, 1), self._country(table))
        problem = None if years is None else start.problem(years)
        if problem is not None:
            self._wrong(("start", "synthesize"), problem)
        return start

    def _folder(self, table: Table) -> Start:
        if "seed" in table:
            self._wrong(
                ("start", "seed"), msg("{name} goes with synthesize: tables of a folder need none", name="seed")
            )
        folder: Path = self.folder / self._taken(table, ("start", "folder"), str, "")
        country = self._country(table)
        if not folder.exists():
            self._wrong(("start", "folder"), msg("there is no such file or folder"))
        elif country is not None:
            counties = counties_in(folder)
            if not counties:
                told = msg("a made-up country is read from folders of counties, of which none is here")
                self._wrong(("start", "folder"), told)
            return Folders(counties, country)
        return folder

    def _country(self, table: Table) -> Country | None:
        if not any(name in table for name in _SIZE):
            return None
        told = msg("a made-up country's size is given as start.committees and start.posts")
        for name in _SIZE:
            self._needed(table, ("start", name), told)
        size = {name: self._taken(table, ("start", name), int, 1) for name in _SIZE}
        try:
            return Country(**size)
        except ValueKindError as error:
            self._wrong(("start", "posts"), error.message)
            return None

    def _reform(
        self, book: PolicyBook, number: int, table: Table, place: str | None, years: range | None
    ) -> Reform | None:
        at: At = ("reform", number)
        self._names(at, table, _REFORM)
        before = len(self.faults)
        self._needed(table, (*at, "name"), msg("what the reform is called"))
        name = self._taken(table, (*at, "name"), str, "")
        if "place" in table:
            place = self._place(book, table, (*at, "place"), years)
        scope = self._taken(table, (*at, "scope"), str, "default")
        if scope not in _SCOPES:
            self._wrong((*at, "scope"), msg("one of {allowed} is expected", allowed=_SCOPES))
        self._taken(table, (*at, "beyond"), bool, False)
        since = self._taken(table, (*at, "since"), date, date(1 if years is None else years[0], 1, 1))
        until = self._taken(table, (*at, "until"), date, None)
        given = self._needed(table, (*at, "values"), msg("the values by key, as values.staffing.step = [500, 500]"))
        values: list[LocalValue[Any]] = []  # Any: keys of every type
        if isinstance(given, Mapping):
            for key, one in _by_key(given):
                self._set(values, (*at, "values", *key.split(".")), key, one, name, since, until)
        elif given is not None:
            self._wrong((*at, "values"), msg("a table is expected"))
        if len(self.faults) > before or place is None:
            return None
        chosen: Literal["default", "replace_below"] = "replace_below" if scope == "replace_below" else "default"
        return Reform(name=name, place=place, values=values, scope=chosen)

    def _set(
        self, values: list[LocalValue[Any]], at: At, key: str, data: object, name: str, since: date, until: date | None
    ) -> None:
        if key not in PARAMETERS:
            near = nearest(key, PARAMETERS)
            self._wrong(
                at,
                msg("There is no parameter {asked}. Nearest names: {near}.", asked=key, near=near)
                if near
                else msg("There is no parameter {asked}.", asked=key),
            )
            return
        parameter = PARAMETERS[key]
        try:
            values.append(
                parameter.set(
                    parameter.parse(data), since=since, until=until, known_on=since,
                    source=Document(name).article(""), status=Status.ASSUMPTION,
                )
            )
        except ValueKindError as error:
            self._wrong(at, error.message)

    def _behaviours(self, data: Table) -> tuple[Behaviour, ...]:
        usual = {one.kind: one for one in usual_behaviours()}
        for number, table in enumerate(self._tables(data, "behaviour")):
            kind = self._needed(table, ("behaviour", number, "kind"), msg("which behaviour, by its kind"))
            if kind is None:
                continue
            if kind not in KINDS:
                self._unknown(("behaviour", number, "kind"), str(kind), KINDS)
                continue
            made = self._behaviour(("behaviour", number), KINDS[kind], table)
            if made is not None:
                usual[kind] = made
        left_out = self._taken(data, ("without",), tuple[str, ...], ())
        for kind in left_out:
            if kind not in usual:
                self._unknown(("without",), kind, usual)
        return tuple(one for kind, one in usual.items() if kind not in left_out)

    def _behaviour(self, at: At, kind: type[Behaviour], table: Table) -> Behaviour | None:
        fields = {field.name: field for field in attrs.fields(kind)}
        self._names(at, table, ("kind", *fields))
        hints = typing.get_type_hints(kind)
        given: dict[str, object] = {}
        for name, data in table.items():
            if name in fields:
                try:
                    given[name] = _sourced(typing.get_args(hints[name])[0], data)
                except PlainError as error:
                    self._wrong((*at, name), error.problem)
        try:
            made = kind(**given)
        except ShequError as error:
            self._wrong(at, error.message)
        except (TypeError, ValueError) as error:
            self._wrong(at, msg("{problem}", problem=str(error)))
        else:
            for name, problem in made.problems():
                self._wrong((*at, name), msg("{name}: {problem}", name=f"{made.kind}.{name}", problem=problem))
            return made
        return None

    # --- what is asked of a table

    def _tables(self, data: Table, name: str) -> Sequence[Table]:
        given = data.get(name, [])
        if isinstance(given, list) and all(isinstance(one, Mapping) for one in given):
            return given
        self._wrong((name,), msg("write [[{name}]] above each", name=name))
        return []

    def _needed(self, table: Table, at: At, what: Message) -> Any:  # Any: as TOML gives it
        if at[-1] not in table:
            self._wrong(at, msg("{name} is missing: {what}", name=at[-1], what=what))
            return None
        return table[str(at[-1])]

    def _taken(self, table: Table, at: At, hint: Any, otherwise: Any) -> Any:  # Any: the hint decides, at run time
        if at[-1] not in table:
            return otherwise
        try:
            return from_plain(hint, table[str(at[-1])])
        except PlainError as error:
            self._wrong(at, msg("{name}: {problem}", name=at[-1], problem=error.problem))
            return otherwise

    def _names(self, at: At, table: Table, known: Sequence[str]) -> None:
        for name in table:
            if name not in known:
                self._unknown((*at, name), name, known)

    def _unknown(self, at: At, asked: str, known: Iterable[str]) -> None:
        known = tuple(known)
        near = nearest(asked, known)
        self._wrong(
            at,
            msg("there is no {asked} here. Did you mean {near}?", asked=asked, near=near)
            if near
            else msg("there is no {asked} here: there are {known}", asked=asked, known=known),
        )

    def _wrong(self, at: At, message: Message) -> None:
        self.faults.append(self.written.fault(at, message))


def _by_key(given: Table, before: str = "") -> Iterator[tuple[str, object]]:
    """Yield values by key: `staffing.step = …` is as good as `"staffing.step" = …`."""
    for name, one in given.items():
        key = f"{before}{name}"
        if isinstance(one, Mapping) and any(known.startswith(f"{key}.") for known in PARAMETERS):
            yield from _by_key(one, f"{key}.")
        else:
            yield key, one


def _sourced(hint: Any, data: object) -> object:  # Any: a type at run time
    """Read a parameter of a behaviour: bare, or with its status and source."""
    if not (isinstance(data, Mapping) and "value" in data and set(data) <= set(_SOURCED)):
        return from_plain(hint, data)
    status = from_plain(Status, data.get("status", Status.ASSUMPTION.value))
    return Sourced(from_plain(hint, data["value"]), status, from_plain(str, data.get("source", "")))
