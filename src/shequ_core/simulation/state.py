"""The posts of some counties and who holds them, stacked for several seeds: what a simulated year changes.

A row is a post in one replicate (seed). Rows stand in the order of seed, subdistrict and post, so that what a
subdistrict, a community or a county comes to is a sum of neighbours.

Readings:
    Everything counts in whole months. Who is there on 1 January is there from the start. A month in which somebody
    came counts from the next; a certificate, a degree likewise; somebody is born, and began to work, on the
    first of the month. Who held several posts before counts as having been in post since the first day in any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final, Self

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.audit.standing import last_trained
from shequ_core.errors import InputError, msg
from shequ_core.model.communities import Setting
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.model.posts import Employment, PostDuty, Role
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.law import Law
from shequ_core.policy.staffing import CLASS_OF_ROLE
from shequ_core.population.chance import Chance, Keys, keys_of, nth_holder
from shequ_core.simulation.months import EVER, NEVER, Months, Whole, january, month_from, month_within
from shequ_core.simulation.reserve import PLANNED, with_reserve
from shequ_core.tables.columns import Bools, EnumColumn, IntColumn, Ints, TextColumn, Vocabulary, day_number
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.dated import as_known_dataset
from shequ_core.tables.in_post import Roster, fault, places_in, roster_of
from shequ_core.tables.spells import ALWAYS, first_days, last_days
from shequ_core.year.records import Records, records_of

Codes = npt.NDArray[np.int8]

LIVES: Final = Chance(0)
"""All luck of all seeds: a seed is part of whose luck it is."""
TO_COME: Final = 0
"""A post that may open; `OPEN` one that is there, `CLOSED` one that was."""
OPEN: Final = 1
CLOSED: Final = 2
NONE: Final = -1
"""The place in an enum of what somebody hasn't got."""
_FIRST: Final = 1
_NO_PAY: Final = -1


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Layout:
    """The posts that are simulated, the same in every replicate.

    Attributes:
        seeds: The replicates.
        posts: Their ids, sorted: so those of a subdistrict, a community and a county stand together.
        key: The key of each post's luck.
        community: The place of each post's community in `communities`.
        subdistrict_of: The place of each community's subdistrict; `county_of` of each subdistrict's county.
        number: The number of each post within its community, from 1, those that may open last.
        duty: What each post is for.
        classes: The classes of post.
    """

    seeds: tuple[int, ...]
    posts: Vocabulary
    key: Keys
    community: Ints
    communities: tuple[str, ...]
    names: tuple[str, ...]
    setting: EnumColumn[Setting]
    households: IntColumn
    residents: IntColumn
    grids: IntColumn
    subdistricts: tuple[str, ...]
    subdistrict_of: Ints
    counties: tuple[str, ...]
    county_of: Ints
    number: Ints
    duty: EnumColumn[PostDuty]
    classes: Vocabulary

    def __len__(self) -> int:
        return len(self.posts) * len(self.seeds)

    @cached_property
    def starts(self) -> Ints:
        """The first row of each subdistrict of each seed."""
        of = self.subdistrict_of[self.community]
        first = np.flatnonzero(np.diff(of, prepend=-1))
        return (np.arange(len(self.seeds))[:, None] * len(self.posts) + first).ravel()

    @cached_property
    def group_subdistrict(self) -> Ints:
        """The subdistrict of each group of `starts`."""
        return np.tile(np.unique(self.subdistrict_of[self.community]), len(self.seeds))

    @cached_property
    def group_cell(self) -> Ints:
        """The cell of each group of `starts`: seed x counties + county."""
        seeds = np.repeat(np.arange(len(self.seeds)), len(self.starts) // max(len(self.seeds), 1))
        return seeds * len(self.counties) + self.county_of[self.group_subdistrict]

    @cached_property
    def group_of(self) -> npt.NDArray[np.int32]:
        """The group of each row."""
        return np.repeat(
            np.arange(len(self.starts), dtype=np.int32), np.diff(self.starts, append=len(self))
        )

    @cached_property
    def row_community(self) -> npt.NDArray[np.int32]:
        """The community of each row: seed x communities + community."""
        seeds = np.arange(len(self.seeds), dtype=np.int32) * len(self.communities)
        return (seeds[:, None] + self.community.astype(np.int32)).ravel()

    @cached_property
    def community_cell(self) -> Ints:
        """The cell of each community of each seed."""
        seeds = np.arange(len(self.seeds))[:, None] * len(self.counties)
        return (seeds + self.county_of[self.subdistrict_of]).ravel()

    @cached_property
    def cell_starts(self) -> Ints:
        """The first community of each cell that has any."""
        return np.flatnonzero(np.diff(self.community_cell, prepend=-1))

    @cached_property
    def community_starts(self) -> Ints:
        """The first row of each community of each seed that has posts."""
        return np.flatnonzero(np.diff(self.row_community, prepend=-1))

    def communities_between(self, begin: int, end: int) -> tuple[Ints, Ints]:
        """Return the first row of each community among some rows of whole communities, and which it is."""
        starts = self.community_starts
        first, last = np.searchsorted(starts, (begin, end))
        return starts[first:last] - begin, self.row_community[starts[first:last]].astype(np.int64)

    @cached_property
    def row_setting(self) -> Codes:
        """The place of the setting of each row's community in the enum from 1, 0 where nobody knows."""
        of = np.where(self.setting.mask(), self.setting.values + 1, 0).astype(np.int8)
        return np.tile(of[self.community], len(self.seeds))

    @property
    def cells(self) -> int:
        """How many pairs of seed and county there are."""
        return len(self.seeds) * len(self.counties)

    def tiled(self, per_post: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """Return each row what its post has."""
        return np.tile(per_post, len(self.seeds))

    def life(self, rows: Ints, nth: Ints) -> Keys:
        """Return the key of the n-th holder of each row's post in its replicate: whose luck it is."""
        seed = np.array(self.seeds, dtype=np.int64)[rows // max(len(self.posts), 1)]
        return nth_holder(nth_holder(self.key[rows % max(len(self.posts), 1)], nth), seed)


@attrs.frozen(kw_only=True, eq=False)
class People:
    """Who holds each post, one row a post in a replicate; of a vacant one nothing but `nth` means anything.

    A year's step changes the columns in place.

    Attributes:
        nth: Which holder it is, or was; 0 where nobody ever held the post.
        key: Whose luck it is.
        opened: Whether the post is there: `OPEN`, `TO_COME` or `CLOSED`.
        held: Whether somebody holds the post.
        role: Places in the enum, and so sex, employment, education, certificate and the assessments.
        post_class: The place among the layout's classes.
        birth: Months; and so the first month of work, in post, and in this class of post.
        educated: From which month on each level of education is there, a row a level; certified likewise.
        history: The assessment of each year, a row a year from `Start.first_year`.
        latest: The last assessment that has been decided.
        failed: How many years were unqualified.
        plain: The grade that years and steps have given, without what education and certificate move.
        ahead: By how many grades it stands above what years alone give; see `rules.pay.lead`.
        graded_from: The month from which a grade that was given holds; `EVER` where none was.
        given: That grade.
        former: Pay before the change-over in fen; -1 where it isn't known.
        trained: The year of the last training; 0 for none.
        exit_month: The month in which the exit age is reached.
        probation: The first month off probation; `EVER` for who isn't, or never was, on it.
    """

    nth: npt.NDArray[np.int16]
    key: Keys
    opened: Codes
    held: Bools
    role: Codes
    post_class: Codes
    sex: Codes
    employment: Codes
    birth: Months
    worked: Months
    entry: Months
    since: Months
    educated: Months
    certified: Months
    education: Codes
    certificate: Codes
    history: Codes
    latest: Codes
    failed: npt.NDArray[np.int16]
    plain: Codes
    ahead: Codes
    given: Codes
    graded_from: Months
    former: Ints
    trained: npt.NDArray[np.int16]
    exit_month: Months
    probation: Months

    def __len__(self) -> int:
        return len(self.nth)

    def part(self, begin: int, end: int) -> Self:
        """Return some rows as views of the same memory."""
        return type(self)(**{name: getattr(self, name)[..., begin:end] for name in _FIELDS})

    def take(self, rows: Ints) -> Self:
        """Return copies of some rows."""
        return type(self)(**{name: getattr(self, name)[..., rows] for name in _FIELDS})

    def put(self, rows: Ints, others: People) -> None:
        """Let others hold some posts from now on: their columns take the place of those there."""
        for name in _FIELDS:
            getattr(self, name)[..., rows] = getattr(others, name)

    def stacked(self, times: int) -> Self:
        """Return the rows so many times under each other."""
        return type(self)(
            **{name: np.concatenate([getattr(self, name)] * times, axis=-1) for name in _FIELDS}
        )

    def level(self, since: Months, month: int) -> Codes:
        """Return the highest level that each has in a month, by a table of months, `NONE` for none."""
        found = np.full(since.shape[1], NONE, dtype=np.int8)
        for at in range(len(since)):
            found[since[at] <= month] = at
        return found


_FIELDS: Final = tuple(field.name for field in attrs.fields(People))


@attrs.frozen(kw_only=True, eq=False)
class State:
    """Everybody at the turn of a year.

    Attributes:
        first_year: The year of the first row of `people.history`.
        year: The year that comes next.
    """

    layout: Layout
    people: People
    first_year: int
    year: int

    def stacked(self, seeds: Sequence[int]) -> State:
        """Return the same posts and people once for each seed."""
        layout = attrs.evolve(self.layout, seeds=tuple(seeds))
        return attrs.evolve(self, layout=layout, people=_with_luck(self.people.stacked(len(seeds)), layout))


@attrs.frozen(kw_only=True, eq=False)
class Start:
    """The tables of a place on the first day, ready to be laid out, some counties at a time.

    What they say of that day and later (who leaves in the year, its assessments) is left out: the simulation tells it.
    """

    data: Dataset
    law: Law
    today: date
    holders: Roster
    records: Records
    trained: IntColumn

    @classmethod
    def of(cls, data: Dataset, law: Law, year: int) -> Self:
        """Look everything up that is asked of everybody.

        Args:
            data: The tables of the place; rows in any order.
            law: The policies.
            year: The first year that is simulated.

        Raises:
            InputError: Of somebody in post the sex, the day of birth, the role or the footing is missing, without
                which nothing can be told: every one of them, by file, row and column.
        """
        data, holders = known_holders(data, year)
        today = date(year, 1, 1)
        eve = today - timedelta(days=1)
        return cls(
            data=data, law=law, today=today, holders=holders, records=records_of(data, law, None, eve),
            trained=last_trained(data, eve),
        )

    def state(self, counties: Sequence[str], *, until: int, reserve: int = 0) -> State:
        """Lay out the posts of some counties and who holds them, once: `State.stacked` does it for seeds.

        Args:
            counties: Their codes.
            until: The last year that is simulated.
            reserve: How many posts may open in a community.
        """
        data = with_reserve(self.data, reserve, counties)
        layout, rows = _layout(data, self.law, self.today, counties)
        at = _place_of(self.holders.post, data, rows)
        inside = np.flatnonzero(at >= 0)
        people, first_year = _people(self, layout, self.holders.take(inside), at[inside], until)
        people.opened[(data.posts.opened_on.take(rows) == PLANNED).true()] = TO_COME
        return State(layout=layout, people=people, first_year=first_year, year=self.today.year)


def known_holders(data: Dataset, year: int) -> tuple[Dataset, Roster]:
    """Return the facts that count as known, and who is in post on the first day of a year.

    Raises:
        InputError: As for `Start.of`.
    """
    data = as_known_dataset(data, None)
    holders = roster_of(data).on(date(year, 1, 1))
    # Of two in one post the later one counts.
    holders = holders.take(np.argsort(holders.since.values, kind="stable"))
    _refuse_unknown(data, holders)
    return data, holders


@attrs.frozen(kw_only=True, eq=False)
class Streamed:
    """A start of which no more is held than the counties that are asked for.

    Attributes:
        people: Gives the tables of some counties.
        year: The first year that is simulated.
    """

    people: Callable[[Sequence[str]], Dataset]
    law: Law
    year: int

    def state(self, counties: Sequence[str], *, until: int, reserve: int = 0) -> State:
        """Lay out the posts of some counties; as for `Start.state`."""
        return Start.of(self.people(counties), self.law, self.year).state(counties, until=until, reserve=reserve)


def _layout(data: Dataset, law: Law, today: date, counties: Sequence[str]) -> tuple[Layout, Ints]:
    posts, number = data.posts, day_number(today)
    there = (first_days(posts.opened_on) <= number) & (last_days(posts.closed_on) >= number)
    planned = (posts.opened_on == PLANNED).true()
    there |= planned
    there &= posts.community.start(COUNTY_DIGITS).is_in(counties).true()
    rows = np.flatnonzero(there)
    rows = rows[np.argsort(posts.id.rank()[rows], kind="stable")]
    ids = posts.id.take(rows)
    table = data.communities
    inside = np.flatnonzero(table.code.start(COUNTY_DIGITS).is_in(counties).true())
    inside = inside[np.argsort(table.code.rank()[inside], kind="stable")]
    some = table.take(inside)
    codes = tuple(one for one in some.code.to_list() if one is not None)
    subdistricts = tuple(dict.fromkeys(code[:TOWNSHIP_DIGITS] for code in codes))
    within = tuple(sorted(counties))
    place = np.full(len(table), -1, dtype=np.int64)
    place[inside] = np.arange(len(inside))
    return (
        Layout(
            seeds=(0,),
            posts=_texts(ids),
            key=keys_of(ids),
            community=place[places_in(posts.community, table.code)[rows]],
            communities=codes,
            names=tuple(one or "" for one in some.name.to_list()),
            setting=some.setting,
            households=some.households,
            residents=some.residents,
            grids=_grids(data, some.code),
            subdistricts=subdistricts,
            subdistrict_of=_places([code[:TOWNSHIP_DIGITS] for code in codes], subdistricts),
            counties=within,
            county_of=_places([code[:COUNTY_DIGITS] for code in subdistricts], within),
            number=_numbers(posts.community.values[rows], planned[rows]),
            duty=posts.duty.take(rows),
            classes=Vocabulary(_classes(data, law, today, within)),
        ),
        rows,
    )


def _numbers(community: Ints, planned: Bools) -> Ints:
    """Return the number of each post within its community, in their order, those that are planned last."""
    order = np.lexsort((planned, community))
    first = np.flatnonzero(np.diff(community[order], prepend=-1))
    number = np.zeros(len(community), dtype=np.int64)
    number[order] = np.arange(len(order)) - np.repeat(first, np.diff(first, append=len(order))) + 1
    return number


def _texts(ids: TextColumn) -> Vocabulary:
    """Return the texts of rows that are all different: the same vocabulary again where it has no others."""
    codes, texts = ids.values, ids.vocabulary
    if len(codes) == len(texts) and (codes == np.arange(len(codes))).all():
        return texts
    return Vocabulary(texts[code] for code in codes.tolist())


def _grids(data: Dataset, codes: TextColumn) -> IntColumn:
    """Return how many grids are drawn in each community; unknown where there is no table of them."""
    if data.grids is None:
        return IntColumn.of([None] * len(codes))
    at = places_in(data.grids.community, codes)
    return IntColumn(np.bincount(at[at >= 0], minlength=len(codes)).astype(np.int64))


def _places(texts: Sequence[str], among: Sequence[str]) -> Ints:
    index = {text: place for place, text in enumerate(among)}
    return np.array([index[text] for text in texts], dtype=np.int64)


def _classes(data: Dataset, law: Law, today: date, counties: Sequence[str]) -> list[str]:
    named = {code: law.policy(code, today).get(CLASS_OF_ROLE) for code in counties}
    used = np.unique(data.holdings.post_class.values).tolist()
    held = {data.holdings.post_class.vocabulary[code] for code in used}
    return sorted(held.union(*(set(one.values()) for one in named.values() if one is not None)))


def _place_of(post: TextColumn, data: Dataset, rows: Ints) -> Ints:
    place = np.full(len(data.posts) + 1, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    return place[places_in(post, data.posts.id)]


def _refuse_unknown(data: Dataset, holders: Roster) -> None:
    told = msg("the simulation can't do without it: fill it in")
    faults = []
    for table, column, at in (
        (data.workers, data.workers.sex, holders.person),
        (data.workers, data.workers.birth_date, holders.person),
        (data.holdings, data.holdings.role, holders.row),
        (data.holdings, data.holdings.employment, holders.row),
    ):
        if column.known is not None:
            name = next(one for one in table.specs if table.column(one) is column)
            faults += [fault(table, row, name, told) for row in np.unique(at[~column.known[at]]).tolist()]
    if faults:
        raise InputError(faults)


def _people(begun: Start, layout: Layout, holders: Roster, at: Ints, until: int) -> tuple[People, int]:
    data, law, today, records = begun.data, begun.law, begun.today, begun.records
    posts, now, number = len(layout.posts), january(today.year), day_number(today)
    person = holders.person
    history = records.history.until(today.year - 1)
    first_year = min(history.years.start, today.year - 1) if len(history.years) else today.year - 1
    codes = np.full((until - first_year + 1, posts), NONE, dtype=np.int8)
    for column, of in enumerate(history.years):
        codes[of - first_year, at] = history.codes[person, column]

    def filled(values: Whole, empty: int, kind: Any) -> npt.NDArray[Any]:  # Any: of the width that the column has
        column = np.full(posts, empty, dtype=kind)
        column[at] = values
        return column

    def by_level(since: Ints) -> Months:
        found = np.full((since.shape[1], posts), NEVER, dtype=np.int16)
        for level, days in enumerate(since.T):
            # What was won after today isn't there yet: the simulation tells what is.
            theirs = days[person]
            found[level, at] = np.where(theirs <= number, month_from(theirs), NEVER)
        return found

    worked, workers = data.workers.worked_since.take(person), data.workers
    entry = month_from(records.entry(person).values)
    began = np.where(worked.mask(), month_within(worked.filled(today).values), entry)
    class_since = records.in_class_since.take(holders.row)
    given, given_on = records.graded(person, class_since.fill(today))
    graded = (given_on >= class_since).true()
    since = np.minimum(month_from(class_since.values), now)
    probation = month_from(np.where(holders.probation_until.mask(), holders.probation_until.values + 1, ALWAYS))
    # Who had never worked before came so to a whole month, too: it is what probation asks.
    fresh = (probation > now) & worked.mask() & (worked.values >= holders.since.values)
    began = np.where(fresh, since, began)
    former = records.former_pay.take(person)
    trained = begun.trained.take(person)
    roles = _roles(layout, holders, at)
    held = np.zeros(posts, dtype=np.bool_)
    held[at] = True
    classes = TextColumn(np.zeros(0, np.int64), None, layout.classes)
    latest = np.full(posts, NONE, dtype=np.int8)
    for row in codes[: today.year - 1 - first_year]:
        latest = np.where(row != NONE, row, latest)
    people = People(
        nth=filled(np.full(len(at), _FIRST), 0, np.int16),
        key=np.zeros(posts, dtype=np.uint64),
        opened=np.full(posts, OPEN, dtype=np.int8),
        held=held,
        role=roles,
        post_class=_post_classes(layout, law, today, roles, at, holders.post_class.codes_in(classes)),
        sex=filled(workers.sex.take(person).values, 0, np.int8),
        employment=filled(holders.employment.values, list(Employment).index(Employment.FULL_TIME), np.int8),
        birth=filled(month_within(workers.birth_date.take(person).values), now, np.int16),
        worked=filled(np.minimum(began, now), now, np.int16),
        entry=filled(np.minimum(entry, now), now, np.int16),
        since=filled(since, now, np.int16),
        educated=by_level(records.educated),
        certified=by_level(records.certified),
        education=np.zeros(posts, dtype=np.int8),
        certificate=np.zeros(posts, dtype=np.int8),
        history=codes,
        latest=latest.astype(np.int8),
        failed=(codes == list(AssessmentGrade).index(AssessmentGrade.UNQUALIFIED)).sum(axis=0).astype(np.int16),
        plain=np.zeros(posts, dtype=np.int8),
        ahead=np.zeros(posts, dtype=np.int8),
        given=filled(np.where(graded, given.values, 0), 0, np.int8),
        graded_from=filled(np.where(graded, month_from(given_on.values), EVER), EVER, np.int16),
        former=filled(np.where(former.mask(), former.values, _NO_PAY), _NO_PAY, np.int64),
        trained=filled(trained.filled(0).values, 0, np.int16),
        exit_month=np.full(posts, NEVER, dtype=np.int16),
        probation=filled(probation, EVER, np.int16),
    )
    people.education[:] = people.level(people.educated, now)
    people.certificate[:] = people.level(people.certified, now)
    return people, first_year


def _roles(layout: Layout, holders: Roster, at: Ints) -> Codes:
    """Return the role of each post: that of its holder; who comes into a vacant one is of the staff."""
    roles = np.full(len(layout.posts), list(Role).index(Role.STAFF), dtype=np.int8)
    roles[at] = holders.role.values
    return roles


def _post_classes(layout: Layout, law: Law, today: date, roles: Codes, at: Ints, held: Ints) -> Codes:
    classes = np.full(len(layout.posts), NONE, dtype=np.int64)
    classes[at] = held
    vacant = np.flatnonzero(classes == NONE)
    county = layout.county_of[layout.subdistrict_of[layout.community[vacant]]]
    index = layout.classes.places()
    staff = np.bincount(held, minlength=len(layout.classes)).argmax() if len(held) else 0
    named = [law.policy(code, today).get(CLASS_OF_ROLE) for code in layout.counties]
    of_role = np.array([[staff if one is None else index[one[role]] for role in Role] for one in named])
    classes[vacant] = of_role[county, roles[vacant]]
    return classes.astype(np.int8)


def _with_luck(people: People, layout: Layout) -> People:
    rows = np.arange(len(layout))
    people.key[:] = layout.life(rows, people.nth.astype(np.int64))
    return people

