"""Journals as files: a folder of JSON, one proceeding a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shequ_core.errors import Fault, InputError, JournalError, Message, msg
from shequ_core.procedures.journal import read_json
from shequ_core.procedures.machine import Proceeding

FOLDERS: Final = ("procedures", "办理记录")
"""How the folder of journals beside the tables of a place is called."""


def read_journals(path: Path) -> Mapping[str, Proceeding]:
    """Read a journal, or every journal (`*.json`) of a folder, each walked again from its beginning.

    Returns:
        The proceedings by the names of their files, in the order of those.

    Raises:
        InputError: A file isn't a journal that its procedure allows: every such file, with the clause.
    """
    if not path.exists():
        raise InputError([Fault(file=str(path), message=msg("there is no such file or folder"))])
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    found: dict[str, Proceeding] = {}
    faults: list[Fault] = []
    for file in files:
        read = _read(file)
        if isinstance(read, Message):
            faults.append(Fault(file=file.name, message=read))
        else:
            found[file.name] = read
    if faults:
        raise InputError(faults)
    return found


def _read(file: Path) -> Proceeding | Message:
    try:
        return read_json(file.read_text(encoding="utf-8-sig"))
    except JournalError as error:
        return error.message
    except UnicodeDecodeError:
        return msg("it is not written in UTF-8: save it so")
    except OSError as error:
        return msg("{file} can't be read: {why}", file=file.name, why=error.strerror or type(error).__name__)


def journals_beside(folder: Path) -> tuple[Proceeding, ...] | None:
    """Return the proceedings kept beside the tables of a place, None where nobody gave any.

    Args:
        folder: The folder of the tables; journals lie in its folder `procedures` (办理记录).

    Raises:
        InputError: As `read_journals` says.
    """
    given = [folder / name for name in FOLDERS if (folder / name).is_dir()]
    if not given:
        return None
    return tuple(one for place in given for one in read_journals(place).values())
