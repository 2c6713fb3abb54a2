"""Who reaches a facility on foot in the time that the text names (JLG2.9)."""

from __future__ import annotations

from typing import Final

from shequ_core.law.carrying import implements
from shequ_core.policy.policy import Policy
from shequ_core.policy.service import DETOUR, WALK_MINUTES, WALKING_SPEED
from shequ_core.tables.columns import BoolColumn, IntColumn, where

MINUTES: Final = 60
"""Minutes of an hour."""


@implements("JLG2.9", needs=(WALK_MINUTES, WALKING_SPEED, DETOUR))
def within_walk(metres: IntColumn, policy: Policy) -> BoolColumn:
    """Whether a facility so far away in a straight line is reached on foot in time.

    Reading:
        "15分钟服务圈" is measured on foot, from the building to the facility. The way is longer than the straight
        line by `facilities.detour`.
    """
    detour = policy[DETOUR]
    allowed = policy[WALK_MINUTES] * policy[WALKING_SPEED]
    return metres * (detour.numerator * MINUTES) <= allowed * detour.denominator


@implements("JLG2.9")
def households_within(households: IntColumn, within: BoolColumn) -> IntColumn:
    """How many households of each building reach a facility: all of them or none."""
    return where(within, households, households * 0)


def walk_radius(policy: Policy) -> int:
    """Return how many metres in a straight line are reached on foot in time: what `within_walk` holds true of."""
    detour = policy[DETOUR]
    return policy[WALK_MINUTES] * policy[WALKING_SPEED] * detour.denominator // (MINUTES * detour.numerator)
