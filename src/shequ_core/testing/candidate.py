"""A plugin that is looked at: found by its folder, its module or its place, and loaded beside the library alone."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.resources
import importlib.util
import os
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final

import attrs

from shequ_core.errors import Message, PlaceUnresolvedError, PluginError, PluginNotFoundError, msg, nearest
from shequ_core.model.places import COUNTY_DIGITS, Division, DivisionKind, Divisions
from shequ_core.policy.book import BUILT_IN, DISABLE, Plugin, PolicyBook
from shequ_core.policy.checks import Check
from shequ_core.policy.hookspecs import CHECKS_HOOK, GROUP, PLACE_HOOK, hookimpl
from shequ_core.policy.parameters import LocalPolicy, LocalValue, Reform
from shequ_core.policy.policy import Policy
from shequ_core.testing.cases import Case, load_cases
from shequ_core.values import Status

STAND_INS: Final = "22"
"""The place whose values, assumed ones too, stand in for what nobody above a plugin's place set."""

_ANY_COUNTY: Final = "9999"
_PROJECT: Final = "pyproject.toml"


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Candidate:
    """A plugin, and the books in which it stands with the nation and the province and nobody else.

    Attributes:
        module: The module, or an object with the hooks; None where it can't even be imported.
        plugin: What it is called; its places are those of its entry points, none where it has no distribution.
        fault: Why it can't be imported.
    """

    module: object
    plugin: Plugin
    fault: Message | None = None

    @classmethod
    def of(cls, module: object) -> Candidate:
        """Look at a module that is loaded already."""
        return cls(module=module, plugin=Plugin(name=getattr(module, "__name__", type(module).__name__)))

    def load(self, *, assume: bool, with_plugin: bool = True) -> PolicyBook:
        """Load a book anew: of the nation, the province and, unless it is left out, this plugin."""
        with alone():
            return PolicyBook.load(assume=assume, plugins=[self.module] if with_plugin else [])

    @cached_property
    def _books(self) -> dict[tuple[bool, bool], PolicyBook]:
        return {}

    def book(self, *, assume: bool, with_plugin: bool = True) -> PolicyBook:
        """Return such a book, loaded the first time."""
        asked = (assume, with_plugin)
        if asked not in self._books:
            self._books[asked] = self.load(assume=assume, with_plugin=with_plugin)
        return self._books[asked]

    @cached_property
    def policies(self) -> Sequence[LocalPolicy]:
        """What it says, as it was loaded: nothing where it is at fault."""
        if not _is_hook(self.module, PLACE_HOOK):
            return ()
        answer: Sequence[LocalPolicy] = getattr(self.module, PLACE_HOOK)()
        return answer

    def sound_policies(self) -> Sequence[LocalPolicy]:
        """Return what it says, once it is known that it can be loaded.

        Raises:
            PlaceUnresolvedError: It is at fault.
        """
        if self.fault is not None:
            raise PlaceUnresolvedError(
                self.plugin.places[0] if self.plugin.places else self.plugin.name,
                [PluginError(self.plugin.name, "import", self.fault)],
            )
        faults = self.book(assume=True).faults
        if faults:
            raise PlaceUnresolvedError(faults[0].place or self.plugin.name, faults)
        return self.policies

    @cached_property
    def checks(self) -> Sequence[Check]:
        """The checks that it brings."""
        answer: Sequence[Check] = getattr(self.module, CHECKS_HOOK, tuple)()
        return answer

    @property
    def places(self) -> tuple[str, ...]:
        """The places for which it speaks."""
        return tuple(sorted({one.place for one in self.policies}))

    def values(self) -> Iterator[tuple[str, LocalValue[Any]]]:  # Any: keys of every type
        """Yield each value with its place."""
        for policy in self.policies:
            for one in policy.values:
                if isinstance(one, LocalValue):
                    yield policy.place, one

    def policy(self, place: str, on: date, book: PolicyBook | None = None) -> Policy:
        """Return the policy of one of its places on a day, also on one before the place had its code.

        Args:
            place: The place.
            on: The day.
            book: Where to look; None for the one that it stands in, assumed values too.
        """
        book = book or self.book(assume=True)
        life = book.divisions.at(place)
        placed = max(on, life.since or on) if life.until is None else min(on, life.until)
        return book.policy(place, on, placed_on=placed)

    def days(self, place: str) -> list[date]:
        """Return the days from which on something of a place is otherwise."""
        return sorted({one.since for spoken, one in self.values() if spoken == place})

    @property
    def is_package(self) -> bool:
        """Whether it is a folder, which has room for worked cases."""
        return hasattr(self.module, "__path__")

    @cached_property
    def cases(self) -> Sequence[Case]:
        """The worked cases that its package ships."""
        if not isinstance(self.module, ModuleType) or not self.is_package:
            return ()
        folder = importlib.resources.files(self.module) / "cases"
        return load_cases(folder) if folder.is_dir() else ()

    # --- where it can be tried

    @cached_property
    def stage(self) -> PolicyBook:
        """A book in which everything can be worked out: what nobody above its places set, Jilin's values stand in for.

        Its own values and those of the places above win; a place without a listed county gets a made-up one.
        """
        counties = [
            Division(code=county, name="合成县", kind=DivisionKind.COUNTY, status=Status.ASSUMPTION)
            for county in sorted({self._made_up(place) for place in self.places} - {""})
        ]
        grounds = [LocalPolicy(place=one.code, values=(), divisions=Divisions((one,))) for one in counties]

        @hookimpl
        def shequ_place() -> Sequence[LocalPolicy]:
            return grounds

        with alone():
            book = PolicyBook.load(assume=True, plugins=[self.module, SimpleNamespace(shequ_place=shequ_place)])
        said: dict[str, LocalValue[Any]] = {}  # Any: keys of every type
        for plugin, place, one in book.said():
            if plugin.built_in and place == STAND_INS and isinstance(one, LocalValue):
                said[one.key.name] = max(said.get(one.key.name, one), one, key=LocalValue.rank)
        values = [
            attrs.evolve(one, since=date.min, until=None, known_on=date.min, leeway=None, fresh_until=None)
            for one in said.values()
        ]
        return book.reformed(Reform(name="stand-ins", place="00", values=values))

    def county(self, place: str, on: date) -> str:
        """Return a county of a place, to put people in: a listed one, or the one made up for it."""
        return min(one.code for one in _counties(self.stage.divisions, place) if one.covers(on))

    def _made_up(self, place: str) -> str:
        """Return the code of a county to make up for a place; empty where it is a county, or one of it is listed."""
        if len(place) >= COUNTY_DIGITS or _counties(self.book(assume=True).divisions, place):
            return ""
        return (place + _ANY_COUNTY)[:COUNTY_DIGITS]


