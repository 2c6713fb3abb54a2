"""Why a line is what it is: the very rules that pay, run with a recorder on, for one person.

The person's whole subdistrict is run, since the pool needs it, or the whole county where a rule goes by its
mean; only the person's rows are recorded. There is no second, scalar copy of a rule anywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

import attrs
import numpy as np

from shequ_core.errors import Message, WorkerNotFoundError, msg
from shequ_core.law.clauses import instrument_of
from shequ_core.model.answers import DEDUCTIONS, EARNINGS, Slip
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS, ancestors
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.law import Law
from shequ_core.policy.parameters import PARAMETERS
from shequ_core.policy.plain import to_plain
from shequ_core.policy.policy import Policy, Provenance
from shequ_core.rules.means import goes_by_means
from shequ_core.tables.columns import Bools, Column, TextColumn
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.table import Table
from shequ_core.trace import RuleCall, observed
from shequ_core.values import Fen, JsonValue, Span
from shequ_core.year import run_year
from shequ_core.year.law import MONTHS
from shequ_core.year.month import month_of

T = TypeVar("T")

LINES: Final[Mapping[str, tuple[str, ...]]] = {
    "basic": (
        "staffing.in_scope",
        "pay.class_grades",
        "pay.service_years",
        "pay.placed_grade",
        "pay.lead",
        "pay.stepped_grade",
        "pay.probation_grade",
        "pay.graded_with_certificate",
        "pay.graded_pay",
        "pay.split_standard",
        "pay.probation_basic",
        "pay.month_shares",
        "pay.prorated",
    ),
    "bonus": (
        "assessment.scored_grade",
        "assessment.assessed_grade",
        "pay.prorated",
        "pay.pool_weight",
        "pay.pool_shares",
        "pay.personal_bonus",
    ),
    "certificate": ("pay.certificate_allowance", "pay.prorated"),
    "award": ("pay.certificate_once", "pay.yearly_sum"),
    "emergency": ("emergency.duty_allowance",),
    "kept": ("pay.prorated", "pay.kept_difference", "pay.kept_for_place"),
    "insurance": ("contributions.contribution_base", "contributions.contributions"),
    "fund": ("contributions.contribution_base", "contributions.contributions"),
}
"""Which rules stand behind which line of a slip, in their order."""

BUILT_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "bonus": ("basic",),
    "kept": ("basic", "bonus", "certificate"),
    "insurance": EARNINGS,
    "fund": EARNINGS,
}
"""Which lines another one is worked out from: it rests on all that they rest on."""

_ANEW: Final = frozenset(
    {"pay.pool_weight", "pay.personal_bonus", "contributions.contribution_base", "contributions.contributions"}
)
"""Rules that run once more where a month has parts: what they answered last is what was paid."""

_LEAVES_ALONE: Final = {
    "pay.prorated": "parts",
    "pay.probation_grade": "newcomer",
    "pay.probation_basic": "newcomer",
}
"""Rules that run on everybody as soon as they concern somebody, with the input without which they change nothing."""

_WITH_THE_LAST: Final = frozenset({"pay.yearly_sum"})
"""Rules whose answer is paid once a month, with its last part."""


@attrs.frozen(kw_only=True)
class Read:
    """A parameter that a rule read: the value as the rule got it, and who set it."""

    key: str
    got: object
    provenance: Provenance

    @property
    def value(self) -> JsonValue:
        """The value as plain data."""
        return PARAMETERS[self.key].kind.to_data(self.got)

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data."""
        told = self.provenance
        return {
            "key": self.key,
            "value": self.value,
            "set_by": told.place,
            "source": told.value.source.to_data(),
            "status": told.value.status.value,
        }


@attrs.define(kw_only=True)
class Step:
    """One rule at work on one row of a person; plain data and sentences are made when they are asked for.

    Attributes:
        given: The row's value of each argument.
        answer: The row's value of the answer.
        reads: The parameters it read.
        told: Of each branch and rounding, what tells it for a row, and the row.
        line: The line of the slip on which it worked, where the rule alone doesn't tell.
        apart: What tells the row from others of the person: the post, the year of an assessment.
        place: Which of the person's rows with the same `apart` it is, from 0.
        of: How many of them there were.
    """

    rule: str
    clauses: tuple[str, ...]
    given: dict[str, object]
    answer: object = None
    reads: list[Read] = attrs.field(factory=list)
    told: list[tuple[Callable[[int], object], int]] = attrs.field(factory=list)
    line: str = ""
    apart: object = None
    place: int = 0
    of: int = 1

    @property
    def inputs(self) -> dict[str, JsonValue]:
        """The row's value of each argument as plain data."""
        return {name: to_plain(value) for name, value in self.given.items()}

    @property
    def result(self) -> JsonValue:
        """The row's value of the answer as plain data."""
        return to_plain(self.answer)

    @property
    def notes(self) -> list[Message]:
        """Which branch was binding, and how it was rounded."""
        found = [detail(row) for detail, row in self.told]
        return [one for one in found if isinstance(one, Message)]

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data."""
        return {
            "rule": self.rule,
            "clauses": list(self.clauses),
            "inputs": self.inputs,
            "reads": [one.to_data() for one in self.reads],
            "notes": [str(one) for one in self.notes],
            "result": self.result,
        }


@attrs.frozen
class _Frame:
    """Whose rows the columns have: the label, the person's rows, and of each what tells it apart."""

    label: str
    rows: tuple[int, ...]
    apart: tuple[object, ...]


