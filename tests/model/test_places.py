from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequ_core.errors import PlaceNotFoundError
from shequ_core.model.places import (
    Division,
    DivisionKind,
    Divisions,
    Level,
    ancestors,
    level_of,
    parent,
)
from shequ_core.values import Status

CODES = st.sampled_from([2, 4, 6, 9, 12, 15]).flatmap(lambda n: st.integers(10 ** (n - 1), 10**n - 1)).map(str)
MOVED = date(2021, 3, 1)
DAY_BEFORE = date(2021, 2, 28)


def row(code: str, name: str, kind: DivisionKind, **more: object) -> Division:
    return Division(code=code, name=name, kind=kind, **more)  # type: ignore[arg-type]


@pytest.fixture
def made_up() -> Divisions:
    """A province of two cities that don't exist; 河湾市 went from one to the other."""
    return Divisions([
        row("99", "白桦省", DivisionKind.PROVINCE),
        row("9901", "白桦市", DivisionKind.CITY),
        row("9902", "松岭族自治州", DivisionKind.CITY),
        row("990102", "东林区", DivisionKind.COUNTY),
        row("990103", "西林区", DivisionKind.COUNTY),
        row("990171", "白桦东林高新技术产业开发区", DivisionKind.ZONE, status=Status.STATISTIC),
        row("990181", "河湾市", DivisionKind.COUNTY, until=DAY_BEFORE, successor="990281"),
        row("990281", "河湾市", DivisionKind.COUNTY, since=MOVED),
        row("990102001", "站前街道", DivisionKind.SUBDISTRICT),
        row("990103001", "站前街道", DivisionKind.SUBDISTRICT),
        row("990103100", "东林镇", DivisionKind.TOWN),
        row("990103101", "高新满族镇", DivisionKind.TOWN),
        row("990181001", "河口街道", DivisionKind.SUBDISTRICT, until=DAY_BEFORE, successor="990281001"),
        row("990281001", "河口街道", DivisionKind.SUBDISTRICT, since=MOVED),
    ])


# --- codes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("00", Level.NATION),
        ("22", Level.PROVINCE),
        ("2201", Level.CITY),
        ("220104", Level.COUNTY),
        ("220104001", Level.SUBDISTRICT),
        ("220104001003", Level.COMMUNITY),
        ("220104001003001", Level.GRID),
    ],
)
def test_level_is_told_by_length(code: str, level: Level) -> None:
    assert level_of(code) is level


def test_levels_have_the_names_people_use() -> None:
    assert [level.zh for level in Level] == ["国家", "省", "市", "县", "街道", "社区", "网格"]


@pytest.mark.parametrize("code", ["", "2", "220", "22010", "02", "0000", "22a1", "-2", "二二", "２２", "²²"])
def test_malformed_code_has_no_level(code: str) -> None:
    with pytest.raises(PlaceNotFoundError) as caught:
        level_of(code)
    assert caught.value.asked == code


def test_full_width_digits_are_named_and_not_accepted() -> None:
    with pytest.raises(PlaceNotFoundError, match="full-width") as caught:
        level_of("２２０１")
    assert caught.value.suggestions == ("2201",)


def test_ancestors_go_from_the_nation_down() -> None:
    assert ancestors("220104001003001") == (
        "00", "22", "2201", "220104", "220104001", "220104001003", "220104001003001",
    )  # fmt: skip
    assert ancestors("00") == ("00",)
    assert parent("22") == "00"
    assert parent("00") is None


@given(CODES)
def test_ancestors_nest(code: str) -> None:
    """The chain ends in the code, each step lies one level below the last, and parents walk it back."""
    chain = ancestors(code)
    assert chain[-1] == code
    assert [level_of(one) for one in chain] == list(Level)[: len(chain)]
    assert all(below.startswith(above) for above, below in pairwise(chain[1:]))
    assert [parent(one) for one in chain] == [None, *chain[:-1]]
    assert ancestors(chain[-2]) == chain[:-1]


