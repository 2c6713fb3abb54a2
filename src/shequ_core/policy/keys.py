"""Every key of the core, topic by topic: importing this declares them all."""

from __future__ import annotations

from shequ_core.policy import (
    agreements,
    assessment,
    exits,
    grids,
    leave,
    pay,
    recruitment,
    service,
    staffing,
    targets,
    training,
)

TOPICS = (staffing, grids, recruitment, pay, assessment, exits, training, service, agreements, leave, targets)
