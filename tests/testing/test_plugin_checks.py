"""Each check of a plugin finds what is planted for it, and nothing in a plugin that is as it should be."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from textwrap import dedent
from types import SimpleNamespace
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest

from shequ_core.errors import PluginNotFoundError
from shequ_core.law.clauses import Document
from shequ_core.model.places import Division, DivisionKind, Divisions
from shequ_core.model.posts import CertificateLevel, Role
from shequ_core.policy import exits, grids, pay, staffing
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.checks import Breach, Seen, check
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy, LocalValue
from shequ_core.policy.pay import Gives, GradeTable
from shequ_core.policy.policy import Policy
from shequ_core.policy.staffing import HeadcountNorm
from shequ_core.rules.payroll import payroll
from shequ_core.tables.columns import FenColumn, IntColumn
from shequ_core.testing import plugin_checks as checks
from shequ_core.testing.candidate import Candidate, candidates
from shequ_core.testing.city import CitySuite
from shequ_core.testing.plugin_checks import PLUGIN_CHECKS, digest_of, look, problems_of
from shequ_core.testing.properties import pay_problems
from shequ_core.testing.rosters import dataset, pay_rows
from shequ_core.values import Fen, Span, Status, yuan

DAY = date(2021, 1, 1)
RULES = Document("某市办法", issued=DAY)
PLACE = "2202"


def set_(key: Any, value: Any, **said: Any) -> LocalValue[Any]:  # Any: keys of every type
    given = {"since": DAY, "known_on": DAY, "source": RULES.article("第一条"), "status": Status.ISSUED, **said}
    return key.set(value, **given)  # type: ignore[no-any-return]


def plugin(*values: LocalValue[Any], place: str = PLACE, own: Sequence[object] = (), **more: Any) -> Candidate:
    """A plugin that says these values, each time the same."""

    @hookimpl
    def shequ_place() -> Sequence[LocalPolicy]:
        return [LocalPolicy(place=place, values=values, **more)]

    @hookimpl
    def shequ_checks() -> Sequence[object]:
        return own

    return Candidate.of(SimpleNamespace(shequ_place=shequ_place, shequ_checks=shequ_checks))


def found(examine: checks.Examine, candidate: Candidate) -> list[tuple[str, str]]:
    """What a check tells: about what, in which words."""
    return [(one.subject, str(one.told)) for one in problems_of(examine, candidate)]


# --- a plugin that is as it should be ------------------------------------------------------------------


def test_nothing_is_found_in_a_plugin_that_is_as_it_should_be() -> None:
    """One value inside its leeway, dated and sourced; every check passes, and its digest is of what it says."""
    report = look(plugin(set_(staffing.STEP, Span(400, 400))))
    assert [one.check.name for one in report.outcomes if not one.passed] == []
    assert report.plugin.places == (PLACE,)


def test_the_digest_hangs_on_all_that_is_said_and_nothing_else() -> None:
    """The order of the values doesn't tell; every word of one does."""
    one, two = set_(staffing.STEP, Span(400, 400)), set_(staffing.PARTY_POSTS, 3)
    digest = digest_of(plugin(one, two))
    assert digest_of(plugin(two, one)) == digest
    changed = {"since": date(2021, 1, 2), "status": Status.PRESS, "source": RULES.article("第二条"), "reading": "…"}
    others = [digest_of(plugin(set_(staffing.STEP, Span(400, 400), **{name: part}), two)) for name, part in changed.items()]
    assert len({digest, *others}) == 1 + len(changed)


# --- it can't be loaded --------------------------------------------------------------------------------


def hook(answer: Callable[[], object]) -> Candidate:
    return Candidate.of(SimpleNamespace(shequ_place=hookimpl(answer)))


