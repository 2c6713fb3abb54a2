"""Made-up communities and workers for a place of Jilin, from what is published about its counties.

Nobody here exists. Every name says so (合成社区001, 合成人员00012), every worker's id begins with S, and a community's
code is a real subdistrict's or town's with a serial of our own. All figures come from `jilin/figures.toml`, each
with its status; this module holds none.

How it is made:
    Committees by county and zone are as published, 2,271 in all. A county's are split between subdistricts and
    towns by the number of each, so that 1,624 lie under subdistricts, and spread over them by weights. Zones count as
    urban; since their subdistricts are not listed, they get made-up ones (合成街道001), numbered 001 and on under the
    zone's code.
    The town of the county government is not in the list of divisions: the first town by code of a county (县) is
    taken for it. Communities of other towns lie outside the law of posts (JLW2.1) and have none.
    Posts: 18,000 over the province, shared by county as its communities in scope and within it by size. Many
    communities have fewer than 10, as they had: to get posts inside the law's span, give it as `allowed`.

Chance hangs on the seed and on ids (a subdistrict's, a community's, a post's and its n-th holder), so that a county has
the same people alone and within the province. Where `allowed` opens another post, those in the posts before it stay
the same people; only their ids, serials within the county, may move on.
A year is a cross-section: another year is another sample of days around the same communities and posts, not the
same people aged. For years on end there is `simulation/`.

Limitations:
    No gradings: how workers were placed in grades was not published, and a made-up grade would look as if it had
    been. No transfers: nobody holds two posts. Spreads are assumptions almost throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from operator import add
from typing import Final, TypeAlias, TypeVar

import attrs
import numpy as np

from shequ_core.errors import PlaceNotFoundError, ValueKindError, msg
from shequ_core.jilin.divisions import jilin_divisions
from shequ_core.jilin.figures import Figures, jilin_figures
from shequ_core.model.communities import Setting
from shequ_core.model.places import Division, DivisionKind, Divisions, level_of
from shequ_core.model.posts import CertificateLevel, EducationLevel, Employment, PostDuty, Role, Sex
from shequ_core.model.records import AssessmentGrade, Ground
from shequ_core.policy.book import PolicyBook
from shequ_core.population.buildings import made_up_buildings, tables_of
from shequ_core.population.chance import Bools, Chance, Ints, Keys, keys_of, nth_holder
from shequ_core.population.compliance import Asked
from shequ_core.population.duties import with_duties
from shequ_core.tables.buildings import BarrierRows, Buildings
from shequ_core.tables.columns import (
    BoolColumn,
    DateColumn,
    EnumColumn,
    FenColumn,
    IntColumn,
    TextColumn,
    Vocabulary,
    day_number,
)
from shequ_core.tables.dataset import (
    Agreements,
    Assessments,
    Certificates,
    Communities,
    Dataset,
    Educations,
    FormerPays,
    Grids,
    Holdings,
    Incidents,
    Posts,
    Trainings,
    Workers,
)
from shequ_core.values import FEN_PER_YUAN, MONTHS_PER_YEAR, Span

Allowed: TypeAlias = "Span[IntColumn] | Callable[[Communities], Span[IntColumn]]"
"""How many posts each community may have: a row a community, or what works it out from them."""

Records = TypeVar("Records", Educations, Certificates, Assessments, Agreements, Trainings)

_COUNTY: Final = 6
_NEVER: Final = 2**40  # a day beyond every other: "until" of what lasts
_MOST_POSTS: Final = 999  # what a post's id has room for
_EVERY_MONTH: Final = 28  # days that every month has
_ASSESSED_BEFORE: Final = 3  # years before the one asked for whose assessments are made
_TRAINED_BEFORE: Final = 2
_STUDIED_BEFORE: Final = 3
_OLDEST_GRADUATE: Final = 40
_CLASSES: Final = ("principal", "committee", "staff")
_YEARS: Final = Span(1990, 2190)
"""Years for which every date and every assessed year can be written down."""


def synthesize(
    place: str,
    year: int,
    seed: int,
    *,
    allowed: Allowed | None = None,
    buildings: bool = False,
    divisions: Divisions | None = None,
    committees: Mapping[str, int] | None = None,
    posts: Mapping[str, int] | None = None,
    compliant: bool = False,
    book: PolicyBook | None = None,
) -> Dataset:
    """Make up the communities of a place, their posts and the people who hold them in a year.

    The same arguments give the same data, bit for bit; a county is the same alone and within its city or province.

    Args:
        place: A code: 22, a city (2201), a county or a zone (220104).
        year: The year the data is for. Histories reach back before it; assessments cover it and three years before,
            each decided in the first weeks of the following year.
        seed: Any whole number.
        allowed: The least and most posts of each community, from whoever knows the rule; each community of
            the law's scope then gets a number inside it. Without it, the published number of posts is used, which
            leaves many communities below what JLW2.2a asks.
        buildings: Whether to make up the communities' buildings too, and the roads, rivers and railway lines that
            part them (`population/buildings.py`): about 80 a community, which few uses want.
        divisions: Another list of divisions, for a fictional place.
        committees: Committees by county, for a place whose figures are not published.
        posts: Posts by county, for such a place; as many a committee as in Jilin, where they aren't given.
        compliant: Whether to mend what chance makes (`population/compliance.py`) and to write down what else places
            have, buildings among it, until an audit under the book finds nothing on any day of the year. A place that
            only the book knows then needs neither divisions nor committees.
        book: The policies to comply with; those that are installed, where none is given.

    Raises:
        PlaceNotFoundError: No figures are published for the place.
        UnsetError: Nobody set how many posts a community may have, with which the place is to comply.
        ValueKindError: The year is out of reach; or the place can't comply, since its quota has no room for the posts
            that its communities must have, or its grids are smaller than a building.
    """
    _check_year(year)
    chance, figures = Chance(seed), jilin_figures()
    asked: Asked | None = None
    if compliant:
        asked = Asked(PolicyBook.load() if book is None else book, year, figures)
        if not any(row.code.startswith(place) for row in figures.counts):
            divisions = asked.book.divisions if divisions is None else divisions
            committees = _usual_committees(place, divisions, figures) if committees is None else committees
    ground = _ground(place, divisions, committees, posts)
    communities = _communities(ground, year, chance, figures)
    if asked is not None:
        communities = asked.communities(communities)
        allowed = asked.posts if allowed is None else allowed
    built, barriers = _buildings(communities, seed) if buildings or compliant else (None, None)
    opened, staffing = _posts(ground, communities, allowed, chance, figures)
    if asked is not None:
        staffing = attrs.evolve(staffing, steady=asked.steady(opened))
    people = _people(opened, staffing, year, chance, figures)
    made = Dataset(
        communities=communities,
        posts=opened,
        workers=people.workers(),
        holdings=_holdings(people, opened, staffing, chance, figures),
        educations=_educations(people, chance, figures),
        certificates=_certificates(people, chance, figures),
        former_pays=_former_pays(people, chance, figures),
        assessments=_assessments(people, chance, figures),
        agreements=_agreements(people, chance, figures),
        trainings=_trainings(people, staffing, chance, figures),
        incidents=_incidents(people, chance, figures),
        grids=_grids(communities, chance, figures),
        buildings=built,
        barriers=barriers,
    )
    if asked is None:
        return made
    return with_duties(asked.mended(made), year, asked.policies(communities.code), chance, figures)


def communities_of(
    place: str,
    year: int,
    seed: int,
    *,
    divisions: Divisions | None = None,
    committees: Mapping[str, int] | None = None,
) -> Communities:
    """Make up the communities alone, as `synthesize` does: to work out from them what it is to be given.

    Raises:
        PlaceNotFoundError: No figures are published for the place.
        ValueKindError: The year is out of reach.
    """
    _check_year(year)
    return _communities(_ground(place, divisions, committees), year, Chance(seed), jilin_figures())


def _check_year(year: int) -> None:
    if not _YEARS.low <= year <= _YEARS.high:
        raise ValueKindError("year", year, msg("give one from {first} to {last}", first=_YEARS.low, last=_YEARS.high))


# --- the ground: counties, their subdistricts and towns -------------------------------------------


@attrs.frozen(kw_only=True)
class _Township:
    """A subdistrict or town that may have communities."""

    code: str
    name: str


@attrs.frozen(kw_only=True)
class _County:
    """A county or zone, and how many committees lie where; nothing here hangs on the seed."""

    code: str
    subdistricts: Sequence[_Township]
    seat: _Township | None
    towns: Sequence[_Township]
    in_subdistricts: int
    in_seat: int
    in_towns: int

    @property
    def in_scope(self) -> int:
        """Committees that the law of posts reaches (JLW2.1)."""
        return self.in_subdistricts + self.in_seat


@attrs.frozen(kw_only=True)
class _Ground:
    """The counties of a place, in code order, with the published posts of each."""

    counties: Sequence[_County]
    posts: Sequence[int]


def _ground(
    place: str, divisions: Divisions | None, committees: Mapping[str, int] | None,
    given: Mapping[str, int] | None = None,
) -> _Ground:
    level_of(place)
    figures, listed = jilin_figures(), jilin_divisions() if divisions is None else divisions
    counties, posts = _province()
    if divisions is not None or committees is not None:
        usual = Fraction(sum(posts), sum(county.in_scope for county in counties))
        counts = committees if committees is not None else {row.code: row.committees for row in figures.counts}
        counties = [_county(code, counts[code], listed, figures) for code in sorted(counts) if code.startswith(place)]
        posts = [
            _half_up(usual.numerator * county.in_scope, usual.denominator) if given is None else given[county.code]
            for county in counties
        ]
    chosen = [at for at, county in enumerate(counties) if county.code.startswith(place)]
    if not chosen:
        raise _no_figures(place, listed)
    return _Ground(counties=[counties[at] for at in chosen], posts=[posts[at] for at in chosen])


def _usual_committees(place: str, divisions: Divisions, figures: Figures) -> Mapping[str, int]:
    """Return as many committees for each county as are usual for its subdistricts and towns."""
    usual = figures.share("committees_per_subdistrict")
    counts = {}
    for one in divisions:
        if one.kind in {DivisionKind.COUNTY, DivisionKind.ZONE} and one.until is None and one.code.startswith(place):
            below = max(1, len(divisions.children(one.code)))
            counts[one.code] = _half_up(usual.numerator * below, usual.denominator)
    return counts


def _no_figures(place: str, listed: Divisions) -> PlaceNotFoundError:
    """Say that nothing is published; of a code that ended, name its successor."""
    instead: tuple[str, ...] = ()
    if place in listed and (successor := listed.at(place).successor) is not None:
        instead = (listed.at(successor).label,) if successor in listed else (successor,)
    elif len(place) > _COUNTY and place[:_COUNTY] in listed:
        instead = (listed.at(place[:_COUNTY]).label,)
    why = msg(
        "no figures are published from which its people could be made up; they are for 22, its cities and its counties,"
        " and for places that you give divisions and committees for"
    )
    return PlaceNotFoundError(place, instead, why=why)


@lru_cache(maxsize=1)
def _province() -> tuple[Sequence[_County], Sequence[int]]:
    """Every county and zone of Jilin, and how the published posts fall to them."""
    figures, divisions = jilin_figures(), jilin_divisions()
    counties = [_county(row.code, row.committees, divisions, figures) for row in figures.counts]
    return counties, _share_out(figures.whole("posts"), [county.in_scope for county in counties])


def _county(code: str, committees: int, divisions: Divisions, figures: Figures) -> _County:
    on = figures.day("counted_on")
    division = divisions.at(code, on)
    if division.kind is DivisionKind.ZONE:
        return _zone(code, committees, figures)
    below = divisions.children(code, on)
    subdistricts = [_township(one) for one in below if one.kind is DivisionKind.SUBDISTRICT]
    towns = [_township(one) for one in below if one.kind is DivisionKind.TOWN]
    if not subdistricts and not towns:
        return _zone(code, committees, figures)
    weight = figures.share("subdistrict_weight") * len(subdistricts)
    share = weight / (weight + len(towns))
    urban = _half_up(committees * share.numerator, share.denominator)
    has_seat = division.name.endswith("县") and code not in figures.codes("seat_in_subdistricts")
    seat = towns[0] if has_seat and towns else None
    others = towns[1:] if seat else towns
    seat_weight = figures.whole("county_seat_weight")
    in_seat = _half_up((committees - urban) * seat_weight, seat_weight + len(others)) if seat else 0
    return _County(
        code=code,
        subdistricts=subdistricts,
        seat=seat,
        towns=others,
        in_subdistricts=urban,
        in_seat=in_seat,
        in_towns=committees - urban - in_seat,
    )


def _zone(code: str, committees: int, figures: Figures) -> _County:
    """A county or zone of which no subdistrict is listed gets as many made-up ones as is usual."""
    usual = figures.share("committees_per_subdistrict")
    count = max(1, _half_up(committees * usual.denominator, usual.numerator))
    made_up = [_Township(code=f"{code}{at:03d}", name=f"合成街道{at:03d}") for at in range(1, count + 1)]
    return _County(
        code=code, subdistricts=made_up, seat=None, towns=(), in_subdistricts=committees, in_seat=0, in_towns=0
    )


def _township(division: Division) -> _Township:
    return _Township(code=division.code, name=division.name)


# --- communities and grids ------------------------------------------------------------------------


def _communities(ground: _Ground, year: int, chance: Chance, figures: Figures) -> Communities:
    codes: list[str] = []
    names: list[str] = []
    settings: list[Setting] = []
    for township, setting, count in _townships(ground, chance, figures):
        for serial in range(1, count + 1):
            codes.append(f"{township.code}{serial:03d}")
            names.append(f"合成社区{serial:03d}（{township.name}）")
            settings.append(setting)
    code = _texts(codes)
    keys = keys_of(code)
    setting_column = EnumColumn.of(Setting, settings)
    means = np.array([figures.whole(f"households_{setting.value}") for setting in Setting], dtype=np.int64)
    spread = figures.quantiles("households_spread")
    thousandths = chance.by_table(keys, spread, purpose="community: households")
    households = means[setting_column.values] * thousandths // 1000
    hundredths = chance.by_table(keys, figures.quantiles("household_size"), purpose="community: household size")
    return Communities(
        {
            "code": code,
            "name": TextColumn.of(names),
            "setting": setting_column,
            "households": IntColumn(households),
            "residents": IntColumn(households * hundredths // 100),
            "counted_on": DateColumn(np.full(len(codes), day_number(date(year, 1, 1)) - 1, dtype=np.int64)),
        }
    )


def _townships(ground: _Ground, chance: Chance, figures: Figures) -> Iterator[tuple[_Township, Setting, int]]:
    """Every subdistrict and town with its number of communities, in code order."""
    spread, most = figures.quantiles("subdistrict_spread"), figures.whole("most_committees_in_a_subdistrict")

    def shared(total: int, townships: Sequence[_Township]) -> list[int]:
        keys = keys_of([township.code for township in townships])
        weights = chance.by_table(keys, spread, purpose="township: committees").tolist() if townships else []
        return _share_out(total, weights, most)

    for county in ground.counties:
        rows = [
            *zip(county.subdistricts, [Setting.URBAN] * len(county.subdistricts),
                 shared(county.in_subdistricts, county.subdistricts), strict=True),
            *([(county.seat, Setting.COUNTY_SEAT, county.in_seat)] if county.seat else []),
            *zip(county.towns, [Setting.OTHER_TOWN] * len(county.towns),
                 shared(county.in_towns, county.towns), strict=True),
        ]
        yield from sorted(rows, key=lambda row: row[0].code)


def _grids(communities: Communities, chance: Chance, figures: Figures) -> Grids:
    households = communities.households.values
    codes = _list(communities.code)
    per_grid = figures.numbers("households_per_grid")
    sizes = {code[:_COUNTY]: 0 for code in codes}
    for county in sizes:
        best = max((known for known in per_grid if county.startswith(known)), key=len, default=min(per_grid, key=len))
        sizes[county] = per_grid[best]
    size = np.array([sizes[code[:_COUNTY]] for code in codes], dtype=np.int64)
    counts = np.maximum((2 * households + size) // (2 * size), 1)
    of, serial = _numbered(counts)
    keys = nth_holder(keys_of(communities.code)[of], serial)
    weights = chance.by_table(keys, figures.quantiles("grid_spread"), purpose="grid: households")
    # What lies up to the end of each grid, less what lies up to the end of the one before: it adds up exactly.
    upto = np.cumsum(weights)
    first = np.cumsum(counts) - counts
    before_all = upto[first] - weights[first]
    total = np.add.reduceat(weights, first)
    ends = households[of] * (upto - before_all[of]) // total[of]
    starts = np.where(serial == 1, 0, np.concatenate([[0], ends[:-1]]))
    own = chance.happens(keys, figures.share("department_grids"), purpose="grid: drawn by a department")
    return Grids(
        {
            "code": _texts(_with_serial(codes, of, serial, "{:03d}")),
            "community": communities.code.take(of),
            "households": IntColumn(ends - starts),
            "drawn_by": TextColumn(np.zeros(len(of), dtype=np.int64), own, ("合成部门",)),
        }
    )


def _buildings(communities: Communities, seed: int) -> tuple[Buildings, BarrierRows]:
    codes = _list(communities.code)
    return tables_of(codes, made_up_buildings(codes, communities.households.values, seed))


# --- posts ----------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class _Staffing:
    """What each post is in its community: codes of `Role`, the post's key, and whether it is held throughout."""

    role: Ints
    key: Keys
    steady: Bools


