"""A plugin at fault is named with its hook, silences its own place, and changes nothing anywhere else.

Each one is a distribution of its own on the path, found by its entry point as an installed one is.
"""

from __future__ import annotations

import importlib
import itertools
import json
import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from textwrap import dedent

import pytest

from shequ_core.audit.run import part_of, run_audit
from shequ_core.errors import PlaceUnresolvedError, PluginError
from shequ_core.model.posts import Role
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import PARAMETERS
from shequ_core.policy.pay import BASE_SHARE
from shequ_core.population.synthesize import synthesize
from shequ_core.reports.year import write_year
from shequ_core.tables.dataset import Dataset
from shequ_core.year import run_year

DAY = date(2022, 7, 1)
HERE, THERE = "220271", "220272"
"""Two zones of ten made-up communities each."""
ELSEWHERE = ("00", "22", "2201", "220104", "2203", "220882")
NUMBER = itertools.count()

Install = Callable[..., str]

HEAD = """
from datetime import date
from fractions import Fraction
import attrs
from shequ_core import LocalPolicy, Document, Division, DivisionKind, Divisions, Parameter, Span, Status, hookimpl, yuan
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import pay, staffing
from shequ_core.policy.kinds import WholeNumbers
from shequ_core.policy.pay import AnnualMean, FixedMonthly

DAY = date(2021, 1, 1)
SAID = dict(since=DAY, known_on=DAY, source=Document("某市办法").article("第一条"), status=Status.ISSUED)
GOOD = staffing.PARTY_POSTS.set(3, **SAID)
"""

ANSWERS = HEAD + """
@hookimpl
def shequ_place():
    return [LocalPolicy(place="2202", values=[{values}])]
"""

HOOK = HEAD + """
@hookimpl
def shequ_place():
    {body}
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put distributions on the path; returns the name of the module."""

    def put(source: str, *places: str) -> str:
        name = f"shequ_made_up_{next(NUMBER)}"
        site = tmp_path / name
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        points = "".join(f"{place} = {name}\n" for place in places or ("2202",))
        (info / "entry_points.txt").write_text(f"[shequ_core]\n{points}", encoding="utf-8")
        (site / f"{name}.py").write_text(dedent(source), encoding="utf-8")
        monkeypatch.syspath_prepend(site)
        return name

    return put


@pytest.fixture(scope="module")
def people() -> Dataset:
    """Made-up people of both."""
    return part_of(synthesize("2202", 2022, 1), [HERE, THERE])


def everywhere(book: PolicyBook) -> dict[str, str]:
    """Write the policy of every place that none of these plugins speaks for."""
    return {place: json.dumps(book.policy(place, DAY).to_data(), ensure_ascii=False) for place in ELSEWHERE}


@pytest.fixture(scope="module")
def before() -> dict[str, str]:
    """What every other place says without the plugin at fault."""
    return everywhere(PolicyBook.load())


def test_a_plugin_without_fault_is_heard(install: Install) -> None:
    """The frame in which the others fail works when nothing is wrong."""
    install(ANSWERS.format(values="GOOD"))
    policy = PolicyBook.load().policy("220203", DAY)
    assert policy[PARAMETERS["staffing.party_posts"]] == 3


