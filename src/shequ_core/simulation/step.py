"""One simulated year: everything that happens in it, chunk by chunk of whole subdistricts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Self, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.jilin.figures import jilin_figures
from shequ_core.model.budget import CostLine
from shequ_core.model.posts import CertificateLevel, EducationLevel, Sex
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.exits import AGE
from shequ_core.policy.law import Law
from shequ_core.policy.pay import GRADES
from shequ_core.policy.policy import Policy
from shequ_core.policy.targets import CERTIFIED_LEVEL, CERTIFIED_WORKERS
from shequ_core.rules.budget import payers
from shequ_core.rules.targets import certified_short, counts_as_certified
from shequ_core.simulation.behaviours.assessing import Assessments
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.by_sums import LINES, Sums
from shequ_core.simulation.chunks import Chunks
from shequ_core.simulation.exits import ExitMonths, leave_by_law
from shequ_core.simulation.grading import Grading, same_grading
from shequ_core.simulation.ground import Ground
from shequ_core.simulation.outcome import AMOUNTS, ARREARS, COUNTS, By
from shequ_core.simulation.pay import in_scope_of, late_months, needs_county, paid_at_first, pay_year
from shequ_core.simulation.state import NONE, OPEN, Layout, People, State
from shequ_core.simulation.turn import Leaving, Turn
from shequ_core.tables.columns import Bools, EnumColumn, IntColumn, Ints
from shequ_core.values import MONTHS_PER_YEAR

CHUNK: Final = 2**17
"""Rows that go through together: their columns fit the cache of a core."""

BAND: Final = 5
"""Years of an age band."""
OLDEST: Final = 100
_FEW: Final = 2**8
"""So many kinds are counted at once."""
_UNQUALIFIED: Final = list(AssessmentGrade).index(AssessmentGrade.UNQUALIFIED)


@attrs.frozen(kw_only=True, eq=False)
class YearSums:
    """What a year comes to, one column a cell: seed x counties + county.

    Attributes:
        left: One row a reason for leaving.
        structure: Holders at the end of the year, one row a kind; under age both sexes of each band, as in the enum.
        costs: By line and payer.
        months: What each subdistrict comes to, by the first month of each span and the first row of a chunk; only
            where it was asked for.
        ground: The communities as they were.
    """

    year: int
    amounts: dict[str, Ints]
    counts: dict[str, Ints]
    left: npt.NDArray[np.int32]
    structure: dict[By, npt.NDArray[np.int32]]
    costs: dict[tuple[CostLine, str], Ints]
    months: list[tuple[int, int, Sums]]
    ground: Ground

    @classmethod
    def nothing(cls, year: int, layout: Layout, policy: Policy, ground: Ground) -> YearSums:
        """Return zeros, on the ground of the year."""
        widths = {
            By.GRADE: max((span.high for span in policy[GRADES].classes.values()), default=0) + 1,
            By.AGE: OLDEST // BAND * len(Sex),
            By.EDUCATION: len(EducationLevel) + 1,
            By.CERTIFICATE: len(CertificateLevel) + 1,
            By.POST_CLASS: len(layout.classes),
            By.ASSESSMENT: len(AssessmentGrade) + 1,
        }

        def zeros() -> Ints:
            return np.zeros(layout.cells, dtype=np.int64)

        return cls(
            year=year,
            amounts={name: zeros() for name in (*AMOUNTS, ARREARS)},
            counts={name: zeros() for name in COUNTS},
            left=np.zeros((len(Leaving), layout.cells), dtype=np.int32),
            structure={by: np.zeros((width, layout.cells), dtype=np.int32) for by, width in widths.items()},
            costs={},
            months=[],
            ground=ground,
        )


@attrs.frozen(kw_only=True, eq=False)
class Year:
    """What a year goes by.

    Attributes:
        policies: The policy of each month; `paid_first` that under which it is paid at first.
        exit_months: What tells the month in which everybody reaches the exit age.
        decided_in: The month, from 0, in which last year's assessments are decided.
        ground: The communities: their households, grids and room.
    """

    year: int
    policies: Sequence[Policy]
    paid_first: Sequence[Policy]
    behaviours: Sequence[Behaviour]
    decided_in: int
    ground: Ground
    exit_months: ExitMonths
    _before: Year | None

    @property
    def before(self) -> Year:
        """The year before."""
        return self if self._before is None else self._before

    @classmethod
    def of(
        cls, year: int, years: range, layout: Layout, law: Law, behaviours: Sequence[Behaviour], before: Year | None
    ) -> Year:
        """Lay it out: policies by month, and what each community may have (JLW2.2), county by county."""
        first = layout.counties[0]
        exits = None if before is None else before.exit_months
        policies = [law.policy(first, date(year, month, 1)) for month in range(1, MONTHS_PER_YEAR + 1)]
        if exits is None or exits.rule != policies[0].get(AGE):
            exits = ExitMonths.of(policies[0], years)
        paid_first: Sequence[Policy] = policies
        for one in behaviours:
            paid_first = one.paid_first(law, first, year, paid_first)
        decided = [one.decided_in.value for one in behaviours if isinstance(one, Assessments)]
        return cls(
            year=year,
            policies=policies,
            paid_first=paid_first,
            before=None if before is None else attrs.evolve(before, before=None),
            behaviours=behaviours,
            decided_in=(decided[0] if decided else jilin_figures().whole("decided_in")) - 1,
            ground=Ground.of(layout, law, year, behaviours, None if before is None else before.ground),
            exit_months=exits,
        )


Watch: TypeAlias = "Callable[[Turn], None]"
"""Sees each chunk's year once everything in it is settled."""