def _posts(
    ground: _Ground, communities: Communities, allowed: Allowed | None, chance: Chance, figures: Figures
) -> tuple[Posts, _Staffing]:
    key = keys_of(communities.code)
    counts = (
        _published_posts(ground, communities, figures)
        if allowed is None
        else _allowed_posts(communities, allowed, key, chance)
    )
    of, ordinal = _numbered(counts)
    ids = _texts(_with_serial(_list(communities.code), of, ordinal, "-{:02d}"))

    joint = chance.happens(key, figures.share("secretary_is_director"), purpose="community: secretary is director")
    members = _picked(chance, key, figures.numbers("members"), "community: members")
    role = _roles(ordinal, joint[of], members[of])
    leading = 4 - joint
    dedicated = _picked(chance, key, figures.numbers("party_building_posts"), "community: Party-building posts")
    dedicated = np.clip(counts - leading, 0, dedicated)
    for_party = ordinal > (counts - dedicated)[of]
    posts = Posts(
        {
            "id": ids,
            "community": communities.code.take(of),
            "duty": EnumColumn(
                np.where(for_party, _place(PostDuty.PARTY_BUILDING), _place(PostDuty.GENERAL)), None, PostDuty
            ),
            "opened_on": _no_dates(len(ids)),
            "closed_on": _no_dates(len(ids)),
        }
    )
    return posts, _Staffing(role=role, key=keys_of(ids), steady=np.zeros(len(ids), dtype=np.bool_))


