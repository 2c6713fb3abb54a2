"""What post holders cost more than before the change-over, and who pays it (JLW3.2)."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.model.budget import PAYER_LABELS, SAME_LEVEL, CostLine
from shequ_core.policy.budget import PAYER, PROVINCE_SHARE
from shequ_core.policy.emergency import EMERGENCY
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import (
    BoolColumn,
    DateColumn,
    EnumColumn,
    FenColumn,
    IntColumn,
    Ints,
    TextColumn,
    coalesce,
    minimum,
    where,
)
from shequ_core.tables.groups import Groups, divide
from shequ_core.values import Fen, round_half_up


@attrs.frozen(eq=False)
class Added:
    """A cost in three parts that add up to it: cost = former + added + unexamined."""

    former: FenColumn
    added: FenColumn
    unexamined: FenColumn


@implements("JLW3.2")
def wholly_new(worked_since: DateColumn, entry: DateColumn, began: date) -> BoolColumn:
    """Who came after the graded system began, so that nothing was paid for them before.

    Args:
        worked_since: The first day of community work; unknown where nobody wrote it down.
        entry: The first day in any post.
        began: The first day of the place's graded system.
    """
    came = coalesce(worked_since, entry)
    return minimum(came, entry) >= began


@implements("JLW3.2")
def added_cost(cost: FenColumn, former: FenColumn, new: BoolColumn) -> Added:
    """What the new system adds over what was paid before, person by person.

    Reading:
        "薪酬体系实施后的新增支出" is what the new system costs beyond the old one. Of who was there before and
        whose old pay nobody wrote down it can't be told: such a cost is neither old nor new.

    Args:
        cost: What somebody costs now.
        former: What was paid before the change-over for the same time; unknown where nobody wrote it down.
        new: Who wasn't there before.
    """
    nothing = FenColumn(np.zeros(len(cost), dtype=np.int64))
    before = coalesce(former, where(new, nothing, former))
    known = before.is_known()
    return Added(
        former=before.filled(Fen(0)),
        added=(cost - before).filled(Fen(0)),
        unexamined=where(known, nothing, cost),
    )


@implements("JLW3.2")
def payers(line: EnumColumn[CostLine], policy: Policy) -> TextColumn:
    """Who pays each line of cost, before the province's share: the place's payer, or the budget of the same level.

    "纳入同级政府财政预算". An emergency allowance is paid by whom its own scheme names.
    """
    own = policy.get(PAYER)
    scheme = policy.get(EMERGENCY)
    usual = SAME_LEVEL if own is None else PAYER_LABELS.get(own, own)
    duty = usual if scheme is None else PAYER_LABELS.get(scheme.payer, scheme.payer)
    by_line = [duty if one is CostLine.EMERGENCY else usual for one in CostLine]
    told = TextColumn.of(by_line)
    return TextColumn(told.values[line.values], line.known, told.vocabulary)


@implements("JLW3.2")
def province_part(
    added: FenColumn, line: EnumColumn[CostLine], county: Groups, rank: Ints, policy: Policy
) -> FenColumn:
    """What the province pays of each line's added cost; nothing where no share is set.

    Reading:
        "省财政给予适当补助": the share is of what a county's lines add in all, less added where some cost less
        than before; nothing where they cost less in all. It is rounded once for the county, and divided over
        the lines that add, by what they add and by largest remainder. Emergency allowances have their own payer.

    Args:
        added: What each line adds, all known.
        county: The county of each line.
        rank: What orders ties: unlike for every line of a county.
    """
    share = policy.get(PROVINCE_SHARE)
    if share is None:
        return added.fill(Fen(0))
    shared = where(line == CostLine.EMERGENCY, added.fill(Fen(0)), added)
    sums = np.maximum(county.sum_fen(shared).values, 0)
    part = [round_half_up(int(one) * share.numerator, share.denominator) for one in sums]
    weight = IntColumn(np.maximum(shared.values, 0))
    return divide(FenColumn(np.array(part, dtype=np.int64)), weight, county, rank).each
