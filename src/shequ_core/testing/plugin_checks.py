"""What is looked at in a plugin: each check a function that yields problems.

`CitySuite` runs them under pytest, `shequ plugin check` without; there is no second copy of any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final, TypeAlias

import attrs

from shequ_core.errors import Message, PlaceNotFoundError, ShequError, msg
from shequ_core.model.places import COUNTY_DIGITS, NATION
from shequ_core.policy.book import Plugin
from shequ_core.policy.checks import Check
from shequ_core.policy.hookspecs import CHECKS_HOOK, PLACE_HOOK
from shequ_core.policy.parameters import LocalValue
from shequ_core.policy.pay import GRADES
from shequ_core.policy.policy import Policy
from shequ_core.testing.candidate import Candidate
from shequ_core.testing.cases import Books, Case, run_case
from shequ_core.testing.properties import Problem, pay_problems, post_problems, run_problems
from shequ_core.values import MONTHS_PER_YEAR
from shequ_core.year.month import month_of

UNWRITTEN: Final = "待填写"
"""What a new plugin's document is called until somebody writes its title."""

UNWRITTEN_ARTICLE: Final = "第?条"
"""The article of a row that nobody has taken in yet."""

CONSTANTS: Final = msg("let it answer with constants: no clock, no file, no chance")

SEEDS: Final = range(8)
"""The random rosters that are drawn under each policy where hypothesis doesn't draw them."""

FEW: Final = range(2)
"""The same of whole counties, which take longer."""

Examine: TypeAlias = Callable[[Candidate], Iterator[Problem]]


@attrs.frozen(kw_only=True)
class PluginCheck:
    """One thing that is looked at.

    Attributes:
        name: What programs call it.
        title: What must be so.
        examine: Yields what isn't.
    """

    name: str
    title: Message
    examine: Examine


@attrs.frozen(kw_only=True)
class Outcome:
    """What came of one check.

    Attributes:
        problems: None where the plugin couldn't even be loaded, so that nobody can say.
    """

    check: PluginCheck
    problems: tuple[Problem, ...] | None

    @property
    def passed(self) -> bool:
        """Whether it found nothing."""
        return self.problems == ()


@attrs.frozen(kw_only=True)
class Report:
    """What came of every check of a plugin.

    Attributes:
        digest: Of everything that the plugin says; empty where it can't be loaded.
    """

    plugin: Plugin
    digest: str
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """Whether everything is as it should be."""
        return all(one.passed for one in self.outcomes)


PLUGIN_CHECKS: Final[list[PluginCheck]] = []
"""Every check, the first of which the others need."""


def plugin_check(title: Message) -> Callable[[Examine], Examine]:
    """Make a function a check that is called as it is."""

    def make(examine: Examine) -> Examine:
        PLUGIN_CHECKS.append(PluginCheck(name=examine.__name__, title=title, examine=examine))
        return examine

    return make


def look(candidate: Candidate) -> Report:
    """Run every check; what the plugin raises in one is a problem that this check found."""
    first, *others = PLUGIN_CHECKS
    loaded = Outcome(check=first, problems=problems_of(first.examine, candidate))
    outcomes = [loaded]
    for one in others:
        found = problems_of(one.examine, candidate) if loaded.passed else None
        outcomes.append(Outcome(check=one, problems=found))
    digest = digest_of(candidate) if loaded.passed else ""
    places = candidate.plugin.places or (candidate.places if loaded.passed else ())
    return Report(plugin=attrs.evolve(candidate.plugin, places=places), digest=digest, outcomes=tuple(outcomes))


def problems_of(examine: Examine, candidate: Candidate) -> tuple[Problem, ...]:
    """Return what a check finds, or what was raised in it: some of a plugin's code runs there."""
    try:
        return tuple(examine(candidate))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a plugin may raise anything, SystemExit included
        return (raised(error),)


def raised(error: BaseException) -> Problem:
    """Say what was raised; an error of ours says what to do itself."""
    if isinstance(error, ShequError):
        faults: Sequence[object] = getattr(error, "faults", ())
        told = msg("{problem}: {faults}", problem=error.message, faults=tuple(map(str, faults)))
        return Problem(told=told if faults else error.message, todo=msg("mend what the message names"))
    told = msg("it raised {error}", error=f"{type(error).__name__}: {error}")
    return Problem(told=told, todo=msg("mend the plugin's own code"))


def digest_of(candidate: Candidate) -> str:
    """Return a digest of everything that a plugin says, as `PolicyBook.digest`."""
    book = candidate.book(assume=True)
    plugin = next(one for one in book.plugins if not one.built_in)
    return book.digest(plugin)


# --- that it can be loaded ---------------------------------------------------------------------------


