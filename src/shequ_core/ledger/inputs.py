"""Which facts a month rested on, as digests: so that a later run can tell which of them changed since.

A digest covers the facts of one table and one subject (a person, a post, a place) that bear on pay from
one month on, in any order of rows. The facts themselves are not in it, and names of people not even as
part of a digest: pay doesn't read them, and a digest of a name could be guessed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Final, Self, TypeAlias

import attrs
import numpy as np

from shequ_core.ledger.months import YEAR
from shequ_core.tables.answers import InputDigests
from shequ_core.tables.cells import write_column
from shequ_core.tables.columns import DateColumn, IntColumn, Ints, TextColumn, day_number
from shequ_core.tables.dataset import Assessments, Dataset
from shequ_core.tables.dated import KEYS, known_days
from shequ_core.tables.spells import ALWAYS, FOREVER
from shequ_core.tables.table import Table
from shequ_core.values import MONTHS_PER_YEAR, Labelled


class FactTable(Labelled):
    """The tables that a month's pay reads."""

    COMMUNITIES = "communities", "社区"
    POSTS = "posts", "岗位"
    WORKERS = "workers", "人员"
    HOLDINGS = "holdings", "任职"
    EDUCATIONS = "educations", "学历"
    CERTIFICATES = "certificates", "社工证"
    GRADINGS = "gradings", "定级"
    FORMER_PAYS = "former_pays", "原薪酬"
    ASSESSMENTS = "assessments", "考核"
    LEAVES = "leaves", "请休假"
    SECONDMENTS = "secondments", "借调"
    CONTRIBUTION_BASES = "contribution_bases", "缴费基数"
    EMERGENCIES = "emergencies", "应急响应"
    DUTIES = "duties", "应急值守"


PAY_TABLES: Final = tuple(one.value for one in FactTable)
"""Their names."""

SUBJECTS: Final[Mapping[str, str]] = {"communities": "code", "posts": "id", "workers": "id", "emergencies": "place"}
"""The column that says whom or what a row is about, where that isn't `worker`."""

_NAME: Final = "name"
_BEGINS: Final = ("since", "opened_on")
_ENDS: Final = ("until", "probation_until", "closed_on")
_ALWAYS: Final = 0
_DIGITS: Final = 32
"""So much of a SHA-256 is kept for each subject: 128 bits."""

Key: TypeAlias = tuple[str, str, int]
"""Table, subject, and the month from which the facts bear on pay."""


class Change(Enum):
    """What became of facts on which a sealed month rested."""

    NEW = "new"
    GONE = "gone"
    OTHER = "other"


@attrs.frozen(eq=False)
class _Rows:
    """One table's rows, each as a digest.

    Attributes:
        subject: Whom or what each row is about.
        fact: Of which fact each row is a version, beside the subject; rows of one fact bear on pay from the
            earliest month of those that are known, since a later one may move it.
        since: The month from which it bears on pay.
        known: The day on which it became known, counted from 1970; `ALWAYS` where it doesn't say.
        digest: Of its cells.
    """

    subject: Sequence[str]
    fact: Sequence[object]
    since: Sequence[int]
    known: Ints
    digest: Sequence[bytes]


@attrs.frozen(eq=False)
class Facts:
    """All facts of a place that pay reads, as digests.

    Attributes:
        last_known: The last day on which anything became known; None where no row has one.
    """

    last_known: date | None
    _rows: Mapping[str, _Rows]
    _found: dict[int | None, dict[Key, str]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, data: Dataset) -> Self:
        """Digest the facts of a place."""
        rows = {name: _rows(name, table) for name, table in data.tables() if name in PAY_TABLES}
        last = max((int(one.known.max(initial=ALWAYS)) for one in rows.values()), default=ALWAYS)
        return cls(None if last == ALWAYS else DateColumn(np.array([last])).row(0), rows)

    def given(self) -> tuple[str, ...]:
        """Return which tables there are."""
        return tuple(self._rows)

    def known(self, by: date | None, until: int) -> dict[Key, str]:
        """Return the digests of what was known by a day and bears on a month.

        Args:
            by: The day; None for all that is known.
            until: The month, as 202207.
        """
        number = None if by is None else day_number(by)
        if number not in self._found:
            self._found[number] = self._digests(number)
        return {key: digest for key, digest in self._found[number].items() if key[-1] <= until}

    def _digests(self, by: int | None) -> dict[Key, str]:
        groups: dict[Key, list[bytes]] = {}
        for name, rows in self._rows.items():
            kept = range(len(rows.known)) if by is None else np.flatnonzero(rows.known <= by).tolist()
            first: dict[tuple[str, object], int] = {}
            for row in kept:
                fact = rows.subject[row], rows.fact[row]
                first[fact] = min(first.get(fact, rows.since[row]), rows.since[row])
            for row in kept:
                since = first[rows.subject[row], rows.fact[row]]
                groups.setdefault((name, rows.subject[row], since), []).append(rows.digest[row])
        return {key: hashlib.sha256(b"".join(sorted(found))).hexdigest()[:_DIGITS] for key, found in groups.items()}


