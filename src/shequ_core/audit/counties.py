"""What the checks of arrangements, demands, entitlements and funds share: counties, their places, and how one tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from shequ_core.errors import Message
from shequ_core.jilin.register import register
from shequ_core.law.clauses import instrument_of
from shequ_core.law.findings import GRADE_OF_FORCE, Finding, Grade
from shequ_core.model.communities import Setting
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import Bools, TextColumn
from shequ_core.tables.dataset import Dataset


@attrs.frozen(kw_only=True, eq=False)
class County:
    """A county and its places.

    Attributes:
        code: Six digits.
        policy: What is in force there on the day.
        communities: The codes of its communities; those of towns other than the county seat are out of scope.
        grids: The codes of their grids; None where there is no such table.
        buildings: The ids of their buildings; None where there is no such table.
    """

    code: str
    policy: Policy
    communities: TextColumn
    grids: TextColumn | None
    buildings: TextColumn | None

    @property
    def itself(self) -> TextColumn:
        """The county as a place."""
        return TextColumn.full(1, self.code)

    @property
    def subdistricts(self) -> TextColumn:
        """The codes of the subdistricts in which its communities lie, each once."""
        return TextColumn.of(sorted({str(one) for one in self.communities.start(TOWNSHIP_DIGITS)}))

    def in_force(self, code: str) -> bool:
        """Whether the clause with which a code begins is in force there."""
        return instrument_of(code) in self.policy.instruments


def counties_of(data: Dataset, book: PolicyBook, on: date, known: date | None) -> Iterator[County]:
    """Yield the counties in which communities lie, in the order of their codes."""
    kept = ~(data.communities.setting == Setting.OTHER_TOWN).true()
    communities = data.communities.code.where(kept)
    grids = None if data.grids is None else data.grids.code.where(inside(data.grids.community, communities))
    houses = None if data.buildings is None else data.buildings.where(inside(data.buildings.community, communities))
    for code in sorted({one for one in communities.start(COUNTY_DIGITS) if one is not None}):
        here = (communities.start(COUNTY_DIGITS) == code).true()
        yield County(
            code=code, policy=book.policy(code, on, known, placed_on=on), communities=communities.where(here),
            grids=None if grids is None else grids.where((grids.start(COUNTY_DIGITS) == code).true()),
            buildings=None if houses is None else houses.id.where(
                (houses.community.start(COUNTY_DIGITS) == code).true()
            ),
        )


def inside(codes: TextColumn, places: TextColumn) -> Bools:
    """Return which codes are known to be among places."""
    return codes.is_in(one for one in places if one is not None).true()


def finding(code: str, subject: str, message: Message, grade: Grade | None = None) -> Finding:
    """Return a finding; its grade is what the force of its clause makes of it, unless a part of it is an aim."""
    clause = code.partition("-")[0]
    return Finding(
        code=code, grade=GRADE_OF_FORCE[register()[clause].force] if grade is None else grade, clause=clause,
        subject=subject, message=message,
    )


def not_examined(code: str, county: str, message: Message) -> Finding:
    """Return that something could not be looked at in a county."""
    clause = code.partition("-")[0]
    return Finding(code=code, grade=Grade.NOT_EXAMINED, clause=clause, subject=county, message=message)
