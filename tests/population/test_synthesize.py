"""Made-up populations: they meet the published figures, hang together, and never look real."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from shequ_core.errors import PlaceNotFoundError, ValueKindError
from shequ_core.jilin.divisions import jilin_divisions
from shequ_core.jilin.figures import CommitteeCount, Figure, jilin_figures
from shequ_core.model.communities import Setting
from shequ_core.model.places import Division, DivisionKind, Divisions
from shequ_core.model.posts import EducationLevel, PostDuty, Role, Sex
from shequ_core.model.records import AssessmentGrade, Ground
from shequ_core.population.synthesize import communities_of, synthesize
from shequ_core.tables.columns import DateColumn, IntColumn, day_number, outside
from shequ_core.tables.dataset import Communities, Dataset
from shequ_core.values import Span, Status

YEAR = 2022
FIGURES = jilin_figures()
COUNTS = [pytest.param(row, id=f"{row.code} {row.name}") for row in FIGURES.counts]


@cache
def province() -> Dataset:
    return synthesize("22", YEAR, 1)


@cache
def county() -> Dataset:
    return synthesize("220104", YEAR, 1)


def same(one: Dataset, other: Dataset) -> bool:
    left, right = dict(one.tables()), dict(other.tables())
    return left.keys() == right.keys() and all(table.same_as(right[name]) for name, table in left.items())


def fictional() -> Divisions:
    """白桦市, which doesn't exist: a district, a county with its town, and a zone of no subdistricts."""
    return Divisions(
        [
            Division(code="2299", name="白桦市", kind=DivisionKind.CITY),
            Division(code="229901", name="白桦区", kind=DivisionKind.COUNTY),
            *(Division(code=f"22990100{n}", name=f"白桦{n}街道", kind=DivisionKind.SUBDISTRICT) for n in range(1, 5)),
            Division(code="229901100", name="桦林镇", kind=DivisionKind.TOWN),
            Division(code="229921", name="落叶县", kind=DivisionKind.COUNTY),
            Division(code="229921100", name="落叶镇", kind=DivisionKind.TOWN),
            Division(code="229921101", name="针叶镇", kind=DivisionKind.TOWN),
            Division(code="229971", name="白桦开发区", kind=DivisionKind.ZONE),
        ]
    )


BAIHUA = {"229901": 20, "229921": 8, "229971": 5}


# --- figures


def test_committees_by_county_sum_to_the_published_total() -> None:
    assert sum(row.committees for row in FIGURES.counts) == FIGURES.whole("committees") == 2271
    counties = {row.code for row in jilin_divisions() if row.kind is DivisionKind.COUNTY and row.until is None}
    zones = {row.code for row in jilin_divisions() if row.kind is DivisionKind.ZONE}
    assert {row.code for row in FIGURES.counts} == counties | zones


@pytest.mark.parametrize(
    ("city", "committees"),
    [("2201", 709), ("2202", 390), ("2203", 184), ("2204", 63), ("2205", 183), ("2206", 148), ("2207", 151),
     ("2208", 156), ("2224", 287)],
)  # fmt: skip
def test_committees_by_city(city: str, committees: int) -> None:
    assert sum(row.committees for row in FIGURES.counts if row.code.startswith(city)) == committees


@pytest.mark.parametrize("row", COUNTS)
def test_a_count_bears_the_name_of_its_division(row: CommitteeCount) -> None:
    """A code typed wrong would give one county another's figure."""
    division = jilin_divisions().at(row.code, FIGURES.day("counted_on"))
    assert set(row.name) - {"中"} <= set(division.name)


def test_every_figure_says_where_it_comes_from() -> None:
    for figure in FIGURES.by_name.values():
        assert figure.source or figure.status is Status.ASSUMPTION
        assert not re.search(r"https?:|www\.", figure.source + figure.note)
    with pytest.raises(ValueError, match="names no source"):
        Figure(name="x", value=1, status=Status.PRESS)


