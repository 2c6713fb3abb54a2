"""The suite that every city's plugin inherits: two lines in its tests, and all this is checked."""

from __future__ import annotations

from random import Random
from types import ModuleType
from typing import Final

from shequ_core.testing import plugin_checks as checks
from shequ_core.testing.candidate import Candidate
from shequ_core.testing.plugin_checks import Draw, Examine, problems_of, raised, staged
from shequ_core.testing.properties import Problem

EXAMPLES: Final = 15
"""Rosters that hypothesis draws."""

FEW: Final = 4
"""Whole counties that it draws: each is paid and audited twice."""


class CitySuite:
    """Inherit it and name the module: `class TestBaihua(CitySuite): plugin = shequ_baihua`.

    A value that is meant to lie outside what a place above allows says so itself, with `departs=True`, and one
    that ends with nothing to follow with `ends=True`. `shequ plugin check` runs the same checks without pytest.

    Attributes:
        plugin: The plugin's module. As a package it ships worked cases in its folder `cases`, as the library
            does: what its values come to, so that whoever knows the place's rules can check it.
    """

    plugin: ModuleType

    def candidate(self) -> Candidate:
        """Return the plugin as it is looked at, with the books that it stands in; made once."""
        kind = type(self)
        if "_candidate" not in vars(kind):
            kind._candidate = Candidate.of(self.plugin)
        return kind._candidate

    _candidate: Candidate

    def test_it_loads_without_a_fault(self) -> None:
        """The plugin answers with a list of LocalPolicy, one for each place, and nothing is wrong with it."""
        self._look(checks.loads)

    def test_its_hooks_keep_their_word(self) -> None:
        """Each hook returns a list, the same twice, and what it returned stays as it was."""
        self._look(checks.hooks_keep_their_word)

    def test_every_value_survives_being_written_and_read(self) -> None:
        """Each value can be one of its kind, and its plain form reads back as the same value."""
        self._look(checks.values_are_typed)

    def test_every_value_has_source_and_dates(self) -> None:
        """Each value names its document, and was not known before the document was issued."""
        self._look(checks.values_have_sources)

    def test_departures_from_above_are_the_declared_ones(self) -> None:
        """What lies outside the leeway of a place above is exactly what says `departs=True`."""
        self._look(checks.departures_are_meant)

    def test_values_follow_each_other_without_a_gap(self) -> None:
        """No two values of one key and place hold at once, and what ends has a follower or says `ends=True`."""
        self._look(checks.dates_follow_each_other)

    def test_it_is_silent_elsewhere(self) -> None:
        """The policy of every place that it doesn't speak for is the same with and without the plugin."""
        self._look(checks.it_is_silent_elsewhere)

    def test_its_worked_cases_come_out(self) -> None:
        """What was worked out by hand is what the library answers with this plugin and no other."""
        self._look(checks.cases_come_out)

    def test_its_worked_cases_are_about_it(self) -> None:
        """Each case asks about a place of the plugin, and some would not come out without what it says."""
        self._look(checks.cases_are_about_it)

    def test_each_of_its_checks_has_a_case_that_it_finds_and_one_that_it_must_not(self) -> None:
        """A check that nobody worked out by hand may find anything."""
        self._look(checks.checks_have_cases)

    def test_pay_adds_up_for_random_people(self) -> None:
        """Slips add up, pools are handed out to the fen, no line is below zero, and no order of rows tells."""
        self._draw(checks.pay_on, EXAMPLES)

    def test_posts_stay_in_bounds_for_random_communities(self) -> None:
        """The least posts are not more than the most, none is below zero, and each community counts by itself."""
        self._draw(checks.posts_on, EXAMPLES)

    def test_a_month_and_an_audit_come_out_the_same_in_any_order(self) -> None:
        """A county's month and audit are the same in any order of rows, and leave the tables as they were."""
        self._draw(checks.runs_on, FEW)

    def _look(self, examine: Examine) -> None:
        candidate = self.candidate()
        _none(problems_of(examine, candidate))

    def _draw(self, draw: Draw, examples: int) -> None:
        """Let hypothesis look for people for whom something is wrong, under each policy of the plugin."""
        from shequ_core.testing.strategies import over

        candidate = self.candidate()
        _none(problems_of(checks.loads, candidate))

        def hold(policy_number: int, random: Random) -> None:
            policy = policies[policy_number]
            try:
                found = tuple(draw(candidate, policy, random))
            except Exception as error:  # a strategy of the plugin may raise anything: it is told as its problem
                found = (raised(error),)
            _none(found)

        policies = staged(candidate)
        over(len(policies), examples, hold)


def _none(problems: tuple[Problem, ...]) -> None:
    told = "\n".join(_line(one) for one in problems)
    assert not problems, told


def _line(one: Problem) -> str:
    about = " ".join(part for part in (one.place, one.subject) if part)
    return f"{about or 'the plugin'}: {one.told}. To do: {one.todo}."

