"""How far a place may depart, what may never be, what loads only when asked, and what a reform changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from types import ModuleType
from typing import Any

import attrs
import pytest

from shequ_core.errors import LeewayError, PlaceNotFoundError, ReformError, ValueKindError
from shequ_core.law.clauses import Document, Force
from shequ_core.model.posts import CertificateLevel, EducationLevel, Sex
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import (
    assessment,
    exits,
    grids,
    leave,
    pay,
    performance,
    recruitment,
    service,
    staffing,
    targets,
    training,
)
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.bounds import AtLeast, AtMost, Bound, Exactly, Inside, Verdict
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy, LocalValue, Parameter, Part, Reform
from shequ_core.policy.policy import Departure, Policy, Provenance
from shequ_core.values import Fen, Span, Status, yuan

RULES = Document("某市社区工作者管理办法")
SINCE = date(2021, 1, 1)
DAY = date(2022, 7, 1)
CITY = "2202"


def setting(key: Parameter[Any], value: object, **changes: object) -> LocalValue[Any]:  # Any: keys of every type
    """Set a key as an issued rule of the city does."""
    said: dict[str, Any] = {
        "since": SINCE, "known_on": SINCE, "source": RULES.article("第八条"), "status": Status.ISSUED, **changes
    }  # fmt: skip
    made: LocalValue[Any] = key.set(value, **said)
    return made


def plugin(values: Mapping[str, Sequence[LocalValue[Any]]]) -> ModuleType:  # Any: as above
    """Make a plugin of places and what they set."""
    made = ModuleType("city")

    @hookimpl
    def shequ_place() -> Sequence[LocalPolicy]:
        return [LocalPolicy(place=place, values=listed) for place, listed in values.items()]

    made.shequ_place = shequ_place  # type: ignore[attr-defined]  # a module made by hand
    return made


def book(*values: LocalValue[Any], assume: bool = False, strict: bool = False) -> PolicyBook:  # Any: as above
    """Return a book in which the city sets these values."""
    return PolicyBook.load(assume=assume, strict=strict, plugins=[plugin({CITY: values})])


def why(policy: Policy, key: Parameter[Any]) -> Provenance:  # Any: as above
    """Tell who set a key that somebody set."""
    told = policy.why(key)
    assert told is not None
    return told


def allowance(assistant: str, worker: str, senior: str) -> pay.MonthlyAllowance:
    """Pay so many yuan a month for each certificate."""
    return pay.MonthlyAllowance(
        dict(zip(CertificateLevel, (yuan(assistant), yuan(worker), yuan(senior)), strict=True))
    )


# --- inside and outside of the leeway -------------------------------------------------------------

KEPT = [
    pytest.param(pay.BASE_SHARE, Fraction(7, 10), id="JLW2.4d exactly 7/10"),
    pytest.param(exits.FAILED_RUNNING, 1, id="JLW2.10a stricter"),
    pytest.param(exits.FAILED_TOTAL, 3, id="JLW2.10a the same"),
    pytest.param(staffing.PARTY_POSTS, 2, id="JLW2.2d two"),
    pytest.param(staffing.PARTY_POSTS, 5, id="JLW2.2d more"),
    pytest.param(recruitment.MAX_AGE, 40, id="JLW2.3b forty"),
    pytest.param(recruitment.MAX_AGE, 35, id="JLW2.3b younger"),
    pytest.param(service.HALL_STAFF, Span(2, 2), id="JLW2.8a within two to three"),
    pytest.param(grids.HOUSEHOLDS, Span(300, 500), id="JLG2.3.2a the whole span"),
    pytest.param(staffing.STEP, Span(400, 400), id="JLW2.2b a step inside"),
    pytest.param(staffing.BASE_POSTS, Span(12, 15), id="JLW2.2a posts inside"),
    pytest.param(pay.CERTIFICATE, allowance("200", "300", "400"), id="JLW2.4g from 200, rising"),
]

DEPARTED = [
    pytest.param(pay.BASE_SHARE, Fraction(3, 5), "JLW2.4d", True, "3/5 is not 7/10", id="base share"),
    pytest.param(exits.FAILED_RUNNING, 3, "JLW2.10a", True, "3 is not inside 1 to 2", id="failures running"),
    pytest.param(exits.FAILED_TOTAL, 4, "JLW2.10a", True, "4 is not inside 1 to 3", id="failures in all"),
    pytest.param(grids.HOUSEHOLDS, Span(400, 700), "JLG2.3.2a", True, "is not inside 300 to 500", id="grids"),
    pytest.param(pay.CERTIFICATE, allowance("199.99", "300", "400"), "JLW2.4g", True, "199.99 yuan is less than 200.00",
                 id="an option used below its bound"),
    pytest.param(pay.CERTIFICATE, allowance("200", "200", "400"), "JLW2.4g", True, "the levels don't rise",
                 id="an option without a gap"),
    pytest.param(staffing.BASE_POSTS, Span(8, 15), "JLW2.2a", False, "is not inside 10 to 15", id="posts: in principle"),
    pytest.param(staffing.PARTY_POSTS, 1, "JLW2.2d", False, "1 is less than 2", id="Party posts: in principle"),
    pytest.param(recruitment.MAX_AGE, 41, "JLW2.3b", False, "41 is more than 40", id="age: in principle"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), KEPT)
def test_what_keeps_to_the_leeway_is_no_departure(key: Parameter[Any], value: object) -> None:
    """At the edge of what the province allows nothing is reported, and a strict book takes it."""
    assert why(book(setting(key, value), strict=True).policy(CITY, DAY), key).departures == ()


@pytest.mark.parametrize(("key", "value", "clause", "grave", "said"), DEPARTED)
def test_what_departs_is_loaded_and_reported_with_both_clauses(
    key: Parameter[Any], value: object, clause: str, grave: bool, said: str
) -> None:
    """The city's value holds, there and below, with its own source and the province's clause beside it."""
    for place in (CITY, "220202"):
        policy = book(setting(key, value)).policy(place, DAY)
        assert policy[key] == value
        (one,) = [found for found in policy.conflicts() if found.key == key.name]
        assert (one.place, one.source.clause) == ("22", clause)
        assert said in str(one.judgement.why)
        told = why(policy, key).to_data()
        assert told["source"] == {"document": RULES.title, "article": "第八条", "clause": None}
        assert told["conflict"] == one.to_data()


@pytest.mark.parametrize(("key", "value", "clause", "grave", "said"), DEPARTED)
def test_a_strict_book_refuses_what_is_a_conflict(
    key: Parameter[Any], value: object, clause: str, grave: bool, said: str
) -> None:
    """'Must', and an option that is used, are refused with both clauses named; 'in principle' stays a note."""
    strict = book(setting(key, value), strict=True)
    if not grave:
        assert strict.policy(CITY, DAY)[key] == value
        return
    for place in (CITY, "220202"):
        with pytest.raises(LeewayError) as caught:
            strict.policy(place, DAY)
        for part in (key.name, CITY, str(RULES.article("第八条")), clause, said):
            assert part in str(caught.value)
    assert strict.policy("2203", DAY).place == "2203"


def test_what_has_no_measure_in_common_is_shown_as_such() -> None:
    """Grades for a certificate can't be held against an amount: told, and no conflict."""
    moves = pay.GradeMoves(dict.fromkeys(CertificateLevel, 1))
    found = why(book(setting(pay.CERTIFICATE, moves), strict=True).policy(CITY, DAY), pay.CERTIFICATE)
    assert [one.judgement.verdict for one in found.departures] == [Verdict.NOT_COMPARABLE]
    assert found.conflicts == ()