def test_shares_of_education_meet_the_published_one() -> None:
    weights = FIGURES.weights("education", EducationLevel)
    college = list(EducationLevel).index(EducationLevel.JUNIOR_COLLEGE)
    assert Fraction(sum(weights[college:]), sum(weights)) == FIGURES.share("college_or_above")


@pytest.mark.parametrize(
    ("name", "mean"), [("households_spread", 1000), ("household_size", 234)], ids=["households", "persons"]
)
def test_a_spread_keeps_its_mean(name: str, mean: int) -> None:
    points = FIGURES.quantiles(name)
    pairs = itertools.pairwise(points)
    found = sum(((right[0] - left[0]) * (left[1] + right[1]) / 2 for left, right in pairs), Fraction(0))
    assert abs(found - mean) < Fraction(mean, 1000)


def test_published_means_of_households_contradict_each_other() -> None:
    """Why neither is used: communities under subdistricts alone would have more households than all together."""
    under, over_all = FIGURES.whole("committees_under_subdistricts"), FIGURES.whole("committees")
    each_under = FIGURES.whole("households_per_committee_under_subdistricts")
    assert under * each_under > over_all * FIGURES.whole("households_per_committee")


# --- communities


@pytest.mark.parametrize("row", COUNTS)
def test_each_county_has_its_published_number(row: CommitteeCount) -> None:
    found = Counter(province().communities.code.start(6))
    assert found[row.code] == row.committees


def test_the_province_has_its_published_number() -> None:
    communities = province().communities
    assert len(communities) == FIGURES.whole("committees")
    urban = (communities.setting == Setting.URBAN).true().sum()
    assert urban == FIGURES.whole("committees_under_subdistricts")


def test_chaoyang_has_52() -> None:
    assert len(county().communities) == 52


def test_communities_lie_in_real_subdistricts_and_towns() -> None:
    """But for those of zones, whose made-up subdistricts say so in their name."""
    divisions = jilin_divisions()
    for community in province().communities:
        township, serial = community.code[:9], int(community.code[9:])
        assert 1 <= serial <= 199
        if divisions.at(community.code[:6]).kind is DivisionKind.ZONE:
            assert "（合成街道" in community.name
        else:
            division = divisions.at(township, FIGURES.day("counted_on"))
            assert community.name == f"合成社区{serial:03d}（{division.name}）"
            assert (division.kind is DivisionKind.SUBDISTRICT) == (community.setting is Setting.URBAN)
        assert divisions.check_community(community.code) is None
    assert len(set(province().communities.code)) == len(province().communities)


def test_the_county_seat_is_the_first_town_of_a_county() -> None:
    seats = {
        community.code[:9] for community in province().communities if community.setting is Setting.COUNTY_SEAT
    }
    names = {jilin_divisions().at(seat).name for seat in seats}
    assert {"农安镇", "口前镇", "抚松镇", "快大茂镇"} <= names
    assert "大兴沟镇" not in names  # 汪清县 has its seat in subdistricts
    assert all(jilin_divisions().at(seat[:6]).name.endswith("县") for seat in seats)


def test_communities_per_subdistrict_are_spread_as_published() -> None:
    communities = province().communities
    urban = communities.code.start(9).where((communities.setting == Setting.URBAN).true())
    counts = np.array(sorted(Counter(urban).values()))
    low, median, high = FIGURES["committees_per_subdistrict_quartiles"].value
    assert float(np.quantile(counts, 0.5)) == median
    assert abs(float(np.quantile(counts, 0.25)) - low) <= 1
    assert abs(float(np.quantile(counts, 0.75)) - high) <= 1
    assert abs(counts.mean() - float(FIGURES.share("committees_per_subdistrict"))) < 0.4
    assert counts.max() <= FIGURES.whole("most_committees_in_a_subdistrict")


def test_households_keep_the_urban_total() -> None:
    total = int(province().communities.households.values.sum())
    published = FIGURES.whole("urban_population") / FIGURES.share("persons_per_household")
    assert abs(total / float(published) - 1) < 0.03
    residents = int(province().communities.residents.values.sum())
    assert abs(residents / FIGURES.whole("urban_population") - 1) < 0.03


