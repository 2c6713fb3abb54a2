"""Keys of training (JLW2.7a)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shequ_core.model.posts import Role
from shequ_core.policy.kinds import ByMember, WholeNumbers
from shequ_core.policy.parameters import PROVINCE, Parameter

INTERVAL: Final[Parameter[Mapping[Role, int]]] = Parameter(
    name="training.interval", kind=ByMember(Role, WholeNumbers(1)), clauses=("JLW2.7a",), who=PROVINCE, unit="years",
    doc="Within how many calendar years each role is trained once.",
)
