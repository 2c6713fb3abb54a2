"""Errors go from process to process."""

from __future__ import annotations

import pickle

import pytest

from shequ_core.errors import (
    CalendarYearError,
    Fault,
    InputError,
    MissingExtraError,
    OutputError,
    RunError,
    ShequError,
    UnsetError,
    UnsetKey,
    msg,
)


@pytest.mark.parametrize(
    "error",
    [
        OutputError(msg("{out} can't be written", out="x")),
        InputError([Fault(file="a.csv", row=2, message=msg("odd"))]),
        MissingExtraError("altair", "charts"),
        CalendarYearError("ours", 2030, 2020, 2026),
        UnsetError([UnsetKey(key="pay.x", clause="JLW2.4a", place="22", who=msg("the province"))]),
        RunError(msg("Part {part}", part="a"), ["a"]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_out_of_another_process_as_it_went_in(error: ShequError) -> None:
    """With all its parts: an error that can't be read back would bring down a pool of workers."""
    error.add_note("(part a)")
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert vars(back) == vars(error)