@pytest.mark.parametrize(
    ("source", "hook", "said"),
    [
        pytest.param("raise ImportError('no')", "import", "ImportError: no", id="can't be imported"),
        pytest.param("def (:", "import", "SyntaxError", id="isn't Python"),
        pytest.param("raise SystemExit(3)", "import", "SystemExit: 3", id="leaves on import"),
        pytest.param(
            HEAD + "Parameter(name='pay.base_share', kind=WholeNumbers(), doc='', unit='', clauses=('X',))", "import",
            "There is a parameter pay.base_share already", id="takes a key of the core",
        ),
        pytest.param(HOOK.format(body="raise ValueError('no')"), "shequ_place", "ValueError: no", id="raises"),
        pytest.param(HOOK.format(body="raise SystemExit"), "shequ_place", "SystemExit", id="leaves"),
        pytest.param(HOOK.format(body="return shequ_place()"), "shequ_place", "RecursionError", id="never ends"),
        pytest.param(HOOK.format(body="raise type('Odd', (Exception,), {'__str__': None})"), "shequ_place", "Odd",
                     id="raises what can't be written"),
        pytest.param(HOOK.format(body="return None"), "shequ_place", "not NoneType", id="answers nothing"),
        pytest.param(HOOK.format(body="return {}"), "shequ_place", "not dict", id="answers a dict"),
        pytest.param(HOOK.format(body="return ['2202']"), "shequ_place", "list of LocalPolicy", id="answers texts"),
        pytest.param(HOOK.format(body="yield LocalPolicy(place='2202', values=[GOOD])"), "shequ_place",
                     "not generator", id="answers a generator"),
        pytest.param(HOOK.format(body="return []"), "shequ_place", "says nothing for it", id="is silent"),
        pytest.param(HEAD, "shequ_place", "says nothing for it", id="has no hook"),
        pytest.param(HEAD + "@hookimpl\ndef shequ_place(day): ...", "shequ_place", "day", id="wants an argument"),
        pytest.param(HEAD + "@hookimpl\ndef shequ_plaice(): ...", "shequ_place", "shequ_plaice", id="mistyped hook"),
        pytest.param(HOOK.format(body="return [LocalPolicy(place=2202, values=[GOOD])]"), "shequ_place",
                     "a place is a code in text", id="place as a number"),
        pytest.param(HOOK.format(body="return [LocalPolicy(place='2202', values=[GOOD]), "
                                      "LocalPolicy(place='2201', values=[GOOD])]"),
                     "shequ_place", "it answers for 2201, its entry points name 2202", id="claims another's place"),
        pytest.param(ANSWERS.format(values="('staffing.party_posts', 3)"), "shequ_place", "made by Parameter.set",
                     id="values made by hand"),
        pytest.param(HOOK.format(body="return [LocalPolicy(place='2202', values=None)]"), "shequ_place", "NoneType",
                     id="no values"),
        pytest.param(ANSWERS.format(values="staffing.PARTY_POSTS.set('3', **SAID)"), "shequ_place",
                     "staffing.party_posts cannot be '3'", id="a number in text"),
        pytest.param(ANSWERS.format(values="staffing.PARTY_POSTS.set(True, **SAID)"), "shequ_place",
                     "staffing.party_posts cannot be True", id="yes for a number"),
        pytest.param(ANSWERS.format(values="pay.BASE_SHARE.set(float('nan'), **SAID)"), "shequ_place",
                     "pay.base_share cannot be nan", id="not a number"),
        pytest.param(ANSWERS.format(values="pay.REFERENCE.set(AnnualMean(float('nan'), 2021), **SAID)"), "shequ_place",
                     "pay.reference cannot be", id="not a number inside a strategy"),
        pytest.param(ANSWERS.format(values="pay.REFERENCE.set(AnnualMean(83028, 2021), **SAID)"), "shequ_place",
                     "pay.reference cannot be", id="yuan where fen are due"),
        pytest.param(ANSWERS.format(values="pay.REFERENCE.set(FixedMonthly(yuan(-1)), **SAID)"), "shequ_place",
                     "it may not be negative", id="negative money"),
        pytest.param(ANSWERS.format(values="attrs.evolve(GOOD, value=-1)"), "shequ_place",
                     "staffing.party_posts cannot be -1", id="a value changed after it was checked"),
        pytest.param(ANSWERS.format(values="attrs.evolve(GOOD, since='2021-01-01')"), "shequ_place",
                     "a day is written 2022-07-01", id="a day in text"),
        pytest.param(ANSWERS.format(values="attrs.evolve(GOOD, status='issued')"), "shequ_place",
                     "status is a Status", id="a status in text"),
        pytest.param(ANSWERS.format(values="attrs.evolve(GOOD, until=date(2020, 12, 31))"), "shequ_place",
                     "it ends before it begins", id="ends before it begins"),
        pytest.param(ANSWERS.format(values="staffing.PARTY_POSTS.set(4, leeway=5, **SAID)"), "shequ_place",
                     "leeway is a Bound", id="a leeway that is no bound"),
        pytest.param(ANSWERS.format(values="GOOD, staffing.PARTY_POSTS.set(4, **SAID)"), "shequ_place",
                     "it sets staffing.party_posts twice for 2021-01-01", id="a key twice from one day"),
        pytest.param(ANSWERS.format(values="attrs.evolve(GOOD, until=date(2022, 1, 1)), "
                                           "attrs.evolve(GOOD, value=4, since=date(2022, 1, 1))"),
                     "shequ_place", "it sets staffing.party_posts twice for 2022-01-01", id="dates that overlap"),
        pytest.param(HOOK.format(body="return [LocalPolicy(place='2202', values=[GOOD], divisions=Divisions("
                                      "(Division(code='22', name='某省', kind=DivisionKind.PROVINCE),)))]"),
                     "shequ_place", "two lives of 22 某省 share a day", id="renames a place"),
    ],
)  # fmt: skip
def test_a_fault_is_named_and_stays_at_its_place(
    install: Install, before: dict[str, str], source: str, hook: str, said: str
) -> None:
    """The error of the plugin's place, and of those below it, names plugin and hook; all else is the same to a letter."""
    name = install(source)
    book = PolicyBook.load()
    for place in ("2202", "220203"):
        with pytest.raises(PlaceUnresolvedError) as caught:
            book.policy(place, DAY)
        assert {(cause.plugin, cause.hook, cause.place) for cause in caught.value.causes} == {(name, hook, "2202")}
        assert f"Plugin {name}, hook {hook}, place 2202: " in str(caught.value)
        assert said in str(caught.value)
    assert everywhere(book) == before
    assert book.policy("22", DAY)[BASE_SHARE] == Fraction(7, 10)


