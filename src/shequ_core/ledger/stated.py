"""The values of a place as a sealed month had them, as plain data that can be held against later ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Self, TypeAlias

import attrs

from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy.policy import Policy, Provenance
from shequ_core.values import JsonValue


@attrs.frozen(kw_only=True)
class Stated:
    """One value that was in force.

    Attributes:
        value: Its plain form.
        place: The code of the place that set it.
        document: Where it stands in writing.
        article: Which article of it.
        clause: The address in a register, for documents that have one.
        status: How far to trust it.
        known_on: When it was published.
    """

    value: JsonValue
    place: str
    document: str
    article: str | None
    clause: str | None
    status: str
    known_on: date

    @classmethod
    def of(cls, found: Provenance) -> Self:
        """State a value in force."""
        source = found.value.source.to_data()
        return cls(
            value=json.loads(json.dumps(found.value.to_data())),  # as it will be when it is read back
            place=found.place,
            document=str(source["document"]),
            article=source["article"],
            clause=source["clause"],
            status=found.value.status.value,
            known_on=found.value.known_on,
        )

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data."""
        return {**attrs.asdict(self), "known_on": self.known_on.isoformat()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:  # Any: JSON of `to_data`
        """Read it from JSON data."""
        return cls(**{**data, "known_on": date.fromisoformat(data["known_on"])})


Statement: TypeAlias = "dict[str, dict[str, Stated | None]]"
"""By place and key; None for a value that is no longer there."""


def statement(policies: Mapping[str, Policy]) -> Statement:
    """Return every value in force, by the code of the county, or of a subdistrict that has values of its own."""
    found: Statement = {}
    for code in sorted(policies):
        policy = policies[code]
        told = {key.name: policy.why(key) for key in policy}
        found[code] = {name: Stated.of(one) for name, one in sorted(told.items()) if one is not None}
    return found


def values_at(said: Statement, place: str) -> dict[str, Stated | None] | None:
    """Return the values of a subdistrict or county; None where nothing is said of it."""
    return said.get(place, said.get(place[:COUNTY_DIGITS]))


def laid_over(before: Statement, later: Statement) -> Statement:
    """Return a statement with what was stated again later."""
    return {
        code: {**(values_at(before, code) or {}), **later.get(code, {})}
        for code in sorted(before.keys() | later.keys())
    }


def restated(before: Statement, now: Statement) -> Statement:
    """Return what of a statement is otherwise than before; places that aren't in it any more are passed over."""
    found: Statement = {}
    for code in sorted(before.keys() | now.keys()):
        known, values = values_at(before, code) or {}, values_at(now, code)
        if values is None:
            continue
        other = {name: values.get(name) for name in known.keys() | values.keys() if values.get(name) != known.get(name)}
        if other:
            found[code] = dict(sorted(other.items()))
    return found


def moved(before: Statement, now: Statement) -> dict[str, tuple[str, ...]]:
    """Return by place the keys whose value is another; who says so, and where, moves no money."""
    found = {}
    for code, values in restated(before, now).items():
        known = values_at(before, code) or {}
        keys = tuple(name for name, one in values.items() if _value(one) != _value(known.get(name)))
        if keys:
            found[code] = keys
    return found


def _value(stated: Stated | None) -> tuple[JsonValue, ...]:
    return () if stated is None else (stated.value,)


def to_data(said: Statement) -> dict[str, JsonValue]:
    """Return a statement as JSON data."""
    return {
        code: {name: None if one is None else one.to_data() for name, one in sorted(values.items())}
        for code, values in sorted(said.items())
    }


def from_data(data: Mapping[str, Any]) -> Statement:  # Any: JSON of `to_data`
    """Read a statement from JSON data."""
    return {
        code: {name: None if one is None else Stated.from_data(one) for name, one in values.items()}
        for code, values in data.items()
    }
