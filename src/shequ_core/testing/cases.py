"""Worked cases: what a clause comes to for given facts, in TOML, so that a lawyer can add one without Python.

```toml
[[case]]
clause = "JLW2.2b"               # or clauses = ["JLW2.2a", "JLW2.2b"]
title = "不足一档不增设 / a step that is not complete adds nothing"
worked_out_by = "3,299 is 299 above 3,000; 299 holds no complete 300; so 15 stay."
rule = "staffing.allowed_posts"  # what is asked; see below for the other two
place = "22"                     # whose policy, on which day
on = 2022-01-01
known = 2022-01-01               # as known on that day; left out: as known now
assume = false                   # whether assumed values take part
[case.set]                       # values for this case alone, so that it doesn't hang on a place
"staffing.quota" = 120
[case.given]                     # the rule's arguments by name; "?" is unknown
households = [3000, 3299, 3300]
residents = ["?", "?", "?"]
[case.expected]                  # the answer; a plain list stands beside `rule` as `expected = [...]`
low = [10, 10, 10]
high = [15, 15, 16]
```

A case asks one of four things:

- `rule`: what the rule answers. Columns are lists, one entry a row; money is yuan text ("2958.00"), a day
  2022-07-01, a member of an enum its code; a span has `low` and `high`; groups are listed by name; ranks are
  numbers, or ids, whose sorted order they then are; a history is a list of tables from year to grade. Of an
  answer with several parts those are compared that the case names, and so of the parts of a part.
- `value`: what a parameter is at the place on the day (`expected_value`, in the form of `shequ policy --json`).
- `judge`: whether a value that a place below would set (`given`) keeps the bounds of those above it:
  `expected` is "inside", "conflict" or "not comparable".
- `check`: whom a check finds (`check = "JLW2.2d-party-posts-short"`). `given` holds tables by name, each a list
  of rows with the fields of the fact; a table that is left out was not given, but for communities, posts, workers
  and holdings, which are then empty. `journals` are not tables: each has `procedure`, `subject` and its `acts`;
  left out, none were given. `expected` lists the subjects; "? 220104" is a county of which something is
  not examined. `also` lists the codes of other checks that find something too: no others may.
"""

from __future__ import annotations

import importlib
import importlib.resources
import importlib.util
import inspect
import json
import pkgutil
import tomllib
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from types import ModuleType
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.audit.registry import checks_of
from shequ_core.audit.run import run_audit
from shequ_core.errors import CaseError, Message, ShequError, msg, nearest
from shequ_core.jilin import plugin as jilin
from shequ_core.law.carrying import CARRIERS, Carrier
from shequ_core.law.clauses import Document
from shequ_core.model.records import AssessmentGrade
from shequ_core.national import plugin as national
from shequ_core.policy.book import Plugin, PolicyBook
from shequ_core.policy.bounds import Verdict
from shequ_core.policy.parameters import PARAMETERS, LocalLimit, LocalPolicy, LocalValue, Reform
from shequ_core.policy.plain import PlainError, from_plain, to_plain
from shequ_core.policy.policy import Policy
from shequ_core.procedures.journal import procedure_named
from shequ_core.procedures.machine import Act, Proceeding
from shequ_core.tables.columns import (
    BoolColumn,
    Column,
    DateColumn,
    EnumColumn,
    FenColumn,
    IntColumn,
    TextColumn,
    day_number,
)
from shequ_core.tables.dataset import REQUIRED, TABLES, Dataset
from shequ_core.tables.groups import Groups
from shequ_core.tables.history import History
from shequ_core.tables.table import Table
from shequ_core.values import Fen, JsonValue, Span, Status

UNKNOWN: Final = "?"
"""What stands for an unknown: TOML has no null."""

JOURNALS: Final = "journals"
"""What a case of a check gives beside its tables."""

FLOORS: Final = ("rules", "planning", "procedures", "audit")
"""The floors whose modules carry clauses."""

Said: TypeAlias = "LocalValue[Any] | LocalLimit[Any]"  # Any: keys of every type

