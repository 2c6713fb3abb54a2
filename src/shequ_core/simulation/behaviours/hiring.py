"""Who comes into vacant posts, within the quota and by the conditions of the place (JLW2.2, 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import ClassVar, Final

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.model.posts import CertificateLevel, EducationLevel, Employment, Sex
from shequ_core.population.chance import Keys
from shequ_core.rules.recruitment import Admission, admission
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.grading import Grading
from shequ_core.simulation.months import EVER, LIFE, NEVER, Months, first_days
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import LIVES, NONE, OPEN, Codes, People
from shequ_core.simulation.turn import Rows, Turn
from shequ_core.tables.columns import BoolColumn, Bools, DateColumn, EnumColumn, IntColumn, Ints, day_number
from shequ_core.values import MONTHS_PER_YEAR

_CROWD: Final = 1000
"""More don't apply for one post."""

Quantiles = Sequence[tuple[Fraction, int]]


def _weights(figures: Figures, name: str) -> Sequence[int]:
    return tuple(figures.weights(name, EducationLevel))


def _months(years: Quantiles) -> Quantiles:
    return [(share, value * MONTHS_PER_YEAR) for share, value in years]


@attrs.frozen(kw_only=True)
class Hiring(Behaviour):
    """Posts that are vacant at the turn of the year are filled in it, as far as the community may have holders.

    Who may apply is for `rules/recruitment.py` to say, by age on 1 January. Applicants are drawn one after another, and
    the first who may apply is taken.

    Attributes:
        filled: The share of the vacancies that is filled in the year, in any month.
        applicants: How many apply for each.
        ages: Their ages in years, as (share of all at or below, value), and so `worked`.
        education: By which weight each level of education is drawn.
        women: The share of women.
        experienced: The share that has worked in communities before, for `worked` months.
        probation: How many months they are on probation; what that is paid is for the place to say (JLW2.4b).
    """

    filled: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("vacancies_filled_a_year", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    applicants: Sourced[int] = attrs.field(
        factory=lambda: Sourced.figure("applicants", Figures.whole),
        converter=given, metadata=within(ranges.whole(0, _CROWD)),
    )
    ages: Sourced[Quantiles] = attrs.field(
        factory=lambda: Sourced.figure("ages_of_joiners", Figures.quantiles),
        converter=given, metadata=within(ranges.table(0, LIFE)),
    )
    education: Sourced[Sequence[int]] = attrs.field(
        factory=lambda: Sourced.figure("education_of_joiners", _weights),
        converter=given, metadata=within(ranges.weights(len(EducationLevel))),
    )
    women: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("women", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    experienced: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("joiners_with_experience", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    worked: Sourced[Quantiles] = attrs.field(
        factory=lambda: Sourced.figure("months_of_work", Figures.quantiles),
        converter=given, metadata=within(ranges.table(0, LIFE * MONTHS_PER_YEAR)),
    )

    probation: Sourced[int] = attrs.field(
        factory=lambda: Sourced.figure("probation_months", Figures.whole),
        converter=given, metadata=within(ranges.whole(0, MONTHS_PER_YEAR)),
    )

    kind: ClassVar[str] = "hiring"

    def arrive(self, turn: Turn) -> None:  # noqa: D102
        people, year = turn.people, turn.year
        rows = _to_be_filled(turn)
        nth = people.nth[rows].astype(np.int64) + 1
        key = turn.layout.life(rows + turn.first, nth)
        wanted = LIVES.happens(key, self.filled.value, purpose="hiring: filled", year=year)
        rows, nth, key = rows[wanted], nth[wanted], key[wanted]
        month = LIVES.below(key, MONTHS_PER_YEAR, purpose="hiring: month", year=year)
        birth, education, worked, found = self._applicants(turn, key)
        rows, nth, key, month = rows[found], nth[found], key[found], month[found]
        self._take_in(turn, rows, nth, key, month, birth[found], education[found], worked[found])

    def _applicants(self, turn: Turn, key: Keys) -> tuple[Ints, Ints, Ints, Bools]:
        """Return birth, education and months of work of the first who may apply for each post, and where one may."""
        birth = np.zeros(len(key), dtype=np.int64)
        education, worked = birth.copy(), birth.copy()
        found = np.zeros(len(key), dtype=np.bool_)
        let_in = np.array([one in {Admission.ADMITTED, Admission.RELAXED} for one in Admission])
        for turn_of in range(self.applicants.value):
            rest = np.flatnonzero(~found)
            some = key[rest]
            age = LIVES.by_table(some, _months(self.ages.value), purpose="hiring: age", year=turn.year, draw=turn_of)
            level = LIVES.choose(
                some, self.education.value, purpose="hiring: education", year=turn.year, draw=turn_of
            )
            has = LIVES.happens(
                some, self.experienced.value, purpose="hiring: experienced", year=turn.year, draw=turn_of
            )
            months = np.zeros(len(some), dtype=np.int64)
            months[has] = LIVES.by_table(
                some[has], self.worked.value, purpose="hiring: months of work", year=turn.year, draw=turn_of
            )
            nobody = BoolColumn(np.zeros(len(some), dtype=np.bool_))
            january = DateColumn(np.full(len(some), day_number(date(turn.year, 1, 1))))
            answer = admission(
                first_days(turn.january - age), EnumColumn(level, None, EducationLevel), nobody,
                EnumColumn(np.zeros(len(some), np.int64), np.zeros(len(some), np.bool_), CertificateLevel),
                nobody, nobody, IntColumn(months // MONTHS_PER_YEAR), january, turn.policy,
            )
            may = let_in[answer.values] & answer.mask()
            at = rest[may]
            birth[at], education[at], worked[at], found[at] = turn.january - age[may], level[may], months[may], True
        return birth, education, worked, found

    def _take_in(
        self, turn: Turn, rows: Rows, nth: Ints, key: Keys, month: Ints, birth: Ints, education: Ints, worked: Ints
    ) -> None:
        people, count = turn.people, len(rows)
        begins = (turn.january + month).astype(np.int16)
        members = list(Sex)
        women = LIVES.happens(key, self.women.value, purpose="hiring: sex")
        educated = np.full((len(EducationLevel), count), NEVER, dtype=np.int16)
        educated[education, np.arange(count)] = EVER

        def small(value: int) -> Codes:
            return np.full(count, value, dtype=np.int8)

        def months(value: int) -> Months:
            return np.full(count, value, dtype=np.int16)

        new = People(
            nth=nth.astype(np.int16),
            key=key,
            opened=people.opened[rows],
            held=np.ones(count, dtype=np.bool_),
            role=people.role[rows],
            post_class=people.post_class[rows],
            sex=np.where(women, members.index(Sex.FEMALE), members.index(Sex.MALE)).astype(np.int8),
            employment=small(list(Employment).index(Employment.FULL_TIME)),
            birth=birth.astype(np.int16),
            worked=begins - worked.astype(np.int16),
            entry=begins,
            since=begins,
            educated=educated,
            certified=np.full((len(CertificateLevel), count), NEVER, dtype=np.int16),
            education=education.astype(np.int8),
            certificate=small(NONE),
            history=np.full((len(people.history), count), NONE, dtype=np.int8),
            latest=small(NONE),
            failed=months(0),
            plain=small(0),
            ahead=small(0),
            given=small(0),
            graded_from=months(EVER),
            former=np.full(count, NONE, dtype=np.int64),
            trained=months(0),
            exit_month=months(NEVER),
            probation=begins + np.int16(self.probation.value),
        )
        new.exit_month[:] = turn.exit_months(new)
        Grading.of(new, turn.layout, turn.first_year, turn.policy).place(turn.year)
        people.put(rows, new)
        turn.comes[rows] = month


def _to_be_filled(turn: Turn) -> Rows:
    """Return the vacant posts that may be filled: those of a community by the order of their ids, as far as it may."""
    people = turn.people
    starts, community = turn.layout.communities_between(turn.first, turn.first + len(people))
    held = np.add.reduceat(people.held, starts, dtype=np.int64)
    rows = np.flatnonzero(~people.held & (people.opened == OPEN))
    of = np.searchsorted(starts, rows, side="right") - 1
    before = np.searchsorted(rows, starts)  # how many vacant posts stand before the first of each community
    place = np.arange(len(rows)) - before[of]
    return rows[place < (turn.room[community] - held)[of]]