def test_a_city_bounds_its_counties_and_a_bound_ends_with_its_value() -> None:
    """Every place above counts while its value holds, the gravest departure first."""
    must = attrs.evolve(RULES.article("第九条"), force=Force.MUST)
    city = setting(staffing.PARTY_POSTS, 3, leeway=AtLeast(3), source=must, until=date(2022, 12, 31))
    county = setting(staffing.PARTY_POSTS, 1)
    both = PolicyBook.load(plugins=[plugin({CITY: [city], "220202": [county]})])

    def found(on: date) -> list[tuple[str, Force]]:
        departures: Sequence[Departure] = why(both.policy("220202", on), staffing.PARTY_POSTS).conflicts
        return [(one.place, one.source.force) for one in departures]

    assert found(DAY) == [(CITY, Force.MUST), ("22", Force.SHOULD)]
    assert found(date(2023, 1, 1)) == [("22", Force.SHOULD)]


def test_a_leeway_goes_with_the_value_that_carries_it() -> None:
    """Once the city has loosened its rule, a county isn't held against the old one."""
    city = [
        setting(staffing.PARTY_POSTS, 3, leeway=Exactly(3)),
        setting(staffing.PARTY_POSTS, 3, leeway=AtLeast(3), since=date(2022, 1, 1)),
    ]
    both = PolicyBook.load(plugins=[plugin({CITY: city, "220202": [setting(staffing.PARTY_POSTS, 4)]})])
    assert [one.place for one in both.policy("220202", SINCE).conflicts()] == [CITY]
    assert both.policy("220202", DAY).conflicts() == ()
    county = why(both.policy("220202", DAY), staffing.PARTY_POSTS)
    assert [(place, one.since.year) for place, one in county.replaced] == [(CITY, 2022), ("22", 2020)]