def step(
    state: State, year: Year, *, chunk: int = CHUNK, monthly: bool = False, watch: Watch | None = None
) -> YearSums:
    """Let a year pass: the people of the state change in place.

    Args:
        state: Everybody at the turn of the year.
        year: What it goes by.
        chunk: So many rows go through together, and then those up to the end of their subdistrict.
        monthly: Whether what each subdistrict comes to a month is told too.
        watch: Sees each chunk's year before those who leave are gone.
    """
    told = YearSums.nothing(year.year, state.layout, year.policies[-1], year.ground)
    _count_ground(told, state.layout)
    bounds = _chunks(state.layout, chunk, whole_counties=needs_county(year.policies)).bounds.tolist()
    for begin, end in itertools.pairwise(bounds):
        _pass(state, year, begin, end, told, monthly, watch)
    return told


def _chunks(layout: Layout, at_least: int, *, whole_counties: bool) -> Chunks:
    """Cut the rows into whole subdistricts, or counties."""
    starts = layout.starts
    if whole_counties:
        starts = starts[np.flatnonzero(np.diff(layout.group_cell, prepend=-1))]
    return Chunks.of_sizes(np.diff(starts, append=len(layout)), at_least)


def _pass(
    state: State, year: Year, begin: int, end: int, told: YearSums, monthly: bool, watch: Watch | None
) -> None:
    layout, people, rows = state.layout, state.people.part(begin, end), end - begin
    policy = year.policies[0]
    grading = Grading.of(people, layout, state.first_year, policy)
    _begin(people, grading, year)
    turn = Turn(
        year=year.year,
        layout=layout,
        people=people,
        first=begin,
        policies=year.policies,
        first_year=state.first_year,
        decided_in=year.decided_in,
        room=year.ground.room,
        least=year.ground.least,
        known_room=year.ground.known_room,
        comes=np.zeros(rows, dtype=np.int8),
        leaves=np.full(rows, MONTHS_PER_YEAR, dtype=np.int8),
        ground=np.full(rows, NONE, dtype=np.int8),
        grading=grading,
        exit_months=year.exit_months,
        in_scope=np.ones(rows, dtype=np.bool_),
    )
    for one in year.behaviours:
        one.establish(turn)
    there_before = people.held.copy()
    for one in year.behaviours:
        one.arrive(turn)
    hired = people.held & ~there_before
    turn.in_scope[:] = in_scope_of(layout.row_setting[begin:end], people.employment, policy)
    leave_by_law(turn)
    for one in year.behaviours:
        one.leave(turn)
    for one in year.behaviours:
        one.win(turn)
    first = int(np.searchsorted(layout.starts, begin))
    starts = layout.starts[first : np.searchsorted(layout.starts, end)] - begin
    cells = _Cells.of(layout.group_cell[first : first + len(starts)], starts, rows)
    late = late_months(year.policies, year.paid_first)
    if late:
        cells.add(told.amounts[ARREARS], -paid_at_first(turn, starts, year.paid_first, late))
    for month, sums in pay_year(turn, starts, monthly=monthly, until=late):
        if month < late:
            cells.add(told.amounts[ARREARS], sum((sums[name] for name in LINES), np.zeros_like(starts)))
        _add_pay(told, sums, cells, turn.policies[month])
        if monthly:
            told.months.append((month, first, sums))
    for one in year.behaviours:
        one.close(turn)
    _count(told, turn, year, cells, hired)
    if watch is not None:
        watch(turn)
    gone = turn.ground != NONE
    people.held[gone] = False
    people.failed[people.history[turn.year - turn.first_year] == _UNQUALIFIED] += 1