def stopped() -> object:
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("candidate", "words"),
    [
        pytest.param(hook(lambda: iter(())), "not tuple_iterator", id="a generator"),
        pytest.param(hook(lambda: None), "not NoneType", id="nothing"),
        pytest.param(hook(stopped), "SystemExit", id="it leaves the program"),
        pytest.param(Candidate.of(SimpleNamespace(shequ_place=list)), "answers for no place", id="not marked"),
        pytest.param(plugin(place="2299"), "no place 2299", id="a place that nobody lists"),
        pytest.param(plugin(set_(staffing.STEP, Span(400, 400)), set_(staffing.STEP, Span(350, 350))), "twice", id="said twice"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_told_and_nothing_else_is_examined(candidate: Candidate, words: str) -> None:
    """The others need it loaded: of them nobody can say."""
    report = look(candidate)
    first, *others = report.outcomes
    assert first.check.name == "loads"
    assert words in str((first.problems or ())[0].told)
    assert all(one.problems is None for one in others)
    assert not report.digest


# --- values --------------------------------------------------------------------------------------------


def test_a_hook_that_says_something_else_each_time_is_told() -> None:
    """A hook with a memory."""
    count = itertools.count(300)
    candidate = hook(lambda: [LocalPolicy(place=PLACE, values=[set_(staffing.STEP, Span(300, next(count)))])])
    told = found(checks.hooks_keep_their_word, candidate)
    assert ("shequ_place", "asked twice, it says something else the second time") in told


def test_a_value_that_was_changed_after_it_was_made_is_told() -> None:
    """By force: what was given is sealed, so that a mapping which loses a member afterwards changes nothing."""
    role_classes = dict.fromkeys(Role, "staff")
    value = set_(staffing.CLASS_OF_ROLE, role_classes)
    candidate = plugin(value)
    role_classes.popitem()
    assert not found(checks.values_are_typed, candidate)
    object.__setattr__(value, "value", role_classes)
    ((_, words),) = found(checks.values_are_typed, candidate)
    assert "a value for each of" in words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param({"source": Document("文件全名待填写").article("第一条")}, "it names no document", id="not written"),
        pytest.param({"source": Document("").article("第一条")}, "it names no document", id="no title"),
        pytest.param({"source": RULES.article("第?条")}, "it names no article of its document", id="no article"),
        pytest.param({"known_on": date(2020, 12, 31)}, "before its document was issued on 2021-01-01", id="known before"),
        pytest.param({"fresh_until": date(2020, 1, 1)}, "ends on 2020-01-01, before it begins", id="stale at once"),
    ],
)
def test_a_value_without_source_or_with_dates_that_cannot_be_is_told(said: dict[str, Any], words: str) -> None:
    """Document, article, day of issue, stated life."""
    ((key, told),) = found(checks.values_have_sources, plugin(set_(staffing.STEP, Span(400, 400), **said)))
    assert key == "staffing.step"
    assert words in told


def test_a_value_outside_the_leeway_says_so_itself() -> None:
    """Undeclared it is told with the clause above; declared it passes; declared for nothing it is told too."""
    outside = Span(300, 700)
    ((key, words),) = found(checks.departures_are_meant, plugin(set_(grids.HOUSEHOLDS, outside)))
    assert key == "grids.households"
    assert "JLG2.3.2a: 300, 700 is not inside 300 to 500" in words
    assert found(checks.departures_are_meant, plugin(set_(grids.HOUSEHOLDS, outside, departs=True))) == []
    ((_, words),) = found(checks.departures_are_meant, plugin(set_(grids.HOUSEHOLDS, Span(300, 400), departs=True)))
    assert "no place above forbids it" in words


def test_a_value_that_departs_only_from_a_later_bound_is_told() -> None:
    """It was there before the province spoke: the conflict begins on the province's day."""
    early = set_(staffing.STEP, Span(100, 100), since=date(2019, 1, 1), known_on=date(2021, 1, 1))
    assert [key for key, _ in found(checks.departures_are_meant, plugin(early))] == ["staffing.step"]


