"""Keys of matters: for what a community may not be made the responsible party (JLG2.7.1b)."""

from __future__ import annotations

from typing import Final

from shequ_core.policy.kinds import Texts, Tuples
from shequ_core.policy.parameters import PROVINCE, Parameter

BARRED_KINDS: Final[Parameter[tuple[str, ...]]] = Parameter(
    name="matters.barred_kinds", kind=Tuples(Texts()), clauses=("JLG2.7.1b",), who=PROVINCE, unit="kinds",
    doc="Kinds of matter for which a community may not be made the responsible party; the list is open.",
)
