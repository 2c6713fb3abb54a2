"""Who came into a post by open recruitment against its conditions (JLW2.3b, 2.3c)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import attrs
import numpy as np

from shequ_core.audit.registry import check
from shequ_core.audit.staffing import people
from shequ_core.errors import Message, msg
from shequ_core.jilin.register import document
from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.policy.recruitment import MAX_AGE, MIN_EDUCATION
from shequ_core.policy.targets import CERTIFIED_LEVEL
from shequ_core.rules import recruitment as rules
from shequ_core.rules.recruitment import Admission
from shequ_core.tables.columns import BoolColumn, Bools, DateColumn, EnumColumn, Ints
from shequ_core.tables.history import highest
from shequ_core.tables.in_post import Roster
from shequ_core.trace import framed

LACKING: Final = {
    Admission.TOO_OLD: msg("too old on the first day in a post, {day}"),
    Admission.TOO_YOUNG: msg("too young on the first day in a post, {day}"),
    Admission.EDUCATION_SHORT: msg("education too low on the first day in a post, {day}"),
}
"""What is said of who may not be let in."""


@check(
    "JLW2.3b-recruited-against-conditions", tables=("educations",), needs=(MAX_AGE, MIN_EDUCATION, CERTIFIED_LEVEL)
)
def recruited_against_conditions(seen: Seen) -> Iterator[Told]:
    """Somebody in post came by open recruitment and was too old or too young for it, or had too little education.

    Asked are staff who began to work in communities after the document: others may have moved in by JLW2.3a, 3.4a or
    3.4b. The tables don't hold the day that the notice named, so age is counted on the first day in a post.

    What to do:
        Look at the notice: who was within its conditions on the day that it named is in order. Otherwise note why the
        principle was departed from, and keep to it next time.
    """
    first = first_holding(seen.once(people), seen)
    workers = seen.data.workers
    issued = document("JLW").issued
    assert issued is not None  # it bears a day
    born, worked = workers.birth_date.take(first.person), workers.worked_since.take(first.person)
    asked = rules.by_open_recruitment(first.role, worked, first.since, issued)
    education = highest(seen.data.educations, first.worker, first.since, EducationLevel)
    certificate = highest(seen.data.certificates, first.worker, first.since, CertificateLevel)
    nobody = BoolColumn.of([None] * len(first))
    found, known = np.zeros(len(first), dtype=np.int64), np.zeros(len(first), dtype=np.bool_)
    some = np.flatnonzero(~asked.false() & seen.open(first.county))
    for came_on, of_turn in _turns(seen, first.since, some):
        for policy, at in seen.law.groups(first.county.take(of_turn), came_on):
            rows = of_turn[at]
            if not seen.answers(policy, "recruitment.admission"):
                continue
            since, here = first.since.take(rows), nobody.take(rows)
            with framed(first.worker.take(rows), str(seen.on.year)):
                verdict = rules.admission(
                    born.take(rows), education.take(rows), worked.take(rows) < since, certificate.take(rows), here,
                    here, worked.take(rows).completed_years(since), since, policy,
                )
            settled = verdict != Admission.LOCAL_RULE_NEEDED
            found[rows], known[rows] = verdict.values, settled.true()
    verdicts = EnumColumn(found, known, Admission)
    yield from seen.judged(
        asked & verdicts.is_in(LACKING), first.county,
        lambda row: Breach(subject=str(first.worker.row(row)), message=_told(verdicts, first, row)),
        msg("birth, education, work in communities before, or a group for which age is relaxed is not known"),
    )


def _turns(seen: Seen, since: DateColumn, rows: Ints) -> Iterator[tuple[date, Ints]]:
    """Yield the rows whose days have the same policies, with a day on which those hold."""
    days, at = np.unique(since.values[rows], return_inverse=True)
    came = DateColumn(days).to_list()
    begins = [seen.law.book.turns(day.replace(month=1, day=1), day)[-1] for day in came if day is not None]
    for begin in sorted(set(begins)):
        yield begin, rows[np.array([one == begin for one in begins], dtype=np.bool_)[at]]


def _told(verdicts: EnumColumn[Admission], first: Roster, row: int) -> Message:
    verdict = verdicts.row(row)
    assert verdict is not None  # it is among those that lack something
    return attrs.evolve(LACKING[verdict], parts={"day": first.since.row(row)})


def first_holding(roster: Roster, seen: Seen) -> Roster:
    """Return the first holding of everybody who is in post on the day, a row a person."""
    held: Bools = np.zeros(len(seen.data.workers), dtype=np.bool_)
    held[roster.on(seen.on).person] = True
    order = np.argsort(roster.since.values, kind="stable")[::-1]
    row: Ints = np.full(len(seen.data.workers), -1, dtype=np.int64)
    row[roster.person[order]] = order
    return roster.take(np.sort(row[held]))