def test_a_value_may_be_older_than_the_code_of_its_place() -> None:
    """公主岭市 was 220381 until 2020; what it said of itself before holds under its new code."""
    old = set_(staffing.STEP, Span(400, 400), since=date(2019, 1, 1))
    candidate = plugin(old, place="220184")
    assert found(checks.departures_are_meant, candidate) == []
    assert found(checks.hooks_keep_their_word, candidate) == []


def turns(*spans: tuple[date, date | None], **said: Any) -> Candidate:
    return plugin(
        *(set_(exits.FAILED_RUNNING, 1, since=since, until=until, **said) for since, until in spans)
    )


@pytest.mark.parametrize(
    ("candidate", "words"),
    [
        pytest.param(turns((DAY, None)), [], id="it lasts"),
        pytest.param(turns((DAY, date(2021, 12, 31)), (date(2022, 1, 1), None)), [], id="the day after"),
        pytest.param(turns((DAY, date(2021, 12, 31))), ["it ends on 2021-12-31 and nothing follows"], id="an end"),
        pytest.param(turns((DAY, date(2021, 12, 31)), ends=True), [], id="an end that is meant"),
        pytest.param(
            turns((DAY, date(2021, 12, 31)), (date(2022, 1, 2), None)),
            ["it ends on 2021-12-31, and the next begins on 2022-01-02 only"], id="a day between",
        ),
        pytest.param(
            turns((date(2022, 1, 1), date(2023, 1, 1)), (date(2023, 1, 1), None)),
            ["it holds until 2023-01-01, and another one from 2023-01-01 on"], id="a day twice",
        ),
    ],
)
def test_values_follow_each_other_without_a_gap(candidate: Candidate, words: list[str]) -> None:
    """To the day."""
    assert [told for _, told in found(checks.dates_follow_each_other, candidate)] == words


def test_what_became_known_later_may_speak_of_the_same_days() -> None:
    """A later notice takes over from one that named a last day."""
    said = [
        set_(exits.FAILED_RUNNING, 1, until=date(2025, 12, 31)),
        set_(exits.FAILED_RUNNING, 2, since=date(2023, 1, 1), known_on=date(2022, 12, 1)),
    ]
    assert found(checks.dates_follow_each_other, plugin(*said)) == []


def test_a_policy_that_changes_elsewhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The book keeps a plugin to its place; if it didn't, the check would say where."""
    candidate = plugin(set_(staffing.STEP, Span(400, 400)))
    here = candidate.book(assume=False)
    policy = here.policy

    def leaking(place: str, on: date, known: date | None = None, *, placed_on: date | None = None) -> Policy:
        return policy(PLACE if place == "2203" else place, on, known, placed_on=placed_on)

    monkeypatch.setattr(here, "policy", leaking)
    assert [one.place for one in problems_of(checks.it_is_silent_elsewhere, candidate)] == ["2203"]


# --- strategies and checks of its own ------------------------------------------------------------------


@attrs.frozen
class Moody(GradeTable):
    """Grades that are worth more each time somebody asks."""

    classes: Mapping[str, Span[int]] = attrs.field(factory=lambda: {"staff": Span(1, 2)})
    gives: Gives = Gives.BASIC
    kind: ClassVar[str] = "test_moody"
    asked: ClassVar[Iterator[int]] = itertools.count(1)

    def amounts(self, post_class: str, reference: Fraction) -> Sequence[Fen]:
        more = next(self.asked)
        return [Fen(300_000 + more), Fen(310_000 + more)]

    def count(self) -> int:
        return 2


@attrs.frozen
class Greedy(HeadcountNorm):
    """Each community's posts hang on all the others'."""

    kind: ClassVar[str] = "test_greedy"

    def allowed(self, households: IntColumn, residents: IntColumn, policy: Policy) -> Span[IntColumn]:
        total = np.full(len(households), households.filled(0).values.sum(), dtype=np.int64)
        return Span(IntColumn(total), IntColumn(total + 1))


