"""The face: the names that users and plugins import, the hooks, and the errors."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import shequ_core
from shequ_core import errors
from shequ_core.policy import hookspecs
from shequ_core.policy.described import sections, summary
from shequ_docs.text import code, fenced, lines, plain, table


def pages() -> dict[str, str]:
    """Return the pages of the face, of the hooks and of the errors."""
    return {
        "api/index.rst": lines(_face()),
        "hooks/index.md": lines(_hooks()),
        "errors/index.md": lines(_errors()),
    }


def _face() -> Iterator[str]:
    yield from ("Python", "======", "", "What ``from shequ_core import …`` offers, and nothing else, is the face.", "")
    yield from (".. currentmodule:: shequ_core", "")
    for name in shequ_core.__all__:
        thing = getattr(shequ_core, name)
        yield from (name, "-" * len(name), "")
        if inspect.isclass(thing):
            bases = [] if thing.__bases__ == (object,) else ["   :show-inheritance:"]
            yield from (f".. autoclass:: {name}", "   :members:", *bases, "")
        elif inspect.isfunction(thing):
            yield from (f".. autofunction:: {name}", "")
        else:
            yield from (f".. autodata:: {name}", "   :no-value:", "")


def _hooks() -> Iterator[str]:
    yield from (
        "# Hooks",
        "",
        f"A plugin is a module named by an entry point of the group {code(hookspecs.GROUP)}.",
        "The name of the entry point is the code of the place for which the module speaks.",
        "Each hook is a question that it answers with data.",
        "",
    )
    found = [one for _, one in inspect.getmembers(hookspecs, inspect.isfunction)
             if hasattr(one, f"{hookspecs.GROUP}_spec")]
    for hook in found:
        told = str(inspect.signature(hook)).replace("'", "")
        yield from (f"## {hook.__name__}", "", *fenced(f"def {hook.__name__}{told}", "text"))
        yield from (plain(sections(hook)[""]), "")


def _errors() -> Iterator[str]:
    yield from (
        "# Errors",
        "",
        "Every error that the library raises on purpose is a `ShequError` and a built-in one as well.",
        "Its `message` is a template with its parts, so that the command line says it in Chinese too.",
        "",
    )
    found = [one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, errors.ShequError)]
    yield from table(
        ("error", "is also", "when"),
        [
            (code(f"shequ_core.errors.{one.__name__}"),
             ", ".join(code(base.__name__) for base in one.__bases__ if base is not errors.ShequError),
             plain(summary(one)))
            for one in found
        ],
    )
