"""One year of a place: the rules in their order, from tables to tables.

Real years and simulated years both call this. The order of rows never matters: everything is worked
out in the order of community and worker id, and every answer comes out in it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Final, TypeVar

import attrs
import numpy as np

from shequ_core.errors import Fault, InputError, Message, UnsetError, UnsetKey, msg
from shequ_core.law.carrying import CARRIERS
from shequ_core.law.findings import GRADE_OF_FORCE, Finding, Grade
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.model.posts import CertificateLevel, EducationLevel, PostDuty, Role
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy import agreements as agreement_keys
from shequ_core.policy import assessment as assessment_keys
from shequ_core.policy import pay as pay_keys
from shequ_core.policy import staffing as staffing_keys
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import PARAMETERS, Parameter
from shequ_core.policy.policy import Policy
from shequ_core.rules import agreements, assessment, exits, pay, staffing, training
from shequ_core.tables.answers import Headcounts, PersonYears, PoolMonths, Slips
from shequ_core.tables.columns import (
    BoolColumn,
    Bools,
    Column,
    DateColumn,
    EnumColumn,
    FenColumn,
    IntColumn,
    Ints,
    TextColumn,
    day_number,
    rows_where,
    where,
)
from shequ_core.tables.dataset import Certificates, Dataset, Educations
from shequ_core.tables.groups import Groups, Shares
from shequ_core.tables.history import History
from shequ_core.tables.table import Table
from shequ_core.trace import framed
from shequ_core.values import MONTHS_PER_YEAR, Span, Status

E = TypeVar("E", bound=Enum)

MONTHS: Final = range(1, MONTHS_PER_YEAR + 1)

PAY_RULES: Final = (
    "staffing.in_scope",
    "pay.class_grades",
    "pay.graded_pay",
    "pay.split_standard",
    "pay.pool_weight",
    "pay.pool_shares",
)
YEAR_RULES: Final = ("staffing.allowed_posts", "staffing.party_posts_short", "exits.failed_too_often", "exits.exit_day",
                     "training.training_due_by")
OPTIONAL: Final[tuple[Parameter[Any], ...]] = (  # Any: keys of every type
    pay_keys.CERTIFICATE,
    pay_keys.NO_REDUCTION,
    pay_keys.EMERGENCY,
    pay_keys.YEARLY_STEP,
    assessment_keys.PROPOSALS,
    staffing_keys.QUOTA,
    agreement_keys.FIRST_DAY,
)
"""What a year runs without: where nobody set it there is no line, and a finding that says so."""


# --- the answer -------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class YearResult:
    """What a year of a place comes to.

    Attributes:
        place: The place asked for.
        known: As known on that day; None for all that is known now.
        slips: Monthly slips.
        pools: Performance pools.
        headcounts: Posts against what is allowed.
        people: One row a worker.
        findings: What somebody should look at, in the order of clause and subject.
        policies: The fingerprint of the policy of each place at the end of the year.
        uncertain: Every value in force that isn't issued, press or statistic, with its statuses.
        stale: Values past their stated life.
        synthetic: Whether the people are made up.
    """

    place: str
    name: str
    year: int
    known: date | None
    slips: Slips
    pools: PoolMonths
    headcounts: Headcounts
    people: PersonYears
    findings: tuple[Finding, ...]
    policies: Mapping[str, str]
    uncertain: Mapping[str, tuple[Status, ...]]
    stale: tuple[str, ...]
    not_examined: Mapping[str, int]


# --- people in posts --------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, eq=False)
class Roster:
    """Every holding with the person, the post and the community it belongs to, in a fixed order.

    Attributes:
        worker: The person's id; `person` is the place of the person in `ids`.
        rank: The place of the person's id in sorted order: what orders ties.
        subdistrict: The first nine digits of the community's code.
    """

    ids: TextColumn
    person: Ints
    rank: Ints
    worker: TextColumn
    post: TextColumn
    duty: EnumColumn[PostDuty]
    community: TextColumn
    subdistrict: TextColumn
    county: TextColumn
    setting: Column[Any]  # EnumColumn[Setting]
    employment: Column[Any]  # EnumColumn[Employment]
    role: EnumColumn[Role]
    post_class: TextColumn
    since: DateColumn
    until: DateColumn
    row: Ints

    def __len__(self) -> int:
        return len(self.worker)

    def take(self, rows: Ints) -> Roster:
        """Return the holdings named, in that order."""
        changed: dict[str, Any] = {}  # Any: columns of every kind and bare places
        for field in attrs.fields(Roster):
            value = getattr(self, field.name)
            if field.name != "ids":
                changed[field.name] = value.take(rows) if isinstance(value, Column) else value[rows]
        return attrs.evolve(self, **changed)

    def on(self, day: date) -> Roster:
        """Return the holdings that last on a day."""
        number = day_number(day)
        ended = self.until.mask() & (self.until.values < number)
        return self.take(np.flatnonzero((self.since.values <= number) & ~ended))


def _roster(data: Dataset, known: date | None) -> Roster:
    holdings = data.holdings
    kept = _known_by(holdings.known_on, known)
    post_at = _places(holdings.post, data.posts.id)
    person = _places(holdings.worker, data.workers.id)
    community = data.posts.community.take(post_at)
    at = _places(community, data.communities.code)
    rank = holdings.worker.rank()
    order = np.lexsort((holdings.since.values, rank, community.rank()))
    order = order[kept[order]]
    return Roster(
        ids=data.workers.id,
        person=person,
        rank=rank,
        worker=holdings.worker,
        post=holdings.post,
        duty=data.posts.duty.take(post_at),
        community=community,
        subdistrict=community.start(TOWNSHIP_DIGITS),
        county=community.start(COUNTY_DIGITS),
        setting=data.communities.setting.take(at),
        employment=holdings.employment,
        role=holdings.role,
        post_class=holdings.post_class,
        since=holdings.since,
        until=holdings.until,
        row=np.arange(len(holdings)),
    ).take(order)


def _places(texts: TextColumn, among: TextColumn) -> Ints:
    """Return the row of `among` in which each text stands, -1 where it doesn't."""
    row = np.full(len(among.vocabulary) + 1, -1, dtype=np.int64)
    row[among.values] = np.arange(len(among))
    return row[texts.codes_in(among)]


