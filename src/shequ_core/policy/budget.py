"""Keys of the budget: who pays post holders, and what the province pays of what they cost more (JLW3.2)."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from shequ_core.policy.kinds import Fractions, Texts
from shequ_core.policy.parameters import LOCAL, PROVINCE, Parameter

PROVINCE_SHARE: Final[Parameter[Fraction]] = Parameter(
    name="budget.province_share", kind=Fractions(1), clauses=("JLW3.2",), who=PROVINCE, unit="share",
    doc="The share that the province pays of what post holders cost more than before the change-over.",
)
PAYER: Final[Parameter[str]] = Parameter(
    name="budget.payer", kind=Texts(), clauses=("JLW3.2",), who=LOCAL, unit="name",
    doc="Whose budget pays post holders, such as 县级财政.",
)
