"""Why a line differs: what changed of a month's policy and facts, as far as it can move that line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import attrs

from shequ_core.ledger import months
from shequ_core.ledger.difference import LINES
from shequ_core.ledger.inputs import PAY_TABLES, Key
from shequ_core.model.answers import DEDUCTIONS, EARNINGS
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.tables.answers import ArrearsLines, PayChanges, Slips

POLICY: Final = "policy:"
FACT: Final = "fact:"
SLIP: Final = "slip:"
POOL: Final = "pool"
"""Facts of others moved the subdistrict's pool."""
OTHERS: Final = "others"
"""Facts of others moved a mean by which the line is worked out."""
VERSION: Final = "version"
"""The library is another version than the one that worked the month out."""
JOINED: Final = "joined"
LEFT: Final = "left"
DAYS: Final = "days"
"""Only a part of one of the months is paid."""
ONCE: Final = "once"
"""The line isn't paid every month."""

_EARNINGS: Final = frozenset(EARNINGS)
_BONUS: Final = frozenset({"bonus", "kept"})
_GRADED: Final = frozenset({"basic", "bonus", "kept"})
_ALL_BUT_ONCE: Final = _EARNINGS - {"award", "emergency"}
_CONTRIBUTED: Final = frozenset({*DEDUCTIONS, "employer"})

FACTS_MOVE: Final[Mapping[str, frozenset[str]]] = {
    "communities": _EARNINGS,
    "posts": _EARNINGS,
    "workers": _GRADED,
    "holdings": _EARNINGS,
    "educations": _GRADED,
    "certificates": _GRADED | {"certificate", "award"},
    "gradings": _GRADED,
    "former_pays": frozenset({"kept"}),
    "assessments": _GRADED | {"award"},
    "leaves": _ALL_BUT_ONCE,
    "secondments": _BONUS,
    "contribution_bases": frozenset(),
    "emergencies": frozenset({"emergency"}),
    "duties": frozenset({"emergency"}),
}
"""Which earnings the facts of a table can move; what moves an earning can move the contributions too."""

POLICY_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "assessment.scheme": _GRADED | {"award"},
    "contributions.rates": frozenset(),
    "pay.award": frozenset({"award"}),
    "pay.base_share": _GRADED,
    "pay.bonus_weights": _BONUS,
    "pay.certificate": _GRADED | {"certificate", "award"},
    "pay.day_basis": _ALL_BUT_ONCE,
    "pay.emergency": frozenset({"emergency"}),
    "pay.grades": _GRADED,
    "pay.leave_shares": _ALL_BUT_ONCE,
    "pay.local_coefficient": _GRADED,
    "pay.no_reduction": frozenset({"kept"}),
    "pay.payday": _BONUS,
    "pay.performance": _BONUS | {"award"},
    "pay.placement": _GRADED,
    "pay.probation": _GRADED,
    "pay.reference": _GRADED,
    "pay.seconded_in_pool": _BONUS,
    "pay.service": _GRADED,
    "pay.takes_effect": _ALL_BUT_ONCE | {"emergency"},
    "pay.unassessed_weight": _BONUS,
    "pay.yearly_step": _GRADED,
    "posts.employments": _EARNINGS,
    "posts.settings": _EARNINGS,
}
"""Which earnings a value of the place can move. A key of a plugin's own isn't here: it can move any line."""

SLIP_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "subdistrict": _BONUS,
    "post_class": _GRADED | {"emergency"},
    "grade": _GRADED,
    "assessment": _BONUS | {"award"},
}
"""Which earnings go by what else stands on a slip."""

_GRADE: Final = f"{SLIP}grade"
_BY_GRADE: Final = frozenset({"educations", "certificates", "gradings"})
_GRADE_LINES: Final = frozenset({"basic", "bonus"})
"""Lines that such facts move by the grade alone: where it is the same, it wasn't they."""

_OTHER_TOPICS: Final = frozenset({
    "agreements", "assessment", "exits", "facilities", "grids", "leave", "recruitment", "service", "staffing",
    "targets", "training",
})  # fmt: skip
"""What no line of a slip reads, unless a key of it stands above."""
_OTHER_KEYS: Final = frozenset({"posts.class_of_role"})
"""The same of single keys: a roster reads it, not pay."""


def fact_moves(table: str, line: str) -> bool:
    """Whether the facts of a table can move a line."""
    return table in PAY_TABLES and (line in _CONTRIBUTED or line in FACTS_MOVE[table])


def policy_moves(key: str, line: str) -> bool:
    """Whether a value of the place can move a line."""
    moved = POLICY_MOVES.get(key)
    if moved is None:
        return key not in _OTHER_KEYS and key.partition(".")[0] not in _OTHER_TOPICS
    return line in moved or (line in _CONTRIBUTED and (bool(moved) or key == "contributions.rates"))


def slip_moves(code: str, line: str) -> bool:
    """Whether what differs on two slips, or how much of a month they pay, can move a line."""
    if code == DAYS:
        return line in _ALL_BUT_ONCE or line in _CONTRIBUTED
    return line in _CONTRIBUTED or line in SLIP_MOVES.get(code.removeprefix(SLIP), LINES)


