"""What the policies of places ask of made-up facts, so that an audit finds nothing on any day of the year.

Chance makes a place as places are: too few posts, people past the exit age, trainings that are due. Here that is
mended, and only that, by the rules themselves and the values in force; no figure of the law stands here. What places
have to arrange beside it is written down in `duties.py`.

How it is mended:
    Communities get as many households more as their grids need (JLG2.3.2a), grids and their buildings are cut anew.
    Posts lie inside the norm and the quota (JLW2.2); the last ones are for Party building.
    Who would reach the exit age in the year is younger (JLW2.10h); who came by open recruitment has age and education
    for it (JLW2.3b). Nobody is unqualified, nothing that was reported of anybody is established.
    Everybody in post signed for the committees' term (JLW2.5c), and was trained on the year's first day, or on the
    first in post: so no day of the year finds a training outstanding (JLW2.7a).

Limitations:
    A value that nobody set asks for nothing. Where values change within the year, agreements, exits and ages follow
    each of them, and all else those of its last day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, TypeVar

import attrs
import numpy as np

from shequ_core.errors import ValueKindError, msg
from shequ_core.jilin.figures import Figures
from shequ_core.jilin.register import document
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.model.posts import CertificateLevel, EducationLevel, PostDuty, Role
from shequ_core.model.records import AssessmentGrade
from shequ_core.model.staff import GridDuty
from shequ_core.policy.agreements import FIRST_DAY, SINCE_ELECTION_OF, TERM
from shequ_core.policy.assessment import SCHEME
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.exits import AGE
from shequ_core.policy.grids import AUXILIARY_POLICE, HOUSEHOLDS, WORKERS
from shequ_core.policy.law import Law
from shequ_core.policy.parameters import Parameter
from shequ_core.policy.policy import Policy
from shequ_core.policy.recruitment import MAX_AGE, MIN_AGE, MIN_EDUCATION
from shequ_core.policy.staffing import EMPLOYMENTS, PARTY_POSTS, QUOTA, SETTINGS
from shequ_core.policy.targets import CERTIFIED_LEVEL, CERTIFIED_WORKERS
from shequ_core.population.buildings import scaled
from shequ_core.rules import agreements, exits, staffing
from shequ_core.rules import grids as grid_rules
from shequ_core.rules.recruitment import by_open_recruitment
from shequ_core.tables.buildings import Buildings, EarlierGrids
from shequ_core.tables.columns import (
    BoolColumn,
    Bools,
    DateColumn,
    EnumColumn,
    IntColumn,
    Ints,
    TextColumn,
    day_number,
)
from shequ_core.tables.dataset import (
    Agreements,
    Assessments,
    Certificates,
    Communities,
    Dataset,
    Educations,
    Grids,
    Holdings,
    Posts,
    Trainings,
)
from shequ_core.tables.history import highest
from shequ_core.tables.in_post import places_in
from shequ_core.tables.spells import last_days
from shequ_core.tables.staff import GridMembers
from shequ_core.tables.table import Table
from shequ_core.values import MONTHS_PER_YEAR, POINT, Span

Records = TypeVar("Records", Agreements, Certificates, Educations, Trainings)

_LATEST_DAY: Final = 28  # a day that every month of every year has
_BEST: Final = 100  # points


@attrs.frozen(eq=False)
class Asked:
    """What the policies of places ask in a year."""

    book: PolicyBook
    year: int
    figures: Figures

    @property
    def first(self) -> date:
        """The year's first day."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """The year's last day."""
        return date(self.year, MONTHS_PER_YEAR, 31)

    def _law(self) -> Law:
        return Law(self.book, None, self.last)

    def _groups(self, places: TextColumn, day: date | None = None) -> Iterator[tuple[Policy, Ints]]:
        """Yield each policy with the rows that live under it on a day, the year's last where none is named."""
        yield from self._law().groups(places.start(COUNTY_DIGITS), day or self.last) if len(places) else ()

    def policies(self, communities: TextColumn) -> Sequence[tuple[Policy, Ints]]:
        """Return each policy with the communities that live under it on the year's last day."""
        return tuple(self._groups(communities))

    # --- communities and posts ------------------------------------------------------------------------

    def communities(self, made: Communities) -> Communities:
        """Return communities whose households can be divided into grids: the same, or a few more."""
        before = made.households.values
        households = before.copy()
        for policy, rows in self._groups(made.code):
            if HOUSEHOLDS in policy:
                fewest = grid_rules.possible_grids(IntColumn(before[rows]), policy).low.values
                households[rows] = np.maximum(before[rows], np.maximum(fewest, 1) * policy[HOUSEHOLDS].low)
        residents = made.residents.values * households // np.maximum(before, 1)
        return made.with_columns(households=IntColumn(households), residents=IntColumn(residents))

    def posts(self, communities: Communities) -> Span[IntColumn]:
        """Return how many posts each community may have, so that no county's quota is exceeded.

        Raises:
            UnsetError: A value without which nobody can say is not set.
            ValueKindError: The quota has no room for the fewest posts that communities must have.
        """
        low, high = (np.zeros(len(communities), dtype=np.int64) for _ in range(2))
        for policy, rows in self._groups(communities.code):
            some = communities.take(rows)
            allowed = staffing.allowed_posts(some.households, some.residents, policy)
            settings = policy[SETTINGS]
            there = some.setting.is_in(settings).true()
            low[rows], high[rows] = allowed.low.values * there, allowed.high.values * there
        county = communities.code.start(COUNTY_DIGITS)
        for code in county.vocabulary:
            policy, rows = self._law().policy(code, self.last), np.flatnonzero((county == code).true())
            least, over = int(low[rows].sum()), high[rows] - low[rows]
            if QUOTA not in policy or least + int(over.sum()) <= policy[QUOTA]:
                continue
            if least > policy[QUOTA]:
                problem = msg("the communities of {county} must have {least} posts together", county=code, least=least)
                raise ValueKindError(QUOTA.name, policy[QUOTA], problem)
            high[rows] = low[rows] + over * (policy[QUOTA] - least) // over.sum()
        return Span(IntColumn(low), IntColumn(high))

    def steady(self, posts: Posts) -> Bools:
        """Return which posts are held throughout the year: as many of each community as need a certificate."""
        found = np.zeros(len(posts), dtype=np.bool_)
        ordinal, _ = _places(posts)
        for policy, rows in self._groups(posts.community):
            if CERTIFIED_WORKERS in policy:
                found[rows] = ordinal[rows] <= policy[CERTIFIED_WORKERS]
        return found

    # --- all that chance made -------------------------------------------------------------------------

    def mended(self, data: Dataset) -> Dataset:
        """Return facts that comply: those that chance made, where they do, and otherwise with the least changed."""
        posts = self._for_party_building(data.posts)
        holdings = self._employed(data.holdings)
        held = _Held.of(data, holdings)
        born = self._ages(held)
        tables: dict[str, Table[Any]] = {  # Any: tables of every kind of fact
            "posts": posts,
            "holdings": holdings,
            "workers": data.workers.with_columns(birth_date=DateColumn(_by_worker(held, born, data))),
            "trainings": self._trained(data, held),
        }
        if data.educations is not None:
            tables["educations"] = self._educated(data.educations, held, born)
        if data.certificates is not None:
            tables["certificates"] = self._certified(data.certificates, held, posts)
        if data.assessments is not None:
            tables["assessments"] = self._assessed(data.assessments, held)
        if data.agreements is not None:
            tables["agreements"] = self._agreed(data.agreements, held)
        if data.incidents is not None:
            nothing = BoolColumn(np.zeros(len(data.incidents), dtype=np.bool_))
            tables["incidents"] = data.incidents.with_columns(established=nothing)
        tables |= self._divided(data)
        return data.with_tables(tables)

    def _for_party_building(self, posts: Posts) -> Posts:
        duty = posts.duty.values.copy()
        ordinal, count = _places(posts)
        for policy, rows in self._groups(posts.community):
            if PARTY_POSTS in policy:
                last = rows[ordinal[rows] > count[rows] - policy[PARTY_POSTS]]
                duty[last] = list(PostDuty).index(PostDuty.PARTY_BUILDING)
        return posts.with_columns(duty=EnumColumn(duty, None, PostDuty))

    def _employed(self, holdings: Holdings) -> Holdings:
        footing = holdings.employment.values.copy()
        for policy, rows in self._groups(holdings.post):
            if EMPLOYMENTS in policy:
                allowed = [at for at, one in enumerate(holdings.employment.kind) if one in policy[EMPLOYMENTS]]
                footing[rows] = np.where(np.isin(footing[rows], allowed), footing[rows], allowed[0])
        return holdings.with_columns(employment=EnumColumn(footing, None, holdings.employment.kind))

    def _recruited(self, held: _Held) -> Bools:
        issued = document("JLW").issued
        assert issued is not None  # it bears a day
        return by_open_recruitment(held.role, held.worked_since, held.since, issued).true()

    def _ages(self, held: _Held) -> Ints:
        """Return a day of birth for each, so that nobody is too old to come or to stay."""
        born = held.born.values.copy()
        came = self._recruited(held)
        at_graduation = self.figures.numbers("age_at_graduation")
        for policy, rows in self._groups(held.post):
            if MAX_AGE not in policy:
                continue
            some = rows[came[rows]]
            graduated = at_graduation[policy[MIN_EDUCATION].value] + 1 if MIN_EDUCATION in policy else 0
            youngest = max(policy.get(MIN_AGE) or 0, graduated)
            steady = _years_later(born[some], np.zeros(len(some), dtype=np.int64))
            age = _ages_on(steady, held.since.take(some))
            wanted = np.clip(age, youngest, max(policy[MAX_AGE], youngest))
            born[some] = np.where(wanted == age, born[some], _years_later(steady, age - wanted))
        for day in self.book.turns(date(self.year, 1, 1), date(self.year, 12, 31)):
            for policy, rows in self._groups(held.post, day):
                if AGE not in policy:
                    continue
                old = rows
                while len(old):
                    leaves = exits.exit_day(held.sex.take(old), DateColumn(born[old]), policy).values
                    old = old[leaves <= day_number(self.last)]
                    born[old] = _years_later(born[old], np.ones(len(old), dtype=np.int64))
        return born

    def _educated(self, table: Educations, held: _Held, born: Ints) -> Educations:
        """Return the record of education: moved with the day of birth, and high enough for who was recruited."""
        at = places_in(table.worker, held.worker)
        years = (born - held.born.values)[at]
        since = table.since.values + years
        moved = np.where(since <= held.since.values[at], since, table.since.values)
        found = table.with_columns(since=DateColumn(moved, table.since.known))
        short = np.zeros(len(held.worker), dtype=np.bool_)
        level = np.zeros(len(held.worker), dtype=np.int64)
        graduated = np.zeros(len(held.worker), dtype=np.int64)
        came = self._recruited(held)
        has = highest(found, held.worker, held.since, EducationLevel)
        for policy, rows in self._groups(held.post):
            if MIN_EDUCATION not in policy:
                continue
            least = list(EducationLevel).index(policy[MIN_EDUCATION])
            some = rows[(came & ~(has >= policy[MIN_EDUCATION]).true())[rows]]
            short[some], level[some] = True, least
            age = self.figures.numbers("age_at_graduation")[policy[MIN_EDUCATION].value]
            graduated[some] = _summer(DateColumn(born[some]).year().values + age)
        new = np.flatnonzero(short)
        made = Educations.filled(
            {
                "worker": held.worker.take(new), "level": EnumColumn(level[new], None, EducationLevel),
                "since": DateColumn(graduated[new]),
            }
        )
        return _by_person(Educations.concat([found.where(~short[at]), made]))

    def _certified(self, table: Certificates, held: _Held, posts: Posts) -> Certificates:
        """Return certificates: who leads a community has one, and as many hold one as are to be reached."""
        steady = self.steady(posts)[places_in(held.post, posts.id)]
        leads = held.role.is_in((Role.SECRETARY, Role.DIRECTOR)).true()
        level = np.full(len(held.worker), -1, dtype=np.int64)
        for policy, rows in self._groups(held.post):
            if CERTIFIED_LEVEL in policy:
                some = rows[(steady | leads)[rows]]
                level[some] = list(CertificateLevel).index(policy[CERTIFIED_LEVEL])
        new = np.flatnonzero(level >= 0)
        made = Certificates.filled(
            {"worker": held.worker.take(new), "level": EnumColumn(level[new], None, CertificateLevel)}
        )
        others = table.where(level[places_in(table.worker, held.worker)] < 0)
        return _by_person(Certificates.concat([others, made]))

    def _assessed(self, table: Assessments, held: _Held) -> Assessments:
        """Return assessments: nobody is unqualified, no more are outstanding than may be, each score fits the grade."""
        last = len(AssessmentGrade) - 1
        best, next_best = map(list(AssessmentGrade).index, (AssessmentGrade.OUTSTANDING, AssessmentGrade.QUALIFIED))
        grade = np.minimum(table.grade.values, last - 1)
        scores = {name: table.column(name).values.copy() for name in ("residents", "organisation", "daily", "annual")}
        at = places_in(table.worker, held.worker)
        began, ended = held.since.year().values, DateColumn(held.until).year().values
        in_post = (began[at] <= table.year.values) & (table.year.values <= ended[at])
        for policy, rows in self._groups(held.post.take(at)):
            if SCHEME in policy:
                most = policy[SCHEME].ceiling()
                if most is not None:
                    # Who was assessed elsewhere, before this post, is none of those among whom the share is counted.
                    here = rows[in_post[rows]]
                    subdistrict = held.post.take(at[here]).start(TOWNSHIP_DIGITS)
                    beyond = _beyond(grade[here] == best, subdistrict.rank(), table.year.values[here], most)
                    grade[here] = np.where(beyond, next_best, grade[here])
                least = policy[SCHEME].least_points()
                lowest = np.array([least.get(one, 0) * POINT for one in AssessmentGrade], dtype=np.int64)
                highest = np.array([_BEST * POINT, *(lowest[:-1] - 1)], dtype=np.int64)
            else:
                bands = self.figures.spans("score_bands", AssessmentGrade)
                lowest = np.array([band.low for band in bands], dtype=np.int64)
                highest = np.array([band.high for band in bands], dtype=np.int64)
            for column in scores.values():
                column[rows] = np.clip(column[rows], lowest[grade[rows]], highest[grade[rows]])
        columns = {name: IntColumn(column) for name, column in scores.items()}
        return table.with_columns(grade=EnumColumn(grade, None, AssessmentGrade), **columns)

    def _agreed(self, table: Agreements, held: _Held) -> Agreements:
        """Return agreements: everybody in post in the year signed for each term in which the post was held."""
        kept = np.ones(len(held.worker), dtype=np.bool_)
        rows: list[Ints] = []
        since: list[Ints] = []
        until: list[Ints] = []
        county = held.post.start(COUNTY_DIGITS)
        for code in county.vocabulary:
            here = np.flatnonzero((county == code).true())
            terms = self._terms(code)
            kept[here] = not terms
            for term in terms:
                begin, end = day_number(term.low), day_number(term.high)
                some = here[(held.since.values[here] <= end) & (held.until[here] >= begin)]
                rows.append(some)
                since.append(np.maximum(held.since.values[some], begin))
                until.append(np.full(len(some), end, dtype=np.int64))
        if not rows:
            return table
        made = Agreements.filled(
            {
                "worker": held.worker.take(np.concatenate(rows)), "signed_on": DateColumn(np.concatenate(since)),
                "since": DateColumn(np.concatenate(since)), "until": DateColumn(np.concatenate(until)),
            }
        )
        return _by_person(Agreements.concat([table.where(kept[places_in(table.worker, held.worker)]), made]))

    def _terms(self, county: str) -> Sequence[Span[date]]:
        """Return the terms of the committees of a county that the year touches."""
        keys: tuple[Parameter[Any], ...] = (FIRST_DAY, TERM, SINCE_ELECTION_OF)  # Any: keys of every type
        found: list[Span[date]] = []
        turns = self.book.turns(date(self.year, 1, 1), date(self.year, 12, 31))
        for day, end in zip(turns, [*turns[1:], self.last + timedelta(days=1)], strict=True):
            policy = self._law().policy(county, day)
            at = day
            while at < end and all(key in policy for key in keys):
                term = agreements.term_of(at, policy)
                if term is not None and term not in found:
                    found.append(term)
                at = at + timedelta(days=1) if term is None else term.high + timedelta(days=1)
        return found

    def _trained(self, data: Dataset, held: _Held) -> Trainings:
        begin = day_number(self.first)
        some = np.flatnonzero((held.until >= begin) & (held.since.values <= day_number(self.last)))
        made = Trainings(
            {
                "worker": held.worker.take(some),
                "completed_on": DateColumn(np.maximum(held.since.values[some], begin)),
                "subject": TextColumn.full(len(some), "合成培训班"),
            }
        )
        earlier = Trainings.empty() if data.trainings is None else data.trainings
        return _by_person(Trainings.concat([earlier.where(earlier.completed_on.values < begin), made]))

    # --- grids and buildings --------------------------------------------------------------------------

    def _divided(self, data: Dataset) -> dict[str, Table[Any]]:  # Any: tables of every kind of fact
        """Return grids within bounds with who works in them, and buildings whose households sum to their grids'."""
        communities = data.communities
        households = communities.households.values
        assert data.grids is not None
        counts = np.bincount(places_in(data.grids.community, communities.code), minlength=len(communities))
        counts = counts.astype(np.int64)
        staff = {duty: np.zeros(len(communities), dtype=np.int64) for duty in GridDuty}
        for policy, rows in self._groups(communities.code):
            if HOUSEHOLDS in policy:
                bounds = policy[HOUSEHOLDS]
                possible = grid_rules.possible_grids(IntColumn(households[rows]), policy)
                usual = 2 * households[rows] // (bounds.low + bounds.high)
                counts[rows] = np.clip(usual, np.maximum(possible.low.values, 1), possible.high.values)
            for duty, key in ((GridDuty.GRID_WORKER, WORKERS), (GridDuty.AUXILIARY_POLICE, AUXILIARY_POLICE)):
                wanted: int | None = policy.get(key)
                staff[duty][rows] = wanted or 0
        of = np.repeat(np.arange(len(communities), dtype=np.int64), counts)
        number = np.arange(len(of), dtype=np.int64) - (np.cumsum(counts) - counts)[of]
        size = households[of] * (number + 1) // counts[of] - households[of] * number // counts[of]
        names = communities.code.to_list()
        codes = [f"{names[at]}{one + 1:03d}" for at, one in zip(of.tolist(), number.tolist(), strict=True)]
        home = communities.code.take(of)
        grids = Grids.filled(
            {
                "code": TextColumn(np.arange(len(of), dtype=np.int64), None, codes), "community": home,
                "households": IntColumn(size),
            }
        )
        tables: dict[str, Table[Any]] = {"grids": grids, "grid_members": _members(grids, home, of, staff)}
        if data.buildings is not None:
            tables |= _housed(data.buildings, communities.code, counts, grids)
        return tables


