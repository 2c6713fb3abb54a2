"""Random rosters that a place's policy can pay: for whoever looks at rules with people that nobody thought of.

Everything is drawn from a `random.Random`, so that the same seed gives the same people, and hypothesis, which
brings a `Random` of its own (`testing/strategies.py`), can make a failing roster smaller. Nobody here exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum
from random import Random
from typing import Any, Final, TypeVar

import numpy as np

from shequ_core.model.communities import Community, Setting
from shequ_core.model.pay import Grading, Newcomer, PayRow
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.model.posts import Certificate, CertificateLevel, Employment, Holding, Post, Role, Sex, Worker
from shequ_core.model.records import Assessment, AssessmentGrade
from shequ_core.policy.pay import GRADES
from shequ_core.policy.policy import Policy
from shequ_core.policy.staffing import CLASS_OF_ROLE, EMPLOYMENTS, SETTINGS
from shequ_core.population import SYNTHETIC
from shequ_core.tables.columns import IntColumn
from shequ_core.tables.dataset import REQUIRED, TABLES, Dataset
from shequ_core.tables.payroll import PayRows
from shequ_core.values import Fen

E = TypeVar("E", bound=Enum)
T = TypeVar("T")

_MADE: Final = (*REQUIRED, "certificates", "gradings", "assessments")
_MOST_SUBDISTRICTS: Final = 3
_MOST_PEOPLE: Final = 5
_PARTS: Final = 22
_MOST_FORMER: Final = 9_000_00
_MOST_HOUSEHOLDS: Final = 12_000
_ADULT: Final = 18
_OLD: Final = 64
_SERVED: Final = 20
_LONGEST_MONTH: Final = 31
_YEAR: Final = 365
_FEW: Final = 4


def pay_rows(policy: Policy, random: Random) -> PayRows:
    """Make up the people of a month, every one in a class and grade of the table in force, rows in any order.

    At least two in each subdistrict, since a pool of one is refused; some there for a part of the month only, or in
    two parts, on probation, with a certificate, without an assessment, outside the pool.

    Raises:
        UnsetError: The place has no table of grades.
    """
    rows: list[PayRow] = []
    for subdistrict in range(1, random.randint(1, _MOST_SUBDISTRICTS) + 1):
        for _ in range(random.randint(2, _MOST_PEOPLE)):
            rows.extend(_person(f"S{len(rows) + 1:04}", f"{policy.place:0<6}{subdistrict:03}", policy, random))
    random.shuffle(rows)
    return PayRows.of(rows)


def _person(worker: str, subdistrict: str, policy: Policy, random: Random) -> list[PayRow]:
    classes = policy[GRADES].classes
    post_class = random.choice(sorted(classes))
    grades = classes[post_class]
    same: dict[str, Any] = {  # Any: fields of a row
        "worker": worker,
        "subdistrict": subdistrict,
        "post_class": post_class,
        "certificate": _perhaps(CertificateLevel, random),
        "certified": _perhaps(CertificateLevel, random) if random.randint(0, _FEW) == 0 else None,
        "assessment": _perhaps(AssessmentGrade, random),
        "last_year": _perhaps(AssessmentGrade, random),
        "former": Fen(random.randint(0, _MOST_FORMER)) if random.randint(0, 1) else None,
        "newcomer": _perhaps(Newcomer, random) if random.randint(0, _FEW) == 0 else None,
        "pooled": False if random.randint(0, _FEW) == 0 else None,
        "duty_days": random.randint(0, _LONGEST_MONTH) if random.randint(0, _FEW) == 0 else None,
        "base": Fen(random.randint(0, 2 * _MOST_FORMER)) if random.randint(0, 1) else None,
    }
    split = random.choice((None, None, random.randint(1, _PARTS - 1)))
    if split is None:
        return [PayRow(**same, grade=random.randint(grades.low, grades.high))]
    ends = [(0, split), (split, _PARTS)][: random.randint(1, 2)]
    return [
        PayRow(
            **same, grade=random.randint(grades.low, grades.high), before=before, after=after, parts=_PARTS,
            several=len(ends) > 1,
        )
        for before, after in ends
    ]


def households(random: Random) -> IntColumn:
    """Make up how many households some communities have; of some nobody knows."""
    counts = [random.choice((0, 1, random.randint(0, _MOST_HOUSEHOLDS))) for _ in range(random.randint(1, _FEW))]
    unknown = [random.randint(0, _FEW) > 0 for _ in counts]
    return IntColumn(np.array(counts, dtype=np.int64), np.array(unknown, dtype=np.bool_))


def dataset(policy: Policy, county: str, random: Random) -> Dataset:
    """Make up a county's communities, posts and people whom a policy can pay in the month after its day.

    Args:
        policy: The policy; its day is the last that is needed of everything.
        county: The code of a county that is listed.

    Raises:
        UnsetError: The place has no table of grades.
    """
    facts: list[object] = []
    for subdistrict in range(1, random.randint(1, 2) + 1):
        for serial in range(1, random.randint(1, 2) + 1):
            code = f"{county:0<{COUNTY_DIGITS}}{subdistrict:03}{serial:03}"
            assert len(code) == TOWNSHIP_DIGITS + len("001")
            facts.append(
                Community(
                    code=code, name=f"{SYNTHETIC}{code}", setting=_one_of(policy.get(SETTINGS), Setting, random),
                    households=random.randint(0, _MOST_HOUSEHOLDS), residents=random.randint(0, 3 * _MOST_HOUSEHOLDS),
                )
            )
            for ordinal in range(1, random.randint(2, _MOST_PEOPLE) + 1):
                facts.extend(_holder(code, ordinal, policy, random))
    tables = {
        name: kind.of([one for one in facts if isinstance(one, kind.fact)])
        for name, kind in TABLES.items()
        if name in _MADE
    }
    return Dataset(**tables)  # type: ignore[arg-type]  # each table stands under its own name


def _holder(code: str, ordinal: int, policy: Policy, random: Random) -> list[object]:
    day, classes = policy.on, policy[GRADES].classes
    worker, post = f"S{code[COUNTY_DIGITS:]}{ordinal:02}", f"{code}-{ordinal:02}"
    role = random.choice(list(Role))
    post_class = (policy.get(CLASS_OF_ROLE) or {}).get(role, "")
    if post_class not in classes:
        post_class = random.choice(sorted(classes))
    since = day - timedelta(days=random.randint(1, _SERVED * _YEAR))
    grades = classes[post_class]
    facts: list[object] = [
        Post(id=post, community=code),
        Worker(
            id=worker, name=f"{SYNTHETIC}{worker}", sex=random.choice(list(Sex)), worked_since=since,
            birth_date=since - timedelta(days=random.randint(_ADULT, _OLD - _SERVED) * _YEAR),
        ),
        Holding(
            worker=worker, post=post, post_class=post_class, role=role, since=since,
            employment=_one_of(policy.get(EMPLOYMENTS), Employment, random),
        ),
        Grading(worker=worker, grade=random.randint(grades.low, grades.high), since=since),
    ]
    facts.extend(
        Assessment(worker=worker, year=year, grade=random.choice(list(AssessmentGrade)), known_on=date(year, 12, 31))
        for year in range(max(since.year, day.year - _FEW), day.year)
    )
    level = _perhaps(CertificateLevel, random)
    if level is not None:
        facts.append(Certificate(worker=worker, level=level, since=since))
    return facts


def _perhaps(kind: type[E], random: Random) -> E | None:
    choices: tuple[E | None, ...] = (None, *kind)
    return random.choice(choices)


def _one_of(allowed: frozenset[E] | None, kind: type[E], random: Random) -> E:
    return random.choice(sorted(allowed or kind, key=lambda one: str(one.value)))


def shuffled(rows: Sequence[T], random: Random) -> list[T]:
    """Return the same things in another order."""
    return random.sample(rows, len(rows))


def in_another_order(data: Dataset, random: Random) -> Dataset:
    """Return the same facts, the rows of each table in another order."""
    return data.with_tables(
        {
            name: table.take(np.array(shuffled(range(len(table)), random), dtype=np.int64))
            for name, table in data.tables()
        }
    )