def test_a_fault_in_one_of_two_places_leaves_the_other(install: Install) -> None:
    """Where only one place of a plugin contradicts itself, the other is heard."""
    twice = "GOOD, staffing.PARTY_POSTS.set(4, **SAID)"
    install(HOOK.format(body=f"return [LocalPolicy(place='220202', values=[{twice}]),"
                             " LocalPolicy(place='2203', values=[GOOD])]"), "220202", "2203")
    book = PolicyBook.load()
    assert book.policy("2203", DAY)[PARAMETERS["staffing.party_posts"]] == 3
    with pytest.raises(PlaceUnresolvedError, match="220202"):
        book.policy("220202", DAY)


def test_a_plugin_whose_place_nobody_can_tell_is_never_passed_over(install: Install) -> None:
    """An entry point that isn't named after a code stops everything until it is mended: silence would be worse."""
    name = install(ANSWERS.format(values="GOOD"), "jilin-city")
    with pytest.raises(PlaceUnresolvedError, match=f"{name}.*jilin-city is none"):
        PolicyBook.load().policy("220104", DAY)


def test_a_place_that_only_a_broken_plugin_knows_is_not_called_unknown(install: Install) -> None:
    """Its code leads to the plugin at fault, not to 'there is no such place'."""
    name = install("raise ImportError('no')", "3501")
    with pytest.raises(PlaceUnresolvedError, match=name):
        PolicyBook.load().find("3501", DAY)


def test_two_distributions_for_one_place(install: Install) -> None:
    """Both are named, whichever comes first on the path."""
    names = {install(ANSWERS.format(values="GOOD")), install(ANSWERS.format(values="GOOD"))}
    with pytest.raises(PlaceUnresolvedError) as caught:
        PolicyBook.load().policy("220202", DAY)
    assert {cause.plugin for cause in caught.value.causes} == names
    book = PolicyBook.load()
    assert len(book.reformed().reformed().faults) == len(book.faults)


OWN = HEAD + """
from typing import ClassVar
from shequ_core.policy.bounds import Bound
from shequ_core.policy.emergency import DailyDuty
from shequ_core.policy.staffing import HeadcountNorm, HouseholdBands
{body}

@hookimpl
def shequ_place():
    return [LocalPolicy(place="2202", values=[{values}])]
"""
BOUND = """
class Odd(Bound):
    def judge(self, value): {judge}
    def allowed(self): {allowed}
"""


@pytest.mark.parametrize(
    ("judge", "allowed", "said"),
    [
        pytest.param("raise SystemExit(1)", "return 1", "SystemExit", id="leaves"),
        pytest.param("return self.judge(value)", "return 1", "RecursionError", id="never ends"),
        pytest.param("return True", "return 1", "Odd.judge: bool", id="yes for a judgement"),
        pytest.param("from shequ_core.policy.bounds import INSIDE; return INSIDE", "return {1}", "TypeError", id="no data"),
    ],
)
def test_a_bound_that_does_not_answer_silences_its_own_place_and_below(
    install: Install, before: dict[str, str], judge: str, allowed: str, said: str
) -> None:
    """Whoever is held against it is not the one at fault; the place itself still has its own value."""
    above = install(OWN.format(body=BOUND.format(judge=judge, allowed=allowed),
                               values="staffing.PARTY_POSTS.set(3, leeway=Odd(), **SAID)"))
    install(ANSWERS.format(values="GOOD").replace('"2202"', '"220203"'), "220203")
    book = PolicyBook.load()
    with pytest.raises(PlaceUnresolvedError, match=rf"Plugin {above}, hook shequ_place, place 2202: .*party_posts.*{said}"):
        book.policy("220203", DAY)
    assert everywhere(book) == before


