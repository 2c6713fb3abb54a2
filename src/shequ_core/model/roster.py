"""A roster: one row a person, as counties keep it."""

from __future__ import annotations

from datetime import date
from typing import Final, cast

import attrs
from attrs import validators

from shequ_core.model.facts import HEADERS, LABELS, zh
from shequ_core.model.pay import Grading
from shequ_core.model.posts import (
    POST_ID,
    Certificate,
    CertificateLevel,
    Education,
    EducationLevel,
    Employment,
    Holding,
    Role,
    Sex,
    Worker,
)

NONE_WORDS: Final = ("无", "没有", "暂无", "-", "--", "—", "——", "－", "/", "／")
"""What rosters write where somebody has no certificate."""


def _as(fact: type[attrs.AttrsInstance], field: str, none: tuple[str, ...] = ()) -> dict[str, object]:
    """Return the metadata of another fact's field, so that both are known by the same headers."""
    metadata = attrs.fields_dict(fact)[field].metadata
    labels = {**metadata[LABELS], **dict.fromkeys(none, "")}
    return dict(zh(*cast("tuple[str, ...]", metadata[HEADERS]), labels=labels))


@attrs.frozen(kw_only=True)
class RosterEntry:
    """A line of a roster (花名册): a person, the post, education, certificate and grade, all of today.

    Attributes:
        id: See `Worker`.
        certificate: None also where the roster says 无.
        graded_on: None: the grade counts from `since`.
    """

    id: str = attrs.field(validator=validators.min_len(1), metadata=_as(Worker, "id"))
    name: str | None = attrs.field(default=None, metadata=_as(Worker, "name"))
    sex: Sex | None = attrs.field(default=None, metadata=_as(Worker, "sex"))
    birth_date: date | None = attrs.field(default=None, metadata=_as(Worker, "birth_date"))
    worked_since: date | None = attrs.field(default=None, metadata=_as(Worker, "worked_since"))
    post: str = attrs.field(validator=validators.matches_re(POST_ID), metadata=_as(Holding, "post"))
    post_class: str = attrs.field(validator=validators.min_len(1), metadata=_as(Holding, "post_class"))
    role: Role | None = attrs.field(default=None, metadata=_as(Holding, "role"))
    employment: Employment | None = attrs.field(default=None, metadata=_as(Holding, "employment"))
    since: date = attrs.field(metadata=_as(Holding, "since"))
    until: date | None = attrs.field(default=None, metadata=_as(Holding, "until"))
    probation_until: date | None = attrs.field(default=None, metadata=_as(Holding, "probation_until"))
    education: EducationLevel | None = attrs.field(default=None, metadata=_as(Education, "level"))
    education_since: date | None = attrs.field(default=None, metadata=_as(Education, "since"))
    certificate: CertificateLevel | None = attrs.field(
        default=None, metadata=_as(Certificate, "level", none=NONE_WORDS)
    )
    certified_on: date | None = attrs.field(default=None, metadata=_as(Certificate, "since"))
    grade: int | None = attrs.field(
        default=None, validator=validators.optional(validators.ge(1)), metadata=_as(Grading, "grade")
    )
    graded_on: date | None = attrs.field(default=None, metadata=_as(Grading, "since"))