# --- small tools ------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, eq=False)
class _Held:
    """Everybody's holding, a row a person: made-up people hold one post each."""

    worker: TextColumn
    post: TextColumn
    role: EnumColumn[Role]
    sex: EnumColumn[Any]  # Any: of Sex
    born: DateColumn
    worked_since: DateColumn
    since: DateColumn
    until: Ints

    @classmethod
    def of(cls, data: Dataset, holdings: Holdings) -> _Held:
        at = places_in(holdings.worker, data.workers.id)
        return cls(
            worker=holdings.worker, post=holdings.post, role=holdings.role, sex=data.workers.sex.take(at),
            born=data.workers.birth_date.take(at), worked_since=data.workers.worked_since.take(at),
            since=holdings.since, until=last_days(holdings.until),
        )


def _by_worker(held: _Held, values: Ints, data: Dataset) -> Ints:
    """Put a value a holding into the order of the table of workers."""
    found = data.workers.birth_date.values.copy()
    found[places_in(held.worker, data.workers.id)] = values
    return found


def _by_person(table: Records) -> Records:
    """Return a table by worker, and for each in the order in which it was written."""
    return table.take(np.argsort(table.worker.rank(), kind="stable"))


def _places(posts: Posts) -> tuple[Ints, Ints]:
    """Return the place of each post in its community, from 1, and how many that has."""
    code = posts.community.values
    counts = np.bincount(code, minlength=len(posts.community.vocabulary)).astype(np.int64)
    first = np.cumsum(counts) - counts
    return np.arange(len(posts), dtype=np.int64) - first[code] + 1, counts[code]


