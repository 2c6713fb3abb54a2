"""One month's pay of a place, by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from shequ_core.audit.policy import in_order, policy_findings
from shequ_core.law.findings import Finding
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.policy import Policy
from shequ_core.tables.answers import ContributionLines, PoolMonths, Slips
from shequ_core.tables.dataset import Dataset
from shequ_core.trace import observed
from shequ_core.values import Fen
from shequ_core.year.month import month_of
from shequ_core.year.optional import PAY_OPTIONAL
from shequ_core.year.prepare import prepare
from shequ_core.year.ran import Basis, Ran


@attrs.frozen(kw_only=True, eq=False)
class PayMonth:
    """What a month's pay of a place comes to.

    Attributes:
        place: The place asked for.
        month: The first day of the month.
        known: As known on that day; None for all that is known now.
        slips: One row a person, or one for each part of the month in which nothing changed.
        pools: The subdistricts' performance pools.
        contributions: Insurances and housing fund, scheme by scheme.
        findings: What the policies leave to say: conflicts, what nobody set, what is stale.
        policies: The policy of each county on the month's last day.
        bases: By subdistrict, what its slips rest on: the policy, the rules that ran, and what they read.
    """

    place: str
    name: str
    month: date
    known: date | None
    slips: Slips
    pools: PoolMonths
    contributions: ContributionLines
    findings: tuple[Finding, ...]
    policies: Mapping[str, Policy]
    bases: Mapping[str, Basis] = attrs.field(factory=dict)

    def total(self) -> Fen:
        """Return everything that was paid."""
        return Fen(int(self.slips.total.values.sum()))


def run_month(data: Dataset, book: PolicyBook, place: str, month: date, *, known: date | None = None) -> PayMonth:
    """Work out one month's pay of a place and everything below it.

    Args:
        data: The tables of the place; rows in any order.
        book: The policies; made with `assume=True` it rests on assumptions.
        place: The code of the place: a province, a city, a county or a zone.
        month: Any day of the month.
        known: Facts and policies as known on that day; None for all that is known now.

    Raises:
        InputError: Rows that can't be: every one of them, by file, row and column.
        UnsetError: Values that nobody set: every one of them, with its clause.
        PlaceNotFoundError: There is no such place in that month.
        PlaceUnresolvedError: A plugin that speaks for a place of the run is at fault.
    """
    span = month_of(month.year, month.month)
    ran = Ran()
    with observed(ran):
        ready = prepare(data, book, place, [span], known, whole_year=False)
        slips, pools, dues = ready.month(span)
    paid_in = sorted({code for code in slips.subdistrict.to_list() if code is not None})
    return PayMonth(
        place=place,
        name=ready.division.name,
        month=span.low,
        known=known,
        slips=slips,
        pools=pools,
        contributions=dues,
        findings=in_order(policy_findings(ready.policies, PAY_OPTIONAL)),
        policies=ready.policies,
        bases=ran.bases(paid_in, lambda code: ready.law.policy(code, span.low)),
    )