@attrs.frozen(kw_only=True, eq=False)
class _Cells:
    """The cells in which some rows lie: rows of one stand together.

    Attributes:
        cell: Each cell, once.
        groups: The first subdistrict of each; `starts` the first row.
        sizes: The rows of each.
    """

    cell: Ints
    groups: Ints
    starts: Ints
    sizes: Ints

    @classmethod
    def of(cls, cells: Ints, starts: Ints, rows: int) -> Self:
        """Tell them from the cell and the first row of each subdistrict."""
        groups = np.flatnonzero(np.diff(cells, prepend=-1))
        first = starts[groups]
        return cls(cell=cells[groups], groups=groups, starts=first, sizes=np.diff(first, append=rows))

    def add(self, to: Ints, of_groups: Ints) -> None:
        """Add to each cell what its subdistricts come to."""
        to[self.cell] += np.add.reduceat(of_groups, self.groups)

    def add_rows(self, to: Ints, of_rows: npt.NDArray[np.generic]) -> None:
        """Add to each cell what its rows come to."""
        to[self.cell] += np.add.reduceat(of_rows, self.starts, dtype=np.int64)


def _begin(people: People, grading: Grading, year: Year) -> None:
    """Let the year begin: exit months and grades by the policy in force, worked out anew where it is another."""
    before = year.before
    if before.exit_months is not year.exit_months:
        people.exit_month[:] = year.exit_months(people)
    if same_grading(before.policies[0], year.policies[0]):
        grading.turn(year.year)
    else:
        grading.place(year.year)


def _add_pay(told: YearSums, sums: Sums, cells: _Cells, policy: Policy) -> None:
    for name in AMOUNTS:
        cells.add(told.amounts[name], sums[name])
    for name in ("months", "contributing"):
        cells.add(told.counts[name], sums[name])
    paid = sum((sums[name] for name in LINES if name != "emergency"), np.zeros_like(sums["months"]))
    by_line = {
        CostLine.PAY: paid, CostLine.UNDISTRIBUTED: sums["undistributed"], CostLine.EMPLOYER: sums["employer"],
        CostLine.EMERGENCY: sums["emergency"],
    }
    payer = payers(EnumColumn.of(CostLine, list(by_line)), policy).to_list()
    for (line, amounts), who in zip(by_line.items(), payer, strict=True):
        costs = told.costs.setdefault((line, who or ""), np.zeros(len(told.left[0]), dtype=np.int64))
        cells.add(costs, amounts)


