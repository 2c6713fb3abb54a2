"""A run of many tasks: into a folder that can be gone on with, or in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path
from typing import Generic, Self

import attrs

from shequ_core.errors import Message, OutputError, RunError, RunStopped, ShequError, msg
from shequ_core.simulation.runs.hands import handed_out
from shequ_core.simulation.runs.journal import JOURNAL, MANIFEST, Header, Journal, Manifest, is_free
from shequ_core.simulation.runs.lock import only_run
from shequ_core.simulation.runs.parts import Part, Rows, T, Work, cannot_write, check_tasks
from shequ_core.simulation.runs.work import InMemory, IntoFolder
from shequ_core.tables.disk import UNFINISHED
from shequ_core.values import JsonValue

Progress = Callable[[int, int], None]
"""Told how many of how many parts are done."""


def silent(done: int, of: int) -> None:
    """Tell nobody."""


def _alike(_: object) -> int:
    return 0


@attrs.frozen(kw_only=True)
class Ran:
    """A finished run in its folder.

    Attributes:
        folder: The folder.
        manifest: What it says of itself.
    """

    folder: Path
    manifest: Manifest

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open a finished run.

        Raises:
            OutputError: There is none in the folder, or it isn't finished.
        """
        folder = Path(folder)
        manifest = Manifest.read(folder)
        if manifest is None:
            raise OutputError(
                msg("{out} holds no finished run: run it, or go on with --continue (resume=True)", out=str(folder))
            )
        return cls(folder=folder, manifest=manifest)

    @property
    def digest(self) -> str:
        """One digest for all of it: the same whatever the workers, the order and the interruptions."""
        return self.manifest.digest

    def each(self, table: str) -> Iterator[tuple[str, Rows]]:
        """Yield a table's rows part by part, in the order of the tasks: the part's id, and a `pyarrow.Table`.

        Raises:
            RunError: A file isn't as it was written.
        """
        for part in self.manifest.parts:
            rows = part.read(self.folder, table)
            if rows is not None:
                yield part.id, rows

    def read(self, table: str) -> Rows:
        """Return all of a table as one `pyarrow.Table`.

        Raises:
            RunError: A file isn't as it was written.
            KeyError: There is no such table.
        """
        import pyarrow

        found = [rows for _, rows in self.each(table)]
        if not found:
            raise KeyError(table)
        return pyarrow.concat_tables(found)


