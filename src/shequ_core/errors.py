"""Every exception of the library.

An error is made for whoever has to act on it: it names the thing, the clause and the way out, and
never a value from a person's row. Its sentence is kept as a `Message` (a template and its parts),
so that the command line can say it in Chinese; `str(error)` is English.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

_NEAREST: Final = 3
_TOLD_OF_A_KIND: Final = 5
"""How many faults of one kind in one column are told one by one."""


@attrs.frozen
class Message:
    """A sentence for people: an English template, which is also the key of its translation."""

    template: str
    parts: Mapping[str, object] = attrs.field(factory=dict)

    def __str__(self) -> str:
        return self.template.format(**{name: _plain(part) for name, part in self.parts.items()})


def msg(template: str, /, **parts: object) -> Message:
    """Make a `Message`; translators find every template by this name."""
    return Message(template, parts)


@attrs.frozen
class Term:
    """One term inside a message, such as a unit.

    Attributes:
        code: Its code, as `word` takes it.
        context: What the code names: 'unit', 'field', 'kind'.
    """

    code: str
    context: str

    def __str__(self) -> str:
        return self.code.replace("_", " ")


def _plain(part: object) -> object:
    if isinstance(part, (tuple, list)):
        return ", ".join(str(one) for one in part)
    return part


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known names that are most like a mistyped one, best first."""
    return tuple(difflib.get_close_matches(name, list(known), n=_NEAREST, cutoff=0.5))


class ShequError(Exception):
    """The base of every error that shequ-core raises on purpose."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)

    def __reduce__(self) -> tuple[Any, ...]:  # Any: pickle's own protocol
        # Python makes them anew from their `args`, which isn't what most of ours take: a pool would die of it.
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[ShequError], args: tuple[object, ...], state: Mapping[str, object]) -> ShequError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


# --- input -------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Fault:
    """One thing wrong in what somebody gave us, and where it stands.

    Attributes:
        file: The file's name as it was given, or the name of the table.
        sheet: The sheet of a workbook.
        row: The line as a person counts it in the file (the header is 1).
        column: The header as it stands in the file.
        line: The line of a text that is no table.
        character: The place in that line, from 1.
        key: The name of what is wrong there, with the tables in which it lies.
        message: What is wrong and what to do; no value from a person's row.
    """

    file: str
    message: Message
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    line: int | None = None
    character: int | None = None
    key: str | None = None

    def where(self) -> Message:
        """Say where it stands."""
        places = [msg("{file}", file=self.file)]
        if self.sheet is not None:
            places.append(msg("sheet {sheet}", sheet=self.sheet))
        if self.row is not None:
            places.append(msg("row {row}", row=self.row))
        if self.column is not None:
            places.append(msg("column {column}", column=self.column))
        if self.line is not None and self.character is not None:
            places.append(msg("line {line}, character {character}", line=self.line, character=self.character))
        elif self.line is not None:
            places.append(msg("line {line}", line=self.line))
        if self.key is not None:
            places.append(msg("{key}", key=self.key))
        return msg("{places}", places=tuple(places))

    def __str__(self) -> str:
        return f"{self.where()}: {self.message}"


class InputError(ShequError, ValueError):
    """What was given can't be read: every fault of it in one go.

    Attributes:
        faults: All of them.
        told: The same to be read: after a few of one kind in one column, the count of the rest.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        self.told = tuple(_folded(self.faults))
        super().__init__(
            msg("There is a fault in the input; nothing was written.")
            if len(self.faults) == 1
            else msg("{count} faults in the input; nothing was written.", count=len(self.faults))
        )

    def __str__(self) -> str:
        return "\n".join([str(self.message), *(f"  {fault}" for fault in self.told)])


def _folded(faults: Sequence[Fault]) -> Iterator[Fault]:
    """Yield the faults, of each kind the first few; the last of them is followed by the count of the rest."""
    kinds = [(one.file, one.sheet, one.column or one.key, one.message.template) for one in faults]
    counts = Counter(kinds)
    seen: Counter[tuple[str, str | None, str | None, str]] = Counter()
    for kind, fault in zip(kinds, faults, strict=True):
        seen[kind] += 1
        if seen[kind] <= _TOLD_OF_A_KIND:
            yield fault
        elif seen[kind] == _TOLD_OF_A_KIND + 1:
            rest = counts[kind] - _TOLD_OF_A_KIND
            told = msg("and {count} more of this kind", count=rest)
            yield attrs.evolve(fault, row=None, line=None, character=None, message=told)


