"""A person's whole record of yearly grades, as one matrix: every run and total comes from here; and the highest level.

There is no depth limit: the matrix spans the years of the record, whatever they are.
"""

from __future__ import annotations

from datetime import date
from typing import Self, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, IntColumn, Ints, TextColumn, day_number
from shequ_core.tables.dataset import Assessments, Certificates, Educations
from shequ_core.tables.dated import known_days
from shequ_core.tables.spells import first_days

Level = TypeVar("Level", CertificateLevel, EducationLevel)


def highest(
    table: Certificates | Educations | None, workers: TextColumn, by: DateColumn, kind: type[Level]
) -> EnumColumn[Level]:
    """Return the highest level that each person had on a day, unknown for who had none.

    Args:
        table: Who reached which level when; None where there is no such table.
        workers: The people, each row one; the same person may stand in several.
        by: The day of each row.
    """
    found = np.full(len(workers), -1, dtype=np.int64)
    if table is not None:
        order = np.argsort(workers.values, kind="stable")
        codes = table.worker.codes_in(workers)
        first = np.searchsorted(workers.values[order], codes)
        end = np.searchsorted(workers.values[order], codes, side="right")
        entry = np.repeat(np.arange(len(table), dtype=np.int64), end - first)
        nth = np.arange(len(entry), dtype=np.int64) - np.repeat(np.cumsum(end - first) - (end - first), end - first)
        at = order[first[entry] + nth]
        there = table.level.mask()[entry] & (first_days(table.since)[entry] <= by.values[at])
        np.maximum.at(found, at[there], table.level.values[entry[there]])
    return EnumColumn(np.maximum(found, 0), found >= 0, kind)


