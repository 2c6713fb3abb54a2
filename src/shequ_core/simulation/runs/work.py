"""The work on a task, where it is done: in this process, in another, or on another machine."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic

import attrs

from shequ_core.errors import RunError, ShequError, msg
from shequ_core.simulation.runs.journal import is_here
from shequ_core.simulation.runs.parts import Part, Rows, T, Task, Work, to_rows, write_part


@attrs.frozen
class InMemory(Generic[T]):
    """Does the work on a task."""

    work: Work[T]

    def __call__(self, task: T) -> dict[str, Rows]:
        """Return its tables."""
        with _named(task):
            return to_rows(self.work(task))


@attrs.frozen(kw_only=True)
class IntoFolder(Generic[T]):
    """Does the work on a task, and writes its tables.

    Attributes:
        folder: The folder of the run, from the root: a worker may stand elsewhere.
        run: The fingerprint of what is run.
    """

    work: Work[T]
    folder: Path
    run: str

    def __call__(self, task: T) -> Part:
        """Return what was written."""
        with _named(task):
            if not is_here(self.folder, self.run):
                raise RunError(
                    msg(
                        "Part {part}: where it is worked on, {out} isn't the folder of this run. All machines of a"
                        " cluster need a folder that they share: name one, and run it again.",
                        part=task.id, out=str(self.folder),
                    ),
                    [task.id],
                )
            return write_part(self.folder, task.id, self.work(task), self.run)


@contextmanager
def _named(task: Task) -> Iterator[None]:
    """Name the task in what goes wrong in it; what is no error of ours becomes one, with its traceback as a note."""
    try:
        yield
    except ShequError as error:
        if not isinstance(error, RunError):
            error.add_note(f"(part {task.id})")
        raise
    except Exception as error:
        failed = RunError(
            msg(
                "Part {part} came to a fault in the program ({kind}). Mend it; parts that are in a folder by now are"
                " kept: go on with --continue (resume=True).",
                part=task.id, kind=type(error).__name__,
            ),
            [task.id],
        )
        failed.add_note("".join(traceback.format_exception(error)))  # a cause would be lost between processes
        raise failed from None
