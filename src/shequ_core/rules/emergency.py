"""The emergency allowance of post holders (JLW2.5b)."""

from __future__ import annotations

from shequ_core.law.carrying import implements
from shequ_core.policy.emergency import EMERGENCY
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import FenColumn, IntColumn, TextColumn, minimum
from shequ_core.values import Fen


@implements("JLW2.5b")
def duty_allowance(post_class: TextColumn, days: IntColumn, policy: Policy) -> FenColumn:
    """What is paid for a month's days of emergency duty; nothing where the place has no scheme.

    Args:
        days: The days of duty that count; unknown counts as none, since nobody wrote any down.
    """
    scheme = policy.get(EMERGENCY)
    counted = days.filled(0)
    if scheme is None:
        return FenColumn(counted.fill(0).values)
    if scheme.most_days is not None:
        counted = minimum(counted, scheme.most_days)
    daily = IntColumn(post_class.values, post_class.known).pick_fen(
        [Fen(scheme.daily(name)) for name in post_class.vocabulary]
    )
    return daily * counted
