"""The six grounds on which a post holder leaves, and the exit age (JLW2.10).

Every answer is a proposal with its ground. Whoever is competent ends the agreement; members of the
two committees leave through their own legal procedure (JLW2.10g).
"""

from __future__ import annotations

from datetime import date

import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.model.posts import Sex
from shequ_core.model.records import AssessmentGrade, Ground
from shequ_core.policy.agreements import SINCE_ELECTION_OF, TERM
from shequ_core.policy.exits import AGE, FAILED_IN_TERM, FAILED_RUNNING, FAILED_TOTAL, UNASSESSED_YEAR, UnassessedYear
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, TextColumn
from shequ_core.tables.history import History
from shequ_core.values import MONTHS_PER_YEAR


@implements("JLW2.10a", needs=(FAILED_RUNNING, FAILED_TOTAL, UNASSESSED_YEAR))
def failed_too_often(history: History, policy: Policy) -> BoolColumn:
    """Who was unqualified so many years running, or so many in all ("连续2年或累计3年考核不合格").

    Reading:
        A year with no assessment neither counts nor breaks a run, unless the place reads it otherwise. Where a
        place counts within a term of the committees too (JLW2.10h), terms follow each other from the year of the
        election from which on agreements are signed.
    """
    running = history.longest_run(
        AssessmentGrade.UNQUALIFIED, gap_breaks=policy[UNASSESSED_YEAR] is UnassessedYear.BREAKS
    )
    total = history.total(AssessmentGrade.UNQUALIFIED)
    failed = (running >= policy[FAILED_RUNNING]) | (total >= policy[FAILED_TOTAL])
    most = policy.get(FAILED_IN_TERM)
    if most is None:
        return failed
    term = history.most_in_a_term(AssessmentGrade.UNQUALIFIED, policy[SINCE_ELECTION_OF], policy[TERM])
    return failed | (term >= most)


@implements("JLW2.10b")
def broke_discipline(ground: EnumColumn[Ground], established: BoolColumn) -> BoolColumn:
    """Whether each incident is an established breach of discipline or law, or a grave one of community rules."""
    return (ground == Ground.DISCIPLINE) & established


@implements("JLW2.10c")
def neglected_gravely(ground: EnumColumn[Ground], established: BoolColumn, great_loss: BoolColumn) -> BoolColumn:
    """Whether each incident is established grave neglect or favouritism that caused great loss."""
    return (ground == Ground.GRAVE_NEGLECT) & established & great_loss


@implements("JLW2.10d")
def broke_agreement(
    ground: EnumColumn[Ground], established: BoolColumn, told_on: DateColumn, mended: BoolColumn
) -> BoolColumn:
    """Whether each incident is a duty of the agreement not met and not mended after being told.

    "经教育仍不改正": without a day on which the worker was told there is no ground yet.
    """
    return (ground == Ground.AGREEMENT) & established & told_on.is_known() & ~mended


@implements("JLW2.10e")
def proved_unfit(
    ground: EnumColumn[Ground], established: BoolColumn, helped_on: DateColumn, still_unfit: BoolColumn
) -> BoolColumn:
    """Whether each incident is unfitness for the work that training or another post didn't mend.

    "经过培训或岗位调整仍不能胜任": without such help there is no ground yet.
    """
    return (ground == Ground.INCOMPETENCE) & established & helped_on.is_known() & still_unfit


@implements("JLW2.10f")
def must_leave_by_other_law(
    ground: EnumColumn[Ground], established: BoolColumn, legal_basis: TextColumn
) -> BoolColumn:
    """Whether each incident is an established ground of another law, which the record names."""
    return (ground == Ground.OTHER_LAW) & established & legal_basis.is_known()


def _month_start(months: int) -> date:
    years, month = divmod(months, MONTHS_PER_YEAR)
    return date(1970 + years, month + 1, 1)


@implements("JLW2.10h", needs=(AGE,))
def exit_day(sex: EnumColumn[Sex], birth_date: DateColumn, policy: Policy) -> DateColumn:
    """The day on which each person reaches the exit age of the place; unknown where sex or birth is.

    Who was born on a day that the month of exit doesn't have reaches it on that month's last day.
    """
    strategy = policy[AGE]
    known = sex.mask() & birth_date.mask()
    days = birth_date.values.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    born, at = np.unique(months.astype(np.int64) * len(Sex) + sex.values, return_inverse=True)
    members = list(Sex)
    ages = np.array(
        [strategy.months(members[int(one) % len(Sex)], _month_start(int(one) // len(Sex))) for one in born],
        dtype=np.int64,
    )[at] if len(born) else np.zeros(0, dtype=np.int64)
    reached = months + ages.astype("timedelta64[M]")
    last = (reached + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - 1
    wanted = reached.astype("datetime64[D]").astype(np.int64) + (days - months.astype("datetime64[D]")).astype(np.int64)
    return DateColumn(np.minimum(wanted, last), known)
