"""How far each figure to be reached is from being reached, and whether it is due (JLG1.2, 2.5.2, 2.6.1a, JLW2.7b)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.model.arrangements import Arranged
from shequ_core.model.posts import CertificateLevel
from shequ_core.policy.policy import Policy
from shequ_core.policy.targets import (
    CERTIFIED_BY,
    CERTIFIED_LEVEL,
    CERTIFIED_WORKERS,
    MILESTONES,
    PLATFORM_BY,
    PLATFORM_COVERAGE,
    SOCIAL_ORGANISATIONS,
    VOLUNTEER_TEAMS,
)
from shequ_core.rules.arrangements import lacking
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, IntColumn, TextColumn, maximum


@implements("JLG1.2", needs=(MILESTONES,))
def stages_due(on: DateColumn, policy: Policy) -> IntColumn:
    """How many stages of the way (design, key tasks, the whole model) should be complete on each day.

    Reading:
        "2020年", "2021年", "2022年": a stage is due when its year is over.
    """
    year = on.year()
    due = sum(((year.values > stage).astype(np.int64) for stage in policy[MILESTONES]), np.zeros(len(on), np.int64))
    return IntColumn(due, year.known)


STAGES: Final = (Arranged.STAGE_DESIGN, Arranged.STAGE_KEY_TASKS, Arranged.STAGE_MODEL)
"""The stages in their order."""


@implements("JLG1.2", needs=(MILESTONES,))
def stages_open(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn, due: int
) -> Mapping[Arranged, BoolColumn]:
    """Which counties have not completed each stage that should be complete; unknown where nobody said.

    Args:
        places: The counties, each once.
        at: The place of each row of what was written down.
        kind: What the row tells of.
        held: Whether that is there on the day.
        due: How many stages should be complete (`stages_due`).
    """
    rows = {one: (kind == one).true() for one in STAGES[:due]}
    return {one: lacking(places, at.where(kept), held.where(kept)) for one, kept in rows.items()}


@implements("JLG2.5.2", needs=(SOCIAL_ORGANISATIONS,))
def organisations_short(organisations: IntColumn, policy: Policy) -> IntColumn:
    """How many community social organisations each community lacks (0 where there are enough)."""
    return maximum(organisations.fill(policy[SOCIAL_ORGANISATIONS]) - organisations, 0)


@implements("JLG2.5.2", needs=(VOLUNTEER_TEAMS,))
def teams_short(teams: IntColumn, policy: Policy) -> IntColumn:
    """How many volunteer teams each community lacks (0 where there are enough)."""
    return maximum(teams.fill(policy[VOLUNTEER_TEAMS]) - teams, 0)


@implements("JLG2.6.1a", needs=(PLATFORM_COVERAGE,))
def platform_wanted(communities: IntColumn, policy: Policy) -> IntColumn:
    """On how many of each county's communities the platform has to be: a part of a community counts as one."""
    share = policy[PLATFORM_COVERAGE]
    return (communities * share.numerator + (share.denominator - 1)) // share.denominator


@implements("JLG2.6.1a", needs=(PLATFORM_BY,))
def platform_due(on: DateColumn, policy: Policy) -> BoolColumn:
    """Whether the platform's coverage is expected on each day.

    Reading:
        "力争到2022年" counts to the last day of 2022.
    """
    return on >= policy[PLATFORM_BY]


@implements("JLW2.7b", needs=(CERTIFIED_LEVEL,))
def counts_as_certified(level: EnumColumn[CertificateLevel], policy: Policy) -> BoolColumn:
    """Whether each certificate counts towards the social workers of a community; unknown where there is none."""
    return level >= policy[CERTIFIED_LEVEL]


@implements("JLW2.7b", needs=(CERTIFIED_WORKERS,))
def certified_short(certified: IntColumn, policy: Policy) -> IntColumn:
    """How many certified social workers each community lacks (0 where there are enough)."""
    return maximum(certified.fill(policy[CERTIFIED_WORKERS]) - certified, 0)


@implements("JLW2.7b", needs=(CERTIFIED_BY,))
def certified_due(on: DateColumn, policy: Policy) -> BoolColumn:
    """Whether the certified social workers of each community are expected on each day."""
    return on >= policy[CERTIFIED_BY]