_NOWHERE: Final = _Frame("", (), ())


class Recorder:
    """Records the rules that run on one person's rows (an `Observer`)."""

    by_row: Final = True

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._frames: list[_Frame] = []
        self._open: list[list[Step]] = []
        self._line = ""
        self.steps: dict[str, list[Step]] = {}

    def frame(self, ids: object, label: str, apart: object) -> None:
        """Find the person's rows among those that follow."""
        rows: tuple[int, ...] = ()
        if isinstance(ids, TextColumn):
            code = ids.index().get(self._worker)
            rows = tuple(np.flatnonzero(ids.values == (-1 if code is None else code)).tolist())
        self._frames.append(_Frame(label, rows, tuple(row_of(apart, row) for row in rows)))

    def unframe(self) -> None:
        """Leave those rows."""
        self._frames.pop()

    def concern(self, line: str) -> None:
        """Note on which line the rules work from here on."""
        self._line = line

    def enter(self, call: RuleCall) -> None:
        """Open a step for each of the person's rows."""
        here = self._frames[-1] if self._frames else _NOWHERE
        seen: Counter[object] = Counter()
        opened = []
        for row, apart in zip(here.rows, here.apart, strict=True):
            given: dict[str, object] = {
                name: told
                for name, value in call.arguments.items()
                if not isinstance(value, Policy) and (told := row_of(value, row)) is not None
            }
            opened.append(
                Step(
                    rule=call.name, clauses=call.clauses, given=given, line=self._line, apart=apart,
                    place=seen[apart], of=here.apart.count(apart),
                )
            )
            seen[apart] += 1
        if opened:
            self.steps.setdefault(here.label, []).extend(opened)
        self._open.append(opened)

    def leave(self, call: RuleCall, result: T) -> T:  # noqa: ARG002  # as Observer says
        """Close the steps, each with its row of the answer."""
        opened = self._open.pop()
        for step, row in zip(opened, self._frames[-1].rows if opened else (), strict=True):
            step.answer = row_of(result, row)
        return result

    def read(self, name: str, value: T, origin: object) -> T:
        """Note which parameter the open steps read."""
        for step in self._open[-1] if self._open else ():
            if isinstance(origin, Provenance) and all(one.key != name for one in step.reads):
                step.reads.append(Read(key=name, got=value, provenance=origin))
        return value

    def note(self, detail: Callable[[int], object]) -> None:
        """Note which branch was binding or how an amount was rounded."""
        opened = self._open[-1] if self._open else []
        for step, row in zip(opened, self._frames[-1].rows if opened else (), strict=True):
            step.told.append((detail, row))


def row_of(value: object, row: int) -> object:
    """Return one row of whatever a rule takes or gives."""
    if isinstance(value, Span) and isinstance(value.low, Column):
        return Span(row_of(value.low, row), row_of(value.high, row))
    if isinstance(value, Column):
        return value.row(row if row < len(value) else 0) if len(value) else None
    if isinstance(value, np.ndarray):
        return None  # bare places of rows: they tell a person nothing
    if hasattr(value, "row"):
        told: object = value.row(row)
        return told
    return value


# --- a person's year ---------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Part:
    """A person's month, or the part of it in which nothing changed.

    Attributes:
        lines: What each earning of the part comes to, and their total.
        steps: The rules that made them.
    """

    since: date
    until: date
    post: str
    post_class: str
    grade: int
    lines: Mapping[str, Fen]
    steps: Sequence[Step]

    def behind(self, line: str) -> list[Step]:
        """Return the steps behind one line of the part."""
        return _behind(self.steps, line)

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "post": self.post,
            "post_class": self.post_class,
            "grade": self.grade,
            "lines": {
                line: {"amount": amount.yuan(), "steps": [step.to_data() for step in self.behind(line)]}
                for line, amount in self.lines.items()
                if line in LINES
            },
        }


