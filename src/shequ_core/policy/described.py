"""What docstrings say of classes and their fields: schemas and the reference pages tell it on."""

from __future__ import annotations

import inspect
import re
from typing import Final

_SECTION: Final = re.compile(r"([A-Z][A-Za-z ]*):")


def sections(thing: object) -> dict[str, str]:
    """Return a docstring by section: '' is what stands before the first one."""
    found: dict[str, list[str]] = {"": []}
    current = ""
    for line in (inspect.getdoc(thing) or "").splitlines():
        heading = _SECTION.fullmatch(line)
        if heading is not None:
            current = heading.group(1)
            found[current] = []
        else:
            found[current].append(line)
    return {name: inspect.cleandoc("\n".join(body)) for name, body in found.items()}


def summary(thing: object) -> str:
    """Return the first paragraph of a docstring, on one line."""
    return " ".join(sections(thing)[""].partition("\n\n")[0].split())


def described(thing: object, section: str = "Attributes") -> dict[str, str]:
    """Return what a docstring says of each attribute or argument."""
    found: dict[str, str] = {}
    name = ""
    for line in sections(thing).get(section, "").splitlines():
        if line and not line[0].isspace() and ":" in line:
            name, _, told = line.partition(":")
            found[name] = told.strip()
        elif name:
            found[name] += f" {line.strip()}"
    return found


def fields_described(record: type[object]) -> dict[str, str]:
    """Return what is said of the fields of a class: what its own docstring doesn't tell, that of a base does."""
    return {name: text for one in reversed(record.__mro__) for name, text in described(one).items()}
