"""What a run's folder says of itself: a journal while it runs, a manifest when it is finished.

The journal's first line says what is run, every further one which part is finished; a half line, left by a
process that was killed, counts as none. Nothing in the manifest hangs on when, where or in what order the
parts were made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Self

import attrs

from shequ_core.errors import OutputError, msg
from shequ_core.simulation.runs.lock import LOCK
from shequ_core.simulation.runs.parts import Part
from shequ_core.tables.disk import write_whole
from shequ_core.values import JsonValue

JOURNAL: Final = "run.journal"
MANIFEST: Final = "manifest.json"
FORM: Final = 1
"""The form of the files; another is refused rather than misread."""

LIBRARIES: Final = ("shequ-core", "numpy", "pyarrow")
"""What the bytes of a part hang on beside the scenario."""


def versions() -> dict[str, str]:
    """Return the versions on which the bytes of a part hang."""
    return {name: version(name) for name in LIBRARIES}


@attrs.frozen(kw_only=True)
class Header:
    """What is run.

    Attributes:
        run: The fingerprint of it.
        about: What else its results should say of it: JSON.
        libraries: Versions by name.
        tasks: A digest of the tasks' ids in their order.
    """

    run: str
    about: Mapping[str, JsonValue]
    libraries: Mapping[str, str]
    tasks: str

    @classmethod
    def of(cls, run: str, about: Mapping[str, JsonValue], ids: Iterable[str]) -> Self:
        """Make one for a run here and now."""
        tasks = hashlib.sha256("\n".join(ids).encode()).hexdigest()
        said = json.loads(json.dumps(about))  # as it will be read back
        return cls(run=run, about=said, libraries=versions(), tasks=tasks)

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON has it."""
        return {
            "form": FORM, "run": self.run, "about": dict(self.about), "libraries": dict(self.libraries),
            "tasks": self.tasks,
        }  # fmt: skip

    @classmethod
    def from_data(cls, data: Any) -> Self:  # Any: JSON
        """Read it back.

        Raises:
            ValueError: It isn't one, or one of another form.
        """
        try:
            if data["form"] != FORM:
                raise ValueError(f"form {data['form']}")
            return cls(
                run=str(data["run"]), about=dict(data["about"]), libraries=dict(data["libraries"]),
                tasks=str(data["tasks"]),
            )  # fmt: skip
        except (KeyError, TypeError) as error:
            raise ValueError(type(error).__name__) from None

    def check_same(self, there: Self, folder: Path) -> None:
        """Raise `OutputError` unless what a folder holds is of this very run."""
        if self.run != there.run or self.about != there.about or self.tasks != there.tasks:
            raise OutputError(
                msg("{out} holds a run of another scenario: name another folder, or remove that one", out=str(folder))
            )
        changed = [name for name in LIBRARIES if self.libraries[name] != there.libraries.get(name)]
        if changed:
            raise OutputError(
                msg(
                    "{out} was begun with {then}, and here is {now}: go on with what it was begun with, or name another"
                    " folder",
                    out=str(folder), then=tuple(f"{name} {there.libraries.get(name)}" for name in changed),
                    now=tuple(f"{name} {self.libraries[name]}" for name in changed),
                )
            )


@attrs.frozen(kw_only=True)
class Manifest:
    """A finished run: what was run, and all its parts in the order of the tasks.

    Attributes:
        digest: The SHA-256 of all it says: one for the whole run.
    """

    header: Header
    parts: tuple[Part, ...]
    digest: str = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(_json(self._said())).hexdigest())

    def _said(self) -> dict[str, JsonValue]:
        rows: dict[str, JsonValue] = {}
        for name in sorted({file.table for part in self.parts for file in part.files}):
            rows[name] = sum(file.rows for part in self.parts for file in part.files if file.table == name)
        return {**self.header.to_data(), "rows": rows, "parts": [part.to_data() for part in self.parts]}

    def to_bytes(self) -> bytes:
        """Return it as its file holds it."""
        return _json({"digest": self.digest, **self._said()})

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Read the manifest of a folder; None where there is none.

        Raises:
            OutputError: It is there, and none of ours or not as it was written.
        """
        path = folder / MANIFEST
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            data = json.loads(content)
            made = cls(header=Header.from_data(data), parts=tuple(map(Part.from_data, data["parts"])))
        except (ValueError, KeyError, TypeError, RecursionError):
            made = None
        if made is None or made.to_bytes() != content:
            raise OutputError(
                msg(
                    "{file} is no manifest of a run, or not as it was written: name another folder, or put it back from"
                    " a copy",
                    file=str(path),
                )
            )
        return made

    def write(self, folder: Path) -> None:
        """Put it into a folder."""
        write_whole(folder / MANIFEST, self.to_bytes())


@attrs.frozen(kw_only=True)
class Journal:
    """How far the run of a folder is.

    Attributes:
        parts: By id: those that were finished, whatever became of their files since.
    """

    header: Header
    parts: Mapping[str, Part]

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Read the journal of a folder; None where there is none.

        Raises:
            OutputError: It is there, and none of ours.
        """
        path = folder / JOURNAL
        try:
            first, *rest = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return None
        try:
            header = Header.from_data(json.loads(first))
        except (ValueError, RecursionError):
            raise OutputError(
                msg("{file} is no journal of a run: name another folder, or remove that one", file=str(path))
            ) from None
        parts: dict[str, Part] = {}
        for line in rest:
            try:
                part = Part.from_data(json.loads(line))
            except (ValueError, RecursionError):  # half a line: the part is made anew
                continue
            parts[part.id] = part
        return cls(header=header, parts=parts)

    @classmethod
    def begin(cls, folder: Path, header: Header, kept: Sequence[Part]) -> None:
        """Write the journal of a run that begins, or goes on with what is kept."""
        lines = [header.to_data(), *(part.to_data() for part in kept)]
        write_whole(folder / JOURNAL, b"".join(map(_line, lines)), settled=False)

    @classmethod
    def add(cls, folder: Path, part: Part) -> None:
        """Note down a part that is finished."""
        with (folder / JOURNAL).open("ab") as file:
            file.write(_line(part.to_data()))


def is_here(folder: Path, run: str) -> bool:
    """Whether a folder is the one in which that run is under way."""
    try:
        with (folder / JOURNAL).open("rb") as file:
            return Header.from_data(json.loads(file.readline())).run == run
    except (OSError, ValueError):
        return False


def is_free(folder: Path) -> bool:
    """Whether a run may begin in a folder: nothing is there, or nothing but a lock that somebody left."""
    return not folder.exists() or (folder.is_dir() and {path.name for path in folder.iterdir()} <= {LOCK})


def _json(data: JsonValue) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _line(data: JsonValue) -> bytes:
    return (json.dumps(data, ensure_ascii=False) + "\n").encode()