@attrs.frozen
class UpsideDown(HeadcountNorm):
    """The least is more than the most."""

    kind: ClassVar[str] = "test_upside_down"

    def allowed(self, households: IntColumn, residents: IntColumn, policy: Policy) -> Span[IntColumn]:
        many = IntColumn(np.full(len(households), 9, dtype=np.int64))
        return Span(many, many - 1)


@attrs.frozen
class Fleeing(HeadcountNorm):
    """It leaves the program."""

    kind: ClassVar[str] = "test_fleeing"

    def allowed(self, households: IntColumn, residents: IntColumn, policy: Policy) -> Span[IntColumn]:
        raise SystemExit


@pytest.mark.parametrize(
    ("examine", "value", "words"),
    [
        pytest.param(checks.pay_adds_up, set_(pay.GRADES, Moody()), "hangs on the order of the rows", id="a memory"),
        pytest.param(checks.posts_stay_in_bounds, set_(staffing.NORM, Greedy()), "which others are asked", id="neighbours"),
        pytest.param(checks.posts_stay_in_bounds, set_(staffing.NORM, UpsideDown()), "more than the most", id="upside down"),
        pytest.param(checks.posts_stay_in_bounds, set_(staffing.NORM, Fleeing()), "raised SystemExit", id="it leaves"),
    ],
)
def test_a_strategy_that_does_not_keep_its_word_is_told(examine: checks.Examine, value: LocalValue[Any], words: str) -> None:
    """On random people and communities, by what the answers look like."""
    assert any(words in told for _, told in found(examine, plugin(value)))


@check("QQ1-first-row", source=RULES.article("第一条"))
def first_row(seen: Seen) -> Iterator[Breach]:
    """Whoever stands first.

    What to do:
        Nothing.
    """
    from shequ_core.errors import msg

    yield Breach(subject=seen.data.workers.id.row(0) or "", message=msg("first"))


def test_a_check_that_goes_by_the_order_of_rows_is_told() -> None:
    """Its findings are others when the rows stand otherwise."""
    told = found(checks.runs_are_free_of_order, plugin(set_(staffing.STEP, Span(400, 400)), own=[first_row]))
    assert [words for _, words in told] == [
        "the answer hangs on the order of the rows, or changes from one time to the next"
    ]


def test_a_check_without_cases_is_told() -> None:
    """One that it finds, one that it must not."""
    told = found(checks.checks_have_cases, plugin(set_(staffing.STEP, Span(400, 400)), own=[first_row]))
    assert [key for key, _ in told] == ["QQ1-first-row"]


