"""Who works in a grid."""

from __future__ import annotations

import attrs
from attrs import validators

from shequ_core.model.facts import WORKER_ID, zh
from shequ_core.values import Labelled


class GridDuty(Labelled):
    """What somebody does in a grid (JLG2.3.2a, JLG2.3.4a)."""

    GRID_WORKER = "grid_worker", "网格员", "专职网格员"
    AUXILIARY_POLICE = "auxiliary_police", "辅警"


@attrs.frozen(kw_only=True)
class GridMember:
    """Somebody who works in a grid (网格人员).

    Attributes:
        id: The person's id.
        grid: The code of the grid.
        managed_by: The code of the community that manages and assigns the work, or the name of the office that
            does (JLG2.3.2b); None where nobody said.
    """

    id: str = attrs.field(metadata=WORKER_ID)
    grid: str = attrs.field(validator=validators.matches_re(r"\d{15}"), metadata=zh("网格代码", "网格编码"))
    duty: GridDuty = attrs.field(metadata=zh("职责", "人员类别"))
    managed_by: str | None = attrs.field(default=None, metadata=zh("管理单位", "统筹管理单位"))