@attrs.frozen(eq=False)
class History:
    """Assessment grades by person and year.

    Attributes:
        first_year: The year of the first column.
        codes: One row a person, one column a year: the grade's place in `AssessmentGrade`, -1 for none.
        decided: The day on which any grade of the year was first known, counted from 1970. A grade that is
            corrected counts from that day on, as pay for the months since is worked out anew.
    """

    first_year: int
    codes: npt.NDArray[np.int8]
    decided: npt.NDArray[np.int32]

    @classmethod
    def of(
        cls, workers: TextColumn, assessments: Assessments, grade: EnumColumn[AssessmentGrade], known: date | None
    ) -> Self:
        """Lay out assessments by person and year, as known on a day.

        Of two for one person and year, the one that became known later counts. One that is withdrawn takes
        those before it away, with the day on which they were known.

        Args:
            workers: The people, in the order of the rows wanted.
            assessments: Their assessments, in any order.
            grade: The grade of each assessment, decided or worked out from scores; a version without one
                leaves the grade of the version before.
            known: The day; None for all that is known.
        """
        at = assessments.worker.codes_in(workers)
        place = np.full(len(workers.vocabulary) + 1, -1, dtype=np.int64)
        place[workers.values] = np.arange(len(workers))
        person = place[at]
        year, day = assessments.year.values, known_days(assessments)
        withdrawn = assessments.withdrawn.true()
        kept = (person >= 0) & (grade.mask() | withdrawn)
        if known is not None:
            kept &= day <= day_number(known)
        if not kept.any():
            return cls(0, np.full((len(workers), 0), -1, np.int8), np.zeros((len(workers), 0), np.int32))
        order = np.flatnonzero(kept)
        order = order[np.argsort(day[order], kind="stable")]
        first, last = int(year[order].min()), int(year[order].max())
        codes = np.full((len(workers), last - first + 1), -1, dtype=np.int8)
        decided = np.zeros(codes.shape, dtype=np.int32)
        taken = np.flatnonzero(withdrawn[order])
        if len(taken):
            gone = np.full(codes.shape, -1, dtype=np.int64)
            gone[person[order[taken]], year[order[taken]] - first] = taken
            order = order[np.arange(len(order)) > gone[person[order], year[order] - first]]
        codes[person[order], year[order] - first] = grade.values[order]
        back = order[::-1]
        decided[person[back], year[back] - first] = day[back]
        return cls(first, codes, decided)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def years(self) -> range:
        """The years that the record spans."""
        return range(self.first_year, self.first_year + self.codes.shape[1])

    def row(self, index: int) -> dict[str, str]:
        """Return one person's record: the grade of each year that has one."""
        members = list(AssessmentGrade)
        found = zip(self.years, self.codes[index].tolist(), strict=True)
        return {str(year): members[code].value for year, code in found if code >= 0}

    def take(self, rows: Ints) -> History:
        """Return the people named, in that order."""
        return History(self.first_year, self.codes[rows], self.decided[rows])

    def known_by(self, day: date) -> History:
        """Return the years of which any grade was known on a day, each with the grade that counts now."""
        return History(self.first_year, np.where(self.decided <= day_number(day), self.codes, -1), self.decided)

    def until(self, year: int) -> History:
        """Return the record of the years up to one, itself included."""
        width = max(0, min(self.codes.shape[1], year - self.first_year + 1))
        return History(self.first_year, self.codes[:, :width], self.decided[:, :width])

    def of_year(self, year: int) -> EnumColumn[AssessmentGrade]:
        """Return everybody's grade of one year, unknown where there is none."""
        if year not in self.years:
            nobody = np.zeros(len(self), dtype=np.int64)
            return EnumColumn(nobody, np.zeros(len(self), dtype=np.bool_), AssessmentGrade)
        codes = self.codes[:, year - self.first_year].astype(np.int64)
        return EnumColumn(np.where(codes < 0, 0, codes), codes >= 0, AssessmentGrade)

    def latest(self) -> EnumColumn[AssessmentGrade]:
        """Return everybody's grade of the last year that has one, unknown for who has none."""
        found = np.full(len(self), -1, dtype=np.int64)
        for column in range(self.codes.shape[1]):
            codes = self.codes[:, column]
            found = np.where(codes >= 0, codes, found)
        return EnumColumn(np.where(found < 0, 0, found), found >= 0, AssessmentGrade)

    def total(self, grade: AssessmentGrade) -> IntColumn:
        """Return in how many years everybody had a grade."""
        return IntColumn((self.codes == list(AssessmentGrade).index(grade)).sum(axis=1).astype(np.int64))

    def total_before(self, grade: AssessmentGrade, rows: Ints, year: IntColumn) -> IntColumn:
        """Return in how many years before a year the person of each row had a grade."""
        had = np.zeros((len(self.codes), self.codes.shape[1] + 1), dtype=np.int64)
        np.cumsum(self.codes == list(AssessmentGrade).index(grade), axis=1, out=had[:, 1:])
        return IntColumn(had[rows, np.clip(year.values - self.first_year, 0, self.codes.shape[1])], year.known)

    def most_in_a_term(self, grade: AssessmentGrade, first: int, length: int) -> IntColumn:
        """Return in how many years of one term everybody had a grade, in the term in which it was most often.

        Args:
            first: The first year of any term; others follow it, and go before it, without a gap.
            length: How many years a term has.
        """
        had = self.codes == list(AssessmentGrade).index(grade)
        terms = (np.arange(self.first_year, self.first_year + had.shape[1]) - first) // length
        most = np.zeros(len(self), dtype=np.int64)
        for term in np.unique(terms):
            most = np.maximum(most, had[:, terms == term].sum(axis=1))
        return IntColumn(most)

    def longest_run(self, grade: AssessmentGrade, *, gap_breaks: bool) -> IntColumn:
        """Return everybody's longest run of years with a grade.

        Args:
            gap_breaks: Whether a year without any assessment breaks a run; otherwise it is skipped.
        """
        code = list(AssessmentGrade).index(grade)
        run = np.zeros(len(self), dtype=np.int64)
        longest = np.zeros(len(self), dtype=np.int64)
        for column in range(self.codes.shape[1]):
            codes = self.codes[:, column]
            idle = np.zeros(len(self), dtype=np.bool_) if gap_breaks else codes < 0
            run = np.where(idle, run, np.where(codes == code, run + 1, 0))
            longest = np.maximum(longest, run)
        return IntColumn(longest)

    def assessed(self) -> BoolColumn:
        """Return who has any assessment at all."""
        return BoolColumn(np.asarray((self.codes >= 0).any(axis=1), dtype=np.bool_))
