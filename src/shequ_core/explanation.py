"""Why a line is what it is: the very rules that pay, run with a recorder on, for one person.

The person's whole subdistrict is run, since the pool needs it; only the person's rows are recorded.
There is no second, scalar copy of a rule anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

import attrs
import numpy as np

from shequ_core.errors import Message, WorkerNotFoundError, msg
from shequ_core.model.places import TOWNSHIP_DIGITS
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import PARAMETERS
from shequ_core.policy.plain import to_plain
from shequ_core.policy.policy import Policy, Provenance
from shequ_core.tables.columns import Bools, Column, TextColumn
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.table import Table
from shequ_core.trace import RuleCall, observed
from shequ_core.values import Fen, JsonValue, Span
from shequ_core.year import YearResult, run_year

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
    "bonus": ("pay.pool_weight", "pay.pool_shares", "pay.personal_bonus"),
    "certificate": ("pay.certificate_allowance",),
    "award": ("pay.certificate_once", "pay.yearly_sum"),
    "emergency": ("emergency.duty_allowance",),
    "kept": ("pay.kept_difference", "pay.kept_for_place"),
    "insurance": ("contributions.contribution_base", "contributions.contributions"),
    "fund": ("contributions.contribution_base", "contributions.contributions"),
}
"""Which rules stand behind which line of a slip, in their order."""


@attrs.frozen(kw_only=True)
class Read:
    """A parameter that a rule read: the value, and who set it."""

    key: str
    value: JsonValue
    provenance: Provenance

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
    """One rule at work on one person's row.

    Attributes:
        inputs: The row's value of each argument.
        result: The row's value of the answer.
        reads: The parameters it read.
        notes: Which branch was binding, and how it was rounded.
        given: The inputs as they are, before they are plain data: what a sentence is made of.
        answer: The result as it is.
    """

    rule: str
    clauses: tuple[str, ...]
    inputs: dict[str, JsonValue]
    result: JsonValue = None
    reads: list[Read] = attrs.field(factory=list)
    notes: list[Message] = attrs.field(factory=list)
    given: dict[str, object] = attrs.field(factory=dict)
    answer: object = None

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


class Recorder:
    """Records the rules that run on one person's row (an `Observer`)."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._frames: list[tuple[str, int]] = []
        self._open: list[Step | None] = []
        self.steps: dict[str, list[Step]] = {}

    def frame(self, ids: object, label: str) -> None:
        """Find the person's row among those that follow; -1 where the person isn't there."""
        row = -1
        if isinstance(ids, TextColumn):
            code = ids.index().get(self._worker)
            found = np.flatnonzero(ids.values == (-1 if code is None else code))
            row = int(found[0]) if len(found) else -1
        self._frames.append((label, row))

    def unframe(self) -> None:
        """Leave those rows."""
        self._frames.pop()

    def enter(self, call: RuleCall) -> None:
        """Open a step, if the person is among the rows."""
        label, row = self._frames[-1] if self._frames else ("", -1)
        if row < 0:
            self._open.append(None)
            return
        given: dict[str, object] = {
            name: told
            for name, value in call.arguments.items()
            if not isinstance(value, Policy) and (told := row_of(value, row)) is not None
        }
        inputs = {name: to_plain(value) for name, value in given.items()}
        step = Step(rule=call.name, clauses=call.clauses, inputs=inputs, given=given)
        self.steps.setdefault(label, []).append(step)
        self._open.append(step)

    def leave(self, call: RuleCall, result: T) -> T:  # noqa: ARG002  # as Observer says
        """Close the step with the person's row of the answer."""
        step = self._open.pop()
        if step is not None:
            step.answer = row_of(result, self._frames[-1][1])
            step.result = to_plain(step.answer)
        return result

    def read(self, name: str, value: T, origin: object) -> T:
        """Note which parameter the open step read."""
        step = self._open[-1] if self._open else None
        if step is not None and isinstance(origin, Provenance) and all(one.key != name for one in step.reads):
            plain = PARAMETERS[name].kind.to_data(value)
            step.reads.append(Read(key=name, value=plain, provenance=origin))
        return value

    def note(self, detail: Callable[[int], object]) -> None:
        """Note which branch was binding or how an amount was rounded."""
        step = self._open[-1] if self._open else None
        if step is not None:
            told = detail(self._frames[-1][1])
            if isinstance(told, Message):
                step.notes.append(told)


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


