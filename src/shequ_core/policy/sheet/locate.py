"""Where the keys and values of a TOML text stand: `tomllib` reads them and doesn't say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from shequ_core.policy.plain import Step

_BLANK: Final = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_LONG: Final = re.compile(r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}' + r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}", re.DOTALL)
_SHORT: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'")
_OTHER: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:[^\s,\]}#]+|[^\s,\]}#]+", re.IGNORECASE)


@attrs.define
class Spot:
    """Where one key or item stands, as offsets in the text.

    Attributes:
        key: Of the key's name, of its brackets for a table that has a line of its own, of the item itself.
        start: Of the first character of what it holds.
        end: Of the first one after it.
        parts: What a table or list holds.
        listed: Whether it is a list of tables that each have a line of their own (`[[…]]`).
        headed: Whether it is a table with such a line: what it holds stands in the lines below.
    """

    key: int
    start: int
    end: int
    parts: dict[Step, Spot] = attrs.field(factory=dict)
    listed: bool = False
    headed: bool = False

    def at(self, path: Sequence[Step]) -> Spot:
        """Return the spot of a part; of the last one on the way to it that has one, where it has none."""
        spot = self
        for step in path:
            if step not in spot.parts:
                break
            spot = spot.parts[step]
        return spot

    def paths(self) -> Iterator[tuple[tuple[Step, ...], Spot]]:
        """Yield every part at any depth with the way to it."""
        for step, part in self.parts.items():
            yield (step,), part
            for path, below in part.paths():
                yield (step, *path), below


def line_and_character(text: str, offset: int) -> tuple[int, int]:
    """Return the line of an offset and its place there, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def locate(text: str) -> Spot:
    """Return where everything stands in a text that `tomllib` has read.

    Args:
        text: With line ends that are bare line feeds.
    """
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def scan(self) -> Spot:
        root = table = Spot(0, 0, len(self._text))
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._next("["):
                table = self._header(root)
            else:
                self._pair(table)
            self._skip(_BLANK)
        return root

    def _header(self, root: Spot) -> Spot:
        begin = self._at
        many = self._text.startswith("[[", begin)
        self._at += 2 if many else 1
        names = self._names()
        self._at += 2 if many else 1
        table = root
        for name, offset in names[:-1]:
            table = _last(table.parts.setdefault(name, Spot(offset, begin, self._at, headed=True)))
        name, offset = names[-1]
        if not many:
            # A table that came to be by one below it gets its own line now.
            found = table.parts.setdefault(name, Spot(offset, begin, self._at, headed=True))
            found.key, found.start, found.end = offset, begin, self._at
            return found
        rows = table.parts.setdefault(name, Spot(offset, begin, self._at, listed=True, headed=True))
        row = rows.parts[len(rows.parts)] = Spot(offset, begin, self._at, headed=True)
        return row

    def _pair(self, table: Spot) -> None:
        names = self._names()
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        start = self._at
        for name, offset in names[:-1]:
            table = table.parts.setdefault(name, Spot(offset, start, start))
        name, offset = names[-1]
        spot = table.parts[name] = Spot(offset, start, start)
        self._value(spot)

    def _value(self, spot: Spot) -> None:
        if self._next("["):
            self._at += 1
            self._skip(_BLANK)
            while not self._next("]"):
                part = spot.parts[len(spot.parts)] = Spot(self._at, self._at, self._at)
                self._value(part)
                self._comma()
            self._at += 1
        elif self._next("{"):
            self._at += 1
            self._skip(_BLANK)
            while not self._next("}"):
                self._pair(spot)
                self._comma()
            self._at += 1
        elif not (self._skip(_LONG) or self._skip(_SHORT)):
            self._skip(_OTHER)
        spot.end = self._at

    def _comma(self) -> None:
        self._skip(_BLANK)
        if self._next(","):
            self._at += 1
            self._skip(_BLANK)

    def _names(self) -> list[tuple[str, int]]:
        """Read a key with its dots, up to what follows it."""
        found = []
        while True:
            self._skip(_SPACE)
            offset = self._at
            if not self._skip(_BARE):
                self._skip(_SHORT)
            name = self._text[offset : self._at]
            found.append((name if _BARE.fullmatch(name) else tomllib.loads(f"name = {name}")["name"], offset))
            self._skip(_SPACE)
            if not self._next("."):
                return found
            self._at += 1

    def _next(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def _skip(self, what: re.Pattern[str]) -> bool:
        found = what.match(self._text, self._at)
        if found is None or found.end() == self._at:
            return False
        self._at = found.end()
        return True


def _last(spot: Spot) -> Spot:
    """Return the table that a header goes on from: of a list of tables its last one."""
    return spot.parts[len(spot.parts) - 1] if spot.listed else spot
