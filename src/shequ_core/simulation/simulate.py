"""Run years ahead of a place, in one process."""

from __future__ import annotations

import bisect
import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.errors import Fault, InputError, ScenarioError, msg
from shequ_core.model.budget import CostLine
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.model.posts import CertificateLevel, EducationLevel, Sex
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.budget import PROVINCE_SHARE
from shequ_core.policy.law import Law, check_places
from shequ_core.population import SYNTHETIC
from shequ_core.simulation.behaviours.assessing import Assessments
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.behaviours.certificates import CertificatesWon
from shequ_core.simulation.behaviours.civil_service import CivilServiceRecruitment
from shequ_core.simulation.behaviours.degrees import DegreesWon
from shequ_core.simulation.behaviours.elections import Elections
from shequ_core.simulation.behaviours.hiring import Hiring
from shequ_core.simulation.behaviours.households import HouseholdsChange
from shequ_core.simulation.behaviours.incidents import Incidents
from shequ_core.simulation.behaviours.late_reference import LateReference
from shequ_core.simulation.behaviours.leaving import LeavingByChoice
from shequ_core.simulation.behaviours.posts import PostsChange
from shequ_core.simulation.behaviours.reference import ReferenceGrowth
from shequ_core.simulation.behaviours.training import Trainings
from shequ_core.simulation.by_sums import LINES
from shequ_core.simulation.chunks import digest
from shequ_core.simulation.estimates import BASELINE, EACH_YEAR, Differences, Estimates, Per, cells_of, estimates
from shequ_core.simulation.grading import Grading
from shequ_core.simulation.months import placed_on
from shequ_core.simulation.outcome import By, Costs, CountyYears, Leavers, Structure
from shequ_core.simulation.state import Layout, Start, State, Streamed
from shequ_core.simulation.step import BAND, CHUNK, Watch, Year, YearSums, step
from shequ_core.simulation.told import Told, told_html, told_text
from shequ_core.simulation.turn import Leaving
from shequ_core.tables.columns import EnumColumn, FenColumn, IntColumn, Ints, TextColumn
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.table import Table
from shequ_core.values import MONTHS_PER_YEAR, Span
from shequ_core.year.law import WITHOUT_GRADINGS, asked_by, check_set
from shequ_core.year.month import month_of
from shequ_core.year.rests import Rests

MOST_ROWS: Final = 2**18
"""Rows of one state, and so of a task: a few seconds of work, of which what is done once for all seeds is little."""


_SEEDS: Final = 2**63


def usual_behaviours() -> tuple[Behaviour, ...]:
    """Return how people act where nobody says otherwise, with what is assumed of it."""
    return (
        Hiring(), Incidents(), CivilServiceRecruitment(), LeavingByChoice(), CertificatesWon(), DegreesWon(),
        Assessments(), Trainings(), ReferenceGrowth(),
    )


