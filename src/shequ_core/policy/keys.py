"""Every key of the core, topic by topic: importing this declares them all."""

from __future__ import annotations

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

TOPICS = (
    staffing, grids, recruitment, pay, performance, month, emergency, contributions, assessment, exits, training,
    careers, service, agreements, leave, targets, budget, matters,
)
