"""What stands in a figure sheet beside places and keys: documents, and what is said of each value and limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import attrs

from shequ_core.law.clauses import Document, Force, Source
from shequ_core.policy.kinds import Amounts, ByMember, Kind, SpanKind, Tuples, WholeNumbers
from shequ_core.policy.parameters import Parameter, Part
from shequ_core.values import Status

SHEET: Final = "figures.toml"
"""What the sheet of a plugin is called."""
SCHEMA: Final = "figures.schema.json"
"""What its JSON Schema is called, beside it."""

DOCUMENTS: Final = "documents"
DIVISIONS: Final = "divisions"
LIMITS: Final = "limits"
VALUE: Final = "value"
LEEWAY: Final = "leeway"
BOUND: Final = "bound"

INHERITED: Final = ("since", "known_on", "status")
"""What a value that doesn't say it takes from its document."""


@attrs.frozen(kw_only=True)
class DocumentRow:
    """A document, named once; values cite it by the short name under which it stands.

    Attributes:
        title: The full title in its own language.
        number: The file number (文号), where one is known.
        issued: The day on the document.
        publisher: Who issued or published it.
        since: From which day its values hold; a value may say another day.
        known_on: When it was published; a value may say another day.
        status: How far to trust its values; a value may say otherwise.
    """

    title: str
    number: str = ""
    issued: date | None = None
    publisher: str = ""
    since: date | None = None
    known_on: date | None = None
    status: Status | None = None

    def document(self) -> Document:
        """Return the document itself."""
        return Document(title=self.title, number=self.number, issued=self.issued, publisher=self.publisher)


@attrs.frozen(kw_only=True)
class SaidRow:
    """What is said of a value or limit.

    Attributes:
        document: Where it stands in writing: the short name of a document.
        article: The article as the document numbers it, such as 第六条.
        clause: Its address in a register, such as 'JLW2.2a', for documents that have one.
        force: How strictly the article speaks: a departure from it is as grave.
        since: First day of validity.
        until: Last day; without it the value holds until a later one of the same place.
        known_on: When it was published; a policy as known on an earlier day doesn't have it.
    """

    document: str
    article: str = ""
    clause: str = ""
    force: Force = Force.NONE
    since: date | None = None
    until: date | None = None
    known_on: date | None = None

    def source(self, document: Document) -> Source:
        """Cite a document as the row does."""
        return Source(document=document, article=self.article, clause=self.clause, force=self.force)


@attrs.frozen(kw_only=True)
class ValueRow(SaidRow):
    """A value with all that is said of it.

    Attributes:
        value: What the place says, in the plain form of the key's kind.
        leeway: How far places below may depart.
        status: How far to trust it.
        unit: What is counted; it has to be the unit of the key, and is written so that people see it.
        fresh_until: The end of its stated life; it works on after that day and is reported as stale.
        rests_on: Parts that are less sure than the whole.
        reading: What we chose where the text leaves a choice.
        departs: That it lies outside what a place above allows is so in the document, and no slip of ours.
        ends: That nothing follows its last day is so in the document, and no slip of ours.
    """

    value: object
    leeway: object = None
    status: Status | None = None
    unit: str = ""
    fresh_until: date | None = None
    rests_on: tuple[Part, ...] = ()
    reading: str = ""
    departs: bool = False
    ends: bool = False


@attrs.frozen(kw_only=True)
class LimitRow(SaidRow):
    """A bound for the values of places below, where the place itself sets none.

    Attributes:
        bound: How far they may go.
    """

    bound: object


def counts(kind: Kind[object]) -> bool:
    """Whether values of a kind are numbers of the key's unit, so that a sheet shows it."""
    if isinstance(kind, (SpanKind, Tuples, ByMember)):
        return counts(kind.inner)
    return isinstance(kind, (WholeNumbers, Amounts))


def by_topic(names: Mapping[str, Parameter[object]] | Sequence[str]) -> dict[str, list[str]]:
    """Return the last parts of some keys' names by what stands before them, as the tables of a sheet nest."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        topic, _, last = name.rpartition(".")
        found.setdefault(topic, []).append(last)
    return found
