"""Grades that aren't what the scores say (JLW2.9b)."""

from __future__ import annotations

from collections.abc import Iterator

from shequ_core.audit.registry import check
from shequ_core.audit.standing import counties_of_workers, scored
from shequ_core.errors import msg
from shequ_core.policy.assessment import SCHEME
from shequ_core.policy.checks import Breach, Seen, Told


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
