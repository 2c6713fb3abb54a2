"""Committee members who moved into posts too late (JLW3.1a)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shequ_core.audit.journals import not_given, of_kind
from shequ_core.audit.registry import check
from shequ_core.audit.standing import counties_of_workers
from shequ_core.errors import msg
from shequ_core.jilin.register import document
from shequ_core.policy.checks import Breach, Seen, Told
from shequ_core.policy.targets import COMMITTEE_BY
from shequ_core.procedures.machine import YES
from shequ_core.procedures.transition import COMMITTEE
from shequ_core.rules import transition as rules
from shequ_core.tables.columns import BoolColumn, DateColumn, TextColumn
from shequ_core.tables.in_post import places_in


@check("JLW3.1a-moved-late", needs=(COMMITTEE_BY,))
def moved_late(seen: Seen) -> Iterator[Told]:
    """A full-time committee member who was in office when the document came moved into a post too late, or not yet.

    Read from the journals of the procedure transition.committee, whose subjects are the ids of people, and from their
    first day of community work: who began after the document was not in office then.

    What to do:
        Take the steps that are left; where the move was made and isn't in the journal, write it down.
    """
    yield from not_given(seen)
    moves = [one for one in of_kind(seen, COMMITTEE) if one.journal and one.state != "refused"]
    if not moves:
        return
    issued = document("JLW").issued
    assert issued is not None  # it bears a day
    people = TextColumn.of([one.subject for one in moves])
    at = places_in(people, seen.data.workers.id)
    examined = [one.taken("examine") for one in moves]
    there = [None if act is None else act.facts["in_office"] == act.facts["full_time"] == YES for act in examined]
    in_office = BoolColumn.of(there) & (seen.data.workers.worked_since.take(at) <= issued)
    moved_on = DateColumn.of([None if (act := one.taken("move")) is None else act.on for one in moves])
    homes = counties_of_workers(seen.data, people)
    late, known = np.zeros(len(moves), dtype=np.bool_), np.zeros(len(moves), dtype=np.bool_)
    days = {}
    for policy, rows in seen.laws(homes):
        found = rules.moved_late(moved_on.take(rows), in_office.take(rows), policy)
        late[rows], known[rows] = found.values, found.mask()
        days.update(dict.fromkeys(rows.tolist(), policy[COMMITTEE_BY]))
    yield from seen.judged(
        BoolColumn(late, known), homes,
        lambda row: Breach(
            subject=moves[row].subject, found=moved_on.row(row), allowed=days[row],
            message=msg("to be moved by {last}, moved on {day}", last=days[row], day=moved_on.row(row))
            if moved_on.row(row) is not None else msg("to be moved by {last}, not moved yet", last=days[row]),
        ),
        msg("whether a committee member was full-time and in office when the document came is not known"),
    )
