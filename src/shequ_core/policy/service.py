"""Keys of service: the hall, the patrols, the walk to what residents need (JLW2.8, JLG2.9)."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from shequ_core.policy.kinds import Fractions, SpanKind, WholeNumbers
from shequ_core.policy.parameters import LOCAL, PROVINCE, Parameter
from shequ_core.values import Span

HALL_STAFF: Final[Parameter[Span[int]]] = Parameter(
    name="service.hall_staff", kind=SpanKind(WholeNumbers()), clauses=("JLW2.8a",), who=PROVINCE, unit="people",
    doc="Staff of the one-stop hall; everybody else works in the grids.",
)
PATROLS: Final[Parameter[int]] = Parameter(
    name="service.patrols", kind=WholeNumbers(), clauses=("JLW2.8b",), who=PROVINCE, unit="rounds a day",
    doc="Patrols of a grid a day.",
)
COVERAGE_MONTHS: Final[Parameter[int]] = Parameter(
    name="service.coverage_months", kind=WholeNumbers(1), clauses=("JLW2.8b",), who=PROVINCE, unit="months",
    doc="Within how many months every household is visited.",
)
WALK_MINUTES: Final[Parameter[int]] = Parameter(
    name="facilities.walk_minutes", kind=WholeNumbers(1), clauses=("JLG2.9",), who=PROVINCE, unit="minutes",
    doc="The walk within which residents reach each kind of facility.",
)
WALKING_SPEED: Final[Parameter[int]] = Parameter(
    name="facilities.walking_speed", kind=WholeNumbers(1), clauses=("JLG2.9",), who=LOCAL, unit="metres an hour",
    doc="How far residents walk in an hour.",
)
DETOUR: Final[Parameter[Fraction]] = Parameter(
    name="facilities.detour", kind=Fractions(), clauses=("JLG2.9",), who=LOCAL, unit="metres walked a metre",
    doc="How many times as long as the straight line the way to a facility is.",
)