_SUBJECTS: Final = ("rule", "value", "judge", "check")
_FIELDS: Final = frozenset(
    {
        "clause", "clauses", "title", "worked_out_by", "place", "on", "known", "assume", "set", "given", "expected",
        "expected_value", "also", *_SUBJECTS,
    }
)
_NEEDED: Final = ("title", "worked_out_by", "place", "on")
_TRIED: Final = Document("a worked case")
_ALWAYS: Final = date.min
_COUNTY_DIGITS: Final = 6


@attrs.frozen(kw_only=True)
class Case:
    """One worked case, as it stands in its file.

    Attributes:
        file: The file's name.
        number: Its place in the file, from 1.
        subject: 'rule', 'value', 'judge' or 'check'.
        name: The rule, the parameter or the check asked about.
        settings: Values for this case alone, by parameter, in plain form.
        given: What the rule is given, or the value to judge, in plain form.
        expected: What should come out, in plain form.
        also: Codes of other checks that find something in the tables given.
    """

    file: str
    number: int
    clauses: tuple[str, ...]
    title: str
    worked_out_by: str
    subject: str
    name: str
    place: str
    on: date
    known: date | None
    assume: bool
    settings: Mapping[str, object]
    given: object
    expected: object
    also: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its file and its place there."""
        return f"{self.file.removesuffix('.toml')}-{self.number}"

    def fault(self, field: str, problem: Message, near: Sequence[str] = ()) -> CaseError:
        """Return the error that something is wrong with it."""
        return _fault(self.file, self.title, field, problem, near)


@attrs.frozen
class CaseResult:
    """What came out of a case and what should have, in plain form."""

    found: JsonValue
    expected: JsonValue

    @property
    def same(self) -> bool:
        """Whether it came out as worked out."""
        return self.found == self.expected


def _fault(file: str, title: str, field: str, problem: Message, near: Sequence[str] = ()) -> CaseError:
    parts = {"file": file, "title": title, "field": field, "problem": problem, "near": tuple(near)}
    return CaseError(
        Message("{file}, case {title}, {field}: {problem} Nearest names: {near}.", parts)
        if near
        else Message("{file}, case {title}, {field}: {problem}", parts)
    )


def carriers() -> Mapping[str, Carrier]:
    """Return everything that the code marks as carrying clauses, after importing all of it."""
    for floor in FLOORS:
        package = f"shequ_core.{floor}"
        if importlib.util.find_spec(package) is None:
            continue
        folder = importlib.import_module(package).__path__
        for module in pkgutil.iter_modules(folder):
            importlib.import_module(f"{package}.{module.name}")
    return CARRIERS


# --- reading -----------------------------------------------------------------------------------------


def load_cases(*folders: Traversable) -> tuple[Case, ...]:
    """Read every case of some folders, of the library's own where none is named.

    Raises:
        CaseError: A file or a case can't be read; it names file, case, field and the nearest names.
    """
    return tuple(case for folder in folders for case in _cases_of(folder)) if folders else _own_cases()


@cache
def _own_cases() -> tuple[Case, ...]:
    """Read once: they ship with the library, and reading them takes longer than most that is done with them."""
    return tuple(_cases_of(importlib.resources.files("shequ_core") / "cases"))


def _cases_of(folder: Traversable) -> Iterator[Case]:
    for file in _toml_files(folder):
        yield from _read(file)


def _toml_files(folder: Traversable) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)


def _read(file: Traversable) -> list[Case]:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise _fault(file.name, UNKNOWN, "TOML", msg("{problem}", problem=str(error))) from None
    rows = data.pop("case", [])
    if data or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problem = msg("a file holds [[case]] tables and nothing else")
        raise _fault(file.name, UNKNOWN, ", ".join(data) or "case", problem)
    return [_case(file.name, number, row) for number, row in enumerate(rows, start=1)]


def _case(file: str, number: int, row: Mapping[str, Any]) -> Case:  # Any: a TOML table
    title = str(row.get("title", number))

    def text(field: str) -> str:
        if not isinstance(row[field], str) or not row[field]:
            raise _fault(file, title, field, msg("text is expected"))
        return str(row[field])

    def day(field: str) -> date:
        if type(row[field]) is not date:
            raise _fault(file, title, field, msg("a day is written 2022-07-01, without quotes"))
        found: date = row[field]
        return found

    for field in row:
        if field not in _FIELDS:
            raise _fault(file, title, field, msg("a case has no such field."), nearest(field, _FIELDS))
    for field in _NEEDED:
        if field not in row:
            raise _fault(file, title, field, msg("every case has one"))
    subjects = [subject for subject in _SUBJECTS if subject in row]
    if len(subjects) != 1:
        raise _fault(file, title, "/".join(_SUBJECTS), msg("a case asks exactly one of these"))
    if ("clause" in row) == ("clauses" in row):
        raise _fault(file, title, "clause", msg("a case names its clause, or its clauses"))
    answer = "expected_value" if subjects[0] == "value" else "expected"
    if answer not in row:
        raise _fault(file, title, answer, msg("a case says what should come out"))
    clauses = row["clauses"] if "clauses" in row else [text("clause")]
    if not isinstance(clauses, list) or not clauses or not all(isinstance(one, str) for one in clauses):
        raise _fault(file, title, "clauses", msg("a list of clauses is expected"))
    return Case(
        file=file, number=number, clauses=tuple(clauses), title=title, worked_out_by=text("worked_out_by"),
        subject=subjects[0], name=text(subjects[0]), place=text("place"), on=day("on"),
        known=day("known") if "known" in row else None, assume=row.get("assume", False) is True,
        settings=row.get("set", {}), given=row.get("given", {}), expected=row[answer],
        also=tuple(row.get("also", ())),
    )


# --- the books in which they run -----------------------------------------------------------------------


def built_in() -> tuple[tuple[Plugin, LocalPolicy], ...]:
    """Return what the library itself says of the nation and the province, whatever else is installed."""
    return tuple(_layers((national, jilin), own=True))


def _layers(modules: Iterable[ModuleType], *, own: bool) -> Iterable[tuple[Plugin, LocalPolicy]]:
    for module in modules:
        policies: Sequence[LocalPolicy] = module.shequ_place()
        places = tuple(policy.place for policy in policies)
        for policy in policies:
            yield Plugin(name=module.__name__, places=places, built_in=own), policy


class Books:
    """The policies in which cases are run, made once each.

    What is installed beside the library takes no part, so that a case comes out the same everywhere.
    """

    def __init__(self, *plugins: ModuleType, change: Callable[[Said], Said] | None = None) -> None:
        """Lay out the books.

        Args:
            plugins: Modules of a city's plugin that take part too.
            change: Something done to all that is said before it is put in the book: proofs disturb it so.
        """
        layers = (*built_in(), *_layers(plugins, own=False))
        self._layers = [
            (plugin, policy if change is None else attrs.evolve(policy, values=[change(one) for one in policy.values]))
            for plugin, policy in layers
        ]
        self._checks = [
            (Plugin(name=module.__name__, places=tuple(policy.place for policy in module.shequ_place())), one)
            for module in plugins
            for one in getattr(module, "shequ_checks", tuple)()
        ]
        self._books: dict[str, PolicyBook] = {}

    def policy(self, case: Case) -> Policy:
        """Return the policy of a case, with its own settings laid over it."""
        values = [_setting(case, f"set.{name}", name, data) for name, data in case.settings.items()]
        return self._policy(case, values, scope="replace_below")

    def book(self, case: Case) -> PolicyBook:
        """Return the book of a case, its own settings laid over it."""
        values = [_setting(case, f"set.{name}", name, data) for name, data in case.settings.items()]
        return self._book(case, values, scope="replace_below")

    def verdict(self, case: Case) -> Verdict:
        """Judge the case's value as if its place set it."""
        value = _setting(case, "given", case.name, case.given)
        why = self._policy(case, [value], scope="default").why(value.key)
        assert why is not None
        found = {departure.judgement.verdict for departure in why.departures}
        return next((one for one in (Verdict.CONFLICT, Verdict.NOT_COMPARABLE) if one in found), Verdict.INSIDE)

    def _policy(
        self, case: Case, values: Sequence[LocalValue[Any]], scope: typing.Literal["default", "replace_below"]
    ) -> Policy:
        return self._book(case, values, scope).policy(case.place, case.on, case.known)

    def _book(
        self, case: Case, values: Sequence[LocalValue[Any]], scope: typing.Literal["default", "replace_below"]
    ) -> PolicyBook:
        told = {value.key.name: value.to_data() for value in values}
        asked = json.dumps([case.assume, case.place if values else "", scope, told], sort_keys=True)
        if asked not in self._books:
            book = PolicyBook(self._layers, assume=case.assume, checks=self._checks)
            if values:
                book = book.reformed(
                    Reform(name=case.title, place=case.place[:_COUNTY_DIGITS], values=values, scope=scope)
                )
            self._books[asked] = book
        return self._books[asked]