class OutputError(ShequError, OSError):
    """The answer can't be written where it was asked to go."""


class MissingExtraError(ShequError, ImportError):
    """An optional library isn't installed."""

    def __init__(self, library: str, extra: str) -> None:
        self.library, self.extra = library, extra
        super().__init__(
            msg("This needs {library}: pip install 'shequ-core[{extra}]'", library=library, extra=extra)
        )


class CalendarYearError(ShequError, LookupError):
    """A calendar of working days doesn't reach the year that is asked for.

    Attributes:
        year: The year.
        first: The first year that the calendar knows.
        last: The last.
    """

    def __init__(self, calendar: str, year: int, first: int, last: int) -> None:
        self.year, self.first, self.last = year, first, last
        super().__init__(
            msg(
                "{calendar} knows the working days of {first} to {last}, not of {year}: the State Council's notice on"
                " a year's holidays comes out late in the year before. Bring the calendar up to date, or hand in one"
                " of your own.",
                calendar=calendar, year=year, first=first, last=last,
            )
        )


# --- places ------------------------------------------------------------------------------------


class PlaceNotFoundError(ShequError, LookupError):
    """No such place, on that day."""

    def __init__(self, asked: str, suggestions: Sequence[str] = (), *, why: Message | None = None) -> None:
        self.asked, self.suggestions = asked, tuple(suggestions)
        self.why = why or msg("it is not in the list of divisions")
        parts = {"asked": asked, "why": self.why, "near": self.suggestions}
        super().__init__(
            Message("There is no place {asked}: {why}. Did you mean {near}?", parts)
            if self.suggestions
            else Message("There is no place {asked}: {why}.", parts)
        )


# --- policy ------------------------------------------------------------------------------------


class ValueKindError(ShequError, ValueError):
    """A parameter was given a value that it can't have anywhere."""

    def __init__(self, key: str, found: object, problem: Message, *, where: str = "") -> None:
        self.key, self.found, self.problem, self.where = key, found, problem, where
        super().__init__(
            msg("{key} cannot be {found!r} ({where}): {problem}", key=key, found=found, where=where, problem=problem)
            if where
            else msg("{key} cannot be {found!r}: {problem}", key=key, found=found, problem=problem)
        )


class ParameterNotFoundError(ShequError, LookupError):
    """No parameter has that name."""

    def __init__(self, asked: str, known: Iterable[str]) -> None:
        self.asked, self.suggestions = asked, nearest(asked, known)
        super().__init__(
            msg("There is no parameter {asked}. Nearest names: {near}.", asked=asked, near=self.suggestions)
            if self.suggestions
            else msg("There is no parameter {asked}.", asked=asked)
        )


class ParameterTakenError(ShequError, ValueError):
    """Two parameters of one name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(msg("There is a parameter {name} already: give yours another name.", name=name))


@attrs.frozen(kw_only=True)
class UnsetKey:
    """A value that is needed and that nobody set.

    Attributes:
        key: The parameter's name.
        clause: The clause that leaves it to somebody, such as 'JLW2.4b'.
        place: Where it was looked for.
        who: Who could set it.
    """

    key: str
    clause: str
    place: str
    who: Message

    def __str__(self) -> str:
        return str(self.sentence())

    def sentence(self) -> Message:
        """Say what is missing and who could set it."""
        return msg(
            "{key} ({clause}) is not set for {place}: {who}",
            key=self.key, clause=self.clause, place=self.place, who=self.who,
        )


class UnsetError(ShequError, LookupError):
    """A run needs values that nobody set: all of them, with clause and who could set each.

    Attributes:
        missing: All of them.
    """

    def __init__(self, missing: Sequence[UnsetKey]) -> None:
        self.missing = tuple(missing)
        super().__init__(
            msg(
                "A value that nobody set is needed. Set it in a plugin, or try the run on the"
                " library's assumptions with --assume (assume=True), which marks every answer."
            )
            if len(self.missing) == 1
            else msg(
                "{count} values that nobody set are needed. Set them in a plugin, or try the run on the"
                " library's assumptions with --assume (assume=True), which marks every answer.",
                count=len(self.missing),
            )
        )

    def __str__(self) -> str:
        return "\n".join([str(self.message), *(f"  {one}" for one in self.missing)])


class LeewayError(ShequError, ValueError):
    """A strict book refuses a value outside the leeway of a place above."""


class ReformError(ShequError, ValueError):
    """A reform that can't be laid over this book."""


