"""Liaoyuan (辽源市, 2204): who holds posts, by a consultation draft. Loads only with `--assume`.

References:
    A consultation draft of June 2020 on the city's corps of full-time community workers. That it is
    Liaoyuan's is inferred; its title and its day aren't known.

Checked with:
    Nobody.

Limitations:
    Whether the draft was ever issued isn't known. Its day is read as the first of the month.

    College-graduate assistants (大学生助理) may also transfer to a post, as serving committee members may
    (JLW2.3a): no key says who may transfer.

    Headcount is as the province has it, so nothing is set for it. The draft names no role for ordinary
    staff; that they are the third class follows from JLW2.4a.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from shequ_core.law.clauses import Document
from shequ_core.model.posts import Employment, Role
from shequ_core.policy import staffing
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy, Part
from shequ_core.values import Status

DRAFTED: Final = date(2020, 6, 1)
DRAFT: Final = Document("辽源市社区专职工作者队伍建设的征求意见稿(2020年6月,题名未详)", issued=DRAFTED)
READING: Final = "只知道是2020年6月,按当月1日计"
INFERRED: Final = Part("that the draft is Liaoyuan's", Status.DERIVED, zh="该征求意见稿属于辽源市")


@hookimpl
def shequ_place() -> Sequence[LocalPolicy]:
    """Speak for the city."""
    return [
        LocalPolicy(
            place="2204",
            values=[
                staffing.EMPLOYMENTS.set(
                    frozenset({Employment.FULL_TIME, Employment.GRADUATE_ASSISTANT}), since=DRAFTED,
                    known_on=DRAFTED, source=DRAFT.article(""), status=Status.DRAFT, rests_on=[INFERRED],
                    reading=READING,
                ),
                staffing.CLASS_OF_ROLE.set(
                    {
                        Role.SECRETARY: "principal",
                        Role.DIRECTOR: "principal",
                        Role.DEPUTY_SECRETARY: "committee",
                        Role.DEPUTY_DIRECTOR: "committee",
                        Role.MEMBER: "committee",
                        Role.STAFF: "staff",
                    },
                    since=DRAFTED, known_on=DRAFTED, source=DRAFT.article(""), status=Status.DRAFT,
                    rests_on=[INFERRED, Part("the class of ordinary staff", Status.DERIVED, zh="普通工作人员一类")],
                    reading=READING,
                ),
            ],
        )
    ]