def _years_later(days: Ints, years: Ints) -> Ints:
    """Return the same day of the month so many years later; the last days of a month are brought forward."""
    moment = days.astype("datetime64[D]")
    month = moment.astype("datetime64[M]")
    of_month = np.minimum((moment - month.astype("datetime64[D]")).astype(np.int64), _LATEST_DAY - 1)
    later = (month + (years * MONTHS_PER_YEAR).astype("timedelta64[M]")).astype("datetime64[D]").astype(np.int64)
    found: Ints = later + of_month
    return found


def _ages_on(born: Ints, day: DateColumn) -> Ints:
    return DateColumn(born).completed_years(day).values


def _summer(years: Ints) -> Ints:
    """Return 1 July of each year."""
    found: Ints = np.array([day_number(date(int(year), 7, 1)) for year in years], dtype=np.int64)
    return found


def _members(grids: Grids, home: TextColumn, of: Ints, staff: dict[GridDuty, Ints]) -> GridMembers:
    parts = []
    for place, (duty, wanted) in enumerate(staff.items()):
        rows = np.repeat(np.arange(len(grids), dtype=np.int64), wanted[of])
        nth = np.arange(len(rows), dtype=np.int64) - np.searchsorted(rows, rows) + 1
        codes = grids.code.take(rows).to_list()
        letter = "GP"[place]
        ids = [f"S{code}-{letter}{one}" for code, one in zip(codes, nth.tolist(), strict=True)]
        parts.append(
            GridMembers(
                {
                    "id": TextColumn(np.arange(len(rows), dtype=np.int64), None, ids),
                    "grid": grids.code.take(rows),
                    "duty": EnumColumn(np.full(len(rows), list(GridDuty).index(duty), dtype=np.int64), None, GridDuty),
                    "managed_by": home.take(rows),
                }
            )
        )
    return GridMembers.concat(parts)