# --- plugins -----------------------------------------------------------------------------------

CREDIT: Final = "__said_by__"
"""Where a strategy carries who brought it, each as plugin, place and parameter: `PolicyBook` writes it there."""


class PluginError(ShequError, RuntimeError):
    """A plugin did something that its hook doesn't allow."""

    def __init__(self, plugin: str, hook: str, problem: Message, *, place: str = "") -> None:
        self.plugin, self.hook, self.place, self.problem = plugin, hook, place, problem
        super().__init__(
            Message(
                "Plugin {plugin}, hook {hook}, place {place}: {problem}"
                if place
                else "Plugin {plugin}, hook {hook}: {problem}",
                {"plugin": plugin, "hook": hook, "place": place, "problem": problem},
            )
        )


class PluginNotFoundError(ShequError, LookupError):
    """No plugin is where somebody looks for one.

    Attributes:
        asked: The folder, module or place.
    """

    def __init__(self, asked: str, near: Sequence[str] = (), *, why: Message | None = None) -> None:
        self.asked, self.suggestions = asked, tuple(near)
        parts = {
            "asked": asked,
            "why": why or msg("no installed plugin has that module or place, and no folder is called so"),
            "near": self.suggestions,
        }
        super().__init__(
            Message("There is no plugin {asked}: {why}. Nearest: {near}.", parts)
            if self.suggestions
            else Message("There is no plugin {asked}: {why}.", parts)
        )


class FigureSheetError(ShequError, ValueError):
    """What a plugin says can't be written as a figure sheet."""


class PlaceUnresolvedError(ShequError, LookupError):
    """The policy of a place can't be told, because plugins that speak for it are at fault."""

    def __init__(self, place: str, causes: Sequence[PluginError]) -> None:
        self.place, self.causes = place, tuple(causes)
        super().__init__(
            msg(
                "The policy of {place} can't be told: {causes}. Remove or mend the plugin; every other place works.",
                place=place, causes=tuple(cause.message for cause in self.causes),
            )
        )


class StrategyError(PluginError):
    """A strategy that a plugin brought raised something, or its answer can't be one.

    Attributes:
        strategy: The class, with its module.
        question: The method that was asked.
        key: The parameter whose value it is; empty where no book credited it to a plugin.
        problem: What is wrong.
    """

    def __init__(self, strategy: object, question: str, problem: Message) -> None:
        kind = type(strategy)
        self.strategy, self.question, self.problem = f"{kind.__module__}.{kind.__qualname__}", question, problem
        said: Mapping[tuple[str, str, str], None] = getattr(strategy, CREDIT, {})
        self.plugin = ", ".join(dict.fromkeys(plugin for plugin, _, _ in said))
        self.place = ", ".join(dict.fromkeys(place for _, place, _ in said))
        self.key = ", ".join(dict.fromkeys(key for _, _, key in said))
        self.hook = "shequ_place"
        parts: dict[str, object] = {"strategy": self.strategy, "question": question, "problem": problem}
        ShequError.__init__(
            self,
            Message(
                "Plugin {plugin}, hook {hook}, place {place}, {key}: {strategy}, asked for {question}: {problem}."
                " Mend the plugin, or remove it.",
                {"plugin": self.plugin, "hook": self.hook, "place": self.place, "key": self.key, **parts},
            )
            if said
            else Message("{strategy}, asked for {question}: {problem}. Mend the plugin, or remove it.", parts),
        )


# --- law and rules -----------------------------------------------------------------------------


class ClauseNotFoundError(ShequError, LookupError):
    """No clause has that address."""

    def __init__(self, asked: str, known: Iterable[str]) -> None:
        self.asked, self.suggestions = asked, nearest(asked, known)
        super().__init__(
            msg("There is no clause {asked}. Nearest addresses: {near}.", asked=asked, near=self.suggestions)
            if self.suggestions
            else msg("There is no clause {asked}.", asked=asked)
        )


