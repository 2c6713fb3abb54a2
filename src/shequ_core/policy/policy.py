"""A policy: the values in force at one place on one day, as known on another."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar, cast

import attrs

from shequ_core.errors import UnsetError, UnsetKey
from shequ_core.law.clauses import Force, Source, instrument_of
from shequ_core.policy import keys
from shequ_core.policy.bounds import Bound, Judgement, Verdict
from shequ_core.policy.parameters import PARAMETERS, LocalValue, Parameter
from shequ_core.trace import observer
from shequ_core.values import JsonValue, Status

T = TypeVar("T")

_GRAVITY = (Force.MUST, Force.MAY, Force.SHOULD, Force.AIM, Force.NONE)


@attrs.frozen(kw_only=True)
class Departure:
    """A value beyond, or not comparable with, what a place above allows.

    Attributes:
        place: The place above.
        source: The clause that sets the bound; its force says how grave the departure is.
    """

    key: str
    place: str
    source: Source
    allowed: JsonValue
    judgement: Judgement

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data."""
        return {
            "place": self.place,
            "clause": self.source.clause or None,
            "allowed": self.allowed,
            "why": str(self.judgement.why),
        }


@attrs.frozen(kw_only=True)
class Provenance:
    """Where a value in force comes from.

    Attributes:
        place: The place that set it.
        plugin: The plugin that says so.
        value: What it set.
        replaced: What places above had set, nearest first, with their codes.
        departures: Bounds of places above that it doesn't keep, gravest first.
        shadowed: Reforms that it hides, by name.
        reform: The reform that set it, if one did.
    """

    place: str
    plugin: str
    value: LocalValue[Any]  # Any: keys of every type
    replaced: tuple[tuple[str, LocalValue[Any]], ...] = ()
    departures: tuple[Departure, ...] = ()
    shadowed: tuple[str, ...] = ()
    reform: str = ""

    @property
    def conflicts(self) -> tuple[Departure, ...]:
        """The departures that are conflicts or notes, not those that can't be compared."""
        return tuple(one for one in self.departures if one.judgement.verdict is Verdict.CONFLICT)

    @property
    def statuses(self) -> tuple[Status, ...]:
        """The status of the value and of every part of it, without repeats."""
        found = [self.value.status, *(part.status for part in self.value.rests_on)]
        return tuple(dict.fromkeys(found))

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as `shequ policy --json` shows it."""
        conflicts = self.conflicts
        data: dict[str, JsonValue] = {
            "value": self.value.to_data(),
            "set_by": self.place,
            "source": self.value.source.to_data(),
            "status": self.value.status.value,
            "since": self.value.since.isoformat(),
            "conflict": conflicts[0].to_data() if conflicts else None,
        }
        if self.value.rests_on:
            data["rests_on"] = {part.what: part.status.value for part in self.value.rests_on}
        if self.reform:
            data["reform"] = self.reform
        if self.shadowed:
            data["shadows"] = list(self.shadowed)
        return data


def judge(
    key: str, value: LocalValue[Any], bounds: Sequence[tuple[str, Bound[Any], Source]]  # Any: keys of every type
) -> tuple[Departure, ...]:
    """Hold a value against the bounds of the places above; gravest departure first."""
    found = [
        Departure(key=key, place=place, source=source, allowed=bound.allowed(), judgement=judgement)
        for place, bound, source in bounds
        if (judgement := bound.judge(value.value)).verdict is not Verdict.INSIDE
    ]
    return tuple(sorted(found, key=lambda one: _GRAVITY.index(one.source.force)))


class Resolved(dict[str, Provenance]):
    """Values in force by key, with their digest: shared by every place and day that has the same.

    Attributes:
        made: What rules have worked out of these values alone, by what it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[object, Any] = {}  # Any: whatever `Policy.once` was asked to make

    @functools.cached_property
    def fingerprint(self) -> str:
        """The digest, worked out once."""
        return _fingerprint(self)

    @functools.cached_property
    def instruments(self) -> frozenset[str]:
        """The instruments that speak here, worked out once."""
        said = [one for told in self.values() for one in (told.value, *(above for _, above in told.replaced))]
        return frozenset(instrument_of(one.source.clause) for one in said if one.source.clause)