def _known_by(known_on: DateColumn, known: date | None) -> Bools:
    if known is None:
        return np.ones(len(known_on), dtype=np.bool_)
    return ~known_on.mask() | (known_on.values <= day_number(known))


@attrs.frozen(kw_only=True, eq=False)
class Records:
    """What is on record about people, laid out by person, as known on one day."""

    data: Dataset
    history: History
    known: date | None

    def education(self, day: date) -> EnumColumn[EducationLevel]:
        """Return everybody's highest education on a day."""
        return self._highest(self.data.educations, EducationLevel, day)

    def certificate(self, day: date) -> EnumColumn[CertificateLevel]:
        """Return everybody's highest certificate on a day."""
        return self._highest(self.data.certificates, CertificateLevel, day)

    def _highest(self, table: Educations | Certificates | None, kind: type[E], day: date) -> EnumColumn[E]:
        best = np.full(len(self.data.workers), -1, dtype=np.int64)
        if table is not None:
            kept = _known_by(table.known_on, self.known) & _known_by(table.since, day)
            np.maximum.at(best, _places(table.worker, self.data.workers.id)[kept], table.level.values[kept])
        return EnumColumn(np.where(best < 0, 0, best), best >= 0, kind)

    def graded(self, day: date) -> tuple[IntColumn, DateColumn]:
        """Return everybody's last placement on a day, and from when it holds."""
        grade = np.zeros(len(self.data.workers), dtype=np.int64)
        since = np.full(len(self.data.workers), np.iinfo(np.int64).min)
        table = self.data.gradings
        if table is not None:
            kept = np.flatnonzero(_known_by(table.known_on, self.known) & (table.since.values <= day_number(day)))
            kept = kept[np.argsort(table.since.values[kept], kind="stable")]
            person = _places(table.worker, self.data.workers.id)[kept]
            grade[person], since[person] = table.grade.values[kept], table.since.values[kept]
        known = since > np.iinfo(np.int64).min
        return IntColumn(grade, known), DateColumn(np.where(known, since, 0), known)

    def former_pay(self) -> FenColumn:
        """Return everybody's monthly pay before the change-over."""
        amount = np.zeros(len(self.data.workers), dtype=np.int64)
        known = np.zeros(len(self.data.workers), dtype=np.bool_)
        table = self.data.former_pays
        if table is not None:
            kept = _known_by(table.known_on, self.known)
            person = _places(table.worker, self.data.workers.id)[kept]
            amount[person], known[person] = table.monthly.values[kept], True
        return FenColumn(amount, known)


# --- policies ---------------------------------------------------------------------------------------


def needed(names: Iterable[str]) -> tuple[str, ...]:
    """Return the parameters that rules can't do without, by what the rules themselves say."""
    return tuple(dict.fromkeys(key for name in names for key in CARRIERS[name].needs))


def _missing(policy: Policy, keys: Sequence[str]) -> list[UnsetKey]:
    wanted: dict[str, None] = {}
    for name in keys:
        by = PARAMETERS[name].chosen_by
        chosen = policy.why(PARAMETERS[by]) if by is not None else None
        if chosen is None or name in chosen.value.value.uses:
            wanted[name] = None
        strategy = policy.why(PARAMETERS[name])
        uses = getattr(strategy.value.value, "uses", ()) if strategy is not None else ()
        followers = [one for one, key in PARAMETERS.items() if key.chosen_by == name] if strategy is None else uses
        wanted.update(dict.fromkeys(followers))
    return list(policy.missing(sorted(wanted)))