def _housed(
    buildings: Buildings, codes: TextColumn, counts: Ints, grids: Grids
) -> dict[str, Table[Any]]:  # Any: tables of every kind of fact
    """Put each building into a grid, neighbours together, and share out the grid's households over its buildings."""
    at = places_in(buildings.community, codes)
    order = np.argsort(at, kind="stable")
    number = np.bincount(at, minlength=len(codes)).astype(np.int64)
    weights = buildings.households.values[order]
    grid = np.zeros(len(buildings), dtype=np.int64)
    start, first = 0, 0
    for code, many, into in zip(codes, number.tolist(), counts.tolist(), strict=True):
        if many < into:
            problem = msg("{community} has {found} buildings for {grids} grids", community=code, found=many, grids=into)
            raise ValueKindError(HOUSEHOLDS.name, into, problem)
        grid[start : start + many] = first + _cut(weights[start : start + many], into)
        start, first = start + many, first + into
    begins = np.flatnonzero(np.diff(grid, prepend=-1))
    empty = np.add.reduceat(weights, begins) == 0
    weights = np.where(empty[grid], 1, weights)
    households = np.zeros(len(buildings), dtype=np.int64)
    households[order] = scaled(weights, begins, grids.households.values)
    home = np.zeros(len(buildings), dtype=np.int64)
    home[order] = grid
    return {
        "buildings": buildings.with_columns(households=IntColumn(households)),
        "building_grids": EarlierGrids({"building": buildings.id, "grid": grids.code.take(home)}),
    }


