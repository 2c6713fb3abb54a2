"""The proceedings that an audit was given, as they stood on its day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shequ_core.audit.counties import open_counties
from shequ_core.errors import msg
from shequ_core.policy.checks import Seen, Unexamined
from shequ_core.procedures.files import FOLDERS
from shequ_core.procedures.machine import Procedure, Proceeding


def proceedings(seen: Seen) -> Sequence[Proceeding] | None:  # noqa: ARG001  # as `Seen.once` asks
    """Return the proceedings that were given; None where nobody gave any, as it is until `run_audit` gives them."""
    return None


def of_kind(seen: Seen, procedure: Procedure) -> Sequence[Proceeding]:
    """Return the proceedings of a procedure as they stood on the day: acts of later days haven't been done."""
    given = [one for one in seen.once(proceedings) or () if one.procedure == procedure.name]
    then = [procedure.replay(one.subject, [act for act in one.journal if act.on <= seen.on]) for one in given]
    return sorted(then, key=lambda one: one.subject)


def not_given(seen: Seen) -> Iterator[Unexamined]:
    """Yield for each county that no journals were given, where that is so."""
    if seen.once(proceedings) is None:
        for county in open_counties(seen):
            yield Unexamined(
                place=county.code, count=None,
                message=msg("no journals were given: {folder} is the folder for them", folder=FOLDERS[0]),
            )