class CheckNotFoundError(ShequError, LookupError):
    """No check has that code, nor one that begins so."""

    def __init__(self, asked: str, near: Sequence[str]) -> None:
        self.asked, self.suggestions = asked, tuple(near)
        super().__init__(
            msg("No check has a code that begins with {asked}. Nearest: {near}.", asked=asked, near=self.suggestions)
            if self.suggestions
            else msg("No check has a code that begins with {asked}; `shequ audit --list` shows all.", asked=asked)
        )


class BaselineError(ShequError, ValueError):
    """A file that is no baseline of an audit, or one of another version."""


class CaseError(ShequError, ValueError):
    """A worked case that can't be read or run."""


class PoolContextError(ShequError, ValueError):
    """One worker alone can't have a share of a pool."""


class StepRefusedError(ShequError, ValueError):
    """A step that its procedure doesn't allow now; the journal stays as it was.

    Attributes:
        procedure: The procedure's name.
        step: The step that was tried.
        clause: The clause that stands in its way, the gravest first where there are several.
        cause: Why, in one word: 'order', 'authority', 'date'...
        problems: Everything that is wrong with it, each with what would be right.
    """

    def __init__(
        self, procedure: str, step: str, *, title: Message, clause: str, cause: str, problems: Sequence[Message],
        suggestions: Sequence[str] = (),
    ) -> None:
        self.procedure, self.step, self.clause, self.cause = procedure, step, clause, cause
        self.problems, self.suggestions = tuple(problems), tuple(suggestions)
        parts = {
            "procedure": title, "step": step, "clause": clause, "problems": self.problems, "near": self.suggestions,
        }
        super().__init__(
            Message("{procedure}: step {step} is refused ({clause}): {problems}. Nearest names: {near}.", parts)
            if self.suggestions
            else Message("{procedure}: step {step} is refused ({clause}): {problems}.", parts)
        )


class JournalError(ShequError, ValueError):
    """A procedure's journal that can't be read back: another version, or not as it was written."""


class LedgerError(ShequError, ValueError):
    """Sealed months that are not as they were sealed, or something asked of them that would change one."""


class ScenarioError(ShequError, ValueError):
    """Something that can't be simulated as it is asked for."""


class LifeNotFoundError(ShequError, LookupError):
    """A simulation has no such post, or the post no such holder in its years."""

    def __init__(self, post: str, holder: int) -> None:
        self.post, self.holder = post, holder
        super().__init__(
            msg(
                "the post {post} has no holder number {holder} in the years that are simulated: name a post of the"
                " start tables, and count its holders from 1",
                post=post, holder=holder,
            )
        )


class OverpaidError(ShequError, ValueError):
    """People from whom more is taken than the month brings: a bank can't be told to pay that.

    Attributes:
        workers: Their ids.
    """

    def __init__(self, workers: Sequence[str]) -> None:
        self.workers = tuple(workers)
        super().__init__(
            msg(
                "More is taken off, as contributions or for earlier months, than this month brings, of {workers}:"
                " settle it with them, and leave them out of the file with --without (without=)",
                workers=self.workers,
            )
        )


class WorkerNotFoundError(ShequError, LookupError):
    """Nobody with that id is on the roster."""


# --- runs of many tasks ------------------------------------------------------------------------


class RunError(ShequError, RuntimeError):
    """A run of many tasks can't go on; what is finished of it is kept.

    Attributes:
        parts: The ids of the parts in which it came to its end, where it was in one.
    """

    def __init__(self, message: Message, parts: Sequence[str] = ()) -> None:
        self.parts = tuple(parts)
        super().__init__(message)


class RunStopped(KeyboardInterrupt):  # somebody wanted it so: no error, and nothing that `except Exception` takes
    """A run of many tasks that somebody stopped; what is finished of it is kept.

    Attributes:
        message: How far it is, and how to go on.
    """

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


# --- columns -----------------------------------------------------------------------------------


class ColumnLengthError(ShequError, ValueError):
    """Columns of different length were put together: a fault of the program, not of the data."""
