"""What a year's pay comes to, subdistrict by subdistrict, by the rules of `rules/` (JLW2.4, 2.5a).

What somebody earns a month is looked up by combination, as a month's payroll does. A pool is the sum of the
performance shares of exactly those who are in it, so what a subdistrict pays needs nobody's own share of it: a month
comes to what the month before did, and what those bring who come, go, or earn another sum. Where something hangs on a
single share (contributions by the month's total, say), that alone is worked out person by person, for the subdistricts
in which something has changed since the month before.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence

import attrs
import numpy as np

from shequ_core.model.communities import Setting
from shequ_core.model.posts import Employment
from shequ_core.policy.contributions import RATES, BaseOf
from shequ_core.policy.pay import NO_REDUCTION, Compared
from shequ_core.policy.policy import Policy
from shequ_core.rules.means import goes_by_means
from shequ_core.rules.staffing import in_scope
from shequ_core.simulation.by_shares import ByContributions, ByShares
from shequ_core.simulation.by_sums import LINES, Sums, Way
from shequ_core.simulation.grading import Grading
from shequ_core.simulation.state import NONE, Codes
from shequ_core.simulation.turn import Turn
from shequ_core.tables.columns import Bools, EnumColumn, Ints


def late_months(policies: Sequence[Policy], paid_first: Sequence[Policy]) -> int:
    """Return the month, from 0, up to which some month is paid under another policy at first; 0 where none is."""
    pairs = enumerate(zip(policies, paid_first, strict=True), start=1)
    return max((month for month, (now, first) in pairs if now.fingerprint != first.fingerprint), default=0)


def paid_at_first(turn: Turn, starts: Ints, paid_first: Sequence[Policy], until: int) -> Ints:
    """Return what each subdistrict pays at first, for the months before one (from 0); nobody is changed by it."""
    total = np.zeros(len(starts), dtype=np.int64)
    if until:
        people = turn.people.take(np.arange(len(turn.people)))
        grading = Grading.of(people, turn.layout, turn.first_year, turn.policy)
        first = attrs.evolve(turn, people=people, grading=grading, policies=paid_first[:until])
        for _, sums in pay_year(first, starts):
            total += sum((sums[name] for name in LINES), np.zeros_like(total))
    return total


def pay_year(turn: Turn, starts: Ints, *, monthly: bool = False, until: int = 0) -> list[tuple[int, Sums]]:
    """Work the year's pay out, and let what people win and how they are assessed count from its month on.

    Args:
        turn: The year; who comes, leaves and wins what is settled.
        starts: The first row of each subdistrict among the turn's people.
        monthly: Whether each month is to be told by itself.
        until: The month, from 0, before which months are told apart from those after.

    Returns:
        By the first month of each, from 0: what months of one policy come to, or each month.
    """
    paid = turn.people.held & turn.in_scope
    told: list[tuple[int, Sums]] = []
    way: Way | None = None
    for month, policy in enumerate(turn.policies):
        changed = _let_count(turn, month)
        fresh = way is None or policy.fingerprint != way.policy.fingerprint
        if way is None or fresh:
            if way is not None:
                _add_settled(told, way)
            way = _kind_of(policy).of(turn, policy, starts, paid)
        else:
            if len(changed):
                way.regrade(changed)
            if len(raised := way.newcomers.raised(month)):
                changed = np.union1d(changed, raised) if len(changed) else raised
        sums = way.month(month, changed, fresh=fresh)
        if monthly or fresh or month == until:
            told.append((month, {name: amounts.copy() for name, amounts in sums.items()}))
        else:
            for name, so_far in told[-1][1].items():
                np.add(so_far, sums[name], out=so_far)
    if way is not None:
        _add_settled(told, way)
    return told


def _add_settled(told: Sequence[tuple[int, Sums]], way: Way) -> None:
    """Add what was worked out of several months together."""
    firsts = [month for month, _ in told]
    for month, sums in way.settled():
        so_far = told[bisect.bisect_right(firsts, month) - 1][1]
        for name, amounts in sums.items():
            np.add(so_far[name], amounts, out=so_far[name])


def _let_count(turn: Turn, month: int) -> Ints:
    """Let what is won and decided in a month count, and return whose education or certificate is another."""
    people, changed = turn.people, [np.zeros(0, dtype=np.int64)]
    for one in turn.gains:
        if one.month == month:
            since, current = (
                (people.certified, people.certificate) if one.certificate else (people.educated, people.education)
            )
            since[one.level, one.rows] = turn.january + month
            current[one.rows] = one.level
            changed.append(one.rows)
    if month == turn.decided_in:
        decided = people.history[turn.year - 1 - turn.first_year]
        np.copyto(people.latest, decided, where=decided != NONE)
    rows = np.concatenate(changed)
    return rows if (rows[1:] > rows[:-1]).all() else np.unique(rows)


def in_scope_of(setting: Codes, employment: Codes, policy: Policy) -> Bools:
    """Return who is a post holder; who can't be told to be none is paid, as in a real month.

    Args:
        setting: The place of the community's setting in the enum from 1, 0 where nobody knows.
        employment: The place of the footing.
    """
    footings = len(Employment)
    place = np.arange((len(Setting) + 1) * footings)
    of, footing = np.divmod(place, footings)
    column = EnumColumn(np.maximum(of - 1, 0), of > 0, Setting)
    outside = in_scope(column, EnumColumn(footing, None, Employment), policy).false()
    inside: Bools = ~outside[setting * np.int8(footings) + employment]
    return inside


def _kind_of(policy: Policy) -> type[Way]:
    """Return how months are worked out: by what hangs on what a single person gets of a pool, or of a county's mean."""
    rates, kept = policy.get(RATES), policy.get(NO_REDUCTION)
    if kept is not None and (not kept.per_person or kept.compares is Compared.TOTAL):
        return ByShares
    by_month = rates is not None and rates.base is BaseOf.MONTH  # nobody here has declared a base
    return ByContributions if by_month else Way


def needs_county(policies: Sequence[Policy]) -> bool:
    """Whether a county's people have to go through together."""
    return any(goes_by_means(policy) for policy in policies)
