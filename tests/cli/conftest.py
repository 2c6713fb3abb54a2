"""The command, run in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shequ_core.cli import shequ

EXAMPLE = Path(__file__).parents[2] / "examples" / "chaoyang"

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def run() -> Run:
    """Run `shequ` with these words; nothing of the environment's language reaches it."""

    def shequ_with(*words: object) -> Result:
        quiet = dict.fromkeys(("SHEQU_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
        return CliRunner(env=quiet).invoke(shequ, [str(word) for word in words], prog_name="shequ")

    return shequ_with


@pytest.fixture(scope="session")
def example() -> Path:
    """The shipped example: Chaoyang district, its people synthetic."""
    return EXAMPLE
