"""The reference, made from the code: a Sphinx extension that writes its pages before the build.

In `docs/reference` files are written by hand and folders are made here, so that no page can say what
the code doesn't. Pages that are the same are left alone, and those of things that are gone are removed.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from shequ_docs import clauses, commands, face, findings, parameters, procedures, readings, strategies, tables, words

if TYPE_CHECKING:
    from sphinx.application import Sphinx  # the pages are made, and tested, without it


def made() -> dict[PurePosixPath, str]:
    """Return every made page by its path below `docs/reference`."""
    pages: dict[PurePosixPath, str] = {}
    for family in (clauses, findings, parameters, procedures, strategies, tables, commands, face, readings, words):
        found: Mapping[str, str] = family.pages()
        pages.update({PurePosixPath(path): text for path, text in found.items()})
    return pages


def write(folder: Path) -> None:
    """Write every made page below a folder, and remove what else lies in its sub-folders."""
    pages = made()
    for kept in folder.iterdir() if folder.is_dir() else ():
        if kept.is_dir() and kept.name not in {path.parts[0] for path in pages}:
            shutil.rmtree(kept)
    for top in sorted({path.parts[0] for path in pages}):
        for old in sorted((folder / top).rglob("*")) if (folder / top).is_dir() else ():
            if old.is_file() and PurePosixPath(old.relative_to(folder).as_posix()) not in pages:
                old.unlink()
    for path, text in pages.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8", newline="\n")


def _write(app: Sphinx) -> None:
    write(Path(app.srcdir) / "reference")


def _one_line(app: Sphinx, what: str, name: str, thing: object, options: object, told: list[str]) -> None:  # noqa: ARG001
    """Keep napoleon from reading 'a zone: counted like a county' as a type and its description."""
    if what in {"attribute", "property", "data"}:
        told.insert(0, "")


def setup(app: Sphinx) -> dict[str, Any]:  # Any: as Sphinx has it
    """Write the pages before Sphinx looks for sources."""
    app.connect("builder-inited", _write)
    app.connect("autodoc-process-docstring", _one_line, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