def _count(told: YearSums, turn: Turn, year: Year, cells: _Cells, hired: Bools) -> None:
    people, layout, policy = turn.people, turn.layout, turn.policies[-1]
    there = turn.at_end()
    scope = turn.in_scope

    def add(name: str, rows: npt.NDArray[np.generic]) -> None:
        cells.add_rows(told.counts[name], rows)

    holders = there & scope
    add("posts", people.opened == OPEN)
    add("held", holders)
    add("outside", there & ~scope)
    add("vacant", ~there & (people.opened == OPEN))
    add("hired", hired)
    add("left", turn.ground != NONE)
    add("certified", holders & (people.certificate != NONE))
    for name in (
        "posts_opened", "posts_closed", "training_due", "trained", "training_missed", "agreements_signed",
        "agreements_missing",
    ):
        if name in turn.counted:
            add(name, turn.counted[name])
    _count_communities(told, turn, year, holders, policy)
    cell = np.repeat(np.arange(len(cells.cell)), cells.sizes)
    gone = np.flatnonzero(turn.ground != NONE)
    place = turn.ground[gone].astype(np.int64) * len(cells.cell) + cell[gone]
    left = np.bincount(place, minlength=len(Leaving) * len(cells.cell))
    told.left[:, cells.cell] += left.reshape(len(Leaving), -1)
    grade = turn.grading.now() if same_grading(policy, turn.policy) else Grading.of(
        people, layout, turn.first_year, policy
    ).now()
    age = (turn.january + MONTHS_PER_YEAR - people.birth) // MONTHS_PER_YEAR
    kinds = {
        By.GRADE: grade,
        By.AGE: np.clip(age, 0, OLDEST - 1) // BAND * len(Sex) + people.sex,
        By.EDUCATION: people.education + 1,
        By.CERTIFICATE: people.certificate + 1,
        By.POST_CLASS: people.post_class,
        By.ASSESSMENT: people.history[turn.year - turn.first_year] + 1,
    }
    held = np.flatnonzero(holders)
    _count_kinds(told, kinds, held, cell[held], cells.cell)


def _count_kinds(
    told: YearSums, kinds: Mapping[By, npt.NDArray[np.integer[Any]]], held: Ints, at: Ints, cells: Ints
) -> None:
    """Count holders of each kind, several ways of counting at a time by what they come to together.

    Args:
        kinds: Of each row.
        held: The rows that are counted; `at` the place of each one's cell among `cells`.
    """
    for some in _together({by: len(told.structure[by]) for by in kinds}):
        widths = [len(told.structure[by]) for by in some]
        place = kinds[some[0]].astype(np.int16)
        for by, width in zip(some[1:], widths[1:], strict=True):
            place *= np.int16(width)
            place += kinds[by]
        wide = math.prod(widths)
        where = at * wide
        where += place[held]
        found = np.bincount(where, minlength=len(cells) * wide).reshape(-1, *widths)
        for axis, by in enumerate(some, start=1):
            others = tuple(one for one in range(1, len(some) + 1) if one != axis)
            told.structure[by][:, cells] += found.sum(axis=others).T


def _together(widths: Mapping[By, int]) -> list[list[By]]:
    """Return ways of counting in groups that have few enough kinds together."""
    groups: list[list[By]] = []
    wide = _FEW + 1
    for by, width in sorted(widths.items(), key=lambda one: one[1]):
        if wide * width > _FEW:
            groups.append([])
            wide = 1
        groups[-1].append(by)
        wide *= width
    return groups


def _count_ground(told: YearSums, layout: Layout) -> None:
    ground, starts = told.ground, layout.cell_starts
    cells = layout.community_cell[starts]
    for name, values in {
        "households": ground.households.filled(0).values, "grids": ground.grids,
        "grids_redrawn": ground.redrawn, "grid_workers": ground.grid_workers,
    }.items():
        told.counts[name][cells] += np.add.reduceat(values, starts, dtype=np.int64)


def _count_communities(told: YearSums, turn: Turn, year: Year, holders: Bools, policy: Policy) -> None:
    people, layout = turn.people, turn.layout
    begins, of = layout.communities_between(turn.first, turn.first + len(people))
    cell = layout.community_cell[of]
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    cells = cell[starts]

    def add(name: str, values: npt.NDArray[np.generic]) -> None:
        told.counts[name][cells] += np.add.reduceat(values, starts, dtype=np.int64)

    told.counts["communities"][cells] += np.diff(starts, append=len(cell))
    held = np.add.reduceat(holders, begins, dtype=np.int64)
    add("communities_below", year.ground.known_room[of] & (held < year.ground.least[of]))
    if CERTIFIED_LEVEL in policy:
        levels = EnumColumn(np.arange(len(CertificateLevel)), None, CertificateLevel)
        counts = np.append(counts_as_certified(levels, policy).true(), False)[people.certificate]
        certified = np.add.reduceat(holders & counts, begins, dtype=np.int64)
        add("social_workers", certified)
        if CERTIFIED_WORKERS in policy:
            short = certified_short(IntColumn(certified), policy).values > 0
            add("communities_short", short)