@attrs.frozen(eq=False)
class _Law:
    """The policies of a run, asked for by subdistrict and day, and all that is missing in them."""

    book: PolicyBook
    known: date | None
    end: date

    def policy(self, code: str, day: date) -> Policy:
        """Return the policy of a code that the tables carry, on a day of the year."""
        if code not in self.book.divisions:
            code = code[:COUNTY_DIGITS]  # a subdistrict that isn't listed, such as one of a zone
        return self.book.policy(code, day, self.known, placed_on=self.end)

    def groups(self, places: TextColumn, day: date) -> list[tuple[Policy, Ints]]:
        """Return the rows that live under the same law, with that law."""
        by_law: dict[str, tuple[Policy, list[int]]] = {}
        used = np.unique(places.values)
        for code in used.tolist():
            policy = self.policy(places.vocabulary[code], day)
            by_law.setdefault(policy.fingerprint, (policy, []))[1].append(code)
        if len(by_law) == 1:
            return [(policy, np.arange(len(places))) for policy, _ in by_law.values()]
        return [(policy, np.flatnonzero(np.isin(places.values, codes))) for policy, codes in by_law.values()]


# --- pay --------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, eq=False)
class PayFrame:
    """The post holders of a month, one row each, with all that pay reads of them."""

    roster: Roster
    grades: Span[IntColumn]
    grade: IntColumn
    latest: EnumColumn[AssessmentGrade]
    certificate: EnumColumn[CertificateLevel]
    former: FenColumn


@attrs.frozen(kw_only=True, eq=False)
class PayLines:
    """A month's pay before the pool is divided."""

    split: pay.Split
    weight: IntColumn
    certificate: FenColumn
    kept: FenColumn


def _grade_on(
    roster: Roster, records: Records, day: date, policy: Policy, faults: list[Fault]
) -> tuple[Span[IntColumn], IntColumn]:
    """Return each person's class of grades, and the grade in force on a day after every yearly step."""
    person = roster.person
    grades = pay.class_grades(roster.post_class, policy)
    holdings = records.data.holdings
    for row in np.flatnonzero(~grades.low.mask()).tolist():
        classes = tuple(policy[pay_keys.GRADES].classes)
        faults.append(
            fault(holdings, int(roster.row[row]), "post_class",
                  msg("the class of post is none of the place's: {classes}", classes=classes))
        )
    every_grade, every_day = records.graded(day)
    given, given_on = every_grade.take(person), every_day.take(person)
    worked_since = records.data.workers.worked_since.take(person)
    start = where(given_on >= roster.since, given_on, roster.since)
    start = where(given_on.is_known(), start, roster.since)
    system = policy.why(pay_keys.GRADES)
    if system is not None:
        # Whoever was there before the system began is placed on its first day.
        begin = start.fill(system.value.since)
        start = where((start < begin) & ~given_on.is_known(), begin, start)
    use_given = BoolColumn((given_on >= roster.since).true())
    steps = policy.get(pay_keys.YEARLY_STEP)
    if pay_keys.PLACEMENT not in policy:
        if not use_given.all_true():
            raise UnsetError([policy.unset_key(pay_keys.PLACEMENT)])
        grade = given
    else:
        years = pay.years_of_work(worked_since, roster.since, start)
        placed = pay.placed_grade(grades, years, records.education(day).take(person), policy)
        grade = where(use_given, given, placed)
        if steps is not None:
            ahead = pay.lead(grade, years, grades, policy)
            first = int(start.year().values.min(initial=day.year))
            for turn in range(first + 1, day.year + 1):
                january = start.fill(date(turn, 1, 1))
                years = pay.years_of_work(worked_since, roster.since, january)
                last = records.history.of_year(turn - 1).take(person)
                stepped = pay.stepped_grade(grade, years, last, grades, policy, ahead=ahead)
                grade = where(start < january, stepped, grade)
    beyond = ((grade < grades.low) | (grade > grades.high)).true()
    told = msg("the person's pay grade is not one of the class of post: correct the grade or the class")
    faults.extend(fault(holdings, int(roster.row[row]), "post_class", told) for row in np.flatnonzero(beyond).tolist())
    return grades, grade


def pay_lines(frame: PayFrame, policy: Policy) -> PayLines:
    """Work out a month's lines for people under one law, the pool not yet divided."""
    grade = pay.graded_with_certificate(frame.grade, frame.certificate, frame.grades, policy)
    split = pay.split_standard(pay.graded_pay(frame.roster.post_class, grade, policy), policy)
    certificate = pay.certificate_allowance(frame.certificate, policy)
    return PayLines(
        split=split,
        weight=pay.pool_weight(split.performance, frame.latest, policy),
        certificate=certificate,
        kept=pay.kept_difference(frame.former, split.standard + certificate, policy),
    )


def payday_of(year: int, month: int, policy: Policy) -> date:
    """Return a month's payday: the day of the place, or the month's last where it is shorter."""
    return date(year, month, min(policy[pay_keys.PAYDAY], monthrange(year, month)[1]))