def test_lines_that_do_not_add_up_are_seen(assumed: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fen too much in one line, and a pool that is a fen short."""
    from shequ_core.testing import properties

    real = payroll

    def wrong(*args: Any, **named: Any) -> Any:  # Any: as payroll
        paid = real(*args, **named)
        lines = attrs.evolve(paid.lines, bonus=FenColumn(paid.lines.bonus.values + 1))
        return attrs.evolve(paid, lines=lines)

    monkeypatch.setattr(properties, "payroll", wrong)
    told = {one.told.template for one in pay_problems(assumed, Random(1))}
    assert "the lines of a slip don't add up to its total" in told
    assert "a pool of {pool} is not what was handed out and what was left" in told


# --- a folder ------------------------------------------------------------------------------------------

MODULE = """
from datetime import date
from shequ_core import Document, LocalPolicy, Span, Status, hookimpl
from shequ_core.policy import staffing

@hookimpl
def shequ_place():
    return [LocalPolicy(place="2202", values=[staffing.STEP.set(
        Span({step}, {step}), since=date(2021, 1, 1), known_on=date(2021, 1, 1),
        source=Document("某市办法").article("第一条"), status=Status.ISSUED)])]
"""

CASE = """
[[case]]
clause = "JLW2.2b"
title = "增设户数"
worked_out_by = "第一条"
value = "staffing.step"
place = "{place}"
on = 2022-01-01
expected_value = {expected}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plugin's folder, not installed."""
    package = tmp_path / "src" / "shequ_of_a_folder"
    (package / "cases").mkdir(parents=True)
    (package / "__init__.py").write_text(dedent(MODULE.format(step=400)), encoding="utf-8")
    (package / "cases" / "step.toml").write_text(CASE.format(place="2202", expected=[400, 400]), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "of-a-folder"\nversion = "3.1"\n[project.entry-points.shequ_core]\n"2202" = "shequ_of_a_folder"\n'
    )
    return tmp_path


def outcome(folder: Path, *examined: checks.Examine) -> dict[str, list[str]]:
    """What is told of a plugin's folder, by check: by some, or by all."""
    with candidates(str(folder)) as (one,):
        told = {
            examine.__name__: [str(problem.told) for problem in problems_of(examine, one)]
            for examine in examined or [check.examine for check in PLUGIN_CHECKS]
        }
    return {name: problems for name, problems in told.items() if problems}


def test_a_folder_is_looked_at_as_it_is_now(folder: Path) -> None:
    """Changed between two looks, it is told as changed; nothing of it stays loaded, and nothing is left in it."""
    import sys

    before = sorted(folder.rglob("*"))
    assert outcome(folder) == {}
    module = folder / "src" / "shequ_of_a_folder" / "__init__.py"
    module.write_text(dedent(MODULE.format(step=450)), encoding="utf-8")
    assert outcome(folder) == {"cases_come_out": ["增设户数: it comes out as [450, 450], not as [400, 400]"]}
    assert sorted(folder.rglob("*")) == before
    assert "shequ_of_a_folder" not in sys.modules


@pytest.mark.parametrize(
    ("place", "expected", "told"),
    [
        pytest.param("2203", [300, 500], {"cases_are_about_it": ["the case asks about 2203", "every case comes out without the plugin too"]}, id="elsewhere"),
        pytest.param("220", [400, 400], {"cases_come_out", "cases_are_about_it"}, id="a place that isn't"),
    ],
)
def test_cases_that_show_nothing_are_told(folder: Path, place: str, expected: list[int], told: Any) -> None:
    """A case is about the plugin's own place and values."""
    (folder / "src" / "shequ_of_a_folder" / "cases" / "step.toml").write_text(
        CASE.format(place=place, expected=expected), encoding="utf-8"
    )
    told_of = outcome(folder, checks.cases_come_out, checks.cases_are_about_it)
    assert told_of == told if isinstance(told, dict) else set(told_of) == told


def test_a_package_without_cases_is_told(folder: Path) -> None:
    """Who knows the rules and no Python has nothing to check it by."""
    (folder / "src" / "shequ_of_a_folder" / "cases" / "step.toml").unlink()
    assert outcome(folder, checks.cases_come_out) == {"cases_come_out": ["the package ships no worked case"]}


def test_entry_points_that_name_another_place_are_told(folder: Path) -> None:
    """Installed so, it would leave 2203 unresolved."""
    project = folder / "pyproject.toml"
    project.write_text(project.read_text().replace("2202", "2203"))
    assert outcome(folder, checks.loads)["loads"] == ["it answers for 2202, its entry points name 2203"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        pytest.param("import nowhere_to_be_found", "ModuleNotFoundError", id="an import that fails"),
        pytest.param("raise SystemExit", "SystemExit", id="it leaves the program"),
        pytest.param("def shequ_place(:", "SyntaxError", id="no Python"),
    ],
)
def test_a_module_that_cannot_be_imported_is_told(folder: Path, source: str, words: str) -> None:
    """Whatever it raises is its own fault."""
    (folder / "src" / "shequ_of_a_folder" / "__init__.py").write_text(source)
    assert words in outcome(folder, checks.loads)["loads"][0]


