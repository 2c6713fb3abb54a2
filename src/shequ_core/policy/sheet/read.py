"""Reading a figure sheet: all that it says, or every fault of it at its line."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from shequ_core.errors import Fault, InputError, Message, PlaceNotFoundError, Term, msg, nearest
from shequ_core.model.places import Division, Divisions, Level, level_of
from shequ_core.policy.book import listed_divisions
from shequ_core.policy.bounds import Bound, bound_from
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import PARAMETERS, LocalLimit, LocalPolicy, LocalValue, Parameter, said_twice
from shequ_core.policy.plain import NO_WHOLE_NUMBER, PlainError, Problem, Step, record_from
from shequ_core.policy.sheet.locate import Spot, line_and_character, locate
from shequ_core.policy.sheet.rows import (
    BOUND,
    DIVISIONS,
    DOCUMENTS,
    INHERITED,
    LEEWAY,
    LIMITS,
    SHEET,
    VALUE,
    DocumentRow,
    LimitRow,
    SaidRow,
    ValueRow,
    by_topic,
    counts,
)
from shequ_core.tables.files import decoded
from shequ_core.values import MONTHS_PER_YEAR

T = TypeVar("T")
R = TypeVar("R", bound=SaidRow)

Way: TypeAlias = tuple[Step, ...]
"""The way to a part of the sheet, from the outside in."""

_SHOWN: Final = 60
"""So many characters of what was found are told."""

_NUMBER_AND_UNIT: Final = re.compile(r"\s*(\d+)\s*([^\d\s.,/%][^\d]*?)\s*", re.ASCII)
_MONTHS_OF: Final = {
    "years": MONTHS_PER_YEAR, "year": MONTHS_PER_YEAR, "年": MONTHS_PER_YEAR, "岁": MONTHS_PER_YEAR,
    "周岁": MONTHS_PER_YEAR, "months": 1, "month": 1, "个月": 1, "月": 1,
}  # fmt: skip
"""Units of time that are taken one for another, in months."""


def read_sheet(sheet: Traversable | str) -> Sequence[LocalPolicy]:
    """Read a figure sheet.

    Args:
        sheet: A path, or a file of a package (`importlib.resources.files(__name__) / "figures.toml"`).

    Raises:
        InputError: It can't be read: every fault with its line, key and the way out.
    """
    file = Path(sheet) if isinstance(sheet, str) else sheet
    name = sheet if isinstance(sheet, str) else file.name
    try:
        content = file.read_bytes()
    except OSError as error:
        told = msg("the file can't be read: {problem}", problem=error.strerror or type(error).__name__)
        raise InputError([Fault(file=name, message=told)]) from None
    return sheet_from(content, name)


def sheet_hook(package: str, name: str = SHEET) -> Callable[[], Sequence[LocalPolicy]]:
    """Make the hook of a plugin whose values stand in a figure sheet.

    The module of the plugin says `shequ_place = sheet_hook(__name__)`, and nothing else.

    Args:
        package: The package in which the sheet lies.
        name: The sheet's name.
    """

    @hookimpl
    def shequ_place() -> Sequence[LocalPolicy]:
        return read_sheet(files(package) / name)

    return shequ_place


def sheet_from(content: bytes, file: str) -> Sequence[LocalPolicy]:
    """Read a figure sheet from its bytes; `file` is what errors call it. Raises as `read_sheet`."""
    text = _text(content, file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([_not_toml(text, str(error), file)]) from None
    except RecursionError:
        raise InputError([Fault(file=file, message=msg("tables or lists lie too deep in one another"))]) from None
    return _Reader(file, text).read(data)


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        text, line = decoded(content)
    if text is not None:
        told = msg("the file is written in GBK: save it as UTF-8")
    elif line is not None:
        told = msg("this line is not UTF-8: write it anew, and save the file as UTF-8")
    else:
        told = msg("the file is not UTF-8: save it as UTF-8")
    raise InputError([Fault(file=file, line=line, message=told)])


# --- what isn't TOML --------------------------------------------------------------------------------

_WHERE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

_IN_QUOTES: Final = msg("a name with Chinese characters stands in quotes")
_UNCLOSED: Final = msg("the brackets of this table don't close; {quotes}", quotes=_IN_QUOTES)
_THERE: Final = msg("this name is there already in this table")

_TOLD: Final[Mapping[str, Message]] = {
    "Cannot declare": msg("this table is there already: several values of one key are written [[…]], each"),
    "Cannot overwrite": _THERE,
    "Duplicate inline table key": _THERE,
    "Cannot mutate": msg("this table was closed before: put all of it in one place"),
    "Expected '='": msg("a name is followed by = and a value; {quotes}", quotes=_IN_QUOTES),
    "Expected ']' at": _UNCLOSED,
    "Expected ']]' at": _UNCLOSED,
    "Invalid initial character for a key part": msg("a name is expected here; {quotes}", quotes=_IN_QUOTES),
    "Expected newline or end of document": msg(
        "the line should end here: text and shares stand in quotes, a number has no unit"
    ),
    "Unclosed array": msg("this list doesn't close: ] is missing, or a comma before this item"),
    "Unclosed inline table": msg("this table doesn't close: }} is missing, or a comma; it stands on one line"),
    "Unterminated string": msg("this text doesn't close: a quotation mark is missing"),
    "Illegal character": msg("this character can't stand here; a text of several lines stands in three quotes"),
    "Invalid value": msg("this is no value: text stands in quotes, days are written 2022-07-01"),
    "Unescaped": msg("a backslash in double quotes is written twice, or the text put in single quotes"),
}
"""What `tomllib` says, and how we say it."""


def _not_toml(text: str, problem: str, file: str) -> Fault:
    """Say where a text stops being TOML, and what to do."""
    found = _WHERE.search(problem)
    bare = problem[: found.start()] if found else problem
    line, character = (int(found[1]), int(found[2])) if found and found[1] else (text.count("\n") + 1, None)
    told = next((said for begins, said in _TOLD.items() if bare.startswith(begins)), msg("{problem}", problem=bare))
    row = text.split("\n")[line - 1]
    wide = next((one for one in row[(character or 1) - 1 :] + row if _is_wide_mark(one)), None)
    if wide is not None and "#" not in row[: row.index(wide)]:
        plain = _PLAIN_MARKS.get(wide) or unicodedata.normalize("NFKC", wide)
        told = msg("{told} The mark {wide} is a Chinese one: write {plain}", told=told, wide=wide, plain=plain)
    return Fault(file=file, line=line, character=character, message=told)


_PLAIN_MARKS: Final = {"“": '"', "”": '"', "‘": "'", "’": "'", "【": "[", "】": "]", "。": ".", "、": ","}


def _is_wide_mark(one: str) -> bool:
    return one in _PLAIN_MARKS or "！" <= one <= "～"


# --- what is TOML ---------------------------------------------------------------------------------------


class _Reader:
    """Reads what a sheet says and keeps every fault."""

    def __init__(self, file: str, text: str) -> None:
        self._file, self._text = file, text
        self._faults: list[tuple[int, Fault]] = []
        self._documents: dict[str, DocumentRow | None] = {}
        self._spoiled = self._astray = False  # whether divisions or documents aren't all known
        self._lacking: dict[tuple[str, tuple[str, ...]], list[Way]] = {}

    def read(self, data: Mapping[str, Any]) -> Sequence[LocalPolicy]:  # Any: a TOML table
        self._read_documents(data.get(DOCUMENTS, {}))
        places = {name: one for name, one in data.items() if name != DOCUMENTS and self._is_place(name, one)}
        divisions = {code: self._divisions(code, one.get(DIVISIONS, [])) for code, one in places.items()}
        self._check_places(places, divisions)
        policies = [
            LocalPolicy(place=code, values=tuple(self._said(code, one)), divisions=Divisions(divisions[code]))
            for code, one in places.items()
        ]
        for (document, lacking), ways in self._lacking.items():
            self._tell(ways[0], self._is_lacking(document, lacking, len(ways) - 1))
        if not places and not self._faults:
            self._tell((), msg("it speaks for no place: values stand under the code of one, [220104.staffing.step]"))
        if self._faults:
            raise InputError([fault for _, fault in sorted(self._faults, key=lambda one: one[0])])
        return policies

    # --- faults

    @cached_property
    def _spots(self) -> Spot:
        """Where everything stands: asked for only where something is wrong."""
        return locate(self._text)

    def _tell(self, path: Way, message: Message, *, of_name: bool = True) -> None:
        """Keep a fault of a part: of its name, or of what it holds."""
        spot = self._spots.at(path)
        offset = spot.key if of_name else spot.start
        line, character = line_and_character(self._text, offset)
        told = [str(step) for step in path if isinstance(step, str)]
        fault = Fault(file=self._file, line=line, character=character, key=".".join(told) or None, message=message)
        self._faults.append((offset, fault))

    def _tell_all(self, path: Way, error: PlainError, said: Callable[[Way, Problem], Message]) -> None:
        for one in error.problems:
            self._tell((*path, *one.at), said((*path, *one.at), one), of_name=one.of_name)

    def _found(self, path: Way) -> str:
        """Return what stands there, as it is written in the file."""
        spot = self._spots.at(path)
        told = " ".join(self._text[spot.start : spot.end].split())
        return told if len(told) <= _SHOWN else f"{told[:_SHOWN]}…"

    def _odd(self, path: Way, one: Problem) -> Message:
        if one.of_name or self._spots.at(path).headed:
            return one.message
        return msg("{problem}; what stands here is {found}", problem=one.message, found=self._found(path))

    def _record(self, kind: type[T], path: Way, data: Mapping[str, object]) -> T | None:
        """Read a record, without the fields that have faults, which are kept; None where it can't do without them."""
        try:
            found: T = record_from(kind, data)
        except PlainError as error:
            self._tell_all(path, error, self._odd)
            wrong = {one.at[0] for one in error.problems if one.at}
            rest = {name: one for name, one in data.items() if name not in wrong}
            try:
                return record_from(kind, rest) if wrong else None
            except PlainError:
                return None
        return found

    @staticmethod
    def _is_lacking(document: str, lacking: tuple[str, ...], others: int) -> Message:
        parts = {"missing": lacking, "document": document, "count": others}
        if not others:
            return Message("{missing} is missing: write it here, or in [documents.{document}]", parts)
        return Message(
            "{missing} is missing here, and in {count} more that cite this document: write it in"
            " [documents.{document}] for all of them", parts,
        )

    # --- documents and places

    def _read_documents(self, data: object) -> None:
        if not isinstance(data, dict):
            self._tell((DOCUMENTS,), msg("a document is written as a table of its own, [documents.rules]"))
            return
        for name, one in data.items():
            if isinstance(one, dict):
                self._documents[name] = self._record(DocumentRow, (DOCUMENTS, name), one)
            else:
                self._documents[name] = None
                self._tell((DOCUMENTS, name), msg("a document is written as a table of its own, [documents.rules]"))

    def _is_place(self, name: str, data: object) -> bool:
        if not name.isdigit():
            self._tell((name,), self._no_place(name))
            self._astray = self._astray or DOCUMENTS in nearest(name, [DOCUMENTS])
            return False
        if not isinstance(data, dict):
            self._tell((name,), msg("what a place says stands in tables under its code, [220104.staffing.step]"))
            return False
        try:
            level_of(name)
        except PlaceNotFoundError as error:
            self._tell((name,), error.message)
            return False
        return True

    def _no_place(self, name: str) -> Message:
        topics = {topic.partition(".")[0] for topic in by_topic(PARAMETERS)} | {LIMITS, DIVISIONS}
        if name in topics:
            return msg("{name} stands under the code of its place, as [220104.{name}…]", name=name)
        near = nearest(name, {*topics, DOCUMENTS})
        known = msg("a sheet holds documents and places by their codes")
        return msg("{known}; did you mean {near}?", known=known, near=near) if near else known

    def _divisions(self, code: str, rows: object) -> list[Division]:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            told = msg("each division is written as a table of its own, [[{code}.divisions]]", code=code)
            self._tell((code, DIVISIONS), told)
            self._spoiled = True
            return []
        before = len(self._faults)
        found = [self._record(Division, (code, DIVISIONS, at), row) for at, row in enumerate(rows)]
        self._spoiled = self._spoiled or len(self._faults) > before
        return [one for one in found if one is not None]

    def _check_places(self, places: Mapping[str, object], own: Mapping[str, Sequence[Division]]) -> None:
        """Tell of places that neither the library nor the sheet lists."""
        known = listed_divisions()
        told = set(known)
        try:
            known = known | Divisions(one for rows in own.values() for one in rows if one not in told)
        except ValueError as error:
            code = next(code for code, rows in own.items() if rows)
            self._tell((code, DIVISIONS), msg("{problem}", problem=str(error)))
            return
        for code in places if not self._spoiled else ():
            try:
                if level_of(code) in {Level.COMMUNITY, Level.GRID}:
                    problem = known.check_community(code[: len("220104001003")])
                    if problem is not None:
                        raise PlaceNotFoundError(code, why=problem)
                else:
                    known.at(code)
            except PlaceNotFoundError as error:
                where = msg("a place that the library doesn't list is described in [[{code}.divisions]]", code=code)
                self._tell((code,), msg("{problem} Else {where}", problem=error.message, where=where))

    # --- values and limits

    def _said(self, code: str, data: Mapping[str, object]) -> Iterator[LocalValue[Any] | LocalLimit[Any]]:
        """Yield all that a place says."""
        limits = data.get(LIMITS, {})
        values: list[tuple[Way, LocalValue[Any]]] = []  # Any: keys of every type
        rest = {name: one for name, one in data.items() if name not in {LIMITS, DIVISIONS}}
        for key, path, row in self._rows((code,), rest, ""):
            value = self._value(key, path, row)
            if value is not None:
                values.append((path, value))
                yield value
        paths = {id(value): path for path, value in values}
        for earlier, later in said_twice([value for _, value in values]):
            line, _ = line_and_character(self._text, self._spots.at(paths[id(earlier)]).key)
            told = msg(
                "{key} holds from {since} here, and the value in line {line} then still does: give that one an until,"
                " or put one of the two right",
                key=later.key.name, since=later.since, line=line,
            )
            self._tell(paths[id(later)], told)
        if not isinstance(limits, dict):
            self._tell((code, LIMITS), msg("a limit is written as a table, [220104.limits.pay.base_share]"))
            return
        for key, path, row in self._rows((code, LIMITS), limits, ""):
            limit = self._limit(key, path, row)
            if limit is not None:
                yield limit

    def _rows(
        self, path: Way, data: Mapping[str, object], before: str
    ) -> Iterator[tuple[Parameter[Any], Way, Mapping[str, object]]]:
        """Yield every key that is set, where, and what is said of it; unknown names are told."""
        for step, one in data.items():
            name, here = f"{before}{step}", (*path, step)
            if name in PARAMETERS:
                if isinstance(one, dict):
                    yield PARAMETERS[name], here, one
                elif isinstance(one, list) and one and all(isinstance(row, dict) for row in one):
                    yield from ((PARAMETERS[name], (*here, at), row) for at, row in enumerate(one))
                else:
                    table = ".".join(map(str, here))
                    self._tell(here, msg("it is written as a table, [{table}], with its document in it", table=table))
            elif any(known.startswith(f"{name}.") for known in PARAMETERS):
                if isinstance(one, dict):
                    yield from self._rows(here, one, f"{name}.")
                else:
                    self._tell(here, msg("the keys of {name} stand in tables under it", name=name))
            else:
                self._tell(here, self._no_key(name))

    @staticmethod
    def _no_key(name: str) -> Message:
        topic, _, last = name.rpartition(".")
        topics = by_topic(PARAMETERS)
        if not topic:
            near = nearest(name, [*topics, LIMITS, DIVISIONS])
        else:
            elsewhere = [known for known in PARAMETERS if known.rpartition(".")[2] == last]
            near = tuple(elsewhere) or tuple(f"{topic}.{one}" for one in nearest(last, topics.get(topic, ())))
            near = near or nearest(name, PARAMETERS)
        return (
            msg("there is no parameter {name}; did you mean {near}?", name=name, near=near)
            if near
            else msg("there is no parameter {name}; `shequ policy` and the reference list all", name=name)
        )

    def _row(self, kind: type[R], path: Way, row: Mapping[str, object]) -> tuple[R, DocumentRow] | None:
        """Read what is said of a value or limit, with its document's days where it says none of its own."""
        before = len(self._faults)
        said = self._record(kind, path, row)
        if said is None or said.document == "":
            return None
        if said.document not in self._documents and self._astray:
            return None
        if said.document not in self._documents:
            near = nearest(said.document, self._documents) or tuple(self._documents)
            told = (
                msg("there is no document {name}; did you mean {near}?", name=said.document, near=near)
                if near
                else msg("there is no document {name}: describe it in [documents.{name}]", name=said.document)
            )
            self._tell((*path, "document"), told, of_name=False)
            return None
        document = self._documents[said.document]
        if document is None:
            return None  # its faults are told
        taken = {name: getattr(document, name) for name in INHERITED if getattr(said, name, ...) is None}
        said = attrs.evolve(said, **taken)
        lacking = tuple(name for name in taken if taken[name] is None and name not in row)
        if lacking:
            self._lacking.setdefault((said.document, lacking), []).append(path)
        if said.until is not None and said.since is not None and said.until < said.since:
            self._tell((*path, "until"), msg("it ends before it begins, on {since}", since=said.since), of_name=False)
        return (said, document) if len(self._faults) == before and not lacking else None

    def _value(self, key: Parameter[Any], path: Way, row: Mapping[str, object]) -> LocalValue[Any] | None:
        found = self._row(ValueRow, path, row)
        right_unit = self._check_unit(key, path, row)
        value = self._parsed(key, (*path, VALUE), key.kind.parse, row.get(VALUE)) if VALUE in row else None
        leeway: Bound[Any] | None = None
        if LEEWAY in row:
            leeway = self._parsed(key, (*path, LEEWAY), lambda one: bound_from(key.kind, one), row[LEEWAY])
        if found is None or value is None or not right_unit or (LEEWAY in row and leeway is None):
            return None
        said, document = found
        assert said.since is not None
        assert said.known_on is not None
        assert said.status is not None
        return key.set(
            value, since=said.since, until=said.until, known_on=said.known_on,
            source=said.source(document.document()), status=said.status, leeway=leeway,
            fresh_until=said.fresh_until, rests_on=said.rests_on, reading=said.reading,
            departs=said.departs, ends=said.ends,
        )

    def _limit(self, key: Parameter[Any], path: Way, row: Mapping[str, object]) -> LocalLimit[Any] | None:
        found = self._row(LimitRow, path, row)
        bound: Bound[Any] | None = None
        if BOUND in row:
            bound = self._parsed(key, (*path, BOUND), lambda one: bound_from(key.kind, one), row[BOUND])
        if found is None or bound is None:
            return None
        said, document = found
        assert said.since is not None
        assert said.known_on is not None
        return key.limit(
            bound, since=said.since, until=said.until, known_on=said.known_on,
            source=said.source(document.document()),
        )

    def _parsed(self, key: Parameter[Any], path: Way, parse: Callable[[object], T], data: object) -> T | None:
        """Read a value, or a bound of some; None where it has faults, which are kept."""

        def said(where: Way, one: Problem) -> Message:
            hint = self._unit_hint(key, where) if one.message == NO_WHOLE_NUMBER else None
            parts = {
                "key": key.name, "found": self._found(where), "problem": hint or one.message, "clause": key.clauses[0],
            }
            if one.of_name or self._spots.at(where).headed:
                return Message("{problem} (of {key}, {clause})", parts)
            return Message("{found} can't stand here: {problem} (of {key}, {clause})", parts)

        try:
            return parse(data)
        except PlainError as error:
            self._tell_all(path, error, said)
            return None

    def _unit_hint(self, key: Parameter[Any], path: Way) -> Message | None:
        """Say how a number with a unit in its text is written where the key has a unit of its own."""
        spot = self._spots.at(path)
        text = self._text[spot.start : spot.end]
        found = _NUMBER_AND_UNIT.fullmatch(text.strip("\"'")) if text[:1] in {'"', "'"} else None
        if found is None:
            return None
        if not counts(key.kind):
            return msg("write the number alone: without its unit, and without quotes")
        unit = Term(key.unit, "unit")
        due, given = _MONTHS_OF.get(key.unit), _MONTHS_OF.get(found[2])
        if due is None or given is None or int(found[1]) * given % due:
            return msg("it counts {unit}: write the number of {unit} without quotes", unit=unit)
        return msg(
            "it counts {unit}: write {right}, without quotes", unit=unit, right=int(found[1]) * given // due
        )

    def _check_unit(self, key: Parameter[Any], path: Way, row: Mapping[str, object]) -> bool:
        given = row.get("unit", key.unit)
        if not isinstance(given, str) or given == key.unit:
            return True
        told = msg(
            "{key} counts {unit}, not {found}: put the value right, and then the unit", key=key.name,
            unit=Term(key.unit, "unit"), found=given,
        )
        self._tell((*path, "unit"), told, of_name=False)
        return False