def _setting(case: Case, field: str, name: str, data: object) -> LocalValue[Any]:  # Any: found by name
    if name not in PARAMETERS:
        raise case.fault(field, msg("there is no such parameter."), nearest(name, PARAMETERS))
    key = PARAMETERS[name]
    try:
        return key.set(
            key.parse(data), since=_ALWAYS, known_on=_ALWAYS, source=_TRIED.article(case.id), status=Status.ISSUED
        )
    except ShequError as error:
        raise case.fault(field, error.message) from None


# --- running -------------------------------------------------------------------------------------------


def run_case(case: Case, books: Books) -> CaseResult:
    """Run a case and return what came out beside what should have.

    Raises:
        CaseError: It asks for something that isn't there, or gives or expects what can't be.
    """
    try:
        if case.subject == "rule":
            return _run_rule(case, books)
        if case.subject == "check":
            return _run_check(case, books)
        if case.subject == "judge":
            return CaseResult(books.verdict(case).value, _verdict(case).value)
        expected = _setting(case, "expected_value", case.name, case.expected)
        return CaseResult(to_plain(books.policy(case)[expected.key]), expected.to_data())
    except CaseError:
        raise
    except ShequError as error:
        raise case.fault(case.name, error.message) from error


def _run_check(case: Case, books: Books) -> CaseResult:
    """Audit the tables of a case: whom its check finds, and that no other finds anything but those of `also`."""
    book = books.book(case)
    known = checks_of(book)
    for code in (case.name, *case.also):
        if code not in known:
            raise case.fault("check", msg("there is no such check."), nearest(code, known))
    clause = known[case.name].check.clause
    if case.clauses != (clause,):
        told = msg("{rule} carries {clauses}, not {odd}", rule=case.name, clauses=clause, odd=case.clauses)
        raise case.fault("clause", told)
    if not isinstance(case.expected, list):
        raise case.fault("expected", msg("a list of subjects is expected"))
    found = run_audit(_dataset(case), book, on=case.on, known=case.known, journals=_journals(case))
    told_of = [
        *(one.subject for one in found.findings if one.code == case.name),
        *(f"{UNKNOWN} {one.subject}" for one in found.not_examined if one.code == case.name),
    ]
    others = sorted({one.code for one in found.findings} - {case.name})
    return CaseResult(
        {"found": [*sorted(told_of)], "also": [*others]},
        {"found": sorted(map(str, case.expected)), "also": sorted(case.also)},
    )


