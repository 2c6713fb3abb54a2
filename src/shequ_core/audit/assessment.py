"""Grades that aren't what the scores say (JLW2.9b), and too many of the best (JLW2.9a)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import numpy as np

from shequ_core.audit.registry import check
from shequ_core.audit.staffing import people
from shequ_core.audit.standing import counties_of_workers, graded, last_holding, scored
from shequ_core.errors import msg
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.assessment import SCHEME
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.tables.columns import IntColumn, TextColumn
from shequ_core.tables.groups import Groups
from shequ_core.tables.history import History
from shequ_core.values import MONTHS_PER_YEAR


@check("JLW2.9b-grade-differs-from-scores", tables=("assessments",), needs=(SCHEME,))
def grade_differs(seen: Seen) -> Iterator[Told]:
    """The grade that was decided isn't the one that residents' and the organisation's scores come to.

    Residents and organisation, daily and yearly review all count, by the weights of the place's scheme.

    What to do:
        Put right the grade or the scores, or have the subdistrict write down why it decided otherwise.
    """
    table = seen.data.assessments
    assert table is not None
    table = table.where(table.year.values <= seen.on.year)
    decided = table.where(table.grade.mask())
    found = scored(decided, seen.data, seen.law, seen.on)
    yield from seen.judged(
        decided.grade != found, counties_of_workers(seen.data, decided.worker),
        lambda row: Breach(
            subject=str(decided.worker.row(row)), found=decided.grade.row(row), allowed=found.row(row),
            message=msg(
                "{year}: decided {decided}, the scores come to {scored}", year=decided.year.row(row),
                decided=decided.grade.row(row), scored=found.row(row),
            ),
        ),
        msg("a grade was decided, and one of its four scores is not known"),
    )


@check("JLW2.9a-too-many-outstanding", tables=("assessments",), needs=(SCHEME,))
def too_many_outstanding(seen: Seen) -> Iterator[Told]:
    """More of a subdistrict's workers are outstanding in a year than the county's method allows.

    Of all who have a grade of the year, in the subdistrict where they were last in post in it. A method without a
    ceiling allows any share.

    What to do:
        Have the subdistrict look at its assessments of that year again, before pay and the next grade rest on them.
    """
    table = seen.data.assessments
    assert table is not None
    grades = graded(seen.data, seen.law, seen.on)
    history = History.of(seen.data.workers.id, table, grades, seen.law.known).until(seen.on.year)
    held = seen.once(people)
    for year in history.years:
        here = held.during(date(year, 1, 1), date(year, MONTHS_PER_YEAR, 31))
        here = here.take(last_holding(here, len(seen.data.workers)))
        grade = history.of_year(year).take(here.person)
        of_year = np.flatnonzero(grade.mask())
        if not len(of_year):
            continue
        groups = Groups.of(here.subdistrict.take(of_year))
        outstanding = grade.values[of_year] == list(AssessmentGrade).index(AssessmentGrade.OUTSTANDING)
        best = groups.sum_int(IntColumn(outstanding.astype(np.int64))).values.tolist()
        graded_here = groups.counts().values.tolist()
        for policy, rows in seen.laws(TextColumn.of(groups.names)):
            most = policy[SCHEME].ceiling() if SCHEME in policy else None
            for row in rows.tolist():
                share = Fraction(best[row], graded_here[row])
                if most is not None and share > most:
                    yield Breach(
                        subject=groups.names[row], found=share, allowed=most,
                        message=msg(
                            "{year}: {found} of {count} are outstanding, at most {most} may be", year=year,
                            found=best[row], count=graded_here[row], most=most,
                        ),
                    )
