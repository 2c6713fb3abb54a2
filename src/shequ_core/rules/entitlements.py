"""What post holders are to have beside pay, and who may lend them away (JLW2.5a, 2.5d, 2.9e)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shequ_core.law.carrying import implements
from shequ_core.model.entitlements import Entitled
from shequ_core.rules.arrangements import lacking
from shequ_core.tables.columns import BoolColumn, EnumColumn, TextColumn, coalesce

BENEFITS: Final = tuple(one for one in Entitled if one is not Entitled.PERSONNEL_FILE)
"""Five insurances, the housing fund, check-up and paid leave."""


@implements("JLW2.5a")
def benefits_missing(
    workers: TextColumn, worker: TextColumn, kind: EnumColumn[Entitled], held: BoolColumn
) -> Mapping[Entitled, BoolColumn]:
    """Which post holders lack an insurance, the housing fund, a free check-up or paid leave.

    Args:
        workers: The post holders, each once.
        worker: The person of each row.
        held: Whether what the row tells of is there.
    """
    return {one: _lacking(one, workers, worker, kind, held) for one in BENEFITS}


@implements("JLW2.5d")
def without_file(
    workers: TextColumn, worker: TextColumn, kind: EnumColumn[Entitled], held: BoolColumn
) -> BoolColumn:
    """Which post holders have no personnel file.

    Args:
        workers: The post holders, each once.
        worker: The person of each row.
        held: Whether what the row tells of is there.
    """
    return _lacking(Entitled.PERSONNEL_FILE, workers, worker, kind, held)


def _lacking(
    wanted: Entitled, workers: TextColumn, worker: TextColumn, kind: EnumColumn[Entitled], held: BoolColumn
) -> BoolColumn:
    kept = (kind == wanted).true()
    return lacking(workers, worker.where(kept), held.where(kept))


@implements("JLW2.9e")
def lent_unapproved(approved: BoolColumn, approved_by: TextColumn) -> BoolColumn:
    """Whether each post holder was lent to a higher office without the county's approval.

    Reading:
        "严格控制" is no ban: what the county approved is in order. Where neither an approval nor its absence was
        written down, nobody can say.

    Args:
        approved: Whether it was approved.
        approved_by: Who approved it.
    """
    named = approved_by.is_known()
    return ~coalesce(approved, BoolColumn(named.values, named.values))
