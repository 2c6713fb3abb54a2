"""A plugin at fault is named with its hook, silences its own place, and changes nothing anywhere else.

Each one is a distribution of its own on the path, found by its entry point as an installed one is.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from textwrap import dedent

import pytest

from shequ_core.errors import PlaceUnresolvedError
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import PARAMETERS
from shequ_core.policy.pay import BASE_SHARE

DAY = date(2022, 7, 1)
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