@attrs.frozen(kw_only=True)
class Explanation:
    """A person's year, line by line.

    Attributes:
        lines: By month, the amount of each line.
        steps: By month, the rules that made them; 'assessments' and the year hold what isn't monthly.
    """

    worker: str
    year: int
    place: str
    fingerprint: Mapping[str, str]
    lines: Mapping[str, Mapping[str, Fen]]
    steps: Mapping[str, Sequence[Step]]

    def spans(self) -> list[tuple[str, str]]:
        """Return runs of months whose lines and steps are the same, as first and last."""
        found: list[tuple[str, str]] = []
        previous: object = None
        for month, lines in self.lines.items():
            same = (lines, [step.to_data() for step in self.steps.get(month, ())])
            if found and same == previous:
                found[-1] = (found[-1][0], month)
            else:
                found.append((month, month))
            previous = same
        return found

    def behind(self, month: str, line: str) -> list[Step]:
        """Return the steps behind one line of one month."""
        return [step for step in self.steps.get(month, ()) if step.rule in LINES[line]]

    def record(self) -> list[Step]:
        """Return the steps of the year that made no line: exits, training, agreements."""
        return list(self.steps.get(str(self.year), ()))

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as `shequ explain --json` shows it."""
        return {
            "worker": self.worker,
            "year": self.year,
            "place": self.place,
            "fingerprint": dict(self.fingerprint),
            "months": [
                {
                    "from": first,
                    "to": last,
                    "total": self.lines[first]["total"].yuan(),
                    "lines": {
                        line: {
                            "amount": self.lines[first][line].yuan(),
                            "clauses": sorted({clause for step in self.behind(first, line) for clause in step.clauses}),
                            "steps": [step.to_data() for step in self.behind(first, line)],
                        }
                        for line in LINES
                    },
                }
                for first, last in self.spans()
            ],
            "record": [step.to_data() for step in self.record()],
        }


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
    part = subdistricts_of(data, worker)
    recorder = Recorder(worker)
    with observed(recorder):
        result = run_year(part, book, place, year, known=known)
    return Explanation(
        worker=worker,
        year=year,
        place=place,
        fingerprint=result.policies,
        lines=_lines(result, worker),
        steps=recorder.steps,
    )


def _lines(result: YearResult, worker: str) -> dict[str, dict[str, Fen]]:
    slips = result.slips.where((result.slips.worker == worker).true()) if len(result.slips) else result.slips
    found: dict[str, dict[str, Fen]] = {}
    for slip in slips:
        month = f"{slip.month // 100}-{slip.month % 100:02d}"
        found[month] = {line: getattr(slip, line) for line in (*LINES, "total")}
    return found


def subdistricts_of(data: Dataset, worker: str) -> Dataset:
    """Return what concerns the subdistricts in which somebody ever held a post, and nobody else's records."""
    posts = _texts(data.holdings.post, (data.holdings.worker == worker).true())
    mine = {post[:TOWNSHIP_DIGITS] for post in posts}
    near = data.holdings.post.start(TOWNSHIP_DIGITS).is_in(mine).true()
    people = _texts(data.holdings.worker, near) | {worker}
    places = {"communities": "code", "posts": "community", "grids": "community"}
    kept: dict[str, Table[Any]] = {}  # Any: tables of every kind of fact
    for name, table in data.tables():
        if name in places:
            code = table.column(places[name])
            assert isinstance(code, TextColumn)
            kept[name] = table.where(code.start(TOWNSHIP_DIGITS).is_in(mine).true())
        elif name == "holdings":
            kept[name] = table.where(near)
        else:
            who = table.column("id" if name == "workers" else "worker")
            assert isinstance(who, TextColumn)
            kept[name] = table.where(who.is_in(people).true())
    return data.with_tables(kept)


def _texts(column: TextColumn, kept: Bools) -> set[str]:
    return {one for one in column.where(kept).to_list() if one is not None}
