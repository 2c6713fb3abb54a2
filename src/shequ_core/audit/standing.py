"""How everybody in post stands on a day: what exits, training and agreements ask about one person."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np

from shequ_core.audit.staffing import people
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.checks import Seen
from shequ_core.policy.law import Law, missing_in, needed
from shequ_core.rules import assessment, exits, training
from shequ_core.tables.columns import BoolColumn, Bools, DateColumn, EnumColumn, IntColumn, Ints, TextColumn, day_number
from shequ_core.tables.dataset import Assessments, Dataset
from shequ_core.tables.history import History
from shequ_core.tables.in_post import Roster, places_in
from shequ_core.trace import framed


@attrs.frozen(kw_only=True, eq=False)
class Standing:
    """How people stand on a day, a row a person.

    Attributes:
        roster: Their last holdings.
        still: Who is in post on the day.
        failed: Who was unqualified too often (JLW2.10a).
        leaves_on: When each reaches the exit age (JLW2.10h).
        training_due: The year by whose end each has to have been trained again (JLW2.7a).
    """

    roster: Roster
    still: Bools
    failed: BoolColumn
    leaves_on: DateColumn
    training_due: IntColumn

    @property
    def in_post(self) -> Ints:
        """The rows of those who are in post."""
        return np.flatnonzero(self.still)


def standing(seen: Seen) -> Standing:
    """Work out how everybody in post on the day stands."""
    held = seen.once(people).on(seen.on)
    rows = last_holding(held, len(seen.data.workers))
    history = None
    if seen.data.assessments is not None:
        decided = graded(seen.data, seen.law, seen.on)
        history = History.of(seen.data.workers.id, seen.data.assessments, decided, seen.law.known)
    some = held.take(rows)
    return standing_of(seen.data, some, np.ones(len(some), dtype=np.bool_), history, seen.law, seen.on)


def last_holding(roster: Roster, workers: int) -> Ints:
    """Return the row of each person's last holding, in the order of the roster."""
    last = np.full(workers, -1, dtype=np.int64)
    order = np.argsort(roster.since.values, kind="stable")
    last[roster.person[order]] = order
    return np.sort(last[last >= 0])


def standing_of(
    data: Dataset, some: Roster, still: Bools, history: History | None, law: Law, on: date
) -> Standing:
    """Work out how people stand on a day.

    Args:
        data: The facts that count as known.
        some: One holding of each person.
        still: Who of them is in post on the day.
        history: Everybody's assessments, in the order of the table of workers; None where none were given.
        law: The policies.
        on: The day. Assessments of its year count, as far as they are known.
    """
    rows = len(some)
    often, often_known = np.zeros(rows, dtype=np.bool_), np.zeros(rows, dtype=np.bool_)
    (leaves, leaves_known), (due, due_known) = _blank(rows), _blank(rows)
    own = None if history is None else history.until(on.year).take(some.person)
    sex, born = data.workers.sex.take(some.person), data.workers.birth_date.take(some.person)
    trained = last_trained(data, on).take(some.person)
    for policy, at in law.groups(some.subdistrict, on) if rows else ():
        group = some.take(at)
        with framed(group.worker, str(on.year)):
            if own is not None and not missing_in(policy, needed(["exits.failed_too_often"])):
                failed = exits.failed_too_often(own.take(at), policy)
                often[at], often_known[at] = failed.values, failed.mask()
            if not missing_in(policy, needed(["exits.exit_day"])):
                leaving = exits.exit_day(sex.take(at), born.take(at), policy)
                leaves[at], leaves_known[at] = leaving.values, leaving.mask()
            if not missing_in(policy, needed(["training.training_due_by"])):
                by = training.training_due_by(group.role, trained.take(at), group.since.year(), policy)
                due[at], due_known[at] = by.values, by.mask()
    return Standing(
        roster=some, still=still, failed=BoolColumn(often, often_known), leaves_on=DateColumn(leaves, leaves_known),
        training_due=IntColumn(due, due_known),
    )


def _blank(rows: int) -> tuple[Ints, Bools]:
    return np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_)


def last_trained(data: Dataset, on: date) -> IntColumn:
    """Return the year of everybody's last training completed by a day, in the order of the table of workers."""
    years = np.zeros(len(data.workers), dtype=np.int64)
    if data.trainings is not None:
        kept = data.trainings.completed_on.values <= day_number(on)
        person = places_in(data.trainings.worker, data.workers.id)[kept]
        np.maximum.at(years, person, data.trainings.completed_on.year().values[kept])
    return IntColumn(years, years > 0)


# --- assessments ---------------------------------------------------------------------------------------


def scored(table: Assessments, data: Dataset, law: Law, on: date) -> EnumColumn[AssessmentGrade]:
    """Return the grade that follows from each assessment's scores, unknown where the place has no scheme.

    Args:
        table: Assessments.
        data: The facts: a person's scheme is that of the county of the first holding.
        law: The policies.
        on: The day whose scheme counts.
    """
    values, known = _blank(len(table))
    for policy, rows in law.groups(counties_of_workers(data, table.worker), on) if len(table) else ():
        if missing_in(policy, needed(["assessment.scored_grade"])):
            continue
        some = table.take(rows)
        with framed(some.worker, "assessments", some.year):
            found = assessment.scored_grade(some.residents, some.organisation, some.daily, some.annual, policy)
        values[rows], known[rows] = found.values, found.mask()
    return EnumColumn(values, known, AssessmentGrade)


def graded(data: Dataset, law: Law, on: date) -> EnumColumn[AssessmentGrade]:
    """Return the grade that counts of each assessment: scores become grades where none was decided."""
    table = data.assessments
    assert table is not None
    if table.grade.known is None:
        return table.grade
    found = scored(table, data, law, on)
    with framed(table.worker, "assessments", table.year):
        return assessment.assessed_grade(table.grade, found)


def counties_of_workers(data: Dataset, worker: TextColumn) -> TextColumn:
    """Return the county of each person's first holding; the first county of all for who holds none."""
    holding = np.full(len(data.workers), -1, dtype=np.int64)
    holder = places_in(data.holdings.worker, data.workers.id)
    holding[holder[::-1]] = np.arange(len(holder))[::-1]
    person = places_in(worker, data.workers.id)
    # By the post's id, which begins with its community's code: a county's tables don't hold the posts of others.
    counties = data.holdings.post.start(COUNTY_DIGITS).take(np.where(person >= 0, holding[person], -1))
    first = min(data.posts.community.start(COUNTY_DIGITS).vocabulary, default="")
    return TextColumn.of([one if one is not None else first for one in counties.to_list()])