def more_behaviours() -> tuple[Behaviour, ...]:
    """Return what comes only where somebody asks for it; it changes no draw of the usual ones."""
    return Elections(), HouseholdsChange(), LateReference(), PostsChange()


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Simulation:
    """What simulated years of a place come to.

    Attributes:
        place: The place asked for.
        years: The years, and the seeds.
        behaviours: What it assumed of people, with sources.
        rests: What it rests on.
        unsplit: Whether the province has a share of some cost (JLW3.2). What it comes to hangs on what each person cost
            before, which sums don't tell: it stands in `costs` with the payer to whom the share is given.
    """

    place: str
    name: str
    years: range
    seeds: tuple[int, ...]
    behaviours: tuple[Behaviour, ...]
    rests: Rests
    unsplit: bool
    _told: Sequence[tuple[Layout, list[YearSums]]]

    @cached_property
    def counties(self) -> CountyYears:
        """One row a seed, year and county."""
        return _county_years(self._told, self.seeds)

    @cached_property
    def costs(self) -> Costs:
        """The same by line of cost and payer (JLW3.2)."""
        return _costs(self._told, self.seeds)

    @cached_property
    def leavers(self) -> Leavers:
        """Who left, by reason."""
        return _leavers(self._told, self.seeds)

    @cached_property
    def structure(self) -> Structure:
        """Holders at the end of the year by grade, age, education and so on."""
        return _structure(self._told, self.seeds)

    def tables(self) -> dict[str, Table[Any]]:  # Any: tables of every kind of fact
        """Return the tables by name."""
        return {
            "counties": self.counties, "costs": self.costs, "leavers": self.leavers, "structure": self.structure,
        }

    def digest(self) -> str:
        """Return a digest of every row of every table: one for the same scenario, however it was run."""
        return digest(
            {
                f"{name}.{key}": np.array(column.vocabulary, dtype=np.str_)[column.values]
                if isinstance(column, TextColumn)
                else column.values
                for name, table in self.tables().items()
                for key, column in table.columns().items()
            }
        )

    @property
    def marks(self) -> tuple[str, ...]:
        """The statuses of everything that it rests on and that nobody issued, those of the behaviours too."""
        own = {one.status for behaviour in self.behaviours for one in behaviour.parameters().values()}
        return tuple(sorted({*self.rests.marks, *(one.value for one in own if one.asked_for)}))

    @property
    def told_marks(self) -> tuple[str, ...]:
        """What every row of an answer says of itself: `synthetic` if people are made up, and the marks."""
        return (*(("synthetic",) if self.rests.synthetic else ()), *self.marks)

    def estimates(
        self,
        *,
        per: Collection[Per] = EACH_YEAR,
        measures: Collection[str] | None = None,
        by: Collection[str] | None = None,
    ) -> Estimates:
        """Sum it up over seeds: sums, means, 95% intervals, order statistics.

        Args:
            per: Whether years and counties are told apart: ("year",), ("year", "county"), ("county",) or ().
                Without years, what adds up over them is told: money, comings and goings; and the first year in which a
                target is reached.
            measures: Which measures (`estimates.MEASURES`); all where None.
            by: Which groupings besides (`estimates.GROUPINGS`); all where None, () for none.

        Raises:
            ScenarioError: There is no such measure or grouping.
        """
        cells = cells_of(self.tables(), self.seeds, per=per, measures=measures, by=by)
        return estimates(BASELINE, cells, self.told_marks)

    def _lines(self) -> Told:
        return Told(
            place=self.name, years=self.years, seeds=len(self.seeds), rests=[self.rests], marks=self.marks,
            estimates=self.estimates(measures=("cost", "held"), by=()),
            differences=Differences.empty(), whole=Differences.empty(),
        )  # fmt: skip

    def __str__(self) -> str:
        return told_text(self._lines())

    def _repr_html_(self) -> str:
        return told_html(self._lines())