# --- lives ---------------------------------------------------------------------------------------


def test_the_last_day_is_included(made_up: Divisions) -> None:
    assert made_up.at("990181", DAY_BEFORE).name == "河湾市"
    assert made_up.at("990281", MOVED).name == "河湾市"


def test_an_ended_code_says_when_and_what_it_became(made_up: Divisions) -> None:
    with pytest.raises(PlaceNotFoundError, match="ended on 2021-02-28 and became 990281 河湾市") as caught:
        made_up.at("990181", MOVED)
    assert caught.value.suggestions == ("990281 河湾市",)


def test_a_code_to_come_says_when_and_what_it_was(made_up: Divisions) -> None:
    with pytest.raises(PlaceNotFoundError, match="begins on 2021-03-01; before that it was 990181 河湾市") as caught:
        made_up.at("990281", DAY_BEFORE)
    assert caught.value.suggestions == ("990181 河湾市",)


def test_without_a_day_the_life_that_lasts_or_the_last(made_up: Divisions) -> None:
    twice = Divisions([
        row("990104", "南林县", DivisionKind.COUNTY, until=DAY_BEFORE),
        row("990104", "南林区", DivisionKind.COUNTY, since=MOVED),
    ])
    assert twice.at("990104").name == "南林区"
    assert twice.at("990104", DAY_BEFORE).name == "南林县"
    assert made_up.at("990181").until == DAY_BEFORE


def test_children_in_code_order_and_of_that_day(made_up: Divisions) -> None:
    assert [one.code for one in made_up.children("9901")] == ["990102", "990103", "990171"]
    assert [one.code for one in made_up.children("9901", DAY_BEFORE)] == ["990102", "990103", "990171", "990181"]
    assert [one.code for one in made_up.children("990181")] == ["990181001"], "as of its last day"
    assert [one.code for one in made_up.children("00")] == ["99"], "though the nation isn't listed"
    assert made_up.children("990102001") == ()
    with pytest.raises(PlaceNotFoundError):
        made_up.children("98")


def test_path_has_the_names_of_the_day(made_up: Divisions) -> None:
    assert made_up.path("990281001") == "白桦省松岭族自治州河湾市河口街道"
    assert made_up.path("990181001") == "白桦省白桦市河湾市河口街道"


# --- the collection ------------------------------------------------------------------------------


def test_it_holds_lives_in_code_order(made_up: Divisions) -> None:
    assert len(made_up) == 14
    assert [one.code for one in made_up] == sorted(one.code for one in made_up)
    assert "990181" in made_up
    assert "990199" not in made_up
    assert 990181 not in made_up


def test_union_keeps_both(made_up: Divisions) -> None:
    other = Divisions([row("98", "银杏省", DivisionKind.PROVINCE)])
    both = made_up | other
    assert len(both) == len(made_up) + 1
    assert both.at("98") == other.at("98")
    assert both == other | made_up


def test_union_refuses_a_day_that_both_have(made_up: Divisions) -> None:
    with pytest.raises(ValueError, match="990281 河湾市 share a day"):
        made_up | Divisions([row("990281", "河湾市", DivisionKind.COUNTY, since=date(2022, 1, 1))])
    with pytest.raises(ValueError, match="share a day"):
        made_up | Divisions([row("990281", "河湾县", DivisionKind.COUNTY, until=MOVED)])
    earlier = Divisions([row("990281", "河湾县", DivisionKind.COUNTY, until=DAY_BEFORE)])
    assert (made_up | earlier).at("990281", DAY_BEFORE).name == "河湾县"