def _roles(ordinal: Ints, joint: Bools, members: Ints) -> Ints:
    """Secretary, director if apart, their deputies, members, staff: in the order of a community's posts."""
    rank = ordinal + np.where(joint & (ordinal > 1), 1, 0)
    order = (Role.SECRETARY, Role.DIRECTOR, Role.DEPUTY_SECRETARY, Role.DEPUTY_DIRECTOR, Role.MEMBER)
    return np.select(
        [rank == 1, rank == 2, rank == 3, rank == 4, rank <= 4 + members],
        [_place(role) for role in order],
        _place(Role.STAFF),
    ).astype(np.int64)


def _published_posts(ground: _Ground, communities: Communities, figures: Figures) -> Ints:
    in_scope = _in_scope(communities)
    weights = np.where(in_scope, communities.households.values + figures.whole("posts_size_free"), 0)
    county = communities.code.start(_COUNTY)
    counts = np.zeros(len(communities), dtype=np.int64)
    for one, total in zip(ground.counties, ground.posts, strict=True):
        rows = np.flatnonzero((county == one.code).true() & in_scope)
        if len(rows):
            counts[rows] = _share_out(total, weights[rows].tolist())
    return counts


def _allowed_posts(communities: Communities, allowed: Allowed, key: Keys, chance: Chance) -> Ints:
    span = allowed if isinstance(allowed, Span) else allowed(communities)
    in_scope = _in_scope(communities)
    if len(span.low) != len(communities) or not (in_scope <= span.low.mask() & span.high.mask()).all():
        raise ValueKindError("allowed", span, msg("it has a known span for each community in scope"))
    low, high = np.where(in_scope, span.low.values, 0), np.where(in_scope, span.high.values, 0)
    if (low < 0).any() or (high < low).any() or (high > _MOST_POSTS).any():
        raise ValueKindError("allowed", span, msg("a span rises within 0 to {most}", most=_MOST_POSTS))
    return low + chance.below(key, high - low + 1, purpose="community: posts inside the span")


