"""The proof that what cites a clause carries it: disturb the cited thing, and a case has to come out wrong.

A rule's answer is shifted by one unit as it leaves the rule; a value, a leeway or a limit is shifted as it
is said. Some case of the clause must then come out otherwise, and without an error: code that only crashes
when it is disturbed has shown nothing. `python -m shequ_core.testing.proof` prints every citation of the
clauses that coverage counts as carried, and ends with 1 where one of them is not proven.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from typing import Any, Final, TypeVar

import attrs
import numpy as np

from shequ_core.errors import ShequError
from shequ_core.policy.strategies import Strategy
from shequ_core.tables.columns import BoolColumn, Column, DateColumn, EnumColumn, FenColumn, IntColumn, TextColumn
from shequ_core.testing.cases import Books, Case, Said, load_cases, run_case
from shequ_core.testing.coverage import CODE, Citation, citations, coverage
from shequ_core.trace import RuleCall, observed
from shequ_core.values import Fen, Span

T = TypeVar("T")

_HUNDREDTH: Final = Fraction(1, 100)
_MARK: Final = "'"


@attrs.frozen(kw_only=True)
class Row:
    """One citation and whether it is proven.

    Attributes:
        proven_by: The case that came out wrong when the cited thing was disturbed; empty where none did.
        why: What came of the cases that prove nothing.
    """

    citation: Citation
    proven_by: str = ""
    why: str = ""


@attrs.frozen
class Proof:
    """Every citation of every clause that is carried."""

    rows: tuple[Row, ...]

    @property
    def unproven(self) -> tuple[Row, ...]:
        """The citations that don't count."""
        return tuple(row for row in self.rows if not row.proven_by)

    def lines(self) -> Iterator[str]:
        """Yield the table, a line a citation."""
        for row in self.rows:
            told = f"by {row.proven_by}" if row.proven_by else f"NOT PROVEN: {row.why}"
            yield f"{row.citation.clause:<11} {row.citation.where:<58} {told}"


@attrs.frozen
class Disturbed:
    """An observer that shifts what one rule answers, by one unit."""

    rule: str
    by_row: bool = True

    def enter(self, call: RuleCall) -> None:
        """Leave what goes in alone."""

    def leave(self, call: RuleCall, result: T) -> T:
        """Shift what comes out."""
        changed: T = shifted(result) if call.name == self.rule else result
        return changed

    def read(self, name: str, value: T, origin: object) -> T:  # noqa: ARG002  # as Observer says
        """Leave values alone."""
        return value

    def frame(self, ids: object, label: str, apart: object) -> None:
        """Rows are of no concern."""

    def unframe(self) -> None:
        """Rows are of no concern."""

    def concern(self, line: str) -> None:
        """Lines are of no concern."""

    def note(self, detail: Callable[[int], object]) -> None:
        """Leave branches alone."""


def prove(cases: Sequence[Case] | None = None) -> Proof:
    """Disturb everything that cites a clause which coverage counts as carried, one thing at a time.

    Args:
        cases: Worked cases; None for the library's own.

    Raises:
        CaseError: A case can't be read.
    """
    shown = load_cases() if cases is None else tuple(cases)
    carried = coverage(shown).carried
    calm = Books()
    wrong = {case.id: why for case in shown if (why := _wrong(case, calm))}
    found = [one for one in citations() if one.clause in carried]
    return Proof(tuple(_row(one, [case for case in shown if one.asked_by(case)], wrong) for one in found))


def _wrong(case: Case, books: Books) -> str:
    """Say why a case proves nothing: it doesn't come out even when nothing is disturbed."""
    try:
        result = run_case(case, books)
    except ShequError as error:
        return str(error)
    return "" if result.same else f"{case.id} comes out as {result.found}, not {result.expected}"


