"""A single life, year by year, without the others: luck hangs on post, number of holder and seed alone."""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs
import numpy as np

from shequ_core.errors import LifeNotFoundError
from shequ_core.model.facts import zh
from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.pay import NO_REDUCTION
from shequ_core.policy.performance import PERFORMANCE
from shequ_core.simulation.months import day_of
from shequ_core.simulation.probation import OnProbation
from shequ_core.simulation.simulate import Ready
from shequ_core.simulation.state import NONE, State
from shequ_core.simulation.step import YearSums
from shequ_core.simulation.turn import Leaving, Turn
from shequ_core.tables.columns import DateColumn, EnumColumn, FenColumn, IntColumn, TextColumn, Vocabulary
from shequ_core.tables.table import Table
from shequ_core.values import MONTHS_PER_YEAR, Fen

POOL: Final = "pool"
"""The bonus is a share of the subdistrict's pool, which hangs on everybody in it."""
ROOM: Final = "room"
"""Whether the post was filled when it was hangs on how many others hold posts of the community."""
MEAN: Final = "county_mean"
"""What is kept, or a newcomer's basic pay, hangs on the mean of the county."""


@attrs.frozen(kw_only=True)
class LifeYear:
    """A year of one holder of a post.

    Attributes:
        holder: The number of the holder, from 1.
        came: The first day in post, if it lies in the year; `left` the last.
        assessed: The assessment of the year.
        grade: The grade at the end of the year, before what a certificate's own scheme moves.
        months: Months that were paid.
        performance: The own performance share, what one brings into the pool.
        hangs_on: What a part of it hangs on besides this life: `pool`, `room`, `county_mean`.
    """

    post: str = attrs.field(metadata=zh("岗位编号"))
    holder: int
    year: int = attrs.field(metadata=zh("年度"))
    came: date | None = attrs.field(metadata=zh("上岗日期"))
    left: date | None = attrs.field(metadata=zh("离岗日期"))
    ground: Leaving | None = attrs.field(metadata=zh("离岗原因"))
    age: int = attrs.field(metadata=zh("年龄"))
    education: EducationLevel | None = attrs.field(metadata=zh("学历"))
    certificate: CertificateLevel | None = attrs.field(metadata=zh("社工证"))
    assessed: AssessmentGrade | None = attrs.field(metadata=zh("考核等次"))
    trained: int | None = attrs.field(metadata=zh("最近培训年度"))
    grade: int = attrs.field(metadata=zh("岗位等级"))
    months: int = attrs.field(metadata=zh("发放月数"))
    basic: Fen = attrs.field(metadata=zh("基础报酬"))
    performance: Fen = attrs.field(metadata=zh("本人绩效"))
    certificate_allowance: Fen = attrs.field(metadata=zh("职业津贴"))
    award: Fen = attrs.field(metadata=zh("一次性奖励"))
    hangs_on: str | None = attrs.field(metadata=zh("另受影响于"))


class LifeYears(Table[LifeYear]):
    """A life, one row a year."""

    post: TextColumn
    holder: IntColumn
    year: IntColumn
    came: DateColumn
    left: DateColumn
    ground: EnumColumn[Leaving]
    age: IntColumn
    education: EnumColumn[EducationLevel]
    certificate: EnumColumn[CertificateLevel]
    assessed: EnumColumn[AssessmentGrade]
    trained: IntColumn
    grade: IntColumn
    months: IntColumn
    basic: FenColumn
    performance: FenColumn
    certificate_allowance: FenColumn
    award: FenColumn
    hangs_on: TextColumn


def replay(ready: Ready, post: str, holder: int, seed: int) -> LifeYears:
    """Tell the life of a post's n-th holder with one seed, without working anybody else's out.

    Raises:
        LifeNotFoundError: There is no such post, or no such holder in these years.
    """
    counties = [one for block in ready.blocks for one in block if post.startswith(one)]
    state = ready.state(counties, [seed]) if counties else None
    at = None if state is None else state.layout.posts.places().get(post)
    if state is None or at is None:
        raise LifeNotFoundError(post, holder)
    alone, several = _alone(state, at), bool((state.layout.community == state.layout.community[at]).sum() > 1)
    seen: list[Turn] = []
    rows: list[LifeYear] = []

    def note(turn: Turn) -> None:
        seen.append(attrs.evolve(turn, people=turn.people.take(np.array([0]))))  # before who leaves is gone

    for sums in ready.pass_years(alone, watch=note):
        turn = seen.pop()
        if turn.people.held[0] and turn.people.nth[0] == holder:
            full = int(turn.room[turn.layout.row_community[0]]) < _posts_beside(state, at)
            rows.append(_told(post, turn, sums, room=several and full))
    if not rows:
        raise LifeNotFoundError(post, holder)
    return LifeYears.of(rows)


def _alone(state: State, at: int) -> State:
    layout, rows = state.layout, np.array([at])
    return attrs.evolve(
        state,
        layout=attrs.evolve(
            layout, posts=Vocabulary([layout.posts[at]]), key=layout.key[rows], community=layout.community[rows],
            number=layout.number[rows], duty=layout.duty.take(rows),
        ),
        people=state.people.take(rows),
    )


def _posts_beside(state: State, at: int) -> int:
    """Return how many posts the community has."""
    return int((state.layout.community == state.layout.community[at]).sum())


def _told(post: str, turn: Turn, sums: YearSums, *, room: bool) -> LifeYear:
    people = turn.people
    came, first = int(people.entry[0]), turn.january
    gone = turn.ground[0] != NONE
    left = day_of(first + int(turn.leaves[0])) if gone else None
    hangs = []
    if turn.policy[PERFORMANCE].divides:
        hangs.append(POOL)
    if room and came >= first:
        hangs.append(ROOM)
    kept = turn.policy.get(NO_REDUCTION)
    newcomer = any(
        OnProbation.of(turn, policy, turn.people.held, np.array([0])).by_mean.any() for policy in turn.policies
    )
    if newcomer or (kept is not None and not kept.per_person):
        hangs.append(MEAN)
    assessed = int(people.history[turn.year - turn.first_year, 0])

    def amount(name: str) -> Fen:
        return Fen(int(sums.amounts[name][0]))

    return LifeYear(
        post=post,
        holder=int(people.nth[0]),
        year=turn.year,
        came=day_of(came) if came >= first else None,
        left=None if left is None else date.fromordinal(left.toordinal() - 1),
        ground=list(Leaving)[turn.ground[0]] if gone else None,
        age=(first + MONTHS_PER_YEAR - int(people.birth[0])) // MONTHS_PER_YEAR,
        education=None if people.education[0] == NONE else list(EducationLevel)[people.education[0]],
        certificate=None if people.certificate[0] == NONE else list(CertificateLevel)[people.certificate[0]],
        assessed=None if assessed == NONE else list(AssessmentGrade)[assessed],
        trained=int(people.trained[0]) or None,
        grade=int(turn.grading.now()[0]),
        months=int(sums.counts["months"][0]),
        basic=amount("basic"),
        performance=amount("pool") if turn.policy[PERFORMANCE].divides else amount("bonus"),
        certificate_allowance=amount("certificate"),
        award=amount("award"),
        hangs_on=" ".join(hangs) or None,
    )