def _in_scope(communities: Communities) -> Bools:
    return communities.setting.is_in([Setting.URBAN, Setting.COUNTY_SEAT]).true()


# --- people ---------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class _People:
    """Everybody who holds or held a post, in the order of posts and of holders within one.

    Attributes:
        post: The row of the post.
        nth: Which of its holders: 1 was there on 1 January or left the year before, 2 came in the year.
        since: First day in the post.
        until: Last day, `_NEVER` while it lasts.
        today: 1 January of the year.
    """

    year: int
    today: int
    key: Keys
    ids: Vocabulary
    names: TextColumn
    post: Ints
    nth: Ints
    sex: Ints
    birth: Ints
    worked_since: Ints
    since: Ints
    until: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def worker(self, rows: Ints | Bools) -> TextColumn:
        """The ids of some of them, as a column."""
        return TextColumn(np.arange(len(self), dtype=np.int64)[rows], None, self.ids)

    def workers(self) -> Workers:
        """Everybody as a table."""
        return Workers(
            {
                "id": self.worker(np.arange(len(self), dtype=np.int64)),
                "name": self.names,
                "sex": EnumColumn(self.sex, None, Sex),
                "birth_date": DateColumn(self.birth),
                "worked_since": DateColumn(self.worked_since),
            }
        )


