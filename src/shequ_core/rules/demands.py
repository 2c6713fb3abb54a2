"""What departments may not ask of communities or put into them (JLG2.6.1b, 2.7.2, 2.7.3, JLW3.4c)."""

from __future__ import annotations

from datetime import date
from typing import Final

from shequ_core.law.carrying import implements
from shequ_core.model.demands import Demanded, Demander
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn

LISTED: Final = (
    Demanded.NAME_PLATE, Demanded.WORKING_BODY, Demanded.MEETING, Demanded.LEDGER, Demanded.CERTIFICATE,
)
"""What the county's list has to have."""


@implements("JLG2.7.2")
def outside_list(kind: EnumColumn[Demanded], listed: BoolColumn) -> BoolColumn:
    """Whether each is a plate, working body, meeting, ledger or certificate that the county's list doesn't have.

    Reading:
        "清理规范" and "精简" forbid none of them by itself: one outside the county's list was not cleared up.
    """
    return kind.is_in(LISTED) & ~listed


@implements("JLG2.7.3")
def assessed_apart(kind: EnumColumn[Demanded], by: EnumColumn[Demander]) -> BoolColumn:
    """Whether each is an assessment of a community's work by somebody else than the local government.

    Reading:
        "各职能部门不再单独组织考核评比活动": civil affairs is a department too.
    """
    return (kind == Demanded.ASSESSMENT) & (by != Demander.LOCAL_GOVERNMENT)


@implements("JLG2.7.3")
def vetoed(kind: EnumColumn[Demanded]) -> BoolColumn:
    """Whether each is a single item that sinks all of a community's work ("一票否决"), whoever asks it."""
    return kind == Demanded.VETO


@implements("JLG2.6.1b")
def terminal_added(kind: EnumColumn[Demanded], since: DateColumn, issued: date) -> BoolColumn:
    """Whether each is a department's own terminal or system put into a community after the document.

    Args:
        issued: The day of the document.
    """
    return (kind == Demanded.TERMINAL) & (since > issued)


@implements("JLG2.6.1b")
def terminal_left(
    kind: EnumColumn[Demanded], since: DateColumn, on_platform: BoolColumn, issued: date
) -> BoolColumn:
    """Whether each is an older system that has not moved to the common platform: an aim ("逐步").

    Args:
        on_platform: Whether it was moved there or joined to it.
        issued: The day of the document.
    """
    return (kind == Demanded.TERMINAL) & (since <= issued) & ~on_platform


@implements("JLW3.4c")
def recruited_at_will(
    kind: EnumColumn[Demanded], by: EnumColumn[Demander], since: DateColumn, approved: BoolColumn, issued: date
) -> BoolColumn:
    """Whether each is another department's recruiting of people into a community at will, after the document.

    Reading:
        "其他部门" are those that are neither the government nor civil affairs; "不得随意" lets the county approve;
        public-welfare jobs, a kind of their own here, are excepted.

    Args:
        approved: Whether the county approved it.
        issued: The day of the document.
    """
    return (kind == Demanded.RECRUITMENT) & (by == Demander.DEPARTMENT) & (since > issued) & ~approved