@attrs.frozen(kw_only=True)
class Explanation:
    """A person's year, line by line.

    Attributes:
        lines: By month, the amount of each line of the whole month; a deduction is None where nobody can tell it.
        parts: By month, its parts: one, or several where something changed in mid-month.
        steps: By month, the rules that made the lines; 'assessments' and the year hold what isn't monthly.
        instruments: Those whose clauses are in force where the person is paid; a rule that carries a clause of
            another one is a mechanism like it.
    """

    worker: str
    year: int
    place: str
    fingerprint: Mapping[str, str]
    lines: Mapping[str, Mapping[str, Fen | None]]
    parts: Mapping[str, Sequence[Part]]
    steps: Mapping[str, Sequence[Step]]
    instruments: frozenset[str]

    def spans(self) -> list[tuple[str, str]]:
        """Return runs of months whose lines and steps are the same, as first and last."""
        found: list[tuple[str, str]] = []
        previous: object = None
        for month, lines in self.lines.items():
            whole = len(self.parts[month]) == 1
            same = (lines, [step.to_data() for step in self.steps.get(month, ())]) if whole else month
            if found and same == previous:
                found[-1] = (found[-1][0], month)
            else:
                found.append((month, month))
            previous = same
        return found

    def behind(self, month: str, line: str) -> list[Step]:
        """Return the steps behind one line of one month, part after part."""
        if line in DEDUCTIONS:
            return _behind(self.steps.get(month, ()), line)
        return [step for part in self.parts.get(month, ()) for step in part.behind(line)]

    def record(self) -> list[Step]:
        """Return the steps of the year that made no line: assessments, exits, training, agreements."""
        return [*self.steps.get("assessments", ()), *self.steps.get(str(self.year), ())]

    def clauses(self, month: str, line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the clauses behind a line: those in force here, and those that its mechanism is like."""
        return in_force(_clauses(self.behind(month, line)), self.instruments)

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as `shequ explain --json` shows it."""
        return {
            "worker": self.worker,
            "year": self.year,
            "place": self.place,
            "fingerprint": dict(self.fingerprint),
            "instruments": sorted(self.instruments),
            "months": [self._month(first, last) for first, last in self.spans()],
            "record": [step.to_data() for step in self.record()],
        }

    def _month(self, first: str, last: str) -> dict[str, JsonValue]:
        lines = self.lines[first]
        return {
            "from": first,
            "to": last,
            "total": _yuan(lines["total"]),
            "net": _yuan(lines["net"]),
            "lines": {
                line: {
                    "amount": _yuan(lines[line]),
                    "clauses": sorted(_clauses(self.behind(first, line))),
                    "steps": [step.to_data() for step in self.behind(first, line)],
                }
                for line in LINES
            },
            "parts": [part.to_data() for part in self.parts[first]] if len(self.parts[first]) > 1 else [],
        }


def in_force(clauses: Iterable[str], instruments: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return clauses parted into those of the instruments and those of others, each once, in their order."""
    listed = tuple(dict.fromkeys(clauses))
    return (
        tuple(one for one in listed if instrument_of(one) in instruments),
        tuple(one for one in listed if instrument_of(one) not in instruments),
    )


def _clauses(steps: Sequence[Step]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clause for step in steps for clause in step.clauses))


def _yuan(amount: Fen | None) -> str | None:
    return None if amount is None else amount.yuan()


def _behind(steps: Sequence[Step], line: str) -> list[Step]:
    found = [
        step
        for step in steps
        if step.rule in LINES[line]
        and step.line in {"", line}
        and _LEAVES_ALONE.get(step.rule, "policy") in {"policy", *step.given}
    ]
    last = {step.rule: step for step in found}
    return [step for step in found if step.rule not in _ANEW or last[step.rule] is step]


# --- making one --------------------------------------------------------------------------------------


def explain(
    data: Dataset, book: PolicyBook, place: str, year: int, worker: str, *, known: date | None = None
) -> Explanation:
    """Explain a person's year down to clause and fen.

    Raises:
        WorkerNotFoundError: Nobody with that id is on the roster.
        ShequError: Whatever `run_year` raises.
    """
    ids = data.workers.id
    if worker not in ids.index():
        # No nearest ids: they are other people's, and some rosters go by the numbers of identity cards.
        raise WorkerNotFoundError(msg("nobody on the roster has that id: look it up in the workers"))
    months = [month_of(year, month) for month in MONTHS]
    law = Law(book, known, months[-1].high)
    part = around(data, worker, law, [month.low for month in months])
    recorder = Recorder(worker)
    with observed(recorder):
        result = run_year(part, book, _with_colleagues(part, place, worker), year, known=known)
    mine = result.slips.where((result.slips.worker == worker).true()) if len(result.slips) else result.slips
    by_month: dict[str, list[Slip]] = {}
    for slip in sorted(mine, key=lambda one: (one.month, one.since)):
        by_month.setdefault(f"{slip.since:%Y-%m}", []).append(slip)
    end = [law.policy(slip.subdistrict, months[-1].high) for slips in by_month.values() for slip in slips]
    return Explanation(
        worker=worker,
        year=year,
        place=place,
        fingerprint=result.policies,
        lines={month: _sums(slips) for month, slips in by_month.items()},
        parts={month: _parts(slips, recorder.steps.get(month, ())) for month, slips in by_month.items()},
        steps=recorder.steps,
        instruments=frozenset(one for policy in end for one in policy.instruments),
    )


def _with_colleagues(part: Dataset, place: str, worker: str) -> str:
    """Return the place to run: the one asked for, or the nearest around it where a colleague has another post too."""
    own = _texts(part.holdings.post, (part.holdings.worker == worker).true())
    codes = part.communities.code.to_list()
    if not all(post.startswith(place) for post in own):
        return place  # and the run tells that they don't lie there
    around_it = reversed(ancestors(place))
    return next((one for one in around_it if all(str(code).startswith(one) for code in codes)), place)


def _sums(slips: Sequence[Slip]) -> dict[str, Fen | None]:
    """Return what each line comes to in all parts of a month; unknown where it is in one of them."""
    found: dict[str, Fen | None] = {}
    for line in (*LINES, "total", "net"):
        amounts: list[Fen | None] = [getattr(slip, line) for slip in slips]
        known = [one for one in amounts if one is not None]
        found[line] = Fen(sum(known)) if len(known) == len(amounts) else None
    return found


def _parts(slips: Sequence[Slip], steps: Sequence[Step]) -> list[Part]:
    """Return the parts of a month, each with its steps."""
    found = []
    several = Counter(slip.post for slip in slips)
    seen: Counter[str] = Counter()
    for number, slip in enumerate(slips, 1):
        mine = [
            step
            for step in steps
            if step.apart == slip.post
            # What ran on a holding as a whole stands behind every part of it.
            and (step.of != several[slip.post] or step.place == seen[slip.post])
            and (step.rule not in _WITH_THE_LAST or number == len(slips))
        ]
        seen[slip.post] += 1
        found.append(
            Part(
                since=slip.since,
                until=slip.until,
                post=slip.post,
                post_class=slip.post_class,
                grade=slip.grade,
                lines={line: getattr(slip, line) for line in (*EARNINGS, "total")},
                steps=mine,
            )
        )
    return found


def around(data: Dataset, worker: str, law: Law, days: Sequence[date]) -> Dataset:
    """Return what somebody's pay can hang on: everybody of the subdistricts in which the person ever held a post.

    It is everybody of the county where a rule in force there goes by what its people come to. Of these people
    every post counts, elsewhere too: years of work and shares of a month go by all of them.

    Args:
        data: The tables of the place.
        worker: The person.
        law: The policies.
        days: The first days of the months in question.
    """
    own = _texts(data.holdings.post, (data.holdings.worker == worker).true())
    townships, counties = {post[:TOWNSHIP_DIGITS] for post in own}, set[str]()
    for code in sorted(townships):
        if any(goes_by_means(law.policy(code, day)) for day in days):
            counties.add(code[:COUNTY_DIGITS])
    held = data.holdings.post
    near = held.start(TOWNSHIP_DIGITS).is_in(townships).true() | held.start(COUNTY_DIGITS).is_in(counties).true()
    people = _texts(data.holdings.worker, near) | {worker}
    theirs = data.holdings.worker.is_in(people).true()
    posts = _texts(held, theirs)
    kept: dict[str, Table[Any]] = {}  # Any: tables of every kind of fact
    for name, table in data.tables():
        if name == "emergencies":
            continue  # declared for places: whoever is below one is told by the code
        if name == "holdings":
            kept[name] = table.where(theirs)
        elif name == "posts":
            kept[name] = table.where(data.posts.id.is_in(posts).true() | _lie_in(data.posts.community, townships))
        elif name in _BY_PLACE:
            place = table.column(_BY_PLACE[name])
            assert isinstance(place, TextColumn)
            communities = {post.partition("-")[0] for post in posts}
            kept[name] = table.where(place.is_in(communities).true() | _lie_in(place, townships))
        else:
            who = table.column("id" if name == "workers" else "worker")
            assert isinstance(who, TextColumn)
            kept[name] = table.where(who.is_in(people).true())
    return data.with_tables(kept)


_BY_PLACE: Final = {"communities": "code", "grids": "community"}


def _lie_in(codes: TextColumn, townships: set[str]) -> Bools:
    return codes.start(TOWNSHIP_DIGITS).is_in(townships).true()


def _texts(column: TextColumn, kept: Bools) -> set[str]:
    return {one for one in column.where(kept).to_list() if one is not None}