def test_a_strategy_may_not_take_the_kind_of_another(install: Install, before: dict[str, str]) -> None:
    """Data of every place that say household_bands would come to mean the plugin's."""
    body = """
@attrs.frozen
class Mine(HeadcountNorm):
    kind: ClassVar[str] = "household_bands"
    def allowed(self, households, residents, policy): return Span(households, households)
"""
    name = install(OWN.format(body=body, values="staffing.NORM.set(Mine(), **SAID)"))
    book = PolicyBook.load()
    with pytest.raises(PlaceUnresolvedError, match=f"{name}.*HouseholdBands has the kind household_bands already"):
        book.policy("2202", DAY)
    assert everywhere(book) == before


def test_a_key_of_a_plugins_own_is_nobody_elses_to_miss(install: Install, before: dict[str, str]) -> None:
    """What else a city counts is no gap in the policy of another."""
    own = "OWN = Parameter(name='city.trees', kind=WholeNumbers(), doc='Trees.', unit='trees', clauses=('X1',))"
    install(OWN.format(body=own, values="GOOD, OWN.set(3, **SAID)"))
    book = PolicyBook.load()
    assert book.policy("2202", DAY)[PARAMETERS["city.trees"]] == 3
    assert everywhere(book) == before
    del PARAMETERS["city.trees"]


def test_what_a_plugin_prints_is_no_answer(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    """It goes where complaints go, so that what is printed as JSON stays JSON."""
    install("print('on import')\n" + HOOK.format(body="print('asked'); return [LocalPolicy(place='2202', values=[GOOD])]"))
    PolicyBook.load().policy("2202", DAY)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "on import\nasked\n"


def test_what_a_place_says_cannot_be_written_into(install: Install, before: dict[str, str]) -> None:
    """Neither by the plugin that said it, once it has, nor by whoever is handed it."""
    kept = "TABLE = {one: 'staff' for one in Role}"
    install(OWN.format(body="from shequ_core.model.posts import Role\n" + kept,
                       values="staffing.CLASS_OF_ROLE.set(TABLE, **SAID)"))
    book = PolicyBook.load()
    policy = book.policy("2202", DAY)
    digest, classes = policy.fingerprint, policy[PARAMETERS["posts.class_of_role"]]
    with pytest.raises(TypeError):
        classes[next(iter(classes))] = "principal"
    sys.modules[next(one.name for one in book.plugins if one.places == ("2202",))].TABLE.clear()
    assert len(classes) == len(Role)
    assert PolicyBook.load().policy("22", DAY).fingerprint != digest
    assert everywhere(book) == before


RUN = """
@attrs.frozen
class Odd(HeadcountNorm):
    kind: ClassVar[str] = "{kind}"
    {method}
"""

@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param("raise RuntimeError('no')", "it raised RuntimeError", id="raises"),
        pytest.param("raise SystemExit", "it raised SystemExit", id="leaves"),
        pytest.param("return self.allowed(households, residents, policy)", "it raised RecursionError", id="never ends"),
        pytest.param("return None", "Span is expected, not NoneType", id="nothing"),
        pytest.param("yield households", "Span is expected, not generator", id="a generator"),
        pytest.param("return Span(households, 3)", "IntColumn is expected, not int", id="a number"),
        pytest.param("return Span(households - 99999, households)", "it may not be negative", id="below nothing"),
        pytest.param("return Span(households.take(__import__('numpy').arange(1)), households)",
                     "rows is expected, not of 1", id="a column too short"),
        pytest.param("households.values[:] = 0; return Span(households, households)", "it raised ValueError",
                     id="writes into what it was given"),
        pytest.param("from shequ_core.policy import training; policy[training.INTERVAL].clear()", "it raised AttributeError", id="writes into the policy"),
        pytest.param("from shequ_core.tables.columns import IntColumn; import numpy as np\n"
                     "        nan = IntColumn(np.full(len(households), np.nan)); return Span(nan, nan)",
                     "int64 is expected, not ", id="not numbers"),
    ],
)  # fmt: skip
def test_a_strategy_that_misbehaves_in_a_run_is_named(
    install: Install, people: Dataset, body: str, said: str
) -> None:
    """Plugin, hook, place, key, class and question: whoever has to mend it finds it."""
    kind = f"test_odd_norm_{next(NUMBER)}"
    method = f"def allowed(self, households, residents, policy):\n        {body}"
    name = install(OWN.format(body=RUN.format(kind=kind, method=method), values="staffing.NORM.set(Odd(), **SAID)"))
    with pytest.raises(PluginError) as caught:
        run_audit(people, PolicyBook.load(), on=DAY, place=HERE, select=["JLW2.2a"])
    told = str(caught.value)
    assert told.startswith(f"Plugin {name}, hook shequ_place, place 2202, staffing.norm: {name}.Odd, asked for allowed: ")
    assert said in told


