"""What holds of pay, posts and audits under any policy, whoever the people are: each as the problems it finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final

import attrs
import numpy as np

from shequ_core.audit.run import run_audit
from shequ_core.errors import Message, msg
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.grids import HOUSEHOLDS
from shequ_core.policy.pay import GRADES
from shequ_core.policy.policy import Policy
from shequ_core.rules.grids import possible_grids
from shequ_core.rules.payroll import Payroll, payroll
from shequ_core.rules.staffing import allowed_posts
from shequ_core.tables.columns import IntColumn
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.payroll import PayRows
from shequ_core.testing.rosters import dataset, in_another_order, pay_rows, shuffled
from shequ_core.testing.rosters import households as some_households
from shequ_core.year.pay import PayMonth, run_month

PARTS: Final = ("basic", "bonus", "certificate", "award", "emergency", "kept")
"""The lines of which a month's total is the sum."""

ORDER: Final = msg("the answer hangs on the order of the rows, or changes from one time to the next")
MUTATED: Final = msg("it changes the rows that it is given")
MEND: Final = msg("the strategy or check may read what it is asked and nothing else: no clock, no memory, no chance")


@attrs.frozen(kw_only=True)
class Problem:
    """One thing wrong with a plugin.

    Attributes:
        told: What is wrong.
        todo: What to do.
        place: The place for which it says so.
        subject: The parameter, hook, case or check; empty where it is the plugin as a whole.
    """

    told: Message
    todo: Message
    place: str = ""
    subject: str = ""


# --- pay ---------------------------------------------------------------------------------------------


def pay_problems(policy: Policy, random: Random) -> Iterator[Problem]:
    """Pay a random month: lines add up, pools are handed out, no line is below zero, and no order tells."""
    rows = pay_rows(policy, random)
    before = rows.take(np.arange(len(rows)))
    paid = payroll(rows, policy, policy.on)

    def problem(told: Message, todo: Message, subject: str = GRADES.name) -> Problem:
        return Problem(told=told, todo=todo, place=policy.place, subject=subject)

    for told in _adding_up(paid):
        yield problem(told, msg("look at what its strategies of pay answer"))
    for name in (*PARTS, "insurance", "fund", "employer"):
        column = paid.lines.columns()[name]
        if (column.values[column.mask()] < 0).any():
            yield problem(msg("{line} of somebody is below zero", line=name), msg("no line of a slip may be negative"))
    for told in _pools(paid):
        yield problem(told, msg("look at its performance plan and weights"), "pay.performance")
    if not rows.same_as(before):
        yield problem(MUTATED, MEND)
    again = PayRows.of(shuffled([before[row] for row in range(len(before))], random))
    other = payroll(again, policy.anew(), policy.on)
    if not _same(paid, other):
        yield problem(ORDER, MEND)


def _adding_up(paid: Payroll) -> Iterator[Message]:
    lines = paid.lines.columns()
    parts = np.sum([lines[name].values for name in PARTS], axis=0)
    if (parts != lines["total"].values).any():
        yield msg("the lines of a slip don't add up to its total")
    known = lines["net"].mask()
    net = lines["total"].values - lines["insurance"].values - lines["fund"].values
    if (net != lines["net"].values)[known].any():
        yield msg("what is paid out is not the total less contributions")


def _pools(paid: Payroll) -> Iterator[Message]:
    if paid.pools is None:
        return
    places = paid.rows.subdistrict.to_list()
    bonus, share = paid.lines.bonus.values, paid.lines.performance.values
    for row, name in enumerate(paid.pools.subdistrict):
        here = np.array([place == name for place in places], dtype=np.bool_)
        pool, left = paid.pools.pool.values[row], paid.pools.undistributed.values[row]
        if bonus[here].sum() + left != pool:
            yield msg("a pool of {pool} is not what was handed out and what was left", pool=paid.pools.pool.row(row))
        if share[here].sum() != pool:
            yield msg("a pool is not the sum of its people's performance shares")


def _same(one: Payroll, other: Payroll) -> bool:
    """Whether two months say the same, row by row; they stand in one order, whatever order they came in."""
    theirs = other.lines.columns()
    pairs = [(column, theirs[name]) for name, column in one.lines.columns().items()]
    return one.rows.same_as(other.rows) and all(
        np.array_equal(mine.mask(), their.mask())
        and np.array_equal(mine.values[mine.mask()], their.values[their.mask()])
        for mine, their in pairs
    )


# --- posts and grids ---------------------------------------------------------------------------------


def post_problems(policy: Policy, random: Random) -> Iterator[Problem]:
    """Count posts and grids of random communities: least before most, none below zero, each community by itself."""
    households = some_households(random)
    residents = some_households(random)
    count = min(len(households), len(residents))
    some = np.arange(count)
    households, residents = households.take(some), residents.take(some)
    allowed = allowed_posts(households, residents, policy)
    known = allowed.low.mask() & allowed.high.mask()

    def problem(told: Message, subject: str) -> Problem:
        return Problem(
            told=told, todo=msg("look at what its norm answers"), place=policy.place, subject=subject
        )

    if (allowed.low.values > allowed.high.values)[known].any() or (allowed.low.values < 0)[known].any():
        yield problem(msg("the least posts of a community are more than the most, or below zero"), "staffing.norm")
    for row in range(count):
        alone = allowed_posts(_only(households, row), _only(residents, row), policy)
        if (alone.low.row(0), alone.high.row(0)) != (allowed.low.row(row), allowed.high.row(row)):
            yield problem(msg("a community's posts hang on which others are asked with it"), "staffing.norm")
            break
    if HOUSEHOLDS in policy:
        grids = possible_grids(households, policy)
        if (grids.high.values < 0)[grids.high.mask()].any():
            yield problem(msg("a number of grids is below zero"), HOUSEHOLDS.name)


def _only(column: IntColumn, row: int) -> IntColumn:
    return column.take(np.array([row], dtype=np.int64))


# --- whole datasets ----------------------------------------------------------------------------------


def run_problems(book: PolicyBook, policy: Policy, county: str, random: Random) -> Iterator[Problem]:
    """Pay a month of a random county and audit it: the same in any order of rows, and the tables stay as they were.

    Args:
        book: The policies.
        policy: The county's on the day before the month.
        county: A listed county of the place.
    """
    data = dataset(policy, county, random)
    before = data.with_tables({name: table.take(np.arange(len(table))) for name, table in data.tables()})
    paid, found = _run(data, book, county, policy.on)
    if not all(table.same_as(getattr(before, name)) for name, table in data.tables()):
        yield Problem(told=MUTATED, todo=MEND, place=county)
    again, same = _run(in_another_order(before, random), book, county, policy.on)
    if not (paid.slips.same_as(again.slips) and paid.pools.same_as(again.pools) and found == same):
        yield Problem(told=ORDER, todo=MEND, place=county)


def _run(data: Dataset, book: PolicyBook, county: str, on: date) -> tuple[PayMonth, tuple[object, ...]]:
    audit = run_audit(data, book, on=on, place=county)
    return run_month(data, book, county, on), (audit.findings, audit.not_examined)