@pytest.mark.parametrize(
    ("code", "kind", "since"),
    [
        pytest.param("9901", DivisionKind.COUNTY, None, id="kind of another level"),
        pytest.param("990102001003", DivisionKind.SUBDISTRICT, None, id="a community"),
        pytest.param("990102", DivisionKind.COUNTY, MOVED, id="ends before it begins"),
    ],
)
def test_division_that_cannot_be(code: str, kind: DivisionKind, since: date | None) -> None:
    with pytest.raises(ValueError, match=code):
        row(code, "某地", kind, since=since, until=DAY_BEFORE)


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        pytest.param("990102", "990102", id="code"),
        pytest.param("东林区", "990102", id="full name"),
        pytest.param("西林", "990103", id="without suffix"),
        pytest.param("东林", "990102", id="county before a town that shortens to the same"),
        pytest.param("东林镇", "990103100", id="town by its full name"),
        pytest.param("白桦西林", "990103", id="led by the city, both short"),
        pytest.param("白桦市西林区", "990103", id="led by the city"),
        pytest.param("白桦省白桦市西林区", "990103", id="whole path"),
        pytest.param("西林区站前街道", "990103001", id="led by the county"),
        pytest.param("白桦西林站前", "990103001", id="two leading, all short"),
        pytest.param("西林东林", "990103100", id="short town led by its county"),
        pytest.param("河湾", "990281", id="without a day, the one that is"),
    ],
)
def test_find_by_name(made_up: Divisions, asked: str, code: str) -> None:
    assert made_up.find(asked).code == code


def test_find_by_name_on_a_day(made_up: Divisions) -> None:
    assert made_up.find("河湾市", DAY_BEFORE).code == "990181"
    assert made_up.find("河湾市", MOVED).code == "990281"
    with pytest.raises(PlaceNotFoundError, match="became 990281") as caught:
        made_up.find("白桦市河湾市", MOVED)
    assert caught.value.suggestions == ("990281 河湾市",)


@pytest.mark.parametrize(
    ("asked", "candidates"),
    [
        pytest.param("站前街道", ("990102001 站前街道", "990103001 站前街道"), id="two of one name"),
        pytest.param("白桦", ("99 白桦省", "9901 白桦市"), id="province and city"),
        pytest.param("高新", ("990171 白桦东林高新技术产业开发区", "990103101 高新满族镇"), id="a zone's common name"),
    ],
)
def test_ambiguous_name_lists_every_candidate(made_up: Divisions, asked: str, candidates: tuple[str, ...]) -> None:
    with pytest.raises(PlaceNotFoundError, match="several places") as caught:
        made_up.find(asked)
    assert caught.value.suggestions == candidates


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("东淋区", "990102 东林区"),
        ("白桦市西淋区", "990103 西林区"),
        ("东林高新", "990171 白桦东林高新技术产业开发区"),
        ("松自", "9902 松岭族自治州"),
    ],
)
def test_mistyped_name_suggests_the_nearest_first(made_up: Divisions, asked: str, first: str) -> None:
    with pytest.raises(PlaceNotFoundError) as caught:
        made_up.find(asked)
    assert caught.value.suggestions[0] == first


def test_a_name_like_none_suggests_nothing(made_up: Divisions) -> None:
    with pytest.raises(PlaceNotFoundError) as caught:
        made_up.find("乌有")
    assert caught.value.suggestions == ()


@pytest.mark.parametrize("asked", ["９９０１０２", " 990102", "990102\u200b", "东林区　", "白桦市 东林区", "东 林\t区"])
def test_blanks_and_full_width_are_named_and_not_accepted(made_up: Divisions, asked: str) -> None:
    for ask in (made_up.find, made_up.at):
        with pytest.raises(PlaceNotFoundError, match="full-width characters, blanks") as caught:
            ask(asked)
        assert caught.value.suggestions == ("990102 东林区",)


def test_nothing_asked(made_up: Divisions) -> None:
    with pytest.raises(PlaceNotFoundError, match="no code or name"):
        made_up.find("")