def test_grids_of_a_community_hold_all_its_households() -> None:
    grids = province().grids
    assert grids is not None
    communities = province().communities
    sums = np.zeros(len(communities), dtype=np.int64)
    np.add.at(sums, grids.community.codes_in(communities.code), grids.households.values)
    assert (sums == communities.households.values).all()
    assert (grids.households.values > 0).all()
    assert (grids.code.start(12) == grids.community).all_true()
    assert len(set(grids.code)) == len(grids)
    in_changchun = sum(code.startswith("2201") for code in grids.code if code)
    assert abs(in_changchun / FIGURES.whole("changchun_grids") - 1) < 0.15


# --- posts


def test_posts_are_the_published_18000() -> None:
    assert len(province().posts) == FIGURES.whole("posts") == 18_000


def test_posts_stand_where_the_law_reaches_and_nowhere_else() -> None:
    data = province()
    with_posts = set(data.posts.community)
    for community in data.communities:
        assert (community.code in with_posts) == (community.setting is not Setting.OTHER_TOWN)


def test_as_in_reality_many_communities_have_fewer_posts_than_the_law_says() -> None:
    """18,000 posts are fewer than 10 for each of 2,271 committees (see `figures.toml`)."""
    counts = np.array(list(Counter(province().posts.community).values()))
    assert (counts < 10).mean() > 0.2
    assert (counts > 15).any()
    assert counts.min() >= 5


