"""Every procedure by name, and proceedings read back from the JSON in which another system keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import attrs

from shequ_core.errors import JournalError, Message, StepRefusedError, msg, nearest
from shequ_core.policy.plain import PlainError, from_plain
from shequ_core.procedures import assessment, emergency, exits, matters, places, recruitment, transition
from shequ_core.procedures.machine import SCHEMA, Act, Procedure, Proceeding
from shequ_core.values import JsonValue

PROCEDURES: Final[Mapping[str, Procedure]] = {
    one.name: one
    for one in (
        matters.ACCESS, matters.HELP, emergency.MOBILISATION, exits.ORDINARY, exits.COMMITTEE_MEMBER,
        assessment.CYCLE, transition.COMMITTEE, transition.RECRUITED, transition.OTHERS, transition.ROLLOUT,
        recruitment.OPEN, places.IMPLEMENTING_RULES,
    )
}
"""Every procedure by its name."""


@attrs.frozen(kw_only=True)
class _Kept:
    """The plain form of a proceeding."""

    schema: int
    procedure: str
    subject: str
    state: str
    journal: tuple[Act, ...]


def procedure_named(name: str) -> Procedure:
    """Return a procedure by its name.

    Raises:
        JournalError: There is none; it tells the nearest names.
    """
    if name not in PROCEDURES:
        near = nearest(name, PROCEDURES) or tuple(PROCEDURES)
        raise JournalError(msg("There is no procedure {name}. Nearest names: {near}.", name=name, near=near))
    return PROCEDURES[name]


def advance(proceeding: Proceeding, act: Act) -> Proceeding:
    """Return a proceeding with one act more, by its own procedure.

    Raises:
        StepRefusedError: The procedure doesn't allow it; it names the clause.
    """
    return procedure_named(proceeding.procedure).advance(proceeding, act)


def to_json(proceeding: Proceeding) -> str:
    """Return a proceeding as JSON, the same bytes for the same proceeding."""
    return json.dumps(proceeding.to_data(), ensure_ascii=False, sort_keys=True)


def read_json(text: str) -> Proceeding:
    """Read a proceeding from JSON.

    Raises:
        JournalError: It is no such JSON, or of another version, or its journal isn't one that the procedure allows:
            then the act is named with its clause.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(msg("it is no JSON: {problem}", problem=str(error))) from None
    return read_proceeding(data)


def read_proceeding(data: JsonValue) -> Proceeding:
    """Read a proceeding from JSON data, and walk its journal again, so that what comes back was allowed.

    Raises:
        JournalError: As `read_json` says.
    """
    if not isinstance(data, dict):
        raise _unreadable(msg("a table is expected"))
    if data.get("schema") != SCHEMA:
        problem = msg("it is of version {found}, and this library reads version {wanted}", found=data.get("schema"),
                      wanted=SCHEMA)
        raise _unreadable(problem)
    try:
        kept: _Kept = from_plain(_Kept, data)
    except PlainError as error:
        raise _unreadable(error.problem) from None
    try:
        proceeding = procedure_named(kept.procedure).replay(kept.subject, kept.journal)
    except StepRefusedError as error:
        raise _unreadable(error.message) from error
    if proceeding.state != kept.state:
        problem = msg("it says that it stands at {said}, its journal leads to {found}", said=kept.state,
                      found=proceeding.state)
        raise _unreadable(problem)
    return proceeding


def _unreadable(problem: Message) -> JournalError:
    return JournalError(msg("This journal can't be read: {problem}", problem=problem))