@plugin_check(msg("It loads, and speaks for the places of its entry points"))
def loads(candidate: Candidate) -> Iterator[Problem]:
    """The plugin answers with a list of LocalPolicy, one for each place, and nothing is wrong with it."""
    if candidate.fault is not None:
        yield Problem(told=candidate.fault, todo=msg("mend the module until it can be imported"))
        return
    book = candidate.book(assume=True)
    for fault in book.faults:
        yield Problem(told=fault.problem, todo=msg("mend what the hook answers"), place=fault.place, subject=fault.hook)
    if book.faults:
        return
    if not candidate.policies:
        told = msg("it answers for no place")
        todo = msg("write a function {hook} with @hookimpl before it, which returns a LocalPolicy", hook=PLACE_HOOK)
        yield Problem(told=told, todo=todo, subject=PLACE_HOOK)
        return
    points, said = set(candidate.plugin.places), set(candidate.places)
    if candidate.plugin.distribution and points != said:
        told = msg(
            "it answers for {said}, its entry points name {points}",
            said=tuple(sorted(said)), points=tuple(sorted(points)),
        )
        yield Problem(told=told, todo=msg("write one entry point in pyproject.toml for each of its places"))
    for place in sorted(said):
        try:
            book.divisions.at(place)
        except PlaceNotFoundError as error:
            todo = msg("correct the code, or list the place in the divisions of its LocalPolicy")
            yield Problem(told=error.message, todo=todo, place=place)


@plugin_check(msg("Its hooks answer the same each time, and change nothing that they answered"))
def hooks_keep_their_word(candidate: Candidate) -> Iterator[Problem]:
    """Each hook returns a list, the same twice, and what it returned stays as it was."""
    before = [policy.said() for policy in candidate.policies]
    again = [policy.said() for policy in getattr(candidate.module, PLACE_HOOK)()]
    if again != before or [policy.said() for policy in candidate.policies] != before:
        told = msg("asked twice, it says something else the second time")
        yield Problem(told=told, todo=CONSTANTS, subject=PLACE_HOOK)
    asked_again: Sequence[Check] = getattr(candidate.module, CHECKS_HOOK, tuple)()
    if [one.code for one in asked_again] != [one.code for one in candidate.checks]:
        told = msg("asked twice, it says something else the second time")
        yield Problem(told=told, todo=CONSTANTS, subject=CHECKS_HOOK)
    once = candidate.load(assume=True)
    for place in candidate.places:
        for day in candidate.days(place):
            if candidate.policy(place, day, once).fingerprint != candidate.policy(place, day).fingerprint:
                told = msg("loaded anew, its policy of {day} is another one", day=day)
                yield Problem(told=told, todo=CONSTANTS, place=place)


# --- each value --------------------------------------------------------------------------------------


@plugin_check(msg("Every value is one of its kind, and reads back from its written form as the same"))
def values_are_typed(candidate: Candidate) -> Iterator[Problem]:
    """Each value can be one of its kind, and its plain form reads back as the same value."""
    for place, one in candidate.values():
        one.key.kind.check(one.value)
        if one.key.parse(one.to_data()) != one.value:
            told = msg("its written form reads back as another value")
            todo = msg("give the strategy's parts the types that they declare")
            yield _problem(told, todo, place, one)


@plugin_check(msg("Every value names its document, and its dates go together"))
def values_have_sources(candidate: Candidate) -> Iterator[Problem]:
    """Each value names its document, and was not known before the document was issued."""
    for place, one in candidate.values():
        title, issued = one.source.document.title, one.source.document.issued
        if not title or UNWRITTEN in title:
            todo = msg("write the document's full title, number and day into the module")
            yield _problem(msg("it names no document"), todo, place, one)
        if one.source.article == UNWRITTEN_ARTICLE:
            todo = msg("write the article, such as 第六条")
            yield _problem(msg("it names no article of its document"), todo, place, one)
        if issued is not None and one.known_on < issued:
            told = msg(
                "it was known on {known}, before its document was issued on {issued}",
                known=one.known_on, issued=issued,
            )
            yield _problem(told, msg("correct known_on, or the day of the document"), place, one)
        if one.fresh_until is not None and one.fresh_until < one.since:
            told = msg("its stated life ends on {day}, before it begins", day=one.fresh_until)
            yield _problem(told, msg("correct fresh_until"), place, one)


@plugin_check(msg("Every value lies within what the places above allow, or is marked as departing"))
def departures_are_meant(candidate: Candidate) -> Iterator[Problem]:
    """What lies outside the leeway of a place above is exactly what says `departs=True`."""
    for place, one in candidate.values():
        found = {
            (str(departure.judgement.why), str(departure.source)): departure
            for policy in _while_in_force(candidate, place, one)
            if (told := policy.why(one.key)) is not None and (told.place, told.value) == (place, one)
            for departure in told.conflicts
        }
        if found and not one.departs:
            for departure in found.values():
                told_of = msg(
                    "it lies outside what {above} allows, {clause}: {why}", above=departure.place,
                    clause=departure.source.clause or str(departure.source), why=departure.judgement.why,
                )
                todo = msg("correct the value; where the document really says so, mark it with departs=True")
                yield _problem(told_of, todo, place, one)
        elif one.departs and not found:
            told_of = msg("it is marked as departing, and no place above forbids it")
            yield _problem(told_of, msg("take departs=True away"), place, one)


