"""Documents, their clauses, and the register that lists every one of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import attrs

from shequ_core.errors import ClauseNotFoundError
from shequ_core.values import Lang


def instrument_of(clause: str) -> str:
    """Return the instrument of a clause's address: JLW of JLW2.10a."""
    return re.split(r"\d", clause, maxsplit=1)[0]


class ClauseKind(StrEnum):
    """What a clause asks of a program."""

    PARAMETER = "parameter"
    """A figure that a place may set, within a bound."""
    RULE = "rule"
    """Something computed or decided from facts."""
    PROCEDURE = "procedure"
    """Steps with an order, an authority and dates."""
    DUTY = "duty"
    """Something that a place or an office must have or do."""
    TARGET = "target"
    """A figure to reach by a date."""
    PRINCIPLE = "principle"
    """Nothing to compute."""


class Force(StrEnum):
    """How strictly a clause speaks, read off its verb."""

    MUST = "must"
    """A departure is a conflict."""
    SHOULD = "should"
    """A departure is a note."""
    MAY = "may"
    """An option: its bound holds where it is used."""
    AIM = "aim"
    """Measured, never an error."""
    NONE = "none"
    """Nothing to depart from."""


@attrs.frozen
class Document:
    """Something issued in writing, cited by name, number and date, never by an address.

    Attributes:
        title: The full title in its own language.
        number: The file number (文号), where one is known.
        issued: The day on the document.
        publisher: Who issued or published it.
    """

    title: str
    number: str = ""
    issued: date | None = None
    publisher: str = ""

    def article(self, article: str, *, force: Force = Force.NONE) -> Source:
        """Cite an article of it."""
        return Source(document=self, article=article, force=force)


@attrs.frozen(kw_only=True)
class Source:
    """Where a value stands in writing.

    Attributes:
        article: The article as the document numbers it, such as 第六条.
        clause: The address in a register, such as 'JLW2.2a', for documents that have one.
        force: How strictly that clause speaks: a departure from it is as grave.
    """

    document: Document
    article: str = ""
    clause: str = ""
    force: Force = Force.NONE

    def to_data(self) -> dict[str, str | None]:
        """Return it as JSON data."""
        return {
            "document": self.document.title,
            "article": self.article or None,
            "clause": self.clause or None,
        }

    def __str__(self) -> str:
        return "".join([f"《{self.document.title}》", self.article, f" ({self.clause})" if self.clause else ""])


@attrs.frozen(kw_only=True)
class Clause:
    """One provision, in our own words.

    Attributes:
        id: Its address: instrument, part, item, point (JLW2.10a).
        address: Where it stands in the document, as the document numbers it.
        says: What it says, by language.
        bound: The figures it sets, in short.
        reading: What we chose where the text leaves a choice, by language.
        due: From when it is expected.
        see: Other clauses that say the same at greater length.
        reason: Why there is nothing to compute (principles only), by language.
    """

    id: str
    kind: ClauseKind
    force: Force
    document: Document
    address: str
    says: Mapping[Lang, str]
    due: date
    bound: str = ""
    reading: Mapping[Lang, str] = attrs.field(factory=dict)
    see: tuple[str, ...] = ()
    reason: Mapping[Lang, str] = attrs.field(factory=dict)

    @property
    def page(self) -> str:
        """Where the documentation has it, below the site's root."""
        return f"reference/clauses/{self.id}"

    def source(self) -> Source:
        """Cite it."""
        return Source(document=self.document, article=self.address, clause=self.id, force=self.force)


class Register(Mapping[str, Clause]):
    """Every clause of the documents that were read, in the order of the documents."""

    def __init__(self, clauses: Mapping[str, Clause]) -> None:
        self._clauses = dict(clauses)

    def __getitem__(self, clause: str) -> Clause:
        try:
            return self._clauses[clause]
        except KeyError:
            raise ClauseNotFoundError(clause, self._clauses) from None

    def __contains__(self, clause: object) -> bool:
        return clause in self._clauses

    def __iter__(self) -> Iterator[str]:
        return iter(self._clauses)

    def __len__(self) -> int:
        return len(self._clauses)

    @classmethod
    def from_toml(cls, text: str) -> Register:
        """Read a register; the file is the library's own, so a fault in it is a plain KeyError."""
        data = tomllib.loads(text)
        documents = {
            short: Document(
                title=row["title"], number=row["number"], issued=row["issued"], publisher=row["issuer_zh"]
            )
            for short, row in data["document"].items()
        }
        return cls({row["id"]: _clause(row, documents[row["id"][:3]]) for row in data["clause"]})


def _clause(row: Mapping[str, Any], document: Document) -> Clause:  # Any: a TOML table
    def words(field: str) -> dict[Lang, str]:
        return {lang: row[f"{field}_{lang}"] for lang in ("zh", "en") if f"{field}_{lang}" in row}

    assert document.issued is not None
    return Clause(
        id=row["id"],
        kind=ClauseKind(row["kind"]),
        force=Force(row["force"]),
        document=document,
        address=row["address"],
        says=words("says"),
        due=row.get("due", document.issued),
        bound=row.get("bound", ""),
        reading=words("reading"),
        see=tuple(row.get("see", ())),
        reason=words("reason"),
    )
