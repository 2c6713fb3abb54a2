"""Which value holds: the most specific place, the day, what was known, and never the order of plugins."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from itertools import permutations
from types import ModuleType

import pytest

from shequ_core.errors import PlaceNotFoundError, PlaceUnresolvedError, UnsetError
from shequ_core.law.clauses import Document
from shequ_core.model.places import Division, DivisionKind, Divisions
from shequ_core.policy.agreements import FIRST_DAY, TERM
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy, LocalValue
from shequ_core.policy.policy import Policy
from shequ_core.policy.staffing import BASE_HOUSEHOLDS, BASE_POSTS, PARTY_POSTS
from shequ_core.values import Span, Status

RULES = Document("某市社区工作者管理办法")
START = date(2021, 1, 1)
MIDDLE = date(2022, 7, 1)
ELSEWHERE = ("00", "22", "2201", "220104", "2203", "220882")


def plugin(name: str, *policies: LocalPolicy) -> ModuleType:
    """Make a plugin that answers with these policies."""
    made = ModuleType(name)

    @hookimpl
    def shequ_place() -> Sequence[LocalPolicy]:
        return policies

    made.shequ_place = shequ_place  # type: ignore[attr-defined]  # a module made by hand
    return made


def posts(number: int, since: date = START, until: date | None = None, known_on: date = START) -> LocalValue[int]:
    """Set the posts for Party building."""
    return PARTY_POSTS.set(
        number, since=since, until=until, known_on=known_on, source=RULES.article("第六条"), status=Status.ISSUED
    )


def told(policy: Policy) -> str:
    """Write everything that a policy says."""
    return json.dumps(policy.to_data(), ensure_ascii=False)


CITY = LocalPolicy(place="2202", values=[posts(3)])
COUNTY = LocalPolicy(place="220202", values=[posts(4)])


@pytest.mark.parametrize(
    ("place", "number"),
    [
        pytest.param("22", 2, id="province"),
        pytest.param("2203", 2, id="another city: the province's"),
        pytest.param("2202", 3, id="city"),
        pytest.param("220203", 3, id="a county that is silent: the city's"),
        pytest.param("220202", 4, id="county"),
        pytest.param("220202001", 4, id="subdistrict: its county's"),
        pytest.param("220202001001", 4, id="community: its county's"),
    ],
)
def test_the_most_specific_place_wins(place: str, number: int) -> None:
    """A county goes before its city, a city before its province."""
    assert PolicyBook.load(plugins=[plugin("one", CITY, COUNTY)]).policy(place, MIDDLE)[PARTY_POSTS] == number


def test_the_nation_speaks_where_nobody_below_does() -> None:
    """The committees' term is national law, which no province has to repeat."""
    book = PolicyBook.load()
    for place in ("00", "22", "220104"):
        why = book.policy(place, MIDDLE).why(TERM)
        assert why is not None
        assert (why.place, why.value.value) == ("00", 5)


def test_why_names_what_was_replaced_nearest_first() -> None:
    """The county's value replaced the city's and the province's."""
    why = PolicyBook.load(plugins=[plugin("one", CITY, COUNTY)]).policy("220202", MIDDLE).why(PARTY_POSTS)
    assert why is not None
    assert (why.place, why.plugin) == ("220202", "one")
    assert [(place, value.value) for place, value in why.replaced] == [("2202", 3), ("22", 2)]


LATER = [posts(3, until=date(2021, 12, 31)), posts(4, since=date(2023, 1, 1)), posts(5, since=date(2024, 1, 1))]


@pytest.mark.parametrize(
    ("on", "number"),
    [
        pytest.param(date(2020, 12, 31), 2, id="the day before"),
        pytest.param(date(2021, 1, 1), 3, id="first day"),
        pytest.param(date(2021, 12, 31), 3, id="last day"),
        pytest.param(date(2022, 1, 1), 2, id="the day after the last: the province's again"),
        pytest.param(date(2023, 12, 31), 4, id="no last day: until the next one"),
        pytest.param(date(2024, 1, 1), 5, id="the next one"),
    ],
)
def test_a_value_holds_from_its_first_day_to_its_last(on: date, number: int) -> None:
    """Both days are included; without a last day a later value ends it."""
    book = PolicyBook.load(plugins=[plugin("one", LocalPolicy(place="2202", values=LATER[::-1]))])
    assert book.policy("2202", on)[PARTY_POSTS] == number


CORRECTED = [posts(3), posts(6, known_on=date(2022, 3, 1))]


@pytest.mark.parametrize(
    ("known", "number"),
    [
        pytest.param(date(2020, 12, 31), 2, id="nobody could know"),
        pytest.param(date(2021, 1, 1), 3, id="published"),
        pytest.param(date(2022, 2, 28), 3, id="the day before the correction"),
        pytest.param(date(2022, 3, 1), 6, id="corrected"),
        pytest.param(None, 6, id="all that is known now"),
    ],
)
def test_a_policy_as_known_on_another_day(known: date | None, number: int) -> None:
    """What was published later was not known earlier; a correction of the same first day replaces."""
    book = PolicyBook.load(plugins=[plugin("one", LocalPolicy(place="2202", values=CORRECTED))])
    assert book.policy("2202", MIDDLE, known)[PARTY_POSTS] == number


