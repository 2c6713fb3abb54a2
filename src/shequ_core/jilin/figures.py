"""What is published about Jilin's communities, and what made-up populations assume, each with its status.

The figures are data (`figures.toml`): each has a value, a status, and the words and date of its source. None of
them is a value of policy: no rule reads one.

Limitations:
    Published figures don't all fit together. Households per committee (2,800 over all, 4,000 under subdistricts)
    and posts per committee (7.9, 11.1) were each derived by sharing the same total over all committees and over
    those under subdistricts alone. What is used instead stands beside them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import attrs

from shequ_core.values import Span, Status

E = TypeVar("E", bound=Enum)


@attrs.frozen(kw_only=True)
class Figure:
    """One figure with where it comes from.

    Attributes:
        value: As TOML gives it; `Figures` reads it as what it is meant to be.
        source: Who published what, in words; empty for an assumption.
        date: The day, month or year of the source or of what it counts, as far as it is known.
        note: What it means or rests on, where that isn't plain.
        nearest: To the nearest how much it was published; 0 for exactly.
    """

    name: str
    value: Any  # a TOML value of any kind: the caller of `Figures` names the kind it wants
    status: Status
    source: str = ""
    date: str = ""
    note: str = ""
    nearest: Fraction = Fraction(0)

    def __attrs_post_init__(self) -> None:
        if self.status is not Status.ASSUMPTION and not self.source:
            raise ValueError(f"figure {self.name} is {self.status} and names no source")


@attrs.frozen(kw_only=True)
class CommitteeCount:
    """How many residents' committees a county or zone has.

    Attributes:
        code: Six digits: Civil Affairs' for a county, the statistics bureau's for a zone.
        name: As it was published, without its suffix.
    """

    code: str
    name: str
    committees: int
    status: Status = Status.STATISTIC
    note: str = ""


@attrs.frozen
class Figures:
    """All figures of a province by name; a name that isn't there is a KeyError of the program.

    Attributes:
        counts: Committees by county and zone, in code order.
    """

    by_name: Mapping[str, Figure]
    counts: Sequence[CommitteeCount]

    def __getitem__(self, name: str) -> Figure:
        return self.by_name[name]

    def whole(self, name: str) -> int:
        """Return a whole number."""
        return _whole(self[name].value)

    def share(self, name: str) -> Fraction:
        """Return a share, or another exact fraction."""
        return Fraction(self[name].value)

    def shares(self, name: str) -> Mapping[str, Fraction]:
        """Return named shares."""
        return {key: Fraction(value) for key, value in self[name].value.items()}

    def day(self, name: str) -> date:
        """Return a day."""
        return _day(self[name].value)

    def codes(self, name: str) -> frozenset[str]:
        """Return a set of division codes."""
        return frozenset(map(str, self[name].value))

    def span(self, name: str) -> Span[int]:
        """Return a lowest and a highest whole number."""
        low, high = self[name].value
        return Span(_whole(low), _whole(high))

    def quantiles(self, name: str) -> Sequence[tuple[Fraction, int]]:
        """Return a spread as (share of all at or below, value); days as days from 1970-01-01."""
        return [
            (Fraction(share), (value - date(1970, 1, 1)).days if isinstance(value, date) else _whole(value))
            for share, value in self[name].value
        ]

    def numbers(self, name: str) -> Mapping[str, int]:
        """Return named whole numbers."""
        return {key: _whole(value) for key, value in self[name].value.items()}

    def weights(self, name: str, kind: type[E]) -> Sequence[int]:
        """Return the weight of each member of an enum, in the enum's order; 0 where none is given."""
        given = self.numbers(name)
        odd = set(given) - {member.value for member in kind}
        if odd:
            raise ValueError(f"figure {name} weighs what {kind.__name__} has not: {sorted(odd)}")
        return [given.get(member.value, 0) for member in kind]

    def spans(self, name: str, kind: type[E]) -> Sequence[Span[int]]:
        """Return a lowest and a highest number for each member of an enum, in the enum's order."""
        given = self[name].value
        return [Span(_whole(given[member.value][0]), _whole(given[member.value][1])) for member in kind]


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"not a whole number: {value!r}")
    return value


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"not a day: {value!r}")
    return value


@cache
def jilin_figures() -> Figures:
    """Read the figures of Jilin Province."""
    text = files("shequ_core.jilin").joinpath("figures.toml").read_text(encoding="utf-8")
    sheet = tomllib.loads(text)
    return Figures(
        {
            name: Figure(
                name=name,
                value=row["value"],
                status=Status(row["status"]),
                source=row.get("source", ""),
                date=row.get("date", ""),
                note=row.get("note", "").strip(),
                nearest=Fraction(row.get("nearest", 0)),
            )
            for name, row in sheet["figure"].items()
        },
        sorted(
            (
                CommitteeCount(
                    code=row["code"],
                    name=row["name"],
                    committees=row["committees"],
                    status=Status(row.get("status", Status.STATISTIC)),
                    note=row.get("note", ""),
                )
                for row in sheet["count"]
            ),
            key=lambda row: row.code,
        ),
    )
