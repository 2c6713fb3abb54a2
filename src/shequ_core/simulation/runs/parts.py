"""The parts of a run as files: what the work on one task gave, each table a Parquet file of its own.

`<table>/part=<id>/rows.parquet`, so that any reader of Hive-like folders takes a table as one. The id is
never a bare number, and codes stand as text in the files: nobody's reader makes 220104 a number of them.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import attrs

from shequ_core.errors import OutputError, RunError, msg
from shequ_core.tables.disk import write_whole
from shequ_core.tables.frames import plain_arrow
from shequ_core.tables.table import Table
from shequ_core.values import JsonValue

Rows: TypeAlias = Any
"""A `Table` of ours or a `pyarrow.Table`; Any, for PyArrow publishes no types."""


class Task(Protocol):
    """A piece of work that hangs on no other; it can be pickled.

    Attributes:
        id: Its name, letters, digits, '-' and '_' with a letter or '-' among them, such as '220104-s0001'.
    """

    @property
    def id(self) -> str: ...  # noqa: D102


T = TypeVar("T", bound=Task)
Work: TypeAlias = Callable[[T], Mapping[str, Rows]]

_ID: Final = re.compile(r"(?=.*[A-Za-z-])[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_TABLE: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ROW_GROUP: Final = 2**17
MARK: Final = b"shequ_run"
"""Where a file says of which run it is, among the metadata of its schema."""


@attrs.frozen(kw_only=True)
class PartFile:
    """One table of a part.

    Attributes:
        sha256: Of the file's bytes.
    """

    table: str
    rows: int
    sha256: str

    def path(self, folder: Path, part: str) -> Path:
        """Return where it stands."""
        return folder / self.table / f"part={part}" / "rows.parquet"


@attrs.frozen(kw_only=True)
class Part:
    """What the work on one task gave, as files.

    Attributes:
        id: The task's id.
        files: By the table's name.
    """

    id: str
    files: tuple[PartFile, ...]

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON has it."""
        return {
            "id": self.id,
            "files": [{"table": one.table, "rows": one.rows, "sha256": one.sha256} for one in self.files],
        }

    @classmethod
    def from_data(cls, data: Any) -> Part:  # Any: JSON
        """Read it back.

        Raises:
            ValueError: It isn't one.
        """
        try:
            files = tuple(PartFile(table=one["table"], rows=one["rows"], sha256=one["sha256"]) for one in data["files"])
            part = cls(id=data["id"], files=files)
            fits = _ID.fullmatch(part.id) and all(
                _TABLE.fullmatch(one.table) and _DIGEST.fullmatch(one.sha256) and type(one.rows) is int for one in files
            )
        except (KeyError, TypeError) as error:
            raise ValueError(type(error).__name__) from None
        if not fits:
            raise ValueError("names")
        return part

    def is_whole(self, folder: Path) -> bool:
        """Whether every file of it is there, to the byte."""
        for one in self.files:
            try:
                with one.path(folder, self.id).open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != one.sha256:
                        return False
            except FileNotFoundError:
                return False
        return True

    def read(self, folder: Path, table: str) -> Rows | None:
        """Return a table of it; None where it has none of that name.

        Raises:
            RunError: The file isn't as it was written.
        """
        import pyarrow.parquet

        for one in self.files:
            if one.table == table:
                path = one.path(folder, self.id)
                content = path.read_bytes() if path.is_file() else b""
                if hashlib.sha256(content).hexdigest() != one.sha256:
                    raise RunError(
                        msg(
                            "Part {part} is not as the run wrote it: run it again with --continue (resume=True), which"
                            " makes it anew",
                            part=self.id,
                        ),
                        [self.id],
                    )
                return pyarrow.parquet.read_table(io.BytesIO(content))
        return None


def check_tasks(tasks: Sequence[Task]) -> None:
    """Raise `ValueError` unless every task has an id of its own that can name a folder on any system."""
    seen: set[str] = set()
    for task in tasks:
        if not _ID.fullmatch(task.id):
            raise ValueError(f"{task.id!r} is no id of a task: letters, digits, '-' and '_', not a number alone")
        if task.id.casefold() in seen:  # some file systems don't tell A from a
            raise ValueError(f"two tasks have the id {task.id!r}")
        seen.add(task.id.casefold())


def to_rows(given: Mapping[str, Rows]) -> dict[str, Rows]:
    """Return what work gave as PyArrow tables, by name."""
    made = {name: plain_arrow(one) if isinstance(one, Table) else one for name, one in given.items()}
    odd = [name for name in made if not _TABLE.fullmatch(name)]
    if odd:
        raise ValueError(f"{odd} can't name a table: small letters, digits and '_'")
    return made


def write_part(folder: Path, part: str, given: Mapping[str, Rows], run: str) -> Part:
    """Write what work gave: each file whole or not at all.

    Args:
        folder: The folder of the run.
        part: The task's id.
        given: Its tables.
        run: The fingerprint of what is run, which each file carries.

    Raises:
        OutputError: It can't be written; names the part, and how to go on.
    """
    files = []
    for name, rows in sorted(to_rows(given).items()):
        content = _parquet(rows, run)
        file = PartFile(table=name, rows=rows.num_rows, sha256=hashlib.sha256(content).hexdigest())
        path = file.path(folder, part)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content, settled=False)  # what a power cut takes is told by its digest, and made anew
        except OSError as error:
            raise cannot_write(folder, part, error) from None
        files.append(file)
    return Part(id=part, files=tuple(files))


def cannot_write(folder: Path, part: str, error: OSError) -> OutputError:
    """Say that a part can't be written, and how to go on."""
    return OutputError(
        msg(
            "part {part} can't be written into {out}: {why}. What is finished is kept; make room, or whatever else is"
            " wanting, and go on with --continue (resume=True).",
            part=part, out=str(folder), why=error.strerror or type(error).__name__,
        )
    )


def _parquet(rows: Rows, run: str) -> memoryview:
    """Return rows as the bytes of a Parquet file, the same whatever pieces the table was put together of."""
    import pyarrow
    import pyarrow.parquet

    target = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(
        rows.combine_chunks().replace_schema_metadata({MARK: run.encode()}), target,
        compression="zstd", use_dictionary=True, write_statistics=True, store_schema=True, row_group_size=_ROW_GROUP,
    )  # fmt: skip
    return memoryview(target.getvalue())
