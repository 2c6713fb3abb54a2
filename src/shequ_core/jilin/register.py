"""The register of all provisions of the two documents, and the way to cite one."""

from __future__ import annotations

import functools
import importlib.resources

from shequ_core.law.clauses import Document, Register, Source


@functools.cache
def register() -> Register:
    """Return every clause of both documents, in their order."""
    text = (importlib.resources.files("shequ_core.jilin") / "register.toml").read_text(encoding="utf-8")
    return Register.from_toml(text)


def clause(address: str) -> Source:
    """Cite a clause by its address, with its force."""
    return register()[address].source()


def document(instrument: str) -> Document:
    """Return one of the two documents: 'JLG' or 'JLW'."""
    return next(one.document for one in register().values() if one.id.startswith(instrument))
