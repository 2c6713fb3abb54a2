"""Strategies: values for what differs in kind from place to place.

A place that counts posts by residents where Jilin counts households differs in kind, not in figures.
Such a value is a small frozen class that answers the questions of its base class. It has a kind, a
version and plain data, so it has a fingerprint, and JSON and TOML forms; a plugin may bring its own.
"""

from __future__ import annotations

import inspect
from abc import ABC
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Self

from shequ_core.errors import msg, nearest
from shequ_core.policy.plain import PlainError, Problem, fields_plain, record_from
from shequ_core.values import JsonValue

FIRST_VERSION: Final = 1
"""What data without a version mean: a class that came to mean something else doesn't read them."""


class Strategy(ABC):
    """The base of every strategy; subclasses are frozen attrs classes.

    Attributes:
        kind: Its name in plain data, unlike that of any other strategy of the same base.
        version: Raised when the same data comes to mean something else.
        uses: Names of the parameters it reads; those of its topic that the strategy in force doesn't
            use are reported as not in use.
    """

    kind: ClassVar[str]
    version: ClassVar[int] = FIRST_VERSION
    uses: ClassVar[tuple[str, ...]] = ()

    def check(self) -> None:  # noqa: B027  # most strategies have nothing to refuse
        """Raise `PlainError` where the parts can't go together anywhere."""

    def check_parts(self) -> None:
        """Raise `PlainError` unless each part is of its declared type: the plain form reads back as the same."""
        try:
            same = type(self).from_data(self.to_data()) == self
        except PlainError:
            raise
        except Exception as error:
            raise PlainError(msg("{problem}", problem=str(error))) from None
        if not same:
            raise PlainError(msg("a part is not of its declared type: its plain form reads back as something else"))

    def to_data(self) -> dict[str, JsonValue]:
        """Return kind, version and fields as plain data."""
        return {"kind": self.kind, "version": self.version, **fields_plain(self)}

    @classmethod
    def known_kinds(cls) -> tuple[type[Self], ...]:
        """Return every concrete strategy of this base that is loaded."""
        found: list[type[Self]] = []
        for below in cls.__subclasses__():
            found.extend(below.known_kinds())
        # A class with slots is made anew by attrs: until it is collected, the one before it is a subclass as well.
        made = "__attrs_attrs__" in vars(cls)
        if made and not inspect.isabstract(cls) and "kind" in vars(cls):
            found.append(cls)
        return tuple(found)

    @classmethod
    def readable_kinds(cls) -> dict[str, type[Self]]:
        """Return the strategy as which each kind is read: a plugin's can't take the place of one of the library's."""
        return {one.kind: one for one in sorted(cls.known_kinds(), key=_is_core)}

    @classmethod
    def from_data(cls, data: object) -> Self:
        """Read a strategy of this base from plain data."""
        if not isinstance(data, Mapping):
            raise PlainError(msg("a table with `kind` is expected"))
        kinds = cls.readable_kinds()
        kind = data.get("kind")
        if not isinstance(kind, str) or kind not in kinds:
            raise _odd_kind(kind, sorted(kinds))
        chosen = kinds[kind]
        if data.get("version", FIRST_VERSION) != chosen.version:
            told = msg("version {version} is expected", version=chosen.version)
            raise PlainError(told, Problem(told, ("version",)))
        strategy: Self = record_from(chosen, {key: one for key, one in data.items() if key not in {"kind", "version"}})
        return strategy


def _odd_kind(kind: object, kinds: Sequence[str]) -> PlainError:
    known = msg("kind is one of {kinds}", kinds=tuple(kinds))
    if not isinstance(kind, str):
        return PlainError(known) if kind is None else PlainError(known, Problem(known, ("kind",)))
    near = nearest(kind, kinds)
    told = (
        msg("there is no kind {kind}; did you mean {near}? {known}", kind=kind, near=near, known=known)
        if near
        else msg(
            "there is no kind {kind}; {known}, and a plugin's own class has to be imported first",
            kind=kind, known=known,
        )
    )
    return PlainError(told, Problem(told, ("kind",)))


def _is_core(kind: type[Strategy]) -> bool:
    return kind.__module__.partition(".")[0] == __name__.partition(".")[0]