@attrs.frozen(kw_only=True, eq=False)
class Changed:
    """What is otherwise in one state of a month than in another.

    Attributes:
        policies: By county or subdistrict, the keys whose value is another.
        facts: By person, post or place, the tables in which its facts are others.
        version: Whether the library is another version.
    """

    policies: Mapping[str, Sequence[str]] = attrs.field(factory=dict)
    facts: Mapping[str, Sequence[str]] = attrs.field(factory=dict)
    version: bool = False

    @classmethod
    def of(cls, policies: Mapping[str, Sequence[str]], keys: Iterable[Key], *, version: bool) -> Changed:
        """Gather what changed.

        Args:
            policies: By county or subdistrict, the keys whose value is another.
            keys: The facts whose digests differ.
            version: Whether the library is another version.
        """
        tables: dict[str, set[str]] = {}
        for table, subject, _ in keys:
            tables.setdefault(subject, set()).add(table)
        return cls(
            policies=policies,
            facts={subject: sorted(found, key=PAY_TABLES.index) for subject, found in tables.items()},
            version=version,
        )


@attrs.frozen(eq=False)
class Causes:
    """Tells the cause of each line that differs, from what changed and from where people were in post.

    Attributes:
        slips: By person, what else is otherwise on the slips.
        months: Whether two months are compared, and not one month with itself.
    """

    changed: Changed
    slips: Mapping[str, Sequence[str]]
    months: bool
    _places: Mapping[str, frozenset[str]]
    _mine: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = attrs.field(factory=dict)

    @classmethod
    def of_arrears(cls, changed: Changed, now: Slips, then: Slips) -> Causes:
        """Prepare to tell why one month came to something else when it was worked out again.

        Args:
            changed: What changed in between.
            now: The month's slips as they are worked out now.
            then: Its slips as they were.
        """
        return cls(changed, _otherwise(now, then), False, _places_of(now, then))

    @classmethod
    def of_months(cls, changed: Changed, now: Slips, then: Slips) -> Causes:
        """Prepare to tell why one month comes to something else than another.

        Args:
            changed: What is otherwise in it.
            now: The slips of the month.
            then: Those of the other.
        """
        return cls(changed, _otherwise(now, then), True, _places_of(now, then))

    def codes(self, worker: str, line: str) -> Sequence[str]:
        """Return why a line of somebody's pay differs: own causes, those of policy first; else what others did."""
        if worker not in self._mine:
            self._mine[worker] = self._keys(worker), self._tables(worker)
        keys, tables = self._mine[worker]
        otherwise = self.slips.get(worker, ())
        found = [POLICY + key for key in keys if policy_moves(key, line)]
        for table in tables:
            idle = table in _BY_GRADE and line in _GRADE_LINES and _GRADE not in otherwise
            if fact_moves(table, line) and not idle:
                found.append(FACT + table)
        if self.months:
            if JOINED in otherwise or LEFT in otherwise:
                return otherwise
            found += [code for code in otherwise if slip_moves(code, line)]
        if found:
            return tuple(found)
        if self.months and line == "award":
            return (ONCE,)
        if self.changed.version:
            return (VERSION,)
        return (POOL if line == "bonus" or line in _CONTRIBUTED else OTHERS,)

    def _keys(self, worker: str) -> tuple[str, ...]:
        policies, found = self.changed.policies, set[str]()
        for place in self._places.get(worker, ()):
            found.update(policies.get(place[:TOWNSHIP_DIGITS], policies.get(place[:COUNTY_DIGITS], ())))
        return tuple(sorted(found))

    def _tables(self, worker: str) -> tuple[str, ...]:
        if not self.changed.facts:
            return ()
        around = {worker}
        for place in self._places.get(worker, ()):  # an emergency is declared for a place and all below it
            around.update(place[:digits] for digits in range(1, len(place) + 1))
        tables = {table for one in around for table in self.changed.facts.get(one, ())}
        return tuple(table for table in PAY_TABLES if table in tables)

    def of_lines(self, table: ArrearsLines | PayChanges) -> list[str]:
        """Return the cause of each row, as a text of codes."""
        rows = zip(table.worker, table.line, strict=True)
        return [" ".join(self.codes(str(worker), str(line))) for worker, line in rows]


def _places_of(*slips: Slips) -> dict[str, frozenset[str]]:
    """Return the posts and communities of each person."""
    places: dict[str, set[str]] = {}
    for table in slips:
        for worker, post, community in zip(table.worker, table.post, table.community, strict=True):
            places.setdefault(str(worker), set()).update((str(post), str(community)))
    return {worker: frozenset(found) for worker, found in places.items()}


def _otherwise(now: Slips, then: Slips) -> dict[str, tuple[str, ...]]:
    """Return what of each person's slips is otherwise, beside the lines; nobody in whom nothing is."""
    after, before = _last_parts(now), _last_parts(then)
    found: dict[str, tuple[str, ...]] = {}
    for worker in after.keys() | before.keys():
        if worker not in before or worker not in after:
            found[worker] = (LEFT if worker in before else JOINED,)
            continue
        (mine, whole), (earlier, whole_before) = after[worker], before[worker]
        codes = [SLIP + field for field, *told in zip(SLIP_MOVES, mine, earlier, strict=True) if told[0] != told[1]]
        if not (whole and whole_before):
            codes.append(DAYS)
        if codes:
            found[worker] = tuple(codes)
    return found


def _last_parts(slips: Slips) -> dict[str, tuple[tuple[object, ...], bool]]:
    """Return by person what stands on the last part's slip, and whether one slip pays the whole month."""
    fields = [slips.column(field).to_list() for field in SLIP_MOVES]
    found: dict[str, tuple[date, tuple[object, ...], bool]] = {}
    for worker, since, until, *told in zip(slips.worker, slips.since, slips.until, *fields, strict=True):
        assert isinstance(since, date)
        assert isinstance(until, date)
        before = found.get(str(worker))
        whole = before is None and since.day == 1 and until == months.last_day(months.number_of(until))
        if before is None or before[0] < since:
            found[str(worker)] = since, tuple(told), whole
        else:
            found[str(worker)] = *before[:2], whole
    return {worker: (told, whole) for worker, (_, told, whole) in found.items()}