@attrs.frozen(kw_only=True)
class Run(Generic[T]):
    """Many tasks, and the work that is done on each.

    Attributes:
        tasks: In the order in which results are put together.
        work: What is done on a task, which hangs on nothing else: a function that stands in a module, for it is
            sent to other processes by name. It returns tables by name.
        run: The fingerprint of what is run: whatever the results hang on.
        about: What else the manifest should say.
        size: How large a task is. Where results go into a folder larger ones are handed out first, so that none is
            left to one worker at the end; those of one size in their order.
    """

    tasks: Sequence[T] = attrs.field(converter=tuple)
    work: Work[T]
    run: str
    about: Mapping[str, JsonValue] = attrs.field(factory=dict)
    size: Callable[[T], int] = _alike

    def __attrs_post_init__(self) -> None:
        check_tasks(self.tasks)

    def in_memory(
        self, *, executor: Executor | None = None, workers: int | None = None, progress: Progress = silent
    ) -> Iterator[tuple[T, Mapping[str, Rows]]]:
        """Yield each task and its tables, in the order of the tasks; no more of them are held than a few a worker.

        Args:
            executor: Where to work, else here: anything that takes functions and gives futures.
            workers: How many tasks are worked on at a time: without an executor in so many processes.
            progress: Told how far it is.

        Raises:
            RunError: The executor or a worker died, or the work came to a fault.
        """
        progress(0, len(self.tasks))
        with closing(
            handed_out(InMemory(self.work), self.tasks, executor=executor, workers=workers, in_order=True)
        ) as handed:
            for done, (place, tables) in enumerate(handed, start=1):
                progress(done, len(self.tasks))
                yield self.tasks[place], tables

    def into(
        self,
        out: Path | str,
        *,
        resume: bool = False,
        executor: Executor | None = None,
        workers: int | None = None,
        progress: Progress = silent,
    ) -> Ran:
        """Work on all tasks, each of which writes its part into a folder; the manifest comes last.

        Args:
            out: The folder: empty, or not there yet.
            resume: Go on with a run of the same that the folder holds: what is whole of it is kept. A finished one
                is looked through, and mended where a part is damaged.
            executor: As for `in_memory`; its workers must see the folder under the same path.
            workers: As there.
            progress: Told how far it is.

        Raises:
            OutputError: The folder is in use, holds something else or can't be written; says how to go on.
            RunError: The executor or a worker died, or the work came to a fault; says how to go on.
            RunStopped: Somebody stopped it.
        """
        folder = Path(out).absolute()
        header = Header.of(self.run, self.about, (task.id for task in self.tasks))
        try:
            _check_may_begin(folder)
            folder.mkdir(parents=True, exist_ok=True)
            with only_run(folder):
                return self._hold(folder, header, executor, workers, progress, resume=resume)
        except OSError as error:
            if isinstance(error, ShequError):
                raise
            why = error.strerror or type(error).__name__
            raise OutputError(
                msg(
                    "{out} can't be written: {why}. What is finished is kept; go on with --continue (resume=True).",
                    out=str(folder), why=why,
                )
            ) from None

    def _hold(
        self,
        folder: Path,
        header: Header,
        executor: Executor | None,
        workers: int | None,
        progress: Progress,
        *,
        resume: bool,
    ) -> Ran:
        finished, journal = Manifest.read(folder), Journal.read(folder)
        there = finished.header if finished is not None else None if journal is None else journal.header
        known: dict[str, Part] = {} if finished is None else {part.id: part for part in finished.parts}
        if journal is not None and finished is None:
            known.update(journal.parts)
        if there is not None:
            header.check_same(there, folder)
            if not resume:
                raise _is_there(folder, len(known), len(self.tasks), finished=finished is not None)
        done = {task.id: known[task.id] for task in self.tasks if task.id in known and known[task.id].is_whole(folder)}
        todo = [task for task in self.tasks if task.id not in done]
        if todo or finished is None:
            Journal.begin(folder, header, list(done.values()))
            try:
                self._work(folder, todo, done, known, executor, workers, progress)
            except KeyboardInterrupt:
                raise RunStopped(_stopped(folder, len(done), len(self.tasks))) from None
        manifest = Manifest(header=header, parts=tuple(done[task.id] for task in self.tasks))
        if finished is None:
            manifest.write(folder)
        _tidy(folder)
        return Ran(folder=folder, manifest=manifest)

    def _work(
        self,
        folder: Path,
        todo: Sequence[T],
        done: dict[str, Part],
        known: Mapping[str, Part],
        executor: Executor | None,
        workers: int | None,
        progress: Progress,
    ) -> None:
        """Do what is to do; `done` grows."""
        call = IntoFolder(work=self.work, folder=folder, run=self.run)
        progress(len(done), len(self.tasks))
        # Closed here and now, not whenever the traceback of an error goes: no process works on behind our back.
        in_turn = sorted(todo, key=self.size, reverse=True)
        with closing(handed_out(call, in_turn, executor=executor, workers=workers, in_order=False)) as handed:
            for _, part in handed:
                if known.get(part.id, part) != part:
                    raise RunError(
                        msg(
                            "Part {part} is not the same as when it was made before: what it hangs on has changed. Run"
                            " all of it again in another folder.",
                            part=part.id,
                        ),
                        [part.id],
                    )
                try:
                    Journal.add(folder, part)
                except OSError as error:
                    raise cannot_write(folder, part.id, error) from None
                done[part.id] = part
                progress(len(done), len(self.tasks))


def _check_may_begin(folder: Path) -> None:
    """Raise `OutputError` for a folder of somebody else's, in which not even a lock is put."""
    if not is_free(folder) and not (folder / JOURNAL).is_file() and not (folder / MANIFEST).is_file():
        raise OutputError(
            msg("{out} is there and holds no run: name another folder, or empty this one", out=str(folder))
        )


def _is_there(folder: Path, parts: int, of: int, *, finished: bool) -> OutputError:
    if finished:
        return OutputError(
            msg(
                "{out} holds this very run, finished: read it, have it looked through with --continue (resume=True), or"
                " name another folder",
                out=str(folder),
            )
        )
    return OutputError(
        msg(
            "{out} holds this very run, {parts} of {of} parts finished: go on with --continue (resume=True), or name"
            " another folder",
            out=str(folder), parts=parts, of=of,
        )
    )


def _stopped(folder: Path, parts: int, of: int) -> Message:
    return msg(
        "Stopped: {parts} of {of} parts are finished and kept in {out}; go on with --continue (resume=True).",
        parts=parts, of=of, out=str(folder),
    )


def _tidy(folder: Path) -> None:
    """Remove what a finished run needs no more, and what was left half-written by processes that were killed."""
    for path in folder.rglob(f".*{UNFINISHED}"):
        path.unlink(missing_ok=True)
    (folder / JOURNAL).unlink(missing_ok=True)
