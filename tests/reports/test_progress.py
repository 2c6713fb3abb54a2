"""A progress bar, where somebody is looking."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from shequ_core.reports.progress import progress


def test_nobody_is_looking(capsys: pytest.CaptureFixture[str]) -> None:
    """Where output goes into a file, nothing is shown."""
    with progress("Work") as step:
        step(1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar is on standard error; what a command prints stays clean."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress("Work") as step:
        step(1, 2)
    told = capsys.readouterr()
    assert told.out == ""
    assert "Work" in told.err


def test_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """One display below the cell, which is brought up to date; whatever the title, it is text."""
    shown: list[Any] = []

    def show(bar: object, display_id: bool) -> SimpleNamespace:
        shown.append(bar)
        return SimpleNamespace(update=shown.append)

    display = ModuleType("IPython.display")
    vars(display)["display"] = show
    ipython = ModuleType("IPython")
    vars(ipython)["get_ipython"] = lambda: SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    with progress("<Work>") as step:
        step(0, 3)
        step(3, 3)
    assert [repr(bar) for bar in shown] == ["<Work> 0/0", "<Work> 0/3", "<Work> 3/3"]
    assert "&lt;Work&gt;" in shown[-1]._repr_html_()
    assert 'value="3" max="3"' in shown[-1]._repr_html_()


def test_ipython_on_a_terminal_is_no_notebook(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no kernel, and shows bars as any terminal does."""
    ipython = ModuleType("IPython")
    vars(ipython)["get_ipython"] = SimpleNamespace
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    with progress("Work") as step:
        step(1, 2)
    assert capsys.readouterr() == ("", "")