@pytest.mark.parametrize(
    ("bound", "value", "verdict"),
    [
        pytest.param(Inside(Span(1, 3)), 3, Verdict.INSIDE, id="the edge is inside"),
        pytest.param(Inside(Span(1, 3)), Span(1, 4), Verdict.CONFLICT, id="a span sticks out"),
        pytest.param(Exactly(Fraction(7, 10)), Fraction(14, 20), Verdict.INSIDE, id="the same share"),
        pytest.param(AtLeast(2), 1, Verdict.CONFLICT, id="less"),
        pytest.param(AtMost(2), 3, Verdict.CONFLICT, id="more"),
        pytest.param(Inside(Span(1, 3)), allowance("1", "2", "3"), Verdict.NOT_COMPARABLE, id="inside: no order"),
        pytest.param(AtLeast(2), allowance("1", "2", "3"), Verdict.NOT_COMPARABLE, id="at least: no order"),
        pytest.param(AtMost(2), allowance("1", "2", "3"), Verdict.NOT_COMPARABLE, id="at most: no order"),
    ],
)
def test_a_bound_answers_with_one_of_three(bound: Bound[Any], value: object, verdict: Verdict) -> None:
    """Inside, a conflict, or not comparable: never an exception."""
    assert bound.judge(value).verdict is verdict


# --- what can be nowhere --------------------------------------------------------------------------