def month_slips(
    roster: Roster, records: Records, law: _Law, year: int, month: int, faults: list[Fault]
) -> tuple[Slips, PoolMonths]:
    """Work out one month: whoever is in post on its first day is paid the month."""
    first = date(year, month, 1)
    holders = roster.on(first)
    employed = staffing_scope(holders, law, first)
    holders = holders.take(np.flatnonzero(~employed.false()))
    if not len(holders):
        return Slips.empty(), PoolMonths.empty()
    parts: list[tuple[Ints, IntColumn, EnumColumn[AssessmentGrade], PayLines]] = []
    for policy, rows in law.groups(holders.subdistrict, first):
        some = holders.take(rows)
        with framed(some.worker, f"{year}-{month:02d}"):
            grades, grade = _grade_on(some, records, first, policy, faults)
            if faults:
                continue
            payday = payday_of(year, month, policy)
            frame = PayFrame(
                roster=some,
                grades=grades,
                grade=grade,
                latest=records.history.known_by(payday).latest().take(some.person),
                certificate=records.certificate(first).take(some.person),
                former=records.former_pay().take(some.person),
            )
            lines = pay_lines(frame, policy)
            final = pay.graded_with_certificate(grade, frame.certificate, grades, policy)
        parts.append((rows, final, frame.latest, lines))
    if faults:
        return Slips.empty(), PoolMonths.empty()
    order = np.argsort(np.concatenate([rows for rows, *_ in parts]), kind="stable")

    def fen(pick: Callable[[PayLines], FenColumn]) -> FenColumn:
        return FenColumn(np.concatenate([pick(lines).values for *_, lines in parts])[order])

    subdistricts = Groups.of(holders.subdistrict)
    performance = fen(lambda lines: lines.split.performance)
    weight = IntColumn(np.concatenate([lines.weight.values for *_, lines in parts])[order])
    with framed(holders.worker, f"{year}-{month:02d}"):
        shares = pay.pool_shares(performance, weight, subdistricts, holders.rank)
    basic = fen(lambda lines: lines.split.basic)
    certificate = fen(lambda lines: lines.certificate)
    kept = fen(lambda lines: lines.kept)
    latest = EnumColumn(
        np.concatenate([found.values for _, _, found, _ in parts])[order],
        np.concatenate([found.mask() for _, _, found, _ in parts])[order],
        AssessmentGrade,
    )
    slips = Slips(
        {
            "worker": holders.worker,
            "month": _full(len(holders), year * 100 + month),
            "subdistrict": holders.subdistrict,
            "community": holders.community,
            "post": holders.post,
            "post_class": holders.post_class,
            "grade": IntColumn(np.concatenate([grade.values for _, grade, _, _ in parts])[order]),
            "assessment": enum_text(latest),
            "weight": weight,
            "standard": fen(lambda lines: lines.split.standard),
            "performance": performance,
            "basic": basic,
            "bonus": shares.each,
            "certificate": certificate,
            "kept": kept,
            "total": basic + shares.each + certificate + kept,
        }
    )
    return slips, _pools(shares, subdistricts, year * 100 + month)


def staffing_scope(holders: Roster, law: _Law, day: date) -> BoolColumn:
    """Whether each holding is one of a post holder, place by place."""
    values, known = np.zeros(len(holders), dtype=np.bool_), np.zeros(len(holders), dtype=np.bool_)
    for policy, rows in law.groups(holders.subdistrict, day):
        some = holders.take(rows)
        with framed(some.worker, day.isoformat()[:7]):
            scope = staffing.in_scope(some.setting, some.employment, policy)  # type: ignore[arg-type]  # EnumColumns, joined by take
        values[rows], known[rows] = scope.values, scope.mask()
    return BoolColumn(values, known)


def _pools(shares: Shares, groups: Groups, month: int) -> PoolMonths:
    return PoolMonths(
        {
            "subdistrict": TextColumn.of(groups.names),
            "month": _full(len(groups), month),
            "people": groups.counts(),
            "pool": shares.pool,
            "distributed": shares.pool - shares.undistributed,
            "undistributed": shares.undistributed,
        }
    )


def _full(rows: int, number: int) -> IntColumn:
    return IntColumn(np.full(rows, number, dtype=np.int64))


def enum_text(column: EnumColumn[E]) -> TextColumn:
    """Return an enum column as the text of its codes."""
    return TextColumn(column.values, column.known, tuple(str(one.value) for one in column.kind))


def fault(table: Table[Any], row: int, column: str, message: Message) -> Fault:  # Any: tables of every kind
    """Tell what is wrong with one cell of a table, by the file and line it came from."""
    origin = table.origin
    if origin is None:
        return Fault(file=type(table).__name__, row=row + 1, column=column, message=message)
    return Fault(
        file=origin.file, sheet=origin.sheet, row=int(origin.rows[row]), column=origin.headers.get(column, column),
        message=message,
    )


# --- the year ---------------------------------------------------------------------------------------


