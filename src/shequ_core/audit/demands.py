"""What departments ask of communities, or put into them, against the documents (JLG2.6.1b, 2.7.2, 2.7.3, JLW3.4c)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from shequ_core.audit.counties import counties, inside
from shequ_core.audit.registry import check
from shequ_core.errors import Message, msg
from shequ_core.jilin.register import document
from shequ_core.law.findings import Grade
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.rules import demands as rules
from shequ_core.tables.arrangements import Demands
from shequ_core.tables.columns import BoolColumn, concat


def asked(seen: Seen) -> Demands:
    """Return what is asked of communities in scope on the day."""
    table = seen.data.demands
    assert table is not None
    over = (table.until < seen.on).true() | (table.since > seen.on).true()
    places = [county.communities for county in seen.once(counties)]
    return table.where(inside(table.community, concat(places)) & ~over) if places else Demands.empty()


def _judged(
    seen: Seen, broken: Callable[[Demands], BoolColumn], told: Callable[[Demands, int], Message], missing: Message
) -> Iterator[Told]:
    rows = seen.once(asked)
    return seen.judged(
        broken(rows), rows.community,
        lambda row: Breach(subject=str(rows.community.row(row)), message=told(rows, row)), missing,
    )


def _said(rows: Demands, row: int) -> Message:
    office = rows.office.row(row)
    return msg(
        "{kind} “{subject}” of {office}", kind=rows.kind.row(row), subject=rows.subject.row(row),
        office=rows.by.row(row) if office is None else office,
    )


def _issued(instrument: str) -> date:
    day = document(instrument).issued
    assert day is not None  # both documents bear a day
    return day


@check("JLG2.7.2-outside-list", tables=("demands",))
def outside_list(seen: Seen) -> Iterator[Told]:
    """A plate, working body, meeting, ledger or certificate is not on the county's list.

    What to do:
        The office takes it back, or the county puts it on its list.
    """
    return _judged(
        seen, lambda rows: rules.outside_list(rows.kind, rows.listed),
        lambda rows, row: msg("{what} is not on the county's list", what=_said(rows, row)),
        msg("whether it is on the county's list is not known"),
    )


@check("JLG2.7.3-assessed-by-department", tables=("demands",))
def assessed_apart(seen: Seen) -> Iterator[Told]:
    """A department assesses communities.

    What to do:
        The department stops it; what it needs goes into the government's own assessment.
    """
    return _judged(
        seen, lambda rows: rules.assessed_apart(rows.kind, rows.by),
        lambda rows, row: msg("{what}: only the local government assesses communities", what=_said(rows, row)),
        msg("who assesses is not known"),
    )


@check("JLG2.7.3-veto", tables=("demands",))
def vetoed(seen: Seen) -> Iterator[Told]:
    """A single item sinks all of a community's work.

    What to do:
        Whoever set the item withdraws it.
    """
    return _judged(
        seen, lambda rows: rules.vetoed(rows.kind),
        lambda rows, row: msg("{what}: such items are abolished", what=_said(rows, row)),
        msg("what is asked is not known"),
    )


@check("JLG2.6.1b-terminal-added", tables=("demands",))
def terminal_added(seen: Seen) -> Iterator[Told]:
    """A department put a terminal or system of its own into a community after the document.

    What to do:
        The department joins its system to the common platform and takes the terminal away.
    """
    return _judged(
        seen, lambda rows: rules.terminal_added(rows.kind, rows.since, _issued("JLG")),
        lambda rows, row: msg(
            "{what} was set up on {day}: new systems go onto the common platform", what=_said(rows, row),
            day=rows.since.row(row),
        ),
        msg("when a system was set up is not known"),
    )


@check("JLG2.6.1b-terminal-left", tables=("demands",), grade=Grade.NOTE)
def terminal_left(seen: Seen) -> Iterator[Told]:
    """An older system is not on the common platform yet: an aim.

    What to do:
        The department moves its system to the platform or joins it.
    """
    return _judged(
        seen, lambda rows: rules.terminal_left(rows.kind, rows.since, rows.on_platform, _issued("JLG")),
        lambda rows, row: msg("{what} is not on the common platform", what=_said(rows, row)),
        msg("when a system was set up, or whether it is on the platform, is not known"),
    )


@check("JLW3.4c-recruited-at-will", tables=("demands",))
def recruited_at_will(seen: Seen) -> Iterator[Told]:
    """A department recruited people into a community after the document without the county's approval.

    What to do:
        The department stops; whoever is needed is recruited by the county's civil affairs department.
    """
    return _judged(
        seen, lambda rows: rules.recruited_at_will(rows.kind, rows.by, rows.since, rows.listed, _issued("JLW")),
        lambda rows, row: msg(
            "{what} since {day}, without the county's approval", what=_said(rows, row), day=rows.since.row(row)
        ),
        msg("when a department recruited, or whether the county approved, is not known"),
    )
