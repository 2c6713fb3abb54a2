"""Files that are whole or not there."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

UNFINISHED: Final = ".tmp"
"""How the name of a file ends that is still being written."""


def write_whole(path: Path, content: bytes | memoryview, *, settled: bool = True) -> None:
    """Write a file, in place of an earlier one; who reads it meanwhile sees the one or the other, never a half.

    Args:
        path: Where.
        content: What.
        settled: Whether to wait until it would outlive a power cut, which takes 10 ms and more.

    Raises:
        OSError: It can't be written; what was there before still is.
    """
    work = path.with_name(f".{path.name}-{secrets.token_hex(8)}{UNFINISHED}")
    try:
        with work.open("xb") as file:
            file.write(content)
            if settled:
                file.flush()
                os.fsync(file.fileno())
        work.replace(path)
    except BaseException:
        work.unlink(missing_ok=True)
        raise
    if settled:
        settle(path.parent)


def settle(folder: Path) -> None:
    """Have the system write down which files a folder holds."""
    if hasattr(os, "O_DIRECTORY"):  # Windows has no such call
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