def test_a_year_with_a_strategy_that_misbehaves(install: Install, people: Dataset, tmp_path: Path) -> None:
    """The run of its place ends with its name; a year elsewhere is the same bytes as without it."""

    def written(book: PolicyBook, name: str) -> dict[str, bytes]:
        write_year(run_year(part_of(people, [THERE]), book, THERE, 2022), tmp_path / name, lang="en", book=book)
        return {one.name: one.read_bytes() for one in sorted((tmp_path / name).iterdir())}

    before = written(PolicyBook.load(assume=True), "before")
    method = "def allowed(self, households, residents, policy): raise RuntimeError"
    body = RUN.format(kind="test_odd_year", method=method)
    name = install(OWN.format(body=body, values="staffing.NORM.set(Odd(), **SAID)").replace('"2202"', f'"{HERE}"'), HERE)
    book = PolicyBook.load(assume=True)
    with pytest.raises(PluginError, match=f"{name}.*staffing.norm.*asked for allowed: it raised RuntimeError"):
        run_year(part_of(people, [HERE]), book, HERE, 2022)
    after = written(book, "after")
    assert set(after) == set(before)
    assert [one for one in after if after[one] != before[one]] == []


def test_ctrl_c_in_a_run_is_nobodys_fault(install: Install, people: Dataset) -> None:
    """A strategy may be interrupted as anything else."""
    method = "def allowed(self, households, residents, policy): raise KeyboardInterrupt"
    body = RUN.format(kind="test_interrupted", method=method)
    install(OWN.format(body=body, values="staffing.NORM.set(Odd(), **SAID)"))
    with pytest.raises(KeyboardInterrupt):
        run_audit(people, PolicyBook.load(), on=DAY, place=HERE, select=["JLW2.2a"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param("raise KeyError(seen.data.workers.name.row(0))", "failed: KeyError", id="raises"),
        pytest.param("raise SystemExit", "failed: SystemExit", id="leaves"),
        pytest.param("return 3", "failed: TypeError", id="a number"),
        pytest.param("yield 'wrong'", "failed: Breach or Unexamined, not str", id="texts"),
        pytest.param("seen.data.communities.households.values[:] = 0; return iter(())", None, id="writes"),
    ],
)
def test_a_check_that_misbehaves_is_told_at_its_own_places(
    install: Install, people: Dataset, body: str, said: str | None
) -> None:
    """Its places are not examined and say why; all other findings are the same to a letter."""
    good = GOOD_CHECK.replace("XX1", f"XX{next(NUMBER)}")
    before = run_audit(people, PolicyBook.load(), on=DAY)
    source = CHECKS.format(body=good.replace("yield from ()", body), answer="[wrong]")
    name = install(source.replace('"2202"', f'"{HERE}"').replace("GOOD]", "]"), HERE)
    after = run_audit(people, PolicyBook.load(), on=DAY)
    told = [one for one in after.not_examined if one.code.startswith("XX")]
    if said is None:
        assert not told
    else:
        (one,) = told
        assert one.subject == HERE
        assert str(one.message).startswith(f"Plugin {name}, hook shequ_checks, place {HERE}: ")
        assert said in str(one.message)
        assert str(people.workers.name.row(0)) not in str(one.message)
    assert [one for one in after.not_examined if one not in told] == list(before.not_examined)
    assert after.findings == before.findings