def _dataset(case: Case) -> Dataset:
    if not isinstance(case.given, Mapping):
        raise case.fault("given", msg("a table of tables is expected"))
    tables: dict[str, Table[Any]] = {name: TABLES[name].empty() for name in REQUIRED}  # Any: facts of every kind
    for name, rows in case.given.items():
        if name == JOURNALS:
            continue
        if name not in TABLES:
            raise case.fault(f"given.{name}", msg("there is no such table."), nearest(name, TABLES))
        if not isinstance(rows, list):
            raise case.fault(f"given.{name}", msg("a list is expected, one entry a row"))
        kind = TABLES[name]
        made = []
        for row in rows:
            try:
                made.append(from_plain(kind.fact, row))
            except PlainError as error:
                raise case.fault(f"given.{name}", error.problem) from None
        tables[name] = kind.of(made)
    return Dataset(**tables)  # type: ignore[arg-type]  # by name, as TABLES says


@attrs.frozen(kw_only=True)
class _Journal:
    """A journal as a case has it."""

    procedure: str
    subject: str
    acts: tuple[Act, ...] = ()


def _journals(case: Case) -> tuple[Proceeding, ...] | None:
    if not isinstance(case.given, Mapping) or JOURNALS not in case.given:
        return None
    try:
        given: tuple[_Journal, ...] = from_plain(tuple[_Journal, ...], case.given[JOURNALS])
    except PlainError as error:
        raise case.fault(f"given.{JOURNALS}", error.problem) from None
    return tuple(procedure_named(one.procedure).replay(one.subject, one.acts) for one in given)