def test_posts_come_inside_a_span_that_is_given() -> None:
    def allowed(communities: Communities) -> Span[IntColumn]:
        above = np.maximum(communities.households.values - 3000, 0)
        return Span(communities.households.fill(10), communities.households.fill(15) + IntColumn(above // 300))

    data = synthesize("2201", YEAR, 1, allowed=allowed)
    in_scope = data.communities.where((data.communities.setting != Setting.OTHER_TOWN).true())
    counts = Counter(data.posts.community)
    found = IntColumn.of([counts[code] for code in in_scope.code])
    assert not outside(found, allowed(in_scope)).true().any()
    ready = allowed(communities_of("2201", YEAR, 1))
    assert same(data, synthesize("2201", YEAR, 1, allowed=ready))


def test_another_post_moves_nobody() -> None:
    """Who is in a post hangs on the post: one more beside it changes neither sex nor birth nor history."""
    communities = communities_of("220104", YEAR, 1)

    def with_posts(count: int) -> Dataset:
        span = communities.households.fill(count)
        return synthesize("220104", YEAR, 1, allowed=Span(span, span))

    def by_post(data: Dataset) -> dict[tuple[str | None, date], tuple[object, ...]]:
        return {
            (holding.post, holding.since): (worker.sex, worker.birth_date, worker.worked_since, holding.until)
            for holding, worker in zip(data.holdings, data.workers, strict=True)
        }

    few, more = by_post(with_posts(10)), by_post(with_posts(11))
    assert len(more) > len(few)
    assert few.items() <= more.items()


def test_a_span_that_is_not_known_in_scope_is_refused() -> None:
    communities = communities_of("220104", YEAR, 1)
    unknown = IntColumn.of([None] * len(communities))
    falling = Span(communities.households.fill(12), communities.households.fill(11))
    for span in (Span(unknown, unknown), falling, Span(IntColumn.of([10]), IntColumn.of([15]))):
        with pytest.raises(ValueKindError, match="allowed"):
            synthesize("220104", YEAR, 1, allowed=span)


def test_every_community_with_posts_has_a_secretary_and_party_building_posts() -> None:
    data = province()
    roles: dict[str, Counter[Role | None]] = {}
    for post, role in zip(data.holdings.post, data.holdings.role, strict=True):
        assert post is not None
        roles.setdefault(post[:12], Counter())[role] += 1
    assert all(count[Role.SECRETARY] >= 1 for count in roles.values())
    party = (data.posts.duty == PostDuty.PARTY_BUILDING).true()
    dedicated = Counter(data.posts.community.where(party))
    shares = Counter(dedicated.values())
    assert shares[2] > 0.7 * len(roles)
    heads = {Role.SECRETARY, Role.DEPUTY_SECRETARY}
    duties = dict(zip(data.posts.id, data.posts.duty, strict=True))
    for post, role in zip(data.holdings.post, data.holdings.role, strict=True):
        assert role not in heads or duties[post] is PostDuty.GENERAL


# --- people


def in_year(data: Dataset) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Holdings that touch the year."""
    holdings = data.holdings
    until = holdings.until.filled(date(2999, 1, 1))
    touches: np.ndarray[tuple[int], np.dtype[np.bool_]] = until.values >= day_number(date(YEAR, 1, 1))
    return touches


def test_people_are_as_published_on_average() -> None:
    data = province()
    there = in_year(data)
    ages = data.workers.birth_date.completed_years(date(YEAR, 1, 1)).values[there]
    assert abs(ages.mean() - FIGURES.whole("mean_age")) < 1
    assert ages.min() >= 18
    women = (data.workers.sex == Sex.FEMALE).true()[there].mean()
    assert abs(women - float(FIGURES.share("women"))) < 0.02
    educations = data.educations
    assert educations is not None
    best = np.zeros(len(data.workers), dtype=np.int64)
    np.maximum.at(best, educations.worker.values, educations.level.values)
    college = list(EducationLevel).index(EducationLevel.JUNIOR_COLLEGE)
    assert abs((best >= college)[there].mean() - float(FIGURES.share("college_or_above"))) < 0.02


@pytest.mark.parametrize("day", [date(YEAR, 1, 1), date(YEAR, 7, 1), date(YEAR, 12, 31)], ids=str)
def test_nine_posts_in_a_hundred_are_vacant(day: date) -> None:
    holdings = province().holdings
    until = holdings.until.filled(date(2999, 1, 1))
    held = int(((holdings.since <= day) & (until >= day)).true().sum())
    assert abs(1 - held / len(province().posts) - float(FIGURES.share("vacant"))) < 0.015


def test_everything_refers_to_something() -> None:
    data = province()
    codes, ids, workers = set(data.communities.code), set(data.posts.id), set(data.workers.id)
    assert set(data.posts.community) <= codes
    assert set(data.holdings.post) <= ids
    assert len(ids) == len(data.posts)
    assert len(workers) == len(data.workers)
    for name, table in data.tables():
        if "worker" in table.specs:
            assert set(table.column("worker")) <= workers, name
    assert set(data.holdings.worker) == workers


def test_no_post_has_two_holders_on_a_day() -> None:
    spans: dict[str, list[tuple[date, date]]] = {}
    for holding in province().holdings:
        spans.setdefault(holding.post, []).append((holding.since, holding.until or date(2999, 1, 1)))
    for rows in spans.values():
        rows.sort()
        assert all(first <= last for first, last in rows)
        assert all(left[1] < right[0] for left, right in itertools.pairwise(rows))


def test_lives_are_in_order() -> None:
    data = province()
    workers, holdings = data.workers, data.holdings
    assert (workers.worked_since <= holdings.since).all_true()
    grown = workers.birth_date.completed_years(workers.worked_since)
    assert (grown >= 17).all_true()  # leap days may cost the eighteenth birthday a day
    for table, column in (("educations", "since"), ("certificates", "since"), ("assessments", "known_on")):
        found = getattr(data, table)
        born = workers.birth_date.take(found.worker.codes_in(workers.id))
        dated = getattr(found, column)
        assert isinstance(dated, DateColumn)
        assert (dated > born).all_true()


def test_rows_are_facts_that_pass_their_own_checks() -> None:
    """Columns were built directly: each row, read as a fact, runs the validators."""
    for name, table in county().tables():
        assert len(list(table)) == len(table), name


def test_what_is_made_up_says_so() -> None:
    data = province()
    assert all(name and name.startswith("合成社区") for name in data.communities.name)
    assert all(name and re.fullmatch(r"合成人员\d{5}", name) for name in data.workers.name)
    assert all(worker and re.fullmatch(r"S\d{6}-\d{5}", worker) for worker in data.workers.id)
    assert data.trainings is not None
    assert set(data.trainings.subject) == {"合成培训班"}


# --- edge cases that a large population has


def failed_years(data: Dataset) -> Iterator[set[int]]:
    assert data.assessments is not None
    years: dict[str | None, set[int]] = {}
    failed = data.assessments.where((data.assessments.grade == AssessmentGrade.UNQUALIFIED).true())
    for worker, year in zip(failed.worker, failed.year, strict=True):
        assert year is not None
        years.setdefault(worker, set()).add(year)
    yield from years.values()


def test_some_fail_two_years_running_and_some_three_in_all() -> None:
    failures = list(failed_years(province()))
    assert sum(any(year + 1 in years for year in years) for years in failures) >= 20
    assert sum(len(years) >= 3 for years in failures) >= 5


def test_some_are_past_the_exit_age() -> None:
    data = province()
    ages = data.workers.birth_date.completed_years(date(YEAR, 12, 31))
    assert ((ages >= 55) & (data.workers.sex == Sex.FEMALE)).true().sum() > 50
    assert ((ages >= 60) & (data.workers.sex == Sex.MALE)).true().sum() > 5


def test_some_come_and_go_within_the_year_also_within_a_month() -> None:
    holdings = province().holdings
    come = [day for day in holdings.since if day and day.year == YEAR]
    gone = [day for day in holdings.until if day and day.year == YEAR]
    assert len(come) > 500
    assert len(gone) > 500
    assert sum(day.day != 1 for day in come) > 50
    assert holdings.known_on.known is not None
    assert holdings.known_on.known.sum() > 10


def test_some_have_no_agreement_and_some_missed_training() -> None:
    data = province()
    assert data.agreements is not None
    assert data.trainings is not None
    assert 100 < len(data.workers) - len(set(data.agreements.worker)) < 2_000
    late = {worker for worker, day in zip(data.trainings.worker, data.trainings.completed_on, strict=True)
            if day and day.year >= YEAR - 1}
    assert 500 < len(data.workers) - len(late) < 6_000


def test_agreements_end_with_the_term() -> None:
    agreements = synthesize("220104", 2027, 1).agreements
    assert agreements is not None
    assert set(agreements.until) == {date(2026, 6, 30), date(2031, 6, 30)}
    before = synthesize("220104", 2020, 1).agreements
    assert before is not None
    assert len(before) == 0


def test_assessments_become_known_after_their_year() -> None:
    assessments = county().assessments
    assert assessments is not None
    assert set(assessments.year) == {YEAR - 3, YEAR - 2, YEAR - 1, YEAR}
    assert (assessments.known_on.year() == assessments.year + 1).all_true()
    assert set(assessments.known_on.month_index() % 12) <= {0, 1}
    days = (assessments.known_on.filled(date(YEAR, 1, 1)).values[assessments.year.values == YEAR - 1])
    assert len(set(days.tolist())) > 20


def test_scores_lie_in_the_band_of_their_grade() -> None:
    assessments = county().assessments
    assert assessments is not None
    bands = FIGURES.spans("score_bands", AssessmentGrade)
    for row in assessments:
        assert row.grade is not None
        band = bands[list(AssessmentGrade).index(row.grade)]
        for part in (row.residents, row.organisation, row.daily, row.annual):
            assert part is not None
            assert band.low <= part <= band.high


def test_incidents_are_of_every_kind_and_outcome() -> None:
    incidents = province().incidents
    assert incidents is not None
    assert set(incidents.established) == {True, False, None}
    assert len(set(incidents.ground)) >= 4
    for row in incidents:
        assert (row.great_loss is not None) == (row.ground is Ground.GRAVE_NEGLECT)
        assert (row.mended is not None) == (row.ground is Ground.AGREEMENT)
        assert (row.still_unfit is not None) == (row.ground is Ground.INCOMPETENCE)
        assert (row.legal_basis is not None) == (row.ground is Ground.OTHER_LAW)


# --- the same for the same


def test_the_same_arguments_give_the_same_data() -> None:
    assert same(county(), synthesize("220104", YEAR, 1))


@pytest.mark.parametrize("place", ["220104", "220122", "220171", "222406"])
def test_a_county_is_the_same_alone_and_within_the_province(place: str) -> None:
    alone, whole = synthesize(place, YEAR, 1), province()
    for name, table in alone.tables():
        within = dict(whole.tables())[name]
        first = next(iter(table.specs))
        column = within.column(first)
        rows = [str(text).removeprefix("S").startswith(place) for text in column]
        assert table.same_as(within.where(np.array(rows, dtype=np.bool_))), name


def test_a_city_has_its_counties_and_zones() -> None:
    found = set(synthesize("2201", YEAR, 1).communities.code.start(6))
    assert found == {row.code for row in FIGURES.counts if row.code.startswith("2201")}


def test_another_seed_gives_other_people() -> None:
    other = synthesize("220104", YEAR, 2)
    assert len(other.communities) == len(county().communities)
    assert not other.workers.birth_date.same_as(county().workers.birth_date)
    assert other.communities.households.to_list() != county().communities.households.to_list()


def test_communities_and_posts_stay_from_year_to_year() -> None:
    other = synthesize("220104", YEAR + 1, 1)
    assert other.communities.households.same_as(county().communities.households)
    assert other.posts.id.same_as(county().posts.id)


@pytest.mark.parametrize("year", [1990, 2019, 2020, 2021, 2025, 2190])
def test_any_year_in_reach_can_be_made(year: int) -> None:
    data = synthesize("220421", year, 1)
    assert (data.workers.worked_since <= data.holdings.since).all_true()
    assert (data.holdings.since <= date(year, 12, 31)).all_true()


@pytest.mark.parametrize("year", [1989, 2191])
def test_a_year_out_of_reach_is_refused(year: int) -> None:
    for make in (synthesize, communities_of):
        with pytest.raises(ValueKindError, match="1990 to 2190"):
            make("220104", year, 1)


# --- places


@pytest.mark.parametrize("place", ["00", "2107", "210702", "2299", "220104001", "220381", "220199"])
def test_a_place_without_figures_is_refused(place: str) -> None:
    with pytest.raises(PlaceNotFoundError, match="no figures are published"):
        synthesize(place, YEAR, 1)


@pytest.mark.parametrize("place", ["", "2", "220", "长春", "220100a"])
def test_what_is_no_code_is_refused(place: str) -> None:
    with pytest.raises(PlaceNotFoundError):
        synthesize(place, YEAR, 1)


def test_an_ended_code_names_its_successor() -> None:
    with pytest.raises(PlaceNotFoundError, match="220184"):
        synthesize("220381", YEAR, 1)


def test_a_fictional_place_brings_its_own_divisions_and_numbers() -> None:
    data = synthesize("2299", YEAR, 1, divisions=fictional(), committees=BAIHUA)
    assert Counter(data.communities.code.start(6)) == BAIHUA
    settings = Counter(
        (code, setting) for code, setting in zip(data.communities.code.start(9), data.communities.setting, strict=True)
    )
    assert settings["229921100", Setting.COUNTY_SEAT] > settings["229921101", Setting.OTHER_TOWN]
    assert settings["229971001", Setting.URBAN] == 5
    in_scope = sum(count for (_, setting), count in settings.items() if setting is not Setting.OTHER_TOWN)
    assert 10 < len(data.posts) / in_scope < 11
    assert same(
        synthesize("229901", YEAR, 1, divisions=fictional(), committees=BAIHUA),
        synthesize("229901", YEAR, 1, divisions=fictional(), committees={"229901": 20}),
    )


def test_committees_of_ones_own_replace_the_published_ones() -> None:
    assert len(synthesize("220104", YEAR, 1, committees={"220104": 60}).communities) == 60
