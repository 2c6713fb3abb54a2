"""When each post holder is next due for training (JLW2.7a)."""

from __future__ import annotations

import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.model.posts import Role
from shequ_core.policy.policy import Policy
from shequ_core.policy.training import INTERVAL
from shequ_core.tables.columns import EnumColumn, IntColumn


@implements("JLW2.7a", needs=(INTERVAL,))
def training_due_by(role: EnumColumn[Role], last_trained: IntColumn, since: IntColumn, policy: Policy) -> IntColumn:
    """The calendar year by whose end each person has to have been trained again.

    Reading:
        "每年培训一遍" and "每2年轮训一遍" count calendar years: once in each year, once in any two
        running. Who was never trained is due within the first interval in post.

    Args:
        last_trained: The year of the last completed training, unknown for who had none.
        since: The year in which the person came into post.
    """
    table = policy[INTERVAL]
    every = role.order().pick([table[one] for one in Role])
    start = IntColumn(np.where(last_trained.mask(), last_trained.values, since.values - 1), since.known)
    return start + every