def _counties(divisions: Divisions, place: str) -> list[Division]:
    return [
        one for one in divisions if one.code.startswith(place[:COUNTY_DIGITS]) and len(one.code) == COUNTY_DIGITS
    ]


def _is_hook(module: object, name: str) -> bool:
    return hasattr(getattr(module, name, None), f"{GROUP}_impl")


# --- finding one -------------------------------------------------------------------------------------


@contextmanager
def candidates(asked: str) -> Iterator[tuple[Candidate, ...]]:
    """Find the plugins that somebody means, and keep them importable for as long as they are looked at.

    Args:
        asked: A plugin's folder, which need not be installed; a module; or the code of a place.

    Raises:
        PluginNotFoundError: There is none.
    """
    folder = Path(asked)
    if not folder.is_dir():
        yield tuple(_imported(plugin) for plugin in _installed(asked))
        return
    project = _project(folder)
    with _on_the_path(folder / "src" if (folder / "src").is_dir() else folder, project.modules):
        yield tuple(
            _imported(Plugin(name=name, distribution=project.name, version=project.version, places=places))
            for name, places in project.modules.items()
        )


@contextmanager
def _on_the_path(source: Path, modules: Iterable[str]) -> Iterator[None]:
    """Let a folder's modules be imported as they are now, leave no compiled files in it, and then undo it all."""
    before = _taken_out(modules)
    path, quiet = str(source.resolve()), sys.dont_write_bytecode
    sys.path.insert(0, path)
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(path)
        sys.dont_write_bytecode = quiet
        _taken_out(modules)
        sys.modules.update(before)


def _taken_out(modules: Iterable[str]) -> dict[str, ModuleType]:
    """Take modules, and what they hold, out of those that are loaded."""
    tops = tuple(modules)
    names = [one for one in sys.modules if one in tops or one.startswith(tuple(f"{top}." for top in tops))]
    return {one: sys.modules.pop(one) for one in names}


@attrs.frozen
class _Project:
    name: str
    version: str
    modules: Mapping[str, tuple[str, ...]]


def _project(folder: Path) -> _Project:
    file = folder / _PROJECT
    if not file.is_file():
        raise PluginNotFoundError(str(folder), why=msg("the folder has no {file}", file=_PROJECT))
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        about = data.get("project", {})
        points = about.get("entry-points", {}).get(GROUP, {})
        modules: dict[str, tuple[str, ...]] = {}
        for code, module in points.items():
            modules[str(module)] = (*modules.get(str(module), ()), str(code))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError) as error:
        told = msg("{file} can't be read: {problem}", file=str(file), problem=str(error))
        raise PluginNotFoundError(str(folder), why=told) from None
    if not modules:
        told = msg(
            "its {file} names no place: write [project.entry-points.{group}], and under it \"220104\" = \"module\"",
            file=_PROJECT, group=GROUP,
        )
        raise PluginNotFoundError(str(folder), why=told)
    return _Project(str(about.get("name", folder.name)), str(about.get("version", "")), modules)


def _installed(asked: str) -> list[Plugin]:
    """Return the installed plugin of a module or a place; a module that is no plugin's will do too."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for entry in importlib.metadata.entry_points(group=GROUP):
        if entry.dist is not None and entry.dist.name != BUILT_IN:
            found.setdefault((entry.value, entry.dist.name, entry.dist.version), []).append(entry.name)
    meant = [
        Plugin(name=module, distribution=distribution, version=version, places=tuple(sorted(codes)))
        for (module, distribution, version), codes in sorted(found.items())
        if asked in {module, distribution, *codes}
    ]
    if meant:
        return meant
    if asked.replace(".", "").replace("_", "").isalnum() and not asked.isdigit() and _can_be_imported(asked):
        return [Plugin(name=asked)]
    known = sorted({one for (module, *_), codes in found.items() for one in (module, *codes)})
    raise PluginNotFoundError(asked, near=nearest(asked, known))


def _can_be_imported(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _imported(plugin: Plugin) -> Candidate:
    """Import a plugin; what it raises, SystemExit included, is its own fault."""
    try:
        return Candidate(module=importlib.import_module(plugin.name), plugin=plugin)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a plugin may raise anything
        told = msg("it can't be imported: {problem}", problem=f"{type(error).__name__}: {error}")
        return Candidate(module=None, plugin=plugin, fault=told)


@contextmanager
def alone() -> Iterator[None]:
    """Leave out what other installed distributions bring, this plugin's own entry point among it."""
    before = os.environ.get(DISABLE)
    os.environ[DISABLE] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[DISABLE]
        else:
            os.environ[DISABLE] = before
