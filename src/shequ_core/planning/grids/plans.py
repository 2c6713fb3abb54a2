"""The plans of many communities."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from shequ_core.errors import Message, msg
from shequ_core.planning.grids.drawing import MADE_UP, Say
from shequ_core.planning.grids.plan import GridPlan, PlanStatus
from shequ_core.policy.policy import Policy

_GRAVITY: Final = (PlanStatus.OK, PlanStatus.NOT_FOUND, PlanStatus.INFEASIBLE)
_NOT_SUMMED: Final = frozenset({"mean_distance"})


@attrs.frozen(kw_only=True, eq=False)
class GridPlans(Mapping[str, GridPlan]):
    """Divisions of communities, each under its community's code ('' where that is not known).

    Attributes:
        plans: One a community, in the order of codes.
    """

    plans: tuple[GridPlan, ...]

    def __getitem__(self, community: str) -> GridPlan:
        for plan in self.plans:
            if (plan.layout.community or "") == community:
                return plan
        raise KeyError(community)

    def __iter__(self) -> Iterator[str]:
        return (plan.layout.community or "" for plan in self.plans)

    def __len__(self) -> int:
        return len(self.plans)

    @property
    def status(self) -> PlanStatus:
        """The worst of all."""
        return max((plan.status for plan in self.plans), key=_GRAVITY.index)

    @property
    def policies(self) -> Mapping[str, Policy]:
        """The policies that set bounds, each by its fingerprint."""
        return {plan.policy.fingerprint: plan.policy for plan in self.plans if plan.policy is not None}

    @property
    def measures(self) -> Mapping[str, int | float | None]:
        """What is measured, over all communities."""
        if len(self.plans) == 1:
            return self.plans[0].measures
        totals: dict[str, int | float | None] = {"communities": len(self.plans)}
        for name in dict.fromkeys(name for plan in self.plans for name in plan.measures):
            found = [value for plan in self.plans if (value := plan.measures.get(name)) is not None]
            if name not in _NOT_SUMMED:
                totals[name] = (math.fsum(found) if any(isinstance(one, float) for one in found) else sum(found)) if (
                    found
                ) else None
        compact, households = totals.get("compactness"), totals.get("households")
        if compact is not None and households:
            totals["mean_distance"] = math.sqrt(compact / households)
        return totals

    def grids(self) -> Mapping[str, str]:
        """Say for each building id the code of its grid."""
        return {building: grid for plan in self.plans for building, grid in plan.grids().items()}

    @property
    def synthetic(self) -> bool:
        """Whether any of the buildings is made up, by its id."""
        return any(plan.synthetic for plan in self.plans)

    @property
    def retired(self) -> tuple[str, ...]:
        """Codes that earlier grids had and none has now."""
        return tuple(sorted({code for plan in self.plans for code in plan.retired}))

    def message(self) -> Message:
        """Say what all comes to."""
        if len(self.plans) == 1:
            return self.plans[0].message
        counts = {status: sum(plan.status is status for plan in self.plans) for status in _GRAVITY}
        return msg(
            "{communities} communities, {grids} grids: {ok} within bounds, {not_found} not found,"
            " {infeasible} infeasible",
            communities=len(self.plans), grids=sum(len(plan.codes) for plan in self.plans),
            ok=counts[PlanStatus.OK], not_found=counts[PlanStatus.NOT_FOUND], infeasible=counts[PlanStatus.INFEASIBLE],
        )

    def __str__(self) -> str:
        lines = [str(self.message())]
        if self.synthetic:
            lines.insert(0, str(MADE_UP))
        for code, plan in self.items():
            if plan.status is not PlanStatus.OK:
                lines += [f"  {code}: {plan.message}", *(f"    {cause.message}" for cause in plan.causes)]
        return "\n".join(lines)

    def html(self, say: Say = str) -> str:
        """Return all maps as a piece of HTML; `say` as for `GridPlan.html`."""
        return "".join(plan.html(say) for plan in self.plans)

    def _repr_html_(self) -> str:
        return self.html()
