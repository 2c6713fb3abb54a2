"""A progress bar for long work, where somebody is looking: on a terminal, or in a notebook."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

import attrs


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far the work is: in a notebook below the cell, on a terminal on standard error, else nowhere.

    Lends what long work takes as its `progress`: it is called with what is done and what there is in all.
    """
    show = _notebook()
    if show is not None:
        handle = show(_Bar(title, 0, 0), display_id=True)
        yield lambda done, of: handle.update(_Bar(title, done, of))
        return
    if not sys.stderr.isatty():
        yield lambda done, of: None  # noqa: ARG005  # nobody is looking
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def step(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield step


@attrs.frozen
class _Bar:
    """What a notebook shows; rich's own bar would need ipywidgets there."""

    title: str
    done: int
    of: int

    def __repr__(self) -> str:
        return f"{self.title} {self.done}/{self.of}"

    def _repr_html_(self) -> str:
        bar = f'<progress value="{self.done}" max="{self.of or 1}"></progress>'
        return f"<label>{escape(self.title)} {bar} {self.done}/{self.of}</label>"


def _notebook() -> Any:  # Any: IPython's `display`, which no install of ours brings
    """Return what shows something in a notebook; None anywhere else."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return sys.modules["IPython.display"].display if getattr(shell, "kernel", None) is not None else None