# --- wrong codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "first"),
    [
        pytest.param("990120", "990102 东林区", id="neighbours swapped"),
        pytest.param("990203", "990103 西林区", id="one digit"),
        pytest.param("9903", "9901 白桦市", id="same length before all"),
        pytest.param("990103201", "990103001 站前街道", id="subdistrict"),
        pytest.param("990100", "9901 白桦市", id="written with zeros"),
        pytest.param("990102001000", "990102001 站前街道", id="subdistrict written with zeros"),
        pytest.param("990102001003", "990102001 站前街道", id="community"),
        pytest.param("990102888003", "990102 东林区", id="community of an unlisted subdistrict"),
        pytest.param("9901020", "990102 东林区", id="a digit too many"),
    ],
)
def test_wrong_code_suggests_the_nearest_first(made_up: Divisions, code: str, first: str) -> None:
    with pytest.raises(PlaceNotFoundError) as caught:
        made_up.at(code)
    assert caught.value.suggestions[0] == first


@pytest.mark.parametrize("code", ["99O102", "990102x", "99-0102", "990l02"])
def test_a_code_with_a_letter_in_it_is_still_a_code(made_up: Divisions, code: str) -> None:
    """A capital O for a zero, something typed after it: the nearest codes, not the nearest names."""
    for ask in (made_up.find, made_up.at):
        with pytest.raises(PlaceNotFoundError, match="a code has 2, 4, 6") as caught:
            ask(code)
        assert caught.value.suggestions[0] == "990102 东林区"


def test_a_name_in_letters_is_told_how_places_are_asked_for(made_up: Divisions) -> None:
    with pytest.raises(PlaceNotFoundError, match="by its code or its Chinese name, such as"):
        made_up.find("Donglin")


def test_suggestions_are_places_of_that_day(made_up: Divisions) -> None:
    with pytest.raises(PlaceNotFoundError) as caught:
        made_up.at("990181009", MOVED)
    assert "990281001 河口街道" in caught.value.suggestions
    assert "990181001 河口街道" not in caught.value.suggestions


@given(st.text(max_size=16))
def test_any_text_is_found_or_refused_by_one_error(text: str) -> None:
    """Whatever is asked, nothing else is raised; and what was asked is told back as it was written."""
    places = Divisions([row("99", "白桦省", DivisionKind.PROVINCE), row("9901", "白桦市", DivisionKind.CITY)])
    for ask in (places.find, places.at):
        asked = ""
        try:
            ask(text)
        except PlaceNotFoundError as error:
            asked = error.asked
        assert asked == text or text in {"99", "9901", "白桦省", "白桦市"}


# --- communities ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("990102001003", id="in a listed subdistrict"),
        pytest.param("990171001003", id="in a zone, whose subdistricts aren't listed"),
        pytest.param("990102888003", id="in a county that numbers it otherwise"),
    ],
)
def test_community_that_may_be(made_up: Divisions, code: str) -> None:
    assert made_up.check_community(code) is None
    assert made_up.check_community(code, MOVED) is None


@pytest.mark.parametrize(
    ("code", "says"),
    [
        pytest.param("990102001", "12 digits", id="a subdistrict"),
        pytest.param("99010200100３", "12 digits", id="full-width"),
        pytest.param("990102001003001", "12 digits", id="a grid"),
        pytest.param("990102001000", "last three digits", id="number 000"),
        pytest.param("990120001003", "nearest are 990102 东林区", id="no such county"),
        pytest.param("880102001003", "no county or zone that is listed", id="nothing near"),
        pytest.param("990181001003", "2021-03-01: 990181 河湾市 ended on 2021-02-28 and became 990281", id="ended"),
        pytest.param("990103102003", "on 2021-03-01: 990103102 林海镇 begins on 2021-03-02", id="town that comes later"),
    ],
)
def test_community_that_cannot_be(made_up: Divisions, code: str, says: str) -> None:
    later = row("990103102", "林海镇", DivisionKind.TOWN, since=date(2021, 3, 2))
    assert says in str((made_up | Divisions([later])).check_community(code, MOVED))


def test_community_of_a_former_county_without_a_day(made_up: Divisions) -> None:
    assert made_up.check_community("990181001003") is None
    assert made_up.check_community("990181001003", DAY_BEFORE) is None