def _people(posts: Posts, staffing: _Staffing, year: int, chance: Chance, figures: Figures) -> _People:
    today = day_number(date(year, 1, 1))
    coming = _turnover(staffing, year, chance, figures)
    post = np.repeat(np.arange(len(posts), dtype=np.int64), 2)
    nth = np.tile(np.array([1, 2], dtype=np.int64), len(posts))
    key = nth_holder(staffing.key[post], nth)
    second = nth == 2
    arrival = np.repeat(coming.second_since, 2)
    until = np.where(second, _NEVER, np.repeat(coming.first_until, 2))

    reference = np.where(second, arrival, today)
    age = np.where(
        second,
        chance.by_table(key, _in_days(figures.quantiles("ages_of_joiners")), purpose="worker: age"),
        chance.by_table(key, _in_days(figures.quantiles("ages")), purpose="worker: age"),
    )
    birth = reference - age
    since, worked_since = _careers(
        key, second, reference=reference, age=age, today=today, chance=chance, figures=figures
    )
    exists = np.stack([coming.first, coming.second], axis=1).ravel()
    rows = np.flatnonzero(exists & (since <= until))

    county = posts.community.start(_COUNTY)
    of = county.values[post[rows]]
    begins = np.flatnonzero(np.diff(of, prepend=-1))
    serial = np.arange(len(rows)) - np.repeat(begins, np.diff(begins, append=len(rows))) + 1
    begin = [f"S{code}" for code in county.vocabulary]
    endings = _endings("{:05d}", serial)
    women = chance.happens(key, figures.share("women"), purpose="worker: sex")
    return _People(
        year=year,
        today=today,
        key=key[rows],
        ids=Vocabulary(_with_serial(begin, of, serial, "-{:05d}")),
        names=TextColumn(serial, None, [f"合成人员{ending}" for ending in endings]),
        post=post[rows],
        nth=nth[rows],
        sex=np.where(women, _place(Sex.FEMALE), _place(Sex.MALE))[rows],
        birth=birth[rows],
        worked_since=worked_since[rows],
        since=since[rows],
        until=until[rows],
    )


@attrs.frozen(kw_only=True)
class _Turnover:
    """For each post: whether there is a first and a second holder, and when they change."""

    first: Bools
    first_until: Ints
    second: Bools
    second_since: Ints


def _turnover(staffing: _Staffing, year: int, chance: Chance, figures: Figures) -> _Turnover:
    key = staffing.key

    def happens(name: str, purpose: str) -> Bools:
        return chance.happens(key, figures.share(name), purpose=purpose, year=year)

    below = staffing.role != _place(Role.SECRETARY)
    vacant = below & ~staffing.steady & happens("vacant_below_the_secretary", "post: vacant on 1 January")
    on_record = vacant & happens("vacant_since_last_year", "post: left last year")
    leaves = ~vacant & ~staffing.steady & happens("leaving", "post: left this year")
    month = chance.below(key, MONTHS_PER_YEAR, purpose="post: month of leaving", year=year)
    gap = figures.span("months_to_refill")
    pause = gap.low + chance.below(key, gap.high - gap.low + 1, purpose="post: months to refill", year=year)
    refilled = leaves & happens("refilled", "post: refilled") & (month + pause < MONTHS_PER_YEAR)
    filled = vacant & happens("vacancies_filled", "post: vacancy filled")
    arrival_month = np.where(
        filled, chance.below(key, MONTHS_PER_YEAR, purpose="post: month of filling", year=year), month + pause
    ) % MONTHS_PER_YEAR

    this, last = _month_starts(year), _month_starts(year - 1)
    within = chance.below(key, _EVERY_MONTH, purpose="post: day within the month", year=year)
    odd = happens("mid_month", "post: mid-month")
    ends = np.where(odd, this[month] + within, this[month + 1] - 1)
    ended = np.where(odd, last[month] + within, last[month + 1] - 1)
    return _Turnover(
        first=~vacant | on_record,
        first_until=np.where(leaves, ends, np.where(on_record, ended, _NEVER)),
        second=refilled | filled,
        second_since=np.where(odd, this[arrival_month] + within, this[arrival_month]),
    )


def _careers(
    key: Keys, second: Bools, *, reference: Ints, age: Ints, today: int, chance: Chance, figures: Figures
) -> tuple[Ints, Ints]:
    """First day in the post, and first day of community work."""
    months = chance.by_table(key, figures.quantiles("months_of_work"), purpose="worker: months of work")
    days = _days_of_months(months) + chance.below(key, _EVERY_MONTH, purpose="worker: day of starting work")
    grown = age - _days_of_years(figures.whole("youngest"))
    started = reference - np.clip(days, 1, np.maximum(grown, 1))
    experienced = chance.happens(key, figures.share("joiners_with_experience"), purpose="worker: has experience")
    worked_since = np.where(second & ~experienced, reference, started)
    moved = chance.by_table(key, figures.quantiles("change_over"), purpose="worker: change-over")
    since = np.where(moved < today, np.maximum(worked_since, moved), worked_since)
    return np.where(second, reference, since), worked_since