def run_year(
    data: Dataset,
    book: PolicyBook,
    place: str,
    year: int,
    *,
    known: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> YearResult:
    """Run a whole year of a place and everything below it.

    Args:
        data: The tables of the place; rows in any order.
        book: The policies; made with `assume=True` it rests on assumptions, and the answer says so.
        place: The code of the place: a province, a city, a county or a zone.
        year: The calendar year.
        known: Facts and policies as known on that day; None for all that is known now.
        progress: Called with steps done and steps in all.

    Raises:
        InputError: Rows that can't be: every one of them, by file, row and column.
        UnsetError: Values that nobody set: every one of them, with its clause.
        PlaceNotFoundError: There is no such place in that year.
        PlaceUnresolvedError: A plugin that speaks for a place of the run is at fault.
    """
    end = date(year, MONTHS_PER_YEAR, 31)
    division = book.divisions.at(place, end)
    _check_places(data, book, place, end)
    law = _Law(book, known, end)
    roster = _roster(data, known)
    _check_needs(data, law, place, year)
    records = _records(data, law, known, end)
    faults: list[Fault] = []
    slips: list[Slips] = []
    pools: list[PoolMonths] = []
    for month in MONTHS:
        some, pooled = month_slips(roster, records, law, year, month, faults)
        if faults:
            raise InputError(_once(faults))
        slips.append(some)
        pools.append(pooled)
        if progress is not None:
            progress(month, len(MONTHS) + 1)
    all_slips, all_pools = Slips.concat(slips), PoolMonths.concat(pools)
    headcounts, findings = _headcounts(data, roster, law, year)
    people, about_people, not_examined = _people(data, roster, records, law, all_slips, year)
    findings += about_people
    policies = {code: law.policy(code, end) for code in _counties(data, place)}
    findings += _policy_findings(policies)
    findings += _month_findings(roster, year)
    if progress is not None:
        progress(len(MONTHS) + 1, len(MONTHS) + 1)
    return YearResult(
        place=place,
        name=division.name,
        year=year,
        known=known,
        slips=all_slips,
        pools=all_pools,
        headcounts=headcounts,
        people=people,
        findings=tuple(sorted(findings, key=lambda one: (one.clause, one.code, one.subject, str(one.message)))),
        policies={code: policy.fingerprint for code, policy in policies.items()},
        uncertain={name: found for policy in policies.values() for name, found in policy.uncertain().items()},
        stale=tuple(sorted({name for policy in policies.values() for name in policy.stale()})),
        not_examined=not_examined,
    )


def _counties(data: Dataset, place: str) -> list[str]:
    codes = sorted({code[:COUNTY_DIGITS] for code in data.communities.code.to_list() if code is not None})
    return codes or [place]


def _once(faults: Sequence[Fault]) -> list[Fault]:
    return list({str(one): one for one in faults}.values())


def _check_places(data: Dataset, book: PolicyBook, place: str, on: date) -> None:
    faults = []
    for row, code in enumerate(data.communities.code.to_list()):
        assert code is not None
        problem = (
            msg("the community does not lie in {place}", place=place)
            if not code.startswith(place)
            else book.divisions.check_community(code, on)
        )
        if problem is not None:
            faults.append(fault(data.communities, row, "code", problem))
    if faults:
        raise InputError(faults)


def _check_needs(data: Dataset, law: _Law, place: str, year: int) -> None:
    keys = list(needed((*PAY_RULES, *YEAR_RULES)))
    keys.append(pay_keys.PAYDAY.name)
    if data.gradings is None or not len(data.gradings):
        keys.append(pay_keys.PLACEMENT.name)
    if data.assessments is None:
        raise InputError(
            [Fault(file="assessments", message=msg("the table assessments (考核) is needed, if only with its header"))]
        )
    scored = data.assessments.grade.known is not None
    if scored:
        keys.append(assessment_keys.SCHEME.name)
    missing: dict[tuple[str, str], UnsetKey] = {}
    for code in _counties(data, place):
        for month in MONTHS:
            day = date(year, month, 1)
            policy = law.policy(code, day)
            for one in _missing(policy, keys):
                missing.setdefault((one.key, code), one)
    if missing:
        by_key: dict[str, list[UnsetKey]] = {}
        for (key, _), one in sorted(missing.items()):
            by_key.setdefault(key, []).append(one)
        several = [
            attrs.evolve(found[0], place="、".join(one.place for one in found[:3]) + ("…" if len(found) > 3 else ""))
            for found in by_key.values()
        ]
        raise UnsetError(several)


def _records(data: Dataset, law: _Law, known: date | None, on: date) -> Records:
    assert data.assessments is not None
    table = data.assessments
    decided = table.grade
    if decided.known is not None:
        scored = EnumColumn(np.zeros(len(table), dtype=np.int64), np.zeros(len(table), dtype=np.bool_), AssessmentGrade)
        places = _counties_of_workers(data, table.worker)
        for policy, rows in law.groups(places, on):
            some = table.take(rows)
            with framed(some.worker, "assessments"):
                found = assessment.scored_grade(some.residents, some.organisation, some.daily, some.annual, policy)
            scored.values[rows] = found.values
            mask = scored.mask().copy()
            mask[rows] = found.mask()
            scored = EnumColumn(scored.values, mask, AssessmentGrade)
        with framed(table.worker, "assessments"):
            decided = assessment.assessed_grade(decided, scored)
    return Records(data=data, history=History.of(data.workers.id, table, decided, known), known=known)


def _counties_of_workers(data: Dataset, worker: TextColumn) -> TextColumn:
    """Return the county of each person's first holding; the first county of all for who holds none."""
    post = np.full(len(data.workers), -1, dtype=np.int64)
    holder = _places(data.holdings.worker, data.workers.id)
    post[holder[::-1]] = _places(data.holdings.post, data.posts.id)[::-1]
    counties = data.posts.community.start(COUNTY_DIGITS).take(post[_places(worker, data.workers.id)])
    first = min(counties.vocabulary, default="")
    return TextColumn.of([one if one is not None else first for one in counties.to_list()])


# --- headcount --------------------------------------------------------------------------------------


def _headcounts(data: Dataset, roster: Roster, law: _Law, year: int) -> tuple[Headcounts, list[Finding]]:
    end = date(year, MONTHS_PER_YEAR, 31)
    order = np.argsort(data.communities.code.rank(), kind="stable")
    communities = data.communities.take(order)
    number = day_number(end)
    opened, closed = data.posts.opened_on, data.posts.closed_on
    is_open = ~(opened.mask() & (opened.values > number)) & ~(closed.mask() & (closed.values < number))
    posts = data.posts.where(is_open)
    held = roster.on(end)
    posts_of, held_of = _count(posts.community, communities.code), _count(held.community, communities.code)
    leads = held.role.is_in((Role.SECRETARY, Role.DEPUTY_SECRETARY)).true()
    led = posts.id.is_in([one for one in held.post.where(leads).to_list() if one is not None]).true()
    party = posts.where((posts.duty == PostDuty.PARTY_BUILDING).true() & ~led)
    party_of = _count(party.community, communities.code)
    if posts.duty.known is not None:
        unknown = _count(posts.community.where(~posts.duty.mask()), communities.code)
        party_of = party_of.unless(unknown.values > 0)
    least, most, short = (np.zeros(len(communities), dtype=np.int64) for _ in range(3))
    least_known, short_known = (np.zeros(len(communities), dtype=np.bool_) for _ in range(2))
    inside = communities.setting
    for policy, rows in law.groups(communities.code.start(COUNTY_DIGITS), end):
        some = communities.take(rows)
        with framed(some.code, str(year)):
            allowed = staffing.allowed_posts(some.households, some.residents, policy)
            lacking = staffing.party_posts_short(party_of.take(rows), policy)
        settings = policy[staffing_keys.SETTINGS]
        scope = inside.take(rows).is_in(settings)
        least[rows], most[rows] = allowed.low.values, allowed.high.values
        least_known[rows] = allowed.low.mask() & scope.true()
        short[rows], short_known[rows] = lacking.values, lacking.mask() & scope.true()
    allowed_all = Span(IntColumn(least, least_known), IntColumn(most, least_known))
    short_all = IntColumn(short, short_known)
    headcounts = Headcounts(
        {
            "community": communities.code,
            "name": communities.name,
            "households": communities.households,
            "posts": posts_of,
            "held": held_of,
            "least": allowed_all.low,
            "most": allowed_all.high,
            "party_short": short_all,
        }
    )
    def finding(code: str, row: int, message: Message) -> Finding:
        clause = code.partition("-")[0]
        subject = str(communities.code.row(row))
        return Finding(code=code, grade=Grade.NOTE, clause=clause, subject=subject, message=message)

    def beyond(row: int) -> Message:
        return msg(
            "{found} posts, {least} to {most} are allowed",
            found=posts_of.row(row), least=allowed_all.low.row(row), most=allowed_all.high.row(row),
        )

    findings: list[Finding] = []
    findings += [finding("JLW2.2a-too-few-posts", row, beyond(row)) for row in rows_where(posts_of < allowed_all.low)]
    findings += [finding("JLW2.2b-too-many-posts", row, beyond(row)) for row in rows_where(posts_of > allowed_all.high)]
    findings += [
        finding(
            "JLW2.2d-party-posts-short", row,
            msg("{found} posts for Party building alone are missing", found=short_all.row(row)),
        )
        for row in rows_where(short_all > 0)
    ]
    findings += _quota_findings(posts, law, end)
    return headcounts, findings


def _count(codes: TextColumn, among: TextColumn) -> IntColumn:
    at = _places(codes, among)
    return IntColumn(np.bincount(at[at >= 0], minlength=len(among)).astype(np.int64))


def _quota_findings(posts: Table[Any], law: _Law, end: date) -> list[Finding]:  # Any: Posts, by where()
    findings = []
    county = posts.column("community").start(COUNTY_DIGITS)  # type: ignore[attr-defined]  # Posts.community is text
    for code in sorted({one for one in county.to_list() if one is not None}):
        policy = law.policy(code, end)
        if staffing_keys.QUOTA not in policy:
            continue
        count = IntColumn.of([int((county == code).true().sum())])
        with framed(TextColumn.of([code]), str(end.year)):
            left = staffing.quota_left(count, policy).row(0)
        if left is not None and left < 0:
            findings.append(
                Finding(
                    code="JLW2.2c-quota-exceeded", grade=Grade.CONFLICT, clause="JLW2.2c", subject=code,
                    message=msg(
                        "{found} posts are {over} more than the quota of {quota}",
                        found=count.row(0), over=-left, quota=policy[staffing_keys.QUOTA],
                    ),
                )
            )
    return findings


# --- people -----------------------------------------------------------------------------------------


def _people(
    data: Dataset, roster: Roster, records: Records, law: _Law, slips: Slips, year: int
) -> tuple[PersonYears, list[Finding], dict[str, int]]:
    """Return one row for everybody who was in post in the year, and what follows for who still is."""
    begin, end = date(year, 1, 1), date(year, MONTHS_PER_YEAR, 31)
    ended = roster.until.mask() & (roster.until.values < day_number(begin))
    there = roster.take(np.flatnonzero((roster.since.values <= day_number(end)) & ~ended))
    last = np.full(len(data.workers), -1, dtype=np.int64)
    order = np.argsort(there.since.values, kind="stable")
    last[there.person[order]] = order
    some = there.take(np.sort(last[last >= 0]))
    still = ~some.until.mask() | (some.until.values >= day_number(end))
    history = records.history.until(year).take(some.person)
    assessed = history.of_year(year)
    rows = len(some)
    failed_out, due = np.zeros(rows, dtype=np.bool_), np.zeros(rows, dtype=np.int64)
    leave = DateColumn(np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_))
    due_known = np.zeros(rows, dtype=np.bool_)
    proposals = TextColumn.of([None] * rows)
    sex, born = data.workers.sex.take(some.person), data.workers.birth_date.take(some.person)
    trained = _last_trained(data, end).take(some.person)
    grounds: list[list[str]] = [[] for _ in range(rows)]
    findings: list[Finding] = []
    incidents = _incident_grounds(data, end, records.known)
    for policy, at in law.groups(some.subdistrict, end):
        group = some.take(at)
        with framed(group.worker, str(year)):
            failed_out[at] = exits.failed_too_often(history.take(at), policy).true()
            leaving = exits.exit_day(sex.take(at), born.take(at), policy)
            by = training.training_due_by(group.role, trained.take(at), group.since.year(), policy)
            if assessment_keys.PROPOSALS in policy:
                told = enum_text(assessment.proposed(assessed.take(at), policy))
                proposals = _replaced(proposals, at, told)
        leave.values[at] = leaving.values
        mask = leave.mask().copy()
        mask[at] = leaving.mask()
        leave = DateColumn(leave.values, mask)
        due[at], due_known[at] = by.values, by.mask()
        findings += _agreement_findings(data, group, policy, end, year)
    overdue = IntColumn(due, due_known)
    reached = (leave <= end).true()
    for row in range(rows):
        if not still[row]:
            continue
        if failed_out[row]:
            grounds[row].append("JLW2.10a")
        grounds[row] += incidents.get(int(some.person[row]), [])
        if reached[row]:
            grounds[row].append("JLW2.10h")
    worker = some.worker.to_list()
    for row in range(rows):
        findings += [
            Finding(
                code=f"{clause}-exit", grade=Grade.PROPOSAL, clause=clause, subject=str(worker[row]),
                message=msg("a ground on which the holder has to leave: see {clause}", clause=clause),
            )
            for clause in grounds[row]
        ]
    if data.trainings is not None:
        findings += [
            Finding(
                code="JLW2.7a-training-due", grade=Grade.DUE, clause="JLW2.7a", subject=str(worker[row]),
                message=msg("training was due by the end of {year}", year=overdue.row(row)),
            )
            for row in np.flatnonzero((overdue <= year).true() & still).tolist()
        ]
    paid = _sums(slips, some)
    people = PersonYears(
        {
            "worker": some.worker,
            "name": data.workers.name.take(some.person),
            "community": some.community,
            "post_class": some.post_class,
            **paid,
            "assessed": enum_text(assessed),
            "proposal": proposals,
            "failed_running": history.longest_run(AssessmentGrade.UNQUALIFIED, gap_breaks=False),
            "failed_total": history.total(AssessmentGrade.UNQUALIFIED),
            "exit_ground": TextColumn.of([" ".join(found) or None for found in grounds]),
            "training_due": overdue,
        }
    )
    not_examined = {
        "JLW2.1": int((~roster.employment.mask()).sum()),
        "JLW2.7a": int((~due_known & still).sum()) if data.trainings is not None else rows,
        "JLW2.10h": int((~leave.mask() & still).sum()),
        "JLW2.10b-f": 0 if data.incidents is not None else rows,
        "JLW2.5c": 0 if data.agreements is not None else rows,
    }
    return people, findings, {clause: count for clause, count in not_examined.items() if count}


