"""Da'an (大安市, 220882): ages and Party membership in the recruitment of 2022.

References:
    The county's recruitment notice of May 2022. Its title, number and day aren't known.

Checked with:
    Nobody.

Limitations:
    A notice speaks for its own round; whether later rounds ask the same isn't published, so the values
    have no last day.

    Experience is read as any community work of 2 years, certificate holders as JLW2.3c has them.

    Party membership is asked for posts of Party building, which is what the key says. Nothing of
    headcount, pay, assessment or exits is published; all else is the province's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, TypeVar

from shequ_core.law.clauses import Document
from shequ_core.policy import recruitment
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy, LocalValue, Parameter
from shequ_core.policy.recruitment import Group, GroupAges
from shequ_core.values import Status

ISSUED: Final = date(2022, 5, 1)
NOTICE: Final = Document("大安市社区专职工作者招聘公告(2022年5月,题名未详)", issued=ISSUED)

T = TypeVar("T")


def _issued(key: Parameter[T], value: T) -> LocalValue[T]:
    return key.set(
        value, since=ISSUED, known_on=ISSUED, source=NOTICE.article(""), status=Status.ISSUED,
        reading="公告日期只知道是2022年5月,按当月1日计",
    )


VALUES: Final[Sequence[LocalValue[Any]]] = (  # Any: keys of every type
    _issued(recruitment.MIN_AGE, 18),
    _issued(recruitment.MAX_AGE, 40),
    _issued(
        recruitment.RELAXATION,
        GroupAges(
            max_age={
                Group.SERVING_WORKER: 45,
                Group.CERTIFIED: 45,
                Group.SOCIOLOGY_GRADUATE: 45,
                Group.VETERAN: 45,
                Group.EXPERIENCED: 45,
            },
            experience_years=2,
        ),
    ),
    _issued(recruitment.PARTY_MEMBERSHIP, True),
)


@hookimpl
def shequ_place() -> Sequence[LocalPolicy]:
    """Speak for the county-level city."""
    return [LocalPolicy(place="220882", values=VALUES)]
