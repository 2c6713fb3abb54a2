"""What falls due for each post holder: training, certificate, agreement, leave (JLW2.5a, 2.5c, 2.7a, 2.7b)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import attrs
import numpy as np

from shequ_core.errors import UnsetError
from shequ_core.model.leave import LeaveKind
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.model.posts import CertificateLevel, Role
from shequ_core.planning.holders import Holders
from shequ_core.planning.workdays import WorkdayCalendar, workdays
from shequ_core.policy.agreements import SINCE_ELECTION_OF
from shequ_core.policy.book import COMMUNITY_DIGITS, PolicyBook
from shequ_core.policy.policy import Policy
from shequ_core.rules.agreements import agreement_fits, term_of
from shequ_core.rules.leave import annual_days
from shequ_core.rules.targets import certified_short, counts_as_certified
from shequ_core.rules.training import training_due_by
from shequ_core.tables.columns import BoolColumn, DateColumn, IntColumn, TextColumn
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.dated import as_known_dataset
from shequ_core.values import Span

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Due:
    """What falls due for one post holder. What nobody can say is None.

    Attributes:
        last_trained: The last day on which a training was completed; None also where there was none.
        train_by: The calendar year by whose end the next training is due (JLW2.7a).
        overdue: Whether that year is over.
        certificate: The highest one.
        certified: Whether it counts towards the community's social workers (JLW2.7b).
        certificates_missing: How many social workers the community still lacks.
        agreement_until: The last day of the agreement in force.
        to_sign: Whether an agreement is to be signed (JLW2.5c): none is in force, or it doesn't run with the term.
        leave_days: Paid leave of a year by completed years of community work (JLW2.5a).
        leave_left: What is left of it in the year of the day.
    """

    worker: str
    post: str
    role: Role | None
    last_trained: date | None
    train_by: int | None
    overdue: bool | None
    certificate: CertificateLevel | None
    certified: bool | None
    certificates_missing: int | None
    agreement_until: date | None
    to_sign: bool | None
    leave_days: int | None
    leave_left: int | None


@attrs.frozen(kw_only=True)
class DueList:
    """What falls due for the post holders of a place.

    Attributes:
        terms: The committees' term on the day, by county; None before agreements began, absent where it isn't set.
        unset: Keys that nobody set, by county.
        leave_counted: Whether leave taken was counted, for which a calendar of working days is needed.
    """

    on: date
    rows: tuple[Due, ...]
    terms: dict[str, Span[date] | None]
    unset: dict[str, tuple[str, ...]]
    leave_counted: bool


def due(
    data: Dataset, book: PolicyBook, on: date, *, known: date | None = None, calendar: WorkdayCalendar | None = None
) -> DueList:
    """Say what falls due for each post holder of a place.

    Args:
        data: Workers, holdings, and what there is of trainings, certificates, agreements and leave: what rests on a
            table that isn't there is unknown.
        book: The policies: each county's own hold.
        on: The day.
        known: As known on that day; None for all that is known now.
        calendar: Tells the working days of which leave is made; None leaves open what was taken.

    Raises:
        CalendarYearError: The calendar doesn't know the year.
    """
    data = as_known_dataset(data, known)
    held = Holders.of(data, on, known)
    counties = held.holdings.post.start(COUNTY_DIGITS)
    rows: list[Due] = []
    terms: dict[str, Span[date] | None] = {}
    unset: dict[str, tuple[str, ...]] = {}
    taken = None if calendar is None or data.leaves is None else _leave_taken(data, on, calendar)
    for county in sorted({one for one in counties.to_list() if one is not None}):
        policy = book.policy(county, on, known, placed_on=on)
        some = held.take(np.flatnonzero((counties == county).true()))
        missing: list[str] = []
        term = _or_unset(lambda policy=policy: (term_of(on, policy),), missing)  # type: ignore[misc]  # mypy can't infer a lambda with a default
        if term is not None:
            terms[county] = term[0]
        rows += _rows(data, some, policy, on, term, taken, missing)
        if missing:
            unset[county] = tuple(sorted(set(missing)))
    return DueList(on=on, rows=tuple(rows), terms=terms, unset=unset, leave_counted=taken is not None)


def _or_unset(ask: Callable[[], T], missing: list[str]) -> T | None:
    """Return an answer; None where it needs what nobody set, which is added to what is missing."""
    try:
        return ask()
    except UnsetError as error:
        missing += [one.key for one in error.missing]
        return None


def _rows(
    data: Dataset, held: Holders, policy: Policy, on: date, term: tuple[Span[date] | None] | None,
    taken: dict[str, int] | None, missing: list[str],
) -> list[Due]:
    nobody = [None] * len(held.holdings)
    workers = held.holdings.worker
    trained = _last_trained(data, workers, on)
    train_by = None
    if data.trainings is not None:
        train_by = _or_unset(
            lambda: training_due_by(held.holdings.role, trained.year(), held.holdings.since.year(), policy), missing
        )
    certified = _or_unset(lambda: counts_as_certified(held.certificate, policy), missing)
    short = None
    if certified is not None and data.certificates is not None:
        counted = certified = BoolColumn(certified.true())
        short = _or_unset(lambda: _short(held, counted, policy), missing)
    elif data.certificates is None:
        certified = None
    until, signed = _agreements(data, held, on, term, policy)
    days = _or_unset(lambda: annual_days(held.years, policy), missing)
    columns = [
        workers.to_list(), held.holdings.post.to_list(), held.holdings.role.to_list(), trained.to_list(),
        nobody if train_by is None else train_by.to_list(),
        nobody if train_by is None else (train_by < on.year).to_list(),
        held.certificate.to_list(), nobody if certified is None else certified.to_list(),
        nobody if short is None else short.to_list(), until.to_list(), signed.to_list(),
        nobody if days is None else days.to_list(),
    ]
    names = [field.name for field in attrs.fields(Due)][: len(columns)]
    found = []
    for values in zip(*columns, strict=True):
        said = dict(zip(names, values, strict=True))
        leave = said["leave_days"]
        left = None if taken is None or not isinstance(leave, int) else leave - taken.get(str(said["worker"]), 0)
        found.append(Due(**said, leave_left=left))
    return found


def _last_trained(data: Dataset, workers: TextColumn, on: date) -> DateColumn:
    last: dict[str | None, date] = {}
    if data.trainings is not None:
        for worker, day in zip(data.trainings.worker.to_list(), data.trainings.completed_on.to_list(), strict=True):
            if day is not None and day <= on:
                last[worker] = max(day, last.get(worker, day))
    return DateColumn.of([last.get(one) for one in workers.to_list()])


def _short(held: Holders, certified: BoolColumn, policy: Policy) -> IntColumn:
    """Return for each holder how many certified social workers the community lacks."""
    community = held.holdings.post.start(COMMUNITY_DIGITS)
    counts = np.bincount(community.values[certified.true()], minlength=len(community.vocabulary) + 1)
    return certified_short(IntColumn(counts.astype(np.int64)[community.values], community.known), policy)


def _agreements(
    data: Dataset, held: Holders, on: date, term: tuple[Span[date] | None] | None, policy: Policy
) -> tuple[DateColumn, BoolColumn]:
    """Return the last day of the agreement in force, and whether one is to be signed."""
    rows = len(held.holdings)
    nobody: list[date | None] = [None] * rows
    if data.agreements is None:
        return DateColumn.of(nobody), BoolColumn.of([None] * rows)
    since: dict[str | None, date] = {}
    until: dict[str | None, date] = {}
    table = data.agreements
    for worker, first, last in zip(table.worker.to_list(), table.since.to_list(), table.until.to_list(), strict=True):
        # of two in force on the day it is the later one
        if first is not None and last is not None and first <= on <= last and first >= since.get(worker, first):
            since[worker], until[worker] = first, last
    workers = held.holdings.worker.to_list()
    first_days = DateColumn.of([since.get(one) for one in workers])
    last_days = DateColumn.of([until.get(one) for one in workers])
    if term is None:  # the term isn't set: nobody can say what fits, but once all have begun, who has none is known
        begun = SINCE_ELECTION_OF in policy and on.year > policy[SINCE_ELECTION_OF]
        return last_days, BoolColumn(~first_days.mask(), ~first_days.mask() & begun)
    if term[0] is None:  # agreements are not signed yet
        return last_days, BoolColumn(np.zeros(rows, dtype=np.bool_))
    fits = agreement_fits(first_days, last_days, held.holdings.since, term[0])
    return last_days, BoolColumn(~fits.true(), fits.mask() | ~first_days.mask())


def _leave_taken(data: Dataset, on: date, calendar: WorkdayCalendar) -> dict[str, int]:
    """Return the working days of paid annual leave that each took from the beginning of the year to the day."""
    assert data.leaves is not None
    days = workdays(Span(date(on.year, 1, 1), on), calendar)
    taken: dict[str, set[date]] = {}
    leaves = data.leaves.where((data.leaves.kind == LeaveKind.ANNUAL).true())
    spans = zip(leaves.worker.to_list(), leaves.since.to_list(), leaves.until.to_list(), strict=True)
    for worker, first, last in spans:
        if worker is not None and first is not None and last is not None:
            taken.setdefault(worker, set()).update(day for day in days if first <= day <= last)
    return {worker: len(found) for worker, found in taken.items()}
