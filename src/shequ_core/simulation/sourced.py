"""What a behaviour goes by, each with how far it is to be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Final, Generic, TypeVar

import attrs

from shequ_core.errors import ValueKindError, msg
from shequ_core.jilin.figures import Figures, jilin_figures
from shequ_core.values import JsonValue, Span, Status, fraction_text

T = TypeVar("T")
U = TypeVar("U")

OWN: Final = "whoever runs the simulation"
"""The source of a value that was given without one."""


@attrs.frozen
class Sourced(Generic[T]):
    """A parameter of a behaviour with its status and source.

    Attributes:
        value: What it is.
        status: How far to trust it; `assumption` where nobody published it.
        source: Who published it, in words; empty for an assumption of ours.
    """

    value: T
    status: Status = Status.ASSUMPTION
    source: str = ""

    @classmethod
    def figure(cls, name: str, read: Callable[[Figures, str], T]) -> Sourced[T]:
        """Return a figure of `jilin/figures.toml` with its status and source."""
        figures = jilin_figures()
        told = figures[name]
        return Sourced(read(figures, name), told.status, told.source)

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data."""
        return {"value": plain(self.value), "status": self.status.value, "source": self.source}


def given(value: Any) -> Any:  # Any: attrs' converter takes a value of the field's kind, or it with its source
    """Return a parameter; a bare value counts as an assumption of whoever gives it."""
    return value if isinstance(value, Sourced) else Sourced(value, Status.ASSUMPTION, OWN)


def plain(value: object) -> JsonValue:
    """Return a value in JSON's kinds."""
    if isinstance(value, Fraction):
        return fraction_text(value)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Span):
        return {"low": plain(value.low), "high": plain(value.high)}
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise ValueKindError("parameter", value, msg("it is a whole number, an exact fraction, text, or a table of them"))
