"""The policy book: plugins in, policies out.

The most specific place wins; the order in which plugins are installed never matters; a plugin's
fault leaves its place, and those below it, unresolved and touches no other.

An installed plugin is imported when its place, or one below it, is asked for: its entry point says which place that is.
"""

from __future__ import annotations

import bisect
import contextlib
import hashlib
import importlib.metadata
import json
import os
import sys
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from copy import copy
from datetime import date, timedelta
from functools import cache, cached_property, partial
from threading import RLock
from types import ModuleType
from typing import Any, Final, Self

import attrs
import pluggy

from shequ_core.errors import (
    InputError,
    LeewayError,
    Message,
    PlaceNotFoundError,
    PlaceUnresolvedError,
    PluginError,
    PluginNotFoundError,
    ReformError,
    msg,
    nearest,
)
from shequ_core.law.clauses import Source
from shequ_core.law.findings import GRADE_OF_FORCE, Grade
from shequ_core.model.places import NATION, Division, Divisions, Level, ancestors, level_of
from shequ_core.policy import hookspecs, keys
from shequ_core.policy.answers import credit, is_core
from shequ_core.policy.bounds import Bound, Judgement
from shequ_core.policy.checks import Check
from shequ_core.policy.parameters import PARAMETERS, LocalLimit, LocalPolicy, LocalValue, Reform, said_twice
from shequ_core.policy.policy import Departure, Policy, Provenance, Resolved, judge

BUILT_IN: Final = "shequ-core"
DISABLE: Final = "SHEQU_DISABLE_PLUGINS"
HOOK: Final = hookspecs.PLACE_HOOK
COMMUNITY_DIGITS: Final = 12

assert keys.TOPICS  # importing it declares every key


@attrs.frozen(kw_only=True)
class Plugin:
    """A plugin as it was found.

    Attributes:
        name: The module, or what it was registered as.
        distribution: The distribution that brought it and its version; empty when given in Python.
        places: The places for which it speaks.
    """

    name: str
    distribution: str = ""
    version: str = ""
    places: tuple[str, ...] = ()
    built_in: bool = False


@attrs.frozen(kw_only=True)
class _Layer:
    plugin: Plugin
    policy: LocalPolicy


@attrs.frozen(kw_only=True, eq=False, slots=False)
class _Installed:
    """A module that entry points of one distribution name; nothing of it is read before it is asked for."""

    entries: Sequence[importlib.metadata.EntryPoint]
    built_in: bool

    @cached_property
    def plugin(self) -> Plugin:
        """Say whose it is; reading that of a hundred distributions takes its time."""
        dist = self.entries[0].dist
        said = None if dist is None else dist.metadata
        name, version = ("", "") if said is None else (said["Name"], said["Version"])
        return Plugin(
            name=self.entries[0].value, distribution=name, version=version,
            places=() if self.odd else tuple(self.names), built_in=self.built_in,
        )

    @property
    def names(self) -> list[str]:
        return sorted({entry.name for entry in self.entries})

    @cached_property
    def odd(self) -> tuple[str, ...]:
        """The names that are no code of a place: nobody can tell which places would be silent without it."""
        return tuple(name for name in self.names if not _is_code(name))


