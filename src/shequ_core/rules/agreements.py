"""Service agreements run with the committees' term, one signing a term (JLW2.5c)."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from shequ_core.law.carrying import implements
from shequ_core.policy.agreements import FIRST_DAY, SINCE_ELECTION_OF, TERM
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import BoolColumn, DateColumn, maximum
from shequ_core.values import Span


@implements("JLW2.5c", needs=(TERM, FIRST_DAY, SINCE_ELECTION_OF))
def term_of(on: date, policy: Policy) -> Span[date] | None:
    """The committees' term in which a day lies, both days included; None before agreements began.

    Terms follow one another from the place's own election day; "从2021年社区‘两委’换届后开始签订".
    """
    first = policy[FIRST_DAY]
    while first.year < policy[SINCE_ELECTION_OF]:
        first = first + relativedelta(years=policy[TERM])
    if on < first:
        return None
    while first + relativedelta(years=policy[TERM]) <= on:
        first = first + relativedelta(years=policy[TERM])
    return Span(first, first + relativedelta(years=policy[TERM]) - timedelta(days=1))


@implements("JLW2.5c")
def agreement_fits(since: DateColumn, until: DateColumn, in_post_since: DateColumn, term: Span[date]) -> BoolColumn:
    """Whether each agreement runs with the term: from its first day, or from when the person came, to its end.

    Reading:
        "协议期限与社区‘两委’届期一致,实行一届一签": who joins mid-term signs to the term's end.
    """
    due = maximum(in_post_since, in_post_since.fill(term.low))
    return (since <= due) & (until == until.fill(term.high))