def _rows(name: str, table: Table[Any]) -> _Rows:  # Any: tables of every kind of fact
    cells = {field: write_column(table.column(field), spec).spread() for field, spec in table.specs.items()}
    subject = SUBJECTS.get(name, "worker")
    dated = KEYS.get(type(table), tuple(field for field in _BEGINS if field in table.specs))
    return _Rows(
        subject=[str(one) for one in cells[subject]],
        fact=list(zip(*(cells[field] for field in dated), strict=True)) if dated else [()] * len(table),
        since=_first_months(name, table).tolist(),
        known=known_days(table) if type(table) in KEYS else np.full(len(table), ALWAYS, dtype=np.int64),
        digest=[
            hashlib.sha256(_row_text(row)).digest()
            for row in zip(*(one for field, one in cells.items() if field != _NAME), strict=True)
        ],
    )


def _row_text(cells: Iterable[str | None]) -> bytes:
    """Write a row so that no two rows are written alike, whatever stands in their cells."""
    return "".join("-" if cell is None else f"{len(cell)}:{cell}" for cell in cells).encode()


def _first_months(name: str, table: Table[Any]) -> Ints:  # Any: as above
    """Return the month from which each row bears on pay; 0 for always."""
    if name == "assessments":  # a year is assessed at its end; one that is decided before counts from then on
        ends: Ints = table.column("year").values * YEAR + MONTHS_PER_YEAR
        return np.minimum(ends, _months(known_days(table)))
    for field in _BEGINS:
        if field in table.specs:
            days = table.column(field)
            return np.where(days.mask(), _months(days.values), _ALWAYS)
    return np.full(len(table), _ALWAYS, dtype=np.int64)


def _months(days: Ints) -> Ints:
    """Return the month of each day, as 202207."""
    in_year = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % MONTHS_PER_YEAR + 1
    return DateColumn(days).year().values * YEAR + in_year


def as_table(digests: Mapping[Key, str]) -> InputDigests:
    """Return digests as rows, in a fixed order."""
    keys = sorted(digests, key=lambda key: (PAY_TABLES.index(key[0]), *key[1:]))
    return InputDigests(
        {
            "table": TextColumn.of([table for table, _, _ in keys]),
            "subject": TextColumn.of([subject for _, subject, _ in keys]),
            "since": IntColumn.of([since for _, _, since in keys]),
            "digest": TextColumn.of([digests[key] for key in keys]),
        }
    )


def from_table(table: InputDigests) -> dict[Key, str]:
    """Return the digests that rows hold."""
    rows = zip(table.table, table.subject, table.since, table.digest, strict=True)
    return {(str(name), str(subject), since or _ALWAYS): str(digest) for name, subject, since, digest in rows}


def by_table(digests: Mapping[Key, str], given: Iterable[str]) -> dict[str, str | None]:
    """Return one digest of each table that pay reads, None for those that were not given."""
    there = frozenset(given)
    lines: dict[str, list[str]] = {name: [] for name in PAY_TABLES if name in there}
    for (name, subject, since), digest in digests.items():
        lines.setdefault(name, []).append(f"{subject}\x1f{since}\x1f{digest}")
    return {
        name: hashlib.sha256("\n".join(sorted(lines[name])).encode()).hexdigest() if name in lines else None
        for name in PAY_TABLES
    }


def changed(before: Mapping[Key, str], after: Mapping[Key, str], *, until: int | None = None) -> frozenset[Key]:
    """Return what differs between two states of the facts.

    Args:
        before: The digests of one state.
        after: Those of the other.
        until: Only what bears on this month, as 202207.
    """
    keys = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return frozenset(key for key in keys if until is None or key[-1] <= until)


def what_changed(before: Mapping[Key, str], after: Mapping[Key, str]) -> dict[tuple[str, str], Change]:
    """Return what became of the facts of each table and subject that differ."""
    found: dict[tuple[str, str], Change] = {}
    for table, subject, since in sorted(changed(before, after)):
        key = (table, subject, since)
        how = Change.NEW if key not in before else Change.GONE if key not in after else Change.OTHER
        found[table, subject] = how if found.get((table, subject), how) is how else Change.OTHER
    return dict(sorted(found.items(), key=lambda one: (PAY_TABLES.index(one[0][0]), one[0][1])))


def turning(data: Dataset, first: date, last: date) -> frozenset[tuple[str, str]]:
    """Return the tables and subjects of which something begins or ends after one day and until another.

    Args:
        data: The facts that count (`as_known_dataset`).
        first: What was so on this day was so before.
        last: The last day that counts.
    """
    low, high = day_number(first), day_number(last)
    found: set[tuple[str, str]] = set()
    for name, table in data.tables():
        if name not in PAY_TABLES:
            continue
        days = [(known_days(table), 0)] if isinstance(table, Assessments) else []
        for field, more in (*((one, 0) for one in _BEGINS), *((one, 1) for one in _ENDS)):
            column = table.column(field) if field in table.specs else None
            if column is not None and not isinstance(table, Assessments):
                days.append((np.where(column.mask(), column.values, FOREVER), more))
        turns = np.zeros(len(table), dtype=np.bool_)
        for day, more in days:
            turns |= (day + more > low) & (day + more <= high)
        subject = table.column(SUBJECTS.get(name, "worker")).to_list()
        found.update((name, str(subject[row])) for row in np.flatnonzero(turns).tolist())
    return frozenset(found)
