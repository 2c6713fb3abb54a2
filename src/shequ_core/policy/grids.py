"""Keys of grids: size, workers, and whether a grid worker holds a post (JLG2.3.2)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from shequ_core.policy.kinds import Choices, SpanKind, Texts, Tuples, WholeNumbers
from shequ_core.policy.parameters import LOCAL, PROVINCE, Parameter
from shequ_core.values import Span


class WorkerSource(StrEnum):
    """Whether grid workers are post holders, which the text doesn't say (JLG2.3.2a)."""

    POSTS = "posts"
    SEPARATE = "separate"


HOUSEHOLDS: Final[Parameter[Span[int]]] = Parameter(
    name="grids.households", kind=SpanKind(WholeNumbers(1)), clauses=("JLG2.3.2a",), who=PROVINCE, unit="households",
    doc="Households of one grid.",
)
WORKERS: Final[Parameter[int]] = Parameter(
    name="grids.workers", kind=WholeNumbers(), clauses=("JLG2.3.2a",), who=PROVINCE, unit="workers",
    doc="Grid workers of one grid.",
)
WORKER_SOURCE: Final[Parameter[WorkerSource]] = Parameter(
    name="grids.worker_source", kind=Choices(WorkerSource), clauses=("JLG2.3.2a",), who=LOCAL, unit="source",
    doc="Whether grid workers are post holders or stand beside them.",
)
LEVELS: Final[Parameter[tuple[str, ...]]] = Parameter(
    name="grids.levels", kind=Tuples(Texts()), clauses=("JLG2.1.1",), who=LOCAL, unit="levels",
    doc="The levels of the grid system, largest first.",
)
AUXILIARY_POLICE: Final[Parameter[int]] = Parameter(
    name="grids.auxiliary_police", kind=WholeNumbers(), clauses=("JLG2.3.4a",), who=PROVINCE, unit="officers",
    doc="Auxiliary police officers of one grid.",
)