def _holdings(people: _People, posts: Posts, staffing: _Staffing, chance: Chance, figures: Figures) -> Holdings:
    role = staffing.role[people.post]
    of_class = np.select(
        [
            np.isin(role, [_place(Role.SECRETARY), _place(Role.DIRECTOR)]),
            np.isin(role, [_place(Role.DEPUTY_SECRETARY), _place(Role.DEPUTY_DIRECTOR), _place(Role.MEMBER)]),
        ],
        [0, 1],
        2,
    ).astype(np.int64)
    late = (people.nth == 2) & chance.happens(people.key, figures.share("known_late"), purpose="holding: known late")
    delay = _drawn(chance, people.key, figures.span("days_until_known"), "holding: days until known")
    footing = chance.choose(people.key, figures.weights("employment", Employment), purpose="holding: employment")
    return Holdings.filled(
        {
            "worker": people.worker(np.arange(len(people), dtype=np.int64)),
            "post": TextColumn(people.post, None, posts.id.vocabulary),
            "post_class": TextColumn(of_class, None, _CLASSES),
            "role": EnumColumn(role, None, Role),
            "employment": EnumColumn(footing, None, Employment),
            "since": DateColumn(people.since),
            "until": DateColumn(people.until, people.until != _NEVER),
            "known_on": DateColumn(people.since + delay, late),
        }
    )


# --- what people bring ----------------------------------------------------------------------------


def _educations(people: _People, chance: Chance, figures: Figures) -> Educations:
    key = people.key
    drawn = np.where(
        people.nth == 2,
        chance.choose(key, figures.weights("education_of_joiners", EducationLevel), purpose="worker: education"),
        chance.choose(key, figures.weights("education", EducationLevel), purpose="worker: education"),
    )
    ages = np.array([figures.numbers("age_at_graduation")[level.value] for level in EducationLevel], dtype=np.int64)
    born, summers = _summers(people.birth)
    # Whoever is too young for a level has the highest that can be had at that age.
    by = np.where(people.nth == 2, people.since, people.today)
    in_time = sum((summers[born + age] <= by for age in ages.tolist()), np.zeros(len(people), dtype=np.int64))
    level = np.minimum(drawn, np.maximum(in_time - 1, 0))
    since = summers[born + ages[level]]

    higher = chance.happens(key, figures.share("further_degrees"), purpose="worker: further degree")
    back = chance.below(key, _STUDIED_BEFORE + 1, purpose="worker: year of further degree")
    last = [day_number(date(people.year - ago, 7, 1)) for ago in range(_STUDIED_BEFORE + 1)]
    summer = np.array(last, dtype=np.int64)[back]
    higher &= (level < len(ages) - 1) & (summer > since + _days_of_years(2))
    rows = np.arange(len(people), dtype=np.int64)
    return _sorted_by_worker(
        Educations.filled(
            {
                "worker": people.worker(np.concatenate([rows, rows[higher]])),
                "level": EnumColumn(np.concatenate([level, level[higher] + 1]), None, EducationLevel),
                "since": DateColumn(np.concatenate([since, summer[higher]])),
                "known_on": _no_dates(len(rows) + int(higher.sum())),
            }
        )
    )


def _summers(birth: Ints) -> tuple[Ints, Ints]:
    """In which year each was born, by its place among years, and 1 July of each year up to the oldest graduate's."""
    years = DateColumn(birth).year().values
    first, last = (int(years.min()), int(years.max())) if len(years) else (0, 0)
    span = range(first, last + _OLDEST_GRADUATE + 1)
    return years - first, np.array([day_number(date(max(year, 1), 7, 1)) for year in span], dtype=np.int64)


def _certificates(people: _People, chance: Chance, figures: Figures) -> Certificates:
    key = people.key
    has = chance.happens(key, figures.share("certified"), purpose="worker: certified")
    level = chance.choose(key, figures.weights("certificate_levels", CertificateLevel), purpose="worker: certificate")
    back = chance.below(key, figures.whole("certificate_years") + 1, purpose="worker: year of certificate")
    day = chance.by_table(key, figures.quantiles("certificate_days"), purpose="worker: day of certificate")
    since = _new_years(people.year, figures.whole("certificate_years"))[back] + day
    has &= since > people.birth + _days_of_years(figures.whole("youngest"))
    # An active person's certificate of this year counts only if it was won while there.
    has &= since <= people.until
    stepwise = chance.happens(key, figures.share("certificates_stepwise"), purpose="worker: earlier certificate")
    earlier = has & stepwise & (level > _place(CertificateLevel.ASSISTANT))
    before = since - _days_of_years(3)
    earlier &= before > people.birth + _days_of_years(figures.whole("youngest"))
    rows = np.arange(len(people), dtype=np.int64)
    return _sorted_by_worker(
        Certificates.filled(
            {
                "worker": people.worker(np.concatenate([rows[earlier], rows[has]])),
                "level": EnumColumn(
                    np.concatenate([np.zeros(int(earlier.sum()), dtype=np.int64), level[has]]), None, CertificateLevel
                ),
                "since": DateColumn(np.concatenate([before[earlier], since[has]])),
                "known_on": _no_dates(int(earlier.sum()) + int(has.sum())),
            }
        )
    )


def _former_pays(people: _People, chance: Chance, figures: Figures) -> FormerPays:
    """What those were paid who were in communities before any of them moved into posts."""
    first_move = figures.quantiles("change_over")[0][1]
    were_there = (people.worked_since < first_move) & (people.today > first_move)
    yuan = chance.by_table(people.key, figures.quantiles("former_monthly_yuan"), purpose="worker: former pay")
    return FormerPays.filled(
        {
            "worker": people.worker(were_there),
            "monthly": FenColumn(yuan[were_there] * FEN_PER_YUAN),
            "known_on": _no_dates(int(were_there.sum())),
        }
    )