class PolicyBook:
    """Everything that loaded plugins say, ready to be asked for a place and a day.

    Attributes:
        plugins: What was loaded.
        faults: What was wrong with plugins; their places are unresolved.
        divisions: Every place that is known.
        checks: The checks that plugins bring, each with its plugin.
            To be told these four, every installed plugin is imported; a policy imports those of its place alone.
        assume: Whether draft, derived, proxy and assumed values take part.
    """

    def __init__(
        self,
        layers: Sequence[tuple[Plugin, LocalPolicy]],
        faults: Sequence[PluginError] = (),
        *,
        assume: bool = False,
        strict: bool = False,
        reforms: Sequence[Reform] = (),
        plugins: Sequence[Plugin] | None = None,
        checks: Sequence[tuple[Plugin, Check]] = (),
        waiting: Sequence[_Installed] = (),
    ) -> None:
        self.assume, self.strict, self.reforms = assume, strict, tuple(reforms)
        self._plugins = tuple(plugins if plugins is not None else dict.fromkeys(plugin for plugin, _ in layers))
        self._installed = self._waiting = tuple(waiting)
        self._hearing = RLock()
        self._layers: list[_Layer] = []
        self._told: list[PluginError] = []
        self._checks: list[tuple[Plugin, Check]] = []
        self._places, self._clashes = Divisions(()), list[PluginError]()
        self._faults: tuple[PluginError, ...] = ()
        self._values: dict[str, dict[str, list[tuple[Plugin, LocalValue[Any]]]]] = {}  # Any: keys of every type
        self._limits: dict[str, list[tuple[Plugin, LocalLimit[Any]]]] = {}
        self._asked: dict[tuple[str, date, date | None, date], Policy] = {}
        # Between two turns, and between two pieces of news, a place's policy stays the same: it is
        # worked out once for all days and all places below that have no voice of their own.
        self._turns, self._news, self._spoken = set[date](), set[date](), {reform.place for reform in self.reforms}
        self._found: dict[tuple[tuple[str, ...], date | None, date | None], Resolved] = {}
        self._turned([value for reform in self.reforms for value in reform.values])
        self._take_in(layers, faults, checks)
        self._listed = frozenset(
            one.code for layer in self._layers if layer.plugin.built_in for one in layer.policy.divisions
        )

    def _take_in(
        self, layers: Sequence[tuple[Plugin, LocalPolicy]], faults: Sequence[PluginError],
        checks: Sequence[tuple[Plugin, Check]],
    ) -> None:
        """Take in what plugins say; what was found before of places that they don't speak for stays as it is."""
        fresh = [_Layer(plugin=plugin, policy=policy) for plugin, policy in layers]
        self._layers.extend(fresh)
        self._told.extend(faults)
        self._checks.extend(checks)
        for layer in fresh:
            self._add(layer)
        self._spoken |= {layer.policy.place for layer in fresh}
        if any(layer.policy.divisions for layer in fresh):
            self._places, self._clashes = _divisions(self._layers)
        told = sorted(self._told, key=lambda one: one.plugin)
        self._faults = (*told, *_two_voices(self._layers), *self._clashes)

    def _turned(self, dated: Iterable[LocalValue[Any] | LocalLimit[Any]]) -> None:
        for one in dated:
            self._turns.add(one.since)
            self._news.add(one.known_on)
            if one.until is not None:
                self._turns.add(one.until + timedelta(days=1))
        self._days = sorted(self._turns), sorted(self._news)

    # --- which plugins are imported

    def _hear(self, place: str) -> None:
        """Import the installed plugins that speak for a place or for one above it.

        Of a place that the library doesn't list, nor one above it, all that speak near it are heard: two cities of
        one province both say what the province is called.
        """
        if not self._waiting:
            return
        chain = ancestors(place)
        unlisted = next((one for one in chain if one not in self._listed), None)
        self._import(
            lambda code: code in chain or (unlisted is not None and code.startswith(unlisted))
        )

    def _hear_of(self, plugin: Plugin) -> None:
        for place in plugin.places:
            self._hear(place)

    def _hear_all(self) -> None:
        self._import(lambda _: True)

    def _import(self, is_due: Callable[[str], bool]) -> None:
        if not self._waiting:
            return
        with self._hearing:
            due = [one for one in self._waiting if any(map(is_due, one.names))]
            if due:
                self._take_in(*_heard((one.plugin, one.entries[0].load) for one in _in_order(due)))
                self._waiting = tuple(one for one in self._waiting if one not in due)

    def __getstate__(self) -> dict[str, object]:
        """Return the state with every plugin heard, so that a copy elsewhere says the same."""
        self._hear_all()
        state = vars(self).copy()
        state["_plugins"], state["_installed"] = self.plugins, ()
        del state["_hearing"]
        return state

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state, _hearing=RLock())

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """What is loaded, or will be once its place is asked for."""
        return (*self._plugins, *(one.plugin for one in _in_order(self._installed)))

    @property
    def faults(self) -> tuple[PluginError, ...]:
        """What is wrong with plugins."""
        self._hear_all()
        return self._faults

    @property
    def divisions(self) -> Divisions:
        """Every place that is known; `path` and `find` tell of one without importing the plugins of all."""
        self._hear_all()
        return self._places

    @property
    def checks(self) -> tuple[tuple[Plugin, Check], ...]:
        """The checks that plugins bring, each with its plugin."""
        self._hear_all()
        return tuple(self._checks)

    def _add(self, layer: _Layer) -> None:
        values = self._values.setdefault(layer.policy.place, {})
        self._turned(one for one in layer.policy.values if isinstance(one, LocalLimit) or self._counts(one))
        for one in layer.policy.values:
            if isinstance(one, LocalLimit):
                self._limits.setdefault(layer.policy.place, []).append((layer.plugin, one))
            elif self._counts(one):
                credit(one.value, layer.plugin.name, layer.policy.place, one.key.name)
                values.setdefault(one.key.name, []).append((layer.plugin, one))

    def _counts(self, one: LocalValue[Any]) -> bool:  # Any: keys of every type
        return self.assume or not one.status.asked_for

    # --- making one

    @classmethod
    def load(
        cls, *, assume: bool = False, strict: bool = False, plugins: Iterable[ModuleType | object] = (),
        alone: bool = False,
    ) -> Self:
        """Load the nation, the province and every installed plugin.

        Args:
            assume: Let draft, derived, proxy and assumed values take part, each with its mark.
            strict: Refuse values outside the leeway of a place above.
            plugins: More plugins, given as modules or objects with the hooks.
            alone: Leave out what other distributions bring.

        The environment variable SHEQU_DISABLE_PLUGINS=1 leaves out what other distributions bring.
        """
        installed = _installed(only_built_in=alone or os.environ.get(DISABLE) == "1")
        given = [(Plugin(name=getattr(one, "__name__", type(one).__name__)), partial(_as_is, one)) for one in plugins]
        ours = [(one.plugin, one.entries[0].load) for one in installed if one.built_in]
        layers, faults, checks = _heard((*ours, *given))
        for one in installed:
            if one.odd:
                told = msg("an entry point is named after the code of its place, and {odd} is none", odd=one.odd)
                faults.append(PluginError(one.plugin.name, "import", told))
        waiting = [one for one in installed if not one.built_in and not one.odd]
        return cls(
            layers, faults, assume=assume, strict=strict, checks=checks, waiting=waiting,
            plugins=[plugin for plugin, _ in (*ours, *given)],
        )

    def reformed(self, *reforms: Reform) -> PolicyBook:
        """Return a book with reforms laid over this one."""
        self._hear_all()
        for reform in reforms:
            if reform.scope not in {"default", "replace_below"}:
                raise ReformError(msg("a reform's scope is default or replace_below"))
            self.divisions.at(reform.place)
        # What plugins say is shared: with all of them heard nothing is added to it any more.
        made = copy(self)
        made.reforms = (*self.reforms, *reforms)
        made._asked, made._found = {}, {}
        made._turns, made._news = set(self._turns), set(self._news)
        made._spoken = self._spoken | {reform.place for reform in reforms}
        made._turned([value for reform in reforms for value in reform.values])
        return made

    # --- asking it

    def policy(self, place: str, on: date, known: date | None = None, *, placed_on: date | None = None) -> Policy:
        """Return what holds at a place on a day, as known on another.

        Args:
            place: A code.
            on: The day for which the policy is asked.
            known: As known on that day; None for all that is known now.
            placed_on: The day on which the code is a place's, where that is another one: tables of a
                year carry the codes of its end, and codes move.

        Raises:
            PlaceNotFoundError: There is no such place on that day.
            PlaceUnresolvedError: A plugin that speaks for it, or for a place above, is at fault.
            LeewayError: The book is strict and a value lies outside the leeway of a place above.
        """
        asked = (place, on, known, placed_on or on)
        if asked not in self._asked:
            self._check_voices(place)
            self._check_place(place, placed_on or on)
            self._asked[asked] = self._policy(place, on, known)
        return self._asked[asked]

    def turns(self, first: date, last: date) -> tuple[date, ...]:
        """Return a day, and each later one up to another, from which something else may hold somewhere."""
        self._hear_all()
        turns, _ = self._days
        begin, end = bisect.bisect_right(turns, first), bisect.bisect_right(turns, last)
        return (first, *turns[begin:end])

    def find(self, asked: str, on: date | None = None) -> Division:
        """Return the division that a code or a Chinese name means, as `Divisions.find`.

        Raises:
            PlaceNotFoundError: There is none, or more than one.
            PlaceUnresolvedError: There is none, and a plugin that may know it is at fault.
        """
        if asked.isascii() and asked.isdigit():  # a name might be that of a place which any plugin brings
            with contextlib.suppress(PlaceNotFoundError):
                self._hear(asked)
                return self._places.find(asked, on)
        try:
            return self.divisions.find(asked, on)
        except PlaceNotFoundError:
            if asked.isdigit():
                with contextlib.suppress(PlaceNotFoundError):
                    self._check_voices(asked)
            raise

    def path(self, code: str, on: date | None = None) -> str:
        """Write where a place lies, as `Divisions.path`.

        Raises:
            PlaceNotFoundError: There is none.
        """
        with contextlib.suppress(PlaceNotFoundError):
            self._hear(code)
            return self._places.path(code, on)
        return self.divisions.path(code, on)

    def _check_voices(self, place: str) -> None:
        chain = ancestors(place)
        self._hear(place)
        causes = [fault for fault in self._faults if not fault.place or fault.place in chain]
        if causes:
            raise PlaceUnresolvedError(place, causes)

    def _policy(self, place: str, on: date, known: date | None) -> Policy:
        chain = ancestors(place)
        spoken = tuple(one for one in chain if one in self._spoken)
        turns, news = self._days
        when = _last(turns, on)
        then = None if known is None else _last(news, known) or date.min
        found = self._found.get((spoken, when, then))
        if found is None:
            found = Resolved()
            try:
                for name in PARAMETERS:
                    one = self._resolve(name, spoken, on, known)
                    if one is not None:
                        found[name] = one
                _ = found.fingerprint
            except PluginError as error:
                raise PlaceUnresolvedError(place, [error]) from error
            self._found[spoken, when, then] = found
        if self.strict:
            _refuse_conflicts(found)
        return Policy(place, on, known, found)

    def _resolve(self, name: str, chain: Sequence[str], on: date, known: date | None) -> Provenance | None:
        candidates: list[tuple[str, str, LocalValue[Any], str]] = []  # place, plugin, value, reform; nearest first
        hidden: list[str] = []
        tried = [
            (reform, max(found, key=LocalValue.rank))
            for reform in reversed(self.reforms)
            if (found := [one for one in reform.values if one.key.name == name and one.in_force(on, known)])
        ]
        for reform, value in tried:
            if reform.scope == "replace_below" and reform.place in chain:
                candidates.append((reform.place, reform.name, value, reform.name))
        for place in reversed(chain):
            for reform, value in tried:
                if reform.scope == "default" and reform.place == place:
                    candidates.append((place, reform.name, value, reform.name))
                    hidden.append(reform.name)
            own = self._own(place, name, on, known)
            if own is not None:
                candidates.append((place, own[0].name, own[1], ""))
        if not candidates:
            return None
        place, plugin, chosen, reform_name = candidates[0]
        above = chain[: chain.index(place)]
        return Provenance(
            place=place,
            plugin=plugin,
            value=chosen,
            replaced=tuple((where, value) for where, _, value, _ in candidates[1:]),
            departures=_judged(name, chosen, self._bounds(name, above, on, known)),
            shadowed=tuple(one for one in hidden if one != reform_name),
            reform=reform_name,
        )

    def _own(
        self, place: str, name: str, on: date, known: date | None
    ) -> tuple[Plugin, LocalValue[Any]] | None:  # Any: keys of every type
        """Return what holds of all that a place says; what the library knows of it yields to a plugin of that place."""
        said = [one for one in self._values.get(place, {}).get(name, ()) if one[1].in_force(on, known)]
        return max(said, key=lambda one: (not one[0].built_in, *one[1].rank()), default=None)

    def _bounds(
        self, name: str, above: Sequence[str], on: date, known: date | None
    ) -> list[tuple[Plugin, str, Bound[Any], Source]]:  # Any: keys of every type
        bounds: list[tuple[Plugin, str, Bound[Any], Source]] = []
        for place in above:
            own = self._own(place, name, on, known)
            if own is not None and own[1].leeway is not None:
                bounds.append((own[0], place, own[1].leeway, own[1].source))
            bounds.extend(
                (plugin, place, limit.bound, limit.source)
                for plugin, limit in self._limits.get(place, ())
                if limit.key.name == name and limit.in_force(on, known)
            )
        return bounds

    def policies_of(self, plugin: Plugin) -> tuple[LocalPolicy, ...]:
        """Return all that a plugin says, as it says it."""
        self._hear_of(plugin)
        return tuple(layer.policy for layer in self._layers if layer.plugin == plugin)

    def find_plugin(self, asked: str) -> Plugin:
        """Return the plugin of that name or distribution, or the one that a city or county has.

        Raises:
            PluginNotFoundError: There is none.
            PlaceUnresolvedError: A plugin that may be meant is at fault.
        """
        for one in self.plugins:
            if asked in (one.name, one.distribution):
                self._hear_of(one)
                causes = [fault for fault in self._faults if fault.plugin == one.name]
                if causes:
                    raise PlaceUnresolvedError(", ".join(one.places) or asked, causes)
                return one
        try:
            place = asked if asked.isdigit() else self.find(asked).code
            self._check_voices(place)
        except PlaceNotFoundError:
            place = ""
        cities = [layer for layer in self._layers if not layer.plugin.built_in]
        found = next((layer.plugin for layer in cities if layer.policy.place == place), None)
        if found is None:
            known = tuple(one.name for one in self.plugins if not one.built_in)
            why = msg("none has that name or speaks for that place; installed are {known}", known=known)
            raise PluginNotFoundError(asked, nearest(asked, known), why=why if known else None)
        return found

    def said(self) -> Iterable[tuple[Plugin, str, LocalValue[Any] | LocalLimit[Any]]]:
        """Yield everything that plugins say: who, for which place, what (assumed values too)."""
        self._hear_all()
        for layer in sorted(self._layers, key=lambda one: (not one.plugin.built_in, one.plugin.name, one.policy.place)):
            for one in layer.policy.values:
                yield layer.plugin, layer.policy.place, one

    def speaking(self, place: str) -> tuple[Plugin, ...]:
        """Return the plugins of other distributions that speak for a place or for one above it, nearest last."""
        self._hear(place)
        spoken = [
            (layer.policy.place, layer.plugin)
            for layer in self._layers
            if layer.policy.place in ancestors(place) and not layer.plugin.built_in
        ]
        return tuple(dict.fromkeys(plugin for _, plugin in sorted(spoken, key=lambda one: (one[0], one[1].name))))

    def digest(self, plugin: Plugin) -> str:
        """Return a digest of everything that a plugin says: values, limits, divisions and the codes of its checks.

        It changes with any word of it, and with nothing else: no version, no order, no place on the disk.
        """
        self._hear_of(plugin)
        told = [
            sorted(
                json.dumps(layer.policy.said(), ensure_ascii=False, sort_keys=True)
                for layer in self._layers
                if layer.plugin == plugin
            ),
            sorted(check.code for spoken, check in self._checks if spoken.name == plugin.name),
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    def _check_place(self, place: str, on: date) -> None:
        if level_of(place) in {Level.COMMUNITY, Level.GRID}:
            if self._places.check_community(place[:COMMUNITY_DIGITS], on) is None:
                return
            problem = self.divisions.check_community(place[:COMMUNITY_DIGITS], on)
            if problem is not None:
                raise PlaceNotFoundError(place, why=problem)
        else:
            with contextlib.suppress(PlaceNotFoundError):
                self._places.at(place, on)
                return
            self.divisions.at(place, on)  # the nearest right ones are looked for among all


def _judged(
    key: str,
    value: LocalValue[Any],  # Any: keys of every type
    bounds: Sequence[tuple[Plugin, str, Bound[Any], Source]],  # Any: the same
) -> tuple[Departure, ...]:
    """Hold a value against the bounds above; `PluginError` where a plugin's own bound doesn't answer."""
    for plugin, place, bound, _ in bounds:
        if is_core(type(bound)):
            continue
        told, raised = guarded(partial(_told_by, bound, value.value))
        problem = None if raised is None else described(raised)
        if problem is None and not (isinstance(told, tuple) and isinstance(told[0], Judgement)):
            problem = f"{type(bound).__qualname__}.judge: {type(told).__name__}"
        if problem is not None:
            said = msg("what it allows of {key} can't be told: {problem}", key=key, problem=problem)
            raise PluginError(plugin.name, HOOK, said, place=place)
    return judge(key, value, [(place, bound, source) for _, place, bound, source in bounds])


def _told_by(bound: Bound[Any], value: object) -> object:  # Any: keys of every type
    judgement: object = bound.judge(value)  # a plugin's own may answer anything
    return (judgement, json.dumps(bound.allowed())) if isinstance(judgement, Judgement) else judgement


def _refuse_conflicts(found: Resolved) -> None:
    for said in found.values():
        for one in said.conflicts:
            if GRADE_OF_FORCE[one.source.force] is Grade.CONFLICT:
                raise LeewayError(
                    msg(
                        "{key} of {place} ({source}) lies outside what {above} allows ({clause}): {why}",
                        key=one.key, place=said.place, source=str(said.value.source), above=one.place,
                        clause=one.source.clause or str(one.source), why=one.judgement.why,
                    )
                )


def _divisions(layers: Sequence[_Layer]) -> tuple[Divisions, list[PluginError]]:
    """Put together all places; two cities of one province may both name it, if they say the same of it.

    Whoever speaks for a place above goes first, and nobody tells of places beside their own: so what is known of a
    place hangs on those alone who speak for it, above it, or near it where the library lists nothing.
    """
    divisions = Divisions(())
    known: set[tuple[object, ...]] = set()
    listed: set[str] = set()
    faults: list[PluginError] = []
    for layer in sorted(layers, key=_from_above):
        own = layer.policy.place
        fresh = [one for one in layer.policy.divisions if _life(one) not in known]
        problem = None if layer.plugin.built_in else _beside(own, fresh, listed)
        if problem is None and fresh:
            try:
                divisions = divisions | Divisions(fresh)
            except ValueError as error:
                problem = msg("{problem}", problem=str(error))
            else:
                known |= set(map(_life, fresh))
                listed |= {one.code for one in fresh if layer.plugin.built_in}
        if problem is not None:
            told = msg("what it says of divisions does not go with what is known: {problem}", problem=problem)
            faults.append(PluginError(layer.plugin.name, HOOK, told, place=own))
    return divisions, faults


def _from_above(layer: _Layer) -> tuple[bool, int, str, str]:
    return not layer.plugin.built_in, len(layer.policy.place), layer.plugin.name, layer.policy.place


def _beside(place: str, fresh: Sequence[Division], listed: Container[str]) -> Message | None:
    """Say which place is no business of a plugin: one beside its own, or one above that the library lists."""
    above = ancestors(place)[:-1]
    for one in fresh:
        if one.code in above and one.code in listed:
            return msg("{code} lies above {place}, and the library lists it", code=one.code, place=place)
        if one.code not in above and place != NATION and not one.code.startswith(place):
            return msg("{code} lies neither above nor below {place}", code=one.code, place=place)
    return None


@cache
def listed_divisions() -> Divisions:
    """Return the places that the library itself lists, whatever else is installed."""
    layers, _, _ = _heard((one.plugin, one.entries[0].load) for one in _installed(only_built_in=True))
    return _divisions([_Layer(plugin=plugin, policy=policy) for plugin, policy in layers])[0]


def _life(division: Division) -> tuple[object, ...]:
    return division.code, division.name, division.kind, division.since, division.until


def _two_voices(layers: Sequence[_Layer]) -> list[PluginError]:
    voices: dict[str, dict[str, None]] = {}
    for layer in (one for one in layers if not one.plugin.built_in):
        voices.setdefault(layer.policy.place, {})[layer.plugin.name] = None
    return [
        PluginError(
            name, HOOK, msg("{others} speak for this place too; a place has one voice", others=_others(names, name)),
            place=place,
        )
        for place, names in sorted(voices.items())
        if len(names) > 1
        for name in sorted(names)
    ]


def _others(names: Mapping[str, None], name: str) -> tuple[str, ...]:
    return tuple(sorted(other for other in names if other != name))


def _installed(*, only_built_in: bool) -> list[_Installed]:
    """Return what is installed, in no order; whose a module is isn't read before somebody has to know."""
    ours = _built_in()
    theirs = () if only_built_in else importlib.metadata.entry_points(group=hookspecs.GROUP)
    points: dict[tuple[int, str], list[importlib.metadata.EntryPoint]] = {}
    for entry in theirs:
        if entry not in ours:
            points.setdefault((id(entry.dist), entry.value), []).append(entry)
    modules: dict[str, list[importlib.metadata.EntryPoint]] = {}
    for entry in ours:
        modules.setdefault(entry.value, []).append(entry)
    return [
        *(_Installed(entries=entries, built_in=True) for _, entries in sorted(modules.items())),
        *(_Installed(entries=entries, built_in=False) for entries in points.values()),
    ]


def _in_order(installed: Iterable[_Installed]) -> list[_Installed]:
    return sorted(installed, key=lambda one: (one.plugin.distribution, one.plugin.name, one.plugin.version))


def _heard(
    named: Iterable[tuple[Plugin, Callable[[], object]]]
) -> tuple[list[tuple[Plugin, LocalPolicy]], list[PluginError], list[tuple[Plugin, Check]]]:
    """Import modules and ask them: what they say, what is wrong with them, and their checks."""
    layers: list[tuple[Plugin, LocalPolicy]] = []
    faults: list[PluginError] = []
    checks: list[tuple[Plugin, Check]] = []
    imported: list[tuple[Plugin, object]] = []
    for plugin, load in named:
        module, problem = guarded(load)
        if problem is None:
            imported.append((plugin, module))
        else:
            told = msg("{problem}", problem=described(problem))
            faults.extend(PluginError(plugin.name, "import", told, place=code) for code in plugin.places)
    for plugin, module in imported:  # once all are imported: of two that take the same name, both are at fault
        policies, brought, problems = _ask(plugin, module)
        faults.extend(problems)
        layers.extend((plugin, policy) for policy in policies)
        spoken = attrs.evolve(plugin, places=tuple(sorted({one.place for one in policies})))
        checks.extend((spoken, one) for one in brought)
    return layers, faults, checks


def _built_in() -> Sequence[importlib.metadata.EntryPoint]:
    try:
        return tuple(importlib.metadata.distribution(BUILT_IN).entry_points.select(group=hookspecs.GROUP))
    except importlib.metadata.PackageNotFoundError:
        return ()


def _as_is(module: object) -> object:
    return module


def _last(days: Sequence[date], on: date) -> date | None:
    """Return the last of some days in order that isn't after another one."""
    at = bisect.bisect_right(days, on)
    return days[at - 1] if at else None


def guarded(call: Callable[[], object]) -> tuple[object, BaseException | None]:
    """Call into a plugin: what it raises, SystemExit included, stays its own; what it prints is no answer of ours."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            return call(), None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a plugin may raise anything; it is named and its place closed
        return None, error


def described(error: BaseException) -> str:
    """Return what an error of a plugin says, whatever it does when it is asked."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # an exception that can't even be written
        return type(error).__name__


def _is_code(name: str) -> bool:
    try:
        level_of(name)
    except PlaceNotFoundError:
        return False
    return True


def _ask(plugin: Plugin, module: object) -> tuple[list[LocalPolicy], list[Check], list[PluginError]]:
    manager = pluggy.PluginManager(hookspecs.GROUP)
    manager.add_hookspecs(hookspecs)
    _, problem = guarded(lambda: manager.register(module, plugin.name))
    if problem is None:
        _, problem = guarded(manager.check_pending)
    if problem is not None:
        return [], [], _at_fault(plugin, msg("{problem}", problem=described(problem)))
    policies: list[LocalPolicy] = []
    for implementation in manager.hook.shequ_place.get_hookimpls():
        answer, problem = guarded(implementation.function)
        if isinstance(problem, InputError):  # a figure sheet: each of its faults is told
            told_of = [msg("{where}: {problem}", where=one.where(), problem=one.message) for one in problem.told]
            return [], [], [fault for told in told_of for fault in _at_fault(plugin, told)]
        if problem is not None:
            return [], [], _at_fault(plugin, msg("{problem}", problem=described(problem)))
        if not isinstance(answer, (list, tuple)) or not all(isinstance(one, LocalPolicy) for one in answer):
            kind = type(answer).__name__
            return [], [], _at_fault(plugin, msg("it must return a list of LocalPolicy, not {kind}", kind=kind))
        policies.extend(answer)
    foreign = sorted({one.place for one in policies} - set(plugin.places)) if plugin.distribution else []
    if foreign:
        told = msg("it answers for {foreign}, its entry points name {places}", foreign=foreign, places=plugin.places)
        return [], [], _at_fault(plugin, told)
    for one in policies:
        listed: Sequence[object] = one.values
        wrong = [type(value).__name__ for value in listed if not isinstance(value, (LocalValue, LocalLimit))]
        if wrong:
            return [], [], _at_fault(plugin, msg("its values are made by Parameter.set, not {kind}", kind=wrong[0]))
    told = msg("its entry points name this place, and it says nothing for it")
    silent = sorted(set(plugin.places) - {one.place for one in policies})
    faults = [PluginError(plugin.name, HOOK, told, place=place) for place in silent]
    checks, problem_of_checks = _checks(manager)
    if problem_of_checks is not None:
        return [], [], [PluginError(plugin.name, hookspecs.CHECKS_HOOK, problem_of_checks, place=place)
                        for place in (plugin.places or ("",))]
    return policies, checks, [*faults, *_twice(plugin, policies)]


def _checks(manager: pluggy.PluginManager) -> tuple[list[Check], Message | None]:
    """Return the checks that a plugin brings, or what is wrong with them."""
    found: list[Check] = []
    for implementation in manager.hook.shequ_checks.get_hookimpls():
        answer, problem = guarded(implementation.function)
        if problem is not None:
            return [], msg("{problem}", problem=described(problem))
        if not isinstance(answer, (list, tuple)) or not all(isinstance(one, Check) for one in answer):
            kind = next((type(one).__name__ for one in _items(answer) if not isinstance(one, Check)), "")
            return [], msg(
                "it must return a list of checks, functions marked with check(…), not {kind}",
                kind=kind or type(answer).__name__,
            )
        found.extend(answer)
    for one in found:
        wrong, problem = guarded(one.problem)
        if problem is not None:
            return [], msg("{problem}", problem=described(problem))
        if isinstance(wrong, Message):
            return [], wrong
    codes = [one.code for one in found]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    return ([], msg("{code}: another check has this code", code=twice)) if twice else (found, None)


def _items(answer: object) -> Iterable[object]:
    return answer if isinstance(answer, (list, tuple)) else ()


def _twice(plugin: Plugin, policies: Sequence[LocalPolicy]) -> list[PluginError]:
    """Return the keys that a plugin sets twice for one place and day."""
    said: dict[str, list[LocalValue[Any]]] = {}  # Any: keys of every type
    for policy in policies:
        said.setdefault(policy.place, []).extend(one for one in policy.values if isinstance(one, LocalValue))
    return [
        PluginError(
            plugin.name, HOOK, msg("it sets {key} twice for {since}", key=later.key.name, since=later.since),
            place=place,
        )
        for place, values in said.items()
        for _, later in said_twice(values)
    ]


def _at_fault(plugin: Plugin, problem: Message) -> list[PluginError]:
    return [PluginError(plugin.name, HOOK, problem, place=place) for place in (plugin.places or ("",))]
