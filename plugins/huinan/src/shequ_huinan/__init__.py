"""Huinan (辉南县, 220523): ages in the recruitment of 2023, and posts for recent graduates.

References:
    The county's recruitment notice of August 2023. Its title, number and day aren't known.
    吉民发〔2023〕34号, on posts for graduates. Its title and day aren't known.

Checked with:
    Nobody.

Limitations:
    A notice speaks for its own round; whether later rounds ask the same isn't published, so the ages have
    no last day. The graduates of 2021 to 2023 are those of 2023's round: later the value is stale.

    For whom the age is relaxed (JLW2.3c), and by how much, isn't published, nor is anything of headcount,
    pay, assessment or exits; all else is the province's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, TypeVar

from shequ_core.law.clauses import Document, Source
from shequ_core.policy import recruitment
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy, LocalValue, Parameter
from shequ_core.values import Span, Status

ISSUED: Final = date(2023, 8, 1)
NOTICE: Final = Document("辉南县社区专职工作者招聘公告(2023年8月,题名未详)", issued=ISSUED)
ON_GRADUATES: Final = Document("关于面向高校毕业生招聘社区工作者的文件(题名未详)", number="吉民发〔2023〕34号")

T = TypeVar("T")


def _issued(key: Parameter[T], value: T, source: Source, *, fresh_until: date | None = None) -> LocalValue[T]:
    return key.set(
        value, since=ISSUED, known_on=ISSUED, source=source, status=Status.ISSUED, fresh_until=fresh_until,
        reading="公告日期只知道是2023年8月,按当月1日计",
    )


VALUES: Final[Sequence[LocalValue[Any]]] = (  # Any: keys of every type
    _issued(recruitment.MIN_AGE, 18, NOTICE.article("")),
    _issued(recruitment.MAX_AGE, 40, NOTICE.article("")),
    _issued(recruitment.GRADUATE_AGES, Span(18, 30), ON_GRADUATES.article("")),
    _issued(
        recruitment.GRADUATE_YEARS, Span(2021, 2023), ON_GRADUATES.article(""), fresh_until=date(2023, 12, 31)
    ),
)


@hookimpl
def shequ_place() -> Sequence[LocalPolicy]:
    """Speak for the county."""
    return [LocalPolicy(place="220523", values=VALUES)]