def _while_in_force(candidate: Candidate, place: str, one: LocalValue[Any]) -> Iterator[Policy]:  # Any: of any key
    """Yield the policy of each day on which what is said of a key here or above is otherwise, while a value holds."""
    turns = {
        said.since
        for _, spoken, said in candidate.book(assume=True).said()
        if said.key.name == one.key.name and (spoken == NATION or place.startswith(spoken))
    }
    for day in sorted({one.since, *turns}):
        if one.since <= day and (one.until is None or day <= one.until):
            yield candidate.policy(place, day)


@plugin_check(msg("No two values of one parameter hold at once, and none ends with nothing to follow"))
def dates_follow_each_other(candidate: Candidate) -> Iterator[Problem]:
    """Values of one key and place neither overlap nor leave days between; the last one lasts, or says `ends=True`."""
    said: dict[tuple[str, str], list[LocalValue[Any]]] = {}  # Any: keys of every type
    for place, one in candidate.values():
        said.setdefault((place, one.key.name), []).append(one)
    for (place, _), values in sorted(said.items(), key=lambda one: one[0]):
        values.sort(key=lambda one: (one.since, one.known_on))
        for number, one in enumerate(values):
            if one.until is None:
                continue
            later = values[number + 1 :]
            yield from _overlaps(place, one, later)
            if any(other.until is None or other.until > one.until for other in values[:number]) or one.ends:
                continue
            follower = next((other for other in later if other.until is None or other.until > one.until), None)
            if follower is None:
                told = msg("it ends on {until} and nothing follows", until=one.until)
            elif follower.since > one.until + timedelta(days=1):
                told = msg(
                    "it ends on {until}, and the next begins on {since} only", until=one.until, since=follower.since
                )
            else:
                continue
            todo = msg("add what follows, or leave `until` out; where the document ends so, mark it with ends=True")
            yield _problem(told, todo, place, one)


def _overlaps(place: str, one: LocalValue[Any], later: Sequence[LocalValue[Any]]) -> Iterator[Problem]:  # Any: any key
    """Yield the values that begin before one ends; what became known later, or is less sure, may well do so."""
    for other in later:
        alike = other.known_on == one.known_on and other.status.asked_for == one.status.asked_for
        if alike and one.until is not None and other.since <= one.until:
            told = msg("it holds until {until}, and another one from {since} on", until=one.until, since=other.since)
            yield _problem(told, msg("let the first end on the day before the second begins"), place, one)


# --- that it stays at home ---------------------------------------------------------------------------


@plugin_check(msg("Every other place has the same policy with it as without it"))
def it_is_silent_elsewhere(candidate: Candidate) -> Iterator[Problem]:
    """The policy of every place that it doesn't speak for, down to counties, is the same with and without it."""
    days = sorted({day for place in candidate.places for day in candidate.days(place)}) or [date.max]
    for assume in (False, True):
        here = candidate.book(assume=assume)
        there = candidate.book(assume=assume, with_plugin=False)
        elsewhere = sorted(
            {
                one.code
                for one in there.divisions
                if len(one.code) <= COUNTY_DIGITS and not any(one.code.startswith(place) for place in candidate.places)
            }
        )
        for place in elsewhere:
            for day in days:
                if any(one.covers(day) for one in there.divisions if one.code == place) and (
                    here.policy(place, day).fingerprint != there.policy(place, day).fingerprint
                ):
                    told = msg("the policy of {day} is another one with this plugin", day=day)
                    yield Problem(told=told, todo=msg("let it speak for its own places alone"), place=place)
                    break


# --- worked cases ------------------------------------------------------------------------------------


@plugin_check(msg("Its worked cases come out"))
def cases_come_out(candidate: Candidate) -> Iterator[Problem]:
    """What was worked out by hand is what the library answers with this plugin and no other."""
    if candidate.is_package and not candidate.cases:
        told = msg("the package ships no worked case")
        yield Problem(told=told, todo=msg("work one out by hand in its folder cases, as a .toml file"))
    books = Books(_module(candidate)) if candidate.cases else Books()
    for case in candidate.cases:
        result = run_case(case, books)
        if not result.same:
            told = msg("{title}: it comes out as {found}, not as {expected}", title=case.title, found=str(result.found),
                       expected=str(result.expected))
            todo = msg("correct the value, or what was worked out by hand")
            yield Problem(told=told, todo=todo, place=case.place, subject=case.id)


