"""Trainings that are due (JLW2.7a)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shequ_core.audit.registry import check
from shequ_core.audit.standing import standing
from shequ_core.errors import msg
from shequ_core.law.findings import Grade
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.policy.training import INTERVAL
from shequ_core.values import MONTHS_PER_YEAR


@check("JLW2.7a-training-due", tables=("trainings",), needs=(INTERVAL,), grade=Grade.DUE)
def training_due(seen: Seen) -> Iterator[Told]:
    """Somebody in post has to be trained again by the end of the year, or had to be before.

    What to do:
        Put the person on the county's next round of training. Where a training took place, write it down.
    """
    found = seen.once(standing)
    who, due = found.roster.take(found.in_post), found.training_due.take(found.in_post)

    def breach(row: int) -> Breach:
        year = due.row(row)
        assert year is not None
        return Breach(
            subject=str(who.worker.row(row)), message=msg("training was due by the end of {year}", year=year),
            due=date(year, MONTHS_PER_YEAR, 31),
        )

    unknown = msg("the role of people in the community is not known")
    yield from seen.judged(due <= seen.on.year, who.county, breach, unknown)
