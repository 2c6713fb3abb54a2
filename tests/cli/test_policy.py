"""`shequ policy`: the contract of its JSON, and what is said when a place, a day or an option is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]


def answer(result: Result) -> dict[str, Any]:  # Any: JSON
    """Read an answer, in which no figure is a float."""
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    found: dict[str, Any] = json.loads(result.stdout, parse_float=pytest.fail)
    return found


@pytest.fixture(scope="module")
def assumed(run: Run) -> dict[str, Any]:
    """Everything that holds in Chaoyang district in July 2022, assumptions included."""
    return answer(run("policy", "220104", "--on", "2022-07-01", "--assume", "--json"))


def test_the_policy_as_json(assumed: dict[str, Any]) -> None:
    """Place, days, fingerprint, values with their origin, and what nobody set with its clause."""
    assert {"place", "on", "known", "fingerprint", "values", "unset"} <= set(assumed)
    assert (assumed["place"], assumed["on"], assumed["known"]) == ("220104", "2022-07-01", None)
    assert len(assumed["fingerprint"]) == 64
    for told in assumed["values"].values():
        assert {"value", "set_by", "source", "status", "since", "conflict"} <= set(told)
        assert set(told) <= {
            "value", "set_by", "source", "status", "since", "conflict", "rests_on", "reform", "shadows"
        }  # fmt: skip
        assert set(told["source"]) == {"document", "article", "clause"}
    assert assumed["unset"]["agreements.first_day"] == "JLW2.5c"
    assert not set(assumed["unset"]) & set(assumed["values"])


def test_the_base_share_as_json(assumed: dict[str, Any]) -> None:
    """One value, whole."""
    assert assumed["values"]["pay.base_share"] == {
        "value": "7/10",
        "set_by": "22",
        "source": {
            "document": "关于进一步加强全省城市社区专职工作者队伍建设的意见", "article": "二、(四)", "clause": "JLW2.4d"
        },
        "status": "issued",
        "since": "2020-04-30",
        "conflict": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("staffing.base_posts", [10, 15], id="span"),
        pytest.param("staffing.base_households", 3000, id="number"),
        pytest.param("targets.platform_coverage", "1", id="whole share"),
        pytest.param("targets.certified_by", "2023-04-30", id="day"),
        pytest.param("recruitment.min_education", "junior_college", id="choice"),
        pytest.param("posts.settings", ["county_seat", "urban"], id="set"),
        pytest.param("pay.performance", {"kind": "subdistrict_pool", "version": 1}, id="strategy"),
        pytest.param(
            "pay.reference",
            {"kind": "annual_mean", "version": 1, "annual": "97134.00", "of_year": 2021, "factors": {}},
            id="strategy with money",
        ),
        pytest.param(
            "pay.bonus_weights",
            {"outstanding": "6/5", "qualified": "1", "basically_qualified": "7/10", "unqualified": "0"},
            id="table of fractions",
        ),
    ],
)
def test_plain_forms(assumed: dict[str, Any], key: str, value: object) -> None:
    """Shares as 7/10, money as yuan text, spans as [low, high], strategies by kind and version."""
    assert assumed["values"][key]["value"] == value


@pytest.mark.parametrize(
    ("key", "set_by", "status"),
    [
        ("pay.reference", "2201", "proxy"),
        ("pay.grades", "22", "assumption"),
        ("pay.yearly_step", "22", "draft"),
        ("exits.age", "22", "press"),
        ("agreements.term", "00", "issued"),
    ],
)
def test_each_value_keeps_who_said_it_and_how_sure_it_is(
    assumed: dict[str, Any], key: str, set_by: str, status: str
) -> None:
    """Every mark stands by itself."""
    told = assumed["values"][key]
    assert (told["set_by"], told["status"]) == (set_by, status)


def test_without_assume_nothing_assumed_is_there(run: Run, assumed: dict[str, Any]) -> None:
    """What only an assumption gives is unset, with its clause; all else is the same."""
    plain = answer(run("policy", "220104", "--on", "2022-07-01", "--json"))
    gone = {key for key, told in assumed["values"].items() if told["status"] in {"assumption", "draft", "proxy"}}
    assert set(plain["values"]) == set(assumed["values"]) - gone
    assert {"pay.grades": "JLW2.4b", "pay.reference": "JLW2.4c", "pay.payday": "JLW2.4f"}.items() <= plain["unset"].items()
    assert plain["fingerprint"] != assumed["fingerprint"]


def test_changchuns_grids_are_a_conflict_told_whole(run: Run) -> None:
    """400 to 700 households, where the province says 300 to 500 (JLG2.3.2a): both sides stand in the answer."""
    pytest.importorskip("shequ_changchun")
    told = answer(run("policy", "220104", "--on", "2022-07-01", "--json"))["values"]["grids.households"]
    assert (told["value"], told["set_by"], told["status"]) == ([400, 700], "2201", "press")
    assert told["source"]["clause"] is None
    why = told["conflict"].pop("why")
    assert told["conflict"] == {"place": "22", "clause": "JLG2.3.2a", "allowed": [300, 500]}
    assert "300" in why


def test_the_difference_of_two_places(run: Run) -> None:
    """Keys whose values differ, with both, null where one has none; a place differs from itself in nothing."""
    told = answer(run("policy", "220104", "--on", "2022-07-01", "--against", "2202", "--assume", "--json"))
    assert set(told) == {"places", "differences"}
    assert told["places"] == ["220104", "2202"]
    here, there = told["differences"]["pay.reference"]
    assert (here["annual"], there["annual"]) == ("97134.00", "75638.00")
    assert all(len(sides) == 2 and sides[0] != sides[1] for sides in told["differences"].values())
    nothing = answer(run("policy", "2202", "--on", "2022-07-01", "--against", "220202", "--json"))
    assert nothing["differences"] == {}


@pytest.mark.parametrize(
    ("known", "there"), [pytest.param("2020-05-05", False, id="day before"), pytest.param("2020-05-06", True, id="day")]
)
def test_as_known_on_a_day(run: Run, known: str, there: bool) -> None:
    """The two opinions were published on 2020-05-06: on the day before nobody knew them."""
    told = answer(run("policy", "22", "--on", "2020-05-20", "--known", known, "--json"))
    assert told["known"] == known
    assert ("pay.base_share" in told["values"]) is there
    assert ("pay.base_share" in told["unset"]) is not there


@pytest.mark.parametrize("asked", ["220104", "朝阳区", "长春市朝阳区", "吉林省长春市朝阳区", "长春朝阳"])
def test_a_place_by_code_or_name(run: Run, asked: str, assumed: dict[str, Any]) -> None:
    """All of these are Chaoyang district."""
    told = answer(run("policy", asked, "--on", "2022-07-01", "--assume", "--json"))
    assert told["fingerprint"] == assumed["fingerprint"]
    assert told["place"] == "220104"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("7/10", "JLW2.4d", "issued", "replaces", "conflict with", "is not set for 220104")),
        ("zh", ("7/10", "JLW2.4d", "印发", "取代", "冲突", "没有规定")),
    ],
)
def test_text_has_all_that_json_has(run: Run, lang: str, words: tuple[str, ...]) -> None:
    """Value, clause, status, what it replaced, conflicts and what nobody set, in either language."""
    pytest.importorskip("shequ_changchun")
    told = run("policy", "220104", "--on", "2022-07-01", "--lang", lang)
    assert told.exit_code == 0
    assert [one for one in words if one not in told.stdout] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("policy", "220114"), ("220114", "220104 朝阳区"), id="a code that isn't there"),
        pytest.param(("policy", "朝杨区"), ("朝杨区", "220104 朝阳区"), id="a name misspelt"),
        pytest.param(("policy", "２２０１０４"), ("220104 朝阳区",), id="full-width digits"),
        pytest.param(("policy", "220100"), ("2201 长春市",), id="zeros at the end"),
        pytest.param(("policy", "220381", "--on", "2022-07-01"), ("220184 公主岭市", "2020-06-04"), id="a former code"),
        pytest.param(("policy", "22010"), ("2, 4, 6, 9, 12", "220104"), id="a digit lost"),
        pytest.param(("policy", "220104", "--on", "2022-02-30"), ("--on", "2022-02-30", "2022-07-01"), id="no such day"),
        pytest.param(("policy", "220104", "--known", "1/7/2022"), ("--known", "2022-07-01"), id="a day otherwise"),
        pytest.param(("policy", "220104", "--asume"), ("--asume", "--assume"), id="an option misspelt"),
        pytest.param(("policy", "220104", "--lang", "fr"), ("--lang", "zh", "en"), id="another language"),
        pytest.param(("policy", "220104", "--against", "220199"), ("220199",), id="the other place"),
        pytest.param(("policy",), ("PLACE",), id="no place"),
        pytest.param(("polcy",), ("polcy", "policy"), id="a verb misspelt"),
        pytest.param(("policy", "220104", "220105"), ("220105",), id="a word too many"),
    ],
)
def test_a_mistake_is_answered_with_the_way_out(run: Run, words: tuple[str, ...], said: tuple[str, ...]) -> None:
    """Exit code 2, nothing on standard output, the nearest right names on standard error, in both languages."""
    for lang in ((), ("--lang", "en")) if "--lang" not in words and words[0] == "policy" else ((),):
        told = run(*words, *lang)
        assert told.exit_code == 2
        assert told.stdout == ""
        assert "Traceback" not in told.stderr
        for one in said:
            assert one in told.stderr.replace("、", ", ")


def test_the_language_is_the_one_that_was_asked_for(run: Run) -> None:
    """--lang settles it for help, answers and errors; Chinese where nothing is said; data is the same in both."""
    assert "Usage: shequ policy" in run("policy", "--lang", "en", "--help").stdout
    assert "用法" in run("policy", "--help").stdout
    assert run("policy", "220199").stderr.startswith("错误")
    assert run("policy", "220199", "--lang", "en").stderr.startswith("Error: ")
    both = [run("policy", "22", "--on", "2022-07-01", "--json", "--lang", lang).stdout for lang in ("zh", "en")]
    assert both[0] == both[1]
