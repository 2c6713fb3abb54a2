"""Who works in the grids of a plan, by the policy of the place."""

from __future__ import annotations

import attrs

from shequ_core.planning.grids.plan import GridPlan
from shequ_core.policy.grids import AUXILIARY_POLICE, WORKERS
from shequ_core.policy.policy import Policy
from shequ_core.rules.grids import auxiliary_police_short, workers_short
from shequ_core.tables.columns import ints


def staffed(plan: GridPlan, policy: Policy | None) -> GridPlan:
    """Return the plan with its policy: grid workers (JLG2.3.2a) and auxiliary police officers (JLG2.3.4a).

    Args:
        plan: A plan.
        policy: The policy of the place; None, or without a value, leaves unknown how many there are to be.
    """
    if policy is None:
        return plan
    grids, nobody = ints(1, len(plan.codes)), ints(0, 0)
    each, every = workers_short(grids, nobody, policy).to_list() if WORKERS in policy else (None, None)
    officers, police = (
        auxiliary_police_short(grids, nobody, policy).to_list() if AUXILIARY_POLICE in policy else (None, None)
    )
    return attrs.evolve(
        plan, policy=policy, workers=each, auxiliary_police=officers,
        measures={**plan.measures, "workers": every, "auxiliary_police": police},
    )