# --- what is written down over the years ----------------------------------------------------------


def _assessments(people: _People, chance: Chance, figures: Figures) -> Assessments:
    weak = chance.happens(people.key, figures.share("weak"), purpose="worker: weak")
    usual = figures.weights("grades", AssessmentGrade)
    poor = figures.weights("grades_of_the_weak", AssessmentGrade)
    bands = figures.spans("score_bands", AssessmentGrade)
    lowest = np.array([band.low for band in bands], dtype=np.int64)
    width = np.array([band.high - band.low + 1 for band in bands], dtype=np.int64)
    rows: list[Ints] = []
    years: list[Ints] = []
    grades: list[Ints] = []
    known: list[Ints] = []
    parts: dict[str, list[Ints]] = {"residents": [], "organisation": [], "daily": [], "annual": []}
    for year in range(people.year - _ASSESSED_BEFORE, people.year + 1):
        start, end = day_number(date(year, 7, 1)), day_number(date(year, 12, 31))
        there = (people.worked_since <= start) & (people.until >= end)
        there &= ~chance.happens(people.key, figures.share("not_assessed"), purpose="assessment: none", year=year)
        row = np.flatnonzero(there)
        key = people.key[row]
        grade = np.where(
            weak[row],
            chance.choose(key, poor, purpose="assessment: grade", year=year),
            chance.choose(key, usual, purpose="assessment: grade", year=year),
        )
        days = chance.by_table(key, figures.quantiles("days_until_assessed"), purpose="assessment: decided", year=year)
        rows.append(row)
        years.append(np.full(len(row), year, dtype=np.int64))
        grades.append(grade)
        known.append(end + 1 + days)
        for name, column in parts.items():
            column.append(lowest[grade] + chance.below(key, width[grade], purpose=f"assessment: {name}", year=year))
    return _sorted_by_worker(
        Assessments.filled(
            {
                "worker": people.worker(np.concatenate(rows)),
                "year": IntColumn(np.concatenate(years)),
                "grade": EnumColumn(np.concatenate(grades), None, AssessmentGrade),
                **{name: IntColumn(np.concatenate(column)) for name, column in parts.items()},
                "known_on": DateColumn(np.concatenate(known)),
            }
        )
    )


def _agreements(people: _People, chance: Chance, figures: Figures) -> Agreements:
    """One signing a term of the committees; who comes within a term signs to its end."""
    first, length = figures.day("first_term"), figures.whole("term_years")
    rows: list[Ints] = [np.zeros(0, dtype=np.int64)]
    since: list[Ints] = [np.zeros(0, dtype=np.int64)]
    until: list[Ints] = [np.zeros(0, dtype=np.int64)]
    for term_year in range(first.year, people.year + 1, length):
        begin = day_number(first.replace(year=term_year))
        end = day_number(first.replace(year=term_year + length)) - 1
        there = (people.since <= end) & (people.until >= begin)
        there &= ~chance.happens(
            people.key, figures.share("agreement_missing"), purpose="agreement: missing", year=term_year
        )
        row = np.flatnonzero(there)
        rows.append(row)
        since.append(np.maximum(people.since[row], begin))
        until.append(np.full(len(row), end, dtype=np.int64))
    row = np.concatenate(rows)
    starts = np.concatenate(since)
    early = _drawn(chance, people.key[row], figures.span("days_signed_before"), "agreement: days signed before")
    return _sorted_by_worker(
        Agreements.filled(
            {
                "worker": people.worker(row),
                "signed_on": DateColumn(starts - early),
                "since": DateColumn(starts),
                "until": DateColumn(np.concatenate(until)),
            }
        )
    )


def _trainings(people: _People, staffing: _Staffing, chance: Chance, figures: Figures) -> Trainings:
    chances = figures.shares("training")
    of_group = [chances["principals"], chances["in_turn"], chances["out_of_turn"]]
    leads = np.isin(staffing.role[people.post], [_place(Role.SECRETARY), _place(Role.DIRECTOR)])
    parity = chance.below(people.key, 2, purpose="worker: turn of training")
    rows: list[Ints] = []
    days: list[Ints] = []
    for year in range(people.year - _TRAINED_BEFORE, people.year + 1):
        group = np.where(leads, 0, np.where((year + parity) % 2 == 0, 1, 2))
        trained = chance.happens_by(people.key, of_group, group, purpose="training: done", year=year)
        day = day_number(date(year, 1, 1)) + _drawn(
            chance, people.key, figures.span("training_days"), "training: day", year=year
        )
        row = np.flatnonzero(trained & (people.worked_since <= day) & (day <= people.until))
        rows.append(row)
        days.append(day[row])
    row = np.concatenate(rows)
    return _sorted_by_worker(
        Trainings(
            {
                "worker": people.worker(row),
                "completed_on": DateColumn(np.concatenate(days)),
                "subject": TextColumn.full(len(row), "合成培训班"),
            }
        )
    )