@plugin_check(msg("Its worked cases are about its own places and values"))
def cases_are_about_it(candidate: Candidate) -> Iterator[Problem]:
    """Each case asks about a place of the plugin, and some would not come out without what it says."""
    for case in candidate.cases:
        if not any(case.place.startswith(place) for place in candidate.places):
            told = msg("the case asks about {place}", place=case.place)
            yield Problem(told=told, todo=msg("ask about a place of the plugin"), place=case.place, subject=case.id)
    says = any(True for _ in candidate.values()) or candidate.checks
    if says and candidate.cases and all(map(_comes_out_alone, candidate.cases)):
        told = msg("every case comes out without the plugin too")
        yield Problem(told=told, todo=msg("work one out that asks about a value which the plugin sets"))


@plugin_check(msg("Each of its own checks has a case that it finds and one that it must not"))
def checks_have_cases(candidate: Candidate) -> Iterator[Problem]:
    """A check that nobody worked out by hand may find anything."""
    for one in candidate.checks:
        told_of = {bool(case.expected) for case in candidate.cases if case.subject == "check" and case.name == one.code}
        if told_of != {True, False}:
            told = msg("nobody has worked out whom it finds and whom it must not find")
            yield Problem(told=told, todo=msg("work out one case of each"), subject=one.code)


def _comes_out_alone(case: Case) -> bool:
    """Whether a case comes out of what the library itself says."""
    try:
        return run_case(case, Books()).same
    except ShequError:
        return False


def _module(candidate: Candidate) -> Any:  # Any: a module, or an object with the same hooks
    return candidate.module


# --- random people -----------------------------------------------------------------------------------


@plugin_check(msg("Pay adds up under it, and pools are handed out to the fen, whoever the people are"))
def pay_adds_up(candidate: Candidate) -> Iterator[Problem]:
    """Slips add up, pools sum, no line is negative, and the order of rows tells nothing, on made-up people."""
    yield from _first_of(candidate, pay_on)


@plugin_check(msg("Posts and grids are counted within bounds under it, each community by itself"))
def posts_stay_in_bounds(candidate: Candidate) -> Iterator[Problem]:
    """The least posts are not more than the most, none below zero, on made-up communities."""
    yield from _first_of(candidate, posts_on)


@plugin_check(msg("A month's pay and an audit come out the same in any order of rows"))
def runs_are_free_of_order(candidate: Candidate) -> Iterator[Problem]:
    """A whole county's month and audit are the same in any order of rows, and leave the tables as they were."""
    yield from _first_of(candidate, runs_on, FEW)


Draw: TypeAlias = Callable[[Candidate, Policy, Random], Iterator[Problem]]


def pay_on(candidate: Candidate, policy: Policy, random: Random) -> Iterator[Problem]:  # noqa: ARG001  # as Draw says
    """Pay random people under one policy."""
    yield from pay_problems(policy, random)


def posts_on(candidate: Candidate, policy: Policy, random: Random) -> Iterator[Problem]:  # noqa: ARG001  # as Draw says
    """Count the posts of random communities under one policy."""
    yield from post_problems(policy, random)


def runs_on(candidate: Candidate, policy: Policy, random: Random) -> Iterator[Problem]:
    """Pay and audit a random county of the policy's place."""
    month = month_of(policy.on.year, policy.on.month)
    if policy.on != month.low:  # the first whole month under it
        month = month_of(*divmod(policy.on.year * MONTHS_PER_YEAR + policy.on.month, MONTHS_PER_YEAR))
    county = candidate.county(policy.place, month.high)
    first, last = (candidate.stage.policy(county, day) for day in (month.low, month.high))
    if first.why(GRADES) == last.why(GRADES):  # else a made-up grade of one table might be none of the other
        yield from run_problems(candidate.stage, last, county, random)


def staged(candidate: Candidate) -> Sequence[Policy]:
    """Return the policies under which made-up people are looked at: of each place, since each change."""
    found: dict[str, Policy] = {}
    for place in candidate.places:
        for day in candidate.days(place):
            if candidate.stage.divisions.at(place).covers(day):
                policy = candidate.stage.policy(place, day)
                found.setdefault(policy.fingerprint, policy)
    return tuple(found.values())


def _first_of(candidate: Candidate, draw: Draw, seeds: Sequence[int] = SEEDS) -> Iterator[Problem]:
    """Yield what the first roster shows that shows anything: the others would say the same once more."""
    for policy in staged(candidate):
        for seed in seeds:
            found = tuple(draw(candidate, policy, Random(seed)))
            if found:
                yield from found
                return


def _problem(told: Message, todo: Message, place: str, one: LocalValue[Any]) -> Problem:  # Any: of any key
    return Problem(told=told, todo=todo, place=place, subject=one.key.name)