WEIGHT = {
    assessment.Criterion.RESIDENTS: Fraction(1, 2),
    assessment.Criterion.ORGANISATION: Fraction(1, 2),
    assessment.Criterion.DAILY: Fraction(0),
    assessment.Criterion.ANNUAL: Fraction(0),
}
POINTS = dict(zip(AssessmentGrade, (90, 75, 60), strict=False))
STAFF = {"staff": Span(1, 2)}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param(pay.BASE_SHARE, Fraction(11, 10), id="a share beyond 1"),
        pytest.param(pay.BASE_SHARE, Fraction(-1, 10), id="a negative share"),
        pytest.param(pay.BASE_SHARE, 0.7, id="a float"),
        pytest.param(staffing.BASE_POSTS, Span(15, 10), id="a span upside down"),
        pytest.param(staffing.BASE_POSTS, Span(-1, 10), id="negative posts"),
        pytest.param(staffing.STEP, Span(0, 300), id="a step of nothing"),
        pytest.param(staffing.NORM, staffing.PerResidents(Span(1, 2), 0), id="posts for every no residents"),
        pytest.param(staffing.NORM, staffing.PerResidents(Span(2, 1), 1000), id="posts upside down"),
        pytest.param(staffing.NORM, staffing.PerHouseholds(Span(0, 300)), id="posts for every no households"),
        pytest.param(staffing.NORM, staffing.PerHouseholds(Span(300, 400), least=-1), id="a negative least"),
        pytest.param(staffing.NORM, staffing.HouseholdTable((3000,), (Span(10, 15),)), id="a band without posts"),
        pytest.param(staffing.NORM, staffing.HouseholdTable((3000,), (Span(10, 15), Span(9, 8))), id="band upside down"),
        pytest.param(staffing.NORM, staffing.HouseholdTable((9, 8), (Span(1, 1),) * 3), id="bands that fall"),
        pytest.param(training.INTERVAL, {}, id="roles left out"),
        pytest.param(pay.REFERENCE, pay.AnnualMean(Fen(-1), 2021), id="a negative wage"),
        pytest.param(pay.REFERENCE, pay.FixedMonthly(yuan(1), {"staff": Fraction(-1)}), id="a negative factor"),
        pytest.param(pay.GRADES, pay.AmountTable((yuan(2), yuan(1)), STAFF), id="amounts that fall"),
        pytest.param(pay.GRADES, pay.AmountTable((yuan(-1), yuan(1)), STAFF), id="a negative amount"),
        pytest.param(pay.GRADES, pay.AmountTable((yuan(1),), STAFF), id="a class beyond the grades"),
        pytest.param(pay.GRADES, pay.AmountTable((), {}), id="an empty table"),
        pytest.param(pay.GRADES, pay.CoefficientTable((Fraction(1), Fraction(1, 2)), STAFF), id="coefficients that fall"),
        pytest.param(pay.GRADES, pay.CoefficientTable((Fraction(1),) * 2, STAFF, quantum=Fen(0)), id="no quantum"),
        pytest.param(pay.GRADES, pay.EvenSteps(yuan(1), Fraction(-1), 2, STAFF), id="a negative step"),
        pytest.param(pay.PLACEMENT, pay.YearBands((2, 2)), id="years that don't rise"),
        pytest.param(pay.PLACEMENT, pay.YearBands((2,), {EducationLevel.MASTER: -1}), id="grades taken for education"),
        pytest.param(pay.YEARLY_STEP, pay.YearlyStep(frozenset(), -1), id="a step down"),
        pytest.param(pay.CERTIFICATE, allowance("-200", "300", "400"), id="a negative allowance"),
        pytest.param(pay.CERTIFICATE, pay.MonthlyAllowance({}), id="levels left out"),
        pytest.param(pay.CERTIFICATE, pay.GradeMoves(dict.fromkeys(CertificateLevel, -1)), id="grades taken"),
        pytest.param(performance.BONUS_WEIGHTS, dict.fromkeys(AssessmentGrade, Fraction(-1)), id="a negative weight"),
        pytest.param(performance.BONUS_WEIGHTS, {AssessmentGrade.QUALIFIED: Fraction(1)}, id="grades left out"),
        pytest.param(performance.PAYDAY, 32, id="the 32nd of a month"),
        pytest.param(assessment.SCHEME, assessment.WeightedScores({**WEIGHT, assessment.Criterion.DAILY: Fraction(1)},
                                                                  POINTS), id="weights that don't sum to 1"),
        pytest.param(assessment.SCHEME, assessment.WeightedScores(
            {**WEIGHT, assessment.Criterion.DAILY: Fraction(1), assessment.Criterion.ANNUAL: Fraction(-1)}, POINTS
        ), id="a negative weight that makes them sum to 1"),
        pytest.param(assessment.SCHEME, assessment.WeightedScores(WEIGHT, {**POINTS, AssessmentGrade.QUALIFIED: 95}),
                     id="points that rise"),
        pytest.param(assessment.SCHEME, assessment.WeightedScores(WEIGHT, POINTS, outstanding_at_most=Fraction(2)),
                     id="more than all outstanding"),
        pytest.param(exits.AGE, exits.FixedAge({Sex.MALE: 60}), id="an age for men alone"),
        pytest.param(exits.AGE, exits.FixedAge({Sex.MALE: 60, Sex.FEMALE: -1}), id="a negative age"),
        pytest.param(exits.AGE, exits.RisingAge(
            {Sex.MALE: 60, Sex.FEMALE: 55}, {Sex.MALE: 59, Sex.FEMALE: 58}, SINCE, {Sex.MALE: 4, Sex.FEMALE: 4}
        ), id="an age that rises downwards"),
        pytest.param(leave.ANNUAL, leave.LeaveByYears((1, 10), (5, -1)), id="negative leave"),
        pytest.param(targets.PLATFORM_COVERAGE, Fraction(101, 100), id="more than all communities"),
        pytest.param(recruitment.RELAXATION, recruitment.GroupAges({recruitment.Group.VETERAN: -1}), id="negative ages"),
        pytest.param(staffing.QUOTA_SHARING, "by_ceiling", id="a word for a choice"),
        pytest.param(grids.LEVELS, ["网格"], id="a list that can change"),
    ],
)  # fmt: skip
def test_what_no_leeway_can_allow_is_refused_always(key: Parameter[Any], value: object) -> None:
    """It can't even be said: the error names the key and where it would stand."""
    with pytest.raises(ValueKindError) as caught:
        setting(key, value)
    assert str(caught.value).startswith(f"{key.name} cannot be ")
    assert str(RULES.article("第八条")) in str(caught.value)


