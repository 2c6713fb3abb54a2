"""What departments ask of communities, or put into them, against the document (JLG2.6.1b, 2.7.2, 2.7.3, JLW3.4c)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

import attrs

from shequ_core.audit.counties import County, counties_of, finding, inside, not_examined
from shequ_core.errors import Message, msg
from shequ_core.jilin.register import document
from shequ_core.law.clauses import instrument_of
from shequ_core.law.findings import Finding, Grade
from shequ_core.policy.book import PolicyBook
from shequ_core.rules import demands as rules
from shequ_core.tables.arrangements import Demands
from shequ_core.tables.columns import BoolColumn, rows_where
from shequ_core.tables.dataset import Dataset


@attrs.frozen(kw_only=True, eq=False)
class Asked:
    """What is asked of the communities of a county.

    Attributes:
        county: Its places and the policy in force there.
        rows: What is asked on the day; None where there is no such table.
    """

    county: County
    rows: Demands | None

    def broken(
        self, code: str, rule: Callable[[Demands, date], BoolColumn], told: Callable[[Demands, int], Message],
        grade: Grade | None = None,
    ) -> Iterator[Finding]:
        """Yield each row known to break a rule, and how many nobody can say it of."""
        if not self.county.in_force(code):
            return
        if self.rows is None:
            yield not_examined(code, self.county.code, msg("a table of what departments ask is missing"))
            return
        issued = document(instrument_of(code)).issued
        assert issued is not None  # both documents bear a day
        off = rule(self.rows, issued)
        for row in rows_where(off):
            yield finding(code, str(self.rows.community.row(row)), told(self.rows, row), grade)
        unknown = int((~off.mask()).sum())
        if unknown:
            yield not_examined(
                code, self.county.code, msg("of {count} demands nobody wrote down what tells it", count=unknown)
            )


def demand_findings(
    data: Dataset, book: PolicyBook, on: date, *, known: date | None = None
) -> tuple[Finding, ...]:
    """Return what departments ask of communities and may not, in the order of code and subject.

    Args:
        data: The facts; without the table `demands` nothing of it is examined.
        book: The policies.
        on: The day.
        known: As known on that day; None for all that is known now.
    """
    found: list[Finding] = []
    for county in counties_of(data, book, on, known):
        rows = data.demands
        if rows is not None:
            over = (rows.until < on).true() | (rows.since > on).true()
            rows = rows.where(inside(rows.community, county.communities) & ~over)
        for check in CHECKS:
            found += check(Asked(county=county, rows=rows))
    return tuple(sorted(found, key=lambda one: (one.code, one.subject)))


def _said(rows: Demands, row: int) -> Message:
    office = rows.office.row(row)
    return msg(
        "{kind} “{subject}” of {office}", kind=rows.kind.row(row), subject=rows.subject.row(row),
        office=rows.by.row(row) if office is None else office,
    )


def outside_list(asked: Asked) -> Iterator[Finding]:
    """Yield plates, working bodies, meetings, ledgers and certificates that the county's list doesn't have.

    What to do:
        The office takes it back, or the county puts it on its list.
    """
    return asked.broken(
        "JLG2.7.2-outside-list", lambda rows, _: rules.outside_list(rows.kind, rows.listed),
        lambda rows, row: msg("{what} is not on the county's list", what=_said(rows, row)),
    )


def assessed_apart(asked: Asked) -> Iterator[Finding]:
    """Yield assessments of communities by departments.

    What to do:
        The department stops it; what it needs goes into the government's own assessment.
    """
    return asked.broken(
        "JLG2.7.3-assessed-by-department", lambda rows, _: rules.assessed_apart(rows.kind, rows.by),
        lambda rows, row: msg("{what}: only the local government assesses communities", what=_said(rows, row)),
    )


def vetoed(asked: Asked) -> Iterator[Finding]:
    """Yield single items that sink all of a community's work.

    What to do:
        Whoever set the item withdraws it.
    """
    return asked.broken(
        "JLG2.7.3-veto", lambda rows, _: rules.vetoed(rows.kind),
        lambda rows, row: msg("{what}: such items are abolished", what=_said(rows, row)),
    )


def terminal_added(asked: Asked) -> Iterator[Finding]:
    """Yield terminals and systems that departments put into communities after the document.

    What to do:
        The department joins its system to the common platform and takes the terminal away.
    """
    return asked.broken(
        "JLG2.6.1b-terminal-added", lambda rows, issued: rules.terminal_added(rows.kind, rows.since, issued),
        lambda rows, row: msg("{what} was set up on {day}: new systems go onto the common platform",
                              what=_said(rows, row), day=rows.since.row(row)),
    )


def terminal_left(asked: Asked) -> Iterator[Finding]:
    """Yield older systems that are not on the common platform yet, which is an aim.

    What to do:
        The department moves its system to the platform or joins it.
    """
    return asked.broken(
        "JLG2.6.1b-terminal-left",
        lambda rows, issued: rules.terminal_left(rows.kind, rows.since, rows.on_platform, issued),
        lambda rows, row: msg("{what} is not on the common platform", what=_said(rows, row)), Grade.NOTE,
    )


def recruited_at_will(asked: Asked) -> Iterator[Finding]:
    """Yield recruitments into communities by other departments that the county didn't approve.

    What to do:
        The department stops; whoever is needed is recruited by the county's civil affairs department.
    """
    return asked.broken(
        "JLW3.4c-recruited-at-will",
        lambda rows, issued: rules.recruited_at_will(rows.kind, rows.by, rows.since, rows.listed, issued),
        lambda rows, row: msg("{what} since {day}, without the county's approval", what=_said(rows, row),
                              day=rows.since.row(row)),
    )


CHECKS: Final[Sequence[Callable[[Asked], Iterator[Finding]]]] = (
    outside_list, assessed_apart, vetoed, terminal_added, terminal_left, recruited_at_will,
)