def _row(citation: Citation, cases: Sequence[Case], wrong: Mapping[str, str]) -> Row:
    if not cases:
        return Row(citation=citation, why="no case asks it")
    books = Books() if citation.kind in CODE else Books(change=_change(citation))
    told: list[str] = []
    for case in cases:
        if case.id in wrong:
            told.append(wrong[case.id])
            continue
        try:
            with observed(Disturbed(citation.name)) if citation.kind in CODE else nullcontext():
                same = run_case(case, books).same
        except Exception as error:  # whatever is raised, it is no proof
            told.append(f"{case.id} raises {type(error).__name__}")
            continue
        if not same:
            return Row(citation=citation, proven_by=case.id)
        told.append(f"{case.id} comes out the same")
    return Row(citation=citation, why="; ".join(told))


def _change(citation: Citation) -> Callable[[Said], Said]:
    part = {"value": "value", "leeway": "leeway", "limit": "bound"}[citation.kind]

    def change(one: Said) -> Said:
        if one is not citation.said:
            return one
        changed: Said = copy.copy(one)
        object.__setattr__(changed, part, shifted(getattr(one, part)))  # unchecked: it may be what no kind allows
        return changed

    return change


# --- by one unit ---------------------------------------------------------------------------------------


def shifted(value: Any) -> Any:  # Any: whatever a rule answers or a place says, and the same kind back
    """Return a value changed by one unit: a number or a day one on, a choice the next, yes for no.

    Of a record every number is, inside it too; one that holds no number answers everything shifted.
    Unknown stays unknown, but an answer that is None as a whole becomes something.
    """
    if isinstance(value, bool):
        return not value
    if isinstance(value, Enum):
        members = list(type(value))
        return members[(members.index(value) + 1) % len(members)]
    if isinstance(value, Fen):
        return Fen(value + 1)
    if isinstance(value, int):
        return value + 1
    if isinstance(value, Fraction):
        return value + _HUNDREDTH
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, str):
        return value + _MARK
    if value is None:
        return _MARK
    if isinstance(value, Span):
        return value.map(shifted)
    if isinstance(value, frozenset):
        return frozenset(one for member in value for one in type(member)) - value
    if isinstance(value, Mapping):
        return {name: shifted(one) for name, one in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(map(shifted, value))
    if isinstance(value, Iterator):
        return iter([] if list(value) else [_MARK])  # findings: none where there were some
    return _shifted_column(value)


def _shifted_column(value: Any) -> Any:  # Any: as for shifted
    if isinstance(value, BoolColumn):
        return ~value
    if isinstance(value, (IntColumn, FenColumn, DateColumn)):
        return type(value)(value.values + 1, value.known)
    if isinstance(value, EnumColumn):
        members: type[Enum] = value.kind
        return EnumColumn((value.values + 1) % len(members), value.known, members)
    if isinstance(value, TextColumn):
        return TextColumn(value.values, value.known, [text + _MARK for text in value.vocabulary])
    if isinstance(value, np.ndarray):
        return value + 1
    return _shifted_record(value)


def _shifted_record(record: Any) -> Any:  # Any: an attrs record
    changes = {}
    for field in attrs.fields(type(record)):
        held = getattr(record, field.name)
        if field.init and not isinstance(held, (Enum, str, np.ndarray)) and held is not None:
            changes[field.name] = shifted(held)
    if any(isinstance(one, Column) or one != getattr(record, name) for name, one in changes.items()):
        return attrs.evolve(record, **changes)
    return _Shifted(record) if isinstance(record, Strategy) else record


class _Shifted:
    """A strategy that holds no figure of its own: every answer that it gives is shifted."""

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy

    def __getattr__(self, name: str) -> Any:  # Any: whatever the strategy has
        found = getattr(self._strategy, name)
        if not callable(found):
            return found
        return lambda *args, **kwargs: shifted(found(*args, **kwargs))


def main() -> int:
    """Print the proof; 1 where a citation of a carried clause isn't proven."""
    proof = prove()
    for line in proof.lines():
        print(line)
    print(f"{len(proof.rows)} citations, {len(proof.unproven)} not proven")
    return 1 if proof.unproven else 0


if __name__ == "__main__":
    sys.exit(main())