# --- statuses and staleness -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "always"),
    [
        (Status.ISSUED, True),
        (Status.PRESS, True),
        (Status.STATISTIC, True),
        (Status.DRAFT, False),
        (Status.DERIVED, False),
        (Status.PROXY, False),
        (Status.ASSUMPTION, False),
    ],
)
def test_what_nobody_issued_loads_only_when_asked(status: Status, always: bool) -> None:
    """Published values load always; the rest with --assume alone, each keeping its mark."""
    assert len(Status) == 7
    value = setting(staffing.PARTY_POSTS, 3, status=status)
    assert book(value).policy(CITY, DAY)[staffing.PARTY_POSTS] == (3 if always else 2)
    asked = book(value, assume=True).policy(CITY, DAY)
    assert why(asked, staffing.PARTY_POSTS).to_data()["status"] == status.value
    assert ("staffing.party_posts" in asked.uncertain()) is not always


def test_a_derived_part_loads_with_its_value_marked() -> None:
    """What a plugin derives between issued ends loads with it, and the answer says so."""
    value = setting(staffing.PARTY_POSTS, 3, rests_on=[Part("the second post", Status.DERIVED)])
    policy = book(value).policy(CITY, DAY)
    assert policy[staffing.PARTY_POSTS] == 3
    assert policy.uncertain()["staffing.party_posts"] == (Status.ISSUED, Status.DERIVED)
    assert why(policy, staffing.PARTY_POSTS).to_data()["rests_on"] == {"the second post": "derived"}


def test_of_one_day_the_published_goes_before_the_assumed() -> None:
    """An assumption never takes the place of what the same place published for the same day."""
    values = [setting(staffing.PARTY_POSTS, 9, status=Status.ASSUMPTION), setting(staffing.PARTY_POSTS, 3)]
    assert book(*values, assume=True).policy(CITY, DAY)[staffing.PARTY_POSTS] == 3


@pytest.mark.parametrize(
    ("on", "stale"), [pytest.param(DAY, False, id="last day"), pytest.param(date(2022, 7, 2), True, id="day after")]
)
def test_a_value_past_its_stated_life_works_on_and_is_reported(on: date, stale: bool) -> None:
    """Last year's reference in this year's pay."""
    policy = book(setting(staffing.PARTY_POSTS, 3, fresh_until=DAY)).policy(CITY, on)
    assert policy[staffing.PARTY_POSTS] == 3
    assert (policy.stale() == ("staffing.party_posts",)) is stale
    assert policy.to_data()["stale"] == list(policy.stale())


def test_a_key_that_the_strategy_does_not_use_is_reported() -> None:
    """Where posts follow residents, what the province says of households isn't in use."""
    by_residents = setting(staffing.NORM, staffing.PerResidents(Span(10, 15), 10000))
    used = book(by_residents).policy(CITY, DAY)
    assert set(used.not_in_use()) == {"staffing.base_households", "staffing.base_posts", "staffing.step"}
    assert PolicyBook.load().policy("22", DAY).not_in_use() == ()


