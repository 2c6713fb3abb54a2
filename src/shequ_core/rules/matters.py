"""What may not be passed down to communities, and with what help has to come (JLG2.7.1b-c, JLW3.3b)."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.policy.matters import BARRED_KINDS
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import BoolColumn, EnumColumn, FenColumn, IntColumn, TextColumn
from shequ_core.values import Fen


class PassedDown(StrEnum):
    """Whether a matter may be passed down to a community (JLG2.7.1b)."""

    ALLOWED = "allowed"
    STATUTORY_DUTY = "statutory_duty"
    """The law makes it a duty of the government."""
    RESPONSIBLE_PARTY = "responsible_party"
    """It makes the community the responsible party in one of the barred kinds."""


@implements("JLG2.7.1b", needs=(BARRED_KINDS,))
def passed_down(
    statutory_duty: BoolColumn, responsible: BoolColumn, kind: TextColumn, policy: Policy
) -> EnumColumn[PassedDown]:
    """Whether each matter may be passed down to a community, or which of the two tests bars it.

    Reading:
        "应当由基层政府履行的法定职责,不得要求社区承担" bars any statutory duty, whatever its kind. "等事项" makes the
        kinds an open list: a place may add to it. The first test is told where both bar.

    Args:
        statutory_duty: Whether the law makes it a duty of the government.
        responsible: Whether the community would be the responsible party.
        kind: What kind of matter it is, in the words of the list.
    """
    kinds: tuple[str, ...] = policy[BARRED_KINDS]
    barred = responsible & kind.is_in(kinds)
    either = statutory_duty | barred
    members = list(PassedDown)
    found = np.where(
        statutory_duty.true(), members.index(PassedDown.STATUTORY_DUTY),
        np.where(barred.true(), members.index(PassedDown.RESPONSIBLE_PARTY), members.index(PassedDown.ALLOWED)),
    )
    return EnumColumn(found, either.mask(), PassedDown)


@implements("JLW3.3b", "JLG2.7.1c")
def unprovided(people: IntColumn, money: FenColumn, powers: BoolColumn, conditions: BoolColumn) -> BoolColumn:
    """Whether help was asked of a community without its people, its money, its powers or its working conditions.

    Reading:
        "人随事转、费随事转" and "权随责走、费随事转": all of them, and none of one can't be made good by more of
        another. How much is enough the text doesn't say.

    Args:
        people: How many people came with the matter.
        money: The money that came with it.
        powers: Whether the powers came with it.
        conditions: Whether the necessary working conditions did.
    """
    return (people <= 0) | (money <= Fen(0)) | ~powers | ~conditions