def _replaced(column: TextColumn, rows: Ints, by: TextColumn) -> TextColumn:
    found = column.to_list()
    for row, text in zip(rows.tolist(), by.to_list(), strict=True):
        found[row] = text
    return TextColumn.of(found)


def _last_trained(data: Dataset, end: date) -> IntColumn:
    years = np.zeros(len(data.workers), dtype=np.int64)
    if data.trainings is not None:
        kept = data.trainings.completed_on.values <= day_number(end)
        person = _places(data.trainings.worker, data.workers.id)[kept]
        np.maximum.at(years, person, data.trainings.completed_on.year().values[kept])
    return IntColumn(years, years > 0)


def _incident_grounds(data: Dataset, end: date, known: date | None) -> dict[int, list[str]]:
    """Return the clauses of JLW2.10b-f that established incidents of a person fulfil."""
    if data.incidents is None:
        return {}
    kept = (data.incidents.happened_on.values <= day_number(end)) & _known_by(data.incidents.known_on, known)
    table = data.incidents.where(kept)
    with framed(table.worker, str(end.year)):
        by_clause = {
            "JLW2.10b": exits.broke_discipline(table.ground, table.established),
            "JLW2.10c": exits.neglected_gravely(table.ground, table.established, table.great_loss),
            "JLW2.10d": exits.broke_agreement(table.ground, table.established, table.told_on, table.mended),
            "JLW2.10e": exits.proved_unfit(table.ground, table.established, table.helped_on, table.still_unfit),
            "JLW2.10f": exits.must_leave_by_other_law(table.ground, table.established, table.legal_basis),
        }
    found: dict[int, list[str]] = {}
    person = _places(table.worker, data.workers.id)
    for clause, met in by_clause.items():
        for row in np.flatnonzero(met.true()).tolist():
            listed = found.setdefault(int(person[row]), [])
            if clause not in listed:
                listed.append(clause)
    return found