# --- reforms --------------------------------------------------------------------------------------

CITY_SAYS = setting(staffing.PARTY_POSTS, 3)


def reform(number: int, **changes: Any) -> Reform:  # Any: fields of Reform
    """Try another number of Party-building posts in the whole province."""
    return Reform(name="more Party posts", place="22", values=[setting(staffing.PARTY_POSTS, number)], **changes)


def test_a_reform_by_default_leaves_a_city_its_own_and_says_what_it_hides() -> None:
    """The province's other places change, the city doesn't, and its answer names the reform it shadows."""
    tried = book(CITY_SAYS).reformed(reform(4))
    assert tried.policy("2203", DAY)[staffing.PARTY_POSTS] == 4
    assert tried.policy("220302", DAY)[staffing.PARTY_POSTS] == 4
    hidden = why(tried.policy(CITY, DAY), staffing.PARTY_POSTS)
    assert (hidden.value.value, hidden.shadowed) == (3, ("more Party posts",))
    assert hidden.to_data()["shadows"] == ["more Party posts"]
    shown = why(tried.policy("2203", DAY), staffing.PARTY_POSTS)
    assert (shown.reform, shown.shadowed) == ("more Party posts", ())
    assert [(place, one.value) for place, one in shown.replaced] == [("22", 2)]


def test_a_reform_of_all_below_wins_over_a_city() -> None:
    """Whatever a place below sets, the reform holds, and what it replaced is named."""
    found = why(book(CITY_SAYS).reformed(reform(4, scope="replace_below")).policy(CITY, DAY), staffing.PARTY_POSTS)
    assert (found.value.value, found.reform, found.place) == (4, "more Party posts", "22")
    assert [(place, one.value) for place, one in found.replaced] == [(CITY, 3), ("22", 2)]


def test_a_reform_leaves_the_book_it_was_laid_over() -> None:
    """The first book answers as before; places that it doesn't reach keep their fingerprint; reforms add up."""
    before = book(CITY_SAYS)
    after = before.reformed(attrs.evolve(reform(4), place="2203")).reformed(attrs.evolve(reform(5), place="220302"))
    assert before.policy("2203", DAY)[staffing.PARTY_POSTS] == 2
    for place in (CITY, "2201", "00"):
        assert after.policy(place, DAY).fingerprint == before.policy(place, DAY).fingerprint
    assert after.policy("220303", DAY)[staffing.PARTY_POSTS] == 4
    assert after.policy("220302", DAY)[staffing.PARTY_POSTS] == 5
    assert after.policy("2203", DAY).fingerprint != before.policy("2203", DAY).fingerprint


def test_of_a_reforms_own_values_the_newest_holds() -> None:
    """In whatever order they are listed, and whatever the reform's scope."""
    values = [setting(staffing.PARTY_POSTS, 4), setting(staffing.PARTY_POSTS, 6, since=date(2022, 1, 1))]
    for scope in ("default", "replace_below"):
        for listed in (values, values[::-1]):
            tried = book().reformed(attrs.evolve(reform(0, scope=scope), values=listed))
            assert [tried.policy("2203", on)[staffing.PARTY_POSTS] for on in (SINCE, DAY)] == [4, 6]


def test_a_reform_begins_on_its_day() -> None:
    """Before it begins, nothing is replaced and nothing is hidden."""
    tried = book(CITY_SAYS).reformed(reform(4))
    for place, number in ((CITY, 2), ("2203", 2)):
        found = why(tried.policy(place, date(2020, 12, 31)), staffing.PARTY_POSTS)
        assert (found.value.value, found.reform, found.shadowed) == (number, "", ())


def test_a_reform_that_cannot_be_laid_is_refused() -> None:
    """Another scope, or a place that isn't there."""
    with pytest.raises(ReformError):
        book().reformed(reform(4, scope="everywhere"))
    with pytest.raises(PlaceNotFoundError):
        book().reformed(attrs.evolve(reform(4), place="2249"))
