"""A roster as a table, and the tables that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import numpy as np

from shequ_core.model.posts import CertificateLevel, EducationLevel, Employment, Role, Sex
from shequ_core.model.roster import RosterEntry
from shequ_core.tables.columns import Bools, DateColumn, EnumColumn, IntColumn, TextColumn, coalesce
from shequ_core.tables.dataset import Certificates, Educations, Gradings, Holdings, Workers
from shequ_core.tables.table import Origin, Table

AnyTable = TypeVar("AnyTable", bound=Table[Any])  # Any: tables of every kind of fact

ROSTER_NAMES: Final = ("roster", "花名册")
"""What its file or sheet is called."""


class Roster(Table[RosterEntry]):
    """A roster, one row a person."""

    id: TextColumn
    name: TextColumn
    sex: EnumColumn[Sex]
    birth_date: DateColumn
    worked_since: DateColumn
    post: TextColumn
    post_class: TextColumn
    role: EnumColumn[Role]
    employment: EnumColumn[Employment]
    since: DateColumn
    until: DateColumn
    probation_until: DateColumn
    education: EnumColumn[EducationLevel]
    education_since: DateColumn
    certificate: EnumColumn[CertificateLevel]
    certified_on: DateColumn
    grade: IntColumn
    graded_on: DateColumn


def expand_roster(
    roster: Roster,
) -> tuple[Workers, Holdings, Educations | None, Certificates | None, Gradings | None]:
    """Return the tables that a roster stands for, each row with its line in the roster.

    A column that the roster hasn't got gives no table (not examined); where the column is there,
    an empty cell or 无 gives no row. A grade without its day counts from the day of the holding.
    """
    workers = _part(
        Workers,
        roster,
        {"id": "id", "name": "name", "sex": "sex", "birth_date": "birth_date", "worked_since": "worked_since"},
    )
    holdings = _part(
        Holdings,
        roster,
        {
            "worker": "id",
            "post": "post",
            "post_class": "post_class",
            "role": "role",
            "employment": "employment",
            "since": "since",
            "until": "until",
            "probation_until": "probation_until",
        },
    )
    educations = certificates = gradings = None
    if _has(roster, "education"):
        fields = {"worker": "id", "level": "education", "since": "education_since"}
        educations = _part(Educations, roster, fields, roster.education.mask())
    if _has(roster, "certificate"):
        fields = {"worker": "id", "level": "certificate", "since": "certified_on"}
        certificates = _part(Certificates, roster, fields, roster.certificate.mask())
    if _has(roster, "grade"):
        counted = Roster({**roster.columns(), "graded_on": coalesce(roster.graded_on, roster.since)}, roster.origin)
        fields = {"worker": "id", "grade": "grade", "since": "graded_on"}
        gradings = _part(Gradings, counted, fields, roster.grade.mask())
    return workers, holdings, educations, certificates, gradings


def _has(roster: Roster, field: str) -> bool:
    if roster.origin is not None and roster.origin.headers:
        return field in roster.origin.headers
    return bool(roster.column(field).mask().any())


def _part(kind: type[AnyTable], roster: Roster, fields: Mapping[str, str], kept: Bools | None = None) -> AnyTable:
    """Return a table of a roster's columns.

    Args:
        kind: The table.
        roster: Where the columns come from.
        fields: The roster's field for each of the table's; the rest is unknown.
        kept: The rows that have such a fact.
    """
    columns = {
        name: roster.column(fields[name]) if name in fields else spec.empty(len(roster))
        for name, spec in kind.specs.items()
    }
    origin = roster.origin
    if origin is not None:
        headers = {name: origin.headers[said] for name, said in fields.items() if said in origin.headers}
        if "grade" in fields and "since" not in headers and "since" in origin.headers:
            headers["since"] = origin.headers["since"]
        origin = Origin(origin.file, origin.sheet, origin.rows, headers)
    table = kind(columns, origin)
    return table if kept is None else table.take(np.flatnonzero(kept))