class Policy(Mapping["Parameter[Any]", Any]):  # Any: keys of every type; __getitem__ below is typed
    """The values in force, immutable, with a fingerprint that every output carries.

    Attributes:
        place: The place's code.
        on: The day for which it holds.
        known: As known on that day; None for all that is known now.
    """

    def __init__(self, place: str, on: date, known: date | None, found: Resolved) -> None:
        self.place, self.on, self.known = place, on, known
        self._found = found

    @property
    def fingerprint(self) -> str:
        """A digest of every value in force, with who set it, in which document and how sure it is.

        Two places, days or runs with the same fingerprint have the same law.
        """
        return self._found.fingerprint

    @property
    def instruments(self) -> frozenset[str]:
        """The instruments with clauses in force here: those by which the place, or one above, sets some value.

        In a place without one of them its clauses are not in force, whatever the place does likewise.
        """
        return self._found.instruments

    def __getitem__(self, key: Parameter[T]) -> T:
        found = self._found.get(key.name)
        if found is None:
            raise UnsetError([self.unset_key(key)])
        value = cast("T", found.value.value)
        watching = observer()
        return value if watching is None else watching.read(key.name, value, found)

    def get(self, key: Parameter[T], default: T | None = None) -> T | None:
        """Return the value, or `default` where nobody set it."""
        return self[key] if key.name in self._found else default

    def __contains__(self, key: object) -> bool:
        return isinstance(key, Parameter) and key.name in self._found

    def __iter__(self) -> Iterator[Parameter[Any]]:
        return (PARAMETERS[name] for name in sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return f"<Policy of {self.place} on {self.on}: {len(self)} values, {self.fingerprint[:12]}>"

    def once(self, what: object, make: Callable[[], T]) -> T:
        """Return what a rule works out of this policy's values alone, made the first time it is asked for.

        Whoever watches sees it made anew each time, with every value that it reads.

        Args:
            what: What it is: unlike anything else that is made so.
            make: Makes it; it may not be changed afterwards.
        """
        if observer() is not None:
            return make()
        if what not in self._found.made:
            self._found.made[what] = make()
        return cast("T", self._found.made[what])

    def anew(self) -> Policy:
        """Return the same policy with nothing worked out of it yet: to see whether a strategy answers alike twice."""
        found = Resolved()
        found.update(self._found)
        return Policy(self.place, self.on, self.known, found)

    def why(self, key: Parameter[Any]) -> Provenance | None:  # Any: keys of every type
        """Tell who set a value, what it replaced and whether that was allowed; None where nobody set it."""
        return self._found.get(key.name)

    def provenance(self, name: str) -> Provenance | None:
        """Tell the same of a key by its name."""
        return self._found.get(name)

    def unset_key_named(self, name: str) -> UnsetKey:
        """Tell that a key, by its name, is unset here."""
        return self.unset_key(PARAMETERS[name])

    def unset_key(self, key: Parameter[Any]) -> UnsetKey:  # Any: keys of every type
        """Tell that a key is unset here, with its clause and who could set it."""
        return UnsetKey(key=key.name, clause=key.clauses[0], place=self.place, who=key.who)

    def missing(self, names: Sequence[str]) -> tuple[UnsetKey, ...]:
        """Return which of the named keys nobody set here."""
        return tuple(self.unset_key(PARAMETERS[name]) for name in names if name not in self._found)

    def unset(self) -> dict[str, str]:
        """Return every key of the core that nobody set here, with its clause."""
        return {name: PARAMETERS[name].clauses[0] for name in sorted(keys.CORE) if name not in self._found}

    def not_in_use(self) -> tuple[str, ...]:
        """Return the keys that are set but that the strategy in force doesn't use."""
        return tuple(
            name
            for name in sorted(self._found)
            if (by := PARAMETERS[name].chosen_by) is not None
            and by in self._found
            and name not in self._found[by].value.value.uses
        )

    def stale(self) -> tuple[str, ...]:
        """Return the keys whose value is past its stated life on this day."""
        return tuple(
            name
            for name in sorted(self._found)
            if (until := self._found[name].value.fresh_until) is not None and until < self.on
        )

    def conflicts(self) -> tuple[Departure, ...]:
        """Return every departure from a bound of a place above, by key."""
        return tuple(one for name in sorted(self._found) for one in self._found[name].conflicts)

    def uncertain(self) -> dict[str, tuple[Status, ...]]:
        """Return the keys whose value, or a part of it, is not issued, press or statistic."""
        told = {name: self._found[name].statuses for name in sorted(self._found)}
        return {name: statuses for name, statuses in told.items() if any(one.asked_for for one in statuses)}

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as `shequ policy --json` shows it."""
        return {
            "place": self.place,
            "on": self.on.isoformat(),
            "known": None if self.known is None else self.known.isoformat(),
            "fingerprint": self.fingerprint,
            "values": {name: self._found[name].to_data() for name in sorted(self._found)},
            "unset": self.unset(),
            "not_in_use": list(self.not_in_use()),
            "stale": list(self.stale()),
        }


def _fingerprint(found: Mapping[str, Provenance]) -> str:
    told = {
        name: [one.value.to_data(), one.place, one.value.source.to_data(), one.value.status.value, one.reform]
        for name, one in found.items()
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