def _verdict(case: Case) -> Verdict:
    try:
        return Verdict(str(case.expected))
    except ValueError:
        raise case.fault("expected", msg("one of {allowed} is expected", allowed=tuple(map(str, Verdict)))) from None


def _run_rule(case: Case, books: Books) -> CaseResult:
    known = carriers()
    if case.name not in known:
        raise case.fault("rule", msg("no rule {name} carries a clause.", name=case.name), nearest(case.name, known))
    carrier = known[case.name]
    odd = sorted(set(case.clauses) - set(carrier.clauses))
    if odd:
        problem = msg("{rule} carries {clauses}, not {odd}", rule=case.name, clauses=carrier.clauses, odd=odd[0])
        raise case.fault("clause", problem)
    rule = inspect.unwrap(carrier.run)
    hints = _hints(rule)
    answer = hints.pop("return")
    found = carrier.run(**_arguments(case, books, rule, hints))
    expected = _reading(case, "expected", answer, case.expected)
    return CaseResult(*_comparable(found, expected))


_ARRAYS: Final = {"np": np, "npt": npt, "Ints": npt.NDArray[np.int64], "Bools": npt.NDArray[np.bool_]}


def _hints(rule: Callable[..., Any]) -> dict[str, Any]:  # Any: hints are of every kind
    # The aliases of bare arrays are quoted where they are declared: text can't be joined with None, so they are told.
    return typing.get_type_hints(rule, localns=_ARRAYS)


def _arguments(
    case: Case, books: Books, rule: Callable[..., Any], hints: Mapping[str, Any]  # Any: as above
) -> dict[str, object]:
    if not isinstance(case.given, Mapping):
        raise case.fault("given", msg("a table of the rule's arguments is expected"))
    wanted = {name for name, hint in hints.items() if hint is not Policy}
    for name in case.given:
        if name not in wanted:
            raise case.fault(f"given.{name}", msg("the rule has no such argument."), nearest(name, wanted) or [*wanted])
    parameters = inspect.signature(rule).parameters
    needed = [name for name in hints if name in wanted and parameters[name].default is inspect.Parameter.empty]
    missing = [name for name in needed if name not in case.given]
    if missing:
        raise case.fault("given", msg("{missing} is missing", missing=tuple(missing)))
    found = {name: _reading(case, f"given.{name}", hints[name], data) for name, data in case.given.items()}
    return {**found, **{name: books.policy(case) for name, hint in hints.items() if hint is Policy}}


def _reading(case: Case, field: str, hint: Any, data: object) -> object:  # Any: a hint
    try:
        return _read_as(hint, data)
    except PlainError as error:
        raise case.fault(field, error.problem) from None


_ITEMS: Final[Mapping[object, tuple[Callable[[Any], object], object]]] = {  # Any: each takes a list of its own items
    IntColumn: (IntColumn.of, int),
    FenColumn: (FenColumn.of, Fen),
    TextColumn: (TextColumn.of, str),
    BoolColumn: (BoolColumn.of, bool),
    DateColumn: (DateColumn.of, date),
}


