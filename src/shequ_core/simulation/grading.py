"""The pay grade of everybody, from year to year by the rules of pay (JLW2.4b).

A grade is kept without what education and certificate move (`People.plain`): these move it whenever they change,
while years and steps go on from year to year.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Self

import attrs
import numpy as np

from shequ_core.errors import Fault, InputError, UnsetError, msg
from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.pay import GRADES, PLACEMENT, SERVICE, YEARLY_STEP, CountsFrom
from shequ_core.policy.policy import Policy
from shequ_core.rules import pay
from shequ_core.simulation.months import NEVER, Months, first_days, january, month_within
from shequ_core.simulation.state import NONE, Codes, Layout, People
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, IntColumn, Ints, TextColumn, day_number, where
from shequ_core.values import Span

_GRADING: Final = (GRADES.name, PLACEMENT.name, SERVICE.name, YEARLY_STEP.name)
_UNQUALIFIED: Final = list(AssessmentGrade).index(AssessmentGrade.UNQUALIFIED)


def same_grading(one: Policy, other: Policy) -> bool:
    """Whether two policies place and move everybody alike."""
    return all(_said(one, name) == _said(other, name) for name in _GRADING)


def _said(policy: Policy, name: str) -> object:
    told = policy.provenance(name)
    return None if told is None else (told.value.value, told.value.since)


@attrs.frozen(kw_only=True, eq=False)
class Grading:
    """The grades of some people under one policy; what is worked out for vacant posts means nothing.

    Attributes:
        first_year: The year of the first row of their history.
        highest: The highest grade of each class.
    """

    people: People
    first_year: int
    policy: Policy
    post_class: TextColumn
    highest: Codes

    @classmethod
    def of(cls, people: People, layout: Layout, first_year: int, policy: Policy) -> Self:
        """Lay it out.

        Raises:
            InputError: A class of post isn't in the place's table.
        """
        every = TextColumn(np.arange(len(layout.classes)), None, layout.classes)
        grades = pay.class_grades(every, policy)
        unknown = ~grades.low.mask()
        if unknown.any() and unknown[people.post_class[people.held]].any():
            used = np.unique(people.post_class[people.held])
            names = sorted(layout.classes[code] for code in used[unknown[used]].tolist())
            told = msg("the class of post is none of the place's: {classes}", classes=tuple(policy[GRADES].classes))
            raise InputError([Fault(file="holdings", column=f"post_class {name}", message=told) for name in names])
        classes = TextColumn(people.post_class.astype(np.int64), None, layout.classes)
        return cls(
            people=people, first_year=first_year, policy=policy, post_class=classes,
            highest=grades.high.values.astype(np.int8),
        )

    @property
    def grades(self) -> Span[IntColumn]:
        """The grades of each one's class."""
        return pay.class_grades(self.post_class, self.policy)

    # --- from the beginning

    def place(self, turns: int) -> None:
        """Set everybody's grade as it is after every turn of a year up to one.

        Raises:
            UnsetError: Somebody has no grade, and nobody said how people are placed in one.
        """
        people = self.people
        since = first_days(people.since)
        graded = BoolColumn(people.graded_from >= people.since)
        given = IntColumn(people.given.astype(np.int64))
        if PLACEMENT not in self.policy:
            if not (graded.values | ~people.held).all():
                raise UnsetError([self.policy.unset_key(PLACEMENT)])
            people.plain[:] = given.values
            return
        grades = self.grades
        start = where(graded, first_days(np.where(graded.values, people.graded_from, people.since)), since)
        system = self.policy.why(GRADES)
        if system is not None:
            begin = start.fill(system.value.since)
            start = where((start < begin) & ~graded, begin, start)
        at_start = self.years(start)
        nothing = self._nothing_moves()
        placed = pay.placed_grade(grades, self.post_class, at_start, *nothing, self.policy)
        grade = where(graded, given, placed)
        people.ahead[:] = pay.lead(grade, self.post_class, at_start, grades, self.policy).values
        if YEARLY_STEP in self.policy:
            first = int(start.year().values.min(initial=turns)) + 1
            grade = pay.stepped_through(
                grade, self.post_class, start, range(first, turns + 1), self.years, self._assessed, grades,
                self.policy, ahead=self._ahead(),
            )
        people.plain[:] = grade.values

    # --- from year to year

    def turn(self, year: int) -> None:
        """Let the year begin: whoever is due steps."""
        if PLACEMENT in self.policy and YEARLY_STEP in self.policy:
            stepped = pay.stepped_grade(
                IntColumn(self.people.plain.astype(np.int64)), self.post_class, self._years_in(year),
                self._assessed(year - 1), self.grades, self.policy, ahead=self._ahead(),
            )
            self.people.plain[:] = stepped.values

    def now(self, rows: Ints | None = None) -> Codes:
        """Return the grade in force of all or some rows, before what a certificate's own scheme moves."""
        some = slice(None) if rows is None else rows
        people = self.people
        plain, education, certificate = people.plain[some], people.education[some], people.certificate[some]
        if PLACEMENT not in self.policy:
            return plain
        moves = self._moves()
        at = (education + np.int8(1)) * np.int8(moves.shape[1]) + (certificate + np.int8(1))
        moved = moves.ravel()[at]
        moved += plain
        np.minimum(moved, self.highest[people.post_class[some]], out=moved)
        # A grade that was given holds as it is.
        return np.where(people.graded_from[some] >= people.since[some], plain, moved)

    def _moves(self) -> Codes:
        """Return by how many grades education and certificate move, by their places from 1, 0 for none."""
        certificates = len(CertificateLevel) + 1
        place = np.arange((len(EducationLevel) + 1) * certificates)
        education, certificate = np.divmod(place, certificates)
        return pay.placement_moves(
            EnumColumn(np.maximum(education - 1, 0), education > 0, EducationLevel),
            EnumColumn(np.maximum(certificate - 1, 0), certificate > 0, CertificateLevel),
            self.policy,
        ).values.astype(np.int8).reshape(-1, certificates)

    def years(self, on: DateColumn) -> IntColumn:
        """Return the years of work on each one's day, as the place counts them."""
        rule, within = self.policy[SERVICE], month_within(on.values)
        months = IntColumn(within.astype(np.int64) - self._works_from())  # everybody began on a month's first day
        over = BoolColumn(np.zeros(len(months), dtype=np.bool_))
        if rule.part_year_counts:
            over = BoolColumn(first_days(within).values != on.values)
        failed = months.fill(0) if rule.failed_years_count else self._failed_before(on)
        return pay.service_years(months, over, failed, self._education(on), self.policy)

    def _years_in(self, year: int) -> IntColumn:
        """Return the same for 1 January, where whole months are enough."""
        if self.policy[SERVICE].credited():
            return self.years(DateColumn(np.full(len(self.people), day_number(date(year, 1, 1)))))
        months = IntColumn((january(year) - self._works_from()).astype(np.int64))
        over = BoolColumn(np.zeros(len(months), dtype=np.bool_))
        failed = IntColumn(self.people.failed.astype(np.int64))
        return pay.service_years(months, over, failed, self._nothing_moves()[0], self.policy)

    def _works_from(self) -> Months:
        rule = self.policy[SERVICE]
        from_work = rule.since is CountsFrom.COMMUNITY_WORK and rule.gaps_count
        return self.people.worked if from_work else self.people.entry

    def _ahead(self) -> IntColumn:
        return IntColumn(self.people.ahead.astype(np.int64))

    def _nothing_moves(self) -> tuple[EnumColumn[EducationLevel], EnumColumn[CertificateLevel]]:
        nobody = np.zeros(len(self.people), dtype=np.int64)
        unknown = np.zeros(len(self.people), dtype=np.bool_)
        return EnumColumn(nobody, unknown, EducationLevel), EnumColumn(nobody, unknown, CertificateLevel)

    def _assessed(self, year: int) -> EnumColumn[AssessmentGrade]:
        """Return everybody's assessment of a year, unknown where there is none."""
        at = year - self.first_year
        if not 0 <= at < len(self.people.history):
            nobody = np.zeros(len(self.people), dtype=np.int64)
            return EnumColumn(nobody, np.zeros(len(self.people), dtype=np.bool_), AssessmentGrade)
        return assessments(self.people.history[at])

    def _failed_before(self, on: DateColumn) -> IntColumn:
        had = np.zeros((len(self.people.history) + 1, len(self.people)), dtype=np.int64)
        np.cumsum(self.people.history == _UNQUALIFIED, axis=0, out=had[1:])
        at = np.clip(on.year().values - self.first_year, 0, len(had) - 1)
        return IntColumn(had[at, np.arange(len(self.people))])

    def _education(self, on: DateColumn) -> EnumColumn[EducationLevel]:
        """Return the highest education on each one's day, where years are credited for it; else nothing asks for it."""
        if not self.policy[SERVICE].credited():
            return self._nothing_moves()[0]
        found = np.full(len(self.people), NONE, dtype=np.int64)
        for level, since in enumerate(self.people.educated):
            found[(since != NEVER) & (first_days(since).values <= on.values)] = level
        return EnumColumn(np.maximum(found, 0), found != NONE, EducationLevel)


def assessments(codes: Codes) -> EnumColumn[AssessmentGrade]:
    """Return assessments as a column, `NONE` as unknown."""
    return EnumColumn(np.maximum(codes, 0).astype(np.int64), codes != NONE, AssessmentGrade)