def simulate(
    data: Dataset,
    book: PolicyBook,
    place: str,
    years: range,
    seeds: Sequence[int],
    *,
    behaviours: Sequence[Behaviour] | None = None,
    chunk: int = CHUNK,
    most_rows: int = MOST_ROWS,
    progress: Callable[[int, int], None] | None = None,
) -> Simulation:
    """Run years ahead of a place, once for each seed, in one process.

    Args:
        data: The tables of the place; rows in any order. What they say of the first year and later is left out.
        book: The policies, reforms among them.
        place: The code of the place: a province, a city, a county or a zone.
        years: The years, one after another.
        seeds: Whole numbers, each another luck; the same seed is the same luck under any policy.
        behaviours: How people act; the usual ones where None.
        chunk: So many rows go through together; the answer is the same for any.
        most_rows: So many rows are kept at a time; the answer is the same for any.
        progress: Called with steps done and steps in all.

    Raises:
        ScenarioError: Years or seeds that can't be simulated.
        InputError: Rows that can't be: every one of them, by file, row and column.
        UnsetError: Values that nobody set: every one of them, with its clause.
        PlaceNotFoundError: There is no such place in that year.
        PlaceUnresolvedError: A plugin that speaks for a place of the run is at fault.
    """
    chosen = usual_behaviours() if behaviours is None else tuple(behaviours)
    ready = prepare(data, book, place, years, seeds, chosen)
    units = list(ready.units(most_rows))
    told: list[tuple[Layout, list[YearSums]]] = []
    steps = len(units) * len(years)
    for number, (counties, some) in enumerate(units):
        done = number * len(years)
        layout, sums = ready.run(counties, some, chunk=chunk)
        told.append((layout, sums))
        if progress is not None:
            progress(done + len(years), steps)
    return ready.result(told)


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Ready:
    """A simulation that was checked and can be run, unit by unit.

    Attributes:
        blocks: Counties that live under one law in every month; they may go through together.
        posts: How many posts each has.
    """

    start: Start | Streamed
    law: Law
    place: str
    name: str
    years: range
    seeds: tuple[int, ...]
    behaviours: tuple[Behaviour, ...]
    rests: Rests
    blocks: Sequence[Sequence[str]]
    posts: Mapping[str, int]
    _laid: dict[tuple[str, ...], State] = attrs.field(factory=dict, init=False, repr=False)

    def units(self, most_rows: int = MOST_ROWS) -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
        """Yield counties and seeds that go through together, so many rows at most where it can be."""
        for counties in self.blocks:
            so_far = list(itertools.accumulate(self.posts[one] for one in counties))
            first = 0
            while first < len(counties):
                before = so_far[first - 1] if first else 0
                last = max(bisect.bisect_right(so_far, before + most_rows), first + 1)
                each = max(most_rows // max(so_far[last - 1] - before, 1), 1)
                for seed in range(0, len(self.seeds), each):
                    yield tuple(counties[first:last]), self.seeds[seed : seed + each]
                first = last

    @property
    def turns(self) -> list[date]:
        """The months with which some policy may become another: the first one, and the last in any case."""
        return _months(self.law, self.years)

    @cached_property
    def unsplit(self) -> bool:
        """Whether the province has a share of some cost, which isn't told apart; see `Simulation.unsplit`."""
        return any(
            PROVINCE_SHARE in self.law.policy(block[0], month) for block in self.blocks for month in self.turns
        )

    def streamed(self, people: Callable[[Sequence[str]], Dataset], posts: Mapping[str, int]) -> Ready:
        """Return it for more counties than it was prepared with, whose tables are made when it is their turn.

        Args:
            people: Gives the tables of some counties, such as those with which it was prepared.
            posts: How many posts each county has.
        """
        return attrs.evolve(
            self, start=Streamed(people=people, law=self.law, year=self.years[0]), posts=posts,
            blocks=_blocks(sorted(posts), self.law, self.turns),
        )

    def state(self, counties: Sequence[str], seeds: Sequence[int]) -> State:
        """Lay out some counties as they begin; the last ones are kept, for their next seeds."""
        wanted = tuple(counties)
        laid = self._laid.get(wanted)
        if laid is None:
            laid = self._lay_out(wanted)
            self._laid.clear()  # another thread may be at others: each goes on with its own
            self._laid[wanted] = laid
        return laid.stacked(seeds)

    def _lay_out(self, counties: Sequence[str]) -> State:
        state = self.start.state(
            counties, until=self.years[-1], reserve=max((one.new_posts() for one in self.behaviours), default=0)
        )
        first = self._year(self.years[0], state, None)
        state.people.exit_month[:] = first.exit_months(state.people)
        grading = Grading.of(state.people, state.layout, state.first_year, first.policies[0])
        grading.place(self.years[0] - 1)
        return state

    def _year(self, number: int, state: State, before: Year | None) -> Year:
        return Year.of(number, self.years, state.layout, self.law, self.behaviours, before)

    def run(
        self, counties: Sequence[str], seeds: Sequence[int], *, chunk: int = CHUNK, monthly: bool = False
    ) -> tuple[Layout, list[YearSums]]:
        """Run some counties and seeds through all years."""
        state = self.state(counties, seeds)
        return state.layout, list(self.pass_years(state, chunk=chunk, monthly=monthly))

    def pass_years(
        self, state: State, *, chunk: int = CHUNK, monthly: bool = False, watch: Watch | None = None
    ) -> Iterator[YearSums]:
        """Let one year after another pass."""
        year: Year | None = None
        for number in self.years:
            year = self._year(number, state, year)
            yield step(state, year, chunk=chunk, monthly=monthly, watch=watch)

    def result(self, told: Sequence[tuple[Layout, list[YearSums]]]) -> Simulation:
        """Put together what units have come to, in the order of seed, year and county."""
        return Simulation(
            place=self.place,
            name=self.name,
            years=self.years,
            seeds=self.seeds,
            behaviours=self.behaviours,
            rests=self.rests,
            unsplit=self.unsplit,
            told=told,
        )


def prepare(
    data: Dataset, book: PolicyBook, place: str, years: range, seeds: Sequence[int], behaviours: Sequence[Behaviour]
) -> Ready:
    """Check everything before anything runs; see `simulate`."""
    _check(years, seeds)
    _check_behaviours(behaviours)
    book.divisions.at(place, placed_on(years))
    seen = look(data, book, place, years)
    return prepare_seen(seen, partial(Start.of, data, year=years[0]), book, place, years, seeds, behaviours)


def prepare_seen(
    seen: Seen,
    start: Callable[[Law], Start | Streamed],
    book: PolicyBook,
    place: str,
    years: range,
    seeds: Sequence[int],
    behaviours: Sequence[Behaviour],
) -> Ready:
    """Check the policies against what was seen of the tables, and get ready to lay these out.

    Args:
        seen: What was seen of them, for this place and these years.
        start: Makes them ready under the policies.
        book: As for `simulate`, and so all the rest.
        place: As there.
        years: As there.
        seeds: As there.
        behaviours: As there.
    """
    _check(years, seeds)
    _check_behaviours(behaviours)
    day = placed_on(years)
    counties = seen.counties or (place,)
    for one in behaviours:
        book = one.prepare(book, counties, years)
    law = Law(book, None, day)
    check_set(law, counties, seen.asks, _januaries(years))
    _refuse_own_law(seen.subdistricts, law, years)
    months, before = _months(law, years), date(years[0] - 1, MONTHS_PER_YEAR, 1)
    policies = {code: law.policy(code, months[-1]) for code in counties}
    read = {found.fingerprint: found for code in counties for month in months if (found := law.policy(code, month))}
    return Ready(
        start=start(law),
        law=law,
        place=place,
        name=book.divisions.at(place, day).name,
        years=years,
        seeds=tuple(seeds),
        behaviours=tuple(behaviours),
        rests=Rests.of_names(seen.names, policies, read.values()),
        blocks=_blocks([one for one in counties if seen.posts.get(one)], law, [before, *months]),
        posts=seen.posts,
    )


def _januaries(years: range) -> list[Span[date]]:
    return [month_of(year, 1) for year in years]


@attrs.frozen(kw_only=True)
class Seen:
    """What a run has to know of tables before any of them are laid out.

    Attributes:
        counties: Those with communities, in order.
        posts: How many posts each county has.
        asks: The parameters that only some facts ask for.
        subdistricts: Those with communities.
        names: What somebody or something is called whose name says that it is made up, if anything is.
    """

    counties: tuple[str, ...]
    posts: Mapping[str, int]
    asks: tuple[str, ...]
    subdistricts: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def together(cls, seen: Sequence[Seen]) -> Seen:
        """Put together what was seen of several counties, as if all had been seen at once."""
        asks = sorted({key for one in seen for key in one.asks})
        return cls(
            counties=tuple(sorted(code for one in seen for code in one.counties)),
            posts={code: many for one in seen for code, many in one.posts.items()},
            asks=tuple(
                key for key in asks if key not in WITHOUT_GRADINGS or all(key in one.asks for one in seen)
            ),
            subdistricts=tuple(sorted(code for one in seen for code in one.subdistricts)),
            names=tuple(name for one in seen for name in one.names)[:1],
        )  # fmt: skip


def look(data: Dataset, book: PolicyBook, place: str, years: range) -> Seen:
    """Look tables through for a place and years.

    Raises:
        InputError: Rows that lie elsewhere, or a table that has to be there and isn't.
    """
    check_places(data, book, place, placed_on(years))
    codes = {code for code in data.communities.code.to_list() if code is not None}
    named = (*data.workers.name.vocabulary, *data.communities.name.vocabulary)
    return Seen(
        counties=tuple(sorted({code[:COUNTY_DIGITS] for code in codes})),
        posts=Counter(one for one in data.posts.community.start(COUNTY_DIGITS).to_list() if one is not None),
        asks=tuple(dict.fromkeys(asked_by(data, _januaries(years)))),
        subdistricts=tuple(sorted({code[:TOWNSHIP_DIGITS] for code in codes})),
        names=tuple(name for name in named if name.startswith(SYNTHETIC))[:1],
    )


def _check(years: range, seeds: Sequence[int]) -> None:
    if not len(years) or years.step != 1:
        raise ScenarioError(msg("years are simulated one after another: give a first and a last one"))
    if not len(seeds) or len(set(seeds)) != len(seeds):
        raise ScenarioError(msg("give at least one seed, each of them once"))
    if not all(0 <= seed < _SEEDS for seed in seeds):
        raise ScenarioError(msg("a seed is a whole number from 0 to {most}", most=_SEEDS - 1))


def _check_behaviours(behaviours: Sequence[Behaviour]) -> None:
    faults = [
        Fault(file=one.kind, column=name, message=problem) for one in behaviours for name, problem in one.problems()
    ]
    if faults:
        raise InputError(faults)


def _months(law: Law, years: range) -> list[date]:
    """Return the months with which some policy may become another: the first one, and the last in any case."""
    first, last = date(years[0], 1, 1), date(years[-1], MONTHS_PER_YEAR, 1)
    return sorted({first, last, *(one for day in law.book.turns(first, last) if (one := month_after(day)) <= last)})


def _blocks(counties: Sequence[str], law: Law, months: Sequence[date]) -> list[list[str]]:
    """Return counties by the law of all their months: those of one law stand together."""
    found: dict[tuple[str, ...], list[str]] = {}
    for county in counties:
        told = tuple(law.policy(county, month).fingerprint for month in months)
        found.setdefault(told, []).append(county)
    return sorted(found.values())


def month_after(day: date) -> date:
    """Return a month's first day: of the month that begins on a day, or next."""
    if day.day == 1:
        return day
    years, month = divmod(day.month, MONTHS_PER_YEAR)
    return date(day.year + years, month + 1, 1)


def _refuse_own_law(subdistricts: Sequence[str], law: Law, years: range) -> None:
    faults = []
    day = date(years[-1], MONTHS_PER_YEAR, 1)
    for code in subdistricts:
        if law.policy(code, day).fingerprint != law.policy(code[:COUNTY_DIGITS], day).fingerprint:
            told = msg("the subdistrict has values of its own: only counties that have one law can be simulated")
            faults.append(Fault(file="communities", column=code, message=told))
    if faults:
        raise InputError(faults)


# --- tables ------------------------------------------------------------------------------------------


def _keys(layout: Layout, year: int, cells: Ints) -> dict[str, Ints]:
    counties = len(layout.counties)
    return {
        "seed": np.array(layout.seeds, dtype=np.int64)[cells // counties],
        "year": np.full(len(cells), year, dtype=np.int64),
        "county": np.array([int(code) for code in layout.counties], dtype=np.int64)[cells % counties],
    }


def _stacked(parts: Sequence[dict[str, Ints]], seeds: Sequence[int], last: Sequence[str] = ()) -> dict[str, Ints]:
    """Put parts under each other, in the order of seed as given, year, county and what is named last."""
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    given = np.array(seeds, dtype=np.int64)
    order_of = np.argsort(given)
    place = order_of[np.searchsorted(given[order_of], joined["seed"])]
    keys = [place, joined["year"], joined["county"], *(joined[name] for name in last)]
    if not _stand_in_order(keys):
        order = np.lexsort(keys[::-1])
        joined = {name: values[order] for name, values in joined.items()}
    return joined


def _stand_in_order(keys: Sequence[Ints]) -> bool:
    """Whether rows stand in the order of some keys, the first one above all."""
    undecided = np.ones(max(len(keys[0]) - 1, 0), dtype=np.bool_)
    for key in keys:
        later, same = key[1:] > key[:-1], key[1:] == key[:-1]
        if (undecided & ~(later | same)).any():
            return False
        undecided &= same
    return True


def _counties(codes: Ints) -> TextColumn:
    used, at = np.unique(codes, return_inverse=True)
    return TextColumn(at, None, [f"{code:06d}" for code in used.tolist()])


def _county_years(told: Sequence[tuple[Layout, list[YearSums]]], seeds: Sequence[int]) -> CountyYears:
    parts = []
    for layout, years in told:
        cells = np.arange(layout.cells)
        for one in years:
            total = sum((one.amounts[name] for name in LINES), np.zeros(layout.cells, dtype=np.int64))
            parts.append({**_keys(layout, one.year, cells), **one.counts, **one.amounts, "total": total})
    if not parts:
        return CountyYears.empty()
    columns = _stacked(parts, seeds)
    county = _counties(columns.pop("county"))
    kinds = CountyYears.specs
    return CountyYears(
        {
            "county": county,
            **{
                name: IntColumn(values) if kinds[name].kind is int else FenColumn(values)
                for name, values in columns.items()
            },
        }
    )


def _costs(told: Sequence[tuple[Layout, list[YearSums]]], seeds: Sequence[int]) -> Costs:
    names = sorted({who for _, years in told for one in years for _, who in one.costs})
    parts = []
    for layout, years in told:
        for one in years:
            for (line, who), amounts in one.costs.items():
                cells = np.flatnonzero(amounts)
                parts.append(
                    {
                        **_keys(layout, one.year, cells),
                        "line": np.full(len(cells), list(CostLine).index(line), dtype=np.int64),
                        "payer": np.full(len(cells), names.index(who), dtype=np.int64),
                        "cost": amounts[cells],
                    }
                )
    if not parts:
        return Costs.empty()
    columns = _stacked(parts, seeds, ("line", "payer"))
    return Costs(
        {
            "seed": IntColumn(columns["seed"]), "year": IntColumn(columns["year"]),
            "county": _counties(columns["county"]), "line": EnumColumn(columns["line"], None, CostLine),
            "payer": TextColumn(columns["payer"], None, names), "cost": FenColumn(columns["cost"]),
        }
    )


def _leavers(told: Sequence[tuple[Layout, list[YearSums]]], seeds: Sequence[int]) -> Leavers:
    parts = []
    for layout, years in told:
        for one in years:
            ground, cells = np.nonzero(one.left)
            parts.append(
                {
                    **_keys(layout, one.year, cells),
                    "ground": ground.astype(np.int64),
                    "people": one.left[ground, cells].astype(np.int64),
                }
            )
    if not parts:
        return Leavers.empty()
    columns = _stacked(parts, seeds, ("ground",))
    return Leavers(
        {
            "seed": IntColumn(columns["seed"]), "year": IntColumn(columns["year"]),
            "county": _counties(columns["county"]), "ground": EnumColumn(columns["ground"], None, Leaving),
            "people": IntColumn(columns["people"]),
        }
    )


def _structure(told: Sequence[tuple[Layout, list[YearSums]]], seeds: Sequence[int]) -> Structure:
    parts: list[dict[str, Ints]] = []
    names: dict[str, int] = {}
    for layout, years in told:
        counted = [dict(_counted(one.structure)) for one in years]
        most = {by: max(len(one[by]) for one in counted) for by in By}
        kinds = [
            (place, at, names.setdefault(_kind(by, at, layout), len(names)))
            for place, (by, wide) in enumerate(most.items()) for at in range(wide)
        ]
        by, order, kind = np.array(kinds, dtype=np.int64).T
        counts = np.zeros((len(years), len(kinds), layout.cells), dtype=np.int32)
        for row, one in enumerate(counted):
            begin = 0
            for of, wide in most.items():
                counts[row, begin : begin + len(one[of])] = one[of]
                begin += wide
        # Seed, year, county, kind: so that what is found stands in the order of the answer.
        each = counts.reshape(*counts.shape[:2], len(layout.seeds), len(layout.counties))
        each = np.moveaxis(each, 1, -1).swapaxes(0, 1)
        seed, year, county, at = np.nonzero(each)
        parts.append(
            {
                "seed": np.array(layout.seeds, dtype=np.int64)[seed],
                "year": np.array([one.year for one in years], dtype=np.int64)[year],
                "county": np.array([int(code) for code in layout.counties], dtype=np.int64)[county],
                "by": by[at],
                "order": order[at],
                "kind": kind[at],
                "people": each[seed, year, county, at].astype(np.int64),
            }
        )
    if not parts:
        return Structure.empty()
    columns = _stacked(parts, seeds, ("by", "order"))
    return Structure(
        {
            "seed": IntColumn(columns["seed"]), "year": IntColumn(columns["year"]),
            "county": _counties(columns["county"]), "by": EnumColumn(columns["by"], None, By),
            "kind": TextColumn(columns["kind"], None, list(names)), "people": IntColumn(columns["people"]),
        }
    )


def _counted(structure: Mapping[By, npt.NDArray[np.int32]]) -> Iterator[tuple[By, npt.NDArray[np.int32]]]:
    """Yield what holders are counted by, ages with both sexes together and of each."""
    for by, counts in structure.items():
        if by is not By.AGE:
            yield by, counts
            continue
        by_sex = counts.reshape(-1, len(Sex), counts.shape[1])
        yield By.AGE, by_sex.sum(axis=1, dtype=np.int32)
        yield By.SEX, by_sex.sum(axis=0, dtype=np.int32)
        for at, sex in enumerate(Sex):
            yield AGES[sex], by_sex[:, at]


AGES: Final = {Sex.FEMALE: By.AGE_OF_WOMEN, Sex.MALE: By.AGE_OF_MEN}
_LEVELS: Final = {By.EDUCATION: EducationLevel, By.CERTIFICATE: CertificateLevel, By.ASSESSMENT: AssessmentGrade}


def _kind(by: By, at: int, layout: Layout) -> str:
    if by in _LEVELS:
        return [*("none",), *(one.value for one in _LEVELS[by])][at]
    if by is By.POST_CLASS:
        return layout.classes[at] if at < len(layout.classes) else ""
    if by is By.SEX:
        return list(Sex)[at].value
    return str(at * BAND if by in {By.AGE, *AGES.values()} else at)
