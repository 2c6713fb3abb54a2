"""A folder is one run's at a time: a lock of the operating system's, which ends with the process that holds it."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from shequ_core.errors import OutputError, msg

LOCK: Final = "run.lock"

_HELD: Final[set[str]] = set()
_HELD_BY: Final = threading.Lock()
"""The system's lock is the process's: two threads of one wouldn't see each other's."""

_BUSY: Final = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Hold a folder for one run.

    Raises:
        OutputError: Another run holds it, or it can't be held.
    """
    name = os.path.realpath(folder)
    with _HELD_BY:
        if name in _HELD:
            raise _in_use(folder, str(os.getpid()))
        _HELD.add(name)
    try:
        with _locked(folder):
            yield
    finally:
        with _HELD_BY:
            _HELD.discard(name)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    path = folder / LOCK
    try:
        file = _own(path)
        file.write(f"{os.getpid()} {socket.gethostname()}\n".encode())
        file.flush()
    except OSError as error:
        if error.errno in _BUSY:
            raise _in_use(folder, _holder(path)) from None
        why = error.strerror or type(error).__name__
        raise OutputError(msg("{out} can't be held for a run: {why}", out=str(folder), why=why)) from None
    try:
        yield
    finally:
        if sys.platform == "win32":  # where a file that is open can't be removed
            file.close()
            with suppress(OSError):  # somebody else holds it by now
                path.unlink()
        else:
            path.unlink(missing_ok=True)  # while it is held: who waits for it looks whether it is still there
            file.close()


def _own(path: Path) -> IO[bytes]:
    """Return the file of the lock, held, and still the one that others find there."""
    while True:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
        try:
            _hold(file)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    file.truncate(0)
                    return file
        except BaseException:
            file.close()
            raise
        file.close()  # its run came to its end just now, and took the file along


def _hold(file: IO[bytes]) -> None:
    """Hold a file, or raise `OSError` at once."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(1 << 30)  # a byte that is not there, so that others can read whose it is
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
    else:
        import fcntl

        # Not `flock`, which would go over to workers that are forked and outlive us.
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip() or "?"
    except OSError:
        return "?"


def _in_use(folder: Path, holder: str) -> OutputError:
    return OutputError(
        msg(
            "{out} is in use by another run (process {holder}): wait until it has come to its end and go on with"
            " --continue (resume=True), or name another folder",
            out=str(folder), holder=holder,
        )
    )