def _agreement_findings(data: Dataset, group: Roster, policy: Policy, end: date, year: int) -> list[Finding]:
    if agreement_keys.FIRST_DAY not in policy or agreement_keys.TERM not in policy or data.agreements is None:
        return []
    here = group.take(np.flatnonzero(~group.until.mask() | (group.until.values >= day_number(end))))
    with framed(here.worker, str(year)):
        term = agreements.term_of(end, policy)
        if term is None:
            return []
        table = data.agreements
        row_of = np.full(len(group.ids), -1, dtype=np.int64)
        row_of[here.person] = np.arange(len(here))
        at = row_of[_places(table.worker, group.ids)]
        table, at = table.where(at >= 0), at[at >= 0]
        fits = agreements.agreement_fits(table.since, table.until, here.since.take(at), term)
    signed = np.zeros(len(here), dtype=np.bool_)
    signed[at[fits.true()]] = True
    return [
        Finding(
            code="JLW2.5c-agreement-missing", grade=Grade.DUE, clause="JLW2.5c", subject=str(here.worker.row(row)),
            message=msg("no agreement that runs to the end of the term, {until}", until=term.high),
        )
        for row in np.flatnonzero(~signed).tolist()
    ]


def _sums(slips: Slips, some: Roster) -> dict[str, Column[Any]]:  # Any: amounts and numbers
    at = _places(slips.worker, some.worker) if len(slips) else np.zeros(0, dtype=np.int64)

    def total(column: FenColumn) -> FenColumn:
        sums = np.zeros(len(some), dtype=np.int64)
        np.add.at(sums, at, column.values)
        return FenColumn(sums)

    months = np.bincount(at, minlength=len(some)).astype(np.int64)
    grade = np.zeros(len(some), dtype=np.int64)
    np.put(grade, at, slips.grade.values)  # slips stand in the order of months, so the last one stays
    return {
        "months": IntColumn(months),
        "grade": IntColumn(grade, months > 0),
        "basic": total(slips.basic),
        "bonus": total(slips.bonus),
        "certificate": total(slips.certificate),
        "kept": total(slips.kept),
        "total": total(slips.total),
    }


