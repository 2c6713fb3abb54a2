"""How a fact says what its columns are called in Chinese files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HEADERS: Final = "shequ_headers"
LABELS: Final = "shequ_labels"


def zh(*headers: str, labels: Mapping[str, str] | None = None) -> Mapping[str, object]:
    """Return the metadata of a field: the Chinese headers it is known by, our own first.

    Args:
        headers: What rosters and forms call the column.
        labels: What rosters and forms call its values, for text that has a code.
    """
    return {HEADERS: headers, LABELS: labels or {}}


WORKER_ID: Final = zh("人员编号", "编号", "工号", "人员代码")
COMMUNITY_CODE: Final = zh("社区代码", "社区编码", "所在社区代码")
WITHDRAWN: Final = zh("作废", "是否作废")
"""Says of a row that an earlier one of the same key was never so."""
