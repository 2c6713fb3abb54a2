"""A task whose result hangs on nothing but its id, and ways to bring down whoever works on it."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import attrs

from shequ_core.model.answers import InputDigest
from shequ_core.simulation.runs.parts import Rows
from shequ_core.simulation.runs.run import Run
from shequ_core.tables.answers import InputDigests
from shequ_core.tables.frames import plain_arrow


@attrs.frozen
class Toy:
    """A task.

    Attributes:
        fuse: A file: while it is there, whoever works on the task removes it and does as it says.
        stays: Whether the file is left.
    """

    id: str
    fuse: Path | None = None
    stays: bool = False


def toys(count: int) -> list[Toy]:
    """Make tasks by counties and seeds."""
    return [Toy(f"2201{place % 3:02d}-s{place:04d}") for place in range(count)]


def work(toy: Toy) -> dict[str, Rows]:
    """Return a table of ours and one of PyArrow, which may have no rows, as the id has it."""
    if toy.fuse is not None and toy.fuse.exists():
        what = toy.fuse.read_text()
        if not toy.stays:
            toy.fuse.unlink()
        burn(what)
    digest = hashlib.sha256(toy.id.encode()).hexdigest()
    rows = [InputDigest(table="toys", subject=toy.id[:6], since=place, digest=digest) for place in range(30)]
    return {"toys": InputDigests.of(rows), "few": plain_arrow(InputDigests.of(rows[: int(digest[0], 16) % 3]))}


def burn(what: str) -> None:
    """Do what a fuse says."""
    if what == "worker":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "run":
        os.kill(os.getppid(), signal.SIGKILL)
    elif what == "stop":
        os.kill(os.getppid(), signal.SIGINT)
    elif what.startswith("pid "):
        os.kill(int(what.removeprefix("pid ")), signal.SIGKILL)
    elif what == "fault":
        raise ValueError("the salary of 张三 is odd")


def toy_run(tasks: list[Toy], run: str = "toy", **more: Any) -> Run[Toy]:
    """Make a run of toys."""
    return Run(tasks=tasks, work=work, run=run, **more)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def digests_of(folder: Path) -> dict[str, str]:
    """Return the digest of every file of a folder."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in bytes_of(folder).items()}


def main(out: str, count: str, workers: str, place: str, fuse: str) -> None:
    """Run toys, one of them with a fuse, and go on with what is there."""
    tasks = toys(int(count))
    tasks[int(place)] = attrs.evolve(tasks[int(place)], fuse=Path(fuse))
    toy_run(tasks).into(out, resume=True, workers=int(workers))


if __name__ == "__main__":
    from tests.simulation.runs.toy import main as known_by_name

    known_by_name(*sys.argv[1:])