def _incidents(people: _People, chance: Chance, figures: Figures) -> Incidents:
    year = people.year
    begin = np.maximum(people.since, people.today)
    end = np.minimum(people.until, day_number(date(year, 12, 31)))
    happens = chance.happens(people.key, figures.share("incidents"), purpose="incident: any", year=year)
    row = np.flatnonzero(happens & (begin <= end))
    key = people.key[row]
    ground = chance.choose(key, figures.weights("incident_grounds", Ground), purpose="incident: ground", year=year)
    day = begin[row] + chance.below(key, end[row] - begin[row] + 1, purpose="incident: day", year=year)
    finding = figures.numbers("incident_established")
    found = chance.choose(
        key, [finding["yes"], finding["no"], finding["open"]], purpose="incident: established", year=year
    )
    outcome = chance.happens(key, figures.share("incident_outcome"), purpose="incident: outcome", year=year)
    later = day + _drawn(chance, key, figures.span("days_until_known"), "incident: days", year=year)

    def of(one: Ground) -> Bools:
        found_there: Bools = ground == _place(one)
        return found_there

    return Incidents(
        {
            "worker": people.worker(row),
            "ground": EnumColumn(ground, None, Ground),
            "happened_on": DateColumn(day),
            "established": BoolColumn(found == 0, found != 2),
            "great_loss": BoolColumn(outcome, of(Ground.GRAVE_NEGLECT)),
            "told_on": DateColumn(later, of(Ground.AGREEMENT)),
            "mended": BoolColumn(outcome, of(Ground.AGREEMENT)),
            "helped_on": DateColumn(later, of(Ground.INCOMPETENCE)),
            "still_unfit": BoolColumn(outcome, of(Ground.INCOMPETENCE)),
            "legal_basis": TextColumn(np.zeros(len(row), dtype=np.int64), of(Ground.OTHER_LAW), ("合成依据",)),
            "known_on": DateColumn(later),
        }
    )


# --- small tools ----------------------------------------------------------------------------------


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _share_out(total: int, weights: Sequence[int], most: int | None = None) -> list[int]:
    """Divide a total by weights, largest remainder first, the earlier of two alike; `most` caps each if it can.

    Weights that are all zero count as equal.
    """
    if not weights:
        return []
    used = list(weights) if sum(weights) else [1] * len(weights)
    if most is not None and total > most * sum(1 for weight in used if weight):
        used = [weight or 1 for weight in used]
    if most is not None and total > most * len(used):
        most = None
    shares = [0] * len(used)
    open_rows = list(range(len(used)))
    left = total
    while True:
        whole = sum(used[row] for row in open_rows)
        for row in open_rows:
            shares[row] = left * used[row] // whole
        rest = left - sum(shares[row] for row in open_rows)
        ranked = sorted(open_rows, key=lambda row: (-(left * used[row] % whole), row))
        for row in ranked[:rest]:
            shares[row] += 1
        over = [row for row in open_rows if most is not None and shares[row] > most]
        if most is None or not over:
            return shares
        for row in over:
            shares[row] = most
        left -= most * len(over)
        open_rows = [row for row in open_rows if row not in over]


def _numbered(counts: Ints) -> tuple[Ints, Ints]:
    """For so many things in each row: the row of each thing, and its number in it from 1."""
    of = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    first = np.cumsum(counts) - counts
    return of, np.arange(len(of), dtype=np.int64) - first[of] + 1


def _with_serial(codes: Sequence[str], of: Ints, serial: Ints, form: str) -> list[str]:
    """The ids of numbered things: the code of what each belongs to, and its number."""
    endings = _endings(form, serial)
    return list(map(add, map(codes.__getitem__, of.tolist()), map(endings.__getitem__, serial.tolist())))


def _endings(form: str, serial: Ints) -> list[str]:
    """How each number up to the largest is written."""
    return [form.format(number) for number in range(int(serial.max(initial=0)) + 1)]


def _picked(chance: Chance, keys: Keys, weights: Mapping[str, int], purpose: str) -> Ints:
    """One of the whole numbers that are the names of the weights."""
    numbers = np.array([int(name) for name in weights], dtype=np.int64)
    return numbers[chance.choose(keys, list(weights.values()), purpose=purpose)]


def _drawn(chance: Chance, keys: Keys, span: Span[int], purpose: str, year: int = 0) -> Ints:
    """A whole number of a span, each as likely."""
    return span.low + chance.below(keys, span.high - span.low + 1, purpose=purpose, year=year)


def _place(member: Enum) -> int:
    """A member's place in its enum: what an `EnumColumn` holds."""
    return list(type(member)).index(member)


def _texts(texts: Sequence[str]) -> TextColumn:
    """A column of texts that are all different."""
    return TextColumn(np.arange(len(texts), dtype=np.int64), None, texts)


def _list(column: TextColumn) -> list[str]:
    return [column.vocabulary[at] for at in column.values.tolist()]


def _no_dates(rows: int) -> DateColumn:
    return DateColumn(np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_))


def _sorted_by_worker(table: Records) -> Records:
    """The table by worker, and for each in the order in which it was written."""
    return table.take(np.argsort(table.worker.values, kind="stable"))


def _month_starts(year: int) -> Ints:
    """The first day of each month of a year, and of the next January."""
    months = [*(date(year, month, 1) for month in range(1, MONTHS_PER_YEAR + 1)), date(year + 1, 1, 1)]
    return np.array([day_number(day) for day in months], dtype=np.int64)


def _new_years(year: int, back: int) -> Ints:
    """New Year's Day of a year and of so many before it, the latest first."""
    return np.array([day_number(date(year - ago, 1, 1)) for ago in range(back + 1)], dtype=np.int64)


def _in_days(years: Sequence[tuple[Fraction, int]]) -> Sequence[tuple[Fraction, int]]:
    return [(share, _days_of_years(value)) for share, value in years]


def _days_of_years(years: int) -> int:
    """The days of so many years, leap days by the Julian rule: near enough for what is made up."""
    return years * 1461 // 4


def _days_of_months(months: Ints) -> Ints:
    return months * 1461 // 48
