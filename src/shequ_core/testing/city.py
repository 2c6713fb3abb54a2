"""The suite that every city's plugin inherits: two lines in its tests, and all this is checked."""

from __future__ import annotations

import importlib.resources
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from types import ModuleType
from typing import Any, Final

from shequ_core.errors import ShequError
from shequ_core.policy.book import DISABLE, PolicyBook
from shequ_core.policy.checks import Check
from shequ_core.policy.parameters import LocalPolicy, LocalValue
from shequ_core.testing.cases import Books, Case, load_cases, run_case

ELSEWHERE: Final = "22"
"""A place that no city speaks for: its policy may not change by a plugin."""


class CitySuite:
    """Inherit it and name the module: `class TestBaihua(CitySuite): plugin = shequ_baihua`.

    Attributes:
        plugin: The plugin's module. As a package it ships worked cases in its folder `cases`, as the library
            does: what its values come to, so that whoever knows the place's rules can check it.
        conflicts: Keys whose values lie outside the leeway of a place above, and are meant to.
    """

    plugin: ModuleType
    conflicts: frozenset[str] = frozenset()

    def said(self) -> Sequence[LocalPolicy]:
        """Return what the plugin says."""
        answer: Sequence[LocalPolicy] = self.plugin.shequ_place()
        return answer

    def values(self) -> Iterator[tuple[str, LocalValue[Any]]]:  # Any: keys of every type
        """Yield each value with its place."""
        for policy in self.said():
            for one in policy.values:
                if isinstance(one, LocalValue):
                    yield policy.place, one

    def book(self, *, assume: bool, with_plugin: bool = True) -> PolicyBook:
        """Return a book of the nation, the province and this plugin alone."""
        with _alone():
            return PolicyBook.load(assume=assume, plugins=[self.plugin] if with_plugin else [])

    def cases(self) -> Sequence[Case]:
        """Return the worked cases that the plugin's package ships; a module of one file has no room for any."""
        if not hasattr(self.plugin, "__path__"):
            return ()
        folder = importlib.resources.files(self.plugin) / "cases"
        return load_cases(folder) if folder.is_dir() else ()

    def test_it_loads_without_a_fault(self) -> None:
        """The plugin answers with a list of LocalPolicy, one for each place, and nothing is wrong with it."""
        assert self.said()
        assert not self.book(assume=True).faults

    def test_every_value_has_source_and_dates(self) -> None:
        """Each value names its document, and was not known before the document was issued."""
        for place, one in self.values():
            assert one.source.document.title, f"{one.key} of {place} names no document"
            assert one.until is None or one.since <= one.until
            issued = one.source.document.issued
            assert issued is None or one.known_on >= issued, f"{one.key} was known before its document was issued"

    def test_every_value_survives_being_written_and_read(self) -> None:
        """Each value can be one of its kind, and its plain form reads back as the same value."""
        for _, one in self.values():
            one.key.kind.check(one.value)
            assert one.key.parse(one.to_data()) == one.value

    def test_departures_from_above_are_the_declared_ones(self) -> None:
        """What lies outside the leeway of a place above is exactly what `conflicts` names."""
        book = self.book(assume=True)
        found = set()
        for place, one in self.values():
            policy = book.policy(place, one.since)
            told = policy.why(one.key)
            assert told is not None
            if told.place == place and told.conflicts:
                found.add(one.key.name)
        assert found == self.conflicts

    def test_no_two_values_hold_at_once(self) -> None:
        """Values of one key and place that state their last day don't overlap."""
        spans: dict[tuple[str, str], list[tuple[date, date]]] = {}
        for place, one in self.values():
            spans.setdefault((place, one.key.name), []).append((one.since, one.until or date.max))
        for (place, key), listed in spans.items():
            listed.sort()
            for (_, until), (since, _) in pairwise(listed):
                assert until == date.max or until < since, f"{key} of {place} holds twice on {since}"

    def test_it_is_silent_elsewhere(self) -> None:
        """The province's own policy is the same with and without the plugin."""
        for assume in (False, True):
            on = date(2024, 1, 1)
            without = self.book(assume=assume, with_plugin=False).policy(ELSEWHERE, on)
            assert self.book(assume=assume).policy(ELSEWHERE, on).fingerprint == without.fingerprint

    def test_it_says_the_same_twice(self) -> None:
        """Loading it again gives the same policy for each of its places."""
        for place, one in self.values():
            once = self.book(assume=True).policy(place, one.since)
            assert self.book(assume=True).policy(place, one.since).fingerprint == once.fingerprint

    def test_its_worked_cases_come_out(self) -> None:
        """What was worked out by hand is what the library answers with this plugin and no other."""
        cases = self.cases()
        assert cases or not hasattr(self.plugin, "__path__"), (
            "the package ships no worked case: work one out by hand in its folder cases, as a .toml file"
        )
        books = Books(self.plugin)
        for case in cases:
            result = run_case(case, books)
            assert result.same, f"{case.id}, {case.title}: comes out as {result.found}, not as {result.expected}"

    def test_each_of_its_checks_has_a_case_that_it_finds_and_one_that_it_must_not(self) -> None:
        """A check that nobody worked out by hand may find anything."""
        checks: Sequence[Check] = getattr(self.plugin, "shequ_checks", tuple)()
        for one in checks:
            told = [bool(case.expected) for case in self.cases() if case.subject == "check" and case.name == one.code]
            assert set(told) == {True, False}, f"{one.code}: work out one case that it finds and one that it must not"

    def test_its_worked_cases_are_about_it(self) -> None:
        """Each case asks about a place of the plugin, and some would not come out without what it says."""
        places = {policy.place for policy in self.said()}
        cases = self.cases()
        for case in cases:
            assert any(case.place.startswith(place) for place in places), f"{case.id} asks about {case.place}"
        assert not cases or not all(map(_comes_out_alone, cases)), "every case comes out without the plugin too"


def _comes_out_alone(case: Case) -> bool:
    """Whether a case comes out of what the library itself says."""
    try:
        return run_case(case, Books()).same
    except ShequError:
        return False


@contextmanager
def _alone() -> Iterator[None]:
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