def _read_as(hint: Any, data: object) -> object:  # Any: a hint
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        (hint,) = (one for one in args if one is not type(None))
        return None if data == UNKNOWN else _read_as(hint, data)
    if hint in _ITEMS:
        make, item = _ITEMS[hint]
        return make(_items(item, data))
    if origin is EnumColumn:
        return EnumColumn.of(args[0], _items(args[0], data))
    if origin is Span and isinstance(data, Mapping):
        if set(data) != {"low", "high"}:
            raise PlainError(msg("a span has low and high"))
        return Span(_read_as(args[0], data["low"]), _read_as(args[0], data["high"]))
    if hint is Groups:
        return Groups.of(TextColumn.of(_names(data)))
    if hint is History:
        return _history(data)
    if origin is np.ndarray:
        return _ranks(data)
    if isinstance(hint, type) and attrs.has(hint) and _holds_columns(hint):
        return _parts(hint, data)
    if origin is Mapping and attrs.has(args[1]) and _holds_columns(args[1]) and isinstance(data, dict):
        return {from_plain(args[0], name): _parts(args[1], one) for name, one in data.items()}
    if origin is Mapping and isinstance(data, dict) and (args[1] in _ITEMS):
        return {from_plain(args[0], name): _read_as(args[1], one) for name, one in data.items()}
    return from_plain(hint, data)


def _items(item: Any, data: object) -> list[Any]:  # Any: items of the kind that the hint names
    if not isinstance(data, list):
        raise PlainError(msg("a list is expected, one entry a row"))
    return [None if one == UNKNOWN else from_plain(item, one) for one in data]


def _names(data: object) -> list[str]:
    found = _items(str, data)
    if None in found:
        raise PlainError(msg("every row has a group"))
    return found


def _ranks(data: object) -> npt.NDArray[np.int64]:
    if isinstance(data, list) and all(isinstance(one, str) for one in data):
        return TextColumn.of(data).rank()
    return np.array(_items(int, data), dtype=np.int64)


def _history(data: object) -> History:
    rows = _items(Mapping[str, AssessmentGrade], data)
    try:
        years = sorted({int(year) for row in rows for year in row})
    except ValueError:
        raise PlainError(msg("a history is a list of tables such as {{2020 = \"unqualified\"}}")) from None
    first, width = (years[0], years[-1] - years[0] + 1) if years else (0, 0)
    codes = np.full((len(rows), width), -1, dtype=np.int8)
    decided = np.zeros((len(rows), width), dtype=np.int32)
    members = list(AssessmentGrade)
    for person, row in enumerate(rows):
        for year, grade in row.items():
            codes[person, int(year) - first] = members.index(grade)
            decided[person, int(year) - first] = day_number(date(int(year), 12, 31))
    return History(first, codes, decided)


def _holds_columns(kind: type[Any]) -> bool:  # Any: any attrs class
    return any(isinstance(hint, type) and issubclass(hint, Column) for hint in _hints(kind).values())


def _parts(kind: type[Any], data: object) -> dict[str, object]:  # Any: any attrs class
    if not isinstance(data, Mapping):
        raise PlainError(msg("a table is expected"))
    hints = _hints(kind)
    for name in data:
        if name not in hints:
            raise PlainError(msg("{name} is no part of the answer; parts are {parts}", name=name, parts=tuple(hints)))
    return {name: _read_as(hints[name], one) for name, one in data.items()}


def _comparable(found: object, expected: object) -> tuple[JsonValue, JsonValue]:
    """Return both as plain data; of an answer with several parts, at any depth, those that were expected."""
    if isinstance(expected, dict) and attrs.has(type(found)):
        pairs = {str(name): _comparable(getattr(found, name), one) for name, one in expected.items()}
    elif isinstance(expected, dict) and isinstance(found, Mapping) and found.keys() == expected.keys():
        pairs = {str(name): _comparable(found[name], one) for name, one in expected.items()}
    else:
        return _plain(found), _plain(expected)
    return {name: one for name, (one, _) in pairs.items()}, {name: one for name, (_, one) in pairs.items()}


def _plain(value: object) -> JsonValue:
    if isinstance(value, Column):
        return [UNKNOWN if one is None else to_plain(one) for one in value]
    if isinstance(value, Span):
        return {"low": _plain(value.low), "high": _plain(value.high)}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    kind = type(value)
    if attrs.has(kind) and _holds_columns(kind):
        return {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(kind)}
    if isinstance(value, Groups):
        return [value.names[at] for at in value.at.tolist()]
    if isinstance(value, np.ndarray):
        listed: list[int] = value.tolist()
        return listed
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return UNKNOWN if value is None else to_plain(value)