@pytest.mark.parametrize(
    ("project", "words"),
    [
        pytest.param(None, "has no pyproject.toml", id="no project"),
        pytest.param("[project]\nname = 'x'", "names no place", id="no entry point"),
        pytest.param("[project", "can't be read", id="no TOML"),
    ],
)
def test_a_folder_that_is_no_plugin_is_told(folder: Path, project: str | None, words: str) -> None:
    """With what to write."""
    file = folder / "pyproject.toml"
    file.unlink() if project is None else file.write_text(project)
    with pytest.raises(PluginNotFoundError, match=words), candidates(str(folder)):
        pass


# --- the suite and the strategies ----------------------------------------------------------------------


def test_the_suite_runs_every_check() -> None:
    """What the command looks at, the suite does, and the other way round."""
    looked: list[str] = []

    class Recording(CitySuite):
        plugin = SimpleNamespace()  # type: ignore[assignment]  # nothing is asked of it

        def _look(self, examine: checks.Examine) -> None:
            looked.append(examine.__name__)

        def _draw(self, draw: checks.Draw, examples: int) -> None:
            looked.append(draw.__name__)

    suite = Recording()
    for name in dir(suite):
        if name.startswith("test_"):
            getattr(suite, name)()
    drawn = {"pay_on": "pay_adds_up", "posts_on": "posts_stay_in_bounds", "runs_on": "runs_are_free_of_order"}
    assert sorted(drawn.get(one, one) for one in looked) == sorted(one.name for one in PLUGIN_CHECKS)


def test_the_suite_fails_with_what_to_do() -> None:
    """Its message is the report's."""

    class Wrong(CitySuite):
        plugin = plugin(set_(grids.HOUSEHOLDS, Span(300, 700)), set_(staffing.NORM, UpsideDown())).module  # type: ignore[assignment]

    with pytest.raises(AssertionError, match=r"2202 grids\.households: .*To do: correct the value"):
        Wrong().test_departures_from_above_are_the_declared_ones()
    with pytest.raises(AssertionError, match=r"staffing\.norm: the least posts of a community are more"):
        Wrong().test_posts_stay_in_bounds_for_random_communities()


def test_the_strategies_give_what_a_policy_can_pay(assumed: Policy) -> None:
    """Every class and grade is one of the table's, and each subdistrict has two people or more."""
    from hypothesis import given, settings

    from shequ_core.testing.strategies import datasets, rosters

    classes = assumed[pay.GRADES].classes
    place = PolicyBook.load(assume=True).policy("220104", date(2022, 7, 1))

    @settings(max_examples=5)
    @given(rosters(assumed), datasets(place, "220104"))
    def holds(rows: Any, data: Any) -> None:
        for row in (rows[number] for number in range(len(rows))):
            assert classes[row.post_class].low <= row.grade <= classes[row.post_class].high
        people: dict[str, set[str]] = {}
        for row in (rows[number] for number in range(len(rows))):
            people.setdefault(row.subdistrict, set()).add(row.worker)
        assert all(len(one) > 1 for one in people.values())
        assert {code[:6] for code in data.communities.code.to_list()} == {"220104"}

    holds()


def test_the_same_seed_gives_the_same_people(assumed: Policy) -> None:
    """So that a problem that the command tells can be seen again."""
    assert pay_rows(assumed, Random(3)).same_as(pay_rows(assumed, Random(3)))
    one, two = (dataset(assumed, "220104", Random(3)) for _ in range(2))
    assert all(table.same_as(getattr(two, name)) for name, table in one.tables())


def test_a_place_outside_has_a_made_up_county_to_be_tried_in() -> None:
    """A city whose counties nobody lists is tried in one that is made up for it, and only there."""
    city = Divisions([Division(code="3302", name="宁波市", kind=DivisionKind.CITY)])
    candidate = plugin(set_(pay.CERTIFICATE, pay.MonthlyAllowance(dict.fromkeys(CertificateLevel, yuan(100)))),
                       place="3302", divisions=city)
    assert candidate.county("3302", DAY) == "330299"
    assert "330299" not in candidate.book(assume=True).divisions
    assert found(checks.runs_are_free_of_order, candidate) == []