def test_every_order_of_installing_four_plugins_gives_the_same_digest(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A city, a county in it, another city, and one place with two voices: which comes first on the path says nothing."""
    places = ("2202", "220203", "2203", "2203")
    for count, place in enumerate(places, start=3):
        value = f"staffing.PARTY_POSTS.set({count}, **SAID)"
        install(ANSWERS.format(values=value).replace('"2202"', f'"{place}"'), place)
    sites, others = sys.path[:4], sys.path[4:]
    digests = set()
    for order in itertools.permutations(sites):
        monkeypatch.setattr(sys, "path", [*order, *others])
        importlib.invalidate_caches()
        book = PolicyBook.load()
        with pytest.raises(PlaceUnresolvedError) as caught:
            book.policy("220302", DAY)
        told = [book.policy(place, DAY).fingerprint for place in ("22", "2201", "2202", "220203", "220204")]
        digests.add((*told, str(caught.value)))
    assert len(digests) == 1
    assert len(set(next(iter(digests)))) == 4 + 1  # the province and the silent city have one law, its counties two


def test_ctrl_c_is_nobodys_fault(install: Install) -> None:
    """Whoever interrupts the program interrupts it, inside a plugin too."""
    install(HOOK.format(body="raise KeyboardInterrupt"))
    with pytest.raises(KeyboardInterrupt):
        PolicyBook.load()


def test_disabled_plugins_are_not_even_imported(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """SHEQU_DISABLE_PLUGINS=1 is the way out while a plugin is being mended."""
    install("raise ImportError('no')")
    monkeypatch.setenv("SHEQU_DISABLE_PLUGINS", "1")
    assert PolicyBook.load().policy("2202", DAY).place == "2202"


CHECKS = ANSWERS.format(values="GOOD") + """
from shequ_core import Breach, check

{body}

@hookimpl
def shequ_checks():
    return {answer}
"""
GOOD_CHECK = '''
@check("XX1-wrong", source=Document("某市办法").article("第一条"))
def wrong(seen):
    """Something is wrong.

    What to do:
        Mend it.
    """
    yield from ()
'''


def test_a_plugin_brings_a_check(install: Install) -> None:
    install(CHECKS.format(body=GOOD_CHECK, answer="[wrong]"))
    (found,) = (one for _, one in PolicyBook.load().checks if one.code == "XX1-wrong")
    assert str(found.what_to_do) == "Mend it."


@pytest.mark.parametrize(
    ("body", "answer", "said"),
    [
        pytest.param(GOOD_CHECK, "wrong", "it must return a list of checks", id="no list"),
        pytest.param(GOOD_CHECK, "[wrong, lambda seen: ()]", "not function", id="not marked"),
        pytest.param(GOOD_CHECK, "[wrong, wrong]", "another check has this code", id="twice"),
        pytest.param(GOOD_CHECK.replace("XX1-wrong", "wrong"), "[wrong]", "is not of the form", id="no code"),
        pytest.param(GOOD_CHECK.replace("What to do:", "Do:"), "[wrong]", "the way out", id="no way out"),
        pytest.param(GOOD_CHECK.replace('", source', '", tables=["post"], source'), "[wrong]", "no table post", id="table"),
        pytest.param(GOOD_CHECK, "[][0]", "IndexError", id="raises"),
    ],
)
def test_a_check_that_cannot_be_silences_its_place(
    install: Install, before: dict[str, str], body: str, answer: str, said: str
) -> None:
    """The error names the plugin and the hook, and every other place is as before."""
    install(CHECKS.format(body=body, answer=answer))
    book = PolicyBook.load()
    with pytest.raises(PlaceUnresolvedError) as error:
        book.policy("2202", DAY)
    assert "shequ_checks" in str(error.value)
    assert said in str(error.value)
    assert everywhere(book) == before
    assert not [one for _, one in book.checks if one.code.startswith("XX")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(("XX1-wrong", "JLW9.9z-wrong"), "no clause JLW9.9z", id="no such clause"),
        pytest.param((', source=Document("某市办法").article("第一条")', ""), "needs source", id="no source"),
        pytest.param(("XX1-wrong", "JLW2.2d-party-posts-short"), "another check has this code", id="the library's code"),
    ],
)
def test_a_check_of_a_clause_that_is_not_there_is_told_before_anything_is_looked_at(
    install: Install, change: tuple[str, str], said: str
) -> None:
    """The register is known where audits are, above the book."""
    from shequ_core.audit.registry import checks_of
    from shequ_core.errors import PluginError

    install(CHECKS.format(body=GOOD_CHECK.replace(*change), answer="[wrong]"))
    with pytest.raises(PluginError, match=said):
        checks_of(PolicyBook.load())
