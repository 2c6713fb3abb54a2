"""Answers as files: folders and workbooks that are whole or not there, Parquet, columns of a sheet.

All is made beside the target and moved into place at the end, so nothing is half-written.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from shequ_core.errors import OutputError, msg
from shequ_core.tables.columns import TextColumn
from shequ_core.tables.frames import plain_arrow
from shequ_core.tables.sheets import Cells, text_cell
from shequ_core.tables.table import Table

_ROW_GROUP: Final = 2**15


# --- files and folders ------------------------------------------------------------------------------


def write_folder(out: Path, names: Collection[str], marker: str, fill: Callable[[Path], None]) -> None:
    """Write an answer into a folder, in place of an earlier one.

    Args:
        out: The folder.
        names: What a folder of such an answer holds.
        marker: The file by which an earlier answer is known.
        fill: Writes the files into the folder that it is given.

    Raises:
        OutputError: The folder holds something that isn't an earlier answer of ours, or can't be written.
    """
    if not _may_be_replaced(out, names, marker):
        raise OutputError(
            msg("{out} is there and is not an earlier answer: name another folder, or empty this one", out=str(out))
        )
    with _beside(out) as work:
        fill(work)
        work.chmod(0o755)
        _into_place(work, out)


def write_new(out: Path, content: bytes) -> None:
    """Write a file that isn't there yet.

    Raises:
        OutputError: Something is there already, or it can't be written.
    """
    write_together({out: content})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files of one folder that aren't there yet: all of them, or none.

    Raises:
        OutputError: Something is there already, or one can't be written.
    """
    for out in files:
        if _is_there(out):
            raise OutputError(msg("{out} is there already: name another file", out=str(out)))
    with _beside(next(iter(files))) as work:
        for out, content in files.items():
            (work / out.name).write_bytes(content)
        done: list[Path] = []
        try:
            for out in files:
                (work / out.name).rename(out)
                done.append(out)
        except OSError:
            for out in done:
                out.unlink(missing_ok=True)
            raise


def write_or_replace(files: Mapping[Path, bytes], is_earlier: Callable[[Path], bool]) -> None:
    """Write files, in place of earlier answers of the same kind: all of them, or none.

    Args:
        files: What to write where; folders may differ.
        is_earlier: Whether a file that is there is such an answer, which may go. An empty file may go too.

    Raises:
        OutputError: Something else is there, or one can't be written.
    """
    for out in files:
        if _is_there(out) and not (_is_plain(out) and (out.stat().st_size == 0 or is_earlier(out))):
            raise OutputError(
                msg("{out} is there and is not an earlier answer of this kind: name another file", out=str(out))
            )
    with ExitStack() as stack:
        works = {out: stack.enter_context(_beside(out)) for out in files}
        for out, content in files.items():
            (works[out] / out.name).write_bytes(content)
        done: list[tuple[Path, Path | None]] = []
        try:
            for out, work in works.items():
                old = work / f"{out.name}.old" if _is_there(out) else None
                if old is not None:
                    out.rename(old)
                done.append((out, old))
                (work / out.name).rename(out)
        except OSError:
            for out, old in reversed(done):
                if old is not None:
                    old.replace(out)
                else:
                    out.unlink(missing_ok=True)
            raise


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Lend a folder beside the target, from which what is finished is moved into place."""
    work = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        yield work
    except OutputError:
        raise
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise OutputError(msg("{out} can't be written: {why}", out=str(out), why=why)) from None
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


def _is_there(out: Path) -> bool:
    """Whether something of that name is there, a link to nothing included."""
    return os.path.lexists(out)  # unlike Path.exists it doesn't raise for a name that can't be, which writing tells


def _may_be_replaced(out: Path, names: Collection[str], marker: str) -> bool:
    """Whether nothing is there, or an earlier answer and no file of anybody else's beside it."""
    if not _is_there(out):
        return True
    if not out.is_dir() or out.is_symlink():
        return False
    found = {path.name for path in out.iterdir()}
    return not found or (marker in found and found <= set(names))


def _into_place(work: Path, out: Path) -> None:
    """Put the finished folder where the earlier answer is, which comes back if that fails."""
    if not out.exists():
        work.rename(out)
        return
    old = work.with_name(f"{work.name}.old")
    out.rename(old)
    try:
        work.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


# --- Parquet and columns of a sheet -----------------------------------------------------------------


def write_parquet(table: Table[Any], path: Path, marks: Mapping[bytes, bytes]) -> None:  # Any: tables of an answer
    """Write a table as `plain_arrow` has it."""
    import pyarrow.parquet

    def made(part: Table[Any]) -> Any:  # Any: PyArrow publishes no types
        return plain_arrow(part).replace_schema_metadata(dict(marks))

    # Group by group: a province's slips are never a second time in memory.
    schema = made(table.take(np.arange(0))).schema
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd", use_dictionary=True) as writer:
        for first in range(0, max(len(table), 1), _ROW_GROUP):
            writer.write_table(made(table.take(np.arange(first, min(first + _ROW_GROUP, len(table))))))


def text_cells(header: str, texts: Sequence[str]) -> Cells:
    """Make a column of a sheet of texts."""
    column = TextColumn.of(texts)
    return Cells(header, [text_cell(text) for text in column.vocabulary], column.values)