def _cut(weights: Ints, into: int) -> Ints:
    """Cut a row of buildings into parts of about the same weight, none of them empty: the part of each building."""
    upto = np.cumsum(weights)
    parts = np.arange(1, into, dtype=np.int64)
    cuts = np.searchsorted(upto, int(upto[-1]) * parts // into) + 1
    cuts = np.minimum(np.maximum.accumulate(np.maximum(cuts, parts) - parts) + parts, len(weights) - into + parts)
    found: Ints = np.searchsorted(cuts, np.arange(len(weights)), side="right")
    return found


def _beyond(best: Bools, subdistrict: Ints, year: Ints, most: Fraction) -> Bools:
    """Return which of the best are more than a share of all of their subdistrict and year, the last rows of each."""
    order = np.lexsort((year, subdistrict))
    sorted_best = best[order]
    starts = np.ones(len(order), dtype=np.bool_)
    starts[1:] = (np.diff(subdistrict[order]) != 0) | (np.diff(year[order]) != 0)
    group = np.cumsum(starts) - 1
    first = np.flatnonzero(starts)
    before: Ints = np.cumsum(sorted_best) - sorted_best
    nth: Ints = before - before[first][group]
    allowed = np.bincount(group) * most.numerator // most.denominator
    found = np.zeros(len(order), dtype=np.bool_)
    found[order] = sorted_best & (nth >= allowed[group])
    return found
