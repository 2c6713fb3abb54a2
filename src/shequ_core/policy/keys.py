"""Every key of the core, topic by topic: importing this declares them all."""

from __future__ import annotations

from typing import Final

from shequ_core.policy import (
    agreements,
    assessment,
    budget,
    careers,
    contributions,
    emergency,
    exits,
    grids,
    leave,
    matters,
    month,
    pay,
    performance,
    recruitment,
    service,
    staffing,
    targets,
    training,
)
from shequ_core.policy.parameters import Parameter

TOPICS = (
    staffing, grids, recruitment, pay, performance, month, emergency, contributions, assessment, exits, training,
    careers, service, agreements, leave, targets, budget, matters,
)

CORE: Final = frozenset(
    one.name for topic in TOPICS for one in vars(topic).values() if isinstance(one, Parameter)
)
"""Names of the core's keys: those that a plugin declares besides are nobody else's to set or to miss."""
