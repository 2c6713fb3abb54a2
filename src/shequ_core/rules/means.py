"""What a county's people come to, for rules that go by a county's mean (JLW2.4b, 2.4c)."""

from __future__ import annotations

import attrs
import numpy as np

from shequ_core.model.pay import Newcomer
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy.month import PROBATION
from shequ_core.policy.pay import NO_REDUCTION, Compared
from shequ_core.policy.policy import Policy
from shequ_core.rules.combinations import Monthly
from shequ_core.tables.columns import BoolColumn, Bools, FenColumn, IntColumn
from shequ_core.tables.groups import Groups
from shequ_core.tables.payroll import PayRows
from shequ_core.values import Fen


@attrs.frozen(kw_only=True)
class CountyMeans:
    """What one county's people come to in a whole month, for rules that go by a county's mean.

    Attributes:
        basic: Basic pay of everybody who isn't on probation, and how many they are.
        former: Pay before the change-over of everybody for whom it is known.
        now: What of the new pay is compared with it, of everybody.
    """

    basic: tuple[Fen, int]
    former: tuple[Fen, int]
    now: tuple[Fen, int]



def goes_by_means(policy: Policy, rows: PayRows | None = None) -> bool:
    """Whether a rule in force goes by what a county's people come to, for these rows or for any."""
    rule, kept = policy.get(PROBATION), policy.get(NO_REDUCTION)
    if kept is not None and not kept.per_person:
        return True
    if rows is not None and rows.newcomer.none_known():
        return False
    return rule is not None and any(rule.share_of_mean(one) is not None for one in Newcomer)


def county_means(rows: PayRows, policy: Policy) -> dict[str, CountyMeans]:
    """Return what each county's people come to in a whole month.

    A person with several rows counts with the last one.
    """
    last = rows.take(np.flatnonzero(last_parts(rows).true()))
    monthly = Monthly.of(last.post_class, last.grade, last.certificate, last.assessment, policy)
    kept = policy.get(NO_REDUCTION)
    now = monthly.compared(kept.compares if kept is not None else Compared.STANDARD)
    counties = Groups.of(last.subdistrict.start(COUNTY_DIGITS))
    settled = ~last.newcomer.mask()

    def sums(column: FenColumn, counted: Bools) -> list[tuple[Fen, int]]:
        amount = counties.sum_fen(FenColumn(np.where(counted, column.values, 0))).values
        people = counties.sum_int(IntColumn(counted.astype(np.int64))).values
        return [(Fen(one), many) for one, many in zip(amount.tolist(), people.tolist(), strict=True)]

    told = zip(
        counties.names,
        sums(monthly.basic, settled),
        sums(last.former, last.former.mask()),
        sums(now, np.ones(len(last), dtype=np.bool_)),
        strict=True,
    )
    return {code: CountyMeans(basic=basic, former=former, now=then) for code, basic, former, then in told}


def last_parts(rows: PayRows) -> BoolColumn:
    """Return which row of each person is the month's last one: what is paid once is paid with it."""
    several = rows.several.true()
    last = ~several
    at = np.flatnonzero(several & ~rows.ends.false())
    if len(at):
        person = rows.worker.values[at]
        order = np.lexsort((rows.after.filled(0).values[at], rows.before.filled(0).values[at], person))
        last[at[order[np.flatnonzero(np.diff(person[order], append=-1))]]] = True
    return BoolColumn(last)
