"""Hohhot (呼和浩特市, 1501, in Inner Mongolia): eighteen grades, and certificates that move the grade.

References:
    What was published of the city's pay of community workers in January 2023: 18 grades, grade 3 with
    3,738 yuan a month and grade 12 with 5,267; certificates move the grade by 1, 2 and 3, the highest
    alone counting, inside the range of the class.

Checked with:
    Nobody.

Limitations:
    The kind of what was published (rules, notice or report), its title and its day aren't known: it
    carries the mark of the press and counts from the first of the month.

    Grades 3 and 12 are published. The base of 3,398 yuan follows from them, and from it every other
    grade: 3,398 x (1.00 + 0.05 (g-1)), in whole yuan. That fits both; it is marked as derived.

    Classes and their ranges aren't published: they bear the names of Jilin's classes here, and every class
    may use all grades, so the range never stops what a certificate moves. That the amounts are basic pay,
    with a performance bonus on top, is an assumption too.

    Where somebody starts, when one steps, and what is paid for performance aren't published. Inner
    Mongolia's own rules aren't part of the library: above the city there is the nation alone, and every
    other key is unset.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from shequ_core.law.clauses import Document
from shequ_core.model.places import Division, DivisionKind, Divisions
from shequ_core.model.posts import CertificateLevel
from shequ_core.policy import pay
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy, LocalValue, Part
from shequ_core.policy.pay import EvenSteps, Gives, GradeMoves
from shequ_core.values import Span, Status, yuan

PUBLISHED: Final = date(2023, 1, 1)
PUBLICATION: Final = Document("呼和浩特市社区工作者薪酬等级(2023年1月公布,题名未详)", issued=PUBLISHED)
READING: Final = "只知道是2023年1月公布,按当月1日计"
ALL_GRADES: Final = Span(1, 18)

DIVISIONS: Final = Divisions(
    (
        Division(code="15", name="内蒙古自治区", kind=DivisionKind.PROVINCE),
        Division(code="1501", name="呼和浩特市", kind=DivisionKind.CITY),
    )
)

VALUES: Final[Sequence[LocalValue[Any]]] = (  # Any: keys of every type
    pay.GRADES.set(
        EvenSteps(
            first=yuan(3398),
            step=Fraction(5, 100),
            grades=18,
            classes={"principal": ALL_GRADES, "committee": ALL_GRADES, "staff": ALL_GRADES},
            gives=Gives.BASIC,
            quantum=yuan(1),
        ),
        since=PUBLISHED, known_on=PUBLISHED, source=PUBLICATION.article(""), status=Status.PRESS,
        rests_on=[
            Part(
                "all grades but 3 and 12: 3,398 x (1.00 + 0.05 (g-1)) in whole yuan", Status.DERIVED,
                zh="除3级和12级外各级：3398×(1.00＋0.05×(级－1))，取整元",
            ),
            Part(
                "names and ranges of the classes: not published, every class may use all grades", Status.ASSUMPTION,
                zh="各类岗位的名称和等级范围未公布，每类均可使用全部等级",
            ),
            Part("that the amounts are basic pay", Status.ASSUMPTION, zh="表中金额为基础报酬"),
        ],
        reading=READING,
    ),
    pay.CERTIFICATE.set(
        GradeMoves(
            {
                CertificateLevel.ASSISTANT: 1,
                CertificateLevel.SOCIAL_WORKER: 2,
                CertificateLevel.SENIOR: 3,
            }
        ),
        since=PUBLISHED, known_on=PUBLISHED, source=PUBLICATION.article(""), status=Status.PRESS, reading=READING,
    ),
)


@hookimpl
def shequ_place() -> Sequence[LocalPolicy]:
    """Speak for the city, and say where it lies."""
    return [LocalPolicy(place="1501", values=VALUES, divisions=DIVISIONS)]