# --- what the policy itself leaves to say -----------------------------------------------------------


def _policy_findings(policies: Mapping[str, Policy]) -> list[Finding]:
    findings = []
    for code, policy in policies.items():
        for one in policy.conflicts():
            clause = one.source.clause or "-"
            findings.append(
                Finding(
                    code=f"{clause}-{one.key}", grade=GRADE_OF_FORCE[one.source.force], clause=clause, subject=code,
                    message=msg("{key}: {why} ({place}, {clause})", key=one.key, why=one.judgement.why, place=one.place,
                                clause=clause),
                )
            )
        findings += [
            Finding(
                code=f"{key.clauses[0]}-{key.name}-unset", grade=Grade.NOT_EXAMINED, clause=key.clauses[0],
                subject=code, message=msg("{key} is not set: {who} can set it", key=key.name, who=key.who),
            )
            for key in OPTIONAL
            if key not in policy
        ]
        findings += [
            Finding(
                code=f"{PARAMETERS[name].clauses[0]}-{name}-stale", grade=Grade.NOTE,
                clause=PARAMETERS[name].clauses[0], subject=code,
                message=msg("{key} is past its stated life", key=name),
            )
            for name in policy.stale()
        ]
    return findings


def _month_findings(roster: Roster, year: int) -> list[Finding]:
    """Return who came or left in mid-month: no rule for part of a month is published."""
    first = day_number(date(year, 1, 1))
    last = day_number(date(year, MONTHS_PER_YEAR, 31))
    days = roster.since.values.astype("datetime64[D]")
    starts = days != days.astype("datetime64[M]").astype("datetime64[D]")
    came = starts & (roster.since.values >= first) & (roster.since.values <= last)
    after = (roster.until.values + 1).astype("datetime64[D]")
    middle = after != after.astype("datetime64[M]").astype("datetime64[D]")
    left = roster.until.mask() & middle & (roster.until.values >= first) & (roster.until.values <= last)
    told = msg("came or left in mid-month: whoever is in post on a month's first day is paid the month")
    return [
        Finding(
            code="JLW2.4e-part-month", grade=Grade.NOT_EXAMINED, clause="JLW2.4e",
            subject=str(roster.worker.row(row)), message=told,
        )
        for row in np.flatnonzero(came | left).tolist()
    ]
