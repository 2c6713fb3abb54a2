"""Jinzhou (锦州市, 2107, in Liaoning): sixteen grades of even steps, and certificates that pay.

References:
    The city's rules on the pay of community workers, issued on 2022-01-10: 16 grades in 3 classes, a base
    of 2,958 yuan a month, so that grade 1 has 2,958 and grade 16 has 4,289; years of work count from entry,
    a part year whole, gaps not at all; certificates pay 100, 200 and 300 yuan a month. Title and number
    aren't known.

Checked with:
    Nobody.

Limitations:
    Base and ends are published; that grade g has 2,958 x (1.00 + 0.03 (g-1)), in whole yuan, and so what
    grades 2 to 15 have, is derived from them.

    The classes are published as three, without a name or a range that we know: they bear the names of
    Jilin's classes here, and every class may use all grades, which is an assumption.

    From which day the rules hold isn't published; they count from the day of issue.

    Whether a year assessed as unqualified counts as a year of work, and whether education counts as some,
    isn't published: that it counts, and that education credits none, is an assumption.

    Grades are adjusted each 1 January, which is the day on which `pay.yearly_step` steps; but with which
    assessment one steps, which years each grade asks, and what comes on top of basic pay aren't published,
    so `pay.yearly_step`, `pay.placement` and `pay.performance` stay unset.

    Liaoning's own rules aren't part of the library: above the city there is the nation alone, and every
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
from shequ_core.policy.pay import CountsFrom, EvenSteps, Gives, MonthlyAllowance, YearsOfService
from shequ_core.values import Span, Status, yuan

ISSUED: Final = date(2022, 1, 10)
RULES: Final = Document("锦州市社区工作者薪酬规定(2022-01-10印发,题名未详)", issued=ISSUED)
READING: Final = "何日起施行未公布,自印发之日起计"
ALL_GRADES: Final = Span(1, 16)

DIVISIONS: Final = Divisions(
    (
        Division(code="21", name="辽宁省", kind=DivisionKind.PROVINCE),
        Division(code="2107", name="锦州市", kind=DivisionKind.CITY),
    )
)

VALUES: Final[Sequence[LocalValue[Any]]] = (  # Any: keys of every type
    pay.GRADES.set(
        EvenSteps(
            first=yuan(2958),
            step=Fraction(3, 100),
            grades=16,
            classes={"principal": ALL_GRADES, "committee": ALL_GRADES, "staff": ALL_GRADES},
            gives=Gives.BASIC,
            quantum=yuan(1),
        ),
        since=ISSUED, known_on=ISSUED, source=RULES.article(""), status=Status.ISSUED,
        rests_on=[
            Part(
                "grades 2 to 15: 2,958 x (1.00 + 0.03 (g-1)) in whole yuan", Status.DERIVED,
                zh="2至15级：2958×(1.00＋0.03×(级－1))，取整元",
            ),
            Part(
                "names and ranges of the classes: not published, every class may use all grades", Status.ASSUMPTION,
                zh="各类岗位的名称和等级范围未公布，每类均可使用全部等级",
            ),
        ],
        reading=READING,
    ),
    pay.SERVICE.set(
        YearsOfService(since=CountsFrom.ENTRY, gaps_count=False, part_year_counts=True, failed_years_count=True),
        since=ISSUED, known_on=ISSUED, source=RULES.article(""), status=Status.ISSUED,
        rests_on=[
            Part(
                "that an unqualified year counts, and education credits none: not published", Status.ASSUMPTION,
                zh="考核不合格年度是否计入、学历是否折算年限未公布，按计入、不折算",
            ),
        ],
        reading=READING,
    ),
    pay.CERTIFICATE.set(
        MonthlyAllowance(
            {
                CertificateLevel.ASSISTANT: yuan(100),
                CertificateLevel.SOCIAL_WORKER: yuan(200),
                CertificateLevel.SENIOR: yuan(300),
            }
        ),
        since=ISSUED, known_on=ISSUED, source=RULES.article(""), status=Status.ISSUED, reading=READING,
    ),
)


@hookimpl
def shequ_place() -> Sequence[LocalPolicy]:
    """Speak for the city, and say where it lies."""
    return [LocalPolicy(place="2107", values=VALUES, divisions=DIVISIONS)]