def test_before_the_province_spoke_there_is_nothing() -> None:
    """A year outside of every value is an error that names key and clause, never a default."""
    policy = PolicyBook.load().policy("22", date(2019, 1, 1))
    assert PARTY_POSTS not in policy
    with pytest.raises(UnsetError, match=r"staffing\.party_posts \(JLW2\.2d\) is not set for 22") as caught:
        policy[PARTY_POSTS]
    assert [one.key for one in caught.value.missing] == ["staffing.party_posts"]


def test_no_order_of_plugins_matters() -> None:
    """Whatever is installed first, every place's policy is the same to the letter."""
    plugins = [plugin("a", CITY), plugin("b", COUNTY), plugin("c", LocalPolicy(place="2203", values=[posts(7)]))]
    books = [PolicyBook.load(plugins=order) for order in permutations(plugins)]
    for place in (*ELSEWHERE, "2202", "220202", "2203"):
        assert len({told(book.policy(place, MIDDLE)) for book in books}) == 1


@pytest.mark.parametrize("turned", [False, True])
def test_two_voices_silence_their_place_and_no_other(turned: bool) -> None:
    """Both are named where they speak and below; every other place says the same as without them."""
    rivals = [plugin("one", CITY), plugin("two", LocalPolicy(place="2202", values=[posts(9)]))]
    book, without = PolicyBook.load(plugins=rivals[::-1] if turned else rivals), PolicyBook.load()
    for place in ("2202", "220202", "220203", "220202001001"):
        with pytest.raises(PlaceUnresolvedError) as caught:
            book.policy(place, MIDDLE)
        assert [(cause.plugin, cause.place) for cause in caught.value.causes] == [("one", "2202"), ("two", "2202")]
        assert "one" in str(caught.value)
        assert "two" in str(caught.value)
    for place in ELSEWHERE:
        assert told(book.policy(place, MIDDLE)) == told(without.policy(place, MIDDLE))


def test_one_voice_may_say_the_same_place_in_parts() -> None:
    """A plugin that answers with two lists for one place is still one voice."""
    parts = [CITY, LocalPolicy(place="2202", values=[BASE_POSTS.set(
        Span(11, 12), since=START, known_on=START, source=RULES.article("第七条"), status=Status.ISSUED)])]
    policy = PolicyBook.load(plugins=[plugin("one", *parts)]).policy("2202", MIDDLE)
    assert (policy[PARTY_POSTS], policy[BASE_POSTS]) == (3, Span(11, 12))


def test_two_cities_may_name_the_province_they_lie_in() -> None:
    """Plugins of two cities of one province both bring it; a city that contradicts loses its voice alone."""

    def city(code: str, province: str) -> ModuleType:
        above = Division(code="35", name=province, kind=DivisionKind.PROVINCE)
        here = Division(code=code, name=f"甲{code}市", kind=DivisionKind.CITY)
        return plugin(f"city{code}", LocalPolicy(place=code, values=[posts(3)], divisions=Divisions((above, here))))

    book = PolicyBook.load(plugins=[city("3501", "福建省"), city("3502", "福建省"), city("3503", "闽省")])
    for place in ("3501", "3502"):
        assert book.policy(place, MIDDLE)[PARTY_POSTS] == 3
    with pytest.raises(PlaceUnresolvedError, match=r"city3503.*35 "):
        book.policy("3503", MIDDLE)


def test_a_place_has_its_policy_on_the_days_it_has_its_code() -> None:
    """公主岭 was 220381 until 2020-06-04: asked for on another day, the error tells what it became."""
    book = PolicyBook.load()
    assert book.policy("220381", MIDDLE, placed_on=date(2020, 6, 4)).place == "220381"
    with pytest.raises(PlaceNotFoundError, match="220184 公主岭市"):
        book.policy("220381", MIDDLE)
    with pytest.raises(PlaceNotFoundError):
        book.policy("220184", date(2020, 6, 4))


def test_equal_law_has_an_equal_fingerprint() -> None:
    """Two silent counties of a city have one law, another city another; a policy counts and lists its keys."""
    book = PolicyBook.load(plugins=[plugin("one", CITY)])
    one, same, other = (book.policy(place, MIDDLE) for place in ("220203", "220204", "2203"))
    assert one.fingerprint == same.fingerprint != other.fingerprint
    assert len(list(one)) == len(one)
    assert BASE_HOUSEHOLDS in one
    assert FIRST_DAY not in one
    assert one.unset()["agreements.first_day"] == "JLW2.5c"


def test_the_environment_can_leave_other_distributions_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """With SHEQU_DISABLE_PLUGINS=1 the nation and the province alone speak; what is given in Python still does."""
    monkeypatch.setenv("SHEQU_DISABLE_PLUGINS", "1")
    book = PolicyBook.load(plugins=[plugin("one", CITY)])
    assert {one.name for one in book.plugins if not one.built_in} == {"one"}
    assert {one.places for one in book.plugins if one.built_in and "00" in one.places} == {("00",)}
    assert book.policy("2202", MIDDLE)[PARTY_POSTS] == 3
