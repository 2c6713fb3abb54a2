"""Who watches while rules run: nobody, a recorder that explains, or a proof that perturbs.

One hook serves all three, so that an explanation is made by the very rules that paid, and a proof
disturbs the very code that a clause cites. When nobody watches, a rule costs one look-up more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Protocol, TypeVar

import attrs

T = TypeVar("T")


@attrs.frozen
class RuleCall:
    """A rule that is about to run: its name, the clauses it carries, its arguments by name."""

    name: str
    clauses: tuple[str, ...]
    arguments: Mapping[str, object]


class Observer(Protocol):
    """What may watch a run.

    Attributes:
        by_row: Whether it asks about single rows: then every rule runs on the rows themselves, and what hangs
            on a combination of facts alone isn't looked up.
    """

    @property
    def by_row(self) -> bool:
        """See above; a property, so that a constant will do."""

    def enter(self, call: RuleCall) -> None:
        """A rule begins."""

    def leave(self, call: RuleCall, result: T) -> T:
        """A rule ended; what is returned here is what its caller gets."""

    def read(self, name: str, value: T, origin: object) -> T:
        """A parameter was read; what is returned here is what the rule gets."""

    def frame(self, ids: object, label: str, apart: object) -> None:
        """The columns that follow have these people as their rows; `label` is the month or year.

        `apart` is a column that tells rows of one person apart, such as the post of each; None where there is none.
        """

    def unframe(self) -> None:
        """Those columns are done with."""

    def concern(self, line: str) -> None:
        """What follows works on this line of a slip; empty: on whichever line the rule stands behind."""

    def note(self, detail: Callable[[int], object]) -> None:
        """A primitive chose a branch or rounded: `detail(row)` is the `Message` that tells it for one row, or None."""


_observer: Final[ContextVar[Observer | None]] = ContextVar("shequ_core.observer", default=None)


def observer() -> Observer | None:
    """Return who watches now."""
    return _observer.get()


@contextmanager
def observed(by: Observer | None) -> Iterator[None]:
    """Let somebody watch what runs inside."""
    token = _observer.set(by)
    try:
        yield
    finally:
        _observer.reset(token)


@contextmanager
def framed(ids: object, label: str, apart: object = None) -> Iterator[None]:
    """Tell whoever watches whose rows the columns inside have, and what tells rows of one person apart."""
    watching = observer()
    if watching is None:
        yield
        return
    watching.frame(ids, label, apart)
    try:
        yield
    finally:
        watching.unframe()


@contextmanager
def concerning(line: str) -> Iterator[None]:
    """Tell whoever watches on which line of a slip the rules inside work, where that isn't told by the rule."""
    watching = observer()
    if watching is None:
        yield
        return
    watching.concern(line)
    try:
        yield
    finally:
        watching.concern("")
